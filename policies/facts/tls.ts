/** What the named TLS policies of the services let clients negotiate. */
import { fail, type Outcome } from '../outcome';
import type { Value } from '../value';

/** Policies of load balancers that refuse everything below TLS 1.2, whatever their suffix (`Res`, `FIPS`, `PQ`, a date). */
const ELB_MODERN = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;
/** Of those, the ones that negotiate TLS 1.3 and no suite without forward secrecy. */
const ELB_BEST = /^ELBSecurityPolicy-TLS13-1-[23]-(?!Ext[12])/;
/** What a load balancer negotiates where a template names no policy. */
export const ELB_DEFAULT = 'ELBSecurityPolicy-2016-08';

/** Policies of distributions by the oldest version that they let through. */
const CLOUDFRONT_MODERN = /^TLSv1\.([2-9])(_\d{4})?$/;
/** Without the suites that TLSv1.2_2018 and TLSv1.2_2019 still offer. */
const CLOUDFRONT_BEST = /^TLSv1\.(2_20(2[1-9]|[3-9]\d)|3_\d{4})$/;

/** Whether a listener of a load balancer negotiates TLS 1.2 or later only. */
export const elbIsModern = (policy: Value): Outcome => policy.orDefault(ELB_DEFAULT).matches(ELB_MODERN);
/** Whether it also negotiates TLS 1.3, and only suites with forward secrecy. */
export const elbIsBest = (policy: Value): Outcome => policy.orDefault(ELB_DEFAULT).matches(ELB_BEST);

/** Whether a distribution negotiates TLS 1.2 or later only. */
export const cloudFrontIsModern = (policy: Value): Outcome => policy.matches(CLOUDFRONT_MODERN);
/** Whether it also leaves out the suites of before 2021. */
export const cloudFrontIsBest = (policy: Value): Outcome => policy.matches(CLOUDFRONT_BEST);

/** Versions that must not be offered to an origin either. */
export const OLD_VERSIONS = ['SSLv3', 'TLSv1', 'TLSv1.1'] as const;

/** No version of the list is older than TLS 1.2. */
export function offersNoOldVersion(versions: Value): Outcome | undefined {
  for (const version of versions.items()) {
    if (OLD_VERSIONS.some((old) => old === version.string)) return fail(`${versions.path} offers ${version.string}`, version.path);
    if (version.state !== 'known') return version.asUnknown();
  }
  return undefined;
}
