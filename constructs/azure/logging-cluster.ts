import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as operationalinsights from '@pulumi/azure-native/operationalinsights';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link DedicatedLogCluster} is made from. */
export interface DedicatedLogClusterArgs extends SecureArgs {
  /** Key that encrypts the records of every workspace in the cluster, and nothing else (LOG-11). */
  readonly key: EncryptionKey;
  /** Gigabytes a day that are paid for at least: the service sells 100, 200, 300, 400, 500, 1000, 2000, 5000 and more. @default 100 */
  readonly capacity?: number;
  /** Name of the cluster, 4 to 63 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly clusterName?: string;
}

/** What the service sells, in gigabytes a day. */
const CAPACITIES = [100, 200, 300, 400, 500, 1000, 2000, 5000, 10_000, 25_000, 50_000];
/** Longest name of a cluster. */
const LONGEST_NAME = 63;
/** Bits of the keys that `SecureKeyVault.key()` makes. */
const KEY_BITS = 3072;

/**
 * A dedicated cluster of Log Analytics: the only way to encrypt records with a key of your own. A landing zone has one for
 * each region, and its workspaces share it; what they send is billed together, at 100 GB a day at least.
 *
 * Guarantees from the moderate tier on LOG-11. It spreads over zones and encrypts twice; both are fixed when it is made.
 *
 * @throws RangeError without a key, or for a capacity that is not sold
 * @example
 * const cluster = new DedicatedLogCluster('records', { profile, resourceGroupName, location, key: vault.key('records') });
 * new SecureLogWorkspace('siem', { profile, resourceGroupName, location, clusterId: cluster.id });
 */
export class DedicatedLogCluster extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('DedicatedLogCluster', { control: 'LOG-11', from: 'moderate' });

  /** The cluster itself. */
  readonly cluster: operationalinsights.Cluster;
  /** Resource id of the cluster; what workspaces take as `clusterId`. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: DedicatedLogClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:DedicatedLogCluster', CLUSTER_PROMISES, name, args, opts);
    const { capacity = 100, clusterName, key, resourceGroupName } = args;
    if (!key)
      throw new RangeError(
        `${this.where}: key is missing; a dedicated cluster is there for a key of your own: vault.key("records") (LOG-11)`,
      );
    if (!CAPACITIES.includes(capacity))
      throw new RangeError(`${this.where}: capacity is ${capacity}; write one that the service sells: ${CAPACITIES.join(', ')} (GB a day)`);
    const place = { resourceGroupName, location: this.location };
    const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, { ...place, tags: this.tags }, { parent: this });
    const use = allowEncryption(`${name}-key-use`, { key, principalId: identity.principalId }, { parent: this });
    const clusterArgs: operationalinsights.ClusterArgs = {
      ...place,
      clusterName: clusterName ?? physicalName(name, LONGEST_NAME, '-'),
      sku: { name: 'CapacityReservation', capacity },
      billingType: 'Cluster',
      isAvailabilityZonesEnabled: true,
      isDoubleEncryptionEnabled: true,
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      // No version: the cluster follows the newest one.
      keyVaultProperties: { keyVaultUri: key.vaultUri, keyName: key.keyName, keyVersion: '', keyRsaSize: KEY_BITS },
      tags: this.tags,
    };
    const options = { parent: this, protect: !this.relaxes('DHC-10'), dependsOn: [use] };
    this.cluster = new operationalinsights.Cluster(
      `${name}-cluster`,
      clusterArgs,
      whole(`${name}-cluster`, clusterArgs, ['identity', 'keyVaultProperties'], options),
    );
    this.id = this.cluster.id;
    if (!this.relaxes('DHC-10')) this.lock('cluster', this.id, 'With the cluster, every workspace in it would lose its records.');
    this.waive('DHC-10', this.cluster);
    this.registerOutputs({ id: this.id });
  }
}

const CLUSTER_PROMISES: Promises = {
  claims: DedicatedLogCluster.claims,
  families: ['logging'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: { 'LOG-11': 'without a key of your own a cluster has no use here' },
};
