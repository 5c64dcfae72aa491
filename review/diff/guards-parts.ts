/** How what records, notices or keeps is described, so that two states of it can be compared. */
import type { ControlId, Severity } from '../../controls';
import type { Aspect } from '../schema-review';
import type { Plain } from './plain';
import { asText, valueAt } from './reading';

/** How a part of a guard is compared. */
export type Part =
  /** Each item protects: one that is lost weakens. */
  | { readonly kind: 'each'; readonly path: string; readonly what: string; readonly label?: (item: Plain) => string | undefined }
  /** Each item takes away: one that comes weakens. */
  | { readonly kind: 'except'; readonly path: string; readonly what: string; readonly label?: (item: Plain) => string | undefined }
  /** Where something goes to, or comes from: another place has to be looked at; no place weakens. */
  | { readonly kind: 'place'; readonly path: string; readonly what: string }
  /** What it looks for: another text may notice less. */
  | { readonly kind: 'exact'; readonly path: string; readonly what: string }
  /** A pattern of events: a narrower one weakens. */
  | { readonly kind: 'pattern'; readonly path: string; readonly what: string };

export interface Guard {
  readonly on: RegExp;
  readonly aspect: Aspect;
  readonly severity?: Severity;
  /** What ends with it; absent where its end is told elsewhere. */
  readonly ends?: string;
  /** Controls that the rules miss wherever it was needed: told by its end, and by what it loses. */
  readonly covers?: readonly ControlId[];
  /** It silences: a new one weakens, by this much in words. */
  readonly silences?: string;
  /** Only those that say so are guards: a rule of events that routes orders is none. */
  readonly when?: (properties: Plain) => boolean;
  readonly parts?: readonly Part[];
}

export const each = (path: string, what: string, label?: (item: Plain) => string | undefined): Part => ({
  kind: 'each',
  path,
  what,
  ...(label ? { label } : {}),
});
export const except = (path: string, what: string, label?: (item: Plain) => string | undefined): Part => ({
  kind: 'except',
  path,
  what,
  ...(label ? { label } : {}),
});
export const place = (path: string, what: string): Part => ({ kind: 'place', path, what });
export const exact = (path: string, what: string): Part => ({ kind: 'exact', path, what });

export const at = (path: string) => (item: Plain) => asText(valueAt(item, path));
/** Items with a switch of their own count only while it is on. */
export const enabled =
  (name: string, path: string, on: RegExp) =>
  (item: Plain): string | undefined =>
    on.test(asText(valueAt(item, path)) ?? '') ? asText(valueAt(item, name)) : undefined;
export const ON = /^(true|enabled)$/i;
