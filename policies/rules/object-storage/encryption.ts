import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import { accountOf, activeReplications, admitsAccessLogs, BUCKET, receivesLoadBalancerLogs, STORAGE_ACCOUNT } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const ACCOUNT_KEY = '$account-encryption-key';
const DIRECTORY_BUCKET = 'AWS::S3Express::DirectoryBucket';
const TABLE_BUCKET = 'AWS::S3Tables::TableBucket';
const VECTOR_BUCKET = 'AWS::S3Vectors::VectorBucket';
const STORES = [BUCKET, DIRECTORY_BUCKET, TABLE_BUCKET, VECTOR_BUCKET] as const;

interface DefaultEncryption {
  readonly algorithm: Value;
  readonly key: Value;
}

/** The encryption that the store applies by default, wherever its type keeps it. */
function defaultEncryptions(store: Resource): readonly DefaultEncryption[] {
  if (store.type === TABLE_BUCKET || store.type === VECTOR_BUCKET) {
    const written = store.at('EncryptionConfiguration');
    if (written.state === 'absent') return [];
    const [algorithm, key] = store.type === TABLE_BUCKET ? (['SSEAlgorithm', 'KMSKeyArn'] as const) : (['SseType', 'KmsKeyArn'] as const);
    return [{ algorithm: written.at(algorithm), key: written.at(key) }];
  }
  return store
    .at('BucketEncryption.ServerSideEncryptionConfiguration')
    .items()
    .map((entry) => entry.at('ServerSideEncryptionByDefault'))
    .filter(({ state }) => state !== 'absent')
    .map((written) => ({ algorithm: written.at('SSEAlgorithm'), key: written.at('KMSMasterKeyID') }));
}

const ALGORITHMS = ['AES256', 'aws:kms', 'aws:kms:dsse'];
const KMS_ALGORITHMS = ['aws:kms', 'aws:kms:dsse'];

function usesOwnKey({ algorithm, key }: DefaultEncryption): Outcome {
  return allOf(algorithm.isOneOf(KMS_ALGORITHMS), isOwnKey(key));
}

/** S3 and load balancers can deliver access logs only into buckets that S3 encrypts with its own key. */
function needsProviderKey(bucket: Resource, graph: Graph): boolean {
  if (bucket.type !== BUCKET) return false;
  return (
    graph.pointingAt(bucket, BUCKET, 'LoggingConfiguration.DestinationBucketName').length > 0 ||
    receivesLoadBalancerLogs(bucket, graph) ||
    admitsAccessLogs(bucket, graph)
  );
}

const kms = (key: unknown) => ({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } });
const bucketWith = (...entries: readonly object[]) => ({
  Type: BUCKET,
  Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: entries } },
});
const KEY_VAULT = { keySource: 'Microsoft.Keyvault', keyVaultProperties: { keyName: 'data', keyVaultUri: 'https://v.vault.azure.net' } };
const account = (properties: object) => ({ type: STORAGE_ACCOUNT, properties });

const REPLICATION_TYPE = 'azure-native:storage:ObjectReplicationPolicy';
const CONTAINER = 'azure-native:storage:BlobContainer';
const SCOPE = 'azure-native:storage:EncryptionScope';

export const ENCRYPTION = {
  'ENC-01': {
    // S3 has encrypted every new object since January 2023, so that what fails here is not clear text: it is a bucket whose
    // encryption nobody stated, which no reviewer sees and no diff protects. Hence advice.
    aws: rule({
      on: STORES,
      check: (store) => {
        const stated = defaultEncryptions(store);
        if (stated.length === 0) return fail('no default encryption is stated; only the default of the service applies');
        return every(stated, ({ algorithm }) => algorithm.isOneOf(ALGORITHMS));
      },
      severity: 'low',
      fix: 'Use SecureBucket, or write BucketEncryption with SSEAlgorithm aws:kms and KMSMasterKeyID (EncryptionConfiguration on table and vector buckets).',
      pass: [
        { resources: { Bucket: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }) } },
        {
          resources: {
            Tables: { Type: TABLE_BUCKET, Properties: { EncryptionConfiguration: { SSEAlgorithm: 'aws:kms', KMSKeyArn: 'k' } } },
          },
        },
        { resources: { Vectors: { Type: VECTOR_BUCKET, Properties: { EncryptionConfiguration: { SseType: 'AES256' } } } } },
      ],
      fail: [
        { resources: { Bucket: { Type: BUCKET } } },
        { resources: { Bucket: bucketWith() } },
        { name: 'a bucket key alone states no algorithm', resources: { Bucket: bucketWith({ BucketKeyEnabled: true }) } },
        { resources: { Fast: { Type: DIRECTORY_BUCKET, Properties: { DataRedundancy: 'SingleAvailabilityZone' } } } },
      ],
      unknown: [
        {
          parameters: { Algorithm: { Type: 'String' } },
          resources: { Bucket: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: { Ref: 'Algorithm' } } }) },
        },
        {
          name: 'encryption only in production',
          parameters: { Env: { Type: 'String' } },
          conditions: { Production: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } },
          resources: {
            Bucket: {
              Type: BUCKET,
              Properties: {
                BucketEncryption: {
                  'Fn::If': [
                    'Production',
                    { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
                    { Ref: 'AWS::NoValue' },
                  ],
                },
              },
            },
          },
        },
      ],
    }),
    azure: [
      rule({
        // Storage accounts cannot be left unencrypted; templates of old can still say so, and are refused.
        on: STORAGE_ACCOUNT,
        check: (store) => {
          const written = ['blob', 'file', 'queue', 'table'].map((service) => store.at(`encryption.services.${service}.enabled`));
          const stated = written.filter(({ state }) => state !== 'absent');
          if (stated.length === 0) return notApplicable('Azure encrypts every account, and nothing here says otherwise');
          return every(stated, (enabled) => enabled.isTrue());
        },
        fix: 'Remove encryption.services, or set enabled: true for each service.',
        pass: [{ resources: { data: account({ encryption: { services: { blob: { enabled: true } } } }) } }],
        fail: [{ resources: { data: account({ encryption: { services: { blob: { enabled: true }, file: { enabled: false } } } }) } }],
        unknown: [{ resources: { data: account({ encryption: { services: { blob: { enabled: { $unknown: 'config value' } } } } }) } }],
        skip: [{ resources: { data: account({ sku: { name: 'Standard_ZRS' } }) } }],
      }),
      rule({
        on: CONTAINER,
        check: (container) =>
          // Azure shows a container without a scope of its own with the key of the account.
          container.at('defaultEncryptionScope').is(ACCOUNT_KEY).verdict === 'pass'
            ? notApplicable('is encrypted with the key of the account')
            : when(container.at('defaultEncryptionScope').isSet(), () => container.at('denyEncryptionScopeOverride').isTrue()),
        severity: 'medium',
        fix: 'Set denyEncryptionScopeOverride: true beside defaultEncryptionScope, so that no client picks another key.',
        pass: [
          { resources: { cases: { type: CONTAINER, properties: { defaultEncryptionScope: 'cases', denyEncryptionScopeOverride: true } } } },
        ],
        fail: [
          { resources: { cases: { type: CONTAINER, properties: { defaultEncryptionScope: 'cases' } } } },
          {
            resources: { cases: { type: CONTAINER, properties: { defaultEncryptionScope: 'cases', denyEncryptionScopeOverride: false } } },
          },
        ],
        skip: [
          { resources: { cases: { type: CONTAINER, properties: { publicAccess: 'None' } } } },
          {
            name: 'as Azure exports it',
            resources: {
              cases: { type: CONTAINER, properties: { defaultEncryptionScope: ACCOUNT_KEY, denyEncryptionScopeOverride: false } },
            },
          },
        ],
      }),
    ],
  },

  'ENC-02': {
    aws: rule({
      on: STORES,
      check: (store, graph) => {
        const used = defaultEncryptions(store);
        if (needsProviderKey(store, graph) && used.every(({ algorithm }) => algorithm.is('AES256').verdict === 'pass'))
          return notApplicable('access logs can only be delivered into buckets that S3 encrypts with its own key');
        return used.length === 0 ? fail('no customer-managed key is stated') : every(used, usesOwnKey);
      },
      fix: 'Use SecureBucket, or set SSEAlgorithm aws:kms with KMSMasterKeyID of a key of your own.',
      pass: [
        { resources: { Bucket: bucketWith(kms('arn:aws:kms:eu-central-1:111122223333:key/1')) } },
        { resources: { Bucket: bucketWith(kms({ 'Fn::GetAtt': ['Key', 'Arn'] })), Key: { Type: 'AWS::KMS::Key' } } },
        {
          name: 'by an alias of the account and region of deployment',
          resources: { Bucket: bucketWith(kms({ 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/cases' })) },
        },
        {
          resources: {
            Vectors: { Type: VECTOR_BUCKET, Properties: { EncryptionConfiguration: { SseType: 'aws:kms', KmsKeyArn: 'arn:aws:kms:x' } } },
          },
        },
      ],
      fail: [
        { resources: { Bucket: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }) } },
        {
          name: 'KMS without a key takes that of the provider',
          resources: { Bucket: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }) },
        },
        { resources: { Bucket: bucketWith(kms('alias/aws/s3')) } },
        { resources: { Bucket: bucketWith(kms({ 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/s3' })) } },
        { resources: { Bucket: { Type: BUCKET } } },
      ],
      unknown: [
        { parameters: { KeyArn: { Type: 'String' } }, resources: { Bucket: bucketWith(kms({ Ref: 'KeyArn' })) } },
        {
          parameters: { Alias: { Type: 'String' } },
          resources: { Bucket: bucketWith(kms({ 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/${Alias}' })) },
        },
      ],
      skip: [
        { tier: 'low', resources: { Bucket: { Type: BUCKET } } },
        {
          name: 'a load balancer can only write where S3 encrypts',
          resources: {
            Logs: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
            Balancer: {
              Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
              Properties: { LoadBalancerAttributes: [{ Key: 'access_logs.s3.bucket', Value: { Ref: 'Logs' } }] },
            },
          },
        },
        {
          name: 'whatever writes the access logs is not among what was read',
          resources: {
            Logs: bucketWith({ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: {
                Bucket: { Ref: 'Logs' },
                PolicyDocument: {
                  Statement: [
                    { Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: '*' },
                  ],
                },
              },
            },
          },
        },
      ],
    }),
    azure: [
      rule({
        on: STORAGE_ACCOUNT,
        check: (store) =>
          allOf(
            store.at('encryption.keySource').orDefault('Microsoft.Storage').is('Microsoft.Keyvault'),
            store.at('encryption.keyVaultProperties.keyName').isSet(),
            store.at('encryption.keyVaultProperties.keyVaultUri').isSet(),
          ),
        fix: "Use SecureStorageAccount, or set encryption.keySource 'Microsoft.Keyvault' with keyVaultProperties.keyName and keyVaultUri.",
        pass: [{ resources: { data: account({ encryption: KEY_VAULT }) } }],
        fail: [
          { resources: { data: account({}) } },
          { resources: { data: account({ encryption: { ...KEY_VAULT, keySource: 'Microsoft.Storage' } }) } },
          { resources: { data: account({ encryption: { keySource: 'microsoft.keyvault' } }) } },
        ],
        unknown: [{ resources: { data: account({ encryption: { ...KEY_VAULT, keySource: { $unknown: 'config value' } } }) } }],
        skip: [{ tier: 'low', resources: { data: account({}) } }],
      }),
      rule({
        on: SCOPE,
        check: (scope) =>
          allOf(scope.at('source').orDefault('Microsoft.Storage').is('Microsoft.KeyVault'), scope.at('keyVaultProperties.keyUri').isSet()),
        fix: "Set source 'Microsoft.KeyVault' with keyVaultProperties.keyUri; a scope with the provider's key undoes that of the account.",
        pass: [
          {
            resources: {
              cases: { type: SCOPE, properties: { source: 'Microsoft.KeyVault', keyVaultProperties: { keyUri: 'https://v/keys/k' } } },
            },
          },
        ],
        fail: [
          { resources: { cases: { type: SCOPE, properties: {} } } },
          { resources: { cases: { type: SCOPE, properties: { source: 'Microsoft.Storage' } } } },
        ],
      }),
      rule({
        // Without keyType Account, queues and tables keep the provider's key although the account has one of its own.
        on: ['azure-native:storage:Queue', 'azure-native:storage:Table'],
        check: (store, graph) => {
          const owner = accountOf(store, graph);
          if (!owner) return notApplicable('the storage account is not among what was read');
          const service = store.type.endsWith(':Queue') ? 'queue' : 'table';
          return when(owner.at('encryption.keySource').is('Microsoft.Keyvault'), () => {
            const type = owner.at(`encryption.services.${service}.keyType`).orDefault('Service');
            return type.is('Account');
          });
        },
        fix: "Set encryption.services.queue.keyType (or table) to 'Account' when the storage account is created.",
        pass: [
          {
            resources: {
              jobs: { type: 'azure-native:storage:Queue', properties: { accountName: { $ref: 'data' } } },
              data: account({ encryption: { ...KEY_VAULT, services: { queue: { keyType: 'Account' } } } }),
            },
          },
        ],
        fail: [
          {
            resources: {
              jobs: { type: 'azure-native:storage:Queue', properties: { accountName: { $ref: 'data' } } },
              data: account({ encryption: KEY_VAULT }),
            },
          },
          {
            resources: {
              index: { type: 'azure-native:storage:Table', properties: { accountName: 'casedata' } },
              data: { ...account({ encryption: { ...KEY_VAULT, services: { queue: { keyType: 'Account' } } } }), name: 'casedata' },
            },
          },
        ],
        skip: [
          {
            resources: {
              jobs: { type: 'azure-native:storage:Queue', properties: { accountName: { $ref: 'data' } } },
              data: account({}),
            },
          },
        ],
      }),
    ],
  },

  'ENC-10': {
    aws: rule({
      on: BUCKET,
      check: (bucket) => {
        const own = some(defaultEncryptions(bucket), usesOwnKey, 'is not encrypted with a key of its own');
        const copies = activeReplications(bucket);
        if (copies.length === 0) return notApplicable('is not replicated');
        return when(own, () => every(copies, (copy) => isOwnKey(copy.at('Destination.EncryptionConfiguration.ReplicaKmsKeyID'))));
      },
      fix: 'Give each replication rule Destination.EncryptionConfiguration.ReplicaKmsKeyID, and SourceSelectionCriteria.SseKmsEncryptedObjects Enabled.',
      pass: [
        { resources: { Bucket: replicated({ EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-1:111122223333:key/2' } }) } },
      ],
      fail: [
        { resources: { Bucket: replicated({}) } },
        {
          resources: {
            Bucket: replicated({ EncryptionConfiguration: { ReplicaKmsKeyID: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/s3' } }),
          },
        },
      ],
      skip: [
        { name: 'no rule is enabled', resources: { Bucket: replicated({}, 'Disabled') } },
        { resources: { Bucket: bucketWith(kms('k')) } },
      ],
    }),
    azure: rule({
      on: REPLICATION_TYPE,
      check: (policy, graph) => {
        const source = graph.target(policy.at('sourceAccount'), STORAGE_ACCOUNT);
        const copy = graph.target(policy.at('destinationAccount'), STORAGE_ACCOUNT);
        if (!source || source === copy) return notApplicable('the source account is not among what was read');
        return when(source.at('encryption.keySource').is('Microsoft.Keyvault'), () =>
          copy
            ? copy.at('encryption.keySource').orDefault('Microsoft.Storage').is('Microsoft.Keyvault')
            : { verdict: 'unknown', saw: 'the destination account is not among what was read', at: 'destinationAccount' },
        );
      },
      fix: "Encrypt the destination account with a key of your own too: encryption.keySource 'Microsoft.Keyvault'.",
      pass: [{ resources: copied('Microsoft.Keyvault') }],
      fail: [{ resources: copied('Microsoft.Storage') }],
      unknown: [
        {
          resources: {
            copy: { type: REPLICATION_TYPE, properties: { sourceAccount: { $ref: 'data' }, destinationAccount: '/subscriptions/s/x' } },
            data: account({ encryption: KEY_VAULT }),
          },
        },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function replicated(destination: object, status = 'Enabled') {
  return {
    Type: BUCKET,
    Properties: {
      BucketEncryption: { ServerSideEncryptionConfiguration: [kms('arn:aws:kms:eu-central-1:111122223333:key/1')] },
      ReplicationConfiguration: { Rules: [{ Status: status, Destination: { Bucket: 'arn:aws:s3:::copy', ...destination } }] },
    },
  };
}

function copied(keySource: string) {
  return {
    copy: { type: REPLICATION_TYPE, properties: { sourceAccount: { $ref: 'data' }, destinationAccount: { $ref: 'mirror' } } },
    data: account({ encryption: KEY_VAULT }),
    mirror: account({ encryption: { keySource } }),
  };
}
