/** Conditions of role assignments, as far as one can be told to be stricter than another without evaluating it. */

import { rangeCovers } from '../access/comparisons';

/** One test that must hold. Alternatives lie side by side in `any`. */
export interface Test {
  readonly any: readonly string[];
  readonly text: string;
}

/** What is asked for besides the condition: `activation`, `until 2027-01-01`. */
export const plainTest = (text: string): Test => ({ any: [text], text });

/** Tests that all have to hold. White space, case of names and order do not matter. */
export function testsOf(condition: string): readonly Test[] {
  const text = condition.replaceAll(/\s+/g, ' ').trim();
  if (text === '') return [];
  return split(unwrap(text), 'AND').map((part) => {
    const any = [...new Set(split(unwrap(part), 'OR').map((one) => unwrap(one)))].sort();
    return { any: any.map((one) => one.toLowerCase()), text: any.join(' OR ') };
  });
}

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
  const [inner, outer] = [strict, loose].map((leaf) => /^(.+ from) (\S+)$/.exec(leaf));
  if (inner && outer && inner[1] === outer[1]) return rangeCovers(outer[2] as string, inner[2] as string) === true;
  const [less, more] = [setIn(strict), setIn(loose)];
  return less !== undefined && more !== undefined && less.head === more.head && less.values.every((value) => more.values.includes(value));
}

/** `@Resource[…] ForAnyOfAnyValues:StringEquals {'a', 'b'}`: the more values, the looser. A single value is a set of one. */
function setIn(leaf: string): { readonly head: string; readonly values: readonly string[] } | undefined {
  const many = /^(@[^\s]+) foranyofanyvalues:(stringequals|stringequalsignorecase|guidequals) ?\{(.*)\}$/.exec(leaf);
  if (many) return { head: `${many[1]} ${many[2]}`, values: (many[3] as string).split(',').map((value) => value.trim()) };
  const one = /^(@[^\s]+) (stringequals|stringequalsignorecase|guidequals) ('[^']*'|[^\s']+)$/.exec(leaf);
  return one ? { head: `${one[1]} ${one[2]}`, values: [one[3] as string] } : undefined;
}

/** Whether everybody who keeps the first tests keeps the second. */
export const allImply = (strict: readonly Test[], loose: readonly Test[]): boolean =>
  loose.every((wanted) => strict.some((test) => testImplies(test, wanted)));

/** Tests of the second that the first do not ask for. */
export const droppedFrom = (now: readonly Test[], before: readonly Test[]): readonly Test[] =>
  before.filter((test) => !now.some((other) => testImplies(other, test)));
