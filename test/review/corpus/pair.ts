/** Pairs of states, written as a base and what is changed of it, and how they are read. */
import type { DataProfile } from '../../../controls';
import { gatherArmText } from '../../../policies/gather/arm';
import { graphOfTemplates, type TemplateInput } from '../../../policies/gather/cloudformation';
import { graphOf } from '../../../policies/gather/pulumi/graph';
import { recordsOf } from '../../../policies/gather/pulumi/state';
import type { Node } from '../../../policies/node';
import { compareSides, type Read, type Side, type SideConfig, sideOf } from '../../../review/diff';
import type { Aspect, Boundary, ReviewChange } from '../../../review/schema-review';

export const TODAY = new Date('2026-11-22T00:00:00Z');
const occasion = { today: TODAY };

/** Of the system whose states are compared: everything is asked of it. */
export const PROFILE: DataProfile = {
  system: 'cases',
  owner: 'cases@example.com',
  sensitivity: 'restricted',
  volume: 'millions',
  exposure: 'internet',
  privilege: 'administer',
};

export type Resources = Readonly<Record<string, object>>;

/** One state: templates of CloudFormation by stack, one ARM template, or the resources of a Pulumi program. */
export interface State {
  readonly stacks?: Readonly<Record<string, Resources>>;
  /** More of a template than its resources, for all stacks. */
  readonly sections?: object;
  readonly arm?: Readonly<Record<string, object>>;
  readonly pulumi?: Readonly<Record<string, object>>;
  readonly config?: SideConfig;
}

/** What must be told of a weakening; the exact lines stand in the file of lines. */
export interface Weakening {
  readonly before: State;
  readonly after: State;
  /** One of these aspects tells it, as weaker or, where it cannot be decided, as that. */
  readonly about: readonly Aspect[];
  /** What the telling line names. */
  readonly naming: string;
  readonly boundary?: Boundary;
}
export interface Harmless {
  readonly before: State;
  readonly after: State;
}

// ── Changes ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Takes a resource or a property away. */
export const GONE = Symbol('gone');

/**
 * By place: `Records` a whole resource, `Records.Path.0.To` below its properties (`properties` in ARM), `Records@DeletionPolicy` beside
 * them.
 */
export type Changes = Readonly<Record<string, unknown>>;

const below = (resources: Readonly<Record<string, object>>, properties: string) => (changes: Changes) => {
  // By JSON, because parts of a base are one and the same object.
  const copy = JSON.parse(JSON.stringify(resources)) as Record<string, Record<string, unknown>>;
  for (const [place, value] of Object.entries(changes)) {
    const [id = '', inside, beside] = (/^([^.@]+)(?:\.(.+)|@(.+))?$/.exec(place) ?? []).slice(1);
    if (inside === undefined && beside === undefined) {
      if (value === GONE) delete copy[id];
      else copy[id] = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
      continue;
    }
    const resource = copy[id];
    if (!resource) throw new Error(`${place}: the base has no ${id}`);
    put(resource, beside?.split('.') ?? [...(properties === '' ? [] : [properties]), ...(inside as string).split('.')], value, place);
  }
  return copy as Readonly<Record<string, object>>;
};

function put(target: Record<string, unknown>, path: readonly string[], value: unknown, place: string): void {
  const [key = '', ...rest] = path;
  if (rest.length > 0) {
    if (target[key] === undefined && value === GONE) throw new Error(`${place}: the base has none`);
    target[key] ??= /^\d+$/.test(rest[0] as string) ? [] : {};
    put(target[key] as Record<string, unknown>, rest, value, place);
  } else if (value === GONE) {
    if (!(key in target)) throw new Error(`${place}: the base has none`);
    if (Array.isArray(target)) target.splice(Number(key), 1);
    else delete target[key];
  } else target[key] = value;
}

export const awsWith = (resources: Resources, changes: Changes = {}): State => ({
  stacks: { cases: below(resources, 'Properties')(changes) as Resources },
});
export const armWith = (resources: Readonly<Record<string, object>>, changes: Changes = {}): State => ({
  arm: below(resources, 'properties')(changes),
});
export const pulumiWith = (resources: Readonly<Record<string, object>>, changes: Changes = {}): State => ({
  pulumi: below(resources, 'inputs')(changes),
});

type With = (resources: Readonly<Record<string, object>>, changes?: Changes) => State;

/** `about / naming / boundary`, and the changes. */
export type Weaker = readonly [telling: string, changes: Changes];

/** Weakenings of one base. `telling`: aspects, what is named, and the boundary that is crossed: `access: Records [internet]`. */
export function weakenings(
  of: With,
  base: Readonly<Record<string, object>>,
  written: Readonly<Record<string, Weaker>>,
): Readonly<Record<string, Weakening>> {
  const before = of(base);
  return Object.fromEntries(
    Object.entries(written).map(([name, [telling, changes]]) => {
      const [about = '', naming = '', boundary] = (/^([\w|]+): (.+?)(?: \[(\w+)\])?$/.exec(telling) ?? []).slice(1);
      return [
        name,
        {
          before,
          after: of(base, changes),
          about: about.split('|') as Aspect[],
          naming,
          ...(boundary === undefined ? {} : { boundary: boundary as Boundary }),
        },
      ];
    }),
  );
}

export const harmless = (
  of: With,
  base: Readonly<Record<string, object>>,
  written: Readonly<Record<string, Changes>>,
): Readonly<Record<string, Harmless>> => {
  const before = of(base);
  return Object.fromEntries(Object.entries(written).map(([name, changes]) => [name, { before, after: of(base, changes) }]));
};

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

export const ACCOUNT = '111122223333';

export function templatesOf({ sections = {}, stacks = {} }: State): readonly TemplateInput[] {
  return Object.entries(stacks).map(([id, Resources]) => ({
    id,
    stackName: id,
    region: 'eu-central-1',
    account: ACCOUNT,
    template: { ...sections, Resources } as unknown as Record<string, Node>,
  }));
}

const URN = 'urn:pulumi:production::cases::';

function read(state: State): Read {
  if (state.arm) {
    const resources = Object.values(state.arm);
    const { graph, waivers } = gatherArmText(JSON.stringify({ ...state.sections, resources }), 'cases.json');
    return { path: 'cases.json', graph, waivers };
  }
  if (state.pulumi) {
    const states = Object.entries(state.pulumi).map(([name, resource]) => {
      const { type, ...rest } = resource as { readonly type: string };
      return { urn: `${URN}${type}::${name}`, custom: true, type, ...rest };
    });
    const { graph, waivers } = graphOf('cases/production', recordsOf(states, 'export.json'), [], {});
    return { path: 'export.json', graph, waivers };
  }
  const { graph, waivers } = graphOfTemplates(templatesOf(state));
  return { path: 'cases', graph, waivers };
}

export const sideOfState = (which: Side['which'], state: State): Side =>
  sideOf(which, [read(state)], occasion, { profile: PROFILE, ...state.config });

/** Bases are judged once, also where several rooms write the same one. */
const judged = new Map<string, Side>();
const bases = new WeakMap<State, Side>();
function baseOf(state: State): Side {
  const known = bases.get(state);
  if (known) return known;
  const key = JSON.stringify(state);
  const side = judged.get(key) ?? sideOfState('before', state);
  judged.set(key, side);
  bases.set(state, side);
  return side;
}

export const compared = ({ after, before }: Harmless): readonly ReviewChange[] =>
  compareSides(baseOf(before), sideOfState('after', after), occasion);

/** What somebody must look at. */
export const asking = (changes: readonly ReviewChange[]): readonly ReviewChange[] =>
  changes.filter(({ direction }) => direction === 'weaker' || direction === 'undecided');

export const lineOf = ({ alsoNeeds, approver, aspect, blocks, boundary, direction, sentence, severity }: ReviewChange): string =>
  `${direction === 'weaker' ? '' : `${direction} `}${aspect}, ${severity}${boundary ? `, ${boundary}` : ''}${blocks ? ', blocks' : ''}${approver === 'data owner' ? ', data owner' : ''}${alsoNeeds ? `, also ${alsoNeeds}` : ''}: ${sentence}`;
