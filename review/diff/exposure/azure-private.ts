/** Private ways of Azure: endpoints of stores, the zones in which their names stand, and what subnets limit of both. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { AzureNetwork, Subnet } from './azure-network';
import { type AzureSide, keyed, subnetKey, subnetName } from './azure-sides';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';

const ENDPOINT = 'azure-native:network:PrivateEndpoint';
const LINK = 'azure-native:privatedns:VirtualNetworkLink';
const ZONE = 'azure-native:privatedns:PrivateZone';
const VNET = 'azure-native:network:VirtualNetwork';

/** Ways and settings that the earlier side has, and the later one has not. */
export function* privateWays(
  speech: Speech,
  before: AzureSide,
  after: AzureSide,
  direction: Direction,
  said: readonly Consequence[],
): Iterable<Consequence> {
  // A store that is reached from outside, or that lost a layer, is told with that.
  const told = new Set(said.filter(({ topic }) => /^(path|width|layers) /.test(topic)).map(({ subject }) => subject));
  for (const line of ways(speech, before, after, direction)) if (!told.has(line.subject)) yield line;
  yield* zones(speech, before, after, direction);
  const leaving = new Set(said.flatMap(({ along, topic }) => (topic === 'egress' ? along : [])));
  yield* subnets(speech, before, after, direction, leaving);
}

// ── Endpoints ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Way {
  readonly endpoint: Resource;
  readonly service: Resource;
}

const connectionsOf = (endpoint: Resource): readonly Value[] => [
  ...endpoint.at('privateLinkServiceConnections').items(),
  ...endpoint.at('manualPrivateLinkServiceConnections').items(),
];

/** By service and the part of it that is reached: `blob`, `vault`. */
function waysIn({ networks, pairing }: AzureSide): ReadonlyMap<string, Way> {
  const found = new Map<string, Way>();
  for (const { graph } of networks)
    for (const endpoint of graph.ofType(ENDPOINT))
      for (const connection of graph.exists(endpoint) ? connectionsOf(endpoint) : []) {
        const service = graph.target(connection.at('privateLinkServiceId'));
        const parts = connection.at('groupIds').items();
        for (const part of parts.length > 0 ? parts : [connection.at('groupIds')])
          if (service) found.set(`${pairing.identity(service)} ${part.shape?.toLowerCase() ?? ''}`, { endpoint, service });
      }
  return found;
}

function* ways(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity, name, other } = speech.pairing;
  const now = waysIn(after);
  for (const [key, { endpoint, service }] of waysIn(before)) {
    const left = other(service);
    if (now.has(key) || !left) continue;
    yield speech.line(left, {
      direction,
      severity: 'medium',
      sentence:
        direction === 'weaker'
          ? `${name(left)} has no private endpoint any more, where ${name(endpoint)} was: whoever used that way needs another, past the network`
          : `${name(left)} is reached by ${name(endpoint)} now, inside of the network`,
      topic: `private way ${key}`,
      chain: [name(endpoint), name(left)],
      along: [identity(endpoint)],
      tells: ['DID-01', 'DID-04', 'DID-05'],
      saw: name(endpoint),
    });
  }
}

// ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Named {
  readonly link: Resource;
  readonly zone: string;
  readonly network: Resource;
}

function linksIn({ networks, pairing }: AzureSide): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>();
  for (const { graph } of networks)
    for (const link of graph.ofType(LINK)) {
      const zone = graph.target(link.at('privateZoneName'), ZONE);
      const text = (zone?.at('privateZoneName').string ?? link.at('privateZoneName').string ?? '').toLowerCase();
      const network = graph.target(link.at('virtualNetwork.id'), VNET);
      if (network && text !== '' && graph.exists(link)) found.set(`${text} ${pairing.identity(network)}`, { link, zone: text, network });
    }
  return found;
}

function* zones(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity, name, other } = speech.pairing;
  const now = linksIn(after);
  for (const [key, { link, network, zone }] of linksIn(before)) {
    const left = other(network);
    if (now.has(key) || !left || !zone.startsWith('privatelink.')) continue;
    yield speech.line(left, {
      direction,
      severity: 'medium',
      sentence:
        direction === 'weaker'
          ? `${name(left)} no longer knows the names of ${zone}: there they lead to the public side of services instead of their private endpoints`
          : `${name(left)} knows the names of ${zone} now`,
      topic: `zone ${zone}`,
      at: `zone ${zone}`,
      chain: [name(left), zone],
      along: [identity(link)],
      tells: ['DID-05'],
      saw: zone,
    });
  }
}

// ── Subnets ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Setting {
  readonly path: string;
  /** From the weakest; without it, each entry of the list protects. */
  readonly steps: readonly string[];
  readonly absent: string;
  readonly weaker: string;
  readonly stronger: string;
}
const SETTINGS: readonly Setting[] = [
  {
    path: 'privateEndpointNetworkPolicies',
    steps: ['Disabled', 'RouteTableEnabled', 'NetworkSecurityGroupEnabled', 'Enabled'],
    absent: 'Disabled',
    weaker: 'no longer apply all rules of groups and routes to private endpoints',
    stronger: 'apply more rules of groups and routes to private endpoints now',
  },
  {
    path: 'privateLinkServiceNetworkPolicies',
    steps: ['Disabled', 'Enabled'],
    absent: 'Enabled',
    weaker: 'no longer apply rules of groups to private link services',
    stronger: 'apply rules of groups to private link services now',
  },
  {
    path: 'defaultOutboundAccess',
    steps: ['true', 'false'],
    absent: 'true',
    weaker: 'let what stands there send to the internet by addresses of Azure, where no route leads elsewhere',
    stronger: 'no longer let what stands there send to the internet by addresses of Azure',
  },
];
const LIMITS = 'serviceEndpointPolicies';

function* subnets(
  speech: Speech,
  before: AzureSide,
  after: AzureSide,
  direction: Direction,
  leaving: ReadonlySet<string>,
): Iterable<Consequence> {
  const read = ({ subnets: all }: AzureNetwork) => all;
  const key = (subnet: Subnet) => subnetKey(subnet, speech.pairing);
  const older = keyed(before, read, key);
  for (const [id, [subnet, network]] of keyed(after, read, key)) {
    const [was] = older.get(id) ?? [];
    if (!was) continue;
    for (const { absent, path, steps, stronger, weaker } of SETTINGS) {
      const step = (value: Value) => {
        const text = value.at(path).orDefault(absent).string?.toLowerCase();
        return steps.findIndex((one) => one.toLowerCase() === text);
      };
      const [old, now] = [step(was.value), step(subnet.value)];
      if (old < 0 || now < 0 || now >= old) continue;
      // Whoever can send by it now is told by name.
      if (path === 'defaultOutboundAccess' && leaving.has(speech.pairing.identity(subnet.resource))) continue;
      const on = path === 'privateEndpointNetworkPolicies' ? endpointsIn(subnet, network) : [];
      yield limit(
        speech,
        subnet,
        path,
        `the settings of ${subnetName(subnet, speech.pairing)} ${direction === 'weaker' ? weaker : stronger}`,
        { direction, on },
      );
    }
    const limits = (value: Value) => value.at(LIMITS).items().length;
    if (limits(was.value) > 0 && limits(subnet.value) === 0)
      yield limit(
        speech,
        subnet,
        LIMITS,
        direction === 'weaker'
          ? `nothing limits any more which accounts ${subnetName(subnet, speech.pairing)} reaches by its service endpoints: anybody’s may be written to`
          : `it is limited now which accounts ${subnetName(subnet, speech.pairing)} reaches by its service endpoints`,
        { direction, on: [] },
      );
  }
}

const endpointsIn = (subnet: Subnet, network: AzureNetwork): readonly Resource[] =>
  network.graph.ofType(ENDPOINT).filter((endpoint) => network.subnet(endpoint.at('subnet.id'))?.key === subnet.key);

function limit(
  speech: Speech,
  subnet: Subnet,
  path: string,
  sentence: string,
  { direction, on }: { readonly direction: Direction; readonly on: readonly Resource[] },
): Consequence {
  const at = subnet.value.at(path).path;
  return speech.line(subnet.resource, {
    direction,
    severity: 'medium',
    sentence,
    topic: `subnet ${at}`,
    at,
    chain: [subnetName(subnet, speech.pairing)],
    along: on.map(speech.pairing.identity),
    tells: ['DID-01', 'DID-23', 'EXP-05'],
    saw: path,
  });
}
