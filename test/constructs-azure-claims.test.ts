import { describe, expect, it } from 'vitest';
import * as azure from '../constructs/azure';
import { type Claims, reaches, type Tier } from '../constructs/contract';
import { evaluate } from '../policies/evaluate';
import type { Finding } from '../policies/finding';
import type { Graph } from '../policies/graph';
import type { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';

const PROMISES = Object.values(azure).flatMap((exported) => {
  const claims = (exported as { claims?: Claims }).claims;
  return claims ? [claims] : [];
});
/** While one family is worked on: `FAMILY=database`. */
const ONLY = process.env.FAMILY ? `, ${JSON.stringify(process.env.FAMILY.split(','))}` : '';
const AZURE_RULES = RULES.filter((rule) => rule.cloud === 'azure');

/** Whether a resource was made by a component, through however many parents. */
function isWithin(resource: Resource, construct: string, graph: Graph): boolean {
  for (let parent = resource.parent; parent !== undefined; parent = graph.get(parent)?.parent)
    if (parent.includes(`palisade:azure:${construct}::`)) return true;
  return false;
}

describe.each(['low', 'moderate', 'high'] as const)('claims at tier %s, with the least args', (tier: Tier) => {
  const judged = gatherStatement(`load('test/support/azure-components.ts').everyComponent(${JSON.stringify(tier)}${ONLY});`).then(
    ({ graph }) => ({
      graph,
      ...evaluate(graph, { rules: AZURE_RULES, passes: true }),
    }),
  );

  it('come from the declared profile', async () => {
    const { tiers } = await judged;
    expect([...tiers.values()].map((unit) => [unit.tier, unit.declared])).toEqual([[tier, true]]);
  });

  it.each(PROMISES.map((promises) => ({ construct: promises.construct, promises })))(
    'of $construct are kept, each on a resource that shows it',
    async ({ promises }) => {
      const { findings, graph } = await judged;
      const own = findings.filter(({ resource }) => isWithin(resource, promises.construct, graph));
      const words = ({ message, resource, rule, verdict }: Finding) => `${rule} on ${resource.logicalId}: ${verdict} ${message}`;
      expect(own.filter(({ verdict }) => verdict !== 'pass').map(words)).toEqual([]);

      const passed = new Set(own.map(({ control }) => control));
      const due = promises.claims.filter(({ from = 'low' }) => reaches(tier, from));
      expect(due.map(({ control }) => control).filter((control) => !passed.has(control))).toEqual([]);
    },
  );

  it('leave nothing undecided or refused in the whole program', async () => {
    const { findings } = await judged;
    expect(
      findings
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ rule, message, resource }) => `${rule} on ${resource.logicalId}: ${message}`),
    ).toEqual([]);
  });
});

describe('an account that is relaxed in every way there is', () => {
  const judged = gatherStatement("load('test/support/azure-components.ts').relaxedAccount();", TODAY).then(({ graph, waivers }) =>
    evaluate(graph, { rules: AZURE_RULES, waivers, today: new Date('2026-11-22T00:00:00Z') }),
  );

  it('breaks exactly those controls, each under its own waiver', async () => {
    const { findings } = await judged;
    const seen = findings.map(({ control, resource, waiver }) => `${control} on ${resource.logicalId}, waived for ${waiver?.ticket}`);
    expect(seen.sort()).toEqual(
      [
        ...['BCR-06', 'DHC-06', 'DHC-10', 'LPA-14', 'LPA-16'].map((control) => `${control} on attachments-account, waived for SEC-1201`),
        ...['BCR-07', 'DID-19', 'DID-21'].map((control) => `${control} on attachments-blobs, waived for SEC-1201`),
      ].sort(),
    );
  });

  it('carries only waivers that are sound and needed', async () => {
    const { waivers } = await judged;
    expect(waivers.map(({ message }) => message)).toEqual([]);
  });
});
