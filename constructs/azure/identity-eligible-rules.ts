import type * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';

/** Somebody who approves: a group or a person of the directory. */
export interface Approver {
  /** Object id in the directory. */
  readonly id: pulumi.Input<string>;
  /** Kind of the object. @default 'Group' */
  readonly type?: 'Group' | 'User';
}

/** What the rules of a role say. */
interface Activation {
  readonly hours: number;
  readonly longestDays: number;
  readonly approvers: readonly Approver[];
  readonly notify: readonly pulumi.Input<string>[];
}

type Rules = Exclude<authorization.RoleManagementPolicyArgs['rules'], pulumi.Output<unknown> | Promise<unknown> | undefined>;

/** Longest time for which an administrator can make the role active: the shortest that the service offers. */
const LONGEST_ACTIVE_DAYS = 15;

const target = (caller: 'Admin' | 'EndUser', level: 'Eligibility' | 'Assignment') => ({
  caller,
  operations: ['All'],
  level,
  targetObjects: [],
  inheritableSettings: [],
  enforcedSettings: [],
});

const SITUATIONS = [
  ['Admin', 'Eligibility'],
  ['Admin', 'Assignment'],
  ['EndUser', 'Assignment'],
] as const;

const expires = (caller: 'Admin' | 'EndUser', level: 'Eligibility' | 'Assignment', maximumDuration: string) => ({
  id: `Expiration_${caller}_${level}`,
  ruleType: 'RoleManagementPolicyExpirationRule' as const,
  isExpirationRequired: true,
  maximumDuration,
  target: target(caller, level),
});

const asksFor = (caller: 'Admin' | 'EndUser', level: 'Eligibility' | 'Assignment', ...enabledRules: readonly string[]) => ({
  id: `Enablement_${caller}_${level}`,
  ruleType: 'RoleManagementPolicyEnablementRule' as const,
  enabledRules: [...enabledRules],
  target: target(caller, level),
});

/** Every rule of a role-management policy, so that none is left as the directory happens to have it. */
export const activationRules = ({ approvers, hours, longestDays, notify }: Activation): Rules => [
  expires('Admin', 'Eligibility', `P${longestDays}D`),
  asksFor('Admin', 'Eligibility'),
  expires('Admin', 'Assignment', `P${LONGEST_ACTIVE_DAYS}D`),
  asksFor('Admin', 'Assignment', 'MultiFactorAuthentication', 'Justification'),
  expires('EndUser', 'Assignment', `PT${hours}H`),
  asksFor('EndUser', 'Assignment', 'MultiFactorAuthentication', 'Justification', 'Ticketing'),
  {
    id: 'AuthenticationContext_EndUser_Assignment',
    ruleType: 'RoleManagementPolicyAuthenticationContextRule',
    // A context would take the place of the second factor that is asked for above.
    isEnabled: false,
    claimValue: '',
    target: target('EndUser', 'Assignment'),
  },
  {
    id: 'Approval_EndUser_Assignment',
    ruleType: 'RoleManagementPolicyApprovalRule',
    setting: {
      isApprovalRequired: true,
      isApprovalRequiredForExtension: true,
      isRequestorJustificationRequired: true,
      approvalMode: 'SingleStage',
      approvalStages: [
        {
          approvalStageTimeOutInDays: 1,
          isApproverJustificationRequired: true,
          isEscalationEnabled: false,
          escalationTimeInMinutes: 0,
          escalationApprovers: [],
          primaryApprovers: approvers.map(({ id, type = 'Group' }) => ({ id, userType: type, isBackup: false })),
        },
      ],
    },
    target: target('EndUser', 'Assignment'),
  },
  ...SITUATIONS.flatMap(([caller, level]) =>
    (['Admin', 'Requestor', 'Approver'] as const).map((recipientType) => ({
      id: `Notification_${recipientType}_${caller}_${level}`,
      ruleType: 'RoleManagementPolicyNotificationRule' as const,
      notificationType: 'Email',
      recipientType,
      notificationLevel: 'All',
      isDefaultRecipientsEnabled: true,
      // The service takes further mailboxes for administrators only; approvers are those named above.
      notificationRecipients: recipientType === 'Admin' ? [...notify] : [],
      target: target(caller, level),
    })),
  ),
];
