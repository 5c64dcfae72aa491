/** Conditions of role assignments, as far as one can be told to be stricter than another without evaluating it. */

import type ipaddr from 'ipaddr.js';
import { rangeOf } from '../access/comparisons';
import { covers, patternOf } from '../access/text';

/** One test that must hold. Alternatives lie side by side in `any`. */
export interface Test {
  readonly any: readonly string[];
  readonly text: string;
}

/** What is asked for besides the condition: `activation`, `until 2027-01-01`. */
export const plainTest = (text: string): Test => ({ any: [text], text });

/** Tests that all have to hold. White space, case of names and order do not matter. */
export function testsOf(condition: string): readonly Test[] {
  const text = tidy(condition);
  if (text === '') return [];
  return split(unwrap(text), 'AND').map((part) => {
    const any = [...new Set(split(unwrap(part), 'OR').map((one) => unwrap(one)))].sort();
    return { any: any.map((one) => one.toLowerCase()), text: any.join(' OR ') };
  });
}

/** One space between words, none inside brackets or around commas; what is quoted stays as it is. */
const tidy = (condition: string): string =>
  condition
    .split(/('[^']*')/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part
            .replaceAll(/\s+/g, ' ')
            .replaceAll(/([({[]) /g, '$1')
            .replaceAll(/ ([)}\]])/g, '$1')
            .replaceAll(/! \(/g, '!(')
            .replaceAll(/ ?, ?/g, ', '),
    )
    .join('')
    .replaceAll(/([({[,]) '/g, (_, open: string) => `${open}${open === ',' ? ' ' : ''}'`)
    .replaceAll(/' ([)}\]])/g, "'$1")
    .replaceAll(/', ?'/g, "', '")
    .trim();

/** Parts between the word at the top level, not inside brackets, braces or quotes. */
function split(text: string, word: 'AND' | 'OR'): readonly string[] {
  const parts: string[] = [];
  const between = new RegExp(`^\\s(${word}|${word === 'AND' ? '&&' : '\\|\\|'})\\s`, 'i');
  let depth = 0;
  let quoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === "'") quoted = !quoted;
    else if (quoted) continue;
    else if ('({['.includes(char)) depth += 1;
    else if (')}]'.includes(char)) depth -= 1;
    else if (depth === 0) {
      const match = between.exec(text.slice(at, at + 6));
      if (!match) continue;
      parts.push(text.slice(from, at).trim());
      from = at + match[0].length;
      at = from - 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts.length > 1 ? parts.flatMap((part) => split(unwrap(part), word)) : parts;
}

/** Without brackets around the whole. */
function unwrap(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && closes(inner)) inner = inner.slice(1, -1).trim();
  return inner;
}

function closes(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "'") quoted = !quoted;
    if (quoted) continue;
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') depth -= 1;
    if (depth === 0) return at === text.length - 1;
  }
  return false;
}

/** Whether it is sure that the second holds wherever the first does. */
const testImplies = (strict: Test, loose: Test): boolean => strict.any.every((one) => loose.any.some((other) => leafImplies(one, other)));

function leafImplies(strict: string, loose: string): boolean {
  if (strict === loose) return true;
  const [until, later] = [strict, loose].map((leaf) => /^until (.+)$/.exec(leaf)?.[1]);
  if (until !== undefined && later !== undefined) return until <= later;
  const [short, long] = [lengthIn(strict), lengthIn(loose)];
  if (short !== undefined && long !== undefined) return short <= long;
  const [inner, outer] = [strict, loose].map((leaf) => /^(.+ from) (\S+)$/.exec(leaf));
  if (inner && outer && inner[1] === outer[1]) return addressesCover(outer[2] as string, inner[2] as string);
  if (isWritten(strict) && isWritten(loose)) {
    const [all, wanted] = [testsOf(strict), testsOf(loose)];
    if ([all, wanted].some((tests) => tests.length > 1 || (tests[0]?.any.length ?? 0) > 1)) return allImply(all, wanted);
  }
  const [less, more] = [setIn(strict), setIn(loose)];
  return less !== undefined && more !== undefined && setCovers(more, less);
}

const UNITS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };
/** Seconds of `for 90 days`. */
function lengthIn(leaf: string): number | undefined {
  const [, count, unit = ''] = /^for ([\d.]+) (second|minute|hour|day)s?$/.exec(leaf) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] as number);
}

/** Asked for besides the condition: it ends at a date, or so long after it began. */
export const isEnd = (leaf: string): boolean => leaf.startsWith('until ') || lengthIn(leaf) !== undefined;

/** In the language of conditions, not asked for besides. */
const isWritten = (leaf: string): boolean => /^[!(]*(@|[a-z]*actionmatches|suboperationmatches|not )/.test(leaf);

/** Addresses from the first to the last: of a range, an address, or the two with a dash between. */
function spanOf(text: string): readonly [first: bigint, last: bigint, kind: string] | undefined {
  const [from = '', to] = text.split('-');
  const ranges = [from, to ?? from].map(rangeOf);
  const [low, high] = ranges;
  if (!low || !high || low[0].kind() !== high[0].kind()) return undefined;
  const [first, end] = [low, high].map(([address]) => numberOf(address)) as [bigint, bigint];
  const size = 1n << BigInt((high[0].kind() === 'ipv4' ? 32 : 128) - high[1]);
  return [first & ~((1n << BigInt((low[0].kind() === 'ipv4' ? 32 : 128) - low[1])) - 1n), (end & ~(size - 1n)) + size - 1n, low[0].kind()];
}
const numberOf = (address: ipaddr.IPv4 | ipaddr.IPv6): bigint => address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

function addressesCover(outer: string, inner: string): boolean {
  const [wide, narrow] = [spanOf(outer), spanOf(inner)];
  return wide !== undefined && narrow !== undefined && wide[2] === narrow[2] && wide[0] <= narrow[0] && narrow[1] <= wide[1];
}

/** What an attribute may be. */
interface Values {
  readonly attribute: string;
  readonly operator: string;
  readonly values: readonly string[];
}

const LIKE = /^stringlike(ignorecase)?$/;
const OPERATORS = '(stringequals|stringequalsignorecase|guidequals|stringlike|stringlikeignorecase)';
const MANY = new RegExp(`^(@[^\\s]+) foranyofanyvalues:${OPERATORS} ?\\{(.*)\\}$`);
const ONE = new RegExp(`^(@[^\\s]+) ${OPERATORS} ('[^']*'|[^\\s']+)$`);

/** `@Resource[…] ForAnyOfAnyValues:StringEquals {'a', 'b'}`: the more values, the looser. A single value is a set of one. */
function setIn(leaf: string): Values | undefined {
  const [, attribute = '', operator = '', list] = MANY.exec(leaf) ?? [];
  if (list !== undefined) return { attribute, operator, values: list.split(',').map((value) => value.trim()) };
  const [, named = '', compared = '', value] = ONE.exec(leaf) ?? [];
  return value === undefined ? undefined : { attribute: named, operator: compared, values: [value] };
}

/** Whether each value of the second is one that the first lets pass. */
function setCovers(loose: Values, strict: Values): boolean {
  if (loose.attribute !== strict.attribute) return false;
  const like = LIKE.test(loose.operator);
  if (
    loose.operator !== strict.operator &&
    !(like && /^string(equals|like)/.test(strict.operator) && !strict.operator.endsWith('ignorecase'))
  )
    return false;
  return strict.values.every((value) =>
    loose.values.some((other) => (like ? covers(patternOf(other), patternOf(value)) : other === value)),
  );
}

/** Whether two conditions speak of different things, so that neither is stricter than the other for sure. */
export function areApart(some: readonly Test[], others: readonly Test[]): boolean {
  const leaves = (tests: readonly Test[]): readonly string[] => tests.flatMap(({ any }) => any);
  const all = [...leaves(some), ...leaves(others)];
  // Two ends of which one is a date and one a length of time.
  if (some.length > 0 && others.length > 0 && all.every(isEnd)) return true;
  const written = all.every(isWritten);
  const attributes = new Set(leaves(some).flatMap((leaf) => setIn(leaf)?.attribute ?? []));
  return written && some.length > 0 && others.length > 0 && !leaves(others).some((leaf) => attributes.has(setIn(leaf)?.attribute ?? ''));
}

/** Whether everybody who keeps the first tests keeps the second. */
export const allImply = (strict: readonly Test[], loose: readonly Test[]): boolean => loose.every((wanted) => isKept(wanted, strict));

/** By one of the tests, or by several that together are one of its alternatives. */
function isKept(wanted: Test, strict: readonly Test[]): boolean {
  if (strict.some((test) => testImplies(test, wanted))) return true;
  return wanted.any.some((one) => {
    const parts = isWritten(one) ? testsOf(one) : [];
    return parts.length > 1 && allImply(strict, parts);
  });
}

/** Tests of the second that the first do not ask for. */
export const droppedFrom = (now: readonly Test[], before: readonly Test[]): readonly Test[] => before.filter((test) => !isKept(test, now));
