/** Data that is newly kept in another region or place: copies, replicas, failover groups. */
import type { Resource } from '../../policies/resource';
import { HOLDS } from './data';
import type { Plain } from './plain';
import { asList, asMap, asText, placeOf, type Reader, readerOf, shownAs, valueAt } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Told } from './side';

/** Where a resource keeps copies, by type; the property, and how its items say a region. */
const COPIES: readonly (readonly [type: RegExp, path: string, region: (item: Plain) => string | undefined])[] = [
  [/^AWS::SecretsManager::Secret$/, 'ReplicaRegions', (item) => asText(asMap(item).Region)],
  [/^AWS::DynamoDB::GlobalTable$/, 'Replicas', (item) => asText(asMap(item).Region)],
  [/^AWS::SSMIncidents::ReplicationSet$/, 'Regions', (item) => asText(asMap(item).RegionName)],
  [
    /^AWS::ECR::ReplicationConfiguration$/,
    'ReplicationConfiguration.Rules',
    (rule) => asList(asMap(rule).Destinations).map((one) => asText(asMap(one).Region))[0],
  ],
  [
    /^AWS::Backup::BackupPlan$/,
    'BackupPlan.BackupPlanRule',
    (rule) => asList(asMap(rule).CopyActions).map((one) => regionOf(asText(asMap(one).DestinationBackupVaultArn)))[0],
  ],
  [/^AWS::EFS::FileSystem$/, 'ReplicationConfiguration.Destinations', (item) => asText(asMap(item).Region)],
  [/^AWS::KMS::ReplicaKey$/, 'PrimaryKeyArn', (item) => regionOf(asText(item))],
  [/^azure-native:cosmosdb:DatabaseAccount$/, 'locations', (item) => asText(asMap(item).locationName)],
  [/^azure-native:containerregistry:Replication$/, 'location', asText],
  [/^azure-native:sql:FailoverGroup$/, 'partnerServers', (item) => asText(asMap(item).location) ?? asText(asMap(item).id)],
];
const regionOf = (arn: string | undefined): string | undefined => /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(arn ?? '')?.[1];
/** Names of places are written with and without spaces. */
const same = (place: string): string => place.toLowerCase().replaceAll(' ', '');

/** Copies in places that held none before. */
export const residency: Aspected = (before, after, pairing) => {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  const lines: Told[] = [];
  for (const resource of resourcesOf(after)) {
    const other = pairing.other(resource);
    if (other) lines.push(...moved(other, resource, pairing));
    const places = placesOf(resource, now);
    if (places.length === 0) continue;
    const earlier = new Set(
      [...(other ? placesOf(other, old) : []), ...(resource.unit.region === undefined ? [] : [resource.unit.region])].map(same),
    );
    const added = [...new Set(places)].filter((place) => !earlier.has(same(place)));
    if (added.length === 0) continue;
    const [, path = ''] = COPIES.find(([type]) => type.test(resource.type)) ?? [];
    lines.push({
      aspect: 'data',
      direction: 'weaker',
      severity: 'high',
      sentence: `${pairing.name(resource)} is newly kept in ${added.join(', ')} as well`,
      subject: pairing.identity(resource),
      topic: `copies ${added.join()}`,
      boundary: 'residency',
      approver: 'data owner',
      evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw: path }],
      causes: [{ resource: pairing.identity(resource), path }],
    });
  }
  return lines;
};

/** A store that is put into another place altogether. */
function moved(before: Resource, after: Resource, pairing: Pairing): readonly Told[] {
  if (!HOLDS.test(after.type)) return [];
  const [was, is] = [before, after].map((one) => (one.cloud === 'azure' ? one.at('location').string : one.unit.region));
  if (was === undefined || is === undefined || same(was) === same(is)) return [];
  return [
    {
      aspect: 'data',
      direction: 'weaker',
      severity: 'high',
      sentence: `${pairing.name(after)} moves from ${was} to ${is}`,
      subject: pairing.identity(after),
      topic: 'place',
      boundary: 'residency',
      approver: 'data owner',
      evidence: [{ resource: shownAs(after), side: 'after', ...placeOf(after, 'location'), saw: 'location' }],
      causes: [{ resource: pairing.identity(after), path: 'location' }],
    },
  ];
}

function placesOf(resource: Resource, reader: Reader): readonly string[] {
  return COPIES.flatMap(([type, path, region]) =>
    type.test(resource.type) ? asList(valueAt(reader.of(resource), path)).flatMap((item) => region(item) ?? []) : [],
  );
}
