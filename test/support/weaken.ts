import type { App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { expect } from 'vitest';
import type { SecureStack } from '../../constructs/aws';
import type { Tier } from '../../controls';
import { evaluate } from '../../policies/evaluate';
import { gatherConstructs } from '../../policies/gather/constructs';
import type { Rule } from '../../policies/rule';
import { RULES } from '../../policies/rules';
import { stackOf } from './aws-constructs';

const AWS_RULES = RULES.filter(({ cloud }) => cloud === 'aws');

/** Ids of the rules of AWS that fail in the live tree of a stack. */
export const failingRules = (stack: SecureStack): readonly string[] => {
  const { graph } = gatherConstructs(stack.node.root as App);
  // The profile reaches the template when it is synthesised; here the tree is judged before.
  const { findings } = evaluate(graph, { rules: AWS_RULES, tier: stack.profile.tier });
  return [...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule))].sort();
};

/** Ids of the rules that fail once `weaken` has been at what `build` made, and did not fail before. */
export function brokenBy(tier: Tier, build: (stack: SecureStack) => void, weaken: (stack: SecureStack) => void): readonly string[] {
  const stack = stackOf(tier);
  build(stack);
  const before = failingRules(stack);
  weaken(stack);
  return failingRules(stack).filter((rule) => !before.includes(rule));
}

/** What the rules of a family find in the stack, synthesised. */
export function failuresOf(
  stack: SecureStack,
  { rules }: { readonly rules: readonly Rule[] },
): readonly { readonly rule: string; readonly path: string }[] {
  const app = stack.node.root as App;
  app.synth();
  const { findings } = evaluate(gatherConstructs(app).graph, { rules });
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ rule, resource }) => ({ rule, path: resource.path ?? '' }));
}

/** Makes one construct for each way to weaken it, synthesises once, and expects the rule of the family to name each of them. */
export const expectNamedBy =
  (family: { readonly rules: readonly Rule[] }) =>
  <C extends IConstruct>(
    make: (stack: SecureStack, id: string) => C,
    ways: readonly (readonly [rule: string, weaken: (construct: C) => unknown])[],
  ): void => {
    const stack = stackOf('high');
    for (const [index, [, weaken]] of ways.entries()) weaken(make(stack, `Weak${index}`));
    const failures = failuresOf(stack, family);
    for (const [index, [rule]] of ways.entries())
      expect(failures.filter(({ path }) => path.includes(`/Weak${index}`)).map((failure) => failure.rule)).toContain(rule);
  };
