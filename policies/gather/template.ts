import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Node } from '../node';
import { graphOfTemplates, type TemplateInput } from './cloudformation';
import { JsonPlaces, parseJson } from './cloudformation/json';
import { locator } from './cloudformation/position';
import { asMap, type NodeMap } from './cloudformation/text';
import { LARGEST_YAML, parseYaml, YamlPlaces } from './cloudformation/yaml';
import { isTooDeep, readText } from './source';
import { DEEPEST_NESTING, GatherError, type Gathered } from './target';

/** What is known of a deployment besides its template. */
export interface TemplateOptions {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly stackName?: string | undefined;
  /** Values given to parameters; they count more than defaults. */
  readonly parameters?: NodeMap | undefined;
}

/**
 * Reads one CloudFormation template, in JSON or YAML, with the nested templates that it names by a relative path (as
 * `aws cloudformation package` takes them). Nothing is run and nothing is fetched.
 * @throws GatherError one line that says where, what and what to do
 * @example
 * const { graph } = await gatherTemplate('template.yaml', { region: 'eu-central-1' });
 */
export async function gatherTemplate(file: string, options: TemplateOptions = {}): Promise<Gathered> {
  const { graph, waivers } = graphOfTemplates(withNested(file, options, new Set()));
  return { path: file, kind: 'cloudformation', graph, waivers };
}

/** @param above files that lead here: a template that nests itself is read once */
function withNested(file: string, own: Partial<TemplateInput>, above: ReadonlySet<string>): readonly TemplateInput[] {
  const { template, locate } = readTemplate(file);
  const id = own.deployedBy ?? file;
  const inputs: TemplateInput[] = [{ ...own, id, template, file, locate }];
  const chain = new Set([...above, resolve(file)]);
  for (const [logicalId, resource] of Object.entries(asMap(template.Resources))) {
    const { Type: type, Properties: properties } = asMap(resource);
    const { TemplateURL: url } = asMap(properties);
    if (type === 'AWS::CloudFormation::StackSet') {
      const body = templateInside(asMap(properties), file);
      const place = () => locate(logicalId, 'TemplateBody');
      if (body) inputs.push({ ...body, id: `${id}/${logicalId}`, deployedBy: `${id}/${logicalId}`, file, locate: place });
    }
    if (type !== 'AWS::CloudFormation::Stack' || typeof url !== 'string' || !LOCAL.test(url)) continue;
    const nested = join(dirname(file), url);
    if (chain.has(resolve(nested)) || !existsSync(nested)) continue;
    const { region, account } = own;
    inputs.push(...withNested(nested, { region, account, deployedBy: `${id}/${logicalId}` }, chain));
  }
  return inputs;
}

/** The template that a stack set carries in itself. One that cannot be read is left out, and noted as such. */
function templateInside(
  { TemplateBody: body, Parameters: list }: NodeMap,
  file: string,
): Pick<TemplateInput, 'template' | 'parameters'> | undefined {
  if (typeof body !== 'string') return undefined;
  const given = (Array.isArray(list) ? (list as readonly Node[]) : []).map(asMap);
  const parameters = Object.fromEntries(given.map(({ ParameterKey, ParameterValue }) => [String(ParameterKey), ParameterValue ?? null]));
  try {
    return { template: parseTemplate(body, file, false).template, parameters };
  } catch (error) {
    if (error instanceof GatherError) return undefined;
    throw error;
  }
}

/** A relative path to a template; addresses are never fetched. */
const LOCAL = /^(?![a-z][a-z0-9+.-]*:|[\\/]).*\.(?:json|ya?ml|template)$/i;

/** A template that was read and is shaped like one. */
export interface ReadTemplate {
  readonly template: NodeMap;
  readonly locate: NonNullable<TemplateInput['locate']>;
}

/**
 * Reads a template file and checks its shape.
 * @param mayBeEmpty a stack of the CDK without resources has no section Resources
 * @throws GatherError
 */
export function readTemplate(file: string, mayBeEmpty = false): ReadTemplate {
  return parseTemplate(readText(file), file, mayBeEmpty);
}

function parseTemplate(text: string, file: string, mayBeEmpty: boolean): ReadTemplate {
  const isJson = text.trimStart().startsWith('{') && !isFlowYaml(text, file);
  if (!isJson && text.length > LARGEST_YAML)
    throw new GatherError(`has more than ${LARGEST_YAML / 1024 / 1024} MiB of YAML: split it, or write it as JSON`, file);
  const parsed = isJson ? parseJson(text, file) : parseYaml(text, file);
  if (isJson && isTooDeep(parsed)) throw new GatherError(`is nested deeper than ${DEEPEST_NESTING} levels: flatten it`, file);
  const locate = isJson ? locator(file, () => new JsonPlaces(text)) : locator(file, () => new YamlPlaces(text, file));
  return { template: checked(parsed, file, locate, mayBeEmpty), locate };
}

/** A YAML file may begin with a brace. What is named otherwise and is no JSON is taken for that. */
function isFlowYaml(text: string, file: string): boolean {
  if (!/\.ya?ml$/i.test(file)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}

function checked(parsed: unknown, file: string, locate: ReadTemplate['locate'], mayBeEmpty: boolean): NodeMap {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new GatherError('is no CloudFormation template: it is not a map with a section Resources', file, 1);
  const template = parsed as NodeMap;
  const { Resources: resources } = template;
  if (resources === undefined && mayBeEmpty) return template;
  if (resources === undefined || resources === null) throw new GatherError(withoutResources(template), file, 1);
  const line = (logicalId: string) => locate(logicalId)?.line;
  if (typeof resources !== 'object' || Array.isArray(resources))
    throw new GatherError('has a section Resources that is not a map: write one entry for each resource', file, line(''));
  for (const [logicalId, resource] of Object.entries(resources as NodeMap)) {
    if (logicalId.startsWith('Fn::')) continue;
    if (typeof resource !== 'object' || resource === null || Array.isArray(resource))
      throw new GatherError(`has a resource ${logicalId} that is not a map: give it a Type and Properties`, file, line(logicalId));
    if (typeof asMap(resource).Type !== 'string')
      throw new GatherError(`has a resource ${logicalId} without a Type: write one, such as AWS::S3::Bucket`, file, line(logicalId));
    const { Properties: properties } = asMap(resource);
    if (properties !== undefined && properties !== null && (typeof properties !== 'object' || Array.isArray(properties)))
      throw new GatherError(
        `has a resource ${logicalId} whose Properties are not a map: write one entry for each property`,
        file,
        line(logicalId),
      );
  }
  if (!mayBeEmpty && Object.keys(resources).length === 0)
    throw new GatherError('has no resource: CloudFormation refuses a template without one', file, line(''));
  return template;
}

function withoutResources(template: NodeMap): string {
  const keys = Object.keys(template);
  const found = keys.length === 0 ? 'it is empty' : `it has ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`;
  return `is no CloudFormation template: there is no section Resources (${found})`;
}

/** Cheap: whether a parsed document is a CloudFormation template. */
export function looksLikeCloudFormation(parsed: unknown): boolean {
  const template = asMap(parsed as Node | undefined);
  const resources = asMap(template.Resources);
  if (template.AWSTemplateFormatVersion !== undefined) return true;
  for (const logicalId in resources) {
    const { Type: type } = asMap(resources[logicalId]);
    if (typeof type === 'string' && /^[A-Z]\w*::/.test(type)) return true;
  }
  return false;
}
