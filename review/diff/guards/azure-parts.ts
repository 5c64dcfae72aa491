/** Parts of guards of Azure: ids by what they name, sets, durations, and what is only put on in another way. */
import { hoursOf } from '../../../policies/facts/azure-durations';
import { hasHole } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { type InBoth, meaning, type Part, type Said } from './parts';

type Read = (properties: PlainMap) => readonly string[];

/** The texts at a path; of items with a name for it, what stands there. */
export const textsAt =
  (path: string, inside?: string): Read =>
  (properties) =>
    asList(valueAt(properties, path)).flatMap((item) => asText(inside === undefined ? item : valueAt(item, inside)) ?? []);

/** A list that is written as one text: `a@example.com;b@example.com`. */
export const listAt =
  (path: string): Read =>
  (properties) =>
    textsAt(path)(properties).flatMap((text) =>
      text
        .split(/[;,]/)
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    );

export const listed = (items: readonly string[]): string => {
  const sorted = [...new Set(items)].sort();
  return [...sorted.slice(0, 5), ...(sorted.length > 5 ? [`${sorted.length - 5} more`] : [])].join(', ');
};

/** Places that something goes to or comes from: each counts. What only deployment tells cannot be compared. */
export const places = (
  path: string,
  what: string,
  read: Read = textsAt(path),
  instead: 'told here' | 'told elsewhere' = 'told here',
): Part =>
  meaning(path, (before, after, { places: of }) => {
    const old = new Map(read(before).map((text) => [of.before.key(text), text]));
    const now = new Map(read(after).map((text) => [of.after.key(text), text]));
    const lost = [...old].flatMap(([key, text]) =>
      now.has(key) || [...now.values()].some((outer) => of.before.holds(outer, text)) ? [] : [text],
    );
    const others = [...now].flatMap(([key, text]) => (old.has(key) ? [] : [text]));
    const come = others.filter((text) => ![...old.values()].some((outer) => of.after.holds(outer, text)));
    if (lost.length === 0 && come.length === 0) return [];
    if (come.length > 0 && instead === 'told elsewhere') return [];
    const [gone, fresh] = [listed(lost.map((text) => of.before.name(text))), listed(come.map((text) => of.after.name(text)))];
    const outside = come.some((text) => of.after.isForeign(text));
    // What left the input is called by its id now.
    if (gone === fresh && !outside) return [];
    const open = lost.some((text) => of.before.isOpen(text)) || come.some((text) => of.after.isOpen(text));
    if (open && lost.length > 0 && come.length > 0)
      return [
        {
          direction: 'undecided',
          words: `${what}: ${fresh} instead of ${gone}: nobody can tell before deployment whether that is the same`,
        },
      ];
    if (lost.length === 0) return [{ direction: outside ? 'weaker' : 'stronger', words: `${what}: now ${fresh}`, outside }];
    const rest = now.size === 0 ? ', and nothing instead' : '';
    const part =
      others.length > 0 ? `only ${listed(others.map((text) => of.after.name(text)))} instead of ${gone}` : `no longer ${gone}${rest}`;
    return [{ direction: 'weaker', words: `${what}: ${come.length === 0 ? part : `${fresh} instead of ${gone}`}`, outside }];
  });
/** Each protects: one that is lost weakens. Texts in any case and order. */
export const all = (path: string, what: string, read: Read = textsAt(path)): Part => meaning(path, sets(what, read, true));
/** Each takes away: one that comes weakens. */
export const none = (path: string, what: string, read: Read = textsAt(path)): Part => meaning(path, sets(what, read, false));

const sets =
  (what: string, read: Read, protects: boolean) =>
  (before: PlainMap, after: PlainMap, words: InBoth): readonly Said[] => {
    const [old, now] = [folded(read(before)), folded(read(after))];
    const lost = [...old].flatMap(([key, text]) => (now.has(key) ? [] : [words.before(text)]));
    const come = [...now].flatMap(([key, text]) => (old.has(key) ? [] : [words.after(text)]));
    const [less, more] = protects ? [lost, come] : [come, lost];
    if (less.length === 0 && more.length === 0) return [];
    if ([...old.values(), ...now.values()].some(hasHole) && less.length > 0 && more.length > 0)
      return [
        { direction: 'undecided', words: `${what} changes, and nobody can tell before deployment whether that is as much as before` },
      ];
    const [worse, better] = protects ? ['no longer', 'now'] : ['now', 'no longer'];
    if (protects && less.length > 0 && more.length > 0 && now.size <= old.size)
      return [{ direction: 'weaker', words: `${what}: ${listed(more)} instead of ${listed(less)}` }];
    return [
      ...(less.length > 0 ? [{ direction: 'weaker', words: `${what}: ${worse} ${listed(less)}` } as const] : []),
      ...(more.length > 0 ? [{ direction: 'stronger', words: `${what}: ${better} ${listed(more)}` } as const] : []),
    ];
  };
const folded = (texts: readonly string[]): ReadonlyMap<string, string> =>
  new Map(texts.map((text) => [hasHole(text) ? text : text.toLowerCase(), text]));

/** A number, and which way it weakens; undefined where nobody knows. */
export const measured = (
  path: string,
  what: string,
  weaker: 'more' | 'less',
  read: (properties: PlainMap) => number | undefined,
  words: (value: number) => string,
): Part =>
  meaning(path, (before, after) => {
    const [old, now] = [read(before), read(after)];
    if (old === now) return [];
    if (old === undefined || now === undefined || Number.isNaN(old) || Number.isNaN(now))
      return [{ direction: 'undecided', words: `${what}: nobody can tell before deployment whether it stays as it was` }];
    const less = weaker === 'more' ? now > old : now < old;
    return [{ direction: less ? 'weaker' : 'stronger', words: `${what}: ${words(now)} instead of ${words(old)}` }];
  });

/** Compared only while something is on that it is about. */
export const whileOn = (part: Part, on: (properties: PlainMap) => boolean | undefined): Part =>
  part.kind === 'meaning'
    ? meaning(part.path, (before, after, words) => (on(before) !== false && on(after) !== false ? part.compare(before, after, words) : []))
    : part;

/** Undefined for what is no number yet. */
export const numberAt = (properties: Plain | undefined, path: string, absent: number): number | undefined => {
  const value = valueAt(properties, path);
  if (value === undefined || value === null) return absent;
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  return Number.isNaN(number) ? undefined : number;
};
/** Hours of an ISO 8601 duration; undefined for what is none. */
export const hoursAt = (properties: Plain | undefined, path: string, absent: number): number | undefined => {
  const text = asText(valueAt(properties, path));
  return text === undefined ? absent : hoursOf(text);
};

export const inHours = (hours: number): string => {
  if (hours === 0) return 'not at all';
  if (!Number.isFinite(hours)) return 'no end';
  const [count, unit] = hours >= 48 && hours % 24 === 0 ? [hours / 24, 'days'] : hours >= 1 ? [hours, 'hours'] : [hours * 60, 'minutes'];
  const rounded = Math.round(count * 100) / 100;
  return `${rounded} ${rounded === 1 ? unit.replace(/s$/, '') : unit}`;
};

/** Steps from the weakest to the strongest, in any case. A step that is none of them is not known to be as strong. */
export const steps = (path: string, what: string, order: readonly string[], absent: string | undefined): Part =>
  meaning(path, (before, after) => {
    const [was, is] = [before, after].map((properties) => asText(valueAt(properties, path)) ?? absent);
    if (was === is || was === undefined || is === undefined || was.toLowerCase() === is.toLowerCase()) return [];
    const [old, now] = [was, is].map((step) => order.findIndex((one) => one.toLowerCase() === step.toLowerCase())) as [number, number];
    if (old < 0 || now < 0) {
      const said = [is, was].map((one) => (hasHole(one) ? 'what only deployment tells' : one));
      return [{ direction: 'undecided', words: `${what}: ${said[0]} instead of ${said[1]}: read whether that is as much as before` }];
    }
    return [{ direction: now < old ? 'weaker' : 'stronger', words: `${what}: ${is} instead of ${was}` }];
  });

/** A query: what is only laid out otherwise is the same; one that goes on with a further test sees less. */
export function queries(what: string, was: string | undefined, is: string | undefined, moreCounts: boolean): readonly Said[] {
  const [old, now] = [laidOut(was ?? ''), laidOut(is ?? '')];
  if (old === now) return [];
  if (moreCounts && continues(now, old))
    return [{ direction: 'weaker', words: `${what}: only what passes further tests (${now.slice(old.length).trim()})` }];
  if (moreCounts && continues(old, now)) return [{ direction: 'stronger', words: `${what}: also what did not pass further tests` }];
  const moved = moreCounts ? bound(old, now) : undefined;
  if (moved) return [{ direction: moved.direction, words: `${what}: ${moved.words}` }];
  return [{ direction: 'undecided', words: `${what} changes (${parting(old, now)}): read whether that is as much as before` }];
}
/** One number that a row has to pass, and nothing after it that fewer rows could pass: a lower bound that rises lets less through. */
function bound(was: string, is: string): Pick<Said, 'direction' | 'words'> | undefined {
  const [old, now] = [was, is].map((text) => [...text.matchAll(BOUND)]) as [RegExpMatchArray[], RegExpMatchArray[]];
  const apart = old.findIndex((one, at) => one[3] !== now[at]?.[3]);
  const [from, to] = [old[apart], now[apart]];
  if (old.length !== now.length || !from || !to || Number(from[3]) === Number(to[3])) return undefined;
  const [head, tail] = [from, to].map((one, at) => {
    const [text, end] = [[was, is][at] as string, (one.index ?? 0) + one[0].length];
    return [text.slice(0, end - (one[3] as string).length), text.slice(end)] as const;
  }) as [readonly [string, string], readonly [string, string]];
  const only = head[0] === tail[0] && head[1] === tail[1] && isOutside(head[0]) && ROWS_ONLY.test(head[1]);
  if (!only) return undefined;
  const above = (from[2] as string).startsWith('>');
  const weaker = above === Number(to[3]) > Number(from[3]);
  return {
    direction: weaker ? 'weaker' : 'stronger',
    words: `${from[1]} ${above ? 'above' : 'below'} ${to[3]} instead of ${from[3]}`,
  };
}
const BOUND = /(?<=(?:where|and|or) )(\w+) ([<>]=?) (\d+(?:\.\d+)?)(?=$| (?:and|or|\|) )/g;
/** Steps after it that look at each row alone. */
const ROWS_ONLY = /^( (and|or) [^|;()]*)?( \| (where|project|project-\w+|extend|order by|sort by)\b[^|;]*)*$/;
const isOutside = (text: string): boolean => {
  const code = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '');
  return !/[;"']/.test(code) && code.split(/[([{]/).length === code.split(/[)\]}]/).length;
};
/** Without comments and with single spaces, outside of what is quoted. */
const laidOut = (query: string): string =>
  query
    .replaceAll(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|\/\/[^\n]*/g, (_, quoted: string | undefined) => quoted ?? '')
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, at) =>
      at % 2 === 1
        ? part.replace(/^'([^"'\\]*)'$/, '"$1"')
        : part
            .replaceAll(/\s+/g, ' ')
            .replaceAll(/ ?([|,()=<>!]+) ?/g, ' $1 ')
            .replaceAll(/ +/g, ' '),
    )
    .join('')
    .trim();
const continues = (longer: string, query: string): boolean =>
  query !== '' && longer.startsWith(query) && /^\s*(\| (where|take|limit|sample)\b[^|]*)+$/.test(longer.slice(query.length));
/** Where two texts part, for people. */
function parting(was: string, is: string): string {
  let at = 0;
  while (at < was.length && was[at] === is[at]) at += 1;
  const from = Math.max(0, was.lastIndexOf(' ', at - 1) + 1);
  const shown = (text: string) => (text.length - from > 60 ? `${text.slice(from, from + 57)}…` : text.slice(from)) || 'nothing';
  return `${shown(is)} instead of ${shown(was)}`;
}

export const mapAt = (properties: PlainMap, path: string): PlainMap => asMap(valueAt(properties, path));
