/** What a gateway decides about records, made from a field catalogue: who may ask what, what is returned, what is altered. */
import { type FieldCatalogue, type FieldType, fieldViewOf, type Mask, type Reach, type RecordType } from '../fields';
import { HIDDEN } from '../fields-masks';
import {
  answer,
  anyOf,
  assign,
  both,
  call,
  type Expression,
  equals,
  isOneOf,
  kept,
  name,
  not,
  number,
  type Primitive,
  type Program,
  type Statement,
  text,
  when,
} from './edge-api-expression';

/** Variables in which the gateway keeps what it has checked. */
export const KEPT = {
  token: 'palisade-token',
  who: 'palisade-who',
  role: 'palisade-role',
  purpose: 'palisade-purpose',
  case: 'palisade-case',
  record: 'palisade-record',
  verdict: 'palisade-verdict',
  change: 'palisade-change',
  answer: 'palisade-answer',
} as const;

/** Headers with which a caller says why and for which case; the gateway passes on what it has checked under the same names. */
export const HEADERS = {
  purpose: 'Palisade-Purpose',
  case: 'Palisade-Case',
  notice: 'Palisade-Notice',
  who: 'Palisade-Caller',
  role: 'Palisade-Role',
} as const;

/** Longest answer of a backend, and longest change of a caller, in characters. */
export const LONGEST = { answer: 262_144, change: 65_536 } as const;

/** What a program answers instead of a record: refused, or there is none for this caller. */
export const REFUSED = '';
export const NOT_FOUND = 'NotFound';
/** What the first check answers where everything is as it has to be. */
export const ADMITTED = 'Admitted';

/** One thing that may be asked of one kind of record. */
export interface Operation {
  readonly id: string;
  readonly kind: 'get' | 'page' | 'alter';
  readonly record: string;
  /** Roles for which it exists. */
  readonly roles: readonly string[];
}

const small = (record: string): string => `${record.charAt(0).toLowerCase()}${record.slice(1)}`;

/** Part of an address under which records of a kind are asked for. */
export const pathOf = (record: string): string => `/${small(record)}`;

/**
 * The operations of a catalogue, under the same names and for the same roles as on the other cloud: whoever reaches a record
 * gets one, pages need a case or a field to list by, altering needs a field.
 */
export function operationsOf<R extends string>(catalogue: FieldCatalogue<R>): readonly Operation[] {
  return Object.keys(catalogue.records).flatMap((record) => {
    const { listedBy, within } = catalogue.records[record] as RecordType<R>;
    const views = catalogue.roles.map((role) => ({ role, ...fieldViewOf(catalogue, record, role) }));
    const only = (test: (view: (typeof views)[number]) => boolean) => views.filter(test).map(({ role }) => role);
    const pages = (reach: Reach | undefined) =>
      within === undefined ? reach === 'assigned' || (reach === 'all' && listedBy !== undefined) : reach !== undefined;
    const all: readonly Operation[] = [
      { id: small(record), kind: 'get', record, roles: only(({ reach }) => reach !== undefined) },
      { id: `${small(record)}Page`, kind: 'page', record, roles: only(({ reach }) => pages(reach)) },
      { id: `alter${record}`, kind: 'alter', record, roles: only(({ alters }) => alters.length > 0) },
    ];
    return all.filter(({ roles }) => roles.length > 0);
  });
}

/** A caller has exactly one role of the closed set, and an identity; whoever has two would have the rights of both (LPA-05). */
export function roleProgram(roles: readonly string[], tokenValueOf: (role: string) => string): Program {
  return [
    when(equals(call('claim', text('oid')), text('')), answer(REFUSED)),
    assign('role', text('')),
    ...roles.map((role) =>
      when(call('hasRole', text(tokenValueOf(role))), when(not(equals(name('role'), text(''))), answer(REFUSED)), {
        set: 'role',
        be: text(role),
      }),
    ),
    answer(name('role')),
  ];
}

/** Whether records of a kind are bound to a case that is not the record itself. */
const isBound = <R extends string>(record: RecordType<R>): boolean => record.case !== undefined && record.case !== record.key;

/** The case that is meant: the record itself where that is a case, otherwise the one that the caller names. */
export function caseProgram<R extends string>(catalogue: FieldCatalogue<R>, operations: readonly Operation[]): Program {
  const themselves = operations.filter(({ kind, record }) => kind !== 'page' && !isBound(catalogue.records[record] as RecordType<R>));
  return [
    when(
      isOneOf(
        call('operation'),
        themselves.map(({ id }) => id),
      ),
      answer(call('matched', text('id'))),
    ),
    when(call('isId', call('header', text(HEADERS.case))), answer(call('header', text(HEADERS.case)))),
    answer(''),
  ];
}

/** Who may ask, for which purpose, with what: the role, the purpose, and ids that are ids. */
export function admissionProgram<R extends string>(catalogue: FieldCatalogue<R>, operations: readonly Operation[]): Program {
  return [
    assign('role', kept(KEPT.role)),
    assign('purpose', kept(KEPT.purpose)),
    ...operations.map((operation) => {
      const record = catalogue.records[operation.record] as RecordType<R>;
      return when(equals(call('operation'), text(operation.id)), ...admits(record, operation), answer(ADMITTED));
    }),
    answer(NOT_FOUND),
  ];
}

function admits<R extends string>(record: RecordType<R>, { kind, roles }: Operation): readonly Statement[] {
  const bad = answer('BadRequest');
  const query = (parameter: string) => call('query', text(parameter));
  const optional = (parameter: string, test: Primitive) =>
    when(both(not(equals(query(parameter), text(''))), not(call(test, query(parameter)))), bad);
  const cased = isBound(record);
  return [
    when(not(isOneOf(name('role'), roles)), answer('Forbidden')),
    when(not(isOneOf(name('purpose'), record.purposes)), answer('PurposeRefused')),
    ...(kind === 'page' ? [] : [when(not(call('isId', call('matched', text('id')))), bad)]),
    ...(cased && (kind !== 'page' || record.within !== undefined) ? [when(not(call('isId', kept(KEPT.case))), bad)] : []),
    ...(kind === 'page' ? [optional('limit', 'isShortNumber'), optional('nextToken', 'isOpaque')] : []),
    ...(kind === 'page' && record.listedBy !== undefined ? [listed(record, roles, record.listedBy, bad)] : []),
  ];
}

/** A role that reaches every record says by what it lists them. */
function listed<R extends string>(record: RecordType<R>, roles: readonly string[], by: string, bad: Statement): Statement {
  const all = roles.filter((role) => record.reach[role as R] === 'all');
  return when(isOneOf(name('role'), all), when(not(call('isPlain', call('query', text(by)))), bad));
}

/** The address that is asked of the backend: of what was checked, and nothing else that the caller wrote. */
export function addressProgram(operations: readonly Operation[]): Program {
  return [
    ...operations.map(({ id, kind, record }) =>
      when(
        equals(call('operation'), text(id)),
        answer(kind === 'page' ? pathOf(record) : call('join', text(`${pathOf(record)}/`), kept(KEPT.record))),
      ),
    ),
    answer('/'),
  ];
}

/** Most records that the backend is asked for: what the caller wants, and never more than a page (EXP-06). */
export const limitProgram = (pageSize: number): Program => [
  assign('asked', call('query', text('limit'))),
  when(not(call('isShortNumber', name('asked'))), answer(String(pageSize))),
  when(call('lessThan', call('numberOf', name('asked')), number(pageSize)), answer(name('asked'))),
  answer(String(pageSize)),
];

const KINDS: Readonly<Record<FieldType, 'Text' | 'Number' | 'Boolean'>> = {
  id: 'Text',
  text: 'Text',
  integer: 'Number',
  decimal: 'Number',
  boolean: 'Boolean',
  time: 'Text',
  date: 'Text',
  email: 'Text',
  phone: 'Text',
  address: 'Text',
  url: 'Text',
};

/** The value is of the field's own type: an object in its place could carry fields that nobody listed. */
function fits({ list, type = 'text' }: { readonly list?: boolean; readonly type?: FieldType }, value: Expression): Expression {
  const kind = KINDS[type];
  return list ? both(call('isArray', value), call(`all${kind}`, value)) : call(`is${kind}`, value);
}

/** The masked variant of a text, as `masked()` of the catalogue has it. */
function veil(value: Expression, mask: Mask): Expression {
  const hidden = text(HIDDEN);
  const shown = (condition: Expression, variant: Expression) => call('choose', condition, variant, hidden);
  const length = (more: number) => call('longerThan', value, number(more));
  if (mask === 'lastFour') return shown(length(7), call('join', hidden, call('last', value, number(4))));
  if (mask === 'initial') return shown(length(1), call('join', call('first', value, number(1)), hidden));
  if (mask === 'domain')
    return shown(
      equals(call('partCount', value, text('@')), number(2)),
      call('join', text(`${HIDDEN}@`), call('part', value, text('@'), number(1))),
    );
  if (mask === 'year')
    return shown(
      both(length(9), equals(call('lengthOf', call('part', value, text('-'), number(0))), number(4))),
      call('first', value, number(4)),
    );
  return hidden;
}

/** Copies into `seen` what one role may see of `item`, and nothing else (FLS-01, FLS-02). */
function view<R extends string>(catalogue: FieldCatalogue<R>, record: string, role: R): readonly Statement[] {
  const type = catalogue.records[record] as RecordType<R>;
  const { masked, reads } = fieldViewOf(catalogue, record, role);
  return Object.entries(type.fields).flatMap(([field, definition]) => {
    const mask = masked[field];
    if (!reads.includes(field) && mask === undefined) return [];
    const value = name('value');
    const found = assign('value', call('field', name('item'), text(field)));
    const shown: readonly Statement[] =
      mask === undefined
        ? [found, when(fits(definition, value), { put: 'seen', key: field, be: value })]
        : [
            found,
            when(call('isText', value), assign('whole', call('textOf', value)), { put: 'seen', key: field, be: veil(name('whole'), mask) }),
            when(both(call('isPresent', value), not(anyOf([call('isText', value), call('isNull', value)]))), {
              put: 'seen',
              key: field,
              be: text(HIDDEN),
            }),
          ];
    const { purposes } = definition;
    return [purposes === undefined ? { scope: shown } : when(isOneOf(name('purpose'), purposes), ...shown)];
  });
}

/** The record is the one that was asked for, and one that this role reaches: its own, or of the case that it named. */
function reaches<R extends string>(record: RecordType<R>, role: R, kind: Operation['kind']): Expression | undefined {
  const reach = record.reach[role];
  const binds = (field: string, to: Expression) => {
    const value = call('field', name('item'), text(field));
    return both(call('isText', value), equals(call('textOf', value), to));
  };
  const ofCase = isBound(record) && (reach === 'granted' || record.within !== undefined);
  const conditions = [
    ...(kind === 'get' ? [binds(record.key, kept(KEPT.record))] : []),
    ...(reach === 'assigned' && record.within === undefined && record.assignee !== undefined ? [binds(record.assignee, name('who'))] : []),
    ...(ofCase ? [binds(record.case as string, name('ofCase'))] : []),
  ];
  return conditions.length === 0 ? undefined : conditions.reduce(both);
}

/** The outbound filter: what the backend returned, cut down to what the caller's role may see. */
export function answerProgram<R extends string>(catalogue: FieldCatalogue<R>, operations: readonly Operation[], pageSize: number): Program {
  const refuse = answer(REFUSED);
  const body = name('body');
  const root = name('root');
  return [
    assign('operation', call('operation')),
    ...operations
      .filter(({ kind }) => kind === 'alter')
      .map(({ id }) =>
        when(
          equals(name('operation'), text(id)),
          assign('altered', call('object')),
          { put: 'altered', key: 'id', be: kept(KEPT.record) },
          answer(call('json', name('altered'))),
        ),
      ),
    when(not(call('responseIsJson')), refuse),
    assign('body', call('responseBody')),
    when(call('longerThan', body, number(LONGEST.answer)), refuse),
    assign('root', call('parse', body)),
    when(not(call('isObject', root)), refuse),
    assign('role', kept(KEPT.role)),
    assign('purpose', kept(KEPT.purpose)),
    assign('who', kept(KEPT.who)),
    assign('ofCase', kept(KEPT.case)),
    ...operations
      .filter(({ kind }) => kind !== 'alter')
      .map((operation) => when(equals(name('operation'), text(operation.id)), ...answers(catalogue, operation, pageSize))),
    refuse,
  ];
}

function answers<R extends string>(catalogue: FieldCatalogue<R>, operation: Operation, pageSize: number): readonly Statement[] {
  const record = catalogue.records[operation.record] as RecordType<R>;
  const seen = assign('seen', call('object'));
  const perRole = (done: readonly Statement[], missed: readonly Statement[]) =>
    (operation.roles as readonly R[]).map((role) => {
      const condition = reaches(record, role, operation.kind);
      const shown = [seen, ...view(catalogue, operation.record, role), ...done];
      return when(equals(name('role'), text(role)), ...(condition === undefined ? shown : [when(condition, ...shown), ...missed]));
    });
  if (operation.kind === 'get')
    return [assign('item', name('root')), ...perRole([answer(call('json', name('seen')))], [answer(NOT_FOUND)]), answer(REFUSED)];
  const items = name('items');
  const next = name('next');
  return [
    assign('items', call('field', name('root'), text('items'))),
    when(not(call('isArray', items)), answer(REFUSED)),
    assign('page', call('array')),
    {
      each: 'item',
      in: call('firstOf', items, number(pageSize)),
      do: [when(not(call('isObject', name('item'))), answer(REFUSED)), ...perRole([{ push: 'page', be: name('seen') }], [])],
    },
    assign('result', call('object')),
    { put: 'result', key: 'items', be: name('page') },
    assign('next', call('field', name('root'), text('nextToken'))),
    when(both(call('isText', next), call('isOpaque', call('textOf', next))), { put: 'result', key: 'nextToken', be: call('textOf', next) }),
    answer(call('json', name('result'))),
  ];
}

/** The inbound filter: a change of fields that the role may alter, rebuilt from what was checked; anything else is refused (FLS-07). */
export function changeProgram<R extends string>(catalogue: FieldCatalogue<R>, operations: readonly Operation[]): Program {
  const refuse = answer(REFUSED);
  const root = name('root');
  return [
    assign('body', call('requestBody')),
    when(call('longerThan', name('body'), number(LONGEST.change)), refuse),
    assign('root', call('parse', name('body'))),
    when(not(call('isObject', root)), refuse),
    assign('operation', call('operation')),
    assign('role', kept(KEPT.role)),
    ...operations
      .filter(({ kind }) => kind === 'alter')
      .map(({ id, record, roles }) =>
        when(
          equals(name('operation'), text(id)),
          ...(roles as readonly R[]).map((role) => when(equals(name('role'), text(role)), ...alters(catalogue, record, role))),
        ),
      ),
    refuse,
  ];
}

function alters<R extends string>(catalogue: FieldCatalogue<R>, record: string, role: R): readonly Statement[] {
  const type = catalogue.records[record] as RecordType<R>;
  const { alters: fields } = fieldViewOf(catalogue, record, role);
  const binding = [type.case ?? type.key, type.assignee, type.listedBy];
  const value = name('value');
  return [
    { each: 'key', in: call('keys', name('root')), do: [when(not(isOneOf(name('key'), fields)), answer(REFUSED))] },
    assign('change', call('object')),
    ...fields.map((field) => {
      const definition = type.fields[field] as RecordType<R>['fields'][string];
      const emptied = call('isNull', value);
      const empty = both(call('isText', value), equals(call('textOf', value), text('')));
      const allowed = binding.includes(field) ? both(fits(definition, value), not(empty)) : anyOf([emptied, fits(definition, value)]);
      return {
        scope: [
          assign('value', call('field', name('root'), text(field))),
          when(call('isPresent', value), when(not(allowed), answer(REFUSED)), { put: 'change', key: field, be: value }),
        ],
      };
    }),
    when(call('isEmpty', name('change')), answer(REFUSED)),
    answer(call('json', name('change'))),
  ];
}
