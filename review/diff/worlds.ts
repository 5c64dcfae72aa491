/**
 * The deployments that templates allow besides the one by default. A parameter may be given another value, and what hangs on it is then
 * deployed otherwise: a weakening that stands behind a condition is one as soon as somebody sets the parameter. Both sides are compared
 * in every deployment that matters to what was changed.
 */
import { graphOfTemplates, type TemplateInput } from '../../policies/gather/cloudformation';
import { Atoms } from '../../policies/gather/cloudformation/conditions';
import { REGION, type WrittenResource, WrittenTemplate } from '../../policies/gather/cloudformation/hangs';
import { closedScopes, openParameter, openScopes, type Scopes } from '../../policies/gather/cloudformation/open';
import { asMap, type NodeMap } from '../../policies/gather/cloudformation/text';
import type { Gathered } from '../../policies/gather/target';
import { type Node, Worlds } from '../../policies/node';

/** What is taken for true or false: `parameter Env equals "prod"`. */
export type Assumption = readonly [words: string, truth: boolean];

/** What is deployed of one target. */
export type Reading = Pick<Gathered, 'graph' | 'waivers'>;

/** One deployment. */
export interface World {
  /** The same for assumptions that lead to the same deployment. */
  readonly key: string;
  readonly assumed: readonly Assumption[];
  /** Values that names are put together from, with what they are values of. */
  readonly spelled?: ReadonlyMap<string, string>;
  /** Those among them that only stand for any other value. */
  readonly made?: ReadonlyMap<string, string>;
  /** A target with every condition that matters decided; undefined where it is as it is by default. */
  read(side: number, target: number): Reading | undefined;
}

/** Every deployment that matters. */
export interface WorldsToCompare {
  /** Each deployment under every combination of assumptions that leads to it. */
  readonly all: readonly World[];
  /** What is deployed where nobody says anything. */
  readonly byDefault: string;
  /** Whether the defaults alone decide what is deployed. */
  readonly decided: boolean;
  /** Set where there are more than are compared. */
  readonly left?: { readonly names: readonly string[] };
}

/** Templates of each target of a side; undefined where it is none of templates. */
export type SideTemplates = readonly (readonly TemplateInput[] | undefined)[];

/** Combinations that are tried to find the deployments that differ. */
const MOST_TRIED = 512;

/**
 * The deployments in which what was changed, or what it works with, can differ; undefined where there is only one.
 * @param most deployments that are compared
 */
export function worldsToCompare(sides: readonly [SideTemplates, SideTemplates], most: number): WorldsToCompare | undefined {
  const written = sides.map((targets) => targets.map((inputs) => (inputs ?? []).map((input) => new WrittenTemplate(input))));
  if (written.flat(2).every(({ isPlain }) => isPlain)) return undefined;
  const { around, changed } = mattering(written);
  if (changed.size === 0) return undefined;
  const wide = enumerate(sides, written, widened(around, written), most);
  if (wide && wide.left === undefined) return wide.keys > 1 || !wide.decided ? wide : undefined;
  const near = enumerate(sides, written, widened(changed, written), most);
  return near && (near.keys > 1 || !near.decided) ? near : undefined;
}

// ── What matters ───────────────────────────────────────────────────────────────────────────────────────────────────

type Written = readonly (readonly (readonly WrittenTemplate[])[])[];
/** Names of conditions and parameters. What has one name in two templates is one choice. */
type Names = ReadonlySet<string>;

/** What the changed resources hang on, and what they and their neighbours do. */
function mattering(written: Written): { readonly changed: Names; readonly around: Names } {
  const [old, now] = written.map((targets) => new Set(targets.flat().flatMap((template) => [...template.resources()].map(identified))));
  const [changed, around] = [new Set<string>(), new Set<string>()];
  for (const [side, targets] of written.entries()) {
    const other = (side === 0 ? now : old) as ReadonlySet<string>;
    for (const template of targets.flat()) {
      const resources = [...template.resources()];
      const differing = resources.filter((resource) => !other.has(identified(resource)));
      if (differing.length === 0) continue;
      for (const resource of differing) for (const name of hangsOn(resource)) changed.add(name);
      for (const resource of neighbours(resources, differing)) for (const name of hangsOn(resource)) around.add(name);
    }
  }
  return { changed, around };
}

const identified = ({ logicalId, text }: WrittenResource): string => `${logicalId} ${text}`;
const hangsOn = ({ uses }: WrittenResource): readonly string[] => [...uses.conditions, ...uses.picks.keys()];

/** Two steps: an instance and the rule that opens its security group. */
const STEPS = 2;

function neighbours(resources: readonly WrittenResource[], from: readonly WrittenResource[]): ReadonlySet<WrittenResource> {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const naming = new Map<string, WrittenResource[]>();
  for (const resource of resources)
    for (const name of resource.uses.names) {
      if (!byId.has(name)) continue;
      const known = naming.get(name);
      if (known) known.push(resource);
      else naming.set(name, [resource]);
    }
  const found = new Set(from);
  let edge: readonly WrittenResource[] = from;
  for (let step = 0; step < STEPS; step += 1) {
    edge = edge
      .flatMap(({ logicalId, uses }) => [...(naming.get(logicalId) ?? []), ...[...uses.names].flatMap((name) => byId.get(name) ?? [])])
      .filter((resource) => !found.has(resource));
    for (const resource of edge) found.add(resource);
  }
  return found;
}

/** With every condition that depends on one of the same parameters: it changes along. */
function widened(names: Names, written: Written): Names {
  const parameters = new Set<string>();
  for (const template of written.flat(2))
    for (const name of names)
      for (const used of name in template.conditions ? template.usesOfCondition(name) : [name]) parameters.add(used);
  const found = new Set(names);
  for (const template of written.flat(2))
    for (const name of Object.keys(template.conditions))
      if ([...template.usesOfCondition(name)].some((used) => parameters.has(used) && !(used in template.conditions))) found.add(name);
  return found;
}

// ── Which there are ────────────────────────────────────────────────────────────────────────────────────────────────

interface Found extends WorldsToCompare {
  readonly keys: number;
}

function enumerate(sides: readonly [SideTemplates, SideTemplates], written: Written, names: Names, most: number): Found | undefined {
  if (names.size === 0) return undefined;
  const choices = new Choices(sides, written, names);
  const standard = choices.byDefault();
  const all: World[] = [];
  const keys = new Set([standard.key]);
  let tried = 0;
  for (const world of choices.all()) {
    tried += 1;
    if (!keys.has(world.key) && keys.size >= most)
      return { all, keys: keys.size, byDefault: standard.key, decided: standard.decided, left: { names: choices.names } };
    keys.add(world.key);
    all.push(world);
    if (tried === MOST_TRIED)
      return { all, keys: keys.size, byDefault: standard.key, decided: standard.decided, left: { names: choices.names } };
  }
  return { all, keys: keys.size, byDefault: standard.key, decided: standard.decided };
}

/** Truth of conditions, and values of parameters, by the unit that declares them. */
interface Picked {
  readonly truths: ReadonlyMap<WrittenTemplate, ReadonlyMap<string, boolean>>;
  readonly values: ReadonlyMap<WrittenTemplate, NodeMap>;
}

class Choices {
  readonly #atoms = new Atoms(new Worlds());
  readonly #open: readonly (readonly Scopes[])[];
  readonly #picks: ReadonlyMap<string, readonly string[]>;
  readonly #renamed: ReadonlyMap<string, string>;
  readonly names: readonly string[];

  constructor(
    private readonly sides: readonly [SideTemplates, SideTemplates],
    private readonly written: Written,
    names: Names,
  ) {
    this.names = [...names].sort();
    this.#renamed = renamedParameters(written);
    this.#open = sides.map((targets, side) =>
      targets.map((inputs) => openScopes(inputs ?? [], this.#atoms, (name) => this.#called(name, side))),
    );
    this.#picks = this.#picksOf(names);
    // What holds whatever is picked is known from here on; deciding asks questions.
    this.#each(this.#open, (scope, name) => scope.conditions.decided(name));
    this.#atoms.worlds.reset();
  }

  /** Each combination of what is asked, until all are tried: like a binary number that counts down, last asked first. */
  *all(): Iterable<World> {
    const { worlds } = this.#atoms;
    worlds.reset();
    for (;;) {
      const truths = this.#truths();
      const picked = this.#askPicks();
      const assumed = worlds.asked.map((words): [string, boolean] => [words, worlds.assumed(words) === true]);
      const told = new Map<string, boolean>([...assumed, ...picked].map(([words, truth]) => [words, truth]));
      yield this.#world(truths, [...told]);
      while (assumed.at(-1)?.[1] === false) assumed.pop();
      const last = assumed.at(-1);
      if (!last) return;
      last[1] = false;
      worlds.reset(assumed);
    }
  }

  /** What is deployed where nobody says anything; what nothing decides is taken for true. */
  byDefault(): { readonly key: string; readonly decided: boolean } {
    const atoms = new Atoms(new Worlds());
    const scopes = this.sides.map((targets) => targets.map((inputs) => closedScopes(inputs ?? [], atoms)));
    let decided = true;
    this.#each(scopes, (scope, name) => {
      if (scope.conditions.decided(name) === undefined) decided = false;
    });
    atoms.worlds.reset();
    const truths = new Map<WrittenTemplate, Map<string, boolean>>();
    this.#each(scopes, (scope, name, template) => {
      const known = truths.get(template) ?? new Map<string, boolean>();
      truths.set(template, known.set(name, scope.conditions.holds(name)));
    });
    const assumed = atoms.worlds.asked.map((words): Assumption => [words, true]);
    const { key } = this.#world(truths, assumed);
    const open = [...this.#picks.keys()].some((name) => this.#hasNoDefault(name));
    return { key, decided: decided && !open };
  }

  #hasNoDefault(name: string): boolean {
    return this.written
      .flat(2)
      .some(({ input, parameters }) =>
        name === REGION
          ? input.region === undefined
          : Object.hasOwn(parameters, name) &&
            asMap(parameters[name]).Default === undefined &&
            input.parameters?.[name] === undefined &&
            input.deployedBy === undefined,
      );
  }

  #called(name: string, side: number): string {
    return side === 0 ? (this.#renamed.get(name) ?? name) : name;
  }

  #picksOf(names: Names): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, Set<string>>();
    for (const [side, targets] of this.written.entries())
      for (const template of targets.flat())
        for (const { uses } of template.resources())
          for (const [name, candidates] of uses.picks) {
            if (!names.has(name) || template.input.parameters?.[name] !== undefined) continue;
            const called = this.#called(name, side);
            const known = found.get(called) ?? new Set();
            found.set(called, known);
            for (const candidate of candidates) known.add(candidate);
          }
    return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, candidates]) => [name, [...candidates].sort()]));
  }

  #each(scopes: readonly (readonly Scopes[])[], visit: (scope: OpenScope, name: string, template: WrittenTemplate) => void): void {
    for (const [side, targets] of this.written.entries())
      for (const [target, templates] of targets.entries())
        for (const template of templates) {
          const scope = scopes[side]?.[target]?.get(template.input.id);
          if (scope) for (const name of this.names) if (Object.hasOwn(template.conditions, name)) visit(scope, name, template);
        }
  }

  #truths(): Picked['truths'] {
    const truths = new Map<WrittenTemplate, Map<string, boolean>>();
    this.#each(this.#open, (scope, name, template) => {
      const known = truths.get(template) ?? new Map<string, boolean>();
      truths.set(template, known.set(name, scope.conditions.holds(name)));
    });
    return truths;
  }

  /** One of the values that a template lists is picked, and no other. */
  #askPicks(): readonly Assumption[] {
    return [...this.#picks].flatMap(([name, candidates]) => {
      const subject = name === REGION ? name : `parameter ${name}`;
      const picked = candidates.find((value) => this.#atoms.equals(subject, value, candidates));
      return picked === undefined ? [] : [[`${subject} equals ${JSON.stringify(picked)}`, true] as const];
    });
  }

  #world(truths: Picked['truths'], assumed: readonly Assumption[]): World {
    const values = new Map<WrittenTemplate, NodeMap>();
    const said = saidOf(assumed);
    for (const [side, targets] of this.written.entries())
      for (const template of targets.flat()) {
        const own: Record<string, Node> = {};
        for (const [name, one] of said) {
          const declaredAs = Object.keys(template.parameters).find((parameter) => this.#called(parameter, side) === name);
          const value = declaredAs === undefined ? undefined : givenTo(template, declaredAs, name, one);
          if (declaredAs !== undefined && value !== undefined) own[declaredAs] = value;
        }
        const region = said.get(REGION)?.is;
        if (region !== undefined && template.input.region === undefined) own[REGION] = region;
        values.set(template, own);
      }
    return new OneWorld(this.written, { truths, values }, assumed);
  }
}

type OpenScope = Scopes extends ReadonlyMap<string, infer Scope> ? Scope : never;

/** What is said of a parameter: its value, or what it is not. */
interface Said {
  readonly is?: string | undefined;
  readonly not: readonly string[];
}

const EQUALS = /^(?:parameter (\w+)|(AWS::Region)) equals (".*")$/;
function saidOf(assumed: readonly Assumption[]): ReadonlyMap<string, Said> {
  const said = new Map<string, Said>();
  for (const [words, truth] of assumed) {
    const [, parameter, region, literal] = EQUALS.exec(words) ?? [];
    const name = parameter ?? region;
    if (name === undefined || literal === undefined) continue;
    const value = JSON.parse(literal) as string;
    const known = said.get(name) ?? { not: [] };
    said.set(name, truth ? { ...known, is: value } : { ...known, not: [...known.not, value] });
  }
  return said;
}

/** Undefined where it stays as it is by default. */
function givenTo({ input, parameters }: WrittenTemplate, name: string, called: string, { is, not }: Said): Node | undefined {
  if (input.parameters?.[name] !== undefined) return undefined;
  if (is !== undefined) return is;
  const declared = asMap(parameters[name]);
  const { AllowedValues: allowed, Default: standard } = declared;
  if (standard !== undefined && !not.includes(String(standard))) return undefined;
  const others = Array.isArray(allowed) ? allowed.map(String).filter((value) => !not.includes(value)) : [];
  return others.length === 1 ? others[0] : openParameter(called, declared);
}

class OneWorld implements World {
  readonly key: string;
  readonly #inputs: readonly (readonly (readonly TemplateInput[])[])[];

  constructor(
    written: Written,
    { truths, values }: Picked,
    readonly assumed: readonly Assumption[],
  ) {
    const keys: string[] = [];
    this.#inputs = written.map((targets, side) =>
      targets.map((templates) =>
        templates.map((template) => {
          const { input, parameters } = template;
          const own = Object.fromEntries([...(truths.get(template) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
          const { [REGION]: region, ...given } = values.get(template) ?? {};
          const effective = Object.entries(given).map(([name, value]) => [name, String(value instanceof Object ? 'open' : value)]);
          keys.push(JSON.stringify([side, input.id, own, withoutDefaults(effective, parameters), region ?? null]));
          return {
            ...input,
            ...(region === undefined ? {} : { region: String(region) }),
            parameters: { ...input.parameters, ...given },
            template: { ...input.template, ...(Object.keys(own).length > 0 ? { Conditions: { ...template.conditions, ...own } } : {}) },
          };
        }),
      ),
    );
    this.key = keys.join('\n');
  }

  read(side: number, target: number): Reading | undefined {
    const inputs = this.#inputs[side]?.[target];
    return inputs && inputs.length > 0 ? graphOfTemplates(inputs) : undefined;
  }
}

/** A parameter that is given the value that it has anyway makes no other deployment. */
const withoutDefaults = (values: readonly (readonly string[])[], parameters: NodeMap): readonly (readonly string[])[] =>
  values
    .filter(([name = '', value]) => {
      const { Default: standard } = asMap(parameters[name]);
      return standard === undefined || String(standard) !== value;
    })
    .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));

/**
 * Parameters that are called otherwise now: declared in the same words, and the only ones of both sides that are. They are one choice.
 */
function renamedParameters(written: Written): ReadonlyMap<string, string> {
  const declared = written.map((targets) => {
    const found = new Map<string, string>();
    for (const { parameters } of targets.flat())
      for (const [name, { Description: _description, ...rest }] of Object.entries(parameters).map(
        ([name, one]) => [name, asMap(one)] as const,
      ))
        found.set(name, JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))));
    return found;
  }) as [Map<string, string>, Map<string, string>];
  const [old, now] = declared;
  const only = (these: Map<string, string>, those: Map<string, string>) => [...these].filter(([name]) => !those.has(name));
  const [gone, fresh] = [only(old, now), only(now, old)];
  return new Map(
    gone.flatMap(([name, text]) => {
      const same = fresh.filter(([, other]) => other === text);
      const [one, ...more] = same;
      return one && more.length === 0 && gone.filter(([, other]) => other === text).length === 1 ? [[name, one[0]] as const] : [];
    }),
  );
}
