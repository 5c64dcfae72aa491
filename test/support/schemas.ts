/** The services' own schemas: the CloudFormation spec, and the types of the azure-native SDK. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType } from '@aws-cdk/service-spec-types';

/** Whether a property path exists; otherwise the first segment that does not. */
export type PathAnswer = { readonly ok: true } | { readonly ok: false; readonly missing: string };

const OK: PathAnswer = { ok: true };
const names = (path: string): readonly string[] =>
  path
    .replace(/\[\d+\]/g, '')
    .split('.')
    .filter(Boolean);

// ── CloudFormation ─────────────────────────────────────────────────────────────────────────────────────────────────

let spec: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

export function cloudFormationHas(type: string, path: string): PathAnswer {
  spec ??= loadAwsServiceSpecSync();
  const [resource] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  if (!resource) return { ok: false, missing: type };
  let properties: Readonly<Record<string, { readonly type: PropertyType }>> | undefined = resource.properties;
  for (const name of names(path)) {
    if (properties === undefined) return OK; // inside free-form JSON, a map or a tag
    const property: { readonly type: PropertyType } | undefined = properties[name];
    if (!property) return { ok: false, missing: name };
    properties = propertiesOf(property.type);
  }
  return OK;
}

function propertiesOf(type: PropertyType): Readonly<Record<string, { readonly type: PropertyType }>> | undefined {
  switch (type.type) {
    case 'ref':
      return spec?.get('typeDefinition', type.reference.$ref).properties;
    case 'array':
      return propertiesOf(type.element);
    case 'union': {
      const parts = type.types.map(propertiesOf).filter((part) => part !== undefined);
      return parts.length === 0 ? undefined : Object.assign({}, ...parts);
    }
    case 'tag':
      return undefined;
    default:
      return undefined; // scalars and json: what is below cannot be checked
  }
}

// ── azure-native and azuread ───────────────────────────────────────────────────────────────────────────────────────

/** One SDK lists its resources by module and its input types by namespace; the other has neither. */
const SDK = join(__dirname, '..', '..', 'node_modules', '@pulumi');
const files = new Map<string, Map<string, string>>();
const inputs = new Map<string, readonly string[]>();
const inputTypes = new Map<string, ReadonlyMap<string, string>>();

export function azureNativeHas(type: string, path: string): PathAnswer {
  let properties = azureArguments(type);
  if (!properties) return { ok: false, missing: type };
  let chosen = false;
  for (const name of names(path)) {
    if (properties === undefined) return OK;
    // What stands in a map has the name that the author chose.
    if (chosen) {
      chosen = false;
      continue;
    }
    const property: string | undefined = properties.get(name);
    if (property === undefined) return { ok: false, missing: name };
    properties = azureInput(type.startsWith('azuread:') ? 'azuread' : 'azure-native', property);
    chosen = /\[key: string\]/.test(property);
  }
  return OK;
}

/** Arguments of a resource: name → type as written in the SDK. Undefined for an unknown type. */
export function azureArguments(type: string): ReadonlyMap<string, string> | undefined {
  const [sdk = '', module = '', name = ''] = type.split(':');
  const folder = sdk === 'azuread' ? join(SDK, sdk) : join(SDK, sdk, module);
  if (!existsSync(folder)) return undefined;
  let byName = files.get(folder);
  if (!byName) {
    byName = new Map(
      readdirSync(folder)
        .filter((file) => file.endsWith('.d.ts'))
        .map((file) => [file.slice(0, -5).toLowerCase(), join(folder, file)]),
    );
    files.set(folder, byName);
  }
  const file = byName.get(name.toLowerCase());
  if (!file) return undefined;
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`export interface ${name}Args {`);
  return start < 0 ? new Map() : members(text.slice(start));
}

/** Members of every input type that a property's type names; undefined where it names none. */
function azureInput(sdk: string, property: string): ReadonlyMap<string, string> | undefined {
  const found = [...property.matchAll(/inputs\.([\w.]+)/g)].map((match) => match[1] as string);
  if (found.length === 0) return undefined;
  const all = new Map<string, string>();
  // The parts of a union may have members of one name and different types.
  for (const name of found) for (const [member, type] of inputType(sdk, name) ?? []) all.set(member, `${all.get(member) ?? ''} ${type}`);
  return all;
}

function inputType(sdk: string, qualified: string): ReadonlyMap<string, string> | undefined {
  const key = `${sdk} ${qualified}`;
  const known = inputTypes.get(key);
  if (known) return known;
  let namespaces = inputs.get(sdk);
  if (!namespaces) {
    namespaces = readFileSync(join(SDK, sdk, 'types', 'input.d.ts'), 'utf8').split('\nexport declare namespace ');
    inputs.set(sdk, namespaces);
  }
  const [namespace, name = ''] = qualified.includes('.')
    ? [qualified.slice(0, qualified.lastIndexOf('.')), qualified.slice(qualified.lastIndexOf('.') + 1)]
    : [undefined, qualified];
  const body = namespace === undefined ? namespaces[0] : namespaces.find((part) => part.startsWith(`${namespace} {`));
  const start = body?.indexOf(`interface ${name} {`) ?? -1;
  if (!body || start < 0) return undefined;
  const found = members(body.slice(start));
  inputTypes.set(key, found);
  return found;
}

/** Reads the members of the first interface in the text. */
function members(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let depth = 0;
  let current: string | undefined;
  for (const line of text.split('\n')) {
    const code = line.trim();
    if (code.startsWith('*') || code.startsWith('/*')) continue;
    const member = depth === 1 ? /^(?:readonly )?"?([\w$-]+)"?\??: (.*)$/.exec(code) : null;
    if (member) {
      current = member[1] as string;
      found.set(current, member[2] as string);
    } else if (current && depth > 1) found.set(current, `${found.get(current)} ${code}`);
    depth += (code.match(/\{/g) ?? []).length - (code.match(/\}/g) ?? []).length;
    if (depth === 0 && code.endsWith('}')) break;
  }
  return found;
}
