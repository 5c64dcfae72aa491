import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import type { Gathered } from '../policies/gather/target';
import type { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { landingZoneSettings, subscriptionsOf } from '../stacks/azure/landing-zone-settings';
import { typesOf } from '../stacks/azure/landing-zone-types';
import { brokenBy, config, FOLDER, gatherLandingZone, project, SETTINGS } from './support/azure-landing-zone';

const SUBSCRIPTIONS = subscriptionsOf(SETTINGS);

let gathered: Gathered;
beforeAll(async () => {
  gathered = await gatherLandingZone();
}, 60_000);

const all = (type: string): readonly Resource[] => gathered.graph.ofType(type.startsWith('azuread:') ? type : `azure-native:${type}`);
function named(type: string, name: string): Resource {
  const found = all(type).find(({ logicalId }) => logicalId === name);
  if (!found) throw new Error(`no ${type} is named ${name}; there are ${all(type).map(({ logicalId }) => logicalId)}`);
  return found;
}
const names = (type: string) =>
  all(type)
    .map(({ logicalId }) => logicalId)
    .sort();
/** Name of the subscription into which a resource is deployed. */
const subscriptionOf = (resource: Resource) => resource.option('provider').string?.split('::').at(-1);
// biome-ignore lint/suspicious/noExplicitAny: a test reads inputs of every shape
const inputs = (resource: Resource) => resource.properties as any;

describe('the landing zone', () => {
  it('is a program that the real CLI runs unchanged', () => {
    expect(project).toMatchObject({ name: 'palisade-landing-zone', runtime: { name: 'nodejs', options: { typescript: false } } });
    // The CLI takes nothing outside of the folder as `main`.
    expect(project.main).toBe('index.js');
    const main = readFileSync(join(FOLDER, project.main), 'utf8');
    expect(main).toContain("join(__dirname, '..', '..', '..', 'dist', 'stacks', 'azure', 'landing-zone-app.js')");
    expect(existsSync(join(FOLDER, '..', 'landing-zone-app.ts'))).toBe(true);
    for (const [key, { default: value }] of Object.entries<{ default: unknown }>(project.config)) {
      expect(value, key).toBeDefined();
      expect(Object.keys(config)).toContain(`${project.name}:${key}`);
    }
  });

  it('is of the high tier, says where it stays, and keeps every rule, with nothing undecided and no exception', () => {
    const { findings, tiers } = evaluate(gathered.graph, { rules: RULES, passes: true });
    expect([...tiers.values()].map(({ tier, declared }) => [tier, declared])).toEqual([['high', true]]);
    expect(gathered.graph.units[0]?.profile).toMatchObject({ system: 'landing-zone', residency: ['westeurope', 'northeurope'] });
    const others = findings.filter(({ verdict }) => verdict !== 'pass');
    expect(others.map(({ rule, verdict, message, resource }) => `${rule} ${verdict} on ${resource.logicalId}: ${message}`)).toEqual([]);
    expect(gathered.waivers).toEqual([]);
    const passed = new Set<string>(findings.map(({ rule }) => rule));
    for (const rule of ['LOG-08.logging', 'LOG-15.logging', 'MON-01.detection', 'INC-03.response', 'IDA-09.identity', 'LOC-01.governance'])
      expect(passed).toContain(rule);
  });

  it('asks the cloud for nothing, and leaves nothing to a provider that nobody names', () => {
    expect(gathered.graph.notes.filter((note) => /function|invoke/.test(note))).toEqual([]);
    const providers = [...gathered.graph.ofType('pulumi:providers:azure-native')];
    expect(Object.fromEntries(providers.map((one) => [one.logicalId, inputs(one).subscriptionId]))).toEqual(
      Object.fromEntries(SUBSCRIPTIONS),
    );
    const made = [...gathered.graph.resources()].filter(({ type }) => type.startsWith('azure-native:'));
    expect(made.length).toBeGreaterThan(400);
    expect(made.filter((resource) => subscriptionOf(resource) === undefined).map(({ logicalId }) => logicalId)).toEqual([]);
    expect(new Set(made.map(subscriptionOf))).toEqual(new Set(SUBSCRIPTIONS.map(([name]) => name)));
  });

  it('puts each subscription into its management group, and new ones into the sandbox', () => {
    const groups = Object.fromEntries(all('management:ManagementGroup').map((group) => [inputs(group).groupId, group]));
    expect(Object.keys(groups).sort()).toEqual(
      ['', '-connectivity', '-corp', '-decommissioned', '-identity', '-management', '-online', '-platform', '-sandbox', '-workloads'].map(
        (suffix) => `palisade${suffix}`,
      ),
    );
    const above = (group: Resource | undefined) => gathered.graph.target(group?.at('details.parent.id') as never)?.logicalId;
    expect(above(groups['palisade-corp'])).toBe('group-workloads');
    expect(above(groups['palisade-management'])).toBe('group-platform');
    expect(inputs(groups.palisade as Resource).details.parent.id).toMatch(/managementGroups\/11111111-/);
    for (const member of all('management:ManagementGroupSubscription')) {
      const group = gathered.graph.target(member.at('groupId'))?.logicalId;
      expect(`member-${subscriptionOf(member)}`).toBe(member.logicalId);
      expect(group).toBe(`group-${subscriptionOf(member)?.replace(/-\d+$/, '')}`);
    }
    const hierarchy = named('management:HierarchySetting', 'hierarchy');
    expect(inputs(hierarchy).requireAuthorizationForGroupCreation).toBe(true);
    expect(gathered.graph.target(hierarchy.at('defaultManagementGroup'))?.logicalId).toBe('group-sandbox');
  });
});

describe('the guardrails', () => {
  it('hold at the root of the landing zone, enforced, whoever deploys', () => {
    for (const name of ['refuse', 'locations', 'group-locations', 'types', 'inherit-tags', 'all-logs', 'activity-log', 'defender']) {
      const assignment = named('authorization:PolicyAssignment', `guardrails-${name}`);
      expect(assignment.at('enforcementMode').string).toBe('Default');
      expect(assignment.at('scope').targets.join()).toContain('group-root');
    }
    expect(inputs(named('authorization:PolicyAssignment', 'guardrails-locations')).parameters.listOfAllowedLocations.value).toEqual([
      'westeurope',
      'northeurope',
    ]);
  });

  it('approve what the stacks themselves make', () => {
    const approved = new Set(typesOf(SETTINGS).map((type) => type.toLowerCase()));
    // The policy judges what has a location and tags, resource groups aside.
    const stacked = [...gathered.graph.resources()].filter(
      (resource) =>
        resource.type.startsWith('azure-native:') &&
        resource.type !== 'azure-native:resources:ResourceGroup' &&
        ['location', 'tags'].every((property) => resource.at(property).state !== 'absent'),
    );
    const missing = stacked.map(({ type }) => armTypeOf(type)).filter((type) => !approved.has(type.toLowerCase()));
    expect([...new Set(missing)]).toEqual([]);
    expect(new Set(stacked.map(({ type }) => type)).size).toBeGreaterThan(20);
  });

  it('leave one way out, and entries to the subscriptions that have an edge', () => {
    const refused = (group: string) => inputs(named('authorization:PolicyAssignment', `types-${group}`)).parameters;
    expect(refused('workloads').listOfResourceTypesNotAllowed.value).toContain('Microsoft.Network/virtualNetworkGateways');
    for (const group of ['corp', 'sandbox'])
      expect(refused(group).listOfResourceTypesNotAllowed.value).toContain('Microsoft.Network/publicIPAddresses');
    expect(refused('decommissioned').listOfResourceTypesAllowed.value).toEqual(['Microsoft.Resources/deployments']);
    expect(names('authorization:PolicyAssignment')).not.toContain('types-online');
  });

  it('refuse that records are deleted, in every subscription', () => {
    expect(named('authorization:PolicyAssignment', 'keep-records').at('scope').targets.join()).toContain('group-root');
    const rule = inputs(named('authorization:PolicyDefinitionAtManagementGroup', 'keep-records-definition')).policyRule;
    expect(rule.then).toEqual({ effect: 'denyAction', details: { actionNames: ['delete'] } });
  });

  it('repair with identities that can do that and nothing else', () => {
    for (const role of ['repair-records', 'repair-plans']) {
      const { permissions } = inputs(named('authorization:RoleDefinition', role));
      expect(JSON.stringify(permissions)).not.toMatch(/\*|roleAssignments|delete/);
    }
  });
});

describe('every subscription', () => {
  it.each(SUBSCRIPTIONS.map(([name, id]) => [name, id]))('%s is recorded, watched and reviewed in itself', (name, id) => {
    const setting = named('monitor:SubscriptionDiagnosticSetting', `activity-${name}-setting`);
    expect(subscriptionOf(setting)).toBe(name);
    expect(gathered.graph.target(setting.at('workspaceId'))?.logicalId).toBe('siem-workspace');
    expect(gathered.graph.target(setting.at('storageAccountId'))?.logicalId).toBe('archive-account');
    const plans = all('security:Pricing').filter((plan) => inputs(plan).scopeId === `subscriptions/${id}`);
    expect(plans.length).toBeGreaterThan(10);
    for (const plan of plans) expect(inputs(plan).pricingTier).toBe('Standard');
    expect(subscriptionOf(named('security:SecurityContact', `threats-${name}-contact`))).toBe(name);
    for (const alert of [`activity-${name}-loss-alert`, `threats-${name}-weakening-alert`, `findings-${name}-alert`])
      expect(inputs(named('monitor:ActivityLogAlert', alert)).scopes).toEqual([`/subscriptions/${id}`]);
    expect(JSON.stringify(inputs(named('monitor:ScheduledQueryRule', `activity-${name}-silence-alert`)).criteria)).toContain(id);
    expect(inputs(named('authorization:ScopeAccessReviewScheduleDefinitionById', `rights-${name}-review`))).toMatchObject({
      scope: `/subscriptions/${id}`,
      defaultDecision: 'Deny',
      interval: 1,
    });
    expect(subscriptionOf(named('resources:ResourceGroup', `guard-${name}-group`))).toBe(name);
  });

  it('has its findings of Defender in Sentinel', () => {
    const connected = all('securityinsights:ASCDataConnector').map((connector) => inputs(connector).subscriptionId);
    expect(connected.sort()).toEqual(SUBSCRIPTIONS.map(([, id]) => id).sort());
  });

  it('is in the records of the organisation with what is done above it', () => {
    const records = named('monitor:ManagementGroupDiagnosticSetting', 'organisation-records');
    expect(gathered.graph.target(records.at('workspaceId'))?.logicalId).toBe('siem-workspace');
    expect(JSON.stringify(inputs(named('monitor:ScheduledQueryRule', 'guardrails-alert')).criteria)).toContain('policyExemptions/write');
  });
});

describe('the management subscription', () => {
  const groupOf = (resource: Resource) => gathered.graph.target(resource.at('resourceGroupName'))?.logicalId;

  it('keeps the archive write-once, in a group and with a vault of its own', () => {
    const archive = named('storage:StorageAccount', 'archive-account');
    expect(inputs(archive).immutableStorageWithVersioning.immutabilityPolicy).toMatchObject({
      state: 'Locked',
      immutabilityPeriodSinceCreationInDays: 731,
    });
    expect(groupOf(archive)).toBe('archive-group');
    expect(groupOf(named('keyvault:Vault', 'archive-keys-vault'))).toBe('archive-group');
    expect(groupOf(named('operationalinsights:Workspace', 'siem-workspace'))).toBe('records-group');
    expect(groupOf(named('keyvault:Vault', 'records-keys-vault'))).toBe('records-group');
  });

  it('searches on a dedicated cluster with a key of its own, privately', () => {
    expect(inputs(named('operationalinsights:Cluster', 'records-cluster')).keyVaultProperties.keyName).toBe('records');
    expect(inputs(named('operationalinsights:Workspace', 'siem-workspace'))).toMatchObject({
      publicNetworkAccessForQuery: 'Disabled',
      publicNetworkAccessForIngestion: 'Disabled',
      sku: { name: 'LACluster' },
    });
    expect(inputs(named('monitor:PrivateLinkScope', 'siem-scope')).accessModeSettings.queryAccessMode).toBe('PrivateOnly');
  });

  it('answers incidents: detections start playbooks, and evidence cannot be changed', () => {
    expect(names('logic:Workflow')).toEqual([
      'runbooks-closeStore',
      'runbooks-exercise',
      'runbooks-freezeIdentity',
      'runbooks-isolateHost',
    ]);
    expect(names('securityinsights:AutomationRule')).toContain('sentinel-start-freezeIdentity');
    expect(
      inputs(named('storage:StorageAccount', 'runbooks-evidence-account')).immutableStorageWithVersioning.immutabilityPolicy.state,
    ).toBe('Locked');
    expect(names('operationalinsights:QueryPack')).toEqual(['questions-pack']);
  });

  it('takes every role for an incident that it does not give itself', () => {
    const [operator] = all('authorization:RoleDefinition').filter(({ logicalId }) => logicalId === 'network-operator-definition');
    const closed = inputs(named('securityinsights:Watchlist', 'sentinel-roles')).rawContent as string;
    expect(closed).toContain(`${inputs(operator as Resource).roleDefinitionId},Network operator`);
    expect(closed).not.toMatch(/Owner|Contributor,|b24988ac-6180-42a0-ab88-20f7382dd24c/);
    for (const eligibility of all('authorization:PimRoleEligibilitySchedule')) {
      const role = inputs(eligibility).roleDefinitionId;
      if (typeof role === 'string') expect(closed).toContain(role.split('/').at(-1));
    }
  });

  it('holds the guard of backups, which vaults of workloads name', () => {
    expect(inputs(named('dataprotection:ResourceGuard', 'backups-guard')).properties.vaultCriticalOperationExclusionList).toEqual([]);
  });
});

describe('the connectivity subscription', () => {
  it('lets named sites through, inspected, and nobody in', () => {
    const [group] = all('network:FirewallPolicyRuleCollectionGroup');
    const written = JSON.stringify(group?.properties);
    expect(written).toContain('"targetFqdns":["api.pwnedpasswords.com"]');
    expect(written).not.toContain('NatRule');
    expect(inputs(named('network:FirewallPolicy', 'firewall-policy'))).toMatchObject({
      threatIntelMode: 'Deny',
      intrusionDetection: { mode: 'Deny' },
    });
  });

  it('brokers sessions, shields every network, and records flows by watchers of its own', () => {
    expect(inputs(named('network:BastionHost', 'sessions-bastion'))).toMatchObject({ enableSessionRecording: true, enableFileCopy: false });
    for (const network of all('network:VirtualNetwork')) expect(network.at('enableDdosProtection').boolean).toBe(true);
    expect(names('network:DdosProtectionPlan')).toEqual(['floods-plan']);
    expect(names('network:NetworkWatcher')).toEqual(['watcher-connectivity', 'watcher-management']);
    expect(names('network:FlowLog')).toEqual(['egress-flows', 'management-flows']);
  });

  it('has a private zone for every service, linked to the hub, made once', () => {
    const zones = all('privatedns:PrivateZone').map((zone) => inputs(zone).privateZoneName as string);
    expect(zones).toEqual([...new Set(zones)]);
    for (const zone of ['privatelink.blob.core.windows.net', 'privatelink.vaultcore.azure.net', 'privatelink.westeurope.azmk8s.io'])
      expect(zones).toContain(zone);
    const linked = all('privatedns:VirtualNetworkLink').filter((link) => inputs(link).virtualNetworkLinkName === 'egress');
    expect(linked).toHaveLength(zones.length);
    expect(new Set(all('privatedns:PrivateZone').map(subscriptionOf))).toEqual(new Set(['connectivity']));
  });

  it('joins the network of investigators, and no other', () => {
    expect(names('network:VirtualNetworkPeering')).toEqual(['egress-peer-management', 'management-peer-hub']);
  });
});

describe('the identity subscription and the directory', () => {
  it('asks everybody for a second factor, and watches the sealed accounts', () => {
    expect(inputs(named('azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy', 'sign-in-second-factor')).state).toBe('enabled');
    const alert = named('monitor:ScheduledQueryRule', 'sign-in-emergency-alert');
    expect(subscriptionOf(alert)).toBe('identity');
    expect(JSON.stringify(alert.properties)).toContain('b5f2a4a8-0000-4000-8000-000000000007');
  });

  it('gives people nothing for good: groups are eligible until a day, and join by packages that end', () => {
    const standing = all('authorization:RoleAssignment').filter((assignment) => inputs(assignment).principalType !== 'ServicePrincipal');
    expect(standing.map(({ logicalId }) => logicalId)).toEqual(['sentinel-responder-1']);
    for (const eligibility of all('authorization:PimRoleEligibilitySchedule'))
      expect(inputs(eligibility).scheduleInfo.expiration).toEqual({ type: 'AfterDateTime', endDateTime: '2027-11-30T00:00:00Z' });
    const policies = all('azuread:index/accessPackageAssignmentPolicy:AccessPackageAssignmentPolicy');
    expect(policies.map((policy) => inputs(policy).durationInDays ?? inputs(policy).expirationDate)).toEqual(
      expect.arrayContaining([180, '2027-06-30T00:00:00Z']),
    );
  });

  it('lets subcontractors into one group only', () => {
    const memberships = names('azuread:index/accessPackageResourcePackageAssociation:AccessPackageResourcePackageAssociation');
    expect(memberships.filter((name) => name.startsWith('subcontracted-work'))).toEqual(['subcontracted-work-networkOperators-membership']);
  });
});

describe('each duty that is removed is named', () => {
  const actions = (list: readonly string[]) => [{ actions: list, notActions: [], dataActions: [], notDataActions: [] }];
  it.each([
    ['a plan of Defender, in one subscription of five', { 'threats-corp-1-Arm': null }, ['MON-01.detection fail on threats-corp-1-AI']],
    ['the alert on lost records', { 'activity-identity-loss-alert': null }, ['LOG-14.logging fail on activity-identity-setting']],
    ['the alert on openings', { 'activity-online-1-opening-alert': null }, ['MON-04.detection fail on activity-online-1-setting']],
    [
      'whoever would hear of a plan that is switched off',
      { 'threats-connectivity-weakening-alert': null, 'activity-connectivity-opening-alert': null },
      ['MON-04.detection fail on activity-connectivity-setting', 'MON-11.detection fail on threats-connectivity-AI'],
    ],
    [
      'both policies that keep the records of a subscription',
      { 'keep-records': null, 'activity-corp-1-guard': null },
      [
        'GOV-07.governance fail on activity-corp-1-guard-definition',
        'GOV-07.governance fail on keep-records-definition',
        'LOG-15.logging fail on activity-corp-1-setting',
      ],
    ],
    [
      'a category of the control plane',
      { 'activity-corp-1-setting': { logs: [{ category: 'Administrative', enabled: true }] } },
      ['LOG-03.logging fail on activity-corp-1-setting'],
    ],
    [
      'a category of the management groups',
      { 'organisation-records': { logs: [{ category: 'Administrative', enabled: true }] } },
      ['LOG-03.logging fail on organisation-records'],
    ],
    ['the export of findings', { 'findings-corp-1-export': { isEnabled: false } }, ['MON-02.detection fail on findings-corp-1-export']],
    ['the refusal', { 'guardrails-refuse': { enforcementMode: 'DoNotEnforce' } }, ['GOV-06.governance fail on guardrails-refuse']],
    [
      'the approved locations',
      { 'guardrails-locations': { 'parameters.listOfAllowedLocations.value': ['eastus'] } },
      ['LOC-01.governance fail on guardrails-locations'],
    ],
    [
      'the approved services',
      { 'guardrails-types': { 'parameters.listOfResourceTypesAllowed.value': [] } },
      ['LOC-08.governance fail on guardrails-types'],
    ],
    [
      'the limits of what repairs',
      { 'repair-records': { permissions: actions(['*']) } },
      ['LPA-01.identity fail on repair-records', 'LPA-04.identity fail on repair-records'],
    ],
    [
      'the lock of the archive',
      { 'archive-account': { 'immutableStorageWithVersioning.immutabilityPolicy.state': 'Unlocked' } },
      ['LOG-08.logging fail on archive-account'],
    ],
    ['the key of the records', { 'siem-cluster': null }, ['LOG-11.logging fail on siem-workspace']],
    ['the closed workspace', { 'siem-workspace': { publicNetworkAccessForQuery: 'Enabled' } }, ['LOG-09.logging fail on siem-workspace']],
    ['the inspection', { 'firewall-policy': { 'intrusionDetection.mode': 'Alert' } }, ['DID-09.network fail on firewall-policy']],
    ['the flows', { 'management-flows': null }, ['LOG-12.network fail on management-network']],
    ['the closed broker', { 'sessions-bastion': { enableShareableLink: true } }, ['DID-12.network fail on sessions-bastion']],
    ['the second factor', { 'sign-in-second-factor': { state: 'disabled' } }, ['IDA-02.identity fail on sign-in-second-factor']],
    [
      'the end of a right',
      { 'read-archive-eligibility': { 'scheduleInfo.expiration': { type: 'NoExpiration' } } },
      ['PER-11.identity fail on read-archive-eligibility'],
    ],
    [
      'what no answer means',
      { 'rights-identity-review': { defaultDecision: 'Approve' } },
      ['UAR-03.identity fail on rights-identity-review'],
    ],
    ['a lock', { 'guard-online-1-group-lock': null }, ['DHC-10.governance fail on guard-online-1-group']],
  ])('%s', (_, edits, broken) => {
    expect(brokenBy(gathered.graph, edits)).toEqual(broken);
  });

  it('and Sentinel, by everything that runs on it', () => {
    const broken = brokenBy(gathered.graph, { 'sentinel-onboarding': null });
    expect(broken.length).toBeGreaterThan(10);
    expect(broken.every((finding) => finding.startsWith('MON-03.detection fail on sentinel-'))).toBe(true);
  });
});

describe('the first deployment', () => {
  const RELAXATION = {
    control: 'LOG-08',
    reason: 'Azure creates no locked policy',
    owner: 'platform-security@example.com',
    approver: 'security@example.com',
    ticket: 'SEC-1',
    expires: '2026-12-20',
  };
  const CASES = '/subscriptions/55555555-5555-5555-5555-555555555555/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/cases';
  let first: Gathered;
  beforeAll(async () => {
    const own = {
      archiveRelax: JSON.stringify([RELAXATION]),
      evidenceLocked: 'false',
      readRecordsPolicy: '',
      readArchivePolicy: '',
      operateNetworkPolicy: '',
      spokeNetworkIds: [CASES],
    };
    const settings = Object.fromEntries(Object.entries(own).map(([key, value]) => [`${project.name}:${key}`, value]));
    first = await gatherLandingZone({ 'palisade:today': '2026-11-22', ...settings });
  }, 60_000);

  it('takes the exception that a write-once archive needs, and reports it', () => {
    const { graph, waivers } = first;
    expect(waivers.map(({ resource, rule, ticket }) => [graph.get(resource)?.logicalId, rule, ticket])).toEqual([
      ['archive-account', 'LOG-08', 'SEC-1'],
    ]);
    const { findings } = evaluate(graph, { rules: RULES, waivers, today: new Date('2026-11-22T00:00:00Z') });
    expect(findings.map(({ control, resource, waiver }) => [control, resource.logicalId, waiver?.ticket])).toEqual([
      ['LOG-08', 'archive-account', 'SEC-1'],
    ]);
  });

  it('is the same otherwise, without the roles that nobody is named for, and with the networks that are joined', () => {
    const urns = ({ graph }: Gathered) => [...graph.resources()].map(({ id }) => id);
    const [before, after] = [new Set(urns(gathered)), new Set(urns(first))];
    const left = [...before].filter((urn) => !after.has(urn)).map((urn) => urn.split('::').at(-1));
    expect(left.sort()).toEqual(
      ['operate-network', 'read-archive', 'read-records'].flatMap((name) => [name, `${name}-eligibility`, `${name}-policy`]),
    );
    const added = [...after].filter((urn) => !before.has(urn)).map((urn) => urn.split('::').at(-1));
    expect(added.sort()).toEqual(['archive-waiver-log-08', 'egress-peer-cases']);
  });
});

describe('the settings', () => {
  const { subscriptions } = SETTINGS;
  it('are completed: the parent is the root of the directory', () => {
    expect(landingZoneSettings(SETTINGS)).toMatchObject({ parentGroupId: SETTINGS.tenantId, prefix: 'palisade', evidenceLocked: true });
  });

  it.each([
    [{ prefix: 'Landing Zone' }, /landingZone\.prefix is "Landing Zone"; write 2 to 20 lower-case letters/],
    [{ subscriptions: { ...subscriptions, identity: 'identity' } }, /subscriptions\.identity is "identity", which is no subscription/],
    [
      { subscriptions: { ...subscriptions, identity: subscriptions.management } },
      /stands twice; each subscription has one purpose \(LOG-09\)/,
    ],
    [{ spokes: ['cases'] }, /spokes names "cases", which is no network; write \/subscriptions\//],
    [{ people: { ...SETTINGS.people, emergencyNames: [] } }, /emergencyNames names 0 accounts/],
    [{ people: { ...SETTINGS.people, owners: [] } }, /people\.owners is empty/],
  ])('%j is refused in one line', (wrong, message) => {
    expect(() => landingZoneSettings({ ...SETTINGS, ...wrong })).toThrow(message);
  });
});

/** `azure-native:storage:StorageAccount` as Azure Resource Manager calls it; case aside. */
function armTypeOf(token: string): string {
  const [, module = '', name = ''] = token.split(':');
  const namespace = { monitor: 'Insights', privatedns: 'Network', dnsresolver: 'Network' }[module] ?? module;
  return `Microsoft.${namespace}/${ARM_TYPES[name] ?? `${name.replace(/y$/, 'ie')}s`}`;
}
const ARM_TYPES: Readonly<Record<string, string>> = {
  DnsResolverPolicy: 'dnsResolverPolicies',
  DnsResolverPolicyVirtualNetworkLink: 'dnsResolverPolicies/virtualNetworkLinks',
  DnsSecurityRule: 'dnsResolverPolicies/dnsSecurityRules',
  FirewallPolicy: 'firewallPolicies',
  FlowLog: 'networkWatchers/flowLogs',
  PrivateZone: 'privateDnsZones',
  VirtualNetworkLink: 'privateDnsZones/virtualNetworkLinks',
  PublicIPAddress: 'publicIPAddresses',
};
