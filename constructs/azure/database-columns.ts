/** What the scripts of column rights have in common on every engine: which role reads, sees masked, or alters which column. */
import { type FieldCatalogue, fieldViewOf, type Mask } from '../fields';

/** A group of the directory whose members act in a role of the catalogue. */
export interface RoleGroup {
  /** Display name; it becomes a user of the database. */
  readonly name: string;
  /** Object id, so that a second group of the same name is not meant. @default the group is found by its name */
  readonly objectId?: string;
}

/** What a script of column rights is made from. */
export interface ColumnGrantArgs<R extends string = string> {
  /** The group behind each role of the catalogue. */
  readonly groups: { readonly [Role in R]: RoleGroup };
  /** Schema of the tables. @default 'dbo' on Azure SQL, 'public' on PostgreSQL */
  readonly schema?: string;
}

/** The rights of one role on one table. */
export interface ColumnRights<R extends string = string> {
  readonly role: R;
  /** Columns that it reads as they are. */
  readonly clear: readonly string[];
  /** Columns that it sees masked. */
  readonly veiled: { readonly [column: string]: Mask };
  /** Columns that it may change. */
  readonly alters: readonly string[];
}

/** One table: every column, and the rights of every role. What is listed for nobody is granted to nobody (FLS-01). */
export interface TableRights<R extends string = string> {
  readonly table: string;
  /** Column that identifies a row. */
  readonly key: string;
  readonly columns: readonly string[];
  readonly roles: readonly ColumnRights<R>[];
}

/** The rights of every role on every table of a catalogue. */
export function tableRights<R extends string>(catalogue: FieldCatalogue<R>): readonly TableRights<R>[] {
  return Object.entries(catalogue.records).map(([table, record]) => ({
    table,
    key: record.key,
    columns: Object.keys(record.fields),
    roles: catalogue.roles.map((role) => {
      const { alters, masked, reads } = fieldViewOf(catalogue, table, role);
      return { role, clear: reads, veiled: masked, alters };
    }),
  }));
}

/** The masks that roles see of one column, each once. */
export const masksOn = (rights: TableRights, column: string): readonly Mask[] => [
  ...new Set(rights.roles.flatMap(({ veiled }) => (Object.hasOwn(veiled, column) ? [veiled[column] as Mask] : []))),
];

/**
 * The group of each role; no two roles share one, since whoever is in it would have the rights of both.
 *
 * @throws RangeError where one is missing, stands twice or is no group
 */
export function groupsOf<R extends string>(where: string, roles: readonly R[], args: ColumnGrantArgs<R>): ReadonlyMap<R, RoleGroup> {
  const groups = new Map(roles.map((role) => [role, groupOf(where, args, role)]));
  const names = [...groups.values()].map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`${where}: the group "${twice}" stands behind two roles; give each role its own group`);
  return groups;
}

/** The group of a role. @throws RangeError where it is missing */
function groupOf<R extends string>(where: string, { groups }: ColumnGrantArgs<R>, role: R): RoleGroup {
  const group = Object.hasOwn(groups ?? {}, role) ? groups[role] : undefined;
  if (!group?.name)
    throw new RangeError(`${where}: groups has no group for the role ${role}; write groups: { ${role}: { name } } (FLS-01)`);
  if (group.objectId !== undefined && !UUID.test(group.objectId))
    throw new RangeError(`${where}: groups.${role}.objectId is "${group.objectId}"; write the object id of a group`);
  return group;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Refuses names that a client could read as something else than a name, however they are quoted: control characters, among
 * them the end of a line after which `GO` and `\` are commands, and the variables of sqlcmd and psql.
 *
 * @throws RangeError with the name and what to write instead
 */
export function safeName(where: string, name: string, longest: number): string {
  if (
    typeof name !== 'string' ||
    name === '' ||
    Buffer.byteLength(name) > longest ||
    /[\u0000-\u001f\u007f\u0085\u2028\u2029]|\$\(/.test(name)
  )
    throw new RangeError(
      `${where}: ${JSON.stringify(name)} cannot stand as a name; write 1 to ${longest} bytes without control characters and "$("`,
    );
  return name;
}
