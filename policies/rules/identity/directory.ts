import type { ControlId } from '../../../controls';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { POOL, POOL_CLIENT, signsInItself } from './directory-clients';

const RISKS = 'AWS::Cognito::UserPoolRiskConfigurationAttachment';
const IDENTITY_POOL = 'AWS::Cognito::IdentityPool';
const ROLE_ATTACHMENT = 'AWS::Cognito::IdentityPoolRoleAttachment';
const DOMAIN = 'AWS::Cognito::UserPoolDomain';
const LOGS = 'AWS::Cognito::LogDeliveryConfiguration';

const LEAST_LENGTH = 14;
const HISTORY = 24;
const CLASSES = ['Lowercase', 'Uppercase', 'Numbers', 'Symbols'] as const;

/** Without a policy the service asks for 8 characters of every class; with one it asks for what the policy names. */
function isComplex(pool: Resource): Outcome {
  const policy = pool.at('Policies.PasswordPolicy');
  const standard = policy.state === 'absent';
  return every(
    [
      policy.at('MinimumLength').orDefault(8).isAtLeast(LEAST_LENGTH),
      ...CLASSES.map((name) => policy.at(`Require${name}`).orDefault(standard).isTrue()),
    ],
    (outcome) => outcome,
  );
}

/** Judged where the directory itself asks people for passwords and factors. */
const whereItSignsIn = (pool: Resource, graph: Graph, check: () => Outcome): Outcome => when(signsInItself(pool, graph), check);

/** What threat protection does in standard sign-in. */
const enforcesProtection = (pool: Resource): Outcome => pool.at('UserPoolAddOns.AdvancedSecurityMode').orDefault('OFF').is('ENFORCED');

/** Protection is enforced, and what is said of its reactions, for all clients or for one, does nothing weaker. */
function reacts(pool: Resource, graph: Graph, reaction: (risks: Resource) => Outcome): Outcome {
  return allOf(enforcesProtection(pool), every(graph.pointingAt(pool, RISKS, 'UserPoolId'), reaction));
}

const TAKEOVER = 'AccountTakeoverRiskConfiguration.Actions';
const REACTIONS = ['BLOCK', 'MFA_REQUIRED', 'MFA_IF_CONFIGURED'];

/** Sign-ins of high risk are stopped, or need a second factor. */
function stopsTakeover(risks: Resource): Outcome {
  const action = risks.at(`${TAKEOVER}.HighAction.EventAction`);
  return risks.at('AccountTakeoverRiskConfiguration').state === 'absent' ? pass() : action.isOneOf(REACTIONS);
}

function blocksLeaked(risks: Resource): Outcome {
  const leaked = risks.at('CompromisedCredentialsRiskConfiguration');
  return leaked.state === 'absent' ? pass() : leaked.at('Actions.EventAction').is('BLOCK');
}

const pool = (Properties: object, rest: object = {}) => ({ Pool: { Type: POOL, Properties, ...rest } });
const passwords = (PasswordPolicy: object) => pool({ Policies: { PasswordPolicy } });
const STRONG = { MinimumLength: 14, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true };
const client = (...SupportedIdentityProviders: readonly string[]) => ({
  Client: { Type: POOL_CLIENT, Properties: { UserPoolId: { Ref: 'Pool' }, SupportedIdentityProviders } },
});
const FEDERATED = { name: 'people sign in elsewhere', resources: { ...pool({}), ...client('Entra') } };
const protectedBy = (AdvancedSecurityMode: unknown, risks?: object) => ({
  ...pool({ UserPoolAddOns: { AdvancedSecurityMode } }),
  ...(risks ? { Risks: { Type: RISKS, Properties: { UserPoolId: { Ref: 'Pool' }, ClientId: 'ALL', ...risks } } } : {}),
});
const takeover = (EventAction: string) => ({
  AccountTakeoverRiskConfiguration: { Actions: { HighAction: { EventAction, Notify: false } } },
});
const leaked = (EventAction: string) => ({ CompromisedCredentialsRiskConfiguration: { Actions: { EventAction } } });
const identities = (Properties: object) => ({ Identities: { Type: IDENTITY_POOL, Properties } });
const roles = (Roles: unknown) => ({ Attachment: { Type: ROLE_ATTACHMENT, Properties: { IdentityPoolId: 'x', Roles } } });
const logs = (EventSource: unknown) => ({
  ...pool({}),
  Logs: { Type: LOGS, Properties: { UserPoolId: { Ref: 'Pool' }, LogConfigurations: [{ EventSource }] } },
});
const domain = (Properties: object) => ({ Domain: { Type: DOMAIN, Properties: { UserPoolId: 'x', ...Properties } } });
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const DIRECTORY = {
  'IDA-01': {
    aws: rule({
      // A directory for customers may well be open: advice.
      on: POOL,
      severity: 'low',
      check: (each, graph) =>
        whereItSignsIn(each, graph, () => each.at('AdminCreateUserConfig.AllowAdminCreateUserOnly').orDefault(false).isTrue()),
      fix: 'Use UserDirectory, or set selfSignUpEnabled: false (AdminCreateUserConfig.AllowAdminCreateUserOnly true), unless everybody may become a user.',
      pass: [{ resources: pool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }) }],
      fail: [{ resources: pool({}) }, { resources: pool({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: 'false' } }) }],
      skip: [FEDERATED],
    }),
  },

  'IDA-02': {
    aws: [
      rule({
        on: POOL,
        check: (each, graph) =>
          whereItSignsIn(each, graph, () => each.at('MfaConfiguration').orDefault('OFF').isOneOf(['ON', 'OPTIONAL', 'true'])),
        fix: 'Use UserDirectory, or set mfa: Mfa.REQUIRED (MfaConfiguration ON).',
        pass: [
          { resources: pool({ MfaConfiguration: 'ON' }) },
          { resources: pool({ MfaConfiguration: 'OPTIONAL' }) },
          { name: 'YAML without quotes', resources: pool({ MfaConfiguration: true }) },
        ],
        fail: [{ resources: pool({}) }, { resources: pool({ MfaConfiguration: 'OFF' }) }],
        unknown: [{ ...HOLE, resources: pool({ MfaConfiguration: { Ref: 'Hole' } }) }],
        skip: [FEDERATED],
      }),
      rule({
        on: POOL,
        from: 'high',
        check: (each, graph) =>
          whereItSignsIn(each, graph, () => {
            const second = each.at('MfaConfiguration').orDefault('OFF');
            return second.is('OFF').verdict === 'pass'
              ? notApplicable('asks for no second factor at all, which is a finding of its own')
              : second.is('ON');
          }),
        fix: 'Use UserDirectory, or set mfa: Mfa.REQUIRED (MfaConfiguration ON): what is optional, those who need it most leave out.',
        pass: [{ resources: pool({ MfaConfiguration: 'ON' }) }],
        fail: [{ resources: pool({ MfaConfiguration: 'OPTIONAL' }) }],
        unknown: [{ ...HOLE, resources: pool({ MfaConfiguration: { Ref: 'Hole' } }) }],
        skip: [{ ...FEDERATED, resources: { ...pool({ MfaConfiguration: 'OPTIONAL' }), ...client('Entra', 'Okta') } }],
      }),
      rule({
        // Texts and mails can be intercepted and phished.
        on: POOL,
        from: 'high',
        severity: 'low',
        check: (each) => {
          const factors = each.at('EnabledMfas');
          return factors.state === 'absent'
            ? notApplicable('names no factors')
            : every(factors.items(), (factor) => factor.isNoneOf(['SMS_MFA', 'EMAIL_OTP']));
        },
        fix: 'Use UserDirectory, or set mfaSecondFactor: { otp: true, sms: false } (EnabledMfas: [SOFTWARE_TOKEN_MFA]).',
        pass: [{ resources: pool({ EnabledMfas: ['SOFTWARE_TOKEN_MFA'] }) }],
        fail: [
          { resources: pool({ EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'SMS_MFA'] }) },
          { resources: pool({ EnabledMfas: ['EMAIL_OTP'] }) },
        ],
        skip: [{ resources: pool({}) }],
      }),
    ],
  },

  'IDA-03': {
    aws: [
      rule({
        on: POOL,
        check: (each, graph) => whereItSignsIn(each, graph, () => isComplex(each)),
        fix: 'Use UserDirectory, or set passwordPolicy with minLength of at least 14 and all four classes (Policies.PasswordPolicy).',
        pass: [{ resources: passwords(STRONG) }],
        fail: [
          { resources: pool({}) },
          { resources: passwords({ ...STRONG, MinimumLength: 8 }) },
          { resources: passwords({ ...STRONG, RequireSymbols: 'false' }) },
          { resources: passwords({ ...STRONG, RequireNumbers: undefined }) },
          { resources: passwords({ ...STRONG, RequireLowercase: false }) },
          { resources: passwords({ ...STRONG, RequireUppercase: false }) },
        ],
        unknown: [{ ...HOLE, resources: passwords({ ...STRONG, MinimumLength: { Ref: 'Hole' } }) }],
        skip: [FEDERATED],
      }),
    ],
  },

  'IDA-04': {
    aws: [
      rule({
        on: POOL,
        check: (each, graph) =>
          whereItSignsIn(each, graph, () => each.at('Policies.PasswordPolicy.PasswordHistorySize').orDefault(0).isAtLeast(HISTORY)),
        fix: 'Use UserDirectory, or set passwordPolicy.passwordHistorySize to 24 (Policies.PasswordPolicy.PasswordHistorySize).',
        pass: [{ resources: passwords({ PasswordHistorySize: 24 }) }],
        fail: [{ resources: pool({}) }, { resources: passwords({ PasswordHistorySize: 5 }) }],
        skip: [FEDERATED],
      }),
    ],
  },

  'IDA-05': {
    aws: [
      rule({
        on: POOL,
        severity: 'low',
        check: (each, graph) =>
          whereItSignsIn(each, graph, () => each.at('Policies.PasswordPolicy.TemporaryPasswordValidityDays').orDefault(7).isAtMost(7)),
        fix: 'Set passwordPolicy.tempPasswordValidity to 7 days or less (Policies.PasswordPolicy.TemporaryPasswordValidityDays).',
        pass: [{ resources: passwords({ TemporaryPasswordValidityDays: 3 }) }],
        fail: [{ resources: passwords({ TemporaryPasswordValidityDays: 365 }) }],
        skip: [FEDERATED],
      }),
    ],
  },

  'IDA-07': {
    aws: rule({
      // The service slows repeated failures down by itself; threat protection judges each sign-in by its circumstances as well.
      on: POOL,
      from: 'moderate',
      severity: 'low',
      check: (each, graph) => whereItSignsIn(each, graph, () => reacts(each, graph, stopsTakeover)),
      fix: 'Use UserDirectory, or featurePlan PLUS with standardThreatProtectionMode FULL_FUNCTION (UserPoolAddOns.AdvancedSecurityMode ENFORCED), and let AccountTakeoverRiskConfiguration block or challenge high risk.',
      pass: [
        { resources: protectedBy('ENFORCED') },
        { resources: protectedBy('ENFORCED', takeover('BLOCK')) },
        { resources: protectedBy('ENFORCED', leaked('BLOCK')) },
      ],
      fail: [{ resources: pool({}) }, { resources: protectedBy('AUDIT') }, { resources: protectedBy('ENFORCED', takeover('NO_ACTION')) }],
      skip: [FEDERATED],
    }),
  },

  'IDA-08': {
    aws: rule({
      on: POOL,
      severity: 'medium',
      check: (each, graph) => whereItSignsIn(each, graph, () => reacts(each, graph, blocksLeaked)),
      fix: 'Use UserDirectory, or featurePlan PLUS with standardThreatProtectionMode FULL_FUNCTION (UserPoolAddOns.AdvancedSecurityMode ENFORCED), and CompromisedCredentialsRiskConfiguration with EventAction BLOCK.',
      pass: [{ resources: protectedBy('ENFORCED') }, { resources: protectedBy('ENFORCED', leaked('BLOCK')) }],
      fail: [{ resources: pool({}) }, { resources: protectedBy('AUDIT') }, { resources: protectedBy('ENFORCED', leaked('NO_ACTION')) }],
      skip: [FEDERATED],
    }),
  },

  'LPA-14': {
    aws: [
      rule({
        on: IDENTITY_POOL,
        check: (each) => each.at('AllowUnauthenticatedIdentities').isFalse(),
        fix: 'Set AllowUnauthenticatedIdentities: false, so that credentials go to people who signed in.',
        pass: [{ resources: identities({ AllowUnauthenticatedIdentities: false }) }],
        fail: [{ resources: identities({ AllowUnauthenticatedIdentities: 'true' }) }],
        unknown: [{ ...HOLE, resources: identities({ AllowUnauthenticatedIdentities: { Ref: 'Hole' } }) }],
      }),
      rule({
        on: ROLE_ATTACHMENT,
        check: (each) => {
          const held = each.at('Roles');
          if (held.state === 'absent') return notApplicable('gives no roles');
          return held.at('unauthenticated').isSet().verdict === 'fail' ? pass() : fail('people who have not signed in get a role', 'Roles');
        },
        fix: 'Leave out Roles.unauthenticated, and set AllowUnauthenticatedIdentities: false on the identity pool.',
        pass: [{ resources: roles({ authenticated: 'arn:aws:iam::111122223333:role/a', unauthenticated: '' }) }],
        fail: [{ resources: roles({ unauthenticated: 'arn:aws:iam::111122223333:role/guest' }) }],
        skip: [{ resources: roles(undefined) }],
      }),
      rule({
        on: IDENTITY_POOL,
        severity: 'low',
        check: (each) => each.at('AllowClassicFlow').orDefault(false).isFalse(),
        fix: 'Leave out AllowClassicFlow: the enhanced flow narrows what the credentials of guests and users can do.',
        pass: [{ resources: identities({ AllowClassicFlow: false }) }],
        fail: [{ resources: identities({ AllowClassicFlow: true }) }],
      }),
    ],
  },

  'LOG-17': {
    aws: rule({
      on: POOL,
      from: 'high',
      check: (each, graph) =>
        whereItSignsIn(each, graph, () =>
          some(
            graph.pointingAt(each, LOGS, 'UserPoolId').flatMap((delivery) => delivery.at('LogConfigurations').items()),
            (delivery) => delivery.at('EventSource').is('userAuthEvents'),
            'no AWS::Cognito::LogDeliveryConfiguration exports userAuthEvents',
          ),
        ),
      fix: 'Use UserDirectory, or add AWS::Cognito::LogDeliveryConfiguration with EventSource userAuthEvents and a log group, bucket or stream.',
      pass: [{ resources: logs('userAuthEvents') }],
      fail: [{ resources: pool({}) }, { resources: logs('userNotification') }],
      skip: [FEDERATED],
    }),
  },

  'ENC-02': {
    aws: rule({
      on: POOL,
      from: 'high',
      check: (each) =>
        allOf(
          each.at('KeyConfiguration.KeyType').orDefault('AWS_OWNED_KEY').is('CUSTOMER_MANAGED_KEY'),
          isOwnKey(each.at('KeyConfiguration.KmsKeyArn')),
        ),
      fix: 'Use UserDirectory, or set KeyConfiguration with KeyType CUSTOMER_MANAGED_KEY and KmsKeyArn.',
      pass: [
        {
          resources: pool({
            KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' },
          }),
        },
      ],
      fail: [
        { resources: pool({}) },
        { resources: pool({ KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY' } }) },
        { resources: pool({ KeyConfiguration: { KmsKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' } }) },
      ],
    }),
  },

  'DHC-10': {
    aws: rule({
      on: POOL,
      severity: 'low',
      check: (each) => each.at('DeletionProtection').orDefault('INACTIVE').is('ACTIVE'),
      fix: 'Use UserDirectory, or set deletionProtection: true (DeletionProtection ACTIVE).',
      pass: [{ resources: pool({ DeletionProtection: 'ACTIVE' }) }],
      fail: [{ resources: pool({}) }, { resources: pool({ DeletionProtection: 'INACTIVE' }) }],
    }),
  },

  'TLS-01': {
    aws: rule({
      on: DOMAIN,
      check: (each) => {
        const policy = each.at('CustomDomainConfig.SecurityPolicy');
        return policy.state === 'absent' ? notApplicable('the service chooses, TLS 1.2 or newer') : policy.matches(/1[._]?[23]/);
      },
      fix: 'Leave out CustomDomainConfig.SecurityPolicy, or name one of TLS 1.2 or newer.',
      pass: [{ resources: domain({ CustomDomainConfig: { SecurityPolicy: 'TLSv1.2_2021' } }) }],
      fail: [{ resources: domain({ CustomDomainConfig: { SecurityPolicy: 'TLSv1' } }) }],
      skip: [{ resources: domain({ Domain: 'cases' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
