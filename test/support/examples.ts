/** Turns the examples inside the rules into graphs, with the same gatherer that reads real templates. */
import { evaluate } from '../../policies/evaluate';
import type { Finding } from '../../policies/finding';
import { graphOfTemplates } from '../../policies/gather/cloudformation';
import { Graph } from '../../policies/graph';
import { type Node, PLAIN_SCOPE, Reference, Secret, Text, Unresolved } from '../../policies/node';
import { Resource, type Unit } from '../../policies/resource';
import type { Example, Rule } from '../../policies/rule';

export const EXAMPLE_UNIT = 'example';

export function graphOfExample(cloud: 'aws' | 'azure', example: Example): Graph {
  return cloud === 'aws' ? awsGraph(example) : azureGraph(example);
}

/** The graph of a `Resources` section. */
export const awsGraphOf = (resources: Record<string, object>, parameters = {}): Graph =>
  graphOfExample('aws', { resources: resources as never, parameters });

/** The graph of a map from name to `{ type, properties }`. */
export const azureGraphOf = (resources: Record<string, object>): Graph => graphOfExample('azure', { resources: resources as never });

/** A resource of such a graph. */
export function named(graph: Graph, name: string): Resource {
  const found = graph.get(`${EXAMPLE_UNIT}/${name}`);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

function awsGraph(example: Example): Graph {
  const { account, region, profile } = example.unit ?? {};
  const template = {
    Parameters: example.parameters ?? {},
    Conditions: example.conditions ?? {},
    Outputs: example.outputs ?? {},
    Metadata: profile === undefined ? {} : { Palisade: { profile } },
    Resources: example.resources,
  };
  const input = { id: EXAMPLE_UNIT, template: template as unknown as Record<string, Node>, file: 'example.json', account, region };
  return graphOfTemplates([input]).graph;
}

function azureGraph(example: Example): Graph {
  const unit: Unit = { id: EXAMPLE_UNIT, cloud: 'azure', scope: PLAIN_SCOPE, ...example.unit };
  const resources = Object.entries(example.resources).map(
    ([name, spec]) =>
      new Resource(
        {
          id: `${EXAMPLE_UNIT}/${name}`,
          logicalId: name,
          type: String(spec.type),
          properties: toNode(spec.properties ?? {}),
          options: toNode(spec.options ?? {}) as { readonly [key: string]: Node },
          names: spec.name === undefined ? [] : [toNode(spec.name)],
          parent: typeof spec.parent === 'string' ? `${EXAMPLE_UNIT}/${spec.parent}` : undefined,
        },
        unit,
      ),
  );
  return new Graph({ resources, units: [unit] });
}

const toNode = (value: unknown): Node => nodeOf(value, (name) => `${EXAMPLE_UNIT}/${name}`);

/**
 * `{ $ref: 'name' }`, `{ $ref: 'name.attribute' }`, `{ $unknown: 'why' }`, `{ $secret: true }`, `{ $text: ['a', { $ref: 'b' }] }`.
 *
 * @param idOf id of the resource that has this name in the example
 */
export function nodeOf(value: unknown, idOf: (name: string) => string): Node {
  const deeper = (child: unknown) => nodeOf(child, idOf);
  if (Array.isArray(value)) return value.map(deeper);
  if (typeof value !== 'object' || value === null) return value as Node;
  const { $ref, $unknown, $secret, $text } = value as Record<string, unknown>;
  if (typeof $ref === 'string') {
    const [name, ...attribute] = $ref.split('.');
    return new Reference(idOf(name as string), attribute.length > 0 ? attribute.join('.') : undefined);
  }
  if (typeof $unknown === 'string') return new Unresolved($unknown);
  if ($secret === true) return new Secret();
  if (Array.isArray($text)) return new Text($text.map((part) => deeper(part) as string | Reference));
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, deeper(child)]));
}

/** Findings of one rule on one example, passes included, in the order of the example's resources. */
export function findingsOf(rule: Rule, example: Example): readonly Finding[] {
  const graph = graphOfExample(rule.cloud, example);
  const order = Object.keys(example.resources);
  const { findings } = evaluate(graph, { rules: [rule], tier: example.tier ?? 'high', passes: true });
  return [...findings].sort((a, b) => order.indexOf(a.resource.logicalId) - order.indexOf(b.resource.logicalId));
}
