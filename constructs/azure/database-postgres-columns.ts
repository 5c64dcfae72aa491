/** Column rights and masks of PostgreSQL, as the SQL that a deployment runs: no resource of Azure can say them. */
import type { FieldCatalogue, Mask } from '../fields';
import { type ColumnGrantArgs, groupsOf, type RoleGroup, safeName, type TableRights, tableRights } from './database-columns';

const WHERE = 'column grants of PostgreSQL';
/** Longest name of the engine, in bytes; longer ones would be cut, and could then name something else. */
const LONGEST = 63;

/** A name in double quotes; one inside is doubled. */
const name = (text: string): string => `"${safeName(WHERE, text, LONGEST).replaceAll('"', '""')}"`;
/** A text; quotes inside are doubled, and a backslash means itself. */
const text = (value: string): string => `'${safeName(WHERE, value, 4000).replaceAll("'", "''")}'`;

const HIDDEN = `'•••'`;
/** What each mask shows of a column that is read as text. */
const SHOWN: Readonly<Record<Mask, (column: string) => string>> = {
  everything: () => HIDDEN,
  lastFour: (column) => `CASE WHEN length(${column}) >= 8 THEN ${HIDDEN} || right(${column}, 4) ELSE ${HIDDEN} END`,
  initial: (column) => `CASE WHEN length(${column}) > 1 THEN left(${column}, 1) || ${HIDDEN} ELSE ${HIDDEN} END`,
  domain: (column) =>
    `CASE WHEN ${column} LIKE '%@%' AND ${column} NOT LIKE '%@%@%' THEN ${HIDDEN} || '@' || split_part(${column}, '@', 2) ELSE ${HIDDEN} END`,
  year: (column) => `CASE WHEN ${column} ~ '^[0-9]{4}-.{5}' THEN left(${column}, 4) ELSE ${HIDDEN} END`,
};

/**
 * The SQL that gives the groups behind the roles of a catalogue exactly the columns that it lists for them (FLS-01), and
 * shows the columns that a role sees only in part through its mask (FLS-05).
 *
 * A record is a table, a field a column. People have no right on a table; they read and change it through a view of the
 * same name in the schema `public_by_role`, which they cannot see behind. The script can be run again; it runs as the owner
 * of the tables, in their database, after that of {@link postgresRoles}.
 *
 * @throws RangeError for a role without a group, or a name that cannot be written safely
 * @example
 * const script = postgresColumnGrants(catalogue, {
 *   groups: { agent: { name: 'case-agents' }, supportEngineer: { name: 'support-engineers' }, supervisor: { name: 'supervisors' } },
 * });
 */
export function postgresColumnGrants<R extends string>(catalogue: FieldCatalogue<R>, args: ColumnGrantArgs<R>): string {
  const schema = args.schema ?? 'public';
  const views = name(`${schema}_by_role`);
  const groups = groupsOf(WHERE, catalogue.roles, args);
  const everybody = [...groups.values()].map((group) => name(group.name)).join(', ');
  return [
    '-- Generated from the field catalogue; changes are made there.',
    'BEGIN;',
    `DROP SCHEMA IF EXISTS ${views} CASCADE;`,
    `CREATE SCHEMA ${views};`,
    `REVOKE ALL ON SCHEMA ${views} FROM PUBLIC;`,
    `GRANT USAGE ON SCHEMA ${views}, ${name(schema)} TO ${everybody};`,
    ...tableRights(catalogue).flatMap((table) => view(table, { groups, everybody, views, schema: name(schema) })),
    'COMMIT;',
    '',
  ].join('\n');
}

/**
 * The SQL that makes the groups behind the roles of a catalogue users of a server, none of them an administrator. It runs in
 * the database `postgres`, by an administrator of the directory, before the script of {@link postgresColumnGrants}.
 *
 * @throws RangeError for a role without a group, or a name that cannot be written safely
 * @example
 * const script = postgresRoles(catalogue, {
 *   groups: { agent: { name: 'case-agents' }, supportEngineer: { name: 'support-engineers' }, supervisor: { name: 'supervisors' } },
 * });
 */
export function postgresRoles<R extends string>(catalogue: FieldCatalogue<R>, args: ColumnGrantArgs<R>): string {
  const groups = [...groupsOf(WHERE, catalogue.roles, args).values()];
  return ['-- Generated from the field catalogue; changes are made there.', ...groups.map(membership), ''].join('\n');
}

/** The group as a role of the server, by its object id where there is one. */
function membership({ name: group, objectId }: RoleGroup): string {
  const make =
    objectId === undefined
      ? `pgaadauth_create_principal(${text(group)}, false, false)`
      : `pgaadauth_create_principal_with_oid(${text(group)}, '${objectId}', 'group', false, false)`;
  safeName(WHERE, group, LONGEST);
  return `SELECT ${make} WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ${text(group)});`;
}

/** What the views of all tables share. */
interface Views {
  readonly groups: ReadonlyMap<string, RoleGroup>;
  /** Every group, as a list of names. */
  readonly everybody: string;
  readonly views: string;
  readonly schema: string;
}

/** A view of one table, and the rights of every role on it. */
function view(rights: TableRights, { everybody, groups, schema, views }: Views): readonly string[] {
  const [table, through] = [`${schema}.${name(rights.table)}`, `${views}.${name(rights.table)}`];
  const groupName = (role: string): string => (groups.get(role) as RoleGroup).name;
  const grants = rights.roles.flatMap(({ alters, clear, role, veiled }) => {
    const shown = [...clear, ...Object.keys(veiled)];
    const to = name(groupName(role));
    const list = (columns: readonly string[]) => columns.map(name).join(', ');
    const plain = alters.filter((column) => !isMasked(rights, column));
    // What some role sees masked is computed, and cannot be changed through the view: the key tells which row is meant.
    const computed = alters.filter((column) => isMasked(rights, column));
    return [
      ...(shown.length > 0 ? [`GRANT SELECT (${list(shown)}) ON ${through} TO ${to};`] : []),
      ...(plain.length > 0 ? [`GRANT UPDATE (${list(plain)}) ON ${through} TO ${to};`] : []),
      ...(computed.length > 0 ? [`GRANT SELECT (${name(rights.key)}), UPDATE (${list(computed)}) ON ${table} TO ${to};`] : []),
    ];
  });
  return [
    `REVOKE ALL ON ${table} FROM PUBLIC, ${everybody};`,
    `CREATE VIEW ${through} WITH (security_barrier) AS SELECT ${rights.columns.map((column) => shownAs(rights, column, groupName)).join(', ')} FROM ${table};`,
    `REVOKE ALL ON ${through} FROM PUBLIC, ${everybody};`,
    ...grants,
  ];
}

const isMasked = (rights: TableRights, column: string): boolean => rights.roles.some(({ veiled }) => Object.hasOwn(veiled, column));

/** The column as it is, or what each role sees of it; who is in no role sees nothing of a masked one. */
function shownAs(rights: TableRights, column: string, groupName: (role: string) => string): string {
  if (!isMasked(rights, column)) return name(column);
  const value = `${name(column)}::text`;
  const member = (role: string) => `pg_has_role(session_user, ${text(groupName(role))}, 'member')`;
  const clear = rights.roles.filter((one) => one.clear.includes(column)).map(({ role }) => `WHEN ${member(role)} THEN ${value}`);
  const veiled = rights.roles.flatMap(({ role, veiled: masks }) =>
    Object.hasOwn(masks, column) ? [`WHEN ${member(role)} THEN ${SHOWN[masks[column] as Mask](`(${value})`)}`] : [],
  );
  return `CASE WHEN ${name(column)} IS NULL THEN NULL ${[...clear, ...veiled].join(' ')} END AS ${name(column)}`;
}
