/** What reaches what on Azure. */
import { append } from '../../../policies/collect';
import { NSG, SECURITY_RULE } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Names } from './aws-hubs';
import { deployments, platform } from './azure-doors';
import { fronts, guarded, hosts, instances, partners, scaleSets } from './azure-fronts';
import { AzureNetwork, CARD, type Subnet } from './azure-network';
import { senders } from './azure-senders';
import { type Exposed, isStore, type Opening } from './model';
import { isTheInternet, NOBODY, OPEN, openTo, type Reach } from './reach';

const ENDPOINT = 'azure-native:network:PrivateEndpoint';

export function azureExposed(graph: Graph, names: Names): Exposed {
  const network = new AzureNetwork(graph);
  const services = platform(graph);
  const { entries, passings } = fronts(network);
  const places = placesIn(network);
  return {
    entries: [...services.entries, ...entries, ...hosts(network), ...scaleSets(network), ...instances(network), ...partners(graph, names)],
    passings,
    layers: new Map([...services.layers, ...guarded(graph)]),
    inside: insideOf(network, places, names),
    peopled: new Set(),
    waysOut: network.waysOut(),
    places,
    openings: [...openings(network), ...deployments(graph)],
    endpoints: [],
    exits: [],
  };
}

/** Groups that let everyone in. */
function* openings(network: AzureNetwork): Iterable<Opening> {
  const { graph } = network;
  for (const thing of graph.ofType(NSG)) {
    const reach = network.reachOf(thing, 'in').filter(({ from }) => isTheInternet(from.blocks));
    if (reach.length > 0)
      yield { thing, kind: 'lets in', reach, on: [thing, ...graph.pointingAt(thing, SECURITY_RULE, 'networkSecurityGroupName')] };
  }
}

// ── Places ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function placesIn(network: AzureNetwork): Exposed['places'] {
  const { graph } = network;
  const machines = graph.ofType(CARD).map((card) => ({
    thing: network.ownerOf(card),
    ids: card
      .at('ipConfigurations')
      .items()
      .map((one) => one.at('subnet.id')),
    group: card.at('networkSecurityGroup.id'),
  }));
  const others = [
    ...graph
      .ofType('azure-native:dbforpostgresql:Server', 'azure-native:dbformysql:Server')
      .map((thing) => ({ thing, ids: [thing.at('network.delegatedSubnetResourceId')], group: undefined })),
    ...graph.ofType('azure-native:sql:ManagedInstance').map((thing) => ({ thing, ids: [thing.at('subnetId')], group: undefined })),
  ];
  const standing = [...machines, ...others]
    .filter(({ thing }) => graph.exists(thing))
    .map(({ group, ids, thing }) => ({
      thing,
      subnets: ids.flatMap((id) => network.subnet(id)?.key ?? []),
      sends: (group && network.group(group, 'out')) ?? OPEN,
    }));
  const sending = [...senders(network)].map(({ doubt, manner, on, subnets, thing }) => ({
    thing,
    subnets: subnets.map(({ key }) => key),
    sends: OPEN,
    on,
    works: true,
    manner: manner ?? 'not known',
    doubt,
  }));
  return [...standing, ...sending];
}

/** Stores with an address in a network, by private endpoint or delegation: whoever stands in the network may connect to them. */
function insideOf(network: AzureNetwork, places: Exposed['places'], names: Names): ReadonlyMap<Resource, Reach> {
  const { graph } = network;
  const inNetwork = new Map<string, Resource[]>();
  for (const { subnets, thing } of places) {
    const networks = new Set(subnets.map((key) => network.at(key)?.network?.id ?? ''));
    for (const network of networks) if (network !== '' && !isStore(thing)) append(inNetwork, network, thing);
  }
  const stores = new Map<Resource, Set<string>>();
  const stands = (store: Resource | undefined, subnet: Subnet | undefined) => {
    if (store && isStore(store) && subnet?.network) stores.set(store, (stores.get(store) ?? new Set()).add(subnet.network.id));
  };
  for (const endpoint of graph.ofType(ENDPOINT))
    for (const connection of [
      ...endpoint.at('privateLinkServiceConnections').items(),
      ...endpoint.at('manualPrivateLinkServiceConnections').items(),
    ])
      stands(graph.target(connection.at('privateLinkServiceId')), network.subnet(endpoint.at('subnet.id')));
  for (const { subnets, thing } of places) for (const key of subnets) stands(thing, network.at(key));
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
