/** What several rules need to know of databases, caches and file systems: who belongs to whom, and what is inherited. */
import type { Graph } from '../graph';
import type { Node } from '../node';
import { type Outcome, unknown } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';
import { type Statement, statementsOf as statementsIn } from './iam';

/** Cluster types by the type of their members. */
const CLUSTERS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'AWS::RDS::DBCluster',
  'AWS::DocDB::DBInstance': 'AWS::DocDB::DBCluster',
  'AWS::Neptune::DBInstance': 'AWS::Neptune::DBCluster',
};

/** Member types by the type of their cluster. */
const MEMBERS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CLUSTERS).map(([member, cluster]) => [cluster, member]),
);

/**
 * An instance of a cluster (Aurora, DocumentDB, Neptune): storage, backups and parameters are those of the cluster. Aurora knows
 * no other instances.
 */
export const isMember = (instance: Resource): boolean =>
  CLUSTERS[instance.type] !== undefined &&
  (instance.at('DBClusterIdentifier').state !== 'absent' ||
    (instance.type === 'AWS::RDS::DBInstance' && instance.at('Engine').matches(/^aurora/i).verdict === 'pass'));

/** The cluster of an instance, where the input holds it. */
export const clusterOf = (instance: Resource, graph: Graph): Resource | undefined =>
  graph.target(instance.at('DBClusterIdentifier'), CLUSTERS[instance.type] ?? '');

/** The instances of a cluster that the input holds. */
export function membersOf(cluster: Resource, graph: Graph): readonly Resource[] {
  const type = MEMBERS[cluster.type];
  return type === undefined ? [] : graph.pointingAt(cluster, type, 'DBClusterIdentifier');
}

const RDS_SOURCES = [
  'DBSnapshotIdentifier',
  'DBClusterSnapshotIdentifier',
  'SourceDBInstanceIdentifier',
  'SourceDBInstanceAutomatedBackupsArn',
  'SourceDbiResourceId',
  'SourceDBClusterIdentifier',
];

/** Properties that name what a store is restored or replicated from; it takes over the encryption of that. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'AWS::RDS::DBInstance': RDS_SOURCES,
  'AWS::RDS::DBCluster': ['SnapshotIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier'],
  'AWS::DocDB::DBCluster': ['SnapshotIdentifier', 'SourceDBClusterIdentifier'],
  'AWS::Neptune::DBCluster': ['SnapshotIdentifier', 'SourceDBClusterIdentifier'],
  'AWS::Redshift::Cluster': ['SnapshotIdentifier'],
  'AWS::ElastiCache::ReplicationGroup': ['GlobalReplicationGroupId'],
  'AWS::FSx::FileSystem': ['BackupId'],
};

/** What a store is restored or replicated from, as written; undefined for a store that starts empty. */
export function sourceOf(store: Resource): Value | undefined {
  for (const property of SOURCES[store.type] ?? []) {
    const value = store.at(property);
    if (value.state !== 'absent' && value.string !== '') return value;
  }
  return undefined;
}

/** Properties that make a database follow another one. */
const FOLLOWS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBInstance': 'SourceDBInstanceIdentifier',
  'AWS::RDS::DBCluster': 'ReplicationSourceIdentifier',
};

/** A copy that follows another database: it holds nothing that its source does not. */
export function isReplica(store: Resource): boolean {
  const property = FOLLOWS[store.type];
  return property !== undefined && store.at(property).state !== 'absent';
}

/**
 * Asks a store, or, where the store says nothing itself and is restored or replicated, what it comes from. A snapshot tells
 * only on deployment.
 */
export function askOrInherit(store: Resource, path: string, graph: Graph, ask: (store: Resource) => Outcome): Outcome {
  const from = store.at(path).state === 'absent' ? sourceOf(store) : undefined;
  if (!from) return ask(store);
  const source = graph.target(from, store.type);
  if (source && source !== store) return ask(source);
  return unknown(`what it takes over from its source: ${from.describe()}`, from.path);
}

/** The values at a path in which `[]` stands for every entry of a list: `Replicas[].DeletionProtectionEnabled`. */
export function valuesAt(store: Resource, path: string): readonly Value[] {
  const [first = '', ...rest] = path.split('[].');
  return rest.reduce<readonly Value[]>(
    (values, part) => values.flatMap((value) => value.items().map((item) => item.at(part))),
    [store.at(first)],
  );
}

/** Properties in which one value is written at such a path; for examples. */
export function written(path: string, value: Node): { readonly [key: string]: Node } {
  const [head = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : written(rest.join('.'), value);
  return head.endsWith('[]') ? { [head.slice(0, -2)]: [inner] } : { [head]: inner };
}

// ── Engines and parameters ───────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names its parameter group. */
const GROUPS: Readonly<Record<string, readonly [path: string, type: string]>> = {
  'AWS::RDS::DBInstance': ['DBParameterGroupName', 'AWS::RDS::DBParameterGroup'],
  'AWS::RDS::DBCluster': ['DBClusterParameterGroupName', 'AWS::RDS::DBClusterParameterGroup'],
  'AWS::DocDB::DBCluster': ['DBClusterParameterGroupName', 'AWS::DocDB::DBClusterParameterGroup'],
  'AWS::Neptune::DBCluster': ['DBClusterParameterGroupName', 'AWS::Neptune::DBClusterParameterGroup'],
  'AWS::Redshift::Cluster': ['ClusterParameterGroupName', 'AWS::Redshift::ClusterParameterGroup'],
};

/** The parameter group that a store names, where the input holds it. */
export function parameterGroupOf(store: Resource, graph: Graph): Resource | undefined {
  const [path, type] = GROUPS[store.type] as readonly [string, string];
  return graph.target(store.at(path), type);
}

/** Stores that use a parameter group. */
export function usersOf(group: Resource, graph: Graph): readonly Resource[] {
  return Object.entries(GROUPS).flatMap(([type, [path, groupType]]) =>
    groupType === group.type ? graph.pointingAt(group, type, path) : [],
  );
}

/** One parameter as a group writes it; undefined where the group leaves the default. */
export function parameterIn(group: Resource, name: string): Value | undefined {
  const parameters = group.at('Parameters');
  if (parameters.state === 'unknown') return parameters;
  if (!parameters.isList) return parameters.entries().find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
  for (const entry of parameters.items()) {
    if (entry.state === 'unknown') return entry;
    if (entry.at('ParameterName').string?.toLowerCase() === name.toLowerCase()) return entry.at('ParameterValue');
  }
  return undefined;
}

/**
 * Asks for one parameter of a store: of the group that it names, or else for what holds by default. A group that the input
 * does not hold may say anything, unless it is one of the provider's (`default.postgres16`).
 */
export function askParameter(
  store: Resource,
  name: string,
  graph: Graph,
  ask: { readonly written: (value: Value) => Outcome; readonly byDefault: (family: () => string | undefined) => Outcome },
): Outcome {
  const [path] = GROUPS[store.type] as readonly [string, string];
  const named = store.at(path);
  const group = parameterGroupOf(store, graph);
  if (group) {
    const value = parameterIn(group, name);
    return value ? ask.written(value) : ask.byDefault(() => familyOf(group).string);
  }
  if (named.state === 'absent') return ask.byDefault(() => undefined);
  const [, family] = /^default[.:](.+)$/.exec(named.string ?? '') ?? [];
  return family === undefined
    ? unknown(`${name} in a parameter group that is not among what was read: ${named.describe()}`, path)
    : ask.byDefault(() => family);
}

/** The engine family that a parameter group is for: `aurora-postgresql16`. */
export const familyOf = (group: Resource): Value =>
  group.at(group.type === 'AWS::Redshift::ClusterParameterGroup' ? 'ParameterGroupFamily' : 'Family');

/** Splits `aurora-postgresql16` into engine and version. */
export function readFamily(family: string): { readonly engine: string; readonly version: string | undefined } {
  const [, engine = family, version] = /^(.*?)-?(\d[\d.]*)?$/.exec(family) ?? [];
  return { engine, version };
}

/** Compares dotted versions number by number, as far as both have numbers: `15.4` is at least `15`. Undefined where unreadable. */
export function isAtLeastVersion(version: string | undefined, least: string): boolean | undefined {
  const have = /^\d+(\.\d+)*/
    .exec(version ?? '')?.[0]
    ?.split('.')
    .map(Number);
  if (!have) return undefined;
  for (const [index, wanted] of least.split('.').map(Number).entries()) {
    const part = have[index];
    if (part === undefined) return undefined;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

// ── Policies on stores ───────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type keeps policies of its own, as objects or as JSON text. */
const RESOURCE_POLICIES: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['ResourcePolicy.PolicyDocument', 'StreamSpecification.ResourcePolicy.PolicyDocument'],
  'AWS::DynamoDB::GlobalTable': [
    'Replicas[].ResourcePolicy.PolicyDocument',
    'Replicas[].ReplicaStreamSpecification.ResourcePolicy.PolicyDocument',
  ],
  'AWS::EFS::FileSystem': ['FileSystemPolicy'],
  'AWS::OpenSearchService::Domain': ['AccessPolicies'],
  'AWS::Elasticsearch::Domain': ['AccessPolicies'],
  'AWS::DSQL::Cluster': ['PolicyDocument'],
  'AWS::Redshift::Cluster': ['NamespaceResourcePolicy'],
  'AWS::RedshiftServerless::Namespace': ['NamespaceResourcePolicy'],
};
export const STORES_WITH_POLICIES = Object.keys(RESOURCE_POLICIES);

/** The policy documents of a store that somebody wrote. */
export const policiesOf = (store: Resource): readonly Value[] =>
  (RESOURCE_POLICIES[store.type] ?? []).flatMap((path) => valuesAt(store, path)).filter(({ state }) => state !== 'absent');

/** The statements of all of them. */
export const statementsOf = (store: Resource): readonly Statement[] => policiesOf(store).flatMap((policy) => statementsIn(policy));
