/** Each hardened component of Azure with its least args, for a tier; what a component needs from others comes with it. */
import {
  type DecidedProfile,
  declareProfile,
  LogArchive,
  type LogSink,
  SecureKeyVault,
  SecureLogWorkspace,
  SecureStorageAccount,
  SecureVirtualNetwork,
  SecurityContacts,
  type Tier,
} from '../../constructs/azure';
import { type DataProfile, reaches } from '../../constructs/contract';
import { LEAST_BY_FAMILY } from './least-azure';
import { CHECK_DAY, relaxationOf } from './relaxation';

/** A profile of each tier. */
export const PROFILES: Readonly<Record<Tier, DataProfile>> = {
  low: { system: 'wiki', owner: 'docs@example.com', sensitivity: 'internal', volume: 'few', exposure: 'organisation', privilege: 'alter' },
  moderate: {
    system: 'surveys',
    owner: 'surveys@example.com',
    sensitivity: 'confidential',
    volume: 'thousands',
    exposure: 'organisation',
    privilege: 'read',
  },
  high: {
    system: 'case-management',
    owner: 'support-data@example.com',
    sensitivity: 'confidential',
    volume: 'millions',
    exposure: 'internet',
    privilege: 'alter',
  },
};

export const PLACE = { resourceGroupName: 'rg', location: 'westeurope' } as const;
export const TENANT = '11111111-1111-1111-1111-111111111111';

export const CLUSTER = '/subscriptions/s/resourceGroups/shared/providers/Microsoft.OperationalInsights/clusters/shared';

/** Everything that a system of a tier needs around its stores. */
export interface Surroundings {
  readonly common: typeof PLACE & { readonly profile: DecidedProfile };
  readonly contacts: SecurityContacts;
  readonly workspace: SecureLogWorkspace;
  readonly network: SecureVirtualNetwork;
  readonly logs: LogSink;
  readonly vault: SecureKeyVault;
}

/** Builds them with their least args. */
export function surroundings(tier: Tier): Surroundings {
  const common = { ...PLACE, profile: declareProfile('profile', PROFILES[tier]) };
  const contacts = new SecurityContacts('contacts', { ...common, emails: { soc: 'soc@example.com' } });
  const workspace = new SecureLogWorkspace('logs', { ...common, ...(tier === 'high' ? { clusterId: CLUSTER } : {}) });
  let made: SecureKeyVault | undefined;
  const network = new SecureVirtualNetwork('network', {
    ...common,
    range: '10.0.0.0/16',
    subnets: { endpoints: { range: '10.0.1.0/24' } },
    logs: (self) => {
      const within = reaches(tier, 'moderate') ? { network: self } : {};
      made = new SecureKeyVault('vault', {
        ...common,
        ...within,
        tenantId: TENANT,
        alerts: contacts.id,
        logs: (vault) => {
          const key = reaches(tier, 'moderate') ? { key: vault.key('archive') } : {};
          return workspace.sinkWith(new LogArchive('archive', { ...common, ...within, ...key, logs: workspace.sink }));
        },
      });
      return made.logs;
    },
  });
  return { common, contacts, workspace, network, logs: network.logs, vault: made as SecureKeyVault };
}

/** A storage account with the least args of a tier. */
export function leastAccount({ common, logs, network, vault }: Surroundings): SecureStorageAccount {
  const from = reaches(common.profile.tier, 'moderate') ? { key: vault.key('attachments'), logs, network } : {};
  return new SecureStorageAccount('attachments', { ...common, ...from, retention: { atMostDays: 365 } });
}

/**
 * Every exported component once, in one program: a claim of any of them must be kept in it.
 *
 * @param families only the components of these; what surrounds them is always there
 */
export function everyComponent(tier: Tier, families: readonly string[] = Object.keys(LEAST_BY_FAMILY)): void {
  const around = surroundings(tier);
  for (const family of families)
    for (const [component, make] of Object.entries(LEAST_BY_FAMILY[family] ?? {})) make(around, component.toLowerCase());
}

/** The day on which relaxations are checked, and the configuration that sets it. */
export const TODAY = { 'palisade:today': CHECK_DAY };

/** The least account of tier high with everything relaxed that can be. */
export function relaxedAccount(): void {
  const { common, logs, network, vault } = surroundings('high');
  const relax = ['BCR-06', 'BCR-07', 'DHC-06', 'DHC-10', 'DID-19', 'DID-21', 'LPA-14', 'LPA-16'].map(relaxationOf);
  new SecureStorageAccount('attachments', {
    ...common,
    logs,
    network,
    key: vault.key('attachments'),
    retention: { atMostDays: 365 },
    cors: [{ allowedOrigins: ['*'], allowedMethods: ['PUT'], allowedHeaders: ['*'] }],
    relax,
  });
}
