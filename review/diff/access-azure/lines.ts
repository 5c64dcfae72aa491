/** A line about one resource that decides over access. */
import type { Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import { placeOf, shownAs } from '../reading';
import type { Told } from '../side';
import type { Estate } from './estate';

export interface Line {
  readonly direction: 'weaker' | 'stronger' | 'undecided';
  readonly severity: Severity;
  readonly sentence: string;
  readonly path: string;
  readonly saw?: string;
}

export function lineAbout(resource: Resource, estate: Estate, { direction, path, saw = path, sentence, severity }: Line): Told {
  const subject = estate.pairing.identity(resource);
  return {
    aspect: 'access',
    direction,
    severity: direction === 'stronger' ? 'low' : severity,
    sentence,
    subject,
    topic: `access settings ${path} ${sentence}`,
    ...(direction === 'stronger' ? {} : { approver: 'security' as const }),
    evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw }],
    causes: [{ resource: subject, path }],
  };
}
