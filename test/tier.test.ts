import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DataProfile,
  decideTier,
  EXPOSURES,
  PRIVILEGES,
  reaches,
  SENSITIVITIES,
  THRESHOLDS,
  TIERS,
  type Tier,
  VOLUMES,
} from '../controls';

const SCALES = { sensitivity: SENSITIVITIES, volume: VOLUMES, exposure: EXPOSURES, privilege: PRIVILEGES } as const;
const INPUTS = Object.keys(SCALES) as (keyof typeof SCALES)[];
const rank = (tier: Tier) => TIERS.indexOf(tier);

const profiles: fc.Arbitrary<DataProfile> = fc.record({
  system: fc.string(),
  owner: fc.string(),
  sensitivity: fc.constantFrom(...SENSITIVITIES),
  volume: fc.constantFrom(...VOLUMES),
  exposure: fc.constantFrom(...EXPOSURES),
  privilege: fc.constantFrom(...PRIVILEGES),
});

const least: DataProfile = {
  system: 'case-management',
  owner: 'support-data@example.com',
  sensitivity: 'public',
  volume: 'few',
  exposure: 'isolated',
  privilege: 'read',
};

describe('the tier of a system', () => {
  it('never falls when an input rises', () => {
    fc.assert(
      fc.property(profiles, fc.constantFrom(...INPUTS), fc.nat({ max: 3 }), (profile, input, position) => {
        const scale: readonly string[] = SCALES[input];
        const raised = Math.max(position, scale.indexOf(profile[input]));
        const before = decideTier(profile);
        const after = decideTier({ ...profile, [input]: scale[raised] });
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier));
        expect(after.score).toBeGreaterThanOrEqual(before.score);
      }),
    );
  });

  it('depends on nothing but the four inputs', () => {
    fc.assert(
      fc.property(profiles, fc.string(), fc.array(fc.string()), (profile, text, residency) => {
        expect(decideTier({ ...profile, system: text, owner: text, residency })).toEqual(decideTier(profile));
      }),
    );
  });

  it('explains itself: every input with its value, the sum, and the tier in the last line', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const { tier, score, why } = decideTier(profile);
        for (const input of INPUTS) expect(why.some((line) => line.startsWith(`${input} ${profile[input]}: `))).toBe(true);
        expect(why.some((line) => line.includes(`sum ${score} of 12`))).toBe(true);
        expect(why.at(-1)).toContain(tier);
      }),
    );
  });

  it('scores the points that it lists', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const { score, why } = decideTier(profile);
        const points = why.map((line) => Number(/: (\d) of 3$/.exec(line)?.[1] ?? 0));
        expect(points.reduce((sum, each) => sum + each, 0)).toBe(score);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('is never below what the sum alone demands, and equals it for data that is not restricted', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const { tier, score } = decideTier(profile);
        const bySum = score >= THRESHOLDS.high ? 'high' : score >= THRESHOLDS.moderate ? 'moderate' : 'low';
        if (profile.sensitivity === 'restricted') expect(rank(tier)).toBeGreaterThanOrEqual(rank(bySum));
        else expect(tier).toBe(bySum);
      }),
    );
  });

  it('changes exactly at the thresholds', () => {
    expect(decideTier(least)).toMatchObject({ score: 0, tier: 'low' });
    expect(decideTier({ ...least, exposure: 'internet' })).toMatchObject({ score: 3, tier: 'low' });
    expect(decideTier({ ...least, exposure: 'internet', privilege: 'alter' })).toMatchObject({ score: 4, tier: 'moderate' });
    const wide: DataProfile = { ...least, sensitivity: 'confidential', volume: 'thousands', exposure: 'internet' };
    expect(decideTier({ ...wide, privilege: 'alter' })).toMatchObject({ score: 7, tier: 'moderate' });
    expect(decideTier({ ...wide, privilege: 'administer' })).toMatchObject({ score: 8, tier: 'high' });
  });

  it('is at least moderate for restricted data, however small and isolated', () => {
    const { tier, score, why } = decideTier({ ...least, sensitivity: 'restricted' });
    expect({ tier, score }).toEqual({ tier: 'moderate', score: 3 });
    expect(why.at(-1)).toBe('restricted data: at least moderate');
  });

  it.each([
    ['partner', 'high'],
    ['internet', 'high'],
    ['organisation', 'moderate'],
    ['isolated', 'moderate'],
  ] as const)('of restricted data in reach of "%s" is %s', (exposure, tier) => {
    expect(decideTier({ ...least, sensitivity: 'restricted', exposure }).tier).toBe(tier);
  });

  it('is high for restricted data in massive volume', () => {
    const { tier, why } = decideTier({ ...least, sensitivity: 'restricted', volume: 'massive' });
    expect(tier).toBe('high');
    expect(why.at(-1)).toBe('restricted data in massive volume: at least high');
  });

  it('of an ordinary support system on the internet is high', () => {
    expect(
      decideTier({ ...least, sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter' }),
    ).toMatchObject({ score: 8, tier: 'high' });
  });
});

describe('a profile that cannot be judged', () => {
  it.each(INPUTS)('names the system, the input %s and the values to write', (input) => {
    const attempt = () => decideTier({ ...least, [input]: 'secret' });
    expect(attempt).toThrow(RangeError);
    expect(attempt).toThrow(
      `data profile of "case-management": ${input} is "secret"; write one of ${(SCALES[input] as readonly string[]).join(', ')}`,
    );
  });

  it.each(INPUTS)('says that %s is missing', (input) => {
    const { [input]: _left, ...rest } = least;
    expect(() => decideTier(rest as DataProfile)).toThrow(new RegExp(`: ${input} is missing; write one of `));
  });

  it('refuses every text that is not on the scale, in whatever case', () => {
    fc.assert(
      fc.property(fc.constantFrom(...INPUTS), fc.string(), (input, text) => {
        fc.pre(!(SCALES[input] as readonly string[]).includes(text));
        expect(() => decideTier({ ...least, [input]: text })).toThrow(RangeError);
      }),
    );
    expect(() => decideTier({ ...least, sensitivity: 'Public' as 'public' })).toThrow(RangeError);
  });
});

describe('an obligation', () => {
  it('reaches its own tier and every higher one', () => {
    const reached = TIERS.map((from) => TIERS.filter((tier) => reaches(tier, from)));
    expect(reached).toEqual([['low', 'moderate', 'high'], ['moderate', 'high'], ['high']]);
  });
});
