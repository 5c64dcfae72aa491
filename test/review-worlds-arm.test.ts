import { describe, expect, it } from 'vitest';
import { gatherArmText } from '../policies/gather/arm';
import { compareSides, sideOf } from '../review/diff';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const store = (publicNetworkAccess: unknown, more: object = {}) => ({
  type: 'Microsoft.Storage/storageAccounts',
  apiVersion: '2023-05-01',
  name: 'caserecords',
  location: 'westeurope',
  kind: 'StorageV2',
  sku: { name: 'Standard_ZRS' },
  properties: { allowSharedKeyAccess: false, minimumTlsVersion: 'TLS1_2', publicNetworkAccess, ...more },
});
const PARAMETERS = {
  Public: { type: 'bool', defaultValue: false },
  level: { type: 'string', defaultValue: 'high', allowedValues: ['high', 'low'] },
  secret: { type: 'securestring', defaultValue: '' },
};
const BY_FLAG = "[if(parameters('public'), 'Enabled', 'Disabled')]";

const side = (
  which: 'before' | 'after',
  resources: readonly object[],
  given: Record<string, string | boolean> = {},
  parameters: object = PARAMETERS,
) => {
  const values = new Map(Object.entries(given).map(([name, value]) => [name, () => value]));
  const read = gatherArmText(
    JSON.stringify({ parameters, resources }),
    'cases.json',
    values.size > 0 ? { file: 'cases.parameters.json', values } : undefined,
  );
  return sideOf(which, [{ ...read, path: 'cases.json' }], occasion);
};
const asked = (before: ReturnType<typeof side>, after: ReturnType<typeof side>) =>
  compareSides(before, after, occasion)
    .filter(({ direction }) => direction === 'weaker' || direction === 'undecided')
    .map(({ sentence }) => sentence);

describe('deployments of a template of Azure', () => {
  it('differ by parameters, whatever the case of their names', () => {
    const lines = asked(side('before', [store('Disabled')]), side('after', [store(BY_FLAG)]));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/, when parameter Public is true$/);
  });

  it('do not differ by what a file of parameters gives', () => {
    expect(asked(side('before', [store('Disabled')]), side('after', [store(BY_FLAG)], { public: false }))).toEqual([]);
    expect(asked(side('before', [store('Disabled')]), side('after', [store(BY_FLAG)], { public: true }))[0]).not.toContain('when');
  });

  it('do not differ by what a template passes to a module', () => {
    const module = (passed: object) => ({
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'stores',
      properties: {
        expressionEvaluationOptions: { scope: 'inner' },
        mode: 'Incremental',
        parameters: passed,
        template: {
          parameters: { open: { type: 'bool', defaultValue: false } },
          resources: [store("[if(parameters('open'), 'Enabled', 'Disabled')]")],
        },
      },
    });
    expect(asked(side('before', [module({})]), side('after', [module({ open: { value: false } })]))).toEqual([]);
    const lines = asked(side('before', [module({})]), side('after', [module({ open: { value: "[parameters('public')]" } })]));
    expect(lines[0]).toMatch(/, when parameter Public is true$/);
  });

  it('are compared one value at a time where there are too many, and the rest is undecided', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const flags = Object.fromEntries(names.map((name) => [name, { type: 'bool', defaultValue: false }]));
    const any = `[if(or(${names.map((name) => `parameters('${name}')`).join(', ')}), 'Enabled', 'Disabled')]`;
    const lines = asked(side('before', [store('Disabled')], {}, flags), side('after', [store(any)], {}, flags));
    expect(lines.some((line) => /the internet now reaches .*, when parameter a is true, or parameter b is true/.test(line))).toBe(true);
    expect(lines.at(-1)).toContain('depends on more combinations of a, b, c, d, e than the 6 that were compared');
  });

  it('say nothing of a template whose changes hang on no parameter', () => {
    expect(asked(side('before', [store(BY_FLAG)]), side('after', [{ ...store(BY_FLAG), tags: { team: 'cases' } }]))).toEqual([]);
  });
});
