import { beforeAll, describe, expect, it } from 'vitest';
import * as aws from '../constructs/aws';
import type { Claims } from '../constructs/contract';
import type { Subject } from './support/weakening-search';
import { deploy, weakeningOf } from './support/weakenings';

const PROMISES = Object.entries(aws).flatMap(([name, value]) => {
  const { claims } = value as { claims?: Claims };
  return claims && name !== 'SecureStack' ? [{ name, controls: claims.claims.map(({ control }) => control) }] : [];
});

/**
 * A hardened construct is weakened from outside: by an escape hatch, by what is added later, or by whoever edits the
 * template. Each promise can be broken so, and then a rule of its control fails on what passed before.
 */
describe.each(PROMISES)('a promise of $name', ({ name, controls }) => {
  let subject: Subject<ReturnType<typeof deploy>['world']>;
  beforeAll(() => {
    subject = deploy(name);
  });

  it.each(controls)('is broken by some change, and its rule names it: %s', (control) => {
    expect(weakeningOf(subject, control)).toBeDefined();
  });
});

describe('what counts as broken', () => {
  it('is only what passed before, on what the construct makes itself', () => {
    // The queue for alarms that nobody took stands beside the topic, and is no part of a queue that is weakened.
    const { own } = deploy('SecureQueue');
    expect([...own].some((id) => id.includes('Undelivered'))).toBe(false);
    expect(own.size).toBeGreaterThan(2);
  });

  it('is no promise that nothing shows', () => {
    expect(() => weakeningOf(deploy('SecureQueue'), 'MON-11')).toThrow('nothing shows it');
  });
});
