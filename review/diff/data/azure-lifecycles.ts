/** What storage accounts delete by themselves, and when: the rules of their lifecycle, compared by what they delete. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Estate, estatesOf } from '../access-azure/estate';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { DAY, missingIn, spell, type Time, timeOf } from '../strengths/azure-readings';
import { type Keeping, keepingLine, staysUnmanaged } from './parts';

const POLICY = 'azure-native:storage:ManagementPolicy';
const ACCOUNT = 'azure-native:storage:StorageAccount';
const PATH = 'policy.rules';

const SUBJECTS = { baseBlob: 'blobs', version: 'older versions of blobs', snapshot: 'snapshots of blobs' } as const;
/** From what is counted, the earliest first: what is deleted so long after it was made is deleted no later than so long after it changed. */
const CLOCKS = [
  ['daysAfterCreationGreaterThan', 'after they were made'],
  ['daysAfterModificationGreaterThan', 'after they last changed'],
  ['daysAfterLastAccessTimeGreaterThan', 'after they were last read'],
] as const;

/** Something that is deleted one day. */
interface Deletion {
  readonly what: keyof typeof SUBJECTS;
  readonly type: string;
  /** Empty for everything. */
  readonly prefix: string;
  /** Tags that must be there. */
  readonly tags: readonly string[];
  readonly clock: number;
  readonly seconds: number;
}

interface Lifecycle {
  readonly at: Resource;
  readonly deletions: readonly Deletion[];
  /** What decides the rest of it. */
  readonly missing: readonly string[];
}

/** What is deleted sooner than before, or now at all. */
export function lifecycles(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  if (![before, after].some((side) => [...resourcesOf(side)].some(({ type }) => type === POLICY))) return [];
  const estates = estatesOf(before, after, pairing);
  const [old, now] = [lifecyclesOf(before, estates.before, pairing), lifecyclesOf(after, estates.after, pairing)];
  const accounts = new Map<string, Resource>();
  for (const resource of resourcesOf(after)) if (resource.type === ACCOUNT) accounts.set(pairing.identity(resource), resource);
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const account = accounts.get(key);
    // A new account holds nothing that could go sooner; one that is not declared may.
    if (account ? pairing.other(account) === undefined : key.startsWith('urn:')) return [];
    const name = account ? pairing.name(account) : `the storage account ${key}`;
    return compared(name, old.get(key), now.get(key)).map((keeping) => keepingLine(keeping, pairing));
  });
}

function compared(name: string, was: Lifecycle | undefined, is: Lifecycle | undefined): readonly Keeping[] {
  const [old, now] = [was?.deletions ?? [], is?.deletions ?? []];
  const sooner = now.filter((one) => !old.some((other) => includes(other, one)));
  const lines: Keeping[] = [];
  const found = (direction: Keeping['direction'], severity: Keeping['severity'], words: string, at: Resource): void => {
    lines.push({
      direction,
      severity,
      words: `${name}: ${words}`,
      topic: `lifecycle ${words}`,
      at,
      side: at === is?.at ? 'after' : 'before',
      path: PATH,
    });
  };
  if (is) {
    // What was not known may have been deleted as soon.
    const unknown = [
      ...is.missing.filter((one) => was?.missing.includes(one) !== true),
      ...(sooner.length > 0 ? (was?.missing ?? []) : []),
    ];
    if (unknown.length > 0) {
      const words = `whether blobs are deleted sooner cannot be told: it depends on ${[...new Set(unknown)].sort().join(', ')}`;
      found('undecided', 'high', words, is.at);
    }
    if (was === undefined || was.missing.length === 0) for (const words of grouped(sooner, old)) found('weaker', 'high', words, is.at);
  }
  const later = old.filter((one) => !now.some((other) => includes(other, one)));
  // A policy that leaves a template goes on deleting.
  if (was && later.length > 0 && sooner.length === 0 && (is || !staysUnmanaged(was.at)) && (is?.missing.length ?? 0) === 0)
    found('stronger', 'low', 'some of what it holds is deleted later than before, or not at all', is?.at ?? was.at);
  return lines;
}

/** Whether all that the second deletes is deleted by the first, and no later. */
const includes = (one: Deletion, other: Deletion): boolean =>
  one.what === other.what &&
  one.type === other.type &&
  other.prefix.startsWith(one.prefix) &&
  one.tags.every((tag) => other.tags.includes(tag)) &&
  one.clock <= other.clock &&
  one.seconds <= other.seconds;

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** One sentence for all prefixes and kinds of blob that go at the same time. */
function grouped(sooner: readonly Deletion[], old: readonly Deletion[]): readonly string[] {
  const groups = new Map<string, Deletion[]>();
  for (const one of sooner) {
    const key = [one.what, one.clock, one.seconds, one.tags.join()].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const [{ clock, seconds, tags, what }] = group as [Deletion];
    const prefixes = [...new Set(group.map(({ prefix }) => prefix))].sort();
    const where = prefixes.includes('') ? '' : ` below ${prefixes.join(', ')}`;
    const tagged = tags.length === 0 ? '' : ` with the tag ${tags.join(' and ')}`;
    return `${SUBJECTS[what]}${where}${tagged} are deleted ${spell(seconds)} ${CLOCKS[clock]?.[1] ?? ''}; before, ${earlier(group, old)}`;
  });
}

function earlier(group: readonly Deletion[], old: readonly Deletion[]): string {
  const same = old.filter((one) => group.some((other) => one.what === other.what && one.type === other.type));
  const around = same.filter((one) =>
    group.some(({ prefix, tags }) => prefix.startsWith(one.prefix) && one.tags.every((tag) => tags.includes(tag))),
  );
  if (around.length > 0) {
    const [soonest] = around.slice().sort((a, b) => a.seconds - b.seconds) as [Deletion];
    return `${spell(soonest.seconds)} ${CLOCKS[soonest.clock]?.[1] ?? ''}`;
  }
  const inside = same.filter((one) => group.some(({ prefix }) => one.prefix.startsWith(prefix)));
  const prefixes = [...new Set(inside.map(({ prefix }) => prefix))].filter((prefix) => prefix !== '').sort();
  if (prefixes.length > 0) return `only those below ${prefixes.join(', ')}`;
  return inside.length > 0 ? 'only those with a tag' : 'never';
}

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** By account: its identity, or its name where it is not declared. */
function lifecyclesOf(side: Side, estate: Estate, pairing: Pairing): ReadonlyMap<string, Lifecycle> {
  const found = new Map<string, Lifecycle>();
  for (const resource of resourcesOf(side)) {
    if (resource.type !== POLICY || resource.options.external === true) continue;
    const account = resource.at('accountName');
    const known = estate.find(account, ACCOUNT);
    const key = known ? pairing.identity(known) : (account.shape ?? account.missing ?? '').toLowerCase();
    const read = lifecycleOf(resource, (value) => nameOf(value, side));
    const other = found.get(key);
    found.set(
      key,
      other ? { at: resource, deletions: [...other.deletions, ...read.deletions], missing: [...other.missing, ...read.missing] } : read,
    );
  }
  return found;
}

function lifecycleOf(policy: Resource, named: (value: Value) => string | undefined): Lifecycle {
  const missing: string[] = [];
  const unless = (value: Value): boolean => {
    const unknown = missingIn(value);
    if (unknown) missing.push(unknown.missing);
    return unknown === undefined;
  };
  const deletions = policy
    .at(PATH)
    .items()
    .filter((rule) => unless(rule) && rule.at('enabled').boolean !== false && unless(rule.at('enabled')))
    .flatMap((rule) => deletionsOf(rule.at('definition'), named, missing));
  return { at: policy, deletions, missing };
}

function deletionsOf(definition: Value, named: (value: Value) => string | undefined, missing: string[]): readonly Deletion[] {
  const filters = definition.at('filters');
  const types = filters
    .at('blobTypes')
    .items()
    .map(({ shape }) => shape ?? '');
  const prefixes = filters
    .at('prefixMatch')
    .items()
    .flatMap((prefix) => {
      const text = named(prefix);
      if (text === undefined) missing.push(missingIn(prefix)?.missing ?? 'a prefix');
      return text ?? [];
    });
  const tags = filters
    .at('blobIndexMatch')
    .items()
    .map((tag) => ['name', 'op', 'value'].map((key) => tag.at(key).shape ?? '?').join(' '));
  const written = filters.at('prefixMatch').items().length > 0;
  return Object.keys(SUBJECTS).flatMap((subject) => {
    const what = subject as keyof typeof SUBJECTS;
    return CLOCKS.flatMap(([property], clock) => {
      const time: Time = timeOf(definition.at(`actions.${what}.delete.${property}`), DAY);
      if (typeof time === 'object') missing.push(time.missing);
      if (typeof time !== 'number') return [];
      const each = { what, tags: tags.sort(), clock, seconds: time };
      return (types.length > 0 ? types : ['blockBlob']).flatMap((type) =>
        (written ? prefixes : ['']).map((prefix) => ({ ...each, type: type.toLowerCase(), prefix })),
      );
    });
  });
}

/** A prefix as it will be: names of resources in place of references to them. */
function nameOf(value: Value, side: Side): string | undefined {
  const { shape, targets } = value;
  if (shape === undefined || !shape.includes('${')) return shape;
  const target =
    targets.length === 1 ? side.targets.map(({ graph }) => graph.get(targets[0] as string)).find((one) => one !== undefined) : undefined;
  const name = target?.names.find((one): one is string => typeof one === 'string' && !one.startsWith('/'));
  return name === undefined ? shape : shape.replace(/\$\{[^}]*\}/, name);
}
