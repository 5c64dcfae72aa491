import { Fn, Names, Stack } from 'aws-cdk-lib';
import { CfnRoute, type ISubnet, type SubnetSelection, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { CfnFirewall, CfnFirewallPolicy, CfnLoggingConfiguration, CfnRuleGroup } from 'aws-cdk-lib/aws-networkfirewall';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { SecureLogGroup } from './logging';
import { acceptDelivery } from './logging-delivery';

/** What leaves the network through a firewall that lets through named sites only. */
export interface InspectedEgress {
  /**
   * Sites that workloads may reach on 443, by the name in TLS and HTTP: `api.example.com` for one host, `.example.com`
   * for a domain with all of its hosts. Their names resolve as well.
   */
  readonly allowedDomains: readonly string[];
  /**
   * Rule groups that AWS writes, and that drop what they recognise before the list is asked; each in strict order.
   * @default botnets, malware and exploits
   */
  readonly managedRuleGroups?: readonly string[];
}

const THREATS = ['ThreatSignaturesBotnetStrictOrder', 'ThreatSignaturesMalwareStrictOrder', 'ThreatSignaturesExploitsStrictOrder'];

/** Rules that the list may grow to; the service fixes it when the group is made. */
const CAPACITY = 1000;

const DOMAIN = /^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;

/**
 * Checks the list of sites.
 *
 * @throws Error with the entry that names no host and no domain
 */
export function checkInspection(where: string, { allowedDomains }: InspectedEgress): void {
  if (allowedDomains.length === 0)
    throw new Error(
      `${where}: inspectedEgress.allowedDomains is empty; name the sites that workloads reach, or leave inspectedEgress out (EXP-05)`,
    );
  const wrong = allowedDomains.find((domain) => !DOMAIN.test(domain));
  if (wrong !== undefined)
    throw new Error(
      `${where}: inspectedEgress.allowedDomains names "${wrong}"; write a host (api.example.com) or a domain (.example.com) (EXP-05)`,
    );
}

/** The names that have to resolve for the sites to be reached: `.example.com` covers `example.com` and every name in it. */
export const namesOfSites = ({ allowedDomains }: InspectedEgress): readonly string[] =>
  allowedDomains.flatMap((domain) => (domain.startsWith('.') ? [domain.slice(1), `*${domain}`] : [domain]));

/**
 * Sends what leaves the workloads through a firewall of the network, and lets through what goes to a named site; the rest
 * is dropped and told (DID-09, EXP-05). Workloads keep their addresses until after the firewall, so that its records name
 * them.
 *
 * @param segments workload: what is inspected; firewall: with a way out by NAT; edge: where the NAT gateways are
 */
export function inspectEgress(
  vpc: Vpc,
  egress: InspectedEgress,
  segments: { readonly workload: SubnetSelection; readonly firewall: SubnetSelection; readonly edge: SubnetSelection },
  logs: IBucket | undefined,
): CfnFirewall {
  const subnetsOf = (selection: SubnetSelection): readonly ISubnet[] => vpc.selectSubnets(selection).subnets;
  const firewall = new CfnFirewall(vpc, 'Firewall', {
    firewallName: nameOf(vpc, 'firewall'),
    firewallPolicyArn: policyOf(vpc, egress).attrFirewallPolicyArn,
    vpcId: vpc.vpcId,
    subnetMappings: subnetsOf(segments.firewall).map(({ subnetId }) => ({ subnetId })),
    deleteProtection: true,
    firewallPolicyChangeProtection: true,
    subnetChangeProtection: true,
  });
  const logging = recordFirewall(vpc, firewall, logs);
  const edge = subnetsOf(segments.edge);
  for (const [index, workload] of subnetsOf(segments.workload).entries()) {
    // The service lists its endpoints in no promised order. Each workload subnet takes one of them for both directions,
    // whichever it is: a firewall that sees half of a conversation drops it.
    const vpcEndpointId = Fn.select(1, Fn.split(':', Fn.select(index, firewall.attrEndpointIds)));
    const out = new CfnRoute(vpc, `Inspected${index + 1}`, {
      routeTableId: workload.routeTable.routeTableId,
      destinationCidrBlock: '0.0.0.0/0',
      vpcEndpointId,
    });
    // Nothing leaves before it is recorded.
    out.node.addDependency(logging);
    for (const [from, nat] of edge.entries())
      new CfnRoute(vpc, `Inspected${index + 1}BackFrom${from + 1}`, {
        routeTableId: nat.routeTable.routeTableId,
        destinationCidrBlock: workload.ipv4CidrBlock,
        vpcEndpointId,
      });
  }
  return firewall;
}

function policyOf(vpc: Vpc, { allowedDomains, managedRuleGroups = THREATS }: InspectedEgress): CfnFirewallPolicy {
  const { partition, region } = Stack.of(vpc);
  const sites = new CfnRuleGroup(vpc, 'AllowedSites', {
    ruleGroupName: nameOf(vpc, 'sites'),
    type: 'STATEFUL',
    capacity: CAPACITY,
    ruleGroup: {
      statefulRuleOptions: { ruleOrder: 'STRICT_ORDER' },
      ruleVariables: { ipSets: { HOME_NET: { definition: [vpc.vpcCidrBlock] } } },
      rulesSource: {
        rulesSourceList: { generatedRulesType: 'ALLOWLIST', targets: [...new Set(allowedDomains)], targetTypes: ['TLS_SNI', 'HTTP_HOST'] },
      },
    },
  });
  const managed = managedRuleGroups.map((name) => `arn:${partition}:network-firewall:${region}:aws-managed:stateful-rulegroup/${name}`);
  return new CfnFirewallPolicy(vpc, 'FirewallPolicy', {
    firewallPolicyName: nameOf(vpc, 'policy'),
    firewallPolicy: {
      statelessDefaultActions: ['aws:forward_to_sfe'],
      statelessFragmentDefaultActions: ['aws:forward_to_sfe'],
      statefulEngineOptions: { ruleOrder: 'STRICT_ORDER', streamExceptionPolicy: 'DROP' },
      statefulDefaultActions: ['aws:drop_established', 'aws:alert_established'],
      statefulRuleGroupReferences: [...managed, sites.attrRuleGroupArn].map((resourceArn, index) => ({
        resourceArn,
        priority: (index + 1) * 100,
      })),
    },
  });
}

/** Alerts say what was refused, flows who spoke with whom (LOG-13). */
function recordFirewall(vpc: Vpc, firewall: CfnFirewall, logs: IBucket | undefined): CfnLoggingConfiguration {
  const { to, after } = logs ? intoBucket(logs) : intoGroup(vpc);
  const logging = new CfnLoggingConfiguration(vpc, 'FirewallRecording', {
    firewallArn: firewall.attrFirewallArn,
    loggingConfiguration: { logDestinationConfigs: ['ALERT', 'FLOW'].map((logType) => ({ logType, ...to })) },
  });
  if (after && Stack.of(after) === Stack.of(vpc)) logging.node.addDependency(after);
  return logging;
}

interface Destination {
  readonly to: { readonly logDestinationType: string; readonly logDestination: Record<string, string> };
  readonly after: IConstruct | undefined;
}

const intoBucket = (logs: IBucket): Destination => ({
  to: { logDestinationType: 'S3', logDestination: { bucketName: logs.bucketName } },
  after: logs.policy,
});

function intoGroup(vpc: Vpc): Destination {
  const group = new SecureLogGroup(vpc, 'FirewallRecords', { logClass: 'security' });
  return { to: { logDestinationType: 'CloudWatchLogs', logDestination: { logGroup: group.logGroupName } }, after: acceptDelivery(group) };
}

const nameOf = (vpc: Vpc, part: string): string => `${Names.uniqueResourceName(vpc, { maxLength: 100, separator: '-' })}-${part}`;
