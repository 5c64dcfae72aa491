import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { whole } from './whole';

/** Services that are reached by a private endpoint: the group that the service offers, and the zones that resolve its names. */
export const SERVICES = {
  blob: { group: 'blob', zones: ['privatelink.blob.core.windows.net'] },
  file: { group: 'file', zones: ['privatelink.file.core.windows.net'] },
  queue: { group: 'queue', zones: ['privatelink.queue.core.windows.net'] },
  table: { group: 'table', zones: ['privatelink.table.core.windows.net'] },
  vault: { group: 'vault', zones: ['privatelink.vaultcore.azure.net'] },
  monitor: {
    group: 'azuremonitor',
    zones: [
      'privatelink.monitor.azure.com',
      'privatelink.oms.opinsights.azure.com',
      'privatelink.ods.opinsights.azure.com',
      'privatelink.agentsvc.azure-automation.net',
      'privatelink.blob.core.windows.net',
    ],
  },
} as const satisfies Readonly<Record<string, { readonly group: string; readonly zones: readonly string[] }>>;

/** A service that is reached by a private endpoint. */
export type PrivateService = keyof typeof SERVICES;

/**
 * The network from which services are reached. `SecureVirtualNetwork` is one; an existing network is written as an object
 * that names its subnet and the ids of its private DNS zones.
 */
export interface EndpointNetwork {
  /** Subnet in which private endpoints get their address. */
  readonly endpointSubnetId: pulumi.Input<string>;
  /** Id of the private DNS zone of this name, linked to the network. */
  zoneId(zone: string): pulumi.Input<string>;
}

/** What a private endpoint connects. */
export interface PrivateEndpointArgs {
  /** Resource group of the endpoint. */
  readonly resourceGroupName: pulumi.Input<string>;
  /** Location of the network. */
  readonly location: pulumi.Input<string>;
  /** @default none */
  readonly tags?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Network from which the resource is reached. */
  readonly network: EndpointNetwork;
  /** Id of the resource that is reached. */
  readonly resourceId: pulumi.Input<string>;
  /** What of the resource is reached. */
  readonly service: PrivateService;
}

/**
 * Lets a network reach a service at a private address and resolve its name to it (DID-05).
 *
 * @param name name of the endpoint; its zone group is `${name}-dns`
 * @example
 * privateEndpoint('reports-blob', { resourceGroupName, location, network, resourceId: account.id, service: 'blob' }, { parent: this });
 */
export function privateEndpoint(name: string, args: PrivateEndpointArgs, opts: pulumi.CustomResourceOptions): network.PrivateEndpoint {
  const { group, zones } = SERVICES[args.service];
  const endpointArgs: network.PrivateEndpointArgs = {
    resourceGroupName: args.resourceGroupName,
    location: args.location,
    subnet: { id: args.network.endpointSubnetId },
    privateLinkServiceConnections: [{ name: group, privateLinkServiceId: args.resourceId, groupIds: [group] }],
    tags: { ...args.tags },
  };
  const endpoint = new network.PrivateEndpoint(name, endpointArgs, whole(name, endpointArgs, ['subnet'], opts));
  new network.PrivateDnsZoneGroup(
    `${name}-dns`,
    {
      resourceGroupName: args.resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: 'default',
      privateDnsZoneConfigs: zones.map((zone) => ({ name: zone.replaceAll('.', '-'), privateDnsZoneId: args.network.zoneId(zone) })),
    },
    opts,
  );
  return endpoint;
}
