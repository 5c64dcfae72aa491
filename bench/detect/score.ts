import type { Expectation } from './corpus';
import type { Found, Judged } from './judge';
import { meaningOf } from './map';

/** How an expectation came out. */
export type Score =
  /** Expected to fail, and it does: on a resource that the corpus names, or somewhere else in the template. */
  | 'found'
  | 'elsewhere'
  /** Expected to fail, and the value that decides is known only on deployment: said so, never counted as clean. */
  | 'cannot tell'
  | 'missed'
  /** Expected to pass, and nothing is said. */
  | 'quiet'
  | 'false alarm'
  /** Not one of ours to keep. */
  | 'out of scope'
  /** Nobody has said yet what the rule means to us. */
  | 'unmapped'
  /** Refused with a line that says why. */
  | 'refused';

export interface Scored {
  readonly expectation: Expectation;
  readonly score: Score;
  /** The finding that cried wolf, or the line with which the template was refused. */
  readonly because?: string;
}

/** Scores what our own pack said against what the corpus expects. */
export function score(expectation: Expectation, judged: Judged): Scored {
  const meaning = meaningOf(expectation.corpus, expectation.rule_id);
  if (meaning === undefined) return { expectation, score: 'unmapped' };
  if ('outOfScope' in meaning) return { expectation, score: 'out of scope', because: meaning.outOfScope };
  if ('refused' in judged) return { expectation, score: 'refused', because: judged.refused };
  const meant = judged.found.filter(({ control }) => meaning.controls.some((id) => id === control));
  const failing = meant.filter(({ verdict }) => verdict === 'fail');
  const named = failing.filter(({ resource }) => expectation.expected_resources.includes(resource));
  if (expectation.expected === 'pass') {
    const said = expectation.granularity === 'resource' ? named : failing;
    const alarm = said.find(({ message }) => meaning.about?.test(message) ?? true);
    return alarm ? { expectation, score: 'false alarm', because: words(alarm) } : { expectation, score: 'quiet' };
  }
  if (named.length > 0 || (failing.length > 0 && expectation.expected_resources.length === 0)) return { expectation, score: 'found' };
  const [other = meant.find(({ verdict }) => verdict === 'unknown')] = failing;
  if (other === undefined) return { expectation, score: 'missed' };
  return { expectation, score: other.verdict === 'fail' ? 'elsewhere' : 'cannot tell', because: words(other) };
}

const words = ({ rule, resource, message }: Found): string => `${rule} on ${resource}: ${message}`;

/** Whether a judge without a map says anything at all of what the corpus names. A generous measure, the same for both. */
export function saysAnything({ expected_resources, granularity }: Expectation, judged: Judged): boolean {
  if ('refused' in judged) return false;
  const failing = judged.found.filter(({ verdict }) => verdict === 'fail');
  return expected_resources.length > 0 && granularity === 'resource'
    ? failing.some(({ resource }) => expected_resources.includes(resource))
    : failing.some(({ resource }) => expected_resources.length === 0 || expected_resources.includes(resource));
}

export interface Tally {
  readonly expected: number;
  readonly found: number;
  readonly cannotTell: number;
  readonly quiet: number;
  readonly alarms: number;
}

/** Counts of what is in scope and could be read. */
export function tally(scored: readonly Scored[]): Tally {
  const count = (...wanted: Score[]) => scored.filter((each) => wanted.includes(each.score)).length;
  return {
    expected: count('found', 'elsewhere', 'cannot tell', 'missed'),
    found: count('found', 'elsewhere'),
    cannotTell: count('cannot tell'),
    quiet: count('quiet'),
    alarms: count('false alarm'),
  };
}
