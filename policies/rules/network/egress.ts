/** Outbound rules: where data may go. */
import { exposureOf, type Flow, isAllPorts } from '../../facts/network';
import { azurePeers, azureTraffic, NSG, SECURITY_RULE, securityGroupFlows } from '../../facts/network-flows';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { anything, nsgLetsOut } from './azure-egress';
import { isEverybody, judgeFlows, letsOut, reaches } from './openings';
import { SUBNET, VNET } from './subnets';

const EGRESS = ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupEgress'] as const;
const NSG_RULES = [NSG, SECURITY_RULE] as const;

function groupLetsOut(group: Resource, graph: Graph): Outcome {
  const outcome = everyGroupLetsOut(group, graph);
  // An interface endpoint answers and never opens a connection, so that nothing leaves by what its group permits.
  const guardsEndpoint = outcome.verdict !== 'pass' && graph.pointingAt(group, 'AWS::EC2::VPCEndpoint', 'SecurityGroupIds').length > 0;
  if (guardsEndpoint) return notApplicable('guards an endpoint, which opens no connections');
  return outcome.verdict !== 'pass' && leavesByFirewall(group, graph)
    ? notApplicable('leaves on web ports, through the firewall of the network, which names the sites')
    : outcome;
}

/** What leaves on web ports in a network with a firewall is judged by what the firewall lets through. */
function leavesByFirewall(group: Resource, graph: Graph): boolean {
  const flows = securityGroupFlows(group, graph, 'out').filter(anything);
  if (flows.length === 0 || !flows.every(({ traffic }) => exposureOf(traffic) === 'web')) return false;
  const owner = group.type === EGRESS[0] ? group : graph.target(group.at('GroupId'), EGRESS[0]);
  const network = owner && graph.target(owner.at('VpcId'), 'AWS::EC2::VPC');
  return network !== undefined && graph.pointingAt(network, 'AWS::NetworkFirewall::Firewall', 'VpcId').length > 0;
}

/** Security groups without egress rules get one from the service that lets out everything. */
function everyGroupLetsOut(group: Resource, graph: Graph): Outcome {
  const flows = securityGroupFlows(group, graph, 'out');
  if (group.type === EGRESS[0] && flows.length === 0) {
    if (graph.pointingAt(group, EGRESS[1], 'GroupId').length > 0) return notApplicable('its rules are separate resources');
    return fail('SecurityGroupEgress is not set: the service then lets out everything', 'SecurityGroupEgress');
  }
  return judgeFlows(flows, anything, letsOut);
}

/** The firewall is the allow-list: web ports to anywhere make it none. */
const toAnySite = (flow: Flow) => {
  const web = flow.traffic.ranges.some(([from, to]) => [80, 443].some((port) => from <= port && port <= to));
  return flow.traffic.missing === undefined && (isAllPorts(flow.traffic) || web) && reaches(flow.peers, isEverybody);
};

function firewallLetsOut(resource: Resource): Outcome {
  const allowing = (path: string) =>
    resource
      .at(path)
      .items()
      .filter((one) => one.at('action.type').is('Allow').verdict !== 'fail')
      .flatMap((collection) => collection.at('rules').items());
  if (resource.type.endsWith(':AzureFirewall')) {
    const sites = every(allowing('applicationRuleCollections'), (one) => namesSites(one.at('targetFqdns')));
    const flows = allowing('networkRuleCollections').map((one) => destinationsOf(one, 'protocols'));
    return allOf(sites, judgeFlows(flows, toAnySite, letsOut));
  }
  const rules = allowing('ruleCollections');
  const sites = every(rules, (one) => allOf(namesSites(one.at('targetFqdns')), namesSites(one.at('targetUrls'))));
  const flows = rules
    .filter((one) => one.at('ruleType').is('ApplicationRule').verdict === 'fail')
    .map((one) => destinationsOf(one, 'ipProtocols'));
  return allOf(sites, judgeFlows(flows, toAnySite, letsOut));
}

const destinationsOf = (one: Value, protocols: string): Flow => ({
  at: one.path,
  peers: azurePeers(one.at('destinationAddresses')),
  traffic: azureTraffic(one.at(protocols), [one.at('destinationPorts')]),
});

const namesSites = (sites: Value): Outcome =>
  every(sites.items(), (site) =>
    /^(https?:\/\/)?\*\/?\*?$/.test(site.string ?? '') ? fail(`lets out to every site: ${site.describe()}`, site.path) : pass(),
  );

/** A firewall that drops what no rule passes, or whose domain list is one of what is allowed. */
function dropsTheRest(policy: Resource, graph: Graph): Outcome {
  const body = policy.at('FirewallPolicy');
  const strict = body.at('StatefulEngineOptions.RuleOrder');
  const defaults = body.at('StatefulDefaultActions').items();
  if (strict.is('STRICT_ORDER').verdict === 'pass' && defaults.some((action) => /^aws:drop_/.test(action.string ?? ''))) return pass();
  // Groups of AWS drop what they recognise, and never the rest.
  const groups = body
    .at('StatefulRuleGroupReferences')
    .items()
    .filter((one) => !(one.at('ResourceArn').shape ?? '').includes(':aws-managed:'))
    .map((one) => graph.target(one.at('ResourceArn'), 'AWS::NetworkFirewall::RuleGroup'));
  const allows = (group: Resource | undefined) =>
    group?.at('RuleGroup.RulesSource.RulesSourceList.GeneratedRulesType').is('ALLOWLIST').verdict === 'pass';
  // In strict order a list of what is allowed passes that, and leaves the rest to the default action.
  if (strict.is('STRICT_ORDER').verdict === 'fail' && groups.some(allows)) return pass();
  if (strict.state === 'unknown') return strict.asUnknown();
  if (groups.includes(undefined) && groups.length > 0)
    return unknown('the rule groups are declared elsewhere', 'FirewallPolicy.StatefulRuleGroupReferences');
  return fail(
    'what no rule speaks of passes: no aws:drop default action in strict order, and no list of allowed domains',
    'FirewallPolicy.StatefulDefaultActions',
  );
}

const sgEgress = (egress: object) => ({ Group: { Type: EGRESS[0], Properties: { SecurityGroupEgress: [egress] } } });
const nsgOut = (...rules: readonly object[]) => ({
  nsg: {
    type: NSG,
    properties: {
      securityRules: rules.map((one) => ({
        access: 'Allow',
        direction: 'Outbound',
        priority: 200,
        protocol: '*',
        sourceAddressPrefix: '*',
        ...one,
      })),
    },
  },
});
const ofSubnet = (subnetName: string, ...rules: readonly object[]) => ({
  ...nsgOut(...rules),
  subnet: { type: SUBNET, properties: { subnetName, networkSecurityGroup: { id: { $ref: 'nsg.id' } } } },
});
const throughFirewall = (one: object) => ({
  ...nsgOut({ protocol: 'Tcp', destinationAddressPrefix: 'Internet', ...one }),
  subnet: {
    type: SUBNET,
    properties: { subnetName: 'workload', networkSecurityGroup: { id: { $ref: 'nsg.id' } }, routeTable: { id: { $ref: 'routes.id' } } },
  },
  routes: {
    type: 'azure-native:network:RouteTable',
    properties: { routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' }] },
  },
});
/** The same with the subnet written in its network. */
const inline = ({ subnet, ...others }: { readonly subnet: { readonly properties: { readonly subnetName: string } } }) => {
  const { subnetName: name, ...written } = subnet.properties;
  return { ...others, network: { type: VNET, properties: { subnets: [{ name, ...written }] } } };
};
const firewallRule = (one: object) => ({
  group: {
    type: 'azure-native:network:FirewallPolicyRuleCollectionGroup',
    properties: {
      ruleCollections: [{ ruleCollectionType: 'FirewallPolicyFilterRuleCollection', action: { type: 'Allow' }, rules: [one] }],
    },
  },
});

const SITES = { 'Fn::GetAtt': ['Sites', 'RuleGroupArn'] };
const sites = (GeneratedRulesType: string) => ({
  Sites: {
    Type: 'AWS::NetworkFirewall::RuleGroup',
    Properties: {
      RuleGroup: { RulesSource: { RulesSourceList: { GeneratedRulesType, Targets: ['.example.com'], TargetTypes: ['TLS_SNI'] } } },
    },
  },
});
const firewallPolicy = (RuleOrder: string, action: string | undefined, ResourceArn?: unknown) => ({
  Policy: {
    Type: 'AWS::NetworkFirewall::FirewallPolicy',
    Properties: {
      FirewallPolicy: {
        StatefulEngineOptions: { RuleOrder },
        ...(action ? { StatefulDefaultActions: [action] } : {}),
        ...(ResourceArn ? { StatefulRuleGroupReferences: [{ ResourceArn }] } : {}),
      },
    },
  },
});

/** Until the high tier it is only noted: everything to everywhere is what most tools write unasked. */
const groups: readonly RuleSpec[] = [
  rule({
    on: EGRESS,
    severity: 'low',
    check: (group, graph, { tier }) => (tier === 'high' ? notApplicable('judged more strictly') : groupLetsOut(group, graph)),
    fix: 'Use securityGroup() of SecureVpc, or name the destinations: groups, prefix lists and ranges with the ports that are needed (allowAllOutbound: false in CDK).',
    pass: [{ tier: 'moderate', resources: sgEgress({ IpProtocol: '-1', CidrIp: '10.0.0.0/16' }) }],
    fail: [
      { tier: 'moderate', resources: sgEgress({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }) },
      { tier: 'moderate', name: 'no rule at all', resources: { Group: { Type: EGRESS[0], Properties: { GroupDescription: 'x' } } } },
    ],
  }),
  rule({
    on: EGRESS,
    from: 'high',
    check: (group, graph) => groupLetsOut(group, graph),
    fix: 'Name the destinations: security groups, prefix lists, VPC endpoints and ranges; let other traffic out only through the firewall.',
    pass: [
      { resources: sgEgress({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }) },
      {
        name: 'a prefix list',
        resources: sgEgress({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationPrefixListId: 'pl-6da54004' }),
      },
    ],
    skip: [
      {
        name: 'web ports, through a firewall',
        resources: {
          Group: {
            Type: EGRESS[0],
            Properties: {
              VpcId: { Ref: 'Vpc' },
              SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }],
            },
          },
          Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
          Firewall: { Type: 'AWS::NetworkFirewall::Firewall', Properties: { VpcId: { Ref: 'Vpc' }, FirewallName: 'f' } },
        },
      },
      {
        name: 'an endpoint',
        resources: {
          ...sgEgress({ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }),
          Endpoint: {
            Type: 'AWS::EC2::VPCEndpoint',
            Properties: { VpcId: 'vpc-1', SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] },
          },
        },
      },
    ],
    fail: [
      { resources: sgEgress({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }) },
      { resources: { Rule: { Type: EGRESS[1], Properties: { GroupId: 'sg-1', IpProtocol: -1, CidrIpv6: '::/0' } } } },
    ],
    unknown: [
      {
        parameters: { Range: { Type: 'String' } },
        resources: sgEgress({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: { Ref: 'Range' } }),
      },
    ],
  }),
];

export const egress = {
  'EXP-05': {
    aws: [
      ...groups,
      rule({
        on: 'AWS::NetworkFirewall::FirewallPolicy',
        check: dropsTheRest,
        fix: 'Use RuleOrder STRICT_ORDER with the default action aws:drop_established, and pass only named domains.',
        pass: [
          { resources: firewallPolicy('STRICT_ORDER', 'aws:drop_established') },
          {
            name: 'a list of what is allowed',
            resources: { ...firewallPolicy('DEFAULT_ACTION_ORDER', undefined, SITES), ...sites('ALLOWLIST') },
          },
        ],
        fail: [
          { resources: firewallPolicy('STRICT_ORDER', 'aws:alert_established') },
          {
            name: 'a list of what is allowed, and nothing that drops the rest',
            resources: { ...firewallPolicy('STRICT_ORDER', 'aws:alert_established', SITES), ...sites('ALLOWLIST') },
          },
          {
            name: 'a list of what is refused',
            resources: { ...firewallPolicy('DEFAULT_ACTION_ORDER', undefined, SITES), ...sites('DENYLIST') },
          },
          {
            name: 'what AWS recognises, and no more',
            resources: firewallPolicy(
              'STRICT_ORDER',
              'aws:alert_strict',
              'arn:aws:network-firewall:eu-west-1:aws-managed:stateful-rulegroup/X',
            ),
          },
        ],
        unknown: [
          {
            resources: firewallPolicy(
              'STRICT_ORDER',
              'aws:alert_strict',
              'arn:aws:network-firewall:eu-west-1:111122223333:stateful-rulegroup/x',
            ),
          },
        ],
      }),
    ],
    azure: [
      rule({
        on: NSG_RULES,
        severity: 'low',
        check: (resource, graph, context) =>
          context.tier === 'high' ? notApplicable('judged more strictly') : nsgLetsOut(resource, graph, context),
        fix: 'Name the destinations (service tags, ranges, application security groups) and ports instead of * or Internet.',
        pass: [
          { tier: 'moderate', resources: nsgOut({ destinationAddressPrefix: 'Storage.WestEurope', destinationPortRange: '*' }) },
          {
            tier: 'moderate',
            name: 'what Azure Bastion demands',
            resources: ofSubnet(
              'AzureBastionSubnet',
              { protocol: 'Tcp', destinationAddressPrefix: 'AzureCloud', destinationPortRange: '443' },
              { destinationAddressPrefix: 'Internet', destinationPortRange: '80' },
            ),
          },
        ],
        fail: [
          { tier: 'moderate', resources: nsgOut({ destinationAddressPrefix: 'Internet', destinationPortRange: '*' }) },
          {
            tier: 'moderate',
            name: 'more than Azure Bastion demands',
            resources: ofSubnet('AzureBastionSubnet', { destinationAddressPrefix: 'Internet', destinationPortRange: '*' }),
          },
          {
            tier: 'moderate',
            name: 'the same from another subnet',
            resources: ofSubnet('workload', { protocol: 'Tcp', destinationAddressPrefix: 'AzureCloud', destinationPortRange: '443' }),
          },
        ],
      }),
      rule({
        on: NSG_RULES,
        from: 'high',
        check: nsgLetsOut,
        fix: 'Use SecureVirtualNetwork, or end the outbound rules with one that denies * to Internet, and allow named destinations before it; or route the subnet through a firewall.',
        pass: [
          { resources: nsgOut({ access: 'Deny', priority: 4096, destinationAddressPrefix: 'Internet', destinationPortRange: '*' }) },
          {
            name: 'what Azure Bastion demands',
            resources: ofSubnet(
              'AzureBastionSubnet',
              { protocol: 'Tcp', destinationAddressPrefix: 'AzureCloud', destinationPortRange: '443' },
              { access: 'Deny', priority: 4096, destinationAddressPrefix: 'Internet', destinationPortRange: '*' },
            ),
          },
          {
            name: 'what Azure Bastion demands, its subnet written in the network',
            resources: inline(
              ofSubnet(
                'AzureBastionSubnet',
                { protocol: 'Tcp', destinationAddressPrefix: 'AzureCloud', destinationPortRange: '443' },
                { access: 'Deny', priority: 4096, destinationAddressPrefix: 'Internet', destinationPortRange: '*' },
              ),
            ),
          },
        ],
        skip: [
          { name: 'web ports, through a firewall', resources: throughFirewall({ destinationPortRange: '443' }) },
          { name: 'from a subnet that is written in its network', resources: inline(throughFirewall({ destinationPortRange: '443' })) },
        ],
        fail: [
          { resources: nsgOut({ protocol: 'Tcp', destinationAddressPrefix: 'Internet', destinationPortRange: '443' }) },
          { name: 'more than web ports, through a firewall', resources: throughFirewall({ destinationPortRange: '5432' }) },
          { name: 'the built-in permission', resources: nsgOut({ destinationAddressPrefix: 'Sql', destinationPortRange: '1433' }) },
        ],
      }),
      rule({
        on: ['azure-native:network:FirewallPolicyRuleCollectionGroup', 'azure-native:network:AzureFirewall'],
        check: firewallLetsOut,
        fix: 'Allow named sites in application rules (targetFqdns), and named destinations in network rules.',
        pass: [
          { resources: firewallRule({ ruleType: 'ApplicationRule', targetFqdns: ['packages.example.com'] }) },
          {
            resources: firewallRule({
              ruleType: 'NetworkRule',
              ipProtocols: ['TCP'],
              destinationAddresses: ['AzureMonitor'],
              destinationPorts: ['443'],
            }),
          },
        ],
        fail: [
          { resources: firewallRule({ ruleType: 'ApplicationRule', targetFqdns: ['*'] }) },
          {
            resources: firewallRule({
              ruleType: 'NetworkRule',
              ipProtocols: ['Any'],
              destinationAddresses: ['*'],
              destinationPorts: ['*'],
            }),
          },
          {
            name: 'rules inside the firewall',
            resources: {
              firewall: {
                type: 'azure-native:network:AzureFirewall',
                properties: {
                  networkRuleCollections: [
                    {
                      action: { type: 'Allow' },
                      rules: [{ protocols: ['TCP'], destinationAddresses: ['0.0.0.0/0'], destinationPorts: ['443'] }],
                    },
                  ],
                },
              },
            },
          },
        ],
      }),
    ],
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
