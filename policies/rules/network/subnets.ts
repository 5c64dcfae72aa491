/** Subnets and routes of both clouds, as rules need them. */
import type { Graph } from '../../graph';
import type { Resource } from '../../resource';
import type { Value } from '../../value';

export const VNET = 'azure-native:network:VirtualNetwork';
export const SUBNET = 'azure-native:network:Subnet';

/** Subnets that the platform owns: it refuses a security group on them, or manages their routes itself. */
const PLATFORM = /^(gatewaysubnet|azurefirewallsubnet|azurefirewallmanagementsubnet|azurebastionsubnet|routeserversubnet)$/i;

/** The subnets that a resource declares: all inline ones of a network, or the one that it is. Those of the platform left out. */
export const subnetsIn = (resource: Resource): readonly Value[] =>
  (resource.type === VNET ? resource.at('subnets').items() : [resource.all]).filter(
    (subnet) =>
      !PLATFORM.test(subnet.at('name').string ?? '') &&
      !PLATFORM.test((resource.type === SUBNET ? subnet.at('subnetName').string : '') ?? ''),
  );

/** What people call the subnet. */
export const nameOf = (subnet: Value): string => (subnet.path === '' ? 'the subnet' : `${subnet.path} "${subnet.at('name').shape ?? ''}"`);

export type DefaultRoute = 'internet gateway' | 'NAT' | 'none';

/** Where traffic to anywhere leaves a subnet, by the route tables of the same graph. */
export function defaultRouteOf(subnet: Resource, graph: Graph): DefaultRoute {
  let found: DefaultRoute = 'none';
  for (const association of graph.pointingAt(subnet, 'AWS::EC2::SubnetRouteTableAssociation', 'SubnetId')) {
    const table = graph.target(association.at('RouteTableId'), 'AWS::EC2::RouteTable');
    for (const route of table ? graph.pointingAt(table, 'AWS::EC2::Route', 'RouteTableId') : []) {
      const destination = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock']
        .map((key) => route.at(key))
        .find(({ state }) => state !== 'absent');
      // Where no range says which part of the internet is meant, all of it may be.
      if (destination && !/\/0$/.test(destination.string ?? '')) continue;
      if (isInternetGateway(route.at('GatewayId'), graph)) return 'internet gateway';
      if (!destination) continue;
      if (['NatGatewayId', 'EgressOnlyInternetGatewayId'].some((key) => route.at(key).state !== 'absent')) found = 'NAT';
    }
  }
  return found;
}

function isInternetGateway(gateway: Value, graph: Graph): boolean {
  return graph.target(gateway, 'AWS::EC2::InternetGateway') !== undefined || /^igw-/.test(gateway.string ?? '');
}

/** Whether a route table of Azure sends traffic to anywhere somewhere else than to the internet. */
export function leadsThroughFirewall(routeTable: Value, graph: Graph): boolean {
  const table = graph.target(routeTable.at('id'), 'azure-native:network:RouteTable');
  if (!table) return routeTable.at('id').state !== 'absent';
  const separate = graph.pointingAt(table, 'azure-native:network:Route', 'routeTableName').map((route) => route.all);
  return [...table.at('routes').items(), ...separate].some(
    (route) =>
      /^(0\.0\.0\.0|::)\/0$/.test(route.at('addressPrefix').string ?? '') &&
      route.at('nextHopType').isOneOf(['VirtualAppliance', 'None', 'VirtualNetworkGateway']).verdict === 'pass',
  );
}
