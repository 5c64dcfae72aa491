/** What the tests of Azure databases stand in: ids instead of components, so that only the database itself is registered. */
import { type DecidedProfile, declareProfile, type Tier } from '../../constructs/azure';
import { reaches } from '../../constructs/contract';
import { PLACE, PROFILES, TENANT } from './azure-components';

export const ADMINISTRATORS = {
  name: 'database-administrators',
  objectId: '22222222-2222-2222-2222-222222222222',
  tenantId: TENANT,
};

const keyNamed = (keyName: string) => ({
  keyId: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/keys/keys/${keyName}`,
  keyName,
  vaultUri: 'https://keys.vault.azure.net/',
  versionedKeyUri: `https://keys.vault.azure.net/keys/${keyName}/0123456789abcdef0123456789abcdef`,
});

export const KEY = keyNamed('cases');
export const BACKUP_KEY = keyNamed('cases-backups');
export const LOGS = {
  workspaceId: '/subscriptions/s/workspaces/logs',
  workspaceLocation: 'westeurope',
  archiveId: '/subscriptions/s/archive',
};
export const NETWORK = {
  endpointSubnetId: '/subscriptions/s/subnets/endpoints',
  zoneId: (zone: string) => `/subscriptions/s/zones/${zone}`,
};
export const ALERTS = '/subscriptions/s/actionGroups/contacts';

/** What every hardened database takes at a tier. Call it inside the program. */
export const within = (tier: Tier) => ({
  ...PLACE,
  profile: declareProfile('profile', PROFILES[tier]),
  ...(reaches(tier, 'moderate') ? { alerts: ALERTS, key: KEY, logs: LOGS, network: NETWORK } : {}),
});

/** The profile of a tier, with a residency. */
export const resident = (tier: Tier, residency: readonly string[]): DecidedProfile => ({
  profile: { ...PROFILES[tier], residency },
  tier,
  why: [],
});
