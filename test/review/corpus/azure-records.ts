/** Pairs on Azure about what is recorded of each resource and where it goes, however it is written. */
import { GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const OURS = '/subscriptions/00000000-0000-0000-0000-000000000001';
const THEIRS = '/subscriptions/99999999-9999-9999-9999-999999999999';
const URN = 'urn:pulumi:production::cases::';
const urn = (type: string, name: string) => `${URN}azure-native:${type}::${name}`;
const idOf = (provider: string, name: string) => `${OURS}/resourceGroups/cases/providers/${provider}/${name}`;

/** A resource of a program as `pulumi stack export` writes it. */
const made = (type: string, inputs: object, id?: string, refers: Readonly<Record<string, readonly string[]>> = {}) => ({
  type: `azure-native:${type}`,
  inputs: { resourceGroupName: 'cases', ...inputs },
  ...(id === undefined ? {} : { id }),
  propertyDependencies: refers,
  dependencies: Object.values(refers).flat(),
});
const lines = (...categories: readonly string[]) => categories.map((category) => ({ category, enabled: true }));
const groups = (...names: readonly string[]) => names.map((categoryGroup) => ({ categoryGroup, enabled: true }));

const VAULT = idOf('Microsoft.KeyVault', 'vaults/casevault');
const STORE = idOf('Microsoft.Storage', 'storageAccounts/caserecords');
const ARCHIVE = idOf('Microsoft.Storage', 'storageAccounts/casearchive');
const LOGS = idOf('Microsoft.OperationalInsights', 'workspaces/caselogs');
const OTHER = idOf('Microsoft.OperationalInsights', 'workspaces/otherlogs');
const FOREIGN = `${THEIRS}/resourceGroups/x/providers/Microsoft.OperationalInsights/workspaces/foreign`;
const HUB = idOf('Microsoft.EventHub', 'namespaces/casehub');

const setting = (resourceUri: string, logs: readonly object[], more: object = { workspaceId: LOGS }) =>
  made('monitor:DiagnosticSetting', { name: 'all', resourceUri, logs, ...more });

/** State of a program: what is recorded, what records it, and where it is kept. */
const BASE: Readonly<Record<string, object>> = {
  vault: made('keyvault:Vault', { vaultName: 'casevault', properties: { enablePurgeProtection: true, tenantId: 't' } }, VAULT),
  store: made('storage:StorageAccount', { accountName: 'caserecords', kind: 'StorageV2' }, STORE),
  blobs: made(
    'storage:BlobServiceProperties',
    { accountName: 'caserecords', blobServicesName: 'default' },
    `${STORE}/blobServices/default`,
    {
      accountName: [urn('storage:StorageAccount', 'store')],
    },
  ),
  archive: made('storage:StorageAccount', { accountName: 'casearchive', kind: 'StorageV2' }, ARCHIVE),
  logs: made('operationalinsights:Workspace', { workspaceName: 'caselogs', retentionInDays: 400 }, LOGS),
  other: made('operationalinsights:Workspace', { workspaceName: 'otherlogs', retentionInDays: 400 }, OTHER),
  bus: made('servicebus:Namespace', { namespaceName: 'casebus' }, idOf('Microsoft.ServiceBus', 'namespaces/casebus')),
  vaultLogs: setting(VAULT, lines('AuditEvent', 'AzurePolicyEvaluationDetails'), { workspaceId: LOGS, storageAccountId: ARCHIVE }),
  blobLogs: setting(`${STORE}/blobServices/default`, lines('StorageRead', 'StorageWrite', 'StorageDelete')),
  busLogs: setting(idOf('Microsoft.ServiceBus', 'namespaces/casebus'), lines('OperationalLogs', 'RuntimeAuditLogs'), {
    eventHubAuthorizationRuleId: `${HUB}/authorizationRules/send`,
    eventHubName: 'records',
    metrics: [{ category: 'AllMetrics', enabled: true }],
  }),
  activity: made('monitor:SubscriptionDiagnosticSetting', {
    name: 'activity',
    workspaceId: LOGS,
    logs: lines('Administrative', 'Security', 'Policy', 'Alert'),
  }),
  directory: made('aadiam:DiagnosticSetting', {
    name: 'directory',
    workspaceId: LOGS,
    logs: lines('AuditLogs', 'SignInLogs', 'ServicePrincipalSignInLogs'),
  }),
};

const SETTINGS: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, BASE, {
  'records of Azure: of a vault nothing is collected any more': ['logging: vault', { vaultLogs: GONE }],
  'records of Azure: a category is switched off': ['logging: StorageRead', { 'blobLogs.logs.0.enabled': false }],
  'records of Azure: a category is left out': ['logging: StorageDelete', { 'blobLogs.logs': lines('StorageRead', 'StorageWrite') }],
  'records of Azure: a setting that is split loses a category': [
    'logging: StorageDelete',
    { 'blobLogs.logs': lines('StorageRead'), more: setting(`${STORE}/blobServices/default`, lines('StorageWrite')) },
  ],
  'records of Azure: a group takes the place of more than it holds': [
    'logging: AzurePolicyEvaluationDetails',
    { 'vaultLogs.logs': groups('audit') },
  ],
  'records of Azure: nobody knows what the group of a service holds': ['logging: bus', { 'busLogs.logs': groups('audit') }],
  'records of Azure: records go to another workspace': ['logging: otherlogs|other', { 'blobLogs.workspaceId': OTHER }],
  'records of Azure: records go to somebody else': ['logging: foreign [organisation]', { 'blobLogs.workspaceId': FOREIGN }],
  'records of Azure: somebody else gets a copy': [
    'logging: foreign [organisation]',
    { copy: setting(VAULT, lines('AuditEvent'), { workspaceId: FOREIGN }) },
  ],
  'records of Azure: what nobody recorded goes to somebody else': [
    'logging: foreign [organisation]',
    { fresh: setting(ARCHIVE, groups('allLogs'), { workspaceId: FOREIGN }) },
  ],
  'records of Azure: the archive gets nothing any more': ['logging: archive', { 'vaultLogs.storageAccountId': GONE }],
  'records of Azure: the archive gets less than the workspace': [
    'logging: archive',
    {
      'vaultLogs.storageAccountId': GONE,
      kept: setting(VAULT, lines('AzurePolicyEvaluationDetails'), { storageAccountId: ARCHIVE }),
    },
  ],
  'records of Azure: records go to another hub': ['logging: elsewhere', { 'busLogs.eventHubName': 'elsewhere' }],
  'records of Azure: a setting sends nowhere': ['logging: store', { 'blobLogs.workspaceId': GONE }],
  'records of Azure: a setting is turned to something else': ['logging: vault', { 'vaultLogs.resourceUri': STORE }],
  'records of Azure: only deployment tells what a setting is for': [
    'logging: vault',
    { 'vaultLogs.resourceUri': '04da6b54-80e4-46f7-96ec-b56ff0331ba9' },
  ],
  'records of Azure: the archive is emptied after a week': [
    'logging: archive',
    {
      'vaultLogs.logs': lines('AuditEvent', 'AzurePolicyEvaluationDetails').map((line) => ({
        ...line,
        retentionPolicy: { enabled: true, days: 7 },
      })),
    },
  ],
  'records of Azure: the activity log records no policies': ['logging: subscription', { 'activity.logs.2.enabled': 'false' }],
  'records of Azure: the activity log goes to somebody else': ['logging: foreign [organisation]', { 'activity.workspaceId': FOREIGN }],
  'records of Azure: sign-ins of workloads are not recorded': [
    'logging: the directory',
    { 'directory.logs': lines('AuditLogs', 'SignInLogs') },
  ],
  'records of Azure: the directory is not recorded': ['logging: the directory', { directory: GONE }],
});

const SETTINGS_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, BASE, {
  'records of Azure: a setting is split in two': {
    'blobLogs.logs': lines('StorageRead'),
    more: setting(`${STORE}/blobServices/default`, lines('StorageDelete', 'StorageWrite')),
  },
  'records of Azure: a setting is renamed': { vaultLogs: GONE, renamed: BASE.vaultLogs as object },
  'records of Azure: everything takes the place of categories': { 'blobLogs.logs': groups('allLogs'), 'busLogs.logs': groups('allLogs') },
  'records of Azure: a group takes the place of what it holds': { 'blobLogs.logs': groups('audit') },
  'records of Azure: categories in another order': { 'activity.logs': lines('Alert', 'Policy', 'Security', 'Administrative') },
  'records of Azure: a category that is off is left out': {
    'vaultLogs.logs': [...lines('AzurePolicyEvaluationDetails', 'AuditEvent'), { category: 'New', enabled: false }],
  },
  'records of Azure: the service of the account is referred to': {
    'blobLogs.resourceUri': `${STORE}/blobServices/default/`,
    'blobLogs@propertyDependencies': { resourceUri: [urn('storage:BlobServiceProperties', 'blobs')] },
  },
  'records of Azure: a second setting says the same': { again: BASE.vaultLogs as object },
  'records of Azure: a second setting said the same to the same place': {
    copy: setting(VAULT, lines('AuditEvent'), { workspaceId: OTHER }),
  },
  'records of Azure: metrics are not copied any more': { 'busLogs.metrics': GONE },
  'records of Azure: ids in capitals': { 'vaultLogs.workspaceId': LOGS.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') },
  'records of Azure: another rule to send to the same hub': { 'busLogs.eventHubAuthorizationRuleId': `${HUB}/authorizationRules/writer` },
  'records of Azure: the activity log is written as a setting of the subscription': {
    activity: GONE,
    subscribed: setting(OURS, groups('allLogs')),
  },
});

// ── Workspaces, networks, databases, hosts, calls ──────────────────────────────────────────────────────────────────

const HOST = idOf('Microsoft.Compute', 'virtualMachines/casehost');
const NETWORK = idOf('Microsoft.Network', 'virtualNetworks/casenet');
const RULE = idOf('Microsoft.Insights', 'dataCollectionRules/hosts');
const LOGGER = idOf('Microsoft.ApiManagement', 'service/caseapi/loggers/hub');
const WORKSPACE_OF = { workspaceName: [urn('operationalinsights:Workspace', 'logs')] };

const KEEPERS: Readonly<Record<string, object>> = {
  archive: BASE.archive as object,
  logs: made(
    'operationalinsights:Workspace',
    {
      workspaceName: 'caselogs',
      retentionInDays: 400,
      workspaceCapping: { dailyQuotaGb: -1 },
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      publicNetworkAccessForQuery: 'Disabled',
    },
    LOGS,
  ),
  other: BASE.other as object,
  table: made(
    'operationalinsights:Table',
    { workspaceName: 'caselogs', tableName: 'SigninLogs', retentionInDays: 400, totalRetentionInDays: 2556 },
    `${LOGS}/tables/SigninLogs`,
    WORKSPACE_OF,
  ),
  own: made('operationalinsights:Table', { workspaceName: 'caselogs', tableName: 'Cases_CL' }, `${LOGS}/tables/Cases_CL`, WORKSPACE_OF),
  exported: made('operationalinsights:DataExport', {
    workspaceName: 'caselogs',
    dataExportName: 'archive',
    resourceId: ARCHIVE,
    tableNames: ['SigninLogs', 'AuditLogs'],
    enable: true,
  }),
  flows: made('network:FlowLog', {
    networkWatcherName: 'watcher',
    flowLogName: 'casenet',
    enabled: true,
    targetResourceId: NETWORK,
    storageId: ARCHIVE,
    retentionPolicy: { enabled: true, days: 400 },
    flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: { enabled: true, workspaceResourceId: LOGS } },
  }),
  audit: made('sql:ExtendedServerBlobAuditingPolicy', {
    serverName: 'casesql',
    blobAuditingPolicyName: 'default',
    state: 'Enabled',
    isAzureMonitorTargetEnabled: true,
    isDevopsAuditEnabled: true,
    storageEndpoint: 'https://casearchive.blob.core.windows.net',
    auditActionsAndGroups: ['BATCH_COMPLETED_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP'],
  }),
  rule: made(
    'monitor:DataCollectionRule',
    {
      dataCollectionRuleName: 'hosts',
      dataSources: {
        syslog: [{ name: 'all', facilityNames: ['auth', 'authpriv'], logLevels: ['Info', 'Warning'], streams: ['Microsoft-Syslog'] }],
        windowsEventLogs: [{ name: 'security', xPathQueries: ['Security!*'], streams: ['Microsoft-SecurityEvent'] }],
      },
      destinations: { logAnalytics: [{ name: 'logs', workspaceResourceId: LOGS }] },
      dataFlows: [{ streams: ['Microsoft-Syslog', 'Microsoft-SecurityEvent'], destinations: ['logs'] }],
    },
    RULE,
  ),
  follows: made('monitor:DataCollectionRuleAssociation', { associationName: 'hosts', dataCollectionRuleId: RULE, resourceUri: HOST }),
  telemetry: made('applicationinsights:Component', {
    resourceName: 'caseweb',
    kind: 'web',
    applicationType: 'web',
    workspaceResourceId: LOGS,
    retentionInDays: 400,
    samplingPercentage: 100,
    disableLocalAuth: true,
  }),
  calls: made('apimanagement:Diagnostic', {
    serviceName: 'caseapi',
    diagnosticId: 'azuremonitor',
    loggerId: LOGGER,
    alwaysLog: 'allErrors',
    sampling: { samplingType: 'fixed', percentage: 100 },
  }),
  links: made('monitor:PrivateLinkScope', {
    scopeName: 'links',
    accessModeSettings: { ingestionAccessMode: 'PrivateOnly', queryAccessMode: 'PrivateOnly' },
  }),
  linked: made('monitor:PrivateLinkScopedResource', { scopeName: 'links', name: 'logs', linkedResourceId: LOGS }),
  cluster: made('containerservice:ManagedCluster', {
    resourceName: 'casecluster',
    addonProfiles: { omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: LOGS } } },
    securityProfile: { defender: { logAnalyticsWorkspaceResourceId: LOGS, securityMonitoring: { enabled: true } } },
  }),
};
const ANALYSIS = 'flows.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration';

const KEPT: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, KEEPERS, {
  'records of Azure: a workspace takes a gigabyte a day': ['logging: logs', { 'logs.workspaceCapping.dailyQuotaGb': '1' }],
  'records of Azure: a workspace purges after 30 days': ['logging: logs', { 'logs.features.immediatePurgeDataOn30Days': true }],
  'records of Azure: a workspace takes keys': ['access|logging: logs', { 'logs.features.disableLocalAuth': false }],
  'records of Azure: a workspace is read from public networks': [
    'exposure|logging: logs',
    { 'logs.publicNetworkAccessForQuery': 'Enabled' },
  ],
  'records of Azure: a table keeps less than the archive of before': ['logging: 2556 to 400', { 'table.totalRetentionInDays': -1 }],
  'records of Azure: a workspace keeps less, and a table with it': ['logging: the table own', { 'logs.retentionInDays': 90 }],
  'records of Azure: a table can hardly be searched': ['logging: table', { 'table.plan': 'Basic' }],
  'records of Azure: a table keeps no longer than its workspace': ['logging: table', { table: GONE }],
  'records of Azure: a table goes with what it holds': ['logging: own', { own: GONE }],
  'records of Azure: fewer tables are copied': ['logging: AuditLogs', { 'exported.tableNames': ['SigninLogs'] }],
  'records of Azure: tables are copied elsewhere': [
    'access|logging: exported [organisation]',
    { 'exported.resourceId': `${THEIRS}/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/theirs` },
  ],
  'records of Azure: nothing is copied': ['logging: exported', { 'exported.enable': 'false' }],
  'records of Azure: nobody looks through flows': ['logging: flows', { [`${ANALYSIS}.enabled`]: false }],
  'records of Azure: flows are analysed elsewhere': ['logging: flows', { [`${ANALYSIS}.workspaceResourceId`]: OTHER }],
  'records of Azure: flows are kept for a week': ['logging: flows', { 'flows.retentionPolicy.days': 7 }],
  'records of Azure: only some flows are recorded': ['logging: flows', { 'flows.enabledFilteringCriteria': 'dstPort=443' }],
  'records of Azure: fewer statements are recorded': ['logging: audit', { 'audit.auditActionsAndGroups': ['BATCH_COMPLETED_GROUP'] }],
  'records of Azure: fewer statements are recorded, by a policy in its plain form': [
    'logging: plain',
    {
      audit: GONE,
      plain: { ...(KEEPERS.audit as object), type: 'azure-native:sql:ServerBlobAuditingPolicy' },
      'plain.auditActionsAndGroups': ['BATCH_COMPLETED_GROUP'],
    },
  ],
  'records of Azure: only some statements are recorded': ['logging: audit', { 'audit.predicateExpression': "object_name = 'cases'" }],
  'records of Azure: what support does is not recorded': ['logging: support', { 'audit.isDevopsAuditEnabled': false }],
  'records of Azure: statements do not reach the workspace': ['logging: audit', { 'audit.isAzureMonitorTargetEnabled': false }],
  'records of Azure: statements are kept elsewhere': [
    'logging: audit',
    { 'audit.storageEndpoint': 'https://elsewhere.blob.core.windows.net' },
  ],
  'records of Azure: fewer records of hosts': ['logging: authpriv', { 'rule.dataSources.syslog.0.facilityNames': ['auth'] }],
  'records of Azure: fewer events of hosts': [
    'logging: rule',
    { 'rule.dataSources.windowsEventLogs.0.xPathQueries': ['Security!*[System[(EventID=4625)]]'] },
  ],
  'records of Azure: a stream is not sent': ['logging: SecurityEvent', { 'rule.dataFlows.0.streams': ['Microsoft-Syslog'] }],
  'records of Azure: records of hosts are filtered on their way': [
    'logging: rule',
    { 'rule.dataFlows.0.transformKql': 'source | where Facility != "auth"' },
  ],
  'records of Azure: records of hosts go to somebody else': [
    'logging: foreign [organisation]',
    { 'rule.destinations.logAnalytics.0.workspaceResourceId': FOREIGN },
  ],
  'records of Azure: a host follows another rule': [
    'logging: follows',
    { 'follows.dataCollectionRuleId': idOf('Microsoft.Insights', 'dataCollectionRules/none') },
  ],
  'records of Azure: telemetry is sampled': ['logging: telemetry', { 'telemetry.samplingPercentage': 5 }],
  'records of Azure: telemetry goes elsewhere': ['access|logging: telemetry', { 'telemetry.workspaceResourceId': OTHER }],
  'records of Azure: one call in a hundred is recorded': ['logging: calls', { 'calls.sampling.percentage': 1 }],
  'records of Azure: calls that fail are recorded by chance': ['logging: calls', { 'calls.alwaysLog': GONE }],
  'records of Azure: calls are recorded elsewhere': ['logging: calls', { 'calls.loggerId': LOGGER.replace('hub', 'none') }],
  'records of Azure: records may be read from anywhere': ['exposure: links', { 'links.accessModeSettings.queryAccessMode': 'Open' }],
  'records of Azure: one connection also reaches what is public': [
    'exposure: links',
    {
      'links.accessModeSettings.exclusions': [
        { privateEndpointConnectionName: 'one', queryAccessMode: 'Open', ingestionAccessMode: 'PrivateOnly' },
      ],
    },
  ],
  'records of Azure: a workspace leaves its private links': ['exposure: linked', { linked: GONE }],
  'records of Azure: a cluster does not send records': ['logging: cluster', { 'cluster.addonProfiles.omsagent.enabled': false }],
  'records of Azure: a cluster sends records to somebody else': [
    'access|logging: foreign [organisation]',
    { 'cluster.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID': FOREIGN },
  ],
  'records of Azure: threats inside a cluster are not detected': [
    'detection: cluster',
    { 'cluster.securityProfile.defender.securityMonitoring.enabled': false },
  ],
});

const KEPT_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, KEEPERS, {
  'records of Azure: a cap is taken away, and said so in words': { 'logs.workspaceCapping': GONE },
  'records of Azure: a table says what its workspace says': { 'own.retentionInDays': 400, 'own.totalRetentionInDays': '400' },
  'records of Azure: a table keeps longer': { 'table.totalRetentionInDays': 4383 },
  'records of Azure: tables and groups in another order and case': {
    'exported.tableNames': ['AuditLogs', 'SigninLogs'],
    'audit.auditActionsAndGroups': ['failed_database_authentication_group', 'BATCH_COMPLETED_GROUP'],
  },
  'records of Azure: a policy in its plain form': {
    audit: GONE,
    plain: { ...(KEEPERS.audit as object), type: 'azure-native:sql:ServerBlobAuditingPolicy' },
  },
  'records of Azure: an endpoint with a slash': { 'audit.storageEndpoint': 'https://casearchive.blob.core.windows.net/' },
  'records of Azure: a filter of nothing': { 'flows.enabledFilteringCriteria': '', 'audit.predicateExpression': '' },
  'records of Azure: sources are split in two': {
    'rule.dataSources.syslog': [
      { name: 'one', facilityNames: ['authpriv'], logLevels: ['Warning', 'Info'], streams: ['Microsoft-Syslog'] },
      { name: 'two', facilityNames: ['auth'], logLevels: ['Info', 'Warning'], streams: ['Microsoft-Syslog'] },
    ],
  },
  'records of Azure: flows are split, and the place is called otherwise': {
    'rule.destinations.logAnalytics.0.name': 'workspace',
    'rule.dataFlows': [
      { streams: ['Microsoft-SecurityEvent'], destinations: ['workspace'], transformKql: 'source' },
      { streams: ['Microsoft-Syslog'], destinations: ['workspace'] },
    ],
  },
  'records of Azure: the workspace of a cluster in another case': {
    'cluster.addonProfiles': { omsagent: { enabled: 'true', config: { logAnalyticsWorkspaceResourceId: `${LOGS}/` } } },
  },
  'records of Azure: everything is sampled by default': { 'calls.sampling': GONE, 'telemetry.samplingPercentage': GONE },
  'records of Azure: another connection is private too': {
    'links.accessModeSettings.exclusions': [
      { privateEndpointConnectionName: 'one', queryAccessMode: 'PrivateOnly', ingestionAccessMode: 'PrivateOnly' },
    ],
  },
});

export const RECORDS_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...SETTINGS, ...KEPT };
export const RECORDS_HARMLESS: Readonly<Record<string, Harmless>> = { ...SETTINGS_HARMLESS, ...KEPT_HARMLESS };
