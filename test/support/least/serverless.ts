import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CodeSigning, SecureFunction } from '../../../constructs/aws';
import type { Least } from './least';

/** What a build has put into a bucket: an archive, and so to be signed. */
const builtCode = (scope: Construct, id: string): Code =>
  Code.fromBucketV2(Bucket.fromBucketName(scope, `${id}Builds`, 'builds'), 'cases.zip', { objectVersion: '3HL4kqtJvjVBH40Nrjfkd' });

export const serverless: Least = {
  CodeSigning: (scope, id) => new CodeSigning(scope, id),
  SecureFunction: (scope, id) =>
    new SecureFunction(scope, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      // Whose key encrypts it shows where there is one.
      environment: { CASES: 'cases' },
      code: builtCode(scope, id),
      // Required at the high tier, advised below it.
      vpc: Vpc.fromVpcAttributes(scope, `${id}Network`, {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['eu-central-1a', 'eu-central-1b'],
        isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
      }),
    }),
};
