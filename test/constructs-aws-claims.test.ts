import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as aws from '../constructs/aws';
import type { Claims } from '../constructs/contract';
import { isControlId, TIERS } from '../controls';
import { LEAST, plainStack, stackOf } from './support/aws-constructs';
import { LEAST_BY_FAMILY } from './support/least';

const claiming = Object.entries(aws).flatMap(([name, value]) => {
  const { claims } = value as { claims?: Claims };
  return claims ? [{ name, claims }] : [];
});

describe('the public surface', () => {
  it('knows the least props of every construct that makes claims', () => {
    expect(Object.keys(LEAST).sort()).toEqual(claiming.map(({ name }) => name).sort());
  });

  it.each(claiming)('claims under its own name, each control once: $name', ({ name, claims }) => {
    const controls = claims.claims.map(({ control }) => control);
    expect(claims.construct).toBe(name);
    expect(controls.length).toBeGreaterThan(0);
    expect(new Set(controls).size).toBe(controls.length);
    for (const control of controls) expect(isControlId(control)).toBe(true);
  });

  describe.each(Object.entries(LEAST_BY_FAMILY).filter(([, least]) => Object.keys(least).length > 0))('of %s', (_, least) => {
    it.each(TIERS)('synthesise with the least props at tier %s, side by side', (tier) => {
      const stack = stackOf(tier);
      for (const [name, make] of Object.entries(least)) make(stack, name);
      const template = Template.fromStack(stack);
      expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(450);
      expect(stack.dependencies).toEqual([]);
    });
  });

  it.each(Object.entries(LEAST).filter(([name]) => name !== 'SecureStack'))('needs a data profile: %s', (_, make) => {
    expect(() => make(plainStack(), 'X')).toThrow(/Plain: no data profile is declared/);
  });
});
