/** Pairs on edges of Azure: which subnets stores answer, who stands behind front doors and gateways, and what asks callers. */
import { azure, OURS, THEIRS } from './azure-wiring';
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

// ── Subnets that stores answer ─────────────────────────────────────────────────────────────────────────────────────

const subnetOf = (group: string, network: string, name: string) => `${group}/Microsoft.Network/virtualNetworks/${network}/subnets/${name}`;
const APP = subnetOf(OURS, 'casenet', 'app');
const JOBS = subnetOf(OURS, 'casenet', 'jobs');
const STRANGER = subnetOf(THEIRS, 'theirs', 'machines');
const withId = (provider: string, resource: object) => ({ ...resource, id: `${OURS}/${provider}` });

const STORES: Readonly<Record<string, object>> = {
  network: withId(
    'Microsoft.Network/virtualNetworks/casenet',
    azure('network:VirtualNetwork', { virtualNetworkName: 'casenet', addressSpace: { addressPrefixes: ['10.0.0.0/16'] } }),
  ),
  app: withId(
    'Microsoft.Network/virtualNetworks/casenet/subnets/app',
    azure('network:Subnet', {
      virtualNetworkName: 'casenet',
      subnetName: 'app',
      addressPrefix: '10.0.1.0/24',
      privateEndpointNetworkPolicies: 'Enabled',
      networkSecurityGroup: { id: `${OURS}/Microsoft.Network/networkSecurityGroups/app` },
    }),
  ),
  jobs: withId(
    'Microsoft.Network/virtualNetworks/casenet/subnets/jobs',
    azure('network:Subnet', { virtualNetworkName: 'casenet', subnetName: 'jobs', addressPrefix: '10.0.2.0/24' }),
  ),
  records: withId(
    'Microsoft.Storage/storageAccounts/caserecords',
    azure('storage:StorageAccount', {
      accountName: 'caserecords',
      publicNetworkAccess: 'Enabled',
      networkRuleSet: { defaultAction: 'Deny', virtualNetworkRules: [{ virtualNetworkResourceId: APP }] },
    }),
  ),
  vault: azure('keyvault:Vault', {
    vaultName: 'casevault',
    properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny', virtualNetworkRules: [{ id: APP }] } },
  }),
  documents: azure('cosmosdb:DatabaseAccount', {
    accountName: 'casedocuments',
    isVirtualNetworkFilterEnabled: true,
    virtualNetworkRules: [{ id: APP }],
  }),
  model: azure('cognitiveservices:Account', {
    accountName: 'casemodel',
    properties: { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny', virtualNetworkRules: [{ id: APP }] } },
  }),
  bus: azure('servicebus:Namespace', { namespaceName: 'casebus' }),
  busNetworks: azure('servicebus:NamespaceNetworkRuleSet', {
    namespaceName: 'casebus',
    networkRuleSetName: 'default',
    defaultAction: 'Deny',
    virtualNetworkRules: [{ subnet: { id: APP } }],
  }),
  server: azure('sql:Server', { serverName: 'casesql', publicNetworkAccess: 'Enabled' }),
  serverApp: azure('sql:VirtualNetworkRule', { serverName: 'casesql', virtualNetworkRuleName: 'app', virtualNetworkSubnetId: APP }),
  endpoint: azure('network:PrivateEndpoint', {
    privateEndpointName: 'records',
    subnet: { id: APP },
    privateLinkServiceConnections: [
      { name: 'records', groupIds: ['blob'], privateLinkServiceId: `${OURS}/Microsoft.Storage/storageAccounts/caserecords` },
    ],
  }),
};
const serverRule = (id: string) =>
  azure('sql:VirtualNetworkRule', { serverName: 'casesql', virtualNetworkRuleName: 'more', virtualNetworkSubnetId: id });

const STORE_WEAKENINGS = weakenings(pulumiWith, STORES, {
  'Azure subnets: a stranger’s reaches the account': [
    'exposure: of the subscription 99999999-0000-0000-0000-000000000009 now reaches the storage account records [organisation]',
    { 'records.networkRuleSet.virtualNetworkRules.1': { virtualNetworkResourceId: STRANGER } },
  ],
  'Azure subnets: a stranger’s in place of ours': [
    'exposure: now reaches the storage account records [organisation]',
    { 'records.networkRuleSet.virtualNetworkRules.0.virtualNetworkResourceId': STRANGER },
  ],
  'Azure subnets: one more of ours reaches the account': [
    'exposure: the subnet jobs now reaches the storage account records',
    { 'records.networkRuleSet.virtualNetworkRules.1': { virtualNetworkResourceId: JOBS } },
  ],
  'Azure subnets: a stranger’s reaches the vault': [
    'exposure: now reaches the vault [organisation]',
    { 'vault.properties.networkAcls.virtualNetworkRules.1': { id: STRANGER } },
  ],
  'Azure subnets: one more of ours reaches documents': [
    'exposure: the subnet jobs now reaches the database account documents',
    { 'documents.virtualNetworkRules.1': { id: JOBS, ignoreMissingVNetServiceEndpoint: true } },
  ],
  'Azure subnets: a stranger’s reaches the model': [
    'exposure: now reaches the account model [organisation]',
    { 'model.properties.networkAcls.virtualNetworkRules.1': { id: STRANGER } },
  ],
  'Azure subnets: a stranger’s reaches the broker': [
    'exposure: now reaches the namespace bus [organisation]',
    { 'busNetworks.virtualNetworkRules.1': { subnet: { id: STRANGER } } },
  ],
  'Azure subnets: a stranger’s reaches the server by a rule of its own': [
    'exposure: now reaches the server [organisation]',
    { more: serverRule(STRANGER) },
  ],
  'Azure subnets: one more of ours reaches the server': ['exposure: the subnet jobs now reaches the server', { more: serverRule(JOBS) }],
  'Azure subnets: an endpoint stands in a stranger’s': [
    'exposure: reaches the storage account records [organisation]',
    { 'endpoint.subnet.id': STRANGER },
  ],
  'Azure subnets: an endpoint stands where no group decides': ['exposure: there no group decides', { 'endpoint.subnet.id': JOBS }],
});
const STORE_HARMLESS = harmless(pulumiWith, STORES, {
  'Azure subnets: the same, otherwise spelled': {
    'records.networkRuleSet.virtualNetworkRules.0.virtualNetworkResourceId': APP.replace('casenet', 'CaseNet').replace(
      'resourceGroups',
      'resourcegroups',
    ),
  },
  'Azure subnets: the same twice': {
    'vault.properties.networkAcls.virtualNetworkRules.1': { id: APP, ignoreMissingVnetServiceEndpoint: false },
  },
  'Azure subnets: one is no longer let in': { 'busNetworks.virtualNetworkRules.0': GONE },
  'Azure subnets: a rule of the server is called otherwise': { serverApp: GONE, other: serverRule(APP) },
  'Azure subnets: one more of an account that nobody reaches': {
    'records.publicNetworkAccess': 'Disabled',
    'records.networkRuleSet.virtualNetworkRules.1': { virtualNetworkResourceId: JOBS },
  },
});

export const EDGE_HUNTED_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...STORE_WEAKENINGS };
export const EDGE_HUNTED_HARMLESS: Readonly<Record<string, Harmless>> = { ...STORE_HARMLESS };
