/**
 * What a resource says, as plain data that can be compared with another state of it. What only deployment knows stays a hole with
 * a name; a reference is named by the identity of its target, so that a renamed target does not look like a change.
 */
import { type Node, Reference, Residue, type Scope, Text, Unresolved } from '../../policies/node';
import type { Resource } from '../../policies/resource';
import { hole } from './access/text';

export type Plain = null | boolean | number | string | readonly Plain[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: Plain;
}

/** How a reference to a resource is called. */
export type Names = (id: string) => string;

/** All properties; what is absent in the end (`AWS::NoValue`) is left out. In the world that is being judged. */
export const plainOf = (resource: Resource, names: Names): Plain => plainNode(resource.scope, resource.properties, names) ?? {};

/** Any node, read in a scope. */
export function plainNode(scope: Scope, node: Node | undefined, names: Names): Plain | undefined {
  if (node === undefined) return undefined;
  const read = scope.reduce(node);
  if (read === undefined || read === null || typeof read !== 'object') return read;
  if (read instanceof Residue) return textOf(read, names);
  if (Array.isArray(read)) return (read as readonly Node[]).flatMap((item) => plainNode(scope, item, names) ?? []);
  const entries = Object.entries(read as { readonly [key: string]: Node | undefined });
  return Object.fromEntries(
    entries.flatMap(([key, value]) => [[key, plainNode(scope, value, names)]].filter(([, plain]) => plain !== undefined)),
  );
}

function textOf(residue: Residue, names: Names): string {
  if (residue instanceof Reference)
    return hole(residue.attribute === undefined ? names(residue.target) : `${names(residue.target)}.${residue.attribute}`);
  if (residue instanceof Unresolved) return hole(residue.missing);
  if (residue instanceof Text) return residue.parts.map((part) => (typeof part === 'string' ? part : textOf(part, names))).join('');
  return hole('secret');
}

/** One text for everything that is equal: keys sorted. */
export function canonical(value: Plain): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(canonical).join()}]`;
  const map = value as PlainMap;
  return `{${Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(map[key] as Plain)}`)
    .join()}}`;
}

/** Every leaf with its path: `Rules[0].Status`. */
export function* leavesOf(value: Plain, path = ''): Iterable<readonly [path: string, value: string]> {
  if (value === null || typeof value !== 'object') yield [path, JSON.stringify(value)];
  else if (Array.isArray(value)) for (const [at, item] of (value as readonly Plain[]).entries()) yield* leavesOf(item, `${path}[${at}]`);
  else for (const [key, item] of Object.entries(value as PlainMap)) yield* leavesOf(item, path === '' ? key : `${path}.${key}`);
}
