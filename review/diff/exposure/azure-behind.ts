/** What stands behind security groups of Azure, and which addresses the tag of the virtual network has there. */
import { type Block, blockOf } from '../../../policies/facts/network';
import type { Resource } from '../../../policies/resource';
import type { AzureNetwork, Guarded, Subnet } from './azure-network';
import { prefixesOf, type Rule, type Surroundings } from './azure-rules';
import { cardName, subnetName } from './azure-sides';
import type { Speech } from './lines';
import { union } from './reach';

export function surroundings(rules: readonly (readonly Rule[])[], guarded: readonly (readonly [Guarded, AzureNetwork])[]): Surroundings {
  const names = new Set(rules.flatMap((some) => some.flatMap(({ far }) => far.names)));
  const subnets = guarded.flatMap(([{ cards, subnets: own }, network]) => [
    ...own,
    ...cards.flatMap((card) => subnetsOf(card, network) ?? []),
  ]);
  const unknown = guarded.some(([{ cards }, network]) => cards.some((card) => subnetsOf(card, network) === undefined));
  const ranges = subnets.map(({ value }) => prefixesOf(value));
  const behind = unknown || ranges.length === 0 || ranges.includes(undefined) ? undefined : union(ranges.flatMap((range) => range ?? []));
  const spaces = guarded.map(([one, network]) => spaceOf(one, network));
  const whole = !spaces.includes(undefined);
  return { names, behind, whole, network: whole ? union(spaces.flatMap((space) => space ?? [])) : PRIVATE_SPACE };
}

const subnetsOf = (card: Resource, network: AzureNetwork): readonly Subnet[] | undefined => {
  const found = card
    .at('ipConfigurations')
    .items()
    .map((one) => network.subnet(one.at('subnet.id')));
  return found.includes(undefined) || found.length === 0 ? undefined : found.flatMap((one) => one ?? []);
};

const PRIVATE_SPACE: readonly Block[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].flatMap((text) => blockOf(text) ?? []);

/** Addresses of a network and of those that are joined to it; undefined where they are not all known. */
function spaceOf({ cards, subnets }: Guarded, network: AzureNetwork): readonly Block[] | undefined {
  const all = [...subnets, ...cards.flatMap((card) => subnetsOf(card, network) ?? [])];
  const own = [...new Set(all.map((subnet) => subnet.network))];
  if (own.length === 0 || own.includes(undefined)) return undefined;
  const spaces = own.flatMap((one) => (one ? network.joinedTo(one) : [])).map((one) => one && network.spaceOf(one));
  return spaces.includes(undefined) ? undefined : spaces.flatMap((space) => space ?? []);
}

export const placesOf = ({ cards, subnets }: Guarded, network: AzureNetwork, { pairing }: Speech): readonly string[] =>
  [...new Set([...subnets.map((subnet) => subnetName(subnet, pairing)), ...cards.map((card) => cardName(card, network, pairing))])].sort();
