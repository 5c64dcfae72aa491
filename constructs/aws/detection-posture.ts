import { Stack } from 'aws-cdk-lib';
import { CfnFindingAggregator, CfnHub, CfnStandard } from 'aws-cdk-lib/aws-securityhub';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { profileOf } from './profile';

/** Standards of Security Hub, as the last part of their ARNs. */
const STANDARDS = ['aws-foundational-security-best-practices/v/1.0.0', 'cis-aws-foundations-benchmark/v/5.0.0'] as const;

/** Props of {@link SecurityPosture}. */
export interface SecurityPostureProps {
  /**
   * Standards by which the account is judged, as the last part of their ARNs: `nist-800-53/v/5.0.0`.
   * @default AWS Foundational Security Best Practices, and CIS AWS Foundations 5.0
   */
  readonly standards?: readonly string[];
  /**
   * Whether the findings of every region are brought together here.
   * @default true
   */
  readonly aggregateRegions?: boolean;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Security Hub with standards to judge by, and the findings of all regions in one place. New findings of high and
 * critical severity raise an alarm, and so does whoever switches it off. Its checks need a {@link ConfigurationRecorder}.
 *
 * Guarantees MON-02 and MON-11. Nothing of it can be relaxed.
 *
 * @throws Error when `standards` names none
 * @example
 * new SecurityPosture(securityStack, 'Posture', { standards: ['nist-800-53/v/5.0.0'] });
 */
export class SecurityPosture extends Construct {
  /** The controls that it makes true. */
  static readonly claims = claims('SecurityPosture', 'MON-02', 'MON-11');

  constructor(scope: Construct, id: string, props: SecurityPostureProps = {}) {
    profileOf(scope);
    super(scope, id);
    const { standards = STANDARDS, aggregateRegions = true } = props;
    if (standards.length === 0) throw new Error(`${this.node.path}: standards is empty; name at least one, or leave it out (MON-02)`);
    const { partition, region } = Stack.of(this);
    const hub = new CfnHub(this, 'Resource', {
      enableDefaultStandards: false,
      autoEnableControls: true,
      controlFindingGenerator: 'SECURITY_CONTROL',
    });
    // One after the other: Security Hub refuses to enable two standards at once.
    let before: CfnHub | CfnStandard = hub;
    for (const name of standards) {
      const standard: CfnStandard = new CfnStandard(this, `Standard${name.replaceAll(/\W+/g, '')}`, {
        standardsArn: `arn:${partition}:securityhub:${region}::standards/${name}`,
      });
      standard.node.addDependency(before);
      before = standard;
    }
    if (aggregateRegions) new CfnFindingAggregator(this, 'Regions', { regionLinkingMode: 'ALL_REGIONS' }).node.addDependency(hub);
    const alarms = alarmsOf(this, props.alarms);
    tellOf(alarms, 'PostureFindings', 'Security Hub has a new finding of high or critical severity', {
      source: ['aws.securityhub'],
      detailType: ['Security Hub Findings - Imported'],
      detail: {
        findings: { Severity: { Label: ['HIGH', 'CRITICAL'] }, Workflow: { Status: ['NEW'] }, RecordState: ['ACTIVE'] },
      },
    });
    watchCalls(alarms, 'PostureOff', 'Security Hub, or a standard of it, is switched off', {
      'securityhub.amazonaws.com': [
        'BatchDisableStandards',
        'DeleteFindingAggregator',
        'DisableSecurityHub',
        'DisassociateFromAdministratorAccount',
        'UpdateStandardsControl',
      ],
    });
  }
}
