/** Workloads that are told to go to another place than before: another tier, another store, somebody else's. */
import { SENSITIVITIES, TIERS } from '../../../controls';
import { isCredentialName } from '../../../policies/facts/secret-texts';
import type { Resource } from '../../../policies/resource';
import { HOLDS } from '../data';
import { asText, type Reader } from '../reading';
import type { Told } from '../side';
import { said } from './labels';
import { PACKAGE_SETTING } from './origins';
import { type Both, base } from './parts';
import { type Place, type Places, placesOnBoth } from './places';
import { isKept } from './secrets';
import type { Wire, Wires } from './wires';

/** Wires that lead elsewhere than before. What only the vault knows, or the author leaves out now, leads nowhere. */
export function* repointed(before: Wires, after: Wires, both: Both): Iterable<Told> {
  const [old, now] = placesOnBoth(both);
  for (const [owner, wires] of after) {
    const earlier = before.get(owner) ?? new Map<string, Wire>();
    let reached: ReadonlySet<string> | undefined;
    for (const wire of wires.values()) {
      const was = earlier.get(wire.key);
      // Packages are told by whose code they are.
      if (was?.value === wire.value || PACKAGE_SETTING.test(wire.key)) continue;
      reached ??= reachedBy(earlier.values(), old);
      const come = now.of(wire.value, wire.name).filter((place) => !reached?.has(place.key));
      const crossing = come.map((place) => crossed(wire, was, place, both)).find((told) => told !== undefined);
      if (crossing) yield crossing;
      // What stands in a vault now, only the vault knows.
      else if (was && !(isKept(wire.value) && !isKept(was.value)))
        yield* elsewhere(wire, was, come, reached, { ...both, places: now, earlier: old });
    }
  }
}

/** All that the wires of a workload lead to, with whatever that is a part of. */
function reachedBy(wires: Iterable<Wire>, places: Places): ReadonlySet<string> {
  const reached = new Set<string>();
  for (const { name, value } of wires) for (const place of places.of(value, name)) for (const key of places.above(place)) reached.add(key);
  return reached;
}

// ── Across tiers ───────────────────────────────────────────────────────────────────────────────────────────────────

/** A store of ours that is another tier than the workload. */
function crossed(wire: Wire, was: Wire | undefined, { resource: store, words }: Place, { now, old, pairing }: Both): Told | undefined {
  const { name, path, resource } = wire;
  if (!store || store === resource || !HOLDS.test(store.type)) return undefined;
  const crossing = crosses(workloadOf(resource, now), store, was !== undefined);
  if (crossing === undefined) return undefined;
  return {
    ...base(resource, pairing, 'weaker', path),
    aspect: 'access',
    severity: 'high',
    sentence: `${pairing.name(resource)}: ${name} leads to ${words}${was ? ` instead of ${shown(was, old)}` : ''}, ${crossing}`,
    topic: `wire ${name}`,
    boundary: 'tier',
    approver: 'data owner',
    causes: [{ resource: pairing.identity(resource), path }],
  };
}

/** Whose labels count: a mapping is as sensitive as its function. */
function workloadOf(resource: Resource, reader: Reader): Resource {
  const { FunctionName, name } = reader.of(resource);
  const owner = asText(resource.cloud === 'azure' ? name : FunctionName);
  return (owner === undefined ? undefined : reader.referred(owner)) ?? resource;
}

/** Why the store is another tier than the workload; undefined where it is not, or nothing tells. */
function crosses(workload: Resource, store: Resource, rewired: boolean): string | undefined {
  const [own, theirs] = [said(workload, 'environment'), said(store, 'environment')];
  if (own !== undefined && theirs !== undefined && own !== theirs) return `which is ${theirs}, and the workload is ${own}`;
  for (const [label, scale] of [
    ['sensitivity', SENSITIVITIES],
    ['tier', TIERS],
  ] as const) {
    const [mine, its] = [said(workload, label), said(store, label)];
    if (its === undefined) continue;
    const rank = (word: string) => (scale as readonly string[]).indexOf(word);
    if (mine !== undefined && rank(its) > rank(mine)) return `which is ${its}, and the workload is ${mine}`;
    if (mine === undefined && rewired && rank(its) === scale.length - 1)
      return `which is ${its}, and nothing says that the workload may hold such data`;
  }
  return undefined;
}

// ── To others ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Around extends Both {
  readonly places: Places;
  readonly earlier: Places;
}

/** A wire that led to a store or a host, and leads to another one. */
function* elsewhere(wire: Wire, was: Wire, come: readonly Place[], reached: ReadonlySet<string>, around: Around): Iterable<Told> {
  const { earlier, now, places } = around;
  const gone = earlier.of(was.value, was.name);
  const stores = gone.filter(({ resource }) => resource !== undefined && HOLDS.test(resource.type));
  if (gone.length === 0) return;
  const news = come.filter((place) => !gone.some((one) => places.same(place, one)) && !places.above(place).some((key) => reached.has(key)));
  const worst = news.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))[0];
  if (!worst) {
    // A name that nothing here has, in place of a store.
    if (places.of(wire.value, wire.name).length === 0 && stores.length > 0) yield* nameless(wire, was, around);
    return;
  }
  const instead = gone.map(({ words }) => words).join(', ');
  const sentence = `${around.pairing.name(wire.resource)}: ${wire.name} leads to ${worst.words} instead of ${instead}`;
  if (worst.kind === 'elsewhere')
    yield told(wire, around, { sentence: `${sentence}: what it sends there goes to another account`, out: 'organisation' });
  else if (worst.kind === 'outside' && gone.some(({ kind }) => kind !== 'outside'))
    yield told(wire, around, { sentence: `${sentence}: what it sends there goes to somebody else`, out: 'internet' });
  else if (worst.kind === 'outside') yield told(wire, around, { sentence: `${sentence}: nothing here tells whose that is` });
  else if (worst.kind === 'unknown') {
    if (stores.length > 0 || gone.some(({ kind }) => kind === 'unknown' && !worst.key.startsWith('hole ')))
      yield told(wire, around, { sentence: `${sentence}: nothing here tells what that is` });
  } else if (worst.resource && HOLDS.test(worst.resource.type) && stores.length > 0 && now.pairing.other(worst.resource) !== undefined)
    yield told(wire, around, { sentence: `${sentence}: nothing here tells whether that is meant` });
}

/** The gravest first. */
const KINDS: readonly Place['kind'][] = ['elsewhere', 'outside', 'unknown', 'ours'];

/** A wire that led to a store and is a name that the input does not have: nobody can tell whose that is. */
function* nameless(wire: Wire, was: Wire, around: Around): Iterable<Told> {
  const { now, old, pairing } = around;
  // What other stacks of the account export is ours; what was kept in a vault is told as no longer kept.
  if (wire.value === '' || wire.kept || was.kept || isKept(was.value) || /the export /.test(wire.value) || now.referred(wire.value)) return;
  const sentence = `${pairing.name(wire.resource)}: ${wire.name} leads to ${shown(wire, now)} instead of ${shown(was, old)}: nothing here tells what that is`;
  yield told(wire, around, { sentence });
}

/** A value as far as it may be shown: names are, what may be a secret is not. */
function shown({ key, value }: Wire, reader: Reader): string {
  const resource = reader.referred(value);
  if (resource) return reader.pairing.name(resource);
  const words = reader.words(value);
  return !isCredentialName(key) && /^[\w./:${} -]{1,120}$/.test(words) ? words : 'something else';
}

interface Said {
  readonly sentence: string;
  readonly out?: 'internet' | 'organisation';
}

function told({ name, path, resource }: Wire, { pairing }: Both, { out, sentence }: Said): Told {
  return {
    ...base(resource, pairing, out === undefined ? 'undecided' : 'weaker', path),
    aspect: 'access',
    severity: out === undefined ? 'medium' : 'high',
    sentence,
    topic: `wire ${name}`,
    ...(out === undefined ? {} : { boundary: out }),
    approver: out === undefined ? 'data owner' : 'security',
    causes: [{ resource: pairing.identity(resource), path }],
  };
}
