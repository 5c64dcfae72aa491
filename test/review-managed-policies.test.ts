import { describe, expect, it } from 'vitest';
import { holds, isEmpty } from '../review/diff/access/action-sets';
import { compareAccess, mayDo, type Rights } from '../review/diff/access/compare';
import { type Policy, statementsOf } from '../review/diff/access/documents';
import { evaluate } from '../review/diff/access/evaluate';
import { awsManagedName, awsManagedNames, awsManagedPolicy, awsManagedPolicyNamed } from '../review/diff/access/managed-policies';
import { regionsOf } from '../review/diff/access/regions';
import { asking, awsWith, type Changes, compared, type Resources } from './review/corpus/pair';

const ofAws = (name: string): Policy => {
  const policy = awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`);
  if (!policy) throw new Error(`${name} is not in the data`);
  return policy;
};
const rights = (...names: readonly string[]): Rights => ({ grants: names.map(ofAws) });
const caller = { kind: 'role', arn: 'arn:aws:iam::111122223333:role/app' } as const;
const may = (name: string, action: string, resource = '*') =>
  evaluate({ caller, action, resource, resourceAccount: '111122223333' }, { identity: [ofAws(name)] }).verdict;

describe('the data of the managed policies of AWS', () => {
  const names = awsManagedNames();

  it('holds every policy once, sorted, and none that only services attach', () => {
    expect(names.length).toBeGreaterThan(1000);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual([...names].sort());
    expect(names.filter((name) => !/^(service-role\/|job-function\/|root-task\/)?[\w+=,.@-]+$/.test(name))).toEqual([]);
    const plain = names.map((name) => name.replace(/^.*\//, ''));
    expect(new Set(plain).size).toBe(plain.length);
  });

  it('holds documents of which every statement can be read whole', () => {
    for (const name of names) {
      const statements = statementsOf(ofAws(name));
      expect(statements.length, name).toBeGreaterThan(0);
      for (const { actions, effect, missing, principals, resources, tests } of statements) {
        expect([effect, missing, principals], name).toEqual([expect.stringMatching(/^(Allow|Deny)$/), [], undefined]);
        expect(actions.entries.length, name).toBeGreaterThan(0);
        expect(resources?.entries.length, name).toBeGreaterThan(0);
        expect(
          tests.filter(({ operator }) => operator === undefined),
          name,
        ).toEqual([]);
      }
    }
  });

  it.each([
    ['ReadOnlyAccess', 's3:GetObject', 'allow'],
    ['ReadOnlyAccess', 's3:PutObject', 'deny'],
    ['ReadOnlyAccess', 'secretsmanager:GetSecretValue', 'deny'],
    ['SecurityAudit', 's3:GetObject', 'deny'],
    ['SecurityAudit', 'iam:ListRoles', 'allow'],
    ['job-function/ViewOnlyAccess', 's3:ListAllMyBuckets', 'allow'],
    ['job-function/ViewOnlyAccess', 'dynamodb:GetItem', 'deny'],
    ['PowerUserAccess', 'dynamodb:DeleteTable', 'allow'],
    ['PowerUserAccess', 'iam:CreateUser', 'deny'],
    ['PowerUserAccess', 'organizations:LeaveOrganization', 'deny'],
    ['AdministratorAccess', 'iam:CreateUser', 'allow'],
    ['AmazonS3FullAccess', 's3:DeleteBucket', 'allow'],
    ['AmazonS3FullAccess', 'sqs:SendMessage', 'deny'],
    ['AmazonS3ReadOnlyAccess', 's3:PutObject', 'deny'],
    ['SecretsManagerReadWrite', 'secretsmanager:GetSecretValue', 'allow'],
    ['service-role/AWSLambdaBasicExecutionRole', 'logs:PutLogEvents', 'allow'],
    ['service-role/AWSLambdaBasicExecutionRole', 's3:GetObject', 'deny'],
    ['AWSDenyAll', 's3:GetObject', 'deny'],
  ] as const)('%s: %s is answered with %s', (name, action, verdict) => {
    expect(may(name, action)).toBe(verdict);
  });

  it('knows nothing of names that it does not hold, and takes none for a property of an object', () => {
    for (const name of ['NewerThanTheData', 'service-role/ReadOnlyAccess', 'constructor', '__proto__'])
      expect(awsManagedPolicy(`arn:aws:iam::aws:policy/${name}`), name).toBeUndefined();
    expect(awsManagedPolicyNamed('toString')).toBeUndefined();
    expect(awsManagedPolicy('arn:aws:iam::111122223333:policy/ReadOnlyAccess')).toBeUndefined();
    expect(awsManagedName('arn:aws:iam::111122223333:policy/ReadOnlyAccess')).toBeUndefined();
  });

  it('finds a policy by its name alone, whatever its path', () => {
    expect(awsManagedPolicyNamed('AWSLambdaBasicExecutionRole')).toBe(ofAws('service-role/AWSLambdaBasicExecutionRole'));
  });

  it('writes resources of other partitions as those do, and reads an open partition as the usual one', () => {
    const inChina = awsManagedPolicy('arn:aws-cn:iam::aws:policy/AWSCodeBuildReadOnlyAccess');
    const text = JSON.stringify(inChina?.document);
    expect(text).toContain('arn:aws-cn:');
    expect(text).not.toContain('"arn:aws:');
    expect(awsManagedPolicy('arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess')).toBe(ofAws('ReadOnlyAccess'));
  });
});

describe('what a managed policy of AWS means beside another', () => {
  it('reads and lists, and writes nothing but sessions that only read', () => {
    const writing = mayDo(rights('ReadOnlyAccess')).filter(({ verbs }) => verbs.some((verb) => verb !== 'list' && verb !== 'read'));
    expect(writing.map(({ condition }) => condition)).toEqual(['StringEquals s3express:sessionmode ReadOnly']);
  });

  it('only loses from administrator to reader, and only gains the other way', () => {
    const directions = (from: string, to: string) => new Set(compareAccess(rights(from), rights(to)).map(({ direction }) => direction));
    expect(directions('AdministratorAccess', 'ReadOnlyAccess')).toEqual(new Set(['lost']));
    expect(directions('ReadOnlyAccess', 'AdministratorAccess')).toEqual(new Set(['gained']));
    expect(directions('ReadOnlyAccess', 'ReadOnlyAccess')).toEqual(new Set());
  });

  it('gains from power user to reader only what power users may not read: accounts, identities and the organisation', () => {
    const gained = compareAccess(rights('PowerUserAccess'), rights('ReadOnlyAccess')).filter(({ direction }) => direction === 'gained');
    expect(gained.map(({ verbs }) => verbs)).toEqual([['list', 'read']]);
    expect(gained.every(({ actions }) => holds(actions, 'iam:GetPolicy') && !holds(actions, 's3:GetObject'))).toBe(true);
  });

  it('compares the whole data with itself in no time worth noting', () => {
    const [every] = [rights(...awsManagedNames())];
    const { allows } = regionsOf(every.grants);
    expect(allows.every(({ actions }) => !isEmpty(actions))).toBe(true);
    expect(compareAccess(rights('ReadOnlyAccess', 'SecurityAudit'), rights('SecurityAudit', 'ReadOnlyAccess'))).toEqual([]);
  });
});

// ── In a review ────────────────────────────────────────────────────────────────────────────────────────────────────

const trust = (Service: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
});
const arnOf = (name: string) => `arn:aws:iam::aws:policy/${name}`;

/** Many roles that each hold much. */
function estate(size: number, changed: number): Resources {
  return Object.fromEntries(
    Array.from({ length: size }, (_, n) => [
      `Role${n}`,
      {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: trust('lambda.amazonaws.com'),
          ManagedPolicyArns: [arnOf('ReadOnlyAccess'), arnOf(n < changed ? 'PowerUserAccess' : 'SecurityAudit')],
        },
      },
    ]),
  );
}

describe('a review that meets managed policies of AWS', () => {
  const base: Resources = {
    App: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ManagedPolicyArns: [] } },
  };
  const lines = (changes: Changes, from: Changes = {}) => asking(compared({ before: awsWith(base, from), after: awsWith(base, changes) }));

  it('names the policy and what it gives, not its actions', () => {
    const [line] = lines({ 'App.ManagedPolicyArns': [arnOf('ReadOnlyAccess')] });
    expect(line?.sentence).toBe('the role App can now list and read everything, by the AWS managed policy ReadOnlyAccess');
    expect(line?.evidence[0]?.chain).toEqual(['the role App', 'the AWS managed policy ReadOnlyAccess, statement 1', 'everything']);
  });

  it('names the policy that it cannot read', () => {
    const [line] = lines({ 'App.ManagedPolicyArns': [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/NewerThanTheData' }] });
    expect([line?.direction, line?.sentence]).toEqual([
      'undecided',
      'what the role App can now do besides cannot be told: it is what the AWS managed policy NewerThanTheData allows',
    ]);
  });

  it('tells ten among five hundred roles that hold thousands of actions each', () => {
    const told = asking(compared({ before: awsWith(estate(500, 0)), after: awsWith(estate(500, 10)) }));
    expect(new Set(told.flatMap(({ aspect, subject }) => (aspect === 'access' ? subject : []))).size).toBe(10);
  });
});
