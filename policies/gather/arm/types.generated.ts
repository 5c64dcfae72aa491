// Generated from @pulumi/azure-native by scripts/generate-arm-types.js. Do not edit.
/**
 * `@module`, then `Class|own name|names of parents|kept`, one resource a line. `*` after the class: lives in a resource
 * group. `kept`: property names whose objects hold a `properties` of their own, `~`: whatever the author likes, `%`: objects under
 * names that the author chooses; `.` stands for the resource itself.
 */
export const ARM_TYPES = `
@aad
DomainService*|domainServiceName
OuContainer*|ouContainerName|domainServiceName
@aadiam
DiagnosticSetting|name
@addons
SupportPlanType|planTypeName|providerName
@advisor
Assessment|assessmentName
Suppression|name|recommendationId resourceUri
@agfoodplatform
DataConnector*|dataConnectorName|dataManagerForAgricultureResourceName|.
DataManagerForAgricultureResource*|dataManagerForAgricultureResourceName
Extension*|extensionId|dataManagerForAgricultureResourceName|%additionalApiProperties
PrivateEndpointConnection*|privateEndpointConnectionName|dataManagerForAgricultureResourceName
Solution*|solutionId|dataManagerForAgricultureResourceName|.
@agricultureplatform
AgriService*|agriServiceResourceName||.
@alertsmanagement
ActionRuleByName*|actionRuleName||.
AlertProcessingRuleByName*|alertProcessingRuleName||.
Issue|issueName|resourceUri|.
PrometheusRuleGroup*|ruleGroupName||~actionProperties ~annotations ~labels
SmartDetectorAlertRule*|alertRuleName
@analysisservices
ServerDetails*|serverName
@apicenter
Api*|apiName|serviceName workspaceName|~customProperties
ApiDefinition*|definitionName|apiName serviceName versionName workspaceName
ApiSource*|apiSourceName|serviceName workspaceName
ApiVersion*|versionName|apiName serviceName workspaceName
Deployment*|deploymentName|apiName serviceName workspaceName|~customProperties
Environment*|environmentName|serviceName workspaceName|~customProperties
MetadataSchema*|metadataSchemaName|serviceName
Service*|serviceName
Workspace*|workspaceName|serviceName
@apimanagement
Api*|apiId|serviceName
ApiDiagnostic*|diagnosticId|apiId serviceName
ApiGateway*|gatewayName
ApiGatewayConfigConnection*|configConnectionName|gatewayName
ApiGatewayHostnameBinding*|hostnameBindingName|gatewayName
ApiIssue*|issueId|apiId serviceName
ApiIssueAttachment*|attachmentId|apiId issueId serviceName
ApiIssueComment*|commentId|apiId issueId serviceName
ApiManagementService*|serviceName||%userAssignedIdentities ~customProperties
ApiOperation*|operationId|apiId serviceName|%examples ~value
ApiOperationPolicy*|policyId|apiId operationId serviceName
ApiPolicy*|policyId|apiId serviceName
ApiRelease*|releaseId|apiId serviceName
ApiSchema*|schemaId|apiId serviceName|~components ~definitions
ApiTagDescription*|tagDescriptionId|apiId serviceName
ApiTool*|toolId|apiId serviceName
ApiVersionSet*|versionSetId|serviceName
ApiWiki*||apiId serviceName
Authorization*|authorizationId|authorizationProviderId serviceName
AuthorizationAccessPolicy*|authorizationAccessPolicyId|authorizationId authorizationProviderId serviceName
AuthorizationProvider*|authorizationProviderId|serviceName|~authorizationCode ~clientCredentials
AuthorizationServer*|authsid|serviceName
Backend*|backendId|serviceName|~header ~query
Cache*|cacheId|serviceName
Certificate*|certificateId|serviceName
ClientApplication*|clientApplicationId|serviceName
ClientApplicationProductLink*|clientApplicationProductLinkId|clientApplicationId serviceName
ContentItem*|contentItemId|contentTypeId serviceName|. ~properties
ContentType*|contentTypeId|serviceName|~schema
Diagnostic*|diagnosticId|serviceName
Documentation*|documentationId|serviceName
EmailTemplate*|templateName|serviceName
Gateway*|gatewayId|serviceName
GatewayApiEntityTag*||serviceName
GatewayCertificateAuthority*|certificateId|gatewayId serviceName
GatewayHostnameConfiguration*|hcId|gatewayId serviceName
GlobalSchema*|schemaId|serviceName|~value
GraphQLApiResolver*|resolverId|apiId serviceName
GraphQLApiResolverPolicy*|policyId|apiId resolverId serviceName
Group*|groupId|serviceName
GroupUser*||serviceName
IdentityProvider*|identityProviderName|serviceName
Logger*|loggerId|serviceName|~credentials
NamedValue*|namedValueId|serviceName
NotificationRecipientEmail*||notificationName serviceName
NotificationRecipientUser*||notificationName serviceName
OpenIdConnectProvider*|opid|serviceName
Policy*|policyId|serviceName
PolicyFragment*|id|serviceName
PolicyRestriction*|policyRestrictionId|serviceName
PrivateEndpointConnectionByName*|privateEndpointConnectionName|serviceName|.
Product*|productId|serviceName
ProductApi*||serviceName
ProductApiLink*|apiLinkId|productId serviceName
ProductGroup*||serviceName
ProductGroupLink*|groupLinkId|productId serviceName
ProductPolicy*|policyId|productId serviceName
ProductWiki*||productId serviceName
Schema*|schemaId|serviceName
Subscription*|sid|serviceName
Tag*|tagId|serviceName
TagApiLink*|apiLinkId|serviceName tagId
TagByApi*|tagId|apiId serviceName
TagByOperation*|tagId|apiId operationId serviceName
TagByProduct*|tagId|productId serviceName
TagOperationLink*|operationLinkId|serviceName tagId
TagProductLink*|productLinkId|serviceName tagId
User*|userId|serviceName
Workspace*|workspaceId|serviceName
WorkspaceApi*|apiId|serviceName workspaceId
WorkspaceApiDiagnostic*|diagnosticId|apiId serviceName workspaceId
WorkspaceApiOperation*|operationId|apiId serviceName workspaceId|%examples ~value
WorkspaceApiOperationPolicy*|policyId|apiId operationId serviceName workspaceId
WorkspaceApiPolicy*|policyId|apiId serviceName workspaceId
WorkspaceApiRelease*|releaseId|apiId serviceName workspaceId
WorkspaceApiSchema*|schemaId|apiId serviceName workspaceId|~components ~definitions
WorkspaceApiVersionSet*|versionSetId|serviceName workspaceId
WorkspaceBackend*|backendId|serviceName workspaceId|~header ~query
WorkspaceCertificate*|certificateId|serviceName workspaceId
WorkspaceDiagnostic*|diagnosticId|serviceName workspaceId
WorkspaceGlobalSchema*|schemaId|serviceName workspaceId|~value
WorkspaceGroup*|groupId|serviceName workspaceId
WorkspaceGroupUser*||serviceName
WorkspaceLogger*|loggerId|serviceName workspaceId|~credentials
WorkspaceNamedValue*|namedValueId|serviceName workspaceId
WorkspaceNotificationRecipientEmail*||notificationName serviceName
WorkspaceNotificationRecipientUser*||notificationName serviceName
WorkspacePolicy*|policyId|serviceName workspaceId
WorkspacePolicyFragment*|id|serviceName workspaceId
WorkspaceProduct*|productId|serviceName workspaceId
WorkspaceProductApiLink*|apiLinkId|productId serviceName workspaceId
WorkspaceProductGroupLink*|groupLinkId|productId serviceName workspaceId
WorkspaceProductPolicy*|policyId|productId serviceName workspaceId
WorkspaceSubscription*|sid|serviceName workspaceId
WorkspaceTag*|tagId|serviceName workspaceId
WorkspaceTagApiLink*|apiLinkId|serviceName tagId workspaceId
WorkspaceTagOperationLink*|operationLinkId|serviceName tagId workspaceId
WorkspaceTagProductLink*|productLinkId|serviceName tagId workspaceId
@app
Agent*|agentName||.
AgentSpace*|agentSpaceName||.
AgentSpacesConnector*|connectorName|agentSpaceName|. ~extendedProperties
AgentsConnector*|connectorName|agentName|. ~extendedProperties
AppResiliency*|name|appName
Build*|buildName|builderName
Builder*|builderName
Certificate*|certificateName|environmentName|.
ConnectedEnvironment*|connectedEnvironmentName
ConnectedEnvironmentsCertificate*|certificateName|connectedEnvironmentName|.
ConnectedEnvironmentsDaprComponent*|componentName|connectedEnvironmentName
ConnectedEnvironmentsStorage*|storageName|connectedEnvironmentName|.
ContainerApp*|containerAppName||~customizedKeys
ContainerAppsAuthConfig*|authConfigName|containerAppName|%customOpenIdConnectProviders
ContainerAppsSessionPool*|sessionPoolName
ContainerAppsSourceControl*|sourceControlName|containerAppName
DaprComponent*|componentName|environmentName
DaprComponentResiliencyPolicy*|name|componentName environmentName
DaprSubscription*|name|environmentName
DotNetComponent*|name|environmentName
HttpRouteConfig*|httpRouteName|environmentName|.
JavaComponent*|name|environmentName|.
Job*|jobName
LogicApp*|logicAppName|containerAppName
MaintenanceConfiguration*|configName|environmentName
ManagedCertificate*|managedCertificateName|environmentName|.
ManagedEnvironment*|environmentName
ManagedEnvironmentPrivateEndpointConnection*|privateEndpointConnectionName|environmentName
ManagedEnvironmentsStorage*|storageName|environmentName|.
@appcomplianceautomation
Evidence|evidenceName|reportName
Report|reportName
ScopingConfiguration|scopingConfigurationName|reportName
Webhook|webhookName|reportName
@appconfiguration
ConfigurationStore*|configStoreName
KeyValue*|keyValueName|configStoreName
PrivateEndpointConnection*|privateEndpointConnectionName|configStoreName
Replica*|replicaName|configStoreName
@applicationinsights
AnalyticsItem*||resourceName scopePath|.
Component*|resourceName
ComponentCurrentBillingFeature*||resourceName
ComponentLinkedStorageAccount*|storageType|resourceName
ExportConfiguration*|exportId|resourceName
Favorite*|favoriteId|resourceName
MyWorkbook*|resourceName
ProactiveDetectionConfiguration*|configurationId|resourceName
WebTest*|webTestName
Workbook*|resourceName
WorkbookTemplate*|resourceName||%localized ~templateData
@applink
AppLink*|appLinkName
AppLinkMember*|appLinkMemberName|appLinkName|.
@appplatform
ApiPortal*|apiPortalName|serviceName|.
ApiPortalCustomDomain*|domainName|apiPortalName serviceName|.
Apm*|apmName|serviceName|. ~properties ~secrets
App*|appName|serviceName|. ~addonConfigs
ApplicationAccelerator*|applicationAcceleratorName|serviceName
ApplicationLiveView*|applicationLiveViewName|serviceName
Binding*|bindingName|appName serviceName|. ~bindingParameters
BuildServiceAgentPool*|agentPoolName|buildServiceName serviceName|.
BuildServiceBuild*|buildName|buildServiceName serviceName|. ~env
BuildServiceBuilder*|builderName|buildServiceName serviceName|.
BuildpackBinding*|buildpackBindingName|buildServiceName builderName serviceName|. launchProperties ~properties ~secrets
Certificate*|certificateName|serviceName|.
ConfigServer*||serviceName|.
ConfigurationService*|configurationServiceName|serviceName|.
ContainerRegistry*|containerRegistryName|serviceName|.
CustomDomain*|domainName|appName serviceName|.
CustomizedAccelerator*|customizedAcceleratorName|applicationAcceleratorName serviceName|.
Deployment*|deploymentName|appName serviceName|. ~addonConfigs ~environmentVariables
DevToolPortal*|devToolPortalName|serviceName|.
Gateway*|gatewayName|serviceName|. environmentVariables ~addonConfigs ~properties ~secrets
GatewayCustomDomain*|domainName|gatewayName serviceName|.
GatewayRouteConfig*|routeConfigName|gatewayName serviceName|.
Job*|jobName|serviceName|.
MonitoringSetting*||serviceName|.
Service*|serviceName||.
ServiceRegistry*|serviceRegistryName|serviceName
Storage*|storageName|serviceName|.
@attestation
AttestationProvider*|providerName||.
PrivateEndpointConnection*|privateEndpointConnectionName|providerName
@authorization
AccessReviewHistoryDefinitionById|historyDefinitionId
AccessReviewScheduleDefinitionById|scheduleDefinitionId
DenyAssignment|denyAssignmentId|scope
ManagementLockAtResourceGroupLevel*|lockName
ManagementLockAtResourceLevel*|lockName|apiVersion parentResourcePath resourceName resourceProviderNamespace resourceType
ManagementLockAtSubscriptionLevel|lockName
ManagementLockByScope|lockName|scope
PimRoleEligibilitySchedule||roleEligibilityScheduleRequestName scope
PolicyAssignment|policyAssignmentName|scope|%parameters ~value
PolicyDefinition|policyDefinitionName||%parameters ~allowedValues ~defaultValue ~policyRule ~schema
PolicyDefinitionAtManagementGroup|policyDefinitionName|managementGroupId|%parameters ~allowedValues ~defaultValue ~policyRule ~schema
PolicyDefinitionVersion|policyDefinitionVersion|policyDefinitionName|%parameters ~allowedValues ~defaultValue ~policyRule ~schema
PolicyDefinitionVersionAtManagementGroup|policyDefinitionVersion|managementGroupName policyDefinitionName|%parameters ~allowedValues ~defaultValue ~policyRule ~schema
PolicyExemption|policyExemptionName|scope
PolicySetDefinition|policySetDefinitionName||%parameters ~allowedValues ~defaultValue ~schema ~value
PolicySetDefinitionAtManagementGroup|policySetDefinitionName|managementGroupId|%parameters ~allowedValues ~defaultValue ~schema ~value
PolicySetDefinitionVersion|policyDefinitionVersion|policySetDefinitionName|%parameters ~allowedValues ~defaultValue ~schema ~value
PolicySetDefinitionVersionAtManagementGroup|policyDefinitionVersion|managementGroupName policySetDefinitionName|%parameters ~allowedValues ~defaultValue ~schema ~value
PrivateLinkAssociation|plaId|groupId|.
ResourceManagementPrivateLink*|rmplName
RoleAssignment|roleAssignmentName|scope
RoleDefinition|roleDefinitionId|scope
RoleManagementPolicy|roleManagementPolicyName|scope
RoleManagementPolicyAssignment|roleManagementPolicyAssignmentName|scope
ScopeAccessReviewHistoryDefinitionById|historyDefinitionId|scope
ScopeAccessReviewScheduleDefinitionById|scheduleDefinitionId|scope
Variable|variableName
VariableAtManagementGroup|variableName|managementGroupId
VariableValue|variableValueName|variableName|~columnValue
VariableValueAtManagementGroup|variableValueName|managementGroupId variableName|~columnValue
@automanage
ConfigurationProfile*|configurationProfileName||. ~configuration
ConfigurationProfileAssignment*|configurationProfileAssignmentName|vmName|.
ConfigurationProfileHCIAssignment*|configurationProfileAssignmentName|clusterName|.
ConfigurationProfileHCRPAssignment*|configurationProfileAssignmentName|machineName|.
ConfigurationProfilesVersion*|versionName|configurationProfileName|. ~configuration
@automation
AutomationAccount*|automationAccountName||~userAssignedIdentity
Certificate*|certificateName|automationAccountName
Connection*|connectionName|automationAccountName|~fieldDefinitionValues
ConnectionType*|connectionTypeName|automationAccountName|%fieldDefinitions
Credential*|credentialName|automationAccountName
DscConfiguration*|configurationName|automationAccountName|%parameters
DscNodeConfiguration*|nodeConfigurationName|automationAccountName
HybridRunbookWorker*|hybridRunbookWorkerId|automationAccountName hybridRunbookWorkerGroupName
HybridRunbookWorkerGroup*|hybridRunbookWorkerGroupName|automationAccountName
JobSchedule*|jobScheduleId|automationAccountName
Module*|moduleName|automationAccountName
Package*|packageName|automationAccountName runtimeEnvironmentName
PowerShell72Module*|moduleName|automationAccountName
PrivateEndpointConnection*|privateEndpointConnectionName|automationAccountName
Python2Package*|packageName|automationAccountName
Python3Package*|packageName|automationAccountName
Runbook*|runbookName|automationAccountName|%parameters
RuntimeEnvironment*|runtimeEnvironmentName|automationAccountName|~defaultPackages
Schedule*|scheduleName|automationAccountName|~interval
SoftwareUpdateConfigurationByName*|softwareUpdateConfigurationName|automationAccountName
SourceControl*|sourceControlName|automationAccountName
Variable*|variableName|automationAccountName
Watcher*|watcherName|automationAccountName|~scriptParameters
Webhook*|webhookName|automationAccountName
@avs
Addon*|addonName|privateCloudName|.
Authorization*|authorizationName|privateCloudName
CloudLink*|cloudLinkName|privateCloudName
Cluster*|clusterName|privateCloudName
Datastore*|datastoreName|clusterName privateCloudName
GlobalReachConnection*|globalReachConnectionName|privateCloudName
HcxEnterpriseSite*|hcxEnterpriseSiteName|privateCloudName
IscsiPath*||privateCloudName
License*|licenseName|privateCloudName|.
PlacementPolicy*|placementPolicyName|clusterName privateCloudName|.
PrivateCloud*|privateCloudName
PureStoragePolicy*|storagePolicyName|privateCloudName
ScriptExecution*|scriptExecutionName|privateCloudName|~namedOutputs
WorkloadNetworkDhcp*|dhcpId|privateCloudName|.
WorkloadNetworkDnsService*|dnsServiceId|privateCloudName
WorkloadNetworkDnsZone*|dnsZoneId|privateCloudName
WorkloadNetworkPortMirroring*|portMirroringId|privateCloudName
WorkloadNetworkPublicIP*|publicIPId|privateCloudName
WorkloadNetworkSegment*|segmentId|privateCloudName
WorkloadNetworkVMGroup*|vmGroupId|privateCloudName
@awsconnector
AccessAnalyzerAnalyzer*|name||. ~awsTags
AcmCertificateSummary*|name||. ~awsTags
ApiGatewayRestApi*|name||. ~awsTags ~body
ApiGatewayStage*|name||. ~awsTags ~stageVariableOverrides ~variables
AppSyncGraphqlApi*|name||. ~awsTags ~dns ~uris
AutoScalingAutoScalingGroup*|name||. ~awsTags
CloudFormationStack*|name||. ~awsTags ~stackPolicyBody ~templateBody
CloudFormationStackSet*|name||. ~awsTags
CloudFrontDistribution*|name||. ~awsTags
CloudTrailTrail*|name||. ~awsTags
CloudWatchAlarm*|name||. ~awsTags
CodeBuildProject*|name||. ~awsTags
CodeBuildSourceCredentialsInfo*|name||. ~awsTags
ConfigServiceConfigurationRecorder*|name||. ~awsTags
ConfigServiceConfigurationRecorderStatus*|name||. ~awsTags
ConfigServiceDeliveryChannel*|name||. ~awsTags
DatabaseMigrationServiceReplicationInstance*|name||. ~awsTags
DaxCluster*|name||. ~awsTags
DynamoDbContinuousBackupsDescription*|name||. ~awsTags
DynamoDbTable*|name||. ~awsTags ~policyDocument
Ec2AccountAttribute*|name||. ~awsTags
Ec2Address*|name||. ~awsTags
Ec2FlowLog*|name||. ~awsTags
Ec2Image*|name||. ~awsTags
Ec2Instance||resourceUri|. ~awsTags
Ec2InstanceStatus*|name||. ~awsTags
Ec2Ipam*|name||. ~awsTags
Ec2KeyPair*|name||. ~awsTags
Ec2NetworkAcl*|name||. ~awsTags
Ec2NetworkInterface*|name||. ~awsTags
Ec2RouteTable*|name||. ~awsTags
Ec2SecurityGroup*|name||. ~awsTags
Ec2Snapshot*|name||. ~awsTags
Ec2Subnet*|name||. ~awsTags
Ec2Volume*|name||. ~awsTags
Ec2Vpc*|name||. ~awsTags
Ec2VpcEndpoint*|name||. ~awsTags ~policyDocument
Ec2VpcPeeringConnection*|name||. ~awsTags
EcrImageDetail*|name||. ~awsTags ~findingSeverityCounts
EcrRepository*|name||. ~awsTags ~repositoryPolicyText
EcsCluster*|name||. ~awsTags
EcsService*|name||. ~awsTags ~options
EcsTaskDefinition*|name||. ~awsTags ~dockerLabels ~driverOpts ~labels ~options
EfsFileSystem*|name||. ~awsTags ~fileSystemPolicy
EfsMountTarget*|name||. ~awsTags
EksCluster||resourceUri|. ~awsTags
EksNodegroup*|name||. ~awsTags ~labels
ElasticBeanstalkApplication*|name||. ~awsTags
ElasticBeanstalkConfigurationTemplate*|name||. ~awsTags
ElasticBeanstalkEnvironment*|name||. ~awsTags
ElasticLoadBalancingV2Listener*|name||. ~awsTags
ElasticLoadBalancingV2LoadBalancer*|name||. ~awsTags
ElasticLoadBalancingV2TargetGroup*|name||. ~awsTags
ElasticLoadBalancingv2TargetHealthDescription*|name||. ~awsTags
EmrCluster*|name||. configurations ~additionalInfo ~awsTags ~errorData ~properties
GuardDutyDetector*|name||. ~awsTags
IamAccessKeyLastUsed*|name||. ~awsTags
IamAccessKeyMetadataInfo*|name||. ~awsTags
IamGroup*|name||. ~awsTags ~policyDocument
IamInstanceProfile*|name||. ~awsTags
IamMfaDevice*|name||. ~awsTags
IamPasswordPolicy*|name||. ~awsTags
IamPolicyVersion*|name||. ~awsTags
IamRole*|name||. ~assumeRolePolicyDocument ~awsTags ~policyDocument
IamServerCertificate*|name||. ~awsTags
IamVirtualMfaDevice*|name||. ~awsTags
KmsAlias*|name||. ~awsTags
KmsKey*|name||. ~awsTags ~keyPolicy
LambdaFunction*|name||. ~awsTags ~variables
LambdaFunctionCodeLocation*|name||. ~awsTags
LightsailBucket*|name||. ~awsTags
LightsailInstance*|name||. ~awsTags
LogsLogGroup*|name||. ~awsTags ~dataProtectionPolicy
LogsLogStream*|name||. ~awsTags
LogsMetricFilter*|name||. ~awsTags
LogsSubscriptionFilter*|name||. ~awsTags
Macie2JobSummary*|name||. ~awsTags
MacieAllowList*|name||. ~awsTags
NetworkFirewallFirewall*|name||. ~awsTags
NetworkFirewallFirewallPolicy*|name||. %ruleVariables ~awsTags
NetworkFirewallRuleGroup*|name||. %ipSetReferences %ipSets %portSets ~awsTags
OpenSearchDomainStatus*|name||. %logPublishingOptions ~advancedOptions ~awsTags ~endpoints
OrganizationsAccount*|name||. ~awsTags
OrganizationsOrganization*|name||. ~awsTags
RdsDbCluster*|name||. ~awsTags
RdsDbInstance*|name||. ~awsTags
RdsDbSnapshot*|name||. ~awsTags
RdsDbSnapshotAttributesResult*|name||. ~awsTags
RdsEventSubscription*|name||. ~awsTags
RdsExportTask*|name||. ~awsTags
RedshiftCluster*|name||. ~awsTags ~namespaceResourcePolicy
RedshiftClusterParameterGroup*|name||. ~awsTags
Route53DomainsDomainSummary*|name||. ~awsTags
Route53HostedZone*|name||. ~awsTags
Route53ResourceRecordSet*|name||. ~awsTags
S3AccessControlPolicy*|name||. ~awsTags
S3AccessPoint*|name||. ~awsTags ~policy
S3Bucket*|name||. ~awsTags ~simplePrefix
S3BucketPolicy*|name||. ~awsTags
S3ControlMultiRegionAccessPointPolicyDocument*|name||. ~awsTags
SageMakerApp*|name||. ~awsTags
SageMakerNotebookInstanceSummary*|name||. ~awsTags
SecretsManagerResourcePolicy*|name||. ~awsTags ~resourcePolicy
SecretsManagerSecret*|name||. ~awsTags
SnsSubscription*|name||. ~awsTags
SnsTopic*|name||. ~archivePolicy ~awsTags ~dataProtectionPolicy
SqsQueue*|name||. ~awsTags ~redriveAllowPolicy ~redrivePolicy
SsmInstanceInformation*|name||. ~awsTags ~instanceAssociationStatusAggregatedCount
SsmParameter*|name||. ~awsTags
SsmResourceComplianceSummaryItem*|name||. ~awsTags
WafWebAclSummary*|name||. ~awsTags
Wafv2LoggingConfiguration*|name||. ~awsTags ~method ~queryString ~uriPath
@azureactivedirectory
B2CTenant*|resourceName
CIAMTenant*|resourceName
GuestUsage*|resourceName
@azurearcdata
ActiveDirectoryConnector*|activeDirectoryConnectorName|dataControllerName|.
DataController*|dataControllerName||. ~k8sRaw
FailoverGroup*|failoverGroupName|sqlManagedInstanceName|. ~status
PostgresInstance*|postgresInstanceName||. ~k8sRaw
SqlManagedInstance*|sqlManagedInstanceName||. ~limits ~requests
SqlServerAvailabilityGroup*|availabilityGroupName|sqlServerInstanceName|.
SqlServerDatabase*|databaseName|sqlServerInstanceName|.
SqlServerEsuLicense*|sqlServerEsuLicenseName||.
SqlServerInstance*|sqlServerInstanceName||.
SqlServerLicense*|sqlServerLicenseName||.
@azuredata
SqlServer*|sqlServerName|sqlServerRegistrationName
SqlServerRegistration*|sqlServerRegistrationName
@azuredatatransfer
Connection*|connectionName||.
Flow*|flowName|connectionName|.
FlowProfile*|flowProfileName|pipelineName|.
Pipeline*|pipelineName||.
@azurefleet
Fleet*|fleetName||extensions ipConfigurations networkInterfaceConfigurations publicIPAddressConfiguration ~protectedSettings ~settings
@azurelargeinstance
AzureLargeInstance*|azureLargeInstanceName
AzureLargeStorageInstance*|azureLargeStorageInstanceName
@azureplaywrightservice
Account*|accountName
@azureresiliencemanagement
Drill|drillName|serviceGroupName|.
Enrollment*|enrollmentName|usagePlanName|.
GoalAssignment|goalAssignmentName|serviceGroupName|.
GoalTemplate|goalTemplateName|serviceGroupName|.
RecoveryPlan|recoveryPlanName|serviceGroupName|. additionalGroups defaultGroup
UsagePlan*|usagePlanName||.
@azuresphere
Catalog*|catalogName
Deployment*|deploymentName|catalogName deviceGroupName productName
Device*|deviceName|catalogName deviceGroupName productName
DeviceGroup*|deviceGroupName|catalogName productName
Image*|imageName|catalogName
Product*|productName|catalogName
@azurestack
CustomerSubscription|customerSubscriptionName|registrationName resourceGroup
LinkedSubscription|linkedSubscriptionName|resourceGroup
Registration|registrationName|resourceGroup
@azurestackhci
ArcSetting*|arcSettingName|clusterName
Cluster*|clusterName
ClusterJob*|jobsName|clusterName|.
DeploymentSetting*|deploymentSettingsName|clusterName
DevicePool*|devicePoolName||.
EdgeMachine*|edgeMachineName||.
EdgeMachineJob*|jobsName|edgeMachineName|.
Extension*|extensionName|arcSettingName clusterName|~protectedSettings ~settings
GalleryImage*|galleryImageName
GuestAgent||resourceUri
HciEdgeDevice|edgeDeviceName|resourceUri|.
HciEdgeDeviceJob|jobsName|edgeDeviceName resourceUri|.
HybridIdentityMetadatum*|metadataName|virtualMachineName
InboundRule*|inboundRuleName|natGatewayName|.
LoadBalancer*|loadBalancerName||. backendAddressPools frontendIPConfigurations loadBalancerBackendAddresses loadBalancingRules probes
LogicalNetwork*|logicalNetworkName
MachineExtension*|extensionName|name|~protectedSettings ~settings
MarketplaceGalleryImage*|marketplaceGalleryImageName
NatGateway*|natGatewayName||. inboundNATRules
NetworkInterface*|networkInterfaceName||ipConfigurations
NetworkSecurityGroup*|networkSecurityGroupName
PublicIPAddress*|publicIPAddressName||.
SecurityRule*|securityRuleName|networkSecurityGroupName
SecuritySetting*|securitySettingsName|clusterName
Snapshot*|snapshotName||.
StorageContainer*|storageContainerName
Update*|updateName|clusterName
UpdateRun*|updateRunName|clusterName updateName
UpdateSummary*||clusterName
VirtualHardDisk*|virtualHardDiskName
VirtualMachine*|virtualMachineName
VirtualMachineInstance||resourceUri
VirtualNetwork*|virtualNetworkName
VirtualNetworkSubnet*|subnetName|virtualNetworkName|.
@baremetalinfrastructure
AzureBareMetalInstance*|azureBareMetalInstanceName
AzureBareMetalStorageInstance*|azureBareMetalStorageInstanceName
@batch
Application*|applicationName|accountName
ApplicationPackage*|versionName|accountName applicationName
BatchAccount*|accountName
Pool*|poolName|accountName|~protectedSettings ~resourceTags ~settings
@billing
AssociatedTenant|associatedTenantName|billingAccountName|.
BillingProfile|billingProfileName|billingAccountName|.
BillingRoleAssignmentByBillingAccount|billingRoleAssignmentName|billingAccountName|.
BillingRoleAssignmentByDepartment|billingRoleAssignmentName|billingAccountName departmentName|.
BillingRoleAssignmentByEnrollmentAccount|billingRoleAssignmentName|billingAccountName enrollmentAccountName|.
InvoiceSection|invoiceSectionName|billingAccountName billingProfileName|.
@billingbenefits
ConditionalCredit*|conditionalCreditName||.
Credit*|creditName
Discount*|discountName||.
FreeService*|freeServiceName
Macc*|maccName
Source*|sourceName|creditName
@billingtrust
Assessment||resourceUri|.
@blueprint
Assignment|assignmentName|resourceScope|%parameters %resourceGroups %userAssignedIdentities ~value
Blueprint|blueprintName|resourceScope|%parameters %resourceGroups ~allowedValues ~defaultValue ~versions
PolicyAssignmentArtifact|artifactName|blueprintName resourceScope|%parameters ~value
PublishedBlueprint|versionId|blueprintName resourceScope|%parameters %resourceGroups ~allowedValues ~defaultValue
RoleAssignmentArtifact|artifactName|blueprintName resourceScope|~principalIds
TemplateArtifact|artifactName|blueprintName resourceScope|%parameters ~template ~value
@botservice
Bot*|resourceName||. ~allSettings
BotConnection*|connectionName|resourceName|.
Channel*|channelName|resourceName|.
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName
@cdn
AFDCustomDomain*|customDomainName|profileName|~extendedProperties
AFDEndpoint*|endpointName|profileName
AFDOrigin*|originName|originGroupName profileName
AFDOriginGroup*|originGroupName|profileName
AFDTargetGroup*|targetGroupName|profileName
CustomDomain*|customDomainName|endpointName profileName
EdgeAction*|edgeActionName
EdgeActionExecutionFilter*|executionFilter|edgeActionName
EdgeActionVersion*|version|edgeActionName
Endpoint*|endpointName|profileName
KeyGroup*|keyGroupName|profileName
KnowledgeSource*|knowledgeSourceName|webAgentName
Origin*|originName|endpointName profileName
OriginGroup*|originGroupName|endpointName profileName
Policy*|policyName||~extendedProperties
Profile*|profileName
ProfileAgent*|agentName|profileName
Route*|routeName|endpointName profileName
Rule*|ruleName|profileName ruleSetName
RuleSet*|ruleSetName|profileName
Secret*|secretName|profileName
SecurityPolicy*|securityPolicyName|profileName
TunnelPolicy*|tunnelPolicyName|profileName
WebAgent*|webAgentName
@certificateregistration
AppServiceCertificateOrder*|certificateOrderName||%certificates
AppServiceCertificateOrderCertificate*|name|certificateOrderName
@chaos
Capability*|capabilityName|parentProviderNamespace parentResourceName parentResourceType targetName
Experiment*|experimentName||.
PrivateAccess*|privateAccessName
Target*|targetName|parentProviderNamespace parentResourceName parentResourceType|. ~properties
@cloudhealth
AuthenticationSetting*|authenticationSettingName|healthModelName|.
DiscoveryRule*|discoveryRuleName|healthModelName|.
Entity*|entityName|healthModelName|. ~labels
HealthModel*|healthModelName||.
Relationship*|relationshipName|healthModelName|. ~labels
SignalDefinition*|signalDefinitionName|healthModelName|. ~labels
@cloudngfw
CertificateObjectGlobalRulestack|name|globalRulestackName
CertificateObjectLocalRulestack*|name|localRulestackName
Firewall*|firewallName||%userAssignedIdentities
FqdnListGlobalRulestack|name|globalRulestackName
FqdnListLocalRulestack*|name|localRulestackName
GlobalRulestack|globalRulestackName||%userAssignedIdentities
LocalRule*|priority|localRulestackName
LocalRulestack*|localRulestackName||%userAssignedIdentities
PostRule|priority|globalRulestackName
PreRule|priority|globalRulestackName
PrefixListGlobalRulestack|name|globalRulestackName
PrefixListLocalRulestack*|name|localRulestackName
@codesigning
CertificateProfile*|profileName|accountName
CodeSigningAccount*|accountName
@cognitiveservices
Account*|accountName||.
AccountCapabilityHost*|capabilityHostName|accountName
AccountConnection*|connectionName|accountName|. ~keys
AgentApplication*|name|accountName projectName|.
AgentDeployment*|deploymentName|accountName appName projectName|.
CommitmentPlan*|commitmentPlanName|accountName|.
CommitmentPlanAssociation*|commitmentPlanAssociationName|commitmentPlanName
Deployment*|deploymentName|accountName|.
EncryptionScope*|encryptionScopeName|accountName|.
ManagedNetworkSetting*|managedNetworkName|accountName|. %outboundRules
OutboundRule*|ruleName|accountName managedNetworkName|.
PrivateEndpointConnection*|privateEndpointConnectionName|accountName|.
Project*|projectName|accountName|.
ProjectCapabilityHost*|capabilityHostName|accountName projectName
ProjectConnection*|connectionName|accountName projectName|. ~keys
RaiBlocklist*|raiBlocklistName|accountName|.
RaiBlocklistItem*|raiBlocklistItemName|accountName raiBlocklistName|.
RaiExternalSafetyProvider|safetyProviderName||.
RaiPolicy*|raiPolicyName|accountName|.
RaiToolLabel*|raiToolConnectionName|accountName|. ~labelValues
RaiTopic*|raiTopicName|accountName|.
SharedCommitmentPlan*|commitmentPlanName||.
SubscriptionRaiPolicy|raiPolicyName||.
@communication
CommunicationService*|communicationServiceName
Domain*|domainName|emailServiceName
EmailService*|emailServiceName
SenderUsername*|senderUsername|domainName emailServiceName
SmtpUsername*|smtpUsername|communicationServiceName
SuppressionList*|suppressionListName|domainName emailServiceName
SuppressionListAddress*|addressId|domainName emailServiceName suppressionListName
@community
CommunityTraining*|communityTrainingName
@compute
AvailabilitySet*|availabilitySetName
CapacityReservation*|capacityReservationName|capacityReservationGroupName
CapacityReservationGroup*|capacityReservationGroupName
DedicatedHost*|hostName|hostGroupName
DedicatedHostGroup*|hostGroupName
Disk*|diskName
DiskAccess*|diskAccessName
DiskAccessAPrivateEndpointConnection*|privateEndpointConnectionName|diskAccessName
DiskEncryptionSet*|diskEncryptionSetName
Gallery*|galleryName
GalleryApplication*|galleryApplicationName|galleryName
GalleryApplicationVersion*|galleryApplicationVersionName|galleryApplicationName galleryName|~advancedSettings
GalleryImage*|galleryImageName|galleryName
GalleryImageVersion*|galleryImageVersionName|galleryImageName galleryName
GalleryInVMAccessControlProfile*|inVMAccessControlProfileName|galleryName|.
GalleryInVMAccessControlProfileVersion*|inVMAccessControlProfileVersionName|galleryName inVMAccessControlProfileName|~queryParameters
GalleryScript*|galleryScriptName|galleryName|.
GalleryScriptVersion*|galleryScriptVersionName|galleryName galleryScriptName|.
Image*|imageName
ProximityPlacementGroup*|proximityPlacementGroupName
RestorePoint*|restorePointName|restorePointCollectionName
RestorePointCollection*|restorePointCollectionName
Snapshot*|snapshotName
SshPublicKey*|sshPublicKeyName
VirtualMachine*|vmName
VirtualMachineExtension*|vmExtensionName|vmName|~protectedSettings ~settings
VirtualMachineRunCommandByVirtualMachine*|runCommandName|vmName
VirtualMachineScaleSet*|vmScaleSetName||~protectedSettings ~settings
VirtualMachineScaleSetExtension*|vmssExtensionName|vmScaleSetName|~protectedSettings ~settings
VirtualMachineScaleSetVM*|instanceId|vmScaleSetName
VirtualMachineScaleSetVMExtension*|vmExtensionName|instanceId vmScaleSetName|~protectedSettings ~settings
VirtualMachineScaleSetVMRunCommand*|runCommandName|instanceId vmScaleSetName
@computebulkactions
BulkAction*|name|location|. extensions ipConfigurations networkInterfaceConfigurations networkInterfaces publicIPAddressConfiguration ~protectedSettings ~settings
@computelimit
GuestSubscription|guestSubscriptionId|location
SharedLimit|name|location
@computeschedule
ScheduledAction*|scheduledActionName||.
@confidentialledger
Ledger*|ledgerName||.
ManagedCCF*|appName||.
@confluent
Connector*|connectorName|clusterId environmentId organizationName
Organization*|organizationName
OrganizationClusterById*|clusterId|environmentId organizationName
OrganizationEnvironmentById*|environmentId|organizationName
Topic*|topicName|clusterId environmentId organizationName
@connectedcache
CacheNodesOperation*|customerResourceName||.
EnterpriseCustomerOperation*|customerResourceName||.
EnterpriseMccCacheNodesOperation*|cacheNodeResourceName|customerResourceName|.
EnterpriseMccCustomer*|customerResourceName||.
IspCacheNodesOperation*|cacheNodeResourceName|customerResourceName|.
IspCustomer*|customerResourceName||.
@connectedvmwarevsphere
Cluster*|clusterName
Datastore*|datastoreName
GuestAgent*|name|virtualMachineName
Host*|hostName
HybridIdentityMetadatum*|metadataName|virtualMachineName
InventoryItem*|inventoryItemName|vcenterName
MachineExtension*|extensionName|virtualMachineName|~protectedSettings ~settings
ResourcePool*|resourcePoolName
VCenter*|vcenterName
VirtualMachine*|virtualMachineName
VirtualMachineInstance||resourceUri
VirtualMachineTemplate*|virtualMachineTemplateName
VirtualNetwork*|virtualNetworkName
VMInstanceGuestAgent||resourceUri
@consumption
Budget|budgetName|scope|%notifications
@containerinstance
CGProfile*|containerGroupProfileName||~emptyDir ~keyValuePairs ~protectedSettings ~secret ~secretReference ~settings
ContainerGroup*|containerGroupName||~emptyDir ~keyValuePairs ~protectedSettings ~secret ~secretReference ~settings
ContainerGroupProfile*|containerGroupProfileName||~emptyDir ~keyValuePairs ~protectedSettings ~secret ~secretReference ~settings
NGroup*|ngroupsName||containers fileShares
@containerregistry
AgentPool*|agentPoolName|registryName
Archife*|archiveName|packageType registryName
ArchiveVersion*|archiveVersionName|archiveName packageType registryName
CacheRule*|cacheRuleName|registryName
ConnectedRegistry*|connectedRegistryName|registryName
CredentialSet*|credentialSetName|registryName|%userAssignedIdentities
ExportPipeline*|exportPipelineName|registryName|%userAssignedIdentities
ImportPipeline*|importPipelineName|registryName|%userAssignedIdentities
PipelineRun*|pipelineRunName|registryName
PrivateEndpointConnection*|privateEndpointConnectionName|registryName
Registry*|registryName||%userAssignedIdentities
Replication*|replicationName|registryName
ScopeMap*|scopeMapName|registryName
Task*|taskName|registryName|%customRegistries %userAssignedIdentities
TaskRun*|taskRunName|registryName|%customRegistries %userAssignedIdentities
Token*|tokenName|registryName
Webhook*|webhookName|registryName|~customHeaders
@containerservice
AgentPool*|agentPoolName|resourceName|%kubeDNSOverrides %vnetDNSOverrides ~nodeLabels
AutoUpgradeProfile*|autoUpgradeProfileName|fleetName
DeploymentSafeguard||resourceUri
Fleet*|fleetName
FleetManagedNamespace*|managedNamespaceName|fleetName|. ~annotations ~labels ~matchLabels
FleetMember*|fleetMemberName|fleetName
FleetUpdateStrategy*|updateStrategyName|fleetName
IdentityBinding*|identityBindingName|resourceName|.
JWTAuthenticator*|jwtAuthenticatorName|resourceName|.
LoadBalancer*|loadBalancerName|resourceName
MaintenanceConfiguration*|configName|resourceName
ManagedCluster*|resourceName||%addonProfiles %delegatedResources %identityProfile %kubeDNSOverrides %vnetDNSOverrides ~config ~nodeLabels ~podLabels
ManagedClusterSnapshot*|resourceName
ManagedNamespace*|managedNamespaceName|resourceName|. ~annotations ~labels
MeshMembership*|meshMembershipName|resourceName|.
Namespace*|namespaceName|resourceName|. ~annotations ~labels
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName
Snapshot*|resourceName
TrustedAccessRoleBinding*|trustedAccessRoleBindingName|resourceName
UpdateRun*|updateRunName|fleetName
@containerstorage
Pool*|poolName
Snapshot*|snapshotName|poolName
Volume*|volumeName|poolName|~labels
@contoso
Employee*|employeeName||.
@cosmosdb
CassandraCluster*|clusterName||.
CassandraDataCenter*|dataCenterName|clusterName|.
CassandraResourceCassandraKeyspace*|keyspaceName|accountName
CassandraResourceCassandraRoleAssignment*|roleAssignmentId|accountName
CassandraResourceCassandraRoleDefinition*|roleDefinitionId|accountName
CassandraResourceCassandraTable*|tableName|accountName keyspaceName
CassandraResourceCassandraView*|viewName|accountName keyspaceName
DatabaseAccount*|accountName
DatabaseAccountCassandraKeyspace*|keyspaceName|accountName|~options
DatabaseAccountCassandraTable*|tableName|accountName keyspaceName|~options
DatabaseAccountGremlinDatabase*|databaseName|accountName|~options
DatabaseAccountGremlinGraph*|graphName|accountName databaseName|~options
DatabaseAccountMongoDBCollection*|collectionName|accountName databaseName|~options ~shardKey
DatabaseAccountMongoDBDatabase*|databaseName|accountName|~options
DatabaseAccountSqlContainer*|containerName|accountName databaseName|~options
DatabaseAccountSqlDatabase*|databaseName|accountName|~options
DatabaseAccountTable*|tableName|accountName|~options
Fleet*|fleetName
FleetAnalytic*|fleetAnalyticsName|fleetName
Fleetspace*|fleetspaceName|fleetName
FleetspaceAccount*|fleetspaceAccountName|fleetName fleetspaceName
GarnetCluster*|clusterName||.
GraphResourceGraph*|graphName|accountName
GremlinResourceGremlinDatabase*|databaseName|accountName
GremlinResourceGremlinGraph*|graphName|accountName databaseName
GremlinResourceGremlinRoleAssignment*|roleAssignmentId|accountName
GremlinResourceGremlinRoleDefinition*|roleDefinitionId|accountName
MongoCluster*|mongoClusterName
MongoClusterFirewallRule*|firewallRuleName|mongoClusterName
MongoDBResourceMongoDBCollection*|collectionName|accountName databaseName|~shardKey
MongoDBResourceMongoDBDatabase*|databaseName|accountName
MongoDBResourceMongoRoleDefinition*|mongoRoleDefinitionId|accountName
MongoDBResourceMongoUserDefinition*|mongoUserDefinitionId|accountName
MongoMIResourceMongoMIRoleAssignment*|roleAssignmentId|accountName
MongoMIResourceMongoMIRoleDefinition*|roleDefinitionId|accountName
NotebookWorkspace*|notebookWorkspaceName|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
Service*|serviceName|accountName|.
SqlResourceSqlContainer*|containerName|accountName databaseName
SqlResourceSqlDatabase*|databaseName|accountName
SqlResourceSqlRoleAssignment*|roleAssignmentId|accountName
SqlResourceSqlRoleDefinition*|roleDefinitionId|accountName
SqlResourceSqlStoredProcedure*|storedProcedureName|accountName containerName databaseName
SqlResourceSqlTrigger*|triggerName|accountName containerName databaseName
SqlResourceSqlUserDefinedFunction*|userDefinedFunctionName|accountName containerName databaseName
TableResourceTable*|tableName|accountName
TableResourceTableRoleAssignment*|roleAssignmentId|accountName
TableResourceTableRoleDefinition*|roleDefinitionId|accountName
ThroughputPool*|throughputPoolName
ThroughputPoolAccount*|throughputPoolAccountName|throughputPoolName
@costmanagement
Budget|budgetName|scope|%notifications
CloudConnector|connectorName
Connector*|connectorName
CostAllocationRule|ruleName|billingAccountId|.
Export|exportName|scope
MarkupRule|name|billingAccountId billingProfileId
Report|reportName||%aggregation
ReportByBillingAccount|reportName|billingAccountId|%aggregation
ReportByDepartment|reportName|departmentId|%aggregation
ReportByResourceGroupName*|reportName||%aggregation
ScheduledAction|name
ScheduledActionByScope|name|scope
Setting|settingName
TagInheritanceSetting|type|scope|.
View|viewName||%aggregation
ViewByScope|viewName|scope|%aggregation
@customerinsights
Connector*|connectorName|hubName|~connectorProperties
ConnectorMapping*|mappingName|connectorName hubName
Hub*|hubName
Kpi*|kpiName|hubName|~description ~displayName
Link*|linkName|hubName|~description ~displayName
Prediction*|predictionName|hubName|~description ~displayName
Profile*|profileName|hubName|~attributes ~description ~displayName ~localizedAttributes ~localizedValueNames
Relationship*|relationshipName|hubName|~description ~displayName ~localizedValueNames
RelationshipLink*|relationshipLinkName|hubName|~description ~displayName
RoleAssignment*|assignmentName|hubName|~description ~displayName ~principalMetadata
View*|userId viewName|hubName|~displayName
@customproviders
Association|associationName|scope
CustomResourceProvider*|resourceProviderName
@dashboard
Dashboard*|dashboardName
DashboardDefinition*|definitionName|dashboardName|.
Grafana*|workspaceName||.
IntegrationFabric*|integrationFabricName|workspaceName|.
ManagedPrivateEndpoint*|managedPrivateEndpointName|workspaceName
PrivateEndpointConnection*|privateEndpointConnectionName|workspaceName
@databasefleetmanager
FirewallRule*|firewallRuleName|fleetName fleetspaceName|.
Fleet*|fleetName||.
FleetDatabase*|databaseName|fleetName fleetspaceName|. ~resourceTags
FleetTier*|tierName|fleetName|.
Fleetspace*|fleetspaceName|fleetName|.
@databasewatcher
AlertRuleResource*|alertRuleResourceName|watcherName
SharedPrivateLinkResource*|sharedPrivateLinkResourceName|watcherName
Target*|targetName|watcherName|.
Watcher*|watcherName
@databox
Job*|jobName||%importDiskDetailsCollection ~preferredDisks
@databoxedge
ArcAddon*|addonName|deviceName roleName
BandwidthSchedule*|name|deviceName
CloudEdgeManagementRole*|name|deviceName
Container*|containerName|deviceName storageAccountName
Device*|deviceName
FileEventTrigger*|name|deviceName
IoTAddon*|addonName|deviceName roleName
IoTRole*|name|deviceName
KubernetesRole*|name|deviceName
MECRole*|name|deviceName
MonitoringConfig*||deviceName roleName
Order*||deviceName
PeriodicTimerEventTrigger*|name|deviceName
Share*|name|deviceName
StorageAccount*|storageAccountName|deviceName
StorageAccountCredential*|name|deviceName
User*|name|deviceName
@databricks
AccessConnector*|connectorName
PrivateEndpointConnection*|privateEndpointConnectionName|workspaceName|.
VNetPeering*|peeringName|workspaceName
Workspace*|workspaceName
@datacatalog
ADCCatalog*|catalogName
@datadog
Monitor*|monitorName||.
MonitoredSubscription*|configurationName|monitorName|.
@datafactory
ChangeDataCapture*|changeDataCaptureName|factoryName|~relationships ~sourceDenormalizeInfo ~value
CredentialOperation*|credentialName|factoryName|. ~annotations ~secretName ~secretVersion ~servicePrincipalId ~tenant
DataFlow*|dataFlowName|factoryName|. ~annotations ~datasetParameters
Dataset*|datasetName|factoryName|. %parameters ~additionalHeaders ~annotations ~avroCompressionCodec ~baseRequestId ~bucketName ~collection ~collectionName ~columnDelimiter ~compressionCodec ~compressionLevel ~container ~context ~database ~dataset ~defaultValue ~deserializer ~encodingName ~entityName ~escapeChar ~excludeLastRequest ~fileFilter ~fileName ~filePattern ~fileSystem ~firstRowAsHeader ~folderPath ~index ~indexName ~jsonNodeReference ~jsonPathDefinition ~key ~keyspace ~level ~listName ~modifiedDatetimeEnd ~modifiedDatetimeStart ~nestingSeparator ~nullValue ~objectApiName ~objectName ~openHubDestinationName ~orcCompressionCodec ~paginationRules ~path ~predicate ~prefix ~quoteChar ~range ~relativeUrl ~reportId ~requestBody ~requestMethod ~rowDelimiter ~schema ~serializer ~sheetIndex ~sheetName ~skipLineCount ~structure ~table ~tableName ~tableRootLocation ~treatEmptyAsNull ~type ~version
Factory*|factoryName||%globalParameters ~value
GlobalParameter*|globalParameterName|factoryName|. %properties ~value
IntegrationRuntime*|integrationRuntimeName|factoryName|. ~secretName ~secretVersion ~targetName ~userName
LinkedService*|linkedServiceName|factoryName|. %parameters ~aadResourceId ~accessKeyId ~accountEndpoint ~accountIdentifier ~accountKey ~accountKind ~accountName ~additionalProjects ~allowHostNameCNMismatch ~allowSelfSignedServerCert ~allowZeroDateTime ~annotations ~apiVersion ~applicationIntent ~artifactId ~authHeaders ~authSource ~authentication ~authenticationType ~azureCloudType ~baseUrl ~batchUri ~catalog ~certThumbprint ~certificateCommonName ~characterSet ~clientCustomerID ~clientId ~clusterId ~clusterNamePrefix ~clusterResourceGroup ~clusterSize ~clusterSshUserName ~clusterType ~clusterUri ~clusterUserName ~commandTimeout ~companyId ~connectRetryCount ~connectRetryInterval ~connectTimeout ~connectionProperties ~connectionString ~connectionTimeout ~consumerKey ~containerUri ~convertZeroDateTime ~coreConfiguration ~cryptoChecksumClient ~cryptoChecksumTypesClient ~dataLakeAnalyticsUri ~dataLakeStoreUri ~dataNodeSize ~dataSecurityMode ~database ~databaseName ~defaultValue ~deploymentType ~domain ~driverVersion ~email ~embeddedCertData ~enableBulkLoad ~enableServerCertificateValidation ~enableSsl ~encoding ~encrypt ~encryptionClient ~encryptionTypesClient ~endpoint ~environmentUrl ~existingClusterId ~extendedProperties ~failoverPartner ~fetchSize ~fetchTswtzAsTimestamp ~fileShare ~fileSystem ~forcePathStyle ~functionAppUrl ~googleAdsApiVersion ~grantType ~guidFormat ~hBaseConfiguration ~hdfsConfiguration ~headNodeSize ~hiveConfiguration ~host ~hostKeyFingerprint ~hostName ~hostNameInCertificate ~hostSubscriptionId ~httpPath ~httpsPortNumber ~initialLobFetchSize ~initializationString ~instancePoolId ~integratedSecurity ~isEspEnabled ~isServerVersionAbove32 ~keyFilePath ~language ~loadBalanceTimeout ~logParameters ~loginCustomerID ~logonGroup ~mapReduceConfiguration ~marketplaceID ~maxPoolSize ~maxRespSize ~messageServer ~messageServerService ~minPoolSize ~mlEndpoint ~mlWorkspaceName ~multiSubnetFailover ~multipleActiveResultSets ~newClusterCustomTags ~newClusterDriverNodeType ~newClusterEnableElasticDisk ~newClusterInitScripts ~newClusterLogDestination ~newClusterNodeType ~newClusterNumOfWorker ~newClusterSparkConf ~newClusterSparkEnvVars ~newClusterVersion ~office365TenantId ~oozieConfiguration ~organizationName ~packageCollection ~packetSize ~policyId ~poolName ~pooling ~port ~portNumber ~privateKeyPath ~project ~projectId ~readBufferSize ~redirectUri ~requestGoogleDriveScope ~resource ~resourceGroupName ~resourceId ~role ~roles ~sasUri ~schema ~scope ~secretName ~secretVersion ~sellerID ~server ~serverVersion ~serviceDiscoveryMode ~serviceEndpoint ~servicePrincipalCredentialType ~servicePrincipalId ~servicePrincipalTenantId ~serviceUri ~serviceUrl ~siteUrl ~skipHostKeyValidation ~snapshot ~sncLibraryPath ~sncMode ~sncMyName ~sncPartnerName ~sncQop ~sparkVersion ~sslCert ~sslCertificate ~sslKey ~sslMode ~sslPassword ~statementCacheSize ~stormConfiguration ~subnetName ~subscriberName ~subscriptionId ~supportLegacyDataTypes ~supportV1DataTypes ~systemId ~systemNumber ~tenant ~tenantId ~timeToLive ~timeZoneID ~timeout ~timezone ~tokenEndpoint ~treatTinyAsBoolean ~trustServerCertificate ~trustedCertPath ~uid ~updateResourceEndpoint ~url ~useDataEncryption ~useEncryptedEndpoints ~useHostVerification ~useNativeQuery ~usePeerVerification ~useSystemTrustStore ~useUtcTimestamps ~user ~userId ~userName ~username ~virtualNetworkId ~warehouse ~workspaceId ~workspaceResourceId ~x509CertificatePath ~yarnConfiguration ~zooKeeperNameSpace ~zookeeperNodeSize
ManagedPrivateEndpoint*|managedPrivateEndpointName|factoryName managedVirtualNetworkName|.
Pipeline*|pipelineName|factoryName|%packageConnectionManagers %packageParameters %parameters %projectConnectionManagers %projectParameters %propertyOverrides %sinks %variables %webServiceInputs %webServiceOutputs ~additionalColumns ~additionalCopyOptions ~additionalFormatOptions ~additionalHeaders ~additionalOptions ~allowCopyCommand ~allowPolyBase ~allowedGroups ~alternateKeyName ~annotations ~arguments ~autoUserSpecification ~azureTableDefaultPartitionKeyValue ~azureTableInsertType ~azureTablePartitionKeyName ~azureTableRowKeyName ~azureTableSourceIgnoreTableNotFound ~azureTableSourceQuery ~baseParameters ~baseRequestId ~batchSize ~blobWriterAddHeader ~blobWriterDateTimeFormat ~blobWriterOverwriteFiles ~blockSizeInMB ~body ~bucketName ~bypassBusinessLogicExecution ~bypassPowerAutomateFlows ~childItems ~className ~columnName ~combiner ~command ~commandEnvironment ~commandTimeout ~compilationMode ~computeType ~conf ~configurationPath ~continuationTtlInMinutes ~continueOnError ~continueOnStepFailure ~copyBehavior ~coreCount ~customRfcReadTableFunctionModule ~customizedCheckpointKey ~dataInconsistency ~dataIntegrationUnits ~dataPathAssignments ~datasetParameters ~dateFilterColumn ~dateFormat ~defaultValue ~defines ~degreeOfParallelism ~deleteFilesAfterCompletion ~detectDataType ~detectDatetime ~disableChunking ~disableMetricsCollection ~distcpOptions ~domain ~driverSize ~duration ~enableAdlsSingleFileParallel ~enableCompression ~enableCopyActivityLog ~enableLogging ~enablePartitionDiscovery ~enableReliableLogging ~enableSkipIncompatibleRow ~enableStaging ~endTime ~entryFilePath ~environmentPath ~errorCode ~excludeLastRequest ~executorSize ~experimentName ~expiryDateTime ~extendedProperties ~externalIdFieldName ~extractionMode ~fieldList ~file ~fileExtension ~fileFilter ~fileListPath ~fileMissing ~fileNamePrefix ~filePath ~filePaths ~filePattern ~files ~filesV2 ~filter ~firstRowOnly ~flushImmediately ~folderPath ~functionName ~globalParameters ~headers ~httpCompressionType ~httpRequestTimeout ~idleCondition ~ignoreNullValues ~includeDeletedObjects ~ingestionMappingAsJson ~ingestionMappingName ~input ~interimSchemaName ~isolationLevel ~jarFilePath ~jarLibs ~jobId ~jobParameters ~keys ~libraries ~limit ~linkedServiceName ~listAfter ~listBefore ~logLevel ~logPath ~logRefreshInterval ~loggingLevel ~mainClassName ~mapper ~maxConcurrentConnections ~maxPartitionsNumber ~maxRowsPerFile ~message ~minimumSize ~mlParentRunId ~mlPipelineEndpointId ~mlPipelineId ~mlPipelineParameters ~modifiedDatetimeEnd ~modifiedDatetimeStart ~name ~namespacePrefixes ~namespaces ~nestingSeparator ~noTruncation ~notebookPath ~numExecutors ~numberPrecision ~numberScale ~operationTimeout ~oracleReaderQuery ~output ~outputColumns ~packageContent ~packagePath ~packetSize ~pageSize ~paginationRules ~parallelCopies ~partitionColumnName ~partitionLowerBound ~partitionNameList ~partitionNames ~partitionOption ~partitionRootPath ~partitionUpperBound ~path ~preCopyScript ~preferredRegions ~prefix ~preserve ~preserveCompressionFileNameAsFolder ~preserveRules ~preserveZipFileNameAsFolder ~priority ~produceAdditionalTypes ~project ~projection ~proxyUser ~pythonCodeReference ~pythonFile ~query ~queryTimeout ~quoteAllText ~readBehavior ~recursive ~reducer ~referenceName ~rejectSampleValue ~rejectValue ~reportStatusOnCallBack ~requestBody ~requestInterval ~requestMethod ~requestTimeout ~resource ~resourceManagerEndpoint ~retentionTimeInDays ~retry ~returnMultistatementResult ~rfcTableFields ~rfcTableOptions ~rootPath ~rowCount ~rowSkips ~runConcurrently ~runDimensions ~runtime ~runtimeVersion ~sOQLQuery ~sapDataColumnDelimiter ~scanFolder ~scriptBlockExecutionTimeout ~scriptPath ~secretName ~secretVersion ~selection ~sinkRetryCount ~sinkRetryWait ~skip ~skipHeaderLineCount ~skipLineCount ~sleep ~sort ~sourceRetryCount ~sourceRetryWait ~sourceStagingConcurrency ~sparkConfig ~sqlReaderQuery ~sqlReaderStoredProcedureName ~sqlWriterStoredProcedureName ~sqlWriterTableType ~sqlWriterUseTableLock ~startTime ~storageIntegration ~storedProcedureName ~storedProcedureParameters ~storedProcedureTableTypeParameterName ~subscriberProcess ~tableActionOption ~tableOption ~tempScriptPath ~text ~timeout ~timestampAsOf ~timestampFormat ~traceLevel ~trainedModelFilePath ~trainedModelName ~translator ~treatDecimalAsString ~treatEmptyAsNull ~type ~url ~useBinaryTransfer ~useTempDB ~useTempFileRename ~useTypeDefault ~userName ~userScopeFilterUri ~userTenant ~username ~validateDataConsistency ~validationMode ~value ~variables ~version ~versionAsOf ~waitTimeInSeconds ~wildcardFileName ~wildcardFolderPath ~writeBatchSize ~writeBatchTimeout ~writeBehavior
PrivateEndpointConnection*|privateEndpointConnectionName|factoryName|.
Trigger*|triggerName|factoryName|. ~annotations ~count ~delay ~events ~parentTrigger
@datalakeanalytics
Account*|accountName
ComputePolicy*|computePolicyName|accountName
FirewallRule*|firewallRuleName|accountName
@datalakestore
Account*|accountName
FirewallRule*|firewallRuleName|accountName
TrustedIdProvider*|trustedIdProviderName|accountName
VirtualNetworkRule*|virtualNetworkRuleName|accountName
@datamigration
DatabaseMigrationsMongoToCosmosDbRUMongo*|migrationName|targetResourceName
DatabaseMigrationsMongoToCosmosDbvCoreMongo*|migrationName|targetResourceName
DatabaseMigrationsSqlDb*|targetDbName|sqlDbInstanceName|.
DatabaseMigrationsSqlMi*|targetDbName|managedInstanceName|.
DatabaseMigrationsSqlVm*|targetDbName|sqlVirtualMachineName|.
File|fileName|groupName projectName serviceName|.
MigrationService*|migrationServiceName
Project|projectName|groupName serviceName
Service|serviceName|groupName
ServiceTask|taskName|groupName serviceName|. %collections %databases ~clientData ~migrationSetting ~optionalAgentSettings ~schemaSetting ~sourceSetting ~tableMap ~targetSetting
SqlMigrationService*|sqlMigrationServiceName
Task|taskName|groupName projectName serviceName|. %collections %databases ~clientData ~migrationSetting ~optionalAgentSettings ~schemaSetting ~sourceSetting ~tableMap ~targetSetting
@dataprotection
BackupInstance*|backupInstanceName|vaultName|.
BackupPolicy*|backupPolicyName|vaultName|.
BackupVault*|vaultName||.
DppResourceGuardProxy*|resourceGuardProxyName|vaultName|.
ResourceGuard*|resourceGuardsName||.
@datareplication
Dra*|fabricAgentName|fabricName|.
Fabric*|fabricName||.
FabricAgent*|fabricAgentName|fabricName|.
Policy*|policyName|vaultName|.
PrivateEndpointConnection*|privateEndpointConnectionName|vaultName|.
ProtectedItem*|protectedItemName|vaultName|.
ReplicationExtension*|replicationExtensionName|vaultName|.
Vault*|vaultName||.
@datashare
Account*|accountName
ADLSGen1FileDataSet*|dataSetName|accountName shareName
ADLSGen1FolderDataSet*|dataSetName|accountName shareName
ADLSGen2FileDataSet*|dataSetName|accountName shareName
ADLSGen2FileDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
ADLSGen2FileSystemDataSet*|dataSetName|accountName shareName
ADLSGen2FileSystemDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
ADLSGen2FolderDataSet*|dataSetName|accountName shareName
ADLSGen2FolderDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
BlobContainerDataSet*|dataSetName|accountName shareName
BlobContainerDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
BlobDataSet*|dataSetName|accountName shareName
BlobDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
BlobFolderDataSet*|dataSetName|accountName shareName
BlobFolderDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
Invitation*|invitationName|accountName shareName
KustoClusterDataSet*|dataSetName|accountName shareName
KustoClusterDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
KustoDatabaseDataSet*|dataSetName|accountName shareName
KustoDatabaseDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
KustoTableDataSet*|dataSetName|accountName shareName
KustoTableDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
ScheduledSynchronizationSetting*|synchronizationSettingName|accountName shareName
ScheduledTrigger*|triggerName|accountName shareSubscriptionName
Share*|shareName|accountName
ShareSubscription*|shareSubscriptionName|accountName
SqlDBTableDataSet*|dataSetName|accountName shareName
SqlDBTableDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
SqlDWTableDataSet*|dataSetName|accountName shareName
SqlDWTableDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
SynapseWorkspaceSqlPoolTableDataSet*|dataSetName|accountName shareName
SynapseWorkspaceSqlPoolTableDataSetMapping*|dataSetMappingName|accountName shareSubscriptionName
@dbformariadb
Configuration*|configurationName|serverName
Database*|databaseName|serverName
FirewallRule*|firewallRuleName|serverName
PrivateEndpointConnection*|privateEndpointConnectionName|serverName
Server*|serverName||.
VirtualNetworkRule*|virtualNetworkRuleName|serverName
@dbformysql
AzureADAdministrator*|administratorName|serverName
Configuration*|configurationName|serverName
Database*|databaseName|serverName
FirewallRule*|firewallRuleName|serverName
LongRunningBackup*|backupName|serverName
PrivateEndpointConnection*|privateEndpointConnectionName|serverName
Server*|serverName
SingleServer*|serverName||.
SingleServerConfiguration*|configurationName|serverName
SingleServerDatabase*|databaseName|serverName
SingleServerFirewallRule*|firewallRuleName|serverName
SingleServerServerAdministrator*||serverName
SingleServerVirtualNetworkRule*|virtualNetworkRuleName|serverName
@dbforpostgresql
Administrator*|objectId|serverName
AdministratorsMicrosoftEntra*|objectId|serverName
Backup*|backupName|serverName
BackupsAutomaticAndOnDemand*|backupName|serverName
Configuration*|configurationName|serverName
Database*|databaseName|serverName
FirewallRule*|firewallRuleName|serverName
Migration*|migrationName|serverName
PrivateEndpointConnection*|privateEndpointConnectionName|serverName
Server*|serverName||%userAssignedIdentities
ServerGroupCluster*|clusterName
ServerGroupFirewallRule*|firewallRuleName|clusterName
ServerGroupPrivateEndpointConnection*|privateEndpointConnectionName|clusterName
ServerGroupRole*|roleName|clusterName
SingleServer*|serverName||.
SingleServerConfiguration*|configurationName|serverName
SingleServerDatabase*|databaseName|serverName
SingleServerFirewallRule*|firewallRuleName|serverName
SingleServerServerAdministrator*||serverName
SingleServerServerSecurityAlertPolicy*|securityAlertPolicyName|serverName
SingleServerVirtualNetworkRule*|virtualNetworkRuleName|serverName
VirtualEndpoint*|virtualEndpointName|serverName
@delegatednetwork
ControllerDetails*|resourceName
DelegatedSubnetServiceDetails*|resourceName
OrchestratorInstanceServiceDetails*|resourceName
@dependencymap
DiscoverySource*|sourceName|mapName|.
Map*|mapName
@desktopvirtualization
AppAttachPackage*|appAttachPackageName||.
Application*|applicationName|applicationGroupName
ApplicationGroup*|applicationGroupName
HostPool*|hostPoolName
MSIXPackage*|msixPackageFullName|hostPoolName
PrivateEndpointConnectionByHostPool*|privateEndpointConnectionName|hostPoolName
PrivateEndpointConnectionByWorkspace*|privateEndpointConnectionName|workspaceName
ScalingPlan*|scalingPlanName
ScalingPlanPersonalSchedule*|scalingPlanScheduleName|scalingPlanName
ScalingPlanPooledSchedule*|scalingPlanScheduleName|scalingPlanName
SessionHost*|sessionHostName|hostPoolName
Workspace*|workspaceName
@devcenter
AttachedNetworkByDevCenter*|attachedNetworkConnectionName|devCenterName
Catalog*|catalogName|devCenterName
CurationProfile*|curationProfileName|devCenterName
DevBoxDefinition*|devBoxDefinitionName|devCenterName
DevCenter*|devCenterName
EncryptionSet*|encryptionSetName|devCenterName
EnvironmentType*|environmentTypeName|devCenterName
Gallery*|galleryName|devCenterName
NetworkConnection*|networkConnectionName
Plan*|planName
PlanMember*|memberName|planName
Pool*|poolName|projectName
Project*|projectName
ProjectCatalog*|catalogName|projectName
ProjectEnvironmentType*|environmentTypeName|projectName|%userRoleAssignments
ProjectPolicy*|projectPolicyName|devCenterName
Schedule*|scheduleName|poolName projectName
@devhub
IacProfile*|iacProfileName
Workflow*|workflowName||~overrides
@deviceprovisioningservices
DpsCertificate*|certificateName|provisioningServiceName|.
IotDpsResource*|provisioningServiceName||. privateEndpointConnections
IotDpsResourcePrivateEndpointConnection*|privateEndpointConnectionName|resourceName|.
@deviceregistry
Asset*|assetName||~attributes
AssetEndpointProfile*|assetEndpointProfileName
Credential*||namespaceName
DiscoveredAsset*|discoveredAssetName
DiscoveredAssetEndpointProfile*|discoveredAssetEndpointProfileName
Namespace*|namespaceName||%endpoints
NamespaceAsset*|assetName|namespaceName|~attributes
NamespaceDevice*|deviceName|namespaceName|%assigned %inbound %unassigned ~attributes
NamespaceDiscoveredAsset*|discoveredAssetName|namespaceName|~attributes
NamespaceDiscoveredDevice*|discoveredDeviceName|namespaceName|%assigned %inbound ~attributes
Policy*|policyName|namespaceName|.
Schema*|schemaName|schemaRegistryName
SchemaRegistry*|schemaRegistryName
SchemaVersion*|schemaVersionName|schemaName schemaRegistryName
@deviceupdate
Account*|accountName
Instance*|instanceName|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
PrivateEndpointConnectionProxy*|privateEndpointConnectionProxyId|accountName
@devopsinfrastructure
Pool*|poolName||~resourcePredictions
@devspaces
Controller*|name
@devtestlab
ArtifactSource*|name|labName
CustomImage*|name|labName
Disk*|name|labName userName
Environment*|name|labName userName
Formula*|name|labName
GlobalSchedule*|name
Lab*|name||~extendedProperties
NotificationChannel*|name|labName
Policy*|name|labName policySetName
Schedule*|name|labName
Secret*|name|labName userName
ServiceFabric*|name|labName userName
ServiceFabricSchedule*|name|labName serviceFabricName userName
ServiceRunner*|name|labName
User*|name|labName
VirtualMachine*|name|labName
VirtualMachineSchedule*|name|labName virtualMachineName
VirtualNetwork*|name|labName
@digitaltwins
DigitalTwin*|resourceName||privateEndpointConnections
DigitalTwinsEndpoint*|endpointName|resourceName|.
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName|.
TimeSeriesDatabaseConnection*|timeSeriesDatabaseConnectionName|resourceName|.
@discovery
Bookshelf*|bookshelfName||.
BookshelfPrivateEndpointConnection*|privateEndpointConnectionName|bookshelfName|.
ChatModelDeployment*|chatModelDeploymentName|workspaceName|.
NodePool*|nodePoolName|supercomputerName|.
Project*|projectName|workspaceName|.
StorageAsset*|storageAssetName|storageContainerName|.
StorageContainer*|storageContainerName||.
Supercomputer*|supercomputerName||.
Tool*|toolName||. ~definitionContent ~environmentVariables
Workspace*|workspaceName||.
WorkspacePrivateEndpointConnection*|privateEndpointConnectionName|workspaceName|.
@dns
DnssecConfig*||zoneName
RecordSet*|relativeRecordSetName|recordType zoneName
Zone*|zoneName
@dnsresolver
DnsForwardingRuleset*|dnsForwardingRulesetName
DnsResolver*|dnsResolverName
DnsResolverDomainList*|dnsResolverDomainListName
DnsResolverPolicy*|dnsResolverPolicyName
DnsResolverPolicyVirtualNetworkLink*|dnsResolverPolicyVirtualNetworkLinkName|dnsResolverPolicyName
DnsSecurityRule*|dnsSecurityRuleName|dnsResolverPolicyName
ForwardingRule*|forwardingRuleName|dnsForwardingRulesetName
InboundEndpoint*|inboundEndpointName|dnsResolverName
OutboundEndpoint*|outboundEndpointName|dnsResolverName
PrivateResolverVirtualNetworkLink*|virtualNetworkLinkName|dnsForwardingRulesetName
@domainregistration
Domain*|domainName
DomainOwnershipIdentifier*|name|domainName
@durabletask
RetentionPolicy*||schedulerName|.
Scheduler*|schedulerName||.
SchedulerPrivateEndpointConnection*|privateEndpointConnectionName|schedulerName
TaskHub*|taskHubName|schedulerName
@dynamics365fraudprotection
InstanceDetails*|instanceName
@easm
LabelByWorkspace*|labelName|workspaceName
Workspace*|workspaceName
@edge
ConfigTemplate*|configTemplateName||.
Configuration*|configurationName
ConfigurationReference|configurationReferenceName|resourceUri|.
Context*|contextName||.
Diagnostic*|diagnosticName
DynamicConfiguration*|dynamicConfigurationName|configurationName|.
DynamicConfigurationVersion*|dynamicConfigurationVersionName|configurationName dynamicConfigurationName|.
DynamicSchema*|dynamicSchemaName|schemaName
DynamicSchemaVersion*|dynamicSchemaVersionName|dynamicSchemaName schemaName|.
Execution*|executionName|contextName versionName workflowName|. ~specification
ExecutionV2*|executionName|versionName workflowName|. ~specification
Instance*|instanceName|solutionName targetName|.
Schema*|schemaName
SchemaReference|schemaReferenceName|resourceUri|.
SchemaVersion*|schemaVersionName|schemaName|.
Site*|siteName||. ~labels
SiteReference*|siteReferenceName|contextName|.
SitesByServiceGroup|siteName|servicegroupName|. ~labels
SitesBySubscription|siteName||. ~labels
Solution*|solutionName|targetName
SolutionTemplate*|solutionTemplateName||.
SolutionVersion*|solutionVersionName|solutionName targetName|. ~specification
Target*|targetName||. ~targetSpecification
Workflow*|workflowName|contextName
WorkflowV2*|workflowName
WorkflowVersion*|versionName|contextName workflowName|. ~specification
WorkflowVersionV2*|versionName|workflowName|. ~specification
@edgeorder
Address*|addressName
OrderItem*|orderItemName
@education
Lab||billingAccountName billingProfileName invoiceSectionName
Student|studentAlias|billingAccountName billingProfileName invoiceSectionName
@elastic
Monitor*|monitorName||.
MonitoredSubscription*|configurationName|monitorName|.
OpenAI*|integrationName|monitorName|.
TagRule*|ruleSetName|monitorName|.
@elasticsan
ElasticSan*|elasticSanName
PrivateEndpointConnection*|privateEndpointConnectionName|elasticSanName
Volume*|volumeName|elasticSanName volumeGroupName
VolumeGroup*|volumeGroupName|elasticSanName
VolumeSnapshot*|snapshotName|elasticSanName volumeGroupName
@engagementfabric
Account*|accountName
Channel*|channelName|accountName|~credentials
@enterpriseknowledgegraph
EnterpriseKnowledgeGraph*|resourceName||.
@eventgrid
CaCertificate*|caCertificateName|namespaceName
Channel*|channelName|partnerNamespaceName|%inlineEventTypes
Client*|clientName|namespaceName|~attributes
ClientGroup*|clientGroupName|namespaceName
Domain*|domainName||%inlineEventTypes %userAssignedIdentities
DomainEventSubscription*|eventSubscriptionName|domainName
DomainTopic*|domainTopicName|domainName
DomainTopicEventSubscription*|eventSubscriptionName|domainName topicName
EventSubscription|eventSubscriptionName|scope
Namespace*|namespaceName||%userAssignedIdentities
NamespaceTopic*|topicName|namespaceName
NamespaceTopicEventSubscription*|eventSubscriptionName|namespaceName topicName
PartnerConfiguration*
PartnerDestination*|partnerDestinationName
PartnerNamespace*|partnerNamespaceName
PartnerRegistration*|partnerRegistrationName
PartnerTopic*|partnerTopicName||%inlineEventTypes %userAssignedIdentities
PartnerTopicEventSubscription*|eventSubscriptionName|partnerTopicName
PermissionBinding*|permissionBindingName|namespaceName
PrivateEndpointConnection*|privateEndpointConnectionName|parentName parentType
SystemTopic*|systemTopicName||%userAssignedIdentities
SystemTopicEventSubscription*|eventSubscriptionName|systemTopicName
Topic*|topicName||%inlineEventTypes %userAssignedIdentities
TopicEventSubscription*|eventSubscriptionName|topicName
TopicSpace*|topicSpaceName|namespaceName
@eventhub
ApplicationGroup*|applicationGroupName|namespaceName
Cluster*|clusterName
ConsumerGroup*|consumerGroupName|eventHubName namespaceName
DisasterRecoveryConfig*|alias|namespaceName
EventHub*|eventHubName|namespaceName
EventHubAuthorizationRule*|authorizationRuleName|eventHubName namespaceName
Namespace*|namespaceName
NamespaceAuthorizationRule*|authorizationRuleName|namespaceName
NamespaceIpFilterRule*|ipFilterRuleName|namespaceName
NamespaceNetworkRuleSet*||namespaceName
NamespaceVirtualNetworkRule*|virtualNetworkRuleName|namespaceName
PrivateEndpointConnection*|privateEndpointConnectionName|namespaceName
SchemaRegistry*|schemaGroupName|namespaceName|~groupProperties
@extendedlocation
CustomLocation*|resourceName
ResourceSyncRule*|childResourceName|resourceName|~matchLabels
@fabric
FabricCapacity*|capacityName
@features
SubscriptionFeatureRegistration|featureName|providerNamespace|.
@fileshares
FileShare*|resourceName||.
FileShareSnapshot*|name|resourceName|.
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName
@fluidrelay
FluidRelayPrivateEndpointConnection|privateEndpointConnectionName|fluidRelayServerName resourceGroup
FluidRelayServer|fluidRelayServerName|resourceGroup
@frontdoor
Experiment*|experimentName|profileName
FrontDoor*|frontDoorName
NetworkExperimentProfile*|profileName
Policy*|policyName
RulesEngine*|rulesEngineName|frontDoorName
@graphservices
Account*|resourceName||.
@guestconfiguration
GuestConfigurationAssignment*|guestConfigurationAssignmentName|vmName|.
GuestConfigurationAssignmentsVMSS*|name|vmssName|.
GuestConfigurationConnectedVMwarevSphereAssignment*|guestConfigurationAssignmentName|vmName|.
GuestConfigurationHCRPAssignment*|guestConfigurationAssignmentName|machineName|.
@hardwaresecuritymodules
CloudHsmCluster*|cloudHsmClusterName
CloudHsmClusterPrivateEndpointConnection*|peConnectionName|cloudHsmClusterName
DedicatedHsm*|name
@hdinsight
Application*|applicationName|clusterName|.
Cluster*|clusterName||. %userAssignedIdentities ~componentVersion ~configurationOverride ~configurations
Extension*|extensionName|clusterName
ExtensionAzureMonitorAgentStatus*||clusterName|~globalConfigurations
ExtensionAzureMonitorStatus*||clusterName|~globalConfigurations
ExtensionMonitoringStatus*||clusterName
PrivateEndpointConnection*|privateEndpointConnectionName|clusterName
@healthbot
Bot*|botName||.
@healthcareapis
AnalyticsConnector*|analyticsConnectorName|workspaceName
DicomService*|dicomServiceName|workspaceName
FhirService*|fhirServiceName|workspaceName|~resourceTypeOverrides
IotConnector*|iotConnectorName|workspaceName|~content
IotConnectorFhirDestination*|fhirDestinationName|iotConnectorName workspaceName|~content
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName
Service*|resourceName||.
Workspace*|workspaceName
WorkspacePrivateEndpointConnection*|privateEndpointConnectionName|workspaceName
@healthdataaiservices
DeidService*|deidServiceName||.
PrivateEndpointConnection*|privateEndpointConnectionName|deidServiceName|.
@horizondb
HorizonDbCluster*|clusterName||.
HorizonDbFirewallRule*|firewallRuleName|clusterName poolName|.
HorizonDbParameterGroup*|parameterGroupName||.
HorizonDbReplica*|replicaName|clusterName poolName|.
@hybridcloud
CloudConnection*|cloudConnectionName
CloudConnector*|cloudConnectorName
@hybridcompute
Gateway*|gatewayName
License*|licenseName
LicenseProfile*|licenseProfileName|machineName
Machine*|machineName
MachineExtension*|extensionName|machineName|. ~protectedSettings ~settings
MachineRunCommand*|runCommandName|machineName
PrivateEndpointConnection*|privateEndpointConnectionName|scopeName|.
PrivateLinkScope*|scopeName||.
PrivateLinkScopedResource*|name|scopeName
@hybridconnectivity
Endpoint|endpointName|resourceUri
PublicCloudConnector*|publicCloudConnector
ServiceConfiguration|serviceConfigurationName|endpointName resourceUri
SolutionConfiguration|solutionConfiguration|resourceUri|~solutionSettings
@hybridcontainerservice
ClusterInstanceHybridIdentityMetadatum||connectedClusterResourceUri
VirtualNetworkRetrieve*|virtualNetworkName||.
@hybridnetwork
ArtifactManifest*|artifactManifestName|artifactStoreName publisherName|.
ArtifactStore*|artifactStoreName|publisherName|.
ConfigurationGroupSchema*|configurationGroupSchemaName|publisherName|.
ConfigurationGroupValue*|configurationGroupValueName||.
Device*|deviceName
NetworkFunction*|networkFunctionName||.
NetworkFunctionDefinitionGroup*|networkFunctionDefinitionGroupName|publisherName|.
NetworkFunctionDefinitionVersion*|networkFunctionDefinitionVersionName|networkFunctionDefinitionGroupName publisherName|.
NetworkServiceDesignGroup*|networkServiceDesignGroupName|publisherName|.
NetworkServiceDesignVersion*|networkServiceDesignVersionName|networkServiceDesignGroupName publisherName|. %configurationGroupSchemaReferences %nfvisFromSite
Publisher*|publisherName||.
Site*|siteName||.
SiteNetworkService*|siteNetworkServiceName||. %desiredStateConfigurationGroupValueReferences
Vendor|vendorName
VendorSkuPreview|previewSubscription|skuName vendorName
VendorSkus|skuName|vendorName|~managedApplicationParameters ~managedApplicationTemplate ~userDataParameters ~userDataTemplate
@impact
Connector|connectorName||.
Insight|insightName|workloadImpactName|. ~additionalDetails
WorkloadImpact|workloadImpactName||. ~additionalProperties
@importexport
Job*|jobName||.
@integrationspaces
Application*|applicationName|spaceName|%trackingDataStores
ApplicationResource*|resourceName|applicationName spaceName
BusinessProcess*|businessProcessName|applicationName spaceName|%businessProcessMapping %businessProcessStages businessProcessStages ~properties
InfrastructureResource*|infrastructureResourceName|spaceName
Space*|spaceName
@intune
AndroidMAMPolicyByName|policyName|hostName
IoMAMPolicyByName|policyName|hostName
@iotcentral
App*|resourceName
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName
@iotfirmwaredefense
Firmware*|firmwareId|workspaceName
Workspace*|workspaceName
@iothub
Certificate*|certificateName|resourceName|.
IotHubResource*|resourceName||. %eventHubEndpoints %messagingEndpoints %storageEndpoints privateEndpointConnections
IotHubResourceEventHubConsumerGroup*|name|eventHubEndpointName resourceName|.
PrivateEndpointConnection*|privateEndpointConnectionName|resourceName|.
@iotoperations
AkriConnector*|connectorName|akriConnectorTemplateName instanceName
AkriConnectorTemplate*|akriConnectorTemplateName|instanceName|. ~additionalConfiguration ~persistentVolumeClaimTemplates ~statefulSetConfigurationSettings ~values
AkriService*|akriServiceName|instanceName
Broker*|brokerName|instanceName|. ~limits ~matchLabels ~requests
BrokerAuthentication*|authenticationName|brokerName instanceName|. %authorizationAttributes ~attributes ~headers
BrokerAuthorization*|authorizationName|brokerName instanceName|. ~attributes
BrokerListener*|listenerName|brokerName instanceName|.
Dataflow*|dataflowName|dataflowProfileName instanceName|.
DataflowEndpoint*|dataflowEndpointName|instanceName|. ~method
DataflowGraph*|dataflowGraphName|dataflowProfileName instanceName|.
DataflowProfile*|dataflowProfileName|instanceName|.
Instance*|instanceName||.
RegistryEndpoint*|registryEndpointName|instanceName|. ~anonymousSettings
@iotoperationsdataprocessor
Dataset*|datasetName|instanceName|%keys
Instance*|instanceName
Pipeline*|pipelineName|instanceName|%stages
@iotoperationsmq
Broker*|brokerName|mqName|~limits ~matchLabels ~requests
BrokerAuthentication*|authenticationName|brokerName mqName|~headers
BrokerAuthorization*|authorizationName|brokerName mqName|~attributes
BrokerListener*|listenerName|brokerName mqName
DataLakeConnector*|dataLakeConnectorName|mqName
DataLakeConnectorTopicMap*|topicMapName|dataLakeConnectorName mqName
DiagnosticService*|diagnosticServiceName|mqName
KafkaConnector*|kafkaConnectorName|mqName
KafkaConnectorTopicMap*|topicMapName|kafkaConnectorName mqName
Mq*|mqName
MqttBridgeConnector*|mqttBridgeConnectorName|mqName
MqttBridgeTopicMap*|topicMapName|mqName mqttBridgeConnectorName
@iotoperationsorchestrator
Instance*|name
Solution*|name||components ~properties
Target*|name||components ~config ~properties
@keyvault
AccessPolicy*||vaultName
Key*|keyName|vaultName|.
ManagedHsm*|name||.
MHSMPrivateEndpointConnection*|privateEndpointConnectionName|name
PrivateEndpointConnection*|privateEndpointConnectionName|vaultName
Secret*|secretName|vaultName|.
Vault*|vaultName||.
@kubernetes
ConnectedCluster*|clusterName
@kubernetesconfiguration
Extension*|extensionName|clusterName clusterResourceName clusterRp|~configurationProtectedSettings ~configurationSettings
FluxConfiguration*|fluxConfigurationName|clusterName clusterResourceName clusterRp|%kustomizations ~configurationProtectedSettings ~substitute
PrivateEndpointConnection*|privateEndpointConnectionName|scopeName
PrivateLinkScope*|scopeName||.
SourceControlConfiguration*|sourceControlConfigurationName|clusterName clusterResourceName clusterRp|~configurationProtectedSettings
@kubernetesruntime
BgpPeer|bgpPeerName|resourceUri
LoadBalancer|loadBalancerName|resourceUri|~serviceSelector
Service|serviceName|resourceUri
StorageClass|storageClassName|resourceUri
@kusto
AttachedDatabaseConfiguration*|attachedDatabaseConfigurationName|clusterName
Cluster*|clusterName
ClusterPrincipalAssignment*|principalAssignmentName|clusterName
CosmosDbDataConnection*|dataConnectionName|clusterName databaseName
DatabasePrincipalAssignment*|principalAssignmentName|clusterName databaseName
EventGridDataConnection*|dataConnectionName|clusterName databaseName
EventHubConnection*|eventHubConnectionName|clusterName databaseName
EventHubDataConnection*|dataConnectionName|clusterName databaseName
IotHubDataConnection*|dataConnectionName|clusterName databaseName
ManagedPrivateEndpoint*|managedPrivateEndpointName|clusterName
PrivateEndpointConnection*|privateEndpointConnectionName|clusterName
ReadOnlyFollowingDatabase*|databaseName|clusterName
ReadWriteDatabase*|databaseName|clusterName
SandboxCustomImage*|sandboxCustomImageName|clusterName
Script*|scriptName|clusterName databaseName
@labservices
Lab*|labName
LabPlan*|labPlanName
Schedule*|scheduleName|labName
User*|userName|labName
@loadtestservice
LoadTest*|loadTestName
LoadTestMapping|loadTestMappingName|resourceUri
LoadTestProfileMapping|loadTestProfileMappingName|resourceUri
PlaywrightWorkspace*|playwrightWorkspaceName
@logic
IntegrationAccount*|integrationAccountName
IntegrationAccountAgreement*|agreementName|integrationAccountName
IntegrationAccountAssembly*|assemblyArtifactName|integrationAccountName|. ~content
IntegrationAccountBatchConfiguration*|batchConfigurationName|integrationAccountName|.
IntegrationAccountCertificate*|certificateName|integrationAccountName
IntegrationAccountMap*|mapName|integrationAccountName
IntegrationAccountPartner*|partnerName|integrationAccountName
IntegrationAccountSchema*|schemaName|integrationAccountName
IntegrationAccountSession*|sessionName|integrationAccountName|~content
IntegrationServiceEnvironment|integrationServiceEnvironmentName|resourceGroup|.
IntegrationServiceEnvironmentManagedApi|apiName|integrationServiceEnvironmentName resourceGroup
RosettaNetProcessConfiguration*|rosettaNetProcessConfigurationName|integrationAccountName
Workflow*|workflowName||%parameters %policies ~definition ~value
WorkflowAccessKey*|accessKeyName|workflowName
@m365securityandcompliance
PrivateEndpointConnectionsAdtAPI*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsComp*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForEDM*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForMIPPolicySync*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForSCCPowershell*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsSec*|privateEndpointConnectionName|resourceName
PrivateLinkServicesForEDMUpload*|resourceName||.
PrivateLinkServicesForM365ComplianceCenter*|resourceName||.
PrivateLinkServicesForM365SecurityCenter*|resourceName||.
PrivateLinkServicesForMIPPolicySync*|resourceName||.
PrivateLinkServicesForO365ManagementActivityAPI*|resourceName||.
PrivateLinkServicesForSCCPowershell*|resourceName||.
@machinelearning
Workspace*|workspaceName
@machinelearningservices
BatchDeployment*|deploymentName|endpointName workspaceName|. resources ~environmentVariables ~properties ~settings
BatchEndpoint*|endpointName|workspaceName|. ~properties
CapabilityHost*|name|workspaceName|. ~properties
CapacityReservationGroup*|groupId
CodeContainer*|name|workspaceName|. ~properties
CodeVersion*|version|name workspaceName|. ~properties
ComponentContainer*|name|workspaceName|. ~properties
ComponentVersion*|version|name workspaceName|. ~componentSpec ~properties
Compute*|computeName|workspaceName|. %environmentVariables %instanceTypes ~limits ~nodeSelector ~propertyBag ~requests
ConnectionDeployment*|deploymentName|connectionName workspaceName|.
ConnectionRaiBlocklist*|raiBlocklistName|connectionName workspaceName|.
ConnectionRaiBlocklistItem*|raiBlocklistItemName|connectionName raiBlocklistName workspaceName|.
ConnectionRaiPolicy*|raiPolicyName|connectionName workspaceName|.
DataContainer*|name|workspaceName|. ~properties
DataVersion*|version|name workspaceName|. ~properties
Datastore*|name|workspaceName|. ~properties
EndpointDeployment*|deploymentName|endpointName workspaceName|.
EnvironmentContainer*|name|workspaceName|. ~properties
EnvironmentSpecificationVersion*|version|name workspaceName|. ~properties
EnvironmentVersion*|version|name workspaceName|. ~properties
FeaturesetContainerEntity*|name|workspaceName|. ~properties
FeaturesetVersion*|version|name workspaceName|. %webhooks ~properties ~sparkConfiguration
FeaturestoreEntityContainerEntity*|name|workspaceName|. ~properties
FeaturestoreEntityVersion*|version|name workspaceName|. ~properties
InferenceEndpoint*|endpointName|poolName workspaceName|inferenceEndpointProperties
InferenceGroup*|groupName|poolName workspaceName|inferenceGroupProperties
InferencePool*|inferencePoolName|workspaceName|inferencePoolProperties
Job*|id|workspaceName|. %inputs %outputs %services %transformerParams %webhooks resources services ~columnNameAndTypes ~conf ~environmentVariables ~jobs ~properties ~searchSpace ~settings ~stackMetaLearnerKWargs
LabelingJob*|id|workspaceName|%classes %labelCategories %secretsConfiguration %services %subclasses %webhooks labelingJobProperties services ~properties
LinkedService*|linkName|workspaceName|.
LinkedWorkspace*|linkName|workspaceName|.
MachineLearningDataset*|datasetName|workspaceName
MachineLearningDatastore*|datastoreName|workspaceName
ManagedNetworkSettingsRule*|ruleName|workspaceName|.
MarketplaceSubscription*|name|workspaceName|.
ModelContainer*|name|workspaceName|. ~properties
ModelVersion*|version|name workspaceName|. %flavors ~data ~properties
OnlineDeployment*|deploymentName|endpointName workspaceName|. %collections ~environmentVariables ~properties
OnlineEndpoint*|endpointName|workspaceName|. ~mirrorTraffic ~properties ~traffic
OutboundRule*|ruleName|managedNetworkName workspaceName|.
PrivateEndpointConnection*|privateEndpointConnectionName|workspaceName
RaiPolicy*|raiPolicyName|endpointName workspaceName|.
Registry*|registryName
RegistryCodeContainer*|codeName|registryName|. ~properties
RegistryCodeVersion*|version|codeName registryName|. ~properties
RegistryComponentContainer*|componentName|registryName|. ~properties
RegistryComponentVersion*|version|componentName registryName|. ~componentSpec ~properties
RegistryDataContainer*|name|registryName|. ~properties
RegistryDataVersion*|version|name registryName|. ~properties
RegistryEnvironmentContainer*|environmentName|registryName|. ~properties
RegistryEnvironmentVersion*|version|environmentName registryName|. ~properties
RegistryModelContainer*|modelName|registryName|. ~properties
RegistryModelVersion*|version|modelName registryName|. %flavors ~data ~properties
Schedule*|name|workspaceName|. %inputAssets %inputs %outputs %services %signals %transformerParams %webhooks jobDefinition resources services signals ~columnNameAndTypes ~columns ~conf ~endpointInvocationDefinition ~environmentVariables ~featureDataTypeOverride ~jobs ~properties ~searchSpace ~settings ~stackMetaLearnerKWargs
ServerlessEndpoint*|name|workspaceName|.
Workspace*|workspaceName||%outboundRules
WorkspaceConnection*|connectionName|workspaceName|. ~keys
@maintenance
ConfigurationAssignment*|configurationAssignmentName|providerName resourceName resourceType
ConfigurationAssignmentParent*|configurationAssignmentName|providerName resourceName resourceParentName resourceParentType resourceType
ConfigurationAssignmentsForResourceGroup*|configurationAssignmentName
ConfigurationAssignmentsForSubscription|configurationAssignmentName
MaintenanceConfiguration*|resourceName||~extensionProperties
@managedidentity
FederatedIdentityCredential*|federatedIdentityCredentialResourceName|resourceName
UserAssignedIdentity*|resourceName
@managednetwork
ManagedNetwork*|managedNetworkName
ManagedNetworkGroup*|managedNetworkGroupName|managedNetworkName
ManagedNetworkPeeringPolicy*|managedNetworkPeeringPolicyName|managedNetworkName|.
ScopeAssignment|scopeAssignmentName|scope
@managednetworkfabric
AccessControlList*|accessControlListName
ExternalNetwork*|externalNetworkName|l3IsolationDomainName
InternalNetwork*|internalNetworkName|l3IsolationDomainName
InternetGateway*|internetGatewayName
InternetGatewayRule*|internetGatewayRuleName
IpCommunity*|ipCommunityName
IpExtendedCommunity*|ipExtendedCommunityName
IpPrefix*|ipPrefixName
L2IsolationDomain*|l2IsolationDomainName
L3IsolationDomain*|l3IsolationDomainName
NeighborGroup*|neighborGroupName
NetworkBootstrapDevice*|networkBootstrapDeviceName
NetworkBootstrapInterface*|networkBootstrapInterfaceName|networkBootstrapDeviceName
NetworkDevice*|networkDeviceName
NetworkFabric*|networkFabricName
NetworkFabricController*|networkFabricControllerName
NetworkInterface*|networkInterfaceName|networkDeviceName
NetworkMonitor*|networkMonitorName
NetworkPacketBroker*|networkPacketBrokerName
NetworkRack*|networkRackName
NetworkTap*|networkTapName
NetworkTapRule*|networkTapRuleName
NetworkToNetworkInterconnect*|networkToNetworkInterconnectName|networkFabricName
RoutePolicy*|routePolicyName
@managedops
ManagedOp|managedOpsName||.
@managedservices
RegistrationAssignment|registrationAssignmentId|scope|.
RegistrationDefinition|registrationDefinitionId|scope|.
@management
HierarchySetting||groupId
ManagementGroup|groupId
ManagementGroupSubscription||groupId
ServiceGroup|serviceGroupName||.
@managementpartner
Partner|partnerId
@manufacturingplatform
ManufacturingDataService*|mdsResourceName||.
@maps
Account*|accountName||.
Creator*|creatorName|accountName|.
PrivateAtlase*|privateAtlasName|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
@marketplace
PrivateStoreCollection|collectionId|privateStoreId
PrivateStoreCollectionOffer|offerId|collectionId privateStoreId|~iconFileUris
UserSolution|solutionId
@migrate
AksAssessmentOperation*|assessmentName|projectName
Assessment*|assessmentName|groupName projectName|.
AssessmentProjectsOperation*|projectName
AssessmentsOperation*|assessmentName|groupName projectName
AvsAssessmentsOperation*|assessmentName|groupName projectName
AvsAssessmentsV2Operation*|assessmentName|projectName|.
BusinessCaseOperation*|businessCaseName|projectName|~perYearMigrationCompletionPercentage
CompoundAssessmentOperation*|compoundAssessmentName|projectName|.
Group*|groupName|projectName|.
GroupsOperation*|groupName|projectName
HeterogeneousAssessmentOperation*|assessmentName|projectName|.
HyperVCollector*|hyperVCollectorName|projectName|.
HypervCollectorsOperation*|hypervCollectorName|projectName
ImportCollector*|importCollectorName|projectName|.
ImportCollectorsOperation*|importCollectorName|projectName
ImportSqlCollectorOperation*|importSqlCollectorsName|projectName|.
MachineAssessmentsV2Operation*|assessmentName|projectName|.
MigrateAgent*|agentName|modernizeProjectName|.
MigrateProject*|migrateProjectName||.
MigrateProjectsControllerMigrateProject*|migrateProjectName||.
MigrationEntity*|migrationEntityName|projectName|.
MigrationEntityGroup*|migrationEntityGroupName|projectName|.
ModernizeProject*|modernizeProjectName||. %userAssignedIdentities
MoveCollection*|moveCollectionName||.
MoveResource*|moveResourceName|moveCollectionName|.
PrivateEndpointConnection*|privateEndpointConnectionName|projectName|.
PrivateEndpointConnectionControllerPrivateEndpointConnection*|peConnectionName|migrateProjectName|.
PrivateEndpointConnectionOperation*|privateEndpointConnectionName|projectName
Project*|projectName||.
ServerCollector*|serverCollectorName|projectName|.
ServerCollectorsOperation*|serverCollectorName|projectName
Solution*|solutionName|migrateProjectName|. ~extendedDetails
SqlAssessmentV2Operation*|assessmentName|groupName projectName
SqlAssessmentV3Operation*|assessmentName|projectName|.
SqlCollectorOperation*|collectorName|projectName
Task*|taskName|projectName|.
VMwareCollector*|vmWareCollectorName|projectName|.
VmwareCollectorsOperation*|vmWareCollectorName|projectName
Wave*|waveName|projectName|.
WebAppAssessmentV2Operation*|assessmentName|groupName projectName
WebAppAssessmentV3Operation*|assessmentName|projectName|.
WebAppCollectorOperation*|collectorName|projectName
WorkloadDeployment*|workloadDeploymentName|modernizeProjectName|. ~artifacts
WorkloadInstance*|workloadInstanceName|modernizeProjectName|.
@mission
Approval|approvalName|resourceUri
Community*|communityName
CommunityEndpoint*|communityEndpointName|communityName
DedicatedHub*|dedicatedHubName|communityName
EnclaveConnection*|enclaveConnectionName
EnclaveEndpoint*|enclaveEndpointName|virtualEnclaveName
TransitHub*|transitHubName|communityName
VirtualEnclave*|virtualEnclaveName
Workload*|workloadName|virtualEnclaveName
@mongocluster
FirewallRule*|firewallRuleName|mongoClusterName|.
MongoCluster*|mongoClusterName||.
PrivateEndpointConnection*|privateEndpointConnectionName|mongoClusterName|.
User*|userName|mongoClusterName|. identityProvider
@monitor
ActionGroup*|actionGroupName||~mappings
ActivityLogAlert*|activityLogAlertName||~webhookProperties
AuthenticationSetting*|authenticationSettingName|azureMonitorWorkspaceName healthModelName|.
AutoscaleSetting*|autoscaleSettingName||webhooks ~properties
AzureMonitorWorkspace*|azureMonitorWorkspaceName
DataCollectionEndpoint*|dataCollectionEndpointName
DataCollectionRule*|dataCollectionRuleName||%streamDeclarations ~extensionSettings ~labelIncludeFilter
DataCollectionRuleAssociation|associationName|resourceUri
DiagnosticSetting|name|resourceUri
DiscoveryRule*|discoveryRuleName|azureMonitorWorkspaceName healthModelName|.
Entity*|entityName|azureMonitorWorkspaceName healthModelName|.
HealthModel*|healthModelName|azureMonitorWorkspaceName|.
Issue*|issueName|azureMonitorWorkspaceName|.
ManagementGroupDiagnosticSetting|name|managementGroupId
MetricAlert*|ruleName||~webHookProperties
PipelineGroup*|pipelineGroupName||.
PrivateEndpointConnection*|privateEndpointConnectionName|scopeName
PrivateLinkScope*|scopeName
PrivateLinkScopedResource*|name|scopeName
Relationship*|relationshipName|azureMonitorWorkspaceName healthModelName|.
ScheduledQueryRule*|ruleName||~actionProperties ~customProperties
SignalDefinition*|signalDefinitionName|azureMonitorWorkspaceName healthModelName|.
Sli|sliName|serviceGroupName|.
SubscriptionDiagnosticSetting|name
TenantActionGroup|tenantActionGroupName|managementGroupId
@mysqldiscovery
MySQLServer*|serverName|siteName|~labels
MySQLSite*|siteName
@netapp
Account*|accountName
ActiveDirectoryConfig*|activeDirectoryConfigName||.
Backup*|backupName|accountName backupVaultName
BackupPolicy*|backupPolicyName|accountName
BackupVault*|backupVaultName|accountName
CapacityPool*|poolName|accountName
CapacityPoolBackup*|backupName|accountName poolName volumeName
CapacityPoolBucket*|bucketName|accountName poolName volumeName
CapacityPoolCache*|cacheName|accountName poolName|.
CapacityPoolSnapshot*|snapshotName|accountName poolName volumeName
CapacityPoolSubvolume*|subvolumeName|accountName poolName volumeName
CapacityPoolVolume*|volumeName|accountName poolName
CapacityPoolVolumeQuotaRule*|volumeQuotaRuleName|accountName poolName volumeName
ElasticAccount*|accountName||.
ElasticBackup*|backupName|accountName backupVaultName|.
ElasticBackupPolicy*|backupPolicyName|accountName|.
ElasticBackupVault*|backupVaultName|accountName
ElasticCapacityPool*|poolName|accountName|.
ElasticSnapshot*|snapshotName|accountName poolName volumeName
ElasticSnapshotPolicy*|snapshotPolicyName|accountName|.
ElasticVolume*|volumeName|accountName poolName|.
SnapshotPolicy*|snapshotPolicyName|accountName
VolumeGroup*|volumeGroupName|accountName
@network
AdminRule*|ruleName|configurationName networkManagerName ruleCollectionName
AdminRuleCollection*|ruleCollectionName|configurationName networkManagerName
ApplicationGateway*|applicationGatewayName
ApplicationGatewayPrivateEndpointConnection*|connectionName|applicationGatewayName
ApplicationSecurityGroup*|applicationSecurityGroupName
AzureFirewall*|azureFirewallName||~additionalProperties
BastionHost*|bastionHostName
Commit*|commitName|networkManagerName|.
ConfigurationPolicyGroup*|configurationPolicyGroupName|vpnServerConfigurationName
ConnectionMonitor*|connectionMonitorName|networkWatcherName
ConnectionPolicy*|connectionPolicyName|virtualHubName|.
ConnectivityConfiguration*|configurationName|networkManagerName
CustomIPPrefix*|customIpPrefixName
DdosCustomPolicy*|ddosCustomPolicyName
DdosProtectionPlan*|ddosProtectionPlanName
DefaultAdminRule*|ruleName|configurationName networkManagerName ruleCollectionName
DefaultUserRule*|ruleName|configurationName networkManagerName ruleCollectionName
DscpConfiguration*|dscpConfigurationName
ExpressRouteCircuit*|circuitName
ExpressRouteCircuitAuthorization*|authorizationName|circuitName
ExpressRouteCircuitConnection*|connectionName|circuitName peeringName
ExpressRouteCircuitPeering*|peeringName|circuitName
ExpressRouteConnection*|connectionName|expressRouteGatewayName
ExpressRouteCrossConnectionPeering*|peeringName|crossConnectionName
ExpressRouteGateway*|expressRouteGatewayName
ExpressRoutePort*|expressRoutePortName
ExpressRoutePortAuthorization*|authorizationName|expressRoutePortName
FirewallPolicy*|firewallPolicyName
FirewallPolicyDraft*||firewallPolicyName
FirewallPolicyRuleCollectionGroup*|ruleCollectionGroupName|firewallPolicyName
FirewallPolicyRuleCollectionGroupDraft*||firewallPolicyName ruleCollectionGroupName
FirewallPolicyRuleGroup*|ruleGroupName|firewallPolicyName
FlowLog*|flowLogName|networkWatcherName
HubRouteTable*|routeTableName|virtualHubName
HubVirtualNetworkConnection*|connectionName|virtualHubName
InboundNatRule*|inboundNatRuleName|loadBalancerName
InterconnectGroup*|interconnectGroupName
InterfaceEndpoint*|interfaceEndpointName
IpAllocation*|ipAllocationName||~allocationTags
IpGroup*|ipGroupsName
IpamPool*|poolName|networkManagerName|.
LoadBalancer*|loadBalancerName
LoadBalancerBackendAddressPool*|backendAddressPoolName|loadBalancerName
LocalNetworkGateway*|localNetworkGatewayName
ManagementGroupNetworkManagerConnection|networkManagerConnectionName|managementGroupId
NatGateway*|natGatewayName
NatRule*|natRuleName|gatewayName
NetworkGroup*|networkGroupName|networkManagerName
NetworkInterface*|networkInterfaceName
NetworkInterfaceTapConfiguration*|tapConfigurationName|networkInterfaceName
NetworkManager*|networkManagerName
NetworkManagerRoutingConfiguration*|configurationName|networkManagerName
NetworkProfile*|networkProfileName
NetworkSecurityGroup*|networkSecurityGroupName
NetworkSecurityPerimeter*|networkSecurityPerimeterName
NetworkSecurityPerimeterAccessRule*|accessRuleName|networkSecurityPerimeterName profileName
NetworkSecurityPerimeterAssociation*|associationName|networkSecurityPerimeterName
NetworkSecurityPerimeterLink*|linkName|networkSecurityPerimeterName
NetworkSecurityPerimeterLoggingConfiguration*|loggingConfigurationName|networkSecurityPerimeterName|.
NetworkSecurityPerimeterProfile*|profileName|networkSecurityPerimeterName
NetworkVirtualAppliance*|networkVirtualApplianceName||ipConfigurations networkInterfaceConfigurations
NetworkVirtualApplianceConnection*|connectionName|networkVirtualApplianceName|.
NetworkWatcher*|networkWatcherName
NspAccessRule*|accessRuleName|networkSecurityPerimeterName profileName
NspAssociation*|associationName|networkSecurityPerimeterName
NspLink*|linkName|networkSecurityPerimeterName
NspProfile*|profileName|networkSecurityPerimeterName
P2sVpnGateway*|gatewayName
P2sVpnServerConfiguration*|p2SVpnServerConfigurationName|virtualWanName|.
PacketCapture*|packetCaptureName|networkWatcherName
PrivateDnsZoneGroup*|privateDnsZoneGroupName|privateEndpointName
PrivateEndpoint*|privateEndpointName
PrivateLinkService*|serviceName
PrivateLinkServicePrivateEndpointConnection*|peConnectionName|serviceName
PublicIPAddress*|publicIpAddressName
PublicIPPrefix*|publicIpPrefixName
ReachabilityAnalysisIntent*|reachabilityAnalysisIntentName|networkManagerName workspaceName|.
ReachabilityAnalysisRun*|reachabilityAnalysisRunName|networkManagerName workspaceName|.
Route*|routeName|routeTableName
RouteFilter*|routeFilterName
RouteFilterRule*|ruleName|routeFilterName
RouteMap*|routeMapName|virtualHubName
RouteTable*|routeTableName
RoutingConfiguration*|configurationName|networkManagerName
RoutingIntent*|routingIntentName|virtualHubName
RoutingRule*|ruleName|configurationName networkManagerName ruleCollectionName
RoutingRuleCollection*|ruleCollectionName|configurationName networkManagerName
ScopeConnection*|scopeConnectionName|networkManagerName
SecurityAdminConfiguration*|configurationName|networkManagerName
SecurityPartnerProvider*|securityPartnerProviderName
SecurityRule*|securityRuleName|networkSecurityGroupName
SecurityUserConfiguration*|configurationName|networkManagerName
SecurityUserRule*|ruleName|configurationName networkManagerName ruleCollectionName
SecurityUserRuleCollection*|ruleCollectionName|configurationName networkManagerName
ServiceEndpointPolicy*|serviceEndpointPolicyName
ServiceEndpointPolicyDefinition*|serviceEndpointPolicyDefinitionName|serviceEndpointPolicyName
ServiceGateway*|serviceGatewayName
StaticCidr*|staticCidrName|networkManagerName poolName|.
StaticMember*|staticMemberName|networkGroupName networkManagerName
Subnet*|subnetName|virtualNetworkName
SubscriptionNetworkManagerConnection|networkManagerConnectionName
UserRule*|ruleName|configurationName networkManagerName ruleCollectionName
UserRuleCollection*|ruleCollectionName|configurationName networkManagerName
VerifierWorkspace*|workspaceName|networkManagerName|.
VirtualApplianceSite*|siteName|networkVirtualApplianceName
VirtualHub*|virtualHubName
VirtualHubBgpConnection*|connectionName|virtualHubName
VirtualHubIpConfiguration*|ipConfigName|virtualHubName
VirtualHubRouteTableV2*|routeTableName|virtualHubName
VirtualNetwork*|virtualNetworkName
VirtualNetworkAppliance*|virtualNetworkApplianceName
VirtualNetworkGateway*|virtualNetworkGatewayName
VirtualNetworkGatewayConnection*|virtualNetworkGatewayConnectionName
VirtualNetworkGatewayNatRule*|natRuleName|virtualNetworkGatewayName
VirtualNetworkPeering*|virtualNetworkPeeringName|virtualNetworkName
VirtualNetworkTap*|tapName
VirtualRouter*|virtualRouterName
VirtualRouterPeering*|peeringName|virtualRouterName
VirtualWan*|virtualWANName
VpnConnection*|connectionName|gatewayName
VpnGateway*|gatewayName
VpnServerConfiguration*|vpnServerConfigurationName||.
VpnSite*|vpnSiteName
WebApplicationFirewallPolicy*|policyName
@networkcloud
AccessBridge*|accessBridgeName
AgentPool*|agentPoolName|kubernetesClusterName
BareMetalMachine*|bareMetalMachineName
BareMetalMachineKeySet*|bareMetalMachineKeySetName|clusterName
BmcKeySet*|bmcKeySetName|clusterName
CloudServicesNetwork*|cloudServicesNetworkName
Cluster*|clusterName
ClusterManager*|clusterManagerName
Console*|consoleName|virtualMachineName
KubernetesCluster*|kubernetesClusterName
KubernetesClusterFeature*|featureName|kubernetesClusterName
KubernetesVersion*|kubernetesVersionName
L2Network*|l2NetworkName
L3Network*|l3NetworkName
MetricsConfiguration*|metricsConfigurationName|clusterName
Rack*|rackName
StorageAppliance*|storageApplianceName
TrunkedNetwork*|trunkedNetworkName
VirtualMachine*|virtualMachineName
Volume*|volumeName
@networkfunction
AzureTrafficCollector*|azureTrafficCollectorName
CollectorPolicy*|collectorPolicyName|azureTrafficCollectorName
@notificationhubs
Namespace*|namespaceName
NamespaceAuthorizationRule*|authorizationRuleName|namespaceName
NotificationHub*|notificationHubName|namespaceName
NotificationHubAuthorizationRule*|authorizationRuleName|namespaceName notificationHubName
PrivateEndpointConnection*|privateEndpointConnectionName|namespaceName|.
@offazure
HyperVSite*|siteName||.
HypervClusterControllerCluster*|clusterName|siteName
HypervHostController*|hostName|siteName
HypervSitesController*|siteName
ImportSitesController*|siteName
MasterSitesController*|siteName
PrivateEndpointConnection*|peConnectionName|siteName
PrivateEndpointConnectionController*|peConnectionName|siteName
ServerSitesController*|siteName
Site*|siteName||.
SitesController*|siteName
SqlDiscoverySiteDataSourceController*|discoverySiteDataSourceName|siteName sqlSiteName
SqlSitesController*|sqlSiteName|siteName
VcenterController*|vcenterName|siteName
WebAppDiscoverySiteDataSourcesController*|discoverySiteDataSourceName|siteName webAppSiteName
WebAppSitesController*|webAppSiteName|siteName
@offazurespringboot
Springbootapp*|springbootappsName|siteName|. ~labels
Springbootserver*|springbootserversName|siteName|. ~labels
Springbootsite*|springbootsitesName||.
@onlineexperimentation
OnlineExperimentationWorkspace*|workspaceName||.
PrivateEndpointConnection*|privateEndpointConnectionName|workspaceName|.
@openenergyplatform
EnergyService*|resourceName||.
@operationalinsights
Cluster*|clusterName
DataExport*|dataExportName|workspaceName
DataSource*|dataSourceName|workspaceName|. ~properties
LinkedService*|linkedServiceName|workspaceName
LinkedStorageAccount*|dataSourceType|workspaceName
MachineGroup*|machineGroupName|workspaceName
Query*|id|queryPackName|. ~properties
QueryPack*|queryPackName
SavedSearch*|savedSearchId|workspaceName
StorageInsightConfig*|storageInsightName|workspaceName
SummaryLog*|summaryLogsName|workspaceName
Table*|tableName|workspaceName
Workspace*|workspaceName
@operationsmanagement
ManagementAssociation*|managementAssociationName|providerName resourceName resourceType|.
ManagementConfiguration*|managementConfigurationName||. ~template
Solution*|solutionName||.
@orbital
Contact*|contactName|spacecraftName
ContactProfile*|contactProfileName
EdgeSite*|edgeSiteName
GeoCatalog*|catalogName||.
GroundStation*|groundStationName
L2Connection*|l2ConnectionName
Spacecraft*|spacecraftName
@peering
ConnectionMonitorTest*|connectionMonitorTestName|peeringServiceName
PeerAsn|peerAsnName
Peering*|peeringName
PeeringService*|peeringServiceName
Prefix*|prefixName|peeringServiceName
RegisteredAsn*|registeredAsnName|peeringName
RegisteredPrefix*|registeredPrefixName|peeringName
@policyinsights
AttestationAtResource|attestationName|resourceId
AttestationAtResourceGroup*|attestationName
AttestationAtSubscription|attestationName
RemediationAtManagementGroup|remediationName|managementGroupId managementGroupsNamespace
RemediationAtResource|remediationName|resourceId
RemediationAtResourceGroup*|remediationName
RemediationAtSubscription|remediationName
@portal
Console|consoleName||.
ConsoleWithLocation|consoleName|location
Dashboard*|dashboardName||. ~inputs ~settings
TenantConfiguration|configurationName||.
UserSettings|userSettingsName||.
UserSettingsWithLocation|userSettingsName|location|.
@portalservices
CopilotSetting
@powerbi
PowerBIResource*
PrivateEndpointConnection*|privateEndpointName|azureResourceName
WorkspaceCollection*|workspaceCollectionName
@powerbidedicated
AutoScaleVCore*|vcoreName
CapacityDetails*|dedicatedCapacityName
@powerplatform
Account*|accountName
EnterprisePolicy*|enterprisePolicyName
PrivateEndpointConnection*|privateEndpointConnectionName|enterprisePolicyName
@privatedns
PrivateRecordSet*|relativeRecordSetName|privateZoneName recordType
PrivateZone*|privateZoneName
VirtualNetworkLink*|virtualNetworkLinkName|privateZoneName
@professionalservice
ProfessionalServiceSubscriptionLevel*|resourceName||.
@programenrollment
EduEnrollment*|enrollmentName||.
@programmableconnectivity
Gateway*|gatewayName
OperatorApiConnection*|operatorApiConnectionName
@providerhub
AuthorizedApplication|applicationId|providerNamespace|.
CustomRollout|rolloutName|providerNamespace|. %failedOrSkippedRegions %resourceConcurrencyControlOptions providerRegistration resourceTypeRegistrations
DefaultRollout|rolloutName|providerNamespace|. %failedOrSkippedRegions %resourceConcurrencyControlOptions providerRegistration resourceTypeRegistrations
NotificationRegistration|notificationRegistrationName|providerNamespace|.
OperationByProviderRegistration
ProviderMonitorSetting*|providerMonitorSettingName
ProviderRegistration|providerNamespace||.
ResourceTypeRegistration|resourceType|providerNamespace|. %resourceConcurrencyControlOptions
Skus|sku|providerNamespace resourceType|.
SkusNestedResourceTypeFirst|sku|nestedResourceTypeFirst providerNamespace resourceType|.
SkusNestedResourceTypeSecond|sku|nestedResourceTypeFirst nestedResourceTypeSecond providerNamespace resourceType|.
SkusNestedResourceTypeThird|sku|nestedResourceTypeFirst nestedResourceTypeSecond nestedResourceTypeThird providerNamespace resourceType|.
@purview
Account*|accountName
KafkaConfiguration*|kafkaConfigurationName|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
@quantum
Workspace*|workspaceName||.
@quota
GroupQuota|groupQuotaName|managementGroupId|.
GroupQuotaSubscription||groupQuotaName managementGroupId
@recommendationsservice
Account*|accountName||.
Modeling*|modelingName|accountName|.
ServiceEndpoint*|serviceEndpointName|accountName|.
@recoveryservices
PrivateEndpointConnection*|privateEndpointConnectionName|vaultName|.
ProtectedItem*|protectedItemName|containerName fabricName vaultName|. %kpisHealths ~protectableObjectLoadPath ~sourceAssociations
ProtectionContainer*|containerName|fabricName vaultName|. ~serviceEndpoints
ProtectionIntent*|intentObjectName|fabricName vaultName|.
ProtectionPolicy*|policyName|vaultName|. %tieringPolicy
ReplicationFabric*|fabricName|resourceName|.
ReplicationMigrationItem*|migrationItemName|fabricName protectionContainerName resourceName|. ~seedDiskTags ~targetDiskTags ~targetNicTags ~targetVmTags
ReplicationNetworkMapping*|networkMappingName|fabricName networkName resourceName|.
ReplicationPolicy*|policyName|resourceName|.
ReplicationProtectedItem*|replicatedProtectedItemName|fabricName protectionContainerName resourceName|. ~seedManagedDiskTags ~targetManagedDiskTags ~targetNicTags ~targetVmTags
ReplicationProtectionCluster*|replicationProtectionClusterName|fabricName protectionContainerName resourceName|.
ReplicationProtectionContainerMapping*|mappingName|fabricName protectionContainerName resourceName|.
ReplicationRecoveryPlan*|recoveryPlanName|resourceName|.
ReplicationRecoveryServicesProvider*|providerName|fabricName resourceName|.
ReplicationStorageClassificationMapping*|storageClassificationMappingName|fabricName resourceName storageClassificationName|.
ReplicationvCenter*|vcenterName|fabricName resourceName|.
ResourceGuardProxy*|resourceGuardProxyName|vaultName|.
Vault*|vaultName||.
@redhatopenshift
MachinePool*|childResourceName|resourceName
OpenShiftCluster*|resourceName
Secret*|childResourceName|resourceName
SyncIdentityProvider*|childResourceName|resourceName
SyncSet*|childResourceName|resourceName
@redis
AccessPolicy*|accessPolicyName|cacheName
AccessPolicyAssignment*|accessPolicyAssignmentName|cacheName
FirewallRule*|ruleName|cacheName
LinkedServer*|linkedServerName|name
PatchSchedule*|default|name
PrivateEndpointConnection*|privateEndpointConnectionName|cacheName
Redis*|name||~tenantSettings
RedisFirewallRule*|ruleName|cacheName
RedisLinkedServer*|linkedServerName|name
@redisenterprise
AccessPolicyAssignment*|accessPolicyAssignmentName|clusterName databaseName
Database*|databaseName|clusterName
PrivateEndpointConnection*|privateEndpointConnectionName|clusterName
RedisEnterprise*|clusterName
@relationships
DependencyOfRelationship|name|resourceUri|.
ServiceGroupMemberRelationship|name|resourceUri|.
@relay
HybridConnection*|hybridConnectionName|namespaceName
HybridConnectionAuthorizationRule*|authorizationRuleName|hybridConnectionName namespaceName
Namespace*|namespaceName
NamespaceAuthorizationRule*|authorizationRuleName|namespaceName
PrivateEndpointConnection*|privateEndpointConnectionName|namespaceName
WCFRelay*|relayName|namespaceName
WCFRelayAuthorizationRule*|authorizationRuleName|namespaceName relayName
@resourceconnector
Appliance*|resourceName
@resourcegraph
GraphQuery*|resourceName
@resources
AzureCliScript*|scriptName
AzurePowerShellScript*|scriptName
Deployment*|deploymentName||. %parameters ~template ~value
DeploymentAtManagementGroupScope|deploymentName|groupId|. %parameters ~template ~value
DeploymentAtScope|deploymentName|scope|. %parameters ~template ~value
DeploymentAtSubscriptionScope|deploymentName||. %parameters ~template ~value
DeploymentAtTenantScope|deploymentName||. %parameters ~template ~value
DeploymentStackAtManagementGroup|deploymentStackName|managementGroupId|%parameters ~template ~value
DeploymentStackAtResourceGroup*|deploymentStackName||%parameters ~template ~value
DeploymentStackAtSubscription|deploymentStackName||%parameters ~template ~value
DeploymentStacksWhatIfResultsAtManagementGroup|deploymentStacksWhatIfResultName|managementGroupId|. %extensionConfigs %externalInputDefinitions %externalInputs %parameters ~config ~template ~value
DeploymentStacksWhatIfResultsAtResourceGroup*|deploymentStacksWhatIfResultName||. %extensionConfigs %externalInputDefinitions %externalInputs %parameters ~config ~template ~value
DeploymentStacksWhatIfResultsAtSubscription|deploymentStacksWhatIfResultName||. %extensionConfigs %externalInputDefinitions %externalInputs %parameters ~config ~template ~value
Resource*|resourceName|apiVersion parentResourcePath resourceProviderNamespace resourceType|. ~properties
ResourceGroup|resourceGroupName
TagAtScope||scope|.
TemplateSpec*|templateSpecName
TemplateSpecVersion*|templateSpecVersion|templateSpecName|~mainTemplate ~template ~uiFormDefinition
@saas
SaasSubscriptionLevel*|resourceName||. ~paymentChannelMetadata
@scheduler
Job*|jobName|jobCollectionName|. ~customMessageProperties ~headers
JobCollection*|jobCollectionName||.
@scom
Instance*|instanceName||.
ManagedGateway*|managedGatewayName|instanceName
MonitoredResource*|monitoredResourceName|instanceName
@scvmm
AvailabilitySet*|availabilitySetName
Cloud*|cloudName
GuestAgent*|guestAgentName|virtualMachineName
HybridIdentityMetadata*|metadataName|virtualMachineName
InventoryItem*|inventoryItemName|vmmServerName
MachineExtension*|extensionName|virtualMachineName|~protectedSettings ~settings
VirtualMachine*|virtualMachineName
VirtualMachineInstance||resourceUri
VirtualMachineTemplate*|virtualMachineTemplateName
VirtualNetwork*|virtualNetworkName
VMInstanceGuestAgent||resourceUri
VmmServer*|vmmServerName
@search
PrivateEndpointConnection*|privateEndpointConnectionName|searchServiceName|.
Service*|searchServiceName||~apiKeyOnly
SharedPrivateLinkResource*|sharedPrivateLinkResourceName|searchServiceName|.
@secretsynccontroller
AzureKeyVaultSecretProviderClass*|azureKeyVaultSecretProviderClassName
SecretSync*|secretSyncName
@security
AdvancedThreatProtection|settingName|resourceId
AlertsSuppressionRule|alertsSuppressionRuleName
APICollection*|apiCollectionId|serviceName
APICollectionByAzureApiManagementService*|apiId|serviceName
Application|applicationId||~conditionSets
Assessment|assessmentName|resourceId|~additionalData
AssessmentMetadataInSubscription|assessmentMetadataName
AssessmentsMetadataSubscription|assessmentMetadataName
Assignment*|assignmentId
Automation*|automationName
AzureServersSetting|settingKind
CustomRecommendation|customRecommendationName|scope
DataScanner|scannerName|scopeId|. ~properties
DefenderForStorage|settingName|resourceId|.
DevOpsConfiguration*||securityConnectorName|.
DeviceSecurityGroup|deviceSecurityGroupName|resourceId
GovernanceAssignment|assignmentKey|assessmentName scope
GovernanceRule|ruleId|scope|~conditionSets
IotSecuritySolution*|solutionName
JitNetworkAccessPolicy*|jitNetworkAccessPolicyName|ascLocation
Pricing|pricingName|scopeId|~additionalExtensionProperties
PrivateEndpointConnection*|privateEndpointConnectionName|privateLinkName
PrivateLink*|privateLinkName
SecurityConnector*|securityConnectorName||~configuration ~exclusionTags
SecurityConnectorApplication*|applicationId|securityConnectorName|~conditionSets
SecurityContact|securityContactName
SecurityOperator|securityOperatorName|pricingName
SecurityStandard|standardId|scope
ServerVulnerabilityAssessment*|serverVulnerabilityAssessment|resourceName resourceNamespace resourceType
SqlVulnerabilityAssessmentBaselineRule|ruleId|resourceId workspaceId
Standard*|standardId
StandardAssignment|standardAssignmentName|resourceId
WorkspaceSetting|workspaceSettingName
@securityandcompliance
PrivateEndpointConnectionsAdtAPI*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsComp*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForEDM*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForMIPPolicySync*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsForSCCPowershell*|privateEndpointConnectionName|resourceName
PrivateEndpointConnectionsSec*|privateEndpointConnectionName|resourceName
PrivateLinkServicesForEDMUpload*|resourceName||.
PrivateLinkServicesForM365ComplianceCenter*|resourceName||.
PrivateLinkServicesForM365SecurityCenter*|resourceName||.
PrivateLinkServicesForMIPPolicySync*|resourceName||.
PrivateLinkServicesForO365ManagementActivityAPI*|resourceName||.
PrivateLinkServicesForSCCPowershell*|resourceName||.
@securityinsights
AADDataConnector*|dataConnectorId|workspaceName
AATPDataConnector*|dataConnectorId|workspaceName
Action*|actionId|ruleId workspaceName
ActivityCustomEntityQuery*|entityQueryId|workspaceName|~entitiesFilter
Anomalies*|settingsName|workspaceName
AnomalySecurityMLAnalyticsSettings*|settingsResourceName|workspaceName|~customizableObservations
ASCDataConnector*|dataConnectorId|workspaceName
AutomationRule*|automationRuleId|workspaceName
AwsCloudTrailDataConnector*|dataConnectorId|workspaceName
Bookmark*|bookmarkId|workspaceName
BookmarkRelation*|relationName|bookmarkId workspaceName
ContentPackage*|packageId|workspaceName
ContentTemplate*|templateId|workspaceName|~mainTemplate
CustomizableConnectorDefinition*|dataConnectorDefinitionName|workspaceName
EntityAnalytics*|settingsName|workspaceName
EyesOn*|settingsName|workspaceName
FileImport*|fileImportId|workspaceName
FusionAlertRule*|ruleId|workspaceName
Hunt*|huntId|workspaceName
HuntComment*|huntCommentId|huntId workspaceName
HuntRelation*|huntRelationId|huntId workspaceName
Incident*|incidentId|workspaceName
IncidentComment*|incidentCommentId|incidentId workspaceName
IncidentRelation*|relationName|incidentId workspaceName
IncidentTask*|incidentTaskId|incidentId workspaceName
MCASDataConnector*|dataConnectorId|workspaceName
MDATPDataConnector*|dataConnectorId|workspaceName
Metadata*|metadataName|workspaceName
MicrosoftSecurityIncidentCreationAlertRule*|ruleId|workspaceName
MSTIDataConnector*|dataConnectorId|workspaceName
OfficeDataConnector*|dataConnectorId|workspaceName
PremiumMicrosoftDefenderForThreatIntelligence*|dataConnectorId|workspaceName
RestApiPollerDataConnector*|dataConnectorId|workspaceName|~addOnAttributes ~authorizationEndpointHeaders ~authorizationEndpointQueryParameters ~credentialsConfig ~headers ~password ~queryParameters ~storageAccountCredentialsConfig ~tokenEndpointHeaders ~tokenEndpointQueryParameters ~userName
ScheduledAlertRule*|ruleId|workspaceName|~customDetails
SentinelOnboardingState*|sentinelOnboardingStateName|workspaceName
SourceControl*|sourceControlId|workspaceName
ThreatIntelligenceIndicator*|name|workspaceName|~extensions ~hashes
TIDataConnector*|dataConnectorId|workspaceName
Ueba*|settingsName|workspaceName
Watchlist*|watchlistAlias|workspaceName
WatchlistItem*|watchlistItemId|watchlistAlias workspaceName|~entityMapping ~itemsKeyValue
WorkspaceManagerAssignment*|workspaceManagerAssignmentName|workspaceName
WorkspaceManagerConfiguration*|workspaceManagerConfigurationName|workspaceName
WorkspaceManagerGroup*|workspaceManagerGroupName|workspaceName
WorkspaceManagerMember*|workspaceManagerMemberName|workspaceName
@serialconsole
SerialPort*|serialPort|parentResource parentResourceType resourceProviderNamespace
@servicebus
DefaultRule*||namespaceName subscriptionName topicName|correlationFilter ~properties
DisasterRecoveryConfig*|alias|namespaceName
MigrationConfig*|configName|namespaceName
Namespace*|namespaceName
NamespaceAuthorizationRule*|authorizationRuleName|namespaceName
NamespaceIpFilterRule*|ipFilterRuleName|namespaceName
NamespaceNetworkRuleSet*||namespaceName
NamespaceVirtualNetworkRule*|virtualNetworkRuleName|namespaceName
PrivateEndpointConnection*|privateEndpointConnectionName|namespaceName
Queue*|queueName|namespaceName
QueueAuthorizationRule*|authorizationRuleName|namespaceName queueName
Rule*|ruleName|namespaceName subscriptionName topicName|correlationFilter ~properties
Subscription*|subscriptionName|namespaceName topicName
Topic*|topicName|namespaceName
TopicAuthorizationRule*|authorizationRuleName|namespaceName topicName
@servicefabric
ManagedCluster*|clusterName
ManagedClusterApplication*|applicationName|clusterName|%serviceTypeHealthPolicyMap
ManagedClusterApplicationType*|applicationTypeName|clusterName
ManagedClusterApplicationTypeVersion*|version|applicationTypeName clusterName
ManagedClusterService*|serviceName|applicationName clusterName|.
NodeType*|nodeTypeName|clusterName|~capacities ~placementProperties ~protectedSettings ~settings
@servicefabricmesh
Application*|applicationResourceName||~fluentdConfigUrl
Gateway*|gatewayResourceName
Network*|networkResourceName||.
Secret*|secretResourceName||.
SecretValue*|secretValueResourceName|secretResourceName
Volume*|volumeResourceName
@servicelinker
Connector*|connectorName|location|~additionalConfigurations ~additionalConnectionStringProperties ~customizedKeys
ConnectorDryrun*|dryrunName|location|~additionalConfigurations ~additionalConnectionStringProperties ~customizedKeys
Linker|linkerName|resourceUri|~additionalConfigurations ~additionalConnectionStringProperties ~customizedKeys
LinkerDryrun|dryrunName|resourceUri|~additionalConfigurations ~additionalConnectionStringProperties ~customizedKeys
@servicenetworking
AssociationsInterface*|associationName|trafficControllerName
FrontendsInterface*|frontendName|trafficControllerName
SecurityPoliciesInterface*|securityPolicyName|trafficControllerName
TrafficControllerInterface*|trafficControllerName
@signalrservice
SignalR*|resourceName||features ~properties
SignalRCustomCertificate*|certificateName|resourceName
SignalRCustomDomain*|name|resourceName
SignalRPrivateEndpointConnection*|privateEndpointConnectionName|resourceName
SignalRReplica*|replicaName|resourceName
SignalRSharedPrivateLinkResource*|sharedPrivateLinkResourceName|resourceName
@softwareplan
HybridUseBenefit|planId|scope
@solutions
Application*|applicationName
ApplicationDefinition*|applicationDefinitionName||~createUiDefinition ~mainTemplate
JitRequest*|jitRequestName
@sovereign
LandingZoneAccountOperation*|landingZoneAccountName||.
LandingZoneConfigurationOperation*|landingZoneConfigurationName|landingZoneAccountName|. ~assignmentParameters
LandingZoneRegistrationOperation*|landingZoneRegistrationName|landingZoneAccountName|.
@sql
BackupLongTermRetentionPolicy*|policyName|databaseName serverName
BackupShortTermRetentionPolicy*|policyName|databaseName serverName
DataMaskingPolicy*|dataMaskingPolicyName|databaseName serverName
Database*|databaseName|serverName
DatabaseAdvisor*|advisorName|databaseName serverName
DatabaseBlobAuditingPolicy*|blobAuditingPolicyName|databaseName serverName
DatabaseSecurityAlertPolicy*|securityAlertPolicyName|databaseName serverName
DatabaseSqlVulnerabilityAssessmentRuleBaseline*|ruleId|baselineName databaseName serverName vulnerabilityAssessmentName
DatabaseThreatDetectionPolicy*|securityAlertPolicyName|databaseName serverName
DatabaseVulnerabilityAssessment*|vulnerabilityAssessmentName|databaseName serverName
DatabaseVulnerabilityAssessmentRuleBaseline*|baselineName|databaseName ruleId serverName vulnerabilityAssessmentName
DisasterRecoveryConfiguration*|disasterRecoveryConfigurationName|serverName
DistributedAvailabilityGroup*|distributedAvailabilityGroupName|managedInstanceName
ElasticPool*|elasticPoolName|serverName
EncryptionProtector*|encryptionProtectorName|serverName
ExtendedDatabaseBlobAuditingPolicy*|blobAuditingPolicyName|databaseName serverName
ExtendedServerBlobAuditingPolicy*|blobAuditingPolicyName|serverName
FailoverGroup*|failoverGroupName|serverName
FirewallRule*|firewallRuleName|serverName
GeoBackupPolicy*|geoBackupPolicyName|databaseName serverName
InstanceFailoverGroup*|failoverGroupName|locationName
InstancePool*|instancePoolName
IPv6FirewallRule*|firewallRuleName|serverName
Job*|jobName|jobAgentName serverName
JobAgent*|jobAgentName|serverName
JobCredential*|credentialName|jobAgentName serverName
JobPrivateEndpoint*|privateEndpointName|jobAgentName serverName
JobStep*|stepName|jobAgentName jobName serverName
JobTargetGroup*|targetGroupName|jobAgentName serverName
LongTermRetentionPolicy*|policyName|databaseName serverName
ManagedDatabase*|databaseName|managedInstanceName
ManagedDatabaseSensitivityLabel*|sensitivityLabelSource|columnName databaseName managedInstanceName schemaName tableName
ManagedDatabaseVulnerabilityAssessment*|vulnerabilityAssessmentName|databaseName managedInstanceName
ManagedDatabaseVulnerabilityAssessmentRuleBaseline*|baselineName|databaseName managedInstanceName ruleId vulnerabilityAssessmentName
ManagedInstance*|managedInstanceName
ManagedInstanceAdministrator*|administratorName|managedInstanceName
ManagedInstanceAzureADOnlyAuthentication*|authenticationName|managedInstanceName
ManagedInstanceKey*|keyName|managedInstanceName
ManagedInstanceLongTermRetentionPolicy*|policyName|databaseName managedInstanceName
ManagedInstancePrivateEndpointConnection*|privateEndpointConnectionName|managedInstanceName
ManagedInstanceVulnerabilityAssessment*|vulnerabilityAssessmentName|managedInstanceName
ManagedServerDnsAlias*|dnsAliasName|managedInstanceName
OutboundFirewallRule*|outboundRuleFqdn|serverName
PrivateEndpointConnection*|privateEndpointConnectionName|serverName
ReplicationLink*|linkId|databaseName serverName
SensitivityLabel*|sensitivityLabelSource|columnName databaseName schemaName serverName tableName
Server*|serverName
ServerAdvisor*|advisorName|serverName
ServerAzureADAdministrator*|administratorName|serverName
ServerAzureADOnlyAuthentication*|authenticationName|serverName
ServerBlobAuditingPolicy*|blobAuditingPolicyName|serverName
ServerCommunicationLink*|communicationLinkName|serverName
ServerDnsAlias*|dnsAliasName|serverName
ServerKey*|keyName|serverName
ServerSecurityAlertPolicy*|securityAlertPolicyName|serverName
ServerTrustCertificate*|certificateName|managedInstanceName
ServerTrustGroup*|serverTrustGroupName|locationName
ServerVulnerabilityAssessment*|vulnerabilityAssessmentName|serverName
SqlVulnerabilityAssessmentRuleBaseline*|ruleId|baselineName serverName systemDatabaseName vulnerabilityAssessmentName
SqlVulnerabilityAssessmentsSetting*|vulnerabilityAssessmentName|serverName
StartStopManagedInstanceSchedule*|startStopScheduleName|managedInstanceName
SyncAgent*|syncAgentName|serverName
SyncGroup*|syncGroupName|databaseName serverName
SyncMember*|syncMemberName|databaseName serverName syncGroupName
TransparentDataEncryption*|tdeName|databaseName serverName
VirtualCluster*|virtualClusterName
VirtualNetworkRule*|virtualNetworkRuleName|serverName
WorkloadClassifier*|workloadClassifierName|databaseName serverName workloadGroupName
WorkloadGroup*|workloadGroupName|databaseName serverName
@sqlvirtualmachine
AvailabilityGroupListener*|availabilityGroupListenerName|sqlVirtualMachineGroupName
SqlVirtualMachine*|sqlVirtualMachineName
SqlVirtualMachineGroup*|sqlVirtualMachineGroupName
@standbypool
StandbyContainerGroupPool*|standbyContainerGroupPoolName
StandbyVirtualMachinePool*|standbyVirtualMachinePoolName
@storage
Blob*||accountName containerName
BlobContainer*|containerName|accountName
BlobContainerImmutabilityPolicy*|immutabilityPolicyName|accountName containerName
BlobContainerLegalHold*||accountName containerName
BlobInventoryPolicy*|blobInventoryPolicyName|accountName
BlobServiceProperties*|blobServicesName|accountName
Connector*|connectorName|accountName|.
DataShare*|dataShareName|accountName|.
EncryptionScope*|encryptionScopeName|accountName
FileServiceProperties*|fileServicesName|accountName
FileShare*|shareName|accountName
LocalUser*|username|accountName
ManagementPolicy*|managementPolicyName|accountName
ObjectReplicationPolicy*|objectReplicationPolicyId|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
Queue*|queueName|accountName
QueueServiceProperties*|queueServiceName|accountName
StorageAccount*|accountName
StorageAccountStaticWebsite*||accountName
StorageTaskAssignment*|storageTaskAssignmentName|accountName|.
Table*|tableName|accountName
TableServiceProperties*|tableServiceName|accountName
@storageactions
StorageTask*|storageTaskName
@storagecache
AmlFilesystem*|amlFilesystemName
AutoExportJob*|autoExportJobName|amlFilesystemName
AutoImportJob*|autoImportJobName|amlFilesystemName
Cache*|cacheName
ImportJob*|importJobName|amlFilesystemName
StorageTarget*|storageTargetName|cacheName|~attributes
@storagediscovery
StorageDiscoveryWorkspace*|storageDiscoveryWorkspaceName||.
@storagemover
Agent*|agentName|storageMoverName
Connection*|connectionName|storageMoverName|.
Endpoint*|endpointName|storageMoverName|.
JobDefinition*|jobDefinitionName|projectName storageMoverName
Project*|projectName|storageMoverName
StorageMover*|storageMoverName
@storagepool
DiskPool*|diskPoolName
IscsiTarget*|iscsiTargetName|diskPoolName
@storagesync
CloudEndpoint*|cloudEndpointName|storageSyncServiceName syncGroupName
PrivateEndpointConnection*|privateEndpointConnectionName|storageSyncServiceName
RegisteredServer*|serverId|storageSyncServiceName
ServerEndpoint*|serverEndpointName|storageSyncServiceName syncGroupName
StorageSyncService*|storageSyncServiceName
SyncGroup*|syncGroupName|storageSyncServiceName
@streamanalytics
Cluster*|clusterName
Function*|functionName|jobName|.
Input*|inputName|jobName|.
Output*|outputName|jobName|~systemPropertyColumns
PrivateEndpoint*|privateEndpointName|clusterName
StreamingJob*|jobName||functions inputs ~systemPropertyColumns
@subscription
Alias|aliasName||.
SubscriptionTarDirectory|||.
@synapse
BigDataPool*|bigDataPoolName|workspaceName
DatabasePrincipalAssignment*|principalAssignmentName|databaseName kustoPoolName workspaceName
EventGridDataConnection*|dataConnectionName|databaseName kustoPoolName workspaceName
EventHubDataConnection*|dataConnectionName|databaseName kustoPoolName workspaceName
IntegrationRuntime*|integrationRuntimeName|workspaceName|. ~targetName ~userName
IotHubDataConnection*|dataConnectionName|databaseName kustoPoolName workspaceName
IpFirewallRule*|ruleName|workspaceName
Key*|keyName|workspaceName
KustoPool*|kustoPoolName|workspaceName
KustoPoolAttachedDatabaseConfiguration*|attachedDatabaseConfigurationName|kustoPoolName workspaceName
KustoPoolDatabasePrincipalAssignment*|principalAssignmentName|databaseName kustoPoolName workspaceName
KustoPoolPrincipalAssignment*|principalAssignmentName|kustoPoolName workspaceName
PrivateEndpointConnection*|privateEndpointConnectionName|workspaceName
PrivateLinkHub*|privateLinkHubName
ReadOnlyFollowingDatabase*|databaseName|kustoPoolName workspaceName
ReadWriteDatabase*|databaseName|kustoPoolName workspaceName
SqlPool*|sqlPoolName|workspaceName
SqlPoolSensitivityLabel*|sensitivityLabelSource|columnName schemaName sqlPoolName tableName workspaceName
SqlPoolTransparentDataEncryption*|transparentDataEncryptionName|sqlPoolName workspaceName
SqlPoolVulnerabilityAssessment*|vulnerabilityAssessmentName|sqlPoolName workspaceName
SqlPoolVulnerabilityAssessmentRuleBaseline*|baselineName|ruleId sqlPoolName vulnerabilityAssessmentName workspaceName
SqlPoolWorkloadClassifier*|workloadClassifierName|sqlPoolName workloadGroupName workspaceName
SqlPoolWorkloadGroup*|workloadGroupName|sqlPoolName workspaceName
Workspace*|workspaceName||~useSystemAssignedIdentity
WorkspaceAadAdmin*||workspaceName
WorkspaceManagedSqlServerVulnerabilityAssessment*|vulnerabilityAssessmentName|workspaceName
WorkspaceSqlAadAdmin*||workspaceName
@syntex
DocumentProcessor*|processorName||.
@testbase
ActionRequest*|actionRequestName|testBaseAccountName
Credential*|credentialName|testBaseAccountName
CustomImage*|customImageName|testBaseAccountName
CustomerEvent*|customerEventName|testBaseAccountName
DraftPackage*|draftPackageName|testBaseAccountName|~packageTags
FavoriteProcess*|favoriteProcessResourceName|packageName testBaseAccountName
ImageDefinition*|imageDefinitionName|testBaseAccountName
Package*|packageName|testBaseAccountName
TestBaseAccount*|testBaseAccountName
@timeseriesinsights
AccessPolicy*|accessPolicyName|environmentName
EventHubEventSource*|eventSourceName|environmentName
Gen1Environment*|environmentName
Gen2Environment*|environmentName
IoTHubEventSource*|eventSourceName|environmentName
ReferenceDataSet*|referenceDataSetName|environmentName
@trafficmanager
Endpoint*|endpointName|endpointType profileName
Profile*|profileName
TrafficManagerUserMetricsKey
@verifiedid
Authority*|authorityName
@videoindexer
Account*|accountName
PrivateEndpointConnection*|privateEndpointConnectionName|accountName
@virtualmachineimages
Trigger*|triggerName|imageTemplateName
VirtualMachineImageTemplate*|imageTemplateName||~artifactTags ~managedResourceTags
@vmwarecloudsimple
DedicatedCloudNode*|dedicatedCloudNodeName
DedicatedCloudService*|dedicatedCloudServiceName
VirtualMachine*|virtualMachineName
@web
AiGateway*|name
AppServiceEnvironment*|name
AppServiceEnvironmentAseCustomDnsSuffixConfiguration*||name
AppServiceEnvironmentPrivateEndpointConnection*|privateEndpointConnectionName|name
AppServicePlan*|name
AppServicePlanRouteForVnet*||name vnetName
Certificate*|name
Connection*|connectionName||. ~customParameterValues ~nonSecretParameterValues ~parameterValues ~swagger
ConnectionGateway*|connectionGatewayName||. ~status
CustomApi*|apiName||. %connectionParameters %customParameters oAuthSettings ~options ~properties ~swagger ~uiDefinition
KubeEnvironment*|name
SiteCertificate*|certificateName|name
SiteCertificateSlot*|certificateName|name slot
StaticSite*|name
StaticSiteBuildDatabaseConnection*|databaseConnectionName|environmentName name
StaticSiteCustomDomain*|domainName|name
StaticSiteDatabaseConnection*|databaseConnectionName|name
StaticSiteLinkedBackend*|linkedBackendName|name
StaticSiteLinkedBackendForBuild*|linkedBackendName|environmentName name
StaticSitePrivateEndpointConnection*|privateEndpointConnectionName|name
StaticSiteUserProvidedFunctionAppForStaticSite*|functionAppName|name
StaticSiteUserProvidedFunctionAppForStaticSiteBuild*|functionAppName|environmentName name
WebApp*|name||%azureStorageAccounts ~appSettingsOverrides ~headers
WebAppApplicationSettings*||name|. ~properties
WebAppApplicationSettingsSlot*||name|. ~properties
WebAppAuthSettings*||name
WebAppAuthSettingsSlot*||name
WebAppAuthSettingsV2*||name|%customOpenIdConnectProviders
WebAppAuthSettingsV2Slot*||name|%customOpenIdConnectProviders
WebAppAuthSettingsV2WithoutSecrets*||name|%customOpenIdConnectProviders
WebAppAuthSettingsV2WithoutSecretsSlot*||name slot|%customOpenIdConnectProviders
WebAppAzureStorageAccounts*||name|. %properties
WebAppAzureStorageAccountsSlot*||name|. %properties
WebAppBackupConfiguration*||name
WebAppBackupConfigurationSlot*||name
WebAppConnectionStrings*||name|. %properties
WebAppConnectionStringsSlot*||name|. %properties
WebAppDeployment*|id|name
WebAppDeploymentSlot*|id|name slot
WebAppDiagnosticLogsConfiguration*||name
WebAppDiagnosticLogsConfigurationSlot*||name slot
WebAppDomainOwnershipIdentifier*|domainOwnershipIdentifierName|name
WebAppDomainOwnershipIdentifierSlot*|domainOwnershipIdentifierName|name slot
WebAppFtpAllowed*||name
WebAppFtpAllowedSlot*||name slot
WebAppFunction*|functionName|name|~config ~files
WebAppHostNameBinding*|hostName|name
WebAppHostNameBindingSlot*|hostName|name slot
WebAppHybridConnection*|relayName|name namespaceName
WebAppHybridConnectionSlot*|relayName|name namespaceName slot
WebAppInstanceFunctionSlot*|functionName|name slot|~config ~files
WebAppMetadata*||name|. ~properties
WebAppMetadataSlot*||name|. ~properties
WebAppPremierAddOn*|premierAddOnName|name
WebAppPremierAddOnSlot*|premierAddOnName|name slot
WebAppPrivateEndpointConnection*|privateEndpointConnectionName|name
WebAppPrivateEndpointConnectionSlot*|privateEndpointConnectionName|name slot
WebAppPublicCertificate*|publicCertificateName|name
WebAppPublicCertificateSlot*|publicCertificateName|name slot
WebAppRelayServiceConnection*|entityName|name
WebAppRelayServiceConnectionSlot*|entityName|name slot
WebAppScmAllowed*||name
WebAppScmAllowedSlot*||name slot
WebAppSiteContainer*|containerName|name
WebAppSiteContainerSlot*|containerName|name slot
WebAppSiteExtension*|siteExtensionId|name
WebAppSiteExtensionSlot*|siteExtensionId|name slot
WebAppSitePushSettings*||name
WebAppSitePushSettingsSlot*||name
WebAppSlot*|slot|name|%azureStorageAccounts ~appSettingsOverrides ~headers
WebAppSlotConfigurationNames*||name
WebAppSourceControl*||name
WebAppSourceControlSlot*||name slot
WebAppSwiftVirtualNetworkConnection*||name
WebAppSwiftVirtualNetworkConnectionSlot*||name slot
WebAppVnetConnection*|vnetName|name
WebAppVnetConnectionSlot*|vnetName|name slot
@webpubsub
WebPubSub*|resourceName
WebPubSubCustomCertificate*|certificateName|resourceName
WebPubSubCustomDomain*|name|resourceName
WebPubSubHub*|hubName|resourceName|.
WebPubSubPrivateEndpointConnection*|privateEndpointConnectionName|resourceName
WebPubSubReplica*|replicaName|resourceName
WebPubSubSharedPrivateLinkResource*|sharedPrivateLinkResourceName|resourceName
@weightsandbiases
Instance*|instancename||.
@widget
Employee*|employeeName||.
@windowsesu
MultipleActivationKey*|multipleActivationKeyName
@windowsiot
Service*|deviceName
@workloads
ACSSBackupConnection*|backupName|connectorName|%tieringPolicy
Alert*|alertName|monitorName
Connector*|connectorName
Monitor*|monitorName
ProviderInstance*|providerInstanceName|monitorName
SapApplicationServerInstance*|applicationInstanceName|sapVirtualInstanceName
SapCentralServerInstance*|centralInstanceName|sapVirtualInstanceName
SapDatabaseInstance*|databaseInstanceName|sapVirtualInstanceName
SapDiscoverySite*|sapDiscoverySiteName
SapInstance*|sapInstanceName|sapDiscoverySiteName
SapLandscapeMonitor*||monitorName
SapVirtualInstance*|sapVirtualInstanceName||%diskVolumeConfigurations ~dataDiskNames
ServerInstance*|serverInstanceName|sapDiscoverySiteName sapInstanceName
`;
