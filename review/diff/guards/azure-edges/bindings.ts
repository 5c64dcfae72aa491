/** Which firewall stands before which door, and what changes where another one takes its place. */
import type { Resource } from '../../../../policies/resource';
import type { PlainMap } from '../../plain';
import { few } from '../patterns';
import { compareFacts, type Found, listed, type State, type View } from './facts';
import { comparedFirewalls, inForce } from './firewalls';

/** A part of a door: a domain with paths, a listener, a rule for paths. */
export interface Bound {
  /** The same on both sides. */
  readonly key: string;
  /** `cases.example.com`; empty for the whole of it. */
  readonly words: string;
  /** Paths that the firewall looks at. */
  readonly paths: readonly string[];
  readonly firewall: Firewall;
}

export interface Firewall {
  /** By the identity that both sides share. */
  readonly id: string;
  readonly name: string;
  /** Undefined where it is not among what was read. */
  readonly says: PlainMap | undefined;
  readonly regional: boolean;
  readonly on: Resource;
  readonly path: string;
}

/** A firewall that a door names by id. */
export function firewallOf(
  id: string,
  target: Resource | undefined,
  view: View,
  where: Pick<Firewall, 'on' | 'path' | 'regional'>,
): Firewall {
  return target
    ? { ...where, id: view.pairing.identity(target), name: view.pairing.name(target), says: view.of(target) }
    : {
        ...where,
        id: id.toLowerCase().replace(/\/$/, ''),
        name: `the firewall ${view.words(id).replace(/\/$/, '').replace(/^.*\//, '')}`,
        says: undefined,
      };
}

/** `/*` stands for everything. */
const coversPath = (wide: string, narrow: string): boolean => {
  const [one, other] = [wide.toLowerCase(), narrow.toLowerCase()];
  return one === other || (one.endsWith('*') && other.startsWith(one.slice(0, -1)));
};

/** Parts whose firewall looks at other paths than before, told together where they are the same. */
interface Narrowed {
  readonly at: Pick<Found, 'key' | 'on' | 'path' | 'what'>;
  readonly direction: 'weaker' | 'stronger';
  readonly names: readonly string[];
  readonly words: (names: string) => string;
}

/** What doors lose or gain by which firewalls stand before their parts. */
export function comparedBindings(old: readonly Bound[], now: readonly Bound[], before: State, after: State): readonly Found[] {
  const found: Found[] = [];
  const byKey = new Map(now.map((one) => [one.key, one]));
  const lost: Bound[] = [];
  const narrowed = new Map<string, Narrowed>();
  const replaced = new Map<string, { readonly was: Bound; readonly is: Bound; readonly words: string[] }>();
  for (const was of old) {
    const is = byKey.get(was.key);
    if (is === undefined) {
      lost.push(was);
      continue;
    }
    const gone = was.paths.filter((path) => !is.paths.some((one) => coversPath(one, path)));
    const come = is.paths.filter((path) => !was.paths.some((one) => coversPath(one, path)));
    const at = { what: 'paths', on: is.firewall.on, path: is.firewall.path };
    const tell = (direction: 'weaker' | 'stronger', paths: readonly string[], words: (names: string) => string) => {
      const key = `${direction} ${paths.join(' ')}`;
      narrowed.set(key, { at: { ...at, key: `paths ${key}` }, direction, words, names: [...(narrowed.get(key)?.names ?? []), was.words] });
    };
    const left = is.paths.length === 0 ? 'at nothing' : `only at ${listed(is.paths)}`;
    if (gone.length > 0)
      tell(
        'weaker',
        [...is.paths, ...gone],
        (names) => `a web application firewall looks ${left} of ${names} now, and no longer at ${listed(gone)}`,
      );
    else if (come.length > 0) tell('stronger', come, (names) => `a web application firewall looks at ${listed(come)} of ${names} now`);
    if (was.firewall.id === is.firewall.id) continue;
    const key = `${was.firewall.id} ${is.firewall.id}`;
    const known = replaced.get(key);
    if (known) known.words.push(was.words);
    else replaced.set(key, { was, is, words: [was.words] });
  }
  for (const { at, direction, names, words } of narrowed.values())
    found.push({
      ...at,
      direction,
      severity: direction === 'weaker' ? 'high' : 'low',
      ...(direction === 'weaker' ? { boundary: 'internet' as const } : {}),
      words: words(listed(names)),
    });
  if (lost.length > 0) found.push(unbound(lost, after));
  const was = new Set(old.map(({ key }) => key));
  const come = now.filter(({ key }) => !was.has(key));
  if (come.length > 0)
    found.push({
      what: 'bound',
      direction: 'stronger',
      severity: 'low',
      words: `a web application firewall stands before ${wordsOf(come)} now`,
      ...(come[0] ? { on: come[0].firewall.on, path: come[0].firewall.path } : {}),
    });
  return [...found, ...[...replaced.values()].flatMap((one) => exchanged(one, before, after))];
}

const wordsOf = (some: readonly Bound[]): string => listed(some.map(({ words }) => words));

function unbound(lost: readonly Bound[], { resource, view }: State): Found {
  // What named it may be gone with its last binding.
  const [{ firewall }] = lost as readonly [Bound];
  const on = view.pairing.other(firewall.on) ?? firewall.on;
  return {
    what: 'bound',
    direction: 'weaker',
    severity: 'high',
    boundary: 'internet',
    words: `no web application firewall stands before ${wordsOf(lost)} any more`,
    on: on ?? resource,
    ...(on === resource ? { path: firewall.path } : {}),
  };
}

/** One line for all that another firewall does less. */
const worst = (some: readonly Found[]): Pick<Found, 'direction' | 'severity'> => ({
  direction: some.some(({ direction }) => direction === 'weaker') ? 'weaker' : 'undecided',
  severity: some.some(({ severity }) => severity === 'high') ? 'high' : 'medium',
});

/** Another firewall takes the place of one: what it holds off less. */
function exchanged(
  { is, was, words }: { readonly was: Bound; readonly is: Bound; readonly words: readonly string[] },
  before: State,
  after: State,
): readonly Found[] {
  const [old, now] = [was.firewall, is.firewall];
  const at = { what: `exchanged ${listed(words)}`, on: now.on, path: now.path } as const;
  const where = `${now.name} stands before ${listed(words)} instead of ${old.name}`;
  if (old.says === undefined || now.says === undefined)
    return [
      {
        ...at,
        direction: 'undecided',
        severity: 'high',
        boundary: 'internet',
        words: `${where}: what it holds off is not among what was read`,
      },
    ];
  const told = [
    ...compareFacts([inForce(old.says, old.regional)], [inForce(now.says, now.regional)], before.view, after.view),
    ...comparedFirewalls(old.says, now.says, now.regional, before.view, after.view),
  ];
  const asking = told.filter(({ direction }) => direction !== 'stronger');
  if (asking.length > 0)
    return [{ ...at, ...worst(asking), boundary: 'internet', words: `${where}: ${few(asking.map(({ words }) => words)).join('; ')}` }];
  return told.length > 0 ? [{ ...at, direction: 'stronger', severity: 'low', words: `${where}, which holds off more` }] : [];
}
