import { Tags } from 'aws-cdk-lib';
import { CfnDataSource, CfnFunctionConfiguration, CfnResolver, Definition, type IGraphqlApi } from 'aws-cdk-lib/aws-appsync';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { claims } from '../contract';
import { type CaseRole, type FieldCatalogue, fieldViewOf, type RecordType } from '../fields';
import { GRAPHQL_CLAIMS, GRAPHQL_RELAXABLE, SecureGraphqlApi, type SecureGraphqlApiProps } from './edge-graphql';
import { acknowledge, beginningOfGrant, endAccess, grantAccess, showNotice } from './edge-graphql-access';
import { type DataProtectionNotice, knowledgeOf, type RecordKnowledge } from './edge-graphql-knowledge';
import { alter, assignmentCheck, beginning, grantCheck, noticeCheck, readOne, readPage, recordReads } from './edge-graphql-resolvers';
import { operationsOf, rolesFor, schemaOf } from './edge-graphql-schema';
import { fromSource } from './identity-perimeter';
import type { Promises } from './relax';

export type { DataProtectionNotice } from './edge-graphql-knowledge';

/** Most records of a page; each of them is recorded in one transaction, which takes up to 100 items. */
const LARGEST_PAGE = 50;

/** Props of {@link FieldSecuredApi}; every default is the hardened one. */
export interface FieldSecuredApiProps<R extends string = CaseRole>
  extends Omit<SecureGraphqlApiProps, 'definition' | 'environmentVariables'> {
  /** Which fields there are, and who reads and alters them. Groups of the user pool have the names of its roles. */
  readonly catalogue: FieldCatalogue<R>;
  /**
   * The table of each kind of record: partition key is the key of the record. Where a role reaches what is assigned, an index
   * `byAssignee` has the assignee (the `sub` of a person) as partition key and the key of the record as sort key; where a
   * role lists by a field, an index `by<Field>` has that field as partition key; records within a case have an index `byCase`
   * with the field that names the case as partition key. Indexes hold every attribute.
   */
  readonly tables: { readonly [record: string]: ITable };
  /**
   * Table of acknowledgements and of access to single cases: keys `pk` and `sk`, both strings, and `expiresAt` as its time
   * to live.
   */
  readonly access: ITable;
  /**
   * Table of audit records: keys `pk` and `sk`, both strings, and `deleteAfter` as its time to live, two years after the
   * record. The API only ever adds to it.
   */
  readonly audit: ITable;
  /** What people read and acknowledge before they see data. */
  readonly notice: DataProtectionNotice;
  /** Roles that let others into a case, for at most eight hours, and never themselves. @default nobody */
  readonly grantors?: readonly NoInfer<R>[];
  /** Most records of a page, 1 to 50. @default 25 */
  readonly pageSize?: number;
}

const PROMISED = claims(
  'FieldSecuredApi',
  ...GRAPHQL_CLAIMS,
  { control: 'FLS-02', from: 'high' },
  'PRV-01',
  { control: 'PRV-02', from: 'moderate' },
  'PRV-03',
  { control: 'EXP-06', from: 'moderate' },
  'DID-24',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: GRAPHQL_RELAXABLE,
  firm: {
    'DID-16': 'an API key tells nobody apart',
    'FLS-02': 'name the role in the catalogue',
    'PRV-01': 'write the notice; nobody sees data before it',
  },
};

/**
 * A GraphQL API whose schema, resolvers and rights are made from one field catalogue. What nobody reads is in no type; what
 * a role does not read is neither returned to it nor asked of the store; a field is altered only by the roles that the
 * catalogue names. Nobody sees data before the current notice has been acknowledged, support access needs a live grant for
 * the case, and each record that is read or altered is written to the audit table in the same request: what cannot be
 * recorded is not returned.
 *
 * Guarantees DID-16, DID-24, LOG-13, PRV-01 and PRV-03; from the moderate tier on LOG-04, PRV-07, LOG-19, DID-17, FLS-01, PRV-02
 * and EXP-06; from the high tier on FLS-02. The role behind each data source may do one thing to one table, and attributes
 * that no role reads are refused by the store itself. A caller in more than one role's group is refused.
 *
 * @throws Error when a kind of record has no table, the notice is incomplete, or a page is larger than 50
 * @example
 * import { Table } from 'aws-cdk-lib/aws-dynamodb';
 *
 * const table = (name: string) => Table.fromTableName(stack, name, name); // SecureTable, where they are your own
 * const api = new FieldSecuredApi(stack, 'Cases', {
 *   name: 'cases', userPool, catalogue, tables: { Case: table('cases') }, access: table('access'), audit: table('audit'),
 *   notice: { id: 'support-notice', version: '3', text: 'You see customer data for your case only.' },
 *   grantors: ['supervisor'],
 * });
 */
export class FieldSecuredApi<R extends string = CaseRole> extends SecureGraphqlApi {
  /** The controls that it makes true, and from which tier on. */
  static override readonly claims = PROMISED;

  /** The schema, as AppSync gets it. */
  readonly schemaText: string;

  readonly #props: FieldSecuredApiProps<R>;
  readonly #schema: Construct;

  constructor(scope: Construct, id: string, props: FieldSecuredApiProps<R>) {
    const { access, audit, catalogue, grantors = [], notice, tables } = props;
    const where = `${scope.node.path}/${id}`;
    check(where, props);
    const definition = schemaOf(catalogue, grantors);
    super(
      scope,
      id,
      {
        ...props,
        definition: Definition.fromSchema({ bind: (api) => ({ apiId: (api as IGraphqlApi).apiId, definition }) }),
        environmentVariables: {
          ACCESS_TABLE: access.tableName,
          AUDIT_TABLE: audit.tableName,
          ...Object.fromEntries(Object.entries(tables).map(([record, table]) => [`TABLE_${record}`, table.tableName])),
        },
      },
      PROMISES,
    );
    this.schemaText = definition;
    this.#props = props;
    this.#schema = this.node.findChild('Schema') as Construct;
    Tags.of(this).add('palisade:tool', 'internal');
    Tags.of(this).add('palisade:notice', `${notice.id}@${notice.version}`);
    const checks = this.#noticeAndAccess();
    for (const record of Object.keys(catalogue.records)) this.#operations(record, checks);
  }

  /** The notice, its acknowledgement, and grants; returns the functions that every pipeline begins with. */
  #noticeAndAccess(): readonly CfnFunctionConfiguration[] {
    const { access, audit, catalogue, grantors = [], notice } = this.#props;
    const { roles } = catalogue;
    const none = new CfnDataSource(this, 'NoneSource', { apiId: this.apiId, name: 'None', type: 'NONE' });
    const look = this.#source('AccessLook', access, [only(access, ['dynamodb:GetItem'])]);
    const person = this.#source('Acknowledge', access, [
      only(access, ['dynamodb:PutItem'], { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [`NOTICE#${notice.id}`] } }),
      only(audit, ['dynamodb:PutItem']),
    ]);
    this.#resolver('Query', 'dataProtectionNotice', showNotice(notice, roles), none);
    this.#resolver('Mutation', 'acknowledgeNotice', acknowledge(notice, roles), person);
    const noticed = this.#function('NoticeCheck', noticeCheck(notice), look);
    if (grantors.length > 0) {
      const letIn = this.#source('AccessGrant', access, [
        only(access, ['dynamodb:PutItem', 'dynamodb:DeleteItem'], { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CASE#*'] } }),
        only(audit, ['dynamodb:PutItem']),
      ]);
      const purposes = [...new Set(Object.values<RecordType<R>>(catalogue.records).flatMap((record) => record.purposes))];
      const begin = beginningOfGrant(grantors, roles);
      this.#pipeline('Mutation', 'grantAccess', begin, [noticed, this.#function('GrantAccess', grantAccess(purposes), letIn)]);
      this.#pipeline('Mutation', 'endAccess', begin, [noticed, this.#function('EndAccess', endAccess(), letIn)]);
    }
    return [noticed, this.#function('GrantCheck', grantCheck(), look)];
  }

  #operations(record: string, checks: readonly CfnFunctionConfiguration[]): void {
    const { audit, catalogue, pageSize = 25 } = this.#props;
    const roles = rolesFor(catalogue, record);
    if (roles.get.length === 0) return;
    const knows = knowledgeOf(catalogue, record, pageSize);
    const names = operationsOf(record);
    const table = this.#props.tables[record] as ITable;
    const type = catalogue.records[record] as RecordType<R>;
    const begin = beginning(knows);
    const asked = [...checks, ...this.#assignment(record, knows)];
    const reader = this.#source(`${record}Read`, table, [
      only(table, ['dynamodb:GetItem', 'dynamodb:Query'], this.#readable(record), indexesOf(type)),
    ]);
    const recorder = this.#source(`${record}Record`, audit, [only(audit, ['dynamodb:PutItem'])]);
    const recorded = this.#function(`${record}Record`, recordReads(knows), recorder);
    this.#pipeline('Query', names.get, begin, [...asked, this.#function(`${record}ReadOne`, readOne(knows), reader), recorded]);
    if (roles.page.length > 0)
      this.#pipeline('Query', names.page, begin, [...asked, this.#function(`${record}ReadPage`, readPage(knows), reader), recorded]);
    if (roles.alter.length > 0) {
      const writer = this.#source(`${record}Alter`, table, [
        only(table, ['dynamodb:UpdateItem'], this.#alterable(record)),
        only(audit, ['dynamodb:PutItem']),
        only(this.#props.access, ['dynamodb:ConditionCheckItem']),
        ...(knows.within ? [only(this.#props.tables[knows.within.type] as ITable, ['dynamodb:ConditionCheckItem'])] : []),
      ]);
      this.#pipeline('Mutation', names.alter, begin, [...asked, this.#function(`${record}Alter`, alter(knows), writer)]);
    }
  }

  /** Asks to whom the case is assigned, for a record within it. */
  #assignment(record: string, knows: RecordKnowledge): readonly CfnFunctionConfiguration[] {
    const { within } = knows;
    const assigned = Object.values(knows.views).some(({ reach }) => reach === 'assigned');
    if (!within || !assigned) return [];
    const cases = this.#props.tables[within.type] as ITable;
    const source = this.#source(`${record}Assignment`, cases, [
      only(cases, ['dynamodb:GetItem'], attributesOnly([within.key, within.assignee])),
    ]);
    return [this.#function(`${record}Assignment`, assignmentCheck(knows), source)];
  }

  /** The store itself refuses attributes that no role reads (FLS-03). */
  #readable(record: string): Conditions {
    const type = this.#props.catalogue.records[record] as RecordType<R>;
    const seen = this.#props.catalogue.roles.flatMap((role) => {
      const { masked, reads } = fieldViewOf(this.#props.catalogue, record, role);
      return [...reads, ...Object.keys(masked)];
    });
    return attributesOnly([...new Set([...binding(type), ...seen])]);
  }

  /** And it alters no attribute that no role alters (FLS-07). */
  #alterable(record: string): Conditions {
    const type = this.#props.catalogue.records[record] as RecordType<R>;
    const altered = this.#props.catalogue.roles.flatMap((role) => fieldViewOf(this.#props.catalogue, record, role).alters);
    return { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...new Set([...binding(type), ...altered])] } };
  }

  #source(name: string, table: ITable, statements: readonly Allowed[]): CfnDataSource {
    const role = new Role(this, `${name}Role`, {
      description: `What ${this.node.path} may do for ${name}`,
      assumedBy: new ServicePrincipal('appsync.amazonaws.com', { conditions: fromSource(this, { arn: this.arn }) }),
    });
    new ManagedPolicy(this, `${name}Policy`, {
      description: `What ${this.node.path} may do for ${name}`,
      roles: [role],
      statements: statements.flatMap((allowed) => statementsOf(allowed, this.stack.region)),
    });
    return new CfnDataSource(this, `${name}Source`, {
      apiId: this.apiId,
      name,
      type: 'AMAZON_DYNAMODB',
      serviceRoleArn: role.roleArn,
      dynamoDbConfig: { awsRegion: this.stack.region, tableName: table.tableName },
    });
  }

  #function(name: string, code: string, source: CfnDataSource): CfnFunctionConfiguration {
    const made = new CfnFunctionConfiguration(this, `${name}Function`, {
      apiId: this.apiId,
      name,
      dataSourceName: source.name,
      code,
      runtime: RUNTIME,
    });
    made.node.addDependency(source);
    return made;
  }

  #resolver(typeName: string, fieldName: string, code: string, source: CfnDataSource): void {
    const made = new CfnResolver(this, `${typeName}${fieldName}Resolver`, {
      apiId: this.apiId,
      typeName,
      fieldName,
      kind: 'UNIT',
      dataSourceName: source.name,
      code,
      runtime: RUNTIME,
    });
    made.node.addDependency(source, this.#schema);
  }

  #pipeline(typeName: string, fieldName: string, code: string, functions: readonly CfnFunctionConfiguration[]): void {
    const made = new CfnResolver(this, `${typeName}${fieldName}Resolver`, {
      apiId: this.apiId,
      typeName,
      fieldName,
      kind: 'PIPELINE',
      pipelineConfig: { functions: functions.map(({ attrFunctionId }) => attrFunctionId) },
      code,
      runtime: RUNTIME,
    });
    made.node.addDependency(this.#schema);
  }
}

const RUNTIME = { name: 'APPSYNC_JS', runtimeVersion: '1.0.0' } as const;

type Conditions = Record<string, Record<string, string | string[]>>;

/** One thing that may be done to one table. */
interface Allowed {
  readonly actions: readonly string[];
  readonly on: ITable;
  readonly conditions?: Conditions | undefined;
  readonly indexes: readonly string[];
}

/** With the key of the table, where it has one of its own: through DynamoDB only. */
function statementsOf({ actions, conditions, indexes, on }: Allowed, region: string): PolicyStatement[] {
  const resources = [on.tableArn, ...indexes.map((index) => `${on.tableArn}/index/${index}`)];
  const statement = new PolicyStatement({ actions: [...actions], resources, ...(conditions ? { conditions } : {}) });
  if (!on.encryptionKey) return [statement];
  const key = new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
    resources: [on.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${region}.amazonaws.com` } },
  });
  return [statement, key];
}

const only = (on: ITable, actions: readonly string[], conditions?: Conditions, indexes: readonly string[] = []): Allowed => ({
  on,
  actions,
  conditions,
  indexes,
});

/** Reads name what they want, and nothing else is given to them. */
const attributesOnly = (attributes: string[]): Conditions => ({
  'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes },
  StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
});

/** The indexes that the resolvers ask; see {@link FieldSecuredApiProps.tables}. */
const indexesOf = <R extends string>({ assignee, listedBy, within }: RecordType<R>): string[] => [
  ...(within === undefined ? [] : ['byCase']),
  ...(assignee === undefined ? [] : ['byAssignee']),
  ...(listedBy === undefined ? [] : [`by${listedBy.charAt(0).toUpperCase()}${listedBy.slice(1)}`]),
];

/** The attributes that every request may name: those that bind a record to its case and its people. */
const binding = <R extends string>({ key, case: of, assignee, listedBy }: RecordType<R>): string[] =>
  [key, of, assignee, listedBy].filter((field) => field !== undefined);

function check<R extends string>(
  where: string,
  { catalogue, grantors = [], notice, pageSize = 25, tables }: FieldSecuredApiProps<R>,
): void {
  for (const record of Object.keys(catalogue.records))
    if (!Object.hasOwn(tables, record)) throw new Error(`${where}: tables has none for ${record}; write tables: { ${record}: … }`);
  const unknown = Object.keys(tables).find((record) => !Object.hasOwn(catalogue.records, record));
  if (unknown !== undefined)
    throw new Error(`${where}: tables names ${unknown}, which is not in the catalogue; describe it there, or take it out`);
  const stranger = grantors.find((role) => !catalogue.roles.includes(role));
  if (stranger !== undefined) throw new Error(`${where}: grantors names "${stranger}"; write one of ${catalogue.roles.join(', ')}`);
  if (!/^[A-Za-z0-9][\w-]{0,63}$/.test(notice?.id ?? '') || !/^[\w.-]{1,32}$/.test(notice?.version ?? '') || !notice?.text?.trim())
    throw new Error(`${where}: notice is incomplete; write notice: { id: 'support-notice', version: '1', text: … } (PRV-03)`);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > LARGEST_PAGE)
    throw new Error(`${where}: pageSize is ${pageSize}; write a whole number from 1 to ${LARGEST_PAGE} (EXP-06)`);
}
