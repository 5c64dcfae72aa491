/** Pairs on Azure about rights and secrets: subscriptions that nothing named before, ends of rights, keys that a deployment shows. */
import { armWith, type Changes, type Harmless, harmless, type State, type Weakening, weakenings } from './pair';

const OTHER = '/subscriptions/99999999-9999-4999-8999-999999999998';
const OURS = '/subscriptions/11111111-1111-4111-8111-111111111111';
const TEAM = '22222222-2222-4222-8222-222222222222';
const GUESTS = '33333333-3333-4333-8333-333333333333';
const ROLES = '/providers/Microsoft.Authorization/roleDefinitions';
const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const BLOB_READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
const own = (role: string) => `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${role}')]`;

const LOGS = "[resourceId('Microsoft.OperationalInsights/workspaces', 'log-cases')]";
const setting = (to: object) => ({
  type: 'Microsoft.Insights/diagnosticSettings',
  apiVersion: '2021-05-01-preview',
  scope: "[format('Microsoft.KeyVault/vaults/{0}', 'kv-cases')]",
  name: 'records',
  properties: { ...to, logs: [{ categoryGroup: 'allLogs', enabled: true }] },
});
const assigned = (name: string, role: string, more: object = {}) => ({
  type: 'Microsoft.Authorization/roleAssignments',
  apiVersion: '2022-04-01',
  name,
  properties: { principalId: TEAM, principalType: 'Group', roleDefinitionId: role },
  ...more,
});
const eligible = (expiration: object, principalId = TEAM) => ({
  type: 'Microsoft.Authorization/roleEligibilityScheduleRequests',
  apiVersion: '2022-04-01-preview',
  name: "[guid('eligible')]",
  properties: {
    principalId,
    roleDefinitionId: own(CONTRIBUTOR),
    requestType: 'AdminUpdate',
    scheduleInfo: { expiration },
  },
});
const AFTER = (duration: string) => ({ type: 'AfterDuration', duration });

/** What Bicep writes: no subscription is named anywhere. */
const BASE: Readonly<Record<string, object>> = {
  Logs: {
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: '2023-09-01',
    name: 'log-cases',
    location: 'westeurope',
    properties: { sku: { name: 'PerGB2018' }, retentionInDays: 365 },
  },
  Vault: {
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2023-07-01',
    name: 'kv-cases',
    location: 'westeurope',
    properties: {
      tenantId: '[subscription().tenantId]',
      sku: { family: 'A', name: 'premium' },
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      publicNetworkAccess: 'Disabled',
    },
  },
  Store: {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2023-05-01',
    name: 'stcases',
    location: 'westeurope',
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
    properties: { allowSharedKeyAccess: false, allowBlobPublicAccess: false, publicNetworkAccess: 'Disabled' },
  },
  Records: setting({ workspaceId: LOGS }),
  Reads: assigned('reads', own(BLOB_READER), { scope: "[format('Microsoft.Storage/storageAccounts/{0}', 'stcases')]" }),
  Eligible: eligible(AFTER('P180D')),
  Dated: {
    ...eligible({ type: 'AfterDateTime', endDateTime: '2027-06-30T00:00:00Z' }, GUESTS),
    name: "[guid('dated')]",
    scope: "[format('Microsoft.KeyVault/vaults/{0}', 'kv-cases')]",
  },
};
const outside = (type: string, name: string) => `${OTHER}/resourceGroups/rg/providers/${type}/${name}`;
const archive = { storageAccountId: outside('Microsoft.Storage/storageAccounts', 'archive') };

const subscriptions = weakenings(armWith, BASE, {
  'records also go to the first subscription that a template names': [
    'logging: subscription 99999999 [organisation]',
    { Also: { ...setting(archive), name: 'archive' } },
  ],
  'records go to the first subscription that a template names instead': [
    'logging: subscription 99999999 [organisation]',
    { Records: setting({ workspaceId: outside('Microsoft.OperationalInsights/workspaces', 'log-other') }) },
  ],
  'a right on all of a subscription that is not known to be ours': [
    'access: everything in the subscription 99999999',
    { Owner: assigned('owner', own(OWNER), { scope: OTHER }) },
  ],
  'an end of an eligibility later': ['access: for 365 days instead of for 180 days', { Eligible: eligible(AFTER('P365D')) }],
  'an eligibility in years instead of days': ['access: instead of for 180 days', { Eligible: eligible(AFTER('P1Y')) }],
  'an eligibility that never ends': ['access: without end instead of for 180 days', { Eligible: eligible({ type: 'NoExpiration' }) }],
  'a later date on which an eligibility ends': [
    'access: until 2028-06-30 instead of until 2027-06-30',
    { 'Dated.scheduleInfo.expiration.endDateTime': '2028-06-30T00:00:00Z' },
  ],
  'a date instead of a length of time': [
    'access: until 2029-01-01 now instead of for 180 days',
    { Eligible: eligible({ type: 'AfterDateTime', endDateTime: '2029-01-01T00:00:00Z' }) },
  ],
});

const NAMED = { ...BASE, Named: assigned('named', `${OURS}${ROLES}/${READER}`) };
const named = weakenings(armWith, NAMED, {
  'records also go to a subscription besides the one that a template names': [
    'logging: subscription 99999999 [organisation]',
    { Also: { ...setting(archive), name: 'archive' } },
  ],
});

const same = harmless(armWith, BASE, {
  'the id of a workspace is written out': {
    Records: setting({ workspaceId: `${OURS}/resourceGroups/cases/providers/Microsoft.OperationalInsights/workspaces/log-cases` }),
  },
  'the id of a role is written out': { 'Reads.roleDefinitionId': `${OURS}${ROLES}/${BLOB_READER}` },
  'the scope of a right is written out': {
    'Reads@scope': `${OURS}/resourceGroups/cases/providers/Microsoft.Storage/storageAccounts/stcases`,
  },
  'an eligibility ends sooner': { Eligible: eligible(AFTER('P90D')) },
  'an eligibility ends sooner, in weeks': { Eligible: eligible(AFTER('P12W')) },
  'the same length of an eligibility in hours': { Eligible: eligible(AFTER('PT4320H')) },
  'an earlier date on which an eligibility ends': { 'Dated.scheduleInfo.expiration.endDateTime': '2027-01-31T00:00:00Z' },
  'the same date by a start and a length': {
    'Dated.scheduleInfo': { startDateTime: '2027-01-01T00:00:00Z', expiration: AFTER('P180D') },
  },
  'a sooner date by a start and a length': {
    'Dated.scheduleInfo': { startDateTime: '2026-12-01T00:00:00Z', expiration: AFTER('P90D') },
  },
});

// ── Roles of few operations ────────────────────────────────────────────────────────────────────────────────────────

const CUSTOM = {
  type: 'Microsoft.Authorization/roleDefinitions',
  apiVersion: '2022-04-01',
  name: 'a0000000-0000-4000-8000-00000000000a',
  properties: {
    roleName: 'Operators',
    permissions: [{ actions: ['Microsoft.Storage/storageAccounts/read'] }],
    assignableScopes: ['[subscription().id]'],
  },
};
const OPERATED = {
  Store: BASE.Store as object,
  Custom: CUSTOM,
  Operate: assigned(
    'operate',
    "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a0000000-0000-4000-8000-00000000000a')]",
    {
      scope: '[subscription().id]',
    },
  ),
};
const may = (...actions: readonly string[]) => ({
  'Custom.permissions': [{ actions: ['Microsoft.Storage/storageAccounts/read', ...actions] }],
});
const roles = weakenings(armWith, OPERATED, {
  'a role takes locks away': ['access: take locks away from everything', may('Microsoft.Authorization/locks/delete')],
  'a role may do everything to locks': ['access: take locks away from everything', may('Microsoft.Authorization/locks/*')],
  'a role sets locks': ['access: set and change locks', may('Microsoft.Authorization/locks/write')],
  'a role changes what is recorded': ['access: change what is recorded', may('Microsoft.Insights/diagnosticSettings/*')],
  'a role lists keys': ['access: list the keys of storage accounts', may('Microsoft.Storage/storageAccounts/listKeys/action')],
  'a role lists settings of apps': ['access: settings of web apps', may('Microsoft.Web/sites/config/list/action')],
});
const rolesSame = harmless(armWith, OPERATED, {
  'a role may look at locks': may('Microsoft.Authorization/locks/read'),
});

// ── Secrets that a deployment shows ────────────────────────────────────────────────────────────────────────────────

const STORE_ID = "resourceId('Microsoft.Storage/storageAccounts', 'stcases')";
const KEY = `listKeys(${STORE_ID}, '2023-05-01').keys[0].value`;
const SITED: Readonly<Record<string, object>> = {
  Store: BASE.Store as object,
  Site: {
    type: 'Microsoft.Web/sites',
    apiVersion: '2023-12-01',
    name: 'func-cases',
    location: 'westeurope',
    kind: 'functionapp',
    properties: {
      httpsOnly: true,
      siteConfig: { appSettings: [{ name: 'AzureWebJobsStorage__accountName', value: 'stcases' }] },
    },
  },
};
const SECTIONS = {
  parameters: { password: { type: 'securestring' } },
  variables: { key: `[${KEY}]` },
};
const shown = (outputs: object, changes: Changes = {}): State => ({ ...armWith(SITED, changes), sections: { ...SECTIONS, outputs } });
const QUIET = { id: { type: 'string', value: `[${STORE_ID}]` } };
const gives = (value: string, type = 'string') => ({ ...QUIET, more: { type, value } });
const nested = (outputs: object) => ({
  Inner: {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name: 'inner',
    properties: { mode: 'Incremental', template: { resources: [], outputs } },
  },
});
const SHOWN_BEFORE = shown(QUIET);
const gains = (naming: string, after: State): Weakening => ({ before: SHOWN_BEFORE, after, about: ['access'], naming });
const CONNECTION = 'DefaultEndpointsProtocol=https;AccountName=stcases;AccountKey={0}';
const setTo = (value: string) => [{ name: 'AzureWebJobsStorage', value }];

const secrets: Readonly<Record<string, Weakening>> = {
  'an output shows a key': gains('a key of the storage account stcases', shown(gives(`[${KEY}]`))),
  'an output shows a key by a variable, in a text': gains(
    'a key of the storage account stcases',
    shown(gives("[format('key {0}', variables('key'))]")),
  ),
  'an output in an object shows a key': gains(
    'a key of the storage account stcases',
    shown({ ...QUIET, more: { type: 'object', value: { a: { b: `[${KEY}]` } } } }),
  ),
  'an output shows a signature': gains(
    'a shared access signature of the storage account',
    shown(gives(`[listAccountSas(${STORE_ID}, '2023-05-01', createObject('signedServices', 'b')).accountSasToken]`)),
  ),
  'an output shows a secret parameter': gains('the parameter password', shown(gives("[parameters('password')]"))),
  'an output shows the keys of what nothing declares': gains(
    'of the redis redis-other',
    shown(gives("[listKeys(resourceId('Microsoft.Cache/redis', 'redis-other'), '2023-08-01').primaryKey]")),
  ),
  'a nested deployment shows a key': gains('of the deployment inner', shown(QUIET, nested(gives(`[${KEY}]`)))),
  'a setting holds a key': gains(
    'AzureWebJobsStorage',
    shown(QUIET, { 'Site.siteConfig.appSettings': setTo(`[format('${CONNECTION}', ${KEY})]`) }),
  ),
};
const SECRET_BEFORE = shown(gives(`[${KEY}]`), { 'Site.siteConfig.appSettings': setTo(`[format('${CONNECTION}', ${KEY})]`) });
const secretsSame: Readonly<Record<string, Harmless>> = {
  'an output of a secure type': { before: SHOWN_BEFORE, after: shown(gives(`[${KEY}]`, 'securestring')) },
  'an output of an address': { before: SHOWN_BEFORE, after: shown(gives(`[reference(${STORE_ID}).primaryEndpoints.blob]`)) },
  'an output under a condition that is never met': {
    before: SHOWN_BEFORE,
    after: shown({ ...QUIET, more: { type: 'string', condition: '[equals(1, 2)]', value: `[${KEY}]` } }),
  },
  'an output that shows a key has another name': {
    before: SECRET_BEFORE,
    after: shown(
      { ...QUIET, other: { type: 'string', value: "[variables('key')]" } },
      { 'Site.siteConfig.appSettings': setTo(`[concat('AccountName=stcases;AccountKey=', variables('key'))]`) },
    ),
  },
  'no output shows a key any more': { before: SECRET_BEFORE, after: shown(QUIET) },
};

export const HUNTED_ACCESS_WEAKENINGS = { ...subscriptions, ...named, ...roles, ...secrets };
export const HUNTED_ACCESS_HARMLESS = { ...same, ...rolesSame, ...secretsSame };
