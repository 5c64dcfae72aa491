/**
 * Built-in roles of Azure and what they allow, as the reference of built-in roles states it. The ids are the same in every
 * directory. Roles that give access to stores, keys, secrets, messages, clusters and rights are here; of a role that is not, nothing
 * is known but its id.
 */

/** One set of permissions; what `not…` names is taken out of what is before it. */
export interface Permissions {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
  /** In the language of conditions of role assignments. */
  readonly condition?: string;
}

export interface BuiltInRole {
  readonly name: string;
  readonly permissions: readonly Permissions[];
}

/** What nearly every role holds so that its holder finds his way in the portal. */
const PORTAL = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Insights/alertRules/*',
  'Microsoft.Resources/deployments/*',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Support/*',
];
const VAULT_PORTAL = [
  ...PORTAL,
  'Microsoft.KeyVault/checkNameAvailability/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/locations/*/read',
  'Microsoft.KeyVault/vaults/*/read',
  'Microsoft.KeyVault/operations/read',
];
const CLUSTER_PORTAL = [
  'Microsoft.Authorization/*/read',
  'Microsoft.Resources/subscriptions/operationresults/read',
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.ContainerService/managedClusters/listClusterUserCredential/action',
];
const VAULT_ROLES = [
  '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  'a4417e6f-fecd-4de8-b567-7b0420556985',
  '14b46e9e-c2b7-41b4-b07b-48a6ebf60603',
  'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  '12338af0-0e69-4776-bea7-57ae8d297424',
  '21090545-7ca7-4776-b22c-e363652d74d2',
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  '4633458b-17de-408a-b874-0445c86b69e6',
];

/** Each entry of `names` below the same prefix. */
const under = (prefix: string, ...names: readonly string[]): readonly string[] => names.map((name) => `${prefix}/${name}`);
const role = (name: string, ...permissions: readonly Permissions[]): BuiltInRole => ({ name, permissions });
const onlyRoles = (ids: readonly string[]): string => {
  const listed = `ForAnyOfAnyValues:GuidEquals{${ids.join(', ')}}`;
  return (
    `((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${listed})) ` +
    `AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ${listed}))`
  );
};

const CONTAINERS = 'Microsoft.Storage/storageAccounts/blobServices/containers';
const BLOBS = `${CONTAINERS}/blobs`;
const BLOB_DELEGATION = 'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action';
const FILES = 'Microsoft.Storage/storageAccounts/fileServices/fileshares/files';
const FILE_SERVICES = 'Microsoft.Storage/storageAccounts/fileServices';
const QUEUES = 'Microsoft.Storage/storageAccounts/queueServices/queues';
const TABLES = 'Microsoft.Storage/storageAccounts/tableServices/tables';
const ACCOUNTS = 'Microsoft.Storage/storageAccounts';
const VAULTS = 'Microsoft.KeyVault/vaults';
const COSMOS = 'Microsoft.DocumentDB/databaseAccounts';
const CLUSTERS = 'Microsoft.ContainerService/managedClusters';
const COSMOS_ROLES = ['sql', 'mongodb', 'table', 'gremlin', 'cassandra', 'mongoMI'].flatMap((api) =>
  ['write', 'delete'].flatMap((verb) => [
    `${COSMOS}/${api}RoleDefinitions/${verb}`,
    `${COSMOS}/${api === 'mongodb' ? 'mongodbUserDefinitions' : `${api}RoleAssignments`}/${verb}`,
  ]),
);

/** By id. */
export const BUILT_IN_ROLES: Readonly<Record<string, BuiltInRole>> = {
  // General
  '8e3af657-a8ff-443c-a75c-2fe8c4bcb635': role('Owner', { actions: ['*'] }),
  'b24988ac-6180-42a0-ab88-20f7382dd24c': role('Contributor', {
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
    ],
  }),
  'acdd72a7-3385-48ef-bd42-f606fba81ae7': role('Reader', { actions: ['*/read'] }),
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': role('User Access Administrator', {
    actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'],
  }),
  'f58310d9-a9f6-439a-9e8d-f62e7b41a168': role('Role Based Access Control Administrator', {
    actions: [...under('Microsoft.Authorization/roleAssignments', 'write', 'delete'), '*/read', 'Microsoft.Support/*'],
  }),
  '28bf596f-4eb7-45ce-b5bc-6cf482fec137': role('Locks Contributor', {
    actions: under('Microsoft.Authorization/locks', 'read', 'write', 'delete'),
  }),
  'f1a07417-d97a-45cb-824c-7a7467783830': role('Managed Identity Operator', {
    actions: [...under('Microsoft.ManagedIdentity/userAssignedIdentities', '*/read', '*/assign/action'), ...PORTAL],
  }),
  // Keys, secrets and certificates
  '00482a5a-887f-4fb3-b363-3b7fe8e74483': role('Key Vault Administrator', { actions: VAULT_PORTAL, dataActions: [`${VAULTS}/*`] }),
  'db79e9a7-68ee-4b58-9aeb-b90e7c24fcba': role('Key Vault Certificate User', {
    dataActions: under(VAULTS, 'certificates/read', 'secrets/getSecret/action', 'secrets/readMetadata/action', 'keys/read'),
  }),
  'a4417e6f-fecd-4de8-b567-7b0420556985': role('Key Vault Certificates Officer', {
    actions: VAULT_PORTAL,
    dataActions: under(VAULTS, 'certificatecas/*', 'certificates/*', 'certificatecontacts/write'),
  }),
  'f25e0fa2-a7c8-4377-a976-54943a77a395': role('Key Vault Contributor', {
    actions: [...PORTAL, 'Microsoft.KeyVault/*'],
    notActions: under('Microsoft.KeyVault', 'locations/deletedVaults/purge/action', 'hsmPools/*', 'managedHsms/*'),
  }),
  '14b46e9e-c2b7-41b4-b07b-48a6ebf60603': role('Key Vault Crypto Officer', {
    actions: VAULT_PORTAL,
    dataActions: under(VAULTS, 'keys/*', 'keyrotationpolicies/*'),
  }),
  'e147488a-f6f5-4113-8e2d-b22465e65bf6': role('Key Vault Crypto Service Encryption User', {
    actions: under('Microsoft.EventGrid/eventSubscriptions', 'write', 'read', 'delete'),
    dataActions: under(VAULTS, 'keys/read', 'keys/wrap/action', 'keys/unwrap/action'),
  }),
  '08bbd89e-9f13-488c-ac41-acfcb10c90ab': role('Key Vault Crypto Service Release User', {
    dataActions: under(VAULTS, 'keys/release/action'),
  }),
  '12338af0-0e69-4776-bea7-57ae8d297424': role('Key Vault Crypto User', {
    dataActions: [
      `${VAULTS}/keys/read`,
      ...['update', 'backup', 'encrypt', 'decrypt', 'wrap', 'unwrap', 'sign', 'verify'].map((verb) => `${VAULTS}/keys/${verb}/action`),
    ],
  }),
  '8b54135c-b56d-4d72-a534-26097cfdc8d8': role('Key Vault Data Access Administrator', {
    actions: [
      ...under('Microsoft.Authorization', 'roleAssignments/write', 'roleAssignments/delete', '*/read'),
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Resources/subscriptions/read',
      'Microsoft.Management/managementGroups/read',
      'Microsoft.Support/*',
      `${VAULTS}/*/read`,
    ],
    condition: onlyRoles(VAULT_ROLES),
  }),
  '21090545-7ca7-4776-b22c-e363652d74d2': role('Key Vault Reader', {
    actions: VAULT_PORTAL,
    dataActions: under(VAULTS, '*/read', 'secrets/readMetadata/action'),
  }),
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7': role('Key Vault Secrets Officer', {
    actions: VAULT_PORTAL,
    dataActions: [`${VAULTS}/secrets/*`],
  }),
  '4633458b-17de-408a-b874-0445c86b69e6': role('Key Vault Secrets User', {
    dataActions: under(VAULTS, 'secrets/getSecret/action', 'secrets/readMetadata/action'),
  }),
  // Storage
  'c12c1c16-33a1-487b-954d-41c89c60f349': role('Reader and Data Access', {
    actions: under(ACCOUNTS, 'listKeys/action', 'ListAccountSas/action', 'read'),
  }),
  'e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1': role('Storage Account Backup Contributor', {
    actions: [
      ...under('Microsoft.Authorization', '*/read', 'locks/read', 'locks/write', 'locks/delete'),
      ...under('Microsoft.Features', 'features/read', 'providers/features/read'),
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Storage/operations/read',
      ...under(`${ACCOUNTS}/objectReplicationPolicies`, 'delete', 'read', 'write', 'restorePointMarkers/write'),
      ...under(`${ACCOUNTS}/blobServices`, 'containers/read', 'containers/write', 'read', 'write'),
      ...under(ACCOUNTS, 'read', 'restoreBlobRanges/action'),
    ],
  }),
  '17d1049b-9a84-46fb-8f53-869881c3d3ab': role('Storage Account Contributor', {
    actions: [
      ...PORTAL,
      'Microsoft.Insights/diagnosticSettings/*',
      'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
      'Microsoft.ResourceHealth/availabilityStatuses/read',
      `${ACCOUNTS}/*`,
    ],
  }),
  '81a9662b-bebf-436f-a333-f67b29880f12': role('Storage Account Key Operator Service Role', {
    actions: under(ACCOUNTS, 'listkeys/action', 'regeneratekey/action'),
  }),
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': role('Storage Blob Data Contributor', {
    actions: [...under(CONTAINERS, 'delete', 'read', 'write'), BLOB_DELEGATION],
    dataActions: under(BLOBS, 'delete', 'read', 'write', 'move/action', 'add/action'),
  }),
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b': role('Storage Blob Data Owner', {
    actions: [`${CONTAINERS}/*`, BLOB_DELEGATION],
    dataActions: [`${BLOBS}/*`],
  }),
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1': role('Storage Blob Data Reader', {
    actions: [`${CONTAINERS}/read`, BLOB_DELEGATION],
    dataActions: [`${BLOBS}/read`],
  }),
  'db58b8e5-c6ad-4a2a-8342-4190687cbf4a': role('Storage Blob Delegator', { actions: [BLOB_DELEGATION] }),
  '4bad4d9e-2a13-4888-94bb-c8432f6f3040': role('Storage Actions Blob Data Operator', {
    actions: [...PORTAL.slice(0, 4), ...under(CONTAINERS, 'read', 'write')],
    dataActions: under(
      BLOBS,
      'read',
      'write',
      'delete',
      'add/action',
      'tags/read',
      'tags/write',
      'runAsSuperUser/action',
      'immutableStorage/runAsSuperUser/action',
    ),
  }),
  '69566ab7-960f-475b-8e7c-b3118f30c6bd': role('Storage File Data Privileged Contributor', {
    dataActions: [
      ...under(FILES, 'read', 'write', 'delete', 'modifypermissions/action'),
      ...under(FILE_SERVICES, 'readFileBackupSemantics/action', 'writeFileBackupSemantics/action'),
    ],
  }),
  'b8eda974-7b85-4f76-af95-65846b26df6d': role('Storage File Data Privileged Reader', {
    dataActions: [`${FILES}/read`, `${FILE_SERVICES}/readFileBackupSemantics/action`],
  }),
  'bbf004e3-0e4b-4f86-ae4f-1f8fb47b357b': role('Storage File Data SMB Admin', {
    dataActions: [
      ...under(FILES, 'read', 'write', 'delete', 'modifypermissions/action'),
      ...under(FILE_SERVICES, 'readFileBackupSemantics/action', 'writeFileBackupSemantics/action', 'takeOwnership/action'),
    ],
  }),
  'a235d3ee-5935-4cfb-8cc5-a3303ad5995e': role('Storage File Data SMB MI Admin', {
    dataActions: [
      ...under(FILES, 'read', 'write', 'delete', 'modifypermissions/action'),
      ...under(
        FILE_SERVICES,
        'readFileBackupSemantics/action',
        'writeFileBackupSemantics/action',
        'takeOwnership/action',
        'runAsBuiltInFileAdministrator/action',
      ),
    ],
  }),
  '0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb': role('Storage File Data SMB Share Contributor', {
    dataActions: under(FILES, 'read', 'write', 'delete'),
  }),
  'a7264617-510b-434b-a828-9731dc254ea7': role('Storage File Data SMB Share Elevated Contributor', {
    dataActions: under(FILES, 'read', 'write', 'delete', 'modifypermissions/action'),
  }),
  'aba4ae5f-2193-4029-9191-0cb91df5e314': role('Storage File Data SMB Share Reader', { dataActions: [`${FILES}/read`] }),
  '5d9bac3f-34b2-432f-bde5-78aa8e73ce6b': role('Storage File Data SMB Take Ownership', {
    dataActions: [`${FILE_SERVICES}/takeOwnership/action`],
  }),
  '974c5e8b-45b9-4653-ba55-5f855dd0fb88': role('Storage Queue Data Contributor', {
    actions: under(QUEUES, 'delete', 'read', 'write'),
    dataActions: under(`${QUEUES}/messages`, 'delete', 'read', 'write', 'process/action'),
  }),
  '8a0f0c08-91a1-4084-bc3d-661d67233fed': role('Storage Queue Data Message Processor', {
    dataActions: under(`${QUEUES}/messages`, 'read', 'process/action'),
  }),
  'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a': role('Storage Queue Data Message Sender', { dataActions: [`${QUEUES}/messages/add/action`] }),
  '19e7f393-937e-4f77-808e-94535e297925': role('Storage Queue Data Reader', {
    actions: [`${QUEUES}/read`],
    dataActions: [`${QUEUES}/messages/read`],
  }),
  '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3': role('Storage Table Data Contributor', {
    actions: under(TABLES, 'read', 'write', 'delete'),
    dataActions: under(`${TABLES}/entities`, 'read', 'write', 'delete', 'add/action', 'update/action'),
  }),
  '76199698-9eea-4c19-bc75-cec21354c6b6': role('Storage Table Data Reader', {
    actions: [`${TABLES}/read`],
    dataActions: [`${TABLES}/entities/read`],
  }),
  // Databases
  'fbdf93bf-df7d-467e-a4d2-9458aa1360c8': role('Cosmos DB Account Reader Role', {
    actions: [
      'Microsoft.Authorization/*/read',
      'Microsoft.DocumentDB/*/read',
      `${COSMOS}/readonlykeys/action`,
      'Microsoft.Insights/MetricDefinitions/read',
      'Microsoft.Insights/Metrics/read',
      'Microsoft.Resources/subscriptions/resourceGroups/read',
      'Microsoft.Support/*',
    ],
  }),
  '230815da-be43-4aae-9cb4-875f7bd000aa': role('Cosmos DB Operator', {
    actions: [
      `${COSMOS}/*`,
      ...PORTAL,
      'Microsoft.ResourceHealth/availabilityStatuses/read',
      'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
    ],
    notActions: [
      ...under(COSMOS, 'copyJobs/*', 'dataTransferJobs/*', 'readonlyKeys/*', 'regenerateKey/*', 'listKeys/*', 'listConnectionStrings/*'),
      ...COSMOS_ROLES,
    ],
  }),
  'db7b14f2-5adf-42da-9f96-f2ee17bab5cb': role('CosmosBackupOperator', { actions: under(COSMOS, 'backup/action', 'restore/action') }),
  '5bd9cd88-fe45-4216-938b-f97437e15450': role('DocumentDB Account Contributor', {
    actions: [
      ...PORTAL,
      `${COSMOS}/*`,
      'Microsoft.ResourceHealth/availabilityStatuses/read',
      'Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action',
    ],
  }),
  'e0f68234-74aa-48ed-b826-c38b57376e17': role('Redis Cache Contributor', {
    actions: [
      ...PORTAL,
      'Microsoft.Cache/register/action',
      'Microsoft.Cache/redis/*',
      'Microsoft.ResourceHealth/availabilityStatuses/read',
    ],
  }),
  // Messages and settings
  '090c5cfd-751d-490a-894a-3ce6f1109419': role('Azure Service Bus Data Owner', {
    actions: ['Microsoft.ServiceBus/*'],
    dataActions: ['Microsoft.ServiceBus/*'],
  }),
  '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0': role('Azure Service Bus Data Receiver', {
    actions: under('Microsoft.ServiceBus/*', 'queues/read', 'topics/read', 'topics/subscriptions/read'),
    dataActions: ['Microsoft.ServiceBus/*/receive/action'],
  }),
  '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39': role('Azure Service Bus Data Sender', {
    actions: under('Microsoft.ServiceBus/*', 'queues/read', 'topics/read', 'topics/subscriptions/read'),
    dataActions: ['Microsoft.ServiceBus/*/send/action'],
  }),
  'f526a384-b230-433a-b45c-95f59c4a2dec': role('Azure Event Hubs Data Owner', {
    actions: ['Microsoft.EventHub/*'],
    dataActions: ['Microsoft.EventHub/*'],
  }),
  'a638d3c7-ab3a-418d-83e6-5f17a39d4fde': role('Azure Event Hubs Data Receiver', {
    actions: ['Microsoft.EventHub/*/eventhubs/consumergroups/read'],
    dataActions: ['Microsoft.EventHub/*/receive/action'],
  }),
  '2b629674-e913-4c01-ae53-ef4638d8f975': role('Azure Event Hubs Data Sender', {
    actions: ['Microsoft.EventHub/*/eventhubs/read'],
    dataActions: ['Microsoft.EventHub/*/send/action'],
  }),
  '5ae67dd6-50cb-40e7-96ff-dc2bfa4b606b': role('App Configuration Data Owner', {
    dataActions: under('Microsoft.AppConfiguration/configurationStores/*', 'read', 'write', 'delete', 'action'),
    notDataActions: ['Microsoft.AppConfiguration/configurationStores/useSasAuth/action'],
  }),
  // Containers
  '7f951dda-4ed3-4680-a7ca-43fe172d538d': role('AcrPull', { actions: ['Microsoft.ContainerRegistry/registries/pull/read'] }),
  '8311e382-0749-4cb8-b61a-304f252e45ec': role('AcrPush', {
    actions: under('Microsoft.ContainerRegistry/registries', 'pull/read', 'push/write'),
  }),
  '0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8': role('Azure Kubernetes Service Cluster Admin Role', {
    actions: under(CLUSTERS, 'listClusterAdminCredential/action', 'accessProfiles/listCredential/action', 'read', 'runcommand/action'),
  }),
  '4abbcc35-e782-43d8-92c5-2d3f1bd2253f': role('Azure Kubernetes Service Cluster User Role', {
    actions: under(CLUSTERS, 'listClusterUserCredential/action', 'read'),
  }),
  'ed7f3fbd-7b88-4dd4-9017-9adb7ce333f8': role('Azure Kubernetes Service Contributor Role', {
    actions: [...under(CLUSTERS, 'read', 'write'), 'Microsoft.Resources/deployments/*'],
  }),
  '3498e952-d568-435e-9b2c-8d77e338d7f7': role('Azure Kubernetes Service RBAC Admin', {
    actions: CLUSTER_PORTAL,
    dataActions: [`${CLUSTERS}/*`],
    notDataActions: under(CLUSTERS, 'resourcequotas/write', 'resourcequotas/delete', 'namespaces/write', 'namespaces/delete'),
  }),
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b': role('Azure Kubernetes Service RBAC Cluster Admin', {
    actions: CLUSTER_PORTAL,
    dataActions: [`${CLUSTERS}/*`],
  }),
  // Logs
  '73c42c96-874c-492b-b04d-ab87d138a893': role('Log Analytics Reader', {
    actions: [
      '*/read',
      ...under('Microsoft.OperationalInsights/workspaces', 'analytics/query/action', 'search/action'),
      'Microsoft.Support/*',
    ],
    notActions: ['Microsoft.OperationalInsights/workspaces/sharedKeys/read'],
  }),
  '92aaf0da-9dab-42b6-94a3-d43ce8d16293': role('Log Analytics Contributor', {
    actions: [
      '*/read',
      'Microsoft.ClassicCompute/virtualMachines/extensions/*',
      'Microsoft.ClassicStorage/storageAccounts/listKeys/action',
      'Microsoft.Compute/virtualMachines/extensions/*',
      'Microsoft.HybridCompute/machines/extensions/write',
      'Microsoft.Insights/alertRules/*',
      'Microsoft.Insights/diagnosticSettings/*',
      'Microsoft.OperationalInsights/*',
      'Microsoft.OperationsManagement/*',
      'Microsoft.Resources/deployments/*',
      'Microsoft.Resources/subscriptions/resourcegroups/deployments/*',
      `${ACCOUNTS}/listKeys/action`,
      'Microsoft.Support/*',
    ],
  }),
  '150f5e0c-0603-4f03-8c7f-cf70034c4e90': role('Data Purger', {
    actions: [
      ...under('Microsoft.Insights/components', '*/read', 'purge/action'),
      ...under('Microsoft.OperationalInsights/workspaces', '*/read', 'purge/action'),
    ],
  }),
};

/** Names of further built-in roles; what they allow is not in the table. */
export const OTHER_ROLE_NAMES: Readonly<Record<string, string>> = {
  '3e5e47e6-65f7-47ef-90b5-e5dd4d455f24': 'Disk Backup Reader',
  '7efff54f-a5b4-42b5-a1c5-5411624893ce': 'Disk Snapshot Contributor',
  'd5a91429-5739-47e2-a06b-3470a27159e7': 'EventGrid Data Sender',
  'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb': 'Azure Kubernetes Service RBAC Writer',
  '7f6c6a51-bcf8-42ba-9220-52d62157d7db': 'Azure Kubernetes Service RBAC Reader',
  'f4c81013-99ee-4d62-a7ee-b3f1f648599a': 'Microsoft Sentinel Automation Contributor',
  '3e150937-b8fe-4cfb-8069-0eaf05ecd056': 'Microsoft Sentinel Responder',
  '4d97b98b-1d4f-4787-a291-c67834d212e7': 'Network Contributor',
  'c088a766-074b-43ba-90d4-1fb21feae531': 'PostgreSQL Flexible Server Long Term Retention Backup Role',
  'b12aa53e-6015-4669-85d0-8515ebb3ae7f': 'Private DNS Zone Contributor',
  '8ebe5a00-799e-43f5-93ac-243d3dce84a7': 'Search Index Data Contributor',
  '1407120a-92aa-4202-b7e9-c0e197c71c8f': 'Search Index Data Reader',
  '1c0163c0-47e6-4577-8991-ea5c82e286e4': 'Virtual Machine Administrator Login',
  'fb879df8-f326-4884-b1cf-06f3ad86be52': 'Virtual Machine User Login',
};
