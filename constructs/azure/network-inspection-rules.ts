import type { input } from '@pulumi/azure-native/types';
import { checkFlow } from './network-rules';

/** Sites that some networks may reach on 443. */
export interface FirewallSites {
  /** Name of the rule, unique among the sites. */
  readonly name: string;
  /** Ranges of the networks that may. */
  readonly from: readonly string[];
  /** Names in TLS: `api.example.com` for one host, `.example.com` for a domain with all of its hosts. */
  readonly allowedDomains: readonly string[];
}

/** A connection that some networks may open, to other networks or to services of Azure. */
export interface FirewallFlow {
  /** Name of the rule, unique among the flows. */
  readonly name: string;
  /** Ranges that open it. */
  readonly from: readonly string[];
  /** Ranges, or service tags other than those that mean everybody. */
  readonly to: readonly string[];
  /** Ports or ranges: `443`, `8000-8010`. Never all of them. */
  readonly ports: readonly (number | string)[];
  /** @default 'Tcp' */
  readonly protocol?: 'Tcp' | 'Udp';
}

type RuleCollections = input.network.FirewallPolicyFilterRuleCollectionArgs[];

const DOMAIN = /^\.?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i;
const RANGE = /^\d{1,3}(\.\d{1,3}){3}\/([1-9]|[12]\d|3[0-2])$/;

/** @throws RangeError with the rule that lets through more than it names */
export function checkRules(where: string, sites: readonly FirewallSites[], flows: readonly FirewallFlow[]): void {
  const seen = new Set<string>();
  const check = (kind: string, { from, name }: { readonly name: string; readonly from: readonly string[] }): string => {
    const at = `${where} ${kind} "${name}"`;
    if (seen.has(`${kind} ${name}`)) throw new RangeError(`${at}: stands twice; each needs a name of its own`);
    seen.add(`${kind} ${name}`);
    const wrong = from.find((range) => !RANGE.test(range));
    if (from.length === 0 || wrong !== undefined)
      throw new RangeError(
        `${at}: from ${wrong === undefined ? 'is empty' : `lists "${wrong}"`}; write ranges of your networks, such as 10.20.0.0/16 (EXP-05)`,
      );
    return at;
  };
  for (const rule of sites) {
    const at = check('sites', rule);
    if (rule.allowedDomains.length === 0) throw new RangeError(`${at}: allowedDomains is empty; name the sites that are reached (EXP-05)`);
    const wrong = rule.allowedDomains.find((domain) => !DOMAIN.test(domain));
    if (wrong !== undefined)
      throw new RangeError(`${at}: allowedDomains names "${wrong}"; write a host (api.example.com) or a domain (.example.com) (EXP-05)`);
  }
  for (const rule of flows) {
    const at = check('flows', rule);
    if (rule.to.length === 0) throw new RangeError(`${at}: to is empty; name where it leads (EXP-05)`);
    for (const peer of rule.to) checkFlow(at, 'Outbound', { name: rule.name, peer, ports: rule.ports }, new Map());
  }
}

/** `.example.com` covers `example.com` and every host in it. */
const namesOf = (domain: string): readonly string[] => (domain.startsWith('.') ? [domain.slice(1), `*${domain}`] : [domain]);

/** What is listed; the firewall drops the rest by itself. */
export function ruleCollections(sites: readonly FirewallSites[], flows: readonly FirewallFlow[], opensTls: boolean): RuleCollections {
  const collection = (name: string, priority: number, rules: NonNullable<RuleCollections[number]['rules']>): RuleCollections => [
    { ruleCollectionType: 'FirewallPolicyFilterRuleCollection', name, priority, action: { type: 'Allow' }, rules },
  ];
  const siteRules = sites.map(({ allowedDomains, from, name }) => ({
    ruleType: 'ApplicationRule' as const,
    name,
    sourceAddresses: [...from],
    protocols: [{ protocolType: 'Https', port: 443 }],
    targetFqdns: [...new Set(allowedDomains.flatMap(namesOf))],
    terminateTLS: opensTls,
  }));
  const flowRules = flows.map(({ from, name, ports, protocol = 'Tcp', to }) => ({
    ruleType: 'NetworkRule' as const,
    name,
    sourceAddresses: [...from],
    destinationAddresses: [...to],
    destinationPorts: ports.map(String),
    ipProtocols: [protocol.toUpperCase()],
  }));
  return [
    ...(flowRules.length > 0 ? collection('flows', 100, flowRules) : []),
    ...(siteRules.length > 0 ? collection('sites', 200, siteRules) : []),
  ];
}
