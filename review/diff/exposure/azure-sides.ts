/** The networks of Azure on one side, with names that both sides share. */
import type { Resource } from '../../../policies/resource';
import type { Pairing, Side } from '../side';
import { AzureNetwork, type Subnet } from './azure-network';

export interface AzureSide {
  readonly networks: readonly AzureNetwork[];
  readonly pairing: Pairing;
}

export const azureSide = ({ targets }: Side, pairing: Pairing): AzureSide => ({
  pairing,
  networks: targets.flatMap(({ graph }) => (graph.units.some(({ cloud }) => cloud === 'azure') ? [new AzureNetwork(graph)] : [])),
});

/** Things of one side by a name that both share, with the network that they are part of. */
export function keyed<T>(
  { networks }: AzureSide,
  read: (network: AzureNetwork) => Iterable<T>,
  keyOf: (thing: T) => string,
): ReadonlyMap<string, readonly [thing: T, network: AzureNetwork]> {
  const found = new Map<string, readonly [T, AzureNetwork]>();
  for (const network of networks) for (const thing of read(network)) found.set(keyOf(thing), [thing, network]);
  return found;
}

/** One name for a subnet, wherever it is written. */
export function subnetKey({ called, network, resource, value }: Subnet, pairing: Pairing): string {
  const name = called !== '' ? called : (value.at('subnetName').shape ?? value.at('name').shape ?? resource.logicalId);
  return network ? `${pairing.identity(network)}#${name.toLowerCase()}` : pairing.identity(resource);
}

/** `the subnet data of the virtual network spoke`. */
export const subnetName = ({ called, resource }: Subnet, { name }: Pairing): string =>
  called === '' ? name(resource) : `the subnet ${called} of ${name(resource)}`;

/** Network interfaces that belong to a machine are called by it. */
export const cardName = (card: Resource, network: AzureNetwork, { name }: Pairing): string => name(network.ownerOf(card));
