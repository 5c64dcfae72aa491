/** Networks of Azure that are joined to others, inside of a network or by resources of their own: what each lets pass between them. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { PEERING, VNET } from './azure-network';
import type { AzureSide } from './azure-sides';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';

interface Joint {
  readonly value: Value;
  readonly network: Resource;
  readonly other: string;
  /** The other end is not among what was read. */
  readonly foreign: boolean;
}

/** What a peering may allow besides, and what holds where nobody says. */
const SWITCHES: readonly (readonly [path: string, absent: boolean, weaker: string, stronger: string])[] = [
  [
    'allowForwardedTraffic',
    false,
    'takes what comes from beyond OTHER and is only passed on there',
    'no longer takes what comes from beyond OTHER',
  ],
  [
    'allowGatewayTransit',
    false,
    'lends its gateway to OTHER: what stands there reaches, and is reached from, whatever is behind the gateway',
    'no longer lends its gateway to OTHER',
  ],
  [
    'useRemoteGateways',
    false,
    'sends and is reached by the gateway of OTHER, and so by whatever is behind it',
    'no longer sends by the gateway of OTHER',
  ],
  ['allowVirtualNetworkAccess', true, 'is reached from OTHER, and reaches it', 'is no longer reached from OTHER'],
];

function jointsIn({ networks, pairing }: AzureSide): ReadonlyMap<string, Joint> {
  const found = new Map<string, Joint>();
  for (const one of networks)
    for (const network of one.graph.ofType(VNET)) {
      if (!one.graph.exists(network)) continue;
      for (const value of one.peeringsOf(network)) {
        const id = value.at('remoteVirtualNetwork.id');
        const target = one.graph.target(id, VNET);
        const other = target ? pairing.name(target) : wordsOf(id);
        found.set(`${pairing.identity(network)} ${other.toLowerCase()}`, { value, network, other, foreign: target === undefined });
      }
    }
  return found;
}

const wordsOf = (id: Value): string => {
  const [, subscription, name] = /\/subscriptions\/([^/]+)\/.*\/virtualNetworks\/([^/]+)$/i.exec(id.string ?? '') ?? [];
  return name === undefined ? 'a network that is not known here' : `the network ${name} of the subscription ${subscription}`;
};

export function* peerings(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  const older = jointsIn(before);
  for (const [key, { foreign, network, other, value }] of jointsIn(after)) {
    const was = older.get(key);
    const inline = value.resource.type !== PEERING;
    const on = inline ? [] : [value.resource as Resource];
    if (!was) {
      // One of its own is a path, which is told as such.
      if (foreign && inline)
        yield speech.line(network, {
          direction,
          severity: 'high',
          sentence:
            direction === 'weaker' ? `${other} is joined to ${name(network)} now` : `${other} is no longer joined to ${name(network)}`,
          topic: `joined ${key}`,
          at: value.path,
          boundary: 'organisation',
          chain: [other, name(network)],
          along: [],
          tells: ['DID-01', 'DID-02'],
          saw: other,
        });
      continue;
    }
    for (const [path, absent, weaker, stronger] of SWITCHES) {
      const [old, now] = [was.value.at(path).orDefault(absent), value.at(path).orDefault(absent)];
      const unsure = direction === 'weaker' && now.boolean === undefined && old.boolean === false;
      if (!unsure && !(old.boolean === false && now.boolean === true)) continue;
      const words = (direction === 'weaker' ? weaker : stronger).replace('OTHER', other);
      yield speech.line(network, {
        direction: unsure ? 'undecided' : direction,
        severity: foreign ? 'high' : 'medium',
        sentence: unsure
          ? `whether ${name(network)} ${weaker.replace('OTHER', other)} cannot be told: ${now.describe()}`
          : `${name(network)} ${direction === 'weaker' ? 'now ' : ''}${words}`,
        topic: `joined ${key} ${path}`,
        at: `${value.path}.${path}`,
        ...(foreign ? { boundary: 'organisation' as const } : {}),
        chain: [other, name(network)],
        along: on.map(identity),
        tells: ['DID-01', 'DID-02'],
        saw: `${path}: ${old.boolean} → ${now.boolean}`,
      });
    }
  }
}
