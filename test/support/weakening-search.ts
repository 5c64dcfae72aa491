/**
 * The search for changes that break what a construct promises: the same on both clouds. What a cloud calls its resources, and
 * what people do to them there, comes with a {@link Laboratory}.
 */
import type { ControlId } from '../../controls';
import type { Finding } from '../../policies/finding';
import { UNIT } from '../../policies/graph';
import { type Node, Residue } from '../../policies/node';
import type { Rule } from '../../policies/rule';
import { traced } from '../../policies/trace';

export interface NodeMap {
  readonly [key: string]: Node | undefined;
}

/** What a construct deploys with the least it can be given, and which of it is its own: not what it was given, nor what it shares. */
export interface Subject<World> {
  readonly world: World;
  /** Places of its own resources. */
  readonly own: ReadonlySet<string>;
}

export interface Change<World> {
  readonly what: string;
  readonly changed: World;
}

/** How one cloud is changed and judged. A world is everything that is deployed; it is never changed in place. */
export interface Laboratory<World> {
  /** Ids of all resources, as in the graph. */
  places(world: World): readonly string[];
  /** The resource as it is written, with what surrounds its properties. */
  at(world: World, place: string): NodeMap;
  /** The world with another resource at this place, or none. */
  edited(world: World, place: string, edit: (resource: NodeMap) => NodeMap | undefined): World;
  /** Findings of the rules on everything in the world, passes included. */
  judge(world: World, rules: readonly Rule[]): readonly Finding[];
  rulesOf(control: ControlId): readonly Rule[];
  /** Under which names type and properties stand. */
  readonly keys: { readonly type: string; readonly properties: string };
  /** Whether a value points at another resource. */
  isReference(value: Node | undefined): boolean;
  /** What undoes a protection when it stands for another text. */
  readonly weak: readonly string[];
  /** What somebody could write where nothing was written. */
  readonly unwritten: readonly Node[];
  /** A text that is turned into one other only, or into none. */
  readonly opposites: Readonly<Record<string, readonly string[]>>;
  /** What somebody adds later, beside what is there or in its place. */
  additionsTo(world: World, place: string): Iterable<Change<World>>;
  /** What a failing example has beside the resource that fails, put into the world around one of the construct's own. */
  beside?(world: World, place: string, resources: Readonly<Record<string, NodeMap>>, ours: string): World;
  /** Nothing says what the data are: neither profile nor tags. */
  undeclared(world: World): World;
}

/** Which rule says what of which resource of the construct, for the rules of one control. */
interface Judgement {
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

/** Where a rule looks: the resource, and the keys down to the value. */
interface Read {
  readonly place: string;
  readonly path: readonly string[];
}

export const mapOf = (value: Node | undefined): NodeMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Residue) ? (value as NodeMap) : {};
export const listOf = (value: Node | undefined): readonly Node[] => (Array.isArray(value) ? value : []);
export const without = (map: NodeMap, key: string): NodeMap => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));

/** A value with another one at the path below it; undefined leaves it out. */
export function replaced(value: Node | undefined, [key, ...rest]: readonly string[], other: Node | undefined): Node {
  if (key === undefined) return other ?? null;
  if (Array.isArray(value)) {
    const list = [...(value as readonly Node[])];
    if (rest.length === 0 && other === undefined) list.splice(Number(key), 1);
    else list[Number(key)] = replaced(list[Number(key)], rest, other);
    return list;
  }
  const map = mapOf(value);
  return rest.length === 0 && other === undefined ? without(map, key) : { ...map, [key]: replaced(map[key], rest, other) };
}

const valueAt = (value: Node | undefined, path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>((at, key) => (Array.isArray(at) ? at[Number(key)] : mapOf(at)[key]), value);

type Others = (value: Node | undefined) => readonly (Node | undefined)[];
const leftOut: Others = (value) => (value === undefined ? [] : [undefined]);

/** Looks for what breaks a promise, in the worlds of one cloud. */
export class WeakeningSearch<World> {
  constructor(private readonly lab: Laboratory<World>) {}

  /**
   * The change that makes a rule of this control fail where it passed before: on the construct's own resource, or on the
   * unit. Undefined where none of the changes does.
   *
   * @throws Error where the control is broken from the beginning, or shown by nothing
   */
  weakeningOf(subject: Subject<World>, control: ControlId): string | undefined {
    const before = this.#judge(subject, control);
    if (before.failed.size > 0) throw new Error(`fails as it is: ${[...before.failed].join(', ')}`);
    if (before.passed.size === 0) throw new Error('nothing shows it');
    for (const { what, changed } of this.#changesOf(subject, control)) {
      const { failed } = this.#judge({ ...subject, world: changed }, control);
      for (const one of failed) if (before.passed.has(one)) return `${what}: ${one}`;
    }
    return undefined;
  }

  #judge({ world, own }: Subject<World>, control: ControlId): Judgement {
    const findings = this.lab.judge(world, this.lab.rulesOf(control));
    const those = (wanted: string) =>
      new Set(
        findings
          .filter(({ verdict, resource }) => verdict === wanted && (resource.type === UNIT || own.has(resource.id)))
          .map(({ rule, resource }) => `${rule} on ${resource.id}`),
      );
    return { passed: those('pass'), failed: those('fail') };
  }

  /** Where the rules of a control look; the deepest first. */
  #readsOf(subject: Subject<World>, control: ControlId): readonly Read[] {
    const reads = new Map<string, Read>();
    traced(
      ({ id, type }, path) => {
        if (type === UNIT || path === '' || reads.has(`${id} ${path}`)) return;
        reads.set(`${id} ${path}`, { place: id, path: path.replace(/\[(\d+)\]/g, '.$1').split('.') });
      },
      () => this.#judge(subject, control),
    );
    // What the construct made itself is the likeliest to decide.
    const others = ({ place }: Read) => (subject.own.has(place) ? 0 : 1);
    return [...reads.values()].sort((a, b) => others(a) - others(b) || b.path.length - a.path.length);
  }

  /** What somebody could do to a construct from outside, the likeliest first. */
  *#changesOf(subject: Subject<World>, control: ControlId): Generator<Change<World>> {
    const { lab } = this;
    const { world } = subject;
    const reads = this.#readsOf(subject, control);
    const places = lab.places(world);
    for (const read of reads) yield* this.#changesAt(world, read, leftOut);
    for (const read of reads) yield* this.#changesAt(world, read, (value) => this.#turned(value));
    for (const read of reads) yield* this.#changesAt(world, read, (value) => (value === undefined ? lab.unwritten : []));
    for (const place of places) yield* lab.additionsTo(world, place);
    yield* this.#mistakesIn(subject, control);
    yield { what: 'neither profile nor tags', changed: lab.undeclared(world) };
    yield { what: 'all that the rules look at', changed: reads.reduce((changed, read) => this.#withoutRead(changed, read), world) };
    for (const place of places)
      yield {
        what: `${place} as the service makes it`,
        changed: lab.edited(world, place, ({ [lab.keys.type]: type }) => ({ [lab.keys.type]: type })),
      };
    for (const place of places) yield { what: `no ${place}`, changed: lab.edited(world, place, () => undefined) };
  }

  /** What surrounds the properties is read by the same words. */
  #inside(resource: NodeMap, path: readonly string[]): readonly string[] {
    const { type, properties } = this.lab.keys;
    const [first = ''] = path;
    const around = first !== type && first in resource && !(first in mapOf(resource[properties]));
    return around ? path : [properties, ...path];
  }

  /** Each way in which one value is left out, turned round or written. */
  *#changesAt(world: World, { place, path }: Read, others: Others): Generator<Change<World>> {
    const resource = this.lab.at(world, place);
    const full = this.#inside(resource, path);
    for (const other of others(valueAt(resource, full)))
      yield {
        what: `${place} with ${path.join('.')} ${other === undefined ? 'left out' : `= ${JSON.stringify(other)}`}`,
        changed: this.lab.edited(world, place, (own) => mapOf(replaced(own, full, other))),
      };
  }

  #withoutRead(world: World, { place, path }: Read): World {
    return this.lab.edited(world, place, (own) => mapOf(replaced(own, this.#inside(own, path.slice(0, 1)), undefined)));
  }

  #turned(value: Node | undefined): readonly Node[] {
    if (typeof value === 'boolean') return [!value];
    if (typeof value === 'number') return [0, 1, 100_000];
    if (value === 'true' || value === 'false') return [value === 'true' ? 'false' : 'true'];
    if (typeof value === 'string') return this.lab.opposites[value] ?? this.lab.weak;
    if (this.lab.isReference(value)) return this.lab.weak;
    // A list with one entry left, and with each entry turned round.
    return listOf(value).flatMap((entry, index, list): readonly Node[] => [
      ...(list.length > 1 ? [[entry]] : []),
      ...(typeof entry === 'object' && !this.lab.isReference(entry) ? [] : this.#turned(entry).map((other) => list.with(index, other))),
    ]);
  }

  /** What the rules themselves show as mistakes, made with the construct's own resources: beside what they have, or instead. */
  *#mistakesIn({ world, own }: Subject<World>, control: ControlId): Generator<Change<World>> {
    const { type: typeKey, properties: propertiesKey } = this.lab.keys;
    for (const { id, fail, on } of this.lab.rulesOf(control)) {
      const judges = (type: Node | undefined) => on.some((one) => (typeof one === 'string' ? one === type : one.test(String(type))));
      for (const [index, { resources }] of fail.entries())
        for (const [name, mistake] of Object.entries(resources) as [string, NodeMap][])
          for (const place of this.lab.places(world).filter((one) => own.has(one))) {
            const type = this.lab.at(world, place)[typeKey];
            if (type !== mistake[typeKey] && !(judges(type) && judges(mistake[typeKey]))) continue;
            const wrong = mapOf(mistake[propertiesKey]);
            const what = `${place} as in failing example ${index + 1} of ${id}`;
            for (const kept of [true, false]) {
              const changed = this.lab.edited(world, place, (resource) => ({
                ...resource,
                [propertiesKey]: this.#merged(kept ? mapOf(resource[propertiesKey]) : {}, wrong),
              }));
              yield { what, changed };
              if (this.lab.beside && Object.keys(resources).length > 1)
                yield {
                  what: `${what}, with what is beside it there`,
                  changed: this.lab.beside(changed, place, resources as Readonly<Record<string, NodeMap>>, name),
                };
            }
          }
    }
  }

  /** What an example refers to is not here. */
  #merged(own: NodeMap, other: NodeMap): NodeMap {
    const isMap = (value: Node | undefined) => Object.keys(mapOf(value)).length > 0 && !this.lab.isReference(value);
    return {
      ...own,
      ...Object.fromEntries(
        Object.entries(other)
          .filter(([, value]) => !this.lab.isReference(value))
          .map(([key, value]) => [key, isMap(own[key]) && isMap(value) ? this.#merged(mapOf(own[key]), mapOf(value)) : value]),
      ),
    };
  }
}
