import type { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import * as aws from '../constructs/aws';
import { type Claims, reaches } from '../constructs/contract';
import { TIERS } from '../controls';
import { evaluate } from '../policies/evaluate';
import type { Finding } from '../policies/finding';
import { gatherConstructs } from '../policies/gather/constructs';
import { RULES } from '../policies/rules';
import { LEAST, stackOf } from './support/aws-constructs';

const AWS_RULES = RULES.filter(({ cloud }) => cloud === 'aws');
const PROMISES = Object.entries(aws).flatMap(([name, value]) => {
  const { claims } = value as { claims?: Claims };
  return claims ? [{ name, claims: claims.claims }] : [];
});
const words = ({ rule, resource, verdict, message }: Finding) => `${rule} on ${resource.logicalId}: ${verdict} ${message}`;

/** Constructs and rules never saw each other: what one claims, the other has to find. */
describe.each(TIERS)('claims at tier %s, with the least props', (tier) => {
  it.each(PROMISES)('of $name are kept, each on a resource that shows it', ({ name, claims }) => {
    const stack = stackOf(tier);
    const app = stack.node.root as App;
    // A stack is its own subject, and brings its profile.
    if (name !== 'SecureStack') LEAST[name]?.(stack, name);
    app.synth();
    const { graph } = gatherConstructs(app);
    const { findings, tiers } = evaluate(graph, { rules: AWS_RULES, passes: true });
    expect([...tiers.values()].every((unit) => unit.declared && unit.tier === tier)).toBe(true);
    expect(findings.filter(({ verdict }) => verdict !== 'pass').map(words)).toEqual([]);

    const passed = new Set(findings.filter(({ verdict }) => verdict === 'pass').map(({ control }) => control));
    const due = claims.filter(({ from = 'low' }) => reaches(tier, from)).map(({ control }) => control);
    expect(due.filter((control) => !passed.has(control))).toEqual([]);
  });
});
