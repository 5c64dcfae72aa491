/** The sentences of stores: which layers they lost, and who inside our own networks may connect to them. */
import type { Resource } from '../../../policies/resource';
import { AT_REST, TOPIC as AT_REST_TOPIC } from '../encryption';
import type { Told } from '../side';
import type { Consequence } from './fold';
import { type Direction, FIREWALL, keptIn, layersIn, listed, OWN_KEY, REACH, type Speech } from './lines';
import { isStore, type LayerName, type Layers } from './model';
import {
  beyond,
  isNobody,
  isTheInternet,
  NOBODY,
  portsIn,
  publicPart,
  type Reach,
  reachOf,
  type Sources,
  unsureIn,
  whoIn,
  without,
} from './reach';
import type { SideExposure } from './side';

interface Loss {
  readonly thing: Resource;
  readonly layers: Layers;
  readonly was: Layers;
  readonly lost: readonly LayerName[];
  readonly doubtful: readonly LayerName[];
}

/**
 * Of stores that are there on both sides; where a path says it already, it is not said again. Stores that lose the same and keep the
 * same are told together.
 */
export function* layersOf(
  speech: Speech,
  old: SideExposure,
  now: SideExposure,
  direction: Direction,
  told: ReadonlySet<string>,
): Iterable<Told> {
  const groups = new Map<string, Loss[]>();
  for (const [id, { layers, thing }] of now.layers) {
    const was = old.layers.get(id)?.layers;
    if (!was) continue;
    const gone = [...was].filter(([name, layer]) => layer.kept === true && layers.get(name)?.kept === false).map(([name]) => name);
    if (gone.includes(OWN_KEY)) yield keyOf(speech, thing, layers, direction);
    if (told.has(id)) continue;
    const lost = gone.filter((name) => name !== OWN_KEY);
    const doubtful = [...was]
      .filter(([name, layer]) => name !== OWN_KEY && layer.kept === true && layers.get(name)?.kept === undefined)
      .map(([name]) => name);
    if (lost.length === 0 && (doubtful.length === 0 || direction === 'stronger')) continue;
    const loss = { thing, layers, was, lost, doubtful };
    if (isStore(thing)) {
      const key = [lost, lost.length === 0 ? doubtful : [], keptIn(layers), keptIn(was)].map((names) => names.join()).join('|');
      groups.set(key, [...(groups.get(key) ?? []), loss]);
    } else yield frontOf(speech, loss, now, direction);
  }
  for (const losses of groups.values()) yield lossOf(speech, losses, direction);
}

/** Layers that stores lost together. */
function lossOf(speech: Speech, losses: readonly Loss[], direction: Direction): Consequence {
  const { identity, name } = speech.pairing;
  const sorted = [...losses].sort((a, b) => (name(a.thing) < name(b.thing) ? -1 : 1));
  const [{ doubtful, layers, lost, thing, was }] = sorted as [Loss];
  const names = sorted.map((one) => name(one.thing));
  const who = listed(names);
  const each = names.length > 1 ? ' each' : '';
  const [left, before] = [keptIn(layers), keptIn(was)];
  const sure = lost.length > 0;
  const changed = sure ? lost : doubtful;
  const what = `${changed.length === 1 ? 'a layer' : `${changed.length} layers`}, ${listed(changed)}`;
  const remain = left.length === 0 ? 'none is left' : `${left.length} of ${before.length} remain: ${left.join(', ')}`;
  const sentence = !sure
    ? `whether ${listed(doubtful)} still ${doubtful.length > 1 ? 'protect' : 'protects'} ${who} can no longer be told`
    : direction === 'weaker'
      ? `${who}${each} lost ${what}: ${remain}`
      : `${who}${each} gained ${what}`;
  const line = speech.line(thing, {
    direction: sure ? direction : 'undecided',
    severity: !sure ? 'medium' : left.length < 2 ? 'critical' : 'high',
    sentence,
    topic: `layers ${[...changed].sort().join()}`,
    chain: [name(thing)],
    along: [...sorted.slice(1).map((one) => identity(one.thing)), ...sorted.flatMap((one) => decidedBy(speech, one, changed))],
    tells: REACH,
    saw: layersIn(layers),
  });
  const others = sorted.slice(1).map((one) => speech.evidence(one.thing, direction, [name(one.thing)], layersIn(one.layers)));
  return { ...line, evidence: [...line.evidence, ...others] };
}

/** A public entry without a firewall before it. */
function frontOf(speech: Speech, loss: Loss, now: SideExposure, direction: Direction): Consequence {
  const { doubtful, layers, lost, thing } = loss;
  const name = speech.pairing.name(thing);
  const sure = lost.length > 0;
  const exposed = now.sources.get('internet')?.at.has(speech.pairing.identity(thing)) === true;
  return speech.line(thing, {
    direction: sure ? direction : 'undecided',
    severity: sure ? 'high' : 'medium',
    sentence: !sure
      ? `whether a web application firewall still stands before ${name} can no longer be told`
      : direction === 'weaker'
        ? `no web application firewall stands before ${name} any more`
        : `a web application firewall stands before ${name} now`,
    topic: 'layers a web application firewall',
    boundary: exposed ? 'internet' : undefined,
    chain: [name],
    along: decidedBy(speech, loss, sure ? lost : doubtful),
    tells: FIREWALL,
    saw: layersIn(layers),
  });
}

const decidedBy = ({ pairing }: Speech, { layers, was }: Loss, changed: readonly LayerName[]): readonly string[] =>
  [...was, ...layers].filter(([one]) => changed.includes(one)).flatMap(([, { on = [] }]) => on.map(pairing.identity));

/** What encrypts a store is no matter of who reaches it: the line is about that, and what still protects it is its evidence. */
function keyOf(speech: Speech, thing: Resource, layers: Layers, direction: Direction): Told {
  const name = speech.pairing.name(thing);
  const key = 'encrypted with a customer key';
  const {
    along: _along,
    policy: _policy,
    ...line
  } = speech.line(thing, {
    direction,
    severity: 'medium',
    sentence: direction === 'weaker' ? `${name} is no longer ${key}` : `${name} is ${key} now`,
    topic: AT_REST_TOPIC,
    chain: [name],
    along: [],
    tells: AT_REST,
    saw: layersIn(layers),
  });
  return { ...line, aspect: 'encryption', causes: [{ resource: line.subject }] };
}

// ── Inside ─────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Admitted {
  readonly kind: 'inside' | 'outside' | 'perhaps';
  readonly gained: Reach;
}
interface Widened extends Admitted {
  readonly who: string;
  readonly ports: string;
  readonly things: Resource[];
  readonly along: string[];
}

/** Whom the groups of a store newly let in: other segments, and networks outside to which nothing leads yet. */
export function* insideOf(
  speech: Speech,
  old: SideExposure,
  now: SideExposure,
  direction: Direction,
  told: ReadonlySet<string>,
): Iterable<Consequence> {
  const groups = new Map<string, Widened>();
  for (const [id, { reach, thing }] of now.inside) {
    const was = old.inside.get(id);
    if (!was || told.has(id)) continue;
    for (const admitted of admittedBy(beyond(reach, was.reach), now.peopled)) {
      const { gained, kind } = admitted;
      if (kind === 'perhaps' && direction === 'stronger') continue;
      // What is missing may be the port.
      const [who, ports] = [whoIn(gained, speech.called), kind === 'perhaps' ? '' : portsIn(gained)];
      const key = `${kind} ${who} ${ports}`;
      const group = groups.get(key) ?? { ...admitted, who, ports, things: [], along: [] };
      groups.set(key, group);
      group.things.push(thing);
      group.along.push(...(now.layers.get(id)?.layers.get('the security group')?.on ?? []).map(speech.pairing.identity));
    }
  }
  for (const group of groups.values()) yield admittance(speech, group, direction);
}

function admittance(speech: Speech, { along, gained, kind, ports, things, who }: Widened, direction: Direction): Consequence {
  const { identity, name } = speech.pairing;
  const sorted = [...things].sort((a, b) => (name(a) < name(b) ? -1 : 1));
  const stores = listed(sorted.map(name));
  const weaker = direction === 'weaker';
  const rules = `the network rules of ${stores}`;
  const sentence =
    kind === 'perhaps'
      ? `whether ${who} can connect to ${stores} can no longer be told: ${unsureIn(gained)}`
      : kind === 'inside'
        ? `${who} can ${weaker ? 'now' : 'no longer'} connect to ${stores} on ${ports}`
        : weaker
          ? `${rules} now let in ${who}, outside our networks, on ${ports}: only what else protects ${things.length > 1 ? 'them' : 'it'} keeps them out`
          : `${rules} no longer let in ${who}, outside our networks, on ${ports}`;
  return speech.line(sorted[0] as Resource, {
    direction: kind === 'perhaps' ? 'undecided' : direction,
    severity: 'medium',
    sentence,
    topic: kind === 'inside' ? 'segments' : `segments ${kind}`,
    chain: [who, stores],
    along: [...sorted.slice(1).map(identity), ...along],
    tells: ['DID-02', 'DID-23'],
    saw: ports === '' ? who : `${ports} from ${who}`,
  });
}

/** Without the whole internet, which is a path or a layer; and without groups that those stand for who are in them. */
function admittedBy(reach: Reach, peopled: ReadonlySet<string>): readonly Admitted[] {
  const part = (kind: Admitted['kind'], pick: (from: Sources) => Sources): readonly Admitted[] => {
    const gained = reachOf(
      reach.flatMap((span) => {
        if (isTheInternet(span.from.blocks)) return [];
        const from = pick(span.from);
        return isNobody(from) ? [] : [{ ...span, from }];
      }),
    );
    return gained.length > 0 ? [{ kind, gained }] : [];
  };
  const unpeopled = ({ named }: Sources) => new Map([...named].filter(([name]) => !peopled.has(name)));
  const inside = part('inside', (from) => ({
    ...NOBODY,
    named: unpeopled(from),
    blocks: without(from.blocks, publicPart(from.blocks)),
  }));
  const outside = part('outside', (from) => ({ ...NOBODY, blocks: publicPart(from.blocks) }));
  const perhaps = part('perhaps', ({ perhaps: some, unsure }) => ({ ...NOBODY, unsure, ...(some ? { perhaps: some } : {}) }));
  return [...inside, ...outside, ...(inside.length + outside.length === 0 ? perhaps : [])];
}
