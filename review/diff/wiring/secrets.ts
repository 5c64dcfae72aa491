/** Values that came from a vault or were hidden, and are written out now: whatever they are called. Never what they are. */
import type { Resource } from '../../../policies/resource';
import { hasHole, holesIn } from '../access/text';
import type { Plain, PlainMap } from '../plain';
import { asText, type Reader } from '../reading';
import { resourcesOf, type Told } from '../side';
import { type Both, base } from './parts';
import type { Wire, Wires } from './wires';

/** Settings that are no longer kept, or are now. */
export function* secrets(before: Wires, after: Wires, both: Both): Iterable<Told> {
  for (const [owner, wires] of after) {
    const earlier = before.get(owner);
    if (!earlier) continue;
    for (const wire of wires.values()) {
      const was = earlier.get(wire.key);
      if (!was || (was.value === wire.value && was.kept === wire.kept) || TOLD.test(wire.resource.type)) continue;
      const [old, now] = [stateOf(was, both.old), stateOf(wire, both.now)];
      if (old === 'kept' && (now === 'written' || now === 'shown')) yield line(wire, both, was, now);
      else if (old === 'written' && now === 'kept') yield line(wire, both, was, now);
    }
  }
  yield* elsewhere(both);
}

/** Told with the rest of an API. */
const TOLD = /^azure-native:apimanagement:/;

/** `shown`: by a parameter that whoever sees the deployment reads. Undefined where a value is no secret, or nobody knows. */
type State = 'kept' | 'written' | 'shown' | undefined;

/** What says where a secret is found, and is none itself. */
const LOOKED_UP = /^@Microsoft\.(KeyVault|AppConfiguration)\(|^\{\{resolve:(secretsmanager|ssm-secure):/i;
const NAMED_VALUE = /^\{\{[\w-]+\}\}$/;
/** Holes that stand for secrets: what is marked as one, what lists of keys answer, what resources hand out. */
const HIDDEN =
  /^secret$|list\w*(keys|secrets|credentials)|getSecret|\.(SecretAccessKey|ClientSecret|primaryKey|secondaryKey|primaryConnectionString)$/i;

function stateOf({ kept, value }: Wire, reader: Reader): State {
  if (kept || isKept(value)) return 'kept';
  const holes = holesIn(value);
  if (holes.some((inside) => inside.startsWith('parameter '))) return 'shown';
  return isWritten(value, reader) ? 'written' : undefined;
}

/** Whether a text only says where a secret is found, or is hidden. */
export const isKept = (text: string): boolean =>
  LOOKED_UP.test(text) || NAMED_VALUE.test(text) || holesIn(text).some((inside) => HIDDEN.test(inside));

/** A switch, a number, a way to sign in without a secret. */
const HARMLESS = /^(|true|false|yes|no|on|off|none|null|\d{1,5}|managedidentity|default)$/i;
const PASSWORD_KEY = /(^|[;&?\s])(password|pwd|\w*key|sig|\w*secret|\w*token|sharedaccesssignature)\s*=/i;
const CONNECTION = /^\s*[\w ]+=[^;]*(;\s*[\w ]+=[^;]*)+;?\s*$/;
/** An address without anybody's name, without a query and with nothing below its host that nobody could guess. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^\s@?#/]+\.[^\s@?#/]+(\/[\w.-]{0,24})*\/?$/i;
const ARN = /^arn:/;

/** Whether a text can be a secret that somebody wrote out. */
function isWritten(text: string, reader: Reader): boolean {
  const value = text.trim();
  if (HARMLESS.test(value) || ARN.test(value)) return false;
  if (CONNECTION.test(value)) return PASSWORD_KEY.test(value);
  if (value.includes('://') && /:\/\/[^\s/@]*:[^\s/@]+@/.test(value)) return true;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value) && ADDRESS.test(value)) return false;
  // What only refers to something else holds nothing itself.
  return !(hasHole(value) || reader.referred(value) !== undefined) || PASSWORD_KEY.test(value);
}

function line(wire: Wire, { now, old, pairing }: Both, was: Wire, state: State): Told {
  const { name, path, resource } = wire;
  const from = sourceOf(was, old, 'came');
  const better = state === 'kept';
  const sentence = better
    ? `${name} is no longer written out: ${sourceOf(wire, now, 'comes')}`
    : state === 'shown'
      ? `${name} comes from a parameter that is shown with every deployment now; before, ${from}`
      : `${name} is written out in clear text now; before, ${from}`;
  return {
    ...base(resource, pairing, better ? 'stronger' : 'weaker', path),
    aspect: 'access',
    severity: better ? 'low' : 'high',
    sentence: `${pairing.name(resource)}: ${sentence}`,
    topic: `secret ${wire.key}`,
    ...(better ? {} : { approver: 'security' as const }),
    causes: [path, wire.switch ?? was.switch].flatMap((one) =>
      one === undefined ? [] : [{ resource: pairing.identity(resource), path: one }],
    ),
    tells: ['IDA-13'],
  };
}

/** Where a secret is kept, without its name: `it came from the vault cases`. */
function sourceOf({ kept, value }: Wire, reader: Reader, verb: 'came' | 'comes'): string {
  const from = (where: string): string => `it ${verb} from ${where}`;
  const vault = /VaultName\s*=\s*([\w-]+)/i.exec(value)?.[1] ?? /https:\/\/([\w-]+)\.vault\./i.exec(value)?.[1];
  if (vault !== undefined) return from(`the vault ${vault}`);
  if (/^@Microsoft\.KeyVault\(/i.test(value)) return from('a vault');
  if (/^@Microsoft\.AppConfiguration\(/i.test(value)) return from('a store of settings');
  if (/resolve:secretsmanager/.test(value)) return from('Secrets Manager');
  if (/resolve:ssm-secure/.test(value)) return from('a hidden parameter of Systems Manager');
  const resource = kept && (hasHole(value) || ARN.test(value)) ? reader.referred(value) : undefined;
  if (resource) return from(reader.pairing.name(resource));
  return verb === 'came' ? 'it was hidden' : 'it is hidden now';
}

// ── Properties of all others ───────────────────────────────────────────────────────────────────────────────────────

/** Where credentials and definitions of others stand: told by their paths. Settings by name are told above. */
const SETTINGS = /appSettings|connectionStrings|environmentVariables|(^|\.)env\[|EnvironmentVariables|Environment\.Variables/;

/** Hidden values of any property that are written out now. */
function* elsewhere({ after, before, now, old, pairing }: Both): Iterable<Told> {
  for (const resource of resourcesOf(before)) {
    if (resource.cloud !== 'azure' || !mayHide(resource)) continue;
    const other = pairing.other(resource);
    if (!other || resource.properties === other.properties || SETTINGS_TYPES.test(resource.type)) continue;
    const is = textsIn(now.of(other));
    for (const [key, was] of textsIn(old.of(resource))) {
      const value = is.get(key);
      if (value === undefined || !isKept(was.text) || SETTINGS.test(value.path)) continue;
      if (isKept(value.text) || hasHole(value.text) || !isWritten(value.text, now)) continue;
      const wire: Wire = { key, name: `its ${inWords(value.path)}`, value: value.text, path: value.path, resource: other };
      yield line(wire, { after, before, now, old, pairing }, { ...wire, value: was.text }, 'written');
    }
  }
}
const SETTINGS_TYPES =
  /^azure-native:(web:WebApp\w*(Settings|Strings)\w*|apimanagement:\w*NamedValue|automation:Variable|appconfiguration:KeyValue)$/;

/** Whether a resource hides anything at all, as far as it is written: most do not, and are not read. */
function mayHide({ properties }: Resource): boolean {
  const stack: unknown[] = [properties];
  while (stack.length > 0) {
    const node = stack.pop();
    if (typeof node === 'string' ? LOOKED_UP.test(node) : hides(node)) return true;
    if (typeof node === 'object' && node !== null) for (const child of Object.values(node)) stack.push(child);
  }
  return false;
}
const hides = (node: unknown): boolean =>
  typeof node === 'object' &&
  node !== null &&
  ((node as { readonly kind?: unknown }).kind === 'secret' ||
    ('secretName' in node && 'store' in node) ||
    (node as { readonly type?: unknown }).type === VAULT_SECRET ||
    HIDDEN.test(String((node as { readonly missing?: unknown }).missing ?? '')));

/** How data factories say that a value comes from a vault. */
const VAULT_SECRET = 'AzureKeyVaultSecret';

interface Written {
  readonly text: string;
  readonly path: string;
}

/** Every text by where it stands; items of lists by their names, so that their order does not matter. */
function textsIn(value: Plain): ReadonlyMap<string, Written> {
  const found = new Map<string, Written>();
  const look = (at: Plain, key: string, path: string): void => {
    const text = asText(at);
    if (text !== undefined) found.set(key, { text, path });
    else if (Array.isArray(at))
      for (const [index, item] of (at as readonly Plain[]).entries()) {
        const name = typeof item === 'object' && item !== null ? asText((item as PlainMap).name) : undefined;
        look(item, `${key}[${name ?? index}]`, `${path}[${index}]`);
      }
    else if (typeof at === 'object' && at !== null) {
      // A secret of a data factory, whether it is looked up or hidden, is one value.
      const map = at as PlainMap;
      if (map.type === VAULT_SECRET) for (const at of [key, `${key}.value`]) found.set(at, { text: '@Microsoft.KeyVault()', path });
      else if (map.type === 'SecureString' && asText(map.value) !== undefined)
        for (const at of [key, `${key}.value`]) found.set(at, { text: asText(map.value) as string, path: `${path}.value` });
      else
        for (const [name, child] of Object.entries(map))
          look(child as Plain, key === '' ? name : `${key}.${name}`, path === '' ? name : `${path}.${name}`);
    }
  };
  look(value, '', '');
  return found;
}

/** `servicePrincipalProfile.secret` is its service principal profile secret. */
const inWords = (path: string): string =>
  path
    .replaceAll(/\[\d+\]/g, '')
    .split('.')
    .filter((part) => !/^(properties|typeProperties|parameters|configuration|value)$/.test(part))
    .slice(-2)
    .join(' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
