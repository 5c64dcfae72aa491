import { type Node, Reference, Residue, Secret, Text, Unresolved } from '../../node';
import { Choice, distribute, mentionsOf, type Part, partsOf, shapeOf, textOf, wordsOf } from './choice';

/** The template would not deploy: an argument is of the wrong kind, an index does not exist, … */
export class EvaluationFailure extends Error {}
/** The template computes something larger than this reads. */
export class TooLarge extends Error {}

export type Plain = { readonly [key: string]: Node | undefined };
type Run = (args: readonly Node[], name: string) => Node;

interface ArmFunction {
  readonly least: number;
  readonly most: number;
  /** Looks inside lists and objects, so that choices in there matter. */
  readonly deep?: boolean;
  readonly run: Run;
}

/** Longest text that a template may compute, in characters: four times what ARM takes. */
const LONGEST_TEXT = 524_288;
/** Longest list. ARM's `range` ends at 10,000. */
const LONGEST_LIST = 10_000;
const LONGEST_WORDS = 400;

export const isResidue = (node: Node | undefined): node is Residue => node instanceof Residue;
export const isList = (node: Node | undefined): node is readonly Node[] => Array.isArray(node);
export const isObject = (node: Node | undefined): node is Plain =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Residue);

/** `toUpper(parameter name)`: what a call over unknown arguments depends on. Equal calls give equal words. */
export function unresolvedCall(name: string, args: readonly Node[]): Node {
  if (args.some((arg) => holdsSecret(arg))) return new Secret();
  const words = `${name}(${args.map(wordsOf).join(', ')})`;
  return new Unresolved(
    words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}… #${fingerprint(words)}` : words,
    args.flatMap(mentionsOf),
  );
}

/** Tells long words with the same beginning apart (FNV-1a). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}

function holdsSecret(node: Node | undefined): boolean {
  if (node instanceof Secret) return true;
  if (node instanceof Text) return node.parts.some((part) => part instanceof Secret);
  if (node instanceof Choice) return holdsSecret(node.pick.yes) || holdsSecret(node.pick.no);
  if (node === null || typeof node !== 'object' || node instanceof Residue) return false;
  return Object.values(node).some((child) => holdsSecret(child as Node | undefined));
}

const isKnown = (node: Node | undefined): boolean =>
  node === null ||
  typeof node !== 'object' ||
  (!(node instanceof Residue) && Object.values(node).every((child) => isKnown(child as Node | undefined)));

function fail(name: string, what: string): never {
  throw new EvaluationFailure(`${name}() ${what}`);
}

/** Only where everything is known, whatever is inside included. */
const known =
  (run: Run): Run =>
  (args, name) =>
    args.every(isKnown) ? run(args, name) : unresolvedCall(name, args);
/** Only where no argument is a residue itself; what is inside may be one. */
const headKnown =
  (run: Run): Run =>
  (args, name) =>
    args.some(isResidue) ? unresolvedCall(name, args) : run(args, name);

function text(node: Node | undefined, name: string): string {
  if (typeof node === 'string') return node;
  if (typeof node === 'number') return String(node);
  if (typeof node === 'boolean') return node ? 'True' : 'False';
  return fail(name, 'wants text');
}

function integer(node: Node | undefined, name: string): number {
  if (typeof node === 'number') return Math.trunc(node);
  const parsed = typeof node === 'string' && /^\s*-?\d+\s*$/.test(node) ? Number(node) : Number.NaN;
  return Number.isSafeInteger(parsed) ? parsed : fail(name, 'wants an integer');
}

function limited(node: Node): Node {
  if (typeof node === 'string' && node.length > LONGEST_TEXT) throw new TooLarge(`a text of more than ${LONGEST_TEXT} characters`);
  if (node instanceof Text && node.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0) > LONGEST_TEXT)
    throw new TooLarge(`a text of more than ${LONGEST_TEXT} characters`);
  if (isList(node) && node.length > LONGEST_LIST) throw new TooLarge(`a list of more than ${LONGEST_LIST} entries`);
  return node;
}

const strings = (run: (...values: string[]) => Node): Run => known((args, name) => run(...args.map((arg) => text(arg, name))));
const integers = (run: (...values: number[]) => number): Run =>
  known((args, name) => {
    const result = run(...args.map((arg) => integer(arg, name)));
    return Number.isFinite(result) ? result : fail(name, 'has no result');
  });

/** Changes the known parts of a text and leaves the holes, whose own case never matters to Azure. */
const eachPart =
  (change: (part: string) => string): Run =>
  ([value], name) => {
    const parts = partsOf(value as Node);
    if (!parts) return isResidue(value) ? unresolvedCall(name, [value]) : fail(name, 'wants text');
    return textOf(parts.map((part) => (typeof part === 'string' ? change(part) : part)));
  };

const concat: Run = (args, name) => {
  if (args.every((arg) => isList(arg))) return args.flat() as Node[];
  if (args.some((arg) => isList(arg))) return unresolvedCall(name, args);
  const parts: Part[] = [];
  for (const arg of args) parts.push(...(partsOf(arg) ?? fail(name, 'takes only lists or only text')));
  return textOf(parts);
};

const format: Run = (args, name) => {
  const [pattern, ...values] = args;
  if (typeof pattern !== 'string') return unresolvedCall(name, args);
  const parts: Part[] = [];
  let last = 0;
  for (const match of pattern.matchAll(/\{\{|\}\}|\{(\d+)(?:,-?\d+)?(?::([^}]*))?\}/g)) {
    parts.push(pattern.slice(last, match.index));
    last = match.index + match[0].length;
    if (match[1] === undefined) {
      parts.push(match[0].slice(1));
      continue;
    }
    const value = values[Number(match[1])];
    if (value === undefined) return fail(name, `has no argument {${match[1]}}`);
    if (typeof value === 'number' && match[2]) parts.push(formatNumber(value, match[2]));
    else parts.push(...(partsOf(value) ?? [JSON.stringify(value)]));
  }
  parts.push(pattern.slice(last));
  return textOf(parts);
};

/** `D3` and `000`, the formats in use for copy loops; any other leaves the number as it is. */
function formatNumber(value: number, pattern: string): string {
  const width = /^[Dd](\d+)$/.exec(pattern)?.[1] ?? (/^0+$/.test(pattern) ? pattern.length : 0);
  const digits = String(Math.abs(value)).padStart(Math.min(Number(width), 99), '0');
  return value < 0 ? `-${digits}` : digits;
}

/** Whether two values are equal; a choice in words where only deployment tells. */
export const equal: Run = ([left, right], name) => {
  const a = left as Node;
  const b = right as Node;
  if (isKnown(a) && isKnown(b)) return deepEqual(a, b);
  if (!holdsSecret(a) && !holdsSecret(b) && wordsOf(a) === wordsOf(b)) return true;
  if (typeof b === 'string' && a instanceof Text && !couldBe(a, b)) return false;
  if (typeof a === 'string' && b instanceof Text && !couldBe(b, a)) return false;
  const [first, second] = isResidue(a) ? [a, b] : [b, a];
  return Choice.undecided(name === 'equals' ? `${wordsOf(first)} equals ${wordsOf(second)}` : `${name}(${wordsOf(a)}, ${wordsOf(b)})`);
};

function couldBe(value: Text, wanted: string): boolean {
  const first = value.parts[0];
  const last = value.parts[value.parts.length - 1];
  return !(typeof first === 'string' && !wanted.startsWith(first)) && !(typeof last === 'string' && !wanted.endsWith(last));
}

export function deepEqual(a: Node | undefined, b: Node | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (isList(a) !== isList(b)) return false;
  const keys = Object.keys(a as Plain);
  return keys.length === Object.keys(b as Plain).length && keys.every((key) => deepEqual((a as Plain)[key], (b as Plain)[key]));
}

const compare = (test: (order: number) => boolean): Run =>
  undecidable(([a, b], name) => {
    if (typeof a === 'number' && typeof b === 'number') return test(a - b);
    if (typeof a === 'string' && typeof b === 'string') return test(a < b ? -1 : a > b ? 1 : 0);
    return test(integer(a, name) - integer(b, name));
  });

/** A question whose answer is open where an argument is not known. */
function undecidable(run: Run): Run {
  return (args, name) => (args.every(isKnown) ? run(args, name) : Choice.undecided(`${name}(${args.map(wordsOf).join(', ')})`));
}

/** Reads a property the way ARM does: case does not matter. */
export function property(object: Plain, key: string): Node | undefined {
  if (Object.hasOwn(object, key)) return object[key];
  const folded = key.toLowerCase();
  const found = Object.keys(object).find((candidate) => candidate.toLowerCase() === folded);
  return found === undefined ? undefined : object[found];
}

const contains: Run = (args, name) => {
  const [where, what] = args as [Node, Node];
  if (isObject(where))
    return typeof what === 'string'
      ? property(where, what) !== undefined
      : Choice.undecided(`${name}(${wordsOf(where)}, ${wordsOf(what)})`);
  if (isList(where) && isKnown(what) && where.some((item) => isKnown(item) && deepEqual(item, what))) return true;
  if (where instanceof Text && typeof what === 'string' && where.parts.some((part) => typeof part === 'string' && part.includes(what)))
    return true;
  return undecidable(() => (isList(where) ? where.some((item) => deepEqual(item, what)) : text(where, name).includes(text(what, name))))(
    args,
    name,
  );
};

const empty: Run = ([value], name) => {
  if (value === null) return true;
  if (value instanceof Text && value.parts.some((part) => typeof part === 'string' && part !== '')) return false;
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return isResidue(value) ? Choice.undecided(`${name}(${wordsOf(value)})`) : value === '';
};

const length: Run = headKnown(([value], name) => {
  if (typeof value === 'string' || isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : fail(name, 'wants text, a list or an object');
});

const end = (which: 'first' | 'last'): Run =>
  headKnown(([value], name) => {
    if (typeof value !== 'string' && !isList(value)) return fail(name, 'wants text or a list');
    const item = value[which === 'first' ? 0 : value.length - 1];
    return item ?? (typeof value === 'string' ? '' : fail(name, 'is asked of an empty list'));
  });

const slice =
  (from: (count: number) => number, to: (count: number) => number | undefined): Run =>
  (args, name) => {
    const [value, count] = args as [Node, Node];
    if (value instanceof Text && typeof count === 'number') {
      const first = value.parts[0];
      if (typeof first === 'string' && from(count) === 0 && first.length >= (to(count) ?? Infinity)) return first.slice(0, to(count));
    }
    if (args.some(isResidue)) return unresolvedCall(name, args);
    const wanted = Math.max(0, integer(count, name));
    if (isList(value)) return value.slice(from(wanted), to(wanted));
    return text(value, name).slice(from(wanted), to(wanted));
  };

const substring: Run = (args, name) => {
  if (args.some(isResidue)) return unresolvedCall(name, args);
  const value = text(args[0], name);
  const start = integer(args[1], name);
  const size = args.length > 2 ? integer(args[2], name) : value.length - start;
  return start < 0 || size < 0 || start + size > value.length ? fail(name, 'reaches beyond the text') : value.slice(start, start + size);
};

const replace: Run = (args, name) => {
  const [value, what, by] = args as [Node, Node, Node];
  if (value instanceof Text && typeof what === 'string' && typeof by === 'string' && what !== '')
    return textOf(value.parts.map((part) => (typeof part === 'string' ? part.replaceAll(what, by) : part)));
  if (typeof value === 'string' && typeof what === 'string' && what !== '' && by instanceof Text)
    return textOf(value.split(what).flatMap((piece, index) => (index === 0 ? [piece] : [...by.parts, piece])));
  if (typeof value === 'string' && typeof what === 'string' && what !== '' && !value.includes(what)) return value;
  return strings((source, from, to) => {
    if (from === '') return fail(name, 'is asked to replace nothing');
    const pieces = source.split(from);
    if (source.length + (pieces.length - 1) * (to.length - from.length) > LONGEST_TEXT)
      throw new TooLarge(`a text of more than ${LONGEST_TEXT} characters`);
    return pieces.join(to);
  })(args, name);
};

const split: Run = known(([value, by], name) => {
  const marks = isList(by) ? by.map((mark) => text(mark, name)) : [text(by, name)];
  let pieces = [text(value, name)];
  for (const mark of marks) if (mark !== '') pieces = pieces.flatMap((piece) => piece.split(mark));
  return pieces;
});

const join: Run = (args, name) => {
  const [list, by] = args;
  if (!isList(list) || typeof by !== 'string') return unresolvedCall(name, args);
  return concat(
    list.flatMap((item, index) => (index === 0 ? [item] : [by, item])),
    name,
  );
};

/** JSON text of a value; what is not known becomes a hole in it. */
const string: Run = ([value]) => {
  const node = value as Node;
  const parts = partsOf(node);
  if (parts) return textOf(parts);
  const holes: Residue[] = [];
  const marked = JSON.stringify(node, (_, child: unknown) => (child instanceof Residue ? `\u0001${holes.push(child) - 1}\u0002` : child));
  const pieces = marked.split(/(?:\\u0001|\u0001)(\d+)(?:\\u0002|\u0002)/);
  return textOf(
    pieces.flatMap((piece, index) =>
      index % 2 === 0 ? [piece] : (partsOf(holes[Number(piece)] as Node) ?? [new Unresolved(wordsOf(holes[Number(piece)]))]),
    ),
  );
};

const json: Run = known(([value], name) => {
  try {
    return JSON.parse(text(value, name)) as Node;
  } catch {
    return fail(name, 'is given text that is not JSON');
  }
});

const union: Run = headKnown((args, name) => {
  if (args.every((arg) => isList(arg))) {
    const all: Node[] = [];
    const seen = new Set<string>();
    for (const item of args.flat() as Node[]) {
      const key = wordsOf(item);
      if (seen.has(key) && isKnown(item)) continue;
      seen.add(key);
      all.push(item);
    }
    return all;
  }
  if (!args.every(isObject)) return fail(name, 'takes only lists or only objects');
  return args.reduce<Plain>((merged, arg) => merge(merged, arg as Plain), {});
});

function merge(a: Plain, b: Plain): Plain {
  const merged: Record<string, Node | undefined> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const present = merged[key];
    merged[key] = isObject(present) && isObject(value) ? merge(present, value) : value;
  }
  return merged;
}

const intersection: Run = known((args, name) => {
  const [first, ...others] = args;
  if (isList(first))
    return first.filter((item) => others.every((other) => isList(other) && other.some((candidate) => deepEqual(candidate, item))));
  if (!isObject(first)) return fail(name, 'takes only lists or only objects');
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((other) => isObject(other) && deepEqual(other[key], value))),
  );
});

const extreme = (choose: (...values: number[]) => number): Run =>
  known((args, name) => {
    const values = (args.length === 1 && isList(args[0]) ? args[0] : args).map((arg) => integer(arg, name));
    return values.length === 0 ? fail(name, 'is asked of an empty list') : values.reduce((a, b) => choose(a, b));
  });

const createObject: Run = (args, name) => {
  const object: Record<string, Node> = {};
  for (let index = 0; index + 1 < args.length; index += 2) {
    const key = args[index] as Node;
    const value = args[index + 1] as Node;
    object[partsOf(key) ? shapeOf(key) : fail(name, 'wants text as key')] = value;
  }
  return args.length % 2 === 0 ? object : fail(name, 'wants keys and values in pairs');
};

const bool: Run = (args, name) => {
  const [value] = args;
  if (isResidue(value)) return Choice.undecided(`${name}(${wordsOf(value)})`);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const word = text(value, name).toLowerCase();
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : fail(name, 'wants "true" or "false"');
};

const indexOf = (which: 'indexOf' | 'lastIndexOf'): Run =>
  known(([where, what], name) => {
    if (isList(where)) {
      const equals = where.map((item) => deepEqual(item, what));
      return equals[which](true);
    }
    return text(where, name).toLowerCase()[which](text(what, name).toLowerCase());
  });

const edge =
  (which: 'startsWith' | 'endsWith'): Run =>
  (args, name) => {
    const [value, what] = args;
    if (value instanceof Text && typeof what === 'string') {
      const part = value.parts[which === 'startsWith' ? 0 : value.parts.length - 1];
      if (typeof part === 'string' && part.length >= what.length) return part.toLowerCase()[which](what.toLowerCase());
    }
    return undecidable(() => text(value, name).toLowerCase()[which](text(what, name).toLowerCase()))(args, name);
  };

const pad: Run = known(([value, width, fill], name) =>
  text(value, name).padStart(Math.min(integer(width, name), LONGEST_TEXT), fill === undefined ? ' ' : text(fill, name)),
);

/** `cidrSubnet('10.0.0.0/16', 24, 3)` is `10.0.3.0/24`; for IPv6 the answer is left open. */
const cidrSubnet: Run = known((args, name) => {
  const network = ipv4(args[0], name);
  const size = integer(args[1], name);
  const index = integer(args[2], name);
  if (!network) return unresolvedCall(name, args);
  const address = network.address + index * 2 ** (32 - size);
  if (size < network.size || size > 32 || index < 0 || address >= network.address + 2 ** (32 - network.size))
    return fail(name, 'has no such subnet');
  return `${dotted(address)}/${size}`;
});

const cidrHost: Run = known((args, name) => {
  const network = ipv4(args[0], name);
  return network ? dotted(network.address + 1 + integer(args[1], name)) : unresolvedCall(name, args);
});

function ipv4(node: Node | undefined, name: string): { address: number; size: number } | undefined {
  const written = text(node, name);
  if (written.includes(':')) return undefined;
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(written);
  if (!match) return fail(name, 'wants an address range such as 10.0.0.0/16');
  const [a, b, c, d, size] = match.slice(1).map(Number) as [number, number, number, number, number];
  const block = 2 ** (32 - size);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { address: Math.floor(address / block) * block, size };
}

const dotted = (address: number): string => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

const toBase64 = (value: string) => Buffer.from(value, 'utf8').toString('base64');
const fromBase64 = (value: string) => Buffer.from(value, 'base64').toString('utf8');
const opaque: Run = (args, name) => unresolvedCall(name, args);

const fn = (least: number, most: number, run: Run, deep = false): ArmFunction => ({ least, most, run, deep });
const ANY = 1000;

/** The functions over plain values. Those that need the template (`parameters`, `reference`, `if`, …) are the evaluator's. */
const FUNCTIONS: { readonly [name: string]: ArmFunction | undefined } = {
  add: fn(
    2,
    2,
    integers((a, b) => a + b),
  ),
  array: fn(1, 1, ([value]) => (isList(value) ? value : [value as Node])),
  base64: fn(1, 1, strings(toBase64), true),
  base64tojson: fn(
    1,
    1,
    known((args, name) => json([fromBase64(text(args[0], name))], name)),
  ),
  base64tostring: fn(1, 1, strings(fromBase64)),
  bool: fn(1, 1, bool),
  cidrhost: fn(2, 2, cidrHost),
  cidrsubnet: fn(3, 3, cidrSubnet),
  concat: fn(1, ANY, concat),
  contains: fn(2, 2, contains),
  createarray: fn(0, ANY, (args) => [...args]),
  createobject: fn(0, ANY, createObject),
  datauri: fn(
    1,
    1,
    strings((value) => `data:text/plain;charset=utf8;base64,${toBase64(value)}`),
  ),
  datauritostring: fn(
    1,
    1,
    strings((value) => fromBase64(value.slice(value.indexOf(',') + 1))),
  ),
  datetimeadd: fn(2, 3, opaque),
  datetimefromepoch: fn(1, 1, opaque),
  datetimetoepoch: fn(1, 1, opaque),
  div: fn(
    2,
    2,
    integers((a, b) => Math.trunc(a / b)),
  ),
  empty: fn(1, 1, empty),
  endswith: fn(2, 2, edge('endsWith')),
  equals: fn(2, 2, equal, true),
  false: fn(0, 0, () => false),
  first: fn(1, 1, end('first')),
  flatten: fn(
    1,
    1,
    headKnown(([value], name) => (isList(value) ? (value.flat() as Node[]) : fail(name, 'wants a list of lists'))),
  ),
  float: fn(
    1,
    1,
    known(([value], name) => (Number.isFinite(Number(value)) ? Number(value) : fail(name, 'wants a number'))),
  ),
  format: fn(1, ANY, format),
  greater: fn(
    2,
    2,
    compare((order) => order > 0),
  ),
  greaterorequals: fn(
    2,
    2,
    compare((order) => order >= 0),
  ),
  guid: fn(1, ANY, opaque, true),
  indexof: fn(2, 2, indexOf('indexOf')),
  int: fn(
    1,
    1,
    known(([value], name) => integer(value, name)),
  ),
  intersection: fn(2, ANY, intersection),
  items: fn(
    1,
    1,
    headKnown(([value], name) =>
      isObject(value)
        ? Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, item]) => ({ key, value: item }))
        : fail(name, 'wants an object'),
    ),
  ),
  join: fn(2, 2, join, true),
  json: fn(1, 1, json),
  last: fn(1, 1, end('last')),
  lastindexof: fn(2, 2, indexOf('lastIndexOf')),
  length: fn(1, 1, length),
  less: fn(
    2,
    2,
    compare((order) => order < 0),
  ),
  lessorequals: fn(
    2,
    2,
    compare((order) => order <= 0),
  ),
  max: fn(1, ANY, extreme(Math.max)),
  min: fn(1, ANY, extreme(Math.min)),
  mod: fn(
    2,
    2,
    integers((a, b) => a % b),
  ),
  mul: fn(
    2,
    2,
    integers((a, b) => a * b),
  ),
  newguid: fn(0, 0, opaque),
  null: fn(0, 0, () => null),
  objectkeys: fn(
    1,
    1,
    headKnown(([value], name) => (isObject(value) ? Object.keys(value).sort() : fail(name, 'wants an object'))),
  ),
  padleft: fn(2, 3, pad),
  parsecidr: fn(1, 1, opaque),
  pickzones: fn(3, 5, opaque),
  providers: fn(1, 2, opaque),
  range: fn(
    2,
    2,
    known(([start, count], name) => {
      const from = integer(start, name);
      const size = integer(count, name);
      if (size < 0 || size > LONGEST_LIST) return fail(name, `wants a count from 0 to ${LONGEST_LIST}`);
      return Array.from({ length: size }, (_, index) => from + index);
    }),
  ),
  replace: fn(3, 3, replace),
  shallowmerge: fn(
    1,
    1,
    headKnown(([list], name) => (isList(list) && list.every(isObject) ? Object.assign({}, ...list) : unresolvedCall(name, [list as Node]))),
  ),
  skip: fn(
    2,
    2,
    slice(
      (count) => count,
      () => undefined,
    ),
  ),
  split: fn(2, 2, split, true),
  startswith: fn(2, 2, edge('startsWith')),
  string: fn(1, 1, string, true),
  sub: fn(
    2,
    2,
    integers((a, b) => a - b),
  ),
  substring: fn(2, 3, substring),
  take: fn(
    2,
    2,
    slice(
      () => 0,
      (count) => count,
    ),
  ),
  tolower: fn(
    1,
    1,
    eachPart((part) => part.toLowerCase()),
  ),
  toupper: fn(
    1,
    1,
    eachPart((part) => part.toUpperCase()),
  ),
  trim: fn(
    1,
    1,
    strings((value) => value.trim()),
  ),
  true: fn(0, 0, () => true),
  union: fn(1, ANY, union),
  uniquestring: fn(1, ANY, opaque, true),
  uri: fn(
    2,
    2,
    strings((base, path) => (URL.canParse(path, base) ? new URL(path, base).href : base + path)),
  ),
  uricomponent: fn(
    1,
    1,
    strings((value) => encodeURIComponent(value)),
  ),
  uricomponenttostring: fn(
    1,
    1,
    strings((value) => decodeURIComponent(value)),
  ),
  utcnow: fn(0, 1, (_, name) => new Unresolved(`${name}()`)),
};

/** Calls a function over plain values; undefined where there is none of that name. @throws EvaluationFailure, TooLarge */
export function callFunction(name: string, args: readonly Node[]): Node | undefined {
  const folded = name.toLowerCase();
  const found = Object.hasOwn(FUNCTIONS, folded) ? FUNCTIONS[folded] : undefined;
  if (!found) return undefined;
  if (args.length < found.least || args.length > found.most)
    fail(name, `is given ${args.length} ${args.length === 1 ? 'argument' : 'arguments'}`);
  return distribute(args, found.deep === true, (plain) => limited(attempt(found.run, plain, name)));
}

/** Encodings fail on text that is none; that is the template's fault, not ours. */
function attempt(run: Run, args: readonly Node[], name: string): Node {
  try {
    return run(args, name);
  } catch (error) {
    if (error instanceof URIError) return fail(name, 'is given text that is not encoded');
    throw error;
  }
}

/** `value.key`, `value[0]`. What is below an unknown is unknown; a runtime property of a resource is a reference to it. */
export function access(of: Node, key: Node, safe: boolean): Node {
  return distribute([of, key], false, ([value, at]) => {
    if (value instanceof Secret || at instanceof Secret) return new Secret();
    if (value instanceof Reference) {
      if (typeof at !== 'string' && typeof at !== 'number') return unresolvedCall('property', [value, at as Node]);
      const path = typeof at === 'number' ? `${value.attribute ?? ''}[${at}]` : [value.attribute, at].filter(Boolean).join('.');
      return new Reference(value.target, path.replace(/^properties\.(?=.)/, ''));
    }
    if (value instanceof Unresolved)
      return new Unresolved(
        `${value.missing}${typeof at === 'number' ? `[${at}]` : `.${partsOf(at as Node) ? shapeOf(at as Node) : wordsOf(at)}`}`,
        value.mentions,
      );
    if (isResidue(at) || value instanceof Text) return unresolvedCall('property', [value as Node, at as Node]);
    if (isList(value)) {
      const index = integer(at, 'index');
      const item = value[index < 0 ? value.length + index : index];
      return item !== undefined ? item : safe ? null : fail('index', `${index} is beyond a list of ${value.length}`);
    }
    if (isObject(value)) {
      const item = property(value, text(at, 'property'));
      return item !== undefined ? item : safe ? null : fail('property', `"${text(at, 'property')}" does not exist`);
    }
    return safe || value === null ? null : fail('property', 'is asked of a plain value');
  });
}
