import type { Node } from '../../node';
import { Choice } from './choice';
import { DISSOLVED, RENAMES, type Rename } from './renames';
import { isStep, spelled } from './spelling';
import type { AzureType } from './types';
import { isList, isObject, type Plain } from './values';

/** How the properties of one class change on their way from ARM to azure-native, and where they came from. */
export class Shape {
  readonly #renames: readonly Rename[];
  readonly #dissolved: readonly string[];

  constructor(private readonly type: AzureType | undefined) {
    const on = type && `${type.module}:${type.name}`;
    this.#renames = RENAMES.filter((rename) => rename.on === on);
    this.#dissolved = (on && DISSOLVED[on]) || [];
  }

  /**
   * @param body everything that a resource says of itself (`location`, `sku`, `properties`, …), worked out
   * @returns the arguments of the azure-native class: `properties` hoisted where the class has none, names changed
   */
  canonical(body: Plain): Node {
    return this.#object(body, '', this.type ? !this.type.keepsProperties : true);
  }

  #object(object: Plain, at: string, hoists: boolean): Node {
    const result: Record<string, Node | undefined> = {};
    let envelopes: readonly (readonly [string, Node])[] = [];
    for (const [key, value] of Object.entries(object)) {
      if (value === undefined) continue;
      const name = this.#rename(at, key);
      if ((name === 'properties' && hoists) || this.#dissolved.includes(name)) envelopes = [...envelopes, [name, value]];
      else {
        result[name] = this.#value(value, at === '' ? name : `${at}.${name}`, name);
      }
    }
    return envelopes.reduce<Node>((around, [, envelope]) => this.#dissolve(around, envelope, at), result);
  }

  /** Puts what is in the envelope around it; where nothing is known of the envelope, nothing is known of the whole. */
  #dissolve(around: Node, envelope: Node, at: string): Node {
    if (envelope instanceof Choice) {
      const { atom, yes, no } = envelope.pick;
      return Choice.between(atom, this.#dissolve(around, yes, at), this.#dissolve(around, no, at));
    }
    if (around instanceof Choice) {
      const { atom, yes, no } = around.pick;
      return Choice.between(atom, this.#dissolve(yes, envelope, at), this.#dissolve(no, envelope, at));
    }
    if (envelope === null) return around;
    if (!isObject(envelope) || !isObject(around)) return isObject(around) ? envelope : around;
    const inner = this.#object(envelope, at, false);
    return isObject(inner) ? { ...around, ...inner } : this.#dissolve(around, inner, at);
  }

  #value(value: Node, at: string, key: string): Node {
    if (this.type?.free.has(key)) return value;
    if (value instanceof Choice) {
      const { atom, yes, no } = value.pick;
      return Choice.between(atom, this.#value(yes, at, key), this.#value(no, at, key));
    }
    if (isList(value)) return value.map((item) => this.#value(item, at, key));
    if (!isObject(value)) return value;
    if (this.type?.maps.has(key))
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.#value(item ?? null, `${at}.${name}`, name)]));
    return this.#object(value, at, !this.#keeps(key));
  }

  #keeps(key: string): boolean {
    return this.type?.kept.has(key) === true;
  }

  /** The reviewed name, else the written one without the signs that azure-native's names never have, in the case of the SDK. */
  #rename(at: string, key: string): string {
    const folded = key.toLowerCase();
    const reviewed = this.#renames.find((rename) => rename.at === at && rename.from.toLowerCase() === folded);
    if (reviewed) return reviewed.to;
    const bare = /[-.@$]/.test(key) ? key.replace(/^[-.@$]+/, '').replace(/[-.@$]+(\w?)/g, (_, next: string) => next.toUpperCase()) : key;
    return this.type ? spelled(bare, this.type.module) : bare;
  }

  /**
   * Where in the written resource a canonical path stands; as deep as it can be followed.
   * @param written the resource as it stands in the template
   */
  written(path: string, written: unknown): (string | number)[] {
    const steps = [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step);
    const found: (string | number)[] = [];
    let current = written;
    let at = '';
    let hoists = this.type ? !this.type.keepsProperties : true;
    for (const step of steps) {
      if (Array.isArray(current)) {
        if (current[Number(step)] === undefined) return found;
        current = current[Number(step)];
        found.push(Number(step));
        continue;
      }
      const next = this.#find(current, step, at, hoists);
      if (!next) return found;
      found.push(...next.path);
      current = next.value;
      at = at === '' ? step : `${at}.${step}`;
      hoists = !this.#keeps(step);
    }
    return found;
  }

  #find(object: unknown, step: string, at: string, hoists: boolean): { path: (string | number)[]; value: unknown } | undefined {
    if (typeof object !== 'object' || object === null) return undefined;
    const map = object as Record<string, unknown>;
    const name = Object.keys(map).find((key) => key === step || this.#rename(at, key) === step);
    if (name !== undefined) return { path: [name], value: map[name] };
    for (const envelope of [...(hoists ? ['properties'] : []), ...this.#dissolved]) {
      const around = Object.keys(map).find((key) => isStep(key, envelope));
      const inner = around === undefined ? undefined : this.#find(map[around], step, at, false);
      if (inner) return { path: [around as string, ...inner.path], value: inner.value };
    }
    const loop = Array.isArray(map.copy) ? map.copy.findIndex((entry) => (entry as { name?: unknown } | null)?.name === step) : -1;
    return loop < 0 ? undefined : { path: ['copy', loop, 'input'], value: undefined };
  }
}
