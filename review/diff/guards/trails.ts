/** What a trail records, whichever way its selectors are written: classic, advanced, or none at all. */
import { append } from '../../../policies/collect';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText } from '../reading';
import type { Compared, InWords, Said } from './parts';

/** What the value of a field is tested by. */
interface Test {
  readonly how: 'is' | 'starts with' | 'ends with';
  readonly value: string;
}

/** Events that are recorded: of each field one value that it must have, and values that it must not have. */
interface Selection {
  readonly must: ReadonlyMap<string, Test>;
  readonly mustNot: ReadonlyMap<string, readonly Test[]>;
}

const HOW: Readonly<Record<string, readonly [how: Test['how'], negated: boolean]>> = {
  Equals: ['is', false],
  StartsWith: ['starts with', false],
  EndsWith: ['ends with', false],
  NotEquals: ['is', true],
  NotStartsWith: ['starts with', true],
  NotEndsWith: ['ends with', true],
};
/** More than this nobody writes; then it is left to people. */
const MOST = 400;

/** Compares what is recorded as a set of events: names, order and way of writing do not count. */
export const recordedEvents: Compared = (before, after, words) => {
  const [old, now] = [selectionsOf(before), selectionsOf(after)];
  const path = after.AdvancedEventSelectors === undefined ? 'EventSelectors' : 'AdvancedEventSelectors';
  const unclear: readonly Said[] = [
    { path, direction: 'undecided', words: 'what it records changes, and whether that is as much as before cannot be told' },
  ];
  if (old === undefined || now === undefined) return unclear;
  const lost = old.filter((one) => !now.some((other) => contains(other, one)));
  const come = now.filter((one) => !old.some((other) => contains(other, one)));
  if (lost.length === 0 && come.length === 0) return [];
  if ([...lost.map((one) => [one, words.before] as const), ...come.map((one) => [one, words.after] as const)].some(isOpen)) return unclear;
  return [
    ...(lost.length > 0
      ? [{ path, direction: 'weaker', words: `what it records: no longer ${described(lost, now, words.before, words.after)}` } as const]
      : []),
    ...(come.length > 0
      ? [{ path, direction: 'stronger', words: `what it records: now ${described(come, old, words.after, words.before)}` } as const]
      : []),
  ];
};

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Undefined where they are not written out. */
function selectionsOf({ AdvancedEventSelectors, EventSelectors }: PlainMap): readonly Selection[] | undefined {
  const [advanced, classic] = [asList(AdvancedEventSelectors), asList(EventSelectors)];
  if ([...advanced, ...classic].some((one) => typeof one !== 'object')) return undefined;
  const selections =
    advanced.length > 0
      ? advanced.flatMap(advancedSelection)
      : classic.length > 0
        ? classic.flatMap(classicSelection)
        : expanded(new Map([['eventCategory', [{ how: 'is', value: 'Management' }]]]), new Map());
  return selections.length > MOST ? undefined : selections;
}

function advancedSelection(item: Plain): readonly Selection[] {
  const [may, mustNot] = [new Map<string, Test[]>(), new Map<string, Test[]>()];
  for (const selector of asList(asMap(item).FieldSelectors)) {
    const field = asText(asMap(selector).Field) ?? '';
    for (const [name, values] of Object.entries(asMap(selector))) {
      const [how, negated] = HOW[name] ?? [];
      if (how === undefined) continue;
      for (const value of asList(values)) append(negated ? mustNot : may, field, { how, value: String(value) });
    }
  }
  return expanded(may, mustNot);
}

function classicSelection(item: Plain): readonly Selection[] {
  const { DataResources, ExcludeManagementEventSources, IncludeManagementEvents = true, ReadWriteType = 'All' } = asMap(item);
  const is = (value: string): Test => ({ how: 'is', value });
  const reads: readonly (readonly [string, readonly Test[]])[] =
    ReadWriteType === 'All' ? [] : [['readOnly', [is(String(ReadWriteType === 'ReadOnly'))]]];
  const left = asList(ExcludeManagementEventSources).map((source) => is(String(source)));
  return [
    ...(String(IncludeManagementEvents) === 'true'
      ? expanded(new Map([['eventCategory', [is('Management')]], ...reads]), new Map(left.length > 0 ? [['eventSource', left]] : []))
      : []),
    ...asList(DataResources).flatMap((one) => {
      const { Type, Values } = asMap(one);
      const places = asList(Values).map((value): Test => ({ how: 'starts with', value: String(value) }));
      return expanded(
        new Map([['eventCategory', [is('Data')]], ['resources.type', [is(String(Type))]], ['resources.ARN', places], ...reads]),
        new Map(),
      );
    }),
  ];
}

/** Every bucket, function or table: `arn:aws:s3`, `arn:aws:s3:::`. */
const WHOLE_SERVICE = /^arn:.*:(s3|lambda|dynamodb):{0,3}$/;

/** One selection for each combination of values, reads apart from writes, so that each can be looked for by itself. */
function expanded(may: ReadonlyMap<string, readonly Test[]>, mustNot: ReadonlyMap<string, readonly Test[]>): readonly Selection[] {
  const fields = [...may].filter(
    ([field, tests]) => !(field === 'resources.ARN' && tests.some(({ how, value }) => how === 'starts with' && WHOLE_SERVICE.test(value))),
  );
  const both: readonly Test[] = ['true', 'false'].map((value) => ({ how: 'is', value }));
  if (!may.has('readOnly') && !mustNot.has('readOnly')) fields.push(['readOnly', both]);
  let combined: readonly (readonly (readonly [string, Test])[])[] = [[]];
  for (const [field, tests] of fields) {
    if (tests.length === 0) continue;
    combined = combined.slice(0, MOST + 1).flatMap((so) => tests.map((test) => [...so, [field, test] as const]));
  }
  return combined.map((must) => ({ must: new Map(must), mustNot }));
}

// ── Comparing ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whatever passes the narrower test passes the wider. */
function within(narrower: Test, wider: Test): boolean {
  if (wider.how === 'is') return narrower.how === 'is' && narrower.value === wider.value;
  if (narrower.how !== 'is' && narrower.how !== wider.how) return false;
  return wider.how === 'starts with' ? narrower.value.startsWith(wider.value) : narrower.value.endsWith(wider.value);
}

/** Nothing passes both. */
function apart(one: Test, other: Test): boolean {
  if (one.how === 'is') return !within(one, other);
  if (other.how === 'is') return !within(other, one);
  return one.how === other.how && !within(one, other) && !within(other, one);
}

/** What of the narrower the wider leaves out by name; undefined where it asks for something else. */
function leftOut(wider: Selection, narrower: Selection): readonly (readonly [string, Test])[] | undefined {
  for (const [field, test] of wider.must) {
    const own = narrower.must.get(field);
    if (!own || !within(own, test)) return undefined;
  }
  return [...wider.mustNot].flatMap(([field, tests]) =>
    tests
      .filter((test) => {
        const own = narrower.must.get(field);
        return !(own && apart(own, test)) && !(narrower.mustNot.get(field) ?? []).some((not) => within(test, not));
      })
      .map((test) => [field, test] as const),
  );
}

const contains = (wider: Selection, narrower: Selection): boolean => leftOut(wider, narrower)?.length === 0;

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

const testsOf = ({ must, mustNot }: Selection): readonly Test[] => [...must.values(), ...[...mustNot.values()].flat()];
const isOpen = ([selection, words]: readonly [Selection, InWords]): boolean =>
  testsOf(selection).some(({ value }) => words(value).includes('${'));

function described(missing: readonly Selection[], others: readonly Selection[], words: InWords, theirs: InWords): string {
  const byMatter = new Map<string, { readonly only: Set<string>; readonly ways: Set<string> }>();
  for (const selection of missing) {
    const rest = others
      .map((other) => leftOut(other, selection))
      .filter((one) => one !== undefined)
      .sort((one, other) => one.length - other.length)[0];
    const matter = `${matterOf(selection, words)}${rest ? ` of ${rest.map((one) => testWords(one, theirs)).join(', ')}` : ''}`;
    const known = byMatter.get(matter) ?? { only: new Set<string>(), ways: new Set<string>() };
    known.ways.add(selection.must.get('readOnly')?.value ?? 'any');
    if (!rest)
      for (const other of others) {
        if (contains(selection, other)) known.only.add(matterOf(other, theirs));
      }
    byMatter.set(matter, known);
  }
  const byWay = new Map<string, string[]>();
  for (const [matter, { only, ways }] of byMatter) {
    const both = ways.size > 1 || ways.has('any');
    const kept = [...only].sort();
    const way = both
      ? matter.startsWith('management events')
        ? ''
        : 'reads and writes of '
      : ways.has('true')
        ? 'reads of '
        : 'writes of ';
    append(byWay, way, `${matter}${kept.length > 0 ? ` (only ${kept.join(' and ')})` : ''}`);
  }
  return [...byWay]
    .map(([way, matters]) => `${way}${matters.sort().join(', ')}`)
    .sort()
    .join('; ');
}

/** Without whether it reads or writes. */
function matterOf({ must, mustNot }: Selection, words: InWords): string {
  const [category, type] = [must.get('eventCategory')?.value, must.get('resources.type')?.value];
  const what =
    category === 'Management' ? 'management events' : (type ?? (category === undefined ? 'events' : `${category.toLowerCase()} events`));
  const more = [...must]
    .filter(([field]) => !['eventCategory', 'readOnly', 'resources.type'].includes(field))
    .map((one) => testWords(one, words));
  const not = [...mustNot].flatMap(([field, tests]) => tests.map((test) => testWords([field, test], words)));
  return `${what}${more.length > 0 ? ` in ${more.join(', ')}` : ''}${not.length > 0 ? ` except ${not.join(', ')}` : ''}`;
}

function testWords([field, { how, value }]: readonly [string, Test], words: InWords): string {
  const said = words(value).replace(/\/$/, '');
  if (field === 'resources.ARN' || (how === 'is' && /^event(Source|Name)$/.test(field))) return how === 'ends with' ? `…${said}` : said;
  return how === 'is' ? `${field} ${said}` : `${field} that ${how} ${said}`;
}
