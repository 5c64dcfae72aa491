/**
 * Hardened AWS constructs: the CDK constructs you know, with the controls built in.
 *
 * @packageDocumentation
 */
export type {
  Claim,
  Claims,
  DataProfile,
  DecidedProfile,
  LogClass,
  Relaxation,
  Retention,
  Tier,
} from '../contract';
export { SecureBackupVault, type SecureBackupVaultProps } from './backup';
export { SecureBackupPlan, type SecureBackupPlanProps } from './backup-plan';
export { type RestorableStore, RestoreTests, type RestoreTestsProps } from './backup-tests';
export { SecureCache, type SecureCacheProps } from './database-cache';
export { SecureDatabaseCluster, type SecureDatabaseClusterProps } from './database-cluster';
export { SecureDocumentDatabase, type SecureDocumentDatabaseProps } from './database-documents';
export { SecureFileSystem, type SecureFileSystemProps } from './database-files';
export { SecureGraphDatabase, type SecureGraphDatabaseProps } from './database-graph';
export { SecureDatabaseInstance, type SecureDatabaseInstanceProps } from './database-instance';
export { SecureSearchDomain, type SecureSearchDomainProps } from './database-search';
export type { DatabaseNetworkProps } from './database-shared';
export { type LeadingKeyRead, SecureTable, type SecureTableProps } from './database-table';
export { SecureWarehouse, type SecureWarehouseProps } from './database-warehouse';
export { AlarmTopic } from './detection';
export { SecurityAlarms, type SecurityAlarmsProps } from './detection-alarms';
export { DataDiscovery, type DataDiscoveryProps } from './detection-discovery';
export { ExposureAnalysis, type ExposureAnalysisProps } from './detection-exposure';
export { SecurityPosture, type SecurityPostureProps } from './detection-posture';
export { ThreatDetection, type ThreatDetectionProps } from './detection-threats';
export { SecureKey, type SecureKeyProps, type ServiceGrant } from './keys';
export { SecureLogGroup, type SecureLogGroupProps } from './logging';
export { LogArchive, type LogArchiveProps } from './logging-archive';
export { denyLogTampering, LogGuard, type LogGuardProps } from './logging-guard';
export { EventStore, type EventStoreProps } from './logging-lake';
export { ConfigurationRecorder, type ConfigurationRecorderProps, LogStage, type LogStageProps } from './logging-recorder';
export { SecureTrail, type SecureTrailProps } from './logging-trail';
export { SecureQueue, type SecureQueueProps, SecureTopic, type SecureTopicProps } from './messaging';
export { SecureEventBus, type SecureEventBusProps, SecureStateMachine, type SecureStateMachineProps } from './messaging-events';
export { SecureDeliveryStream, type SecureDeliveryStreamProps, SecureStream, type SecureStreamProps } from './messaging-streams';
export { SecureVpc, type SecureVpcProps, type SecurityGroupOptions } from './network';
export type { EndpointService } from './network-endpoints';
export { SecureBucket, type SecureBucketProps } from './object-storage';
export { AccessLogBucket } from './object-storage-logs';
export { declareOrganisation, declareProfile, organisationOf, profileOf, SecureStack, type SecureStackProps } from './profile';
export { SecureSecret, type SecureSecretProps } from './secrets';
export { SecureFunction, type SecureFunctionProps } from './serverless';
export { CodeSigning } from './serverless-signing';
export { type Shared, type SharedThing, share } from './shared';
