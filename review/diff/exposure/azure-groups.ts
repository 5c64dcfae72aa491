/** Security groups of Azure, compared by what they let through to what stands behind them. */
import { NSG, type Direction as Towards } from '../../../policies/facts/network-flows';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { placesOf, surroundings } from './azure-behind';
import { type At, doubtful, type Gained, type Place, unguarded, widened } from './azure-groups-lines';
import type { AzureNetwork, Guarded } from './azure-network';
import { isGroupName, NETWORK_TAG, type Rule, reachThrough, rulesOf, slicesOf } from './azure-rules';
import { type AzureSide, cardName, keyed, subnetKey, subnetName } from './azure-sides';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';
import { beyond, isSure, isTheInternet, publicPart, type Reach } from './reach';

/** What the groups of the later side let through that those of the earlier do not. */
export function* groups(
  speech: Speech,
  before: AzureSide,
  after: AzureSide,
  direction: Direction,
  said: readonly Consequence[],
): Iterable<Consequence> {
  const { identity } = speech.pairing;
  const spoken = spokenIn(said);
  const read = ({ graph }: AzureNetwork) => graph.ofType(NSG).filter((group) => graph.exists(group));
  const older = keyed(before, read, identity);
  for (const [id, [group, network]] of keyed(after, read, identity)) {
    const [was, earlier] = older.get(id) ?? [];
    if (!was || !earlier) continue;
    const behind = network.guarded(group);
    const gained = gainedBetween(
      speech,
      { group: was, network: earlier, behind: earlier.guarded(was) },
      { group, network, behind },
      spoken.of(id),
    );
    yield* told(speech, gained, { group, where: placesOf(behind, network, speech), direction });
  }
  yield* exchanged(speech, before, after, direction);
}

function* told(speech: Speech, gained: readonly Gained[], at: At): Iterable<Consequence> {
  const certain = gained.filter(({ gains }) => gains.some(({ reach }) => isSure(reach)));
  const [first] = gained;
  if (certain.length > 0) yield widened(speech, certain, at);
  else if (first && at.direction === 'weaker') yield doubtful(speech, first, at);
}

// ── What is gained ─────────────────────────────────────────────────────────────────────────────────────────────────

/** A group with what stands behind it. */
interface Behind {
  readonly group: Resource;
  readonly network: AzureNetwork;
  readonly behind: Guarded;
}

/** What lines tell already of a group: that everybody comes in, that a path leads in, that something leaves. */
interface Spoken {
  readonly open: boolean;
  readonly reached: boolean;
  readonly leaving: boolean;
}
const NOTHING_SPOKEN: Spoken = { open: false, reached: false, leaving: false };

function spokenIn(said: readonly Consequence[]): { readonly of: (id: string) => Spoken } {
  const along = (topic: RegExp) => new Set(said.flatMap((line) => (topic.test(line.topic) ? [line.subject, ...line.along] : [])));
  const [open, reached, leaving] = [along(/^opening lets in/), along(/^(path|width) /), along(/^egress/)];
  return { of: (id) => ({ open: open.has(id), reached: reached.has(id), leaving: leaving.has(id) }) };
}

function gainedBetween({ pairing }: Speech, before: Behind, after: Behind, spoken: Spoken): readonly Gained[] {
  return (['in', 'out'] as const).flatMap((towards): readonly Gained[] => {
    const old = rulesOf(before.group, towards, before.network, pairing);
    const now = rulesOf(after.group, towards, after.network, pairing);
    if (textOf(old) === textOf(now)) return [];
    const around = surroundings(
      [old, now],
      [
        [before.behind, before.network],
        [after.behind, after.network],
      ],
    );
    const gains = slicesOf([...old, ...now], around).flatMap((slice) => {
      const gained = beyond(reachThrough(now, slice, around), reachThrough(old, slice, around));
      const reach = gained.length > 0 ? unspoken(gained, towards, spoken) : [];
      return reach.length > 0 ? [{ slice, reach }] : [];
    });
    return gains.length > 0 ? [{ compared: { towards, old, now, around }, gains }] : [];
  });
}

/** Rules that read alike need no look at what they mean. */
const textOf = (rules: readonly Rule[]): string =>
  rules
    .map(({ allows, doubt, far, near, sourcePorts, traffic }) =>
      JSON.stringify([allows, doubt, far.all.map(textOfPeer).sort(), near.all.map(textOfPeer).sort(), sourcePorts, traffic]),
    )
    .join('\n');
const textOfPeer = ({ text }: { readonly text: string }): string => text;

/** Without what a path, a way out or an opening tells. */
function unspoken(reach: Reach, towards: Towards, { leaving, open, reached }: Spoken): Reach {
  const outer = towards === 'in' ? reached : leaving;
  return reach.flatMap((span) => {
    if (open && towards === 'in' && isTheInternet(span.from.blocks)) return [];
    if (!outer || publicPart(span.from.blocks).length === 0) return [span];
    // Who is on the internet is told; whoever is not is left.
    const blocks = span.from.blocks.filter((block) => publicPart([block]).length === 0);
    const named = new Map([...span.from.named].filter(([name]) => isGroupName(name) || name === NETWORK_TAG));
    return blocks.length + named.size + span.from.unsure.size > 0 ? [{ ...span, from: { ...span.from, blocks, named } }] : [];
  });
}

// ── Groups that are exchanged ──────────────────────────────────────────────────────────────────────────────────────

interface Stand extends Place {
  readonly group: Resource | undefined;
  /** A group is named that is not among what was read. */
  readonly unknown: boolean;
  readonly behind: Guarded;
  readonly network: AzureNetwork;
}

/** Everything that a group may stand before. */
function standsIn({ networks, pairing }: AzureSide): ReadonlyMap<string, Stand> {
  const found = new Map<string, Stand>();
  for (const network of networks) {
    const put = (key: string, thing: Resource, name: string, id: Value, behind: Guarded) => {
      const group = network.graph.target(id, NSG);
      const path = id.path.replace(/\.id$/, '');
      found.set(key, { thing, path, name, group, unknown: !group && id.state !== 'absent', behind, network });
    };
    for (const subnet of network.subnets)
      put(subnetKey(subnet, pairing), subnet.resource, subnetName(subnet, pairing), subnet.value.at('networkSecurityGroup.id'), {
        subnets: [subnet],
        cards: [],
      });
    for (const card of network.cards())
      put(pairing.identity(card), card, cardName(card, network, pairing), card.at('networkSecurityGroup.id'), {
        subnets: [],
        cards: [card],
      });
  }
  return found;
}

/** Subnets and network interfaces that another group stands before, or none any more. */
function* exchanged(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity } = speech.pairing;
  const older = standsIn(before);
  for (const [key, place] of standsIn(after)) {
    const was = older.get(key);
    if (!was?.group || was.unknown || place.unknown) continue;
    const { group } = place;
    if (!group) yield unguarded(speech, place, was.group, direction);
    else if (identity(was.group) !== identity(group)) {
      const gained = gainedBetween(speech, { ...was, group: was.group }, { ...place, group }, NOTHING_SPOKEN);
      yield* told(speech, gained, { group, where: ['it'], direction, place });
    }
  }
}
