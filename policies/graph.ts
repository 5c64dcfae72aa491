import { append } from './collect';
import { type Node, Worlds } from './node';
import { Resource, type ResourceInit, type Unit } from './resource';
import { Value } from './value';

/** The type of the one resource that stands for a whole unit; its properties are `profile`, `region`, `account`, `parameters`, `outputs`. */
export const UNIT = 'Palisade::Unit';

export interface GraphInit {
  readonly resources: Iterable<Resource>;
  readonly units?: Iterable<Unit>;
  /** Shared with the scopes of the units, so that a rule is judged in one world at a time. */
  readonly worlds?: Worlds;
  /** What could not be modelled, in words; printed, never silent. */
  readonly notes?: readonly string[];
}

/**
 * All resources of one target, indexed once. A rule asks the graph for a type or for what points at a resource; nothing
 * ever scans all resources for each resource.
 */
export class Graph {
  readonly worlds: Worlds;
  readonly notes: readonly string[];
  readonly units: readonly Unit[];
  readonly #byType = new Map<string, Resource[]>();
  readonly #byId = new Map<string, Resource>();
  readonly #joins = new Map<string, Map<string, Map<string, Resource[]>>>();
  readonly #derived = new Map<unknown, unknown>();
  readonly #children = new Map<string, Resource[]>();

  constructor(init: GraphInit) {
    this.worlds = init.worlds ?? new Worlds();
    this.notes = init.notes ?? [];
    const units = new Set<Unit>(init.units ?? []);
    for (const resource of init.resources) {
      units.add(resource.unit);
      this.#add(resource);
    }
    this.units = [...units];
    for (const unit of this.units) this.#add(unitResource(unit));
  }

  #add(resource: Resource): void {
    append(this.#byType, resource.type, resource);
    this.#byId.set(resource.id, resource);
    if (resource.parent !== undefined) append(this.#children, resource.parent, resource);
  }

  /** Every type that occurs. */
  get types(): Iterable<string> {
    return this.#byType.keys();
  }

  /** Number of resources, units not counted. */
  get size(): number {
    return this.#byId.size - this.units.length;
  }

  /** Every resource, units not counted. */
  *resources(): Iterable<Resource> {
    for (const [type, resources] of this.#byType) if (type !== UNIT) yield* resources;
  }

  /** Resources of these types, in the order of the input. */
  ofType(...types: readonly string[]): readonly Resource[] {
    if (types.length === 1) return this.#byType.get(types[0] as string) ?? [];
    return types.flatMap((type) => this.#byType.get(type) ?? []);
  }

  get(id: string): Resource | undefined {
    return this.#byId.get(id);
  }

  /** Resources that name this one as their parent (Pulumi parent, ARM scope). */
  childrenOf(resource: Resource): readonly Resource[] {
    return this.#children.get(resource.id) ?? [];
  }

  /** The resource that a value points at, by reference or by name; undefined where there is none or more than one. */
  target(value: Value, ...types: readonly string[]): Resource | undefined {
    const candidates = new Set<Resource>();
    for (const id of value.targets) {
      const resource = this.#byId.get(id);
      if (resource && (types.length === 0 || types.includes(resource.type))) candidates.add(resource);
    }
    const shape = value.shape;
    if (candidates.size === 0 && shape !== undefined) {
      for (const type of types) for (const resource of this.#named(type).get(shape) ?? []) candidates.add(resource);
    }
    return candidates.size === 1 ? [...candidates][0] : undefined;
  }

  /**
   * Resources of a type whose property points at `target`: by reference, across stacks, or by the same name. Only those
   * that exist in the world being judged. Lists count when one entry points at it.
   */
  pointingAt(target: Resource, type: string, path: string): readonly Resource[] {
    const join = this.#join(type, path);
    if (join.size === 0) return NONE;
    // Every rule of a resource asks for the same few joins.
    return target.all.once(join, () => this.#joined(target, join, path));
  }

  #joined(target: Resource, join: ReadonlyMap<string, readonly Resource[]>, path: string): readonly Resource[] {
    const found = new Set<Resource>();
    for (const key of keysOf(target)) {
      for (const candidate of join.get(key) ?? NONE) {
        if (found.has(candidate) || !this.exists(candidate)) continue;
        if (
          candidate
            .at(path)
            .items()
            .some((item) => item.refersTo(target).verdict !== 'fail')
        )
          found.add(candidate);
      }
    }
    return found.size === 0 ? NONE : [...found];
  }

  /** Whether the resource exists in the world being judged. */
  exists(resource: Resource): boolean {
    if (resource.condition === undefined) return true;
    return resource.scope.holds ? resource.scope.holds(resource.condition) : this.worlds.decide(resource.condition);
  }

  /**
   * Something derived from the whole graph, computed once: `graph.once(reachability, () => …)`. It must not depend on
   * undecided conditions.
   */
  once<T>(key: unknown, compute: () => T): T {
    if (!this.#derived.has(key)) this.#derived.set(key, Resource.inPassing(compute));
    return this.#derived.get(key) as T;
  }

  #join(type: string, path: string): Map<string, Resource[]> {
    let joins = this.#joins.get(type);
    if (!joins) {
      joins = new Map();
      this.#joins.set(type, joins);
    }
    let join = joins.get(path);
    if (!join) {
      join = Resource.inPassing(() => this.#joinOf(type, path));
      joins.set(path, join);
    }
    return join;
  }

  #joinOf(type: string, path: string): Map<string, Resource[]> {
    const join = new Map<string, Resource[]>();
    for (const resource of this.ofType(type)) for (const id of joinKeys(resource, path)) append(join, id, resource);
    return join;
  }

  #named(type: string): Map<string, Resource[]> {
    return this.once(`names of ${type}`, () => {
      const index = new Map<string, Resource[]>();
      for (const resource of this.ofType(type)) {
        for (const name of resource.names) {
          const shape = Value.root(resource, name).shape;
          if (shape !== undefined) append(index, shape, resource);
        }
      }
      return index;
    });
  }
}

const NONE: readonly Resource[] = [];
const KEYS = Symbol('keys');

/** What others may write to point at a resource: its id, and each of its names. */
function keysOf(target: Resource): readonly string[] {
  return target.all.once(KEYS, () => [
    target.id,
    ...target.names.map((name) => Value.root(target, name).shape).filter((shape) => shape !== undefined),
  ]);
}

function joinKeys(resource: Resource, path: string): Set<string> {
  const keys = new Set<string>();
  const raw = rawAt(resource.properties, path.split('.'));
  if (raw !== undefined) for (const id of resource.scope.mentions(raw)) keys.add(id);
  for (const item of resource.at(path).items()) {
    for (const id of item.targets) keys.add(id);
    const shape = item.shape;
    if (shape !== undefined) keys.add(shape);
  }
  return keys;
}

/** The subtree as written, as far as the path can be walked without reducing; an intrinsic on the way is returned whole. */
function rawAt(node: Node | undefined, path: readonly string[]): Node | undefined {
  let current = node;
  for (const key of path) {
    if (current === null || typeof current !== 'object' || Array.isArray(current)) return current ?? undefined;
    const next = (current as { readonly [k: string]: Node | undefined })[key];
    if (next === undefined) return Object.keys(current).length === 1 ? current : undefined;
    current = next;
  }
  return current;
}

/** What a unit takes in and gives out. */
const interfaceOf = ({ scope }: Unit) => ({ parameters: scope.parameters ?? null, outputs: scope.outputs ?? null });

function unitResource(unit: Unit): Resource {
  const init: ResourceInit = {
    id: `${unit.id}#unit`,
    logicalId: unit.id,
    type: UNIT,
    properties: {
      profile: (unit.profile ?? null) as Node,
      region: unit.region ?? null,
      account: unit.account ?? null,
      ...interfaceOf(unit),
    },
  };
  return new Resource(init, unit);
}
