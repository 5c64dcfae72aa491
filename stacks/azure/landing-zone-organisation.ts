import * as management from '@pulumi/azure-native/management';
import type * as pulumi from '@pulumi/pulumi';
import { type LandingZoneSettings, subscriptionsOf } from './landing-zone-settings';

/** Management groups below that of the landing zone itself, each with the one above it and its name for people. */
const GROUPS = {
  platform: ['root', 'Platform'],
  management: ['platform', 'Management'],
  connectivity: ['platform', 'Connectivity'],
  identity: ['platform', 'Identity'],
  workloads: ['root', 'Workloads'],
  corp: ['workloads', 'Corp: reached by the organisation only'],
  online: ['workloads', 'Online: with an edge on the internet'],
  sandbox: ['root', 'Sandbox'],
  decommissioned: ['root', 'Decommissioned'],
} as const satisfies Readonly<Record<string, readonly [above: string, name: string]>>;

/** A management group of the landing zone. */
export type GroupName = 'root' | keyof typeof GROUPS;

/** What the other parts build on. */
export interface Organisation {
  /** Management groups by what they hold. */
  readonly groups: Readonly<Record<GroupName, management.ManagementGroup>>;
}

/** Providers by the name of the subscription into which each deploys. */
export type Providers = Readonly<Record<string, pulumi.ProviderResource>>;

/**
 * The management groups, and which subscription is in which. Nobody makes a group at the root of the directory without a
 * right there, and a subscription that nobody has placed yet is under the guardrails at once.
 */
export function organise(settings: LandingZoneSettings, providers: Providers): Organisation {
  const { parentGroupId, prefix, tenantId } = settings;
  const provider = providers.management as pulumi.ProviderResource;
  const made: Partial<Record<GroupName, management.ManagementGroup>> = {};
  const make = (name: GroupName, parentId: pulumi.Input<string>, displayName: string) => {
    const groupId = name === 'root' ? prefix : `${prefix}-${name}`;
    // With a group everything that holds below it would go.
    const options = { provider, protect: true };
    made[name] = new management.ManagementGroup(`group-${name}`, { groupId, displayName, details: { parent: { id: parentId } } }, options);
  };
  make('root', `/providers/Microsoft.Management/managementGroups/${parentGroupId}`, `Landing zone ${prefix}`);
  for (const [name, [above, displayName]] of Object.entries(GROUPS))
    make(name as GroupName, (made[above] as management.ManagementGroup).id, displayName);
  const groups = made as Record<GroupName, management.ManagementGroup>;

  // A setting of the directory's own root: there is one in a directory, and it holds for all of it.
  new management.HierarchySetting(
    'hierarchy',
    { groupId: tenantId, requireAuthorizationForGroupCreation: true, defaultManagementGroup: groups.sandbox.id },
    { provider },
  );
  for (const [name] of subscriptionsOf(settings)) {
    const group = name.replace(/-\d+$/, '') as GroupName;
    new management.ManagementGroupSubscription(
      `member-${name}`,
      { groupId: groups[group].name },
      { provider: providers[name] as pulumi.ProviderResource },
    );
  }
  return { groups };
}
