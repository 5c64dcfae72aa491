import { describe, expect, it } from 'vitest';
import {
  BackupGuard,
  SecureBackupVault,
  type SecureBackupVaultArgs,
  SecureRecoveryVault,
  type SecureRecoveryVaultArgs,
  type Tier,
} from '../constructs/azure';
import { reaches } from '../constructs/contract';
import { surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';
import { weakened } from './support/azure-weakened';
import { relaxationOf } from './support/relaxation';

const OPTIONS = { config: TODAY };
const GUARD = '/subscriptions/security/resourceGroups/guards/providers/Microsoft.DataProtection/resourceGuards/team';
const MACHINE = '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/virtualMachines/desk-1';
const ACCOUNT = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/scans';

const dueAt = (tier: Tier) => {
  const { common, contacts, logs, network, vault } = surroundings(tier);
  const due = { ...(reaches(tier, 'moderate') ? { key: vault.key('backups'), logs } : {}), ...(tier === 'high' ? { guardId: GUARD } : {}) };
  return { args: { ...common, alerts: contacts.id, ...due }, network };
};
const recovery = (tier: Tier, args: Partial<SecureRecoveryVaultArgs> = {}) =>
  run(() => new SecureRecoveryVault('backups', { ...dueAt(tier).args, ...args }), OPTIONS);
const backup = (tier: Tier, args: Partial<SecureBackupVaultArgs> = {}) =>
  run(() => new SecureBackupVault('copies', { ...dueAt(tier).args, ...args }), OPTIONS);

describe('a SecureRecoveryVault', () => {
  it('is immutable and locked, never forgets at once, copies far away, and lets no network in', async () => {
    const { program } = await recovery('high');
    const { properties, sku } = program.named('backups-vault').inputs;
    expect(sku).toEqual({ name: 'RS0', tier: 'Standard' });
    expect(properties).toMatchObject({
      publicNetworkAccess: 'Disabled',
      redundancySettings: { standardTierStorageRedundancy: 'GeoRedundant', crossRegionRestore: 'Enabled' },
      securitySettings: {
        immutabilitySettings: { state: 'Locked' },
        softDeleteSettings: { softDeleteState: 'AlwaysON', softDeleteRetentionPeriodInDays: 14, enhancedSecurityState: 'AlwaysON' },
      },
      restoreSettings: { crossSubscriptionRestoreSettings: { crossSubscriptionRestoreState: 'Disabled' } },
      encryption: { infrastructureEncryption: 'Enabled', kekIdentity: { useSystemAssignedIdentity: false } },
    });
    expect(properties.encryption.keyVaultProperties.keyUri).toMatch(/^https:\/\/[^/]+\.vault\.azure\.net\/keys\/backups$/);
    expect(program.named('backups-guard').inputs).toMatchObject({
      resourceGuardProxyName: 'VaultProxy',
      properties: { resourceGuardResourceId: GUARD },
    });
    expect(program.named('backups-vault-lock').inputs.level).toBe('CanNotDelete');
  });

  it('sends what it alerts of, what loosens it, and each restore to the action group', async () => {
    const { program } = await recovery('low');
    expect(program.named('backups-failures').inputs.properties.actions).toEqual([
      { actionType: 'AddActionGroups', actionGroupIds: [expect.stringContaining('contacts-group')] },
    ]);
    expect(JSON.stringify(program.named('backups-tampering-alert').inputs.condition)).toContain('backupResourceGuardProxies/delete');
    expect(JSON.stringify(program.named('backups-restore-alert').inputs.condition)).toContain('recoveryPoints/restore/action');
  });

  it('names machines, shares and databases as the service does, with one policy for each kind', async () => {
    const { program } = await run(() => {
      const { args, network } = dueAt('moderate');
      const { key: _, ...keyless } = args;
      const vault = new SecureRecoveryVault('backups', { ...keyless, network, relax: [relaxationOf('ENC-10')] });
      vault.protectMachine('desk', MACHINE);
      vault.protectMachine('desk-2', MACHINE.replace('desk-1', 'desk-2'));
      vault.protectShare('scans', ACCOUNT, 'inbox');
      vault.protectShare('scans-out', ACCOUNT, 'outbox');
      vault.protectSql('crm', { machineId: MACHINE, database: 'crm' });
    }, OPTIONS);
    expect(program.named('backups-desk').inputs).toMatchObject({
      fabricName: 'Azure',
      containerName: 'IaasVMContainer;iaasvmcontainerv2;desk;desk-1',
      protectedItemName: 'VM;iaasvmcontainerv2;desk;desk-1',
      properties: { protectedItemType: 'Microsoft.Compute/virtualMachines', sourceResourceId: MACHINE },
    });
    expect(program.named('backups-scans').inputs).toMatchObject({
      containerName: 'StorageContainer;Storage;data;scans',
      protectedItemName: 'AzureFileShare;inbox',
    });
    expect(program.named('backups-crm').inputs.protectedItemName).toBe('SQLDataBase;MSSQLSERVER;crm');
    const policies = program.of('recoveryservices:ProtectionPolicy').map(({ name }) => name);
    expect(policies.sort()).toEqual(['backups-machines-policy', 'backups-shares-policy', 'backups-sql-policy']);
    expect(program.of('recoveryservices:ProtectionContainer')).toHaveLength(2);
    expect(program.named('backups-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['AzureBackup']);
    expect(program.named('network-zone-privatelink-we-backup-windowsazure-com').inputs.privateZoneName).toBe(
      'privatelink.we.backup.windowsazure.com',
    );
  });

  it('keeps daily backups for 35 days and monthly ones for 13 months', async () => {
    const { program } = await run(
      () => new SecureRecoveryVault('backups', dueAt('moderate').args).protectMachine('desk', MACHINE),
      OPTIONS,
    );
    const { retentionPolicy } = program.named('backups-machines-policy').inputs.properties;
    expect(retentionPolicy.dailySchedule.retentionDuration).toEqual({ count: 35, durationType: 'Days' });
    expect(retentionPolicy.monthlySchedule.retentionDuration).toEqual({ count: 13, durationType: 'Months' });
  });

  it('refuses what the tier or the service refuses, in one line', async () => {
    await expect(recovery('moderate', { key: undefined })).rejects.toThrow(/tier moderate needs `key` \(ENC-10\)/);
    await expect(recovery('high', { guardId: undefined })).rejects.toThrow(/tier high needs `guardId` \(BCR-05\).*or relax BCR-05/);
    await expect(recovery('moderate', { dailyForDays: 14 })).rejects.toThrow(/dailyForDays is 14; write a whole number from 35 to 3650/);
    await expect(recovery('moderate', { redundancy: 'ZoneRedundant' })).rejects.toThrow(/backups in one region breaks BCR-03/);
    await expect(
      run(() => {
        const { args, network } = dueAt('moderate');
        return new SecureRecoveryVault('backups', { ...args, network });
      }),
    ).rejects.toThrow(/Azure takes either `network` or `key`/);
  });

  it('is deployed unlocked the first time, under a waiver', async () => {
    const { program } = await recovery('high', { relax: [relaxationOf('BCR-02')] });
    expect(program.named('backups-vault').inputs.properties.securitySettings.immutabilitySettings.state).toBe('Unlocked');
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'BCR-02',
      resource: expect.stringMatching(/::backups-vault$/),
    });
  });
});

describe('a SecureBackupVault', () => {
  it('is immutable and locked, encrypted with its own key, and reads sources with its own identity', async () => {
    const { program } = await backup('high');
    expect(program.named('copies-vault').inputs).toMatchObject({
      identity: { type: 'SystemAssigned,UserAssigned' },
      properties: {
        storageSettings: [{ datastoreType: 'VaultStore', type: 'GeoRedundant' }],
        featureSettings: { crossRegionRestoreSettings: { state: 'Enabled' }, crossSubscriptionRestoreSettings: { state: 'Disabled' } },
        securitySettings: {
          immutabilitySettings: { state: 'Locked' },
          softDeleteSettings: { state: 'AlwaysOn', retentionDurationInDays: 14 },
          encryptionSettings: { state: 'Enabled', infrastructureEncryption: 'Enabled', kekIdentity: { identityType: 'UserAssigned' } },
        },
      },
    });
    expect(program.named('copies-guard').inputs.resourceGuardProxyName).toBe('DppResourceGuardProxy');
  });

  it('takes each kind of source in the way that the service has for it, with rights on that source alone', async () => {
    const disk = '/subscriptions/s/resourceGroups/desk/providers/Microsoft.Compute/disks/data';
    const cluster = '/subscriptions/s/resourceGroups/aks/providers/Microsoft.ContainerService/managedClusters/cases';
    const { program } = await run(() => {
      const vault = new SecureBackupVault('copies', dueAt('moderate').args);
      vault.protectBlobs('files', ACCOUNT, ['inbox']);
      vault.protectDisk('disk', disk, '/subscriptions/s/resourceGroups/snapshots');
      vault.protectCluster('cluster', {
        clusterId: cluster,
        snapshotGroupId: '/subscriptions/s/resourceGroups/snapshots',
        namespaces: ['cases'],
      });
    }, OPTIONS);
    expect(program.named('copies-files').inputs.properties).toMatchObject({
      dataSourceInfo: { datasourceType: 'Microsoft.Storage/storageAccounts/blobServices', resourceID: ACCOUNT, resourceName: 'scans' },
      policyInfo: { policyParameters: { backupDatasourceParametersList: [{ containersList: ['inbox'] }] } },
    });
    expect(program.named('copies-files-right').inputs.scope).toBe(ACCOUNT);
    expect(program.named('copies-disk').inputs.properties.policyInfo.policyParameters.dataStoreParametersList[0]).toMatchObject({
      dataStoreType: 'OperationalStore',
      resourceGroupId: '/subscriptions/s/resourceGroups/snapshots',
    });
    expect(program.named('copies-cluster-access').inputs).toMatchObject({ resourceGroupName: 'aks', resourceName: 'cases' });
    const rules = program.named('copies-blobs-policy').inputs.properties.policyRules;
    expect(rules.map(({ name }: { name: string }) => name)).toEqual(['BackupDaily', 'Monthly', 'Default']);
    expect(rules[2].lifecycles[0].deleteAfter.duration).toBe('P35D');
  });

  it('refuses a backup of no container', async () => {
    await expect(run(() => new SecureBackupVault('copies', dueAt('low').args).protectBlobs('files', ACCOUNT, []))).rejects.toThrow(
      /containers of "files" is empty/,
    );
  });
});

describe('a BackupGuard', () => {
  it('exempts no operation, cannot be deleted, and tells who opens it', async () => {
    const { program } = await run(() => {
      const { common, contacts } = surroundings('moderate');
      return new BackupGuard('guard', { ...common, alerts: contacts.id });
    });
    expect(program.named('guard-guard').inputs.properties).toEqual({ vaultCriticalOperationExclusionList: [] });
    expect(program.named('guard-guard-lock').inputs.level).toBe('CanNotDelete');
    expect(program.named('guard-opening-alert').inputs.scopes).toEqual(['/subscriptions/s']);
  });
});

describe('weakening a vault from outside', () => {
  it('is named by the rule of each promise', async () => {
    const failed = await weakened('backup', {
      'recoveryservices:Vault': {
        'properties.securitySettings.immutabilitySettings.state': 'Unlocked',
        'properties.securitySettings.softDeleteSettings.softDeleteState': 'Disabled',
        'properties.publicNetworkAccess': 'Enabled',
        'properties.redundancySettings.standardTierStorageRedundancy': 'LocallyRedundant',
        'properties.monitoringSettings.azureMonitorAlertSettings.alertsForAllJobFailures': 'Disabled',
        'properties.encryption': undefined,
      },
      'dataprotection:BackupVault': {
        'properties.securitySettings.immutabilitySettings.state': 'Disabled',
        'properties.featureSettings.crossSubscriptionRestoreSettings.state': 'Enabled',
      },
      'dataprotection:ResourceGuard': { 'properties.vaultCriticalOperationExclusionList': ['Microsoft.RecoveryServices/vaults/delete'] },
    });
    for (const rule of ['BCR-02', 'BCR-03', 'BCR-08', 'BCR-10', 'DID-05', 'ENC-10'])
      expect(failed, rule).toContain(`${rule}.backup on securerecoveryvault-vault`);
    expect(failed).toContain('BCR-02.backup on securebackupvault-vault');
    expect(failed).toContain('EXP-03.backup on securebackupvault-vault');
    expect(failed).toContain('BCR-05.backup on backupguard-guard');
  });
});
