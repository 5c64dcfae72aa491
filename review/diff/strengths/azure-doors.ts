/** Settings of Azure by which people and networks get in. Paths and defaults as the references of the services state them. */
import { off, on, row, type Strength, scale } from './parts';
import { passedBy } from './readings';

const STORAGE = /^azure-native:storage:StorageAccount$/;
const AZURE_STORE =
  /^azure-native:(storage:StorageAccount|keyvault:Vault|sql:Server|cosmosdb:DatabaseAccount|cognitiveservices:Account|search:Service|containerregistry:Registry|servicebus:Namespace|eventhub:Namespace|appconfiguration:ConfigurationStore|redis:Redis)$/;
/** Where services let those pass whom Azure trusts, and what holds where nobody says. */
const BYPASSES: readonly (readonly [type: RegExp, path: string, absent: boolean])[] = [
  [STORAGE, 'networkRuleSet.bypass', true],
  [/^azure-native:keyvault:(Vault|ManagedHsm)$/, 'properties.networkAcls.bypass', true],
  [/^azure-native:cosmosdb:DatabaseAccount$/, 'networkAclBypass', false],
  [/^azure-native:containerregistry:Registry$/, 'networkRuleBypassOptions', true],
  [/^azure-native:cognitiveservices:Account$/, 'properties.networkAcls.bypass', false],
  [/^azure-native:search:Service$/, 'networkRuleSet.bypass', false],
  [/^azure-native:(servicebus|eventhub):NamespaceNetworkRuleSet$/, 'trustedServiceAccessEnabled', false],
  [/^azure-native:synapse:Workspace$/, 'trustedServiceBypassEnabled', false],
];

export const AZURE_DOORS: readonly Strength[] = [
  row(/^azure-native:keyvault:Vault$/, 'properties.enableRbacAuthorization', 'access by role', 'access', on('false')),
  row(STORAGE, 'allowSharedKeyAccess', 'access by account key', 'access', { ...off('true'), severity: 'high' }),
  row(/^azure-native:(servicebus|eventhub):Namespace$/, 'disableLocalAuth', 'the refusal of keys', 'access', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:cosmosdb:DatabaseAccount$/, 'disableLocalAuth', 'the refusal of keys', 'access', { ...on('false'), severity: 'high' }),
  row(/^azure-native:containerregistry:Registry$/, 'adminUserEnabled', 'the administrator with a password', 'access', {
    ...off('false'),
    severity: 'high',
  }),
  row(/^azure-native:containerservice:ManagedCluster$/, 'disableLocalAccounts', 'the refusal of local accounts', 'access', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:containerservice:ManagedCluster$/, 'enableRBAC', 'access by role', 'access', { ...on('true'), severity: 'high' }),
  row(AZURE_STORE, 'publicNetworkAccess', 'whether public networks reach it', 'exposure', {
    order: { scale: ['Enabled', 'SecuredByPerimeter', 'Disabled'], absent: 'Enabled' },
    severity: 'high',
  }),
  row(/^azure-native:keyvault:Vault$/, 'properties.publicNetworkAccess', 'whether public networks reach it', 'exposure', {
    order: { scale: ['enabled', 'disabled'], absent: 'enabled' },
    severity: 'high',
  }),
  row(STORAGE, 'networkRuleSet.defaultAction', 'networks that are not listed', 'exposure', {
    order: { scale: ['Allow', 'Deny'], absent: 'Allow' },
    severity: 'high',
  }),
  row(/^azure-native:keyvault:Vault$/, 'properties.networkAcls.defaultAction', 'networks that are not listed', 'exposure', {
    order: { scale: ['Allow', 'Deny'], absent: 'Allow' },
    severity: 'high',
  }),
  ...BYPASSES.map(([type, path, absent]) =>
    row(type, path, 'its list of networks', 'exposure', {
      order: { more: 'weaker' },
      read: passedBy(path, absent),
      turns: [
        'trusted services of Azure get past its list of networks now',
        'trusted services of Azure no longer get past its list of networks',
      ],
    }),
  ),
  row(STORAGE, 'allowBlobPublicAccess', 'whether blobs can be made public', 'exposure', { ...off('false'), severity: 'high' }),
  row(/^azure-native:storage:BlobContainer$/, 'publicAccess', 'what anybody may read', 'exposure', {
    ...scale('None', 'Container', 'Blob', 'None'),
    severity: 'critical',
  }),
  row(/^azure-native:network:WebApplicationFirewallPolicy$/, 'policySettings.mode', 'what the firewall does', 'exposure', {
    ...scale('Detection', 'Detection', 'Prevention'),
    severity: 'high',
  }),
  row(/^azure-native:(frontdoor|cdn):Policy$/, 'policySettings.mode', 'what the firewall does', 'exposure', {
    ...scale('Prevention', 'Detection', 'Prevention'),
    severity: 'high',
  }),
  row(/^azure-native:(frontdoor|cdn):Policy$/, 'policySettings.enabledState', 'the firewall', 'exposure', {
    ...scale('Enabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
  row(/^azure-native:network:WebApplicationFirewallPolicy$/, 'policySettings.state', 'the firewall', 'exposure', {
    ...scale('Enabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
];
