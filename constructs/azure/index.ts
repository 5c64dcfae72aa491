/** Hardened components for Azure, on Pulumi: `palisade/azure`. */
export type { Claim, Claims, DataProfile, DecidedProfile, LogClass, Relaxation, Retention, Tier } from '../contract';
export { LOG_CLASSES, RETENTION_DAYS } from '../contract';
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
export { type ClusterBackup, SecureBackupVault, type SecureBackupVaultArgs } from './backup';
export { BackupGuard, type BackupGuardArgs } from './backup-guard';
export { SecureRecoveryVault, type SecureRecoveryVaultArgs, type SqlDatabase } from './backup-recovery';
export type { BackupVaultCommon } from './backup-shared';
export type { SecureArgs } from './component';
export { type MachineBackup, SecureVirtualMachine, type SecureVirtualMachineArgs } from './compute';
export type { DataCollection, HostHealth } from './compute-agents';
export { SecureDisk, type SecureDiskArgs, SecureSnapshot, type SecureSnapshotArgs, type SecureVolumeArgs } from './compute-disk';
export { DiskEncryption, type DiskEncryptionArgs, type DiskKey } from './compute-encryption';
export { SecureScaleSet, type SecureScaleSetArgs } from './compute-group';
export type { SecureHostArgs } from './compute-host';
export { type GalleryImage, type HostImage, type MarketplaceImage, PUBLISHERS } from './compute-image';
export { PatchManagement, type PatchManagementArgs } from './compute-patching';
export { SecureRegistry, type SecureRegistryArgs } from './containers';
export { type AppIngress, SecureContainerApp, type SecureContainerAppArgs } from './containers-app';
export type { AppContainer, AppSecret } from './containers-app-template';
export { SecureContainerEnvironment, type SecureContainerEnvironmentArgs, type WorkloadProfileSpec } from './containers-environment';
export { SecureKubernetesCluster, type SecureKubernetesClusterArgs } from './containers-kubernetes';
export type { NodePoolSpec } from './containers-pools';
export type { ColumnGrantArgs, RoleGroup } from './database-columns';
export { SecureCosmosAccount, type SecureCosmosAccountArgs } from './database-cosmos';
export type { CosmosContainer, CosmosContainerArgs, CosmosGrant } from './database-cosmos-container';
export type { FlexibleServerArgs } from './database-flexible';
export { SecureMySqlServer, type SecureMySqlServerArgs } from './database-mysql';
export { SecurePostgresServer, type SecurePostgresServerArgs } from './database-postgres';
export { postgresColumnGrants, postgresRoles } from './database-postgres-columns';
export { SecureRedis, type SecureRedisArgs } from './database-redis';
export { type SearchGrant, SecureSearchService, type SecureSearchServiceArgs } from './database-search';
export type { DirectoryGroup, SecureDatabaseArgs } from './database-shared';
export { SecureSqlServer, type SecureSqlServerArgs } from './database-sql';
export { sqlServerColumnGrants } from './database-sql-columns';
export type { LongTermCopies, SqlDatabaseArgs } from './database-sql-database';
export { type SecureWebhook, SecurityContacts, type SecurityContactsArgs } from './detection';
export { SecurityAlarms, type SecurityAlarmsArgs } from './detection-alarms';
export { ContinuousExport, type ContinuousExportArgs } from './detection-posture';
export type { DetectionName } from './detection-queries';
export { type Playbook, SecureSentinel, type SecureSentinelArgs } from './detection-sentinel';
export { ThreatDetection, type ThreatDetectionArgs } from './detection-threats';
export { type ApiGateway, type GatewayHostname, SecureApiManagement, type SecureApiManagementArgs, type VaultSecretRef } from './edge-api';
export { type DataProtectionNotice, FieldSecuredApi, type FieldSecuredApiArgs, type RecordService } from './edge-api-fields';
export { type PrivateOrigin, SecureFrontDoor, type SecureFrontDoorArgs, type SecureOrigin, type SecureRoute } from './edge-distribution';
export { type ManagedRule, type ManagedRuleSet, SecureWafPolicy, type SecureWafPolicyArgs } from './edge-firewall';
export { SecureApplicationGateway, type SecureApplicationGatewayArgs } from './edge-load-balancer';
export type { SecureSite } from './edge-load-balancer-sites';
export { SecureResourceGroup, type SecureResourceGroupArgs } from './governance';
export type { Guardrail } from './governance-definitions';
export { PolicyException, type PolicyExceptionArgs } from './governance-exceptions';
export {
  type GuardrailName,
  type GuardrailScope,
  PolicyGuardrails,
  type PolicyGuardrailsArgs,
  type RemediationSpec,
} from './governance-guardrails';
export { type TokenTrust, type WorkloadGrant, WorkloadIdentity, type WorkloadIdentityArgs } from './identity';
export { AccessPackage, type AccessPackageArgs, type Audience } from './identity-access-package';
export { type ApplicationRole, FederatedApplication, type FederatedApplicationArgs } from './identity-application';
export { ConditionalAccess, type ConditionalAccessArgs } from './identity-conditional-access';
export type { DirectoryArgs } from './identity-directory';
export { EligibleAccess, type EligibleAccessArgs } from './identity-eligible-access';
export type { Approver } from './identity-eligible-rules';
export { SecureGroup, type SecureGroupArgs } from './identity-group';
export { AccessReview, type AccessReviewArgs } from './identity-review';
export { LeastPrivilegeRole, type LeastPrivilegeRoleArgs } from './identity-role';
export type { BuiltInRole, Principal } from './identity-roles';
export { allowEncryption, SecureKeyVault, type SecureKeyVaultArgs } from './keys';
export { SecureManagedHsm, type SecureManagedHsmArgs } from './keys-hsm';
export type { EncryptionKey, VaultKeyArgs } from './keys-vault-key';
export { SecureLogWorkspace, type SecureLogWorkspaceArgs } from './logging';
export { SecureActivityLog, type SecureActivityLogArgs } from './logging-activity';
export { LogArchive, type LogArchiveArgs } from './logging-archive';
export { DedicatedLogCluster, type DedicatedLogClusterArgs } from './logging-cluster';
export { SecureDataCollection, type SecureDataCollectionArgs } from './logging-collection';
export { type DiagnosticArgs, diagnosticSettings, type LogSink, type LogsFor } from './logging-diagnostics';
export {
  SecureServiceBusNamespace,
  type SecureServiceBusNamespaceArgs,
  type ServiceBusGrant,
  type ServiceBusQueueArgs,
  type ServiceBusSubscriptionArgs,
} from './messaging';
export { SecureEventGridDomain, SecureEventGridTopic, type SecureEventGridTopicArgs } from './messaging-events';
export type { BlobTarget } from './messaging-floor';
export type { EventReceiver, EventSubscriptionSpec, WebhookReceiver } from './messaging-grid-subscriptions';
export { type EventHubGrant, type EventHubSpec, SecureEventHubNamespace, type SecureEventHubNamespaceArgs } from './messaging-streams';
export { type EventAlertSpec, SecureEventGridSystemTopic, type SecureEventGridSystemTopicArgs } from './messaging-system-topic';
export { SecureLogicApp, type SecureLogicAppArgs, type WorkflowCallers, type WorkflowParameter } from './messaging-workflow';
export type { WorkflowBranch, WorkflowDefinition, WorkflowStep, WorkflowSteps } from './messaging-workflow-definition';
export { SecureVirtualNetwork, type SecureVirtualNetworkArgs } from './network';
export type { VaultCertificate } from './network-certificates';
export { type EndpointNetwork, type PrivateEndpointArgs, type PrivateService, privateEndpoint } from './network-endpoints';
export { DdosPlan, type DdosPlanArgs } from './network-floods';
export { SecureFirewall, type SecureFirewallArgs } from './network-inspection';
export type { FirewallFlow, FirewallSites } from './network-inspection-rules';
export type { PeeringArgs } from './network-peering';
export type { Flow } from './network-rules';
export { SecureBastion, type SecureBastionArgs } from './network-sessions';
export type { SubnetSpec } from './network-subnets';
export { PrivateDnsZones, type PrivateDnsZonesArgs, type ZoneMember } from './network-zones';
export { type BlobGrant, SecureStorageAccount, type SecureStorageAccountArgs } from './object-storage';
export type { CorsRule } from './object-storage-cors';
export type { TrustedInstance } from './object-storage-floor';
export { DataProfileDeclaration, declareProfile } from './profile';
export { IncidentRunbooks, type IncidentRunbooksArgs, type RunbookName } from './response';
export { InvestigationQueries, type InvestigationQueriesArgs } from './response-queries';
export { SecureSecret, type SecureSecretArgs } from './secrets';
export { SecretRotation, type SecretRotationArgs } from './secrets-rotation';
export { type HostStorage, SecureFunctionApp, type SecureFunctionAppArgs } from './serverless';
export { type PlanSize, SecureAppServicePlan, type SecureAppServicePlanArgs } from './serverless-plan';
export type { SignIn } from './serverless-sign-in';
export type { SecureSiteArgs, SecureSlot, SlotSettings } from './serverless-site';
export { SecureWebApp, type SecureWebAppArgs } from './serverless-web';
