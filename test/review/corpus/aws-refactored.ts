/** Raw templates that are rewritten with our constructs, and what an upgrade of a library leaves behind: nothing of it asks for an approval. */
import { Template } from 'aws-cdk-lib/assertions';
import { SecureBucket, SecureKey, SecureQueue, SecureTopic } from '../../../constructs/aws';
import { stackOf } from '../../support/aws-constructs';
import type { Harmless, Resources, State } from './pair';

const templateOf = (build: (stack: ReturnType<typeof stackOf>) => void): { readonly Resources: Resources } => {
  const stack = stackOf('high');
  build(stack);
  return Template.fromStack(stack).toJSON() as { readonly Resources: Resources };
};
const state = ({ Resources, ...sections }: { readonly Resources: Resources }): State => ({ stacks: { Cases: Resources }, sections });

/** The store itself as somebody wrote it by hand, under the logical id that it keeps. */
const raw = (template: { readonly Resources: Resources }, name: string, type: string, Properties: object): State => {
  const [id = ''] =
    Object.entries(template.Resources).find(
      ([key, resource]) => key.startsWith(name) && (resource as { readonly Type: string }).Type === type,
    ) ?? [];
  return state({ ...template, Resources: { [id]: { Type: type, Properties } } });
};

const bucket = templateOf((stack) => new SecureBucket(stack, 'Attachments', { retention: { atMostDays: 730 } }));
const key = templateOf((stack) => new SecureKey(stack, 'Key'));
const queue = templateOf((stack) => new SecureQueue(stack, 'Jobs'));
const topic = templateOf((stack) => new SecureTopic(stack, 'News'));

/** As a newer version of the library writes it: other hashes, other places, more metadata. */
const upgraded = ({ Resources, ...sections }: { readonly Resources: Resources }): State =>
  state({
    ...sections,
    Resources: {
      ...Object.fromEntries(
        Object.entries(Resources).map(([id, resource]) => [
          id,
          { ...resource, Metadata: { ...(resource as { readonly Metadata?: object }).Metadata, 'aws:asset:path': 'asset.1' } },
        ]),
      ),
      CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:deflate64:newer' } },
    },
  });

export const AWS_REFACTORED: Readonly<Record<string, Harmless>> = {
  'a raw bucket becomes a SecureBucket': {
    before: raw(bucket, 'Attachments', 'AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 730 }] },
    }),
    after: state(bucket),
  },
  'a raw key becomes a SecureKey': {
    before: raw(key, 'Key', 'AWS::KMS::Key', {
      KeyPolicy: {
        Statement: [
          { Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' },
        ],
      },
    }),
    after: state(key),
  },
  'a raw queue becomes a SecureQueue': { before: raw(queue, 'Jobs', 'AWS::SQS::Queue', {}), after: state(queue) },
  'a raw topic becomes a SecureTopic': { before: raw(topic, 'News', 'AWS::SNS::Topic', {}), after: state(topic) },
  'an upgrade changes hashes and metadata of a bucket': { before: state(bucket), after: upgraded(bucket) },
  'an upgrade changes hashes and metadata of a key': { before: state(key), after: upgraded(key) },
  'a SecureBucket is added to what is there': {
    before: state(key),
    after: state({ ...bucket, Resources: { ...key.Resources, ...bucket.Resources } }),
  },
};
