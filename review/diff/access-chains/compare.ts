/** What chains of steps newly let somebody do, and what brought it about. */
import { append } from '../../../policies/collect';
import { TELEMETRY } from '../../../policies/facts/iam-actions';
import type { Resource } from '../../../policies/resource';
import { actionSet, holds, isEmpty, minus, verbsIn } from '../access/action-sets';
import { both, droppedTests, implies, unreadIn } from '../access/condition-forms';
import { type Region, resourceCovers, uncovered, withActions } from '../access/regions';
import type { Holder } from '../access-holders-parts';
import type { Plain, PlainMap } from '../plain';
import { type Reader, readerOf } from '../reading';
import type { Pairing, Side } from '../side';
import { Actors } from './actors';
import { type Actor, keyOfStep, type Step, speaksOf } from './model';
import { Reach, type Reached, under, type Way } from './reach';
import { Steps } from './steps';

/** Something that can newly be done by somebody at the end of a way. */
export interface Gain {
  readonly origin: Actor;
  readonly region: Region;
  readonly way: Way;
  /** What was asked for before, and is not any more. */
  readonly tests: readonly string[];
  /** What would have to be known to be sure. */
  readonly missing: readonly string[];
}

interface Half {
  readonly actors: Actors;
  readonly steps: Steps;
  readonly reach: Reach;
  readonly reader: Reader;
}

function halfOf(side: Side, holders: ReadonlyMap<string, Holder>, pairing: Pairing): Half {
  const reader = readerOf(side, pairing);
  const actors = new Actors(holders, reader);
  const steps = new Steps(side, actors, reader);
  return { actors, steps, reach: new Reach(actors, steps), reader };
}

/** What says nothing of anybody's data, and steps, which are told by what they lead to. */
const ASIDE = actionSet([...[...TELEMETRY].map((service) => `${service}:*`), 'sts:*']);
const ANYBODY = () => true;

export class Chains {
  readonly #old: Half;
  readonly #now: Half;
  readonly #oldSteps: ReadonlySet<string>;
  readonly #gains = new Map<string, readonly Gain[]>();
  readonly #changed = new Map<Resource, boolean>();

  private constructor(
    old: Half,
    now: Half,
    readonly pairing: Pairing,
    readonly lifted: ReadonlyMap<string, readonly Region[]>,
  ) {
    this.#old = old;
    this.#now = now;
    this.#oldSteps = new Set([...this.#old.steps.all].flatMap((steps) => steps.map(keyOfStep)));
  }

  /** @param lifted what is no longer denied, by identity: grants do not tell it */
  static of(
    before: readonly [Side, ReadonlyMap<string, Holder>],
    after: readonly [Side, ReadonlyMap<string, Holder>],
    pairing: Pairing,
    lifted: ReadonlyMap<string, readonly Region[]>,
  ): Chains {
    return new Chains(halfOf(...before, pairing), halfOf(...after, pairing), pairing, lifted);
  }

  /** The same the other way round: what was gained from here to there is lost. */
  reversed(denied: ReadonlyMap<string, readonly Region[]>): Chains {
    return new Chains(this.#now, this.#old, this.pairing, denied);
  }

  /** Whoever may be able to do more than before, by himself or through others. */
  origins(): readonly Actor[] {
    const towards = new Map<string, string[]>();
    for (const steps of this.#now.steps.all)
      for (const { from, over, to } of steps) {
        append(towards, to, from);
        if (over !== undefined) append(towards, over, from);
      }
    const seen = new Set<string>();
    const waiting = [...this.#now.actors.all].filter((actor) => this.#differs(actor)).map(({ key }) => key);
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      waiting.push(...(towards.get(key) ?? []));
    }
    return [...this.#now.actors.all]
      .filter(({ key, unbound }) => seen.has(key) && unbound !== true)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** Whether its own rights or the steps that it can take are other ones. */
  #differs({ key, regions }: Actor): boolean {
    const other = this.#old.actors.get(key);
    if (!other || this.lifted.has(key)) return true;
    const known = new Set(other.regions.map((region) => region.key));
    return regions.some((region) => !known.has(region.key)) || this.#now.steps.from(key).some((step) => this.isNew(step));
  }

  isNew(step: Step): boolean {
    return !this.#oldSteps.has(keyOfStep(step));
  }

  /** An identity of the input, or somebody whom a policy names, as they are now. */
  actor(key: string): Actor | undefined {
    return this.#now.actors.get(key);
  }

  /** The identity of the input that an ARN names. */
  named(arn: string): Actor | undefined {
    return this.#now.actors.named(arn);
  }

  /** What somebody can do now through others. */
  throughOthers(key: string): readonly Reached[] {
    return this.#now.reach.reachedFrom(key).filter(({ way }) => way.steps.length > 0);
  }

  // ── Gains ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** What somebody can newly do by at least one step, and cannot do by himself. */
  gainsOf(actor: Actor): readonly Gain[] {
    const known = this.#gains.get(actor.key);
    if (known) return known;
    if (this.#now.steps.from(actor.key).length === 0) return [];
    const before = this.#old.reach.reachedFrom(actor.key);
    const held = [...before.map(({ region }) => region), ...actor.regions];
    const keys = new Set(held.map(({ key }) => key));
    const gains = [
      ...this.throughOthers(actor.key)
        .filter(({ region }) => !keys.has(region.key))
        .flatMap((reached) => beyond(reached.region, held).map((region) => gainOf(actor, region, reached.way, before))),
      ...this.#liftedFor(actor, before),
    ];
    this.#gains.set(actor.key, gains);
    return gains;
  }

  #liftedFor(actor: Actor, before: readonly Reached[]): readonly Gain[] {
    if (this.lifted.size === 0) return [];
    return this.#now.reach.waysFrom(actor.key).flatMap((way) => {
      const regions = way.steps.length === 0 ? [] : (this.lifted.get(way.to) ?? []);
      const others = before.filter(({ way: other }) => other.to !== way.to).map(({ region }) => region);
      return regions.flatMap((region) =>
        beyond(under(region, way.condition), [...others, ...actor.regions]).map((left) => gainOf(actor, left, way, [])),
      );
    });
  }

  /** Whether everything that somebody could do as another, he could do before. */
  gainsNothingAs(key: string, other: string): boolean {
    if (!this.#old.actors.get(key) || !this.#now.actors.get(key)?.resource) return false;
    const held = this.#old.reach.reachedFrom(key).map(({ region }) => region);
    const steps = this.#now.reach.waysFrom(key).filter(({ steps: [first, ...more], to }) => first && more.length === 0 && to === other);
    return (
      steps.length > 0 &&
      !this.lifted.has(other) &&
      steps.every(({ condition }) =>
        this.#now.reach.reachedFrom(other).every(({ region }) => uncovered(under(region, condition), held, ANYBODY).length === 0),
      )
    );
  }

  /** Whether only identities of the input become it, each of which could do so much before. */
  onlyForThoseWhoCould(key: string, wanted: Region): boolean {
    const trust = this.#now.actors.holders.get(`trust ${key}`);
    if (!trust || wanted.unsure || !this.#now.steps.isClosed(key)) return false;
    const comers = [...this.#now.steps.all].flatMap((steps) => steps.filter(({ over, to }) => to === key || over === key));
    return (
      comers.length > 0 &&
      comers.every(({ asked, from }) => {
        const held = this.#old.actors.get(from) ? this.#old.reach.reachedFrom(from).map(({ region }) => region) : [];
        return uncovered(under(wanted, both(asked.caller, asked.request)), held, ANYBODY).length === 0;
      })
    );
  }

  /** Steps that an identity can newly take because of what it was granted. */
  newStepsBy(key: string, granted: Region): readonly Step[] {
    return this.stepsBy(key, granted).filter((step) => this.isNew(step));
  }

  /** Steps that need what is granted. */
  stepsBy(key: string, granted: Region): readonly Step[] {
    return this.#now.steps
      .from(key)
      .filter(({ needs }) => needs.some(({ action, on }) => holds(granted.actions, action) && (!on || speaksOf(granted.resource, on))));
  }

  // ── Why ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Resources whose change brought it about: those of new steps, else those of what stands at the end. */
  causesOf({ way }: Gain): readonly Resource[] {
    const end = this.#now.actors.get(way.to);
    const fresh = way.steps.filter((step) => this.isNew(step)).flatMap(({ carriers }) => carriers);
    for (const carriers of [fresh, end?.carriers ?? []]) {
      const changed = [...new Set(carriers)].filter((resource) => this.#isChanged(resource));
      if (changed.length > 0) return changed;
    }
    return end?.resource ? [end.resource] : [];
  }

  #isChanged(resource: Resource): boolean {
    const known = this.#changed.get(resource);
    if (known !== undefined) return known;
    const other = this.pairing.other(resource);
    const changed = !other || withoutOrder(this.#old.reader.of(other)) !== withoutOrder(this.#now.reader.of(resource));
    this.#changed.set(resource, changed);
    return changed;
  }
}

/** One text for everything that is equal whatever the order of its lists. */
function withoutOrder(value: Plain): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(withoutOrder).sort().join()}]`;
  const entries = Object.entries(value as PlainMap).map(([key, inner]) => `${JSON.stringify(key)}:${withoutOrder(inner)}`);
  return `{${entries.sort().join()}}`;
}

/** What of a region is not held and matters. */
function beyond(region: Region, held: readonly Region[]): readonly Region[] {
  const actions = minus(region.actions, ASIDE);
  if (isEmpty(actions)) return [];
  return uncovered(withActions(region, actions), held, ANYBODY).filter(({ actions: rest }) =>
    verbsIn(rest).some((verb) => verb !== 'list'),
  );
}

function gainOf(origin: Actor, region: Region, way: Way, before: readonly Reached[]): Gain {
  const earlier = before.find(
    ({ region: other }) =>
      resourceCovers(other.resource, region.resource) &&
      isEmpty(minus(region.actions, other.actions)) &&
      implies(other.condition, region.condition) &&
      unreadIn(other.condition).length === 0,
  );
  const tests = earlier ? droppedTests(earlier.region.condition, region.condition) : [];
  return { origin, region, way, tests, missing: unreadIn(region.condition) };
}
