import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { SecureWafPolicy } from './edge-firewall';
import { checkSites, clearSites, type SecureSite, sitesOf } from './edge-load-balancer-sites';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { publicAddress, ZONES } from './network-addresses';
import { certificateReader } from './network-certificates';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureApplicationGateway} is made from. */
export interface SecureApplicationGatewayArgs extends SecureArgs {
  /**
   * Subnet of its own, with `edge: true` in a SecureVirtualNetwork, whose vault has an endpoint in the same network.
   */
  readonly subnetId: pulumi.Input<string>;
  /** What it serves, by a name of letters, digits and hyphens. */
  readonly sites: Readonly<Record<string, SecureSite>>;
  /** Where every request and every decision of the web firewall is recorded. */
  readonly logs: LogSink;
  /** Gives it an address on the internet. The data profile has to say exposure `internet`. @default false */
  readonly internetFacing?: boolean;
  /** Address inside the subnet; obligatory unless it faces the internet. @default none */
  readonly privateAddress?: pulumi.Input<string>;
  /** Sends those who come in clear text on 80 to HTTPS; the subnet has to let them in. @default false: 80 answers nothing */
  readonly redirect?: boolean;
  /** Web firewall of scope REGIONAL. @default one of its own */
  readonly wafPolicy?: SecureWafPolicy;
  /** Instances, fewest and most; the service adds and removes them. @default { least: 2, most: 10 } */
  readonly capacity?: { readonly least: number; readonly most: number };
  /** Zones of the region; at least two from tier moderate unless BCR-06 is relaxed. @default all three */
  readonly zones?: readonly string[];
  /** Plan that shields its address. @default at tier high the address is shielded by itself, else by the network's plan */
  readonly ddosProtectionPlanId?: pulumi.Input<string>;
}

/** The strictest policy that the service has: TLS 1.2 and 1.3, with forward secrecy and authenticated encryption only. */
const STRICTEST = 'AppGwSslPolicy20220101S';
const CAPACITY = { least: 2, most: 10 } as const;
/** Most instances that the service takes. */
const LARGEST_CAPACITY = 125;
const FEWEST_ZONES = 2;

const PROMISED = claims(
  'SecureApplicationGateway',
  'TLS-01',
  'TLS-02',
  { control: 'TLS-04', from: 'moderate' },
  'TLS-08',
  'DID-02',
  'DID-07',
  { control: 'DID-08', from: 'moderate' },
  { control: 'DID-17', from: 'moderate' },
  { control: 'BCR-06', from: 'moderate' },
  { control: 'LOG-13', from: 'moderate' },
  unclaimed('DHC-10', 'a gateway holds nothing that its deletion destroys; the next deployment makes it again'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: {
    'BCR-06': 'fewer than two zones, for a region that has none',
    'TLS-04': 'backends may answer in clear text',
  },
  firm: {
    'DID-02': 'declare exposure internet in the data profile, or leave internetFacing out',
    'DID-07': 'pass a SecureWafPolicy as wafPolicy, with its own exceptions',
    'LOG-13': 'the records are what an investigation starts from',
    'TLS-01': 'clients without TLS 1.2 cannot be kept safe',
    'TLS-02': 'clear text is redirected, with redirect: true',
    'TLS-08': 'the certificate stands in the vault, which renews it',
  },
};

/**
 * An application gateway (WAF_v2) that is internal unless declared otherwise, speaks TLS on both sides, stands behind a web
 * firewall that blocks, in three zones, and records every request. It takes its certificates from a key vault by an identity
 * that reads exactly those, and follows them when they are renewed.
 *
 * The subnet's rules deny everything that is not listed, also the platform's own way in: the subscription needs the feature
 * `EnableApplicationGatewayNetworkIsolation` of `Microsoft.Network`, which lets a gateway live without it.
 *
 * Guarantees TLS-01, TLS-02, TLS-08, DID-02 and DID-07; from the moderate tier on TLS-04, DID-08, DID-17, BCR-06 and LOG-13.
 *
 * @throws RangeError when the profile does not declare the exposure, a site names no exact host, or a backend answers in
 *   clear text without a waiver
 * @example
 * new SecureApplicationGateway('entry', {
 *   profile, resourceGroupName, location, logs,
 *   subnetId: network.subnetIds.edge ?? '',
 *   privateAddress: '10.20.3.10',
 *   sites: {
 *     cases: {
 *       hostNames: ['cases.example.com'],
 *       certificate: { vaultId: vault.id, vaultUri: vault.uri, name: 'cases-example-com' },
 *       backends: ['cases.internal.example.com'],
 *     },
 *   },
 * });
 */
export class SecureApplicationGateway extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The gateway itself. */
  readonly gateway: network.ApplicationGateway;
  /** Resource id of the gateway. */
  readonly id: pulumi.Output<string>;
  /** Its address on the internet, if it has one. */
  readonly publicAddress: network.PublicIPAddress | undefined;
  /** The web firewall before it. */
  readonly wafPolicy: SecureWafPolicy;
  readonly #args: SecureApplicationGatewayArgs;

  constructor(name: string, args: SecureApplicationGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureApplicationGateway', PROMISES, name, args, opts);
    this.#args = args;
    this.#check();
    this.wafPolicy = args.wafPolicy ?? this.#firewall();
    this.publicAddress = args.internetFacing ? this.#address() : undefined;
    this.gateway = this.#create();
    this.id = this.gateway.id;
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs: args.logs }, { parent: this });
    for (const control of ['BCR-06', 'TLS-04'] as const) this.waive(control, this.gateway);
    this.registerOutputs({ id: this.id });
  }

  #check(): void {
    const { capacity = CAPACITY, internetFacing = false, privateAddress, relax, sites, wafPolicy, zones = ZONES } = this.#args;
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    const { exposure, system } = this.decided.profile;
    if (internetFacing && exposure !== 'internet')
      refuse(
        `internetFacing, but the data profile of "${system}" says exposure ${exposure}; declare exposure internet, or leave internetFacing out (DID-02)`,
      );
    if (internetFacing === (privateAddress !== undefined))
      refuse(
        internetFacing
          ? 'internetFacing and privateAddress exclude each other; make two gateways, so that each has its own sites'
          : 'privateAddress is missing; write an address of its subnet, such as 10.20.3.10',
      );
    if (wafPolicy && wafPolicy.scope !== 'REGIONAL') refuse("wafPolicy stands before Front Door; make one with scope: 'REGIONAL' (DID-07)");
    const { least, most } = capacity;
    if (!(Number.isInteger(least) && Number.isInteger(most) && least >= 1 && least <= most && most <= LARGEST_CAPACITY))
      refuse(`capacity is ${least} to ${most}; write whole numbers from 1 to ${LARGEST_CAPACITY}, the smaller first`);
    if (zones.length < FEWEST_ZONES && this.reaches('moderate'))
      requireRelaxation(this.where, relax, 'BCR-06', `zones lists ${zones.length}`, `name at least ${FEWEST_ZONES}`);
    checkSites(this.where, sites);
    const clear = clearSites(sites);
    if (clear.length > 0 && this.reaches('moderate'))
      requireRelaxation(this.where, relax, 'TLS-04', `backendProtocol Http of ${clear.join(', ')}`, 'let the backends answer by HTTPS');
  }

  #firewall(): SecureWafPolicy {
    const { location, profile, resourceGroupName, tags } = this.#args;
    const common = { profile, resourceGroupName, location, ...(tags ? { tags } : {}) };
    return new SecureWafPolicy(`${this.label}-firewall`, common, { parent: this });
  }

  #address(): network.PublicIPAddress {
    const { ddosProtectionPlanId, logs, resourceGroupName, zones = ZONES } = this.#args;
    return publicAddress(
      `${this.label}-address`,
      { resourceGroupName, location: this.location, tags: this.tags, zones, logs, ddosProtectionPlanId, shielded: this.reaches('high') },
      { parent: this },
    );
  }

  #create(): network.ApplicationGateway {
    const { capacity = CAPACITY, privateAddress, redirect = false, resourceGroupName, sites, subnetId, zones = ZONES } = this.#args;
    const { certificates, settings } = sitesOf(sites, redirect);
    const { identity, rights } = certificateReader(
      this.label,
      { resourceGroupName, location: this.location, tags: this.tags, certificates },
      { parent: this },
    );
    const name = `${this.label}-gateway`;
    const args: network.ApplicationGatewayArgs = {
      resourceGroupName,
      location: this.location,
      sku: { name: 'WAF_v2', tier: 'WAF_v2' },
      autoscaleConfiguration: { minCapacity: capacity.least, maxCapacity: capacity.most },
      zones: [...zones],
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      enableHttp2: true,
      enableFips: false,
      firewallPolicy: { id: this.wafPolicy.id },
      forceFirewallPolicyAssociation: true,
      globalConfiguration: { enableRequestBuffering: true, enableResponseBuffering: true },
      sslPolicy: { policyType: 'Predefined', policyName: STRICTEST },
      sslProfiles: [],
      gatewayIPConfigurations: [{ name: 'subnet', subnet: { id: subnetId } }],
      frontendIPConfigurations: [
        this.publicAddress
          ? { name: 'front', publicIPAddress: { id: this.publicAddress.id } }
          : {
              name: 'front',
              subnet: { id: subnetId },
              privateIPAllocationMethod: 'Static',
              ...(privateAddress === undefined ? {} : { privateIPAddress: privateAddress }),
            },
      ],
      ...settings,
      tags: this.tags,
    };
    const nested = Object.keys(args).filter((key) => key !== 'tags') as (keyof typeof args & string)[];
    return new network.ApplicationGateway(name, args, whole(name, args, nested, { parent: this, dependsOn: rights }));
  }
}
