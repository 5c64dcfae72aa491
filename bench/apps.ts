import { App, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnFlowLog, CfnSecurityGroup, CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnDBInstance, CfnDBSubnetGroup } from 'aws-cdk-lib/aws-rds';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';

/** Resources in one stack; CloudFormation refuses more than 500. */
const PER_STACK = 450;

type Make = (stack: Stack, index: number) => void;

/** What a team's app holds: each item makes the resources of one small workload. */
export function mixedApp(resources: number): App {
  return app(resources, 20, (stack, n) => {
    const key = new CfnKey(stack, `Key${n}`, {
      enableKeyRotation: n % 3 > 0,
      keyPolicy: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${stack.account}:root` }, Action: 'kms:*', Resource: '*' }],
      },
    });
    const bucket = new CfnBucket(stack, `Bucket${n}`, {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.attrArn } }],
      },
      versioningConfiguration: { status: n % 2 ? 'Enabled' : 'Suspended' },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    });
    new CfnBucketPolicy(stack, `Policy${n}`, { bucket: bucket.ref, policyDocument: denyHttp(bucket.attrArn) });
    const role = new CfnRole(stack, `Role${n}`, {
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
    });
    const handler = new CfnFunction(stack, `Function${n}`, {
      code: { zipFile: 'exports.handler = async () => {}' },
      role: role.attrArn,
      handler: 'index.handler',
      runtime: 'nodejs22.x',
      environment: { variables: { TABLE: `t${n}` } },
    });
    new CfnLogGroup(stack, `Log${n}`, { retentionInDays: 365, kmsKeyId: key.attrArn });
    new CfnQueue(stack, `Queue${n}`, { sqsManagedSseEnabled: true });
    const topic = new CfnTopic(stack, `Topic${n}`, { kmsMasterKeyId: key.ref });
    const table = new CfnTable(stack, `Table${n}`, {
      keySchema: [{ attributeName: 'id', keyType: 'HASH' }],
      attributeDefinitions: [{ attributeName: 'id', attributeType: 'S' }],
      billingMode: 'PAY_PER_REQUEST',
    });
    const vpc = new CfnVPC(stack, `Vpc${n}`, { cidrBlock: '10.0.0.0/16' });
    const subnets = ['10.0.0.0/24', '10.0.1.0/24'].map(
      (cidrBlock, i) => new CfnSubnet(stack, `Subnet${i}x${n}`, { vpcId: vpc.ref, cidrBlock }).ref,
    );
    const group = new CfnSecurityGroup(stack, `Group${n}`, {
      groupDescription: 'workload',
      vpcId: vpc.ref,
      securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '10.0.0.0/16' }],
    });
    new CfnPermission(stack, `Permission${n}`, {
      action: 'lambda:InvokeFunction',
      functionName: handler.ref,
      principal: 'sns.amazonaws.com',
      sourceArn: topic.ref,
    });
    new CfnPolicy(stack, `Rights${n}`, {
      policyName: `rights${n}`,
      roles: [role.ref],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], Resource: table.attrArn },
          { Effect: 'Allow', Action: ['s3:GetObject*', 's3:List*'], Resource: [bucket.attrArn, `${bucket.attrArn}/*`] },
          { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
        ],
      },
    });
    const placed = new CfnDBSubnetGroup(stack, `Placed${n}`, { dbSubnetGroupDescription: 'isolated', subnetIds: subnets });
    new CfnDBInstance(stack, `Database${n}`, {
      engine: 'postgres',
      engineVersion: '16.4',
      dbInstanceClass: 'db.t4g.medium',
      allocatedStorage: '20',
      storageEncrypted: true,
      kmsKeyId: key.attrArn,
      manageMasterUserPassword: true,
      masterUsername: 'admin',
      dbSubnetGroupName: placed.ref,
      vpcSecurityGroups: [group.ref],
      multiAz: n % 2 > 0,
    });
    new CfnTaskDefinition(stack, `Task${n}`, {
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      cpu: '256',
      memory: '512',
      taskRoleArn: role.attrArn,
      containerDefinitions: [
        {
          name: 'app',
          image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/app:1.4.2',
          readonlyRootFilesystem: true,
          logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': `app${n}` } },
          environment: [{ name: 'TABLE', value: table.ref }],
        },
      ],
    });
    new CfnFlowLog(stack, `Flow${n}`, {
      resourceId: vpc.ref,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: bucket.attrArn,
    });
    new CfnAlarm(stack, `Alarm${n}`, {
      comparisonOperator: 'GreaterThanThreshold',
      evaluationPeriods: 1,
      metricName: 'Errors',
      namespace: 'AWS/Lambda',
      period: 60,
      statistic: 'Sum',
      threshold: 0,
    });
  });
}

/** Buckets with their policies only: the case in which a rule that scans the stack for each resource shows. */
export function bucketApp(resources: number): App {
  return app(resources, 2, (stack, n) => {
    const bucket = new CfnBucket(stack, `Bucket${n}`, {
      versioningConfiguration: { status: 'Enabled' },
      bucketEncryption: { serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }] },
    });
    new CfnBucketPolicy(stack, `Policy${n}`, { bucket: bucket.ref, policyDocument: denyHttp(bucket.attrArn) });
  });
}

function denyHttp(arn: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  };
}

function app(resources: number, perItem: number, item: Make): App {
  const root = new App({ analyticsReporting: false });
  const itemsPerStack = Math.floor(PER_STACK / perItem);
  const items = Math.ceil(resources / perItem);
  let stack: Stack | undefined;
  for (let n = 0; n < items; n += 1) {
    if (n % itemsPerStack === 0) stack = new Stack(root, `Stack${n / itemsPerStack}`);
    item(stack as Stack, n);
  }
  return root;
}
