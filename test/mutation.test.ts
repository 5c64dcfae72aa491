import { describe, expect, it } from 'vitest';
import { UNIT } from '../policies/graph';
import type { Example } from '../policies/rule';
import { RULES } from '../policies/rules';
import { traced } from '../policies/value';
import { findingsOf } from './support/examples';

type Rule = (typeof RULES)[number];
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Verdicts of the judged resources, as one comparable text. */
const verdicts = (rule: Rule, example: Example): string =>
  findingsOf(rule, example)
    .map(({ verdict, resource }) => `${resource.logicalId}:${verdict}`)
    .join(' ');

/** Where the values that a rule reads stand in the example: `Bucket.Properties.VersioningConfiguration.Status`. */
function readsOf(rule: Rule, example: Example): ReadonlySet<string> {
  const reads = new Set<string>();
  const section = rule.cloud === 'aws' ? 'Properties' : 'properties';
  traced(
    (resource, path) => {
      if (resource.type !== UNIT)
        reads.add(`${resource.id.slice(resource.id.indexOf('/') + 1)}.${section}.${path.replace(/\[(\d+)\]/g, '.$1')}`);
    },
    () => findingsOf(rule, example),
  );
  return reads;
}

function leaf(root: Json, path: readonly string[]): Json | undefined {
  let current: Json | undefined = root;
  for (const key of path) current = typeof current === 'object' && current !== null ? (current as { [k: string]: Json })[key] : undefined;
  return current;
}

/** The example with one value changed, or without it. */
function changed(example: Example, path: readonly string[], value: Json | undefined): Example {
  const resources = JSON.parse(JSON.stringify(example.resources)) as { [key: string]: Json };
  const parent = leaf(resources, path.slice(0, -1)) as { [key: string]: Json };
  const key = path[path.length - 1] as string;
  if (value === undefined) {
    if (Array.isArray(parent)) (parent as Json[]).splice(Number(key), 1);
    else delete parent[key];
  } else parent[key] = value;
  return { ...example, resources: resources as Example['resources'] };
}

/** Other values of the same kind, and nothing at all. */
function mutationsOf(value: Json): readonly (Json | undefined)[] {
  if (typeof value === 'boolean') return [!value, undefined];
  if (typeof value === 'number') return [0, value * 1000 + 1, -1, undefined];
  if (typeof value === 'string') return [`${value}-other`, 'x', '*', value === 'true' ? 'false' : 'true', '0', '99999', undefined];
  if (Array.isArray(value)) return [[], ...(value.every((item) => typeof item === 'string') ? [['*']] : []), undefined];
  return [undefined, {}];
}

const kills = (rule: Rule, example: Example, path: string, before: string): boolean => {
  const keys = path.split('.');
  const value = leaf(example.resources as Json, keys);
  if (value === undefined) return false;
  return mutationsOf(value).some((mutation) => verdicts(rule, changed(example, keys, mutation)) !== before);
};

describe('changing a value that a rule read in a passing example changes its verdict', () => {
  it.each(RULES.map((rule) => ({ title: `${rule.cloud} ${rule.id} on ${rule.on.join(', ')}`, rule })))('$title', ({ rule }) => {
    const indecisive: string[] = [];
    let decisive = 0;
    for (const [index, example] of rule.pass.entries()) {
      const before = verdicts(rule, example);
      const present = [...readsOf(rule, example)].filter((path) => leaf(example.resources as Json, path.split('.')) !== undefined);
      // An absence can be what passes; then there is nothing to change, and the failing examples prove the rule.
      if (present.length === 0) continue;
      if (present.some((path) => kills(rule, example, path, before))) decisive += 1;
      else indecisive.push(`pass #${index + 1}${example.name ? ` (${example.name})` : ''}: none of ${present.join(', ')} decides`);
    }
    expect(indecisive).toEqual([]);
    const onlyAbsences = rule.pass.every((example) =>
      [...readsOf(rule, example)].every((path) => leaf(example.resources as Json, path.split('.')) === undefined),
    );
    expect(decisive > 0 || onlyAbsences).toBe(true);
  });
});
