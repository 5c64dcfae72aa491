import { describe, expect, it } from 'vitest';
import { SecureSqlServer, type SecureSqlServerArgs, type SqlDatabaseArgs, type Tier } from '../constructs/azure';
import { TENANT, TODAY } from './support/azure-components';
import { ADMINISTRATORS, LOGS, resident, within } from './support/azure-databases';
import { run } from './support/azure-program';
import { CASE_CATALOGUE } from './support/case-catalogue';
import { relaxationOf } from './support/relaxation';

const catalogue = CASE_CATALOGUE;

const built = (tier: Tier, args: Partial<SecureSqlServerArgs> = {}, database: SqlDatabaseArgs = { catalogue }) =>
  run(
    () => {
      const standby = tier === 'high' ? { standbyLocation: 'northeurope' } : {};
      const server = new SecureSqlServer('cases', { ...within(tier), ...standby, administrators: ADMINISTRATORS, ...args });
      server.database('cases', database);
      return server;
    },
    { config: TODAY },
  );
const inputsOf = async (name: string, ...rest: Parameters<typeof built>) => (await built(...rest)).program.named(name).inputs;

describe('SecureSqlServer', () => {
  it('writes every security property, also where it equals the default of the service', async () => {
    expect(await inputsOf('cases-server', 'moderate')).toMatchObject({
      version: '12.0',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        principalType: 'Group',
        login: 'database-administrators',
        sid: ADMINISTRATORS.objectId,
        tenantId: TENANT,
      },
      isIPv6Enabled: 'Disabled',
      minimalTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      restrictOutboundNetworkAccess: 'Enabled',
    });
  });

  it('has no login with a password at any tier', async () => {
    for (const tier of ['low', 'moderate', 'high'] as const) {
      const server = await inputsOf('cases-server', tier);
      expect(server).not.toHaveProperty('administratorLogin');
      expect(server).not.toHaveProperty('administratorLoginPassword');
    }
  });

  it('is encrypted by the key of the customer, whose versions it follows', async () => {
    const { program } = await built('moderate');
    expect(program.named('cases-server').inputs.identity).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: [expect.stringContaining('cases-server-identity')],
    });
    expect(program.named('cases-server-protector').inputs).toMatchObject({
      encryptionProtectorName: 'current',
      serverKeyType: 'AzureKeyVault',
      autoRotationEnabled: true,
    });
    expect(program.named('cases-server-identity-key-use').inputs.scope).toContain('/keys/cases');
  });

  it('names its protector after vault, key and version', async () => {
    expect((await inputsOf('cases-server-protector', 'moderate')).serverKeyName).toBe('keys_cases_0123456789abcdef0123456789abcdef');
  });

  it('records who signs in at every tier, and every statement from tier moderate', async () => {
    const low = await inputsOf('cases-server-audit', 'low', { logs: LOGS });
    expect(low.auditActionsAndGroups).toContain('FAILED_DATABASE_AUTHENTICATION_GROUP');
    expect(low.auditActionsAndGroups).not.toContain('BATCH_COMPLETED_GROUP');
    const { program } = await built('moderate');
    expect(program.named('cases-server-audit').inputs).toMatchObject({
      state: 'Enabled',
      isAzureMonitorTargetEnabled: true,
      isDevopsAuditEnabled: true,
      auditActionsAndGroups: expect.arrayContaining(['BATCH_COMPLETED_GROUP', 'DATABASE_PERMISSION_CHANGE_GROUP']),
    });
    expect(program.named('cases-server-diagnostics').inputs).toMatchObject({
      resourceUri: expect.stringMatching(/cases-server\/databases\/master$/),
      logs: [
        { category: 'SQLSecurityAuditEvents', enabled: true },
        { category: 'DevOpsOperationsAudit', enabled: true },
      ],
    });
  });

  it('is watched for threats and assessed, at every tier', async () => {
    const { program } = await built('low');
    expect(program.named('cases-server-threats').inputs).toMatchObject({ state: 'Enabled', disabledAlerts: [] });
    expect(program.named('cases-server-assessment').inputs).toMatchObject({ state: 'Enabled', vulnerabilityAssessmentName: 'default' });
  });

  it('tells the people who answer when it is deleted, opened, exported or no longer audited', async () => {
    const { condition, scopes } = await inputsOf('cases-weakening-alert', 'high');
    const operations = condition.allOf[1].anyOf.map(({ equals }: { equals: string }) => equals);
    for (const operation of [
      'delete',
      'databases/export/action',
      'auditingSettings/write',
      'firewallRules/write',
      'azureADOnlyAuthentications/delete',
    ])
      expect(operations).toContain(`Microsoft.Sql/servers/${operation}`);
    expect(scopes).toHaveLength(2);
  });

  it('has a twin in another location at tier high that takes over its databases', async () => {
    const { program } = await built('high');
    expect(program.named('cases-standby').inputs).toMatchObject({ location: 'northeurope', publicNetworkAccess: 'Disabled' });
    expect(program.named('cases-standby-protector').inputs.autoRotationEnabled).toBe(true);
    expect(program.named('cases-standby-audit').inputs.state).toBe('Enabled');
    expect(program.named('cases-cases-failover').inputs).toMatchObject({
      databases: [expect.stringContaining('cases-cases-database')],
      partnerServers: [{ id: expect.stringContaining('cases-standby') }],
      readWriteEndpoint: { failoverPolicy: 'Manual' },
    });
    expect(program.of('network:PrivateEndpoint').filter(({ name }) => name.startsWith('cases-'))).toHaveLength(2);
  });

  it('calls only the hosts that are listed', async () => {
    const { program } = await built('moderate', { outboundHosts: ['import.blob.core.windows.net'] });
    expect(program.named('cases-server-outbound-1').inputs.outboundRuleFqdn).toBe('import.blob.core.windows.net');
  });
});

describe('a database of a SecureSqlServer', () => {
  it('is encrypted, spans zones, and can be brought back to any moment of 35 days', async () => {
    const { program } = await built('moderate');
    expect(program.named('cases-cases-database').inputs).toMatchObject({
      sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', capacity: 2 },
      zoneRedundant: true,
      requestedBackupStorageRedundancy: 'GeoZone',
      readScale: 'Disabled',
      isLedgerOn: false,
    });
    expect(program.named('cases-cases-encryption').inputs.state).toBe('Enabled');
    expect(program.named('cases-cases-recovery').inputs).toMatchObject({ retentionDays: 35, diffBackupIntervalInHours: 12 });
  });

  it('has long-term copies and a ledger at tier high', async () => {
    const { program } = await built('high');
    expect(program.named('cases-cases-copies').inputs).toMatchObject({
      weeklyRetention: 'P12W',
      monthlyRetention: 'P12M',
      yearlyRetention: 'PT0S',
    });
    expect(program.named('cases-cases-database').inputs.isLedgerOn).toBe(true);
    expect((await built('moderate')).program.of('sql:LongTermRetentionPolicy')).toHaveLength(0);
  });

  it('labels each column of the catalogue, and masks for everybody', async () => {
    const { program } = await built('moderate');
    expect(program.named('cases-cases-label-Case-phone').inputs).toMatchObject({
      schemaName: 'dbo',
      tableName: 'Case',
      columnName: 'phone',
      labelName: 'Confidential',
      informationType: 'Contact Info',
      rank: 'High',
    });
    expect(program.of('sql:SensitivityLabel')).toHaveLength(10);
    expect(program.named('cases-cases-masking').inputs).toMatchObject({ dataMaskingState: 'Enabled', exemptPrincipals: '' });
  });

  it('keeps its backups where the profile promises to stay', async () => {
    const at = (residency: string[], args: Partial<SecureSqlServerArgs> = {}) =>
      inputsOf('cases-cases-database', 'moderate', { profile: resident('moderate', residency), ...args });
    expect((await at(['westeurope'])).requestedBackupStorageRedundancy).toBe('Zone');
    expect((await at(['westeurope', 'northeurope'], { pairedLocation: 'North Europe' })).requestedBackupStorageRedundancy).toBe('GeoZone');
    await expect(at(['westeurope', 'northeurope'])).rejects.toThrow('pairedLocation is missing');
    await expect(at(['westeurope', 'germanywestcentral'], { pairedLocation: 'northeurope' })).rejects.toThrow('(LOC-02)');
  });

  it('copies Hyperscale databases without an interval, which the service refuses', async () => {
    const recovery = await inputsOf(
      'cases-cases-recovery',
      'moderate',
      {},
      { catalogue, sku: { name: 'HS_Gen5', tier: 'Hyperscale', capacity: 2 } },
    );
    expect(recovery).not.toHaveProperty('diffBackupIntervalInHours');
  });
});

describe('the arguments of a SecureSqlServer', () => {
  it.each([
    ['key', 'ENC-02'],
    ['logs', 'LOG-04'],
    ['network', 'DID-05'],
    ['alerts', 'MON-04'],
  ] as const)('are refused in one line without %s from tier moderate', async (argument, control) => {
    await expect(built('moderate', { [argument]: undefined })).rejects.toThrow(
      new RegExp(`^SecureSqlServer "cases": tier moderate needs \`${argument}\` \\(${control}\\); [^\\n]+$`),
    );
  });

  it.each([
    ['no second location at tier high', 'high', { standbyLocation: undefined }, {}, 'needs `standbyLocation` (LOC-05)'],
    ['its own location as the second', 'high', { standbyLocation: 'West Europe' }, {}, 'where the server itself is'],
    ['no administrators', 'low', { administrators: undefined }, {}, 'administrators is missing'],
    ['no catalogue from tier moderate', 'moderate', {}, { catalogue: undefined }, 'needs `database("cases").catalogue` (DHC-04)'],
    ['a size with few copies', 'low', {}, { sku: { name: 'Basic', tier: 'Basic' } }, 'sku.tier is "Basic"'],
    ['a duration that is none', 'low', {}, { longTermCopies: { weekly: '12 weeks' } }, 'longTermCopies.weekly is "12 weeks"'],
    ['copies that keep nothing', 'low', {}, { longTermCopies: { weekly: 'PT0S', monthly: 'PT0S' } }, 'longTermCopies keeps nothing'],
    ['no ledger at tier high', 'high', {}, { catalogue, ledger: false }, 'ledger: false breaks LOG-05'],
  ] as const)('are refused with %s', async (_, tier, args, database, message) => {
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    await expect(built(tier, args as any, { catalogue, ...(database as any) })).rejects.toThrow(message);
  });

  it('are refused with a key of which only the name is known', async () => {
    const key = { keyId: '/k', keyName: 'k', vaultUri: 'https://v.vault.azure.net' };
    await expect(built('moderate', { key })).rejects.toThrow('key has no versionedKeyUri');
  });
});

describe('relaxing a SecureSqlServer', () => {
  it('leaves out what the control asks for, and records the waiver on each resource', async () => {
    const relax = ['BCR-03', 'BCR-06', 'DHC-04', 'DHC-10', 'LOC-05', 'LOG-05'].map(relaxationOf);
    const { program } = await built('high', { relax, standbyLocation: undefined }, {});
    expect(program.named('cases-cases-database').inputs).toMatchObject({
      zoneRedundant: false,
      isLedgerOn: false,
      requestedBackupStorageRedundancy: 'Local',
    });
    expect(program.of('sql:SensitivityLabel')).toHaveLength(0);
    expect(program.of('authorization:ManagementLockByScope').filter(({ name }) => name.startsWith('cases-'))).toHaveLength(0);
    expect(
      program
        .of('palisade:index:Waiver')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        ...['bcr-03', 'bcr-06', 'dhc-04', 'dhc-10', 'log-05'].map((control) => `cases-cases-waiver-${control}`),
        ...['dhc-10', 'loc-05'].map((control) => `cases-waiver-${control}`),
      ].sort(),
    );
  });

  it.each(['ENC-02', 'LPA-14', 'LOG-06', 'DID-05'])('is refused for %s', async (control) => {
    await expect(built('high', { relax: [relaxationOf(control)] })).rejects.toThrow(`${control} cannot be relaxed on SecureSqlServer`);
  });
});
