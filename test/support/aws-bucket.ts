import { Template } from 'aws-cdk-lib/assertions';
import { SecureBucket, type SecureBucketProps } from '../../constructs/aws';
import type { Tier } from '../../controls';
import { stackOf } from './aws-constructs';

/** The least props of a bucket. */
export const LEAST: SecureBucketProps = { retention: { atMostDays: 730 } };

/** A bucket in a stack of a tier, with what its template says of it. */
export const make = (props: SecureBucketProps = LEAST, tier: Tier = 'high', stack = stackOf(tier)) => {
  const bucket = new SecureBucket(stack, 'Attachments', props);
  const template = Template.fromStack(stack);
  const found = (type: string) => Object.entries(template.findResources(type)).find(([id]) => id.startsWith('Attachments'))?.[1];
  const resource = found('AWS::S3::Bucket');
  const statements = found('AWS::S3::BucketPolicy')?.Properties.PolicyDocument.Statement as Record<string, unknown>[];
  return {
    stack,
    bucket,
    template,
    resource,
    properties: resource?.Properties,
    deny: (sid: string) => statements.find((each) => each.Sid === sid),
    statements,
  };
};

/** What no prop takes away. */
export const FLOOR = {
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    VersioningConfiguration: { Status: 'Enabled' },
  },
};
