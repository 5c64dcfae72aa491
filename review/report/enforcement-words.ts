/** Per control, what enforces it no longer and what newly does: the same words in every report. */
import type { ReviewControl } from '../schema-review';

/** Names in one line; the JSON report holds all. */
const MOST_NAMES = 4;

/** `no longer ENC-03.object-storage on the bucket Records; newly …`; empty where the same resources keep it by the same rules. */
export function enforcementWords({ enforcedBy }: ReviewControl): string {
  return enforcedBy
    .flatMap(({ after, before, rule }) => [
      ...said('no longer', rule, without(before, after), after.length === 0),
      ...said('newly', rule, without(after, before), false),
    ])
    .join('; ');
}

function said(what: string, rule: string, names: readonly string[], isLast: boolean): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  const listed = `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return [`${what} ${rule} on ${listed}${isLast ? ', the last' : ''}`];
}

/** What stands in the first list more often than in the second. */
function without(names: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>();
  for (const name of others) left.set(name, (left.get(name) ?? 0) + 1);
  return names.filter((name) => {
    const count = left.get(name) ?? 0;
    left.set(name, count - 1);
    return count <= 0;
  });
}
