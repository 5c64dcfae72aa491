import type * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  AccessReview,
  type AccessReviewArgs,
  EligibleAccess,
  type EligibleAccessArgs,
  LeastPrivilegeRole,
  type LeastPrivilegeRoleArgs,
  type Tier,
  type TokenTrust,
  WorkloadIdentity,
} from '../constructs/azure';
import { decided } from '../constructs/contract';
import { PLACE, PROFILES, TODAY } from './support/azure-components';
import { type Program, type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const SCOPE = '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/cases';
const PIPELINE: TokenTrust = {
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'repo:example/cases:environment:production',
};
const profileOf = (tier: Tier) => decided(PROFILES[tier]);
const programOf = async (build: () => pulumi.ComponentResource, options: RunOptions = {}): Promise<Program> =>
  (await run(build, { config: TODAY, ...options })).program;

const workload = (trusts: Readonly<Record<string, TokenTrust>> = {}, use: (made: WorkloadIdentity) => void = () => {}) =>
  programOf(() => {
    const made = new WorkloadIdentity('deployer', { ...PLACE, profile: profileOf('high'), trusts });
    use(made);
    return made;
  });

describe('WorkloadIdentity', () => {
  it('is a managed identity with the tags of its system, and nothing else', async () => {
    const program = await workload();
    expect(program.all.map(({ name }) => name)).toEqual(['deployer', 'deployer-identity']);
    expect(program.named('deployer-identity').inputs).toMatchObject({
      resourceGroupName: 'rg',
      location: 'westeurope',
      tags: { 'palisade:tier': 'high' },
    });
  });

  it('trusts one issuer, one exact subject and one audience each', async () => {
    const cluster = { issuer: 'https://westeurope.oic.prod-aks.azure.com/t/', subject: 'system:serviceaccount:cases:api' };
    const program = await workload({ production: PIPELINE, cluster });
    expect(program.named('deployer-trust-production').inputs).toMatchObject({
      ...PIPELINE,
      federatedIdentityCredentialResourceName: 'production',
      audiences: ['api://AzureADTokenExchange'],
    });
    expect(program.named('deployer-trust-cluster').inputs).toMatchObject(cluster);
  });

  it.each([
    [{ ...PIPELINE, subject: 'repo:example/*' }, 'subject is "repo:example/*"; write the exact subject, without * (IDA-11)'],
    [{ ...PIPELINE, subject: '' }, 'subject is ""; write the exact subject, without * (IDA-11)'],
    [{ ...PIPELINE, issuer: 'http://issuer.example' }, 'issuer is "http://issuer.example"; write one issuer by https, without * (IDA-11)'],
    [{ ...PIPELINE, audience: '*' }, 'audience is "*"; write one audience, without * (IDA-11)'],
    [
      { ...PIPELINE, subject: 'repo:example/cases:pull_request' },
      'subject "repo:example/cases:pull_request" is any run of the pipeline; end it in :environment:<name> or :ref:refs/heads/<protected branch> (SDC-06)',
    ],
  ])('refuses %j', async (trust, message) => {
    await expect(workload({ production: trust })).rejects.toThrow(`WorkloadIdentity "deployer" trust "production": ${message}`);
  });

  it('refuses a name that the service does not take', async () => {
    await expect(workload({ ci: PIPELINE })).rejects.toThrow(
      'WorkloadIdentity "deployer": trust "ci" is no name; write 3 to 120 letters, digits, - and _',
    );
  });

  it('refuses more trusts than the service takes', async () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`trust-${index}`, PIPELINE]));
    await expect(workload(many)).rejects.toThrow('trusts names 21; an identity takes 20');
  });

  it('gets a right on one resource, as what it is', async () => {
    const program = await workload({}, (made) => made.grant('images', { role: 'AcrPull', scope: SCOPE, why: 'Pulls images' }));
    expect(program.named('deployer-grant-images').inputs).toMatchObject({
      principalId: 'deployer-identity-principal',
      principalType: 'ServicePrincipal',
      scope: SCOPE,
      roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d',
      description: 'Pulls images',
    });
  });

  it.each(['/', '/subscriptions/s', '/subscriptions/s/', '/providers/Microsoft.Management/managementGroups/root'])(
    'refuses a right over %s',
    async (scope) => {
      await expect(workload({}, (made) => made.grant('all', { role: 'AcrPull', scope, why: 'Pulls' }))).rejects.toThrow(
        `grant "all" has the scope "${scope}"; name one resource or resource group (LPA-01)`,
      );
    },
  );
});

const role = (args: Partial<LeastPrivilegeRoleArgs> = {}) =>
  programOf(
    () =>
      new LeastPrivilegeRole('operator', {
        profile: profileOf('high'),
        roleName: 'Case operator',
        description: 'Restarts the case application',
        scope: SCOPE,
        ...args,
      }),
  );

describe('LeastPrivilegeRole', () => {
  it('lists its actions whole, and is assignable in its scope only', async () => {
    const program = await role({ actions: ['Microsoft.Web/sites/restart/action'] });
    expect(program.named('operator-definition').inputs).toMatchObject({
      roleName: 'Case operator',
      roleType: 'CustomRole',
      scope: SCOPE,
      assignableScopes: [SCOPE],
      permissions: [{ actions: ['Microsoft.Web/sites/restart/action'], notActions: [], dataActions: [], notDataActions: [] }],
    });
  });

  it.each<[Partial<LeastPrivilegeRoleArgs>, string]>([
    [{ actions: ['Microsoft.Web/*'] }, 'actions[0] "Microsoft.Web/*" holds a wildcard; name each action (LPA-01)'],
    [{ actions: ['*'] }, 'actions[0] "*" holds a wildcard; name each action (LPA-01)'],
    [{ dataActions: ['a.B/c/read', 'a.B/*/read'] }, 'dataActions[1] "a.B/*/read" holds a wildcard; name each action (LPA-02)'],
    [{ actions: ['read'] }, 'actions[0] "read" is no action'],
    [
      { actions: ['Microsoft.Authorization/roleAssignments/write'] },
      'actions[0] "Microsoft.Authorization/roleAssignments/write" gives more rights away; leave it to those who administer access (LPA-04)',
    ],
    [{ actions: ['microsoft.authorization/elevateAccess/action'] }, 'gives more rights away'],
    [
      { actions: ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action', 'Microsoft.Compute/virtualMachineScaleSets/write'] },
      'actions attach identities and hold "Microsoft.Compute/virtualMachineScaleSets/write": together they run code as any identity',
    ],
    [
      { actions: ['Microsoft.Storage/storageAccounts/listKeys/action'] },
      'actions[0] "Microsoft.Storage/storageAccounts/listKeys/action" carries data out in bulk; relax EXP-01',
    ],
    [{}, 'actions and dataActions is empty; name what the role is for (LPA-01)'],
    [
      { actions: ['a.B/c/read'], scope: '/providers/Microsoft.Management/managementGroups/root' },
      'scope is "/providers/Microsoft.Management/managementGroups/root"; write the id of a resource group or a subscription',
    ],
    [
      { actions: ['a.B/c/read'], scope: `${SCOPE}/providers/Microsoft.Web/sites/cases` },
      'write the id of a resource group or a subscription, /subscriptions/… (LPA-01)',
    ],
  ])('refuses %j', async (args, message) => {
    await expect(role(args)).rejects.toThrow(message);
  });

  it('may attach identities, or run code, one without the other', async () => {
    const attach = ['Microsoft.ManagedIdentity/userAssignedIdentities/assign/action'];
    expect((await role({ actions: attach })).named('operator-definition').inputs.permissions[0].actions).toEqual(attach);
  });

  it('hands out keys only where that is relaxed, and records the waiver', async () => {
    const actions = ['Microsoft.Storage/storageAccounts/listKeys/action'];
    const program = await role({ actions, relax: [relaxationOf('EXP-01')] });
    expect(program.named('operator-definition').inputs.permissions[0].actions).toEqual(actions);
    expect(program.named('operator-waiver-exp-01').inputs).toMatchObject({ rule: 'EXP-01', ticket: 'SEC-1201' });
  });

  it('never relaxes wildcards', async () => {
    await expect(role({ actions: ['*'], relax: [relaxationOf('LPA-01')] })).rejects.toThrow('LPA-01');
  });
});

const eligible = (args: Partial<EligibleAccessArgs> = {}, options: RunOptions = {}) =>
  programOf(
    () =>
      new EligibleAccess('engineers', {
        profile: profileOf('high'),
        groupId: 'engineers-group',
        role: 'Storage Blob Data Reader',
        scope: SCOPE,
        policyName: 'policy',
        from: '2026-12-01',
        until: '2027-06-01',
        approvers: [{ id: 'supervisors' }, { id: 'lead', type: 'User' }],
        justification: 'Reads the attachments of the assigned case',
        ticket: { number: 'OPS-17', system: 'desk' },
        ...args,
      }),
    options,
  );
const rulesOf = async (args: Partial<EligibleAccessArgs> = {}, options: RunOptions = {}) => {
  const rules: readonly { readonly id: string }[] = (await eligible(args, options)).named('engineers-policy').inputs.rules;
  return new Map(rules.map((rule) => [rule.id, rule]));
};

describe('EligibleAccess', () => {
  it('makes a group eligible from a day until a day, for a purpose and a ticket', async () => {
    const program = await eligible();
    expect(program.named('engineers-eligibility').inputs).toEqual({
      principalId: 'engineers-group',
      roleDefinitionId: '/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
      scope: SCOPE,
      justification: 'Reads the attachments of the assigned case',
      scheduleInfo: {
        startDateTime: '2026-12-01T00:00:00Z',
        expiration: { type: 'AfterDateTime', endDateTime: '2027-06-01T00:00:00Z' },
      },
      ticketInfo: { ticketNumber: 'OPS-17', ticketSystem: 'desk' },
    });
  });

  it('lets nobody activate without a second factor, a reason, a ticket and an approval', async () => {
    const rules = await rulesOf({ hours: 2 });
    expect(rules.get('Expiration_EndUser_Assignment')).toMatchObject({ isExpirationRequired: true, maximumDuration: 'PT2H' });
    expect(rules.get('Enablement_EndUser_Assignment')).toMatchObject({
      enabledRules: ['MultiFactorAuthentication', 'Justification', 'Ticketing'],
    });
    expect(rules.get('Approval_EndUser_Assignment')).toMatchObject({
      setting: {
        isApprovalRequired: true,
        approvalStages: [
          {
            primaryApprovers: [
              { id: 'supervisors', userType: 'Group', isBackup: false },
              { id: 'lead', userType: 'User', isBackup: false },
            ],
          },
        ],
      },
    });
  });

  it('lets neither eligibility nor assignment last for ever, and leaves no rule as it happens to be', async () => {
    const rules = await rulesOf();
    for (const id of ['Expiration_Admin_Eligibility', 'Expiration_Admin_Assignment'])
      expect(rules.get(id)).toMatchObject({ isExpirationRequired: true });
    expect(rules.size).toBe(17);
  });

  it('tells administrators and the mailboxes that are named', async () => {
    const rules = await rulesOf({ notify: ['soc@example.com'] });
    expect(rules.get('Notification_Admin_EndUser_Assignment')).toMatchObject({
      notificationLevel: 'All',
      notificationRecipients: ['soc@example.com'],
    });
    expect(rules.get('Notification_Approver_EndUser_Assignment')).toMatchObject({ notificationRecipients: [] });
  });

  it.each<[Partial<EligibleAccessArgs>, string]>([
    [{ hours: 9 }, 'hours is 9; write 1 to 8 (LPA-11)'],
    [{ hours: 0.5 }, 'hours is 0.5; write 1 to 8 (LPA-11)'],
    [{ approvers: [] }, 'approvers is empty; name the supervisors (LPA-08)'],
    [{ until: '2028-06-01' }, 'until is 548 days after from; at most 365 (PER-11)'],
    [{ until: '2026-11-01' }, 'until is "2026-11-01", which is not after from, "2026-12-01"'],
    [{ until: 'summer' }, 'until is "summer"; write a date such as 2026-12-31'],
    [{ justification: ' ' }, 'justification is empty; say what the access is for (FLS-08)'],
    [
      { ticket: { number: '', system: 'desk' } },
      'ticket is incomplete; write { number, system } of the case or the standing order (LPA-07)',
    ],
    [{ scope: '/subscriptions/s' }, 'scope is "/subscriptions/s"; name one resource or resource group (LPA-01)'],
  ])('refuses %j', async (args, message) => {
    await expect(eligible(args)).rejects.toThrow(`EligibleAccess "engineers": ${message}`);
  });
});

const review = (tier: Tier, args: Partial<AccessReviewArgs> = {}) =>
  programOf(
    () => new AccessReview('access', { profile: profileOf(tier), scope: SCOPE, reviewers: ['supervisor'], from: '2026-12-01', ...args }),
  );

describe('AccessReview', () => {
  it('reviews quarterly and without end, and removes where nobody answers', async () => {
    expect((await review('low')).named('access-review').inputs).toMatchObject({
      scope: SCOPE,
      type: 'absoluteMonthly',
      interval: 3,
      range: { type: 'noEnd', startDate: '2026-12-01T00:00:00Z' },
      reviewers: [{ principalId: 'supervisor' }],
      defaultDecisionEnabled: true,
      defaultDecision: 'Deny',
      autoApplyDecisionsEnabled: true,
      recommendationsEnabled: true,
      recommendationLookBackDuration: 'P90D',
    });
  });

  it('reviews privileged roles monthly', async () => {
    expect((await review('low', { privileged: true })).named('access-review').inputs.interval).toBe(1);
  });

  it('watches for the inactive in a review of its own, so that the other one is about everybody', async () => {
    expect((await review('low')).all.map(({ name }) => name)).toEqual(['access', 'access-review']);
    const program = await review('moderate');
    expect(program.named('access-inactive').inputs).toMatchObject({ inactiveDuration: 'P45D', interval: 1, defaultDecision: 'Deny' });
    expect(program.named('access-review').inputs).not.toHaveProperty('inactiveDuration');
  });

  it.each<[Partial<AccessReviewArgs>, string]>([
    [{ reviewers: [] }, 'reviewers is empty; name who owns the data or supervises the people (UAR-02)'],
    [{ backupReviewers: ['supervisor'] }, '"supervisor" reviews twice; name each reviewer once (UAR-02)'],
    [{ from: 'soon' }, 'from is "soon"; write a date such as 2026-12-01'],
  ])('refuses %j', async (args, message) => {
    await expect(review('high', args)).rejects.toThrow(`AccessReview "access": ${message}`);
  });
});
