/**
 * What a workload is wired to: the store that a variable, an event source or a secret names, the role that it acts as, the key that
 * stores share, and the label that says how sensitive they are. What crosses a tier is told.
 */
import { SENSITIVITIES, TIERS } from '../../controls';
import { append } from '../../policies/collect';
import { type Label, labelOf } from '../../policies/facts/classification';
import type { Resource } from '../../policies/resource';
import { hasHole } from './access/text';
import { acting } from './acting';
import { calls } from './custom-resources';
import { HOLDS } from './data';
import type { Plain } from './plain';
import { asList, asMap, asText, placeOf, type Reader, readerOf, shownAs, valueAt } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Labels, shared keys, re-pointed workloads, roles that are acted as. */
export const wiring: Aspected = (before, after, pairing, occasion) => [
  ...labels(before, pairing),
  ...keys(before, after, pairing),
  ...[...repointed(before, after, pairing)],
  ...acting(before, after, pairing, occasion),
  ...calls(before, after, pairing, occasion),
];

// ── Labels ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SCALES: Readonly<Partial<Record<Label, readonly string[]>>> = { sensitivity: SENSITIVITIES, tier: TIERS };
const said = (resource: Resource, label: Label): string | undefined => labelOf(resource, label)?.string?.toLowerCase();

interface Relabelled {
  readonly store: Resource;
  readonly weaker: boolean;
  readonly words: string;
}

/** Stores that are said to be less sensitive, or are no longer said to be anything: what is said of many at once is told once. */
function labels(before: Side, pairing: Pairing): readonly Told[] {
  const byWords = new Map<string, Relabelled[]>();
  for (const resource of resourcesOf(before)) {
    const store = HOLDS.test(resource.type) ? pairing.other(resource) : undefined;
    if (!store) continue;
    const changed = (['sensitivity', 'tier'] as const).flatMap((label) => {
      const [was, is] = [said(resource, label), said(store, label)];
      const scale = SCALES[label] as readonly string[];
      if (was === undefined || was === is || labelOf(store, label)?.state === 'unknown') return [];
      return [{ label, was, is, step: is === undefined ? -1 : scale.indexOf(is) - scale.indexOf(was) }];
    });
    if (changed.length === 0) continue;
    const weaker = changed.some(({ step }) => step < 0);
    const words = changed
      .map(({ is, label, was }) =>
        is === undefined ? `its ${label} is no longer said (was ${was})` : `its ${label} goes from ${was} to ${is}`,
      )
      .join(', and ');
    append(byWords, `${weaker} ${words}`, { store, weaker, words });
  }
  return [...byWords.values()].map((some) => relabelled(some, pairing));
}

function relabelled(some: readonly Relabelled[], pairing: Pairing): Told {
  // By name, so that the order of the template does not matter.
  const stores = some.map(({ store }) => ({ store, name: pairing.name(store) })).sort((one, other) => (one.name < other.name ? -1 : 1));
  const [{ weaker, words }, [first]] = [some[0] as Relabelled, stores];
  const { store } = first as { readonly store: Resource };
  const names = stores.map(({ name }) => name);
  const more = names.length > 3 ? ` and ${names.length - 2} more` : '';
  const who =
    names.length === 1
      ? `${names[0]}: ${words}`
      : `${names.length} stores (${(more === '' ? names : names.slice(0, 2)).join(', ')}${more}): of each, ${words}`;
  return {
    ...base(store, pairing, weaker ? 'weaker' : 'stronger'),
    aspect: 'controls',
    severity: weaker ? 'high' : 'low',
    sentence: `${who}${weaker ? ', and less is asked of it' : ''}`,
    topic: 'label',
    ...(weaker ? { boundary: 'tier' as const, approver: 'data owner' as const } : {}),
    evidence: stores.map((one) => ({ resource: shownAs(one.store), side: 'after', ...placeOf(one.store) })),
    causes: stores.flatMap((one) => ['Tags', 'tags'].map((path) => ({ resource: pairing.identity(one.store), path }))),
  };
}

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const KEY = /^(AWS::KMS::(Replica)?Key|azure-native:keyvault:Key)$/;

interface Shared {
  readonly key: UsedKey;
  readonly byLabel: ReadonlyMap<string, readonly Resource[]>;
}

/** Keys with the stores that use them, by what those are said to hold: each scale by itself, because only its own words differ. */
function sharing(side: Side, pairing: Pairing): readonly ReadonlyMap<string, Shared>[] {
  const reader = readerOf(side, pairing);
  const scales = (['sensitivity', 'tier'] as const).map((scale) => ({
    scale,
    found: new Map<string, Shared & { byLabel: Map<string, Resource[]> }>(),
  }));
  for (const resource of resourcesOf(side)) {
    if (!HOLDS.test(resource.type) || KEY.test(resource.type)) continue;
    const labels = scales.map(({ found, scale }) => ({ found, label: said(resource, scale) }));
    if (labels.every(({ label }) => label === undefined)) continue;
    for (const key of keysIn(reader.of(resource), reader, pairing).values())
      for (const { found, label } of labels) {
        if (label === undefined) continue;
        const known = found.get(key.identity) ?? { key, byLabel: new Map<string, Resource[]>() };
        known.byLabel.set(label, [...(known.byLabel.get(label) ?? []), resource]);
        found.set(key.identity, known);
      }
  }
  return scales.map(({ found }) => found);
}

/** A key that something is encrypted with: a resource, or the name of one that is declared elsewhere. */
interface UsedKey {
  readonly identity: string;
  readonly name: string;
  readonly resource?: Resource;
}

/** ARNs of keys and their aliases but those of services; identifiers of keys in vaults, without their version. */
const ELSEWHERE = /^(arn:[\w-]+:kms:.+:(?:key\/.+|alias\/(?!aws\/).+)|https:\/\/[\w.-]+\/keys\/[\w-]+)/;

function keysIn(value: Plain, reader: Reader, pairing: Pairing): ReadonlyMap<string, UsedKey> {
  const found = new Map<string, UsedKey>();
  const add = (key: UsedKey) => found.set(key.identity, key);
  const look = (at: Plain, named: boolean): void => {
    if (typeof at === 'string' && named) {
      const resource = hasHole(at) ? reader.referred(at) : undefined;
      if (resource && KEY.test(resource.type)) add({ identity: pairing.identity(resource), name: pairing.name(resource), resource });
      else if (!resource && ELSEWHERE.test(at)) add(byText(ELSEWHERE.exec(at)?.[1] as string));
    } else if (typeof at === 'object' && at !== null) {
      const entries = Object.entries(at);
      const part = (name: RegExp) => asText(entries.find(([key]) => name.test(key))?.[1]);
      const [vault, name] = [part(/^keyVaultUri$/i), part(/^keyName$/i)];
      if (vault !== undefined && name !== undefined) add(byText(`${reader.words(vault).replace(/\/$/, '')}/keys/${name}`));
      for (const [key, inner] of entries) look(inner as Plain, named || /key/i.test(key));
    }
  };
  look(value, false);
  return found;
}
const byText = (text: string): UsedKey => ({ identity: text.toLowerCase(), name: `the key ${text}` });

function keys(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const [old, now] = [sharing(before, pairing), sharing(after, pairing)];
  const lines = now.flatMap((found, scale) =>
    [...found.values()].flatMap((shared) =>
      isNews(shared, old[scale] as ReadonlyMap<string, Shared>, pairing) ? [sharedLine(shared, pairing)] : [],
    ),
  );
  // Both scales may say it of one key.
  return [...new Map(lines.reverse().map((line) => [line.subject, line])).values()].reverse();
}

/** Whether what one key opens now was opened by several before. What is all new has nothing that it was apart from. */
function isNews({ byLabel, key }: Shared, old: ReadonlyMap<string, Shared>, pairing: Pairing): boolean {
  if (byLabel.size < 2) return false;
  const labels = [...byLabel.keys()];
  const together = (shared: Shared | undefined) => shared !== undefined && labels.every((label) => shared.byLabel.has(label));
  if (old.has(key.identity)) return !together(old.get(key.identity));
  // Another key in place of one that they shared already is not news.
  const stores = new Set([...byLabel.values()].flat().map(pairing.identity));
  const before = [...old.values()].filter((shared) =>
    [...shared.byLabel.values()].flat().some((store) => stores.has(pairing.identity(store))),
  );
  return before.length > 0 && !before.some(together);
}

function sharedLine({ byLabel, key }: Shared, pairing: Pairing): Told {
  // By name, so that the order of the template does not matter.
  const users = [...byLabel]
    .map(([label, resources]) => [label, resources.map((resource) => pairing.name(resource)).sort()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, [first, ...more]]) => `${label} (${first}${more.length > 0 ? ` and ${more.length} more` : ''})`);
  const stores = [...byLabel.values()].flat().sort((a, b) => (pairing.name(a) < pairing.name(b) ? -1 : 1));
  const shown = key.resource ?? (stores[0] as Resource);
  return {
    ...base(shown, pairing, 'weaker'),
    aspect: 'encryption',
    severity: 'high',
    sentence: `${key.name} is newly shared by what is ${users.join(' and what is ')}: whoever may decrypt one may decrypt the other`,
    topic: 'shared key',
    boundary: 'tier',
    approver: 'security',
    causes: [{ resource: pairing.identity(shown) }],
    ...(key.resource ? {} : { tells: ['ENC-08'] as const }),
  };
}

// ── Workloads ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Wire {
  /** `the variable TABLE`. */
  readonly name: string;
  readonly value: string;
  readonly path: string;
}

/** Variables, secrets and event sources of a workload, by type. */
const WIRES: readonly (readonly [type: RegExp, read: (properties: Plain) => readonly Wire[]])[] = [
  [/^AWS::Lambda::Function$/, (it) => variables(valueAt(it, 'Environment.Variables'), 'Environment.Variables')],
  [/^AWS::Serverless::Function$/, (it) => variables(valueAt(it, 'Environment.Variables'), 'Environment.Variables')],
  [/^AWS::Lambda::EventSourceMapping$/, (it) => single('its source', valueAt(it, 'EventSourceArn'), 'EventSourceArn')],
  [
    /^AWS::Pipes::Pipe$/,
    (it) => [...single('its source', valueAt(it, 'Source'), 'Source'), ...single('its target', valueAt(it, 'Target'), 'Target')],
  ],
  [
    /^AWS::CodeBuild::Project$/,
    (it) => named(valueAt(it, 'Environment.EnvironmentVariables'), 'Name', 'Value', 'Environment.EnvironmentVariables'),
  ],
  [
    /^AWS::ECS::TaskDefinition$/,
    (it) =>
      asList(asMap(it).ContainerDefinitions).flatMap((container, at) => [
        ...named(asMap(container).Environment, 'Name', 'Value', `ContainerDefinitions[${at}].Environment`),
        ...named(asMap(container).Secrets, 'Name', 'ValueFrom', `ContainerDefinitions[${at}].Secrets`),
      ]),
  ],
  [
    /^AWS::AppRunner::Service$/,
    (it) =>
      named(
        valueAt(it, 'SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables'),
        'Name',
        'Value',
        'SourceConfiguration',
      ),
  ],
  [
    /^azure-native:web:WebApp(Slot)?$/,
    (it) => [
      ...named(valueAt(it, 'siteConfig.appSettings'), 'name', 'value', 'siteConfig.appSettings'),
      ...named(valueAt(it, 'siteConfig.connectionStrings'), 'name', 'connectionString', 'siteConfig.connectionStrings'),
    ],
  ],
  [/^azure-native:web:WebAppApplicationSettings$/, (it) => variables(valueAt(it, 'properties'), 'properties')],
  [
    /^azure-native:app:(ContainerApp|Job)$/,
    (it) =>
      asList(valueAt(it, 'template.containers')).flatMap((container, at) =>
        named(asMap(container).env, 'name', 'value', `template.containers[${at}].env`),
      ),
  ],
];

const single = (name: string, value: Plain | undefined, path: string): readonly Wire[] => {
  const text = asText(value);
  return text === undefined ? [] : [{ name, value: text, path }];
};
const variables = (value: Plain | undefined, path: string): readonly Wire[] =>
  Object.entries(asMap(value)).flatMap(([key, one]) => single(`the variable ${key}`, one, `${path}.${key}`));
const named = (value: Plain | undefined, key: string, text: string, path: string): readonly Wire[] =>
  asList(value).flatMap((item) => single(`the variable ${asText(asMap(item)[key])}`, asMap(item)[text], path));

const BY_TYPE = new Map<string, (properties: Plain) => readonly Wire[]>();
function wiresOf(resource: Resource): ((properties: Plain) => readonly Wire[]) | undefined {
  const known = BY_TYPE.get(resource.type) ?? WIRES.find(([type]) => type.test(resource.type))?.[1] ?? (() => []);
  BY_TYPE.set(resource.type, known);
  return known;
}

/** Workloads whose wires lead to a store of another tier than before, or than their own. */
function* repointed(before: Side, after: Side, pairing: Pairing): Iterable<Told> {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  for (const resource of resourcesOf(after)) {
    const read = wiresOf(resource);
    const wires = read?.(now.of(resource)) ?? [];
    if (wires.length === 0) continue;
    const other = pairing.other(resource);
    const earlier = other && read ? read(old.of(other)) : [];
    const reached = new Set(earlier.flatMap(({ value }) => identityIn(value, old, pairing) ?? []));
    for (const wire of wires) {
      const store = now.referred(wire.value);
      if (!store) yield* away(wire, earlier, resource, { old, now, pairing });
      if (!store || store === resource || !HOLDS.test(store.type) || reached.has(pairing.identity(store))) continue;
      const was = earlier.find(({ name }) => name === wire.name);
      const crossing = crosses(workloadOf(resource, now), store, was !== undefined);
      if (crossing === undefined) continue;
      yield {
        ...base(resource, pairing, 'weaker', wire.path),
        aspect: 'access',
        severity: 'high',
        sentence: `${pairing.name(resource)}: ${wire.name} leads to ${pairing.name(store)}${was ? ` instead of ${old.words(was.value)}` : ''}, ${crossing}`,
        topic: `wire ${wire.name}`,
        boundary: 'tier',
        approver: 'data owner',
        causes: [{ resource: pairing.identity(resource), path: wire.path }],
      };
    }
  }
}

interface Readers {
  readonly old: Reader;
  readonly now: Reader;
  readonly pairing: Pairing;
}

/** A wire that led to a store and leads to something that the input does not have: nobody can tell whose that is. */
function* away(wire: Wire, earlier: readonly Wire[], resource: Resource, { now, old, pairing }: Readers): Iterable<Told> {
  const was = earlier.find(({ name }) => name === wire.name);
  const store = was && old.referred(was.value);
  // What other stacks of the account export is ours.
  if (!was || !store || !HOLDS.test(store.type) || wire.value === '' || /the export /.test(wire.value)) return;
  // It may have no other name left: the store itself is gone, and that is told.
  if (was.value === wire.value) return;
  yield {
    ...base(resource, pairing, 'undecided', wire.path),
    aspect: 'access',
    severity: 'medium',
    sentence: `${pairing.name(resource)}: ${wire.name} leads to ${now.words(wire.value)} instead of ${pairing.name(store)}: nothing here tells what that is`,
    topic: `wire ${wire.name}`,
    approver: 'data owner',
    causes: [{ resource: pairing.identity(resource), path: wire.path }],
  };
}

function identityIn(text: string, reader: Reader, pairing: Pairing): string | undefined {
  const target = reader.referred(text);
  return target && pairing.identity(target);
}

/** Whose labels count: a mapping is as sensitive as its function. */
function workloadOf(resource: Resource, reader: Reader): Resource {
  const owner = asText(reader.of(resource).FunctionName);
  return (owner === undefined ? undefined : reader.referred(owner)) ?? resource;
}

/** Why the store is another tier than the workload; undefined where it is not, or nothing tells. */
function crosses(workload: Resource, store: Resource, rewired: boolean): string | undefined {
  const [own, theirs] = [said(workload, 'environment'), said(store, 'environment')];
  if (own !== undefined && theirs !== undefined && own !== theirs) return `which is ${theirs}, and the workload is ${own}`;
  for (const [label, scale] of [
    ['sensitivity', SENSITIVITIES],
    ['tier', TIERS],
  ] as const) {
    const [mine, its] = [said(workload, label), said(store, label)];
    if (its === undefined) continue;
    const rank = (word: string) => (scale as readonly string[]).indexOf(word);
    if (mine !== undefined && rank(its) > rank(mine)) return `which is ${its}, and the workload is ${mine}`;
    if (mine === undefined && rewired && rank(its) === scale.length - 1)
      return `which is ${its}, and nothing says that the workload may hold such data`;
  }
  return undefined;
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

const base = (resource: Resource, pairing: Pairing, direction: Told['direction'], path?: string) => ({
  direction,
  subject: pairing.identity(resource),
  evidence: [
    { resource: shownAs(resource), side: 'after' as const, ...placeOf(resource, path), ...(path === undefined ? {} : { saw: path }) },
  ],
});
