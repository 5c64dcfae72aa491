import { ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key, KeyProps } from 'aws-cdk-lib/aws-kms';
import type { Claim, ControlId } from '../contract';
import { denyOutsiders, fromSource } from './identity-perimeter';

/** What the floor and the policy of every key keep. */
export const KEY_CLAIMS = [
  'ENC-03',
  { control: 'ENC-04', from: 'moderate' },
  'ENC-05',
  { control: 'ENC-06', from: 'moderate' },
  'ENC-07',
  'ENC-09',
  'DHC-10',
  'LPA-10',
  'LPA-16',
] as const satisfies readonly (ControlId | Claim)[];

/** What every key promises; given to the CDK after the user's props. */
export const KEY_FLOOR = {
  pendingWindow: Duration.days(30),
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies KeyProps;

/** Longest time between two rotations, in days (ENC-03). */
export const YEAR = 365;
/** How symmetric keys rotate. */
export const ROTATES = { enableKeyRotation: true, rotationPeriod: Duration.days(YEAR) } as const satisfies KeyProps;

/** Uses of a key. Written one by one, so that a new action of the service is never granted by a wildcard. */
const USE_ACTIONS = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
/** What a use stands for that the CDK grants by a wildcard. */
export const spelledOut = (action: string): readonly string[] =>
  action.endsWith('*') ? USE_ACTIONS.filter((each) => each.startsWith(action.slice(0, -1))) : [action];
const SIGN_ACTIONS = ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign', 'kms:Verify', 'kms:GenerateMac', 'kms:VerifyMac'];

const DESTRUCTION = ['kms:DeleteImportedKeyMaterial', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'];
const ADMIN_ACTIONS = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListAliases',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:ListKeyRotations',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
  ...DESTRUCTION,
];
const readsOnly = new Set(['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Verify']);

export interface KeyPeople {
  readonly administrators?: readonly IPrincipal[] | undefined;
  readonly users?: readonly IPrincipal[] | undefined;
  readonly sharedWith?: readonly string[] | undefined;
  /** The key goes with its stack, so that CloudFormation must be able to schedule its deletion. */
  readonly disposable?: boolean | undefined;
  readonly symmetric: boolean;
}

/**
 * Completes the policy of a key. The account root, which the CDK lets delegate to IAM policies, stays the only principal
 * with wildcard actions; nobody both administers and uses the key, whatever IAM says (ENC-04); only administrators and
 * the root can destroy or disable it (ENC-05); grants, which no policy shows, are made by services of AWS for what they
 * keep with it only (ENC-06); outsiders are refused (LPA-10).
 */
export function hardenKeyPolicy(key: Key, people: KeyPeople): void {
  const administrators = arnsOf(key, 'administrators', people.administrators);
  const users = arnsOf(key, 'users', people.users);
  const both = administrators.filter((arn) => users.includes(arn));
  if (both.length > 0)
    throw new Error(`${key.node.path}: ${both.join(', ')} both administers and uses the key; name different principals (ENC-04)`);
  const use = people.symmetric ? USE_ACTIONS : SIGN_ACTIONS;
  const add = (sid: string, effect: Effect, principals: readonly IPrincipal[] | undefined, actions: string[]) => {
    if (principals?.length)
      key.addToResourcePolicy(new PolicyStatement({ sid, effect, principals: [...principals], actions, resources: ['*'] }));
  };
  add('Administration', Effect.ALLOW, people.administrators, ADMIN_ACTIONS);
  add('AdministratorsDoNotUse', Effect.DENY, people.administrators, ['kms:CreateGrant', ...use.filter((action) => !readsOnly.has(action))]);
  add('Use', Effect.ALLOW, people.users, use);
  add('UsersDoNotAdminister', Effect.DENY, people.users, ['kms:PutKeyPolicy', 'kms:DisableKeyRotation', ...DESTRUCTION]);
  if (!people.disposable) {
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyAdministratorsDestroy',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: DESTRUCTION,
        resources: ['*'],
        conditions: { ArnNotLike: { 'aws:PrincipalArn': [rootOf(key), ...administrators] } },
      }),
    );
  }
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyServicesPassItOn',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
    }),
  );
  key.addToResourcePolicy(denyOutsiders(key, ['kms:*'], ['*'], people.sharedWith));
}

/** How far a service may use a key. */
export interface ServiceGrant {
  /** @default data keys and decryption */
  readonly actions?: readonly string[];
  /** ARN, or pattern of it, of the resource for which the service calls. */
  readonly sourceArn?: string | readonly string[];
  /** Accounts for whose resources the service calls. @default the account of the key */
  readonly sourceAccounts?: readonly string[];
  /**
   * Encryption context that the service is known to send, by key; values are ARN patterns. Given for the few services
   * that send it instead of a source account, and then it replaces that condition: it has to name the account.
   */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** Lets a service use a key for this account's resources only (ENC-06, LPA-16). */
export function grantKeyToService(key: Key, service: string, grant: ServiceGrant = {}): void {
  const context = Object.entries(grant.encryptionContext ?? {});
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: [...(grant.actions ?? ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'])],
      resources: ['*'],
      conditions:
        context.length > 0
          ? { ArnLike: Object.fromEntries(context.map(([name, arn]) => [`kms:EncryptionContext:${name}`, arn])) }
          : fromSource(key, { arn: grant.sourceArn, accounts: grant.sourceAccounts }),
    }),
  );
}

const rootOf = (key: Key): string =>
  Stack.of(key).formatArn({ service: 'iam', region: '', resource: 'root', arnFormat: ArnFormat.NO_RESOURCE_NAME });

/** Only these principals, and AWS services that act for the account, decrypt; IAM policies cannot widen it (LOG-11). */
export function onlyDecryptedBy(key: Key, prop: string, principals: readonly IPrincipal[]): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyReadersDecrypt',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:Decrypt', 'kms:ReEncryptFrom'],
      resources: ['*'],
      conditions: {
        ArnNotLike: { 'aws:PrincipalArn': arnsOf(key, prop, principals) },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
}

function arnsOf(key: Key, prop: string, principals: readonly IPrincipal[] | undefined): string[] {
  return (principals ?? []).flatMap((principal) => {
    const { AWS: arns } = principal.policyFragment.principalJson as { AWS?: string | string[] };
    const list = arns === undefined ? [] : [arns].flat();
    if (list.length === 0 || list.includes('*'))
      throw new Error(
        `${key.node.path}: ${prop} holds a principal that is no role or user (${JSON.stringify(principal.policyFragment.principalJson)}); ` +
          'name roles; for services call grantToService (ENC-04)',
      );
    return list;
  });
}
