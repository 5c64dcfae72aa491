/** Tunnels of people and private endpoints: whom a client VPN lets into which part of a network, and what a network reaches privately. */
import { type Block, blockOf } from '../../../policies/facts/network';
import type { Resource } from '../../../policies/resource';
import type { Side } from '../side';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';
import { NOBODY, openTo, union, whoIn, without } from './reach';
import type { SideExposure } from './side';

const TUNNEL = 'AWS::EC2::ClientVpnEndpoint';
const EVERYBODY = '*';

interface Permit {
  readonly tunnel: Resource;
  readonly blocks: readonly Block[];
  readonly on: readonly Resource[];
}

/** Who may use a tunnel, by group, and which part of the network each reaches. */
function permitsIn({ targets }: Side, { pairing }: Speech): ReadonlyMap<string, Permit> {
  const found = new Map<string, Permit>();
  for (const { graph } of targets)
    for (const rule of graph.ofType('AWS::EC2::ClientVpnAuthorizationRule')) {
      const tunnel = graph.target(rule.at('ClientVpnEndpointId'), TUNNEL);
      const block = blockOf(rule.at('TargetNetworkCidr').string ?? '');
      if (!tunnel || !block || !graph.exists(rule)) continue;
      const group = rule.at('AuthorizeAllGroups').boolean === true ? EVERYBODY : (rule.at('AccessGroupId').shape ?? EVERYBODY);
      const key = `${pairing.identity(tunnel)} ${group}`;
      const known = found.get(key);
      found.set(key, { tunnel, blocks: union([...(known?.blocks ?? []), block]), on: [...(known?.on ?? []), rule] });
    }
  return found;
}

/** People who reach more of a network through a tunnel than before. */
export function* tunnels(speech: Speech, before: Side, after: Side, direction: Direction): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  const [old, now] = [permitsIn(before, speech), permitsIn(after, speech)];
  for (const [key, { blocks, on, tunnel }] of now) {
    const everybody = old.get(`${identity(tunnel)} ${EVERYBODY}`);
    const gained = without(blocks, [...(old.get(key)?.blocks ?? []), ...(everybody?.blocks ?? [])]);
    if (gained.length === 0 || ![...old.values()].some((permit) => identity(permit.tunnel) === identity(tunnel))) continue;
    const group = key.slice(identity(tunnel).length + 1);
    const who = group === EVERYBODY ? `everyone who signs in to ${name(tunnel)}` : `the group ${group} of ${name(tunnel)}`;
    const where = whoIn(openTo({ ...NOBODY, blocks: gained }), speech.called);
    yield speech.line(tunnel, {
      direction,
      severity: 'medium',
      sentence: direction === 'weaker' ? `${who} now reaches ${where}` : `${who} no longer reaches ${where}`,
      topic: `tunnel ${group}`,
      chain: [who, where],
      along: on.map(identity),
      tells: ['DID-02', 'DID-23'],
      saw: where,
    });
  }
}

/** Services that a network reached by a private endpoint, and now over the internet. */
export function* endpoints(speech: Speech, old: SideExposure, now: SideExposure): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  for (const [key, { network, service, thing }] of old.endpoints) {
    if (now.endpoints.has(key) || !now.exits.has(network)) continue;
    yield speech.line(thing, {
      direction: 'weaker',
      severity: 'medium',
      sentence: `${name(thing)} is gone: what its network sends to ${service} goes over the internet, and nothing limits which resources of it are meant`,
      topic: 'endpoint gone',
      chain: [name(thing), service],
      along: [identity(thing)],
      tells: ['DID-04', 'DID-05', 'EXP-05'],
      saw: service,
    });
  }
}
