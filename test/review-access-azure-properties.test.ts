import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, container, customRole, identity, OWN_ROLE, vault } from './review/azure-access-arm';
import { accessBetween, arm, assignment, idOf, type Json, resource } from './support/azure-review';

const OPERATIONS = [
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
  'Microsoft.KeyVault/vaults/secrets/getSecret/action',
  'Microsoft.KeyVault/vaults/keys/decrypt/action',
];
const SCOPES: readonly (string | null)[] = [
  null,
  idOf('Microsoft.Storage/storageAccounts', 'cases'),
  idOf('Microsoft.KeyVault/vaults', 'keys'),
  idOf('Microsoft.Storage/storageAccounts/blobServices/containers', 'cases', 'default', 'files'),
];
const CONDITIONS = [
  undefined,
  "@Resource[a:name] StringEquals 'x'",
  "@Resource[a:name] StringEquals 'x' AND @Request[b:c] StringEquals 'y'",
];

/** One role of its own and where it is given. */
interface Right {
  readonly operations: readonly string[];
  readonly scope: string | null;
  readonly condition: string | undefined;
}
const right: fc.Arbitrary<Right> = fc.record({
  operations: fc.subarray(OPERATIONS, { minLength: 1 }),
  scope: fc.constantFrom(...SCOPES),
  condition: fc.constantFrom(...CONDITIONS),
});
const rights = fc.array(right, { minLength: 1, maxLength: 4 });
const RUNS = { numRuns: 20 };

/** Names differ from side to side: nothing may depend on them. */
function graphOf(all: readonly Right[], salt = 'a') {
  const roles = all.map(({ operations }, index) => ({ ...customRole({ dataActions: operations }), name: `${salt}${index}` }));
  const given: readonly Json[] = all.map(({ condition, scope }, index) =>
    assignment(`${salt}${index}`, OWN_ROLE.replace("'own'", `'${salt}${index}'`), {
      scope,
      ...(condition === undefined ? {} : { condition }),
    }),
  );
  return arm([account(), container(), vault(), identity, resource('Microsoft.Storage/storageAccounts', 'other'), ...roles, ...given]);
}
const said = (before: readonly Right[], after: readonly Right[], salt = 'a') => accessBetween(graphOf(before), graphOf(after, salt));
const weaker = (before: readonly Right[], after: readonly Right[]) => said(before, after).filter(({ direction }) => direction === 'weaker');

describe('whatever is assigned to whom', () => {
  it('a state means the same as itself, in any order, twice, and under other names', () => {
    fc.assert(
      fc.property(rights, (all) => {
        expect(said(all, all)).toEqual([]);
        expect(said(all, [...all].reverse(), 'b')).toEqual([]);
        expect(said(all, [...all, ...all], 'c')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('a role in as many roles as it has operations means the same', () => {
    fc.assert(
      fc.property(rights, (all) => {
        const split = all.flatMap((one) => one.operations.map((operation) => ({ ...one, operations: [operation] })));
        expect(said(all, split, 'b')).toEqual([]);
        expect(said(split, all, 'b')).toEqual([]);
      }),
      RUNS,
    );
  });

  it('taking away gives nobody anything, and giving back is told', () => {
    fc.assert(
      fc.property(rights, right, (all, more) => {
        expect(weaker([...all, more], all)).toEqual([]);
        expect(weaker(all, [...all, more])).toHaveLength(
          // What leaves a template stays where it was, and is told as that.
          said([...all, more], all).filter(({ direction }) => direction === 'stronger' || direction === 'neutral').length,
        );
      }),
      RUNS,
    );
  });

  it('an operation, a place or the loss of a condition is never missed', () => {
    const few: Right = { operations: [OPERATIONS[0] as string], scope: SCOPES[1] as string, condition: CONDITIONS[2] };
    fc.assert(
      fc.property(fc.constantFrom('operation', 'place', 'condition'), fc.constantFrom(1, 2, 3), (what, which) => {
        const wider: Right =
          what === 'operation'
            ? { ...few, operations: [...few.operations, OPERATIONS[which] as string] }
            : what === 'place'
              ? { ...few, scope: null, operations: few.operations }
              : { ...few, condition: CONDITIONS[which % 2] };
        expect(weaker([few], [wider]).length).toBeGreaterThan(0);
        expect(weaker([wider], [few])).toEqual([]);
      }),
      RUNS,
    );
  });
});
