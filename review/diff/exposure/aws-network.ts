/** Networks of AWS: what subnets, routes, network ACLs and security groups let in and out. */
import { append } from '../../../policies/collect';
import type { Block, Flow } from '../../../policies/facts/network';
import { blockOf } from '../../../policies/facts/network';
import { aclFlow, cidrPeer, type Direction, groupNamedBy, securityGroupFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Place, placesIn, portOf } from './aws-places';
import {
  allSources,
  EVERYWHERE,
  isTheInternet,
  NOBODY,
  OPEN,
  type Reach,
  reachOf,
  type Sources,
  type Span,
  sourcesOf,
  spansOf,
  union,
} from './reach';

const GROUP = 'AWS::EC2::SecurityGroup';
const SUBNET = 'AWS::EC2::Subnet';
const RULES = { in: 'AWS::EC2::SecurityGroupIngress', out: 'AWS::EC2::SecurityGroupEgress' } as const;
const INLINE = { in: 'SecurityGroupIngress', out: 'SecurityGroupEgress' } as const;
const PEER = { in: 'SourceSecurityGroupId', out: 'DestinationSecurityGroupId' } as const;

export type Gate = 'internet' | 'NAT' | 'egress-only' | 'peering' | 'transit' | 'VPN' | 'firewall' | 'other';

/** A route, with where it leads. */
export interface RouteTo {
  readonly gate: Gate;
  readonly gateway: Resource | undefined;
  readonly route: Resource;
  readonly to: readonly Block[];
  /** What is missing to know which part of the world is meant. */
  readonly missing: string | undefined;
}

const GATES: readonly (readonly [path: string, gate: Gate])[] = [
  ['NatGatewayId', 'NAT'],
  ['EgressOnlyInternetGatewayId', 'egress-only'],
  ['VpcPeeringConnectionId', 'peering'],
  ['TransitGatewayId', 'transit'],
  ['CoreNetworkArn', 'transit'],
  // Only endpoints of firewalls and of other appliances can stand in a route.
  ['VpcEndpointId', 'firewall'],
  ['NetworkInterfaceId', 'other'],
  ['InstanceId', 'other'],
  ['LocalGatewayId', 'VPN'],
];

const OUTWARDS: ReadonlySet<Gate> = new Set<Gate>(['internet', 'NAT', 'egress-only', 'transit']);

export class AwsNetwork {
  readonly places: ReadonlyMap<Resource, Place>;
  /** Who is a member of a security group. */
  readonly #members = new Map<string, Resource[]>();
  readonly #groups = new Map<string, Reach>();
  readonly #acls = new Map<string, Reach>();
  readonly #routes = new Map<string, readonly RouteTo[]>();
  readonly #blocked: boolean;

  constructor(
    readonly graph: Graph,
    /** The name of a resource that is the same on both sides. */
    readonly identity: (resource: Resource) => string,
  ) {
    this.places = placesIn(graph);
    for (const place of this.places.values()) for (const group of place.groups) append(this.#members, group.id, place.thing);
    this.#blocked = graph
      .ofType('AWS::EC2::VPCBlockPublicAccessOptions')
      .some((one) => one.at('InternetGatewayBlockMode').isOneOf(['block-bidirectional', 'block-ingress']).verdict === 'pass');
  }

  /** Who may connect to something that stands there, by its security groups and network ACLs. */
  inflow(place: Place): Reach {
    return this.#flow(place, 'in');
  }

  /** Whom something that stands there may connect to. */
  outflow(place: Place): Reach {
    return this.#flow(place, 'out');
  }

  #flow(place: Place, direction: Direction): Reach {
    if (!place.groupsKnown) return (direction === 'in' ? place.ungrouped : undefined) ?? OPEN;
    const [first, ...more] = place.groups;
    if (first && more.length === 0) return this.group(first, direction);
    const key = `${direction} ${place.groups.map(({ id }) => id).join(' ')}`;
    const reach = this.#groups.get(key) ?? reachOf(place.groups.flatMap((group) => this.group(group, direction)));
    this.#groups.set(key, reach);
    return reach;
  }

  /** What one security group permits: its own rules, and those that are resources of their own. */
  group(group: Resource, direction: Direction): Reach {
    const key = `${direction} ${group.id}`;
    const known = this.#groups.get(key);
    if (known) return known;
    const inline = group.at(INLINE[direction]);
    // A group that says nothing of what may leave lets everything leave.
    const spans: Span[] = direction === 'out' && inline.items().length === 0 ? [...OPEN] : [];
    const separate = this.graph.pointingAt(group, RULES[direction], 'GroupId');
    for (const [holder, rules] of [[group, inline.items()] as const, ...separate.map((rule) => [rule, [rule.all]] as const)])
      for (const [at, flow] of securityGroupFlows(holder, this.graph, direction).entries()) {
        const peers = flow.peers.filter(({ kind }) => kind !== 'self').map(sourcesOf);
        const named = this.#namedBy(rules[at] as Value, group, direction);
        const from = allSources([...(named ? [named] : peers), NOBODY]);
        spans.push(...spansOf(this.#portsTaken(flow, rules[at] as Value), from));
      }
    const reach = spans.length === OPEN.length && spans.every((span, at) => span === OPEN[at]) ? OPEN : reachOf(spans);
    this.#groups.set(key, reach);
    return reach;
  }

  /** Ports that are taken from what answers on them, as the CDK writes them. */
  #portsTaken(flow: Flow, rule: Value): Flow {
    const { missing, protocol } = flow.traffic;
    if (missing === undefined || (protocol !== 'tcp' && protocol !== 'udp')) return flow;
    const [from, to] = ['FromPort', 'ToPort'].map((path) => this.#portTaken(rule.at(path)));
    return from === undefined || to === undefined ? flow : { ...flow, traffic: { protocol, ranges: [[from, to]] } };
  }

  #portTaken(value: Value): number | undefined {
    if (value.number !== undefined) return value.number;
    if (!/(^|\.)Port$/.test(value.attribute ?? '')) return undefined;
    const target = value.targets.flatMap((id) => this.graph.get(id) ?? [])[0];
    return target && portOf(target, this.graph);
  }

  /** A group stands for whoever is in it. */
  #namedBy(rule: Value, own: Resource, direction: Direction): Sources | undefined {
    const value = rule.at(PEER[direction]);
    if (value.state === 'absent') return undefined;
    const group = this.graph.target(value, GROUP);
    if (!group) return { ...NOBODY, named: new Map([[groupNamedBy(value), undefined]]) };
    const members = this.#members.get(group.id) ?? [];
    if (group === own && members.length === 0) return NOBODY;
    const known = members.map((member) => [this.identity(member), this.addressesOf(member)] as const);
    return { ...NOBODY, named: new Map([[this.identity(group), undefined], ...known]) };
  }

  /** Groups of which somebody is known to be in them. */
  get peopled(): ReadonlySet<string> {
    return new Set([...this.#members.keys()].flatMap((id) => this.graph.get(id) ?? []).map(this.identity));
  }

  /** Addresses of the subnets that something stands in, where all are known. */
  addressesOf(member: Resource): readonly Block[] | undefined {
    const place = this.places.get(member);
    if (!place?.subnetsKnown) return undefined;
    const blocks = place.subnets.map((subnet) => blockOf(subnet.at('CidrBlock').string ?? ''));
    return blocks.some((one) => one === undefined) ? undefined : union(blocks as readonly Block[]);
  }

  /** What the network ACL of a subnet lets in or out; undefined where it has none of its own. */
  acl(subnet: Resource, direction: Direction): { readonly reach: Reach; readonly on: readonly Resource[] } | undefined {
    for (const association of this.graph.pointingAt(subnet, 'AWS::EC2::SubnetNetworkAclAssociation', 'SubnetId')) {
      const acl = this.graph.target(association.at('NetworkAclId'), 'AWS::EC2::NetworkAcl');
      if (!acl) continue;
      const { on, reach } = this.entriesOf(acl, direction);
      return { reach, on: [...on, association] };
    }
    return undefined;
  }

  /** What a network ACL lets in or out. */
  entriesOf(acl: Resource, direction: Direction): { readonly reach: Reach; readonly on: readonly Resource[] } {
    const entries = this.graph.pointingAt(acl, 'AWS::EC2::NetworkAclEntry', 'NetworkAclId');
    const key = `${direction} ${acl.id}`;
    const reach =
      this.#acls.get(key) ??
      reachOf(
        entries.flatMap((entry) => {
          const flow = aclFlow(entry, this.graph, direction);
          return flow ? spansOf(flow, allSources([...flow.peers.map(sourcesOf), NOBODY])) : [];
        }),
      );
    this.#acls.set(key, reach);
    return { reach, on: [acl, ...entries] };
  }

  /** Routes of a subnet, by the route table that it is associated with. */
  routes(subnet: Resource): readonly RouteTo[] {
    const table = this.tableOf(subnet);
    if (!table) return [];
    const known = this.#routes.get(table.id);
    if (known) return known;
    const routes = this.graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId').flatMap((route) => this.#route(route) ?? []);
    const all = [...routes, ...this.#propagated(table)];
    this.#routes.set(table.id, all);
    return all;
  }

  /** Addresses of the network that a subnet is part of, where they are known. */
  ownBlocks(subnet: Resource): readonly Block[] {
    const vpc = this.graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC');
    const block = vpc && blockOf(vpc.at('CidrBlock').string ?? '');
    return block ? [block] : [];
  }

  tableOf(subnet: Resource): Resource | undefined {
    return this.graph
      .pointingAt(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId')
      .flatMap((association) => this.graph.target(association.at('RouteTableId'), 'AWS::EC2::RouteTable') ?? [])[0];
  }

  #route(route: Resource): RouteTo | undefined {
    const { missing, to } = this.#destination(route);
    const through = (path: string, gate: Gate): RouteTo => ({
      gate,
      gateway: this.graph.target(route.at(path)) ?? route.at(path).targets.flatMap((id) => this.graph.get(id) ?? [])[0],
      route,
      to,
      missing,
    });
    const gateway = route.at('GatewayId');
    if (gateway.state !== 'absent') {
      const target = gateway.targets.flatMap((id) => this.graph.get(id) ?? [])[0];
      const text = gateway.string ?? '';
      if (target?.type === 'AWS::EC2::InternetGateway' || /^igw-/.test(text)) return through('GatewayId', 'internet');
      if (target?.type === 'AWS::EC2::VPNGateway' || /^vgw-/.test(text)) return through('GatewayId', 'VPN');
      return undefined;
    }
    const found = GATES.find(([path]) => route.at(path).state !== 'absent');
    return found && through(...found);
  }

  #destination(route: Resource): { readonly to: readonly Block[]; readonly missing: string | undefined } {
    for (const path of ['DestinationCidrBlock', 'DestinationIpv6CidrBlock']) {
      const value = route.at(path);
      if (value.state === 'absent') continue;
      const peer = cidrPeer(value, this.graph);
      return peer.block || peer.kind === 'anyone'
        ? { to: peer.block ? [peer.block] : EVERYWHERE, missing: undefined }
        : { to: [], missing: value.describe() };
    }
    const list = this.graph.target(route.at('DestinationPrefixListId'), 'AWS::EC2::PrefixList');
    // Where no range says which part of the internet is meant, all of it may be.
    return { to: list && list.at('Entries').items().length > 0 ? this.listed(list) : EVERYWHERE, missing: undefined };
  }

  /** The addresses that a list holds. */
  listed(list: Resource): readonly Block[] {
    return union(
      list
        .at('Entries')
        .items()
        .flatMap((entry) => cidrPeer(entry.at('Cidr'), this.graph).block ?? []),
    );
  }

  /** What a VPN gateway learns by itself is not known; what is written for its connections is. */
  #propagated(table: Resource): readonly RouteTo[] {
    return this.graph.pointingAt(table, 'AWS::EC2::VPNGatewayRoutePropagation', 'RouteTableIds').flatMap((propagation) => {
      const gateway = this.graph.target(propagation.at('VpnGatewayId'), 'AWS::EC2::VPNGateway');
      const to = (gateway ? this.graph.pointingAt(gateway, 'AWS::EC2::VPNConnection', 'VpnGatewayId') : [])
        .flatMap((connection) => this.graph.pointingAt(connection, 'AWS::EC2::VPNConnectionRoute', 'VpnConnectionId'))
        .flatMap((route) => blockOf(route.at('DestinationCidrBlock').string ?? '') ?? []);
      return [{ gate: 'VPN' as const, gateway, route: propagation, to: to.length > 0 ? union(to) : EVERYWHERE, missing: undefined }];
    });
  }

  /**
   * Routes by which the internet gets in: none where the account refuses, or where the subnet is no exception. What comes in through a
   * firewall comes in where the gateway sends it there.
   */
  internetRoutes(subnet: Resource): readonly RouteTo[] {
    const routes = this.routes(subnet).filter(
      ({ gate, to }) => gate === 'internet' || (gate === 'firewall' && isTheInternet(to) && this.#entersByFirewall(subnet)),
    );
    if (!this.#blocked || routes.length === 0) return routes;
    const vpc = this.graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC');
    const exclusions = [
      ...this.graph.pointingAt(subnet, 'AWS::EC2::VPCBlockPublicAccessExclusion', 'SubnetId'),
      ...(vpc ? this.graph.pointingAt(vpc, 'AWS::EC2::VPCBlockPublicAccessExclusion', 'VpcId') : []),
    ];
    return exclusions.some((one) => one.at('InternetGatewayExclusionMode').is('allow-egress').verdict !== 'pass') ? routes : [];
  }

  /** The gateway of the network has routes of its own, to a firewall. */
  #entersByFirewall(subnet: Resource): boolean {
    const vpc = this.graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC');
    return this.graph.ofType('AWS::EC2::GatewayRouteTableAssociation').some((edge) => {
      const table = this.graph.target(edge.at('RouteTableId'), 'AWS::EC2::RouteTable');
      return (
        table !== undefined &&
        this.graph.target(table.at('VpcId'), 'AWS::EC2::VPC') === vpc &&
        this.graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId').some((route) => route.at('VpcEndpointId').state !== 'absent')
      );
    });
  }

  /** Whether what a firewall is sent goes on to the internet from the subnets that it stands in. */
  leadsOn(firewall: Resource | undefined): boolean {
    const subnets = [
      ...(firewall
        ?.at('SubnetMappings')
        .items()
        .map((one) => one.at('SubnetId')) ?? []),
      ...(firewall?.at('SubnetIds').items() ?? []),
    ].map((value) => this.graph.target(value, SUBNET));
    if (subnets.length === 0 || subnets.includes(undefined)) return true;
    return subnets.some((subnet) => this.routes(subnet as Resource).some(({ gate }) => OUTWARDS.has(gate)));
  }

  get subnets(): readonly Resource[] {
    return this.graph.ofType(SUBNET);
  }
}
