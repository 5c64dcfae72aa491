/** Outbound rules of security groups on Azure, with the gates through which their subnets may lead. */
import { append } from '../../collect';
import { exposureOf, type Flow, isAllPorts } from '../../facts/network';
import { flowOfRule, NSG, SECURITY_RULE, securityRuleFlows } from '../../facts/network-flows';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import type { RuleContext } from '../../rule';
import type { Value } from '../../value';
import { isEverybody, judgeFlows, letsOut, reaches } from './openings';
import { leadsThroughFirewall, SUBNET, VNET } from './subnets';

/** Traffic to everybody. */
export const anything = (flow: Flow) => exposureOf(flow.traffic) !== 'nothing' && reaches(flow.peers, isEverybody);

/** What a security group, or one rule of it, lets out: to named destinations, or through a firewall. */
export function nsgLetsOut(resource: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  const broker = guardsBroker(resource, graph);
  const flows = securityRuleFlows(resource, graph, 'out').filter((flow) => !(broker && isDemandedOfBroker(flow)));
  const allowed = judgeFlows(flows, anything, letsOut);
  if (allowed.verdict !== 'pass' && leavesByGate(resource, graph, flows))
    return notApplicable('leaves on web ports, through the firewall of the network, which names the sites');
  if (allowed.verdict !== 'pass' || tier !== 'high' || resource.type !== NSG) return allowed;
  return refusesTheInternet(resource, graph)
    ? pass()
    : fail('no outbound rule denies the internet, and the built-in rule 65001 allows it', 'securityRules');
}

/** What leaves on web ports in subnets that lead through a firewall is judged by what the firewall lets through. */
function leavesByGate(resource: Resource, graph: Graph, flows: readonly Flow[]): boolean {
  if (!flows.filter(anything).every(({ traffic }) => exposureOf(traffic) === 'web')) return false;
  const subnets = subnetsGuardedBy(resource, graph);
  return subnets.length > 0 && subnets.every((subnet) => leadsThroughFirewall(subnet.at('routeTable'), graph));
}

/** Subnets of a group, or of the group that a rule belongs to: separate ones, and those written in their network. */
function subnetsGuardedBy(resource: Resource, graph: Graph): readonly Value[] {
  const group = resource.type === NSG ? resource : graph.target(resource.at('networkSecurityGroupName'), NSG);
  if (!group) return [];
  const separate = graph.pointingAt(group, SUBNET, 'networkSecurityGroup.id').map((subnet) => subnet.all);
  return [...separate, ...(inlineSubnets(graph).get(group) ?? [])];
}

const inlineSubnets = (graph: Graph): ReadonlyMap<Resource, readonly Value[]> =>
  graph.once('subnets in their networks, by security group', () => {
    const byGroup = new Map<Resource, Value[]>();
    for (const network of graph.ofType(VNET))
      for (const subnet of network.at('subnets').items()) {
        const group = graph.target(subnet.at('networkSecurityGroup.id'), NSG);
        if (group) append(byGroup, group, subnet);
      }
    return byGroup;
  });

/** The only name that Azure takes for the subnet of its bastion. */
const BROKER = 'AzureBastionSubnet';

/** Azure Bastion is refused unless its group lets it reach the services of Azure on 443 and, for certificates, port 80. */
const isDemandedOfBroker = ({ traffic: { missing, ranges } }: Flow): boolean =>
  missing === undefined && ranges.length > 0 && ranges.every(([from, to]) => from === to && (from === 443 || from === 80));

/** Whether a group, or the group of a rule, guards the subnet of Azure Bastion and nothing else. */
function guardsBroker(resource: Resource, graph: Graph): boolean {
  const subnets = subnetsGuardedBy(resource, graph);
  return (
    subnets.length > 0 &&
    subnets.every((subnet) => subnet.at(subnet.resource.type === SUBNET ? 'subnetName' : 'name').is(BROKER).verdict === 'pass')
  );
}

function refusesTheInternet(group: Resource, graph: Graph): boolean {
  const separate = graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName').map((one) => one.all);
  const denied = [...group.at('securityRules').items(), ...separate].some(
    (one) =>
      one.at('access').is('Deny').verdict === 'pass' &&
      one.at('direction').is('Outbound').verdict === 'pass' &&
      isAllPorts(flowOfRule(one, 'out').traffic) &&
      flowOfRule(one, 'out').peers.some(isEverybody),
  );
  const subnets = subnetsGuardedBy(group, graph);
  return denied || (subnets.length > 0 && subnets.every((subnet) => leadsThroughFirewall(subnet.at('routeTable'), graph)));
}
