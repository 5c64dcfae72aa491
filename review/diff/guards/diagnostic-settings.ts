/** Diagnostic settings of Azure, read: of what, which records, and where they go. */
import type { Resource } from '../../../policies/resource';
import { Value } from '../../../policies/value';
import type { Estate } from '../access-azure/estate';
import { kindOf } from '../pairing';
import type { Side } from '../side';
import { FOREVER } from '../strengths/parts';
import { subscriptionOf, tokenOf } from './azure-places';
import { categoryKey, groupKey, type Recording } from './diagnostic-categories';

/** What a setting is about, or where it sends to. */
export interface Place {
  readonly key: string;
  readonly name: string;
  /** What only deployment tells of it. */
  readonly missing?: string | undefined;
  readonly resource?: Resource | undefined;
  /** The subscription that it names. */
  readonly subscription?: string | undefined;
}

export interface Recorded extends Place {
  /** By which its categories are known: a type, or a service inside of a storage account. */
  readonly kind: string;
}

export interface Sink extends Place {
  /** The property that names it. */
  readonly path: string;
  /** Days for which each category is kept, in storage that the setting itself empties. */
  readonly days: ReadonlyMap<string, number>;
}

export interface Setting {
  readonly at: Resource;
  readonly of: Recorded;
  readonly sinks: readonly Sink[];
  readonly logs: Recording;
  readonly metrics: Recording;
}

export const DIAGNOSTICS = /^azure-native:(monitor|insights|aadiam):\w*DiagnosticSetting$/;
const SERVICE = /\/(blob|file|queue|table)services\/default\/?$/i;
const SERVICE_TYPE = /^azure-native:storage:(Blob|File|Queue|Table)ServiceProperties$/;
const SERVICE_WORDS: Readonly<Record<string, string>> = {
  blob: 'the blobs',
  file: 'the file shares',
  queue: 'the queues',
  table: 'the tables',
};

/** Every setting of a side. */
export function settingsIn(side: Side, estate: Estate): readonly Setting[] {
  const settings: Setting[] = [];
  for (const { graph } of side.targets)
    for (const type of graph.types)
      if (DIAGNOSTICS.test(type))
        for (const at of graph.ofType(type)) if (graph.exists(at) && at.options.external !== true) settings.push(settingOf(at, estate));
  return settings;
}

function settingOf(at: Resource, estate: Estate): Setting {
  const logs = at.at('logs');
  return {
    at,
    of: recordedBy(at, estate),
    sinks: [...sinksOf(at, logs, estate)],
    logs: recordingOf(logs),
    metrics: recordingOf(at.at('metrics')),
  };
}

// ── Of what ────────────────────────────────────────────────────────────────────────────────────────────────────────

function recordedBy(setting: Resource, estate: Estate): Recorded {
  if (setting.type.startsWith('azure-native:aadiam:')) return { key: 'directory', name: 'the directory', kind: 'directory' };
  const group = setting.at('managementGroupId');
  if (group.state !== 'absent') {
    const written = group.targets.length > 0 ? group : textAt(setting, `/providers/Microsoft.Management/managementGroups/${group.shape}`);
    return { ...placeOf(written, setting, estate), kind: 'management group' };
  }
  const uri = setting.at('resourceUri');
  const [tail, service = ''] = SERVICE.exec(uri.shape ?? '') ?? [];
  if (tail === undefined) return recordedItself(uri, setting, estate);
  const [target] = uri.targets;
  const known = target === undefined ? undefined : estate.resource(target);
  const account = known
    ? placeOfResource(known, estate)
    : placeOf(textAt(setting, (uri.shape as string).slice(0, -tail.length)), setting, estate);
  return serviceOf(account, service);
}

function recordedItself(uri: Value, setting: Resource, estate: Estate): Recorded {
  const place = placeOf(uri, setting, estate);
  const resource = place.resource ?? soleTarget(uri, estate);
  const [, service] = SERVICE_TYPE.exec(resource?.type ?? '') ?? [];
  const account = service === undefined || !resource ? undefined : estate.parentOf(resource);
  if (service !== undefined && account) return serviceOf(placeOfResource(account, estate), service);
  // A text that is made from an id may be that of something inside.
  if (uri.isDerived) return { ...place, key: `derived ${place.key}`, missing: openOf(uri, estate), kind: resource?.type ?? '' };
  return { ...place, kind: resource?.type ?? (/^subscription /.test(place.key) ? 'subscription' : (tokenOf(uri.shape) ?? '')) };
}

const serviceOf = (account: Place, service: string): Recorded => ({
  ...account,
  key: `${account.key}/${service.toLowerCase()}services`,
  name: `${SERVICE_WORDS[service.toLowerCase()]} of ${account.name}`,
  kind: `${service.toLowerCase()}services`,
});

// ── Where to ───────────────────────────────────────────────────────────────────────────────────────────────────────

const SINKS = ['workspaceId', 'storageAccountId', 'marketplacePartnerId', 'eventHubAuthorizationRuleId', 'serviceBusRuleId'] as const;

function* sinksOf(setting: Resource, logs: Value, estate: Estate): Iterable<Sink> {
  for (const path of SINKS) {
    const value = setting.at(path);
    if (value.state === 'absent' || value.string === '') continue;
    const place = /Rule/.test(path) ? hubOf(value, setting, estate) : placeOf(value, setting, estate);
    yield { ...place, path, days: path === 'storageAccountId' ? daysOf(logs) : new Map() };
  }
}

/** Another right to send to the same hub is the same place. */
function hubOf(rule: Value, setting: Resource, estate: Estate): Place {
  const name = setting.at('eventHubName');
  const target = placeOf(rule, setting, estate).resource;
  const parent = target && /AuthorizationRule$/.test(target.type) ? estate.parentOf(target) : target;
  const written = /^(.*)\/authorizationRules\/[^/]+\/?$/i.exec(rule.shape ?? '')?.[1];
  const space = parent
    ? placeOfResource(parent, estate)
    : placeOf(written === undefined || rule.targets.length > 0 ? rule : textAt(setting, written), setting, estate);
  if (name.state === 'absent') return space;
  const hub = name.string?.toLowerCase() ?? placeOf(name, setting, estate).key;
  const known = name.targets.map((id) => estate.resource(id)).find((one) => one !== undefined);
  return { ...space, key: `${space.key}/${hub}`, name: known ? estate.pairing.name(known) : `the event hub ${name.string ?? ''}`.trim() };
}

/** Zero days, or a rule that is off, keep for ever. */
function daysOf(logs: Value): ReadonlyMap<string, number> {
  return new Map(
    logs.items().flatMap((line) => {
      const key = keyOf(line);
      const [rule, days] = [line.at('retentionPolicy'), line.at('retentionPolicy.days')];
      if (key === undefined || rule.state === 'unknown' || days.state === 'unknown') return [];
      const limited = rule.at('enabled').boolean !== false && (days.number ?? 0) > 0;
      return [[key, limited ? (days.number as number) : FOREVER] as const];
    }),
  );
}

// ── Which records ──────────────────────────────────────────────────────────────────────────────────────────────────

const keyOf = (line: Value): string | undefined => {
  const [group, one] = [line.at('categoryGroup').string, line.at('category').string];
  return group !== undefined && group !== '' ? groupKey(group) : one === undefined ? undefined : categoryKey(one);
};

function recordingOf(lines: Value): Recording {
  const categories = new Map<string, string>();
  const missing: string[] = [];
  for (const line of lines.items()) {
    const [enabled, key] = [line.at('enabled'), keyOf(line)];
    // A category without a word is on.
    if (enabled.boolean === false) continue;
    const open = [line, enabled, line.at('category'), line.at('categoryGroup')].find(
      ({ state }) => state !== 'absent' && state !== 'known',
    );
    if (open) missing.push(open.missing ?? open.describe());
    else if (key !== undefined) categories.set(key, line.at('categoryGroup').string || (line.at('category').string as string));
  }
  return { categories, missing };
}

// ── Places ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const textAt = (setting: Resource, text: string): Value => Value.root(setting, text);

function placeOf(value: Value, setting: Resource, estate: Estate): Place {
  const { key, name, resource } = estate.scope(value, setting);
  if (resource) return placeOfResource(resource, estate);
  if (/^\$\{/.test(key)) return { key, name: 'what only deployment tells', missing: openOf(value, estate) };
  const [token, own] = [tokenOf(value.shape), value.shape?.replace(/\/+$/, '').split('/').pop()];
  return {
    key: key.toLowerCase(),
    name: token === undefined || own === undefined ? name : `the ${kindOf(token)} ${own}`,
    subscription: subscriptionOf(value.shape ?? ''),
  };
}

const soleTarget = ({ targets }: Value, estate: Estate): Resource | undefined =>
  new Set(targets).size === 1 ? estate.resource(targets[0] as string) : undefined;

/** Why nobody can tell, in words. */
function openOf(value: Value, estate: Estate): string {
  const [target] = value.targets;
  const known = target === undefined ? undefined : estate.resource(target);
  if (known) return `what is made of ${estate.pairing.name(known)}`;
  return value.missing ?? 'a value that is known only on deployment';
}

const placeOfResource = (resource: Resource, estate: Estate): Place => ({
  key: estate.pairing.identity(resource),
  name: estate.pairing.name(resource),
  resource,
});
