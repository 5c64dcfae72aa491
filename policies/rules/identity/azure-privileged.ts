/** Privileged access: eligible for a time, active for hours, approved by others; over resources, groups and the directory. */
import type { ControlId } from '../../../controls';
import { entra, privilegedRoleOf } from '../../facts/azure-directory';
import { lastsAtMost } from '../../facts/azure-durations';
import { ELIGIBILITY } from '../../facts/azure-roles';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { present } from '../setting';

const POLICY = 'azure-native:authorization:RoleManagementPolicy';
const GROUP_POLICY = entra('GroupRoleManagementPolicy');
const GROUP_ELIGIBILITY = entra('PrivilegedAccessGroupEligibilitySchedule');
const GROUP_ASSIGNMENT = entra('PrivilegedAccessGroupAssignmentSchedule');
const DIRECTORY_ROLE = entra('DirectoryRole');
const DIRECTORY_ASSIGNMENTS = [entra('DirectoryRoleAssignment'), entra('DirectoryRoleMember')] as const;

/** Longest activation, in hours. */
const LONGEST_HOURS = 8;

/** The rule of a policy that speaks of how people activate a role. */
const ruleOf = (policy: Resource, id: string): Value | undefined =>
  policy
    .at('rules')
    .items()
    .find((entry) => entry.at('id').is(id).verdict === 'pass');

const judgeRule = (policy: Resource, id: string, judge: (entry: Value) => Outcome): Outcome => {
  if (policy.at('rules').state === 'unknown') return policy.at('rules').asUnknown();
  const entry = ruleOf(policy, id);
  return entry ? judge(entry) : notApplicable(`does not speak of ${id}`);
};

const ENABLED = ['MultiFactorAuthentication', 'Justification'];

const activation = (policy: Resource): Outcome =>
  allOf(
    judgeRule(policy, 'Expiration_EndUser_Assignment', (entry) => lastsAtMost(entry.at('maximumDuration'), LONGEST_HOURS)),
    judgeRule(policy, 'Approval_EndUser_Assignment', (entry) => entry.at('setting.isApprovalRequired').isTrue()),
    judgeRule(policy, 'Enablement_EndUser_Assignment', (entry) =>
      every(ENABLED, (wanted) =>
        some(entry.at('enabledRules').items(), (one) => one.is(wanted), `${entry.path}.enabledRules does not ask for ${wanted}`),
      ),
    ),
    judgeRule(policy, 'Expiration_Admin_Assignment', (entry) => entry.at('isExpirationRequired').isTrue()),
  );

/** What a policy of a group says of activations; what it leaves out stays as the directory has it. */
const groupActivation = (policy: Resource): Outcome => {
  const rules = policy.at('activationRules');
  const said = (value: Value, judge: (value: Value) => Outcome): Outcome =>
    value.state === 'absent' ? notApplicable('is left as it is') : judge(value);
  return allOf(
    said(rules.at('maximumDuration'), (duration) => lastsAtMost(duration, LONGEST_HOURS)),
    said(rules.at('requireApproval'), (approval) => approval.isTrue()),
    said(rules.at('requireJustification'), (reason) => reason.isTrue()),
    // An authentication context asks for more than a second factor, and excludes it.
    rules.at('requiredConditionalAccessAuthenticationContext').state === 'absent'
      ? said(rules.at('requireMultifactorAuthentication'), (factor) => factor.isTrue())
      : pass(),
    said(policy.at('activeAssignmentRules.expirationRequired'), (expires) => expires.isTrue()),
  );
};

/** Approvers are named for every stage, and they are not everybody. */
const approvers = (policy: Resource): Outcome =>
  judgeRule(policy, 'Approval_EndUser_Assignment', (entry) => {
    const stages = entry.at('setting.approvalStages').items();
    if (stages.length === 0) return fail(`${entry.path}.setting has no approvalStages: nobody approves`, entry.path);
    return every(stages, (stage) => stage.at('primaryApprovers').isSet());
  });

const policy = (...rules: readonly object[]) => ({ policy: { type: POLICY, properties: { scope: '/subscriptions/s', rules } } });
const expiry = (maximumDuration: unknown) => ({
  id: 'Expiration_EndUser_Assignment',
  ruleType: 'RoleManagementPolicyExpirationRule',
  maximumDuration,
});
const approval = (setting: object) => ({ id: 'Approval_EndUser_Assignment', ruleType: 'RoleManagementPolicyApprovalRule', setting });
const enablement = (...enabledRules: readonly string[]) => ({
  id: 'Enablement_EndUser_Assignment',
  ruleType: 'RoleManagementPolicyEnablementRule',
  enabledRules,
});
const lasting = (id: string, isExpirationRequired: unknown) => ({
  id,
  ruleType: 'RoleManagementPolicyExpirationRule',
  isExpirationRequired,
});
const ofGroup = (activationRules: object, more: object = {}) => ({
  policy: { type: GROUP_POLICY, properties: { groupId: 'g', roleId: 'member', activationRules, ...more } },
});
const scheduled = (type: string, properties: object) => ({
  schedule: { type, properties: { groupId: 'g', principalId: 'p', assignmentType: 'member', ...properties } },
});
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const DIRECTORY_READERS = '88d8e3e3-8f55-4a1e-953a-9b9898b8876b';
const holder = (roleId: unknown) => ({ holder: { type: DIRECTORY_ASSIGNMENTS[0], properties: { principalObjectId: 'p', roleId } } });
const memberOf = (role: object) => ({
  holder: { type: DIRECTORY_ASSIGNMENTS[1], properties: { memberObjectId: 'p', roleObjectId: { $ref: 'role' } } },
  role: { type: DIRECTORY_ROLE, properties: role },
});
const CONFIGURED = { $unknown: 'config value' };
const eligible = (properties: object) => ({ eligible: { type: ELIGIBILITY, properties } });
const until = (expiration: object) => eligible({ scheduleInfo: { expiration } });

export const AZURE_PRIVILEGED = {
  'LPA-11': {
    azure: [
      rule({
        on: POLICY,
        check: activation,
        fix: 'Set maximumDuration to PT8H or less, isApprovalRequired: true, and enabledRules MultiFactorAuthentication and Justification.',
        pass: [
          {
            resources: policy(
              expiry('PT4H'),
              approval({ isApprovalRequired: true }),
              enablement('MultiFactorAuthentication', 'Justification'),
            ),
          },
        ],
        fail: [
          { resources: policy(expiry('PT24H')) },
          { resources: policy(expiry('P1D')) },
          { resources: policy(approval({ isApprovalRequired: false })) },
          { resources: policy(enablement('Justification')) },
          { resources: policy(lasting('Expiration_Admin_Assignment', false)) },
        ],
        unknown: [{ resources: policy(expiry({ $unknown: 'config value' })) }],
        skip: [{ resources: policy({ id: 'Notification_Admin_EndUser_Assignment' }) }],
      }),
      rule({
        on: GROUP_POLICY,
        check: groupActivation,
        fix: "Set activationRules: { maximumDuration: 'PT8H' or less, requireApproval, requireMultifactorAuthentication and requireJustification: true }.",
        pass: [
          {
            resources: ofGroup({
              maximumDuration: 'PT4H',
              requireApproval: true,
              requireJustification: true,
              requireMultifactorAuthentication: true,
            }),
          },
          { resources: ofGroup({ requireMultifactorAuthentication: false, requiredConditionalAccessAuthenticationContext: 'c1' }) },
        ],
        fail: [
          { resources: ofGroup({ maximumDuration: 'P1D' }) },
          { resources: ofGroup({ requireApproval: false }) },
          { resources: ofGroup({ requireJustification: false }) },
          { resources: ofGroup({ requireMultifactorAuthentication: false }) },
          { resources: ofGroup({}, { activeAssignmentRules: { expirationRequired: false } }) },
        ],
        unknown: [{ resources: ofGroup({ maximumDuration: CONFIGURED }) }],
        skip: [{ resources: { policy: { type: GROUP_POLICY, properties: { groupId: 'g', roleId: 'member' } } } }],
      }),
      rule({
        on: GROUP_ASSIGNMENT,
        check: (one) =>
          not(
            one.at('permanentAssignment').orDefault(false).isTrue(),
            'permanentAssignment is true: the rights of the group are held at all times',
          ),
        fix: 'Use PrivilegedAccessGroupEligibilitySchedule, or set expirationDate.',
        pass: [{ resources: scheduled(GROUP_ASSIGNMENT, { permanentAssignment: false, duration: 'P1D' }) }],
        fail: [{ resources: scheduled(GROUP_ASSIGNMENT, { permanentAssignment: true }) }],
        unknown: [{ resources: scheduled(GROUP_ASSIGNMENT, { permanentAssignment: CONFIGURED }) }],
      }),
      rule({
        on: DIRECTORY_ASSIGNMENTS,
        check: (one, graph) => {
          const role = one.at(one.type === DIRECTORY_ASSIGNMENTS[0] ? 'roleId' : 'roleObjectId');
          const name = privilegedRoleOf(role, graph);
          if (name !== undefined) return fail(`is ${name} at all times`, role.path);
          return role.state === 'known' || graph.target(role, DIRECTORY_ROLE) ? pass() : role.asUnknown();
        },
        severity: 'medium',
        fix: 'Use DirectoryRoleEligibilityScheduleRequest; only the sealed emergency accounts hold a privileged role at all times, by a waiver.',
        pass: [{ resources: holder(DIRECTORY_READERS) }, { resources: memberOf({ displayName: 'Directory Readers' }) }],
        fail: [
          { resources: holder(GLOBAL_ADMINISTRATOR) },
          { resources: memberOf({ displayName: 'Global Administrator' }) },
          { resources: memberOf({ templateId: GLOBAL_ADMINISTRATOR }) },
        ],
        unknown: [{ resources: holder(CONFIGURED) }],
      }),
    ],
  },
  'LPA-08': {
    azure: [
      rule({
        on: POLICY,
        check: approvers,
        severity: 'medium',
        fix: 'Name the supervisors as primaryApprovers of each approval stage; nobody approves a request of their own.',
        pass: [
          {
            resources: policy(
              approval({ isApprovalRequired: true, approvalStages: [{ primaryApprovers: [{ id: 'supervisors', userType: 'Group' }] }] }),
            ),
          },
        ],
        fail: [
          { resources: policy(approval({ isApprovalRequired: true })) },
          { resources: policy(approval({ approvalStages: [{ primaryApprovers: [] }] })) },
        ],
        skip: [{ resources: policy(expiry('PT8H')) }],
      }),
      rule({
        on: GROUP_POLICY,
        check: (one) =>
          one.at('activationRules.requireApproval').isTrue().verdict === 'pass'
            ? one.at('activationRules.approvalStage.primaryApprovers').isSet()
            : notApplicable('asks for no approval, which is judged as such'),
        severity: 'medium',
        fix: 'Name the supervisors in activationRules.approvalStage.primaryApprovers.',
        pass: [{ resources: ofGroup({ requireApproval: true, approvalStage: { primaryApprovers: [{ objectId: 'supervisors' }] } }) }],
        fail: [
          { resources: ofGroup({ requireApproval: true }) },
          { resources: ofGroup({ requireApproval: true, approvalStage: { primaryApprovers: [] } }) },
        ],
        skip: [{ resources: ofGroup({ requireApproval: false }) }],
      }),
    ],
  },
  'LPA-07': {
    azure: [
      rule({
        on: ELIGIBILITY,
        check: (one) => {
          const ticket = one.at('ticketInfo.ticketNumber').isSet();
          return ticket.verdict === 'fail'
            ? fail('ticketInfo.ticketNumber is not set: the access belongs to no case', 'ticketInfo')
            : ticket;
        },
        severity: 'medium',
        fix: 'Set ticketInfo: { ticketNumber, ticketSystem } to the case that the access is for.',
        pass: [{ resources: eligible({ ticketInfo: { ticketNumber: 'CASE-1' } }) }],
        fail: [{ resources: eligible({}) }, { resources: eligible({ ticketInfo: { ticketSystem: 'desk' } }) }],
      }),
      rule({
        on: POLICY,
        check: (one) =>
          judgeRule(one, 'Enablement_EndUser_Assignment', (entry) =>
            some(
              entry.at('enabledRules').items(),
              (wanted) => wanted.is('Ticketing'),
              `${entry.path}.enabledRules does not ask for Ticketing`,
            ),
          ),
        severity: 'low',
        fix: 'Add Ticketing to enabledRules, so that each activation names its case.',
        pass: [{ resources: policy(enablement('Justification', 'Ticketing')) }],
        fail: [{ resources: policy(enablement('MultiFactorAuthentication', 'Justification')) }],
        skip: [{ resources: policy(expiry('PT8H')) }],
      }),
    ],
  },
  'FLS-08': {
    azure: present({
      on: ELIGIBILITY,
      at: 'justification',
      like: 'Investigation of case 1',
      else: 'justification is not set: the purpose of the access is not declared',
      severity: 'medium',
      fix: 'Set justification to the purpose of the access.',
    }),
  },
  'PER-11': {
    azure: [
      rule({
        on: ELIGIBILITY,
        check: (one) => {
          const expiration = one.at('scheduleInfo.expiration');
          return anyOf(
            [expiration.at('endDateTime').isSet(), expiration.at('duration').isSet()],
            'scheduleInfo.expiration has neither endDateTime nor duration: the eligibility never ends',
          );
        },
        severity: 'medium',
        fix: "Set scheduleInfo.expiration: { type: 'AfterDateTime', endDateTime } no later than the end of the contract.",
        pass: [
          { resources: until({ type: 'AfterDateTime', endDateTime: '2027-01-01T00:00:00Z' }) },
          { resources: until({ type: 'AfterDuration', duration: 'P90D' }) },
        ],
        fail: [{ resources: until({ type: 'NoExpiration' }) }, { resources: eligible({}) }],
      }),
      rule({
        on: POLICY,
        check: (one) => judgeRule(one, 'Expiration_Admin_Eligibility', (entry) => entry.at('isExpirationRequired').isTrue()),
        severity: 'medium',
        fix: 'Set isExpirationRequired: true and maximumDuration in the rule Expiration_Admin_Eligibility.',
        pass: [{ resources: policy(lasting('Expiration_Admin_Eligibility', true)) }],
        fail: [{ resources: policy(lasting('Expiration_Admin_Eligibility', false)) }],
        unknown: [{ resources: policy(lasting('Expiration_Admin_Eligibility', CONFIGURED)) }],
        skip: [{ resources: policy(expiry('PT8H')) }],
      }),
      rule({
        on: GROUP_ELIGIBILITY,
        check: (one) =>
          not(one.at('permanentAssignment').orDefault(false).isTrue(), 'permanentAssignment is true: the eligibility never ends'),
        severity: 'medium',
        fix: 'Set expirationDate no later than the end of the contract, or duration.',
        pass: [{ resources: scheduled(GROUP_ELIGIBILITY, { permanentAssignment: false, duration: 'P90D' }) }],
        fail: [{ resources: scheduled(GROUP_ELIGIBILITY, { permanentAssignment: true }) }],
        unknown: [{ resources: scheduled(GROUP_ELIGIBILITY, { permanentAssignment: CONFIGURED }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
