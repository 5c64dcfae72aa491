/** Conditional Access: who has to prove what at sign-in, how often, and from where. */
import type { ControlId } from '../../../controls';
import { WHOLE_INTERNET } from '../../facts/azure';
import { CONDITIONAL_ACCESS, entra, isPhishingResistant, lists } from '../../facts/azure-directory';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const STRENGTH = entra('AuthenticationStrengthPolicy');
const LOCATION = entra('NamedLocation');
const holds = (outcome: Outcome): boolean => outcome.verdict === 'pass';

const demandsFactor = (policy: Resource): boolean =>
  policy.at('grantControls.authenticationStrengthPolicyId').state !== 'absent' ||
  holds(lists(policy.at('grantControls.builtInControls'), 'mfa'));

const coversEverybody = (policy: Resource): boolean =>
  holds(lists(policy.at('conditions.users.includedUsers'), 'All')) &&
  holds(lists(policy.at('conditions.applications.includedApplications'), 'All'));

/** By what a policy for everybody leaves somebody, or something, out. */
const EXEMPTIONS = [
  'conditions.users.excludedRoles',
  'conditions.users.excludedGuestsOrExternalUsers',
  'conditions.applications.excludedApplications',
  'conditions.locations.excludedLocations',
  'conditions.platforms.excludedPlatforms',
];
/** By what a policy asks only at some sign-ins. */
const NARROWINGS = [
  'conditions.signInRiskLevels',
  'conditions.userRiskLevels',
  'conditions.insiderRiskLevels',
  'conditions.devices.filter',
  'conditions.platforms.includedPlatforms',
];
const exemptionOf = (policy: Resource): string | undefined => EXEMPTIONS.find((path) => holds(policy.at(path).isSet()));

/** Asks everybody, everywhere, for a second factor. */
const asksEverywhere = (policy: Resource): boolean =>
  demandsFactor(policy) &&
  coversEverybody(policy) &&
  holds(policy.at('state').is('enabled')) &&
  !exemptionOf(policy) &&
  !NARROWINGS.some((path) => holds(policy.at(path).isSet()));

const atMost = (policy: Resource, path: string, most: number, who: string): Outcome => {
  const left = policy.at(path).items();
  return left.length > most ? fail(`${path} leaves out ${left.length} ${who}`, path) : pass();
};

/** The factor cannot be replaced by another control. */
const cannotBeReplaced = (policy: Resource): Outcome => {
  const controls = policy.at('grantControls.builtInControls').items();
  const strength = policy.at('grantControls.authenticationStrengthPolicyId').state === 'absent' ? 0 : 1;
  return holds(policy.at('grantControls.operator').is('OR')) && controls.length + strength > 1
    ? fail('grantControls.operator is "OR": another control does instead of the second factor', 'grantControls.operator')
    : pass();
};

/** A policy that asks for a second factor is in force, and leaves out the emergency accounts only. */
function asksEverybody(policy: Resource, graph: Graph): Outcome {
  if (!demandsFactor(policy)) return notApplicable('asks for no factor');
  const exempt = coversEverybody(policy) ? exemptionOf(policy) : undefined;
  const elsewhere = exempt !== undefined && graph.ofType(CONDITIONAL_ACCESS).some((other) => asksEverywhere(other));
  return allOf(
    policy.at('state').is('enabled'),
    atMost(policy, 'conditions.users.excludedGroups', 1, 'groups'),
    atMost(policy, 'conditions.users.excludedUsers', 2, 'people'),
    exempt !== undefined && !elsewhere ? fail(`${policy.at(exempt).describe()}: these sign in without a second factor`, exempt) : pass(),
    cannotBeReplaced(policy),
  );
}

const LEGACY = ['exchangeActiveSync', 'easSupported', 'other'];

/** A policy for clients that know no second factor shuts them out. */
function blocksLegacy(policy: Resource): Outcome {
  const clients = policy.at('conditions.clientAppTypes');
  if (clients.items().length === 0 || !holds(clients.allIn(LEGACY))) return notApplicable('is not about legacy clients');
  return allOf(policy.at('state').is('enabled'), lists(policy.at('grantControls.builtInControls'), 'block'));
}

/** Those who hold roles of the directory prove themselves in a way that cannot be phished. */
function asksPrivileged(policy: Resource, graph: Graph): Outcome {
  if (policy.at('conditions.users.includedRoles').items().length === 0) return notApplicable('is not about roles of the directory');
  if (!demandsFactor(policy)) return notApplicable('asks for no factor');
  const strength = policy.at('grantControls.authenticationStrengthPolicyId');
  if (strength.state === 'absent')
    return fail('grantControls.authenticationStrengthPolicyId is not set: any second factor does', 'grantControls');
  return isPhishingResistant(strength, graph);
}

const LONGEST_HOURS = { privileged: 1, others: 8 } as const;

/** People sign in again within eight hours; those with roles of the directory within one. */
function asksAgain(policy: Resource): Outcome {
  if (holds(policy.at('sessionControls.signInFrequencyInterval').is('everyTime'))) return pass();
  const frequency = policy.at('sessionControls.signInFrequency');
  if (frequency.state === 'absent') return notApplicable('does not say how long a sign-in lasts');
  const privileged = policy.at('conditions.users.includedRoles').items().length > 0;
  return allOf(
    policy.at('sessionControls.signInFrequencyPeriod').is('hours'),
    frequency.isAtMost(LONGEST_HOURS[privileged ? 'privileged' : 'others']),
  );
}

/** What is known to be in other hands gets in only after it was changed, or not at all. */
function stopsRisk(policy: Resource): Outcome {
  const [user, signIn] = [policy.at('conditions.userRiskLevels'), policy.at('conditions.signInRiskLevels')];
  const risk = user.items().length > 0 ? user : signIn;
  if (risk.items().length === 0) return notApplicable('is not about risk');
  const controls = policy.at('grantControls.builtInControls');
  return allOf(
    policy.at('state').is('enabled'),
    lists(risk, 'high'),
    risk === user
      ? lists(controls, 'block', 'passwordChange')
      : anyOf(
          [lists(controls, 'block', 'mfa'), policy.at('grantControls.authenticationStrengthPolicyId').isSet()],
          'grantControls neither block nor ask for a second factor',
        ),
  );
}

const DEVICE_CONTROLS = ['compliantDevice', 'domainJoinedDevice'];
const MANAGED = [...DEVICE_CONTROLS, 'compliantApplication', 'approvedApplication'];

/** A policy that speaks of devices lets nothing else do instead. */
function asksForDevice(policy: Resource): Outcome {
  const controls = policy.at('grantControls.builtInControls');
  if (!holds(lists(controls, ...DEVICE_CONTROLS))) return notApplicable('is not about devices');
  const alternatives = holds(policy.at('grantControls.operator').is('OR'));
  return allOf(
    policy.at('state').is('enabled'),
    alternatives ? controls.allIn(MANAGED) : pass(),
    alternatives && policy.at('grantControls.authenticationStrengthPolicyId').state !== 'absent'
      ? fail('grantControls.operator is "OR": a second factor does instead of the device', 'grantControls.operator')
      : pass(),
  );
}

/** Combinations of one method alone that are no second factor. */
const TWO_FACTORS = /^(?!(password|sms|qrCodePin|x509CertificateSingleFactor|federatedSingleFactor)$).+$/;

const EVERYBODY = { users: { includedUsers: ['All'] }, applications: { includedApplications: ['All'] } };
const ENABLED = { state: 'enabled' } as const;
const policy = (properties: object) => ({ policy: { type: CONDITIONAL_ACCESS, properties: { displayName: 'p', ...properties } } });
const everybody = (users: object, conditions: object = {}) => ({
  conditions: { ...EVERYBODY, ...conditions, users: { includedUsers: ['All'], ...users } },
});
const MFA = { operator: 'OR', builtInControls: ['mfa'] };
const BLOCK = { operator: 'OR', builtInControls: ['block'] };
const strengthOf = (authenticationStrengthPolicyId: unknown) => ({ operator: 'OR', authenticationStrengthPolicyId });
const BUILT_IN = '/policies/authenticationStrengthPolicies/00000000-0000-0000-0000-000000000004';
const roles = (more: object) => policy({ ...ENABLED, conditions: { users: { includedRoles: ['62e90394'] } }, ...more });
const strength = (...allowedCombinations: readonly unknown[]) => ({
  strength: { type: STRENGTH, properties: { displayName: 's', allowedCombinations } },
});
const legacy = (more: object) => policy({ ...ENABLED, conditions: { clientAppTypes: ['exchangeActiveSync', 'other'] }, ...more });
const risky = (levels: object, ...builtInControls: readonly string[]) =>
  policy({ ...ENABLED, conditions: levels, grantControls: { operator: 'AND', builtInControls } });
const range = (...ipRanges: readonly unknown[]) => ({ place: { type: LOCATION, properties: { ip: { ipRanges, trusted: true } } } });

export const AZURE_CONDITIONAL_ACCESS = {
  'IDA-02': {
    azure: [
      rule({
        on: CONDITIONAL_ACCESS,
        check: asksEverybody,
        fix: "Set state: 'enabled', grantControls with mfa (or an authentication strength) alone, and exclude the emergency accounts only.",
        pass: [
          { resources: policy({ ...ENABLED, grantControls: MFA }) },
          { resources: policy({ ...ENABLED, grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] } }) },
          { resources: policy({ ...ENABLED, grantControls: strengthOf('/policies/strength') }) },
          { resources: policy({ ...ENABLED, grantControls: MFA, ...everybody({ excludedGroups: ['emergency'] }) }) },
          {
            name: 'another policy asks without exemption',
            resources: {
              ...policy({ ...ENABLED, grantControls: MFA, ...everybody({}, { locations: { excludedLocations: ['AllTrusted'] } }) }),
              all: { type: CONDITIONAL_ACCESS, properties: { ...ENABLED, grantControls: MFA, conditions: EVERYBODY } },
            },
          },
        ],
        fail: [
          { resources: policy({ state: 'enabledForReportingButNotEnforced', grantControls: MFA }) },
          { resources: policy({ ...ENABLED, grantControls: { operator: 'OR', builtInControls: ['mfa', 'compliantDevice'] } }) },
          { resources: policy({ ...ENABLED, grantControls: { ...MFA, authenticationStrengthPolicyId: '/policies/strength' } }) },
          { resources: policy({ ...ENABLED, grantControls: MFA, conditions: { users: { excludedGroups: ['emergency', 'sales'] } } }) },
          { resources: policy({ ...ENABLED, grantControls: MFA, conditions: { users: { excludedUsers: ['a', 'b', 'c'] } } }) },
          { resources: policy({ ...ENABLED, grantControls: MFA, ...everybody({ excludedRoles: ['62e90394'] }) }) },
          { resources: policy({ ...ENABLED, grantControls: MFA, ...everybody({}, { locations: { excludedLocations: ['AllTrusted'] } }) }) },
        ],
        unknown: [{ resources: policy({ state: { $unknown: 'config value' }, grantControls: MFA }) }],
        skip: [{ resources: policy({ ...ENABLED, grantControls: BLOCK }) }],
      }),
      rule({
        on: CONDITIONAL_ACCESS,
        check: blocksLegacy,
        fix: "Set state: 'enabled' and grantControls: { operator: 'OR', builtInControls: ['block'] }: these clients know no second factor.",
        pass: [{ resources: legacy({ grantControls: BLOCK }) }],
        fail: [{ resources: legacy({ grantControls: MFA }) }, { resources: legacy({ state: 'disabled', grantControls: BLOCK }) }],
        unknown: [{ resources: legacy({ state: { $unknown: 'config value' }, grantControls: BLOCK }) }],
        skip: [{ resources: policy({ ...ENABLED, conditions: { clientAppTypes: ['all'] }, grantControls: MFA }) }],
      }),
      rule({
        on: CONDITIONAL_ACCESS,
        check: asksPrivileged,
        severity: 'medium',
        fix: 'Set grantControls.authenticationStrengthPolicyId to the built-in phishing-resistant strength (…-000000000004) or one of your own.',
        pass: [
          { resources: roles({ grantControls: strengthOf(BUILT_IN) }) },
          { resources: { ...roles({ grantControls: strengthOf({ $ref: 'strength' }) }), ...strength('fido2', 'windowsHelloForBusiness') } },
        ],
        fail: [
          { resources: roles({ grantControls: MFA }) },
          { resources: roles({ grantControls: strengthOf(BUILT_IN.replace(/4$/, '2')) }) },
          { resources: { ...roles({ grantControls: strengthOf({ $ref: 'strength' }) }), ...strength('fido2', 'password,sms') } },
        ],
        unknown: [{ resources: roles({ grantControls: strengthOf({ $unknown: 'config value' }) }) }],
        skip: [{ resources: policy({ ...ENABLED, grantControls: MFA }) }, { resources: roles({ grantControls: BLOCK }) }],
      }),
      rule({
        on: STRENGTH,
        check: (one) =>
          allOf(
            one.at('allowedCombinations').isSet(),
            every(one.at('allowedCombinations').items(), (combination) => combination.matches(TWO_FACTORS)),
          ),
        fix: 'Remove the combinations that are one factor alone, such as password or sms.',
        pass: [{ resources: strength('fido2', 'password,microsoftAuthenticatorPush') }],
        fail: [{ resources: strength('password') }, { resources: strength('fido2', 'sms') }],
        unknown: [{ resources: strength({ $unknown: 'config value' }) }],
      }),
      rule({
        on: LOCATION,
        check: (place) => {
          if (!holds(place.at('ip.trusted').isTrue())) return notApplicable('is not trusted');
          return every(place.at('ip.ipRanges').items(), (one) =>
            /^::\/[0-7]$/.test(one.string ?? '') || WHOLE_INTERNET.test(one.string ?? '') ? one.asFailure() : one.isSet(),
          );
        },
        fix: 'List the networks of the organisation in ip.ipRanges; a trusted range that is the internet trusts everybody.',
        pass: [{ resources: range('203.0.113.0/24') }],
        fail: [{ resources: range('203.0.113.0/24', '0.0.0.0/1') }, { resources: range('::/0') }],
        skip: [{ resources: { place: { type: LOCATION, properties: { country: { countriesAndRegions: ['DE'] } } } } }],
      }),
    ],
  },
  'IDA-08': {
    azure: rule({
      on: CONDITIONAL_ACCESS,
      check: stopsRisk,
      fix: "Set state: 'enabled', name high among the levels, and block, or ask for mfa with passwordChange.",
      pass: [
        { resources: risky({ userRiskLevels: ['high'] }, 'mfa', 'passwordChange') },
        { resources: risky({ userRiskLevels: ['medium', 'high'] }, 'block') },
        { resources: risky({ signInRiskLevels: ['high'] }, 'mfa') },
      ],
      fail: [
        { resources: risky({ userRiskLevels: ['high'] }, 'mfa') },
        { resources: risky({ userRiskLevels: ['low'] }, 'block') },
        { resources: risky({ signInRiskLevels: ['high'] }, 'compliantDevice') },
        { resources: policy({ state: 'disabled', conditions: { userRiskLevels: ['high'] }, grantControls: BLOCK }) },
      ],
      unknown: [{ resources: risky({ userRiskLevels: [{ $unknown: 'config value' }] }, 'block') }],
      skip: [{ resources: policy({ ...ENABLED, grantControls: MFA }) }],
    }),
  },
  'IDA-14': {
    azure: [
      rule({
        on: CONDITIONAL_ACCESS,
        check: asksAgain,
        severity: 'medium',
        fix: "Set sessionControls: { signInFrequency: 8, signInFrequencyPeriod: 'hours', persistentBrowserMode: 'never' }, and 1 hour for privileged roles.",
        pass: [
          { resources: policy({ sessionControls: { signInFrequency: 8, signInFrequencyPeriod: 'hours' } }) },
          { resources: roles({ sessionControls: { signInFrequency: 1, signInFrequencyPeriod: 'hours' } }) },
          { resources: policy({ sessionControls: { signInFrequencyInterval: 'everyTime' } }) },
        ],
        fail: [
          { resources: policy({ sessionControls: { signInFrequency: 1, signInFrequencyPeriod: 'days' } }) },
          { resources: policy({ sessionControls: { signInFrequency: 24, signInFrequencyPeriod: 'hours' } }) },
          { resources: roles({ sessionControls: { signInFrequency: 8, signInFrequencyPeriod: 'hours' } }) },
        ],
        unknown: [
          { resources: policy({ sessionControls: { signInFrequency: { $unknown: 'config value' }, signInFrequencyPeriod: 'hours' } }) },
        ],
        skip: [{ resources: policy({}) }],
      }),
      rule({
        on: CONDITIONAL_ACCESS,
        check: (one) => {
          const mode = one.at('sessionControls.persistentBrowserMode');
          return mode.state === 'absent' ? notApplicable('does not say whether browsers stay signed in') : mode.is('never');
        },
        severity: 'medium',
        fix: "Set sessionControls.persistentBrowserMode: 'never'.",
        pass: [{ resources: policy({ sessionControls: { persistentBrowserMode: 'never' } }) }],
        fail: [{ resources: policy({ sessionControls: { persistentBrowserMode: 'always' } }) }],
        unknown: [{ resources: policy({ sessionControls: { persistentBrowserMode: { $unknown: 'config value' } } }) }],
        skip: [{ resources: policy({}) }],
      }),
    ],
  },
  'PER-09': {
    azure: rule({
      on: CONDITIONAL_ACCESS,
      check: asksForDevice,
      fix: "Set state: 'enabled' and grantControls with compliantDevice or domainJoinedDevice alone, or operator: 'AND'.",
      pass: [
        { resources: policy({ ...ENABLED, grantControls: { operator: 'OR', builtInControls: DEVICE_CONTROLS } }) },
        { resources: policy({ ...ENABLED, grantControls: { operator: 'AND', builtInControls: ['mfa', 'compliantDevice'] } }) },
      ],
      fail: [
        { resources: policy({ ...ENABLED, grantControls: { operator: 'OR', builtInControls: ['compliantDevice', 'mfa'] } }) },
        { resources: policy({ state: 'disabled', grantControls: { operator: 'OR', builtInControls: ['compliantDevice'] } }) },
        { resources: policy({ ...ENABLED, grantControls: { ...strengthOf(BUILT_IN), builtInControls: ['compliantDevice'] } }) },
      ],
      unknown: [
        { resources: policy({ state: { $unknown: 'config value' }, grantControls: { operator: 'OR', builtInControls: DEVICE_CONTROLS } }) },
      ],
      skip: [{ resources: policy({ ...ENABLED, grantControls: MFA }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
