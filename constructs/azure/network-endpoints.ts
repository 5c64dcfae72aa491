import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { BACKUP_REGIONS } from './backup-regions';
import { whole } from './whole';

/**
 * Services that are reached by a private endpoint: the group that the service offers, and the zones that resolve its names.
 * Source: Azure Private Link documentation, "Private DNS zone values", public cloud. `{region}` is the location of the endpoint,
 * `{backup-region}` the short code that Azure Backup has for it.
 */
export const SERVICES = {
  'app-configuration': { group: 'configurationStores', zones: ['privatelink.azconfig.io'] },
  'app-service': { group: 'sites', zones: ['privatelink.azurewebsites.net'] },
  'api-management': { group: 'Gateway', zones: ['privatelink.azure-api.net'] },
  automation: { group: 'Webhook', zones: ['privatelink.azure-automation.net'] },
  backup: {
    group: 'AzureBackup',
    zones: [
      'privatelink.{backup-region}.backup.windowsazure.com',
      'privatelink.blob.core.windows.net',
      'privatelink.queue.core.windows.net',
    ],
  },
  blob: { group: 'blob', zones: ['privatelink.blob.core.windows.net'] },
  cosmos: { group: 'Sql', zones: ['privatelink.documents.azure.com'] },
  'data-lake': { group: 'dfs', zones: ['privatelink.dfs.core.windows.net'] },
  'event-grid-domain': { group: 'domain', zones: ['privatelink.eventgrid.azure.net'] },
  'event-grid-topic': { group: 'topic', zones: ['privatelink.eventgrid.azure.net'] },
  'event-hubs': { group: 'namespace', zones: ['privatelink.servicebus.windows.net'] },
  file: { group: 'file', zones: ['privatelink.file.core.windows.net'] },
  kubernetes: { group: 'management', zones: ['privatelink.{region}.azmk8s.io'] },
  'managed-hsm': { group: 'managedhsm', zones: ['privatelink.managedhsm.azure.net'] },
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
  mysql: { group: 'mysqlServer', zones: ['privatelink.mysql.database.azure.com'] },
  postgresql: { group: 'postgresqlServer', zones: ['privatelink.postgres.database.azure.com'] },
  queue: { group: 'queue', zones: ['privatelink.queue.core.windows.net'] },
  redis: { group: 'redisCache', zones: ['privatelink.redis.cache.windows.net'] },
  'redis-enterprise': { group: 'redisEnterprise', zones: ['privatelink.redis.azure.net'] },
  registry: { group: 'registry', zones: ['privatelink.azurecr.io', '{region}.data.privatelink.azurecr.io'] },
  search: { group: 'searchService', zones: ['privatelink.search.windows.net'] },
  'service-bus': { group: 'namespace', zones: ['privatelink.servicebus.windows.net'] },
  sql: { group: 'sqlServer', zones: ['privatelink.database.windows.net'] },
  table: { group: 'table', zones: ['privatelink.table.core.windows.net'] },
  vault: { group: 'vault', zones: ['privatelink.vaultcore.azure.net'] },
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
  const { group } = SERVICES[args.service];
  const zones = zonesOf(name, args);
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

/**
 * Every zone that private endpoints in a location can need: what a hub makes beforehand for the networks of others.
 *
 * @param location Azure location, `westeurope`
 */
export const zonesAt = (location: string): readonly string[] => [
  ...new Set((Object.keys(SERVICES) as PrivateService[]).flatMap((service) => zonesOf('zones', { location, service }))),
];

/** The zones of a service; some carry the location. @throws RangeError where it is needed and only the deployment tells it */
function zonesOf(name: string, { location, service }: Pick<PrivateEndpointArgs, 'location' | 'service'>): readonly string[] {
  return SERVICES[service].zones.map((zone) => {
    const place = /\{[a-z-]+\}/.exec(zone)?.[0];
    if (place === undefined) return zone;
    if (typeof location !== 'string')
      throw new RangeError(`private endpoint "${name}": the zone ${zone} carries the location; pass location as a string`);
    const region = location.toLowerCase().replaceAll(' ', '');
    const written = place === '{backup-region}' ? BACKUP_REGIONS[region] : region;
    if (written === undefined)
      throw new RangeError(`private endpoint "${name}": no short code of Azure Backup is known for the region ${location}; choose another`);
    return zone.replace(place, written);
  });
}
