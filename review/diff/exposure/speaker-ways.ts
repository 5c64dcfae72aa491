/** The sentences of ways out, and of what opens by itself: groups that let everyone in, lists of addresses, subnets that lead out. */
import type { Resource } from '../../../policies/resource';
import type { Told } from '../side';
import type { Consequence } from './fold';
import { boundaryOf, type Direction, listed, milder, type Speech } from './lines';
import { isStore, type Opening, type Outside } from './model';
import { beyond, both, fromOutside, isTheInternet, portsIn, type Reach, reachOf, type Span, whoIn } from './reach';
import type { Leaving, SideExposure } from './side';
import { hosted } from './speaker-hosts';

interface Group {
  readonly table: Resource;
  readonly through: string;
  readonly past: string;
  readonly filtered: boolean;
  readonly gained: Span[];
  readonly things: Resource[];
  readonly along: string[];
}

/** What holds customers' data, or may connect to what does, and may send where it could not. */
export function* egress(
  speech: Speech,
  old: SideExposure,
  now: SideExposure,
  direction: Direction,
  told: ReadonlySet<string>,
): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  const groups = new Map<string, Group>();
  for (const [id, leaving] of now.leaving.holders()) {
    if (told.has(id) || !old.things.has(id) || lostIsolation(id, old, now)) continue;
    const before = old.leaving.of(id);
    // By which way it sends is told by itself, and what is not known by nobody.
    if (before && (before.manner !== leaving.manner || before.doubt !== undefined || leaving.doubt !== undefined)) continue;
    const was = before ?? zoneOf(leaving, old);
    const direct = fromOutside(beyond(leaving.reach, was.reach));
    const gained = direct.length > 0 ? direct : fromOutside(beyond(leaving.filtered, reachOf([...was.reach, ...was.filtered])));
    if (gained.length === 0) continue;
    const filtered = direct.length === 0;
    const ways = leaving.ways.filter((one) => (one.filtered === true) === filtered);
    const way = ways.find((one) => both(one.reach, gained).length > 0) ?? ways[0];
    if (!way) continue;
    const passed = filtered ? undefined : was.ways.find((one) => one.filtered === true && both(one.reach, gained).length > 0);
    const past = passed ? passed.through : '';
    const key = `${identity(way.table)} ${way.through} ${past} ${filtered}`;
    const group = groups.get(key) ?? { table: way.table, through: way.through, past, filtered, gained: [], things: [], along: [] };
    group.gained.push(...gained);
    group.things.push(leaving.thing);
    group.along.push(...way.on.map(identity), ...leaving.on.map(identity));
    groups.set(key, group);
  }
  for (const { along, filtered, gained, past, table, things, through } of groups.values()) {
    const who = listed(things.map(name).sort());
    const what = portsIn(reachOf(gained));
    const blocks = gained.flatMap(({ from }) => from.blocks);
    const where = isTheInternet(blocks) ? 'the internet' : `${whoIn(gained, speech.called)} on the internet`;
    const severity = things.some(isStore) || (past !== '' && isTheInternet(blocks)) ? 'high' : 'medium';
    const how = filtered ? `through ${through}, as far as its rules let them` : `through ${through}${past === '' ? '' : `, past ${past}`}`;
    yield speech.line(things.length === 1 ? (things[0] as Resource) : table, {
      direction,
      severity: filtered ? milder(severity) : severity,
      sentence:
        direction === 'weaker'
          ? `${who} can now send to ${where} (${what}), ${how}`
          : `${who} can no longer send to ${where} (${what}) ${how}`,
      topic: 'egress',
      boundary: 'internet',
      chain: [who, through, where],
      along: [...along, ...things.map(identity)],
      tells: ['EXP-05', 'DID-01', 'DID-02'],
      saw: what,
    });
  }
}

const lostIsolation = (id: string, old: SideExposure, now: SideExposure): boolean =>
  old.layers.get(id)?.layers.get('isolated subnets')?.kept === true && now.layers.get(id)?.layers.get('isolated subnets')?.kept === false;

/** What others in the same subnets could send already. */
function zoneOf({ subnets }: Leaving, old: SideExposure): Pick<Leaving, 'reach' | 'filtered' | 'ways'> {
  const others = old.leaving.inSubnets(subnets);
  return {
    reach: reachOf(others.flatMap(({ reach }) => reach)),
    filtered: reachOf(others.flatMap(({ filtered }) => filtered)),
    ways: others.flatMap(({ ways }) => ways),
  };
}

// ── Openings ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What opens although nothing that is known stands behind it. Whatever a line of `said` is about already is not said again. */
export function* openings(
  speech: Speech,
  old: SideExposure,
  now: SideExposure,
  direction: Direction,
  said: readonly Told[],
): Iterable<Consequence> {
  const { identity } = speech.pairing;
  const spoken = new Set(
    said.flatMap((line) => (/^(path|width|layers|segments)/.test(line.topic) && 'along' in line ? (line as Consequence).along : [])),
  );
  const isSpoken = ({ kind, on, thing }: Opening): boolean =>
    kind === 'deploys'
      ? false
      : kind === 'holds'
        ? on.length > 1 && on.slice(1).every((group) => spoken.has(identity(group)))
        : spoken.has(identity(thing));
  const leading = new Map<string, Leading>();
  const hosts: Opening[] = [];
  for (const [key, opening] of now.openings) {
    const { kind, on, reach, thing, to } = opening;
    const id = identity(thing);
    const gained = beyond(reach, old.openings.get(key)?.reach ?? []);
    if (gained.length === 0 || !old.things.has(id)) continue;
    if (kind === 'leads out' || kind === 'leads on') {
      // Whoever it leads to is told once, by however many routes.
      const by = to?.key ?? on.map(identity).sort().join();
      const group = leading.get(by) ?? { routes: new Set(), subnets: [], to, gained: [] };
      for (const route of on) group.routes.add(route);
      group.gained.push(...gained);
      group.subnets.push(thing);
      leading.set(by, group);
    } else if (kind === 'stands' || kind === 'addressed') hosts.push(opening);
    else if (!isSpoken(opening)) yield opened(speech, opening, gained, direction);
  }
  for (const group of leading.values()) {
    const { routes, subnets } = group;
    if ([...routes].some((route) => spoken.has(identity(route))) && subnets.some((subnet) => spoken.has(identity(subnet)))) continue;
    yield leads(speech, group, direction);
  }
  const newly = new Set([...leading.values()].flatMap(({ subnets, to }) => (to ? [] : subnets)));
  const arrived = new Set(said.filter(({ topic }) => /^(path|width) /.test(topic)).map(({ subject }) => subject));
  yield* hosted(
    speech,
    hosts.filter(({ on, thing }) => !arrived.has(identity(thing)) && !on.every((subnet) => newly.has(subnet))),
    direction,
  );
}

interface Leading {
  readonly routes: Set<Resource>;
  readonly subnets: Resource[];
  readonly to: Outside | undefined;
  readonly gained: Span[];
}

function leads(speech: Speech, { gained, routes: all, subnets, to }: Leading, direction: Direction): Consequence {
  const { identity, name } = speech.pairing;
  const routes = [...all].sort((a, b) => (identity(a) < identity(b) ? -1 : 1));
  const names = subnets.map(name).sort();
  const who = listed(names);
  const [verb, by] = [names.length > 1 ? 'lead' : 'leads', listed(routes.map(name))];
  const where = to ? to.name : 'the internet';
  const reach = reachOf(gained);
  const part = to && !isTheInternet(reach.flatMap(({ from }) => from.blocks)) ? `, for ${whoIn(reach, speech.called)}` : '';
  return speech.line(routes[0] as Resource, {
    direction,
    severity: 'medium',
    sentence: direction === 'weaker' ? `${who} ${verb} to ${where} now, by ${by}${part}` : `${who} no longer ${verb} to ${where}${part}`,
    topic: to ? `opening leads on to ${to.key}` : 'opening leads out',
    boundary: to && boundaryOf(to),
    chain: [who, by, where],
    along: [...subnets, ...routes].map(identity),
    tells: ['DID-01', 'DID-03'],
    saw: by,
  });
}

function opened(speech: Speech, { kind, on, thing }: Opening, gained: Reach, direction: Direction): Consequence {
  const name = speech.pairing.name(thing);
  const who = whoIn(gained, speech.called);
  const ports = portsIn(gained);
  const weaker = direction === 'weaker';
  const sentence =
    kind === 'deploys'
      ? weaker
        ? `${who} may now deploy to ${name}, by its site for that`
        : `${who} may no longer deploy to ${name}`
      : kind === 'holds'
        ? weaker
          ? `${name} now holds ${who}, wherever it is let in`
          : `${name} no longer holds ${who}`
        : kind === 'serves'
          ? weaker
            ? `${name} answers as a website now, which is without encryption on the way`
            : `${name} no longer answers as a website`
          : weaker
            ? `${name} now lets in anyone on ${ports}`
            : `${name} no longer lets in anyone on ${ports}`;
  return speech.line(thing, {
    direction,
    // A network ACL stands before groups, and whoever passes it meets them.
    severity: kind === 'serves' ? 'low' : thing.type === 'AWS::EC2::NetworkAcl' ? 'medium' : 'high',
    sentence,
    topic: `opening ${kind}`,
    ...(kind === 'deploys' ? { boundary: 'internet' as const } : {}),
    chain: kind === 'holds' || kind === 'deploys' ? [who, name] : ['anyone', name],
    along: on.map(speech.pairing.identity),
    tells: ['DID-02', 'DID-04', 'DID-12', 'DID-23', 'TLS-10'],
    saw: kind === 'holds' ? who : ports,
  });
}
