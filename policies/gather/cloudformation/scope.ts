/** How a CloudFormation template is read: one step at a time, nothing copied, nothing looked at twice that is plain. */
import { append } from '../../collect';
import { type Node, Reference, Residue, type Scope, Secret, Unresolved, Worlds } from '../../node';
import { asReference, type Place } from './arns';
import { Atoms, Conditions } from './conditions';
import { callFunction, type Reader } from './functions';
import { collectMentions, type MentionReader } from './mentions';
import { asMap, type NodeMap, OpenParameter, plainText, REST, SECRET, shapeOf, Word } from './text';

/** Deepest chain of functions, parameters, outputs and conditions that is followed. */
const DEEPEST_CHAIN = 250;

/** Most exports that are considered for an import whose name is not known. */
const MOST_POSSIBLE = 20;

/** An output of a gathered template. */
interface Output {
  readonly scope: CloudFormationScope;
  readonly value: Node;
}

/** What the templates of one graph share. */
export class Landscape {
  readonly worlds: Worlds;
  readonly scopes = new Map<string, CloudFormationScope>();
  /** Nested templates by the id of the resource that deploys them. */
  readonly nested = new Map<string, CloudFormationScope>();
  /** What is being followed right now: whatever leads back to itself is not known. */
  readonly following = new Set<string>();
  depth = 0;
  #exports: Map<string, Output[]> | undefined;
  #names: Map<string, CloudFormationScope[]> | undefined;

  /**
   * @param several whether there is more than one template, so that parameters must be told apart
   * @param atoms what conditions come down to; shared where two landscapes are looked at in the same worlds
   */
  constructor(
    readonly several: boolean,
    readonly atoms = new Atoms(new Worlds()),
  ) {
    this.worlds = atoms.worlds;
  }

  /** Templates whose stack has this name. */
  named(stackName: string): readonly CloudFormationScope[] {
    if (!this.#names) {
      this.#names = new Map();
      for (const scope of this.scopes.values()) {
        const { stackName: name } = scope.init;
        if (name !== undefined) append(this.#names, name, scope);
      }
    }
    return this.#names.get(stackName) ?? [];
  }

  /** Exported outputs by the shape of the export's name. */
  exports(): ReadonlyMap<string, readonly Output[]> {
    if (!this.#exports) {
      // Set first: an export whose name is imported must not come round again.
      const found = new Map<string, Output[]>();
      this.#exports = found;
      for (const scope of this.scopes.values()) {
        for (const { name, value } of scope.exports()) {
          const shape = shapeOf(scope.reduce(name));
          if (shape !== undefined) append(found, shape, { scope, value });
        }
      }
    }
    return this.#exports;
  }
}

export interface ScopeInit {
  readonly id: string;
  readonly template: NodeMap;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly stackName?: string | undefined;
  /** Values given to parameters. */
  readonly parameters: NodeMap;
  /** The template that deploys this one, and the values that it passes. */
  readonly parent?:
    | { readonly scope: CloudFormationScope; readonly parameters: Node | undefined; readonly condition: string | undefined }
    | undefined;
}

/** Stands for "the nested stack is deployed" where a resource has no condition of its own. */
export const DEPLOYED = 'the nested stack is deployed';

export class CloudFormationScope implements Scope, Reader, MentionReader {
  readonly conditions: Conditions;
  readonly resources: NodeMap;
  readonly #parameters: NodeMap;
  readonly #mappings: NodeMap;
  readonly #outputs: NodeMap;
  readonly #label: string;
  /** Values of parameters that no parent passes. */
  readonly #known = new Map<string, Node>();
  readonly #init: ScopeInit;

  constructor(
    init: ScopeInit,
    readonly landscape: Landscape,
  ) {
    this.#init = init;
    const { template, id } = init;
    this.resources = section(template, 'Resources');
    this.#parameters = section(template, 'Parameters');
    this.#mappings = section(template, 'Mappings');
    this.#outputs = section(template, 'Outputs');
    this.#label = landscape.several ? ` of ${id}` : '';
    this.conditions = new Conditions(section(template, 'Conditions'), (node) => this.reduce(node), landscape.atoms, this.#label);
    landscape.scopes.set(id, this);
  }

  get worlds(): Worlds {
    return this.landscape.worlds;
  }

  /** No property of the object itself: what is printed of a resource must not show the template with its parameters. */
  get init(): ScopeInit {
    return this.#init;
  }

  get parameters(): Node {
    return this.#parameters;
  }

  get outputs(): Node {
    return this.#outputs;
  }

  reduce(node: Node): Node | undefined {
    if (typeof node === 'string') return plainText(node);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return node;
    let only: string | undefined;
    for (const key in node) {
      if (only !== undefined) {
        only = undefined;
        break;
      }
      only = key;
    }
    const map = node as NodeMap;
    if (only === undefined) return map[REST] === undefined ? node : callFunction(REST, map[REST], this);
    if (only === 'Ref' && typeof map.Ref === 'string') return this.ref(map.Ref);
    if (only !== 'Ref' && !only.startsWith('Fn::')) return node;
    const found = this.follow(undefined, () => (only === 'Ref' ? this.ref(map.Ref ?? null) : callFunction(only, map[only] ?? null, this)));
    return only === 'Fn::Sub' || only === 'Fn::Join' ? asReference(found, this.#placeOf) : found;
  }

  /** Where a resource of any of the templates stands. */
  readonly #placeOf = (id: string): Place | undefined => {
    const scope = this.#elsewhere(id);
    const { account, region } = scope?.init ?? {};
    return scope && { account, region, partition: partitionOf(region).partition, resource: asMap(scope.resources[lastOf(id)]) };
  };

  /** Follows a chain one step further, if it is neither endless nor a circle. */
  follow<T extends Node | undefined>(key: string | undefined, step: () => T): T | Unresolved {
    const { landscape } = this;
    if (landscape.depth >= DEEPEST_CHAIN) return new Unresolved('a chain of references that is too long to follow');
    if (key !== undefined) {
      if (landscape.following.has(key)) return new Unresolved('a value that is defined by itself');
      landscape.following.add(key);
    }
    landscape.depth += 1;
    try {
      return step();
    } finally {
      landscape.depth -= 1;
      if (key !== undefined) landscape.following.delete(key);
    }
  }

  /** Reduces a whole tree, for values that leave their template. */
  deep(node: Node): Node | undefined {
    const head = this.reduce(node);
    if (typeof head !== 'object' || head === null || head instanceof Residue) return head;
    return this.follow(undefined, (): Node => {
      if (Array.isArray(head)) return head.map((item) => this.deep(item as Node)).filter((item) => item !== undefined);
      const entries = Object.entries(head as NodeMap).map(([key, value]) => [key, this.deep(value ?? null)] as const);
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    });
  }

  holds(condition: string): boolean {
    const { parent } = this.init;
    if (parent?.condition !== undefined && !parent.scope.holds(parent.condition)) return false;
    return condition === DEPLOYED || this.conditions.holds(condition);
  }

  // ── What names stand for ─────────────────────────────────────────────────────────────────────────────────────────

  ref(written: Node): Node | undefined {
    const name = typeof written === 'string' ? written : this.reduce(written);
    if (typeof name !== 'string') return new Unresolved('a reference to a name that is not known');
    if (name.startsWith('AWS::')) return this.#pseudo(name);
    if (name.includes('/')) return this.#elsewhere(name)?.ref(lastOf(name)) ?? new Reference(name);
    if (Object.hasOwn(this.#parameters, name)) return this.#parameter(name);
    if (Object.hasOwn(this.resources, name)) return new Reference(`${this.init.id}/${name}`);
    return new Unresolved(`"${name}", which the template does not declare`);
  }

  attribute(logicalId: string, attribute: string): Node | undefined {
    if (logicalId.includes('/'))
      return this.#elsewhere(logicalId)?.attribute(lastOf(logicalId), attribute) ?? new Reference(logicalId, attribute);
    const id = `${this.init.id}/${logicalId}`;
    if (attribute.startsWith('Outputs.')) {
      const child = this.child(logicalId);
      const output = child?.output(attribute.slice('Outputs.'.length));
      if (child && output !== undefined) return child.follow(`${id} ${attribute}`, () => child.deep(output));
    }
    if (Object.hasOwn(this.resources, logicalId)) return new Reference(id, attribute);
    return new Unresolved(`"${logicalId}.${attribute}", which the template does not declare`);
  }

  /** The template that a resource of this one deploys, where it was gathered. */
  child(logicalId: string): CloudFormationScope | undefined {
    return this.landscape.nested.get(`${this.init.id}/${logicalId}`);
  }

  /** The written value of an output. */
  output(name: string): Node | undefined {
    return Object.hasOwn(this.#outputs, name) ? asMap(this.#outputs[name]).Value : undefined;
  }

  /** Exported outputs that may exist, by the written name of the export. */
  *exports(): Iterable<{ readonly name: Node; readonly value: Node }> {
    for (const output of Object.values(this.#outputs)) {
      const { Value: value, Export: exported, Condition: condition } = asMap(output);
      const name = asMap(exported).Name;
      if (name === undefined || value === undefined) continue;
      if (typeof condition === 'string' && this.conditions.decided(condition) === false) continue;
      yield { name, value };
    }
  }

  /** What another template of the graph exports under this name, if exactly one can be meant. */
  imported(name: Node | undefined): Node | undefined {
    const shape = shapeOf(name);
    const sources = shape === undefined ? [] : this.importSources(shape);
    const [source, ambiguous] = sources;
    if (!source || ambiguous) return new Unresolved(`the export ${shape ?? 'of another stack'}`);
    return source.scope.follow(`export ${source.scope.init.id} ${shape}`, () => source.scope.deep(source.value));
  }

  importSources(shape: string): readonly Output[] {
    return (this.landscape.exports().get(shape) ?? []).filter((output) => this.#isReachable(output));
  }

  /** Every export that an import could mean whose name is only partly known. */
  possibleSources(shape: string): readonly Output[] {
    const possible = [...this.landscape.exports()].filter(([name]) => couldBeSame(name, shape)).flatMap(([, outputs]) => outputs);
    return possible.length > MOST_POSSIBLE ? [] : possible.filter((output) => this.#isReachable(output));
  }

  /** An output of another stack, named by its stack (`Fn::GetStackOutput`). */
  stackOutput(argument: NodeMap): { readonly scope: CloudFormationScope; readonly value: Node } | undefined {
    const [name, region, output] = [argument.StackName, argument.Region, argument.OutputName].map((part) =>
      shapeOf(this.reduce(part ?? null)),
    );
    if (name === undefined || output === undefined) return undefined;
    const sources = this.landscape
      .named(name)
      .filter(({ init }) => region === undefined || init.region === undefined || init.region === region);
    const [scope, ambiguous] = sources;
    const value = ambiguous ? undefined : scope?.output(output);
    return scope && value !== undefined ? { scope, value } : undefined;
  }

  #isReachable({ scope: { init } }: Output): boolean {
    const agree = (here: string | undefined, there: string | undefined) => here === undefined || there === undefined || here === there;
    return agree(this.init.region, init.region) && agree(this.init.account, init.account);
  }

  mapping(name: string): Node | undefined {
    return Object.hasOwn(this.#mappings, name) ? this.#mappings[name] : this.#mappings[REST];
  }

  /** The written value that the parent template passes to a parameter, with the scope to read it in. */
  passed(name: string): { readonly scope: CloudFormationScope; readonly value: Node } | undefined {
    const { parent } = this.init;
    const values = parent?.parameters === undefined ? undefined : parent.scope.reduce(parent.parameters);
    const value = values instanceof Residue ? values : asMap(values)[name];
    return parent && value !== undefined ? { scope: parent.scope, value } : undefined;
  }

  #parameter(name: string): Node | undefined {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const value = this.follow(`${this.init.id} ${name}`, () => this.#parameterValue(name));
    // What a parent passes may depend on conditions, so it is asked again.
    if (value !== undefined && !this.init.parent) this.#known.set(name, value);
    return value;
  }

  #parameterValue(name: string): Node | undefined {
    const declared = asMap(this.#parameters[name]);
    if (this.#isTrue(declared.NoEcho)) return this.#hidden(name, declared.Default);
    const type = typeof declared.Type === 'string' ? declared.Type : 'String';
    const missing = `parameter ${name}${this.#label}`;
    const passed = this.passed(name);
    const given = passed ? passed.scope.deep(passed.value) : this.init.parameters[name];
    const open = type.startsWith('AWS::SSM::Parameter::Value') || given instanceof Unresolved;
    if (open) return given instanceof Unresolved ? given : new Unresolved(missing);
    const allowed = Array.isArray(declared.AllowedValues) ? (declared.AllowedValues as readonly Node[]).map(String) : undefined;
    const value = given ?? declared.Default ?? (allowed?.length === 1 ? allowed[0] : undefined);
    if (value === undefined || value === null) return new OpenParameter(missing, allowed);
    if (typeof value === 'string' && (type === 'CommaDelimitedList' || type.startsWith('List<')))
      return value === '' ? [] : value.split(',').map((item) => item.trim());
    return typeof value === 'string' ? plainText(value) : value;
  }

  /** A parameter that is not shown, unless a template shows what it is by default or is given. */
  #hidden(name: string, byDefault: Node | undefined): Secret {
    const passed = this.passed(name);
    const given = passed ? passed.scope.deep(passed.value) : this.init.parameters[name];
    if (given instanceof Secret) return given;
    if (isWritten(given)) return new Secret(`the value given to parameter ${name}${this.#label}`);
    return given === undefined && isWritten(byDefault) ? new Secret(`the default of parameter ${name}${this.#label}`) : SECRET;
  }

  #isTrue(node: Node | undefined): boolean {
    return node !== undefined && String(node).toLowerCase() === 'true';
  }

  #pseudo(name: string): Node | undefined {
    const { region, account, stackName } = this.init;
    switch (name) {
      case 'AWS::NoValue':
        return undefined;
      case 'AWS::Region':
        return region ?? new Word(name);
      case 'AWS::AccountId':
        return account ?? new Word(name);
      case 'AWS::Partition':
        return partitionOf(region).partition;
      case 'AWS::URLSuffix':
        return partitionOf(region).suffix;
      case 'AWS::StackName':
        return stackName ?? new Word(`${name}${this.#label}`);
      default:
        return new Unresolved(`${name}${this.#label}`);
    }
  }

  /** The live construct tree names what is in another stack by its id in the graph; no logical id has a slash in it. */
  #elsewhere(id: string): CloudFormationScope | undefined {
    return this.landscape.scopes.get(id.slice(0, id.lastIndexOf('/')));
  }

  // ── What could be meant ──────────────────────────────────────────────────────────────────────────────────────────

  mentions(node: Node): readonly string[] {
    const found = new Set<string>();
    collectMentions(node, this, found);
    return [...found];
  }
}

const PARTITIONS = [
  ['cn-', 'aws-cn', 'amazonaws.com.cn'],
  ['us-gov-', 'aws-us-gov', 'amazonaws.com'],
  ['us-iso-', 'aws-iso', 'c2s.ic.gov'],
  ['us-isob-', 'aws-iso-b', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'aws-iso-e', 'cloud.adc-e.uk'],
  ['us-isof-', 'aws-iso-f', 'csp.hci.ic.gov'],
  ['eusc-', 'aws-eusc', 'amazonaws.eu'],
] as const;

/** The partition of a region; the ordinary one where the region is not known. */
function partitionOf(region: string | undefined): { readonly partition: string; readonly suffix: string } {
  const [, partition, suffix] = PARTITIONS.find(([prefix]) => region?.startsWith(prefix)) ?? ['', 'aws', 'amazonaws.com'];
  return { partition, suffix };
}

/** Plain text that says something; a dynamic reference does not. */
const isWritten = (node: Node | undefined): boolean =>
  (typeof node === 'string' && node.trim() !== '' && !node.includes('{{resolve:')) || typeof node === 'number';

const lastOf = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** Whether two shapes agree as far as both are known. */
function couldBeSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((shape) => {
    const open = shape.indexOf('${');
    return open < 0 ? [shape, shape] : [shape.slice(0, open), shape.slice(shape.lastIndexOf('}') + 1)];
  }) as [[string, string], [string, string]];
  return (a[0].startsWith(b[0]) || b[0].startsWith(a[0])) && (a[1].endsWith(b[1]) || b[1].endsWith(a[1]));
}

const section = (template: NodeMap, name: string): NodeMap => asMap(template[name]);
