import type { ControlId } from '../controls';
import type { Gap, PerCloud, RuleSpec } from './rule';

export type Specs = { readonly [Id in ControlId]?: PerCloud };
type Entry = RuleSpec | readonly RuleSpec[] | Gap;

/** Puts the rules of several files together: where two of them judge one control on one cloud, all of their rules stand. */
export function merged(...parts: readonly Specs[]): Specs {
  const all = new Map<ControlId, PerCloud>();
  for (const part of parts)
    for (const [id, entry] of Object.entries(part) as [ControlId, PerCloud][]) {
      const before = all.get(id) ?? {};
      const both: { aws?: Entry; azure?: Entry } = { ...before };
      for (const cloud of ['aws', 'azure'] as const) {
        const added = entry[cloud];
        if (added) both[cloud] = joined(before[cloud], added);
      }
      all.set(id, both);
    }
  return Object.fromEntries(all) as Specs;
}

/** Rules win over a gap: what can be judged somewhere is judged. */
function joined(before: Entry | undefined, added: Entry): Entry {
  if (before === undefined || 'gap' in before) return added;
  if ('gap' in added) return before;
  return [...listOf(before), ...listOf(added)];
}

const listOf = (entry: RuleSpec | readonly RuleSpec[]): readonly RuleSpec[] =>
  Array.isArray(entry) ? (entry as readonly RuleSpec[]) : [entry as RuleSpec];
