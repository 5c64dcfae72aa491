import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csharp, csharpOf, literal, type Program, text } from '../constructs/azure/edge-api-expression';
import {
  ADMITTED,
  addressProgram,
  admissionProgram,
  answerProgram,
  caseProgram,
  changeProgram,
  KEPT,
  LONGEST,
  limitProgram,
  NOT_FOUND,
  operationsOf,
  REFUSED,
  roleProgram,
} from '../constructs/azure/edge-api-filter';
import { type CaseRole, fieldCatalogue, fieldViewOf, MASKS, type Mask, masked } from '../constructs/fields';
import { CASE_FIELDS } from '../stacks/fields';
import { execute, type World } from './support/expression-runtime';

/** The real catalogue of case management, and one in which every mask and every kind of value stands. */
const EVERY_KIND = fieldCatalogue({
  roles: ['reader', 'veiled'],
  records: {
    Thing: {
      key: 'id',
      listedBy: 'team',
      reach: { reader: 'all', veiled: 'all' },
      purposes: ['work'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['reader', 'veiled'] },
        team: { sensitivity: 'internal', read: ['reader'] },
        amount: { type: 'decimal', sensitivity: 'internal', read: ['reader'], alter: ['reader'] },
        open: { type: 'boolean', sensitivity: 'internal', read: ['reader'] },
        words: { list: true, sensitivity: 'internal', read: ['reader'], alter: ['reader'] },
        code: { sensitivity: 'restricted', masked: { veiled: 'everything' } },
        phone: { type: 'phone', sensitivity: 'restricted', masked: { veiled: 'lastFour' } },
        person: { sensitivity: 'restricted', masked: { veiled: 'initial' } },
        mail: { type: 'email', sensitivity: 'restricted', masked: { veiled: 'domain' } },
        birthday: { type: 'date', sensitivity: 'restricted', masked: { veiled: 'year' } },
        secret: { sensitivity: 'restricted' },
      },
    },
  },
});
const OPERATIONS = operationsOf(CASE_FIELDS);
const ANSWER = answerProgram(CASE_FIELDS, OPERATIONS, 25);
const THINGS = operationsOf(EVERY_KIND);
const ANSWER_THINGS = answerProgram(EVERY_KIND, THINGS, 2);

const asking = (role: string, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  [KEPT.role]: role,
  [KEPT.purpose]: 'resolveCase',
  [KEPT.who]: 'me',
  [KEPT.case]: 'c1',
  [KEPT.record]: 'c1',
  ...more,
});
const answered = (operation: string, body: unknown, variables: Readonly<Record<string, string>>, more: Partial<World> = {}) =>
  execute(ANSWER, {
    operation,
    variables,
    responseBody: typeof body === 'string' ? body : JSON.stringify(body),
    contentType: 'application/json; charset=utf-8',
    ...more,
  });
const things = (role: string, body: unknown, operation = 'thing') =>
  execute(ANSWER_THINGS, {
    operation,
    variables: asking(role, { [KEPT.record]: 't1', [KEPT.purpose]: 'work' }),
    responseBody: JSON.stringify(body),
    contentType: 'application/json',
  });

const CASE = {
  id: 'c1',
  assignee: 'me',
  team: 'north',
  status: 'open',
  subject: 'It fails',
  description: 'Long story',
  diagnosis: 'A bug',
  customerName: 'Ada Lovelace',
  customerMail: 'ada@example.com',
  customerPhone: '+49 30 901820',
  deleteAfter: 1_800_000_000,
  somethingNew: { nobody: 'listed it' },
};

describe('what the gateway returns of a record', () => {
  it('is what the role reads, masked where the catalogue says so, and nothing that nobody listed', () => {
    expect(JSON.parse(answered('case', CASE, asking('agent')))).toEqual({
      id: 'c1',
      team: 'north',
      status: 'open',
      subject: 'It fails',
      description: 'Long story',
      customerName: 'Ada Lovelace',
      customerMail: '•••@example.com',
      customerPhone: '•••1820',
    });
    expect(JSON.parse(answered('case', CASE, asking('supportEngineer')))).toEqual({
      id: 'c1',
      status: 'open',
      subject: 'It fails',
      description: 'Long story',
      diagnosis: 'A bug',
      customerName: 'A•••',
    });
  });

  it('is less for a purpose that a field is not returned for', () => {
    const seen = JSON.parse(answered('case', CASE, asking('agent', { [KEPT.purpose]: 'overseeWork' })));
    expect(Object.keys(seen)).not.toContain('subject');
    expect(JSON.parse(answered('case', CASE, asking('supervisor', { [KEPT.purpose]: 'overseeWork' })))).toMatchObject({ assignee: 'me' });
  });

  it('is nothing for a record of somebody else, of another case, or another one than was asked for', () => {
    expect(answered('case', { ...CASE, assignee: 'somebody' }, asking('agent'))).toBe(NOT_FOUND);
    expect(answered('case', { ...CASE, assignee: undefined }, asking('agent'))).toBe(NOT_FOUND);
    expect(answered('case', { ...CASE, id: 'c2' }, asking('supervisor'))).toBe(NOT_FOUND);
    const message = { id: 'm1', caseId: 'c2', text: 'Hello' };
    expect(answered('message', message, asking('supportEngineer', { [KEPT.record]: 'm1' }))).toBe(NOT_FOUND);
    expect(answered('message', { ...message, caseId: 'c1' }, asking('supportEngineer', { [KEPT.record]: 'm1' }))).toContain('Hello');
  });

  it('is refused for a role, an operation or a record that there is not', () => {
    expect(answered('case', CASE, asking(''))).toBe(REFUSED);
    expect(answered('case', CASE, asking('administrator'))).toBe(REFUSED);
    expect(answered('message', { id: 'm1' }, asking('supervisor'))).toBe(REFUSED);
    expect(answered('exportEverything', CASE, asking('agent'))).toBe(REFUSED);
  });

  it('is refused where the answer is no JSON object, or is too long', () => {
    for (const body of ['[]', '"text"', '1', 'null', 'true', JSON.stringify([CASE])])
      expect(answered('case', body, asking('agent')), body).toBe(REFUSED);
    expect(answered('case', CASE, asking('agent'), { contentType: 'text/html' })).toBe(REFUSED);
    expect(answered('case', CASE, asking('agent'), { contentType: '' })).toBe(REFUSED);
    expect(answered('case', { ...CASE, subject: 'x'.repeat(LONGEST.answer) }, asking('agent'))).toBe(REFUSED);
    // What cannot be parsed is an error of the gateway, whose answer is written in on-error.
    expect(() => answered('case', '<html>', asking('agent'))).toThrow();
    expect(() => answered('case', '', asking('agent'))).toThrow();
  });

  it('drops a value of another type than the field: an object in its place could carry what nobody listed', () => {
    const seen = JSON.parse(things('reader', { id: 't1', team: { all: 'of it' }, amount: '1', open: 'yes', words: ['a', { b: 1 }] }));
    expect(seen).toEqual({ id: 't1' });
    expect(JSON.parse(things('reader', { id: 't1', team: 'x', amount: 1.5, open: false, words: ['a', 'b'] }))).toEqual({
      id: 't1',
      team: 'x',
      amount: 1.5,
      open: false,
      words: ['a', 'b'],
    });
  });

  it('masks as the catalogue does, whatever the value is', () => {
    const mask: Readonly<Record<string, Mask>> = fieldViewOf(EVERY_KIND, 'Thing', 'veiled').masked;
    expect(new Set(Object.values(mask))).toEqual(new Set(MASKS));
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(mask)),
        fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.jsonValue()),
        (field, value) => {
          const seen = JSON.parse(things('veiled', { id: 't1', [field]: value }));
          const expected = masked(value, mask[field] as Mask);
          expect(seen).toEqual(expected === null ? { id: 't1' } : { id: 't1', [field]: JSON.parse(JSON.stringify(expected)) });
        },
      ),
      { numRuns: 80 },
    );
  });

  it('never holds a field outside the view of the role, whatever the backend answers', () => {
    const fields = Object.keys(CASE_FIELDS.records.Case?.fields ?? {});
    const hostile = fc.dictionary(fc.oneof(fc.constantFrom(...fields, '__proto__', 'constructor'), fc.string()), fc.jsonValue());
    fc.assert(
      fc.property(hostile, fc.constantFrom<CaseRole>('agent', 'supportEngineer', 'supervisor'), (record, role) => {
        const result = answered('case', { ...record, id: 'c1', assignee: 'me' }, asking(role));
        const { masked: veiled, reads } = fieldViewOf(CASE_FIELDS, 'Case', role);
        for (const [field, value] of Object.entries(JSON.parse(result))) {
          expect([...reads, ...Object.keys(veiled)]).toContain(field);
          expect(['string', 'number', 'boolean']).toContain(typeof value);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what the gateway returns of a list', () => {
  it('is a page, each record cut down, and only those that the role reaches', () => {
    const items = [CASE, { ...CASE, id: 'c2', assignee: 'somebody' }, { ...CASE, id: 'c3' }];
    const page = JSON.parse(answered('casePage', { items, nextToken: 'abc', total: 3, secrets: [] }, asking('agent')));
    expect(page.items.map(({ id }: { id: string }) => id)).toEqual(['c1', 'c3']);
    expect(Object.keys(page)).toEqual(['items', 'nextToken']);
    expect(page.items[0]).not.toHaveProperty('somethingNew');
  });

  it('is never longer than a page', () => {
    const items = [1, 2, 3].map((index) => ({ id: `t${index}` }));
    expect(JSON.parse(things('reader', { items }, 'thingPage')).items).toHaveLength(2);
  });

  it('is refused where it is no list of records', () => {
    expect(answered('casePage', CASE, asking('agent'))).toBe(REFUSED);
    expect(answered('casePage', { items: [CASE, 'text'] }, asking('agent'))).toBe(REFUSED);
    expect(answered('casePage', [CASE], asking('agent'))).toBe(REFUSED);
    expect(JSON.parse(answered('casePage', { items: [], nextToken: { cursor: 1 } }, asking('agent')))).toEqual({ items: [] });
  });
});

describe('what the gateway lets be altered', () => {
  const change = changeProgram(CASE_FIELDS, OPERATIONS);
  const altered = (body: unknown, role: string, operation = 'alterCase') =>
    execute(change, { operation, requestBody: typeof body === 'string' ? body : JSON.stringify(body), variables: asking(role) });

  it('is fields of the role, rebuilt from what was checked', () => {
    expect(altered('{"status":"closed", "status":"open"}', 'agent')).toBe('{"status":"open"}');
    expect(altered({ diagnosis: null }, 'supportEngineer')).toBe('{"diagnosis":null}');
  });

  it('is nothing where one field is not of the role, of its type, or of the API', () => {
    for (const body of [{ status: 'x', priority: 'high' }, { customerName: 'x' }, { unknown: 1 }, { status: { $ne: 1 } }, {}, [], 'null'])
      expect(altered(body, 'agent'), JSON.stringify(body)).toBe(REFUSED);
    expect(altered({ status: 'x' }, 'supervisor')).toBe(REFUSED);
    expect(altered({ status: 'x' }, 'agent', 'alterMessage')).toBe(REFUSED);
    expect(altered({ status: 'x'.repeat(LONGEST.change) }, 'agent')).toBe(REFUSED);
  });

  it('keeps who a record belongs to from being emptied', () => {
    expect(altered({ assignee: '' }, 'supervisor')).toBe(REFUSED);
    expect(altered({ assignee: null }, 'supervisor')).toBe(REFUSED);
    expect(altered({ assignee: 'you' }, 'supervisor')).toBe('{"assignee":"you"}');
  });

  it('answers with the id only, whatever the backend says', () => {
    expect(answered('alterCase', { ...CASE, everything: true }, asking('agent'))).toBe('{"id":"c1"}');
  });
});

describe('who is let in', () => {
  const role = roleProgram(CASE_FIELDS.roles, (each) => (each === 'agent' ? 'Cases.Agent' : each));
  const whoIs = (roles: readonly string[], oid: readonly string[] = ['me']) => execute(role, { claims: { oid, roles } });

  it('is a person with exactly one role of the closed set', () => {
    expect(whoIs(['Cases.Agent', 'unrelated'])).toBe('agent');
    expect(whoIs(['agent'])).toBe('');
    expect(whoIs(['Cases.Agent', 'supervisor'])).toBe('');
    expect(whoIs(['Cases.Agent,supervisor'])).toBe('');
    expect(execute(role, { claims: { roles: ['supervisor'] } })).toBe('');
  });

  const admitted = (operation: string, variables: Readonly<Record<string, string>>, more: Partial<World> = {}) =>
    execute(admissionProgram(CASE_FIELDS, OPERATIONS), { operation, variables, matched: { id: 'c1' }, ...more });

  it('asks what the role may ask, for a purpose of the record, about an id', () => {
    expect(admitted('case', asking('agent'))).toBe(ADMITTED);
    expect(admitted('message', asking('supervisor'))).toBe('Forbidden');
    expect(admitted('casePage', asking('supportEngineer'), { matched: {} })).toBe('Forbidden');
    expect(admitted('case', asking('agent', { [KEPT.purpose]: 'curiosity' }))).toBe('PurposeRefused');
    expect(admitted('case', asking('agent', { [KEPT.purpose]: '' }))).toBe('PurposeRefused');
    for (const id of ['..', 'a/b', 'a%2fb', '', 'a b', 'x'.repeat(129), 'a\n'])
      expect(admitted('case', asking('agent'), { matched: { id } }), id).toBe('BadRequest');
    expect(admitted('somethingElse', asking('agent'))).toBe(NOT_FOUND);
  });

  it('names the case that a record belongs to, and how a list is cut', () => {
    expect(admitted('message', asking('agent', { [KEPT.case]: '' }))).toBe('BadRequest');
    expect(admitted('casePage', asking('supervisor'), { query: {} })).toBe('BadRequest');
    expect(admitted('casePage', asking('supervisor'), { query: { team: 'north' } })).toBe(ADMITTED);
    for (const query of [{ limit: '-1' }, { limit: '99999' }, { limit: '1e3' }, { nextToken: 'a b' }] as Record<string, string>[])
      expect(admitted('casePage', asking('agent'), { query }), JSON.stringify(query)).toBe('BadRequest');
  });

  it('is asked of the backend by what was checked, in pages', () => {
    const address = (operation: string) => execute(addressProgram(OPERATIONS), { operation, variables: asking('agent') });
    expect([address('case'), address('casePage'), address('alterCase'), address('other')]).toEqual(['/case/c1', '/case', '/case/c1', '/']);
    const limit = (asked?: string) => execute(limitProgram(25), { query: asked === undefined ? {} : { limit: asked } });
    expect([limit(), limit('10'), limit('25'), limit('9999'), limit('all')]).toEqual(['25', '10', '25', '25', '25']);
    const ofCase = (operation: string, header: string) =>
      execute(caseProgram(CASE_FIELDS, OPERATIONS), { operation, matched: { id: 'c1' }, headers: { 'Palisade-Case': header } });
    expect([ofCase('case', 'c9'), ofCase('message', 'c9'), ofCase('message', 'c9,c8')]).toEqual(['c1', 'c9', '']);
  });
});

/** The blocks of printed C#: `if (condition) { … }` and the like, with what stands directly in them. */
interface Block {
  readonly head: string;
  readonly blocks: Block[];
  text: string;
}

function blocksOf(code: string): Block {
  const root: Block = { head: '', blocks: [], text: '' };
  const open: Block[] = [root];
  let inText = false;
  let head = '';
  for (let index = 0; index < code.length; index += 1) {
    const character = code[index] as string;
    const current = open.at(-1) as Block;
    if (character === '"' && code[index - 1] !== '\\') inText = !inText;
    if (!inText && character === '{') {
      const block: Block = { head: head.trim(), blocks: [], text: '' };
      current.blocks.push(block);
      open.push(block);
      head = '';
    } else if (!inText && character === '}') {
      open.pop();
      head = '';
    } else {
      current.text += character;
      head = !inText && character === ';' ? '' : head + character;
    }
  }
  expect(open).toHaveLength(1);
  expect(inText).toBe(false);
  return root;
}

const insideOf = (block: Block, head: string): Block[] => [
  ...block.blocks.filter((each) => each.head === head),
  ...block.blocks.filter((each) => each.head !== head).flatMap((each) => insideOf(each, head)),
];
const allText = (block: Block): string => [block.text, ...block.blocks.map(allText)].join('\n');

describe('the C# that is printed from the same tree', () => {
  const PROGRAMS: Readonly<Record<string, Program>> = {
    answer: ANSWER,
    things: ANSWER_THINGS,
    change: changeProgram(CASE_FIELDS, OPERATIONS),
    admission: admissionProgram(CASE_FIELDS, OPERATIONS),
    role: roleProgram(CASE_FIELDS.roles, (role) => role),
    case: caseProgram(CASE_FIELDS, OPERATIONS),
    address: addressProgram(OPERATIONS),
    limit: limitProgram(25),
  };

  it.each(Object.entries(PROGRAMS))('of %s stands on one line, closes what it opens, and ends in an answer', (_, program) => {
    const code = csharp(program);
    expect(code).not.toMatch(/[\n\r]|\{\{|\}\}/);
    expect(code).toMatch(/return [^;]+; \}$/);
    blocksOf(code);
  });

  it.each(Object.entries(PROGRAMS))('of %s names only what the gateway allows in expressions', (_, program) => {
    const outside = csharp(program).replace(/"(?:\\.|[^"\\])*"/g, '""');
    const words = new Set(outside.match(/[A-Za-z_][A-Za-z0-9_]*/g));
    const language = ['if', 'return', 'var', 'foreach', 'in', 'new', 'null', 'string', 'true', 'int'];
    const types = 'JObject JArray JToken JTokenType Newtonsoft Json Formatting Regex Jwt'.split(' ');
    const members =
      'context Request Response Variables Operation Id StatusCode Headers Query OriginalUrl MatchedParameters Claims Body As GetValueOrDefault ContainsKey Contains Parse ToString None Type String Date Null Object Array Integer Float Boolean Properties Select Name Count Take All Add Trim Length Substring Split IsMatch ToLowerInvariant StartsWith'.split(
        ' ',
      );
    const ours =
      'operation altered body root role purpose who ofCase item seen value whole items page result next key change asked property one'.split(
        ' ',
      );
    expect([...words].filter((word) => ![...language, ...types, ...members, ...ours].includes(word))).toEqual([]);
  });

  it('returns to each role the fields of the catalogue, record by record', () => {
    const root = blocksOf(csharp(ANSWER));
    const quoted = (value: string) => `"${value}"`;
    for (const operation of OPERATIONS.filter(({ kind }) => kind !== 'alter')) {
      const [block, ...others] = insideOf(root, `if ((operation == ${quoted(operation.id)}))`);
      expect(others).toEqual([]);
      for (const role of CASE_FIELDS.roles) {
        const [own] = block ? insideOf(block, `if ((role == ${quoted(role)}))`) : [];
        const put = own ? [...allText(own).matchAll(/seen\["([A-Za-z0-9]+)"\] =/g)].map(([, field]) => field) : [];
        const view = fieldViewOf(CASE_FIELDS, operation.record, role);
        const expected = operation.roles.includes(role) ? [...view.reads, ...Object.keys(view.masked)] : [];
        expect([...new Set(put)].sort(), `${operation.id} ${role}`).toEqual([...expected].sort());
      }
    }
  });

  it('masks each field by its mask', () => {
    const code = csharp(ANSWER_THINGS);
    const hidden = '"\\u2022\\u2022\\u2022"';
    for (const put of [
      `seen["code"] = ${hidden};`,
      `seen["phone"] = ((whole.Length > 7) ? (${hidden} + whole.Substring(whole.Length - 4)) : ${hidden});`,
      `seen["person"] = ((whole.Length > 1) ? (whole.Substring(0, 1) + ${hidden}) : ${hidden});`,
      `seen["mail"] = ((whole.Split("\\u0040"[0]).Length == 2) ? ("\\u2022\\u2022\\u2022\\u0040" + whole.Split("\\u0040"[0])[1]) : ${hidden});`,
      `seen["birthday"] = (((whole.Length > 9) && (whole.Split("-"[0])[0].Length == 4)) ? whole.Substring(0, 4) : ${hidden});`,
    ])
      expect(code).toContain(put);
    expect(code).not.toContain('"secret"');
  });

  it('writes texts so that neither C#, nor XML, nor the gateway reads anything else in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const code = literal(value);
        expect(code).toMatch(/^"[A-Za-z0-9 _.,:#/\\-]*"$/);
        expect(JSON.parse(code)).toBe(value);
      }),
    );
    expect(csharpOf(text('{{secret}} <b> "'))).toBe('@("\\u007b\\u007bsecret\\u007d\\u007d \\u003cb\\u003e \\u0022")');
  });

  it('has no name for a variable that is not plain', () => {
    expect(() => csharp([{ let: 'x; System.IO', be: text('') }])).toThrow('is no name of a variable');
  });
});
