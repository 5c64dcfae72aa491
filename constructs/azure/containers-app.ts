import * as app from '@pulumi/azure-native/app';
import type * as authorization from '@pulumi/azure-native/authorization';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { type AppContainer, type AppSecret, containerOf } from './containers-app-template';
import type { SecureContainerEnvironment } from './containers-environment';
import { assignRole } from './identity-roles';
import { physicalName } from './naming';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** How an app is called. */
export interface AppIngress {
  /** Port on which the app answers. */
  readonly port: number;
  /**
   * Who reaches it: the other apps of its environment, or everything in the network, such as the gateway that publishes it.
   * @default 'environment'
   */
  readonly reach?: 'environment' | 'network';
  /** What callers speak, always over TLS. @default 'auto': HTTP/1.1 or HTTP/2 */
  readonly transport?: 'auto' | 'http' | 'http2';
  /** What the app itself speaks, within its own sandbox. @default 'http' */
  readonly targetScheme?: 'http' | 'https';
  /**
   * Whether callers have to show a certificate. Asking for none at the high tier, where only apps call, needs TLS-07 to be
   * relaxed. @default 'require' at tier high where only apps call, otherwise 'accept'
   */
  readonly clientCertificates?: 'require' | 'accept' | 'ignore';
  /** Exact origins of the sites whose scripts may call it (DID-21). @default none */
  readonly allowedOrigins?: readonly string[];
}

/** What a {@link SecureContainerApp} is made from. */
export interface SecureContainerAppArgs extends SecureArgs {
  /** Where it runs. */
  readonly environment: Pick<SecureContainerEnvironment, 'id'>;
  /** What it runs. */
  readonly containers: readonly AppContainer[];
  /** What runs before, and has to end well. @default nothing */
  readonly initContainers?: readonly AppContainer[];
  /** Registry of the images, such as a SecureRegistry; the app pulls by its own identity. @default none: images are public */
  readonly registry?: { readonly id: pulumi.Input<string>; readonly loginServer: pulumi.Input<string> };
  /** How it is called. @default not at all */
  readonly ingress?: AppIngress;
  /** Secrets of a vault, by the names that containers use. @default none */
  readonly secrets?: Readonly<Record<string, AppSecret>>;
  /** Least number of replicas. @default 2 from tier moderate, otherwise 1 */
  readonly minReplicas?: number;
  /** Greatest number of replicas. @default 10 */
  readonly maxReplicas?: number;
  /** Machines of the environment on which it runs. @default 'Consumption' */
  readonly workloadProfile?: string;
}

/**
 * A container app that is called over TLS and from inside only, runs images that cannot change, and holds no key: it pulls
 * images, reads secrets and reaches stores by an identity of its own.
 *
 * Guarantees IDA-10 and TLS-02; from the moderate tier on SDC-14; from the high tier on TLS-07 where only apps call it. It takes
 * no argument that breaks DID-21. The service runs containers without privileges; the user is that of the image.
 *
 * @throws RangeError for an image without digest, a number of replicas that is none, or a relaxation that cannot stand
 * @example
 * const environment = new SecureContainerEnvironment('cases', {
 *   profile, resourceGroupName, location, logs, subnetId: network.subnetIds.apps ?? '',
 * });
 * const service = new SecureContainerApp('service', {
 *   profile, resourceGroupName, location, environment,
 *   containers: [{
 *     name: 'service',
 *     image: 'cases.azurecr.io/service@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
 *     health: { path: '/healthy', port: 8080 },
 *   }],
 *   ingress: { port: 8080, reach: 'network' },
 * });
 */
export class SecureContainerApp extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureContainerApp',
    'IDA-10',
    { control: 'SDC-14', from: 'moderate' },
    'TLS-02',
    { control: 'TLS-07', from: 'high' },
    unclaimed(
      'DID-14',
      'Container Apps takes no user, no privileges and no read-only root: the first is the image’s, the second nobody gets',
    ),
    unclaimed('DID-22', 'the network is that of the environment, and promised there'),
    unclaimed('LOG-19', 'what containers write is collected by the environment, and promised there'),
  );

  /** The app itself. */
  readonly app: app.ContainerApp;
  /** Resource id of the app. */
  readonly id: pulumi.Output<string>;
  /** Name under which it is called; empty where it is not. */
  readonly hostName: pulumi.Output<string>;
  /** Identity of the app, for role assignments. */
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly #args: SecureContainerAppArgs;

  constructor(name: string, args: SecureContainerAppArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureContainerApp', PROMISES, name, args, opts);
    this.#args = args;
    this.#check();
    const place = { resourceGroupName: args.resourceGroupName, location: this.location, tags: this.tags };
    this.identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, place, { parent: this });
    this.app = this.#create(this.#grant());
    this.id = this.app.id;
    this.hostName = this.app.configuration.apply((configuration) => configuration?.ingress?.fqdn ?? '');
    this.waive('TLS-07', this.app);
    this.registerOutputs({ id: this.id, hostName: this.hostName });
  }

  #check(): void {
    const { containers, environment, ingress, maxReplicas = 10, relax } = this.#args;
    const min = this.#least;
    if (!environment?.id) throw new RangeError(`${this.where}: environment is missing; pass a SecureContainerEnvironment (DID-22)`);
    if (!containers?.length) throw new RangeError(`${this.where}: containers is empty; name at least one`);
    if (
      !(Number.isInteger(min) && Number.isInteger(maxReplicas) && min >= 0 && maxReplicas >= 1 && min <= maxReplicas && maxReplicas <= 1000)
    )
      throw new RangeError(`${this.where}: minReplicas is ${min} and maxReplicas is ${maxReplicas}; write 0 to 1000, min not above max`);
    for (const origin of ingress?.allowedOrigins ?? [])
      if (!/^https:\/\/[^*/]+$/.test(origin))
        throw new RangeError(
          `${this.where}: allowedOrigins names "${origin}"; write exact origins such as https://cases.example.com (DID-21)`,
        );
    if (this.#provesCallers && ingress?.clientCertificates !== undefined && ingress.clientCertificates !== 'require')
      requireRelaxation(
        this.where,
        relax,
        'TLS-07',
        `clientCertificates: '${ingress.clientCertificates}'`,
        'have callers show a certificate',
      );
  }

  get #least(): number {
    return this.#args.minReplicas ?? (this.reaches('moderate') ? 2 : 1);
  }

  /** Whether the tier wants callers to prove who they are: where only apps call. */
  get #provesCallers(): boolean {
    return this.reaches('high') && this.#args.ingress?.reach !== 'network';
  }

  /** What the identity may do before the app starts: pull its images and read its secrets. */
  #grant(): readonly authorization.RoleAssignment[] {
    const { registry, secrets = {} } = this.#args;
    const principal = { principalId: this.identity.principalId, principalType: 'ServicePrincipal' } as const;
    const opts = { parent: this };
    const pull = { role: 'AcrPull', principal, why: 'Pulls the images of one app' } as const;
    return [
      ...(registry ? [assignRole(`${this.label}-pull`, { ...pull, scope: registry.id }, opts)] : []),
      ...Object.entries(secrets).map(([name, { secretId }]) =>
        assignRole(
          `${this.label}-secret-${name}`,
          { role: 'Key Vault Secrets User', principal, scope: secretId, why: 'Reads one secret' },
          opts,
        ),
      ),
    ];
  }

  #create(granted: readonly authorization.RoleAssignment[]): app.ContainerApp {
    const { containers, environment, ingress, initContainers = [], maxReplicas = 10, resourceGroupName, secrets = {} } = this.#args;
    const name = `${this.label}-app`;
    const known = new Set(Object.keys(secrets));
    const args: app.ContainerAppArgs = {
      containerAppName: physicalName(this.label, 32, '-'),
      resourceGroupName,
      location: this.location,
      environmentId: environment.id,
      workloadProfileName: this.#args.workloadProfile ?? 'Consumption',
      identity: { type: 'UserAssigned', userAssignedIdentities: [this.identity.id] },
      configuration: this.#configuration(),
      template: {
        containers: containers.map((container) => containerOf(this.where, container, ingress?.port, known)),
        initContainers: initContainers.map((container) => {
          const { probes: _none, ...rest } = containerOf(this.where, container, undefined, known);
          return rest;
        }),
        scale: { minReplicas: this.#least, maxReplicas },
        terminationGracePeriodSeconds: 30,
        volumes: [],
      },
      tags: this.tags,
    };
    const opts = { parent: this, dependsOn: [...granted] };
    return new app.ContainerApp(name, args, whole(name, args, ['identity', 'configuration', 'template'], opts));
  }

  #configuration() {
    const { ingress, registry, secrets = {} } = this.#args;
    return {
      activeRevisionsMode: 'Single',
      maxInactiveRevisions: 10,
      dapr: { enabled: false },
      registries: registry ? [{ server: registry.loginServer, identity: this.identity.id }] : [],
      secrets: Object.entries(secrets).map(([name, { uri }]) => ({ name, keyVaultUrl: uri, identity: this.identity.id })),
      ...(ingress ? { ingress: this.#ingress(ingress) } : {}),
    };
  }

  #ingress({
    allowedOrigins = [],
    clientCertificates,
    port,
    reach = 'environment',
    targetScheme = 'http',
    transport = 'auto',
  }: AppIngress) {
    return {
      // In an environment without a public address, external means the network around it.
      external: reach === 'network',
      targetPort: port,
      transport,
      targetPortHttpScheme: targetScheme,
      allowInsecure: false,
      clientCertificateMode: clientCertificates ?? (this.#provesCallers ? 'require' : 'accept'),
      stickySessions: { affinity: 'none' },
      traffic: [{ latestRevision: true, weight: 100 }],
      ...(allowedOrigins.length > 0 ? { corsPolicy: { allowedOrigins: [...allowedOrigins], allowCredentials: false } } : {}),
    };
  }
}

const PROMISES: Promises = {
  claims: SecureContainerApp.claims,
  families: ['containers'],
  relaxable: { 'TLS-07': 'the certificates of callers, where they prove themselves in the application' },
  firm: {
    'IDA-10': 'an app needs no key where it has an identity',
    'SDC-14': 'have the pipeline write the digest of what it built',
    'TLS-02': 'no client of ours speaks clear text',
  },
};
