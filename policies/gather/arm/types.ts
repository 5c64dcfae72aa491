import { MODULES, TYPES, VARIANTS, WITHOUT_CLASS } from './renames';
import { ARM_TYPES } from './types.generated';

/** One class of azure-native, and how an ARM resource becomes it. */
export interface AzureType {
  readonly module: string;
  readonly name: string;
  /** `azure-native:storage:StorageAccount`. */
  readonly token: string;
  /** Argument that holds the resource's own name; undefined where the service fixes it. */
  readonly own: string | undefined;
  /** Arguments that hold the names of the resources above, in the alphabetical order of the SDK. */
  readonly parents: readonly string[];
  readonly inResourceGroup: boolean;
  /** The resource keeps an argument called `properties`. */
  readonly keepsProperties: boolean;
  /** Property names whose objects have a `properties` of their own. */
  readonly kept: ReadonlySet<string>;
  /** Property names that hold what the author likes; nothing below changes. */
  readonly free: ReadonlySet<string>;
  /** Property names that hold objects under names that the author chooses. */
  readonly maps: ReadonlySet<string>;
}

/** What else than the type decides the class. */
export interface Discriminators {
  readonly kind?: string | undefined;
  /** Last part of the name, where it is known. */
  readonly name?: string | undefined;
  /** The resource extends another one, or a scope that is named. */
  readonly extends?: boolean;
  readonly scope?: DeploymentScope;
}

export type DeploymentScope = 'resourceGroup' | 'subscription' | 'managementGroup' | 'tenant';

const ALWAYS_FREE = ['tags', 'metadata', 'parameters'];
let index: Map<string, Map<string, AzureType>> | undefined;

function modules(): Map<string, Map<string, AzureType>> {
  if (index) return index;
  index = new Map();
  let module = '';
  for (const line of ARM_TYPES.split('\n')) {
    if (line.startsWith('@')) {
      module = line.slice(1);
      index.set(module, new Map());
    } else if (line !== '') {
      const type = parseLine(module, line);
      index.get(module)?.set(type.name.toLowerCase(), type);
    }
  }
  return index;
}

function parseLine(module: string, line: string): AzureType {
  const [first = '', own = '', parents = '', kept = ''] = line.split('|');
  const name = first.replace('*', '');
  const words = kept.split(' ').filter((word) => word !== '');
  const marked = (mark: string) => words.filter((word) => word.startsWith(mark)).map((word) => word.slice(1));
  return {
    module,
    name,
    token: `azure-native:${module}:${name}`,
    own: own === '' ? undefined : own.split(' ')[0],
    parents: parents.split(' ').filter((parent) => parent !== ''),
    inResourceGroup: first.endsWith('*'),
    keepsProperties: words.includes('.'),
    kept: new Set(words.filter((word) => /^\w/.test(word))),
    free: new Set([...ALWAYS_FREE, ...marked('~')]),
    maps: new Set(marked('%')),
  };
}

/** Every class, for tests. */
export function allTypes(): readonly AzureType[] {
  return [...modules().values()].flatMap((classes) => [...classes.values()]);
}

/** `storage:StorageAccount`, or a canonical token. */
export function typeCalled(name: string): AzureType | undefined {
  const [module = '', type = ''] = name.replace('azure-native:', '').split(':');
  return modules().get(module)?.get(type.toLowerCase());
}

/** The class of azure-native for an ARM type; undefined where there is none. */
export function azureTypeOf(armType: string, also: Discriminators = {}): AzureType | undefined {
  const folded = armType.toLowerCase();
  // What belongs to a slot is a class of its own, called like that of the site.
  if (folded.startsWith('microsoft.web/sites/slots/')) {
    const site = azureTypeOf(folded.replace('/slots/', '/'), also);
    return site && typeCalled(`web:${site.name}Slot`);
  }
  const chosen =
    VARIANTS[`${folded}#${also.name?.toLowerCase()}`] ??
    VARIANTS[`${folded}@${also.kind?.toLowerCase()}`] ??
    byScope(folded, also) ??
    TYPES[folded];
  if (chosen !== undefined) return typeCalled(chosen);
  const record = /^microsoft\.network\/(private)?dnszones\/(?:a|aaaa|cname|mx|ns|ptr|soa|srv|txt|caa)$/.exec(folded);
  if (record) return typeCalled(record[1] ? 'privatedns:PrivateRecordSet' : 'dns:RecordSet');
  return WITHOUT_CLASS.has(folded) ? undefined : bySimilarity(folded);
}

/** Types that are a class of their own at each scope. */
function byScope(type: string, { extends: extending, scope }: Discriminators): string | undefined {
  const above = !extending && scope === 'managementGroup';
  switch (type) {
    case 'microsoft.authorization/locks':
      if (extending) return 'authorization:ManagementLockByScope';
      return scope === 'subscription'
        ? 'authorization:ManagementLockAtSubscriptionLevel'
        : 'authorization:ManagementLockAtResourceGroupLevel';
    case 'microsoft.authorization/policydefinitions':
      return above ? 'authorization:PolicyDefinitionAtManagementGroup' : 'authorization:PolicyDefinition';
    case 'microsoft.authorization/policysetdefinitions':
      return above ? 'authorization:PolicySetDefinitionAtManagementGroup' : 'authorization:PolicySetDefinition';
    case 'microsoft.insights/diagnosticsettings':
      if (above) return 'monitor:ManagementGroupDiagnosticSetting';
      return !extending && scope === 'subscription' ? 'monitor:SubscriptionDiagnosticSetting' : 'monitor:DiagnosticSetting';
    case 'microsoft.resources/deploymentstacks':
      if (scope === 'subscription') return 'resources:DeploymentStackAtSubscription';
      return scope === 'managementGroup' ? 'resources:DeploymentStackAtManagementGroup' : 'resources:DeploymentStackAtResourceGroup';
    case 'microsoft.resources/deployments':
      if (scope === 'subscription') return 'resources:DeploymentAtSubscriptionScope';
      if (scope === 'managementGroup') return 'resources:DeploymentAtManagementGroupScope';
      return scope === 'tenant' ? 'resources:DeploymentAtTenantScope' : 'resources:Deployment';
    default:
      return undefined;
  }
}

const SIMILAR = new Map<string, AzureType | undefined>();

/** The class that is called like the end of the type: `servers/firewallRules` is `ServerFirewallRule` before `FirewallRule`. */
function bySimilarity(armType: string): AzureType | undefined {
  if (SIMILAR.has(armType)) return SIMILAR.get(armType);
  const [namespace = '', ...segments] = armType.split('/');
  const candidates = MODULES[namespace] ?? [namespace.slice(namespace.lastIndexOf('.') + 1)];
  let found: AzureType | undefined;
  for (const module of candidates) {
    const classes = modules().get(module);
    if (!classes) continue;
    for (let from = 0; from < segments.length && !found; from += 1) {
      const type = classes.get(segments.slice(from).map(singular).join(''));
      if (type && type.parents.length <= Math.max(segments.length - 1, 1)) found = type;
    }
    if (found) break;
  }
  SIMILAR.set(armType, found);
  return found;
}

/** `virtualNetworks` → `virtualNetwork`, `policies` → `policy`, `addresses` → `address`. */
export function singular(word: string): string {
  if (/ies$/i.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|ch|sh|x)es$/i.test(word)) return word.slice(0, -2);
  return /[^s]s$/i.test(word) ? word.slice(0, -1) : word;
}

/**
 * Which part of a resource's name each argument for a parent holds: `{ accountName: 0, containerName: 2 }` for an
 * immutability policy of a blob container, whose blob service is always `default`.
 */
export function parentPositions({ parents }: AzureType, segments: readonly string[]): ReadonlyMap<string, number> {
  const above = segments.slice(0, -1).map((segment) => singular(segment).toLowerCase());
  const free = new Set(above.keys());
  const positions = new Map<string, number>();
  const take = (argument: string, position: number) => {
    positions.set(argument, position);
    free.delete(position);
  };
  const open = parents.filter((argument) => !SCOPE_ARGUMENTS.has(argument));
  for (const argument of open) {
    const stem = argument.replace(/(Name|Id)$/, '').toLowerCase();
    const position =
      [...free].find((at) => above[at] === stem) ?? [...free].find((at) => above[at]?.endsWith(stem) || stem.endsWith(above[at] ?? '-'));
    if (position !== undefined) take(argument, position);
  }
  for (const argument of open) {
    const position = [...free][0];
    if (!positions.has(argument) && position !== undefined) take(argument, position);
  }
  return positions;
}

/** Arguments that name what a resource extends, instead of a parent. */
export const SCOPE_ARGUMENTS: ReadonlySet<string> = new Set(['scope', 'resourceUri', 'resourceId', 'resourceScope']);
