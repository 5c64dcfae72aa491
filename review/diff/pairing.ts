/** Which resource of one side is which of the other. */
import { append } from '../../policies/collect';
import { UNIT } from '../../policies/graph';
import type { Resource, Unit } from '../../policies/resource';
import { kindOf } from './kinds';
import { canonical, leavesOf, plainOf } from './plain';
import { type Pairing, resourcesOf, type Side } from './side';
import { earlierPlaces, placeInProgram, withoutStack } from './urns';

export { kindOf } from './kinds';

/** Share of equal properties from which two unpaired resources of one type and place are taken for one that was renamed. */
const SIMILAR = 0.5;
/** Beyond so many candidates of one type in one place, likeness is not looked for. */
const MOST_CANDIDATES = 64;

/** What describes a resource well enough to find it again; undefined where it says nothing. */
type Mark = (resource: Resource, paired: Paired) => string | undefined;

class Paired {
  readonly others = new Map<Resource, Resource>();
  readonly identities = new Map<string, string>();
  /** Units of both sides that are the same one, by the id of either. */
  readonly units = new Map<string, string>();

  /** Whether a resource of the later side says what it was called before. */
  readonly isAliased: boolean;

  /** @param afterById resources of the later side */
  constructor(readonly afterById: ReadonlyMap<string, Resource>) {
    this.isAliased = [...afterById.values()].some(({ options }) => Array.isArray(options.aliases) && options.aliases.length > 0);
  }

  join(before: Resource, after: Resource): void {
    this.others.set(before, after);
    this.others.set(after, before);
    this.identities.set(`before ${before.id}`, identityOf(after));
    this.identities.set(`after ${after.id}`, identityOf(after));
  }
}

/**
 * Pairs two sides. The same place in the same stack comes first; then, where something was moved or renamed, an alias, the physical
 * name, the construct path, equal content, and likeness to the only candidate. What is left on one side is new, or gone.
 */
export function pair(before: Side, after: Side): Pairing {
  const paired = new Paired(new Map(listOf(after).map((resource) => [resource.id, resource])));
  pairUnits(unitsOf(before), unitsOf(after), paired);
  const left = { before: listOf(before), after: listOf(after) };
  for (const mark of MARKS) joinBy(mark, left, paired);
  // What a resource refers to may have found its pair in the round before.
  for (let round = 0; round < 2; round += 1) joinBy(content(before, after), left, paired);
  joinSimilar(left, paired);
  joinBy(content(before, after), left, paired);
  return pairingOf(paired, before, after);
}

const listOf = (side: Side): Resource[] => [...resourcesOf(side)];
const unitsOf = ({ targets }: Side): readonly Unit[] => targets.flatMap(({ graph }) => graph.units);
const identityOf = ({ id }: Resource): string => id;

// ── Units ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const lastOf = (id: string): string =>
  id
    .split(/[\\/]/)
    .pop()
    ?.replace(/(\.template)?\.(json|ya?ml)$/, '') ?? id;

/** The same id; the same last part of it (a file moved); the only one of its cloud that is left. */
function pairUnits(before: readonly Unit[], after: readonly Unit[], { units }: Paired): void {
  const left = { before: [...before], after: [...after] };
  const join = (one: Unit, other: Unit) => {
    units.set(`before ${one.id}`, other.id);
    units.set(`after ${other.id}`, other.id);
    left.before.splice(left.before.indexOf(one), 1);
    left.after.splice(left.after.indexOf(other), 1);
  };
  for (const key of [({ id }: Unit) => id, ({ id }: Unit) => lastOf(id)])
    for (const one of [...left.before]) {
      const same = left.after.filter((other) => other.cloud === one.cloud && key(other) === key(one));
      if (same.length === 1 && left.before.filter((other) => key(other) === key(one)).length === 1) join(one, same[0] as Unit);
    }
  for (const cloud of ['aws', 'azure'] as const) {
    const [one, ...more] = left.before.filter((unit) => unit.cloud === cloud);
    const [other, ...others] = left.after.filter((unit) => unit.cloud === cloud);
    if (one && other && more.length === 0 && others.length === 0) join(one, other);
  }
}

const unitOf = (resource: Resource, paired: Paired): string =>
  paired.units.get(`after ${resource.unit.id}`) ?? paired.units.get(`before ${resource.unit.id}`) ?? `unpaired ${resource.unit.id}`;

// ── Marks, the surest first ────────────────────────────────────────────────────────────────────────────────────────

/** Inside the unit: a URN without project and stack, which holds the parents too; else the logical id. */
const placeIn = ({ id, logicalId }: Resource): string => (id.startsWith('urn:pulumi:') ? withoutStack(id) : logicalId);

/** In a template of Azure, a resource is what its names say, wherever it stands in it and in a loop. */
function namedInTemplate(resource: Resource): string | undefined {
  if (resource.cloud !== 'azure' || isOfProgram(resource) || typeof resource.names[0] !== 'string') return undefined;
  const around = resource.all.entries().flatMap(([key, value]) => (/Name$/.test(key) ? [`${key} ${value.shape ?? value.path}`] : []));
  return [resource.names[0], ...around.sort()].join(', ').toLowerCase();
}

const MARKS: readonly Mark[] = [
  (resource, paired) => {
    const named = namedInTemplate(resource);
    return named === undefined ? undefined : `${unitOf(resource, paired)} ${resource.type} named ${named}`;
  },
  (resource, paired) => `${unitOf(resource, paired)} ${resource.type} ${placeIn(resource)}`,
  // A token names the API version, and only the type stays when it changes.
  (resource, paired) => (resource.path === undefined ? undefined : `${unitOf(resource, paired)} ${resource.type} at ${resource.path}`),
  ({ names, type }) => {
    const known = names.find((name): name is string => typeof name === 'string' && name !== '');
    return known === undefined ? undefined : `${type} named ${known}`;
  },
  ({ logicalId, type }) => `${type} ${logicalId}`,
  // A construct that was wrapped in another keeps the end of its path.
  ({ path, type }) => (path === undefined ? undefined : `${type} … ${path.split('/').slice(-2).join('/')}`),
];

interface Left {
  before: Resource[];
  after: Resource[];
}

function joinBy(mark: Mark, left: Left, paired: Paired): void {
  const byMark = new Map<string, { before: Resource[]; after: Resource[] }>();
  const put = (side: 'before' | 'after') => (resource: Resource) => {
    const key = mark(resource, paired);
    if (key === undefined) return;
    const entry = byMark.get(key) ?? { before: [], after: [] };
    entry[side].push(resource);
    byMark.set(key, entry);
  };
  left.before.forEach(put('before'));
  left.after.forEach(put('after'));
  for (const { before, after } of byMark.values())
    if (before.length === 1 && after.length === 1) paired.join(before[0] as Resource, after[0] as Resource);
  keepUnpaired(left, paired);
  joinAliases(left, paired);
}

/** Pulumi says itself what a resource was called before, or what it stands in. */
function joinAliases(left: Left, paired: Paired): void {
  if (!paired.isAliased) return;
  const byPlace = new Map(left.before.filter(isOfProgram).map((resource) => [placeInProgram(resource), resource]));
  if (byPlace.size === 0) return;
  for (const resource of left.after) {
    if (!isOfProgram(resource)) continue;
    const old = [...earlierPlaces(resource, paired.afterById)].flatMap((place) => byPlace.get(place) ?? [])[0];
    if (old && old.type === resource.type && !paired.others.has(old)) paired.join(old, resource);
  }
  keepUnpaired(left, paired);
}

const isOfProgram = ({ id }: Resource): boolean => id.startsWith('urn:pulumi:');

function keepUnpaired(left: Left, { others }: Paired): void {
  left.before = left.before.filter((resource) => !others.has(resource));
  left.after = left.after.filter((resource) => !others.has(resource));
}

/** The whole content, with what is referred to called by its own identity. */
function content(before: Side, after: Side): Mark {
  const types = {
    before: new Map(listOf(before).map(({ id, type }) => [id, type])),
    after: new Map(listOf(after).map(({ id, type }) => [id, type])),
  };
  const sideOf = new Map<Resource, 'before' | 'after'>();
  for (const side of [before, after]) for (const resource of resourcesOf(side)) sideOf.set(resource, side.which);
  return (resource, { identities }) => {
    const side = sideOf.get(resource) ?? 'after';
    const names = (id: string) => identities.get(`${side} ${id}`) ?? `some ${types[side].get(id) ?? id}`;
    return `${resource.type} ${canonical(plainOf(resource, names))}`;
  };
}

/** Renamed and changed at once: the one that is most alike, where it is alike enough, in the same unit and of the same type. */
function joinSimilar(left: Left, paired: Paired): void {
  const groups = new Map<string, Resource[]>();
  for (const resource of left.before) append(groups, `${unitOf(resource, paired)} ${resource.type}`, resource);
  const leaves = new Map<Resource, ReadonlySet<string>>();
  const leavesFor = (resource: Resource): ReadonlySet<string> => {
    const known = leaves.get(resource) ?? new Set([...leavesOf(plainOf(resource, (id) => id))].map((leaf) => leaf.join(' ')));
    leaves.set(resource, known);
    return known;
  };
  const found: { readonly one: Resource; readonly other: Resource; readonly alike: number }[] = [];
  for (const other of left.after) {
    const candidates = groups.get(`${unitOf(other, paired)} ${other.type}`) ?? [];
    if (candidates.length > MOST_CANDIDATES) continue;
    for (const one of candidates) {
      const alike = likeness(leavesFor(one), leavesFor(other));
      if (alike >= SIMILAR) found.push({ one, other, alike });
    }
  }
  for (const { one, other } of found.sort((a, b) => b.alike - a.alike))
    if (!paired.others.has(one) && !paired.others.has(other)) paired.join(one, other);
  keepUnpaired(left, paired);
}

function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  if (one.size === 0 || other.size === 0) return 0;
  let same = 0;
  for (const leaf of one) if (other.has(leaf)) same += 1;
  return same / Math.max(one.size, other.size);
}

// ── The result ─────────────────────────────────────────────────────────────────────────────────────────────────────

function pairingOf({ others, units }: Paired, before: Side, after: Side): Pairing {
  const named = namesOf(before, after, units);
  const unitResources = new Map<string, Resource>();
  for (const side of [before, after])
    for (const { graph } of side.targets) for (const unit of graph.ofType(UNIT)) unitResources.set(`${side.which} ${unit.unit.id}`, unit);
  const sideOfUnit = new Map<Resource, 'before' | 'after'>();
  for (const [key, resource] of unitResources) sideOfUnit.set(resource, key.startsWith('before ') ? 'before' : 'after');
  const backwards = new Map([...units].flatMap(([key, id]) => (key.startsWith('before ') ? [[id, key.slice('before '.length)]] : [])));
  const otherUnit = (resource: Resource): Resource | undefined =>
    sideOfUnit.get(resource) === 'before'
      ? unitResources.get(`after ${units.get(`before ${resource.unit.id}`)}`)
      : unitResources.get(`before ${backwards.get(resource.unit.id)}`);
  const laterOf = (resource: Resource): Resource => {
    const other = resource.type === UNIT ? otherUnit(resource) : others.get(resource);
    return other && sides.get(other) === 'after' ? other : resource;
  };
  const sides = new Map<Resource, 'before' | 'after'>(sideOfUnit);
  for (const side of [before, after]) for (const resource of resourcesOf(side)) sides.set(resource, side.which);
  const taken = new Set(listOf(after).map(({ id }) => id));
  return {
    other: (resource) => (resource.type === UNIT ? otherUnit(resource) : others.get(resource)),
    identity: (resource) => {
      const later = laterOf(resource);
      // Something else took its place.
      return sides.get(later) === 'before' && taken.has(later.id) ? `${later.id} (before)` : later.id;
    },
    name: (resource) => named(laterOf(resource)),
  };
}

/** `the bucket Records`; with its stack where another of the kind is called the same. */
function namesOf(before: Side, after: Side, units: ReadonlyMap<string, string>): (resource: Resource) => string {
  const counts = new Map<string, Set<string>>();
  for (const side of [before, after])
    for (const resource of resourcesOf(side)) {
      const short = shortName(resource);
      counts.set(short, (counts.get(short) ?? new Set()).add(units.get(`${side.which} ${resource.unit.id}`) ?? resource.unit.id));
    }
  return (resource) => {
    if (resource.type === UNIT) return resource.unit.id;
    const short = shortName(resource);
    return (counts.get(short)?.size ?? 0) > 1 ? `${short} of ${resource.unit.id}` : short;
  };
}

const shortName = ({ logicalId, path, type }: Resource): string =>
  `the ${kindOf(type)} ${
    path
      ?.split('/')
      .filter((part) => part !== 'Resource')
      .slice(1)
      .join('/') || ownName(logicalId)
  }`;

/** The id of an ARM resource holds its type and as many names; people know it by the last of them. */
function ownName(logicalId: string): string {
  const segments = logicalId.split('/');
  return /^[\w-]+(\.[\w-]+)+$/.test(segments[0] ?? '') && segments.length >= 3 && segments.length % 2 === 1
    ? (segments[segments.length - 1] as string)
    : logicalId;
}
