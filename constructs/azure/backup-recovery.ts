import * as recoveryservices from '@pulumi/azure-native/recoveryservices';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { machinePolicy, sharePolicy, sqlPolicy } from './backup-policies';
import {
  type BackupRetention,
  type BackupVaultCommon,
  keyIdentity,
  keyUriOf,
  LONGEST_NAME,
  retentionOf,
  SOFT_DELETE_DAYS,
  watchVault,
} from './backup-shared';
import { SecureComponent } from './component';
import { diagnosticSettings } from './logging-diagnostics';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureRecoveryVault} is made from. */
export interface SecureRecoveryVaultArgs extends BackupVaultCommon {
  /**
   * Where copies lie: in the paired region as well, or in the zones of one region.
   * @default 'GeoRedundant', and 'ZoneRedundant' where the data profile promises one single place
   */
  readonly redundancy?: 'GeoRedundant' | 'ZoneRedundant';
  /**
   * Network from which agents in machines (SQL Server) reach the vault; machines and file shares need none. Azure takes
   * either private endpoints or a key from a closed key vault, so that ENC-10 is to be relaxed with it.
   * @default none
   */
  readonly network?: EndpointNetwork;
}

/** A database in a machine. */
export interface SqlDatabase {
  /** Resource id of the machine. */
  readonly machineId: pulumi.Input<string>;
  /** Name of the database. */
  readonly database: string;
  /** Instance of SQL Server. @default 'MSSQLSERVER' */
  readonly instance?: string;
}

const TAMPERING = [
  'Microsoft.RecoveryServices/vaults/delete',
  'Microsoft.RecoveryServices/vaults/backupconfig/write',
  'Microsoft.RecoveryServices/vaults/backupEncryptionConfigs/write',
  'Microsoft.RecoveryServices/vaults/backupPolicies/delete',
  'Microsoft.RecoveryServices/vaults/backupPolicies/write',
  'Microsoft.RecoveryServices/vaults/backupResourceGuardProxies/delete',
  'Microsoft.RecoveryServices/vaults/backupstorageconfig/write',
  'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/delete',
];
const RESTORES = [
  'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action',
  'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/provisionInstantItemRecovery/action',
  'Microsoft.RecoveryServices/vaults/backupCrossRegionRestore/action',
];
/** Everything that the vault records of backups, but for the old report, which has no table of its own. */
const CATEGORIES = [
  'CoreAzureBackup',
  'AddonAzureBackupAlerts',
  'AddonAzureBackupJobs',
  'AddonAzureBackupPolicy',
  'AddonAzureBackupProtectedInstance',
  'AddonAzureBackupStorage',
];

/**
 * A Recovery Services vault, for machines, SQL Server in machines and file shares, that nobody empties before the time:
 * immutable and locked, with soft delete that nobody switches off, copies in another region, a key of its own, no public
 * network, and a guard of another team. Failed jobs, restores and attempts to loosen it are told.
 *
 * Azure refuses to create a vault whose immutability is locked at once: relax BCR-02 for the first deployment, then
 * remove the relaxation, and the lock is for good. The key has to be there before the first backup.
 *
 * Guarantees BCR-01, BCR-08, BCR-10, DHC-01 and DHC-10; from the moderate tier on BCR-02, BCR-03, DID-05, ENC-10 and
 * LOG-13; from the high tier on BCR-05 and EXP-03. Where the data profile promises one single place, no copy leaves it.
 *
 * @throws RangeError where the tier needs an argument that is missing, the retention is out of range, a private endpoint
 *   meets a key, or a relaxation cannot stand
 * @example
 * const guard = new BackupGuard('guard', { profile, resourceGroupName: 'security', location, alerts: contacts.id });
 * const backups = new SecureRecoveryVault('backups', {
 *   profile, resourceGroupName, location, logs, key: vault.key('backups'), alerts: contacts.id, guardId: guard.id,
 * });
 * backups.protectMachine('desk', '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/virtualMachines/desk');
 */
export class SecureRecoveryVault extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureRecoveryVault',
    'BCR-01',
    { control: 'BCR-02', from: 'moderate' },
    { control: 'BCR-03', from: 'moderate' },
    { control: 'BCR-05', from: 'high' },
    'BCR-08',
    'BCR-10',
    'DHC-01',
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-10', from: 'moderate' },
    { control: 'EXP-03', from: 'high' },
    { control: 'LOG-13', from: 'moderate' },
    unclaimed('BCR-04', 'Azure has no resource that restores for a test; a schedule of your own does it, and its record is evidence'),
    unclaimed('DHC-05', 'a vault gives nothing to anonymous callers; there is no setting that could'),
    unclaimed('DHC-06', 'how long backups are kept stands in the policies, which BCR-01 judges'),
    unclaimed('ENC-02', 'what a vault holds are copies, whose key is judged as ENC-10'),
    unclaimed('LOC-05', 'the copy in the paired region is judged as BCR-03'),
    unclaimed('LPA-10', 'a vault has no policy of its own that could let other tenants in'),
  );

  /** The vault itself; every security property of it is written. */
  readonly vault: recoveryservices.Vault;
  /** Resource id of the vault. */
  readonly id: pulumi.Output<string>;
  readonly #args: SecureRecoveryVaultArgs;
  readonly #retention: BackupRetention;
  readonly #policies = new Map<string, recoveryservices.ProtectionPolicy>();
  readonly #containers = new Map<string, recoveryservices.ProtectionContainer>();

  constructor(name: string, args: SecureRecoveryVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureRecoveryVault', RECOVERY_PROMISES, name, args, opts);
    this.#args = args;
    const { guardId, logs, network, resourceGroupName } = args;
    if (!this.relaxes('ENC-10')) this.need(args.key, 'key', 'moderate', 'ENC-10', 'pass a key of its own: vault.key("backups")');
    if (!this.relaxes('BCR-05'))
      this.need(guardId, 'guardId', 'high', 'BCR-05', 'pass the id of a BackupGuard of another team, or relax BCR-05');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass workspace.sink, or workspace.sinkWith(archive)');
    if (network && args.key)
      throw new RangeError(
        `${this.where}: Azure takes either \`network\` or \`key\`: no key from a closed key vault together with private endpoints; leave network out, or leave key out and relax ENC-10`,
      );
    this.#retention = retentionOf(this.where, this.tier, args);
    this.vault = this.#create();
    this.id = this.vault.id;
    if (network)
      privateEndpoint(
        `${name}-endpoint`,
        { resourceGroupName, location: this.location, tags: this.tags, network, resourceId: this.id, service: 'backup' },
        { parent: this },
      );
    if (guardId !== undefined)
      new recoveryservices.ResourceGuardProxy(
        `${name}-guard`,
        {
          resourceGroupName,
          vaultName: this.vault.name,
          resourceGuardProxyName: 'VaultProxy',
          properties: { resourceGuardResourceId: guardId, description: 'Nobody stops, shortens or removes backups alone (BCR-05).' },
        },
        { parent: this },
      );
    if (!this.relaxes('DHC-10')) this.lock('vault', this.id, 'Backups outlive what they are backups of.');
    const watched = { vaultId: this.id, resourceGroupName, alerts: args.alerts, tags: this.tags };
    watchVault(name, { ...watched, tampering: TAMPERING, restores: RESTORES }, this);
    if (logs)
      diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs, categories: CATEGORIES, metrics: [] }, { parent: this });
    for (const control of ['BCR-02', 'BCR-03', 'BCR-05', 'DHC-10', 'ENC-10'] as const) this.waive(control, this.vault);
    this.registerOutputs({ id: this.id });
  }

  /**
   * Backs up a virtual machine with all its disks, every day.
   *
   * @param name name of the backup among those of the vault
   * @param machineId resource id of the machine, in the vault's region
   */
  protectMachine(name: string, machineId: pulumi.Input<string>): recoveryservices.ProtectedItem {
    const { group, resource } = partsOf(machineId);
    const item = pulumi.interpolate`iaasvmcontainerv2;${group};${resource}`;
    return this.#protect(name, pulumi.interpolate`IaasVMContainer;${item}`, pulumi.interpolate`VM;${item}`, {
      protectedItemType: 'Microsoft.Compute/virtualMachines',
      sourceResourceId: machineId,
      policyId: this.#policy('machines', machinePolicy).id,
    });
  }

  /**
   * Backs up a file share, every day: snapshots beside it, and copies in the vault.
   *
   * @param name name of the backup among those of the vault
   * @param accountId resource id of the storage account, in the vault's region
   * @param share name of the share
   */
  protectShare(name: string, accountId: pulumi.Input<string>, share: string): recoveryservices.ProtectedItem {
    const { group, resource } = partsOf(accountId);
    const containerName = pulumi.interpolate`StorageContainer;Storage;${group};${resource}`;
    const container = this.#container(`${name}-account`, containerName, {
      containerType: 'StorageContainer',
      backupManagementType: 'AzureStorage',
      sourceResourceId: accountId,
      acquireStorageAccountLock: 'Acquire',
    });
    return this.#protect(
      name,
      containerName,
      `AzureFileShare;${share}`,
      {
        protectedItemType: 'AzureFileShareProtectedItem',
        sourceResourceId: accountId,
        friendlyName: share,
        policyId: this.#policy('shares', sharePolicy).id,
      },
      container,
    );
  }

  /**
   * Backs up a database of SQL Server in a machine: the whole each day, its log each hour. Agents in machines reach the
   * vault through `network`.
   *
   * @param name name of the backup among those of the vault
   */
  protectSql(name: string, { database, instance = 'MSSQLSERVER', machineId }: SqlDatabase): recoveryservices.ProtectedItem {
    const { group, resource } = partsOf(machineId);
    const containerName = pulumi.interpolate`VMAppContainer;Compute;${group};${resource}`;
    const container = this.#container(`${name}-machine`, containerName, {
      containerType: 'VMAppContainer',
      backupManagementType: 'AzureWorkload',
      sourceResourceId: machineId,
      workloadType: 'SQLDataBase',
    });
    return this.#protect(
      name,
      containerName,
      `SQLDataBase;${instance};${database}`,
      {
        protectedItemType: 'AzureVmWorkloadSQLDatabase',
        sourceResourceId: machineId,
        policyId: this.#policy('sql', sqlPolicy).id,
      },
      container,
    );
  }

  #create(): recoveryservices.Vault {
    const {
      key,
      redundancy = this.decided.profile.residency?.length === 1 ? 'ZoneRedundant' : 'GeoRedundant',
      resourceGroupName,
      vaultName,
    } = this.#args;
    if (redundancy === 'ZoneRedundant' && this.reaches('moderate') && this.decided.profile.residency?.length !== 1)
      requireRelaxation(this.where, this.#args.relax, 'BCR-03', 'backups in one region', "set redundancy: 'GeoRedundant'");
    const { label } = this;
    const made = key && keyIdentity(label, { key, resourceGroupName, location: this.location }, this.tags, this);
    const vaultArgs: recoveryservices.VaultArgs = {
      vaultName: vaultName ?? physicalName(label, LONGEST_NAME, '-'),
      resourceGroupName,
      location: this.location,
      sku: { name: 'RS0', tier: 'Standard' },
      identity: made ? { type: 'UserAssigned', userAssignedIdentities: [made.identity.id] } : { type: 'None' },
      properties: {
        publicNetworkAccess: 'Disabled',
        redundancySettings: {
          standardTierStorageRedundancy: redundancy,
          crossRegionRestore: redundancy === 'GeoRedundant' ? 'Enabled' : 'Disabled',
        },
        securitySettings: {
          immutabilitySettings: { state: this.reaches('moderate') && !this.relaxes('BCR-02') ? 'Locked' : 'Unlocked' },
          softDeleteSettings: {
            softDeleteState: 'AlwaysON',
            softDeleteRetentionPeriodInDays: SOFT_DELETE_DAYS,
            enhancedSecurityState: 'AlwaysON',
          },
        },
        restoreSettings: { crossSubscriptionRestoreSettings: { crossSubscriptionRestoreState: 'Disabled' } },
        monitoringSettings: {
          azureMonitorAlertSettings: {
            alertsForAllJobFailures: 'Enabled',
            alertsForAllFailoverIssues: 'Enabled',
            alertsForAllReplicationIssues: 'Enabled',
          },
          // The older alerts know no action groups.
          classicAlertSettings: { alertsForCriticalOperations: 'Disabled', emailNotificationsForSiteRecovery: 'Disabled' },
        },
        ...(key && made
          ? {
              encryption: {
                keyVaultProperties: { keyUri: keyUriOf(key) },
                kekIdentity: { useSystemAssignedIdentity: false, userAssignedIdentity: made.identity.id },
                infrastructureEncryption: 'Enabled',
              },
            }
          : {}),
      },
      tags: this.tags,
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10'), ...(made ? { dependsOn: [made.use] } : {}) };
    return new recoveryservices.Vault(`${label}-vault`, vaultArgs, whole(`${label}-vault`, vaultArgs, ['properties'], opts));
  }

  /** The policy of a kind of source, made when the first one is protected. */
  #policy(
    kind: string,
    properties: (retention: BackupRetention) => Exclude<recoveryservices.ProtectionPolicyArgs['properties'], undefined>,
  ): recoveryservices.ProtectionPolicy {
    let policy = this.#policies.get(kind);
    if (!policy) {
      policy = new recoveryservices.ProtectionPolicy(
        `${this.label}-${kind}-policy`,
        {
          resourceGroupName: this.#args.resourceGroupName,
          vaultName: this.vault.name,
          policyName: `palisade-${kind}`,
          properties: properties(this.#retention),
        },
        { parent: this },
      );
      this.#policies.set(kind, policy);
    }
    return policy;
  }

  /** Registers an account or a machine with the vault, once for all that is protected in it. */
  #container(
    name: string,
    containerName: pulumi.Output<string>,
    properties: Extract<recoveryservices.ProtectionContainerArgs['properties'], object> & {
      readonly sourceResourceId: pulumi.Input<string>;
    },
  ): recoveryservices.ProtectionContainer {
    const { sourceResourceId } = properties;
    const known = typeof sourceResourceId === 'string' ? sourceResourceId.toLowerCase() : undefined;
    const before = known === undefined ? undefined : this.#containers.get(known);
    if (before) return before;
    const container = new recoveryservices.ProtectionContainer(
      `${this.label}-${name}`,
      { resourceGroupName: this.#args.resourceGroupName, vaultName: this.vault.name, fabricName: 'Azure', containerName, properties },
      { parent: this },
    );
    if (known !== undefined) this.#containers.set(known, container);
    return container;
  }

  #protect(
    name: string,
    containerName: pulumi.Input<string>,
    protectedItemName: pulumi.Input<string>,
    properties: Exclude<recoveryservices.ProtectedItemArgs['properties'], undefined>,
    container?: pulumi.Resource,
  ): recoveryservices.ProtectedItem {
    return new recoveryservices.ProtectedItem(
      `${this.label}-${name}`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        vaultName: this.vault.name,
        fabricName: 'Azure',
        containerName,
        protectedItemName,
        properties,
      },
      { parent: this, ...(container ? { dependsOn: [container] } : {}) },
    );
  }
}

/** Resource group and name, as they stand in an id. */
function partsOf(id: pulumi.Input<string>): { readonly group: pulumi.Output<string>; readonly resource: pulumi.Output<string> } {
  const segments = pulumi.output(id).apply((text) => text.split('/'));
  return {
    group: segments.apply((parts) => parts[parts.findIndex((part) => part.toLowerCase() === 'resourcegroups') + 1] ?? ''),
    resource: segments.apply((parts) => parts.at(-1) ?? ''),
  };
}

const RECOVERY_PROMISES: Promises = {
  claims: SecureRecoveryVault.claims,
  families: ['backup'],
  relaxable: {
    'BCR-02': 'the lock of the immutability, for the first deployment',
    'BCR-03': 'the copy in another region',
    'BCR-05': 'the guard of another team',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'ENC-10': 'the key of your own, where agents in machines need private endpoints',
  },
  firm: {
    'BCR-08': 'what is deleted can be had back for 14 days, at no cost',
    'BCR-10': 'pass another action group as alerts',
    'DID-05': 'machines and file shares are backed up without a network, and agents take private endpoints',
  },
};
