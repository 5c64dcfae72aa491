import { type Node, Text } from '../../node';
import { Choice, partsOf, shapeOf, wordsOf } from './choice';
import {
  deepEqual,
  fail,
  headKnown,
  holdsSecret,
  integer,
  isKnown,
  isList,
  isObject,
  isResidue,
  known,
  type Plain,
  property,
  type Run,
  text,
  undecidable,
  unresolvedCall,
} from './values';

export const integers = (run: (...values: number[]) => number): Run =>
  known((args, name) => {
    const result = run(...args.map((arg) => integer(arg, name)));
    return Number.isFinite(result) ? result : fail(name, 'has no result');
  });

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

export const compare = (test: (order: number) => boolean): Run =>
  undecidable(([a, b], name) => {
    if (typeof a === 'number' && typeof b === 'number') return test(a - b);
    if (typeof a === 'string' && typeof b === 'string') return test(a < b ? -1 : a > b ? 1 : 0);
    return test(integer(a, name) - integer(b, name));
  });

export const contains: Run = (args, name) => {
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

export const empty: Run = ([value], name) => {
  if (value === null) return true;
  if (value instanceof Text && value.parts.some((part) => typeof part === 'string' && part !== '')) return false;
  if (isList(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  return isResidue(value) ? Choice.undecided(`${name}(${wordsOf(value)})`) : value === '';
};

export const length: Run = headKnown(([value], name) => {
  if (typeof value === 'string' || isList(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : fail(name, 'wants text, a list or an object');
});

export const end = (which: 'first' | 'last'): Run =>
  headKnown(([value], name) => {
    if (typeof value !== 'string' && !isList(value)) return fail(name, 'wants text or a list');
    const item = value[which === 'first' ? 0 : value.length - 1];
    if (item !== undefined) return item;
    return typeof value === 'string' ? '' : fail(name, 'is asked of an empty list');
  });

export const slice =
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

export const union: Run = headKnown((args, name) => {
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

export const intersection: Run = known((args, name) => {
  const [first, ...others] = args;
  if (isList(first))
    return first.filter((item) => others.every((other) => isList(other) && other.some((candidate) => deepEqual(candidate, item))));
  if (!isObject(first)) return fail(name, 'takes only lists or only objects');
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) => others.every((other) => isObject(other) && deepEqual(other[key], value))),
  );
});

export const extreme = (choose: (...values: number[]) => number): Run =>
  known((args, name) => {
    const values = (args.length === 1 && isList(args[0]) ? args[0] : args).map((arg) => integer(arg, name));
    return values.length === 0 ? fail(name, 'is asked of an empty list') : values.reduce((a, b) => choose(a, b));
  });

export const createObject: Run = (args, name) => {
  const object: Record<string, Node> = {};
  for (let index = 0; index + 1 < args.length; index += 2) {
    const key = args[index] as Node;
    const value = args[index + 1] as Node;
    object[partsOf(key) ? shapeOf(key) : fail(name, 'wants text as key')] = value;
  }
  return args.length % 2 === 0 ? object : fail(name, 'wants keys and values in pairs');
};

export const bool: Run = (args, name) => {
  const [value] = args;
  if (isResidue(value)) return Choice.undecided(`${name}(${wordsOf(value)})`);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number') return value !== 0;
  const word = text(value, name).toLowerCase();
  return word === 'true' || word === '1' ? true : word === 'false' || word === '0' ? false : fail(name, 'wants "true" or "false"');
};

export const indexOf = (which: 'indexOf' | 'lastIndexOf'): Run =>
  known(([where, what], name) => {
    if (isList(where)) {
      const equals = where.map((item) => deepEqual(item, what));
      return equals[which](true);
    }
    return text(where, name).toLowerCase()[which](text(what, name).toLowerCase());
  });
