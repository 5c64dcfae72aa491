/** Public addresses and entries of Azure: hosts, gateways, balancers, firewalls and front doors, with what stands behind them. */
import { natFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Names } from './aws-hubs';
import { type AzureNetwork, CARD, VNET } from './azure-network';
import { type Entry, INTERNET, type Layers, type Passing } from './model';
import { allSources, both, fromOutside, isSure, NOBODY, OPEN, onPorts, type Reach, reachOf, sourcesOf, spansOf, unsureIn } from './reach';

const ADDRESS = 'azure-native:network:PublicIPAddress';
const GATEWAY = 'azure-native:network:ApplicationGateway';
const BALANCER = 'azure-native:network:LoadBalancer';
const PROFILE = 'azure-native:cdn:Profile';
const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);

/** Who finds a private link service that is shown to everybody. */
export const EVERY_SUBSCRIPTION = 'every subscription of Azure';

export function* hosts(network: AzureNetwork): Iterable<Entry> {
  const { graph } = network;
  for (const card of graph.ofType(CARD))
    for (const address of card.at('ipConfigurations').items()) {
      const open = address.at('publicIPAddress');
      if (!graph.exists(card) || open.state === 'absent') continue;
      const subnet = network.subnet(address.at('subnet.id'));
      const groups = [card.at('networkSecurityGroup.id'), ...(subnet ? [subnet.value.at('networkSecurityGroup.id')] : [])];
      const written =
        groups.flatMap((group) => network.group(group, 'in') ?? []).length > 0 || groups.some(({ state }) => state !== 'absent');
      const target = graph.target(open.at('id'), ADDRESS);
      // Standard addresses refuse whom no group lets in; basic ones refuse nobody.
      const closed = !written && subnet !== undefined && target?.at('sku.name').is('Standard').verdict === 'pass';
      if (closed) continue;
      const reach = fromOutside(groups.reduce<Reach>((left, group) => both(left, network.group(group, 'in') ?? OPEN), OPEN));
      if (reach.length === 0) continue;
      const to = network.ownerOf(card);
      yield {
        from: INTERNET,
        to,
        reach,
        open: ALL,
        hops: [target ? `the public address ${target.logicalId}` : 'its public address', `the network interface ${card.logicalId}`],
        on: [card, ...(target ? [target] : []), ...groups.flatMap((group) => network.groupOf(group))],
        ...(isSure(reach) ? {} : { doubt: unsureIn(reach) }),
      };
    }
}

export function fronts(network: AzureNetwork): { readonly entries: readonly Entry[]; readonly passings: readonly Passing[] } {
  const { graph } = network;
  const entries: Entry[] = [];
  const passings: Passing[] = [];
  for (const front of graph.ofType(GATEWAY, BALANCER)) {
    if (!graph.exists(front)) continue;
    const addresses = front
      .at('frontendIPConfigurations')
      .items()
      .filter((one) => one.at('publicIPAddress').state !== 'absent');
    const ports = portsOf(front, addresses);
    if (addresses.length > 0 && (ports.length > 0 || (front.type === GATEWAY && front.at('httpListeners').items().length === 0)))
      entries.push({
        from: INTERNET,
        to: front,
        reach: ports.length > 0 ? onPorts(OPEN, ports) : OPEN,
        open: ALL,
        hops: ['its public address'],
        on: [front, ...addresses.flatMap((one) => graph.target(one.at('publicIPAddress.id'), ADDRESS) ?? [])],
      });
    for (const pool of front.at('backendAddressPools').items())
      for (const address of pool.at('backendAddresses').items()) passings.push(...passing(graph, front, [address.at('fqdn')]));
  }
  for (const card of graph.ofType(CARD))
    for (const address of card.at('ipConfigurations').items())
      for (const pool of [
        ...address.at('loadBalancerBackendAddressPools').items(),
        ...address.at('applicationGatewayBackendAddressPools').items(),
      ])
        for (const from of pool.at('id').targets.flatMap((id) => graph.get(id) ?? [])) passings.push({ from, to: network.ownerOf(card) });
  for (const firewall of graph.ofType('azure-native:network:AzureFirewall', 'azure-native:network:FirewallPolicyRuleCollectionGroup')) {
    const reach = fromOutside(
      reachOf(natFlows(firewall).flatMap((flow) => spansOf(flow, allSources([...flow.peers.map(sourcesOf), NOBODY])))),
    );
    if (reach.length > 0 && graph.exists(firewall)) {
      const targets = translatedBy(firewall);
      entries.push({
        from: INTERNET,
        to: firewall,
        reach,
        open: ALL,
        hops: [targets.length > 0 ? `destination translation to ${targets.join(', ')}` : 'destination translation'],
        ...(targets.length > 0 ? { by: `destination translation to ${targets.join(', ')}` } : {}),
        on: [firewall],
        ...(isSure(reach) ? {} : { doubt: unsureIn(reach) }),
      });
      passings.push(...cardsAt(targets, graph).map((card) => ({ from: firewall, to: network.ownerOf(card) })));
    }
  }
  for (const door of graph.ofType('azure-native:frontdoor:FrontDoor', 'azure-native:cdn:Endpoint', 'azure-native:cdn:AFDEndpoint')) {
    const to = door.type.endsWith('AFDEndpoint') ? (graph.target(door.at('profileName'), PROFILE) ?? door) : door;
    if (!graph.exists(door) || door.at('enabledState').is('Disabled').verdict === 'pass') continue;
    entries.push({ from: INTERNET, to, open: ALL, hops: to === door ? [] : [`the endpoint ${door.logicalId}`], on: [door] });
    passings.push(
      ...passing(
        graph,
        door,
        door
          .at('origins')
          .items()
          .map((origin) => origin.at('hostName')),
      ),
    );
  }
  for (const origin of graph.ofType('azure-native:cdn:AFDOrigin')) {
    const profile = graph.target(origin.at('profileName'), PROFILE);
    if (profile && graph.exists(origin)) passings.push(...passing(graph, profile, [origin.at('hostName')]));
  }
  return { entries, passings };
}

const passing = (graph: Graph, from: Resource, hosts: readonly Value[]): readonly Passing[] =>
  hosts.flatMap((host) => host.targets.flatMap((id) => graph.get(id) ?? []).slice(0, 1)).map((to) => ({ from, to }));

/** Scale sets whose machines get public addresses. */
export function* scaleSets(network: AzureNetwork): Iterable<Entry> {
  const { graph } = network;
  for (const set of graph.ofType('azure-native:compute:VirtualMachineScaleSet'))
    for (const card of set.at('virtualMachineProfile.networkProfile.networkInterfaceConfigurations').items())
      for (const address of card.at('ipConfigurations').items()) {
        if (!graph.exists(set) || address.at('publicIPAddressConfiguration').state === 'absent') continue;
        const subnet = network.subnet(address.at('subnet.id'));
        const groups = [card.at('networkSecurityGroup.id'), ...(subnet ? [subnet.value.at('networkSecurityGroup.id')] : [])];
        const reach = fromOutside(groups.reduce<Reach>((left, group) => both(left, network.group(group, 'in') ?? OPEN), OPEN));
        if (reach.length > 0)
          yield {
            from: INTERNET,
            to: set,
            reach,
            open: ALL,
            hops: ['public addresses of its machines'],
            on: [set, ...groups.flatMap((group) => network.groupOf(group))],
            ...(isSure(reach) ? {} : { doubt: unsureIn(reach) }),
          };
      }
}

/** Managed instances with a public endpoint, which the group of their subnet decides about. */
export function* instances(network: AzureNetwork): Iterable<Entry> {
  const { graph } = network;
  for (const instance of graph.ofType('azure-native:sql:ManagedInstance')) {
    const open = instance.at('publicDataEndpointEnabled').orDefault(false);
    if (!graph.exists(instance) || open.isTrue().verdict === 'fail') continue;
    const group = network.subnet(instance.at('subnetId'))?.value.at('networkSecurityGroup.id');
    const reach = onPorts(fromOutside((group && network.group(group, 'in')) ?? OPEN), [['tcp', 3342]]);
    if (reach.length > 0)
      yield {
        from: INTERNET,
        to: instance,
        reach,
        open: NOTHING,
        hops: ['its public endpoint'],
        on: [instance, ...(group ? network.groupOf(group) : [])],
        doubt: open.state === 'unknown' ? open.describe() : isSure(reach) ? undefined : unsureIn(reach),
      };
  }
}

/** Addresses that a firewall translates to. */
function translatedBy(firewall: Resource): readonly string[] {
  const collections = ['natRuleCollections', 'ruleCollections'].flatMap((path) => firewall.at(path).items());
  const rules = collections.flatMap((one) => one.at('rules').items());
  return [...new Set(rules.flatMap((rule) => rule.at('translatedAddress').shape ?? []))].sort();
}

const cardsAt = (addresses: readonly string[], graph: Graph): readonly Resource[] =>
  graph.ofType(CARD).filter((card) =>
    card
      .at('ipConfigurations')
      .items()
      .some((one) => addresses.includes(one.at('privateIPAddress').shape ?? '')),
  );

/** What a part of a balancer or a gateway is referred to by: the last part of its id. */
const lastPart = (id: Value): string | undefined => id.shape?.replace(/\/$/, '').replace(/^.*\//, '').toLowerCase();

/** Ports at which a public entry answers and passes on: those of the addresses that are public, where rules say of which they are. */
function portsOf(front: Resource, addresses: readonly Value[]): readonly (readonly [transport: string, port: number])[] {
  const open = new Set(addresses.map((one) => one.at('name').shape?.toLowerCase()));
  const isPublic = (rule: Value): boolean => {
    const name = lastPart(rule.at('frontendIPConfiguration.id'));
    return (
      name === undefined ||
      !front
        .at('frontendIPConfigurations')
        .items()
        .some((one) => one.at('name').shape?.toLowerCase() === name) ||
      open.has(name)
    );
  };
  if (front.type === GATEWAY) {
    const listeners = front.at('httpListeners').items();
    const used = new Set(listeners.filter(isPublic).map((one) => lastPart(one.at('frontendPort.id'))));
    return front
      .at('frontendPorts')
      .items()
      .filter((one) => listeners.length === 0 || used.has(undefined) || used.has(one.at('name').shape?.toLowerCase()))
      .flatMap((one) => (one.at('port').number === undefined ? [] : [['tcp', one.at('port').number as number] as const]));
  }
  return [...front.at('loadBalancingRules').items(), ...front.at('inboundNatRules').items()].filter(isPublic).flatMap((rule) => {
    const port = rule.at('frontendPort').number;
    return port === undefined ? [] : [[rule.at('protocol').is('Udp').verdict === 'pass' ? 'udp' : 'tcp', port] as const];
  });
}

/** A firewall for web requests before the public entries that take one, which blocks or at least is there. */
export function* guarded(graph: Graph): Iterable<readonly [Resource, Layers]> {
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

/** Tunnels and lines to other sites: how each names the gateway that it ends at. */
const TUNNELS: readonly (readonly [type: string, path: string, gateway: string])[] = [
  ['azure-native:network:VirtualNetworkGatewayConnection', 'virtualNetworkGateway1.id', 'azure-native:network:VirtualNetworkGateway'],
  ['azure-native:network:VpnConnection', 'gatewayName', 'azure-native:network:VpnGateway'],
  ['azure-native:network:ExpressRouteConnection', 'expressRouteGatewayName', 'azure-native:network:ExpressRouteGateway'],
];

/** Networks of others that are joined to one of ours. Where the other end is among what was read, it is our own. */
export function* partners(graph: Graph, names: Names): Iterable<Entry> {
  const joined = function* (one: Resource, to: Resource | undefined, name: string): Iterable<Entry> {
    if (to && graph.exists(one))
      yield { from: { kind: 'partner', key: `network ${names.identity(one)}`, name }, to, hops: [], open: NOTHING, on: [one] };
  };
  for (const peering of graph.ofType('azure-native:network:VirtualNetworkPeering'))
    if (graph.target(peering.at('remoteVirtualNetwork.id'), VNET) === undefined)
      yield* joined(peering, graph.target(peering.at('virtualNetworkName'), VNET), `the network behind ${names.name(peering)}`);
  for (const [type, path, gateway] of TUNNELS)
    for (const connection of graph.ofType(type)) {
      const to = graph.target(connection.at(path), gateway);
      yield* joined(connection, to ?? connection, to ? `the network behind ${names.name(connection)}` : 'the network at the other end');
    }
  for (const connection of graph.ofType('azure-native:network:HubVirtualNetworkConnection'))
    if (graph.target(connection.at('remoteVirtualNetwork.id'), VNET) === undefined)
      yield* joined(
        connection,
        graph.target(connection.at('virtualHubName'), 'azure-native:network:VirtualHub'),
        `the network behind ${names.name(connection)}`,
      );
  for (const service of graph.ofType('azure-native:network:PrivateLinkService'))
    for (const subscription of service.at('visibility.subscriptions').items()) {
      const text = subscription.shape ?? subscription.describe();
      const name = text === '*' ? EVERY_SUBSCRIPTION : `the subscription ${text}`;
      if (!graph.units.some(({ account }) => account === text))
        yield { from: { kind: 'partner', key: name, name }, to: service, hops: [], open: NOTHING, on: [service] };
    }
}
