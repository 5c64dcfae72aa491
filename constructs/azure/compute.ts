import * as compute from '@pulumi/azure-native/compute';
import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { SecureComponent } from './component';
import { type Agent, agentsOf, type HostSystem } from './compute-agents';
import { collectFrom } from './compute-collection';
import type { SecureDisk } from './compute-disk';
import {
  BOOT_RECORDS,
  HOST_CLAIMS,
  HOST_FIRM,
  HOST_GAPS,
  identityOf,
  LONGEST_WINDOWS_NAME,
  osProfile,
  type SecureHostArgs,
  securityProfile,
  systemDisk,
  systemOf,
} from './compute-host';
import { imageReference } from './compute-image';
import type { PatchManagement } from './compute-patching';
import { assignRole, type Principal } from './identity-roles';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** Where a machine is backed up. `SecureRecoveryVault` is one. */
export interface MachineBackup {
  /** Has a machine backed up, by the policy of the vault. */
  protectMachine(name: string, machineId: pulumi.Input<string>): pulumi.Resource;
}

/** What a {@link SecureVirtualMachine} is made from. */
export interface SecureVirtualMachineArgs extends SecureHostArgs {
  /** Zone in which it runs: '1', '2' or '3'. @default where the platform finds room */
  readonly zone?: string;
  /** Disks that outlive it, in the order of their numbers from 0. @default none */
  readonly dataDisks?: readonly SecureDisk[];
  /** The window in which it is patched. @default whenever the platform finds a good time, within days */
  readonly patches?: PatchManagement;
  /** Where it is backed up (BCR-01). @default nowhere: everything on it can be made anew */
  readonly backup?: MachineBackup;
}

/**
 * A machine without a public address and without passwords: it starts only what is signed, encrypts at the host and on its
 * disks, patches itself, knows people by the directory, and sends its records away.
 *
 * Guarantees DID-11, DID-12, DID-13, ENC-01, IDA-10, LOG-18 and VUL-05; from the moderate tier on DID-04, ENC-02, LOG-19 and
 * DHC-10. People need a role from `grantSignIn` and a way in: Bastion, or the network of the organisation.
 *
 * @throws RangeError where the tier needs an argument that is missing, the image is not approved, or a relaxation cannot stand
 * @example
 * const encryption = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 * const converter = new SecureVirtualMachine('converter', {
 *   profile, resourceGroupName, location, encryption,
 *   size: 'Standard_D2s_v5',
 *   image: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: '24.04.202610140' },
 *   subnetId: network.subnetIds.workload ?? '',
 *   linux: { sshPublicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEmergency emergency@example.com' },
 *   collection: { ruleId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Insights/dataCollectionRules/hosts' },
 * });
 * converter.grantSignIn('operators', { principalId, principalType: 'Group' });
 */
export class SecureVirtualMachine extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureVirtualMachine', ...HOST_CLAIMS, { control: 'DHC-10', from: 'moderate' }, ...HOST_GAPS);

  /** The machine itself. */
  readonly machine: compute.VirtualMachine;
  /** Its only way to the network. */
  readonly networkInterface: network.NetworkInterface;
  /** Resource id of the machine. */
  readonly id: pulumi.Output<string>;
  /** Object id of the machine's own identity, for role assignments. */
  readonly principalId: pulumi.Output<string>;
  readonly #args: SecureVirtualMachineArgs;

  constructor(name: string, args: SecureVirtualMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureVirtualMachine', PROMISES, name, args, opts);
    this.#args = args;
    const { backup, collection, encryption, patches } = args;
    this.need(encryption, 'encryption', 'moderate', 'ENC-02', 'pass a DiskEncryption');
    this.need(collection, 'collection', 'moderate', 'LOG-19', 'pass the id of a data collection rule: { ruleId }');
    const system = systemOf(this.where, args);

    this.networkInterface = this.#createInterface();
    this.machine = this.#createMachine(system);
    this.id = this.machine.id;
    this.principalId = this.machine.identity.apply((identity) => identity?.principalId ?? '');
    this.#install(agentsOf(system, { collects: collection !== undefined, guardsMetadata: this.reaches('high') }));
    if (collection) collectFrom(name, this.id, collection, this);
    patches?.assign(`${name}-patches`, this.machine, { parent: this });
    backup?.protectMachine(name, this.id);
    if (!this.relaxes('DHC-10')) this.lock('machine', this.id, 'A machine is not deleted by accident.');
    this.waive('DHC-10', this.machine);
    this.registerOutputs({ id: this.id, principalId: this.principalId });
  }

  /** Lets somebody sign in, by the directory and under its rules; as a user without rights unless said otherwise. */
  grantSignIn(name: string, principal: Principal, as: 'user' | 'administrator' = 'user'): void {
    const role = as === 'user' ? 'Virtual Machine User Login' : 'Virtual Machine Administrator Login';
    assignRole(
      `${this.label}-sign-in-${name}`,
      { role, principal, scope: this.id, why: `Signs in as ${as} of one machine` },
      { parent: this },
    );
  }

  #createInterface(): network.NetworkInterface {
    const { acceleratedNetworking = true, resourceGroupName, subnetId } = this.#args;
    const child = `${this.label}-interface`;
    const args: network.NetworkInterfaceArgs = {
      resourceGroupName,
      location: this.location,
      enableIPForwarding: false,
      enableAcceleratedNetworking: acceleratedNetworking,
      ipConfigurations: [
        {
          name: 'private',
          primary: true,
          subnet: { id: subnetId },
          privateIPAllocationMethod: 'Dynamic',
          privateIPAddressVersion: 'IPv4',
        },
      ],
      tags: this.tags,
    };
    return new network.NetworkInterface(child, args, whole(child, args, ['ipConfigurations'], { parent: this }));
  }

  #createMachine(system: HostSystem): compute.VirtualMachine {
    const { dataDisks = [], image, metadataProtection, patches, resourceGroupName, size, zone } = this.#args;
    const child = `${this.label}-machine`;
    const args: compute.VirtualMachineArgs = {
      resourceGroupName,
      location: this.location,
      hardwareProfile: { vmSize: size },
      identity: identityOf(this.#args),
      securityProfile: securityProfile(this.reaches('high'), metadataProtection),
      osProfile: {
        computerName: physicalName(this.label, system === 'windows' ? LONGEST_WINDOWS_NAME : 60, '-'),
        ...osProfile(this.#args, { byPlatform: true, onSchedule: patches !== undefined }),
      },
      storageProfile: {
        imageReference: imageReference(this.where, image, true),
        osDisk: systemDisk(this.#args),
        dataDisks: dataDisks.map(({ id }, lun) => ({
          lun,
          createOption: 'Attach',
          caching: 'None',
          deleteOption: 'Detach',
          managedDisk: { id },
        })),
      },
      networkProfile: { networkInterfaces: [{ id: this.networkInterface.id, primary: true, deleteOption: 'Detach' }] },
      diagnosticsProfile: BOOT_RECORDS,
      priority: 'Regular',
      ...(zone === undefined ? {} : { zones: [zone] }),
      tags: this.tags,
    };
    const guarded = { parent: this, protect: !this.relaxes('DHC-10') };
    return new compute.VirtualMachine(
      child,
      args,
      whole(child, args, ['identity', 'securityProfile', 'osProfile', 'storageProfile', 'networkProfile'], guarded),
    );
  }

  /** One after the other: a machine takes one extension at a time. */
  #install(agents: readonly Agent[]): void {
    const { resourceGroupName } = this.#args;
    let previous: compute.VirtualMachineExtension | undefined;
    for (const { name, ...settings } of agents)
      previous = new compute.VirtualMachineExtension(
        `${this.label}-agent-${name}`,
        {
          resourceGroupName,
          location: this.location,
          vmName: this.machine.name,
          vmExtensionName: name,
          ...settings,
          suppressFailures: false,
          tags: this.tags,
        },
        { parent: this, ...(previous ? { dependsOn: [previous] } : {}) },
      );
  }
}

const PROMISES: Promises = {
  claims: SecureVirtualMachine.claims,
  families: ['compute', 'network', 'backup'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: { ...HOST_FIRM, 'VUL-05': 'choose the hour with PatchManagement' },
};
