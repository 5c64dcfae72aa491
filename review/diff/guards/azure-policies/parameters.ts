/** Parameters of policies: what they stand for, and what another value of them means where the policy itself is not at hand. */
import { canonical, type Plain, type PlainMap } from '../../plain';
import { asList, asMap } from '../../reading';
import type { Said } from '../parts';

/** Values by name in lower case, as the service takes them. */
export type Values = ReadonlyMap<string, Plain>;

/** What assignments and entries of sets give: `{ name: { value } }`. */
export const givenIn = (parameters: Plain | undefined): Values => entriesOf(parameters, 'value');
/** What definitions and sets have where nobody gives anything. */
export const defaultsIn = (parameters: Plain | undefined): Values => entriesOf(parameters, 'defaultValue');

const entriesOf = (parameters: Plain | undefined, key: string): Values =>
  new Map(
    Object.entries(asMap(parameters)).flatMap(([name, entry]) => {
      const value = asMap(entry as Plain)[key];
      return value === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );

const WHOLE = /^\[parameters\('([^']+)'\)\]$/i;
const INSIDE = /parameters\('([^']+)'\)/gi;

/** With parameters replaced by what they stand for, as far as that is known. */
export function filled(value: Plain, values: Values): Plain {
  if (typeof value === 'string') {
    const [, name] = WHOLE.exec(value) ?? [];
    if (name !== undefined) return values.get(name.toLowerCase()) ?? value;
    if (!value.startsWith('[')) return value;
    return value.replaceAll(INSIDE, (whole, inner: string) => {
      const known = values.get(inner.toLowerCase());
      return known === undefined ? whole : canonical(known);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Plain[]).map((item) => filled(item, values));
  return Object.fromEntries(Object.entries(value as PlainMap).map(([key, inner]) => [key, filled(inner, values)]));
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** `listOfAllowedLocations` as people read it. */
export const inWords = (name: string): string =>
  name
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/\b[A-Z][a-z]/g, (start) => start.toLowerCase());

/** What more of a parameter means, by the words that its name is made of: policies are named by what they ask. */
const MORE: readonly (readonly [name: RegExp, more: 'weaker' | 'stronger'])[] = [
  [/not allowed|denied|disallowed|forbidden|blocked|prohibited/, 'stronger'],
  [/exclu|exempt|except|ignored?\b|skip|\ballow|permitted|approved|\bmax/, 'weaker'],
  [/\bmin|required|mandatory|retention/, 'stronger'],
];
const moreOf = (name: string): 'weaker' | 'stronger' | undefined => MORE.find(([words]) => words.test(inWords(name).toLowerCase()))?.[1];

const opposite = { weaker: 'stronger', stronger: 'weaker' } as const;

/** One parameter with another value, of a policy of which only the name of the parameter is known. */
export function valueChange(name: string, before: Plain | undefined, after: Plain | undefined): readonly Said[] {
  if (sameValue(before, after)) return [];
  const more = moreOf(name);
  const what = inWords(name);
  if (more !== undefined && Array.isArray(before) && Array.isArray(after)) return listChange(what, before, after, more);
  const [old, now] = [numberIn(before), numberIn(after)];
  if (more !== undefined && old !== undefined && now !== undefined)
    return [{ direction: now > old ? more : opposite[more], words: `${what}: ${now} instead of ${old}` }];
  return [
    { direction: 'undecided', words: `${what}: ${shown(after)} instead of ${shown(before)}: read whether that is as much as before` },
  ];
}

const setOf = (value: readonly Plain[]): ReadonlyMap<string, Plain> => new Map(value.map((item) => [canonical(item).toLowerCase(), item]));
export const sameValue = (before: Plain | undefined, after: Plain | undefined): boolean =>
  before === after || (before !== undefined && after !== undefined && textOf(before) === textOf(after));
const textOf = (value: Plain): string =>
  Array.isArray(value) ? [...setOf(value as readonly Plain[]).keys()].sort().join() : canonical(value).toLowerCase();

export function listChange(what: string, before: readonly Plain[], after: readonly Plain[], more: 'weaker' | 'stronger'): readonly Said[] {
  const [old, now] = [setOf(before), setOf(after)];
  const come = [...now].flatMap(([key, item]) => (old.has(key) ? [] : [shown(item)]));
  const gone = [...old].flatMap(([key, item]) => (now.has(key) ? [] : [shown(item)]));
  return [
    ...(come.length > 0 ? [{ direction: more, words: `${what}: now also ${few(come)}` }] : []),
    ...(gone.length > 0 ? [{ direction: opposite[more], words: `${what}: no longer ${few(gone)}` }] : []),
  ];
}

const few = (items: readonly string[]): string =>
  [...[...items].sort().slice(0, 5), ...(items.length > 5 ? [`${items.length - 5} more`] : [])].join(', ');

const numberIn = (value: Plain | undefined): number | undefined => {
  const [, number] =
    /^(?:TLS)?(\d+(?:\.\d+)?)$/i.exec(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '') ?? [];
  return number === undefined ? undefined : Number(number);
};

export function shown(value: Plain | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object' || value === null) return String(value);
  const texts = asList(value).map((item) => (typeof item === 'object' ? canonical(item) : String(item)));
  const text = few(texts);
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
