/** Pairs on Azure about how long data lives, what cannot be altered, what comes back, what is locked, and where copies are. */
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const ONE = '/subscriptions/00000000-0000-0000-0000-000000000001';
const GROUP_ID = `${ONE}/resourceGroups/cases`;
const azure = (type: string, inputs: object, more: object = {}) => ({ type: `azure-native:${type}`, inputs, ...more });
const inGroup = (type: string, inputs: object, more: object = {}) => azure(type, { resourceGroupName: 'cases', ...inputs }, more);
const named = (module: string, name: string) => `${GROUP_ID}/providers/${module}/${name}`;

// ── Storage ────────────────────────────────────────────────────────────────────────────────────────────────────────

const deleting = (days: number, filters: object = {}, subject = 'baseBlob') => ({
  name: `${subject}${days}`,
  type: 'Lifecycle',
  enabled: true,
  definition: {
    filters: { blobTypes: ['blockBlob'], ...filters },
    actions: {
      [subject]: { delete: { [subject === 'baseBlob' ? 'daysAfterModificationGreaterThan' : 'daysAfterCreationGreaterThan']: days } },
    },
  },
});
const EXPORTS = { prefixMatch: ['exports/'] };
const STORE_ID = named('Microsoft.Storage/storageAccounts', 'caserecords');
const STORAGE: Readonly<Record<string, object>> = {
  group: azure('resources:ResourceGroup', { resourceGroupName: 'cases', location: 'westeurope' }, { id: GROUP_ID }),
  store: inGroup(
    'storage:StorageAccount',
    {
      accountName: 'caserecords',
      location: 'westeurope',
      kind: 'StorageV2',
      sku: { name: 'Standard_GZRS' },
      immutableStorageWithVersioning: {
        enabled: true,
        immutabilityPolicy: { state: 'Locked', immutabilityPeriodSinceCreationInDays: 90, allowProtectedAppendWrites: false },
      },
    },
    { id: STORE_ID },
  ),
  letters: inGroup('storage:BlobContainer', { accountName: 'caserecords', containerName: 'letters', publicAccess: 'None' }),
  cases: inGroup('storage:BlobContainer', { accountName: 'caserecords', containerName: 'cases', publicAccess: 'None' }),
  worm: inGroup('storage:BlobContainerImmutabilityPolicy', {
    accountName: 'caserecords',
    containerName: 'cases',
    immutabilityPeriodSinceCreationInDays: 365,
    allowProtectedAppendWrites: false,
  }),
  hold: inGroup('storage:BlobContainerLegalHold', { accountName: 'caserecords', containerName: 'cases', tags: ['case4711', 'case4712'] }),
  blobs: inGroup('storage:BlobServiceProperties', {
    accountName: 'caserecords',
    blobServicesName: 'default',
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 35 },
    containerDeleteRetentionPolicy: { enabled: true, days: 35 },
    restorePolicy: { enabled: true, days: 30 },
    changeFeed: { enabled: true, retentionInDays: 365 },
  }),
  files: inGroup('storage:FileServiceProperties', {
    accountName: 'caserecords',
    fileServicesName: 'default',
    shareDeleteRetentionPolicy: { enabled: true, days: 30 },
  }),
  lifecycle: inGroup('storage:ManagementPolicy', {
    accountName: 'caserecords',
    managementPolicyName: 'default',
    policy: { rules: [deleting(730, EXPORTS), deleting(365, {}, 'version')] },
  }),
};
const RULE = 'lifecycle.policy.rules';
const DEFINED = `${RULE}.0.definition`;
const POLICY = 'store.immutableStorageWithVersioning.immutabilityPolicy';

const STORED: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, STORAGE, {
  'data of Azure: a write-once policy is gone, and that of the account is shorter': ['data: 90 days instead of 365 days', { worm: GONE }],
  'data of Azure: no write-once policy is left': ['data: its write-once policy of 365 days is gone', { worm: GONE, [POLICY]: GONE }],
  'data of Azure: records are written once for a shorter time': ['data: cases', { 'worm.immutabilityPeriodSinceCreationInDays': 30 }],
  'data of Azure: a container gets a shorter write-once policy than its account has': [
    'data: letters',
    {
      wormOfLetters: inGroup('storage:BlobContainerImmutabilityPolicy', {
        accountName: 'caserecords',
        containerName: 'letters',
        immutabilityPeriodSinceCreationInDays: 1,
      }),
    },
  ],
  'data of Azure: what is written once can be added to': ['data: all blobs', { 'worm.allowProtectedAppendWritesAll': true }],
  'data of Azure: the write-once policy of an account can be taken away': ['data: no longer locked', { [`${POLICY}.state`]: 'Unlocked' }],
  'data of Azure: the write-once policy of an account is off': ['data: store', { [`${POLICY}.state`]: 'Disabled' }],
  'data of Azure: an account keeps records for a shorter time': ['data: store', { [`${POLICY}.immutabilityPeriodSinceCreationInDays`]: 7 }],
  'data of Azure: a legal hold is lifted': ['data: case4711', { 'hold.tags': ['case4712'] }],
  'data of Azure: all legal holds are lifted': ['data: can be altered', { hold: GONE }],
  'data of Azure: blobs are deleted sooner': [
    'data: 30 days',
    { [`${DEFINED}.actions.baseBlob.delete.daysAfterModificationGreaterThan`]: 30 },
  ],
  'data of Azure: all blobs are deleted, not only exports': [
    'data: only those below exports/',
    { [`${DEFINED}.filters.prefixMatch`]: GONE },
  ],
  'data of Azure: a further folder is deleted': ['data: below letters/', { [`${DEFINED}.filters.prefixMatch.1`]: 'letters/' }],
  'data of Azure: older versions are deleted sooner': ['data: older versions', { [`${RULE}.1`]: deleting(7, {}, 'version') }],
  'data of Azure: snapshots are deleted': ['data: snapshots', { [`${RULE}.2`]: deleting(30, {}, 'snapshot') }],
  'data of Azure: blobs go after they were made, not after they were changed': [
    'data: after they were made',
    { [`${DEFINED}.actions.baseBlob.delete`]: { daysAfterCreationGreaterThan: 730 } },
  ],
  'data of Azure: deleted blobs come back for a shorter time': ['data: 7 days', { 'blobs.deleteRetentionPolicy.days': 7 }],
  'data of Azure: deleted containers no longer come back': [
    'data: containers',
    { 'blobs.containerDeleteRetentionPolicy': { enabled: false } },
  ],
  'data of Azure: deleted blobs can be deleted for good': ['data: for good', { 'blobs.deleteRetentionPolicy.allowPermanentDelete': true }],
  'data of Azure: blobs can no longer be taken back': ['data: taken back', { 'blobs.restorePolicy': { enabled: false } }],
  'data of Azure: changes of blobs are no longer listed': ['data: changes of blobs', { 'blobs.changeFeed': { enabled: false } }],
  'data of Azure: deleted shares come back for a shorter time': ['data: shares', { 'files.shareDeleteRetentionPolicy.days': 1 }],
  'data of Azure: an account is no longer copied to another region': ['data: another region', { 'store.sku.name': 'Standard_ZRS' }],
  'data of Azure: an account stands in one zone': ['data: one zone', { 'store.sku.name': 'Standard_GRS' }],
});
const STORED_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, STORAGE, {
  'data of Azure: records are written once for longer': { 'worm.immutabilityPeriodSinceCreationInDays': 3650 },
  'data of Azure: a write-once policy moves to the account, which keeps as long': {
    worm: GONE,
    [`${POLICY}.immutabilityPeriodSinceCreationInDays`]: 365,
  },
  'data of Azure: one case more is held': { 'hold.tags': ['case4713', 'case4712', 'case4711'] },
  'data of Azure: blobs are deleted later': { [`${DEFINED}.actions.baseBlob.delete.daysAfterModificationGreaterThan`]: 1000 },
  'data of Azure: only some of the exports are deleted': { [`${DEFINED}.filters.prefixMatch`]: ['exports/tmp/', 'exports/old/'] },
  'data of Azure: only tagged exports are deleted': {
    [`${DEFINED}.filters.blobIndexMatch`]: [{ name: 'state', op: '==', value: 'closed' }],
  },
  'data of Azure: blobs get cooler before they are deleted': {
    [`${DEFINED}.actions.baseBlob.tierToCool`]: { daysAfterModificationGreaterThan: 30 },
  },
  'data of Azure: rules of a lifecycle in another order': { [RULE]: [deleting(365, {}, 'version'), deleting(730, EXPORTS)] },
  'data of Azure: a rule of a lifecycle is split in two': {
    [RULE]: [deleting(730, { prefixMatch: ['exports/a'] }), deleting(730, { prefixMatch: ['exports/b'] }), deleting(365, {}, 'version')],
  },
  'data of Azure: a rule that is off is added': { [`${RULE}.2`]: { ...deleting(1), enabled: false } },
  'data of Azure: changes of blobs are listed without end': { 'blobs.changeFeed': { enabled: true } },
  'data of Azure: an account is copied more': { 'store.sku.name': 'Standard_RAGZRS' },
  'data of Azure: days are written as text': {
    'worm.immutabilityPeriodSinceCreationInDays': '365',
    'blobs.deleteRetentionPolicy.days': '35',
  },
});

// ── Databases and messages ─────────────────────────────────────────────────────────────────────────────────────────

const container = (resource: object) =>
  inGroup('cosmosdb:SqlResourceSqlContainer', {
    accountName: 'caseprofiles',
    databaseName: 'profiles',
    containerName: 'people',
    resource: { id: 'people', partitionKey: { paths: ['/id'], kind: 'Hash' }, ...resource },
  });
const DATABASES: Readonly<Record<string, object>> = {
  profiles: inGroup('cosmosdb:DatabaseAccount', {
    accountName: 'caseprofiles',
    databaseAccountOfferType: 'Standard',
    location: 'westeurope',
    locations: [
      { locationName: 'West Europe', failoverPriority: 0, isZoneRedundant: true },
      { locationName: 'North Europe', failoverPriority: 1, isZoneRedundant: true },
    ],
    backupPolicy: { type: 'Continuous', continuousModeProperties: { tier: 'Continuous30Days' } },
  }),
  people: container({ defaultTtl: -1 }),
  sessions: inGroup('cosmosdb:MongoDBResourceMongoDBCollection', {
    accountName: 'caseprofiles',
    databaseName: 'sessions',
    collectionName: 'sessions',
    resource: { id: 'sessions', shardKey: { id: 'Hash' }, indexes: [{ key: { keys: ['_ts'] }, options: { expireAfterSeconds: 86_400 } }] },
  }),
  server: inGroup('sql:Server', { serverName: 'casesql', location: 'westeurope', version: '12.0' }),
  orders: inGroup('sql:Database', {
    serverName: 'casesql',
    databaseName: 'orders',
    location: 'westeurope',
    requestedBackupStorageRedundancy: 'Geo',
    zoneRedundant: true,
    isLedgerOn: true,
  }),
  short: inGroup('sql:BackupShortTermRetentionPolicy', {
    serverName: 'casesql',
    databaseName: 'orders',
    policyName: 'default',
    retentionDays: 35,
  }),
  long: inGroup('sql:LongTermRetentionPolicy', {
    serverName: 'casesql',
    databaseName: 'orders',
    policyName: 'default',
    weeklyRetention: 'P12W',
    monthlyRetention: 'P12M',
    yearlyRetention: 'P7Y',
    weekOfYear: 1,
  }),
  postgres: inGroup('dbforpostgresql:Server', {
    serverName: 'casepg',
    location: 'westeurope',
    backup: { backupRetentionDays: 35, geoRedundantBackup: 'Enabled' },
    highAvailability: { mode: 'ZoneRedundant' },
  }),
  cache: inGroup('redis:Redis', {
    name: 'casecache',
    location: 'westeurope',
    sku: { name: 'Premium', family: 'P', capacity: 1 },
    redisConfiguration: { aofBackupEnabled: 'true' },
    zones: ['1', '2'],
  }),
  settings: inGroup('appconfiguration:ConfigurationStore', {
    configStoreName: 'casesettings',
    location: 'westeurope',
    sku: { name: 'Standard' },
    enablePurgeProtection: true,
    softDeleteRetentionInDays: 7,
  }),
  queue: inGroup('servicebus:Queue', {
    namespaceName: 'casebus',
    queueName: 'orders',
    defaultMessageTimeToLive: 'P14D',
    deadLetteringOnMessageExpiration: true,
  }),
  hub: inGroup('eventhub:EventHub', { namespaceName: 'casehubs', eventHubName: 'telemetry', messageRetentionInDays: 30 }),
  topic: inGroup('eventgrid:Topic', { topicName: 'caseevents', location: 'westeurope', dataResidencyBoundary: 'WithinRegion' }),
  registry: inGroup('containerregistry:Registry', { registryName: 'caseregistry', location: 'westeurope', sku: { name: 'Premium' } }),
};

const DATABASED: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, DATABASES, {
  'data of Azure: items go after an hour': ['data: 1 hour', { 'people.resource.defaultTtl': 3600 }],
  'data of Azure: documents go sooner': ['data: sessions', { 'sessions.resource.indexes.0.options.expireAfterSeconds': 600 }],
  'data of Azure: a database goes back less far': [
    'data: last 7 days',
    { 'profiles.backupPolicy.continuousModeProperties.tier': 'Continuous7Days' },
  ],
  'data of Azure: a database is copied now and then': ['data: now and then', { 'profiles.backupPolicy': { type: 'Periodic' } }],
  'data of Azure: a database stands in one zone': ['data: westeurope', { 'profiles.locations.0.isZoneRedundant': false }],
  'data of Azure: a database is kept on another continent': [
    'data: eastus [residency]',
    { 'profiles.locations.2': { locationName: 'eastus', failoverPriority: 2 } },
  ],
  'data of Azure: a copy of a database stands on another continent': [
    'data: orders is newly kept in eastus [residency]',
    {
      'server-us': inGroup('sql:Server', { serverName: 'casesql-us', location: 'eastus', version: '12.0' }),
      'orders-us': inGroup('sql:Database', {
        serverName: 'casesql-us',
        databaseName: 'orders',
        location: 'eastus',
        createMode: 'Secondary',
        sourceDatabaseId: `${named('Microsoft.Sql/servers', 'casesql')}/databases/orders`,
      }),
    },
  ],
  'data of Azure: images are copied to another continent': [
    'data: eastus [residency]',
    {
      'registry-us': inGroup('containerregistry:Replication', {
        registryName: 'caseregistry',
        replicationName: 'eastus',
        location: 'eastus',
      }),
    },
  ],
  'data of Azure: a database fails over to another continent': [
    'data: eastus [residency]',
    {
      'server-us': inGroup('sql:Server', { serverName: 'casesql-us', location: 'eastus', version: '12.0' }),
      failover: inGroup('sql:FailoverGroup', {
        serverName: 'casesql',
        failoverGroupName: 'orders',
        partnerServers: [{ id: named('Microsoft.Sql/servers', 'casesql-us') }],
        readWriteEndpoint: { failoverPolicy: 'Automatic' },
      }),
    },
  ],
  'data of Azure: a replica of a server stands on another continent': [
    'data: eastus [residency]',
    {
      'postgres-us': inGroup('dbforpostgresql:Server', {
        serverName: 'casepg-us',
        location: 'eastus',
        createMode: 'Replica',
        sourceServerResourceId: named('Microsoft.DBforPostgreSQL/flexibleServers', 'casepg'),
      }),
    },
  ],
  'data of Azure: events leave their region': ['data: caseevents|topic [residency]', { 'topic.dataResidencyBoundary': 'WithinGeopair' }],
  'data of Azure: yearly backups are kept for a shorter time': ['data: yearly', { 'long.yearlyRetention': 'P1Y' }],
  'data of Azure: monthly backups are no longer kept': ['data: monthly', { 'long.monthlyRetention': 'PT0S' }],
  'data of Azure: backups are kept for a shorter time': ['data: short', { 'short.retentionDays': 7 }],
  'data of Azure: backups stay in one place': ['data: the copies of its backups', { 'orders.requestedBackupStorageRedundancy': 'Local' }],
  'data of Azure: a database leaves the other zones': ['data: zones', { 'orders.zoneRedundant': false }],
  'data of Azure: a server is no longer backed up elsewhere': [
    'data: another region',
    { 'postgres.backup.geoRedundantBackup': 'Disabled' },
  ],
  'data of Azure: a server loses its standby in another zone': ['data: standby', { 'postgres.highAvailability.mode': 'SameZone' }],
  'data of Azure: nothing is left of a cache': ['data: restart', { 'cache.redisConfiguration.aofBackupEnabled': 'false' }],
  'data of Azure: settings can be purged': ['data: purging', { 'settings.enablePurgeProtection': false }],
  'data of Azure: messages are kept for ten minutes': ['data: 10 minutes', { 'queue.defaultMessageTimeToLive': 'PT10M' }],
  'data of Azure: messages whose time is over are dropped': ['data: time is over', { 'queue.deadLetteringOnMessageExpiration': false }],
  'data of Azure: an idle queue is deleted': ['data: nobody uses it', { 'queue.autoDeleteOnIdle': 'PT1H' }],
  'data of Azure: events are kept for a day': ['data: 1 day', { 'hub.messageRetentionInDays': 1 }],
  'data of Azure: events are kept for a day, in hours': [
    'data: 1 day',
    { 'hub.messageRetentionInDays': GONE, 'hub.retentionDescription': { cleanupPolicy: 'Delete', retentionTimeInHours: 24 } },
  ],
});
const DATABASED_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, DATABASES, {
  'data of Azure: items never go': { 'people.resource.defaultTtl': GONE },
  'data of Azure: a partition key that cannot be changed': { 'people.resource.partitionKey.paths': ['/tenant'] },
  'data of Azure: places of a database in another order and spelling': {
    'profiles.locations': [
      { locationName: 'northeurope', failoverPriority: 1, isZoneRedundant: true },
      { locationName: 'westeurope', failoverPriority: 0, isZoneRedundant: true },
    ],
  },
  'data of Azure: a copy of a database stands beside it': {
    copy: inGroup('sql:Database', {
      serverName: 'casesql',
      databaseName: 'orders-copy',
      location: 'West Europe',
      zoneRedundant: true,
      createMode: 'Copy',
      sourceDatabaseId: `${named('Microsoft.Sql/servers', 'casesql')}/databases/orders`,
    }),
    lock: azure('authorization:ManagementLockByScope', { lockName: 'keep', level: 'CanNotDelete', scope: GROUP_ID }),
    audit: inGroup('sql:ServerBlobAuditingPolicy', { serverName: 'casesql', blobAuditingPolicyName: 'default', state: 'Enabled' }),
    shortOfCopy: inGroup('sql:BackupShortTermRetentionPolicy', {
      serverName: 'casesql',
      databaseName: 'orders-copy',
      policyName: 'default',
      retentionDays: 35,
    }),
    longOfCopy: inGroup('sql:LongTermRetentionPolicy', {
      serverName: 'casesql',
      databaseName: 'orders-copy',
      policyName: 'default',
      weeklyRetention: 'P12W',
    }),
  },
  'data of Azure: times are written in other units': {
    'queue.defaultMessageTimeToLive': '14.00:00:00',
    'long.weeklyRetention': 'P84D',
    'hub.messageRetentionInDays': GONE,
    'hub.retentionDescription': { cleanupPolicy: 'Delete', retentionTimeInHours: 720 },
  },
  'data of Azure: messages are kept for ever': { 'queue.defaultMessageTimeToLive': 'P10675199DT2H48M5.4775807S' },
  'data of Azure: backups are kept longer': { 'long.yearlyRetention': 'P10Y', 'postgres.backup.backupRetentionDays': 35 },
  'data of Azure: messages are taken for longer before others see them': { 'queue.lockDuration': 'PT5M', 'queue.maxDeliveryCount': 3 },
});

// ── Backups ────────────────────────────────────────────────────────────────────────────────────────────────────────

const kept = (count: number, durationType: string) => ({ retentionDuration: { count, durationType } });
const machines = (
  retentionPolicy: object,
  schedulePolicy: object = { scheduleRunFrequency: 'Daily', dailySchedule: { scheduleRunTimes: ['02:00'] } },
) =>
  inGroup('recoveryservices:ProtectionPolicy', {
    vaultName: 'casebackups',
    policyName: 'daily',
    properties: {
      backupManagementType: 'AzureIaasVM',
      policyType: 'V2',
      instantRpRetentionRangeInDays: 7,
      schedulePolicy: { schedulePolicyType: 'SimpleSchedulePolicyV2', ...schedulePolicy },
      retentionPolicy: { retentionPolicyType: 'LongTermRetentionPolicy', ...retentionPolicy },
    },
  });
const RETAINED = { dailySchedule: kept(90, 'Days'), weeklySchedule: kept(12, 'Weeks'), yearlySchedule: kept(7, 'Years') };
const POLICIES = `${named('Microsoft.RecoveryServices/vaults', 'casebackups')}/backupPolicies`;
const MACHINE = named('Microsoft.Compute/virtualMachines', 'casemachine');
const item = (properties: object, vaultName = 'casebackups') =>
  inGroup('recoveryservices:ProtectedItem', {
    vaultName,
    fabricName: 'Azure',
    containerName: 'c',
    protectedItemName: 'casemachine',
    properties: {
      protectedItemType: 'Microsoft.Compute/virtualMachines',
      sourceResourceId: MACHINE,
      policyId: `${POLICIES}/daily`,
      ...properties,
    },
  });
const blobRule = (duration: string) => ({
  name: 'Default',
  objectType: 'AzureRetentionRule',
  isDefault: true,
  lifecycles: [
    {
      deleteAfter: { duration, objectType: 'AbsoluteDeleteOption' },
      sourceDataStore: { dataStoreType: 'VaultStore', objectType: 'DataStoreInfoBase' },
    },
  ],
});
const blobSchedule = (interval: string) => ({
  name: 'Backup',
  objectType: 'AzureBackupRule',
  dataStore: { dataStoreType: 'VaultStore', objectType: 'DataStoreInfoBase' },
  trigger: {
    objectType: 'ScheduleBasedTriggerContext',
    schedule: { repeatingTimeIntervals: [`R/2026-01-01T02:00:00+00:00/${interval}`] },
    taggingCriteria: [],
  },
});
const BACKUPS: Readonly<Record<string, object>> = {
  vault: inGroup('recoveryservices:Vault', {
    vaultName: 'casebackups',
    location: 'westeurope',
    sku: { name: 'RS0', tier: 'Standard' },
    properties: {
      securitySettings: {
        immutabilitySettings: { state: 'Locked' },
        softDeleteSettings: { softDeleteState: 'AlwaysON', softDeleteRetentionPeriodInDays: 30, enhancedSecurityState: 'AlwaysON' },
      },
      redundancySettings: { standardTierStorageRedundancy: 'GeoRedundant', crossRegionRestore: 'Enabled' },
    },
  }),
  daily: machines(RETAINED),
  item: item({}),
  blobVault: inGroup('dataprotection:BackupVault', {
    vaultName: 'caseblobs',
    location: 'westeurope',
    properties: {
      storageSettings: [{ datastoreType: 'VaultStore', type: 'GeoRedundant' }],
      securitySettings: { immutabilitySettings: { state: 'Unlocked' }, softDeleteSettings: { state: 'On', retentionDurationInDays: 60 } },
    },
  }),
  blobPolicy: inGroup('dataprotection:BackupPolicy', {
    vaultName: 'caseblobs',
    backupPolicyName: 'blobs',
    properties: {
      objectType: 'BackupPolicy',
      datasourceTypes: ['Microsoft.Storage/storageAccounts/blobServices'],
      policyRules: [blobRule('P1Y'), blobSchedule('P1D')],
    },
  }),
};
const weekly = { scheduleRunFrequency: 'Weekly', weeklySchedule: { scheduleRunDays: ['Sunday'], scheduleRunTimes: ['02:00'] } };
const other = (retention: object) => ({
  ...(machines(retention) as { type: string }),
  inputs: { ...(machines(retention).inputs as object), policyName: 'other' },
});
const SOFT = 'vault.properties.securitySettings.softDeleteSettings';

const BACKED: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, BACKUPS, {
  'data of Azure: each backup is kept for a week': [
    'data: 7 days instead of 90 days',
    { daily: machines({ ...RETAINED, dailySchedule: kept(7, 'Days') }) },
  ],
  'data of Azure: yearly backups go away': [
    'data: yearly',
    { daily: machines({ dailySchedule: kept(90, 'Days'), weeklySchedule: kept(12, 'Weeks') }) },
  ],
  'data of Azure: backups are taken once a week': ['data: every 7 days', { daily: machines(RETAINED, weekly) }],
  'data of Azure: snapshots are kept for a shorter time': ['data: snapshots', { 'daily.properties.instantRpRetentionRangeInDays': 1 }],
  'data of Azure: protection is stopped': ['data: stopped', { 'item.properties.protectionState': 'ProtectionStopped' }],
  'data of Azure: a machine is no longer backed up': ['data: item', { item: GONE }],
  'data of Azure: a machine is backed up by a policy that keeps less': [
    'data: by its new policy',
    { other: other({ dailySchedule: kept(7, 'Days') }), 'item.properties.policyId': `${POLICIES}/other` },
  ],
  'data of Azure: a machine is backed up by a policy that nobody sees': [
    'data: cannot be told',
    { 'item.properties.policyId': `${POLICIES}/elsewhere` },
  ],
  'data of Azure: deleted backups come back for a shorter time': ['data: 14 days', { [`${SOFT}.softDeleteRetentionPeriodInDays`]: 14 }],
  'data of Azure: the way back of deleted backups can be closed': ['data: vault', { [`${SOFT}.softDeleteState`]: 'Enabled' }],
  'data of Azure: backups are kept in one place': [
    'data: copies',
    { 'vault.properties.redundancySettings.standardTierStorageRedundancy': 'LocallyRedundant' },
  ],
  'data of Azure: backups are no longer restored in another region': [
    'data: another region',
    { 'vault.properties.redundancySettings.crossRegionRestore': 'Disabled' },
  ],
  'data of Azure: backups of blobs are kept for a month': ['data: 30 days', { 'blobPolicy.properties.policyRules.0': blobRule('P30D') }],
  'data of Azure: blobs are backed up once a week': ['data: every 7 days', { 'blobPolicy.properties.policyRules.1': blobSchedule('P1W') }],
  'data of Azure: deleted backups of blobs do not come back': [
    'data: blobVault',
    { 'blobVault.properties.securitySettings.softDeleteSettings.state': 'Off' },
  ],
  'data of Azure: backups of blobs can be removed': [
    'data: blobVault',
    { 'blobVault.properties.securitySettings.immutabilitySettings.state': 'Disabled' },
  ],
});
const BACKED_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, BACKUPS, {
  'data of Azure: backups are kept as long, in other units': { daily: machines({ ...RETAINED, weeklySchedule: kept(84, 'Days') }) },
  'data of Azure: backups are kept longer and taken more often': {
    daily: machines(
      { ...RETAINED, dailySchedule: kept(180, 'Days') },
      { scheduleRunFrequency: 'Daily', dailySchedule: { scheduleRunTimes: ['02:00', '14:00'] } },
    ),
  },
  'data of Azure: backups are taken at another time': {
    daily: machines(RETAINED, { scheduleRunFrequency: 'Daily', dailySchedule: { scheduleRunTimes: ['03:00'] } }),
  },
  'data of Azure: a machine is backed up by a policy that keeps as much': {
    other: other(RETAINED),
    'item.properties.policyId': `${POLICIES}/other`,
  },
  'data of Azure: a machine is backed up in another vault': {
    item: GONE,
    elsewhere: item({}, 'otherbackups'),
  },
  'data of Azure: rules of a policy in another order': { 'blobPolicy.properties.policyRules': [blobSchedule('P1D'), blobRule('P365D')] },
});

// ── Locks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const lock = (scope: string, level = 'CanNotDelete') => azure('authorization:ManagementLockByScope', { lockName: 'keep', level, scope });
const vaultStore = (name: string) =>
  inGroup('keyvault:Vault', {
    vaultName: name,
    location: 'westeurope',
    properties: { tenantId: '00000000-0000-0000-0000-00000000000a', sku: { name: 'standard', family: 'A' } },
  });
const LOCKED: Readonly<Record<string, object>> = {
  group: STORAGE.group as object,
  store: inGroup(
    'storage:StorageAccount',
    { accountName: 'caserecords', location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
    { id: STORE_ID },
  ),
  keys: vaultStore('casekeys'),
  lock: lock(STORE_ID, 'ReadOnly'),
  lockKeys: lock(named('Microsoft.KeyVault/vaults', 'casekeys')),
};
const GROUPED: Readonly<Record<string, object>> = {
  ...LOCKED,
  lock: lock(GROUP_ID),
  lockKeys: { ...LOCKED.keys, inputs: { ...(vaultStore('caseother').inputs as object) } },
};

const LOCKS: Readonly<Record<string, Weakening>> = {
  ...weakenings(pulumiWith, LOCKED, {
    'data of Azure: a lock is gone': ['data: store', { lock: GONE }],
    'data of Azure: a lock gets milder': ['data: from ReadOnly to CanNotDelete', { 'lock.level': 'CanNotDelete' }],
    'data of Azure: a lock is on something else': ['data: store', { 'lock.scope': named('Microsoft.KeyVault/vaults', 'casekeys') }],
    'data of Azure: a milder lock on the group takes its place': [
      'data: from ReadOnly to CanNotDelete',
      { lock: GONE, around: lock(GROUP_ID) },
    ],
  }),
  ...weakenings(pulumiWith, GROUPED, {
    'data of Azure: the lock of a group is replaced by one on a store in it': ['data: casekeys|keys', { 'lock.scope': STORE_ID }],
    'data of Azure: the lock of a group is gone': ['data: group', { lock: GONE }],
    'data of Azure: the lock of a group is replaced by one on each store': [
      'data: as a whole',
      {
        lock: GONE,
        one: lock(STORE_ID),
        two: lock(named('Microsoft.KeyVault/vaults', 'casekeys')),
        three: lock(named('Microsoft.KeyVault/vaults', 'caseother')),
      },
    ],
  }),
};
const LOCKS_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(pulumiWith, LOCKED, {
    'data of Azure: a lock moves to the group around': { 'lock.scope': GROUP_ID },
    'data of Azure: a lock moves to the subscription around': { 'lock.scope': ONE },
    'data of Azure: locks on each store become one on the group': { lock: GONE, lockKeys: GONE, around: lock(GROUP_ID, 'ReadOnly') },
    'data of Azure: locks on each store become one of the group': {
      lock: GONE,
      lockKeys: GONE,
      around: azure('authorization:ManagementLockAtResourceGroupLevel', {
        resourceGroupName: 'cases',
        lockName: 'keep',
        level: 'ReadOnly',
      }),
    },
    'data of Azure: locks on each store become one of the subscription': {
      lock: GONE,
      lockKeys: GONE,
      around: azure('authorization:ManagementLockAtSubscriptionLevel', { lockName: 'keep', level: 'ReadOnly' }),
    },
    'data of Azure: a lock names its store in parts': {
      lock: inGroup('authorization:ManagementLockAtResourceLevel', {
        resourceProviderNamespace: 'Microsoft.Storage',
        parentResourcePath: '',
        resourceType: 'storageAccounts',
        resourceName: 'caserecords',
        lockName: 'keep',
        level: 'ReadOnly',
      }),
    },
    'data of Azure: a lock gets stricter': { 'lockKeys.level': 'ReadOnly' },
    'data of Azure: a lock gets another name': {
      lock: GONE,
      renamed: azure('authorization:ManagementLockByScope', { lockName: 'other', level: 'ReadOnly', scope: STORE_ID }),
    },
  }),
};

// ── In a template ──────────────────────────────────────────────────────────────────────────────────────────────────

const arm = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2023-05-01',
  name,
  ...more,
  properties,
});
const nested = (mode: string, resources: readonly object[]) => ({
  type: 'Microsoft.Resources/deployments',
  apiVersion: '2022-09-01',
  name: 'stores',
  properties: {
    mode,
    template: {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
      contentVersion: '1.0.0.0',
      resources,
    },
  },
});
const account = (name: string) =>
  arm(
    'Microsoft.Storage/storageAccounts',
    name,
    { publicNetworkAccess: 'Disabled' },
    { location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
  );
const TEMPLATE: Readonly<Record<string, object>> = {
  account: account('caserecords'),
  lock: arm('Microsoft.Authorization/locks', 'keep', { level: 'CanNotDelete' }, { scope: 'Microsoft.Storage/storageAccounts/caserecords' }),
  lifecycle: arm('Microsoft.Storage/storageAccounts/managementPolicies', 'caserecords/default', { policy: { rules: [deleting(730)] } }),
  worm: arm('Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies', 'caserecords/default/cases/default', {
    immutabilityPeriodSinceCreationInDays: 365,
  }),
  graph: arm('Microsoft.DocumentDB/databaseAccounts/gremlinDatabases/graphs', 'caseprofiles/people/graph', { resource: { id: 'graph' } }),
  config: arm('Microsoft.RecoveryServices/vaults/backupconfig', 'casebackups/vaultconfig', {
    softDeleteFeatureState: 'AlwaysON',
    softDeleteRetentionPeriodInDays: 60,
    enhancedSecurityState: 'Enabled',
  }),
  deployment: nested('Incremental', [account('caseone'), account('casetwo')]),
};
const TEMPLATED: Readonly<Record<string, Weakening>> = weakenings(armWith, TEMPLATE, {
  'data of Azure, in a template: a lock leaves it': ['data: stays, unmanaged', { lock: GONE }],
  'data of Azure, in a template: a write-once policy leaves it': ['data: stays, unmanaged', { worm: GONE }],
  'data of Azure, in a template: a write-once policy gets shorter': ['data: 30 days', { 'worm.immutabilityPeriodSinceCreationInDays': 30 }],
  'data of Azure, in a template: blobs are deleted sooner': ['data: 30 days', { 'lifecycle.policy.rules.0': deleting(30) }],
  'data of Azure, in a template: vertices go after a day': ['data: 1 day', { 'graph.resource.defaultTtl': 86_400 }],
  'data of Azure, in a template: deleted backups come back for a shorter time': [
    'data: 14 days',
    { 'config.softDeleteRetentionPeriodInDays': 14 },
  ],
  'data of Azure, in a template: a deployment deletes what it does not hold': [
    'data: complete mode',
    { deployment: nested('Complete', [account('caseone'), account('casetwo')]) },
  ],
  'data of Azure, in a template: a store leaves a deployment in complete mode': [
    'data: it is deleted with what it holds',
    { deployment: nested('Complete', [account('caseone')]) },
  ],
});
const TEMPLATED_HARMLESS: Readonly<Record<string, Harmless>> = harmless(armWith, TEMPLATE, {
  'data of Azure, in a template: blobs are deleted later': { 'lifecycle.policy.rules.0': deleting(1000) },
  'data of Azure, in a template: a deployment stays incremental': {
    deployment: nested('incremental', [account('casetwo'), account('caseone')]),
  },
  'data of Azure, in a template: a lock gets stricter': { 'lock.level': 'ReadOnly' },
});

const asked = (changes: Readonly<Record<string, unknown>>) => ({
  ...armWith(TEMPLATE, changes),
  sections: { parameters: { days: { type: 'int' }, level: { type: 'string' } } },
});
const told = (naming: string, changes: Readonly<Record<string, unknown>>): Weakening => ({
  before: asked({}),
  after: asked(changes),
  about: ['data'],
  naming,
});
const DAYS = "[parameters('days')]";
const ASKED: Readonly<Record<string, Weakening>> = {
  'data of Azure, in a template: nobody knows for how long records are written once': told('days', {
    'worm.immutabilityPeriodSinceCreationInDays': DAYS,
  }),
  'data of Azure, in a template: nobody knows when blobs are deleted': told('days', {
    'lifecycle.policy.rules.0.definition.actions.baseBlob.delete.daysAfterModificationGreaterThan': DAYS,
  }),
  'data of Azure, in a template: nobody knows when vertices go': told('days', { 'graph.resource.defaultTtl': DAYS }),
  'data of Azure, in a template: nobody knows how strict a lock is': told('cannot be told', { 'lock.level': "[parameters('level')]" }),
};
const ASKED_HARMLESS: Readonly<Record<string, Harmless>> = {
  'data of Azure, in a template: the same parameter decides as before': {
    before: asked({
      'worm.immutabilityPeriodSinceCreationInDays': DAYS,
      'graph.resource.defaultTtl': DAYS,
      'lock.level': "[parameters('level')]",
    }),
    after: asked({
      'worm.immutabilityPeriodSinceCreationInDays': DAYS,
      'graph.resource.defaultTtl': DAYS,
      'lock.level': "[parameters('level')]",
      'account@tags': { team: 'cases' },
    }),
  },
};

export const AZURE_DATA_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...STORED,
  ...DATABASED,
  ...BACKED,
  ...LOCKS,
  ...TEMPLATED,
  ...ASKED,
};
export const AZURE_DATA_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...STORED_HARMLESS,
  ...DATABASED_HARMLESS,
  ...BACKED_HARMLESS,
  ...LOCKS_HARMLESS,
  ...TEMPLATED_HARMLESS,
  ...ASKED_HARMLESS,
};
