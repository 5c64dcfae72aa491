/**
 * What the rules of a security group let through, as sets: priorities, denials, the rules that every group ends with, tags and lists
 * are worked out, so that rules written otherwise compare equal.
 */
import { type Block, blockOf, type Peer, type PortRange, peerOf, type Traffic } from '../../../policies/facts/network';
import { type Direction, flowOfRule, SECURITY_RULE } from '../../../policies/facts/network-flows';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Pairing } from '../side';
import type { AzureNetwork } from './azure-network';
import { ANYONE, allSources, beyond, EVERYWHERE, meet, NOBODY, publicPart, type Reach, reachOf, type Sources, spansOf } from './reach';

export const NETWORK_TAG = 'virtualnetwork';
const INTERNET_TAG = 'internet';
const CLOUD_TAG = 'azurecloud';
const BALANCER_TAG = 'azureloadbalancer';
/** Names that are no tags: groups of applications, and addresses that other resources have. */
export const isGroupName = (name: string): boolean => name.startsWith('#');

/** One end of a rule. */
interface Peers {
  readonly all: readonly Peer[];
  /** Addresses and names by which another rule of the other side may mean the same. */
  readonly names: readonly string[];
}

export interface Rule {
  readonly priority: number;
  readonly allows: boolean;
  readonly far: Peers;
  readonly near: Peers;
  readonly sourcePorts: readonly PortRange[];
  readonly traffic: Traffic;
  readonly holder: Resource | undefined;
  /** What is missing to know whether, or in which place, it holds. */
  readonly doubt: string | undefined;
}

const ALL_PORTS: PortRange = [0, 65535];
const ALL_TRAFFIC: Traffic = { protocol: 'any', ranges: [ALL_PORTS] };
const LAST = 65_000;

const builtIn = (at: number, allows: boolean, far: string, near: string): Rule => ({
  priority: LAST + at,
  allows,
  far: tagged(far),
  near: tagged(near),
  sourcePorts: [ALL_PORTS],
  traffic: ALL_TRAFFIC,
  holder: undefined,
  doubt: undefined,
});
const tagged = (text: string): Peers => ({ all: [peerOf(text)], names: text === '*' ? [] : [text.toLowerCase()] });

/** The rules that every group ends with. */
const BUILT_IN: Readonly<Record<Direction, readonly Rule[]>> = {
  in: [builtIn(0, true, 'VirtualNetwork', 'VirtualNetwork'), builtIn(1, true, 'AzureLoadBalancer', '*'), builtIn(500, false, '*', '*')],
  out: [builtIn(0, true, 'VirtualNetwork', 'VirtualNetwork'), builtIn(1, true, 'Internet', '*'), builtIn(500, false, '*', '*')],
};
/** The rules of a group in one direction, first come first: inline ones, those of their own, and the last ones of every group. */
export function rulesOf(group: Resource, direction: Direction, network: AzureNetwork, pairing: Pairing): readonly Rule[] {
  const { graph } = network;
  const separate = graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName');
  const written = [
    ...group
      .at('securityRules')
      .items()
      .map((value) => [value, group] as const),
    ...separate.map((holder) => [holder.all, holder] as const),
  ];
  const wanted = direction === 'in' ? 'Inbound' : 'Outbound';
  const own = written
    .filter(([rule]) => rule.at('direction').is(wanted).verdict !== 'fail')
    .map(([rule, holder]) => ruleOf(rule, holder, direction, (text) => identified(text, network, pairing)));
  return [...own, ...BUILT_IN[direction]].sort((a, b) => a.priority - b.priority);
}

type Identified = (value: Value) => string;

/** References by the identity that both sides share. */
function identified(value: Value, { graph }: AzureNetwork, pairing: Pairing): string {
  let text = value.shape ?? value.describe();
  for (const id of value.targets) {
    const target = graph.get(id);
    if (target) text = text.replaceAll(id, pairing.identity(target));
  }
  return text;
}

function ruleOf(rule: Value, holder: Resource, direction: Direction, identify: Identified): Rule {
  const priority = rule.at('priority');
  const access = rule.at('access');
  const unsure = [access, rule.at('direction'), priority].find((one) => one.state !== 'absent' && one.string === undefined);
  const ends = { source: endOf(rule, 'source', identify), destination: endOf(rule, 'destination', identify) };
  return {
    priority: priority.number ?? LAST - 1,
    allows: access.is('Deny').verdict !== 'pass',
    far: direction === 'in' ? ends.source : ends.destination,
    near: direction === 'in' ? ends.destination : ends.source,
    sourcePorts: sourcePortsOf(rule),
    traffic: flowOfRule(rule, direction).traffic,
    holder,
    doubt: unsure?.describe() ?? (rule.state === 'unknown' ? rule.describe() : undefined),
  };
}

function sourcePortsOf(rule: Value): readonly PortRange[] {
  const texts = [rule.at('sourcePortRange'), rule.at('sourcePortRanges')].flatMap((value) =>
    value.items().map(({ string }) => string ?? '*'),
  );
  const ranges = texts.map((text): PortRange => {
    const [first = 0, last = first] = text.split('-').map(Number);
    return Number.isNaN(first) || Number.isNaN(last) ? ALL_PORTS : [first, last];
  });
  return ranges.length === 0 ? [ALL_PORTS] : ranges;
}

function endOf(rule: Value, end: 'source' | 'destination', identify: Identified): Peers {
  const all = [rule.at(`${end}AddressPrefix`), rule.at(`${end}AddressPrefixes`)].flatMap((value) =>
    value.items().flatMap((item): readonly Peer[] => {
      if (item.string !== undefined) return item.string === '' ? [] : item.string.split(',').map(peerOf);
      if (item.state !== 'reference' && item.state !== 'text') return [{ kind: 'undecided', text: item.describe() }];
      const text = identify(item);
      return [/\/0+$/.test(text) ? { kind: 'anyone', text } : { kind: 'named', text: `#${text}` }];
    }),
  );
  const groups = rule
    .at(`${end}ApplicationSecurityGroups`)
    .items()
    .map((group): Peer => ({ kind: 'named', text: `#${identify(group.at('id'))}` }));
  const peers = [...all, ...groups];
  return { all: peers, names: peers.flatMap((peer) => nameOf(peer) ?? []) };
}

const nameOf = ({ block, kind, text }: Peer): string | undefined =>
  block !== undefined || kind === 'undecided' || (kind === 'anyone' && text.toLowerCase() !== INTERNET_TAG)
    ? undefined
    : isGroupName(text)
      ? text
      : text.toLowerCase();

// ── Sets ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What tags stand for around a group, and all names that either side of it speaks of. */
export interface Surroundings {
  readonly names: ReadonlySet<string>;
  /** Addresses that the tag of the virtual network has at least. */
  readonly network: readonly Block[];
  /** Whether it has no others. */
  readonly whole: boolean;
  /** Addresses that stand behind the group; undefined where they are not all known. */
  readonly behind: readonly Block[] | undefined;
}

/** A tag contains another one: the whole service its regions, the cloud every service of it, the internet them all. */
function tagContains(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (isGroupName(narrow)) return wide === NETWORK_TAG;
  if (narrow === NETWORK_TAG || narrow === BALANCER_TAG || narrow === INTERNET_TAG) return false;
  const [service = '', region] = wide.split('.');
  const [other = '', place] = narrow.split('.');
  if (wide === INTERNET_TAG) return true;
  return (service === other || service === CLOUD_TAG) && (region === undefined || region === place);
}

/** Whoever one peer stands for. */
function sourcesOf(peer: Peer, around: Surroundings): Sources {
  if (peer.kind === 'undecided') return { ...NOBODY, unsure: new Set([peer.text]) };
  // Whoever writes all of IPv4 means everybody, where networks have no other addresses.
  const other = [...around.network, ...(around.behind ?? [])].some(({ family }) => family === 6);
  if (peer.text === '0.0.0.0/0' && !other) return ANYONE;
  if (peer.block) return { ...NOBODY, blocks: [peer.block] };
  const name = nameOf(peer);
  if (name === undefined) return ANYONE;
  const within = [...around.names].filter((one) => tagContains(name, one));
  const named = new Map([name, ...within].map((one) => [one, one === NETWORK_TAG && around.whole ? around.network : undefined] as const));
  if (name === INTERNET_TAG) named.delete(INTERNET_TAG);
  const blocks = name === INTERNET_TAG ? publicPart(EVERYWHERE) : name === NETWORK_TAG ? around.network : [];
  return { ...NOBODY, blocks, named };
}

/** A part of what stands behind a group, in which every rule holds for all of it or for none. */
export interface Slice {
  readonly block: Block | undefined;
  readonly name: string | undefined;
  readonly sourcePort: number;
}

/** Cuts what stands behind a group where any rule of the two sides begins or ends to speak of it. */
export function slicesOf(rules: readonly Rule[], { behind }: Surroundings): readonly Slice[] {
  const cuts = rules.flatMap(({ near }) => near.all.flatMap(({ block }) => block ?? []));
  const blocks = (behind ?? EVERYWHERE).flatMap((whole) => cut(whole, cuts));
  const names = new Set(rules.flatMap(({ near }) => near.names.filter((name) => name !== NETWORK_TAG && name !== INTERNET_TAG)));
  const ports = [...new Set(rules.flatMap(({ sourcePorts }) => sourcePorts.flatMap(([first, last]) => [first, last + 1])))];
  const places = [...blocks.map((block) => ({ block, name: undefined })), ...[...names].map((name) => ({ block: undefined, name }))];
  return places.flatMap((place) => ports.filter((port) => port <= 65_535).map((sourcePort) => ({ ...place, sourcePort })));
}

function cut(whole: Block, cuts: readonly Block[]): readonly Block[] {
  const inside = cuts.filter(({ family }) => family === whole.family).flatMap(({ first, last }) => [first, last + 1n]);
  const starts = [...new Set([whole.first, ...inside.filter((at) => at > whole.first && at <= whole.last)])].sort((a, b) =>
    a < b ? -1 : 1,
  );
  return starts.map((first, at) => ({ ...whole, first, last: (starts[at + 1] ?? whole.last + 1n) - 1n }));
}

/** Whether a rule holds for a slice. */
export function holdsFor({ near, sourcePorts }: Rule, { block, name, sourcePort }: Slice): boolean {
  if (!sourcePorts.some(([first, last]) => first <= sourcePort && sourcePort <= last)) return false;
  return near.all.some((peer) => {
    const own = nameOf(peer);
    if (peer.block) return block !== undefined && meet([peer.block], [block]).length > 0;
    if (own === undefined) return peer.kind !== 'undecided';
    return own === NETWORK_TAG || own === name;
  });
}

/** Everything that rules let through to a slice, and what decides that only deployment tells. */
export function reachThrough(rules: readonly Rule[], slice: Slice, around: Surroundings): Reach {
  let [open, refused]: [Reach, Reach] = [[], []];
  for (const rule of rules) {
    if (!holdsFor(rule, slice)) continue;
    const from = allSources([...rule.far.all.map((peer) => sourcesOf(peer, around)), NOBODY]);
    const flow = { at: '', peers: [], traffic: rule.traffic };
    if (rule.doubt !== undefined) {
      if (rule.allows) open = reachOf([...open, ...spansOf(flow, { ...NOBODY, unsure: new Set([rule.doubt]) })]);
    } else if (rule.allows) open = reachOf([...open, ...beyond(reachOf(spansOf(flow, from)), refused)]);
    else refused = reachOf([...refused, ...spansOf(flow, from)]);
  }
  return open;
}

/** Without the names of what others among them contain. */
export const widest = (names: readonly string[]): readonly string[] =>
  names.filter((one) => !names.some((other) => other !== one && tagContains(other, one)));

export const prefixesOf = (value: Value): readonly Block[] | undefined => {
  const texts = [value.at('addressPrefix'), value.at('addressPrefixes')].flatMap((one) => one.items());
  const blocks = texts.flatMap(({ string }) => blockOf(string ?? '') ?? []);
  return texts.length > 0 && blocks.length === texts.length ? blocks : undefined;
};
