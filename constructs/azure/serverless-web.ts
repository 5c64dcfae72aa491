import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import type { Promises } from './relax';
import { OWN_IDENTITY } from './serverless-sign-in';
import { RUNS_FROM_PACKAGE, SecureSite, type SecureSiteArgs, SITE_CLAIMS, SITE_FIRM, SITE_RELAXABLE } from './serverless-site';

/** What a {@link SecureWebApp} is made from. */
export interface SecureWebAppArgs extends SecureSiteArgs {
  /** What happens to who is not signed in: people are sent to the sign-in, or are told no. @default 'sign-in' */
  readonly unknownCallers?: 'sign-in' | 'refuse';
}

/**
 * A web app on machines of its own plan, in front of which everybody signs in with the directory, that is reached from inside
 * the network, reaches everything else through it, and runs from a package that it cannot write.
 *
 * There is no password for publishing, no FTP, no remote debugging and no shell; secrets stay in the vault. Where people are
 * sent to the sign-in, the app proves itself to the directory as its own identity, which the application has to trust:
 * `FederatedApplication.trust`.
 *
 * Guarantees TLS-01, TLS-02, TLS-10, DID-12, IDA-10, LPA-14 and VUL-10; from the moderate tier on DID-05, DID-16, DID-22, LOG-19
 * and TLS-07; from the high tier on TLS-04. It takes no origin that breaks DID-21. A Python app is built where it runs, because
 * App Service mounts no package for it.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a value cannot stand
 * @example
 * const desk = new SecureWebApp('desk', {
 *   profile, resourceGroupName, location, network, logs, runtime: 'NODE|24-lts', subnetId: network.subnetIds.apps ?? '',
 *   signIn: { tenantId, clientId: '22222222-2222-2222-2222-222222222222' }, healthCheckPath: '/health',
 * });
 * desk.slot('next');
 */
export class SecureWebApp extends SecureSite {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureWebApp', ...SITE_CLAIMS);

  constructor(name: string, args: SecureWebAppArgs, opts?: pulumi.ComponentResourceOptions) {
    const builtWhereItRuns = /^python\|/i.test(args.runtime ?? '');
    super(
      'palisade:azure:SecureWebApp',
      PROMISES,
      name,
      args,
      {
        kind: 'app,linux',
        unknownCallers: args.unknownCallers === 'refuse' ? 'Return401' : 'RedirectToLoginPage',
        rights: [],
        settings: ({ clientId }) => ({
          ...(builtWhereItRuns ? { SCM_DO_BUILD_DURING_DEPLOYMENT: 'true' } : RUNS_FROM_PACKAGE),
          ...(args.signIn && args.unknownCallers !== 'refuse' ? { [OWN_IDENTITY]: clientId } : {}),
        }),
      },
      opts,
    );
    this.registerOutputs({ id: this.id, hostName: this.hostName });
  }
}

const PROMISES: Promises = {
  claims: SecureWebApp.claims,
  families: ['serverless'],
  relaxable: SITE_RELAXABLE,
  firm: SITE_FIRM,
};
