/** Attributes that a load balancer, listener or target group carries as a list of keys and values. */
import { fail, type Outcome, pass } from '../outcome';
import type { Value } from '../value';

/**
 * Judges the attribute `key` of a list. `otherwise` is what the service does where the list does not name it: `undefined`
 * where that is fine, else the sentence that says why not.
 */
export function attribute(list: Value, key: string, judge: (value: Value) => Outcome, otherwise?: string): Outcome {
  const entries = list.items();
  const found = entries.find((entry) => entry.at('Key').string === key);
  if (found) {
    const outcome = judge(found.at('Value'));
    // The path of a list entry says nothing to the reader; the key does.
    return outcome.verdict === 'fail' ? fail(`${key} ${saying(found.at('Value'))}`, found.at('Value').path) : outcome;
  }
  const open = entries.find((entry) => entry.state === 'unknown' || entry.at('Key').state === 'unknown');
  if (open) return open.asUnknown();
  return otherwise === undefined ? pass() : fail(`${key} is not set: ${otherwise}`, list.path);
}

const saying = (value: Value): string => value.describe().slice(value.path.length + 1);
