import type { Relaxation } from '../../constructs/contract';

/** Ids of the subscriptions, a UUID each. */
export interface LandingZoneSubscriptions {
  /** Keeps the records of every subscription, watches them, and answers incidents. */
  readonly management: string;
  /** The ways between networks, and out. */
  readonly connectivity: string;
  /** What watches the directory. */
  readonly identity: string;
  /** Hold systems that only the organisation reaches. */
  readonly corp: readonly string[];
  /** Hold systems with an edge on the internet. */
  readonly online: readonly string[];
}

/** What the directory knows before the landing zone is there. Object ids, unless said otherwise. */
export interface LandingZonePeople {
  /** People who answer for who is in the groups; two, so that one can leave. */
  readonly owners: readonly string[];
  /** Group whose members may ask for access: the employees of the platform. */
  readonly employees: string;
  /** Group whose members may ask for access that ends with the contract. */
  readonly subcontractors: string;
  /** Last day of that contract. */
  readonly contractEnds: string;
  /** Group of those who approve and review, and hold no access themselves. */
  readonly approvers: string;
  /** Group that is left out of every policy of sign-in. */
  readonly emergencyGroup: string;
  /** The two sealed accounts in it. */
  readonly emergencyAccounts: readonly string[];
  /** Their sign-in names. */
  readonly emergencyNames: readonly string[];
}

/**
 * Names (UUIDs) of the policies that the service keeps for each role in its scope: who is eligible for a role can activate
 * it by these rules only. A role without one is given to nobody.
 */
export interface ActivationPolicies {
  /** Log Analytics Reader on the workspace. */
  readonly readRecords?: string;
  /** Storage Blob Data Reader on the archive. */
  readonly readArchive?: string;
  /** The role of network operators on the resource group of the hub. */
  readonly operateNetwork?: string;
}

/** What a landing zone is made from. */
export interface LandingZoneArgs {
  /** Directory that the landing zone belongs to. */
  readonly tenantId: string;
  /** Id of the management group above: that of the root is the directory's. @default tenantId */
  readonly parentGroupId?: string;
  /** Begins the ids of the management groups; 2 to 20 lower-case letters, digits and hyphens. @default 'palisade' */
  readonly prefix?: string;
  /** Location of everything. */
  readonly location: string;
  /** Further locations in which systems may stand, such as the paired one. @default none */
  readonly furtherLocations?: readonly string[];
  /** The subscriptions of the landing zone. */
  readonly subscriptions: LandingZoneSubscriptions;
  /** People and groups of the directory. */
  readonly people: LandingZonePeople;
  /** Object id of the service principal "Azure Security Insights", which starts playbooks. */
  readonly sentinelPrincipalId: string;
  /** By which rules roles are activated. @default nobody is eligible for anything */
  readonly activation?: ActivationPolicies;
  /** First day of eligibilities and reviews, `2026-12-01`. */
  readonly from: string;
  /** Last day of eligibilities, at most 365 days later. */
  readonly until: string;
  /** Mailbox that is read around the clock. */
  readonly securityMailbox: string;
  /** Range of public addresses from which people open sessions of administration. */
  readonly officeRange: string;
  /** Sites on the internet that the firewall lets networks reach: a host, or a domain that begins with a dot. */
  readonly allowedDomains: readonly string[];
  /** Names that networks may resolve, besides those of Azure and of the sites. @default none */
  readonly allowedNames?: readonly string[];
  /** Ids of networks of workloads that are joined to the hub; each of them has to join it as well. @default none */
  readonly spokes?: readonly string[];
  /** Types of resources that may be made, besides those that the stacks themselves make. @default none */
  readonly furtherTypes?: readonly string[];
  /** Exceptions of the archive; the first deployment needs one for LOG-08. @default none */
  readonly archiveRelax?: readonly Relaxation[];
  /** Whether evidence can no longer be shortened; `false` for the first deployment, as with the archive. @default true */
  readonly evidenceLocked?: boolean;
}

/** Settings whose defaults are filled in. */
export type LandingZoneSettings = Required<LandingZoneArgs>;

/** Ranges of the platform's networks; those of workloads are others below 10.0.0.0/8. */
export const RANGES = {
  hub: '10.10.0.0/16',
  firewall: '10.10.0.0/26',
  bastion: '10.10.0.64/26',
  hubEndpoints: '10.10.1.0/24',
  management: '10.11.0.0/16',
  investigation: '10.11.1.0/24',
  endpoints: '10.11.2.0/24',
  workloads: '10.20.0.0/14',
} as const;

const NETWORK = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/virtualNetworks\/[^/]+$/i;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Completes the settings, and refuses those that cannot be meant.
 *
 * @throws Error that names the setting, what is wrong with it and what to write
 */
export function landingZoneSettings(args: LandingZoneArgs): LandingZoneSettings {
  const settings: LandingZoneSettings = {
    parentGroupId: args.tenantId,
    prefix: 'palisade',
    furtherLocations: [],
    activation: {},
    allowedNames: [],
    spokes: [],
    furtherTypes: [],
    archiveRelax: [],
    evidenceLocked: true,
    ...args,
  };
  const refuse = (setting: string, what: string): never => {
    throw new Error(`landingZone.${setting}${what}`);
  };
  if (!/^[a-z][a-z0-9-]{1,19}$/.test(settings.prefix))
    refuse('prefix', ` is "${settings.prefix}"; write 2 to 20 lower-case letters, digits and hyphens, a letter first`);
  const ids = subscriptionsOf(settings);
  for (const [name, id] of ids)
    if (!UUID.test(id)) refuse(`subscriptions.${name}`, ` is "${id}", which is no subscription; write the UUID of its id`);
  const twice = ids.find(([, id], index) => ids.findIndex(([, other]) => other.toLowerCase() === id.toLowerCase()) !== index);
  if (twice) refuse('subscriptions', `: ${twice[1]} stands twice; each subscription has one purpose (LOG-09)`);
  const odd = settings.spokes.find((id) => !NETWORK.test(id));
  if (odd !== undefined) refuse('spokes', ` names "${odd}", which is no network; write /subscriptions/…/virtualNetworks/<name>`);
  if (settings.people.emergencyAccounts.length !== settings.people.emergencyNames.length)
    refuse(
      'people.emergencyNames',
      ` names ${settings.people.emergencyNames.length} accounts; write the sign-in name of each of them (IDA-09)`,
    );
  if (settings.people.owners.length === 0) refuse('people.owners', ' is empty; name the people who answer for the groups (UAR-08)');
  return settings;
}

/** Every subscription by a name of its own: management, connectivity, identity, corp-1, online-1. */
export function subscriptionsOf({ subscriptions }: Pick<LandingZoneArgs, 'subscriptions'>): readonly (readonly [string, string])[] {
  const { connectivity, corp, identity, management, online } = subscriptions;
  return [
    ['management', management],
    ['connectivity', connectivity],
    ['identity', identity],
    ...corp.map((id, index) => [`corp-${index + 1}`, id] as const),
    ...online.map((id, index) => [`online-${index + 1}`, id] as const),
  ];
}
