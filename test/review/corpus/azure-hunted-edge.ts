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

// ── Fronts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const front = (kind: string, path: string, inputs: object) =>
  withId(`Microsoft.Cdn/profiles/casefront${path}`, azure(`cdn:${kind}`, { profileName: 'casefront', ...inputs }));
const FRONT = `${OURS}/Microsoft.Cdn/profiles/casefront`;
const domain = (name: string) =>
  front('AFDCustomDomain', `/customDomains/${name}`, { customDomainName: name, hostName: `${name}.example.com` });
const endpoint = (name: string) => front('AFDEndpoint', `/afdEndpoints/${name}`, { endpointName: name });
const route = (name: string, more: object = {}) =>
  azure('cdn:Route', {
    profileName: 'casefront',
    endpointName: name,
    routeName: name,
    patternsToMatch: ['/*'],
    supportedProtocols: ['Https'],
    linkToDefaultDomain: 'Enabled',
    forwardingProtocol: 'HttpsOnly',
    ...more,
  });
const covering = (...paths: readonly string[]) => ({
  type: 'WebApplicationFirewall',
  wafPolicy: { id: `${OURS}/Microsoft.Network/frontDoorWebApplicationFirewallPolicies/casewaf` },
  associations: [{ domains: paths.map((path) => ({ id: `${FRONT}/${path}` })), patternsToMatch: ['/*'] }],
});
const origin = (originName: string, hostName: string) =>
  azure('cdn:AFDOrigin', { profileName: 'casefront', originGroupName: 'app', originName, hostName });
const redirect = (ruleName: string, customHostname: string) =>
  azure('cdn:Rule', {
    profileName: 'casefront',
    ruleSetName: 'rules',
    ruleName,
    order: 1,
    actions: [{ name: 'UrlRedirect', parameters: { redirectType: 'Found', destinationProtocol: 'Https', customHostname } }],
  });

const FRONTS: Readonly<Record<string, object>> = {
  profile: front('Profile', '', { sku: { name: 'Premium_AzureFrontDoor' } }),
  cases: endpoint('cases'),
  www: domain('www'),
  policy: azure('cdn:SecurityPolicy', {
    profileName: 'casefront',
    securityPolicyName: 'all',
    parameters: covering('afdEndpoints/cases', 'customDomains/www'),
  }),
  route: route('cases', { customDomains: [{ id: `${FRONT}/customDomains/www` }] }),
  origin: origin('app', 'app.example.com'),
  rule: redirect('moved', 'www.example.com'),
  manager: azure('trafficmanager:Profile', {
    profileName: 'casetraffic',
    endpoints: [{ name: 'main', type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints', target: 'app.example.com' }],
  }),
  zone: azure('dns:Zone', { zoneName: 'example.com' }),
};
const FRONT_WEAKENINGS = weakenings(pulumiWith, FRONTS, {
  'Azure fronts: a new endpoint past the firewall': [
    'exposure: no web application firewall stands before that [internet]',
    { partner: endpoint('partner'), partnerRoute: route('partner') },
  ],
  'Azure fronts: a new domain past the firewall': [
    'exposure: partner.example.com now, and no web application firewall [internet]',
    { partner: domain('partner'), 'route.customDomains.1': { id: `${FRONT}/customDomains/partner` } },
  ],
  'Azure fronts: a stranger answers beside ours': ['access: x.stranger.org [internet]', { more: origin('more', 'x.stranger.org') }],
  'Azure fronts: a stranger answers instead of ours': ['access: x.stranger.org [internet]', { 'origin.hostName': 'x.stranger.org' }],
  'Azure fronts: a new rule sends callers to a stranger': [
    'access: phish.stranger.org [internet]',
    { more: redirect('more', 'phish.stranger.org') },
  ],
  'Azure fronts: a rule sends callers to a stranger': [
    'access: phish.stranger.org [internet]',
    { 'rule.actions.0.parameters.customHostname': 'phish.stranger.org' },
  ],
  'Azure fronts: traffic is sent to a stranger': ['access: x.stranger.org [internet]', { 'manager.endpoints.0.target': 'x.stranger.org' }],
  'Azure fronts: traffic is sent to a stranger as well': [
    'access: x.stranger.org [internet]',
    {
      'manager.endpoints.1': { name: 'more', type: 'Microsoft.Network/trafficManagerProfiles/externalEndpoints', target: 'x.stranger.org' },
    },
  ],
});
const FRONT_HARMLESS = harmless(pulumiWith, FRONTS, {
  'Azure fronts: a new endpoint that the firewall stands before': {
    partner: endpoint('partner'),
    partnerRoute: route('partner'),
    'policy.parameters': covering('afdEndpoints/cases', 'customDomains/www', 'afdEndpoints/partner'),
  },
  'Azure fronts: a new endpoint that answers nobody': {
    partner: endpoint('partner'),
    partnerRoute: route('partner', { enabledState: 'Disabled' }),
  },
  'Azure fronts: one more of ours answers': { more: origin('more', 'app2.example.com') },
  'Azure fronts: one more rule sends callers to ours': { more: redirect('more', 'help.example.com') },
});

// ── Gateways, balancers, tunnels and hubs ──────────────────────────────────────────────────────────────────────────

const BALANCER = `${OURS}/Microsoft.Network/loadBalancers/casebalancer`;
const PUBLIC = { id: `${OURS}/Microsoft.Network/publicIPAddresses/caseaddress` };
const TENANT = '11111111-2222-3333-4444-555555555555';
const OTHER_TENANT = '99999999-2222-3333-4444-555555555555';
const signIn = (tenant: string) => ({
  vpnAuthenticationTypes: ['AAD'],
  vpnClientProtocols: ['OpenVPN'],
  aadTenant: `https://login.microsoftonline.com/${tenant}/`,
  aadIssuer: `https://sts.windows.net/${tenant}/`,
  aadAudience: '41b23e61-6c1e-4545-b367-cd054e0ed4b4',
});
const EDGES: Readonly<Record<string, object>> = {
  gateway: azure('network:ApplicationGateway', {
    applicationGatewayName: 'casegateway',
    backendAddressPools: [{ name: 'web', backendAddresses: [{ fqdn: 'web.example.com' }] }],
    backendHttpSettingsCollection: [{ name: 'tls', port: 443, protocol: 'Https' }],
    redirectConfigurations: [{ name: 'moved', redirectType: 'Permanent', targetUrl: 'https://www.example.com/moved' }],
  }),
  balancer: azure('network:LoadBalancer', {
    loadBalancerName: 'casebalancer',
    frontendIPConfigurations: [{ name: 'inside', privateIPAddress: '10.0.1.9', subnet: { id: APP } }],
    backendAddressPools: [{ name: 'machines' }],
    loadBalancingRules: [
      {
        name: 'tls',
        frontendPort: 443,
        backendPort: 443,
        protocol: 'Tcp',
        frontendIPConfiguration: { id: `${BALANCER}/frontendIPConfigurations/inside` },
      },
    ],
  }),
  address: withId(
    'Microsoft.Network/publicIPAddresses/caseaddress',
    azure('network:PublicIPAddress', { publicIpAddressName: 'caseaddress', sku: { name: 'Standard' } }),
  ),
  tunnel: azure('network:VirtualNetworkGateway', { virtualNetworkGatewayName: 'casetunnel', vpnClientConfiguration: signIn(TENANT) }),
  radius: azure('network:VirtualNetworkGateway', {
    virtualNetworkGatewayName: 'caseradius',
    vpnClientConfiguration: { vpnAuthenticationTypes: ['Radius'], radiusServerAddress: '10.0.3.4' },
  }),
  hub: azure('signalrservice:SignalR', {
    resourceName: 'casehub',
    networkACLs: {
      defaultAction: 'Deny',
      publicNetwork: { allow: ['ClientConnection'] },
      privateEndpoints: [{ name: 'pe', allow: ['ServerConnection'] }],
    },
  }),
  sockets: azure('webpubsub:WebPubSub', {
    resourceName: 'casesockets',
    networkACLs: { defaultAction: 'Allow', publicNetwork: { deny: ['RESTAPI', 'ServerConnection', 'Trace'] } },
  }),
  auth: azure('web:WebAppAuthSettingsV2', {
    name: 'caseweb',
    login: { allowedExternalRedirectUrls: ['https://www.example.com/back'] },
  }),
  cluster: azure('containerservice:ManagedCluster', {
    resourceName: 'casecluster',
    httpProxyConfig: { httpsProxy: 'http://proxy.example.com:3128' },
  }),
  pool: azure('batch:Pool', {
    accountName: 'casebatch',
    poolName: 'jobs',
    deploymentConfiguration: {
      virtualMachineConfiguration: { nodeAgentSkuId: 'x', diskEncryptionConfiguration: { targets: ['OsDisk', 'TemporaryDisk'] } },
    },
  }),
  zone: azure('dns:Zone', { zoneName: 'example.com' }),
};
const EDGE_WEAKENINGS = weakenings(pulumiWith, EDGES, {
  'Azure edges: a stranger answers behind a gateway': [
    'access: x.stranger.org [internet]',
    { 'gateway.backendAddressPools.0.backendAddresses.1': { fqdn: 'x.stranger.org' } },
  ],
  'Azure edges: a gateway sends callers to a stranger': [
    'access: phish.stranger.org [internet]',
    { 'gateway.redirectConfigurations.0.targetUrl': 'https://phish.stranger.org/' },
  ],
  'Azure edges: a gateway takes any certificate': [
    'encryption: whoever issued it',
    { 'gateway.backendHttpSettingsCollection.0.validateCertChainAndExpiry': false },
  ],
  'Azure edges: a gateway takes certificates of any name': [
    'encryption: a certificate of any name',
    { 'gateway.backendHttpSettingsCollection.0.validateSNI': false },
  ],
  'Azure edges: a balancer gets a public front': [
    'exposure: balancer [internet]',
    { 'balancer.frontendIPConfigurations.0': { name: 'inside', publicIPAddress: PUBLIC } },
  ],
  'Azure edges: people of another tenant open tunnels': [
    'access: tenant 99999999 [tenant]',
    { 'tunnel.vpnClientConfiguration': signIn(OTHER_TENANT) },
  ],
  'Azure edges: the issuer of another tenant is believed': [
    'access: tenant 99999999 [tenant]',
    { 'tunnel.vpnClientConfiguration.aadIssuer': `https://sts.windows.net/${OTHER_TENANT}/` },
  ],
  'Azure edges: another server decides who opens tunnels': [
    'access: 198.51.100.7',
    { 'radius.vpnClientConfiguration.radiusServerAddress': '198.51.100.7' },
  ],
  'Azure edges: servers connect from anywhere': [
    'exposure: connections of servers [internet]',
    { 'hub.networkACLs.publicNetwork.allow.1': 'ServerConnection' },
  ],
  'Azure edges: everything is let in that is not refused': [
    'exposure: calls of its interface [internet]',
    { 'hub.networkACLs.defaultAction': 'Allow' },
  ],
  'Azure edges: less is refused': [
    'exposure: calls of its interface [internet]',
    { 'sockets.networkACLs.publicNetwork.deny': ['ServerConnection', 'Trace'] },
  ],
  'Azure edges: a private endpoint takes more': [
    'exposure: calls of its interface',
    { 'hub.networkACLs.privateEndpoints.0.allow.1': 'RESTAPI' },
  ],
  'Azure edges: sign-in sends people to a stranger': [
    'access: phish.stranger.org [internet]',
    { 'auth.login.allowedExternalRedirectUrls.1': 'https://phish.stranger.org' },
  ],
  'Azure edges: a cluster sends through a stranger': [
    'exposure: proxy.stranger.org',
    { 'cluster.httpProxyConfig.httpsProxy': 'http://proxy.stranger.org:3128' },
  ],
  'Azure edges: disks of nodes are no longer encrypted by the nodes': [
    'encryption: no disks of its nodes',
    { 'pool.deploymentConfiguration.virtualMachineConfiguration.diskEncryptionConfiguration': GONE },
  ],
});
const EDGE_HARMLESS = harmless(pulumiWith, EDGES, {
  'Azure edges: the checks of certificates are written out': {
    'gateway.backendHttpSettingsCollection.0.validateCertChainAndExpiry': true,
    'gateway.backendHttpSettingsCollection.0.validateSNI': 'true',
  },
  'Azure edges: a balancer sends out by a public front': {
    'balancer.frontendIPConfigurations.1': { name: 'out', publicIPAddress: PUBLIC },
    'balancer.outboundRules': [
      { name: 'out', protocol: 'All', frontendIPConfigurations: [{ id: `${BALANCER}/frontendIPConfigurations/out` }] },
    ],
  },
  'Azure edges: the tenant is written without a slash': {
    'tunnel.vpnClientConfiguration.aadTenant': `https://login.microsoftonline.com/${TENANT}`,
    'tunnel.vpnClientConfiguration.aadIssuer': `https://sts.windows.net/${TENANT.toUpperCase()}/`,
  },
  'Azure edges: the same is refused by allowing the rest': {
    'sockets.networkACLs': { defaultAction: 'Deny', publicNetwork: { allow: ['ClientConnection'] } },
  },
  'Azure edges: sign-in sends people to another page of the same site': {
    'auth.login.allowedExternalRedirectUrls.0': 'https://www.example.com/',
  },
  'Azure edges: callers are sent to another page of ours': { 'gateway.redirectConfigurations.0.targetUrl': 'https://help.example.com/' },
});

// ── APIs and static sites ──────────────────────────────────────────────────────────────────────────────────────────

const api = (apiId: string, more: object = {}) =>
  withId(
    `Microsoft.ApiManagement/service/caseapis/apis/${apiId}`,
    azure('apimanagement:Api', { serviceName: 'caseapis', apiId, path: apiId, displayName: apiId, protocols: ['https'], ...more }),
  );
const apiPolicy = (apiId: string, inbound: string) =>
  azure('apimanagement:ApiPolicy', {
    serviceName: 'caseapis',
    apiId,
    policyId: 'policy',
    format: 'rawxml',
    value: `<policies><inbound><base />${inbound}</inbound><backend><base /></backend><outbound><base /></outbound></policies>`,
  });
const TOKEN =
  '<validate-azure-ad-token tenant-id="11111111-2222-3333-4444-555555555555"><audiences><audience>api://cases</audience></audiences></validate-azure-ad-token>';
const APIS: Readonly<Record<string, object>> = {
  service: withId(
    'Microsoft.ApiManagement/service/caseapis',
    azure('apimanagement:ApiManagementService', { serviceName: 'caseapis', sku: { name: 'Premium', capacity: 1 } }),
  ),
  cases: api('cases'),
};
const API_WEAKENINGS = weakenings(pulumiWith, APIS, {
  'Azure APIs: a new one asks for nothing': [
    'access: asks callers for nothing [internet]',
    { open: api('open', { subscriptionRequired: false }) },
  ],
  'Azure APIs: a new one only limits how often it is called': [
    'access: asks callers for nothing [internet]',
    { open: api('open', { subscriptionRequired: false }), policy: apiPolicy('open', '<rate-limit calls="20" renewal-period="90" />') },
  ],
});
const API_HARMLESS = harmless(pulumiWith, APIS, {
  'Azure APIs: a new one asks for a key': { more: api('more') },
  'Azure APIs: a new one asks for a token': { more: api('more', { subscriptionRequired: false }), policy: apiPolicy('more', TOKEN) },
});

const site = { apiVersion: '2023-12-01', location: 'westeurope' };
const SITES: Readonly<Record<string, object>> = {
  site: { ...site, type: 'Microsoft.Web/staticSites', name: 'casesite', sku: { name: 'Standard' }, properties: {} },
  password: {
    ...site,
    type: 'Microsoft.Web/staticSites/basicAuth',
    name: 'casesite/default',
    properties: { applicableEnvironmentsMode: 'AllEnvironments', secretUrl: 'https://casevault.vault.azure.net/secrets/site' },
  },
};
const SITE_WEAKENINGS = weakenings(armWith, SITES, {
  'Azure sites: only trial versions ask for a password': [
    'access: the site that everybody uses',
    { 'password.applicableEnvironmentsMode': 'StagingEnvironments' },
  ],
  'Azure sites: nothing asks for a password': ['access: password', { password: GONE }],
});
const SITE_HARMLESS = harmless(armWith, SITES, {
  'Azure sites: the password stands elsewhere in the vault': { 'password.secretUrl': 'https://casevault.vault.azure.net/secrets/site2' },
});

const inside = { name: 'gateways', properties: { addressPrefix: '10.0.9.0/24' } };
const network = (subnets: readonly object[]) => ({
  ...site,
  type: 'Microsoft.Network/virtualNetworks',
  name: 'casenet',
  properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] }, subnets },
});
const NETWORK_HARMLESS = harmless(
  armWith,
  { network: network([inside]) },
  {
    'Azure networks: a subnet becomes a resource of its own': {
      network: network([]),
      gateways: { ...site, type: 'Microsoft.Network/virtualNetworks/subnets', name: 'casenet/gateways', properties: inside.properties },
    },
  },
);

export const EDGE_HUNTED_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...STORE_WEAKENINGS,
  ...FRONT_WEAKENINGS,
  ...EDGE_WEAKENINGS,
  ...API_WEAKENINGS,
  ...SITE_WEAKENINGS,
};
export const EDGE_HUNTED_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...STORE_HARMLESS,
  ...FRONT_HARMLESS,
  ...EDGE_HARMLESS,
  ...API_HARMLESS,
  ...SITE_HARMLESS,
  ...NETWORK_HARMLESS,
};
