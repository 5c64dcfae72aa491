import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, RULES } from '../policies';
import { type Block, blockOf, type PortRange } from '../policies/facts/network';
import { exposure } from '../review/diff/exposure';
import {
  ANYONE,
  beyond,
  both,
  comingFrom,
  fromOutside,
  isSure,
  isTheInternet,
  meet,
  NOBODY,
  OPEN,
  portsIn,
  reachOf,
  type Span,
  sourcesOf,
  spansOf,
  textOfBlock,
  union,
  unsureIn,
  whoIn,
  without,
} from '../review/diff/exposure/reach';
import { pair } from '../review/diff/pairing';
import type { Side } from '../review/diff/side';
import { azureGraphOf, graphOfExample } from './support/examples';

const block = (text: string): Block => blockOf(text) as Block;
/** Ranges of the network 10.0.0.0/24, so that they often overlap. */
const blocks = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
    .map(([a, b]) => block(`10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`)),
  { maxLength: 6 },
);
const ports = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([a, b]): PortRange => [Math.min(a, b), Math.max(a, b)]);
const spans = fc.array(
  fc.record({
    transport: fc.constantFrom('tcp', 'udp'),
    ports,
    from: blocks.filter((some) => some.length > 0).map((some) => ({ ...NOBODY, blocks: union(some) })),
  }),
  { maxLength: 5 },
);

describe('sets of addresses', () => {
  it('are the same in whatever order and pieces they are written', () => {
    fc.assert(
      fc.property(blocks, (some) => {
        expect(union([...some].reverse().flatMap((one) => [one, one]))).toEqual(union(some));
      }),
    );
  });
  it('are put together again from what is in and what is not in another', () => {
    fc.assert(
      fc.property(blocks, blocks, (some, others) => {
        const [left, shared] = [without(union(some), union(others)), meet(union(some), union(others))];
        expect(union([...left, ...shared])).toEqual(union(some));
        expect(meet(left, union(others))).toEqual([]);
      }),
    );
  });
  it('are the internet from the size of a /8 on, without what is not routed there', () => {
    expect(isTheInternet([block('0.0.0.0/1')])).toBe(true);
    expect(isTheInternet([block('10.0.0.0/8'), block('203.0.113.0/24')])).toBe(false);
  });
  it('are written in their usual form', () => {
    expect(['10.0.0.0/16', '10.0.0.7', '2001:db8::/32', '10.0.0.1-10.0.0.4'].map((text) => textOfBlock(block(text)))).toEqual([
      '10.0.0.0/16',
      '10.0.0.7',
      '2001:db8::/32',
      '10.0.0.1-10.0.0.4',
    ]);
  });
});

describe('a reach', () => {
  it('is the same in whatever order its spans are, and twice is once', () => {
    fc.assert(
      fc.property(spans, (some) => {
        expect(reachOf([...some, ...some].reverse())).toEqual(reachOf(some));
      }),
    );
  });
  it('lets in nobody beyond itself, and all of what is added is beyond what was', () => {
    fc.assert(
      fc.property(spans, spans, (some, more) => {
        const [was, is] = [reachOf(some), reachOf([...some, ...more])];
        expect(beyond(was, was)).toEqual([]);
        expect(beyond(was, is)).toEqual([]);
        expect(reachOf([...was, ...beyond(is, was)])).toEqual(is);
      }),
    );
  });
  it('has in common with everything what it is', () => {
    fc.assert(
      fc.property(spans, (some) => {
        expect(both(reachOf(some), OPEN)).toEqual(reachOf(some));
      }),
    );
  });
  it('is told in few words', () => {
    const tcp = (first: number, last = first): Span => ({ transport: 'tcp', ports: [first, last], from: ANYONE });
    expect([portsIn(OPEN), portsIn([tcp(443)]), portsIn([tcp(0, 65535)]), portsIn([1, 3, 5, 7].map((one) => tcp(one)))]).toEqual([
      'all traffic',
      'tcp 443',
      'all tcp ports',
      'tcp 1, 3, 5, …',
    ]);
    expect(whoIn([tcp(1)], (name) => name)).toBe('anyone');
  });
});

describe('a rule whose ports are not known', () => {
  const rule = (text: string) => {
    const peer = { kind: 'block' as const, text, block: block(text) };
    const traffic = { protocol: 'tcp', ranges: [[0, 65535] as const], missing: 'FromPort is the parameter Port' };
    return reachOf(spansOf({ at: '', peers: [peer], traffic }, sourcesOf(peer)));
  };
  it('is about whom it names, and nobody else', () => {
    const office = rule('203.0.113.0/24');
    expect([whoIn(office, (name) => name), isSure(office), unsureIn(office)]).toEqual([
      '203.0.113.0/24',
      false,
      'FromPort is the parameter Port',
    ]);
  });
  it('for a network inside is no matter of the internet', () => {
    expect([fromOutside(rule('10.0.1.0/24')), fromOutside(rule('203.0.113.0/24')).length]).toEqual([[], 1]);
    expect(comingFrom(rule('10.0.1.0/24'), [block('172.16.0.0/12')])).toEqual([]);
  });
  it('adds nothing where those are let in already, and passes only whom the others let pass', () => {
    const office = rule('203.0.113.0/24');
    expect(beyond(office, OPEN)).toEqual([]);
    expect(beyond(office, office)).toEqual([]);
    expect(beyond(rule('203.0.112.0/23'), office).length).toBe(1);
    const acl = [{ transport: 'tcp', ports: [443, 443] as const, from: { ...NOBODY, blocks: [block('203.0.113.0/25')] } }];
    expect([portsIn(both(office, acl)), whoIn(both(acl, office), (name) => name)]).toEqual(['tcp 443', '203.0.113.0/25']);
  });
});

/** Exposure asks no rule. */
const nothing = evaluate(azureGraphOf({}), { rules: [] });

describe('every example of the rules', () => {
  for (const cloud of ['aws', 'azure'] as const)
    it(`can be read, and compared with itself is nothing new, on ${cloud}`, () => {
      let compared = 0;
      for (const rule of RULES.filter((one) => one.cloud === cloud))
        for (const example of [...rule.pass.slice(0, 1), ...rule.fail.slice(0, 1), ...(rule.unknown ?? []).slice(0, 1)]) {
          const state = (which: Side['which']): Side => {
            const graph = graphOfExample(cloud, example);
            return { which, targets: [{ path: 't', graph, evaluation: nothing, strictest: nothing, waivers: [] }] };
          };
          const [before, after] = [state('before'), state('after')];
          expect(exposure(before, after, pair(before, after), { today: new Date(0) })).toEqual([]);
          compared += 1;
        }
      expect(compared).toBeGreaterThan(100);
    });
});
