import * as containerservice from '@pulumi/azure-native/containerservice';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { DiskKey } from './compute-encryption';
import { accessProfile, addons, clusterRoles, secretsEncryption } from './containers-kubernetes-floor';
import { collectContainers } from './containers-kubernetes-records';
import { hardenedPool, type NodePoolSpec } from './containers-pools';
import { assignRole, type BuiltInRole, type Principal } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import type { EndpointNetwork } from './network-endpoints';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureKubernetesCluster} is made from. */
export interface SecureKubernetesClusterArgs extends SecureArgs {
  /** Directory that knows the people who use the cluster. */
  readonly tenantId: pulumi.Input<string>;
  /** Network of the cluster; it holds the private zone that resolves the name of the API server. */
  readonly network: EndpointNetwork;
  /** Subnet of the nodes. */
  readonly subnetId: pulumi.Input<string>;
  /** Subnet of the API server, /28 or larger, delegated to `Microsoft.ContainerService/managedClusters`. */
  readonly apiServerSubnetId: pulumi.Input<string>;
  /** The pool on which the parts of the cluster itself run, and nothing else. */
  readonly systemPool: NodePoolSpec;
  /** Minor version of Kubernetes; patches follow by themselves. @default '1.35' */
  readonly version?: string;
  /** Key of the disks of nodes and volumes; obligatory from tier moderate (ENC-02). @default a key of the platform */
  readonly encryption?: DiskKey;
  /** Key of the secrets in the cluster; obligatory at tier high (ENC-02). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where requests to the API server and the output of pods are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Id of the data collection endpoint by which pods' output reaches a private workspace. @default the public endpoint */
  readonly collectionEndpointId?: pulumi.Input<string>;
  /** Object ids of the groups that administer the cluster whatever happens: an emergency group. @default none: roles alone decide */
  readonly administratorGroupIds?: readonly pulumi.Input<string>[];
  /**
   * Id of a registry that holds the parts of the cluster itself, so that nothing has to leave the network. @default none: nodes
   * fetch them from Microsoft, through the firewall to which the subnet routes
   */
  readonly bootstrapRegistryId?: pulumi.Input<string>;
  /**
   * Subnet of the pods, delegated to `Microsoft.ContainerService/managedClusters`, whose rules say which ports pods open to whom. In a
   * SecureVirtualNetwork pods need one: its rules know no addresses but those of subnets.
   * @default none: pods have addresses of their own (`podRange`), which the rules of the nodes' subnet have to let through
   */
  readonly podSubnetId?: pulumi.Input<string>;
  /** Addresses of pods without a subnet; not those of any network that the cluster talks to. @default '10.244.0.0/16' */
  readonly podRange?: string;
  /** Addresses of services, at most a /12; not those of any network that the cluster talks to. @default '172.20.0.0/16' */
  readonly serviceRange?: string;
  /** Address of the name service, within `serviceRange`. @default the tenth address of the range */
  readonly dnsAddress?: string;
}

/** Minor versions that are supported for a year from their release; older ones are refused. */
const OLDEST_MINOR = 34;

const ACCESS = {
  view: 'Azure Kubernetes Service RBAC Reader',
  edit: 'Azure Kubernetes Service RBAC Writer',
  admin: 'Azure Kubernetes Service RBAC Admin',
} as const satisfies Readonly<Record<string, BuiltInRole>>;

/**
 * A Kubernetes cluster that is reached from its network only and knows people and pods by the directory: no local account, no
 * shell on nodes, no run command. Nodes start only what is signed, encrypt at the host, patch themselves and have no way out
 * but the firewall; pods accept named peers; policies, Defender and the audit log watch.
 *
 * Guarantees DID-07, DID-12, IDA-10, IDA-12, VUL-05 and VUL-10; from the moderate tier on DHC-10, DID-04, DID-14, DID-15, DID-22,
 * DID-23, ENC-01, ENC-02, EXP-05, LOG-13, LPA-01 and MON-01; from the high tier on ENC-07.
 *
 * @throws RangeError for a version without support, a tier's argument that is missing, or a relaxation that cannot stand
 * @example
 * const encryption = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 * const cluster = new SecureKubernetesCluster('cases', {
 *   profile, resourceGroupName, location, tenantId, network, logs, encryption,
 *   key: vault.key('secrets'),
 *   subnetId: network.subnetIds.nodes ?? '',
 *   apiServerSubnetId: network.subnetIds.apiserver ?? '',
 *   systemPool: { size: 'Standard_D4s_v5' },
 * });
 * cluster.pool('work', { size: 'Standard_D8s_v5', min: 2 });
 * cluster.grantAccess('deployers', { principalId, principalType: 'Group' }, 'edit', ['cases']);
 */
export class SecureKubernetesCluster extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureKubernetesCluster',
    { control: 'DHC-10', from: 'moderate' },
    { control: 'DID-04', from: 'moderate' },
    'DID-07',
    'DID-12',
    { control: 'DID-14', from: 'moderate' },
    { control: 'DID-15', from: 'moderate' },
    { control: 'DID-22', from: 'moderate' },
    { control: 'DID-23', from: 'moderate' },
    { control: 'ENC-01', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-07', from: 'high' },
    { control: 'EXP-05', from: 'moderate' },
    'IDA-10',
    'IDA-12',
    { control: 'LOG-13', from: 'moderate' },
    { control: 'LPA-01', from: 'moderate' },
    { control: 'MON-01', from: 'moderate' },
    'VUL-05',
    'VUL-10',
  );

  /** The cluster itself; every security property of it is written. */
  readonly cluster: containerservice.ManagedCluster;
  /** Resource id of the cluster. */
  readonly id: pulumi.Output<string>;
  /** Name by which clients in the network reach the API server. */
  readonly endpoint: pulumi.Output<string>;
  /** Issuer of the tokens of pods, for federated identities. */
  readonly issuer: pulumi.Output<string>;
  /** Identity by which nodes pull images. */
  readonly nodeIdentity: managedidentity.UserAssignedIdentity;
  readonly #args: SecureKubernetesClusterArgs;
  readonly #identity: managedidentity.UserAssignedIdentity;

  constructor(name: string, args: SecureKubernetesClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureKubernetesCluster', PROMISES, name, args, opts);
    this.#args = args;
    this.#check();
    const { collectionEndpointId, logs, resourceGroupName } = args;
    const place = { resourceGroupName, location: this.location, tags: this.tags };
    this.#identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, place, { parent: this });
    this.nodeIdentity = new managedidentity.UserAssignedIdentity(`${name}-node-identity`, place, { parent: this });
    this.cluster = this.#create();
    this.id = this.cluster.id;
    this.endpoint = this.cluster.privateFQDN;
    this.issuer = this.cluster.oidcIssuerProfile.apply((profile) => profile?.issuerURL ?? '');
    if (logs) {
      diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
      collectContainers(name, { ...place, clusterId: this.id, logs, endpointId: collectionEndpointId }, this);
    }
    if (!this.relaxes('DHC-10')) this.lock('cluster', this.id, 'What runs in a cluster is not deleted by accident.');
    this.waive('DHC-10', this.cluster);
    this.registerOutputs({ id: this.id, endpoint: this.endpoint, issuer: this.issuer });
  }

  /** Adds nodes for workloads, hardened as the system's own. @throws RangeError for a name or a number that the service refuses */
  pool(name: string, spec: NodePoolSpec): containerservice.AgentPool {
    const child = `${this.label}-pool-${name}`;
    const args: containerservice.AgentPoolArgs = {
      resourceGroupName: this.#args.resourceGroupName,
      resourceName: this.cluster.name,
      agentPoolName: name,
      ...hardenedPool(this.where, name, 'User', spec, this.#common),
    };
    return new containerservice.AgentPool(child, args, whole(child, args, ['securityProfile'], { parent: this }));
  }

  /**
   * Lets somebody into some namespaces, by a role of Azure; nobody gets the whole cluster here.
   *
   * @throws RangeError where no namespace is named
   */
  grantAccess(name: string, principal: Principal, rights: keyof typeof ACCESS, namespaces: readonly string[]): void {
    if (namespaces.length === 0)
      throw new RangeError(`${this.where}: grantAccess "${name}" names no namespace; write those it is for (LPA-01)`);
    const child = `${this.label}-access-${name}`;
    const opts = { parent: this };
    const role = 'Azure Kubernetes Service Cluster User Role';
    assignRole(`${child}-sign-in`, { role, principal, scope: this.id, why: 'Finds the cluster; says nothing of rights in it' }, opts);
    for (const namespace of namespaces) {
      const scope = pulumi.interpolate`${this.id}/namespaces/${namespace}`;
      assignRole(`${child}-${namespace}`, { role: ACCESS[rights], principal, scope, why: `Rights to ${rights} in one namespace` }, opts);
    }
  }

  /** Lets nodes pull the images of a registry. */
  allowPull(name: string, registryId: pulumi.Input<string>): void {
    const principal: Principal = { principalId: this.nodeIdentity.principalId, principalType: 'ServicePrincipal' };
    assignRole(`${this.label}-pull-${name}`, { role: 'AcrPull', principal, scope: registryId, why: 'Nodes pull images' }, { parent: this });
  }

  /** An identity for the pods of one service account; they need no key for what it may do. */
  workloadIdentity(
    name: string,
    { namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string },
  ): managedidentity.UserAssignedIdentity {
    const { resourceGroupName } = this.#args;
    const child = `${this.label}-workload-${name}`;
    const opts = { parent: this };
    const identity = new managedidentity.UserAssignedIdentity(child, { resourceGroupName, location: this.location, tags: this.tags }, opts);
    new managedidentity.FederatedIdentityCredential(
      `${child}-trust`,
      {
        resourceGroupName,
        resourceName: identity.name,
        issuer: this.issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audiences: ['api://AzureADTokenExchange'],
      },
      opts,
    );
    return identity;
  }

  #check(): void {
    const { apiServerSubnetId, encryption, key, logs, network, subnetId, systemPool, version = '1.35' } = this.#args;
    const wanted = { network, subnetId, apiServerSubnetId, systemPool };
    for (const [argument, value] of Object.entries(wanted))
      if (!value) throw new RangeError(`${this.where}: ${argument} is missing; the cluster stands in a network of yours (DID-22)`);
    this.need(encryption, 'encryption', 'moderate', 'ENC-02', 'pass a DiskEncryption');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.need(key, 'key', 'high', 'ENC-02', 'pass a key of a SecureKeyVault: vault.key("secrets")');
    if (key && key.versionedKeyUri === undefined)
      throw new RangeError(
        `${this.where}: key has no versionedKeyUri, and the API server takes no other; pass what vault.key() returns (ENC-02)`,
      );
    const minor = /^1\.(\d+)(?:\.\d+)?$/.exec(version)?.[1];
    if (minor === undefined || Number(minor) < OLDEST_MINOR)
      throw new RangeError(`${this.where}: version is "${version}"; write 1.${OLDEST_MINOR} or later (VUL-10)`);
  }

  #create(): containerservice.ManagedCluster {
    const args = this.#args;
    const { bootstrapRegistryId, encryption, key, logs, network, resourceGroupName, subnetId } = args;
    const { serviceRange = '172.20.0.0/16', version = '1.35' } = args;
    const name = `${this.label}-cluster`;
    const zoneId = network.zoneId(`privatelink.${this.#region()}.azmk8s.io`);
    const roles = clusterRoles(
      this.label,
      { identity: this.#identity, nodeIdentity: this.nodeIdentity, subnetId, zoneId, encryption, key },
      this,
    );
    const clusterArgs: containerservice.ManagedClusterArgs = {
      resourceGroupName,
      location: this.location,
      sku: { name: 'Base', tier: this.reaches('moderate') ? 'Standard' : 'Free' },
      supportPlan: 'KubernetesOfficial',
      kubernetesVersion: version,
      dnsPrefix: physicalName(this.label, 54, '-'),
      identity: { type: 'UserAssigned', userAssignedIdentities: [this.#identity.id] },
      identityProfile: {
        kubeletidentity: {
          resourceId: this.nodeIdentity.id,
          clientId: this.nodeIdentity.clientId,
          objectId: this.nodeIdentity.principalId,
        },
      },
      publicNetworkAccess: 'Disabled',
      apiServerAccessProfile: accessProfile(args.apiServerSubnetId, zoneId),
      disableLocalAccounts: true,
      enableRBAC: true,
      aadProfile: {
        managed: true,
        enableAzureRBAC: true,
        tenantID: args.tenantId,
        adminGroupObjectIDs: [...(args.administratorGroupIds ?? [])],
      },
      networkProfile: {
        networkPlugin: 'azure',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
        loadBalancerSku: 'standard',
        ipFamilies: ['IPv4'],
        outboundType: bootstrapRegistryId === undefined ? 'userDefinedRouting' : 'none',
        ...(args.podSubnetId === undefined ? { networkPluginMode: 'overlay', podCidr: args.podRange ?? '10.244.0.0/16' } : {}),
        serviceCidr: serviceRange,
        dnsServiceIP: args.dnsAddress ?? serviceRange.replace(/\.\d+\/\d+$/, '.10'),
      },
      bootstrapProfile:
        bootstrapRegistryId === undefined
          ? { artifactSource: 'Direct' }
          : { artifactSource: 'Cache', containerRegistryId: bootstrapRegistryId },
      agentPoolProfiles: [{ name: 'system', ...hardenedPool(this.where, 'system', 'System', args.systemPool, this.#common) }],
      ...(encryption ? { diskEncryptionSetID: encryption.id } : {}),
      addonProfiles: addons(logs?.workspaceId),
      securityProfile: {
        azureKeyVaultKms: secretsEncryption(key),
        defender: logs
          ? { logAnalyticsWorkspaceResourceId: logs.workspaceId, securityMonitoring: { enabled: true } }
          : { securityMonitoring: { enabled: false } },
        imageCleaner: { enabled: true, intervalHours: 48 },
        workloadIdentity: { enabled: true },
      },
      oidcIssuerProfile: { enabled: true },
      podIdentityProfile: { enabled: false, allowNetworkPluginKubenet: false },
      autoUpgradeProfile: { upgradeChannel: 'patch', nodeOSUpgradeChannel: 'NodeImage' },
      // The driver of file shares would sign in to storage with account keys.
      storageProfile: {
        diskCSIDriver: { enabled: true },
        snapshotController: { enabled: true },
        fileCSIDriver: { enabled: false },
        blobCSIDriver: { enabled: false },
      },
      nodeResourceGroupProfile: { restrictionLevel: 'ReadOnly' },
      tags: this.tags,
    };
    const guarded = { parent: this, dependsOn: [...roles], protect: !this.relaxes('DHC-10') };
    const known = [
      'aadProfile',
      'addonProfiles',
      'agentPoolProfiles',
      'apiServerAccessProfile',
      'bootstrapProfile',
      'identity',
      'identityProfile',
      'networkProfile',
      'securityProfile',
    ] as const;
    return new containerservice.ManagedCluster(name, clusterArgs, whole(name, clusterArgs, known, guarded));
  }

  /** What all pools share. */
  get #common() {
    const { podSubnetId, subnetId } = this.#args;
    return { subnetId, podSubnetId, tags: this.tags };
  }

  #region(): string {
    if (typeof this.location !== 'string')
      throw new RangeError(`${this.where}: the name of the API server's zone carries the location; pass location as a string`);
    return this.location.toLowerCase().replaceAll(' ', '');
  }
}

const PROMISES: Promises = {
  claims: SecureKubernetesCluster.claims,
  families: ['containers'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: {
    'DID-04': 'publish services by an edge component',
    'DID-12': 'administer from within the network, by roles',
    'DID-15': 'administer from within the network, by roles',
    'ENC-02': 'pass another key',
    'EXP-05': 'name what may be reached at the firewall, or pass `bootstrapRegistryId`',
  },
};
