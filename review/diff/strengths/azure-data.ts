/** Settings of Azure that keep data, and by which it is encrypted. Paths and defaults as the references of the services state them. */
import { days, on, row, type Strength, scale } from './parts';

const STORAGE = /^azure-native:storage:StorageAccount$/;

export const AZURE_DATA: readonly Strength[] = [
  {
    on: /^azure-native:sql:BackupShortTermRetentionPolicy$/,
    path: 'retentionDays',
    order: days(7),
    what: 'the retention of backups',
    aspect: 'data',
  },
  {
    on: /^azure-native:(dbforpostgresql|dbformysql):(Flexible)?Server$/,
    path: 'backup.backupRetentionDays',
    order: days(7),
    what: 'the retention of its backups',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:BlobServiceProperties$/,
    path: 'deleteRetentionPolicy.days',
    order: days(0),
    what: 'the time in which deleted blobs come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:BlobServiceProperties$/,
    path: 'containerDeleteRetentionPolicy.days',
    order: days(0),
    what: 'the time in which deleted containers come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:keyvault:Vault$/,
    path: 'properties.softDeleteRetentionInDays',
    order: days(90),
    what: 'the time in which deleted keys come back',
    aspect: 'data',
  },
  {
    on: /^azure-native:storage:(BlobContainerImmutabilityPolicy)$/,
    path: 'immutabilityPeriodSinceCreationInDays',
    order: days(),
    what: 'the time for which blobs cannot be altered',
    aspect: 'data',
  },
  row(/^azure-native:authorization:ManagementLock\w+$/, 'level', 'the lock', 'data', {
    order: { scale: ['NotSpecified', 'CanNotDelete', 'ReadOnly'] },
  }),
  row(
    /^azure-native:recoveryservices:Vault$/,
    'properties.securitySettings.immutabilitySettings.state',
    'the lock of its backups',
    'data',
    { ...scale('Disabled', 'Disabled', 'Unlocked', 'Locked'), severity: 'high' },
  ),
  row(
    /^azure-native:dataprotection:BackupVault$/,
    'properties.securitySettings.immutabilitySettings.state',
    'the lock of its backups',
    'data',
    { ...scale('Disabled', 'Disabled', 'Unlocked', 'Locked'), severity: 'high' },
  ),
  row(
    /^azure-native:recoveryservices:Vault$/,
    'properties.securitySettings.softDeleteSettings.softDeleteState',
    'the time in which deleted backups come back',
    'data',
    scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON'),
  ),
  row(/^azure-native:keyvault:Vault$/, 'properties.enablePurgeProtection', 'the protection from purging', 'data', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:storage:BlobServiceProperties$/, 'isVersioningEnabled', 'versioning', 'data', on('false')),
  row(
    /^azure-native:storage:BlobServiceProperties$/,
    'deleteRetentionPolicy.enabled',
    'the way back of deleted blobs',
    'data',
    on('false'),
  ),
  row(
    /^azure-native:storage:BlobServiceProperties$/,
    'containerDeleteRetentionPolicy.enabled',
    'the way back of deleted containers',
    'data',
    on('false'),
  ),
  row(STORAGE, 'minimumTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'], absent: 'TLS1_0' },
    severity: 'high',
  }),
  row(STORAGE, 'enableHttpsTrafficOnly', 'the demand for https', 'encryption', { ...on('true'), severity: 'high' }),
  row(/^azure-native:(sql:Server|dbformysql:Server|dbforpostgresql:Server)$/, 'minimalTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['None', '1.0', '1.1', '1.2', '1.3'] },
    severity: 'high',
  }),
  row(/^azure-native:web:WebApp(Slot)?$/, 'httpsOnly', 'the demand for https', 'encryption', { ...on('false'), severity: 'high' }),
  row(/^azure-native:web:WebApp(Slot)?$/, 'siteConfig.minTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['1.0', '1.1', '1.2', '1.3'] },
  }),
];
