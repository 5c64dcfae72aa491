/** How what records, notices or keeps is described, so that two states of it can be compared. */
import type { ControlId, Severity } from '../../../controls';
import type { Aspect, Direction } from '../../schema-review';
import type { Plain, PlainMap } from '../plain';
import { asText, valueAt } from '../reading';

/** What is told of one part. */
export interface Said {
  readonly direction: Direction;
  readonly words: string;
  readonly path?: string;
  /** Somebody else's account gets what went elsewhere. */
  readonly outside?: boolean;
  /** Where it is not that of the guard. */
  readonly severity?: Severity;
}

/** How texts of one side are called by people: references by the names of what they refer to. */
export type InWords = (text: string) => string;

/** Ids of Azure of one side. */
export interface Places {
  /** One text for whatever is the same place. */
  key(text: string): string;
  /** For people. */
  name(text: string): string;
  /** Nobody knows before deployment what it is. */
  isOpen(text: string): boolean;
  /** In a subscription that is not known to be ours. */
  isForeign(text: string): boolean;
  /** Whether the one is known to stand in the other: a resource in its group, a group in its subscription. */
  holds(outer: string, inner: string): boolean;
}

/** How both sides call things. */
export interface InBoth {
  readonly before: InWords;
  readonly after: InWords;
  readonly places: { readonly before: Places; readonly after: Places };
}

/** Two states compared by what they mean. */
export type Compared = (before: PlainMap, after: PlainMap, words: InBoth) => readonly Said[];

/** How a part of a guard is compared. */
export type Part =
  /** Each item protects: one that is lost weakens. */
  | { readonly kind: 'each'; readonly path: string; readonly what: string; readonly label?: (item: Plain) => string | undefined }
  /** Each item takes away: one that comes weakens. */
  | { readonly kind: 'except'; readonly path: string; readonly what: string; readonly label?: (item: Plain) => string | undefined }
  /** Where something goes to, or comes from: another place has to be looked at; no place weakens. */
  | { readonly kind: 'place'; readonly path: string; readonly what: string }
  /** What it looks for: another text may notice less. */
  | { readonly kind: 'exact'; readonly path: string; readonly what: string }
  /** A pattern of events: a narrower one weakens. */
  | { readonly kind: 'pattern'; readonly path: string; readonly what: string }
  /** What means the same may be written in several ways: both states are read whole. The path is where it mostly stands. */
  | { readonly kind: 'meaning'; readonly path: string; readonly compare: Compared };

export interface Guard {
  readonly on: RegExp;
  readonly aspect: Aspect;
  readonly severity?: Severity;
  /** What ends with it; absent where its end is told elsewhere. */
  readonly ends?: string;
  /** Controls that the rules miss wherever it was needed: told by its end, and by what it loses. */
  readonly covers?: readonly ControlId[];
  /** It silences: a new one weakens, by this much in words. */
  readonly silences?: string;
  /** Only those that say so are guards: a rule of events that routes orders is none. */
  readonly when?: (properties: Plain, today: Date) => boolean;
  readonly parts?: readonly Part[];
  /** What another resource, of another type perhaps, has to say as well to take its place; undefined where nothing can. */
  readonly same?: (properties: PlainMap) => string | undefined;
}

export const each = (path: string, what: string, label?: (item: Plain) => string | undefined): Part => ({
  kind: 'each',
  path,
  what,
  ...(label ? { label } : {}),
});
export const except = (path: string, what: string, label?: (item: Plain) => string | undefined): Part => ({
  kind: 'except',
  path,
  what,
  ...(label ? { label } : {}),
});
export const place = (path: string, what: string): Part => ({ kind: 'place', path, what });
export const exact = (path: string, what: string): Part => ({ kind: 'exact', path, what });

export const meaning = (path: string, compare: Compared): Part => ({ kind: 'meaning', path, compare });

/** Things that protect, or that take away, found anywhere in the properties. */
export const found = (
  kind: 'each' | 'except',
  path: string,
  what: string,
  read: (properties: PlainMap) => readonly string[],
  unless: 'told both ways' | 'only where it weakens' = 'told both ways',
): Part =>
  meaning(path, (before, after, words) => {
    const [old, now] = [new Set(read(before)), new Set(read(after))];
    const lost = [...old].filter((one) => !now.has(one)).map(words.before);
    const come = [...now].filter((one) => !old.has(one)).map(words.after);
    const [less, more] = kind === 'each' ? [lost, come] : [come, lost];
    const [worse, better] = kind === 'each' ? ['no longer', 'now'] : ['now', 'no longer'];
    return [
      ...(less.length > 0 ? [{ direction: 'weaker', words: `${what}: ${worse} ${listed(less)}` } as const] : []),
      ...(more.length > 0 && unless === 'told both ways'
        ? [{ direction: 'stronger', words: `${what}: ${better} ${listed(more)}` } as const]
        : []),
    ];
  });
const listed = (items: readonly string[]): string =>
  [...items.slice().sort().slice(0, 5), ...(items.length > 5 ? [`${items.length - 5} more`] : [])].join(', ');

/** A mode, from the weakest. A mode that is none of them is not compared. */
export const ladder = (path: string, what: string, steps: readonly string[], absent: string): Part =>
  meaning(path, (before, after) => {
    const [was, is] = [before, after].map((properties) => asText(valueAt(properties, path)) ?? absent) as [string, string];
    const [old, now] = [steps.indexOf(was), steps.indexOf(is)];
    return old < 0 || now < 0 || old === now
      ? []
      : [{ direction: now < old ? 'weaker' : 'stronger', words: `${what}: ${is} instead of ${was}` }];
  });

/** What holds or does not, in words for both; undefined where it cannot be told. */
export const turned = (path: string, holds: (properties: PlainMap) => boolean | undefined, weaker: string, stronger: string): Part =>
  meaning(path, (before, after) => {
    const [old, now] = [holds(before), holds(after)];
    if (old === undefined || now === undefined || old === now) return [];
    return [old ? { direction: 'weaker', words: weaker } : { direction: 'stronger', words: stronger }];
  });
export const present = (path: string, weaker: string, stronger: string): Part =>
  turned(path, (properties) => valueAt(properties, path) !== undefined, weaker, stronger);
/** Undefined for what only deployment tells. */
export const truth = (value: Plain | undefined, absent: boolean): boolean | undefined =>
  value === undefined ? absent : /^(true|1)$/i.test(String(value)) ? true : /^(false|0)$/i.test(String(value)) ? false : undefined;

export const at = (path: string) => (item: Plain) => asText(valueAt(item, path));
/** Items with a switch of their own count only while it is on. */
export const enabled =
  (name: string, path: string, on: RegExp) =>
  (item: Plain): string | undefined =>
    on.test(asText(valueAt(item, path)) ?? '') ? asText(valueAt(item, name)) : undefined;
export const ON = /^(true|enabled)$/i;
