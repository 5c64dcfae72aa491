import type * as pulumi from '@pulumi/pulumi';
import {
  AccessPackage,
  AccessReview,
  type CaseRole,
  type DecidedProfile,
  EligibleAccess,
  FederatedApplication,
  LeastPrivilegeRole,
  SecureGroup,
  type SecureResourceGroup,
} from '../../constructs/azure';
import { entra } from '../../constructs/azure/identity-entra';

/** What the access of people is made from. */
export interface CaseAccessArgs {
  readonly profile: DecidedProfile;
  /** Object ids of the people who answer for groups and applications, and review who has access. */
  readonly owners: readonly string[];
  /** Object id of the group of those who own the data; they say who supervises. */
  readonly dataOwnersGroupId: string;
  /** Object id of the group whose members may ask for access: the staff of the support organisation. */
  readonly staffGroupId: string;
  /** Object id of the group of the subcontractors' people, guests of the directory. */
  readonly subcontractorsGroupId: string;
  /** Last day of the contract with the subcontractors. */
  readonly subcontractorsUntil: string;
  /** First day of the eligibility of support engineers, and its end. */
  readonly engineersFrom: string;
  readonly engineersUntil: string;
  /** The standing order under which support engineers are eligible. */
  readonly engineersTicket: string;
  /** Name (a UUID) of the policy that the service keeps for the role of support engineers in the group of the apps. */
  readonly diagnosticsPolicyName: string;
  /** Origin of the web client. */
  readonly origin: string;
}

/** What each role is for; the directory shows it beside the role. */
const ROLES: Readonly<Record<CaseRole, string>> = {
  agent: 'Works on the cases that are assigned',
  supportEngineer: 'Is let into single cases, for a purpose and a while',
  supervisor: 'Oversees every case of a team without what customers wrote; lets engineers in',
};
const DUTIES = 'bound by the confidentiality agreement for support data';

/** Days after which access of employees is asked for anew. */
const EMPLOYED_DAYS = 180;
/** Longest activation: a working day. */
const LONGEST_ACTIVATION = 'PT8H';
const TICKETS = 'case-management';

/**
 * How people come in: a closed set of roles, each held by groups; packages by which people ask for them; and eligibility by
 * which support engineers are in theirs, for a case and some hours.
 */
export class CaseAccess {
  /** The application of people; its app roles are the closed roles. */
  readonly application: FederatedApplication;
  readonly agents: SecureGroup;
  readonly subcontractedAgents: SecureGroup;
  /** Nobody is in it but by activation, with the number of a case. */
  readonly engineers: SecureGroup;
  /** Those who may activate. */
  readonly eligibleEngineers: SecureGroup;
  readonly supervisors: SecureGroup;
  readonly #args: CaseAccessArgs;

  constructor(args: CaseAccessArgs) {
    this.#args = args;
    this.agents = this.#group('agents', ROLES.agent);
    this.subcontractedAgents = this.#group('subcontracted-agents', `${ROLES.agent}, as a subcontractor, until the contract ends`);
    this.engineers = this.#group('support-engineers', ROLES.supportEngineer);
    this.eligibleEngineers = this.#group('eligible-engineers', 'May become support engineer for a case');
    this.supervisors = this.#group('supervisors', ROLES.supervisor);
    const { origin, owners, profile } = args;
    const role = (of: CaseRole, ...groups: readonly SecureGroup[]) => ({
      description: `${ROLES[of]}; ${DUTIES}`,
      groups: groups.map(({ objectId }) => objectId),
    });
    this.application = new FederatedApplication('cases', {
      profile,
      displayName: 'Case management',
      owners,
      // The page itself is shown to people with a role only; its scripts then ask for tokens of the interface.
      redirectUris: [`${origin}/.auth/login/aad/callback`],
      singlePageRedirectUris: [`${origin}/signed-in`],
      roles: {
        agent: role('agent', this.agents, this.subcontractedAgents),
        supportEngineer: role('supportEngineer', this.engineers),
        supervisor: role('supervisor', this.supervisors),
      },
    });
    this.#packages();
    this.#activation();
  }

  #group(name: string, description: string): SecureGroup {
    const { owners, profile } = this.#args;
    return new SecureGroup(name, {
      profile,
      displayName: `case-management-${name}`,
      description: `${description}; ${DUTIES}`,
      owners,
    });
  }

  /** People ask, others approve and review, and no answer means no access. */
  #packages(): void {
    const { dataOwnersGroupId, profile, staffGroupId, subcontractorsGroupId, subcontractorsUntil } = this.#args;
    const employees = { of: 'employees', days: EMPLOYED_DAYS } as const;
    const offer = (
      name: string,
      group: SecureGroup,
      what: string,
      more: Pick<ConstructorParameters<typeof AccessPackage>[1], 'requestors' | 'approvers' | 'audience'>,
    ) =>
      new AccessPackage(`package-${name}`, {
        profile,
        displayName: `Case management: ${name}`,
        description: `${what}; ${DUTIES}`,
        groups: { [name]: group.objectId },
        ...more,
      });
    const staff = [staffGroupId];
    const supervisors = [this.supervisors.objectId];
    offer('agents', this.agents, ROLES.agent, { requestors: staff, approvers: supervisors, audience: employees });
    offer('engineers', this.eligibleEngineers, ROLES.supportEngineer, { requestors: staff, approvers: supervisors, audience: employees });
    offer('supervisors', this.supervisors, ROLES.supervisor, {
      requestors: staff,
      approvers: [dataOwnersGroupId],
      audience: employees,
    });
    offer('subcontractors', this.subcontractedAgents, ROLES.agent, {
      requestors: [subcontractorsGroupId],
      approvers: supervisors,
      audience: { of: 'subcontractors', until: subcontractorsUntil },
    });
  }

  /** Nobody is a support engineer at all times: the role is active for hours, for a case, after the approval of a supervisor. */
  #activation(): void {
    const { engineersFrom, engineersTicket, engineersUntil } = this.#args;
    const azuread = entra('the case-management environment');
    const groupId = this.engineers.objectId;
    const policy = new azuread.GroupRoleManagementPolicy('support-engineers-activation', {
      groupId,
      roleId: 'member',
      activationRules: {
        maximumDuration: LONGEST_ACTIVATION,
        requireApproval: true,
        approvalStage: { primaryApprovers: [{ objectId: this.supervisors.objectId, type: 'groupMembers' }] },
        requireJustification: true,
        requireMultifactorAuthentication: true,
        requireTicketInfo: true,
      },
      activeAssignmentRules: {
        expirationRequired: true,
        expireAfter: 'P15D',
        requireJustification: true,
        requireMultifactorAuthentication: true,
        requireTicketInfo: true,
      },
      eligibleAssignmentRules: { expirationRequired: true, expireAfter: 'P365D' },
    });
    new azuread.PrivilegedAccessGroupEligibilitySchedule(
      'support-engineers-eligibility',
      {
        groupId,
        principalId: this.eligibleEngineers.objectId,
        assignmentType: 'member',
        startDate: `${engineersFrom}T00:00:00Z`,
        expirationDate: `${engineersUntil}T00:00:00Z`,
        permanentAssignment: false,
        justification: 'Is let into the single case that the ticket of the activation names',
        ticketNumber: engineersTicket,
        ticketSystem: TICKETS,
      },
      // Nobody is eligible before the rules of activation stand.
      { dependsOn: [policy] },
    );
  }

  /** Support engineers see how the service fares, for a case and some hours; none of it is data, and nothing can be exported. */
  diagnose(apps: SecureResourceGroup): EligibleAccess {
    const { diagnosticsPolicyName, engineersFrom, engineersTicket, engineersUntil, profile } = this.#args;
    const role = new LeastPrivilegeRole('diagnostics', {
      profile,
      roleName: 'Case diagnostics',
      description: `Sees how the case service fares, without data; ${DUTIES}`,
      scope: apps.id,
      actions: [
        'Microsoft.Web/sites/read',
        'Microsoft.Web/serverfarms/read',
        'Microsoft.Insights/metrics/read',
        'Microsoft.ResourceHealth/availabilityStatuses/read',
      ],
    });
    return new EligibleAccess('engineers-diagnostics', {
      profile,
      groupId: this.eligibleEngineers.objectId,
      role,
      scope: apps.id,
      policyName: diagnosticsPolicyName,
      from: engineersFrom,
      until: engineersUntil,
      approvers: [{ id: this.supervisors.objectId }],
      justification: 'Finds out why the service fails in the case that the ticket of the activation names',
      ticket: { number: engineersTicket, system: TICKETS },
    });
  }

  /** Who holds roles over resources is reviewed by those who own the data. */
  review(name: string, scope: pulumi.Input<string>): AccessReview {
    const { engineersFrom, owners, profile } = this.#args;
    return new AccessReview(`${name}-access`, { profile, scope, reviewers: owners, from: engineersFrom });
  }
}
