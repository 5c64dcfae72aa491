import * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as storage from '@pulumi/azure-native/storage';
import type * as pulumi from '@pulumi/pulumi';
import type { Claim, ControlId } from '../contract';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import type { SecureStorageAccount } from './object-storage';

/** Name of the rules that judge what carries messages. */
export const FAMILY = 'messaging';

/** What every namespace of a broker keeps, with its key, its records, its lock and its endpoint. */
export const BROKER_CLAIMS = [
  'TLS-01',
  { control: 'ENC-06', from: 'moderate' },
  { control: 'ENC-11', from: 'moderate' },
  'DHC-01',
  'DHC-10',
  'LPA-14',
  { control: 'LOG-13', from: 'moderate' },
  { control: 'BCR-06', from: 'moderate' },
  { control: 'DID-05', from: 'moderate' },
] as const satisfies readonly (ControlId | Claim)[];

/** What may be relaxed on a namespace. */
export const BROKER_RELAXABLE = {
  'BCR-06': 'the spread over zones, in a region that has none',
  'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
} as const satisfies { readonly [Id in ControlId]?: string };

/** Why the rest stands. */
export const BROKER_FIRM = {
  'DID-05': 'without an endpoint nothing reaches the namespace at all',
  'ENC-06': 'the identity of the namespace uses one key and no other',
  'ENC-11': 'pass another key',
  'LOG-13': 'pass another sink',
  'LPA-14': 'give clients a role: grant()',
  'TLS-01': 'no supported client needs an older protocol',
} as const satisfies { readonly [Id in ControlId]?: string };

/** A container of blobs to which a service writes by its identity. */
export interface BlobTarget {
  /**
   * Account that holds the container. Its firewall knows Event Hubs and Event Grid as trusted services only, and lets them in
   * where LPA-16 is relaxed.
   */
  readonly account: SecureStorageAccount;
  /** Container that is written to. */
  readonly container: storage.BlobContainer;
}

/** Messages live this long at most, unless a queue says otherwise: what was not handled by then is a dead letter. */
export const LONGEST_LIFE_DAYS = 14;
/** Attempts after which a message is a dead letter. */
export const ATTEMPTS = 5;

/** Days of a message's life. @throws RangeError outside 1 to 14 */
export function lifeDays(where: string, days: number): number {
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_LIFE_DAYS)
    throw new RangeError(`${where}: keepDays is ${days}; write 1 to ${LONGEST_LIFE_DAYS}, a queue is no archive`);
  return days;
}

/** The identity of a namespace, and its right to use the namespace's key. */
export interface BrokerIdentity {
  readonly identity: managedidentity.UserAssignedIdentity;
  /** Absent where there is no key. */
  readonly use?: pulumi.Resource;
}

/** Makes the identity by which a namespace reaches its key, and whatever it writes to. */
export function brokerIdentity(
  component: string,
  args: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly location: pulumi.Input<string>;
    readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
    readonly key: EncryptionKey | undefined;
  },
  parent: pulumi.Resource,
): BrokerIdentity {
  const { key, location, resourceGroupName, tags } = args;
  const identity = new managedidentity.UserAssignedIdentity(
    `${component}-identity`,
    { resourceGroupName, location, tags: { ...tags } },
    { parent },
  );
  if (!key) return { identity };
  return { identity, use: allowEncryption(`${component}-key-use`, { key, principalId: identity.principalId }, { parent }) };
}

/** Encryption with the customer's key and a second layer below it; the key follows its newest version. */
export const brokerEncryption = (key: EncryptionKey, { identity }: BrokerIdentity) => ({
  keySource: 'Microsoft.KeyVault' as const,
  requireInfrastructureEncryption: true,
  keyVaultProperties: [{ keyName: key.keyName, keyVaultUri: key.vaultUri, identity: { userAssignedIdentity: identity.id } }],
});

/** What a namespace refuses: every network, and every service that is not named. */
export const closedRuleSet = (trustedServices: boolean) => ({
  publicNetworkAccess: 'Disabled',
  defaultAction: 'Deny',
  ipRules: [],
  virtualNetworkRules: [],
  trustedServiceAccessEnabled: trustedServices,
});
