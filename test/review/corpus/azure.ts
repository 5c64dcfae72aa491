/** Pairs on Azure, as ARM templates and as exports of a Pulumi stack. */
import { armWith, GONE, harmless, pulumiWith, weakenings } from './pair';

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
const GROUP = `${SUBSCRIPTION}/resourceGroups/cases`;
const id = (type: string, name: string) => `[resourceId('${type}', '${name}')]`;
const at = 'westeurope';
const tags = { 'palisade:sensitivity': 'restricted', 'palisade:tier': 'high', owner: 'cases@example.com' };
const OWNER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`;
const BLOB_READER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1`;
const BLOB_OWNER = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/b7e6dc6d-f1e8-4753-8033-0f276bb0955b`;
const PERSON = '11111111-1111-1111-1111-111111111111';

/** ARM resources by a short name. */
export const SUBSCRIBED: Readonly<Record<string, object>> = {
  Records: {
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2023-05-01',
    name: 'caserecords',
    location: at,
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
    tags,
    identity: { type: 'SystemAssigned' },
    properties: {
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      allowCrossTenantReplication: false,
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
      encryption: {
        keySource: 'Microsoft.Keyvault',
        requireInfrastructureEncryption: true,
        keyvaultproperties: { keyname: 'cases', keyvaulturi: 'https://casevault.vault.azure.net' },
      },
    },
  },
  Blobs: {
    type: 'Microsoft.Storage/storageAccounts/blobServices',
    apiVersion: '2023-05-01',
    name: 'caserecords/default',
    dependsOn: [id('Microsoft.Storage/storageAccounts', 'caserecords')],
    properties: {
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 35 },
      containerDeleteRetentionPolicy: { enabled: true, days: 35 },
    },
  },
  Container: {
    type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
    apiVersion: '2023-05-01',
    name: 'caserecords/default/cases',
    properties: { publicAccess: 'None' },
  },
  Vault: {
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2023-07-01',
    name: 'casevault',
    location: at,
    tags,
    properties: {
      tenantId: '[subscription().tenantId]',
      sku: { family: 'A', name: 'premium' },
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      publicNetworkAccess: 'disabled',
      networkAcls: { defaultAction: 'Deny', bypass: 'None' },
    },
  },
  Server: {
    type: 'Microsoft.Sql/servers',
    apiVersion: '2023-08-01-preview',
    name: 'casesql',
    location: at,
    tags,
    properties: {
      minimalTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        login: 'dba',
        sid: PERSON,
        tenantId: '[subscription().tenantId]',
      },
    },
  },
  Database: {
    type: 'Microsoft.Sql/servers/databases',
    apiVersion: '2023-08-01-preview',
    name: 'casesql/cases',
    location: at,
    tags,
    sku: { name: 'GP_Gen5_2' },
    properties: { zoneRedundant: true, requestedBackupStorageRedundancy: 'Zone' },
  },
  Encrypted: {
    type: 'Microsoft.Sql/servers/databases/transparentDataEncryption',
    apiVersion: '2023-08-01-preview',
    name: 'casesql/cases/current',
    properties: { state: 'Enabled' },
  },
  Auditing: {
    type: 'Microsoft.Sql/servers/extendedAuditingSettings',
    apiVersion: '2023-08-01-preview',
    name: 'casesql/default',
    properties: {
      state: 'Enabled',
      isAzureMonitorTargetEnabled: true,
      retentionDays: 0,
      auditActionsAndGroups: ['BATCH_COMPLETED_GROUP', 'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP'],
    },
  },
  Backups: {
    type: 'Microsoft.Sql/servers/databases/backupShortTermRetentionPolicies',
    apiVersion: '2023-08-01-preview',
    name: 'casesql/cases/default',
    properties: { retentionDays: 35 },
  },
  Network: {
    type: 'Microsoft.Network/virtualNetworks',
    apiVersion: '2024-01-01',
    name: 'casenet',
    location: at,
    properties: {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        {
          name: 'app',
          properties: {
            addressPrefix: '10.0.0.0/24',
            defaultOutboundAccess: false,
            networkSecurityGroup: { id: id('Microsoft.Network/networkSecurityGroups', 'casensg') },
          },
        },
      ],
    },
  },
  Rules: {
    type: 'Microsoft.Network/networkSecurityGroups',
    apiVersion: '2024-01-01',
    name: 'casensg',
    location: at,
    properties: {
      securityRules: [
        {
          name: 'https',
          properties: {
            access: 'Allow',
            direction: 'Inbound',
            priority: 100,
            protocol: 'Tcp',
            sourceAddressPrefix: '10.0.0.0/16',
            sourcePortRange: '*',
            destinationAddressPrefix: '10.0.0.0/24',
            destinationPortRange: '443',
          },
        },
      ],
    },
  },
  Card: {
    type: 'Microsoft.Network/networkInterfaces',
    apiVersion: '2024-01-01',
    name: 'casenic',
    location: at,
    properties: {
      ipConfigurations: [
        { name: 'one', properties: { subnet: { id: "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'casenet', 'app')]" } } },
      ],
    },
  },
  Flows: {
    type: 'Microsoft.Network/networkWatchers/flowLogs',
    apiVersion: '2024-01-01',
    name: 'NetworkWatcher_westeurope/casenet',
    location: at,
    properties: {
      enabled: true,
      targetResourceId: id('Microsoft.Network/virtualNetworks', 'casenet'),
      storageId: id('Microsoft.Storage/storageAccounts', 'caserecords'),
      retentionPolicy: { enabled: true, days: 400 },
    },
  },
  Workspace: {
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: '2023-09-01',
    name: 'caselogs',
    location: at,
    properties: { retentionInDays: 400, sku: { name: 'PerGB2018' } },
  },
  VaultLogs: {
    type: 'Microsoft.Insights/diagnosticSettings',
    apiVersion: '2021-05-01-preview',
    name: 'all',
    scope: "[concat('Microsoft.KeyVault/vaults/', 'casevault')]",
    properties: {
      workspaceId: id('Microsoft.OperationalInsights/workspaces', 'caselogs'),
      logs: [
        { categoryGroup: 'audit', enabled: true },
        { categoryGroup: 'allLogs', enabled: true },
      ],
    },
  },
  Defender: {
    type: 'Microsoft.Security/pricings',
    apiVersion: '2024-01-01',
    name: 'StorageAccounts',
    properties: {
      pricingTier: 'Standard',
      subPlan: 'DefenderForStorageV2',
      extensions: [{ name: 'OnUploadMalwareScanning', isEnabled: 'True' }],
    },
  },
  Alert: {
    type: 'Microsoft.Insights/activityLogAlerts',
    apiVersion: '2020-10-01',
    name: 'roles',
    location: 'global',
    properties: {
      enabled: true,
      scopes: [SUBSCRIPTION],
      condition: { allOf: [{ field: 'operationName', equals: 'Microsoft.Authorization/roleAssignments/write' }] },
      actions: { actionGroups: [{ actionGroupId: id('Microsoft.Insights/actionGroups', 'oncall') }] },
    },
  },
  OnCall: {
    type: 'Microsoft.Insights/actionGroups',
    apiVersion: '2023-01-01',
    name: 'oncall',
    location: 'global',
    properties: { enabled: true, groupShortName: 'oncall', emailReceivers: [{ name: 'mail', emailAddress: 'oncall@example.com' }] },
  },
  Lock: { type: 'Microsoft.Authorization/locks', apiVersion: '2020-05-01', name: 'keep', properties: { level: 'CanNotDelete' } },
  Demand: {
    type: 'Microsoft.Authorization/policyAssignments',
    apiVersion: '2024-04-01',
    name: 'baseline',
    properties: {
      policyDefinitionId: '/providers/Microsoft.Authorization/policySetDefinitions/1f3afdf9-d0c9-4c3d-847f-89da613e70a8',
      enforcementMode: 'Default',
    },
  },
  Reading: {
    type: 'Microsoft.Authorization/roleAssignments',
    apiVersion: '2022-04-01',
    name: '00000000-0000-0000-0000-00000000000a',
    scope: "[resourceId('Microsoft.Storage/storageAccounts', 'caserecords')]",
    properties: { roleDefinitionId: BLOB_READER, principalId: PERSON, principalType: 'Group' },
  },
  Site: {
    type: 'Microsoft.Web/sites',
    apiVersion: '2023-12-01',
    name: 'casesite',
    location: at,
    kind: 'app',
    identity: { type: 'SystemAssigned' },
    properties: {
      httpsOnly: true,
      publicNetworkAccess: 'Disabled',
      siteConfig: {
        minTlsVersion: '1.2',
        ftpsState: 'Disabled',
        remoteDebuggingEnabled: false,
        appSettings: [{ name: 'LEVEL', value: 'info' }],
      },
    },
  },
};

const arm = weakenings(armWith, SUBSCRIBED, {
  'on Azure: blobs can be made public': ['exposure|data: caserecords', { 'Records.allowBlobPublicAccess': true }],
  'on Azure: a container is public': ['access: cases', { 'Records.allowBlobPublicAccess': true, 'Container.publicAccess': 'Blob' }],
  'on Azure: an account is reached from public networks': ['exposure: caserecords', { 'Records.publicNetworkAccess': 'Enabled' }],
  'on Azure: an account is open to every network': [
    'exposure: caserecords',
    { 'Records.publicNetworkAccess': 'Enabled', 'Records.networkAcls.defaultAction': 'Allow' },
  ],
  'on Azure: account keys are good again': ['access: caserecords', { 'Records.allowSharedKeyAccess': true }],
  'on Azure: an account accepts plain http': ['encryption: caserecords', { 'Records.supportsHttpsTrafficOnly': false }],
  'on Azure: an account accepts old TLS': ['encryption: caserecords', { 'Records.minimumTlsVersion': 'TLS1_0' }],
  'on Azure: an account loses its own key': ['encryption|exposure: caserecords', { 'Records.encryption': GONE }],
  'on Azure: an account may be copied to another tenant': [
    'access|data|controls: caserecords',
    { 'Records.allowCrossTenantReplication': true },
  ],
  'on Azure: versions are no longer kept': ['data: default', { 'Blobs.isVersioningEnabled': false }],
  'on Azure: deleted blobs come back for a day only': ['data: default', { 'Blobs.deleteRetentionPolicy.days': 1 }],
  'on Azure: deleted containers do not come back': ['data: default', { 'Blobs.containerDeleteRetentionPolicy.enabled': false }],
  'on Azure: an account is left out': ['data: caserecords', { Records: GONE, Blobs: GONE, Container: GONE, Reading: GONE }],
  'on Azure: a vault can be purged': ['data: casevault', { 'Vault.enablePurgeProtection': GONE }],
  'on Azure: deleted keys come back for a week': ['data: casevault', { 'Vault.softDeleteRetentionInDays': 7 }],
  'on Azure: a vault is used by access policies': [
    'access: casevault',
    {
      'Vault.enableRbacAuthorization': false,
      'Vault.accessPolicies': [
        { tenantId: '[subscription().tenantId]', objectId: PERSON, permissions: { keys: ['all'], secrets: ['all'] } },
      ],
    },
  ],
  'on Azure: a vault is open to every network': [
    'exposure: casevault',
    { 'Vault.publicNetworkAccess': 'enabled', 'Vault.networkAcls.defaultAction': 'Allow' },
  ],
  'on Azure: a server is reached from public networks': ['exposure: casesql', { 'Server.publicNetworkAccess': 'Enabled' }],
  'on Azure: a server lets every address in': [
    'exposure: casesql [internet]',
    {
      'Server.publicNetworkAccess': 'Enabled',
      Open: {
        type: 'Microsoft.Sql/servers/firewallRules',
        apiVersion: '2023-08-01-preview',
        name: 'casesql/all',
        properties: { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' },
      },
    },
  ],
  'on Azure: a server accepts old TLS': ['encryption: casesql', { 'Server.minimalTlsVersion': '1.0' }],
  'on Azure: a server accepts passwords': ['access: casesql', { 'Server.administrators.azureADOnlyAuthentication': false }],
  'on Azure: a database is no longer encrypted': ['encryption: cases', { 'Encrypted.state': 'Disabled' }],
  'on Azure: statements are no longer recorded': ['logging: default', { 'Auditing.state': 'Disabled' }],
  'on Azure: some statements are no longer recorded': [
    'logging: default',
    { 'Auditing.auditActionsAndGroups': ['FAILED_DATABASE_AUTHENTICATION_GROUP'] },
  ],
  'on Azure: the recording of statements is left out': ['logging: default', { Auditing: GONE }],
  'on Azure: backups of a database are kept for a week': ['data: default', { 'Backups.retentionDays': 7 }],
  'on Azure: a group of rules lets everybody in to SSH': [
    'exposure: casensg',
    {
      'Rules.securityRules.1': {
        name: 'ssh',
        properties: {
          access: 'Allow',
          direction: 'Inbound',
          priority: 110,
          protocol: 'Tcp',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefix: '*',
          destinationPortRange: '22',
        },
      },
    },
  ],
  'on Azure: a rule opens to the internet': ['exposure: casensg', { 'Rules.securityRules.0.properties.sourceAddressPrefix': 'Internet' }],
  'on Azure: a subnet loses its rules': ['exposure: casenet', { 'Network.subnets.0.properties.networkSecurityGroup': GONE }],
  'on Azure: a card gets a public address': [
    'exposure: casenic',
    {
      Address: {
        type: 'Microsoft.Network/publicIPAddresses',
        apiVersion: '2024-01-01',
        name: 'caseip',
        location: at,
        sku: { name: 'Standard' },
        properties: { publicIPAllocationMethod: 'Static' },
      },
      'Card.ipConfigurations.0.properties.publicIPAddress': { id: id('Microsoft.Network/publicIPAddresses', 'caseip') },
    },
  ],
  'on Azure: flows are no longer recorded': ['logging: casenet', { 'Flows.enabled': false }],
  'on Azure: the record of flows is left out': ['logging: casenet', { Flows: GONE }],
  'on Azure: logs are kept for a month': ['logging: caselogs', { 'Workspace.retentionInDays': 30 }],
  'on Azure: the records of a vault are no longer collected': ['logging: casevault', { VaultLogs: GONE }],
  'on Azure: fewer records of a vault are collected': ['logging: casevault', { 'VaultLogs.logs.1.enabled': false }],
  'on Azure: the records of a vault go elsewhere': [
    'logging: casevault',
    { 'VaultLogs.workspaceId': `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/other` },
  ],
  'on Azure: a Defender plan is off': ['detection: StorageAccounts', { 'Defender.pricingTier': 'Free' }],
  'on Azure: uploads are no longer scanned': ['detection: StorageAccounts', { 'Defender.extensions.0.isEnabled': 'False' }],
  'on Azure: a Defender plan is left out': ['detection: StorageAccounts', { Defender: GONE }],
  'on Azure: an alert is disabled': ['detection: roles', { 'Alert.enabled': false }],
  'on Azure: an alert is left out': ['detection: roles', { Alert: GONE }],
  'on Azure: an alert tells nobody': ['detection: roles', { 'Alert.actions.actionGroups': [] }],
  'on Azure: an alert looks for something else': [
    'detection: roles',
    { 'Alert.condition.allOf.0.equals': 'Microsoft.Authorization/roleAssignments/delete' },
  ],
  'on Azure: nobody is on call': ['detection: oncall', { 'OnCall.emailReceivers': [] }],
  'on Azure: alerts are dismissed by rule': [
    'detection: quiet',
    {
      Quiet: {
        type: 'Microsoft.Security/alertsSuppressionRules',
        apiVersion: '2019-01-01-preview',
        name: 'quiet',
        properties: { alertType: '*', reason: 'Other', state: 'Enabled' },
      },
    },
  ],
  'on Azure: a lock is lifted': ['data: keep', { Lock: GONE }],
  'on Azure: a policy is only watched': ['controls: baseline', { 'Demand.enforcementMode': 'DoNotEnforce' }],
  'on Azure: a policy is no longer demanded': ['controls: baseline', { Demand: GONE }],
  'on Azure: a policy leaves a group out': ['controls: baseline', { 'Demand.notScopes': [GROUP] }],
  'on Azure: a policy is waived': [
    'controls: spare',
    {
      Spare: {
        type: 'Microsoft.Authorization/policyExemptions',
        apiVersion: '2022-07-01-preview',
        name: 'spare',
        properties: {
          policyAssignmentId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/baseline`,
          exemptionCategory: 'Waiver',
        },
      },
    },
  ],
  'on Azure: somebody becomes owner': [
    'access: 11111111',
    {
      Owner: {
        type: 'Microsoft.Authorization/roleAssignments',
        apiVersion: '2022-04-01',
        name: '00000000-0000-0000-0000-00000000000b',
        properties: { roleDefinitionId: OWNER, principalId: PERSON, principalType: 'User' },
      },
    },
  ],
  'on Azure: a reader becomes owner of blobs': ['access: 11111111', { 'Reading.roleDefinitionId': BLOB_OWNER }],
  'on Azure: a site accepts plain http': ['encryption: casesite', { 'Site.httpsOnly': false }],
  'on Azure: a site is public': ['exposure: casesite', { 'Site.publicNetworkAccess': 'Enabled' }],
  'on Azure: a site accepts old TLS': ['encryption: casesite', { 'Site.siteConfig.minTlsVersion': '1.0' }],
  'on Azure: a site can be debugged from outside': [
    'controls|exposure|access|encryption: casesite',
    { 'Site.siteConfig.remoteDebuggingEnabled': true },
  ],
});

/** Exported state of a Pulumi stack. */
export const EXPORTED: Readonly<Record<string, object>> = {
  account: {
    type: 'azure-native:storage:StorageAccount',
    protect: true,
    inputs: {
      accountName: 'caserecords',
      resourceGroupName: 'cases',
      location: at,
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      tags,
      minimumTlsVersion: 'TLS1_2',
      enableHttpsTrafficOnly: true,
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny', bypass: 'None' },
    },
  },
  cosmos: {
    type: 'azure-native:cosmosdb:DatabaseAccount',
    protect: true,
    inputs: {
      accountName: 'casecosmos',
      resourceGroupName: 'cases',
      location: at,
      databaseAccountOfferType: 'Standard',
      tags,
      locations: [{ locationName: at, isZoneRedundant: true }],
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
      disableKeyBasedMetadataWriteAccess: true,
      minimalTlsVersion: 'Tls12',
      backupPolicy: { type: 'Continuous' },
    },
  },
  registry: {
    type: 'azure-native:containerregistry:Registry',
    inputs: {
      registryName: 'caseimages',
      resourceGroupName: 'cases',
      location: at,
      sku: { name: 'Premium' },
      adminUserEnabled: false,
      publicNetworkAccess: 'Disabled',
      anonymousPullEnabled: false,
    },
  },
  queue: {
    type: 'azure-native:servicebus:Namespace',
    inputs: {
      namespaceName: 'casebus',
      resourceGroupName: 'cases',
      location: at,
      sku: { name: 'Premium' },
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
      minimumTlsVersion: '1.2',
    },
  },
  rule: {
    type: 'azure-native:securityinsights:ScheduledAlertRule',
    inputs: {
      resourceGroupName: 'cases',
      workspaceName: 'caselogs',
      ruleId: 'r',
      kind: 'Scheduled',
      enabled: true,
      query: 'AzureActivity | where OperationNameValue has "delete"',
      displayName: 'deletions',
      severity: 'High',
    },
  },
  vault: {
    type: 'azure-native:recoveryservices:Vault',
    protect: true,
    inputs: {
      vaultName: 'casebackups',
      resourceGroupName: 'cases',
      location: at,
      sku: { name: 'RS0' },
      properties: {
        publicNetworkAccess: 'Disabled',
        securitySettings: { immutabilitySettings: { state: 'Locked' }, softDeleteSettings: { softDeleteState: 'AlwaysON' } },
      },
    },
  },
  cluster: {
    type: 'azure-native:containerservice:ManagedCluster',
    inputs: {
      resourceName: 'casecluster',
      resourceGroupName: 'cases',
      location: at,
      disableLocalAccounts: true,
      enableRBAC: true,
      aadProfile: { managed: true, enableAzureRBAC: true },
      apiServerAccessProfile: { enablePrivateCluster: true },
    },
  },
};

const exported = weakenings(pulumiWith, EXPORTED, {
  'on Azure, exported: an account is no longer protected from deletion': ['data: account', { 'account@protect': false }],
  'on Azure, exported: an account moves to another place': ['data: account [residency]', { 'account.location': 'eastus' }],
  'on Azure, exported: keys of a database are good again': ['access: cosmos', { 'cosmos.disableLocalAuth': false }],
  'on Azure, exported: a database is kept in another region too': [
    'data: cosmos [residency]',
    { 'cosmos.locations.1': { locationName: 'eastus' } },
  ],
  'on Azure, exported: a database is reached from public networks': ['exposure: cosmos', { 'cosmos.publicNetworkAccess': 'Enabled' }],
  'on Azure, exported: a database is backed up now and then': [
    'data: cosmos',
    {
      'cosmos.backupPolicy': {
        type: 'Periodic',
        periodicModeProperties: { backupIntervalInMinutes: 1440, backupRetentionIntervalInHours: 8 },
      },
    },
  ],
  'on Azure, exported: the administrator of a registry is back': ['access: registry', { 'registry.adminUserEnabled': true }],
  'on Azure, exported: everybody may pull images': ['access|exposure: registry', { 'registry.anonymousPullEnabled': true }],
  'on Azure, exported: keys of a namespace are good again': ['access: queue', { 'queue.disableLocalAuth': false }],
  'on Azure, exported: an analytics rule is off': ['detection: rule', { 'rule.enabled': false }],
  'on Azure, exported: an analytics rule looks for something else': ['detection: rule', { 'rule.query': 'AzureActivity | where false' }],
  'on Azure, exported: backups can be removed': [
    'data: vault',
    { 'vault.properties.securitySettings.immutabilitySettings.state': 'Disabled' },
  ],
  'on Azure, exported: deleted backups do not come back': [
    'data: vault',
    { 'vault.properties.securitySettings.softDeleteSettings.softDeleteState': 'Disabled' },
  ],
  'on Azure, exported: local accounts of a cluster are back': ['access: cluster', { 'cluster.disableLocalAccounts': false }],
  'on Azure, exported: the interface of a cluster is public': [
    'exposure: cluster',
    { 'cluster.apiServerAccessProfile.enablePrivateCluster': false },
  ],
});
export const AZURE_WEAKENINGS = { ...arm, ...exported };

const reversed = Object.fromEntries(Object.entries(SUBSCRIBED).reverse());
export const AZURE_HARMLESS = {
  ...harmless(armWith, SUBSCRIBED, {
    'on Azure: logs are kept longer': { 'Workspace.retentionInDays': 730 },
    'on Azure: a tag is added': { 'Records@tags': { ...tags, team: 'cases' } },
    'on Azure: a rule gets narrower': { 'Rules.securityRules.0.properties.sourceAddressPrefix': '10.0.0.0/24' },
    'on Azure: a rule is written as a list': {
      'Rules.securityRules.0.properties.sourceAddressPrefix': GONE,
      'Rules.securityRules.0.properties.sourceAddressPrefixes': ['10.0.0.0/16'],
    },
    'on Azure: another API version': { 'Records@apiVersion': '2024-01-01' },
    'on Azure: a boolean is written as text': { 'Records.allowBlobPublicAccess': 'false' },
    'on Azure: a reader is taken back': { Reading: GONE },
    'on Azure: newer TLS': { 'Records.minimumTlsVersion': 'TLS1_3' },
    'on Azure: more statements are recorded': { 'Auditing.auditActionsAndGroups.3': 'DATABASE_PERMISSION_CHANGE_GROUP' },
    'on Azure: an alert tells one more': {
      'Alert.actions.actionGroups.1': { actionGroupId: id('Microsoft.Insights/actionGroups', 'second') },
    },
    'on Azure: a setting of a site changes': { 'Site.siteConfig.appSettings.0.value': 'debug' },
    'on Azure: backups of keys come back as long': { 'Vault.enableSoftDelete': GONE },
  }),
  'on Azure: everything is written in another order': { before: armWith(SUBSCRIBED), after: armWith(reversed) },
  ...harmless(pulumiWith, EXPORTED, {
    'on Azure, exported: an account is protected and tagged': { 'account.tags': { ...tags, team: 'cases' } },
    'on Azure, exported: a registry is renamed in the program, with an alias': {
      registry: GONE,
      images: { ...EXPORTED.registry, aliases: ['urn:pulumi:production::cases::azure-native:containerregistry:Registry::registry'] },
    },
    'on Azure, exported: images are scanned': { 'registry.policies': { quarantinePolicy: { status: 'enabled' } } },
  }),
};
