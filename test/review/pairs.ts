import { hole } from '../../review/diff/access/text';
import { allow, deny, grants, OTHER, OWN, policy, type StatementJson } from './case';

type Sides = readonly [before: readonly StatementJson[], after: readonly StatementJson[]];

const B = 'arn:aws:s3:::cases';
const O = 'arn:aws:s3:::cases/*';
const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };

/** Changes of wording that change nothing. */
export const SAME: Readonly<Record<string, Sides>> = {
  'statements in another order': [
    [allow('s3:GetObject', O), allow('sqs:*')],
    [allow('sqs:*'), allow('s3:GetObject', O)],
  ],
  'a statement split by action': [[allow(['s3:GetObject', 's3:PutObject'], O)], [allow('s3:GetObject', O), allow('s3:PutObject', O)]],
  'a statement split by resource': [[allow('s3:*', [B, O])], [allow('s3:*', B), allow('s3:*', O)]],
  'statements merged by action and resource': [
    [allow('s3:GetObject', B), allow('s3:PutObject', B), allow('s3:GetObject', O), allow('s3:PutObject', O)],
    [allow(['s3:PutObject', 's3:GetObject'], [O, B])],
  ],
  'a statement split by the value of its condition': [
    [allow('s3:GetObject', O, { StringEquals: { k: ['a', 'b'] } })],
    [allow('s3:GetObject', O, { StringEquals: { k: 'a' } }), allow('s3:GetObject', O, { StringEquals: { k: 'b' } })],
  ],
  'IfExists written as two statements': [
    [allow('s3:GetObject', O, { StringEqualsIfExists: { k: 'a' } })],
    [allow('s3:GetObject', O, { Null: { k: 'true' } }), allow('s3:GetObject', O, { StringEquals: { k: 'a' } })],
  ],
  'a wildcard written out': [[allow('kms:Decr*')], [allow('kms:Decrypt')]],
  'actions in another case': [[allow('S3:getobject', O)], [allow('s3:GetObject', O)]],
  'a list of one': [[allow(['s3:GetObject'], [O])], [allow('s3:GetObject', O)]],
  'a resource within another': [[allow('s3:GetObject', [O, 'arn:aws:s3:::cases/2024/*'])], [allow('s3:GetObject', O)]],
  'an action within another': [[allow(['s3:Get*', 's3:GetObject'], O)], [allow('s3:Get*', O)]],
  'a repeated statement': [[allow('s3:GetObject', O), allow('s3:GetObject', O)], [allow('s3:GetObject', O)]],
  'another Sid': [[{ ...allow('s3:GetObject', O), Sid: 'A' }], [{ ...allow('s3:GetObject', O), Sid: 'B' }]],
  'ArnEquals instead of ArnLike': [
    [allow('s3:GetObject', O, { ArnEquals: { k: 'arn:aws:iam::1:role/*' } })],
    [allow('s3:GetObject', O, { ArnLike: { K: 'arn:aws:iam::1:role/*' } })],
  ],
  'StringLike without wildcard': [
    [allow('s3:GetObject', O, { StringLike: { k: 'a' } })],
    [allow('s3:GetObject', O, { StringEquals: { k: ['a'] } })],
  ],
  'Bool with and without quotes': [[allow('s3:GetObject', O, { Bool: { k: true } })], [allow('s3:GetObject', O, { Bool: { k: 'true' } })]],
  'an address and its range of one': [
    [allow('*', O, { IpAddress: { k: '10.0.0.1' } })],
    [allow('*', O, { IpAddress: { k: '10.0.0.1/32' } })],
  ],
  'a denial of what nothing grants': [[allow('s3:GetObject', O)], [allow('s3:GetObject', O), deny('iam:*')]],
  'a denial put into the grant': [
    [allow('sqs:*'), deny('sqs:Delete*')],
    [allow(['sqs:A*', 'sqs:C*', 'sqs:G*', 'sqs:L*', 'sqs:P*', 'sqs:R*', 'sqs:S*', 'sqs:T*', 'sqs:U*'])],
  ],
  'NotAction written as a denial': [[{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }], [allow('*'), deny('iam:*')]],
  'an account by number and by ARN': [
    [grants({ AWS: OTHER }, 's3:GetObject')],
    [grants({ AWS: `arn:aws:iam::${OTHER}:root` }, 's3:GetObject')],
  ],
  'everyone in both spellings': [[grants('*', 's3:GetObject')], [grants({ AWS: '*' }, 's3:GetObject')]],
  'principals split over statements': [
    [grants({ AWS: [OTHER, '777788889999'] }, 's3:GetObject')],
    [grants({ AWS: '777788889999' }, 's3:GetObject'), grants({ AWS: OTHER }, 's3:GetObject')],
  ],
  'the same reference to a resource': [[allow('s3:GetObject', `${hole('B.Arn')}/*`)], [allow(['s3:GetObject'], [`${hole('B.Arn')}/*`])]],
  'the same unknown statement': [[hole('S') as unknown as StatementJson], [hole('S') as unknown as StatementJson]],
};

/** Changes that only take away. */
export const NARROWER: Readonly<Record<string, Sides>> = {
  'an action fewer': [[allow(['s3:GetObject', 's3:PutObject'], O)], [allow('s3:GetObject', O)]],
  'a narrower wildcard': [[allow('s3:*', O)], [allow('s3:Get*', O)]],
  'a narrower resource': [[allow('s3:*', '*')], [allow('s3:*', [B, O])]],
  'a condition more': [[allow('s3:GetObject', O)], [allow('s3:GetObject', O, ORG)]],
  'a narrower condition': [
    [allow('s3:GetObject', O, { StringLike: { k: 'a*' } })],
    [allow('s3:GetObject', O, { StringEquals: { k: ['ab', 'ac'] } })],
  ],
  'a narrower range': [[allow('*', O, { IpAddress: { k: '10.0.0.0/8' } })], [allow('*', O, { IpAddress: { k: '10.1.0.0/16' } })]],
  'a lower bound': [[allow('*', O, { NumericLessThan: { k: 10 } })], [allow('*', O, { NumericLessThanEquals: { k: 9 } })]],
  'IfExists dropped': [[allow('*', O, { StringEqualsIfExists: { k: 'a' } })], [allow('*', O, { StringEquals: { k: 'a' } })]],
  'an excluded value more': [[allow('*', O, { StringNotEquals: { k: 'a' } })], [allow('*', O, { StringNotEquals: { k: ['a', 'b'] } })]],
  'a denial more': [[allow('s3:*', O)], [allow('s3:*', O), deny('s3:Delete*', O)]],
  'a wider denial': [
    [allow('s3:*', O), deny('s3:DeleteObject', O)],
    [allow('s3:*', O), deny('s3:Delete*', '*')],
  ],
  'a denial without its condition': [
    [allow('s3:*', O), deny('s3:*', O, { Bool: { k: 'false' } })],
    [allow('s3:*', O), deny('s3:*', O)],
  ],
  'another account narrowed to its role': [
    [grants({ AWS: OTHER }, 's3:GetObject')],
    [grants({ AWS: `arn:aws:iam::${OTHER}:role/x` }, 's3:GetObject')],
  ],
  'everyone narrowed to an account': [[grants('*', 's3:GetObject')], [grants({ AWS: OTHER }, 's3:GetObject')]],
  'one exception more': [
    [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    [{ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' }],
  ],
  'one excepted resource more': [
    [{ Effect: 'Allow', Action: 's3:*', NotResource: B }],
    [{ Effect: 'Allow', Action: 's3:*', NotResource: [B, O] }],
  ],
};

export interface Widening {
  readonly sides: Sides;
  readonly cause: string;
  readonly verbs: readonly string[];
  readonly resource?: string;
  readonly principal?: string;
  readonly condition?: string;
  readonly tests?: readonly string[];
}

/** Changes that give more, each with the one line that says it. */
export const WIDER: Readonly<Record<string, Widening>> = {
  'an action more': {
    sides: [[allow('s3:GetObject', O)], [allow(['s3:GetObject', 's3:DeleteObject'], O)]],
    cause: 'granted',
    verbs: ['delete'],
    resource: O,
  },
  'a wildcard over the secret ones': {
    sides: [[allow('kms:Encrypt')], [allow('kms:*crypt')]],
    cause: 'granted',
    verbs: ['decrypt'],
    resource: '*',
  },
  'a resource more': {
    sides: [[allow('s3:GetObject', O)], [allow('s3:GetObject', [O, 'arn:aws:s3:::other/*'])]],
    cause: 'granted',
    verbs: ['read'],
    resource: 'arn:aws:s3:::other/*',
  },
  'a condition dropped': {
    sides: [[allow('s3:GetObject', O, ORG)], [allow('s3:GetObject', O)]],
    cause: 'condition-loosened',
    verbs: ['read'],
    tests: ['StringEquals aws:principalorgid o-1'],
  },
  'a condition that tolerates the missing key': {
    sides: [[allow('*', O, { Bool: { k: 'true' } })], [allow('*', O, { BoolIfExists: { k: 'true' } })]],
    cause: 'condition-loosened',
    verbs: ['list', 'read', 'write', 'delete', 'decrypt', 'export', 'administer'],
    condition: 'Null k true',
    tests: ['Bool k true'],
  },
  'a value more in a condition': {
    sides: [[allow('s3:GetObject', O, { StringEquals: { k: 'a' } })], [allow('s3:GetObject', O, { StringEquals: { k: ['a', 'b'] } })]],
    cause: 'condition-loosened',
    verbs: ['read'],
    condition: 'StringEquals k b',
  },
  'a wider range': {
    sides: [
      [allow('s3:GetObject', O, { IpAddress: { k: '10.1.0.0/16' } })],
      [allow('s3:GetObject', O, { IpAddress: { k: '10.0.0.0/8' } })],
    ],
    cause: 'condition-loosened',
    verbs: ['read'],
    tests: ['IpAddress k 10.1.0.0/16'],
  },
  'a principal more': {
    sides: [[grants({ AWS: OTHER }, 's3:GetObject')], [grants({ AWS: [OTHER, '777788889999'] }, 's3:GetObject')]],
    cause: 'granted',
    verbs: ['read'],
    principal: '777788889999',
  },
  'an account opened to everyone': {
    sides: [[grants({ AWS: OTHER }, 's3:GetObject')], [grants('*', 's3:GetObject')]],
    cause: 'granted',
    verbs: ['read'],
    principal: 'everyone',
  },
  'the own account narrowed to a role that needs no policy any more': {
    sides: [[grants({ AWS: OWN }, 'kms:Decrypt')], [grants({ AWS: `arn:aws:iam::${OWN}:role/x` }, 'kms:Decrypt')]],
    cause: 'granted',
    verbs: ['decrypt'],
    principal: `arn:aws:iam::${OWN}:role/x`,
  },
  'a denial removed': {
    sides: [[allow('s3:*', O), deny('s3:DeleteObject', O)], [allow('s3:*', O)]],
    cause: 'denial-lifted',
    verbs: ['delete'],
    resource: O,
  },
  'a denial that asks for MFA removed': {
    sides: [[allow('s3:GetObject', O), deny('*', '*', { BoolIfExists: { mfa: 'false' } })], [allow('s3:GetObject', O)]],
    cause: 'denial-lifted',
    verbs: ['read'],
    condition: 'BoolIfExists mfa false',
  },
  'a denial under a condition': {
    sides: [
      [allow('s3:GetObject', O), deny('s3:*', O)],
      [allow('s3:GetObject', O), deny('s3:*', O, { Bool: { k: 'false' } })],
    ],
    cause: 'denial-lifted',
    verbs: ['read'],
    tests: ['Bool k false'],
  },
  'a denial narrowed to a folder': {
    sides: [
      [allow('s3:GetObject', O), deny('s3:*', O)],
      [allow('s3:GetObject', O), deny('s3:*', `${B}/x/*`)],
    ],
    cause: 'denial-lifted',
    verbs: ['read'],
    resource: O,
  },
  'an exception fewer': {
    sides: [
      [{ Effect: 'Allow', NotAction: ['iam:*', 'kms:Decrypt'], Resource: '*' }],
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    ],
    cause: 'granted',
    verbs: ['decrypt'],
  },
  'an exception from a denial': {
    sides: [
      [allow('*'), { Effect: 'Deny', NotAction: 's3:GetObject', Resource: '*' }],
      [allow('*'), { Effect: 'Deny', NotAction: ['s3:GetObject', 's3:PutObject'], Resource: '*' }],
    ],
    cause: 'denial-lifted',
    verbs: ['write'],
  },
  'an action that the reference does not know': {
    sides: [[allow('newservice:Read')], [allow('newservice:*')]],
    cause: 'granted',
    verbs: ['write'],
  },
  'a resource by another reference': {
    sides: [[allow('s3:GetObject', hole('A.Arn'))], [allow('s3:GetObject', hole('B.Arn'))]],
    cause: 'granted',
    verbs: ['read'],
    resource: '${B.Arn}',
  },
};

export const sides = ([before, after]: Sides) =>
  [
    { grants: [policy(...before)], account: OWN },
    { grants: [policy(...after)], account: OWN },
  ] as const;
