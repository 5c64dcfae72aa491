import {
  DefaultTokenResolver,
  type IFragmentConcatenator,
  type IPostProcessor,
  type IResolvable,
  type IResolveContext,
  type Stack,
  Tokenization,
} from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Node } from '../node';
import type { DeclaredWaiver } from '../waiver';
import { graphOfTemplates, type TemplateGraph, type TemplateInput } from './cloudformation';
import { acknowledgements, createdNear, type MetadataEntry } from './cloudformation/cdk-metadata';
import { GatherError } from './target';

export interface GatherConstructsOptions {
  /** Construct paths of the stacks to gather; nested stacks follow theirs. @default every stack beneath the root */
  readonly stacks?: readonly string[];
}

/** Marks of the CDK's own types. Several copies of the library can live in one process, so classes are never compared. */
const STACK = Symbol.for('@aws-cdk/core.Stack');
const ELEMENT = Symbol.for('@aws-cdk/core.CfnElement');
const REFERENCE = Symbol.for('@aws-cdk/core.CfnReference');
const COUPLED_REFERENCE = Symbol.for('@aws-cdk/core.CustomCoupledReference');

interface Element extends IConstruct {
  _toCloudFormation(): object;
}

/** A reference to an attribute of another construct, possibly of another stack. */
interface CdkReference extends IResolvable {
  readonly target: IConstruct & { readonly logicalId: string };
  readonly displayName: string;
}

/**
 * Gathers the live construct tree: each stack beneath `root`, with its stages and nested stacks, as it would be rendered
 * now, overrides and escape hatches included. References between stacks become references of the graph, whether the app
 * has been synthesised or not. The tree is only read. Aspects count once they have run: gather after synthesis, or from a
 * validation plugin.
 *
 * @throws GatherError names the construct that cannot be rendered
 * @example
 * const { graph, waivers } = gatherConstructs(app);
 */
export function gatherConstructs(root: IConstruct, options: GatherConstructsOptions = {}): TemplateGraph {
  const walk = new Walk(options.stacks && new Set(options.stacks));
  walk.visit(root);
  const { graph, waivers } = graphOfTemplates(walk.templates());
  return { graph, waivers: [...walk.waivers, ...waivers] };
}

class Walk {
  readonly waivers: DeclaredWaiver[] = [];
  readonly #stacks = new Map<Stack, Element[]>();

  constructor(private readonly wanted: ReadonlySet<string> | undefined) {}

  /** Goes through the tree without recursion: trees of generated apps can be deep. */
  visit(root: IConstruct): void {
    const waiting: { readonly construct: IConstruct; readonly stack: Stack | undefined }[] = [{ construct: root, stack: stackAbove(root) }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { construct } = next;
      let { stack } = next;
      if (isStack(construct)) {
        if (!construct.nestedStackParent && this.wanted && !this.wanted.has(construct.node.path)) continue;
        stack = construct;
        this.#stacks.set(stack, this.#stacks.get(stack) ?? []);
      }
      if (stack && ELEMENT in construct) {
        const elements = this.#stacks.get(stack) ?? [];
        this.#stacks.set(stack, elements);
        elements.push(construct as IConstruct as Element);
      }
      if (stack || !this.wanted || this.#isAboveWanted(construct))
        this.waivers.push(...acknowledgements(construct.node.path, construct.node.metadata));
      const { children } = construct.node;
      for (let index = children.length - 1; index >= 0; index -= 1) waiting.push({ construct: children[index] as IConstruct, stack });
    }
  }

  templates(): readonly TemplateInput[] {
    return [...this.#stacks].map(([stack, elements]) => inputOf(stack, elements));
  }

  #isAboveWanted({ node: { path } }: IConstruct): boolean {
    return [...(this.wanted ?? [])].some((stack) => path === '' || stack.startsWith(`${path}/`));
  }
}

const isStack = (construct: IConstruct): construct is Stack => STACK in construct;

function stackAbove(construct: IConstruct): Stack | undefined {
  return construct.node.scopes.findLast(isStack);
}

const idOf = (stack: Stack): string => stack.node.path || stack.artifactId;
const literal = (text: string): string | undefined => (text.includes('${Token[') ? undefined : text);

function inputOf(stack: Stack, elements: readonly Element[]): TemplateInput {
  const resolver = new GraphResolver(stack);
  const template: { [section: string]: Node } = {};
  const byLogicalId = new Map<string, Element>();
  for (const element of elements) {
    const fragment = render(element, () => resolver.render(element._toCloudFormation()));
    for (const [section, entries] of Object.entries(fragment)) {
      const known = template[section];
      template[section] = typeof known === 'object' && typeof entries === 'object' ? Object.assign(known as object, entries) : entries;
    }
    for (const logicalId of Object.keys((fragment.Resources ?? {}) as object)) byLogicalId.set(logicalId, element);
  }
  const { metadata, transforms = [] } = stack.templateOptions;
  if (transforms.length > 0) template.Transform = transforms;
  if (metadata) template.Metadata = render(stack, () => resolver.render(metadata));
  const { nestedStackResource: host, nestedStackParent: parent } = stack;
  const hostId = host && (stack.resolve((host as CdkReference['target']).logicalId) as string);
  return {
    id: idOf(stack),
    template,
    region: literal(stack.region),
    account: literal(stack.account),
    stackName: literal(stack.stackName),
    paths: new Map([...byLogicalId].map(([logicalId, element]) => [logicalId, element.node.path])),
    deployedBy: parent && hostId ? `${idOf(parent)}/${hostId}` : undefined,
    locate: (logicalId) => createdNear(byLogicalId.get(logicalId)?.node.path ?? '', stack.node.path, (path) => metadataBelow(stack, path)),
  };
}

/** Metadata of the construct at a path below the stack. */
function metadataBelow(stack: Stack, path: string): readonly MetadataEntry[] | undefined {
  const steps = path.slice(stack.node.path.length + 1).split('/');
  return steps.reduce<IConstruct | undefined>((at, step) => at?.node.tryFindChild(step), stack)?.node.metadata;
}

function render<T>(construct: IConstruct, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new GatherError(`cannot be rendered: ${error instanceof Error ? error.message : String(error)}`, construct.node.path);
  }
}

/** Joins as CloudFormation does, one flat `Fn::Join` for any number of parts. */
const CONCATENATOR: IFragmentConcatenator = {
  join: (left: unknown, right: unknown): unknown => {
    const parts = [...partsOf(left), ...partsOf(right)];
    return parts.every((part) => typeof part !== 'object') ? parts.join('') : { 'Fn::Join': ['', parts] };
  },
};

function partsOf(node: unknown): readonly unknown[] {
  if (node === undefined) return [];
  const [separator, parts] = (node as { 'Fn::Join'?: [unknown, unknown] } | null)?.['Fn::Join'] ?? [];
  return separator === '' && Array.isArray(parts) ? parts : [node];
}

/** Renders like the CDK, except that a reference to another stack names its resource in the graph, not an export. */
class GraphResolver extends DefaultTokenResolver {
  constructor(private readonly stack: Stack) {
    super(CONCATENATOR);
  }

  render(tree: object): { [key: string]: Node } {
    return (Tokenization.resolve(tree, { scope: this.stack, resolver: this, preparing: false }) ?? {}) as { [key: string]: Node };
  }

  override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): unknown {
    const reference = COUPLED_REFERENCE in token ? (token as unknown as { reference: IResolvable }).reference : token;
    const foreign = REFERENCE in reference ? this.#foreign(reference as IResolvable as CdkReference, context) : undefined;
    return foreign ? postProcessor.postProcess(foreign, context) : super.resolveToken(token, context, postProcessor);
  }

  #foreign({ target, displayName }: CdkReference, context: IResolveContext): object | undefined {
    const stack = stackAbove(target);
    if (!stack || stack === this.stack || !(ELEMENT in target)) return undefined;
    const name = `${idOf(stack)}/${context.resolve(target.logicalId)}`;
    return displayName === 'Ref' ? { Ref: name } : { 'Fn::GetAtt': [name, displayName] };
  }
}
