import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { publicAddress, ZONES } from './network-addresses';
import { certificateReader, checkCertificate, secretUri, type VaultCertificate } from './network-certificates';
import { checkRules, type FirewallFlow, type FirewallSites, ruleCollections } from './network-inspection-rules';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureFirewall} is made from. */
export interface SecureFirewallArgs extends SecureArgs {
  /** The `AzureFirewallSubnet` of the hub. */
  readonly subnetId: pulumi.Input<string>;
  /** Where every connection, name and threat is recorded. */
  readonly logs: LogSink;
  /** Sites that networks may reach. @default none */
  readonly sites?: readonly FirewallSites[];
  /** Other connections, between networks or to services of Azure. @default none */
  readonly flows?: readonly FirewallFlow[];
  /**
   * Certificate of an authority, with which it opens TLS to look inside; machines have to trust it.
   * @default none: it judges by the name that a client asks for
   */
  readonly tlsInspection?: VaultCertificate;
  /** Zones of the region; at least two from tier moderate unless BCR-06 is relaxed. @default all three */
  readonly zones?: readonly string[];
  /** Plan that shields its address. @default at tier high the address is shielded by itself, else by the network's plan */
  readonly ddosProtectionPlanId?: pulumi.Input<string>;
}

const FEWEST_ZONES = 2;
/** Which signatures are in force; written, so that it does not change when the service changes its default. */
const SIGNATURES = 'Advanced';
const GROUP_PRIORITY = 200;

const PROMISED = claims(
  'SecureFirewall',
  'DID-02',
  { control: 'DID-08', from: 'moderate' },
  { control: 'DID-09', from: 'high' },
  'DID-12',
  { control: 'EXP-05', from: 'moderate' },
  { control: 'BCR-06', from: 'moderate' },
  { control: 'DHC-10', from: 'moderate' },
  'LOG-13',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['network'],
  relaxable: {
    'BCR-06': 'fewer than two zones, for a region that has none',
    'DHC-10': 'the lock, for environments that come and go',
  },
  firm: {
    'DID-02': 'it lets nobody in; publish through an application gateway or Front Door',
    'DID-09': 'a firewall that only watches stops nothing',
    'DID-12': 'administer through SecureBastion',
    'EXP-05': 'name the sites, or the destinations, that are needed',
    'LOG-13': 'the records are what an investigation starts from',
  },
};

/**
 * An Azure Firewall (Premium) that lets out what goes to a named site, drops what is known to be bad, lets nobody in and
 * records every connection, in a table for each kind. Networks lead through it by `firewallAddress`.
 *
 * Guarantees DID-02, DID-12 and LOG-13; from the moderate tier on DID-08, EXP-05, BCR-06 and DHC-10; from the high tier on DID-09.
 *
 * @throws RangeError for a site that names every site, a destination that is everybody, and too few zones
 * @example
 * const hub = new SecureVirtualNetwork('hub', {
 *   profile, resourceGroupName, location, logs, range: '10.10.0.0/16',
 *   subnets: { AzureFirewallSubnet: { range: '10.10.0.0/26' }, endpoints: { range: '10.10.1.0/24' } },
 * });
 * const firewall = new SecureFirewall('firewall', {
 *   profile, resourceGroupName, location, logs,
 *   subnetId: hub.subnetIds.AzureFirewallSubnet ?? '',
 *   sites: [{ name: 'partners', from: ['10.20.0.0/16'], allowedDomains: ['.partner.example.com'] }],
 * });
 * const spoke = new SecureVirtualNetwork('spoke', {
 *   profile, resourceGroupName, location, logs, range: '10.20.0.0/16', firewallAddress: firewall.privateAddress,
 *   subnets: { endpoints: { range: '10.20.1.0/24' } },
 * });
 */
export class SecureFirewall extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The firewall itself. */
  readonly firewall: network.AzureFirewall;
  /** What it lets through, for further groups of rules. */
  readonly policy: network.FirewallPolicy;
  /** Resource id of the firewall. */
  readonly id: pulumi.Output<string>;
  /** Address inside the network; what `SecureVirtualNetwork` takes as `firewallAddress`. */
  readonly privateAddress: pulumi.Output<string>;
  readonly #args: SecureFirewallArgs;

  constructor(name: string, args: SecureFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureFirewall', PROMISES, name, args, opts);
    this.#args = args;
    const { relax, tlsInspection, zones = ZONES } = args;
    checkRules(this.where, args.sites ?? [], args.flows ?? []);
    if (tlsInspection) checkCertificate(`${this.where} tlsInspection`, tlsInspection);
    if (zones.length < FEWEST_ZONES && this.reaches('moderate'))
      requireRelaxation(this.where, relax, 'BCR-06', `zones lists ${zones.length}`, `name at least ${FEWEST_ZONES}`);

    this.policy = this.#createPolicy();
    const rules = this.#createRules();
    this.firewall = this.#createFirewall(rules);
    this.id = this.firewall.id;
    this.privateAddress = this.firewall.ipConfigurations.apply((all) => all?.[0]?.privateIPAddress ?? '');
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs: args.logs }, { parent: this });
    if (this.reaches('moderate') && !this.relaxes('DHC-10'))
      this.lock('firewall', this.id, 'Without it nothing leaves, and nothing is inspected.');
    for (const control of ['BCR-06', 'DHC-10'] as const) this.waive(control, this.firewall);
    this.registerOutputs({ id: this.id, privateAddress: this.privateAddress });
  }

  #createPolicy(): network.FirewallPolicy {
    const { resourceGroupName, tlsInspection } = this.#args;
    const name = `${this.label}-policy`;
    const reader = tlsInspection && this.#reader(tlsInspection);
    const args: network.FirewallPolicyArgs = {
      resourceGroupName,
      location: this.location,
      sku: { tier: 'Premium' },
      threatIntelMode: 'Deny',
      threatIntelWhitelist: { fqdns: [], ipAddresses: [] },
      intrusionDetection: { mode: 'Deny', profile: SIGNATURES, configuration: { bypassTrafficSettings: [], signatureOverrides: [] } },
      // Rules name sites: it has to resolve them as the machines do.
      dnsSettings: { enableProxy: true, servers: [] },
      explicitProxy: { enableExplicitProxy: false },
      sql: { allowSqlRedirect: false },
      ...(reader && tlsInspection
        ? {
            identity: { type: 'UserAssigned', userAssignedIdentities: [reader.identity.id] },
            transportSecurity: { certificateAuthority: { name: tlsInspection.name, keyVaultSecretId: secretUri(tlsInspection) } },
          }
        : {}),
      tags: this.tags,
    };
    const nested = ['intrusionDetection', 'dnsSettings', 'sku', ...(reader ? (['identity', 'transportSecurity'] as const) : [])] as const;
    return new network.FirewallPolicy(name, args, whole(name, args, nested, { parent: this, dependsOn: reader?.rights ?? [] }));
  }

  #reader(certificate: VaultCertificate) {
    const { resourceGroupName } = this.#args;
    const certificates = new Map([['authority', certificate]]);
    return certificateReader(this.label, { resourceGroupName, location: this.location, tags: this.tags, certificates }, { parent: this });
  }

  #createRules(): network.FirewallPolicyRuleCollectionGroup {
    const { flows = [], resourceGroupName, sites = [], tlsInspection } = this.#args;
    return new network.FirewallPolicyRuleCollectionGroup(
      `${this.label}-rules`,
      {
        resourceGroupName,
        firewallPolicyName: this.policy.name,
        priority: GROUP_PRIORITY,
        ruleCollections: ruleCollections(sites, flows, tlsInspection !== undefined),
      },
      { parent: this },
    );
  }

  #createFirewall(rules: pulumi.Resource): network.AzureFirewall {
    const { ddosProtectionPlanId, logs, resourceGroupName, subnetId, zones = ZONES } = this.#args;
    const address = publicAddress(
      `${this.label}-address`,
      { resourceGroupName, location: this.location, tags: this.tags, zones, logs, ddosProtectionPlanId, shielded: this.reaches('high') },
      { parent: this },
    );
    const name = `${this.label}-firewall`;
    const args: network.AzureFirewallArgs = {
      resourceGroupName,
      location: this.location,
      sku: { name: 'AZFW_VNet', tier: 'Premium' },
      firewallPolicy: { id: this.policy.id },
      ipConfigurations: [{ name: 'front', subnet: { id: subnetId }, publicIPAddress: { id: address.id } }],
      zones: [...zones],
      tags: this.tags,
    };
    const opts = { parent: this, dependsOn: [rules] };
    return new network.AzureFirewall(name, args, whole(name, args, ['sku', 'firewallPolicy', 'ipConfigurations', 'zones'], opts));
  }
}
