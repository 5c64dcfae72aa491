import type { ControlId } from '../../../controls';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

export const POOL = 'AWS::Cognito::UserPool';
export const POOL_CLIENT = 'AWS::Cognito::UserPoolClient';

/**
 * Whether people sign in with what the directory itself knows of them; `fail` where every client sends them to other identity
 * providers, so that the directory asks for no password and no factor of its own.
 */
export function signsInItself(pool: Resource, graph: Graph): Outcome {
  const clients = graph.pointingAt(pool, POOL_CLIENT, 'UserPoolId');
  const federated = clients.length > 0 && clients.every((client) => !usesOwnUsers(client));
  return federated ? fail('every client signs people in with another identity provider') : pass();
}

/** A client that names no provider uses the users of its pool. */
const usesOwnUsers = (client: Resource): boolean =>
  client
    .at('SupportedIdentityProviders')
    .orDefault('COGNITO')
    .items()
    .some((provider) => provider.is('COGNITO').verdict !== 'fail');

type Token = 'AccessToken' | 'IdToken' | 'RefreshToken';
const HOURS: Readonly<Record<string, number>> = { seconds: 1 / 3600, minutes: 1 / 60, hours: 1, days: 24 };
const UNITS: Readonly<Record<Token, string>> = { AccessToken: 'hours', IdToken: 'hours', RefreshToken: 'days' };

/** The token lasts no longer than this; the service gives it `standard` hours when nobody says how long. */
function lastsAtMost(client: Resource, token: Token, standard: number, most: number): Outcome {
  const value = client.at(`${token}Validity`);
  if (value.state === 'absent')
    return standard <= most ? pass() : fail(`${value.path} is not set: the token lasts ${inWords(standard)}, not at most ${inWords(most)}`);
  const unit = client.at(`TokenValidityUnits.${token}`).orDefault(UNITS[token]);
  const hours = HOURS[unit.string ?? ''];
  if (value.number === undefined || hours === undefined) return (value.number === undefined ? value : unit).asUnknown();
  return value.number * hours <= most
    ? pass()
    : fail(`${value.path} is ${value.number} ${unit.string}, not at most ${inWords(most)}`, value.path);
}

const inWords = (hours: number): string => (hours > 24 ? `${hours / 24} days` : hours === 1 ? 'one hour' : `${hours} hours`);

/** Days that a refresh token lasts by default, and may at most below the high tier; hours of a working day at the high tier. */
const REFRESH = { standard: 30 * 24, most: 30 * 24, mostAtHigh: 8 } as const;

const WEAK_FLOWS = ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'];

const client = (Properties: object) => ({ Client: { Type: POOL_CLIENT, Properties: { UserPoolId: 'pool', ...Properties } } });
const lasting = (token: Token, amount: unknown, unit?: string) =>
  client({ [`${token}Validity`]: amount, ...(unit === undefined ? {} : { TokenValidityUnits: { [token]: unit } }) });
const oauth = (AllowedOAuthFlows: unknown, rest: object = {}) =>
  client({ AllowedOAuthFlowsUserPoolClient: true, AllowedOAuthFlows, ...rest });
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const CLIENTS = {
  'IDA-14': {
    aws: [
      rule({
        on: POOL_CLIENT,
        check: (each) => every(['AccessToken', 'IdToken'] as const, (token) => lastsAtMost(each, token, 1, 1)),
        fix: 'Use UserDirectory.addClient, or set accessTokenValidity and idTokenValidity to one hour or less (AccessTokenValidity, IdTokenValidity, TokenValidityUnits).',
        pass: [{ resources: lasting('AccessToken', 15, 'minutes') }, { resources: lasting('IdToken', '1') }, { resources: client({}) }],
        fail: [
          { resources: lasting('AccessToken', 8) },
          { resources: lasting('AccessToken', 1, 'days') },
          { resources: lasting('IdToken', 90, 'minutes') },
        ],
        unknown: [
          { ...HOLE, resources: lasting('AccessToken', { Ref: 'Hole' }) },
          { name: 'in a unit that is not known', resources: { ...lasting('AccessToken', 1, { Ref: 'Hole' } as never) }, ...HOLE },
        ],
      }),
      rule({
        // A refresh token is the session: whoever holds it stays signed in.
        on: POOL_CLIENT,
        check: (each, _graph, { tier }) =>
          lastsAtMost(each, 'RefreshToken', REFRESH.standard, tier === 'high' ? REFRESH.mostAtHigh : REFRESH.most),
        fix: 'Use UserDirectory.addClient, or set refreshTokenValidity (RefreshTokenValidity): at most 30 days, and 8 hours at the high tier.',
        pass: [{ resources: lasting('RefreshToken', 480, 'minutes') }, { tier: 'moderate', resources: lasting('RefreshToken', 30) }],
        fail: [
          { resources: client({}) },
          { resources: lasting('RefreshToken', 1) },
          { tier: 'moderate', resources: lasting('RefreshToken', 365, 'days') },
        ],
        unknown: [{ ...HOLE, resources: lasting('RefreshToken', { Ref: 'Hole' }) }],
      }),
    ],
  },

  'IDA-15': {
    aws: [
      rule({
        on: POOL_CLIENT,
        check: (each) =>
          every(
            [
              each.at('PreventUserExistenceErrors').orDefault('LEGACY').is('ENABLED'),
              each.at('EnableTokenRevocation').orDefault(true).isTrue(),
            ],
            (outcome) => outcome,
          ),
        fix: 'Use UserDirectory.addClient, or set preventUserExistenceErrors: true (PreventUserExistenceErrors ENABLED) and leave enableTokenRevocation on.',
        pass: [
          { resources: client({ PreventUserExistenceErrors: 'ENABLED' }) },
          { resources: client({ PreventUserExistenceErrors: 'ENABLED', EnableTokenRevocation: true }) },
        ],
        fail: [
          { resources: client({}) },
          { resources: client({ PreventUserExistenceErrors: 'LEGACY' }) },
          { resources: client({ PreventUserExistenceErrors: 'ENABLED', EnableTokenRevocation: 'false' }) },
        ],
        unknown: [{ ...HOLE, resources: client({ PreventUserExistenceErrors: { Ref: 'Hole' } }) }],
      }),
      rule({
        on: POOL_CLIENT,
        check: (each) =>
          when(each.at('AllowedOAuthFlowsUserPoolClient').orDefault(false).isTrue(), () =>
            every(each.at('AllowedOAuthFlows').items(), (flow) => flow.isNoneOf(['implicit'])),
          ),
        fix: 'Use UserDirectory.addClient, or name the flows: oAuth: { flows: { authorizationCodeGrant: true } } (AllowedOAuthFlows: [code]); without oAuth the CDK allows the implicit flow.',
        pass: [{ resources: oauth(['code']) }],
        fail: [{ resources: oauth(['implicit', 'code']) }],
        unknown: [
          { ...HOLE, resources: oauth([{ Ref: 'Hole' }]) },
          { ...HOLE, resources: oauth(['implicit'], { AllowedOAuthFlowsUserPoolClient: { Ref: 'Hole' } }) },
        ],
        skip: [{ resources: client({ AllowedOAuthFlows: ['implicit'] }) }],
      }),
      rule({
        on: POOL_CLIENT,
        severity: 'low',
        check: (each) => {
          const flows = each.at('ExplicitAuthFlows');
          if (flows.state === 'absent') return notApplicable('offers the flows of the service, none of which sends the password');
          return every(flows.items(), (flow) => flow.isNoneOf(WEAK_FLOWS));
        },
        fix: 'Leave out authFlows.userPassword (ALLOW_USER_PASSWORD_AUTH); with userSrp the password never leaves the device.',
        pass: [{ resources: client({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] }) }],
        fail: [
          { resources: client({ ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH'] }) },
          { resources: client({ ExplicitAuthFlows: ['USER_PASSWORD_AUTH'] }) },
        ],
        skip: [{ resources: client({}) }],
      }),
      rule({
        on: POOL_CLIENT,
        from: 'high',
        check: (each) => each.at('RefreshTokenRotation.Feature').is('ENABLED'),
        fix: 'Use UserDirectory.addClient, or set refreshTokenRotationGracePeriod (RefreshTokenRotation.Feature ENABLED): a stolen refresh token then works once at most.',
        pass: [{ resources: client({ RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 } }) }],
        fail: [{ resources: client({}) }, { resources: client({ RefreshTokenRotation: { Feature: 'DISABLED' } }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
