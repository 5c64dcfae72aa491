import { type Node, Reference, Residue, Secret, Text, Unresolved } from '../../node';
import { Choice, distribute, mentionsOf, partsOf, shapeOf, wordsOf } from './choice';

/** The template would not deploy: an argument is of the wrong kind, an index does not exist, … */
export class EvaluationFailure extends Error {}
/** The template computes something larger than this reads. */
export class TooLarge extends Error {}

export type Plain = { readonly [key: string]: Node | undefined };
export type Run = (args: readonly Node[], name: string) => Node;

/** Longest text that a template may compute, in characters: four times what ARM takes. */
export const LONGEST_TEXT = 524_288;
/** Longest list. ARM's `range` ends at 10,000. */
export const LONGEST_LIST = 10_000;
/** Most parts of one value. A template of 4 MB, ARM's largest, cannot write as many. */
const LARGEST_VALUE = 1_000_000;
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
    mentionsOf(...args),
  );
}

/** Tells long words with the same beginning apart (FNV-1a). */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}

export function holdsSecret(node: Node | undefined): boolean {
  if (node instanceof Secret) return true;
  if (node instanceof Text) return node.parts.some((part) => part instanceof Secret);
  if (node instanceof Choice) return holdsSecret(node.pick.yes) || holdsSecret(node.pick.no);
  if (node === null || typeof node !== 'object' || node instanceof Residue) return false;
  return Object.values(node).some((child) => holdsSecret(child as Node | undefined));
}

export const isKnown = (node: Node | undefined): boolean =>
  node === null ||
  typeof node !== 'object' ||
  (!(node instanceof Residue) && Object.values(node).every((child) => isKnown(child as Node | undefined)));

export function fail(name: string, what: string): never {
  throw new EvaluationFailure(`${name}() ${what}`);
}

/** Only where everything is known, whatever is inside included. */
export const known =
  (run: Run): Run =>
  (args, name) =>
    args.every(isKnown) ? run(args, name) : unresolvedCall(name, args);
/** Only where no argument is a residue itself; what is inside may be one. */
export const headKnown =
  (run: Run): Run =>
  (args, name) =>
    args.some(isResidue) ? unresolvedCall(name, args) : run(args, name);

export function text(node: Node | undefined, name: string): string {
  if (typeof node === 'string') return node;
  if (typeof node === 'number') return String(node);
  if (typeof node === 'boolean') return node ? 'True' : 'False';
  return fail(name, 'wants text');
}

export function integer(node: Node | undefined, name: string): number {
  if (typeof node === 'number') return Math.trunc(node);
  const parsed = typeof node === 'string' && /^\s*-?\d+\s*$/.test(node) ? Number(node) : Number.NaN;
  return Number.isSafeInteger(parsed) ? parsed : fail(name, 'wants an integer');
}

export function limited(node: Node): Node {
  if (typeof node === 'string' && node.length > LONGEST_TEXT) throw new TooLarge(`a text of more than ${LONGEST_TEXT} characters`);
  if (node instanceof Text && node.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0) > LONGEST_TEXT)
    throw new TooLarge(`a text of more than ${LONGEST_TEXT} characters`);
  if (isList(node) && node.length > LONGEST_LIST) throw new TooLarge(`a list of more than ${LONGEST_LIST} entries`);
  return sized(node);
}

/** Refuses what is endless to walk. @throws TooLarge */
export function sized(node: Node): Node {
  if (sizeOf(node) > LARGEST_VALUE) throw new TooLarge(`a value of more than ${LARGEST_VALUE} parts`);
  return node;
}

const SIZES = new WeakMap<object, number>();
/** Parts of a value, counted as often as they stand in it: what is small in memory may be endless to walk. */
function sizeOf(node: Node | undefined): number {
  if (node === null || typeof node !== 'object') return 1;
  const known = SIZES.get(node);
  if (known !== undefined) return known;
  let size = 1;
  if (node instanceof Choice) size += sizeOf(node.pick.yes) + sizeOf(node.pick.no);
  else if (!(node instanceof Residue)) for (const child of Object.values(node)) size += sizeOf(child as Node | undefined);
  SIZES.set(node, size);
  return size;
}

/** A question whose answer is open where an argument is not known. */
export function undecidable(run: Run): Run {
  return (args, name) => (args.every(isKnown) ? run(args, name) : Choice.undecided(`${name}(${args.map(wordsOf).join(', ')})`));
}

/** Reads a property the way ARM does: case does not matter. */
export function property(object: Plain, key: string): Node | undefined {
  if (Object.hasOwn(object, key)) return object[key];
  const folded = key.toLowerCase();
  const found = Object.keys(object).find((candidate) => candidate.toLowerCase() === folded);
  return found === undefined ? undefined : object[found];
}

export function deepEqual(a: Node | undefined, b: Node | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (isList(a) !== isList(b)) return false;
  const keys = Object.keys(a as Plain);
  return keys.length === Object.keys(b as Plain).length && keys.every((key) => deepEqual((a as Plain)[key], (b as Plain)[key]));
}

/** `value.key`, `value[0]`. What is below an unknown is unknown; a runtime property of a resource is a reference to it. */
export function access(of: Node, key: Node, safe: boolean): Node {
  return distribute([of, key], false, ([value, at]) => {
    // What is inside of a secret is as secret, and comes from the same.
    if (value instanceof Secret) return value;
    if (at instanceof Secret) return new Secret();
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
