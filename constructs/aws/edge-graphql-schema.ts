import { type FieldCatalogue, type FieldType, fieldViewOf, type RecordType } from '../fields';

/** GraphQL scalars by what a field holds; a masked variant is always text. */
const SCALARS: Readonly<Record<FieldType, string>> = {
  id: 'ID',
  text: 'String',
  integer: 'Int',
  decimal: 'Float',
  boolean: 'Boolean',
  time: 'AWSDateTime',
  date: 'AWSDate',
  email: 'AWSEmail',
  phone: 'AWSPhone',
  address: 'AWSIPAddress',
  url: 'AWSURL',
};

/** Names that the API gives to the operations of a kind of record. */
export const operationsOf = (record: string) => ({
  get: `${record.charAt(0).toLowerCase()}${record.slice(1)}`,
  page: `${record.charAt(0).toLowerCase()}${record.slice(1)}Page`,
  alter: `alter${record}`,
});

/** Roles for which each operation exists: whoever reaches a record gets one, pages need a case or a key to list by, altering needs a field. */
export function rolesFor<R extends string>(
  catalogue: FieldCatalogue<R>,
  record: string,
): Readonly<Record<'get' | 'page' | 'alter', readonly R[]>> {
  const { listedBy, within } = catalogue.records[record] as RecordType<R>;
  const views = catalogue.roles.map((role) => ({ role, ...fieldViewOf(catalogue, record, role) }));
  const names = (list: readonly { readonly role: R }[]) => list.map(({ role }) => role);
  return {
    get: names(views.filter(({ reach }) => reach !== undefined)),
    page: names(
      views.filter(({ reach }) =>
        within === undefined ? reach === 'assigned' || (reach === 'all' && listedBy !== undefined) : reach !== undefined,
      ),
    ),
    alter: names(views.filter(({ alters }) => alters.length > 0)),
  };
}

/** Group directive; it stands on every type and every field, because AppSync gives what has none to every signed-in caller. */
const only = (roles: readonly string[]): string =>
  `@aws_cognito_user_pools(cognito_groups: [${roles.map((role) => `"${role}"`).join(', ')}])`;

const comment = (text: string | undefined): string => (text ? `  # ${text.replace(/\s+/g, ' ').trim()}\n` : '');

/**
 * The schema of a catalogue: each field is given to the groups that the catalogue names for it, and a field that nobody
 * reads is in no type at all (FLS-01, FLS-02).
 *
 * @param grantors roles that may let others into a case for a while
 */
export function schemaOf<R extends string>(catalogue: FieldCatalogue<R>, grantors: readonly R[]): string {
  const everyone = only(catalogue.roles);
  const records = Object.entries(catalogue.records);
  const purposes = [...new Set(records.flatMap(([, { purposes: each }]) => each))];
  const queries = [`  dataProtectionNotice: DataProtectionNotice! ${everyone}`, ...records.flatMap(([name]) => queriesOf(catalogue, name))];
  const mutations = [
    `  acknowledgeNotice(version: String!): NoticeAcknowledgement! ${everyone}`,
    ...records.flatMap(([name]) => mutationOf(catalogue, name)),
    ...(grantors.length > 0
      ? [
          `  grantAccess(case: ID!, person: ID!, purpose: Purpose!, minutes: Int!): CaseAccess! ${only(grantors)}`,
          `  endAccess(case: ID!, person: ID!): CaseAccess! ${only(grantors)}`,
        ]
      : []),
  ];
  return [
    'schema {\n  query: Query\n  mutation: Mutation\n}',
    `enum Purpose {\n${purposes.map((purpose) => `  ${purpose}`).join('\n')}\n}`,
    typeOf('DataProtectionNotice', catalogue.roles, { id: 'ID!', version: 'String!', text: 'String!' }),
    typeOf('NoticeAcknowledgement', catalogue.roles, { version: 'String!', acknowledgedAt: 'AWSDateTime!' }),
    typeOf('Alteration', catalogue.roles, { id: 'ID!', altered: '[String!]!', at: 'AWSDateTime!' }),
    ...(grantors.length > 0 ? [typeOf('CaseAccess', grantors, { case: 'ID!', person: 'ID!', expiresAt: 'AWSTimestamp!' })] : []),
    ...records.flatMap(([name, record]) => typesOf(catalogue, name, record)),
    `type Query ${everyone} {\n${queries.join('\n')}\n}`,
    `type Mutation ${everyone} {\n${mutations.join('\n')}\n}`,
    '',
  ].join('\n\n');
}

function typeOf(name: string, roles: readonly string[], fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([field, type]) => `  ${field}: ${type} ${only(roles)}`);
  return `type ${name} ${only(roles)} {\n${lines.join('\n')}\n}`;
}

function typesOf<R extends string>(catalogue: FieldCatalogue<R>, name: string, record: RecordType<R>): readonly string[] {
  const { get, page, alter } = rolesFor(catalogue, name);
  if (get.length === 0) return [];
  const fields = Object.entries(record.fields).flatMap(([field, definition]) => {
    const seenBy = catalogue.roles.filter((role) => definition.read?.includes(role) || definition.masked?.[role] !== undefined);
    if (seenBy.length === 0) return [];
    const veiled = Object.keys(definition.masked ?? {}).length > 0;
    const scalar = veiled ? 'String' : SCALARS[definition.type ?? 'text'];
    const type = field === record.key ? `${scalar}!` : definition.list ? `[${scalar}!]` : scalar;
    return [`${comment(definition.description)}  ${field}: ${type} ${only(seenBy)}`];
  });
  const inputs = Object.entries(record.fields).filter(([, definition]) => definition.alter?.length);
  return [
    `type ${name} ${only(get)} {\n${fields.join('\n')}\n}`,
    ...(page.length > 0 ? [typeOf(`${name}Page`, page, { items: `[${name}!]!`, nextToken: 'String' })] : []),
    ...(alter.length > 0
      ? [
          `input ${name}Change {\n${inputs
            .map(([field, { type = 'text', list }]) => `  ${field}: ${list ? `[${SCALARS[type]}!]` : SCALARS[type]}`)
            .join('\n')}\n}`,
        ]
      : []),
  ];
}

/** A record that is no case itself is asked for together with its case, to which a grant is bound. */
const locating = <R extends string>(record: RecordType<R>): string =>
  `id: ID!${record.case === undefined || record.case === record.key ? '' : ', case: ID!'}, purpose: Purpose!`;

function queriesOf<R extends string>(catalogue: FieldCatalogue<R>, name: string): readonly string[] {
  const record = catalogue.records[name] as RecordType<R>;
  const { get, page } = rolesFor(catalogue, name);
  const operations = operationsOf(name);
  const by = record.listedBy === undefined ? '' : `, ${record.listedBy}: String`;
  const of = record.within === undefined ? '' : 'case: ID!, ';
  return [
    ...(get.length > 0 ? [`  ${operations.get}(${locating(record)}): ${name} ${only(get)}`] : []),
    ...(page.length > 0
      ? [`  ${operations.page}(${of}purpose: Purpose!${by}, limit: Int, nextToken: String): ${name}Page ${only(page)}`]
      : []),
  ];
}

function mutationOf<R extends string>(catalogue: FieldCatalogue<R>, name: string): readonly string[] {
  const { alter } = rolesFor(catalogue, name);
  if (alter.length === 0) return [];
  const record = catalogue.records[name] as RecordType<R>;
  return [`  ${operationsOf(name).alter}(${locating(record)}, change: ${name}Change!): Alteration ${only(alter)}`];
}
