/** Small ARM templates for tests, and questions about what they become. */
import { expect } from 'vitest';
import { judge } from '../../policies/evaluate';
import { gatherArmText } from '../../policies/gather/arm';
import { GatherError, type Gathered } from '../../policies/gather/target';
import type { Graph } from '../../policies/graph';
import type { Outcome } from '../../policies/outcome';
import type { Resource } from '../../policies/resource';
import type { Rule } from '../../policies/rule';

export const SCHEMA = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';

export type Json = Readonly<Record<string, unknown>>;
export const gatherTemplate = (resources: unknown, rest: Json = {}): Gathered =>
  gatherArmText(JSON.stringify({ $schema: SCHEMA, contentVersion: '1.0.0.0', ...rest, resources }, null, 2), 'main.json');

export const account = (rest: Json = {}): Json => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-05-01',
  name: 'cases',
  ...rest,
});

export function only(gathered: Gathered, type: string): Resource {
  const found = gathered.graph.ofType(`azure-native:${type}`);
  expect(found.map(({ logicalId }) => logicalId)).toHaveLength(1);
  return found[0] as Resource;
}

export function verdictOf(graph: Graph, resource: Resource, check: (resource: Resource, graph: Graph) => Outcome): Outcome {
  return judge({ check } as unknown as Rule, resource, graph, { tier: 'high' });
}

export function errorOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(GatherError);
    return (error as Error).message;
  }
  throw new Error('was read');
}
