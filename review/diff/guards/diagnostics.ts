/**
 * What is recorded of each resource of Azure, and where it goes: of all diagnostic settings together, because the same records may be
 * asked for by one setting or by several, one by one or as a group.
 */
import type { ControlId, Severity } from '../../../controls';
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import { estatesOf } from '../access-azure/estate';
import { completeDeployments } from '../data/azure-deployments';
import { staysUnmanaged } from '../data/parts';
import { placeOf as locationOf, shownAs } from '../reading';
import type { Aspected, Cause, Pairing, Told } from '../side';
import { FOREVER } from '../strengths/parts';
import { type Foreign, foreignIn } from './azure-places';
import { lacking, type Recording, union } from './diagnostic-categories';
import { type Recorded, type Setting, type Sink, settingsIn } from './diagnostic-settings';

/** What rules say of records that are missing. */
const TELLS: readonly ControlId[] = ['LOG-03', 'LOG-04', 'LOG-05', 'LOG-13', 'LOG-17', 'ENC-12'];

export const diagnostics: Aspected = (before, after, pairing) => {
  const estates = estatesOf(before, after, pairing);
  const [old, now] = [settingsIn(before, estates.before), settingsIn(after, estates.after)];
  return old.length === 0 && now.length === 0
    ? []
    : new Diagnostics(pairing, foreignIn(before, after), completeDeployments(after)).compare(old, now);
};

/** One line, before it gets its evidence. */
interface Line {
  readonly direction: Told['direction'];
  readonly severity?: Severity;
  readonly words: string;
  readonly path: string;
  readonly outside?: boolean;
}

class Diagnostics {
  /** Why nobody can tell what is recorded: a setting may be for any resource, and was not there before. */
  #loose: string | undefined;

  constructor(
    readonly pairing: Pairing,
    readonly foreign: Foreign,
    readonly isDeleted: (resource: Resource) => boolean,
  ) {}

  compare(before: readonly Setting[], after: readonly Setting[]): readonly Told[] {
    const [old, now] = [byRecorded(before), byRecorded(after)];
    this.#loose = after.find(({ of }) => of.missing !== undefined && !old.has(of.key))?.of.missing;
    const lines: Told[] = [];
    for (const [key, settings] of old) lines.push(...this.#recorded(settings, now.get(key) ?? []));
    const doubted = this.#loose !== undefined && lines.some(({ direction }) => direction === 'undecided');
    for (const [key, settings] of now)
      if (!old.has(key)) lines.push(...settings.filter(({ of }) => !doubted || of.missing === undefined).map((one) => this.#fresh(one)));
    return lines;
  }

  /** What was recorded of one resource and what is. */
  #recorded(old: readonly Setting[], managed: readonly Setting[]): readonly Told[] {
    const of = (old[0] as Setting).of;
    // The records of what is gone end with it.
    if (of.resource && this.pairing.other(of.resource) === undefined) return [];
    const left = old.filter(({ at }) => this.pairing.other(at) === undefined && staysUnmanaged(at) && !this.isDeleted(at));
    const now = [...managed, ...left];
    const [was, is] = [everywhere(old), everywhere(now)];
    const { lost, perhaps } = lacking(was, is, of.kind);
    const open = is.missing.find((one) => !was.missing.includes(one)) ?? this.#loose ?? this.#turned(of, old);
    const lines: Line[] = [...this.#unmanaged(left, lacking(is, everywhere(managed), of.kind).lost)];
    if (open !== undefined && lost.length + perhaps.length > 0) lines.push(mayLack([...lost, ...perhaps], `it depends on ${open}`));
    else {
      if (lost.length > 0) lines.push(lessOf(was, is, lost));
      if (perhaps.length > 0) lines.push(mayLack(perhaps, 'it depends on what the group of categories holds'));
    }
    const closed = was.missing.filter((one) => !is.missing.includes(one));
    if (lines.length === 0 && closed.length > 0 && !holdsEverything(is))
      lines.push(mayLack([`what ${closed[0]} switched on`], 'it is not asked for any more'));
    lines.push(...this.#moved(of, old, now, [...lost, ...perhaps]));
    if (lines.length === 0) lines.push(...shorter(old, now), ...metrics(old, now));
    const gained = lacking(is, was, of.kind).lost;
    if (lines.length === 0 && gained.length > 0)
      lines.push({ direction: 'stronger', words: `are more now: ${listed(gained)}`, path: 'logs' });
    return lines.map((line) => this.#told(line, of, old, managed));
  }

  /** Nobody knew what a setting was for, and it is for something now. */
  #turned({ missing }: Recorded, old: readonly Setting[]): string | undefined {
    return old.some(({ at }) => this.pairing.other(at) !== undefined) ? missing : undefined;
  }

  /** What left a template of Azure goes on recording. */
  *#unmanaged([first, ...others]: readonly Setting[], lost: readonly string[]): Iterable<Line> {
    if (!first || lost.length === 0) return;
    const names = listed([first, ...others].map(({ at }) => this.pairing.name(at)).sort());
    const [are, go] = others.length === 0 ? ['is', 'stays'] : ['are', 'stay'];
    yield {
      direction: 'weaker',
      severity: 'medium',
      words: `depend on ${names}, which ${are} no longer in the template and ${go}, unmanaged: when somebody deletes it, ${lost.includes('everything') ? 'they' : listed(lost)} are not collected any more`,
      path: 'logs',
    };
  }

  /** Where the records go that are still collected. */
  *#moved(of: Recorded, old: readonly Setting[], now: readonly Setting[], told: readonly string[]): Iterable<Line> {
    const [was, is] = [bySink(old), bySink(now)];
    const come = [...is].filter(([key, { logs }]) => lacking(logs, was.get(key)?.logs ?? NOTHING, of.kind).lost.length > 0);
    let replaced = false;
    for (const [key, { logs, sink }] of was) {
      const lost = lacking(logs, is.get(key)?.logs ?? NOTHING, of.kind).lost.filter((one) => !told.includes(one));
      if (lost.length === 0 || is.size === 0) continue;
      const what = is.has(key) ? ` (${listed(lost)})` : '';
      if (come.length === 0) {
        const still = listed([...is].flatMap(([other, one]) => (other === key ? [] : [one.sink.name])).sort());
        yield { direction: 'weaker', words: `no longer go to ${sink.name}${what}, only to ${still}`, path: sink.path };
        continue;
      }
      replaced = true;
      const places = come.map(([, one]) => one.sink);
      yield {
        direction: [sink, ...places].some(({ missing }) => missing !== undefined) ? 'undecided' : 'weaker',
        words: `go to ${listed(places.map(this.#called).sort())} instead of ${sink.name}${what}`,
        path: places[0]?.path ?? sink.path,
        outside: places.some(this.#isForeign),
      };
    }
    if (replaced) return;
    for (const [key, { sink }] of come) {
      const outside = this.#isForeign(sink);
      if (!was.has(key) && (outside || told.length === 0))
        yield { direction: outside ? 'weaker' : 'stronger', words: `also go to ${this.#called(sink)} now`, path: sink.path, outside };
    }
  }

  readonly #called = (sink: Sink): string => (this.#isForeign(sink) ? `${sink.name} of the subscription ${sink.subscription}` : sink.name);

  readonly #isForeign = ({ subscription }: Sink): boolean => subscription !== undefined && this.foreign.isForeign(subscription);

  /** Nothing recorded it before; or nobody can tell, because the same setting was for something else. */
  #fresh(setting: Setting): Told {
    const { at, of } = setting;
    const open = of.missing !== undefined && this.pairing.other(at) !== undefined;
    const line: Line = open
      ? {
          direction: 'undecided',
          words: `may be what ${this.pairing.name(at)} collects now: it depends on ${of.missing}`,
          path: 'resourceUri',
        }
      : this.#collected(setting);
    return this.#told(line, of, [], [setting]);
  }

  #collected({ sinks }: Setting): Line {
    const sink = sinks.find(this.#isForeign);
    return sink
      ? { direction: 'weaker', words: `go to ${this.#called(sink)} now`, path: sink.path, outside: true }
      : { direction: 'stronger', words: 'are collected now', path: 'logs' };
  }

  #told(line: Line, of: Recorded, old: readonly Setting[], now: readonly Setting[]): Told {
    const { direction, outside = false, path, severity = 'high', words } = line;
    const asks = direction === 'weaker' || direction === 'undecided';
    const touched = this.#touched(old, now);
    const causes: Cause[] = touched.map(({ at, side }) => ({ resource: this.pairing.identity(at), ...(side === 'after' ? { path } : {}) }));
    if (of.resource && asks) causes.push({ resource: this.pairing.identity(of.resource) });
    return {
      aspect: 'logging',
      direction,
      severity: direction === 'stronger' ? 'low' : outside ? 'critical' : severity,
      sentence: `the records of ${of.name} ${words}`,
      subject: of.resource ? this.pairing.identity(of.resource) : of.key,
      topic: `records ${of.key} ${words}`,
      ...(outside ? { boundary: 'organisation' as const } : {}),
      ...(asks ? { approver: 'security' as const } : {}),
      evidence: touched.map(({ at, side }) => ({
        resource: shownAs(at),
        side,
        ...locationOf(at, side === 'after' ? path : undefined),
        saw: side === 'before' ? 'is no longer there' : path,
      })),
      causes,
      tells: TELLS,
    };
  }

  /** Settings that are not as they were; those that are gone last. */
  #touched(old: readonly Setting[], now: readonly Setting[]): readonly Touched[] {
    const touched: Touched[] = [];
    for (const { at } of now) if (this.pairing.other(at)?.properties !== at.properties) touched.push({ at, side: 'after' });
    for (const { at } of old) {
      const other = this.pairing.other(at);
      if (other === undefined) touched.push({ at, side: 'before' });
      else if (!now.some((one) => one.at === other)) touched.push({ at: other, side: 'after' });
    }
    return touched;
  }
}

interface Touched {
  readonly at: Resource;
  readonly side: 'before' | 'after';
}

// ── What is recorded ───────────────────────────────────────────────────────────────────────────────────────────────

const NOTHING: Recording = { categories: new Map(), missing: [] };

function byRecorded(settings: readonly Setting[]): ReadonlyMap<string, readonly Setting[]> {
  const found = new Map<string, Setting[]>();
  for (const setting of settings) append(found, setting.of.key, setting);
  return found;
}

/** What goes somewhere, wherever that is. */
const everywhere = (settings: readonly Setting[]): Recording =>
  union(settings.filter(({ sinks }) => sinks.length > 0).map(({ logs }) => logs));

function bySink(settings: readonly Setting[]): ReadonlyMap<string, { readonly sink: Sink; readonly logs: Recording }> {
  const found = new Map<string, { readonly sink: Sink; readonly logs: Recording }>();
  for (const { logs, sinks } of settings)
    for (const sink of sinks) found.set(sink.key, { sink, logs: union([logs, found.get(sink.key)?.logs ?? NOTHING]) });
  return found;
}

const holdsEverything = (recording: Recording): boolean => lacking(EVERYTHING, recording, '').lost.length === 0;
const EVERYTHING: Recording = { categories: new Map([['group alllogs', 'allLogs']]), missing: [] };

function lessOf(was: Recording, is: Recording, lost: readonly string[]): Line {
  if (is.categories.size === 0) return { direction: 'weaker', words: 'are not collected any more', path: 'logs' };
  const rest = listed([...is.categories.values()].sort());
  const whole = lost.length === was.categories.size || lost.includes('everything');
  return {
    direction: 'weaker',
    words: whole ? `are only ${rest} now, instead of ${listed(lost)}` : `are fewer now: no longer ${listed(lost)}`,
    path: 'logs',
  };
}

const mayLack = (what: readonly string[], why: string): Line => ({
  direction: 'undecided',
  words: `may lack ${listed(what)}: ${why}`,
  path: 'logs',
});

/** Storage that settings empty by themselves. */
function* shorter(old: readonly Setting[], now: readonly Setting[]): Iterable<Line> {
  const [was, is] = [keptBy(old), keptBy(now)];
  const said = (days: number) => (days === FOREVER ? 'for ever' : `for ${days} days`);
  for (const [key, { days, name }] of was) {
    const left = is.get(key)?.days;
    if (left === undefined || left === days) continue;
    const words = `are kept in ${name} ${said(left)} instead of ${said(days)}`;
    yield { direction: left < days ? 'weaker' : 'stronger', severity: 'medium', words, path: 'logs' };
  }
}

/** The shortest time in each storage account. */
function keptBy(settings: readonly Setting[]): ReadonlyMap<string, { readonly days: number; readonly name: string }> {
  const found = new Map<string, { readonly days: number; readonly name: string }>();
  for (const { sinks } of settings)
    for (const { days, key, name } of sinks)
      if (days.size > 0) found.set(key, { days: Math.min(...days.values(), found.get(key)?.days ?? FOREVER), name });
  return found;
}

/** What a setting copies of the metrics; the platform keeps them anyway. */
function* metrics(old: readonly Setting[], now: readonly Setting[]): Iterable<Line> {
  const sent = (settings: readonly Setting[]) =>
    new Set(settings.filter(({ sinks }) => sinks.length > 0).flatMap(({ metrics: lines }) => [...lines.categories.values()]));
  const [was, is] = [sent(old), sent(now)];
  if (was.size > 0 && is.size === 0)
    yield { direction: 'neutral', severity: 'low', words: 'come without its metrics now', path: 'metrics' };
}

const listed = (items: readonly string[]): string =>
  items.length > 5 ? `${items.slice(0, 5).join(', ')} and ${items.length - 5} more` : items.join(', ');
