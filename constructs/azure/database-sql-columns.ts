/** Column rights and masks of Azure SQL, as the T-SQL that a deployment runs: no resource of Azure can say them. */
import type { FieldCatalogue, Mask } from '../fields';
import { type ColumnGrantArgs, groupsOf, masksOn, type RoleGroup, safeName, type TableRights, tableRights } from './database-columns';
import { columnLabels } from './database-sql-database';

const WHERE = 'column grants of Azure SQL';
/** Longest name of the engine, in characters; fewer where they take two bytes. */
const LONGEST = 128;

/** A name in brackets; a closing one inside is doubled, as QUOTENAME does. */
const name = (text: string): string => `[${safeName(WHERE, text, LONGEST).replaceAll(']', ']]')}]`;
/** A text; quotes inside are doubled. */
const text = (value: string): string => `N'${safeName(WHERE, value, 4000).replaceAll("'", "''")}'`;

/** The functions of the engine that show what the mask does; of values of five to seven characters, too, the last four. */
const FUNCTIONS: Readonly<Partial<Record<Mask, string>>> = {
  lastFour: 'partial(0, "***", 4)',
  initial: 'partial(1, "***", 0)',
};
/** Hides everything, whatever the type of the column. */
const EVERYTHING = 'default()';
/** Rights on a whole table: nobody in a role has one. */
const WHOLE = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REFERENCES',
  'ALTER',
  'CONTROL',
  'TAKE OWNERSHIP',
  'VIEW CHANGE TRACKING',
  'UNMASK',
];

/** One function stands on a column, for all: where roles see different masks it is the one that hides everything. */
function functionOn(rights: TableRights, column: string): string | undefined {
  const masks = masksOn(rights, column);
  if (masks.length === 0) return undefined;
  return (masks.length === 1 && FUNCTIONS[masks[0] as Mask]) || EVERYTHING;
}

/**
 * The T-SQL that gives the groups behind the roles of a catalogue exactly the columns that it lists for them (FLS-01), masks
 * the columns that a role sees only in part (FLS-05), lets nobody unmask what is not listed, and labels columns (DHC-04).
 *
 * A record is a table, a field a column. Everything that a role had before is revoked first, so that the script can be run
 * again. Columns with the masks `lastFour` and `initial` hold text. Masks that keep more than the engine can show (`domain`, `year`) hide everything; a column that roles see through
 * different masks does so too. A mask protects what is shown, not what is compared: give people no free queries.
 *
 * @throws RangeError for a role without a group, or a name that cannot be written safely
 * @example
 * const script = sqlServerColumnGrants(catalogue, {
 *   groups: { agent: { name: 'case-agents' }, supportEngineer: { name: 'support-engineers' }, supervisor: { name: 'supervisors' } },
 * });
 */
export function sqlServerColumnGrants<R extends string>(catalogue: FieldCatalogue<R>, args: ColumnGrantArgs<R>): string {
  const schema = args.schema ?? 'dbo';
  const tables = tableRights(catalogue);
  return [
    '-- Generated from the field catalogue; changes are made there.',
    'SET XACT_ABORT ON;',
    ...[...groupsOf(WHERE, catalogue.roles, args)].flatMap(([role, group]) => membership(role, group)),
    'BEGIN TRANSACTION;',
    ...tables.flatMap((table) => [...masks(schema, table), ...table.roles.flatMap((_, index) => rights(schema, table, index))]),
    ...columnLabels(catalogue).map(
      ({ column, information, label, rank, table }) =>
        `ADD SENSITIVITY CLASSIFICATION TO ${name(schema)}.${name(table)}.${name(column)} WITH (LABEL = ${text(label).slice(1)}, INFORMATION_TYPE = ${text(information).slice(1)}, RANK = ${rank.toUpperCase()});`,
    ),
    'COMMIT TRANSACTION;',
    '',
  ].join('\n');
}

/** The role of the database; a group of the same name as the role of the catalogue stays another thing. */
const roleOf = (role: string): string => `palisade_${role}`;

/** A role of the database, whose only member is the group. */
function membership(role: string, group: RoleGroup): readonly string[] {
  const [user, of] = [name(group.name), name(roleOf(role))];
  const which = group.objectId === undefined ? '' : ` WITH OBJECT_ID = '${group.objectId}'`;
  return [
    `IF DATABASE_PRINCIPAL_ID(${text(roleOf(role))}) IS NULL CREATE ROLE ${of};`,
    `IF DATABASE_PRINCIPAL_ID(${text(group.name)}) IS NULL CREATE USER ${user} FROM EXTERNAL PROVIDER${which};`,
    `ALTER ROLE ${of} ADD MEMBER ${user};`,
    `REVOKE UNMASK FROM ${of};`,
  ];
}

/** Takes off the masks that stand, and puts one on whatever some role sees only in part. */
function masks(schema: string, rights: TableRights): readonly string[] {
  const table = `${name(schema)}.${name(rights.table)}`;
  return rights.columns.flatMap((column) => {
    const masked = functionOn(rights, column);
    return [
      `IF EXISTS (SELECT 1 FROM sys.masked_columns WHERE object_id = OBJECT_ID(${text(table)}) AND name = ${text(column)} AND is_masked = 1) ` +
        `ALTER TABLE ${table} ALTER COLUMN ${name(column)} DROP MASKED;`,
      ...(masked === undefined ? [] : [`ALTER TABLE ${table} ALTER COLUMN ${name(column)} ADD MASKED WITH (FUNCTION = '${masked}');`]),
    ];
  });
}

/** The rights of one role on one table: all of them taken, then those of the catalogue given. */
function rights(schema: string, table: TableRights, index: number): readonly string[] {
  const { alters, clear, role, veiled } = table.roles[index] as TableRights['roles'][number];
  const [on, to] = [`OBJECT::${name(schema)}.${name(table.table)}`, name(roleOf(role))];
  const list = (columns: readonly string[]) => `(${columns.map(name).join(', ')})`;
  const shown = [...clear, ...Object.keys(veiled)];
  const maskedForOthers = clear.filter((column) => functionOn(table, column) !== undefined);
  const veiledHere = Object.keys(veiled);
  return [
    `REVOKE ${WHOLE.join(', ')} ON ${on} FROM ${to} CASCADE;`,
    // A right on a single column outlives one on the whole table.
    `REVOKE SELECT, UPDATE, REFERENCES, UNMASK ON ${on} ${list(table.columns)} FROM ${to} CASCADE;`,
    ...(shown.length > 0 ? [`GRANT SELECT ON ${on} ${list(shown)} TO ${to};`] : []),
    ...(alters.length > 0 ? [`GRANT UPDATE ON ${on} ${list(alters)} TO ${to};`] : []),
    ...(maskedForOthers.length > 0 ? [`GRANT UNMASK ON ${on} ${list(maskedForOthers)} TO ${to};`] : []),
    ...(veiledHere.length > 0 ? [`DENY UNMASK ON ${on} ${list(veiledHere)} TO ${to};`] : []),
  ];
}
