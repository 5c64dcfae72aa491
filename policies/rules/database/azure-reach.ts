/** Who reaches a database on Azure: nobody from the internet, and from the moderate tier on only through private endpoints. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import {
  CITUS,
  COSMOS,
  FILE_SYNC,
  KUSTO,
  MANAGED_INSTANCE,
  MARIADB,
  MONGO,
  MYSQL,
  MYSQL_SINGLE,
  POSTGRES,
  POSTGRES_SINGLE,
  PURVIEW,
  REDIS,
  REDIS_ENTERPRISE,
  SEARCH,
  SQL,
  SYNAPSE,
} from '../../facts/azure-databases';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { type Door, doorRules, listsNetworks } from '../azure-reach';
import { setting } from '../setting';

// ── Firewall rules ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Where each kind of firewall rule keeps its first and last address. */
export const RANGES: Readonly<Record<string, readonly [first: string, last: string]>> = {
  'azure-native:sql:FirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbforpostgresql:FirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbforpostgresql:SingleServerFirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbforpostgresql:ServerGroupFirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbformysql:FirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbformysql:SingleServerFirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:dbformariadb:FirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:synapse:IpFirewallRule': ['startIpAddress', 'endIpAddress'],
  'azure-native:mongocluster:FirewallRule': ['properties.startIpAddress', 'properties.endIpAddress'],
  'azure-native:redis:FirewallRule': ['startIP', 'endIP'],
  'azure-native:redis:RedisFirewallRule': ['startIP', 'endIP'],
};
const FIREWALL_RULES = Object.keys(RANGES);
const SQL_V6 = 'azure-native:sql:IPv6FirewallRule';

/** An address as a number; undefined where it is not fully known or no address. */
function numberOf(address: string | undefined): number | undefined {
  const parts = address?.trim().split('.').map(Number) ?? [];
  return parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256)
    ? parts.reduce((sum, part) => sum * 256 + part, 0)
    : undefined;
}

/** More addresses than the largest network that anybody owns (a /8): that is the internet, whatever its two ends are. */
const MOST_ADDRESSES = 2 ** 24;

const endsOf = (one: Resource) => (RANGES[one.type] as readonly [string, string]).map((path) => one.at(path)) as [Value, Value];

/** The range that stands for every resource of Azure, whoever owns it. */
const isAnyOfAzure = (first: Value, last: Value): boolean => numberOf(first.string) === 0 && numberOf(last.string) === 0;

function listsSomeNetwork(one: Resource): Outcome {
  const [first, last] = endsOf(one);
  const [from, to] = [numberOf(first.string), numberOf(last.string)];
  if (from === undefined) return first.state === 'known' ? first.asFailure() : first.asUnknown();
  if (to === undefined) return last.state === 'known' ? last.asFailure() : last.asUnknown();
  if (isAnyOfAzure(first, last)) return notApplicable('lets in resources of Azure: another finding');
  return to - from >= MOST_ADDRESSES ? fail(`lets in ${first.string} to ${last.string}, which is the internet`, first.path) : pass();
}

function letsNotAllOfAzureIn(one: Resource): Outcome {
  const [first, last] = endsOf(one);
  if (numberOf(first.string) === undefined || numberOf(last.string) === undefined) return notApplicable('no range that is known');
  return isAnyOfAzure(first, last) ? fail('0.0.0.0 lets in every resource of Azure, also those of other customers', first.path) : pass();
}

const firewall = (type: string, from: unknown, to: unknown) => {
  const [first, last] = RANGES[type] as readonly [string, string];
  const [key] = first.split('.');
  const properties = first.includes('.')
    ? { [key as string]: { [first.slice(first.indexOf('.') + 1)]: from, [last.slice(last.indexOf('.') + 1)]: to } }
    : { [first]: from, [last]: to };
  return { resources: { rule: { type, properties } } };
};
const [SQL_RULE = ''] = FIREWALL_RULES;

const ADDRESS_V6 = /^[0-9a-f:.]+(\/\d+)?$/i;
const ADDRESS = /^[\d.]+(\/\d+)?$/;

/** Addresses that Cosmos DB takes for every data centre of Azure. */
const COSMOS_ANY_AZURE = '0.0.0.0';

const cosmosLists = (account: Resource): Outcome =>
  anyOf(
    [
      listsNetworks(account.at('ipRules'), 'ipAddressOrRange'),
      allOf(account.at('isVirtualNetworkFilterEnabled').isTrue(), account.at('virtualNetworkRules').isSet()),
    ],
    'lists no network',
  );
const cosmos = (...ranges: readonly unknown[]) => ({
  account: { type: COSMOS, properties: { ipRules: ranges.map((ipAddressOrRange) => ({ ipAddressOrRange })) } },
});

const PUBLIC: readonly RuleSpec[] = [
  rule({
    on: FIREWALL_RULES,
    check: listsSomeNetwork,
    fix: 'Remove the rule and use a private endpoint, or name the addresses of one network.',
    pass: FIREWALL_RULES.map((type) => firewall(type, '203.0.113.4', '203.0.113.9')),
    fail: [...FIREWALL_RULES.map((type) => firewall(type, '0.0.0.0', '255.255.255.255')), firewall(SQL_RULE, '1.0.0.0', '126.255.255.255')],
    unknown: [firewall(SQL_RULE, { $unknown: 'config value' }, '10.0.0.4'), firewall(SQL_RULE, '0.0.0.0', { $unknown: 'config value' })],
    skip: [firewall(SQL_RULE, '0.0.0.0', '0.0.0.0')],
  }),
  rule({
    on: FIREWALL_RULES,
    severity: 'high',
    check: letsNotAllOfAzureIn,
    fix: 'Remove the rule, and let the services in through private endpoints or the subnets that they stand in.',
    pass: FIREWALL_RULES.map((type) => firewall(type, '203.0.113.4', '203.0.113.9')),
    fail: FIREWALL_RULES.map((type) => firewall(type, '0.0.0.0', '0.0.0.0')),
    skip: [firewall(SQL_RULE, { $unknown: 'config value' }, '10.0.0.4')],
  }),
  rule({
    on: SQL_V6,
    check: (one) => {
      const [first, last] = [one.at('startIPv6Address'), one.at('endIPv6Address')];
      const whole = allOf(first.matches(/^(::|0(:0)*)(\/0)?$/), last.matches(/^ffff:/i));
      return allOf(first.matches(ADDRESS_V6), last.matches(ADDRESS_V6), not(whole, 'lets in the whole internet'));
    },
    fix: 'Remove the rule and use a private endpoint, or name the addresses of one network.',
    pass: [{ resources: { rule: { type: SQL_V6, properties: { startIPv6Address: '2001:db8::1', endIPv6Address: '2001:db8::9' } } } }],
    fail: [
      {
        resources: {
          rule: { type: SQL_V6, properties: { startIPv6Address: '::', endIPv6Address: 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' } },
        },
      },
    ],
  }),
  rule({
    on: COSMOS,
    check: (account) => {
      const ranges = account.at('ipRules').items();
      return ranges.length === 0
        ? notApplicable('lists no address')
        : every(ranges, (one) => not(one.at('ipAddressOrRange').is('0.0.0.0/0'), 'lets in the whole internet'));
    },
    fix: 'Remove the range and use a private endpoint, or name the addresses of one network.',
    pass: [{ resources: cosmos('203.0.113.0/24') }],
    fail: [{ resources: cosmos('203.0.113.0/24', '0.0.0.0/0') }],
    unknown: [{ resources: cosmos({ $unknown: 'config value' }) }],
    skip: [{ resources: cosmos() }],
  }),
  rule({
    on: COSMOS,
    severity: 'high',
    check: (account) =>
      every(account.at('ipRules').items(), (one) => {
        const listed = one.at('ipAddressOrRange');
        const anyAzure = 'lets in every resource of Azure, also those of other customers';
        return allOf(listed.matches(ADDRESS), not(listed.is(COSMOS_ANY_AZURE), anyAzure));
      }),
    fix: 'Remove 0.0.0.0 from ipRules, and let the services in through private endpoints.',
    pass: [{ resources: cosmos('203.0.113.0/24') }],
    fail: [{ resources: cosmos(COSMOS_ANY_AZURE) }],
  }),
  setting({
    on: MANAGED_INSTANCE,
    at: 'publicDataEndpointEnabled',
    is: [false],
    not: true,
    unset: false,
    severity: 'high',
    fix: 'Set publicDataEndpointEnabled: false, and reach the instance from its network.',
  }),
];

// ── Doors ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const SUBNET = 'network.delegatedSubnetResourceId';
const refusing = (access = 'publicNetworkAccess', inside?: string): Door => ({ access, unlisted: 'nobody', ...(inside ? { inside } : {}) });
const REDIS_RULE = 'azure-native:redis:FirewallRule';

/** How each type is closed. Servers with a firewall of their own refuse whom nobody listed. */
export const DOORS: Readonly<Record<string, Door>> = {
  [COSMOS]: {
    access: 'publicNetworkAccess',
    unlisted: cosmosLists,
    limited: { properties: { ipRules: [{ ipAddressOrRange: '203.0.113.0/24' }] } },
    unlimited: { properties: { ipRules: [{ ipAddressOrRange: '0.0.0.0/0' }] } },
  },
  [SEARCH]: {
    access: 'publicNetworkAccess',
    unlisted: (one) => listsNetworks(one.at('networkRuleSet.ipRules'), 'value'),
    limited: { properties: { networkRuleSet: { ipRules: [{ value: '203.0.113.0/24' }] } } },
    unlimited: { properties: { networkRuleSet: { ipRules: [{ value: '0.0.0.0/0' }] } } },
  },
  [REDIS]: {
    access: 'publicNetworkAccess',
    inside: 'subnetId',
    unlisted: (one, graph) => (belongingTo(one, REDIS_RULE, 'cacheName', graph).length > 0 ? pass() : fail('has no firewall rule')),
    limited: {
      others: { rule: { type: REDIS_RULE, properties: { cacheName: { $ref: 'it.name' }, startIP: '203.0.113.4', endIP: '203.0.113.4' } } },
    },
  },
  [REDIS_ENTERPRISE]: { access: 'publicNetworkAccess' },
  [KUSTO]: {
    access: 'publicNetworkAccess',
    inside: 'virtualNetworkConfiguration.subnetId',
    unlisted: (one) => listsNetworks(one.at('allowedIpRangeList')),
    limited: { properties: { allowedIpRangeList: ['203.0.113.0/24'] } },
    unlimited: { properties: { allowedIpRangeList: ['0.0.0.0/0'] } },
  },
  [PURVIEW]: { access: 'publicNetworkAccess' },
  [FILE_SYNC]: { access: 'incomingTrafficPolicy', closed: ['AllowVirtualNetworksOnly'], open: 'AllowAllTraffic' },
  [CITUS]: { access: 'coordinatorEnablePublicIpAccess', closed: [false], open: true, unlisted: 'nobody' },
  [SQL]: refusing(),
  [SYNAPSE]: refusing(),
  [MONGO]: refusing('properties.publicNetworkAccess'),
  [POSTGRES]: refusing('network.publicNetworkAccess', SUBNET),
  [MYSQL]: refusing('network.publicNetworkAccess', SUBNET),
  [POSTGRES_SINGLE]: refusing('properties.publicNetworkAccess'),
  [MYSQL_SINGLE]: refusing('properties.publicNetworkAccess'),
  [MARIADB]: refusing('properties.publicNetworkAccess'),
};

export const AZURE_REACH = {
  'DHC-05': { azure: PUBLIC },
  'DID-05': {
    azure: doorRules(
      DOORS,
      "Set publicNetworkAccess: 'Disabled' (coordinatorEnablePublicIpAccess: false, incomingTrafficPolicy: 'AllowVirtualNetworksOnly'), and add a private endpoint with its DNS zone group.",
    ),
  },
  'EXP-04': {
    azure: [
      setting({
        on: [SQL, KUSTO],
        at: 'restrictOutboundNetworkAccess',
        is: ['Enabled'],
        not: 'Disabled',
        unset: 'Disabled',
        severity: 'low',
        fix: "Set restrictOutboundNetworkAccess: 'Enabled', and list what it may call (OutboundFirewallRule, allowedFqdnList).",
      }),
      setting({
        on: SYNAPSE,
        at: 'managedVirtualNetworkSettings.preventDataExfiltration',
        is: [true],
        not: false,
        unset: false,
        fix: "Set managedVirtualNetwork: 'default' and managedVirtualNetworkSettings.preventDataExfiltration: true when the workspace is made.",
      }),
      rule({
        on: SEARCH,
        severity: 'low',
        from: 'high',
        check: (one) => one.at('dataExfiltrationProtections').isSet(),
        fix: "Set dataExfiltrationProtections: ['BlockAll'], so that indexers and skills call nothing outside.",
        pass: [{ resources: { it: { type: SEARCH, properties: { dataExfiltrationProtections: ['BlockAll'] } } } }],
        fail: [{ resources: { it: { type: SEARCH, properties: {} } } }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
