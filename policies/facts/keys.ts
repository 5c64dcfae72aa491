import { append } from '../collect';
import type { Graph } from '../graph';
import type { Node } from '../node';
import { allOf, not, type Outcome } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

/** A key of the provider's, under whatever name it is written: `alias/aws/s3`. */
const PROVIDER_KEY = /(^|[/:])alias\/aws\//;

/** An ARN of which deployment fills in region or account, and whose end is written: no alias of the provider's can come of it. */
function isNamedInPart(shape: string | undefined): boolean {
  const [, key, alias] = /^arn:.*\$\{.*:(?:(key\/)|alias\/([^$]+))/.exec(shape ?? '') ?? [];
  return key !== undefined || (alias !== undefined && !alias.startsWith('aws/') && !'aws/'.startsWith(alias));
}

/** Names a key, and not one of the provider's. A key of the same input is one's own. */
export function isOwnKey(key: Value): Outcome {
  if (key.state === 'reference' || isNamedInPart(key.shape)) return key.isSet();
  return allOf(key.isSet(), not(key.matches(PROVIDER_KEY), `${key.describe()}, a key of the provider`));
}

/** Where each kind of store names its key; `[]` stands for every entry of a list. */
const KEY_PATHS: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID',
  'AWS::S3Express::DirectoryBucket': 'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID',
  'AWS::S3Tables::TableBucket': 'EncryptionConfiguration.KMSKeyArn',
  'AWS::S3Vectors::VectorBucket': 'EncryptionConfiguration.KmsKeyArn',
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::RDS::DBInstance': 'KmsKeyId',
  'AWS::RDS::DBCluster': 'KmsKeyId',
  'AWS::DocDB::DBCluster': 'KmsKeyId',
  'AWS::Neptune::DBCluster': 'KmsKeyId',
  'AWS::Redshift::Cluster': 'KmsKeyId',
  'AWS::RedshiftServerless::Namespace': 'KmsKeyId',
  'AWS::EFS::FileSystem': 'KmsKeyId',
  'AWS::FSx::FileSystem': 'KmsKeyId',
  'AWS::DynamoDB::GlobalTable': 'Replicas[].SSESpecification.KMSMasterKeyId',
  'AWS::DocDBElastic::Cluster': 'KmsKeyId',
  'AWS::NeptuneGraph::Graph': 'KmsKeyIdentifier',
  'AWS::ElastiCache::ServerlessCache': 'KmsKeyId',
  'AWS::Elasticsearch::Domain': 'EncryptionAtRestOptions.KmsKeyId',
  'AWS::Timestream::Database': 'KmsKeyId',
  'AWS::DSQL::Cluster': 'KmsEncryptionKey',
  'AWS::Cassandra::Table': 'EncryptionSpecification.KmsKeyIdentifier',
  'AWS::EC2::Volume': 'KmsKeyId',
  'AWS::OpenSearchService::Domain': 'EncryptionAtRestOptions.KmsKeyId',
  'AWS::ElastiCache::ReplicationGroup': 'KmsKeyId',
  'AWS::MemoryDB::Cluster': 'KmsKeyId',
  'AWS::Kinesis::Stream': 'StreamEncryption.KeyId',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
  'AWS::Backup::BackupVault': 'EncryptionKeyArn',
  'azure-native:storage:StorageAccount': 'encryption.keyVaultProperties.keyName',
  'azure-native:compute:DiskEncryptionSet': 'activeKey.keyUrl',
  'azure-native:cosmosdb:DatabaseAccount': 'keyVaultKeyUri',
  'azure-native:servicebus:Namespace': 'encryption.keyVaultProperties[].keyName',
  'azure-native:eventhub:Namespace': 'encryption.keyVaultProperties[].keyName',
  'azure-native:containerregistry:Registry': 'encryption.keyVaultProperties.keyIdentifier',
  'azure-native:dbforpostgresql:Server': 'dataEncryption.primaryKeyURI',
  'azure-native:dbformysql:Server': 'dataEncryption.primaryKeyURI',
};

/** The values by which a store names its keys. */
function keysOf(store: Resource): readonly Value[] {
  const [first = '', ...rest] = (KEY_PATHS[store.type] ?? '').split('[].');
  return rest.reduce<readonly Value[]>(
    (values, path) => values.flatMap((value) => value.items().map((item) => item.at(path))),
    [store.at(first)],
  );
}

/** Stores that name the key, or an alias of it, in the world being judged. */
export function storesUsing(key: Resource, graph: Graph): readonly Resource[] {
  const index = graph.once('stores by key', () => {
    const byMention = new Map<string, Resource[]>();
    for (const type of Object.keys(KEY_PATHS)) {
      for (const store of graph.ofType(type)) {
        for (const id of mentionedBy(store)) append(byMention, id, store);
      }
    }
    return byMention;
  });
  const names = [key, ...graph.pointingAt(key, 'AWS::KMS::Alias', 'TargetKeyId')];
  const candidates = new Set(names.flatMap(({ id }) => index.get(id) ?? []));
  return [...candidates].filter(
    (store) => graph.exists(store) && keysOf(store).some((value) => names.some((name) => value.refersTo(name).verdict === 'pass')),
  );
}

/** Ids that the part of the store which names its key mentions, whatever conditions decide. */
function mentionedBy(store: Resource): readonly string[] {
  const [top = ''] = (KEY_PATHS[store.type] ?? '').split(/[.[]/);
  const written = (store.properties as { readonly [name: string]: Node | undefined } | null)?.[top];
  return written === undefined ? [] : store.scope.mentions(written);
}
