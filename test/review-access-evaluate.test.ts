import { describe, expect, it } from 'vitest';
import { evaluate } from '../review/diff/access/evaluate';
import { type Case, USER } from './review/case';
import { CONDITION_CASES } from './review/condition-cases';
import { LOGIC_CASES } from './review/logic-cases';
import { PRINCIPAL_CASES } from './review/principal-cases';

function decide({ caller = USER, action = 's3:GetObject', resource = '*', resourceAccount, context = {}, partial, policies }: Case) {
  return evaluate({ caller, action, resource, resourceAccount, context: { values: context, complete: !partial } }, policies);
}

describe.each([
  ['conditions', CONDITION_CASES],
  ['principals', PRINCIPAL_CASES],
  ['evaluation logic', LOGIC_CASES],
] as const)('%s', (_, cases) => {
  it.each(cases.map((row) => [row.says, row] as const))('%s', (_says, row) => {
    const decision = decide(row);
    expect(decision.verdict, JSON.stringify(decision)).toBe(row.verdict);
    if (row.layer !== undefined) expect(decision.layer).toBe(row.layer);
    if (row.explicit !== undefined) expect(decision.explicit).toBe(row.explicit);
    if (row.missing !== undefined) expect(decision.missing).toContain(row.missing);
    expect(decision.missing.length > 0).toBe(row.verdict === 'unknown');
  });
});

describe('the table', () => {
  const all = [...CONDITION_CASES, ...PRINCIPAL_CASES, ...LOGIC_CASES];

  it('holds at least two hundred cases, each with a sentence of its own', () => {
    expect(all.length).toBeGreaterThanOrEqual(200);
    expect(new Set(all.map(({ says }) => says)).size).toBe(all.length);
  });

  it('names the statement that decides', () => {
    const granted = LOGIC_CASES.find(({ says }) => says === 'an identity policy allows');
    expect(granted && decide(granted).by).toEqual(['Policy, statement 1']);
  });
});
