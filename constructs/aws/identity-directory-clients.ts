import { Duration } from 'aws-cdk-lib';
import { OAuthScope, type UserPoolClientOptions } from 'aws-cdk-lib/aws-cognito';
import { reaches, type Tier } from '../contract';

/** Longest lives of tokens, in hours (IDA-14). */
const LONGEST = { token: 1, refresh: 30 * 24, refreshAtHigh: 8 } as const;

/** Options of the CDK's client that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'analytics',
  'authSessionValidity',
  'enablePropagateAdditionalUserContextData',
  'generateSecret',
  'readAttributes',
  'supportedIdentityProviders',
  'userPoolClientName',
  'writeAttributes',
] as const satisfies readonly (keyof UserPoolClientOptions)[];

/** The options of a client, after the promises of its directory. */
export function hardenClient(where: string, tier: Tier, options: UserPoolClientOptions): UserPoolClientOptions {
  const { authFlows = { userSrp: true }, oAuth } = options;
  if (authFlows.userPassword || authFlows.adminUserPassword)
    throw new Error(`${where}: authFlows sends the password itself; use userSrp, which proves it without sending it (IDA-15)`);
  if (oAuth?.flows?.implicitCodeGrant)
    throw new Error(`${where}: oAuth.flows.implicitCodeGrant puts tokens into addresses; use authorizationCodeGrant (IDA-15)`);
  const plain = [...(oAuth?.callbackUrls ?? []), ...(oAuth?.logoutUrls ?? [])].find((url) => /^http:\/\/(?!localhost[:/])/.test(url));
  if (plain !== undefined) throw new Error(`${where}: oAuth leads to the clear-text address "${plain}"; write https:// (TLS-02)`);
  const refresh = reaches(tier, 'high') ? LONGEST.refreshAtHigh : LONGEST.refresh;
  return {
    ...Object.fromEntries(PASSED_ON.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]]))),
    authFlows,
    ...(oAuth
      ? { oAuth: { ...oAuth, flows: oAuth.flows ?? { authorizationCodeGrant: true }, scopes: oAuth.scopes ?? [OAuthScope.OPENID] } }
      : { disableOAuth: true }),
    accessTokenValidity: atMost(where, 'accessTokenValidity', options.accessTokenValidity, LONGEST.token),
    idTokenValidity: atMost(where, 'idTokenValidity', options.idTokenValidity, LONGEST.token),
    refreshTokenValidity: atMost(where, 'refreshTokenValidity', options.refreshTokenValidity, refresh),
    refreshTokenRotationGracePeriod: options.refreshTokenRotationGracePeriod ?? Duration.seconds(0),
    enableTokenRevocation: true,
    preventUserExistenceErrors: true,
  };
}

function atMost(where: string, prop: string, given: Duration | undefined, mostHours: number): Duration {
  const most = Duration.hours(mostHours);
  const length = given ?? most;
  if (length.toMinutes() > most.toMinutes())
    throw new Error(`${where}: ${prop} is ${length.toHumanString()}; at most ${most.toHumanString()} (IDA-14)`);
  return length;
}
