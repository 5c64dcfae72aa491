/** How single values are compared by each kind of condition operator. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Kind, Relation } from './operators';
import { covers, filledOf, holesIn, matches, overlaps, patternOf, type Symbols, textOf } from './text';
import { allOf, type Truth } from './truth';

/** A value written in a policy, its variables filled in where the kind of operator allows variables. */
export interface Written {
  readonly text: string;
  readonly symbols: Symbols;
}

/** Reads what a policy writes; `fill` is given where the document's version knows variables. */
export function writtenFor(kind: Kind, text: string, fill?: (variable: string) => string | undefined): Written {
  switch (kind) {
    case 'like':
    case 'arn':
      return { text, symbols: patternOf(text, fill) };
    case 'equals':
      return { text, symbols: filledOf(text, fill) };
    case 'equals-ignoring-case':
      return { text, symbols: folded(filledOf(text, fill)) };
    default:
      return { text, symbols: text };
  }
}

/** Whether the value of a request is what the policy writes. */
export function compare(kind: Kind, relation: Relation, written: Written, given: string): Truth {
  switch (kind) {
    case 'equals':
    case 'like':
      return matches(written.symbols, textOf(given));
    case 'equals-ignoring-case':
      return matches(written.symbols, folded(textOf(given)));
    case 'arn':
      return matchesArn(written.symbols, textOf(given));
    default:
      return known(written.text, given) ?? comparePlain(kind, relation, written.text, given);
  }
}

const folded = (symbols: Symbols): Symbols =>
  typeof symbols === 'string'
    ? symbols.toLowerCase()
    : Array.from(symbols, (symbol) => (symbol.length === 1 ? symbol.toLowerCase() : symbol));

const known = (...texts: readonly string[]): Truth | undefined => {
  const holes = texts.flatMap(holesIn);
  return holes.length > 0 ? holes : undefined;
};

function comparePlain(kind: Kind, relation: Relation, written: string, given: string): Truth {
  switch (kind) {
    case 'number':
      return ordered(numberOf(written), numberOf(given), relation, `a number instead of "${given}" or "${written}"`);
    case 'date':
      return ordered(instantOf(written), instantOf(given), relation, `a date instead of "${given}" or "${written}"`);
    case 'ip':
      return inRange(written, given);
    case 'binary':
      return Buffer.from(written, 'base64').equals(Buffer.from(given, 'base64'));
    default:
      return written.toLowerCase() === given.toLowerCase();
  }
}

function ordered(limit: number | undefined, given: number | undefined, relation: Relation, missing: string): Truth {
  if (limit === undefined || given === undefined) return [missing];
  switch (relation) {
    case '=':
      return given === limit;
    case '<':
      return given < limit;
    case '<=':
      return given <= limit;
    case '>':
      return given > limit;
    case '>=':
      return given >= limit;
  }
}

export function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** Milliseconds since 1970: from seconds, or from a date in ISO 8601; without time zone it is UTC. */
export function instantOf(text: string): number | undefined {
  if (/^-?\d{5,}([.]\d+)?$/.test(text)) return Number(text) * 1000;
  const zoned = /T.*(Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`;
  const instant = Date.parse(zoned);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Network and prefix length; undefined when the text is no address or range. */
export function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] | undefined {
  const [address = '', prefix] = text.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : bits + 1;
  return version === 0 || length > bits ? undefined : [ipaddr.parse(address), length];
}

/** Whether every address of `inner` lies in `outer`; undefined when one of them is no range. */
export function rangeCovers(outer: string, inner: string): boolean | undefined {
  const wide = rangeOf(outer);
  const narrow = rangeOf(inner);
  if (!wide || !narrow) return undefined;
  return wide[0].kind() === narrow[0].kind() && narrow[1] >= wide[1] && narrow[0].match(wide[0], wide[1]);
}

const inRange = (written: string, given: string): Truth =>
  rangeCovers(written, given) ?? [`an address instead of "${rangeOf(written) ? given : written}"`];

/** ARNs are compared part by part: a wildcard does not reach over a colon, but for those of the last part. */
function matchesArn(pattern: Symbols, given: Symbols): Truth {
  if (pattern.length === 1 && pattern[0] === '*') return true;
  const wanted = partsOf(pattern);
  const parts = partsOf(given);
  if (wanted.length === 6 && parts.length === 6) return allOf(wanted.map((part, index) => matches(part, parts[index] ?? '')));
  const open = [...holesIn(Array.from(pattern).join('')), ...holesIn(Array.from(given).join(''))];
  if (open.length === 0) return false;
  return same(pattern, given) || (overlaps(pattern, given) ? open : false);
}

/** Whether one ARN pattern is sure to match whatever the other does. */
export function arnCovers(pattern: Symbols, wanted: Symbols): boolean {
  if (pattern.length === 1 && pattern[0] === '*') return true;
  const outer = partsOf(pattern);
  const inner = partsOf(wanted);
  if (outer.length === 6 && inner.length === 6) return outer.every((part, index) => covers(part, inner[index] ?? ''));
  return same(pattern, wanted);
}

const same = (left: Symbols, right: Symbols): boolean =>
  left.length === right.length && Array.from(left).every((symbol, index) => symbol === right[index]);

function partsOf(symbols: Symbols): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const symbol of Array.from(symbols)) {
    if (symbol === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)?.push(symbol);
  }
  return parts;
}
