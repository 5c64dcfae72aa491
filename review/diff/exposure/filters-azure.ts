/** What the firewalls of Azure let out: names by application rules, addresses by network rules, in the order of their priorities. */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { covers, type Filter } from './filters-names';

const CLASSIC = 'azure-native:network:AzureFirewall';
const GROUP = 'azure-native:network:FirewallPolicyRuleCollectionGroup';

interface Rule {
  readonly names: readonly string[];
  readonly allows: boolean;
}

export function* azureFilters(graph: Graph): Iterable<Filter> {
  for (const thing of graph.ofType(CLASSIC, GROUP)) {
    const rules = rulesOf(thing, graph);
    const of = thing.type === GROUP ? graph.target(thing.at('firewallPolicyName'), 'azure-native:network:FirewallPolicy') : undefined;
    if (rules.length === 0) continue;
    const names = rules.flatMap((rule) => rule.names);
    yield {
      thing,
      kind: 'names',
      names,
      ...(of ? { of } : {}),
      passes: (name) => rules.find((rule) => rule.names.some((one) => speaksOf(one, name)))?.allows === true,
    };
  }
}

/** Names stand for others by their patterns; addresses with ports by both of their parts, and never for a name alone. */
function speaksOf(rule: string, name: string): boolean {
  const [one, other] = [rule.split(ON), name.split(ON)];
  return one.length === other.length && one.every((part, at) => covers(part, other[at] as string));
}
const ON = ' on ';

function rulesOf(thing: Resource, graph: Graph): readonly Rule[] {
  return collectionsOf(thing).flatMap((collection) => {
    const allows = collection.at('action.type').is('Deny').verdict !== 'pass';
    return collection
      .at('rules')
      .items()
      .map((rule) => ({ names: [...namesIn(rule), ...addressesIn(rule, graph)], allows }));
  });
}

/** In the order of their priorities, without those that only translate addresses. */
export function collectionsOf(thing: Resource): readonly Value[] {
  const collections =
    thing.type === CLASSIC
      ? ['networkRuleCollections', 'applicationRuleCollections'].flatMap((path) => thing.at(path).items())
      : thing
          .at('ruleCollections')
          .items()
          .filter((one) => one.at('ruleCollectionType').is('FirewallPolicyNatRuleCollection').verdict !== 'pass');
  return [...collections].sort(
    (a, b) => (a.at('priority').number ?? Number.MAX_SAFE_INTEGER) - (b.at('priority').number ?? Number.MAX_SAFE_INTEGER),
  );
}

const texts = (rule: Value, ...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    rule
      .at(path)
      .items()
      .flatMap((item) => item.shape ?? []),
  );
export const namesIn = (rule: Value): readonly string[] => texts(rule, 'targetFqdns', 'targetUrls', 'fqdnTags', 'webCategories');

/** `*` and the tag of the internet are one. */
export function addressesIn(rule: Value, graph: Graph): readonly string[] {
  const to = [...texts(rule, 'destinationAddresses', 'destinationFqdns'), ...inGroups(rule.at('destinationIpGroups'), graph)];
  const ports = texts(rule, 'destinationPorts');
  return to.flatMap((address) => ports.map((port) => `${/^(Internet|0\.0\.0\.0\/0)$/i.test(address) ? '*' : address} on ${port}`));
}

/** From where a rule takes packets: everywhere where nothing is written. */
export function sendersIn(rule: Value, graph: Graph): readonly string[] {
  const from = [...texts(rule, 'sourceAddresses'), ...inGroups(rule.at('sourceIpGroups'), graph)];
  return from.length === 0 ? ['0.0.0.0/0'] : from.map((text) => (/^(\*|Internet)$/i.test(text) ? '0.0.0.0/0' : text));
}

/** The addresses of groups that stand in the input; other groups stand for themselves. */
const inGroups = (value: Value, graph: Graph): readonly string[] =>
  value.items().flatMap((item) => {
    const group = graph.target(item, IP_GROUP);
    return group ? texts(group.all, 'ipAddresses') : (item.shape ?? []);
  });
const IP_GROUP = 'azure-native:network:IpGroup';
