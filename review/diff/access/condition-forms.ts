/**
 * Conditions in one normal form, so that the same condition written differently is the same, and so that it can be proved
 * that one condition holds wherever another does. What cannot be proved counts as different.
 */
import { arnCovers, instantOf, numberOf, rangeCovers, rangeOf, writtenFor } from './comparisons';
import type { Test } from './documents';
import { type Kind, type Operator, operatorName, type Relation } from './operators';
import { covers, foldText, hasHole, overlaps, type Symbols, show } from './text';

interface Value {
  readonly text: string;
  readonly symbols: Symbols;
}

export interface FormTest {
  /** Undefined for a test that cannot be read: it is implied only by itself. */
  readonly operator: Operator | undefined;
  readonly key: string;
  readonly values: readonly Value[];
  /** The test in one spelling; two tests with the same text are the same. */
  readonly text: string;
}

/** Tests that must all hold, in one order. */
export interface Form {
  readonly tests: readonly FormTest[];
  readonly text: string;
}

const ALWAYS: Form = { tests: [], text: '' };

/** Tests that must all hold, each once. */
export const formWith = (tests: readonly FormTest[]): Form => {
  const unique = new Map(tests.map((test) => [test.text, test]));
  const sorted = [...unique.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  return { tests: sorted, text: sorted.map(({ text }) => text).join(' and ') };
};

/** The normal form of a condition block; `variables` when the document's version knows them. */
export const conditionForm = (tests: readonly Test[], variables: boolean): Form =>
  tests.length === 0 ? ALWAYS : formWith(tests.map((test) => formTest(test, variables)).filter((test) => !isTrivial(test)));

/** A condition that holds in ways that only deployment knows. */
export const unknownForm = (missing: readonly string[]): Form =>
  formWith(missing.map((name) => ({ operator: undefined, key: '', values: [], text: name })));

/** Both conditions hold. */
export const both = (left: Form, right: Form): Form => {
  if (left.tests.length === 0) return right;
  return right.tests.length === 0 ? left : formWith([...left.tests, ...right.tests]);
};

/** What cannot be read in the condition. */
export const unreadIn = (form: Form): readonly string[] => form.tests.flatMap(({ operator, text }) => (operator ? [] : [text]));

function formTest(test: Test, variables: boolean): FormTest {
  if (!test.operator) return { operator: undefined, key: '', values: [], text: test.name };
  const literal = test.values.every((text) => !/[*?]/.test(text));
  const kind: Kind = test.operator.kind === 'like' && literal ? 'equals' : test.operator.kind;
  const fill = variables ? () => undefined : undefined;
  const values = test.values.map((written): Value => {
    const text = spelled(kind, written);
    return { text, symbols: writtenFor(kind, text, fill).symbols };
  });
  return testOf({ ...test.operator, kind, ifExists: test.operator.ifExists && needsExisting(test.operator) }, test.key, values);
}

/** Where an absent key makes the test hold anyway, `IfExists` says nothing. */
const needsExisting = ({ quantifier, negated }: Operator): boolean => quantifier === 'ForAnyValue' || (quantifier === '' && !negated);

function testOf(operator: Operator, key: string, values: readonly Value[]): FormTest {
  const least = values.filter(
    (value, index) =>
      !values.some(
        (other, at) =>
          at !== index && valueCovers(operator, other, operator, value) && (at < index || !valueCovers(operator, value, operator, other)),
      ),
  );
  const sorted = least.sort((a, b) => (a.text < b.text ? -1 : 1));
  return { operator, key, values: sorted, text: `${operatorName(operator)} ${key} ${sorted.map(({ text }) => show(text)).join(', ')}` };
}

/** One spelling for values that mean the same. */
function spelled(kind: Kind, text: string): string {
  if (hasHole(text)) return text;
  switch (kind) {
    case 'bool':
    case 'null':
      return text.toLowerCase();
    case 'equals-ignoring-case':
      return text.includes('${') ? text : foldText(text);
    case 'number':
      return String(numberOf(text) ?? text);
    case 'date': {
      const instant = instantOf(text);
      return instant === undefined ? text : new Date(instant).toISOString();
    }
    case 'ip': {
      const range = rangeOf(text);
      return range ? `${range[0].toString()}/${range[1]}` : text;
    }
    default:
      return text;
  }
}

/** Holds for every request. */
const isTrivial = ({ operator, values }: FormTest): boolean =>
  operator !== undefined &&
  ((operator.kind === 'null' && values.length > 1) ||
    (operator.kind === 'like' && !operator.negated && holdsAbsent(operator) && values.some(({ text }) => text === '*')));

const holdsAbsent = ({ ifExists, quantifier, negated }: Operator): boolean =>
  ifExists || quantifier === 'ForAllValues' || (quantifier === '' && negated);

// ── Implication ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether it is sure that `wider` holds wherever `narrower` does. */
export const implies = (narrower: Form, wider: Form): boolean =>
  narrower.text === wider.text || wider.tests.every((test) => narrower.tests.some((other) => testImplies(other, test)));

/** The tests of `from` that `to` no longer asks for, or asks for less strictly. */
export const droppedTests = (from: Form, to: Form): readonly string[] =>
  from.tests.filter((test) => !to.tests.some((other) => testImplies(other, test))).map(({ text }) => text);

function testImplies(u: FormTest, t: FormTest): boolean {
  if (u.text === t.text) return true;
  if (!u.operator || !t.operator || u.key !== t.key) return false;
  if (u.operator.kind === 'null' || t.operator.kind === 'null') return impliesPresence(u, t);
  if (u.operator.quantifier !== t.operator.quantifier) return false;
  if (holdsAbsent(u.operator) && !holdsAbsent(t.operator)) return false;
  return presentImplies(u, u.operator, t, t.operator);
}

function impliesPresence(u: FormTest, t: FormTest): boolean {
  if (!u.operator || !t.operator) return false;
  const wanted = t.values[0]?.text;
  if (t.operator.kind === 'null')
    return u.operator.kind !== 'null' && t.values.length === 1 && wanted === 'false' && !holdsAbsent(u.operator);
  return u.values.length === 1 && u.values[0]?.text === 'true' && holdsAbsent(t.operator);
}

/** Whether each single value that passes `u` passes `t`. */
function presentImplies(u: FormTest, own: Operator, t: FormTest, other: Operator): boolean {
  if (!other.negated && other.kind === 'like' && t.values.some(({ text }) => text === '*')) return true;
  if (own.negated && !other.negated) return false;
  if (own.negated) return t.values.every((value) => u.values.some((excluded) => valueCovers(own, excluded, other, value)));
  if (other.negated) return u.values.every((value) => t.values.every((excluded) => apart(own, value, other, excluded)));
  return u.values.every((value) => t.values.some((allowed) => valueCovers(other, allowed, own, value)));
}

const TEXTUAL: ReadonlySet<Kind> = new Set(['equals', 'like', 'arn', 'equals-ignoring-case']);

/** Whether whatever matches `inner` matches `outer`. */
function valueCovers(outer: Operator, wide: Value, inner: Operator, narrow: Value): boolean {
  if (outer.kind === inner.kind && outer.relation === inner.relation && wide.text === narrow.text) return true;
  if (TEXTUAL.has(outer.kind) && TEXTUAL.has(inner.kind)) return textCovers(outer.kind, wide, inner.kind, narrow);
  if (outer.kind !== inner.kind || hasHole(wide.text) || hasHole(narrow.text)) return false;
  if (outer.kind === 'ip') return rangeCovers(wide.text, narrow.text) === true;
  const read = outer.kind === 'number' ? numberOf : outer.kind === 'date' ? instantOf : undefined;
  const bound = read?.(wide.text);
  const value = read?.(narrow.text);
  return bound !== undefined && value !== undefined && boundCovers(outer.relation, bound, inner.relation, value);
}

function textCovers(outer: Kind, wide: Value, inner: Kind, narrow: Value): boolean {
  if (outer === 'equals-ignoring-case') return inner !== 'arn' && inner !== 'like' && covers(wide.symbols, folded(narrow.symbols));
  if (inner === 'equals-ignoring-case') return false;
  if (outer === 'arn') return inner !== 'like' && arnCovers(wide.symbols, narrow.symbols);
  return covers(wide.symbols, narrow.symbols);
}

const folded = (symbols: Symbols): Symbols => Array.from(symbols, (symbol) => (symbol.length === 1 ? symbol.toLowerCase() : symbol));

function boundCovers(outer: Relation, bound: number, inner: Relation, value: number): boolean {
  const up = outer.startsWith('<');
  if (outer === '=') return inner === '=' && value === bound;
  if (inner !== '=' && inner.startsWith('<') !== up) return false;
  const within = up ? value < bound : value > bound;
  // At the bound itself: only what excludes it, or a limit that includes it, is sure to fit.
  return within || (value === bound && (outer.length === 2 || (inner !== '=' && inner.length === 1)));
}

/** Whether nothing matches both values. */
function apart(left: Operator, a: Value, right: Operator, b: Value): boolean {
  if (TEXTUAL.has(left.kind) && TEXTUAL.has(right.kind)) return !overlaps(folded(a.symbols), folded(b.symbols));
  if (left.kind !== right.kind || hasHole(a.text) || hasHole(b.text)) return false;
  if (left.kind === 'ip') return rangeCovers(a.text, b.text) === false && rangeCovers(b.text, a.text) === false;
  return left.relation === '=' && right.relation === '=' && a.text !== b.text;
}

/** Whether it is sure that both conditions never hold together. */
export const contradict = (left: Form, right: Form): boolean =>
  left.tests.some((u) => right.tests.some((t) => excludes(u, t) || excludes(t, u)));

function excludes(u: FormTest, t: FormTest): boolean {
  if (!u.operator || !t.operator || u.key !== t.key || u.operator.quantifier || t.operator.quantifier) return false;
  if (t.operator.kind === 'null') {
    const absent = t.values.length === 1 && t.values[0]?.text === 'true';
    if (u.operator.kind === 'null') return absent && u.values.length === 1 && u.values[0]?.text === 'false';
    return absent && !holdsAbsent(u.operator);
  }
  if (u.operator.kind === 'null' || u.operator.negated || holdsAbsent(u.operator)) return false;
  const [own, other] = [u.operator, t.operator];
  if (other.negated) return u.values.every((value) => t.values.some((excluded) => valueCovers(other, excluded, own, value)));
  return u.values.every((value) => t.values.every((wanted) => apart(own, value, other, wanted)));
}

// ── Pieces ───────────────────────────────────────────────────────────────────────────────────────────────────────

const MOST_PIECES = 64;

/** The condition as alternatives with one value each, so that a condition split over statements is found again. */
export function piecesOf(form: Form): readonly Form[] {
  let pieces: readonly (readonly FormTest[])[] = [[]];
  for (const test of form.tests) {
    const alternatives = alternativesOf(test);
    if (pieces.length * alternatives.length > MOST_PIECES) return [form];
    pieces = pieces.flatMap((piece) => alternatives.map((alternative) => [...piece, alternative]));
  }
  return pieces.map(formWith);
}

function alternativesOf(test: FormTest): readonly FormTest[] {
  const { operator, key, values } = test;
  if (!operator || operator.negated || operator.kind === 'null' || operator.quantifier === 'ForAllValues') return [test];
  if (values.length < 2 && !operator.ifExists) return [test];
  const strict = values.map((value) => testOf({ ...operator, ifExists: false }, key, [value]));
  return operator.ifExists ? [absence(key), ...strict] : strict;
}

const absence = (key: string): FormTest =>
  testOf({ kind: 'null', negated: false, relation: '=', quantifier: '', ifExists: false }, key, [{ text: 'true', symbols: 'true' }]);
