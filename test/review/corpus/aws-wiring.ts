/** Pairs on AWS about what workloads are told, and with whose keys stores are encrypted. */
import { WRITTEN } from './azure-wiring';
import { awsWith, GONE, type Harmless, harmless, type Weakening, weakenings } from './pair';

const RESOLVED = '{{resolve:secretsmanager:cases/mail:SecretString:key}}';
const FUNCTION = {
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::111122223333:role/cases',
  Code: { S3Bucket: 'code', S3Key: 'x' },
};
const ON_AWS: Readonly<Record<string, object>> = {
  Mailer: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...FUNCTION,
      Environment: {
        Variables: {
          MAIL: RESOLVED,
          TABLE: { Ref: 'Cases' },
          URL: 'https://mail.example.com',
          CACHE: 'rediss://cache.example.com:6380',
          QUEUE: 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs',
          SERVICE_VERSION: '1.2.3',
        },
      },
    },
  },
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
  Other: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
        ],
      },
    },
  },
  Cases: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'cases' } },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ContainerDefinitions: [
        {
          Name: 'main',
          Image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/cases:1',
          Secrets: [{ Name: 'MAIL', ValueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:mail' }],
        },
      ],
    },
  },
  Build: {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Environment: { EnvironmentVariables: [{ Name: 'MAIL', Type: 'SECRETS_MANAGER', Value: 'cases/mail' }] },
    },
  },
};
const KEY_ID = 'Bucket.BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID';
const CONTAINER = 'Task.ContainerDefinitions.0';
export const AWS_WIRING_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(awsWith, ON_AWS, {
  'AWS wiring: a variable of a function is written out instead of looked up': [
    'access: the variable MAIL is written out',
    { 'Mailer.Environment.Variables.MAIL': WRITTEN },
  ],
  'AWS wiring: a secret of a task becomes a variable': [
    'access: the variable MAIL is written out',
    { [`${CONTAINER}.Secrets`]: GONE, [`${CONTAINER}.Environment`]: [{ Name: 'MAIL', Value: WRITTEN }] },
  ],
  'AWS wiring: a variable of a build is written out': [
    'access: the variable MAIL is written out',
    { 'Build.Environment.EnvironmentVariables.0': { Name: 'MAIL', Type: 'PLAINTEXT', Value: WRITTEN } },
  ],
  'AWS wiring: a function is pointed at a table of another account': [
    'access: 444455556666 [organisation]',
    { 'Mailer.Environment.Variables.TABLE': 'arn:aws:dynamodb:eu-central-1:444455556666:table/cases' },
  ],
  'AWS wiring: a function is pointed at a stranger': [
    'access: hook.example.net [internet]',
    { 'Mailer.Environment.Variables.TABLE': 'https://hook.example.net/cases' },
  ],
  'AWS wiring: a bucket is encrypted with the key of another account': [
    'encryption: 444455556666 [organisation]',
    { [KEY_ID]: 'arn:aws:kms:eu-central-1:444455556666:key/11111111-1111-1111-1111-111111111111' },
  ],
  'AWS wiring: a function sends to a queue of another account': [
    'access: 444455556666 [organisation]',
    { 'Mailer.Environment.Variables.QUEUE': 'https://sqs.eu-central-1.amazonaws.com/444455556666/jobs' },
  ],
  'AWS wiring: a function speaks to its cache in clear text': [
    'encryption: CACHE is no longer encrypted',
    { 'Mailer.Environment.Variables.CACHE': 'redis://cache.example.com:6379' },
  ],
});
export const AWS_WIRING_HARMLESS: Readonly<Record<string, Harmless>> = harmless(awsWith, ON_AWS, {
  'AWS wiring: the version of a secret is named': {
    'Mailer.Environment.Variables.MAIL': '{{resolve:secretsmanager:cases/mail:SecretString:key:AWSCURRENT}}',
  },
  'AWS wiring: a bucket is encrypted with another key of ours': { [KEY_ID]: { 'Fn::GetAtt': ['Other', 'Arn'] } },
  'AWS wiring: a function is of another version': { 'Mailer.Environment.Variables.SERVICE_VERSION': '1.2.4' },
  'AWS wiring: a table is named instead of referred to': { 'Mailer.Environment.Variables.TABLE': 'cases' },
  'AWS wiring: a function gets the ARN of its secret, and reads it itself': {
    'Mailer.Environment.Variables.MAIL': 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:cases/mail',
  },
  'AWS wiring: a function speaks to another host of the same organisation': {
    'Mailer.Environment.Variables.URL': 'https://post.example.com',
  },
});
