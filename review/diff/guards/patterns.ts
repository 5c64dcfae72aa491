/** Patterns of events, compared by what they match. */

import { canonical, leavesOf, type Plain, type PlainMap } from '../plain';
import { asList, asMap } from '../reading';
import type { InWords, Said } from './parts';

/** What is told where a pattern matches more, less, or something else. */
export function patterns(
  what: string,
  was: Plain | undefined,
  is: Plain | undefined,
  words: { readonly before: InWords; readonly after: InWords },
): readonly Said[] {
  const [old, now] = [parsed(was), parsed(is)];
  const [wider, narrower] = [matchesAll(old, now), matchesAll(now, old)];
  if (wider && narrower) return [];
  if (wider) return [{ direction: 'stronger', words: `${what}: more than before` }];
  const changed = differences(old, now, words).join(', ');
  if (narrower) return [{ direction: 'weaker', words: `${what}: only ${changed}` }];
  return [{ direction: 'undecided', words: `${what} changes (${changed}): read whether that is as much as before` }];
}

function parsed(value: Plain | undefined): Plain {
  if (typeof value !== 'string') return value ?? {};
  try {
    return JSON.parse(value) as Plain;
  } catch {
    return value;
  }
}

// ── Meaning ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether the wider pattern matches whatever the narrower matches: it asks for less, or allows more values. */
function matchesAll(narrower: Plain, wider: Plain): boolean {
  if (Array.isArray(wider)) {
    const values = wider as readonly Plain[];
    return Array.isArray(narrower) && (narrower as readonly Plain[]).every((value) => values.some((one) => admits(one, value)));
  }
  if (typeof wider !== 'object' || wider === null) return canonical(narrower) === canonical(wider);
  return Object.entries(asMap(wider)).every(([key, value]) => {
    const other = asMap(narrower)[key];
    // Alternatives of whole patterns: only the same are known to be the same.
    return other !== undefined && (key === '$or' ? sorted(other) === sorted(value) : matchesAll(other, value));
  });
}
const sorted = (value: Plain): string => asList(value).map(canonical).sort().join();

/** Whether one test of a value lets everything pass that another one does. */
function admits(wider: Plain, narrower: Plain): boolean {
  if (canonical(wider) === canonical(narrower)) return true;
  if (typeof wider !== 'object' || wider === null) return false;
  const [[how, asked] = ['', null]] = Object.entries(asMap(wider));
  const test = asMap(narrower);
  const value = typeof narrower === 'object' ? undefined : narrower;
  switch (how) {
    case 'prefix':
    case 'suffix': {
      if (typeof asked !== 'string') return false;
      const text = typeof value === 'string' ? value : test[how];
      return typeof text === 'string' && (how === 'prefix' ? text.startsWith(asked) : text.endsWith(asked));
    }
    case 'equals-ignore-case':
      return typeof asked === 'string' && typeof value === 'string' && value.toLowerCase() === asked.toLowerCase();
    case 'wildcard':
      return typeof asked === 'string' && typeof value === 'string' && globbed(asked).test(value);
    case 'exists':
      return asked === true && test.exists !== false;
    case 'numeric': {
      const [outer, inner] = [rangeOf(asked), typeof value === 'number' ? rangeOf(['=', value]) : rangeOf(test.numeric)];
      return outer !== undefined && inner !== undefined && holds(outer, inner);
    }
    case 'anything-but': {
      const not = namesOf(asked);
      if (not === undefined) return false;
      if (value !== undefined) return value !== null && !not.includes(String(value));
      const theirs = namesOf(test['anything-but']);
      return theirs !== undefined && not.every((one) => theirs.includes(one));
    }
    default:
      return false;
  }
}

/** Undefined where it leaves out more than single values. */
const namesOf = (value: Plain | undefined): readonly string[] | undefined =>
  value === undefined || asList(value).some((one) => typeof one === 'object') ? undefined : asList(value).map(String);
const globbed = (pattern: string): RegExp => new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');

interface Range {
  readonly from: readonly [limit: number, open: boolean];
  readonly to: readonly [limit: number, open: boolean];
}
/** `[">=", 4, "<", 7]`; numbers may be written as texts. */
function rangeOf(value: Plain | undefined): Range | undefined {
  const parts = asList(value);
  let range: Range = { from: [Number.NEGATIVE_INFINITY, true], to: [Number.POSITIVE_INFINITY, true] };
  if (parts.length === 0 || parts.length % 2 === 1) return undefined;
  for (let at = 0; at < parts.length; at += 2) {
    const [sign, limit] = [String(parts[at]), Number(parts[at + 1])];
    if (Number.isNaN(limit) || !/^([<>]=?|=)$/.test(sign)) return undefined;
    if (sign !== '<' && sign !== '<=') range = { ...range, from: [limit, sign === '>'] };
    if (sign !== '>' && sign !== '>=') range = { ...range, to: [limit, sign === '<'] };
  }
  return range;
}
const holds = (outer: Range, inner: Range): boolean =>
  (inner.from[0] > outer.from[0] || (inner.from[0] === outer.from[0] && (inner.from[1] || !outer.from[1]))) &&
  (inner.to[0] < outer.to[0] || (inner.to[0] === outer.to[0] && (inner.to[1] || !outer.to[1])));

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Words = { readonly before: InWords; readonly after: InWords };

/** What differs, field by field: `severity >= 7 (before >= 4)`. */
function differences(was: Plain, is: Plain, words: Words): readonly string[] {
  const [old, now] = [new Map(fieldsOf(was, words.before)), new Map(fieldsOf(is, words.after))];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter((field) => old.get(field) !== now.get(field)).sort();
  return few(changed.map((field) => `${field} ${now.get(field) ?? 'anything'} (before ${old.get(field) ?? 'anything'})`));
}

function* fieldsOf(value: Plain, words: InWords, path = ''): Iterable<readonly [field: string, words: string]> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && path !== '$or')
    for (const [key, inner] of Object.entries(value as PlainMap)) yield* fieldsOf(inner, words, path === '' ? key : `${path}.${key}`);
  else
    yield [
      path,
      asList(value)
        .map((one) => valueWords(one, words))
        .sort()
        .join(' or '),
    ];
}

function valueWords(value: Plain, words: InWords): string {
  if (typeof value !== 'object' || value === null) return words(String(value));
  return Object.entries(asMap(value))
    .map(([how, asked]) => {
      const said = asList(asked)
        .map((one) =>
          typeof one === 'object' ? [...leavesOf(one)].map(([path, leaf]) => `${path} ${leaf}`).join(' ') : words(String(one)),
        )
        .join(' ');
      return how === 'numeric' ? said : how === 'exists' ? (asked === true ? 'there' : 'not there') : `${how} ${said}`;
    })
    .join(' and ');
}

/** Three, and how many more. */
export const few = (items: readonly string[]): readonly string[] =>
  items.length > 3 ? [...items.slice(0, 3), `and ${items.length - 3} more`] : items;

/** What differs of two states that nobody compares by meaning, leaf by leaf. */
export function leavesThatDiffer(was: Plain | undefined, is: Plain | undefined, words: Words): readonly string[] {
  const leaves = (value: Plain | undefined, said: InWords) =>
    new Map(value === undefined ? [] : [...leavesOf(value)].map(([path, leaf]) => [path, said(leaf.replaceAll(/^"|"$/g, ''))] as const));
  const [old, now] = [leaves(was, words.before), leaves(is, words.after)];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter((path) => old.get(path) !== now.get(path)).sort();
  return few(
    changed.map((path) => `${path === '' ? '' : `${path}: `}${now.get(path) ?? 'nothing'} instead of ${old.get(path) ?? 'nothing'}`),
  );
}

/** One text for what means the same where order does not count. */
export function unordered(value: Plain): string {
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(unordered).sort().join()}]`;
  if (typeof value !== 'object' || value === null) return canonical(value);
  const map = value as PlainMap;
  return `{${Object.keys(map)
    .sort()
    .map((key) => `${key}:${unordered(map[key] as Plain)}`)
    .join()}}`;
}
