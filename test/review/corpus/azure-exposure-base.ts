/** What stands in a network on Azure, and what answers the internet: gateways of every kind, and services that are shut. */
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const id = (type: string, ...names: readonly string[]) => `[resourceId('${type}', ${names.map((name) => `'${name}'`).join(', ')})]`;
const at = 'westeurope';
const is = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2024-05-01',
  name,
  location: at,
  ...more,
  properties,
});
const N = 'Microsoft.Network';
export const rule = (name: string, priority: number, more: object) => ({
  name,
  properties: {
    priority,
    access: 'Allow',
    direction: 'Inbound',
    protocol: 'Tcp',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '443',
    ...more,
  },
});
const subnet = (name: string, addressPrefix: string, more: object = {}) => ({
  name,
  properties: { addressPrefix, defaultOutboundAccess: false, ...more },
});
export const ofNet = (name: string) => ({ id: id(`${N}/virtualNetworks/subnets`, 'casenet', name) });
const group = (name: string) => ({ networkSecurityGroup: { id: id(`${N}/networkSecurityGroups`, name) } });
const table = (name: string) => ({ routeTable: { id: id(`${N}/routeTables`, name) } });
export const route = (name: string, addressPrefix: string, nextHopType: string, nextHopIpAddress?: string) => ({
  name,
  properties: { addressPrefix, nextHopType, ...(nextHopIpAddress === undefined ? {} : { nextHopIpAddress }) },
});
const address = (name: string) => is(`${N}/publicIPAddresses`, name, { publicIPAllocationMethod: 'Static' }, { sku: { name: 'Standard' } });
const publicAddress = (name: string) => ({ publicIPAddress: { id: id(`${N}/publicIPAddresses`, name) } });

/** A network with a firewall, a host, a gateway, a balancer; joined to others by nothing. */
export const NET: Readonly<Record<string, object>> = {
  Outer: is(`${N}/networkSecurityGroups`, 'outer', {
    securityRules: [
      rule('partner', 200, { sourceAddressPrefix: '203.0.113.0/24' }),
      rule('refused', 300, { access: 'Deny', protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' }),
      rule('late', 400, { protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' }),
      rule('nothing out', 4000, {
        access: 'Deny',
        direction: 'Outbound',
        protocol: '*',
        sourceAddressPrefix: '*',
        destinationAddressPrefix: 'Internet',
        destinationPortRange: '*',
      }),
    ],
  }),
  Inner: is(`${N}/networkSecurityGroups`, 'inner', {
    securityRules: [
      rule('app', 200, { sourceAddressPrefix: '10.0.1.0/24', destinationPortRange: '5432' }),
      rule('nothing out', 4000, {
        access: 'Deny',
        direction: 'Outbound',
        protocol: '*',
        sourceAddressPrefix: '*',
        destinationAddressPrefix: 'Internet',
        destinationPortRange: '*',
      }),
    ],
  }),
  Routes: is(`${N}/routeTables`, 'routes', {
    disableBgpRoutePropagation: true,
    routes: [route('default', '0.0.0.0/0', 'VirtualAppliance', '10.0.9.4')],
  }),
  Net: is(`${N}/virtualNetworks`, 'casenet', {
    addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
    subnets: [
      subnet('app', '10.0.1.0/24', { ...group('outer'), ...table('routes') }),
      subnet('data', '10.0.2.0/24', { ...group('inner'), ...table('routes') }),
      subnet('endpoints', '10.0.3.0/24', { ...group('inner'), ...table('routes') }),
      subnet('AzureFirewallSubnet', '10.0.9.0/26'),
      subnet('AzureBastionSubnet', '10.0.10.0/26'),
    ],
  }),
  Second: is(`${N}/virtualNetworks`, 'second', { addressSpace: { addressPrefixes: ['10.5.0.0/16'] }, subnets: [] }),
  HostAddress: address('hostip'),
  Card: is(`${N}/networkInterfaces`, 'hostnic', { ipConfigurations: [{ name: 'one', properties: { subnet: ofNet('app') } }] }),
  Host: is('Microsoft.Compute/virtualMachines', 'host', {
    networkProfile: { networkInterfaces: [{ id: id(`${N}/networkInterfaces`, 'hostnic') }] },
    securityProfile: { encryptionAtHost: true },
  }),
  FrontAddress: address('frontip'),
  Balancer: is(
    `${N}/loadBalancers`,
    'balancer',
    {
      frontendIPConfigurations: [{ name: 'inner', properties: { subnet: ofNet('app') } }],
      backendAddressPools: [{ name: 'hosts' }],
      loadBalancingRules: [
        {
          name: 'web',
          properties: {
            protocol: 'Tcp',
            frontendPort: 443,
            backendPort: 8443,
            frontendIPConfiguration: { id: id(`${N}/loadBalancers/frontendIPConfigurations`, 'balancer', 'inner') },
          },
        },
      ],
    },
    { sku: { name: 'Standard' } },
  ),
  GatewayPolicy: is(`${N}/ApplicationGatewayWebApplicationFirewallPolicies`, 'gatewaywaf', {
    policySettings: { mode: 'Prevention', state: 'Enabled', requestBodyCheck: true },
    managedRules: { managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.2' }] },
  }),
  GatewayAddress: address('gatewayip'),
  Gateway: is(`${N}/applicationGateways`, 'gateway', {
    sku: { name: 'WAF_v2', tier: 'WAF_v2' },
    sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' },
    firewallPolicy: { id: id(`${N}/ApplicationGatewayWebApplicationFirewallPolicies`, 'gatewaywaf') },
    frontendIPConfigurations: [{ name: 'outer', properties: publicAddress('gatewayip') }],
    frontendPorts: [{ name: 'https', properties: { port: 443 } }],
    httpListeners: [
      {
        name: 'https',
        properties: {
          protocol: 'Https',
          frontendPort: { id: id(`${N}/applicationGateways/frontendPorts`, 'gateway', 'https') },
          sslCertificate: { id: id(`${N}/applicationGateways/sslCertificates`, 'gateway', 'c') },
        },
      },
    ],
    backendHttpSettingsCollection: [{ name: 'https', properties: { port: 443, protocol: 'Https' } }],
    backendAddressPools: [{ name: 'app', properties: { backendAddresses: [{ fqdn: 'app.internal.example.com' }] } }],
  }),
  FirewallAddress: address('firewallip'),
  FirewallPolicy: is(`${N}/firewallPolicies`, 'firewallpolicy', {
    threatIntelMode: 'Deny',
    sku: { tier: 'Premium' },
    intrusionDetection: { mode: 'Deny' },
  }),
  FirewallRules: {
    ...is(`${N}/firewallPolicies/ruleCollectionGroups`, 'firewallpolicy/out', {
      priority: 100,
      ruleCollections: [
        {
          name: 'names',
          priority: 200,
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          action: { type: 'Allow' },
          rules: [
            {
              name: 'apis',
              ruleType: 'ApplicationRule',
              sourceAddresses: ['10.0.1.0/24'],
              protocols: [{ protocolType: 'Https', port: 443 }],
              targetFqdns: ['api.example.com', '*.blob.core.windows.net'],
            },
          ],
        },
        {
          name: 'addresses',
          priority: 300,
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          action: { type: 'Allow' },
          rules: [
            {
              name: 'time',
              ruleType: 'NetworkRule',
              ipProtocols: ['UDP'],
              sourceAddresses: ['10.0.0.0/16'],
              destinationAddresses: ['198.51.100.1'],
              destinationPorts: ['123'],
            },
          ],
        },
      ],
    }),
  },
  Firewall: is(`${N}/azureFirewalls`, 'firewall', {
    sku: { name: 'AZFW_VNet', tier: 'Premium' },
    threatIntelMode: 'Deny',
    firewallPolicy: { id: id(`${N}/firewallPolicies`, 'firewallpolicy') },
    ipConfigurations: [{ name: 'one', properties: { subnet: ofNet('AzureFirewallSubnet'), ...publicAddress('firewallip') } }],
  }),
  Site: is(
    'Microsoft.Web/sites',
    'casesite',
    {
      httpsOnly: true,
      publicNetworkAccess: 'Enabled',
      virtualNetworkSubnetId: ofNet('app').id,
      outboundVnetRouting: { allTraffic: true },
      vnetRouteAllEnabled: true,
      siteConfig: {
        minTlsVersion: '1.2',
        ftpsState: 'Disabled',
        ipSecurityRestrictionsDefaultAction: 'Deny',
        ipSecurityRestrictions: [{ name: 'partner', action: 'Allow', priority: 100, ipAddress: '203.0.113.0/24' }],
        scmIpSecurityRestrictionsDefaultAction: 'Deny',
        scmIpSecurityRestrictions: [{ name: 'build', action: 'Allow', priority: 100, ipAddress: '203.0.113.7/32' }],
        scmIpSecurityRestrictionsUseMain: false,
      },
    },
    { kind: 'app' },
  ),
  SiteAuth: is('Microsoft.Web/sites/config', 'casesite/authsettingsV2', {
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'Return401' },
  }),
  Records: is(
    'Microsoft.Storage/storageAccounts',
    'caserecords',
    {
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
      encryption: {
        keySource: 'Microsoft.Keyvault',
        keyvaultproperties: { keyname: 'cases', keyvaulturi: 'https://casevault.vault.azure.net' },
      },
    },
    { kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
  ),
  Endpoint: is(`${N}/privateEndpoints`, 'recordsendpoint', {
    subnet: ofNet('endpoints'),
    privateLinkServiceConnections: [
      { name: 'blob', properties: { privateLinkServiceId: id('Microsoft.Storage/storageAccounts', 'caserecords'), groupIds: ['blob'] } },
    ],
  }),
  Database: is('Microsoft.DBforPostgreSQL/flexibleServers', 'casedb', {
    network: { delegatedSubnetResourceId: ofNet('data').id, publicNetworkAccess: 'Disabled' },
    storage: { storageSizeGB: 64 },
    backup: { backupRetentionDays: 35, geoRedundantBackup: 'Disabled' },
  }),
  Cluster: is('Microsoft.ContainerService/managedClusters', 'casecluster', {
    disableLocalAccounts: true,
    enableRBAC: true,
    apiServerAccessProfile: { enablePrivateCluster: false, authorizedIPRanges: ['203.0.113.0/24'] },
    networkProfile: { outboundType: 'userDefinedRouting' },
    agentPoolProfiles: [
      {
        name: 'one',
        mode: 'System',
        vmSize: 'Standard_D2s_v5',
        count: 1,
        enableEncryptionAtHost: true,
        enableNodePublicIP: false,
        vnetSubnetID: ofNet('app').id,
      },
    ],
  }),
  Offer: is(`${N}/privateLinkServices`, 'offer', {
    visibility: { subscriptions: ['00000000-0000-0000-0000-000000000001'] },
    autoApproval: { subscriptions: ['00000000-0000-0000-0000-000000000001'] },
  }),
  Bastion: is(`${N}/bastionHosts`, 'bastion', {
    disableCopyPaste: true,
    enableShareableLink: false,
    enableTunneling: false,
    enableFileCopy: false,
    ipConfigurations: [{ name: 'one', properties: { subnet: ofNet('AzureBastionSubnet'), ...publicAddress('frontip') } }],
  }),
};

const service = (type: string, name: string, properties: object, more: object = {}) => is(type, name, properties, more);
const shut = { publicNetworkAccess: 'Disabled' };

/** Services with a public side that is shut, or open to one network. */
export const SERVICES: Readonly<Record<string, object>> = {
  Sql: service('Microsoft.Sql/servers', 'casesql', {
    minimalTlsVersion: '1.2',
    publicNetworkAccess: 'Enabled',
    restrictOutboundNetworkAccess: 'Enabled',
  }),
  SqlRule: service('Microsoft.Sql/servers/firewallRules', 'casesql/partner', {
    startIpAddress: '203.0.113.4',
    endIpAddress: '203.0.113.9',
  }),
  Postgres: service('Microsoft.DBforPostgreSQL/flexibleServers', 'casepg', {
    network: { publicNetworkAccess: 'Enabled' },
    backup: { backupRetentionDays: 35 },
  }),
  PostgresRule: service('Microsoft.DBforPostgreSQL/flexibleServers/firewallRules', 'casepg/partner', {
    startIpAddress: '203.0.113.4',
    endIpAddress: '203.0.113.9',
  }),
  Mysql: service('Microsoft.DBforMySQL/flexibleServers', 'casemysql', { network: { publicNetworkAccess: 'Disabled' } }),
  Cosmos: service('Microsoft.DocumentDB/databaseAccounts', 'casecosmos', {
    databaseAccountOfferType: 'Standard',
    disableLocalAuth: true,
    publicNetworkAccess: 'Enabled',
    isVirtualNetworkFilterEnabled: true,
    ipRules: [{ ipAddressOrRange: '203.0.113.0/24' }],
    networkAclBypass: 'None',
    minimalTlsVersion: 'Tls12',
  }),
  Redis: service('Microsoft.Cache/redis', 'caseredis', {
    sku: { name: 'Premium', family: 'P', capacity: 1 },
    enableNonSslPort: false,
    minimumTlsVersion: '1.2',
    publicNetworkAccess: 'Enabled',
    disableAccessKeyAuthentication: true,
  }),
  RedisRule: service('Microsoft.Cache/redis/firewallRules', 'caseredis/partner', { startIP: '203.0.113.4', endIP: '203.0.113.9' }),
  Vault: service('Microsoft.KeyVault/vaults', 'casevault', {
    tenantId: '[subscription().tenantId]',
    sku: { family: 'A', name: 'premium' },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    publicNetworkAccess: 'enabled',
    networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [{ value: '203.0.113.0/24' }] },
  }),
  Blobs: service(
    'Microsoft.Storage/storageAccounts',
    'caseblobs',
    {
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'None', ipRules: [{ value: '203.0.113.0/24', action: 'Allow' }] },
    },
    { kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
  ),
  Search: service(
    'Microsoft.Search/searchServices',
    'casesearch',
    { disableLocalAuth: true, publicNetworkAccess: 'disabled' },
    { sku: { name: 'standard' } },
  ),
  Kusto: service(
    'Microsoft.Kusto/clusters',
    'casekusto',
    { ...shut, enableDiskEncryption: true },
    { sku: { name: 'Standard_E2d_v5', tier: 'Standard', capacity: 2 } },
  ),
  Synapse: service('Microsoft.Synapse/workspaces', 'casesynapse', {
    ...shut,
    managedVirtualNetwork: 'default',
    managedVirtualNetworkSettings: { preventDataExfiltration: true },
  }),
  Bus: service(
    'Microsoft.ServiceBus/namespaces',
    'casebus',
    { ...shut, disableLocalAuth: true, minimumTlsVersion: '1.2' },
    { sku: { name: 'Premium', tier: 'Premium', capacity: 1 } },
  ),
  Hub: service(
    'Microsoft.EventHub/namespaces',
    'casehub',
    { publicNetworkAccess: 'Enabled', disableLocalAuth: true, minimumTlsVersion: '1.2' },
    { sku: { name: 'Premium', tier: 'Premium', capacity: 1 } },
  ),
  HubRules: service('Microsoft.EventHub/namespaces/networkRuleSets', 'casehub/default', {
    publicNetworkAccess: 'Enabled',
    defaultAction: 'Deny',
    trustedServiceAccessEnabled: false,
    ipRules: [{ ipMask: '203.0.113.0/24', action: 'Allow' }],
  }),
  Grid: service('Microsoft.EventGrid/topics', 'casegrid', {
    publicNetworkAccess: 'Enabled',
    disableLocalAuth: true,
    inboundIpRules: [{ ipMask: '203.0.113.0/24', action: 'Allow' }],
    minimumTlsVersionAllowed: '1.2',
  }),
  Ai: service(
    'Microsoft.CognitiveServices/accounts',
    'caseai',
    { ...shut, disableLocalAuth: true, customSubDomainName: 'caseai', networkAcls: { defaultAction: 'Deny' } },
    { kind: 'OpenAI', sku: { name: 'S0' } },
  ),
  Registry: service(
    'Microsoft.ContainerRegistry/registries',
    'caseregistry',
    { ...shut, adminUserEnabled: false, anonymousPullEnabled: false, networkRuleBypassOptions: 'None' },
    { sku: { name: 'Premium' } },
  ),
  Settings: service(
    'Microsoft.AppConfiguration/configurationStores',
    'casesettings',
    { ...shut, disableLocalAuth: true },
    { sku: { name: 'standard' } },
  ),
  Signal: service('Microsoft.SignalRService/signalR', 'casesignal', { ...shut, disableLocalAuth: true }),
  Iot: service(
    'Microsoft.Devices/IotHubs',
    'caseiot',
    { ...shut, disableLocalAuth: true, minTlsVersion: '1.2' },
    { sku: { name: 'S1', capacity: 1 } },
  ),
  Spark: service(
    'Microsoft.Databricks/workspaces',
    'casespark',
    {
      managedResourceGroupId: `${SUBSCRIPTION}/resourceGroups/managed`,
      ...shut,
      requiredNsgRules: 'NoAzureDatabricksRules',
      parameters: { enableNoPublicIp: { value: true } },
    },
    { sku: { name: 'premium' } },
  ),
  Api: service(
    'Microsoft.ApiManagement/service',
    'caseapi',
    { publisherEmail: 'a@example.com', publisherName: 'a', virtualNetworkType: 'Internal' },
    { sku: { name: 'Premium', capacity: 1 } },
  ),
  Environment: service('Microsoft.App/managedEnvironments', 'caseenv', { vnetConfiguration: { internal: false } }),
  App: service('Microsoft.App/containerApps', 'caseapp', {
    managedEnvironmentId: id('Microsoft.App/managedEnvironments', 'caseenv'),
    configuration: { ingress: { external: false, targetPort: 8080, allowInsecure: false, transport: 'http' } },
  }),
  Group: service('Microsoft.ContainerInstance/containerGroups', 'casegroup', {
    osType: 'Linux',
    containers: [{ name: 'one', properties: { image: 'x', resources: { requests: { cpu: 1, memoryInGB: 1 } } } }],
    subnetIds: [{ id: `${SUBSCRIPTION}/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/v/subnets/s` }],
    ipAddress: { type: 'Private', ports: [{ port: 8080, protocol: 'TCP' }] },
  }),
  Front: service('Microsoft.Cdn/profiles', 'casefront', {}, { sku: { name: 'Premium_AzureFrontDoor' } }),
  FrontEndpoint: service('Microsoft.Cdn/profiles/afdEndpoints', 'casefront/cases', { enabledState: 'Enabled' }),
  FrontPolicy: service(
    'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies',
    'frontwaf',
    {
      policySettings: { enabledState: 'Enabled', mode: 'Prevention' },
      managedRules: { managedRuleSets: [{ ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleSetAction: 'Block' }] },
    },
    { sku: { name: 'Premium_AzureFrontDoor' } },
  ),
  FrontGuard: service('Microsoft.Cdn/profiles/securityPolicies', 'casefront/guard', {
    parameters: {
      type: 'WebApplicationFirewall',
      wafPolicy: { id: id('Microsoft.Network/FrontDoorWebApplicationFirewallPolicies', 'frontwaf') },
      associations: [{ domains: [{ id: id('Microsoft.Cdn/profiles/afdEndpoints', 'casefront', 'cases') }], patternsToMatch: ['/*'] }],
    },
  }),
  FrontRoute: service('Microsoft.Cdn/profiles/afdEndpoints/routes', 'casefront/cases/all', {
    supportedProtocols: ['Https'],
    httpsRedirect: 'Enabled',
    forwardingProtocol: 'HttpsOnly',
    patternsToMatch: ['/*'],
  }),
};
