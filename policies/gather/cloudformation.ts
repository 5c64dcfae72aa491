import { WAIVER_FIELDS, type Waiver } from '../../controls';
import { Graph } from '../graph';
import type { Node } from '../node';
import { type Location, Resource, type Unit } from '../resource';
import type { DeclaredWaiver } from '../waiver';
import { SERVERLESS, withGlobals } from './cloudformation/globals';
import { writeOutLoops } from './cloudformation/loops';
import { namesOf } from './cloudformation/names';
import { CloudFormationScope, DEPLOYED, Landscape } from './cloudformation/scope';
import { asMap, type NodeMap, REST } from './cloudformation/text';

/** Key under which a template or a resource carries what Palisade declares; the constructs write it. */
const METADATA_KEY = 'Palisade';
const PATH_KEY = 'aws:cdk:path';
const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
const STACK = 'AWS::CloudFormation::Stack';
const STACK_SET = 'AWS::CloudFormation::StackSet';

/** One CloudFormation template, with what is known of its deployment. */
export interface TemplateInput {
  /** Stack path or file; the id of its unit, and the beginning of the ids of its resources. Unique among the inputs. */
  readonly id: string;
  /** The parsed template. It is read in place and never changed. */
  readonly template: NodeMap;
  readonly file?: string | undefined;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly stackName?: string | undefined;
  /** Values given to parameters; they count more than defaults. */
  readonly parameters?: NodeMap | undefined;
  /** Construct paths by logical id; otherwise the metadata `aws:cdk:path` tells. */
  readonly paths?: ReadonlyMap<string, string> | undefined;
  /** For a nested stack: the id of the resource that deploys it, `<unit>/<logical id>` of another input. */
  readonly deployedBy?: string | undefined;
  /** Finds a resource, or one of its properties, in the source; called only for what is printed. */
  readonly locate?: ((logicalId: string, propertyPath?: string) => Location | undefined) | undefined;
}

/** Templates as one graph, and the exceptions that they declare. */
export interface TemplateGraph {
  readonly graph: Graph;
  readonly waivers: readonly DeclaredWaiver[];
}

/**
 * One graph over templates that are deployed side by side: exports are followed into imports, nested stacks into their
 * parents. Properties stay as written and are reduced when a rule looks. What is malformed never throws: it is unknown
 * where a rule meets it.
 *
 * @example
 * const { graph } = graphOfTemplates([{ id: 'app', template: JSON.parse(text), file: 'app.json', region: 'eu-central-1' }]);
 */
export function graphOfTemplates(templates: readonly TemplateInput[]): TemplateGraph {
  const landscape = new Landscape(templates.length > 1);
  const notes: string[] = [];
  const reading = inOrderOfDeployment(templates).map((input) => new Reading(input, landscape, notes));
  // Conditions are decided first, as long as nobody is being judged: deciding asks questions.
  for (const each of reading) each.decideConditions();
  landscape.worlds.reset();

  const resources: Resource[] = [];
  const units: Unit[] = [];
  const waivers: DeclaredWaiver[] = [];
  for (const each of reading) {
    if (!each.exists) continue;
    units.push(each.unit);
    each.addTo(resources, waivers);
  }
  landscape.worlds.reset();
  const graph = new Graph({ resources, units, worlds: landscape.worlds, notes });
  TEMPLATES.set(graph, templates);
  return { graph, waivers };
}

const TEMPLATES = new WeakMap<Graph, readonly TemplateInput[]>();

/** What a graph was read from, so that it can be read again with other values of parameters; undefined where it is none of templates. */
export const templatesOf = (graph: Graph): readonly TemplateInput[] | undefined => TEMPLATES.get(graph);

/** Parents before the stacks that they deploy; otherwise as given. */
export function inOrderOfDeployment(templates: readonly TemplateInput[]): readonly TemplateInput[] {
  if (!templates.some(({ deployedBy }) => deployedBy !== undefined)) return templates;
  const byUnit = new Map(templates.map((input) => [input.id, input]));
  const ordered = new Set<TemplateInput>();
  const add = (input: TemplateInput, below: ReadonlySet<TemplateInput>) => {
    const parent = byUnit.get(unitOf(input.deployedBy));
    if (parent && !below.has(parent)) add(parent, new Set([...below, input]));
    ordered.add(input);
  };
  for (const input of templates) add(input, new Set([input]));
  return [...ordered];
}

export const unitOf = (id: string | undefined): string => id?.slice(0, id.lastIndexOf('/')) ?? '';

/** Readings by unit id, so that a nested template finds its parent. */
const READINGS = new WeakMap<CloudFormationScope, Reading>();

class Reading {
  readonly unit: Unit;
  readonly #scope: CloudFormationScope;
  readonly #template: NodeMap;
  readonly #parent: Reading | undefined;
  readonly #condition: string | undefined;

  constructor(
    private readonly input: TemplateInput,
    private readonly landscape: Landscape,
    private readonly notes: string[],
  ) {
    const { id, deployedBy, region, account, stackName, parameters = {} } = input;
    const parentScope = landscape.scopes.get(unitOf(deployedBy));
    this.#parent = parentScope && READINGS.get(parentScope);
    const host = asMap(parentScope?.resources[deployedBy?.slice(unitOf(deployedBy).length + 1) ?? '']);
    this.#condition = this.#parent ? (conditionOf(host) ?? this.#parent.existence) : undefined;
    const parent = parentScope && { scope: parentScope, parameters: asMap(host.Properties).Parameters, condition: this.#condition };
    const init = { id, region, account, stackName, parameters, parent };
    this.#template = this.#writeOut(new CloudFormationScope({ ...init, template: input.template }, new Landscape(false)));
    this.#scope = new CloudFormationScope({ ...init, template: this.#template }, landscape);
    if (deployedBy !== undefined) landscape.nested.set(deployedBy, this.#scope);
    READINGS.set(this.#scope, this);
    const profile = asMap(asMap(this.#template.Metadata)[METADATA_KEY]).profile ?? this.#parent?.unit.profile;
    const { locate, file } = input;
    this.unit = {
      id,
      cloud: 'aws',
      region,
      account,
      profile,
      scope: this.#scope,
      locate: (resource, propertyPath) => locate?.(resource.logicalId, propertyPath) ?? (file === undefined ? undefined : { file }),
    };
    this.#noteMacros();
  }

  /** Condition of the whole template, where that is undecided. */
  get existence(): string | undefined {
    return this.#condition === undefined || this.#parent?.decided(this.#condition) ? undefined : DEPLOYED;
  }

  get exists(): boolean {
    const parent = this.#parent;
    if (!parent) return true;
    return parent.exists && (this.#condition === undefined || parent.decided(this.#condition) !== false);
  }

  decided(condition: string): boolean | undefined {
    return condition === DEPLOYED ? undefined : this.#scope.conditions.decided(condition);
  }

  decideConditions(): void {
    for (const name of Object.keys(asMap(this.#template.Conditions))) this.#scope.conditions.decided(name);
  }

  addTo(resources: Resource[], waivers: DeclaredWaiver[]): void {
    const { id, paths } = this.input;
    for (const logicalId of Object.keys(this.#scope.resources)) {
      const written = this.#scope.resources[logicalId];
      if (logicalId.startsWith('Fn::')) continue;
      const { Type: type, Properties: properties, ...options } = asMap(written);
      if (typeof type !== 'string') continue;
      const own = conditionOf(options);
      const truth = own === undefined ? true : this.decided(own);
      if (truth === false) continue;
      const metadata = asMap(options.Metadata);
      const path = paths?.get(logicalId) ?? metadata[PATH_KEY];
      const resource = new Resource(
        {
          id: `${id}/${logicalId}`,
          logicalId,
          type,
          properties: properties ?? {},
          options,
          names: namesOf(type, asMap(properties)),
          condition: truth ? this.existence : own,
          path: typeof path === 'string' ? path : undefined,
        },
        this.unit,
      );
      resources.push(resource);
      const declared = asMap(metadata[METADATA_KEY]).waivers;
      if (declared !== undefined) waivers.push(...waiversOf(declared, resource));
      this.#noteHidden(resource);
    }
  }

  #writeOut(scope: CloudFormationScope): NodeMap {
    const { template, id } = this.input;
    const written = this.#writeOutLoops(template, id, scope);
    return macrosOf(template).includes(SERVERLESS) ? withGlobals(written) : written;
  }

  #writeOutLoops(template: NodeMap, id: string, scope: CloudFormationScope): NodeMap {
    if (!macrosOf(template).includes(LANGUAGE_EXTENSIONS)) return template;
    const itemsOf = (collection: Node) => {
      const items = scope.deep(collection);
      return Array.isArray(items) && items.every((item) => typeof item === 'string' || typeof item === 'number')
        ? items.map(String)
        : undefined;
    };
    const unknown = (name: string, why: string) => this.notes.push(`${id}: what the loop ${name} makes is not judged: ${why}`);
    return asMap(writeOutLoops(template as Node, { itemsOf, unknown }));
  }

  #noteMacros(): void {
    const { id } = this.input;
    for (const macro of macrosOf(this.#template)) {
      if (macro !== LANGUAGE_EXTENSIONS) this.notes.push(`${id}: what the macro ${macro} generates is not judged, only what is written`);
    }
    if (asMap(this.#template.Resources)[REST] !== undefined)
      this.notes.push(`${id}: resources that a transform adds are not judged, only those that are written`);
  }

  #noteHidden(resource: Resource): void {
    const { id, type } = resource;
    if (type === STACK && !this.landscape.nested.has(id))
      this.notes.push(`${id}: the template of this nested stack is not among what was read, so what it deploys is not judged`);
    else if (type === STACK_SET && !this.landscape.nested.has(id))
      this.notes.push(`${id}: what a stack set deploys is not judged; check its template by itself`);
    else if (type.endsWith('::MODULE')) this.notes.push(`${id}: what the module ${type} contains is not judged`);
  }
}

function macrosOf(template: NodeMap): readonly string[] {
  const { Transform: transform } = template;
  const list = Array.isArray(transform) ? (transform as readonly Node[]) : transform === undefined || transform === null ? [] : [transform];
  return list.map((macro) => (typeof macro === 'string' ? macro : String(asMap(macro).Name ?? 'without a name')));
}

function conditionOf(resource: NodeMap): string | undefined {
  return typeof resource.Condition === 'string' ? resource.Condition : undefined;
}

/** Waivers in a resource's metadata. Missing fields come out empty, for the hygiene check to name. */
function waiversOf(declared: Node, resource: Resource): readonly DeclaredWaiver[] {
  const list = Array.isArray(declared) ? (declared as readonly Node[]) : [declared];
  return list.map((entry) => {
    const written = asMap(entry);
    const fields = Object.fromEntries(
      WAIVER_FIELDS.map((field) => [field, typeof written[field] === 'string' ? written[field] : '']),
    ) as unknown as Waiver;
    return {
      ...fields,
      resource: resource.id,
      source: 'artefact',
      get location() {
        return resource.locate();
      },
    };
  });
}
