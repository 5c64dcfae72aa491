/** Networks of Azure: subnets, what their groups let in and out, and where their routes lead. */
import { type Block, blockOf } from '../../../policies/facts/network';
import { type Direction, flowOfRule, NSG, SECURITY_RULE, securityRuleFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { placeKey, type WayOut } from './model';
import {
  ANYONE,
  allSources,
  beyond,
  comingFrom,
  EVERYWHERE,
  fromOutside,
  NOBODY,
  OPEN,
  openTo,
  type Reach,
  reachOf,
  sourcesOf,
  spansOf,
  union,
  without,
} from './reach';

export const VNET = 'azure-native:network:VirtualNetwork';
const SUBNET = 'azure-native:network:Subnet';
export const CARD = 'azure-native:network:NetworkInterface';
const MACHINE = 'azure-native:compute:VirtualMachine';
const TABLE = 'azure-native:network:RouteTable';
const ROUTE = 'azure-native:network:Route';
export const PEERING = 'azure-native:network:VirtualNetworkPeering';

/** A subnet, written inside its network or as a resource of its own. */
export interface Subnet {
  readonly key: string;
  readonly resource: Resource;
  readonly value: Value;
  readonly called: string;
  readonly network: Resource | undefined;
}

/** What stands behind a security group. */
export interface Guarded {
  readonly subnets: readonly Subnet[];
  readonly cards: readonly Resource[];
}
const NOTHING_GUARDED: Guarded = { subnets: [], cards: [] };

export class AzureNetwork {
  readonly subnets: readonly Subnet[];
  readonly #byId = new Map<string, Subnet>();
  readonly #groups = new Map<string, Reach>();
  readonly #tables = new Map<
    string,
    { readonly appliance: string; readonly direct: readonly Block[]; readonly filtered: readonly Block[] }
  >();
  #guarded: ReadonlyMap<string, Guarded> | undefined;
  /** Machines by the id of their network interfaces. */
  readonly machines = new Map<string, Resource>();

  constructor(readonly graph: Graph) {
    const inline = graph.ofType(VNET).flatMap((network) =>
      network
        .at('subnets')
        .items()
        .map((value): Subnet => {
          const called = value.at('name').shape ?? value.path;
          return { key: placeKey(network, called), resource: network, value, called, network };
        }),
    );
    const separate = graph.ofType(SUBNET).map(
      (resource): Subnet => ({
        key: placeKey(resource),
        resource,
        value: resource.all,
        called: '',
        network: graph.target(resource.at('virtualNetworkName'), VNET),
      }),
    );
    this.subnets = [...inline, ...separate].filter(({ resource }) => graph.exists(resource));
    for (const subnet of this.subnets) this.#byId.set(subnet.key, subnet);
    for (const machine of graph.ofType(MACHINE))
      for (const card of machine.at('networkProfile.networkInterfaces').items()) {
        const target = graph.target(card.at('id'), CARD);
        if (target) this.machines.set(target.id, machine);
      }
  }

  /** A subnet by its key. */
  at(key: string): Subnet | undefined {
    return this.#byId.get(key);
  }

  /** Whom a network interface belongs to. */
  ownerOf(card: Resource): Resource {
    return this.machines.get(card.id) ?? card;
  }

  /** The subnet that an id names. */
  subnet(id: Value): Subnet | undefined {
    const own = this.graph.target(id, SUBNET);
    if (own) return this.#byId.get(placeKey(own));
    const name = /\/subnets\/([^/]+)$/i.exec(id.shape ?? '')?.[1];
    const network = id.targets.flatMap((target) => this.graph.get(target) ?? []).find(({ type }) => type === VNET);
    if (network && name !== undefined) return this.#byId.get(placeKey(network, name));
    return undefined;
  }

  /** Network interfaces that exist. */
  cards(): readonly Resource[] {
    return this.graph.ofType(CARD).filter((card) => this.graph.exists(card));
  }

  /** Peerings of a network, written inside it or as resources of their own. */
  peeringsOf(network: Resource): readonly Value[] {
    const separate = this.graph.pointingAt(network, PEERING, 'virtualNetworkName').map((peering) => peering.all);
    return [...network.at('virtualNetworkPeerings').items(), ...separate];
  }

  /** A network and those that it is joined to; undefined among them where somebody else's, or one behind a gateway, may be. */
  joinedTo(network: Resource): readonly (Resource | undefined)[] {
    const gateway = this.subnets.some(
      (subnet) =>
        subnet.network === network &&
        /^GatewaySubnet$/i.test(subnet.called === '' ? (subnet.value.at('subnetName').string ?? '') : subnet.called),
    );
    return [
      network,
      ...this.peeringsOf(network).map((peering) => this.graph.target(peering.at('remoteVirtualNetwork.id'), VNET)),
      ...(gateway ? [undefined] : []),
    ];
  }

  /** The addresses of a network; undefined where they are not all known. */
  spaceOf(network: Resource): readonly Block[] | undefined {
    const texts = network.at('addressSpace.addressPrefixes').items();
    const blocks = texts.flatMap(({ string }) => blockOf(string ?? '') ?? []);
    return texts.length > 0 && blocks.length === texts.length ? blocks : undefined;
  }

  /** What each security group stands before: subnets and network interfaces. */
  guarded(group: Resource): Guarded {
    this.#guarded ??= this.#guardedByGroup();
    return this.#guarded.get(group.id) ?? NOTHING_GUARDED;
  }

  #guardedByGroup(): ReadonlyMap<string, Guarded> {
    const found = new Map<string, { subnets: Subnet[]; cards: Resource[] }>();
    const of = (id: Value) => {
      const group = this.graph.target(id, NSG);
      if (!group) return undefined;
      const known = found.get(group.id) ?? { subnets: [], cards: [] };
      found.set(group.id, known);
      return known;
    };
    for (const subnet of this.subnets) of(subnet.value.at('networkSecurityGroup.id'))?.subnets.push(subnet);
    for (const card of this.graph.ofType(CARD)) of(card.at('networkSecurityGroup.id'))?.cards.push(card);
    return found;
  }

  /** What the security group that an id names lets in or out; undefined where none is named. */
  group(id: Value, direction: Direction): Reach | undefined {
    const group = this.graph.target(id, NSG);
    if (!group) return id.state === 'absent' ? undefined : openTo({ ...NOBODY, unsure: new Set([id.describe()]) });
    return this.reachOf(group, direction);
  }

  /** What a security group lets in or out. */
  reachOf(group: Resource, direction: Direction): Reach {
    const key = `${direction} ${group.id}`;
    const known = this.#groups.get(key);
    if (known) return known;
    const holders = [group, ...this.graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName')];
    const spans = holders
      .flatMap((holder) => securityRuleFlows(holder, this.graph, direction))
      .flatMap((flow) =>
        spansOf(
          flow,
          allSources([
            ...flow.peers.map(sourcesOf),
            ...(flow.doubt === undefined ? [] : [{ ...NOBODY, unsure: new Set([flow.doubt]) }]),
            NOBODY,
          ]),
        ),
      );
    const reach = reachOf(direction === 'in' ? spans : this.#withDefaultOut(spans, holders));
    this.#groups.set(key, reach);
    return reach;
  }

  /** The last rule of every group lets everything out to the internet: what is left of that after what rules before it deny. */
  #withDefaultOut(spans: Reach, holders: readonly Resource[]): Reach {
    const rules = holders.flatMap((holder) => (holder.type === NSG ? holder.at('securityRules').items() : [holder.all]));
    const denials = rules.filter(
      (rule) =>
        rule.at('access').is('Deny').verdict === 'pass' &&
        rule.at('direction').is('Outbound').verdict === 'pass' &&
        rule.at('sourceAddressPrefix').orDefault('*').isOneOf(['*', 'VirtualNetwork', '0.0.0.0/0']).verdict === 'pass',
    );
    const denied = denials.flatMap((rule) => {
      const flow = flowOfRule(rule, 'out');
      // Whoever writes all of IPv4 means everybody, where networks have no other addresses.
      const peers = flow.peers.map((peer) => (/^0\.0\.0\.0\/0$/.test(peer.text) ? ANYONE : sourcesOf(peer)));
      return spansOf(flow, allSources([...peers, NOBODY]));
    });
    return [...spans, ...beyond(OPEN, reachOf(denied))];
  }

  groupOf(id: Value): readonly Resource[] {
    const group = this.graph.target(id, NSG);
    return group ? [group, ...this.graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName')] : [];
  }

  /**
   * Of each subnet: what leaves by a gateway of its own or by addresses of the platform, unless those are refused, and what leaves as
   * far as an appliance lets it that routes lead to.
   */
  waysOut(): readonly WayOut[] {
    return this.subnets.flatMap((subnet) => {
      const { called, resource, value } = subnet;
      const table = this.graph.target(value.at('routeTable.id'), TABLE);
      const group = value.at('networkSecurityGroup.id');
      const permitted = this.group(group, 'out') ?? OPEN;
      const { appliance, direct, filtered } = table ? this.#routed(table) : { appliance: '', direct: EVERYWHERE, filtered: [] };
      const gateway = value.at('natGateway.id');
      const shut = gateway.state === 'absent' && value.at('defaultOutboundAccess').isFalse().verdict === 'pass';
      const nat = this.graph.target(gateway);
      const through = nat
        ? `the NAT gateway ${nat.logicalId}`
        : gateway.state === 'absent'
          ? 'the default outbound access of the subnet'
          : 'a NAT gateway';
      const common = {
        table: table ?? resource,
        subnet: resource,
        called,
        on: [resource, ...(table ? [table, ...this.#routesOf(table)] : []), ...this.groupOf(group)],
      };
      const ways = [
        { ...common, reach: shut ? [] : fromOutside(comingFrom(permitted, direct)), through },
        { ...common, reach: fromOutside(comingFrom(permitted, filtered)), through: `the appliance ${appliance}`.trim(), filtered: true },
      ];
      return ways.filter(({ reach }) => reach.length > 0);
    });
  }

  #routesOf(table: Resource): readonly Resource[] {
    return this.graph.pointingAt(table, ROUTE, 'routeTableName');
  }

  /** Routes of a table, written inside it or as resources of their own. */
  routesIn(table: Resource): readonly Value[] {
    return [...table.at('routes').items(), ...this.#routesOf(table).map((route) => route.all)];
  }

  /** The table of routes that a subnet has. */
  tableOf({ value }: Subnet): Resource | undefined {
    return this.graph.target(value.at('routeTable.id'), TABLE);
  }

  /** Which addresses routes lead straight to the internet, and which to an appliance: the narrower prefix decides. */
  #routed(table: Resource): { readonly appliance: string; readonly direct: readonly Block[]; readonly filtered: readonly Block[] } {
    const known = this.#tables.get(table.id);
    if (known) return known;
    let direct: readonly Block[] = EVERYWHERE;
    let filtered: readonly Block[] = [];
    let appliance = '';
    const routes = this.routesIn(table).flatMap((route) => {
      const block = blockOf(route.at('addressPrefix').string ?? '');
      return block ? [{ route, block }] : [];
    });
    const size = ({ first, last }: Block) => last - first;
    for (const { block, route } of routes.sort((a, b) => (size(a.block) > size(b.block) ? -1 : size(a.block) < size(b.block) ? 1 : 0))) {
      const hop = route.at('nextHopType').string ?? '';
      direct = hop === 'Internet' ? union([...direct, block]) : without(direct, [block]);
      filtered = hop === 'VirtualAppliance' ? union([...filtered, block]) : without(filtered, [block]);
      if (hop === 'VirtualAppliance') appliance = route.at('nextHopIpAddress').shape ?? appliance;
    }
    const routed = { appliance, direct, filtered };
    this.#tables.set(table.id, routed);
    return routed;
  }
}
