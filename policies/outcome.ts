/** Worst wins, in this order: error, fail, unknown, pass, not-applicable. */
export type Verdict = 'pass' | 'fail' | 'unknown' | 'not-applicable' | 'error';

/**
 * Who wrote what was seen: the author of the input; the SDK, which fills in defaults of its own before anything is deployed; or
 * nobody, so that what the service does by itself applies.
 */
export type Origin = 'author' | 'sdk' | 'nobody';

/** What a rule, or one part of it, found. `saw` is read only when somebody prints it. */
export interface Outcome {
  readonly verdict: Verdict;
  /** What was seen: `MinimumTlsVersion is "TLS1_0"`. For `unknown`: which value is missing. */
  readonly saw: string;
  /** Property path that decided, where there is one: `VersioningConfiguration.Status`. */
  readonly at?: string | undefined;
  /** Of the value that decided, where there is one; undefined where nobody can tell. */
  readonly origin?: Origin | undefined;
  /** What else failed beside it; only where every failure was asked for ({@link withEveryFailure}), and not the first. */
  readonly more?: readonly Outcome[] | undefined;
}

const PASS: Outcome = { verdict: 'pass', saw: '' };

/** Kept. */
export const pass = (saw?: string): Outcome => (saw === undefined ? PASS : { verdict: 'pass', saw });
/** A value of a resource, not necessarily of the one that is judged. */
interface Placed {
  readonly path: string;
  readonly origin: Origin | undefined;
}
/** Broken: say what was seen, and which property decided; the value itself, where it stands in another resource. */
export const fail = (saw: string, at?: string | Placed): Outcome =>
  typeof at === 'object' ? { verdict: 'fail', saw, at: at.path, origin: at.origin } : { verdict: 'fail', saw, at };
/** Cannot tell: say which value is missing. */
export const unknown = (missing: string, at?: string): Outcome => ({ verdict: 'unknown', saw: missing, at });
/** The rule has nothing to say about this resource. */
export const notApplicable = (why: string): Outcome => ({ verdict: 'not-applicable', saw: why });

/** All must pass: fail beats unknown beats pass. Parts that are not applicable do not count. */
export function allOf(...outcomes: readonly Outcome[]): Outcome {
  return every(outcomes, (outcome) => outcome);
}

/** One must pass: pass beats unknown beats fail. `otherwise` says what was seen when all fail. */
export function anyOf(outcomes: readonly Outcome[], otherwise?: string): Outcome {
  return some(outcomes, (outcome) => outcome, otherwise ?? 'none of the accepted forms');
}

/** Whether parts that fail are all looked for. One failure decides a verdict, so that a judgement stops at the first. */
let thorough = false;

/** Runs a judgement that does not stop at the first failure of {@link allOf} and {@link every}, but keeps the others beside it. */
export function withEveryFailure<T>(judgement: () => T): T {
  const outer = thorough;
  thorough = true;
  try {
    return judgement();
  } finally {
    thorough = outer;
  }
}

/** What failed, with all that failed beside it; nothing where it did not fail. */
export const failuresIn = (outcome: Outcome): readonly Outcome[] =>
  outcome.verdict === 'fail' || outcome.verdict === 'error' ? [outcome, ...(outcome.more ?? [])] : [];

/** The first as it is, with what failed beside it. */
export const together = (first: Outcome, more: readonly Outcome[]): Outcome => ({
  verdict: first.verdict,
  // Not before somebody prints it.
  get saw() {
    return first.saw;
  },
  at: first.at,
  origin: first.origin,
  more,
});

/** {@link allOf} over items, stopping at the first failure. No item at all passes. */
export function every<T>(items: Iterable<T>, check: (item: T) => Outcome): Outcome {
  let undecided: Outcome | undefined;
  let skipped: Outcome | undefined;
  let counted = false;
  let failed: Outcome[] | undefined;
  for (const item of items) {
    const outcome = check(item);
    if (outcome.verdict === 'fail' || outcome.verdict === 'error') {
      if (!thorough) return outcome;
      failed = [...(failed ?? []), ...failuresIn(outcome)];
    }
    if (outcome.verdict === 'unknown') undecided ??= outcome;
    if (outcome.verdict === 'not-applicable') skipped ??= outcome;
    else counted = true;
  }
  if (failed) return together(failed[0] as Outcome, failed.slice(1));
  return undecided ?? (!counted && skipped ? skipped : PASS);
}

const weight = (failed: Outcome | undefined): number => (failed?.origin === 'sdk' ? 2 : failed?.origin === 'author' ? 1 : 0);

/** {@link anyOf} over items, stopping at the first pass. No item at all fails with `none`, about the property `at`. */
export function some<T>(items: Iterable<T>, check: (item: T) => Outcome, none: string, at?: string): Outcome {
  let undecided: Outcome | undefined;
  let failed: Outcome | undefined;
  let failures = 0;
  for (const item of items) {
    const outcome = check(item);
    if (outcome.verdict === 'pass') return outcome;
    if (outcome.verdict === 'unknown') undecided ??= outcome;
    if (outcome.verdict === 'fail') {
      // Of several accepted forms that all fail, what somebody wrote decided, first of all the SDK: nobody knows of that.
      if (weight(outcome) >= weight(failed)) failed = outcome;
      failures += 1;
    }
  }
  if (undecided) return undecided;
  // What else is missing of a form that would be accepted is no failure of its own.
  if (failures === 1 && failed?.saw) return failed.more ? together(failed, []) : failed;
  return { ...fail(none, failed?.at ?? at), origin: failed?.origin };
}

/** Turns pass into fail and back; `saw` says what was seen when the premise holds. */
export function not(outcome: Outcome, saw: string): Outcome {
  if (outcome.verdict === 'pass') return fail(saw, outcome.at);
  if (outcome.verdict === 'fail') return PASS;
  return outcome;
}

/**
 * Judges only where the premise holds. Where the premise fails the rule is not applicable; where it is unknown, the
 * consequence decides only if it passes.
 */
export function when(premise: Outcome, then: () => Outcome, otherwise: () => Outcome = () => notApplicable(premise.saw)): Outcome {
  if (premise.verdict === 'pass') return then();
  if (premise.verdict === 'unknown') {
    const outcome = then();
    return outcome.verdict === 'pass' ? outcome : premise;
  }
  return otherwise();
}
