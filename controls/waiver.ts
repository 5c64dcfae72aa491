/** A recorded exception (GOV-03): every field is required, `resource` is exact, and it ends. */
export interface Waiver {
  /** Rule id (`TLS-03.object-storage`) or control id (`TLS-03`). */
  readonly rule: string;
  /** Exactly one resource: its id, construct path, logical id or URN. No wildcard. */
  readonly resource: string;
  /** Why nothing better can be done for now. */
  readonly reason: string;
  /** Who carries the risk. */
  readonly owner: string;
  /** Who allowed it; not the owner. */
  readonly approver: string;
  /** Where the mending is tracked. */
  readonly ticket: string;
  /** Last day on which it holds, `YYYY-MM-DD`. */
  readonly expires: string;
}

/** What a construct asks for when a promise is relaxed; the construct knows the resource. */
export type Relaxation = Omit<Waiver, 'rule' | 'resource'> & {
  /** Control or rule to relax. */
  readonly control: string;
};

/** Every field of a waiver, all of them required. */
export const WAIVER_FIELDS = [
  'rule',
  'resource',
  'reason',
  'owner',
  'approver',
  'ticket',
  'expires',
] as const satisfies readonly (keyof Waiver)[];

/** Longest remaining life of a waiver in days, by severity of what it excuses (GOV-03). */
export const LONGEST_DAYS = { critical: 90, high: 90, medium: 180, low: 180 } as const;
/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Time at which a day begins (UTC), or undefined for a text that is no day of the calendar as `YYYY-MM-DD`.
 *
 * @example
 * dayOf('2027-02-31') === undefined; // there is no such day
 */
export function dayOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? time : undefined;
}

/**
 * Whether an exception is approved by its own owner, which is no approval (GOV-03).
 *
 * @example
 * isSelfApproved({ owner: 'web', approver: 'Web ' }); // true
 */
export const isSelfApproved = ({ owner, approver }: Pick<Waiver, 'owner' | 'approver'>): boolean =>
  owner.trim().toLowerCase() === approver.trim().toLowerCase();

/** Days before expiry from which it is announced. */
export const ANNOUNCE_DAYS = 30;

type Recorded = Omit<Waiver, 'rule' | 'resource'>;

const FIELD = /^(owner|approver|ticket|expires)=(.*)$/s;

/**
 * Writes a waiver into the reason of a CDK acknowledgement, so that CDK's own report keeps all of it:
 * `partner endpoint is HTTP only | owner=… | approver=… | ticket=… | expires=2027-01-31`. A `|` inside a value becomes `/`, so
 * that no value can pose as another field.
 *
 * @example
 * const reason = waiverToReason({ reason: 'partner endpoint is HTTP only', owner: 'support-data@example.com',
 *   approver: 'security@example.com', ticket: 'SEC-1201', expires: '2027-01-31' });
 */
export function waiverToReason({ reason, owner, approver, ticket, expires }: Recorded): string {
  return [reason, `owner=${owner}`, `approver=${approver}`, `ticket=${ticket}`, `expires=${expires}`]
    .map((part) => part.replaceAll('|', '/').trim())
    .join(' | ');
}

/**
 * Reads {@link waiverToReason} back. Missing fields come out empty, for the hygiene check to name.
 *
 * @example
 * const { owner } = waiverFromReason('partner endpoint is HTTP only | owner=support-data@example.com | expires=2027-01-31');
 */
export function waiverFromReason(text: string): Recorded {
  const [reason = '', ...rest] = text.split('|').map((part) => part.trim());
  const words = [reason];
  const found = { owner: '', approver: '', ticket: '', expires: '' };
  for (const part of rest) {
    const [, name, value = ''] = FIELD.exec(part) ?? [];
    if (name) found[name as keyof typeof found] = value.trim();
    else words.push(part);
  }
  return { reason: words.join(' | '), ...found };
}
