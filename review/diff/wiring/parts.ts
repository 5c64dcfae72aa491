/** What every line about wiring is made of. */
import type { Resource } from '../../../policies/resource';
import { placeOf, type Reader, shownAs } from '../reading';
import type { Pairing, Side, Told } from '../side';

export const base = (resource: Resource, pairing: Pairing, direction: Told['direction'], path?: string) => ({
  direction,
  subject: pairing.identity(resource),
  evidence: [
    { resource: shownAs(resource), side: 'after' as const, ...placeOf(resource, path), ...(path === undefined ? {} : { saw: path }) },
  ],
});

/** Both sides of a comparison, with their readers. */
export interface Both {
  readonly before: Side;
  readonly after: Side;
  readonly old: Reader;
  readonly now: Reader;
  readonly pairing: Pairing;
}
