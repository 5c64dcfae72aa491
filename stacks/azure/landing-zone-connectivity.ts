import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import {
  DdosPlan,
  type LogSink,
  PrivateDnsZones,
  SecureBastion,
  SecureFirewall,
  SecureResourceGroup,
  SecureVirtualNetwork,
} from '../../constructs/azure';
import { zonesAt } from '../../constructs/azure/network-endpoints';
import type { Place } from './landing-zone-place';
import { RANGES } from './landing-zone-settings';

/** What networks of all subscriptions share, and what exists before anything is recorded. */
export interface Shared {
  readonly group: SecureResourceGroup;
  readonly zones: PrivateDnsZones;
  readonly plan: DdosPlan;
}

/** The network of the platform through which everything leaves, and by which machines are administered. */
export interface Hub {
  readonly network: SecureVirtualNetwork;
  readonly firewall: SecureFirewall;
  readonly bastion: SecureBastion;
}

/** The names of private endpoints and the shield from floods: one of each for the directory. */
export function share({ profile, providers, settings }: Place): Shared {
  const { location, prefix } = settings;
  const opts = { provider: providers.connectivity as pulumi.ProviderResource };
  const group = new SecureResourceGroup('hub', { profile, location, resourceGroupName: `${prefix}-hub` }, opts);
  const common = { profile, location, resourceGroupName: group.name };
  return { group, zones: new PrivateDnsZones('zones', common, opts), plan: new DdosPlan('floods', common, opts) };
}

/**
 * The watcher that records the flows of a region, under the name by which Azure would make it: there is one in each
 * subscription and region.
 */
export function makeWatcher({ profile, providers, settings }: Place, subscription: string): network.NetworkWatcher {
  const provider = providers[subscription] as pulumi.ProviderResource;
  const { location } = settings;
  const group = new SecureResourceGroup(
    `watcher-${subscription}`,
    { profile, location, resourceGroupName: 'NetworkWatcherRG' },
    { provider },
  );
  return new network.NetworkWatcher(
    `watcher-${subscription}`,
    { resourceGroupName: group.name, location, networkWatcherName: `NetworkWatcher_${location.toLowerCase().replaceAll(' ', '')}` },
    { provider, parent: group },
  );
}

/** What {@link connect} needs besides the place. */
export interface HubArgs {
  readonly shared: Shared;
  readonly logs: LogSink;
  readonly watcher: network.NetworkWatcher;
  /** The network of investigators. */
  readonly management: SecureVirtualNetwork;
}

/**
 * The hub: a firewall that lets named sites through and inspects what it lets, a broker of sessions, and a private zone for
 * every service. No workload is joined until somebody here says so.
 */
export function connect({ profile, providers, settings }: Place, { logs, management, shared, watcher }: HubArgs): Hub {
  const { location } = settings;
  const opts = { provider: providers.connectivity as pulumi.ProviderResource };
  const common = { profile, location, resourceGroupName: shared.group.name, logs };
  const hub = new SecureVirtualNetwork(
    'egress',
    {
      ...common,
      zones: shared.zones,
      ddosProtectionPlanId: shared.plan.id,
      networkWatcher: { resourceGroupName: 'NetworkWatcherRG', name: watcher.name },
      allowedNames: [...settings.allowedNames, ...settings.allowedDomains.map((domain) => domain.replace(/^\./, ''))],
      range: RANGES.hub,
      subnets: {
        AzureFirewallSubnet: { range: RANGES.firewall },
        AzureBastionSubnet: { range: RANGES.bastion, ingress: [{ name: 'office', peer: settings.officeRange, ports: [443] }] },
        endpoints: { range: RANGES.hubEndpoints },
      },
    },
    opts,
  );
  for (const zone of zonesAt(location)) hub.zoneId(zone);
  const firewall = new SecureFirewall(
    'firewall',
    {
      ...common,
      subnetId: subnetOf(hub, 'AzureFirewallSubnet'),
      ddosProtectionPlanId: shared.plan.id,
      sites: [{ name: 'approved', from: [RANGES.workloads], allowedDomains: settings.allowedDomains }],
    },
    opts,
  );
  const bastion = new SecureBastion(
    'sessions',
    { ...common, subnetId: subnetOf(hub, 'AzureBastionSubnet'), ddosProtectionPlanId: shared.plan.id },
    opts,
  );
  for (const id of settings.spokes) hub.peer(id.slice(id.lastIndexOf('/') + 1), { remoteId: id });
  hub.peer('management', { remoteId: management.id });
  management.peer('hub', { remoteId: hub.id });
  return { network: hub, firewall, bastion };
}

const subnetOf = (hub: SecureVirtualNetwork, name: string): pulumi.Output<string> => hub.subnetIds[name] as pulumi.Output<string>;
