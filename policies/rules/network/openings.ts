/** What network rules let in, in words that name the peers and ports. */
import {
  adminPorts,
  clearTextProtocols,
  describePeers,
  describeTraffic,
  type Exposure,
  exposureOf,
  type Flow,
  isAllPorts,
  isWide,
  type Peer,
  type PeerKind,
} from '../../facts/network';
import { fail, type Outcome, pass, unknown } from '../../outcome';

/** How one flow stands to a rule: `true` breaks it, text says what is missing to know. */
type Reading = boolean | string;

/** Fails with every flow that breaks the rule, in one sentence; unknown when nothing breaks it but something might. */
export function judgeFlows(flows: readonly Flow[], read: (flow: Flow) => Reading, say: (flow: Flow) => string): Outcome {
  const broken: Flow[] = [];
  let missing: Outcome | undefined;
  for (const flow of flows) {
    const reading = read(flow);
    if (reading === false) continue;
    if (reading === true && flow.doubt === undefined) broken.push(flow);
    else missing ??= unknown(typeof reading === 'string' ? reading : (flow.doubt as string), flow.at);
  }
  const [first, ...more] = broken;
  if (!first) return missing ?? pass();
  const sentences = [first, ...more.slice(0, 2)].map((flow) => `${flow.at === '' ? '' : `${flow.at} `}${say(flow)}`);
  const rest = broken.length > 3 ? `; and ${broken.length - 3} more` : '';
  return fail(`${sentences.join('; ')}${rest}`, first.at);
}

/** Whether one of the peers is of these kinds; text when only deployment tells. */
export function reaches(peers: readonly Peer[], wanted: (peer: Peer) => boolean): Reading {
  if (peers.some(wanted)) return true;
  return peers.find(({ kind }) => kind === 'undecided')?.text ?? false;
}

const EVERYBODY: readonly PeerKind[] = ['anyone', 'cloud'];
export const isEverybody = ({ kind }: Peer): boolean => EVERYBODY.includes(kind);

/** Reads flows from everybody that expose one of these. Each flow has one exposure, so one defect is one finding. */
export const exposing =
  (...wanted: readonly Exposure[]) =>
  (flow: Flow): Reading => {
    const exposure = exposureOf(flow.traffic);
    if (!wanted.includes(exposure)) return false;
    const open = reaches(flow.peers, isEverybody);
    return open === true && exposure === 'undecided' ? (flow.traffic.missing as string) : open;
  };

/** `lets in tcp 22 (SSH) from 0.0.0.0/0`. */
export const letsIn = (flow: Flow): string =>
  `lets in ${describeTraffic(flow.traffic)} from ${describePeers(flow.peers, EVERYBODY) || 'anywhere'}`;
/** `lets out all traffic to 0.0.0.0/0`. */
export const letsOut = (flow: Flow): string =>
  `lets out ${describeTraffic(flow.traffic)} to ${describePeers(flow.peers, EVERYBODY) || 'anywhere'}`;

/** The whole virtual network, or a range that holds many systems. */
const isBroad = ({ kind, block }: Peer): boolean => kind === 'network' || (kind === 'block' && block !== undefined && isWide(block));

/** Neighbours who may open every port, or an administration port, of the others. */
export function unguardedNeighbours(flow: Flow): Reading {
  const { peers, traffic } = flow;
  if (traffic.missing !== undefined) return false;
  if (traffic.protocol === 'any' && peers.some(({ kind }) => kind === 'self')) return true;
  if (!isAllPorts(traffic) && adminPorts(traffic).length === 0) return false;
  return peers.some(isBroad);
}

/** `lets in all traffic from 10.0.0.0/8`. */
export function letsInNeighbours(flow: Flow): string {
  const peers = flow.peers.filter((peer) => isBroad(peer) || peer.kind === 'self');
  return `lets in ${describeTraffic(flow.traffic)} from ${describePeers(peers, ['network', 'block', 'self'])}`;
}

/** A clear-text protocol offered to anyone at all; what is open to the internet for administration is judged as that. */
export function clearText(flow: Flow): Reading {
  if (flow.traffic.missing !== undefined || clearTextProtocols(flow.traffic).length === 0 || flow.peers.length === 0) return false;
  return !(adminPorts(flow.traffic).length > 0 && flow.peers.some(isEverybody));
}

/** `lets in Telnet (tcp 23)`. */
export const letsInClearText = (flow: Flow): string => {
  const peers = flow.peers.map(({ text }) => text).join(' and ');
  return `lets in ${describeTraffic(flow.traffic)} from ${peers}, in clear text`;
};
