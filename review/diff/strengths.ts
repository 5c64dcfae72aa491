/**
 * Settings of which one value protects more than another, whatever the rules ask for: a retention that gets shorter, a session that
 * gets longer, a mode that gets milder. What a rule tells already is not told twice (see `findings`).
 */
import type { Resource } from '../../policies/resource';
import type { Value } from '../../policies/value';
import type { Approver, Aspect } from '../schema-review';
import { placeOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Told } from './side';
import { AWS_STRENGTHS } from './strengths/aws';
import { AWS_SWITCHES } from './strengths/aws-switches';
import { AZURE_BACKUPS } from './strengths/azure-backups';
import { AZURE_DATA } from './strengths/azure-data';
import { AZURE_DOORS } from './strengths/azure-doors';
import { AZURE_ENCRYPTION } from './strengths/azure-encryption';
import { AZURE_MESSAGING } from './strengths/azure-messaging';
import { AZURE_NETWORK } from './strengths/azure-network';
import { AZURE_RECORDS } from './strengths/azure-records';
import { AZURE_SERVICES } from './strengths/azure-services';
import { FOREVER, type Measure, type Strength } from './strengths/parts';

const ALL: readonly Strength[] = [
  ...AWS_STRENGTHS,
  ...AWS_SWITCHES,
  ...AZURE_RECORDS,
  ...AZURE_DATA,
  ...AZURE_BACKUPS,
  ...AZURE_DOORS,
  ...AZURE_ENCRYPTION,
  ...AZURE_MESSAGING,
  ...AZURE_NETWORK,
  ...AZURE_SERVICES,
];
const BY_TYPE = new Map<string, readonly Strength[]>();

const RANK: Readonly<Record<Aspect, Approver>> = {
  access: 'security',
  exposure: 'security',
  logging: 'security',
  detection: 'security',
  controls: 'security',
  data: 'data owner',
  encryption: 'security',
  undecided: 'security',
  upgrade: 'security',
};

/** Settings that protect less, or more, than before. */
export const strengths: Aspected = (before, _after, pairing) => {
  const changes: Told[] = [];
  for (const resource of resourcesOf(before)) {
    const known = BY_TYPE.get(resource.type) ?? ALL.filter(({ on }) => on.test(resource.type));
    BY_TYPE.set(resource.type, known);
    const other = known.length > 0 ? pairing.other(resource) : undefined;
    if (!other) continue;
    for (const strength of known) changes.push(...compare(strength, resource, other, pairing));
  }
  return changes;
};

/** What the service does where nobody writes a setting; undefined where no row says. */
export function standardOf({ type }: Resource, path: string): string | undefined {
  const found = ALL.find((strength) => strength.on.test(type) && [strength.path].flat().join('.') === path);
  const absent = found && 'absent' in found.order ? found.order.absent : undefined;
  return absent === undefined ? undefined : String(absent);
}

interface Reading {
  readonly rank: number;
  readonly words: string;
}

/** Undefined where the value is none of the scale. */
function reading(resource: Resource, strength: Strength): Measure | undefined {
  const { measure, order, path, read } = strength;
  if (measure) return measure(resource);
  if (read) return numbered(read(resource), strength);
  const value = writtenAt(resource, path);
  if (value === undefined || value.state === 'secret') return undefined;
  if (value.state === 'unknown') return value.missing === undefined ? undefined : { missing: value.missing };
  if ('present' in order) return value.state === 'absent' ? { rank: 0, words: 'nothing' } : { rank: 1, words: 'being there' };
  if (value.state === 'reference' || value.state === 'text') return undefined;
  if ('scale' in order) {
    const said = value.state === 'absent' ? order.absent : String(value.boolean ?? value.string ?? value.number ?? '');
    const rank = said === undefined ? -1 : order.scale.findIndex((step) => step.toLowerCase() === said.toLowerCase());
    return said === undefined || rank < 0 ? undefined : { rank, words: said };
  }
  const number = value.state === 'absent' ? order.absent : value.number;
  // Zero days of retention mean for ever where that is what nobody's writing means.
  return numbered(number === 0 && order.absent === FOREVER ? FOREVER : number, strength);
}

function numbered(number: number | undefined, { order }: Strength): Reading | undefined {
  if (number === undefined || Number.isNaN(number) || !('more' in order)) return undefined;
  const { more, unit = '' } = order;
  const words =
    number === FOREVER
      ? more === 'stronger'
        ? 'without end'
        : 'no limit'
      : `${Math.round(number * 100) / 100} ${number === 1 ? unit.replace(/s$/, '') : unit}`.trim();
  return { rank: more === 'stronger' ? number : -number, words };
}

/** A path of which a key holds dots is followed key by key. */
function writtenAt(resource: Resource, path: Strength['path']): Value | undefined {
  if (typeof path === 'string') return resource.at(path);
  const [first = '', ...keys] = path;
  let at: Value = resource.at(first);
  for (const key of keys) {
    if (at.state === 'unknown') return at;
    const next = at.entries().find(([name]) => name === key)?.[1];
    if (next === undefined) return at.at(ABSENT);
    at = next;
  }
  return at;
}

/** A key that nobody writes. */
const ABSENT = ' ';

const textOf = (path: Strength['path']): string => (typeof path === 'string' ? path : path.join('.'));

const SWITCH = /^(false true|0 1)$/;

function inWords(order: Strength['order'], old: Reading, now: Reading, weaker: boolean): string {
  if ('present' in order) return weaker ? 'goes away' : 'is added';
  if ('scale' in order && SWITCH.test(order.scale.join(' '))) return weaker ? 'is turned off' : 'is turned on';
  return `goes from ${old.words} to ${now.words}`;
}

function compare(strength: Strength, before: Resource, after: Resource, pairing: Pairing): readonly Told[] {
  const [old, now] = [reading(before, strength), reading(after, strength)];
  if (!old || !now) return [];
  if ('missing' in old || 'missing' in now) return mayBeLess(old, now, strength) ? [unsure(strength, after, pairing, old, now)] : [];
  if (old.rank === now.rank) return [];
  const { aspect, order, severity = 'medium', what } = strength;
  const path = textOf(strength.path);
  const weaker = now.rank < old.rank;
  const { turns } = strength;
  const change = turns ? turns[weaker ? 0 : 1] : `${what} ${inWords(order, old, now, weaker)}`;
  return [
    {
      aspect,
      direction: weaker ? 'weaker' : 'stronger',
      severity,
      sentence: `${pairing.name(after)}: ${change}`,
      subject: pairing.identity(after),
      topic: `strength ${path} ${what}`,
      ...(weaker ? { approver: RANK[aspect] } : {}),
      evidence: [{ resource: shownAs(after), side: 'after', ...placeOf(after, path), saw: `${path}: ${old.words} → ${now.words}` }],
      causes: [path, ...(strength.beside ?? [])].map((one) => ({ resource: pairing.identity(after), path: one })),
    },
  ];
}

/** Whether it may protect less than before: neither from the weakest, nor to the strongest. */
function mayBeLess(old: Measure, now: Measure, { order }: Strength): boolean {
  if ('missing' in old && 'missing' in now) return old.missing !== now.missing;
  if ('rank' in old) return old.rank !== ('more' in order && order.more === 'weaker' ? -FOREVER : 0);
  const strongest = 'scale' in order ? order.scale.length - 1 : 'present' in order ? 1 : order.more === 'weaker' ? 0 : FOREVER;
  return 'rank' in now && now.rank !== strongest;
}

const said = (measure: Measure): string => ('rank' in measure ? measure.words : `what ${measure.missing} says`);

function unsure(strength: Strength, after: Resource, pairing: Pairing, old: Measure, now: Measure): Told {
  const { aspect, severity = 'medium', what } = strength;
  const path = textOf(strength.path);
  return {
    aspect,
    direction: 'undecided',
    severity,
    sentence: `${pairing.name(after)}: whether ${what} is as much as before cannot be told: it goes from ${said(old)} to ${said(now)}`,
    subject: pairing.identity(after),
    topic: `strength ${path} ${what}`,
    approver: RANK[aspect],
    evidence: [{ resource: shownAs(after), side: 'after', ...placeOf(after, path), saw: `${path}: ${said(old)} → ${said(now)}` }],
    causes: [{ resource: pairing.identity(after), path }],
  };
}
