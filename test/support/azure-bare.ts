/** What surrounds the components of a family, written as plain objects: the least that they need to know, and quick to make. */
import { declareProfile, type Tier } from '../../constructs/azure';
import { PLACE, PROFILES, type Surroundings } from './azure-components';

const ID = '/subscriptions/s/resourceGroups/rg/providers';
const VAULT = `${ID}/Microsoft.KeyVault/vaults/keys`;

const key = (name: string) => ({
  keyId: `${VAULT}/keys/${name}`,
  keyName: name,
  vaultUri: 'https://keys.vault.azure.net',
  versionedKeyUri: `https://keys.vault.azure.net/keys/${name}/1`,
});

/** Stands in for {@link Surroundings} where only their ids are used. */
export function bareSurroundings(tier: Tier): Surroundings {
  const bare = {
    common: { ...PLACE, profile: declareProfile('profile', PROFILES[tier]) },
    logs: { workspaceId: `${ID}/Microsoft.OperationalInsights/workspaces/logs`, workspaceLocation: PLACE.location },
    network: {
      endpointSubnetId: `${ID}/Microsoft.Network/virtualNetworks/network/subnets/endpoints`,
      zoneId: (zone: string) => `${ID}/Microsoft.Network/privateDnsZones/${zone}`,
    },
    vault: { key },
  };
  return bare as unknown as Surroundings;
}
