/** Where things stand in the network: isolated stores, no default objects, no public addresses, name and DDoS protection. */

import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, type RuleContext, rule } from '../../rule';
import type { Value } from '../../value';
import { defaultRouteOf, leadsThroughFirewall, nameOf, SUBNET, subnetsIn, VNET } from './subnets';

/** What places a store in subnets, with the property that names them. */
const STORE_SUBNETS: Readonly<Record<string, string>> = {
  'AWS::RDS::DBSubnetGroup': 'SubnetIds',
  'AWS::DocDB::DBSubnetGroup': 'SubnetIds',
  'AWS::Neptune::DBSubnetGroup': 'SubnetIds',
  'AWS::ElastiCache::SubnetGroup': 'SubnetIds',
  'AWS::MemoryDB::SubnetGroup': 'SubnetIds',
  'AWS::DAX::SubnetGroup': 'SubnetIds',
  'AWS::Redshift::ClusterSubnetGroup': 'SubnetIds',
  'AWS::OpenSearchService::Domain': 'VPCOptions.SubnetIds',
  'AWS::EFS::MountTarget': 'SubnetId',
  'AWS::MSK::Cluster': 'BrokerNodeGroupInfo.ClientSubnets',
};

function storeIsIsolated(store: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  const subnets = store.at(STORE_SUBNETS[store.type] as string).items();
  if (subnets.length === 0) return notApplicable('names no subnets');
  return every(subnets, (value) => {
    const subnet = graph.target(value, 'AWS::EC2::Subnet');
    if (!subnet) return unknown(`the routes of ${value.shape ?? value.describe()} are declared elsewhere`, value.path);
    const way = defaultRouteOf(subnet, graph);
    if (way === 'internet gateway') return fail(`${subnet.logicalId} has a route to an internet gateway`, value.path);
    return way === 'NAT' && tier === 'high' ? fail(`${subnet.logicalId} has a default way out through NAT`, value.path) : pass();
  });
}

/** Implicit outbound access exists unless it is refused, or an explicit way out replaces it. */
function hasNoImplicitWayOut(subnet: Value, graph: Graph, { tier }: RuleContext): Outcome {
  const implicit = subnet.at('defaultOutboundAccess');
  if (implicit.isFalse().verdict !== 'fail') return implicit.isFalse();
  if (subnet.at('natGateway.id').state !== 'absent' || leadsThroughFirewall(subnet.at('routeTable'), graph)) return pass();
  // Written as true it is meant; left out it is what older interface versions assume.
  if (implicit.state === 'absent' && tier !== 'high') return pass();
  return fail(`${nameOf(subnet)} keeps the implicit way out to the internet: ${implicit.describe()}`, implicit.path);
}

const eachSubnet = (resource: Resource, check: (subnet: Value) => Outcome): Outcome => {
  const subnets = subnetsIn(resource);
  return subnets.length === 0 ? notApplicable('declares no subnet that takes such settings') : every(subnets, check);
};

function defaultGroupIsEmptied(vpc: Resource, graph: Graph): Outcome {
  const emptied = [...graph.types]
    .filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
    .some((type) => graph.pointingAt(vpc, type, 'DefaultSecurityGroupId').length > 0);
  return emptied ? pass() : fail('nothing here removes the rules of the default security group of the network');
}

function notInDefaultGroup(rule: Resource, graph: Graph): Outcome {
  const group = rule.at('GroupId');
  const inDefault = group.attribute === 'DefaultSecurityGroup' && graph.target(group, 'AWS::EC2::VPC') !== undefined;
  if (inDefault) return fail('GroupId is the default security group of the network', 'GroupId');
  return graph.target(group, 'AWS::EC2::SecurityGroup') ? pass() : notApplicable('the group is declared elsewhere');
}

function isProtected(address: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  const mode = address.at('ddosSettings.protectionMode').orDefault('VirtualNetworkInherited');
  if (mode.is('Disabled').verdict === 'pass') return mode.asFailure();
  if (mode.is('Enabled').verdict !== 'fail') return mode.is('Enabled');
  if (tier !== 'high') return pass();
  const networks = graph.ofType(VNET);
  if (networks.length === 0) return unknown(`${mode.describe()}, and the network is declared elsewhere`, mode.path);
  const open = networks.find((network) => graph.exists(network) && !hasPlan(network));
  return open ? fail(`${mode.describe()}, and no plan protects ${open.logicalId}`, open.at('enableDdosProtection')) : pass();
}

const hasPlan = (network: Resource): boolean =>
  network.at('enableDdosProtection').isTrue().verdict === 'pass' && network.at('ddosProtectionPlan.id').state !== 'absent';

const vpcAndSubnet = (subnet: object, route?: object) => ({
  Store: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: [{ Ref: 'Subnet' }] } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: 'vpc-1', ...subnet } },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: 'vpc-1' } },
  Association: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
  ...(route ? { Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Table' }, ...route } } } : {}),
});
const subnet = (properties: object) => ({ subnet: { type: SUBNET, properties } });
const address = (properties: object) => ({ address: { type: 'azure-native:network:PublicIPAddress', properties } });

export const segments = {
  'DID-01': {
    aws: [
      rule({
        on: Object.keys(STORE_SUBNETS),
        check: storeIsIsolated,
        fix: 'Place the store in the isolated subnets of SecureVpc, or in others whose route table has no default route.',
        pass: [{ resources: vpcAndSubnet({}, { DestinationCidrBlock: '10.9.0.0/16', GatewayId: { Ref: 'Gateway' } }) }],
        fail: [
          { resources: vpcAndSubnet({}, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Gateway' } }) },
          {
            name: 'to whatever a prefix list names',
            resources: vpcAndSubnet({}, { DestinationPrefixListId: 'pl-1', GatewayId: { Ref: 'Gateway' } }),
          },
          {
            name: 'a way out through NAT at the high tier',
            resources: vpcAndSubnet({}, { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' }),
          },
        ],
        unknown: [{ resources: { Store: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: ['subnet-1'] } } } }],
      }),
      rule({
        // An address alone opens nothing: the rules of the security groups do, and they are judged.
        on: 'AWS::EC2::Subnet',
        severity: 'low',
        from: 'moderate',
        check: (one) => one.at('MapPublicIpOnLaunch').orDefault(false).isFalse(),
        fix: 'Use SecureVpc, or set MapPublicIpOnLaunch to false: a load balancer or NAT gateway in a public subnet gets its address without it.',
        pass: [{ resources: { Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: 'vpc-1', MapPublicIpOnLaunch: false } } } }],
        fail: [{ resources: { Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: 'vpc-1', MapPublicIpOnLaunch: 'true' } } } }],
      }),
    ],
    azure: rule({
      on: [VNET, SUBNET],
      severity: 'medium',
      from: 'moderate',
      check: (resource, graph, context) => eachSubnet(resource, (one) => hasNoImplicitWayOut(one, graph, context)),
      fix: 'Use SecureVirtualNetwork, or set defaultOutboundAccess to false on the subnet; where it needs a way out, give it a route through the firewall.',
      pass: [{ resources: subnet({ defaultOutboundAccess: false }) }],
      fail: [
        { resources: subnet({ defaultOutboundAccess: true }) },
        {
          name: 'inline',
          resources: { network: { type: VNET, properties: { subnets: [{ name: 'data', defaultOutboundAccess: true }] } } },
        },
      ],
      skip: [{ resources: { network: { type: VNET, properties: { subnets: [{ name: 'GatewaySubnet' }] } } } }],
    }),
  },
  'DID-03': {
    aws: [
      rule({
        on: 'AWS::EC2::SecurityGroup',
        check: (group) =>
          group.at('VpcId').isSet().verdict === 'fail' ? fail('VpcId is not set: the group goes to the default network') : pass(),
        fix: 'Set VpcId to the network of the workload.',
        pass: [{ resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-1' } } } }],
        fail: [{ resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x' } } } }],
      }),
      rule({
        on: ['AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress'],
        check: notInDefaultGroup,
        fix: 'Declare a security group of its own for the workload and put the rule there.',
        pass: [
          {
            resources: {
              Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { Ref: 'Group' }, IpProtocol: 'tcp' } },
              Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: 'vpc-1' } },
            },
          },
        ],
        fail: [
          {
            resources: {
              Rule: {
                Type: 'AWS::EC2::SecurityGroupIngress',
                Properties: { GroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] }, IpProtocol: 'tcp' },
              },
              Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
            },
          },
        ],
      }),
      rule({
        on: 'AWS::EC2::VPC',
        severity: 'low',
        from: 'moderate',
        check: defaultGroupIsEmptied,
        fix: 'Let CDK empty it (restrictDefaultSecurityGroup: true on ec2.Vpc), or add a custom resource that revokes its rules; SecureVpc does so.',
        pass: [
          {
            resources: {
              Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
              Empty: {
                Type: 'Custom::VpcRestrictDefaultSG',
                Properties: { DefaultSecurityGroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
              },
            },
          },
        ],
        fail: [{ resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } } }],
      }),
    ],
    azure: rule({
      on: [VNET, SUBNET],
      check: (resource) =>
        eachSubnet(resource, (one) =>
          one.at('networkSecurityGroup.id').isSet().verdict === 'fail'
            ? fail(`${nameOf(one)} has no network security group`, one.path)
            : pass(),
        ),
      fix: 'Use SecureVirtualNetwork, or set networkSecurityGroup on the subnet.',
      pass: [
        {
          resources: subnet({
            networkSecurityGroup: { id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n' },
          }),
        },
      ],
      fail: [
        { resources: subnet({ addressPrefix: '10.0.0.0/24' }) },
        {
          name: 'inline',
          resources: { network: { type: VNET, properties: { subnets: [{ name: 'app', addressPrefix: '10.0.0.0/24' }] } } },
        },
      ],
      skip: [{ resources: subnet({ subnetName: 'AzureFirewallSubnet' }) }],
    }),
  },
  'DID-04': {
    aws: [
      rule({
        on: 'AWS::EC2::VPCBlockPublicAccessOptions',
        check: (options) => options.at('InternetGatewayBlockMode').isOneOf(['block-bidirectional', 'block-ingress']),
        fix: 'Set InternetGatewayBlockMode to block-bidirectional, or to block-ingress where workloads need a way out.',
        pass: [
          {
            resources: {
              Options: { Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: { InternetGatewayBlockMode: 'block-ingress' } },
            },
          },
        ],
        fail: [
          { resources: { Options: { Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: { InternetGatewayBlockMode: 'off' } } } },
        ],
      }),
      rule({
        on: 'AWS::EC2::VPCBlockPublicAccessExclusion',
        check: (exclusion) =>
          exclusion.at('VpcId').state === 'absent'
            ? notApplicable('excludes one subnet')
            : exclusion.at('InternetGatewayExclusionMode').is('allow-egress'),
        fix: 'Exclude only the public subnets (SubnetId) instead of the whole network, or allow only egress.',
        pass: [
          {
            resources: {
              One: {
                Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
                Properties: { VpcId: 'vpc-1', InternetGatewayExclusionMode: 'allow-egress' },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              One: {
                Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
                Properties: { VpcId: 'vpc-1', InternetGatewayExclusionMode: 'allow-bidirectional' },
              },
            },
          },
        ],
        skip: [
          {
            resources: {
              One: {
                Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
                Properties: { SubnetId: 'subnet-1', InternetGatewayExclusionMode: 'allow-bidirectional' },
              },
            },
          },
        ],
      }),
    ],
    azure: rule({
      on: 'azure-native:network:NetworkInterface',
      check: (card) => {
        const addresses = card.at('ipConfigurations').items();
        if (addresses.length === 0) return notApplicable('has no addresses');
        return every(addresses, (one) =>
          one.at('publicIPAddress').state === 'absent' ? pass() : fail(`${one.path} has a public address`, one.path),
        );
      },
      fix: 'Remove publicIPAddress: reach the host through Azure Bastion and let it out through a firewall or NAT gateway.',
      pass: [
        {
          resources: {
            card: {
              type: 'azure-native:network:NetworkInterface',
              properties: { ipConfigurations: [{ name: 'one', privateIPAllocationMethod: 'Dynamic' }] },
            },
          },
        },
      ],
      fail: [
        {
          resources: {
            card: {
              type: 'azure-native:network:NetworkInterface',
              properties: { ipConfigurations: [{ name: 'one', publicIPAddress: { id: '/subscriptions/s/ip' } }] },
            },
          },
        },
      ],
    }),
  },
  'DID-08': {
    aws: gap(
      'Shield Standard covers every public address without being declared; throttling and Shield Advanced belong to the public entries and are judged there.',
    ),
    azure: rule({
      on: 'azure-native:network:PublicIPAddress',
      check: isProtected,
      fix: 'Set ddosSettings.protectionMode to Enabled, or give the virtual network a DDoS protection plan (enableDdosProtection and ddosProtectionPlan).',
      pass: [{ resources: address({ ddosSettings: { protectionMode: 'Enabled' } }) }],
      fail: [
        { resources: address({ ddosSettings: { protectionMode: 'Disabled' } }) },
        {
          name: 'inherited from a network without a plan',
          resources: { ...address({}), network: { type: VNET, properties: { enableDdosProtection: false } } },
        },
      ],
      unknown: [{ resources: address({ ddosSettings: { protectionMode: 'VirtualNetworkInherited' } }) }],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
