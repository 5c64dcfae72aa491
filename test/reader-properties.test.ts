import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import { JsonPlaces } from '../policies/gather/cloudformation/json';
import { parseYaml } from '../policies/gather/cloudformation/yaml';
import type { Graph } from '../policies/graph';
import type { Node } from '../policies/node';
import type { Value } from '../policies/value';

const NAMES = ['A', 'B', 'C', 'P', 'Q', 'AWS::Region', 'AWS::NoValue', 'AWS::StackName', '__proto__', 'x/A'];
const FUNCTIONS = [
  ...['GetAtt', 'Sub', 'Join', 'Select', 'Split', 'If', 'FindInMap', 'Base64', 'ImportValue', 'ToJsonString', 'Length', 'GetAZs', 'Cidr'],
  ...['Transform', 'GetStackOutput', 'Equals', 'And', 'Or', 'Not', 'ForEach::X', 'Unheard'],
].map((name) => `Fn::${name}`);
const TEXTS = [
  'a',
  '0',
  '',
  ',',
  '${A}',
  '${!A}${B.Arn}${',
  '{{resolve:ssm:x}}',
  '{{resolve:secretsmanager:${A}}}',
  '{{resolve:',
  'A.Arn',
  'A.Outputs.O',
  'true',
];

/** Anything that may stand in a template: well-formed functions, malformed ones, and plain values. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constantFrom(...TEXTS, ...NAMES), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.constantFrom(...NAMES).map((name) => ({ Ref: name })),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('tree')).map(([name, argument]) => ({ [name]: argument })),
    fc.tuple(fc.constantFrom(...FUNCTIONS), fc.array(tie('tree'), { maxLength: 4 })).map(([name, list]) => ({ [name]: list })),
    fc.tuple(fc.constantFrom('C1', 'C2', 'Nowhere'), tie('tree'), tie('tree')).map((list) => ({ 'Fn::If': list })),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('K', 'L', 'Condition', 'Fn::Transform', 'Ref', 'Fn::ForEach::Y'), tie('tree'), { maxKeys: 3 }),
  ),
}));

const sections = fc.record(
  {
    Parameters: fc.dictionary(
      fc.constantFrom('P', 'Q'),
      fc.oneof(tree, fc.record({ Type: fc.constantFrom('String', 'Number', 'CommaDelimitedList'), Default: tree })),
    ),
    Conditions: fc.dictionary(
      fc.constantFrom('C1', 'C2'),
      fc.oneof(tree, fc.constantFrom({ Condition: 'C2' }, { Condition: 'C1' }), fc.record({ 'Fn::Equals': fc.tuple(tree, tree) })),
    ),
    Mappings: tree,
    Resources: fc.dictionary(
      fc.constantFrom('A', 'B', 'C', 'Fn::ForEach::L', '__proto__'),
      fc.oneof(
        tree,
        fc.record({
          Type: fc.constantFrom('AWS::S3::Bucket', 'AWS::CloudFormation::Stack'),
          Properties: tree,
          Condition: fc.constantFrom('C1', 'C2'),
          Metadata: tree,
        }),
      ),
    ),
    Outputs: fc.dictionary(fc.constantFrom('O', 'U'), fc.record({ Value: tree, Export: fc.record({ Name: tree }) })),
    Transform: fc.oneof(tree, fc.constant('AWS::LanguageExtensions')),
    Metadata: tree,
  },
  { requiredKeys: [] },
);

/** Asks everything of a value that a rule could ask. */
function readAll(value: Value, graph: Graph, depth = 0): void {
  expect(value.describe()).toEqual(expect.any(String));
  void [value.shape, value.targets, value.json().state, value.isTrue().verdict, value.is('a').saw, value.matches(/a/).verdict];
  graph.target(value, 'AWS::S3::Bucket');
  if (depth > 4) return;
  for (const item of value.items()) if (item !== value) readAll(item, graph, depth + 1);
  for (const [, child] of value.entries()) readAll(child, graph, depth + 1);
}

function readGraph(graph: Graph): void {
  for (const world of [true, false]) {
    graph.worlds.reset();
    for (const resource of graph.resources()) {
      readAll(resource.all, graph);
      for (const key of ['K', 'BucketName']) readAll(resource.at(key), graph);
      readAll(resource.option('Metadata'), graph);
      resource.scope.mentions(resource.properties);
      graph.exists(resource);
      graph.pointingAt(resource, 'AWS::S3::Bucket', 'K');
    }
    graph.worlds.reset(graph.worlds.asked.map((name): [string, boolean] => [name, !world]));
  }
}

describe('the reader', () => {
  it('reads any template without throwing', () => {
    fc.assert(
      fc.property(sections, sections, (one, two) => {
        const inputs = [
          { id: 'x', template: one as { [key: string]: Node } },
          { id: 'y', template: two as { [key: string]: Node }, deployedBy: 'x/A', region: 'eu-west-1' },
        ];
        readGraph(graphOfTemplates(inputs).graph);
      }),
      { numRuns: 1500 },
    );
  });

  it('never changes the template that it reads', () => {
    fc.assert(
      fc.property(sections, (template) => {
        const before = JSON.stringify(template);
        readGraph(graphOfTemplates([{ id: 'x', template: template as { [key: string]: Node } }]).graph);
        expect(JSON.stringify(template)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  it('reads plain values as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (plain) => {
        fc.pre(!/Ref|Fn::|\{\{resolve:/.test(JSON.stringify(plain)));
        const template = { Resources: { It: { Type: 'AWS::X::It', Properties: { P: plain } } } } as unknown as { [key: string]: Node };
        const scope = graphOfTemplates([{ id: 'x', template }]).graph.get('x/It')?.scope as unknown as { deep(node: unknown): unknown };
        expect(scope.deep(plain)).toEqual(plain);
      }),
    );
  });
});

describe('the two notations', () => {
  it('mean the same: JSON read as YAML gives what JSON.parse gives', () => {
    const json = fc
      .jsonValue({ maxDepth: 4, noUnicodeString: true } as fc.JsonSharedConstraints)
      .filter((each) => typeof each === 'object' && each !== null);
    fc.assert(
      fc.property(json, (tree) => {
        const text = JSON.stringify(tree);
        // Numbers that cannot be written back as they are written stay texts in YAML.
        fc.pre(!/-?\d+(\.\d+)?e/i.test(text) && !text.includes('-0') && !/"(<<|[^"]*\\u[dD]8)/.test(text));
        expect(parseYaml(text, 'x.yaml')).toEqual(JSON.parse(text));
      }),
    );
  });

  it('lead to the same places: every member of a JSON document is found where it stands', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(0, 2), (tree, indent) => {
        const text = JSON.stringify(tree, undefined, indent);
        const places = new JsonPlaces(text);
        for (const [key, child] of Object.entries(tree)) {
          const found = places.child(places.root, key);
          expect(text.slice(found?.value).startsWith(JSON.stringify(child, undefined, indent).split('\n')[0] ?? '')).toBe(true);
          expect(text.slice(found?.name).startsWith(JSON.stringify(key))).toBe(true);
        }
      }),
    );
  });
});
