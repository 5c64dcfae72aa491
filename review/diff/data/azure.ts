/** What becomes of stores on Azure: what Pulumi or a template takes for another one, and what goes with the group or server around it. */
import { namePropertyOf } from '../../../policies/gather/pulumi/names';
import type { Resource } from '../../../policies/resource';
import { hasHole } from '../access/text';
import { estatesOf } from '../access-azure/estate';
import type { Scope } from '../access-azure/grant';
import { canonical, type Plain, type PlainMap, plainOf } from '../plain';
import { asMap, asText, valueAt } from '../reading';
import { type Pairing, resourcesOf, type Side } from '../side';
import { earlierPlaces, placeInProgram } from '../urns';
import { completeDeployments } from './azure-deployments';
import { type Fate, HOLDS, isExported, type Names, namesOf, ofProgram, type Why } from './parts';

const RESOURCE_GROUP = 'azure-native:resources:ResourceGroup';
/** What a template or a program declares, in contrast to what it only reads. */
const isOurs = (resource: Resource): boolean => resource.cloud === 'azure' && resource.options.external !== true;

// ── Replaced ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Properties that say what a resource is and where; with another value it is another one. Besides them, its own name. */
const PLACE = [
  'location',
  'resourceGroupName',
  'kind',
  'accountName',
  'serverName',
  'vaultName',
  'databaseName',
  'workspaceName',
  'namespaceName',
  'registryName',
];
/** How stores of Cosmos DB lay out what they hold: the service refuses to change it, and Pulumi does not replace them for it. */
const LAYOUTS: Readonly<Record<string, string>> = {
  'resource.partitionKey.paths': 'its partition key',
  'resource.uniqueKeyPolicy.uniqueKeys': 'its unique keys',
  'resource.shardKey': 'its shard key',
};
const LAID_OUT = /^azure-native:(cosmosdb|documentdb):\w*(SqlContainer|GremlinGraph|ResourceGraph|MongoDBCollection)$/;
/** Nobody can change them of what is there; with another name, a template makes another one and leaves the old one. */
const FIXED = new Set(['location', 'kind']);

/** Two states of the deployment, as far as stores depend on it. */
export class Replacements {
  readonly #names: Readonly<Record<Side['which'], Names>>;
  readonly #byId: Readonly<Record<Side['which'], ReadonlyMap<string, Resource>>>;

  constructor(
    before: Side,
    readonly after: Side,
    readonly pairing: Pairing,
  ) {
    this.#names = { before: namesOf(before, pairing), after: namesOf(after, pairing) };
    this.#byId = { before: byIdOf(before), after: byIdOf(after) };
  }

  /** Why the deployment takes the second for another resource than the first. */
  why(before: Resource, after: Resource): Why | undefined {
    const moved = ofProgram(before) && ofProgram(after) ? this.#moved(before, after) : undefined;
    if (moved !== undefined) return { words: moved, moved: true };
    const own = namePropertyOf(
      before.type,
      before.all.entries().map(([key]) => key),
    );
    const keys = [...new Set([...PLACE, ...(own === undefined ? [] : [own])])];
    const states = [this.#state(before, 'before'), this.#state(after, 'after')] as const;
    const turns = keys.map((key) => [key, this.#turn(key, ...states)] as const);
    const changed = turns.flatMap(([key, turn]) => (turn === 'other' ? [key] : []));
    const unsure = turns.flatMap(([key, turn]) => (turn === 'unsure' ? [key] : []));
    if (changed.length > 0)
      return {
        words: `${changed.join(', ')} ${changed.length > 1 ? 'change' : 'changes'}`,
        moved: false,
        fixed: changed.every((key) => FIXED.has(key)),
      };
    return unsure.length === 0 ? this.#laidOut(...states) : { words: unsure.join(', '), moved: false, unsure: true };
  }

  #laidOut(was: State, is: State): Why | undefined {
    if (!LAID_OUT.test(is.resource.type)) return undefined;
    const changed = Object.entries(LAYOUTS).flatMap(([path, words]) => {
      const [old, now] = [valueAt(was.plain, path), valueAt(is.plain, path)];
      return old === undefined || now === undefined || canonical(old) === canonical(now) ? [] : [words];
    });
    if (changed.length === 0) return undefined;
    return { words: `${changed.join(', ')} ${changed.length > 1 ? 'change' : 'changes'}`, moved: false, fixed: true, refused: true };
  }

  #moved(before: Resource, after: Resource): string | undefined {
    const [was, is] = [placeInProgram(before), placeInProgram(after)];
    if (was === is || earlierPlaces(after, this.#byId.after).has(was)) return undefined;
    if (before.logicalId !== after.logicalId) return `its name in the program is ${after.logicalId} now, without an alias of the old one`;
    const parent = after.parent === undefined ? undefined : this.#byId.after.get(after.parent);
    const below = parent ? `it stands below ${parent.logicalId} in the program now` : 'it stands below nothing in the program now';
    return `${below}, without an alias of where it stood`;
  }

  #state(resource: Resource, side: Side['which']): State {
    return { resource, side, plain: asMap(plainOf(resource, this.#names[side])) };
  }

  /** Whether a property says the same on both sides; a name counts by what it is, written out or taken from the resource it names. */
  #turn(key: string, was: State, is: State): 'same' | 'other' | 'unsure' {
    const [old, now] = [was.plain[key], is.plain[key]];
    if (old === undefined || now === undefined) return 'same';
    const folded = (text: string): string => (key === 'location' ? text.toLowerCase().replaceAll(' ', '') : text.toLowerCase());
    if (folded(textOf(old)) === folded(textOf(now))) return 'same';
    const [meant, means] = [this.#meant(key, was) ?? textOf(old), this.#meant(key, is) ?? textOf(now)];
    if (folded(meant) === folded(means)) return 'same';
    return hasHole(meant) !== hasHole(means) ? 'unsure' : 'other';
  }

  /** What a reference stands for: the name of its target. */
  #meant(key: string, { resource, side }: State): string | undefined {
    const { shape, targets } = resource.at(key);
    const target = targets.length === 1 ? this.#byId[side].get(targets[0] as string) : undefined;
    const named = target?.names[0];
    return typeof named === 'string' && /^\$\{[^}]*\}$/.test(shape ?? '') ? named : undefined;
  }
}

/** A resource of one side, as what it says. */
interface State {
  readonly resource: Resource;
  readonly side: Side['which'];
  readonly plain: PlainMap;
}
const textOf = (plain: Plain): string => asText(plain) ?? canonical(plain);

function byIdOf(side: Side): ReadonlyMap<string, Resource> {
  const byId = new Map<string, Resource>();
  for (const resource of resourcesOf(side)) byId.set(resource.id, resource);
  return byId;
}

// ── What becomes of it ─────────────────────────────────────────────────────────────────────────────────────────────

/**
 * What becomes of the old one. What leaves a program goes by the protection it had; what is replaced is refused only as long as both
 * states are protected, and kept by what the new one says.
 */
export function fateOnAzure(before: Resource, after?: Resource, why?: Why): Fate {
  if (why?.refused === true) return 'impossible';
  if (!ofProgram(before)) {
    if (isExported(before)) return 'deleted';
    return why?.fixed === true ? 'impossible' : 'unmanaged';
  }
  if (!after || why?.moved === true) return protectionOf(before);
  if (before.options.protect === true && after.options.protect === true) return 'refused';
  return after.options.retainOnDelete === true ? 'kept' : 'deleted';
}

/** What happens to a resource when it leaves the deployment. */
export const protectionOf = ({ options }: Resource): Fate =>
  options.protect === true ? 'refused' : options.retainOnDelete === true ? 'kept' : 'deleted';

// ── What goes with it ──────────────────────────────────────────────────────────────────────────────────────────────

/** A group, server, account or vault that ends, and the stores in it that end with it although nothing of their own changes. */
export interface Ending {
  readonly resource: Resource;
  readonly other: Resource | undefined;
  readonly why: Why | undefined;
  readonly fate: Fate;
  /** By name. */
  readonly within: readonly Resource[];
}

/** Endings by the resource that ends: of stores, and of resource groups with something in them. */
export function endingsOf(before: Side, replacements: Replacements): ReadonlyMap<Resource, Ending> {
  const { pairing } = replacements;
  const ended = new Map<Resource, Ending>();
  const cleared = completeDeployments(replacements.after);
  for (const resource of resourcesOf(before)) {
    if (!isOurs(resource) || !(HOLDS.test(resource.type) || resource.type === RESOURCE_GROUP)) continue;
    const other = pairing.other(resource);
    const why = other && replacements.why(resource, other);
    if (other && !why) continue;
    const fate = fateOnAzure(resource, other, why);
    ended.set(resource, { resource, other, why, fate: fate === 'unmanaged' && cleared(resource) ? 'deleted' : fate, within: [] });
  }
  // What stays as it is keeps what is in it; of templates, what is no longer in them stays.
  const taking = [...ended.values()].filter(
    ({ fate, resource, why }) => ofProgram(resource) && fate !== 'refused' && fate !== 'impossible' && why?.unsure !== true,
  );
  if (taking.length === 0) return withoutEmptyGroups(ended);
  const estate = estatesOf(before, replacements.after, pairing).before;
  const byKey = new Map(taking.map((ending) => [estate.scopeOf(ending.resource).key, ending]));
  const within = new Map<Ending, Resource[]>();
  for (const resource of resourcesOf(before)) {
    if (!isOurs(resource) || !HOLDS.test(resource.type) || ended.has(resource)) continue;
    const around = endingAround(estate.scopeOf(resource), byKey);
    if (around) within.set(around, [...(within.get(around) ?? []), resource]);
  }
  for (const [ending, resources] of within) {
    const stores = resources.sort((a, b) => (pairing.name(a) < pairing.name(b) ? -1 : 1));
    const fate = ending.fate === 'kept' ? weakest(stores, pairing) : ending.fate;
    ended.set(ending.resource, { ...ending, fate, within: stores });
  }
  return withoutEmptyGroups(ended);
}

const endingAround = ({ chain }: Scope, byKey: ReadonlyMap<string, Ending>): Ending | undefined =>
  chain.slice(1).flatMap((key) => byKey.get(key) ?? [])[0];

/** A group with nothing in it that ends with it holds no data. */
const withoutEmptyGroups = (ended: ReadonlyMap<Resource, Ending>): ReadonlyMap<Resource, Ending> =>
  new Map([...ended].filter(([resource, { within }]) => resource.type !== RESOURCE_GROUP || within.length > 0));

const ORDER: readonly Fate[] = ['deleted', 'snapshot', 'unmanaged', 'kept', 'impossible', 'refused'];

/** Of stores that are made anew elsewhere because the group that is kept is no longer theirs. */
function weakest(stores: readonly Resource[], pairing: Pairing): Fate {
  const fates = stores.map((store) => fateOnAzure(store, pairing.other(store)));
  return ORDER.find((fate) => fates.includes(fate)) ?? 'deleted';
}

const NAMED = 5;

/** `with it goes what stands in it: …`. */
export function takenAlong({ within }: Ending, pairing: Pairing): string {
  const names = within.slice(0, NAMED).map((resource) => pairing.name(resource));
  const more = within.length - names.length;
  const all = more > 0 ? [...names, `${more} more`] : names;
  const list = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0];
  return `${list} ${within.length > 1 ? 'go' : 'goes'} with it`;
}
