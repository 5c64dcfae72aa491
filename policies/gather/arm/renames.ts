/**
 * What azure-native calls differently from ARM, and cannot be read off the SDK's types. Reviewed by hand; the source of
 * each is the resource's REST specification (`x-ms-client-name`) against the SDK's input types. What is not listed keeps
 * its name.
 */

/** ARM type in lower case → `module:Class`, where the names do not show it. */
export const TYPES: { readonly [armType: string]: string | undefined } = {
  'microsoft.storage/storageaccounts/blobservices': 'storage:BlobServiceProperties',
  'microsoft.storage/storageaccounts/fileservices': 'storage:FileServiceProperties',
  'microsoft.storage/storageaccounts/queueservices': 'storage:QueueServiceProperties',
  'microsoft.storage/storageaccounts/tableservices': 'storage:TableServiceProperties',
  'microsoft.storage/storageaccounts/blobservices/containers': 'storage:BlobContainer',
  'microsoft.storage/storageaccounts/blobservices/containers/immutabilitypolicies': 'storage:BlobContainerImmutabilityPolicy',
  'microsoft.storage/storageaccounts/fileservices/shares': 'storage:FileShare',
  'microsoft.storage/storageaccounts/inventorypolicies': 'storage:BlobInventoryPolicy',
  'microsoft.keyvault/managedhsms/privateendpointconnections': 'keyvault:MHSMPrivateEndpointConnection',
  'microsoft.network/privatednszones': 'privatedns:PrivateZone',
  'microsoft.network/privatednszones/virtualnetworklinks': 'privatedns:VirtualNetworkLink',
  'microsoft.network/dnszones': 'dns:Zone',
  'microsoft.network/expressroutecircuits/peerings/connections': 'network:ExpressRouteCircuitConnection',
  'microsoft.network/connections': 'network:VirtualNetworkGatewayConnection',
  'microsoft.network/applicationgatewaywebapplicationfirewallpolicies': 'network:WebApplicationFirewallPolicy',
  'microsoft.network/frontdoorwebapplicationfirewallpolicies': 'frontdoor:Policy',
  'microsoft.network/networksecurityperimeters/profiles': 'network:NetworkSecurityPerimeterProfile',
  'microsoft.network/networksecurityperimeters/profiles/accessrules': 'network:NetworkSecurityPerimeterAccessRule',
  'microsoft.network/networksecurityperimeters/resourceassociations': 'network:NetworkSecurityPerimeterAssociation',
  'microsoft.network/networksecurityperimeters/links': 'network:NetworkSecurityPerimeterLink',
  'microsoft.network/trafficmanagerprofiles': 'trafficmanager:Profile',
  'microsoft.authorization/roleeligibilityschedulerequests': 'authorization:PimRoleEligibilitySchedule',
  // A right from now on, as an assignment is; only that it can have an end.
  'microsoft.authorization/roleassignmentschedulerequests': 'authorization:RoleAssignment',
  'microsoft.resources/tags': 'resources:TagAtScope',
  'microsoft.sql/servers/auditingsettings': 'sql:ServerBlobAuditingPolicy',
  'microsoft.sql/servers/extendedauditingsettings': 'sql:ExtendedServerBlobAuditingPolicy',
  'microsoft.sql/servers/databases/auditingsettings': 'sql:DatabaseBlobAuditingPolicy',
  'microsoft.sql/servers/databases/extendedauditingsettings': 'sql:ExtendedDatabaseBlobAuditingPolicy',
  'microsoft.sql/servers/administrators': 'sql:ServerAzureADAdministrator',
  'microsoft.sql/servers/databases/backuplongtermretentionpolicies': 'sql:LongTermRetentionPolicy',
  'microsoft.sql/servers/sqlvulnerabilityassessments': 'sql:SqlVulnerabilityAssessmentsSetting',
  'microsoft.dbforpostgresql/flexibleservers': 'dbforpostgresql:Server',
  'microsoft.dbforpostgresql/servers': 'dbforpostgresql:SingleServer',
  'microsoft.dbforpostgresql/servers/configurations': 'dbforpostgresql:SingleServerConfiguration',
  'microsoft.dbforpostgresql/servers/databases': 'dbforpostgresql:SingleServerDatabase',
  'microsoft.dbforpostgresql/servers/firewallrules': 'dbforpostgresql:SingleServerFirewallRule',
  'microsoft.dbforpostgresql/servers/securityalertpolicies': 'dbforpostgresql:SingleServerServerSecurityAlertPolicy',
  'microsoft.dbformysql/flexibleservers': 'dbformysql:Server',
  'microsoft.dbformysql/servers': 'dbformysql:SingleServer',
  'microsoft.dbformysql/servers/configurations': 'dbformysql:SingleServerConfiguration',
  'microsoft.dbformysql/servers/databases': 'dbformysql:SingleServerDatabase',
  'microsoft.dbformysql/servers/firewallrules': 'dbformysql:SingleServerFirewallRule',
  'microsoft.dbformysql/flexibleservers/administrators': 'dbformysql:AzureADAdministrator',
  'microsoft.documentdb/databaseaccounts/sqldatabases': 'cosmosdb:SqlResourceSqlDatabase',
  'microsoft.documentdb/databaseaccounts/sqldatabases/containers': 'cosmosdb:SqlResourceSqlContainer',
  'microsoft.documentdb/databaseaccounts/sqlroledefinitions': 'cosmosdb:SqlResourceSqlRoleDefinition',
  'microsoft.documentdb/databaseaccounts/sqlroleassignments': 'cosmosdb:SqlResourceSqlRoleAssignment',
  'microsoft.documentdb/databaseaccounts/mongodbdatabases': 'cosmosdb:MongoDBResourceMongoDBDatabase',
  'microsoft.documentdb/databaseaccounts/mongodbdatabases/collections': 'cosmosdb:MongoDBResourceMongoDBCollection',
  'microsoft.documentdb/databaseaccounts/tables': 'cosmosdb:TableResourceTable',
  'microsoft.documentdb/databaseaccounts/cassandrakeyspaces': 'cosmosdb:CassandraResourceCassandraKeyspace',
  'microsoft.documentdb/databaseaccounts/cassandrakeyspaces/tables': 'cosmosdb:CassandraResourceCassandraTable',
  'microsoft.documentdb/databaseaccounts/gremlindatabases': 'cosmosdb:GremlinResourceGremlinDatabase',
  'microsoft.documentdb/databaseaccounts/gremlindatabases/graphs': 'cosmosdb:GremlinResourceGremlinGraph',
  'microsoft.cache/redis': 'redis:Redis',
  'microsoft.cache/redis/firewallrules': 'redis:FirewallRule',
  'microsoft.cache/redis/linkedservers': 'redis:LinkedServer',
  'microsoft.search/searchservices': 'search:Service',
  'microsoft.apimanagement/service': 'apimanagement:ApiManagementService',
  'microsoft.recoveryservices/vaults/backuppolicies': 'recoveryservices:ProtectionPolicy',
  'microsoft.recoveryservices/vaults/backupresourceguardproxies': 'recoveryservices:ResourceGuardProxy',
  'microsoft.dataprotection/backupvaults/backupresourceguardproxies': 'dataprotection:DppResourceGuardProxy',
  'microsoft.security/defenderforstoragesettings': 'security:DefenderForStorage',
  'microsoft.securityinsights/onboardingstates': 'securityinsights:SentinelOnboardingState',
  'microsoft.policyinsights/remediations': 'policyinsights:RemediationAtResourceGroup',
  'microsoft.cdn/profiles/customdomains': 'cdn:AFDCustomDomain',
  'microsoft.cdn/profiles/afdendpoints': 'cdn:AFDEndpoint',
  'microsoft.cdn/profiles/origingroups': 'cdn:AFDOriginGroup',
  'microsoft.cdn/profiles/origingroups/origins': 'cdn:AFDOrigin',
  'microsoft.cdn/cdnwebapplicationfirewallpolicies': 'cdn:Policy',
  'microsoft.devices/iothubs': 'iothub:IotHubResource',
  'microsoft.devices/provisioningservices': 'deviceprovisioningservices:IotDpsResource',
  'microsoft.netapp/netappaccounts': 'netapp:Account',
  'microsoft.netapp/netappaccounts/capacitypools': 'netapp:CapacityPool',
  'microsoft.netapp/netappaccounts/capacitypools/volumes': 'netapp:CapacityPoolVolume',
  'microsoft.sql/managedinstances/databases': 'sql:ManagedDatabase',
  'microsoft.sql/managedinstances/databases/backuplongtermretentionpolicies': 'sql:ManagedInstanceLongTermRetentionPolicy',
  'microsoft.insights/privatelinkscopes/scopedresources': 'monitor:PrivateLinkScopedResource',
  'microsoft.monitor/accounts': 'monitor:AzureMonitorWorkspace',
  'microsoft.authorization/accessreviewscheduledefinitions': 'authorization:AccessReviewScheduleDefinitionById',
  'microsoft.authorization/accessreviewhistorydefinitions': 'authorization:AccessReviewHistoryDefinitionById',
  'microsoft.security/advancedthreatprotectionsettings': 'security:AdvancedThreatProtection',
  'microsoft.policyinsights/attestations': 'policyinsights:AttestationAtResourceGroup',
  'microsoft.compute/hostgroups': 'compute:DedicatedHostGroup',
  'microsoft.compute/hostgroups/hosts': 'compute:DedicatedHost',
  'microsoft.app/managedenvironments/storages': 'app:ManagedEnvironmentsStorage',
  'microsoft.app/containerapps/authconfigs': 'app:ContainerAppsAuthConfig',
  'microsoft.synapse/workspaces/firewallrules': 'synapse:IpFirewallRule',
  'microsoft.kusto/clusters/databases': 'kusto:ReadWriteDatabase',
  'microsoft.botservice/botservices': 'botservice:Bot',
  'microsoft.digitaltwins/digitaltwinsinstances': 'digitaltwins:DigitalTwin',
  'microsoft.analysisservices/servers': 'analysisservices:ServerDetails',
  'microsoft.virtualmachineimages/imagetemplates': 'virtualmachineimages:VirtualMachineImageTemplate',
  'microsoft.alertsmanagement/actionrules': 'alertsmanagement:AlertProcessingRuleByName',
  'microsoft.dbforpostgresql/servergroupsv2': 'dbforpostgresql:ServerGroupCluster',
  'microsoft.dbforpostgresql/servers/virtualnetworkrules': 'dbforpostgresql:SingleServerVirtualNetworkRule',
  'microsoft.dbforpostgresql/servers/administrators': 'dbforpostgresql:SingleServerServerAdministrator',
  'microsoft.dbformysql/servers/virtualnetworkrules': 'dbformysql:SingleServerVirtualNetworkRule',
  'microsoft.dbformysql/servers/administrators': 'dbformysql:SingleServerServerAdministrator',
  'microsoft.web/sites/privateendpointconnections': 'web:WebAppPrivateEndpointConnection',
  'microsoft.web/sites/publiccertificates': 'web:WebAppPublicCertificate',
  'microsoft.web/sites/virtualnetworkconnections': 'web:WebAppVnetConnection',
  'microsoft.web/sites/hybridconnectionnamespaces/relays': 'web:WebAppHybridConnection',
  'microsoft.compute/virtualmachines/runcommands': 'compute:VirtualMachineRunCommandByVirtualMachine',
  'microsoft.powerbidedicated/capacities': 'powerbidedicated:CapacityDetails',
  'microsoft.kubernetesconfiguration/extensions': 'kubernetesconfiguration:Extension',
  'microsoft.kubernetesconfiguration/fluxconfigurations': 'kubernetesconfiguration:FluxConfiguration',
  'microsoft.subscription/aliases': 'subscription:Alias',
  'microsoft.web/sites': 'web:WebApp',
  'microsoft.web/sites/slots': 'web:WebAppSlot',
  'microsoft.web/sites/functions': 'web:WebAppFunction',
  'microsoft.web/sites/hostnamebindings': 'web:WebAppHostNameBinding',
  'microsoft.web/sites/sourcecontrols': 'web:WebAppSourceControl',
  'microsoft.web/sites/siteextensions': 'web:WebAppSiteExtension',
  'microsoft.web/sites/networkconfig': 'web:WebAppSwiftVirtualNetworkConnection',
  'microsoft.web/serverfarms': 'web:AppServicePlan',
  'microsoft.web/hostingenvironments': 'web:AppServiceEnvironment',
};

/** Types without a class of their own, though one is called like them. */
export const WITHOUT_CLASS: ReadonlySet<string> = new Set(['microsoft.sql/managedinstances/encryptionprotector']);

/** Types that one word more tells apart: the last part of the name (`#name`), or the `kind` (`@kind`). */
export const VARIANTS: { readonly [armTypeAndWord: string]: string | undefined } = {
  'microsoft.web/sites/config#appsettings': 'web:WebAppApplicationSettings',
  'microsoft.web/sites/config#authsettings': 'web:WebAppAuthSettings',
  'microsoft.web/sites/config#authsettingsv2': 'web:WebAppAuthSettingsV2',
  'microsoft.web/sites/config#azurestorageaccounts': 'web:WebAppAzureStorageAccounts',
  'microsoft.web/sites/config#backup': 'web:WebAppBackupConfiguration',
  'microsoft.web/sites/config#connectionstrings': 'web:WebAppConnectionStrings',
  'microsoft.web/sites/config#logs': 'web:WebAppDiagnosticLogsConfiguration',
  'microsoft.web/sites/config#metadata': 'web:WebAppMetadata',
  'microsoft.web/sites/config#slotconfignames': 'web:WebAppSlotConfigurationNames',
  'microsoft.web/sites/basicpublishingcredentialspolicies#ftp': 'web:WebAppFtpAllowed',
  'microsoft.web/sites/basicpublishingcredentialspolicies#scm': 'web:WebAppScmAllowed',
  'microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules@custom': 'network:AdminRule',
  'microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules@default': 'network:DefaultAdminRule',
  'microsoft.resources/deploymentscripts@azurecli': 'resources:AzureCliScript',
  'microsoft.resources/deploymentscripts@azurepowershell': 'resources:AzurePowerShellScript',
  'microsoft.securityinsights/alertrules@scheduled': 'securityinsights:ScheduledAlertRule',
  'microsoft.securityinsights/alertrules@fusion': 'securityinsights:FusionAlertRule',
  'microsoft.securityinsights/alertrules@microsoftsecurityincidentcreation': 'securityinsights:MicrosoftSecurityIncidentCreationAlertRule',
  'microsoft.securityinsights/dataconnectors@azureactivedirectory': 'securityinsights:AADDataConnector',
  'microsoft.securityinsights/dataconnectors@azureadvancedthreatprotection': 'securityinsights:AATPDataConnector',
  'microsoft.securityinsights/dataconnectors@azuresecuritycenter': 'securityinsights:ASCDataConnector',
  'microsoft.securityinsights/dataconnectors@amazonwebservicescloudtrail': 'securityinsights:AwsCloudTrailDataConnector',
  'microsoft.securityinsights/dataconnectors@microsoftcloudappsecurity': 'securityinsights:MCASDataConnector',
  'microsoft.securityinsights/dataconnectors@microsoftdefenderadvancedthreatprotection': 'securityinsights:MDATPDataConnector',
  'microsoft.securityinsights/dataconnectors@microsoftthreatintelligence': 'securityinsights:MSTIDataConnector',
  'microsoft.securityinsights/dataconnectors@office365': 'securityinsights:OfficeDataConnector',
  'microsoft.securityinsights/dataconnectors@threatintelligence': 'securityinsights:TIDataConnector',
  'microsoft.securityinsights/dataconnectors@restapipoller': 'securityinsights:RestApiPollerDataConnector',
};

/** Modules that hold the classes of one resource provider, where it is not its own name alone. */
export const MODULES: { readonly [namespace: string]: readonly string[] | undefined } = {
  'microsoft.network': ['network', 'privatedns', 'dns', 'dnsresolver', 'frontdoor', 'trafficmanager', 'networkfunction'],
  'microsoft.insights': ['monitor', 'applicationinsights'],
  'microsoft.documentdb': ['cosmosdb', 'mongocluster'],
  'microsoft.cache': ['redis', 'redisenterprise'],
  'microsoft.signalrservice': ['signalrservice', 'webpubsub'],
  'microsoft.devices': ['iothub', 'deviceprovisioningservices'],
  'microsoft.dbforpostgresql': ['dbforpostgresql'],
};

/** Path in ARM (envelopes left out) → name in azure-native, by token or by module. */
export interface Rename {
  /** `storage:StorageAccount`, or `keyvault:*` for every class of the module. */
  readonly on: string;
  /** Where the object stands, in canonical names; `*` for the resource itself or any place. */
  readonly at: string;
  readonly from: string;
  readonly to: string;
}

const rename = (on: string, at: string, names: { readonly [from: string]: string }): readonly Rename[] =>
  Object.entries(names).map(([from, to]) => ({ on, at, from, to }));

export const RENAMES: readonly Rename[] = [
  ...rename('storage:StorageAccount', '', {
    supportsHttpsTrafficOnly: 'enableHttpsTrafficOnly',
    networkAcls: 'networkRuleSet',
    isNfsV3Enabled: 'enableNfsV3',
  }),
  ...rename('storage:StorageAccount', 'networkRuleSet.ipRules', { value: 'iPAddressOrRange' }),
  ...rename('storage:StorageAccount', 'networkRuleSet.virtualNetworkRules', { id: 'virtualNetworkResourceId' }),
  ...rename('storage:StorageAccount', 'encryption', { keyvaultproperties: 'keyVaultProperties', identity: 'encryptionIdentity' }),
  ...rename('storage:StorageAccount', 'encryption.keyVaultProperties', {
    keyname: 'keyName',
    keyversion: 'keyVersion',
    keyvaulturi: 'keyVaultUri',
  }),
  ...rename('storage:StorageAccount', 'encryption.encryptionIdentity', {
    userAssignedIdentity: 'encryptionUserAssignedIdentity',
    federatedIdentityClientId: 'encryptionFederatedIdentityClientId',
  }),
  ...rename('keyvault:Key', 'properties.attributes', { nbf: 'notBefore', exp: 'expires' }),
  ...rename('keyvault:Key', 'properties', { release_policy: 'releasePolicy' }),
  ...rename('keyvault:Secret', 'properties.attributes', { nbf: 'notBefore', exp: 'expires' }),
  ...rename('containerregistry:Registry', 'networkRuleSet.ipRules', { value: 'iPAddressOrRange' }),
  ...rename('authorization:RoleDefinition', '', { type: 'roleType' }),
  // Older versions of the API had one mailbox, and a word instead of a boolean.
  ...rename('security:SecurityContact', '', { email: 'emails', alertNotifications: 'isEnabled' }),
  ...rename('monitor:MetricAlert', 'criteria', { 'odata.type': 'odataType' }),
];

/** Objects that azure-native dissolves into the one around them, besides `properties`. */
export const DISSOLVED: { readonly [on: string]: readonly string[] | undefined } = {
  'operationalinsights:DataExport': ['destination', 'metaData'],
};
