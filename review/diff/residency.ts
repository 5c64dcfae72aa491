/** Data that is newly kept in another region or place: copies, replicas, failover groups. */
import { append } from '../../policies/collect';
import type { Resource } from '../../policies/resource';
import type { Value } from '../../policies/value';
import { hasHole } from './access/text';
import { type Estate, estatesOf } from './access-azure/estate';
import { HOLDS } from './data';
import { type Copy, copiesOf, homeOf, maybeCopies, samePlace } from './data/azure-copies';
import type { Plain } from './plain';
import { asList, asMap, asText, placeOf, type Reader, readerOf, shownAs, valueAt } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

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
  [/^AWS::RDS::DBInstance$/, 'AutomaticBackupReplicationRegion', asText],
  [/^AWS::Redshift::Cluster$/, 'DestinationRegion', asText],
];
const regionOf = (arn: string | undefined): string | undefined => /^arn:[^:]*:[^:]*:([a-z0-9-]+):/.exec(arn ?? '')?.[1];
const same = samePlace;

/** Switches of Azure that let data out of its region. */
const LEAVES: readonly (readonly [type: RegExp, path: string, leaves: RegExp, absent: boolean, words: string, kept: string])[] = [
  [
    /^azure-native:eventgrid:(Topic|Domain|PartnerNamespace|Namespace)$/,
    'dataResidencyBoundary',
    /^WithinGeopair$/i,
    true,
    'what it holds is no longer kept in its region only',
    'what it holds is kept in its region only',
  ],
  [
    /^azure-native:cognitiveservices:Deployment$/,
    'sku.name',
    /^Global/i,
    false,
    'what it is asked and answers may be processed anywhere in the world now',
    'what it is asked and answers is no longer processed just anywhere in the world',
  ],
  [
    /^azure-native:cognitiveservices:Deployment$/,
    'sku.name',
    /^(Global|DataZone)/i,
    false,
    'what it is asked and answers is no longer processed in its region only',
    'what it is asked and answers is processed in its region only',
  ],
];

/** What is a copy of something in another region, by the property that names that; told where the copy is new. */
const REPLICAS: readonly (readonly [type: RegExp, path: string])[] = [
  [/^AWS::KMS::ReplicaKey$/, 'PrimaryKeyArn'],
  [/^AWS::RDS::DBInstance$/, 'SourceDBInstanceIdentifier'],
  [/^AWS::RDS::DBInstance$/, 'SourceDBClusterIdentifier'],
  [/^AWS::RDS::DBCluster$/, 'ReplicationSourceIdentifier'],
];

/** Models that answer elsewhere: where a question may be answered, from the narrowest. */
const MODELS: readonly (readonly [type: RegExp, path: string])[] = [
  [/^AWS::Bedrock::(Agent|Prompt|Flow)$/, 'FoundationModel'],
  [/^AWS::Bedrock::KnowledgeBase$/, 'KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn'],
];

/** Copies in places that held none before. */
export const residency: Aspected = (before, after, pairing) => {
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  const lines: Told[] = [...copiedOnAzure(before, after, pairing)];
  const clusters = [...resourcesOf(after)].filter(({ type }) => type === 'AWS::RDS::DBCluster');
  for (const resource of resourcesOf(after)) {
    const other = pairing.other(resource);
    if (other) lines.push(...moved(other, resource, pairing), ...leaving(other, resource, pairing), ...answered(other, resource, old, now));
    lines.push(...replicated(resource, other, old, now), ...joined(resource, other, now, clusters));
    const places = placesOf(resource, now);
    if (places.length === 0) continue;
    const earlier = new Set(
      [...(other ? placesOf(other, old) : []), ...(resource.unit.region === undefined ? [] : [resource.unit.region])].map(same),
    );
    const added = [...new Set(places)].filter((place) => !earlier.has(same(place)));
    if (added.length === 0) continue;
    const [, path = ''] = COPIES.find(([type]) => type.test(resource.type)) ?? [];
    lines.push({
      ...lineOf(resource, pairing, `${pairing.name(resource)} is newly kept in ${added.join(', ')} as well`, path),
      topic: `copies ${added.join()}`,
    });
  }
  return lines;
};

/** A copy in the region of its stack, of what is kept in another one. */
function replicated(resource: Resource, other: Resource | undefined, old: Reader, now: Reader): readonly Told[] {
  return REPLICAS.flatMap(([type, path]): readonly Told[] => {
    if (!type.test(resource.type)) return [];
    const source = asText(valueAt(now.of(resource), path));
    const [from, here] = [regionOf(source), resource.unit.region];
    if (source === undefined || from === undefined || here === undefined || same(from) === same(here)) return [];
    if (other && regionOf(asText(valueAt(old.of(other), path))) === from) return [];
    const called = now.referred(source);
    const of = called ? now.pairing.name(called) : now.words(source);
    const sentence = `${now.pairing.name(resource)} newly keeps in ${here} a copy of ${of}, of ${from}`;
    return [{ ...lineOf(resource, now.pairing, sentence, path), topic: `copies ${here}` }];
  });
}

/** A cluster that joins a database of several regions. */
function joined(resource: Resource, other: Resource | undefined, now: Reader, clusters: readonly Resource[]): readonly Told[] {
  const path = 'GlobalClusterIdentifier';
  const of = (one: Resource, reader: Reader) => asText(reader.of(one)[path]);
  if (resource.type !== 'AWS::RDS::DBCluster' || other !== undefined) return [];
  const [group, here] = [of(resource, now), resource.unit.region];
  if (group === undefined || here === undefined) return [];
  const elsewhere = clusters.filter((one) => one !== resource && of(one, now) === group && one.unit.region !== here);
  const [first] = elsewhere;
  if (!first?.unit.region) return [];
  const sentence = `${now.pairing.name(first)}, of ${first.unit.region}, is newly kept in ${here} as well, by ${now.pairing.name(resource)}`;
  return [{ ...lineOf(resource, now.pairing, sentence, path), topic: `copies ${here}` }];
}

/** Where the profile of a model answers: `eu.` within its geography, `global.` anywhere; without one, in the region of the ARN or the stack. */
function placeOfModel(model: string | undefined, resource: Resource): string | undefined {
  if (model === undefined || hasHole(model)) return undefined;
  const [, profile] = /(?:^|\/)(global|us-gov|us|eu|apac|jp|au|ca)\.[a-z0-9-]+\./.exec(model) ?? [];
  return profile ?? regionOf(model) ?? resource.unit.region;
}

function answered(before: Resource, after: Resource, old: Reader, now: Reader): readonly Told[] {
  return MODELS.flatMap(([type, path]): readonly Told[] => {
    if (!type.test(after.type)) return [];
    const [was, is] = [
      placeOfModel(asText(valueAt(old.of(before), path)), before),
      placeOfModel(asText(valueAt(now.of(after), path)), after),
    ];
    if (was === undefined || is === undefined || was === is) return [];
    // From the geography into a region of it.
    if (is.startsWith(`${was}-`)) return [];
    const sentence = `${now.pairing.name(after)}: what it is asked is answered in ${placeWords(is)} instead of ${placeWords(was)}`;
    return [{ ...lineOf(after, now.pairing, sentence, path), topic: 'place' }];
  });
}
const placeWords = (place: string): string =>
  place === 'global' ? 'any region of the world' : /-\d$/.test(place) ? place : `any region of ${place.toUpperCase()}`;

/** A store that is put into another place altogether. */
function moved(before: Resource, after: Resource, pairing: Pairing): readonly Told[] {
  if (!HOLDS.test(after.type)) return [];
  const [was, is] = [before, after].map((one) => (one.cloud === 'azure' ? one.at('location').string : one.unit.region));
  if (was === undefined || is === undefined || same(was) === same(is)) return [];
  return [{ ...lineOf(after, pairing, `${pairing.name(after)} moves from ${was} to ${is}`, 'location'), topic: 'place' }];
}

function placesOf(resource: Resource, reader: Reader): readonly string[] {
  return COPIES.flatMap(([type, path, region]) =>
    type.test(resource.type) ? asList(valueAt(reader.of(resource), path)).flatMap((item) => region(item) ?? []) : [],
  );
}

// ── On Azure ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Copies by what is copied: whichever resource declares them. */
function copiedOnAzure(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const now = copiesIn(after);
  if (now.length === 0 && copiesIn(before).length === 0) return [];
  const estates = estatesOf(before, after, pairing);
  const copied = (side: Side, estate: Estate) => {
    const [places, byType] = [new Map<string, Copy[]>(), new Map<string, Resource[]>()];
    for (const resource of resourcesOf(side)) append(byType, resource.type, resource);
    for (const resource of copiesIn(side))
      for (const copy of copiesOf(resource, estate, byType)) append(places, pairing.identity(copy.of), copy);
    return places;
  };
  const [old, current] = [copied(before, estates.before), copied(after, estates.after)];
  const fewer = [...old].flatMap(([identity, copies]): readonly Told[] => {
    const [{ of }] = copies as [Copy];
    const still = new Set((current.get(identity) ?? []).map(({ place }) => samePlace(place)));
    const places = [
      ...new Set(copies.filter(({ place, unknown }) => !unknown && !still.has(samePlace(place))).map(({ place }) => place)),
    ].sort();
    const other = pairing.other(of);
    if (!other || places.length === 0) return [];
    return [
      {
        ...gained(other, pairing, 'location'),
        sentence: `${pairing.name(other)} is no longer kept in ${places.join(', ')}`,
        topic: `copies ${places.join()}`,
      },
    ];
  });
  const more = [...current].flatMap(([identity, copies]) => {
    const [{ isKnown, of }] = copies as [Copy];
    const home = isKnown ? homeOf(of, estates.after) : undefined;
    const earlier = new Set([...(old.get(identity) ?? []).map(({ place }) => place), home ?? ''].map(samePlace));
    const added = copies.filter(({ place }) => !earlier.has(samePlace(place)));
    return [false, true].flatMap((unknown) => {
      const here = added.filter((copy) => copy.unknown === unknown);
      const [first] = here;
      if (!first) return [];
      const places = [...new Set(here.map(({ place }) => place))].sort().join(', ');
      const sentence = unknown
        ? `whether ${pairing.name(of)} is newly kept in another place cannot be told: ${places === '' ? 'the place of a copy is not known' : `it depends on ${places}`}`
        : isKnown
          ? `${pairing.name(of)} is newly kept in ${places} as well`
          : `${pairing.name(of)} is a new copy, in ${places}, of what the input does not hold`;
      return [
        {
          ...lineOf(first.at, pairing, sentence, first.path),
          ...(unknown ? { direction: 'undecided' as const } : {}),
          subject: identity,
          topic: `copies ${places}`,
        },
      ];
    });
  });
  return [...more, ...fewer];
}

const copiesIn = (side: Side): readonly Resource[] => [...resourcesOf(side)].filter(maybeCopies);

/** A switch that lets data out of its region. */
function leaving(before: Resource, after: Resource, pairing: Pairing): readonly Told[] {
  const lines = LEAVES.flatMap(([type, path, leaves, absent, words, kept]): readonly Told[] => {
    if (!type.test(after.type)) return [];
    const turn = ({ state, string }: Value): boolean | undefined =>
      state === 'absent' ? absent : string === undefined ? undefined : leaves.test(string);
    const [was, is] = [turn(before.at(path)), turn(after.at(path))];
    if (was === is) return [];
    if (is === false || was === true)
      return was === undefined || is === undefined
        ? []
        : [{ ...gained(after, pairing, path), sentence: `${pairing.name(after)}: ${kept}` }];
    if (is === undefined && before.at(path).missing === after.at(path).missing) return [];
    const line = lineOf(after, pairing, `${pairing.name(after)}: ${words}`, path);
    return is === undefined || was === undefined
      ? [{ ...line, direction: 'undecided', sentence: `${line.sentence}, or not: that cannot be told` }]
      : [line];
  });
  // The widest step of several.
  return lines.slice(0, 1);
}

/** What leaves no more asks nobody. */
function gained(resource: Resource, pairing: Pairing, path: string): Told {
  const { approver: _approver, boundary: _boundary, ...line } = lineOf(resource, pairing, '', path);
  return { ...line, direction: 'stronger', severity: 'low' };
}

const lineOf = (resource: Resource, pairing: Pairing, sentence: string, path: string): Told => ({
  aspect: 'data',
  direction: 'weaker',
  severity: 'high',
  sentence,
  subject: pairing.identity(resource),
  topic: `residency ${path}`,
  boundary: 'residency',
  approver: 'data owner',
  evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, path), saw: path }],
  causes: [{ resource: pairing.identity(resource), path }],
});
