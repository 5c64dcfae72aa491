import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds } from '../review/diff/access/action-sets';
import { type AccessChange, compareAccess } from '../review/diff/access/compare';
import type { Form } from '../review/diff/access/condition-forms';
import { type ContextValue, conditionsHold, keysOf } from '../review/diff/access/conditions';
import { evaluate, type Policies, type Request } from '../review/diff/access/evaluate';
import { type PrincipalForm, principalText } from '../review/diff/access/principal-forms';
import { grantedTo } from '../review/diff/access/principals';
import { matches, textOf } from '../review/diff/access/text';
import { anyOf } from '../review/diff/access/truth';
import { OTHER, OWN, policy, ROLE, type StatementJson, USER } from './review/case';

const runs = { numRuns: 150 };

// ── Random statements and requests over a small world, so that they often meet ───────────────────────────────────

const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:GetBucketPolicy', 'sqs:SendMessage', 'kms:Decrypt', 'new:Thing'];
const ACTION_PATTERNS = [...ACTIONS, '*', 's3:*', 's3:Get*', 'S3:*Object', 's3:?etObject', 'new:*'];
const RESOURCES = ['arn:aws:s3:::a/1', 'arn:aws:s3:::a/2', 'arn:aws:s3:::b/1', 'arn:aws:s3:::b'];
const RESOURCE_PATTERNS = [...RESOURCES, '*', 'arn:aws:s3:::*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b*', 'arn:aws:s3:::?/1'];
const VALUES = ['x', 'y', 'xy', '5', '7', 'true', 'false', '10.0.0.1', 'arn:aws:iam::1:role/x'];
const KEYS = ['k', 'l'];

const some = <T>(values: readonly T[], max = 2) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: max });

const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
        fc.constantFrom(
          'StringEquals',
          'StringNotEquals',
          'StringLike',
          'StringNotLike',
          'StringEqualsIgnoreCase',
          'NumericLessThan',
          'NumericGreaterThanEquals',
          'Bool',
          'IpAddress',
          'NotIpAddress',
          'ArnLike',
          'ArnNotEquals',
        ),
        fc.constantFrom('', 'IfExists'),
        fc.constantFrom(...KEYS),
        some([...VALUES, 'x*', '*', '10.0.0.0/8', 'arn:aws:iam::*:role/*', '6']),
      )
      .map(([quantifier, operator, ifExists, key, values]) => ({
        [`${quantifier}${operator}${ifExists}`]: { [key]: fitting(operator, values) },
      })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom('true', 'false')).map(([key, value]) => ({ Null: { [key]: value } })),
  },
);

/** Values that the operator can read, so that few requests stay undecided. */
function fitting(operator: string, values: readonly string[]): readonly string[] {
  const readable = /^Numeric/.test(operator) ? /^\d$/ : /Ip/.test(operator) ? /^10[.]/ : /./;
  const found = values.filter((value) => readable.test(value));
  return found.length > 0 ? found : [/^Numeric/.test(operator) ? '6' : '10.0.0.0/8'];
}

const statement = (effect: fc.Arbitrary<string>, principal: fc.Arbitrary<object> = fc.constant({})) =>
  fc
    .record({
      effect,
      principal,
      actions: some(ACTION_PATTERNS),
      resources: some(RESOURCE_PATTERNS),
      condition,
      notAction: fc.integer({ min: 0, max: 7 }),
      notResource: fc.integer({ min: 0, max: 7 }),
    })
    .map(
      (parts): StatementJson => ({
        Effect: parts.effect,
        ...parts.principal,
        [parts.notAction === 0 ? 'NotAction' : 'Action']: parts.actions,
        [parts.notResource === 0 ? 'NotResource' : 'Resource']: parts.resources,
        ...(parts.condition ? { Condition: parts.condition } : {}),
      }),
    );

const either = fc.constantFrom('Allow', 'Allow', 'Deny');
const statements = fc.array(statement(either), { minLength: 1, maxLength: 4 });
const PRINCIPALS = [
  '*',
  { AWS: OWN },
  { AWS: OTHER },
  { AWS: `arn:aws:iam::${OWN}:user/team/ann` },
  { AWS: `arn:aws:iam::${OWN}:role/app/worker` },
  { Service: 'sns.amazonaws.com' },
];
const principal = fc.constantFrom(...PRINCIPALS).map((Principal) => ({ Principal }));
const resourceStatements = fc.array(statement(either, principal), { minLength: 1, maxLength: 4 });

const value: fc.Arbitrary<ContextValue> = fc.oneof(
  fc.constant(null),
  fc.constantFrom(...VALUES),
  fc.uniqueArray(fc.constantFrom(...VALUES), { minLength: 2, maxLength: 2 }),
);
const request = (caller: fc.Arbitrary<Request['caller']> = fc.constant(USER)): fc.Arbitrary<Request> =>
  fc
    .record({ caller, action: fc.constantFrom(...ACTIONS), resource: fc.constantFrom(...RESOURCES), k: value, l: value })
    .map(({ k, l, ...rest }) => ({ ...rest, resourceAccount: OWN, context: { values: { k, l }, complete: true } }));

const identity = (written: readonly StatementJson[]): Policies => ({ identity: [policy(...written)] });
const verdict = (asked: Request, policies: Policies) => evaluate(asked, policies).verdict;

// ── Monotony ─────────────────────────────────────────────────────────────────────────────────────────────────────

describe('what is added works one way', () => {
  it('an allow more never takes an allowed request away', () => {
    fc.assert(
      fc.property(statements, statement(fc.constant('Allow')), request(), (written, added, asked) => {
        if (verdict(asked, identity(written)) === 'allow') expect(verdict(asked, identity([...written, added]))).toBe('allow');
      }),
      runs,
    );
  });

  it('a deny more never adds an allowed request', () => {
    fc.assert(
      fc.property(statements, statement(fc.constant('Deny')), request(), (written, added, asked) => {
        if (verdict(asked, identity([...written, added])) === 'allow') expect(verdict(asked, identity(written))).toBe('allow');
      }),
      runs,
    );
  });

  it('a limit more never adds an allowed request', () => {
    fc.assert(
      fc.property(statements, statements, request(), (written, limit, asked) => {
        const [boundary] = [policy(...limit)];
        for (const more of [{ boundary }, { serviceControl: [[boundary]] }, { session: [boundary] }])
          if (verdict(asked, { ...identity(written), ...more }) === 'allow') expect(verdict(asked, identity(written))).toBe('allow');
      }),
      runs,
    );
  });

  it('knowing more never turns a decided verdict round', () => {
    fc.assert(
      fc.property(statements, request(), (written, asked) => {
        const known = verdict(asked, identity(written));
        const unknown = verdict({ ...asked, context: { values: {}, complete: false } }, identity(written));
        if (unknown !== 'unknown') expect(unknown).toBe(known);
      }),
      runs,
    );
  });
});

// ── Wording ──────────────────────────────────────────────────────────────────────────────────────────────────────

const listed = (entry: unknown): readonly unknown[] => (Array.isArray(entry) ? entry : [entry]);

/** One statement for each action and resource, where that means the same. */
function split(written: StatementJson): readonly StatementJson[] {
  const actions = written.Action ? listed(written.Action).map((Action) => ({ Action })) : [{ NotAction: written.NotAction }];
  const resources = written.Resource ? listed(written.Resource).map((Resource) => ({ Resource })) : [{ NotResource: written.NotResource }];
  const { Action: _a, NotAction: _n, Resource: _r, NotResource: _m, ...rest } = written;
  return actions.flatMap((action) => resources.map((resource) => ({ ...rest, ...action, ...resource })));
}

describe('wording changes nothing', () => {
  it('statements split and put in another order decide the same, and compare as the same', () => {
    fc.assert(
      fc.property(statements, request(), fc.boolean(), (written, asked, turned) => {
        const pieces = written.flatMap(split);
        const other = turned ? pieces.reverse() : pieces;
        expect(verdict(asked, identity(other))).toBe(verdict(asked, identity(written)));
        expect(compareAccess({ grants: [policy(...written)] }, { grants: [policy(...other)] })).toEqual([]);
        expect(compareAccess({ grants: [policy(...other)] }, { grants: [policy(...written)] })).toEqual([]);
      }),
      runs,
    );
  });

  it('policies compare as the same when their statements move between them', () => {
    fc.assert(
      fc.property(statements, fc.nat(4), (written, at) => {
        const moved = { grants: [policy(...written.slice(at)), policy(...written.slice(0, at))] };
        expect(compareAccess({ grants: [policy(...written)] }, moved)).toEqual([]);
      }),
      runs,
    );
  });
});

// ── The comparison against the evaluator ─────────────────────────────────────────────────────────────────────────

const holdsFor = (form: Form, asked: Request): boolean =>
  conditionsHold(
    form.tests.map((test) => ({ operator: test.operator, key: test.key, values: test.values.map(({ text }) => text), name: test.text })),
    keysOf(asked.context ?? { values: {} }),
    true,
  ) !== false;

const named = (form: PrincipalForm, asked: Request): boolean => {
  if (form.kind === 'holder') return true;
  const except = form.kind === 'except';
  const entries = form.kind === 'except' ? form.entries : [form.entry];
  const accounts = entries.map((entry) => (/^\d{12}$/.test(entry.value) ? { kind: 'AWS' as const, value: entry.value } : entry));
  return anyOf(Object.values(grantedTo({ entries: accounts, except }, asked.caller))) !== false;
};

/** Whether a line speaks of the request. */
const speaksOf = ({ region }: AccessChange, asked: Request): boolean =>
  holds(region.actions, asked.action) &&
  matches(region.resource.pattern, textOf(asked.resource)) !== false &&
  region.resource.except.every((excepted) => matches(excepted, textOf(asked.resource)) !== true) &&
  holdsFor(region.condition, asked) &&
  named(region.principal, asked);

function expectNamed(changes: readonly AccessChange[], direction: AccessChange['direction'], asked: Request): void {
  const lines = changes.filter((change) => change.direction === direction);
  expect(
    lines.some((change) => speaksOf(change, asked)),
    `${direction}: ${asked.action} on ${asked.resource}; said: ${lines.map((line) => `${principalText(line.region.principal)} ${line.resource} ${line.condition}`).join('; ')}`,
  ).toBe(true);
}

describe('the comparison agrees with the evaluator', () => {
  it('names every request that is newly allowed, and every one that no longer is', () => {
    fc.assert(
      fc.property(statements, statements, fc.array(request(), { minLength: 8, maxLength: 8 }), (before, after, requests) => {
        const changes = compareAccess({ grants: [policy(...before)] }, { grants: [policy(...after)] });
        for (const asked of requests) {
          const [was, is] = [verdict(asked, identity(before)), verdict(asked, identity(after))];
          if (was === 'deny' && is === 'allow') expectNamed(changes, 'gained', asked);
          if (was === 'allow' && is === 'deny') expectNamed(changes, 'lost', asked);
        }
      }),
      runs,
    );
  });

  it('names them with boundaries as well', () => {
    fc.assert(
      fc.property(
        statements,
        statements,
        fc.option(statements),
        fc.option(statements),
        fc.array(request(), { minLength: 6, maxLength: 6 }),
        (before, after, old, now, requests) => {
          const rights = (grants: readonly StatementJson[], limit: readonly StatementJson[] | null) => ({
            grants: [policy(...grants)],
            ...(limit ? { limits: { boundary: [policy(...limit)] } } : {}),
          });
          const policies = (grants: readonly StatementJson[], limit: readonly StatementJson[] | null): Policies => ({
            ...identity(grants),
            ...(limit ? { boundary: policy(...limit) } : {}),
          });
          const changes = compareAccess(rights(before, old), rights(after, now));
          for (const asked of requests) {
            const [was, is] = [verdict(asked, policies(before, old)), verdict(asked, policies(after, now))];
            if (was === 'deny' && is === 'allow') expectNamed(changes, 'gained', asked);
            if (was === 'allow' && is === 'deny') expectNamed(changes, 'lost', asked);
          }
        },
      ),
      runs,
    );
  });

  it('names them for the policies of resources', () => {
    const caller = fc.constantFrom<Request['caller']>(USER, ROLE, { kind: 'service', service: 'sns.amazonaws.com' }, { kind: 'anonymous' });
    fc.assert(
      fc.property(
        resourceStatements,
        resourceStatements,
        fc.array(request(caller), { minLength: 8, maxLength: 8 }),
        (before, after, requests) => {
          const changes = compareAccess({ grants: [policy(...before)], account: OWN }, { grants: [policy(...after)], account: OWN });
          for (const asked of requests) {
            const [was, is] = [verdict(asked, { resource: [policy(...before)] }), verdict(asked, { resource: [policy(...after)] })];
            if (was === 'deny' && is === 'allow') expectNamed(changes, 'gained', asked);
            if (was === 'allow' && is === 'deny') expectNamed(changes, 'lost', asked);
          }
        },
      ),
      runs,
    );
  });

  it('mirrors: what one direction gains the other loses', () => {
    fc.assert(
      fc.property(statements, statements, (before, after) => {
        const [left, right] = [{ grants: [policy(...before)] }, { grants: [policy(...after)] }];
        const plain = (changes: readonly AccessChange[]) => changes.map(({ direction: _, ...rest }) => rest);
        const of = (changes: readonly AccessChange[], direction: string) =>
          plain(changes.filter((change) => change.direction === direction));
        const there = compareAccess(left, right);
        const back = compareAccess(right, left);
        expect(of(there, 'gained')).toEqual(of(back, 'lost'));
        expect(of(there, 'lost')).toEqual(of(back, 'gained'));
      }),
      runs,
    );
  });
});

describe('widening is never missed', () => {
  const widened = fc.tuple(
    statement(fc.constant('Allow'), principal),
    fc.constantFrom('action', 'resource', 'condition', 'principal'),
    fc.nat(20),
  );

  it('when an allow gains an action, a resource or a principal, or loses its condition', () => {
    fc.assert(
      fc.property(widened, request(fc.constantFrom<Request['caller']>(USER, ROLE)), ([before, what, pick], asked) => {
        const after: StatementJson = {
          ...before,
          ...(what === 'action' && before.Action
            ? { Action: [...listed(before.Action), ACTION_PATTERNS[pick % ACTION_PATTERNS.length]] }
            : {}),
          ...(what === 'resource' && before.Resource
            ? { Resource: [...listed(before.Resource), RESOURCE_PATTERNS[pick % RESOURCE_PATTERNS.length]] }
            : {}),
          ...(what === 'condition' ? { Condition: {} } : {}),
          ...(what === 'principal' ? { Principal: '*' } : {}),
        };
        const changes = compareAccess({ grants: [policy(before)], account: OWN }, { grants: [policy(after)], account: OWN });
        expect(changes.filter(({ direction }) => direction === 'lost')).toEqual([]);
        const [was, is] = [before, after].map((written) => verdict(asked, { resource: [policy(written)] }));
        if (was === 'deny' && is === 'allow') expectNamed(changes, 'gained', asked);
      }),
      runs,
    );
  });
});
