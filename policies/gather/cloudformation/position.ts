/** Finds what a finding is about in the text of a template, whatever that is written in. */
import type { Location } from '../../resource';
import { keysOf } from '../source';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A document whose parts can be found. `Value` is whatever the document uses to find a part again. */
export interface Located<Value = number> {
  readonly root: Value;
  child(value: Value, key: string): { readonly name: number; readonly value: Value } | undefined;
  keys(value: Value): Iterable<string>;
  /** @param offset from 0 */
  position(offset: number): Place;
}

/** What a finding on the template as a whole calls its sections; no property of a resource has such a name. */
const SECTIONS: Readonly<Record<string, string>> = { parameters: 'Parameters', outputs: 'Outputs' };

/**
 * Where a resource, or one of its properties, stands: the name of the property, or of the nearest ancestor that is
 * written. Looks through `Fn::If`, and for what a loop makes finds the loop.
 */
export function locator<Value>(file: string, open: () => Located<Value>): (logicalId: string, propertyPath?: string) => Location {
  let document: Located<Value> | undefined;
  return (logicalId, propertyPath = '') => {
    document ??= open();
    const [section = '', ...inside] = keysOf(propertyPath);
    const shared = SECTIONS[section] && document.child(document.root, SECTIONS[section]);
    if (shared) return { file, ...document.position(deepest(document, shared, inside)) };
    const resources = document.child(document.root, 'Resources');
    if (!resources) return { file };
    const resource = document.child(resources.value, logicalId) ?? loopIn(document, resources.value);
    if (!resource) return { file, ...document.position(resources.name) };
    const keys = keysOf(propertyPath);
    const properties = document.child(resource.value, 'Properties');
    const first = keys[0] ?? '';
    const isProperty = properties && step(document, properties.value, first);
    const start = isProperty || !document.child(resource.value, first) ? (properties ?? resource) : resource;
    const offset = keys.length === 0 ? resource.name : deepest(document, start, keys);
    return { file, ...document.position(offset) };
  };
}

function deepest<Value>(
  document: Located<Value>,
  start: { readonly name: number; readonly value: Value },
  keys: readonly string[],
): number {
  let current = start;
  for (const key of keys) {
    const next = step(document, current.value, key);
    if (!next) break;
    current = next;
  }
  return current.name;
}

/** One key further; when the key is not there, in one of the branches of an `Fn::If`. */
function step<Value>(
  document: Located<Value>,
  value: Value,
  key: string,
  depth = 0,
): { readonly name: number; readonly value: Value } | undefined {
  const next = document.child(value, key);
  const choice = next || depth > 20 ? undefined : document.child(value, 'Fn::If');
  if (!choice) return next;
  for (const branch of ['1', '2']) {
    const chosen = document.child(choice.value, branch);
    const found = chosen && step(document, chosen.value, key, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function loopIn<Value>(document: Located<Value>, resources: Value) {
  for (const key of document.keys(resources)) if (key.startsWith('Fn::ForEach::')) return document.child(resources, key);
  return undefined;
}
