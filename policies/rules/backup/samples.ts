/** Examples that several rules of the family share. */
import type { Example } from '../../rule';

export const PLAN = 'AWS::Backup::BackupPlan';

const volume = (Properties: object, rest: object = {}): Example => ({
  resources: { Disk: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a', ...Properties } }, ...rest },
});
const snapshots = (Properties: object) => ({ Snapshots: { Type: 'AWS::DLM::LifecyclePolicy', Properties } });
const TARGET = { PolicyDetails: { TargetTags: [{ Key: 'backup', Value: 'daily' }] } };
const TAGGED = { Tags: [{ Key: 'backup', Value: 'daily' }] };
const instance = (Properties: object): Example => ({ resources: { Cases: { Type: 'AWS::RDS::DBInstance', Properties } } });
const files = (Properties: object): Example => ({ resources: { Files: { Type: 'AWS::EFS::FileSystem', Properties } } });
const fsx = (Properties: object): Example => ({ resources: { Files: { Type: 'AWS::FSx::FileSystem', Properties } } });
const global = (...Replicas: readonly object[]): Example => ({
  resources: { Cases: { Type: 'AWS::DynamoDB::GlobalTable', Properties: { Replicas } } },
});
const PITR = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };

/** Stores that back themselves up, or do not. */
export const VOLUMES = {
  pass: [
    volume(TAGGED, snapshots(TARGET)),
    volume({}, snapshots({ DefaultPolicy: 'VOLUME' })),
    volume(TAGGED, snapshots({ ...TARGET, State: 'ENABLED' })),
  ],
  fail: [
    volume({}),
    volume({}, snapshots(TARGET)),
    volume({ Tags: [{ Key: 'backup', Value: 'no' }] }, snapshots(TARGET)),
    { ...volume(TAGGED, snapshots({ ...TARGET, State: 'DISABLED' })), name: 'the policy is switched off' },
  ],
  own: [
    instance({}),
    instance({ BackupRetentionPeriod: '7' }),
    files({ BackupPolicy: { Status: 'ENABLED' } }),
    fsx({ FileSystemType: 'WINDOWS' }),
    fsx({ FileSystemType: 'LUSTRE', LustreConfiguration: { AutomaticBackupRetentionDays: 7 } }),
    fsx({ FileSystemType: 'OPENZFS', OpenZFSConfiguration: { AutomaticBackupRetentionDays: 7 } }),
    global({ Region: 'eu-west-1', ...PITR }),
  ],
  none: [
    instance({ BackupRetentionPeriod: 0 }),
    files({}),
    files({ BackupPolicy: { Status: 'DISABLED' } }),
    fsx({ FileSystemType: 'WINDOWS', WindowsConfiguration: { AutomaticBackupRetentionDays: 0 } }),
    fsx({ FileSystemType: 'LUSTRE' }),
    fsx({ FileSystemType: 'OPENZFS' }),
    global({ Region: 'eu-west-1', ...PITR }, { Region: 'eu-central-1' }),
  ],
  unknown: [
    { ...volume({ Tags: [{ Key: 'backup', Value: { Ref: 'Tag' } }] }, snapshots(TARGET)), parameters: { Tag: { Type: 'String' } } },
    { ...instance({ BackupRetentionPeriod: { Ref: 'Days' } }), parameters: { Days: { Type: 'Number' } } },
  ],
  skip: [instance({ BackupRetentionPeriod: 0, DBClusterIdentifier: 'cases' }), fsx({ FileSystemType: 'ONTAP' })],
} as const satisfies Readonly<Record<string, readonly Example[]>>;
