import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  SecureMySqlServer,
  type SecureMySqlServerArgs,
  SecurePostgresServer,
  type SecurePostgresServerArgs,
  type Tier,
} from '../constructs/azure';
import { TENANT, TODAY } from './support/azure-components';
import { ADMINISTRATORS, BACKUP_KEY, resident, within } from './support/azure-databases';
import { type Program, run } from './support/azure-program';
import { CASE_CATALOGUE } from './support/case-catalogue';
import { relaxationOf } from './support/relaxation';

const PASSWORD = 'only-azure-asks-for-it';
const backup = (tier: Tier) => (tier === 'low' ? {} : { backupKey: BACKUP_KEY });

const postgres = (tier: Tier, args: Partial<SecurePostgresServerArgs> = {}) =>
  run(
    () => {
      const server = new SecurePostgresServer('reports', { ...within(tier), ...backup(tier), administrators: ADMINISTRATORS, ...args });
      server.database('reports');
      return server;
    },
    { config: TODAY },
  );
const mysql = (tier: Tier, args: Partial<SecureMySqlServerArgs> = {}) =>
  run(
    () =>
      new SecureMySqlServer('portal', {
        ...within(tier),
        ...backup(tier),
        administrators: ADMINISTRATORS,
        firstPassword: PASSWORD,
        ...args,
      }),
    { config: TODAY },
  );

/** Every parameter that the program sets, by name. */
const parametersOf = (program: Program, type: string): Record<string, string> =>
  Object.fromEntries(program.of(`${type}:Configuration`).map(({ inputs }) => [inputs.configurationName, inputs.value]));

describe('SecurePostgresServer', () => {
  it('takes identities of the directory only, over a private network', async () => {
    const { program } = await postgres('moderate');
    expect(program.named('reports-server').inputs).toMatchObject({
      version: '17',
      authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: TENANT },
      network: { publicNetworkAccess: 'Disabled' },
    });
    expect(program.named('reports-server').inputs).not.toHaveProperty('administratorLoginPassword');
    expect(program.named('reports-administrator').inputs).toMatchObject({
      objectId: ADMINISTRATORS.objectId,
      principalName: 'database-administrators',
      principalType: 'Group',
    });
    expect(program.named('reports-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['postgresqlServer']);
  });

  it('is encrypted by keys without versions, its copies by a key of their own', async () => {
    const { program } = await postgres('moderate');
    const { dataEncryption, identity } = program.named('reports-server').inputs;
    expect(dataEncryption).toEqual({
      type: 'AzureKeyVault',
      primaryKeyURI: 'https://keys.vault.azure.net/keys/cases',
      primaryUserAssignedIdentityId: expect.stringContaining('reports-identity'),
      geoBackupKeyURI: 'https://keys.vault.azure.net/keys/cases-backups',
      geoBackupUserAssignedIdentityId: expect.stringContaining('reports-backup-identity'),
    });
    expect(Object.keys(identity.userAssignedIdentities)).toHaveLength(2);
    expect(program.named('reports-backup-identity-key-use').inputs.scope).toBe(BACKUP_KEY.keyId);
  });

  it('survives the loss of a zone, and keeps backups for 35 days in the paired location', async () => {
    const { backup: copies, highAvailability, sku } = (await postgres('moderate')).program.named('reports-server').inputs;
    expect(copies).toEqual({ backupRetentionDays: 35, geoRedundantBackup: 'Enabled' });
    expect(highAvailability).toMatchObject({ mode: 'ZoneRedundant' });
    expect(sku.tier).toBe('GeneralPurpose');
  });

  it('keeps backups at home where the profile promises one place, and then needs no key for them', async () => {
    const { program } = await postgres('moderate', { profile: resident('moderate', ['westeurope']), backupKey: undefined });
    expect(program.named('reports-server').inputs.backup.geoRedundantBackup).toBe('Disabled');
    expect(program.named('reports-server').inputs.dataEncryption).not.toHaveProperty('geoBackupKeyURI');
  });

  it('forces TLS and records sessions at every tier, statements without their values from tier moderate', async () => {
    const sessions = {
      require_secure_transport: 'ON',
      ssl_min_protocol_version: 'TLSv1.2',
      log_connections: 'ON',
      log_disconnections: 'ON',
      log_checkpoints: 'ON',
      'connection_throttle.enable': 'ON',
    };
    expect(parametersOf((await postgres('low')).program, 'dbforpostgresql')).toEqual(sessions);
    expect(parametersOf((await postgres('moderate')).program, 'dbforpostgresql')).toEqual({
      ...sessions,
      'azure.extensions': 'PGAUDIT',
      shared_preload_libraries: 'pgaudit,pg_stat_statements',
      'pgaudit.log': 'READ,WRITE,DDL,ROLE',
      'pgaudit.log_parameter': 'OFF',
    });
  });

  it('joins lists of libraries, and takes other parameters as they are', async () => {
    const { program } = await postgres('moderate', { parameters: { shared_preload_libraries: 'pg_cron, pgaudit', work_mem: '65536' } });
    expect(parametersOf(program, 'dbforpostgresql')).toMatchObject({
      shared_preload_libraries: 'pgaudit,pg_stat_statements,pg_cron',
      work_mem: '65536',
    });
  });

  it('writes the scripts of column rights', async () => {
    const { made } = await postgres('low');
    const groups = { agent: { name: 'a' }, supportEngineer: { name: 'b' }, supervisor: { name: 'c' } };
    const { rights, roles } = made.columnGrants(CASE_CATALOGUE, { groups });
    expect(roles).toContain("pgaadauth_create_principal('a', false, false)");
    expect(rights).toContain('GRANT UPDATE ("status") ON "public_by_role"."Case" TO "a";');
  });

  it.each([
    ['clear text', 'low', { parameters: { require_secure_transport: 'off' } }, 'sets require_secure_transport to "off"; it has to be "ON"'],
    ['statements that are not recorded', 'moderate', { parameters: { 'pgaudit.log': 'none' } }, 'sets pgaudit.log to "none"'],
    ['no key for its copies', 'moderate', { backupKey: undefined }, 'needs `backupKey` (BCR-03)'],
    ['a size without zones', 'moderate', { sku: { name: 'Standard_B1ms', tier: 'Burstable' } }, 'cannot span zones (BCR-06)'],
    ['no administrators', 'low', { administrators: undefined }, 'administrators is missing'],
  ] as const)('refuses %s in one line', async (_, tier, args, message) => {
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    const refused = await postgres(tier, args as any).catch((error: Error) => error.message);
    expect(refused).toContain(`SecurePostgresServer "reports": `);
    expect(refused).toContain(message);
    expect(refused).not.toContain('\n');
  });

  it('records what is relaxed', async () => {
    const relax = ['BCR-03', 'BCR-06', 'DHC-10'].map(relaxationOf);
    const { program } = await postgres('high', { relax, backupKey: undefined });
    expect(program.named('reports-server').inputs).toMatchObject({
      backup: { geoRedundantBackup: 'Disabled' },
      highAvailability: { mode: 'Disabled' },
    });
    expect(program.of('palisade:index:Waiver').map(({ inputs }) => inputs.rule)).toEqual(['BCR-03', 'BCR-06', 'DHC-10']);
    expect(program.of('authorization:ManagementLockByScope')).toHaveLength(0);
  });
});

describe('SecureMySqlServer', () => {
  it('takes identities of the directory only, once its administrator is known', async () => {
    const { program } = await mysql('moderate');
    expect(parametersOf(program, 'dbformysql').aad_auth_only).toBe('ON');
    expect(program.named('portal-administrator').inputs).toMatchObject({
      administratorName: 'ActiveDirectory',
      administratorType: 'ActiveDirectory',
      identityResourceId: expect.stringContaining('portal-identity'),
      sid: ADMINISTRATORS.objectId,
    });
  });

  it('keeps the password that Azure asks for a secret', async () => {
    let seen: unknown;
    await run(
      () => {
        const server = new SecureMySqlServer(
          'portal',
          { ...within('low'), administrators: ADMINISTRATORS, firstPassword: PASSWORD },
          {
            transformations: [
              ({ props, type }) => {
                if (type === 'azure-native:dbformysql:Server') seen = props.administratorLoginPassword;
                return undefined;
              },
            ],
          },
        );
        return server;
      },
      { config: TODAY },
    );
    expect(pulumi.Output.isInstance(seen)).toBe(true);
    expect(await pulumi.isSecret(seen as pulumi.Output<string>)).toBe(true);
  });

  it('forces TLS and records sign-ins and changes at every tier, every statement from tier moderate', async () => {
    const low = parametersOf((await mysql('low')).program, 'dbformysql');
    expect(low).toEqual({
      audit_log_enabled: 'ON',
      audit_log_events: 'CONNECTION,DCL,DDL',
      require_secure_transport: 'ON',
      tls_version: 'TLSv1.2,TLSv1.3',
      aad_auth_only: 'ON',
    });
    expect(parametersOf((await mysql('moderate')).program, 'dbformysql').audit_log_events).toBe('CONNECTION,DCL,DDL,DML');
  });

  it('is encrypted by versions of keys, which the service asks for', async () => {
    const { dataEncryption, network, version } = (await mysql('high')).program.named('portal-server').inputs;
    expect(dataEncryption).toMatchObject({
      type: 'AzureKeyVault',
      primaryKeyURI: expect.stringMatching(/\/keys\/cases\/[0-9a-f]{32}$/),
      geoBackupKeyURI: expect.stringMatching(/\/keys\/cases-backups\/[0-9a-f]{32}$/),
    });
    expect([network, version]).toEqual([{ publicNetworkAccess: 'Disabled' }, '8.4']);
  });

  it.each([
    ['no first password', { firstPassword: undefined }, 'firstPassword is missing'],
    ['sign-in by password', { parameters: { aad_auth_only: 'OFF' } }, 'sets aad_auth_only to "OFF"'],
    ['an old protocol', { parameters: { tls_version: 'TLSv1.1,TLSv1.2' } }, 'sets tls_version to "TLSv1.1,TLSv1.2"'],
  ] as const)('refuses %s in one line', async (_, args, message) => {
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    const refused = await mysql('moderate', args as any).catch((error: Error) => error.message);
    expect(refused).toContain(message);
    expect(refused).not.toContain('\n');
    expect(refused).not.toContain(PASSWORD);
  });
});
