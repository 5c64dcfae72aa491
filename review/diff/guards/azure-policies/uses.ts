/** Every policy that an assignment, a set or a definition asks for, with the values and the effect that count in the end. */
import { append } from '../../../../policies/collect';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import type { Estate } from '../../access-azure/estate';
import type { Plain, PlainMap } from '../../plain';
import { asList, asMap, asText, type Reader } from '../../reading';
import { resourcesOf, type Side } from '../../side';
import type { Places } from '../parts';
import { type Condition, conditionOf } from './conditions';
import { defaultsIn, filled, givenIn, type Values } from './parameters';

export const ASSIGNMENT = 'azure-native:authorization:PolicyAssignment';
export const SETS = ['azure-native:authorization:PolicySetDefinition', 'azure-native:authorization:PolicySetDefinitionAtManagementGroup'];
export const DEFINITIONS = ['azure-native:authorization:PolicyDefinition', 'azure-native:authorization:PolicyDefinitionAtManagementGroup'];

/** One policy in force, by whatever names it. */
export interface Use {
  /** The same on both sides: of ours by identity, of others by id. */
  readonly id: string;
  readonly name: string;
  /** How a set calls its entry. */
  readonly reference: string;
  /** Whose change may have changed it, the nearest to what it says first. */
  readonly sources: readonly Resource[];
  /** What counts for parameters: what is given, else the default. */
  readonly values: Values;
  /** How their names are written. */
  readonly labels: ReadonlyMap<string, string>;
  /** In lower case; undefined where only the policy knows. */
  readonly effect: string | undefined;
  /** Undefined where the policy is not ours. */
  readonly rule: { readonly catches: Condition; readonly details: PlainMap; readonly mode: string } | undefined;
  readonly version: string | undefined;
  /** Effects that an assignment gives to single policies of a set that is not at hand, by reference: `*` for all of them. */
  readonly within?: ReadonlyMap<string, string>;
  /** Of its side. */
  readonly places: Places;
}

/** Policies of one side. */
export class Policies {
  readonly #uses = new Map<Resource, readonly Use[]>();
  readonly #used = new Set<Resource>();
  readonly #assigned = new Map<string, { readonly assignment: Resource; readonly use: Use }[]>();
  readonly all: readonly Resource[];

  constructor(
    side: Side,
    readonly reader: Reader,
    readonly estate: Estate,
    readonly places: Places,
  ) {
    const [sets, definitions, assignments]: [Resource[], Resource[], Resource[]] = [[], [], []];
    for (const resource of resourcesOf(side))
      if (resource.type === ASSIGNMENT) assignments.push(resource);
      else if (SETS.includes(resource.type)) sets.push(resource);
      else if (DEFINITIONS.includes(resource.type)) definitions.push(resource);
    this.all = [...assignments, ...sets, ...definitions];
    for (const assignment of assignments) {
      const uses = this.#ofAssignment(assignment);
      this.#uses.set(assignment, uses);
      for (const use of uses) append(this.#assigned, use.id, { assignment, use });
    }
    for (const set of sets) this.#uses.set(set, this.#ofSet(set, new Map()));
    for (const definition of definitions) this.#uses.set(definition, [this.#ofDefinition(definition, new Map(), [])]);
  }

  usesOf = (root: Resource): readonly Use[] => this.#uses.get(root) ?? [];

  /** Whether something of the program asks for it: then it is compared as what asks for it has it. */
  isUsed = (root: Resource): boolean => this.#used.has(root);

  /** Assignments of a policy, with the values that count there. */
  assigned = (id: string): readonly { readonly assignment: Resource; readonly use: Use }[] => this.#assigned.get(id) ?? [];

  #find(value: Value, types: readonly string[]): Resource | undefined {
    for (const type of types) {
      const found = this.estate.find(value, type);
      if (found) return found;
    }
    return undefined;
  }

  #ofAssignment(assignment: Resource): readonly Use[] {
    const plain = this.reader.of(assignment);
    const given = givenIn(plain.parameters);
    const asked = assignment.at('policyDefinitionId');
    const set = this.#find(asked, SETS);
    const uses = set ? this.#ofSet(set, given, assignment) : [this.#asked(asked, given, [assignment], plain.definitionVersion)];
    if (set) this.#used.add(set);
    return uses.map((use) => (isUnread(use) ? { ...use, within: effectsWithin(plain.overrides) } : overridden(use, plain.overrides)));
  }

  #ofSet(set: Resource, given: Values, assignment?: Resource): readonly Use[] {
    const plain = this.reader.of(set);
    const values = new Map([...defaultsIn(plain.parameters), ...given]);
    const entries = asList(plain.policyDefinitions);
    return set
      .at('policyDefinitions')
      .items()
      .map((entry, at) => {
        const map = asMap(entries[at]);
        const own = givenIn(filled(map.parameters ?? {}, values));
        const use = this.#asked(entry.at('policyDefinitionId'), own, [set, ...(assignment ? [assignment] : [])], map.definitionVersion);
        return { ...use, reference: asText(map.policyDefinitionReferenceId)?.toLowerCase() ?? '' };
      });
  }

  #asked(value: Value, given: Values, sources: readonly Resource[], version: Plain | undefined): Use {
    const definition = this.#find(value, DEFINITIONS);
    if (definition) {
      this.#used.add(definition);
      return this.#ofDefinition(definition, given, sources);
    }
    const id = (value.shape ?? `\${${value.missing ?? value.path}}`).replace(/\/+$/, '').toLowerCase();
    const last = id.split('/').pop() ?? id;
    const name = `the ${/policysetdefinitions/.test(id) ? 'set of policies' : 'policy'} ${last}`;
    return {
      id,
      name,
      reference: '',
      sources,
      values: given,
      labels: new Map(sources.flatMap((source) => [...labelsIn(this.reader.of(source))])),
      effect: effectOf(given.get('effect')),
      rule: undefined,
      version: asText(version),
      places: this.places,
    };
  }

  #ofDefinition(definition: Resource, given: Values, sources: readonly Resource[]): Use {
    const plain = this.reader.of(definition);
    const values = new Map([...defaultsIn(plain.parameters), ...given]);
    const rule = asMap(filled(plain.policyRule ?? {}, values));
    const then = asMap(rule.then);
    return {
      id: this.reader.pairing.identity(definition),
      name: this.reader.pairing.name(definition),
      reference: '',
      sources: [definition, ...sources],
      values,
      labels: labelsIn(plain),
      effect: effectOf(then.effect),
      rule: { catches: conditionOf(rule.if), details: asMap(then.details), mode: asText(plain.mode)?.toLowerCase() ?? 'indexed' },
      version: undefined,
      places: this.places,
    };
  }
}

/** Names as they are written in a definition, an assignment, or the entries of a set. */
function labelsIn({ parameters, policyDefinitions }: PlainMap): ReadonlyMap<string, string> {
  const maps = [parameters, ...asList(policyDefinitions).map((entry) => asMap(entry).parameters)];
  return new Map(maps.flatMap((map) => Object.keys(asMap(map)).map((name) => [name.toLowerCase(), name] as const)));
}

const effectOf = (value: Plain | undefined): string | undefined =>
  typeof value === 'string' && /^\w+$/.test(value) ? value.toLowerCase() : undefined;

/** A set of somebody else, of which nobody knows here what is in it. */
const isUnread = ({ id, rule }: Use): boolean => rule === undefined && /policysetdefinitions/i.test(id);

function effectsWithin(overrides: Plain | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const override of asList(overrides)) {
    const { kind, selectors, value } = asMap(override);
    const effect = effectOf(value);
    if (String(kind ?? 'policyEffect').toLowerCase() !== 'policyeffect' || effect === undefined) continue;
    const references = asList(selectors)
      .map(asMap)
      .filter(({ kind: of }) => /^policydefinitionreferenceid$/i.test(String(of)))
      .flatMap((selector) => asList(selector.in).map((one) => String(one).toLowerCase()));
    // The first that fits counts.
    for (const reference of references.length > 0 ? references : ['*']) if (!found.has(reference)) found.set(reference, effect);
  }
  return found;
}

/** An override for single policies counts there, and one for single places or kinds of resources wherever it is milder. */
function overridden(use: Use, overrides: Plain | undefined): Use {
  let effect = use.effect;
  for (const override of asList(overrides)) {
    const { kind, selectors, value } = asMap(override);
    if (String(kind ?? 'policyEffect').toLowerCase() !== 'policyeffect') continue;
    const asked = asList(selectors).map(asMap);
    const byName = asked.filter(({ kind: of }) => /^policydefinitionreferenceid$/i.test(String(of)));
    const named = byName.every((selector) => {
      const [only, not] = [selector.in, selector.notIn].map((list) => asList(list).map((one) => String(one).toLowerCase()));
      return (selector.in === undefined || only?.includes(use.reference)) && !not?.includes(use.reference);
    });
    const now = effectOf(value);
    if (!named || now === undefined) continue;
    if (byName.length === asked.length || strengthOf(now) < strengthOf(effect)) effect = now;
  }
  return { ...use, effect };
}

/** From what does nothing to what refuses. */
const STEPS: readonly (readonly string[])[] = [
  ['disabled'],
  ['audit', 'manual'],
  ['auditifnotexists'],
  ['modify', 'append', 'deployifnotexists', 'mutate'],
  ['deny', 'denyaction'],
];
/** `-1` of one that is none of them; what nobody knows may be anything. */
export const strengthOf = (effect: string | undefined): number =>
  effect === undefined ? Number.POSITIVE_INFINITY : STEPS.findIndex((step) => step.includes(effect));
/** What a policy of this effect does to what it catches. */
export const DOES: Readonly<Record<string, string>> = {
  disabled: 'nothing',
  audit: 'reports',
  manual: 'is attested by hand',
  auditifnotexists: 'reports what is missing',
  modify: 'changes',
  append: 'adds to',
  mutate: 'changes',
  deployifnotexists: 'deploys what is missing',
  deny: 'refuses',
  denyaction: 'refuses actions on',
};
