import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_ROLES, type CaseRole, type Field, fieldCatalogue, fieldViewOf, MASKS, masked, type RecordType } from '../constructs/fields';

const record = (changes: Partial<RecordType> = {}, fields: RecordType['fields'] = {}): RecordType => ({
  key: 'id',
  assignee: 'assignee',
  reach: { agent: 'assigned', supportEngineer: 'granted', supervisor: 'all' },
  purposes: ['resolveCase', 'overseeWork'],
  fields: {
    id: { type: 'id', sensitivity: 'internal', read: [...CASE_ROLES] },
    assignee: { sensitivity: 'internal', read: ['supervisor'], alter: ['supervisor'] },
    subject: { sensitivity: 'confidential', read: ['agent'], alter: ['agent'] },
    phone: { type: 'phone', sensitivity: 'confidential', masked: { agent: 'lastFour' } },
    secret: { sensitivity: 'restricted' },
    ...fields,
  },
  ...changes,
});
const of = (Case: RecordType) => fieldCatalogue({ records: { Case } });

describe('a field catalogue', () => {
  it('gives each role what names it, and nothing else', () => {
    const catalogue = of(record());
    expect(fieldViewOf(catalogue, 'Case', 'agent')).toEqual({
      reach: 'assigned',
      reads: ['id', 'subject'],
      masked: { phone: 'lastFour' },
      alters: ['subject'],
    });
    expect(fieldViewOf(catalogue, 'Case', 'supportEngineer')).toEqual({ reach: 'granted', reads: ['id'], masked: {}, alters: [] });
    expect(fieldViewOf(catalogue, 'Case', 'supervisor').alters).toEqual(['assignee']);
  });

  it('gives nothing to a role that reaches no record', () => {
    const catalogue = fieldCatalogue({
      records: {
        Note: {
          key: 'id',
          reach: { supervisor: 'all' },
          purposes: ['x'],
          fields: { id: { type: 'id', sensitivity: 'internal', read: ['supervisor'] } },
        },
      },
    });
    expect(fieldViewOf(catalogue, 'Note', 'agent')).toEqual({ reach: undefined, reads: [], masked: {}, alters: [] });
  });

  it('takes other closed roles than those of case management', () => {
    const catalogue = fieldCatalogue({
      roles: ['consultant', 'partner'],
      records: {
        Report: {
          key: 'id',
          reach: { partner: 'all' },
          purposes: ['review'],
          fields: { id: { type: 'id', sensitivity: 'internal', read: ['partner'] } },
        },
      },
    });
    expect(fieldViewOf(catalogue, 'Report', 'partner').reads).toEqual(['id']);
    expect(() => fieldViewOf(catalogue, 'Report', 'agent' as 'partner')).toThrow(/no role "agent"; write one of consultant, partner/);
  });

  const field = (changes: Partial<Field>) => record({}, { extra: { sensitivity: 'internal', ...changes } });
  it.each<[string, RecordType, RegExp]>([
    ['a key that is no field', record({ key: 'number' }), /Case: key is "number", which is none of its fields/],
    ['a key that is no id', record({ key: 'subject' }), /subject is the key; its type has to be id/],
    [
      'a key that somebody may alter',
      record({}, { id: { type: 'id', sensitivity: 'internal', read: [...CASE_ROLES], alter: ['agent'] } }),
      /nobody may alter it/,
    ],
    ['assigned records without an assignee', record({ assignee: undefined as never }), /agent reaches what is assigned; name the field/],
    ['an assignee that is no field', record({ assignee: 'owner' }), /assignee is "owner", which is none of its fields/],
    [
      'a role that may not read the key',
      record({}, { id: { type: 'id', sensitivity: 'internal', read: ['agent'] } }),
      /may not read; add it to read of id/,
    ],
    ['no purpose', record({ purposes: [] }), /purposes is empty/],
    ['a purpose that is no name', record({ purposes: ['resolve the case'] }), /purpose "resolve the case" is no name/],
    [
      'a reach that does not exist',
      record({ reach: { agent: 'every' as never } }),
      /reach of agent is "every"; write one of assigned, granted, all/,
    ],
    ['a role that does not exist', field({ read: ['admin' as CaseRole] }), /Case.extra: read names "admin", which is none of the roles/],
    [
      'a role in read and in masked',
      field({ read: ['agent'], masked: { agent: 'everything' } }),
      /agent stands in read and in masked; keep one/,
    ],
    ['a mask that does not exist', field({ masked: { agent: 'half' as never } }), /masked for agent is "half"; write one of everything/],
    ['a mask that does not fit', field({ type: 'integer', masked: { agent: 'year' } }), /does not fit integer; write one of none/],
    ['a sensitivity that is missing', field({ sensitivity: undefined as never }), /sensitivity is missing; write one of public/],
    [
      'a purpose that its record does not have',
      field({ purposes: ['marketing'] }),
      /purposes names "marketing", which is none of its record/,
    ],
    [
      'a name that breaks out of the schema',
      record({}, { 'a: String } type X { b': { sensitivity: 'internal' } }),
      /is no name of a field/,
    ],
    [
      'somebody bound to a case who may rewrite which case it is',
      record({ case: 'parent' }, { parent: { sensitivity: 'internal', alter: ['supportEngineer'] } }),
      /is bound to a case and may alter parent/,
    ],
    ['a list that binds', record({}, { assignee: { sensitivity: 'internal', list: true } }), /assignee binds records.*cannot be a list/],
    [
      'a role that reaches no such record',
      record({ reach: { agent: 'assigned' } }, { assignee: { sensitivity: 'internal', alter: ['supervisor'] } }),
      /names (supervisor|supportEngineer), which reaches no such record/,
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => of(wrong)).toThrow(message);
    expect(() => of(wrong)).toThrow(/^field catalogue: Case[^\n]*\(FLS-01\)$/);
  });

  const OVERSEEN: RecordType['fields'] = {
    id: { type: 'id', sensitivity: 'internal', read: ['supervisor'] },
    subject: { sensitivity: 'internal' },
    phone: { sensitivity: 'internal' },
  };
  const within = (changes: Partial<RecordType> = {}, parent: RecordType = record()) => {
    const { assignee: _, ...reply } = record({ case: 'parent', within: 'Case', ...changes }, { parent: { sensitivity: 'internal' } });
    return fieldCatalogue({ records: { Case: parent, Reply: { ...reply, ...changes } } });
  };

  it('takes from a case who is assigned to what is in it', () => {
    expect(fieldViewOf(within(), 'Reply', 'agent').reach).toBe('assigned');
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a case that is no record', () => within({ within: 'Folder' }), /within is "Folder"; write another kind of record: Case, Reply/],
    ['a record within itself', () => within({ within: 'Reply' }), /within is "Reply"; write another kind/],
    ['no field that names the case', () => within({ case: 'id' }), /within needs case, the field that names the Case/],
    ['an assignee of its own', () => within({ assignee: 'assignee' }), /assignee and within exclude each other/],
    ['a list of its own', () => within({ listedBy: 'subject' }), /listedBy and within exclude each other/],
    [
      'a case without an assignee',
      () => within({}, { ...record({ reach: { supervisor: 'all' } }, OVERSEEN), assignee: undefined as never }),
      /a role reaches what is assigned; Case has to name its assignee/,
    ],
    [
      'an agent who moves it to another case',
      () => within({ fields: { ...record().fields, parent: { sensitivity: 'internal', alter: ['agent'] } } }),
      /agent is bound to a case and may alter parent/,
    ],
  ])('refuses, of records within a case, %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('refuses names that its API uses itself, and catalogues of nothing', () => {
    expect(() => fieldCatalogue({ records: { Query: record() } })).toThrow(/Query: is a name that the API uses itself/);
    expect(() => fieldCatalogue({ records: {} })).toThrow(/records is empty/);
    expect(() => fieldCatalogue<CaseRole>({ roles: [], records: { Case: record() } })).toThrow(/roles is empty/);
  });

  it('refuses records that it does not have', () => {
    expect(() => fieldViewOf(of(record()), 'toString', 'agent')).toThrow(/there is no record "toString"; write one of Case/);
  });
});

const roles = fc.subarray([...CASE_ROLES]);
const anyField: fc.Arbitrary<Field> = fc.record(
  {
    sensitivity: fc.constantFrom('public' as const, 'internal' as const, 'confidential' as const, 'restricted' as const),
    read: roles,
    alter: roles,
  },
  { requiredKeys: ['sensitivity'] },
);
const anyRecord = fc
  .dictionary(fc.stringMatching(/^[a-z][A-Za-z0-9]{0,8}$/), anyField, { maxKeys: 12 })
  .map((fields) => record({}, Object.fromEntries(Object.entries(fields).filter(([name]) => !['id', 'assignee'].includes(name)))));

describe('whatever the catalogue says', () => {
  it('a field without a reader is in no view of any role', () => {
    fc.assert(
      fc.property(anyRecord, (wanted) => {
        const catalogue = of(wanted);
        for (const [name, { read, masked: veiled }] of Object.entries(wanted.fields)) {
          if (read?.length || veiled) continue;
          for (const role of CASE_ROLES) {
            const view = fieldViewOf(catalogue, 'Case', role);
            expect([...view.reads, ...Object.keys(view.masked)]).not.toContain(name);
          }
        }
      }),
    );
  });

  it('reading never implies altering: without any alter, nobody alters anything', () => {
    fc.assert(
      fc.property(anyRecord, (wanted) => {
        const fields = Object.fromEntries(Object.entries(wanted.fields).map(([name, { alter: _, ...rest }]) => [name, rest]));
        const catalogue = of({ ...wanted, fields });
        for (const role of CASE_ROLES) expect(fieldViewOf(catalogue, 'Case', role).alters).toEqual([]);
      }),
    );
  });

  it('a role alters a field exactly where the field names it', () => {
    fc.assert(
      fc.property(anyRecord, (wanted) => {
        const catalogue = of(wanted);
        for (const role of CASE_ROLES)
          for (const [name, { alter }] of Object.entries(wanted.fields))
            expect(fieldViewOf(catalogue, 'Case', role).alters.includes(name)).toBe(alter?.includes(role) ?? false);
      }),
    );
  });

  it('a masked value never holds the whole of what it hides', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...MASKS), (value, mask) => {
        fc.pre(!value.includes('•'));
        expect(masked(value, mask)).not.toBe(value);
      }),
    );
  });
});

describe('a masked value', () => {
  it.each([
    ['+49 30 901820', 'lastFour', '•••1820'],
    ['1234567', 'lastFour', '•••'],
    ['Miriam', 'initial', 'M•••'],
    ['M', 'initial', '•••'],
    ['miriam@example.com', 'domain', '•••@example.com'],
    ['not a mail address', 'domain', '•••'],
    ['1984-05-01', 'year', '1984'],
    ['84', 'year', '•••'],
    [42, 'lastFour', '•••'],
    [null, 'everything', null],
  ] as const)('of %s by %s is %s', (value, mask, seen) => {
    expect(masked(value, mask)).toBe(seen);
  });
});
