import type { ControlId, Tier } from '../../../controls';
import { isMember, isReplica, valuesAt, written } from '../../facts/database';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

/** Days for which automated backups are kept, and how many the service keeps when nobody writes it. */
const DAYS: Readonly<Record<string, { readonly path: string; readonly absent: number }>> = {
  'AWS::RDS::DBInstance': { path: 'BackupRetentionPeriod', absent: 1 },
  'AWS::RDS::DBCluster': { path: 'BackupRetentionPeriod', absent: 1 },
  'AWS::DocDB::DBCluster': { path: 'BackupRetentionPeriod', absent: 1 },
  'AWS::DocDBElastic::Cluster': { path: 'BackupRetentionPeriod', absent: 1 },
  'AWS::Neptune::DBCluster': { path: 'BackupRetentionPeriod', absent: 1 },
  'AWS::Redshift::Cluster': { path: 'AutomatedSnapshotRetentionPeriod', absent: 1 },
};
const DAY_TYPES = Object.keys(DAYS);

/** AWS Security Hub asks for the same week (RDS.11, DocumentDB.2, Neptune.5, Redshift.3). Any backup is enough for the low tier. */
const LEAST_DAYS: Readonly<Record<Tier, number>> = { low: 1, moderate: 7, high: 7 };

/** Continuous backups, on or off. */
const SWITCHES: Readonly<Record<string, { readonly path: string; readonly on: boolean | string }>> = {
  'AWS::DynamoDB::Table': { path: 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', on: true },
  'AWS::DynamoDB::GlobalTable': { path: 'Replicas[].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', on: true },
  'AWS::Cassandra::Table': { path: 'PointInTimeRecoveryEnabled', on: true },
  'AWS::EFS::FileSystem': { path: 'BackupPolicy.Status', on: 'ENABLED' },
};
const SWITCH_TYPES = Object.keys(SWITCHES);

/** Named by a selection of a backup plan, which keeps copies of its own. */
const isSelected = (store: Resource, graph: Graph): boolean =>
  graph.pointingAt(store, 'AWS::Backup::BackupSelection', 'BackupSelection.Resources').length > 0;

function keepsBackups(store: Resource, graph: Graph, tier: Tier): Outcome {
  if (isMember(store)) return notApplicable('its backups are those of its cluster');
  if (isReplica(store)) return notApplicable('its source is backed up');
  if (isSelected(store, graph)) return pass();
  const { path, absent } = DAYS[store.type] as { path: string; absent: number };
  return store.at(path).orDefault(absent).isAtLeast(LEAST_DAYS[tier]);
}

function recoversToAnyPoint(store: Resource, graph: Graph): Outcome {
  if (isSelected(store, graph)) return pass();
  const { path, on } = SWITCHES[store.type] as { path: string; on: boolean | string };
  const switches = valuesAt(store, path);
  if (switches.length === 0) return fail(`${path} is not set`, path);
  return every(switches, (each) => (on === true ? each.isTrue() : each.is(String(on))));
}

/** Snapshots of in-memory stores. Where one is only a cache, what it loses can be computed again. */
const NODE = 'AWS::ElastiCache::CacheCluster';
const SNAPSHOTS = ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache', NODE];

function keepsSnapshots(cache: Resource): Outcome {
  if (cache.at('Engine').matches(/^memcached$/i).verdict === 'pass') return notApplicable('Memcached has no snapshots');
  if (cache.type === NODE && cache.at('CacheNodeType').matches(/^cache\.t1\./).verdict === 'pass')
    return notApplicable('nodes of the first generation take no snapshots');
  return cache.at('SnapshotRetentionLimit').orDefault(0).isAtLeast(1);
}

/** File systems of FSx keep their settings under the name of their kind. */
const FSX_KINDS: Readonly<Record<string, { readonly path: string; readonly absent: number }>> = {
  WINDOWS: { path: 'WindowsConfiguration.AutomaticBackupRetentionDays', absent: 30 },
  ONTAP: { path: 'OntapConfiguration.AutomaticBackupRetentionDays', absent: 30 },
  OPENZFS: { path: 'OpenZFSConfiguration.AutomaticBackupRetentionDays', absent: 0 },
  LUSTRE: { path: 'LustreConfiguration.AutomaticBackupRetentionDays', absent: 0 },
};

function fsxKeepsBackups(files: Resource, graph: Graph, tier: Tier): Outcome {
  const type = files.at('FileSystemType');
  if (type.state === 'unknown') return type.asUnknown();
  const kind = FSX_KINDS[type.string ?? ''];
  if (!kind) return fail(type.describe(), 'FileSystemType');
  if (
    files
      .at('LustreConfiguration.DeploymentType')
      .orDefault('SCRATCH_1')
      .matches(/^SCRATCH/).verdict === 'pass' &&
    type.string === 'LUSTRE'
  )
    return notApplicable('scratch file systems hold what can be computed again');
  if (isSelected(files, graph)) return pass();
  return files.at(kind.path).orDefault(kind.absent).isAtLeast(LEAST_DAYS[tier]);
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const selected = (name: string) => ({
  Selection: { Type: 'AWS::Backup::BackupSelection', Properties: { BackupSelection: { Resources: [{ 'Fn::GetAtt': [name, 'Arn'] }] } } },
});
const fsx = (FileSystemType: unknown, rest: object = {}) => store('AWS::FSx::FileSystem', { FileSystemType, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;

export const RECOVERY = {
  'BCR-01': {
    aws: [
      rule({
        on: DAY_TYPES,
        check: (store, graph, { tier }) => keepsBackups(store, graph, tier),
        fix: 'Use SecureDatabaseCluster, or set BackupRetentionPeriod (AutomatedSnapshotRetentionPeriod on Redshift) to 7 days or more.',
        pass: [
          ...DAY_TYPES.map((type) => ({ resources: store(type, written((DAYS[type] as { path: string }).path, 7)) })),
          { name: 'a day is enough for little', tier: 'low' as const, resources: store('AWS::RDS::DBInstance', {}) },
          { name: 'by a backup plan', resources: store('AWS::RDS::DBInstance', { BackupRetentionPeriod: 0 }, selected('Store')) },
        ],
        fail: [
          ...DAY_TYPES.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::RDS::DBCluster', { BackupRetentionPeriod: '3' }) },
          { tier: 'low' as const, resources: store('AWS::RDS::DBInstance', { BackupRetentionPeriod: 0 }) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::RDS::DBInstance', { BackupRetentionPeriod: { Ref: 'P' } }) }],
        skip: [
          { resources: store('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cases', BackupRetentionPeriod: 0 }) },
          { resources: store('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'cases' }) },
        ],
      }),
      rule({
        on: SWITCH_TYPES,
        check: recoversToAnyPoint,
        fix: 'Use SecureTable, or set PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled: true (in each replica of a global table; PointInTimeRecoveryEnabled in Keyspaces; BackupPolicy.Status ENABLED on file systems), or name the store in a BackupSelection.',
        pass: [
          ...SWITCH_TYPES.map((type) => ({
            resources: store(type, written((SWITCHES[type] as { path: string }).path, (SWITCHES[type] as { on: boolean | string }).on)),
          })),
          { name: 'by a backup plan', resources: store('AWS::DynamoDB::Table', {}, selected('Store')) },
        ],
        fail: [
          ...SWITCH_TYPES.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::EFS::FileSystem', { BackupPolicy: { Status: 'DISABLED' } }) },
          { resources: store('AWS::DynamoDB::Table', { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::EFS::FileSystem', { BackupPolicy: { Status: { Ref: 'P' } } }) }],
      }),
      rule({
        on: 'AWS::MemoryDB::Cluster',
        check: (cluster) => cluster.at('SnapshotRetentionLimit').orDefault(0).isAtLeast(1),
        fix: 'Set SnapshotRetentionLimit to 1 day or more.',
        pass: [{ resources: store('AWS::MemoryDB::Cluster', { SnapshotRetentionLimit: 7 }) }],
        fail: [
          { resources: store('AWS::MemoryDB::Cluster', {}) },
          { resources: store('AWS::MemoryDB::Cluster', { SnapshotRetentionLimit: 0 }) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::MemoryDB::Cluster', { SnapshotRetentionLimit: { Ref: 'P' } }) }],
      }),
      rule({
        on: SNAPSHOTS,
        severity: 'low',
        check: keepsSnapshots,
        fix: 'Set SnapshotRetentionLimit to 1 day or more where the cache holds what nothing else does.',
        pass: [...SNAPSHOTS.map((type) => ({ resources: store(type, { SnapshotRetentionLimit: 1 }) }))],
        fail: [
          ...SNAPSHOTS.map((type) => ({ resources: store(type, { SnapshotRetentionLimit: 0 }) })),
          { resources: store('AWS::ElastiCache::ReplicationGroup', {}) },
        ],
        skip: [
          { resources: store(NODE, { Engine: 'memcached' }) },
          { resources: store(NODE, { Engine: 'redis', CacheNodeType: 'cache.t1.micro' }) },
        ],
      }),
      rule({
        on: 'AWS::FSx::FileSystem',
        check: (files, graph, { tier }) => fsxKeepsBackups(files, graph, tier),
        fix: 'Set AutomaticBackupRetentionDays to 7 or more in the configuration of the kind (WindowsConfiguration, OntapConfiguration, OpenZFSConfiguration, LustreConfiguration).',
        pass: [
          { resources: fsx('WINDOWS') },
          { resources: fsx('OPENZFS', { OpenZFSConfiguration: { AutomaticBackupRetentionDays: 7 } }) },
          { resources: fsx('LUSTRE', { LustreConfiguration: { DeploymentType: 'PERSISTENT_2', AutomaticBackupRetentionDays: 14 } }) },
          { name: 'by a backup plan', resources: { ...fsx('OPENZFS'), ...selected('Store') } },
        ],
        fail: [
          { resources: fsx('ONTAP', { OntapConfiguration: { AutomaticBackupRetentionDays: 0 } }) },
          { resources: fsx('OPENZFS') },
          { resources: fsx('LUSTRE', { LustreConfiguration: { DeploymentType: 'PERSISTENT_1' } }) },
          { resources: store('AWS::FSx::FileSystem', {}) },
        ],
        unknown: [{ ...PARAMETER, resources: fsx({ Ref: 'P' }) }],
        skip: [{ resources: fsx('LUSTRE', { LustreConfiguration: { DeploymentType: 'SCRATCH_2' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
