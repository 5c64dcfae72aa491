import * as app from '@pulumi/azure-native/app';
import * as privatedns from '@pulumi/azure-native/privatedns';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** Machines of its own on which an environment runs some apps. */
export interface WorkloadProfileSpec {
  /** Name by which apps choose it. */
  readonly name: string;
  /** Size of the machines: `D4`, `E8`. */
  readonly type: string;
  /** Least number of machines. @default 3, one for each zone */
  readonly min?: number;
  /** Greatest number of machines. @default twice the least number */
  readonly max?: number;
  /** Cryptographic modules that are validated under FIPS 140. @default false */
  readonly fips?: boolean;
}

/** What a {@link SecureContainerEnvironment} is made from. */
export interface SecureContainerEnvironmentArgs extends SecureArgs {
  /** Subnet of the environment, /27 or larger, delegated to `Microsoft.App/environments`. */
  readonly subnetId: pulumi.Input<string>;
  /** Where apps' output and the environment's own records go; obligatory from tier moderate (LOG-19). @default nowhere */
  readonly logs?: LogSink;
  /** Machines of its own, besides those that are shared and paid by use. @default none */
  readonly workloadProfiles?: readonly WorkloadProfileSpec[];
  /** Whether it is spread over zones; the subnet's region has to have them. @default true */
  readonly zoneRedundant?: boolean;
}

/** The profile that every environment has: machines of the service, isolated by sandbox, paid by use. */
const CONSUMPTION = { name: 'Consumption', workloadProfileType: 'Consumption' } as const;

/**
 * The place where container apps run: inside your network, without a public address, spread over zones. Whatever apps say to
 * each other is encrypted, and from the high tier on both sides prove who they are. The names of its apps are resolved
 * within the network.
 *
 * Guarantees from the moderate tier on DID-05, DID-22, LOG-13, LOG-19 and TLS-06; from the high tier on TLS-07.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const environment = new SecureContainerEnvironment('cases', {
 *   profile, resourceGroupName, location, logs, subnetId: network.subnetIds.apps ?? '',
 * });
 */
export class SecureContainerEnvironment extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureContainerEnvironment',
    { control: 'DID-05', from: 'moderate' },
    { control: 'DID-22', from: 'moderate' },
    { control: 'LOG-13', from: 'moderate' },
    { control: 'LOG-19', from: 'moderate' },
    { control: 'TLS-06', from: 'moderate' },
    { control: 'TLS-07', from: 'high' },
    unclaimed('ENC-02', 'a key of your own for the temporary disks of an environment is a preview of the service'),
  );

  /** The environment itself. */
  readonly environment: app.ManagedEnvironment;
  /** Resource id of the environment. */
  readonly id: pulumi.Output<string>;
  /** Domain under which its apps are reached from the network. */
  readonly domain: pulumi.Output<string>;
  readonly #args: SecureContainerEnvironmentArgs;

  constructor(name: string, args: SecureContainerEnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureContainerEnvironment', PROMISES, name, args, opts);
    this.#args = args;
    const { logs, subnetId } = args;
    if (!subnetId) throw new RangeError(`${this.where}: subnetId is missing; apps run in a network of yours (DID-22)`);
    this.need(logs, 'logs', 'moderate', 'LOG-19', 'pass the sink of a SecureLogWorkspace');
    this.environment = this.#create();
    this.id = this.environment.id;
    this.domain = this.environment.defaultDomain;
    this.#resolveNames();
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    this.registerOutputs({ id: this.id, domain: this.domain });
  }

  #create(): app.ManagedEnvironment {
    const { resourceGroupName, subnetId, workloadProfiles = [], zoneRedundant = true } = this.#args;
    const name = `${this.label}-environment`;
    const args: app.ManagedEnvironmentArgs = {
      environmentName: physicalName(this.label, 32, '-'),
      resourceGroupName,
      location: this.location,
      publicNetworkAccess: 'Disabled',
      vnetConfiguration: { infrastructureSubnetId: subnetId, internal: true },
      peerTrafficConfiguration: { encryption: { enabled: true } },
      peerAuthentication: { mtls: { enabled: this.reaches('high') } },
      appLogsConfiguration: { destination: 'azure-monitor' },
      zoneRedundant,
      workloadProfiles: [CONSUMPTION, ...workloadProfiles.map(machines)],
      tags: this.tags,
    };
    const known = ['vnetConfiguration', 'peerTrafficConfiguration', 'peerAuthentication', 'appLogsConfiguration'] as const;
    return new app.ManagedEnvironment(name, args, whole(name, args, known, { parent: this }));
  }

  /** Without a public address the service publishes no name: a private zone of the network says where each app is. */
  #resolveNames(): void {
    const { resourceGroupName, subnetId } = this.#args;
    const opts = { parent: this };
    const zone = new privatedns.PrivateZone(
      `${this.label}-zone`,
      { privateZoneName: this.domain, resourceGroupName, location: 'global', tags: this.tags },
      opts,
    );
    new privatedns.VirtualNetworkLink(
      `${this.label}-zone-link`,
      {
        resourceGroupName,
        location: 'global',
        privateZoneName: zone.name,
        virtualNetworkLinkName: physicalName(this.label, 60, '-'),
        virtualNetwork: { id: pulumi.output(subnetId).apply((id) => id.replace(/\/subnets\/[^/]+$/i, '')) },
        registrationEnabled: false,
        resolutionPolicy: 'Default',
        tags: this.tags,
      },
      opts,
    );
    new privatedns.PrivateRecordSet(
      `${this.label}-zone-apps`,
      {
        resourceGroupName,
        privateZoneName: zone.name,
        relativeRecordSetName: '*',
        recordType: 'A',
        ttl: 300,
        aRecords: [{ ipv4Address: this.environment.staticIp }],
      },
      opts,
    );
  }
}

function machines({ fips = false, max, min = 3, name, type }: WorkloadProfileSpec) {
  return { name, workloadProfileType: type, minimumCount: min, maximumCount: max ?? min * 2, enableFips: fips };
}

const PROMISES: Promises = {
  claims: SecureContainerEnvironment.claims,
  families: ['containers'],
  relaxable: {},
  firm: {
    'DID-05': 'publish apps by an edge component',
    'TLS-06': 'encryption between apps needs no change of theirs',
    'TLS-07': 'the service makes and renews the certificates by itself',
  },
};
