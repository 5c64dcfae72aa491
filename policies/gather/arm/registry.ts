import { type Node, Reference, Text, Unresolved } from '../../node';
import { type Part, partsOf, shapeOf, textOf } from './choice';
import type { Frame } from './context';
import type { DeploymentScope } from './types';

/** A resource that a template declares, before its properties are worked out. */
export interface Declaration {
  readonly id: string;
  readonly logicalId: string;
  /** As written: `Microsoft.Storage/storageAccounts/blobServices`. */
  readonly type: string;
  /** One value for each part of the name. */
  readonly names: readonly Node[];
  readonly symbol?: string | undefined;
  /** Declared only to be referred to; deployed elsewhere. */
  readonly existing: boolean;
  /** Place among the resources of its own template. */
  readonly home: number;
  readonly frame: Frame;
  readonly written: Readonly<Record<string, unknown>>;
  /** `true`, or a choice. */
  readonly condition: Node;
  readonly conditionWords: string | undefined;
  /** Names of the nested deployments around it. */
  readonly path: readonly string[];
  /** Id of what it extends; asked when all resources are known. */
  readonly extends?: (() => Node) | undefined;
  readonly location: Readonly<{ group?: Node | undefined; subscription?: Node | undefined }>;
  /** An output of a nested deployment; undefined where there is none of that name. */
  readonly output?: ((name: string) => Node | undefined) | undefined;
  /** Full id, in exported data. */
  readonly exportedId?: string | undefined;
}

/** Everything declared so far, found by type and name, symbol or id. Built once, asked often. */
export class Registry {
  readonly all: Declaration[] = [];
  readonly #byKey = new Map<string, Declaration[]>();
  readonly #bySymbol = new Map<string, Declaration[]>();
  readonly #byName = new Map<string, Declaration[]>();
  readonly #byId = new Map<string, Declaration>();
  readonly #exported = new Map<string, Declaration>();

  add(declaration: Declaration): void {
    this.all.push(declaration);
    this.#byId.set(declaration.id, declaration);
    append(this.#byKey, keyOf(declaration.type, declaration.names), declaration);
    append(this.#byName, nameOf(declaration.names), declaration);
    if (declaration.symbol !== undefined) append(this.#bySymbol, `${declaration.home}/${declaration.symbol}`, declaration);
    if (declaration.exportedId !== undefined) this.#exported.set(declaration.exportedId.toLowerCase(), declaration);
  }

  get(id: string): Declaration | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Resources of this type and name; those of the same template first. */
  named(type: string, names: readonly Node[], home: number): readonly Declaration[] {
    const found = this.#byKey.get(keyOf(type, names)) ?? [];
    const near = found.filter((declaration) => declaration.home === home);
    return near.length > 0 ? near : found;
  }

  /** Resources that a template calls by this symbol (all copies of a loop), or, without symbols, by this full name. */
  called(symbolOrName: Node, home: number): readonly Declaration[] {
    const symbol = this.#bySymbol.get(`${home}/${shapeOf(symbolOrName)}`);
    return symbol ?? (this.#byName.get(nameOf([symbolOrName])) ?? []).filter((declaration) => declaration.home === home);
  }

  /** The id of a resource: a reference where it is declared, else as much of the text as is known. */
  idOf(type: string, names: readonly Node[], home: number, prefix: readonly Part[]): Node {
    const exact = this.refer(this.named(type, names, home)) ?? roleId(type, names);
    if (exact !== undefined) return exact;
    const [namespace = '', ...segments] = type.split('/');
    for (let length = segments.length - 1; length > 0; length -= 1) {
      const parent = this.refer(this.named([namespace, ...segments.slice(0, length)].join('/'), names.slice(0, length), home));
      if (parent instanceof Reference) return textOf([parent, ...tail(segments.slice(length), names.slice(length))]);
    }
    return textOf([...prefix, `/providers/${namespace}`, ...tail(segments, names)]);
  }

  /** A reference to what was found; with several of one name, an unknown that mentions them all. */
  refer(found: readonly Declaration[]): Node | undefined {
    const deployed = found.filter(({ existing }) => !existing);
    const [first, second] = deployed;
    if (!first) return undefined;
    if (!second) return new Reference(first.id);
    return new Unresolved(
      `which ${first.type} called ${nameOf(first.names)} is deployed`,
      deployed.map(({ id }) => id),
    );
  }

  /** What an id given as text points at; the value itself where that is nothing declared. */
  resolveId(value: Node, home: number): Node {
    if (typeof value === 'string') {
      const exported = this.#exported.get(value.toLowerCase());
      if (exported) return new Reference(exported.id);
      if (this.#exported.size > 0) return value;
    }
    const parsed = parseId(value);
    return parsed ? (this.refer(this.named(parsed.type, parsed.names, home)) ?? roleId(parsed.type, parsed.names) ?? value) : value;
  }
}

/** The id of a role without its subscription: built-in roles have the same in every one, so that it can be told which is meant. */
function roleId(type: string, names: readonly Node[]): string | undefined {
  const [name] = names;
  if (type.toLowerCase() !== 'microsoft.authorization/roledefinitions' || typeof name !== 'string') return undefined;
  return `/providers/Microsoft.Authorization/roleDefinitions/${name}`;
}

function tail(segments: readonly string[], names: readonly Node[]): Part[] {
  return segments.flatMap((segment, index) => [`/${segment}/`, ...(partsOf(names[index] ?? '') ?? [shapeOf(names[index] ?? '')])]);
}

const keyOf = (type: string, names: readonly Node[]): string => `${type.toLowerCase()}|${nameOf(names)}`;
/** Case does not matter in names. */
const nameOf = (names: readonly Node[]): string => names.map(shapeOf).join('/').toLowerCase();

/** The parts of a text between slashes; a hole never hides one. */
export function splitName(name: Node): readonly Node[] {
  const segments: Part[][] = [[]];
  for (const part of partsOf(name) ?? []) {
    if (typeof part !== 'string') {
      segments[segments.length - 1]?.push(part);
      continue;
    }
    const [first = '', ...others] = part.split('/');
    segments[segments.length - 1]?.push(first);
    for (const piece of others) segments.push([piece]);
  }
  return partsOf(name) ? segments.map(textOf) : [name];
}

/** Type and name of `…/providers/Microsoft.X/type/name/…`, or of `Microsoft.X/type/name` as Bicep writes scopes. */
export function parseId(value: Node): { type: string; names: readonly Node[] } | undefined {
  if (typeof value !== 'string' && !(value instanceof Text)) return undefined;
  const segments = splitName(value);
  const provider = segments.map((segment) => (typeof segment === 'string' ? segment.toLowerCase() : '')).lastIndexOf('providers');
  if (provider < 0 && !(typeof segments[0] === 'string' && /^[a-z]\w*\.\w[\w.]*$/i.test(segments[0]))) return undefined;
  const [namespace, ...others] = segments.slice(provider + 1);
  if (typeof namespace !== 'string' || others.length < 2 || others.length % 2 !== 0) return undefined;
  const types = others.filter((_, index) => index % 2 === 0);
  if (!types.every((type) => typeof type === 'string' && type !== '')) return undefined;
  return { type: [namespace, ...types].join('/'), names: others.filter((_, index) => index % 2 === 1) };
}

/** What stands before `/providers/` in the ids of a deployment at this scope. */
export function scopeParts(scope: DeploymentScope, location: Declaration['location'] = {}): readonly Part[] {
  const subscription = partsOf(location.subscription ?? new Unresolved('the id of the subscription')) ?? [];
  const group = partsOf(location.group ?? new Unresolved('the name of the resource group')) ?? [];
  switch (scope) {
    case 'resourceGroup':
      return ['/subscriptions/', ...subscription, '/resourceGroups/', ...group];
    case 'subscription':
      return ['/subscriptions/', ...subscription];
    case 'managementGroup':
      return ['/providers/Microsoft.Management/managementGroups/', new Unresolved('the name of the management group')];
    case 'tenant':
      return [];
  }
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
