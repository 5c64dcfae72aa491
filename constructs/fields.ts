/**
 * The field catalogue: one typed place that says which fields records have, how sensitive each is, who may read it and who
 * may alter it. What stands in nobody's list is hidden from everybody. Both clouds make their field security from it.
 */
import { SENSITIVITIES, type Sensitivity } from '../controls';
import { MASKS, type Mask, masksOf } from './fields-masks';

export { MASKS, type Mask, masked } from './fields-masks';

/** The closed set of people's roles in case management. */
export const CASE_ROLES = ['agent', 'supportEngineer', 'supervisor'] as const;
/** agent: works on assigned cases. supportEngineer: is let into one case, for a while. supervisor: oversees without bulk content. */
export type CaseRole = (typeof CASE_ROLES)[number];

/** What a field holds. */
export const FIELD_TYPES = ['id', 'text', 'integer', 'decimal', 'boolean', 'time', 'date', 'email', 'phone', 'address', 'url'] as const;
/** `time` is an instant, `date` a day, `address` an IP address. */
export type FieldType = (typeof FIELD_TYPES)[number];

/**
 * Which records a role reaches. assigned: those that name the caller as assignee. granted: those of a case to which the
 * caller holds a live grant. all: every record, one by one or in pages.
 */
export const REACHES = ['assigned', 'granted', 'all'] as const;
/** See {@link REACHES}. */
export type Reach = (typeof REACHES)[number];

/** One field; by default nobody reads it and nobody alters it (FLS-01). */
export interface Field<R extends string = CaseRole> {
  /** @default 'text' */
  readonly type?: FieldType;
  /** The field holds several values. @default false */
  readonly list?: boolean;
  /** How much harm its disclosure does. */
  readonly sensitivity: Sensitivity;
  /** Roles to which the field is returned as it is. @default nobody */
  readonly read?: readonly R[];
  /** Roles to which a masked variant is returned instead. @default nobody */
  readonly masked?: { readonly [Role in R]?: Mask };
  /** Roles that may change it; reading never implies it (FLS-07). @default nobody */
  readonly alter?: readonly R[];
  /** Purposes for which it is returned; narrower than those of its record. @default every purpose of the record */
  readonly purposes?: readonly string[];
  /** What it means, in a sentence; stands in the schema. */
  readonly description?: string;
}

/** A kind of record: `Case`. */
export interface RecordType<R extends string = CaseRole> {
  /** Field that identifies a record; of type id. */
  readonly key: string;
  /** Field that names the case a record belongs to. @default the key: the record is a case itself */
  readonly case?: string;
  /**
   * Kind of record that is the case, for a record that belongs to one. Then whoever is assigned to the case reaches the record,
   * so that it goes along when the case is handed over, and pages list the records of one case. Excludes assignee and listedBy.
   * @default none: a record says itself to whom it is assigned
   */
  readonly within?: string;
  /** Field that holds the identity of the person to whom a record is assigned; needed where a role reaches what is assigned. */
  readonly assignee?: string;
  /** Field by whose value a role that reaches all lists records: `team`. @default none: such a role reads them one by one */
  readonly listedBy?: string;
  /** Which records each role reaches. @default none, for a role without an entry */
  readonly reach: { readonly [Role in R]?: Reach };
  /** Purposes for which records are read or altered (FLS-08). */
  readonly purposes: readonly string[];
  /** Every field; one that is not listed does not exist for the API. */
  readonly fields: { readonly [name: string]: Field<R> };
  /** What it is, in a sentence; stands in the schema. */
  readonly description?: string;
}

/** What {@link fieldCatalogue} takes. */
export interface FieldCatalogueDefinition<R extends string = CaseRole> {
  /** The closed set of roles. @default agent, supportEngineer, supervisor */
  readonly roles?: readonly R[];
  /** Kinds of records by name. */
  readonly records: { readonly [name: string]: RecordType<NoInfer<R>> };
}

/** A catalogue that has been checked. */
export interface FieldCatalogue<R extends string = CaseRole> {
  /** The closed set of roles. */
  readonly roles: readonly R[];
  /** Kinds of records by name. */
  readonly records: { readonly [name: string]: RecordType<R> };
}

/** What one role sees and may do with one kind of record. */
export interface FieldView {
  /** Which records it reaches; undefined: none, and then nothing below. */
  readonly reach: Reach | undefined;
  /** Fields that are returned as they are. */
  readonly reads: readonly string[];
  /** Fields of which a masked variant is returned. */
  readonly masked: { readonly [field: string]: Mask };
  /** Fields that it may change. */
  readonly alters: readonly string[];
}

/**
 * Checks a field catalogue. Nothing is visible or alterable that is not listed for a role.
 *
 * Guarantees FLS-01 and FLS-07 for what is generated from it.
 *
 * @throws RangeError with the record, the field, what is wrong and what to write instead
 * @example
 * const catalogue = fieldCatalogue({ records: { Case: {
 *   key: 'id', assignee: 'assignee', reach: { agent: 'assigned' }, purposes: ['resolveCase'],
 *   fields: {
 *     id: { type: 'id', sensitivity: 'internal', read: ['agent'] },
 *     assignee: { sensitivity: 'internal' },
 *     subject: { sensitivity: 'confidential', read: ['agent'], alter: ['agent'] },
 *   } } } });
 */
export function fieldCatalogue<const R extends string = CaseRole>(definition: FieldCatalogueDefinition<R>): FieldCatalogue<R> {
  const roles = definition.roles ?? (CASE_ROLES as readonly string[] as readonly R[]);
  const fail = failing('field catalogue');
  if (roles.length === 0) fail('roles is empty; name at least one role');
  const wrong = roles.find((role) => !FIELD_NAME.test(role));
  if (wrong !== undefined) fail(`role "${wrong}" is no name; write letters and digits, beginning with a small letter`);
  if (new Set(roles).size < roles.length) fail('a role stands twice in roles');
  const records = Object.entries(definition.records ?? {});
  if (records.length === 0) fail('records is empty; describe at least one kind of record');
  for (const [name, record] of records) {
    checkRecord(name, record, roles);
    checkWithin(name, record, definition.records);
  }
  return Object.freeze({ roles: Object.freeze([...roles]), records: definition.records });
}

/**
 * What a role sees and may do with a kind of record.
 *
 * @throws RangeError when the catalogue has no such record or role
 * @example
 * const { reads, alters } = fieldViewOf(catalogue, 'Case', 'agent');
 */
export function fieldViewOf<R extends string>(catalogue: FieldCatalogue<R>, record: string, role: R): FieldView {
  const found = Object.hasOwn(catalogue.records, record) ? catalogue.records[record] : undefined;
  if (!found)
    throw new RangeError(`field catalogue: there is no record "${record}"; write one of ${Object.keys(catalogue.records).join(', ')}`);
  if (!catalogue.roles.includes(role))
    throw new RangeError(`field catalogue: there is no role "${role}"; write one of ${catalogue.roles.join(', ')}`);
  const reach = found.reach[role];
  const fields = reach === undefined ? [] : Object.entries(found.fields);
  return {
    reach,
    reads: fields.filter(([, { read }]) => read?.includes(role)).map(([name]) => name),
    masked: Object.fromEntries(fields.flatMap(([name, { masked }]) => (masked?.[role] === undefined ? [] : [[name, masked[role]]]))),
    alters: fields.filter(([, { alter }]) => alter?.includes(role)).map(([name]) => name),
  };
}

const FIELD_NAME = /^[a-z][A-Za-z0-9]{0,63}$/;
const RECORD_NAME = /^[A-Z][A-Za-z0-9]{0,63}$/;
/** Names that the API itself uses. */
const RESERVED: ReadonlySet<string> = new Set([
  'Query',
  'Mutation',
  'Subscription',
  'Purpose',
  'DataProtectionNotice',
  'NoticeAcknowledgement',
]);

type Fail = (what: string) => never;

const failing =
  (where: string): Fail =>
  (what) => {
    throw new RangeError(`${where}: ${what} (FLS-01)`);
  };

function checkRecord<R extends string>(name: string, record: RecordType<R>, roles: readonly R[]): void {
  const fail: Fail = failing(`field catalogue: ${name}`);
  if (!RECORD_NAME.test(name)) fail('is no name of a record; write letters and digits, beginning with a capital letter');
  if (RESERVED.has(name)) fail('is a name that the API uses itself; choose another');
  const { fields, purposes, reach } = record;
  if (!Array.isArray(purposes) || purposes.length === 0) fail('purposes is empty; name at least one purpose for which records are handled');
  for (const purpose of purposes) if (!FIELD_NAME.test(purpose)) fail(`purpose "${purpose}" is no name; write it as resolveCase`);
  for (const [role, what] of Object.entries(reach) as [R, Reach][]) {
    if (!roles.includes(role)) fail(`reach names "${role}", which is none of the roles ${roles.join(', ')}`);
    if (!REACHES.includes(what)) fail(`reach of ${role} is "${what}"; write one of ${REACHES.join(', ')}`);
  }
  for (const [field, definition] of Object.entries(fields)) checkField(`${name}.${field}`, field, definition, record, roles);
  checkRoles(record, fail);
}

/** The fields that bind records to people and cases exist, and nobody who is bound by them can move himself. */
function checkRoles<R extends string>(record: RecordType<R>, fail: Fail): void {
  const { fields, key, reach, assignee, listedBy } = record;
  const has = (field: string) => Object.hasOwn(fields, field);
  if (!has(key)) fail(`key is "${key}", which is none of its fields`);
  if (fields[key]?.type !== 'id') fail(`${key} is the key; its type has to be id`);
  if (fields[key]?.alter?.length) fail(`${key} is the key; nobody may alter it`);
  for (const [prop, field] of Object.entries({ case: record.case, assignee, listedBy }))
    if (field !== undefined && !has(field)) fail(`${prop} is "${field}", which is none of its fields`);
  const entries = Object.entries(reach) as [R, Reach][];
  const reaching = (what: Reach) => entries.filter(([, each]) => each === what).map(([role]) => role);
  if (reaching('assigned').length > 0 && assignee === undefined && record.within === undefined)
    fail(`${reaching('assigned').join(', ')} reaches what is assigned; name the field that holds the assignee`);
  for (const [role] of entries) {
    const sees = fields[key]?.read?.includes(role);
    if (!sees) fail(`${role} reaches records whose key ${key} it may not read; add it to read of ${key}`);
  }
  const bound = record.case ?? key;
  for (const role of [...reaching('granted'), ...(record.within === undefined ? [] : reaching('assigned'))])
    if (fields[bound]?.alter?.includes(role)) fail(`${role} is bound to a case and may alter ${bound}, which says what case that is`);
  for (const field of [assignee, bound])
    if (field !== undefined && fields[field]?.list) fail(`${field} binds records to people or cases; it cannot be a list`);
}

/** A record within a case takes from the case who is assigned. */
function checkWithin<R extends string>(name: string, record: RecordType<R>, records: { readonly [name: string]: RecordType<R> }): void {
  const { within } = record;
  if (within === undefined) return;
  const fail: Fail = failing(`field catalogue: ${name}`);
  const parent = Object.hasOwn(records, within) ? records[within] : undefined;
  if (parent === undefined || within === name)
    fail(`within is "${within}"; write another kind of record: ${Object.keys(records).join(', ')}`);
  if (record.case === undefined || record.case === record.key) fail(`within needs case, the field that names the ${within}`);
  for (const prop of ['assignee', 'listedBy'] as const)
    if (record[prop] !== undefined)
      fail(`${prop} and within exclude each other; who is assigned, and which records are listed, follows from the ${within}`);
  const assigned = Object.values(record.reach).includes('assigned');
  if (assigned && parent?.assignee === undefined) fail(`a role reaches what is assigned; ${within} has to name its assignee`);
}

function checkField<R extends string>(where: string, name: string, field: Field<R>, record: RecordType<R>, roles: readonly R[]): void {
  const fail: Fail = failing(`field catalogue: ${where}`);
  const { alter = [], masked = {}, purposes, read = [], sensitivity, type = 'text' } = field;
  if (!FIELD_NAME.test(name)) fail('is no name of a field; write letters and digits, beginning with a small letter');
  if (!SENSITIVITIES.includes(sensitivity)) fail(`sensitivity is ${quoted(sensitivity)}; write one of ${SENSITIVITIES.join(', ')}`);
  if (!FIELD_TYPES.includes(type)) fail(`type is "${type}"; write one of ${FIELD_TYPES.join(', ')}`);
  const veiled = Object.keys(masked) as R[];
  for (const [list, names] of Object.entries({ read, alter, masked: veiled })) {
    for (const role of names) {
      if (!roles.includes(role)) fail(`${list} names "${role}", which is none of the roles ${roles.join(', ')}`);
      if (record.reach[role] === undefined) fail(`${list} names ${role}, which reaches no such record; give it a reach or take it out`);
    }
    if (new Set(names).size < names.length) fail(`a role stands twice in ${list}`);
  }
  for (const role of veiled) {
    if (read.includes(role)) fail(`${role} stands in read and in masked; keep one`);
    const mask = (masked as { readonly [Role in R]?: Mask })[role] as Mask;
    if (!MASKS.includes(mask)) fail(`masked for ${role} is ${quoted(mask)}; write one of ${MASKS.join(', ')}`);
    if (field.list || !masksOf(type).includes(mask))
      fail(
        `masked for ${role} is "${mask}", which does not fit ${field.list ? `a list of ${type}` : type}; write one of ${masksOf(type).join(', ') || 'none'}`,
      );
  }
  for (const purpose of purposes ?? [])
    if (!record.purposes.includes(purpose)) fail(`purposes names "${purpose}", which is none of its record: ${record.purposes.join(', ')}`);
  if (purposes?.length === 0) fail('purposes is empty; leave it out, or name one');
}

const quoted = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));
