import { type Node, Residue, Text, Unresolved } from '../../node';
import { type Part, partsOf, textOf, wordsOf } from './choice';
import { fail, integer, isList, isResidue, known, LONGEST_TEXT, type Run, TooLarge, text, undecidable, unresolvedCall } from './values';

export const strings = (run: (...values: string[]) => Node): Run => known((args, name) => run(...args.map((arg) => text(arg, name))));

/** Changes the known parts of a text and leaves the holes, whose own case never matters to Azure. */
export const eachPart =
  (change: (part: string) => string): Run =>
  ([value], name) => {
    const parts = partsOf(value as Node);
    if (!parts) return isResidue(value) ? unresolvedCall(name, [value]) : fail(name, 'wants text');
    return textOf(parts.map((part) => (typeof part === 'string' ? change(part) : part)));
  };

export const concat: Run = (args, name) => {
  if (args.every((arg) => isList(arg))) return args.flat() as Node[];
  if (args.some((arg) => isList(arg))) return unresolvedCall(name, args);
  const parts: Part[] = [];
  for (const arg of args) parts.push(...(partsOf(arg) ?? fail(name, 'takes only lists or only text')));
  return textOf(parts);
};

export const format: Run = (args, name) => {
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
    else parts.push(...(partsOf(string([value], name)) ?? []));
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

export const substring: Run = (args, name) => {
  if (args.some(isResidue)) return unresolvedCall(name, args);
  const value = text(args[0], name);
  const start = integer(args[1], name);
  const size = args.length > 2 ? integer(args[2], name) : value.length - start;
  return start < 0 || size < 0 || start + size > value.length ? fail(name, 'reaches beyond the text') : value.slice(start, start + size);
};

export const replace: Run = (args, name) => {
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

export const split: Run = known(([value, by], name) => {
  const marks = isList(by) ? by.map((mark) => text(mark, name)) : [text(by, name)];
  let pieces = [text(value, name)];
  for (const mark of marks) if (mark !== '') pieces = pieces.flatMap((piece) => piece.split(mark));
  return pieces;
});

export const join: Run = (args, name) => {
  const [list, by] = args;
  if (!isList(list) || typeof by !== 'string') return unresolvedCall(name, args);
  return concat(
    list.flatMap((item, index) => (index === 0 ? [item] : [by, item])),
    name,
  );
};

/** JSON text of a value; what is not known becomes a hole in it. */
export const string: Run = ([value]) => {
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

export const json: Run = known(([value], name) => {
  try {
    return JSON.parse(text(value, name)) as Node;
  } catch {
    return fail(name, 'is given text that is not JSON');
  }
});

export const edge =
  (which: 'startsWith' | 'endsWith'): Run =>
  (args, name) => {
    const [value, what] = args;
    if (value instanceof Text && typeof what === 'string') {
      const part = value.parts[which === 'startsWith' ? 0 : value.parts.length - 1];
      if (typeof part === 'string' && part.length >= what.length) return part.toLowerCase()[which](what.toLowerCase());
    }
    return undecidable(() => text(value, name).toLowerCase()[which](text(what, name).toLowerCase()))(args, name);
  };

export const pad: Run = known(([value, width, fill], name) =>
  text(value, name).padStart(Math.min(integer(width, name), LONGEST_TEXT), fill === undefined ? ' ' : text(fill, name)),
);

/** `cidrSubnet('10.0.0.0/16', 24, 3)` is `10.0.3.0/24`; for IPv6 the answer is left open. */
export const cidrSubnet: Run = known((args, name) => {
  const network = ipv4(args[0], name);
  const size = integer(args[1], name);
  const index = integer(args[2], name);
  if (!network) return unresolvedCall(name, args);
  const address = network.address + index * 2 ** (32 - size);
  if (size < network.size || size > 32 || index < 0 || address >= network.address + 2 ** (32 - network.size))
    return fail(name, 'has no such subnet');
  return `${dotted(address)}/${size}`;
});

export const cidrHost: Run = known((args, name) => {
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

export const toBase64 = (value: string) => Buffer.from(value, 'utf8').toString('base64');
export const fromBase64 = (value: string) => Buffer.from(value, 'base64').toString('utf8');
