import * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { isWide } from './identity';
import { atMidnight, type DirectoryArgs, DirectoryComponent, daysBetween } from './identity-directory';
import { type Approver, activationRules } from './identity-eligible-rules';
import type { LeastPrivilegeRole } from './identity-role';
import { type BuiltInRole, roleId } from './identity-roles';
import type { Promises } from './relax';
import { whole } from './whole';

/** What {@link EligibleAccess} is made from. */
export interface EligibleAccessArgs extends DirectoryArgs {
  /** Object id of the group whose members may activate the role. */
  readonly groupId: pulumi.Input<string>;
  /** The role: built-in, or one of your own. */
  readonly role: BuiltInRole | LeastPrivilegeRole;
  /** Id of the resource, or resource group, in which it holds. */
  readonly scope: pulumi.Input<string>;
  /**
   * Name (a UUID) of the policy that the service keeps for this role in this scope. There is one from the beginning, which is
   * changed and cannot be made; `az rest` with `…/roleManagementPolicyAssignments?$filter=roleDefinitionId eq '…'` shows it.
   */
  readonly policyName: pulumi.Input<string>;
  /** First day of the eligibility, `2026-12-01`. */
  readonly from: string;
  /** End of the eligibility, no later than that of the contract, and at most 365 days after `from` (PER-11). */
  readonly until: string;
  /** Longest activation in hours, 1 to 8 (LPA-11). @default 8 */
  readonly hours?: number;
  /** Who approves an activation; nobody approves the own (LPA-08). At least one. */
  readonly approvers: readonly Approver[];
  /** Purpose of the access (FLS-08). */
  readonly justification: string;
  /** The case, or the standing order, that the access belongs to (LPA-07). */
  readonly ticket: { readonly number: string; readonly system: string };
  /** Mailboxes that are told of each assignment and activation, besides the administrators. @default none */
  readonly notify?: readonly pulumi.Input<string>[];
}

/** LPA-11. */
const LONGEST_HOURS = 8;
/** PER-11: what lasts longer than a year is no end. */
const LONGEST_DAYS = 365;

const PROMISED = claims(
  'EligibleAccess',
  { control: 'LPA-07', from: 'moderate' },
  { control: 'LPA-08', from: 'moderate' },
  { control: 'LPA-11', from: 'moderate' },
  { control: 'FLS-08', from: 'high' },
  'PER-11',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: {
    'LPA-07': 'a standing order is a ticket, too',
    'LPA-08': 'emergency access is an account of its own, not a role without approval',
    'LPA-11': 'an activation can be repeated',
    'FLS-08': 'one sentence is enough',
    'PER-11': 'the eligibility is renewed by a change of the program',
  },
};

/**
 * Access of people for a time: the members of a group are eligible for a role until a day, and active for hours, after a
 * second factor, a reason, a ticket and the approval of others.
 *
 * Guarantees PER-11; from the moderate tier on LPA-07, LPA-08 and LPA-11; from the high tier on FLS-08. When it is removed,
 * the service takes back the eligibility and puts back the rules that it found.
 *
 * @throws RangeError without an approver, a ticket or a purpose, for a longer time, or for a whole subscription
 * @example
 * new EligibleAccess('support-engineers', {
 *   profile,
 *   groupId: 'b5f2a4a8-0000-4000-8000-000000000001',
 *   role: 'Storage Blob Data Reader',
 *   scope: account.id,
 *   policyName: 'b5f2a4a8-0000-4000-8000-000000000002',
 *   from: '2026-12-01',
 *   until: '2027-06-01',
 *   approvers: [{ id: 'b5f2a4a8-0000-4000-8000-000000000003' }],
 *   justification: 'Reads the attachments of the case that was assigned',
 *   ticket: { number: 'OPS-17', system: 'desk' },
 * });
 */
export class EligibleAccess extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Who may activate the role, and until when. */
  readonly eligibility: authorization.PimRoleEligibilitySchedule;
  /** What an activation needs. */
  readonly policy: authorization.RoleManagementPolicy;

  constructor(name: string, args: EligibleAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:EligibleAccess', PROMISES, name, args, opts);
    const hours = this.#check(args);
    const { approvers, groupId, justification, notify = [], policyName, role, scope, ticket } = args;
    const policyArgs: authorization.RoleManagementPolicyArgs = {
      scope,
      roleManagementPolicyName: policyName,
      rules: activationRules({ approvers, hours, longestDays: LONGEST_DAYS, notify }),
    };
    this.policy = new authorization.RoleManagementPolicy(
      `${name}-policy`,
      policyArgs,
      whole(`${name}-policy`, policyArgs, ['rules'], { parent: this }),
    );
    const eligibilityArgs: authorization.PimRoleEligibilityScheduleArgs = {
      scope,
      principalId: groupId,
      roleDefinitionId: typeof role === 'string' ? roleId(role) : role.id,
      justification,
      scheduleInfo: {
        startDateTime: atMidnight(args.from),
        expiration: { type: 'AfterDateTime', endDateTime: atMidnight(args.until) },
      },
      ticketInfo: { ticketNumber: ticket.number, ticketSystem: ticket.system },
    };
    this.eligibility = new authorization.PimRoleEligibilitySchedule(
      `${name}-eligibility`,
      eligibilityArgs,
      // Nobody is eligible before the rules of activation stand.
      whole(`${name}-eligibility`, eligibilityArgs, ['scheduleInfo', 'ticketInfo'], { parent: this, dependsOn: [this.policy] }),
    );
    this.registerOutputs();
  }

  #check({ approvers, from, hours = LONGEST_HOURS, justification, scope, ticket, until }: EligibleAccessArgs): number {
    this.someone(approvers, 'approvers', 'LPA-08', 'name the supervisors');
    if (!Number.isInteger(hours) || hours < 1 || hours > LONGEST_HOURS)
      throw new RangeError(`${this.where}: hours is ${hours}; write 1 to ${LONGEST_HOURS} (LPA-11)`);
    const days = daysBetween(this.where, from, until);
    if (days > LONGEST_DAYS)
      throw new RangeError(`${this.where}: until is ${Math.round(days)} days after from; at most ${LONGEST_DAYS} (PER-11)`);
    if (!justification?.trim()) throw new RangeError(`${this.where}: justification is empty; say what the access is for (FLS-08)`);
    if (!ticket?.number?.trim() || !ticket.system?.trim())
      throw new RangeError(`${this.where}: ticket is incomplete; write { number, system } of the case or the standing order (LPA-07)`);
    if (typeof scope === 'string' && isWide(scope))
      throw new RangeError(`${this.where}: scope is "${scope}"; name one resource or resource group (LPA-01)`);
    return hours;
  }
}
