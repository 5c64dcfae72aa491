import { describe, expect, it } from 'vitest';
import { RULES } from '../policies/rules';
import { findingsOf } from './support/examples';

/** Judges every example inside every rule. Run one family with `npx vitest run test/rules.test.ts -t object-storage`. */
describe.each(RULES.map((rule) => ({ title: `${rule.cloud} ${rule.id} on ${rule.on.join(', ')}`, rule })))('$title', ({ rule }) => {
  it('has a passing and a failing example', () => {
    expect(rule.pass.length).toBeGreaterThan(0);
    expect(rule.fail.length).toBeGreaterThan(0);
  });

  it.each(rule.pass.map((example, index) => ({ name: example.name ?? `#${index + 1}`, example })))('passes: $name', ({ example }) => {
    const findings = findingsOf(rule, example);
    expect(findings.map(({ verdict, message }) => `${verdict} ${message}`.trim())).not.toHaveLength(0);
    expect(
      findings
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ resource, verdict, message }) => `${resource.logicalId}: ${verdict}: ${message}`),
    ).toEqual([]);
  });

  it.each(rule.fail.map((example, index) => ({ name: example.name ?? `#${index + 1}`, example })))('fails: $name', ({ example }) => {
    const [first, ...others] = findingsOf(rule, example);
    expect(`${first?.verdict}: ${first?.message}`).toMatch(/^fail: ./);
    expect(others.filter(({ verdict }) => verdict !== 'pass').map(({ resource }) => resource.logicalId)).toEqual([]);
  });

  it.each((rule.unknown ?? []).map((example, index) => ({ name: example.name ?? `#${index + 1}`, example })))(
    'cannot tell: $name',
    ({ example }) => {
      const [first, ...others] = findingsOf(rule, example);
      expect(`${first?.verdict}: ${first?.message}`).toMatch(/^unknown: ./);
      expect(others.filter(({ verdict }) => verdict === 'fail').map(({ resource }) => resource.logicalId)).toEqual([]);
    },
  );

  it.each((rule.skip ?? []).map((example, index) => ({ name: example.name ?? `#${index + 1}`, example })))(
    'does not apply: $name',
    ({ example }) => {
      expect(findingsOf(rule, example).map(({ verdict, message }) => `${verdict} ${message}`)).toEqual([]);
    },
  );
});
