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

void route;
export const AZURE_NETWORK_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...GROUP_WEAKENINGS };
export const AZURE_NETWORK_HARMLESS: Readonly<Record<string, Harmless>> = { ...GROUP_SAME };
