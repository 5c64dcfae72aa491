/** Stores that are still encrypted with a customer key, but with one of another vault, another set of keys or another account. */
import type { Resource } from '../../../policies/resource';
import type { Plain } from '../plain';
import { asMap, asText } from '../reading';
import { resourcesOf, type Told } from '../side';
import { type Both, base } from './parts';
import { type Place, type Places, placesOnBoth } from './places';

/** What holds the key that a store is encrypted with. Another key, or another version, of the same vault is no news. */
export function* rekeyed(both: Both): Iterable<Told> {
  const [old, now] = placesOnBoth(both);
  for (const resource of resourcesOf(both.after)) {
    if (!/^(azure-native|AWS:)/.test(resource.type) || !names(resource)) continue;
    const other = both.pairing.other(resource);
    if (!other || other.properties === resource.properties) continue;
    const [was, is] = [holdersIn(both.old.of(other), old), holdersIn(both.now.of(resource), now)];
    const come = is.filter(({ place }) => !was.some((one) => now.same(place, one.place)));
    const gone = was.filter(({ place }) => !is.some((one) => now.same(place, one.place)));
    const told = come.length > 0 && gone.length > 0 ? line(resource, come, gone, both) : undefined;
    if (told) yield told;
  }
}

/** Properties that name a key, or what holds keys, however services call them. */
const NAMES =
  /^(keyVaultUri|vaultBaseUrl|keyVaultBaseUrl|keyIdentifier|keyUri|keyUrl|keyId|keyVaultKeyUri|primaryKeyURI|geoBackupKeyURI|keyVaultId|keyVaultArmId|kekIdentifier|serverKeyName|diskEncryptionSetId|diskEncryptionSetID|secureVMDiskEncryptionSetId|diskEncryptionSet|kmsKeyId|KMSMasterKeyID|KmsKeyId|KmsKeyArn|KmsKey|KMSKeyArn|KmsMasterKeyId|EncryptionKey)$/;
/** Keys for signing in, of accounts and of the telemetry of a service are called alike. */
const KEYS = /\/keys\/|^arn:[^:]*:kms:/;

const NAMED = new WeakMap<object, boolean>();

/** Whether a resource names a key at all, as far as it is written: most do not, and are not read. */
function names({ properties }: Resource): boolean {
  if (typeof properties !== 'object' || properties === null) return false;
  const known = NAMED.get(properties);
  if (known !== undefined) return known;
  const stack: unknown[] = [properties];
  let found = false;
  while (!found && stack.length > 0) {
    const node = stack.pop();
    if (typeof node !== 'object' || node === null) continue;
    for (const [key, child] of Object.entries(node)) {
      if (NAMES.test(key)) found = true;
      stack.push(child);
    }
  }
  NAMED.set(properties, found);
  return found;
}

interface Holder {
  readonly place: Place;
  readonly path: string;
}

function holdersIn(properties: Plain, places: Places): readonly Holder[] {
  const found: Holder[] = [];
  const look = (value: Plain, path: string): void => {
    for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(asMap(value))) {
      const at = typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      if (typeof key === 'string' && NAMES.test(key))
        for (const place of placesIn(key, inner as Plain, places)) found.push({ place, path: at });
      else if (typeof inner === 'object' && inner !== null) look(inner as Plain, at);
    }
  };
  look(properties, '');
  return found;
}

const VAULT = /^azure-native:keyvault:(Vault|ManagedHsm)$/;

function placesIn(key: string, value: Plain, places: Places): readonly Place[] {
  const text = asText(value) ?? asText(asMap(value).id);
  if (text === undefined || text === '') return [];
  // Servers of SQL call a key by vault, name and version: `vault_key_version`.
  const vault = key === 'serverKeyName' ? /^([\w-]+?)_[\w-]+_[0-9a-f]+$/i.exec(text)?.[1] : undefined;
  if (vault !== undefined) return [places.named(vault, VAULT)].flatMap((place) => place ?? []);
  return places.of(text, 'uri').filter(({ kind, resource }) => KEYS.test(text) || resource !== undefined || kind !== 'outside');
}

/** A key itself, in contrast to what holds keys. */
const isKey = ({ key, resource }: Place): boolean => key.startsWith('arn:') || /:Key$/.test(resource?.type ?? '');

const KINDS: readonly Place['kind'][] = ['elsewhere', 'outside', 'unknown', 'ours'];

function line(resource: Resource, come: readonly Holder[], gone: readonly Holder[], { pairing }: Both): Told | undefined {
  const [worst] = [...come].sort(
    (a, b) => KINDS.indexOf(a.place.kind) - KINDS.indexOf(b.place.kind) || (a.place.key < b.place.key ? -1 : 1),
  );
  if (!worst) return undefined;
  const { path, place } = worst;
  // A vault or a set of keys that is new with the change is judged by itself.
  if (place.resource && pairing.other(place.resource) === undefined) return undefined;
  // AWS tells keys of its own apart by their policies.
  if (place.kind === 'ours' && resource.cloud === 'aws') return undefined;
  const words = (holders: readonly Holder[]): string => [...new Set(holders.map((one) => one.place.words))].sort().join(', ');
  const one = come.some((holder) => isKey(holder.place)) ? '' : 'one of ';
  const sentence = `${pairing.name(resource)}: the key that encrypts it is ${one}${words(come)} instead of ${words(gone)}`;
  const out = place.kind === 'elsewhere' || place.kind === 'outside';
  return {
    ...base(resource, pairing, out ? 'weaker' : 'undecided', path),
    aspect: 'encryption',
    severity: out ? 'high' : 'medium',
    sentence: out
      ? `${sentence}: whoever has that one decides who can read it`
      : `${sentence}: nothing here tells ${place.kind === 'ours' ? 'whether that is meant' : 'whose that is'}`,
    topic: 'the holder of its key',
    ...(out ? { boundary: 'organisation' as const } : {}),
    approver: 'security',
    causes: [{ resource: pairing.identity(resource), path }],
  };
}
