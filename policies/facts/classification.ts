import { type DataProfile, decideTier, SENSITIVITIES, TIERS, type Tier } from '../../controls';
import { every, fail, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

/**
 * What a store says about the data that it holds, whatever the tag is called in a given organisation. Plain `tier` and `volume`
 * are left out: they speak of architecture and of disks.
 */
export const LABELS = {
  sensitivity: [
    'palisade:sensitivity',
    'sensitivity',
    'classification',
    'data-classification',
    'dataclassification',
    'data_classification',
  ],
  owner: ['palisade:owner', 'owner', 'data-owner', 'dataowner', 'data_owner'],
  volume: ['palisade:volume', 'data-volume', 'datavolume', 'data_volume'],
  tier: ['palisade:tier', 'risk-tier', 'risktier', 'risk_tier'],
  environment: ['palisade:environment', 'environment', 'env', 'stage'],
} as const;
export type Label = keyof typeof LABELS;

/** Types whose tags stand under another name. Those of a replicated table are the same in each replica, so that the first one tells. */
const TAGS: Readonly<Record<string, string>> = {
  'AWS::EFS::FileSystem': 'FileSystemTags',
  'AWS::DynamoDB::GlobalTable': 'Replicas[].Tags',
  'AWS::Backup::BackupVault': 'BackupVaultTags',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'BackupVaultTags',
};

/** The tag that carries a label; undefined where no tag does. Tags that are not known yield an unknown value. */
export function labelOf(resource: Resource, label: Label): Value | undefined {
  const keys: readonly string[] = LABELS[label];
  const [path = '', inside] = (TAGS[resource.type] ?? (resource.cloud === 'aws' ? 'Tags' : 'tags')).split('[].');
  const tags = inside === undefined ? resource.at(path) : resource.at(path).items()[0]?.at(inside);
  if (tags === undefined) return undefined;
  if (tags.state === 'unknown') return tags;
  if (tags.isMap) return tags.entries().find(([key]) => keys.includes(key.toLowerCase()))?.[1];
  for (const tag of tags.items()) {
    if (tag.state === 'unknown') return tag;
    const key = tag.at('Key').string;
    if (key !== undefined && keys.includes(key.toLowerCase())) return tag.at('Value');
  }
  return undefined;
}

/** The data profile that the unit of a resource declares, if it is one. */
export function profileOf(resource: Resource): Partial<DataProfile> | undefined {
  const { profile } = resource.unit;
  return typeof profile === 'object' && profile !== null && !Array.isArray(profile) ? (profile as Partial<DataProfile>) : undefined;
}

/** Sensitivity by tag, else by the profile of the unit; undefined where neither says one of the scale. */
export function sensitivityOf(resource: Resource): DataProfile['sensitivity'] | undefined {
  const said = (labelOf(resource, 'sensitivity')?.string ?? profileOf(resource)?.sensitivity)?.toLowerCase();
  return SENSITIVITIES.find((sensitivity) => sensitivity === said);
}

/** Tier by tag, else decided from the profile of the unit; undefined where neither tells. */
export function tierOf(resource: Resource): Tier | undefined {
  const said = labelOf(resource, 'tier')?.string?.toLowerCase();
  const tagged = TIERS.find((tier) => tier === said);
  if (tagged !== undefined) return tagged;
  const profile = profileOf(resource);
  if (!profile) return undefined;
  try {
    return decideTier(profile as DataProfile).tier;
  } catch {
    return undefined; // An incomplete profile is the business of GOV-10.
  }
}

/** Every label is carried by a tag; a unit that declares its data profile has said it for all its stores. */
export function isClassified(store: Resource): Outcome {
  if (profileOf(store)) return pass();
  return every(['sensitivity', 'tier', 'owner', 'volume'] as const, (label) => {
    const tag = labelOf(store, label);
    if (!tag) return fail(`no tag "${LABELS[label][0]}", and the stack declares no data profile`);
    // A label that deployment fills in is a label; a list of tags that deployment decides may hold none.
    return /tags(\[\d+\])?$/i.test(tag.path) ? tag.asUnknown() : tag.isSet();
  });
}

/** Places that the data profile promises; undefined where it promises none. */
export function residencyOf(store: Resource): readonly string[] | undefined {
  const places = profileOf(store)?.residency;
  return Array.isArray(places) && places.length > 0 ? places.map((place) => String(place).toLowerCase().replaceAll(' ', '')) : undefined;
}
