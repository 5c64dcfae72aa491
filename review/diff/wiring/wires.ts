/** What workloads are told from outside of their code: settings, variables, sources of events, by the name that the code knows them by. */
import { SETTINGS } from '../../../policies/facts/azure-credentials';
import { ENVIRONMENTS } from '../../../policies/facts/credentials';
import type { Resource } from '../../../policies/resource';
import type { Plain } from '../plain';
import { asList, asMap, asText, type Reader, valueAt } from '../reading';
import type { Places } from './places';

export interface Wire {
  /** The same in both states: `MAIL_KEY`, of one of several containers `mailer MAIL_KEY`. */
  readonly key: string;
  /** `the variable TABLE`. */
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** Where it is written: settings of an app may be a resource of their own. */
  readonly resource: Resource;
  /** The value stands in a store of secrets, or is hidden, whatever it looks like. */
  readonly kept?: boolean;
  /** The property that says so, where the value does not. */
  readonly switch?: string;
}

type Found = Omit<Wire, 'resource'>;

/** What has no other place to say that a value is a reference: by type, where it stands, and how entries call their name and value. */
const KEPT: Readonly<Record<string, readonly (readonly [path: string, name: string, value: string])[]>> = {
  'AWS::ECS::TaskDefinition': [['ContainerDefinitions[].Secrets[]', 'Name', 'ValueFrom']],
  'AWS::Batch::JobDefinition': [
    ['ContainerProperties.Secrets[]', 'Name', 'ValueFrom'],
    ['EcsProperties.TaskProperties[].Containers[].Secrets[]', 'Name', 'ValueFrom'],
  ],
  'AWS::AppRunner::Service': [
    ['SourceConfiguration.ImageRepository.ImageConfiguration.RuntimeEnvironmentSecrets[]', 'Name', 'Value'],
    ['SourceConfiguration.CodeRepository.CodeConfiguration.CodeConfigurationValues.RuntimeEnvironmentSecrets[]', 'Name', 'Value'],
  ],
  'azure-native:app:ContainerApp': [
    ['template.containers[].env[]', 'name', 'secretRef'],
    ['template.initContainers[].env[]', 'name', 'secretRef'],
  ],
  'azure-native:app:Job': [
    ['template.containers[].env[]', 'name', 'secretRef'],
    ['template.initContainers[].env[]', 'name', 'secretRef'],
  ],
  'azure-native:containerinstance:ContainerGroup': [['containers[].environmentVariables[]', 'name', 'secureValue']],
  'azure-native:resources:AzureCliScript': [['environmentVariables[]', 'name', 'secureValue']],
  'azure-native:resources:AzurePowerShellScript': [['environmentVariables[]', 'name', 'secureValue']],
};
const SINGLE: Readonly<Record<string, readonly (readonly [name: string, path: string])[]>> = {
  'AWS::Lambda::EventSourceMapping': [['its source', 'EventSourceArn']],
  'AWS::Pipes::Pipe': [
    ['its source', 'Source'],
    ['its target', 'Target'],
  ],
};
/** Settings of App Service, inline and as resources of their own, with what those belong to. */
const SITE = /^azure-native:web:WebApp(Slot)?$/;
const OF_SITE = /^azure-native:web:WebApp(ApplicationSettings|ConnectionStrings)(Slot)?$/;
/** Keyed by themselves: they are values that others refer to. */
const STANDALONE = /^azure-native:(appconfiguration:KeyValue|automation:Variable|apimanagement:(Workspace)?NamedValue)$/;

const PLACES = new Map<string, readonly (readonly [path: string, name?: string, value?: string])[]>([
  ...Object.entries(ENVIRONMENTS),
  ...Object.entries(SETTINGS).map(([type, places]) => [`azure-native:${type}`, places] as const),
]);

/** Every entry at a path in which `[]` stands for each item of a list, with what the lists around it call their items. */
function* entriesAt(value: Plain | undefined, path: string, where = '', named: readonly string[] = []): Iterable<Entry> {
  if (value === undefined) return;
  if (path === '') {
    yield { value, path: where, named };
    return;
  }
  const [first = '', ...rest] = path.split('.');
  const key = first.replace('[]', '');
  const inner = asMap(value)[key];
  const at = where === '' ? key : `${where}.${key}`;
  if (!first.endsWith('[]')) yield* entriesAt(inner, rest.join('.'), at, named);
  else
    for (const [index, item] of asList(inner).entries()) {
      const own = rest.length === 0 ? undefined : asText(asMap(item).Name ?? asMap(item).name);
      yield* entriesAt(item, rest.join('.'), `${at}[${index}]`, own === undefined ? named : [...named, own]);
    }
}
interface Entry {
  readonly value: Plain;
  readonly path: string;
  readonly named: readonly string[];
}

function* found(resource: Resource, properties: Plain): Iterable<Found> {
  const { type } = resource;
  const kind = SITE.test(type) || OF_SITE.test(type) ? 'setting' : 'variable';
  const keyOf = (entry: Entry, name: string): string => [...entry.named, name].join(' ');
  for (const [path, name, value] of PLACES.get(type) ?? [])
    for (const entry of entriesAt(properties, path)) {
      if (name === undefined || value === undefined)
        for (const [key, one] of Object.entries(asMap(entry.value))) {
          const text = asText(one as Plain) ?? asText(valueAt(one as Plain, 'value'));
          if (text !== undefined) yield { key: keyOf(entry, key), name: `the ${kind} ${key}`, value: text, path: `${entry.path}.${key}` };
        }
      else {
        const item = asMap(entry.value);
        const [key, text] = [STANDALONE.test(type) ? '' : asText(item[name]), asText(item[value])];
        if (key === undefined || text === undefined) continue;
        yield {
          key: keyOf(entry, key),
          name: STANDALONE.test(type) ? 'its value' : `the ${kind} ${key}`,
          value: text,
          path: entry.path === '' ? value : `${entry.path}.${value}`,
          ...(isKeptElsewhere(type, item) ? { kept: true } : {}),
          ...(type in SWITCHES ? { switch: `${entry.path === '' ? '' : `${entry.path}.`}${SWITCHES[type]}` } : {}),
        };
      }
    }
  for (const [path, name, value] of KEPT[type] ?? [])
    for (const entry of entriesAt(properties, path)) {
      const [key, text] = [asText(asMap(entry.value)[name]), asText(asMap(entry.value)[value])];
      if (key !== undefined && text !== undefined)
        yield { key: keyOf(entry, key), name: `the variable ${key}`, value: text, path: `${entry.path}.${value}`, kept: true };
    }
  for (const [name, path] of SINGLE[type] ?? []) {
    const text = asText(valueAt(properties, path));
    if (text !== undefined) yield { key: name, name, value: text, path };
  }
  if (type === 'azure-native:apimanagement:NamedValue' || type === 'azure-native:apimanagement:WorkspaceNamedValue') {
    const identifier = asText(valueAt(properties, 'keyVault.secretIdentifier'));
    if (identifier !== undefined) yield { key: '', name: 'its value', value: identifier, path: 'keyVault.secretIdentifier', kept: true };
  }
}

/** What says beside a value that it is hidden, or only the name of a secret. */
const SWITCHES: Readonly<Record<string, string>> = {
  'AWS::CodeBuild::Project': 'Type',
  'azure-native:appconfiguration:KeyValue': 'contentType',
  'azure-native:automation:Variable': 'isEncrypted',
  'azure-native:apimanagement:NamedValue': 'secret',
  'azure-native:apimanagement:WorkspaceNamedValue': 'secret',
};
const isKeptElsewhere = (type: string, item: { readonly [key: string]: Plain }): boolean =>
  type in SWITCHES && /^(true|PARAMETER_STORE|SECRETS_MANAGER)$|keyvaultref/i.test(asText(item[SWITCHES[type] as string]) ?? '');

/** Workloads by their own identity, each with its wires by key. */
export type Wires = ReadonlyMap<string, ReadonlyMap<string, Wire>>;

/** All wires of a side. Settings that are a resource of their own belong to their app, whichever form they are written in. */
export function wiresOf(resources: Iterable<Resource>, reader: Reader, places: Places): Wires {
  const wires = new Map<string, Map<string, Wire>>();
  for (const resource of resources) {
    const { type } = resource;
    if (!PLACES.has(type) && !(type in KEPT) && !(type in SINGLE)) continue;
    const properties = reader.of(resource);
    const owner = ownerOf(resource, properties, reader, places);
    for (const wire of found(resource, properties)) {
      const own = wires.get(owner) ?? new Map<string, Wire>();
      wires.set(owner, own);
      own.set(wire.key, { ...wire, resource });
    }
  }
  return wires;
}

function ownerOf(resource: Resource, properties: Plain, { pairing }: Reader, places: Places): string {
  if (!OF_SITE.test(resource.type)) return pairing.identity(resource);
  const [name = '', slot] = [asText(valueAt(properties, 'name')), asText(valueAt(properties, 'slot'))];
  const site = places.named(slot ?? name, SITE)?.resource;
  return site ? pairing.identity(site) : `site ${name} ${slot ?? ''}`;
}
