/** Changes of templates of Azure that only a deployment shows that is none by default: parameters, conditions, rows that they pick. */
import { armWith, type Changes, type Harmless, type State, type Weakening } from './pair';

const p = (name: string) => `[parameters('${name}')]`;
const choice = (defaultValue: string, ...allowedValues: readonly string[]) => ({
  type: 'string',
  defaultValue,
  ...(allowedValues.length > 0 ? { allowedValues } : {}),
});
const flag = (defaultValue: boolean) => ({ type: 'bool', defaultValue });

const STORE = {
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-05-01',
  name: 'caserecords',
  location: 'westeurope',
  kind: 'StorageV2',
  sku: { name: 'Standard_ZRS' },
  properties: {
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    minimumTlsVersion: 'TLS1_2',
    publicNetworkAccess: 'Disabled',
    supportsHttpsTrafficOnly: true,
  },
};
const VAULT = {
  type: 'Microsoft.KeyVault/vaults',
  apiVersion: '2023-07-01',
  name: 'casevault',
  location: 'westeurope',
  properties: {
    tenantId: '00000000-0000-0000-0000-000000000009',
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    publicNetworkAccess: 'Disabled',
  },
};
const STRANGER = '22222222-2222-2222-2222-222222222222';
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const RIGHT = {
  type: 'Microsoft.Authorization/roleAssignments',
  apiVersion: '2022-04-01',
  name: '00000000-0000-0000-0000-000000000003',
  scope: 'Microsoft.Storage/storageAccounts/caserecords',
  condition: p('isTest'),
  properties: {
    principalId: STRANGER,
    principalType: 'Group',
    roleDefinitionId: `[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '${OWNER}')]`,
  },
};
const BASE = { store: STORE, vault: VAULT };
const PARAMETERS = {
  access: choice('Disabled', 'Disabled', 'Enabled'),
  env: choice('prod'),
  isTest: flag(false),
  days: { type: 'int', defaultValue: 90, allowedValues: [7, 30, 90] },
  Name: choice('caserecords'),
};
const SECTIONS = { parameters: PARAMETERS, variables: { keep: { prod: 'Disabled', dev: 'Disabled' } } };

const state = (changes: Changes = {}, sections: object = SECTIONS): State => ({ ...armWith(BASE, changes), sections });
const weaker = (
  changes: Changes,
  about: Weakening['about'],
  naming: string,
  { after = SECTIONS, before = {}, was = SECTIONS }: { after?: object; before?: Changes; was?: object } = {},
): Weakening => ({ before: state(before, was), after: state({ ...before, ...changes }, after), about, naming });
const same = (before: Changes, after: Changes, sections: object = SECTIONS, was: object = SECTIONS): Harmless => ({
  before: state(before, was),
  after: state(after, sections),
});
const without = (...names: readonly string[]) => ({
  ...SECTIONS,
  parameters: Object.fromEntries(Object.entries(PARAMETERS).filter(([name]) => !names.includes(name))),
});
const byEnv = (one: string, yes: string, no: string) => `[if(equals(parameters('env'), '${one}'), '${yes}', '${no}')]`;

export const HIDDEN_PARAMETER_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'hidden parameters: a new one may open a store': weaker(
    { 'store.publicNetworkAccess': p('access') },
    ['exposure'],
    'when parameter access is "Enabled"',
    { was: without('access') },
  ),
  'hidden parameters: one lists a value more that opens a vault': weaker({}, ['exposure'], 'when parameter access is "Enabled"', {
    before: { 'vault.publicNetworkAccess': p('access') },
    was: { ...SECTIONS, parameters: { ...PARAMETERS, access: choice('Disabled', 'Disabled', 'SecuredByPerimeter') } },
  }),
  'hidden parameters: a store is open outside of production': weaker(
    { 'store.publicNetworkAccess': byEnv('prod', 'Disabled', 'Enabled') },
    ['exposure'],
    'when parameter env is not "prod"',
  ),
  'hidden parameters: a store is open in one environment': weaker(
    { 'store.publicNetworkAccess': byEnv('lab', 'Enabled', 'Disabled') },
    ['exposure'],
    'when parameter env is "lab"',
  ),
  'hidden parameters: a stranger owns a store for a test': weaker({ stranger: RIGHT }, ['access'], 'when parameter isTest is true'),
  'hidden parameters: a variable opens a store for a test': weaker(
    { 'store.publicNetworkAccess': "[variables('reach')]" },
    ['exposure'],
    'when parameter isTest is true',
    { after: { ...SECTIONS, variables: { reach: "[if(parameters('isTest'), 'Enabled', 'Disabled')]" } } },
  ),
  'hidden parameters: a row of one environment opens a store': weaker({}, ['exposure'], 'when parameter env is "dev"', {
    before: { 'store.publicNetworkAccess': "[variables('keep')[parameters('env')]]" },
    after: { ...SECTIONS, variables: { keep: { prod: 'Disabled', dev: 'Enabled' } } },
  }),
  'hidden parameters: keys are taken for a test': weaker(
    { 'store.allowSharedKeyAccess': p('isTest') },
    ['access', 'encryption', 'exposure'],
    'when parameter isTest is true',
  ),
  'hidden parameters: a store whose name holds the environment is open in another': weaker(
    { 'store.publicNetworkAccess': byEnv('prod', 'Disabled', 'Enabled') },
    ['exposure'],
    'when parameter env is not "prod"',
    { before: { 'store@name': "[concat('cases', parameters('env'))]" } },
  ),
};

export const HIDDEN_PARAMETER_HARMLESS: Readonly<Record<string, Harmless>> = {
  'hidden parameters: what is written is given by default, and nothing else is allowed': same(
    {},
    { 'store.minimumTlsVersion': p('tls') },
    { ...SECTIONS, parameters: { ...PARAMETERS, tls: choice('TLS1_2', 'TLS1_2', 'TLS1_3') } },
  ),
  'hidden parameters: a switch that opened is taken out': same({ 'store.publicNetworkAccess': p('access') }, {}),
  'hidden parameters: one gets another name': same(
    { 'store.publicNetworkAccess': p('access') },
    { 'store.publicNetworkAccess': p('reach') },
    { ...SECTIONS, parameters: { ...without('access').parameters, reach: PARAMETERS.access } },
  ),
  'hidden parameters: both branches say the same': same({}, { 'store.publicNetworkAccess': byEnv('prod', 'Disabled', 'Disabled') }),
  'hidden parameters: a branch is written the other way round': same(
    { 'store.publicNetworkAccess': byEnv('prod', 'Disabled', 'Enabled') },
    { 'store.publicNetworkAccess': "[if(not(equals(parameters('env'), 'prod')), 'Enabled', 'Disabled')]" },
  ),
  'hidden parameters: a tag is added beside switches that are as they were': same(
    { 'store.publicNetworkAccess': p('access'), 'store.allowSharedKeyAccess': p('isTest') },
    { 'store.publicNetworkAccess': p('access'), 'store.allowSharedKeyAccess': p('isTest'), 'store@tags': { team: 'cases' } },
  ),
  'hidden parameters: a store whose name holds the environment gets a tag': same(
    { 'store@name': "[concat('cases', parameters('env'))]", 'vault.enableSoftDelete': "[equals(parameters('env'), 'prod')]" },
    {
      'store@name': "[concat('cases', parameters('env'))]",
      'store@tags': { env: p('env') },
      'vault.enableSoftDelete': "[equals(parameters('env'), 'prod')]",
    },
  ),
};
