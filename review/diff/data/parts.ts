/** What is said of stores that go: what counts as one, and what becomes of it. */
import type { ControlId, Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import type { Boundary, Direction } from '../../schema-review';
import { placeOf, shownAs } from '../reading';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';

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

/** What a program declares, in contrast to a template. */
export const ofProgram = ({ id }: Resource): boolean => id.startsWith('urn:');
/** From data of Azure itself: what is not in it is not there. */
export const isExported = ({ names }: Resource): boolean =>
  names.some((name) => typeof name === 'string' && name.startsWith('/subscriptions/'));
/** What leaves a template of Azure stays where it is; only nobody looks after it any more. */
export const staysUnmanaged = (resource: Resource): boolean => resource.cloud === 'azure' && !ofProgram(resource) && !isExported(resource);

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

/** A line about what keeps data: what it is about, and what to show of it. */
export interface Keeping {
  readonly direction: Direction;
  readonly severity: Severity;
  readonly words: string;
  /** What is said, without the values in it. */
  readonly topic: string;
  readonly at: Resource;
  readonly side: Side['which'];
  readonly path?: string | undefined;
  readonly saw?: string | undefined;
  readonly boundary?: Boundary;
  readonly covers?: readonly ControlId[];
}

/** For whoever owns the data. */
export const keepingLine = (keeping: Keeping, pairing: Pairing): Told => {
  const { at, boundary, covers, direction, path, saw, severity, side, topic, words } = keeping;
  const asks = direction === 'weaker' || direction === 'undecided';
  return {
    aspect: 'data',
    direction,
    severity: asks ? severity : 'low',
    sentence: words,
    subject: pairing.identity(at),
    topic,
    ...(boundary && asks ? { boundary } : {}),
    ...(asks ? { approver: 'data owner' as const } : {}),
    evidence: [{ resource: shownAs(at), side, ...placeOf(at, path), saw: saw ?? path ?? words }],
    causes: [{ resource: pairing.identity(at), ...(path === undefined ? {} : { path }) }],
    ...(covers ? { covers } : {}),
  };
};

/** Why something is replaced. */
export interface Why {
  readonly words: string;
  /** It is another resource to the deployment, not a change of the same. */
  readonly moved: boolean;
  /** Nothing changes but what stays as it is once something is there. */
  readonly fixed?: boolean;
  /** The service refuses it of what exists, whoever asks. */
  readonly refused?: boolean;
  /** Whether it changes cannot be told: one side says less than the other. */
  readonly unsure?: boolean;
}
