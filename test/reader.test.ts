import { describe, expect, it } from 'vitest';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Graph } from '../policies/graph';
import type { Node } from '../policies/node';
import type { Resource } from '../policies/resource';
import type { Value } from '../policies/value';

type Sections = { readonly [section: string]: unknown };

function read(sections: Sections, init: Partial<TemplateInput> = {}): Graph {
  return graphOfTemplates([{ id: 't', template: sections as { [key: string]: Node }, ...init }]).graph;
}

/** The value of one property `P` in a template with a few resources. */
function value(written: unknown, sections: Sections = {}, init: Partial<TemplateInput> = {}): Value {
  const Resources = {
    It: { Type: 'AWS::X::It', Properties: { P: written } },
    Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
    Key: { Type: 'AWS::KMS::Key' },
  };
  return get(read({ Resources, ...sections }, init), 't/It').at('P');
}

function get(graph: Graph, id: string): Resource {
  const resource = graph.get(id);
  if (!resource) throw new Error(`${id} is not in the graph: ${[...graph.resources()].map((each) => each.id).join(', ')}`);
  return resource;
}

const items = (list: Value) => list.items().map((item) => item.shape);

describe('a reference', () => {
  it('to a resource points at it in the graph', () => {
    expect(value({ Ref: 'Data' }).targets).toEqual(['t/Data']);
    expect(value({ Ref: 'Data' }).attribute).toBeUndefined();
  });
  it('to an attribute keeps the attribute, in the list form and in the dotted form', () => {
    for (const form of [['Key', 'Arn'], 'Key.Arn']) {
      const read = value({ 'Fn::GetAtt': form });
      expect([read.targets, read.attribute]).toEqual([['t/Key'], 'Arn']);
    }
  });
  it('to something that is not declared is unknown and says so', () => {
    expect(value({ Ref: 'Nothing' }).missing).toBe('"Nothing", which the template does not declare');
  });
  it('to a name of the language itself is no resource', () => {
    expect(value({ Ref: 'constructor' }).state).toBe('unknown');
    expect(value({ 'Fn::GetAtt': ['__proto__', 'Arn'] }).state).toBe('unknown');
  });
});

describe('a parameter', () => {
  const ref = (parameter: unknown, init: Partial<TemplateInput> = {}) => value({ Ref: 'A' }, { Parameters: { A: parameter } }, init);

  it('is its given value before its default', () => {
    expect(ref({ Type: 'String', Default: 'd' }, { parameters: { A: 'given' } }).string).toBe('given');
    expect(ref({ Type: 'String', Default: 'd' }).string).toBe('d');
  });
  it('without a value is unknown and named', () => {
    expect(ref({ Type: 'String' }).describe()).toBe('P depends on parameter A');
  });
  it('that allows one value only has that value', () => {
    expect(ref({ Type: 'String', AllowedValues: ['only'] }).string).toBe('only');
    expect(ref({ Type: 'String', AllowedValues: ['a', 'b'] }).state).toBe('unknown');
  });
  it('with NoEcho is a secret, whatever its default or given value', () => {
    for (const NoEcho of [true, 'true']) {
      const secret = ref({ Type: 'String', NoEcho, Default: 'hunter2' }, { parameters: { A: 'hunter3' } });
      expect(secret.state).toBe('secret');
      expect(JSON.stringify(secret)).not.toContain('hunter');
    }
  });
  it('of a list type is a list', () => {
    expect(items(ref({ Type: 'CommaDelimitedList', Default: 'a, b' }))).toEqual(['a', 'b']);
    expect(items(ref({ Type: 'List<Number>', Default: '80,443' }))).toEqual(['80', '443']);
    expect(ref({ Type: 'CommaDelimitedList', Default: '' }).items()).toEqual([]);
  });
  it('that is read from Systems Manager is unknown: its default is a name, not its value', () => {
    expect(ref({ Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/b' }).state).toBe('unknown');
  });
});

describe('a pseudo parameter', () => {
  it('is known when the unit knows it', () => {
    const init = { region: 'eu-central-1', account: '123456789012', stackName: 'app' };
    expect(value({ 'Fn::Sub': '${AWS::AccountId}/${AWS::Region}/${AWS::StackName}' }, {}, init).string).toBe(
      '123456789012/eu-central-1/app',
    );
  });
  it('leaves a hole in a text when it is not', () => {
    expect(value({ 'Fn::Sub': 'x-${AWS::Region}' }).shape).toBe('x-${AWS::Region}');
  });
  it.each([
    [undefined, 'aws', 'amazonaws.com'],
    ['eu-central-1', 'aws', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'amazonaws.com'],
    ['us-isob-east-1', 'aws-iso-b', 'sc2s.sgov.gov'],
  ])('gives the partition of the region %s', (region, partition, suffix) => {
    expect(value({ Ref: 'AWS::Partition' }, {}, { region }).string).toBe(partition);
    expect(value({ Ref: 'AWS::URLSuffix' }, {}, { region }).string).toBe(suffix);
  });
  it('NoValue is nothing, also in a list', () => {
    expect(value({ Ref: 'AWS::NoValue' }).state).toBe('absent');
    expect(items(value(['a', { Ref: 'AWS::NoValue' }, 'b']))).toEqual(['a', 'b']);
  });
});

describe('a function', () => {
  it('Sub fills variables, parameters and attributes, and leaves an escaped name alone', () => {
    const sections = { Parameters: { A: { Type: 'String', Default: 'a' } } };
    expect(value({ 'Fn::Sub': '${A}-${!A}-${Data}-${Key.Arn}' }, sections).shape).toBe('a-${A}-${t/Data}-${t/Key.Arn}');
    expect(value({ 'Fn::Sub': ['${A}-${V}', { V: { Ref: 'A' }, A: 'own' }] }, sections).string).toBe('own-a');
  });
  it('Join joins what is known and leaves nothing where there is NoValue', () => {
    expect(value({ 'Fn::Join': ['-', ['a', 1, true, { Ref: 'AWS::NoValue' }, 'b']] }).string).toBe('a-1-true-b');
    expect(value({ 'Fn::Join': ['', ['arn:', { Ref: 'Data' }]] }).shape).toBe('arn:${t/Data}');
  });
  it('Join takes a list from a parameter', () => {
    const sections = { Parameters: { L: { Type: 'CommaDelimitedList', Default: 'a,b' } } };
    expect(value({ 'Fn::Join': ['/', { Ref: 'L' }] }, sections).string).toBe('a/b');
  });
  it('Join of an unknown list is unknown but still mentions what it is made from', () => {
    expect(value({ 'Fn::Join': [',', { 'Fn::GetAtt': ['Key', 'List'] }] }).targets).toEqual(['t/Key']);
  });
  it('Select takes an entry by number or numeric text', () => {
    expect(value({ 'Fn::Select': [1, ['a', 'b']] }).string).toBe('b');
    expect(value({ 'Fn::Select': ['0', { 'Fn::Split': ['.', 'x.y'] }] }).string).toBe('x');
    expect(value({ 'Fn::Select': [7, ['a', 'b']] }).missing).toBe('entry 7 of a list of 2');
  });
  it('Split knows the parts before the first unknown, and between pseudo parameters', () => {
    const arn = { 'Fn::Sub': 'arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:q' };
    expect(value({ 'Fn::Select': [5, { 'Fn::Split': [':', arn] }] }).string).toBe('q');
    const open = { 'Fn::Sub': 'a:b:${Key.Arn}:c' };
    expect(value({ 'Fn::Select': [1, { 'Fn::Split': [':', open] }] }).string).toBe('b');
    expect(value({ 'Fn::Select': [3, { 'Fn::Split': [':', open] }] }).state).toBe('unknown');
    expect(value({ 'Fn::Split': [':', open] }).targets).toEqual(['t/Key']);
  });
  it('FindInMap looks up, falls back, and says which entry is missing', () => {
    const Mappings = { M: { dev: { on: 'no', same: 'x' }, prod: { on: 'yes', same: 'x' } } };
    const sections = { Mappings, Parameters: { Env: { Type: 'String' }, P: { Type: 'String', Default: 'prod' } } };
    expect(value({ 'Fn::FindInMap': ['M', { Ref: 'P' }, 'on'] }, sections).string).toBe('yes');
    expect(value({ 'Fn::FindInMap': ['M', 'test', 'on', { DefaultValue: 'd' }] }, sections).string).toBe('d');
    expect(value({ 'Fn::FindInMap': ['M', 'test', 'on'] }, sections).missing).toBe('the mapping M, which has no entry test.on');
  });
  it('FindInMap by an unknown key is known when every entry agrees', () => {
    const sections = {
      Mappings: { M: { dev: { on: 'no', same: 'x' }, prod: { on: 'yes', same: 'x' } } },
      Parameters: { Env: { Type: 'String' } },
    };
    expect(value({ 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'same'] }, sections).string).toBe('x');
    expect(value({ 'Fn::FindInMap': ['M', { Ref: 'Env' }, 'on'] }, sections).missing).toBe('the mapping M, by parameter Env');
  });
  it('Base64 is read as the text that it encodes', () => {
    expect(value({ 'Fn::Base64': { 'Fn::Sub': '#!/bin/sh ${Data}' } }).shape).toBe('#!/bin/sh ${t/Data}');
  });
  it('ToJsonString can be read as JSON again, with its references', () => {
    const json = value({
      'Fn::ToJsonString': { a: { Ref: 'Data' }, b: [1, 'q"'], c: { Ref: 'AWS::NoValue' }, d: { 'Fn::Sub': 'x/${Data}' } },
    }).json();
    expect(json.at('a').targets).toEqual(['t/Data']);
    expect(items(json.at('b'))).toEqual(['1', 'q"']);
    expect(json.at('c').state).toBe('absent');
    expect(json.at('d').shape).toBe('x/${t/Data}');
  });
  it('Length counts what is there', () => {
    expect(value({ 'Fn::Length': ['a', { Ref: 'AWS::NoValue' }, 'b'] }).number).toBe(2);
  });
  it.each([
    [{ 'Fn::GetAZs': '' }, 'the availability zones of the region'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, 'a block of addresses computed from "10.0.0.0/16"'],
    [{ 'Fn::ImportValue': 'elsewhere' }, 'the export elsewhere'],
    [{ 'Fn::Transform': { Name: 'AWS::Include' } }, 'what the transform AWS::Include makes of it'],
    [{ 'Fn::Nothing': 1 }, 'Fn::Nothing, which is no function of a resource'],
    [{ 'Fn::Join': 'x' }, 'a malformed Fn::Join'],
  ])('that needs the deployed stack, or is malformed, is unknown: %j', (written, missing) => {
    expect(value(written).missing).toBe(missing);
  });
  it('Transform beside other properties makes the whole map unknown: it may add any of them', () => {
    expect(value({ 'Fn::Transform': { Name: 'Mine' }, A: 1 }).at('B').state).toBe('unknown');
  });
  it('is no function when it is one key of several', () => {
    expect(value({ Ref: 'a', Other: 'b' }).at('Ref').string).toBe('a');
  });
});

describe('a dynamic reference', () => {
  it.each(['secretsmanager:prod/db:SecretString:password', 'ssm-secure:/db:1'])('to %s is a secret', (name) => {
    expect(value(`{{resolve:${name}}}`).state).toBe('secret');
  });
  it('to an ordinary parameter is unknown', () => {
    expect(value('{{resolve:ssm:/vpc/cidr:2}}').missing).toBe('the Systems Manager parameter /vpc/cidr:2');
  });
  it('inside a longer text leaves the rest known', () => {
    expect(value('postgres://app:{{resolve:secretsmanager:db}}@host').shape).toBe('postgres://app:${secret}@host');
  });
  it('that is joined from parts is recognised', () => {
    expect(value({ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: 'Key' }, ':SecretString:password::}}']] }).state).toBe('secret');
    expect(value({ 'Fn::Sub': '{{resolve:secretsmanager:${Key}}}' }).state).toBe('secret');
  });
  it('that is never closed is ordinary text', () => {
    expect(value('{{resolve:secretsmanager:x').string).toBe('{{resolve:secretsmanager:x');
  });
});

describe('what leads in a circle or doubles itself', () => {
  it('is unknown and ends: exports that import each other', () => {
    const Outputs = {
      A: { Value: { 'Fn::ImportValue': 'b' }, Export: { Name: 'a' } },
      B: { Value: { 'Fn::ImportValue': 'a' }, Export: { Name: 'b' } },
      C: { Value: 'c', Export: { Name: { 'Fn::ImportValue': 'a' } } },
    };
    expect(value({ 'Fn::ImportValue': 'a' }, { Outputs }).missing).toBe('a value that is defined by itself');
  });
  it('is unknown and ends: functions that are nested without end', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 20_000; level += 1) deep = { 'Fn::Join': ['', [deep]] };
    expect(value(deep).state).toBe('unknown');
  });
  it('is unknown and ends: texts that double at each level', () => {
    let doubled: unknown = 'xxxxxxxxxx';
    for (let level = 0; level < 60; level += 1) doubled = { 'Fn::Sub': ['${a}${a}', { a: doubled }] };
    const text = value(doubled);
    expect(text.string).toBeUndefined();
    expect(text.shape?.length ?? 0).toBeLessThan(4 * 1024 * 1024);
  });
});

describe('a resource', () => {
  it('keeps what surrounds its properties as options, and its construct path', () => {
    const Data = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain', DependsOn: ['A'], Metadata: { 'aws:cdk:path': 'App/Data/Resource' } };
    const data = get(read({ Resources: { Data } }), 't/Data');
    expect(data.option('DeletionPolicy').string).toBe('Retain');
    expect(items(data.option('DependsOn'))).toEqual(['A']);
    expect(data.path).toBe('App/Data/Resource');
    expect(data.all.entries()).toEqual([]);
  });
  it('is known by its name, and by the ARN that is built from the name', () => {
    const Resources = {
      Data: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'data' } },
      ByName: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'data' } },
      ByArn: { Type: 'AWS::X::Reader', Properties: { Source: 'arn:aws:s3:::data' } },
      Other: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'other' } },
    };
    const graph = read({ Resources });
    const data = get(graph, 't/Data');
    expect(graph.pointingAt(data, 'AWS::S3::BucketPolicy', 'Bucket').map(({ logicalId }) => logicalId)).toEqual(['ByName']);
    expect(graph.pointingAt(data, 'AWS::X::Reader', 'Source').map(({ logicalId }) => logicalId)).toEqual(['ByArn']);
  });
  it('declares its waivers in its metadata; what is missing is left for the hygiene check', () => {
    const Metadata = {
      Palisade: {
        waivers: [{ rule: 'TLS-03', reason: 'why', owner: 'o', approver: 'a', ticket: 'T-1', expires: '2030-01-01', resource: 'x' }, 'odd'],
      },
    };
    const template = { Resources: { Data: { Type: 'AWS::S3::Bucket', Metadata } } } as unknown as { [key: string]: Node };
    const { waivers } = graphOfTemplates([{ id: 't', template, file: 't.json' }]);
    expect(waivers[0]).toMatchObject({ rule: 'TLS-03', resource: 't/Data', owner: 'o', source: 'artefact', location: { file: 't.json' } });
    expect(waivers[1]).toMatchObject({ rule: '', resource: 't/Data', reason: '' });
  });
  it('belongs to a unit that carries the profile of its template', () => {
    const graph = read({ Metadata: { Palisade: { profile: { system: 's' } } }, Resources: {} }, { region: 'eu-west-1' });
    expect(graph.units[0]).toMatchObject({ id: 't', profile: { system: 's' }, region: 'eu-west-1' });
  });
});

describe('what cannot be modelled', () => {
  it.each([
    [
      { Transform: 'AWS::Serverless-2016-10-31', Resources: {} },
      't: what the macro AWS::Serverless-2016-10-31 generates is not judged, only what is written',
    ],
    [
      { Transform: ['AWS::LanguageExtensions', { Name: 'Mine' }], Resources: {} },
      't: what the macro Mine generates is not judged, only what is written',
    ],
    [{ Resources: { 'Fn::Transform': {} } }, 't: resources that a transform adds are not judged, only those that are written'],
    [
      { Resources: { N: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x/y' } } } },
      't/N: the template of this nested stack is not among what was read, so what it deploys is not judged',
    ],
    [{ Resources: { N: { Type: 'Org::Team::Thing::MODULE' } } }, 't/N: what the module Org::Team::Thing::MODULE contains is not judged'],
  ])('is noted: %j', (template, note) => {
    expect(read(template).notes).toEqual([note]);
  });
});

describe('a loop', () => {
  const Transform = 'AWS::LanguageExtensions';

  it('is written out when its collection is known', () => {
    const Parameters = { Names: { Type: 'CommaDelimitedList', Default: 'logs,a-b' } };
    const body = {
      'Bucket&{Name}': { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': '${Name}-x' }, Tag: { Ref: 'Name' } } },
    };
    const graph = read({ Transform, Parameters, Resources: { 'Fn::ForEach::Buckets': ['Name', { Ref: 'Names' }, body] } });
    expect(graph.ofType('AWS::S3::Bucket').map(({ id }) => id)).toEqual(['t/Bucketlogs', 't/Bucketab']);
    expect(get(graph, 't/Bucketab').at('BucketName').string).toBe('a-b-x');
    expect(get(graph, 't/Bucketab').at('Tag').string).toBe('a-b');
  });
  it('may stand in another and inside properties', () => {
    const inner = {
      'Fn::ForEach::Inner': [
        'B',
        ['1', '2'],
        {
          'R${A}${B}': {
            Type: 'AWS::X::Y',
            Properties: { 'Fn::ForEach::Props': ['K', ['P', 'Q'], { '${K}': { 'Fn::Sub': '${A}${B}' } }] },
          },
        },
      ],
    };
    const graph = read({ Transform, Resources: { 'Fn::ForEach::Outer': ['A', ['x', 'y'], inner] } });
    expect(graph.ofType('AWS::X::Y').map(({ logicalId }) => logicalId)).toEqual(['Rx1', 'Rx2', 'Ry1', 'Ry2']);
    expect(get(graph, 't/Ry2').at('Q').string).toBe('y2');
  });
  it('whose collection is not known is noted, and what it would write is not said to be absent', () => {
    const Parameters = { Names: { Type: 'CommaDelimitedList' } };
    const loop = ['K', { Ref: 'Names' }, { '${K}': 1 }];
    const graph = read({
      Transform,
      Parameters,
      Resources: { R: { Type: 'AWS::X::Y', Properties: { A: 1, 'Fn::ForEach::Props': loop } } },
    });
    expect(graph.notes).toEqual(['t: what the loop Props makes is not judged: its collection is not known']);
    expect(get(graph, 't/R').at('B').missing).toBe('the loop Props');
  });
});
