/** Who newly gets something by a grant that is no policy: a share, an entry, an assignment, a copy to somebody else. */
import type { Resource } from '../../policies/resource';
import type { Boundary } from '../schema-review';
import { GRANTS, type Grant } from './grants-readers';
import { placeOf, type Reader, readerOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Grants that came and went. */
export const grants: Aspected = (before, after, pairing) => {
  const [old, now] = [grantsOf(before, pairing), grantsOf(after, pairing)];
  return [
    ...[...now].flatMap(([key, held]) => (old.has(key) ? [] : [lineOf(held, 'weaker', pairing)])),
    ...[...old].flatMap(([key, held]) => (now.has(key) ? [] : [lineOf(held, 'stronger', pairing)])),
  ];
};

interface Held {
  readonly grant: Grant;
  readonly resource: Resource;
  readonly reader: Reader;
  readonly boundary: Boundary | undefined;
}

const BY_TYPE = new Map<string, readonly (typeof GRANTS)[number][]>();

/** By what they say: whether they stand in one resource or another does not matter. */
function grantsOf(side: Side, pairing: Pairing): ReadonlyMap<string, Held> {
  const reader = readerOf(side, pairing);
  const found = new Map<string, Held>();
  for (const resource of resourcesOf(side)) {
    const known = BY_TYPE.get(resource.type) ?? GRANTS.filter(([type]) => type.test(resource.type));
    BY_TYPE.set(resource.type, known);
    for (const [, read] of known)
      for (const grant of read(reader.of(resource), resource, reader)) {
        const boundary = boundaryOf(grant, reader);
        if (grant.onlyOutside && boundary === undefined) continue;
        found.set(`${grant.who} ${grant.can}`, { grant, resource, reader, boundary });
      }
  }
  return found;
}

function boundaryOf({ open, who }: Grant, reader: Reader): Boundary | undefined {
  if (open) return 'internet';
  return reader.foreignAccount(who) === undefined ? undefined : 'organisation';
}

function lineOf({ boundary, grant, reader, resource }: Held, direction: 'weaker' | 'stronger', pairing: Pairing): Told {
  const weaker = direction === 'weaker';
  const who = whoIs(grant.who, reader);
  const subject = pairing.identity(resource);
  return {
    aspect: 'access',
    direction,
    severity: weaker ? (boundary === undefined ? grant.severity : 'critical') : 'low',
    sentence: weaker ? `${who} newly ${grant.can}` : `${who} no longer ${grant.can}`,
    subject,
    topic: `grant ${grant.who} ${grant.can}`,
    ...(weaker && boundary !== undefined ? { boundary } : {}),
    ...(weaker ? { approver: 'security' as const } : {}),
    evidence: [
      {
        resource: shownAs(resource),
        side: weaker ? 'after' : 'before',
        ...placeOf(resource, grant.path),
        chain: [who, pairing.name(resource)],
        saw: grant.path,
      },
    ],
    causes: [{ resource: subject }],
  };
}

function whoIs(who: string, reader: Reader): string {
  if (who === '*') return 'everyone';
  if (/^\d{12}$/.test(who)) return `the account ${who}`;
  return reader.words(who);
}
