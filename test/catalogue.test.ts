import { describe, expect, it } from 'vitest';
import { CONTROL_IDS, CONTROLS } from '../controls';
import { coverageOf } from '../policies/coverage';
import { FAMILIES } from '../policies/rule';
import { RULE_FAMILIES, RULES } from '../policies/rules';
import { CLAIMS } from '../review/claims.generated';

const CLOUDS = ['aws', 'azure'] as const;

describe('the catalogue', () => {
  it.each(CLOUDS)('has a rule or a stated reason for every control on %s', (cloud) => {
    const silent = CONTROL_IDS.filter((id) => {
      const { rules, gaps } = coverageOf(id, cloud);
      return rules.length === 0 && gaps.length === 0;
    });
    expect(silent).toEqual([]);
  });

  it('gives each rule an id of its control and family, one severity per cloud and words to mend by', () => {
    const wrong = RULES.filter(
      (rule) =>
        rule.id !== `${rule.control}.${rule.family}` ||
        !FAMILIES.includes(rule.family) ||
        rule.fix.trim().length < 20 ||
        !/[.)]$/.test(rule.fix.trim()),
    );
    expect(wrong.map(({ cloud, id, fix }) => `${cloud} ${id}: ${fix}`)).toEqual([]);
  });

  it('starts no rule below the first tier of its control', () => {
    const order = ['low', 'moderate', 'high'];
    expect(RULES.filter((rule) => order.indexOf(rule.from) < order.indexOf(CONTROLS[rule.control].from)).map(({ id }) => id)).toEqual([]);
  });

  it('states a gap only where the family has no rule for the control on that cloud', () => {
    const both = RULE_FAMILIES.flatMap(({ family, rules, gaps }) =>
      gaps
        .filter((gap) => rules.some((rule) => rule.control === gap.control && rule.cloud === gap.cloud))
        .map((gap) => `${family} ${gap.control} ${gap.cloud}`),
    );
    expect(both).toEqual([]);
  });

  it('has a rule for every control that a construct claims, on the same cloud', () => {
    const unproven = CLAIMS.flatMap(({ cloud, construct, controls }) =>
      controls
        .filter(({ control }) => coverageOf(control, cloud).rules.length === 0)
        .map(({ control }) => `${cloud} ${construct} claims ${control}`),
    );
    expect(unproven).toEqual([]);
  });
});
