/** What reaches what on Azure. */
import { append } from '../../../policies/collect';
import { SITES } from '../../../policies/facts/azure-sites';
import { type Direction, NSG, natFlows, SECURITY_RULE, securityRuleFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Names } from './aws';
import { platform } from './azure-doors';
import { type Entry, type Exposed, INTERNET, isStore, type Layers, type Passing, placeKey, type WayOut } from './model';
import {
  allSources,
  both,
  fromOutside,
  isSure,
  NOBODY,
  OPEN,
  onPorts,
  openTo,
  type Reach,
  reachOf,
  sourcesOf,
  spansOf,
  unsureIn,
} from './reach';

const VNET = 'azure-native:network:VirtualNetwork';
const SUBNET = 'azure-native:network:Subnet';
const CARD = 'azure-native:network:NetworkInterface';
const MACHINE = 'azure-native:compute:VirtualMachine';
const ADDRESS = 'azure-native:network:PublicIPAddress';
const ENDPOINT = 'azure-native:network:PrivateEndpoint';
const GATEWAY = 'azure-native:network:ApplicationGateway';
const BALANCER = 'azure-native:network:LoadBalancer';
const PROFILE = 'azure-native:cdn:Profile';
const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);

/** A subnet, written inside its network or as a resource of its own. */
interface Subnet {
  readonly key: string;
  readonly resource: Resource;
  readonly value: Value;
  readonly called: string;
  readonly network: Resource | undefined;
}

export function azureExposed(graph: Graph, names: Names): Exposed {
  const network = new AzureNetwork(graph);
  const services = platform(graph);
  const { entries, passings } = network.fronts();
  const places = network.places();
  return {
    entries: [...services.entries, ...entries, ...network.hosts(), ...partners(graph, names)],
    passings,
    layers: new Map([...services.layers, ...guarded(graph)]),
    inside: network.inside(places, names),
    peopled: new Set(),
    waysOut: network.waysOut(),
    places,
  };
}

class AzureNetwork {
  readonly #subnets: readonly Subnet[];
  readonly #byId = new Map<string, Subnet>();
  readonly #groups = new Map<string, Reach>();
  /** Machines by the id of their network interfaces. */
  readonly #machines = new Map<string, Resource>();

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
    this.#subnets = [...inline, ...separate].filter(({ resource }) => graph.exists(resource));
    for (const subnet of this.#subnets) this.#byId.set(subnet.key, subnet);
    for (const machine of graph.ofType(MACHINE))
      for (const card of machine.at('networkProfile.networkInterfaces').items()) {
        const target = graph.target(card.at('id'), CARD);
        if (target) this.#machines.set(target.id, machine);
      }
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

  /** What the security group that an id names lets in or out; undefined where none is named. */
  group(id: Value, direction: Direction): Reach | undefined {
    const group = this.graph.target(id, NSG);
    if (!group) return id.state === 'absent' ? undefined : openTo({ ...NOBODY, unsure: new Set([id.describe()]) });
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

  /** The last rule of every group lets everything out to the internet, unless a rule before it denies that. */
  #withDefaultOut(spans: Reach, holders: readonly Resource[]): Reach {
    const rules = holders.flatMap((holder) => (holder.type === NSG ? holder.at('securityRules').items() : [holder.all]));
    const denied = rules.some(
      (rule) =>
        rule.at('access').is('Deny').verdict === 'pass' &&
        rule.at('direction').is('Outbound').verdict === 'pass' &&
        rule.at('protocol').orDefault('*').is('*').verdict === 'pass' &&
        rule.at('destinationAddressPrefix').isOneOf(['*', 'Internet', '0.0.0.0/0']).verdict === 'pass',
    );
    return denied ? spans : [...spans, ...OPEN];
  }

  // ── Hosts ────────────────────────────────────────────────────────────────────────────────────────────────────────

  *hosts(): Iterable<Entry> {
    for (const card of this.graph.ofType(CARD))
      for (const address of card.at('ipConfigurations').items()) {
        const open = address.at('publicIPAddress');
        if (!this.graph.exists(card) || open.state === 'absent') continue;
        const subnet = this.subnet(address.at('subnet.id'));
        const groups = [card.at('networkSecurityGroup.id'), ...(subnet ? [subnet.value.at('networkSecurityGroup.id')] : [])];
        const written =
          groups.flatMap((group) => this.group(group, 'in') ?? []).length > 0 || groups.some(({ state }) => state !== 'absent');
        const target = this.graph.target(open.at('id'), ADDRESS);
        // Standard addresses refuse whom no group lets in; basic ones refuse nobody.
        const closed = !written && subnet !== undefined && target?.at('sku.name').is('Standard').verdict === 'pass';
        if (closed) continue;
        const reach = fromOutside(groups.reduce<Reach>((left, group) => both(left, this.group(group, 'in') ?? OPEN), OPEN));
        if (reach.length === 0) continue;
        const to = this.#machines.get(card.id) ?? card;
        yield {
          from: INTERNET,
          to,
          reach,
          open: ALL,
          hops: [target ? `the public address ${target.logicalId}` : 'its public address', `the network interface ${card.logicalId}`],
          on: [card, ...(target ? [target] : []), ...groups.flatMap((group) => this.#groupOf(group))],
          ...(isSure(reach) ? {} : { doubt: unsureIn(reach) }),
        };
      }
  }

  #groupOf(id: Value): readonly Resource[] {
    const group = this.graph.target(id, NSG);
    return group ? [group, ...this.graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName')] : [];
  }

  // ── Public entries ───────────────────────────────────────────────────────────────────────────────────────────────

  fronts(): { readonly entries: readonly Entry[]; readonly passings: readonly Passing[] } {
    const entries: Entry[] = [];
    const passings: Passing[] = [];
    for (const front of this.graph.ofType(GATEWAY, BALANCER)) {
      if (!this.graph.exists(front)) continue;
      const addresses = front
        .at('frontendIPConfigurations')
        .items()
        .filter((one) => one.at('publicIPAddress').state !== 'absent');
      const ports = portsOf(front);
      if (addresses.length > 0 && (ports.length > 0 || front.type === GATEWAY))
        entries.push({
          from: INTERNET,
          to: front,
          reach: ports.length > 0 ? onPorts(OPEN, ports) : OPEN,
          open: ALL,
          hops: ['its public address'],
          on: [front, ...addresses.flatMap((one) => this.graph.target(one.at('publicIPAddress.id'), ADDRESS) ?? [])],
        });
      for (const pool of front.at('backendAddressPools').items())
        for (const address of pool.at('backendAddresses').items()) passings.push(...this.#passing(front, [address.at('fqdn')]));
    }
    for (const card of this.graph.ofType(CARD))
      for (const address of card.at('ipConfigurations').items())
        for (const pool of [
          ...address.at('loadBalancerBackendAddressPools').items(),
          ...address.at('applicationGatewayBackendAddressPools').items(),
        ])
          for (const from of pool.at('id').targets.flatMap((id) => this.graph.get(id) ?? []))
            passings.push({ from, to: this.#machines.get(card.id) ?? card });
    for (const firewall of this.graph.ofType(
      'azure-native:network:AzureFirewall',
      'azure-native:network:FirewallPolicyRuleCollectionGroup',
    )) {
      const reach = fromOutside(
        reachOf(natFlows(firewall).flatMap((flow) => spansOf(flow, allSources([...flow.peers.map(sourcesOf), NOBODY])))),
      );
      if (reach.length > 0 && this.graph.exists(firewall))
        entries.push({
          from: INTERNET,
          to: firewall,
          reach,
          open: ALL,
          hops: ['destination translation'],
          on: [firewall],
          ...(isSure(reach) ? {} : { doubt: unsureIn(reach) }),
        });
    }
    for (const door of this.graph.ofType('azure-native:frontdoor:FrontDoor', 'azure-native:cdn:Endpoint', 'azure-native:cdn:AFDEndpoint')) {
      const to = door.type.endsWith('AFDEndpoint') ? (this.graph.target(door.at('profileName'), PROFILE) ?? door) : door;
      if (!this.graph.exists(door) || door.at('enabledState').is('Disabled').verdict === 'pass') continue;
      entries.push({ from: INTERNET, to, open: ALL, hops: to === door ? [] : [`the endpoint ${door.logicalId}`], on: [door] });
      passings.push(
        ...this.#passing(
          door,
          door
            .at('origins')
            .items()
            .map((origin) => origin.at('hostName')),
        ),
      );
    }
    for (const origin of this.graph.ofType('azure-native:cdn:AFDOrigin')) {
      const profile = this.graph.target(origin.at('profileName'), PROFILE);
      if (profile && this.graph.exists(origin)) passings.push(...this.#passing(profile, [origin.at('hostName')]));
    }
    return { entries, passings };
  }

  #passing(from: Resource, hosts: readonly Value[]): readonly Passing[] {
    return hosts.flatMap((host) => host.targets.flatMap((id) => this.graph.get(id) ?? []).slice(0, 1)).map((to) => ({ from, to }));
  }

  // ── Places and ways out ──────────────────────────────────────────────────────────────────────────────────────────

  places(): Exposed['places'] {
    const machines = this.graph.ofType(CARD).map((card) => ({
      thing: this.#machines.get(card.id) ?? card,
      ids: card
        .at('ipConfigurations')
        .items()
        .map((one) => one.at('subnet.id')),
      group: card.at('networkSecurityGroup.id'),
    }));
    const others = [
      ...this.graph.ofType(...SITES).map((thing) => ({ thing, ids: [thing.at('virtualNetworkSubnetId')], group: undefined })),
      ...this.graph
        .ofType('azure-native:dbforpostgresql:Server', 'azure-native:dbformysql:Server')
        .map((thing) => ({ thing, ids: [thing.at('network.delegatedSubnetResourceId')], group: undefined })),
      ...this.graph.ofType('azure-native:sql:ManagedInstance').map((thing) => ({ thing, ids: [thing.at('subnetId')], group: undefined })),
      ...this.graph
        .ofType('azure-native:app:ManagedEnvironment')
        .map((thing) => ({ thing, ids: [thing.at('vnetConfiguration.infrastructureSubnetId')], group: undefined })),
    ];
    return [...machines, ...others]
      .filter(({ thing }) => this.graph.exists(thing))
      .map(({ group, ids, thing }) => ({
        thing,
        subnets: ids.flatMap((id) => this.subnet(id)?.key ?? []),
        sends: (group && this.group(group, 'out')) ?? OPEN,
      }));
  }

  /** Stores with an address in a network, by private endpoint or delegation: whoever stands in the network may connect to them. */
  inside(places: Exposed['places'], names: Names): ReadonlyMap<Resource, Reach> {
    const inNetwork = new Map<string, Resource[]>();
    for (const { subnets, thing } of places) {
      const networks = new Set(subnets.map((key) => this.#byId.get(key)?.network?.id ?? ''));
      for (const network of networks) if (network !== '' && !isStore(thing)) append(inNetwork, network, thing);
    }
    const stores = new Map<Resource, Set<string>>();
    const stands = (store: Resource | undefined, subnet: Subnet | undefined) => {
      if (store && isStore(store) && subnet?.network) stores.set(store, (stores.get(store) ?? new Set()).add(subnet.network.id));
    };
    for (const endpoint of this.graph.ofType(ENDPOINT))
      for (const connection of [
        ...endpoint.at('privateLinkServiceConnections').items(),
        ...endpoint.at('manualPrivateLinkServiceConnections').items(),
      ])
        stands(this.graph.target(connection.at('privateLinkServiceId')), this.subnet(endpoint.at('subnet.id')));
    for (const { subnets, thing } of places) for (const key of subnets) stands(thing, this.#byId.get(key));
    return new Map(
      [...stores].map(([store, networks]) => {
        const callers = [...networks].flatMap((id) => inNetwork.get(id) ?? []).map((thing) => [names.identity(thing), undefined] as const);
        return [
          store,
          openTo({ ...NOBODY, named: new Map(callers) }).filter(({ transport, from }) => transport === 'tcp' && from.named.size > 0),
        ];
      }),
    );
  }

  waysOut(): readonly WayOut[] {
    return this.#subnets.flatMap((subnet) => {
      const { called, resource, value } = subnet;
      const table = this.graph.target(value.at('routeTable.id'), 'azure-native:network:RouteTable');
      if (table && this.#leadsElsewhere(table)) return [];
      const nat = this.graph.target(value.at('natGateway.id'));
      // Unless it is refused, every subnet may send to the internet by addresses of the platform.
      if (value.at('natGateway.id').state === 'absent' && value.at('defaultOutboundAccess').isFalse().verdict === 'pass') return [];
      const reach = fromOutside(this.group(value.at('networkSecurityGroup.id'), 'out') ?? OPEN);
      if (reach.length === 0) return [];
      const through = nat
        ? `the NAT gateway ${nat.logicalId}`
        : value.at('natGateway.id').state === 'absent'
          ? 'the default outbound access of its subnet'
          : 'a NAT gateway';
      return [
        {
          table: table ?? resource,
          subnet: resource,
          called,
          reach,
          through,
          on: [resource, ...(table ? [table] : []), ...this.#groupOf(value.at('networkSecurityGroup.id'))],
        },
      ];
    });
  }

  #leadsElsewhere(table: Resource): boolean {
    const separate = this.graph.pointingAt(table, 'azure-native:network:Route', 'routeTableName').map((route) => route.all);
    return [...table.at('routes').items(), ...separate].some(
      (route) =>
        /\/0$/.test(route.at('addressPrefix').string ?? '') &&
        route.at('nextHopType').isOneOf(['VirtualAppliance', 'None', 'VirtualNetworkGateway']).verdict === 'pass',
    );
  }
}

/** Ports at which a public entry answers and passes on. */
function portsOf(front: Resource): readonly (readonly [transport: string, port: number])[] {
  if (front.type === GATEWAY)
    return front
      .at('frontendPorts')
      .items()
      .flatMap((one) => (one.at('port').number === undefined ? [] : [['tcp', one.at('port').number as number] as const]));
  return [...front.at('loadBalancingRules').items(), ...front.at('inboundNatRules').items()].flatMap((rule) => {
    const port = rule.at('frontendPort').number;
    return port === undefined ? [] : [[rule.at('protocol').is('Udp').verdict === 'pass' ? 'udp' : 'tcp', port] as const];
  });
}

/** A firewall for web requests before the public entries that take one, which blocks or at least is there. */
function* guarded(graph: Graph): Iterable<readonly [Resource, Layers]> {
  for (const front of graph.ofType(GATEWAY, PROFILE, 'azure-native:frontdoor:FrontDoor')) {
    const policies = front.type === PROFILE ? graph.pointingAt(front, 'azure-native:cdn:SecurityPolicy', 'profileName') : [];
    const kept =
      policies.some((policy) => policy.at('parameters.wafPolicy.id').isSet().verdict !== 'fail') ||
      front.at('firewallPolicy.id').isSet().verdict !== 'fail' ||
      front.at('webApplicationFirewallConfiguration.enabled').boolean === true ||
      front
        .at('frontendEndpoints')
        .items()
        .some((one) => one.at('webApplicationFirewallPolicyLink.id').isSet().verdict !== 'fail');
    yield [front, new Map([['a web application firewall' as const, { kept, on: [front, ...policies] }]])];
  }
}

/** Networks of others that are joined to one of ours. Where the other end is among what was read, it is our own. */
function* partners(graph: Graph, names: Names): Iterable<Entry> {
  const joined = function* (one: Resource, to: Resource | undefined, name: string): Iterable<Entry> {
    if (to && graph.exists(one))
      yield { from: { kind: 'partner', key: `network ${names.identity(one)}`, name }, to, hops: [], open: NOTHING, on: [one] };
  };
  for (const peering of graph.ofType('azure-native:network:VirtualNetworkPeering'))
    if (graph.target(peering.at('remoteVirtualNetwork.id'), VNET) === undefined)
      yield* joined(peering, graph.target(peering.at('virtualNetworkName'), VNET), `the network behind ${names.name(peering)}`);
  for (const connection of graph.ofType('azure-native:network:VirtualNetworkGatewayConnection')) {
    const gateway = graph.target(connection.at('virtualNetworkGateway1.id'), 'azure-native:network:VirtualNetworkGateway');
    yield* joined(connection, gateway ?? connection, `the network behind ${names.name(connection)}`);
  }
  for (const service of graph.ofType('azure-native:network:PrivateLinkService'))
    for (const subscription of service.at('visibility.subscriptions').items()) {
      const text = subscription.shape ?? subscription.describe();
      const name = text === '*' ? 'every subscription of Azure' : `the subscription ${text}`;
      if (!graph.units.some(({ account }) => account === text))
        yield { from: { kind: 'partner', key: name, name }, to: service, hops: [], open: NOTHING, on: [service] };
    }
}
