/** Inbound rules: who may open which port. DID-12, TLS-10 and DID-02 share out the flows among them. */

import { aclFlow, natFlows, SECURITY_RULE, securityGroupFlows, securityRuleFlows } from '../../facts/network-flows';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { clearText, exposing, judgeFlows, letsIn, letsInClearText } from './openings';
import { SECURITY_GROUPS as GROUPS, inboundRule, NSG_RULES, nsg, sg } from './samples';

const FIREWALLS = ['azure-native:network:FirewallPolicyRuleCollectionGroup', 'azure-native:network:AzureFirewall'] as const;

const inbound = (resource: Resource, graph: Graph) => securityGroupFlows(resource, graph, 'in');
const azureInbound = (resource: Resource, graph: Graph) =>
  (FIREWALLS as readonly string[]).includes(resource.type) ? natFlows(resource) : securityRuleFlows(resource, graph, 'in');

/** What a group may be attached to that is no edge, with the property that attaches it. */
const BEHIND_THE_EDGE: readonly (readonly [type: string, path: string])[] = [
  ['AWS::EC2::Instance', 'SecurityGroupIds'],
  ['AWS::EC2::LaunchTemplate', 'LaunchTemplateData.SecurityGroupIds'],
  ['AWS::AutoScaling::LaunchConfiguration', 'SecurityGroups'],
  ['AWS::ECS::Service', 'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups'],
  ['AWS::Lambda::Function', 'VpcConfig.SecurityGroupIds'],
  ['AWS::EKS::Cluster', 'ResourcesVpcConfig.SecurityGroupIds'],
  ['AWS::RDS::DBInstance', 'VPCSecurityGroups'],
  ['AWS::RDS::DBCluster', 'VpcSecurityGroupIds'],
  ['AWS::OpenSearchService::Domain', 'VPCOptions.SecurityGroupIds'],
  ['AWS::ElastiCache::ReplicationGroup', 'SecurityGroupIds'],
  ['AWS::EC2::VPCEndpoint', 'SecurityGroupIds'],
];

/** Web ports open to everybody on something that is not the edge. Where nothing tells what the group guards, it may be. */
function webOnlyAtTheEdge(resource: Resource, graph: Graph): Outcome {
  const group = resource.type === 'AWS::EC2::SecurityGroup' ? resource : graph.target(resource.at('GroupId'), 'AWS::EC2::SecurityGroup');
  const open = judgeFlows(inbound(resource, graph), exposing('web'), letsIn);
  if (open.verdict === 'pass' || !group) return open.verdict === 'pass' ? open : notApplicable('the group is declared elsewhere');
  for (const [type, path] of BEHIND_THE_EDGE) {
    const [user] = graph.pointingAt(group, type, path);
    if (user) return open.verdict === 'fail' ? fail(`${open.saw}, straight to ${user.logicalId} (${type})`, open.at) : open;
  }
  return pass();
}

/** Return traffic of connections that were opened from inside: an ACL keeps no state. */
const isReturnTraffic = (from: number, to: number): boolean => from >= 1024 && to - from > 10_000;

function aclAdministration(entry: Resource, graph: Graph): Outcome {
  const flow = aclFlow(entry, graph, 'in');
  if (!flow) return notApplicable('denies, or is outbound');
  const ranges = flow.traffic.ranges.filter(([from, to]) => !isReturnTraffic(from, to));
  return judgeFlows([{ ...flow, traffic: { ...flow.traffic, ranges } }], exposing('administration'), letsIn);
}

const acl = (entry: object) => ({
  Entry: {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: { NetworkAclId: 'acl-1', RuleNumber: 100, RuleAction: 'allow', Egress: false, ...entry },
  },
});
const dnat = (one: object) => ({
  group: {
    type: FIREWALLS[0],
    properties: {
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyNatRuleCollection',
          rules: [{ ruleType: 'NatRule', ipProtocols: ['TCP'], sourceAddresses: ['*'], ...one }],
        },
      ],
    },
  },
});

export const ingress = {
  'DID-12': {
    aws: [
      rule({
        on: GROUPS,
        severity: 'critical',
        check: (group, graph) => judgeFlows(inbound(group, graph), exposing('administration'), letsIn),
        fix: 'Reach hosts through Session Manager and remove the rule. Where a fixed network must connect, name its range instead of 0.0.0.0/0 or ::/0.',
        pass: [
          { resources: sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '203.0.113.0/24' }) },
          {
            resources: {
              Rule: { Type: GROUPS[1], Properties: { GroupId: 'sg-1', IpProtocol: '6', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' } },
            },
          },
        ],
        fail: [
          { resources: sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' }) },
          { name: 'text ports and IPv6', resources: sg({ IpProtocol: 'tcp', FromPort: '3389', ToPort: '3389', CidrIpv6: '::/0' }) },
          { name: 'a range that covers them', resources: sg({ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, CidrIp: '0.0.0.0/0' }) },
          { name: 'every protocol', resources: sg({ IpProtocol: -1, CidrIp: '0.0.0.0/0' }) },
          {
            name: 'the internet in two halves',
            resources: {
              Rule: {
                Type: GROUPS[1],
                Properties: { GroupId: 'sg-1', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '128.0.0.0/1' },
              },
            },
          },
          {
            name: 'through a prefix list',
            resources: {
              ...sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourcePrefixListId: { 'Fn::GetAtt': ['List', 'PrefixListId'] } }),
              List: {
                Type: 'AWS::EC2::PrefixList',
                Properties: { PrefixListName: 'all', AddressFamily: 'IPv4', Entries: [{ Cidr: '0.0.0.0/0' }] },
              },
            },
          },
        ],
        unknown: [
          {
            parameters: { Range: { Type: 'String' } },
            resources: sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: { Ref: 'Range' } }),
          },
        ],
      }),
      rule({
        on: 'AWS::EC2::NetworkAclEntry',
        severity: 'medium',
        from: 'moderate',
        check: aclAdministration,
        fix: 'Allow only the ports that the subnet serves, or deny 22 and 3389 from anywhere in an entry with a lower number.',
        pass: [
          { resources: acl({ Protocol: 6, PortRange: { From: 22, To: 22 }, CidrBlock: '10.0.0.0/8' }) },
          { name: 'return traffic', resources: acl({ Protocol: 6, PortRange: { From: 1024, To: 65535 }, CidrBlock: '0.0.0.0/0' }) },
        ],
        fail: [
          { resources: acl({ Protocol: 6, PortRange: { From: 22, To: 22 }, CidrBlock: '0.0.0.0/0' }) },
          { resources: acl({ Protocol: -1, Ipv6CidrBlock: '::/0' }) },
        ],
        skip: [{ resources: acl({ Protocol: -1, CidrBlock: '0.0.0.0/0', RuleAction: 'deny' }) }],
      }),
    ],
    azure: [
      rule({
        on: [...NSG_RULES, ...FIREWALLS],
        severity: 'critical',
        check: (resource, graph) => judgeFlows(azureInbound(resource, graph), exposing('administration'), letsIn),
        fix: 'Reach hosts through Azure Bastion and remove the rule. Where a fixed network must connect, name its range instead of * or Internet.',
        pass: [
          { resources: nsg({ sourceAddressPrefix: '10.1.0.0/26', destinationPortRange: '22' }) },
          {
            name: 'DNAT from a named network',
            resources: dnat({ sourceAddresses: ['203.0.113.0/28'], destinationPorts: ['50001'], translatedPort: '3389' }),
          },
        ],
        fail: [
          { resources: nsg({ sourceAddressPrefix: 'Internet', destinationPortRange: '22' }) },
          {
            name: 'in lists',
            resources: nsg({ sourceAddressPrefixes: ['10.0.0.0/8', '0.0.0.0/0'], destinationPortRanges: ['443', '3380-3400'] }),
          },
          { name: 'every protocol and port', resources: nsg({ protocol: '*', sourceAddressPrefix: '*', destinationPortRange: '*' }) },
          { name: 'every tenant of the cloud', resources: nsg({ sourceAddressPrefix: 'AzureCloud', destinationPortRange: 22 }) },
          {
            name: 'a separate rule',
            resources: {
              rule: {
                type: SECURITY_RULE,
                properties: { ...inboundRule, protocol: 'TCP', sourceAddressPrefix: 'any', destinationPortRange: '22' },
              },
            },
          },
          { name: 'DNAT to RDP on another port', resources: dnat({ destinationPorts: ['50001'], translatedPort: '3389' }) },
        ],
        unknown: [{ resources: nsg({ sourceAddressPrefix: { $unknown: 'parameter source' }, destinationPortRange: '22' }) }],
      }),
      rule({
        on: 'azure-native:network:BastionHost',
        check: (bastion) => bastion.at('enableShareableLink').orDefault(false).isFalse(),
        fix: 'Set enableShareableLink to false: whoever holds such a link reaches the host without signing in to Azure.',
        pass: [{ resources: { bastion: { type: 'azure-native:network:BastionHost', properties: { enableShareableLink: false } } } }],
        fail: [{ resources: { bastion: { type: 'azure-native:network:BastionHost', properties: { enableShareableLink: true } } } }],
      }),
    ],
  },
  'DID-02': {
    aws: [
      rule({
        on: GROUPS,
        check: (group, graph) => judgeFlows(inbound(group, graph), exposing('other', 'undecided'), letsIn),
        fix: 'Publish the service through a load balancer on 443, and let its security group be the only source of this rule.',
        pass: [
          { resources: sg({ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, CidrIp: '203.0.113.0/24' }) },
          {
            name: 'the edge: 443, and 80 for the redirect',
            resources: sg({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
          },
          { name: 'ping', resources: sg({ IpProtocol: 'icmp', FromPort: 8, ToPort: -1, CidrIp: '0.0.0.0/0' }) },
        ],
        fail: [
          { resources: sg({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' }) },
          { name: 'udp by number', resources: sg({ IpProtocol: '17', FromPort: 53, ToPort: 53, CidrIpv6: '2000::/3' }) },
        ],
        unknown: [
          {
            parameters: { Port: { Type: 'Number' } },
            resources: sg({ IpProtocol: 'tcp', FromPort: { Ref: 'Port' }, ToPort: { Ref: 'Port' }, CidrIp: '0.0.0.0/0' }),
          },
        ],
      }),
      rule({
        on: GROUPS,
        severity: 'medium',
        check: webOnlyAtTheEdge,
        fix: 'Put a load balancer in front, attach the open group to it, and admit only its security group to the workload.',
        pass: [
          {
            resources: {
              ...sg({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }),
              Host: { Type: 'AWS::EC2::Instance', Properties: { SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } },
            },
          },
        ],
        fail: [
          {
            resources: {
              ...sg({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
              Host: { Type: 'AWS::EC2::Instance', Properties: { SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } },
            },
          },
        ],
      }),
    ],
    azure: rule({
      on: [...NSG_RULES, ...FIREWALLS],
      check: (resource, graph) => judgeFlows(azureInbound(resource, graph), exposing('other', 'undecided'), letsIn),
      fix: 'Publish the service through an application gateway or Front Door on 443, and admit only its subnet or service tag.',
      pass: [
        { resources: nsg({ sourceAddressPrefix: 'AzureLoadBalancer', destinationPortRange: '8080' }) },
        { name: 'the edge', resources: nsg({ sourceAddressPrefix: 'Internet', destinationPortRanges: ['80', '443'] }) },
        {
          name: 'refused before',
          resources: nsg(
            { sourceAddressPrefix: '*', destinationPortRange: '8080' },
            { access: 'Deny', priority: 100, sourceAddressPrefix: 'Internet', destinationPortRange: '8000-9000' },
          ),
        },
      ],
      fail: [
        { resources: nsg({ sourceAddressPrefix: '*', destinationPortRange: '8080' }) },
        {
          name: 'refused too late',
          resources: nsg(
            { sourceAddressPrefix: '*', destinationPortRange: '1433' },
            { access: 'Deny', priority: 4096, sourceAddressPrefix: '*', destinationPortRange: '*' },
          ),
        },
        { name: 'DNAT', resources: dnat({ destinationPorts: ['1433'], translatedPort: '1433' }) },
      ],
      unknown: [{ resources: nsg({ sourceAddressPrefix: 'Internet', destinationPortRange: { $unknown: 'parameter port' } }) }],
    }),
  },
  'TLS-10': {
    aws: rule({
      on: GROUPS,
      check: (group, graph) => judgeFlows(inbound(group, graph), clearText, letsInClearText),
      fix: 'Offer the protected successor and open only its port: SFTP or SSH instead of FTP and Telnet, LDAPS on 636, SNMPv3 through a collector, IMAPS and POP3S.',
      pass: [{ resources: sg({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.1.0/26' }) }],
      fail: [
        { resources: sg({ IpProtocol: 'tcp', FromPort: 389, ToPort: 389, CidrIp: '10.0.0.0/16' }) },
        { name: 'from anywhere', resources: sg({ IpProtocol: 'tcp', FromPort: 20, ToPort: 21, CidrIp: '0.0.0.0/0' }) },
      ],
    }),
    azure: rule({
      on: NSG_RULES,
      check: (resource, graph) => judgeFlows(securityRuleFlows(resource, graph, 'in'), clearText, letsInClearText),
      fix: 'Offer the protected successor and open only its port: SFTP or SSH instead of FTP and Telnet, LDAPS on 636, SNMPv3 through a collector, IMAPS and POP3S.',
      pass: [
        {
          name: 'LDAPS, and a UDP service that shares a number with Telnet',
          resources: nsg(
            { sourceAddressPrefix: '10.0.0.0/24', destinationPortRange: '636' },
            { protocol: 'Udp', sourceAddressPrefix: '10.0.0.0/24', destinationPortRange: '23' },
          ),
        },
      ],
      fail: [
        { resources: nsg({ sourceAddressPrefix: '10.0.0.0/24', destinationPortRange: '389' }) },
        { resources: nsg({ protocol: 'Udp', sourceAddressPrefix: '*', destinationPortRanges: ['69', '161'] }) },
      ],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
