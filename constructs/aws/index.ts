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
export {
  CASE_ROLES,
  type CaseRole,
  type Field,
  type FieldCatalogue,
  type FieldCatalogueDefinition,
  type FieldType,
  type FieldView,
  fieldCatalogue,
  fieldViewOf,
  type Mask,
  masked,
  type Reach,
  type RecordType,
} from '../fields';
export { SecureBackupVault, type SecureBackupVaultProps } from './backup';
export { SecureBackupPlan, type SecureBackupPlanProps } from './backup-plan';
export { type RestorableStore, RestoreTests, type RestoreTestsProps } from './backup-tests';
export { SecureInstance, type SecureInstanceProps } from './compute';
export {
  SecureAutoScalingGroup,
  type SecureAutoScalingGroupProps,
  SecureLaunchTemplate,
  type SecureLaunchTemplateProps,
} from './compute-group';
export { type OperatingSystem, PatchManagement, type PatchManagementProps } from './compute-patching';
export { SessionManager, type SessionManagerProps } from './compute-sessions';
export type { SecureHostProps } from './compute-shared';
export { SecureCluster, type SecureClusterProps, SecureRepository, type SecureRepositoryProps } from './containers';
export { SecureKubernetesCluster, type SecureKubernetesClusterProps } from './containers-kubernetes';
export {
  type SecureContainerOptions,
  SecureFargateService,
  type SecureFargateServiceProps,
  SecureFargateTask,
  type SecureFargateTaskProps,
} from './containers-tasks';
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
export { VulnerabilityScanning, type VulnerabilityScanningProps } from './detection-scanning';
export { ThreatDetection, type ThreatDetectionProps } from './detection-threats';
export { SecureRestApi, type SecureRestApiProps } from './edge-api';
export { type SecureBehavior, SecureDistribution, type SecureDistributionProps } from './edge-distribution';
export { SecureWebAcl, type SecureWebAclProps } from './edge-firewall';
export { SecureGraphqlApi, type SecureGraphqlApiProps } from './edge-graphql';
export { type DataProtectionNotice, FieldSecuredApi, type FieldSecuredApiProps } from './edge-graphql-fields';
export { SecureListener, SecureLoadBalancer, type SecureLoadBalancerProps } from './edge-load-balancer';
export { FederatedRole, type FederatedRoleProps, type TokenTrust } from './identity';
export { PermissionBoundary, type PermissionBoundaryProps } from './identity-boundary';
export { UserDirectory, type UserDirectoryProps } from './identity-directory';
export { denyExport, ExportGuard } from './identity-export';
export { PasswordPolicy, type PasswordPolicyProps } from './identity-passwords';
export { PermissionSet, type PermissionSetProps } from './identity-permission-set';
export { SecureKey, type SecureKeyProps, type ServiceGrant } from './keys';
export { SecureLogGroup, type SecureLogGroupProps } from './logging';
export { LogArchive, type LogArchiveProps } from './logging-archive';
export { denyLogTampering, LogGuard, type LogGuardProps } from './logging-guard';
export { EventStore, type EventStoreProps } from './logging-lake';
export { ConfigurationRecorder, type ConfigurationRecorderProps, LogStage, type LogStageProps } from './logging-recorder';
export { SecureTrail, type SecureTrailProps } from './logging-trail';
export { SecureQueue, type SecureQueueProps, SecureTopic, type SecureTopicProps } from './messaging';
export { type BrokerEngine, SecureBroker, type SecureBrokerProps } from './messaging-broker';
export { SecureEventBus, type SecureEventBusProps, SecureStateMachine, type SecureStateMachineProps } from './messaging-events';
export { SecureKafka, type SecureKafkaProps } from './messaging-kafka';
export { SecureDeliveryStream, type SecureDeliveryStreamProps, SecureStream, type SecureStreamProps } from './messaging-streams';
export { SecureVpc, type SecureVpcProps, type SecurityGroupOptions } from './network';
export type { EndpointService } from './network-endpoints';
export type { InspectedEgress } from './network-inspection';
export { SecureBucket, type SecureBucketProps } from './object-storage';
export { AccountPublicAccessBlock } from './object-storage-account';
export { AccessLogBucket } from './object-storage-logs';
export { declareOrganisation, declareProfile, organisationOf, profileOf, SecureStack, type SecureStackProps } from './profile';
export { IncidentRunbooks, type IncidentRunbooksProps } from './response';
export {
  InvestigationGraph,
  type InvestigationGraphProps,
  InvestigationRole,
  type InvestigationRoleProps,
} from './response-investigation';
export { InvestigationQueries, type InvestigationQueriesProps } from './response-queries';
export { SecureSecret, type SecureSecretProps } from './secrets';
export { SecureFunction, type SecureFunctionProps } from './serverless';
export { CodeSigning } from './serverless-signing';
export { type Shared, type SharedRecords, type SharedThing, share } from './shared';
