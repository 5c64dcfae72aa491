import { describe, expect, it } from 'vitest';
import { append } from '../policies/collect';
import { UNIT } from '../policies/graph';
import type { Example } from '../policies/rule';
import { RULE_FAMILIES, RULES } from '../policies/rules';
import { traced } from '../policies/trace';
import { findingsOf } from './support/examples';
import { IDLE_READS } from './support/idle-reads';

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

/** A property of a resource type, wherever in a list it stands. */
function propertyOf(example: Example, path: string): string {
  const [name = '', , ...rest] = path.split('.');
  const { Type, type } = example.resources[name] as { Type?: string; type?: string };
  return `${Type ?? type} ${rest.join('.').replace(/\.\d+(?=\.|$)/g, '[]')}`;
}

/** Properties whose values a rule reads in its examples, and that decide none of them whatever they are changed to. */
function idleReadsOf(rule: Rule): readonly string[] {
  const places = new Map<string, { example: Example; path: string; value: Json }[]>();
  for (const example of [...rule.pass, ...rule.fail, ...(rule.unknown ?? []), ...(rule.skip ?? [])]) {
    for (const path of readsOf(rule, example)) {
      const value = leaf(example.resources as Json, path.split('.'));
      if (value !== undefined && (typeof value !== 'object' || value === null))
        append(places, propertyOf(example, path), { example, path, value });
    }
  }
  return [...places]
    .filter(
      ([, same]) =>
        !same.some((place) =>
          decides(
            rule,
            place,
            same.map(({ value }) => value),
          ),
        ),
    )
    .map(([property]) => property);
}

function decides(rule: Rule, { example, path, value }: { example: Example; path: string; value: Json }, others: readonly Json[]): boolean {
  const before = verdicts(rule, example);
  const keys = path.split('.');
  return [...mutationsOf(value), ...new Set(others)].some(
    (other) => other !== value && verdicts(rule, changed(example, keys, other)) !== before,
  );
}

describe('every value that a rule reads decides at least one of its examples', () => {
  it.each(RULE_FAMILIES)('in $family, except those that are listed; the list is true, and may only get shorter', ({ family, rules }) => {
    const idle = rules.flatMap((rule) => idleReadsOf(rule).map((property) => `${rule.cloud} ${rule.id} reads ${property}`));
    const listed = IDLE_READS.filter((line) => line.split(' ')[1]?.endsWith(`.${family}`));
    expect([...new Set(idle)].sort()).toEqual([...listed].sort());
  });
});
