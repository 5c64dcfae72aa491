/** Alerts of Azure reach people, and Sentinel looks where the records are. */
import type { ControlId } from '../../../controls';
import { operationsWatched } from '../../facts/azure';
import { ofSameSubscription, subscriptionOf, watches } from '../../facts/azure-subscription';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { present, setting } from '../setting';

const GROUP = 'azure-native:monitor:ActionGroup';
const METRIC_ALERT = 'azure-native:monitor:MetricAlert';
const QUERY_RULE = 'azure-native:monitor:ScheduledQueryRule';
const ACTIVITY_ALERT = 'azure-native:monitor:ActivityLogAlert';
const CONTACT = 'azure-native:security:SecurityContact';
const WORKSPACE = 'azure-native:operationalinsights:Workspace';
const SUBSCRIPTION_SETTING = 'azure-native:monitor:SubscriptionDiagnosticSetting';
const SOLUTION = 'azure-native:operationsmanagement:Solution';
export const ONBOARDING = 'azure-native:securityinsights:SentinelOnboardingState';
export const ANALYTICS = 'azure-native:securityinsights:ScheduledAlertRule';
const OTHER_ANALYTICS = [
  'azure-native:securityinsights:FusionAlertRule',
  'azure-native:securityinsights:MicrosoftSecurityIncidentCreationAlertRule',
];
export const BEHAVIOUR = 'azure-native:securityinsights:Ueba';

// ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Kinds of receivers that end at people, or at the tools that they work with. */
const RECEIVERS = [
  'emailReceivers',
  'smsReceivers',
  'voiceReceivers',
  'azureAppPushReceivers',
  'armRoleReceivers',
  'itsmReceivers',
  'incidentReceivers',
  'webhookReceivers',
  'logicAppReceivers',
  'azureFunctionReceivers',
  'automationRunbookReceivers',
  'eventHubReceivers',
] as const;

const reachesSomebody = (group: Resource): Outcome =>
  anyOf(
    RECEIVERS.map((kind) => group.at(kind).isSet()),
    'has no receiver: nobody is told',
  );

/** Switched on, in the words of the versions of the API: a boolean, `On`, or an object with a state. */
const isSwitchedOn = (value: Value): Outcome => {
  const state = value.isMap ? value.at('state') : value;
  return state.state === 'absent' ? pass() : anyOf([state.isTrue(), state.is('On')], state.describe());
};

const contact = (properties: object) => ({ resources: { contact: { type: CONTACT, properties } } });
const EMAIL = { emails: 'soc@example.com' };

const group = (properties: object) => ({ resources: { group: { type: GROUP, properties } } });
const MAIL = { emailReceivers: [{ name: 'soc', emailAddress: 'soc@example.com' }] };
const hooked = (hook: object) => group({ enabled: true, webhookReceivers: [hook] });
const QUERY = { actions: { actionGroups: ['/subscriptions/s/group'] } };
const METRIC = { actions: [{ actionGroupId: '/subscriptions/s/group' }] };
const alarm = (type: string, properties: object) => ({ resources: { alarm: { type, properties } } });

/** An alert names whom it tells; one that only feeds an automatic scaling has no place among these types. */
const tells = (one: Resource): Outcome =>
  allOf(one.at('enabled').orDefault(true).isTrue(), (one.type === QUERY_RULE ? one.at('actions.actionGroups') : one.at('actions')).isSet());

const PEOPLE: readonly RuleSpec[] = [
  rule({
    on: GROUP,
    check: (one) => allOf(one.at('enabled').orDefault(true).isTrue(), reachesSomebody(one)),
    fix: 'Use SecurityContacts, or set enabled: true and name at least one receiver.',
    pass: [group({ enabled: true, ...MAIL }), ...RECEIVERS.map((kind) => group({ [kind]: [{ name: 'soc' }] }))],
    fail: [group({ enabled: true }), group({ enabled: false, ...MAIL })],
    unknown: [group({ enabled: { $unknown: 'config value' }, ...MAIL })],
  }),
  rule({
    on: GROUP,
    severity: 'medium',
    check: (one) =>
      one.at('webhookReceivers').items().length === 0
        ? notApplicable('calls no address')
        : every(one.at('webhookReceivers').items(), (hook) => not(hook.at('serviceUri').matches(/^http:/i), 'sends alerts in clear text')),
    fix: 'Use a serviceUri that starts with https, and useAadAuth: true.',
    pass: [hooked({ serviceUri: 'https://example.com' })],
    fail: [hooked({ serviceUri: 'http://example.com' })],
    unknown: [hooked({ serviceUri: { $unknown: 'config value' } })],
    skip: [group(MAIL)],
  }),
  rule({
    on: [METRIC_ALERT, QUERY_RULE],
    check: tells,
    fix: 'Set enabled: true, and name an action group that reaches people.',
    pass: [alarm(METRIC_ALERT, METRIC), alarm(QUERY_RULE, { enabled: true, ...QUERY })],
    fail: [alarm(METRIC_ALERT, {}), alarm(QUERY_RULE, { enabled: false, ...QUERY }), alarm(QUERY_RULE, { actions: { actionGroups: [] } })],
    unknown: [alarm(QUERY_RULE, { enabled: { $unknown: 'config value' }, ...QUERY })],
  }),
  rule({
    on: CONTACT,
    check: (one) => allOf(one.at('emails').isSet(), isSwitchedOn(one.at('isEnabled'))),
    fix: 'Set emails to a mailbox that is read around the clock, and isEnabled: true.',
    pass: [
      contact({ ...EMAIL, isEnabled: true }),
      contact({ ...EMAIL, isEnabled: 'On' }),
      contact({ ...EMAIL, isEnabled: { state: 'On' } }),
    ],
    fail: [contact({ isEnabled: true }), contact({ ...EMAIL, isEnabled: false }), contact({ ...EMAIL, isEnabled: { state: 'Off' } })],
    unknown: [contact({ ...EMAIL, isEnabled: { $unknown: 'config value' } })],
  }),
  rule({
    on: CONTACT,
    severity: 'low',
    check: (one) => {
      const state = one.at('notificationsByRole.state');
      return state.state === 'absent' ? notApplicable('says nothing of roles') : state.is('On');
    },
    fix: "Set notificationsByRole: { state: 'On', roles: ['Owner'] }.",
    pass: [contact({ notificationsByRole: { state: 'On' } })],
    fail: [contact({ notificationsByRole: { state: 'Off' } })],
    unknown: [contact({ notificationsByRole: { state: { $unknown: 'config value' } } })],
    skip: [contact(EMAIL)],
  }),
];

// ── High-signal events ───────────────────────────────────────────────────────────────────────────────────────────────

/** Changes of which the CIS benchmark for Azure wants to hear, each with the operations that make it. */
const EVENTS: readonly (readonly [change: string, operation: string])[] = [
  ['policy assignments', 'Microsoft.Authorization/policyAssignments/write'],
  ['network security groups', 'Microsoft.Network/networkSecurityGroups/write'],
  ['security rules', 'Microsoft.Network/networkSecurityGroups/securityRules/write'],
  ['firewall rules of SQL', 'Microsoft.Sql/servers/firewallRules/write'],
  ['public addresses', 'Microsoft.Network/publicIPAddresses/write'],
];

function highSignals(setting: Resource, graph: Graph): Outcome {
  if (ofSameSubscription(setting, graph)[0] !== setting)
    return notApplicable('is judged together with the first setting of its subscription');
  const subscription = subscriptionOf(setting, graph);
  const watched = graph
    .ofType(ACTIVITY_ALERT)
    .filter((alert) => graph.exists(alert) && watches(alert, subscription, graph))
    .flatMap(operationsWatched);
  const missing = EVENTS.filter(([, operation]) => !watched.some((one) => one.is(operation).verdict === 'pass'));
  return missing.length === 0 ? pass() : fail(`no alert here tells of changes to ${missing.map(([change]) => change).join(', ')}`);
}

const activity = (...operations: readonly string[]) => activityIn('there', operations);
/** Two providers, each with a setting and an alert of its own. */
const twoSubscriptions = (operations: readonly string[]) => {
  const of = (name: string, watched: readonly string[]) => ({
    [`setting-${name}`]: { type: SUBSCRIPTION_SETTING, properties: {}, options: { provider: `example/${name}` } },
    [name]: { type: 'pulumi:providers:azure-native', properties: { subscriptionId: name } },
    [`alert-${name}`]: { ...activityIn(name, watched).resources.alert, options: { provider: `example/${name}` } },
  });
  return { resources: { ...of('a', operations), ...of('b', OPERATIONS) } };
};
const activityIn = (name: string, operations: readonly string[]) => ({
  resources: {
    setting: { type: SUBSCRIPTION_SETTING, properties: {} },
    alert: {
      type: ACTIVITY_ALERT,
      properties: {
        scopes: [`/subscriptions/${name}`],
        condition: { allOf: [{ anyOf: operations.map((equals) => ({ field: 'operationName', equals })) }] },
      },
    },
  },
});
const OPERATIONS = EVENTS.map(([, operation]) => operation);

// ── Sentinel ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Content of Sentinel that works only where Sentinel is switched on. */
const CONTENT = [ANALYTICS, ...OTHER_ANALYTICS, 'azure-native:securityinsights:AutomationRule', BEHAVIOUR];

/** A workspace of the input in which Sentinel has rules, and is not switched on. */
function isOnboarded(content: Resource, graph: Graph): Outcome {
  const workspace = graph.target(content.at('workspaceName'), WORKSPACE);
  if (!workspace) return notApplicable('its workspace is declared elsewhere');
  const solution = graph
    .pointingAt(workspace, SOLUTION, 'properties.workspaceResourceId')
    .some((one) => one.at('plan.product').is('OMSGallery/SecurityInsights').verdict === 'pass');
  return solution || graph.pointingAt(workspace, ONBOARDING, 'workspaceName').length > 0
    ? pass()
    : fail('Sentinel is not switched on in its workspace');
}

/** Settings of records that every investigation needs. */
const MANDATORY = [SUBSCRIPTION_SETTING, 'azure-native:monitor:ManagementGroupDiagnosticSetting', 'azure-native:aadiam:DiagnosticSetting'];

/** Where Sentinel is on in the input, mandatory records go where it looks. */
function isSearchedBySentinel(setting: Resource, graph: Graph): Outcome {
  const onboarded = graph.ofType(ONBOARDING).filter((one) => graph.exists(one));
  if (onboarded.length === 0) return notApplicable('Sentinel is switched on elsewhere');
  const value = setting.at('workspaceId');
  const workspace = graph.target(value, WORKSPACE);
  if (!workspace) return notApplicable('its workspace is declared elsewhere, or none is');
  return graph.pointingAt(workspace, ONBOARDING, 'workspaceName').length > 0
    ? pass()
    : fail('the records go to a workspace in which Sentinel does not look', value);
}

/** Both are in the same workspace, as far as their names tell. */
export const sharesWorkspace = (one: Resource, other: Resource): boolean => {
  const [mine, theirs] = [one.at('workspaceName'), other.at('workspaceName')];
  return mine.shape === theirs.shape && mine.shape !== undefined;
};

/** Sentinel that looks for nothing finds nothing. */
const looksForSomething = (sentinel: Resource, graph: Graph): Outcome =>
  some(
    graph.ofType(ANALYTICS, ...OTHER_ANALYTICS).filter((one) => graph.exists(one) && sharesWorkspace(one, sentinel)),
    (one) => one.at('enabled').isTrue(),
    'Sentinel is on, and no analytics rule here runs in its workspace',
  );

const recording = (type: string, rest: object) => ({
  resources: {
    setting: { type, properties: { workspaceId: { $ref: 'workspace.id' } } },
    workspace: { type: WORKSPACE, properties: {} },
    ...rest,
  },
});
const elsewhere = {
  sentinel: { type: ONBOARDING, properties: { workspaceName: { $ref: 'other.name' } } },
  other: { type: WORKSPACE, properties: {} },
};
const looking = (enabled: unknown, type = ANALYTICS, workspaceName = 'records') => ({
  resources: {
    sentinel: { type: ONBOARDING, properties: { workspaceName: 'records' } },
    rule: { type, properties: { workspaceName, enabled } },
  },
});

const inWorkspace = (type: string, rest: object = {}) => ({
  resources: {
    rule: { type, properties: { workspaceName: { $ref: 'workspace.name' } } },
    workspace: { type: WORKSPACE, properties: {} },
    ...rest,
  },
});
const onboarding = { sentinel: { type: ONBOARDING, properties: { workspaceName: { $ref: 'workspace.name' } } } };
const solution = (product: string) => ({
  sentinel: { type: SOLUTION, properties: { plan: { product }, properties: { workspaceResourceId: { $ref: 'workspace.id' } } } },
});
const rules = (type: string, properties: object) => ({ resources: { rule: { type, properties } } });

/** Records of people without which unusual behaviour is not seen. */
const SOURCES = ['AuditLogs', 'SigninLogs'] as const;
const behaviour = (...dataSources: readonly unknown[]) => ({ resources: { it: { type: BEHAVIOUR, properties: { dataSources } } } });

export const AZURE_ALERTS = {
  'MON-03': {
    azure: [
      present({
        on: MANDATORY,
        at: 'workspaceId',
        like: '/subscriptions/s/workspace',
        else: 'workspaceId is not set: the records are kept where nobody searches them',
        fix: 'Set workspaceId to the workspace in which all mandatory records meet.',
      }),
      rule({
        on: CONTENT,
        check: isOnboarded,
        fix: 'Add a securityinsights.SentinelOnboardingState for the workspace.',
        pass: [...CONTENT.map((type) => inWorkspace(type, onboarding)), inWorkspace(ANALYTICS, solution('OMSGallery/SecurityInsights'))],
        fail: [...CONTENT.map((type) => inWorkspace(type)), inWorkspace(ANALYTICS, solution('OMSGallery/Updates'))],
        skip: [rules(ANALYTICS, {})],
      }),
      rule({
        on: MANDATORY,
        severity: 'medium',
        check: isSearchedBySentinel,
        fix: 'Set workspaceId to the workspace in which Sentinel is switched on (SecureSentinel), so that one platform searches all of them.',
        pass: MANDATORY.map((type) => recording(type, onboarding)),
        fail: MANDATORY.map((type) => recording(type, elsewhere)),
        skip: [
          recording(SUBSCRIPTION_SETTING, {}),
          {
            resources: {
              setting: { type: SUBSCRIPTION_SETTING, properties: { workspaceId: { $unknown: 'a stack reference' } } },
              ...elsewhere,
            },
          },
        ],
      }),
      rule({
        on: ONBOARDING,
        severity: 'medium',
        check: looksForSomething,
        fix: 'Use SecureSentinel, or add enabled analytics rules (ScheduledAlertRule, FusionAlertRule) in the same workspace.',
        pass: [looking(true), ...OTHER_ANALYTICS.map((type) => looking(true, type))],
        fail: [
          looking(false),
          looking(true, ANALYTICS, 'other'),
          { resources: { sentinel: { type: ONBOARDING, properties: { workspaceName: 'records' } } } },
        ],
        unknown: [looking({ $unknown: 'config value' })],
      }),
    ],
  },
  'MON-04': {
    azure: rule({
      on: SUBSCRIPTION_SETTING,
      severity: 'low',
      from: 'moderate',
      check: highSignals,
      fix: `Use SecureActivityLog, or add an ActivityLogAlert on ${OPERATIONS.join(', ')}.`,
      pass: [activity(...OPERATIONS), { name: 'each subscription has its own alert', ...twoSubscriptions(OPERATIONS) }],
      fail: [activity(...OPERATIONS.slice(1)), { name: 'one subscription of two', ...twoSubscriptions(OPERATIONS.slice(1)) }],
    }),
  },
  'MON-05': { azure: PEOPLE },
  'MON-06': {
    azure: gap('Drift is found by comparing what is deployed with the program (pulumi refresh); no resource of Azure holds the schedule.'),
  },
  'MON-07': {
    azure: rule({
      on: BEHAVIOUR,
      check: (one) =>
        every(SOURCES, (source) =>
          some(one.at('dataSources').items(), (listed) => listed.is(source), `dataSources does not name ${source}`),
        ),
      fix: "Set dataSources: ['AuditLogs', 'AzureActivity', 'SecurityEvent', 'SigninLogs'].",
      pass: [behaviour('AuditLogs', 'SigninLogs')],
      fail: [behaviour('AuditLogs'), behaviour()],
      unknown: [behaviour({ $unknown: 'config value' })],
    }),
  },
  'MON-08': {
    azure: [
      setting({
        on: [ANALYTICS, ...OTHER_ANALYTICS],
        at: 'enabled',
        is: [true],
        not: false,
        fix: 'Set enabled: true, or remove the rule.',
      }),
      rule({
        on: ANALYTICS,
        check: (one) => anyOf([one.at('techniques').isSet(), one.at('tactics').isSet()], 'names neither tactics nor techniques'),
        fix: 'Set tactics and techniques (ATT&CK), so that gaps of detection can be seen.',
        pass: [rules(ANALYTICS, { techniques: ['T1530'] }), rules(ANALYTICS, { tactics: ['Exfiltration'] })],
        fail: [rules(ANALYTICS, {})],
      }),
    ],
  },
  'MON-10': {
    azure: gap(
      'Which tables a detection reads follows from its query, which is text; that each store records is judged as LOG-04 and LOG-05.',
    ),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
