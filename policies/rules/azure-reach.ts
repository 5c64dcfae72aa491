/** From which networks a platform service of Azure can be reached; one table, and the two rules that follow from it. */
import type { Severity } from '../../controls';
import { WHOLE_INTERNET } from '../facts/azure';
import { written } from '../facts/database';
import type { Graph } from '../graph';
import type { Node } from '../node';
import { anyOf, fail, type Outcome, pass, when } from '../outcome';
import type { Resource } from '../resource';
import { type Example, type RuleSpec, rule } from '../rule';
import type { Value } from '../value';
import { merge } from './setting';

/** What an example is written with. */
export interface Limits {
  readonly properties?: { readonly [name: string]: Node };
  readonly others?: Example['resources'];
}

/** How a service is closed, and what it does for networks that nobody listed. */
export interface Door {
  /** Path of the switch. */
  readonly access: string;
  /** Values of the switch that leave only private endpoints. @default Disabled, SecuredByPerimeter */
  readonly closed?: readonly (string | boolean)[];
  /** A value of the switch that opens. @default Enabled */
  readonly open?: string | boolean;
  /** Other ways to stand inside a network: the service has an address in it. */
  readonly inside?: string;
  /** `nobody`: its firewall refuses who is not listed. A function: whether something limits who gets through. @default everybody */
  readonly unlisted?: 'nobody' | ((resource: Resource, graph: Graph) => Outcome);
  /** Properties, and other resources, with which an example limits who gets through. */
  readonly limited?: Limits;
  /** The same, with a list that names the internet. */
  readonly unlimited?: Limits;
  readonly severity?: Severity;
}

export function isClosed(resource: Resource, { access, closed = ['Disabled', 'SecuredByPerimeter'], inside }: Door): Outcome {
  const value = resource.at(access);
  const [first] = closed;
  const switched = typeof first === 'boolean' ? (first ? value.isTrue() : value.isFalse()) : value.isOneOf(closed as readonly string[]);
  return inside === undefined ? switched : anyOf([switched, resource.at(inside).isSet()], switched.saw);
}

/** The list has entries, none of which is the whole internet. */
export function listsNetworks(list: Value, range?: string): Outcome {
  const entries = list.items();
  const wide = entries
    .map((entry) => (range === undefined ? entry : entry.at(range)))
    .find((entry) => WHOLE_INTERNET.test(entry.string ?? ''));
  return wide ? wide.asFailure() : list.isSet();
}

/**
 * Rules for DID-05: a service that every network reaches breaks it; one that lists networks only weakens it.
 *
 * @param doors by type
 * @param fix what to write, for all types of the table
 */
export function doorRules(doors: Readonly<Record<string, Door>>, fix: string): readonly RuleSpec[] {
  const doorOf = (resource: Resource): Door => doors[resource.type] as Door;
  const of = (type: string, access?: Node, more: Door['limited'] = {}): Example => ({
    resources: {
      it: {
        type,
        properties: merge(access === undefined ? {} : written((doors[type] as Door).access, access), more.properties ?? {}) as object,
      },
      ...more.others,
    },
  });
  const good = (type: string): Node => (doors[type]?.closed?.[0] ?? 'Disabled') as Node;
  const bad = (type: string): Node => doors[type]?.open ?? 'Enabled';
  const types = Object.keys(doors);
  const wide = types.filter((type) => doors[type]?.unlisted !== 'nobody');
  const listing = types.filter((type) => doors[type]?.unlisted !== undefined);
  const limits = (resource: Resource, graph: Graph): Outcome => {
    const { unlisted } = doorOf(resource);
    return unlisted === 'nobody'
      ? pass()
      : unlisted === undefined
        ? resource.at(doorOf(resource).access).asFailure()
        : unlisted(resource, graph);
  };
  const internet = wide.filter((type) => doors[type]?.unlimited).map((type) => of(type, bad(type), doors[type]?.unlimited));
  const everybody = rule({
    on: wide,
    check: (resource, graph) => {
      const access = resource.at(doorOf(resource).access);
      const decided = anyOf([isClosed(resource, doorOf(resource)), limits(resource, graph)]);
      // The switch decides; that nothing limits it is only what makes it matter.
      return decided.verdict === 'fail' ? fail(`${access.describe()}, and nothing limits it: every network gets through`, access) : decided;
    },
    fix,
    pass: [
      ...wide.map((type) => of(type, good(type))),
      ...wide.filter((type) => doors[type]?.limited).map((type) => of(type, bad(type), doors[type]?.limited)),
      ...wide.filter((type) => doors[type]?.inside).map((type) => of(type, bad(type), { properties: inNetwork(doors[type] as Door) })),
    ],
    fail: [...wide.map((type) => of(type, bad(type))), ...wide.map((type) => of(type)), ...internet],
    unknown: [of(wide[0] as string, { $unknown: 'config value' })],
    skip: [{ tier: 'low', ...of(wide[0] as string) }],
  });
  const listed = rule({
    on: listing,
    severity: 'medium',
    check: (resource, graph) => when(limits(resource, graph), () => isClosed(resource, doorOf(resource))),
    fix,
    pass: [
      ...listing.map((type) => of(type, good(type), doors[type]?.limited)),
      ...listing.filter((type) => doors[type]?.inside).map((type) => of(type, bad(type), both(type))),
    ],
    fail: listing.map((type) => of(type, bad(type), doors[type]?.limited)),
    skip: [
      ...listing
        .filter((type) => doors[type]?.unlisted !== 'nobody')
        .map((type) => ({ name: 'open to everybody is another finding', ...of(type) })),
      ...internet,
    ],
  });
  function both(type: string): Door['limited'] {
    const door = doors[type] as Door;
    return { ...door.limited, properties: { ...door.limited?.properties, ...inNetwork(door) } };
  }
  return [...(wide.length > 0 ? [everybody] : []), ...(listing.length > 0 ? [listed] : [])];
}

const inNetwork = ({ inside }: Door): { readonly [name: string]: Node } =>
  inside === undefined
    ? {}
    : written(inside, '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/data');
