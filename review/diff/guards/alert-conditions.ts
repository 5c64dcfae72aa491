/** When alerts of Azure Monitor go off: a narrower condition, or a later threshold, notices less. */
import { hasHole } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { hoursAt, inHours, listed, numberAt, queries, textsAt } from './azure-parts';
import { at, type InBoth, type Said } from './parts';

// ── Conditions of the activity log ─────────────────────────────────────────────────────────────────────────────────

/** What one field must be, or hold. */
interface Test {
  readonly field: string;
  readonly equals: string | undefined;
  /** As it is written. */
  readonly written: string;
  readonly holds: readonly string[];
}
/** Alternatives, of which one must be true. */
type Clause = readonly Test[];

function clausesOf({ condition }: PlainMap): readonly Clause[] {
  return asList(asMap(condition).allOf).map((one) => {
    const anyOf = asList(asMap(one).anyOf);
    return (anyOf.length > 0 ? anyOf : [one]).flatMap(testsOf);
  });
}
function testsOf(leaf: Plain): readonly Test[] {
  const { containsAny, equals } = asMap(leaf);
  const field = (asText(asMap(leaf).field) ?? '').toLowerCase();
  const holds = asList(containsAny).flatMap((one) => asText(one)?.toLowerCase() ?? []);
  return [{ field, equals: asText(equals)?.toLowerCase(), written: asText(equals) ?? asList(containsAny).join(' or '), holds }];
}

const testImplies = (narrow: Test, wide: Test): boolean => {
  if (narrow.field !== wide.field) return false;
  if (wide.equals !== undefined) return narrow.equals === wide.equals;
  const inside = (text: string) => wide.holds.some((part) => text.includes(part));
  return narrow.equals === undefined ? narrow.holds.length > 0 && narrow.holds.every(inside) : inside(narrow.equals);
};
const clauseImplies = (narrow: Clause, wide: Clause): boolean => narrow.every((test) => wide.some((other) => testImplies(test, other)));
/** Whether whatever the one lets through, the other does too. */
const implies = (narrow: readonly Clause[], wide: readonly Clause[]): boolean =>
  wide.every((clause) => narrow.some((other) => clauseImplies(other, clause)));

export function activities(before: PlainMap, after: PlainMap, words: InBoth): readonly Said[] {
  const [old, now] = [clausesOf(before), clausesOf(after)];
  const [narrower, wider] = [implies(now, old), implies(old, now)];
  if (narrower && wider) return [];
  if (wider) return [{ direction: 'stronger', words: 'what it looks for: more than before' }];
  const [lost, come] = [
    old.filter((clause) => !now.some((other) => same(clause, other))).map((clause) => said(clause, words.before)),
    now.filter((clause) => !old.some((other) => same(clause, other))).map((clause) => said(clause, words.after)),
  ];
  const change =
    lost.length === 0 ? `only where ${listed(come)}` : `${come.length === 0 ? 'nothing' : listed(come)} instead of ${listed(lost)}`;
  if (narrower) return [{ direction: 'weaker', words: `what it looks for: ${change}` }];
  return [{ direction: 'undecided', words: `what it looks for changes (${change}): read whether that is as much as before` }];
}
const same = (one: Clause, other: Clause): boolean => clauseImplies(one, other) && clauseImplies(other, one);
const FIELDS: Readonly<Record<string, string>> = {
  operationname: 'the operation',
  resourcegroup: 'the group',
  resourceid: 'the resource',
  resourcetype: 'the type',
};
const said = (clause: Clause, words: (text: string) => string): string =>
  clause
    .map(
      ({ equals, field, written }) =>
        `${FIELDS[field] ?? `the ${field}`} ${equals === undefined ? 'holds' : 'is'} ${shown(written, words)}`,
    )
    .join(' or ');
const shown = (text: string, words: (text: string) => string): string => (hasHole(text) ? words(text) : text);

// ── Thresholds ─────────────────────────────────────────────────────────────────────────────────────────────────────

export const windows = (before: PlainMap, after: PlainMap): readonly Said[] => {
  const [old, now] = [hoursAt(before, 'windowSize', 0), hoursAt(after, 'windowSize', 0)];
  if (old === now) return [];
  const how = old === undefined || now === undefined ? 'what only deployment tells' : `${inHours(now)} instead of ${inHours(old)}`;
  if (old !== undefined && now !== undefined && [before, after].every(growsWithTime))
    return [{ direction: now > old ? 'stronger' : 'weaker', words: `over which time it looks: ${how}` }];
  return [{ direction: 'undecided', words: `over which time it looks: ${how}: read whether that notices as much as before` }];
};

/** Whether whatever goes off over some time does so over more of it: counts that have to be high enough, of rows looked at one by one. */
function growsWithTime(alert: PlainMap): boolean {
  const tests = asList(valueAt(alert, 'criteria.allOf')).map(asMap);
  return (
    tests.length > 0 &&
    alert.overrideQueryTimeRange === undefined &&
    tests.every(
      ({ criterionType, operator, query, threshold, timeAggregation }) =>
        /^(Count|Total)$/i.test(asText(timeAggregation) ?? '') &&
        ABOVE.test(asText(operator) ?? '') &&
        threshold !== undefined &&
        !/dynamic/i.test(asText(criterionType) ?? '') &&
        (query === undefined || (/^Count$/i.test(asText(timeAggregation) ?? '') && ROW_BY_ROW.test(asText(query) ?? ''))),
    )
  );
}
/** A table, and steps that look at each row alone. */
const ROW_BY_ROW = /^\s*\w+\s*(\|\s*(where|project|project-\w+|extend|parse|order by|sort by)\b[^|;]*)*$/;

const ABOVE = /^GreaterThan(OrEqual)?$/i;
const BELOW = /^LessThan(OrEqual)?$/i;
const SENSITIVITY = ['low', 'medium', 'high'];

/** What one test of an alert looks at; the same on both sides where only its numbers differ. */
const subjectOf = (test: PlainMap): string =>
  [test.metricNamespace, test.metricName, test.metricMeasureColumn, test.resourceIdColumn, test.criterionType, test.timeAggregation]
    .map((one) => (asText(one) ?? '').toLowerCase())
    .join(' ');
const testWords = (test: PlainMap): string => asText(test.metricName) ?? asText(test.name) ?? 'the query';

/** All tests have to be met: one more makes it see less. */
export function criteria(before: PlainMap, after: PlainMap, words: InBoth): readonly Said[] {
  const all = (alert: PlainMap) => {
    const written = asList(valueAt(alert, 'criteria.allOf')).map(asMap);
    return written.length > 0 || alert.criteria === undefined ? written : [asMap(alert.criteria)];
  };
  const [left, come] = [[...all(before)], [] as PlainMap[]];
  const lines: Said[] = [];
  for (const test of all(after)) {
    const at = left.findIndex((other) => subjectOf(other) === subjectOf(test));
    const [other] = at < 0 ? [] : left.splice(at, 1);
    if (other) lines.push(...compared(other, test, words));
    else come.push(test);
  }
  if (come.length > 0 && left.length > 0)
    return [
      ...lines,
      {
        direction: 'undecided',
        words: `what it looks for changes (${listed(come.map(testWords))} instead of ${listed(left.map(testWords))}): read whether that is as much as before`,
      },
    ];
  if (come.length > 0)
    lines.push({ direction: 'weaker', words: `what it looks for: only where ${listed(come.map(testWords))} goes off too` });
  if (left.length > 0)
    lines.push({ direction: 'stronger', words: `what it looks for: no longer only where ${listed(left.map(testWords))} goes off too` });
  return lines;
}

function compared(was: PlainMap, is: PlainMap, words: InBoth): readonly Said[] {
  const [old, now] = [asText(was.operator) ?? '', asText(is.operator) ?? ''];
  const above = ABOVE.test(now);
  const lines: Said[] = [];
  if (old.toLowerCase() !== now.toLowerCase())
    lines.push({
      direction: 'undecided',
      words: `when it goes off: ${named(now)} instead of ${named(old)} a threshold: read whether that notices as much as before`,
    });
  else lines.push(...threshold(was, is, above ? 'more' : BELOW.test(now) ? 'less' : undefined));
  const [sense, senses] = [was, is].map((one) => SENSITIVITY.indexOf((asText(one.alertSensitivity) ?? '').toLowerCase())) as [
    number,
    number,
  ];
  if (sense >= 0 && senses >= 0 && sense !== senses)
    lines.push({
      direction: senses < sense ? 'weaker' : 'stronger',
      words: `how sensitive it is: ${SENSITIVITY[senses]} instead of ${SENSITIVITY[sense]}`,
    });
  lines.push(
    ...periods(was, is),
    ...dimensions(was, is, words),
    ...queries(
      'what it looks for',
      asText(was.query),
      asText(is.query),
      above && !/average|minimum/i.test(asText(is.timeAggregation) ?? ''),
    ),
  );
  return lines;
}
const named = (operator: string): string =>
  ABOVE.test(operator) ? 'above' : BELOW.test(operator) ? 'below' : operator.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function threshold(was: PlainMap, is: PlainMap, weaker: 'more' | 'less' | undefined): readonly Said[] {
  const path = was.failedLocationCount === undefined && is.failedLocationCount === undefined ? 'threshold' : 'failedLocationCount';
  const [old, now] = [numberAt(was, path, 0), numberAt(is, path, 0)];
  if (old === now && was[path] === is[path]) return [];
  const how = weaker ?? (path === 'failedLocationCount' ? 'more' : undefined);
  if (old === undefined || now === undefined || how === undefined)
    return old === now && old !== undefined
      ? []
      : [{ direction: 'undecided', words: 'when it goes off changes: read whether that notices as much as before' }];
  if (old === now) return [];
  const less = how === 'more' ? now > old : now < old;
  return [{ direction: less ? 'weaker' : 'stronger', words: `when it goes off: at ${now} instead of ${old}` }];
}

/** How often it has to be met of how many times, before somebody is told. */
function periods(was: PlainMap, is: PlainMap): readonly Said[] {
  const of = (test: PlainMap) =>
    [numberAt(test, 'failingPeriods.minFailingPeriodsToAlert', 1), numberAt(test, 'failingPeriods.numberOfEvaluationPeriods', 1)] as const;
  const [[least, among], [leastNow, amongNow]] = [of(was), of(is)];
  if (least === leastNow && among === amongNow) return [];
  const change = `how often it must be met: ${leastNow ?? 'some'} of ${amongNow ?? 'some'} times instead of ${least ?? 'some'} of ${among ?? 'some'}`;
  if ([least, among, leastNow, amongNow].includes(undefined)) return [{ direction: 'undecided', words: change }];
  const [old, now] = [
    [least as number, among as number],
    [leastNow as number, amongNow as number],
  ] as const;
  return [{ direction: needs(now, old) ? 'weaker' : needs(old, now) ? 'stronger' : 'undecided', words: change }];
}

type Often = readonly [least: number, among: number];
/** Whether it is met as often as the other asks whenever it is met as often as the one does: of more times, the others may all be the older. */
const needs = ([least, among]: Often, [other, ofOther]: Often): boolean => least - Math.max(0, among - ofOther) >= other;

/** Values that it looks at, of a dimension; `*` is all of them. */
function dimensions(was: PlainMap, is: PlainMap, words: InBoth): readonly Said[] {
  const of = (test: PlainMap) =>
    new Map(
      asList(test.dimensions).map(
        (one) => [`${at('name')(one)} ${/exclude/i.test(at('operator')(one) ?? '') ? 'not' : 'in'}`.toLowerCase(), one] as const,
      ),
    );
  const [old, now] = [of(was), of(is)];
  const lines: Said[] = [];
  for (const [key, one] of new Map([...old, ...now])) {
    const [before, after] = [old.get(key), now.get(key)].map((dimension) =>
      dimension === undefined ? undefined : new Set(textsAt('values')(asMap(dimension))),
    );
    const name = asText(asMap(one).name) ?? 'a dimension';
    const covers = (outer: Set<string> | undefined, inner: Set<string> | undefined) =>
      outer === undefined || outer.has('*') || (inner !== undefined && [...inner].every((value) => outer.has(value)));
    const excludes = key.endsWith(' not');
    const [wider, narrower] = excludes ? [subset(after, before), subset(before, after)] : [covers(after, before), covers(before, after)];
    if (wider && narrower) continue;
    const values = listed([...(after ?? [])].map(words.after));
    const change = `what it looks at, by ${name}: ${excludes ? 'all but ' : ''}${values === '' ? 'everything' : values}`;
    lines.push({ direction: narrower ? 'weaker' : wider ? 'stronger' : 'undecided', words: change });
  }
  return lines;
}
export const subset = (inner: Set<string> | undefined, outer: Set<string> | undefined): boolean =>
  [...(inner ?? [])].every((value) => outer?.has(value) === true);
