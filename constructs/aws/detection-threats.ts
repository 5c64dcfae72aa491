import { CfnDetector } from 'aws-cdk-lib/aws-guardduty';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { profileOf } from './profile';

/** Every protection plan that a detector has; runtime monitoring with its agents managed by the service. */
const PLANS: readonly CfnDetector.CFNFeatureConfigurationProperty[] = [
  ...['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS', 'EBS_MALWARE_PROTECTION', 'RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS'].map((name) => ({
    name,
    status: 'ENABLED',
  })),
  {
    name: 'RUNTIME_MONITORING',
    status: 'ENABLED',
    additionalConfiguration: ['EKS_ADDON_MANAGEMENT', 'ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'].map((name) => ({
      name,
      status: 'ENABLED',
    })),
  },
];

/** Props of {@link ThreatDetection}. */
export interface ThreatDetectionProps {
  /**
   * Least severity of a finding that raises an alarm, from 1 to 10; GuardDuty calls 4 medium and 7 high.
   * @default 4
   */
  readonly alarmFrom?: number;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * GuardDuty with every protection plan. Findings raise an alarm, and so does whoever switches it, or a plan, off. An
 * account has one detector in each region: where a delegated administrator enables it, leave this out there.
 *
 * Guarantees MON-01 and MON-11. Nothing of it can be relaxed.
 *
 * @throws Error when `alarmFrom` is no severity
 * @example
 * new ThreatDetection(securityStack, 'Threats', { alarmFrom: 7 });
 */
export class ThreatDetection extends Construct {
  /** The controls that it makes true. */
  static readonly claims = claims('ThreatDetection', 'MON-01', 'MON-11');

  /** Id of the detector. */
  readonly detectorId: string;

  constructor(scope: Construct, id: string, props: ThreatDetectionProps = {}) {
    profileOf(scope);
    super(scope, id);
    const { alarmFrom = 4 } = props;
    if (!(alarmFrom >= 1 && alarmFrom <= 10))
      throw new Error(`${this.node.path}: alarmFrom is ${alarmFrom}; write a severity of GuardDuty, from 1 to 10 (MON-01)`);
    const detector = new CfnDetector(this, 'Resource', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      features: [...PLANS],
    });
    this.detectorId = detector.attrId;
    const alarms = alarmsOf(this, props.alarms);
    tellOf(alarms, 'ThreatFindings', `GuardDuty found a threat of severity ${alarmFrom} or more`, {
      source: ['aws.guardduty'],
      detailType: ['GuardDuty Finding'],
      detail: { severity: [{ numeric: ['>=', alarmFrom] }] },
    });
    watchCalls(alarms, 'ThreatDetectionOff', 'GuardDuty, or a part of it, is switched off', {
      'guardduty.amazonaws.com': [
        'DeleteDetector',
        'DeleteFilter',
        'DeletePublishingDestination',
        'DisassociateFromAdministratorAccount',
        'StopMonitoringMembers',
        'UpdateDetector',
      ],
    });
  }
}
