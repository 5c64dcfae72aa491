/** One app that has everything that makes gathering hard, and what must hold of it however it is gathered. */

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { App } from 'aws-cdk-lib';
import * as cdk from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { waiverToReason } from '../../controls';
import type { Gathered } from '../../policies/gather/target';
import type { Graph } from '../../policies/graph';
import type { Resource } from '../../policies/resource';

/** The file that creates the constructs. */
export const APP_FILE = __filename;
export const POLICY = 'AWS::S3::BucketPolicy';
const ENV = { account: '123456789012', region: 'eu-central-1' };
/** Two stacks, a nested stack in a nested stack, and a stage; policies stand elsewhere than their buckets. */
export function makeApp(outdir: string, context: { readonly [key: string]: unknown } = {}, library = cdk): App {
  const { App, CfnMapping, CfnOutput, NestedStack, Stack, Stage, Validations } = library;
  const { CfnBucket, CfnBucketPolicy } = library.aws_s3;
  const { CfnQueue } = library.aws_sqs;
  const app = new App({ outdir, context, analyticsReporting: false });
  const data = new Stack(app, 'Data', { env: ENV });
  const bucket = new CfnBucket(data, 'Bucket');
  bucket.addPropertyOverride('VersioningConfiguration.Status', 'Enabled');
  Validations.of(bucket).acknowledge({
    id: 'Palisade::TLS-03.object-storage',
    reason: waiverToReason({
      reason: 'legacy reader',
      owner: 'data@example.com',
      approver: 'ciso@example.com',
      ticket: 'SEC-1',
      expires: '2030-01-31',
    }),
  });
  Validations.of(bucket).acknowledge({ id: 'Other::Rule', reason: 'not ours' });
  new CfnMapping(data, 'Map', { mapping: { a: { b: 'c' } } });

  const outer = new NestedStack(data, 'Outer');
  const inner = new NestedStack(outer, 'Inner');
  new CfnBucketPolicy(inner, 'Deep', { bucket: bucket.ref, policyDocument: {} });
  const queue = new CfnQueue(inner, 'Queue');
  new CfnOutput(data, 'QueueArn', { value: queue.attrArn });

  const access = new Stack(app, 'Access', { env: ENV, stackName: 'named-access' });
  new CfnBucketPolicy(access, 'Policy', { bucket: bucket.ref, policyDocument: {} });
  new CfnBucketPolicy(access, 'OfQueue', { bucket: queue.attrArn, policyDocument: {} });

  const stage = new Stage(app, 'Prod');
  const staged = new Stack(stage, 'Data', {});
  new CfnBucketPolicy(new Stack(stage, 'Access'), 'Policy', { bucket: new CfnBucket(staged, 'Bucket').ref, policyDocument: {} });
  return app;
}

export const resource = (graph: Graph, path: string): Resource => {
  for (const each of graph.resources()) if (each.path === path) return each;
  throw new Error(`${path} is not in the graph`);
};
export const policiesOf = (graph: Graph, path: string) =>
  graph.pointingAt(resource(graph, path), POLICY, 'Bucket').map((each) => each.path);

/** What must hold of the app, however it is gathered. */
export function describeApp(gathered: () => Pick<Gathered, 'graph' | 'waivers'>): void {
  it('holds every stack of every stage, with nested stacks, under its construct path and environment', () => {
    const { graph } = gathered();
    const units = graph.units.map(({ id, account, region }) => [id, account, region]).sort();
    expect(units).toEqual([
      ['Access', ENV.account, ENV.region],
      ['Data', ENV.account, ENV.region],
      ['Data/Outer', ENV.account, ENV.region],
      ['Data/Outer/Inner', ENV.account, ENV.region],
      ['Prod/Access', undefined, undefined],
      ['Prod/Data', undefined, undefined],
    ]);
    expect(graph.notes).toEqual([]);
  });
  it('follows references between stacks, into nested stacks and out of them', () => {
    const { graph } = gathered();
    expect(policiesOf(graph, 'Data/Bucket').sort()).toEqual(['Access/Policy', 'Data/Outer/Inner/Deep']);
    const queue = resource(graph, 'Data/Outer/Inner/Queue');
    const ofQueue = resource(graph, 'Access/OfQueue').at('Bucket');
    expect([ofQueue.targets, ofQueue.attribute]).toEqual([[queue.id], 'Arn']);
  });
  it('keeps stages apart, although their stacks have the same names', () => {
    expect(policiesOf(gathered().graph, 'Prod/Data/Bucket')).toEqual(['Prod/Access/Policy']);
  });
  it('shows overrides', () => {
    expect(resource(gathered().graph, 'Data/Bucket').at('VersioningConfiguration.Status').string).toBe('Enabled');
  });
  it('points at the line of the program that created the resource', () => {
    const location = resource(gathered().graph, 'Data/Bucket').locate('BucketEncryption');
    expect(location?.file).toBe(relative(process.cwd(), APP_FILE));
    expect(readFileSync(APP_FILE, 'utf8').split('\n')[(location?.line ?? 0) - 1]).toContain("new CfnBucket(data, 'Bucket')");
  });
  it('turns acknowledgements of its own rules into waivers of the construct', () => {
    const { waivers } = gathered();
    expect(waivers).toHaveLength(1);
    expect(waivers[0]).toMatchObject({
      rule: 'TLS-03.object-storage',
      resource: 'Data/Bucket',
      reason: 'legacy reader',
      owner: 'data@example.com',
      approver: 'ciso@example.com',
      ticket: 'SEC-1',
      expires: '2030-01-31',
      source: 'artefact',
    });
    expect(waivers[0]?.location?.file).toBe(relative(process.cwd(), APP_FILE));
  });
}
