import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { gatherStatement } from './support/azure-gather';

/** A value set from outside on a child of a component, and the rule that has to name it. */
const WEAKENINGS = [
  ['workloadidentity-trust-production', 'subject', 'repo:example/*', 'IDA-11.identity'],
  ['workloadidentity-trust-production', 'subject', 'repo:example/cases:pull_request', 'SDC-06.identity'],
  ['leastprivilegerole-definition', 'permissions', [{ actions: ['*'], dataActions: [] }], 'LPA-01.identity'],
  ['leastprivilegerole-definition', 'permissions', [{ actions: ['Microsoft.Authorization/*'] }], 'LPA-04.identity'],
  ['leastprivilegerole-definition', 'permissions', [{ dataActions: ['Microsoft.Storage/*'] }], 'LPA-02.identity'],
  ['eligibleaccess-eligibility', 'scheduleInfo', { expiration: { type: 'NoExpiration' } }, 'PER-11.identity'],
  ['eligibleaccess-eligibility', 'ticketInfo', {}, 'LPA-07.identity'],
  ['eligibleaccess-eligibility', 'justification', '', 'FLS-08.identity'],
  ['eligibleaccess-policy', 'rules', [{ id: 'Expiration_EndUser_Assignment', maximumDuration: 'P1D' }], 'LPA-11.identity'],
  ['eligibleaccess-policy', 'rules', [{ id: 'Approval_EndUser_Assignment', setting: { isApprovalRequired: true } }], 'LPA-08.identity'],
  ['conditionalaccess-second-factor', 'state', 'disabled', 'IDA-02.identity'],
  ['conditionalaccess-legacy', 'grantControls', { operator: 'OR', builtInControls: ['mfa'] }, 'IDA-02.identity'],
  ['conditionalaccess-leaked', 'grantControls', { operator: 'OR', builtInControls: ['mfa'] }, 'IDA-08.identity'],
  ['conditionalaccess-session', 'sessionControls', { signInFrequency: 30, signInFrequencyPeriod: 'days' }, 'IDA-14.identity'],
  ['conditionalaccess-device', 'grantControls', { operator: 'OR', builtInControls: ['compliantDevice', 'mfa'] }, 'PER-09.identity'],
  ['conditionalaccess-emergency-alert', 'evaluationFrequency', 'PT1H', 'LPA-12.identity'],
  ['federatedapplication-application', 'signInAudience', 'AzureADMultipleOrgs', 'LPA-10.identity'],
  ['federatedapplication-application', 'password', { displayName: 'first' }, 'IDA-10.identity'],
  ['federatedapplication-application', 'groupMembershipClaims', ['All'], 'IDA-15.identity'],
  ['federatedapplication-principal', 'appRoleAssignmentRequired', false, 'LPA-05.identity'],
  ['securegroup-group', 'owners', [], 'UAR-08.identity'],
  ['securegroup-group', 'dynamicMembership', { enabled: true, rule: 'user.displayName -eq "x"' }, 'LPA-04.identity'],
  ['accesspackage-policy', 'durationInDays', 3650, 'PER-11.identity'],
  ['accesspackage-policy', 'approvalSettings', { approvalRequired: false }, 'LPA-08.identity'],
  ['accesspackage-policy', 'requestorSettings', { scopeType: 'AllExternalSubjects' }, 'LPA-10.identity'],
  ['accesspackage-policy', 'assignmentReviewSettings', { enabled: true, reviewType: 'Self' }, 'UAR-02.identity'],
  ['accessreview-review', 'defaultDecision', 'Approve', 'UAR-03.identity'],
  ['accessreview-review', 'interval', 12, 'UAR-01.identity'],
  ['accessreview-inactive', 'inactiveDuration', 'P180D', 'IDA-06.identity'],
] as const;

/** The least components once for each weakening, so that one run of the program shows them all. */
const STATEMENT = `
const pulumi = load('node_modules/@pulumi/pulumi');
const { surroundings } = load('test/support/azure-components.ts');
const { identity } = load('test/support/least-azure/identity.ts');
const WEAKENINGS = ${JSON.stringify(WEAKENINGS)};
let current;
pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
  if (current === undefined || !name.startsWith(current.made)) return undefined;
  return name === current.made + current.child ? { props: { ...props, [current.property]: current.value }, opts } : undefined;
});
const around = surroundings('high');
WEAKENINGS.forEach(([target, property, value], index) => {
  const component = Object.keys(identity).find((one) => target.startsWith(one.toLowerCase() + '-'));
  const made = 'w' + index;
  current = { made, child: target.slice(component.length), property, value };
  identity[component](around, made);
});
current = undefined;
`;

describe('what is weakened from outside is named by the rule of its control', () => {
  const judged = gatherStatement(STATEMENT).then(({ graph }) =>
    evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'azure'), passes: false }),
  );

  it.each(WEAKENINGS.map(([target, property, value, rule], index) => ({ index, target, property, value, rule })))(
    '$target with $property $value breaks $rule',
    async ({ index, rule, target }) => {
      const { findings } = await judged;
      const child = `w${index}${target.slice(target.indexOf('-'))}`;
      const failed = findings.filter(({ resource, verdict }) => verdict === 'fail' && resource.logicalId === child);
      expect(failed.map((finding) => finding.rule)).toContain(rule);
    },
  );
});

const DIRECTORY = `
const azuread = load('node_modules/@pulumi/azuread');
const person = new azuread.User('person', { displayName: 'p', userPrincipalName: 'p@example.com' });
const guest = new azuread.Invitation('guest', { userEmailAddress: 'g@partner.example', redirectUrl: 'https://cases.example.com' });
const group = new azuread.Group('group', { displayName: 'g', securityEnabled: true, owners: [person.objectId], members: [person.objectId] });
new azuread.GroupMember('member', { groupObjectId: group.objectId, memberObjectId: guest.userId });
const app = new azuread.Application('app', { displayName: 'a' });
new azuread.ApplicationOwner('owner', { applicationId: app.id, ownerObjectId: person.objectId });
const principal = new azuread.ServicePrincipal('principal', { clientId: app.clientId });
const roleOf = (name, to) => new azuread.AppRoleAssignment(name, { appRoleId: 'r', principalObjectId: to.objectId, resourceObjectId: principal.objectId });
roleOf('person-role', person);
roleOf('group-role', group);
new azuread.ApplicationPassword('password', { applicationId: app.id });
const strength = new azuread.AuthenticationStrengthPolicy('strength', { displayName: 's', allowedCombinations: ['fido2', 'password,sms'] });
new azuread.ConditionalAccessPolicy('admins', {
  displayName: 'admins',
  state: 'enabled',
  conditions: {
    clientAppTypes: ['all'],
    applications: { includedApplications: ['All'] },
    users: { includedRoles: ['62e90394-69f5-4237-9190-012177145e10'] },
  },
  grantControls: { operator: 'OR', authenticationStrengthPolicyId: strength.id },
});
const role = new azuread.DirectoryRole('role', { displayName: 'Global Administrator' });
new azuread.DirectoryRoleAssignment('holder', { principalObjectId: person.objectId, roleId: role.templateId });
`;

describe('a program that declares the directory itself', () => {
  const judged = gatherStatement(DIRECTORY).then(({ graph }) =>
    evaluate(graph, { rules: RULES.filter(({ cloud, family }) => cloud === 'azure' && family === 'identity'), passes: true }),
  );
  const verdictsOf = async (name: string, control: string) =>
    (await judged).findings
      .filter(({ resource, ...finding }) => resource.logicalId === name && finding.control === control)
      .map(({ verdict }) => verdict);

  it.each([
    ['group', 'PER-08', 'guests and people of the directory are in one group'],
    ['person-role', 'LPA-05', 'a role of an application goes to a person'],
    ['principal', 'LPA-05', 'everybody gets a token'],
    ['password', 'IDA-05', 'a password lives for two years'],
    ['password', 'IDA-10', 'a workload has a password'],
    ['admins', 'IDA-02', 'administrators prove themselves by a text message'],
    ['holder', 'LPA-11', 'a person is a Global Administrator at all times'],
  ])('names %s under %s: %s', async (name, control) => {
    expect(await verdictsOf(name, control)).toContain('fail');
  });

  it('passes what follows the references of the program to a group, and to an owner', async () => {
    expect(await verdictsOf('group-role', 'LPA-05')).toEqual(['pass']);
    expect(await verdictsOf('app', 'UAR-08')).toEqual(['pass']);
  });
});
