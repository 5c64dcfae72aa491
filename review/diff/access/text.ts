/**
 * Texts and patterns of access policies. A text may have holes: parts that only deployment knows, each with a name. The same
 * hole is the same text wherever it stands; about two different ones nothing is known.
 *
 * Both texts and patterns become lists of symbols, so that a hole, or a policy variable that is not filled in, counts as one
 * symbol that only a `*` or itself matches.
 */
import type { Truth } from './truth';

const OPEN = '\uE000';
const CLOSE = '\uE001';
const HOLE = /\uE000[^\uE001]*\uE001/gu;

/** A part that is not known before deployment: `hole('Bucket.Arn')` names what would have to be known. */
export const hole = (name: string): string => `${OPEN}${name}${CLOSE}`;

/** Whether the text is not fully known. */
export const hasHole = (text: string): boolean => text.includes(OPEN);

/** Whether nothing of the text is known. */
export const isHole = (text: string): boolean => text.startsWith(OPEN) && text.indexOf(CLOSE) === text.length - 1;

/** The names of the holes. */
export const holesIn = (text: string): readonly string[] => (text.match(HOLE) ?? []).map((found) => found.slice(1, -1));

/** The text for people: holes as `${Bucket.Arn}`. */
export const show = (text: string): string => text.replace(HOLE, (found) => `\${${found.slice(1, -1)}}`);

/** Lower case, but for the names of holes. */
export const foldText = (text: string): string =>
  hasHole(text)
    ? text.replace(/\uE000[^\uE001]*\uE001|[^\uE000]+/gu, (part) => (part.startsWith(OPEN) ? part : part.toLowerCase()))
    : text.toLowerCase();

/** Symbols: single characters, `*` and `?` as wildcards, a longer text for a hole or variable, `\*` for a literal asterisk. */
export type Symbols = ArrayLike<string>;

/** Fills in a policy variable: the text that it stands for, undefined to leave it as a symbol of its own. */
export type Fill = (variable: string) => string | undefined;

const SPECIAL = /\uE000[^\uE001]*\uE001|\$\{[^}]*\}/gu;
const plain = (text: string): string[] => [...text];
const literal = (text: string): string[] => plain(text).map((char) => (char === '*' || char === '?' ? `\\${char}` : char));

/** A text in which nothing is a wildcard or a variable. */
export function textOf(text: string): Symbols {
  if (!/[*?\uE000]/u.test(text)) return text;
  return split(text, HOLE, literal, (found) => [found]);
}

/** A pattern in which `*` and `?` are wildcards; with `fill`, `${…}` are policy variables. */
export function patternOf(text: string, fill?: Fill): Symbols {
  if (!hasHole(text) && !(fill && text.includes('${'))) return text;
  return split(text, fill ? SPECIAL : HOLE, plain, (found) => (found.startsWith(OPEN) ? [found] : variable(found, fill)));
}

/** A text in which nothing is a wildcard, and `${…}` are policy variables. */
export function filledOf(text: string, fill?: Fill): Symbols {
  return split(text, fill ? SPECIAL : HOLE, literal, (found) => (found.startsWith(OPEN) ? [found] : variable(found, fill)));
}

function variable(found: string, fill: Fill | undefined): readonly string[] {
  const name = found.slice(2, -1).trim();
  if (name === '*' || name === '?') return [`\\${name}`];
  if (name === '$') return ['$'];
  const value = fill?.(name);
  return value === undefined ? [`\${${name}}`] : Array.from(textOf(value));
}

function split(
  text: string,
  special: RegExp,
  between: (text: string) => readonly string[],
  inside: (found: string) => readonly string[],
): string[] {
  const symbols: string[] = [];
  let end = 0;
  for (const match of text.matchAll(special)) {
    symbols.push(...between(text.slice(end, match.index)), ...inside(match[0]));
    end = match.index + match[0].length;
  }
  symbols.push(...between(text.slice(end)));
  return symbols;
}

/** A symbol whose text is not known: it may stand for any text, also an empty one. */
const isOpen = (symbol: string | undefined): boolean =>
  symbol !== undefined && symbol.length > 1 && (symbol[0] === OPEN || symbol[0] === '$');

const isWild = (symbol: string | undefined): boolean => symbol === '*' || isOpen(symbol);

/** Whether the pattern is sure to match everything that `wanted`, a text or a pattern, stands for. */
export function covers(pattern: Symbols, wanted: Symbols): boolean {
  let p = 0;
  let w = 0;
  let star = -1;
  let resume = 0;
  while (w < wanted.length) {
    if (pattern[p] === '*') {
      star = p;
      resume = w;
      p += 1;
    } else if (p < pattern.length && coversOne(pattern[p], wanted[w])) {
      p += 1;
      w += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      w = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

const coversOne = (pattern: string | undefined, wanted: string | undefined): boolean =>
  pattern === wanted || (pattern === '?' && !isWild(wanted));

/** Whether some text may match both; an open symbol may stand for anything. */
export function overlaps(left: Symbols, right: Symbols): boolean {
  if (beginApart(left, right)) return false;
  const columns = right.length + 1;
  // below[j]: the rest of `left` from the next position can meet the rest of `right` from j.
  let below = new Array<boolean>(columns).fill(false);
  for (let i = left.length; i >= 0; i -= 1) {
    const row = new Array<boolean>(columns).fill(false);
    for (let j = right.length; j >= 0; j -= 1) row[j] = meets(left[i], right[j], row, below, j);
    below = row;
  }
  return below[0] === true;
}

/** Most pairs differ before anything in them may stand for more than one symbol. */
function beginApart(left: Symbols, right: Symbols): boolean {
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const [a, b] = [left[at], right[at]];
    if (isWild(a) || isWild(b)) return false;
    if (a !== b && a !== '?' && b !== '?') return true;
  }
  return false;
}

function meets(a: string | undefined, b: string | undefined, row: readonly boolean[], below: readonly boolean[], j: number): boolean {
  if (a === undefined && b === undefined) return true;
  if (isWild(a) && (below[j] || (b !== undefined && row[j + 1]))) return true;
  if (isWild(b) && (row[j + 1] || (a !== undefined && below[j]))) return true;
  if (a === undefined || b === undefined) return false;
  return (a === b || a === '?' || b === '?') && below[j + 1] === true;
}

/** Whether the pattern matches the text. */
export function matches(pattern: Symbols, text: Symbols): Truth {
  if (covers(pattern, text)) return true;
  if (!hasOpen(pattern) && !hasOpen(text)) return false;
  return overlaps(pattern, text) ? openIn(pattern, text) : false;
}

const hasOpen = (symbols: Symbols): boolean => typeof symbols !== 'string' && Array.from(symbols).some(isOpen);

/** The names of what is open in any of the texts. */
function openIn(...texts: readonly Symbols[]): readonly string[] {
  const open = texts.flatMap((text) => (typeof text === 'string' ? [] : Array.from(text).filter(isOpen)));
  return [...new Set(open.map((symbol) => (symbol.startsWith(OPEN) ? symbol.slice(1, -1) : symbol.slice(2, -1))))];
}

/** Whether two texts are the same. */
export const sameText = (left: string, right: string): Truth => (left === right ? true : matches(filledOf(left), textOf(right)));

/** The parts of an ARN between its colons, the last with those that it holds itself; fewer when the text is no whole ARN. */
export function arnParts(arn: string): readonly string[] {
  const parts = [''];
  for (const symbol of Array.from(patternOf(arn))) {
    if (symbol === ':' && parts.length < 6) parts.push('');
    else parts.push((parts.pop() ?? '') + symbol);
  }
  return parts;
}
