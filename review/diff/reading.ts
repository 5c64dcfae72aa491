/** The resources of a side as plain data, each read once; what they refer to is called by the identity that both sides share. */
import type { Resource } from '../../policies/resource';
import { holesIn, show } from './access/text';
import { type Plain, type PlainMap, plainOf } from './plain';
import { type Pairing, resourcesOf, type Side } from './side';

export const asMap = (value: Plain | undefined): PlainMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainMap) : {};
export const asList = (value: Plain | undefined): readonly Plain[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Plain[]) : [value];
export const asText = (value: Plain | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);

/** By a path of keys: `Rule.DefaultRetention.Days`; keys that hold dots are given as a list. */
export function valueAt(value: Plain | undefined, path: string | readonly string[]): Plain | undefined {
  let at = value;
  for (const key of typeof path === 'string' ? path.split('.') : path) at = asMap(at)[key];
  return at;
}

const READERS = new WeakMap<Pairing, Map<Side, Reader>>();

/** The reader of a side in a comparison. */
export function readerOf(side: Side, pairing: Pairing): Reader {
  const readers = READERS.get(pairing) ?? new Map<Side, Reader>();
  READERS.set(pairing, readers);
  const known = readers.get(side) ?? new Reader(side, pairing);
  readers.set(side, known);
  return known;
}

export class Reader {
  readonly #plain = new Map<Resource, PlainMap>();
  readonly #byId = new Map<string, Resource>();
  readonly #byIdentity = new Map<string, Resource>();
  /** Undefined for names that several resources have. */
  readonly #named = new Map<string, Resource | undefined>();
  readonly #accounts = new Set<string>();

  constructor(
    side: Side,
    readonly pairing: Pairing,
  ) {
    for (const resource of resourcesOf(side)) {
      this.#byId.set(resource.id, resource);
      this.#byIdentity.set(pairing.identity(resource), resource);
      for (const name of new Set(resource.names))
        if (typeof name === 'string' && name !== '') this.#named.set(name, this.#named.has(name) ? undefined : resource);
    }
    for (const { graph } of side.targets) for (const { account } of graph.units) if (account !== undefined) this.#accounts.add(account);
  }

  of(resource: Resource): PlainMap {
    const known = this.#plain.get(resource);
    if (known) return known;
    const plain = asMap(plainOf(resource, this.names));
    this.#plain.set(resource, plain);
    return plain;
  }

  readonly names = (id: string): string => {
    const resource = this.#byId.get(id);
    return resource ? this.pairing.identity(resource) : id;
  };

  /** The resource that a text refers to: by a hole with its identity, else by the name or ARN that the service knows it by. */
  referred(text: string): Resource | undefined {
    const [inside] = holesIn(text);
    const known =
      inside === undefined ? undefined : (this.#byIdentity.get(inside) ?? this.#byIdentity.get(inside.replace(/\.[\w.]+$/, '')));
    return known ?? this.#named.get(text) ?? this.#named.get(text.replace(/^.*[:/]/, ''));
  }

  /** A text for people: references by the names of what they refer to. */
  words(text: string): string {
    return show(text).replaceAll(/\$\{([^}]+)\}/g, (whole, inside: string) => {
      const known = this.#byIdentity.get(inside) ?? this.#byIdentity.get(inside.replace(/\.[\w.]+$/, ''));
      return known ? this.pairing.name(known) : whole;
    });
  }

  /** The account that an ARN or a number names, where it is none of ours; nothing is foreign where ours is not known. */
  foreignAccount(text: string): string | undefined {
    const account = /^(\d{12})$/.exec(text)?.[1] ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(text)?.[1];
    return account === undefined || this.#accounts.size === 0 || this.#accounts.has(account) ? undefined : account;
  }
}

/** Where a resource stands, for evidence. */
export function placeOf(resource: Resource, path?: string): { readonly location?: { readonly file: string; readonly line?: number } } {
  const location = resource.locate(path);
  return location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {};
}

export const shownAs = ({ logicalId, path }: Resource): string => path ?? logicalId;
