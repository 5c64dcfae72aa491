import type * as pulumi from '@pulumi/pulumi';
import { AccessPackage, ConditionalAccess, EligibleAccess, LeastPrivilegeRole, type LogSink, SecureGroup } from '../../constructs/azure';
import type { Place } from './landing-zone-place';
import type { Watch } from './landing-zone-subscription';

/** The groups of the platform, by what their members may do. */
const GROUPS = {
  investigators: ['Platform investigators', 'May ask for the records of every subscription while they investigate; bound to secrecy'],
  responders: ['Platform responders', 'Work on incidents, and start playbooks; bound to secrecy'],
  networkOperators: ['Platform network operators', 'May ask for the operation of the hub; bound to secrecy'],
} as const;

/** The people of the platform. */
export type People = Readonly<Record<keyof typeof GROUPS, SecureGroup>>;

/** Groups that somebody answers for; their members come through access packages, for a time. */
export function admit({ profile, settings }: Place): People {
  const { approvers, contractEnds, employees, owners, subcontractors } = settings.people;
  const groups = Object.fromEntries(
    Object.entries(GROUPS).map(([name, [displayName, description]]) => [
      name,
      new SecureGroup(name, { profile, displayName, description, owners }),
    ]),
  ) as People;
  const { investigators, networkOperators, responders } = groups;
  new AccessPackage('platform-work', {
    profile,
    displayName: 'Work on the platform',
    description: 'Membership of the groups that investigate, respond and operate networks; bound by the confidentiality agreement',
    groups: {
      investigators: investigators.objectId,
      responders: responders.objectId,
      networkOperators: networkOperators.objectId,
    },
    requestors: [employees],
    approvers: [approvers],
    audience: { of: 'employees', days: 180 },
  });
  // Narrower: subcontractors neither see records nor act on incidents.
  new AccessPackage('subcontracted-work', {
    profile,
    displayName: 'Work on networks under a contract',
    description: 'Membership of the group that operates networks, until the contract ends; bound by the confidentiality agreement',
    groups: { networkOperators: networkOperators.objectId },
    requestors: [subcontractors],
    approvers: [approvers],
    audience: { of: 'subcontractors', until: contractEnds },
  });
  return groups;
}

/** What {@link protectSignIn} needs besides the place. */
export interface SignInArgs {
  readonly watch: Watch;
  readonly logs: LogSink;
}

/** What everybody proves at sign-in, and the watch over the emergency accounts, in the identity subscription. */
export function protectSignIn({ profile, providers, settings }: Place, { logs, watch }: SignInArgs): ConditionalAccess {
  const { emergencyAccounts, emergencyGroup } = settings.people;
  return new ConditionalAccess(
    'sign-in',
    {
      profile,
      location: settings.location,
      resourceGroupName: watch.resourceGroupName,
      logs,
      alerts: watch.contacts.id,
      emergencyAccess: { groupId: emergencyGroup, accountIds: emergencyAccounts },
    },
    { provider: providers.identity as pulumi.ProviderResource },
  );
}

/** What {@link makeEligible} needs besides the place: where the roles hold. */
export interface EligibilityArgs {
  readonly people: People;
  readonly workspaceId: pulumi.Input<string>;
  readonly archiveId: pulumi.Input<string>;
  readonly hubGroupId: pulumi.Input<string>;
}

/** What operators of the hub do: look at everything that decides where packets go, and restart what is stuck. */
const OPERATIONS = [
  'Microsoft.Network/azureFirewalls/read',
  'Microsoft.Network/bastionHosts/read',
  'Microsoft.Network/firewallPolicies/read',
  'Microsoft.Network/firewallPolicies/ruleCollectionGroups/read',
  'Microsoft.Network/networkSecurityGroups/read',
  'Microsoft.Network/privateDnsZones/read',
  'Microsoft.Network/privateEndpoints/read',
  'Microsoft.Network/routeTables/read',
  'Microsoft.Network/virtualNetworks/read',
  'Microsoft.Network/virtualNetworks/subnets/read',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read',
  'Microsoft.Network/virtualNetworks/virtualNetworkPeerings/write',
];

/** Rights of people: nobody holds one, groups are eligible for them until a day, and active for hours after an approval. */
export function makeEligible(
  { profile, providers, settings }: Place,
  { archiveId, hubGroupId, people, workspaceId }: EligibilityArgs,
): void {
  const { activation, from, prefix, until } = settings;
  const approvers = [{ id: settings.people.approvers }];
  const ticket = { number: 'PLATFORM-1', system: 'standing orders' };
  const common = { profile, from, until, approvers, ticket, notify: [settings.securityMailbox], hours: 4 };
  const management = { provider: providers.management as pulumi.ProviderResource };
  const connectivity = { provider: providers.connectivity as pulumi.ProviderResource };
  const { operateNetwork, readArchive, readRecords } = activation;

  const operator = new LeastPrivilegeRole(
    'network-operator',
    {
      profile,
      roleName: `Palisade ${prefix}: network operator`,
      description: 'Looks after the hub and joins networks to it; bound by the confidentiality agreement',
      scope: hubGroupId,
      actions: OPERATIONS,
    },
    connectivity,
  );
  if (readRecords)
    new EligibleAccess(
      'read-records',
      {
        ...common,
        groupId: people.investigators.objectId,
        role: 'Log Analytics Reader',
        scope: workspaceId,
        policyName: readRecords,
        justification: 'Investigates an incident in the records of all subscriptions',
      },
      management,
    );
  if (readArchive)
    new EligibleAccess(
      'read-archive',
      {
        ...common,
        groupId: people.investigators.objectId,
        role: 'Storage Blob Data Reader',
        scope: archiveId,
        policyName: readArchive,
        justification: 'Investigates what is older than the workspace keeps',
      },
      management,
    );
  if (operateNetwork)
    new EligibleAccess(
      'operate-network',
      {
        ...common,
        groupId: people.networkOperators.objectId,
        role: operator,
        scope: hubGroupId,
        policyName: operateNetwork,
        justification: 'Joins networks to the hub, and finds out why something is not reached',
      },
      connectivity,
    );
}
