import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { allOf, every, notApplicable, type Outcome, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const REDSHIFT = 'AWS::Redshift::Cluster';

/** Copies that name a key of their own, whatever the key of their source. */
const SNAPSHOTS: Readonly<Record<string, string>> = {
  'AWS::ElastiCache::ServerlessCacheSnapshot': 'KmsKeyId',
  'AWS::MemoryDB::Snapshot': 'KmsKeyId',
  'AWS::Redshift::SnapshotCopyGrant': 'KmsKeyId',
  'AWS::RDS::Integration': 'KMSKeyId',
  'AWS::Redshift::Integration': 'KMSKeyId',
  'AWS::Timestream::ScheduledQuery': 'KmsKeyId',
};
const SNAPSHOT_TYPES = Object.keys(SNAPSHOTS);

/** Performance data holds the statements, with what they ask for; it has a key of its own. */
function keepsPerformanceData(store: Resource): Outcome {
  const [on, key] =
    store.type === INSTANCE
      ? (['EnablePerformanceInsights', 'PerformanceInsightsKMSKeyId'] as const)
      : (['PerformanceInsightsEnabled', 'PerformanceInsightsKmsKeyId'] as const);
  return when(store.at(on).isTrue(), () => isOwnKey(store.at(key)));
}

const store = (Type: string, Properties: object): Example['resources'] => ({ Store: { Type, Properties } });
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const abroad = (rest: object) => store(INSTANCE, { KmsKeyId: KEY, AutomaticBackupReplicationRegion: 'eu-west-1', ...rest });

export const COPIES = {
  'ENC-10': {
    aws: [
      rule({
        on: INSTANCE,
        from: 'moderate',
        check: (instance) =>
          when(instance.at('AutomaticBackupReplicationRegion').isSet(), () => isOwnKey(instance.at('AutomaticBackupReplicationKmsKeyId'))),
        fix: 'Name a key of the other region in AutomaticBackupReplicationKmsKeyId.',
        pass: [{ resources: abroad({ AutomaticBackupReplicationKmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/2' }) }],
        fail: [
          { resources: abroad({}) },
          { resources: abroad({ AutomaticBackupReplicationKmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/rds' }) },
        ],
        skip: [{ resources: store(INSTANCE, {}) }],
      }),
      rule({
        on: REDSHIFT,
        from: 'moderate',
        check: (cluster) => when(cluster.at('DestinationRegion').isSet(), () => cluster.at('SnapshotCopyGrantName').isSet()),
        fix: 'Make an AWS::Redshift::SnapshotCopyGrant with a key of the other region, and name it in SnapshotCopyGrantName.',
        pass: [{ resources: store(REDSHIFT, { DestinationRegion: 'eu-west-1', SnapshotCopyGrantName: 'copies' }) }],
        fail: [{ resources: store(REDSHIFT, { DestinationRegion: 'eu-west-1' }) }],
        skip: [{ resources: store(REDSHIFT, {}) }],
      }),
      rule({
        on: SNAPSHOT_TYPES,
        from: 'moderate',
        severity: 'medium',
        check: (copy) => isOwnKey(copy.at(SNAPSHOTS[copy.type] as string)),
        fix: 'Name a key of your own in KmsKeyId (KMSKeyId on integrations).',
        pass: SNAPSHOT_TYPES.map((type) => ({ resources: store(type, { [SNAPSHOTS[type] as string]: KEY }) })),
        fail: [
          ...SNAPSHOT_TYPES.map((type) => ({ resources: store(type, {}) })),
          { resources: store('AWS::Redshift::SnapshotCopyGrant', { KmsKeyId: 'alias/aws/redshift' }) },
        ],
        unknown: [{ parameters: { Key: { Type: 'String' } }, resources: store('AWS::MemoryDB::Snapshot', { KmsKeyId: { Ref: 'Key' } }) }],
      }),
      rule({
        on: 'AWS::EFS::FileSystem',
        from: 'moderate',
        check: (files) => {
          const copies = files.at('ReplicationConfiguration.Destinations').items();
          if (copies.length === 0) return notApplicable('is not replicated');
          // A file system that exists already has the key that it was made with.
          return every(copies, (copy) =>
            copy.at('FileSystemId').state === 'absent'
              ? isOwnKey(copy.at('KmsKeyId'))
              : notApplicable('replicates into a file system that exists'),
          );
        },
        fix: 'Name a key of the other region in KmsKeyId of the destination.',
        pass: [{ resources: replicated({ Region: 'eu-west-1', KmsKeyId: KEY }) }],
        fail: [{ resources: replicated({ Region: 'eu-west-1' }) }, { resources: replicated({ KmsKeyId: 'alias/aws/elasticfilesystem' }) }],
        skip: [{ resources: store('AWS::EFS::FileSystem', {}) }, { resources: replicated({ FileSystemId: 'fs-1', Region: 'eu-west-1' }) }],
      }),
      rule({
        on: 'AWS::RedshiftServerless::Namespace',
        from: 'moderate',
        check: (namespace) => {
          const copies = namespace.at('SnapshotCopyConfigurations').items();
          if (copies.length === 0) return notApplicable('copies no snapshot');
          return every(copies, (copy) => isOwnKey(copy.at('DestinationKmsKeyId')));
        },
        fix: 'Name a key of the other region in DestinationKmsKeyId.',
        pass: [
          {
            resources: store('AWS::RedshiftServerless::Namespace', {
              SnapshotCopyConfigurations: [{ DestinationRegion: 'eu-west-1', DestinationKmsKeyId: KEY }],
            }),
          },
        ],
        fail: [
          { resources: store('AWS::RedshiftServerless::Namespace', { SnapshotCopyConfigurations: [{ DestinationRegion: 'eu-west-1' }] }) },
        ],
        skip: [{ resources: store('AWS::RedshiftServerless::Namespace', {}) }],
      }),
      rule({
        on: [INSTANCE, CLUSTER],
        from: 'moderate',
        severity: 'low',
        check: keepsPerformanceData,
        fix: 'Name a key of your own in PerformanceInsightsKMSKeyId (PerformanceInsightsKmsKeyId on clusters).',
        pass: [
          { resources: store(INSTANCE, { EnablePerformanceInsights: true, PerformanceInsightsKMSKeyId: KEY }) },
          { resources: store(CLUSTER, { PerformanceInsightsEnabled: true, PerformanceInsightsKmsKeyId: KEY }) },
        ],
        fail: [
          { resources: store(INSTANCE, { EnablePerformanceInsights: true }) },
          { resources: store(CLUSTER, { PerformanceInsightsEnabled: true, PerformanceInsightsKmsKeyId: 'alias/aws/rds' }) },
        ],
        skip: [{ resources: store(INSTANCE, {}) }, { resources: store(CLUSTER, { PerformanceInsightsEnabled: false }) }],
      }),
      rule({
        on: 'AWS::DMS::Endpoint',
        from: 'moderate',
        severity: 'low',
        check: (endpoint) =>
          when(endpoint.at('EngineName').is('s3'), () =>
            allOf(endpoint.at('S3Settings.EncryptionMode').is('sse-kms'), isOwnKey(endpoint.at('S3Settings.ServerSideEncryptionKmsKeyId'))),
          ),
        fix: 'Set S3Settings.EncryptionMode: sse-kms and ServerSideEncryptionKmsKeyId.',
        pass: [{ resources: s3({ EncryptionMode: 'sse-kms', ServerSideEncryptionKmsKeyId: KEY }) }],
        fail: [{ resources: s3({}) }, { resources: s3({ EncryptionMode: 'sse-kms' }) }],
        skip: [{ resources: store('AWS::DMS::Endpoint', { EngineName: 'postgres' }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function s3(S3Settings: object): Example['resources'] {
  return store('AWS::DMS::Endpoint', { EngineName: 's3', S3Settings });
}

function replicated(destination: object): Example['resources'] {
  return store('AWS::EFS::FileSystem', { ReplicationConfiguration: { Destinations: [destination] } });
}
