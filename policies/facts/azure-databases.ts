/** What several rules need to know of databases, caches and search on Azure. */

export const SQL = 'azure-native:sql:Server';
export const SQL_DATABASE = 'azure-native:sql:Database';
export const MANAGED_INSTANCE = 'azure-native:sql:ManagedInstance';
export const SYNAPSE = 'azure-native:synapse:Workspace';
/** Flexible servers. */
export const POSTGRES = 'azure-native:dbforpostgresql:Server';
export const MYSQL = 'azure-native:dbformysql:Server';
/** Single servers, which Azure has retired and still keeps running for some. */
export const POSTGRES_SINGLE = 'azure-native:dbforpostgresql:SingleServer';
export const MYSQL_SINGLE = 'azure-native:dbformysql:SingleServer';
export const MARIADB = 'azure-native:dbformariadb:Server';
export const SINGLE_SERVERS = [POSTGRES_SINGLE, MYSQL_SINGLE, MARIADB] as const;
/** Citus, sold as Cosmos DB for PostgreSQL. */
export const CITUS = 'azure-native:dbforpostgresql:ServerGroupCluster';
export const COSMOS = 'azure-native:cosmosdb:DatabaseAccount';
export const MONGO = 'azure-native:mongocluster:MongoCluster';
export const REDIS = 'azure-native:redis:Redis';
export const REDIS_ENTERPRISE = 'azure-native:redisenterprise:RedisEnterprise';
export const REDIS_DATABASE = 'azure-native:redisenterprise:Database';
export const SEARCH = 'azure-native:search:Service';
export const KUSTO = 'azure-native:kusto:Cluster';
export const DATABRICKS = 'azure-native:databricks:Workspace';
export const PURVIEW = 'azure-native:purview:Account';
export const HDINSIGHT = 'azure-native:hdinsight:Cluster';
export const APP_CONFIGURATION = 'azure-native:appconfiguration:ConfigurationStore';
export const NETAPP = 'azure-native:netapp:Account';
export const NETAPP_POOL = 'azure-native:netapp:CapacityPool';
export const NETAPP_VOLUME = 'azure-native:netapp:CapacityPoolVolume';
export const FILE_SYNC = 'azure-native:storagesync:StorageSyncService';

/** Every resource that keeps data and carries tags. */
export const STORES = [
  SQL,
  SQL_DATABASE,
  MANAGED_INSTANCE,
  SYNAPSE,
  POSTGRES,
  MYSQL,
  ...SINGLE_SERVERS,
  CITUS,
  COSMOS,
  MONGO,
  REDIS,
  REDIS_ENTERPRISE,
  SEARCH,
  KUSTO,
  DATABRICKS,
  NETAPP_VOLUME,
] as const;
