import type { App } from 'aws-cdk-lib';
import type { SecureStack } from '../../constructs/aws';
import { METADATA_KEY } from '../../constructs/contract';
import { evaluate } from '../../policies/evaluate';
import { gatherConstructs } from '../../policies/gather/constructs';
import type { Family } from '../../policies/rule';
import { RULE_FAMILIES } from '../../policies/rules';
import { CHECK_DAY } from './relaxation';

/** Ids of the rules of a family that an app breaks, waived ones left out. */
export function brokenRules(stack: SecureStack, family: Family): readonly string[] {
  // Synthesis would write the profile, and cost ten times as much as judging.
  stack.templateOptions.metadata = { [METADATA_KEY]: { profile: stack.profile.profile } };
  const { graph, waivers } = gatherConstructs(stack.node.root as App);
  const rules = RULE_FAMILIES.filter((each) => each.family === family).flatMap((each) => each.rules);
  const { findings } = evaluate(graph, { rules, waivers, today: new Date(CHECK_DAY) });
  return [...new Set(findings.filter(({ verdict, waiver }) => verdict === 'fail' && !waiver).map(({ rule }) => rule))].sort();
}
