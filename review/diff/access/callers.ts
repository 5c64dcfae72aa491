/** Who makes a request, and what a request says about its maker without being asked. */
import type { ContextValue } from './conditions';
import { arnParts, isHole } from './text';

/**
 * The maker of a request. `account` is only needed where the ARN does not say it (a hole); `id` is the unique id (`AIDA…`,
 * `AROA…`), `canonicalId` that of the account as S3 knows it.
 */
export type Caller =
  | (Identity & { readonly kind: 'user'; readonly arn: string })
  /** A session of a role; `arn` is the role's. Without `session`, any session. */
  | (Identity & { readonly kind: 'role'; readonly arn: string; readonly session?: string | undefined })
  | { readonly kind: 'root'; readonly account: string; readonly canonicalId?: string | undefined }
  /** A session from GetFederationToken; `user` is the ARN of the user who asked for it. */
  | {
      readonly kind: 'federated-user';
      readonly account: string;
      readonly name: string;
      readonly user?: string | undefined;
      readonly canonicalId?: string | undefined;
    }
  | { readonly kind: 'service'; readonly service: string }
  /** Someone with a token of a web identity or SAML provider. */
  | { readonly kind: 'provider'; readonly provider: string }
  | { readonly kind: 'anonymous' };

interface Identity {
  readonly account?: string | undefined;
  readonly id?: string | undefined;
  readonly canonicalId?: string | undefined;
}

/** The account that the caller belongs to: undefined when it is not known, null when there is none. */
export function accountOf(caller: Caller): string | null | undefined {
  switch (caller.kind) {
    case 'user':
    case 'role':
      return caller.account ?? accountIn(caller.arn);
    case 'root':
    case 'federated-user':
      return caller.account;
    default:
      return null;
  }
}

/** The account part of an ARN; undefined when it has none or is not known. */
export const accountIn = (arn: string): string | undefined => arnParts(arn)[4] || undefined;

/** The last part of a user's or role's ARN: its name without the path. */
export function nameIn(arn: string): string | undefined {
  const last = arnParts(arn)[5];
  return last === undefined || isHole(arn) ? undefined : last.slice(last.lastIndexOf('/') + 1);
}

/** The caller's ARN as `aws:PrincipalArn` gives it: that of the role, not of its session. */
function principalArn(caller: Caller): string | undefined {
  switch (caller.kind) {
    case 'user':
    case 'role':
      return caller.arn;
    case 'root':
      return `arn:aws:iam::${caller.account}:root`;
    case 'federated-user':
      return federatedArn(caller.account, caller.name);
    default:
      return undefined;
  }
}

export const federatedArn = (account: string, name: string): string => `arn:aws:sts::${account}:federated-user/${name}`;

/** Made for one service by that service: neither control policies nor boundaries reach it. */
export const isServiceLinked = (caller: Caller): boolean => caller.kind === 'role' && caller.arn.includes(':role/aws-service-role/');

/** An identity of an account, to which policies can be attached. */
export const hasIdentity = (caller: Caller): boolean => accountOf(caller) !== null;

const TYPES = {
  user: 'User',
  role: 'AssumedRole',
  root: 'Account',
  'federated-user': 'FederatedUser',
  service: 'Service',
  provider: 'FederatedUser',
  anonymous: 'Anonymous',
} as const satisfies Record<Caller['kind'], string>;

/** The keys that follow from who calls; what the caller's form leaves open is not listed. */
export function derivedKeys(caller: Caller): Readonly<Record<string, ContextValue>> {
  const account = accountOf(caller);
  const name = caller.kind === 'user' ? nameIn(caller.arn) : null;
  return {
    'aws:PrincipalType': TYPES[caller.kind],
    'aws:PrincipalIsAWSService': caller.kind === 'service',
    'aws:PrincipalServiceName': caller.kind === 'service' ? caller.service : null,
    'aws:PrincipalArn': principalArn(caller) ?? null,
    ...(account === undefined ? {} : { 'aws:PrincipalAccount': account }),
    ...(name === undefined ? {} : { 'aws:username': name }),
  };
}
