import type { Vpc } from 'aws-cdk-lib/aws-ec2';
import {
  CfnFirewallDomainList,
  CfnFirewallRuleGroup,
  CfnFirewallRuleGroupAssociation,
  CfnResolverDNSSECConfig,
} from 'aws-cdk-lib/aws-route53resolver';

/** Names of the services and of the network's own hosts. */
const NAMES_OF_AWS = ['*.amazonaws.com', '*.amazonaws.com.cn', '*.api.aws', '*.compute.internal', '*.ec2.internal', '*.in-addr.arpa'];

/** Association priorities up to 100 are kept for AWS. */
const AFTER_RESERVED = 101;

const REFUSED = { action: 'BLOCK', blockResponse: 'NXDOMAIN' } as const;

/**
 * A DNS firewall by allow-list: names of AWS and named ones resolve, every other does not, so that a name cannot carry
 * data out either. Signed answers are validated (DID-10, EXP-05).
 */
export function addNameFirewall(vpc: Vpc, allowed: readonly string[], refusedLists: readonly string[]): void {
  const known = new CfnFirewallDomainList(vpc, 'KnownNames', { domains: [...new Set([...NAMES_OF_AWS, ...allowed])] });
  const all = new CfnFirewallDomainList(vpc, 'AllNames', { domains: ['*'] });
  const rules = [
    ...refusedLists.map((firewallDomainListId) => ({ ...REFUSED, firewallDomainListId })),
    // What an allowed name leads to is allowed: services answer with names of their own.
    { action: 'ALLOW', firewallDomainListId: known.attrId, firewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
    { ...REFUSED, firewallDomainListId: all.attrId },
  ];
  const group = new CfnFirewallRuleGroup(vpc, 'NameFirewall', {
    firewallRules: rules.map((rule, index) => ({ ...rule, priority: (index + 1) * 100 })),
  });
  new CfnFirewallRuleGroupAssociation(vpc, 'NameFirewallOfTheNetwork', {
    firewallRuleGroupId: group.attrId,
    priority: AFTER_RESERVED,
    vpcId: vpc.vpcId,
  });
  new CfnResolverDNSSECConfig(vpc, 'ValidatedNames', { resourceId: vpc.vpcId });
}
