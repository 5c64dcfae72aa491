import { beforeAll, describe, expect, it } from 'vitest';
import * as aws from '../constructs/aws';
import type { Claims } from '../constructs/contract';
import { type World, weakeningOf, worldOf } from './support/weakenings';

const PROMISES = Object.entries(aws).flatMap(([name, value]) => {
  const { claims } = value as { claims?: Claims };
  return claims && name !== 'SecureStack' ? [{ name, controls: claims.claims.map(({ control }) => control) }] : [];
});

/**
 * A hardened construct is weakened from outside: by an escape hatch, by what is added later, or by whoever edits the
 * template. Each promise can be broken so, and then a rule of its control fails on what passed before.
 */
describe.each(PROMISES)('a promise of $name', ({ name, controls }) => {
  let world: World;
  beforeAll(() => {
    world = worldOf(name);
  });

  it.each(controls)('is broken by some change, and its rule names it: %s', (control) => {
    expect(weakeningOf(world, control)).toBeDefined();
  });
});
