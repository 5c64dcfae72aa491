/** Defender for Cloud: its plans are on, with all that belongs to them, and somebody learns when they are not. */
import type { ControlId } from '../../../controls';
import { operationsWatched } from '../../facts/azure';
import { ofSameSubscription, subscriptionNamed, watches } from '../../facts/azure-subscription';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { setting } from '../setting';

export const PRICING = 'azure-native:security:Pricing';
const STORAGE_SETTING = 'azure-native:security:DefenderForStorage';
const ALERT = 'azure-native:monitor:ActivityLogAlert';
const AUTOMATION = 'azure-native:security:Automation';
const GOVERNANCE = 'azure-native:security:GovernanceRule';

/** Plans that a subscription with customers' data has on; posture is judged as MON-09. */
const PLANS = ['VirtualMachines', 'SqlServers', 'StorageAccounts', 'KeyVaults', 'Arm', 'AppServices', 'Containers'] as const;
const POSTURE = 'CloudPosture';

const isPlan = (one: Resource, ...names: readonly string[]): Outcome => one.at('pricingName').isOneOf(names);
const isOn = (one: Resource): Outcome => one.at('pricingTier').is('Standard');

/** The subscription of a plan; its scope may also be a machine or a cluster in it. */
const subscriptionOfPlan = (plan: Resource, graph: Graph): string => subscriptionNamed(plan.at('scopeId'), plan, graph);

/** Judged once for each subscription, at its first plan: whoever sets one plan of a subscription sets them all there. */
function first(plan: Resource, graph: Graph, judge: (all: readonly Resource[]) => Outcome): Outcome {
  const all = ofSameSubscription(plan, graph, subscriptionOfPlan);
  return all[0] === plan ? judge(all) : notApplicable('is judged together with the first plan of its subscription');
}

function allPlans(plan: Resource, graph: Graph): Outcome {
  return first(plan, graph, (all) => {
    const open = all.find((one) => one.at('pricingName').state === 'unknown');
    const missing = PLANS.filter((name) => !all.some((one) => isPlan(one, name).verdict === 'pass'));
    if (missing.length === 0) return pass();
    return open ? open.at('pricingName').asUnknown() : fail(`sets some plans, and leaves ${missing.join(', ')} as they are`, 'pricingName');
  });
}

/** Some alert on the activity log tells of the operation, in the subscription of the plan. */
const isWatched = (plan: Resource, graph: Graph, operations: readonly string[]): boolean =>
  graph
    .ofType(ALERT)
    .some(
      (alert) =>
        graph.exists(alert) &&
        watches(alert, subscriptionOfPlan(plan, graph), graph) &&
        alert.at('enabled').orDefault(true).isTrue().verdict !== 'fail' &&
        alert.at('actions.actionGroups').isSet().verdict === 'pass' &&
        operationsWatched(alert).some((one) => one.isOneOf(operations).verdict === 'pass'),
    );

/** Operations that weaken a plan. */
const WEAKENING = ['Microsoft.Security/pricings/write', 'Microsoft.Security/pricings/delete'];

/** An extension by name: on, off, or not named. */
const extension = (one: Resource, name: string): Outcome =>
  some(
    one.at('extensions').items(),
    (entry) => allOf(entry.at('name').is(name), entry.at('isEnabled').isTrue()),
    `extensions does not name ${name} as enabled`,
  );

/** Extensions that find weaknesses, by plan. */
const SCANNERS: Readonly<Record<string, string>> = {
  VirtualMachines: 'AgentlessVmScanning',
  Containers: 'ContainerRegistriesVulnerabilityAssessments',
};

const scanner = (one: Resource): string | undefined =>
  SCANNERS[Object.keys(SCANNERS).find((name) => isPlan(one, name).verdict === 'pass') ?? ''];

const plan = (properties: object) => ({ type: PRICING, properties });
const one = (pricingName: unknown, properties: object = {}) => ({
  resources: { plan: plan({ pricingName, pricingTier: 'Standard', ...properties }) },
});
const named = (...names: readonly unknown[]) => ({
  resources: Object.fromEntries(names.map((pricingName, index) => [`plan${index}`, plan({ pricingName, pricingTier: 'Standard' })])),
});
const inSubscription = (id: string, names: readonly string[]) =>
  Object.fromEntries(
    names.map((pricingName) => [`${pricingName}-${id}`, plan({ pricingName, pricingTier: 'Standard', scopeId: `subscriptions/${id}` })]),
  );
const enabling = (name: string, isEnabled: unknown = 'True') => ({ extensions: [{ name, isEnabled }] });
const storage = (properties: object) => ({ resources: { it: { type: STORAGE_SETTING, properties: { properties } } } });
const alert = (equals: string, more: object = {}) => ({
  alert: {
    type: ALERT,
    properties: {
      enabled: true,
      condition: { allOf: [{ field: 'operationName', equals }] },
      actions: { actionGroups: [{ actionGroupId: '/subscriptions/s/group' }] },
      ...more,
    },
  },
});
const watched = (equals: string, more: object = {}) => ({
  resources: { plan: plan({ pricingName: 'Arm', pricingTier: 'Standard' }), ...alert(equals, more) },
});

const THREATS: readonly RuleSpec[] = [
  rule({
    on: PRICING,
    check: (plan) => (isPlan(plan, POSTURE).verdict === 'pass' ? notApplicable('is posture: judged as MON-09') : isOn(plan)),
    fix: "Set pricingTier: 'Standard'.",
    pass: [one('KeyVaults')],
    fail: [one('KeyVaults', { pricingTier: 'Free' })],
    unknown: [one('KeyVaults', { pricingTier: { $unknown: 'config value' } })],
    skip: [one(POSTURE)],
  }),
  rule({
    on: PRICING,
    severity: 'medium',
    from: 'high',
    check: (plan) => when(allOf(isPlan(plan, 'VirtualMachines'), isOn(plan)), () => plan.at('subPlan').orDefault('P2').is('P2')),
    fix: "Set subPlan: 'P2', which also watches files and scans machines.",
    pass: [one('VirtualMachines', { subPlan: 'P2' })],
    fail: [one('VirtualMachines', { subPlan: 'P1' })],
    skip: [one('VirtualMachines', { pricingTier: 'Free' }), one('KeyVaults', { subPlan: 'P1' })],
  }),
  rule({
    on: PRICING,
    severity: 'low',
    check: (plan) =>
      plan.at('extensions').items().length === 0
        ? notApplicable('names no extension')
        : every(plan.at('extensions').items(), (entry) => entry.at('isEnabled').isTrue()),
    fix: "Set isEnabled: 'True' on each of extensions.",
    pass: [one('CloudPosture', enabling('AgentlessVmScanning'))],
    fail: [one('CloudPosture', enabling('AgentlessVmScanning', 'False'))],
    unknown: [one('CloudPosture', enabling('AgentlessVmScanning', { $unknown: 'config value' }))],
    skip: [one('KeyVaults')],
  }),
  rule({
    on: PRICING,
    severity: 'low',
    check: allPlans,
    fix: `Add a Pricing with pricingTier 'Standard' for each of ${PLANS.join(', ')}.`,
    pass: [
      named(...PLANS),
      { name: 'in each of two subscriptions', resources: { ...inSubscription('a', PLANS), ...inSubscription('b', PLANS) } },
    ],
    fail: [
      named('KeyVaults'),
      { name: 'one subscription of two', resources: { ...inSubscription('b', PLANS.slice(1)), ...inSubscription('a', PLANS) } },
    ],
    unknown: [named({ $unknown: 'a loop' })],
  }),
  rule({
    on: STORAGE_SETTING,
    check: (one) => one.at('properties.isEnabled').isTrue(),
    fix: 'Set isEnabled: true.',
    pass: [storage({ isEnabled: true })],
    fail: [storage({ isEnabled: false }), storage({})],
    unknown: [storage({ isEnabled: { $unknown: 'config value' } })],
  }),
];

export const AZURE_PLANS = {
  'MON-01': { azure: THREATS },
  'MON-02': {
    azure: [
      rule({
        on: AUTOMATION,
        check: (one) => allOf(one.at('isEnabled').orDefault(true).isTrue(), one.at('actions').isSet()),
        fix: 'Set isEnabled: true, and name a workspace or event hub in actions.',
        pass: [{ resources: { it: { type: AUTOMATION, properties: { isEnabled: true, actions: [{ actionType: 'Workspace' }] } } } }],
        fail: [
          { resources: { it: { type: AUTOMATION, properties: { isEnabled: false, actions: [{ actionType: 'Workspace' }] } } } },
          { resources: { it: { type: AUTOMATION, properties: { isEnabled: true, actions: [] } } } },
        ],
        unknown: [
          {
            resources: {
              it: { type: AUTOMATION, properties: { isEnabled: { $unknown: 'config value' }, actions: [{ actionType: 'Workspace' }] } },
            },
          },
        ],
      }),
      rule({
        on: GOVERNANCE,
        severity: 'low',
        check: (one) => allOf(one.at('isDisabled').orDefault(false).isFalse(), one.at('remediationTimeframe').isSet()),
        fix: "Set isDisabled: false and a remediationTimeframe such as '7.00:00:00'.",
        pass: [{ resources: { it: { type: GOVERNANCE, properties: { isDisabled: false, remediationTimeframe: '7.00:00:00' } } } }],
        fail: [
          { resources: { it: { type: GOVERNANCE, properties: { isDisabled: true, remediationTimeframe: '7.00:00:00' } } } },
          { resources: { it: { type: GOVERNANCE, properties: {} } } },
        ],
      }),
    ],
  },
  'MON-09': {
    azure: rule({
      on: PRICING,
      check: (plan) => when(isPlan(plan, POSTURE), () => isOn(plan)),
      fix: "Set pricingTier: 'Standard' on CloudPosture, so that paths of attack are computed.",
      pass: [one(POSTURE)],
      fail: [one(POSTURE, { pricingTier: 'Free' })],
      unknown: [one(POSTURE, { pricingTier: { $unknown: 'config value' } })],
      skip: [one('KeyVaults')],
    }),
  },
  'MON-11': {
    azure: rule({
      on: PRICING,
      severity: 'medium',
      from: 'moderate',
      check: (plan, graph) =>
        first(plan, graph, () =>
          isWatched(plan, graph, WEAKENING) ? pass() : fail('no alert here tells that a plan of Defender was changed'),
        ),
      fix: 'Add an ActivityLogAlert on Microsoft.Security/pricings/write with an action group.',
      pass: [
        watched('Microsoft.Security/pricings/write'),
        watched('microsoft.security/pricings/delete'),
        {
          name: 'the alert covers the subscription',
          resources: {
            ...inSubscription('a', ['Arm']),
            ...alert('Microsoft.Security/pricings/write', { scopes: ['/subscriptions/b', '/subscriptions/A'] }),
          },
        },
      ],
      fail: [
        one('Arm'),
        watched('Microsoft.Security/pricings/write', { enabled: false }),
        watched('Microsoft.Security/pricings/write', { actions: { actionGroups: [] } }),
        watched('Microsoft.Sql/servers/delete'),
        {
          name: 'the alert is about another subscription',
          resources: { ...inSubscription('a', ['Arm']), ...alert('Microsoft.Security/pricings/write', { scopes: ['/subscriptions/b'] }) },
        },
        watched('Microsoft.Security/pricings/write', {
          condition: { allOf: [{ field: 'category', equals: 'Microsoft.Security/pricings/write' }] },
        }),
      ],
    }),
  },
  'DHC-03': {
    azure: [
      rule({
        on: PRICING,
        check: (plan) => when(allOf(isPlan(plan, 'StorageAccounts', POSTURE), isOn(plan)), () => extension(plan, 'SensitiveDataDiscovery')),
        fix: "Add { name: 'SensitiveDataDiscovery', isEnabled: 'True' } to extensions.",
        pass: [one('StorageAccounts', enabling('SensitiveDataDiscovery')), one(POSTURE, enabling('SensitiveDataDiscovery'))],
        fail: [
          one('StorageAccounts'),
          one('StorageAccounts', enabling('OnUploadMalwareScanning')),
          one('StorageAccounts', enabling('SensitiveDataDiscovery', 'False')),
        ],
        unknown: [one('StorageAccounts', enabling('SensitiveDataDiscovery', { $unknown: 'config value' }))],
        skip: [one('KeyVaults'), one('StorageAccounts', { pricingTier: 'Free' })],
      }),
      setting({
        on: STORAGE_SETTING,
        at: 'properties.sensitiveDataDiscovery.isEnabled',
        is: [true],
        not: false,
        fix: 'Set sensitiveDataDiscovery.isEnabled: true.',
      }),
    ],
  },
  'EXP-07': {
    azure: rule({
      on: PRICING,
      check: (plan) =>
        when(allOf(isPlan(plan, 'StorageAccounts'), isOn(plan)), () =>
          plan.at('subPlan').orDefault('PerTransaction').is('DefenderForStorageV2'),
        ),
      fix: "Set subPlan: 'DefenderForStorageV2', which raises alerts on unusual amounts that are read.",
      pass: [one('StorageAccounts', { subPlan: 'DefenderForStorageV2' })],
      fail: [one('StorageAccounts', { subPlan: 'PerStorageAccount' }), one('StorageAccounts')],
      unknown: [one('StorageAccounts', { subPlan: { $unknown: 'config value' } })],
      skip: [one('KeyVaults'), one('StorageAccounts', { pricingTier: 'Free' })],
    }),
  },
  'VUL-04': {
    azure: [
      rule({
        on: PRICING,
        check: (plan) => {
          const name = scanner(plan);
          return name === undefined || isOn(plan).verdict !== 'pass' ? notApplicable('is no plan that scans') : extension(plan, name);
        },
        fix: "Add AgentlessVmScanning (VirtualMachines) or ContainerRegistriesVulnerabilityAssessments (Containers) to extensions with isEnabled 'True'.",
        pass: Object.entries(SCANNERS).map(([name, scanner]) => one(name, enabling(scanner))),
        fail: [
          one('VirtualMachines'),
          one('Containers', enabling('ContainerSensor')),
          one('VirtualMachines', enabling('AgentlessVmScanning', 'False')),
        ],
        skip: [one('KeyVaults'), one('Containers', { pricingTier: 'Free' })],
      }),
      setting({
        on: 'azure-native:security:AzureServersSetting',
        at: 'selectedProvider',
        is: ['MdeTvm'],
        not: 'Qualys',
        fix: "Set selectedProvider: 'MdeTvm'.",
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
