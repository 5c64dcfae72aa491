import * as containerservice from '@pulumi/azure-native/containerservice';
import * as dataprotection from '@pulumi/azure-native/dataprotection';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { SOURCES, type SourceKind, sourcePolicy } from './backup-policies';
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
import { assignRole, type BuiltInRole } from './identity-roles';
import { diagnosticSettings } from './logging-diagnostics';
import { physicalName } from './naming';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureBackupVault} is made from. */
export interface SecureBackupVaultArgs extends BackupVaultCommon {
  /**
   * Where copies lie: in the paired region as well, or in the zones of one region.
   * @default 'GeoRedundant', and 'ZoneRedundant' where the data profile promises one single place
   */
  readonly redundancy?: 'GeoRedundant' | 'ZoneRedundant';
}

/** A cluster whose objects and volumes are backed up. */
export interface ClusterBackup {
  /** Resource id of the cluster; the backup extension is installed in it. */
  readonly clusterId: pulumi.Input<string>;
  /** Resource id of the resource group in which snapshots of volumes lie. */
  readonly snapshotGroupId: pulumi.Input<string>;
  /** Namespaces that are backed up. @default all of them */
  readonly namespaces?: readonly string[];
}

const TAMPERING = [
  'Microsoft.DataProtection/backupVaults/delete',
  'Microsoft.DataProtection/backupVaults/backupInstances/delete',
  'Microsoft.DataProtection/backupVaults/backupInstances/stopProtection/action',
  'Microsoft.DataProtection/backupVaults/backupInstances/suspendBackups/action',
  'Microsoft.DataProtection/backupVaults/backupPolicies/delete',
  'Microsoft.DataProtection/backupVaults/backupPolicies/write',
  'Microsoft.DataProtection/backupVaults/backupResourceGuardProxies/delete',
];
const RESTORES = [
  'Microsoft.DataProtection/backupVaults/backupInstances/restore/action',
  'Microsoft.DataProtection/subscriptions/resourceGroups/providers/locations/crossRegionRestore/action',
];

/**
 * A Backup vault, for blobs, flexible PostgreSQL servers, disks and Kubernetes clusters, that nobody empties before the
 * time: immutable and locked, with soft delete that nobody switches off, copies in another region, a key of its own, and a
 * guard of another team. Failed jobs, restores and attempts to loosen it are told. What it may read is given to its own
 * identity, source by source.
 *
 * Guarantees BCR-01, BCR-08, BCR-10, DHC-01 and DHC-10; from the moderate tier on BCR-02, BCR-03, ENC-10 and LOG-13; from
 * the high tier on BCR-05 and EXP-03. Where the data profile promises one single place, no copy leaves it. Azure has no
 * private endpoints for this kind of vault: it reads its sources over the network of the platform.
 *
 * @throws RangeError where the tier needs an argument that is missing, the retention is out of range, or a relaxation
 *   cannot stand
 * @example
 * const guard = new BackupGuard('guard', { profile, resourceGroupName: 'security', location, alerts: contacts.id });
 * const copies = new SecureBackupVault('copies', {
 *   profile, resourceGroupName, location, logs, key: vault.key('copies'), alerts: contacts.id, guardId: guard.id,
 * });
 * copies.protectBlobs('attachments', account.id, ['files']);
 */
export class SecureBackupVault extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureBackupVault',
    'BCR-01',
    { control: 'BCR-02', from: 'moderate' },
    { control: 'BCR-03', from: 'moderate' },
    { control: 'BCR-05', from: 'high' },
    'BCR-08',
    'BCR-10',
    'DHC-01',
    'DHC-10',
    { control: 'ENC-10', from: 'moderate' },
    { control: 'EXP-03', from: 'high' },
    { control: 'LOG-13', from: 'moderate' },
    unclaimed('BCR-04', 'Azure has no resource that restores for a test; a schedule of your own does it, and its record is evidence'),
    unclaimed('DHC-05', 'a vault gives nothing to anonymous callers; there is no setting that could'),
    unclaimed('DHC-06', 'how long backups are kept stands in the policies, which BCR-01 judges'),
    unclaimed('DID-05', 'Azure offers no private endpoints for this kind of vault'),
    unclaimed('ENC-02', 'what a vault holds are copies, whose key is judged as ENC-10'),
    unclaimed('LOC-05', 'the copy in the paired region is judged as BCR-03'),
    unclaimed('LPA-10', 'a vault has no policy of its own that could let other tenants in'),
  );

  /** The vault itself; every security property of it is written. */
  readonly vault: dataprotection.BackupVault;
  /** Resource id of the vault. */
  readonly id: pulumi.Output<string>;
  /** Object id of the vault's own identity, which reads the sources. */
  readonly principalId: pulumi.Output<string>;
  readonly #args: SecureBackupVaultArgs;
  readonly #retention: BackupRetention;
  readonly #policies = new Map<SourceKind, dataprotection.BackupPolicy>();

  constructor(name: string, args: SecureBackupVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureBackupVault', VAULT_PROMISES, name, args, opts);
    this.#args = args;
    const { guardId, logs, resourceGroupName } = args;
    this.need(args.key, 'key', 'moderate', 'ENC-10', 'pass a key of its own: vault.key("copies")');
    if (!this.relaxes('BCR-05'))
      this.need(guardId, 'guardId', 'high', 'BCR-05', 'pass the id of a BackupGuard of another team, or relax BCR-05');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass workspace.sink, or workspace.sinkWith(archive)');
    this.#retention = retentionOf(this.where, this.tier, args);
    this.vault = this.#create();
    this.id = this.vault.id;
    this.principalId = this.vault.identity.apply((identity) => identity?.principalId ?? '');
    if (guardId !== undefined)
      new dataprotection.DppResourceGuardProxy(
        `${name}-guard`,
        {
          resourceGroupName,
          vaultName: this.vault.name,
          resourceGuardProxyName: 'DppResourceGuardProxy',
          properties: { resourceGuardResourceId: guardId, description: 'Nobody stops, shortens or removes backups alone (BCR-05).' },
        },
        { parent: this },
      );
    if (!this.relaxes('DHC-10')) this.lock('vault', this.id, 'Backups outlive what they are backups of.');
    const watched = { vaultId: this.id, resourceGroupName, alerts: args.alerts, tags: this.tags };
    watchVault(name, { ...watched, tampering: TAMPERING, restores: RESTORES }, this);
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs, metrics: [] }, { parent: this });
    for (const control of ['BCR-02', 'BCR-03', 'BCR-05', 'DHC-10'] as const) this.waive(control, this.vault);
    this.registerOutputs({ id: this.id });
  }

  /**
   * Backs up containers of a storage account, every day, as copies in the vault.
   *
   * @param name name of the backup among those of the vault
   * @param accountId resource id of the storage account, in the vault's region
   * @param containers names of the containers; at least one
   */
  protectBlobs(name: string, accountId: pulumi.Input<string>, containers: readonly string[]): dataprotection.BackupInstance {
    if (containers.length === 0)
      throw new RangeError(`${this.where}: containers of "${name}" is empty; name those that are backed up (BCR-01)`);
    const right = this.#allow(name, 'Storage Account Backup Contributor', accountId, 'Takes copies of its containers');
    const parameters = {
      backupDatasourceParametersList: [{ objectType: 'BlobBackupDatasourceParameters' as const, containersList: [...containers] }],
    };
    return this.#protect(name, 'blobs', 'Microsoft.Storage/storageAccounts', accountId, [right], parameters);
  }

  /**
   * Backs up a flexible PostgreSQL server, every week, as Azure allows; the days between are in the server's own backups.
   *
   * @param name name of the backup among those of the vault
   * @param serverId resource id of the server, in the vault's region
   */
  protectPostgres(name: string, serverId: pulumi.Input<string>): dataprotection.BackupInstance {
    const rights = [
      this.#allow(name, 'PostgreSQL Flexible Server Long Term Retention Backup Role', serverId, 'Takes copies of the server'),
      this.#allow(`${name}-group`, 'Reader', groupOf(serverId), 'Finds the server'),
    ];
    return this.#protect(name, 'postgresql', 'Microsoft.DBforPostgreSQL/flexibleServers', serverId, rights);
  }

  /**
   * Takes a snapshot of a managed disk, every day.
   *
   * @param name name of the backup among those of the vault
   * @param diskId resource id of the disk, in the vault's region
   * @param snapshotGroupId resource id of the resource group in which snapshots lie
   */
  protectDisk(name: string, diskId: pulumi.Input<string>, snapshotGroupId: pulumi.Input<string>): dataprotection.BackupInstance {
    const rights = [
      this.#allow(name, 'Disk Backup Reader', diskId, 'Takes snapshots of the disk'),
      this.#allow(`${name}-snapshots`, 'Disk Snapshot Contributor', snapshotGroupId, 'Keeps and ends snapshots'),
    ];
    return this.#protect(name, 'disks', 'Microsoft.Compute/disks', diskId, rights, snapshotsIn(snapshotGroupId));
  }

  /**
   * Backs up the objects and volumes of a Kubernetes cluster, every day. The backup extension has to run in the cluster;
   * the vault is let in as a trusted service, and needs no credentials of it.
   *
   * @param name name of the backup among those of the vault
   */
  protectCluster(name: string, { clusterId, namespaces, snapshotGroupId }: ClusterBackup): dataprotection.BackupInstance {
    const access = new containerservice.TrustedAccessRoleBinding(
      `${this.label}-${name}-access`,
      {
        resourceGroupName: segmentOf(clusterId, 'resourcegroups'),
        resourceName: segmentOf(clusterId, 'managedclusters'),
        trustedAccessRoleBindingName: 'backup',
        sourceResourceId: this.id,
        roles: ['Microsoft.DataProtection/backupVaults/backup-operator'],
      },
      { parent: this },
    );
    const rights = [
      access,
      this.#allow(name, 'Reader', clusterId, 'Finds the cluster'),
      this.#allow(`${name}-snapshots`, 'Reader', snapshotGroupId, 'Finds snapshots of volumes'),
    ];
    return this.#protect(name, 'cluster', 'Microsoft.ContainerService/managedClusters', clusterId, rights, {
      ...snapshotsIn(snapshotGroupId),
      backupDatasourceParametersList: [
        {
          objectType: 'KubernetesClusterBackupDatasourceParameters' as const,
          includeClusterScopeResources: true,
          snapshotVolumes: true,
          ...(namespaces ? { includedNamespaces: [...namespaces] } : {}),
        },
      ],
    });
  }

  #create(): dataprotection.BackupVault {
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
    const vaultArgs: dataprotection.BackupVaultArgs = {
      vaultName: vaultName ?? physicalName(label, LONGEST_NAME, '-'),
      resourceGroupName,
      location: this.location,
      identity: made
        ? { type: 'SystemAssigned,UserAssigned', userAssignedIdentities: [made.identity.id] }
        : { type: 'SystemAssigned', userAssignedIdentities: [] },
      properties: {
        storageSettings: [{ datastoreType: 'VaultStore', type: redundancy }],
        featureSettings: {
          crossRegionRestoreSettings: { state: redundancy === 'GeoRedundant' ? 'Enabled' : 'Disabled' },
          crossSubscriptionRestoreSettings: { state: 'Disabled' },
        },
        securitySettings: {
          immutabilitySettings: { state: this.reaches('moderate') && !this.relaxes('BCR-02') ? 'Locked' : 'Unlocked' },
          softDeleteSettings: { state: 'AlwaysOn', retentionDurationInDays: SOFT_DELETE_DAYS },
          ...(key && made
            ? {
                encryptionSettings: {
                  state: 'Enabled',
                  keyVaultProperties: { keyUri: keyUriOf(key) },
                  kekIdentity: { identityType: 'UserAssigned', identityId: made.identity.id },
                  infrastructureEncryption: 'Enabled',
                },
              }
            : {}),
        },
        monitoringSettings: { azureMonitorAlertSettings: { alertsForAllJobFailures: 'Enabled' } },
      },
      tags: this.tags,
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10'), ...(made ? { dependsOn: [made.use] } : {}) };
    return new dataprotection.BackupVault(`${label}-vault`, vaultArgs, whole(`${label}-vault`, vaultArgs, ['properties'], opts));
  }

  #allow(name: string, role: BuiltInRole, scope: pulumi.Input<string>, why: string): pulumi.Resource {
    const principal = { principalId: this.principalId, principalType: 'ServicePrincipal' as const };
    return assignRole(`${this.label}-${name}-right`, { role, principal, scope, why }, { parent: this });
  }

  /** The policy of a kind of source, made when the first one is protected. */
  #policy(kind: SourceKind): dataprotection.BackupPolicy {
    let policy = this.#policies.get(kind);
    if (!policy) {
      policy = new dataprotection.BackupPolicy(
        `${this.label}-${kind}-policy`,
        {
          resourceGroupName: this.#args.resourceGroupName,
          vaultName: this.vault.name,
          backupPolicyName: `palisade-${kind}`,
          properties: sourcePolicy(kind, this.#retention),
        },
        { parent: this },
      );
      this.#policies.set(kind, policy);
    }
    return policy;
  }

  #protect(
    name: string,
    kind: SourceKind,
    resourceType: string,
    resourceID: pulumi.Input<string>,
    dependsOn: readonly pulumi.Resource[],
    policyParameters: Parameters['policyParameters'] = {},
  ): dataprotection.BackupInstance {
    const datasourceType = SOURCES[kind].type;
    const source = {
      datasourceType,
      resourceType,
      resourceID,
      resourceUri: '',
      resourceName: segmentOf(resourceID),
      resourceLocation: this.location,
    };
    const child = `${this.label}-${name}`;
    const instance: dataprotection.BackupInstanceArgs = {
      resourceGroupName: this.#args.resourceGroupName,
      vaultName: this.vault.name,
      backupInstanceName: physicalName(child, LONGEST_NAME, '-'),
      properties: {
        objectType: 'BackupInstance',
        friendlyName: name,
        dataSourceInfo: { objectType: 'Datasource', ...source },
        dataSourceSetInfo: { objectType: 'DatasourceSet', ...source },
        identityDetails: { useSystemAssignedIdentity: true },
        policyInfo: { policyId: this.#policy(kind).id, policyParameters },
      },
      tags: this.tags,
    };
    return new dataprotection.BackupInstance(
      child,
      instance,
      whole(child, instance, ['properties'], { parent: this, dependsOn: [...dependsOn] }),
    );
  }
}

interface Parameters {
  readonly policyParameters: Exclude<
    import('@pulumi/azure-native/types/input').dataprotection.PolicyInfoArgs['policyParameters'],
    undefined
  >;
}

const snapshotsIn = (resourceGroupId: pulumi.Input<string>) => ({
  dataStoreParametersList: [{ objectType: 'AzureOperationalStoreParameters' as const, dataStoreType: 'OperationalStore', resourceGroupId }],
});

/** What follows a segment of an id, or its last segment. */
const segmentOf = (id: pulumi.Input<string>, after?: string): pulumi.Output<string> =>
  pulumi.output(id).apply((text) => {
    const parts = text.split('/');
    return (after === undefined ? parts.at(-1) : parts[parts.findIndex((part) => part.toLowerCase() === after) + 1]) ?? '';
  });

/** The resource group that an id lies in. */
const groupOf = (id: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.output(id).apply((text) => text.slice(0, text.indexOf('/providers/')));

const VAULT_PROMISES: Promises = {
  claims: SecureBackupVault.claims,
  families: ['backup'],
  relaxable: {
    'BCR-02': 'the lock of the immutability, for a trial',
    'BCR-03': 'the copy in another region',
    'BCR-05': 'the guard of another team',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
  },
  firm: {
    'BCR-08': 'what is deleted can be had back for 14 days, at no cost',
    'BCR-10': 'pass another action group as alerts',
    'ENC-10': 'pass another key',
  },
};
