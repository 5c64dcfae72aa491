/** Traffic inside the network: neighbours are named, and the rest of the network is refused. */
import { isAllPorts } from '../../facts/network';
import { flowOfRule, NSG, SECURITY_RULE, securityGroupFlows, securityRuleFlows } from '../../facts/network-flows';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { isEverybody, judgeFlows, letsInNeighbours, reaches, unguardedNeighbours } from './openings';
import { SECURITY_GROUPS as GROUPS, NSG_RULES, nsg, sg } from './samples';
import { SUBNET } from './subnets';

/** Some inbound rule refuses the rest of the virtual network, so that the built-in permission never applies. */
function deniesNeighbours(group: Resource, graph: Graph): Outcome {
  const separate = graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName').map((one) => one.all);
  const written = [...group.at('securityRules').items(), ...separate];
  const denies = written.some((one) => {
    if (one.at('access').is('Deny').verdict !== 'pass' || one.at('direction').is('Inbound').verdict !== 'pass') return false;
    const flow = flowOfRule(one, 'in');
    return isAllPorts(flow.traffic) && reaches(flow.peers, (peer) => isEverybody(peer) || peer.kind === 'network') === true;
  });
  if (denies) return pass();
  const hidden = written.find(({ state }) => state === 'unknown');
  return hidden ? hidden.asUnknown() : fail('no inbound rule denies the rest of the virtual network', 'securityRules');
}

/** Security groups apply to private endpoints only where the subnet says so. */
function endpointIsGuarded(endpoint: Resource, graph: Graph): Outcome {
  const subnet = graph.target(endpoint.at('subnet.id'), SUBNET);
  if (!subnet) return notApplicable('the subnet is declared elsewhere');
  return subnet.at('privateEndpointNetworkPolicies').orDefault('Disabled').isOneOf(['Enabled', 'NetworkSecurityGroupEnabled']);
}

/** Attachments see only the routes that somebody gives them, not all by default. */
const routesAreGiven = (gateway: Resource): Outcome => gateway.at('DefaultRouteTablePropagation').orDefault('enable').is('disable');

const endpointIn = (privateEndpointNetworkPolicies: string) => ({
  endpoint: { type: 'azure-native:network:PrivateEndpoint', properties: { subnet: { id: { $ref: 'subnet.id' } } } },
  subnet: { type: SUBNET, properties: { privateEndpointNetworkPolicies } },
});
const transit = (propagation: string) => ({
  Gateway: { Type: 'AWS::EC2::TransitGateway', Properties: { DefaultRouteTablePropagation: propagation } },
});

export const neighbours = {
  'DID-23': {
    aws: [
      rule({
        on: GROUPS,
        from: 'moderate',
        check: (group, graph) => judgeFlows(securityGroupFlows(group, graph, 'in'), unguardedNeighbours, letsInNeighbours),
        fix: 'Name the peer by its security group and the port that it needs; admit administration ports only from the subnet that brokers them.',
        pass: [
          {
            name: 'one service, to the whole network',
            resources: sg({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' }),
          },
        ],
        fail: [
          { resources: sg({ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, CidrIp: '10.0.0.0/8' }) },
          {
            name: 'the range of the network itself',
            resources: {
              ...sg({ IpProtocol: '-1', CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }),
              Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/20' } },
            },
          },
          {
            name: 'administration from everywhere inside',
            resources: sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '172.16.0.0/12' }),
          },
          {
            name: 'all traffic among the members',
            resources: {
              Rule: {
                Type: GROUPS[1],
                Properties: {
                  GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
                  IpProtocol: '-1',
                  SourceSecurityGroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] },
                },
              },
              Group: { Type: GROUPS[0], Properties: { GroupDescription: 'x' } },
            },
          },
        ],
      }),
      rule({
        on: 'AWS::EC2::TransitGateway',
        from: 'high',
        check: routesAreGiven,
        fix: 'Set DefaultRouteTablePropagation to disable and give each attachment the routes that it needs.',
        pass: [{ resources: transit('disable') }],
        fail: [{ resources: transit('enable') }],
      }),
    ],
    azure: [
      rule({
        on: NSG_RULES,
        from: 'moderate',
        check: (resource, graph) => judgeFlows(securityRuleFlows(resource, graph, 'in'), unguardedNeighbours, letsInNeighbours),
        fix: 'Name the subnet or application security group of the peer and the port that it needs, instead of VirtualNetwork and *.',
        pass: [
          {
            name: 'one service to the whole network, all to one subnet',
            resources: nsg(
              { sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '443' },
              { protocol: '*', sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '8080' },
              { sourceAddressPrefix: '10.0.3.0/24', destinationPortRange: '*' },
            ),
          },
        ],
        fail: [
          { resources: nsg({ sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '*' }) },
          {
            name: 'administration from everywhere inside',
            resources: nsg({ sourceAddressPrefix: '10.0.0.0/8', destinationPortRange: '3389' }),
          },
        ],
      }),
      rule({
        on: NSG,
        from: 'high',
        check: deniesNeighbours,
        fix: 'Use SecureVirtualNetwork, or end the inbound rules with one that denies * from VirtualNetwork: without it, the built-in rule 65000 lets every neighbour in.',
        pass: [
          {
            resources: nsg({
              access: 'Deny',
              protocol: '*',
              priority: 4096,
              sourceAddressPrefix: 'VirtualNetwork',
              destinationPortRange: '*',
            }),
          },
        ],
        fail: [
          { resources: nsg({ access: 'Allow', protocol: '*', sourceAddressPrefix: '10.0.3.0/24', destinationPortRange: '443' }) },
          {
            name: 'one port denied by every protocol',
            resources: nsg({ access: 'Deny', protocol: '*', sourceAddressPrefix: 'VirtualNetwork', destinationPortRange: '8080' }),
          },
        ],
      }),
      rule({
        on: 'azure-native:network:PrivateEndpoint',
        severity: 'low',
        from: 'moderate',
        check: endpointIsGuarded,
        fix: 'Set privateEndpointNetworkPolicies of the subnet to Enabled (or NetworkSecurityGroupEnabled): otherwise no rule applies to the endpoint.',
        pass: [{ resources: endpointIn('NetworkSecurityGroupEnabled') }],
        fail: [{ resources: endpointIn('Disabled') }],
      }),
    ],
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
