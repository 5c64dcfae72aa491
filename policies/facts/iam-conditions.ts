import { every, fail, type Outcome, pass, some, unknown } from '../outcome';
import type { Value } from '../value';
import { hasWildcard } from './glob';

/** One test of a statement's `Condition` block: an operator on a key. All tests of a statement must hold together. */
export interface Condition {
  /** Lower case, without quantifier and suffix: `stringequals`. Undefined where the block is not known. */
  readonly operator: string | undefined;
  /** The operator holds when the values do *not* match (`StringNotEquals`); it also holds when the key is missing. */
  readonly negated: boolean;
  /** Also holds when the key is missing from the request. */
  readonly ifExists: boolean;
  readonly quantifier: 'forallvalues' | 'foranyvalue' | undefined;
  /** Lower case: `aws:securetransport`. */
  readonly key: string;
  readonly values: readonly Value[];
  /** The values as written. */
  readonly value: Value;
}

/** Every test of a `Condition` block. A block, or a part of it, that is not known yields a test without operator. */
export function conditionsOf(block: Value): readonly Condition[] {
  return block.once(conditionsOf, () => readConditions(block));
}

function readConditions(block: Value): readonly Condition[] {
  if (block.state === 'absent') return [];
  if (!block.isMap) return [opaque(block)];
  return block.entries().flatMap(([name, tests]) => {
    const { operator, negated, ifExists, quantifier } = operatorOf(name);
    if (!tests.isMap) return [opaque(tests)];
    return tests
      .entries()
      .map(([key, value]) => ({ operator, negated, ifExists, quantifier, key: key.toLowerCase(), values: value.items(), value }));
  });
}

function opaque(value: Value): Condition {
  return { operator: undefined, negated: false, ifExists: false, quantifier: undefined, key: '', values: [], value };
}

function operatorOf(name: string) {
  const [, quantifier, base = ''] = /^(?:(forallvalues|foranyvalue):)?(.*)$/.exec(name.toLowerCase()) ?? [];
  const ifExists = base.endsWith('ifexists');
  const operator = ifExists ? base.slice(0, -'ifexists'.length) : base;
  return {
    operator,
    ifExists,
    negated: /^(string|arn|numeric|date)?not/.test(operator),
    quantifier: quantifier as Condition['quantifier'],
  };
}

/**
 * What a key tells about the caller. `identity`: who calls. `source`: on behalf of which resource or account a service calls.
 * `network`: from where. A condition on any of them makes a grant to everyone a grant to some.
 */
export type LimitKind = 'identity' | 'source' | 'network';

/** Keys that tell callers apart; a key that every caller can choose freely (referer, tags, time) is not among them. */
const LIMITING: Readonly<Record<string, LimitKind>> = {
  'aws:principalorgid': 'identity',
  'aws:principalorgpaths': 'identity',
  'aws:principalaccount': 'identity',
  'aws:principalarn': 'identity',
  'aws:principalisawsservice': 'identity',
  'aws:principalservicename': 'identity',
  'aws:principalservicenameslist': 'identity',
  'aws:userid': 'identity',
  'kms:calleraccount': 'identity',
  's3:dataaccesspointaccount': 'identity',
  's3:dataaccesspointarn': 'identity',
  'aws:sourceaccount': 'source',
  'aws:sourcearn': 'source',
  'aws:sourceorgid': 'source',
  'aws:sourceorgpaths': 'source',
  'aws:sourceowner': 'source',
  'aws:sourceip': 'network',
  'aws:sourcevpc': 'network',
  'aws:sourcevpcarn': 'network',
  'aws:sourcevpce': 'network',
  'aws:vpceaccount': 'network',
  'aws:vpceorgid': 'network',
  'aws:vpceorgpaths': 'network',
};

/** Keys of the resource that limit the caller when they are compared with a variable of the caller. */
const RESOURCE_KEYS = ['aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths'];

/** Widest address ranges that still count as a limit; S3 draws the line at the same prefixes. */
const SHORTEST_PREFIX = { v4: 8, v6: 32 } as const;

/** What a test limits, undefined where its key tells callers not apart. */
export function limitKindOf(condition: Condition): LimitKind | undefined {
  return RESOURCE_KEYS.includes(condition.key) ? 'identity' : LIMITING[condition.key];
}

/**
 * Whether the test confines callers to a closed set: an operator that must match, on a key that tells callers apart, with
 * values that do not match everything. `IfExists` and `ForAllValues` hold for callers that carry no such key, and therefore
 * confine nobody.
 */
export function confines(condition: Condition): Outcome {
  if (condition.operator === undefined) return unknown(condition.value.describe(), condition.value.path);
  if (condition.negated || condition.ifExists || condition.quantifier === 'forallvalues') return fail('does not confine callers');
  return namesCallers(condition);
}

/**
 * Whether the test, in a `Deny`, lets through a closed set only: it must *not* match (`StringNotEquals`), on a key that tells
 * callers apart, with values that do not match everything. A missing key makes it hold, so that anonymous callers are denied.
 */
export function confinesByExclusion(condition: Condition): Outcome {
  if (condition.operator === undefined) return unknown(condition.value.describe(), condition.value.path);
  if (condition.key === 'aws:principalisawsservice' && condition.operator === 'bool')
    return every(condition.values, (value) => value.isFalse());
  if (!condition.negated || condition.quantifier === 'foranyvalue') return fail('does not confine callers');
  return namesCallers(condition);
}

function namesCallers(condition: Condition): Outcome {
  const { key, operator, values } = condition;
  const kind = limitKindOf(condition);
  if (kind === undefined || operator === undefined) return fail('does not tell callers apart');
  if (values.length === 0) return fail('has no values');
  if (RESOURCE_KEYS.includes(key)) return every(values, (value) => value.matches(/\$\{aws:(principal|source)/i));
  if (key === 'aws:principalisawsservice') return operator === 'bool' ? every(values, (value) => value.isTrue()) : fail('is no Bool test');
  if (!/^(string|arn|ipaddress|notipaddress)/.test(operator)) return fail('does not compare with names');
  return every(values, (value) => isNarrow(key, operator, value));
}

function isNarrow(key: string, operator: string, value: Value): Outcome {
  const shape = value.shape;
  const wildcardsCount = operator.endsWith('like') || operator.startsWith('arn');
  if (value.state === 'reference') return pass();
  if (shape === undefined || isOneHole(shape)) {
    // Whatever it will be, an exact comparison names one caller; a pattern may turn out to be `*`.
    return wildcardsCount || operator.endsWith('ipaddress') ? value.asUnknown() : pass();
  }
  if (shape === '*' || shape === '') return value.asFailure();
  if (key === 'aws:sourceip') return isNarrowRange(shape) ? pass() : value.asFailure();
  if (!wildcardsCount || !hasWildcard(withoutHoles(shape))) return pass();
  return isNarrowPattern(key, withoutHoles(shape)) ? pass() : value.asFailure();
}

function isNarrowPattern(key: string, pattern: string): boolean {
  if (key.endsWith('arn')) {
    const [, , service = '', , account = '', ...rest] = pattern.split(':');
    if (account !== '') return !hasWildcard(account);
    // Buckets have globally unique names and ARNs without account.
    return service === 's3' && !/^[*?]/.test(rest.join(':'));
  }
  if (key.endsWith('orgpaths') || key === 'aws:userid' || key.endsWith('servicename') || key.endsWith('serviceslist'))
    return !/^.{0,2}[*?]/.test(pattern);
  return false;
}

function isNarrowRange(range: string): boolean {
  const [address = '', prefix] = range.split('/');
  if (prefix === undefined) return true;
  return Number(prefix) >= (address.includes(':') ? SHORTEST_PREFIX.v6 : SHORTEST_PREFIX.v4);
}

const isOneHole = (shape: string): boolean => /^\$\{(?!aws:)[^}]*\}$/.test(shape);
/** A part that deployment fills in stands for itself, not for a wildcard. */
const withoutHoles = (shape: string): string => shape.replace(/\$\{[^}]*\}/g, '0');

/** Whether some test confines the callers. */
export function confined(conditions: readonly Condition[]): Outcome {
  return some(conditions, confines, 'no condition confines the callers');
}

/** `aws:SecureTransport` is false, with whatever operator compares it: the request came in clear text. */
export function isPlainHttp({ operator, negated, quantifier, key, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  if (key !== 'aws:securetransport' || negated || quantifier || !/^(bool|stringequals)/.test(operator)) return value.asFailure();
  return some(values, (each) => each.isFalse(), 'has no value');
}
