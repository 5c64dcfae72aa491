import type { ControlId } from '../../../controls';
import { isMember, isReplica, valuesAt, written } from '../../facts/database';
import { allOf, every, fail, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

/** Where each type keeps its deletion protection, and what the service does when nobody writes it. */
const PROTECTED: Readonly<Record<string, { readonly path: string; readonly absent: boolean }>> = {
  'AWS::RDS::DBInstance': { path: 'DeletionProtection', absent: false },
  'AWS::RDS::DBCluster': { path: 'DeletionProtection', absent: false },
  'AWS::RDS::GlobalCluster': { path: 'DeletionProtection', absent: false },
  'AWS::DocDB::DBCluster': { path: 'DeletionProtection', absent: false },
  'AWS::DocDB::GlobalCluster': { path: 'DeletionProtection', absent: false },
  'AWS::Neptune::DBCluster': { path: 'DeletionProtection', absent: false },
  'AWS::Neptune::GlobalCluster': { path: 'DeletionProtection', absent: false },
  'AWS::DynamoDB::Table': { path: 'DeletionProtectionEnabled', absent: false },
  'AWS::DynamoDB::GlobalTable': { path: 'Replicas[].DeletionProtectionEnabled', absent: false },
  // These are protected until somebody writes false.
  'AWS::NeptuneGraph::Graph': { path: 'DeletionProtection', absent: true },
  'AWS::DSQL::Cluster': { path: 'DeletionProtectionEnabled', absent: true },
  'AWS::QLDB::Ledger': { path: 'DeletionProtection', absent: true },
};
const PROTECTED_TYPES = Object.keys(PROTECTED);

function isProtected(store: Resource): Outcome {
  if (isMember(store)) return notApplicable('is guarded by its cluster');
  if (isReplica(store)) return notApplicable('a replica holds nothing that its source does not');
  const { path, absent } = PROTECTED[store.type] as { path: string; absent: boolean };
  const switches = valuesAt(store, path);
  return switches.length === 0 ? fail(`${path} is not set`, path) : every(switches, (each) => each.orDefault(absent).isTrue());
}

/** Stores that go with their stack unless the template says otherwise. CloudFormation takes a snapshot of RDS databases by itself. */
const KEPT: readonly string[] = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::DocDB::DBCluster',
  'AWS::Neptune::DBCluster',
  'AWS::Redshift::Cluster',
  'AWS::EFS::FileSystem',
  'AWS::FSx::FileSystem',
  'AWS::OpenSearchService::Domain',
  'AWS::Elasticsearch::Domain',
  'AWS::MemoryDB::Cluster',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Cassandra::Table',
  'AWS::RedshiftServerless::Namespace',
  'AWS::DocDBElastic::Cluster',
  'AWS::OpenSearchServerless::Collection',
];
const POLICIES = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];
const SNAPSHOT_BY_DEFAULT = /^AWS::(RDS::DB(Instance|Cluster)|DocDB::DBCluster|Neptune::DBCluster)$/;
/** A last snapshot that the service takes, where a type can name one. */
const FINAL: Readonly<Record<string, string>> = {
  'AWS::MemoryDB::Cluster': 'FinalSnapshotName',
  'AWS::RedshiftServerless::Namespace': 'FinalSnapshotName',
};

function outlivesStack(store: Resource): Outcome {
  if (isMember(store)) return notApplicable('is guarded by its cluster');
  if (isReplica(store)) return notApplicable('a replica holds nothing that its source does not');
  if (PROTECTED[store.type] && isProtected(store).verdict === 'pass') return notApplicable('deletion protection stands before it');
  const final = FINAL[store.type];
  if (final !== undefined && store.at(final).isSet().verdict === 'pass') return store.at(final).isSet();
  return allOf(
    ...['DeletionPolicy', 'UpdateReplacePolicy'].map((policy) => {
      const value = store.option(policy);
      return (policy === 'DeletionPolicy' && SNAPSHOT_BY_DEFAULT.test(store.type) ? value.orDefault('Snapshot') : value).isOneOf(POLICIES);
    }),
  );
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties, ...rest } });
const KEEP = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

export const DELETION = {
  'DHC-10': {
    aws: [
      rule({
        on: PROTECTED_TYPES,
        check: isProtected,
        fix: 'Use SecureTable or SecureDatabaseCluster, or set DeletionProtection: true (DeletionProtectionEnabled on tables, in each replica of a global table, and on DSQL clusters).',
        pass: [
          ...PROTECTED_TYPES.map((type) => ({ resources: store(type, written((PROTECTED[type] as { path: string }).path, true)) })),
          { name: 'protected by default', resources: store('AWS::DSQL::Cluster', {}) },
        ],
        fail: PROTECTED_TYPES.flatMap((type) => [
          { resources: store(type, written((PROTECTED[type] as { path: string }).path, false)) },
          ...(PROTECTED[type]?.absent ? [] : [{ resources: store(type, {}) }]),
        ]),
        unknown: [
          {
            parameters: { On: { Type: 'String' } },
            resources: store('AWS::DynamoDB::Table', { DeletionProtectionEnabled: { Ref: 'On' } }),
          },
        ],
        skip: [
          { resources: store('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cases' }) },
          { name: 'a replica', resources: store('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'cases' }) },
          { resources: store('AWS::RDS::DBCluster', { ReplicationSourceIdentifier: 'arn:aws:rds:eu-west-1:111122223333:cluster:cases' }) },
        ],
      }),
      rule({
        on: KEPT,
        severity: 'low',
        check: outlivesStack,
        fix: 'Keep the store when the stack goes: DeletionPolicy and UpdateReplacePolicy Retain or Snapshot (removalPolicy RETAIN or SNAPSHOT in CDK).',
        pass: [
          ...KEPT.map((type) => ({ resources: store(type, {}, KEEP) })),
          { name: 'a snapshot by default', resources: store('AWS::RDS::DBCluster', {}, { UpdateReplacePolicy: 'Snapshot' }) },
          { resources: store('AWS::MemoryDB::Cluster', { FinalSnapshotName: 'last' }) },
        ],
        fail: [
          ...KEPT.map((type) => ({ resources: store(type, {}, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' }) })),
          { resources: store('AWS::DynamoDB::Table', {}) },
          { resources: store('AWS::EFS::FileSystem', {}, { DeletionPolicy: 'Retain' }) },
        ],
        skip: [
          { resources: store('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cases' }) },
          { name: 'protected from deletion', resources: store('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true }) },
          { resources: store('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'cases' }) },
        ],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
