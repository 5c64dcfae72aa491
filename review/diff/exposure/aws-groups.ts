/** Security groups of AWS by whom they let in from private ranges; who comes from outside, and who reaches a store, is told as a path. */
import type { Block } from '../../../policies/facts/network';
import { securityGroupFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Side, Told } from '../side';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';
import {
  allSources,
  beyond,
  meet,
  NOBODY,
  portsIn,
  publicPart,
  type Reach,
  reachOf,
  sourcesOf,
  spansOf,
  textOfBlock,
  union,
  without,
} from './reach';

const GROUP = 'AWS::EC2::SecurityGroup';
const RULE = 'AWS::EC2::SecurityGroupIngress';

/** Groups that newly let in a private range, or let it in on more ports; whatever a line of `said` tells already is not said again. */
export function* awsGroups(speech: Speech, before: Side, after: Side, direction: Direction, said: readonly Told[]): Iterable<Consequence> {
  const { pairing } = speech;
  const along = new Set(said.flatMap((line) => ('along' in line ? (line as Consequence).along : [])));
  const earlier = new Map<Resource, Graph>();
  for (const { graph } of before.targets) for (const group of graph.ofType(GROUP)) earlier.set(group, graph);
  for (const { graph } of after.targets)
    for (const group of graph.ofType(GROUP)) {
      const was = pairing.other(group);
      const graphOfIt = was && earlier.get(was);
      if (!was || !graphOfIt) continue;
      const [now, old] = [rulesOf(group, graph), rulesOf(was, graphOfIt)];
      const holders = [...now, ...old].map((one) => pairing.identity(one));
      if (sameRules(now, old) || holders.some((holder) => along.has(holder))) continue;
      const gained = beyond(privateReach(now, graph), privateReach(old, graphOfIt));
      if (gained.length === 0) continue;
      const ranges = asWritten(union(gained.flatMap(({ from }) => from.blocks)), now, graph);
      const [who, ports] = [listed(ranges), portsIn(gained)];
      yield speech.line(group, {
        direction,
        severity: 'medium',
        sentence: `${pairing.name(group)} ${direction === 'weaker' ? 'now lets' : 'no longer lets'} ${who} in ${ports === 'all traffic' ? 'by any protocol and port' : `on ${ports}`}`,
        topic: 'private ranges',
        chain: [who, pairing.name(group)],
        along: holders,
        tells: ['DID-01', 'DID-02', 'DID-23', 'TLS-10'],
        saw: `${ports} from ${who}`,
      });
    }
}

/** The group and the rules that are resources of their own. */
const rulesOf = (group: Resource, graph: Graph): readonly Resource[] => [group, ...graph.pointingAt(group, RULE, 'GroupId')];

const sameRules = (now: readonly Resource[], old: readonly Resource[]): boolean =>
  now.length === old.length && now.every(({ properties }, at) => properties === old[at]?.properties);

/** Groups and lists are names: who is in them is another question. */
function privateReach(rules: readonly Resource[], graph: Graph): Reach {
  return reachOf(
    rules.flatMap((rule) =>
      securityGroupFlows(rule, graph, 'in').flatMap((flow) => {
        const blocks = allSources([NOBODY, ...flow.peers.map(sourcesOf)]).blocks;
        const inside = without(blocks, publicPart(blocks));
        return inside.length === 0 || flow.traffic.missing !== undefined ? [] : spansOf(flow, { ...NOBODY, blocks: inside });
      }),
    ),
  );
}

/** Whether the other holds it, and more. */
const isWithin = (block: Block, other: Block): boolean => without([block], [other]).length === 0 && without([other], [block]).length > 0;

/** Ranges as rules have them, where a part of them was let in already; of ranges in each other, the widest. */
function asWritten(gained: readonly Block[], rules: readonly Resource[], graph: Graph): readonly string[] {
  const written = rules
    .flatMap((rule) => securityGroupFlows(rule, graph, 'in').flatMap(({ peers }) => peers))
    .flatMap(({ block, text }) => (block && meet([block], gained).length > 0 ? [{ block, text }] : []));
  const widest = written.filter(({ block }) => !written.some((other) => isWithin(block, other.block)));
  const rest = without(
    gained,
    written.map(({ block }) => block),
  );
  return [...new Set([...widest.map(({ text }) => text), ...rest.map(textOfBlock)])].sort();
}
