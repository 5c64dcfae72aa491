/** Filters that count what a log says: their patterns and what they count, compared by meaning. */

import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText } from '../reading';
import { type Compared, meaning, type Part, type Said } from './parts';
import { leavesThatDiffer, unordered } from './patterns';

/** Alternatives, each of which asks for all of its tests. */
type Alternatives = readonly (readonly string[])[];

const PATTERN = 'FilterPattern';
const COUNTS = 'MetricTransformations';

const looksFor: Compared = (before, after, words) => {
  const [was, is] = [asText(before[PATTERN]) ?? '', asText(after[PATTERN]) ?? ''];
  const [old, now] = [alternativesOf(was), alternativesOf(is)];
  const [wider, narrower] = [within(old, now), within(now, old)];
  if (wider && narrower) return [];
  const change = `${short(words.after(is))} instead of ${short(words.before(was))}`;
  if (wider) return [{ direction: 'stronger', words: 'what it looks for: more than before' }];
  if (narrower) return [{ direction: 'weaker', words: `what it looks for: less than before, ${change}` }];
  return [
    {
      direction: 'undecided',
      words: `what it looks for changes from ${short(words.before(was))} to ${short(words.after(is))}: read whether that is as much as before`,
    },
  ];
};

/** A pattern that looks for nothing in particular finds every line. */
const short = (text: string): string => (text.trim() === '' ? 'everything' : text.length > 120 ? `${text.slice(0, 117)}…` : text);

/** Whether the outer pattern finds whatever the inner one does. */
const within = (inner: Alternatives, outer: Alternatives): boolean =>
  inner.every((tests) => outer.some((fewer) => fewer.every((test) => tests.includes(test))));

/** What it counts, without what an empty period is filled up with and the name of the unit: neither hides a match. */
const counts: Compared = (before, after, words): readonly Said[] => {
  const [was, is] = [countsOf(before), countsOf(after)];
  if (unordered(was) === unordered(is)) return [];
  const isNothing = (value: readonly PlainMap[]) => value.length > 0 && value.every(({ MetricValue }) => Number(asText(MetricValue)) === 0);
  if (isNothing(is) && !isNothing(was))
    return [{ direction: 'weaker', words: 'what it counts: every match counts as nothing, and no alarm on it goes off' }];
  if (isNothing(was) && !isNothing(is)) return [{ direction: 'stronger', words: 'what it counts: matches count now' }];
  const change = leavesThatDiffer(was, is, words).join(', ');
  return [{ direction: 'undecided', words: `what it counts changes (${change}): read whether that is as much as before` }];
};

const countsOf = (properties: PlainMap): readonly PlainMap[] =>
  asList(properties[COUNTS]).map((item) => {
    const { DefaultValue: _filled, Unit: _unit, MetricValue, ...rest } = asMap(item);
    // A value may be a number or its text.
    return { ...rest, MetricValue: asText(MetricValue) ?? '' } as Record<string, Plain>;
  });

export const METRIC_FILTER: readonly Part[] = [meaning(PATTERN, looksFor), meaning(COUNTS, counts)];

// ── Patterns ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Read = { readonly or: readonly Read[] } | { readonly and: readonly Read[] } | string;

/** Quoted texts, regular expressions, brackets, `&&`, `||` and whatever else stands between them. */
const TOKEN = /"(?:\\.|[^"\\])*"|%[^%]*%|&&|\|\||[()]|[^\s"%()&|]+|[&|]|\s+|./gsu;

function alternativesOf(pattern: string): Alternatives {
  const inside = /^\s*\{(.*)\}\s*$/su.exec(pattern)?.[1];
  if (inside === undefined) return [pattern.trim() === '' ? [] : [pattern.trim().replaceAll(/\s+/g, ' ')]];
  const tokens = (inside.match(TOKEN) ?? []).filter((token) => token.trim() !== '');
  const read = either(tokens);
  // What is out of balance is compared as it is written.
  if (tokens.length > 0 || read === undefined) return [[inside.trim()]];
  const parts = typeof read === 'object' && 'or' in read ? read.or : [read];
  return parts.map((part) => (typeof part === 'object' && 'and' in part ? part.and.map(textOf) : [textOf(part)]));
}

const textOf = (read: Read): string =>
  typeof read === 'string'
    ? read
    : 'or' in read
      ? `(${read.or.map(textOf).sort().join(' || ')})`
      : `(${read.and.map(textOf).sort().join(' && ')})`;

/** Takes the tokens that it reads away. */
function either(tokens: string[]): Read | undefined {
  return joined(
    tokens,
    '||',
    both,
    (or) => ({ or }),
    (part) => (typeof part === 'object' && 'or' in part ? part.or : [part]),
  );
}
function both(tokens: string[]): Read | undefined {
  return joined(
    tokens,
    '&&',
    single,
    (and) => ({ and }),
    (part) => (typeof part === 'object' && 'and' in part ? part.and : [part]),
  );
}

function joined(
  tokens: string[],
  by: '||' | '&&',
  next: (tokens: string[]) => Read | undefined,
  whole: (parts: readonly Read[]) => Read,
  partsOf: (part: Read) => readonly Read[],
): Read | undefined {
  const parts: Read[] = [];
  do {
    if (parts.length > 0) tokens.shift();
    const part = next(tokens);
    if (part === undefined) return undefined;
    parts.push(...partsOf(part));
  } while (tokens[0] === by);
  return parts.length === 1 ? parts[0] : whole(parts);
}

function single(tokens: string[]): Read | undefined {
  if (tokens[0] === '(') {
    tokens.shift();
    const inside = either(tokens);
    return inside !== undefined && tokens.shift() === ')' ? inside : undefined;
  }
  const words: string[] = [];
  while (tokens[0] !== undefined && !/^(&&|\|\||[()])$/.test(tokens[0])) words.push(tokens.shift() as string);
  return words.length === 0 ? undefined : words.join(' ').replaceAll(/ ?(!=|<=|>=|=|<|>) ?/g, ' $1 ');
}
