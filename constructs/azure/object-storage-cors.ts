import type { Relaxation } from '../contract';
import { requireRelaxation } from './relax';

/** A cross-origin rule; every origin, method and header is listed (DID-21). */
export interface CorsRule {
  /** `https://cases.example.com`; a wildcard needs DID-21 to be relaxed. */
  readonly allowedOrigins: readonly string[];
  /** Methods that the origins may use. */
  readonly allowedMethods: readonly ('DELETE' | 'GET' | 'HEAD' | 'MERGE' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT')[];
  /** Headers that the origins may send; a wildcard beside methods that write needs DID-21 to be relaxed. */
  readonly allowedHeaders: readonly string[];
  /** @default none */
  readonly exposedHeaders?: readonly string[];
  /** @default 300 */
  readonly maxAgeInSeconds?: number;
}

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether browsers may upload, or change, blobs. */
export const letsWrite = (rule: CorsRule): boolean => rule.allowedMethods.some((method) => !READS.has(method));

/** Cross-origin access names each origin, over HTTPS, and each header where it may write (DID-21). */
export function checkCors(where: string, rule: CorsRule, relax: readonly Relaxation[] | undefined): void {
  const plain = rule.allowedOrigins.find((origin) => origin.startsWith('http://'));
  if (plain) throw new RangeError(`${where}: cors allows the clear-text origin "${plain}"; write https:// (TLS-03)`);
  const origin = rule.allowedOrigins.find((each) => each.includes('*'));
  if (origin) requireRelaxation(where, relax, 'DID-21', `cors origin "${origin}"`, 'list the origins');
  if (letsWrite(rule) && rule.allowedHeaders.some((header) => header.includes('*')))
    requireRelaxation(where, relax, 'DID-21', 'cors header "*" with methods that write', 'list the headers');
}
