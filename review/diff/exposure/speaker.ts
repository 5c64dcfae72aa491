/** The sentences of exposure: paths, layers, segments, ways out. */
import type { ControlId, Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import type { Approver, Boundary } from '../../schema-review';
import { AT_REST, TOPIC as AT_REST_TOPIC } from '../encryption';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { EVERY_RESOURCE } from './azure-doors';
import type { Consequence } from './fold';
import { isStore, type LayerName, type Layers, type Outside } from './model';
import {
  beyond,
  fromOutside,
  isSure,
  isTheInternet,
  onPortsOf,
  portsIn,
  publicPart,
  type Reach,
  reachOf,
  type Span,
  unsureIn,
  whoIn,
  without,
} from './reach';
import type { Arrival, Leaving, SideExposure } from './side';

export type Direction = 'weaker' | 'stronger';

/** What a path tells: that nothing keeps the internet away, by whichever rule. */
const REACH: readonly ControlId[] = [
  'DHC-05',
  'DID-01',
  'DID-02',
  'DID-03',
  'DID-04',
  'DID-05',
  'DID-06',
  'DID-12',
  'DID-15',
  'DID-23',
  'TLS-10',
];
const AUTHENTICATION: readonly ControlId[] = ['DID-16', 'DID-15', 'DHC-05'];
const FIREWALL: readonly ControlId[] = ['DID-07'];
const OWN_KEY: LayerName = 'a key of its own';

interface Found {
  readonly direction: Direction;
  readonly old: SideExposure;
  readonly now: SideExposure;
  readonly through: readonly Resource[];
}

const MOST = 3;
const listed = (names: readonly string[]): string => {
  const shown = names.length > MOST ? [...names.slice(0, MOST), `${names.length - MOST} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
};
const ORDER: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
const milder = (severity: Severity): Severity => ORDER[Math.max(0, ORDER.indexOf(severity) - 1)] as Severity;
const boundaryOf = ({ kind }: Outside): Boundary => (kind === 'internet' ? 'internet' : 'organisation');

/** Puts what changed into sentences. */
export class Speaker {
  readonly #names = new Map<string, string>();

  constructor(
    before: Side,
    after: Side,
    readonly pairing: Pairing,
  ) {
    for (const side of [before, after])
      for (const resource of resourcesOf(side)) this.#names.set(pairing.identity(resource), pairing.name(resource));
  }

  readonly #called = (identity: string): string => this.#names.get(identity) ?? identity;

  // ── Paths ────────────────────────────────────────────────────────────────────────────────────────────────────────

  path(arrival: Arrival, outside: Outside, { direction, now, old, through }: Found): Consequence {
    const { doubt, open, reach, thing } = arrival;
    const stores = [thing, ...through].filter(isStore);
    const narrow = outside.kind === 'internet' && reach !== undefined && !isTheInternet(reach.flatMap(({ from }) => from.blocks));
    const foreign = reach?.some(({ from }) => from.named.has(EVERY_RESOURCE)) === true;
    const who = foreign ? EVERY_RESOURCE : narrow ? `${whoIn(reach, this.#called)} on the internet` : outside.name;
    const ports = reach === undefined ? '' : ` on ${portsIn(reach)}`;
    const via = through.length > 0 ? `, and through it ${listed(through.map(this.pairing.name))}` : '';
    const asked = outside.kind === 'partner' && open.size === 0 ? '' : this.#asked(arrival);
    const layers = this.#layersLeft(thing, old, now);
    const severity: Severity = stores.length > 0 || open.size > 0 ? 'critical' : outside.kind === 'partner' ? 'high' : 'medium';
    const sentence =
      direction === 'stronger'
        ? `${who} no longer reaches ${this.pairing.name(thing)}${ports}${via}`
        : doubt === undefined
          ? `${who} now reaches ${this.pairing.name(thing)}${ports}${via}${asked}${layers}`
          : `whether ${who} reaches ${this.pairing.name(thing)}${ports} can no longer be told: it depends on ${doubt}`;
    return this.#line(arrival.thing, {
      direction: doubt === undefined ? direction : 'undecided',
      severity: narrow && !foreign ? milder(severity) : severity,
      sentence,
      topic: `path from ${outside.key}`,
      boundary: boundaryOf(outside),
      control: stores.length > 0 ? 'DID-06' : undefined,
      chain: arrival.chain,
      along: [...arrival.along, ...through.map(this.pairing.identity)],
      tells: [...REACH, ...(open.size > 0 ? AUTHENTICATION : []), ...(isStore(thing) ? [] : FIREWALL)],
      policy: reach === undefined && open.size > 0,
      // Whose data it holds has a say in who reaches it.
      alsoNeeds: stores.length > 0 ? 'data owner' : undefined,
      saw: [portsIn(reach ?? []), reach ? whoIn(reach, this.#called) : ''].filter((text) => text !== '').join(' from '),
    });
  }

  /** Whether anything on the way asks who calls. */
  #asked({ open, thing }: Arrival): string {
    if (isStore(thing) && open.size === 0) return '';
    if (open.size === 0) return ', where callers must authenticate';
    if (open.has('')) return ', and nothing on the way asks who calls';
    return `, and nothing asks who calls ${listed([...open].sort())}`;
  }

  /** Wider by ports or addresses; or no longer authenticated. */
  *more(
    arrival: Arrival,
    was: Arrival,
    outside: Outside,
    { at, direction, earlier }: { direction: Direction; at: ReadonlyMap<string, Arrival>; earlier: ReadonlyMap<string, Arrival> },
  ): Iterable<Consequence> {
    const { reach, thing } = arrival;
    const name = this.pairing.name(thing);
    const common = { direction, boundary: boundaryOf(outside), chain: arrival.chain, along: [...arrival.along] };
    const gained = reach === undefined || was.reach === undefined ? [] : beyond(reach, was.reach);
    if (reach !== undefined && was.reach !== undefined && gained.length > 0) {
      const sure = isSure(gained);
      const whole = onPortsOf(reach, gained);
      const what = `${portsIn(gained)} from ${whoIn(direction === 'weaker' ? whole : gained, this.#called)}`;
      const then = `${portsIn(was.reach)} from ${whoIn(was.reach, this.#called)}`;
      const anyone = isTheInternet(gained.flatMap(({ from }) => from.blocks));
      const severity: Severity = isStore(thing) ? 'critical' : arrival.open.size > 0 ? 'high' : 'medium';
      if (sure || direction === 'weaker')
        yield this.#line(thing, {
          ...common,
          direction: sure ? direction : 'undecided',
          severity: anyone || outside.kind === 'partner' ? severity : milder(severity),
          sentence: sure
            ? direction === 'weaker'
              ? `${name} now takes ${what}; before, ${then}`
              : `${name} no longer takes ${what}`
            : `${name} may take ${portsIn(gained)} from more than before: ${unsureIn(gained)}`,
          topic: `width from ${outside.key}`,
          tells: REACH,
          saw: what,
        });
    }
    const opened = [...arrival.open].filter((one) => !was.open.has(one) && !was.open.has('')).sort();
    // What stands behind lost it with what stands before it.
    const before = arrival.passedBy === undefined ? undefined : at.get(arrival.passedBy);
    const inherited = before !== undefined && before.open.size > 0 && earlier.get(arrival.passedBy as string)?.open.size === 0;
    if (opened.length > 0 && !inherited) {
      const all = opened.includes('');
      const sentence =
        direction === 'weaker'
          ? all
            ? `${outside.name} reaches ${name}, and nothing on the way asks any more who calls`
            : `${outside.name} can now call ${listed(opened)} of ${name}, and nothing asks who calls`
          : all
            ? `${outside.name} reaches ${name} only after authentication now`
            : `${listed(opened)} of ${name} can no longer be called without authentication`;
      yield this.#line(thing, {
        ...common,
        severity: 'critical',
        sentence,
        topic: `authentication from ${outside.key}`,
        tells: AUTHENTICATION,
        policy: isStore(thing) || reach === undefined,
        saw: all ? 'no authentication' : opened.join(', '),
      });
    }
  }

  // ── Layers ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #layersLeft(thing: Resource, old: SideExposure, now: SideExposure): string {
    if (!isStore(thing)) return '';
    const id = this.pairing.identity(thing);
    const after = now.layers.get(id)?.layers;
    if (!after) return '';
    const left = keptIn(after);
    const total = keptIn(old.layers.get(id)?.layers ?? new Map()).length;
    if (left.length === 0) return '; no layer protects it';
    const one = left.length === 1;
    return total > left.length
      ? `; ${left.length} of ${total} layers ${one ? 'is' : 'are'} left: ${left.join(', ')}`
      : `; ${left.length} ${one ? 'layer protects' : 'layers protect'} it: ${left.join(', ')}`;
  }

  /** Of stores that are there on both sides; where a path says it already, it is not said again. */
  *layers(old: SideExposure, now: SideExposure, direction: Direction, told: ReadonlySet<string>): Iterable<Told> {
    for (const [id, { layers, thing }] of now.layers) {
      const was = old.layers.get(id)?.layers;
      if (!was || told.has(id)) continue;
      const gone = [...was].filter(([name, layer]) => layer.kept === true && layers.get(name)?.kept === false).map(([name]) => name);
      if (gone.includes(OWN_KEY)) yield this.#key(thing, layers, direction);
      const lost = gone.filter((name) => name !== OWN_KEY);
      const doubtful = [...was]
        .filter(([name, layer]) => name !== OWN_KEY && layer.kept === true && layers.get(name)?.kept === undefined)
        .map(([name]) => name);
      if (lost.length === 0 && (doubtful.length === 0 || direction === 'stronger')) continue;
      yield this.#layer(thing, { direction, doubtful, layers, lost, now, was });
    }
  }

  #layer(
    thing: Resource,
    {
      direction,
      doubtful,
      layers,
      lost,
      now,
      was,
    }: { direction: Direction; doubtful: readonly LayerName[]; layers: Layers; lost: readonly LayerName[]; now: SideExposure; was: Layers },
  ): Consequence {
    const name = this.pairing.name(thing);
    const [left, before] = [keptIn(layers), keptIn(was)];
    const sure = lost.length > 0;
    const exposed = now.sources.get('internet')?.at.has(this.pairing.identity(thing)) === true;
    const front = !isStore(thing);
    const remain = left.length === 0 ? 'none is left' : `${left.length} of ${before.length} remain: ${left.join(', ')}`;
    const sentence = !sure
      ? `whether ${listed(doubtful)} still ${doubtful.length > 1 ? 'protect' : 'protects'} ${name} can no longer be told`
      : front
        ? direction === 'weaker'
          ? `no web application firewall stands before ${name} any more`
          : `a web application firewall stands before ${name} now`
        : direction === 'weaker'
          ? `${name} lost ${lost.length === 1 ? 'a layer' : `${lost.length} layers`}, ${listed(lost)}: ${remain}`
          : `${name} gained ${lost.length === 1 ? 'a layer' : `${lost.length} layers`}, ${listed(lost)}`;
    const changed = sure ? lost : doubtful;
    return this.#line(thing, {
      direction: sure ? direction : 'undecided',
      severity: !sure ? 'medium' : !front && left.length < 2 ? 'critical' : 'high',
      sentence,
      topic: `layers ${[...changed].sort().join()}`,
      boundary: front && exposed ? 'internet' : undefined,
      chain: [name],
      along: [...was, ...layers].filter(([one]) => changed.includes(one)).flatMap(([, { on = [] }]) => on.map(this.pairing.identity)),
      tells: front ? FIREWALL : REACH,
      saw: layersIn(layers),
    });
  }

  /** What encrypts a store is no matter of who reaches it: the line is about that, and what still protects it is its evidence. */
  #key(thing: Resource, layers: Layers, direction: Direction): Told {
    const name = this.pairing.name(thing);
    const key = 'encrypted with a customer key';
    const {
      along: _along,
      policy: _policy,
      ...line
    } = this.#line(thing, {
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

  // ── Inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Other segments that may connect to a store. */
  *inside(old: SideExposure, now: SideExposure, direction: Direction, told: ReadonlySet<string>): Iterable<Consequence> {
    for (const [id, { reach, thing }] of now.inside) {
      const was = old.inside.get(id);
      if (!was || told.has(id)) continue;
      const gained = this.#segments(beyond(reach, was.reach), now.peopled);
      if (gained.length === 0 || !isSure(gained)) continue;
      const name = this.pairing.name(thing);
      const who = whoIn(gained, this.#called);
      yield this.#line(thing, {
        direction,
        severity: 'medium',
        sentence:
          direction === 'weaker'
            ? `${who} can now connect to ${name} on ${portsIn(gained)}`
            : `${who} can no longer connect to ${name} on ${portsIn(gained)}`,
        topic: 'segments',
        chain: [who, name],
        along: [...(now.layers.get(id)?.layers.get('the security group')?.on ?? [])].map(this.pairing.identity),
        tells: ['DID-02', 'DID-23'],
        saw: `${portsIn(gained)} from ${who}`,
      });
    }
  }

  /** Without the internet, which is a path or a layer; and without groups that those stand for who are in them. */
  #segments(reach: Reach, peopled: ReadonlySet<string>): Reach {
    return reachOf(
      reach.flatMap((span) => {
        const named = new Map([...span.from.named].filter(([name]) => !peopled.has(name)));
        const from = { ...span.from, named, blocks: without(span.from.blocks, publicPart(span.from.blocks)) };
        const whole = isTheInternet(span.from.blocks);
        return whole || (from.blocks.length === 0 && named.size === 0) ? [] : [{ ...span, from }];
      }),
    );
  }

  // ── Ways out ─────────────────────────────────────────────────────────────────────────────────────────────────────

  *egress(old: SideExposure, now: SideExposure, direction: Direction, told: ReadonlySet<string>): Iterable<Consequence> {
    const groups = new Map<string, { table: Resource; through: string; gained: Span[]; things: Resource[]; along: string[] }>();
    for (const [id, leaving] of now.leaving) {
      if (told.has(id)) continue;
      const was = old.leaving.get(id)?.reach ?? zoneOf(leaving, old);
      const gained = fromOutside(beyond(leaving.reach, was));
      if (gained.length === 0 || !old.things.has(id)) continue;
      const way = leaving.ways.find((one) => fromOutside(beyond(one.reach, was)).length > 0) ?? leaving.ways[0];
      if (!way || lostIsolation(id, old, now)) continue;
      const key = `${this.pairing.identity(way.table)} ${way.through}`;
      const group = groups.get(key) ?? { table: way.table, through: way.through, gained: [], things: [], along: [] };
      group.gained.push(...gained);
      group.things.push(leaving.thing);
      group.along.push(...way.on.map(this.pairing.identity));
      groups.set(key, group);
    }
    for (const { along, gained, table, things, through } of groups.values()) {
      const who = listed(things.map(this.pairing.name));
      const what = portsIn(reachOf(gained));
      const stores = things.some(isStore);
      yield this.#line(things.length === 1 ? (things[0] as Resource) : table, {
        direction,
        severity: stores ? 'high' : 'medium',
        sentence:
          direction === 'weaker'
            ? `${who} can now send to the internet (${what}), through ${through}`
            : `${who} can no longer send to the internet (${what}) through ${through}`,
        topic: 'egress',
        boundary: 'internet',
        chain: [who, through, 'the internet'],
        along: [...along, ...things.map(this.pairing.identity)],
        tells: ['EXP-05', 'DID-01', 'DID-02'],
        saw: what,
      });
    }
  }

  #line(
    thing: Resource,
    told: {
      readonly direction: Consequence['direction'];
      readonly severity: Severity;
      readonly sentence: string;
      readonly topic: string;
      readonly boundary?: Boundary | undefined;
      readonly control?: ControlId | undefined;
      readonly chain: readonly string[];
      readonly along: readonly string[];
      readonly tells: readonly ControlId[];
      readonly saw: string;
      readonly policy?: boolean;
      readonly alsoNeeds?: Approver | undefined;
    },
  ): Consequence {
    const { along, alsoNeeds, boundary, chain, control, direction, policy = false, saw, tells, topic } = told;
    const location = thing.locate();
    const weaker = direction !== 'stronger';
    return {
      aspect: 'exposure',
      direction,
      severity: told.severity,
      sentence: told.sentence,
      subject: this.pairing.identity(thing),
      topic,
      ...(control === undefined ? {} : { control }),
      ...(boundary === undefined || !weaker ? {} : { boundary }),
      ...(weaker ? { approver: 'security' as Approver } : {}),
      ...(weaker && alsoNeeds ? { alsoNeeds } : {}),
      evidence: [
        {
          resource: thing.path ?? thing.logicalId,
          side: weaker ? 'after' : 'before',
          ...(location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {}),
          chain,
          ...(saw === '' ? {} : { saw }),
        },
      ],
      along: [...new Set(along)],
      tells,
      policy,
    };
  }
}

const layersIn = (layers: Layers): string =>
  [...layers].map(([one, { kept }]) => `${one}: ${kept === undefined ? 'not known' : kept ? 'yes' : 'no'}`).join('; ');
const keptIn = (layers: Layers): readonly LayerName[] => [...layers].filter(([, { kept }]) => kept === true).map(([name]) => name);

const lostIsolation = (id: string, old: SideExposure, now: SideExposure): boolean =>
  old.layers.get(id)?.layers.get('isolated subnets')?.kept === true && now.layers.get(id)?.layers.get('isolated subnets')?.kept === false;

/** What others in the same subnets could send already. */
const zoneOf = ({ subnets }: Leaving, old: SideExposure): Reach =>
  reachOf([...old.leaving.values()].filter((one) => one.subnets.some((subnet) => subnets.includes(subnet))).flatMap(({ reach }) => reach));
