/** New paths from the internet or a partner's network, and the layers that still protect each store. */
import type { Resource } from '../../policies/resource';
import { awsGroups } from './exposure/aws-groups';
import { callers } from './exposure/azure-callers';
import { azureNetworks } from './exposure/azure-changes';
import { EVERY_SUBSCRIPTION } from './exposure/azure-fronts';
import { azureSide } from './exposure/azure-sides';
import { filtersOf } from './exposure/filters';
import type { Direction } from './exposure/lines';
import { type Arrival, exposureOf, type SideExposure } from './exposure/side';
import { Speaker } from './exposure/speaker';
import { insideOf, layersOf } from './exposure/speaker-stores';
import { egress, openings } from './exposure/speaker-ways';
import { endpoints, tunnels } from './exposure/tunnels';
import type { Aspected, Told } from './side';

/** Reachability of AWS and Azure, before and after. */
export const exposure: Aspected = (before, after, pairing) => {
  const [old, now] = [exposureOf(before, pairing), exposureOf(after, pairing)];
  const speak = new Speaker(before, after, pairing);
  const [weaker, stronger] = [compare(old, now, 'weaker', speak), compare(now, old, 'stronger', speak)];
  const [earlier, later] = [azureSide(before, pairing), azureSide(after, pairing)];
  return [
    ...weaker,
    ...stronger,
    ...azureNetworks(speak, earlier, later, 'weaker', weaker),
    ...azureNetworks(speak, later, earlier, 'stronger', stronger),
    ...callers(speak, [before, after], [earlier, later]),
    ...awsGroups(speak, before, after, 'weaker', weaker),
    ...awsGroups(speak, after, before, 'stronger', stronger),
    ...filtersOf(speak, before, after, 'weaker'),
    ...filtersOf(speak, after, before, 'stronger'),
    ...tunnels(speak, before, after, 'weaker'),
    ...tunnels(speak, after, before, 'stronger'),
    ...endpoints(speak, old, now),
  ];
};

/** What `now` lets through and `old` does not. For what becomes stronger the two are exchanged. */
function compare(old: SideExposure, now: SideExposure, direction: Direction, speak: Speaker): readonly Told[] {
  const told = new Set<string>();
  const lines: Told[] = [];
  // Whom everybody is let in with is let in.
  const everySubscription = [...old.sources.values()].find(({ outside }) => outside.name === EVERY_SUBSCRIPTION)?.at;
  for (const [key, { at, outside }] of now.sources) {
    const earlier =
      old.sources.get(key)?.at ?? (/^the subscription /.test(outside.name) ? everySubscription : undefined) ?? new Map<string, Arrival>();
    const appeared = new Set(
      [...at].filter(([id, arrival]) => !certain(earlier.get(id)) && (certain(arrival) || !earlier.has(id))).map(([id]) => id),
    );
    for (const [id, arrival] of at) {
      const was = earlier.get(id);
      if (appeared.has(id)) {
        told.add(id);
        if (arrival.passedBy !== undefined && appeared.has(arrival.passedBy)) continue;
        if (direction === 'stronger' && !certain(arrival)) continue;
        lines.push(speak.path(arrival, outside, { direction, old, now, through: behind(id, at, appeared) }));
      } else if (was && certain(was) && certain(arrival)) {
        const more = [...speak.more(arrival, was, outside, { direction, at, earlier, old, now })];
        // A wider path says which layers are left.
        if (more.some(({ topic }) => topic.startsWith('width'))) told.add(id);
        lines.push(...more);
      }
    }
  }
  lines.push(...layersOf(speak, old, now, direction, told), ...insideOf(speak, old, now, direction, told));
  return [...lines, ...egress(speak, old, now, direction, told), ...openings(speak, old, now, direction, lines)];
}

/** Nothing is missing to be sure of it. */
const certain = (arrival: Arrival | undefined): arrival is Arrival => arrival !== undefined && arrival.doubt === undefined;

/** What appeared because this did, in the order of the path. */
function behind(id: string, at: ReadonlyMap<string, Arrival>, appeared: ReadonlySet<string>): readonly Resource[] {
  const inside = new Set([id]);
  const found: Resource[] = [];
  // Breadth first put them after what passes to them.
  for (const [key, { passedBy, thing }] of at) {
    if (passedBy === undefined || !inside.has(passedBy) || !appeared.has(key)) continue;
    inside.add(key);
    found.push(thing);
  }
  return found;
}
