import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { claims } from '../contract';
import { watchCalls } from './detection-alerts';
import { profileOf } from './profile';

/** Calls that stop, narrow, shorten or re-point a log, by service. */
const TAMPERING = {
  cloudtrail: [
    'DeleteEventDataStore',
    'DeleteTrail',
    'PutEventSelectors',
    'PutInsightSelectors',
    'StopEventDataStoreIngestion',
    'StopLogging',
    'UpdateEventDataStore',
    'UpdateTrail',
  ],
  config: [
    'DeleteConfigurationRecorder',
    'DeleteDeliveryChannel',
    'PutConfigurationRecorder',
    'PutDeliveryChannel',
    'StopConfigurationRecorder',
  ],
  ec2: ['DeleteFlowLogs'],
  logs: [
    'DeleteDataProtectionPolicy',
    'DeleteLogGroup',
    'DeleteLogStream',
    'DeleteRetentionPolicy',
    'DeleteSubscriptionFilter',
    'DisassociateKmsKey',
    'PutRetentionPolicy',
  ],
  route53resolver: ['DeleteResolverQueryLogConfig', 'DisassociateResolverQueryLogConfig'],
  s3: ['PutBucketLogging'],
} as const;

/** Calls that silence the alarms themselves. */
const SILENCING = {
  cloudwatch: ['DeleteAlarms', 'DisableAlarmActions'],
  events: ['DeleteRule', 'DisableRule', 'RemoveTargets'],
  sns: ['DeleteTopic', 'Unsubscribe'],
} as const;

/** CloudWatch's API is known to CloudTrail under its old name. */
const eventSource = (service: string): string => `${service === 'cloudwatch' ? 'monitoring' : service}.amazonaws.com`;

/**
 * Denies stopping, narrowing, shortening or re-pointing a log, and silencing its alarms. For permission boundaries,
 * managed policies and the policies of roles that run workloads (LOG-15).
 *
 * @param except ARNs, or patterns, of the roles that run the logging pipeline
 * @example
 * role.addToPolicy(denyLogTampering());
 */
export function denyLogTampering(except: readonly string[] = []): PolicyStatement {
  const actions = Object.entries({ ...TAMPERING, ...SILENCING }).flatMap(([service, names]) => names.map((name) => `${service}:${name}`));
  return new PolicyStatement({
    sid: 'DenyLogTampering',
    effect: Effect.DENY,
    actions,
    resources: ['*'],
    ...(except.length > 0 ? { conditions: { ArnNotLike: { 'aws:PrincipalArn': [...except] } } } : {}),
  });
}

/** Raises an alarm when somebody stops, narrows, shortens or re-points a log, or silences its alarms (LOG-14). */
export const watchLogs = (topic: ITopic) =>
  watchCalls(
    topic,
    'LogTampering',
    'A log is stopped, narrowed, shortened or re-pointed, or its alarms are silenced',
    Object.fromEntries(Object.entries({ ...TAMPERING, ...SILENCING }).map(([service, names]) => [eventSource(service), names])),
  );

/** Props of {@link LogGuard}; every default is the hardened one. */
export interface LogGuardProps {
  /**
   * ARNs, or patterns, of the roles that run the logging pipeline.
   * @default none: nobody who carries the policy touches a log
   */
  readonly except?: readonly string[];
}

/**
 * A managed policy that keeps whoever carries it from disabling logs. Attach it to the roles of a workload, or let
 * their permission boundaries hold {@link denyLogTampering}.
 *
 * Guarantees LOG-15, for those who carry it.
 *
 * @example
 * role.addManagedPolicy(new LogGuard(stack, 'LogGuard'));
 */
export class LogGuard extends ManagedPolicy {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('LogGuard', 'LOG-15');

  constructor(scope: Construct, id: string, props: LogGuardProps = {}) {
    profileOf(scope);
    super(scope, id, {
      description: 'Keeps workloads from disabling their own logs',
      statements: [denyLogTampering(props.except)],
    });
  }
}
