/** Whom somebody can become, step by step, and what may then be done: the shortest ways, of those that ask for no more than another. */
import { both, type Form, implies, unknownForm } from '../access/condition-forms';
import { HOLDER } from '../access/principal-forms';
import { type Region, withActions } from '../access/regions';
import type { Actors } from './actors';
import { all, tagged } from './conditions';
import type { Step } from './model';
import type { Steps } from './steps';

/** A way to the rights of an actor; without steps it is the origin itself. */
export interface Way {
  readonly to: string;
  readonly condition: Form;
  readonly steps: readonly Step[];
}

/** What may be done at the end of a way. */
export interface Reached {
  readonly region: Region;
  readonly way: Way;
}

const ALWAYS: Form = { tests: [], text: '' };
/** Ways to one actor that ask for different things. */
const MOST_WAYS = 32;

export class Reach {
  readonly #ways = new Map<string, readonly Way[]>();
  readonly #reached = new Map<string, readonly Reached[]>();

  constructor(
    readonly actors: Actors,
    readonly steps: Steps,
  ) {}

  /** The shortest first; of equally short ones in the order of their names. */
  waysFrom(origin: string): readonly Way[] {
    const known = this.#ways.get(origin);
    if (known) return known;
    const found = new Map<string, Way[]>([[origin, [{ to: origin, condition: ALWAYS, steps: [] }]]]);
    const waiting: Step[] = [];
    let next = found.get(origin) ?? [];
    while (next.length > 0) {
      const tried: Way[] = [];
      for (const way of next)
        for (const step of this.steps.from(way.to)) {
          // Nothing asks for less than a way that asks for nothing.
          if (found.get(step.to)?.some(({ condition }) => condition.tests.length === 0)) continue;
          // Whoever gets every right must be able to use it.
          if (step.over !== undefined && !found.has(step.over)) waiting.push(step);
          else tried.push(longer(way, step, origin));
        }
      next = this.#take(tried, found);
      const late = waiting.filter(({ over = '' }) => next.some(({ to }) => to === over));
      if (late.length > 0)
        next = [
          ...next,
          ...this.#take(
            late.flatMap((step) => (found.get(step.from) ?? []).map((way) => longer(way, step, origin))),
            found,
          ),
        ];
    }
    const ways = [...found.values()].flat();
    this.#ways.set(origin, ways);
    return ways;
  }

  #take(tried: readonly Way[], found: Map<string, Way[]>): Way[] {
    const taken: Way[] = [];
    for (const way of [...tried].sort(byLengthAndName)) {
      const known = found.get(way.to) ?? [];
      if (known.some(({ condition }) => implies(way.condition, condition))) continue;
      const one = known.length < MOST_WAYS ? way : { ...way, condition: unknownForm([`which of many ways leads to \${${way.to}}`]) };
      if (known.some(({ condition }) => condition.text === one.condition.text)) continue;
      found.set(way.to, [...known, one]);
      taken.push(one);
    }
    return taken;
  }

  /** Everything that may be done, with or without steps. */
  reachedFrom(origin: string): readonly Reached[] {
    const known = this.#reached.get(origin);
    if (known) return known;
    const reached = this.waysFrom(origin).flatMap((way) =>
      (this.actors.get(way.to)?.regions ?? []).map((region) => ({ way, region: under(region, way.condition) })),
    );
    this.#reached.set(origin, reached);
    return reached;
  }
}

/** A right that is held only as long as the way is open. */
export const under = (region: Region, condition: Form): Region =>
  condition.tests.length === 0 && region.principal === HOLDER
    ? region
    : withActions({ ...region, principal: HOLDER, condition: both(condition, region.condition) }, region.actions);

/** What is asked of the origin itself is asked of all that it does; of others it is asked of them. */
function longer({ condition, steps }: Way, step: Step, origin: string): Way {
  const { caller, request } = step.asked;
  const own = step.from === origin ? caller : tagged(caller, `as \${${step.from}}`);
  return { to: step.to, condition: all(condition, own, request), steps: [...steps, step] };
}

/** What asks for the least, then what takes the fewest steps, then by name. */
const byLengthAndName = (a: Way, b: Way): number =>
  a.condition.tests.length - b.condition.tests.length || a.steps.length - b.steps.length || (nameOf(a) < nameOf(b) ? -1 : 1);

const names = new WeakMap<Way, string>();
function nameOf(way: Way): string {
  const known = names.get(way) ?? [...way.steps.map(({ by }) => by), way.condition.text].join('\n');
  names.set(way, known);
  return known;
}
