import type { Severity, Tier } from '../../controls';
import type { Graph } from '../graph';
import { every, fail, type Outcome, when } from '../outcome';
import type { Resource } from '../resource';
import { type Example, type RuleSpec, rule } from '../rule';
import type { Value } from '../value';

type Scalar = string | number | boolean;

/** One property that must have one of a few values, in the words of a table; {@link setting} makes the rule of it. */
export interface Setting {
  /** Types that have the property at the same place. */
  readonly on: string | readonly string[];
  /** Path of the property; `[]` stands for each entry of a list. */
  readonly at: string;
  /** Values that keep the control. */
  readonly is: readonly [Scalar, ...Scalar[]];
  /** A value that breaks it, for the examples. */
  readonly not: Scalar;
  /** What the service takes when nobody writes one; absent: it must be written. */
  readonly unset?: Scalar;
  /** Judged only where another property of the resource has one of these values. */
  readonly where?: { readonly at: string; readonly is: readonly [Scalar, ...Scalar[]]; readonly unset?: Scalar };
  /** Reads the property where it can be written in more than one place. @default `resource.at` */
  readonly read?: (resource: Resource, path: string, graph: Graph) => Value;
  /** What else the example resources carry. */
  readonly beside?: object;
  readonly fix: string;
  readonly severity?: Severity;
  readonly from?: Tier;
}

/** The values at a path in which `[]` stands for each entry of a list. */
export const valuesAt = (value: Value, path: string): readonly Value[] =>
  path
    .split('[].')
    .reduce<readonly Value[]>(
      (values, part, index) => (index === 0 ? [value.at(part)] : values.flatMap((list) => list.items()).map((item) => item.at(part))),
      [],
    );

/** Equals one of the values; booleans also when written as text. */
const equals = (value: Value, wanted: readonly Scalar[]): Outcome => {
  const [first] = wanted;
  if (typeof first !== 'boolean') return value.isOneOf(wanted as readonly (string | number)[]);
  return first ? value.isTrue() : value.isFalse();
};

const orUnset = (value: Value, unset: Scalar | undefined): Value => (unset === undefined ? value : value.orDefault(unset));

/** An object in which only the path is written. */
export function written(path: string, value: unknown): object {
  const [key = '', ...rest] = path.split('.');
  const inner = rest.length === 0 ? value : written(rest.join('.'), value);
  return key.endsWith('[]') ? { [key.slice(0, -2)]: [inner] } : { [key]: inner };
}

/** Both objects in one, lists entry by entry. */
export function merge(one: unknown, other: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(other))
    return one.map((item, index) => (index < other.length ? merge(item, other[index]) : item));
  if (!isPlain(one) || !isPlain(other)) return other;
  const all: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) all[key] = key in one ? merge(one[key], value) : value;
  return all;
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.keys(value).some((key) => key.startsWith('$'));

/** The rule of a table entry, with examples of each value, of nothing written, and of what only deployment tells. */
export function setting(spec: Setting): RuleSpec {
  const { on, at, is, unset, where, fix, severity, from, read = (resource, path) => resource.at(path) } = spec;
  const types = typeof on === 'string' ? [on] : on;
  const [type = ''] = types;
  const check = (resource: Resource, graph: Graph): Outcome => {
    const judge = () =>
      at.includes('[].')
        ? every(valuesAt(resource.all, at), (value) => equals(orUnset(value, unset), is))
        : equals(orUnset(read(resource, at, graph), unset), is);
    return where ? when(equals(orUnset(resource.at(where.at), where.unset), where.is), judge) : judge();
  };
  const base = merge(where ? written(where.at, where.is[0]) : {}, spec.beside ?? {});
  const resource = (value?: unknown, of = type): Example => ({
    resources: { subject: { type: of, properties: value === undefined ? base : (merge(base, written(at, value)) as object) } },
  });
  const inList = at.includes('[].');
  const nothing = inList ? [] : [{ name: 'nothing written', ...resource() }];
  const keptUnset = unset !== undefined && is.includes(unset);
  return rule({
    on: [...types],
    check,
    fix,
    ...(severity ? { severity } : {}),
    ...(from ? { from } : {}),
    pass: [...types.map((of) => resource(is[0], of)), ...is.slice(1).map((value) => resource(value)), ...(keptUnset ? nothing : [])],
    fail: [resource(spec.not), ...(keptUnset ? [] : nothing)],
    unknown: [resource({ $unknown: 'config value' })],
    ...(where
      ? {
          skip: [
            {
              name: `${where.at} is another`,
              resources: {
                subject: {
                  type,
                  properties: merge(
                    merge(base, written(at, spec.not)) as object,
                    written(where.at, typeof where.is[0] === 'boolean' ? !where.is[0] : 'Other'),
                  ) as object,
                },
              },
            },
          ],
        }
      : {}),
  });
}

/** One property that must be written, whatever its value: a key, a subnet, a certificate. */
export interface Presence extends Omit<Setting, 'is' | 'not' | 'unset' | 'where' | 'read'> {
  /** A value for the examples. */
  readonly like: unknown;
  /** What is missing where it is not: `has no key of its own`. */
  readonly else: string;
  readonly where?: Setting['where'];
}

/** The rule of a property that must be written. */
export function present(spec: Presence): RuleSpec {
  const { on, at, where, fix, severity, from } = spec;
  const types = typeof on === 'string' ? [on] : on;
  const [type = ''] = types;
  const base = merge(where ? written(where.at, where.is[0]) : {}, spec.beside ?? {});
  const resource = (value?: unknown, of = type): Example => ({
    resources: { subject: { type: of, properties: value === undefined ? base : (merge(base, written(at, value)) as object) } },
  });
  return rule({
    on: [...types],
    check: (subject) => {
      const judge = () => {
        const outcome = subject.at(at).isSet();
        return outcome.verdict === 'fail' ? fail(spec.else, at) : outcome;
      };
      return where ? when(equals(orUnset(subject.at(where.at), where.unset), where.is), judge) : judge();
    },
    fix,
    ...(severity ? { severity } : {}),
    ...(from ? { from } : {}),
    pass: types.map((of) => resource(spec.like, of)),
    fail: [resource()],
    ...(where
      ? {
          skip: [
            {
              name: `${where.at} is another`,
              resources: {
                subject: {
                  type,
                  properties: merge(base, written(where.at, typeof where.is[0] === 'boolean' ? !where.is[0] : 'Other')) as object,
                },
              },
            },
          ],
        }
      : {}),
  });
}
