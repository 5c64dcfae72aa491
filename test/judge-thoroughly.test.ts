import { describe, expect, it } from 'vitest';
import {
  allOf,
  anyOf,
  every,
  fail,
  Graph,
  judge,
  type Outcome,
  PLAIN_SCOPE,
  pass,
  Resource,
  type Rule,
  type Unit,
  unknown,
} from '../policies';
import { judgeThoroughly } from '../policies/evaluate';

const UNIT: Unit = { id: 'app', cloud: 'aws', scope: PLAIN_SCOPE };
const bucket = new Resource({ id: 'app/Bucket', logicalId: 'Bucket', type: 'AWS::S3::Bucket', properties: {} }, UNIT);
const graph = new Graph({ resources: [bucket], units: [UNIT] });
const ruled = (check: () => Outcome): Rule => ({
  id: 'ENC-01.object-storage',
  control: 'ENC-01',
  family: 'object-storage',
  cloud: 'aws',
  on: ['AWS::S3::Bucket'],
  severity: 'high',
  from: 'low',
  check,
  fix: '',
  pass: [],
  fail: [],
});
const failures = (check: () => Outcome) => judgeThoroughly(ruled(check), bucket, graph, { tier: 'high' }).map(({ at, saw }) => [at, saw]);

describe('everything by which a rule is broken', () => {
  const check = () =>
    allOf(
      pass(),
      fail('a is off', 'A'),
      every(['x', 'y', 'z'], (one) => (one === 'y' ? pass() : fail(`${one} is off`, `List.${one}`))),
      fail('b is off', 'B'),
    );

  it('is told in the order in which the rule looks, and first what the verdict says', () => {
    expect(failures(check)).toEqual([
      ['A', 'a is off'],
      ['List.x', 'x is off'],
      ['List.z', 'z is off'],
      ['B', 'b is off'],
    ]);
    const verdict = judge(ruled(check), bucket, graph, { tier: 'high' });
    expect([verdict.verdict, verdict.at, verdict.saw, verdict.more]).toEqual(['fail', 'A', 'a is off', undefined]);
  });

  it('is one failure for forms of which one would do', () => {
    expect(failures(() => allOf(anyOf([allOf(fail('c is off', 'C'), fail('d is off', 'D'))]), fail('e is off', 'E')))).toEqual([
      ['C', 'c is off'],
      ['E', 'e is off'],
    ]);
  });

  it('is nothing where a rule is kept, or cannot be told', () => {
    expect(failures(() => allOf(pass(), pass()))).toEqual([]);
    expect(failures(() => allOf(pass(), unknown('parameter A')))).toEqual([]);
  });

  it('looks no further than the first failure where only a verdict is asked for', () => {
    const seen: string[] = [];
    const lazily = () =>
      every(['x', 'y'], (one) => {
        seen.push(one);
        return fail(one);
      });
    judge(ruled(lazily), bucket, graph, { tier: 'high' });
    expect(seen).toEqual(['x']);
    failures(lazily);
    expect(seen).toEqual(['x', 'x', 'y']);
    expect(() =>
      failures(() =>
        every(['x'], () => {
          throw new Error('broken');
        }),
      ),
    ).not.toThrow();
    seen.length = 0;
    judge(ruled(lazily), bucket, graph, { tier: 'high' });
    expect(seen).toEqual(['x']);
  });
});
