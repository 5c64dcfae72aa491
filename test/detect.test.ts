import { describe, expect, it } from 'vitest';
import type { Expectation } from '../bench/detect/corpus';
import type { Found, Judged } from '../bench/detect/judge';
import { ENTRIES, meaningOf } from '../bench/detect/map';
import { saysAnything, score, tally } from '../bench/detect/score';
import { isControlId } from '../controls';

const expectation = (change: Partial<Expectation> = {}): Expectation => ({
  corpus: 'cfn_nag',
  rule_id: 'F19 KMSKeyRotationRule',
  rule_title: 'keys rotate',
  category: 'encryption_at_rest',
  resource_types: ['AWS::KMS::Key'],
  expected: 'fail',
  expected_resources: ['Key'],
  granularity: 'file',
  format: 'cfn-yaml',
  file: 'key.yaml',
  ...change,
});
const found = (change: Partial<Found> = {}): Found => ({
  rule: 'ENC-03.keys',
  control: 'ENC-03',
  resource: 'Key',
  verdict: 'fail',
  message: 'does not rotate',
  ...change,
});
const judged = (...list: Found[]): Judged => ({ found: list });
const scoreOf = (change: Partial<Expectation>, said: Judged) => score(expectation(change), said).score;

describe('what is measured on labelled templates', () => {
  it('is found only by a control that means the same', () => {
    expect(scoreOf({}, judged(found()))).toBe('found');
    expect(scoreOf({}, judged(found({ control: 'ENC-04' })))).toBe('missed');
    expect(scoreOf({}, judged(found({ resource: 'Other' })))).toBe('elsewhere');
    expect(scoreOf({ expected_resources: [] }, judged(found({ resource: 'Other' })))).toBe('found');
  });

  it('does not count as found what nobody can tell, nor as clean what was refused', () => {
    expect(scoreOf({}, judged(found({ verdict: 'unknown' })))).toBe('cannot tell');
    expect(scoreOf({}, { refused: 'is no template' })).toBe('refused');
    expect(scoreOf({ expected: 'pass' }, { refused: 'is no template' })).toBe('refused');
  });

  it('is a false alarm anywhere in the file, or on the named resources where only those are meant', () => {
    const pass: Partial<Expectation> = { expected: 'pass' };
    expect(scoreOf(pass, judged())).toBe('quiet');
    expect(scoreOf(pass, judged(found({ verdict: 'unknown' })))).toBe('quiet');
    expect(scoreOf({ ...pass, expected_resources: [] }, judged(found({ resource: 'Other' })))).toBe('false alarm');
    expect(scoreOf({ ...pass, granularity: 'resource' }, judged(found({ resource: 'Other' })))).toBe('quiet');
  });

  it('tells what nobody has mapped from what is not ours to keep', () => {
    expect(scoreOf({ rule_id: 'X1' }, judged())).toBe('unmapped');
    expect(scoreOf({ rule_id: 'F24' }, judged())).toBe('out of scope');
  });

  it('counts what is in scope and was read', () => {
    const scored = [
      score(expectation(), judged(found())),
      score(expectation(), judged()),
      score(expectation({ expected: 'pass' }), judged(found())),
      score(expectation({ rule_id: 'F24' }), judged()),
    ];
    expect(tally(scored)).toEqual({ expected: 2, found: 1, cannotTell: 0, quiet: 0, alarms: 1 });
  });

  it('asks both judges the same generous question', () => {
    const said = judged(found({ control: 'GOV-10', resource: 'Key' }));
    expect(saysAnything(expectation(), said)).toBe(true);
    expect(saysAnything(expectation({ expected_resources: ['Other'] }), said)).toBe(false);
    expect(saysAnything(expectation(), { refused: 'is no template' })).toBe(false);
  });
});

describe('the map from the rules of others to our controls', () => {
  it('decides each rule once, in scope by controls that exist or out of scope with a reason', () => {
    const ids = ENTRIES.flatMap(({ corpus, entry }) => entry.rules.split(' ').map((rule) => `${corpus} ${rule}`));
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const { entry } of ENTRIES) {
      if ('outOfScope' in entry) expect(entry.outOfScope.length).toBeGreaterThan(10);
      else for (const control of entry.controls) expect(isControlId(control)).toBe(true);
    }
    expect(meaningOf('cfn_nag', 'F19 KMSKeyRotationRule')).toEqual({ rules: 'F19', controls: ['ENC-03'] });
  });
});
