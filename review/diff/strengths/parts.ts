/** How settings are described of which one value protects more than another, so that two states of them can be compared. */
import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import type { Aspect } from '../../schema-review';

/** How two values compare. `absent` is what the service does when nobody writes one. */
export type Order =
  | { readonly more: 'stronger' | 'weaker'; readonly absent?: number; readonly unit?: string }
  /** From the weakest to the strongest. */
  | { readonly scale: readonly string[]; readonly absent?: string }
  /** Stronger where there is one. */
  | { readonly present: true };

/** Where a setting stands, the higher the stronger, and how people say it; or what decides it, where nobody can tell. */
export type Measure = { readonly rank: number; readonly words: string } | { readonly missing: string };

export interface Strength {
  readonly on: RegExp;
  /** A list where a key holds dots. */
  readonly path: string | readonly string[];
  readonly order: Order;
  /** The value, where it is more than what stands at the path; undefined where it cannot be told. */
  readonly read?: (resource: Resource) => number | undefined;
  /** The same, where it is no number; undefined where it does not apply. */
  readonly measure?: (resource: Resource) => Measure | undefined;
  /** `log retention`, for people. */
  readonly what: string;
  /** What comes about where it gets weaker or stronger, in place of two values. */
  readonly turns?: readonly [weaker: string, stronger: string];
  readonly aspect: Aspect;
  readonly severity?: Severity;
  /** Other settings at which rules see the same. */
  readonly beside?: readonly string[];
}

export const FOREVER = Number.POSITIVE_INFINITY;
export const days = (absent?: number): Order => ({ more: 'stronger', unit: 'days', ...(absent === undefined ? {} : { absent }) });
export const shorter = (unit: string, absent?: number): Order => ({ more: 'weaker', unit, ...(absent === undefined ? {} : { absent }) });
export const switched: Order = { scale: ['false', 'true'], absent: 'false' };

export type Row = Omit<Strength, 'on' | 'path' | 'what' | 'aspect'>;
export const row = (on: RegExp, path: Strength['path'], what: string, aspect: Strength['aspect'], rest: Row): Strength => ({
  on,
  path,
  what,
  aspect,
  ...rest,
});
export const off = (absent: 'true' | 'false'): Row => ({ order: { scale: ['true', 'false'], absent } });
export const on = (absent: 'true' | 'false'): Row => ({ order: { scale: ['false', 'true'], absent } });
export const there: Row = { order: { present: true } };
export const scale = (absent: string, ...steps: readonly string[]): Row => ({ order: { scale: steps, absent } });
export const counted = (unit: string, read: (resource: Resource) => number | undefined): Row => ({ order: { more: 'weaker', unit }, read });
export const lasting = (read: (resource: Resource) => number | undefined): Row => ({ order: { more: 'stronger', unit: 'days' }, read });
/** By a measure of its own. */
export const measured = (measure: (resource: Resource) => Measure | undefined): Row => ({ order: { more: 'stronger' }, measure });
