/** What sends past its network, where it went by it. */
import type { AzureNetwork } from './azure-network';
import { type Manner, type Sender, senders } from './azure-senders';
import { type AzureSide, keyed, subnetKey } from './azure-sides';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';
import { fromOutside, isTheInternet, OPEN, type Reach } from './reach';

const RANK: readonly Manner[] = ['direct', 'private', 'network'];

/** Senders whose way out changed. */
export function* waysOfSending(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity } = speech.pairing;
  const older = keyed(before, senders, ({ thing }) => identity(thing));
  for (const [id, [now]] of keyed(after, senders, ({ thing }) => identity(thing))) {
    const [was, earlier] = older.get(id) ?? [];
    if (!was || !earlier) continue;
    const [old, is] = [was.manner, now.manner];
    if (old !== undefined && is !== undefined && RANK.indexOf(is) < RANK.indexOf(old)) yield past(speech, now, was, { earlier, direction });
    else if (direction === 'weaker' && becameUnsure(now, was, speech)) yield unsure(speech, now);
  }
}

/** Nobody can tell any more by which way it goes, and somebody could. */
const becameUnsure = (now: Sender, was: Sender, { pairing }: Speech): boolean =>
  now.doubt !== undefined &&
  was.doubt === undefined &&
  was.manner !== 'direct' &&
  now.subnets.map((one) => subnetKey(one, pairing)).join() !== was.subnets.map((one) => subnetKey(one, pairing)).join();

interface Past {
  readonly earlier: AzureNetwork;
  readonly direction: Direction;
}

function past(speech: Speech, now: Sender, was: Sender, { direction, earlier }: Past): Consequence {
  const name = speech.pairing.name(now.thing);
  const [limits, guards] = limitsOf(was, earlier);
  const what = now.manner === 'private' ? 'all but what goes to private addresses' : 'everything';
  const left = guards === '' ? 'whatever limits or records what leaves it' : guards;
  return speech.line(now.thing, {
    direction,
    severity: limits ? 'high' : 'medium',
    sentence:
      direction === 'weaker'
        ? `${name} sends ${what} past its network now, straight to the internet: ${left} is gone round`
        : `${name} sends through its network now what it sent past it, straight to the internet`,
    topic: 'manner of sending',
    boundary: 'internet',
    chain: [name, 'addresses of the platform', 'the internet'],
    along: [...now.on, ...was.on].map(speech.pairing.identity),
    tells: ['EXP-05', 'DID-01', 'DID-02', 'DID-22'],
    saw: `${was.manner} → ${now.manner}`,
  });
}

/** Whether the network that it went by let it send less than everywhere, and what stood on the way. */
function limitsOf({ doubt, subnets }: Sender, network: AzureNetwork): readonly [limits: boolean, guards: string] {
  const keys = new Set(subnets.map(({ key }) => key));
  const ways = network.waysOut().filter((way) => keys.has(way.called ? `${way.subnet.id}#${way.called}` : way.subnet.id));
  const direct: Reach = ways.filter(({ filtered }) => filtered !== true).flatMap(({ reach }) => reach);
  const appliance = ways.find(({ filtered }) => filtered === true);
  return [doubt !== undefined || !isOpen(direct), appliance?.through ?? ''];
}

const isOpen = (reach: Reach): boolean =>
  fromOutside(OPEN).every(({ transport }) =>
    reach.some((span) => span.transport === transport && span.ports[0] <= 1 && span.ports[1] >= 65_535 && isTheInternet(span.from.blocks)),
  );

function unsure(speech: Speech, { doubt = '', on, thing }: Sender): Consequence {
  const name = speech.pairing.name(thing);
  return speech.line(thing, {
    direction: 'undecided',
    severity: 'medium',
    sentence: `whether ${name} still sends by the same network cannot be told: ${doubt}`,
    topic: 'manner of sending',
    chain: [name],
    along: on.map(speech.pairing.identity),
    tells: ['EXP-05'],
    saw: doubt,
  });
}
