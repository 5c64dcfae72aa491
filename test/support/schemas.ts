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

// ── azure-native ───────────────────────────────────────────────────────────────────────────────────────────────────

const SDK = join(__dirname, '..', '..', 'node_modules', '@pulumi', 'azure-native');
const files = new Map<string, Map<string, string>>();
let inputs: readonly string[] | undefined;
const inputTypes = new Map<string, ReadonlyMap<string, string>>();

/**
 * What rules read of @pulumi/azuread 6.9.1, which programs bring along and this package does not install; reviewed against the
 * declarations of its resources.
 */
const ENTRA: Readonly<Record<string, readonly string[]>> = {
  AccessPackageAssignmentPolicy: [
    'assignmentReviewSettings',
    'reviewFrequency',
    'accessReviewTimeoutBehavior',
    'durationInDays',
    'expirationDate',
  ],
  Application: ['web', 'implicitGrant', 'accessTokenIssuanceEnabled', 'fallbackPublicClientEnabled', 'signInAudience'],
  ApplicationFederatedIdentityCredential: ['issuer', 'subject', 'audiences'],
  ApplicationPassword: ['endDateRelative', 'rotateWhenChanged'],
  ConditionalAccessPolicy: [
    ...['state', 'conditions', 'users', 'excludedGroups'],
    ...['grantControls', 'operator', 'builtInControls', 'authenticationStrengthPolicyId'],
    ...['sessionControls', 'signInFrequency', 'signInFrequencyPeriod'],
  ],
  ServicePrincipalPassword: ['endDateRelative', 'rotateWhenChanged'],
};

function entraHas(type: string, path: string): PathAnswer {
  const members = ENTRA[type.slice(type.lastIndexOf(':') + 1)];
  if (!members) return { ok: false, missing: type };
  const wrong = names(path).find((name) => !members.includes(name));
  return wrong === undefined ? OK : { ok: false, missing: wrong };
}

export function azureNativeHas(type: string, path: string): PathAnswer {
  if (type.startsWith('azuread:')) return entraHas(type, path);
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
    properties = azureInput(property);
    chosen = /\[key: string\]/.test(property);
  }
  return OK;
}

/** Arguments of a resource: name → type as written in the SDK. Undefined for an unknown type. */
export function azureArguments(type: string): ReadonlyMap<string, string> | undefined {
  const [, module = '', name = ''] = type.split(':');
  const folder = join(SDK, module);
  if (!existsSync(folder)) return undefined;
  let byName = files.get(module);
  if (!byName) {
    byName = new Map(
      readdirSync(folder)
        .filter((file) => file.endsWith('.d.ts'))
        .map((file) => [file.slice(0, -5).toLowerCase(), join(folder, file)]),
    );
    files.set(module, byName);
  }
  const file = byName.get(name.toLowerCase());
  if (!file) return undefined;
  const text = readFileSync(file, 'utf8');
  const start = text.indexOf(`export interface ${name}Args {`);
  return start < 0 ? new Map() : members(text.slice(start));
}

/** Members of every input type that a property's type names; undefined where it names none. */
function azureInput(property: string): ReadonlyMap<string, string> | undefined {
  const found = [...property.matchAll(/inputs\.([\w.]+)/g)].map((match) => match[1] as string);
  if (found.length === 0) return undefined;
  const all = new Map<string, string>();
  // The parts of a union may have members of one name and different types.
  for (const name of found) for (const [member, type] of inputType(name) ?? []) all.set(member, `${all.get(member) ?? ''} ${type}`);
  return all;
}

function inputType(qualified: string): ReadonlyMap<string, string> | undefined {
  const known = inputTypes.get(qualified);
  if (known) return known;
  inputs ??= readFileSync(join(SDK, 'types', 'input.d.ts'), 'utf8').split('\nexport declare namespace ');
  const [namespace = '', name = ''] = [qualified.slice(0, qualified.lastIndexOf('.')), qualified.slice(qualified.lastIndexOf('.') + 1)];
  const body = inputs.find((part) => part.startsWith(`${namespace} {`));
  const start = body?.indexOf(`interface ${name} {`) ?? -1;
  if (!body || start < 0) return undefined;
  const found = members(body.slice(start));
  inputTypes.set(qualified, found);
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
