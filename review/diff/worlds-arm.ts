/** The deployments that a template of Azure allows by its parameters: values that it lists, or asks for. */
import { armTemplateOf, gatherArmAgain } from '../../policies/gather/arm';
import type { Given, OpenParameter, WrittenArm, WrittenArmResource } from '../../policies/gather/arm/written';
import type { Graph } from '../../policies/graph';
import type { Assumption, World, WorldsToCompare } from './worlds';

/** Graphs of each target of a side. */
export type SideGraphs = readonly Graph[];

/** Beyond so many changed resources, their neighbours are not looked for. */
const MOST_CHANGED = 50;

type Written = readonly (readonly (WrittenArm | undefined)[])[];
/** Undefined for what is given by default. */
type Values = ReadonlyMap<string, Given | undefined>;

/** The deployments in which what was changed can differ; undefined where there is only one. */
export function armWorlds(sides: readonly [SideGraphs, SideGraphs], most: number): WorldsToCompare | undefined {
  const written: Written = sides.map((graphs) => graphs.map(armTemplateOf));
  const templates = written.flat().flatMap((one) => one ?? []);
  if (templates.every(({ parameters }) => [...parameters].length === 0)) return undefined;
  const { around, changed, names } = mattering(written);
  if (names.size === 0) return undefined;
  const called = renamed(written);
  for (const used of [around, changed, names]) {
    const choices = new Choices(sides, written, used, called);
    if (choices.count > 1 && choices.count <= most) return choices.worlds(most);
  }
  const choices = new Choices(sides, written, names, called);
  return choices.count > 1 ? choices.worlds(most) : undefined;
}

// ── What matters ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Mattering {
  /** Parameters that changed resources and what they name hang on, that changed resources hang on, and that what was changed of them does. */
  readonly around: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

function mattering(written: Written): Mattering {
  const [old, now] = written.map((targets) => targets.flatMap((template) => (template ? [...template.resources()] : [])));
  const found = { around: new Set<string>(), changed: new Set<string>(), names: new Set<string>() };
  for (const [side, targets] of written.entries()) {
    const others = (side === 0 ? now : old) as readonly WrittenArmResource[];
    const [texts, byKey] = [new Set(others.map(({ text }) => text)), new Map(others.map((one) => [one.key, one]))];
    for (const template of targets) {
      const resources = template ? [...template.resources()] : [];
      const differing = resources.filter(({ text }) => !texts.has(text));
      for (const resource of differing) {
        add(found.changed, template?.usesOf(resource.text));
        for (const text of differingLeaves(resource, byKey.get(resource.key))) add(found.names, template?.usesOf(text));
        // Whether it is there at all counts, whatever of it was changed.
        add(found.names, template?.usesOf(resource.leaves.get('condition') ?? ''));
      }
      for (const resource of neighbours(resources, differing)) add(found.around, template?.usesOf(resource.text));
    }
  }
  add(found.around, found.changed);
  return found;
}

function add(to: Set<string>, names: Iterable<string> | undefined): void {
  for (const name of names ?? []) to.add(name);
}

const differingLeaves = ({ leaves }: WrittenArmResource, other: WrittenArmResource | undefined): readonly string[] =>
  [...leaves].flatMap(([path, text]) => (other?.leaves.get(path) === text ? [] : text));

/** What names a changed resource, or is named by one. */
function neighbours(resources: readonly WrittenArmResource[], differing: readonly WrittenArmResource[]): readonly WrittenArmResource[] {
  if (differing.length === 0 || differing.length > MOST_CHANGED) return [];
  const nameOf = ({ leaves }: WrittenArmResource) => leaves.get('name')?.replace(/^"\[?|\]?"$/g, '');
  const known = new Set(differing);
  return resources.filter((one) => {
    if (known.has(one)) return false;
    const own = nameOf(one);
    return differing.some((other) => {
      const name = nameOf(other);
      return (
        (own !== undefined && own !== '' && other.text.includes(own)) || (name !== undefined && name !== '' && one.text.includes(name))
      );
    });
  });
}

/** Parameters of the earlier side that are called otherwise now: declared in the same words, and the only ones of both sides that are. */
function renamed(written: Written): ReadonlyMap<string, string> {
  const [old, now] = written.map(
    (targets) =>
      new Map(
        targets.flatMap((template) => [...(template?.parameters ?? [])].map((name) => [name, template?.declarationOf(name)] as const)),
      ),
  ) as [Map<string, string | undefined>, Map<string, string | undefined>];
  const [gone, fresh] = [[...old].filter(([name]) => !now.has(name)), [...now].filter(([name]) => !old.has(name))];
  return new Map(
    gone.flatMap(([name, text]) => {
      const [one, ...more] = fresh.filter(([, other]) => other === text);
      return one && more.length === 0 && gone.filter(([, other]) => other === text).length === 1 ? [[name, one[0]] as const] : [];
    }),
  );
}

// ── Which there are ────────────────────────────────────────────────────────────────────────────────────────────────

class Choices {
  readonly #open: readonly OpenParameter[];
  readonly #decided: boolean;

  constructor(
    private readonly sides: readonly [SideGraphs, SideGraphs],
    private readonly written: Written,
    names: ReadonlySet<string>,
    private readonly called: ReadonlyMap<string, string>,
  ) {
    const found = new Map<string, OpenParameter>();
    for (const [side, targets] of written.entries())
      for (const template of targets)
        for (const name of names) {
          const open = template?.open(name);
          const key = side === 0 ? (called.get(name) ?? name) : name;
          if (open) found.set(key, merged(found.get(key), open));
        }
    this.#open = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
    this.#decided = this.#open.every(({ hasDefault }) => hasDefault);
  }

  get count(): number {
    return this.#open.reduce((product, one) => product * this.#options(one).length, 1);
  }

  /** Without a value, the default is deployed. */
  #options({ hasDefault, standard, values }: OpenParameter): readonly (Given | undefined)[] {
    return hasDefault ? [undefined, ...values.filter((value) => value !== standard)] : values;
  }

  worlds(most: number): WorldsToCompare {
    const [standard = new Map<string, Given | undefined>()] = this.#each();
    const wanted = this.count <= most ? [...this.#each()] : this.#few(standard, most);
    const all = wanted.map((values) => this.#world(values));
    return {
      all,
      byDefault: this.#world(standard).key,
      decided: this.#decided,
      ...(wanted.length < this.count ? { left: { names: this.#open.map(({ name }) => name) } } : {}),
    };
  }

  *#each(from = 0): Iterable<Values> {
    const one = this.#open[from];
    if (!one) {
      yield new Map();
      return;
    }
    for (const value of this.#options(one)) for (const rest of this.#each(from + 1)) yield new Map([[one.name, value], ...rest]);
  }

  /** Each value by itself, with the rest as it is by default. */
  #few(standard: Values, most: number): readonly Values[] {
    const single = this.#open.flatMap((one) =>
      this.#options(one)
        .filter((value) => value !== standard.get(one.name))
        .map((value) => new Map([...standard, [one.name, value]])),
    );
    return [standard, ...single].slice(0, most);
  }

  #world(values: Values): World {
    const assumed = this.#open.flatMap((one) => assumptions(one, values.get(one.name)));
    const picked = [...values].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return {
      key: JSON.stringify(picked),
      assumed,
      spelled: new Map(
        this.#open.flatMap(({ name, standard }) => {
          const value = values.get(name) ?? standard;
          return typeof value === 'string' && value.length >= 3 ? [[value, name] as const] : [];
        }),
      ),
      made: new Map(
        this.#open.flatMap((one) => (isMade(one, values.get(one.name)) ? [[values.get(one.name) as string, one.name] as const] : [])),
      ),
      read: (side, target) => {
        const [graph, template] = [this.sides[side]?.[target], this.written[side]?.[target]];
        return graph && template && picked.length > 0 ? gatherArmAgain(graph, this.#givenTo(template, side, picked)) : undefined;
      },
    };
  }

  #givenTo(template: WrittenArm, side: number, picked: readonly (readonly [string, Given])[]): ReadonlyMap<string, Given> {
    const earlier = new Map([...this.called].map(([old, now]) => [now, old]));
    return new Map(
      picked.flatMap(([name, value]) => {
        const key = name.toLowerCase();
        const own = side === 0 ? (earlier.get(key) ?? key) : key;
        return template.allows(own, value) ? [[own, value] as const] : [];
      }),
    );
  }
}

/** The later declaration counts; what either side allows is looked at. */
const merged = (known: OpenParameter | undefined, one: OpenParameter): OpenParameter =>
  known ? { ...one, hasDefault: known.hasDefault && one.hasDefault, values: [...new Set([...one.values, ...known.values])] } : one;

/** `parameter env equals "prod"`. */
function assumptions(one: OpenParameter, value: Given | undefined): readonly Assumption[] {
  const is = value ?? one.standard;
  const words = one.values.map((other): Assumption => [`parameter ${one.name} equals ${JSON.stringify(other)}`, other === is]);
  if (is === undefined) return words.map(([said]) => [said, false]);
  return isMade(one, value) ? words.filter(([, truth]) => !truth) : words;
}

/** What stands for every other value is none that anybody gives. */
const isMade = ({ closed, values }: OpenParameter, value: Given | undefined): boolean =>
  !closed && typeof value === 'string' && /^other(wise)*$/.test(value) && value === values.at(-1);
