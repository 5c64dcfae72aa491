/** Changes of programs that let somebody in by the directory, each with the lines that the review says of access. */
import { type Json, outputOf, pulumi, state } from '../support/azure-review';
import { BLOB_READER, type Pair, SOMEBODY, TENANT } from './azure-access-arm';

const entra = (name: string): string => `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const STORE = 'azure-native:storage:StorageAccount';
const cases = state(STORE, 'cases', { accountName: 'cases', resourceGroupName: 'rg' });
const application = (inputs: Json = {}): Json => state(entra('Application'), 'portal', { displayName: 'portal', ...inputs });
const principal = state(entra('ServicePrincipal'), 'portal', { clientId: outputOf(entra('Application'), 'portal') });
const PRINCIPAL = outputOf(entra('ServicePrincipal'), 'portal');
const agents = state(entra('Group'), 'agents', { displayName: 'agents' });
const AGENTS = outputOf(entra('Group'), 'agents');
const anna = state(entra('User'), 'anna', { displayName: 'Anna', userPrincipalName: 'anna@x.example' });
const ANNA = outputOf(entra('User'), 'anna');
const right = (who: Json, more: Json = {}): Json =>
  state('azure-native:authorization:RoleAssignment', 'reads', {
    principalId: who,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${BLOB_READER}`,
    scope: outputOf(STORE, 'cases'),
    ...more,
  });
const eligible = (endDateTime?: string): Json => ({
  ...right(AGENTS, endDateTime === undefined ? {} : { scheduleInfo: { expiration: { type: 'AfterDateTime', endDateTime } } }),
  type: 'azure-native:authorization:PimRoleEligibilitySchedule',
  urn: 'urn:pulumi:dev::p::azure-native:authorization:PimRoleEligibilitySchedule::eligible',
});
const signIn = (change: (policy: Json) => void = () => undefined): Json => {
  const policy = {
    displayName: 'Second factor',
    state: 'enabled',
    conditions: {
      clientAppTypes: ['all'],
      applications: { includedApplications: ['All'] },
      users: { includedUsers: ['All'], excludedGroups: [] as string[] },
    },
    grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] },
    sessionControls: { signInFrequency: 4, signInFrequencyPeriod: 'hours' },
  };
  change(policy);
  return state(entra('ConditionalAccessPolicy'), 'mfa', policy);
};
const flexible = (claimsMatchingExpression: string): Json =>
  state(entra('ApplicationFlexibleFederatedIdentityCredential'), 'ci', {
    applicationId: outputOf(entra('Application'), 'portal'),
    issuer: 'https://token.example',
    claimsMatchingExpression,
  });
const requests = (inputs: Json = {}): Json =>
  state(entra('AccessPackageAssignmentPolicy'), 'cases', {
    accessPackageId: SOMEBODY,
    durationInDays: 90,
    approvalSettings: { approvalRequired: true },
    requestorSettings: { scopeType: 'AllExistingDirectoryMemberUsers' },
    assignmentReviewSettings: { enabled: true },
    ...inputs,
  });
const on = (...states: readonly Json[]) => pulumi(states);

export const PULUMI_WEAKER: Readonly<Record<string, Pair & { readonly lines: readonly string[] }>> = {
  'a password of an application that has rights': {
    before: on(cases, application(), principal, right(PRINCIPAL)),
    after: on(
      cases,
      application(),
      principal,
      right(PRINCIPAL),
      state(entra('ApplicationPassword'), 'ci', { applicationId: outputOf(entra('Application'), 'portal'), displayName: 'ci' }),
    ),
    lines: [
      'weaker: whoever holds the password ci can now become the application portal, and through it list and read the storage account cases',
    ],
  },
  'a password that lasts longer': {
    before: on(
      application(),
      state(entra('ApplicationPassword'), 'ci', {
        applicationId: outputOf(entra('Application'), 'portal'),
        endDate: '2027-01-01T00:00:00Z',
      }),
    ),
    after: on(
      application(),
      state(entra('ApplicationPassword'), 'ci', {
        applicationId: outputOf(entra('Application'), 'portal'),
        endDate: '2029-01-01T00:00:00Z',
      }),
    ),
    lines: ['weaker: whoever holds the password ci can become the application portal until 2029-01-01 instead of until 2027-01-01'],
  },
  'tokens for an application': {
    before: on(application()),
    after: on(
      application(),
      state(entra('ApplicationFederatedIdentityCredential'), 'ci', {
        applicationId: outputOf(entra('Application'), 'portal'),
        issuer: 'https://token.example',
        subject: 'ci',
      }),
    ),
    lines: ['weaker: organisation: tokens of https://token.example for ci can now become the application portal'],
  },
  'tokens by a pattern': {
    before: on(application(), flexible("claims['sub'] eq 'repo:acme/app:ref:refs/heads/main'")),
    after: on(application(), flexible("claims['sub'] matches 'repo:acme/*'")),
    lines: ['weaker: organisation: tokens of https://token.example for repo:acme/* can now become the application portal'],
  },
  'an owner of an application': {
    before: on(application(), anna),
    after: on(application({ owners: [ANNA] }), anna),
    lines: ['weaker: the user anna can now administer the application portal'],
  },
  'a member of a group that has rights': {
    before: on(cases, agents, anna, right(AGENTS)),
    after: on(cases, agents, anna, right(AGENTS), state(entra('GroupMember'), 'anna', { groupObjectId: AGENTS, memberObjectId: ANNA })),
    lines: ['weaker: the user anna can now act as a member of the group agents, and through it list and read the storage account cases'],
  },
  'a permission of the directory that gives permissions': {
    before: on(application(), principal),
    after: on(
      application(),
      principal,
      state(entra('AppRoleAssignment'), 'all', {
        principalObjectId: PRINCIPAL,
        appRoleId: '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
        resourceObjectId: SOMEBODY,
      }),
    ),
    lines: ['weaker: the application portal can now administer the directory (as RoleManagement.ReadWrite.Directory)'],
  },
  'a permission in the name of every user': {
    before: on(application(), principal),
    after: on(
      application(),
      principal,
      state(entra('ServicePrincipalDelegatedPermissionGrant'), 'mail', {
        servicePrincipalObjectId: PRINCIPAL,
        resourceServicePrincipalObjectId: SOMEBODY,
        claimValues: ['Mail.Read'],
      }),
    ),
    lines: ['weaker: the application portal can now use Mail.Read of every user at the object 11111111-2222-3333-4444-555555555555'],
  },
  'a role of the directory': {
    before: on(anna),
    after: on(
      anna,
      state(entra('DirectoryRoleAssignment'), 'admin', { principalObjectId: ANNA, roleId: '62e90394-69f5-4237-9190-012177145e10' }),
    ),
    lines: ['weaker: the user anna can now administer the directory (as Global Administrator)'],
  },
  'a guest': {
    before: on(anna),
    after: on(anna, state(entra('Invitation'), 'partner', { userEmailAddress: 'partner@y.example', redirectUrl: 'https://x.example' })),
    lines: ['weaker: tenant: the guest partner@y.example can now act as a member of the directory'],
  },
  'an application for every tenant': {
    before: on(application()),
    after: on(application({ signInAudience: 'AzureADMultipleOrgs' })),
    lines: ['weaker: tenant: the application portal no longer demands that only accounts of the tenant sign in'],
  },
  'rights that need no activation any more': {
    before: on(cases, agents, eligible()),
    after: on(cases, agents, right(AGENTS)),
    lines: [
      'weaker: the group agents can list and read the storage account cases (as Storage Blob Data Reader) with fewer conditions: activation in privileged identity management is no longer asked for',
    ],
  },
  'eligibility that ends later': {
    before: on(cases, agents, eligible('2026-12-31T00:00:00Z')),
    after: on(cases, agents, eligible('2028-12-31T00:00:00Z')),
    lines: [
      'weaker: the group agents can list and read the storage account cases (as Storage Blob Data Reader) until 2028-12-31 instead of until 2026-12-31',
    ],
  },
  'a sign-in policy that is gone': {
    before: on(anna, signIn()),
    after: on(anna),
    lines: [
      'weaker: the conditional access policy mfa is no longer there: it demanded multi-factor authentication and a compliant device of every user, every application and every client',
    ],
  },
  'a sign-in policy that only reports': {
    before: on(signIn()),
    after: on(
      signIn((policy) => {
        policy.state = 'enabledForReportingButNotEnforced';
      }),
    ),
    lines: [
      'weaker: the conditional access policy mfa is no longer enforced: it demanded multi-factor authentication and a compliant device',
    ],
  },
  'a sign-in policy that leaves a group out, of one control or the other, less often': {
    before: on(agents, signIn()),
    after: on(
      agents,
      signIn((policy) => {
        policy.conditions.users.excludedGroups = [TENANT];
        policy.grantControls.operator = 'OR';
        policy.sessionControls.signInFrequency = 12;
      }),
    ),
    lines: [
      'weaker: the conditional access policy mfa no longer demands multi-factor authentication and a compliant device',
      'weaker: the conditional access policy mfa now leaves out the group aaaaaaaa-2222-3333-4444-555555555555',
      'weaker: the conditional access policy mfa: a sign-in may last 12 hours instead of 4 hours',
    ],
  },
  'a sign-in policy for fewer': {
    before: on(signIn()),
    after: on(
      signIn((policy) => {
        policy.conditions.users.includedUsers = [SOMEBODY];
      }),
    ),
    lines: ['weaker: the conditional access policy mfa no longer covers every user'],
  },
  'a package that people from outside get without approval, for ever': {
    before: on(requests()),
    after: on(
      requests({
        approvalSettings: { approvalRequired: false },
        requestorSettings: { scopeType: 'AllExternalSubjects' },
        durationInDays: undefined,
        assignmentReviewSettings: {},
      }),
    ),
    lines: [
      'weaker: tenant: the access package assignment policy cases no longer demands approval, reviews of who has it and that nobody from outside requests it',
      'weaker: the access package assignment policy cases now allows requests of AllExternalSubjects',
      'weaker: the access package assignment policy cases: an assignment may last without end instead of 90 days',
    ],
  },
};
