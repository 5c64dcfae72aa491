/** What a path tells already is not told again by each rule that it breaks. */
import type { ControlId } from '../../../controls';
import { append } from '../../../policies/collect';
import { joined } from '../folding';
import type { Told } from '../side';

/** A change, with what else it speaks of. */
export interface Consequence extends Told {
  /** Identities of everything on the path, besides the subject. */
  readonly along: readonly string[];
  /** Controls whose matter the sentence tells. */
  readonly tells: readonly ControlId[];
  /** It opens by a policy: where access says who may do what by it, that is the same. */
  readonly policy: boolean;
  /** It says more than who may do what: by which door. */
  readonly speaks?: boolean;
  /** Where in its subject, where one subject is told of in several places. */
  readonly at?: string;
}

const isConsequence = (change: Told): change is Consequence => 'along' in change;

/**
 * Makes lines of the rules evidence of the path that says the same: of a line whose subject is on the path, and all of whose
 * controls belong to what the path tells. Nothing is lost by it: the rules stay as evidence, a line that blocks makes the path block,
 * and the graver severity counts. A rule that speaks of something else besides stays a line of its own.
 */
export function toldByPaths(changes: readonly Told[]): readonly Told[] {
  return byRules(byAccess(changes));
}

/** What access says of everyone, and of the same thing, tells the path by its policy. */
function byAccess(changes: readonly Told[]): readonly Told[] {
  const everyone = new Map<string, number[]>();
  for (const [at, { aspect, direction, subject, topic }] of changes.entries())
    if (aspect === 'access' && topic.startsWith('access resource everyone')) append(everyone, `${direction} ${subject}`, at);
  const merged = [...changes];
  const gone = new Set<number>();
  for (const [at, change] of changes.entries()) {
    if (!isConsequence(change) || !change.policy) continue;
    const tellers = [change.subject, ...change.along].flatMap((one) => everyone.get(`${change.direction} ${one}`) ?? []);
    const left = tellers.filter((teller) => !gone.has(teller));
    const last = left[left.length - 1];
    if (last === undefined) continue;
    const { along, speaks, tells } = change;
    // By which door somebody comes in says more than that everybody may.
    const [head, folded] = speaks ? [at, left] : [last, [at]];
    const whole = folded.reduce((sum, one) => joined(sum, merged[one] as Told), merged[head] as Told);
    merged[head] = { ...whole, along, tells, policy: false } as Consequence;
    for (const one of folded) gone.add(one);
  }
  return merged.filter((_, at) => !gone.has(at));
}

function byRules(changes: readonly Told[]): readonly Told[] {
  const paths = changes.filter(isConsequence);
  const bySubject = new Map<string, number[]>();
  for (const [at, { along, direction, subject }] of paths.entries())
    for (const one of new Set([subject, ...along])) {
      const key = `${direction} ${one}`;
      bySubject.set(key, [...(bySubject.get(key) ?? []), at]);
    }
  const merged: Told[] = paths.map(({ along, at, policy: _policy, speaks: _speaks, tells: _tells, ...told }) => ({
    ...told,
    causes: [{ resource: told.subject, ...(at === undefined ? {} : { path: at }) }, ...along.map((resource) => ({ resource }))],
  }));
  const rest = changes.filter((change) => {
    if (isConsequence(change)) return false;
    const at = bySubject.get(`${change.direction} ${change.subject}`)?.find((one) => isToldBy(paths[one] as Consequence, change));
    if (at === undefined) return true;
    merged[at] = joined(merged[at] as Told, change);
    return false;
  });
  return [...merged, ...rest];
}

function isToldBy(path: Consequence, change: Told): boolean {
  // What stands on the path and goes, or is shared, is how the path came about.
  if (/^(guard|grant|strength) /.test(change.topic))
    return change.subject !== path.subject && (change.boundary ?? path.boundary) === path.boundary;
  const controls = controlsOf(change);
  return controls.length > 0 && controls.every((control) => path.tells.includes(control));
}

/** Controls of a line that only rules speak of. */
function controlsOf({ control, evidence }: Told): readonly ControlId[] {
  if (control === undefined || evidence.some(({ rule }) => rule === undefined)) return [];
  return [...new Set(evidence.map(({ rule = '' }) => rule.slice(0, rule.indexOf('.')) as ControlId))];
}
