/** Pairs on Azure about what watches and who looks again: connectors, records on their way, parameters of databases, reviews, groups. */
import { armWith, GONE, harmless, pulumiWith, weakenings } from './pair';

const OURS = '/subscriptions/00000000-0000-0000-0000-000000000001';
const THEIRS = '/subscriptions/99999999-0000-0000-0000-000000000009';
const idOf = (provider: string, name: string) => `${OURS}/resourceGroups/cases/providers/${provider}/${name}`;
const made = (type: string, inputs: object, id?: string) => ({
  type: `azure-native:${type}`,
  inputs: { resourceGroupName: 'cases', ...inputs },
  ...(id === undefined ? {} : { id }),
});
/** Not in a resource group. */
const above = (type: string, inputs: object, id?: string) => ({
  type: `azure-native:${type}`,
  inputs,
  ...(id === undefined ? {} : { id }),
});

const LOGS = idOf('Microsoft.OperationalInsights', 'workspaces/caselogs');
const PLAYBOOK = idOf('Microsoft.Logic', 'workflows/contain');
const MANAGED = '/providers/Microsoft.Management/managementGroups';
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const BENCHMARK = `${AUTHORIZATION}/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8`;
const DEPLOYS = `${AUTHORIZATION}/policyDefinitions/bef3f64c-5290-43b7-85b0-9b254eef4c47`;

// ── Programs ───────────────────────────────────────────────────────────────────────────────────────────────────────

const parameter = (module: string, configurationName: string, value: string) =>
  made(`${module}:Configuration`, { serverName: 'cases', configurationName, value, source: 'user-override' });
const transforms = (transformKql?: string) =>
  made('monitor:DataCollectionRule', {
    dataCollectionRuleName: 'workspace',
    location: 'westeurope',
    kind: 'WorkspaceTransforms',
    destinations: { logAnalytics: [{ name: 'logs', workspaceResourceId: LOGS }] },
    dataFlows: [
      {
        streams: ['Microsoft-Table-StorageBlobLogs'],
        destinations: ['logs'],
        ...(transformKql === undefined ? {} : { transformKql }),
      },
    ],
  });
const search = (functionAlias: string, query: string) =>
  made('operationalinsights:SavedSearch', {
    workspaceName: 'caselogs',
    savedSearchId: 'signins',
    category: 'functions',
    displayName: 'Sign-ins',
    functionAlias,
    query,
  });
const exemption = (expiresOn?: string) =>
  above('authorization:PolicyExemption', {
    scope: LOGS,
    policyExemptionName: 'later',
    policyAssignmentId: `${OURS}${AUTHORIZATION}/policyAssignments/benchmark`,
    exemptionCategory: 'Waiver',
    ...(expiresOn === undefined ? {} : { expiresOn }),
  });
const override = (value: string, reference: string) => ({
  kind: 'policyEffect',
  value,
  selectors: [{ kind: 'policyDefinitionReferenceId', in: [reference] }],
});

const WATCHED: Readonly<Record<string, object>> = {
  logs: made('operationalinsights:Workspace', { workspaceName: 'caselogs', retentionInDays: 400 }, LOGS),
  preload: parameter('dbforpostgresql', 'shared_preload_libraries', 'pg_stat_statements,PGAUDIT'),
  audited: parameter('dbforpostgresql', 'pgaudit.log', 'READ,WRITE,DDL,ROLE'),
  events: parameter('dbformysql', 'audit_log_events', 'CONNECTION,DML,DDL,DCL,ADMIN'),
  recording: parameter('dbformysql', 'audit_log_enabled', 'ON'),
  asked: made('monitor:ScheduledQueryRule', {
    ruleName: 'asked',
    enabled: true,
    severity: 1,
    evaluationFrequency: 'PT5M',
    windowSize: 'PT5M',
    scopes: [LOGS],
    criteria: {
      allOf: [
        {
          query: "AZKVAuditLogs | where OperationName == 'SecretGet' and Size > 20 | project CallerIPAddress",
          timeAggregation: 'Count',
          operator: 'GreaterThan',
          threshold: 0,
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
        },
      ],
    },
  }),
  counted: made('securityinsights:ScheduledAlertRule', {
    workspaceName: 'caselogs',
    ruleId: 'counted',
    kind: 'Scheduled',
    enabled: true,
    severity: 'High',
    query: 'SigninLogs | summarize c = count() by UserPrincipalName | where c > 20',
    queryFrequency: 'PT1H',
    queryPeriod: 'PT1H',
    triggerOperator: 'GreaterThan',
    triggerThreshold: 0,
  }),
  respond: made('securityinsights:AutomationRule', {
    workspaceName: 'caselogs',
    automationRuleId: 'respond',
    order: 1,
    displayName: 'Contain',
    triggeringLogic: { isEnabled: true, triggersOn: 'Incidents', triggersWhen: 'Created' },
    actions: [{ order: 1, actionType: 'RunPlaybook', actionConfiguration: { logicAppResourceId: PLAYBOOK } }],
  }),
  suspects: made('securityinsights:Watchlist', {
    workspaceName: 'caselogs',
    watchlistAlias: 'highvalue',
    displayName: 'High value accounts',
    itemsSearchKey: 'account',
    provider: 'cases',
    rawContent: 'account\nada\ngrace',
  }),
  odd: made('securityinsights:Anomalies', { workspaceName: 'caselogs', settingsName: 'Anomalies', kind: 'Anomalies' }),
  scanner: above('security:AzureServersSetting', {
    kind: 'AzureServersSetting',
    settingKind: 'azureServersSetting',
    selectedProvider: 'MdeTvm',
  }),
  label: made('sql:SensitivityLabel', {
    serverName: 'cases',
    databaseName: 'cases',
    schemaName: 'dbo',
    tableName: 'people',
    columnName: 'iban',
    labelName: 'Confidential',
    rank: 'High',
  }),
};

const WATCH_PROGRAMS = weakenings(pulumiWith, WATCHED, {
  'a server no longer loads what records statements': ['logging: pgaudit', { 'preload.value': 'pg_stat_statements' }],
  'the list of libraries is gone': ['logging: preload is gone', { preload: GONE }],
  'roles are not recorded any more': ['logging: no longer role', { 'audited.value': 'READ,WRITE,DDL' }],
  'rights are taken out of what is recorded': ['logging: no longer role', { 'audited.value': 'ALL, -ROLE' }],
  'only sign-ins are recorded': ['logging: no longer admin', { 'events.value': 'connection' }],
  'a person is not recorded': [
    'logging: what they do is not recorded',
    { quiet: parameter('dbformysql', 'audit_log_exclude_users', 'dba') },
  ],
  'only some people are recorded': [
    'logging: only the statements of those',
    { few: parameter('dbformysql', 'audit_log_include_users', 'web') },
  ],
  'records of a store are dropped on their way': [
    'logging: dropped on the way',
    { drop: transforms("source | where OperationName != 'GetBlob'") },
  ],
  'a function takes the place of a table': ['detection: instead', { shadow: search('SigninLogs', 'SigninLogs | take 0') }],
  'more rows are asked for before it counts': [
    'detection: c above 40 instead of 20',
    { 'counted.query': 'SigninLogs | summarize c = count() by UserPrincipalName | where c > 40' },
  ],
  'it looks for larger ones only': [
    'detection: Size above 200',
    {
      'asked.criteria.allOf.0.query': "AZKVAuditLogs | where OperationName == 'SecretGet' and Size > 200 | project CallerIPAddress",
    },
  ],
  'it must be met six times of six': [
    'detection: 6 of 6 times instead of 1 of 1',
    { 'asked.criteria.allOf.0.failingPeriods': { numberOfEvaluationPeriods: 6, minFailingPeriodsToAlert: 6 } },
  ],
  'it looks at less time': ['detection: over which time it looks', { 'asked.windowSize': 'PT1M' }],
  'nothing is started for incidents': ['detection: respond', { respond: GONE }],
  'what starts things for incidents is off': ['detection: the rule is off', { 'respond.triggeringLogic.isEnabled': false }],
  'a list that queries read is gone': ['detection: look into it', { suspects: GONE }],
  'anomalies are not looked for': ['detection: odd', { odd: GONE }],
  'machines are not scanned': ['detection: weak points of machines', { scanner: GONE }],
  'a column is not labelled': ['detection: sensitive', { label: GONE }],
  'a column is taken for less sensitive': ['detection: how sensitive', { 'label.rank': 'Low' }],
});
const WATCH_PROGRAMS_HARMLESS = harmless(pulumiWith, WATCHED, {
  'libraries in another order and case': { 'preload.value': ' pgaudit , pg_stat_statements,pg_cron' },
  'all statements by one word': { 'audited.value': 'all' },
  'classes in another order': { 'audited.value': 'role, ddl, write, read' },
  'one word for all statements': { 'events.value': 'CONNECTION,GENERAL' },
  'parts in place of what holds them': { 'events.value': 'CONNECTION,DML_SELECT,DML_NONSELECT,DDL,DCL,ADMIN' },
  'the service itself is not recorded': { quiet: parameter('dbformysql', 'audit_log_exclude_users', 'azure_superuser') },
  'a transformation that lets everything through': { keep: transforms('source') },
  'a transformation without a query': { keep: transforms() },
  'a function of its own name': { helper: search('OurSignins', 'SigninLogs | where ResultType != 0') },
  'a query in other quotes': {
    'asked.criteria.allOf.0.query': 'AZKVAuditLogs\n| where OperationName == "SecretGet" and Size > 20\n| project CallerIPAddress // who',
  },
  'fewer rows are enough': { 'counted.query': 'SigninLogs | summarize c = count() by UserPrincipalName | where c > 10' },
  'it looks at more time': { 'asked.windowSize': 'PT10M' },
  'any of six times is enough': {
    'asked.criteria.allOf.0.failingPeriods': { numberOfEvaluationPeriods: 6, minFailingPeriodsToAlert: 1 },
  },
  'an anomaly more': {
    more: made('securityinsights:AnomalySecurityMLAnalyticsSettings', {
      workspaceName: 'caselogs',
      settingsResourceName: 'more',
      kind: 'Anomaly',
      enabled: true,
      settingsStatus: 'Production',
      anomalyVersion: '1.0.0',
      displayName: 'More',
      frequency: 'PT1H',
      isDefaultSettings: false,
    }),
  },
  'a plan of Defender more': { plan: above('security:Pricing', { pricingName: 'KeyVaults', pricingTier: 'Standard' }) },
});

// ── Policies, reviews and groups ───────────────────────────────────────────────────────────────────────────────────

const REVIEWER = '11111111-2222-4333-8444-555555555555';
const REVIEW = {
  expandNestedMemberships: true,
  includeInheritedAccess: true,
  includeAccessBelowResource: true,
  reviewers: [{ principalId: REVIEWER }, { principalId: REVIEWER.replaceAll('1', '7') }],
  instanceDurationInDays: 7,
  autoApplyDecisionsEnabled: true,
  defaultDecisionEnabled: true,
  defaultDecision: 'Deny',
  type: 'absoluteMonthly',
  interval: 3,
  range: { type: 'noEnd', startDate: '2026-01-01T00:00:00Z' },
};
const GOVERNED: Readonly<Record<string, object>> = {
  main: { type: 'pulumi:providers:azure-native', id: '1', inputs: { subscriptionId: OURS.split('/').pop() } },
  benchmark: above('authorization:PolicyAssignment', {
    policyAssignmentName: 'benchmark',
    policyDefinitionId: BENCHMARK,
    scope: OURS,
  }),
  deploys: above('authorization:PolicyAssignment', {
    policyAssignmentName: 'deploys',
    policyDefinitionId: DEPLOYS,
    scope: OURS,
    location: 'westeurope',
    identity: { type: 'SystemAssigned' },
    parameters: { logAnalytics: { value: LOGS }, effect: { value: 'DeployIfNotExists' } },
  }),
  review: above('authorization:AccessReviewScheduleDefinitionById', { ...REVIEW, scheduleDefinitionId: 'owners' }),
  production: above(
    'management:ManagementGroup',
    { groupId: 'production', details: { parent: { id: `${MANAGED}/platform` } } },
    `${MANAGED}/production`,
  ),
  inner: above(
    'management:ManagementGroup',
    { groupId: 'inner', details: { parent: { id: `${MANAGED}/production` } } },
    `${MANAGED}/inner`,
  ),
  placed: above(
    'management:ManagementGroupSubscription',
    { groupId: 'production', subscriptionId: OURS.split('/').pop() },
    `${MANAGED}/production/subscriptions/${OURS.split('/').pop()}`,
  ),
  asked: above('authorization:PolicyAssignment', {
    policyAssignmentName: 'asked',
    policyDefinitionId: `${AUTHORIZATION}/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c`,
    scope: `${MANAGED}/production`,
    parameters: { listOfAllowedLocations: { value: ['westeurope'] } },
  }),
  hierarchy: above('management:HierarchySetting', {
    groupId: 'root',
    defaultManagementGroup: `${MANAGED}/production`,
    requireAuthorizationForGroupCreation: true,
  }),
};

const GOVERNED_PROGRAMS = weakenings(pulumiWith, GOVERNED, {
  'a policy of a set that is not at hand is off': [
    'controls: diskencryption',
    { 'benchmark.overrides': [override('Disabled', 'diskEncryption')] },
  ],
  'all policies of a set that is not at hand are off': [
    'controls: its policies',
    { 'benchmark.overrides': [{ kind: 'policyEffect', value: 'Disabled' }] },
  ],
  'it reports only, where nobody knows what it did': [
    'controls: diskencryption',
    { 'benchmark.overrides': [override('Audit', 'diskEncryption')] },
  ],
  'a policy deploys logs to somebody else': [
    'controls: of the subscription 99999999-0000-0000-0000-000000000009 [organisation]',
    { 'deploys.parameters.logAnalytics.value': LOGS.replace(OURS, THEIRS) },
  ],
  'a policy deploys logs to another place of ours': [
    'controls: read whether',
    { 'deploys.parameters.logAnalytics.value': LOGS.replace('caselogs', 'other') },
  ],
  'a policy that deploys has no identity': ['controls: no longer deploy or change', { 'deploys.identity': GONE }],
  'an identity of none': ['controls: no longer deploy or change', { 'deploys.identity.type': 'None' }],
  'an exemption without end': ['controls: not asked of its scope', { exempt: exemption() }],
  'an exemption until next year': ['controls: not asked of its scope', { exempt: exemption('2027-06-01T00:00:00Z') }],
  'nobody reviews who owns': ['access: looks again', { review: GONE }],
  'members of groups in groups are not reviewed': ['access: groups in groups', { 'review.expandNestedMemberships': false }],
  'rights from above are not reviewed': ['access: from above', { 'review.includeInheritedAccess': false }],
  'rights inside are not reviewed': ['access: inside of its resource', { 'review.includeAccessBelowResource': GONE }],
  'a reviewer less': ['access: who reviews', { 'review.reviewers.1': GONE }],
  'a resource is not reviewed': ['access: leaves out', { 'review.excludeResourceId': LOGS }],
  'reviewers may take longer': ['access: how long reviewers may take', { 'review.instanceDurationInDays': 60 }],
  'it is held twice in all': [
    'access: 2 times instead of without end',
    { 'review.range': { type: 'numbered', numberOfOccurrences: 2, startDate: '2026-01-01T00:00:00Z' } },
  ],
  'it is held until spring': [
    'access: until when it is held',
    { 'review.range': { type: 'endDate', endDate: '2027-03-01T00:00:00Z', startDate: '2026-01-01T00:00:00Z' } },
  ],
  'it is held once a year': ['access: every 12 months', { 'review.interval': 12 }],
  'decisions are not carried out': ['access: carried out', { 'review.autoApplyDecisionsEnabled': false }],
  'who is not reviewed keeps rights': ['access: keep', { 'review.defaultDecision': 'Approve' }],
  'nothing is decided of who is not reviewed': ['access: nothing is decided', { 'review.defaultDecisionEnabled': false }],
  'a subscription leaves its group': ['controls: management group', { placed: GONE }],
  'a subscription comes to another group': ['controls: sandbox', { 'placed.groupId': 'sandbox' }],
  'a subscription comes to what stands above': ['controls: platform', { 'placed.groupId': 'platform' }],
  'a group comes to another group': ['controls: sandbox', { 'production.details.parent.id': `${MANAGED}/sandbox` }],
  'a group comes to the root': ['controls: the root', { 'production.details': GONE }],
  'nothing says where subscriptions come to': ['controls: new subscriptions', { hierarchy: GONE }],
  'new subscriptions come elsewhere': ['controls: sandbox', { 'hierarchy.defaultManagementGroup': `${MANAGED}/sandbox` }],
  'everybody makes groups': ['controls: everybody may make', { 'hierarchy.requireAuthorizationForGroupCreation': false }],
});
const GOVERNED_PROGRAMS_HARMLESS = harmless(pulumiWith, GOVERNED, {
  'an exemption that has ended': { exempt: exemption('2025-01-01T00:00:00Z') },
  'a policy of a set refuses': { 'benchmark.overrides': [override('Deny', 'diskEncryption')] },
  'an identity of another kind': {
    'deploys.identity': {
      type: 'UserAssigned',
      userAssignedIdentities: [idOf('Microsoft.ManagedIdentity', 'userAssignedIdentities/policy')],
    },
  },
  'a reviewer more': { 'review.reviewers.2': { principalId: REVIEWER.replaceAll('1', '8') } },
  'a shorter review': { 'review.instanceDurationInDays': 3 },
  'a review more often': { 'review.interval': 1 },
  'a review more': { another: above('authorization:AccessReviewScheduleDefinitionById', { ...REVIEW, scheduleDefinitionId: 'readers' }) },
  'a subscription comes deeper into its group': { 'placed.groupId': 'inner' },
  'a group by its id': { 'placed.groupId': `${MANAGED}/production/` },
  'a parent in capitals': { 'production.details.parent.id': `${MANAGED}/PLATFORM` },
  'a group more': { more: above('management:ManagementGroup', { groupId: 'more' }, `${MANAGED}/more`) },
});

// ── Templates ──────────────────────────────────────────────────────────────────────────────────────────────────────

const connector = (kind: string, name: string, dataTypes: object) => ({
  type: 'Microsoft.SecurityInsights/dataConnectors',
  apiVersion: '2023-11-01',
  scope: "[resourceId('Microsoft.OperationalInsights/workspaces', 'caselogs')]",
  name,
  kind,
  properties: { tenantId: '[subscription().tenantId]', dataTypes },
});
const TEMPLATE: Readonly<Record<string, object>> = {
  logs: {
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: '2022-10-01',
    name: 'caselogs',
    location: 'westeurope',
    properties: { retentionInDays: 400 },
  },
  defender: connector('AzureSecurityCenter', 'defender', { alerts: { state: 'Enabled' } }),
  office: connector('Office365', 'office', { exchange: { state: 'Enabled' }, sharePoint: { state: 'Enabled' } }),
  infinite: connector('MicrosoftThreatProtection', 'xdr', { incidents: { state: 'Enabled' } }),
  directory: {
    type: 'Microsoft.OperationalInsights/workspaces/providers/dataConnectors',
    apiVersion: '2023-11-01',
    name: 'caselogs/Microsoft.SecurityInsights/directory',
    kind: 'AzureActiveDirectory',
    properties: { tenantId: '[subscription().tenantId]', dataTypes: { alerts: { state: 'Enabled' } } },
  },
  preload: {
    type: 'Microsoft.DBforPostgreSQL/flexibleServers/configurations',
    apiVersion: '2022-12-01',
    name: 'cases/shared_preload_libraries',
    properties: { value: 'pgaudit', source: 'user-override' },
  },
  events: {
    type: 'Microsoft.DBforMySQL/flexibleServers/configurations',
    apiVersion: '2023-06-30',
    name: 'cases/audit_log_events',
    properties: { value: 'CONNECTION,DDL', source: 'user-override' },
  },
};
const inTemplate = (transformKql: string) => ({
  type: 'Microsoft.Insights/dataCollectionRules',
  apiVersion: '2022-06-01',
  name: 'workspace',
  location: 'westeurope',
  kind: 'WorkspaceTransforms',
  properties: {
    destinations: {
      logAnalytics: [{ name: 'logs', workspaceResourceId: "[resourceId('Microsoft.OperationalInsights/workspaces', 'caselogs')]" }],
    },
    dataFlows: [{ streams: ['Microsoft-Table-AzureActivity'], destinations: ['logs'], transformKql }],
  },
});

const WATCH_TEMPLATES = weakenings(armWith, TEMPLATE, {
  'a connector of a template brings in nothing': ['detection: alerts', { 'defender.dataTypes.alerts.state': 'Disabled' }],
  'a connector of a template brings in less': ['detection: exchange', { 'office.dataTypes.exchange.state': 'disabled' }],
  'a connector of a template is gone': ['detection: defender', { defender: GONE }],
  'a connector without a class of its own brings in nothing': [
    'detection: incidents',
    { 'infinite.dataTypes.incidents.state': 'Disabled' },
  ],
  'a connector below its workspace brings in nothing': ['detection: alerts', { 'directory.dataTypes.alerts.state': 'Disabled' }],
  'a server of a template no longer loads what records': ['logging: pgaudit', { 'preload.value': '' }],
  'a template records fewer events': ['logging: no longer ddl', { 'events.value': 'CONNECTION' }],
  'a template drops records on their way': ['logging: dropped', { drop: inTemplate("source | where Caller != 'ops@example.com'") }],
});
const WATCH_TEMPLATES_HARMLESS = harmless(armWith, TEMPLATE, {
  'a connector more': { more: connector('MicrosoftCloudAppSecurity', 'apps', { alerts: { state: 'Enabled' } }) },
  'a state in other letters': { 'defender.dataTypes.alerts.state': 'enabled' },
  'a template that lets everything through': { keep: inTemplate('source') },
  'events with blanks': { 'events.value': 'ddl, connection' },
});

export const HUNTED_WATCH_WEAKENINGS = { ...WATCH_PROGRAMS, ...GOVERNED_PROGRAMS, ...WATCH_TEMPLATES };
export const HUNTED_WATCH_HARMLESS = { ...WATCH_PROGRAMS_HARMLESS, ...GOVERNED_PROGRAMS_HARMLESS, ...WATCH_TEMPLATES_HARMLESS };
