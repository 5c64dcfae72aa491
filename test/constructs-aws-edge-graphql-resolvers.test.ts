import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acknowledge, beginningOfGrant, endAccess, grantAccess, showNotice } from '../constructs/aws/edge-graphql-access';
import { ACKNOWLEDGED_SECONDS, knowledgeOf } from '../constructs/aws/edge-graphql-knowledge';
import {
  alter,
  assignmentCheck,
  beginning,
  grantCheck,
  noticeCheck,
  readOne,
  readPage,
  recordReads,
} from '../constructs/aws/edge-graphql-resolvers';
import { CASE_ROLES, fieldCatalogue, fieldViewOf, MASKS, masked } from '../constructs/fields';
import { type Answer, type Loose, load, typed, unsupportedIn } from './support/appsync-runtime';
import { CASE_CATALOGUE, NOTICE } from './support/case-catalogue';

const NOW = 1_800_000_000;
const CASE = knowledgeOf(CASE_CATALOGUE, 'Case', 25);
const NOTE = knowledgeOf(CASE_CATALOGUE, 'Note', 25);
/** Replies are in a case: who is assigned to it reaches and alters them. */
const REPLY = knowledgeOf(
  fieldCatalogue({
    records: {
      Case: {
        key: 'number',
        assignee: 'owner',
        reach: { agent: 'assigned' },
        purposes: ['resolveCase'],
        fields: { number: { type: 'id', sensitivity: 'internal', read: ['agent'] }, owner: { sensitivity: 'internal' } },
      },
      Reply: {
        key: 'id',
        case: 'caseId',
        within: 'Case',
        reach: { agent: 'assigned', supportEngineer: 'granted' },
        purposes: ['resolveCase'],
        fields: {
          id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
          caseId: { type: 'id', sensitivity: 'internal' },
          text: { sensitivity: 'confidential', read: ['agent', 'supportEngineer'], alter: ['agent'] },
        },
      },
    },
  }),
  'Reply',
  25,
);
const ENV = { ACCESS_TABLE: 'access', AUDIT_TABLE: 'audit', TABLE_Case: 'cases', TABLE_Note: 'notes' };
const run = (code: string) => load(code, { now: NOW });

const person = (groups: unknown = ['agent'], sub = 'p1') => ({ sub, username: 'mia', groups, sourceIp: ['198.51.100.7'] });
const context = (changes: object = {}) => ({
  identity: person(),
  args: { id: 'c1', purpose: 'resolveCase' },
  stash: {} as Loose,
  prev: { result: {} },
  env: ENV,
  request: { headers: { 'x-amzn-requestid': 'r1' } },
  result: null,
  ...changes,
});
const stash = (role: string, more: object = {}) => ({
  role,
  reach: (CASE.views[role] as { reach: string }).reach,
  purpose: 'resolveCase',
  record: 'c1',
  case: 'c1',
  ...more,
});
const refused = (answer: Answer) => (answer.kind === 'error' ? answer.type : `${answer.kind} ${JSON.stringify(answer.value)}`);
const answered = (answer: Answer): Loose => {
  if (answer.kind === 'error') throw new Error(`${answer.type}: ${answer.message}`);
  return answer.value;
};

const EVERY_PIECE = {
  beginning: beginning(CASE),
  noticeCheck: noticeCheck(NOTICE),
  grantCheck: grantCheck(),
  readOne: readOne(CASE),
  readPage: readPage(CASE),
  assignmentCheck: assignmentCheck(REPLY),
  readOneWithin: readOne(REPLY),
  readPageWithin: readPage(REPLY),
  alterWithin: alter(REPLY),
  recordReads: recordReads(CASE),
  alter: alter(CASE),
  showNotice: showNotice(NOTICE, CASE_ROLES),
  acknowledge: acknowledge(NOTICE, CASE_ROLES),
  beginningOfGrant: beginningOfGrant(['supervisor'], CASE_ROLES),
  grantAccess: grantAccess(['resolveCase']),
  endAccess: endAccess(),
};

describe('resolver code', () => {
  it.each(Object.entries(EVERY_PIECE))('uses nothing that AppSync does not have: %s', (_, code) => {
    expect(unsupportedIn(code)).toEqual([]);
    expect(code.length).toBeLessThan(32_000);
    expect(code).toMatch(/^import \{ runtime, util \} from '@aws-appsync\/utils';/);
  });

  it('is told apart from code that AppSync refuses', () => {
    expect(unsupportedIn('for (let i = 0; i < 3; i++) { new Date(); }')).toEqual([
      'counting loops',
      '++ and --',
      'classes',
      'clock, console and the like',
    ]);
    expect(unsupportedIn('try { throw 1; } while (x) {} a = /b/g; if ("a" in b) {}')).toEqual([
      'try',
      'throw',
      'while',
      'regular expressions',
      'in',
    ]);
  });
});

describe('the beginning of a request', () => {
  const { request } = run(EVERY_PIECE.beginning);

  it('notes role, reach, purpose and case', () => {
    const ctx = context();
    request(ctx);
    expect(ctx.stash).toEqual({ role: 'agent', reach: 'assigned', purpose: 'resolveCase', record: 'c1', case: 'c1' });
  });

  it.each([
    ['nobody', undefined],
    ['a role of IAM', { accountId: '111122223333', userArn: 'arn:aws:sts::111122223333:assumed-role/x/y' }],
    ['a person in no group', person(null)],
    ['a person in another group', person(['admin'])],
    ['a person in a group that sounds alike', person(['Agent', 'agents', '__proto__', 'constructor'])],
    ['a person with two roles', person(['agent', 'supervisor'])],
    ['a person without a subject', { ...person(), sub: '' }],
    ['groups that are one text', person('agentsupervisor')],
  ])('refuses %s', (_, identity) => {
    expect(refused(request(context({ identity })))).toBe('Unauthorized');
  });

  it('refuses a role that reaches no such record', () => {
    expect(refused(run(beginning(NOTE)).request(context()))).toBe('Unauthorized');
  });

  it.each(['marketing', '', undefined, 'toString', ['resolveCase']])('refuses the purpose %s', (purpose) => {
    expect(refused(request(context({ args: { id: 'c1', purpose } })))).toBe('PurposeRefused');
  });

  it('takes the case of a note from the question, since a grant is bound to it', () => {
    const ctx = context({ identity: person(['supportEngineer']), args: { id: 'n1', case: 'c7', purpose: 'resolveCase' } });
    run(beginning(NOTE)).request(ctx);
    expect(ctx.stash).toMatchObject({ record: 'n1', case: 'c7' });
  });
});

describe('the notice', () => {
  const { request, response } = run(EVERY_PIECE.noticeCheck);
  const fine = { version: '3', acknowledgedAt: NOW - 10 };

  it('is looked up for the caller and for nobody else', () => {
    expect(answered(request(context()))).toMatchObject({
      operation: 'GetItem',
      key: { pk: { S: 'NOTICE#support-notice' }, sk: { S: 'PERSON#p1' } },
      consistentRead: true,
    });
  });

  it('lets through who acknowledged the current version within a year', () => {
    expect(response(context({ result: fine })).kind).toBe('value');
  });

  it.each([
    ['nobody did', null],
    ['another version', { ...fine, version: '2' }],
    ['a year ago', { ...fine, acknowledgedAt: NOW - ACKNOWLEDGED_SECONDS }],
    ['at no time', { version: '3' }],
    ['at a time that is no number', { ...fine, acknowledgedAt: 'now' }],
  ])('stops everybody else: %s', (_, result) => {
    expect(refused(response(context({ result })))).toBe('NoticeNotAcknowledged');
  });

  it('stops everybody when the store does not answer, and tells nothing of it', () => {
    const answer = response(context({ error: { message: 'table arn:aws:dynamodb…', type: 'X' } }));
    expect(answer).toEqual({ kind: 'error', type: 'Unavailable', message: 'Whether the notice was acknowledged could not be read.' });
  });

  it('is shown to whoever has a role, word for word', () => {
    const shown = run(EVERY_PIECE.showNotice);
    expect(answered(shown.request(context()))).toEqual({ payload: null });
    expect(answered(shown.response(context()))).toEqual(NOTICE);
    expect(refused(shown.request(context({ identity: person([]) })))).toBe('Unauthorized');
  });

  it('is acknowledged for oneself only, in its current version, together with a record', () => {
    const given = run(EVERY_PIECE.acknowledge);
    const { transactItems } = answered(given.request(context({ args: { version: '3', person: 'p2' } })));
    expect(transactItems[0]).toMatchObject({
      table: 'access',
      operation: 'PutItem',
      key: { sk: { S: 'PERSON#p1' } },
      attributeValues: { acknowledgedAt: { N: String(NOW) } },
    });
    expect(transactItems[1]).toMatchObject({
      table: 'audit',
      attributeValues: { action: { S: 'acknowledge' }, who: { S: 'p1' }, record: { S: 'support-notice@3' } },
    });
    expect(refused(given.request(context({ args: { version: '2' } })))).toBe('NoticeOutdated');
    expect(refused(given.response(context({ error: {}, args: { version: '3' } })))).toBe('Unavailable');
  });
});

describe('access to a single case', () => {
  const { request, response } = run(EVERY_PIECE.grantCheck);
  const grant = { purpose: 'resolveCase', grantedAt: NOW - 60, expiresAt: NOW + 600, approvedBy: 'boss' };
  const engineer = (result: unknown, more: object = {}) => context({ result, stash: stash('supportEngineer'), ...more });

  it('is asked of those who are let in case by case only', () => {
    expect(request(context({ stash: stash('agent') })).kind).toBe('early');
    expect(answered(request(engineer(null))).key).toEqual({ pk: { S: 'CASE#c1' }, sk: { S: 'PERSON#p1' } });
    expect(refused(request(engineer(null, { stash: stash('supportEngineer', { case: '' }) })))).toBe('Unauthorized');
  });

  it('holds while it is live, and says who approved it', () => {
    const ctx = engineer(grant);
    expect(response(ctx).kind).toBe('value');
    expect(ctx.stash.approvedBy).toBe('boss');
  });

  it.each([
    ['there is none', null],
    ['it has expired', { ...grant, expiresAt: NOW }],
    ['it has no end', { ...grant, expiresAt: undefined }],
    ['it begins tomorrow', { ...grant, grantedAt: NOW + 1 }],
    ['it has no beginning', { ...grant, grantedAt: undefined }],
    ['it lasts longer than eight hours', { ...grant, expiresAt: NOW - 60 + 8 * 3600 + 1 }],
    ['it is for another purpose', { ...grant, purpose: 'overseeWork' }],
    ['nobody approved it', { ...grant, approvedBy: '' }],
    ['they approved it themselves', { ...grant, approvedBy: 'p1' }],
  ])('does not hold when %s', (_, result) => {
    expect(refused(response(engineer(result)))).toBe('Unauthorized');
  });

  it('is given by those who may, to somebody else, for at most eight hours', () => {
    const begin = run(EVERY_PIECE.beginningOfGrant);
    expect(refused(begin.request(context({ identity: person(['agent']) })))).toBe('Unauthorized');
    expect(begin.request(context({ identity: person(['supervisor']) })).kind).toBe('value');
    const give = run(EVERY_PIECE.grantAccess);
    const ask = (args: object) =>
      give.request(
        context({ args: { person: 'p2', minutes: 60, purpose: 'resolveCase', ...args }, stash: { role: 'supervisor', case: 'c1' } }),
      );
    const [put, record] = answered(ask({})).transactItems;
    expect(put).toMatchObject({
      key: { pk: { S: 'CASE#c1' }, sk: { S: 'PERSON#p2' } },
      attributeValues: { expiresAt: { N: String(NOW + 3600) }, approvedBy: { S: 'p1' } },
    });
    expect(record).toMatchObject({ table: 'audit', attributeValues: { action: { S: 'grant' }, record: { S: 'p2' } } });
    for (const wrong of [{ person: 'p1' }, { person: '' }, { minutes: 0 }, { minutes: 481 }, { minutes: Number.NaN }, { minutes: -5 }])
      expect(refused(ask(wrong))).toBe('BadRequest');
    expect(refused(ask({ purpose: 'curiosity' }))).toBe('PurposeRefused');
  });

  it('ends before its time, with a record', () => {
    const items = answered(
      run(EVERY_PIECE.endAccess).request(context({ args: { person: 'p2' }, stash: { role: 'supervisor', case: 'c1' } })),
    ).transactItems;
    expect(items.map(({ operation }: { operation: string }) => operation)).toEqual(['DeleteItem', 'PutItem']);
  });
});

const STORED = { id: 'c1', owner: 'p1', team: 'red', status: 'open', subject: 'Cannot sign in', phone: '+4930901820', internalScore: 7 };

describe('reading one record', () => {
  const { request, response } = run(EVERY_PIECE.readOne);

  it('asks by the caller as leading key where the record has to be assigned', () => {
    const asked = answered(request(context({ stash: stash('agent') })));
    expect(asked).toMatchObject({ operation: 'Query', index: 'byAssignee', limit: 1 });
    expect(asked.query).toEqual({
      expression: '#assignee = :caller AND #key = :id',
      expressionNames: { '#assignee': 'owner', '#key': 'id' },
      expressionValues: { ':caller': { S: 'p1' }, ':id': { S: 'c1' } },
    });
  });

  it.each(CASE_ROLES)('never asks the store for a field that a %s does not read', (role) => {
    const names = Object.values(answered(request(context({ stash: stash(role) }))).projection.expressionNames) as string[];
    const { masked: veiled, reads } = fieldViewOf(CASE_CATALOGUE, 'Case', role);
    expect(names.every((name) => ['id', ...reads, ...Object.keys(veiled)].includes(name))).toBe(true);
    expect(names).not.toContain('internalScore');
  });

  it('returns to each role its own fields, masked where the catalogue says so', () => {
    const seenBy = (role: string) => {
      const ctx = context({ stash: stash(role), result: role === 'agent' ? { items: [STORED] } : STORED });
      answered(response(ctx));
      return ctx.stash.seen;
    };
    expect(seenBy('agent')).toEqual({ id: 'c1', team: 'red', status: 'open', subject: 'Cannot sign in', phone: '+4930901820' });
    expect(seenBy('supportEngineer')).toEqual({ id: 'c1', subject: 'Cannot sign in', phone: '•••1820' });
    expect(seenBy('supervisor')).toEqual({ id: 'c1', owner: 'p1', team: 'red', status: 'open' });
  });

  it('returns a field only for its own purposes', () => {
    const ctx = context({ stash: stash('agent', { purpose: 'overseeWork' }), result: { items: [STORED] } });
    answered(response(ctx));
    expect(ctx.stash.seen).not.toHaveProperty('subject');
  });

  it('says the same of a record that is not there and of one that is not theirs', () => {
    const engineer = (result: unknown) => context({ stash: { ...stash('supportEngineer'), case: 'c1' }, result });
    expect(refused(response(context({ stash: stash('agent'), result: { items: [] } })))).toBe('NotFound');
    expect(refused(response(engineer(null)))).toBe('NotFound');
    expect(refused(response(engineer({ ...STORED, id: 'c2' })))).toBe('NotFound');
  });

  it('does not show a note of another case than the one that the grant is for', () => {
    const note = run(readOne(NOTE));
    const ctx = (caseId: string) =>
      context({ stash: { ...stash('supportEngineer'), record: 'n1', case: caseId }, result: { id: 'n1', caseId: 'c7', text: 'x' } });
    expect(refused(note.response(ctx('c1')))).toBe('NotFound');
    const own = ctx('c7');
    expect(note.response(own).kind).toBe('value');
    expect(own.stash.seen).toEqual({ id: 'n1', text: 'x' });
  });
});

describe('a record within a case', () => {
  const within = (role: 'agent' | 'supportEngineer', more: object = {}) =>
    context({
      args: { id: 'm1', case: 'c1', purpose: 'resolveCase' },
      stash: { role, reach: role === 'agent' ? 'assigned' : 'granted', purpose: 'resolveCase', record: 'm1', case: 'c1' },
      ...more,
    });

  it('is reached by whoever the case is assigned to at this moment', () => {
    const { request, response } = run(EVERY_PIECE.assignmentCheck);
    expect(answered(request(within('agent')))).toEqual({
      operation: 'GetItem',
      key: { number: { S: 'c1' } },
      projection: { expression: '#key, #assignee', expressionNames: { '#key': 'number', '#assignee': 'owner' } },
      consistentRead: true,
    });
    expect(response(within('agent', { result: { number: 'c1', owner: 'p1' } })).kind).toBe('value');
    for (const result of [null, {}, { number: 'c1', owner: 'p2' }]) expect(refused(response(within('agent', { result })))).toBe('NotFound');
    expect(refused(response(within('agent', { error: {} })))).toBe('Unavailable');
    expect(refused(request(within('agent', { stash: { ...within('agent').stash, case: '' } })))).toBe('Unauthorized');
    expect(request(within('supportEngineer')).kind).toBe('early');
  });

  it('is read by its own key, and only in the case that was named', () => {
    const { request, response } = run(EVERY_PIECE.readOneWithin);
    for (const role of ['agent', 'supportEngineer'] as const) {
      expect(answered(request(within(role)))).toMatchObject({ operation: 'GetItem', key: { id: { S: 'm1' } } });
      const own = within(role, { result: { id: 'm1', caseId: 'c1', text: 'x' } });
      expect(response(own).kind).toBe('value');
      expect(own.stash.audit).toEqual([{ case: 'c1', record: 'm1' }]);
      expect(refused(response(within(role, { result: { id: 'm1', caseId: 'c2', text: 'x' } })))).toBe('NotFound');
    }
  });

  it('is listed with the others of its case, for the assigned and for those let in', () => {
    const { request } = run(EVERY_PIECE.readPageWithin);
    for (const role of ['agent', 'supportEngineer'] as const)
      expect(answered(request(within(role)))).toMatchObject({
        index: 'byCase',
        select: 'SPECIFIC_ATTRIBUTES',
        query: { expressionNames: { '#by': 'caseId' }, expressionValues: { ':value': { S: 'c1' } } },
      });
    expect(refused(request(within('agent', { stash: { ...within('agent').stash, case: '' } })))).toBe('Unauthorized');
  });

  it('is altered on condition that the case is still assigned', () => {
    const { request } = run(EVERY_PIECE.alterWithin);
    const [update, , check] = answered(
      request(within('agent', { args: { change: { text: 'y' } }, env: { ...ENV, TABLE_Reply: 'replies' } })),
    ).transactItems;
    expect(update.condition).toEqual({
      expression: 'attribute_exists(#key) AND #case = :case',
      expressionNames: { '#key': 'id', '#case': 'caseId' },
      expressionValues: { ':case': { S: 'c1' } },
    });
    expect(check).toMatchObject({
      table: 'cases',
      operation: 'ConditionCheck',
      key: { number: { S: 'c1' } },
      condition: { expression: '#assignee = :caller', expressionValues: { ':caller': { S: 'p1' } } },
    });
  });
});

describe('reading a page', () => {
  const { request, response } = run(EVERY_PIECE.readPage);
  const limitOf = (limit: unknown) => answered(request(context({ stash: stash('agent'), args: { purpose: 'resolveCase', limit } }))).limit;

  it.each([
    [undefined, 25],
    [null, 25],
    [10, 10],
    [25, 25],
    [1_000_000, 25],
    [0, 25],
    [-1, 25],
    [Number.NaN, 25],
    [Number.POSITIVE_INFINITY, 25],
  ])('of %s records holds %s', (asked, given) => {
    expect(limitOf(asked)).toBe(given);
  });

  it('holds no more than it may, even if the store returns more', () => {
    const ctx = context({
      stash: stash('agent'),
      result: { items: Array.from({ length: 40 }, (_, n) => ({ ...STORED, id: `c${n}` })), nextToken: 't' },
    });
    answered(response(ctx));
    expect(ctx.stash.seen.items).toHaveLength(25);
    expect(ctx.stash.audit).toHaveLength(25);
  });

  it('lists what is assigned to the caller, whoever the question names', () => {
    const asked = answered(request(context({ stash: stash('agent'), args: { team: 'blue', owner: 'p2', purpose: 'resolveCase' } })));
    expect(asked).toMatchObject({
      index: 'byAssignee',
      query: { expressionNames: { '#by': 'owner' }, expressionValues: { ':value': { S: 'p1' } } },
    });
  });

  it('lists by the named field for those who reach all, and never everything at once', () => {
    const supervisor = (args: object) => request(context({ stash: stash('supervisor'), args }));
    expect(answered(supervisor({ team: 'red' }))).toMatchObject({
      index: 'byTeam',
      query: { expressionValues: { ':value': { S: 'red' } } },
    });
    expect(refused(supervisor({}))).toBe('Unauthorized');
    expect(refused(supervisor({ team: '' }))).toBe('Unauthorized');
  });

  it('is not for those who are let in case by case', () => {
    expect(refused(request(context({ stash: stash('supportEngineer'), args: { team: 'red' } })))).toBe('Unauthorized');
  });
});

describe('recording what was read', () => {
  const { request, response } = run(EVERY_PIECE.recordReads);
  const read = { audit: [{ case: 'c1', record: 'c1' }], seen: { id: 'c1' } };

  it('says who read which fields of which record of which case, why, from where and in which request', () => {
    const { operation, transactItems } = answered(request(context({ stash: stash('supportEngineer', { ...read, approvedBy: 'boss' }) })));
    expect(operation).toBe('TransactWriteItems');
    expect(transactItems).toHaveLength(1);
    expect(transactItems[0]).toMatchObject({
      table: 'audit',
      operation: 'PutItem',
      key: { pk: { S: 'CASE#c1' } },
      condition: { expression: 'attribute_not_exists(pk)' },
    });
    expect(transactItems[0].attributeValues).toEqual({
      at: typed(new Date(NOW * 1000).toISOString()),
      deleteAfter: { N: String(NOW + 731 * 86_400) },
      who: typed('p1'),
      name: typed('mia'),
      role: typed('supportEngineer'),
      purpose: typed('resolveCase'),
      from: typed('198.51.100.7'),
      request: typed('r1'),
      action: typed('read'),
      type: typed('Case'),
      record: typed('c1'),
      fields: typed(['id', 'subject', 'phone']),
      approvedBy: typed('boss'),
    });
  });

  it('returns what was read only once it is recorded', () => {
    expect(answered(response(context({ stash: stash('agent', read) })))).toEqual({ id: 'c1' });
    expect(refused(response(context({ stash: stash('agent', read), error: { message: 'x' } })))).toBe('Unavailable');
  });

  it('has nothing to record of an empty page', () => {
    expect(request(context({ stash: stash('agent', { audit: [], seen: { items: [] } }) }))).toEqual({
      kind: 'early',
      value: { items: [] },
    });
  });
});

describe('altering a record', () => {
  const { request, response } = run(EVERY_PIECE.alter);
  const asks = (role: string, change: unknown, more: object = {}) =>
    request(context({ stash: stash(role), args: { id: 'c1', change }, ...more }));

  it('changes what the role may change, bound to the caller, together with its record', () => {
    const [update, record, ...rest] = answered(asks('agent', { status: 'closed' })).transactItems;
    expect(rest).toEqual([]);
    expect(update).toEqual({
      table: 'cases',
      operation: 'UpdateItem',
      key: { id: { S: 'c1' } },
      update: {
        expression: 'SET #status_ = :status_',
        expressionNames: { '#status_': 'status' },
        expressionValues: { ':status_': { S: 'closed' } },
      },
      condition: {
        expression: 'attribute_exists(#key) AND #assignee = :caller',
        expressionNames: { '#key': 'id', '#assignee': 'owner' },
        expressionValues: { ':caller': { S: 'p1' } },
      },
    });
    expect(record).toMatchObject({
      table: 'audit',
      attributeValues: { action: { S: 'alter' }, fields: typed(['status']), who: { S: 'p1' } },
    });
  });

  it.each([
    ['a field that it only reads', 'agent', { subject: 'x' }],
    ['a field that nobody sees', 'agent', { internalScore: 1 }],
    ['one field too many', 'agent', { status: 'closed', owner: 'p2' }],
    ['the key', 'supervisor', { id: 'c2' }],
    ['the prototype', 'agent', JSON.parse('{"__proto__": {"status": "x"}}')],
    ['what every object has', 'agent', { constructor: 'x', toString: 'y' }],
    ['an expression instead of a name', 'agent', { 'status = :x, #owner': 'p2' }],
  ])('refuses %s', (_, role, change) => {
    expect(refused(asks(role, change))).toBe('Unauthorized');
  });

  it('refuses to change nothing, and to empty what binds the record', () => {
    expect(refused(asks('agent', {}))).toBe('BadRequest');
    expect(refused(asks('agent', null))).toBe('BadRequest');
    for (const owner of [null, '']) expect(refused(asks('supervisor', { owner }))).toBe('BadRequest');
  });

  it('does not alter for those who may read only', () => {
    expect(refused(asks('supportEngineer', { status: 'closed' }))).toBe('Unauthorized');
  });

  it('binds a note to the case that was named, and checks once more that the grant is live', () => {
    const note = run(alter(NOTE)).request(
      context({ stash: { ...stash('supportEngineer'), record: 'n1', case: 'c7' }, args: { change: { text: 'x' } } }),
    );
    const [update, record, grant] = answered(note).transactItems;
    expect(update.condition).toMatchObject({
      expression: 'attribute_exists(#key) AND #case = :case',
      expressionValues: { ':case': { S: 'c7' } },
    });
    expect(record.key.pk).toEqual({ S: 'CASE#c7' });
    expect(grant).toMatchObject({
      table: 'access',
      operation: 'ConditionCheck',
      condition: { expression: 'expiresAt > :now', expressionValues: { ':now': { N: String(NOW) } } },
    });
  });

  it('returns which fields were altered, and none of their values', () => {
    const ctx = context({ stash: stash('agent'), args: { change: { status: 'closed' } } });
    expect(answered(response(ctx))).toEqual({ id: 'c1', altered: ['status'], at: new Date(NOW * 1000).toISOString() });
    expect(refused(response({ ...ctx, error: { message: 'TransactionCanceledException: [ConditionalCheckFailed…' } } as never))).toBe(
      'NotAltered',
    );
  });

  it('never writes a field that the catalogue does not give to the role, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CASE_ROLES),
        fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(STORED)), fc.string()), fc.string()),
        (role, change) => {
          const answer = asks(role, change);
          if (answer.kind !== 'value') return;
          const names: string[] = Object.values(answer.value.transactItems[0].update.expressionNames);
          expect(fieldViewOf(CASE_CATALOGUE, 'Case', role).alters).toEqual(expect.arrayContaining(names));
        },
      ),
    );
  });
});

describe('a mask inside AppSync', () => {
  it('hides what the catalogue hides', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.emailAddress(), fc.constant('1984-05-01'), fc.integer(), fc.constant(null)),
        fc.constantFrom(...MASKS),
        (value, mask) => {
          const knows = {
            ...CASE,
            views: { agent: { reach: 'assigned' as const, read: {}, masked: { phone: [mask, ['resolveCase']] as const }, alters: [] } },
          };
          const ctx = context({ stash: stash('agent'), result: { items: [{ id: 'c1', phone: value }] } });
          answered(run(readOne(knows)).response(ctx));
          expect(ctx.stash.seen).toEqual({ phone: masked(value, mask) });
        },
      ),
    );
  });
});
