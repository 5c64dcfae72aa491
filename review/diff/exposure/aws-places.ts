/** What stands in a network of AWS: in which subnets, with which security groups, with or without an address of the internet. */
import { clusterOf, isMember, membersOf } from '../../../policies/facts/database';
import { settingOf } from '../../../policies/facts/hosts';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { OPEN, onPorts, type Reach } from './reach';

export interface Place {
  readonly thing: Resource;
  readonly subnets: readonly Resource[];
  /** All that is named is among what was read, and something is named. */
  readonly subnetsKnown: boolean;
  /** None is named: it stands in the default network. */
  readonly unplaced: boolean;
  readonly groups: readonly Resource[];
  readonly groupsKnown: boolean;
  /** Some are named, whether or not they are among what was read. */
  readonly grouped: boolean;
  /** Whom it lets in where it names none. */
  readonly ungrouped?: Reach;
  readonly address: boolean | undefined;
  /** Somebody wrote that it has one. */
  readonly said: boolean;
  /** Ports that it answers on, where something says. */
  readonly ports?: readonly (readonly [transport: string, port: number])[];
  readonly on: readonly Resource[];
}

/** Only the ports that it answers on matter, where they are known. */
export const answered = ({ ports }: Place, reach: Reach): Reach => (ports ? onPorts(reach, ports) : reach);

/** What decides in which subnets it stands: those, and whatever names them for it. */
export const standing = ({ groups, on }: Place): readonly Resource[] => on.filter((one) => !groups.includes(one));

interface Shape {
  readonly groups?: readonly string[];
  readonly subnets?: readonly string[];
  /** Path of the name of a subnet group, and its type. */
  readonly group?: readonly [path: string, type: string];
  /** Flag that gives it an address, and what holds where nobody writes it. */
  readonly flag?: readonly [path: string, absent: boolean];
  /** Values of the flag that mean yes. @default true */
  readonly yes?: string;
  readonly port?: string;
  /** Port that it answers on where nobody writes one. */
  readonly usual?: number;
}

const NODES = 'AWS::EKS::Nodegroup';
const NETWORK = 'NetworkConfiguration.AwsvpcConfiguration';
/** Where each type writes its place. Property names as in the resource specification of CloudFormation. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::EC2::Instance': {
    groups: ['SecurityGroupIds', 'SecurityGroups', 'NetworkInterfaces[].GroupSet'],
    subnets: ['SubnetId', 'NetworkInterfaces[].SubnetId'],
  },
  'AWS::EC2::NetworkInterface': { groups: ['GroupSet'], subnets: ['SubnetId'] },
  'AWS::AutoScaling::AutoScalingGroup': { subnets: ['VPCZoneIdentifier'] },
  [NODES]: { subnets: ['Subnets'] },
  'AWS::ECS::Service': {
    groups: [`${NETWORK}.SecurityGroups`],
    subnets: [`${NETWORK}.Subnets`],
    flag: [`${NETWORK}.AssignPublicIp`, false],
    yes: 'ENABLED',
  },
  'AWS::Lambda::Function': { groups: ['VpcConfig.SecurityGroupIds'], subnets: ['VpcConfig.SubnetIds'] },
  'AWS::Serverless::Function': { groups: ['VpcConfig.SecurityGroupIds'], subnets: ['VpcConfig.SubnetIds'] },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { groups: ['SecurityGroups'], subnets: ['Subnets', 'SubnetMappings[].SubnetId'] },
  'AWS::ElasticLoadBalancing::LoadBalancer': { groups: ['SecurityGroups'], subnets: ['Subnets'] },
  'AWS::RDS::DBInstance': {
    groups: ['VPCSecurityGroups'],
    group: ['DBSubnetGroupName', 'AWS::RDS::DBSubnetGroup'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
  },
  'AWS::RDS::DBCluster': {
    groups: ['VpcSecurityGroupIds'],
    group: ['DBSubnetGroupName', 'AWS::RDS::DBSubnetGroup'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
  },
  'AWS::DocDB::DBCluster': {
    groups: ['VpcSecurityGroupIds'],
    group: ['DBSubnetGroupName', 'AWS::DocDB::DBSubnetGroup'],
    port: 'Port',
    usual: 27017,
  },
  'AWS::Neptune::DBCluster': {
    groups: ['VpcSecurityGroupIds'],
    group: ['DBSubnetGroupName', 'AWS::Neptune::DBSubnetGroup'],
    port: 'DBPort',
    usual: 8182,
  },
  'AWS::NeptuneGraph::Graph': { flag: ['PublicConnectivity', false] },
  'AWS::Redshift::Cluster': {
    groups: ['VpcSecurityGroupIds'],
    group: ['ClusterSubnetGroupName', 'AWS::Redshift::ClusterSubnetGroup'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
    usual: 5439,
  },
  'AWS::RedshiftServerless::Workgroup': {
    groups: ['SecurityGroupIds'],
    subnets: ['SubnetIds'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
    usual: 5439,
  },
  'AWS::ElastiCache::ReplicationGroup': {
    groups: ['SecurityGroupIds'],
    group: ['CacheSubnetGroupName', 'AWS::ElastiCache::SubnetGroup'],
    port: 'Port',
    usual: 6379,
  },
  'AWS::ElastiCache::CacheCluster': {
    groups: ['VpcSecurityGroupIds'],
    group: ['CacheSubnetGroupName', 'AWS::ElastiCache::SubnetGroup'],
    port: 'Port',
  },
  'AWS::ElastiCache::ServerlessCache': { groups: ['SecurityGroupIds'], subnets: ['SubnetIds'] },
  'AWS::MemoryDB::Cluster': {
    groups: ['SecurityGroupIds'],
    group: ['SubnetGroupName', 'AWS::MemoryDB::SubnetGroup'],
    port: 'Port',
    usual: 6379,
  },
  'AWS::DAX::Cluster': { groups: ['SecurityGroupIds'], group: ['SubnetGroupName', 'AWS::DAX::SubnetGroup'] },
  'AWS::EFS::FileSystem': { usual: 2049 },
  'AWS::FSx::FileSystem': { groups: ['SecurityGroupIds'], subnets: ['SubnetIds'] },
  'AWS::OpenSearchService::Domain': { groups: ['VPCOptions.SecurityGroupIds'], subnets: ['VPCOptions.SubnetIds'], usual: 443 },
  'AWS::Elasticsearch::Domain': { groups: ['VPCOptions.SecurityGroupIds'], subnets: ['VPCOptions.SubnetIds'], usual: 443 },
  'AWS::MSK::Cluster': {
    groups: ['BrokerNodeGroupInfo.SecurityGroups'],
    subnets: ['BrokerNodeGroupInfo.ClientSubnets'],
    flag: ['BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type', false],
    yes: 'SERVICE_PROVIDED_EIPS',
  },
  'AWS::AmazonMQ::Broker': { groups: ['SecurityGroups'], subnets: ['SubnetIds'], flag: ['PubliclyAccessible', false] },
  'AWS::DMS::ReplicationInstance': {
    groups: ['VpcSecurityGroupIds'],
    group: ['ReplicationSubnetGroupIdentifier', 'AWS::DMS::ReplicationSubnetGroup'],
    flag: ['PubliclyAccessible', true],
  },
  'AWS::Timestream::InfluxDBInstance': {
    groups: ['VpcSecurityGroupIds'],
    subnets: ['VpcSubnetIds'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
  },
  'AWS::Timestream::InfluxDBCluster': {
    groups: ['VpcSecurityGroupIds'],
    subnets: ['VpcSubnetIds'],
    flag: ['PubliclyAccessible', false],
    port: 'Port',
  },
};
const WITHOUT_ADDRESS = /^AWS::(Lambda|Serverless)::Function$/;
const DOMAINS = /^AWS::(OpenSearchService|Elasticsearch)::Domain$/;

/** Default ports of the engines of RDS, by the beginning of their names. */
const ENGINES: readonly (readonly [RegExp, number])[] = [
  [/^(aurora-)?postgres/, 5432],
  [/^(aurora|mysql|mariadb)/, 3306],
  [/^oracle/, 1521],
  [/^sqlserver/, 1433],
  [/^db2/, 50000],
  [/^memcached/, 11211],
  [/^(redis|valkey)/, 6379],
];

/** Everything of the graph that has a place. Instances of a database cluster stand where their cluster stands. */
export function placesIn(graph: Graph): ReadonlyMap<Resource, Place> {
  const found = new Map<Resource, Place>();
  for (const [type, shape] of Object.entries(SHAPES))
    for (const resource of graph.ofType(type)) {
      if (!graph.exists(resource) || (isMember(resource) && clusterOf(resource, graph))) continue;
      const place = placeOf(resource, shape, graph);
      if (place) found.set(resource, place);
    }
  return found;
}

function placeOf(thing: Resource, shape: Shape, graph: Graph): Place | undefined {
  const own = type(thing, graph);
  const groups = [...(shape.groups ?? []).flatMap((path) => valuesAt(thing, path)), ...own.groups];
  const subnets = [...(shape.subnets ?? []).flatMap((path) => valuesAt(thing, path)), ...own.subnets, ...subnetGroup(thing, shape, graph)];
  // A function outside every network, and a domain outside, are no part of one.
  if ((WITHOUT_ADDRESS.test(thing.type) || DOMAINS.test(thing.type)) && subnets.length === 0) return undefined;
  const resolve = (values: readonly Value[], wanted: string) => {
    const resolved = values.map((value) => graph.target(value, wanted));
    const all = [...new Set(resolved.filter((one) => one !== undefined))];
    return { all, known: values.length > 0 && resolved.every((one) => one !== undefined) };
  };
  const places = resolve(subnets, 'AWS::EC2::Subnet');
  const around = resolve(groups, 'AWS::EC2::SecurityGroup');
  const unplaced = subnets.length === 0 && (shape.group === undefined || thing.at(shape.group[0]).state === 'absent');
  const address = addressOf(thing, shape, graph, { subnets: places.all, known: places.known, unplaced });
  const ports = portsOf(thing, shape);
  return {
    thing,
    subnets: places.all,
    subnetsKnown: places.known,
    unplaced,
    groups: around.all,
    groupsKnown: around.known,
    grouped: groups.length > 0,
    ...(thing.type === NODES && groups.length === 0 ? { ungrouped: loginsOf(thing) } : {}),
    address: address.has,
    said: address.said,
    ...(ports ? { ports } : {}),
    on: [...places.all, ...around.all, ...own.on, ...address.on, ...groupOf(thing, shape, graph)],
  };
}

/** `NetworkInterfaces[].GroupSet` reads the property of each item. */
function valuesAt(resource: Resource, path: string): readonly Value[] {
  const [list = '', inside] = path.split('[].');
  const values =
    inside === undefined
      ? [resource.at(list)]
      : resource
          .at(list)
          .items()
          .map((item) => item.at(inside));
  return values.flatMap((value) => (value.state === 'absent' ? [] : value.items()));
}

const groupOf = (thing: Resource, { group }: Shape, graph: Graph): readonly Resource[] =>
  group ? [graph.target(thing.at(group[0]), group[1])].filter((one) => one !== undefined) : [];

function subnetGroup(thing: Resource, shape: Shape, graph: Graph): readonly Value[] {
  if (!shape.group) return [];
  const named = thing.at(shape.group[0]);
  const [target] = groupOf(thing, shape, graph);
  return target ? target.at('SubnetIds').items() : named.state === 'absent' ? [] : [named];
}

/** What some types keep in resources beside them. */
function type(
  thing: Resource,
  graph: Graph,
): { readonly groups: readonly Value[]; readonly subnets: readonly Value[]; readonly on: readonly Resource[] } {
  if (thing.type === 'AWS::EFS::FileSystem') {
    const mounts = graph.pointingAt(thing, 'AWS::EFS::MountTarget', 'FileSystemId');
    return {
      groups: mounts.flatMap((one) => one.at('SecurityGroups').items()),
      subnets: mounts.flatMap((one) => one.at('SubnetId').items()),
      on: mounts,
    };
  }
  if (thing.type === 'AWS::AutoScaling::AutoScalingGroup' || thing.type === NODES) {
    const host = hostOf(thing, graph);
    const paths = ['SecurityGroupIds', 'SecurityGroups'];
    const groups = host ? paths.flatMap((path) => settingOf(host, path, graph).items()) : [];
    const cards = host ? settingOf(host, 'NetworkInterfaces', graph).items() : [];
    return { groups: [...groups, ...cards.flatMap((card) => card.at('Groups').items())], subnets: [], on: host ? [host] : [] };
  }
  if (/::DBCluster$/.test(thing.type)) return { groups: [], subnets: [], on: membersOf(thing, graph) };
  return { groups: [], subnets: [], on: [] };
}

const hostOf = (group: Resource, graph: Graph): Resource | undefined =>
  [
    'LaunchConfigurationName',
    'LaunchTemplate.LaunchTemplateId',
    'LaunchTemplate.LaunchTemplateName',
    // As node groups write it.
    'LaunchTemplate.Id',
    'LaunchTemplate.Name',
    'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId',
  ].flatMap((path) => graph.target(group.at(path), 'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::LaunchTemplate') ?? [])[0];

interface Around {
  readonly subnets: readonly Resource[];
  readonly known: boolean;
  readonly unplaced: boolean;
}
interface Address {
  readonly has: boolean | undefined;
  readonly said: boolean;
  readonly on: readonly Resource[];
}

function addressOf(thing: Resource, shape: Shape, graph: Graph, around: Around): Address {
  const none: Address = { has: false, said: false, on: [] };
  if (WITHOUT_ADDRESS.test(thing.type)) return none;
  if (/LoadBalancer$/.test(thing.type)) return schemeOf(thing);
  if (/^AWS::(EC2|AutoScaling|EKS)::/.test(thing.type)) return hostAddress(thing, graph, around);
  const members = /::DBCluster$/.test(thing.type) ? membersOf(thing, graph) : [];
  const flags = [...(shape.flag ? [thing.at(shape.flag[0])] : []), ...members.map((member) => member.at('PubliclyAccessible'))];
  const written = flags.filter(({ state }) => state !== 'absent');
  const yes = (value: Value) => (shape.yes === undefined ? value.isTrue() : value.is(shape.yes)).verdict;
  if (written.some((value) => yes(value) === 'pass')) return { has: true, said: true, on: members };
  if (written.some((value) => yes(value) === 'unknown')) return { has: undefined, said: false, on: members };
  if (!shape.flag && members.length === 0) return none;
  if (written.length > 0) return none;
  return { has: byDefault(thing, shape, graph, around), said: false, on: [] };
}

/** RDS gives an address where nobody says otherwise and the network has an internet gateway, as the default network does. */
function byDefault(thing: Resource, { flag }: Shape, graph: Graph, { subnets, known, unplaced }: Around): boolean | undefined {
  if (!/^AWS::RDS::DB(Instance|Cluster)$/.test(thing.type)) return flag?.[1] ?? false;
  if (/^aurora/i.test(thing.at('Engine').string ?? '')) return false;
  if (unplaced) return true;
  const network = subnets[0] ? graph.target(subnets[0].at('VpcId'), 'AWS::EC2::VPC') : undefined;
  if (!known || !network) return undefined;
  return graph.pointingAt(network, 'AWS::EC2::VPCGatewayAttachment', 'VpcId').some((one) => one.at('InternetGatewayId').state !== 'absent');
}

/** A load balancer is on the internet unless it says otherwise; one that only passes packets to appliances has no scheme. */
function schemeOf(balancer: Resource): Address {
  if (balancer.at('Type').is('gateway').verdict === 'pass') return { has: false, said: false, on: [] };
  const inside = balancer.at('Scheme').orDefault('internet-facing').is('internal').verdict;
  return { has: inside === 'unknown' ? undefined : inside === 'fail', said: inside === 'fail', on: [] };
}

function hostAddress(thing: Resource, graph: Graph, { known, subnets, unplaced }: Around): Address {
  const elastic = [
    ...graph.pointingAt(thing, 'AWS::EC2::EIP', 'InstanceId'),
    ...graph.pointingAt(thing, 'AWS::EC2::EIPAssociation', 'InstanceId'),
    ...graph.pointingAt(thing, 'AWS::EC2::EIPAssociation', 'NetworkInterfaceId'),
  ];
  if (elastic.length > 0) return { has: true, said: true, on: elastic };
  const host = thing.type === 'AWS::EC2::Instance' ? thing : hostOf(thing, graph);
  // Nodes without a template of their own take what their subnets give.
  if (!host && thing.type !== NODES) return { has: thing.type === 'AWS::EC2::NetworkInterface' ? false : undefined, said: false, on: [] };
  const cards = host ? settingOf(host, 'NetworkInterfaces', graph).items() : [];
  const asked = [
    ...cards.map((card) => card.at('AssociatePublicIpAddress')),
    ...(host ? [host.at('AssociatePublicIpAddress')] : []),
  ].filter(({ state }) => state !== 'absent');
  if (host && asked.some((value) => value.boolean === true)) return { has: true, said: true, on: [host] };
  if (asked.length > 0) return { has: asked.every((value) => value.boolean === false) ? false : undefined, said: false, on: [] };
  if (subnets.some((subnet) => subnet.at('MapPublicIpOnLaunch').boolean === true)) return { has: true, said: true, on: [] };
  return { has: known ? false : unplaced ? true : undefined, said: false, on: [] };
}

/** The group of a cluster lets in its own members; a key for logins without named sources opens SSH to everyone. */
const loginsOf = (nodes: Resource): Reach =>
  nodes.at('RemoteAccess.Ec2SshKey').isSet().verdict === 'pass' && nodes.at('RemoteAccess.SourceSecurityGroups').items().length === 0
    ? onPorts(OPEN, [['tcp', 22]])
    : [];

/** The port that something answers on, for whoever takes it from there: `Endpoint.Port`. An instance answers where its cluster does. */
export function portOf(thing: Resource, graph: Graph): number | undefined {
  const shape = SHAPES[thing.type];
  const own = shape && portsOf(thing, shape)?.[0]?.[1];
  const cluster = isMember(thing) && thing.at('Port').state === 'absent' ? clusterOf(thing, graph) : undefined;
  return cluster ? portOf(cluster, graph) : own;
}

function portsOf(thing: Resource, { port, usual }: Shape): Place['ports'] {
  const written = port === undefined ? undefined : thing.at(port);
  if (written && written.state !== 'absent') return written.number === undefined ? undefined : [['tcp', written.number]];
  const engine = thing.at('Engine').string?.toLowerCase();
  const known = usual ?? (engine === undefined ? undefined : ENGINES.find(([name]) => name.test(engine))?.[1]);
  return known === undefined ? undefined : [['tcp', known]];
}
