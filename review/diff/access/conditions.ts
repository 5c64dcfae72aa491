/** Whether a condition block holds for a request. What the request does not say stays unknown, with the key that is missing. */
import { compare, writtenFor } from './comparisons';
import type { Test } from './documents';
import { allOf, anyOf, isUnknown, not, type Truth } from './truth';

export type ContextValue = string | number | boolean | readonly (string | number | boolean)[] | null;

/**
 * What a request says about itself: each key with its values, `null` for a key that is known to be absent. A key that is not
 * listed is unknown, unless the context is `complete`.
 */
export interface Context {
  readonly values: Readonly<Record<string, ContextValue>>;
  readonly complete?: boolean | undefined;
}

/** Finds keys whatever their case; the same context is asked many times. */
export interface Keys {
  /** The values, none for an absent key, undefined for one that is not known. */
  readonly find: (key: string) => readonly string[] | undefined;
}

export function keysOf({ values, complete }: Context): Keys {
  const folded = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) folded.set(key.toLowerCase(), toList(value));
  return { find: (key) => folded.get(key.toLowerCase()) ?? (complete ? [] : undefined) };
}

const toList = (value: ContextValue): readonly string[] =>
  value === null ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

/** All tests must hold. */
export const conditionsHold = (tests: readonly Test[], keys: Keys, variables: boolean): Truth =>
  allOf(tests.map((test) => testHolds(test, keys, variables)));

function testHolds(test: Test, keys: Keys, variables: boolean): Truth {
  const { operator } = test;
  if (!operator) return [test.name];
  const given = keys.find(test.key);
  if (given === undefined) return [test.name];
  if (operator.kind === 'null')
    return anyOf(test.values.map((value) => compare('bool', '=', { text: value, symbols: value }, String(given.length === 0))));
  if (given.length === 0) return holdsWithoutKey(test);
  const each = given.map((value) => valuePasses(test, value, keys, variables));
  if (operator.quantifier === 'ForAllValues') return allOf(each);
  if (operator.quantifier === 'ForAnyValue') return anyOf(each);
  return each.length === 1 || each.every((truth) => truth === each[0] && !isUnknown(truth))
    ? (each[0] ?? false)
    : [`how ${test.name} with several values is read without ForAllValues or ForAnyValue`];
}

/** An absent key: a set of which all, or none, are as wanted; a test for what it must not be; or no match. */
function holdsWithoutKey({ operator }: Test): Truth {
  if (!operator || operator.ifExists) return true;
  if (operator.quantifier) return operator.quantifier === 'ForAllValues';
  return operator.negated;
}

function valuePasses(test: Test, given: string, keys: Keys, variables: boolean): Truth {
  const { operator } = test;
  if (!operator) return [test.name];
  const matched = anyOf(
    test.values.map((value): Truth => {
      const filled = variables ? filler(keys) : undefined;
      const written = writtenFor(operator.kind, value, filled?.fill);
      // A variable without value makes a match impossible; what that means for a negated test is not documented.
      const absent = filled?.absent() ?? [];
      if (absent.length > 0) return operator.negated ? absent : false;
      return compare(operator.kind, operator.relation, written, given);
    }),
  );
  return operator.negated ? not(matched) : matched;
}

/** Fills variables from the request, and notes those that have no value and no default. */
export function filler(keys: Keys): { readonly fill: (variable: string) => string | undefined; readonly absent: () => readonly string[] } {
  const absent: string[] = [];
  return {
    absent: () => absent,
    fill: (variable) => {
      const [, name = variable, fallback] = /^([^,]*?)\s*(?:,\s*'(.*)')?$/su.exec(variable) ?? [];
      const values = keys.find(name);
      if (values === undefined || values.length > 1) return undefined;
      const value = values[0] ?? fallback;
      if (value === undefined) absent.push(`a value for ${name}`);
      return value ?? '';
    },
  };
}
