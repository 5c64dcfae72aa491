/**
 * Sets of actions, kept as runs of numbers of known actions. `s3:*` is one run, all but one action are two: the cost follows
 * what was written, not the 22,000 actions that exist.
 */
import { actionCount, firstFrom, foldedOf, nameOf, numberOf, VERBS, type Verb, verbAt, verbOf } from './actions';
import { covers, foldText, hasHole, overlaps, patternOf, show } from './text';

/** `[from, to)` pairs, ascending, apart from each other. */
type Runs = readonly number[];

export interface ActionSet {
  readonly runs: Runs;
  /** Actions that the reference does not know: the set holds all of them but `others`, or only `others`. */
  readonly open: boolean;
  /** Folded names and patterns of unknown actions. */
  readonly others: readonly string[];
  /** Patterns of known actions: they cover unknown names as well, but by themselves count as the actions that are known. */
  readonly patterns: readonly string[];
}

const NO_ACTIONS: ActionSet = { runs: [], open: false, others: [], patterns: [] };

/** The actions that the entries of an `Action` element stand for. Holes are kept: what they stand for is covered only by themselves. */
export function actionSet(entries: readonly string[]): ActionSet {
  const runs: Runs[] = [];
  const others: string[] = [];
  const patterns: string[] = [];
  for (const entry of entries) {
    const folded = foldText(entry);
    if (folded === '*' || folded === '*:*') return everyAction();
    const found = runsOf(folded);
    if (found.length === 0) others.push(folded);
    else if (/[*?]/.test(folded)) patterns.push(folded);
    runs.push(found);
  }
  return { runs: runs.reduce<Runs>(union, []), open: false, others: unique(others), patterns: unique(patterns) };
}

const everyAction = (): ActionSet => ({ runs: [0, actionCount()], open: true, others: [], patterns: [] });

/** The actions that the entries of a `NotAction` element leave. */
export function actionsBut(entries: readonly string[]): ActionSet {
  const excepted = actionSet(entries);
  if (excepted.open) return NO_ACTIONS;
  return {
    runs: difference([0, actionCount()], excepted.runs),
    open: true,
    others: unique([...excepted.others, ...excepted.patterns]),
    patterns: [],
  };
}

export const isEmpty = (set: ActionSet): boolean => set.runs.length === 0 && !set.open && set.others.length === 0;

/** What is in `left` and not in `right`. */
export function minus(left: ActionSet, right: ActionSet): ActionSet {
  const runs = difference(left.runs, right.runs);
  return { runs, ...unknownMinus(left, right), patterns: left.patterns.filter((pattern) => runsMeet(runs, pattern)) };
}

function unknownMinus(left: ActionSet, right: ActionSet): Pick<ActionSet, 'open' | 'others'> {
  const held = [...right.others, ...right.patterns];
  if (left.open && right.open) return { open: false, others: right.others.filter((name) => !coveredBy(name, left.others)) };
  if (left.open) return { open: true, others: unique([...left.others, ...held]) };
  if (right.open) return { open: false, others: left.others.filter((name) => right.others.some((other) => meet(name, other))) };
  return { open: false, others: left.others.filter((name) => !coveredBy(name, held)) };
}

/** What may be in both. */
export function intersection(left: ActionSet, right: ActionSet): ActionSet {
  const runs = common(left.runs, right.runs);
  const shared = (finite: ActionSet, other: ActionSet) =>
    finite.others.filter((name) =>
      other.open ? !coveredBy(name, other.others) : [...other.others, ...other.patterns].some((entry) => meet(name, entry)),
    );
  if (left.open && right.open) return { runs, open: true, others: unique([...left.others, ...right.others]), patterns: [] };
  const others = unique([...(left.open ? [] : shared(left, right)), ...(right.open ? [] : shared(right, left))]);
  return { runs, open: false, others, patterns: [...left.patterns, ...right.patterns].filter((pattern) => runsMeet(runs, pattern)) };
}

/** Everything that is in one of them. */
export function together(left: ActionSet, right: ActionSet): ActionSet {
  const runs = union(left.runs, right.runs);
  const patterns = unique([...left.patterns, ...right.patterns]);
  if (!left.open && !right.open) return { runs, open: false, others: unique([...left.others, ...right.others]), patterns };
  const [wide, narrow] = left.open ? [left, right] : [right, left];
  const spared = narrow.open
    ? wide.others.filter((name) => narrow.others.some((other) => meet(name, other)))
    : wide.others.filter((name) => !coveredBy(name, [...narrow.others, ...narrow.patterns]));
  return { runs, open: true, others: spared, patterns };
}

/** Whether the action, by name in any case, is sure to be in the set. */
export function holds(set: ActionSet, action: string): boolean {
  const folded = action.toLowerCase();
  const number = numberOf(folded);
  if (number !== undefined) return within(set.runs, number);
  const listed = coveredBy(folded, set.open ? set.others : [...set.others, ...set.patterns]);
  return set.open ? !listed : listed;
}

/** The names of the actions, known ones as the reference writes them, at most `limit`. */
export function namesIn(set: ActionSet, limit = Number.POSITIVE_INFINITY): readonly string[] {
  const names: string[] = [];
  for (let i = 0; i < set.runs.length && names.length < limit; i += 2)
    for (let number = set.runs[i] ?? 0; number < (set.runs[i + 1] ?? 0) && names.length < limit; number += 1) names.push(nameOf(number));
  if (!set.open) names.push(...set.others.slice(0, Math.max(0, limit - names.length)).map(show));
  return names;
}

/** The services that the actions belong to, by their prefixes; undefined where any may be meant. */
export function servicesIn(set: ActionSet): readonly string[] | undefined {
  if (set.open) return undefined;
  const services = new Set(set.others.map((name) => show(name).replace(/:.*$/, '')));
  for (let i = 0; i < set.runs.length; i += 2)
    for (let number = set.runs[i] ?? 0; number < (set.runs[i + 1] ?? 0); number += 1) services.add(nameOf(number).replace(/:.*$/, ''));
  return [...services].sort();
}

/** What the actions mean, from the lightest to the heaviest; of an unknown action only its name tells. */
export function verbsIn(set: ActionSet): readonly Verb[] {
  const found = new Set<Verb>(set.open ? ['write'] : set.others.map(verbOf));
  for (let i = 0; i < set.runs.length; i += 2)
    for (let number = set.runs[i] ?? 0; number < (set.runs[i + 1] ?? 0) && found.size < VERBS.length; number += 1)
      found.add(verbAt(number));
  return VERBS.filter((verb) => found.has(verb));
}

/** Policies use the same few patterns again and again. */
const searched = new Map<string, Runs>();

function runsOf(folded: string): Runs {
  const known = searched.get(folded);
  if (known) return known;
  const runs = searchRuns(folded);
  searched.set(folded, runs);
  return runs;
}

function searchRuns(folded: string): Runs {
  if (hasHole(folded)) return [];
  const wildcard = folded.search(/[*?]/);
  if (wildcard < 0) {
    const number = numberOf(folded);
    return number === undefined ? [] : [number, number + 1];
  }
  const prefix = folded.slice(0, wildcard);
  const from = firstFrom(prefix);
  const to = firstFrom(`${prefix}\uFFFF`);
  if (folded.length === wildcard + 1 && folded.endsWith('*')) return from < to ? [from, to] : [];
  const runs: number[] = [];
  for (let number = from; number < to; number += 1) {
    if (!covers(folded, foldedOf(number))) continue;
    if (runs.at(-1) === number) runs[runs.length - 1] = number + 1;
    else runs.push(number, number + 1);
  }
  return runs;
}

const coveredBy = (name: string, entries: readonly string[]): boolean => entries.some((entry) => covers(patternOf(entry), patternOf(name)));
const meet = (left: string, right: string): boolean => overlaps(patternOf(left), patternOf(right));
const runsMeet = (runs: Runs, pattern: string): boolean => runs.length > 0 && meetIn(runs, runsOf(pattern)).next().done !== true;
const unique = (names: readonly string[]): readonly string[] => (names.length < 2 ? names : [...new Set(names)].sort());

function within(runs: Runs, number: number): boolean {
  for (let i = 0; i < runs.length; i += 2) if (number >= (runs[i] ?? 0) && number < (runs[i + 1] ?? 0)) return true;
  return false;
}

function union(left: Runs, right: Runs): Runs {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const pairs: [number, number][] = [];
  for (const runs of [left, right]) for (let i = 0; i < runs.length; i += 2) pairs.push([runs[i] ?? 0, runs[i + 1] ?? 0]);
  pairs.sort((a, b) => a[0] - b[0]);
  const joined: number[] = [];
  for (const [from, to] of pairs) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last) joined[joined.length - 1] = Math.max(last, to);
    else joined.push(from, to);
  }
  return joined;
}

const common = (left: Runs, right: Runs): Runs => (left === right ? left : [...meetIn(left, right)]);

/** Bounds of what is in both, one after the other. */
function* meetIn(left: Runs, right: Runs): Generator<number> {
  for (let l = 0, r = 0; l < left.length && r < right.length; ) {
    const [endOfLeft, endOfRight] = [left[l + 1] ?? 0, right[r + 1] ?? 0];
    const from = Math.max(left[l] ?? 0, right[r] ?? 0);
    const to = Math.min(endOfLeft, endOfRight);
    if (from < to) {
      yield from;
      yield to;
    }
    if (endOfLeft < endOfRight) l += 2;
    else r += 2;
  }
}

function difference(left: Runs, right: Runs): Runs {
  const rest: number[] = [];
  let r = 0;
  for (let l = 0; l < left.length; l += 2) {
    let from = left[l] ?? 0;
    const to = left[l + 1] ?? 0;
    while (r > 0 && (right[r - 1] ?? 0) > from) r -= 2;
    for (; r < right.length && (right[r] ?? 0) < to; r += 2) {
      const start = right[r] ?? 0;
      const end = right[r + 1] ?? 0;
      if (end <= from) continue;
      if (start > from) rest.push(from, start);
      from = Math.max(from, end);
      if (from >= to) break;
    }
    if (from < to) rest.push(from, to);
  }
  return rest;
}
