/** Who may talk to something, port by port: sets of addresses that are the same however they are cut, listed or ordered. */
import ipaddr from 'ipaddr.js';
import { type Block, blockOf, type Flow, type Peer, type PortRange, PRIVATE } from '../../../policies/facts/network';

/** Addresses, and whoever is known by a name only. */
export interface Sources {
  /** Sorted, apart from each other. */
  readonly blocks: readonly Block[];
  /** Groups, lists and workloads, with the addresses that they have where those are known. */
  readonly named: ReadonlyMap<string, readonly Block[] | undefined>;
  /** What only deployment tells, in words. */
  readonly unsure: ReadonlySet<string>;
  /** Who is let in or not, by what only deployment tells: a rule whose ports are not known. */
  readonly perhaps?: ReadonlyMap<string, Sources>;
}

/** From whom some ports of one transport take traffic. */
export interface Span {
  readonly transport: string;
  readonly ports: PortRange;
  readonly from: Sources;
}
/** Sorted; no two spans of one transport share a port. */
export type Reach = readonly Span[];

export const NOBODY: Sources = { blocks: [], named: new Map(), unsure: new Set() };
const block = (text: string): Block => blockOf(text) as Block;
export const EVERYWHERE: readonly Block[] = [block('0.0.0.0/0'), block('::/0')];
export const ANYONE: Sources = { ...NOBODY, blocks: EVERYWHERE };

// ── Addresses ──────────────────────────────────────────────────────────────────────────────────────────────────────

const before = (a: Block, b: Block): number => a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);

/** One list for the same addresses. */
export function union(blocks: readonly Block[]): readonly Block[] {
  if (blocks.length < 2) return blocks;
  const found: Block[] = [];
  for (const next of [...blocks].sort(before)) {
    const last = found[found.length - 1];
    if (last && last.family === next.family && next.first <= last.last + 1n) {
      if (next.last > last.last) found[found.length - 1] = { ...last, last: next.last };
    } else found.push(next);
  }
  return found;
}

/** What is in the first and not in the second. */
export function without(blocks: readonly Block[], taken: readonly Block[]): readonly Block[] {
  let left = [...blocks];
  for (const { family, first, last } of taken) {
    left = left.flatMap((one) => {
      if (one.family !== family || last < one.first || one.last < first) return [one];
      return [...(one.first < first ? [{ ...one, last: first - 1n }] : []), ...(last < one.last ? [{ ...one, first: last + 1n }] : [])];
    });
  }
  return left;
}

/** What is in both. */
export function meet(blocks: readonly Block[], others: readonly Block[]): readonly Block[] {
  return union(
    blocks.flatMap((one) =>
      others.flatMap((other) => {
        if (one.family !== other.family) return [];
        const first = one.first > other.first ? one.first : other.first;
        const last = one.last < other.last ? one.last : other.last;
        return first <= last ? [{ family: one.family, first, last }] : [];
      }),
    ),
  );
}

/** The part that is routed on the internet. */
export function publicPart(blocks: readonly Block[]): readonly Block[] {
  // Lists that many share are taken apart once.
  const known = PUBLIC.get(blocks) ?? without(blocks, PRIVATE);
  PUBLIC.set(blocks, known);
  return known;
}
const PUBLIC = new WeakMap<readonly Block[], readonly Block[]>();

const sameBlocks = (one: readonly Block[], other: readonly Block[]): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every(({ family, first, last }, at) => family === other[at]?.family && first === other[at]?.first && last === other[at]?.last));

/** As many addresses as no single organisation has: a /8, or a /16 of IPv6. */
export const isTheInternet = (blocks: readonly Block[]): boolean =>
  ([4, 6] as const).some((family) => {
    const size = publicPart(blocks)
      .filter((one) => one.family === family)
      .reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
    return size >= (family === 4 ? 1n << 24n : 1n << 112n);
  });

// ── Sources ────────────────────────────────────────────────────────────────────────────────────────────────────────

export function allSources(many: readonly Sources[]): Sources {
  if (many.length === 1) return many[0] as Sources;
  const perhaps = new Map<string, Sources>();
  for (const one of many)
    for (const [missing, some] of one.perhaps ?? []) {
      const known = perhaps.get(missing);
      perhaps.set(missing, known ? allSources([known, some]) : some);
    }
  return {
    blocks: union(many.flatMap(({ blocks }) => blocks)),
    named: new Map(many.flatMap(({ named }) => [...named])),
    unsure: new Set(many.flatMap(({ unsure }) => [...unsure])),
    ...(perhaps.size > 0 ? { perhaps } : {}),
  };
}

export const isNobody = ({ blocks, named, perhaps, unsure }: Sources): boolean =>
  blocks.length === 0 && named.size === 0 && unsure.size === 0 && perhaps === undefined;

/** What becomes of those who are let in or not; who is nobody then is left out. */
function perhapsBy({ perhaps }: Sources, change: (some: Sources, missing: string) => Sources): Pick<Sources, 'perhaps'> {
  const changed = [...(perhaps ?? [])].map(([missing, some]) => [missing, change(some, missing)] as const);
  const left = changed.filter(([, some]) => !isNobody(some));
  return left.length > 0 ? { perhaps: new Map(left) } : {};
}

/** Who is among the first and not among the second; those whose addresses the second lists are. */
function minus(one: Sources, other: Sources): Sources {
  if (one.named.size === 0 && one.unsure.size === 0 && one.perhaps === undefined && sameBlocks(one.blocks, other.blocks)) return NOBODY;
  const everyone = without(EVERYWHERE.slice(0, 1), other.blocks).length === 0;
  const listed = (blocks: readonly Block[] | undefined) =>
    everyone || (blocks !== undefined && blocks.length > 0 && without(blocks, other.blocks).length === 0);
  return {
    blocks: without(one.blocks, other.blocks),
    named: new Map([...one.named].filter(([name, blocks]) => !other.named.has(name) && !listed(blocks))),
    unsure: everyone ? new Set() : new Set([...one.unsure].filter((text) => !other.unsure.has(text))),
    ...perhapsBy(one, (some, missing) => minus(minus(some, other), other.perhaps?.get(missing) ?? NOBODY)),
  };
}

const textOf = ({ blocks, named, perhaps = new Map(), unsure }: Sources): string =>
  [
    blocks.map(({ family, first, last }) => `${family}:${first}-${last}`).join(),
    [...named.keys()].sort().join(),
    [...unsure].sort().join(),
    ...[...perhaps].map(([missing, some]) => `${missing}: ${textOf(some)}`).sort(),
  ].join('|');

// ── Spans ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const TRANSPORTS = ['tcp', 'udp', 'icmp', 'other'] as const;
const ALL: PortRange = [0, 65535];

/** What one permission carries, with its peers as they are resolved. */
export function spansOf({ traffic: { missing, protocol, ranges } }: Flow, from: Sources): Reach {
  if (isNobody(from)) return [];
  // Where it is not known on which ports, it is known who.
  if (missing !== undefined)
    return [{ transport: protocol === 'udp' ? 'udp' : 'tcp', ports: ALL, from: { ...NOBODY, perhaps: new Map([[missing, from]]) } }];
  const whole = ranges.some(([first, last]) => first <= 1 && last >= 65535);
  if (protocol === 'any' && (whole || ranges.length === 0)) return TRANSPORTS.map((transport) => ({ transport, ports: ALL, from }));
  const transports =
    protocol === 'any' || protocol === 'tcp or udp'
      ? ['tcp', 'udp']
      : protocol === 'tcp' || protocol === 'udp'
        ? [protocol]
        : [protocol.startsWith('icmp') ? 'icmp' : 'other'];
  const carried: readonly PortRange[] = transports.length === 1 && (transports[0] === 'icmp' || transports[0] === 'other') ? [ALL] : ranges;
  return transports.flatMap((transport) =>
    carried.map((ports): Span => ({ transport, ports: ports[0] <= 1 && ports[1] >= 65535 ? ALL : ports, from })),
  );
}

/** The same reach in one form: cut where anything changes, joined where nothing does. */
export function reachOf(spans: readonly Span[]): Reach {
  return TRANSPORTS.flatMap((transport) => {
    const own = spans.filter((span) => span.transport === transport);
    return own.length < 2
      ? own
      : join(
          pieces(own).flatMap(([first, last]) => {
            const over = own.filter(({ ports }) => ports[0] <= first && last <= ports[1]);
            return over.length === 0 ? [] : [{ transport, ports: [first, last] as const, from: allSources(over.map(({ from }) => from)) }];
          }),
        );
  });
}

/** Ports between which nothing begins or ends. */
function pieces(spans: readonly Span[]): readonly PortRange[] {
  const starts = [...new Set(spans.flatMap(({ ports: [first, last] }) => [first, last + 1]))].sort((a, b) => a - b);
  return starts.slice(0, -1).map((first, at) => [first, (starts[at + 1] as number) - 1] as const);
}

function join(spans: readonly Span[]): Reach {
  const found: Span[] = [];
  for (const span of spans) {
    const last = found[found.length - 1];
    if (last && last.ports[1] + 1 === span.ports[0] && textOf(last.from) === textOf(span.from))
      found[found.length - 1] = { ...last, ports: [last.ports[0], span.ports[1]] };
    else found.push(span);
  }
  return found;
}

/** Spans of the two with what `combine` makes of their sources, port by port. */
function combined(one: Reach, other: Reach, combine: (a: Sources, b: Sources) => Sources): Reach {
  return TRANSPORTS.flatMap((transport) => {
    const carried = (reach: Reach) => reach.filter((span) => span.transport === transport);
    const [left, right] = [carried(one), carried(other)];
    if (left.length === 0) return [];
    return join(
      pieces([...left, ...right]).flatMap(([first, last]) => {
        const over = (reach: Reach) => reach.find(({ ports }) => ports[0] <= first && last <= ports[1])?.from ?? NOBODY;
        const from = combine(over(left), over(right));
        return isNobody(from) ? [] : [{ transport, ports: [first, last] as const, from }];
      }),
    );
  });
}

/** What the first lets in and the second does not. */
export const beyond = (one: Reach, other: Reach): Reach => (one.length === 0 || isSame(one, other) ? [] : combined(one, other, minus));

const isSame = (one: Reach, other: Reach): boolean =>
  one === other ||
  (one.length === other.length &&
    one.every((span, at) => {
      const { from, ports, transport } = other[at] as Span;
      return (
        span.transport === transport &&
        span.ports[0] === ports[0] &&
        span.ports[1] === ports[1] &&
        sameBlocks(span.from.blocks, from.blocks) &&
        span.from.named.size === from.named.size &&
        [...span.from.named.keys()].every((name) => from.named.has(name)) &&
        span.from.unsure.size === from.unsure.size &&
        [...span.from.unsure].every((text) => from.unsure.has(text)) &&
        (span.from.perhaps === from.perhaps || textOf(span.from) === textOf(from))
      );
    }));

/** What both let in. Whoever is known by name only passes where anybody does. */
export function both(one: Reach, other: Reach): Reach {
  if (one.length === 0 || other.length === 0) return [];
  return other === OPEN ? one : combined(one, other, among);
}

const among = (a: Sources, b: Sources): Sources => {
  if (isNobody(a) || isNobody(b)) return NOBODY;
  const passes = (blocks: readonly Block[] | undefined) => blocks === undefined || b.named.size > 0 || meet(blocks, b.blocks).length > 0;
  return {
    blocks: b.blocks === EVERYWHERE ? a.blocks : a.blocks === EVERYWHERE ? b.blocks : meet(a.blocks, b.blocks),
    named: a.named.size === 0 ? a.named : new Map([...a.named].filter(([, blocks]) => passes(blocks))),
    unsure: b.unsure.size === 0 ? a.unsure : new Set([...a.unsure, ...b.unsure]),
    ...perhapsAmong(a, b),
  };
};

/** Who passes both if what is missing is so: on the one side, or on the other. */
function perhapsAmong(a: Sources, b: Sources): Pick<Sources, 'perhaps'> {
  if (a.perhaps === undefined && b.perhaps === undefined) return {};
  const { perhaps: _a, ...sureOfA } = a;
  const { perhaps } = allSources([
    { ...NOBODY, ...perhapsBy(a, (some) => among(some, b)) },
    { ...NOBODY, ...perhapsBy(b, (some) => among(sureOfA, some)) },
  ]);
  return perhaps ? { perhaps } : {};
}

/** The part that comes from these addresses. */
export const comingFrom = (reach: Reach, blocks: readonly Block[]): Reach =>
  join(
    reach.flatMap((span) => {
      const from = within(span.from, blocks);
      return isNobody(from) ? [] : [{ ...span, from }];
    }),
  );
const within = (from: Sources, blocks: readonly Block[]): Sources => ({
  ...NOBODY,
  blocks: meet(from.blocks, blocks),
  unsure: from.unsure,
  ...perhapsBy(from, (some) => within(some, blocks)),
});

/** The part that the internet has in it. */
export const fromOutside = (reach: Reach, named: (name: string) => boolean = () => false): Reach =>
  join(
    reach.flatMap((span) => {
      const from = outer(span.from, named);
      return isNobody(from) ? [] : [{ ...span, from }];
    }),
  );
const outer = (from: Sources, named: (name: string) => boolean): Sources => ({
  blocks: publicPart(from.blocks),
  unsure: from.unsure,
  named: new Map([...from.named].filter(([name]) => named(name))),
  ...perhapsBy(from, (some) => outer(some, named)),
});

/** All that comes in on the ports of the other. */
export const onPortsOf = (reach: Reach, other: Reach): Reach =>
  both(
    reach,
    other.map((span) => ({ ...span, from: ANYONE })),
  );

/** Only these ports of TCP and UDP. */
export const onPorts = (reach: Reach, ports: readonly (readonly [transport: string, port: number])[]): Reach =>
  both(reach, reachOf(ports.map(([transport, port]) => ({ transport, ports: [port, port], from: ANYONE }))));

export const openTo = (from: Sources): Reach => TRANSPORTS.map((transport) => ({ transport, ports: ALL, from }));
export const OPEN: Reach = openTo(ANYONE);

/** Whether anybody is let in for certain. */
export const isSure = (reach: Reach): boolean => reach.some(({ from: { blocks, named } }) => blocks.length > 0 || named.size > 0);
export const unsureIn = (reach: Reach): string | undefined =>
  reach.flatMap(({ from }) => [...from.unsure, ...(from.perhaps?.keys() ?? [])])[0];

/** A peer that is not known by its group. */
export function sourcesOf({ block: known, kind, text }: Peer): Sources {
  if (kind === 'undecided') return { ...NOBODY, unsure: new Set([text]) };
  if (kind === 'anyone') return known ? { ...NOBODY, blocks: [known] } : ANYONE;
  if (known) return { ...NOBODY, blocks: [known] };
  return { ...NOBODY, named: new Map([[kind === 'network' ? 'the whole virtual network' : text, undefined]]) };
}

// ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const MOST = 3;

/** `tcp 443`, `tcp 22 and 3389`, `all traffic`. */
export function portsIn(reach: Reach): string {
  if (TRANSPORTS.every((transport) => reach.some((span) => span.transport === transport && span.ports[0] <= 1 && span.ports[1] >= 65535)))
    return 'all traffic';
  const parts = TRANSPORTS.flatMap((transport) => {
    const ports = [
      ...new Set(
        reach
          .filter((span) => span.transport === transport)
          .map(({ ports: [first, last] }) => (first === last ? `${first}` : `${first}-${last}`)),
      ),
    ];
    if (ports.length === 0) return [];
    if (transport === 'icmp' || transport === 'other') return [transport === 'icmp' ? 'ICMP' : 'other protocols'];
    if (ports.includes('0-65535')) return [`all ${transport} ports`];
    return [`${transport} ${ports.slice(0, MOST).join(', ')}${ports.length > MOST ? ', …' : ''}`];
  });
  return parts.join(', ');
}

/** Everybody who may be let in, by whatever only deployment tells. */
export function possiblyIn(reach: Reach): Sources {
  const { perhaps = new Map<string, Sources>(), ...sure } = allSources([NOBODY, ...reach.map(({ from }) => from)]);
  return allSources([sure, ...perhaps.values()]);
}

/** `anyone`, `203.0.113.0/24`, the names of workloads. */
export function whoIn(reach: Reach, called: (name: string) => string): string {
  const { blocks, named, unsure } = possiblyIn(reach);
  if (isTheInternet(blocks)) return 'anyone';
  const all = [
    ...blocks.map(textOfBlock),
    ...[...named.keys()].map(called),
    ...(unsure.size > 0 ? ['addresses that only deployment tells'] : []),
  ];
  return all.length > MOST ? `${all.slice(0, MOST).join(', ')} and ${all.length - MOST} more` : all.join(' and ');
}

/** A range in its usual form, `10.0.0.0/16`, where it has one. */
export function textOfBlock({ family, first, last }: Block): string {
  const size = last - first + 1n;
  const bits = family === 4 ? 32 : 128;
  const power = size.toString(2).length - 1;
  if (size === 1n) return addressOf(first, bits);
  if (1n << BigInt(power) === size && first % size === 0n) return `${addressOf(first, bits)}/${bits - power}`;
  return `${addressOf(first, bits)}-${addressOf(last, bits)}`;
}

function addressOf(value: bigint, bits: number): string {
  const bytes = Array.from({ length: bits / 8 }, (_, at) => Number((value >> BigInt(bits - 8 * (at + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
