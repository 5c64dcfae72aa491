/** What networks of Azure are answered by, joined to and inspected by. */
import { type Block, blockOf, isPrivate } from '../../../policies/facts/network';
import { textOfBlock, union, without } from '../exposure/reach';
import type { PlainMap } from '../plain';
import { asList, asText, valueAt } from '../reading';
import { each, exact, type Guard, meaning, type Part, place, type Said, turned } from './parts';

/** Azure's own servers for names answer at this address, as they do where no servers are named. */
const OWN = '168.63.129.16';

const serversIn = (properties: PlainMap, path: string): readonly string[] =>
  asList(valueAt(properties, path)).flatMap((item) => {
    const text = asText(item);
    return text === undefined || text === OWN || /^AzureProvidedDNS$/i.test(text) ? [] : [text];
  });
const isOutside = (server: string): boolean => {
  const block = blockOf(server);
  return block !== undefined && !isPrivate(block);
};

const answering = (rule: PlainMap): readonly string[] =>
  asList(valueAt(rule, 'targetDnsServers'))
    .flatMap((item) => asText(valueAt(item, 'ipAddress')) ?? [])
    .sort();

/** Who answers for names: whoever is outside sees every name, and may answer as he likes. */
const names = (path: string): Part =>
  meaning(path, (before, after, words) => {
    const [old, now] = [serversIn(before, path), serversIn(after, path)];
    const [was, is] = [new Set(old.map(words.before)), new Set(now.map(words.after))];
    const come = [...is].filter((one) => !was.has(one));
    const lost = [...was].filter((one) => !is.has(one));
    const outside = now.filter((server) => isOutside(server) && !old.includes(server));
    if (outside.length > 0)
      return [
        {
          direction: 'weaker',
          words: `names are asked for at ${outside.join(', ')} on the internet now, past whatever of ours answered for them`,
        },
      ];
    if (was.size > 0 && is.size === 0)
      return [
        {
          direction: 'weaker',
          words: `names are asked for at Azure itself now, no longer at ${lost.join(', ')}: what that one limits or records is gone round`,
        },
      ];
    if (was.size === 0 && is.size > 0) return [];
    if (come.length === 0)
      return old.some((server) => isOutside(server) && !now.includes(server))
        ? [{ direction: 'stronger', words: `names are no longer asked for at ${lost.join(', ')}` }]
        : [];
    return [
      {
        direction: 'undecided',
        words: `names are asked for at ${come.join(', ')} now: read whether that limits and records as much as before`,
      },
    ];
  });

/** Ranges of a network at the other end: more of them are more that is let in. */
const ranges = (path: string, what: string): Part =>
  meaning(path, (before, after) => {
    const read = (properties: PlainMap): readonly Block[] =>
      union(asList(valueAt(properties, path)).flatMap((item) => blockOf(asText(item) ?? '') ?? []));
    const [old, now] = [read(before), read(after)];
    const say = (direction: Said['direction'], blocks: readonly Block[], verb: string): readonly Said[] =>
      blocks.length > 0 ? [{ direction, words: `${what}: ${verb} ${blocks.map(textOfBlock).join(', ')}` }] : [];
    return [...say('weaker', without(now, old), 'now'), ...say('stronger', without(old, now), 'no longer')];
  });

const listed = (path: string) => (properties: PlainMap) => asList(valueAt(properties, path)).map((item) => asText(item) ?? '');
const onlyDirectory = (properties: PlainMap): boolean | undefined => {
  const types = listed('vpnClientConfiguration.vpnAuthenticationTypes')(properties);
  return types.length === 0 ? undefined : types.every((type) => /^AAD$/i.test(type));
};

export const AZURE_NETWORKS: readonly Guard[] = [
  { on: /^azure-native:network:VirtualNetwork$/, aspect: 'exposure', severity: 'high', parts: [names('dhcpOptions.dnsServers')] },
  { on: /^azure-native:network:NetworkInterface$/, aspect: 'exposure', severity: 'high', parts: [names('dnsSettings.dnsServers')] },
  { on: /^azure-native:network:FirewallPolicy$/, aspect: 'exposure', severity: 'high', parts: [names('dnsSettings.servers')] },
  {
    on: /^azure-native:dnsresolver:ForwardingRule$/,
    aspect: 'exposure',
    parts: [
      meaning('targetDnsServers', (before, after) => {
        const [old, now] = [before, after].map(answering) as [readonly string[], readonly string[]];
        // Servers that are new on the internet are told as such.
        return old.join() === now.join() || now.some((server) => isOutside(server) && !old.includes(server))
          ? []
          : [
              {
                direction: 'undecided',
                words: `who answers for the names that it forwards: ${now.join(', ')} instead of ${old.join(', ')}: read whether that limits and records as much as before`,
              },
            ];
      }),
      exact('domainName', 'which names it forwards'),
    ],
  },
  { on: /^azure-native:dnsresolver:DnsSecurityRule$/, aspect: 'exposure', ends: 'the names that it blocked are answered' },
  {
    on: /^azure-native:network:LocalNetworkGateway$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [
      ranges('localNetworkAddressSpace.addressPrefixes', 'what is reached through the tunnel, and reaches us'),
      place('gatewayIpAddress', 'where the tunnel ends'),
      place('fqdn', 'where the tunnel ends'),
    ],
  },
  {
    on: /^azure-native:network:VpnSite$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [
      ranges('addressSpace.addressPrefixes', 'what is reached through the tunnel, and reaches us'),
      place('ipAddress', 'where the tunnel ends'),
    ],
  },
  {
    on: /^azure-native:network:ExpressRouteCircuitAuthorization$/,
    aspect: 'exposure',
    severity: 'high',
    silences: 'whoever has it joins a network of his own to the line',
  },
  {
    on: /^azure-native:network:VirtualNetworkGateway$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [
      turned(
        'vpnClientConfiguration',
        (properties) => valueAt(properties, 'vpnClientConfiguration') === undefined,
        'people reach the network through tunnels of their own devices now',
        'people no longer reach the network through tunnels of their own devices',
      ),
      turned(
        'vpnClientConfiguration.vpnAuthenticationTypes',
        onlyDirectory,
        'tunnels are opened with certificates or passwords now, past the directory and what that demands',
        'tunnels are opened by the directory only',
      ),
      ranges('customRoutes.addressPrefixes', 'what people reach through their tunnels'),
    ],
  },
  {
    on: /^azure-native:network:AzureFirewall$/,
    aspect: 'exposure',
    severity: 'high',
    ends: 'nothing inspects what passed it, or it does not pass at all',
  },
  {
    on: /^azure-native:network:RoutingIntent$/,
    aspect: 'exposure',
    severity: 'high',
    ends: 'what its hub passes on no longer goes through a firewall',
    parts: [
      each('routingPolicies', 'what goes through the firewall of the hub', (item) =>
        listed('destinations')(item as PlainMap)
          .slice()
          .sort()
          .join(' and '),
      ),
    ],
  },
  {
    on: /^azure-native:network:(HubRouteTable|VirtualHubRouteTableV2)$/,
    aspect: 'exposure',
    parts: [exact('routes', 'where it leads to')],
  },
  {
    on: /^azure-native:network:HubVirtualNetworkConnection$/,
    aspect: 'exposure',
    parts: [exact('routingConfiguration', 'by which routes the network sends and is reached')],
  },
  {
    on: /^azure-native:network:(NetworkSecurityPerimeterAssociation|NspAssociation)$/,
    aspect: 'exposure',
    severity: 'high',
    ends: 'the perimeter no longer keeps others away from it',
  },
];
