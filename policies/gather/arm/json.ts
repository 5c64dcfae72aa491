import { findNodeAtLocation, type Node as JsonNode, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import { DEEPEST_NESTING, GatherError } from '../target';
import { isStep } from './spelling';

export type JsonPath = readonly (string | number)[];

const OPTIONS = { disallowComments: false, allowTrailingComma: false } as const;
/** Stands for a line break inside a string while parsing: ARM allows it there, JSON does not. Same length, so offsets stay. */
const LINE_FEED = '\uE00A';
const CARRIAGE_RETURN = '\uE00D';

/** The text of a template, and where in it things are written. Positions are worked out when the first one is asked for. */
export class Source {
  #tree: JsonNode | undefined;
  #lines: number[] | undefined;

  /** Offsets count without a byte order mark. */
  private readonly text: string;

  constructor(
    readonly file: string,
    text: string,
  ) {
    this.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** Parses strictly where that is enough, else with ARM's comments and multi-line strings. */
  parse(): unknown {
    const { file, text } = this;
    if (text.trim() === '') throw new GatherError('is empty: write an ARM template', file);
    if (text.includes('\0'))
      throw new GatherError('is binary, not JSON text: give the template itself (for Bicep, run "bicep build" first)', file);
    const escaped = this.#escaped();
    try {
      return JSON.parse(text);
    } catch {
      const errors: ParseError[] = [];
      const parsed: unknown = parse(escaped, errors, OPTIONS);
      const [first] = errors;
      if (first) throw this.#syntaxError(first);
      return escaped === text ? parsed : restore(parsed);
    }
  }

  /** Line and column of what is written at a path, or of its nearest ancestor. */
  locate(path: JsonPath): { line: number; column: number } | undefined {
    this.#tree ??= parseTree(this.#escaped(), [], OPTIONS);
    if (!this.#tree) return undefined;
    for (let length = path.length; length >= 0; length -= 1) {
      const found = nodeAt(this.#tree, path.slice(0, length));
      if (found) return this.position((found.parent?.type === 'property' ? found.parent : found).offset);
    }
    return undefined;
  }

  position(offset: number): { line: number; column: number } {
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

  #syntaxError({ error, offset, length }: ParseError): GatherError {
    const { line } = this.position(offset);
    const truncated = offset + length >= this.text.trimEnd().length;
    const what = printParseErrorCode(error)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase();
    const advice = truncated ? 'the file ends too early: is it complete?' : 'mend the JSON';
    return new GatherError(`is not valid JSON (${what}): ${advice}`, this.file, line);
  }

  /** The text with line breaks in strings replaced; refuses what is nested too deeply to be read. */
  #escaped(): string {
    const { text } = this;
    const pieces: string[] = [];
    let kept = 0;
    let depth = 0;
    for (let index = 0; index < text.length; index += 1) {
      const char = text[index];
      if (char === '{' || char === '[') {
        depth += 1;
        if (depth > DEEPEST_NESTING)
          throw new GatherError(`is nested more than ${DEEPEST_NESTING} levels deep: flatten it`, this.file, this.position(index).line);
      } else if (char === '}' || char === ']') depth -= 1;
      else if (char === '/' && text[index + 1] === '/') index = endOf(text, '\n', index);
      else if (char === '/' && text[index + 1] === '*') index = endOf(text, '*/', index + 2) + 1;
      else if (char === '"') {
        for (index += 1; index < text.length && text[index] !== '"'; index += 1) {
          if (text[index] === '\\') index += 1;
          else if (text[index] === '\n' || text[index] === '\r') {
            pieces.push(text.slice(kept, index), text[index] === '\n' ? LINE_FEED : CARRIAGE_RETURN);
            kept = index + 1;
          }
        }
      }
    }
    return kept === 0 ? text : pieces.join('') + text.slice(kept);
  }
}

/** What stands at a path, whatever case its names are written in. */
function nodeAt(tree: JsonNode, path: JsonPath): JsonNode | undefined {
  const exact = findNodeAtLocation(tree, path as (string | number)[]);
  if (exact) return exact;
  let node: JsonNode | undefined = tree;
  for (const step of path) {
    const children: readonly JsonNode[] = node?.children ?? [];
    node =
      typeof step === 'number'
        ? children[step]
        : children.find((child) => child.type === 'property' && isStep(String(child.children?.[0]?.value), step))?.children?.[1];
  }
  return node;
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return starts;
}

function restore(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(LINE_FEED, '\n').replaceAll(CARRIAGE_RETURN, '\r');
  if (Array.isArray(value)) return value.map(restore);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, restore(child)]));
}
