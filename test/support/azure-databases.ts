/** What the tests of Azure databases stand in: ids instead of components, so that only the database itself is registered. */
import * as pulumi from '@pulumi/pulumi';
import {
  type DecidedProfile,
  declareProfile,
  SecureCosmosAccount,
  SecureMySqlServer,
  SecurePostgresServer,
  SecureRedis,
  SecureSearchService,
  SecureSqlServer,
  type Tier,
} from '../../constructs/azure';
import { reaches } from '../../constructs/contract';
import { PLACE, PROFILES, TENANT } from './azure-components';
import { CASE_CATALOGUE } from './case-catalogue';
import { relaxationOf } from './relaxation';

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

/** Every database of tier high with everything relaxed that can be. */
export function relaxedDatabases(): void {
  const common = { ...within('high'), administrators: ADMINISTRATORS };
  const relax = (...controls: readonly string[]) => ({ relax: controls.map(relaxationOf) });
  const server = new SecureSqlServer('sql', { ...common, ...relax('BCR-03', 'BCR-06', 'DHC-04', 'DHC-10', 'LOC-05', 'LOG-05') });
  server.database('cases');
  new SecurePostgresServer('postgres', { ...common, ...relax('BCR-03', 'BCR-06', 'DHC-10') });
  new SecureMySqlServer('mysql', { ...common, ...relax('BCR-03', 'BCR-06', 'DHC-10'), firstPassword: pulumi.secret('used once') });
  const account = new SecureCosmosAccount('cosmos', { ...common, ...relax('BCR-06', 'DHC-10', 'FLS-06', 'LOC-05') });
  account.container('open', { database: 'cases', partitionKey: '/id', retention: { atMostDays: 30 } });
  new SecureRedis('redis', { ...common, ...relax('BCR-06', 'DHC-10') });
  new SecureSearchService('search', { ...common, ...relax('BCR-06', 'DHC-10', 'EXP-04'), replicas: 1 });
}

/** Databases of a system that promises to stay in two places, which Azure pairs. */
export function residentDatabases(): void {
  const profile = declareProfile('profile', { ...PROFILES.high, residency: ['westeurope', 'northeurope'] });
  const common = { ...PLACE, profile, alerts: ALERTS, key: KEY, logs: LOGS, network: NETWORK, administrators: ADMINISTRATORS };
  const pairedLocation = 'northeurope';
  const server = new SecureSqlServer('sql', { ...common, pairedLocation, standbyLocation: pairedLocation });
  server.database('cases', { catalogue: CASE_CATALOGUE });
  new SecurePostgresServer('postgres', { ...common, pairedLocation, backupKey: BACKUP_KEY });
  new SecureCosmosAccount('cosmos', { ...common, standbyLocations: [pairedLocation] });
}
