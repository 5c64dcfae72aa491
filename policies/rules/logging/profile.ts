/** The log profile follows from the declared tier, and nothing in the system says that it needs less. */

import { type DataProfile, decideTier, TIERS } from '../../../controls';
import { append } from '../../collect';
import { labelOf } from '../../facts/classification';
import { type Graph, UNIT } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource, Unit } from '../../resource';
import { type Example, type RuleContext, type RuleSpec, rule } from '../../rule';

/** Without a profile there is nothing to contradict: GOV-10 says so. */
function demandsWhatTheTierDemands(one: Resource, graph: Graph, { profile }: RuleContext): Outcome {
  const tier = tierOf(profile);
  if (tier === undefined) return notApplicable('declares no complete data profile: judged as GOV-10');
  for (const resource of resourcesOf(one.unit, graph)) {
    const label = labelOf(resource, 'tier');
    const said = (TIERS as readonly string[]).indexOf(label?.string?.toLowerCase() ?? '');
    if (label && said >= 0 && said < TIERS.indexOf(tier))
      return fail(
        `${resource.logicalId} is labelled ${label.string}, but the declared profile makes the system ${tier}: what it records would be too little`,
      );
  }
  return pass();
}

function tierOf(profile: unknown): (typeof TIERS)[number] | undefined {
  if (typeof profile !== 'object' || profile === null || typeof (profile as DataProfile).system !== 'string') return undefined;
  try {
    return decideTier(profile as DataProfile).tier;
  } catch {
    return undefined;
  }
}

function resourcesOf(unit: Unit, graph: Graph): readonly Resource[] {
  const byUnit = graph.once('resources by unit', () => {
    const found = new Map<Unit, Resource[]>();
    for (const resource of graph.resources()) append(found, resource.unit, resource);
    return found;
  });
  return (byUnit.get(unit) ?? []).filter((resource) => graph.exists(resource));
}

const HIGH = {
  system: 'cases',
  owner: 'data@example.com',
  sensitivity: 'restricted',
  volume: 'millions',
  exposure: 'internet',
  privilege: 'alter',
};

const follows = (labelled: (tier?: string) => Example['resources']): RuleSpec =>
  rule({
    on: UNIT,
    check: demandsWhatTheTierDemands,
    fix: 'Remove the label, or correct the data profile: constructs label what they make with the tier that the profile decides.',
    pass: [{ unit: { profile: HIGH }, resources: labelled() }],
    fail: [{ unit: { profile: HIGH }, resources: labelled('low') }],
    skip: [{ resources: labelled('low') }],
  });

export const logProfile: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: follows((tier) => ({
    Bucket: { Type: 'AWS::S3::Bucket', Properties: tier ? { Tags: [{ Key: 'palisade:tier', Value: tier }] } : {} },
  })),
  azure: follows((tier) => ({
    account: { type: 'azure-native:storage:StorageAccount', properties: tier ? { tags: { 'palisade:tier': tier } } : {} },
  })),
};
