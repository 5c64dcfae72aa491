/** Pairs on Azure about rights: who approves them, where applications send who signs in, subscriptions that nobody names, administrators. */
import { armWith, GONE, harmless, pulumiWith, weakenings } from './pair';

const ONE = '/subscriptions/00000000-0000-0000-0000-000000000001';
const TWO = '/subscriptions/00000000-0000-0000-0000-000000000002';
const GROUP = `${ONE}/resourceGroups/cases`;
const OPERATORS = '22222222-2222-2222-2222-222222222222';
const SECURITY = '33333333-3333-3333-3333-333333333333';
const ANN = '44444444-4444-4444-4444-444444444444';
const role = (id: string) => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const CONTRIBUTOR = role('b24988ac-6180-42a0-ab88-20f7382dd24c');
const BLOB_READER = role('2a2b9908-6ea1-4ae2-8e65-a410df84e7d1');

const entra = (name: string): string => `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const azure = (type: string, inputs: object, provider = 'main') => ({
  type: `azure-native:${type}`,
  ...(provider === '' ? {} : { provider: `urn:pulumi:production::cases::pulumi:providers:azure-native::${provider}::1` }),
  inputs,
});
const assigned = (principalId: string, roleDefinitionId: string, scope: string, more: object = {}) =>
  azure('authorization:RoleAssignment', { principalId, roleDefinitionId, scope, principalType: 'Group', ...more });
const approvedBy = (...ids: readonly string[]) => [
  { approvalStageTimeOutInDays: 1, primaryApprovers: ids.map((id) => ({ userType: 'Group', id })) },
];
const NOTICE = 'Notification_Admin_EndUser_Assignment';

/** People who may ask for a right, who approves it, an application, reviews, and a server with an administrator. */
const RIGHTS: Readonly<Record<string, object>> = {
  main: { type: 'pulumi:providers:azure-native', id: '1', inputs: { subscriptionId: '00000000-0000-0000-0000-000000000001' } },
  group: azure('resources:ResourceGroup', { resourceGroupName: 'cases', location: 'westeurope' }),
  eligible: azure('authorization:PimRoleEligibilitySchedule', {
    scope: GROUP,
    principalId: OPERATORS,
    roleDefinitionId: CONTRIBUTOR,
    justification: 'on call',
    ticketInfo: { ticketNumber: 'OPS-1' },
    scheduleInfo: { startDateTime: '2026-11-01T00:00:00Z', expiration: { type: 'AfterDateTime', endDateTime: '2027-05-01T00:00:00Z' } },
  }),
  strict: azure('authorization:RoleManagementPolicy', {
    scope: GROUP,
    roleManagementPolicyName: 'strict',
    rules: [
      {
        id: 'Approval_EndUser_Assignment',
        ruleType: 'RoleManagementPolicyApprovalRule',
        setting: { isApprovalRequired: true, approvalStages: approvedBy(SECURITY) },
      },
      {
        id: NOTICE,
        ruleType: 'RoleManagementPolicyNotificationRule',
        isDefaultRecipientsEnabled: true,
        notificationRecipients: ['soc@example.com'],
      },
    ],
  }),
  ofGroup: {
    type: entra('GroupRoleManagementPolicy'),
    inputs: {
      groupId: ANN,
      roleId: 'member',
      activationRules: { requireApproval: true, approvalStage: { primaryApprovers: [{ objectId: SECURITY, type: 'groupMembers' }] } },
    },
  },
  portal: {
    type: entra('Application'),
    inputs: {
      displayName: 'Portal',
      signInAudience: 'AzureADMyOrg',
      web: { redirectUris: ['https://portal.example.com/signin'], implicitGrant: { accessTokenIssuanceEnabled: false } },
      requiredResourceAccesses: [
        {
          resourceAppId: '00000003-0000-0000-c000-000000000000',
          resourceAccesses: [{ id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' }],
        },
      ],
    },
  },
  portalPrincipal: {
    type: entra('ServicePrincipal'),
    inputs: { clientId: '77777777-7777-7777-7777-777777777777', appRoleAssignmentRequired: true },
  },
  review: azure('authorization:AccessReviewScheduleDefinitionById', {
    scheduleDefinitionId: 'owners',
    displayName: 'Owners',
    autoApplyDecisionsEnabled: true,
    defaultDecision: 'Deny',
    defaultDecisionEnabled: true,
    interval: 3,
    type: 'absoluteMonthly',
    mailNotificationsEnabled: true,
    justificationRequiredOnApproval: true,
  }),
  sql: azure('sql:Server', {
    resourceGroupName: 'cases',
    location: 'westeurope',
    serverName: 'casesql',
    minimalTlsVersion: '1.2',
    publicNetworkAccess: 'Disabled',
    administrators: {
      administratorType: 'ActiveDirectory',
      azureADOnlyAuthentication: true,
      login: 'dba',
      sid: SECURITY,
      principalType: 'Group',
    },
  }),
};
const RULES = 'strict.rules';

const PEOPLE = weakenings(pulumiWith, RIGHTS, {
  'on Azure, rights: who asks approves it himself': ['access: 2222', { [`${RULES}.0.setting.approvalStages`]: approvedBy(OPERATORS) }],
  'on Azure, rights: somebody else approves': ['access: 4444', { [`${RULES}.0.setting.approvalStages`]: approvedBy(ANN) }],
  'on Azure, rights: more may approve': ['access: 4444', { [`${RULES}.0.setting.approvalStages`]: approvedBy(SECURITY, ANN) }],
  'on Azure, rights: nobody is told of activations': [
    'access: strict',
    { [`${RULES}.1`]: { id: NOTICE, ruleType: 'RoleManagementPolicyNotificationRule', isDefaultRecipientsEnabled: false } },
  ],
  'on Azure, rights: members of a group approve themselves': [
    'access: 2222',
    {
      'ofGroup.activationRules.approvalStage.primaryApprovers': [{ objectId: OPERATORS, type: 'groupMembers' }],
      asking: {
        type: entra('PrivilegedAccessGroupEligibilitySchedule'),
        inputs: { groupId: ANN, principalId: OPERATORS, assignmentType: 'member', expirationDate: '2027-01-01T00:00:00Z' },
      },
    },
  ],
  'on Azure, rights: who signs in is sent elsewhere': [
    'access: login.example.net',
    { 'portal.web.redirectUris': ['https://portal.example.com/signin', 'https://login.example.net/cb'] },
  ],
  'on Azure, rights: a resource beside the application sends elsewhere': [
    'access: login.example.net',
    {
      redirects: {
        type: entra('ApplicationRedirectUris'),
        propertyDependencies: { applicationId: ['urn:pulumi:production::cases::azuread:index/application:Application::portal'] },
        inputs: { applicationId: '04da6b54-80e4-46f7-96ec-b56ff0331ba9', type: 'SPA', redirectUris: ['https://login.example.net/cb'] },
      },
    },
  ],
  'on Azure, rights: tokens are handed out in addresses': [
    'access: portal',
    { 'portal.web.implicitGrant.accessTokenIssuanceEnabled': true },
  ],
  'on Azure, rights: an application asks to rule over roles': [
    'access: portal',
    {
      'portal.requiredResourceAccesses.0.resourceAccesses.1': { id: '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8', type: 'Role' },
    },
  ],
  'on Azure, rights: everybody can sign in to an application': [
    'access: portalPrincipal',
    { 'portalPrincipal.appRoleAssignmentRequired': false },
  ],
  'on Azure, rights: what reviewers decide is not carried out': ['access: review', { 'review.autoApplyDecisionsEnabled': false }],
  'on Azure, rights: who is not reviewed keeps his rights': ['access: review', { 'review.defaultDecision': 'Approve' }],
  'on Azure, rights: reviews are held less often': ['access: review', { 'review.interval': 12 }],
  'on Azure, rights: passwords count for a server': ['access: password', { 'sql.administrators.azureADOnlyAuthentication': false }],
  'on Azure, rights: administrators apart, and passwords count': [
    'access: password',
    {
      'sql.administrators': GONE,
      admin: azure('sql:ServerAzureADAdministrator', {
        resourceGroupName: 'cases',
        serverName: 'casesql',
        administratorName: 'ActiveDirectory',
        administratorType: 'ActiveDirectory',
        login: 'dba',
        sid: SECURITY,
      }),
    },
  ],
  'on Azure, rights: another administrator, apart': [
    'access: 4444',
    {
      'sql.administrators': GONE,
      admin: azure('sql:ServerAzureADAdministrator', {
        resourceGroupName: 'cases',
        serverName: 'casesql',
        administratorName: 'ActiveDirectory',
        administratorType: 'ActiveDirectory',
        login: 'ann',
        sid: ANN,
      }),
      only: azure('sql:ServerAzureADOnlyAuthentication', {
        resourceGroupName: 'cases',
        serverName: 'casesql',
        authenticationName: 'Default',
        azureADOnlyAuthentication: true,
      }),
    },
  ],
});

const SAME = harmless(pulumiWith, RIGHTS, {
  'on Azure, rights: rules in another order, approvers in other letters': {
    [RULES]: [
      {
        id: NOTICE,
        ruleType: 'RoleManagementPolicyNotificationRule',
        isDefaultRecipientsEnabled: true,
        notificationRecipients: ['SOC@example.com'],
      },
      {
        id: 'Approval_EndUser_Assignment',
        ruleType: 'RoleManagementPolicyApprovalRule',
        setting: { isApprovalRequired: true, approvalStages: approvedBy(SECURITY.toUpperCase()) },
      },
    ],
  },
  'on Azure, rights: more are told of activations': { [`${RULES}.1.notificationRecipients`]: ['soc@example.com', 'audit@example.com'] },
  'on Azure, rights: another page of the same site': {
    'portal.web.redirectUris': ['https://portal.example.com/signin', 'https://portal.example.com/silent'],
  },
  'on Azure, rights: the address of an application apart': {
    'portal.web.redirectUris': GONE,
    redirects: {
      type: entra('ApplicationRedirectUris'),
      propertyDependencies: { applicationId: ['urn:pulumi:production::cases::azuread:index/application:Application::portal'] },
      inputs: { applicationId: '04da6b54-80e4-46f7-96ec-b56ff0331ba9', type: 'Web', redirectUris: ['https://portal.example.com/signin'] },
    },
  },
  'on Azure, rights: the own device answers too': {
    'portal.publicClient': { redirectUris: ['http://localhost'] },
    'portal.web.redirectUris': [],
  },
  'on Azure, rights: reviews are held more often': { 'review.interval': 1 },
  'on Azure, rights: administrators apart': {
    'sql.administrators': GONE,
    admin: azure('sql:ServerAzureADAdministrator', {
      resourceGroupName: 'cases',
      serverName: 'casesql',
      administratorName: 'ActiveDirectory',
      administratorType: 'ActiveDirectory',
      login: 'dba',
      sid: SECURITY,
    }),
    only: azure('sql:ServerAzureADOnlyAuthentication', {
      resourceGroupName: 'cases',
      serverName: 'casesql',
      authenticationName: 'Default',
      azureADOnlyAuthentication: true,
    }),
  },
});

// ── Subscriptions and roles ────────────────────────────────────────────────────────────────────────────────────────

const permitted = (actions: readonly string[], notActions: readonly string[] = []) => [
  { actions, notActions, dataActions: [], notDataActions: [] },
];

/** Two subscriptions are written, and nobody says into which it is deployed. */
const UNNAMED: Readonly<Record<string, object>> = {
  group: azure('resources:ResourceGroup', { resourceGroupName: 'cases', location: 'westeurope' }, ''),
  records: azure(
    'storage:StorageAccount',
    {
      resourceGroupName: 'cases',
      location: 'westeurope',
      accountName: 'caserecords',
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      publicNetworkAccess: 'Disabled',
    },
    '',
  ),
  elsewhere: assigned(ANN, BLOB_READER, TWO),
  reading: assigned(OPERATORS, BLOB_READER, ONE),
  operator: azure('authorization:RoleDefinition', {
    roleDefinitionId: '0e000000-0000-0000-0000-000000000001',
    roleName: 'Operator',
    scope: ONE,
    assignableScopes: [ONE],
    permissions: permitted(
      ['Microsoft.Compute/virtualMachines/*', 'Microsoft.Storage/storageAccounts/write'],
      ['Microsoft.Storage/storageAccounts/write'],
    ),
  }),
  operating: assigned(OPERATORS, `${ONE}${role('0e000000-0000-0000-0000-000000000001')}`, ONE),
};
const HERE = { scope: '04da6b54-80e4-46f7-96ec-b56ff0331ba9' };
const inGroupHere = (principal: string, roleDefinition: string) => ({
  ...assigned(principal, roleDefinition, HERE.scope),
  propertyDependencies: { scope: ['urn:pulumi:production::cases::azure-native:resources:ResourceGroup::group'] },
});
const SUBSCRIPTIONS = weakenings(pulumiWith, UNNAMED, {
  'on Azure, rights: a right shrinks to a group of some subscription': [
    'access: cannot be told',
    { reading: inGroupHere(OPERATORS, BLOB_READER) },
  ],
  'on Azure, rights: somebody new reads a group of some subscription': ['access: 3333', { more: inGroupHere(SECURITY, BLOB_READER) }],
  'on Azure, rights: what was taken out again is not any more': ['access: 2222', { 'operator.permissions.0.notActions': [] }],
});
const WIDENED = weakenings(
  pulumiWith,
  { ...UNNAMED, reading: inGroupHere(OPERATORS, BLOB_READER) },
  {
    'on Azure, rights: a right grows from a group to some subscription': [
      'access: 2222',
      { reading: assigned(OPERATORS, BLOB_READER, ONE) },
    ],
  },
);
const ROLES = harmless(pulumiWith, UNNAMED, {
  'on Azure, rights: what was taken out again is not listed': {
    'operator.permissions': permitted(['Microsoft.Compute/virtualMachines/*']),
  },
  'on Azure, rights: an action that a wildcard holds is listed': {
    'operator.permissions.0.actions': [
      'Microsoft.Compute/virtualMachines/*',
      'Microsoft.Compute/virtualMachines/restart/action',
      'Microsoft.Storage/storageAccounts/write',
    ],
  },
});

// ── A template ─────────────────────────────────────────────────────────────────────────────────────────────────────

const at = 'westeurope';
const TEMPLATE: Readonly<Record<string, object>> = {
  Sql: {
    type: 'Microsoft.Sql/servers',
    apiVersion: '2023-08-01',
    name: 'casesql',
    location: at,
    properties: {
      minimalTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      administrators: {
        administratorType: 'ActiveDirectory',
        azureADOnlyAuthentication: true,
        login: 'dba',
        sid: SECURITY,
        principalType: 'Group',
      },
    },
  },
};
const TEMPLATES_SAME = harmless(armWith, TEMPLATE, {
  'on Azure, rights in a template: administrators apart': {
    'Sql.administrators': GONE,
    Admin: {
      type: 'Microsoft.Sql/servers/administrators',
      apiVersion: '2023-08-01',
      name: 'casesql/ActiveDirectory',
      properties: { administratorType: 'ActiveDirectory', login: 'dba', sid: SECURITY },
    },
    Only: {
      type: 'Microsoft.Sql/servers/azureADOnlyAuthentications',
      apiVersion: '2023-08-01',
      name: 'casesql/Default',
      properties: { azureADOnlyAuthentication: true },
    },
  },
});

export const RIGHTS_WEAKENINGS = { ...PEOPLE, ...SUBSCRIPTIONS, ...WIDENED };
export const RIGHTS_HARMLESS = { ...SAME, ...ROLES, ...TEMPLATES_SAME };
