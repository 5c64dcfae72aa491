/** Categories of records of Azure: what a group of them holds, as far as the documentation of the services says. */
import { STORES } from '../../../policies/rules/logging/azure-completeness';

const STORAGE = ['StorageRead', 'StorageWrite', 'StorageDelete'];
const VAULT = ['AuditEvent', 'AzurePolicyEvaluationDetails'];
const ACTIVITY = ['Administrative', 'Security', 'ServiceHealth', 'Alert', 'Recommendation', 'Policy', 'Autoscale', 'ResourceHealth'];

/** All categories of a service, and those of its group `audit`. Source: Azure Monitor documentation, "Supported resource log categories". */
const GROUPS: Readonly<Record<string, { readonly all: readonly string[]; readonly audit: readonly string[] }>> = {
  'azure-native:keyvault:Vault': { all: VAULT, audit: ['AuditEvent'] },
  'azure-native:keyvault:ManagedHsm': { all: ['AuditEvent'], audit: ['AuditEvent'] },
  blobservices: { all: STORAGE, audit: STORAGE },
  fileservices: { all: STORAGE, audit: STORAGE },
  queueservices: { all: STORAGE, audit: STORAGE },
  tableservices: { all: STORAGE, audit: STORAGE },
  subscription: { all: ACTIVITY, audit: [] },
};

/** Categories that a setting switches on. */
export interface Recording {
  /** Names in lower case by how they are written; groups among them. */
  readonly categories: ReadonlyMap<string, string>;
  /** What is not known of it. */
  readonly missing: readonly string[];
}

const ALL = 'alllogs';
const AUDIT = 'audit';
const GROUP_WORDS: Readonly<Record<string, string>> = { [ALL]: 'everything', [AUDIT]: 'what it calls audit' };

const GROUP = 'group';
export const groupKey = (name: string): string => `${GROUP} ${name.toLowerCase()}`;
export const categoryKey = (name: string): string => `category ${name.toLowerCase()}`;

/** All that several settings record together. */
export function union(parts: readonly Recording[]): Recording {
  return {
    categories: new Map(parts.flatMap(({ categories }) => [...categories])),
    missing: [...new Set(parts.flatMap(({ missing }) => missing))],
  };
}

/** What one records and another does not. */
export interface Lack {
  /** In words. */
  readonly lost: readonly string[];
  /** Perhaps, because nobody knows what a group of the service holds. */
  readonly perhaps: readonly string[];
}

/** What is recorded before and not after, by the kind of what records. */
export function lacking(before: Recording, after: Recording, kind: string): Lack {
  if (after.categories.has(groupKey(ALL))) return { lost: [], perhaps: [] };
  const groups = GROUPS[kind];
  const lost: string[] = [];
  const perhaps: string[] = [];
  const has = (name: string) => after.categories.has(categoryKey(name));
  for (const [key, written] of before.categories) {
    if (after.categories.has(key)) continue;
    const [mark = '', name = ''] = key.split(' ');
    const members = mark === GROUP ? (name === ALL ? groups?.all : name === AUDIT ? groups?.audit : undefined) : undefined;
    if (mark === GROUP) {
      // A list that names all there is records the same; whatever else is in a group that nobody knows may be missing.
      const held = (one: string) => has(one) || (after.categories.has(groupKey(AUDIT)) && groups?.audit.includes(one) === true);
      const [gone, words] = [members?.filter((one) => !held(one)), GROUP_WORDS[name] ?? `the group ${written}`];
      if (gone !== undefined) lost.push(...(gone.length === members?.length ? [words] : gone));
      else if (name !== ALL && after.categories.size > 0) perhaps.push(words);
      else lost.push(words);
    } else if (!after.categories.has(groupKey(AUDIT))) lost.push(written);
    else if (groups === undefined && STORES[kind]?.toLowerCase() !== name) perhaps.push(written);
    else if (groups !== undefined && !groups.audit.some((one) => one.toLowerCase() === name)) lost.push(written);
  }
  return { lost: [...new Set(lost)].sort(), perhaps: [...new Set(perhaps)].sort() };
}
