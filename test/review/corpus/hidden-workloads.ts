/** Workloads on AWS that get nothing by what looks like a new right, and those that do. */
import { awsWith, type Changes, GONE, type Harmless, harmless, type Weakening, weakenings } from './pair';

const ref = (name: string) => ({ Ref: name });
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
const allow = (Action: string | readonly string[], Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const trusts = (...Principal: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: Principal.map((one) => ({ Effect: 'Allow', Principal: one, Action: 'sts:AssumeRole' })),
});
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const PEOPLE = { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } };
const role = (statements: readonly object[], ...principals: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trusts(...(principals.length > 0 ? principals : [LAMBDA])),
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});
const separate = (name: string, ...Statement: readonly object[]) => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyName: name, Roles: [ref(name)], PolicyDocument: { Version: '2012-10-17', Statement } },
});
const bare = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trusts(LAMBDA) } };
const running = (name: string, Variables: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { S3Bucket: 'assets', S3Key: 'cases.zip' },
    Role: arn(name),
    Environment: { Variables },
  },
});
const TABLE = {
  Type: 'AWS::DynamoDB::Table',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('Key') },
  },
};
const READS = allow(['dynamodb:GetItem', 'dynamodb:Query'], arn('Cases'));
const BASE: Readonly<Record<string, object>> = {
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: { EnableKeyRotation: true, KeyPolicy: { Version: '2012-10-17', Statement: [allow('kms:*', '*', { Principal: PEOPLE })] } },
  },
  Cases: TABLE,
  Letters: { Type: 'AWS::S3::Bucket', Properties: {} },
  Role: role([READS]),
  Reader: running('Role', { TABLE: ref('Cases') }),
  Support: role([READS], PEOPLE),
};
const second = (statement: object) => ({ 'Role.Policies.0.PolicyDocument.Statement.1': statement });
const PARAMETER = { Type: 'AWS::SSM::Parameter', Properties: { Name: '/cases/mode', Type: 'String', Value: 'calm' } };

/** As the CDK adds it for the events of a bucket. */
const HANDLER = 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834';
const HANDLER_ROLE = `${HANDLER}RoleB6FB88EC`;
const handler = (statements: readonly object[], code = 's3.put_bucket_notification_configuration(Bucket=bucket)'): Changes => ({
  [HANDLER_ROLE]: { ...role(statements), Metadata: { 'aws:cdk:path': `cases/${HANDLER}/Role/Resource` } },
  [`${HANDLER}9D90184C`]: {
    Type: 'AWS::Lambda::Function',
    Metadata: { 'aws:cdk:path': `cases/${HANDLER}/Resource` },
    Properties: { Runtime: 'python3.13', Handler: 'index.handler', Code: { ZipFile: code }, Role: arn(HANDLER_ROLE), Timeout: 300 },
  },
  Notifications: {
    Type: 'Custom::S3BucketNotifications',
    Properties: {
      ServiceToken: arn(`${HANDLER}9D90184C`),
      BucketName: ref('Letters'),
      NotificationConfiguration: { LambdaFunctionConfigurations: [{ Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: arn('Reader') }] },
      Managed: true,
    },
  },
});
const NOTIFIES = allow('s3:PutBucketNotification', '*');

/** What an output of another stack is, that is not in the input. */
const IMPORTED = (name: string) => ({ 'Fn::ImportValue': name });
const IMPORTING: Readonly<Record<string, object>> = {
  Logs: { Type: 'AWS::S3::Bucket', Properties: {} },
  Trail: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: { IsLogging: true, S3BucketName: ref('Logs'), IsMultiRegionTrail: true, EnableLogFileValidation: true },
  },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Group: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'database',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432, CidrIp: '10.0.1.0/24' }],
    },
  },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
  Subnets: { Type: 'AWS::RDS::DBSubnetGroup', Properties: { DBSubnetGroupDescription: 'database', SubnetIds: [ref('Subnet')] } },
  Database: {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      Engine: 'postgres',
      Port: '6432',
      PubliclyAccessible: false,
      StorageEncrypted: true,
      DBSubnetGroupName: ref('Subnets'),
      VPCSecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }],
    },
  },
};

export const HIDDEN_IMPORT_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(awsWith, IMPORTING, {
  'hidden imports: a trail records into what another stack exports': [
    'logging: the export logs of a stack that is not in the input',
    { 'Trail.S3BucketName': IMPORTED('logs') },
  ],
  'hidden imports: a database lets in a group of another stack': [
    'exposure: the security group that the export edge names',
    {
      'Group.SecurityGroupIngress.1': { IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432, SourceSecurityGroupId: IMPORTED('edge') },
    },
  ],
  'hidden imports: a database is public if another stack says so': [
    'exposure: Database',
    { 'Database.PubliclyAccessible': IMPORTED('public') },
  ],
});

export const HIDDEN_WORKLOAD_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(awsWith, BASE, {
  'hidden workloads: a function acts as a new role that may delete': [
    'access: delete the table Cases',
    { Role: GONE, Other: role([READS, allow('dynamodb:DeleteItem', arn('Cases'))]), 'Reader.Role': arn('Other') },
  ],
  'hidden workloads: another function gets an equal role': [
    'access: the role Other can now read the table Cases',
    { Other: role([READS]), Second: running('Other') },
  ],
  'hidden workloads: people become the equal role as well': [
    'access: become the role Other',
    { Other: role([READS], LAMBDA, { AWS: '999988887777' }), 'Reader.Role': arn('Other') },
  ],
  'hidden workloads: people read a new table': [
    'access: the role Support can now read the table Notes',
    { Notes: TABLE, 'Support.Policies.0.PolicyDocument.Statement.1': allow('dynamodb:GetItem', arn('Notes')) },
  ],
  'hidden workloads: a function reads all parameters, a new one among them': [
    'access: the role Role can now read',
    { Mode: PARAMETER, ...second(allow('ssm:GetParameter', 'arn:aws:ssm:eu-central-1:111122223333:parameter/cases/*')) },
  ],
  'hidden workloads: what is called like a handler of the CDK may do more': [
    'access: the role BucketNotificationsHandler',
    handler([NOTIFIES, allow('s3:GetObject', '*')]),
  ],
  'hidden workloads: what is called like a handler of the CDK runs something else': [
    'access: the role BucketNotificationsHandler',
    handler([NOTIFIES], 'print(1)'),
  ],
});

export const HIDDEN_WORKLOAD_HARMLESS: Readonly<Record<string, Harmless>> = harmless(awsWith, BASE, {
  'hidden workloads: a function acts as a new, equal role': { Role: GONE, Other: role([READS]), 'Reader.Role': arn('Other') },
  'hidden workloads: a function acts as a new, equal role, and the old one stays': { Other: role([READS]), 'Reader.Role': arn('Other') },
  'hidden workloads: a function acts as a new role whose equal policy is a resource of its own': {
    Role: GONE,
    Other: bare,
    Policy: separate('Other', READS),
    'Reader.Role': arn('Other'),
  },
  'hidden workloads: a function acts as a new, lesser role': {
    Other: role([allow('dynamodb:GetItem', arn('Cases'))]),
    'Reader.Role': arn('Other'),
  },
  'hidden workloads: a function reads its new parameter': {
    Mode: PARAMETER,
    'Reader.Environment.Variables.MODE': ref('Mode'),
    ...second(allow('ssm:GetParameter', { 'Fn::Sub': 'arn:aws:ssm:${AWS::Region}:${AWS::AccountId}:parameter${Mode}' })),
  },
  'hidden workloads: a function reads its new parameter, by the name written out': {
    Mode: PARAMETER,
    ...second(allow('ssm:GetParameter', 'arn:aws:ssm:eu-central-1:111122223333:parameter/cases/mode')),
  },
  'hidden workloads: a function reads its new table': {
    Notes: TABLE,
    'Reader.Environment.Variables.NOTES': ref('Notes'),
    ...second(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], arn('Notes'))),
  },
  'hidden workloads: the CDK adds its handler of notifications': handler([NOTIFIES]),
});
