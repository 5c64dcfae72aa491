import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as storage from '@pulumi/azure-native/storage';
import * as pulumi from '@pulumi/pulumi';
import { type Claim, type ControlId, RECOVERY_DAYS } from '../contract';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import type { CorsRule } from './object-storage-cors';
import { whole } from './whole';

/** What every hardened account keeps, with its key, its records, its lifecycle, its lock and its endpoint. */
export const ACCOUNT_CLAIMS = [
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'ENC-03', from: 'moderate' },
  { control: 'ENC-06', from: 'moderate' },
  'TLS-01',
  'TLS-03',
  'DHC-01',
  'DHC-05',
  'DHC-06',
  'DHC-08',
  'DHC-10',
  'LPA-14',
  'EXP-03',
  'EXP-08',
  { control: 'LOG-04', from: 'moderate' },
  { control: 'LOG-05', from: 'moderate' },
  { control: 'BCR-06', from: 'moderate' },
  'BCR-07',
  { control: 'DID-05', from: 'moderate' },
] as const satisfies readonly (ControlId | Claim)[];

/** Longest life of a shared-access signature: one hour (EXP-08), in the service's own `days.hours:minutes:seconds`. */
const LONGEST_SIGNATURE = '0.01:00:00';
/** Days after which an account key counts as old. The keys open nothing while shared keys are refused. */
const KEY_EXPIRATION_DAYS = 90;

/** A service of a storage account. */
export type StorageService = 'blob' | 'file' | 'queue' | 'table';

/** A named resource of another service that may pass the firewall (LPA-16). */
export interface TrustedInstance {
  /** Directory of the resource. */
  readonly tenantId: pulumi.Input<string>;
  /** Id of the resource. */
  readonly resourceId: pulumi.Input<string>;
}

/** Write-once: until so many days after its creation, nobody changes or deletes a blob version. */
export interface WriteOnce {
  readonly days: number;
  readonly state: 'Locked' | 'Unlocked';
}

/** What differs between the hardened accounts; everything else is the same for all. */
export interface AccountSettings {
  readonly accountName: string | undefined;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly sku: 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GZRS';
  readonly key: EncryptionKey | undefined;
  readonly sharedKeys: boolean;
  readonly bypass: 'None' | 'AzureServices';
  readonly trustedInstances: readonly TrustedInstance[];
  readonly copyScope: 'AAD' | 'PrivateLink';
  readonly writeOnce: WriteOnce | undefined;
  readonly protect: boolean;
}

/** A storage account on which every security property is written, the nested ones whole. */
export function hardenedAccount(component: string, settings: AccountSettings, parent: pulumi.Resource): storage.StorageAccount {
  const { key, location, resourceGroupName, tags, writeOnce } = settings;
  const name = `${component}-account`;
  const identity =
    key && new managedidentity.UserAssignedIdentity(`${component}-identity`, { resourceGroupName, location, tags }, { parent });
  const use = key && identity && allowEncryption(`${component}-key-use`, { key, principalId: identity.principalId }, { parent });
  const args: storage.StorageAccountArgs = {
    accountName: settings.accountName ?? physicalName(component, 24, ''),
    resourceGroupName,
    location,
    kind: 'StorageV2',
    sku: { name: settings.sku },
    accessTier: 'Hot',
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    allowSharedKeyAccess: settings.sharedKeys,
    allowedCopyScope: settings.copyScope,
    defaultToOAuthAuthentication: true,
    dnsEndpointType: 'Standard',
    enableHttpsTrafficOnly: true,
    enableNfsV3: false,
    isHnsEnabled: false,
    isLocalUserEnabled: false,
    isSftpEnabled: false,
    // The service takes no higher minimum; clients that offer TLS 1.3 get it.
    minimumTlsVersion: 'TLS1_2',
    publicNetworkAccess: 'Disabled',
    networkRuleSet: {
      defaultAction: 'Deny',
      bypass: settings.bypass,
      ipRules: [],
      virtualNetworkRules: [],
      resourceAccessRules: settings.trustedInstances.map(({ tenantId, resourceId }) => ({ tenantId, resourceId })),
    },
    routingPreference: { routingChoice: 'MicrosoftRouting', publishInternetEndpoints: false, publishMicrosoftEndpoints: false },
    sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: LONGEST_SIGNATURE },
    keyPolicy: { keyExpirationPeriodInDays: KEY_EXPIRATION_DAYS },
    identity: identity ? { type: 'UserAssigned', userAssignedIdentities: [identity.id] } : { type: 'None' },
    encryption: encryption(key, identity),
    ...(writeOnce
      ? {
          immutableStorageWithVersioning: {
            enabled: true,
            immutabilityPolicy: {
              // Azure Monitor appends to its blobs; what has been appended cannot be changed.
              allowProtectedAppendWrites: true,
              immutabilityPeriodSinceCreationInDays: writeOnce.days,
              state: writeOnce.state,
            },
          },
        }
      : {}),
    tags,
  };
  const opts: pulumi.CustomResourceOptions = { parent, protect: settings.protect, ...(use ? { dependsOn: [use] } : {}) };
  return new storage.StorageAccount(name, args, whole(name, args, ['encryption', 'networkRuleSet', 'sasPolicy'], opts));
}

/** All four services by the account's key, and a second layer of encryption below it. */
function encryption(key: EncryptionKey | undefined, identity: managedidentity.UserAssignedIdentity | undefined) {
  const byAccountKey = { enabled: true, keyType: 'Account' };
  return {
    requireInfrastructureEncryption: true,
    services: { blob: byAccountKey, file: byAccountKey, queue: byAccountKey, table: byAccountKey },
    ...(key && identity
      ? {
          keySource: 'Microsoft.Keyvault',
          keyVaultProperties: { keyVaultUri: key.vaultUri, keyName: key.keyName },
          encryptionIdentity: { encryptionUserAssignedIdentity: identity.id },
        }
      : { keySource: 'Microsoft.Storage' }),
  };
}

/** Days for which the blobs of an account can be brought back to an earlier point in time: less than they stay soft-deleted. */
const RESTORE_DAYS = RECOVERY_DAYS - 1;

/** Versions, soft delete, change feed and point-in-time restore of an account's blobs; cross-origin access as listed. */
export function blobService(
  component: string,
  args: {
    readonly account: storage.StorageAccount;
    readonly resourceGroupName: pulumi.Input<string>;
    readonly changeFeedDays: number;
    readonly cors: readonly CorsRule[];
    /** Overwritten and deleted blobs can be brought back (BCR-07). */
    readonly recoverable: boolean;
    readonly writeOnce: boolean;
  },
  parent: pulumi.Resource,
): storage.BlobServiceProperties {
  const { recoverable, writeOnce } = args;
  const kept = recoverable ? { enabled: true, days: RECOVERY_DAYS } : { enabled: false };
  return new storage.BlobServiceProperties(
    `${component}-blobs`,
    {
      accountName: args.account.name,
      resourceGroupName: args.resourceGroupName,
      blobServicesName: 'default',
      isVersioningEnabled: recoverable,
      deleteRetentionPolicy: { ...kept, allowPermanentDelete: false },
      containerDeleteRetentionPolicy: kept,
      changeFeed: { enabled: true, retentionInDays: args.changeFeedDays },
      // The service refuses to turn back time where versions are write-once; there the versions themselves are the proof.
      restorePolicy: recoverable && !writeOnce ? { enabled: true, days: RESTORE_DAYS } : { enabled: false },
      cors: {
        corsRules: args.cors.map((rule) => ({
          allowedOrigins: [...rule.allowedOrigins],
          allowedMethods: [...rule.allowedMethods],
          allowedHeaders: [...rule.allowedHeaders],
          exposedHeaders: [...(rule.exposedHeaders ?? [])],
          maxAgeInSeconds: rule.maxAgeInSeconds ?? 300,
        })),
      },
    },
    { parent },
  );
}

/** Deletes blobs, their versions and their snapshots once the longest retention has passed (DHC-06). */
export function lifecycle(
  component: string,
  args: { readonly account: storage.StorageAccount; readonly resourceGroupName: pulumi.Input<string>; readonly atMostDays: number },
  opts: pulumi.CustomResourceOptions,
): storage.ManagementPolicy {
  const { atMostDays } = args;
  return new storage.ManagementPolicy(
    `${component}-lifecycle`,
    {
      accountName: args.account.name,
      resourceGroupName: args.resourceGroupName,
      managementPolicyName: 'default',
      policy: {
        rules: [
          {
            name: 'delete-after-retention',
            enabled: true,
            type: 'Lifecycle',
            definition: {
              filters: { blobTypes: ['blockBlob', 'appendBlob'] },
              actions: {
                baseBlob: { delete: { daysAfterModificationGreaterThan: atMostDays } },
                snapshot: { delete: { daysAfterCreationGreaterThan: atMostDays } },
                version: { delete: { daysAfterCreationGreaterThan: atMostDays } },
              },
            },
          },
        ],
      },
    },
    opts,
  );
}

/** The account itself has only metrics; reads, writes and deletions are recorded by each of its services (LOG-04, LOG-05). */
export function recordAccess(
  component: string,
  args: { readonly account: storage.StorageAccount; readonly services: readonly StorageService[]; readonly logs: LogSink },
  parent: pulumi.Resource,
): void {
  const { account, logs, services } = args;
  const metrics = ['Transaction'];
  diagnosticSettings(`${component}-diagnostics`, { resourceId: account.id, logs, categories: [], metrics }, { parent });
  for (const service of services)
    diagnosticSettings(
      `${component}-${service}-diagnostics`,
      {
        resourceId: pulumi.interpolate`${account.id}/${service}Services/default`,
        logs,
        categories: ['StorageRead', 'StorageWrite', 'StorageDelete'],
        metrics,
      },
      { parent },
    );
}
