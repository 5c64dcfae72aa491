import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import type { Promises } from './relax';
import { RUNS_FROM_PACKAGE, SecureSite, type SecureSiteArgs, SITE_CLAIMS, SITE_FIRM, SITE_RELAXABLE } from './serverless-site';

/** Storage in which a function app keeps its locks, timers and keys: a `SecureStorageAccount` is one. */
export interface HostStorage {
  /** Resource id of the account. */
  readonly id: pulumi.Input<string>;
  /** Physical name of the account. */
  readonly accountName: pulumi.Input<string>;
}

/** What a {@link SecureFunctionApp} is made from. */
export interface SecureFunctionAppArgs extends SecureSiteArgs {
  /** Storage of the host, reached by identity; its private endpoints are blob, queue and table. */
  readonly storage: HostStorage;
  /**
   * Connection string of Application Insights, to which functions report; obligatory from tier moderate (LOG-19).
   * @default reported nowhere
   */
  readonly telemetry?: pulumi.Input<string>;
  /**
   * Whether functions report with the identity of the app, to a component that takes no key; the identity needs the role
   * Monitoring Metrics Publisher on it. @default false: the connection string is enough
   */
  readonly telemetryByIdentity?: boolean;
}

/** Version 4 of the host is the only one that is supported. */
const HOST_VERSION = '~4';

/**
 * A function app on machines of its own plan, that is called with a token of the directory from inside the network, reaches
 * its storage and its secrets with an identity, and runs from a package that it cannot write.
 *
 * There is no key of the storage account, no password for publishing, no FTP, no remote debugging and no shell.
 *
 * Guarantees TLS-01, TLS-02, TLS-10, DID-12, IDA-10, LPA-14 and VUL-10; from the moderate tier on DID-05, DID-16, DID-22, LOG-19
 * and TLS-07; from the high tier on TLS-04. It takes no origin that breaks DID-21.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a value cannot stand
 * @example
 * const storage = new SecureStorageAccount('host', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('host'),
 *   retention: { atMostDays: 365 }, services: ['blob', 'queue', 'table'],
 * });
 * const records = new SecureFunctionApp('records', {
 *   profile, resourceGroupName, location, network, logs, storage, runtime: 'NODE|24', subnetId: network.subnetIds.apps ?? '',
 *   signIn: { tenantId, clientId: '22222222-2222-2222-2222-222222222222' }, telemetry: 'InstrumentationKey=…;IngestionEndpoint=…',
 * });
 */
export class SecureFunctionApp extends SecureSite {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureFunctionApp',
    ...SITE_CLAIMS,
    unclaimed('DHC-06', 'what the app records is kept by the workspace: SecureLogWorkspace promises it'),
    unclaimed('DID-08', 'calls are limited at the gateway: FieldSecuredApi promises it'),
    unclaimed('ENC-11', 'the platform encrypts settings and takes no key for them; secrets stay in the vault'),
    unclaimed('SDC-14', 'the platform verifies no signature of code; the package is read-only where it runs'),
  );

  constructor(name: string, args: SecureFunctionAppArgs, opts?: pulumi.ComponentResourceOptions) {
    const where = `SecureFunctionApp "${name}"`;
    const { storage, telemetry } = args;
    if (!storage?.id || !storage.accountName)
      throw new RangeError(`${where}: storage is missing; pass a SecureStorageAccount with services blob, queue and table`);
    const why = 'Locks, timers and keys of the functions';
    super(
      'palisade:azure:SecureFunctionApp',
      PROMISES,
      name,
      args,
      {
        kind: 'functionapp,linux',
        unknownCallers: 'Return401',
        rights: [
          { part: 'host-blobs', role: 'Storage Blob Data Owner', scope: storage.id, why },
          { part: 'host-queues', role: 'Storage Queue Data Contributor', scope: storage.id, why },
          { part: 'host-tables', role: 'Storage Table Data Contributor', scope: storage.id, why },
        ],
        settings: ({ clientId }) => ({
          ...RUNS_FROM_PACKAGE,
          FUNCTIONS_EXTENSION_VERSION: HOST_VERSION,
          FUNCTIONS_WORKER_RUNTIME: (args.runtime ?? '').split('|')[0]?.toLowerCase() ?? '',
          AzureWebJobsStorage__accountName: storage.accountName,
          AzureWebJobsStorage__credential: 'managedidentity',
          AzureWebJobsStorage__clientId: clientId,
          ...(telemetry === undefined ? {} : { APPLICATIONINSIGHTS_CONNECTION_STRING: pulumi.secret(telemetry) }),
          ...(args.telemetryByIdentity
            ? { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: pulumi.interpolate`ClientId=${clientId};Authorization=AAD` }
            : {}),
        }),
      },
      opts,
    );
    this.need(telemetry, 'telemetry', 'moderate', 'LOG-19', 'pass the connection string of an Application Insights component');
    this.registerOutputs({ id: this.id, hostName: this.hostName });
  }
}

const PROMISES: Promises = {
  claims: SecureFunctionApp.claims,
  families: ['serverless'],
  relaxable: SITE_RELAXABLE,
  firm: SITE_FIRM,
};
