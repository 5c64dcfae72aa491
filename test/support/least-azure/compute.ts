import * as recoveryservices from '@pulumi/azure-native/recoveryservices';
import type * as pulumi from '@pulumi/pulumi';
import {
  DiskEncryption,
  PatchManagement,
  SecureDisk,
  SecureScaleSet,
  SecureSnapshot,
  SecureVirtualMachine,
} from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

const ID = '/subscriptions/s/resourceGroups/rg/providers';
export const HOSTS_SUBNET = `${ID}/Microsoft.Network/virtualNetworks/network/subnets/hosts`;
export const HOSTS_RULE = `${ID}/Microsoft.Insights/dataCollectionRules/hosts`;
export const SSH_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOpenOnlyInAnEmergency emergency@example.com';
export const UBUNTU = { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server' } as const;

const diskKey = ({ common, vault }: Surroundings, name: string) => new DiskEncryption(name, { ...common, key: vault.key(name) });

/** What the tier asks of every host. */
export function hostArgs(around: Surroundings, name: string) {
  const due = reaches(around.common.profile.tier, 'moderate');
  return {
    ...around.common,
    size: 'Standard_D2s_v5',
    subnetId: HOSTS_SUBNET,
    linux: { sshPublicKey: SSH_KEY },
    ...(due ? { encryption: diskKey(around, `${name}-disks`), collection: { ruleId: HOSTS_RULE } } : {}),
  };
}

const volumeArgs = (around: Surroundings, name: string) => ({
  ...around.common,
  ...(reaches(around.common.profile.tier, 'moderate') ? { encryption: diskKey(around, `${name}-key`) } : {}),
});

/** A vault that somebody else declares; whatever vaults are in the program, the machine is kept in one. */
const backup = {
  protectMachine: (name: string, machineId: pulumi.Input<string>) =>
    new recoveryservices.ProtectedItem(`${name}-kept`, {
      resourceGroupName: 'rg',
      vaultName: 'kept',
      fabricName: 'Azure',
      containerName: `iaasvmcontainer;iaasvmcontainerv2;rg;${name}`,
      protectedItemName: `vm;iaasvmcontainerv2;rg;${name}`,
      properties: {
        protectedItemType: 'Microsoft.Compute/virtualMachines',
        sourceResourceId: machineId,
        policyId: `${ID}/Microsoft.RecoveryServices/vaults/kept/backupPolicies/machines`,
      },
    }),
};

export const compute: Least = {
  DiskEncryption: diskKey,
  SecureDisk: (around, name) => new SecureDisk(name, { ...volumeArgs(around, name), sizeGiB: 64 }),
  SecureSnapshot: (around, name) =>
    new SecureSnapshot(name, { ...volumeArgs(around, name), diskId: `${ID}/Microsoft.Compute/disks/exports` }),
  SecureVirtualMachine: (around, name) =>
    new SecureVirtualMachine(name, { ...hostArgs(around, name), image: { ...UBUNTU, version: '24.04.202610140' }, backup }),
  SecureScaleSet: (around, name) =>
    new SecureScaleSet(name, { ...hostArgs(around, name), image: UBUNTU, health: { protocol: 'https', port: 8443 } }),
  PatchManagement: ({ common }, name) => new PatchManagement(name, { ...common, startsOn: '2026-12-01' }),
};
