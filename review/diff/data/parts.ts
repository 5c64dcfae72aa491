/** What is said of stores that go: what counts as one, and what becomes of it. */
import type { Resource } from '../../../policies/resource';
import { type Pairing, resourcesOf, type Side } from '../side';

/** What holds customers' data, the keys to it, or records of what happened to it. */
export const HOLDS = new RegExp(
  `^(${[
    'AWS::S3::Bucket|AWS::S3Express::DirectoryBucket|AWS::S3Tables::\\w+|AWS::DynamoDB::(Global)?Table|AWS::RDS::DB(Instance|Cluster)|AWS::RDS::GlobalCluster',
    'AWS::DocDB(Elastic)?::(DBCluster|DBInstance|Cluster)|AWS::Neptune::DB(Cluster|Instance)|AWS::Redshift::Cluster|AWS::RedshiftServerless::Namespace|AWS::DSQL::Cluster',
    'AWS::EFS::FileSystem|AWS::FSx::(FileSystem|Volume)|AWS::EC2::Volume|AWS::OpenSearchService::Domain|AWS::Elasticsearch::Domain|AWS::OpenSearchServerless::Collection',
    'AWS::ElastiCache::(ReplicationGroup|CacheCluster|ServerlessCache)|AWS::MemoryDB::Cluster|AWS::Timestream::(Database|Table)|AWS::Cassandra::(Keyspace|Table)|AWS::QLDB::Ledger',
    'AWS::KMS::(Replica)?Key|AWS::SecretsManager::Secret|AWS::SSM::Parameter|AWS::Logs::LogGroup|AWS::Backup::\\w*BackupVault|AWS::CloudTrail::EventDataStore',
    'AWS::SQS::Queue|AWS::Kinesis::Stream|AWS::MSK::(Serverless)?Cluster|AWS::AmazonMQ::Broker|AWS::Cognito::UserPool|AWS::ECR::Repository|AWS::Glue::Database',
    'azure-native:storage:(StorageAccount|BlobContainer|FileShare|Table|Queue)|azure-native:keyvault:(Vault|ManagedHsm|Key|Secret)',
    'azure-native:(sql:(Server|Database|ManagedInstance|ManagedDatabase)|dbforpostgresql:\\w*(Server|Database)|dbformysql:\\w*(Server|Database)|dbformariadb:\\w+)',
    'azure-native:(cosmosdb:(DatabaseAccount|\\w+(Database|Container|Table|Graph|Collection)\\w*)|redis:Redis|redisenterprise:\\w+|search:Service|kusto:\\w+|synapse:Workspace)',
    'azure-native:(netapp:\\w*Volume|compute:(Disk|Snapshot)|operationalinsights:(Workspace|Cluster)|recoveryservices:Vault|dataprotection:BackupVault)',
    'azure-native:(servicebus:(Namespace|Queue|Topic)|eventhub:(Namespace|EventHub)|containerregistry:Registry|appconfiguration:ConfigurationStore)',
  ].join('|')})$`,
);

/** What becomes of it when it leaves the deployment. */
export type Fate = 'deleted' | 'snapshot' | 'unmanaged' | 'kept' | 'refused' | 'impossible';
export const FATES: Readonly<Record<Fate, string>> = {
  deleted: 'it is deleted with what it holds',
  snapshot: 'it is deleted, and a last snapshot of it is kept',
  unmanaged: 'it stays, and nothing manages it any more; only a deployment in complete mode deletes it',
  kept: 'it stays, and nothing manages it any more',
  refused: 'it is protected, so that the deployment fails until somebody lifts the protection',
  impossible: 'Azure does not change that of what exists, so that the deployment fails',
};

/** How the resources of a side are called in what is compared: by the identity that both sides share. */
export type Names = (id: string) => string;
export function namesOf(side: Side, pairing: Pairing): Names {
  const byId = new Map<string, Resource>();
  for (const resource of resourcesOf(side)) byId.set(resource.id, resource);
  return (id) => {
    const resource = byId.get(id);
    return resource ? pairing.identity(resource) : id;
  };
}

/** Why something is replaced. */
export interface Why {
  readonly words: string;
  /** It is another resource to the deployment, not a change of the same. */
  readonly moved: boolean;
  /** Nothing changes but what stays as it is once something is there. */
  readonly fixed?: boolean;
  /** Whether it changes cannot be told: one side says less than the other. */
  readonly unsure?: boolean;
}
