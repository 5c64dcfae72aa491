/** Addresses, ports and what they mean: who can be on the other side of a network rule, and what is offered to them. */
import ipaddr from 'ipaddr.js';

/** A closed range of addresses of one family. */
export interface Block {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Who a rule lets in or out to. anyone: the whole internet, or a part too large to belong to one organisation. cloud: every
 * tenant of the cloud. network: the whole virtual network. self: members of the same group. block: a known range. named: a
 * group, list, tag or single address. undecided: only deployment tells.
 */
export type PeerKind = 'anyone' | 'cloud' | 'network' | 'self' | 'block' | 'named' | 'undecided';

export interface Peer {
  readonly kind: PeerKind;
  /** As written; for `undecided`, what is missing. */
  readonly text: string;
  readonly block?: Block | undefined;
}

/** First and last port. */
export type PortRange = readonly [number, number];
export const ALL_PORTS: PortRange = [0, 65535];

/** What a rule carries. `any` stands for every protocol, and then for every port. */
export interface Traffic {
  readonly protocol: string;
  readonly ranges: readonly PortRange[];
  /** What is missing to know protocol and ports. */
  readonly missing?: string | undefined;
}

/** One permission of a network rule. */
export interface Flow {
  /** Property path of the rule. */
  readonly at: string;
  readonly peers: readonly Peer[];
  readonly traffic: Traffic;
  /** What is missing to know whether the rule permits at all. */
  readonly doubt?: string | undefined;
}

// ── Addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Reads `10.0.0.0/8`, `10.0.0.1`, `10.0.0.1-10.0.0.9` and the same in IPv6; undefined for anything else. */
export function blockOf(text: string): Block | undefined {
  // Rules repeat few ranges many times; the limit keeps a hostile input from filling the memory.
  if (BLOCKS.size > MOST_BLOCKS) BLOCKS.clear();
  if (!BLOCKS.has(text)) BLOCKS.set(text, readBlock(text));
  return BLOCKS.get(text);
}

const BLOCKS = new Map<string, Block | undefined>();
const MOST_BLOCKS = 10_000;

function readBlock(text: string): Block | undefined {
  const [low, high, ...rest] = text.split('-').map((part) => part.trim());
  if (low === undefined || rest.length > 0) return undefined;
  if (high !== undefined) {
    const first = blockOf(low);
    const last = blockOf(high);
    return first && last && first.family === last.family && first.first <= last.last ? { ...first, last: last.last } : undefined;
  }
  if (ipaddr.isValidCIDR(low)) {
    const [address, length] = ipaddr.parseCIDR(low);
    const size = address.kind() === 'ipv4' ? 32 : 128;
    const rest = 1n << BigInt(size - length);
    const first = (numberOf(address.toByteArray()) / rest) * rest;
    return { family: size === 32 ? 4 : 6, first, last: first + rest - 1n };
  }
  if (!ipaddr.IPv4.isValidFourPartDecimal(low) && !ipaddr.IPv6.isValid(low)) return undefined;
  const address = ipaddr.parse(low);
  const first = numberOf(address.toByteArray());
  return { family: address.kind() === 'ipv4' ? 4 : 6, first, last: first };
}

const numberOf = (bytes: readonly number[]): bigint => bytes.reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
const sizeOf = ({ first, last }: Block): bigint => last - first + 1n;
const known = (text: string): Block => blockOf(text) as Block;

/** RFC 1918, RFC 6598, loopback, link-local; unique local and link-local in IPv6. */
export const PRIVATE: readonly Block[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
].map(known);
const GLOBAL_IPV6 = known('2000::/3');

export const contains = (outer: Block, inner: Block): boolean =>
  outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;

/** Lies wholly inside address space that is not routed on the internet. */
export const isPrivate = (block: Block): boolean => PRIVATE.some((range) => contains(range, block));

/**
 * Too large to be one organisation's: a /8 of routed IPv4 or more (`172.0.0.0/8` is mostly the internet, whoever wrote it
 * meant 172.16.0.0/12), a /16 of routed IPv6 or more. So `0.0.0.0/1` and `128.0.0.0/1` mean what `0.0.0.0/0` means.
 */
function isInternet(block: Block): boolean {
  if (block.family === 4) return sizeOf(block) >= 1n << 24n && !isPrivate(block);
  const routed = block.first <= GLOBAL_IPV6.last && GLOBAL_IPV6.first <= block.last;
  return routed && sizeOf(block) >= 1n << 112n;
}

/** Large enough to hold many unrelated systems: a /16 of IPv4 or a /48 of IPv6, or more. */
export const isWide = (block: Block): boolean => sizeOf(block) >= (block.family === 4 ? 1n << 16n : 1n << 80n);

/** Blocks that together make up most of the internet, however finely it was cut. */
export function coverMostOfTheInternet(blocks: readonly Block[]): boolean {
  return ([4, 6] as const).some((family) => {
    const half = family === 4 ? 1n << 31n : sizeOf(GLOBAL_IPV6) / 2n;
    const sorted = blocks.filter((block) => block.family === family).sort((a, b) => (a.first < b.first ? -1 : 1));
    let covered = 0n;
    let reached = -1n;
    for (const { first, last } of sorted) {
      const from = first > reached ? first : reached + 1n;
      if (last >= from) covered += last - from + 1n;
      if (last > reached) reached = last;
    }
    return covered >= half;
  });
}

/** Words for "from anywhere" in network rules of Azure; `0.0.0.0` alone means the same there. */
const ANYONE = /^(\*|any|internet|0\.0\.0\.0|::)$/i;
/** Service tags that contain the addresses of every tenant's machines. */
const CLOUD = /^azurecloud(\.|$)/i;
const NETWORK = /^virtualnetwork$/i;

/** Classifies an address, range, service tag or name, as written. */
export function peerOf(text: string): Peer {
  const trimmed = text.trim();
  if (ANYONE.test(trimmed) || /\/0+$/.test(trimmed)) return { kind: 'anyone', text: trimmed, block: blockOf(trimmed) };
  if (CLOUD.test(trimmed)) return { kind: 'cloud', text: trimmed };
  if (NETWORK.test(trimmed)) return { kind: 'network', text: trimmed };
  const block = blockOf(trimmed);
  if (!block) return { kind: 'named', text: trimmed };
  return { kind: isInternet(block) ? 'anyone' : 'block', text: trimmed, block };
}

/** Whether everything that `inner` stands for is also part of `outer`. */
export function includes(outer: Peer, inner: Peer): boolean {
  if (outer.kind === 'undecided' || inner.kind === 'undecided') return false;
  if (outer.kind === 'anyone' && outer.block === undefined) return true;
  if (outer.block && inner.block) return contains(outer.block, inner.block);
  return outer.text.toLowerCase() === inner.text.toLowerCase();
}

// ── Ports ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Ports of host administration and debugging: never open to the internet. */
export const ADMIN_PORTS: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [3389, 'RDP'],
  [5985, 'WinRM'],
  [5986, 'WinRM'],
  [5900, 'VNC'],
  [5901, 'VNC'],
  [2375, 'Docker'],
  [2376, 'Docker'],
  [10250, 'kubelet'],
  [5005, 'Java debugging'],
  [9229, 'Node.js debugging'],
]);

/** Ports of protocols that send credentials or commands in clear, by transport. */
const CLEAR_TEXT: readonly { readonly protocol: string; readonly ports: PortRange; readonly name: string }[] = [
  { protocol: 'tcp', ports: [20, 21], name: 'FTP' },
  { protocol: 'tcp', ports: [23, 23], name: 'Telnet' },
  { protocol: 'udp', ports: [69, 69], name: 'TFTP' },
  { protocol: 'tcp', ports: [110, 110], name: 'POP3' },
  { protocol: 'tcp', ports: [143, 143], name: 'IMAP' },
  { protocol: 'tcp', ports: [137, 139], name: 'NetBIOS (SMBv1)' },
  { protocol: 'udp', ports: [137, 138], name: 'NetBIOS (SMBv1)' },
  { protocol: 'udp', ports: [161, 161], name: 'SNMP' },
  { protocol: 'tcp', ports: [389, 389], name: 'LDAP' },
  { protocol: 'udp', ports: [389, 389], name: 'LDAP' },
  { protocol: 'tcp', ports: [512, 514], name: 'rexec, rlogin, rsh' },
  { protocol: 'tcp', ports: [5900, 5903], name: 'VNC' },
];

/** A rule with more ports than this does not name a protocol: it is judged for its width, not for what is inside. */
const WIDEST_NAMED = 100;

const overlaps = (a: PortRange, b: PortRange): boolean => a[0] <= b[1] && b[0] <= a[1];

/** Every port of its transport. */
export const isAllPorts = ({ protocol, ranges }: Traffic): boolean =>
  (protocol === 'any' && ranges.length === 0) || (carriesPorts(protocol) && ranges.some(([from, to]) => from <= 1 && to >= 65535));

const carriesPorts = (protocol: string): boolean =>
  protocol === 'tcp' || protocol === 'udp' || protocol === 'any' || protocol === 'tcp or udp';
const isTransport = (protocol: string, wanted: string): boolean =>
  carriesPorts(protocol) && (protocol === wanted || protocol === 'any' || protocol === 'tcp or udp');

/** Names of the administration ports that the traffic reaches. */
export function adminPorts({ protocol, ranges }: Traffic): readonly string[] {
  if (!isTransport(protocol, 'tcp') && !(protocol === 'udp' && ranges.every(([from, to]) => from === 3389 && to === 3389))) return [];
  const names = [...ADMIN_PORTS].filter(([port]) => ranges.some((range) => overlaps(range, [port, port]))).map(([, name]) => name);
  return [...new Set(names)];
}

/** Names of the clear-text protocols that a rule offers on purpose: wide ranges name nothing. */
export function clearTextProtocols({ protocol, ranges }: Traffic): readonly string[] {
  const narrow = ranges.filter(([from, to]) => to - from < WIDEST_NAMED);
  const found = CLEAR_TEXT.filter((entry) => isTransport(protocol, entry.protocol) && narrow.some((range) => overlaps(range, entry.ports)));
  return [...new Set(found.map(({ name }) => name))];
}

/**
 * What a rule that lets in anyone exposes. Each flow has exactly one answer, so that one defect is one finding:
 * administration (DID-12), clear text (TLS-10), web (80 and 443 only), other (DID-02), nothing (ICMP, IPsec), undecided.
 */
export type Exposure = 'administration' | 'clear-text' | 'web' | 'other' | 'nothing' | 'undecided';

export function exposureOf(traffic: Traffic): Exposure {
  if (traffic.missing !== undefined) return 'undecided';
  if (!carriesPorts(traffic.protocol)) return /^(icmp|esp|ah|50|51)/.test(traffic.protocol) ? 'nothing' : 'other';
  if (traffic.ranges.length === 0) return 'nothing';
  if (adminPorts(traffic).length > 0) return 'administration';
  if (clearTextProtocols(traffic).length > 0) return 'clear-text';
  return traffic.ranges.every(([from, to]) => from === to && (from === 80 || from === 443)) ? 'web' : 'other';
}

/** What is left of `ranges` after taking out `taken`. */
export function subtract(ranges: readonly PortRange[], taken: readonly PortRange[]): readonly PortRange[] {
  let left = [...ranges];
  for (const [low, high] of taken) {
    left = left.flatMap(([from, to]): PortRange[] => {
      if (high < from || to < low) return [[from, to]];
      const pieces: PortRange[] = [];
      if (from < low) pieces.push([from, low - 1]);
      if (high < to) pieces.push([high + 1, to]);
      return pieces;
    });
  }
  return left;
}

// ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `tcp 22 (SSH)`, `all traffic`, `udp 1000-2000`. */
export function describeTraffic(traffic: Traffic): string {
  const { protocol, ranges } = traffic;
  const whole = ranges.some(([from, to]) => from <= 1 && to >= 65535);
  if (protocol === 'any' && (whole || ranges.length === 0)) return 'all traffic';
  if (!carriesPorts(protocol)) return protocol;
  const name = protocol === 'any' ? 'any protocol' : protocol;
  if (whole) return `all ${name} ports`;
  const shown = ranges.slice(0, 5).map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
  const known = [...new Set([...adminPorts(traffic), ...clearTextProtocols(traffic)])];
  const meaning = known.length > 0 ? ` (${known.join(', ')})` : '';
  return `${name} ${shown.join(', ')}${ranges.length > shown.length ? ', …' : ''}${meaning}`;
}

/** The peers of the wanted kinds, as written. */
export function describePeers(peers: readonly Peer[], kinds: readonly PeerKind[]): string {
  const shown = peers.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text);
  return shown.length > 3 ? `${shown.slice(0, 3).join(', ')} and ${shown.length - 3} more` : shown.join(' and ');
}
