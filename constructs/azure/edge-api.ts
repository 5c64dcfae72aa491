import * as apimanagement from '@pulumi/azure-native/apimanagement';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as privatedns from '@pulumi/azure-native/privatedns';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { onError } from './edge-api-policy';
import { element, xmlOf } from './edge-api-xml';
import { assignRole } from './identity-roles';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** A secret of a key vault, as whoever reads it needs to know it. */
export interface VaultSecretRef {
  /** Resource id of the secret; the right to read it is given on it and on nothing else. */
  readonly secretId: pulumi.Input<string>;
  /** `https://….vault.azure.net/secrets/…`, without a version: the service follows the newest one. */
  readonly secretUri: pulumi.Input<string>;
}

/** A name of its own under which the gateway answers. */
export interface GatewayHostname {
  /** `api.cases.example.com`; no wildcard (TLS-11). */
  readonly hostName: string;
  /** Certificate with its private key, in a vault. */
  readonly certificate: VaultSecretRef;
}

/** What a {@link SecureApiManagement} is made from. */
export interface SecureApiManagementArgs extends SecureArgs {
  /** Globally unique, 1 to 50 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly serviceName?: string;
  /** Organisation that publishes the APIs. */
  readonly publisherName: string;
  /** Where the service writes to about certificates and quotas. */
  readonly publisherEmail: string;
  /**
   * Premium stands in the network and spans zones. Developer stands in the network, has no service level and no zones.
   * Standard and Basic are reached by a private endpoint.
   * @default 'Premium'
   */
  readonly sku?: 'Premium' | 'Developer' | 'Standard' | 'Basic';
  /** Units; Premium spreads them over its zones. @default one for each zone, or 1 without zones */
  readonly capacity?: number;
  /** Zones over which Premium is spread (BCR-06). @default ['1', '2', '3'], or none where BCR-06 is relaxed */
  readonly zones?: readonly string[];
  /**
   * Subnet of its own in which the service stands, reached from the network only. Its rules let in port 3443 from the tag
   * `ApiManagement` and 6390 from `AzureLoadBalancer`. Needs Premium or Developer.
   * @default none: the service is reached by a private endpoint, in network
   */
  readonly subnetId?: pulumi.Input<string>;
  /**
   * Network from which the service is reached. With subnetId, the name of the gateway is resolved in it; without, it holds
   * the private endpoint.
   * @default none: names are resolved elsewhere, and subnetId is needed
   */
  readonly network?: EndpointNetwork;
  /**
   * Whether the private endpoint is there. Azure closes the public access only of a service that has one: deploy once with
   * `false`, and DID-22 relaxed, then for good without.
   * @default true
   */
  readonly connected?: boolean;
  /** Where each call is recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Names of its own, with certificates from a vault. @default `<serviceName>.azure-api.net` */
  readonly hostnames?: readonly GatewayHostname[];
}

const SECURITY = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security';
/** Protocols and ciphers that the service can switch off, towards callers and towards backends: everything without forward secrecy. */
const OLD = [
  ...['Tls10', 'Tls11', 'Ssl30'].flatMap((protocol) => [`${SECURITY}.Protocols.${protocol}`, `${SECURITY}.Backend.Protocols.${protocol}`]),
  ...[
    'TripleDes168',
    'TLS_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_RSA_WITH_AES_256_CBC_SHA256',
    'TLS_RSA_WITH_AES_128_CBC_SHA256',
    'TLS_RSA_WITH_AES_256_CBC_SHA',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
    'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
    'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
    'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  ].map((cipher) => `${SECURITY}.Ciphers.${cipher}`),
];
/** Older versions of the control plane's interface return keys to readers. */
const LEAST_INTERFACE = '2021-08-01';
/** Nothing of a body, and no header, is recorded (PRV-07). */
const NOTHING = { request: { headers: [], body: { bytes: 0 } }, response: { headers: [], body: { bytes: 0 } } };

/** A gateway to which APIs are added: a {@link SecureApiManagement}, or an existing one that is described. */
export interface ApiGateway {
  /** Physical name of the service. */
  readonly serviceName: pulumi.Input<string>;
  /** Resource group of the service. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Location of the service. */
  readonly location: pulumi.Input<string>;
  /** Id of its logger for Azure Monitor. */
  readonly loggerId: pulumi.Input<string>;
}

/**
 * An API gateway inside the network, with modern TLS on both sides, an identity instead of keys, no portals, no old
 * interface of its control plane, and a record of every call without its content.
 *
 * Guarantees TLS-01, IDA-10, VUL-10 and PRV-07; from the moderate tier on DID-22 and LOG-13; from the high tier on BCR-06. It answers errors of every API without saying what went wrong inside.
 *
 * @throws RangeError where the tier needs an argument that is missing, or the service cannot be what is asked
 * @example
 * const gateway = new SecureApiManagement('gateway', {
 *   profile, resourceGroupName, location, logs, network,
 *   subnetId: network.subnetIds.gateway ?? '', publisherName: 'Example', publisherEmail: 'platform@example.com',
 * });
 */
export class SecureApiManagement extends SecureComponent implements ApiGateway {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureApiManagement',
    'TLS-01',
    'IDA-10',
    'VUL-10',
    'PRV-07',
    { control: 'DID-22', from: 'moderate' },
    { control: 'LOG-13', from: 'moderate' },
    { control: 'BCR-06', from: 'high' },
    unclaimed('DID-16', 'who may call is said by the policy of each API: FieldSecuredApi promises it'),
    unclaimed('DID-17', 'what may be sent is said by each API: FieldSecuredApi promises it'),
    unclaimed('DID-08', 'calls are limited per person by the policy of each API (EXP-06)'),
    unclaimed('LPA-10', 'who is let in is a role of the own directory, named by each API'),
    unclaimed('LOG-07', 'what a record of a call holds is fixed by the service'),
    unclaimed('LOG-19', 'tracing belongs to Application Insights; the record of each call carries its correlation id'),
  );

  /** The service itself; every security property of it is written. */
  readonly service: apimanagement.ApiManagementService;
  /** Resource id of the service. */
  readonly id: pulumi.Output<string>;
  /** Physical name of the service. */
  readonly serviceName: pulumi.Output<string>;
  /** Resource group of the service. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Location of the service. */
  override readonly location: pulumi.Input<string>;
  /** Id of its logger for Azure Monitor. */
  readonly loggerId: pulumi.Output<string>;
  /** Identity by which the service reads secrets and certificates of vaults. */
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly #args: SecureApiManagementArgs;

  constructor(name: string, args: SecureApiManagementArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureApiManagement', PROMISES, name, args, opts);
    this.#args = args;
    this.location = args.location;
    this.resourceGroupName = args.resourceGroupName;
    this.#check();
    const { resourceGroupName } = args;
    const child = { parent: this };
    this.identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location: args.location, tags: this.tags },
      child,
    );
    const reads = (args.hostnames ?? []).map((hostname, index) => this.#mayRead(`hostname-${index + 1}`, hostname.certificate));
    this.service = this.#createService(reads);
    this.id = this.service.id;
    this.serviceName = this.service.name;
    this.#connect();
    this.loggerId = this.#record();
    this.#answerErrors();
    for (const control of ['BCR-06', 'DID-22'] as const) this.waive(control, this.service);
    this.registerOutputs({ id: this.id, serviceName: this.serviceName });
  }

  /**
   * A value that policies name as `{{name}}`, read from a vault; the service follows its newest version (SEC-01).
   * @param valueName 1 to 256 letters, digits, periods, underscores and hyphens
   */
  namedValue(valueName: string, secret: VaultSecretRef): apimanagement.NamedValue {
    if (!/^[A-Za-z0-9._-]{1,256}$/.test(valueName))
      throw new RangeError(`${this.where}: namedValue "${valueName}" is no name; write letters, digits, periods, underscores and hyphens`);
    const read = this.#mayRead(`value-${valueName}`, secret);
    return new apimanagement.NamedValue(
      `${this.label}-value-${valueName}`,
      {
        resourceGroupName: this.resourceGroupName,
        serviceName: this.serviceName,
        namedValueId: valueName,
        displayName: valueName,
        secret: true,
        keyVault: { secretIdentifier: secret.secretUri, identityClientId: this.identity.clientId },
      },
      { parent: this, dependsOn: [read] },
    );
  }

  /**
   * A certificate that the gateway shows to backends, read from a vault (TLS-07).
   * @param certificateName 1 to 80 letters, digits and hyphens
   */
  certificate(certificateName: string, secret: VaultSecretRef): apimanagement.Certificate {
    if (!/^[A-Za-z0-9-]{1,80}$/.test(certificateName))
      throw new RangeError(`${this.where}: certificate "${certificateName}" is no name; write letters, digits and hyphens`);
    const read = this.#mayRead(`certificate-${certificateName}`, secret);
    return new apimanagement.Certificate(
      `${this.label}-certificate-${certificateName}`,
      {
        resourceGroupName: this.resourceGroupName,
        serviceName: this.serviceName,
        certificateId: certificateName,
        keyVault: { secretIdentifier: secret.secretUri, identityClientId: this.identity.clientId },
      },
      { parent: this, dependsOn: [read] },
    );
  }

  #check(): void {
    const {
      capacity,
      connected = true,
      hostnames = [],
      logs,
      network,
      publisherEmail,
      publisherName,
      relax,
      serviceName,
      subnetId,
    } = this.#args;
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    if (!publisherName || !/^[^@\s]+@[^@\s]+$/.test(publisherEmail ?? ''))
      refuse('publisherName or publisherEmail is missing; the service tells them about certificates and quotas');
    if (serviceName !== undefined && !/^[A-Za-z]([A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/.test(serviceName))
      refuse(`serviceName is "${serviceName}"; write 1 to 50 letters, digits and hyphens, beginning with a letter`);
    if (subnetId === undefined && network === undefined)
      refuse('nobody could reach it; pass subnetId, a subnet of its own, or network for a private endpoint (DID-22)');
    if (subnetId !== undefined && !['Premium', 'Developer'].includes(this.#sku))
      refuse(`sku ${this.#sku} stands in no subnet; write Premium or Developer, or leave subnetId out (DID-22)`);
    if (subnetId === undefined && !connected)
      requireRelaxation(this.where, relax, 'DID-22', 'connected: false', 'leave it out once the private endpoint is there');
    if (this.reaches('high') && this.#sku !== 'Premium')
      requireRelaxation(this.where, relax, 'BCR-06', `sku ${this.#sku}, which spans no zones,`, 'write Premium');
    if (capacity !== undefined && !(Number.isInteger(capacity) && capacity >= Math.max(1, this.#zones.length)))
      refuse(`capacity is ${capacity}; write a whole number, at least one for each of its zones (${this.#zones.length || 1})`);
    for (const { hostName } of hostnames)
      if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(hostName))
        refuse(`hostnames lists "${hostName}"; write one host such as api.cases.example.com, no wildcard (TLS-11)`);
  }

  get #sku(): NonNullable<SecureApiManagementArgs['sku']> {
    return this.#args.sku ?? 'Premium';
  }

  get #zones(): readonly string[] {
    if (this.#sku !== 'Premium' || this.relaxes('BCR-06')) return [];
    return this.#args.zones ?? ['1', '2', '3'];
  }

  #createService(reads: readonly pulumi.Resource[]): apimanagement.ApiManagementService {
    const args = this.#args;
    const name = `${this.label}-service`;
    const zones = this.#zones;
    const open = args.subnetId !== undefined || args.connected === false;
    const serviceArgs: apimanagement.ApiManagementServiceArgs = {
      serviceName: args.serviceName ?? physicalName(this.label, 50, '-'),
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      publisherName: args.publisherName,
      publisherEmail: args.publisherEmail,
      sku: { name: this.#sku, capacity: args.capacity ?? Math.max(1, zones.length) },
      ...(zones.length > 0 ? { zones: [...zones] } : {}),
      identity: { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: this.identity.id.apply((id) => ({ [id]: {} })) },
      virtualNetworkType: args.subnetId === undefined ? 'None' : 'Internal',
      ...(args.subnetId === undefined ? {} : { virtualNetworkConfiguration: { subnetResourceId: args.subnetId } }),
      // In a network the service refuses this switch; there is no public address of the gateway to be closed.
      publicNetworkAccess: open ? 'Enabled' : 'Disabled',
      customProperties: {
        ...Object.fromEntries(OLD.map((switched) => [switched, 'False'])),
        'Microsoft.WindowsAzure.ApiManagement.Gateway.Protocols.Server.Http2': 'True',
      },
      apiVersionConstraint: { minApiVersion: LEAST_INTERFACE },
      configurationApi: { legacyApi: 'Disabled' },
      developerPortalStatus: 'Disabled',
      legacyPortalStatus: 'Disabled',
      disableGateway: false,
      hostnameConfigurations: (args.hostnames ?? []).map(({ certificate, hostName }, index) => ({
        type: 'Proxy',
        hostName,
        certificateSource: 'KeyVault',
        keyVaultId: certificate.secretUri,
        identityClientId: this.identity.clientId,
        negotiateClientCertificate: false,
        defaultSslBinding: index === 0,
      })),
      tags: this.tags,
    };
    const keys = ['identity', 'customProperties', 'apiVersionConstraint', 'configurationApi'] as const;
    const opts = { parent: this, dependsOn: [...reads] };
    return new apimanagement.ApiManagementService(name, serviceArgs, whole(name, serviceArgs, keys, opts));
  }

  /** The identity may read one secret of a vault, and nothing else in it. */
  #mayRead(part: string, { secretId }: VaultSecretRef): pulumi.Resource {
    const principal = { principalId: this.identity.principalId, principalType: 'ServicePrincipal' } as const;
    const why = 'The gateway reads one secret';
    return assignRole(`${this.label}-${part}-read`, { role: 'Key Vault Secrets User', principal, scope: secretId, why }, { parent: this });
  }

  #connect(): void {
    const { network, resourceGroupName, subnetId } = this.#args;
    if (!network) return;
    if (subnetId === undefined) {
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${this.label}-endpoint`, { ...endpoint, resourceId: this.id, service: 'api-management' }, { parent: this });
      return;
    }
    // A zone of the one name: a zone for all of azure-api.net would hide the gateways of everybody else.
    const zone = `${this.#args.serviceName ?? physicalName(this.label, 50, '-')}.azure-api.net`;
    const zoneId = pulumi.output(network.zoneId(zone));
    new privatedns.PrivateRecordSet(
      `${this.label}-name`,
      {
        resourceGroupName: zoneId.apply((id) => /resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? ''),
        privateZoneName: zone,
        relativeRecordSetName: '@',
        recordType: 'A',
        ttl: 300,
        aRecords: this.service.privateIPAddresses.apply((addresses) => (addresses ?? []).map((ipv4Address) => ({ ipv4Address }))),
      },
      { parent: this },
    );
  }

  /** Every call is recorded, with what policies note of it, and without its content. */
  #record(): pulumi.Output<string> {
    const { logs } = this.#args;
    const common = { resourceGroupName: this.resourceGroupName, serviceName: this.serviceName };
    const logger = new apimanagement.Logger(
      `${this.label}-logger`,
      { ...common, loggerId: 'azuremonitor', loggerType: 'azureMonitor', isBuffered: true },
      { parent: this },
    );
    new apimanagement.Diagnostic(
      `${this.label}-records`,
      {
        ...common,
        diagnosticId: 'azuremonitor',
        loggerId: logger.id,
        alwaysLog: 'allErrors',
        sampling: { samplingType: 'fixed', percentage: 100 },
        verbosity: 'information',
        logClientIp: true,
        frontend: NOTHING,
        backend: NOTHING,
      },
      { parent: this },
    );
    if (logs) diagnosticSettings(`${this.label}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    return logger.id;
  }

  /** What no API answers itself is answered without saying what went wrong inside. */
  #answerErrors(): void {
    const base = (section: string, ...content: readonly ReturnType<typeof element>[]) => element(section, {}, content);
    const policy = element('policies', {}, [
      base('inbound'),
      base('backend', element('forward-request', { timeout: '60', 'follow-redirects': 'false' })),
      base('outbound'),
      element('on-error', {}, onError('global')),
    ]);
    new apimanagement.Policy(
      `${this.label}-policy`,
      { resourceGroupName: this.resourceGroupName, serviceName: this.serviceName, policyId: 'policy', format: 'xml', value: xmlOf(policy) },
      { parent: this },
    );
  }
}

const PROMISES: Promises = {
  claims: SecureApiManagement.claims,
  families: ['edge'],
  relaxable: {
    'BCR-06': 'the spread over zones: in a region that has none, or for a service without a service level',
    'DID-22': 'the closed public access, until the private endpoint is there',
  },
  firm: {
    'TLS-01': 'no supported client needs an older protocol',
    'IDA-10': 'without an identity the service keeps keys',
    'PRV-07': 'bodies hold what customers wrote',
  },
};
