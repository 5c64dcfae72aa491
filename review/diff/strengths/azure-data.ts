/** Settings of Azure that keep data, and by which it is encrypted. Paths and defaults as the references of the services state them. */
import {
  analysed,
  comesBack,
  documentsKept,
  durationOf,
  eventsKept,
  every,
  inAnotherRegion,
  inSeveralZones,
  itemsKept,
  kept,
  persisted,
  timeOf,
  zones,
} from './azure-readings';
import { days, FOREVER, measured, on, type Row, row, type Strength, scale } from './parts';

const STORAGE = /^azure-native:storage:StorageAccount$/;
const BLOBS = /^azure-native:storage:BlobServiceProperties$/;
const FILES = /^azure-native:storage:FileServiceProperties$/;
const VAULT = /^azure-native:keyvault:Vault$/;
const HSM = /^azure-native:keyvault:ManagedHsm$/;
const CONFIGURATION = /^azure-native:appconfiguration:ConfigurationStore$/;
const COSMOS_ITEMS =
  /^azure-native:(cosmosdb|documentdb):(SqlResourceSqlContainer|GremlinResourceGremlinGraph|CassandraResourceCassandraTable|DatabaseAccount(SqlContainer|GremlinGraph|CassandraTable)|GraphResourceGraph)$/;
const COSMOS_DOCUMENTS = /^azure-native:(cosmosdb|documentdb):(MongoDBResourceMongoDBCollection|DatabaseAccountMongoDBCollection)$/;
const MESSAGES = /^azure-native:servicebus:(Queue|Topic|Subscription)$/;
const SERVERS = /^azure-native:(dbforpostgresql|dbformysql):(Flexible)?Server$/;
const REDIS = /^azure-native:(redis|cache):Redis$/;
const REDIS_ENTERPRISE = /^azure-native:(redisenterprise|cache):(RedisEnterprise)?Database$/;

const turning = (read: (resource: Parameters<typeof inSeveralZones>[0]) => number | undefined, weaker: string, stronger: string): Row => ({
  order: { more: 'stronger' },
  read,
  turns: [weaker, stronger],
});
const ZONES = 'its spread over several zones';

export const AZURE_DATA: readonly Strength[] = [
  // Deleted, and back again
  row(
    BLOBS,
    'deleteRetentionPolicy',
    'the time in which deleted blobs come back',
    'data',
    kept(comesBack('deleteRetentionPolicy', 'days', 0)),
  ),
  row(
    BLOBS,
    'containerDeleteRetentionPolicy',
    'the time in which deleted containers come back',
    'data',
    kept(comesBack('containerDeleteRetentionPolicy', 'days', 0)),
  ),
  row(BLOBS, 'restorePolicy', 'the time to which its blobs can be taken back', 'data', kept(comesBack('restorePolicy', 'days', 0))),
  row(BLOBS, 'changeFeed', 'the time for which changes of blobs are listed', 'data', kept(comesBack('changeFeed', 'retentionInDays', 0))),
  row(BLOBS, 'isVersioningEnabled', 'versioning', 'data', on('false')),
  ...['deleteRetentionPolicy', 'containerDeleteRetentionPolicy'].map((policy) =>
    row(BLOBS, `${policy}.allowPermanentDelete`, 'the refusal to delete for good what is deleted', 'data', {
      order: { scale: ['true', 'false'], absent: 'false' },
      turns: ['what is deleted can be deleted for good before its time', 'what is deleted comes back until its time is over'],
    }),
  ),
  row(
    FILES,
    'shareDeleteRetentionPolicy',
    'the time in which deleted shares come back',
    'data',
    kept(comesBack('shareDeleteRetentionPolicy', 'days')),
  ),
  {
    on: VAULT,
    path: 'properties.softDeleteRetentionInDays',
    order: days(90),
    what: 'the time in which deleted keys come back',
    aspect: 'data',
  },
  row(VAULT, 'properties.enableSoftDelete', 'the way back of deleted keys', 'data', { ...on('true'), severity: 'high' }),
  row(VAULT, 'properties.enablePurgeProtection', 'the protection from purging', 'data', { ...on('false'), severity: 'high' }),
  {
    on: HSM,
    path: 'properties.softDeleteRetentionInDays',
    order: days(90),
    what: 'the time in which deleted keys come back',
    aspect: 'data',
  },
  row(HSM, 'properties.enablePurgeProtection', 'the protection from purging', 'data', { ...on('true'), severity: 'high' }),
  {
    on: CONFIGURATION,
    path: 'softDeleteRetentionInDays',
    order: days(7),
    what: 'the time in which it comes back once deleted',
    aspect: 'data',
  },
  row(CONFIGURATION, 'enablePurgeProtection', 'the protection from purging', 'data', on('false')),

  // How long it lives
  row(COSMOS_ITEMS, 'resource.defaultTtl', 'the time for which items are kept', 'data', { ...measured(itemsKept), severity: 'high' }),
  row(COSMOS_DOCUMENTS, 'resource.indexes', 'the time for which documents are kept', 'data', {
    ...measured(documentsKept),
    severity: 'high',
  }),
  ...[COSMOS_ITEMS, COSMOS_DOCUMENTS].map((on) =>
    row(on, 'resource.analyticalStorageTtl', 'the time for which the store for analysis keeps items', 'data', kept(analysed)),
  ),
  row(
    MESSAGES,
    'defaultMessageTimeToLive',
    'the time for which messages are kept',
    'data',
    kept((queue) => durationOf(queue.at('defaultMessageTimeToLive'), FOREVER)),
  ),
  row(
    MESSAGES,
    'autoDeleteOnIdle',
    'the time after which it is deleted while nobody uses it',
    'data',
    kept((queue) => durationOf(queue.at('autoDeleteOnIdle'), FOREVER)),
  ),
  row(MESSAGES, 'deadLetteringOnMessageExpiration', 'the keeping of messages whose time is over', 'data', on('false')),
  row(/^azure-native:eventhub:EventHub$/, 'messageRetentionInDays', 'the time for which events are kept', 'data', measured(eventsKept)),
  row(REDIS, 'redisConfiguration', 'what is left of it after a restart', 'data', {
    ...measured(persisted('redisConfiguration.aofBackupEnabled', 'redisConfiguration.rdbBackupEnabled')),
  }),
  row(REDIS, 'redisConfiguration.rdbBackupFrequency', 'the time between its snapshots', 'data', {
    ...every((cache) => timeOf(cache.at('redisConfiguration.rdbBackupFrequency'), 60)),
    severity: 'low',
  }),
  row(
    REDIS_ENTERPRISE,
    'persistence',
    'what is left of it after a restart',
    'data',
    measured(persisted('persistence.aofEnabled', 'persistence.rdbEnabled')),
  ),
  row(/^azure-native:sql:(Managed)?Database$/, 'isLedgerOn', 'the ledger that proves that records are unchanged', 'data', {
    ...on('false'),
    severity: 'high',
  }),

  // Copies elsewhere
  row(STORAGE, 'sku.name', 'copies in another region', 'data', {
    ...turning(inAnotherRegion, 'what it holds is no longer copied to another region', 'what it holds is copied to another region as well'),
  }),
  row(STORAGE, 'sku.name', 'copies in other zones', 'data', {
    ...turning(inSeveralZones, 'what it holds is kept in one zone only', 'what it holds is kept in several zones'),
  }),
  row(/^azure-native:sql:(Database|ElasticPool|ManagedInstance)$/, 'zoneRedundant', ZONES, 'data', on('false')),
  row(/^azure-native:containerregistry:(Registry|Replication)$/, 'zoneRedundancy', ZONES, 'data', scale('Disabled', 'Disabled', 'Enabled')),
  row(SERVERS, 'highAvailability.mode', 'its standby', 'data', scale('Disabled', 'Disabled', 'SameZone', 'ZoneRedundant')),
  row(REDIS, 'zones', 'the number of zones in which it stands', 'data', { order: { more: 'stronger' }, read: zones }),

  // Encryption on the way
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
