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
