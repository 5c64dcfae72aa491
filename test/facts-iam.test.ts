import { describe, expect, it } from 'vitest';
import { isOutsider } from '../policies/facts/accounts';
import { globCovers, globsOverlap } from '../policies/facts/glob';
import { grantsNobodyPublicly, type Statement, statementsOf } from '../policies/facts/iam';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import type { Value } from '../policies/value';

const PARAMETERS = { Text: { Type: 'String' }, Org: { Type: 'String' } };

function policy(
  document: unknown,
  account?: string,
): { readonly document: Value; readonly graph: ReturnType<typeof graphOfTemplates>['graph'] } {
  const template = {
    Parameters: PARAMETERS,
    Resources: {
      Role: { Type: 'AWS::IAM::Role' },
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: document } },
    },
  };
  const { graph } = graphOfTemplates([{ id: 'stack', template: template as unknown as Record<string, Node>, account }]);
  return { document: graph.ofType('AWS::S3::BucketPolicy')[0]?.at('PolicyDocument') as Value, graph };
}

const statement = (written: unknown): Statement => statementsOf(policy({ Statement: written }).document)[0] as Statement;
const verdictOf = (written: unknown, ask: (statement: Statement) => { verdict: string }): string => ask(statement(written)).verdict;

describe('wildcards', () => {
  it.each([
    ['s3:*', 's3:GetObject', true],
    ['s3:*', 's3:*', true],
    ['s3:Get*', 's3:*', false],
    ['*', 's3:*', true],
    ['s3:G?tObject', 's3:GetObject', true],
    ['s3:?', 's3:*', false],
    ['a*b*c', 'aXbYbc', true],
    ['', '', true],
    ['', 'a', false],
  ])('%s covers %s: %s', (pattern, wanted, expected) => expect(globCovers(pattern, wanted)).toBe(expected));

  it.each([
    ['s3:Get*', 's3:*Object', true],
    ['s3:Get*', 's3:Put*', false],
    ['*', '', true],
    ['a?c', 'abc', true],
    ['a*', 'b*', false],
  ])('%s meets %s: %s', (left, right, expected) => {
    expect(globsOverlap(left, right)).toBe(expected);
    expect(globsOverlap(right, left)).toBe(expected);
  });
});

describe('a statement', () => {
  it('is read from a list, from a single object and from JSON text', () => {
    const written = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
    expect(statementsOf(policy({ Statement: [written, written] }).document)).toHaveLength(2);
    expect(statementsOf(policy({ Statement: written }).document)).toHaveLength(1);
    const text = JSON.stringify({ Statement: [written] });
    expect(statementsOf(policy(text).document)[0]?.isPublic().verdict).toBe('pass');
    expect(statementsOf(policy({ 'Fn::Sub': text.replace('"*"}', '"$' + '{Bucket.Arn}"}') }).document)[0]?.isPublic().verdict).toBe('pass');
  });

  it('of a document that is not known leaves every question open', () => {
    const [unread] = statementsOf(policy({ Ref: 'Text' }).document);
    expect(unread?.allows().verdict).toBe('unknown');
    expect(unread?.isPublic().verdict).toBe('unknown');
    expect(unread?.coversAction('s3:*').verdict).toBe('unknown');
    expect(unread?.fencesOff('s3:*').verdict).toBe('unknown');
  });

  it.each([
    [{ Action: 's3:*' }, 's3:GetObject', 'pass'],
    [{ Action: 'S3:getobject' }, 's3:GetObject', 'pass'],
    [{ Action: ['s3:Put*', '*'] }, 's3:*', 'pass'],
    [{ Action: ['s3:Get*', 's3:Put*'] }, 's3:*', 'fail'],
    [{ NotAction: 'iam:*' }, 's3:*', 'pass'],
    [{ NotAction: ['s3:GetObject'] }, 's3:*', 'fail'],
    [{ Action: { Ref: 'Text' } }, 's3:*', 'unknown'],
    [{ Action: { 'Fn::Sub': 's3:$' + '{Text}' } }, 's3:GetObject', 'unknown'],
    [{ Action: { 'Fn::Sub': 's3:$' + '{Text}' } }, 'kms:Decrypt', 'fail'],
  ])('%j covers %s: %s', (written, wanted, expected) => expect(verdictOf(written, (it) => it.coversAction(wanted))).toBe(expected));

  it.each([
    ['*', 'pass'],
    [{ AWS: '*' }, 'pass'],
    [{ AWS: ['arn:aws:iam::111122223333:root', '*'] }, 'pass'],
    [{ AWS: 'arn:aws:iam::111122223333:root' }, 'fail'],
    [{ AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, 'fail'],
    [{ AWS: { 'Fn::Sub': 'arn:aws:iam::$' + '{Text}:root' } }, 'fail'],
    [{ AWS: { Ref: 'Text' } }, 'unknown'],
    [{ Service: 'logging.s3.amazonaws.com' }, 'fail'],
    [undefined, 'fail'],
  ])('with the principal %j speaks of everyone: %s', (Principal, expected) =>
    expect(verdictOf({ Effect: 'Allow', Principal }, (it) => it.namesEveryone())).toBe(expected),
  );
});

describe('a grant to everyone', () => {
  const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
  const conditions: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, 'pass'],
    ['the organisation', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, 'fail'],
    ['an organisation that a parameter names', { StringEquals: { 'aws:PrincipalOrgID': { Ref: 'Org' } } }, 'fail'],
    ['a pattern that a parameter names', { StringLike: { 'aws:PrincipalOrgID': { Ref: 'Org' } } }, 'unknown'],
    ['an account, in other case', { stringequals: { 'AWS:sourceaccount': '111122223333' } }, 'fail'],
    ['a list with a wildcard', { StringLike: { 'aws:SourceAccount': ['111122223333', '*'] } }, 'pass'],
    ['only callers that carry the key', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, 'pass'],
    ['all values of a set that may be empty', { 'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-a/*' } }, 'pass'],
    ['any value of a path', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }, 'fail'],
    ['everything but an account', { StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }, 'pass'],
    ['a referer', { StringLike: { 'aws:Referer': 'https://example.com/*' } }, 'pass'],
    ['encrypted transport', { Bool: { 'aws:SecureTransport': 'true' } }, 'pass'],
    ['a narrow network', { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } }, 'fail'],
    ['the whole internet', { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, 'pass'],
    ['half of the internet', { IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '192.0.2.0/24'] } }, 'pass'],
    ['any source in one account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } }, 'fail'],
    ['one name in any account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:topic' } }, 'pass'],
    ['a bucket, whose ARN has no account', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::data*' } }, 'fail'],
    ['any bucket', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } }, 'pass'],
    ['its own account by ARN', { ArnLike: { 'aws:SourceArn': { 'Fn::Sub': 'arn:aws:events:*:$' + '{AWS::AccountId}:rule/*' } } }, 'fail'],
    ['the account of the resource', { StringEquals: { 'aws:ResourceAccount': '$' + '{aws:PrincipalAccount}' } }, 'fail'],
    ['a condition that a parameter decides', { Ref: 'Text' }, 'unknown'],
  ];
  it.each(conditions)('with %s', (_, Condition, expected) =>
    expect(verdictOf({ ...open, Condition }, (it) => it.isPublic())).toBe(expected),
  );

  it('by NotPrincipal is public', () => {
    expect(
      verdictOf({ Effect: 'Allow', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: '*', Resource: '*' }, (it) =>
        it.isPublic(),
      ),
    ).toBe('pass');
  });

  it('is no public grant when another statement denies everyone else', () => {
    const fence = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: '*',
      Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    };
    expect(grantsNobodyPublicly(policy({ Statement: [open, fence] }).document, 's3:*').verdict).toBe('pass');
    expect(grantsNobodyPublicly(policy({ Statement: [open] }).document, 's3:*')).toMatchObject({
      verdict: 'fail',
      at: 'PolicyDocument.Statement[0]',
    });
    expect(grantsNobodyPublicly(policy({ Statement: [open, { ...fence, Action: 's3:PutObject' }] }).document, 's3:*').verdict).toBe('fail');
    expect(
      grantsNobodyPublicly(policy({ Statement: [open, { ...fence, Resource: 'arn:aws:s3:::cases/*' }] }).document, 's3:*').verdict,
    ).toBe('fail');
  });
});

describe('a denial of everyone else', () => {
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  it.each([
    ['by organisation', { ...deny, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }, 'pass'],
    [
      'by organisation, services let through',
      {
        ...deny,
        Condition: {
          StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      },
      'pass',
    ],
    ['by role', { ...deny, Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/agent' } } }, 'pass'],
    [
      'by NotPrincipal',
      { Effect: 'Deny', NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/agent' }, Action: 's3:*', Resource: '*' },
      'pass',
    ],
    ['with every role let through', { ...deny, Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/agent' } } }, 'fail'],
    [
      'under a further condition',
      { ...deny, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'aws:RequestedRegion': 'eu-west-1' } } },
      'fail',
    ],
    ['of everyone without exception', deny, 'fail'],
    [
      'of reads only',
      { ...deny, Action: 's3:GetObject', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
      'fail',
    ],
  ])('%s', (_, written, expected) => expect(verdictOf(written, (it) => it.fencesOff('s3:*'))).toBe(expected));
});

describe('a principal of another account', () => {
  const outside = (Principal: unknown, account?: string): string => {
    const { document, graph } = policy({ Statement: { Effect: 'Allow', Principal } }, account);
    const [principal] = statementsOf(document)[0]?.principals() ?? [];
    return principal ? isOutsider(principal, graph).verdict : 'none';
  };
  it.each([
    ['another account', { AWS: 'arn:aws:iam::444455556666:root' }, '111122223333', 'pass'],
    ['another account by number', { AWS: '444455556666' }, '111122223333', 'pass'],
    ['our account', { AWS: 'arn:aws:iam::111122223333:role/x' }, '111122223333', 'fail'],
    ['our account by pseudo parameter', { AWS: { 'Fn::Sub': 'arn:aws:iam::$' + '{AWS::AccountId}:root' } }, undefined, 'fail'],
    ['a role of the template', { AWS: { 'Fn::GetAtt': ['Role', 'Arn'] } }, undefined, 'fail'],
    ['an account while ours is not known', { AWS: '444455556666' }, undefined, 'unknown'],
    ['an account that a parameter names', { AWS: { 'Fn::Sub': 'arn:aws:iam::$' + '{Text}:root' } }, '111122223333', 'unknown'],
    ['the load balancers of a region', { AWS: 'arn:aws:iam::127311923021:root' }, '111122223333', 'fail'],
    ['a CloudFront identity', { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1' }, '111122223333', 'fail'],
    ['a service', { Service: 'cloudtrail.amazonaws.com' }, '111122223333', 'fail'],
  ])('%s', (_, principal, account, expected) => expect(outside(principal, account)).toBe(expected));
});
