import { CONTROLS, type ControlId } from '../controls';
import type { Cloud } from './resource';
import type { Rule } from './rule';
import { RULE_FAMILIES, RULES } from './rules';

/** What stands behind one control on one cloud: rules, or a stated reason why there is none. */
export interface Coverage {
  readonly rules: readonly Rule[];
  /** Why no rule decides it, or what the rules leave out. */
  readonly gaps: readonly string[];
}

/** Reason for controls that no rendered resource shows; they need evidence of another kind. */
const ELSEWHERE = {
  runtime: 'shown by the running system, not by its definition',
  diff: 'shown by comparing two versions (palisade review)',
  record: 'shown by a record: attest it in palisade.yaml',
} as const;

/** Controls that no resource keeps or breaks: Palisade itself does. */
const KEPT_BY_PALISADE: { readonly [Id in ControlId]?: string } = {
  'GOV-01': 'kept by the catalogue: its own tests refuse an incomplete one',
  'GOV-03': 'kept by the register of waivers: an exception without its fields, or past its end, does not count',
  'GOV-04': 'kept by the register of waivers: an exception covers exactly one resource',
  'SDC-03': 'kept by palisade check and the packs: a finding at the gate fails the synthesis',
};

/** Computes the coverage of a control; never stored, so that it cannot disagree with the rules. */
export function coverageOf(control: ControlId, cloud: Cloud): Coverage {
  const rules = RULES.filter((rule) => rule.control === control && rule.cloud === cloud);
  const gaps = RULE_FAMILIES.flatMap(({ gaps }) =>
    gaps.filter((gap) => gap.control === control && gap.cloud === cloud).map(({ why }) => why),
  );
  if (rules.length > 0 || gaps.length > 0) return { rules, gaps };
  const { kind, only, verified } = CONTROLS[control];
  if (only && only !== cloud) return { rules, gaps: [`only ${only === 'aws' ? 'AWS' : 'Azure'} has the mechanism`] };
  if (kind === 'procedural') return { rules, gaps: [ELSEWHERE.record] };
  const kept = KEPT_BY_PALISADE[control];
  if (kept) return { rules, gaps: [kept] };
  return { rules, gaps: verified === 'synth' ? [] : [ELSEWHERE[verified]] };
}
