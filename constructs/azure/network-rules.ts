import type { input } from '@pulumi/azure-native/types';

/** A connection that a subnet accepts or opens. Written in plain values, so that it is judged when the program runs. */
export interface Flow {
  /** Name of the rule, unique in its direction. */
  readonly name: string;
  /** Name of a subnet of the same network, an address range, or a service tag other than those that mean everybody. */
  readonly peer: string;
  /** Ports or ranges: `443`, `5432`, `8000-8010`. Never all of them. */
  readonly ports: readonly (number | string)[];
  /** @default 'Tcp' */
  readonly protocol?: 'Tcp' | 'Udp';
}

/** Ports on which machines are administered, or on which names and passwords travel in the clear. */
const ADMINISTRATION = [20, 21, 22, 23, 69, 139, 389, 445, 512, 513, 514, 2375, 3389, 5800, 5900, 5985, 5986];
/** Peers that mean everybody. */
const EVERYBODY = /^(\*|any|internet|azurecloud(\..*)?|0\.0\.0\.0(\/.*)?|::(\/.*)?|[^/]+\/0)$/i;
/** Narrower than this, a range of public addresses is a list of peers; wider, it is a part of the internet. */
const WIDEST_PUBLIC_PREFIX = 16;
/** Priorities from 100; the denial of everything else is last. */
export const FIRST_PRIORITY = 100;
const LAST_PRIORITY = 4096;

type Direction = 'Inbound' | 'Outbound';

/** A rule of a security group. */
export type SecurityRule = input.network.SecurityRuleArgs;

/** The subnet that Azure reserves for the broker of sessions, the only one from which machines are administered. */
export const BASTION_SUBNET = 'AzureBastionSubnet';
/** What the broker speaks with machines. */
const BROKERED = [22, 3389];

/**
 * The rules of a subnet's security group: what is listed, then the explicit denial of everything else in both directions.
 * The platform's own defaults would let every machine of the network in, and everybody out.
 *
 * @param ranges address ranges of the network's subnets, by name
 * @param open flows that may name everybody, because somebody has checked them
 * @throws RangeError for a rule that admits everybody, opens all ports, or an administration port inwards
 */
export function securityRules(
  where: string,
  own: string,
  flows: { readonly ingress: readonly Flow[]; readonly egress: readonly Flow[] },
  ranges: ReadonlyMap<string, string>,
  open: ReadonlySet<Flow> = new Set(),
): SecurityRule[] {
  return [...directed('Inbound', flows.ingress), denyRest('Inbound'), ...directed('Outbound', flows.egress), denyRest('Outbound')];

  function directed(direction: Direction, listed: readonly Flow[]) {
    return listed.map((flow, index) => {
      if (!open.has(flow)) checkFlow(`${where} ${direction === 'Inbound' ? 'ingress' : 'egress'} "${flow.name}"`, direction, flow, ranges);
      const peer = ranges.get(flow.peer) ?? flow.peer;
      const [source, destination] = direction === 'Inbound' ? [peer, own] : [own, peer];
      return {
        name: `${direction === 'Inbound' ? 'in' : 'out'}-${flow.name}`,
        priority: FIRST_PRIORITY + index,
        direction,
        access: 'Allow',
        protocol: flow.protocol ?? 'Tcp',
        sourceAddressPrefix: source,
        sourcePortRange: '*',
        destinationAddressPrefix: destination,
        destinationPortRanges: flow.ports.map(String),
      };
    });
  }
}

function denyRest(direction: Direction) {
  return {
    name: `deny-all-${direction.toLowerCase()}`,
    priority: LAST_PRIORITY,
    direction,
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  };
}

export function checkFlow(where: string, direction: Direction, flow: Flow, ranges: ReadonlyMap<string, string>): void {
  const refuse = (what: string): never => {
    throw new RangeError(`${where}: ${what}`);
  };
  const [control, instead] =
    direction === 'Inbound'
      ? ['DID-02', 'name a subnet or an address range; only an edge component faces everybody']
      : ['EXP-05', 'name the destination: a subnet, an address range or a service tag'];
  if (!ranges.has(flow.peer) && isEverybody(flow.peer)) refuse(`peer "${flow.peer}" is everybody (${control}); ${instead}`);
  if (flow.ports.length === 0) refuse('lists no port; write the ports it needs (DID-23)');
  for (const port of flow.ports) {
    const [from = Number.NaN, to = from] = String(port).split('-').map(Number);
    if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 1 && from <= to && to <= 65_535))
      refuse(`port "${port}" is no port and no range; write 443 or 8000-8010, never all of them (DID-23)`);
    if (from === 1 && to === 65_535) refuse(`port "${port}" is every port; write the ports it needs (DID-23)`);
    const open = ADMINISTRATION.find((administration) => administration >= from && administration <= to);
    const brokered = flow.peer === BASTION_SUBNET && from === to && BROKERED.includes(from);
    if (direction === 'Inbound' && open !== undefined && !brokered)
      refuse(
        `port "${port}" opens administration port ${open} (DID-12); administer through a brokered, recorded session, from ${BASTION_SUBNET}`,
      );
  }
}

/** A peer that is no list of peers. */
export const isEverybody = (peer: string): boolean => EVERYBODY.test(peer) || isWide(peer);

/** A public range so wide that it is no list of peers. */
function isWide(peer: string): boolean {
  const [, first, second, bits] = /^(\d+)\.(\d+)\.\d+\.\d+\/(\d+)$/.exec(peer) ?? [];
  if (bits === undefined) return false;
  const [a, b] = [Number(first), Number(second)];
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168);
  return !isPrivate && Number(bits) < WIDEST_PUBLIC_PREFIX;
}
