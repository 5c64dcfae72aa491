/** Which resources of Azure open something: perimeters, zones of names, hubs and managers of networks. */
import { settingsOf } from '../../../policies/facts/azure-credentials';
import { blockOf, isPrivate } from '../../../policies/facts/network';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { addressesIn, collectionsOf, namesIn, sendersIn } from '../exposure/filters-azure';
import type { Pairing } from '../side';
import type { Opener, Opening } from './azure-opening';

const textsOf = (value: Value): readonly string[] => value.items().flatMap((item) => item.shape ?? []);
const isOutside = (text: string): boolean => {
  const block = blockOf(text);
  return block !== undefined && !isPrivate(block) && text !== AZURES_OWN;
};
/** Azure's own servers for names answer here. */
const AZURES_OWN = '168.63.129.16';

/** What a value refers to or names, called alike on both sides. */
function keyOf(value: Value, graph: Graph, pairing: Pairing): string {
  const target = value.targets.flatMap((id) => graph.get(id) ?? [])[0];
  return target ? pairing.identity(target) : (value.shape ?? value.path).toLowerCase();
}
const called = (value: Value, graph: Graph): string =>
  value.targets.flatMap((id) => graph.get(id)?.logicalId ?? [])[0] ?? value.string ?? 'that only deployment names';

// ── Perimeters ─────────────────────────────────────────────────────────────────────────────────────────────────────

const INWARD: readonly (readonly [path: string, inside: string])[] = [
  ['addressPrefixes', ''],
  ['serviceTags', ''],
  ['subscriptions', 'id'],
];
const OUTWARD: readonly (readonly [path: string, inside: string])[] = [
  ['fullyQualifiedDomainNames', ''],
  ['emailAddresses', ''],
  ['phoneNumbers', ''],
];

/** All rules of a profile are one list. */
const accessRule: Opener = function* (rule, graph, pairing) {
  const inward = rule.at('direction').is('Outbound').verdict !== 'pass';
  const [perimeter, profile] = ['networkSecurityPerimeterName', 'profileName'].map((path) => rule.at(path)) as [Value, Value];
  const of = `${keyOf(perimeter, graph, pairing)} ${keyOf(profile, graph, pairing)} ${inward}`.toLowerCase();
  for (const [path, inside] of inward ? INWARD : OUTWARD)
    for (const item of rule.at(path).items()) {
      const text = (inside === '' ? item : item.at(inside)).shape;
      if (text === undefined) continue;
      const what = path === 'subscriptions' ? `the subscription ${text.replace(/^\/?subscriptions\//i, '')}` : text;
      yield {
        of,
        line: of,
        what,
        on: rule,
        path,
        name: `the network security perimeter ${called(perimeter, graph)}`,
        come: (all) => (inward ? `it lets ${all} in now` : `what stands in it may send to ${all} now`),
        gone: (all) => (inward ? `it no longer lets ${all} in` : `what stands in it may no longer send to ${all}`),
        boundary: path === 'subscriptions' ? 'organisation' : 'internet',
      };
    }
};

const perimeterLink: Opener = function* (link, graph, pairing) {
  const perimeter = link.at('networkSecurityPerimeterName');
  const other = link.at('autoApprovedRemotePerimeterResourceId');
  const to = other.shape?.replace(/\/+$/, '').split('/').pop() ?? 'another perimeter';
  yield {
    of: pairing.identity(link),
    line: 'link',
    what: keyOf(other, graph, pairing),
    on: link,
    path: 'autoApprovedRemotePerimeterResourceId',
    name: `the network security perimeter ${called(perimeter, graph)}`,
    come: () => `it is joined to ${to} now: what stands in the one reaches what stands in the other`,
    gone: () => `it is no longer joined to ${to}`,
    boundary: 'organisation',
  };
};

// ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const ZONE = 'azure-native:privatedns:PrivateZone';

/** Names of services that are reached privately: whoever is behind the address gets what is meant for the service. */
const privateRecord: Opener = function* (record, graph) {
  const written = record.at('privateZoneName');
  const zone = graph.target(written, ZONE)?.at('privateZoneName').string ?? written.string ?? '';
  if (!/^privatelink\./i.test(zone) || !graph.exists(record)) return;
  const host = `${record.at('relativeRecordSetName').shape ?? record.logicalId}.${zone}`.toLowerCase();
  const addresses = [
    ...record
      .at('aRecords')
      .items()
      .map((item) => item.at('ipv4Address')),
    ...record
      .at('aaaaRecords')
      .items()
      .map((item) => item.at('ipv6Address')),
  ].flatMap((value) => (value.string !== undefined && isOutside(value.string) ? [value.string] : []));
  const alias = record.at('cnameRecord.cname').string?.replace(/\.$/, '');
  for (const to of [...addresses, ...(alias === undefined || alias.toLowerCase().endsWith(zone.toLowerCase()) ? [] : [alias])])
    yield {
      of: `name ${host}`,
      line: 'name',
      what: to,
      on: record,
      path: '',
      name: `the name ${host}`,
      come: (what) => `it leads to ${what} now, outside of our networks: what is sent to the service, and how callers sign in, goes there`,
      gone: (what) => `it no longer leads to ${what}`,
      boundary: 'internet',
    };
};

const forwardingRule: Opener = function* (rule, graph, pairing) {
  if (rule.at('forwardingRuleState').is('Disabled').verdict === 'pass' || !graph.exists(rule)) return;
  const domain = (rule.at('domainName').shape ?? '').replace(/\.$/, '');
  const names = domain === '' ? 'all names' : `the names of ${domain}`;
  for (const server of rule.at('targetDnsServers').items()) {
    const address = server.at('ipAddress').string;
    if (address === undefined || !isOutside(address)) continue;
    yield {
      of: `forwarding ${keyOf(rule.at('dnsForwardingRulesetName'), graph, pairing)} ${domain.toLowerCase()}`,
      line: 'server',
      what: address,
      on: rule,
      path: 'targetDnsServers',
      name: pairing.name(rule),
      come: (what) => `${names} are asked for at ${what} on the internet now: whoever is there sees each, and may answer as he likes`,
      gone: (what) => `${names} are no longer asked for at ${what}`,
      boundary: 'internet',
    };
  }
};

/** Settings by which an app asks servers of its own for names. */
const SERVERS = /^WEBSITE_DNS_(ALT_)?SERVER$/i;

const app: Opener = function* (site, graph, pairing) {
  if (!graph.exists(site)) return;
  const owner = site.type.includes('ApplicationSettings') ? graph.target(site.at('name')) : site;
  const name = pairing.name(owner ?? site);
  const of = pairing.identity(owner ?? site);
  for (const [setting, value] of settingsOf(site))
    for (const address of SERVERS.test(setting) ? (value.string ?? '').split(/[,\s]+/).filter(isOutside) : [])
      yield {
        of: `names ${of}`,
        line: 'server',
        what: address,
        on: site,
        path: '',
        name,
        come: (what) => `it asks ${what} on the internet for names now: whoever is there sees each, and may answer as he likes`,
        gone: (what) => `it no longer asks ${what} for names`,
        boundary: 'internet',
      };
};

// ── Hubs and lines ─────────────────────────────────────────────────────────────────────────────────────────────────

const joined =
  (come: string, gone: string): Opener =>
  (resource, graph, pairing) =>
    graph.exists(resource) ? [joins(resource, pairing, come, gone)] : [];
const joins = (resource: Resource, pairing: Pairing, come: string, gone: string): Opening => ({
  of: pairing.identity(resource),
  line: 'joined',
  what: 'joined',
  on: resource,
  path: '',
  name: pairing.name(resource),
  come: () => come,
  gone: () => gone,
  boundary: 'organisation',
});

const FIREWALLS = new Set(['azure-native:network:AzureFirewall']);

/** Where a hub sends everything that it has no other route for. */
const hubRoutes: Opener = function* (table, graph, pairing) {
  for (const route of graph.exists(table) ? table.at('routes').items() : []) {
    const everything = textsOf(route.at('destinations')).some((text) => /^(0\.0\.0\.0\/0|::\/0)$/.test(text));
    const hop = route.at('nextHop').state === 'absent' ? (route.at('nextHops').items()[0] ?? route.at('nextHops')) : route.at('nextHop');
    if (!everything || hop.targets.some((id) => FIREWALLS.has(graph.get(id)?.type ?? ''))) continue;
    yield {
      of: `routes ${keyOf(table.at('virtualHubName'), graph, pairing)}`,
      line: 'everything',
      what: keyOf(hop, graph, pairing),
      on: table,
      path: 'routes',
      name: pairing.name(table),
      come: () => `what its hub sends to everywhere goes to ${called(hop, graph).split('/').pop()} now, which is no firewall of ours`,
      gone: () => `what its hub sends to everywhere no longer goes to ${called(hop, graph).split('/').pop()}`,
    };
  }
};

// ── Firewalls ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Who may send by a rule, and whether it looks inside of what is encrypted; where to is told elsewhere. */
const firewall: Opener = function* (thing, graph, pairing) {
  const owner = graph.target(thing.at('firewallPolicyName'), 'azure-native:network:FirewallPolicy') ?? thing;
  for (const collection of graph.exists(thing) ? collectionsOf(thing) : [])
    for (const rule of collection.at('action.type').is('Deny').verdict === 'pass' ? [] : collection.at('rules').items()) {
      const to = [...new Set([...namesIn(rule), ...addressesIn(rule, graph)])].sort();
      const shown = to.length > 3 ? `${to.slice(0, 3).join(', ')}, ${to.length - 3} more` : to.join(', ');
      const all = {
        of: `senders ${pairing.identity(owner)} ${to.join(' ')}`,
        on: thing,
        path: rule.path,
        name: pairing.name(owner),
        onlyMore: true,
      };
      for (const from of sendersIn(rule, graph))
        yield {
          ...all,
          line: `senders ${shown}`,
          what: from,
          severity: 'medium',
          come: (what) => `it lets ${what === '0.0.0.0/0' ? 'everybody' : what} send to ${shown} now`,
          gone: (what) => `it no longer lets ${what === '0.0.0.0/0' ? 'everybody' : what} send to ${shown}`,
        };
      if (rule.at('terminateTLS').boolean === true)
        yield {
          ...all,
          line: 'inspection',
          what: 'inspection',
          protects: true,
          come: () => `it looks inside of encrypted sessions to ${shown} now`,
          gone: () => `it no longer looks inside of encrypted sessions to ${shown}`,
        };
    }
};

// ── Managers of networks ───────────────────────────────────────────────────────────────────────────────────────────

const prefixes = (value: Value): readonly string[] => {
  const texts = value.items().flatMap((item) => item.at('addressPrefix').shape ?? []);
  return texts.length === 0 ? ['*'] : texts.map((text) => (/^(Internet|0\.0\.0\.0\/0)$/i.test(text) ? '*' : text)).sort();
};

/** Rules of administrators come before those of security groups: who is always allowed passes whatever they refuse. */
const adminRule: Opener = function* (rule, graph, pairing) {
  const refuses = rule.at('access').is('Deny').verdict === 'pass';
  if (!graph.exists(rule) || (!refuses && rule.at('access').is('AlwaysAllow').verdict !== 'pass')) return;
  const inward = rule.at('direction').is('Outbound').verdict !== 'pass';
  const [from, to] = [prefixes(rule.at('sources')), prefixes(rule.at('destinations'))];
  const ports = textsOf(rule.at('destinationPortRanges'))
    .map((port) => (port === '0-65535' ? '*' : port))
    .sort();
  const port = ports.length === 0 || ports.includes('*') ? 'every port' : `port ${ports.join(', ')}`;
  const who = [from, to].map((list) => (list.includes('*') ? 'everywhere' : list.join(', '))) as [string, string];
  const protocol = (rule.at('protocol').string ?? 'any').toLowerCase();
  const traffic = `${protocol === 'any' ? '' : `${protocol} `}from ${who[0]} to ${who[1]} on ${port}`;
  yield {
    of: `administrators ${keyOf(rule.at('networkManagerName'), graph, pairing)} ${rule.at('configurationName').shape ?? ''} ${rule.at('ruleCollectionName').shape ?? ''} ${refuses}`,
    line: traffic,
    what: `${inward ? 'in' : 'out'} ${traffic}`,
    on: rule,
    path: '',
    name: pairing.name(rule),
    ...(refuses
      ? {
          protects: true,
          come: () => `it refuses what comes ${traffic} now, whatever security groups let through`,
          gone: () => `nothing refuses what comes ${traffic} any more: security groups decide alone`,
        }
      : {
          come: () => `it lets through what comes ${traffic} now, whatever security groups refuse`,
          gone: () => `security groups decide about what comes ${traffic} again`,
        }),
    ...(inward && from.includes('*') ? { boundary: 'internet' as const } : {}),
  };
};

export const OPENERS: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ['azure-native:network:NetworkSecurityPerimeterAccessRule', accessRule],
  ['azure-native:network:NspAccessRule', accessRule],
  ['azure-native:network:NetworkSecurityPerimeterLink', perimeterLink],
  ['azure-native:network:NspLink', perimeterLink],
  ['azure-native:privatedns:PrivateRecordSet', privateRecord],
  ['azure-native:dnsresolver:ForwardingRule', forwardingRule],
  ['azure-native:web:WebApp', app],
  ['azure-native:web:WebAppSlot', app],
  ['azure-native:web:WebAppApplicationSettings', app],
  ['azure-native:web:WebAppApplicationSettingsSlot', app],
  [
    'azure-native:network:VpnSite',
    joined('its network is reached through tunnels, and reaches ours', 'its network is no longer reached through tunnels'),
  ],
  [
    'azure-native:network:ExpressRouteCircuitConnection',
    joined('two private lines are joined: networks behind the other one reach ours', 'networks behind the other line no longer reach ours'),
  ],
  ['azure-native:network:HubRouteTable', hubRoutes],
  ['azure-native:network:VirtualHubRouteTableV2', hubRoutes],
  ['azure-native:network:AzureFirewall', firewall],
  ['azure-native:network:FirewallPolicyRuleCollectionGroup', firewall],
  ['azure-native:network:AdminRule', adminRule],
]);
