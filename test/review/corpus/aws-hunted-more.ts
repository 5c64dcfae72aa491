/** What a second tester found: policies that workloads run with, patterns that hold what was named, data that goes elsewhere by itself. */
import { arn, policy, ref, statement } from './aws-base';
import { ACCOUNT, awsWith, type Harmless, harmless, type Resources, type State, type Weakening, weakenings } from './pair';

const OTHER_ACCOUNT = '444455556666';
const trust = (who: object) => policy({ Effect: 'Allow', Principal: who, Action: 'sts:AssumeRole' });
const service = (name: string) => trust({ Service: `${name}.amazonaws.com` });
const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const join = (...parts: readonly unknown[]) => ({ 'Fn::Join': ['', parts] });
const layer = (account: string, name: string) => `arn:aws:lambda:eu-central-1:${account}:layer:${name}:30`;
const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

const BASE: Resources = {
  Cases: {
    Type: 'AWS::DynamoDB::Table',
    ...kept,
    Properties: {
      TableName: 'cases',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  },
  Docs: { Type: 'AWS::S3::Bucket', ...kept, Properties: {} },
  Worker: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: service('lambda'),
      Policies: [
        {
          PolicyName: 'own',
          PolicyDocument: policy(statement('dynamodb:GetItem', arn('Cases')), statement('s3:GetObject', join(arn('Docs'), '/a/*'))),
        },
      ],
    },
  },
  Person: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust({ AWS: `arn:aws:iam::${ACCOUNT}:role/ops` }) } },
  Work: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: arn('Worker'),
      Code: { S3Bucket: 'code', S3Key: 'x' },
    },
  },
  Starter: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: service('states'),
      Policies: [{ PolicyName: 'own', PolicyDocument: policy(statement('lambda:InvokeFunction', arn('Work'))) }],
    },
  },
  RootUse: {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: 'trail',
      FilterPattern: '{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" }',
      MetricTransformations: [{ MetricName: 'RootUse', MetricNamespace: 'trail', MetricValue: '1' }],
    },
  },
};
const GRANT = 'Worker.Policies.0.PolicyDocument.Statement';

export const HUNTED_MORE_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(awsWith, BASE, {
    'hunted more: a person may change network interfaces': [
      'access: the role Person',
      { 'Person.ManagedPolicyArns': [managed('service-role/AWSLambdaVPCAccessExecutionRole')] },
    ],
    'hunted more: a worker may delete every network interface by a statement of its own': [
      'access: ec2:DeleteNetworkInterface',
      { [`${GRANT}.2`]: statement('ec2:DeleteNetworkInterface', '*') },
    ],
    'hunted more: a worker may say how long every log is kept': [
      'access: say how long to keep',
      { [`${GRANT}.2`]: statement(['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'], '*') },
    ],
    'hunted more: a layer of a stranger that is called like one of AWS': [
      'access: LambdaInsightsExtension [organisation]',
      { 'Work.Layers': [layer(OTHER_ACCOUNT, 'LambdaInsightsExtension')] },
    ],
    'hunted more: a layer of another name from an account of AWS': [
      'access: helper [organisation]',
      { 'Work.Layers': [layer('580247275435', 'helper')] },
    ],
    'hunted more: a metric filter asks for more': [
      'detection: less than before',
      { 'RootUse.FilterPattern': '{ $.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent" && $.sourceIPAddress = "10.*" }' },
    ],
    'hunted more: a metric filter looks for something else': [
      'detection: what it looks for changes',
      { 'RootUse.FilterPattern': '{ $.userIdentity.type = "Roots" && $.eventType != "AwsServiceEvent" }' },
    ],
    'hunted more: a metric filter counts every match as nothing': [
      'detection: counts as nothing',
      { 'RootUse.MetricTransformations.0.MetricValue': 0 },
    ],
    'hunted more: a metric filter counts for another metric': [
      'detection: what it counts changes',
      { 'RootUse.MetricTransformations.0.MetricName': 'Other' },
    ],
    'hunted more: a table becomes all tables that begin alike': [
      'access: table/ca*',
      { [`${GRANT}.0.Resource`]: `arn:aws:dynamodb:*:${ACCOUNT}:table/ca*` },
    ],
    'hunted more: a bucket becomes every bucket': ['access: s3:::', { [`${GRANT}.1.Resource`]: 'arn:aws:s3:::*/*' }],
    'hunted more: a role may start every function': [
      'access: everything',
      { 'Starter.Policies.0.PolicyDocument.Statement.0.Resource': '*' },
    ],
  }),
};

export const HUNTED_MORE_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(awsWith, BASE, {
    'hunted more: a function comes into a network': {
      'Work.VpcConfig': { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
      'Worker.ManagedPolicyArns': [join('arn:', ref('AWS::Partition'), ':iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole')],
    },
    'hunted more: tasks may pull their images': {
      Tasks: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: service('ecs-tasks'),
          ManagedPolicyArns: [managed('service-role/AmazonECSTaskExecutionRolePolicy')],
        },
      },
    },
    'hunted more: layers of AWS': {
      'Work.Layers': [
        layer('580247275435', 'LambdaInsightsExtension'),
        layer('094274105915', 'AWSLambdaPowertoolsTypeScriptV2'),
        layer('017000801446', 'AWSLambdaPowertoolsPythonV3-python312-x86_64'),
        layer('901920570463', 'aws-otel-nodejs-amd64-ver-1-30-1'),
        layer('187925254637', 'AWS-Parameters-and-Secrets-Lambda-Extension'),
        layer('066940009817', 'AWS-AppConfig-Extension'),
      ],
    },
    'hunted more: a metric filter with brackets, in another order': {
      'RootUse.FilterPattern': '{ ($.eventType != "AwsServiceEvent") && (($.userIdentity.type="Root")) }',
    },
    'hunted more: a metric filter finds more': {
      'RootUse.FilterPattern': '{ ($.userIdentity.type = "Root" && $.eventType != "AwsServiceEvent") || $.eventName = "StopLogging" }',
    },
    'hunted more: a metric filter fills up empty periods': { 'RootUse.MetricTransformations.0.DefaultValue': 0 },
    'hunted more: a metric filter counts by a number': { 'RootUse.MetricTransformations.0.MetricValue': 1 },
    'hunted more: a role may start all versions of the function that it starts': {
      'Starter.Policies.0.PolicyDocument.Statement.0.Resource': [arn('Work'), join(arn('Work'), ':*')],
    },
  }),
  'hunted more: all tables that begin alike become the one table': {
    before: awsWith(BASE, { [`${GRANT}.0.Resource`]: `arn:aws:dynamodb:*:${ACCOUNT}:table/ca*` }) as State,
    after: awsWith(BASE),
  },
};
