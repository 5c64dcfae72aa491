import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Waiver } from '../../controls';
import { Graph } from '../graph';
import { type Node, Worlds } from '../node';
import type { Location, Unit } from '../resource';
import type { DeclaredWaiver } from '../waiver';
import { Builder, type Built } from './arm/build';
import { ArmScope } from './arm/choice';
import { Declarer } from './arm/declare';
import { below, Evaluator } from './arm/evaluator';
import { Source } from './arm/json';
import { isMap, type Written } from './arm/names';
import { keepShown, shownBy } from './arm/outputs';
import { Registry } from './arm/registry';
import { Session } from './arm/session';
import { usualResource, usualTemplate } from './arm/spelling';
import { asGiven, type Given, WrittenArm } from './arm/written';
import { GatherError, type Gathered, LARGEST_FILE } from './target';

const SCHEMA = /deploymentTemplate\.json/i;
/** `Microsoft.Storage/storageAccounts`. */
const RESOURCE_TYPE = /^[\w-]+(\.[\w-]+)+\/[\w./-]+$/;

/** Names of sections in the usual case, where there are sections. */
const usualIf = (parsed: unknown): unknown => (isMap(parsed) ? usualTemplate(parsed) : parsed);

/** Whether parsed JSON is an ARM template, or resources exported from Azure. */
export function looksLikeArm(document: unknown): boolean {
  const parsed = usualIf(document);
  if (isMap(parsed) && typeof parsed.$schema === 'string' && SCHEMA.test(parsed.$schema)) return true;
  const resources = isMap(parsed) && parsed.resources !== undefined ? parsed.resources : exported(parsed);
  const listed = Array.isArray(resources) ? resources : isMap(resources) ? Object.values(resources) : [];
  return (
    listed.length > 0 &&
    listed.every((resource) => {
      const type = isMap(resource) ? usualResource(resource).type : undefined;
      return typeof type === 'string' && RESOURCE_TYPE.test(type);
    })
  );
}

/** Under which key pages of resources hold them: of `az rest`, and of `az graph query`. */
const PAGES = ['value', 'data'] as const;

/** The resources of `az … show`, `az … list` and `az graph query` output: one, a list, or a page of them. */
function exported(parsed: unknown): unknown {
  if (Array.isArray(parsed)) return parsed;
  if (!isMap(parsed) || parsed.$schema !== undefined) return undefined;
  if (typeof parsed.type === 'string' && RESOURCE_TYPE.test(parsed.type)) return [parsed];
  return PAGES.map((key) => parsed[key]).find(Array.isArray);
}

/**
 * Reads an ARM template (JSON, also as Bicep emits it) or exported resources, in the terms of Pulumi's azure-native: its
 * types and property names. Only reads; expressions are worked out as far as the template decides them, and what it does
 * not decide says what is missing. `<name>.parameters.json` next to `<name>.json` is used where it exists, and noted.
 *
 * @throws GatherError one line that says where, what and what to do
 */
export async function gatherArm(file: string): Promise<Gathered> {
  return gatherArmText(read(file), file, parametersOf(file));
}

/** {@link gatherArm} over text that is at hand. */
export function gatherArmText(text: string, file: string, parameters?: ParametersFile): Gathered {
  return gathered({ text, file, parameters }, new Map());
}

/** What a graph was read from, so that it can be read again with other values of parameters. */
export interface ArmSource {
  readonly text: string;
  readonly file: string;
  readonly parameters?: ParametersFile | undefined;
}
const SOURCES = new WeakMap<Graph, ArmSource>();

/** As it is written; undefined for graphs that are none of a template of Azure. */
export function armTemplateOf(graph: Graph): WrittenArm | undefined {
  const source = SOURCES.get(graph);
  if (!source) return undefined;
  const parsed = usualIf(new Source(source.file, source.text).parse());
  return isMap(parsed) ? new WrittenArm(usualTemplate(parsed), new Set(source.parameters?.values.keys())) : undefined;
}

/** The same template, deployed with other values. */
export function gatherArmAgain(graph: Graph, values: ReadonlyMap<string, Given>): Pick<Gathered, 'graph' | 'waivers'> | undefined {
  const source = SOURCES.get(graph);
  return source && gathered(source, asGiven(values));
}

function gathered(read: ArmSource, chosen: ParametersFile['values']): Gathered {
  const { file, parameters, text } = read;
  const source = new Source(file, text);
  const parsed = usualIf(source.parse());
  const data = isMap(parsed) && parsed.resources !== undefined ? undefined : exported(parsed);
  const template = data === undefined ? parsed : { resources: data };
  if (!isMap(template)) throw new GatherError('is not an object: give an ARM template', file);
  if (/deploymentParameters\.json/i.test(String(template.$schema)))
    throw new GatherError('is a file of parameters: give its template, with which <template>.parameters.json is read', file);
  if (template.resources === undefined || template.resources === null || typeof template.resources !== 'object')
    throw new GatherError('has no "resources": give an ARM template', file);

  const registry = new Registry();
  const session = new Session(source, registry, data !== undefined);
  const evaluator = new Evaluator(session);
  const at = data === undefined ? ['resources'] : isMap(parsed) ? PAGES.filter((key) => parsed[key] === data) : [];
  const declarer = new Declarer(evaluator);
  declarer.template(template, at, new Map([...(parameters?.values ?? []), ...chosen]));
  session.epoch += 1;

  const worlds = new Worlds();
  const scope = new ArmScope(worlds);
  const byId = new Map<string, Built>();
  const unit: Unit = {
    id: file,
    cloud: 'azure',
    region: regionOf(registry, evaluator),
    profile: palisade(template).profile,
    scope,
    locate: (resource, path) => locate(source, byId.get(resource.id), path),
  };
  const builder = new Builder(evaluator, scope, unit);
  for (const declaration of registry.all)
    if (!declaration.existing) for (const built of builder.build(declaration)) byId.set(built.resource.id, built);
  const built = [...byId.values()];
  const notes = [...(parameters ? [`parameters were taken from ${parameters.file}`] : []), ...session.notes];
  const resources = built.map(({ resource }) => resource);
  const graph = new Graph({ resources, units: [unit], worlds, notes });
  keepShown(graph, [...shownBy(declarer.outputs, file, (path) => source.locate(path)?.line)]);
  // Exported data has no parameters.
  if (data === undefined) SOURCES.set(graph, read);
  return {
    path: file,
    kind: 'arm',
    graph,
    waivers: built.flatMap((one) => waiversOf(one, source)),
  };
}

/** Values for the parameters of a template, and where they come from. */
export interface ParametersFile {
  readonly file: string;
  readonly values: ReadonlyMap<string, () => Node>;
}

function parametersOf(template: string): ParametersFile | undefined {
  const file = template.replace(/\.jsonc?$/i, '.parameters.json');
  if (file === template || !existsSync(file)) return undefined;
  const parsed = new Source(file, read(file)).parse();
  if (!isMap(parsed) || !isMap(parsed.parameters)) throw new GatherError('has no "parameters": complete it, or remove it', file);
  const entries = Object.entries(parsed.parameters).filter(([, given]) => isMap(given) && given.value !== undefined);
  return {
    file: basename(file),
    values: new Map(entries.map(([name, given]) => [name.toLowerCase(), () => (given as Written).value as Node])),
  };
}

function read(file: string): string {
  try {
    if (statSync(file).size > LARGEST_FILE) throw new GatherError(`is larger than ${LARGEST_FILE / 1024 / 1024} MiB: split it`, file);
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof GatherError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new GatherError(code === 'ENOENT' ? 'does not exist: check the path' : `cannot be read (${code ?? 'unknown error'})`, file);
  }
}

/** The one location of all resources; undefined where there are several, or the template does not fix it. */
function regionOf(registry: Registry, evaluator: Evaluator): string | undefined {
  const locations = new Set<Node>();
  for (const { written, frame, existing } of registry.all)
    if (written.location !== undefined && !existing) locations.add(evaluator.value(written.location, below(frame, 'location')));
  locations.delete('global');
  const [region] = locations;
  return locations.size === 1 && typeof region === 'string' ? region : undefined;
}

function locate(source: Source, built: Built | undefined, path: string | undefined): Location | undefined {
  if (!built) return undefined;
  const position = source.locate(path ? Builder.written(built, path) : built.declaration.frame.path);
  return position && { file: source.file, ...position };
}

function palisade({ metadata }: Written): Written {
  return isMap(metadata) && isMap(metadata.palisade) ? metadata.palisade : {};
}

function waiversOf({ resource, declaration }: Built, source: Source): DeclaredWaiver[] {
  const { waivers } = palisade(declaration.written);
  if (!Array.isArray(waivers)) return [];
  return waivers.filter(isMap).map((waiver, index) => {
    const field = (name: keyof Waiver) => (typeof waiver[name] === 'string' ? waiver[name] : '');
    const position = source.locate([...declaration.frame.path, 'metadata', 'palisade', 'waivers', index]);
    return {
      rule: field('rule'),
      resource: resource.logicalId,
      reason: field('reason'),
      owner: field('owner'),
      approver: field('approver'),
      ticket: field('ticket'),
      expires: field('expires'),
      source: 'artefact',
      location: position && { file: source.file, ...position },
    };
  });
}
