/** What the picture of a review shows: the paths that were opened and closed, as nodes in lanes and edges between them. */
import type { ReviewChange, ReviewDocument, ReviewEvidence } from '../schema-review';
import { plainLine } from './words';

/** From outside to inside. */
export const LANES = ['internet', 'outside', 'ours'] as const;
export type Lane = (typeof LANES)[number];

export interface PictureNode {
  readonly id: string;
  readonly text: string;
  readonly lane: Lane;
  /** What the path is about: a store, a role, a host. */
  readonly end: boolean;
}

/** `same` was there before and still is; `unsure` may be new. */
export type EdgeState = 'new' | 'unsure' | 'lost' | 'same';

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly state: EdgeState;
  /** What it lets somebody do, where that is known. */
  readonly label: string;
  /** What grants it. */
  readonly places: readonly string[];
}

/** A path in words, for those who do not see the picture and for what does not fit. */
export interface PicturePath {
  readonly state: EdgeState;
  readonly hops: readonly string[];
  readonly sentence: string;
}

export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  /** Drawn. */
  readonly paths: readonly PicturePath[];
  /** Only told in words. */
  readonly more: readonly PicturePath[];
}

/** More paths than this nobody can follow with the eye. */
export const MOST_PATHS = 30;

interface Seen {
  readonly change: ReviewChange;
  readonly state: EdgeState;
  readonly chain: readonly string[];
  /** Traffic that comes through. */
  readonly ports: string;
}

/** The picture of every way in: each chain of who can newly reach or use something, and of who no longer can. */
export function pictureOf({ changes }: ReviewDocument): Picture {
  const seen = changes
    .filter(({ aspect }) => aspect === 'access' || aspect === 'exposure')
    .flatMap((change) => change.evidence.flatMap((evidence) => seenIn(change, evidence)));
  const different = [...new Map(seen.map((one) => [`${one.change.sentence}\n${one.state}\n${one.chain.join('\n')}`, one])).values()];
  const [drawn, rest] = chosen(different);
  const told = ({ chain, change, state }: Seen): PicturePath => ({ state, hops: chain, sentence: change.sentence });
  return { ...graphOf(drawn), paths: drawn.map(told), more: rest.map(told) };
}

/** The gravest first, as the document orders them; what was closed keeps some room where there is much of both. */
function chosen(paths: readonly Seen[]): readonly [drawn: readonly Seen[], rest: readonly Seen[]] {
  const isLost = ({ state }: Seen) => state === 'lost';
  const lost = paths.filter(isLost);
  const open = paths.filter((path) => !isLost(path));
  const room = Math.max(MOST_PATHS - open.length, Math.min(lost.length, MOST_PATHS / 3));
  const drawn = new Set([...open.slice(0, MOST_PATHS - Math.min(lost.length, room)), ...lost.slice(0, room)]);
  return [paths.filter((path) => drawn.has(path)), paths.filter((path) => !drawn.has(path))];
}

function seenIn(change: ReviewChange, { chain = [], saw = '', side }: ReviewEvidence): readonly Seen[] {
  if (chain.length < 2) return [];
  return [{ change, state: stateOf(change, side), chain: chain.map((hop) => plainLine(hop)), ports: PORTS.exec(saw)?.[0] ?? '' }];
}

function stateOf({ direction }: ReviewChange, side: ReviewEvidence['side']): EdgeState {
  if (side === 'before') return 'lost';
  if (direction === 'weaker') return 'new';
  return direction === 'undecided' ? 'unsure' : 'same';
}

interface Arrow extends Omit<PictureEdge, 'state' | 'places'> {
  readonly places: Set<string>;
  readonly states: Set<EdgeState>;
  /** Of the paths that end with it. */
  readonly ending: Set<EdgeState>;
}

/** Drawn with as few nodes as can be without showing a way from something to something else that is no path. */
function graphOf(drawn: readonly Seen[]): Pick<Picture, 'nodes' | 'edges'> {
  const ends = new Set(drawn.flatMap(({ chain, change }) => stepsOf(chain, change)).flatMap(endsOf));
  const byName = graphNamed(drawn, () => true);
  return waysIn(byName, ends) <=
    waysIn(
      graphNamed(drawn, (text) => ends.has(text)),
      ends,
    )
    ? byName
    : graphNamed(drawn, (text) => ends.has(text));
}

/** How many pairs of ends are joined. */
function waysIn({ edges, nodes }: Pick<Picture, 'nodes' | 'edges'>, ends: ReadonlySet<string>): number {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  let count = 0;
  for (const { id } of nodes.filter(({ text }) => ends.has(text))) {
    const reached = new Set<string>();
    for (const queue = [id]; queue.length > 0; )
      for (const to of next.get(queue.pop() as string) ?? []) if (!reached.has(to) && reached.add(to)) queue.push(to);
    count += [...reached].filter((one) => ends.has(one)).length;
  }
  return count;
}

/** The graph in which the texts that are `shared` are one node each; every other hop is one only for paths that come to it the same way. */
function graphNamed(drawn: readonly Seen[], shared: (text: string) => boolean): Pick<Picture, 'nodes' | 'edges'> {
  const nodes = new Map<string, PictureNode>();
  const arrows = new Map<string, Arrow>();
  const nodeOf = (path: readonly string[], lane: Lane, end: boolean): string => {
    const text = path.at(-1) as string;
    const id = shared(text) ? text : path.join('\n');
    const known = nodes.get(id);
    nodes.set(id, { id, text, lane: known ? outer(known.lane, lane) : lane, end: end || known?.end === true });
    return id;
  };
  for (const { chain, change, ports, state } of drawn)
    for (const step of stepsOf(chain, change, ports)) {
      const from = nodeOf(step.from, step.from.length === 1 ? laneOf(step.from[0] as string, change) : 'ours', false);
      const to = nodeOf(step.to, INTERNET.test(step.to.at(-1) as string) ? 'internet' : 'ours', step.last);
      const key = [from, step.label, to].join('\n→\n');
      const arrow = arrows.get(key) ?? { from, to, label: step.label, places: new Set(), states: new Set(), ending: new Set() };
      if (step.place !== '') arrow.places.add(step.place);
      (step.last ? arrow.ending : arrow.states).add(state);
      arrows.set(key, arrow);
    }
  return {
    nodes: [...nodes.values()],
    edges: [...arrows.values()].map(({ ending, from, label, places, states, to }) => ({
      from,
      to,
      label,
      places: [...places],
      state: together(states, ending),
    })),
  };
}

/** Whoever a path begins with and whatever it ends at is one thing, however one comes to it. */
const endsOf = ({ from, last, to }: Step): readonly string[] => [
  ...(from.length === 1 ? [from[0] as string] : []),
  ...(last ? [to.at(-1) as string] : []),
];

/** An end that is newly reached is new, whatever else comes to it; a hop that paths of both sides share was and is there. */
function together(states: ReadonlySet<EdgeState>, ending: ReadonlySet<EdgeState>): EdgeState {
  for (const state of ['new', 'unsure'] as const) if (ending.has(state)) return state;
  const all = new Set([...states, ...ending]);
  if (all.has('same') || (all.has('lost') && all.size > 1)) return 'same';
  return all.has('new') ? 'new' : all.has('unsure') ? 'unsure' : 'lost';
}

interface Step {
  /** The hops that lead to the start, with it. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly label: string;
  readonly place: string;
  readonly last: boolean;
}

/** Where in a policy it stands: written on the arrow, it is no place where anything stops. */
const STATEMENT = /\bstatements? \d+(, \d+)*$/;
const VERB = '(?:list|read|write|delete|decrypt|export|administer)';
const VERBS = `${VERB}(?:(?:, | and )${VERB})*`;
/** What a role may do, told in one hop. */
const RIGHT = new RegExp(`^(${VERBS}) (.+)$`);
/** What a sentence says that somebody may do. */
const MAY = new RegExp(`\\b(?:can now|can no longer|no longer refused to) (${VERBS}|become)\\b`);

/** Traffic, as evidence of exposure begins with it. */
const PORTS = /^(all traffic|all (tcp|udp) ports|(tcp|udp) \d[\d, …-]*\d|(tcp|udp) \d)/;

/** The arrows of a chain. Rights that follow each other all start where the principal is. */
function stepsOf(chain: readonly string[], { sentence }: ReviewChange, ports = ''): readonly Step[] {
  const steps: Step[] = [];
  let at: readonly string[] = [chain[0] as string];
  let place = '';
  for (const [index, hop] of chain.entries()) {
    if (index === 0) continue;
    const last = index === chain.length - 1;
    const [, verbs, what] = RIGHT.exec(hop) ?? [];
    if (verbs !== undefined && what !== undefined) steps.push({ from: at, to: [...at, what], label: verbs, place, last: true });
    else if (!last && STATEMENT.test(hop)) place = hop;
    else {
      const to = [...at, hop];
      steps.push({ from: at, to, label: place === '' ? (last ? ports : '') : (MAY.exec(sentence)?.[1] ?? place), place, last });
      at = to;
      place = '';
    }
  }
  return steps;
}

const INTERNET = /^(everyone|anyone|anybody)\b|^the internet$|^the internet[ ,(](?!gateway)|^(0\.0\.0\.0|::)\/0$/i;
const ACCOUNT = /^(the account \d{12}|arn:[^:]*:(iam|sts)::\d{12}:|the (tenant|subscription|network|organisation) |guests? )/;

/** By the boundary that the path crosses; a path that was closed names none, so the words tell. */
function laneOf(first: string, { boundary, direction }: ReviewChange): Lane {
  if (boundary === 'internet' || INTERNET.test(first)) return 'internet';
  if (boundary === 'organisation' || boundary === 'tenant') return 'outside';
  return direction === 'stronger' && ACCOUNT.test(first) ? 'outside' : 'ours';
}

const outer = (one: Lane, other: Lane): Lane => (LANES.indexOf(one) < LANES.indexOf(other) ? one : other);
