/** The sentences of hosts that come to stand at the edge of a network, whether or not anything reaches them there yet. */
import type { Resource } from '../../../policies/resource';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';
import type { Opening } from './model';

/** Hosts that newly stand in the same subnets are told together; an address says that they stand there. */
export function* hosted(speech: Speech, openings: readonly Opening[], direction: Direction): Iterable<Consequence> {
  const { identity } = speech.pairing;
  const addressed = new Set(openings.filter(({ kind }) => kind === 'addressed').map(({ thing }) => thing));
  const groups = new Map<string, { readonly kind: Opening['kind']; readonly subnets: readonly Resource[]; readonly things: Resource[] }>();
  for (const { kind, on, thing } of openings) {
    if (kind === 'stands' && addressed.has(thing)) continue;
    const key = [kind, ...on.map(identity).sort()].join(' ');
    const group = groups.get(key) ?? { kind, subnets: on, things: [] };
    group.things.push(thing);
    groups.set(key, group);
  }
  for (const { kind, subnets, things } of groups.values()) yield standing(speech, kind === 'addressed', subnets, things, direction);
}

function standing(
  speech: Speech,
  hasAddress: boolean,
  subnets: readonly Resource[],
  unsorted: readonly Resource[],
  direction: Direction,
): Consequence {
  const { identity, name } = speech.pairing;
  const things = [...unsorted].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
  const many = things.length > 1;
  const who = listed(things.map(name).sort());
  const where = listed(subnets.map(name).sort());
  const leading = `${where}, which ${subnets.length > 1 ? 'lead' : 'leads'} to the internet`;
  const weaker = direction === 'weaker';
  const sentence = hasAddress
    ? weaker
      ? `${who} ${many ? 'have public addresses' : 'has a public address'} now, in ${leading}: only ${many ? 'their' : 'its'} network rules keep the internet out`
      : `${who} no longer ${many ? 'have public addresses' : 'has a public address'} in ${where}`
    : weaker
      ? `${who} ${many ? 'stand' : 'stands'} in ${leading}, now`
      : `${who} no longer ${many ? 'stand' : 'stands'} in ${leading}`;
  return speech.line(things[0] as Resource, {
    direction,
    severity: hasAddress ? 'high' : 'medium',
    sentence,
    topic: hasAddress ? 'opening addressed' : 'opening stands',
    boundary: hasAddress ? 'internet' : undefined,
    chain: ['the internet', where, who],
    along: [...things.slice(1), ...subnets].map(identity),
    tells: ['DHC-05', 'DID-01', 'DID-03', 'DID-04', 'DID-05'],
    saw: where,
  });
}
