/** What reaches what on AWS. */
import { append } from '../../../policies/collect';
import type { Block } from '../../../policies/facts/network';
import { BUCKET } from '../../../policies/facts/storage';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import { listenersOf, passings } from './aws-balancers';
import { awsDoors } from './aws-doors';
import { awsEndpoints } from './aws-endpoints';
import { Hubs, type Joined, type Names } from './aws-hubs';
import { bucketLayers, fronts, storeLayers } from './aws-layers';
import { AwsNetwork, type RouteTo } from './aws-network';
import { answered, type Place } from './aws-places';
import { type Entry, type Exposed, INTERNET, isStore, type Layers, type Opening, type WayOut } from './model';
import {
  both,
  comingFrom,
  fromOutside,
  isNobody,
  isSure,
  isTheInternet,
  NOBODY,
  OPEN,
  openTo,
  publicPart,
  type Reach,
  reachOf,
  union,
  unsureIn,
  without,
} from './reach';

const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);
/** A list of addresses that the cloud or somebody else keeps. */
const isList = (name: string): boolean => /^pl-|PrefixList/.test(name);

export function awsExposed(graph: Graph, names: Names): Exposed {
  const network = new AwsNetwork(graph, names.identity);
  const hubs = new Hubs(graph, names);
  const entries: Entry[] = [...awsDoors(graph)];
  const layers = new Map<Resource, Layers>();
  const inside = new Map<Resource, Reach>();
  const places: Exposed['places'][number][] = [];
  for (const place of network.places.values()) {
    entries.push(...entriesOf(place, network, hubs, names));
    places.push({
      thing: place.thing,
      subnets: place.subnets.map(({ id }) => id),
      addresses: network.addressesOf(place.thing),
      sends: network.outflow(place),
      on: place.on,
    });
    if (!isStore(place.thing)) continue;
    layers.set(place.thing, storeLayers(place, network));
    if (place.groupsKnown) inside.set(place.thing, answered(place, network.inflow(place)));
  }
  for (const bucket of graph.ofType(BUCKET)) layers.set(bucket, bucketLayers(bucket, graph));
  for (const [front, guarded] of fronts(graph)) layers.set(front, new Map([['a web application firewall' as const, guarded]]));
  const ways = waysOut(network, names);
  return {
    entries,
    passings: [...passings(graph)],
    layers,
    inside,
    peopled: network.peopled,
    waysOut: ways,
    places,
    openings: [...openings(network, hubs, names), ...hostsIn(network), ...websites(graph)],
    endpoints: awsEndpoints(graph, names.identity),
    exits: ways.flatMap(({ subnet }) => {
      const vpc = graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC');
      return vpc ? [names.identity(vpc)] : [];
    }),
  };
}

// ── Ways in ────────────────────────────────────────────────────────────────────────────────────────────────────────

function* entriesOf(place: Place, network: AwsNetwork, hubs: Hubs, names: Names): Iterable<Entry> {
  const { thing } = place;
  // Functions are called by the service, and take no connections.
  if (/^AWS::(Lambda|Serverless)::Function$/.test(thing.type)) return;
  const listening = listenersOf(thing, network.graph);
  const own = answered(place, network.inflow(place));
  const inflow = listening.reach ? both(own, listening.reach) : own;
  const open = listening.open ?? (isStore(thing) ? NOTHING : ALL);
  const doubts = place.groupsKnown || !place.grouped ? [] : ['the rules of its security groups'];
  const common = { to: thing, open, said: place.said };
  const heard = listening.on ?? [];
  if (place.address !== false) {
    const doubt = [
      ...doubts,
      ...(place.address === undefined ? ['whether it has a public address'] : []),
      ...(place.subnetsKnown || place.unplaced ? [] : ['the routes of its subnets']),
    ][0];
    yield* fromInternet({ ...place, on: [...place.on, ...heard] }, inflow, network, names, { ...common, doubt });
  }
  for (const subnet of place.subnets)
    for (const route of network.routes(subnet)) {
      if (route.missing !== undefined) continue;
      for (const { doubt, from, on } of partnersOf(route, subnet, network, hubs, names)) {
        const acl = network.acl(subnet, 'in');
        // Addresses of the network itself stay in it where a wider range is routed elsewhere.
        const beyondOwn = without(route.to, network.ownBlocks(subnet));
        const reach = comingFrom(acl ? both(inflow, acl.reach) : inflow, beyondOwn.length > 0 ? beyondOwn : route.to);
        if (reach.length === 0) continue;
        yield {
          ...common,
          from,
          reach,
          hops: [names.name(subnet), ...place.groups.map(names.name)],
          on: [subnet, route.route, ...place.groups, ...on],
          doubt: doubts[0] ?? doubt ?? unsureIn(reach),
        };
      }
    }
}

function* fromInternet(
  place: Place,
  inflow: Reach,
  network: AwsNetwork,
  names: Names,
  common: Pick<Entry, 'to' | 'open' | 'said' | 'doubt'>,
): Iterable<Entry> {
  const groups = place.groups.map(names.name);
  if (!place.subnetsKnown) {
    const reach = fromOutside(inflow, isList);
    const where = place.unplaced ? 'the default network' : 'subnets that are declared elsewhere';
    if (reach.length > 0) yield { ...common, from: INTERNET, reach, hops: [where, ...groups], on: place.on };
    return;
  }
  for (const subnet of place.subnets) {
    const routes = network.internetRoutes(subnet);
    if (routes.length === 0) continue;
    const acl = network.acl(subnet, 'in');
    const passed = acl ? both(inflow, acl.reach) : inflow;
    const routed = union(routes.flatMap(({ to }) => to));
    const reach = fromOutside(passed, isList).flatMap((span) => {
      const { blocks, perhaps } = comingFrom([span], routed)[0]?.from ?? NOBODY;
      const from = { named: span.from.named, unsure: span.from.unsure, blocks, ...(perhaps ? { perhaps } : {}) };
      return isNobody(from) ? [] : [{ ...span, from }];
    });
    if (reach.length === 0) continue;
    const gateway = routes.flatMap((route) => route.gateway ?? [])[0];
    const guards = routes.every(({ gate }) => gate === 'firewall') ? routes.flatMap((route) => route.gateway ?? []) : [];
    yield {
      ...common,
      from: INTERNET,
      reach: reachOf(reach),
      hops: [gateway ? names.name(gateway) : 'an internet gateway', names.name(subnet), ...groups],
      on: [...place.on, subnet, ...routes.map(({ route }) => route), ...(acl?.on ?? [])],
      ...(guards.length > 0 ? { guards } : {}),
      ...(isSure(reach) ? {} : { doubt: unsureIn(reach), said: false }),
    };
  }
}

/** Networks of somebody else: where the other end of a peering is among what was read, it is our own. */
function partnersOf(
  { gate, gateway, route }: RouteTo,
  subnet: Resource,
  { graph }: AwsNetwork,
  hubs: Hubs,
  names: Names,
): readonly Joined[] {
  if (gate !== 'peering' && gate !== 'transit' && gate !== 'VPN') return [];
  if (gate === 'transit' && gateway?.type === 'AWS::EC2::TransitGateway')
    return hubs.partnersOf(gateway, graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC'));
  if (
    gate === 'peering' &&
    gateway &&
    graph.target(gateway.at('PeerVpcId'), 'AWS::EC2::VPC') &&
    graph.target(gateway.at('VpcId'), 'AWS::EC2::VPC')
  )
    return [];
  const path = { peering: 'VpcPeeringConnectionId', transit: 'TransitGatewayId', VPN: 'GatewayId' }[gate];
  const written = route.at(path).shape ?? gate;
  const name = gateway
    ? names.name(gateway)
    : { peering: `the peering connection ${written}`, transit: `the transit gateway ${written}`, VPN: `the gateway ${written}` }[gate];
  const key = `${gate} ${gateway ? names.identity(gateway) : written}`;
  return [{ from: { kind: 'partner', key, name: `the network behind ${name}` }, on: [] }];
}

// ── Ways out ───────────────────────────────────────────────────────────────────────────────────────────────────────

const OUT = {
  internet: 'an internet gateway',
  NAT: 'a NAT gateway',
  'egress-only': 'an egress-only gateway',
  firewall: 'a firewall',
} as const;

/** Of each subnet: what may leave by a gateway, and what may leave as far as a firewall lets it. */
function waysOut(network: AwsNetwork, names: Names): readonly WayOut[] {
  return network.subnets.flatMap((subnet) => {
    const routes = network.routes(subnet).filter(({ gate, gateway }) => gate in OUT && (gate !== 'firewall' || network.leadsOn(gateway)));
    const kinds = [routes.filter(({ gate }) => gate !== 'firewall'), routes.filter(({ gate }) => gate === 'firewall')];
    return kinds.flatMap((some) => wayOut(subnet, some, network, names));
  });
}

function wayOut(subnet: Resource, routes: readonly RouteTo[], network: AwsNetwork, names: Names): readonly WayOut[] {
  const blocks = union(routes.flatMap(({ to }) => to));
  const acl = network.acl(subnet, 'out');
  const reach = acl
    ? fromOutside(comingFrom(acl.reach, blocks))
    : openTo({ ...NOBODY, blocks: publicPart(blocks) }).filter(({ from }) => from.blocks.length > 0);
  const [first] = routes;
  if (reach.length === 0 || !first) return [];
  return [
    {
      table: network.tableOf(subnet) ?? subnet,
      subnet,
      reach,
      through: first.gateway ? names.name(first.gateway) : OUT[first.gate as keyof typeof OUT],
      filtered: first.gate === 'firewall',
      on: [subnet, ...routes.map(({ route }) => route), ...(acl?.on ?? [])],
    },
  ];
}

// ── Openings ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Groups and network ACLs that let everyone in, lists of addresses, and subnets that lead to the internet or to networks of others. */
function* openings(network: AwsNetwork, hubs: Hubs, names: Names): Iterable<Opening> {
  const { graph } = network;
  for (const thing of graph.ofType('AWS::EC2::SecurityGroup')) {
    const reach = network.group(thing, 'in').filter(({ from }) => isTheInternet(from.blocks));
    if (reach.length > 0)
      yield { thing, kind: 'lets in', reach, on: [thing, ...graph.pointingAt(thing, 'AWS::EC2::SecurityGroupIngress', 'GroupId')] };
  }
  const taking = new Map<string, Resource[]>();
  for (const rule of graph.ofType('AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress')) {
    const group = graph.target(rule.at('GroupId'), 'AWS::EC2::SecurityGroup') ?? rule;
    for (const one of [rule.all, ...rule.at('SecurityGroupIngress').items()]) {
      const list = graph.target(one.at('SourcePrefixListId'), 'AWS::EC2::PrefixList');
      if (list) append(taking, list.id, group);
    }
  }
  for (const thing of graph.ofType('AWS::EC2::PrefixList')) {
    const blocks = network.listed(thing);
    if (blocks.length > 0)
      yield { thing, kind: 'holds', reach: openTo({ ...NOBODY, blocks }), on: [thing, ...(taking.get(thing.id) ?? [])] };
  }
  for (const thing of graph.ofType('AWS::EC2::NetworkAcl')) {
    const { on, reach } = network.entriesOf(thing, 'in');
    const open = reach.filter(({ from }) => isTheInternet(from.blocks));
    if (open.length > 0) yield { thing, kind: 'lets in', reach: open, on };
  }
  for (const subnet of network.subnets) {
    const routes = network.routes(subnet).filter(({ gate }) => gate === 'internet');
    const blocks = union(routes.flatMap(({ to }) => to));
    if (isTheInternet(blocks))
      yield { thing: subnet, kind: 'leads out', reach: openTo({ ...NOBODY, blocks }), on: routes.map(({ route }) => route) };
    yield* leadingOn(subnet, network, hubs, names);
  }
}

const HOSTS = /^AWS::(EC2::(Instance|NetworkInterface)|AutoScaling::AutoScalingGroup|ECS::Service|EKS::Nodegroup)$/;

/** Hosts in subnets that lead to the internet, and those of them that have an address there. */
function* hostsIn(network: AwsNetwork): Iterable<Opening> {
  for (const place of network.places.values()) {
    if (!HOSTS.test(place.thing.type)) continue;
    const on = place.subnets.filter((subnet) => network.internetRoutes(subnet).length > 0);
    if (on.length === 0) continue;
    yield { thing: place.thing, kind: 'stands', reach: OPEN, on };
    if (place.address === true) yield { thing: place.thing, kind: 'addressed', reach: OPEN, on };
  }
}

/** Buckets that answer as websites, which they do over plain HTTP; those that only send elsewhere hold nothing. */
function* websites(graph: Graph): Iterable<Opening> {
  for (const thing of graph.ofType(BUCKET)) {
    const site = thing.at('WebsiteConfiguration');
    if (site.state === 'absent' || site.at('RedirectAllRequestsTo').state !== 'absent' || !graph.exists(thing)) continue;
    yield { thing, kind: 'serves', reach: OPEN, on: [thing] };
  }
}

/** Routes to networks that are not ours, by whose network that is. */
function* leadingOn(subnet: Resource, network: AwsNetwork, hubs: Hubs, names: Names): Iterable<Opening> {
  const found = new Map<string, { readonly to: Joined['from']; readonly blocks: Block[]; readonly on: Resource[] }>();
  for (const route of network.routes(subnet)) {
    for (const { from, on } of partnersOf(route, subnet, network, hubs, names)) {
      const known = found.get(from.key) ?? { to: from, blocks: [], on: [] };
      known.blocks.push(...route.to);
      known.on.push(route.route, ...on);
      found.set(from.key, known);
    }
  }
  for (const { blocks, on, to } of found.values())
    if (blocks.length > 0)
      yield { thing: subnet, kind: 'leads on', to, reach: openTo({ ...NOBODY, blocks: union(blocks) }), on: [...new Set(on)] };
}
