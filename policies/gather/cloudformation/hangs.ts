/**
 * What the resources of templates hang on as they are written: named conditions, and parameters that pick a row of a mapping or one of
 * the values that they list. Resources that do not exist by default are among them.
 */

import type { Node } from '../../node';
import type { TemplateInput } from '../cloudformation';
import { asMap, type NodeMap } from './text';

/** Names of values that a deployment picks, besides parameters. */
export const REGION = 'AWS::Region';

/** What a resource, or a condition, reads. */
export interface Uses {
  readonly conditions: ReadonlySet<string>;
  /** Parameters that pick among values which the template lists, with those values. */
  readonly picks: ReadonlyMap<string, readonly string[]>;
  /** Everything else that is named: parameters, mappings, other resources. */
  readonly names: ReadonlySet<string>;
}

/** One resource as it is written. */
export interface WrittenResource {
  readonly logicalId: string;
  readonly uses: Uses;
  /** The same for resources that say the same, whichever order and id they have. Conditions and mappings are written out in it. */
  readonly text: string;
}

/** A template, looked at as it is written. */
export class WrittenTemplate {
  readonly conditions: NodeMap;
  readonly parameters: NodeMap;
  readonly #mappings: NodeMap;
  readonly #texts = new Map<string, string>();

  constructor(readonly input: TemplateInput) {
    const { template } = input;
    this.conditions = asMap(template.Conditions);
    this.parameters = asMap(template.Parameters);
    this.#mappings = asMap(template.Mappings);
  }

  /** Whether nothing in it depends on what a deployment picks. */
  get isPlain(): boolean {
    if (Object.keys(this.conditions).length > 0 || Object.keys(this.#mappings).length > 0) return false;
    return Object.values(this.parameters).every((declared) => !Array.isArray(asMap(declared).AllowedValues));
  }

  *resources(): Iterable<WrittenResource> {
    for (const [logicalId, written] of Object.entries(asMap(this.input.template.Resources))) {
      const { Type: type, Metadata: _metadata, ...rest } = asMap(written);
      // The CDK's own record of library versions.
      if (type === 'AWS::CDK::Metadata') continue;
      const uses = this.usesOf(rest);
      const { Condition: condition } = rest;
      const conditions = new Set([...uses.conditions, ...(typeof condition === 'string' ? [condition] : [])]);
      const named = [...conditions, ...uses.names].sort().map((name) => this.#textOf(name));
      yield { logicalId, uses: { ...uses, conditions }, text: `${String(type)} ${canonical(rest)} ${named.join(' ')}` };
    }
  }

  /** What a condition comes down to, the conditions that it names among it. */
  usesOfCondition(name: string, above: ReadonlySet<string> = new Set()): ReadonlySet<string> {
    if (above.has(name)) return new Set();
    const uses = this.usesOf(this.conditions[name]);
    const deeper = [...uses.conditions].flatMap((one) => [...this.usesOfCondition(one, new Set([...above, name]))]);
    return new Set([...uses.names, ...uses.picks.keys(), ...deeper]);
  }

  usesOf(node: Node | undefined): Uses {
    const found = { conditions: new Set<string>(), picks: new Map<string, readonly string[]>(), names: new Set<string>() };
    this.#collect(node, found);
    return found;
  }

  #collect(node: Node | undefined, found: Collected): void {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const item of node as readonly Node[]) this.#collect(item, found);
      return;
    }
    for (const [key, value] of Object.entries(node as NodeMap)) {
      const list = Array.isArray(value) ? (value as readonly Node[]) : [];
      const [first] = list;
      if (key === 'Fn::If' && typeof first === 'string') found.conditions.add(first);
      // Policies have conditions too, but those are no names.
      else if (key === 'Condition' && typeof value === 'string') found.conditions.add(value);
      else if (key === 'Ref' && typeof value === 'string') this.#name(value, found);
      else if (key === 'Fn::GetAtt') found.names.add(typeof value === 'string' ? value.replace(/\..*$/, '') : String(first));
      else if (key === 'Fn::Sub') this.#collectText(typeof value === 'string' ? value : first, found);
      else if (key === 'Fn::FindInMap') this.#collectLookup(list, found);
      this.#collect(value, found);
    }
  }

  #collectText(text: Node | undefined, found: Collected): void {
    if (typeof text !== 'string') return;
    for (const [, name = ''] of text.matchAll(/\$\{([^!{}][^{}]*)\}/g)) this.#name(name.trim().replace(/\..*$/, ''), found);
  }

  #name(name: string, found: Collected): void {
    found.names.add(name);
    const { AllowedValues: allowed } = asMap(this.parameters[name]);
    if (Array.isArray(allowed)) found.picks.set(name, allowed.map(String));
  }

  #collectLookup([map, top, second]: readonly Node[], found: Collected): void {
    if (typeof map !== 'string') return;
    found.names.add(map);
    const rows = asMap(this.#mappings[map]);
    this.#pick(top, Object.keys(rows), found);
    this.#pick(second, [...new Set(Object.values(rows).flatMap((row) => Object.keys(asMap(row))))], found);
  }

  #pick(key: Node | undefined, candidates: readonly string[], found: Collected): void {
    const name = typeof key === 'object' && key !== null ? asMap(key).Ref : undefined;
    if (typeof name !== 'string' || candidates.length < 2) return;
    const isOpen = name === REGION ? this.input.region === undefined : Object.hasOwn(this.parameters, name);
    if (isOpen) found.picks.set(name, candidates);
  }

  /** A condition or a mapping, written out. */
  #textOf(name: string): string {
    const known = this.#texts.get(name);
    if (known !== undefined) return known;
    this.#texts.set(name, '');
    const condition = this.conditions[name];
    const text =
      condition === undefined
        ? canonical(this.#mappings[name])
        : [canonical(condition), ...[...this.usesOf(condition).conditions].sort().map((one) => this.#textOf(one))].join(' ');
    this.#texts.set(name, text);
    return text;
  }
}

interface Collected {
  readonly conditions: Set<string>;
  readonly picks: Map<string, readonly string[]>;
  readonly names: Set<string>;
}

/** One text for everything that is equal. */
function canonical(node: Node | undefined): string {
  if (typeof node !== 'object' || node === null) return JSON.stringify(node) ?? '';
  if (Array.isArray(node)) return `[${(node as readonly Node[]).map(canonical).join()}]`;
  const map = node as NodeMap;
  return `{${Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(map[key])}`)
    .join()}}`;
}
