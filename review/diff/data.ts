/** What happens to the stores, keys, vaults and records themselves: deleted, replaced, left behind. */
import * as differ from '@aws-cdk/cloudformation-diff';
import type { Resource } from '../../policies/resource';
import { canonical, type PlainMap, plainOf } from './plain';
import { placeOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

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
/** Keys and vaults of backups are as good as the data: without them it cannot be read, or brought back. */
const RECORDS = /^(AWS::Logs::|AWS::CloudTrail::|azure-native:operationalinsights:)/;

/** Stores, keys, vaults and logs that are deleted, replaced or left behind. */
export const data: Aspected = (before, after, pairing) => [
  ...gone(before, pairing),
  ...replaced(before, after, pairing),
  ...unprotected(before, pairing),
];

// ── Gone ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function gone(before: Side, pairing: Pairing): readonly Told[] {
  const changes: Told[] = [];
  for (const resource of resourcesOf(before)) {
    if (!HOLDS.test(resource.type) || resource.options.external === true || pairing.other(resource) !== undefined) continue;
    const fate = fateOf(resource, 'DeletionPolicy');
    changes.push(line(resource, pairing, fate, `${pairing.name(resource)} is no longer there: ${FATES[fate]}`, 'gone'));
  }
  return changes;
}

/** What becomes of it when it leaves the deployment. */
type Fate = 'deleted' | 'snapshot' | 'kept' | 'refused';
const FATES: Readonly<Record<Fate, string>> = {
  deleted: 'it is deleted with what it holds',
  snapshot: 'it is deleted, and a last snapshot of it is kept',
  kept: 'it stays, and nothing manages it any more',
  refused: 'it is protected, so that the deployment fails until somebody lifts the protection',
};

/** What CloudFormation does to databases where nobody says anything: those of a cluster are copied with it. */
const snapshotByDefault = (resource: Resource): boolean =>
  resource.type === 'AWS::RDS::DBCluster' ||
  (resource.type === 'AWS::RDS::DBInstance' && resource.at('DBClusterIdentifier').state === 'absent');

function fateOf(resource: Resource, policy: 'DeletionPolicy' | 'UpdateReplacePolicy'): Fate {
  const { cloud, options } = resource;
  if (cloud === 'azure') return options.protect === true ? 'refused' : options.retainOnDelete === true ? 'kept' : 'deleted';
  const said = options[policy];
  if (said === 'Retain' || said === 'RetainExceptOnCreate') return 'kept';
  if (said === undefined && policy === 'DeletionPolicy' && snapshotByDefault(resource)) return 'snapshot';
  return said === 'Snapshot' ? 'snapshot' : 'deleted';
}

// ── Replaced ───────────────────────────────────────────────────────────────────────────────────────────────────────

function replaced(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const changes: Told[] = [];
  const [old, now] = [namesOf(before, pairing), namesOf(after, pairing)];
  for (const resource of resourcesOf(before)) {
    const other = pairing.other(resource);
    if (other === undefined || !HOLDS.test(resource.type) || resource.options.external === true) continue;
    const why = other.cloud === 'aws' ? replacedOnAws(resource, other, old, now) : replacedOnAzure(resource, other, old, now);
    if (why === undefined) continue;
    const fate = fateOf(resource, why.moved ? 'DeletionPolicy' : 'UpdateReplacePolicy');
    changes.push(
      line(
        other,
        pairing,
        fate,
        `${pairing.name(resource)} is replaced by a new, empty one (${why.words}): of the old one, ${FATES[fate]}`,
        'replaced',
      ),
    );
  }
  return changes;
}

type Names = (id: string) => string;
function namesOf(side: Side, pairing: Pairing): Names {
  const byId = new Map<string, Resource>();
  for (const resource of resourcesOf(side)) byId.set(resource.id, resource);
  return (id) => {
    const resource = byId.get(id);
    return resource ? pairing.identity(resource) : id;
  };
}

interface Why {
  readonly words: string;
  /** It is another resource to the deployment, not a change of the same. */
  readonly moved: boolean;
}

function replacedOnAws(before: Resource, after: Resource, old: Names, now: Names): Why | undefined {
  const [Before, After] = [plainOf(before, old) as PlainMap, plainOf(after, now) as PlainMap];
  if (before.logicalId !== after.logicalId)
    // Kept and named: whoever moves a store so imports it again.
    return isAdopted(before, Before, After) ? undefined : { words: `its logical id is ${after.logicalId} now`, moved: true };
  if (canonical(Before) === canonical(After)) return undefined;
  const template = (Properties: PlainMap) => ({ Resources: { It: { Type: after.type, Properties } } });
  const { resources } = differ.fullDiff(template(Before), template(After));
  const change = resources.changes.It;
  if (!change) return undefined;
  const causes = Object.entries(change.propertyUpdates)
    .filter(([, { changeImpact }]) => changeImpact === differ.ResourceImpact.WILL_REPLACE)
    .map(([name]) => name)
    .sort();
  return causes.length === 0 ? undefined : { words: `${causes.join(', ')} ${causes.length > 1 ? 'change' : 'changes'}`, moved: false };
}

/** Properties by which services call a resource. */
const NAME = /^(\w*Name|\w*Identifier)$/;
function isAdopted(before: Resource, old: PlainMap, now: PlainMap): boolean {
  if (fateOf(before, 'DeletionPolicy') !== 'kept') return false;
  return Object.entries(old).some(([key, value]) => NAME.test(key) && typeof value === 'string' && value === now[key]);
}

/** Azure replaces what changes its name, place or kind. Pulumi replaces what it no longer knows by its URN. */
const PLACE = [
  'location',
  'resourceGroupName',
  'kind',
  'accountName',
  'serverName',
  'vaultName',
  'databaseName',
  'workspaceName',
  'namespaceName',
  'registryName',
];

function replacedOnAzure(before: Resource, after: Resource, old: Names, now: Names): Why | undefined {
  const [Before, After] = [plainOf(before, old) as PlainMap, plainOf(after, now) as PlainMap];
  const changed = PLACE.filter(
    (key) => Before[key] !== undefined && After[key] !== undefined && canonical(Before[key]) !== canonical(After[key]),
  );
  const renamed = before.id.startsWith('urn:') && before.logicalId !== after.logicalId && !hasAlias(after, before);
  if (renamed) return { words: `its name in the program is ${after.logicalId} now, without an alias`, moved: true };
  return changed.length === 0 ? undefined : { words: `${changed.join(', ')} ${changed.length > 1 ? 'change' : 'changes'}`, moved: false };
}

const hasAlias = ({ options }: Resource, before: Resource): boolean =>
  Array.isArray(options.aliases) && options.aliases.some((alias) => JSON.stringify(alias).includes(before.logicalId));

// ── Less protected ─────────────────────────────────────────────────────────────────────────────────────────────────

const SAFETY: readonly Fate[] = ['deleted', 'snapshot', 'kept', 'refused'];
const ENDS = { DeletionPolicy: 'it leaves the deployment', UpdateReplacePolicy: 'it is replaced' } as const;

/** What would become of it one day: no longer kept where it was kept. */
function unprotected(before: Side, pairing: Pairing): readonly Told[] {
  const lines: Told[] = [];
  for (const resource of resourcesOf(before)) {
    const other = HOLDS.test(resource.type) ? pairing.other(resource) : undefined;
    if (!other || other.options.external === true) continue;
    for (const policy of ['DeletionPolicy', 'UpdateReplacePolicy'] as const) {
      if (resource.cloud === 'azure' && policy === 'UpdateReplacePolicy') continue;
      const [was, is] = [fateOf(resource, policy), fateOf(other, policy)];
      if (was === is) continue;
      const weaker = SAFETY.indexOf(is) < SAFETY.indexOf(was);
      const records = RECORDS.test(resource.type);
      lines.push({
        aspect: records ? 'logging' : 'data',
        direction: weaker ? 'weaker' : 'stronger',
        severity: is === 'deleted' ? 'high' : 'medium',
        sentence: `${pairing.name(other)}: when ${ENDS[policy]}, ${FATES[is]} (before: ${FATES[was]})`,
        subject: pairing.identity(other),
        topic: policy,
        ...(weaker ? { approver: records ? ('security' as const) : ('data owner' as const) } : {}),
        evidence: [{ resource: shownAs(other), side: 'after', ...placeOf(other), saw: policy }],
        causes: [{ resource: pairing.identity(other), path: policy }],
      });
    }
  }
  return lines;
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

function line(resource: Resource, pairing: Pairing, fate: Fate, sentence: string, topic: string): Told {
  const records = RECORDS.test(resource.type);
  return {
    aspect: records ? 'logging' : 'data',
    direction: fate === 'refused' ? 'neutral' : 'weaker',
    severity: fate === 'deleted' ? 'critical' : fate === 'snapshot' ? 'high' : 'medium',
    sentence,
    subject: pairing.identity(resource),
    topic,
    ...(fate === 'refused' ? {} : { approver: records ? ('security' as const) : ('data owner' as const) }),
    evidence: [
      {
        resource: shownAs(resource),
        side: topic === 'gone' ? 'before' : 'after',
        ...placeOf(resource),
        saw: FATES[fate],
      },
    ],
  };
}
