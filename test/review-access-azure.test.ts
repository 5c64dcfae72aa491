import { describe, expect, it } from 'vitest';
import { compareSides, sideOf } from '../review/diff';
import { testsOf } from '../review/diff/access-azure/conditions';
import { azureVerbsOf } from '../review/diff/access-azure/operations';
import { ARM_WEAKER, account, BLOB_CONTRIBUTOR, BLOB_READER, container, identity } from './review/azure-access-arm';
import { PULUMI_WEAKER } from './review/azure-access-pulumi';
import { HARMLESS, NARROWER } from './review/azure-access-same';
import { accessBetween, arm, assignment, idOf, inWords, type Json, outputOf, pulumi, resource, state } from './support/azure-review';

const WEAKER = { ...ARM_WEAKER, ...PULUMI_WEAKER };

describe('what lets somebody in is said in these lines', () => {
  it.each(Object.entries(WEAKER))('%s', (_, { before, after, lines }) => {
    expect(inWords(accessBetween(before, after))).toEqual(lines);
  });
});

describe('the way back takes away what came', () => {
  it.each(Object.entries(WEAKER))('%s', (_, { before, after }) => {
    const there = accessBetween(before, after).filter(({ direction }) => direction !== 'undecided');
    const back = accessBetween(after, before);
    expect(back.filter(({ direction }) => direction === 'weaker')).toEqual([]);
    expect(back).toHaveLength(there.length);
  });
});

describe('a state compared with itself says nothing', () => {
  it.each(Object.entries(WEAKER))('%s', (_, { before, after }) => {
    expect([...accessBetween(before, before), ...accessBetween(after, after)]).toEqual([]);
  });
});

describe('what means the same says nothing, in either direction', () => {
  it.each(Object.entries(HARMLESS))('%s', (_, { before, after }) => {
    expect(inWords([...accessBetween(before, after), ...accessBetween(after, before)])).toEqual([]);
  });
});

describe('what only takes away gives nobody anything', () => {
  it.each(Object.entries(NARROWER))('%s', (_, { before, after }) => {
    const said = accessBetween(before, after);
    expect(said.filter(({ direction }) => direction === 'weaker' || direction === 'undecided').map(({ sentence }) => sentence)).toEqual([]);
    expect(said.length).toBeGreaterThan(0);
  });

  it('what a template no longer holds is not said to be taken away', () => {
    const { after, before } = NARROWER['a role that is gone'] as (typeof NARROWER)[string];
    const [only, ...more] = accessBetween(before, after);
    expect(more).toEqual([]);
    expect(only?.direction).toBe('neutral');
    expect(only?.sentence).toContain('is no longer in the template and stays, unmanaged: until somebody deletes it');
  });
});

describe('each line', () => {
  const lineOf = (name: string) => {
    const { after, before } = WEAKER[name] as (typeof WEAKER)[string];
    return accessBetween(before, after)[0];
  };

  it('weighs what crosses a boundary and what administers the most, and names who approves', () => {
    expect(lineOf('tokens of another company')).toMatchObject({ severity: 'critical', boundary: 'organisation', approver: 'security' });
    expect(lineOf('an owner of the subscription')).toMatchObject({ severity: 'critical', direction: 'weaker' });
    expect(lineOf('somebody whom a parameter names')).toMatchObject({ severity: 'low' });
    expect(lineOf('a role that is not known')).toMatchObject({ severity: 'medium', direction: 'undecided', approver: 'security' });
  });

  it('shows the chain from whoever becomes the identity to what it reaches', () => {
    expect(lineOf('tokens of another company')?.evidence[0]?.chain).toEqual([
      'tokens of https://token.actions.githubusercontent.com for repo:acme/app:ref:refs/heads/main',
      'the user assigned identity worker',
      'list and read the storage account cases',
    ]);
    const runs = resource(
      'Microsoft.Web/sites',
      'portal',
      {},
      {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'worker')]: {} },
        },
      },
    );
    const base = [account(), identity, runs];
    const [line] = accessBetween(arm(base), arm([...base, assignment('one', BLOB_READER)]));
    expect(line?.evidence[0]?.chain).toEqual([
      'the web app portal',
      'the user assigned identity worker',
      'Storage Blob Data Reader',
      'the storage account cases',
    ]);
    expect(line?.evidence[0]).toMatchObject({ side: 'after', location: { file: 'main.json' }, saw: 'Storage Blob Data Reader' });
  });

  it('is part of the whole review', () => {
    const occasion = { today: new Date('2026-11-22T00:00:00Z') };
    const side = (which: 'before' | 'after', ...resources: readonly Json[]) =>
      sideOf(which, [{ path: 't', graph: arm(resources), waivers: [] }], occasion);
    const before = side('before', account(), container(), identity, assignment('one', BLOB_READER));
    const after = side('after', account(), container(), identity, assignment('one', BLOB_CONTRIBUTOR));
    expect(compareSides(before, after, occasion).map(({ sentence }) => sentence)).toContain(
      'the user assigned identity worker can now write and delete the storage account cases (as Storage Blob Data Contributor)',
    );
  });
});

describe('an operation is to', () => {
  it.each([
    ['d microsoft.storage/storageaccounts/blobservices/containers/blobs/read', 'read'],
    ['d microsoft.keyvault/vaults/secrets/getsecret/action', 'read'],
    ['d microsoft.keyvault/vaults/secrets/readmetadata/action', 'list'],
    ['d microsoft.keyvault/vaults/keys/unwrap/action', 'decrypt'],
    ['d microsoft.keyvault/vaults/keys/backup/action', 'export'],
    ['c microsoft.storage/storageaccounts/listkeys/action', 'read, write, delete, administer'],
    ['c microsoft.authorization/roleassignments/write', 'administer'],
    ['c microsoft.authorization/somethingnew/write', 'administer'],
    ['c microsoft.new/things/read', 'list'],
    ['d microsoft.new/things/read', 'read'],
    ['c microsoft.new/things/listkeys/action', 'read, write, administer'],
    ['c microsoft.new/things/delete', 'delete'],
    ['c microsoft.new/things/start/action', 'write'],
  ])('%s: %s', (operation, verbs) => {
    expect(azureVerbsOf(operation).join(', ')).toBe(verbs);
  });
});

describe('a scope', () => {
  it('is found out also where two resources name each other', () => {
    const [PROFILE, RULES, ENDPOINT] = ['azure-native:cdn:Profile', 'azure-native:cdn:RuleSet', 'azure-native:cdn:AFDEndpoint'];
    const edge = (role: string) =>
      pulumi([
        state(PROFILE, 'edge', { resourceGroupName: 'cases', profileName: 'edge' }),
        state(RULES, 'rules', {
          resourceGroupName: 'cases',
          profileName: outputOf(PROFILE, 'edge'),
          endpointName: outputOf(ENDPOINT, 'site'),
        }),
        state(ENDPOINT, 'site', {
          resourceGroupName: 'cases',
          profileName: outputOf(PROFILE, 'edge'),
          ruleSetName: outputOf(RULES, 'rules'),
        }),
        state('azure-native:authorization:RoleAssignment', 'may', {
          scope: outputOf(ENDPOINT, 'site'),
          principalId: '22222222-2222-2222-2222-222222222222',
          roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${role}`,
        }),
      ]);
    const [reader, owner] = ['acdd72a7-3385-48ef-bd42-f606fba81ae7', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'];
    expect(inWords(accessBetween(edge(reader), edge(owner)))[0]).toMatch(/^weaker: .*22222222-2222-2222-2222-222222222222/);
  });
});

describe('a condition', () => {
  it('falls into the tests that must all hold, each with its alternatives', () => {
    expect(
      testsOf("((@A[x] StringEquals 'a AND b') OR (!(ActionMatches{'y'}))) AND (@B[z] StringEquals 'c')").map(({ any }) => any),
    ).toEqual([["!(actionmatches{'y'})", "@a[x] stringequals 'a and b'"], ["@b[z] stringequals 'c'"]]);
    expect(testsOf('  ')).toEqual([]);
  });
});

describe('a large estate', () => {
  /** Stores, identities and a role of each identity on some of the stores; the last of them write on the other side. */
  const side = (stores: number, principals: number, changed: number) => {
    const named = (index: number) => `s${index}`;
    return arm([
      ...Array.from({ length: stores }, (_, index) =>
        resource('Microsoft.Storage/storageAccounts', named(index), { allowSharedKeyAccess: false }),
      ),
      ...Array.from({ length: principals }, (_, index) => resource('Microsoft.ManagedIdentity/userAssignedIdentities', `p${index}`)),
      ...Array.from({ length: principals }, (_, index) =>
        assignment(`a${index}`, index < principals - changed ? BLOB_READER : BLOB_CONTRIBUTOR, {
          scope: idOf('Microsoft.Storage/storageAccounts', named(index % stores)),
          principalId: `[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'p${index}')).principalId]`,
        }),
      ),
    ]);
  };

  it('tells ten changes among four hundred stores and as many identities, and nothing else', () => {
    expect(accessBetween(side(400, 400, 0), side(400, 400, 10))).toHaveLength(10);
  });
});
