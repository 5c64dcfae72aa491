/** Retentions, switches and modes of which one value protects more than another. Paths and defaults as the references of the services state them. */
import type { Severity } from '../../controls';
import type { Resource } from '../../policies/resource';
import type { Aspect } from '../schema-review';

/** How two values compare. `absent` is what the service does when nobody writes one. */
export type Order =
  | { readonly more: 'stronger' | 'weaker'; readonly absent?: number; readonly unit?: string }
  /** From the weakest to the strongest. */
  | { readonly scale: readonly string[]; readonly absent?: string }
  /** Stronger where there is one. */
  | { readonly present: true };

export interface Strength {
  readonly on: RegExp;
  /** A list where a key holds dots. */
  readonly path: string | readonly string[];
  readonly order: Order;
  /** The value, where it is more than what stands at the path; undefined where it cannot be told. */
  readonly read?: (resource: Resource) => number | undefined;
  /** `log retention`, for people. */
  readonly what: string;
  /** What comes about where it gets weaker or stronger, in place of two values. */
  readonly turns?: readonly [weaker: string, stronger: string];
  readonly aspect: Aspect;
  readonly severity?: Severity;
}

export const FOREVER = Number.POSITIVE_INFINITY;
const days = (absent?: number): Order => ({ more: 'stronger', unit: 'days', ...(absent === undefined ? {} : { absent }) });
const shorter = (unit: string, absent?: number): Order => ({ more: 'weaker', unit, ...(absent === undefined ? {} : { absent }) });
const switched: Order = { scale: ['false', 'true'], absent: 'false' };

/** Paths and defaults as the references of the services state them. */
export const STRENGTHS: readonly Strength[] = [
  // Records.
  { on: /^AWS::Logs::LogGroup$/, path: 'RetentionInDays', order: days(FOREVER), what: 'the retention of its records', aspect: 'logging' },
  {
    on: /^AWS::CloudTrail::EventDataStore$/,
    path: 'RetentionPeriod',
    order: days(2557),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  { on: /^AWS::CloudTrail::Trail$/, path: 'IsLogging', order: switched, what: 'recording', aspect: 'logging', severity: 'critical' },
  { on: /^AWS::CloudTrail::Trail$/, path: 'IsMultiRegionTrail', order: switched, what: 'recording in every region', aspect: 'logging' },
  {
    on: /^AWS::CloudTrail::Trail$/,
    path: 'EnableLogFileValidation',
    order: switched,
    what: 'the proof that records are unchanged',
    aspect: 'logging',
  },
  {
    on: /^AWS::CloudTrail::Trail$/,
    path: 'IncludeGlobalServiceEvents',
    order: { scale: ['false', 'true'], absent: 'true' },
    what: 'recording of global services',
    aspect: 'logging',
  },
  {
    on: /^AWS::EC2::FlowLog$/,
    path: 'TrafficType',
    order: { scale: ['ACCEPT', 'REJECT', 'ALL'], absent: 'ALL' },
    what: 'the traffic that is recorded',
    aspect: 'logging',
  },
  {
    on: /^azure-native:operationalinsights:(Workspace|Table)$/,
    path: 'retentionInDays',
    order: days(30),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  {
    on: /^azure-native:operationalinsights:Table$/,
    path: 'totalRetentionInDays',
    order: days(),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  {
    on: /^azure-native:network:FlowLog$/,
    path: 'enabled',
    order: switched,
    what: 'the recording of flows',
    aspect: 'logging',
    severity: 'high',
  },
  {
    on: /^azure-native:network:FlowLog$/,
    path: 'retentionPolicy.days',
    order: days(FOREVER),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  // Detection.
  {
    on: /^AWS::GuardDuty::Detector$/,
    path: 'Enable',
    order: switched,
    what: 'threat detection',
    aspect: 'detection',
    severity: 'critical',
  },
  {
    on: /^AWS::CloudWatch::Alarm$/,
    path: 'ActionsEnabled',
    order: { scale: ['false', 'true'], absent: 'true' },
    what: 'what the alarm sets off',
    aspect: 'detection',
  },
  {
    on: /^AWS::Events::Rule$/,
    path: 'State',
    order: { scale: ['DISABLED', 'ENABLED'], absent: 'ENABLED' },
    what: 'the rule',
    aspect: 'detection',
  },
  {
    on: /^AWS::WAFv2::WebACL$/,
    path: 'VisibilityConfig.SampledRequestsEnabled',
    order: switched,
    what: 'the sampling of requests',
    aspect: 'detection',
    severity: 'low',
  },
  {
    on: /^azure-native:security:Pricing$/,
    path: 'pricingTier',
    order: { scale: ['Free', 'Standard'], absent: 'Free' },
    what: 'the Defender plan',
    aspect: 'detection',
    severity: 'high',
  },
  {
    on: /^azure-native:(monitor|insights):(ActivityLogAlert|ScheduledQueryRule|MetricAlert|ActionGroup)$/,
    path: 'enabled',
    order: { scale: ['false', 'true'], absent: 'true' },
    what: 'the alert',
    aspect: 'detection',
  },
  { on: /^azure-native:securityinsights:\w*AlertRule$/, path: 'enabled', order: switched, what: 'the analytics rule', aspect: 'detection' },
  // Backups and what brings data back.
  { on: /^AWS::RDS::DBInstance$/, path: 'BackupRetentionPeriod', order: days(1), what: 'the retention of its backups', aspect: 'data' },
  {
    on: /^AWS::(RDS|DocDB|Neptune)::DBCluster$/,
    path: 'BackupRetentionPeriod',
    order: days(1),
    what: 'the retention of its backups',
    aspect: 'data',
  },
  {
    on: /^AWS::Redshift::Cluster$/,
    path: 'AutomatedSnapshotRetentionPeriod',
    order: days(1),
    what: 'the retention of its snapshots',
    aspect: 'data',
  },
  {
    on: /^AWS::ElastiCache::(ReplicationGroup|CacheCluster)$/,
    path: 'SnapshotRetentionLimit',
    order: days(0),
    what: 'the retention of its snapshots',
    aspect: 'data',
  },
  {
    on: /^AWS::MemoryDB::Cluster$/,
    path: 'SnapshotRetentionLimit',
    order: days(0),
    what: 'the retention of its snapshots',
    aspect: 'data',
  },
  {
    on: /^AWS::Kinesis::Stream$/,
    path: 'RetentionPeriodHours',
    order: { more: 'stronger', unit: 'hours', absent: 24 },
    what: 'the retention of its records',
    aspect: 'data',
  },
  {
    on: /^AWS::SQS::Queue$/,
    path: 'MessageRetentionPeriod',
    order: { more: 'stronger', unit: 'seconds', absent: 345_600 },
    what: 'the retention of its messages',
    aspect: 'data',
    severity: 'low',
  },
  {
    on: /^AWS::KMS::(Replica)?Key$/,
    path: 'PendingWindowInDays',
    order: days(30),
    what: 'the time in which its deletion can be taken back',
    aspect: 'data',
  },
  {
    on: /^AWS::S3::Bucket$/,
    path: 'ObjectLockConfiguration.Rule.DefaultRetention.Days',
    order: days(),
    what: 'the time for which objects cannot be altered',
    aspect: 'data',
  },
  {
    on: /^AWS::S3::Bucket$/,
    path: 'ObjectLockConfiguration.Rule.DefaultRetention.Years',
    order: { more: 'stronger', unit: 'years' },
    what: 'the time for which objects cannot be altered',
    aspect: 'data',
  },
  {
    on: /^AWS::S3::Bucket$/,
    path: 'ObjectLockConfiguration.Rule.DefaultRetention.Mode',
    order: { scale: ['GOVERNANCE', 'COMPLIANCE'] },
    what: 'the lock of its objects',
    aspect: 'data',
    severity: 'high',
  },
  {
    on: /^AWS::Backup::BackupVault$/,
    path: 'LockConfiguration.MinRetentionDays',
    order: days(0),
    what: 'the shortest retention of its backups',
    aspect: 'data',
  },
  {
    on: /^azure-native:sql:BackupShortTermRetentionPolicy$/,
    path: 'retentionDays',
    order: days(7),
    what: 'the retention of backups',
    aspect: 'data',
  },
  {
    on: /^azure-native:(dbforpostgresql|dbformysql):(Flexible)?Server$/,
    path: 'backup.backupRetentionDays',
    order: days(7),
    what: 'the retention of its backups',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:BlobServiceProperties$/,
    path: 'deleteRetentionPolicy.days',
    order: days(0),
    what: 'the time in which deleted blobs come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:BlobServiceProperties$/,
    path: 'containerDeleteRetentionPolicy.days',
    order: days(0),
    what: 'the time in which deleted containers come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:keyvault:Vault$/,
    path: 'properties.softDeleteRetentionInDays',
    order: days(90),
    what: 'the time in which deleted keys come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:(BlobContainerImmutabilityPolicy)$/,
    path: 'immutabilityPeriodSinceCreationInDays',
    order: days(),
    what: 'the time for which blobs cannot be altered',
    aspect: 'data',
  },
  // Sessions and credentials.
  { on: /^AWS::IAM::Role$/, path: 'MaxSessionDuration', order: shorter('seconds', 3600), what: 'the longest session', aspect: 'access' },
  {
    on: /^AWS::Cognito::UserPool$/,
    path: 'MfaConfiguration',
    order: { scale: ['OFF', 'OPTIONAL', 'ON'], absent: 'OFF' },
    what: 'the second factor',
    aspect: 'access',
    severity: 'critical',
  },
  {
    on: /^AWS::Cognito::UserPool$/,
    path: 'Policies.PasswordPolicy.MinimumLength',
    order: { more: 'stronger', unit: 'characters', absent: 8 },
    what: 'the shortest password',
    aspect: 'access',
  },
  {
    on: /^AWS::SecretsManager::RotationSchedule$/,
    path: 'RotationRules.AutomaticallyAfterDays',
    order: shorter('days'),
    what: 'the time between rotations',
    aspect: 'encryption',
  },
  {
    on: /^AWS::KMS::Key$/,
    path: 'RotationPeriodInDays',
    order: shorter('days', 365),
    what: 'the time between rotations',
    aspect: 'encryption',
  },
];
