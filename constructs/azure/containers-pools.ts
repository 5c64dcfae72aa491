import type * as pulumi from '@pulumi/pulumi';

/** Nodes of a {@link SecureKubernetesCluster} that are alike. */
export interface NodePoolSpec {
  /** Size of the machines, of the second generation and able to encrypt at the host: `Standard_D4s_v5`. */
  readonly size: string;
  /** Least number of nodes. @default 3 */
  readonly min?: number;
  /** Greatest number of nodes. @default twice the least number */
  readonly max?: number;
  /** Zones over which they are spread; `[]` in a region without zones. @default ['1', '2', '3'] */
  readonly zones?: readonly string[];
  /** Size of the system's disk in GiB. @default 128 */
  readonly diskGiB?: number;
  /** Labels by which pods choose the nodes. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Taints that keep other pods away: `workload=batch:NoSchedule`. @default none */
  readonly taints?: readonly string[];
  /** Cryptographic modules that are validated under FIPS 140-3. @default false */
  readonly fips?: boolean;
  /** Subnet of the nodes. @default that of the cluster */
  readonly subnetId?: pulumi.Input<string>;
}

/** Names of Linux pools, as the service takes them. */
const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;

/** Keeps everything but the parts of the cluster itself away from its first pool. */
const SYSTEM_ONLY = 'CriticalAddonsOnly=true:NoSchedule';

/**
 * The hardened nodes of a pool: they start only what is signed, encrypt at the host, have no public address and take no shell.
 *
 * @throws RangeError for a name or a number that the service refuses
 */
export function hardenedPool(
  where: string,
  name: string,
  mode: 'System' | 'User',
  spec: NodePoolSpec,
  common: {
    readonly subnetId: pulumi.Input<string>;
    readonly podSubnetId: pulumi.Input<string> | undefined;
    readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  },
) {
  const { diskGiB = 128, fips = false, labels = {}, min = 3, taints = [], zones = ['1', '2', '3'] } = spec;
  const { max = min * 2 } = spec;
  if (!POOL_NAME.test(name)) throw new RangeError(`${where}: pool "${name}": write a name of 1 to 12 small letters and digits`);
  if (!(Number.isInteger(min) && Number.isInteger(max) && min >= 1 && min <= max && max <= 1000))
    throw new RangeError(`${where}: pool "${name}": min is ${min} and max is ${max}; write 1 to 1000, min not above max`);
  return {
    mode,
    type: 'VirtualMachineScaleSets',
    osType: 'Linux',
    // The system that Microsoft builds for nodes: little on it, signed, and patched with the node image.
    osSKU: 'AzureLinux',
    vmSize: spec.size,
    enableAutoScaling: true,
    count: min,
    minCount: min,
    maxCount: max,
    ...(zones.length > 0 ? { availabilityZones: [...zones] } : {}),
    vnetSubnetID: spec.subnetId ?? common.subnetId,
    ...(common.podSubnetId === undefined ? {} : { podSubnetID: common.podSubnetId }),
    enableNodePublicIP: false,
    enableEncryptionAtHost: true,
    enableFIPS: fips,
    // An ephemeral disk would have a key of the platform.
    osDiskType: 'Managed',
    osDiskSizeGB: diskGiB,
    kubeletDiskType: 'OS',
    scaleDownMode: 'Delete',
    securityProfile: { enableSecureBoot: true, enableVTPM: true, sshAccess: 'Disabled' },
    upgradeSettings: { maxSurge: '33%', drainTimeoutInMinutes: 30 },
    nodeLabels: { ...labels },
    nodeTaints: [...(mode === 'System' ? [SYSTEM_ONLY] : []), ...taints],
    tags: { ...common.tags },
  };
}
