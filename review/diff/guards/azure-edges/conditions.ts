/** Conditions of firewall rules, by what they match: lists as sets, ranges as addresses, whichever service writes them. */
import { type Block, blockOf } from '../../../../policies/facts/network';
import { without } from '../../exposure/reach';
import type { Plain } from '../../plain';
import { asList, asMap, asText } from '../../reading';

/** One test; a request has to pass all of a rule. */
export interface Condition {
  /** What is looked at: any of these may match. */
  readonly variables: readonly string[];
  readonly operator: string;
  readonly negated: boolean;
  readonly values: readonly string[];
  readonly transforms: string;
}

const truthy = (value: Plain | undefined): boolean => /^true$/i.test(asText(value) ?? '');
const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();

function variablesOf(condition: Plain): readonly string[] {
  const { matchVariable, matchVariables, selector } = asMap(condition);
  const named = (name: Plain | undefined, of: Plain | undefined) => [asText(name) ?? '', asText(of)?.toLowerCase() ?? ''].join(' ').trim();
  if (matchVariables === undefined) return [named(matchVariable, selector)];
  return sorted(asList(matchVariables).map((one) => named(asMap(one).variableName, asMap(one).selector)));
}

/** Order and case of what ignores it do not count. */
export function conditionOf(condition: Plain): Condition {
  const { matchValue, matchValues, negateCondition, negationConditon, operator, transforms } = asMap(condition);
  const how = asText(operator) ?? '';
  const texts = asList(matchValues ?? matchValue).map((value) => asText(value) ?? '');
  return {
    variables: variablesOf(condition),
    operator: how.toLowerCase(),
    negated: truthy(negateCondition) || truthy(negationConditon),
    values: sorted(/^(IPMatch|GeoMatch)$/i.test(how) ? texts.map((text) => text.toLowerCase()) : texts),
    transforms: sorted(asList(transforms).map((one) => asText(one) ?? '')).join(' '),
  };
}

/** Every request passes it. */
export const matchesAll = ({ negated, operator, values, variables }: Condition): boolean =>
  !negated &&
  ((operator === 'ipmatch' && values.includes('0.0.0.0/0') && (values.includes('::/0') || values.length === 1)) ||
    (variables.some((one) => one === 'RequestUri') &&
      (operator === 'any' || (/^(contains|beginswith)$/.test(operator) && values.includes('/')))));

/** Whatever passes all tests of the one passes those of the other. */
export const covers = (wide: readonly Condition[], narrow: readonly Condition[]): boolean =>
  wide.every((one) => narrow.some((other) => implies(other, one)));

function implies(narrow: Condition, wide: Condition): boolean {
  if (!narrow.variables.every((one) => wide.variables.includes(one))) return false;
  if (wide.operator === 'any' && !wide.negated) return !narrow.negated;
  if (narrow.operator !== wide.operator || narrow.negated !== wide.negated || narrow.transforms !== wide.transforms) return false;
  // Who is left out of the one has to be left out of the other.
  if (narrow.negated && narrow.variables.length !== wide.variables.length) return false;
  return narrow.negated ? holds(narrow, wide.values) : holds(wide, narrow.values);
}

/** Whether the values of a test hold all of these. */
function holds({ operator, values }: Condition, these: readonly string[]): boolean {
  if (operator === 'ipmatch') {
    const [outer, inner] = [blocksOf(values), blocksOf(these)];
    if (outer && inner) return without(inner, outer).length === 0;
  }
  const admits = (value: string) => {
    switch (operator) {
      case 'contains':
        return values.some((one) => value.includes(one));
      case 'beginswith':
        return values.some((one) => value.startsWith(one));
      case 'endswith':
        return values.some((one) => value.endsWith(one));
      default:
        return values.includes(value);
    }
  };
  return these.every(admits);
}

function blocksOf(texts: readonly string[]): readonly Block[] | undefined {
  const blocks = texts.map((text) => blockOf(text));
  return blocks.includes(undefined) ? undefined : (blocks as readonly Block[]);
}
