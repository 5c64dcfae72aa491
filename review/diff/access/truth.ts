/**
 * Three-valued truth: yes, no, or the list of what would have to be known to say. An unknown never turns into one of the
 * other two by being combined: only a yes or a no that decides by itself does that.
 */

/** True, false, or what is missing (never an empty list). */
export type Truth = boolean | readonly string[];

export const isUnknown = (truth: Truth): truth is readonly string[] => typeof truth !== 'boolean';

/** What is missing; nothing where the truth is known. */
export const missingOf = (truth: Truth): readonly string[] => (isUnknown(truth) ? truth : []);

export const not = (truth: Truth): Truth => (isUnknown(truth) ? truth : !truth);

/** Yes when all are yes; no as soon as one is no. */
export const allOf = (truths: Iterable<Truth>): Truth => decide(truths, false);

/** Yes as soon as one is yes; no when all are no. */
export const anyOf = (truths: Iterable<Truth>): Truth => decide(truths, true);

function decide(truths: Iterable<Truth>, decisive: boolean): Truth {
  const missing = new Set<string>();
  for (const truth of truths) {
    if (truth === decisive) return decisive;
    if (isUnknown(truth)) for (const what of truth) missing.add(what);
  }
  return missing.size > 0 ? [...missing] : !decisive;
}
