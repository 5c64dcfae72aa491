/**
 * What is deployed has plain values where the program had outputs of other resources. They are read back as what they were, so that a
 * program and its own deployment mean the same.
 */
import { type Node, Reference, Text } from '../../node';
import { namePropertyOf } from './names';
import { canonicalType, parseUrn } from './urn';
import { isMap, isUnknownMark, type Plain } from './wire';

/** What tells one resource from all others: ids, addresses, host names. `Enabled` may be the output of anything. */
const TELLING = /:\/\/|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$|^[\w-]+(\.[\w-]+){2,}$/i;
/** What all resources of a directory have in common. */
const SHARED = /(^|\.)(tenantId|subscriptionId)$/;
/** Texts that are looked for inside of others; a shorter one stands there by chance. */
const LONG = 8;
/** How the provider remembers that it chose the name itself. */
const NAMED_BY_PROVIDER = '__createBeforeDelete';

/** What stands before the name of a resource group in ids, lower case as they are compared. */
const IN_GROUP = '/resourcegroups/';
const isGroup = (urn: string): boolean => canonicalType(parseUrn(urn)?.type ?? '') === 'azure-native:resources:ResourceGroup';

/** Outputs by their value; the attribute is undefined for the id. */
type Outputs = ReadonlyMap<string, string | undefined>;

/** What providers keep for themselves, and a name that they chose: the program says nothing of it. */
export function writtenOf(state: Plain): Plain {
  const { [NAMED_BY_PROVIDER]: chosen, __defaults: _defaults, ...inputs } = isMap(state.inputs) ? state.inputs : {};
  const own = chosen === true ? nameProperty(state, inputs) : undefined;
  if (own === undefined) return inputs;
  const { [own]: _name, ...rest } = inputs;
  return rest;
}

const nameProperty = ({ urn }: Plain, inputs: Plain): string | undefined =>
  namePropertyOf(canonicalType(parseUrn(String(urn))?.type ?? ''), Object.keys(inputs));

/** Outputs of all resources of a deployment. */
export class Deployed {
  readonly #states: ReadonlyMap<string, Plain>;
  readonly #read = new Map<string, Outputs>();

  constructor(states: readonly Plain[]) {
    this.#states = new Map(states.map((state) => [String(state.urn), state]));
  }

  /** The name that the provider chose, as rules join by it. */
  nameOf(urn: string): string | undefined {
    const state = this.#states.get(urn);
    const inputs = isMap(state?.inputs) ? state.inputs : {};
    const own = state && inputs[NAMED_BY_PROVIDER] === true ? nameProperty(state, inputs) : undefined;
    const name = own === undefined ? undefined : inputs[own];
    return typeof name === 'string' ? name : undefined;
  }

  /** An input with outputs of the resources that its property depends on as references. */
  restore(node: Node, dependencies: readonly string[]): Node {
    if (dependencies.length === 0) return node;
    if (typeof node === 'string') return this.#restoreText(node, dependencies);
    if (Array.isArray(node)) return node.map((item) => this.restore(item as Node, dependencies));
    if (!isMap(node) || Object.getPrototypeOf(node) !== Object.prototype) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, this.restore(child as Node, dependencies)]));
  }

  #restoreText(text: string, dependencies: readonly string[]): Node {
    if (text.startsWith('/')) return this.#restoreId(text, dependencies);
    for (const urn of dependencies) {
      const outputs = this.#outputsOf(urn);
      if (outputs.has(text)) return new Reference(urn, outputs.get(text));
    }
    // The longest first: an address of a vault begins addresses of its keys.
    const inside = dependencies
      .flatMap((urn) => [...this.#outputsOf(urn)].map(([value, attribute]) => ({ urn, value, attribute })))
      .filter(({ value }) => value.length >= LONG && text.includes(value))
      .sort((a, b) => b.value.length - a.value.length);
    let parts: (string | Reference)[] = [text];
    for (const { attribute, urn, value } of inside)
      parts = parts.flatMap((part) =>
        typeof part === 'string'
          ? part
              .split(value)
              .flatMap((piece, at) => [...(at === 0 ? [] : [new Reference(urn, attribute)]), ...(piece === '' ? [] : [piece])])
          : [part],
      );
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : new Text(parts);
  }

  /** An id, or what begins with one: of the resource whose id or name stands furthest to the right. */
  #restoreId(text: string, dependencies: readonly string[]): Node {
    const lower = text.toLowerCase();
    const ends = dependencies.map((urn) => ({ urn, end: this.#endIn(lower, urn) })).filter(({ end }) => end > 0);
    const [last] = ends.sort((a, b) => b.end - a.end);
    if (last === undefined) return text;
    const { end, urn } = last;
    return end === text.length ? new Reference(urn) : new Text([new Reference(urn), text.slice(end)]);
  }

  /** Where the id of the resource ends in a longer one; 0 where it does not stand there. */
  #endIn(lower: string, urn: string): number {
    const state = this.#states.get(urn);
    const id = typeof state?.id === 'string' ? state.id.toLowerCase() : '';
    if (id.startsWith('/')) return `${lower}/`.startsWith(`${id}/`) ? id.length : 0;
    const name = state === undefined ? undefined : this.#ownName(state)?.toLowerCase();
    if (name === undefined || name === '') return 0;
    const text = `${lower}/`;
    // A group stands before the providers and all else behind them, so that a store may be called like its group.
    const at = isGroup(urn) ? text.indexOf(`${IN_GROUP}${name}/`) + IN_GROUP.length - 1 : text.lastIndexOf(`/${name}/`);
    const found = isGroup(urn) ? at >= IN_GROUP.length - 1 : at > text.indexOf('/providers/');
    return found ? at + 1 + name.length : 0;
  }

  #ownName(state: Plain): string | undefined {
    const inputs = isMap(state.inputs) ? state.inputs : {};
    const own = nameProperty(state, inputs);
    const name = (own === undefined ? undefined : inputs[own]) ?? (isMap(state.outputs) ? state.outputs.name : undefined);
    return typeof name === 'string' ? name : undefined;
  }

  #outputsOf(urn: string): Outputs {
    let found = this.#read.get(urn);
    if (!found) {
      const state = this.#states.get(urn);
      found = state === undefined ? new Map<string, string>() : outputsOf(state, this.nameOf(urn));
      this.#read.set(urn, found);
    }
    return found;
  }
}

function outputsOf(state: Plain, chosen: string | undefined): Outputs {
  const written = new Set([...leavesOf(writtenOf(state))].map(([, value]) => value));
  const found = new Map<string, string | undefined>();
  for (const [path, value] of leavesOf(state.outputs))
    if (path !== 'id' && !value.startsWith('/') && TELLING.test(value) && !SHARED.test(path) && !written.has(value) && !found.has(value))
      found.set(value, path);
  // Most call their own name otherwise where they are written: the output is known to the service alone.
  const { inputs, outputs } = state;
  const name = isMap(outputs) && !(isMap(inputs) && 'name' in inputs) ? outputs.name : undefined;
  for (const own of [name, chosen]) if (typeof own === 'string' && own !== '' && own !== state.id) found.set(own, 'name');
  // Ids that are paths are read by whoever reads ids.
  if (typeof state.id === 'string' && state.id !== '' && !state.id.startsWith('/') && !found.has(state.id) && !written.has(state.id))
    found.set(state.id, undefined);
  return found;
}

function* leavesOf(value: unknown, path = ''): Iterable<readonly [path: string, value: string]> {
  if (typeof value === 'string' && !isUnknownMark(value)) yield [path, value];
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* leavesOf(inner, path === '' ? key : `${path}.${key}`);
}
