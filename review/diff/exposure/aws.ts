/** What reaches what on AWS. */
import { append } from '../../../policies/collect';
import { HTTP_API, METHOD, REST_API } from '../../../policies/facts/apis';
import { BUCKET, statementsOn } from '../../../policies/facts/storage';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { awsDoors } from './aws-doors';
import { AwsNetwork, type RouteTo } from './aws-network';
import type { Place } from './aws-places';
import { type Entry, type Exposed, INTERNET, isStore, type LayerName, type Layers, type Outside, type Passing, type WayOut } from './model';
import {
  both,
  comingFrom,
  fromOutside,
  isSure,
  isTheInternet,
  meet,
  NOBODY,
  OPEN,
  onPorts,
  openTo,
  publicPart,
  type Reach,
  reachOf,
  union,
  unsureIn,
} from './reach';

export interface Names {
  identity(resource: Resource): string;
  name(resource: Resource): string;
}

const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';
const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);
/** A list of addresses that the cloud or somebody else keeps. */
const isList = (name: string): boolean => /^pl-|PrefixList/.test(name);

export function awsExposed(graph: Graph, names: Names): Exposed {
  const network = new AwsNetwork(graph, names.identity);
  const entries: Entry[] = [...awsDoors(graph)];
  const layers = new Map<Resource, Layers>();
  const inside = new Map<Resource, Reach>();
  const places: Exposed['places'][number][] = [];
  for (const place of network.places.values()) {
    entries.push(...entriesOf(place, network, names));
    places.push({ thing: place.thing, subnets: place.subnets.map(({ id }) => id), sends: network.outflow(place) });
    if (!isStore(place.thing)) continue;
    layers.set(place.thing, storeLayers(place, network));
    if (place.groupsKnown) inside.set(place.thing, answered(place, network.inflow(place)));
  }
  for (const bucket of graph.ofType(BUCKET)) layers.set(bucket, bucketLayers(bucket, graph));
  for (const [front, guarded] of fronts(graph)) layers.set(front, new Map([['a web application firewall' as const, guarded]]));
  return { entries, passings: [...passings(graph)], layers, inside, peopled: network.peopled, waysOut: waysOut(network, names), places };
}

// ── Ways in ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Only the ports that it answers on matter, where they are known. */
const answered = ({ ports }: Place, reach: Reach): Reach => (ports ? onPorts(reach, ports) : reach);

function* entriesOf(place: Place, network: AwsNetwork, names: Names): Iterable<Entry> {
  const { thing } = place;
  // Functions are called by the service, and take no connections.
  if (/^AWS::(Lambda|Serverless)::Function$/.test(thing.type)) return;
  const listening = listenersOf(thing, network.graph);
  const own = answered(place, network.inflow(place));
  const inflow = listening.reach ? both(own, listening.reach) : own;
  const open = listening.open ?? (isStore(thing) ? NOTHING : ALL);
  const doubts =
    place.groupsKnown || place.groups.length + thing.at('SecurityGroups').items().length === 0 ? [] : ['the rules of its security groups'];
  const common = { to: thing, open, said: place.said };
  if (place.address !== false) {
    const doubt = [
      ...doubts,
      ...(place.address === undefined ? ['whether it has a public address'] : []),
      ...(place.subnetsKnown || place.unplaced ? [] : ['the routes of its subnets']),
    ][0];
    yield* fromInternet(place, inflow, network, names, { ...common, doubt });
  }
  for (const subnet of place.subnets)
    for (const route of network.routes(subnet)) {
      const from = partnerOf(route, network, names);
      if (!from || route.missing !== undefined) continue;
      const acl = network.acl(subnet, 'in');
      const reach = comingFrom(acl ? both(inflow, acl.reach) : inflow, route.to);
      if (reach.length === 0) continue;
      yield {
        ...common,
        from,
        reach,
        hops: [names.name(subnet), ...place.groups.map(names.name)],
        on: [subnet, route.route, ...place.groups],
        doubt: doubts[0] ?? unsureIn(reach),
      };
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
    const reach = fromOutside(passed, isList).flatMap((span) => {
      const blocks = meet(span.from.blocks, union(routes.flatMap(({ to }) => to)));
      return blocks.length === 0 && span.from.named.size === 0 && span.from.unsure.size === 0
        ? []
        : [{ ...span, from: { ...span.from, blocks } }];
    });
    if (reach.length === 0) continue;
    const gateway = routes.flatMap((route) => route.gateway ?? [])[0];
    yield {
      ...common,
      from: INTERNET,
      reach: reachOf(reach),
      hops: [gateway ? names.name(gateway) : 'an internet gateway', names.name(subnet), ...groups],
      on: [...place.on, subnet, ...routes.map(({ route }) => route), ...(acl?.on ?? [])],
      ...(isSure(reach) ? {} : { doubt: unsureIn(reach), said: false }),
    };
  }
}

/** Networks of somebody else: where the other end of a peering is among what was read, it is our own. */
function partnerOf({ gate, gateway, route }: RouteTo, { graph }: AwsNetwork, names: Names): Outside | undefined {
  if (gate !== 'peering' && gate !== 'transit' && gate !== 'VPN') return undefined;
  if (
    gate === 'peering' &&
    gateway &&
    graph.target(gateway.at('PeerVpcId'), 'AWS::EC2::VPC') &&
    graph.target(gateway.at('VpcId'), 'AWS::EC2::VPC')
  )
    return undefined;
  const path = { peering: 'VpcPeeringConnectionId', transit: 'TransitGatewayId', VPN: 'GatewayId' }[gate];
  const written = route.at(path).shape ?? gate;
  const name = gateway
    ? names.name(gateway)
    : { peering: `the peering connection ${written}`, transit: `the transit gateway ${written}`, VPN: `the gateway ${written}` }[gate];
  return { kind: 'partner', key: `${gate} ${gateway ? names.identity(gateway) : written}`, name: `the network behind ${name}` };
}

// ── Load balancers ─────────────────────────────────────────────────────────────────────────────────────────────────

const actionsOf = (holder: Resource): readonly Value[] => holder.at(holder.type === LISTENER_RULE ? 'Actions' : 'DefaultActions').items();
const AUTHENTICATES = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];
const ANSWERS_ITSELF = ['redirect', 'fixed-response'];
const passesOn = (holder: Resource): boolean =>
  actionsOf(holder).some((action) => action.at('Type').isOneOf(ANSWERS_ITSELF).verdict !== 'pass');
const asksWho = (holder: Resource): boolean =>
  actionsOf(holder).some((action) => action.at('Type').isOneOf(AUTHENTICATES).verdict === 'pass') ||
  holder.at('MutualAuthentication.Mode').is('verify').verdict === 'pass';

/** Ports that a load balancer answers on and passes on, and those of them at which nobody asks who calls. */
function listenersOf(thing: Resource, graph: Graph): { readonly reach?: Reach; readonly open?: ReadonlySet<string> } {
  if (thing.type === CLASSIC)
    return withPorts(
      thing
        .at('Listeners')
        .items()
        .flatMap((one) => one.at('LoadBalancerPort').number ?? []),
      true,
    );
  if (thing.type !== BALANCER) return {};
  const listeners = graph.pointingAt(thing, LISTENER, 'LoadBalancerArn');
  if (listeners.length === 0) return {};
  const ports: number[] = [];
  const open = new Set<string>();
  for (const listener of listeners) {
    const parts = [listener, ...graph.pointingAt(listener, LISTENER_RULE, 'ListenerArn')].filter(passesOn);
    const port = listener.at('Port').number;
    if (parts.length === 0) continue;
    if (port !== undefined) ports.push(port);
    if (!asksWho(listener) && parts.some((part) => !asksWho(part))) open.add('');
  }
  return { ...withPorts(ports, false), open };
}

const withPorts = (ports: readonly number[], all: boolean): { readonly reach?: Reach; readonly open?: ReadonlySet<string> } =>
  ports.length === 0
    ? {}
    : {
        reach: onPorts(
          OPEN,
          ports.flatMap((port) => [['tcp', port] as const, ['udp', port] as const]),
        ),
        ...(all ? { open: ALL } : {}),
      };

// ── What passes on what reaches it ─────────────────────────────────────────────────────────────────────────────────

const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

function* passings(graph: Graph): Iterable<Passing> {
  const behind = targetsIn(graph);
  for (const holder of graph.ofType(LISTENER, LISTENER_RULE)) {
    const listener = holder.type === LISTENER ? holder : graph.target(holder.at('ListenerArn'), LISTENER);
    const from = listener && graph.target(listener.at('LoadBalancerArn'), BALANCER);
    if (!from) continue;
    for (const action of actionsOf(holder)) {
      const groups = [
        action.at('TargetGroupArn'),
        ...action
          .at('ForwardConfig.TargetGroups')
          .items()
          .map((one) => one.at('TargetGroupArn')),
      ];
      for (const value of groups) for (const to of behind.get(graph.target(value, TARGETS)?.id ?? '') ?? []) yield { from, to };
    }
  }
  for (const from of graph.ofType(CLASSIC)) yield* toAll(from, from.at('Instances').items(), graph);
  for (const method of graph.ofType(METHOD))
    yield* integrated(graph.target(method.at('RestApiId'), REST_API), method.at('Integration.Uri'), graph);
  for (const one of graph.ofType('AWS::ApiGatewayV2::Integration'))
    yield* integrated(graph.target(one.at('ApiId'), HTTP_API), one.at('IntegrationUri'), graph);
  for (const from of graph.ofType('AWS::CloudFront::Distribution'))
    yield* toAll(
      from,
      from
        .at('DistributionConfig.Origins')
        .items()
        .map((origin) => origin.at('DomainName')),
      graph,
    );
}

/** Whoever is registered in each target group. */
function targetsIn(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  const register = (value: Value, to: Resource) => {
    const group = graph.target(value, TARGETS);
    if (group) append(found, group.id, to);
  };
  for (const service of graph.ofType('AWS::ECS::Service'))
    for (const one of service.at('LoadBalancers').items()) register(one.at('TargetGroupArn'), service);
  for (const group of graph.ofType('AWS::AutoScaling::AutoScalingGroup'))
    for (const one of group.at('TargetGroupARNs').items()) register(one, group);
  for (const group of graph.ofType(TARGETS))
    for (const target of group.at('Targets').items()) {
      const to = owned(target.at('Id'), graph);
      if (to) append(found, group.id, to);
    }
  return found;
}

/** The resource that a value is computed from; an alias or version stands for its function, a URL too. */
function owned(value: Value, graph: Graph, depth = 0): Resource | undefined {
  const target = value.targets.flatMap((id) => graph.get(id) ?? [])[0];
  if (!target || depth > 2) return target;
  if (target.type === 'AWS::Lambda::Alias' || target.type === 'AWS::Lambda::Version')
    return owned(target.at('FunctionName'), graph, depth + 1) ?? target;
  return target.type === 'AWS::Lambda::Url' ? (owned(target.at('TargetFunctionArn'), graph, depth + 1) ?? target) : target;
}

function* toAll(from: Resource, values: readonly Value[], graph: Graph): Iterable<Passing> {
  for (const value of values) {
    const to = owned(value, graph);
    if (to && to !== from) yield { from, to };
  }
}

function* integrated(from: Resource | undefined, uri: Value, graph: Graph): Iterable<Passing> {
  if (!from) return;
  const named = graph.target(uri, ...FUNCTIONS);
  const to = named
    ? owned(uri, graph)
    : uri.targets.flatMap((id) => graph.get(id) ?? []).find(({ type }) => /LoadBalanc|Listener$/.test(type));
  const balancer = to?.type === LISTENER ? graph.target(to.at('LoadBalancerArn'), BALANCER) : to;
  if (balancer) yield { from, to: balancer };
}

// ── Layers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Layer = readonly [name: LayerName, layer: { readonly kept: boolean | undefined; readonly on?: readonly Resource[] }];

/** Where stores name the key that encrypts them. */
const KEYS = [
  'KmsKeyId',
  'EncryptionAtRestOptions.KmsKeyId',
  'EncryptionOptions.KmsKeyId',
  'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
];
const hasKey = (store: Resource): boolean => KEYS.some((path) => store.at(path).isSet().verdict === 'pass');

/** Stores that anybody who reaches them may use, unless something is written. */
function authenticates(store: Resource): boolean | undefined {
  if (/ElastiCache::(ReplicationGroup|CacheCluster)$/.test(store.type))
    return ['AuthToken', 'UserGroupIds'].some((path) => store.at(path).isSet().verdict !== 'fail');
  if (store.type === 'AWS::MSK::Cluster') return store.at('ClientAuthentication.Unauthenticated.Enabled').boolean !== true;
  if (/Domain$/.test(store.type)) return store.at('AdvancedSecurityOptions.Enabled').boolean === true;
  return true;
}

function storeLayers(place: Place, network: AwsNetwork): Layers {
  const { address, groupsKnown, subnets, subnetsKnown, thing, unplaced } = place;
  const routed = subnets.flatMap((subnet) => network.internetRoutes(subnet));
  const isolated = unplaced ? false : routed.length > 0 ? false : subnetsKnown ? true : undefined;
  const acls = subnets.flatMap((subnet) => network.acl(subnet, 'in') ?? []);
  const opened = acls.some(({ reach }) =>
    reach.some(({ from, ports }) => ports[0] <= 1 && ports[1] >= 65535 && isTheInternet(from.blocks)),
  );
  const strangers = answered(place, network.inflow(place)).some(({ from }) => isTheInternet(from.blocks));
  const layers: readonly Layer[] = [
    ['isolated subnets', { kept: isolated, on: [...place.on, ...routed.map(({ route }) => route)] }],
    ['the network ACL', { kept: subnetsKnown ? acls.length === subnets.length && !opened : undefined, on: acls.flatMap(({ on }) => on) }],
    ['the security group', { kept: groupsKnown ? !strangers : undefined, on: place.groups }],
    ['no public address', { kept: address === undefined ? undefined : !address, on: [thing, ...place.on] }],
    ['authentication', { kept: authenticates(thing), on: [thing] }],
    ['a key of its own', { kept: hasKey(thing), on: [thing] }],
  ];
  return new Map(layers);
}

const SWITCHES = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

function bucketLayers(bucket: Resource, graph: Graph): Layers {
  const block = bucket.at('PublicAccessBlockConfiguration');
  const switches = SWITCHES.map((name) => block.at(name));
  const statements = statementsOn(bucket, graph);
  const key = bucket
    .at('BucketEncryption.ServerSideEncryptionConfiguration')
    .items()
    .some((one) => one.at('ServerSideEncryptionByDefault.KMSMasterKeyID').isSet().verdict === 'pass');
  const layers: readonly Layer[] = [
    [
      'the block of public access',
      {
        kept: switches.every((one) => one.boolean === true) ? true : switches.some((one) => one.state === 'unknown') ? undefined : false,
        on: [bucket],
      },
    ],
    [
      'authentication',
      {
        kept: !statements.some((one) => one.isPublic().verdict === 'pass'),
        on: graph.pointingAt(bucket, 'AWS::S3::BucketPolicy', 'Bucket'),
      },
    ],
    [
      'a resource policy',
      { kept: statements.some((one) => one.denies().verdict === 'pass'), on: graph.pointingAt(bucket, 'AWS::S3::BucketPolicy', 'Bucket') },
    ],
    ['a key of its own', { kept: key, on: [bucket] }],
  ];
  return new Map(layers);
}

const GUARDED = [
  BALANCER,
  REST_API,
  'AWS::AppSync::GraphQLApi',
  'AWS::AppRunner::Service',
  'AWS::Cognito::UserPool',
  'AWS::CloudFront::Distribution',
];
const ASSOCIATIONS = ['AWS::WAFv2::WebACLAssociation', 'AWS::WAFRegional::WebACLAssociation'];

/** Public entries before which a web application firewall can stand. */
function* fronts(graph: Graph): Iterable<readonly [Resource, { readonly kept: boolean | undefined; readonly on: readonly Resource[] }]> {
  for (const front of graph.ofType(...GUARDED)) {
    if (front.type === BALANCER && front.at('Type').orDefault('application').is('application').verdict !== 'pass') continue;
    const stages = front.type === REST_API ? graph.pointingAt(front, 'AWS::ApiGateway::Stage', 'RestApiId') : [];
    const on = [front, ...stages].flatMap((one) => ASSOCIATIONS.flatMap((type) => graph.pointingAt(one, type, 'ResourceArn')));
    const own = front.at('DistributionConfig.WebACLId').isSet().verdict !== 'fail';
    yield [front, { kept: on.length > 0 || own, on: [front, ...stages, ...on] }];
  }
}

// ── Ways out ───────────────────────────────────────────────────────────────────────────────────────────────────────

const OUT = { internet: 'an internet gateway', NAT: 'a NAT gateway', 'egress-only': 'an egress-only gateway' } as const;

function waysOut(network: AwsNetwork, names: Names): readonly WayOut[] {
  return network.subnets.flatMap((subnet) => {
    const routes = network.routes(subnet).filter(({ gate }) => gate in OUT);
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
        on: [subnet, ...routes.map(({ route }) => route), ...(acl?.on ?? [])],
      },
    ];
  });
}
