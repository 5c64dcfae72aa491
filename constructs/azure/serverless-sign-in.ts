import * as pulumi from '@pulumi/pulumi';

/** Who may call: people and services with a token of the directory for this application. */
export interface SignIn {
  /** Directory whose tokens are taken. */
  readonly tenantId: pulumi.Input<string>;
  /** Application id under which the app is registered in the directory. */
  readonly clientId: pulumi.Input<string>;
  /** Audiences of tokens besides the application id. @default none */
  readonly audiences?: readonly pulumi.Input<string>[];
  /** Application ids whose tokens are taken: a gateway, a front end. @default every application of the directory */
  readonly clientIds?: readonly pulumi.Input<string>[];
  /**
   * Header in which a gateway in front says which host the browser asked for, so that people come back there after they signed
   * in: `X-Original-Host` behind an application gateway. @default none: nothing stands in front
   */
  readonly originalHostHeader?: string;
}

/** What happens to who is not known: a page sends people to the sign-in, an interface says no. */
export type UnknownCallers = 'RedirectToLoginPage' | 'Return401';

/**
 * A page proves itself to the directory as its own identity, and has no password for it: the application trusts the identity
 * (`FederatedApplication.trust`). The name is the one by which App Service knows that; its value is the client id.
 */
export const OWN_IDENTITY = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID';

/** A session ends after a working day. */
const SESSION = '08:00:00';

/** Everybody shows a token of the directory, except to the path that says whether the app is well. */
export function signInSettings(
  { audiences = [], clientId, clientIds, originalHostHeader, tenantId }: SignIn,
  unknownCallers: UnknownCallers,
  healthCheckPath: string | undefined,
) {
  return {
    platform: { enabled: true, runtimeVersion: '~1' },
    globalValidation: {
      requireAuthentication: true,
      unauthenticatedClientAction: unknownCallers,
      redirectToProvider: 'azureactivedirectory',
      excludedPaths: healthCheckPath === undefined ? [] : [healthCheckPath],
    },
    httpSettings: {
      requireHttps: true,
      forwardProxy:
        originalHostHeader === undefined
          ? { convention: 'NoProxy' as const }
          : { convention: 'Custom' as const, customHostHeaderName: originalHostHeader },
      routes: { apiPrefix: '/.auth' },
    },
    login: {
      nonce: { validateNonce: true, nonceExpirationInterval: '00:05:00' },
      cookieExpiration: { convention: 'FixedTime' as const, timeToExpiration: SESSION },
      preserveUrlFragmentsForLogins: false,
      tokenStore: { enabled: false },
    },
    identityProviders: {
      azureActiveDirectory: {
        enabled: true,
        registration: {
          clientId,
          openIdIssuer: pulumi.interpolate`https://login.microsoftonline.com/${tenantId}/v2.0`,
          ...(unknownCallers === 'RedirectToLoginPage' ? { clientSecretSettingName: OWN_IDENTITY } : {}),
        },
        validation: {
          allowedAudiences: [clientId, ...audiences],
          ...(clientIds === undefined
            ? {}
            : {
                defaultAuthorizationPolicy: { allowedApplications: [...clientIds] },
                jwtClaimChecks: { allowedClientApplications: [...clientIds] },
              }),
        },
      },
    },
  };
}
