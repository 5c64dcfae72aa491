/** Records of what the network carried and which names it asked for. */
import { NSG } from '../../facts/network-flows';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { VNET } from './subnets';

const FLOW_LOG = 'azure-native:network:FlowLog';

function recordsFlows(vpc: Resource, graph: Graph): Outcome {
  const logs = graph.pointingAt(vpc, 'AWS::EC2::FlowLog', 'ResourceId');
  if (logs.length === 0) return fail('no flow log here records the network');
  const types = logs.map((log) => log.at('TrafficType'));
  const has = (type: string) => types.some((one) => one.is(type).verdict === 'pass');
  if (has('ALL') || (has('ACCEPT') && has('REJECT'))) return pass();
  const open = types.find(({ state }) => state === 'unknown' || state === 'text');
  return open
    ? unknown(open.describe())
    : fail(
        `${logs.map(({ logicalId }) => logicalId).join(', ')} records only part of the traffic: ${types.map((one) => one.describe()).join(', ')}`,
      );
}

/** A flow log of something that is declared elsewhere; networks of this input are judged themselves. */
function recordsAll(log: Resource, graph: Graph): Outcome {
  if (log.at('ResourceType').isOneOf(['VPC', 'Subnet', 'NetworkInterface']).verdict === 'fail')
    return notApplicable('takes no traffic type');
  if (graph.target(log.at('ResourceId'), 'AWS::EC2::VPC')) return notApplicable('is judged at its network');
  return log.at('TrafficType').is('ALL');
}

const isOn = (log: Resource): Outcome => log.at('enabled').orDefault(true).isTrue();

function recordsVirtualNetwork(network: Resource, graph: Graph): Outcome {
  const own = graph.pointingAt(network, FLOW_LOG, 'targetResourceId');
  if (own.length > 0) return own.map(isOn).find(({ verdict }) => verdict !== 'fail') ?? fail(`${own[0]?.logicalId} is switched off`);
  const nothing = fail('no flow log here records the virtual network');
  if (graph.ofType(FLOW_LOG).length === 0) return nothing;
  // The older form: one flow log for each security group.
  const groups = graph.ofType(NSG).filter((group) => graph.exists(group));
  const recorded = groups.filter((group) =>
    graph.pointingAt(group, FLOW_LOG, 'targetResourceId').some((log) => isOn(log).verdict === 'pass'),
  );
  return groups.length > 0 && recorded.length === groups.length ? pass() : nothing;
}

function isOnElsewhere(log: Resource, graph: Graph): Outcome {
  return graph.target(log.at('targetResourceId'), VNET) ? notApplicable('is judged at its network') : isOn(log);
}

const vpc = { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } };
const flowLog = (TrafficType: string, ResourceId: unknown = { Ref: 'Vpc' }) => ({
  FlowLog: { Type: 'AWS::EC2::FlowLog', Properties: { ResourceType: 'VPC', ResourceId, TrafficType } },
});
const vnet = { network: { type: VNET, properties: { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } } } };
const azureFlowLog = (enabled: boolean, targetResourceId: unknown = { $ref: 'network.id' }) => ({
  log: { type: FLOW_LOG, properties: { enabled, targetResourceId } },
});
const clientVpn = (Enabled: unknown) => ({
  Vpn: { Type: 'AWS::EC2::ClientVpnEndpoint', Properties: { ConnectionLogOptions: { Enabled } } },
});

export const flowLogs = {
  'LOG-12': {
    aws: [
      rule({
        on: 'AWS::EC2::VPC',
        check: recordsFlows,
        fix: 'Add a flow log with TrafficType ALL for the network (vpc.addFlowLog in CDK; SecureVpc does so).',
        pass: [{ resources: { ...vpc, ...flowLog('ALL') } }],
        fail: [{ resources: vpc }, { resources: { ...vpc, ...flowLog('REJECT') } }],
        unknown: [{ parameters: { Type: { Type: 'String' } }, resources: { ...vpc, ...flowLog({ Ref: 'Type' } as unknown as string) } }],
      }),
      rule({
        on: 'AWS::EC2::FlowLog',
        check: recordsAll,
        fix: 'Set TrafficType to ALL.',
        pass: [{ resources: flowLog('ALL', 'vpc-1') }],
        fail: [{ resources: flowLog('ACCEPT', 'vpc-1') }],
      }),
      rule({
        on: 'AWS::EC2::VPC',
        severity: 'low',
        from: 'moderate',
        check: (network, graph) =>
          graph.pointingAt(network, 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', 'ResourceId').length > 0
            ? pass()
            : fail('no query log here records the names that the network asks for'),
        fix: 'Use SecureVpc, or associate a resolver query log with the network (AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation).',
        pass: [
          {
            resources: {
              ...vpc,
              Queries: {
                Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
                Properties: { ResourceId: { Ref: 'Vpc' }, ResolverQueryLogConfigId: 'rqlc-1' },
              },
            },
          },
        ],
        fail: [{ resources: vpc }],
      }),
    ],
    azure: [
      rule({
        on: VNET,
        check: recordsVirtualNetwork,
        fix: 'Use SecureVirtualNetwork, or add a FlowLog with enabled true whose targetResourceId is the virtual network.',
        pass: [{ resources: { ...vnet, ...azureFlowLog(true) } }],
        fail: [{ resources: vnet }, { resources: { ...vnet, ...azureFlowLog(false) } }],
      }),
      rule({
        on: FLOW_LOG,
        check: isOnElsewhere,
        fix: 'Set enabled to true.',
        pass: [{ resources: azureFlowLog(true, '/subscriptions/s/network') }],
        fail: [{ resources: azureFlowLog(false, '/subscriptions/s/network') }],
      }),
      rule({
        on: 'azure-native:dnsresolver:DnsResolverPolicy',
        severity: 'low',
        from: 'moderate',
        check: (policy, graph) =>
          graph.pointingAt(policy, 'azure-native:monitor:DiagnosticSetting', 'resourceUri').length > 0
            ? pass()
            : fail('no diagnostic setting records the queries of the policy'),
        fix: 'Add a DiagnosticSetting with the category DnsResponse for the policy.',
        pass: [
          {
            resources: {
              policy: { type: 'azure-native:dnsresolver:DnsResolverPolicy', properties: {} },
              setting: {
                type: 'azure-native:monitor:DiagnosticSetting',
                properties: { resourceUri: { $ref: 'policy.id' }, logs: [{ category: 'DnsResponse', enabled: true }] },
              },
            },
          },
        ],
        fail: [{ resources: { policy: { type: 'azure-native:dnsresolver:DnsResolverPolicy', properties: {} } } }],
      }),
    ],
  },
  'LOG-13': {
    aws: rule({
      on: 'AWS::EC2::ClientVpnEndpoint',
      check: (vpn) => vpn.at('ConnectionLogOptions.Enabled').isTrue(),
      fix: 'Set ConnectionLogOptions.Enabled to true with a log group.',
      pass: [{ resources: clientVpn(true) }],
      fail: [{ resources: clientVpn(false) }],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
