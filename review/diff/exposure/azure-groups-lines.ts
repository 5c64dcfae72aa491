/** The sentences of security groups of Azure: who is newly let in, where what stands behind them may newly send. */
import type { Severity } from '../../../controls';
import type { Direction as Towards } from '../../../policies/facts/network-flows';
import type { Resource } from '../../../policies/resource';
import { holdsFor, isGroupName, NETWORK_TAG, type Rule, type Slice, type Surroundings, widest } from './azure-rules';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';
import { isTheInternet, meet, portsIn, publicPart, type Reach, reachOf, textOfBlock, union, unsureIn } from './reach';

/** Rules of one direction on both sides, and what is around them. */
export interface Compared {
  readonly towards: Towards;
  readonly old: readonly Rule[];
  readonly now: readonly Rule[];
  readonly around: Surroundings;
}

/** What is newly let through to a part of what stands behind. */
export interface Gain {
  readonly slice: Slice;
  readonly reach: Reach;
}

/** What one direction gained. */
export interface Gained {
  readonly compared: Compared;
  readonly gains: readonly Gain[];
}

/** Of which group a line is about, and where it newly stands, if that is what changed. */
export interface At {
  readonly group: Resource;
  readonly where: readonly string[];
  readonly direction: Direction;
  readonly place?: Place | undefined;
}
export interface Place {
  readonly thing: Resource;
  /** Where in it the group is named. */
  readonly path: string;
  readonly name: string;
}

/** Whom a gain is about, and on which ports, in the words of the rules that it comes from. */
interface Words {
  readonly who: readonly string[];
  readonly ports: string;
  readonly outside: boolean;
  readonly everybody: boolean;
}

function wordsOf(gains: readonly Gain[], { now }: Compared, { called }: Speech): Words {
  const all = gains.flatMap(({ reach }) => reach);
  const blocks = union(all.flatMap(({ from }) => from.blocks));
  const names = new Set(all.flatMap(({ from }) => [...from.named.keys()]));
  const everybody = isTheInternet(blocks);
  const rules = now.filter((rule) => rule.allows && gains.some(({ reach, slice }) => holdsFor(rule, slice) && speaksOf(rule, reach)));
  // The tag says it better than the addresses that it stands for.
  const tagged = names.has(NETWORK_TAG);
  const ranges = everybody
    ? ['anyone']
    : blocks.flatMap((block) => {
        const written = rules.flatMap(({ far }) => far.all).filter((peer) => peer.block && meet([peer.block], [block]).length > 0);
        if (written.length > 0) return written.map(({ text }) => text);
        return tagged && publicPart([block]).length === 0 ? [] : [textOfBlock(block)];
      });
  const named = everybody ? [] : widest([...names]).map((name) => tagWords(name, rules, called));
  return {
    who: [...new Set([...ranges, ...named])].sort(),
    ports: portsIn(asWritten(all, rules)),
    outside: publicPart(blocks).length > 0 || [...names].some((name) => name.startsWith('azurecloud')),
    everybody,
  };
}

const speaksOf = ({ far, traffic }: Rule, reach: Reach): boolean =>
  reach.some(
    ({ from, ports, transport }) =>
      (traffic.protocol === 'any' || traffic.protocol.includes(transport)) &&
      (traffic.ranges.length === 0 || traffic.ranges.some(([first, last]) => first <= ports[1] && ports[0] <= last)) &&
      far.all.some((peer) => (peer.block ? meet([peer.block], from.blocks).length > 0 : true)),
  );

/** Ports as a rule has them, where a part of them was open already. */
function asWritten(reach: Reach, rules: readonly Rule[]): Reach {
  const ranges = rules.flatMap(({ traffic }) => traffic.ranges);
  return reachOf(
    reach.map((span) => {
      const [range] = ranges
        .filter(([first, last]) => first <= span.ports[0] && span.ports[1] <= last)
        .sort((a, b) => a[1] - a[0] - (b[1] - b[0]));
      return range ? { ...span, ports: range } : span;
    }),
  );
}

const TAGS: Readonly<Record<string, string>> = {
  [NETWORK_TAG]: 'the whole virtual network and what is joined to it',
  azureloadbalancer: 'the load balancer of Azure',
  azurecloud: 'everything in Azure, whoever owns it',
};
function tagWords(name: string, rules: readonly Rule[], called: (identity: string) => string): string {
  if (isGroupName(name)) {
    const inside = name.slice(1).replace(/^\$\{(.+)\}$/, '$1');
    return called(inside) === inside ? called(inside.replace(/\.[\w.]+$/, '')) : called(inside);
  }
  const written = rules.flatMap(({ far }) => far.all).find(({ text }) => text.toLowerCase() === name);
  return TAGS[name] ?? `the service tag ${written?.text ?? name}`;
}

const on = (ports: string): string => (ports === 'all traffic' ? 'by any protocol and port' : `on ${ports}`);

/** What becomes of one direction: `10.0.0.0/8 reach the subnet data on tcp 443`. */
interface Widened {
  readonly does: string;
  readonly severity: Severity;
  readonly leads: boolean;
  readonly chain: readonly string[];
  readonly saw: string;
}

function widenedIn(speech: Speech, { compared, gains }: Gained, { group, where }: At): Widened {
  const { everybody, outside, ports, who } = wordsOf(gains, compared, speech);
  const name = speech.pairing.name(group);
  const inbound = compared.towards === 'in';
  const [whom, place] = [listed(who), where.length > 0 ? listed(where) : 'what it stands before'];
  const far = outside && inbound && !everybody ? `${whom}, outside our networks,` : whom;
  const target = everybody ? 'the internet' : whom;
  return {
    does: inbound ? `${far} reach ${place} ${on(ports)}` : `${place} send to ${target} ${on(ports)}`,
    severity: outside && inbound ? 'high' : 'medium',
    leads: !inbound && outside,
    chain: inbound ? [whom, name, place] : [place, name, target],
    saw: `${ports} ${inbound ? 'from' : 'to'} ${whom}`,
  };
}

/** What comes in and what leaves are told together: one rule may be the cause of both. */
export function widened(speech: Speech, gained: readonly Gained[], at: At): Consequence {
  const { direction, group, place } = at;
  const { identity, name } = speech.pairing;
  const parts = gained.map((one) => widenedIn(speech, one, at));
  const [main] = parts as [Widened];
  const who = place ? `${name(group)}, which stands before ${place.name} in place of another,` : name(group);
  const lets = direction === 'weaker' ? 'now lets' : 'no longer lets';
  return speech.line(place?.thing ?? group, {
    direction,
    severity: parts.some(({ severity }) => severity === 'high') ? 'high' : 'medium',
    sentence: `${who} ${lets} ${parts.map(({ does }) => does).join(', and ')}`,
    topic: `rules ${place?.name ?? ''}`,
    at: place?.path,
    ...(parts.some(({ leads }) => leads) ? { boundary: 'internet' as const } : {}),
    chain: main.chain,
    along: [...(place ? [identity(group)] : []), ...gained.flatMap(({ compared }) => holdersOf(compared)).map(identity)],
    tells: ['EXP-05', 'DID-01', 'DID-02', 'DID-12', 'DID-23', 'TLS-10'],
    saw: parts.map(({ saw }) => saw).join('; '),
  });
}

const holdersOf = ({ now, old }: Compared): readonly Resource[] => [...new Set([...old, ...now].flatMap(({ holder }) => holder ?? []))];

export function doubtful(speech: Speech, { compared, gains }: Gained, { group, place, where }: At): Consequence {
  const { identity, name } = speech.pairing;
  const missing = unsureIn(gains.flatMap(({ reach }) => reach)) ?? 'a value that only deployment tells';
  const behind = where.length > 0 ? listed(where) : 'what it stands before';
  return speech.line(place?.thing ?? group, {
    direction: 'undecided',
    severity: 'medium',
    sentence: `whether ${name(group)} lets ${compared.towards === 'in' ? `more reach ${behind}` : `${behind} send further`} than before cannot be told: ${missing}`,
    topic: `rules ${place?.name ?? ''}`,
    at: place?.path,
    chain: [name(group), behind],
    along: holdersOf(compared).map(identity),
    tells: ['DID-02', 'DID-23', 'EXP-05'],
    saw: missing,
  });
}

/** Nothing stands before a subnet, or a machine, where a group did. */
export function unguarded(speech: Speech, { name, path, thing }: Place, group: Resource, direction: Direction): Consequence {
  const { identity, name: called } = speech.pairing;
  return speech.line(thing, {
    direction,
    severity: 'high',
    sentence:
      direction === 'weaker'
        ? `no security group stands before ${name} any more, where ${called(group)} did: nothing limits there who reaches it, and where it sends`
        : `${called(group)} stands before ${name} now, where no security group did`,
    topic: `unguarded ${name}`,
    at: path,
    chain: [name],
    along: [identity(group)],
    tells: ['DID-01', 'DID-02', 'DID-03', 'DID-23', 'EXP-05'],
    saw: name,
  });
}
