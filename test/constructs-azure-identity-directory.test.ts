import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  AccessPackage,
  type AccessPackageArgs,
  ConditionalAccess,
  type ConditionalAccessArgs,
  FederatedApplication,
  type FederatedApplicationArgs,
  SecureGroup,
  type SecureGroupArgs,
  type Tier,
} from '../constructs/azure';
import { decided } from '../constructs/contract';
import { PLACE, PROFILES, TODAY } from './support/azure-components';
import { type Program, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const profileOf = (tier: Tier) => decided(PROFILES[tier]);
const programOf = async (build: () => pulumi.ComponentResource): Promise<Program> => (await run(build, { config: TODAY })).program;

const LOGS = { workspaceId: 'workspace', workspaceLocation: 'westeurope', archiveId: 'archive' };
const signIn = (tier: Tier, args: Partial<ConditionalAccessArgs> = {}) =>
  programOf(
    () =>
      new ConditionalAccess('sign-in', {
        ...PLACE,
        profile: profileOf(tier),
        logs: LOGS,
        alerts: 'contacts',
        emergencyAccess: { groupId: 'emergency', accountIds: ['one', 'two'] },
        ...args,
      }),
  );
const policiesOf = (program: Program) => program.all.filter(({ type }) => type.endsWith(':ConditionalAccessPolicy'));

describe('ConditionalAccess', () => {
  it('asks everybody for a second factor in every application, but the emergency accounts', async () => {
    expect((await signIn('low')).named('sign-in-second-factor').inputs).toEqual({
      displayName: 'sign-in: everybody proves a second factor',
      state: 'enabled',
      conditions: {
        clientAppTypes: ['all'],
        applications: { includedApplications: ['All'], excludedApplications: [] },
        users: { includedUsers: ['All'], excludedUsers: [], excludedGroups: ['emergency'], excludedRoles: [] },
      },
      grantControls: { operator: 'OR', builtInControls: ['mfa'] },
    });
  });

  it('leaves the emergency group, and nobody else, out of every policy', async () => {
    const policies = policiesOf(await signIn('high', { countries: ['DE', 'FR'] }));
    expect(policies.map(({ name }) => name).sort()).toEqual(
      ['device', 'device-code', 'leaked', 'legacy', 'location', 'privileged', 'risky', 'second-factor', 'session'].map(
        (name) => `sign-in-${name}`,
      ),
    );
    for (const { inputs } of policies) {
      expect(inputs.state).toBe('enabled');
      expect(inputs.conditions.users).toMatchObject({ excludedGroups: ['emergency'], excludedUsers: [], excludedRoles: [] });
    }
  });

  it('asks administrators hourly for what cannot be phished, others after eight hours', async () => {
    const program = await signIn('low');
    expect(program.named('sign-in-privileged').inputs).toMatchObject({
      grantControls: { authenticationStrengthPolicyId: '/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004' },
      sessionControls: { signInFrequency: 1, signInFrequencyPeriod: 'hours' },
    });
    expect(program.named('sign-in-privileged').inputs.conditions.users.includedRoles).toContain('62e90394-69f5-4237-9190-012177145e10');
    expect(program.named('sign-in-session').inputs.sessionControls).toMatchObject({
      signInFrequency: 8,
      signInFrequencyPeriod: 'hours',
      persistentBrowserMode: 'never',
    });
  });

  it('leaves risk and devices to systems of the moderate tier and above', async () => {
    const names = policiesOf(await signIn('low')).map(({ name }) => name);
    expect(names).not.toContain('sign-in-device');
    expect(names).not.toContain('sign-in-leaked');
  });

  it('records the directory and tells of emergency sign-ins and of changes', async () => {
    const program = await signIn('high');
    expect(program.named('sign-in-records').inputs).toMatchObject({ workspaceId: 'workspace', storageAccountId: 'archive' });
    expect(program.named('sign-in-records').inputs.logs).toContainEqual({ category: 'RiskyUsers', enabled: true });
    const alert = program.named('sign-in-emergency-alert').inputs;
    expect(alert).toMatchObject({ severity: 0, evaluationFrequency: 'PT5M', actions: { actionGroups: ['contacts'] } });
    expect(alert.criteria.allOf[0].query).toContain('where UserId in ("one", "two")');
    expect(program.named('sign-in-change-alert').inputs.criteria.allOf[0].query).toContain('Conditional Access');
  });

  it('only reports while IDA-02 is relaxed, under a waiver for each policy', async () => {
    const program = await signIn('high', { relax: [relaxationOf('IDA-02')] });
    const reporting = policiesOf(program).filter(({ inputs }) => inputs.state === 'enabledForReportingButNotEnforced');
    expect(reporting.map(({ name }) => name).sort()).toEqual([
      'sign-in-device-code',
      'sign-in-legacy',
      'sign-in-privileged',
      'sign-in-second-factor',
    ]);
    expect(program.all.filter(({ type }) => type === 'palisade:index:Waiver')).toHaveLength(4);
  });

  it('leaves out what is about devices while that is relaxed', async () => {
    const names = policiesOf(await signIn('high', { relax: [relaxationOf('PER-09')] })).map(({ name }) => name);
    expect(names).not.toContain('sign-in-device');
    expect(names).toContain('sign-in-second-factor');
  });

  it.each<[Partial<ConditionalAccessArgs>, string]>([
    [
      { emergencyAccess: { groupId: 'emergency', accountIds: ['one'] } },
      'emergencyAccess names 1 accounts; write { groupId, accountIds } with exactly two sealed ones (IDA-09)',
    ],
    [{ countries: ['Germany'] }, 'countries names "Germany"; write two capital letters, such as DE (LOC-01)'],
    [{ countries: [] }, 'countries is empty, so that nobody could sign in; leave it out (LOC-01)'],
  ])('refuses %j', async (args, message) => {
    await expect(signIn('high', args)).rejects.toThrow(`ConditionalAccess "sign-in": ${message}`);
  });
});

const application = (args: Partial<FederatedApplicationArgs> = {}) =>
  programOf(
    () =>
      new FederatedApplication('cases', {
        profile: profileOf('high'),
        displayName: 'Case management',
        owners: ['owner'],
        singlePageRedirectUris: ['https://cases.example.com/signed-in'],
        roles: { agent: { description: 'Works on assigned cases', groups: ['agents'] }, supervisor: { description: 'Oversees' } },
        ...args,
      }),
  );

describe('FederatedApplication', () => {
  it('has a closed set of roles, tokens of version 2, no implicit grant and no password', async () => {
    const { inputs } = (await application()).named('cases-application');
    expect(inputs.appRoles.map(({ value, allowedMemberTypes }: Record<string, unknown>) => [value, allowedMemberTypes])).toEqual([
      ['agent', ['User']],
      ['supervisor', ['User']],
    ]);
    expect(inputs).toMatchObject({
      signInAudience: 'AzureADMyOrg',
      fallbackPublicClientEnabled: false,
      groupMembershipClaims: ['ApplicationGroup'],
      api: { requestedAccessTokenVersion: 2 },
      web: { implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false } },
      singlePageApplication: { redirectUris: ['https://cases.example.com/signed-in'] },
    });
    expect(inputs).not.toHaveProperty('password');
  });

  it('gives tokens to those only who have a role, and roles to groups', async () => {
    const program = await application();
    const [agent] = program.named('cases-application').inputs.appRoles;
    expect(program.named('cases-principal').inputs).toMatchObject({ appRoleAssignmentRequired: true, owners: ['owner'] });
    expect(program.named('cases-agent-1').inputs).toMatchObject({ principalObjectId: 'agents', appRoleId: agent.id });
  });

  it('gives a role of workloads to workloads, and to no person', async () => {
    const program = await application({ roles: { gateway: { description: 'Asks for records', workloads: ['gateway-identity'] } } });
    expect(program.named('cases-application').inputs.appRoles).toMatchObject([{ value: 'gateway', allowedMemberTypes: ['Application'] }]);
    expect(program.named('cases-gateway-1').inputs).toMatchObject({ principalObjectId: 'gateway-identity' });
  });

  it('trusts workloads by their own tokens', async () => {
    const issuer = 'https://token.actions.githubusercontent.com';
    const subject = 'repo:example/cases:environment:production';
    const program = await application({ trusts: { production: { issuer, subject } } });
    expect(program.named('cases-trust-production').inputs).toMatchObject({ issuer, subject, audiences: ['api://AzureADTokenExchange'] });
  });

  it('trusts a workload that is made later, and no open one', async () => {
    const { program } = await run(
      () => {
        const cases = new FederatedApplication('cases', {
          profile: profileOf('high'),
          displayName: 'Case management',
          owners: ['owner'],
          roles: { agent: { description: 'Works' } },
        });
        cases.trust('page', { issuer: 'https://login.microsoftonline.com/t/v2.0', subject: 'page-identity' });
        expect(() => cases.trust('all', { issuer: 'https://login.microsoftonline.com/t/v2.0', subject: '*' })).toThrow(
          /trust "all": subject is "\*"; write the exact subject, without \* \(IDA-11\)/,
        );
        return cases;
      },
      { config: TODAY },
    );
    expect(program.named('cases-trust-page').inputs).toMatchObject({ displayName: 'page', subject: 'page-identity' });
  });

  it.each<[Partial<FederatedApplicationArgs>, string]>([
    [{ roles: {} }, 'roles is empty; name the roles, such as agent, supportEngineer and supervisor (LPA-05)'],
    [{ roles: { 'an agent': { description: 'Works' } } }, 'role "an agent" cannot stand in a token'],
    [{ roles: { user_impersonation: { description: 'Works' } } }, 'role "user_impersonation" cannot stand in a token'],
    [
      { roles: { agent: { description: 'Works', groups: ['agents'], workloads: ['gateway'] } } },
      'role "agent" names groups and workloads; make two roles, so that no workload passes for a person (LPA-05)',
    ],
    [{ roles: { agent: { description: '' } } }, 'role "agent" has no description; say what its holders may do, and their duties (PER-03)'],
    [{ owners: [] }, 'owners is empty; name the people who answer for the application (UAR-08)'],
    [{ redirectUris: ['http://cases.example.com'] }, 'redirect address "http://cases.example.com"; write https://'],
    [{ redirectUris: ['https://*.example.com'] }, 'redirect address "https://*.example.com"; write https://'],
    [{ trusts: { all: { issuer: 'https://issuer.example', subject: '*' } } }, 'trust "all": subject is "*"; write the exact subject'],
  ])('refuses %j', async (args, message) => {
    await expect(application(args)).rejects.toThrow(`FederatedApplication "cases"`);
    await expect(application(args)).rejects.toThrow(message);
  });
});

const group = (args: Partial<SecureGroupArgs> = {}) =>
  programOf(
    () =>
      new SecureGroup('agents', {
        profile: profileOf('high'),
        displayName: 'Case agents',
        description: 'Work on assigned cases',
        owners: ['owner'],
        ...args,
      }),
  );

describe('SecureGroup', () => {
  it('is a private security group that somebody answers for', async () => {
    expect((await group()).named('agents-group').inputs).toEqual({
      displayName: 'Case agents',
      description: 'Work on assigned cases',
      owners: ['owner'],
      securityEnabled: true,
      mailEnabled: false,
      types: [],
      assignableToRole: false,
      visibility: 'Private',
      preventDuplicateNames: true,
      writebackEnabled: false,
    });
  });

  it('finds its members by what others write', async () => {
    expect((await group({ membershipRule: 'user.department -eq "Support"' })).named('agents-group').inputs).toMatchObject({
      types: ['DynamicMembership'],
      dynamicMembership: { enabled: true, rule: 'user.department -eq "Support"' },
    });
  });

  it.each<[Partial<SecureGroupArgs>, string]>([
    [{ owners: [] }, 'owners is empty; name the people who answer for the group (UAR-08)'],
    [
      { membershipRule: 'user.displayName -contains "agent"' },
      'membershipRule reads user.displayName, which people and guests write themselves',
    ],
    [{ membershipRule: 'user.department -eq "a"', members: ['b'] }, 'members and membershipRule are both given; write one of them'],
    [{ membershipRule: 'user.department -eq "a"', assignableToRole: true }, 'a group that roles can be given to has no membershipRule'],
  ])('refuses %j', async (args, message) => {
    await expect(group(args)).rejects.toThrow(`SecureGroup "agents": ${message}`);
  });
});

const accessPackage = (args: Partial<AccessPackageArgs> = {}) =>
  programOf(
    () =>
      new AccessPackage('engineers', {
        profile: profileOf('high'),
        displayName: 'Support engineering',
        description: 'Eligible for the content of cases',
        groups: { engineers: 'engineers-group' },
        requestors: ['support'],
        approvers: ['supervisors'],
        audience: { of: 'employees', days: 180 },
        ...args,
      }),
  );
const policyOf = async (args: Partial<AccessPackageArgs> = {}) => (await accessPackage(args)).named('engineers-policy').inputs;

describe('AccessPackage', () => {
  it('gives the membership of a group', async () => {
    const program = await accessPackage();
    expect(program.named('engineers-engineers-resource').inputs).toMatchObject({
      resourceOriginId: 'engineers-group',
      resourceOriginSystem: 'AadGroup',
    });
    expect(program.named('engineers-engineers-membership').inputs).toMatchObject({ accessType: 'Member' });
    expect(program.named('engineers-catalog').inputs).toMatchObject({ externallyVisible: false, published: true });
  });

  it('is asked for with a reason, approved by others, reviewed, and ends', async () => {
    expect(await policyOf()).toMatchObject({
      durationInDays: 180,
      requestorSettings: {
        scopeType: 'SpecificDirectorySubjects',
        requestors: [{ subjectType: 'groupMembers', objectId: 'support' }],
      },
      approvalSettings: {
        approvalRequired: true,
        approvalRequiredForExtension: true,
        requestorJustificationRequired: true,
        approvalStages: [{ primaryApprovers: [{ subjectType: 'groupMembers', objectId: 'supervisors' }] }],
      },
      assignmentReviewSettings: {
        enabled: true,
        reviewFrequency: 'quarterly',
        reviewType: 'Reviewers',
        reviewers: [{ objectId: 'supervisors' }],
        accessReviewTimeoutBehavior: 'removeAccess',
        accessRecommendationEnabled: true,
      },
    });
  });

  it('is narrower for subcontractors: out with the contract, reviewed monthly, never extended', async () => {
    const inputs = await policyOf({ audience: { of: 'subcontractors', until: '2027-06-30' } });
    expect(inputs).toMatchObject({
      expirationDate: '2027-06-30T00:00:00Z',
      extensionEnabled: false,
      assignmentReviewSettings: { reviewFrequency: 'monthly' },
    });
    expect(inputs).not.toHaveProperty('durationInDays');
  });

  it.each<[Partial<AccessPackageArgs>, string]>([
    [{ groups: {} }, 'groups is empty; name the groups whose membership it gives (LPA-05)'],
    [{ requestors: [] }, 'requestors is empty; name the groups whose members may ask (LPA-10)'],
    [{ approvers: [] }, 'approvers is empty; name the group of the supervisors (LPA-08)'],
    [{ audience: { of: 'employees', days: 366 } }, 'audience.days is 366; write 1 to 365 (PER-11)'],
    [{ audience: { of: 'subcontractors', until: 'later' } }, 'audience.until is "later"; write the last day of the contract'],
  ])('refuses %j', async (args, message) => {
    await expect(accessPackage(args)).rejects.toThrow(`AccessPackage "engineers": ${message}`);
  });
});

describe('the SDK of the directory', () => {
  it('is not loaded by programs that use no component of the directory', () => {
    const script =
      "require('./constructs/azure'); console.log(Object.keys(require.cache).filter((file) => /@pulumi.azuread/.test(file)).length)";
    const printed = execFileSync(process.execPath, ['-r', 'tsx/cjs', '-e', script], { cwd: join(__dirname, '..'), encoding: 'utf8' });
    expect(printed.trim()).toBe('0');
  });
});
