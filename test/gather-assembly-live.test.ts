import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { App, CfnParameter, CfnResource, Fn, Lazy, Stack, Stage, Token } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherConstructs } from '../policies/gather/constructs';
import { GatherError } from '../policies/gather/target';
import { describeApp, makeApp, policiesOf, resource } from './support/cross-stack-app';

const root = mkdtempSync(join(tmpdir(), 'palisade-live-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a live construct tree before synthesis', () => {
  const app = makeApp(join(root, 'before.out'));
  describeApp(() => gatherConstructs(app));
});

describe('a live construct tree after synthesis', () => {
  const app = makeApp(join(root, 'after.out'));
  beforeAll(() => {
    app.synth();
  });
  describeApp(() => gatherConstructs(app));
});

describe('a live construct tree of another copy of the library', () => {
  const require = createRequire(__filename);
  const loaded = Object.keys(require.cache).filter((file) => /node_modules.(aws-cdk-lib|constructs)./.test(file));
  for (const file of loaded) delete require.cache[file];
  const copy = require('aws-cdk-lib') as typeof cdk;

  it('has other classes', () => {
    expect(copy.Stack).not.toBe(cdk.Stack);
    expect(makeApp(join(root, 'other.out'), {}, copy).node.children[0]).not.toBeInstanceOf(cdk.Stack);
  });
  const app = makeApp(join(root, 'copy.out'), {}, copy);
  describeApp(() => gatherConstructs(app));
});

describe('gathering a live construct tree', () => {
  it('does not change what is synthesised', () => {
    const templates = (dir: string, gather: boolean) => {
      const app = makeApp(dir);
      if (gather) gatherConstructs(app);
      const assembly = app.synth();
      if (gather) gatherConstructs(app);
      const read = () => assembly.stacksRecursively.map(({ templateFullPath }) => readFileSync(templateFullPath, 'utf8'));
      return read();
    };
    expect(templates(join(root, 'with.out'), true)).toEqual(templates(join(root, 'without.out'), false));
  });

  it('takes only the stacks that are asked for, with their nested stacks and their waivers', () => {
    const app = makeApp(join(root, 'some.out'));
    const { graph, waivers } = gatherConstructs(app, { stacks: ['Prod/Data', 'Prod/Access'] });
    expect(graph.units.map(({ id }) => id).sort()).toEqual(['Prod/Access', 'Prod/Data']);
    expect(waivers).toEqual([]);
    expect(gatherConstructs(app, { stacks: ['Data'] }).graph.units.map(({ id }) => id)).toEqual(['Data', 'Data/Outer', 'Data/Outer/Inner']);
  });

  it('takes what lies beneath a construct inside a stack, as part of that stack', () => {
    const stack = new Stack(new App(), 'S', { env: { region: 'eu-west-1' } });
    const one = new CfnBucket(stack, 'One');
    new CfnBucket(stack, 'Two');
    const { graph } = gatherConstructs(one);
    expect([...graph.resources()].map(({ id, unit }) => [id, unit.region])).toEqual([['S/One', 'eu-west-1']]);
  });

  it('takes a stage by itself', () => {
    const app = new App();
    const stage = new Stage(app, 'Prod', { env: { region: 'eu-west-1' } });
    new CfnBucket(new Stack(stage, 'S'), 'B');
    new CfnBucket(new Stack(app, 'Other'), 'B');
    expect(gatherConstructs(stage).graph.units.map(({ id, region }) => [id, region])).toEqual([['Prod/S', 'eu-west-1']]);
  });

  it('sees generic resources, raw overrides, lists and conditions as they will be rendered', () => {
    const stack = new Stack(new App(), 'S');
    const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList', default: 'a,b' });
    const generic = new CfnResource(stack, 'Generic', {
      type: 'AWS::SQS::Queue',
      properties: { Names: list.valueAsList, First: Fn.select(0, list.valueAsList) },
    });
    generic.addOverride('DeletionPolicy', 'Retain');
    generic.addPropertyOverride('Deep.Key', Fn.sub('${AWS::Region}-x'));
    const { graph } = gatherConstructs(stack);
    const read = resource(graph, 'S/Generic');
    expect(read.option('DeletionPolicy').string).toBe('Retain');
    expect(read.at('Deep.Key').shape).toBe('${AWS::Region}-x');
    expect(
      read
        .at('Names')
        .items()
        .map(({ string }) => string),
    ).toEqual(['a', 'b']);
    expect(read.at('First').string).toBe('a');
  });

  it('reads JSON texts that hold references, of this stack and of others', () => {
    const app = new App();
    const bucket = new CfnBucket(new Stack(app, 'A'), 'Bucket');
    const b = new Stack(app, 'B');
    const own = new CfnBucket(b, 'Own');
    new CfnResource(b, 'Doc', { type: 'AWS::X::Doc', properties: { Text: b.toJsonString({ other: bucket.ref, own: own.attrArn }) } });
    const json = resource(gatherConstructs(app).graph, 'B/Doc').at('Text').json();
    expect([json.at('other').targets, json.at('own').targets]).toEqual([['A/Bucket'], ['B/Own']]);
  });

  it('knows the account and region only where they are fixed', () => {
    const app = new App();
    new CfnBucket(new Stack(app, 'Open'), 'B', { bucketName: cdk.Aws.ACCOUNT_ID });
    const { graph } = gatherConstructs(app);
    expect([graph.units[0]?.account, resource(graph, 'Open/B').at('BucketName').missing]).toEqual([undefined, 'AWS::AccountId']);
  });

  it('carries the data profile of a stack', () => {
    const stack = new Stack(new App(), 'S');
    stack.templateOptions.metadata = { Palisade: { profile: { system: Lazy.string({ produce: () => 'cases' }) } } };
    expect(gatherConstructs(stack).graph.units[0]?.profile).toEqual({ system: 'cases' });
  });

  it('names the construct that cannot be rendered', () => {
    const stack = new Stack(new App(), 'S');
    const broken = Token.asString({
      resolve: () => {
        throw new Error('no value yet');
      },
    });
    new CfnBucket(stack, 'Broken', { bucketName: broken });
    expect(() => gatherConstructs(stack)).toThrow(GatherError);
    expect(() => gatherConstructs(stack)).toThrow(/^S\/Broken: cannot be rendered: .*no value yet/);
  });

  it('follows a bucket policy across stacks that the high-level constructs write', () => {
    const app = new App();
    const bucket = new cdk.aws_s3.Bucket(new Stack(app, 'A'), 'Data', { enforceSSL: true });
    const role = new cdk.aws_iam.Role(new Stack(app, 'B'), 'Reader', { assumedBy: new cdk.aws_iam.AccountRootPrincipal() });
    bucket.grantRead(role);
    const { graph } = gatherConstructs(app);
    expect(policiesOf(graph, 'A/Data/Resource')).toEqual(['A/Data/Policy/Resource']);
    const [statement] = resource(graph, 'B/Reader/DefaultPolicy/Resource').at('PolicyDocument.Statement').items();
    expect(
      statement
        ?.at('Resource')
        .items()
        .map(({ shape }) => shape?.replace(/[0-9A-F]{8}/, '')),
    ).toEqual(['${A/Data.Arn}', '${A/Data.Arn}/*']);
  });
});
