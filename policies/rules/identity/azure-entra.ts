/** The directory as far as a program declares it with @pulumi/azuread. */
import type { ControlId } from '../../../controls';
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const entra = (name: string): string => `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const CONDITIONAL_ACCESS = entra('ConditionalAccessPolicy');
const PACKAGE_POLICY = entra('AccessPackageAssignmentPolicy');
const APPLICATION = entra('Application');
const CREDENTIAL = entra('ApplicationFederatedIdentityCredential');
const PASSWORDS = [entra('ApplicationPassword'), entra('ServicePrincipalPassword')] as const;

const demandsFactor = (policy: Resource): boolean =>
  policy.at('grantControls.authenticationStrengthPolicyId').state !== 'absent' ||
  policy
    .at('grantControls.builtInControls')
    .items()
    .some((control) => control.is('mfa').verdict === 'pass');

/** A policy that asks for a second factor is in force, and one group at most, that of the emergency accounts, is left out. */
function asksEverybody(policy: Resource): Outcome {
  if (!demandsFactor(policy)) return notApplicable('asks for no factor');
  const left = policy.at('conditions.users.excludedGroups').items();
  return allOf(
    policy.at('state').is('enabled'),
    left.length > 1 ? fail(`conditions.users.excludedGroups leaves out ${left.length} groups`, 'conditions.users.excludedGroups') : pass(),
    policy.at('grantControls.operator').is('OR').verdict === 'pass' && policy.at('grantControls.builtInControls').items().length > 1
      ? fail('grantControls.operator is "OR": another control does instead of the second factor', 'grantControls.operator')
      : pass(),
  );
}

/** People sign in again within eight hours. */
function asksAgain(policy: Resource): Outcome {
  const frequency = policy.at('sessionControls.signInFrequency');
  if (frequency.state === 'absent') return notApplicable('does not say how long a sign-in lasts');
  return allOf(policy.at('sessionControls.signInFrequencyPeriod').is('hours'), frequency.isAtMost(8));
}

/** Hours of `2160h`, `90d` or `24h30m`. */
function hoursOf(duration: string): number | undefined {
  const [, days, hours] = /^(?:(\d+)d)?(?:(\d+)h)?(?:\d+m)?(?:\d+s)?$/.exec(duration) ?? [];
  return days === undefined && hours === undefined ? undefined : Number(days ?? 0) * 24 + Number(hours ?? 0);
}

const policy = (properties: object) => ({ policy: { type: CONDITIONAL_ACCESS, properties: { displayName: 'p', ...properties } } });
const MFA = { operator: 'OR', builtInControls: ['mfa'] };
const reviewed = (assignmentReviewSettings: object, more: object = {}) => ({
  policy: { type: PACKAGE_POLICY, properties: { assignmentReviewSettings, ...more } },
});
const password = (properties: object, type: string = PASSWORDS[0]) => ({ password: { type, properties } });
const trust = (changes: object = {}) => ({
  trust: {
    type: CREDENTIAL,
    properties: {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:example/cases:environment:production',
      audiences: ['api://AzureADTokenExchange'],
      ...changes,
    },
  },
});

export const AZURE_ENTRA = {
  'IDA-02': {
    azure: rule({
      on: CONDITIONAL_ACCESS,
      check: asksEverybody,
      fix: "Set state: 'enabled', grantControls with mfa (or an authentication strength) alone, and exclude the emergency accounts only.",
      pass: [
        { resources: policy({ state: 'enabled', grantControls: MFA }) },
        { resources: policy({ state: 'enabled', grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] } }) },
        {
          resources: policy({ state: 'enabled', grantControls: { operator: 'OR', authenticationStrengthPolicyId: '/policies/strength' } }),
        },
      ],
      fail: [
        { resources: policy({ state: 'enabledForReportingButNotEnforced', grantControls: MFA }) },
        { resources: policy({ state: 'enabled', grantControls: { operator: 'OR', builtInControls: ['mfa', 'compliantDevice'] } }) },
        { resources: policy({ state: 'enabled', grantControls: MFA, conditions: { users: { excludedGroups: ['emergency', 'sales'] } } }) },
      ],
      unknown: [{ resources: policy({ state: { $unknown: 'config value' }, grantControls: MFA }) }],
      skip: [{ resources: policy({ state: 'enabled', grantControls: { operator: 'OR', builtInControls: ['block'] } }) }],
    }),
  },
  'IDA-14': {
    azure: rule({
      on: CONDITIONAL_ACCESS,
      check: asksAgain,
      severity: 'medium',
      fix: "Set sessionControls: { signInFrequency: 8, signInFrequencyPeriod: 'hours', persistentBrowserMode: 'never' }, and 1 hour for privileged roles.",
      pass: [{ resources: policy({ sessionControls: { signInFrequency: 8, signInFrequencyPeriod: 'hours' } }) }],
      fail: [
        { resources: policy({ sessionControls: { signInFrequency: 1, signInFrequencyPeriod: 'days' } }) },
        { resources: policy({ sessionControls: { signInFrequency: 24, signInFrequencyPeriod: 'hours' } }) },
      ],
      unknown: [
        { resources: policy({ sessionControls: { signInFrequency: { $unknown: 'config value' }, signInFrequencyPeriod: 'hours' } }) },
      ],
      skip: [{ resources: policy({}) }],
    }),
  },
  'IDA-05': {
    azure: rule({
      on: PASSWORDS,
      check: (one) => {
        const duration = one.at('endDateRelative');
        if (one.at('rotateWhenChanged').state !== 'absent') return pass();
        if (duration.state === 'absent')
          return fail('neither endDateRelative nor rotateWhenChanged is set: the password lives for two years', duration.path);
        const hours = duration.string === undefined ? undefined : hoursOf(duration.string);
        if (duration.string === undefined) return duration.asUnknown();
        return hours !== undefined && hours <= 90 * 24 ? pass() : duration.asFailure();
      },
      severity: 'medium',
      fix: "Set endDateRelative: '2160h' (90 days) at most, and rotateWhenChanged to a rotating value.",
      pass: [{ resources: password({ endDateRelative: '2160h' }) }, { resources: password({ endDateRelative: '90d' }, PASSWORDS[1]) }],
      fail: [{ resources: password({}) }, { resources: password({ endDateRelative: '8760h' }) }],
      unknown: [{ resources: password({ endDateRelative: { $unknown: 'config value' } }) }],
    }),
  },
  'IDA-11': {
    azure: rule({
      on: CREDENTIAL,
      check: (one) =>
        allOf(
          one.at('issuer').matches(/^https:\/\/[^*]+$/),
          one.at('subject').matches(/^[^*]+$/),
          every(one.at('audiences').items(), (audience) => audience.matches(/^[^*]+$/)),
        ),
      fix: 'Name one issuer by https, the exact subject and one audience, without *.',
      pass: [{ resources: trust() }],
      fail: [
        { resources: trust({ subject: 'repo:example/*' }) },
        { resources: trust({ issuer: 'http://issuer.example.com' }) },
        { resources: trust({ audiences: ['*'] }) },
      ],
      unknown: [{ resources: trust({ subject: { $unknown: 'config value' } }) }],
    }),
  },
  'IDA-15': {
    azure: [
      setting({
        on: APPLICATION,
        at: 'web.implicitGrant.accessTokenIssuanceEnabled',
        is: [false],
        not: true,
        unset: false,
        fix: 'Set web.implicitGrant.accessTokenIssuanceEnabled: false; clients use the authorisation code with PKCE.',
      }),
      setting({
        on: APPLICATION,
        at: 'fallbackPublicClientEnabled',
        is: [false],
        not: true,
        unset: false,
        severity: 'medium',
        fix: 'Set fallbackPublicClientEnabled: false.',
      }),
    ],
  },
  'LPA-10': {
    azure: setting({
      on: APPLICATION,
      at: 'signInAudience',
      is: ['AzureADMyOrg'],
      not: 'AzureADMultipleOrgs',
      unset: 'AzureADMyOrg',
      fix: "Set signInAudience: 'AzureADMyOrg', so that nobody of another directory signs in.",
    }),
  },
  'UAR-01': {
    azure: setting({
      on: PACKAGE_POLICY,
      at: 'assignmentReviewSettings.reviewFrequency',
      is: ['quarterly', 'monthly', 'weekly'],
      not: 'annual',
      fix: "Set assignmentReviewSettings: { enabled: true, reviewFrequency: 'quarterly' }.",
    }),
  },
  'UAR-03': {
    azure: setting({
      on: PACKAGE_POLICY,
      at: 'assignmentReviewSettings.accessReviewTimeoutBehavior',
      is: ['removeAccess'],
      not: 'keepAccess',
      fix: "Set assignmentReviewSettings.accessReviewTimeoutBehavior: 'removeAccess'.",
    }),
  },
  'PER-11': {
    azure: rule({
      on: PACKAGE_POLICY,
      check: (one) =>
        one.at('durationInDays').state === 'absent' && one.at('expirationDate').state === 'absent'
          ? fail('neither durationInDays nor expirationDate is set: the access never ends', 'durationInDays')
          : allOf(one.at('durationInDays').orDefault(365).isAtMost(365), one.at('expirationDate').orDefault('set').isSet()),
      severity: 'medium',
      fix: 'Set durationInDays, or expirationDate no later than the end of the contract.',
      pass: [{ resources: reviewed({}, { durationInDays: 90 }) }, { resources: reviewed({}, { expirationDate: '2027-01-01T00:00:00Z' }) }],
      fail: [{ resources: reviewed({}) }, { resources: reviewed({}, { durationInDays: 3650 }) }],
      unknown: [{ resources: reviewed({}, { durationInDays: { $unknown: 'config value' } }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
