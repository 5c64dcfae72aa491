import type { App } from 'aws-cdk-lib';
import type { SecureStack } from '../../constructs/aws';
import type { Tier } from '../../controls';
import { evaluate } from '../../policies/evaluate';
import { gatherConstructs } from '../../policies/gather/constructs';
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
