/** The intrinsic functions. None throws: what is malformed, or needs the deployed stack, is unresolved and says why. */
import { type Node, Residue, Secret, Unresolved } from '../../node';
import { asMap, concat, jsonText, mentionsOf, type NodeMap, REST, SECRET, shapeOf, split, wordsOf } from './text';

/** What the functions need of the scope. */
export interface Reader {
  reduce(node: Node): Node | undefined;
  /** Reduces a whole tree. */
  deep(node: Node): Node | undefined;
  holds(condition: string): boolean;
  ref(name: Node): Node | undefined;
  attribute(logicalId: string, attribute: string): Node | undefined;
  imported(name: Node | undefined): Node | undefined;
  /** The written value of another stack's output, with what reads it. */
  stackOutput(argument: NodeMap): { readonly scope: Reader; readonly value: Node } | undefined;
  mapping(name: string): Node | undefined;
}

type Call = (argument: Node, reader: Reader) => Node | undefined;

const FUNCTIONS: { readonly [name: string]: Call } = {
  'Fn::GetAtt': getAttribute,
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': splitList,
  'Fn::If': choose,
  'Fn::FindInMap': findInMap,
  // The text is kept as it was written, not encoded: rules judge what a boot script says.
  'Fn::Base64': (argument, reader) => reader.reduce(argument),
  'Fn::ImportValue': (argument, reader) => reader.imported(reader.reduce(argument)),
  'Fn::GetStackOutput': stackOutput,
  'Fn::ToJsonString': (argument, reader) => jsonText(reader.deep(argument) ?? null),
  'Fn::Length': length,
  'Fn::GetAZs': () => new Unresolved('the availability zones of the region'),
  'Fn::Cidr': (argument, reader) => because('a block of addresses computed from', Array.isArray(argument) ? argument[0] : argument, reader),
  [REST]: (argument) => (argument instanceof Unresolved ? argument : new Unresolved(transformWords(argument))),
};

export function callFunction(name: string, argument: Node, reader: Reader): Node | undefined {
  const call = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return call ? call(argument, reader) : new Unresolved(`${name}, which is no function of a resource`);
}

/** What stands in the place of a tree that a transform will write. */
export function transformWords(transform: Node | undefined): string {
  const { Name: name } = asMap(transform);
  return typeof name === 'string' ? `what the transform ${name} makes of it` : 'what a transform makes of it';
}

const malformed = (name: string) => new Unresolved(`a malformed ${name}`);

/** Unresolved because of something else; it is still known which resources take part. */
function because(what: string, node: Node | undefined, reader: Reader): Unresolved {
  const reduced = node === undefined ? undefined : reader.reduce(node);
  return new Unresolved(`${what} ${wordsOf(reduced)}`.trim(), mentionsOf([reduced]));
}

function getAttribute(argument: Node, reader: Reader): Node | undefined {
  const [id, ...rest] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? (argument as readonly Node[]) : [];
  const [logicalId, ...attribute] = [id, ...rest].map((part) => (part === undefined ? undefined : reader.reduce(part)));
  if (typeof logicalId !== 'string') return malformed('Fn::GetAtt');
  if (attribute.length === 0 && logicalId.includes('.')) return getAttribute(logicalId, reader);
  const unknown = attribute.find((part) => typeof part !== 'string');
  if (attribute.length === 0 || unknown !== undefined) return malformed('Fn::GetAtt');
  return reader.attribute(logicalId, attribute.join('.'));
}

export type SubPiece = { readonly literal: string } | { readonly name: string };
const PLACEHOLDER = /\$\{(!?)([^{}]*)\}/g;

/** Rules read the same text again and again. */
const PIECES = new Map<string, readonly SubPiece[]>();
const MOST_REMEMBERED = 20_000;

/** The pieces of a `Fn::Sub` text. `${!Name}` stands for `${Name}` itself. */
export function subPieces(text: string): readonly SubPiece[] {
  let pieces = PIECES.get(text);
  if (!pieces) {
    pieces = cut(text);
    if (PIECES.size >= MOST_REMEMBERED) PIECES.clear();
    PIECES.set(text, pieces);
  }
  return pieces;
}

function cut(text: string): readonly SubPiece[] {
  const pieces: SubPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) pieces.push({ literal: text.slice(end, match.index) });
    const name = (match[2] as string).trim();
    pieces.push(match[1] === '!' ? { literal: `\${${match[2]}}` } : { name });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ literal: text.slice(end) });
  return pieces;
}

function substitute(argument: Node, reader: Reader): Node | undefined {
  const [written, variables] = Array.isArray(argument) ? (argument as readonly Node[]) : [argument];
  const text = typeof written === 'string' ? written : written === undefined ? undefined : reader.reduce(written);
  if (typeof text !== 'string') return text instanceof Unresolved ? text : malformed('Fn::Sub');
  const given = asMap(variables === undefined ? undefined : reader.reduce(variables));
  if (variables === undefined)
    return concat(subPieces(text).map((piece) => ('literal' in piece ? piece.literal : named(piece.name, reader))));
  // A variable is read once, however often it is used: otherwise variables of variables would double at each level.
  const known = new Map<string, Node | undefined>();
  const meaningOf = (name: string): Node | undefined => {
    if (!known.has(name)) known.set(name, Object.hasOwn(given, name) ? reader.reduce(given[name] ?? '') : named(name, reader));
    return known.get(name);
  };
  return concat(subPieces(text).map((piece) => ('literal' in piece ? piece.literal : meaningOf(piece.name))));
}

function named(name: string, reader: Reader): Node | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? reader.ref(name) : reader.attribute(name.slice(0, dot), name.slice(dot + 1));
}

function join(argument: Node, reader: Reader): Node | undefined {
  if (!Array.isArray(argument) || argument.length !== 2) return malformed('Fn::Join');
  const separator = reader.reduce(argument[0] as Node);
  const list = reader.reduce(argument[1] as Node);
  if (typeof separator !== 'string') return malformed('Fn::Join');
  if (list instanceof Residue) return list instanceof Secret ? SECRET : new Unresolved(`the list ${wordsOf(list)}`, mentionsOf([list]));
  if (!Array.isArray(list)) return malformed('Fn::Join');
  const parts: (Node | undefined)[] = [];
  let first = true;
  for (const item of list) {
    const part = reader.reduce(item as Node);
    if (part === undefined) continue;
    if (!first && separator !== '') parts.push(separator);
    // An item may itself be a list of texts, when a parameter or a mapping gives one.
    if (Array.isArray(part)) parts.push(join([separator, part], reader));
    else parts.push(part);
    first = false;
  }
  return concat(parts);
}

function select(argument: Node, reader: Reader): Node | undefined {
  if (!Array.isArray(argument) || argument.length !== 2) return malformed('Fn::Select');
  const index = reader.reduce(argument[0] as Node);
  const position = typeof index === 'number' || (typeof index === 'string' && /^\d+$/.test(index)) ? Number(index) : undefined;
  const written = argument[1] as Node;
  const pieces = asMap(written)['Fn::Split'];
  if (pieces !== undefined) return selectPiece(pieces, position, reader);
  const list = reader.reduce(written);
  if (!Array.isArray(list) || position === undefined) return because('an entry of', written, reader);
  const items = (list as readonly Node[]).map((item) => reader.reduce(item)).filter((item) => item !== undefined);
  return position < items.length ? items[position] : new Unresolved(`entry ${position} of a list of ${items.length}`);
}

/** Entry of a text that is split: the first entries are often known although the whole text is not. */
function selectPiece(argument: Node, position: number | undefined, reader: Reader): Node | undefined {
  const parts = splitParts(argument, reader);
  if (!parts) return malformed('Fn::Split');
  const piece = position === undefined ? undefined : parts.pieces[position];
  return piece ?? new Unresolved(`a part of ${wordsOf(parts.text)}`, mentionsOf([parts.text]));
}

function splitList(argument: Node, reader: Reader): Node | undefined {
  const parts = splitParts(argument, reader);
  if (!parts) return malformed('Fn::Split');
  return parts.complete ? parts.pieces : new Unresolved(`the parts of ${wordsOf(parts.text)}`, mentionsOf([parts.text]));
}

function splitParts(argument: Node, reader: Reader) {
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const separator = reader.reduce(argument[0] as Node);
  const text = reader.reduce(argument[1] as Node);
  if (typeof separator !== 'string' || text === undefined) return undefined;
  const { pieces, complete } = split(typeof text === 'number' ? String(text) : text, separator);
  return { text, pieces, complete };
}

function choose(argument: Node, reader: Reader): Node | undefined {
  if (!Array.isArray(argument) || argument.length < 2 || argument.length > 3) return malformed('Fn::If');
  const [condition, yes, no] = argument as readonly Node[];
  if (typeof condition !== 'string') return malformed('Fn::If');
  const chosen = reader.holds(condition) ? yes : no;
  return chosen === undefined ? undefined : reader.reduce(chosen);
}

function findInMap(argument: Node, reader: Reader): Node | undefined {
  if (!Array.isArray(argument) || argument.length < 3) return malformed('Fn::FindInMap');
  const [name, top, second] = (argument as readonly Node[]).slice(0, 3).map((key) => reader.reduce(key));
  const fallback = asMap(argument[3] as Node | undefined).DefaultValue;
  if (typeof name !== 'string') return because('a mapping chosen by', argument[0] as Node, reader);
  const mapping = reader.mapping(name);
  const topKey = shapeOf(top);
  const secondKey = shapeOf(second);
  if (isPlain(top) && isPlain(second)) {
    const entry = entryOf(entryOf(asMap(mapping), topKey), secondKey);
    if (entry !== undefined) return reader.reduce(entry);
    if (fallback !== undefined) return reader.reduce(fallback);
    return new Unresolved(`the mapping ${name}, which has no entry ${topKey}.${secondKey}`);
  }
  // Whatever the key turns out to be: when all entries agree, the answer is known.
  const tops = isPlain(top) ? [entryOf(asMap(mapping), topKey)] : Object.values(asMap(mapping));
  const entries = tops.flatMap((each) => (isPlain(second) ? [entryOf(asMap(each), secondKey)] : Object.values(asMap(each))));
  const texts = new Set(entries.map((entry) => JSON.stringify(entry)));
  const [agreed] = entries;
  if (texts.size === 1 && agreed !== undefined && fallback === undefined) return reader.reduce(agreed);
  return new Unresolved(`the mapping ${name}, by ${wordsOf(isPlain(top) ? second : top)}`);
}

const isPlain = (node: Node | undefined): boolean => typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean';

function entryOf(map: Node | undefined, key: string | undefined): Node | undefined {
  const entries = asMap(map);
  return key !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function stackOutput(argument: Node, reader: Reader): Node | undefined {
  const source = reader.stackOutput(asMap(argument));
  return source ? source.scope.deep(source.value) : new Unresolved('an output of another stack');
}

function length(argument: Node, reader: Reader): Node | undefined {
  const list = reader.reduce(argument);
  if (!Array.isArray(list)) return because('the length of', argument, reader);
  return list.filter((item) => reader.reduce(item as Node) !== undefined).length;
}
