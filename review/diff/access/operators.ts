/** The condition operators of access policies: how their names are put together, and what each compares. */

export type Kind = 'equals' | 'equals-ignoring-case' | 'like' | 'arn' | 'number' | 'date' | 'bool' | 'binary' | 'ip' | 'null';
export type Relation = '=' | '<' | '<=' | '>' | '>=';
/** How a test with several values in the request is read: each must pass, or one must; '' is meant for keys with one value. */
export type Quantifier = '' | 'ForAllValues' | 'ForAnyValue';

export interface Operator {
  readonly kind: Kind;
  readonly negated: boolean;
  readonly relation: Relation;
  readonly quantifier: Quantifier;
  /** Holds by itself where the request has no such key. */
  readonly ifExists: boolean;
}

type Base = Pick<Operator, 'kind' | 'negated' | 'relation'>;

const base = (kind: Kind, negated = false, relation: Relation = '='): Base => ({ kind, negated, relation });

const ordered = (prefix: string, kind: 'number' | 'date'): readonly [string, Base][] => [
  [`${prefix}equals`, base(kind)],
  [`${prefix}notequals`, base(kind, true)],
  [`${prefix}lessthan`, base(kind, false, '<')],
  [`${prefix}lessthanequals`, base(kind, false, '<=')],
  [`${prefix}greaterthan`, base(kind, false, '>')],
  [`${prefix}greaterthanequals`, base(kind, false, '>=')],
];

const BASES: ReadonlyMap<string, Base> = new Map<string, Base>([
  ['stringequals', base('equals')],
  ['stringnotequals', base('equals', true)],
  ['stringequalsignorecase', base('equals-ignoring-case')],
  ['stringnotequalsignorecase', base('equals-ignoring-case', true)],
  ['stringlike', base('like')],
  ['stringnotlike', base('like', true)],
  ['arnequals', base('arn')],
  ['arnlike', base('arn')],
  ['arnnotequals', base('arn', true)],
  ['arnnotlike', base('arn', true)],
  ['bool', base('bool')],
  ['binaryequals', base('binary')],
  ['ipaddress', base('ip')],
  ['notipaddress', base('ip', true)],
  ['null', base('null')],
  ...ordered('numeric', 'number'),
  ...ordered('date', 'date'),
]);

const QUANTIFIERS: ReadonlyMap<string, Quantifier> = new Map([
  ['forallvalues', 'ForAllValues'],
  ['foranyvalue', 'ForAnyValue'],
]);

/**
 * Reads an operator's name, in any case; undefined when there is no such operator.
 *
 * @example
 * operatorOf('ForAnyValue:StringNotLikeIfExists')
 */
export function operatorOf(name: string): Operator | undefined {
  const parts = name.toLowerCase().split(':');
  const last = parts.pop() ?? '';
  const quantifier = parts.length === 0 ? '' : QUANTIFIERS.get(parts.join(':'));
  const ifExists = last.endsWith('ifexists');
  const found = BASES.get(ifExists ? last.slice(0, -'ifexists'.length) : last);
  if (quantifier === undefined || !found || (ifExists && found.kind === 'null')) return undefined;
  return { ...found, quantifier, ifExists };
}

const WORDS: Readonly<Record<Relation, string>> = {
  '=': 'Equals',
  '<': 'LessThan',
  '<=': 'LessThanEquals',
  '>': 'GreaterThan',
  '>=': 'GreaterThanEquals',
};

function wordOf({ kind, negated, relation }: Base): string {
  const no = negated ? 'Not' : '';
  switch (kind) {
    case 'equals':
      return `String${no}Equals`;
    case 'equals-ignoring-case':
      return `String${no}EqualsIgnoreCase`;
    case 'like':
      return `String${no}Like`;
    case 'arn':
      return `Arn${no}Like`;
    case 'number':
      return `Numeric${no}${WORDS[relation]}`;
    case 'date':
      return `Date${no}${WORDS[relation]}`;
    case 'bool':
      return 'Bool';
    case 'binary':
      return 'BinaryEquals';
    case 'ip':
      return `${no}IpAddress`;
    case 'null':
      return 'Null';
  }
}

/** The operator's name as a policy writes it. */
export const operatorName = (operator: Operator): string =>
  `${operator.quantifier ? `${operator.quantifier}:` : ''}${wordOf(operator)}${operator.ifExists ? 'IfExists' : ''}`;
