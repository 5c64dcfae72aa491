/** Routes of Azure, compared by the next hop of every address that either side speaks of: the narrower prefix decides. */
import { type Block, blockOf } from '../../../policies/facts/network';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Pairing } from '../side';
import type { AzureNetwork, Subnet } from './azure-network';
import { type AzureSide, keyed, subnetKey, subnetName } from './azure-sides';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';
import { EVERYWHERE, isTheInternet, meet, NOBODY, openTo, publicPart, union, whoIn, without } from './reach';

/** Where something is sent to next. */
interface Hop {
  readonly kind: 'system' | 'internet' | 'appliance' | 'none' | 'gateway' | 'unknown';
  /** The address of an appliance, in words that both sides share; what is missing of an unknown one. */
  readonly by: string;
  /** A firewall that is among what was read. */
  readonly known: boolean;
}

interface Routed {
  readonly hop: Hop;
  readonly blocks: readonly Block[];
}

/** Where a subnet sends what, and to which tags of services by routes of their own. */
interface Routes {
  readonly table: Resource | undefined;
  readonly addresses: readonly Routed[];
  readonly tags: ReadonlyMap<string, Hop>;
  /** Routes of which not even the prefix is known. */
  readonly missing: readonly string[];
}

const SYSTEM: Hop = { kind: 'system', by: '', known: false };
const UNROUTED: Routes = { table: undefined, addresses: [{ hop: SYSTEM, blocks: EVERYWHERE }], tags: new Map(), missing: [] };
const KINDS: Readonly<Record<string, Hop['kind']>> = {
  internet: 'internet',
  virtualappliance: 'appliance',
  none: 'none',
  virtualnetworkgateway: 'gateway',
  vnetlocal: 'system',
};
const FIREWALL = 'azure-native:network:AzureFirewall';

function hopOf(route: Value, network: AzureNetwork, pairing: Pairing): Hop {
  const type = route.at('nextHopType');
  const kind = type.string === undefined ? 'unknown' : (KINDS[type.string.toLowerCase()] ?? 'unknown');
  if (kind === 'unknown') return { kind, by: type.describe(), known: false };
  if (kind !== 'appliance') return { kind, by: '', known: false };
  const address = route.at('nextHopIpAddress');
  const targets = address.targets.flatMap((id) => network.graph.get(id) ?? []);
  const by = targets.length > 0 ? pairing.name(targets[0] as Resource) : (address.shape ?? '');
  return { kind, by, known: targets.some(({ type: one }) => one === FIREWALL) };
}

/** Tables are read once, by however many subnets they are shared. */
function reader(pairing: Pairing): (subnet: Subnet, network: AzureNetwork) => Routes {
  const byTable = new Map<Resource, Routes>();
  return (subnet, network) => {
    const table = network.tableOf(subnet);
    const named = subnet.value.at('routeTable.id');
    if (!table) return { ...UNROUTED, missing: named.state === 'absent' ? [] : [named.describe()] };
    const found = byTable.get(table) ?? routesOf(table, network, pairing);
    byTable.set(table, found);
    return found;
  };
}

function routesOf(table: Resource, network: AzureNetwork, pairing: Pairing): Routes {
  const tags = new Map<string, Hop>();
  const missing: string[] = [];
  const known: { readonly block: Block; readonly hop: Hop }[] = [];
  for (const route of network.routesIn(table)) {
    const prefix = route.at('addressPrefix');
    const block = blockOf(prefix.string ?? '');
    const hop = hopOf(route, network, pairing);
    if (block) known.push({ block, hop });
    else if (prefix.string !== undefined) tags.set(prefix.string, hop);
    else missing.push(prefix.describe());
  }
  const size = ({ first, last }: Block) => last - first;
  known.sort((a, b) => (size(a.block) > size(b.block) ? -1 : size(a.block) < size(b.block) ? 1 : 0));
  const byHop = new Map<string, Routed>([[keyOf(SYSTEM), { hop: SYSTEM, blocks: EVERYWHERE }]]);
  for (const { block, hop } of known) {
    for (const [key, one] of byHop) byHop.set(key, { ...one, blocks: without(one.blocks, [block]) });
    const key = keyOf(hop);
    byHop.set(key, { hop, blocks: union([...(byHop.get(key)?.blocks ?? []), block]) });
  }
  return { table, addresses: [...byHop.values()].filter(({ blocks }) => blocks.length > 0), tags, missing };
}
const keyOf = ({ by, kind }: Hop): string => `${kind} ${by}`;

// ── Compared ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What is sent otherwise, by a pair of hops. */
interface Moved {
  readonly from: Hop;
  readonly to: Hop;
  readonly where: string;
  readonly everything: boolean;
  /** None of it is on the internet. */
  readonly inner: boolean;
}

function* movedBetween(old: Routes, now: Routes, called: (name: string) => string): Iterable<Moved> {
  for (const was of old.addresses)
    for (const is of now.addresses) {
      if (keyOf(was.hop) === keyOf(is.hop)) continue;
      const both = meet(was.blocks, is.blocks);
      // What leaves and what stays inside are led by the system to different places.
      const outer = publicPart(both);
      const inner = without(both, outer);
      if (isTheInternet(outer)) yield { from: was.hop, to: is.hop, where: 'the internet', everything: true, inner: false };
      else if (outer.length > 0) yield { from: was.hop, to: is.hop, where: wordsOf(outer, called), everything: false, inner: false };
      // A route for everything decides nothing about networks: narrower routes lead there.
      if (inner.length > 0 && !isTheInternet(outer) && !(isLast(was.hop) && isLast(is.hop)))
        yield { from: was.hop, to: is.hop, where: wordsOf(inner, called), everything: false, inner: true };
    }
  const tags = [...new Set([...old.tags.keys(), ...now.tags.keys()])].sort();
  for (const tag of tags) {
    const [was, is] = [old.tags.get(tag) ?? defaultOf(old), now.tags.get(tag) ?? defaultOf(now)];
    if (keyOf(was) !== keyOf(is) && (old.tags.has(tag) || now.tags.has(tag)))
      yield { from: was, to: is, where: `the service tag ${tag}`, everything: false, inner: false };
  }
}
const wordsOf = (blocks: readonly Block[], called: (name: string) => string): string => whoIn(openTo({ ...NOBODY, blocks }), called);

/** Without a route of one's own, the network finds its way by itself. */
const isLast = ({ kind }: Hop): boolean => kind === 'system' || kind === 'internet';

/** Where most of the internet is sent to. */
const defaultOf = ({ addresses }: Routes): Hop =>
  addresses.find(({ blocks }) => isTheInternet(blocks.filter(({ family }) => family === 4)))?.hop ?? SYSTEM;

interface Told extends Moved {
  readonly subnets: string[];
  readonly things: Resource[];
  readonly tables: Resource[];
}

/** What subnets send by another way; where a line of `said` tells what leaves by a table, only the rest is told. */
export function* routes(
  speech: Speech,
  before: AzureSide,
  after: AzureSide,
  direction: Direction,
  said: readonly Consequence[],
): Iterable<Consequence> {
  const { pairing } = speech;
  const leaving = new Set(said.flatMap((line) => (line.topic === 'egress' ? [line.subject, ...line.along] : [])));
  const read = ({ subnets }: AzureNetwork) => subnets;
  const key = (subnet: Subnet) => subnetKey(subnet, pairing);
  const older = keyed(before, read, key);
  const routed = reader(pairing);
  const found = new Map<string, Told>();
  for (const [id, [subnet, network]] of keyed(after, read, key)) {
    const [was, earlier] = older.get(id) ?? [];
    if (!was || !earlier) continue;
    const [old, now] = [routed(was, earlier), routed(subnet, network)];
    const unsure = now.missing.find((one) => !old.missing.includes(one));
    if (unsure !== undefined || old.missing.length > 0) {
      if (unsure !== undefined && direction === 'weaker') yield unknown(speech, subnet, unsure);
      continue;
    }
    const deciding = [now.table, old.table].flatMap((table) => table ?? []);
    const told = leaving.has(pairing.identity(now.table ?? subnet.resource));
    for (const moved of movedBetween(old, now, speech.called)) {
      if (!isWeaker(moved) || (told && !moved.inner && moved.to.kind !== 'gateway' && moved.to.kind !== 'appliance')) continue;
      const same = [keyOf(moved.from), keyOf(moved.to), moved.where, ...deciding.map(pairing.identity)].join('|');
      const group = found.get(same) ?? { ...moved, subnets: [], things: [], tables: deciding };
      group.subnets.push(subnetName(subnet, pairing));
      group.things.push(subnet.resource);
      found.set(same, group);
    }
  }
  for (const told of found.values()) if (direction === 'weaker' || told.to.kind !== 'appliance') yield line(speech, told, direction);
}

/** Whoever goes past an appliance is inspected by nobody; what was dropped is sent now; and another appliance has to be looked at. */
function isWeaker({ from, to }: Moved): boolean {
  if (from.kind === 'appliance') return to.kind !== 'none' && !(to.kind === 'appliance' && to.known);
  if (from.kind === 'none') return true;
  return from.kind === 'gateway' && isLast(to);
}

function line(speech: Speech, { everything, from, inner, subnets, tables, things, to, where }: Told, direction: Direction): Consequence {
  const { identity } = speech.pairing;
  const who = listed([...new Set(subnets)].sort());
  const sends = new Set(subnets).size > 1 ? 'send' : 'sends';
  const past =
    from.kind === 'none' ? 'which was dropped' : from.kind === 'gateway' ? 'not by the gateway' : `past the appliance ${from.by}`.trim();
  const way = {
    system: inner ? 'directly' : 'by a route of Azure itself',
    internet: 'directly',
    gateway: 'by the gateway of the network',
    appliance: `by the appliance ${to.by}`,
    none: 'nowhere',
    unknown: 'by another hop',
  }[to.kind];
  const other = to.kind === 'appliance' && from.kind === 'appliance';
  const doubtful = other || to.kind === 'unknown';
  const weaker = direction === 'weaker';
  return speech.line((tables[0] ?? things[0]) as Resource, {
    direction: weaker && doubtful ? 'undecided' : direction,
    severity: everything && !doubtful && to.kind !== 'gateway' ? 'high' : 'medium',
    sentence: !weaker
      ? `${who} no longer ${sends} to ${where} ${way}${from.kind === 'appliance' ? `, but ${from.by === '' ? 'by an appliance' : `by the appliance ${from.by}`}` : ''}`
      : other
        ? `${who} ${sends} to ${where} ${way} now, instead of ${from.by}: read whether that inspects as much`
        : to.kind === 'unknown'
          ? `whether ${who} still ${sends} to ${where} by the same hop cannot be told: ${to.by}`
          : `${who} ${sends} to ${where} ${way} now, ${past}`,
    topic: `routes ${where} ${keyOf(to)}`,
    at: `routes ${where}`,
    ...(inner || doubtful ? {} : { boundary: 'internet' as const }),
    chain: [who, to.kind === 'appliance' ? to.by : way, where],
    along: [...things, ...tables].map(identity),
    tells: ['DID-01', 'DID-02', 'DID-03', 'DID-09', 'EXP-05'],
    saw: `${where}: ${keyOf(from).trim()} → ${keyOf(to).trim()}`,
  });
}

function unknown(speech: Speech, subnet: Subnet, missing: string): Consequence {
  const name = subnetName(subnet, speech.pairing);
  return speech.line(subnet.resource, {
    direction: 'undecided',
    severity: 'medium',
    sentence: `by which way ${name} sends can no longer be told: ${missing}`,
    topic: `routes of ${name}`,
    at: subnet.value.at('routeTable').path,
    chain: [name],
    along: [],
    tells: ['EXP-05'],
    saw: missing,
  });
}
