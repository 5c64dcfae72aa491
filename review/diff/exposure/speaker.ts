/** The sentences of paths: who newly reaches what, by which ports, and whether anything on the way asks who calls. */
import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import { EVERY_RESOURCE } from './azure-doors';
import type { Consequence } from './fold';
import { AUTHENTICATION, boundaryOf, type Direction, FIREWALL, keptIn, listed, milder, REACH, Speech } from './lines';
import { isStore, type Outside } from './model';
import { beyond, isSure, isTheInternet, onPortsOf, portsIn, possiblyIn, unsureIn, whoIn } from './reach';
import type { Arrival, SideExposure } from './side';

interface Found {
  readonly direction: Direction;
  readonly old: SideExposure;
  readonly now: SideExposure;
  readonly through: readonly Resource[];
  /** What passed it on before, and is gone round now. */
  readonly round?: string | undefined;
}

/** The arrivals of one source on both sides. */
interface Compared {
  readonly direction: Direction;
  readonly at: ReadonlyMap<string, Arrival>;
  readonly earlier: ReadonlyMap<string, Arrival>;
  readonly old: SideExposure;
  readonly now: SideExposure;
}

/** Puts paths that changed into sentences. */
export class Speaker extends Speech {
  path(arrival: Arrival, outside: Outside, { direction, now, old, round, through }: Found): Consequence {
    const { by, doubt, open, reach, thing } = arrival;
    const stores = [thing, ...through].filter(isStore);
    const possible = possiblyIn(reach ?? []);
    const narrow = outside.kind === 'internet' && reach !== undefined && possible.unsure.size === 0 && !isTheInternet(possible.blocks);
    const foreign = reach?.some(({ from }) => from.named.has(EVERY_RESOURCE)) === true;
    const who = foreign ? EVERY_RESOURCE : narrow ? `${whoIn(reach, this.called)} on the internet` : outside.name;
    const ports = reach === undefined ? '' : ` on ${portsIn(reach)}`;
    const way = round === undefined ? '' : `, not only through ${round}`;
    const door = by === undefined ? '' : ` by ${by}`;
    const via = through.length > 0 ? `, and through it ${listed(through.map(this.pairing.name))}` : '';
    const asked = outside.kind === 'partner' && open.size === 0 ? '' : this.#asked(arrival);
    const layers = this.#layersLeft(thing, old, now);
    const severity: Severity = stores.length > 0 || open.size > 0 ? 'critical' : outside.kind === 'partner' ? 'high' : 'medium';
    const sentence =
      direction === 'stronger'
        ? `${who} no longer reaches ${this.pairing.name(thing)}${door}${ports}${round === undefined ? '' : ' directly'}${via}`
        : doubt === undefined
          ? `${who} now reaches ${this.pairing.name(thing)}${door}${ports}${way}${via}${asked}${layers}`
          : `whether ${who} reaches ${this.pairing.name(thing)}${ports} can no longer be told: it depends on ${doubt}`;
    return this.line(arrival.thing, {
      direction: doubt === undefined ? direction : 'undecided',
      severity: narrow && !foreign ? milder(severity) : severity,
      sentence,
      topic: `path from ${outside.key}`,
      boundary: boundaryOf(outside),
      control: stores.length > 0 ? 'DID-06' : undefined,
      chain: arrival.chain,
      along: [...arrival.along, ...through.map(this.pairing.identity)],
      // Whoever may come in by a door of its own may do so by its policy.
      tells: [
        ...REACH,
        ...(open.size > 0 ? AUTHENTICATION : []),
        ...(isStore(thing) ? [] : FIREWALL),
        ...(by === undefined ? [] : (['LPA-10'] as const)),
      ],
      policy: reach === undefined && open.size > 0,
      speaks: by !== undefined,
      // Whose data it holds has a say in who reaches it.
      alsoNeeds: stores.length > 0 ? 'data owner' : undefined,
      saw: [portsIn(reach ?? []), reach ? whoIn(reach, this.called) : ''].filter((text) => text !== '').join(' from '),
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
  *more(arrival: Arrival, was: Arrival, outside: Outside, { at, direction, earlier, now, old }: Compared): Iterable<Consequence> {
    const { reach, thing } = arrival;
    const name = this.pairing.name(thing);
    const common = { direction, boundary: boundaryOf(outside), chain: arrival.chain, along: [...arrival.along] };
    if (was.passedBy !== undefined && arrival.passedBy === undefined) {
      yield this.path(arrival, outside, { direction, old, now, through: [], round: was.chain[was.chain.length - 2] });
      return;
    }
    const unguarded = [...was.guards].filter((guard) => !arrival.guards.has(guard)).sort();
    if (unguarded.length > 0)
      yield this.line(thing, {
        ...common,
        severity: isStore(thing) ? 'critical' : 'high',
        sentence:
          direction === 'weaker'
            ? `${outside.name} reaches ${name} past ${listed(unguarded)} now`
            : `${outside.name} reaches ${name} only through ${listed(unguarded)} now`,
        topic: `guards from ${outside.key}`,
        tells: ['DID-09'],
        saw: arrival.chain.join(' → '),
      });
    const gained = reach === undefined || was.reach === undefined ? [] : beyond(reach, was.reach);
    if (reach !== undefined && was.reach !== undefined && gained.length > 0) {
      const sure = isSure(gained);
      const whole = onPortsOf(reach, gained);
      const what = `${portsIn(gained)} from ${whoIn(direction === 'weaker' ? whole : gained, this.called)}`;
      const then = `${portsIn(was.reach)} from ${whoIn(was.reach, this.called)}`;
      const anyone = isTheInternet(gained.flatMap(({ from }) => from.blocks));
      const layers = direction === 'weaker' ? this.#layersLeft(thing, old, now) : '';
      const severity: Severity = isStore(thing) ? 'critical' : arrival.open.size > 0 ? 'high' : 'medium';
      if (sure || direction === 'weaker')
        yield this.line(thing, {
          ...common,
          direction: sure ? direction : 'undecided',
          severity: anyone || outside.kind === 'partner' ? severity : milder(severity),
          sentence: sure
            ? direction === 'weaker'
              ? `${name} now takes ${what}; before, ${then}${layers}`
              : `${name} no longer takes ${what}`
            : `${name} may take ${portsIn(gained)} from more than before: ${unsureIn(gained)}`,
          topic: `width from ${outside.key}`,
          tells: REACH,
          alsoNeeds: isStore(thing) ? 'data owner' : undefined,
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
      yield this.line(thing, {
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
}
