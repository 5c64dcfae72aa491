/** What a change means in every deployment that the templates allow, told with the deployment where it is not all of them. */
import { templatesOf } from '../../policies/gather/cloudformation';
import type { ReviewChange } from '../schema-review';
import { byConsequence } from './folding';
import type { Side } from './side';
import { type Assumption, type World, type WorldsToCompare, worldsToCompare } from './worlds';
import { armWorlds } from './worlds-arm';

/** Deployments that are compared: four conditions that nothing decides. */
const MOST = 16;
/** Resources that are read and judged for deployments besides the one by default, so that a large environment stays quick. */
const MOST_RESOURCES = 40_000;
const FEWEST = 4;

export type Compare = (before: Side, after: Side) => readonly ReviewChange[];

/**
 * Compares two sides in every deployment that matters. What holds by default is told as it is; what holds only in another deployment
 * says in which. What cannot all be compared is undecided.
 */
export function whateverIsDeployed(before: Side, after: Side, compare: Compare): readonly ReviewChange[] {
  const worlds = worldsOf(before, after);
  if (!worlds) return compare(before, after);
  const told = new Map<string, readonly ReviewChange[]>();
  for (const world of worlds.all) {
    if (told.has(world.key)) continue;
    const isDefault = worlds.decided && world.key === worlds.byDefault;
    told.set(world.key, isDefault ? compare(before, after) : compare(inWorld(before, 0, world), inWorld(after, 1, world)));
  }
  return [...joined(worlds, told), ...leftOver(worlds, told.size)].sort(byConsequence);
}

/** Where both clouds leave something open, each is looked at with the other as it is by default. */
function worldsOf(before: Side, after: Side): WorldsToCompare | undefined {
  const most = mostFor(before, after);
  const found = [
    worldsToCompare([templates(before), templates(after)], most),
    armWorlds([before.targets.map(({ graph }) => graph), after.targets.map(({ graph }) => graph)], most),
  ].flatMap((one) => one ?? []);
  const [one, other] = found;
  if (!one || !other) return one;
  const names = [...(one.left?.names ?? []), ...(other.left?.names ?? [])];
  return {
    // The default of one is that of the other, and compared once.
    all: [...one.all, ...other.all.map((world) => (world.key === other.byDefault ? { ...world, key: one.byDefault } : world))],
    byDefault: one.byDefault,
    decided: one.decided && other.decided,
    ...(names.length > 0 ? { left: { names } } : {}),
  };
}

const templates = ({ targets }: Side) => targets.map(({ graph }) => templatesOf(graph));
const sizeOf = ({ targets }: Side): number => targets.reduce((sum, { graph }) => sum + graph.size, 0);
const mostFor = (before: Side, after: Side): number =>
  Math.max(FEWEST, Math.min(MOST, Math.floor(MOST_RESOURCES / Math.max(1, sizeOf(before), sizeOf(after)))));

function inWorld(side: Side, which: number, world: World): Side {
  const targets = side.targets.map((target, at) => {
    const reading = world.read(which, at);
    return reading && target.again ? target.again(reading.graph, reading.waivers) : target;
  });
  return { ...side, targets };
}

interface Line {
  readonly change: ReviewChange;
  /** Keys of the deployments that it is told of. */
  readonly keys: Set<string>;
}

function joined({ all, byDefault, decided }: WorldsToCompare, told: ReadonlyMap<string, readonly ReviewChange[]>): readonly ReviewChange[] {
  const lines = new Map<string, Line>();
  const spelled = new Map(all.map((world) => [world.key, world.spelled]));
  const made = new Map(all.map((world) => [world.key, world.made]));
  // What holds by default is said in its words.
  const ordered = [...told].sort(([a], [b]) => Number(b === byDefault) - Number(a === byDefault));
  for (const [key, changes] of ordered)
    for (const change of changes) {
      const id = unspelled(`${change.direction} ${change.subject} ${change.sentence}`, spelled.get(key));
      const known = lines.get(id) ?? {
        change: { ...change, sentence: unspelled(change.sentence, made.get(key), ['{', '}']) },
        keys: new Set(),
      };
      known.keys.add(key);
      lines.set(id, known);
    }
  return [...lines.values()].flatMap(({ change, keys }) => {
    if (keys.size === told.size || (decided && keys.has(byDefault))) return [change];
    // What nobody has to look at is no news of a deployment that is none by default.
    if (change.direction === 'neutral') return [];
    const when = wordsOf(all, keys);
    return [{ ...change, sentence: `${change.sentence}, when ${when}`, topic: `${change.topic} when ${when}` }];
  });
}

/** The same text for names that only differ by the values of parameters in them: `cases-prod`, `cases-dev`. */
function unspelled(text: string, spelled: ReadonlyMap<string, string> | undefined, [open, close] = ['«', '»']): string {
  let same = text;
  for (const [value, name] of spelled ?? []) {
    const literal = value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    same = same.replaceAll(new RegExp(`(?<=[\\w-])${literal}|${literal}(?=[\\w-])`, 'gi'), `${open}${name}${close}`);
  }
  return same;
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The fewest words that mean these deployments and no others. */
function wordsOf(all: readonly World[], keys: ReadonlySet<string>): string {
  const wanted = all.filter(({ key }) => keys.has(key));
  const others = all.filter(({ key }) => !keys.has(key));
  const holds = ({ assumed }: World, terms: readonly Assumption[]) =>
    terms.every(([words, truth]) => assumed.some(([known, is]) => known === words && is === truth));
  const singles = distinct(wanted.flatMap(({ assumed }) => assumed.map((one) => [one])));
  const pairs = distinct(
    wanted.flatMap(({ assumed }) => assumed.flatMap((one, at) => assumed.slice(at + 1).map((other): Assumption[] => [one, other]))),
  );
  const meaning: (readonly Assumption[])[] = [];
  let left = wanted;
  for (const terms of [...singles, ...pairs, ...wanted.map(({ assumed }) => assumed)]) {
    if (left.length === 0) break;
    if (!left.some((world) => holds(world, terms)) || others.some((world) => holds(world, terms))) continue;
    meaning.push(terms);
    left = left.filter((world) => !holds(world, terms));
  }
  return meaning.map((terms) => terms.map(phrase).join(' and ')).join(', or ');
}

function distinct(terms: readonly (readonly Assumption[])[]): readonly (readonly Assumption[])[] {
  const byWords = new Map(terms.map((one) => [JSON.stringify(one), one]));
  // What holds is easier to read than what does not.
  const rank = (one: readonly Assumption[]) => one.filter(([, truth]) => !truth).length;
  return [...byWords].sort(([a, one], [b, other]) => rank(one) - rank(other) || (a < b ? -1 : 1)).map(([, one]) => one);
}

function phrase([words, truth]: Assumption): string {
  const [, subject, value] = /^(.*) equals (.*)$/.exec(words) ?? [];
  if (subject === undefined) return truth ? `${words} holds` : `${words} does not hold`;
  return `${subject === 'AWS::Region' ? 'the region' : subject} is ${truth ? '' : 'not '}${value}`;
}

function leftOver({ left }: WorldsToCompare, compared: number): readonly ReviewChange[] {
  if (!left) return [];
  const names = left.names.join(', ');
  return [
    {
      aspect: 'undecided',
      direction: 'undecided',
      severity: 'medium',
      sentence: `what was changed depends on more combinations of ${names} than the ${compared} that were compared: whether another one is weaker cannot be told`,
      subject: 'deployments',
      topic: `more than ${compared} of ${names}`,
      approver: 'security',
      evidence: [],
    },
  ];
}
