import { describe, expect, it } from 'vitest';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Graph } from '../policies/graph';
import type { Node } from '../policies/node';

type Sections = { readonly [section: string]: unknown };
const input = (id: string, sections: Sections, more: Partial<TemplateInput> = {}): TemplateInput => ({
  id,
  template: sections as { [key: string]: Node },
  ...more,
});
const graphOf = (...inputs: readonly TemplateInput[]): Graph => graphOfTemplates(inputs).graph;

const POLICY = 'AWS::S3::BucketPolicy';
const bucket = { Data: { Type: 'AWS::S3::Bucket' } };
const policy = (written: unknown) => ({ Policy: { Type: POLICY, Properties: { Bucket: written } } });
const exported = (name: unknown, written: unknown = { Ref: 'Data' }) => ({ Outputs: { Out: { Value: written, Export: { Name: name } } } });

function policiesOf(graph: Graph, id: string): readonly string[] {
  const target = graph.get(id);
  if (!target) throw new Error(`${id} is not in the graph`);
  return graph.pointingAt(target, POLICY, 'Bucket').map((each) => each.id);
}

describe('an import', () => {
  it('is followed to the resource behind the export, in whatever order the stacks come', () => {
    const a = input('A', { Resources: bucket, ...exported('data') });
    const b = input('B', { Resources: policy({ 'Fn::ImportValue': 'data' }) });
    expect(policiesOf(graphOf(a, b), 'A/Data')).toEqual(['B/Policy']);
    expect(policiesOf(graphOf(b, a), 'A/Data')).toEqual(['B/Policy']);
  });
  it('matches names that are computed, when they are computed to the same', () => {
    const a = input('A', { Resources: bucket, ...exported({ 'Fn::Sub': '${AWS::StackName}-data' }) }, { stackName: 'net' });
    const Parameters = { Net: { Type: 'String', Default: 'net' } };
    const b = input('B', { Parameters, Resources: policy({ 'Fn::ImportValue': { 'Fn::Sub': '${Net}-data' } }) });
    expect(policiesOf(graphOf(a, b), 'A/Data')).toEqual(['B/Policy']);
  });
  it('whose name is open may be any export that fits: the answer is open, not no', () => {
    const a = input('A', { Resources: bucket, ...exported('net-data') });
    const Parameters = { Net: { Type: 'String' } };
    const b = input('B', { Parameters, Resources: policy({ 'Fn::ImportValue': { 'Fn::Sub': '${Net}-data' } }) });
    const graph = graphOf(a, b);
    expect(policiesOf(graph, 'A/Data')).toEqual(['B/Policy']);
    expect(graph.get('B/Policy')?.at('Bucket').missing).toBe('the export ${parameter Net of B}-data');
  });
  it('stays in its account and region', () => {
    const inRegion = (id: string, region: string, sections: Sections) => input(id, sections, { region });
    const graph = graphOf(
      inRegion('A', 'eu-central-1', { Resources: bucket, ...exported('data') }),
      inRegion('B', 'us-east-1', { Resources: bucket, ...exported('data') }),
      inRegion('C', 'us-east-1', { Resources: policy({ 'Fn::ImportValue': 'data' }) }),
    );
    expect([policiesOf(graph, 'A/Data'), policiesOf(graph, 'B/Data')]).toEqual([[], ['C/Policy']]);
  });
  it('that two stacks could mean is open', () => {
    const a = input('A', { Resources: bucket, ...exported('data') });
    const b = input('B', { Resources: bucket, ...exported('data') });
    const c = input('C', { Resources: policy({ 'Fn::ImportValue': 'data' }) });
    expect(graphOf(a, b, c).get('C/Policy')?.at('Bucket').missing).toBe('the export data');
  });
  it('reads what it follows with the parameters of the other stack', () => {
    const Parameters = { Name: { Type: 'String', Default: 'exporter' } };
    const a = input('A', { Parameters, Resources: {}, ...exported('name', { 'Fn::Sub': '${Name}-x' }) });
    const b = input('B', {
      Parameters: { Name: { Type: 'String', Default: 'importer' } },
      Resources: policy({ 'Fn::ImportValue': 'name' }),
    });
    expect(graphOf(a, b).get('B/Policy')?.at('Bucket').string).toBe('exporter-x');
  });
  it('of an output whose condition is false is not followed', () => {
    const Outputs = { Out: { Condition: 'Never', Value: { Ref: 'Data' }, Export: { Name: 'data' } } };
    const a = input('A', { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, Resources: bucket, Outputs });
    const b = input('B', { Resources: policy({ 'Fn::ImportValue': 'data' }) });
    expect(policiesOf(graphOf(a, b), 'A/Data')).toEqual([]);
  });
});

describe('an output that is read by the name of its stack', () => {
  it('is followed', () => {
    const a = input('A', { Resources: bucket, Outputs: { Name: { Value: { Ref: 'Data' } } } }, { stackName: 'data-stack' });
    const b = input('B', { Resources: policy({ 'Fn::GetStackOutput': { StackName: 'data-stack', OutputName: 'Name' } }) });
    expect(policiesOf(graphOf(a, b), 'A/Data')).toEqual(['B/Policy']);
  });
  it('is open when that stack was not read', () => {
    const b = input('B', { Resources: policy({ 'Fn::GetStackOutput': { StackName: 'data-stack', OutputName: 'Name' } }) });
    expect(graphOf(b).get('B/Policy')?.at('Bucket').missing).toBe('an output of another stack');
  });
});

describe('a nested stack', () => {
  const host = (parameters: unknown, more: Sections = {}) => ({
    Child: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: parameters, TemplateURL: 'x' }, ...more },
  });
  const child = (sections: Sections) => input('A/Nested', sections, { deployedBy: 'A/Child' });
  const taking = { Parameters: { Name: { Type: 'String', Default: 'unused' } }, Resources: policy({ Ref: 'Name' }) };

  it('gets the parameters that its parent passes', () => {
    const graph = graphOf(child(taking), input('A', { Resources: { ...bucket, ...host({ Name: { Ref: 'Data' } }) } }));
    expect(policiesOf(graph, 'A/Data')).toEqual(['A/Nested/Policy']);
  });
  it('keeps the default of a parameter that its parent leaves out', () => {
    const graph = graphOf(input('A', { Resources: host({ Name: { Ref: 'AWS::NoValue' } }) }), child(taking));
    expect(graph.get('A/Nested/Policy')?.at('Bucket').string).toBe('unused');
  });
  it('keeps a secret that its parent passes', () => {
    const secret = { Parameters: { Name: { Type: 'String', NoEcho: true } }, Resources: policy({ Ref: 'Name' }) };
    const graph = graphOf(input('A', { Resources: host({ Name: 'plain' }) }), child(secret));
    expect(graph.get('A/Nested/Policy')?.at('Bucket').state).toBe('secret');
  });
  it('gives its outputs to its parent and, through exports, to others', () => {
    const inner = child({ Resources: bucket, Outputs: { Name: { Value: { Ref: 'Data' } } } });
    const name = { 'Fn::GetAtt': ['Child', 'Outputs.Name'] };
    const a = input('A', { Resources: { ...host({}), ...policy(name) }, ...exported('data', name) });
    const b = input('B', { Resources: policy({ 'Fn::ImportValue': 'data' }) });
    expect(policiesOf(graphOf(a, inner, b), 'A/Nested/Data')).toEqual(['A/Policy', 'B/Policy']);
  });
  it('does not exist where its host does not, and what it contains neither', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const graph = graphOf(input('A', { Conditions, Resources: host({}, { Condition: 'Never' }) }), child({ Resources: bucket }));
    expect([...graph.resources()]).toEqual([]);
    expect(graph.units.map(({ id }) => id)).toEqual(['A']);
  });
  it('exists only in the worlds of its host when nothing decides', () => {
    const Conditions = { Prod: { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] } };
    const a = input('A', { Parameters: { Env: { Type: 'String' } }, Conditions, Resources: host({}, { Condition: 'Prod' }) });
    const graph = graphOf(a, child({ Resources: bucket }));
    const data = graph.get('A/Nested/Data');
    if (!data) throw new Error('the bucket is not in the graph');
    graph.worlds.reset([['parameter Env of A equals "prod"', true]]);
    expect(graph.exists(data)).toBe(true);
    graph.worlds.reset([['parameter Env of A equals "prod"', false]]);
    expect(graph.exists(data)).toBe(false);
  });
  it('inherits the data profile of its parent', () => {
    const Metadata = { Palisade: { profile: { system: 'cases' } } };
    const graph = graphOf(input('A', { Metadata, Resources: host({}) }), child({ Resources: bucket }));
    expect(graph.units.map(({ profile }) => profile)).toEqual([{ system: 'cases' }, { system: 'cases' }]);
  });
  it('and its parent may pass each other values without end; the answer is open and comes at once', () => {
    const inner = child({
      Parameters: { P: { Type: 'String' } },
      Resources: policy({ Ref: 'P' }),
      Outputs: { O: { Value: { Ref: 'P' } } },
    });
    const graph = graphOf(input('A', { Resources: host({ P: { 'Fn::GetAtt': ['Child', 'Outputs.O'] } }) }), inner);
    expect(graph.get('A/Nested/Policy')?.at('Bucket').missing).toBe('a value that is defined by itself');
  });
});

describe('parameters of different stacks', () => {
  it('with the same name are different parameters', () => {
    const Parameters = { Env: { Type: 'String' } };
    const sections = { Parameters, Resources: policy({ Ref: 'Env' }) };
    const graph = graphOf(input('A', sections), input('B', sections));
    expect(graph.ofType(POLICY).map((each) => each.at('Bucket').missing)).toEqual(['parameter Env of A', 'parameter Env of B']);
  });
});
