import { describe, expect, it } from 'vitest';
import { AZURE_ROLES } from '../policies/facts/azure-role-data.generated';
import { type BuiltInRole, builtInRole, builtInRoleIds, type Permissions } from '../policies/facts/azure-role-table';
import { ROLES } from '../policies/facts/azure-roles';
import { covers } from '../review/diff/access/text';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LISTS = ['actions', 'notActions', 'dataActions', 'notDataActions'] as const;
const all = builtInRoleIds().map((id) => [id, builtInRole(id) as BuiltInRole] as const);
const named = (name: string): BuiltInRole => {
  const found = all.find(([, role]) => role.name === name);
  if (!found) throw new Error(`no role is called ${name}`);
  return found[1];
};

const matches = (patterns: readonly string[] = [], action: string): boolean =>
  patterns.some((pattern) => covers(pattern.toLowerCase(), action.toLowerCase()));
const may = (role: BuiltInRole, action: string, plane: 'actions' | 'dataActions' = 'actions'): boolean =>
  (role.permissions ?? []).some(
    (set: Permissions) => matches(set[plane], action) && !matches(plane === 'actions' ? set.notActions : set.notDataActions, action),
  );

describe('the table of built-in roles', () => {
  it('has every role once, by an id and a name', () => {
    expect(all.length).toBeGreaterThan(250);
    expect(all.filter(([, { permissions }]) => permissions !== undefined).length).toBeGreaterThan(200);
    for (const [id, { name }] of all) {
      expect(id).toMatch(ID);
      expect(name.trim(), id).not.toBe('');
    }
    expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
    expect(new Set(all.map(([, { name }]) => name.toLowerCase())).size).toBe(all.length);
  });

  it('holds operations of Azure only, each once in its list', () => {
    for (const [, { name, permissions = [] }] of all)
      for (const set of permissions) {
        expect(LISTS.flatMap((list) => set[list] ?? []).length, name).toBeGreaterThan(0);
        for (const list of LISTS) {
          const actions = set[list] ?? [];
          expect(new Set(actions).size, `${name}: ${list}`).toBe(actions.length);
          for (const action of actions) expect(action, name).toMatch(/^(\*(\/read)?|microsoft\.[a-z]+\/[\w.*/-]+)$/i);
        }
      }
  });

  it('takes out of a role what the role gives, or something wider than it', () => {
    const roots = (patterns: readonly string[] = []): readonly string[] =>
      patterns.map((pattern) => pattern.toLowerCase().split('/')[0] as string);
    for (const [, { name, permissions = [] }] of all)
      for (const { actions, dataActions, notActions, notDataActions } of permissions) {
        for (const root of roots(notActions)) expect(['*', ...roots(actions)], name).toContain(actions?.includes('*') ? '*' : root);
        for (const root of roots(notDataActions)) expect(roots(dataActions), name).toContain(root);
      }
  });

  it('knows who holds keys and who reads data', () => {
    const keys = 'Microsoft.Storage/storageAccounts/listKeys/action';
    const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
    expect(may(named('Reader'), keys)).toBe(false);
    expect(may(named('Reader'), 'Microsoft.Storage/storageAccounts/read')).toBe(true);
    expect(may(named('Contributor'), keys)).toBe(true);
    expect(may(named('Contributor'), 'Microsoft.Authorization/roleAssignments/write')).toBe(false);
    expect(may(named('Owner'), 'Microsoft.Authorization/roleAssignments/write')).toBe(true);
    expect(may(named('Owner'), blobs, 'dataActions')).toBe(false);
    expect(may(named('Storage Blob Data Reader'), blobs, 'dataActions')).toBe(true);
    expect(may(named('Storage Blob Data Reader'), blobs.replace(/read$/, 'write'), 'dataActions')).toBe(false);
    expect(may(named('Virtual Machine Contributor'), keys)).toBe(true);
    expect(may(named('Logic App Contributor'), keys)).toBe(true);
    expect(may(named('Backup Reader'), keys)).toBe(false);
    expect(may(named('Key Vault Administrator'), 'Microsoft.KeyVault/vaults/secrets/getSecret/action', 'dataActions')).toBe(true);
    expect(may(named('Key Vault Contributor'), 'Microsoft.KeyVault/vaults/secrets/getSecret/action', 'dataActions')).toBe(false);
    expect(
      may(named('Azure Kubernetes Service RBAC Reader'), 'Microsoft.ContainerService/managedClusters/secrets/read', 'dataActions'),
    ).toBe(false);
    expect(
      may(named('Azure Kubernetes Service RBAC Writer'), 'Microsoft.ContainerService/managedClusters/secrets/read', 'dataActions'),
    ).toBe(true);
    expect(may(named('SQL DB Contributor'), 'Microsoft.Sql/servers/databases/auditingSettings/write')).toBe(false);
    expect(may(named('Cognitive Services User'), 'Microsoft.CognitiveServices/accounts/listKeys/action')).toBe(true);
  });

  it('keeps the condition by which a role gives away no more than some roles', () => {
    const [permissions] = named('Key Vault Data Access Administrator').permissions ?? [];
    expect(permissions?.condition).toContain('4633458b-17de-408a-b874-0445c86b69e6');
    expect(permissions?.actions).toContain('Microsoft.Authorization/roleAssignments/write');
  });

  it('names a role whose permissions it does not hold, and nothing of what it does not know', () => {
    expect(builtInRole('1E7CA9B1-60D1-4DB8-A914-F2CA1FF27C40')).toEqual({
      name: 'Defender for Storage Data Scanner',
      permissions: undefined,
    });
    expect(builtInRole('00000000-0000-0000-0000-000000000001')).toBeUndefined();
  });

  it('holds every role that the rules call by name', () => {
    for (const id of Object.values(ROLES)) expect(builtInRole(id)?.permissions).toBeDefined();
  });
});

describe('the table is renewed from what Azure lists', () => {
  const { renewed } = require('../scripts/generate-azure-roles.js') as { renewed(content: string, files: Record<string, string>): string };
  const ID_OF_ONE = '00000000-0000-0000-0000-00000000000a';
  const table = `export const AZURE_ROLES = \`${AZURE_ROLES}\`;`;
  const lines = (content: string) => content.split('\n').filter((line) => ID.test(line.split('\t')[0] as string));

  it('and stays the same when nothing is new', () => {
    expect(lines(renewed(table, {}))).toEqual(AZURE_ROLES.trim().split('\n'));
  });

  it('by the words of the command line and of PowerShell alike', () => {
    const actions = ['Microsoft.Storage/storageAccounts/read', '*/read'];
    const one = { name: ID_OF_ONE, roleName: 'One', roleType: 'BuiltInRole', permissions: [{ actions, notActions: [], dataActions: [] }] };
    const other = { Id: ID_OF_ONE, Name: 'One', IsCustom: false, Actions: actions, NotActions: [], Condition: null };
    const written = `${ID_OF_ONE}\tOne\ta */read ~Storage/storageAccounts/read`;
    expect(lines(renewed('', { 'roles.json': JSON.stringify([one]) }))).toEqual([written]);
    expect(lines(renewed('', { 'roles.json': JSON.stringify([other]) }))).toEqual([written]);
  });

  it('without the custom roles of whoever asked, and with what is newer', () => {
    const role = (more: object) => JSON.stringify([{ name: ID_OF_ONE, roleName: 'One', permissions: [{ dataActions: ['*'] }], ...more }]);
    expect(lines(renewed('', { 'roles.json': role({ roleType: 'CustomRole' }) }))).toEqual([]);
    expect(lines(renewed(`${ID_OF_ONE}\tOld\ta *`, { 'roles.json': role({}) }))).toEqual([`${ID_OF_ONE}\tOne\td *`]);
  });

  it('and a file that holds something else is refused in one line', () => {
    expect(() => renewed('', { 'roles.json': '{}' })).toThrow('roles.json: holds no list of roles; save the output of');
    expect(() => renewed('', { 'roles.json': '[{}]' })).toThrow('roles.json: a role has no id or no name: {}');
  });
});
