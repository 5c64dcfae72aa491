/**
 * The vocabulary that the constructs of both clouds share. Twins share names, words and claims by this file, not by a
 * base class: what it says is plain data.
 */
import type { ControlId, DataProfile, Relaxation, Tier } from '../controls';
import { decideTier, reaches } from '../controls';

export type { ControlId, DataProfile, Relaxation, Tier } from '../controls';
export { decideTier, reaches } from '../controls';

/** A construct says that it makes a control true, for systems of tier `from` and above. */
export interface Claim {
  /** The control that comes out true. */
  readonly control: ControlId;
  /** @default 'low' */
  readonly from?: Tier;
}

/** A control that the twin on the other cloud claims and this construct does not, and why. */
export interface Unclaimed {
  /** The control that the twin claims. */
  readonly unclaimed: ControlId;
  /** Printed in CONTROLS.md. */
  readonly why: string;
}

/** What a hardened construct promises; each promise is proven by synthesising it with its least props. */
export interface Claims {
  /** Class of the construct. */
  readonly construct: string;
  /** Each control once. */
  readonly claims: readonly Claim[];
  /** Stated gaps; printed in CONTROLS.md. */
  readonly gaps: readonly Unclaimed[];
}

/**
 * Declares the claims of a construct, and what it does not claim although its twin does.
 *
 * @example
 * const promised = claims('SecureKeyVault', 'ENC-03', { control: 'ENC-12', from: 'moderate' }, unclaimed('ENC-04', 'why'));
 */
export function claims(construct: string, ...list: readonly (ControlId | Claim | Unclaimed)[]): Claims {
  return {
    construct,
    claims: list.flatMap((entry) => (typeof entry === 'string' ? [{ control: entry }] : 'control' in entry ? [entry] : [])),
    gaps: list.flatMap((entry) => (typeof entry === 'object' && 'unclaimed' in entry ? [entry] : [])),
  };
}

/**
 * States why a construct does not claim what its twin claims.
 *
 * @example
 * const stated = unclaimed('BCR-06', 'the service keeps every object in several zones by itself');
 */
export const unclaimed = (control: ControlId, why: string): Unclaimed => ({ unclaimed: control, why });

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
  /** Whether each read of data is recorded. */
  readonly reads: boolean;
  /** Whether each alteration of data is recorded. */
  readonly alterations: boolean;
  /** Least retention in days by class. */
  readonly retention: Readonly<Record<LogClass, number>>;
}

/**
 * The log profile of a tier, fixed at design time (LOG-01).
 *
 * @example
 * const { retention } = logProfileOf('high');
 * const days = retention.security; // 731
 */
export function logProfileOf(tier: Tier): LogProfile {
  const recorded = reaches(tier, 'moderate');
  return { reads: recorded, alterations: recorded, retention: RETENTION_DAYS[tier] };
}

/** A data profile that has been decided. */
export interface DecidedProfile {
  /** As declared. */
  readonly profile: DataProfile;
  /** What follows from it. */
  readonly tier: Tier;
  /** Each reason for the tier, in words fit for an audit. */
  readonly why: readonly string[];
}

/**
 * Decides the tier of a profile, and refuses an incomplete one (GOV-10).
 *
 * @throws RangeError that names the input that is missing or not of its scale
 * @example
 * const { tier } = decided({ system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter' });
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

/**
 * The tags of a decided profile (DHC-01).
 *
 * @example
 * const tags = tagsOf(decided(profile)); // { 'palisade:tier': 'high', … }
 */
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
/** Pulumi component type that carries a data profile; its inputs are the profile. */
export const PROFILE_TYPE = 'palisade:index:DataProfile';
/** Pulumi component type that carries an exception; its inputs are the waiver. */
export const WAIVER_TYPE = 'palisade:index:Waiver';
/** Plugin name in acknowledgements: `Palisade::TLS-03.object-storage`. */
export const PLUGIN_NAME = 'Palisade';

/**
 * The relaxation for a control, if the user asked for one. The rest of the promises stand.
 *
 * @example
 * const relaxation = relaxed(relax, 'DHC-10');
 */
export function relaxed(relax: readonly Relaxation[] | undefined, control: ControlId): Relaxation | undefined {
  return relax?.find((relaxation) => relaxation.control === control || relaxation.control.startsWith(`${control}.`));
}
