/** Pairs on Azure about who gets in: scopes, management groups, roles, activation, identities, other tenants, keys and administrators. */
import { armWith, GONE, harmless, pulumiWith, weakenings } from './pair';

const ONE = '/subscriptions/00000000-0000-0000-0000-000000000001';
const TWO = '/subscriptions/00000000-0000-0000-0000-000000000002';
const GROUP = `${ONE}/resourceGroups/cases`;
const STORE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/caserecords`;
const WORKER = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker`;
const MANAGED = '/providers/Microsoft.Management/managementGroups';
const TEAM = '22222222-2222-2222-2222-222222222222';
const ANN = '33333333-3333-3333-3333-333333333333';
const FOREIGN = '44444444-4444-4444-4444-444444444444';
const HOME = '55555555-5555-5555-5555-555555555555';
const role = (id: string) => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const READER = role('acdd72a7-3385-48ef-bd42-f606fba81ae7');
const CONTRIBUTOR = role('b24988ac-6180-42a0-ab88-20f7382dd24c');
const BLOB_READER = role('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1');
const BLOB_WRITER = role('ba92f5b4-2d11-453d-a403-e96b0029c9fe');
const VM_CONTRIBUTOR = role('9980e02c-c2be-4d73-94e8-173b1dc7cf3c');
const SEARCH_READER = role('1407120a-92aa-4202-b7e9-c0e197c71c8f');
const SEARCH_WRITER = role('8ebe5a00-799e-43f5-93ac-243d3dce84a7');
const LATER = '2027-06-30T00:00:00Z';
const HOLDS = "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'open')";

const entra = (name: string): string => `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const azure = (type: string, inputs: object, more: object = {}) => ({
  type: `azure-native:${type}`,
  provider: 'urn:pulumi:production::cases::pulumi:providers:azure-native::main::1',
  inputs,
  ...more,
});
const inGroup = (type: string, inputs: object, more: object = {}) =>
  azure(type, { resourceGroupName: 'cases', location: 'westeurope', ...inputs }, more);
const assigned = (principalId: string, roleDefinitionId: string, scope: string, more: object = {}) =>
  azure('authorization:RoleAssignment', { principalId, roleDefinitionId, scope, principalType: 'Group', ...more });
const rules = (hours: string, enabledRules: readonly string[], isApprovalRequired: boolean) => [
  { id: 'Enablement_EndUser_Assignment', ruleType: 'RoleManagementPolicyEnablementRule', enabledRules },
  { id: 'Approval_EndUser_Assignment', ruleType: 'RoleManagementPolicyApprovalRule', setting: { isApprovalRequired } },
  {
    id: 'Expiration_EndUser_Assignment',
    ruleType: 'RoleManagementPolicyExpirationRule',
    isExpirationRequired: true,
    maximumDuration: hours,
  },
];
const policyOf = (name: string) => `${ONE}/providers/Microsoft.Authorization/roleManagementPolicies/${name}`;

/** Exported state: three stores in two groups, people, identities, and what gives them rights. */
export const PEOPLED: Readonly<Record<string, object>> = {
  main: {
    type: 'pulumi:providers:azure-native',
    id: '1',
    inputs: { subscriptionId: '00000000-0000-0000-0000-000000000001', tenantId: HOME },
  },
  records: inGroup('storage:StorageAccount', {
    accountName: 'caserecords',
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
    isHnsEnabled: true,
    isSftpEnabled: true,
    publicNetworkAccess: 'Disabled',
  }),
  letters: inGroup('storage:StorageAccount', {
    accountName: 'caseletters',
    kind: 'StorageV2',
    sku: { name: 'Standard_ZRS' },
    allowSharedKeyAccess: false,
    allowBlobPublicAccess: false,
    publicNetworkAccess: 'Disabled',
  }),
  index: inGroup('search:Service', {
    searchServiceName: 'caseindex',
    sku: { name: 'standard' },
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
  }),
  cache: inGroup('redis:Redis', {
    name: 'casecache',
    sku: { name: 'Premium', family: 'P', capacity: 1 },
    disableAccessKeyAuthentication: true,
    publicNetworkAccess: 'Disabled',
    redisConfiguration: { aadEnabled: 'true' },
  }),
  figures: inGroup('kusto:Cluster', { clusterName: 'casefigures', sku: { name: 'Standard_E2a_v4', tier: 'Standard', capacity: 2 } }),
  model: inGroup('cognitiveservices:Account', {
    accountName: 'casemodel',
    kind: 'OpenAI',
    sku: { name: 'S0' },
    properties: { disableLocalAuth: true, publicNetworkAccess: 'Disabled', customSubDomainName: 'casemodel' },
  }),
  hardware: inGroup('keyvault:ManagedHsm', {
    name: 'casehardware',
    sku: { name: 'Standard_B1', family: 'B' },
    properties: { tenantId: HOME, initialAdminObjectIds: [TEAM], enablePurgeProtection: true, publicNetworkAccess: 'Disabled' },
  }),
  tickets: inGroup('dbforpostgresql:Server', {
    serverName: 'casetickets',
    authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId: HOME },
  }),
  learning: inGroup('machinelearningservices:Workspace', {
    workspaceName: 'caselearning',
    systemDatastoresAuthMode: 'identity',
    publicNetworkAccess: 'Disabled',
    identity: { type: 'SystemAssigned' },
  }),
  flow: inGroup('logic:Workflow', {
    workflowName: 'caseflow',
    state: 'Enabled',
    definition: {},
    accessControl: {
      triggers: { allowedCallerIpAddresses: [{ addressRange: '10.0.0.0/24' }] },
      contents: { allowedCallerIpAddresses: [{ addressRange: '10.0.0.0/24' }] },
    },
  }),
  runs: inGroup('automation:AutomationAccount', { automationAccountName: 'caseruns', disableLocalAuth: true, publicNetworkAccess: false }),
  worker: inGroup('managedidentity:UserAssignedIdentity', { resourceName: 'worker' }, { id: WORKER }),
  site: inGroup('web:WebApp', { name: 'casesite', kind: 'functionapp', httpsOnly: true, publicNetworkAccess: 'Disabled' }),
  machine: inGroup('compute:VirtualMachine', { vmName: 'casemachine', hardwareProfile: { vmSize: 'Standard_D2s_v5' } }),
  uploads: inGroup('storage:LocalUser', {
    accountName: 'caserecords',
    username: 'uploads',
    hasSshPassword: false,
    hasSshKey: true,
    permissionScopes: [{ service: 'blob', resourceName: 'open', permissions: 'c' }],
  }),
  cachePolicy: inGroup('redis:AccessPolicyAssignment', {
    cacheName: 'casecache',
    accessPolicyAssignmentName: 'team',
    accessPolicyName: 'Data Reader',
    objectId: TEAM,
    objectIdAlias: 'team',
  }),
  viewers: inGroup('kusto:DatabasePrincipalAssignment', {
    clusterName: 'casefigures',
    databaseName: 'figures',
    principalAssignmentName: 'team',
    principalId: TEAM,
    principalType: 'Group',
    role: 'Viewer',
    tenantId: HOME,
  }),
  top: azure('management:ManagementGroup', { groupId: 'top', details: { parent: { id: `${MANAGED}/${HOME}` } } }),
  corp: azure('management:ManagementGroup', { groupId: 'corp', details: { parent: { id: `${MANAGED}/top` } } }),
  lab: azure('management:ManagementGroup', { groupId: 'lab', details: { parent: { id: `${MANAGED}/top` } } }),
  inCorp: azure('management:ManagementGroupSubscription', { groupId: 'corp' }),
  labReading: assigned(TEAM, BLOB_READER, `${MANAGED}/lab`),
  reading: assigned(TEAM, BLOB_READER, STORE),
  searching: assigned(TEAM, SEARCH_READER, `${GROUP}/providers/Microsoft.Search/searchServices/caseindex`),
  holding: assigned(ANN, BLOB_READER, STORE, { principalType: 'User', condition: HOLDS, conditionVersion: '2.0' }),
  working: assigned(WORKER, BLOB_READER, STORE, { principalType: 'ServicePrincipal' }),
  eligible: azure('authorization:PimRoleEligibilitySchedule', {
    principalId: ANN,
    roleDefinitionId: CONTRIBUTOR,
    scope: GROUP,
    scheduleInfo: { expiration: { type: 'AfterDateTime', endDateTime: LATER } },
  }),
  strict: azure('authorization:RoleManagementPolicy', {
    scope: ONE,
    roleManagementPolicyName: 'strict',
    rules: rules('PT4H', ['MultiFactorAuthentication', 'Justification'], true),
  }),
  lax: azure('authorization:RoleManagementPolicy', {
    scope: ONE,
    roleManagementPolicyName: 'lax',
    rules: rules('PT8H', ['Justification'], false),
  }),
  asked: azure('authorization:RoleManagementPolicyAssignment', {
    scope: ONE,
    roleDefinitionId: CONTRIBUTOR,
    policyId: policyOf('strict'),
  }),
  offer: azure('managedservices:RegistrationDefinition', {
    scope: ONE,
    registrationDefinitionId: 'night',
    properties: {
      managedByTenantId: FOREIGN,
      authorizations: [{ principalId: TEAM, principalIdDisplayName: 'Night shift', roleDefinitionId: READER.split('/').pop() }],
    },
  }),
  taken: azure('managedservices:RegistrationAssignment', {
    scope: ONE,
    registrationAssignmentId: 'night',
    properties: { registrationDefinitionId: `${ONE}/providers/Microsoft.ManagedServices/registrationDefinitions/night` },
  }),
  build: inGroup('managedidentity:FederatedIdentityCredential', {
    resourceName: 'worker',
    federatedIdentityCredentialResourceName: 'build',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:org/cases:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  }),
  agents: { type: entra('Group'), inputs: { displayName: 'agents', securityEnabled: true }, id: TEAM },
};

const people = weakenings(pulumiWith, PEOPLED, {
  'on Azure, people: a role on one store becomes a role on its group': ['access: letters', { 'reading.scope': GROUP }],
  'on Azure, people: a role on one store becomes a role on the subscription': ['access: letters', { 'reading.scope': ONE }],
  'on Azure, people: a role on one store becomes a role on the management group': [
    'access: letters',
    { 'reading.scope': `${MANAGED}/corp` },
  ],
  'on Azure, people: a subscription is moved to a group whose readers may read': ['access: letters', { 'inCorp.groupId': 'lab' }],
  'on Azure, people: a management group is moved below one with readers': [
    'access: letters',
    { 'corp.details.parent.id': `${MANAGED}/lab` },
  ],
  'on Azure, people: readers of one management group read in another': ['access: letters', { 'labReading.scope': `${MANAGED}/corp` }],
  'on Azure, people: readers of one management group read in all': ['access: letters', { 'labReading.scope': `${MANAGED}/top` }],
  'on Azure, people: the contributor of machines holds keys of accounts': [
    'access: Virtual Machine Contributor',
    { More: assigned(TEAM, VM_CONTRIBUTOR, GROUP) },
  ],
  'on Azure, people: a reader of an index writes to it': ['access: index', { 'searching.roleDefinitionId': SEARCH_WRITER }],
  'on Azure, people: a condition on a role is dropped': ['access: fewer conditions', { 'holding.condition': GONE }],
  'on Azure, people: a condition on a role allows another container': [
    'access: fewer conditions',
    { 'holding.condition': HOLDS.replace("StringEquals 'open'", "ForAnyOfAnyValues:StringEquals {'open', 'closed'}") },
  ],
  'on Azure, people: an identity is given a right for another tenant': [
    'access: worker of another tenant [tenant]',
    {
      'working.delegatedManagedIdentityResourceId': `${TWO}/resourceGroups/x/providers/Microsoft.ManagedIdentity/userAssignedIdentities/y`,
    },
  ],
  'on Azure, people: whom a role is for belongs to another tenant': ['access: reading', { 'reading.principalType': 'ForeignGroup' }],
  'on Azure, people: who was eligible has the role': [
    'access: activation',
    { eligible: GONE, Active: assigned(ANN, CONTRIBUTOR, GROUP, { principalType: 'User' }) },
  ],
  'on Azure, people: eligibility has no end': ['access: until 2027-06-30', { 'eligible.scheduleInfo': GONE }],
  'on Azure, people: eligibility for more': ['access: everything in the subscription', { 'eligible.scope': ONE }],
  'on Azure, people: activation without second factor and approval, for longer': [
    'access: strict',
    { 'strict.rules': rules('PT12H', ['Justification'], false) },
  ],
  'on Azure, people: a laxer policy of activation counts': ['access: Contributor', { 'asked.policyId': policyOf('lax') }],
  'on Azure, people: no policy of activation is chosen': ['access: Contributor', { asked: GONE }],
  'on Azure, people: another tenant gets more': [
    'access: Night shift [tenant]',
    { 'offer.properties.authorizations.0.roleDefinitionId': CONTRIBUTOR.split('/').pop() },
  ],
  'on Azure, people: another tenant is let in': [
    'access: 66666666 [tenant]',
    { 'offer.properties.managedByTenantId': '66666666-6666-6666-6666-666666666666' },
  ],
  'on Azure, people: tokens of another repository': [
    'access: org/other [organisation]',
    { 'build.subject': 'repo:org/other:ref:refs/heads/main' },
  ],
  'on Azure, people: tokens of every pull request': [
    'access: pull_request [organisation]',
    { 'build.subject': 'repo:org/cases:pull_request' },
  ],
  'on Azure, people: tokens of another issuer': ['access: token.example [organisation]', { 'build.issuer': 'https://token.example' }],
  'on Azure, people: a function runs as an identity with rights': [
    'access: site',
    { 'site.identity': { type: 'UserAssigned', userAssignedIdentities: [WORKER] } },
  ],
  'on Azure, people: a machine runs as an identity with rights': [
    'access: machine',
    { 'machine.identity': { type: 'UserAssigned', userAssignedIdentities: { [WORKER]: {} } } },
  ],
  'on Azure, people: a reader of a cache owns its data': ['access: cache', { 'cachePolicy.accessPolicyName': 'Data Owner' }],
  'on Azure, people: somebody else has the data of a cache': ['access: cache', { 'cachePolicy.objectId': ANN }],
  'on Azure, people: a viewer administers a database of figures': ['access: figures', { 'viewers.role': 'Admin' }],
  'on Azure, people: a viewer of figures from another tenant': ['access: figures [tenant]', { 'viewers.tenantId': FOREIGN }],
  'on Azure, people: keys of a model are good again': ['access: model', { 'model.properties.disableLocalAuth': false }],
  'on Azure, people: one more administers the hardware of keys': [
    'access: hardware',
    { 'hardware.properties.initialAdminObjectIds.1': ANN },
  ],
  'on Azure, people: passwords of a database are good again': ['access: tickets', { 'tickets.authConfig.passwordAuth': 'Enabled' }],
  'on Azure, people: one more administers a database': [
    'access: tickets',
    {
      Admin: inGroup('dbforpostgresql:Administrator', {
        serverName: 'casetickets',
        objectId: ANN,
        principalName: 'ann@example.com',
        principalType: 'User',
        tenantId: HOME,
      }),
    },
  ],
  'on Azure, people: a workspace reaches its stores by key': ['access: learning', { 'learning.systemDatastoresAuthMode': 'accessKey' }],
  'on Azure, people: a flow is started from anywhere': ['access: flow', { 'flow.accessControl.triggers': GONE }],
  'on Azure, people: what a flow did is read from anywhere': [
    'access: flow',
    { 'flow.accessControl.contents.allowedCallerIpAddresses.1': { addressRange: '0.0.0.0-255.255.255.255' } },
  ],
  'on Azure, people: whoever has a token of another issuer starts a flow': [
    'access: flow',
    {
      'flow.accessControl.triggers.openAuthenticationPolicies': {
        policies: { partner: { type: 'AAD', claims: [{ name: 'iss', value: `https://sts.windows.net/${FOREIGN}/` }] } },
      },
    },
  ],
  'on Azure, people: keys of automation are good again': ['access: runs', { 'runs.disableLocalAuth': false }],
  'on Azure, people: a link starts a runbook': [
    'access: runbook clean',
    {
      Link: inGroup('automation:Webhook', {
        automationAccountName: 'caseruns',
        name: 'clean',
        webhookName: 'clean',
        isEnabled: true,
        expiryTime: '2027-01-01T00:00:00Z',
        runbook: { name: 'clean' },
      }),
    },
  ],
  'on Azure, people: a local user deletes': ['access: uploads', { 'uploads.permissionScopes.0.permissions': 'rcwdl' }],
  'on Azure, people: a local user in another container': [
    'access: uploads',
    { 'uploads.permissionScopes.1': { service: 'blob', resourceName: 'closed', permissions: 'r' } },
  ],
  'on Azure, people: a local user with a password': ['access: uploads', { 'uploads.hasSshPassword': true }],
  'on Azure, people: one more local user': [
    'access: Partner',
    {
      Partner: inGroup('storage:LocalUser', {
        accountName: 'caserecords',
        username: 'partner',
        hasSshKey: true,
        permissionScopes: [{ service: 'blob', resourceName: 'open', permissions: 'r' }],
      }),
    },
  ],
  'on Azure, people: a member of a group with rights': [
    'access: act as a member',
    { Member: { type: entra('GroupMember'), inputs: { groupObjectId: TEAM, memberObjectId: ANN } } },
  ],
});

// ── ARM ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const id = (type: string, name: string) => `[resourceId('${type}', '${name}')]`;
const ON_STORE = id('Microsoft.Storage/storageAccounts', 'caserecords');
const resource = (type: string, name: string, properties: object = {}, more: object = {}) => ({
  type: `Microsoft.${type}`,
  apiVersion: '2024-01-01',
  name,
  properties,
  ...more,
});

/** A template with the same things in it. */
const TEMPLATE: Readonly<Record<string, object>> = {
  Records: resource('Storage/storageAccounts', 'caserecords', { allowSharedKeyAccess: false, isSftpEnabled: true }),
  Letters: resource('Storage/storageAccounts', 'caseletters', { allowSharedKeyAccess: false }),
  Cache: resource('Cache/redis', 'casecache', { sku: { name: 'Premium' }, disableAccessKeyAuthentication: true }),
  Runs: resource('Automation/automationAccounts', 'caseruns', { disableLocalAuth: true }),
  Worker: resource('ManagedIdentity/userAssignedIdentities', 'worker'),
  Uploads: resource('Storage/storageAccounts/localUsers', 'caserecords/uploads', {
    hasSshKey: true,
    permissionScopes: [{ service: 'blob', resourceName: 'open', permissions: 'r' }],
  }),
  CachePolicy: resource('Cache/redis/accessPolicyAssignments', 'casecache/team', {
    accessPolicyName: 'Data Reader',
    objectId: TEAM,
    objectIdAlias: 'team',
  }),
  Reading: resource(
    'Authorization/roleAssignments',
    '00000000-0000-0000-0000-00000000000a',
    { roleDefinitionId: BLOB_READER, principalId: TEAM, principalType: 'Group' },
    { scope: ON_STORE },
  ),
  Strict: resource('Authorization/roleManagementPolicies', 'strict', {
    rules: rules('PT4H', ['MultiFactorAuthentication', 'Justification'], true),
  }),
  Lax: resource('Authorization/roleManagementPolicies', 'lax', { rules: rules('PT8H', ['Justification'], false) }),
  Asked: resource('Authorization/roleManagementPolicyAssignments', 'contributor', {
    roleDefinitionId: CONTRIBUTOR,
    policyId: id('Microsoft.Authorization/roleManagementPolicies', 'strict'),
  }),
  Active: resource(
    'Authorization/roleAssignmentScheduleRequests',
    '00000000-0000-0000-0000-00000000000b',
    {
      principalId: ANN,
      roleDefinitionId: BLOB_READER,
      requestType: 'AdminAssign',
      justification: 'Case 4711',
      ticketInfo: { ticketNumber: '4711', ticketSystem: 'cases' },
      scheduleInfo: { expiration: { type: 'AfterDateTime', endDateTime: LATER } },
    },
    { scope: ON_STORE },
  ),
};

const template = weakenings(armWith, TEMPLATE, {
  'on Azure, people: in a template, a role on one store becomes a role on its group': ['access: caseletters', { 'Reading@scope': GONE }],
  'on Azure, people: in a template, an active right has no end': ['access: until 2027-06-30', { 'Active.scheduleInfo': GONE }],
  'on Azure, people: in a template, an active right is new': [
    'access: Storage Blob Data Contributor',
    {
      More: resource(
        'Authorization/roleAssignmentScheduleRequests',
        '00000000-0000-0000-0000-00000000000c',
        {
          principalId: ANN,
          roleDefinitionId: BLOB_WRITER,
          requestType: 'AdminAssign',
          scheduleInfo: { expiration: { type: 'NoExpiration' } },
        },
        { scope: ON_STORE },
      ),
    },
  ],
  'on Azure, people: in a template, a laxer policy of activation counts': [
    'access: Contributor',
    { 'Asked.policyId': id('Microsoft.Authorization/roleManagementPolicies', 'lax') },
  ],
  'on Azure, people: in a template, a local user deletes': ['access: uploads', { 'Uploads.permissionScopes.0.permissions': 'rd' }],
  'on Azure, people: in a template, a reader of a cache owns its data': [
    'access: casecache',
    { 'CachePolicy.accessPolicyName': 'Data Owner' },
  ],
  'on Azure, people: in a template, an access policy of a cache that nobody knows': [
    'access: cannot be told',
    { 'CachePolicy.accessPolicyName': 'casework' },
  ],
  'on Azure, people: in a template, a role that nobody knows': [
    'access: 99999999-9999-9999-9999-999999999999',
    { 'Reading.roleDefinitionId': role('99999999-9999-9999-9999-999999999999') },
  ],
  'on Azure, people: in a template, a role that is known by name only': [
    'access: Defender for Storage Data Scanner',
    { 'Reading.roleDefinitionId': role('1e7ca9b1-60d1-4db8-a914-f2ca1ff27c40') },
  ],
  'on Azure, people: in a template, a link starts a runbook': [
    'access: runbook clean',
    { Link: resource('Automation/automationAccounts/webhooks', 'caseruns/clean', { isEnabled: true, runbook: { name: 'clean' } }) },
  ],
});

export const AZURE_ACCESS_WEAKENINGS = { ...people, ...template };

// ── Harmless ───────────────────────────────────────────────────────────────────────────────────────────────────────

const others = {
  ...PEOPLED,
  quiet: azure('management:ManagementGroup', { groupId: 'quiet', details: { parent: { id: `${MANAGED}/top` } } }),
};

export const AZURE_ACCESS_HARMLESS = {
  ...harmless(pulumiWith, PEOPLED, {
    'on Azure, people: the role on a store is taken back': { reading: GONE },
    'on Azure, people: a condition where there was none': { 'reading.condition': HOLDS },
    'on Azure, people: the same role on a store again': {
      More: assigned(TEAM, BLOB_READER, `${GROUP}/providers/Microsoft.Storage/storageAccounts/caserecords/`),
    },
    'on Azure, people: a role is written with its subscription': { 'reading.roleDefinitionId': `${ONE}${BLOB_READER}` },
    'on Azure, people: a role is written in capitals': { 'reading.roleDefinitionId': BLOB_READER.toUpperCase() },
    'on Azure, people: eligibility ends earlier': { 'eligible.scheduleInfo.expiration.endDateTime': '2027-01-31T00:00:00Z' },
    'on Azure, people: a subscription is placed by the id of its group': { 'inCorp.groupId': `${MANAGED}/corp` },
    'on Azure, people: a management group is moved where nobody has a right': {
      'corp.details.parent.id': `${MANAGED}/${HOME}`,
    },
    'on Azure, people: another management group': {
      Spare: azure('management:ManagementGroup', { groupId: 'spare', details: { parent: { id: `${MANAGED}/top` } } }),
    },
    'on Azure, people: activation is stricter': {
      'strict.rules': rules('PT2H', ['MultiFactorAuthentication', 'Justification', 'Ticketing'], true),
    },
    'on Azure, people: another tenant has to activate': {
      'offer.properties.eligibleAuthorizations': [
        {
          principalId: TEAM,
          principalIdDisplayName: 'Night shift',
          roleDefinitionId: READER.split('/').pop(),
          justInTimeAccessPolicy: {
            multiFactorAuthProvider: 'Azure',
            maximumActivationDuration: 'PT2H',
            managedByTenantApprovers: [{ principalId: ANN }],
          },
        },
      ],
      'offer.properties.authorizations': [],
    },
    'on Azure, people: a policy of a cache of its own that reads': {
      Reads: inGroup('redis:AccessPolicy', { cacheName: 'casecache', accessPolicyName: 'reads', permissions: '+@read ~cases:*' }),
      'cachePolicy.accessPolicyName': 'reads',
    },
    'on Azure, people: a viewer of figures only watches': { 'viewers.role': 'Monitor' },
    'on Azure, people: a viewer of figures in the tenant where everything is': { 'viewers.tenantId': GONE },
    'on Azure, people: a local user creates in one place and lists nowhere': {
      'uploads.permissionScopes.0.permissions': 'w',
    },
    'on Azure, people: a flow is called from fewer addresses': {
      'flow.accessControl.triggers.allowedCallerIpAddresses.0.addressRange': '10.0.0.0/26',
    },
    'on Azure, people: a flow is called by other flows only': { 'flow.accessControl.triggers.allowedCallerIpAddresses': [] },
    'on Azure, people: a link that is disabled': {
      Link: inGroup('automation:Webhook', { automationAccountName: 'caseruns', webhookName: 'clean', name: 'clean', isEnabled: false }),
    },
    'on Azure, people: nobody administers the hardware of keys': { 'hardware.properties.initialAdminObjectIds': [] },
  }),
  'on Azure, people: a subscription is moved to a group where nobody has a right': {
    before: pulumiWith(others),
    after: pulumiWith(others, { 'inCorp.groupId': 'quiet' }),
  },
  'on Azure, people: a stricter policy of activation counts': {
    before: pulumiWith(PEOPLED, { 'asked.policyId': policyOf('lax') }),
    after: pulumiWith(PEOPLED),
  },
  'on Azure, people: a subscription leaves a group with readers': {
    before: pulumiWith(PEOPLED, { 'inCorp.groupId': 'lab' }),
    after: pulumiWith(PEOPLED),
  },
  'on Azure, people: everybody is written in another order': {
    before: pulumiWith(PEOPLED),
    after: pulumiWith(Object.fromEntries(Object.entries(PEOPLED).reverse())),
  },
  ...harmless(armWith, TEMPLATE, {
    'on Azure, people: in a template, an active right ends earlier': {
      'Active.scheduleInfo.expiration.endDateTime': '2027-01-31T00:00:00Z',
    },
    'on Azure, people: in a template, an active right is taken back': { 'Active.requestType': 'AdminRemove' },
    'on Azure, people: in a template, a local user in another order': {
      'Uploads.permissionScopes.0': { resourceName: 'open', permissions: 'r', service: 'blob' },
    },
    'on Azure, people: in a template, a policy of activation by its whole id': {
      'Asked.policyId': `${GROUP}/providers/Microsoft.Authorization/roleManagementPolicies/strict`,
    },
  }),
  'on Azure, people: in a template, a right becomes one that is asked for': {
    before: armWith(TEMPLATE),
    after: armWith(TEMPLATE, { 'Active@type': 'Microsoft.Authorization/roleEligibilityScheduleRequests' }),
  },
};
