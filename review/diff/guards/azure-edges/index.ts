/** Doors of Azure whose facts stand in several resources, or in several forms. */
import type { Graph } from '../../../../policies/graph';
import type { Resource } from '../../../../policies/resource';
import type { Aspected, Side, Told } from '../../side';
import { APIM_DOORS } from './apim';
import { BYPASSES } from './bypasses';
import { CALLERS } from './callers';
import { CORS_DOORS } from './cors';
import { changesOf, type Doors, View } from './facts';
import { FIREWALLS } from './firewalls';
import { FRONT_DOORS } from './fronts';
import { GATEWAY_DOORS } from './gateways';
import { LIMITS } from './limits';
import { SIGN_IN_DOORS } from './sign-in';
import { SITE_DOORS } from './sites';

const ALL: readonly Doors[] = [
  ...SITE_DOORS,
  ...SIGN_IN_DOORS,
  ...CORS_DOORS,
  ...FRONT_DOORS,
  ...GATEWAY_DOORS,
  ...APIM_DOORS,
  ...BYPASSES,
  ...CALLERS,
  ...FIREWALLS,
  ...LIMITS,
];
const BY_TYPE = new Map<string, readonly Doors[]>();
for (const doors of ALL) for (const type of doors.on) BY_TYPE.set(type, [...(BY_TYPE.get(type) ?? []), doors]);
const doorsOf = (type: string): readonly Doors[] => BY_TYPE.get(type) ?? [];
const TYPES = [...BY_TYPE.keys()];

/** What doors of Azure keep and let in, on both sides. */
export const azureEdges: Aspected = (before, after, pairing) => {
  const [olds, nows] = [viewsOf(before), viewsOf(after)];
  return [...nows].flatMap(([resource, now]): readonly Told[] => {
    const other = pairing.other(resource);
    const old = other && olds.get(other);
    if (!other || !old) return [];
    return doorsOf(resource.type).flatMap((doors) => changesOf(doors, { resource: other, view: old }, { resource, view: now }));
  });

  /** The doors of a side that exist, each with what its facts are read with. */
  function viewsOf(side: Side): ReadonlyMap<Resource, View> {
    const found = new Map<Resource, View>();
    for (const { graph } of side.targets) for (const [door, view] of doorsIn(graph, side)) found.set(door, view);
    return found;
  }

  function* doorsIn(graph: Graph, side: Side): Iterable<readonly [Resource, View]> {
    const view = new View(graph, side, pairing);
    for (const door of graph.ofType(...TYPES)) if (graph.exists(door) && door.option('external').boolean !== true) yield [door, view];
  }
};
