/**
 * What the policy templates of AWS SAM allow: actions, and the ARNs around the parameters of the template. Facts of the list of
 * policy templates of the AWS Serverless Application Model.
 */

import type { Node } from '../../policies/node';
import type { Resource } from '../../policies/resource';
import { type Plain, plainNode } from './plain';
import type { Reader } from './reading';

type Allowed = readonly [actions: string, ...resources: string[]];

const own = (service: string, rest: string): string => `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
const BUCKET = 'arn:${AWS::Partition}:s3:::${BucketName}';
const TABLE = own('dynamodb', 'table/${TableName}');
const QUEUE = own('sqs', '${QueueName}');
const STREAM = own('kinesis', 'stream/${StreamName}');
const KEY = own('kms', 'key/${KeyId}');
const DELIVERY = own('firehose', 'deliverystream/${DeliveryStreamName}');
const IDENTITY = own('ses', 'identity/${IdentityName}');

const TEMPLATES: { readonly [template: string]: readonly Allowed[] } = {
  SQSPollerPolicy: [
    [
      'sqs:ChangeMessageVisibility sqs:ChangeMessageVisibilityBatch sqs:DeleteMessage sqs:DeleteMessageBatch sqs:GetQueueAttributes sqs:ReceiveMessage',
      QUEUE,
    ],
  ],
  SQSSendMessagePolicy: [['sqs:SendMessage*', QUEUE]],
  SNSPublishMessagePolicy: [['sns:Publish', own('sns', '${TopicName}')]],
  SNSCrudPolicy: [
    ['sns:ListSubscriptionsByTopic sns:CreateTopic sns:SetTopicAttributes sns:Subscribe sns:Publish', own('sns', '${TopicName}*')],
  ],
  LambdaInvokePolicy: [['lambda:InvokeFunction', own('lambda', 'function:${FunctionName}*')]],
  CloudWatchPutMetricPolicy: [['cloudwatch:PutMetricData', '*']],
  DynamoDBCrudPolicy: [
    [
      'dynamodb:GetItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:Scan dynamodb:Query dynamodb:UpdateItem dynamodb:BatchWriteItem dynamodb:BatchGetItem dynamodb:DescribeTable dynamodb:ConditionCheckItem',
      TABLE,
      `${TABLE}/index/*`,
    ],
  ],
  DynamoDBReadPolicy: [
    ['dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem dynamodb:DescribeTable', TABLE, `${TABLE}/index/*`],
  ],
  DynamoDBReconfigurePolicy: [['dynamodb:UpdateTable', TABLE]],
  DynamoDBStreamReadPolicy: [
    ['dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator', `${TABLE}/stream/\${StreamName}`],
    ['dynamodb:ListStreams', `${TABLE}/stream/*`],
  ],
  DynamoDBBackupFullAccessPolicy: [
    ['dynamodb:CreateBackup dynamodb:DescribeContinuousBackups', TABLE],
    ['dynamodb:DeleteBackup dynamodb:DescribeBackup dynamodb:ListBackups', `${TABLE}/backup/*`],
  ],
  DynamoDBRestoreFromBackupPolicy: [
    ['dynamodb:RestoreTableFromBackup', `${TABLE}/backup/*`],
    [
      'dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:Query dynamodb:Scan dynamodb:BatchWriteItem',
      TABLE,
    ],
  ],
  S3ReadPolicy: [
    ['s3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:GetLifecycleConfiguration', BUCKET, `${BUCKET}/*`],
  ],
  S3CrudPolicy: [
    [
      's3:GetObject s3:ListBucket s3:GetBucketLocation s3:GetObjectVersion s3:PutObject s3:PutObjectAcl s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration s3:DeleteObject',
      BUCKET,
      `${BUCKET}/*`,
    ],
  ],
  S3FullAccessPolicy: [
    [
      's3:GetObject s3:GetObjectAcl s3:GetObjectVersion s3:PutObject s3:PutObjectAcl s3:DeleteObject s3:DeleteObjectTagging s3:DeleteObjectVersionTagging s3:GetObjectTagging s3:GetObjectVersionTagging s3:PutObjectTagging s3:PutObjectVersionTagging',
      `${BUCKET}/*`,
    ],
    ['s3:ListBucket s3:GetBucketLocation s3:GetLifecycleConfiguration s3:PutLifecycleConfiguration', BUCKET],
  ],
  KMSDecryptPolicy: [['kms:Decrypt', KEY]],
  KMSEncryptPolicy: [['kms:Encrypt', KEY]],
  KinesisStreamReadPolicy: [
    ['kinesis:ListStreams kinesis:DescribeLimits', own('kinesis', 'stream/*')],
    ['kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetRecords kinesis:GetShardIterator', STREAM],
  ],
  KinesisCrudPolicy: [
    [
      'kinesis:AddTagsToStream kinesis:CreateStream kinesis:DecreaseStreamRetentionPeriod kinesis:DeleteStream kinesis:DescribeStream kinesis:DescribeStreamSummary kinesis:GetShardIterator kinesis:IncreaseStreamRetentionPeriod kinesis:ListTagsForStream kinesis:MergeShards kinesis:PutRecord kinesis:PutRecords kinesis:SplitShard kinesis:RemoveTagsFromStream',
      STREAM,
    ],
  ],
  FirehoseWritePolicy: [['firehose:PutRecord firehose:PutRecordBatch', DELIVERY]],
  FirehoseCrudPolicy: [
    [
      'firehose:CreateDeliveryStream firehose:DeleteDeliveryStream firehose:DescribeDeliveryStream firehose:PutRecord firehose:PutRecordBatch firehose:UpdateDestination',
      DELIVERY,
    ],
  ],
  AWSSecretsManagerGetSecretValuePolicy: [['secretsmanager:GetSecretValue', '${SecretArn}']],
  SSMParameterReadPolicy: [
    ['ssm:DescribeParameters', '*'],
    ['ssm:GetParameters ssm:GetParameter ssm:GetParametersByPath', own('ssm', 'parameter/${ParameterName}')],
  ],
  StepFunctionsExecutionPolicy: [['states:StartExecution', own('states', 'stateMachine:${StateMachineName}')]],
  FilterLogEventsPolicy: [['logs:FilterLogEvents', own('logs', 'log-group:${LogGroupName}:log-stream:*')]],
  SESCrudPolicy: [['ses:GetIdentityVerificationAttributes ses:SendEmail ses:SendRawEmail ses:VerifyEmailIdentity', IDENTITY]],
  SESSendBouncePolicy: [['ses:SendBounce', IDENTITY]],
  ElasticsearchHttpPostPolicy: [['es:ESHttpPost es:ESHttpPut', own('es', 'domain/${DomainName}/*')]],
  VPCAccessPolicy: [
    ['ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DetachNetworkInterface', '*'],
  ],
  EC2DescribePolicy: [['ec2:DescribeRegions ec2:DescribeInstances', '*']],
  CloudFormationDescribeStacksPolicy: [['cloudformation:DescribeStacks', own('cloudformation', 'stack/*')]],
};

/** The document that a policy template becomes with its parameters; undefined where the template is not known. */
export function templateDocument(name: string, parameters: Node, { scope }: Resource, reader: Reader): Plain | undefined {
  const allowed = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (!allowed) return undefined;
  const arn = (form: string): Plain => plainNode(scope, { 'Fn::Sub': [form, parameters] }, reader.names) ?? form;
  return {
    Version: '2012-10-17',
    Statement: allowed.map(([actions, ...resources]) => ({ Effect: 'Allow', Action: actions.split(' '), Resource: resources.map(arn) })),
  };
}
