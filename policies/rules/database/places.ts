import type { ControlId } from '../../../controls';
import { residencyOf } from '../../facts/classification';
import { isMember, isReplica, membersOf, valuesAt } from '../../facts/database';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';

// ── Zones ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether a store of each type goes on when a zone is lost. */
const ZONES: Readonly<Record<string, (store: Resource, graph: Graph) => Outcome>> = {
  [INSTANCE]: (instance) => {
    if (isMember(instance)) return notApplicable('its cluster is judged');
    if (isReplica(instance)) return notApplicable('a replica can be made again');
    return instance.at('MultiAZ').isTrue();
  },
  [CLUSTER]: (cluster, graph) => {
    if (cluster.at('EngineMode').is('serverless').verdict === 'pass')
      return notApplicable('Aurora Serverless v1 moves to another zone by itself');
    if (cluster.at('DBClusterInstanceClass').state !== 'absent') return pass();
    return hasTwoMembers(cluster, graph);
  },
  'AWS::DocDB::DBCluster': hasTwoMembers,
  'AWS::Neptune::DBCluster': hasTwoMembers,
  'AWS::ElastiCache::ReplicationGroup': (cache) =>
    allOf(cache.at('MultiAZEnabled').isTrue(), cache.at('AutomaticFailoverEnabled').isTrue()),
  'AWS::MemoryDB::Cluster': (cluster) => cluster.at('NumReplicasPerShard').orDefault(1).isAtLeast(1),
  'AWS::DAX::Cluster': (cluster) => cluster.at('ReplicationFactor').isAtLeast(2),
  'AWS::OpenSearchService::Domain': (domain) =>
    anyOf(
      [domain.at('ClusterConfig.ZoneAwarenessEnabled').isTrue(), domain.at('ClusterConfig.MultiAZWithStandbyEnabled').isTrue()],
      'ClusterConfig asks for no second zone',
    ),
  'AWS::Elasticsearch::Domain': (domain) => domain.at('ElasticsearchClusterConfig.ZoneAwarenessEnabled').isTrue(),
  'AWS::OpenSearchServerless::Collection': (collection) =>
    not(collection.at('StandbyReplicas').is('DISABLED'), 'StandbyReplicas is "DISABLED"'),
  'AWS::EFS::FileSystem': (files) =>
    files.at('AvailabilityZoneName').state === 'absent'
      ? pass()
      : fail(`${files.at('AvailabilityZoneName').describe()}: a file system of one zone`, 'AvailabilityZoneName'),
  'AWS::FSx::FileSystem': (files) => {
    const kinds = ['WindowsConfiguration', 'OntapConfiguration', 'OpenZFSConfiguration'].map((kind) => files.at(`${kind}.DeploymentType`));
    const stated = kinds.find(({ state }) => state !== 'absent');
    if (files.at('LustreConfiguration').state !== 'absent') return notApplicable('Lustre knows one zone only');
    return stated ? stated.matches(/^MULTI_AZ/) : fail('no DeploymentType is set: the default is one zone');
  },
  'AWS::DMS::ReplicationInstance': (instance) => instance.at('MultiAZ').isTrue(),
};
const ZONED = Object.keys(ZONES);

function hasTwoMembers(cluster: Resource, graph: Graph): Outcome {
  const count = membersOf(cluster, graph).length;
  if (count === 0) return notApplicable('its instances are not among what was read');
  return count > 1 ? pass() : fail('has one instance only: the loss of its zone is the loss of the cluster');
}

/** A property list by which each type survives the loss of a zone; for examples. */
const SURVIVES: Readonly<Record<string, object>> = {
  [INSTANCE]: { MultiAZ: true },
  'AWS::ElastiCache::ReplicationGroup': { MultiAZEnabled: true, AutomaticFailoverEnabled: true },
  'AWS::MemoryDB::Cluster': { NumReplicasPerShard: 1 },
  'AWS::DAX::Cluster': { ReplicationFactor: 3 },
  'AWS::OpenSearchService::Domain': { ClusterConfig: { ZoneAwarenessEnabled: true } },
  'AWS::Elasticsearch::Domain': { ElasticsearchClusterConfig: { ZoneAwarenessEnabled: true } },
  'AWS::FSx::FileSystem': { WindowsConfiguration: { DeploymentType: 'MULTI_AZ_1' } },
  'AWS::DMS::ReplicationInstance': { MultiAZ: true },
};
const FALLS: Readonly<Record<string, object>> = {
  [INSTANCE]: {},
  'AWS::ElastiCache::ReplicationGroup': { MultiAZEnabled: true },
  'AWS::MemoryDB::Cluster': { NumReplicasPerShard: 0 },
  'AWS::DAX::Cluster': { ReplicationFactor: 1 },
  'AWS::OpenSearchService::Domain': {},
  'AWS::Elasticsearch::Domain': {},
  'AWS::OpenSearchServerless::Collection': { StandbyReplicas: 'DISABLED' },
  'AWS::EFS::FileSystem': { AvailabilityZoneName: 'eu-central-1a' },
  'AWS::FSx::FileSystem': { OpenZFSConfiguration: { DeploymentType: 'SINGLE_AZ_1' } },
  'AWS::DMS::ReplicationInstance': {},
};

// ── Regions ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names other regions that the data goes to. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['Replicas[].Region', 'GlobalTableWitnesses[].Region'],
  [INSTANCE]: ['AutomaticBackupReplicationRegion'],
  'AWS::Redshift::Cluster': ['DestinationRegion'],
  'AWS::RedshiftServerless::Namespace': ['SnapshotCopyConfigurations[].DestinationRegion'],
  'AWS::EFS::FileSystem': ['ReplicationConfiguration.Destinations[].Region'],
  'AWS::ElastiCache::GlobalReplicationGroup': ['RegionalConfigurations[].ReplicationGroupRegion', 'Members[].ReplicationGroupRegion'],
  'AWS::Cassandra::Keyspace': ['ReplicationSpecification.RegionList'],
  'AWS::DSQL::Cluster': ['MultiRegionProperties.WitnessRegion'],
};
const SPREAD = Object.keys(REGIONS);

const regionsOf = (store: Resource): readonly Value[] =>
  (REGIONS[store.type] ?? []).flatMap((path) => valuesAt(store, path)).flatMap((value) => value.items());

function staysInPlace(store: Resource): Outcome {
  const places = residencyOf(store);
  if (!places) return notApplicable('the data profile promises no place');
  const regions = regionsOf(store);
  if (regions.length === 0) return notApplicable('goes to no other region');
  return every(regions, (region) => {
    if (region.string === undefined) return region.missing?.startsWith('AWS::Region') ? pass() : region.asUnknown();
    return places.includes(region.string)
      ? pass()
      : fail(`${region.describe()}; the data profile promises ${places.join(', ')}`, region.path);
  });
}

// ── Ways out ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Roles with which a database writes whole tables into buckets, functions and models of its own accord. */
function exportsNothing(store: Resource): Outcome {
  const features = store
    .at('AssociatedRoles')
    .items()
    .map((role) => role.at('FeatureName'));
  if (features.length === 0) return notApplicable('has no role of its own');
  return every(features, (feature) =>
    not(feature.matches(/^(s3Export|S3_INTEGRATION)$/), `${feature.describe()}: statements can write tables into buckets`),
  );
}

/** Options with which statements write backups or files into buckets. */
const WRITES_OUT = ['SQLSERVER_BACKUP_RESTORE', 'S3_INTEGRATION'];

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const member = (name: string, Type = INSTANCE) => ({
  [name]: { Type, Properties: { DBClusterIdentifier: { Ref: 'Store' }, MultiAZ: true } },
});
const EUROPE = { profile: { residency: ['eu-central-1', 'eu-west-1'] } };
const tables = (...regions: readonly unknown[]) => store('AWS::DynamoDB::GlobalTable', { Replicas: regions.map((Region) => ({ Region })) });

const zoneExamples = {
  pass: [
    ...Object.entries(SURVIVES).map(([type, properties]) => ({ resources: store(type, properties) })),
    { resources: store(CLUSTER, {}, { ...member('A'), ...member('B') }) },
    { resources: store('AWS::FSx::FileSystem', { OpenZFSConfiguration: { DeploymentType: 'MULTI_AZ_1' } }) },
    { resources: store('AWS::OpenSearchService::Domain', { ClusterConfig: { MultiAZWithStandbyEnabled: true } }) },
  ],
  fail: [
    ...Object.entries(FALLS).map(([type, properties]) => ({ resources: store(type, properties) })),
    { resources: store(CLUSTER, {}, member('A')) },
    { resources: store('AWS::Neptune::DBCluster', {}, member('A', 'AWS::Neptune::DBInstance')) },
    { resources: store('AWS::FSx::FileSystem', {}) },
    { resources: store('AWS::ElastiCache::ReplicationGroup', { AutomaticFailoverEnabled: true }) },
  ],
  unknown: [{ ...PARAMETER, resources: store(INSTANCE, { MultiAZ: { Ref: 'P' } }) }],
  skip: [
    { name: 'its instances are elsewhere', resources: store(CLUSTER, {}) },
    { resources: store(CLUSTER, { EngineMode: 'serverless' }, member('A')) },
    { resources: store(INSTANCE, { SourceDBInstanceIdentifier: 'cases' }) },
    { resources: store('AWS::FSx::FileSystem', { LustreConfiguration: { DeploymentType: 'PERSISTENT_2' } }) },
  ],
};
const SECOND_ZONE =
  'Use SecureDatabaseCluster, or ask for a second zone: MultiAZ: true, a second instance of the cluster, MultiAZEnabled with AutomaticFailoverEnabled, ZoneAwarenessEnabled, NumReplicasPerShard 1, ReplicationFactor 3, DeploymentType MULTI_AZ.';

export const PLACES = {
  'BCR-06': {
    aws: [
      rule({
        on: ZONED,
        from: 'high',
        check: (store, graph) => (ZONES[store.type] as (typeof ZONES)[string])(store, graph),
        fix: SECOND_ZONE,
        ...zoneExamples,
      }),
      rule({
        // Below the high tier a second zone is worth a note: it costs as much as the first one.
        on: ZONED,
        severity: 'low',
        check: (store, graph, { tier }) =>
          tier === 'high' ? notApplicable('asked in full at the high tier') : (ZONES[store.type] as (typeof ZONES)[string])(store, graph),
        fix: SECOND_ZONE,
        pass: [{ tier: 'moderate', resources: store(INSTANCE, { MultiAZ: true }) }],
        fail: [{ tier: 'moderate', resources: store(INSTANCE, {}) }],
        skip: [{ resources: store(INSTANCE, {}) }],
      }),
    ],
  },

  'LOC-02': {
    aws: rule({
      on: SPREAD,
      check: staysInPlace,
      fix: 'Replicate within the regions that the data profile promises (residency), or have the promise changed by the owner of the data.',
      pass: [
        { unit: EUROPE, resources: tables('eu-central-1', 'eu-west-1') },
        { unit: EUROPE, resources: store(INSTANCE, { AutomaticBackupReplicationRegion: 'eu-west-1' }) },
        { unit: EUROPE, resources: store('AWS::Redshift::Cluster', { DestinationRegion: 'eu-west-1' }) },
        {
          unit: EUROPE,
          resources: store('AWS::EFS::FileSystem', { ReplicationConfiguration: { Destinations: [{ Region: 'eu-west-1' }] } }),
        },
        { unit: EUROPE, resources: store('AWS::DSQL::Cluster', { MultiRegionProperties: { WitnessRegion: 'eu-west-1' } }) },
      ],
      fail: [
        { unit: EUROPE, resources: tables('eu-central-1', 'us-east-1') },
        {
          unit: EUROPE,
          resources: store('AWS::DynamoDB::GlobalTable', {
            Replicas: [{ Region: 'eu-central-1' }],
            GlobalTableWitnesses: [{ Region: 'us-east-2' }],
          }),
        },
        {
          unit: EUROPE,
          resources: store('AWS::Cassandra::Keyspace', { ReplicationSpecification: { RegionList: ['eu-west-1', 'us-east-1'] } }),
        },
        {
          unit: EUROPE,
          resources: store('AWS::ElastiCache::GlobalReplicationGroup', { Members: [{ ReplicationGroupRegion: 'us-east-1' }] }),
        },
        {
          unit: EUROPE,
          resources: store('AWS::RedshiftServerless::Namespace', { SnapshotCopyConfigurations: [{ DestinationRegion: 'us-east-1' }] }),
        },
      ],
      unknown: [{ ...PARAMETER, unit: EUROPE, resources: tables({ Ref: 'P' }) }],
      skip: [{ resources: tables('us-east-1') }, { unit: EUROPE, resources: store(INSTANCE, {}) }],
    }),
  },

  'EXP-01': {
    aws: [
      rule({
        on: [INSTANCE, CLUSTER],
        severity: 'medium',
        check: exportsNothing,
        fix: 'Remove the role with FeatureName s3Export (s3ExportBuckets in CDK); export by a job of its own, with a right of its own, or record a waiver that expires.',
        pass: [
          {
            resources: store(INSTANCE, {
              AssociatedRoles: [{ FeatureName: 's3Import', RoleArn: 'arn:aws:iam::111122223333:role/import' }],
            }),
          },
        ],
        fail: [
          { resources: store(INSTANCE, { AssociatedRoles: [{ FeatureName: 's3Export' }] }) },
          { resources: store(CLUSTER, { AssociatedRoles: [{ FeatureName: 's3Import' }, { FeatureName: 's3Export' }] }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(CLUSTER, { AssociatedRoles: [{ FeatureName: { Ref: 'P' } }] }) }],
        skip: [{ resources: store(CLUSTER, {}) }],
      }),
      rule({
        on: 'AWS::RDS::OptionGroup',
        severity: 'medium',
        check: (group) => {
          const options = group.at('OptionConfigurations').items();
          if (options.length === 0) return notApplicable('adds no option');
          return every(options, (option) =>
            not(option.at('OptionName').isOneOf(WRITES_OUT), `${option.at('OptionName').describe()}: backups can be written into buckets`),
          );
        },
        fix: 'Remove SQLSERVER_BACKUP_RESTORE and S3_INTEGRATION from the option group, or record a waiver that expires.',
        pass: [{ resources: store('AWS::RDS::OptionGroup', { OptionConfigurations: [{ OptionName: 'SQLSERVER_AUDIT' }] }) }],
        fail: WRITES_OUT.map((OptionName) => ({ resources: store('AWS::RDS::OptionGroup', { OptionConfigurations: [{ OptionName }] }) })),
        unknown: [{ ...PARAMETER, resources: store('AWS::RDS::OptionGroup', { OptionConfigurations: [{ OptionName: { Ref: 'P' } }] }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
