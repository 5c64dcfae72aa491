import * as monitor from '@pulumi/azure-native/monitor';
import { Provider } from '@pulumi/azure-native/provider';
import type * as pulumi from '@pulumi/pulumi';
import {
  type ConditionalAccess,
  type DecidedProfile,
  declareProfile,
  type LogArchive,
  type LogSink,
  type PolicyGuardrails,
  type PrivateDnsZones,
  type SecureLogWorkspace,
} from '../../constructs/azure';
import { LANDING_ZONE } from '../profile';
import { connect, type Hub, makeWatcher, share } from './landing-zone-connectivity';
import { guard } from './landing-zone-guardrails';
import { admit, makeEligible, type People, protectSignIn } from './landing-zone-identity';
import { keepRecords } from './landing-zone-management';
import { type Organisation, organise, type Providers } from './landing-zone-organisation';
import { answerIncidents, type Security } from './landing-zone-security';
import { type LandingZoneArgs, type LandingZoneSettings, landingZoneSettings, subscriptionsOf } from './landing-zone-settings';
import { guardSubscription, type Watch, watch } from './landing-zone-subscription';

export type { ActivationPolicies, LandingZoneArgs, LandingZonePeople, LandingZoneSubscriptions } from './landing-zone-settings';

/** What programs of workloads build on. */
export interface LandingZone {
  readonly profile: DecidedProfile;
  readonly organisation: Organisation;
  readonly guardrails: PolicyGuardrails;
  readonly hub: Hub;
  /** Zones that resolve private endpoints; networks of workloads are linked to them. */
  readonly zones: PrivateDnsZones;
  readonly archive: LogArchive;
  readonly workspace: SecureLogWorkspace;
  /** Dedicated cluster, for the workspaces of systems that have one of their own. */
  readonly clusterId: pulumi.Output<string>;
  /** Plan that shields every network that names it. */
  readonly ddosProtectionPlanId: pulumi.Output<string>;
  readonly logs: LogSink;
  readonly people: People;
  readonly security: Security;
  readonly signIn: ConditionalAccess;
}

/**
 * The landing zone on Azure, tier high: management groups with their policies, and the management, connectivity and
 * identity subscriptions with what they do for all others. Each subscription has a provider of its own, so that one program
 * deploys into all of them.
 *
 * @throws Error that names the setting that cannot be meant
 * @example
 * const { clusterId, hub } = landingZone({
 *   tenantId,
 *   location: 'westeurope',
 *   subscriptions: {
 *     management: '22222222-2222-2222-2222-222222222222',
 *     connectivity: '33333333-3333-3333-3333-333333333333',
 *     identity: '44444444-4444-4444-4444-444444444444',
 *     corp: ['55555555-5555-5555-5555-555555555555'],
 *     online: [],
 *   },
 *   people: {
 *     owners: ['b5f2a4a8-0000-4000-8000-000000000001', 'b5f2a4a8-0000-4000-8000-000000000002'],
 *     employees: 'b5f2a4a8-0000-4000-8000-000000000003',
 *     subcontractors: 'b5f2a4a8-0000-4000-8000-000000000004',
 *     contractEnds: '2027-06-30',
 *     approvers: 'b5f2a4a8-0000-4000-8000-000000000005',
 *     emergencyGroup: 'b5f2a4a8-0000-4000-8000-000000000006',
 *     emergencyAccounts: ['b5f2a4a8-0000-4000-8000-000000000007', 'b5f2a4a8-0000-4000-8000-000000000008'],
 *     emergencyNames: ['emergency-1@example.com', 'emergency-2@example.com'],
 *   },
 *   sentinelPrincipalId: 'b5f2a4a8-0000-4000-8000-000000000009',
 *   from: '2026-12-01',
 *   until: '2027-11-30',
 *   securityMailbox: 'security@example.com',
 *   officeRange: '203.0.113.0/28',
 *   allowedDomains: ['api.pwnedpasswords.com'],
 * });
 */
export function landingZone(args: LandingZoneArgs): LandingZone {
  const settings = landingZoneSettings(args);
  const residency = [settings.location, ...settings.furtherLocations];
  const profile = declareProfile('profile', { ...LANDING_ZONE, residency });
  const providers = providersOf(settings);
  const place = { settings, profile, providers };

  const organisation = organise(settings, providers);
  const people = admit(place);
  const watches = Object.fromEntries(subscriptionsOf(settings).map(([name]) => [name, watch(place, name)])) as Record<string, Watch>;
  const watched = (name: string): Watch => watches[name] as Watch;

  const shared = share(place);
  const watchers = { management: makeWatcher(place, 'management'), connectivity: makeWatcher(place, 'connectivity') };
  const records = keepRecords(place, {
    watch: watched('management'),
    zones: shared.zones,
    ddosProtectionPlanId: shared.plan.id,
    networkWatcher: { resourceGroupName: 'NetworkWatcherRG', name: watchers.management.name },
  });
  const { archive, cluster, logs, network, workspace } = records;
  const hub = connect(place, { shared, logs, watcher: watchers.connectivity, management: network });

  for (const [name, subscriptionId] of subscriptionsOf(settings))
    guardSubscription(place, { name, subscriptionId, logs, watch: watched(name) });
  recordOrganisation(organisation, logs, providers);
  const security = answerIncidents(place, {
    records,
    watch: watched('management'),
    responders: { principalId: people.responders.objectId, principalType: 'Group' },
  });
  const signIn = protectSignIn(place, { logs, watch: watched('identity') });
  makeEligible(place, { people, hubGroupId: shared.group.id, workspaceId: workspace.id, archiveId: archive.id });
  const guardrails = guard(place, { organisation, workspaceId: workspace.id });
  return {
    ...{ profile, organisation, guardrails, hub, archive, workspace, logs, people, security, signIn },
    zones: shared.zones,
    clusterId: cluster.id,
    ddosProtectionPlanId: shared.plan.id,
  };
}

/** One provider for each subscription; nothing of the landing zone is left to the one of the configuration. */
function providersOf(settings: LandingZoneSettings): Providers {
  const { location, tenantId } = settings;
  return Object.fromEntries(
    subscriptionsOf(settings).map(([name, subscriptionId]) => [name, new Provider(name, { subscriptionId, tenantId, location })]),
  );
}

/** What is done to management groups themselves, and to whatever is assigned at them. */
function recordOrganisation({ groups }: Organisation, logs: LogSink, providers: Providers): void {
  new monitor.ManagementGroupDiagnosticSetting(
    'organisation-records',
    {
      name: 'palisade',
      managementGroupId: groups.root.name,
      workspaceId: logs.workspaceId,
      ...(logs.archiveId === undefined ? {} : { storageAccountId: logs.archiveId }),
      logs: ['Administrative', 'Policy'].map((category) => ({ category, enabled: true })),
    },
    { provider: providers.management as pulumi.ProviderResource },
  );
}
