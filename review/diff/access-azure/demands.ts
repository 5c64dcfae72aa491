/** What must be kept before a right can be used, and what no longer has to: activation, sign-in, requests, the borders of a store. */

import { WHOLE_INTERNET } from '../../../policies/facts/azure';
import { CONDITIONAL_ACCESS, entra, PACKAGE_POLICY } from '../../../policies/facts/azure-directory';
import { hoursOf } from '../../../policies/facts/azure-durations';
import { DEFINITION } from '../../../policies/facts/azure-roles';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Boundary } from '../../schema-review';
import { plainTest, type Test } from './conditions';
import type { Estate } from './estate';
import { goesByRoles, roleOf } from './roles';

/** How long something may last; `Infinity` without end. */
export interface Length {
  readonly what: string;
  readonly hours: number;
}

/** What one resource demands of whoever comes, and whom it lets come. */
export interface Demands {
  /** Asked for; without one of them it is weaker. */
  readonly asked: readonly Test[];
  /** Whom or what it is asked of; `All` is everyone. Fewer is weaker. */
  readonly covered?: readonly string[];
  /** Whom or what it leaves out, or lets in. More is weaker. */
  readonly leftOut?: readonly string[];
  readonly lengths?: readonly Length[];
  /** What is crossed where it is asked for no longer. */
  readonly boundary?: Boundary;
  /** Whose demands they are, where they are another resource's: as long as that is the same one, it tells its changes itself. */
  readonly by?: string;
  /** How it is called in a sentence, where its own name says little. */
  readonly name?: string;
  /** `false` where it is there and asks for nothing. */
  readonly enforced?: boolean;
}

const POLICY = 'azure-native:authorization:RoleManagementPolicy';
const POLICY_CHOICE = 'azure-native:authorization:RoleManagementPolicyAssignment';

type Reader = (resource: Resource, estate: Estate) => Demands;

const READERS: Readonly<Record<string, Reader>> = {
  [POLICY]: activation,
  [POLICY_CHOICE]: chosen,
  [entra('GroupRoleManagementPolicy')]: groupActivation,
  'azure-native:logic:Workflow': callers,
  [CONDITIONAL_ACCESS]: conditionalAccess,
  [PACKAGE_POLICY]: packageRequests,
  [entra('Application')]: audience,
  [entra('ApplicationRegistration')]: audience,
  'azure-native:storage:StorageAccount': (account) => ({
    asked: [
      ...(account.at('allowCrossTenantReplication').boolean === true ? [] : [plainTest('that copies stay in the tenant')]),
      ...(account.at('allowedCopyScope').state === 'absent'
        ? []
        : [plainTest(`copies only within ${account.at('allowedCopyScope').string ?? 'its scope'}`)]),
    ],
    lengths: [{ what: 'a shared access signature', hours: spanHours(account.at('sasPolicy.sasExpirationPeriod').string) }],
    boundary: 'tenant',
  }),
  'azure-native:cosmosdb:DatabaseAccount': (database) => ({
    asked: whether(database.at('disableKeyBasedMetadataWriteAccess'), 'more than a key to change its settings'),
  }),
  'azure-native:keyvault:Vault': (vault) => ({
    asked:
      goesByRoles(vault) === true
        ? [plainTest('roles (with access policies, whoever can write it can give himself its keys and secrets)')]
        : [],
  }),
  'azure-native:containerservice:ManagedCluster': (cluster) => ({
    asked: cluster.at('aadProfile.enableAzureRBAC').boolean === true ? [plainTest('roles of Azure for what is done in it')] : [],
  }),
  [DEFINITION]: (role, estate) => ({
    asked: [],
    leftOut: role
      .at('assignableScopes')
      .items()
      .map((scope) => `assignments at ${estate.scope(scope, role).name}`),
  }),
};

export const DEMANDING = Object.keys(READERS);
/** Demands of a resource of these types. */
export const demandsOf = (resource: Resource, estate: Estate): Demands => READERS[resource.type]?.(resource, estate) ?? { asked: [] };

const text = (value: Value): string => value.shape ?? `\${${value.missing ?? value.path}}`;
const items = (value: Value): readonly string[] => value.items().map(text);
const whether = (value: Value, what: string): readonly Test[] => (value.boolean === true ? [plainTest(what)] : []);

/** Hours of `1.12:00:00`, days in front; without end where nobody says one. */
function spanHours(span: string | undefined): number {
  const [, days = '0', hours, minutes] = /^(?:(\d+)\.)?(\d+):(\d+):\d+$/.exec(span ?? '') ?? [];
  return hours === undefined ? Number.POSITIVE_INFINITY : Number(days) * 24 + Number(hours) + Number(minutes) / 60;
}

// ── Activation ─────────────────────────────────────────────────────────────────────────────────────────────────────

const ENABLED: Readonly<Record<string, string>> = {
  multifactorauthentication: 'multi-factor authentication',
  justification: 'a justification',
  ticketing: 'a ticket',
};

function activation(policy: Resource): Demands {
  const rules = policy.at('rules').items();
  const asked: Test[] = [];
  const lengths: Length[] = [];
  for (const rule of rules) {
    const id = rule.at('id').string ?? '';
    const when = /EndUser/i.test(id) ? 'on activation' : /Eligibility/i.test(id) ? 'of eligibility' : 'on assignment';
    switch (rule.at('ruleType').string) {
      case 'RoleManagementPolicyEnablementRule':
        for (const name of items(rule.at('enabledRules'))) asked.push(plainTest(`${ENABLED[name.toLowerCase()] ?? name} ${when}`));
        break;
      case 'RoleManagementPolicyApprovalRule':
        asked.push(...whether(rule.at('setting.isApprovalRequired'), `approval ${when}`));
        break;
      case 'RoleManagementPolicyAuthenticationContextRule':
        asked.push(...whether(rule.at('isEnabled'), `an authentication context ${when}`));
        break;
      case 'RoleManagementPolicyExpirationRule': {
        const ends = /EndUser/i.test(id) ? 'an activation' : /Eligibility/i.test(id) ? 'an eligibility' : 'an assignment';
        const limited = rule.at('isExpirationRequired').boolean !== false || /EndUser/i.test(id);
        lengths.push({
          what: ends,
          hours: limited ? (hoursOf(rule.at('maximumDuration').string ?? '') ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
        });
        break;
      }
    }
  }
  return { asked, lengths };
}

function groupActivation(policy: Resource): Demands {
  const rules = policy.at('activationRules');
  const lengths = [{ what: 'an activation', hours: hoursOf(rules.at('maximumDuration').string ?? '') ?? Number.POSITIVE_INFINITY }];
  const asked = [
    ...whether(rules.at('requireApproval'), 'approval on activation'),
    ...whether(rules.at('requireMultifactorAuthentication'), 'multi-factor authentication on activation'),
    ...whether(rules.at('requireJustification'), 'a justification on activation'),
    ...whether(rules.at('requireTicketInfo'), 'a ticket on activation'),
    ...whether(policy.at('eligibleAssignmentRules.expirationRequired'), 'an end of eligibility'),
    ...whether(policy.at('activeAssignmentRules.expirationRequired'), 'an end of assignments'),
  ];
  return { asked, lengths };
}

/** What the policy demands that counts for a role; of one that is not among the resources, only that it is that one. */
function chosen(choice: Resource, estate: Estate): Demands {
  const policy = estate.find(choice.at('policyId'), POLICY);
  const name = `activation of the role ${roleOf(choice.at('roleDefinitionId'), estate).by}`;
  return policy
    ? { ...activation(policy), name, by: estate.pairing.identity(policy) }
    : { asked: [plainTest(`what the policy ${text(choice.at('policyId'))} asks`)], name };
}

// ── Workflows ──────────────────────────────────────────────────────────────────────────────────────────────────────

const PARTS: Readonly<Record<string, string>> = {
  triggers: 'calls of its triggers',
  contents: 'reads of what it worked on',
  actions: 'calls of its actions',
  workflowManagement: 'changes of it',
};

/** From where a workflow is called and read, and with whose tokens. */
function callers(workflow: Resource): Demands {
  const asked: Test[] = [];
  const leftOut: string[] = [];
  for (const [part, what] of Object.entries(PARTS)) {
    const control = workflow.at(`accessControl.${part}`);
    const ranges = control.at('allowedCallerIpAddresses');
    // Of an empty list of callers, other workflows are left.
    if (ranges.state !== 'absent') {
      const listed = ranges.items().map((range) => text(range.at('addressRange')).replaceAll(/\s/g, ''));
      if (!listed.some((range) => WHOLE_INTERNET.test(range)))
        asked.push({
          any: listed.map((range) => `${what} from ${range}`).sort(),
          text: listed.length === 0 ? `${what} only from other workflows` : `${what} only from ${[...listed].sort().join(' or ')}`,
        });
    }
    for (const [name, policy] of control.at('openAuthenticationPolicies.policies').entries()) {
      const claims = policy.at('claims').items();
      const words = claims.map((claim) => `${text(claim.at('name'))} ${text(claim.at('value'))}`).sort();
      leftOut.push(`${what} with tokens by the policy ${name} (${words.join(', ')})`);
    }
  }
  return { asked, leftOut };
}

// ── Sign-in ────────────────────────────────────────────────────────────────────────────────────────────────────────

function conditionalAccess(policy: Resource, estate: Estate): Demands {
  if (policy.at('state').string !== 'enabled' && policy.at('state').state === 'known') return { asked: [], enforced: false };
  const [conditions, grants, session] = [policy.at('conditions'), policy.at('grantControls'), policy.at('sessionControls')];
  const named = (path: string, what: string) =>
    conditions
      .at(path)
      .items()
      .map((value) => (value.targets.length > 0 ? estate.who(value).name : `the ${what} ${text(value)}`));
  const all = (path: string, what: string): readonly string[] => {
    const found = named(path, what);
    const every = found.some((name) => / all$/i.test(name));
    return every ? [`every ${what}`] : found;
  };
  return {
    asked: [...controls(grants), ...sessionTests(session)],
    lengths: [{ what: 'a sign-in', hours: signInHours(session) }],
    covered: [
      ...all('users.includedUsers', 'user'),
      ...all('users.includedGroups', 'group'),
      ...all('users.includedRoles', 'role'),
      ...all('applications.includedApplications', 'application'),
      ...all('applications.includedUserActions', 'action'),
      ...all('clientAppTypes', 'client'),
      ...all('locations.includedLocations', 'location'),
      ...all('platforms.includedPlatforms', 'platform'),
    ],
    leftOut: [
      ...named('users.excludedUsers', 'user'),
      ...named('users.excludedGroups', 'group'),
      ...named('users.excludedRoles', 'role'),
      ...named('applications.excludedApplications', 'application'),
      ...named('locations.excludedLocations', 'location'),
      ...named('platforms.excludedPlatforms', 'platform'),
    ],
  };
}

const CONTROLS: Readonly<Record<string, string>> = {
  mfa: 'multi-factor authentication',
  block: 'that access is blocked',
  compliantdevice: 'a compliant device',
  domainjoineddevice: 'a device of the domain',
  approvedapplication: 'an approved application',
  passwordchange: 'a change of the password',
};

function controls(grants: Value): readonly Test[] {
  const built = items(grants.at('builtInControls')).map((name) => CONTROLS[name.toLowerCase()] ?? name);
  const strength = grants.at('authenticationStrengthPolicyId');
  const all = [...built, ...(strength.state === 'absent' ? [] : [`the authentication strength ${text(strength)}`])];
  if (grants.at('operator').string?.toUpperCase() !== 'OR' || all.length < 2) return all.map(plainTest);
  return [{ any: [...all].sort(), text: [...all].sort().join(' or ') }];
}

const sessionTests = (session: Value): readonly Test[] => [
  ...(session.at('persistentBrowserMode').string?.toLowerCase() === 'never' ? [plainTest('sessions that end with the browser')] : []),
  ...whether(session.at('applicationEnforcedRestrictionsEnabled'), 'the restrictions of applications'),
];

function signInHours(session: Value): number {
  if (session.at('signInFrequencyInterval').string?.toLowerCase() === 'everytime') return 0;
  const count = session.at('signInFrequency').number;
  return count === undefined ? Number.POSITIVE_INFINITY : count * (session.at('signInFrequencyPeriod').string === 'days' ? 24 : 1);
}

// ── Requests ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Who may ask for a package, from nobody to everybody. */
const REQUESTORS: readonly string[] = [
  'NoSubjects',
  'SpecificDirectorySubjects',
  'AllExistingDirectoryMemberUsers',
  'AllExistingDirectorySubjects',
  'SpecificConnectedOrganizationSubjects',
  'AllConfiguredConnectedOrganizationSubjects',
  'AllExistingConnectedOrganizationSubjects',
  'AllExternalSubjects',
];

function packageRequests(policy: Resource): Demands {
  const days = policy.at('durationInDays').number;
  const who = policy.at('requestorSettings.scopeType').string;
  const external = /external|connectedorganization/i.test(who ?? '');
  return {
    asked: [
      ...whether(policy.at('approvalSettings.approvalRequired'), 'approval'),
      ...whether(policy.at('approvalSettings.requestorJustificationRequired'), 'a justification'),
      ...whether(policy.at('assignmentReviewSettings.enabled'), 'reviews of who has it'),
      ...(external ? [] : [plainTest('that nobody from outside requests it')]),
    ],
    leftOut: REQUESTORS.slice(1, REQUESTORS.indexOf(who ?? '') + 1).map((scope) => `requests of ${scope}`),
    lengths: [{ what: 'an assignment', hours: days === undefined ? Number.POSITIVE_INFINITY : days * 24 }],
    boundary: 'tenant',
  };
}

function audience(application: Resource): Demands {
  const who = application.at('signInAudience').orDefault('AzureADMyOrg').string;
  return { asked: who === 'AzureADMyOrg' ? [plainTest('that only accounts of the tenant sign in')] : [], boundary: 'tenant' };
}
