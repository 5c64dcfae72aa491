import { describe, expect, it } from 'vitest';
import { ENTRY_POINTS, exportsOf } from './support/surface';

/** Names as a reviewer reads them; a change here is a change for every user, and belongs into the changelog. */
const namesOf = (path: string) => {
  const names = exportsOf(path);
  const of = (kind: string) =>
    names
      .filter((each) => each.kind === kind)
      .map(({ name }) => name)
      .join(' ');
  return { values: of('value'), types: of('type') };
};

describe('the public names', () => {
  it('of palisade', () => {
    expect(namesOf(ENTRY_POINTS.palisade)).toMatchInlineSnapshot(`
      {
        "types": "CaseRole Claim Claims Control ControlId ControlKind DataProfile DecidedProfile Exposure Field FieldCatalogue FieldCatalogueDefinition FieldType FieldView Framework FrameworkId Interval LogClass LogProfile Mask MissionRow Privilege Reach RecordType Relaxation Retention Sensitivity Severity Standard StandardId Tier TierDecision Unclaimed Verification Volume Waiver",
        "values": "ANNOUNCE_DAYS CASE_ROLES CONTROLS CONTROL_IDS DAY_MS EXPOSURES FIELD_TYPES FRAMEWORKS INTERVAL_DAYS LOG_CLASSES LONGEST_DAYS MASKS METADATA_KEY PLUGIN_NAME PRIVILEGES PROFILE_TYPE REACHES RECOVERY_DAYS RETENTION_DAYS SENSITIVITIES SEVERITIES STANDARDS TAGS THRESHOLDS TIERS VOLUMES WAIVER_FIELDS WAIVER_TYPE attestationDays claims dayOf decideTier decided fieldCatalogue fieldViewOf isControlId isSelfApproved logProfileOf masked reaches relaxed standard standardOf tagsOf unclaimed waiverFromReason waiverToReason",
      }
    `);
  });

  it('of palisade/aws', () => {
    expect(namesOf(ENTRY_POINTS['palisade/aws'])).toMatchInlineSnapshot(`
      {
        "types": "BrokerEngine CaseRole Claim Claims ConfigurationRecorderProps DataDiscoveryProps DataProfile DataProtectionNotice DatabaseNetworkProps DecidedProfile EndpointService EventStoreProps ExposureAnalysisProps FederatedRoleProps Field FieldCatalogue FieldCatalogueDefinition FieldSecuredApiProps FieldType FieldView IncidentRunbooksProps InspectedEgress InvestigationGraphProps InvestigationQueriesProps InvestigationRoleProps LeadingKeyRead LogArchiveProps LogClass LogGuardProps LogStageProps Mask OperatingSystem PasswordPolicyProps PatchManagementProps PermissionBoundaryProps PermissionSetProps Reach RecordType Relaxation RestorableStore RestoreTestsProps Retention SecureAutoScalingGroupProps SecureBackupPlanProps SecureBackupVaultProps SecureBehavior SecureBrokerProps SecureBucketProps SecureCacheProps SecureClusterProps SecureContainerOptions SecureDatabaseClusterProps SecureDatabaseInstanceProps SecureDeliveryStreamProps SecureDistributionProps SecureDocumentDatabaseProps SecureEventBusProps SecureFargateServiceProps SecureFargateTaskProps SecureFileSystemProps SecureFunctionProps SecureGraphDatabaseProps SecureGraphqlApiProps SecureHostProps SecureInstanceProps SecureKafkaProps SecureKeyProps SecureKubernetesClusterProps SecureLaunchTemplateProps SecureLoadBalancerProps SecureLogGroupProps SecureQueueProps SecureRepositoryProps SecureRestApiProps SecureSearchDomainProps SecureSecretProps SecureStackProps SecureStateMachineProps SecureStreamProps SecureTableProps SecureTopicProps SecureTrailProps SecureVpcProps SecureWarehouseProps SecureWebAclProps SecurityAlarmsProps SecurityGroupOptions SecurityPostureProps ServiceGrant SessionManagerProps Shared SharedRecords SharedThing ThreatDetectionProps Tier TokenTrust UserDirectoryProps VulnerabilityScanningProps",
        "values": "AccessLogBucket AccountPublicAccessBlock AlarmTopic CASE_ROLES CodeSigning ConfigurationRecorder DataDiscovery EventStore ExportGuard ExposureAnalysis FederatedRole FieldSecuredApi IncidentRunbooks InvestigationGraph InvestigationQueries InvestigationRole LogArchive LogGuard LogStage PasswordPolicy PatchManagement PermissionBoundary PermissionSet RestoreTests SecureAutoScalingGroup SecureBackupPlan SecureBackupVault SecureBroker SecureBucket SecureCache SecureCluster SecureDatabaseCluster SecureDatabaseInstance SecureDeliveryStream SecureDistribution SecureDocumentDatabase SecureEventBus SecureFargateService SecureFargateTask SecureFileSystem SecureFunction SecureGraphDatabase SecureGraphqlApi SecureInstance SecureKafka SecureKey SecureKubernetesCluster SecureLaunchTemplate SecureListener SecureLoadBalancer SecureLogGroup SecureQueue SecureRepository SecureRestApi SecureSearchDomain SecureSecret SecureStack SecureStateMachine SecureStream SecureTable SecureTopic SecureTrail SecureVpc SecureWarehouse SecureWebAcl SecurityAlarms SecurityPosture SessionManager ThreatDetection UserDirectory VulnerabilityScanning declareOrganisation declareProfile denyExport denyLogTampering fieldCatalogue fieldViewOf masked organisationOf profileOf share",
      }
    `);
  });

  it('of palisade/azure', () => {
    expect(namesOf(ENTRY_POINTS['palisade/azure'])).toMatchInlineSnapshot(`
      {
        "types": "AccessPackageArgs AccessReviewArgs ApiGateway AppContainer AppIngress AppSecret ApplicationRole Approver Audience BackupGuardArgs BackupVaultCommon BlobGrant BlobTarget BuiltInRole CaseRole Claim Claims ClusterBackup ColumnGrantArgs ConditionalAccessArgs ContinuousExportArgs CorsRule CosmosContainer CosmosContainerArgs CosmosGrant DataCollection DataProfile DataProtectionNotice DdosPlanArgs DecidedProfile DedicatedLogClusterArgs DetectionName DiagnosticArgs DirectoryArgs DirectoryGroup DiskEncryptionArgs DiskKey EligibleAccessArgs EncryptionKey EndpointNetwork EventAlertSpec EventHubGrant EventHubSpec EventReceiver EventSubscriptionSpec FederatedApplicationArgs Field FieldCatalogue FieldCatalogueDefinition FieldSecuredApiArgs FieldType FieldView FirewallFlow FirewallSites FlexibleServerArgs Flow GalleryImage GatewayHostname Guardrail GuardrailName GuardrailScope HostHealth HostImage HostStorage IncidentRunbooksArgs InvestigationQueriesArgs LeastPrivilegeRoleArgs LogArchiveArgs LogClass LogSink LogsFor LongTermCopies MachineBackup ManagedRule ManagedRuleSet MarketplaceImage Mask NodePoolSpec PatchManagementArgs PeeringArgs PlanSize Playbook PolicyExceptionArgs PolicyGuardrailsArgs Principal PrivateDnsZonesArgs PrivateEndpointArgs PrivateOrigin PrivateService Reach RecordService RecordType Relaxation RemediationSpec Retention RoleGroup RunbookName SearchGrant SecretRotationArgs SecureActivityLogArgs SecureApiManagementArgs SecureAppServicePlanArgs SecureApplicationGatewayArgs SecureArgs SecureBackupVaultArgs SecureBastionArgs SecureContainerAppArgs SecureContainerEnvironmentArgs SecureCosmosAccountArgs SecureDataCollectionArgs SecureDatabaseArgs SecureDiskArgs SecureEventGridSystemTopicArgs SecureEventGridTopicArgs SecureEventHubNamespaceArgs SecureFirewallArgs SecureFrontDoorArgs SecureFunctionAppArgs SecureGroupArgs SecureHostArgs SecureKeyVaultArgs SecureKubernetesClusterArgs SecureLogWorkspaceArgs SecureLogicAppArgs SecureManagedHsmArgs SecureMySqlServerArgs SecureOrigin SecurePostgresServerArgs SecureRecoveryVaultArgs SecureRedisArgs SecureRegistryArgs SecureResourceGroupArgs SecureRoute SecureScaleSetArgs SecureSearchServiceArgs SecureSecretArgs SecureSentinelArgs SecureServiceBusNamespaceArgs SecureSite SecureSiteArgs SecureSlot SecureSnapshotArgs SecureSqlServerArgs SecureStorageAccountArgs SecureVirtualMachineArgs SecureVirtualNetworkArgs SecureVolumeArgs SecureWafPolicyArgs SecureWebAppArgs SecureWebhook SecurityAlarmsArgs SecurityContactsArgs ServiceBusGrant ServiceBusQueueArgs ServiceBusSubscriptionArgs SignIn SlotSettings SqlDatabase SqlDatabaseArgs SubnetSpec ThreatDetectionArgs Tier TokenTrust TrustedInstance VaultCertificate VaultKeyArgs VaultSecretRef WebhookReceiver WorkflowBranch WorkflowCallers WorkflowDefinition WorkflowParameter WorkflowStep WorkflowSteps WorkloadGrant WorkloadIdentityArgs WorkloadProfileSpec ZoneMember",
        "values": "AccessPackage AccessReview BackupGuard CASE_ROLES ConditionalAccess ContinuousExport DataProfileDeclaration DdosPlan DedicatedLogCluster DiskEncryption EligibleAccess FederatedApplication FieldSecuredApi IncidentRunbooks InvestigationQueries LOG_CLASSES LeastPrivilegeRole LogArchive PUBLISHERS PatchManagement PolicyException PolicyGuardrails PrivateDnsZones RETENTION_DAYS SecretRotation SecureActivityLog SecureApiManagement SecureAppServicePlan SecureApplicationGateway SecureBackupVault SecureBastion SecureContainerApp SecureContainerEnvironment SecureCosmosAccount SecureDataCollection SecureDisk SecureEventGridDomain SecureEventGridSystemTopic SecureEventGridTopic SecureEventHubNamespace SecureFirewall SecureFrontDoor SecureFunctionApp SecureGroup SecureKeyVault SecureKubernetesCluster SecureLogWorkspace SecureLogicApp SecureManagedHsm SecureMySqlServer SecurePostgresServer SecureRecoveryVault SecureRedis SecureRegistry SecureResourceGroup SecureScaleSet SecureSearchService SecureSecret SecureSentinel SecureServiceBusNamespace SecureSnapshot SecureSqlServer SecureStorageAccount SecureVirtualMachine SecureVirtualNetwork SecureWafPolicy SecureWebApp SecurityAlarms SecurityContacts ThreatDetection WorkloadIdentity allowEncryption declareProfile diagnosticSettings fieldCatalogue fieldViewOf masked postgresColumnGrants postgresRoles privateEndpoint sqlServerColumnGrants",
      }
    `);
  });

  it('of palisade/policies', () => {
    expect(namesOf(ENTRY_POINTS['palisade/policies'])).toMatchInlineSnapshot(`
      {
        "types": "Cloud DeclaredWaiver EvaluateOptions Evaluation Example Family Finding Location Node Origin Outcome ResourceInit Rule RuleContext RuleSpec Scope SdkDefaults Unit UnitTier ValueState Verdict Waiver WaiverNote",
        "values": "FAMILIES Graph PLAIN_SCOPE RULES RULE_FAMILIES Reference Resource Secret Text UNIT Unresolved Value WaiverRegister Worlds allOf anyOf evaluate every fail gap judge not notApplicable pass rule rulesOf some unknown when",
      }
    `);
  });

  it('of palisade/nag', () => {
    expect(namesOf(ENTRY_POINTS['palisade/nag'])).toMatchInlineSnapshot(`
      {
        "types": "PalisadeChecksProps",
        "values": "PalisadeChecks",
      }
    `);
  });

  it('of palisade/crossguard', () => {
    expect(namesOf(ENTRY_POINTS['palisade/crossguard'])).toMatchInlineSnapshot(`
      {
        "types": "PalisadePackOptions",
        "values": "createPolicyPack palisadePolicies",
      }
    `);
  });
});
