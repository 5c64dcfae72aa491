/** Reads the network rules of both clouds into the same form: who, what, and whether that is known. */
import { append } from '../collect';
import type { Graph } from '../graph';
import type { Resource } from '../resource';
import type { Value } from '../value';
import {
  ALL_PORTS,
  blockOf,
  coverMostOfTheInternet,
  type Flow,
  includes,
  isPrivate,
  type Peer,
  type PortRange,
  peerOf,
  subtract,
  type Traffic,
} from './network';

export type Direction = 'in' | 'out';

/** Undecided in words that complete "depends on …": the sentence that the reader gives. */
const undecidedPeer = (value: Value): Peer => ({ kind: 'undecided', text: value.describe() });

const isPiece = ({ kind, block }: Peer): boolean => kind === 'block' && block !== undefined && !isPrivate(block);

/** A range cut into pieces lets in whom the whole lets in. What lets in everyone by itself makes no piece of its neighbours. */
function joined(flows: readonly Flow[]): readonly Flow[] {
  const pieces = new Map<string, Peer[]>();
  const keyOf = ({ traffic }: Flow): string => `${traffic.protocol} ${traffic.ranges.join(' ')}`;
  for (const flow of flows) {
    const blocks = flow.doubt === undefined ? flow.peers.filter(isPiece) : [];
    append(pieces, keyOf(flow), ...blocks);
  }
  return flows.map((flow) => {
    const all = pieces.get(keyOf(flow)) ?? [];
    if (all.length < 2 || !coverMostOfTheInternet(all.map(({ block }) => block as NonNullable<Peer['block']>))) return flow;
    return { ...flow, peers: flow.peers.map((peer) => (isPiece(peer) ? { ...peer, kind: 'anyone' as const } : peer)) };
  });
}

// ── AWS ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

const PROTOCOLS: Readonly<Record<string, string>> = { '-1': 'any', all: 'any', '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };

/** Rules of a security group in one direction: inline, or the one rule that a separate resource is. */
export function securityGroupFlows(resource: Resource, graph: Graph, direction: Direction): readonly Flow[] {
  return resource.all.once(`flows ${direction}`, () => readSecurityGroup(resource, graph, direction));
}

function readSecurityGroup(resource: Resource, graph: Graph, direction: Direction): readonly Flow[] {
  const inline = resource.type === 'AWS::EC2::SecurityGroup';
  const rules = inline ? resource.at(direction === 'in' ? 'SecurityGroupIngress' : 'SecurityGroupEgress').items() : [resource.all];
  const self = inline ? [resource.id] : resource.at('GroupId').targets;
  return joined(rules.map((rule) => securityGroupFlow(rule, graph, direction, self)));
}

function securityGroupFlow(rule: Value, graph: Graph, direction: Direction, self: readonly string[]): Flow {
  const prefix = direction === 'in' ? 'Source' : 'Destination';
  const peers: Peer[] = [];
  for (const key of ['CidrIp', 'CidrIpv6']) for (const cidr of rule.at(key).items()) peers.push(cidrPeer(cidr, graph));
  const list = rule.at(`${prefix}PrefixListId`);
  if (list.state !== 'absent') peers.push(...prefixListPeers(list, graph));
  const group = rule.at(`${prefix}SecurityGroupId`);
  if (group.state !== 'absent') {
    const isSelf = group.targets.some((id) => self.includes(id));
    peers.push({ kind: isSelf ? 'self' : 'named', text: isSelf ? 'the group itself' : groupNamedBy(group) });
  }
  return {
    at: rule.path,
    peers: peers.length === 0 && rule.state === 'unknown' ? [undecidedPeer(rule)] : peers,
    traffic: securityGroupTraffic(rule),
  };
}

/** A group that is not in the input, by what names it. */
export const groupNamedBy = (group: Value): string =>
  group.shape ?? (group.missing === undefined ? group.describe() : `the security group that ${group.missing} names`);

function securityGroupTraffic(rule: Value): Traffic {
  const protocol = rule.at('IpProtocol');
  const named = protocolOf(protocol);
  if (named === undefined) return { protocol: 'any', ranges: [ALL_PORTS], missing: protocol.describe() };
  if (named === 'any') return { protocol: 'any', ranges: [ALL_PORTS] };
  if (named !== 'tcp' && named !== 'udp') return { protocol: named, ranges: [] };
  return portsFrom(named, rule.at('FromPort'), rule.at('ToPort'));
}

/** Nothing written means every protocol; undefined where only deployment tells. */
function protocolOf(value: Value): string | undefined {
  if (value.state === 'absent') return 'any';
  const text = value.string?.toLowerCase();
  return text === undefined ? undefined : (PROTOCOLS[text] ?? text);
}

function portsFrom(protocol: string, from: Value, to: Value): Traffic {
  for (const port of [from, to]) {
    if (port.state !== 'absent' && port.number === undefined) return { protocol, ranges: [ALL_PORTS], missing: port.describe() };
  }
  const first = from.number ?? 0;
  const last = to.number ?? (from.number === undefined || from.number < 0 ? 65535 : from.number);
  return { protocol, ranges: [[Math.max(first, 0), last < 0 ? 65535 : last]] };
}

/** A range, as text or taken from a network of the same graph. */
export function cidrPeer(value: Value, graph: Graph): Peer {
  const text = value.string;
  if (text !== undefined) return peerOf(text);
  if (value.state === 'reference') return referencedPeer(value, graph);
  const length = /\/(\d+)$/.exec(value.shape ?? '')?.[1];
  if (value.state === 'text' && length !== undefined)
    return Number(length) === 0 ? { kind: 'anyone', text: value.shape ?? '' } : { kind: 'named', text: value.shape ?? '' };
  return undecidedPeer(value);
}

function referencedPeer(value: Value, graph: Graph): Peer {
  const target = value.targets[0] === undefined ? undefined : graph.get(value.targets[0]);
  const text = value.shape ?? value.describe();
  if (target?.type === 'AWS::EC2::VPC' && /^(Ipv6)?CidrBlock(s|Associations)?$/.test(value.attribute ?? ''))
    return { kind: 'network', text, block: blockOf(target.at('CidrBlock').string ?? '') };
  if (target && /^AWS::EC2::(Subnet|EIP|Instance|NetworkInterface|SecurityGroup)$/.test(target.type)) return { kind: 'named', text };
  return undecidedPeer(value);
}

function prefixListPeers(list: Value, graph: Graph): readonly Peer[] {
  const target = graph.target(list, 'AWS::EC2::PrefixList');
  if (target)
    return target
      .at('Entries')
      .items()
      .map((entry) => cidrPeer(entry.at('Cidr'), graph));
  // A list that lives elsewhere is a name for a closed set, whichever it is.
  return [{ kind: 'named', text: list.shape ?? list.describe() }];
}

/** The traffic that a network ACL entry lets in or out, without what entries before it deny. */
export function aclFlow(entry: Resource, graph: Graph, direction: Direction): Flow | undefined {
  const egress = entry.at('Egress').orDefault(false);
  const action = entry.at('RuleAction');
  if (egress.boolean === (direction === 'in') || action.is('allow').verdict === 'fail') return undefined;
  const doubt = egress.boolean === undefined ? egress.describe() : action.string === undefined ? action.describe() : undefined;
  const flow = aclEntryFlow(entry, graph);
  const denied = aclSiblings(entry, graph)
    .filter((other) => precedes(other, entry) && other.at('RuleAction').string?.toLowerCase() === 'deny')
    .filter((other) => (other.at('Egress').orDefault(false).boolean === true) === (direction === 'out'))
    .map((other) => aclEntryFlow(other, graph));
  return without({ ...flow, doubt }, denied);
}

function aclEntryFlow(entry: Resource, graph: Graph): Flow {
  const peers = ['CidrBlock', 'Ipv6CidrBlock'].flatMap((key) => entry.at(key).items());
  const protocol = protocolOf(entry.at('Protocol'));
  const traffic =
    protocol === undefined
      ? { protocol: 'any', ranges: [ALL_PORTS], missing: entry.at('Protocol').describe() }
      : protocol === 'tcp' || protocol === 'udp'
        ? portsFrom(protocol, entry.at('PortRange.From'), entry.at('PortRange.To'))
        : { protocol, ranges: protocol === 'any' ? [ALL_PORTS] : [] };
  return { at: '', peers: peers.map((peer) => cidrPeer(peer, graph)), traffic };
}

function aclSiblings(entry: Resource, graph: Graph): readonly Resource[] {
  const acl = graph.target(entry.at('NetworkAclId'), 'AWS::EC2::NetworkAcl');
  return acl ? graph.pointingAt(acl, 'AWS::EC2::NetworkAclEntry', 'NetworkAclId').filter((other) => other !== entry) : [];
}

function precedes(first: Resource, second: Resource): boolean {
  const a = first.at('RuleNumber').number;
  const b = second.at('RuleNumber').number;
  return a !== undefined && b !== undefined && a < b;
}

/** Takes out what denials before it refuse to everyone whom it lets in. */
function without(flow: Flow, denied: readonly Flow[]): Flow {
  const refusals = denied.filter(
    (refusal) =>
      refusal.traffic.missing === undefined &&
      (refusal.traffic.protocol === 'any' ||
        refusal.traffic.protocol === flow.traffic.protocol ||
        refusal.traffic.protocol.includes(flow.traffic.protocol)) &&
      flow.peers.length > 0 &&
      flow.peers.every((peer) => refusal.peers.some((refused) => includes(refused, peer))),
  );
  if (refusals.length === 0) return flow;
  if (refusals.some(({ traffic }) => traffic.protocol === 'any' && traffic.ranges.some(([from, to]) => from === 0 && to === 65535)))
    return { ...flow, peers: [] };
  const ranges = subtract(
    flow.traffic.ranges,
    refusals.flatMap(({ traffic }) => traffic.ranges),
  );
  return ranges.length === 0
    ? { ...flow, peers: [] }
    : { ...flow, traffic: { ...flow.traffic, ranges, protocol: flow.traffic.protocol === 'any' ? 'tcp or udp' : flow.traffic.protocol } };
}

// ── Azure ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const NSG = 'azure-native:network:NetworkSecurityGroup';
export const SECURITY_RULE = 'azure-native:network:SecurityRule';

/**
 * What a network security group (all its inline rules) or a separate rule allows in one direction, without what rules of
 * higher priority deny.
 */
export function securityRuleFlows(resource: Resource, graph: Graph, direction: Direction): readonly Flow[] {
  const own = resource.type === NSG ? resource.at('securityRules').items() : [resource.all];
  const group = resource.type === NSG ? resource : graph.target(resource.at('networkSecurityGroupName'), NSG);
  return resource.all.once(FLOWS[direction], () => {
    const denials = group ? denialsOf(group, graph, direction) : [];
    return joined(own.flatMap((rule) => allowedFlow(rule, direction, denials)));
  });
}

const FLOWS = { in: Symbol('inbound flows'), out: Symbol('outbound flows') } as const;
/** What was read of a group, in the world in which it was read: what a resource remembers by itself ends with its own judgement. */
const DENIALS = { in: new WeakMap<Resource, Denials>(), out: new WeakMap<Resource, Denials>() } as const;

interface Denials {
  readonly generation: number;
  readonly all: readonly Denial[];
}

/** One rule that denies, with both of its ends. */
interface Denial {
  readonly priority: number;
  readonly flow: Flow;
  readonly near: readonly Peer[];
}

/** What a group denies, inline and in rules of their own, first come first; read once for all of them. */
function denialsOf(group: Resource, graph: Graph, direction: Direction): readonly Denial[] {
  const known = DENIALS[direction].get(group);
  const { generation } = graph.worlds;
  if (known?.generation === generation) return known.all;
  const separate = graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName').map((rule) => rule.all);
  const all = [...group.at('securityRules').items(), ...separate]
    .filter((rule) => rule.at('access').is('Deny').verdict === 'pass' && isDirection(rule, direction) === true)
    .map((rule) => ({
      priority: rule.at('priority').number ?? Number.POSITIVE_INFINITY,
      flow: flowOfRule(rule, direction),
      near: addresses(rule, nearEnd(direction)),
    }))
    .sort((a, b) => a.priority - b.priority);
  DENIALS[direction].set(group, { generation, all });
  return all;
}

const nearEnd = (direction: Direction) => (direction === 'in' ? 'destination' : 'source');

function allowedFlow(rule: Value, direction: Direction, denials: readonly Denial[]): readonly Flow[] {
  const access = rule.at('access');
  const towards = isDirection(rule, direction);
  if (towards === false || access.is('Allow').verdict === 'fail') return [];
  const doubt = towards === undefined ? rule.at('direction').describe() : access.string === undefined ? access.describe() : undefined;
  const priority = rule.at('priority').number;
  const near = addresses(rule, nearEnd(direction));
  const before: Flow[] = [];
  for (const denial of denials) {
    if (priority === undefined || denial.priority >= priority) break;
    if (coversNearEnd(denial.near, near)) before.push(denial.flow);
  }
  return [without({ ...flowOfRule(rule, direction), doubt }, before)];
}

const isDirection = (rule: Value, direction: Direction): boolean | undefined =>
  rule.at('direction').string === undefined
    ? undefined
    : rule.at('direction').is(direction === 'in' ? 'Inbound' : 'Outbound').verdict === 'pass';

/** The near end of a rule (the destination of inbound traffic) is inside the near end of the denial. */
function coversNearEnd(refused: readonly Peer[], near: readonly Peer[]): boolean {
  const anywhere = ({ kind, block }: Peer) => (kind === 'anyone' && block === undefined) || kind === 'network';
  return refused.some(anywhere) || (near.length > 0 && near.every((peer) => refused.some((wide) => includes(wide, peer))));
}

/** What one security rule speaks of, whether it allows or denies. */
export function flowOfRule(rule: Value, direction: Direction): Flow {
  const peers = addresses(rule, direction === 'in' ? 'source' : 'destination');
  return {
    at: rule.path,
    peers,
    traffic: azureTraffic(rule.at('protocol'), [rule.at('destinationPortRange'), rule.at('destinationPortRanges')]),
  };
}

function addresses(rule: Value, end: 'source' | 'destination'): readonly Peer[] {
  const written = [rule.at(`${end}AddressPrefix`), rule.at(`${end}AddressPrefixes`)].flatMap((value) => azurePeers(value));
  const groups = rule.at(`${end}ApplicationSecurityGroups`).items();
  return [...written, ...groups.map((group): Peer => ({ kind: 'named', text: group.at('id').shape ?? 'an application security group' }))];
}

/** Destination translation of a firewall: who is let through from outside, to which port of the host behind. */
export function natFlows(firewall: Resource): readonly Flow[] {
  const classic = firewall.type === 'azure-native:network:AzureFirewall';
  const collections = firewall.at(classic ? 'natRuleCollections' : 'ruleCollections').items();
  const rules = collections
    .filter((one) => classic || one.at('ruleCollectionType').is('FirewallPolicyNatRuleCollection').verdict !== 'fail')
    .flatMap((one) => one.at('rules').items());
  return rules.map((rule) => {
    const groups = rule
      .at('sourceIpGroups')
      .items()
      .map((group): Peer => ({ kind: 'named', text: group.shape ?? 'an IP group' }));
    const protocols = rule.at(classic ? 'protocols' : 'ipProtocols');
    return {
      at: rule.path,
      peers: [...azurePeers(rule.at('sourceAddresses')), ...groups],
      traffic: azureTraffic(protocols, [rule.at('translatedPort')]),
    };
  });
}

/** Addresses, ranges and service tags, one or a list. An empty text is nothing. */
export const azurePeers = (value: Value): readonly Peer[] =>
  value.items().flatMap((item) => {
    if (item.string === undefined) return [item.state === 'reference' || item.state === 'text' ? namedOr(item) : undecidedPeer(item)];
    return item.string === '' ? [] : item.string.split(',').map(peerOf);
  });

/** An address taken from another resource is one address; a text that ends in `/0` is everything. */
function namedOr(item: Value): Peer {
  const text = item.shape ?? item.describe();
  return /\/0+$/.test(text) ? { kind: 'anyone', text } : { kind: 'named', text };
}

/** Protocol and ports as Azure writes them: `*`, `22`, `22-80`, numbers, one or lists of them. */
export function azureTraffic(protocols: Value, ports: readonly Value[]): Traffic {
  const names = protocols.items();
  const unknownName = names.find(({ string }) => string === undefined);
  if (unknownName) return { protocol: 'any', ranges: [ALL_PORTS], missing: unknownName.describe() };
  const texts = names.map(({ string }) => (string ?? '').toLowerCase());
  const protocol =
    texts.length === 0 || texts.some((text) => text === '*' || text === 'any') ? 'any' : [...new Set(texts)].sort().join(' or ');
  const ranges: PortRange[] = [];
  for (const port of ports.flatMap((value) => value.items())) {
    if (port.string === undefined) return { protocol, ranges: [ALL_PORTS], missing: port.describe() };
    ranges.push(...port.string.split(',').flatMap(rangeOf));
  }
  const carries = protocol === 'any' || texts.some((text) => text === 'tcp' || text === 'udp');
  return { protocol: carries && protocol.includes(' or ') ? 'tcp or udp' : protocol, ranges: carries ? ranges : [] };
}

function rangeOf(text: string): readonly PortRange[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed === '*') return [ALL_PORTS];
  const [from, to = from] = trimmed.split('-').map(Number);
  return from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to) ? [ALL_PORTS] : [[from, to]];
}
