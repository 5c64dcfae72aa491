/** Pairs on Azure that mean the same, however different they look: the review has nothing to say of access. */
import { arm, assignment, idOf, type Json, outputOf, principalOf, pulumi, resource, roleId, state } from '../support/azure-review';
import {
  account,
  BLOB_CONTRIBUTOR,
  BLOB_READER,
  container,
  customRole,
  identity,
  ON_VAULT,
  OWN_ROLE,
  type Pair,
  policy,
  READS_BLOBS,
  SECRETS_USER,
  SOMEBODY,
  TENANT,
  vault,
} from './azure-access-arm';

const on = (...resources: readonly Json[]) => arm(resources);
const BLOBS = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
const other = resource('Microsoft.Storage/storageAccounts', 'other', { allowSharedKeyAccess: false });
const onOther = idOf('Microsoft.Storage/storageAccounts', 'other');
const inGroup = { scope: null };
const AZ = 'azure-native:storage:StorageAccount';
const cases = state(AZ, 'cases', { accountName: 'cases', resourceGroupName: 'rg' });
const worker = state('azure-native:managedidentity:UserAssignedIdentity', 'worker', { resourceName: 'worker', resourceGroupName: 'rg' });
const reads = (name: string, more: Json = {}): Json =>
  state('azure-native:authorization:RoleAssignment', name, {
    principalId: outputOf('azure-native:managedidentity:UserAssignedIdentity', 'worker'),
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${BLOB_READER}`,
    scope: outputOf(AZ, 'cases'),
    ...more,
  });
const group = (members: readonly Json[] = []): Json => state('azuread:index/group:Group', 'agents', { displayName: 'agents', members });
const anna = state('azuread:index/user:User', 'anna', { displayName: 'Anna', userPrincipalName: 'anna@x.example' });
const ANNA = outputOf('azuread:index/user:User', 'anna');
const AGENTS = outputOf('azuread:index/group:Group', 'agents');
const policies = { enableRbacAuthorization: false };
const permitted = (permissions: Json): Json =>
  resource('Microsoft.KeyVault/vaults/accessPolicies', 'keys/add', { accessPolicies: [policy(permissions)] });

export const HARMLESS: Readonly<Record<string, Pair>> = {
  'another order': {
    before: on(account(), other, identity, assignment('one', BLOB_READER), assignment('two', BLOB_READER, { scope: onOther })),
    after: on(identity, assignment('two', BLOB_READER, { scope: onOther }), other, assignment('one', BLOB_READER), account()),
  },
  'an assignment of another name': {
    before: on(account(), identity, assignment('one', BLOB_READER)),
    after: on(account(), identity, assignment('another', BLOB_READER)),
  },
  'one role on the group instead of on each of its stores': {
    before: on(account(), other, identity, assignment('one', BLOB_READER), assignment('two', BLOB_READER, { scope: onOther })),
    after: on(account(), other, identity, assignment('one', BLOB_READER, inGroup)),
  },
  'a narrower role that the wider one held already': {
    before: on(account(), identity, assignment('one', BLOB_CONTRIBUTOR)),
    after: on(account(), identity, assignment('one', BLOB_CONTRIBUTOR), assignment('two', BLOB_READER)),
  },
  'a role inside a place that has it': {
    before: on(account(), container(), identity, assignment('one', BLOB_READER)),
    after: on(
      account(),
      container(),
      identity,
      assignment('one', BLOB_READER),
      assignment('two', BLOB_READER, {
        scope: idOf('Microsoft.Storage/storageAccounts/blobServices/containers', 'cases', 'default', 'files'),
      }),
    ),
  },
  'a custom role in place of the built-in one': {
    before: on(vault(), identity, assignment('one', SECRETS_USER, { scope: ON_VAULT })),
    after: on(
      vault(),
      identity,
      customRole({
        dataActions: ['Microsoft.KeyVault/vaults/secrets/readMetadata/action', 'Microsoft.KeyVault/vaults/secrets/getSecret/action'],
      }),
      assignment('one', OWN_ROLE, { scope: ON_VAULT }),
    ),
  },
  'a custom role in two': {
    before: on(account(), identity, customRole({ dataActions: [`${BLOBS}/read`, `${BLOBS}/write`] }), assignment('one', OWN_ROLE)),
    after: on(
      account(),
      identity,
      customRole({ dataActions: [`${BLOBS}/read`] }),
      resource('Microsoft.Authorization/roleDefinitions', 'second', {
        roleName: 'Writer',
        permissions: [{ dataActions: [`${BLOBS}/write`] }],
        assignableScopes: ['[resourceGroup().id]'],
      }),
      assignment('one', OWN_ROLE),
      assignment('two', idOf('Microsoft.Authorization/roleDefinitions', 'second')),
    ),
  },
  'a role whose permissions are split, in other letters': {
    before: on(
      account(),
      identity,
      customRole({ ...READS_BLOBS, actions: ['Microsoft.Storage/storageAccounts/read'] }),
      assignment('one', OWN_ROLE),
    ),
    after: on(
      account(),
      identity,
      customRole({
        actions: ['microsoft.storage/storageaccounts/READ', 'Microsoft.Storage/storageAccounts/read'],
        dataActions: READS_BLOBS.dataActions.map((action) => action.toLowerCase()),
      }),
      assignment('one', OWN_ROLE),
    ),
  },
  'every operation listed instead of a wildcard': {
    before: on(
      vault(),
      identity,
      customRole({ dataActions: ['Microsoft.KeyVault/vaults/certificates/*'] }),
      assignment('one', OWN_ROLE, { scope: ON_VAULT }),
    ),
    after: on(
      vault(),
      identity,
      customRole({
        dataActions: [
          'read',
          'create/action',
          'import/action',
          'update/action',
          'delete',
          'purge/action',
          'backup/action',
          'restore/action',
          'recover/action',
        ].map((action) => `Microsoft.KeyVault/vaults/certificates/${action}`),
      }),
      assignment('one', OWN_ROLE, { scope: ON_VAULT }),
    ),
  },
  'an id of the role that is written otherwise': {
    before: on(account(), identity, assignment('one', BLOB_READER)),
    after: on(
      account(),
      identity,
      assignment('one', `[concat('/providers/Microsoft.Authorization/roleDefinitions/', '${BLOB_READER.toUpperCase()}')]`),
    ),
  },
  'the description and the kind of the principal': {
    before: on(account(), identity, assignment('one', BLOB_READER)),
    after: on(account(), identity, assignment('one', BLOB_READER, { description: 'for reports', principalType: 'ServicePrincipal' })),
  },
  'a condition in other white space and another order': {
    before: on(
      account(),
      identity,
      assignment('one', BLOB_READER, { condition: "(@Resource[a:name] StringEquals 'x') AND (@Request[b:c] StringEquals 'y')" }),
    ),
    after: on(
      account(),
      identity,
      assignment('one', BLOB_READER, { condition: "(\n  @Request[b:c] StringEquals 'y'\n)\nAND @Resource[a:name]   StringEquals 'x'" }),
    ),
  },
  'an access policy that moves out of the vault': {
    before: on(vault({ ...policies, accessPolicies: [policy({ secrets: ['get'], keys: ['decrypt'] })] })),
    after: on(vault({ ...policies, accessPolicies: [policy({ secrets: ['get'] })] }), permitted({ keys: ['Decrypt'] })),
  },
  'every permission listed instead of all of them': {
    before: on(vault({ ...policies, accessPolicies: [policy({ secrets: ['all'] })] })),
    after: on(
      vault({
        ...policies,
        accessPolicies: [policy({ secrets: ['get', 'list', 'set', 'delete', 'backup', 'restore', 'recover', 'purge'] })],
      }),
    ),
  },
  'access policies of a vault that goes by roles': {
    before: on(vault({ accessPolicies: [] })),
    after: on(vault({ accessPolicies: [policy({ secrets: ['all'] })] })),
  },
  'an administrator who is named in another resource': {
    before: on(
      resource('Microsoft.Sql/servers', 'sql', { administrators: { sid: SOMEBODY, login: 'dba', azureADOnlyAuthentication: true } }),
    ),
    after: on(
      resource('Microsoft.Sql/servers', 'sql', {}),
      resource('Microsoft.Sql/servers/administrators', 'sql/ActiveDirectory', { sid: SOMEBODY, login: 'dba', tenantId: TENANT }),
      resource('Microsoft.Sql/servers/azureADOnlyAuthentications', 'sql/Default', { azureADOnlyAuthentication: true }),
    ),
  },
  'a container for everyone in an account that forbids it': {
    before: on(account({ allowBlobPublicAccess: false }), container()),
    after: on(account({ allowBlobPublicAccess: false }), container({ publicAccess: 'Blob' })),
  },
  'an identity that is called otherwise in the program': {
    before: pulumi([cases, worker, reads('one')]),
    after: pulumi([
      cases,
      state('azure-native:managedidentity:UserAssignedIdentity', 'reporter', { resourceName: 'worker', resourceGroupName: 'rg' }),
      reads('one', { principalId: outputOf('azure-native:managedidentity:UserAssignedIdentity', 'reporter') }),
    ]),
  },
  'a scope that is written out instead of referred to': {
    before: pulumi([cases, worker, reads('one')]),
    after: pulumi([
      cases,
      worker,
      reads('one', { scope: '/subscriptions/${own}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/cases' }),
    ]),
  },
  'another version of the API': {
    before: pulumi([cases, worker, reads('one')]),
    after: pulumi([cases, worker, { ...reads('one'), type: 'azure-native:authorization/v20220401:RoleAssignment' }]),
  },
  'a right through a group of one instead of directly': {
    before: pulumi([cases, anna, reads('one', { principalId: ANNA })]),
    after: pulumi([cases, anna, group([ANNA]), reads('one', { principalId: AGENTS })]),
  },
  'members in resources of their own': {
    before: pulumi([cases, anna, group([ANNA]), reads('one', { principalId: AGENTS })]),
    after: pulumi([
      cases,
      anna,
      group(),
      reads('one', { principalId: AGENTS }),
      state('azuread:index/groupMember:GroupMember', 'anna', { groupObjectId: AGENTS, memberObjectId: ANNA }),
    ]),
  },
  'the same somebody whom nobody knows yet': {
    before: on(account(), assignment('one', BLOB_READER, { principalId: "[parameters('somebody')]" })),
    after: on(
      account(),
      assignment('two', BLOB_READER, { principalId: "[parameters('somebody')]", roleDefinitionId: roleId(BLOB_READER) }),
    ),
  },
  'a role for an identity of its own, referred to otherwise': {
    before: on(account(), identity, assignment('one', BLOB_READER, { principalId: principalOf('worker') })),
    after: on(
      account(),
      identity,
      assignment('one', BLOB_READER, {
        principalId:
          "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'worker'), '2023-01-31', 'full').properties.principalId]",
      }),
    ),
  },
};

const pinned = "@Resource[a:name] StringEquals 'files'";

/** Pairs that only take away. */
export const NARROWER: Readonly<Record<string, Pair>> = {
  'a role that is gone': {
    before: on(account(), identity, assignment('one', BLOB_READER)),
    after: on(account(), identity),
  },
  'a lighter role': {
    before: on(account(), identity, assignment('one', BLOB_CONTRIBUTOR)),
    after: on(account(), identity, assignment('one', BLOB_READER)),
  },
  'a store instead of its group': {
    before: on(account(), other, identity, assignment('one', BLOB_READER, inGroup)),
    after: on(account(), other, identity, assignment('one', BLOB_READER)),
  },
  'the subscription instead of a management group': {
    before: on(identity, assignment('one', BLOB_READER, { scope: '/providers/Microsoft.Management/managementGroups/all' })),
    after: on(identity, assignment('one', BLOB_READER, { scope: '[subscription().id]' })),
  },
  'a condition that is added': {
    before: on(account(), identity, assignment('one', BLOB_READER)),
    after: on(account(), identity, assignment('one', BLOB_READER, { condition: pinned })),
  },
  'a condition with fewer alternatives': {
    before: on(account(), identity, assignment('one', BLOB_READER, { condition: `${pinned} OR @Resource[a:name] StringEquals 'mail'` })),
    after: on(account(), identity, assignment('one', BLOB_READER, { condition: pinned })),
  },
  'an exception in a custom role': {
    before: on(account(), identity, customRole({ actions: ['Microsoft.Storage/*'] }), assignment('one', OWN_ROLE)),
    after: on(
      account(),
      identity,
      customRole({ actions: ['Microsoft.Storage/*'], notActions: ['Microsoft.Storage/storageAccounts/listKeys/action'] }),
      assignment('one', OWN_ROLE),
    ),
  },
  'an access policy with less in it': {
    before: on(vault({ ...policies, accessPolicies: [policy({ secrets: ['all'] })] })),
    after: on(vault({ ...policies, accessPolicies: [policy({ secrets: ['get'] })] })),
  },
  'shared keys that no longer count': {
    before: on(account({ allowSharedKeyAccess: true })),
    after: on(account()),
  },
};
