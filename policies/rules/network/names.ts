/** The name service: public zones are signed, resolvers refuse known bad names. */
import { isPrivate, peerOf } from '../../facts/network';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { VNET } from './subnets';

/** Resolvers outside the network see the names, and neither the name firewall nor the query log does. */
function asksInside(servers: Value): Outcome {
  if (servers.items().length === 0) return notApplicable('names no resolver');
  return every(servers.items(), (server) => {
    const { block, kind, text } = peerOf(server.string ?? '');
    if (server.string === undefined) return server.state === 'unknown' ? server.asUnknown() : pass();
    return kind === 'named' || text === AZURE_RESOLVER || (block && isPrivate(block))
      ? pass()
      : fail(`${server.describe()}, a resolver outside the network`, server.path);
  });
}

/** The virtual address of the resolver of the platform, the same in every virtual network. */
const AZURE_RESOLVER = '168.63.129.16';

const POLICY = 'azure-native:dnsresolver:DnsResolverPolicy';
const POLICY_LINK = 'azure-native:dnsresolver:DnsResolverPolicyVirtualNetworkLink';
const POLICY_RULE = 'azure-native:dnsresolver:DnsSecurityRule';

/** The linked policy has a rule in force that blocks; a policy without one only records. */
function policyBlocks(link: Resource, graph: Graph): Outcome {
  const policy = graph.target(link.at('dnsResolverPolicyName'), POLICY);
  if (!policy) return unknown('whether the linked DNS security policy blocks: it is declared elsewhere', 'dnsResolverPolicyName');
  return some(
    graph.pointingAt(policy, POLICY_RULE, 'dnsResolverPolicyName'),
    (one) => allOf(one.at('action.actionType').is('Block'), one.at('dnsSecurityRuleState').orDefault('Enabled').is('Enabled')),
    'no rule of the linked DNS security policy blocks anything',
  );
}

const linked = (dnsResolverPolicyName: unknown) => ({
  link: { type: POLICY_LINK, properties: { dnsResolverPolicyName, virtualNetwork: { id: { $ref: 'network.id' } } } },
});
const guarding = (actionType: string, dnsSecurityRuleState = 'Enabled') => ({
  policy: { type: POLICY, properties: { dnsResolverPolicyName: 'names' }, name: 'names' },
  block: {
    type: POLICY_RULE,
    properties: { dnsResolverPolicyName: { $ref: 'policy.name' }, action: { actionType }, dnsSecurityRuleState },
  },
});
const dhcp = (DomainNameServers: readonly string[]) => ({ Options: { Type: 'AWS::EC2::DHCPOptions', Properties: { DomainNameServers } } });
const resolving = (dnsServers: readonly string[]) => ({ network: { type: VNET, properties: { dhcpOptions: { dnsServers } } } });

export const names = {
  'DID-10': {
    aws: [
      rule({
        on: 'AWS::Route53::HostedZone',
        severity: 'low',
        check: (zone, graph) => {
          if (zone.at('VPCs').isSet().verdict === 'pass') return notApplicable('is a private zone');
          return graph.pointingAt(zone, 'AWS::Route53::DNSSEC', 'HostedZoneId').length > 0
            ? pass()
            : fail('nothing here signs the public zone');
        },
        fix: 'Add AWS::Route53::KeySigningKey and AWS::Route53::DNSSEC for the zone (zone.enableDnssec in CDK).',
        pass: [
          {
            resources: {
              Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } },
              Signing: { Type: 'AWS::Route53::DNSSEC', Properties: { HostedZoneId: { Ref: 'Zone' } } },
            },
          },
        ],
        fail: [{ resources: { Zone: { Type: 'AWS::Route53::HostedZone', Properties: { Name: 'example.com' } } } }],
        skip: [
          {
            resources: {
              Zone: {
                Type: 'AWS::Route53::HostedZone',
                Properties: { Name: 'internal', VPCs: [{ VPCId: 'vpc-1', VPCRegion: 'eu-west-1' }] },
              },
            },
          },
        ],
      }),
      rule({
        on: 'AWS::EC2::VPC',
        from: 'high',
        check: (vpc, graph) =>
          graph.pointingAt(vpc, 'AWS::Route53Resolver::FirewallRuleGroupAssociation', 'VpcId').length > 0
            ? pass()
            : fail('no DNS firewall rule group is associated with the network'),
        fix: 'Use SecureVpc, or associate a DNS firewall rule group that blocks known bad names (AWS::Route53Resolver::FirewallRuleGroupAssociation).',
        pass: [
          {
            resources: {
              Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
              Firewall: {
                Type: 'AWS::Route53Resolver::FirewallRuleGroupAssociation',
                Properties: { VpcId: { Ref: 'Vpc' }, FirewallRuleGroupId: 'rslvr-1', Priority: 101 },
              },
            },
          },
        ],
        fail: [{ resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } } }],
      }),
      rule({
        on: 'AWS::Route53Resolver::FirewallRuleGroup',
        check: (group) => {
          const rules = group.at('FirewallRules').items();
          const blocks = rules.some((one) => one.at('Action').is('BLOCK').verdict !== 'fail');
          return blocks ? pass() : fail(`none of ${rules.length} rules has the action BLOCK`, 'FirewallRules');
        },
        fix: 'Give at least the rule for the managed list of bad names the action BLOCK.',
        pass: [
          {
            resources: {
              Group: { Type: 'AWS::Route53Resolver::FirewallRuleGroup', Properties: { FirewallRules: [{ Action: 'BLOCK', Priority: 1 }] } },
            },
          },
        ],
        fail: [
          {
            resources: {
              Group: { Type: 'AWS::Route53Resolver::FirewallRuleGroup', Properties: { FirewallRules: [{ Action: 'ALERT', Priority: 1 }] } },
            },
          },
        ],
      }),
      rule({
        on: 'AWS::EC2::DHCPOptions',
        check: (options) => asksInside(options.at('DomainNameServers')),
        fix: 'Use AmazonProvidedDNS, or resolvers with private addresses that forward to it.',
        pass: [{ resources: dhcp(['AmazonProvidedDNS']) }],
        fail: [{ resources: dhcp(['8.8.8.8']) }],
      }),
    ],
    azure: [
      rule({
        on: 'azure-native:dns:Zone',
        check: (zone, graph) => {
          if (zone.at('zoneType').is('Private').verdict === 'pass') return notApplicable('is a private zone');
          return graph.pointingAt(zone, 'azure-native:dns:DnssecConfig', 'zoneName').length > 0
            ? pass()
            : fail('nothing here signs the public zone');
        },
        fix: 'Add a DnssecConfig for the zone, and the DS record at the parent.',
        pass: [
          {
            resources: {
              zone: { type: 'azure-native:dns:Zone', properties: { zoneName: 'example.com' }, name: 'example.com' },
              signing: { type: 'azure-native:dns:DnssecConfig', properties: { zoneName: { $ref: 'zone.name' } } },
            },
          },
        ],
        fail: [{ resources: { zone: { type: 'azure-native:dns:Zone', properties: { zoneName: 'example.com' } } } }],
      }),
      rule({
        on: VNET,
        from: 'high',
        check: (network, graph) =>
          some(
            graph.pointingAt(network, POLICY_LINK, 'virtualNetwork.id'),
            (link) => policyBlocks(link, graph),
            'no DNS security policy is linked to the network',
          ),
        fix: 'Link a DNS security policy (DnsResolverPolicyVirtualNetworkLink) of which a DnsSecurityRule has the action Block for known bad names.',
        pass: [
          {
            resources: {
              network: { type: VNET, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } },
              ...linked({ $ref: 'policy.name' }),
              ...guarding('Block'),
            },
          },
        ],
        fail: [
          { resources: { network: { type: VNET, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } } } },
          {
            name: 'the policy only looks on',
            resources: { network: { type: VNET, properties: {} }, ...linked({ $ref: 'policy.name' }), ...guarding('Alert') },
          },
          {
            name: 'the rule is switched off',
            resources: {
              network: { type: VNET, properties: {} },
              ...linked({ $ref: 'policy.name' }),
              ...guarding('Block', 'Disabled'),
            },
          },
        ],
        unknown: [
          {
            name: 'the policy is declared elsewhere',
            resources: { network: { type: VNET, properties: {} }, ...linked('central') },
          },
        ],
      }),
      rule({
        on: VNET,
        check: (network) => asksInside(network.at('dhcpOptions.dnsServers')),
        fix: 'Use the resolver of the platform, or resolvers with private addresses that forward to it.',
        pass: [{ resources: resolving(['10.0.0.4']) }],
        fail: [{ resources: resolving(['1.1.1.1']) }],
      }),
    ],
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
