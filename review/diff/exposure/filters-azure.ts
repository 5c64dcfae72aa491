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
    const rules = rulesOf(thing);
    if (rules.length === 0) continue;
    const names = rules.flatMap((rule) => rule.names);
    yield {
      thing,
      kind: 'names',
      names,
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

function rulesOf(thing: Resource): readonly Rule[] {
  const collections =
    thing.type === CLASSIC
      ? ['networkRuleCollections', 'applicationRuleCollections'].flatMap((path) => thing.at(path).items())
      : thing
          .at('ruleCollections')
          .items()
          .filter((one) => one.at('ruleCollectionType').is('FirewallPolicyNatRuleCollection').verdict !== 'pass');
  return [...collections]
    .sort((a, b) => (a.at('priority').number ?? Number.MAX_SAFE_INTEGER) - (b.at('priority').number ?? Number.MAX_SAFE_INTEGER))
    .flatMap((collection) => {
      const allows = collection.at('action.type').is('Deny').verdict !== 'pass';
      return collection
        .at('rules')
        .items()
        .map((rule) => ({ names: [...namesIn(rule), ...addressesIn(rule)], allows }));
    });
}

const texts = (rule: Value, ...paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    rule
      .at(path)
      .items()
      .flatMap((item) => item.shape ?? []),
  );
const namesIn = (rule: Value): readonly string[] => texts(rule, 'targetFqdns', 'targetUrls', 'fqdnTags', 'webCategories');

/** `*` and the tag of the internet are one. */
function addressesIn(rule: Value): readonly string[] {
  const to = texts(rule, 'destinationAddresses', 'destinationFqdns', 'destinationIpGroups');
  const ports = texts(rule, 'destinationPorts');
  return to.flatMap((address) => ports.map((port) => `${/^(Internet|0\.0\.0\.0\/0)$/i.test(address) ? '*' : address} on ${port}`));
}
