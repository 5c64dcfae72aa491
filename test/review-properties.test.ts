import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReviewChange } from '../review/schema-review';
import { AWS_WEAKENINGS, HARMLESS, WEAKENINGS } from './review/corpus';
import { asking, awsWith, compared, lineOf, type Resources, type State } from './review/corpus/pair';

const runs = { numRuns: 30 };
const review = (before: State, after: State): readonly ReviewChange[] => compared({ before, after });

// ── Random roles, stores and settings ────────────────────────────────────────────────────────────────────────────

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  'sqs:SendMessage',
  'kms:Decrypt',
  'dynamodb:GetItem',
  'iam:PassRole',
  'new:Thing',
];
const ARNS = [
  'arn:aws:s3:::a/*',
  'arn:aws:s3:::b/*',
  'arn:aws:sqs:eu-central-1:111122223333:jobs',
  'arn:aws:kms:eu-central-1:111122223333:key/1',
];
const PRINCIPALS = ['222233334444', '333344445555', 'arn:aws:iam::444455556666:role/x', 'arn:aws:iam::111122223333:role/y'];
const CONDITIONS = [
  { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
  { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  { StringLike: { 'aws:PrincipalTag/team': 'cases*' } },
];
const some = <T>(values: readonly T[], max: number) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: max });

/** A statement that leaves something out of each list, so that it can gain it. */
const grant = fc.record({
  actions: some(ACTIONS, ACTIONS.length - 1),
  resources: some(ARNS, ARNS.length - 1),
  principals: some(PRINCIPALS, PRINCIPALS.length - 1),
  condition: fc.constantFrom(...CONDITIONS),
});
type Grant = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly principals: readonly string[];
  readonly condition?: object | undefined;
};
const left = (all: readonly string[], used: readonly string[]): string => all.find((one) => !used.includes(one)) as string;
const WIDENINGS: Readonly<Record<string, (grant: Grant) => Grant>> = {
  'an action': (it) => ({ ...it, actions: [...it.actions, left(ACTIONS, it.actions)] }),
  'a resource': (it) => ({ ...it, resources: [...it.resources, left(ARNS, it.resources)] }),
  'a principal': (it) => ({ ...it, principals: [...it.principals, left(PRINCIPALS, it.principals)] }),
  'no condition': (it) => ({ ...it, condition: undefined }),
};

const statement = ({ actions, condition, resources }: Grant) => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resources,
  ...(condition ? { Condition: condition } : {}),
});
const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
const others: Resources = {
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news' } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 731 } },
};
const role = (it: Grant): State =>
  awsWith({
    ...others,
    It: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: trust, Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: [statement(it)] } }] },
    },
  });
const managed = (it: Grant): State =>
  awsWith({
    ...others,
    Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [statement(it)] } } },
    It: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust, ManagedPolicyArns: [{ Ref: 'Policy' }] } },
  });
/** A key's policy speaks of the key alone: resources mean nothing there. */
const key = (it: Grant): State =>
  awsWith({
    ...others,
    It: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: {
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: it.principals },
              Action: ['kms:Encrypt', ...(it.actions.length > 4 ? ['kms:Decrypt'] : [])],
              Resource: '*',
              ...(it.condition ? { Condition: it.condition } : {}),
            },
          ],
        },
      },
    },
  });

describe('a wider statement is never missed', () => {
  it.each([
    ['an action', role],
    ['a resource', role],
    ['no condition', role],
    ['an action', managed],
    ['a resource', managed],
    ['no condition', managed],
    ['a principal', key],
    ['no condition', key],
  ] as const)('that gains %s', (what, place) => {
    fc.assert(
      fc.property(grant, (it) => {
        const widened = (WIDENINGS[what] as (grant: Grant) => Grant)(it);
        expect(
          asking(review(place(it), place(widened))).some(({ aspect, direction }) => aspect === 'access' && direction === 'weaker'),
        ).toBe(true);
        // And the way back gives nobody anything.
        expect(asking(review(place(widened), place(it))).filter(({ aspect }) => aspect === 'access')).toEqual([]);
      }),
      runs,
    );
  });

  it('whichever of several changes comes with it', () => {
    const steps = fc.uniqueArray(fc.constantFrom('an action', 'a resource', 'no condition'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(grant, steps, (it, names) => {
        const widened = names.reduce<Grant>((now, name) => (WIDENINGS[name] as (grant: Grant) => Grant)(now), it);
        expect(asking(review(role(it), role(widened))).some(({ aspect }) => aspect === 'access')).toBe(true);
      }),
      runs,
    );
  });
});

// ── Pairs of the corpus ──────────────────────────────────────────────────────────────────────────────────────────

const names = (all: object) => fc.constantFrom(...Object.keys(all));

describe('what stays the same', () => {
  it('is nothing, whatever the state', () => {
    fc.assert(
      fc.property(names({ ...WEAKENINGS, ...HARMLESS }), fc.boolean(), (name, first) => {
        const { after, before } = { ...WEAKENINGS, ...HARMLESS }[name] as (typeof HARMLESS)[string];
        const state = first ? before : after;
        expect(review(state, structuredClone(state)).filter(({ direction }) => direction !== 'neutral')).toEqual([]);
      }),
      runs,
    );
  });
});

/** Lists whose order means nothing, besides all keys of objects. */
const UNORDERED =
  /^(Statement|Action|NotAction|Tags|SecurityGroupIngress|SecurityGroupEgress|Policies|ManagedPolicyArns|Features|Resources|TargetIds|Principals|AlarmActions)$/;

function shuffled<T>(value: T, order: () => number, name = ''): T {
  const mixed = <Item>(items: readonly Item[]): Item[] =>
    items
      .map((item) => [order(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  if (Array.isArray(value)) {
    const items = value.map((item) => shuffled(item, order));
    return (UNORDERED.test(name) ? mixed(items) : items) as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(mixed(Object.entries(value)).map(([key, inner]) => [key, shuffled(inner, order, key)])) as T;
}

describe('order', () => {
  // Places in lists are part of what is told; the rest must be the same, line by line.
  const told = ({ after, before }: { readonly after: State; readonly before: State }) =>
    review(before, after)
      .map((change) => withoutOrder(lineOf(change).replaceAll(/\[\d+\]/g, '[]')))
      .sort();
  const backwards = (state: State): State => {
    let at = 0;
    return shuffled(state, () => -at++);
  };

  it.each(Object.keys(AWS_WEAKENINGS))('read backwards changes nothing about what is told: %s', (name) => {
    const { after, before } = AWS_WEAKENINGS[name] as (typeof AWS_WEAKENINGS)[string];
    const once = told({ before, after });
    expect(told({ before, after: backwards(after) })).toEqual(once);
  });

  it('of resources, properties and sets changes nothing about what is told', () => {
    fc.assert(
      fc.property(names(AWS_WEAKENINGS), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (name, stream) => {
        const { after, before } = AWS_WEAKENINGS[name] as (typeof AWS_WEAKENINGS)[string];
        const order = () => stream.next().value as number;
        const once = told({ before, after });
        expect(told({ before, after: shuffled(after, order) })).toEqual(once);
        expect(told({ before: shuffled(before, order), after })).toEqual(once);
      }),
      runs,
    );
  });
});

/** Rules stop at the first of several that break them: which of them that is depends on the order. */
const withoutOrder = (line: string): string => line.replace(/(”[^:]*): .*$/, '$1');

describe('the way back', () => {
  const settings = fc.record({
    days: fc.integer({ min: 1, max: 3000 }),
    lifted: fc.boolean(),
    rotates: fc.boolean(),
    versions: fc.boolean(),
  });
  const state = ({ days, lifted, rotates, versions }: { days: number; lifted: boolean; rotates: boolean; versions: boolean }): State =>
    awsWith({
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: days } },
      Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: rotates } },
      Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 't', DeletionProtectionEnabled: !lifted } },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'b', VersioningConfiguration: { Status: versions ? 'Enabled' : 'Suspended' } },
      },
    });
  const subjects = (changes: readonly ReviewChange[], direction: ReviewChange['direction']) =>
    [...new Set(changes.filter((change) => change.direction === direction).map(({ subject }) => subject))].sort();

  it('is stronger where the way there was weaker', () => {
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const [there, back] = [review(state(one), state(other)), review(state(other), state(one))];
        expect(subjects(there, 'weaker')).toEqual(subjects(back, 'stronger'));
        expect(subjects(there, 'stronger')).toEqual(subjects(back, 'weaker'));
      }),
      runs,
    );
  });

  it('takes away what the way there gave', () => {
    fc.assert(
      fc.property(grant, grant, (one, other) => {
        const [there, back] = [review(role(one), role(other)), review(role(other), role(one))];
        const ofAccess = (changes: readonly ReviewChange[]) => changes.filter(({ topic }) => topic.startsWith('access '));
        expect(subjects(ofAccess(there), 'weaker')).toEqual(subjects(ofAccess(back), 'stronger'));
        expect(subjects(ofAccess(there), 'stronger')).toEqual(subjects(ofAccess(back), 'weaker'));
      }),
      runs,
    );
  });
});
