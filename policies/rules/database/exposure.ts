import type { ControlId } from '../../../controls';
import { clusterOf, isMember, isReplica } from '../../facts/database';
import type { Graph } from '../../graph';
import { fail, not, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';

const INSTANCE = 'AWS::RDS::DBInstance';
const CLUSTER = 'AWS::RDS::DBCluster';

/** Where each type says that it has an address on the internet, and whether it has one when nobody says so. */
const PUBLIC: Readonly<Record<string, { readonly path: string; readonly absent: boolean }>> = {
  'AWS::RDS::DBShardGroup': { path: 'PubliclyAccessible', absent: false },
  'AWS::Neptune::DBInstance': { path: 'PubliclyAccessible', absent: false },
  'AWS::NeptuneGraph::Graph': { path: 'PublicConnectivity', absent: false },
  'AWS::Redshift::Cluster': { path: 'PubliclyAccessible', absent: false },
  'AWS::RedshiftServerless::Workgroup': { path: 'PubliclyAccessible', absent: false },
  'AWS::Timestream::InfluxDBInstance': { path: 'PubliclyAccessible', absent: false },
  'AWS::Timestream::InfluxDBCluster': { path: 'PubliclyAccessible', absent: false },
  'AWS::DMS::ReplicationInstance': { path: 'PubliclyAccessible', absent: true },
  'AWS::DMS::InstanceProfile': { path: 'PubliclyAccessible', absent: true },
};
const PUBLIC_TYPES = Object.keys(PUBLIC);

/**
 * RDS gives a database an address on the internet when nobody says otherwise and its subnets belong to a network with an
 * internet gateway, as those of the default network do. Aurora asks the subnet group of the cluster.
 */
function hasNoPublicAddress(store: Resource, graph: Graph): Outcome {
  const stated = store.at('PubliclyAccessible');
  if (stated.state !== 'absent') return not(stated.isTrue(), stated.describe());
  if (store.type === CLUSTER && store.at('DBClusterInstanceClass').state === 'absent')
    return notApplicable('its instances have the addresses');
  const holder = isMember(store) ? clusterOf(store, graph) : store;
  if (!holder) return unknown('whether the subnets of the cluster are public: it is not among what was read', 'PubliclyAccessible');
  const subnets = holder.at('DBSubnetGroupName');
  if (subnets.state === 'absent' && store.at('DBSubnetGroupName').state === 'absent')
    return !isReplica(store)
      ? fail(
          'PubliclyAccessible is not set, and without a subnet group the database stands in the public subnets of the default network',
          'PubliclyAccessible',
        )
      : unknown('whether the subnets of the source are public', 'PubliclyAccessible');
  return reachesInternet(subnets.state === 'absent' ? store : holder, graph);
}

/** Whether the network of a subnet group has an internet gateway at all, where the input shows it. */
function reachesInternet(holder: Resource, graph: Graph): Outcome {
  const named = holder.at('DBSubnetGroupName');
  const depends = unknown(`whether the network of its subnets has an internet gateway: ${named.describe()}`, 'PubliclyAccessible');
  const group = graph.target(named, 'AWS::RDS::DBSubnetGroup');
  const subnet = group ? graph.target(group.at('SubnetIds').items()[0] ?? named, 'AWS::EC2::Subnet') : undefined;
  const network = subnet ? graph.target(subnet.at('VpcId'), 'AWS::EC2::VPC') : undefined;
  if (!network) return depends;
  return graph
    .pointingAt(network, 'AWS::EC2::VPCGatewayAttachment', 'VpcId')
    .some((each) => each.at('InternetGatewayId').state !== 'absent')
    ? depends
    : pass();
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const NETWORK = {
  Group: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Network' } } },
  Network: { Type: 'AWS::EC2::VPC', Properties: {} },
};
const GATEWAY = {
  Way: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: { Ref: 'Network' }, InternetGatewayId: { Ref: 'Gateway' } } },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
};

export const EXPOSURE = {
  'DHC-05': {
    aws: [
      rule({
        on: [INSTANCE, CLUSTER],
        check: hasNoPublicAddress,
        fix: 'Use SecureDatabaseCluster, or set PubliclyAccessible: false (publiclyAccessible in CDK) and a subnet group of isolated subnets.',
        pass: [
          { resources: store(INSTANCE, { PubliclyAccessible: false }) },
          { resources: store(CLUSTER, { PubliclyAccessible: 'false' }) },
          { name: 'a network without internet gateway', resources: store(INSTANCE, { DBSubnetGroupName: { Ref: 'Group' } }, NETWORK) },
        ],
        fail: [
          { resources: store(INSTANCE, { PubliclyAccessible: true }) },
          { resources: store(CLUSTER, { PubliclyAccessible: true }) },
          { name: 'in the default network', resources: store(INSTANCE, {}) },
          { resources: store(CLUSTER, { DBClusterInstanceClass: 'db.m6gd.large' }) },
          {
            name: 'a member whose cluster names no subnets',
            resources: store(INSTANCE, { DBClusterIdentifier: { Ref: 'Cluster' } }, { Cluster: { Type: CLUSTER, Properties: {} } }),
          },
        ],
        unknown: [
          { ...PARAMETER, resources: store(INSTANCE, { PubliclyAccessible: { Ref: 'P' } }) },
          { resources: store(INSTANCE, { DBSubnetGroupName: 'ours' }) },
          {
            name: 'a network with an internet gateway',
            resources: store(INSTANCE, { DBSubnetGroupName: { Ref: 'Group' } }, { ...NETWORK, ...GATEWAY }),
          },
          { resources: store(INSTANCE, { DBClusterIdentifier: 'elsewhere' }) },
          { resources: store(INSTANCE, { SourceDBInstanceIdentifier: 'cases' }) },
          {
            name: 'the group of the member',
            resources: store(
              INSTANCE,
              { DBClusterIdentifier: { Ref: 'Cluster' }, DBSubnetGroupName: 'ours' },
              { Cluster: { Type: CLUSTER, Properties: {} } },
            ),
          },
        ],
        skip: [{ name: 'the instances of Aurora have the addresses', resources: store(CLUSTER, {}) }],
      }),
      rule({
        on: PUBLIC_TYPES,
        check: (store) => {
          const { path, absent } = PUBLIC[store.type] as { path: string; absent: boolean };
          const stated = store.at(path).orDefault(absent);
          return not(stated.isTrue(), stated.describe());
        },
        fix: 'Set PubliclyAccessible: false (PublicConnectivity on graphs); replication instances of DMS are public unless it is written.',
        pass: PUBLIC_TYPES.map((type) => ({ resources: store(type, { [(PUBLIC[type] as { path: string }).path]: false }) })),
        fail: [
          ...PUBLIC_TYPES.map((type) => ({ resources: store(type, { [(PUBLIC[type] as { path: string }).path]: true }) })),
          { name: 'public by default', resources: store('AWS::DMS::ReplicationInstance', {}) },
        ],
        unknown: [{ ...PARAMETER, resources: store('AWS::Redshift::Cluster', { PubliclyAccessible: { Ref: 'P' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
