/** One side, put together from its targets: what arrives where, by the shortest path. */
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import type { Pairing, Side } from '../side';
import { awsExposed } from './aws';
import { azureExposed } from './azure';
import {
  type Entry,
  type Exposed,
  isStore,
  type Layers,
  type Opening,
  type Outside,
  type PrivateEndpoint,
  placeKey,
  type WayOut,
} from './model';
import { both, isTheInternet, meet, type Reach, reachOf, union } from './reach';

/** Something that a source reaches. */
export interface Arrival {
  readonly thing: Resource;
  /** Undefined where the endpoint of a service answers anyone. */
  readonly reach: Reach | undefined;
  readonly open: ReadonlySet<string>;
  readonly chain: readonly string[];
  readonly along: ReadonlySet<string>;
  /** Firewalls that everything on the way passes, by name. */
  readonly guards: ReadonlySet<string>;
  /** What passed it on; undefined where the source reaches it itself. */
  readonly passedBy: string | undefined;
  /** By which of its doors, where a thing has several. */
  readonly by: string | undefined;
  /** Undefined where it is certain. */
  readonly doubt: string | undefined;
}

/** What may leave from where something stands. */
export interface Leaving {
  readonly thing: Resource;
  /** By a gateway. */
  readonly reach: Reach;
  /** As far as a firewall lets it. */
  readonly filtered: Reach;
  readonly ways: readonly WayOut[];
  readonly subnets: readonly string[];
  /** What decides what it sends. */
  readonly on: readonly Resource[];
  readonly manner: string | undefined;
  readonly doubt: string | undefined;
}

/** Everything that stands in a network, by where it may send; worked out when somebody asks. */
export interface Leavings {
  of(id: string): Leaving | undefined;
  /** What holds customers' data, or may connect to what does. */
  holders(): Iterable<readonly [id: string, leaving: Leaving]>;
  inSubnets(subnets: readonly string[]): readonly Leaving[];
}

export interface SideExposure {
  readonly sources: ReadonlyMap<string, { readonly outside: Outside; readonly at: ReadonlyMap<string, Arrival> }>;
  readonly layers: ReadonlyMap<string, { readonly thing: Resource; readonly layers: Layers }>;
  readonly inside: ReadonlyMap<string, { readonly thing: Resource; readonly reach: Reach }>;
  readonly peopled: ReadonlySet<string>;
  readonly leaving: Leavings;
  readonly openings: ReadonlyMap<string, Opening>;
  /** By network and service. */
  readonly endpoints: ReadonlyMap<string, PrivateEndpoint>;
  readonly exits: ReadonlySet<string>;
  readonly things: ReadonlySet<string>;
}

/** Names are asked for again and again, and each costs. */
function remembered(pairing: Pairing): Pairing {
  const [identities, names] = [new Map<Resource, string>(), new Map<Resource, string>()];
  const once = (known: Map<Resource, string>, find: (resource: Resource) => string) => (resource: Resource) => {
    const name = known.get(resource) ?? find(resource);
    known.set(resource, name);
    return name;
  };
  return { other: pairing.other, identity: once(identities, pairing.identity), name: once(names, pairing.name) };
}

/** Reads one side. */
export function exposureOf(side: Side, asWritten: Pairing): SideExposure {
  const pairing = remembered(asWritten);
  const parts: Exposed[] = side.targets.flatMap(({ graph }) => {
    const clouds = new Set(graph.units.map(({ cloud }) => cloud));
    return [...(clouds.has('aws') ? [awsExposed(graph, pairing)] : []), ...(clouds.has('azure') ? [azureExposed(graph, pairing)] : [])];
  });
  const id = (resource: Resource) => pairing.identity(resource);
  const keyed = <T>(pick: (part: Exposed) => ReadonlyMap<Resource, T>) =>
    parts.flatMap((part) => [...pick(part)].map(([thing, value]) => [id(thing), { thing, value }] as const));
  const passings = new Map<string, Resource[]>();
  for (const { passings: some } of parts) for (const { from, to } of some) append(passings, id(from), to);
  const inside = new Map(keyed((part) => part.inside).map(([key, { thing, value }]) => [key, { thing, reach: value }]));
  const things = new Set<string>();
  for (const { graph } of side.targets) for (const resource of graph.resources()) things.add(id(resource));
  return {
    sources: arrivals(
      parts.flatMap(({ entries }) => entries),
      passings,
      pairing,
    ),
    layers: new Map(keyed((part) => part.layers).map(([key, { thing, value }]) => [key, { thing, layers: value }])),
    inside,
    peopled: new Set(parts.flatMap(({ peopled }) => [...peopled])),
    leaving: leavings(parts, inside, pairing),
    openings: new Map(
      parts.flatMap(({ openings }) => openings.map((one) => [`${one.kind} ${id(one.thing)} ${one.to?.key ?? ''}`, one] as const)),
    ),
    endpoints: new Map(parts.flatMap(({ endpoints }) => endpoints.map((one) => [`${one.network} ${one.service}`, one] as const))),
    exits: new Set(parts.flatMap(({ exits }) => exits)),
    things,
  };
}

// ── Arrivals ───────────────────────────────────────────────────────────────────────────────────────────────────────

function arrivals(
  entries: readonly Entry[],
  passings: ReadonlyMap<string, readonly Resource[]>,
  pairing: Pairing,
): SideExposure['sources'] {
  const byTarget = new Map<string, Map<string, Entry[]>>();
  const outsides = new Map<string, Outside>();
  for (const entry of entries) {
    outsides.set(entry.from.key, entry.from);
    const targets = byTarget.get(entry.from.key) ?? new Map<string, Entry[]>();
    append(targets, pairing.identity(entry.to), entry);
    byTarget.set(entry.from.key, targets);
  }
  const sources = new Map<string, { outside: Outside; at: Map<string, Arrival> }>();
  for (const [key, targets] of byTarget) {
    const at = new Map<string, Arrival>();
    for (const [id, some] of targets) at.set(id, arrivalBy(some, pairing));
    passOn(at, passings, pairing);
    sources.set(key, { outside: outsides.get(key) as Outside, at });
  }
  return sources;
}

const unsure = ({ doubt, said }: Entry): boolean => doubt !== undefined && said !== true;

/** Several ways to one thing: a certain one counts, and the shortest is told. */
function arrivalBy(entries: readonly Entry[], pairing: Pairing): Arrival {
  const sure = entries.filter((entry) => !unsure(entry));
  const counted = sure.length > 0 ? sure : entries;
  const [shortest] = [...counted].sort((a, b) => a.hops.length - b.hops.length || (a.hops.join() < b.hops.join() ? -1 : 1)) as [Entry];
  const reaches = counted.map(({ reach }) => reach);
  return {
    thing: shortest.to,
    reach: reaches.includes(undefined) ? undefined : reachOf(reaches.flatMap((reach) => reach ?? [])),
    open: new Set(counted.flatMap(({ open }) => [...open])),
    chain: [shortest.from.name, ...shortest.hops, pairing.name(shortest.to)],
    along: new Set(counted.flatMap(({ on }) => on.map((one) => pairing.identity(one)))),
    guards: new Set(
      (counted[0]?.guards ?? []).filter((guard) => counted.every(({ guards = [] }) => guards.includes(guard))).map(pairing.name),
    ),
    passedBy: undefined,
    by: shortest.by,
    doubt: sure.length > 0 ? undefined : shortest.doubt,
  };
}

/** Breadth first, so that the first path found is the shortest. */
function passOn(at: Map<string, Arrival>, passings: ReadonlyMap<string, readonly Resource[]>, pairing: Pairing): void {
  const queue = [...at.keys()];
  for (let next = 0; next < queue.length; next += 1) {
    const id = queue[next] as string;
    const arrival = at.get(id) as Arrival;
    for (const thing of passings.get(id) ?? []) {
      const key = pairing.identity(thing);
      if (at.has(key)) continue;
      at.set(key, {
        thing,
        reach: undefined,
        open: arrival.open.size > 0 ? new Set(['']) : arrival.open,
        chain: [...arrival.chain, pairing.name(thing)],
        along: new Set([...arrival.along, id]),
        guards: arrival.guards,
        passedBy: id,
        by: undefined,
        doubt: arrival.doubt,
      });
      queue.push(key);
    }
  }
}

// ── What leaves ────────────────────────────────────────────────────────────────────────────────────────────────────

function leavings(parts: readonly Exposed[], inside: SideExposure['inside'], pairing: Pairing): Leavings {
  const reaches = [...inside.values()].flatMap(({ reach }) => reach);
  const named = new Set(reaches.flatMap(({ from }) => [...from.named.keys()]));
  const blocks = union(reaches.flatMap(({ from }) => (isTheInternet(from.blocks) ? [] : from.blocks)));
  const ways = new Map<string, WayOut[]>();
  const places = new Map<string, Exposed['places'][number]>();
  const bySubnet = new Map<string, string[]>();
  for (const part of parts) {
    for (const way of part.waysOut) append(ways, placeKey(way.subnet, way.called), way);
    for (const place of part.places) {
      const id = pairing.identity(place.thing);
      places.set(id, place);
      for (const subnet of place.subnets) append(bySubnet, subnet, id);
    }
  }
  const known = new Map<string, Leaving>();
  const of = (id: string): Leaving | undefined => {
    const place = places.get(id);
    if (!place) return undefined;
    const found = known.get(id) ?? leavingFrom(place, ways);
    known.set(id, found);
    return found;
  };
  const holds = (id: string, { addresses = [], thing, works }: Exposed['places'][number]): boolean =>
    works === true || isStore(thing) || named.has(id) || meet(addresses, blocks).length > 0;
  return {
    of,
    *holders() {
      for (const [id, place] of places) if (holds(id, place)) yield [id, of(id) as Leaving] as const;
    },
    inSubnets: (subnets) => [...new Set(subnets.flatMap((subnet) => bySubnet.get(subnet) ?? []))].flatMap((id) => of(id) ?? []),
  };
}

/** Who is sent to stands where who sends stands otherwise: what both permit is left. */
function leavingFrom(
  { doubt, manner, on = [], sends, subnets, thing }: Exposed['places'][number],
  ways: ReadonlyMap<string, readonly WayOut[]>,
): Leaving {
  const own = [...new Set(subnets)].flatMap((subnet) => ways.get(subnet) ?? []);
  const permitted = (filtered: boolean) =>
    reachOf(own.filter((way) => (way.filtered === true) === filtered).flatMap((way) => both(way.reach, sends)));
  return { thing, reach: permitted(false), filtered: permitted(true), ways: own, subnets, on: [thing, ...on], manner, doubt };
}
