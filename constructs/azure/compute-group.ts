import * as compute from '@pulumi/azure-native/compute';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { SecureComponent } from './component';
import { agentsOf, type HostHealth, type HostSystem } from './compute-agents';
import { collectFrom } from './compute-collection';
import {
  BOOT_RECORDS,
  HOST_CLAIMS,
  HOST_FIRM,
  HOST_GAPS,
  identityOf,
  osProfile,
  type SecureHostArgs,
  securityProfile,
  systemDisk,
  systemOf,
} from './compute-host';
import { followsNewest, imageReference } from './compute-image';
import { physicalName } from './naming';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureScaleSet} is made from. */
export interface SecureScaleSetArgs extends SecureHostArgs {
  /** Number of hosts; at the moderate and high tier at least 2. @default 2 */
  readonly capacity?: number;
  /** How the set knows that a host works: hosts that do not are replaced, and a new image goes on only while they do. */
  readonly health: HostHealth;
  /** Zones over which the hosts are spread; `[]` in a region without zones. @default ['1', '2', '3'] */
  readonly zones?: readonly string[];
  /** Ids of the backend pools of load balancers and application gateways that send it work. @default none */
  readonly backendPools?: { readonly loadBalancer?: readonly pulumi.Input<string>[]; readonly gateway?: readonly pulumi.Input<string>[] };
}

/** Share of the hosts that are replaced, or may be broken, at a time while an image is rolled out, in percent. */
const BATCH_PERCENT = 20;
/** Minutes that a new host gets before it counts as broken, in ISO 8601. */
const GRACE = 'PT30M';
/** Longest prefix of the names of the hosts, by system. */
const LONGEST_PREFIX = { linux: 58, windows: 9 } as const;

/**
 * Hosts that replace each other: the same host as {@link SecureVirtualMachine}, spread over zones, replaced when it fails, and
 * moved on to each new image by itself, in batches that stop when hosts fail.
 *
 * Guarantees DID-11, DID-12, DID-13, ENC-01, IDA-10, LOG-18 and VUL-05; from the moderate tier on DID-04, ENC-02 and LOG-19.
 * An image that names its version is not replaced by itself, and needs VUL-05 to be relaxed.
 *
 * @throws RangeError where the tier needs an argument that is missing, the image is not approved, or a relaxation cannot stand
 * @example
 * const encryption = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 * const converters = new SecureScaleSet('converters', {
 *   profile, resourceGroupName, location, encryption,
 *   size: 'Standard_D2s_v5',
 *   image: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server' },
 *   subnetId: network.subnetIds.workload ?? '',
 *   linux: { sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEmergency emergency@example.com' },
 *   health: { protocol: 'https', port: 8443, path: '/healthy' },
 *   collection: { ruleId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/hosts' },
 * });
 */
export class SecureScaleSet extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureScaleSet', ...HOST_CLAIMS, ...HOST_GAPS);

  /** The set itself. */
  readonly scaleSet: compute.VirtualMachineScaleSet;
  /** Resource id of the set. */
  readonly id: pulumi.Output<string>;
  /** Object id of the identity that its hosts share, for role assignments. */
  readonly principalId: pulumi.Output<string>;
  readonly #args: SecureScaleSetArgs;

  constructor(name: string, args: SecureScaleSetArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureScaleSet', PROMISES, name, args, opts);
    this.#args = args;
    const { collection, encryption } = args;
    this.need(encryption, 'encryption', 'moderate', 'ENC-02', 'pass a DiskEncryption');
    this.need(collection, 'collection', 'moderate', 'LOG-19', 'pass the id of a data collection rule: { ruleId }');
    this.#check();
    this.scaleSet = this.#create(systemOf(this.where, args));
    this.id = this.scaleSet.id;
    this.principalId = this.scaleSet.identity.apply((identity) => identity?.principalId ?? '');
    if (collection) collectFrom(name, this.id, collection, this);
    this.waive('VUL-05', this.scaleSet);
    this.registerOutputs({ id: this.id, principalId: this.principalId });
  }

  #check(): void {
    const { capacity = 2, health, image, relax } = this.#args;
    if (!(Number.isInteger(capacity) && capacity >= (this.reaches('moderate') ? 2 : 1)))
      throw new RangeError(`${this.where}: capacity is ${capacity}; write at least ${this.reaches('moderate') ? 2 : 1}`);
    if (!health)
      throw new RangeError(
        `${this.where}: health is missing; write { protocol: 'https', port, path }, by which a rollout knows when to stop`,
      );
    if (image && !followsNewest(image))
      requireRelaxation(
        this.where,
        relax,
        'VUL-05',
        'an image of one version',
        'leave the version out, so that the set follows the newest',
      );
  }

  #create(system: HostSystem): compute.VirtualMachineScaleSet {
    const args = this.#args;
    const { capacity = 2, image, metadataProtection, resourceGroupName, size, zones = ['1', '2', '3'] } = args;
    const follows = followsNewest(image);
    const child = `${this.label}-set`;
    const setArgs: compute.VirtualMachineScaleSetArgs = {
      resourceGroupName,
      location: this.location,
      orchestrationMode: 'Uniform',
      sku: { name: size, tier: 'Standard', capacity },
      identity: identityOf(args),
      overprovision: false,
      singlePlacementGroup: false,
      ...(zones.length > 0 ? { zones: [...zones], zoneBalance: zones.length > 1 } : { platformFaultDomainCount: 5 }),
      upgradePolicy: {
        mode: 'Rolling',
        rollingUpgradePolicy: {
          maxBatchInstancePercent: BATCH_PERCENT,
          maxUnhealthyInstancePercent: BATCH_PERCENT,
          maxUnhealthyUpgradedInstancePercent: BATCH_PERCENT,
          pauseTimeBetweenBatches: 'PT1M',
          prioritizeUnhealthyInstances: true,
          rollbackFailedInstancesOnPolicyBreach: true,
        },
        automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: follows, disableAutomaticRollback: false, useRollingUpgradePolicy: true },
      },
      automaticRepairsPolicy: { enabled: true, gracePeriod: GRACE, repairAction: 'Replace' },
      virtualMachineProfile: {
        securityProfile: securityProfile(this.reaches('high'), metadataProtection),
        osProfile: {
          computerNamePrefix: physicalName(this.label, LONGEST_PREFIX[system], ''),
          ...osProfile(args, { byPlatform: false, onSchedule: false }),
        },
        storageProfile: { imageReference: imageReference(this.where, image, false), osDisk: systemDisk(args), dataDisks: [] },
        networkProfile: { networkInterfaceConfigurations: [this.#interface()] },
        diagnosticsProfile: BOOT_RECORDS,
        extensionProfile: { extensions: this.#agents(system) },
        priority: 'Regular',
      },
      tags: this.tags,
    };
    const keys = ['identity', 'upgradePolicy', 'virtualMachineProfile'] as const;
    return new compute.VirtualMachineScaleSet(child, setArgs, whole(child, setArgs, keys, { parent: this }));
  }

  #interface() {
    const { acceleratedNetworking = true, backendPools, subnetId } = this.#args;
    const pools = (ids: readonly pulumi.Input<string>[] = []) => ids.map((id) => ({ id }));
    return {
      name: 'private',
      primary: true,
      enableIPForwarding: false,
      enableAcceleratedNetworking: acceleratedNetworking,
      ipConfigurations: [
        {
          name: 'private',
          primary: true,
          privateIPAddressVersion: 'IPv4',
          subnet: { id: subnetId },
          loadBalancerBackendAddressPools: pools(backendPools?.loadBalancer),
          applicationGatewayBackendAddressPools: pools(backendPools?.gateway),
        },
      ],
    };
  }

  #agents(system: HostSystem) {
    const { collection, health } = this.#args;
    const agents = agentsOf(system, { collects: collection !== undefined, guardsMetadata: this.reaches('high'), health });
    return agents.map((agent, index) => ({
      ...agent,
      suppressFailures: false,
      provisionAfterExtensions: index === 0 ? [] : [agents[index - 1]?.name ?? ''],
    }));
  }
}

const PROMISES: Promises = {
  claims: SecureScaleSet.claims,
  families: ['compute'],
  relaxable: { 'VUL-05': 'the automatic move to a newer image, where a pipeline replaces the version' },
  firm: HOST_FIRM,
};
