/** Readings of what keeps data on Azure: times in all the forms in which services take them, kinds of backup, numbers of copies. */
import { hoursOf } from '../../../policies/facts/azure-durations';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { FOREVER, type Measure, measured, type Row } from './parts';

const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Seconds; what decides them, where nobody can tell; undefined where it does not apply. */
export type Time = number | { readonly missing: string } | undefined;

/** Times as people say them. */
export function spell(seconds: number): string {
  if (seconds === FOREVER) return 'without end';
  if (seconds === 0) return 'none';
  const [unit, name] =
    seconds >= DAY ? [DAY, 'day'] : seconds >= HOUR ? [HOUR, 'hour'] : seconds >= MINUTE ? [MINUTE, 'minute'] : [1, 'second'];
  const count = Math.round((seconds / (unit as number)) * 100) / 100;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** How often, as people say it: `every day`. */
export const spellEvery = (seconds: number): string => `every ${spell(seconds).replace(/^1 /, '')}`;

/** What a value hangs on; undefined for what is known, and for secrets. */
export function missingIn(value: Value): { readonly missing: string } | undefined {
  const missing = value.missing ?? (value.state === 'reference' || value.state === 'text' ? value.shape : undefined);
  return missing === undefined ? undefined : { missing };
}

/** A number of some unit. */
export const timeOf = (value: Value, unit: number, absent?: number): Time =>
  value.state === 'absent' ? absent : value.number === undefined ? missingIn(value) : value.number * unit;

/** The longest that .NET knows: services write it for what never ends. */
const LONGEST = 10_000_000 * DAY;
const TIME_SPAN = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.\d+)?$/;

/** Seconds of `P14D`, `PT10M` or `14.00:00:00`; undefined for anything else. */
export function secondsOf(text: string): number | undefined {
  const [matched, days, hours, minutes, seconds] = TIME_SPAN.exec(text) ?? [];
  const taken =
    matched === undefined
      ? (hoursOf(text) ?? Number.NaN) * HOUR
      : Number(days ?? 0) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds);
  return Number.isNaN(taken) ? undefined : taken >= LONGEST ? FOREVER : taken;
}

export const durationOf = (value: Value, absent?: number): Time => {
  if (value.state === 'absent') return absent;
  return value.string === undefined ? missingIn(value) : secondsOf(value.string);
};

/** Kept for that long: longer is stronger. */
export const kept = (read: (resource: Resource) => Time): Row => measured((resource) => ranked(read(resource), 1));
/** Done every so often: longer is weaker. */
export const every = (read: (resource: Resource) => Time): Row => measured((resource) => ranked(read(resource), -1));

function ranked(time: Time, sign: 1 | -1): Measure | undefined {
  if (time === undefined || typeof time === 'object') return time;
  return { rank: sign * time, words: sign < 0 ? spellEvery(time) : spell(time) };
}

// ── Deleted, and back again ────────────────────────────────────────────────────────────────────────────────────────

/** Days for which something comes back while that is on; none where it is off. */
export const comesBack =
  (path: string, days: string, absent?: number) =>
  (resource: Resource): Time => {
    const policy = resource.at(path);
    if (policy.state === 'absent') return absent;
    if (policy.state !== 'known') return missingIn(policy);
    const enabled = policy.at('enabled');
    if (enabled.boolean === undefined && enabled.state !== 'absent') return missingIn(enabled);
    return enabled.boolean === true ? timeOf(policy.at(days), DAY, days === 'retentionInDays' ? FOREVER : undefined) : 0;
  };

// ── Cosmos DB ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** More than any number of seconds, and less than nothing at all. */
const OF_ITSELF: Measure = { rank: Number.MAX_VALUE, words: 'without end (but for items with a time of their own)' };
const NEVER: Measure = { rank: FOREVER, words: 'without end' };

/** Where nothing is written, not even items with a time of their own go; with -1, only those do. */
export function itemsKept(resource: Resource): Measure | undefined {
  const value = resource.at('resource.defaultTtl');
  if (value.state === 'absent') return NEVER;
  // Tables of Cassandra know no other word for never, and rows with a time of their own always go.
  if (/CassandraTable$/.test(resource.type) && value.number !== undefined && value.number <= 0) return NEVER;
  return lived(value);
}

function lived(value: Value): Measure | undefined {
  if (value.number === undefined) return missingIn(value);
  return value.number < 0 ? OF_ITSELF : { rank: value.number, words: spell(value.number) };
}

/** The index that lets documents go the soonest. */
export function documentsKept(resource: Resource): Measure | undefined {
  const indexes = resource.at('resource.indexes');
  if (indexes.state === 'absent') return NEVER;
  const each = indexes.items().flatMap((index) => {
    const after = index.state === 'known' ? index.at('options.expireAfterSeconds') : index;
    return after.state === 'absent' ? [] : [lived(after)];
  });
  const [soonest = NEVER] = each.sort((a, b) => rankIn(a) - rankIn(b));
  return soonest;
}
const rankIn = (measure: Measure | undefined): number => (measure !== undefined && 'rank' in measure ? measure.rank : -1);

/** For how long the store for analysis keeps: nothing where there is none. */
export function analysed(resource: Resource): Time {
  const value = resource.at('resource.analyticalStorageTtl');
  return value.number !== undefined && value.number < 0 ? FOREVER : timeOf(value, 1, 0);
}

const PERIODIC: Measure = { rank: 1, words: 'copies now and then' };

/** What a database account goes back to. */
export function cosmosBackup(account: Resource): Measure | undefined {
  const type = account.at('backupPolicy.type');
  if (type.state === 'absent') return account.at('backupPolicy').state === 'absent' ? PERIODIC : missingIn(account.at('backupPolicy'));
  if (type.string === undefined) return missingIn(type);
  if (type.string !== 'Continuous') return PERIODIC;
  const tier = account.at('backupPolicy.continuousModeProperties.tier');
  if (tier.state === 'absent' || tier.string === 'Continuous30Days') return { rank: 3, words: 'any moment of the last 30 days' };
  return tier.string === 'Continuous7Days' ? { rank: 2, words: 'any moment of the last 7 days' } : missingIn(tier);
}

/** A time of backups that are taken now and then; undefined for those that go on all the time. */
export const ofPeriodic =
  (property: string, unit: number, absent: number) =>
  (account: Resource): Time => {
    const measure = cosmosBackup(account);
    if (measure === undefined || measure !== PERIODIC) return undefined;
    return timeOf(account.at(`backupPolicy.periodicModeProperties.${property}`), unit, absent);
  };

// ── Messages ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** For how long events are read again: hours in newer versions, days in older ones. */
export function eventsKept(hub: Resource): Measure | undefined {
  const { policy, hours, days } = {
    policy: hub.at('retentionDescription.cleanupPolicy'),
    hours: hub.at('retentionDescription.retentionTimeInHours'),
    days: hub.at('messageRetentionInDays'),
  };
  if (policy.string === 'Compact') return { missing: 'compaction, which keeps the last event of each key,' };
  if (hours.number !== undefined && hours.number < 0) return NEVER;
  return ranked(hours.state === 'absent' ? timeOf(days, DAY) : timeOf(hours, HOUR), 1);
}

// ── Copies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** 1 where the redundancy of a storage account is of a kind. */
const redundancy = (kind: RegExp) => (account: Resource) => {
  const name = account.at('sku.name');
  return name.string === undefined ? undefined : Number(kind.test(name.string));
};
export const inAnotherRegion = redundancy(/GZ?RS$/i);
export const inSeveralZones = redundancy(/ZRS$/i);

const PERSISTED: Readonly<Record<string, Measure>> = {
  aof: { rank: 2, words: 'every write' },
  rdb: { rank: 1, words: 'snapshots' },
  none: { rank: 0, words: 'nothing' },
};

/** What is left of a cache that restarts. */
export const persisted =
  (aof: string, rdb: string) =>
  (cache: Resource): Measure | undefined => {
    for (const [kind, path] of [
      ['aof', aof],
      ['rdb', rdb],
    ] as const) {
      const value = cache.at(path);
      if (value.boolean === true) return PERSISTED[kind];
      if (value.boolean === undefined && value.state !== 'absent') return missingIn(value);
    }
    return PERSISTED.none;
  };

/** How many zones a cache or machine stands in. */
export function zones(resource: Resource): number | undefined {
  const list = resource.at('zones');
  return list.state === 'known' || list.state === 'absent' ? new Set(list.items().map(({ shape }) => shape)).size : undefined;
}

const STORED = ['LocallyRedundant', 'ZoneRedundant', 'GeoRedundant'];
/** The weakest redundancy of the stores of a backup vault. */
export function vaultCopies(vault: Resource): Measure | undefined {
  const settings = vault.at('properties.storageSettings').items();
  const types = settings.map((setting) => setting.at('type'));
  const unknown = types.find((type) => type.string === undefined);
  if (unknown) return missingIn(unknown);
  const ranks = types.map((type) => STORED.indexOf(type.string as string)).filter((rank) => rank >= 0);
  if (ranks.length === 0) return undefined;
  const least = Math.min(...ranks);
  return { rank: least, words: STORED[least] as string };
}
