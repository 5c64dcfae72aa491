import { beforeAll, describe, expect, it } from 'vitest';
import * as azure from '../constructs/azure';
import type { Claims } from '../constructs/contract';
import { gatherStatement } from './support/azure-gather';
import { subjectsOf, weakeningOf } from './support/azure-weakenings';
import { LEAST_BY_FAMILY } from './support/least-azure';

/** While one family is worked on: `FAMILY=database`. */
const FAMILIES = process.env.FAMILY?.split(',');
const CONCERNED = FAMILIES && new Set(FAMILIES.flatMap((family) => Object.keys(LEAST_BY_FAMILY[family] ?? {})));

const PROMISES = Object.values(azure).flatMap((exported) => {
  const { claims } = exported as { claims?: Claims };
  return claims?.claims.length && (!CONCERNED || CONCERNED.has(claims.construct))
    ? [{ name: claims.construct, controls: claims.claims.map(({ control }) => control) }]
    : [];
});

/** `Component CONTROL` to why no change of what the component makes can break it. */
const UNBREAKABLE: Readonly<Record<string, string>> = {
  'SecureApplicationGateway DID-02': 'the profile of this program declares the internet, so that every address is as declared',
};

let subjects: ReturnType<typeof subjectsOf>;
beforeAll(async () => {
  const only = FAMILIES ? `, ${JSON.stringify(FAMILIES)}` : '';
  subjects = subjectsOf(await gatherStatement(`load('test/support/azure-components.ts').everyComponent('high'${only});`));
});

function subjectOf(component: string) {
  const subject = subjects(component);
  if (!subject) throw new Error(`${component} is not in the program: give it least args in test/support/least-azure`);
  return subject;
}

/**
 * A hardened component is weakened from outside: by a transformation, by what is added later, or by whoever edits it in the
 * portal. Each promise can be broken so, and then a rule of its control fails on what passed before.
 */
describe.each(PROMISES)('a promise of $name', ({ name, controls }) => {
  it.each(controls)('is broken by some change, and its rule names it: %s', (control) => {
    const weakening = weakeningOf(subjectOf(name), control);
    if (`${name} ${control}` in UNBREAKABLE) expect(weakening, 'can be broken after all').toBeUndefined();
    else expect(weakening).toBeDefined();
  });
});

describe('what counts as broken', () => {
  it('is only what passed before, on what the component makes itself', () => {
    const { own, world } = subjectOf('SecureVirtualNetwork');
    expect(own.size).toBeGreaterThan(2);
    expect([...own].every((id) => id.includes('palisade:azure:SecureVirtualNetwork$'))).toBe(true);
    expect(world.resources.size).toBeGreaterThan(own.size);
  });

  it('is no promise that nothing shows', () => {
    expect(() => weakeningOf(subjectOf('SecureVirtualNetwork'), 'MON-11')).toThrow('nothing shows it');
  });

  it('is excepted only for components that claim it', () => {
    const claimed = PROMISES.flatMap(({ name, controls }) => controls.map((control) => `${name} ${control}`));
    if (!CONCERNED) expect(Object.keys(UNBREAKABLE).filter((pair) => !claimed.includes(pair))).toEqual([]);
  });
});
