/** Backups on Azure: what is backed up, how often, and for how long it is kept, whichever policy says so. */
import { daysOfWeeks } from '../../../policies/facts/azure-durations';
import type { Resource } from '../../../policies/resource';
import { holesIn } from '../access/text';
import { canonical, type Plain, type PlainMap } from '../plain';
import { asList, asMap, asText, type Reader, readerOf, valueAt } from '../reading';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { DAY, HOUR, secondsOf, spell, spellEvery } from '../strengths/azure-readings';
import { FOREVER } from '../strengths/parts';
import { type Keeping, keepingLine, staysUnmanaged } from './parts';

const POLICY = /^azure-native:(recoveryservices:ProtectionPolicy|dataprotection:BackupPolicy)$/;
const ITEM = /^azure-native:(recoveryservices:(ProtectedItem|ProtectionIntent)|dataprotection:BackupInstance)$/;
const POLICY_OF = ['properties.policyId', 'properties.policyInfo.policyId'];
const SOURCE_OF = ['properties.sourceResourceId', 'properties.dataSourceInfo.resourceID', 'properties.itemId'];

/** Policies that keep less, and what is no longer backed up or by a policy that does. */
export function backups(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const [old, now] = [new Backups(before, pairing), new Backups(after, pairing)];
  if (old.isEmpty && now.isEmpty) return [];
  return [...policiesCompared(old, now, pairing), ...itemsCompared(old, now, pairing)].map((keeping) => keepingLine(keeping, pairing));
}

class Backups {
  readonly policies: Resource[] = [];
  readonly items: Resource[] = [];
  readonly reader: Reader;

  constructor(
    readonly side: Side,
    pairing: Pairing,
  ) {
    this.reader = readerOf(side, pairing);
    for (const resource of resourcesOf(side)) {
      if (resource.options.external === true) continue;
      if (POLICY.test(resource.type)) this.policies.push(resource);
      else if (ITEM.test(resource.type)) this.items.push(resource);
    }
  }

  get isEmpty(): boolean {
    return this.policies.length === 0 && this.items.length === 0;
  }

  /** What an item says of its policy, or of what it backs up. */
  text(item: Resource, paths: readonly string[]): string | undefined {
    for (const path of paths) {
      const text = asText(valueAt(this.reader.of(item), path));
      if (text !== undefined) return text.toLowerCase();
    }
    return undefined;
  }

  policyOf(item: Resource): Resource | undefined {
    for (const path of POLICY_OF) {
      const value = item.at(path);
      const found = this.policies.filter(({ id, names }) => value.targets.includes(id) || names.some((name) => isEnd(value.string, name)));
      if (found.length === 1) return found[0];
    }
    return undefined;
  }

  isStopped(item: Resource): boolean {
    return ['protectionState', 'currentProtectionState'].some((key) =>
      /^(ProtectionStopped|BackupsSuspended)$/i.test(item.at(`properties.${key}`).string ?? ''),
    );
  }
}

const isEnd = (id: string | undefined, name: unknown): boolean =>
  typeof name === 'string' && id !== undefined && id.toLowerCase().endsWith(`/${name.toLowerCase()}`);

// ── Policies ───────────────────────────────────────────────────────────────────────────────────────────────────────

function policiesCompared(old: Backups, now: Backups, pairing: Pairing): readonly Keeping[] {
  return old.policies.flatMap((policy) => {
    const other = pairing.other(policy);
    if (!other) return [];
    const name = pairing.name(other);
    return differences(timesOf(old.reader.of(policy)), timesOf(now.reader.of(other))).map((one) => ({
      ...one,
      words: `${name}: ${one.words}`,
      topic: `backups ${one.words}`,
      at: other,
      side: 'after' as const,
    }));
  });
}

/** Seconds, or what decides them. */
type Span = number | string;
interface Times {
  /** How long something is kept: `weekly backups are`. */
  readonly kept: ReadonlyMap<string, readonly [span: Span, path: string]>;
  /** How long it takes until it is backed up again. */
  readonly between: ReadonlyMap<string, readonly [span: Span, path: string]>;
}

type Difference = Pick<Keeping, 'direction' | 'severity' | 'words' | 'path'>;

function differences(was: Times, is: Times): readonly Difference[] {
  const lines: Difference[] = [];
  const each = (
    old: Times['kept'],
    now: Times['kept'],
    nothing: number,
    say: (label: string, span: number, before: number) => string,
    sign: 1 | -1,
  ) => {
    for (const label of [...new Set([...old.keys(), ...now.keys()])].sort()) {
      const [[before], [span, path]] = [old.get(label) ?? [nothing], now.get(label) ?? [nothing, old.get(label)?.[1] ?? '']];
      if (span === before) continue;
      if (typeof span === 'string' || typeof before === 'string') {
        const words = `whether ${label} as before cannot be told: it depends on ${typeof span === 'string' ? span : before}`;
        lines.push({ direction: 'undecided', severity: 'medium', words, path });
      } else {
        const direction = sign * (span - before) < 0 ? 'weaker' : 'stronger';
        lines.push({ direction, severity: 'high', words: say(label, span, before), path });
      }
    }
  };
  const keeping = (label: string, span: number, before: number): string =>
    span === 0
      ? `${label} no longer kept`
      : before === 0
        ? `${label} kept for ${spell(span)} now`
        : `${label} kept for ${spell(span)} instead of ${spell(before)}`;
  const taking = (label: string, span: number, before: number): string =>
    span === FOREVER
      ? `${label} taken no more`
      : before === FOREVER
        ? `${label} taken ${spellEvery(span)} now`
        : `${label} taken ${spellEvery(span)} instead of ${spellEvery(before)}`;
  each(was.kept, is.kept, 0, keeping, 1);
  each(was.between, is.between, FOREVER, taking, -1);
  return lines;
}

function timesOf({ properties }: PlainMap): Times {
  const rules = asList(valueAt(properties, 'policyRules'));
  return rules.length > 0 ? ofRules(rules) : ofSchedules(asMap(properties));
}

/** Known seconds; else what decides them. */
const spanOf = (value: Plain | undefined, known: (text: string) => number | undefined): Span | undefined => {
  const text = asText(value);
  if (text === undefined) return undefined;
  const [hole] = holesIn(text);
  return hole ?? known(text);
};
const counted =
  (unit: number) =>
  (text: string): number | undefined => {
    const count = Number(text);
    return Number.isNaN(count) ? undefined : count * unit;
  };

// ── Recovery Services ──────────────────────────────────────────────────────────────────────────────────────────────

const UNITS: Readonly<Record<string, number>> = { days: DAY, weeks: 7 * DAY, months: (365 * DAY) / 12, years: 365 * DAY };
const TIERS = ['weekly', 'monthly', 'yearly'] as const;

function ofSchedules(properties: PlainMap): Times {
  const [kept, between] = [new Map<string, readonly [Span, string]>(), new Map<string, readonly [Span, string]>()];
  const put = (to: typeof kept, label: string, span: Span | undefined, path: string) => {
    if (span !== undefined) to.set(label, [span, path]);
  };
  const parts = asList(properties.subProtectionPolicy);
  for (const [index, part] of (parts.length > 0 ? parts : [properties]).entries()) {
    const { retentionPolicy, schedulePolicy, vaultRetentionPolicy } = asMap(part);
    const kind = asText(asMap(part).policyType)?.toLowerCase() ?? '';
    const path = parts.length > 0 ? `properties.subProtectionPolicy[${index}]` : 'properties';
    // The type of a policy of machines is its version.
    const what = parts.length === 0 || /^v\d$/.test(kind) || kind === '' ? 'backups' : `${kind} backups`;
    const retention = asMap(retentionPolicy ?? asMap(vaultRetentionPolicy).vaultRetention);
    const at = `${path}.${retentionPolicy === undefined ? 'vaultRetentionPolicy' : 'retentionPolicy'}`;
    const tiers = TIERS.map((tier) => [tier, durationOf(valueAt(retention, `${tier}Schedule.retentionDuration`))] as const);
    for (const [tier, span] of tiers) put(kept, `${tier} ${what} are`, span, at);
    const daily = durationOf(valueAt(retention, 'dailySchedule.retentionDuration') ?? retention.retentionDuration);
    put(kept, `each of its ${what} is`, daily ?? tiers.find(([, span]) => span !== undefined)?.[1], at);
    put(kept, 'snapshots beside the machine are', spanOf(asMap(part).instantRpRetentionRangeInDays, counted(DAY)), path);
    put(kept, 'snapshots beside the share are', spanOf(asMap(vaultRetentionPolicy).snapshotRetentionInDays, counted(DAY)), path);
    put(between, `${what} are`, betweenOf(asMap(schedulePolicy)), `${path}.schedulePolicy`);
  }
  return { kept, between };
}

function durationOf(duration: Plain | undefined): Span | undefined {
  const { count, durationType } = asMap(duration);
  const unit = spanOf(durationType, (text) => UNITS[text.toLowerCase()]);
  if (unit === undefined || typeof unit === 'string') return unit;
  const span = spanOf(count, counted(unit));
  return unit === UNITS.weeks && typeof span === 'number' ? daysOfWeeks(span / unit) * DAY : span;
}

/** How long it takes from one backup to the next. */
function betweenOf(schedule: PlainMap): Span | undefined {
  const minutes = spanOf(schedule.scheduleFrequencyInMins, counted(60));
  if (minutes !== undefined) return minutes;
  const frequency = spanOf(schedule.scheduleRunFrequency, (text) => ({ hourly: 1, daily: 2, weekly: 3 })[text.toLowerCase()]);
  if (typeof frequency === 'string' || frequency === undefined) return frequency;
  const list = (name: string, inner: string) => Math.max(1, asList(schedule[name] ?? valueAt(schedule, inner)).length);
  if (frequency === 1) return spanOf(valueAt(schedule, 'hourlySchedule.interval'), counted(HOUR));
  if (frequency === 2) return DAY / list('scheduleRunTimes', 'dailySchedule.scheduleRunTimes');
  return (7 * DAY) / list('scheduleRunDays', 'weeklySchedule.scheduleRunDays');
}

// ── Data Protection ────────────────────────────────────────────────────────────────────────────────────────────────

const STORES: Readonly<Record<string, string>> = {
  OperationalStore: 'beside the data',
  VaultStore: 'in the vault',
  ArchiveStore: 'in the archive',
};
const storeOf = (store: Plain | undefined): string => {
  const type = asText(asMap(store).dataStoreType) ?? '';
  return STORES[type] ?? type;
};

function ofRules(rules: readonly Plain[]): Times {
  const [kept, between] = [new Map<string, readonly [Span, string]>(), new Map<string, readonly [Span, string]>()];
  for (const [index, rule] of rules.entries()) {
    const { backupParameters, dataStore, isDefault, lifecycles, name, trigger } = asMap(rule);
    const path = `properties.policyRules[${index}]`;
    const called = asText(name) ?? '';
    const what = String(isDefault) === 'true' || /^default$/i.test(called) ? 'each backup' : `each backup of the kind ${called}`;
    for (const lifecycle of asList(lifecycles)) {
      const { deleteAfter, sourceDataStore } = asMap(lifecycle);
      const span = spanOf(asMap(deleteAfter).duration, secondsOf);
      if (span !== undefined) kept.set(`${what} ${storeOf(sourceDataStore)} is`.replace(/ +/g, ' '), [span, path]);
    }
    const intervals = asList(valueAt(trigger, 'schedule.repeatingTimeIntervals')).map((interval) =>
      spanOf(interval, (text) => secondsOf(text.split('/').pop() ?? '')),
    );
    const [first] = intervals;
    if (first === undefined) continue;
    const type = asText(asMap(backupParameters).backupType);
    const label = `${type === undefined ? '' : `${type.toLowerCase()} `}backups ${storeOf(dataStore)} are`.replace(/ +/g, ' ');
    between.set(label, [typeof first === 'number' ? first / intervals.length : first, path]);
  }
  return { kept, between };
}

// ── What is backed up ──────────────────────────────────────────────────────────────────────────────────────────────

function itemsCompared(old: Backups, now: Backups, pairing: Pairing): readonly Keeping[] {
  const sources = new Set(now.items.filter((item) => !now.isStopped(item)).flatMap((item) => now.text(item, SOURCE_OF) ?? []));
  const earlier = new Set(old.items.filter((item) => !old.isStopped(item)).flatMap((item) => old.text(item, SOURCE_OF) ?? []));
  const lines = old.items.flatMap((item): readonly Keeping[] => {
    const other = pairing.other(item);
    const [name, source] = [pairing.name(item), old.text(item, SOURCE_OF)];
    const elsewhere = source !== undefined && sources.has(source);
    if (other && now.isStopped(other) && !old.isStopped(item) && !elsewhere)
      return [
        line(
          other,
          'after',
          'weaker',
          'high',
          `${name}: what it backs up is not backed up any more: its protection is stopped`,
          'properties.protectionState',
        ),
      ];
    if (other) return [...repointed(item, other, old, now, pairing), ...leftOut(item, other, old, now, pairing)];
    if (elsewhere || old.isStopped(item)) return [];
    if (staysUnmanaged(item))
      return [
        line(
          item,
          'before',
          'weaker',
          'medium',
          `${name} is no longer in the template and stays, unmanaged: when somebody deletes it, what it backs up is not backed up any more`,
        ),
      ];
    return [line(item, 'before', 'weaker', 'high', `${name} is gone: what it backed up is not backed up any more`)];
  });
  const come = now.items.filter((item) => {
    const source = now.text(item, SOURCE_OF);
    const other = pairing.other(item);
    return !now.isStopped(item) && (other ? old.isStopped(other) : true) && (source === undefined || !earlier.has(source));
  });
  return [...lines, ...come.map((item) => line(item, 'after', 'stronger', 'low', `${pairing.name(item)} is new, or backs up again`))];
}

/** Another policy is as good as long as it keeps as much. */
function repointed(item: Resource, other: Resource, old: Backups, now: Backups, pairing: Pairing): readonly Keeping[] {
  const [was, is] = [old.text(item, POLICY_OF), now.text(other, POLICY_OF)];
  if (was === is || was === undefined || is === undefined) return [];
  const [before, after] = [old.policyOf(item), now.policyOf(other)];
  const name = pairing.name(other);
  const path = POLICY_OF.find((one) => other.at(one).state !== 'absent');
  if (before && after && pairing.other(before) === after) return [];
  if (!before || !after)
    return [
      line(
        other,
        'after',
        'undecided',
        'medium',
        `${name}: whether its new policy keeps backups as well as the one before cannot be told: the input does not hold both`,
        path,
      ),
    ];
  if (canonical(old.reader.of(before).properties ?? null) === canonical(now.reader.of(after).properties ?? null)) return [];
  return differences(timesOf(old.reader.of(before)), timesOf(now.reader.of(after))).map((one) => ({
    ...line(other, 'after', one.direction, one.severity, `${name}: by its new policy, ${one.words}`),
    path,
  }));
}

const DISKS = 'properties.extendedProperties.diskExclusionProperties';
const CONTAINERS = 'properties.policyInfo.policyParameters.backupDatasourceParametersList';

/** Parts of what is backed up that its backups leave out now. */
function leftOut(item: Resource, other: Resource, old: Backups, now: Backups, pairing: Pairing): readonly Keeping[] {
  const name = pairing.name(other);
  const [was, is] = [old.reader.of(item), now.reader.of(other)];
  const lines: Keeping[] = [];
  const [before, after] = [disksOf(was), disksOf(is)];
  if (!isWithin(before, after))
    lines.push(line(other, 'after', 'weaker', 'high', `${name}: disks of its machine are left out of its backups: ${spelt(after)}`, DISKS));
  else if (!isWithin(after, before))
    lines.push(line(other, 'after', 'stronger', 'low', `${name}: more disks of its machine are backed up`, DISKS));
  const [had, has] = [containersOf(was), containersOf(is)];
  const gone = [...had].filter((one) => !has.has(one)).sort();
  // Without a list, the policy and the vault decide.
  if (gone.length > 0 && has.size > 0)
    lines.push(line(other, 'after', 'weaker', 'high', `${name}: no longer backed up: ${gone.join(', ')}`, CONTAINERS));
  return lines;
}

/** Numbers of disks, and whether only those are backed up, or all others. */
interface Disks {
  readonly only: boolean;
  readonly luns: ReadonlySet<string>;
}
function disksOf(properties: PlainMap): Disks {
  const { diskLunList, isInclusionList } = asMap(valueAt(properties, DISKS));
  return { only: String(isInclusionList) === 'true', luns: new Set(asList(diskLunList).map(String)) };
}
/** Whether everything that one backs up the other does as well. */
function isWithin(one: Disks, other: Disks): boolean {
  if (other.only) return one.only && [...one.luns].every((lun) => other.luns.has(lun));
  return [...other.luns].every((lun) => (one.only ? !one.luns.has(lun) : one.luns.has(lun)));
}
const spelt = ({ luns, only }: Disks): string =>
  only ? (luns.size === 0 ? 'all of them' : `all but ${[...luns].sort().join(', ')}`) : [...luns].sort().join(', ');

const containersOf = (properties: PlainMap): ReadonlySet<string> =>
  new Set(
    asList(valueAt(properties, CONTAINERS)).flatMap((one) => asList(asMap(one).containersList).flatMap((name) => asText(name) ?? [])),
  );

const line = (
  at: Resource,
  side: Side['which'],
  direction: Keeping['direction'],
  severity: Keeping['severity'],
  words: string,
  path?: string,
): Keeping => ({
  direction,
  severity,
  words,
  topic: `backup ${words}`,
  at,
  side,
  path,
});
