/** Resources as previews and deployments write them down (`ResourceV3`), read into records. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Node, Reference, Text } from '../../node';
import type { Location } from '../../resource';
import { GatherError } from '../target';
import { decodeInputs } from './decode';
import { Deployed, writtenOf } from './deployed';
import { options, type ResourceOptions, type ResourceRecord } from './record';
import { isProviderType, parseUrn, STACK_TYPE, urnOfProvider } from './urn';
import { isMap, type Plain } from './wire';

/** Where an export of ours keeps what the format has no place for. */
export const EXTENSION = 'palisade';

/** Providers that the engine makes by itself. */
const isDefaultProvider = (type: string, name: string): boolean => isProviderType(type) && /^default(_|$)/.test(name);

/**
 * Records of all resources that stand there, without the stack, default providers, and what is only waiting to be deleted.
 * @param file the document, to find the sources of the program next to it
 */
export function recordsOf(states: readonly Plain[], file: string): ResourceRecord[] {
  const nameless = states.find(({ urn }) => typeof urn !== 'string' || !parseUrn(urn));
  // What is left out would pass unseen.
  if (nameless) throw new GatherError(`resource ${states.indexOf(nameless) + 1} has no "urn" that names it: export the stack anew`, file);
  const live = states.filter((state) => state.delete !== true);
  const stack = live.find(({ urn }) => parseUrn(String(urn))?.type === STACK_TYPE)?.urn;
  const ids = idsOf(live);
  const deployed = new Deployed(live);
  const records: ResourceRecord[] = [];
  for (const state of live) {
    const urn = String(state.urn);
    const { type, name } = parseUrn(urn) as { type: string; name: string };
    if (type === STACK_TYPE || isDefaultProvider(type, name)) continue;
    const parent =
      typeof state.parent === 'string' && state.parent !== stack && parseUrn(state.parent)?.type !== STACK_TYPE ? state.parent : undefined;
    records.push({
      urn,
      type,
      name,
      custom: state.custom === true,
      external: state.external === true,
      parent,
      inputs: inputsOf(state, urn, ids, deployed),
      options: optionsOf(state),
      dependencies: dependenciesOf(state),
      location: locationOf(state.sourcePosition, file),
      ...(isMap(state[EXTENSION]) && Array.isArray(state[EXTENSION].defaults) ? { defaults: textsOf(state[EXTENSION].defaults) } : {}),
    });
  }
  return records;
}

const dependenciesOf = ({ propertyDependencies: all }: Plain): { readonly [property: string]: readonly string[] } =>
  Object.fromEntries(
    Object.entries(isMap(all) ? all : {})
      .map(([property, urns]) => [property, textsOf(urns)] as const)
      .filter(([, urns]) => urns.length > 0),
  );

function inputsOf(state: Plain, urn: string, ids: Ids, deployed: Deployed): { readonly [key: string]: Node } {
  const dependencies = dependenciesOf(state);
  const extension = isMap(state[EXTENSION]) && isMap(state[EXTENSION].inputs) ? state[EXTENSION].inputs : {};
  const written = { ...writtenOf(state), ...extension };
  const inputs = decodeInputs(written, (property) => dependencies[property] ?? []);
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key, deployed.restore(withReferences(value, urn, ids), dependencies[key] ?? [])]),
  );
}

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function optionsOf(state: Plain): ResourceOptions {
  const provider = urnOfProvider(textOf(state.provider) ?? '');
  const { type = '', name = '' } = parseUrn(provider) ?? {};
  return options({
    protect: state.protect === true,
    retainOnDelete: state.retainOnDelete === true,
    deleteBeforeReplace: state.deleteBeforeReplace === true,
    ignoreChanges: textsOf(state.ignoreChanges),
    replaceOnChanges: textsOf(state.replaceOnChanges),
    additionalSecretOutputs: textsOf(state.additionalSecretOutputs),
    deletedWith: textOf(state.deletedWith),
    aliases: Array.isArray(state.aliases) ? (state.aliases as Node[]) : [],
    provider: isDefaultProvider(type, name) ? undefined : provider,
    dependsOn: textsOf(state.dependencies),
    version: isMap(state[EXTENSION]) ? textOf(state[EXTENSION].version) : undefined,
    importId: textOf(state.importID) ?? (textOf(state.id)?.startsWith('/') ? textOf(state.id) : undefined),
    remote: isMap(state[EXTENSION]) && state[EXTENSION].remote === true,
  });
}

/** `project:///index.ts#12,5`: a path in the project. Found next to the document where it lies in the project's folder. */
function locationOf(position: unknown, file: string): Location | undefined {
  const [, path, line, column] = /^project:\/\/\/(.+)#(\d+)(?:,(\d+))?$/.exec(textOf(position) ?? '') ?? [];
  if (path === undefined) return undefined;
  const decoded = decodeURI(path);
  const near = join(dirname(file), decoded);
  return { file: existsSync(near) ? near : decoded, line: Number(line), ...(column === undefined ? {} : { column: Number(column) }) };
}

/** Ids of what is deployed, in lower case as Azure compares them. */
type Ids = ReadonlyMap<string, string>;

function idsOf(states: readonly Plain[]): Ids {
  const ids = new Map<string, string>();
  for (const { id, urn } of states)
    if (typeof id === 'string' && id.startsWith('/') && typeof urn === 'string') ids.set(id.toLowerCase(), urn);
  return ids;
}

/** After deployment an id is plain text. It is read as what it was in the program: a reference, or a text that begins with one. */
function withReferences(node: Node, own: string, ids: Ids): Node {
  if (typeof node === 'string') return node.startsWith('/') && ids.size > 0 ? referenceIn(node, own, ids) : node;
  if (Array.isArray(node)) return node.map((item) => withReferences(item as Node, own, ids));
  if (!isMap(node) || Object.getPrototypeOf(node) !== Object.prototype) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, withReferences(child as Node, own, ids)]));
}

function referenceIn(text: string, own: string, ids: Ids): Node {
  for (let end = text.length; end > 0; end = text.lastIndexOf('/', end - 1)) {
    const prefix = text.slice(0, end);
    // A resource group is the beginning of the id of everything in it, and is not what those ids point at.
    if (end < text.length && !/\/providers\//i.test(prefix)) return text;
    const urn = ids.get(prefix.toLowerCase());
    if (urn === undefined || urn === own) continue;
    return end === text.length ? new Reference(urn) : new Text([new Reference(urn), text.slice(end)]);
  }
  return text;
}
