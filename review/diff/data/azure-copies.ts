/** Where data of Azure is kept besides its own place: replicas, failover groups, further regions, wherever they are declared. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Estate } from '../access-azure/estate';

/** A copy of what somewhere else is the original. */
export interface Copy {
  /** What is copied, where the input holds it; else what declares the copy. */
  readonly of: Resource;
  readonly at: Resource;
  readonly path: string;
  /** Whether the input holds what is copied. */
  readonly isKnown: boolean;
  readonly place: string;
  /** Nobody can tell where. */
  readonly unknown: boolean;
}

interface Copying {
  readonly on: RegExp;
  readonly path: string;
  /** The places, or resources in them. */
  readonly places: (resource: Resource) => readonly Value[];
  /** What names the original; absent where it is the resource itself. */
  readonly source?: readonly [path: string, type: string];
  readonly when?: (resource: Resource) => boolean;
}

const items = (list: string, key: string) => (resource: Resource) =>
  resource
    .at(list)
    .items()
    .map((item) => item.at(key));
const own = (path: string) => (resource: Resource) => [resource.at(path)];
const mode = (pattern: RegExp) => (resource: Resource) => pattern.test(resource.at('createMode').string ?? '');

const SQL_SERVER = 'azure-native:sql:Server';
const COPYING: readonly Copying[] = [
  { on: /^azure-native:(cosmosdb|documentdb):DatabaseAccount$/, path: 'locations', places: items('locations', 'locationName') },
  {
    on: /^azure-native:containerregistry:Replication$/,
    path: 'location',
    places: own('location'),
    source: ['registryName', 'azure-native:containerregistry:Registry'],
  },
  {
    on: /^azure-native:appconfiguration:Replica$/,
    path: 'location',
    places: own('location'),
    source: ['configStoreName', 'azure-native:appconfiguration:ConfigurationStore'],
  },
  {
    on: /^azure-native:sql:FailoverGroup$/,
    path: 'partnerServers',
    places: items('partnerServers', 'id'),
    source: ['serverName', SQL_SERVER],
  },
  { on: /^azure-native:sql:InstanceFailoverGroup$/, path: 'partnerRegions', places: items('partnerRegions', 'location') },
  {
    on: /^azure-native:sql:Database$/,
    path: 'createMode',
    places: own('location'),
    source: ['sourceDatabaseId', 'azure-native:sql:Database'],
    when: mode(/^(Online|NonReadable)?Secondary$|^Copy$|^Recovery$/i),
  },
  ...['postgresql', 'mysql'].map((kind) => ({
    on: new RegExp(`^azure-native:dbfor${kind}:(Flexible)?Server$`),
    path: 'createMode',
    places: own('location'),
    source: ['sourceServerResourceId', `azure-native:dbfor${kind}:Server`] as const,
    when: mode(/^(Replica|GeoRestore)$/i),
  })),
  {
    on: /^azure-native:redis:LinkedServer$/,
    path: 'linkedRedisCacheLocation',
    places: own('linkedRedisCacheLocation'),
    source: ['name', 'azure-native:redis:Redis'],
    when: (link) => link.at('serverRole').string === 'Secondary',
  },
  {
    on: /^azure-native:(servicebus|eventhub):Namespace$/,
    path: 'geoDataReplication.locations',
    places: items('geoDataReplication.locations', 'locationName'),
  },
  {
    on: /^azure-native:operationalinsights:Workspace$/,
    path: 'replication.location',
    places: own('replication.location'),
    when: (workspace) => workspace.at('replication.enabled').boolean !== false,
  },
  { on: /^azure-native:keyvault:ManagedHsm$/, path: 'properties.regions', places: items('properties.regions', 'name') },
  {
    on: /^azure-native:dataprotection:BackupVault$/,
    path: 'properties.replicatedRegions',
    places: (vault) => vault.at('properties.replicatedRegions').items(),
  },
  {
    on: /^azure-native:netapp:(CapacityPool)?Volume$/,
    path: 'dataProtection.replication.remoteVolumeRegion',
    places: own('dataProtection.replication.remoteVolumeRegion'),
    when: (volume) => volume.at('dataProtection.replication.endpointType').string?.toLowerCase() !== 'dst',
  },
  {
    on: /^azure-native:storage:ObjectReplicationPolicy$/,
    path: 'destinationAccount',
    places: own('destinationAccount'),
    source: ['sourceAccount', 'azure-native:storage:StorageAccount'],
  },
];
const BY_TYPE = new Map<string, readonly Copying[]>();

const copyingOf = (type: string): readonly Copying[] => {
  const known = BY_TYPE.get(type) ?? COPYING.filter(({ on }) => on.test(type));
  BY_TYPE.set(type, known);
  return known;
};

/** Whether resources of its type can declare copies. */
export const maybeCopies = ({ cloud, options, type }: Resource): boolean =>
  cloud === 'azure' && options.external !== true && copyingOf(type).length > 0;

/** Resources of a side by type: to tell originals from copies of the same name. */
export type ByType = ReadonlyMap<string, readonly Resource[]>;

/** The copies that a resource declares. */
export function copiesOf(resource: Resource, estate: Estate, byType: ByType): readonly Copy[] {
  return copyingOf(resource.type).flatMap(({ path, places, source, when }) => {
    if (when && !when(resource)) return [];
    const original = source ? originalOf(resource, source, estate, byType) : resource;
    return places(resource)
      .filter((value) => value.state !== 'absent')
      .map((value) => {
        const place = placeOf(value, estate);
        return {
          of: original ?? resource,
          at: resource,
          path,
          isKnown: original !== undefined,
          place: place ?? value.missing ?? '',
          unknown: place === undefined,
        };
      });
  });
}

/** By reference, or by an id of which all names are those of the original and of what it stands in. */
function originalOf(copy: Resource, [path, type]: readonly [string, string], estate: Estate, byType: ByType): Resource | undefined {
  const value = copy.at(path);
  const found = estate.find(value, type);
  if (found) return found;
  const parts = value.string?.toLowerCase().replace(/\/+$/, '').split('/') ?? [];
  const candidates = (byType.get(type) ?? []).filter((resource) => {
    if (resource === copy || !resource.names.some((name) => typeof name === 'string' && name.toLowerCase() === parts.at(-1))) return false;
    const around = resource.all
      .entries()
      .flatMap(([key, { string }]) => (/Name$/.test(key) && string !== undefined ? [string.toLowerCase()] : []));
    return around.every((name) => parts.includes(name));
  });
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Names of places are written with and without spaces. */
export const samePlace = (place: string): string => place.toLowerCase().replaceAll(' ', '');

/** Where the original is. */
export function homeOf(resource: Resource, estate: Estate): string | undefined {
  const value = resource.at('location');
  const written = value.state === 'absent' ? undefined : placeOf(value, estate);
  if (written !== undefined) return written;
  const first = resource
    .at('locations')
    .items()
    .find((location) => location.at('failoverPriority').number === 0);
  return first?.at('locationName').string ?? resource.unit.region;
}

const LOCATED = ['azure-native:sql:Server', 'azure-native:storage:StorageAccount'];

/** A region by its name, by the group that it is taken from, or by the resource that stands in it. */
function placeOf(value: Value, estate: Estate): string | undefined {
  const { shape } = value;
  if (shape !== undefined && !shape.includes('${') && !shape.includes('/')) return shape;
  for (const type of ['azure-native:resources:ResourceGroup', ...LOCATED]) {
    const target = estate.find(value, type);
    if (target && target.at('location') !== value) return target.at('location').string ?? undefined;
  }
  return undefined;
}
