import { type Node, Unresolved } from '../../node';
import { distribute } from './choice';
import {
  bool,
  compare,
  contains,
  createObject,
  empty,
  end,
  equal,
  extreme,
  indexOf,
  integers,
  intersection,
  length,
  slice,
  union,
} from './data-functions';
import {
  cidrHost,
  cidrSubnet,
  concat,
  eachPart,
  edge,
  format,
  fromBase64,
  join,
  json,
  pad,
  replace,
  split,
  string,
  strings,
  substring,
  toBase64,
} from './text-functions';
import { fail, headKnown, integer, isList, isObject, known, LONGEST_LIST, limited, type Run, text, unresolvedCall } from './values';

interface ArmFunction {
  readonly least: number;
  readonly most: number;
  /** Looks inside lists and objects, so that choices in there matter. */
  readonly deep?: boolean;
  readonly run: Run;
}

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
