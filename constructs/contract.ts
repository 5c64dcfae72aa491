/**
 * The vocabulary that the constructs of both clouds share. Twins share names, words and claims by this file, not by a
 * base class: what it says is plain data.
 */
import type { ControlId, DataProfile, Relaxation, Tier } from '../controls';
import { CONTROLS, decideTier, isControlId, LONGEST_DAYS, reaches } from '../controls';

export type { ControlId, DataProfile, Relaxation, Tier } from '../controls';
export { decideTier, reaches } from '../controls';

/** A construct says that it makes a control true, for systems of tier `from` and above. */
export interface Claim {
  readonly control: ControlId;
  /** @default 'low' */
  readonly from?: Tier;
}

/** What a hardened construct promises; each promise is proven by synthesising it with its least props. */
export interface Claims {
  readonly construct: string;
  readonly claims: readonly Claim[];
}

/** Declares the claims of a construct: `static readonly claims = claims('SecureBucket', 'ENC-01', { control: 'ENC-02', from: 'moderate' })`. */
export function claims(construct: string, ...list: readonly (ControlId | Claim)[]): Claims {
  return { construct, claims: list.map((claim) => (typeof claim === 'string' ? { control: claim } : claim)) };
}

/** The classes of log records; each has its own retention. */
export const LOG_CLASSES = ['security', 'access', 'operations'] as const;
/** security: who did what to the control plane. access: reads and alterations of data. operations: everything else. */
export type LogClass = (typeof LOG_CLASSES)[number];

/**
 * Least retention in days by tier and class (LOG-10). Security and access records of moderate and high tiers are kept for
 * at least a year, as PCI DSS v4.0 10.5.1 asks; operations records only as long as they help to run the system.
 */
export const RETENTION_DAYS: Readonly<Record<Tier, Readonly<Record<LogClass, number>>>> = {
  low: { security: 365, access: 90, operations: 30 },
  moderate: { security: 365, access: 365, operations: 90 },
  high: { security: 731, access: 731, operations: 180 },
};

/** How long a store keeps what it holds, in days (DHC-06). Both are choices of the data's owner, so neither has a default. */
export interface Retention {
  /** Until then nobody can delete or change a record, not even an administrator: write-once. Absent: no minimum is promised. */
  readonly atLeastDays?: number;
  /** By then every record is deleted. */
  readonly atMostDays: number;
}

/**
 * Days for which a store keeps overwritten and deleted items recoverable (BCR-07): the longest point-in-time window that
 * the managed databases of both clouds offer, so that objects and rows can be brought back to the same day.
 */
export const RECOVERY_DAYS = 35;

/** Which data events a tier records (LOG-04, LOG-05). */
export interface LogProfile {
  readonly reads: boolean;
  readonly alterations: boolean;
  readonly retention: Readonly<Record<LogClass, number>>;
}

/** The log profile of a tier, fixed at design time (LOG-01). */
export function logProfileOf(tier: Tier): LogProfile {
  const recorded = reaches(tier, 'moderate');
  return { reads: recorded, alterations: recorded, retention: RETENTION_DAYS[tier] };
}

/** How long a store keeps what it holds, in days (DHC-06). The maximum is enforced by a lifecycle rule. */
export interface Retention {
  /** Nothing is removed earlier by the lifecycle. @default 0 */
  readonly minimum?: number;
  /** Everything is removed after it. */
  readonly maximum: number;
}

/** A data profile that has been decided. */
export interface DecidedProfile {
  readonly profile: DataProfile;
  readonly tier: Tier;
  readonly why: readonly string[];
}

/**
 * Decides the tier of a profile.
 * @throws RangeError that names the input that is missing or not of its scale
 */
export function decided(profile: DataProfile): DecidedProfile {
  for (const key of ['system', 'owner', 'sensitivity', 'volume', 'exposure', 'privilege'] as const) {
    if (!profile[key])
      throw new RangeError(
        `data profile${profile.system ? ` of "${profile.system}"` : ''}: ${key} is missing; a system without a complete profile has no tier (GOV-10)`,
      );
  }
  const { tier, why } = decideTier(profile);
  return { profile, tier, why };
}

/** Tags (AWS) and tags (Azure) that every store carries (DHC-01); keys are the same on both clouds. */
export const TAGS = {
  system: 'palisade:system',
  owner: 'palisade:owner',
  sensitivity: 'palisade:sensitivity',
  volume: 'palisade:volume',
  tier: 'palisade:tier',
} as const;

/** The tags of a decided profile. */
export function tagsOf({ profile, tier }: DecidedProfile): Readonly<Record<string, string>> {
  return {
    [TAGS.system]: profile.system,
    [TAGS.owner]: profile.owner,
    [TAGS.sensitivity]: profile.sensitivity,
    [TAGS.volume]: profile.volume,
    [TAGS.tier]: tier,
  };
}

/** Key under which a CloudFormation template or resource carries what Palisade declares: `{ profile }`, `{ waivers }`. */
export const METADATA_KEY = 'Palisade';
/** Pulumi component types that carry the same. Their inputs are the profile, and the waiver. */
export const PROFILE_TYPE = 'palisade:index:DataProfile';
export const WAIVER_TYPE = 'palisade:index:Waiver';
/** Plugin name in acknowledgements: `Palisade::TLS-03.object-storage`. */
export const PLUGIN_NAME = 'Palisade';

/** The relaxation for a control, if the user asked for one. The rest of the promises stand. */
export function relaxed(relax: readonly Relaxation[] | undefined, control: ControlId): Relaxation | undefined {
  return relax?.find((relaxation) => relaxation.control === control || relaxation.control.startsWith(`${control}.`));
}

/**
 * The controls that a construct lets its users relax: `true` where a legitimate case exists, otherwise a text that says
 * why there is none and what to do instead. A promised control that is not listed cannot be relaxed.
 */
export type Relaxable = { readonly [Id in ControlId]?: true | string };

const DAY = 24 * 60 * 60 * 1000;

/**
 * Refuses a relaxation that could not stand as a waiver (GOV-03), when the construct is made and not weeks later in CI.
 *
 * @param where the construct in the words of its user: `SecureBucket "attachments"`
 * @param today the first day on which the relaxation must hold
 * @throws RangeError that says which relaxation is wrong and what to write
 */
export function checkRelaxations(
  where: string,
  promised: Claims,
  relaxable: Relaxable,
  relax: readonly Relaxation[] | undefined,
  today: Date = new Date(),
): void {
  const seen = new Set<string>();
  for (const relaxation of relax ?? []) {
    const refuse = (what: string): never => {
      throw new RangeError(`${where}: relaxation of ${relaxation.control || 'no control'} ${what}`);
    };
    const control = (relaxation.control ?? '').split('.')[0] as string;
    if (!isControlId(control)) refuse('names no control of the catalogue; write an id such as TLS-03 (see "palisade controls")');
    else checkOffered(control, promised, relaxable, refuse);
    if (seen.has(control)) refuse('stands twice; keep one');
    seen.add(control);
    for (const field of ['reason', 'owner', 'approver', 'ticket', 'expires'] as const) {
      if (typeof relaxation[field] !== 'string' || relaxation[field].trim() === '')
        refuse(`lacks ${field}; write reason, owner, approver, ticket and expires`);
    }
    if (relaxation.owner.trim() === relaxation.approver.trim())
      refuse(`is approved by its own owner, ${relaxation.owner}; name someone else`);
    checkExpiry(relaxation.expires, LONGEST_DAYS[CONTROLS[control as ControlId].severity], today, refuse);
  }
}

function checkOffered(control: ControlId, promised: Claims, relaxable: Relaxable, refuse: (what: string) => never): void {
  if (!promised.claims.some((claim) => claim.control === control))
    refuse(
      `excuses nothing: ${promised.construct} does not promise it; it promises ${promised.claims.map((claim) => claim.control).join(', ')}`,
    );
  const offered = relaxable[control];
  if (offered !== true) refuse(`is not possible: ${offered ?? `${promised.construct} knows no case that needs it`}`);
}

function checkExpiry(expires: string, longest: number, today: Date, refuse: (what: string) => never): void {
  const end = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(`${expires}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(end) || new Date(end).toISOString().slice(0, 10) !== expires)
    refuse(`expires on "${expires}"; write a date as YYYY-MM-DD`);
  const left = Math.round((end - Date.parse(`${today.toISOString().slice(0, 10)}T00:00:00Z`)) / DAY);
  if (left < 0) refuse(`expired on ${expires}; restore the promise, or have the exception approved again`);
  if (left > longest) refuse(`runs ${left} days; at most ${longest} for a control of its severity`);
}
