/** Templates in JSON: parsed by the engine, and scanned for positions only when something is printed. */
import { type ParseError, printParseErrorCode, visit } from 'jsonc-parser';
import { lineAt } from '../source';
import { GatherError } from '../target';
import type { Located, Place } from './position';

/** @throws GatherError with the line of the first mistake */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw mistakeIn(text, file);
  }
}

function mistakeIn(text: string, file: string): GatherError {
  let first: { readonly error: ParseError['error']; readonly offset: number } | undefined;
  try {
    visit(text, { onError: (error, offset) => (first ??= { error, offset }) }, { disallowComments: true, allowTrailingComma: false });
  } catch {
    // So deep that the visitor runs out of stack: what it found before counts.
  }
  const offset = first?.offset ?? text.length;
  const word = first && printParseErrorCode(first.error);
  const line = lineAt(text, offset);
  const isCutOff = first
    ? text.slice(offset).trim() === '' || (word === 'UnexpectedEndOfString' && !text.includes('\n', offset))
    : !text.trimEnd().endsWith('}');
  if (isCutOff) return new GatherError('is not valid JSON: it ends in the middle; it may be cut off', file, line);
  return new GatherError(`is not valid JSON: ${(word && WORDS[word]) ?? 'there is a mistake in it'}`, file, first && line);
}

const WORDS: { readonly [code: string]: string } = {
  InvalidSymbol: 'there is a word that is none of true, false and null',
  InvalidNumberFormat: 'a number is malformed',
  PropertyNameExpected: 'a property name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace is expected here',
  CloseBracketExpected: 'a closing bracket is expected here',
  EndOfFileExpected: 'there is something after the end of the document',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfString: 'a string is not closed',
  InvalidEscapeCharacter: 'a character is escaped that has no escape',
  InvalidCharacter: 'a character must not stand inside a string',
};

/** A member of an object, or an item of an array: where its name and its value begin. */
interface Member {
  readonly name: number;
  readonly value: number;
}

/** Finds places in a text that is known to be valid JSON. Members of an object are indexed when they are first asked for. */
export class JsonPlaces implements Located {
  readonly #members = new Map<number, ReadonlyMap<string, Member>>();
  #lines: number[] | undefined;

  constructor(private readonly text: string) {}

  get root(): number {
    return this.#skipSpace(0);
  }

  child(place: number, key: string): Member | undefined {
    return this.members(place).get(key);
  }

  keys(place: number): Iterable<string> {
    return this.members(place).keys();
  }

  position(offset: number): Place {
    this.#lines ??= lineStarts(this.text);
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lines[low] as number) + 1 };
  }

  private members(place: number): ReadonlyMap<string, Member> {
    const known = this.#members.get(place);
    if (known) return known;
    const found = new Map<string, Member>();
    const { text } = this;
    const isObject = text[place] === '{';
    if (isObject || text[place] === '[') {
      let at = this.#skipSpace(place + 1);
      for (let index = 0; at < text.length && text[at] !== '}' && text[at] !== ']'; index += 1) {
        const name = at;
        let key = String(index);
        if (isObject) {
          const end = this.#endOfString(at);
          key = JSON.parse(text.slice(at, end)) as string;
          at = this.#skipSpace(this.#skipSpace(end) + 1);
        }
        found.set(key, { name, value: at });
        at = this.#skipSpace(this.#endOfValue(at));
        if (text[at] === ',') at = this.#skipSpace(at + 1);
      }
    }
    this.#members.set(place, found);
    return found;
  }

  #skipSpace(from: number): number {
    let at = from;
    while (at < this.text.length && this.text.charCodeAt(at) <= 32) at += 1;
    return at;
  }

  #endOfString(from: number): number {
    const { text } = this;
    for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (text[at - 1 - slashes] === '\\') slashes += 1;
      if (slashes % 2 === 0) return at + 1;
    }
    return text.length;
  }

  #endOfValue(from: number): number {
    const { text } = this;
    let depth = 0;
    for (let at = from; at < text.length; at += 1) {
      const character = text[at];
      if (character === '"') at = this.#endOfString(at) - 1;
      else if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']' || character === ',') {
        if (depth === 0) return at;
        if (character !== ',') depth -= 1;
        if (depth === 0 && character !== ',') return at + 1;
      }
    }
    return text.length;
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
