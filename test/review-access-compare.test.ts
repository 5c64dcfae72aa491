import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { verbOf } from '../review/diff/access/actions';
import { type AccessChange, actionNames, compareAccess, mayDo } from '../review/diff/access/compare';
import { hole } from '../review/diff/access/text';
import { allow, deny, policy, type StatementJson } from './review/case';
import { NARROWER, SAME, sides, WIDER } from './review/pairs';

const of = (changes: readonly AccessChange[], direction: AccessChange['direction']) =>
  changes.filter((change) => change.direction === direction);

describe('a change of wording is no change of access', () => {
  it.each(Object.entries(SAME))('%s', (_, pair) => {
    const [before, after] = sides(pair);
    expect(compareAccess(before, after)).toEqual([]);
    expect(compareAccess(after, before)).toEqual([]);
  });
});

describe('what only takes away gives nothing', () => {
  it.each(Object.entries(NARROWER))('%s', (_, pair) => {
    const changes = compareAccess(...sides(pair));
    expect(of(changes, 'gained')).toEqual([]);
    expect(of(changes, 'lost').length).toBeGreaterThan(0);
  });
});

describe('what gives more is said in one line', () => {
  it.each(Object.entries(WIDER))('%s', (_, { sides: pair, ...wanted }) => {
    const changes = of(compareAccess(...sides(pair)), 'gained');
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject(wanted);
  });
});

describe('limits', () => {
  const grants = [policy(allow('*'))];
  const boundary = (...statements: StatementJson[]) => ({ grants, limits: { boundary: [policy(...statements)] } });

  it('a boundary that is removed gives everything that it withheld', () => {
    const changes = compareAccess(boundary({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), { grants });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ direction: 'gained', cause: 'limit-lifted', resource: '*' });
    expect(actionNames(changes[0] as AccessChange).every((name) => name.startsWith('iam:'))).toBe(true);
  });

  it('a boundary that is added takes, and gives nothing', () => {
    expect(compareAccess({ grants }, boundary(allow('s3:*'))).map(({ direction }) => direction)).toEqual(['lost']);
  });

  it('a boundary that is widened gives only what the grants give', () => {
    const reads = (...limit: StatementJson[]) => ({
      grants: [policy(allow('s3:Get*'))],
      limits: { boundary: [policy(...limit)] },
    });
    const changes = compareAccess(reads(allow('s3:GetObject')), reads(allow(['s3:GetObject', 's3:GetBucketPolicy', 'iam:*'])));
    expect(changes.map((change) => actionNames(change))).toEqual([['s3:GetBucketPolicy']]);
  });

  it('a boundary written differently changes nothing', () => {
    expect(compareAccess(boundary(allow('s3:*'), allow('sqs:*')), boundary(allow(['sqs:*', 's3:*'])))).toEqual([]);
  });

  it('a denial in a service control policy that is removed is lifted', () => {
    const before = { grants, limits: { 'service control: root': [policy(allow('*'), deny('cloudtrail:StopLogging'))] } };
    const after = { grants, limits: { 'service control: root': [policy(allow('*'))] } };
    expect(compareAccess(before, after)).toMatchObject([{ cause: 'denial-lifted', direction: 'gained' }]);
    expect(compareAccess(before, after).map((change) => actionNames(change))).toEqual([['cloudtrail:StopLogging']]);
  });

  it('a grant beyond the boundary gives nothing', () => {
    const within = (...statements: StatementJson[]) => ({
      grants: [policy(...statements)],
      limits: { boundary: [policy(allow('s3:*'))] },
    });
    expect(compareAccess(within(allow('s3:GetObject')), within(allow(['s3:GetObject', 'iam:CreateUser'])))).toEqual([]);
  });
});

describe('what policies let their holder do', () => {
  it('is said by verb, resource and condition, without what is denied', () => {
    const access = mayDo({
      grants: [policy(allow(['s3:GetObject', 's3:DeleteObject', 'kms:Decrypt'], '*', { Bool: { mfa: 'true' } }), deny('s3:Delete*'))],
    });
    expect(access).toMatchObject([{ verbs: ['read', 'decrypt'], resource: '*', condition: 'Bool mfa true', missing: [] }]);
  });

  it('names what would have to be known', () => {
    expect(mayDo({ grants: [{ name: 'P', document: hole('ManagedPolicy') }] })).toMatchObject([
      { resource: '*', missing: ['ManagedPolicy'] },
    ]);
    expect(mayDo({ grants: [policy(allow('s3:GetObject', '*', hole('Condition')))] })).toMatchObject([{ missing: ['Condition'] }]);
  });

  it.each([
    ['s3:ListBucket', 'list'],
    ['s3:GetObject', 'read'],
    ['dynamodb:Scan', 'read'],
    ['s3:PutObject', 'write'],
    ['s3:PutObjectTagging', 'write'],
    ['s3:DeleteObject', 'delete'],
    ['kms:ScheduleKeyDeletion', 'delete'],
    ['kms:Decrypt', 'decrypt'],
    ['s3:PutReplicationConfiguration', 'export'],
    ['ec2:ModifySnapshotAttribute', 'export'],
    ['s3:PutBucketPolicy', 'administer'],
    ['kms:CreateGrant', 'administer'],
    ['iam:PassRole', 'administer'],
    ['sts:AssumeRole', 'administer'],
    ['newservice:Anything', 'write'],
  ])('%s is to %s', (action, verb) => {
    expect(verbOf(action)).toBe(verb);
  });
});

describe('the table of actions', () => {
  const generator = createRequire(__filename)('../scripts/generate-actions.js') as { files(): Promise<ReadonlyMap<string, string>> };

  it('is what the installed reference says', async () => {
    for (const [file, content] of await generator.files())
      expect(readFileSync(file, 'utf8') === content, `${file}: run scripts/generate-actions.js`).toBe(true);
  });
});

describe('a large policy', () => {
  /** Statements that differ from each other; the last `changed` of them are wider on the other side. */
  const side = (count: number, changed: number) => ({
    grants: [
      policy(...Array.from({ length: count }, (_, n) => allow(n < count - changed ? 's3:GetObject' : 's3:*', `arn:aws:s3:::b/${n}/*`))),
    ],
  });
  it('tells ten changes among two thousand statements, and nothing else', () => {
    expect(compareAccess(side(2000, 0), side(2000, 10)).filter(({ direction }) => direction === 'gained')).toHaveLength(10);
  });
});
