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
  'records of Azure: the archive gets nothing any more': ['logging: archive', { 'vaultLogs.storageAccountId': GONE }],
  'records of Azure: the archive gets less than the workspace': [
    'logging: archive',
    {
      'vaultLogs.storageAccountId': GONE,
      kept: setting(VAULT, lines('AzurePolicyEvaluationDetails'), { storageAccountId: ARCHIVE }),
    },
  ],
  'records of Azure: records go to another hub': ['logging: elsewhere', { 'busLogs.eventHubName': 'elsewhere' }],
  'records of Azure: metrics are not collected any more': ['logging: bus', { 'busLogs.metrics': GONE }],
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
  'records of Azure: ids in capitals': { 'vaultLogs.workspaceId': LOGS.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') },
  'records of Azure: another rule to send to the same hub': { 'busLogs.eventHubAuthorizationRuleId': `${HUB}/authorizationRules/writer` },
  'records of Azure: the activity log is written as a setting of the subscription': {
    activity: GONE,
    subscribed: setting(OURS, groups('allLogs')),
  },
});

export const RECORDS_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...SETTINGS };
export const RECORDS_HARMLESS: Readonly<Record<string, Harmless>> = { ...SETTINGS_HARMLESS };
