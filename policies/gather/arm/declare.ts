import { type Node, Secret, Unresolved } from '../../node';
import { labelOf, mentionsOf, partsOf, shapeOf, textOf, wordsOf } from './choice';
import type { Frame } from './context';
import { below, type Evaluator } from './evaluator';
import { isExpression } from './expression';
import type { JsonPath } from './json';
import { isMap, TemplateNames, type Written } from './names';
import type { TemplateOutput } from './outputs';
import { type Declaration, parseId, scopeParts, splitName } from './registry';
import { choose, truth } from './specials';
import { usualDeployment, usualResource, usualTemplate } from './spelling';
import type { DeploymentScope } from './types';

/** Nested deployments inside one another. ARM takes far fewer. */
const DEEPEST_DEPLOYMENT = 20;
/** Resources of one file, loops counted out. ARM takes 800 in each of its templates. */
const MOST_RESOURCES = 50_000;

interface Around {
  readonly frame: Frame;
  readonly path: readonly string[];
  readonly location: Declaration['location'];
  readonly depth: number;
  /** The resource that this one is written inside of. */
  readonly parent?: Declaration | undefined;
  /** Condition of the deployments around. */
  readonly condition: Node;
  readonly conditionWords?: string | undefined;
}

/** Finds every resource of a template, its loops counted out and its nested deployments entered, before any is worked out. */
export class Declarer {
  #homes = 0;
  /** How often each id was asked for. */
  readonly #given = new Map<string, number>();
  readonly #outputs: TemplateOutput[] = [];

  constructor(private readonly evaluator: Evaluator) {}

  private get session() {
    return this.evaluator.session;
  }

  /** What the template and the deployments in it give away when they are done. */
  get outputs(): readonly TemplateOutput[] {
    return this.#outputs;
  }

  /** Declares the resources of the outermost template, deployed with these parameters. */
  template(written: Written, path: JsonPath, given: ReadonlyMap<string, () => Node> = new Map()): void {
    const template = usualTemplate(written);
    const home = this.#homes++;
    const scope = scopeOf(template.$schema);
    const deploymentName = new Unresolved('the name of the deployment');
    const names = new TemplateNames(template, { path: [], home, scope, deploymentName, given }, this.evaluator);
    const frame: Frame = { names, home, scope, path, loops: new Map(), locals: new Map() };
    this.#declareOutputs(template, [], { ...frame, path: ['outputs'] });
    this.#resources(template.resources, { frame, path: [], location: {}, depth: 0, condition: true });
  }

  #resources(written: unknown, around: Around): void {
    if (Array.isArray(written)) {
      for (const [index, resource] of written.entries())
        this.#resource(resource, undefined, { ...around, frame: below(around.frame, index) });
    } else if (isMap(written)) {
      for (const [symbol, resource] of Object.entries(written))
        this.#resource(resource, symbol, { ...around, frame: below(around.frame, symbol) });
    }
  }

  #resource(resource: unknown, symbol: string | undefined, around: Around): void {
    const { frame } = around;
    if (!isMap(resource)) throw this.session.error('has a resource that is not an object: write { "type": …, "name": … }', frame.path);
    const written = usualResource(resource);
    // Microsoft Graph and other extensions are no ARM resources.
    if (written.import !== undefined || written.extension !== undefined) {
      this.session.notes.add(
        `${symbol ?? 'a resource'} is deployed by an extension (${String(written.import ?? written.extension)}) and was not read`,
      );
      return;
    }
    const { copy } = written;
    if (!isMap(copy) || copy.count === undefined || this.session.literal) {
      this.#instance(written, symbol, around);
      return;
    }
    const name = String(copy.name ?? symbol ?? '');
    const count = this.evaluator.count(copy.count, below(frame, 'copy'));
    const turn = (index: Node, suffix: string) => {
      const loops = new Map(frame.loops).set(name.toLowerCase(), index);
      this.#instance(written, symbol, { ...around, frame: { ...frame, loops, loop: name } }, suffix);
    };
    if (count === undefined) turn(new Unresolved(`the turn of loop "${name}"`), '[i]');
    else for (let index = 0; index < count; index += 1) turn(index, `[${index}]`);
  }

  #instance(written: Written, symbol: string | undefined, around: Around, suffix = ''): void {
    const { frame } = around;
    const { registry } = this.session;
    if (registry.all.length >= MOST_RESOURCES)
      throw this.session.error(`declares more than ${MOST_RESOURCES} resources: split it`, frame.path);
    const own = this.#condition(written, frame);
    if (own.value === false) return;
    const identity = this.#identity(written, around);
    if (!identity) return;
    const { type, names } = identity;
    const tail = `${type}/${names.map(labelOf).join('/')}`;
    const path = around.path;
    const logicalId = this.#unique([...path, symbol === undefined ? tail : `${symbol}${suffix}`].join('/'));
    const location = {
      group:
        written.resourceGroup === undefined
          ? around.location.group
          : this.evaluator.value(written.resourceGroup, below(frame, 'resourceGroup')),
      subscription:
        written.subscriptionId === undefined
          ? around.location.subscription
          : this.evaluator.value(written.subscriptionId, below(frame, 'subscriptionId')),
    };
    const nested = this.#nested(type, written, names, around);
    const combined = combine(around, own);
    const declaration: Declaration = {
      id: `${this.session.source.file}/${logicalId}`,
      logicalId,
      type,
      names,
      symbol,
      existing: written.existing === true,
      home: frame.home,
      frame,
      written,
      condition: combined.condition,
      conditionWords: combined.conditionWords,
      path,
      extends: identity.extends,
      location,
      output: nested?.output,
      exportedId: typeof written.id === 'string' && this.session.literal ? written.id : undefined,
    };
    registry.add(declaration);
    if (written.resources !== undefined)
      this.#resources(written.resources, { ...around, frame: below(frame, 'resources'), parent: declaration });
    if (!nested) return;
    const inner = [...path, symbol === undefined ? labelOf(names[names.length - 1] ?? '') : `${symbol}${suffix}`];
    this.#declareOutputs(nested.template, inner, nested.outputs);
    this.#resources(nested.resources, { ...combined, frame: nested.frame, path: inner, location, depth: around.depth + 1 });
  }

  #condition(written: Written, frame: Frame): { value: Node; words?: string } {
    if (written.condition === undefined || this.session.literal) return { value: true };
    const value = this.evaluator.value(written.condition, below(frame, 'condition'));
    const text =
      typeof written.condition === 'string' && isExpression(written.condition) ? written.condition.slice(1, -1) : 'its condition';
    try {
      return { value: truth(value), words: text };
    } catch {
      throw this.session.error('has a condition that is neither true nor false: mend it', below(frame, 'condition').path);
    }
  }

  /** Full type, the parts of the name, and what the resource extends, whichever way it is written. */
  #identity(written: Written, around: Around): Identity | undefined {
    const { frame, parent } = around;
    const type = this.#type(written, frame);
    if (type === undefined) return undefined;
    const exported = this.#exportedName(written, type);
    const name = exported ?? (written.name === undefined ? this.#unnamed(frame) : this.evaluator.value(written.name, below(frame, 'name')));
    const names = splitName(name);
    const segments = type.split('/');
    const idOf = (of: string, called: readonly Node[]) => () =>
      this.session.registry.idOf(of, called, frame.home, scopeParts(frame.scope, around.location));

    // An extension written as a child: Microsoft.KeyVault/vaults/providers/diagnosticSettings, "vault/Microsoft.Insights/name".
    const extension = /^(?:(.+)\/)?providers\/([^/]+)$/i.exec(type);
    if (extension) {
      const namespace = names[names.length - 2];
      const full = `${typeof namespace === 'string' ? namespace : (EXTENSIONS[extension[2]?.toLowerCase() ?? ''] ?? 'Microsoft.Unknown')}/${extension[2]}`;
      const on = extension[1] !== undefined ? idOf(extension[1], names.slice(0, -2)) : parent && idOf(parent.type, parent.names);
      return { type: full, names: names.slice(-1), extends: on };
    }
    if (parent && !segments[0]?.includes('.')) {
      const whole = [...parent.type.split('/').slice(1), ...segments].length;
      return {
        type: `${parent.type}/${type}`,
        names: names.length === whole ? names : [...parent.names, ...partsOfName(name, names, segments.length)],
      };
    }
    const count = segments.length - 1;
    if (written.scope !== undefined)
      return { type, names: partsOfName(name, names, count), extends: () => this.#scope(written.scope, around) };
    if (!parent || type.toLowerCase() === DEPLOYMENT) return { type, names: partsOfName(name, names, count) };
    const isChild = type.toLowerCase().startsWith(`${parent.type.toLowerCase()}/`);
    if (isChild)
      return { type, names: names.length === count ? names : [...parent.names, ...partsOfName(name, names, count - parent.names.length)] };
    return { type, names: partsOfName(name, names, count), extends: idOf(parent.type, parent.names) };
  }

  #type(written: Written, frame: Frame): string | undefined {
    if (typeof written.type !== 'string' || written.type === '')
      throw this.session.error('has a resource without "type": write one', frame.path);
    if (!isExpression(written.type) || this.session.literal) return written.type.replace(/@.*$/, '');
    const value = this.evaluator.text(written.type, below(frame, 'type'));
    if (typeof value === 'string') return value;
    this.session.notes.add(
      `a resource whose type is not static was not read (line ${this.session.source.locate(frame.path)?.line ?? '?'})`,
    );
    return undefined;
  }

  /** Azure shows children by the last part of their name; the id holds those of the parents too. */
  #exportedName(written: Written, type: string): Node | undefined {
    const id = this.session.literal && typeof written.id === 'string' ? parseId(written.id) : undefined;
    if (!id || id.type.toLowerCase() !== type.toLowerCase()) return undefined;
    return textOf(id.names.flatMap((name, index) => [index === 0 ? '' : '/', ...(partsOf(name) ?? [])]));
  }

  #unnamed(frame: Frame): Node {
    throw this.session.error('has a resource without "name": write one', frame.path);
  }

  /** What is written as `scope`: an id, or a type and name as Bicep writes it. */
  #scope(written: unknown, { frame, location }: Around): Node {
    const value = this.evaluator.value(written, below(frame, 'scope'));
    const parsed = parseId(value);
    const relative = parsed && !shapeOf(value).startsWith('/') && !shapeOf(value).startsWith('${');
    return relative ? this.session.registry.idOf(parsed.type, parsed.names, frame.home, scopeParts(frame.scope, location)) : value;
  }

  /** The template inside a deployment, and what its expressions see. */
  #nested(type: string, written: Written, names: readonly Node[], around: Around) {
    if (type.toLowerCase() !== DEPLOYMENT || !isMap(written.properties)) return undefined;
    const { frame } = around;
    const { template: inside, templateLink, expressionEvaluationOptions: options, parameters } = usualDeployment(written.properties);
    if (!isMap(inside)) {
      const link = isMap(templateLink) ? (templateLink.relativePath ?? templateLink.uri ?? templateLink.id) : undefined;
      const which = typeof link === 'string' && !isExpression(link) ? link : `of deployment ${labelOf(names[0] ?? '')}`;
      this.session.notes.add(`linked template ${which} was not read: give it as a target of its own`);
      return undefined;
    }
    const template = usualTemplate(inside);
    if (around.depth >= DEEPEST_DEPLOYMENT)
      throw this.session.error(`nests deployments more than ${DEEPEST_DEPLOYMENT} deep: flatten them`, frame.path);
    const at = below(below(frame, 'properties'), 'template');
    const place = { path: at.path, home: this.#homes++, scope: nestedScope(template, written, frame.scope) };
    // Without inner scope, parameters, variables and loops are those of the template around.
    const inner = isMap(options) && String(options.scope).toLowerCase() === 'inner';
    const given = inner ? this.#passed(parameters, below(frame, 'properties')) : undefined;
    const sees: Frame = inner
      ? {
          ...place,
          names: new TemplateNames(template, { ...place, deploymentName: names[0] ?? null, given }, this.evaluator),
          loops: new Map(),
          locals: new Map(),
        }
      : { ...frame, ...place };
    return {
      template,
      resources: template.resources,
      frame: below(sees, 'resources'),
      outputs: below(sees, 'outputs'),
      output: (name: string) => this.#output(template, name, below(sees, 'outputs')),
    };
  }

  #passed(parameters: unknown, frame: Frame): ReadonlyMap<string, () => Node> {
    const given = new Map<string, () => Node>();
    for (const [name, passed] of Object.entries(isMap(parameters) ? parameters : {})) {
      const at = below(below(below(frame, 'parameters'), name), 'value');
      given.set(name.toLowerCase(), () => {
        if (!isMap(passed)) return new Unresolved(`parameter ${name}`);
        return passed.reference === undefined ? this.evaluator.value(passed.value ?? null, at) : new Secret();
      });
    }
    return given;
  }

  #output(template: Written, wanted: string, frame: Frame): Node | undefined {
    const outputs = isMap(template.outputs) ? template.outputs : {};
    const name = Object.keys(outputs).find((candidate) => candidate.toLowerCase() === wanted.toLowerCase());
    const written = name === undefined ? undefined : outputs[name];
    if (name === undefined || !isMap(written)) return undefined;
    if (/^secure/i.test(String(written.type))) return new Secret();
    const at = below(frame, name);
    if (isMap(written.copy)) return this.evaluator.loop(name, written.copy.count, written.copy.input, below(at, 'copy'));
    return this.evaluator.value(written.value ?? null, below(at, 'value'));
  }

  /** Outputs that are there whatever their condition; secure ones are kept out of the history of deployments. */
  #declareOutputs(template: Written, deployment: readonly string[], frame: Frame): void {
    for (const [name, written] of Object.entries(isMap(template.outputs) ? template.outputs : {})) {
      const at = below(frame, name);
      const isThere = () => !isMap(written) || this.#condition(written, at).value !== false;
      const value = () => (isThere() ? this.#output(template, name, frame) : undefined);
      if (isMap(written) && !/^secure/i.test(String(written.type))) this.#outputs.push({ name, deployment, path: at.path, value });
    }
  }

  /** The id, with a number where it was given before. */
  #unique(wanted: string): string {
    const { registry, source } = this.session;
    let count = this.#given.get(wanted) ?? 0;
    let id = wanted;
    do {
      count += 1;
      id = count === 1 ? wanted : `${wanted} (${count})`;
    } while (registry.has(`${source.file}/${id}`));
    this.#given.set(wanted, count);
    return id;
  }
}

const DEPLOYMENT = 'microsoft.resources/deployments';
/** Provider of the extensions that are written as `providers/…` below a resource without naming it. */
const EXTENSIONS: { readonly [type: string]: string | undefined } = {
  diagnosticsettings: 'Microsoft.Insights',
  locks: 'Microsoft.Authorization',
  roleassignments: 'Microsoft.Authorization',
  policyassignments: 'Microsoft.Authorization',
};

interface Identity {
  readonly type: string;
  readonly names: readonly Node[];
  readonly extends?: (() => Node) | undefined;
}

/** As many parts as the type has; where the name is not known in parts, each is an unknown of its own. */
function partsOfName(name: Node, names: readonly Node[], count: number): readonly Node[] {
  if (names.length === count) return names;
  if (names.length > count) return names.slice(names.length - count);
  return Array.from({ length: count }, (_, index) => new Unresolved(`part ${index + 1} of the name ${wordsOf(name)}`, mentionsOf(name)));
}

/** A resource in a nested deployment exists where both do. */
function combine(
  around: Around,
  own: { value: Node; words?: string | undefined },
): { condition: Node; conditionWords: string | undefined } {
  const condition = choose(
    around.condition,
    () => own.value,
    () => false,
  );
  const words = [around.conditionWords, own.words].filter((part) => part !== undefined);
  return { condition, conditionWords: words.length > 0 ? words.join(' and ') : undefined };
}

function scopeOf(schema: unknown): DeploymentScope {
  const match = /(subscription|managementGroup|tenant)DeploymentTemplate/i.exec(String(schema));
  return (
    (['subscription', 'managementGroup', 'tenant'] as const).find((scope) => scope.toLowerCase() === match?.[1]?.toLowerCase()) ??
    'resourceGroup'
  );
}

function nestedScope(template: Written, written: Written, outer: DeploymentScope): DeploymentScope {
  if (written.resourceGroup !== undefined) return 'resourceGroup';
  if (typeof template.$schema === 'string' && /(subscription|managementGroup|tenant)DeploymentTemplate/i.test(template.$schema))
    return scopeOf(template.$schema);
  return written.subscriptionId === undefined ? outer : 'subscription';
}
