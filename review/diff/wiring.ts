/**
 * What a workload is wired to: the store that a variable, an event source or a secret names, the role that it acts as, the key that
 * stores share, and the label that says how sensitive they are. What crosses a tier, or leaves, is told.
 */
import { acting } from './acting';
import { calls } from './custom-resources';
import { readerOf } from './reading';
import { type Aspected, resourcesOf } from './side';
import { code } from './wiring/code';
import { connections } from './wiring/connections';
import { deliveries } from './wiring/deliveries';
import { endpoints } from './wiring/endpoints';
import { keys } from './wiring/keys';
import { labels } from './wiring/labels';
import type { Both } from './wiring/parts';
import { placesOnBoth } from './wiring/places';
import { rekeyed } from './wiring/rekeyed';
import { repointed } from './wiring/repointed';
import { secrets } from './wiring/secrets';
import { wiresOf } from './wiring/wires';

/** Labels, shared keys, re-pointed workloads, roles that are acted as. */
export const wiring: Aspected = (before, after, pairing, occasion) => {
  const both: Both = { before, after, old: readerOf(before, pairing), now: readerOf(after, pairing), pairing };
  const [old, now] = placesOnBoth(both);
  const wires = [wiresOf(resourcesOf(before), both.old, old), wiresOf(resourcesOf(after), both.now, now)] as const;
  return [
    ...labels(before, pairing),
    ...keys(before, after, pairing),
    ...rekeyed(both),
    ...repointed(...wires, both),
    ...secrets(...wires, both),
    ...connections(...wires, both),
    ...deliveries(both),
    ...endpoints(both),
    ...code(both),
    ...acting(before, after, pairing, occasion),
    ...calls(before, after, pairing, occasion),
  ];
};
