/** The engine, for those who gather or report themselves. Loads no cloud SDK. */
export { type EvaluateOptions, type Evaluation, evaluate, judge, type UnitTier } from './evaluate';
export type { Finding } from './finding';
export { Graph, UNIT } from './graph';
export type { SdkDefaults } from './holder';
export { type Node, PLAIN_SCOPE, Reference, type Scope, Secret, Text, Unresolved, Worlds } from './node';
export {
  allOf,
  anyOf,
  every,
  fail,
  not,
  notApplicable,
  type Origin,
  type Outcome,
  pass,
  some,
  unknown,
  type Verdict,
  when,
} from './outcome';
export { type Cloud, type Location, Resource, type ResourceInit, type Unit } from './resource';
export { type Example, FAMILIES, type Family, gap, type Rule, type RuleContext, type RuleSpec, rule, rulesOf } from './rule';
export { RULE_FAMILIES, RULES } from './rules';
export { Value, type ValueState } from './value';
export { type DeclaredWaiver, type Waiver, type WaiverNote, WaiverRegister } from './waiver';
