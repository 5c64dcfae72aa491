import { describe, expect, it } from 'vitest';
import { DataProfileDeclaration, declareProfile } from '../constructs/azure';
import { PROFILES } from './support/azure-components';
import { run } from './support/azure-program';

describe('declareProfile', () => {
  it('registers the profile where the gatherer finds it, and decides its tier', async () => {
    const { made, program } = await run(() => declareProfile('profile', { ...PROFILES.high, residency: ['westeurope'] }));
    expect(made).toMatchObject({ tier: 'high', profile: PROFILES.high });
    expect(made.why).toContain('exposure internet: 3 of 3');
    expect(program.one('palisade:index:DataProfile').inputs).toEqual({ ...PROFILES.high, residency: ['westeurope'] });
  });

  it('is a component too', async () => {
    const { made } = await run(() => new DataProfileDeclaration('profile', PROFILES.moderate));
    expect(made.profile.tier).toBe('moderate');
  });

  it.each([
    ['owner', /data profile of "wiki": owner is missing/],
    ['sensitivity', /sensitivity is missing; a system without a complete profile has no tier \(GOV-10\)/],
    ['privilege', /privilege is missing/],
  ])('refuses a profile without %s', async (input, message) => {
    await expect(run(() => declareProfile('profile', { ...PROFILES.low, [input]: undefined }))).rejects.toThrow(message);
  });

  it('refuses an input that is not of its scale', async () => {
    await expect(run(() => declareProfile('profile', { ...PROFILES.low, volume: 'lots' as never }))).rejects.toThrow(
      /volume is "lots"; write one of few, thousands, millions, massive/,
    );
  });
});
