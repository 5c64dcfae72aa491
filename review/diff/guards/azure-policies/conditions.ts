/** What policies of Azure look for: whether one condition catches whatever another does, as far as that can be told without a resource. */
import { covers } from '../../access/text';
import { canonical, type Plain } from '../../plain';
import { asList, asMap } from '../../reading';

/** Nots stand at the leaves only. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | {
      readonly about: string;
      readonly test: string;
      readonly not: boolean;
      readonly values: readonly string[];
      readonly counted?: Counted;
    };

/** Members of a list that are counted. */
interface Counted {
  readonly where: Condition | undefined;
}
type Leaf = Extract<Condition, { readonly about: string }>;

const OPERATORS =
  /^(not)?(equals|in|like|match|matchinsensitively|contains|containskey|less|lessorequals|greater|greaterorequals|exists)$/i;
/** A way to write a field as a value. */
const FIELD = /^\[field\('([^']+)'\)\]$/i;

/** Reads `allOf`, `anyOf`, `not` and single tests. Names and values are compared without case, as the service does. */
export function conditionOf(value: Plain | undefined, not = false): Condition {
  const map = new Map(Object.entries(asMap(value)).map(([key, inner]) => [key.toLowerCase(), inner as Plain]));
  for (const [key, together] of [
    ['allof', !not],
    ['anyof', not],
  ] as const) {
    if (!map.has(key)) continue;
    const parts = asList(map.get(key)).map((part) => conditionOf(part, not));
    return together ? { all: parts } : { any: parts };
  }
  if (map.has('not')) return conditionOf(map.get('not'), !not);
  return leafOf(map, not);
}

function leafOf(map: ReadonlyMap<string, Plain>, not: boolean): Leaf {
  const [key = '', asked = null] = [...map].find(([name]) => OPERATORS.test(name)) ?? [];
  const [, negated, operator = ''] = OPERATORS.exec(key) ?? [];
  const rest = [...map].filter(([name]) => name !== key);
  const count = asMap(map.get('count'));
  const counted = map.has('count') ? { where: count.where === undefined ? undefined : conditionOf(count.where) } : undefined;
  const { where: _where, ...of } = count;
  const test = operator.toLowerCase();
  const no = test === 'exists' && /^false$/i.test(String(asked));
  return {
    about: counted ? canonical(of).toLowerCase() : aboutOf(rest),
    test: test === 'equals' ? 'in' : test,
    not: not !== (negated !== undefined || no),
    values: test === 'exists' ? [] : asList(asked).map(textOf).sort(),
    ...(counted ? { counted } : {}),
  };
}

const textOf = (value: Plain): string => (typeof value === 'object' ? canonical(value) : String(value)).toLowerCase();

function aboutOf(rest: readonly (readonly [string, Plain])[]): string {
  const [[name, value] = ['', null]] = rest;
  const field = name === 'value' && typeof value === 'string' ? FIELD.exec(value)?.[1] : name === 'field' ? String(value) : undefined;
  return field !== undefined && rest.length === 1 ? `field ${field.toLowerCase()}` : canonical(Object.fromEntries(rest)).toLowerCase();
}

/** The fields that are looked at, by their last names. */
export function* fieldsOf(condition: Condition): Iterable<string> {
  if ('all' in condition) for (const part of condition.all) yield* fieldsOf(part);
  else if ('any' in condition) for (const part of condition.any) yield* fieldsOf(part);
  else if (condition.about.startsWith('field '))
    yield condition.about.slice(condition.about.lastIndexOf('/') + 1).replace('field ', 'its ');
}

/** Whether it is sure that whatever the first catches, the second catches as well. */
export function implies(first: Condition, second: Condition): boolean {
  if ('all' in second) return second.all.every((part) => implies(first, part));
  if ('any' in first) return first.any.every((part) => implies(part, second));
  if ('all' in first && first.all.some((part) => implies(part, second))) return true;
  if ('any' in second) return second.any.some((part) => implies(first, part)) || ('about' in first && inSeveral(first, second.any));
  return 'about' in first && leafImplies(first, second);
}

/** `equals a` or `equals b` hold together wherever one of both is there. */
function inSeveral(first: Leaf, parts: readonly Condition[]): boolean {
  if (first.test !== 'in' || first.not || first.counted || first.values.length < 2) return false;
  return first.values.every((value) => parts.some((part) => implies({ ...first, values: [value] }, part)));
}

function leafImplies(first: Leaf, second: Leaf): boolean {
  if (first.about !== second.about) return false;
  if (first.counted || second.counted) return countImplies(first, second);
  if (first.test === 'in' && !first.not && first.values.every(isWritten)) {
    const { not, test, values } = second;
    if (test === 'exists') return !not && first.values.length > 0;
    if (values.every(isWritten) && /^(in|like|contains)$/.test(test))
      return first.values.every((value) => values.some((asked) => meets(value, test, asked)) !== not);
  }
  if (first.test !== second.test || first.not !== second.not) return false;
  const [strict, loose] = first.not ? [second, first] : [first, second];
  return wider(loose, strict);
}

/** What only deployment works out is compared by its text. */
const isWritten = (value: string): boolean => !value.startsWith('[') && !value.includes('${');

const meets = (value: string, test: string, asked: string): boolean =>
  test === 'in' ? value === asked : test === 'like' ? covers(asked, value) : value.includes(asked);

/** Of two tests of one kind that are not turned round, whether the first lets more through. */
function wider({ test, values: loose }: Leaf, { values: strict }: Leaf): boolean {
  if (loose.join() === strict.join()) return true;
  if (test === 'in') return strict.every((value) => loose.includes(value));
  if (![...loose, ...strict].every(isWritten)) return false;
  const [wide = '', narrow = ''] = [loose[0], strict[0]];
  if (test === 'like') return covers(wide, narrow);
  if (test === 'contains') return narrow.includes(wide);
  const [limit, other] = [Number(wide), Number(narrow)];
  if (test.startsWith('less')) return limit >= other;
  if (test.startsWith('greater')) return limit <= other;
  return false;
}

/** More members are counted where less is asked of each: that helps what asks for many, and hinders what asks for few. */
function countImplies(first: Leaf, second: Leaf): boolean {
  if (!first.counted || !second.counted || first.test !== second.test || first.not !== second.not) return false;
  if (first.values.join() !== second.values.join()) return false;
  const many = /^greater/.test(first.test) !== first.not;
  const few = /^less/.test(first.test) !== first.not || (first.test === 'in' && !first.not && first.values.join() === '0');
  const [one, other] = [first.counted.where ?? EVERY, second.counted.where ?? EVERY];
  return many ? implies(one, other) : few ? implies(other, one) : implies(one, other) && implies(other, one);
}
const EVERY: Condition = { all: [] };

/** How one state of a condition stands to another. */
export type Relation = 'same' | 'less' | 'more' | 'unknown';

export function relation(before: Condition, after: Condition): Relation {
  const [less, more] = [implies(after, before), implies(before, after)];
  return less && more ? 'same' : less ? 'less' : more ? 'more' : 'unknown';
}
