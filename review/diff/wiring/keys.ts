/** Keys that stores of different labels share. */
import type { Resource } from '../../../policies/resource';
import { hasHole } from '../access/text';
import { HOLDS } from '../data';
import type { Plain } from '../plain';
import { asText, type Reader, readerOf } from '../reading';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { said } from './labels';
import { base } from './parts';

const KEY = /^(AWS::KMS::(Replica)?Key|azure-native:keyvault:Key)$/;

interface Shared {
  readonly key: UsedKey;
  readonly byLabel: ReadonlyMap<string, readonly Resource[]>;
}

/** Keys with the stores that use them, by what those are said to hold: each scale by itself, because only its own words differ. */
function sharing(side: Side, pairing: Pairing): readonly ReadonlyMap<string, Shared>[] {
  const reader = readerOf(side, pairing);
  const scales = (['sensitivity', 'tier'] as const).map((scale) => ({
    scale,
    found: new Map<string, Shared & { byLabel: Map<string, Resource[]> }>(),
  }));
  for (const resource of resourcesOf(side)) {
    if (!HOLDS.test(resource.type) || KEY.test(resource.type)) continue;
    const labels = scales.map(({ found, scale }) => ({ found, label: said(resource, scale) }));
    if (labels.every(({ label }) => label === undefined)) continue;
    for (const key of keysIn(reader.of(resource), reader, pairing).values())
      for (const { found, label } of labels) {
        if (label === undefined) continue;
        const known = found.get(key.identity) ?? { key, byLabel: new Map<string, Resource[]>() };
        known.byLabel.set(label, [...(known.byLabel.get(label) ?? []), resource]);
        found.set(key.identity, known);
      }
  }
  return scales.map(({ found }) => found);
}

/** A key that something is encrypted with: a resource, or the name of one that is declared elsewhere. */
interface UsedKey {
  readonly identity: string;
  readonly name: string;
  readonly resource?: Resource;
}

/** ARNs of keys and their aliases but those of services; identifiers of keys in vaults, without their version. */
const ELSEWHERE = /^(arn:[\w-]+:kms:.+:(?:key\/.+|alias\/(?!aws\/).+)|https:\/\/[\w.-]+\/keys\/[\w-]+)/;

function keysIn(value: Plain, reader: Reader, pairing: Pairing): ReadonlyMap<string, UsedKey> {
  const found = new Map<string, UsedKey>();
  const add = (key: UsedKey) => found.set(key.identity, key);
  const look = (at: Plain, named: boolean): void => {
    if (typeof at === 'string' && named) {
      const resource = hasHole(at) ? reader.referred(at) : undefined;
      if (resource && KEY.test(resource.type)) add({ identity: pairing.identity(resource), name: pairing.name(resource), resource });
      else if (!resource && ELSEWHERE.test(at)) add(byText(ELSEWHERE.exec(at)?.[1] as string));
    } else if (typeof at === 'object' && at !== null) {
      const entries = Object.entries(at);
      const part = (name: RegExp) => asText(entries.find(([key]) => name.test(key))?.[1]);
      const [vault, name] = [part(/^keyVaultUri$/i), part(/^keyName$/i)];
      if (vault !== undefined && name !== undefined) add(byText(`${reader.words(vault).replace(/\/$/, '')}/keys/${name}`));
      for (const [key, inner] of entries) look(inner as Plain, named || /key/i.test(key));
    }
  };
  look(value, false);
  return found;
}
const byText = (text: string): UsedKey => ({ identity: text.toLowerCase(), name: `the key ${text}` });

/** Keys that newly open what was apart. */
export function keys(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const [old, now] = [sharing(before, pairing), sharing(after, pairing)];
  const lines = now.flatMap((found, scale) =>
    [...found.values()].flatMap((shared) =>
      isNews(shared, old[scale] as ReadonlyMap<string, Shared>, pairing) ? [sharedLine(shared, pairing)] : [],
    ),
  );
  // Both scales may say it of one key.
  return [...new Map(lines.reverse().map((line) => [line.subject, line])).values()].reverse();
}

/** Whether what one key opens now was opened by several before. What is all new has nothing that it was apart from. */
function isNews({ byLabel, key }: Shared, old: ReadonlyMap<string, Shared>, pairing: Pairing): boolean {
  if (byLabel.size < 2) return false;
  const labels = [...byLabel.keys()];
  const together = (shared: Shared | undefined) => shared !== undefined && labels.every((label) => shared.byLabel.has(label));
  if (old.has(key.identity)) return !together(old.get(key.identity));
  // Another key in place of one that they shared already is not news.
  const stores = new Set([...byLabel.values()].flat().map(pairing.identity));
  const before = [...old.values()].filter((shared) =>
    [...shared.byLabel.values()].flat().some((store) => stores.has(pairing.identity(store))),
  );
  return before.length > 0 && !before.some(together);
}

function sharedLine({ byLabel, key }: Shared, pairing: Pairing): Told {
  // By name, so that the order of the template does not matter.
  const users = [...byLabel]
    .map(([label, resources]) => [label, resources.map((resource) => pairing.name(resource)).sort()] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([label, [first, ...more]]) => `${label} (${first}${more.length > 0 ? ` and ${more.length} more` : ''})`);
  const stores = [...byLabel.values()].flat().sort((a, b) => (pairing.name(a) < pairing.name(b) ? -1 : 1));
  const shown = key.resource ?? (stores[0] as Resource);
  return {
    ...base(shown, pairing, 'weaker'),
    aspect: 'encryption',
    severity: 'high',
    sentence: `${key.name} is newly shared by what is ${users.join(' and what is ')}: whoever may decrypt one may decrypt the other`,
    topic: 'shared key',
    boundary: 'tier',
    approver: 'security',
    causes: [{ resource: pairing.identity(shown) }],
    ...(key.resource ? {} : { tells: ['ENC-08'] as const }),
  };
}
