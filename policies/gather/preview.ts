import { basename, relative, sep } from 'node:path';
import { type Node, PLAIN_SCOPE, Residue } from '../node';
import type { Resource } from '../resource';
import { encode, encodeWithOrigin, holdsResidue } from './pulumi/encode';
import { graphOf } from './pulumi/graph';
import { EXTENSION, recordsOf } from './pulumi/state';
import { parseUrn, STACK_REFERENCE_TYPE, STACK_TYPE, urnOf } from './pulumi/urn';
import { isMap, type Plain } from './pulumi/wire';
import { isTooDeep, lineAt, readText } from './source';
import { DEEPEST_NESTING, GatherError, type Gathered } from './target';

/** Steps after which a resource is no longer there. */
const REMOVALS = new Set(['delete', 'delete-replaced', 'read-discard', 'discard-replaced', 'remove-pending-replace']);

/** Whether a JSON document is a `pulumi preview --json` or a `pulumi stack export`. */
export function looksLikePreview(parsed: unknown): boolean {
  if (!isMap(parsed)) return false;
  if (isMap(parsed.deployment)) return 'resources' in parsed.deployment || 'manifest' in parsed.deployment;
  return (
    Array.isArray(parsed.steps) && parsed.steps.every((step) => isMap(step) && typeof step.urn === 'string' && typeof step.op === 'string')
  );
}

/**
 * Reads the document of `pulumi preview --json` (what will be there afterwards) or of `pulumi stack export` (what is there).
 * Nothing is run. Secrets are dropped while reading, in whatever form they stand there.
 * @throws GatherError for a file that cannot be read, is not JSON or is neither of the two
 * @example
 * const { graph } = await gatherPreview('preview.json');
 */
export async function gatherPreview(file: string): Promise<Gathered> {
  const parsed = parse(readText(file), file);
  if (isTooDeep(parsed)) throw new GatherError(`is nested deeper than ${DEEPEST_NESTING} levels: flatten it`, file);
  if (!looksLikePreview(parsed))
    throw new GatherError('is neither a "pulumi preview --json" (no "steps") nor a "pulumi stack export" (no "deployment")', file);
  const document = parsed as Plain;
  const notes: string[] = [];
  const states = isMap(document.deployment) ? statesIn(document.deployment, file) : statesAfter(document, file, notes);
  const extension = isMap(document[EXTENSION]) ? document[EXTENSION] : {};
  if (Array.isArray(extension.notes)) notes.push(...extension.notes.map(String));
  const records = recordsOf(states, file);
  // Our own export has told it already.
  for (const { type, name } of Array.isArray(extension.notes) ? [] : records)
    if (type === STACK_REFERENCE_TYPE) notes.push(`the outputs of the stack ${name} are unknown: a preview does not hold them`);
  const first = states.map(({ urn }) => parseUrn(String(urn))).find((urn) => urn !== undefined);
  const unit = first ? `${first.project}/${first.stack}` : basename(file);
  const config = isMap(document.config) ? document.config : {};
  const of = (key: string) => (typeof config[key] === 'string' ? (config[key] as string) : undefined);
  const place = { account: of('azure-native:subscriptionId'), region: of('azure-native:location') };
  return { path: file, kind: 'pulumi-preview', ...graphOf(unit, records, notes, place) };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = /position (\d+)/.exec(message)?.[1];
    const line = offset === undefined ? undefined : lineAt(text, Number(offset));
    throw new GatherError('is not JSON: write it anew with "pulumi preview --json" or "pulumi stack export"', file, line);
  }
}

function statesIn(deployment: Plain, file: string): readonly Plain[] {
  const { resources } = deployment;
  if (resources === undefined || resources === null) return [];
  if (!Array.isArray(resources) || !resources.every(isMap))
    throw new GatherError('"deployment.resources" is no list of resources: export the stack anew', file);
  return resources;
}

function statesAfter(preview: Plain, file: string, notes: string[]): readonly Plain[] {
  const states = new Map<string, Plain>();
  let same = 0;
  for (const step of preview.steps as readonly Plain[]) {
    const op = String(step.op);
    if (op === 'same') same += 1;
    if (REMOVALS.has(op)) continue;
    if (!isMap(step.newState)) throw new GatherError(`the step "${op}" of ${step.urn} has no "newState": run the preview anew`, file);
    states.set(String(step.urn), step.newState);
  }
  const unchanged = isMap(preview.changeSummary) ? Number(preview.changeSummary.same ?? 0) : 0;
  if (unchanged > same)
    notes.push(`${unchanged - same} unchanged resources are not in the preview: write it with "pulumi preview --json --show-sames"`);
  return [...states.values()];
}

/**
 * What was gathered from a program, in the form of `pulumi stack export`, for `palisade check` to read later with equal findings.
 * Secrets have no value, unknowns are the sentinel; where each unknown comes from stands under the key `palisade`.
 */
export function exportOf(gathered: Gathered): unknown {
  const { graph, path } = gathered;
  const [project = 'project', stack = 'stack'] = graph.units[0]?.id.split('/') ?? [];
  const root = urnOf(stack, project, '', STACK_TYPE, `${project}-${stack}`);
  const states = [...graph.resources()].map((resource) => stateOf(resource, root, path));
  return {
    version: 3,
    deployment: {
      manifest: { time: '0001-01-01T00:00:00Z', magic: '', version: '' },
      resources: [{ urn: root, custom: false, type: STACK_TYPE }, ...states],
    },
    config: optional({ 'azure-native:subscriptionId': graph.units[0]?.account, 'azure-native:location': graph.units[0]?.region }),
    [EXTENSION]: { notes: graph.notes },
  };
}

function stateOf(resource: Resource, root: string, folder: string): Plain {
  const properties = resource.properties instanceof Residue ? {} : (resource.properties as { readonly [key: string]: Node });
  const { component, external, dependsOn, importId, version, remote, ...options } = resource.options;
  const entries = Object.entries(properties);
  const residues = entries.filter(([, value]) => holdsResidue(value)).map(([key, value]) => [key, encodeWithOrigin(value)]);
  const { dependencies } = resource;
  const mentions = entries.map(
    ([key, value]) => [key, [...new Set([...(dependencies[key] ?? []), ...PLAIN_SCOPE.mentions(value)])]] as const,
  );
  const extension = {
    ...(residues.length > 0 ? { inputs: Object.fromEntries(residues) } : {}),
    ...optional({ version, remote }),
    ...defaultsOf(resource),
  };
  const location = resource.locate();
  const source = location && relative(folder, location.file).split(sep).join('/');
  return {
    urn: resource.id,
    custom: component !== true,
    type: resource.token,
    inputs: Object.fromEntries(entries.map(([key, value]) => [key, encode(value)])),
    parent: resource.parent ?? root,
    ...optional({ external, dependencies: dependsOn, importID: importId }),
    ...options,
    propertyDependencies: Object.fromEntries(mentions.filter(([, urns]) => urns.length > 0)),
    ...(source === undefined ? {} : { sourcePosition: `project:///${encodeURI(source)}#${location?.line},${location?.column ?? 1}` }),
    ...(Object.keys(extension).length > 0 ? { [EXTENSION]: extension } : {}),
  };
}

/** Authorship that was seen stays known; where it was not, readers of the export find out what can be found out. */
const defaultsOf = ({ sdkDefaults, type, options }: Resource): Plain =>
  sdkDefaults?.certain === false || options.component === true || !type.startsWith('azure-native:')
    ? {}
    : { defaults: [...(sdkDefaults?.paths ?? [])] };

const optional = (all: Readonly<Record<string, unknown>>): Plain =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
