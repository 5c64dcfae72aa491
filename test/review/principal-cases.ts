import type { Caller } from '../../review/diff/access/callers';
import { hole } from '../../review/diff/access/text';
import { allow, type Case, deny, grants, OTHER, OWN, policy, QUEUE, ROLE, USER, type Verdict } from './case';

const SERVICE: Caller = { kind: 'service', service: 'sns.amazonaws.com' };
const ROOT: Caller = { kind: 'root', account: OWN };
const ANYONE: Caller = { kind: 'anonymous' };
const FEDERATED: Caller = { kind: 'federated-user', account: OWN, name: 'ann', user: USER.kind === 'user' ? USER.arn : '' };
const BY_ROOT: Caller = { kind: 'federated-user', account: OWN, name: 'ann' };
const CANONICAL = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be';
const arn = (rest: string) => `arn:aws:iam::${OWN}:${rest}`;
const session = (name: string) => `arn:aws:sts::${OWN}:assumed-role/worker/${name}`;

type Row = readonly [says: string, caller: Caller, principal: unknown, verdict: Verdict, missing?: string];

/** The queue's own policy is all there is. */
const GRANTED: readonly Row[] = [
  ['a user is named by its ARN', USER, { AWS: arn('user/team/ann') }, 'allow'],
  ['the path belongs to the ARN of a user', USER, { AWS: arn('user/ann') }, 'deny'],
  ['the case of a name matters', USER, { AWS: arn('user/team/Ann') }, 'deny'],
  ['a user is named among several', USER, { AWS: [arn('user/x'), arn('user/team/ann')] }, 'allow'],
  ['everyone is an asterisk', USER, '*', 'allow'],
  ['everyone is an asterisk among the accounts', USER, { AWS: '*' }, 'allow'],
  ['a grant to the own account leaves the decision to the account', USER, { AWS: arn('root') }, 'deny'],
  ['a grant to the own account by number leaves the decision to it too', USER, { AWS: OWN }, 'deny'],
  ['a grant to the account reaches its own user', ROOT, { AWS: OWN }, 'allow'],
  ['a role is named by its ARN', ROLE, { AWS: arn('role/app/worker') }, 'allow'],
  ['a role is not named by another', ROLE, { AWS: arn('role/app/other') }, 'deny'],
  ['a session is named by its ARN, without the path of the role', ROLE, { AWS: session('night') }, 'allow'],
  ['a session is not named by another session', ROLE, { AWS: session('day') }, 'deny'],
  [
    'whether any session is a named one is not known',
    { kind: 'role', arn: arn('role/app/worker') },
    { AWS: session('day') },
    'unknown',
    `the session name of ${arn('role/app/worker')}`,
  ],
  ['a federated session is named by its ARN', FEDERATED, { AWS: `arn:aws:sts::${OWN}:federated-user/ann` }, 'allow'],
  ['a federated session without session policy is not named by its user', FEDERATED, { AWS: arn('user/team/ann') }, 'deny'],
  ['a federated session of the account itself is not named by a user', BY_ROOT, { AWS: arn('user/team/ann') }, 'deny'],
  ['whether an undecided principal is the one who federated is not known', BY_ROOT, { AWS: hole('Someone') }, 'unknown', 'Someone'],
  ['a service is named', SERVICE, { Service: 'sns.amazonaws.com' }, 'allow'],
  ['a service is not another', SERVICE, { Service: ['s3.amazonaws.com', 'events.amazonaws.com'] }, 'deny'],
  ['everyone means services as well', SERVICE, '*', 'allow'],
  ['a service is not named as an account', SERVICE, { AWS: OWN }, 'deny'],
  ['anonymous callers are part of everyone', ANYONE, '*', 'allow'],
  ['anonymous callers are part of all accounts', ANYONE, { AWS: '*' }, 'allow'],
  ['anonymous callers belong to no account', ANYONE, { AWS: OWN }, 'deny'],
  ['all services are not anonymous callers', ANYONE, { Service: '*' }, 'deny'],
  ['a canonical id names an account', { ...USER, canonicalId: CANONICAL } as Caller, { CanonicalUser: CANONICAL }, 'deny'],
  ['a canonical id names the account itself', { ...ROOT, canonicalId: CANONICAL } as Caller, { CanonicalUser: CANONICAL }, 'allow'],
  ['a unique id names a user', { ...USER, id: 'AIDAEXAMPLE1' } as Caller, { AWS: 'AIDAEXAMPLE1' }, 'allow'],
  ['a unique id of somebody else names somebody else', { ...USER, id: 'AIDAEXAMPLE1' } as Caller, { AWS: 'AIDAEXAMPLE2' }, 'deny'],
  ['who has a unique id may be unknown', USER, { AWS: 'AIDAEXAMPLE1' }, 'unknown', 'who AIDAEXAMPLE1 is'],
  [
    'wildcards in an ARN are no documented principal',
    USER,
    { AWS: arn('user/*') },
    'unknown',
    `a principal without wildcards instead of ${arn('user/*')}`,
  ],
  ['a principal that deployment decides is unknown', USER, { AWS: hole('Partner') }, 'unknown', 'Partner'],
  [
    'a role known by the same reference is that role',
    { kind: 'role', arn: hole('Worker.Arn'), account: OWN, session: 'x' },
    { AWS: hole('Worker.Arn') },
    'allow',
  ],
  [
    'an account known by the same reference is that account',
    { kind: 'root', account: hole('AWS::AccountId') },
    { AWS: `arn:aws:iam::${hole('AWS::AccountId')}:root` },
    'allow',
  ],
  ['a statement without principal says nothing', USER, undefined, 'unknown', 'the Principal of Policy, statement 1'],
  ['a kind of principal that does not exist is unknown', USER, { Group: 'admins' }, 'unknown', 'Principal.Group'],
];

const NOT_PRINCIPAL: readonly Row[] = [
  ['a denial to all but others reaches the caller', USER, { AWS: [arn('user/x'), arn('root')] }, 'deny'],
  ['a denial spares a caller who is listed with the account', USER, { AWS: [arn('user/team/ann'), arn('root')] }, 'allow'],
  [
    'a denial may reach a caller whose account is not listed',
    USER,
    { AWS: arn('user/team/ann') },
    'unknown',
    'whether the service checks the account, and the role, before the caller',
  ],
  ['a denial spares a role that is listed with the account', ROLE, { AWS: [arn('role/app/worker'), OWN] }, 'allow'],
  [
    'a denial spares a session that is listed with role and account',
    ROLE,
    { AWS: [session('night'), arn('role/app/worker'), OWN] },
    'allow',
  ],
  [
    'a denial may reach a session whose role is not listed',
    ROLE,
    { AWS: [session('night'), OWN] },
    'unknown',
    'whether the service checks the account, and the role, before the caller',
  ],
  ['a denial to all but the account reaches those in it', USER, { AWS: arn('root') }, 'deny'],
  ['a denial to all but everyone reaches nobody', USER, '*', 'allow'],
  ['a denial to all but one service spares that service', SERVICE, { Service: 'sns.amazonaws.com' }, 'allow'],
  ['a denial to all but an account reaches services', SERVICE, { AWS: OWN }, 'deny'],
  ['a denial to all but an account reaches anonymous callers', ANYONE, { AWS: OWN }, 'deny'],
];

const missingOf = (missing: string | undefined) => (missing === undefined ? {} : { missing });

const request = { action: 'sqs:SendMessage', resource: QUEUE } as const;

export const PRINCIPAL_CASES: readonly Case[] = [
  ...GRANTED.map(
    ([says, caller, principal, verdict, missing]): Case => ({
      ...request,
      says,
      caller,
      policies: { resource: [policy(grants(principal))] },
      verdict,
      ...missingOf(missing),
    }),
  ),
  ...NOT_PRINCIPAL.map(
    ([says, caller, excepted, verdict, missing]): Case => ({
      ...request,
      says,
      caller,
      policies: { resource: [policy(grants('*'), { Effect: 'Deny', NotPrincipal: excepted, Action: '*', Resource: '*' })] },
      verdict,
      ...missingOf(missing),
    }),
  ),
  {
    ...request,
    says: 'a grant to all but one does not reach that one',
    caller: USER,
    policies: { resource: [policy({ Effect: 'Allow', NotPrincipal: { AWS: arn('user/team/ann') }, Action: '*', Resource: '*' })] },
    verdict: 'deny',
  },
  {
    ...request,
    says: 'a grant to all but one reaches anonymous callers',
    caller: ANYONE,
    policies: { resource: [policy({ Effect: 'Allow', NotPrincipal: { AWS: arn('user/team/ann') }, Action: '*', Resource: '*' })] },
    verdict: 'allow',
  },
  {
    ...request,
    says: 'whether a grant to all but an account spares its users is not known',
    caller: USER,
    policies: { resource: [policy({ Effect: 'Allow', NotPrincipal: { AWS: OWN }, Action: '*', Resource: '*' })] },
    verdict: 'unknown',
    missing: 'whether an excepted account means all of its identities',
  },
  {
    ...request,
    says: 'a denial to the account reaches all of it',
    caller: ROLE,
    policies: { identity: [policy(allow('*'))], resource: [policy({ ...grants({ AWS: OWN }), Effect: 'Deny' })] },
    verdict: 'deny',
    explicit: true,
    layer: 'resource',
  },
  {
    ...request,
    says: 'a denial to another account does not',
    caller: ROLE,
    policies: { identity: [policy(allow('*'))], resource: [policy({ ...grants({ AWS: OTHER }), Effect: 'Deny' })] },
    verdict: 'allow',
  },
  {
    ...request,
    says: 'a denial to the role reaches its sessions',
    caller: ROLE,
    policies: { identity: [policy(allow('*'))], resource: [policy({ ...grants({ AWS: arn('role/app/worker') }), Effect: 'Deny' })] },
    verdict: 'deny',
    explicit: true,
  },
  {
    ...request,
    says: 'identity policies do not count for services',
    caller: SERVICE,
    policies: { identity: [policy(allow('*'))], resource: [policy(grants({ Service: 's3.amazonaws.com' }))] },
    verdict: 'deny',
    layer: 'resource',
  },
  {
    ...request,
    says: 'a service linked role is beyond service control',
    caller: { kind: 'role', arn: arn('role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX'), session: 's' },
    policies: { identity: [policy(allow('*'))], serviceControl: [[policy(deny('*'))]] },
    verdict: 'allow',
  },
  {
    ...request,
    says: 'a service linked role is beyond resource control',
    caller: { kind: 'role', arn: arn('role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX'), session: 's' },
    policies: { identity: [policy(allow('*'))], resourceControl: [policy({ ...grants('*'), Effect: 'Deny' })] },
    verdict: 'allow',
  },
];
