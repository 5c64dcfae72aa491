/** What every grant is made of that no policy document holds. */
import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import { covers, patternOf } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asList, asText, type Reader } from '../reading';

/** One thing that somebody gets. Two that say the same of the same are one, wherever they stand. */
export interface Grant {
  /** As written: an account, an ARN, a hole, `*`. */
  readonly who: string;
  /** `can use the subnet 1`. */
  readonly can: string;
  /** What gives it, where that does not matter to what is given: `, which the resource share Subnets shares`. */
  readonly by?: string;
  readonly severity: Severity;
  /** Whoever it names is outside: an address on the internet, guests. */
  readonly open?: boolean;
  /** Told only where who gets it is outside: inside it is wiring. */
  readonly onlyOutside?: boolean;
  /** Nothing of the input says whose it is. */
  readonly elsewhere?: boolean;
  /** As grave as said, also where whoever gets it is outside. */
  readonly asSaid?: boolean;
  /** How far it goes: what goes no further than what was there before is no news. */
  readonly reach?: Reach;
  /** The role or permission set that comes with it. */
  readonly becomes?: string;
  /** Gives nobody anything until something else uses it: where it is new, that is told by whatever does. */
  readonly lasting?: boolean;
  readonly path: string;
  /** Others whose change may be the cause. */
  readonly sources?: readonly Resource[];
}

/** Rights on what patterns stand for. A pattern with exceptions is written `* but a, b`. */
export interface Reach {
  /** Reaches are only compared of the same. */
  readonly of: string;
  readonly rights: readonly string[];
  readonly scopes: readonly string[];
}

export type Read = (properties: PlainMap, resource: Resource, reader: Reader) => readonly Grant[];
export type Readers = readonly (readonly [type: RegExp, read: Read])[];

export const texts = (value: Plain | undefined): readonly string[] => asList(value).flatMap((item) => asText(item) ?? []);
export const name = (resource: Resource, reader: Reader): string => reader.pairing.name(resource);
export const sorted = (items: readonly string[]): string => [...items].sort().join(', ');

/** `read, write and delete`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? items.join() : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** Whether others together reach at least as far: each right on each scope by one of them. */
export const isWithin = (inner: Reach, others: readonly Reach[]): boolean =>
  inner.rights.every((right) =>
    inner.scopes.every((scope) =>
      others.some(({ rights, scopes }) => rights.includes(right) && scopes.some((outer) => scopeCovers(outer, scope))),
    ),
  );

const BUT = ' but ';

function scopeCovers(outer: string, inner: string): boolean {
  const [[wide = '', spared], [narrow = '', left]] = [outer.split(BUT), inner.split(BUT)];
  if (!covers(patternOf(wide), patternOf(narrow))) return false;
  if (spared === undefined) return true;
  const kept = new Set(left?.split(', '));
  return spared.split(', ').every((one) => kept.has(one) || (left === undefined && !covers(patternOf(narrow), patternOf(one))));
}
