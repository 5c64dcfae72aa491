/** What clients may do: how applications sign people in, and how much a query may read. */
import { allOf, every, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Specs } from './merge';
import { only } from './samples';

const CLIENT = 'AWS::Cognito::UserPoolClient';
const WORK_GROUP = 'AWS::Athena::WorkGroup';

/** The implicit flow hands tokens over in an address, where histories and logs keep them. */
const FLOWS = ['code', 'client_credentials'];
const offersSafeFlows = (one: Resource): Outcome => every(one.at('AllowedOAuthFlows').items(), (flow) => flow.isOneOf(FLOWS));

/** In every other flow, save the one of an administrator's own server, the application sees the password of the user. */
const SIGN_INS = [
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_USER_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'CUSTOM_AUTH_FLOW_ONLY',
];
const keepsPasswordsToItself = (one: Resource): Outcome => every(one.at('ExplicitAuthFlows').items(), (flow) => flow.isOneOf(SIGN_INS));

const client = (properties: object = {}) => only(CLIENT, { UserPoolId: 'p', ...properties });
const workGroup = (WorkGroupConfiguration: object) => only(WORK_GROUP, { Name: 'w', WorkGroupConfiguration });
const byParameter = { parameters: { Value: { Type: 'String' } } };
const LIMIT = 10_737_418_240;

export const clients = {
  'IDA-15': {
    aws: [
      rule({
        on: CLIENT,
        check: offersSafeFlows,
        fix: 'Offer the code flow only: AllowedOAuthFlows [code] (flows: { authorizationCodeGrant: true } in CDK).',
        pass: [client({ AllowedOAuthFlows: ['code'] }), client()],
        fail: [client({ AllowedOAuthFlows: ['implicit', 'code'] })],
        unknown: [{ ...byParameter, ...client({ AllowedOAuthFlows: [{ Ref: 'Value' }] }) }],
      }),
      rule({
        on: CLIENT,
        check: (one) => one.at('PreventUserExistenceErrors').orDefault('LEGACY').is('ENABLED'),
        fix: 'Set PreventUserExistenceErrors to ENABLED (preventUserExistenceErrors in CDK).',
        pass: [client({ PreventUserExistenceErrors: 'ENABLED' })],
        fail: [client(), client({ PreventUserExistenceErrors: 'LEGACY' })],
      }),
      rule({
        on: CLIENT,
        check: (one) => one.at('EnableTokenRevocation').orDefault(true).isTrue(),
        fix: 'Set EnableTokenRevocation to true.',
        pass: [client({ EnableTokenRevocation: true })],
        fail: [client({ EnableTokenRevocation: false })],
      }),
      rule({
        on: CLIENT,
        check: keepsPasswordsToItself,
        fix: 'Offer ALLOW_USER_SRP_AUTH and ALLOW_REFRESH_TOKEN_AUTH in ExplicitAuthFlows, and no flow in which the application sees the password.',
        pass: [client({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'] })],
        fail: [client({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] })],
      }),
      rule({
        on: CLIENT,
        severity: 'low',
        from: 'moderate',
        check: (one) => one.at('RefreshTokenRotation.Feature').orDefault('DISABLED').is('ENABLED'),
        fix: 'Set RefreshTokenRotation with Feature ENABLED, so that a stolen refresh token is of use once.',
        pass: [client({ RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 } })],
        fail: [client(), client({ RefreshTokenRotation: { Feature: 'DISABLED' } })],
      }),
    ],
  },

  'EXP-06': {
    aws: rule({
      on: WORK_GROUP,
      check: (group) => {
        const limits = group.at('WorkGroupConfiguration');
        return limits.state === 'unknown'
          ? limits.asUnknown()
          : allOf(
              limits.at('BytesScannedCutoffPerQuery').isAtLeast(1),
              limits.at('EnforceWorkGroupConfiguration').orDefault(true).isTrue(),
            );
      },
      fix: 'Set WorkGroupConfiguration.BytesScannedCutoffPerQuery, and leave EnforceWorkGroupConfiguration true.',
      pass: [workGroup({ BytesScannedCutoffPerQuery: LIMIT, EnforceWorkGroupConfiguration: true })],
      fail: [
        workGroup({ EnforceWorkGroupConfiguration: true }),
        workGroup({ BytesScannedCutoffPerQuery: LIMIT, EnforceWorkGroupConfiguration: false }),
      ],
      unknown: [{ ...byParameter, ...workGroup({ BytesScannedCutoffPerQuery: { Ref: 'Value' } }) }],
    }),
  },
} as const satisfies Specs;
