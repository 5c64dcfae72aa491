import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Node } from '../node';
import type { DeclaredWaiver } from '../waiver';
import { graphOfTemplates, type TemplateInput } from './cloudformation';
import { acknowledgements, createdNear, LOGICAL_ID, type MetadataEntry, openable } from './cloudformation/cdk-metadata';
import { parseJson } from './cloudformation/json';
import { asMap, type NodeMap } from './cloudformation/text';
import { readText } from './source';
import { GatherError, type Gathered } from './target';
import { readTemplate } from './template';

/** Newest major version of the cloud assembly schema that is understood; aws-cdk-lib 2.276 writes it. */
export const NEWEST_SCHEMA = 55;

const MANIFEST = 'manifest.json';
const STACK = 'aws:cloudformation:stack';
const NESTED_ASSEMBLY = 'cdk:cloud-assembly';
const ASSETS = 'cdk:asset-manifest';
const ASSET_PATH = 'aws:asset:path';
const TEMPLATE_FILE = 'aws:cdk:templateFile';
const TREE_LOGICAL_ID = 'aws:cdk:cloudformation:logicalId';

/** Metadata by construct path, without the leading slash. */
type Metadata = ReadonlyMap<string, readonly MetadataEntry[]>;

/**
 * Reads what `cdk synth` wrote: every stack of every stage, with its nested stacks, as one graph. Nothing is run. Findings
 * point at the line of the user's program where the CDK recorded it, otherwise at the line of the template.
 * @throws GatherError one line that says where, what and what to do
 * @example
 * const { graph } = await gatherAssembly('cdk.out');
 */
export async function gatherAssembly(dir: string): Promise<Gathered> {
  const reading = new Reading(dir);
  reading.assembly(dir);
  const { graph, waivers } = graphOfTemplates(reading.inputs);
  return { path: dir, kind: 'cdk-assembly', graph, waivers: [...reading.waivers, ...waivers], beside: dir };
}

/** What the stack and its nested stacks have in common. */
interface StackContext {
  readonly dir: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly metadata: Metadata;
  /** Template files of nested stacks by the hash in their URL. */
  readonly assets: ReadonlyMap<string, string>;
}

class Reading {
  readonly inputs: TemplateInput[] = [];
  readonly waivers: DeclaredWaiver[] = [];
  readonly #visited = new Set<string>();
  readonly #ids = new Set<string>();

  constructor(private readonly root: string) {}

  assembly(dir: string): void {
    if (this.#visited.has(resolve(dir))) return;
    this.#visited.add(resolve(dir));
    const file = join(dir, MANIFEST);
    if (!existsSync(file))
      throw new GatherError(`is no cloud assembly: it has no ${MANIFEST}; run "cdk synth" and name its output folder`, dir);
    const manifest = readJson(file);
    checkVersion(manifest, file);
    const artifacts = Object.entries(asMap(manifest.artifacts)).map(([id, artifact]) => ({ id, ...partsOf(asMap(artifact)) }));
    const assets = new Map<string, string>();
    for (const { type, properties } of artifacts) if (type === ASSETS) this.#collectAssets(dir, properties, file, assets);
    for (const { id, type, properties, artifact } of artifacts) {
      if (type === NESTED_ASSEMBLY) this.assembly(this.#inside(dir, properties.directoryName, file, `the stage ${id}`));
      else if (type === STACK) this.#stack(dir, id, artifact, file, assets);
    }
  }

  #stack(dir: string, id: string, artifact: NodeMap, manifest: string, assets: ReadonlyMap<string, string>): void {
    const { properties } = partsOf(artifact);
    const template = this.#inside(dir, properties.templateFile, manifest, `the stack ${id}`);
    const metadata = this.#metadata(dir, artifact, manifest);
    const { account, region } = environmentOf(artifact.environment);
    const { displayName } = artifact;
    const path =
      constructPathOf(metadata, String(properties.templateFile)) ??
      (typeof displayName === 'string' && !displayName.includes(' ') ? displayName : id);
    const stackName = typeof properties.stackName === 'string' ? properties.stackName : id;
    const parameters = asMap(properties.parameters);
    for (const [construct, entries] of metadata) this.waivers.push(...acknowledgements(construct, entries));
    this.#template(template, path, { dir, account, region, metadata, assets }, { stackName, parameters });
  }

  #template(file: string, path: string, context: StackContext, own: Partial<TemplateInput>): void {
    const { dir, account, region, metadata, assets } = context;
    const { template, locate } = readTemplate(file, true);
    const id = this.#unique(path);
    const hosts = Object.entries(asMap(template.Resources)).filter(([, resource]) => asMap(resource).Type === 'AWS::CloudFormation::Stack');
    const nested = hosts.flatMap(([logicalId, host]) => {
      const name = nestedFile(asMap(host), assets);
      if (name === undefined) return [];
      const nestedPath =
        constructPathOf(metadata, name) ?? pathOfNested(asMap(asMap(host).Metadata)['aws:cdk:path']) ?? `${path}/${logicalId}`;
      return [{ logicalId, file: this.#inside(dir, name, file, `the nested stack ${logicalId}`), path: nestedPath }];
    });
    const paths = pathsOf(
      metadata,
      path,
      nested.map((each) => each.path),
    );
    this.inputs.push({
      ...own,
      id,
      template,
      file,
      account,
      region,
      paths,
      locate: (logicalId, propertyPath) =>
        openable(createdNear(paths.get(logicalId) ?? '', path, (construct) => metadata.get(construct))) ?? locate(logicalId, propertyPath),
    });
    for (const { logicalId, file: nestedTemplate, path: nestedPath } of nested)
      this.#template(nestedTemplate, nestedPath, context, { deployedBy: `${id}/${logicalId}` });
  }

  /** Metadata stands in the manifest or, since schema 50, in a file beside it; construct paths also in the tree. */
  #metadata(dir: string, artifact: NodeMap, manifest: string): Metadata {
    const { additionalMetadataFile: additional } = artifact;
    const entries = new Map<string, readonly MetadataEntry[]>();
    const add = (metadata: NodeMap) => {
      for (const [path, list] of Object.entries(metadata)) {
        if (!Array.isArray(list)) continue;
        const known = (list as readonly Node[]).map(asMap).filter(({ type }) => typeof type === 'string') as unknown as MetadataEntry[];
        entries.set(path.replace(/^\//, ''), [...(entries.get(path.replace(/^\//, '')) ?? []), ...known]);
      }
    };
    add(asMap(artifact.metadata));
    if (additional !== undefined) add(readJson(this.#inside(dir, additional, manifest, 'the metadata of a stack')));
    if (![...entries.values()].flat().some(({ type }) => type === LOGICAL_ID)) add(treeMetadata(this.root));
    return entries;
  }

  #collectAssets(dir: string, properties: NodeMap, manifest: string, into: Map<string, string>): void {
    const { files } = readJson(this.#inside(dir, properties.file, manifest, 'an asset manifest'));
    for (const [hash, asset] of Object.entries(asMap(files))) {
      const { path } = asMap(asMap(asset).source);
      if (typeof path === 'string') into.set(hash, path);
    }
  }

  /** The path of a part of the assembly. A manifest must not lead out of the folder that was named. */
  #inside(dir: string, name: Node | undefined, manifest: string, what: string): string {
    if (typeof name !== 'string' || name === '') throw new GatherError(`names no file for ${what}: synthesise again`, manifest);
    const path = resolve(dir, name);
    if (relative(resolve(this.root), path).startsWith('..'))
      throw new GatherError(`names a file outside of the assembly for ${what}: ${name}`, manifest);
    if (!existsSync(path)) throw new GatherError(`names a file for ${what} that does not exist: ${name}; synthesise again`, manifest);
    return join(dir, relative(resolve(dir), path));
  }

  /** Two stacks never share a path, but an assembly that was put together by hand may say so. */
  #unique(path: string): string {
    let id = path;
    for (let copy = 2; this.#ids.has(id); copy += 1) id = `${path}#${copy}`;
    this.#ids.add(id);
    return id;
  }
}

function readJson(file: string): NodeMap {
  const parsed = parseJson(readText(file), file);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new GatherError('is not a map: synthesise again', file, 1);
  return parsed as NodeMap;
}

function checkVersion({ version, artifacts }: NodeMap, file: string): void {
  const major = typeof version === 'string' ? Number.parseInt(version, 10) : Number.NaN;
  if (Number.isNaN(major))
    throw new GatherError('is no manifest of a cloud assembly: it has no version; name the output folder of "cdk synth"', file);
  if (major > NEWEST_SCHEMA)
    throw new GatherError(
      `is written in schema ${version}, newer than ${NEWEST_SCHEMA}.x, the newest that is understood: update palisade`,
      file,
    );
  if (artifacts !== undefined && (typeof artifacts !== 'object' || artifacts === null || Array.isArray(artifacts)))
    throw new GatherError('has artifacts that are not a map: synthesise again', file);
}

function partsOf(artifact: NodeMap): { readonly type: Node | undefined; readonly properties: NodeMap; readonly artifact: NodeMap } {
  return { type: artifact.type, properties: asMap(artifact.properties), artifact };
}

/** `aws://123456789012/eu-central-1`; what the CDK does not know is called `unknown-account`, `unknown-region`. */
function environmentOf(environment: Node | undefined): { readonly account?: string | undefined; readonly region?: string | undefined } {
  const [, account, region] = (typeof environment === 'string' ? /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment) : null) ?? [];
  const known = (text: string | undefined) => (text?.startsWith('unknown-') ? undefined : text);
  return { account: known(account), region: known(region) };
}

function constructPathOf(metadata: Metadata, templateFile: string): string | undefined {
  for (const [path, entries] of metadata) {
    if (path !== '' && entries.some(({ type, data }) => type === TEMPLATE_FILE && data === templateFile)) return path;
  }
  return undefined;
}

/** The nested stack `A/Nest` is deployed by `A/Nest.NestedStack/Nest.NestedStackResource`. */
function pathOfNested(hostPath: Node | undefined): string | undefined {
  const [, path] = (typeof hostPath === 'string' ? /^(.*)\.NestedStack\/[^/]*\.NestedStackResource$/.exec(hostPath) : null) ?? [];
  return path;
}

/** The file of a nested stack's template: named by the CDK's metadata, or found by the hash in its URL. */
function nestedFile(host: NodeMap, assets: ReadonlyMap<string, string>): string | undefined {
  const named = asMap(host.Metadata)[ASSET_PATH];
  if (typeof named === 'string') return named;
  const [hash] = /[0-9a-f]{64}/.exec(JSON.stringify(asMap(host.Properties).TemplateURL ?? '')) ?? [];
  return hash === undefined ? undefined : assets.get(hash);
}

/** Construct paths by logical id, of one template: what lies below a nested stack belongs to that. */
function pathsOf(metadata: Metadata, path: string, nested: readonly string[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const [construct, entries] of metadata) {
    if (!construct.startsWith(`${path}/`) || nested.some((below) => construct.startsWith(`${below}/`))) continue;
    for (const { type, data } of entries) if (type === LOGICAL_ID && typeof data === 'string') paths.set(data, construct);
  }
  return paths;
}

/** Logical ids from the construct tree, for assemblies whose manifest keeps none. */
function treeMetadata(root: string): NodeMap {
  const file = join(root, 'tree.json');
  if (!existsSync(file)) return {};
  const found: { [path: string]: Node } = {};
  const waiting: NodeMap[] = [asMap(readJson(file).tree)];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const logicalId = asMap(next.attributes)[TREE_LOGICAL_ID];
    if (typeof next.path === 'string' && typeof logicalId === 'string') found[next.path] = [{ type: LOGICAL_ID, data: logicalId }];
    waiting.push(...Object.values(asMap(next.children)).map(asMap));
  }
  return found;
}
