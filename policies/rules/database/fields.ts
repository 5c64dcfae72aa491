import type { ControlId } from '../../../controls';
import { append } from '../../collect';
import { isClassified } from '../../facts/classification';
import { isMember, isReplica, written } from '../../facts/database';
import { type Statement, statementsOf } from '../../facts/iam';
import type { Condition } from '../../facts/iam-conditions';
import type { Graph } from '../../graph';
import type { Node } from '../../node';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, gap, type PerCloud, rule } from '../../rule';

/** Everything that holds customer data and carries tags. */
const STORES = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::DocDB::DBCluster',
  'AWS::DocDBElastic::Cluster',
  'AWS::Neptune::DBCluster',
  'AWS::NeptuneGraph::Graph',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::EFS::FileSystem',
  'AWS::FSx::FileSystem',
  'AWS::OpenSearchService::Domain',
  'AWS::Elasticsearch::Domain',
  'AWS::OpenSearchServerless::Collection',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::MemoryDB::Cluster',
  'AWS::Timestream::Database',
  'AWS::Timestream::InfluxDBInstance',
  'AWS::Cassandra::Keyspace',
  'AWS::DSQL::Cluster',
  'AWS::QLDB::Ledger',
];

// ── Attributes of tables ─────────────────────────────────────────────────────────────────────────────────────────────

/** Where identity policies are written. */
const POLICIES = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::Role'];

const statementsIn = (policy: Resource): readonly Statement[] =>
  policy.type === 'AWS::IAM::Role'
    ? policy
        .at('Policies')
        .items()
        .flatMap((each) => statementsOf(each.at('PolicyDocument')))
    : statementsOf(policy.at('PolicyDocument'));

/** A test that the key is there at all, which may stand beside, limits nothing. */
const limitsAttributes = ({ key, operator }: Condition): boolean => key === 'dynamodb:attributes' && operator !== 'null';

/** An allow-list of attributes that holds: every attribute asked for is on it, and asking for all of them is refused. */
function holds(statement: Statement): Outcome {
  const conditions = statement.conditions();
  return allOf(
    every(conditions.filter(limitsAttributes), ({ operator, quantifier, negated, values, value }) => {
      if (operator === undefined) return value.asUnknown();
      if (negated || !operator.startsWith('string') || quantifier !== 'forallvalues')
        return fail(
          `${statement.name} limits dynamodb:Attributes with an operator that lets others through beside; use ForAllValues:StringEquals`,
          value.path,
        );
      return every(values, (each) => not(each.matches(/\*/), `${each.describe()}: a wildcard is no list`));
    }),
    reads(statement)
      ? some(
          conditions,
          selectsSome,
          `${statement.name} lists attributes but does not demand dynamodb:Select SPECIFIC_ATTRIBUTES: who names none gets all`,
        )
      : pass(),
  );
}

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:Scan'];
const reads = (statement: Statement): boolean => READS.some((action) => statement.touchesAction(action).verdict !== 'fail');

function selectsSome({ operator, key, negated, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  if (key !== 'dynamodb:select' || negated) return fail('is another test');
  return every(values, (each) => each.is('SPECIFIC_ATTRIBUTES'));
}

function limitsHold(policy: Resource): Outcome {
  const limited = statementsIn(policy).filter(
    (statement) => statement.allows().verdict === 'pass' && statement.conditions().some(limitsAttributes),
  );
  return limited.length === 0 ? notApplicable('limits no attributes') : every(limited, holds);
}

// ── Columns and rows ─────────────────────────────────────────────────────────────────────────────────────────────────

const GRANTS = ['AWS::LakeFormation::PrincipalPermissions', 'AWS::LakeFormation::Permissions'];
const EVERYONE = 'IAM_ALLOWED_PRINCIPALS';

/** Whole tables are granted for reading to nobody; whoever IAM lets in is not asked at all. */
function grantsFiltered(grant: Resource): Outcome {
  const legacy = grant.type.endsWith('::Permissions');
  const principal = grant.at(`${legacy ? 'DataLakePrincipal' : 'Principal'}.DataLakePrincipalIdentifier`);
  if (principal.is(EVERYONE).verdict === 'pass')
    return fail(`grants to ${EVERYONE}: whoever IAM lets in reads without filter`, principal.path);
  const resource = grant.at('Resource');
  const tables = resource.at(legacy ? 'TableResource' : 'Table');
  const columns = resource.at(legacy ? 'TableWithColumnsResource' : 'TableWithColumns');
  const reading = some(
    grant.at('Permissions').items(),
    (permission) => permission.isOneOf(['SELECT', 'ALL', 'SUPER']),
    'grants no reading',
  );
  if (tables.state === 'absent' && columns.state === 'absent') return notApplicable('grants no table as a whole');
  return when(reading, () => {
    if (tables.state !== 'absent') return fail(`${tables.path} is granted without filter of rows or columns`, tables.path);
    const excepted = columns.at('ColumnWildcard');
    return excepted.state === 'absent' || excepted.at('ExcludedColumnNames').isSet().verdict === 'pass'
      ? pass()
      : fail(`${columns.path} names every column`, excepted.path);
  });
}

const DEFAULTS = ['CreateDatabaseDefaultPermissions', 'CreateTableDefaultPermissions'] as const;

// ── Labels of columns ────────────────────────────────────────────────────────────────────────────────────────────────

const TAGGING = 'AWS::LakeFormation::TagAssociation';

/** In a lake that Lake Formation governs, each table, or some of its columns, carries tags. */
function isLabelled(table: Resource, graph: Graph): Outcome {
  if (graph.ofType(TAGGING, 'AWS::LakeFormation::Tag').length === 0) return notApplicable('no Lake Formation tags are among what was read');
  const name = table.at('TableInput.Name').string;
  const byName = name === undefined ? [] : (labelsByName(graph).get(name) ?? []);
  const labels = [...LABELLED_BY.flatMap((path) => graph.pointingAt(table, TAGGING, path)), ...byName];
  return labels.some((label) => graph.exists(label)) ? pass() : fail('no LakeFormation TagAssociation labels the table or its columns');
}

const LABELLED_BY = ['Resource.TableWithColumns.Name', 'Resource.Table.Name'];

/** Associations by the name that a table has in the catalogue. */
function labelsByName(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  return graph.once('lake tags by table', () => {
    const index = new Map<string, Resource[]>();
    for (const label of graph.ofType(TAGGING)) {
      for (const path of LABELLED_BY) {
        const name = label.at(path).string;
        if (name !== undefined) append(index, name, label);
      }
    }
    return index;
  });
}

const tags = (values: object) => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};
const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const TAGS: Readonly<Record<string, string>> = {
  'AWS::EFS::FileSystem': 'FileSystemTags',
  'AWS::DynamoDB::GlobalTable': 'Replicas[].Tags',
};
const tagged = (type: string, values: Node) => store(type, written(TAGS[type] ?? 'Tags', values));
const LIMITS = {
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['CaseId', 'Status'] },
  StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
};
const policy = (Condition: object, Action: string | readonly string[] = 'dynamodb:Query') =>
  store('AWS::IAM::Policy', { PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource: 'arn:aws:dynamodb:x', Condition }] } });
const grant = (
  Resource: object,
  Permissions: unknown = ['SELECT'],
  DataLakePrincipalIdentifier: unknown = 'arn:aws:iam::111122223333:role/analyst',
) => store('AWS::LakeFormation::PrincipalPermissions', { Principal: { DataLakePrincipalIdentifier }, Resource, Permissions });
const settings = (identifier: string) =>
  store('AWS::LakeFormation::DataLakeSettings', {
    CreateTableDefaultPermissions: [{ Permissions: ['ALL'], Principal: { DataLakePrincipalIdentifier: identifier } }],
  });
const association = (Resource: object) => ({ Labels: { Type: TAGGING, Properties: { Resource, LFTags: [] } } });
const glueTable = (rest: object) => store('AWS::Glue::Table', { DatabaseName: 'lake', TableInput: { Name: 'cases' } }, rest);

export const FIELDS = {
  'DHC-01': {
    aws: rule({
      on: STORES,
      check: (store) => {
        if (isMember(store)) return notApplicable('its cluster is classified');
        if (isReplica(store)) return notApplicable('is classified as its source is');
        return isClassified(store);
      },
      fix: 'Use SecureTable or SecureDatabaseCluster in a stack with a data profile, or tag the store with palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume.',
      pass: STORES.map((type) => ({ resources: tagged(type, tags(LABELLED)) })),
      fail: [
        ...STORES.map((type) => ({ resources: store(type, {}) })),
        { resources: tagged('AWS::DynamoDB::Table', tags({ ...LABELLED, 'palisade:owner': '' })) },
      ],
      unknown: [{ ...PARAMETER, resources: tagged('AWS::DynamoDB::Table', { Ref: 'P' }) }],
      skip: [
        { resources: store('AWS::RDS::DBInstance', { DBClusterIdentifier: 'cases' }) },
        { resources: store('AWS::RDS::DBInstance', { SourceDBInstanceIdentifier: 'cases' }) },
      ],
    }),
  },

  'DHC-04': {
    aws: rule({
      on: 'AWS::Glue::Table',
      check: isLabelled,
      fix: 'Add a LakeFormation TagAssociation for TableWithColumns that labels the columns with personal data.',
      pass: [
        { resources: glueTable(association({ TableWithColumns: { Name: { Ref: 'Store' }, ColumnNames: ['phone'] } })) },
        { name: 'by name', resources: glueTable(association({ Table: { Name: 'cases' } })) },
      ],
      fail: [{ resources: glueTable(association({ Table: { Name: 'other' } })) }],
      skip: [{ name: 'labels of relational columns are made by migrations', resources: glueTable({}) }],
    }),
  },

  'DHC-06': {
    aws: rule({
      on: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
      from: 'moderate',
      // How long records may be kept is for their owner to say; that nothing is said is worth a note.
      severity: 'low',
      check: (table) =>
        allOf(
          table.at('TimeToLiveSpecification.AttributeName').isSet(),
          table.at('TimeToLiveSpecification.Enabled').orDefault(true).isTrue(),
        ),
      fix: 'Set TimeToLiveSpecification with AttributeName and Enabled: true (timeToLiveAttribute in CDK).',
      pass: [
        { resources: store('AWS::DynamoDB::Table', { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }) },
        { resources: store('AWS::DynamoDB::GlobalTable', { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true } }) },
      ],
      fail: [
        { resources: store('AWS::DynamoDB::Table', {}) },
        { resources: store('AWS::DynamoDB::GlobalTable', { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: false } }) },
      ],
      unknown: [
        {
          ...PARAMETER,
          resources: store('AWS::DynamoDB::Table', { TimeToLiveSpecification: { AttributeName: 'expires', Enabled: { Ref: 'P' } } }),
        },
      ],
    }),
  },

  'FLS-03': {
    aws: rule({
      // Which fields lie outside a role's view, no template says; where one lists attributes, the list has to hold.
      on: POLICIES,
      check: limitsHold,
      fix: 'Write ForAllValues:StringEquals on dynamodb:Attributes with the attributes of the role, and StringEqualsIfExists dynamodb:Select SPECIFIC_ATTRIBUTES, in the same statement.',
      pass: [
        { resources: policy(LIMITS) },
        {
          name: 'writes select nothing',
          resources: policy({ 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['CaseId'] } }, 'dynamodb:PutItem'),
        },
        {
          resources: store('AWS::IAM::Role', {
            Policies: [
              {
                PolicyDocument: {
                  Statement: {
                    Effect: 'Allow',
                    Action: 'dynamodb:UpdateItem',
                    Resource: 'arn:aws:dynamodb:x',
                    Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['Status'] } },
                  },
                },
              },
            ],
          }),
        },
      ],
      fail: [
        { name: 'who names none gets all', resources: policy({ 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['CaseId'] } }) },
        { resources: policy({ ...LIMITS, StringEqualsIfExists: { 'dynamodb:Select': 'ALL_ATTRIBUTES' } }) },
        {
          resources: policy({
            'ForAnyValue:StringEquals': LIMITS['ForAllValues:StringEquals'],
            StringEqualsIfExists: LIMITS.StringEqualsIfExists,
          }),
        },
        {
          resources: policy({
            'ForAllValues:StringLike': { 'dynamodb:Attributes': ['*'] },
            StringEqualsIfExists: LIMITS.StringEqualsIfExists,
          }),
        },
      ],
      unknown: [{ ...PARAMETER, resources: policy({ ...LIMITS, StringEqualsIfExists: { 'dynamodb:Select': { Ref: 'P' } } }) }],
      skip: [{ resources: policy({}) }],
    }),
  },

  'FLS-04': {
    aws: [
      rule({
        on: GRANTS,
        severity: 'medium',
        check: grantsFiltered,
        fix: 'Grant SELECT on a DataCellsFilter, or on TableWithColumns with ColumnNames (or ColumnWildcard.ExcludedColumnNames), to a named role.',
        pass: [
          { resources: grant({ TableWithColumns: { Name: 'cases', ColumnNames: ['status'] } }) },
          { resources: grant({ TableWithColumns: { Name: 'cases', ColumnWildcard: { ExcludedColumnNames: ['phone'] } } }) },
        ],
        fail: [
          { resources: grant({ Table: { Name: 'cases' } }) },
          { resources: grant({ Table: { TableWildcard: {} } }, ['ALL']) },
          { resources: grant({ TableWithColumns: { Name: 'cases', ColumnWildcard: {} } }) },
          { resources: grant({ Database: { Name: 'lake' } }, ['ALL'], EVERYONE) },
          {
            resources: store('AWS::LakeFormation::Permissions', {
              DataLakePrincipal: { DataLakePrincipalIdentifier: EVERYONE },
              Resource: { DatabaseResource: { Name: 'lake' } },
              Permissions: ['ALL'],
            }),
          },
          {
            resources: store('AWS::LakeFormation::Permissions', {
              DataLakePrincipal: { DataLakePrincipalIdentifier: 'arn:aws:iam::111122223333:role/analyst' },
              Resource: { TableResource: { Name: 'cases' } },
              Permissions: ['SELECT'],
            }),
          },
        ],
        unknown: [{ ...PARAMETER, resources: grant({ Table: { Name: 'cases' } }, [{ Ref: 'P' }]) }],
        skip: [
          { resources: grant({ Table: { Name: 'cases' } }, ['DESCRIBE']) },
          { resources: grant({ DataCellsFilter: { Name: 'agents' } }) },
        ],
      }),
      rule({
        on: 'AWS::LakeFormation::DataLakeSettings',
        severity: 'medium',
        check: (lake) => {
          const entries = DEFAULTS.flatMap((path) => lake.at(path).items());
          if (entries.length === 0 && lake.at('AllowFullTableExternalDataAccess').state === 'absent')
            return notApplicable('changes no default');
          return allOf(
            not(
              lake.at('AllowFullTableExternalDataAccess').isTrue(),
              'AllowFullTableExternalDataAccess is true: engines outside read whole tables',
            ),
            every(entries, (entry) =>
              not(
                entry.at('Principal.DataLakePrincipalIdentifier').is(EVERYONE),
                `${entry.path} grants what is new to ${EVERYONE}: Lake Formation is not asked`,
              ),
            ),
          );
        },
        fix: 'Leave CreateDatabaseDefaultPermissions and CreateTableDefaultPermissions empty, and AllowFullTableExternalDataAccess false.',
        pass: [{ resources: settings('arn:aws:iam::111122223333:role/steward') }],
        fail: [
          { resources: settings(EVERYONE) },
          { resources: store('AWS::LakeFormation::DataLakeSettings', { AllowFullTableExternalDataAccess: true }) },
        ],
        unknown: [
          { ...PARAMETER, resources: store('AWS::LakeFormation::DataLakeSettings', { AllowFullTableExternalDataAccess: { Ref: 'P' } }) },
        ],
      }),
      rule({
        on: 'AWS::QuickSight::DataSet',
        severity: 'low',
        check: (set) =>
          some(
            ['ColumnLevelPermissionRules', 'RowLevelPermissionDataSet', 'RowLevelPermissionTagConfiguration'],
            (path) => set.at(path).isSet(),
            'neither ColumnLevelPermissionRules nor row-level permissions are set',
          ),
        fix: 'Set ColumnLevelPermissionRules, RowLevelPermissionDataSet or RowLevelPermissionTagConfiguration.',
        pass: [
          { resources: store('AWS::QuickSight::DataSet', { ColumnLevelPermissionRules: [{ ColumnNames: ['phone'] }] }) },
          { resources: store('AWS::QuickSight::DataSet', { RowLevelPermissionDataSet: { Arn: 'arn:aws:quicksight:x' } }) },
        ],
        fail: [{ resources: store('AWS::QuickSight::DataSet', {}) }],
      }),
    ],
  },

  'FLS-05': {
    aws: gap(
      'Masking policies are statements that run in the database (Redshift, Aurora) or the schema of the API; no resource of a template holds them. Masking in logs is PRV-07.',
    ),
  },

  'FLS-06': {
    aws: gap(
      'Fields are encrypted by the code of the application; a template shows the key (ENC-02, ENC-04) but not what is encrypted with it.',
    ),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
