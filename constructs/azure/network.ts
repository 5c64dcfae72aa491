import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as network from '@pulumi/azure-native/network';
import * as pulumi from '@pulumi/pulumi';
import { claims, logProfileOf, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole } from './identity-roles';
import { diagnosticSettings, type LogSink, type LogsFor, sinkOf } from './logging-diagnostics';
import { type EndpointNetwork, type PrivateService, privateEndpoint, SERVICES } from './network-endpoints';
import { checkNames, watchNames } from './network-names';
import { type PeeringArgs, peerWith } from './network-peering';
import { BASTION_SUBNET, type SecurityRule } from './network-rules';
import { planSubnet, type SubnetSpec } from './network-subnets';
import { linkZone, makeZone, type PrivateDnsZones } from './network-zones';
import type { Promises } from './relax';

/** What a {@link SecureVirtualNetwork} is made from. */
export interface SecureVirtualNetworkArgs extends SecureArgs {
  /** Address range of the network: `10.20.0.0/16`. */
  readonly range: string;
  /**
   * Subnets by name. One of them, `endpoints` unless said otherwise, holds the private endpoints. `AzureFirewallSubnet`,
   * `AzureBastionSubnet` and `GatewaySubnet` hold the services that Azure reserves the names for.
   */
  readonly subnets: Readonly<Record<string, SubnetSpec>>;
  /** Subnet that holds the private endpoints. @default 'endpoints' */
  readonly endpointSubnet?: string;
  /** Where flows and name resolution are recorded; it needs an archive. A function where the archive is reached from this network. */
  readonly logs: LogsFor<SecureVirtualNetwork>;
  /**
   * Names that may be resolved from tier moderate, besides those of Azure, each with everything below it:
   * `cases.internal`. Every other name is refused (DID-10). @default names of Azure only
   */
  readonly allowedNames?: readonly string[];
  /** DDoS protection plan, for a network in which an edge component faces the internet (DID-08). @default the platform's own protection */
  readonly ddosProtectionPlanId?: pulumi.Input<string>;
  /** Private address of the firewall through which everything leaves. @default nothing leaves the network's own destinations */
  readonly firewallAddress?: pulumi.Input<string>;
  /**
   * Range of the hub's `AzureBastionSubnet`. Subnets name it as their peer on 22 and 3389, to be administered by brokered
   * sessions. @default the one of this network, where it has one
   */
  readonly bastionRange?: string;
  /** Zones that resolve private endpoints, shared by several networks, in a hub. @default zones of its own */
  readonly zones?: PrivateDnsZones;
  /** Network watcher of the region. @default the one that Azure creates: NetworkWatcherRG / NetworkWatcher_<location> */
  readonly networkWatcher?: { readonly resourceGroupName: pulumi.Input<string>; readonly name: pulumi.Input<string> };
}

/** Minutes between two analyses of the flows: the two values that the service knows. */
const ANALYSIS_MINUTES = { high: 10, other: 60 } as const;

/**
 * A virtual network in which nothing talks to anything unless a rule names it, nothing leaves by default, and every
 * flow and name lookup is recorded; from tier moderate, names that are not listed are not resolved.
 *
 * Each subnet has its own security group, which ends in explicit denials in both directions, no default way out, no
 * service endpoints, and rules that hold for private endpoints as well. Private DNS zones are made when an endpoint
 * needs them.
 *
 * Guarantees DID-02, DID-03, DID-12, LOG-12 and TLS-10; from the moderate tier on DID-01, DID-23 and EXP-05; from the
 * high tier on DID-10 and LOG-13.
 *
 * @throws RangeError for rules that admit everybody, administration ports, missing arguments and impossible relaxations
 * @example
 * const network = new SecureVirtualNetwork('network', {
 *   profile, resourceGroupName, location, logs, range: '10.20.0.0/16',
 *   subnets: {
 *     workload: { range: '10.20.1.0/24', egress: [{ name: 'stores', peer: 'endpoints', ports: [443] }] },
 *     endpoints: { range: '10.20.2.0/24', ingress: [{ name: 'workload', peer: 'workload', ports: [443] }] },
 *   },
 * });
 */
export class SecureVirtualNetwork extends SecureComponent implements EndpointNetwork {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureVirtualNetwork',
    { control: 'DID-01', from: 'moderate' },
    'DID-02',
    'DID-03',
    { control: 'DID-10', from: 'high' },
    'DID-12',
    { control: 'DID-23', from: 'moderate' },
    { control: 'EXP-05', from: 'moderate' },
    'LOG-12',
    { control: 'LOG-13', from: 'high' },
    'TLS-10',
    unclaimed(
      'DID-04',
      'Azure has no internet gateway to block; the subnets have no default outbound path, and public addresses are judged where somebody declares one',
    ),
    unclaimed(
      'EXP-04',
      'private endpoints reach single resources, not services; the stores and vaults that they lead to refuse every other network',
    ),
  );

  /** The network itself. */
  readonly virtualNetwork: network.VirtualNetwork;
  /** Resource id of the network. */
  readonly id: pulumi.Output<string>;
  /** Resource ids of the subnets, by the names given. */
  readonly subnetIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Subnet in which private endpoints get their address. */
  readonly endpointSubnetId: pulumi.Output<string>;
  /** Where the network, and whatever is made with it, sends its records. */
  readonly logs: LogSink;
  readonly #args: SecureVirtualNetworkArgs;
  readonly #groups = new Map<string, network.NetworkSecurityGroup>();
  readonly #zones = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: SecureVirtualNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureVirtualNetwork', PROMISES, name, args, opts);
    this.#args = args;
    const { endpointSubnet = 'endpoints' } = args;
    if (!args.subnets?.[endpointSubnet])
      throw new RangeError(
        `${this.where}: there is no subnet "${endpointSubnet}" for private endpoints; add it, or name another as endpointSubnet`,
      );
    checkNames(this.where, args.allowedNames ?? []);
    this.virtualNetwork = this.#createNetwork();
    this.id = this.virtualNetwork.id;
    this.subnetIds = this.#createSubnets();
    this.endpointSubnetId = this.subnetIds[endpointSubnet] as pulumi.Output<string>;

    this.logs = sinkOf<SecureVirtualNetwork>(args.logs, this);
    this.#recordFlows();
    this.#recordRules();
    watchNames(
      `${name}-names`,
      {
        resourceGroupName: args.resourceGroupName,
        location: this.location,
        tags: this.tags,
        networkId: this.id,
        logs: this.logs,
        allowed: this.reaches('moderate') && !this.relaxes('DID-10') ? (args.allowedNames ?? []) : undefined,
      },
      { parent: this },
    );
    this.waive('DID-10', this.virtualNetwork);
    this.registerOutputs({ id: this.id, subnetIds: this.subnetIds });
  }

  /** Id of the private DNS zone of this name, made and linked to the network when it is first asked for. */
  zoneId(zone: string): pulumi.Output<string> {
    let id = this.#zones.get(zone);
    if (!id) {
      id = this.#args.zones ? this.#args.zones.zoneFor(zone, this.label, this.id) : this.#ownZone(zone);
      this.#zones.set(zone, id);
    }
    return id;
  }

  /**
   * Joins another network to this one, in this direction; the other one has to join it as well. Nothing is forwarded and no
   * gateway is shared unless it is asked for, and the rules of each subnet still name who may come.
   */
  peer(name: string, args: PeeringArgs): network.VirtualNetworkPeering {
    const { resourceGroupName } = this.#args;
    return peerWith(`${this.label}-peer-${name}`, { ...args, resourceGroupName, networkName: this.virtualNetwork.name }, { parent: this });
  }

  /** Lets this network reach a resource at a private address (DID-05). */
  privateEndpoint(
    name: string,
    args: { readonly resourceId: pulumi.Input<string>; readonly service: PrivateService },
  ): network.PrivateEndpoint {
    if (!SERVICES[args.service])
      throw new RangeError(`${this.where}: "${args.service}" is no known service; write one of ${Object.keys(SERVICES).join(', ')}`);
    const { resourceGroupName } = this.#args;
    const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network: this, ...args };
    return privateEndpoint(`${this.label}-${name}-endpoint`, endpoint, { parent: this });
  }

  #ownZone(zone: string): pulumi.Output<string> {
    const { resourceGroupName } = this.#args;
    const child = `${this.label}-zone-${zone.replaceAll('.', '-')}`;
    const made = makeZone(child, { zone, resourceGroupName, tags: this.tags }, { parent: this });
    const link = { resourceGroupName, tags: this.tags, zoneName: made.name, linkName: this.label, networkId: this.id };
    linkZone(`${child}-link`, link, { parent: this });
    return made.id;
  }

  #createNetwork(): network.VirtualNetwork {
    const { ddosProtectionPlanId, range, resourceGroupName } = this.#args;
    return new network.VirtualNetwork(
      `${this.label}-network`,
      {
        resourceGroupName,
        location: this.location,
        addressSpace: { addressPrefixes: [range] },
        enableDdosProtection: ddosProtectionPlanId !== undefined,
        ...(ddosProtectionPlanId === undefined ? {} : { ddosProtectionPlan: { id: ddosProtectionPlanId } }),
        enableVmProtection: false,
        // The service knows no stricter enforcement yet; machines that can encrypt between each other do.
        encryption: { enabled: true, enforcement: 'AllowUnencrypted' },
        tags: this.tags,
      },
      { parent: this },
    );
  }

  /** Azure changes one subnet of a network at a time: each waits for the one before. */
  #createSubnets(): Record<string, pulumi.Output<string>> {
    const { bastionRange, resourceGroupName, subnets } = this.#args;
    const ranges = new Map(Object.entries(subnets).map(([name, spec]) => [name, spec.range]));
    if (bastionRange !== undefined) ranges.set(BASTION_SUBNET, ranges.get(BASTION_SUBNET) ?? bastionRange);
    const routeTable = this.#createRoutes();
    const around = { exposure: this.decided.profile.exposure, firewalled: routeTable !== undefined };
    const ids: Record<string, pulumi.Output<string>> = {};
    let previous: network.Subnet | undefined;
    for (const [name, spec] of Object.entries(subnets)) {
      const child = `${this.label}-${name}`;
      const where = `${this.where} subnet "${name}"`;
      const { delegatedTo, routed, rules } = planSubnet(where, name, spec, ranges, around);
      const group = rules && this.#createGroup(name, rules);
      previous = new network.Subnet(
        `${child}-subnet`,
        {
          subnetName: name,
          resourceGroupName,
          virtualNetworkName: this.virtualNetwork.name,
          addressPrefix: spec.range,
          defaultOutboundAccess: false,
          ...(group ? { networkSecurityGroup: { id: group.id } } : {}),
          privateEndpointNetworkPolicies: 'Enabled',
          privateLinkServiceNetworkPolicies: 'Enabled',
          serviceEndpoints: [],
          delegations: delegatedTo ? [{ name: delegatedTo.replaceAll(/[./]/g, '-'), serviceName: delegatedTo }] : [],
          ...(routeTable && routed ? { routeTable: { id: routeTable.id } } : {}),
        },
        { parent: this, ...(previous ? { dependsOn: [previous] } : {}) },
      );
      ids[name] = previous.id;
    }
    return ids;
  }

  #createGroup(subnet: string, rules: readonly SecurityRule[]): network.NetworkSecurityGroup {
    const { resourceGroupName } = this.#args;
    const group = new network.NetworkSecurityGroup(
      `${this.label}-${subnet}-rules`,
      { resourceGroupName, location: this.location, flushConnection: true, securityRules: [...rules], tags: this.tags },
      { parent: this },
    );
    this.#groups.set(subnet, group);
    return group;
  }

  #createRoutes(): network.RouteTable | undefined {
    const { firewallAddress, resourceGroupName } = this.#args;
    if (firewallAddress === undefined) return undefined;
    return new network.RouteTable(
      `${this.label}-routes`,
      {
        resourceGroupName,
        location: this.location,
        disableBgpRoutePropagation: true,
        routes: [
          { name: 'through-the-firewall', addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: firewallAddress },
        ],
        tags: this.tags,
      },
      { parent: this },
    );
  }

  /** How often each rule let through or refused something. */
  #recordRules(): void {
    const categories = ['NetworkSecurityGroupEvent', 'NetworkSecurityGroupRuleCounter'];
    for (const [name, { id }] of this.#groups)
      diagnosticSettings(
        `${this.label}-${name}-rules-diagnostics`,
        { resourceId: id, logs: this.logs, categories, metrics: [] },
        { parent: this },
      );
  }

  /** Flows go to the archive, written by an identity, because the archive refuses shared keys. */
  #recordFlows(): void {
    const { networkWatcher, resourceGroupName } = this.#args;
    const { archiveId, workspaceId, workspaceLocation } = this.logs;
    if (archiveId === undefined)
      throw new RangeError(`${this.where}: logs has no archive, and flows are recorded in one (LOG-12); pass workspace.sinkWith(archive)`);
    const identity = new managedidentity.UserAssignedIdentity(
      `${this.label}-flow-identity`,
      { resourceGroupName, location: this.location, tags: this.tags },
      { parent: this },
    );
    const write = assignRole(
      `${this.label}-flow-write`,
      {
        role: 'Storage Blob Data Contributor',
        principal: { principalId: identity.principalId, principalType: 'ServicePrincipal' },
        scope: archiveId,
        why: 'Writes the flow records of one network',
      },
      { parent: this },
    );
    new network.FlowLog(
      `${this.label}-flows`,
      {
        networkWatcherName:
          networkWatcher?.name ?? pulumi.output(this.location).apply((at) => `NetworkWatcher_${at.toLowerCase().replaceAll(' ', '')}`),
        resourceGroupName: networkWatcher?.resourceGroupName ?? 'NetworkWatcherRG',
        location: this.location,
        targetResourceId: this.id,
        storageId: archiveId,
        enabled: true,
        format: { type: 'JSON', version: 2 },
        retentionPolicy: { enabled: true, days: flowDays(logProfileOf(this.tier).retention.security) },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            trafficAnalyticsInterval: this.reaches('high') ? ANALYSIS_MINUTES.high : ANALYSIS_MINUTES.other,
            workspaceResourceId: workspaceId,
            workspaceRegion: workspaceLocation,
          },
        },
        identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
        tags: this.tags,
      },
      { parent: this, dependsOn: [write] },
    );
  }
}

/** Longest retention that the service knows, in days. Beyond it 0 means for ever, and the archive's lifecycle removes. */
const LONGEST_FLOW_DAYS = 365;
const flowDays = (days: number): number => (days <= LONGEST_FLOW_DAYS ? days : 0);

const PROMISES: Promises = {
  claims: SecureVirtualNetwork.claims,
  families: ['network'],
  relaxable: { 'DID-10': 'the refusal of names, where a central resolver refuses them' },
  firm: {
    'DID-01': 'a subnet with a way out of its own is no isolated segment; pass `firewallAddress`',
    'DID-02': 'only an edge component faces everybody',
    'DID-12': 'administer through a brokered, recorded session',
    'EXP-05': 'name the destination in `egress`, or pass `firewallAddress`',
    'LOG-12': 'which connections were made must be answerable',
  },
};
