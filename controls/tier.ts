/** What a system is worth protecting, as its owner declares it. The tier follows from it and is never declared. */
export const TIERS = ['low', 'moderate', 'high'] as const;
export type Tier = (typeof TIERS)[number];

/** public · internal · confidential (personal or customer data) · restricted (credentials, health, payment, legal). */
export const SENSITIVITIES = ['public', 'internal', 'confidential', 'restricted'] as const;
/** Number of people or customer records held: under 1,000 · under 100,000 · under 10 million · more. */
export const VOLUMES = ['few', 'thousands', 'millions', 'massive'] as const;
/** Who can reach an interface of the system: nobody but its operators · the organisation · partners · the internet. */
export const EXPOSURES = ['isolated', 'organisation', 'partner', 'internet'] as const;
/** The strongest right that a user of the system gets: read own · alter · administer · reach other systems with it. */
export const PRIVILEGES = ['read', 'alter', 'administer', 'control-plane'] as const;

export type Sensitivity = (typeof SENSITIVITIES)[number];
export type Volume = (typeof VOLUMES)[number];
export type Exposure = (typeof EXPOSURES)[number];
export type Privilege = (typeof PRIVILEGES)[number];

/** The inputs of the tier, all of them required: a system without them does not synthesise (GOV-10, LOG-01). */
export interface DataProfile {
  /** Name of the system, as people call it. */
  readonly system: string;
  /** Team or person who owns the data; a mailbox or group, not a name that leaves. */
  readonly owner: string;
  /** The most sensitive data that it holds. */
  readonly sensitivity: Sensitivity;
  /** Number of people or customer records that it holds. */
  readonly volume: Volume;
  /** Who can reach an interface of it. */
  readonly exposure: Exposure;
  /** The strongest right that a user of it gets. */
  readonly privilege: Privilege;
  /** Regions or locations that the data must stay in; empty or absent means that none is promised. */
  readonly residency?: readonly string[];
}

/** The tier, and each reason that led to it, in words fit for an audit. */
export interface TierDecision {
  /** What the obligations follow. */
  readonly tier: Tier;
  /** Sum of the four inputs, 0 to 12. */
  readonly score: number;
  /** Each input with its points, the sum, and what lifted it. */
  readonly why: readonly string[];
}

/** Score from which a system is moderate, and from which it is high. */
export const THRESHOLDS = { moderate: 4, high: 8 } as const;

/**
 * Computes the tier (LOG-02): each input counts 0 to 3; the sum decides, and two floors lift it. Restricted data is never
 * below moderate, and restricted data that is reachable from outside the organisation, or held in massive volume, is high.
 *
 * @throws RangeError naming the system, the input and the values allowed, when an input is missing or none of its scale
 * @example
 * const { tier, why } = decideTier({ system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter' });
 * // tier === 'high'
 */
export function decideTier(profile: DataProfile): TierDecision {
  const parts = [
    ['sensitivity', profile.sensitivity, SENSITIVITIES],
    ['volume', profile.volume, VOLUMES],
    ['exposure', profile.exposure, EXPOSURES],
    ['privilege', profile.privilege, PRIVILEGES],
  ] as const;
  const why: string[] = [];
  let score = 0;
  for (const [input, value, scale] of parts) {
    const points = (scale as readonly string[]).indexOf(value);
    if (points < 0) {
      const found = value === undefined ? 'missing' : `"${value}"`;
      throw new RangeError(`data profile of "${profile.system}": ${input} is ${found}; write one of ${scale.join(', ')}`);
    }
    score += points;
    why.push(`${input} ${value}: ${points} of 3`);
  }
  let tier: Tier = score >= THRESHOLDS.high ? 'high' : score >= THRESHOLDS.moderate ? 'moderate' : 'low';
  why.push(`sum ${score} of 12: ${tier} (moderate from ${THRESHOLDS.moderate}, high from ${THRESHOLDS.high})`);
  const lift = (to: Tier, reason: string) => {
    if (TIERS.indexOf(to) > TIERS.indexOf(tier)) {
      tier = to;
      why.push(`${reason}: at least ${to}`);
    }
  };
  if (profile.sensitivity === 'restricted') {
    lift('moderate', 'restricted data');
    if (profile.exposure === 'partner' || profile.exposure === 'internet')
      lift('high', 'restricted data reachable from outside the organisation');
    if (profile.volume === 'massive') lift('high', 'restricted data in massive volume');
  }
  return { tier, score, why };
}

/** Whether an obligation that starts at `from` applies at `tier`. */
export const reaches = (tier: Tier, from: Tier): boolean => TIERS.indexOf(tier) >= TIERS.indexOf(from);
