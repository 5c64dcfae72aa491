import type * as authorization from '@pulumi/azure-native/authorization';
import type * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import type { DiskKey } from './compute-encryption';
import { assignRole, type BuiltInRole } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';

/** The API server stands in the network: no public address, no public name, no command from outside. */
export const accessProfile = (subnetId: pulumi.Input<string>, zoneId: pulumi.Input<string>) => ({
  enablePrivateCluster: true,
  enablePrivateClusterPublicFQDN: false,
  enableVnetIntegration: true,
  subnetId,
  privateDNSZone: zoneId,
  disableRunCommand: true,
});

/** Policies and secrets of the vault in every cluster; the output of pods where there is a workspace. */
export const addons = (workspaceId: pulumi.Input<string> | undefined) => ({
  azurepolicy: { enabled: true, config: { version: 'v2' } },
  azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'true', rotationPollInterval: '2m' } },
  omsagent:
    workspaceId === undefined
      ? { enabled: false }
      : // The workspace refuses shared keys.
        { enabled: true, config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: 'true' } },
  httpApplicationRouting: { enabled: false },
  kubeDashboard: { enabled: false },
});

const vaultOf = (key: EncryptionKey): pulumi.Output<string> => pulumi.output(key.keyId).apply((id) => id.replace(/\/keys\/[^/]+$/, ''));

/** The key of the secrets in the cluster, fetched within the network. */
export const secretsEncryption = (key: EncryptionKey | undefined) =>
  key?.versionedKeyUri === undefined
    ? { enabled: false }
    : { enabled: true, keyId: key.versionedKeyUri, keyVaultNetworkAccess: 'Private', keyVaultResourceId: vaultOf(key) };

/** What the cluster needs of its surroundings: the network it stands in, its name, its nodes' identity, and its keys. */
export function clusterRoles(
  component: string,
  needs: {
    readonly identity: managedidentity.UserAssignedIdentity;
    readonly nodeIdentity: managedidentity.UserAssignedIdentity;
    readonly subnetId: pulumi.Input<string>;
    readonly zoneId: pulumi.Input<string>;
    readonly encryption: DiskKey | undefined;
    readonly key: EncryptionKey | undefined;
  },
  parent: pulumi.Resource,
): readonly authorization.RoleAssignment[] {
  const { encryption, identity, key, nodeIdentity, subnetId, zoneId } = needs;
  const networkId = pulumi.output(subnetId).apply((id) => id.replace(/\/subnets\/[^/]+$/i, ''));
  const wanted: readonly (readonly [name: string, role: BuiltInRole, scope: pulumi.Input<string>, why: string])[] = [
    ['network', 'Network Contributor', networkId, 'Places nodes, load balancers and the API server in the network'],
    ['zone', 'Private DNS Zone Contributor', zoneId, 'Writes the name of the API server'],
    ['nodes', 'Managed Identity Operator', nodeIdentity.id, 'Gives nodes their identity'],
    ...(encryption ? ([['disks', 'Reader', encryption.id, 'Finds the key of disks']] as const) : []),
    ...(key
      ? ([
          ['secrets', 'Key Vault Crypto User', key.keyId, 'Encrypts the secrets of the cluster'],
          ['vault', 'Key Vault Contributor', vaultOf(key), 'Connects the API server to the vault by private link'],
        ] as const)
      : []),
  ];
  const principal = { principalId: identity.principalId, principalType: 'ServicePrincipal' } as const;
  return wanted.map(([name, role, scope, why]) => assignRole(`${component}-role-${name}`, { role, principal, scope, why }, { parent }));
}
