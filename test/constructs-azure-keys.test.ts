import { describe, expect, it } from 'vitest';
import { SecureKeyVault, type SecureKeyVaultArgs, type Tier, type VaultKeyArgs } from '../constructs/azure';
import { surroundings, TENANT, TODAY } from './support/azure-components';
import { type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const built = (
  tier: Tier,
  args: Partial<SecureKeyVaultArgs> = {},
  use: (vault: SecureKeyVault) => void = () => {},
  options: RunOptions = {},
) =>
  run(
    () => {
      const { common, contacts, logs, network } = surroundings(tier);
      const within = tier === 'low' ? {} : { network };
      const vault = new SecureKeyVault('keys', { ...common, ...within, tenantId: TENANT, alerts: contacts.id, logs, ...args });
      use(vault);
      return vault;
    },
    { config: TODAY, ...options },
  );
const keyOf = async (tier: Tier, args: VaultKeyArgs = {}, vaultArgs: Partial<SecureKeyVaultArgs> = {}) =>
  (await built(tier, vaultArgs, (vault) => vault.key('reports', args))).program.named('keys-key-reports').inputs.properties;

describe('SecureKeyVault', () => {
  it('is private, role-based and cannot be purged, at every tier', async () => {
    for (const tier of ['low', 'moderate', 'high'] as const) {
      const { program } = await built(tier);
      expect(program.named('keys-vault').inputs.properties).toEqual({
        tenantId: TENANT,
        sku: { family: 'A', name: tier === 'high' ? 'premium' : 'standard' },
        enableRbacAuthorization: true,
        accessPolicies: [],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: 'disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [], virtualNetworkRules: [] },
      });
    }
  });

  it('is reached by a private endpoint from tier moderate', async () => {
    await expect(built('moderate', { network: undefined })).rejects.toThrow(
      /SecureKeyVault "keys": tier moderate needs `network` \(DID-05\)/,
    );
    const { program } = await built('moderate');
    expect(program.named('keys-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['vault']);
  });

  it('records every use, and alerts on deletion of the vault and destruction of its keys', async () => {
    const { program } = await built('low');
    expect(program.named('keys-diagnostics').inputs.logs).toContainEqual({ category: 'AuditEvent', enabled: true });
    const { inputs } = program.named('keys-deletion-alert');
    expect(inputs).toMatchObject({
      enabled: true,
      scopes: [expect.stringContaining('keys-vault')],
      actions: { actionGroups: [{ actionGroupId: expect.stringContaining('contacts') }] },
    });
    expect(JSON.stringify(inputs.condition)).toContain('Microsoft.KeyVault/vaults/delete');
    const { criteria } = program.named('keys-destruction-alert').inputs;
    expect(criteria.allOf[0].query).toMatch(/AZKVAuditLogs.*keys-vault.*"KeyDelete", "KeyPurge", "KeyUpdate"/);
  });

  it('gives administrators a role that cannot use a key, on this vault only', async () => {
    const { program } = await built('high', { administrators: [{ principalId: 'group-7', principalType: 'Group' }] });
    const role = program.one('authorization:RoleDefinition').inputs;
    expect(role.roleDefinitionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    const [permission] = role.permissions;
    expect(permission.dataActions).toContain('Microsoft.KeyVault/vaults/keys/rotate/action');
    expect(permission.dataActions.filter((action: string) => /crypt|wrap|sign|verify|purge|\*/.test(action))).toEqual([]);
    expect(program.named('keys-key-administrator-1').inputs).toMatchObject({
      principalId: 'group-7',
      scope: expect.stringContaining('keys-vault'),
    });
  });

  it('shows a preview all of its security properties, although no id is known yet', async () => {
    const { program } = await built('high', {}, () => {}, { preview: true });
    expect(program.named('keys-vault').inputs.properties).toMatchObject({ enablePurgeProtection: true, publicNetworkAccess: 'disabled' });
  });
});

describe('a key of a SecureKeyVault', () => {
  it('is RSA 3072, not exportable, and rotates within a year while its predecessor stays valid', async () => {
    expect(await keyOf('moderate')).toEqual({
      kty: 'RSA',
      keySize: 3072,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { enabled: true, exportable: false },
      rotationPolicy: {
        attributes: { expiryTime: 'P455D' },
        lifetimeActions: [
          { action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P365D' } },
          { action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P30D' } },
        ],
      },
    });
  });

  it('is held in hardware at tier high, or where asked for', async () => {
    expect((await keyOf('high')).kty).toBe('RSA-HSM');
    expect((await keyOf('low', {}, { hsm: true })).kty).toBe('RSA-HSM');
  });

  it('can sign on an approved curve', async () => {
    expect(await keyOf('low', { type: 'EC', curve: 'P-384' })).toMatchObject({ kty: 'EC', curveName: 'P-384', keyOps: ['sign', 'verify'] });
  });

  it.each([27, 366, 90.5])('does not rotate every %s days', async (rotateEveryDays) => {
    await expect(keyOf('low', { rotateEveryDays })).rejects.toThrow(/key "reports": rotateEveryDays is .*write 28 to 365/);
  });

  it('records the waiver of a key that does not rotate', async () => {
    const { program } = await built('low', {}, (vault) => vault.key('reports', { relax: [relaxationOf('ENC-03')] }));
    expect(program.named('keys-key-reports').inputs.properties.rotationPolicy).toBeUndefined();
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'ENC-03',
      resource: expect.stringMatching(/::keys-key-reports$/),
    });
  });
});

describe('relaxing a promise of a SecureKeyVault', () => {
  it('says where rotation is relaxed, and why purge protection is not', async () => {
    await expect(built('low', { relax: [relaxationOf('ENC-03')] })).rejects.toThrow(
      /it is promised for each key; relax it at vault\.key\(\)/,
    );
    await expect(built('low', { relax: [relaxationOf('ENC-05')] })).rejects.toThrow(/purge protection costs nothing/);
  });

  it('leaves out the lock where the environment comes and goes', async () => {
    expect((await built('low')).program.named('keys-vault-lock').inputs).toMatchObject({ level: 'CanNotDelete' });
    const { program } = await built('low', { relax: [relaxationOf('DHC-10')] });
    expect(program.all.filter(({ name }) => name === 'keys-vault-lock')).toEqual([]);
    expect(program.one('palisade:index:Waiver').inputs.resource).toMatch(/::keys-vault$/);
  });
});
