/** Settings of vaults and databases on Azure that bring data back: soft deletion, retention, copies. Defaults as the references state them. */

import { cosmosBackup, DAY, durationOf, every, HOUR, kept, ofPeriodic, timeOf, vaultCopies } from './azure-readings';
import { measured, on, type Row, row, type Strength, scale } from './parts';

const VAULT = /^azure-native:recoveryservices:Vault$/;
const BACKUP_VAULT = /^azure-native:dataprotection:BackupVault$/;
const VAULT_CONFIG = /^Microsoft\.RecoveryServices\/vaults\/backupconfig$/i;
const VAULT_STORAGE = /^Microsoft\.RecoveryServices\/vaults\/backupstorageconfig$/i;
const LONG_TERM = /^azure-native:sql:\w*LongTermRetentionPolicy$/;
const SHORT_TERM = /^azure-native:sql:\w*ShortTermRetentionPolicy$/;
const FLEXIBLE = /^azure-native:(dbforpostgresql|dbformysql):(Flexible)?Server$/;
const SINGLE = /^azure-native:(dbforpostgresql|dbformysql|dbformariadb):(Single)?Server$/;
const COSMOS = /^azure-native:(cosmosdb|documentdb):DatabaseAccount$/;

const days = (path: string, absent?: number): Row =>
  kept((resource) => timeOf(resource.at(path), DAY, absent === undefined ? undefined : absent * DAY));
const written = (path: string): Row => kept((resource) => durationOf(resource.at(path), 0));

const IMMUTABILITY = 'properties.securitySettings.immutabilitySettings.state';
const SOFT = 'properties.securitySettings.softDeleteSettings';
const COPIES = 'the copies of its backups';
const ELSEWHERE = 'the restoring of its backups in another region';
const COME_BACK = 'the time in which deleted backups come back';

export const AZURE_BACKUPS: readonly Strength[] = [
  // Vaults
  ...[VAULT, BACKUP_VAULT].map((on) =>
    row(on, IMMUTABILITY, 'the lock of its backups', 'data', { ...scale('Disabled', 'Disabled', 'Unlocked', 'Locked'), severity: 'high' }),
  ),
  row(VAULT, `${SOFT}.softDeleteState`, 'the way back of deleted backups', 'data', scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON')),
  row(VAULT, `${SOFT}.softDeleteRetentionPeriodInDays`, COME_BACK, 'data', days(`${SOFT}.softDeleteRetentionPeriodInDays`, 14)),
  row(
    VAULT,
    `${SOFT}.enhancedSecurityState`,
    'the protection of its hybrid backups',
    'data',
    scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON'),
  ),
  row(VAULT, 'properties.redundancySettings.standardTierStorageRedundancy', COPIES, 'data', {
    order: { scale: ['LocallyRedundant', 'ZoneRedundant', 'GeoRedundant'], absent: 'GeoRedundant' },
  }),
  row(VAULT, 'properties.redundancySettings.crossRegionRestore', ELSEWHERE, 'data', scale('Disabled', 'Disabled', 'Enabled')),
  row(VAULT_STORAGE, 'crossRegionRestoreFlag', ELSEWHERE, 'data', on('false')),
  row(
    BACKUP_VAULT,
    'properties.featureSettings.crossRegionRestoreSettings.state',
    ELSEWHERE,
    'data',
    scale('Disabled', 'Disabled', 'Enabled'),
  ),
  row(
    VAULT_CONFIG,
    'softDeleteFeatureState',
    'the way back of deleted backups',
    'data',
    scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON'),
  ),
  row(VAULT_CONFIG, 'softDeleteRetentionPeriodInDays', COME_BACK, 'data', days('softDeleteRetentionPeriodInDays', 14)),
  row(
    VAULT_CONFIG,
    'enhancedSecurityState',
    'the protection of its hybrid backups',
    'data',
    scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON'),
  ),
  ...['storageModelType', 'storageType'].map((path) =>
    row(VAULT_STORAGE, path, COPIES, 'data', { order: { scale: ['LocallyRedundant', 'ZoneRedundant', 'GeoRedundant'] } }),
  ),
  row(BACKUP_VAULT, `${SOFT}.state`, 'the way back of deleted backups', 'data', scale('On', 'Off', 'On', 'AlwaysOn')),
  row(BACKUP_VAULT, `${SOFT}.retentionDurationInDays`, COME_BACK, 'data', days(`${SOFT}.retentionDurationInDays`, 14)),
  row(BACKUP_VAULT, 'properties.storageSettings', COPIES, 'data', measured(vaultCopies)),

  // Databases
  row(SHORT_TERM, 'retentionDays', 'the retention of backups', 'data', days('retentionDays', 7)),
  row(SHORT_TERM, 'diffBackupIntervalInHours', 'the time between differential backups', 'data', {
    ...every((policy) => timeOf(policy.at('diffBackupIntervalInHours'), HOUR)),
    severity: 'low',
  }),
  row(LONG_TERM, 'weeklyRetention', 'the retention of weekly backups', 'data', written('weeklyRetention')),
  row(LONG_TERM, 'monthlyRetention', 'the retention of monthly backups', 'data', written('monthlyRetention')),
  row(LONG_TERM, 'yearlyRetention', 'the retention of yearly backups', 'data', written('yearlyRetention')),
  row(LONG_TERM, 'timeBasedImmutability', 'the lock of its backups', 'data', {
    ...scale('Disabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
  row(LONG_TERM, 'timeBasedImmutabilityMode', 'the mode of the lock of its backups', 'data', {
    order: { scale: ['Unlocked', 'Locked'] },
    severity: 'high',
  }),
  row(LONG_TERM, 'makeBackupsImmutable', 'the lock of its backups', 'data', { ...on('false'), severity: 'high' }),
  row(/^azure-native:sql:GeoBackupPolicy$/, 'state', 'the backup in another region', 'data', scale('Enabled', 'Disabled', 'Enabled')),
  row(
    /^azure-native:sql:(Database|ManagedInstance)$/,
    'requestedBackupStorageRedundancy',
    COPIES,
    'data',
    scale('Geo', 'Local', 'Zone', 'Geo', 'GeoZone'),
  ),
  row(/^azure-native:sql:ManagedInstance$/, 'storageAccountType', COPIES, 'data', { order: { scale: ['LRS', 'ZRS', 'GRS', 'GZRS'] } }),
  row(FLEXIBLE, 'backup.backupRetentionDays', 'the retention of its backups', 'data', days('backup.backupRetentionDays', 7)),
  row(FLEXIBLE, 'backup.geoRedundantBackup', 'the backup in another region', 'data', scale('Disabled', 'Disabled', 'Enabled')),
  ...['properties.storageProfile', 'storageProfile'].flatMap((profile) => [
    row(SINGLE, `${profile}.backupRetentionDays`, 'the retention of its backups', 'data', days(`${profile}.backupRetentionDays`, 7)),
    row(SINGLE, `${profile}.geoRedundantBackup`, 'the backup in another region', 'data', scale('Disabled', 'Disabled', 'Enabled')),
  ]),
  row(COSMOS, 'backupPolicy', 'what its backups bring back', 'data', measured(cosmosBackup)),
  row(
    COSMOS,
    'backupPolicy.periodicModeProperties.backupIntervalInMinutes',
    'the time between its backups',
    'data',
    every(ofPeriodic('backupIntervalInMinutes', HOUR / 60, 4 * HOUR)),
  ),
  row(
    COSMOS,
    'backupPolicy.periodicModeProperties.backupRetentionIntervalInHours',
    'the retention of its backups',
    'data',
    kept(ofPeriodic('backupRetentionIntervalInHours', HOUR, 8 * HOUR)),
  ),
  row(COSMOS, 'backupPolicy.periodicModeProperties.backupStorageRedundancy', COPIES, 'data', {
    order: { scale: ['Local', 'Zone', 'Geo'] },
  }),
];
