import type { ControlId } from '../../../controls';
import { askOrInherit, isMember, valuesAt, written } from '../../facts/database';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { COPIES } from './copies';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';
const TABLE = 'AWS::DynamoDB::Table';
const GLOBAL_TABLE = 'AWS::DynamoDB::GlobalTable';
const CACHE = 'AWS::ElastiCache::ReplicationGroup';
const NODE = 'AWS::ElastiCache::CacheCluster';
const FSX = 'AWS::FSx::FileSystem';

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { On: { Type: 'String' } } } as const;

/** A switch that is off until somebody writes it. */
function switchedOn(types: readonly string[], path: string, fix: string, rest: Partial<RuleSpec> = {}): RuleSpec {
  return rule({
    on: types,
    check: (store, graph) =>
      isMember(store)
        ? notApplicable('its storage is that of its cluster')
        : askOrInherit(store, path, graph, (asked) => asked.at(path).isTrue()),
    fix,
    ...rest,
    pass: [...types.map((type) => ({ resources: store(type, written(path, true)) })), ...(rest.pass ?? [])],
    fail: [
      ...types.map((type) => ({ resources: store(type, {}) })),
      { resources: store(types[0] as string, written(path, false)) },
      ...(rest.fail ?? []),
    ],
    unknown: [{ ...PARAMETER, resources: store(types[0] as string, written(path, { Ref: 'On' })) }, ...(rest.unknown ?? [])],
    ...(rest.skip ? { skip: rest.skip } : {}),
  });
}

/** Global clusters made from a cluster that exists take over its encryption. */
const GLOBAL_CLUSTERS = ['AWS::RDS::GlobalCluster', 'AWS::DocDB::GlobalCluster', 'AWS::Neptune::GlobalCluster'];

/** Caches of Valkey are encrypted unless somebody says otherwise; of Redis OSS the other way round. */
export const isValkey = (cache: Resource): boolean => cache.at('Engine').is('valkey').verdict === 'pass';

function isCacheEncrypted(cache: Resource, graph: Graph): Outcome {
  if (cache.type === NODE)
    return cache.at('Engine').matches(/^memcached$/i).verdict === 'pass'
      ? notApplicable('Memcached keeps nothing on disk')
      : fail(`${cache.at('Engine').describe()}: a CacheCluster of its own cannot be encrypted at rest`, 'Engine');
  return askOrInherit(cache, 'AtRestEncryptionEnabled', graph, (asked) =>
    asked.at('AtRestEncryptionEnabled').orDefault(isValkey(asked)).isTrue(),
  );
}

// ── Customer keys ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names the key of its storage. Types that answer otherwise stand below. */
const KEYS: Readonly<Record<string, string>> = {
  [INSTANCE]: 'KmsKeyId',
  [CLUSTER]: 'KmsKeyId',
  'AWS::DocDB::DBCluster': 'KmsKeyId',
  'AWS::DocDBElastic::Cluster': 'KmsKeyId',
  'AWS::Neptune::DBCluster': 'KmsKeyId',
  'AWS::NeptuneGraph::Graph': 'KmsKeyIdentifier',
  'AWS::Redshift::Cluster': 'KmsKeyId',
  'AWS::RedshiftServerless::Namespace': 'KmsKeyId',
  'AWS::EFS::FileSystem': 'KmsKeyId',
  [FSX]: 'KmsKeyId',
  'AWS::FSx::FileCache': 'KmsKeyId',
  'AWS::OpenSearchService::Domain': 'EncryptionAtRestOptions.KmsKeyId',
  'AWS::Elasticsearch::Domain': 'EncryptionAtRestOptions.KmsKeyId',
  [CACHE]: 'KmsKeyId',
  'AWS::ElastiCache::ServerlessCache': 'KmsKeyId',
  'AWS::MemoryDB::Cluster': 'KmsKeyId',
  'AWS::Timestream::Database': 'KmsKeyId',
  'AWS::DSQL::Cluster': 'KmsEncryptionKey',
  'AWS::QLDB::Ledger': 'KmsKey',
  'AWS::DMS::ReplicationInstance': 'KmsKeyId',
};
const KEYED = Object.keys(KEYS);

/** Names under which services let one ask for their own key. */
const OWNED_BY_AWS = ['AWS_OWNED_KMS_KEY', 'AWS_OWNED_KEY'];
const isCustomerKey = (key: Value): Outcome => (key.state === 'known' ? allOf(key.isNoneOf(OWNED_BY_AWS), isOwnKey(key)) : isOwnKey(key));

function usesCustomerKey(store: Resource, graph: Graph): Outcome {
  if (isMember(store)) return notApplicable('its storage is that of its cluster');
  if (store.type === FSX && store.at('LustreConfiguration.DeploymentType').matches(/^SCRATCH/).verdict === 'pass')
    return notApplicable('scratch file systems take no key');
  const path = KEYS[store.type] as string;
  return askOrInherit(store, path, graph, (asked) => isCustomerKey(asked.at(path)));
}

/** SSESpecification is off: the key is one that AWS owns. Without KMSMasterKeyId: one that AWS manages. */
function tableUsesCustomerKey(table: Resource): Outcome {
  const keys =
    table.type === TABLE ? [table.at('SSESpecification.KMSMasterKeyId')] : valuesAt(table, 'Replicas[].SSESpecification.KMSMasterKeyId');
  return allOf(
    table.at('SSESpecification.SSEEnabled').isTrue(),
    keys.length === 0 ? fail('names no replica and no key', 'Replicas') : every(keys, isCustomerKey),
  );
}

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const sse = (rest: object) => ({ SSESpecification: { SSEEnabled: true, SSEType: 'KMS', ...rest } });
const cassandra = (EncryptionSpecification: object) => store('AWS::Cassandra::Table', { EncryptionSpecification });
const collection = (EncryptionConfig: object) => store('AWS::OpenSearchServerless::Collection', { EncryptionConfig });
const securityPolicy = (policy: object | string, Type = 'encryption') =>
  store('AWS::OpenSearchServerless::SecurityPolicy', { Type, Policy: typeof policy === 'string' ? policy : JSON.stringify(policy) });

export const ENCRYPTION = {
  'ENC-01': {
    aws: [
      switchedOn(
        [INSTANCE, CLUSTER, 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'],
        'StorageEncrypted',
        'Use SecureDatabaseCluster, SecureDatabaseInstance, SecureDocumentDatabase or SecureGraphDatabase, or set StorageEncrypted: true (storageEncrypted in CDK). An existing database has to be restored from an encrypted copy of a snapshot.',
        {
          check: (store, graph) => {
            if (isMember(store)) return notApplicable('its storage is that of its cluster');
            if (store.type === CLUSTER && store.at('EngineMode').is('serverless').verdict === 'pass')
              return notApplicable('Aurora Serverless v1 is always encrypted');
            return askOrInherit(store, 'StorageEncrypted', graph, (asked) => asked.at('StorageEncrypted').isTrue());
          },
          pass: [
            {
              name: 'a replica takes it over from its source',
              resources: store(
                INSTANCE,
                { SourceDBInstanceIdentifier: { Ref: 'Source' } },
                { Source: { Type: INSTANCE, Properties: { StorageEncrypted: true } } },
              ),
            },
          ],
          unknown: [
            { name: 'a snapshot tells only on deployment', resources: store(INSTANCE, { DBSnapshotIdentifier: 'arn:aws:rds:snapshot' }) },
            { resources: store(CLUSTER, { SnapshotIdentifier: 'arn:aws:rds:snapshot' }) },
          ],
          skip: [
            { name: 'Aurora keeps storage in clusters', resources: store(INSTANCE, { Engine: 'aurora' }) },
            { name: 'a member of a cluster', resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) },
            { resources: store(CLUSTER, { Engine: 'aurora-mysql', EngineMode: 'serverless' }) },
          ],
        },
      ),
      switchedOn(GLOBAL_CLUSTERS, 'StorageEncrypted', 'Set StorageEncrypted: true on the global cluster.', {
        check: (cluster) =>
          cluster.at('SourceDBClusterIdentifier').state === 'absent'
            ? cluster.at('StorageEncrypted').isTrue()
            : notApplicable('takes over the encryption of the cluster that it is made from'),
        skip: [{ resources: store('AWS::RDS::GlobalCluster', { SourceDBClusterIdentifier: 'cases' }) }],
      }),
      switchedOn(
        ['AWS::Redshift::Cluster', 'AWS::EFS::FileSystem'],
        'Encrypted',
        'Use SecureWarehouse or SecureFileSystem, or set Encrypted: true (encrypted in CDK) and KmsKeyId.',
        {
          unknown: [{ name: 'restored', resources: store('AWS::Redshift::Cluster', { SnapshotIdentifier: 'nightly' }) }],
        },
      ),
      switchedOn(
        // DynamoDB encrypts every table; what fails here is a table of the shorthand type whose key nobody in the account can see.
        ['AWS::Serverless::SimpleTable'],
        'SSESpecification.SSEEnabled',
        'Use SecureTable, or set SSESpecification.SSEEnabled: true.',
        { severity: 'medium' },
      ),
      switchedOn(
        ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'],
        'EncryptionAtRestOptions.Enabled',
        'Use SecureSearchDomain, or set EncryptionAtRestOptions.Enabled: true (encryptionAtRest in CDK) and KmsKeyId.',
      ),
    ],
  },

  'ENC-11': {
    aws: [
      rule({
        on: [CACHE, NODE],
        check: isCacheEncrypted,
        fix: 'Use SecureCache, or a ReplicationGroup with AtRestEncryptionEnabled: true and KmsKeyId, or a serverless cache.',
        pass: [
          { resources: store(CACHE, { AtRestEncryptionEnabled: true }) },
          { name: 'Valkey by default', resources: store(CACHE, { Engine: 'valkey' }) },
        ],
        fail: [
          { resources: store(CACHE, {}) },
          { resources: store(CACHE, { Engine: 'valkey', AtRestEncryptionEnabled: false }) },
          { name: 'a node without replication group', resources: store(NODE, { Engine: 'redis' }) },
        ],
        unknown: [
          { ...PARAMETER, resources: store(CACHE, { AtRestEncryptionEnabled: { Ref: 'On' } }) },
          { name: 'a member of a global datastore', resources: store(CACHE, { GlobalReplicationGroupId: 'global' }) },
        ],
        skip: [{ resources: store(NODE, { Engine: 'memcached' }) }],
      }),
      switchedOn(
        ['AWS::DAX::Cluster'],
        'SSESpecification.SSEEnabled',
        'Set SSESpecification.SSEEnabled: true; it can be set only when the cluster is made.',
      ),
    ],
  },

  'ENC-02': {
    aws: [
      rule({
        on: KEYED,
        check: usesCustomerKey,
        fix: 'Use SecureDatabaseCluster or the Secure construct of the service, or name a key of your own: KmsKeyId (EncryptionAtRestOptions.KmsKeyId on search domains, KmsKeyIdentifier on graphs, KmsEncryptionKey on DSQL).',
        pass: [
          ...KEYED.map((type) => ({ resources: store(type, written(KEYS[type] as string, KEY)) })),
          { resources: store(CLUSTER, { KmsKeyId: { Ref: 'Key' } }, { Key: { Type: 'AWS::KMS::Key' } }) },
          {
            name: 'a replica in the same region',
            resources: store(
              INSTANCE,
              { SourceDBInstanceIdentifier: { Ref: 'Source' } },
              { Source: { Type: INSTANCE, Properties: { KmsKeyId: KEY } } },
            ),
          },
        ],
        fail: [
          ...KEYED.map((type) => ({ resources: store(type, {}) })),
          { resources: store(CLUSTER, { StorageEncrypted: true, KmsKeyId: 'alias/aws/rds' }) },
          { resources: store('AWS::DSQL::Cluster', { KmsEncryptionKey: 'AWS_OWNED_KMS_KEY' }) },
        ],
        unknown: [
          { parameters: { Key: { Type: 'String' } }, resources: store(CLUSTER, { KmsKeyId: { Ref: 'Key' } }) },
          { resources: store(FSX, { BackupId: 'backup-1' }) },
        ],
        skip: [
          { resources: store(INSTANCE, { DBClusterIdentifier: 'cases' }) },
          { resources: store(FSX, { LustreConfiguration: { DeploymentType: 'SCRATCH_2' } }) },
          { tier: 'low', resources: store(CLUSTER, {}) },
        ],
      }),
      rule({
        on: [TABLE, GLOBAL_TABLE],
        check: tableUsesCustomerKey,
        fix: 'Use SecureTable, or set SSESpecification.SSEEnabled: true and KMSMasterKeyId (of each replica of a global table) to a key of your own.',
        pass: [
          { resources: store(TABLE, sse({ KMSMasterKeyId: KEY })) },
          {
            resources: store(GLOBAL_TABLE, {
              ...sse({}),
              Replicas: [{ Region: 'eu-central-1', SSESpecification: { KMSMasterKeyId: KEY } }],
            }),
          },
        ],
        fail: [
          { resources: store(TABLE, {}) },
          { name: 'the key of the provider', resources: store(TABLE, sse({})) },
          { resources: store(TABLE, sse({ KMSMasterKeyId: KEY, SSEEnabled: false })) },
          {
            name: 'one replica without',
            resources: store(GLOBAL_TABLE, {
              ...sse({}),
              Replicas: [{ Region: 'eu-central-1', SSESpecification: { KMSMasterKeyId: KEY } }, { Region: 'eu-west-1' }],
            }),
          },
        ],
        unknown: [{ parameters: { Key: { Type: 'String' } }, resources: store(TABLE, sse({ KMSMasterKeyId: { Ref: 'Key' } })) }],
        skip: [{ tier: 'low', resources: store(TABLE, {}) }],
      }),
      rule({
        on: 'AWS::Cassandra::Table',
        check: (table) =>
          allOf(
            table.at('EncryptionSpecification.EncryptionType').orDefault('AWS_OWNED_KMS_KEY').is('CUSTOMER_MANAGED_KMS_KEY'),
            isOwnKey(table.at('EncryptionSpecification.KmsKeyIdentifier')),
          ),
        fix: 'Set EncryptionSpecification.EncryptionType: CUSTOMER_MANAGED_KMS_KEY and KmsKeyIdentifier.',
        pass: [{ resources: cassandra({ EncryptionType: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyIdentifier: KEY }) }],
        fail: [
          { resources: store('AWS::Cassandra::Table', {}) },
          { resources: cassandra({ EncryptionType: 'AWS_OWNED_KMS_KEY' }) },
          { resources: cassandra({ EncryptionType: 'CUSTOMER_MANAGED_KMS_KEY' }) },
        ],
        unknown: [{ ...PARAMETER, resources: cassandra({ EncryptionType: { Ref: 'On' }, KmsKeyIdentifier: KEY }) }],
      }),
      rule({
        // A collection takes its key from the encryption policy that matches its name, unless it names one itself.
        on: ['AWS::OpenSearchServerless::SecurityPolicy', 'AWS::OpenSearchServerless::Collection'],
        check: (policy) =>
          policy.type === 'AWS::OpenSearchServerless::Collection'
            ? when(policy.at('EncryptionConfig').isSet(), () => serverlessKey(policy.at('EncryptionConfig'), 'KmsKeyArn'))
            : when(policy.at('Type').is('encryption'), () => serverlessKey(policy.at('Policy').json(), 'KmsARN')),
        fix: 'Write "AWSOwnedKey": false and "KmsARN" with a key of your own into the encryption policy (EncryptionConfig.KmsKeyArn on a collection).',
        pass: [
          { resources: securityPolicy({ Rules: [], AWSOwnedKey: false, KmsARN: KEY }) },
          { resources: collection({ AWSOwnedKey: false, KmsKeyArn: KEY }) },
        ],
        fail: [
          { resources: securityPolicy({ Rules: [], AWSOwnedKey: true }) },
          { resources: securityPolicy({ Rules: [], AWSOwnedKey: true, KmsARN: KEY }) },
          { resources: securityPolicy({ Rules: [] }) },
          { resources: collection({ AWSOwnedKey: true }) },
        ],
        unknown: [
          { ...PARAMETER, resources: store('AWS::OpenSearchServerless::SecurityPolicy', { Type: 'encryption', Policy: { Ref: 'On' } }) },
        ],
        skip: [
          { resources: securityPolicy([], 'network') },
          { name: 'the key stands in the encryption policy', resources: store('AWS::OpenSearchServerless::Collection', { Name: 'cases' }) },
        ],
      }),
    ],
  },

  ...COPIES,
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function serverlessKey(settings: Value, path: string): Outcome {
  if (settings.state === 'known' && !settings.isMap) return settings.asUnknown();
  const owned = settings.at('AWSOwnedKey');
  return allOf(owned.state === 'absent' ? pass() : not(owned.isTrue(), owned.describe()), isOwnKey(settings.at(path)));
}
