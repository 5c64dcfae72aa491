/** Pairs about what is reached on Azure: for every way in and out what opens it, and what only looks as if it did. */
import { id, NET, ofNet, route, rule, SERVICES } from './azure-exposure-base';
import { armWith, GONE, type Harmless, harmless, weakenings } from './pair';

const N = 'Microsoft.Network';
const OTHERS = '/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/x/providers/Microsoft.Network';
const ANYONE = { sourceAddressPrefix: '*' };
const more = (type: string, name: string, properties: object) => ({
  type,
  apiVersion: '2024-05-01',
  name,
  location: 'westeurope',
  properties,
});
const firewallRule = (type: string, name: string, startIpAddress: string, endIpAddress: string) =>
  more(`${type}/firewallRules`, name, { startIpAddress, endIpAddress });
const named = 'FirewallRules.ruleCollections.0.rules.0';
const addressed = 'FirewallRules.ruleCollections.1.rules.0';
const withAddress = { 'Card.ipConfigurations.0.properties.publicIPAddress': { id: id(`${N}/publicIPAddresses`, 'hostip') } };

const IN_NETWORKS = weakenings(armWith, NET, {
  // Hosts
  'on Azure: a host gets a public address': ['exposure: host [internet]', withAddress],
  'on Azure: a host gets a public address, and everyone may use it': [
    'exposure: host [internet]',
    { ...withAddress, 'Outer.securityRules.0': rule('partner', 200, ANYONE) },
  ],
  'on Azure: the group of a host lets everyone in': ['exposure: outer', { 'Outer.securityRules.0': rule('partner', 200, ANYONE) }],
  'on Azure: the group of a host lets the internet in by its tag': [
    'exposure: outer',
    { 'Outer.securityRules.0': rule('partner', 200, { sourceAddressPrefix: 'Internet' }) },
  ],
  'on Azure: the group of a host lets two halves of the internet in': [
    'exposure: outer',
    { 'Outer.securityRules.0': rule('partner', 200, { sourceAddressPrefixes: ['0.0.0.0/1', '128.0.0.0/1'] }) },
  ],
  'on Azure: the group of a host lets everyone in on ports around SSH': [
    'exposure: outer',
    { 'Outer.securityRules.4': rule('ssh', 210, { ...ANYONE, destinationPortRange: '20-30' }) },
  ],
  'on Azure: the rule that refuses comes after the one that allows': [
    'exposure: outer',
    { 'Outer.securityRules.1.properties.priority': 500 },
  ],
  'on Azure: the rule that refuses is gone': ['exposure: outer', { 'Outer.securityRules.1': GONE }],
  'on Azure: the rule that refuses speaks of one port': [
    'exposure: outer',
    { 'Outer.securityRules.1.properties.destinationPortRange': '22' },
  ],
  'on Azure: a subnet leaves its group': ['exposure|controls: casenet|app', { 'Net.subnets.0.properties.networkSecurityGroup': GONE }],
  // Entries
  'on Azure: a balancer gets a public address': [
    'exposure: balancer [internet]',
    { 'Balancer.frontendIPConfigurations.0.properties': { publicIPAddress: { id: id(`${N}/publicIPAddresses`, 'frontip') } } },
  ],
  'on Azure: a gateway answers on another port': [
    'exposure: gateway [internet]',
    {
      'Gateway.frontendPorts.1': { name: 'http', properties: { port: 8443 } },
      'Gateway.httpListeners.1': {
        name: 'other',
        properties: {
          protocol: 'Https',
          frontendPort: { id: id(`${N}/applicationGateways/frontendPorts`, 'gateway', 'http') },
          sslCertificate: { id: id(`${N}/applicationGateways/sslCertificates`, 'gateway', 'c') },
        },
      },
    },
  ],
  'on Azure: the firewall of a gateway only watches': ['exposure: gatewaywaf', { 'GatewayPolicy.policySettings.mode': 'Detection' }],
  'on Azure: the firewall of a gateway is off': ['exposure: gatewaywaf', { 'GatewayPolicy.policySettings.state': 'Disabled' }],
  'on Azure: a gateway loses its firewall': ['exposure: gateway [internet]', { 'Gateway.firewallPolicy': GONE }],
  'on Azure: a gateway speaks plain http to what stands behind it': [
    'encryption: gateway',
    { 'Gateway.backendHttpSettingsCollection.0.properties.protocol': 'Http' },
  ],
  // The firewall
  'on Azure: the firewall translates a port of a host': [
    'exposure: out [internet]',
    {
      'FirewallRules.ruleCollections.2': {
        name: 'in',
        priority: 100,
        ruleCollectionType: 'FirewallPolicyNatRuleCollection',
        action: { type: 'DNAT' },
        rules: [
          {
            name: 'ssh',
            ruleType: 'NatRule',
            ipProtocols: ['TCP'],
            sourceAddresses: ['*'],
            destinationAddresses: ['198.51.100.9'],
            destinationPorts: ['2222'],
            translatedAddress: '10.0.1.4',
            translatedPort: '22',
          },
        ],
      },
    },
  ],
  'on Azure: the firewall lets another name through': ['exposure: out', { [`${named}.targetFqdns.2`]: 'paste.example.net' }],
  'on Azure: the firewall lets every name through': ['exposure: out', { [`${named}.targetFqdns`]: ['*'] }],
  'on Azure: the firewall lets another address through': ['exposure: out', { [`${addressed}.destinationAddresses.1`]: '192.0.2.1' }],
  'on Azure: the firewall lets every address through': ['exposure: out', { [`${addressed}.destinationAddresses`]: ['*'] }],
  'on Azure: the firewall lets every port through': ['exposure: out', { [`${addressed}.destinationPorts`]: ['*'] }],
  'on Azure: the firewall only reports threats': ['exposure|detection: firewallpolicy', { 'FirewallPolicy.threatIntelMode': 'Alert' }],
  'on Azure: the firewall only reports intrusions': [
    'exposure|detection: firewallpolicy',
    { 'FirewallPolicy.intrusionDetection.mode': 'Alert' },
  ],
  // Ways out
  'on Azure: the application goes round the firewall': [
    'exposure: casesite|host [internet]',
    {
      'Routes.routes.0': route('default', '0.0.0.0/0', 'Internet'),
      'Outer.securityRules.3': GONE,
      'Net.subnets.0.properties.defaultOutboundAccess': true,
    },
  ],
  'on Azure: a more specific route goes round the firewall': [
    'exposure: casesite|host [internet]',
    {
      'Routes.routes.1': route('round', '198.51.100.0/24', 'Internet'),
      'Outer.securityRules.3': GONE,
      'Net.subnets.0.properties.defaultOutboundAccess': true,
    },
  ],
  'on Azure: a subnet leaves its routes': [
    'exposure: casesite|host [internet]',
    { 'Net.subnets.0.properties.routeTable': GONE, 'Outer.securityRules.3': GONE, 'Net.subnets.0.properties.defaultOutboundAccess': true },
  ],
  'on Azure: a group lets the application send everywhere': ['exposure: outer|casesite|host', { 'Outer.securityRules.3': GONE }],
  'on Azure: an app sends past its network': [
    'exposure: casesite',
    { 'Site.vnetRouteAllEnabled': false, 'Site.outboundVnetRouting.allTraffic': false },
  ],
  'on Azure: the nodes of a cluster send by a balancer of their own': [
    'exposure: casecluster',
    { 'Cluster.networkProfile.outboundType': 'loadBalancer' },
  ],
  // Apps and clusters
  'on Azure: an app answers everyone': [
    'exposure: casesite [internet]',
    { 'Site.siteConfig.ipSecurityRestrictions': [], 'Site.siteConfig.ipSecurityRestrictionsDefaultAction': 'Allow' },
  ],
  'on Azure: an app answers another network': [
    'exposure: casesite [internet]',
    { 'Site.siteConfig.ipSecurityRestrictions.1': { name: 'other', action: 'Allow', priority: 110, ipAddress: '198.51.100.0/24' } },
  ],
  'on Azure: the site that deploys an app answers everyone': [
    'exposure: casesite',
    { 'Site.siteConfig.scmIpSecurityRestrictions': [], 'Site.siteConfig.scmIpSecurityRestrictionsDefaultAction': 'Allow' },
  ],
  'on Azure: an app no longer refuses part of what it allows': [
    'exposure: casesite [internet]',
    {
      'Site.siteConfig.ipSecurityRestrictions.0.ipAddress': '203.0.112.0/23',
    },
  ],
  'on Azure: an app asks nobody': [
    'exposure|access: casesite [internet]',
    { 'SiteAuth.globalValidation.requireAuthentication': false, 'SiteAuth.globalValidation.unauthenticatedClientAction': 'AllowAnonymous' },
  ],
  'on Azure: everyone reaches the interface of a cluster': [
    'exposure: casecluster [internet]',
    { 'Cluster.apiServerAccessProfile.authorizedIPRanges': GONE },
  ],
  'on Azure: another network reaches the interface of a cluster': [
    'exposure: casecluster [internet]',
    { 'Cluster.apiServerAccessProfile.authorizedIPRanges.1': '198.51.100.0/24' },
  ],
  'on Azure: the nodes of a cluster get public addresses': [
    'exposure: casecluster',
    { 'Cluster.agentPoolProfiles.0.enableNodePublicIP': true },
  ],
  // Stores
  'on Azure: a database leaves its network': ['exposure: casedb', { 'Database.network': { publicNetworkAccess: 'Enabled' } }],
  'on Azure: a database leaves its network, and everyone is listed': [
    'exposure: casedb [internet]',
    {
      'Database.network': { publicNetworkAccess: 'Enabled' },
      All: firewallRule('Microsoft.DBforPostgreSQL/flexibleServers', 'casedb/all', '0.0.0.0', '255.255.255.255'),
    },
  ],
  'on Azure: the endpoint of an account goes, and its public side opens': [
    'exposure: caserecords [internet]',
    { Endpoint: GONE, 'Records.publicNetworkAccess': 'Enabled', 'Records.networkAcls.defaultAction': 'Allow' },
  ],
  // Networks of others
  'on Azure: the network is joined to that of somebody else': [
    'exposure: casenet [organisation]',
    {
      Peering: more(`${N}/virtualNetworks/virtualNetworkPeerings`, 'casenet/support', {
        remoteVirtualNetwork: { id: `${OTHERS}/virtualNetworks/support` },
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: false,
      }),
    },
  ],
  'on Azure: a tunnel of somebody else ends in the network': [
    'exposure: tunnel [organisation]',
    {
      Tunnel: more(`${N}/connections`, 'tunnel', {
        connectionType: 'IPsec',
        virtualNetworkGateway1: { id: id(`${N}/virtualNetworkGateways`, 'vpn') },
        localNetworkGateway2: { id: `${OTHERS}/localNetworkGateways/x` },
      }),
    },
  ],
  'on Azure: a private link is offered to everyone': ['exposure: offer [organisation]', { 'Offer.visibility.subscriptions': ['*'] }],
  'on Azure: a private link is offered to somebody else': [
    'exposure: offer [organisation]',
    { 'Offer.visibility.subscriptions.1': '00000000-0000-0000-0000-000000000009' },
  ],
  'on Azure: a private link approves somebody else by itself': [
    'exposure: offer',
    { 'Offer.autoApproval.subscriptions.1': '00000000-0000-0000-0000-000000000009' },
  ],
  'on Azure: the bastion hands out links': ['exposure|access: bastion', { 'Bastion.enableShareableLink': true }],
});

const OF_SERVICES = weakenings(armWith, SERVICES, {
  'on Azure: a server of SQL lets every resource of Azure in': [
    'exposure: casesql [internet]',
    { All: firewallRule('Microsoft.Sql/servers', 'casesql/azure', '0.0.0.0', '0.0.0.0') },
  ],
  'on Azure: a server of SQL lets everyone in': [
    'exposure: casesql [internet]',
    { 'SqlRule.startIpAddress': '0.0.0.0', 'SqlRule.endIpAddress': '255.255.255.255' },
  ],
  'on Azure: a server of SQL lets a wide range in': [
    'exposure: casesql [internet]',
    { 'SqlRule.startIpAddress': '203.0.0.0', 'SqlRule.endIpAddress': '203.127.255.255' },
  ],
  'on Azure: a server of SQL lets another address in': [
    'exposure: casesql [internet]',
    { Other: firewallRule('Microsoft.Sql/servers', 'casesql/other', '198.51.100.1', '198.51.100.1') },
  ],
  'on Azure: a server of SQL takes everyone over IPv6': [
    'exposure: casesql [internet]',
    {
      Six: more('Microsoft.Sql/servers/ipv6FirewallRules', 'casesql/six', {
        startIPv6Address: '::',
        endIPv6Address: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
      }),
    },
  ],
  'on Azure: a server of SQL sends everywhere': ['exposure|access: casesql', { 'Sql.restrictOutboundNetworkAccess': 'Disabled' }],
  'on Azure: a server of PostgreSQL lets everyone in': [
    'exposure: casepg [internet]',
    { 'PostgresRule.startIpAddress': '0.0.0.0', 'PostgresRule.endIpAddress': '255.255.255.255' },
  ],
  'on Azure: a server of PostgreSQL lets every resource of Azure in': [
    'exposure: casepg [internet]',
    { All: firewallRule('Microsoft.DBforPostgreSQL/flexibleServers', 'casepg/azure', '0.0.0.0', '0.0.0.0') },
  ],
  'on Azure: a server of MySQL is public': ['exposure: casemysql', { 'Mysql.network.publicNetworkAccess': 'Enabled' }],
  'on Azure: an account of Cosmos lets every data centre in': [
    'exposure: casecosmos [internet]',
    { 'Cosmos.ipRules.1': { ipAddressOrRange: '0.0.0.0' } },
  ],
  'on Azure: an account of Cosmos lists nobody any more': [
    'exposure: casecosmos [internet]',
    { 'Cosmos.ipRules': [], 'Cosmos.isVirtualNetworkFilterEnabled': false },
  ],
  'on Azure: services of Azure go round the list of Cosmos': ['exposure: casecosmos', { 'Cosmos.networkAclBypass': 'AzureServices' }],
  'on Azure: an account of Cosmos takes old TLS': ['encryption: casecosmos', { 'Cosmos.minimalTlsVersion': 'Tls' }],
  'on Azure: a cache lists nobody any more': ['exposure: caseredis [internet]', { RedisRule: GONE }],
  'on Azure: a cache lets everyone in': [
    'exposure: caseredis [internet]',
    { 'RedisRule.startIP': '0.0.0.0', 'RedisRule.endIP': '255.255.255.255' },
  ],
  'on Azure: a cache answers in clear': ['encryption: caseredis', { 'Redis.enableNonSslPort': true }],
  'on Azure: a cache takes old TLS': ['encryption: caseredis', { 'Redis.minimumTlsVersion': '1.0' }],
  'on Azure: a vault lets everyone in': ['exposure: casevault [internet]', { 'Vault.networkAcls.defaultAction': 'Allow' }],
  'on Azure: a vault lets another network in': [
    'exposure: casevault [internet]',
    { 'Vault.networkAcls.ipRules.1': { value: '198.51.100.0/24' } },
  ],
  'on Azure: services of Azure go round the list of a vault': ['exposure: casevault', { 'Vault.networkAcls.bypass': 'AzureServices' }],
  'on Azure: an account of blobs lets everyone in': ['exposure: caseblobs [internet]', { 'Blobs.networkAcls.defaultAction': 'Allow' }],
  'on Azure: services of Azure go round the list of an account': ['exposure: caseblobs', { 'Blobs.networkAcls.bypass': 'AzureServices' }],
  'on Azure: resources of a kind go round the list of an account': [
    'exposure: caseblobs',
    {
      'Blobs.networkAcls.resourceAccessRules': [
        { tenantId: '00000000-0000-0000-0000-000000000007', resourceId: '/subscriptions/*/providers/Microsoft.Synapse/workspaces/*' },
      ],
    },
  ],
  'on Azure: a search service is public': ['exposure: casesearch [internet]', { 'Search.publicNetworkAccess': 'enabled' }],
  'on Azure: a cluster of Kusto is public': ['exposure: casekusto [internet]', { 'Kusto.publicNetworkAccess': 'Enabled' }],
  'on Azure: a workspace of Synapse is public': ['exposure: casesynapse', { 'Synapse.publicNetworkAccess': 'Enabled' }],
  'on Azure: a workspace of Synapse sends everywhere': [
    'exposure|access: casesynapse',
    { 'Synapse.managedVirtualNetworkSettings.preventDataExfiltration': false },
  ],
  'on Azure: a bus is public': ['exposure: casebus [internet]', { 'Bus.publicNetworkAccess': 'Enabled' }],
  'on Azure: a bus takes old TLS': ['encryption: casebus', { 'Bus.minimumTlsVersion': '1.0' }],
  'on Azure: the list of a hub refuses nobody': ['exposure: casehub [internet]', { 'HubRules.defaultAction': 'Allow' }],
  'on Azure: the list of a hub takes another network': [
    'exposure: casehub [internet]',
    { 'HubRules.ipRules.1': { ipMask: '198.51.100.0/24', action: 'Allow' } },
  ],
  'on Azure: services of Azure go round the list of a hub': ['exposure: casehub|default', { 'HubRules.trustedServiceAccessEnabled': true }],
  'on Azure: a topic lists nobody any more': ['exposure: casegrid [internet]', { 'Grid.inboundIpRules': [] }],
  'on Azure: a service of AI is public': [
    'exposure: caseai [internet]',
    { 'Ai.publicNetworkAccess': 'Enabled', 'Ai.networkAcls.defaultAction': 'Allow' },
  ],
  'on Azure: a registry is public': ['exposure: caseregistry [internet]', { 'Registry.publicNetworkAccess': 'Enabled' }],
  'on Azure: everyone pulls from a registry': [
    'exposure|access: caseregistry',
    { 'Registry.publicNetworkAccess': 'Enabled', 'Registry.anonymousPullEnabled': true },
  ],
  'on Azure: services of Azure go round the list of a registry': [
    'exposure: caseregistry',
    { 'Registry.networkRuleBypassOptions': 'AzureServices' },
  ],
  'on Azure: a store of settings is public': ['exposure: casesettings [internet]', { 'Settings.publicNetworkAccess': 'Enabled' }],
  'on Azure: a service of sockets is public': ['exposure: casesignal [internet]', { 'Signal.publicNetworkAccess': 'Enabled' }],
  'on Azure: a hub of devices is public': ['exposure: caseiot [internet]', { 'Iot.publicNetworkAccess': 'Enabled' }],
  'on Azure: a workspace of Databricks is public': ['exposure: casespark', { 'Spark.publicNetworkAccess': 'Enabled' }],
  'on Azure: the nodes of Databricks get public addresses': ['exposure: casespark', { 'Spark.parameters.enableNoPublicIp.value': false }],
  'on Azure: a gateway of APIs is public': ['exposure: caseapi [internet]', { 'Api.virtualNetworkType': 'External' }],
  'on Azure: a gateway of APIs leaves its network': ['exposure: caseapi [internet]', { 'Api.virtualNetworkType': 'None' }],
  'on Azure: a container answers the internet': ['exposure: caseapp [internet]', { 'App.configuration.ingress.external': true }],
  'on Azure: a container answers in clear': ['encryption: caseapp', { 'App.configuration.ingress.allowInsecure': true }],
  'on Azure: a group of containers gets a public address': [
    'exposure: casegroup [internet]',
    { 'Group.ipAddress.type': 'Public', 'Group.subnetIds': GONE },
  ],
  'on Azure: a front door loses its firewall': ['exposure: casefront', { FrontGuard: GONE }],
  'on Azure: the firewall of a front door only watches': ['exposure: frontwaf', { 'FrontPolicy.policySettings.mode': 'Detection' }],
  'on Azure: a front door answers plain http': [
    'encryption: all|casefront',
    { 'FrontRoute.supportedProtocols': ['Http', 'Https'], 'FrontRoute.httpsRedirect': 'Disabled' },
  ],
  'on Azure: a front door speaks plain http to its origin': ['encryption: all|casefront', { 'FrontRoute.forwardingProtocol': 'HttpOnly' }],
});

const account = (name: string, sensitivity: string, keyname: string) => ({
  ...more('Microsoft.Storage/storageAccounts', name, {
    minimumTlsVersion: 'TLS1_2',
    supportsHttpsTrafficOnly: true,
    allowBlobPublicAccess: false,
    allowSharedKeyAccess: false,
    publicNetworkAccess: 'Disabled',
    networkAcls: { defaultAction: 'Deny', bypass: 'None' },
    encryption: { keySource: 'Microsoft.Keyvault', keyvaultproperties: { keyname, keyvaulturi: 'https://keys.vault.azure.net' } },
  }),
  kind: 'StorageV2',
  sku: { name: 'Standard_ZRS' },
  tags: { 'palisade:sensitivity': sensitivity },
});
const ACCOUNTS = {
  Cases: account('cases', 'restricted', 'one'),
  Help: account('help', 'internal', 'two'),
  Notes: account('notes', 'restricted', 'one'),
};
const KEYS = weakenings(armWith, ACCOUNTS, {
  'on Azure: what is internal takes the key of what is restricted': [
    'encryption: keys/one [tier]',
    { 'Help.encryption.keyvaultproperties.keyname': 'one' },
  ],
  'on Azure: what is internal and what is restricted take a new key': [
    'encryption: keys/three [tier]',
    { 'Help.encryption.keyvaultproperties.keyname': 'three', 'Cases.encryption.keyvaultproperties.keyname': 'three' },
  ],
});
const SAME_KEYS = harmless(armWith, ACCOUNTS, {
  'on Azure: what is restricted takes a new key of its own': {
    'Cases.encryption.keyvaultproperties.keyname': 'three',
    'Notes.encryption.keyvaultproperties.keyname': 'three',
  },
});

/** The same, written otherwise; and what opens nothing. */
const SAME_NETWORKS = harmless(armWith, NET, {
  'on Azure: a rule names its range in two parts': {
    'Outer.securityRules.0': rule('partner', 200, { sourceAddressPrefixes: ['203.0.113.0/25', '203.0.113.128/25'] }),
  },
  'on Azure: rules get other priorities in the same order': {
    'Outer.securityRules.0.properties.priority': 210,
    'Outer.securityRules.1.properties.priority': 310,
    'Outer.securityRules.2.properties.priority': 410,
  },
  'on Azure: a rule that never decides goes': { 'Outer.securityRules.2': GONE },
  'on Azure: a rule stands in a resource of its own': {
    'Outer.securityRules.0': GONE,
    Partner: more(
      `${N}/networkSecurityGroups/securityRules`,
      'outer/partner',
      rule('partner', 200, { sourceAddressPrefix: '203.0.113.0/24' }).properties,
    ),
  },
  'on Azure: an inner network of ours is joined': {
    Peering: more(`${N}/virtualNetworks/virtualNetworkPeerings`, 'casenet/second', {
      remoteVirtualNetwork: { id: id(`${N}/virtualNetworks`, 'second') },
      allowVirtualNetworkAccess: true,
    }),
  },
  'on Azure: the default route is cut in two': {
    'Routes.routes': [
      route('one', '0.0.0.0/1', 'VirtualAppliance', '10.0.9.4'),
      route('two', '128.0.0.0/1', 'VirtualAppliance', '10.0.9.4'),
    ],
  },
  'on Azure: a route to another firewall address': { 'Routes.routes.1': route('more', '198.51.100.0/24', 'VirtualAppliance', '10.0.9.4') },
  'on Azure: names of the firewall are ordered otherwise': { [`${named}.targetFqdns`]: ['*.blob.core.windows.net', 'api.example.com'] },
  'on Azure: the firewall takes a name that a wider one has': { [`${named}.targetFqdns.2`]: 'cases.blob.core.windows.net' },
  'on Azure: the firewall lets fewer names through': { [`${named}.targetFqdns`]: ['api.example.com'] },
  'on Azure: collections of the firewall get other priorities': {
    'FirewallRules.ruleCollections.0.priority': 250,
    'FirewallRules.ruleCollections.1.priority': 350,
  },
  'on Azure: restrictions of an app are cut in two': {
    'Site.siteConfig.ipSecurityRestrictions': [
      { name: 'one', action: 'Allow', priority: 100, ipAddress: '203.0.113.0/25' },
      { name: 'two', action: 'Allow', priority: 101, ipAddress: '203.0.113.128/25' },
    ],
  },
  'on Azure: an app refuses part of what it allows': {
    'Site.siteConfig.ipSecurityRestrictions.1': { name: 'not these', action: 'Deny', priority: 90, ipAddress: '203.0.113.128/25' },
  },
  'on Azure: the interface of a cluster leaves the internet': { 'Cluster.apiServerAccessProfile': { enablePrivateCluster: true } },
  'on Azure: ranges of the interface of a cluster are cut in two': {
    'Cluster.apiServerAccessProfile.authorizedIPRanges': ['203.0.113.128/25', '203.0.113.0/25'],
  },
  'on Azure: the endpoint of an account moves to another subnet': { 'Endpoint.subnet': ofNet('data') },
});

const SAME_SERVICES = harmless(armWith, SERVICES, {
  'on Azure: a range of a server is cut in two': {
    'SqlRule.endIpAddress': '203.0.113.6',
    Rest: firewallRule('Microsoft.Sql/servers', 'casesql/rest', '203.0.113.7', '203.0.113.9'),
  },
  'on Azure: a range of a server is narrower': { 'PostgresRule.endIpAddress': '203.0.113.5' },
  'on Azure: the list of Cosmos is cut in two': {
    'Cosmos.ipRules': [{ ipAddressOrRange: '203.0.113.0/25' }, { ipAddressOrRange: '203.0.113.128/25' }],
  },
  'on Azure: the list of a vault is cut in two': {
    'Vault.networkAcls.ipRules': [{ value: '203.0.113.128/25' }, { value: '203.0.113.0/25' }],
  },
  'on Azure: a vault writes its switch in capitals': { 'Vault.publicNetworkAccess': 'Enabled' },
  'on Azure: the list of a hub is cut in two': {
    'HubRules.ipRules': [
      { ipMask: '203.0.113.0/25', action: 'Allow' },
      { ipMask: '203.0.113.128/25', action: 'Allow' },
    ],
  },
  'on Azure: an account of blobs is shut': { 'Blobs.publicNetworkAccess': 'Disabled' },
  'on Azure: a container says what holds without it': { 'App.configuration.ingress.external': GONE },
  'on Azure: a container leaves its ingress': { 'App.configuration.ingress': GONE },
  'on Azure: a front door says what holds without it': { 'FrontEndpoint.enabledState': GONE },
  'on Azure: a search service writes its switch in capitals': { 'Search.publicNetworkAccess': 'Disabled' },
});

export const AZURE_EXPOSURE_WEAKENINGS = { ...IN_NETWORKS, ...OF_SERVICES, ...KEYS };
export const AZURE_EXPOSURE_HARMLESS: Readonly<Record<string, Harmless>> = { ...SAME_NETWORKS, ...SAME_SERVICES, ...SAME_KEYS };
