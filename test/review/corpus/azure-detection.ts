/** Pairs on Azure about what notices, whom it tells, and what keeps it quiet. */
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const OURS = '/subscriptions/00000000-0000-0000-0000-000000000001';
const idOf = (provider: string, name: string) => `${OURS}/resourceGroups/cases/providers/${provider}/${name}`;
const made = (type: string, inputs: object, id?: string) => ({
  type: `azure-native:${type}`,
  inputs: { resourceGroupName: 'cases', ...inputs },
  ...(id === undefined ? {} : { id }),
});

const LOGS = idOf('Microsoft.OperationalInsights', 'workspaces/caselogs');
const ONCALL = idOf('Microsoft.Insights', 'actionGroups/oncall');
const PLAYBOOK = idOf('Microsoft.Logic', 'workflows/contain');
const WRITES = 'Microsoft.Authorization/roleAssignments/write';
const DELETES = 'Microsoft.Authorization/roleAssignments/delete';
const QUERY = 'SigninLogs\n| where ResultType != 0 // all that fail\n| summarize count() by UserPrincipalName';

const BASE: Readonly<Record<string, object>> = {
  logs: made('operationalinsights:Workspace', { workspaceName: 'caselogs', retentionInDays: 400 }, LOGS),
  oncall: made(
    'monitor:ActionGroup',
    {
      actionGroupName: 'oncall',
      groupShortName: 'oncall',
      enabled: true,
      emailReceivers: [{ name: 'mail', emailAddress: 'oncall@example.com' }],
      voiceReceivers: [{ name: 'voice', countryCode: '49', phoneNumber: '5550100' }],
      logicAppReceivers: [{ name: 'flow', resourceId: PLAYBOOK, callbackUrl: 'https://flow.example.com' }],
    },
    ONCALL,
  ),
  roles: made('monitor:ActivityLogAlert', {
    activityLogAlertName: 'roles',
    enabled: true,
    scopes: [OURS],
    condition: {
      allOf: [
        { field: 'category', equals: 'Administrative' },
        {
          anyOf: [
            { field: 'operationName', equals: WRITES },
            { field: 'operationName', equals: DELETES },
          ],
        },
      ],
    },
    actions: { actionGroups: [{ actionGroupId: ONCALL }] },
  }),
  load: made('monitor:MetricAlert', {
    ruleName: 'load',
    enabled: true,
    severity: 1,
    evaluationFrequency: 'PT1M',
    windowSize: 'PT5M',
    scopes: [LOGS],
    criteria: {
      odataType: 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
      allOf: [
        {
          name: 'failed',
          metricName: 'Failures',
          operator: 'GreaterThan',
          threshold: 10,
          timeAggregation: 'Total',
          criterionType: 'StaticThresholdCriterion',
        },
      ],
    },
    actions: [{ actionGroupId: ONCALL }],
  }),
  asked: made('monitor:ScheduledQueryRule', {
    ruleName: 'asked',
    enabled: true,
    severity: 1,
    evaluationFrequency: 'PT5M',
    windowSize: 'PT15M',
    scopes: [LOGS],
    criteria: {
      allOf: [
        {
          query: QUERY,
          timeAggregation: 'Count',
          operator: 'GreaterThan',
          threshold: 0,
          dimensions: [{ name: 'Country', operator: 'Include', values: ['*'] }],
          failingPeriods: { numberOfEvaluationPeriods: 2, minFailingPeriodsToAlert: 1 },
        },
      ],
    },
    actions: { actionGroups: [ONCALL] },
  }),
  travel: made('securityinsights:ScheduledAlertRule', {
    workspaceName: 'caselogs',
    ruleId: 'travel',
    kind: 'Scheduled',
    displayName: 'Impossible travel',
    enabled: true,
    severity: 'High',
    query: QUERY,
    queryFrequency: 'PT1H',
    queryPeriod: 'P1D',
    triggerOperator: 'GreaterThan',
    triggerThreshold: 0,
    suppressionEnabled: false,
    suppressionDuration: 'PT5H',
  }),
  defended: made('securityinsights:MicrosoftSecurityIncidentCreationAlertRule', {
    workspaceName: 'caselogs',
    ruleId: 'defended',
    kind: 'MicrosoftSecurityIncidentCreation',
    displayName: 'Defender',
    enabled: true,
    productFilter: 'Azure Security Center',
  }),
  office: made('securityinsights:OfficeDataConnector', {
    workspaceName: 'caselogs',
    dataConnectorId: 'office',
    kind: 'Office365',
    tenantId: '22222222-2222-2222-2222-222222222222',
    dataTypes: { exchange: { state: 'Enabled' }, sharePoint: { state: 'Enabled' }, teams: { state: 'Disabled' } },
  }),
  contain: made('securityinsights:AutomationRule', {
    workspaceName: 'caselogs',
    automationRuleId: 'contain',
    displayName: 'Contain',
    order: 1,
    triggeringLogic: { isEnabled: true, triggersOn: 'Incidents', triggersWhen: 'Created', conditions: [] },
    actions: [{ actionType: 'RunPlaybook', order: 1, actionConfiguration: { logicAppResourceId: PLAYBOOK } }],
  }),
  trusted: made('securityinsights:Watchlist', {
    workspaceName: 'caselogs',
    watchlistAlias: 'TrustedAddresses',
    displayName: 'Addresses that are left out',
    itemsSearchKey: 'ip',
    provider: 'cases',
    rawContent: 'ip\n192.0.2.1\n',
  }),
  servers: made('security:Pricing', {
    scopeId: OURS.slice(1),
    pricingName: 'VirtualMachines',
    pricingTier: 'Standard',
    subPlan: 'P2',
    enforce: 'True',
  }),
  uploads: made('security:Pricing', {
    scopeId: OURS.slice(1),
    pricingName: 'StorageAccounts',
    pricingTier: 'Standard',
    subPlan: 'DefenderForStorageV2',
    extensions: [
      { name: 'OnUploadMalwareScanning', isEnabled: 'True', additionalExtensionProperties: { CapGBPerMonthPerStorageAccount: '5000' } },
    ],
  }),
  contact: made('security:SecurityContact', {
    securityContactName: 'default',
    emails: 'soc@example.com;ciso@example.com',
    phone: '5550100',
    isEnabled: true,
    notificationsByRole: { state: 'On', roles: ['Owner', 'Contributor'] },
    notificationsSources: [
      { sourceType: 'Alert', minimalSeverity: 'Medium' },
      { sourceType: 'AttackPath', minimalRiskLevel: 'High' },
    ],
  }),
  stream: made('security:Automation', {
    automationName: 'stream',
    isEnabled: true,
    scopes: [{ scopePath: OURS }],
    sources: [{ eventSource: 'Alerts', ruleSets: [] }, { eventSource: 'Assessments' }],
    actions: [{ actionType: 'Workspace', workspaceResourceId: LOGS }],
  }),
  threats: made('sql:ServerSecurityAlertPolicy', {
    serverName: 'casesql',
    securityAlertPolicyName: 'default',
    state: 'Enabled',
    emailAccountAdmins: true,
    emailAddresses: ['soc@example.com'],
    disabledAlerts: ['Data_Exfiltration'],
  }),
  scans: made('sql:ServerVulnerabilityAssessment', {
    serverName: 'casesql',
    vulnerabilityAssessmentName: 'default',
    storageContainerPath: 'https://casearchive.blob.core.windows.net/scans',
    recurringScans: { isEnabled: true, emailSubscriptionAdmins: true, emails: ['soc@example.com'] },
  }),
  weekend: made('alertsmanagement:AlertProcessingRuleByName', {
    alertProcessingRuleName: 'weekend',
    properties: {
      enabled: true,
      scopes: [idOf('Microsoft.Compute', 'virtualMachines/test')],
      actions: [{ actionType: 'RemoveAllActionGroups' }],
      conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev4'] }],
      schedule: { effectiveFrom: '2026-11-01T00:00:00', effectiveUntil: '2026-12-01T00:00:00', timeZone: 'UTC' },
    },
  }),
  dismissed: made('security:AlertsSuppressionRule', {
    alertsSuppressionRuleName: 'dismissed',
    alertType: 'IpAnomaly',
    reason: 'FalsePositive',
    state: 'Enabled',
    expirationDateUtc: '2026-12-01T00:00:00Z',
    suppressionAlertsScope: { allOf: [{ field: 'entities.ip.address', in: ['192.0.2.1'] }] },
  }),
};
const RULE = 'asked.criteria.allOf.0';

const NOTICED: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, BASE, {
  'detection on Azure: an alert looks for one operation of two': [
    'detection: roles',
    { 'roles.condition.allOf.1': { field: 'operationName', equals: WRITES } },
  ],
  'detection on Azure: an alert looks for what fails only': [
    'detection: roles',
    { 'roles.condition.allOf.2': { field: 'status', equals: 'Failed' } },
  ],
  'detection on Azure: an alert looks for another operation': [
    'detection: roles',
    { 'roles.condition.allOf.1': { field: 'operationName', equals: 'Microsoft.Authorization/locks/delete' } },
  ],
  'detection on Azure: an alert watches a group only': ['detection: roles', { 'roles.scopes': [`${OURS}/resourceGroups/cases`] }],
  'detection on Azure: what an alert watches cannot be told': [
    'detection: roles',
    { 'roles.scopes': ['04da6b54-80e4-46f7-96ec-b56ff0331ba9'] },
  ],
  'detection on Azure: an alert goes off later': ['detection: load', { 'load.criteria.allOf.0.threshold': '1000' }],
  'detection on Azure: an alert has to meet two tests': [
    'detection: load',
    { 'load.criteria.allOf.1': { name: 'more', metricName: 'Requests', operator: 'GreaterThan', threshold: 1, timeAggregation: 'Total' } },
  ],
  'detection on Azure: an alert looks once a day': ['detection: load', { 'load.evaluationFrequency': 'P1D' }],
  'detection on Azure: an alert is of less severity': ['detection: load', { 'load.severity': 4 }],
  'detection on Azure: a query has further tests': ['detection: asked', { [`${RULE}.query`]: `${QUERY}\n| where count_ > 500` }],
  'detection on Azure: a query asks for something else': ['detection: asked', { [`${RULE}.query`]: 'SigninLogs | where false' }],
  'detection on Azure: a query is met twice before somebody is told': [
    'detection: asked',
    { [`${RULE}.failingPeriods.minFailingPeriodsToAlert`]: 2 },
  ],
  'detection on Azure: a query is asked of one country': ['detection: asked', { [`${RULE}.dimensions.0.values`]: ['DE'] }],
  'detection on Azure: an alert is quiet for a day': ['detection: asked', { 'asked.muteActionsDuration': 'P1D' }],
  'detection on Azure: nobody is called': ['detection: oncall', { 'oncall.voiceReceivers': GONE }],
  'detection on Azure: nothing is started': ['detection: oncall', { 'oncall.logicAppReceivers': [] }],
  'detection on Azure: a rule is of no severity': ['detection: travel', { 'travel.severity': 'informational' }],
  'detection on Azure: a rule is quiet after an alert': ['detection: travel', { 'travel.suppressionEnabled': true }],
  'detection on Azure: a rule looks once in two weeks': [
    'detection: travel',
    { 'travel.queryFrequency': 'P14D', 'travel.queryPeriod': 'P14D' },
  ],
  'detection on Azure: a rule looks back for five minutes': ['detection: travel', { 'travel.queryPeriod': 'PT5M' }],
  'detection on Azure: a rule needs more results': ['detection: travel', { 'travel.triggerThreshold': 100 }],
  'detection on Azure: a rule asks for fewer results': ['detection: travel', { 'travel.triggerOperator': 'LessThan' }],
  'detection on Azure: a rule makes no incidents': ['detection: travel', { 'travel.incidentConfiguration': { createIncident: false } }],
  'detection on Azure: only grave alerts make incidents': ['detection: defended', { 'defended.severitiesFilter': ['High'] }],
  'detection on Azure: alerts that are called so make no incidents': [
    'detection: defended',
    { 'defended.displayNamesExcludeFilter': ['Suspicious'] },
  ],
  'detection on Azure: a connector brings in less': ['detection: office', { 'office.dataTypes.sharePoint.state': 'Disabled' }],
  'detection on Azure: a connector is gone': ['detection: office', { office: GONE }],
  'detection on Azure: a playbook is not started': ['detection: contain', { 'contain.triggeringLogic.isEnabled': false }],
  'detection on Azure: incidents are marked as harmless': [
    'detection: hushed',
    {
      hushed: made('securityinsights:AutomationRule', {
        workspaceName: 'caselogs',
        automationRuleId: 'hushed',
        displayName: 'Hushed',
        order: 2,
        triggeringLogic: { isEnabled: true, triggersOn: 'Incidents', triggersWhen: 'Created' },
        actions: [{ actionType: 'ModifyProperties', order: 1, actionConfiguration: { severity: 'Informational' } }],
      }),
    },
  ],
  'detection on Azure: one more address is left out': ['detection: trusted', { 'trusted.rawContent': 'ip\n192.0.2.1\n0.0.0.0/0\n' }],
  'detection on Azure: a smaller plan': ['detection: servers', { 'servers.subPlan': 'P1' }],
  'detection on Azure: a plan may be turned off below': ['detection: servers', { 'servers.enforce': 'False' }],
  'detection on Azure: little of what is uploaded is scanned': [
    'detection: uploads',
    { 'uploads.extensions.0.additionalExtensionProperties.CapGBPerMonthPerStorageAccount': '10' },
  ],
  'detection on Azure: a contact hears of grave alerts only': [
    'detection: contact',
    { 'contact.notificationsSources.0.minimalSeverity': 'High' },
  ],
  'detection on Azure: a contact hears of no paths of attack': ['detection: contact', { 'contact.notificationsSources.1': GONE }],
  'detection on Azure: somebody else hears of alerts': ['detection: elsewhere', { 'contact.emails': 'soc@elsewhere.example' }],
  'detection on Azure: one contact less': ['detection: ciso@example.com', { 'contact.emails': 'soc@example.com' }],
  'detection on Azure: roles hear of nothing': ['detection: contact', { 'contact.notificationsByRole.state': 'Off' }],
  'detection on Azure: nobody is contacted': ['detection: contact', { 'contact.isEnabled': 'Off' }],
  'detection on Azure: alerts are not passed on': ['detection: stream', { 'stream.sources': [{ eventSource: 'Assessments' }] }],
  'detection on Azure: only grave alerts are passed on': [
    'detection: stream',
    {
      'stream.sources.0.ruleSets': [
        { rules: [{ propertyJPath: 'Severity', propertyType: 'String', operator: 'Equals', expectedValue: 'High' }] },
      ],
    },
  ],
  'detection on Azure: findings of one group are passed on': [
    'detection: stream',
    { 'stream.scopes.0.scopePath': `${OURS}/resourceGroups/cases` },
  ],
  'detection on Azure: findings are not passed on': ['detection: stream', { 'stream.isEnabled': 'false' }],
  'detection on Azure: one more threat is not looked for': [
    'detection: threats',
    { 'threats.disabledAlerts': ['Sql_Injection', 'Data_Exfiltration'] },
  ],
  'detection on Azure: administrators hear of no threats': [
    'detection: threats',
    { 'threats.emailAccountAdmins': 'Disabled', 'threats.emailAddresses': [] },
  ],
  'detection on Azure: weak points are not looked for': ['detection: scans', { 'scans.recurringScans.isEnabled': false }],
  'detection on Azure: weak points are taken for accepted': [
    'detection: accepted',
    {
      accepted: made('sql:DatabaseVulnerabilityAssessmentRuleBaseline', {
        serverName: 'casesql',
        databaseName: 'cases',
        ruleId: 'VA1017',
        baselineName: 'master',
        baselineResults: [{ result: ['guest', 'yes'] }],
      }),
    },
  ],
  'detection on Azure: alerts of the whole subscription are quiet': ['detection: weekend', { 'weekend.properties.scopes': [OURS] }],
  'detection on Azure: alerts of any severity are quiet': ['detection: weekend', { 'weekend.properties.conditions': GONE }],
  'detection on Azure: alerts are quiet for ever': ['detection: weekend', { 'weekend.properties.schedule': GONE }],
  'detection on Azure: alerts are quiet from now on': [
    'detection: quiet',
    {
      quiet: made('alertsmanagement:ActionRuleByName', {
        actionRuleName: 'quiet',
        properties: { type: 'Suppression', status: 'Enabled', scope: { scopeType: 'Subscription', values: [OURS] } },
      }),
    },
  ],
  'detection on Azure: alerts are dismissed for longer': [
    'detection: dismissed',
    { 'dismissed.expirationDateUtc': '2036-12-01T00:00:00Z' },
  ],
  'detection on Azure: alerts are dismissed wherever they come from': [
    'detection: dismissed',
    { 'dismissed.suppressionAlertsScope': GONE },
  ],
});

const HUNTS: Readonly<Record<string, object>> = {
  Workspace: { type: 'Microsoft.OperationalInsights/workspaces', apiVersion: '2023-09-01', name: 'caselogs', properties: {} },
  Instant: {
    type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
    apiVersion: '2024-03-01',
    name: 'caselogs/Microsoft.SecurityInsights/instant',
    kind: 'NRT',
    properties: {
      displayName: 'Instant',
      enabled: true,
      severity: 'High',
      query: 'SigninLogs',
      suppressionEnabled: false,
      suppressionDuration: 'PT1H',
    },
  },
  Office: {
    type: 'Microsoft.OperationalInsights/workspaces/providers/dataConnectors',
    apiVersion: '2024-03-01',
    name: 'caselogs/Microsoft.SecurityInsights/office',
    kind: 'Office365',
    properties: {
      tenantId: '22222222-2222-2222-2222-222222222222',
      dataTypes: { exchange: { state: 'Enabled' }, sharePoint: { state: 'Enabled' } },
    },
  },
  Contact: {
    type: 'Microsoft.Security/securityContacts',
    apiVersion: '2020-01-01-preview',
    name: 'default',
    properties: {
      emails: 'soc@example.com',
      alertNotifications: { state: 'On', minimalSeverity: 'Low' },
      notificationsByRole: { state: 'On', roles: ['Owner'] },
    },
  },
};

const IN_TEMPLATES: Readonly<Record<string, Weakening>> = weakenings(armWith, HUNTS, {
  'detection on Azure: in a template, a rule that looks at once is of low severity': ['detection: instant', { 'Instant.severity': 'Low' }],
  'detection on Azure: in a template, a rule that looks at once is off': ['detection: instant', { 'Instant.enabled': false }],
  'detection on Azure: in a template, a connector brings in less': [
    'detection: office',
    { 'Office.dataTypes.sharePoint.state': 'Disabled' },
  ],
  'detection on Azure: in a template, a contact of an older form hears of grave alerts only': [
    'detection: default',
    { 'Contact.alertNotifications.minimalSeverity': 'High' },
  ],
  'detection on Azure: in a template, a contact of an older form hears of nothing': [
    'detection: default',
    { 'Contact.alertNotifications.state': 'Off' },
  ],
});

export const DETECTION_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(armWith, HUNTS, {
    'detection on Azure: in a template, a contact of an older form hears of as much': {
      'Contact.alertNotifications': { minimalSeverity: 'low', state: 'on' },
      'Contact.notificationsByRole': { roles: ['owner'], state: 'On' },
    },
    'detection on Azure: in a template, a rule that looks at once is told otherwise': {
      'Instant.query': 'SigninLogs // all of them',
      'Instant.displayName': 'At once',
    },
  }),
  ...harmless(pulumiWith, BASE, {
    'detection on Azure: tests in another order and case': {
      'roles.condition.allOf': [
        {
          anyOf: [
            { field: 'OperationName', equals: DELETES.toLowerCase() },
            { field: 'operationName', equals: WRITES },
          ],
        },
        { field: 'category', equals: 'administrative' },
      ],
    },
    'detection on Azure: an alert looks for more operations': {
      'roles.condition.allOf.1': { field: 'operationName', containsAny: ['Microsoft.Authorization/roleAssignments'] },
    },
    'detection on Azure: a scope with a slash, in capitals': {
      'roles.scopes': [`${OURS}/`],
      'load.scopes': [LOGS.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')],
    },
    'detection on Azure: an alert watches more than before': {
      'load.scopes': [`${OURS}/resourceGroups/cases`],
      'weekend.properties.enabled': false,
    },
    'detection on Azure: a query is laid out otherwise': {
      [`${RULE}.query`]: 'SigninLogs | where ResultType!=0 | summarize count()  by UserPrincipalName',
      'travel.query': QUERY.replace(' // all that fail', ''),
    },
    'detection on Azure: hours are written as minutes': {
      'travel.queryFrequency': 'PT60M',
      'travel.queryPeriod': 'PT24H',
      'load.windowSize': 'PT0H5M',
    },
    'detection on Azure: alerts go off sooner': {
      'load.criteria.allOf.0.threshold': 1,
      'travel.severity': 'High',
      'asked.evaluationFrequency': 'PT1M',
    },
    'detection on Azure: a rule is called otherwise': {
      'travel.displayName': 'Travel that cannot be',
      'travel.suppressionDuration': 'PT1H',
    },
    'detection on Azure: a list of all severities': { 'defended.severitiesFilter': ['Low', 'High', 'Medium', 'Informational'] },
    'detection on Azure: a connector brings in more': { 'office.dataTypes.teams.state': 'Enabled' },
    'detection on Azure: a receiver gets another name': {
      'oncall.emailReceivers.0.name': 'team',
      'oncall.smsReceivers': [{ name: 'sms', countryCode: '49', phoneNumber: '5550101' }],
    },
    'detection on Azure: contacts in another order, with commas': {
      'contact.emails': 'ciso@example.com, SOC@example.com',
      'contact.notificationsByRole.roles': ['Contributor', 'Owner'],
    },
    'detection on Azure: a contact hears of more': { 'contact.notificationsSources.0.minimalSeverity': 'Low' },
    'detection on Azure: sources in another order, without an empty list': {
      'stream.sources': [{ eventSource: 'Assessments', ruleSets: [] }, { eventSource: 'Alerts' }],
      'stream.scopes.0.scopePath': `${OURS}/`,
    },
    'detection on Azure: a further plan': {
      more: made('security:Pricing', { scopeId: OURS.slice(1), pricingName: 'KeyVaults', pricingTier: 'Standard' }),
    },
    'detection on Azure: fewer alerts are quiet': {
      'weekend.properties.conditions.1': { field: 'MonitorService', operator: 'Equals', values: ['Platform'] },
      'weekend.properties.schedule.effectiveUntil': '2026-11-20T00:00:00',
      'dismissed.suppressionAlertsScope.allOf.1': { field: 'entities.host.name', in: ['test'] },
    },
    'detection on Azure: fewer entries are left out': { 'trusted.rawContent': 'ip\r\n' },
    'detection on Azure: a rule that keeps nothing quiet': {
      quiet: made('alertsmanagement:AlertProcessingRuleByName', {
        alertProcessingRuleName: 'quiet',
        properties: { enabled: false, scopes: [OURS], actions: [{ actionType: 'RemoveAllActionGroups' }] },
      }),
    },
  }),
};

export const DETECTION_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...NOTICED, ...IN_TEMPLATES };
