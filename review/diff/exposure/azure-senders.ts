/** By which way apps, clusters and gateways of Azure send: through a network of ours, or past it by addresses of the platform. */
import { ofSite, SITES, siteSetting } from '../../../policies/facts/azure-sites';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { AzureNetwork, Subnet } from './azure-network';

/** network: all that it sends. private: only what goes to private addresses. direct: nothing. */
export type Manner = 'network' | 'private' | 'direct';

export interface Sender {
  readonly thing: Resource;
  readonly manner: Manner | undefined;
  readonly subnets: readonly Subnet[];
  /** What is missing to know the manner, or which subnet. */
  readonly doubt: string | undefined;
  /** What decides it, besides the thing. */
  readonly on: readonly Resource[];
}

const SWIFT = 'azure-native:web:WebAppSwiftVirtualNetworkConnection';
const SETTINGS = 'azure-native:web:WebAppApplicationSettings';
const CLUSTER = 'azure-native:containerservice:ManagedCluster';
const POOL = 'azure-native:containerservice:AgentPool';
const ENVIRONMENT = 'azure-native:app:ManagedEnvironment';
const GATEWAY = 'azure-native:apimanagement:ApiManagementService';
const CONTAINERS = 'azure-native:containerinstance:ContainerGroup';

/** Everything that may send by a network, or past it. */
export function* senders(network: AzureNetwork): Iterable<Sender> {
  const { graph } = network;
  const existing = (...types: readonly string[]) => graph.ofType(...types).filter((thing) => graph.exists(thing));
  for (const site of existing(...SITES)) yield siteOf(site, network);
  for (const cluster of existing(CLUSTER)) yield clusterOf(cluster, network);
  for (const thing of existing(ENVIRONMENT)) yield inSubnets(thing, [thing.at('vnetConfiguration.infrastructureSubnetId')], network);
  for (const thing of existing(CONTAINERS))
    yield inSubnets(
      thing,
      thing
        .at('subnetIds')
        .items()
        .map((one) => one.at('id')),
      network,
    );
  for (const thing of existing(GATEWAY)) {
    const mode = thing.at('virtualNetworkType').orDefault('None');
    const ids = mode.is('None').verdict === 'pass' ? [] : [thing.at('virtualNetworkConfiguration.subnetResourceId')];
    const found = inSubnets(thing, ids, network);
    yield mode.state === 'unknown' ? { ...found, manner: undefined, doubt: mode.describe() } : found;
  }
}

function inSubnets(thing: Resource, ids: readonly Value[], network: AzureNetwork, on: readonly Resource[] = []): Sender {
  const written = ids.filter((id) => id.state !== 'absent' && id.string !== '');
  const found = written.map((id) => network.subnet(id));
  const missing = written.find((_, at) => found[at] === undefined);
  return {
    thing,
    manner: written.length > 0 ? 'network' : 'direct',
    subnets: found.flatMap((one) => one ?? []),
    doubt: missing?.describe(),
    on,
  };
}

function siteOf(site: Resource, network: AzureNetwork): Sender {
  const { graph } = network;
  const beside = ofSite(site, SWIFT, graph);
  const ids = [site.at('virtualNetworkSubnetId'), ...beside.map((one) => one.at('subnetResourceId'))];
  const found = inSubnets(site, ids, network, beside);
  // An environment of its own stands in a network with everything that it sends.
  if (site.at('hostingEnvironmentProfile.id').state !== 'absent') return { ...found, manner: 'network' };
  if (found.manner === 'direct') return found;
  const all = everything(site, graph);
  return all === true ? found : { ...found, manner: all === false ? 'private' : undefined, ...(all === false ? {} : { doubt: all }) };
}

/** Whether everything is sent by the network, or what is missing to know. */
function everything(site: Resource, graph: Graph): boolean | string {
  const switches = [
    siteSetting(site, 'siteConfig.vnetRouteAllEnabled', graph),
    site.at('vnetRouteAllEnabled'),
    site.at('outboundVnetRouting.allTraffic'),
    site.at('outboundVnetRouting.applicationTraffic'),
    ...settingOf(site, 'WEBSITE_VNET_ROUTE_ALL', graph),
  ].filter(({ state }) => state !== 'absent');
  if (switches.some(({ boolean, number }) => boolean === true || number === 1)) return true;
  return switches.find(({ state }) => state !== 'known')?.describe() ?? false;
}

function settingOf(site: Resource, name: string, graph: Graph): readonly Value[] {
  const listed = siteSetting(site, 'siteConfig.appSettings', graph)
    .items()
    .filter((one) => one.at('name').is(name).verdict === 'pass')
    .map((one) => one.at('value'));
  const beside = ofSite(site, SETTINGS, graph).flatMap((one) => [one.at(`properties.${name}`), one.at(name)]);
  return [...listed, ...beside];
}

/** Nodes whose way out somebody else lays send by the network; otherwise they get a balancer or a gateway of their own. */
function clusterOf(cluster: Resource, network: AzureNetwork): Sender {
  const { graph } = network;
  const pools = graph.pointingAt(cluster, POOL, 'resourceName');
  const ids = [
    ...cluster
      .at('agentPoolProfiles')
      .items()
      .map((pool) => pool.at('vnetSubnetID')),
    ...pools.map((pool) => pool.at('vnetSubnetID')),
  ];
  const found = inSubnets(cluster, ids, network, pools);
  const type = cluster.at('networkProfile.outboundType').orDefault('loadBalancer');
  if (type.state !== 'known') return { ...found, manner: undefined, doubt: type.describe() };
  return { ...found, manner: type.isOneOf(['userDefinedRouting', 'none', 'block']).verdict === 'pass' ? 'network' : 'direct' };
}
