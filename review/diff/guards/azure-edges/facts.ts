/**
 * What a door of Azure says, from whichever resources say it: what it keeps, whom and what it lets in, how strictly. Two states of it
 * are compared fact by fact, so that it does not matter in which resource, order or form something is written.
 */
import type { Severity } from '../../../../controls';
import type { Graph } from '../../../../policies/graph';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import type { Aspect, Boundary } from '../../../schema-review';
import { hole, holesIn } from '../../access/text';
import { placeOf, type Reader, readerOf, shownAs } from '../../reading';
import type { Pairing, Side, Told } from '../../side';

interface Common {
  /** The same on both sides; without it, what it is called. */
  readonly key?: string;
  readonly what: string;
  /** Where it is written. */
  readonly on?: Resource;
  readonly path?: string;
  readonly aspect?: Aspect;
  readonly severity?: Severity;
  readonly boundary?: Boundary;
}

export interface Item {
  /** References by the identity of what they refer to. */
  readonly text: string;
  /** How people call it, where that is not the text. */
  readonly words?: string;
  /** Graver, or milder, than the fact. */
  readonly severity?: Severity;
  readonly boundary?: Boundary;
  /** What is asked about: where an item of one is lost, what stands in its place is told. */
  readonly group?: string;
}

/** Each item protects, or lets in: of the one, less is weaker, of the other, more. */
export interface Listed extends Common {
  readonly kind: 'keeps' | 'lets';
  readonly items: readonly Item[];
  /** Whether one item stands for another as well. */
  readonly covers?: (wide: Item, narrow: Item) => boolean;
}

/** One of several steps; the higher, the stronger. */
export interface Level extends Common {
  readonly kind: 'level';
  /** Undefined where only deployment tells. */
  readonly rank: number | undefined;
  readonly words: string;
  /** In place of two values. */
  readonly turns?: readonly [weaker: string, stronger: string];
}

/** What is only known to be another. */
export interface Same extends Common {
  readonly kind: 'same';
  readonly text: string;
}

export type Fact = Listed | Level | Same;

/** What the facts of a resource are read with. */
export class View {
  readonly #reader: Reader;

  constructor(
    readonly graph: Graph,
    readonly side: Side,
    readonly pairing: Pairing,
  ) {
    this.#reader = readerOf(side, pairing);
  }

  /** The properties as plain data. */
  readonly of = (resource: Resource) => this.#reader.of(resource);
  readonly words = (text: string): string => this.#reader.words(text);

  /** The text of a value; what only deployment tells stays a hole in it. */
  text(value: Value): string {
    const { shape } = value;
    if (shape === undefined) return value.state === 'unknown' ? hole(value.missing ?? value.path) : hole('a secret');
    return shape.replaceAll(/\$\{([^}]+)\}/g, (_, inside: string) => {
      const base = inside.replace(/\.[\w.]+$/, '');
      const whole = this.#reader.names(inside);
      return hole(whole === inside ? this.#reader.names(base) + inside.slice(base.length) : whole);
    });
  }

  texts(list: Value): readonly string[] {
    return list.items().map((item) => this.text(item));
  }

  /** Whether a text depends on what no resource of the input tells. */
  isUnsure(text: string): boolean {
    return holesIn(text).length > 0 && this.#reader.referred(text) === undefined;
  }
}

/** One state of a resource, with what its facts are read with. */
export interface State {
  readonly resource: Resource;
  readonly view: View;
}

/** How the resources of some types are read, or, where facts do not say enough, compared. */
export interface Doors {
  readonly on: readonly string[];
  readonly facts?: (resource: Resource, view: View) => readonly Fact[];
  readonly compare?: (old: State, now: State) => readonly Found[];
}

// ── Forms ──────────────────────────────────────────────────────────────────────────────────────────────────────────

type More = Partial<Pick<Common, 'aspect' | 'boundary' | 'key' | 'on' | 'path' | 'severity'>>;

/** A switch of which one position protects. */
export function holding(value: Value, protects: boolean, turns: readonly [weaker: string, stronger: string], more: More = {}): Level {
  const set = value.boolean ?? switchedOn(value.string);
  const rank = value.state === 'unknown' || set === undefined ? undefined : Number(set === protects);
  return { kind: 'level', what: turns[0], key: more.path ?? value.path, rank, words: said(value), turns, path: value.path, ...more };
}
const switchedOn = (text: string | undefined): boolean | undefined =>
  text === undefined ? undefined : /^enabled$/i.test(text) ? true : /^disabled$/i.test(text) ? false : undefined;

/** One of the steps of a scale, from the weakest; what is none of them is not compared. */
export function step(value: Value, what: string, steps: readonly string[], more: More & Pick<Level, 'turns'> = {}): readonly Level[] {
  const text = value.string?.toLowerCase();
  const rank = text === undefined ? undefined : steps.findIndex((one) => one.toLowerCase() === text);
  if (rank === -1 || (value.state === 'absent' && rank === undefined)) return [];
  return [{ kind: 'level', what, rank, words: said(value), path: value.path, ...more }];
}

export const said = (value: Value): string => value.string ?? value.missing ?? 'what only deployment tells';
export const items = (texts: readonly string[], more: Omit<Item, 'text'> = {}): readonly Item[] => texts.map((text) => ({ text, ...more }));

// ── Comparison ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is told of one resource. */
export interface Found extends Common {
  readonly direction: 'weaker' | 'stronger' | 'undecided';
  /** The sentence, without the name of the resource. */
  readonly words: string;
  readonly severity: Severity;
}

/** What changed in one resource. */
export function changesOf({ compare, facts }: Doors, old: State, now: State): readonly Told[] {
  const found = [
    ...(facts ? compareFacts(facts(old.resource, old.view), facts(now.resource, now.view), old.view, now.view) : []),
    ...(compare?.(old, now) ?? []),
  ];
  const places = found.map(({ on, path }) => `${on?.id ?? ''} ${path ?? ''}`);
  // Several things that change at one place are several causes.
  return found.map((one, at) => lineOf(now.resource, one, now.view.pairing, places.filter((other) => other === places[at]).length > 1));
}

/** What changed between two states that are read in the same way. */
export function compareFacts(before: readonly Fact[], after: readonly Fact[], old: View, now: View): readonly Found[] {
  const [olds, nows] = [byKey(before), byKey(after)];
  return [...new Set([...olds.keys(), ...nows.keys()])].flatMap((key) => compared(olds.get(key), nows.get(key), old, now));
}

const byKey = (facts: readonly Fact[]): ReadonlyMap<string, Fact> => {
  const found = new Map<string, Fact>();
  for (const fact of facts) {
    const key = `${fact.kind} ${fact.key ?? fact.what}`;
    const known = found.get(key);
    if (known && known.kind !== 'level' && known.kind !== 'same' && fact.kind === known.kind)
      found.set(key, { ...known, items: [...known.items, ...fact.items] });
    else found.set(key, fact);
  }
  return found;
};

function compared(was: Fact | undefined, is: Fact | undefined, old: View, now: View): readonly Found[] {
  const any = is ?? was;
  if (any === undefined) return [];
  if (any.kind === 'level') return levels(was as Level | undefined, is as Level | undefined);
  if (any.kind === 'same') return others(was as Same | undefined, is as Same | undefined);
  return lists(was as Listed | undefined, is as Listed | undefined, any, old, now);
}

function levels(was: Level | undefined, is: Level | undefined): readonly Found[] {
  if (was === undefined || is === undefined || was.rank === is.rank) return [];
  const { severity = 'medium', turns, what } = is;
  if (was.rank === undefined || is.rank === undefined) {
    const missing = was.rank === undefined ? was.words : is.words;
    return [{ ...common(is), direction: 'undecided', severity, words: `${turns ? `whether ${turns[0]}` : what} depends on ${missing}` }];
  }
  const direction = is.rank < was.rank ? 'weaker' : 'stronger';
  const words = turns ? turns[direction === 'weaker' ? 0 : 1] : `${what} goes from ${was.words} to ${is.words}`;
  return [{ ...common(is), direction, severity: direction === 'weaker' ? severity : 'low', words }];
}

const common = ({ aspect, boundary, key, on, path, what }: Common): Common => ({
  what,
  ...(aspect === undefined ? {} : { aspect }),
  ...(boundary === undefined ? {} : { boundary }),
  ...(key === undefined ? {} : { key }),
  ...(on === undefined ? {} : { on }),
  ...(path === undefined ? {} : { path }),
});

function others(was: Same | undefined, is: Same | undefined): readonly Found[] {
  if (was === undefined || is === undefined || was.text === is.text) return [];
  const words = `${is.what} changes: read whether that is as much as before`;
  return [{ ...common(is), direction: 'undecided', severity: is.severity ?? 'medium', words }];
}

function lists(was: Listed | undefined, is: Listed | undefined, any: Listed, old: View, now: View): readonly Found[] {
  // What asks for the whole of it is new, or gone: that says it.
  if (was === undefined || is === undefined) return [];
  const { covers, kind, severity = 'medium', what } = any;
  const covered = (list: readonly Item[], item: Item) => list.some((other) => other.text === item.text || covers?.(other, item) === true);
  const [before, after] = [was.items, is.items];
  const lost = before.filter((item) => !covered(after, item));
  const come = after.filter((item) => !covered(before, item));
  const [less, more] = kind === 'keeps' ? [lost, come] : [come, lost];
  const [worse, better] = kind === 'keeps' ? ['no longer', 'now'] : ['now', 'no longer'];
  const [lessView, moreView] = kind === 'keeps' ? [old, now] : [now, old];
  // What only deployment tells may be what is missed, or what is there already.
  const hidden = kind === 'keeps' && after.some(({ text }) => now.isUnsure(text));
  const doubtful = less.filter(({ text }) => hidden || (kind === 'lets' && now.isUnsure(text)));
  const certain = less.filter((item) => !doubtful.includes(item));
  const gravest = (some: readonly Item[]): Severity =>
    GRAVEST_FIRST.find((one) => some.some((item) => (item.severity ?? severity) === one)) ?? severity;
  const named = (item: Item, view: View) => item.words ?? view.words(item.text);
  const instead = ({ group }: Item): string => {
    const heir = kind === 'keeps' && group !== undefined ? after.find((one) => one.group === group) : undefined;
    return heir ? ` (but ${named(heir, now)})` : '';
  };
  const found = (direction: Found['direction'], some: readonly Item[], words: (listed: string) => string): readonly Found[] => {
    if (some.length === 0) return [];
    const view = direction === 'stronger' ? moreView : lessView;
    const { boundary: whole, ...fact } = common(is);
    const boundary = direction === 'stronger' ? undefined : (some.find((item) => item.boundary !== undefined)?.boundary ?? whole);
    return [
      {
        ...fact,
        ...(boundary === undefined ? {} : { boundary }),
        direction,
        severity: direction === 'stronger' ? 'low' : gravest(some),
        words: `${what}: ${words(listed(some.map((item) => named(item, view) + (direction === 'weaker' ? instead(item) : ''))))}`,
      },
    ];
  };
  return [
    ...found('weaker', certain, (some) => `${worse} ${some}`),
    ...found('undecided', doubtful, (some) => `whether ${worse} ${some} depends on what only deployment tells`),
    ...found('stronger', more, (some) => `${better} ${some}`),
  ];
}

const GRAVEST_FIRST: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const MOST = 4;
export const listed = (texts: readonly string[]): string => {
  const sorted = [...new Set(texts)].sort();
  return sorted.length > MOST ? `${sorted.slice(0, MOST).join(', ')} and ${sorted.length - MOST} more` : sorted.join(', ');
};

/** Stands before what is told apart at one place; no property begins with it. */
const SHARED = '#';

function lineOf(
  subject: Resource,
  { aspect, boundary, direction, key, on = subject, path, severity, what, words }: Found,
  pairing: Pairing,
  shared: boolean,
): Told {
  const asks = direction !== 'stronger';
  return {
    aspect: aspect ?? 'exposure',
    direction,
    severity,
    sentence: `${pairing.name(subject)}: ${words}`,
    subject: pairing.identity(subject),
    topic: `door ${key ?? what} ${words}`,
    ...(asks && boundary !== undefined ? { boundary } : {}),
    ...(asks ? { approver: 'security' as const } : {}),
    evidence: [{ resource: shownAs(on), side: 'after', ...placeOf(on, path), saw: words }],
    causes: [
      { resource: pairing.identity(on), ...(path === undefined ? {} : { path: shared ? `${path}.${SHARED}${key ?? what}` : path }) },
    ],
  };
}
