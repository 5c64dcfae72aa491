/** The same on Azure: the end of a diagnostic setting is noticed, and refused. */
import { operationsWatched } from '../../facts/azure';
import { reachesInto, subscriptionOf, watches } from '../../facts/azure-subscription';
import type { Graph } from '../../graph';
import { fail, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleSpec, rule } from '../../rule';

const SUBSCRIPTION_SETTING = 'azure-native:monitor:SubscriptionDiagnosticSetting';
const ACTIVITY_ALERT = 'azure-native:monitor:ActivityLogAlert';
const SETTING_DELETED = 'microsoft.insights/diagnosticsettings/delete';

function tellsSomebody(alert: Resource): Outcome {
  if (alert.at('enabled').orDefault(true).isTrue().verdict === 'fail') return fail(`${alert.logicalId} is switched off`, 'enabled');
  return alert.at('actions.actionGroups').isSet().verdict === 'fail'
    ? fail(`${alert.logicalId} has no action group: nobody is told`, 'actions.actionGroups')
    : pass();
}

function deletionIsNoticed(setting: Resource, graph: Graph): Outcome {
  const subscription = subscriptionOf(setting, graph);
  const alerts = graph.ofType(ACTIVITY_ALERT).filter((one) => graph.exists(one) && watches(one, subscription, graph));
  const telling = alerts.some(
    (alert) =>
      tellsSomebody(alert).verdict === 'pass' && operationsWatched(alert).some((one) => one.is(SETTING_DELETED).verdict === 'pass'),
  );
  return telling ? pass() : fail('no alert here tells of the deletion of a diagnostic setting');
}

const DEFINITION = 'azure-native:authorization:PolicyDefinition';
const DEFINITIONS = [DEFINITION, 'azure-native:authorization:PolicyDefinitionAtManagementGroup'] as const;
const ASSIGNMENT = 'azure-native:authorization:PolicyAssignment';

/** A policy that refuses to delete diagnostic settings is assigned and enforced, in the subscription or above it. */
function deletionIsRefused(setting: Resource, graph: Graph): Outcome {
  const subscription = subscriptionOf(setting, graph);
  const refusing = graph.ofType(...DEFINITIONS).filter((one) => graph.exists(one) && refusesDeletion(one));
  const assignments = refusing
    .flatMap((definition) => graph.pointingAt(definition, ASSIGNMENT, 'policyDefinitionId'))
    .filter((one) => reachesInto(subscription, one.at('scope'), one, graph));
  if (assignments.length === 0) return fail('no policy here refuses the deletion of diagnostic settings');
  return some(
    assignments,
    (one) => one.at('enforcementMode').orDefault('Default').is('Default'),
    'the policy is assigned without being enforced',
  );
}

function refusesDeletion(definition: Resource): boolean {
  const rule = definition.at('policyRule').json();
  const condition = rule.at('if');
  const types = [
    condition.at('equals'),
    ...condition.at('in').items(),
    ...['anyOf', 'allOf'].flatMap((key) =>
      condition
        .at(key)
        .items()
        .flatMap((one) => [one.at('equals'), ...one.at('in').items()]),
    ),
  ];
  return (
    rule.at('then.effect').is('denyAction').verdict === 'pass' &&
    types.some((type) => type.is('Microsoft.Insights/diagnosticSettings').verdict === 'pass')
  );
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const subscription = { setting: { type: SUBSCRIPTION_SETTING, properties: { logs: [{ category: 'Administrative', enabled: true }] } } };
const activityAlert = (equals: string, more: object = {}) => ({
  alert: {
    type: ACTIVITY_ALERT,
    properties: {
      enabled: true,
      condition: {
        allOf: [
          { field: 'category', equals: 'Administrative' },
          { field: 'operationName', equals },
        ],
      },
      actions: { actionGroups: [{ actionGroupId: '/subscriptions/s/group' }] },
      ...more,
    },
  },
});
/** The setting is made by the provider of a subscription. */
const inSubscription = {
  setting: { ...subscription.setting, options: { provider: 'example/there' } },
  there: { type: 'pulumi:providers:azure-native', properties: { subscriptionId: 'a' } },
};
const guard = (effect: string, enforcementMode = 'Default', scope?: unknown, type: string = DEFINITION) => ({
  definition: {
    type,
    // biome-ignore lint/suspicious/noThenProperty: the policy language calls it so
    properties: { policyRule: { if: { field: 'type', equals: 'Microsoft.Insights/diagnosticSettings' }, then: { effect } } },
  },
  assignment: {
    type: ASSIGNMENT,
    properties: { policyDefinitionId: { $ref: 'definition.id' }, enforcementMode, ...(scope === undefined ? {} : { scope }) },
  },
});

export const azureLoss: RuleSpec = rule({
  on: SUBSCRIPTION_SETTING,
  severity: 'medium',
  from: 'moderate',
  check: deletionIsNoticed,
  fix: 'Use SecureActivityLog, or add an ActivityLogAlert on Microsoft.Insights/diagnosticSettings/delete with an action group.',
  pass: [
    { resources: { ...subscription, ...activityAlert('Microsoft.Insights/diagnosticSettings/delete') } },
    {
      name: 'the alert covers the subscription',
      resources: {
        ...inSubscription,
        ...activityAlert('Microsoft.Insights/diagnosticSettings/delete', { scopes: ['/subscriptions/b', '/subscriptions/a'] }),
      },
    },
  ],
  fail: [
    { resources: subscription },
    { resources: { ...subscription, ...activityAlert('Microsoft.Sql/servers/delete') } },
    {
      name: 'the alert is about another subscription',
      resources: {
        ...inSubscription,
        ...activityAlert('Microsoft.Insights/diagnosticSettings/delete', { scopes: ['/subscriptions/b'] }),
      },
    },
  ],
});

export const azureGuardrails: RuleSpec = rule({
  on: SUBSCRIPTION_SETTING,
  severity: 'medium',
  from: 'moderate',
  check: deletionIsRefused,
  fix: 'Use SecureActivityLog, or assign a policy with the effect denyAction on Microsoft.Insights/diagnosticSettings.',
  pass: [
    { resources: { ...subscription, ...guard('denyAction') } },
    { name: 'assigned to the subscription', resources: { ...inSubscription, ...guard('denyAction', 'Default', '/subscriptions/A') } },
    {
      name: 'assigned to a management group, where it is defined too',
      resources: {
        ...inSubscription,
        ...guard('denyAction', 'Default', { $ref: 'platform.id' }, DEFINITIONS[1]),
        platform: { type: 'azure-native:management:ManagementGroup', properties: {} },
      },
    },
    {
      name: 'assigned to a management group that is named',
      resources: { ...inSubscription, ...guard('denyAction', 'Default', '/providers/Microsoft.Management/managementGroups/platform') },
    },
  ],
  fail: [
    { resources: subscription },
    {
      name: 'assigned to another subscription',
      resources: { ...inSubscription, ...guard('denyAction', 'Default', '/subscriptions/b') },
    },
    { resources: { ...subscription, ...guard('audit') } },
    { resources: { ...subscription, ...guard('denyAction', 'DoNotEnforce') } },
  ],
});

export const azureAlerts: RuleSpec = rule({
  on: ACTIVITY_ALERT,
  check: tellsSomebody,
  fix: 'Set enabled to true and name an action group that reaches people.',
  pass: [{ resources: activityAlert('Microsoft.Sql/servers/delete') }],
  fail: [{ resources: activityAlert('x', { enabled: false }) }, { resources: activityAlert('x', { actions: { actionGroups: [] } }) }],
});
