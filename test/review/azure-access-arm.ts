/** Changes of ARM templates that let somebody in, each with the lines that the review says of access. */

import type { Graph } from '../../policies/graph';
import { arm, assignment, idOf, type Json, principalOf, resource } from '../support/azure-review';

export const BLOB_READER = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
export const BLOB_CONTRIBUTOR = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
export const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const CONTRIBUTOR = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
export const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const SECRETS_USER = '4633458b-17de-408a-b874-0445c86b69e6';
export const CRYPTO_USER = '12338af0-0e69-4776-bea7-57ae8d297424';
export const SOMEBODY = '11111111-2222-3333-4444-555555555555';
export const TENANT = 'aaaaaaaa-2222-3333-4444-555555555555';

export const account = (properties: Json = {}): Json =>
  resource('Microsoft.Storage/storageAccounts', 'cases', { allowSharedKeyAccess: false, ...properties });
export const container = (properties: Json = {}): Json =>
  resource('Microsoft.Storage/storageAccounts/blobServices/containers', 'cases/default/files', properties);
export const identity = resource('Microsoft.ManagedIdentity/userAssignedIdentities', 'worker');
export const vault = (properties: Json = {}): Json =>
  resource('Microsoft.KeyVault/vaults', 'keys', { tenantId: TENANT, enableRbacAuthorization: true, ...properties });
export const ON_VAULT = idOf('Microsoft.KeyVault/vaults', 'keys');
export const customRole = (permissions: Json, more: Json = {}): Json =>
  resource('Microsoft.Authorization/roleDefinitions', 'own', {
    roleName: 'Case reader',
    permissions: [permissions],
    assignableScopes: ['[resourceGroup().id]'],
    ...more,
  });
export const OWN_ROLE = idOf('Microsoft.Authorization/roleDefinitions', 'own');
export const READS_BLOBS = { actions: [], dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'] };
const ONLY_FILES =
  "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR (@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'files'))";
export const policy = (permissions: Json, more: Json = {}): Json => ({ tenantId: TENANT, objectId: SOMEBODY, permissions, ...more });
const federated = (subject: string): Json =>
  resource('Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials', 'worker/build', {
    issuer: 'https://token.actions.githubusercontent.com',
    subject,
    audiences: ['api://AzureADTokenExchange'],
  });
const runsAs = (type: string, name: string, properties: Json = {}): Json =>
  resource(type, name, properties, {
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'worker')]: {} },
    },
  });
const namespace = (properties: Json = {}): Json =>
  resource('Microsoft.ServiceBus/namespaces', 'messages', { disableLocalAuth: true, ...properties });
const cosmos = resource('Microsoft.DocumentDB/databaseAccounts', 'tickets', { disableLocalAuth: true });
const cosmosRole = (role: string): Json =>
  resource('Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments', `tickets/${SOMEBODY}`, {
    principalId: principalOf('worker'),
    roleDefinitionId: `[concat(resourceId('Microsoft.DocumentDB/databaseAccounts', 'tickets'), '/sqlRoleDefinitions/${role}')]`,
    scope: idOf('Microsoft.DocumentDB/databaseAccounts', 'tickets'),
  });
const registry = (properties: Json = {}): Json => resource('Microsoft.ContainerRegistry/registries', 'images', properties);
const cluster = (properties: Json = {}): Json =>
  resource('Microsoft.ContainerService/managedClusters', 'cluster', {
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    ...properties,
  });
const activation = (rules: readonly Json[]): Json =>
  resource('Microsoft.Authorization/roleManagementPolicies', 'operators', { scope: '[resourceGroup().id]', rules });
const RULES = {
  mfa: {
    id: 'Enablement_EndUser_Assignment',
    ruleType: 'RoleManagementPolicyEnablementRule',
    enabledRules: ['MultiFactorAuthentication', 'Justification'],
  },
  approval: { id: 'Approval_EndUser_Assignment', ruleType: 'RoleManagementPolicyApprovalRule', setting: { isApprovalRequired: true } },
  hours: (maximumDuration: string) => ({
    id: 'Expiration_EndUser_Assignment',
    ruleType: 'RoleManagementPolicyExpirationRule',
    isExpirationRequired: true,
    maximumDuration,
  }),
};
const offer = resource('Microsoft.ManagedServices/registrationDefinitions', 'operations', {
  managedByTenantId: TENANT,
  authorizations: [{ principalId: SOMEBODY, principalIdDisplayName: 'Night shift', roleDefinitionId: READER }],
});
const refusal = (excluded: readonly string[]): Json =>
  resource('Microsoft.Authorization/denyAssignments', SOMEBODY, {
    permissions: [{ actions: ['Microsoft.Storage/storageAccounts/delete'] }],
    principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
    excludePrincipals: excluded.map((id) => ({ id, type: 'User' })),
    scope: '[resourceGroup().id]',
  });

const BASE = [account(), container(), identity, vault(), assignment('one', BLOB_READER)];
const with_ = (...more: readonly Json[]): Graph => arm([...BASE, ...more]);
const on = (...resources: readonly Json[]): Graph => arm(resources);

export interface Pair {
  readonly before: Graph;
  readonly after: Graph;
}

export const ARM_WEAKER: Readonly<Record<string, Pair & { readonly lines: readonly string[] }>> = {
  'a role that also writes': {
    before: with_(),
    after: with_(assignment('two', BLOB_CONTRIBUTOR)),
    lines: [
      'weaker: the user assigned identity worker can now write and delete the storage account cases (as Storage Blob Data Contributor)',
    ],
  },
  'a role on the group instead of one store': {
    before: on(
      account(),
      resource('Microsoft.Storage/storageAccounts', 'other', { allowSharedKeyAccess: false }),
      identity,
      assignment('one', BLOB_READER),
    ),
    after: on(
      account(),
      resource('Microsoft.Storage/storageAccounts', 'other', { allowSharedKeyAccess: false }),
      identity,
      assignment('one', BLOB_READER, { scope: null }),
    ),
    lines: [
      'weaker: the user assigned identity worker can now list and read everything in the resource group of the deployment (as Storage Blob Data Reader), so now the storage account other',
    ],
  },
  'an owner of the subscription': {
    before: with_(),
    after: with_(assignment('two', OWNER, { scope: '[subscription().id]', principalId: SOMEBODY, principalType: 'Group' })),
    lines: [
      'weaker: the group 11111111-2222-3333-4444-555555555555 can now list, read, write, delete, export and administer everything in the subscription (as Owner), so now the storage account cases and the vault keys',
    ],
  },
  'somebody whom a parameter names': {
    before: with_(),
    after: with_(assignment('two', READER, { principalId: "[parameters('somebody')]" })),
    lines: ['weaker: whoever parameter somebody names can now list the storage account cases (as Reader)'],
  },
  'a group of another tenant': {
    before: with_(),
    after: with_(assignment('two', SECRETS_USER, { scope: ON_VAULT, principalId: SOMEBODY, principalType: 'ForeignGroup' })),
    lines: [
      'weaker: tenant: the group of another tenant 11111111-2222-3333-4444-555555555555 can now list and read the vault keys (as Key Vault Secrets User)',
    ],
  },
  'a role that decrypts': {
    before: with_(),
    after: with_(assignment('two', CRYPTO_USER, { scope: ON_VAULT })),
    lines: ['weaker: the user assigned identity worker can now list, write, decrypt and export the vault keys (as Key Vault Crypto User)'],
  },
  'a condition that is dropped': {
    before: on(account(), identity, assignment('one', BLOB_READER, { condition: ONLY_FILES, conditionVersion: '2.0' })),
    after: on(account(), identity, assignment('one', BLOB_READER)),
    lines: [
      "weaker: the user assigned identity worker can list and read the storage account cases (as Storage Blob Data Reader) with fewer conditions: !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'}) OR @Resource[Microsoft.Storage/storageAccounts/blobServices/containers… is no longer asked for",
    ],
  },
  'a condition that lets more through': {
    before: on(account(), identity, assignment('one', BLOB_READER, { condition: "@Resource[a:name] StringEquals 'files'" })),
    after: on(
      account(),
      identity,
      assignment('one', BLOB_READER, { condition: "@Resource[a:name] ForAnyOfAnyValues:StringEquals {'files', 'mail'}" }),
    ),
    lines: [
      "weaker: the user assigned identity worker can list and read the storage account cases (as Storage Blob Data Reader) with fewer conditions: @Resource[a:name] StringEquals 'files' is no longer asked for",
    ],
  },
  'a custom role that gains an operation': {
    before: on(account(), identity, customRole(READS_BLOBS), assignment('one', OWN_ROLE)),
    after: on(
      account(),
      identity,
      customRole({
        ...READS_BLOBS,
        dataActions: [...READS_BLOBS.dataActions, 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'],
      }),
      assignment('one', OWN_ROLE),
    ),
    lines: ['weaker: the user assigned identity worker can now delete the storage account cases (as Case reader)'],
  },
  'a custom role whose exception is gone': {
    before: on(
      account(),
      identity,
      customRole({ actions: ['Microsoft.Storage/*'], notActions: ['Microsoft.Storage/storageAccounts/listKeys/action'] }),
      assignment('one', OWN_ROLE),
    ),
    after: on(account(), identity, customRole({ actions: ['Microsoft.Storage/*'] }), assignment('one', OWN_ROLE)),
    lines: [
      'weaker: the user assigned identity worker can now read, write, delete and administer the storage account cases (as Case reader)',
    ],
  },
  'a custom role that others hold': {
    before: on(account(), customRole(READS_BLOBS)),
    after: on(
      account(),
      customRole({ actions: ['*/read', 'Microsoft.Authorization/roleAssignments/write'], dataActions: READS_BLOBS.dataActions }),
    ),
    lines: ['weaker: whoever holds the role Case reader can now list and administer everything in the resource group of the deployment'],
  },
  'a custom role for more places': {
    before: on(account(), customRole(READS_BLOBS), identity, assignment('one', OWN_ROLE)),
    after: on(
      account(),
      customRole(READS_BLOBS, { assignableScopes: ['[resourceGroup().id]', '[subscription().id]'] }),
      identity,
      assignment('one', OWN_ROLE),
    ),
    lines: ['weaker: the role definition own now allows assignments at the subscription'],
  },
  'a role that is not known': {
    before: with_(),
    after: with_(assignment('two', 'deadbeef-0000-4000-8000-000000000000')),
    lines: [
      'undecided: whether the user assigned identity worker can now do more to the storage account cases cannot be told: what the role deadbeef-0000-4000-8000-000000000000 allows',
    ],
  },
  'activation that needs neither approval nor a second factor, and lasts longer': {
    before: with_(activation([RULES.mfa, RULES.approval, RULES.hours('PT4H')])),
    after: with_(activation([RULES.hours('PT12H')])),
    lines: [
      'weaker: the role management policy operators no longer demands multi-factor authentication on activation, a justification on activation and approval on activation',
      'weaker: the role management policy operators: an activation may last 12 hours instead of 4 hours',
    ],
  },
  'a denial that is taken away': {
    before: with_(refusal([])),
    after: with_(),
    lines: ['weaker: everybody who has rights is no longer refused to delete everything in the resource group of the deployment'],
  },
  'a denial that spares somebody': {
    before: with_(refusal([])),
    after: with_(refusal([SOMEBODY])),
    lines: [
      'weaker: everybody who has rights is no longer refused to delete everything in the resource group of the deployment: the refusal stands only when the asker is not the user 11111111-2222-3333-4444-555555555555',
    ],
  },
  'a denial that no longer holds for what is inside': {
    before: with_(refusal([])),
    after: with_({ ...refusal([]), properties: { ...refusal([]).properties, doNotApplyToChildScopes: true } }),
    lines: ['weaker: everybody who has rights is no longer refused to delete everything in the resource group of the deployment'],
  },
  'a denial that only records': {
    before: with_(refusal([])),
    after: with_({ ...refusal([]), properties: { ...refusal([]).properties, denyAssignmentEffect: 'audit' } }),
    lines: ['weaker: everybody who has rights is no longer refused to delete everything in the resource group of the deployment'],
  },
  'a delegation to another tenant': {
    before: with_(offer),
    after: with_(
      offer,
      resource('Microsoft.ManagedServices/registrationAssignments', 'night', {
        registrationDefinitionId: idOf('Microsoft.ManagedServices/registrationDefinitions', 'operations'),
      }),
    ),
    lines: [
      'weaker: tenant: Night shift of the tenant aaaaaaaa-2222-3333-4444-555555555555 can now list everything in the resource group of the deployment (as Reader)',
    ],
  },
  'an access policy that reads secrets': {
    before: on(vault({ enableRbacAuthorization: false, accessPolicies: [policy({ secrets: ['list'] })] })),
    after: on(vault({ enableRbacAuthorization: false, accessPolicies: [policy({ secrets: ['list', 'get'], keys: ['unwrapKey'] })] })),
    lines: ['weaker: the object 11111111-2222-3333-4444-555555555555 can now read and decrypt the vault keys'],
  },
  'a vault that goes by access policies again': {
    before: on(vault({ accessPolicies: [policy({ secrets: ['all'] })] })),
    after: on(vault({ accessPolicies: [policy({ secrets: ['all'] })], enableRbacAuthorization: false })),
    lines: [
      'weaker: the object 11111111-2222-3333-4444-555555555555 can now list, read, write, delete and export the vault keys',
      'weaker: the vault keys no longer demands roles (with access policies, whoever can write it can give himself its keys and secrets)',
    ],
  },
  'shared keys that count': {
    before: on(account()),
    after: on(account({ allowSharedKeyAccess: true })),
    lines: ['weaker: whoever holds a key of the storage account cases can now read, write, delete and administer it'],
  },
  'copies that may leave the tenant': {
    before: on(account()),
    after: on(account({ allowCrossTenantReplication: true })),
    lines: ['weaker: tenant: the storage account cases no longer demands that copies stay in the tenant'],
  },
  'a container for everyone': {
    before: on(account({ allowBlobPublicAccess: true }), container()),
    after: on(account({ allowBlobPublicAccess: true }), container({ publicAccess: 'Container' })),
    lines: ['weaker: internet: everyone can now list and read the blob container files'],
  },
  'an account that lets containers be for everyone': {
    before: on(account({ allowBlobPublicAccess: false }), container({ publicAccess: 'Blob' })),
    after: on(account({ allowBlobPublicAccess: true }), container({ publicAccess: 'Blob' })),
    lines: ['weaker: internet: everyone can now read the blob container files'],
  },
  'a data role of Cosmos DB that writes': {
    before: on(identity, cosmos, cosmosRole('00000000-0000-0000-0000-000000000001')),
    after: on(identity, cosmos, cosmosRole('00000000-0000-0000-0000-000000000002')),
    lines: [
      'weaker: the user assigned identity worker can now write and delete the database account tickets (as Cosmos DB Built-in Data Contributor)',
    ],
  },
  'an administrator of a database': {
    before: on(
      resource('Microsoft.Sql/servers', 'sql', { administrators: { sid: TENANT, login: 'dba', azureADOnlyAuthentication: true } }),
    ),
    after: on(
      resource('Microsoft.Sql/servers', 'sql', { administrators: { sid: TENANT, login: 'dba', azureADOnlyAuthentication: true } }),
      resource('Microsoft.Sql/servers/administrators', 'sql/ActiveDirectory', {
        sid: SOMEBODY,
        login: 'everybody',
        administratorType: 'ActiveDirectory',
      }),
    ),
    lines: [
      'weaker: “everybody” (the object 11111111-2222-3333-4444-555555555555) can now read, write, delete and administer the server sql',
    ],
  },
  'passwords of a database': {
    before: on(
      resource('Microsoft.DBforPostgreSQL/flexibleServers', 'db', {
        authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled' },
      }),
    ),
    after: on(
      resource('Microsoft.DBforPostgreSQL/flexibleServers', 'db', {
        authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Enabled' },
      }),
    ),
    lines: ['weaker: whoever knows a password of the server db can now read, write, delete and administer it'],
  },
  'a cluster with local accounts, another administrator and no roles of Azure': {
    before: on(cluster()),
    after: on(
      cluster({ disableLocalAccounts: false, aadProfile: { managed: true, enableAzureRBAC: false, adminGroupObjectIDs: [SOMEBODY] } }),
    ),
    lines: [
      'weaker: the object 11111111-2222-3333-4444-555555555555 can now read, write, delete and administer the managed cluster cluster',
      'weaker: whoever holds the local credential of the managed cluster cluster can now read, write, delete and administer it',
      'weaker: the managed cluster cluster no longer demands roles of Azure for what is done in it',
    ],
  },
  'a registry for everyone, with a password': {
    before: on(registry()),
    after: on(registry({ anonymousPullEnabled: true, adminUserEnabled: true })),
    lines: [
      'weaker: internet: everyone can now read the registry images',
      'weaker: whoever knows the password of the administrator of the registry images can now read, write and delete it',
    ],
  },
  'a token that pushes': {
    before: on(
      registry(),
      resource('Microsoft.ContainerRegistry/registries/scopeMaps', 'images/build', { actions: ['repositories/app/content/read'] }),
      resource('Microsoft.ContainerRegistry/registries/tokens', 'images/ci', {
        scopeMapId: idOf('Microsoft.ContainerRegistry/registries/scopeMaps', 'images', 'build'),
        status: 'enabled',
      }),
    ),
    after: on(
      registry(),
      resource('Microsoft.ContainerRegistry/registries/scopeMaps', 'images/build', {
        actions: ['repositories/app/content/read', 'repositories/app/content/write'],
      }),
      resource('Microsoft.ContainerRegistry/registries/tokens', 'images/ci', {
        scopeMapId: idOf('Microsoft.ContainerRegistry/registries/scopeMaps', 'images', 'build'),
        status: 'enabled',
      }),
    ),
    lines: ['weaker: whoever holds the token ci can now write the registry images'],
  },
  'an authorization rule that manages': {
    before: on(
      namespace({ disableLocalAuth: false }),
      resource('Microsoft.ServiceBus/namespaces/AuthorizationRules', 'messages/app', { rights: ['Send'] }),
    ),
    after: on(
      namespace({ disableLocalAuth: false }),
      resource('Microsoft.ServiceBus/namespaces/AuthorizationRules', 'messages/app', { rights: ['Manage', 'Send', 'Listen'] }),
    ),
    lines: ['weaker: whoever holds a key of the namespace authorization rule app can now read and administer the namespace messages'],
  },
  'tokens of another company': {
    before: with_(),
    after: with_(federated('repo:acme/app:ref:refs/heads/main')),
    lines: [
      'weaker: organisation: tokens of https://token.actions.githubusercontent.com for repo:acme/app:ref:refs/heads/main can now become the user assigned identity worker, and through it list and read the storage account cases',
    ],
  },
  'another resource that runs as the identity': {
    before: with_(),
    after: with_(runsAs('Microsoft.Web/sites', 'portal')),
    lines: [
      'weaker: the web app portal can now become the user assigned identity worker, and through it list and read the storage account cases',
    ],
  },
  'a resource with an identity that opens to the internet': {
    before: with_(runsAs('Microsoft.Web/sites', 'portal', { publicNetworkAccess: 'Disabled' })),
    after: with_(runsAs('Microsoft.Web/sites', 'portal', { publicNetworkAccess: 'Enabled' })),
    lines: [
      'weaker: the web app portal can become the user assigned identity worker with fewer conditions: access from private networks only is no longer asked for, and through it list and read the storage account cases',
    ],
  },
  'signatures that last longer': {
    before: on(account({ sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: '0.12:00:00' } })),
    after: on(account()),
    lines: ['weaker: the storage account cases: a shared access signature may last without end instead of 12 hours'],
  },
  'blobs that are copied to another account': {
    before: on(account()),
    after: on(
      account(),
      resource('Microsoft.Storage/storageAccounts/objectReplicationPolicies', 'cases/copy', {
        sourceAccount: idOf('Microsoft.Storage/storageAccounts', 'cases'),
        destinationAccount:
          '/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/x/providers/Microsoft.Storage/storageAccounts/elsewhere',
      }),
    ),
    lines: ['weaker: whoever can read storageAccounts elsewhere can now read the storage account cases (as a copy)'],
  },
};
