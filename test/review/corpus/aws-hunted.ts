/** What a tester who did not know the code found: other forms of the same, stores that move, roles that are acted as, data that goes elsewhere. */
import { arn as arnOf, OTHER, policy, ref, statement } from './aws-base';
import {
  ACCOUNT,
  awsWith,
  type Changes,
  GONE,
  type Harmless,
  harmless,
  type Resources,
  type State,
  type Weakening,
  weakenings,
} from './pair';

const trust = (service: string) =>
  policy({ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' });
const role = (service: string, ...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: trust(service),
    Policies: [{ PolicyName: 'own', PolicyDocument: policy(...statements) }],
  },
});
const sub = (text: string) => ({ 'Fn::Sub': text });
/** Nobody deletes, and nobody comes from elsewhere: the policy grants nothing. */
const KEEP = { Effect: 'Deny', Principal: '*', Action: 's3:DeleteObject*', Resource: sub('${Records.Arn}/*') };
const OUTSIDE = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arnOf('Records'), sub('${Records.Arn}/*')],
  Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } },
};
const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

const BASE: Resources = {
  Records: { Type: 'AWS::S3::Bucket', ...kept, Properties: {} },
  Lake: { Type: 'AWS::S3::Bucket', ...kept, Properties: { BucketName: 'case-lake' } },
  Cases: {
    Type: 'AWS::DynamoDB::Table',
    ...kept,
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  },
  Jobs: { Type: 'AWS::SQS::Queue', ...kept, Properties: {} },
  News: { Type: 'AWS::SNS::Topic', Properties: {} },
  Key: { Type: 'AWS::KMS::Key', ...kept, Properties: { EnableKeyRotation: true, KeyPolicy: policy() } },
  Notes: { Type: 'AWS::Logs::LogGroup', ...kept, Properties: { RetentionInDays: 400 } },
  Reader: role(
    'lambda',
    statement('s3:GetObject', sub('${Records.Arn}/*')),
    statement('s3:GetObject', sub('${Lake.Arn}/open/*')),
    statement(['dynamodb:GetItem', 'dynamodb:Query'], [arnOf('Cases'), sub('${Cases.Arn}/index/*')]),
    statement('sqs:SendMessage', arnOf('Jobs')),
    statement('sns:Publish', ref('News')),
    statement('kms:Decrypt', arnOf('Key')),
    statement('logs:PutLogEvents', arnOf('Notes')),
  ),
  ReaderAgain: role('lambda', statement('s3:GetObject', sub('${Records.Arn}/*'))),
  Same: role('lambda', statement('s3:GetObject', sub('${Records.Arn}/*'))),
  Owner: role('lambda', statement('s3:*', '*')),
  Chooser: {
    Type: 'AWS::AppSync::DataSource',
    Properties: { ApiId: 'api', Name: 'cases', Type: 'AMAZON_DYNAMODB', ServiceRoleArn: arnOf('ReaderAgain') },
  },
  Nightly: {
    Type: 'AWS::Events::Rule',
    Properties: {
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Id: 'state', Arn: `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:night`, RoleArn: arnOf('ReaderAgain') }],
    },
  },
  Warehouse: {
    Type: 'AWS::Redshift::Cluster',
    ...kept,
    Properties: { ClusterType: 'single-node', DBName: 'cases', MasterUsername: 'owner', NodeType: 'ra3.large', IamRoles: [] },
  },
  Delivery: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: { ExtendedS3DestinationConfiguration: { BucketARN: arnOf('Records'), RoleARN: arnOf('Reader') } },
  },
  Questions: {
    Type: 'AWS::Athena::WorkGroup',
    Properties: {
      Name: 'questions',
      WorkGroupConfiguration: { ResultConfiguration: { OutputLocation: sub('s3://${Records}/answers') } },
    },
  },
  OnlyRefuses: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: ref('Records'), PolicyDocument: policy(KEEP, OUTSIDE) },
  },
  Code: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Code: { ZipFile: 'exports.handler = () => {}' },
      Role: arnOf('Reader'),
      Environment: { Variables: { STORE: ref('Records') } },
    },
  },
  Team: {
    Type: 'AWS::IAM::Group',
    Properties: { Policies: [{ PolicyName: 'team', PolicyDocument: policy(statement('s3:GetObject', sub('${Records.Arn}/*'))) }] },
  },
  Catalogue: {
    Type: 'AWS::Glue::Database',
    Properties: { CatalogId: ACCOUNT, DatabaseInput: { Name: 'cases', CreateTableDefaultPermissions: [] } },
  },
  Location: {
    Type: 'AWS::LakeFormation::Resource',
    Properties: { ResourceArn: arnOf('Records'), UseServiceLinkedRole: true, HybridAccessEnabled: false },
  },
  Opener: {
    Type: 'Custom::OpenSearchAccessPolicy',
    Properties: {
      ServiceToken: `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:calls`,
      Update: call(`arn:aws:iam::${ACCOUNT}:role/App`),
    },
  },
  Search: { Type: 'AWS::OpenSearchService::Domain', ...kept, Properties: { EngineVersion: 'OpenSearch_2.19' } },
};

/** As the CDK writes it: a policy as text, inside of text. */
function call(who: string): object {
  const AccessPolicies = JSON.stringify(policy({ Effect: 'Allow', Principal: { AWS: who }, Action: 'es:ESHttp*', Resource: '*' }));
  return sub(
    JSON.stringify({ service: 'OpenSearch', action: 'updateDomainConfig', parameters: { DomainName: '@', AccessPolicies } }).replace(
      '"@"',
      '"${Search}"',
    ),
  );
}

const of = awsWith;
const named = <T>(written: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(written).map(([name, pair]) => [`as found, ${name}`, pair]));

const ADMIN = `arn:aws:iam::${ACCOUNT}:role/platform-admin`;
const foreign = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:${OTHER}:${rest}`;

// ── Moved ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const without = (name: string, resources: Resources): Resources =>
  Object.fromEntries(Object.entries(resources).filter(([id]) => id !== name));
const split = (moved: string): State => ({
  stacks: { cases: without(moved, MOVING), work: { ...WORK, [moved]: MOVING[moved] as object } },
});
const MOVING: Resources = {
  Records: BASE.Records as object,
  Adopted: { Type: 'AWS::S3::Bucket', ...kept, Properties: { BucketName: 'case-adopted' } },
  Alarm: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'alarm' } },
};
const WORK: Resources = { Work: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'work' } } };
const TOGETHER: State = { stacks: { cases: MOVING, work: WORK } };

// ── Serverless ─────────────────────────────────────────────────────────────────────────────────────────────────────

const serverless = (Properties: object): State => ({
  sections: { Transform: 'AWS::Serverless-2016-10-31' },
  stacks: {
    cases: {
      Cases: BASE.Cases as object,
      Reader: BASE.ReaderAgain as object,
      Owner: BASE.Owner as object,
      Records: BASE.Records as object,
      Night: { Type: 'AWS::Serverless::Function', Properties: { Handler: 'index.handler', Runtime: 'nodejs22.x', ...Properties } },
    },
  },
});
const WRITTEN = policy(
  statement(
    ['dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:DescribeTable'],
    [arnOf('Cases'), sub('${Cases.Arn}/index/*')],
  ),
);

const pair = (before: State, after: State, telling: Pick<Weakening, 'about' | 'naming' | 'boundary'>): Weakening => ({
  before,
  after,
  ...telling,
});

export const HUNTED_WEAKENINGS: Readonly<Record<string, Weakening>> = named({
  ...weakenings(of, BASE, {
    'a policy that only refuses lets deletion through': ['access: Records', { 'OnlyRefuses.PolicyDocument.Statement.0': GONE }],
    'a policy that only refuses goes away': ['access: Records', { OnlyRefuses: GONE }],
    'a policy that only refuses makes an exception': [
      'access: Records',
      { 'OnlyRefuses.PolicyDocument.Statement.0.Condition': { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/tidy` } } },
    ],
    'a policy gives two stores and a queue at once': [
      'access: Cases',
      {
        'Same.Policies': [
          {
            PolicyName: 'own',
            PolicyDocument: policy(
              statement(['s3:GetObject', 's3:DeleteObject'], sub('${Records.Arn}/*')),
              statement('dynamodb:GetItem', arnOf('Cases')),
              statement('sqs:SendMessage', arnOf('Jobs')),
            ),
          },
        ],
      },
    ],
    'a data source acts as another role': ['access: Owner', { 'Chooser.ServiceRoleArn': arnOf('Owner') }],
    'a data source acts as a role of elsewhere': ['access: platform-admin', { 'Chooser.ServiceRoleArn': ADMIN }],
    'a rule acts as another role on its target': ['access: Owner', { 'Nightly.Targets.0.RoleArn': arnOf('Owner') }],
    'a warehouse acts as a role': ['access: Owner', { 'Warehouse.IamRoles': [arnOf('Owner')] }],
    'a stream delivers to a bucket of whomever': [
      'access: someone-else',
      { 'Delivery.ExtendedS3DestinationConfiguration.BucketARN': 'arn:aws:s3:::someone-else' },
    ],
    'results go to a bucket of whomever': [
      'access: other-bucket',
      { 'Questions.WorkGroupConfiguration.ResultConfiguration.OutputLocation': 's3://other-bucket/x' },
    ],
    'a bucket is copied to one of whomever': [
      'access: somewhere',
      {
        'Records.ReplicationConfiguration': {
          Role: arnOf('Reader'),
          Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::somewhere' } }],
        },
      },
    ],
    'a topic of somebody else hears of objects': [
      'access: Records [organisation]',
      { 'Records.NotificationConfiguration': { TopicConfigurations: [{ Event: 's3:ObjectCreated:*', Topic: foreign('sns', 'in') }] } },
    ],
    'data is copied to the place of somebody else': [
      'access: Sync [organisation]',
      {
        Sync: {
          Type: 'AWS::DataSync::Task',
          Properties: {
            SourceLocationArn: `arn:aws:datasync:eu-central-1:${ACCOUNT}:location/loc-1`,
            DestinationLocationArn: foreign('datasync', 'location/loc-2'),
          },
        },
      },
    ],
    'somebody else sees the logs': [
      'access: Logs [organisation]',
      {
        Link: { Type: 'AWS::Oam::Link', Properties: { ResourceTypes: ['AWS::Logs::LogGroup'], SinkIdentifier: foreign('oam', 'sink/a') } },
      },
    ],
    'a function takes the layer of somebody else': [
      'access: helper [organisation]',
      { 'Code.Layers': [foreign('lambda', 'layer:helper:3')] },
    ],
    'a function stores in a bucket of whomever': ['access: someone-else', { 'Code.Environment.Variables.STORE': 'someone-else' }],
    'a topic writes to a mailbox of anybody': [
      'access: gmail [internet]',
      { Mail: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('News'), Protocol: 'email', Endpoint: 'someone@gmail.com' } } },
    ],
    'a location is open to whoever IAM lets in': ['access: Records', { 'Location.HybridAccessEnabled': true }],
    'new tables are open to whoever IAM lets in': [
      'access: Catalogue',
      {
        'Catalogue.DatabaseInput.CreateTableDefaultPermissions': [
          { Permissions: ['ALL'], Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' } },
        ],
      },
    ],
    'a user of elsewhere joins a group': [
      'access: bob',
      { Joining: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: ref('Team'), Users: ['bob'] } } },
    ],
    'a call opens a domain to everyone': ['access: everyone [internet]', { 'Opener.Update': call('*') }],
    'a call changes who is let in': [
      'access: Records',
      {
        Other: {
          Type: 'Custom::AWS',
          Properties: {
            ServiceToken: 'calls',
            Create: sub('{"service":"S3","action":"deletePublicAccessBlock","parameters":{"Bucket":"${Records}"}}'),
          },
        },
      },
    ],
  }),
  'a bucket is moved to another stack': pair(TOGETHER, split('Records'), { about: ['data'], naming: 'work' }),
  'a function without a name acts as another role': pair(serverless({ Role: arnOf('Reader') }), serverless({ Role: arnOf('Owner') }), {
    about: ['access'],
    naming: 'Owner',
  }),
  'a template lets a function write': pair(
    serverless({ Policies: [{ DynamoDBReadPolicy: { TableName: ref('Cases') } }] }),
    serverless({ Policies: [{ DynamoDBCrudPolicy: { TableName: ref('Cases') } }] }),
    { about: ['access'], naming: 'Cases' },
  ),
});

const ARNS: Changes = {
  Reader: role(
    'lambda',
    statement('s3:GetObject', sub('arn:aws:s3:::${Records}/*')),
    statement('s3:GetObject', 'arn:aws:s3:::case-lake/open/*'),
    statement(
      ['dynamodb:GetItem', 'dynamodb:Query'],
      [
        sub('arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Cases}'),
        sub(`arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/\${Cases}/index/*`),
      ],
    ),
    statement('sqs:SendMessage', sub('arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs.QueueName}')),
    statement('sns:Publish', {
      'Fn::Join': [':', ['arn:aws:sns', ref('AWS::Region'), ref('AWS::AccountId'), { 'Fn::GetAtt': ['News', 'TopicName'] }]],
    }),
    statement('kms:Decrypt', sub('arn:aws:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}')),
    statement('logs:PutLogEvents', sub('arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Notes}:*')),
  ),
};

export const HUNTED_HARMLESS: Readonly<Record<string, Harmless>> = named({
  ...harmless(of, BASE, {
    'ARNs are put together from names': ARNS,
    'refusals change places and are written as two': {
      'OnlyRefuses.PolicyDocument': policy(OUTSIDE, { ...KEEP, Action: 's3:DeleteObject' }, { ...KEEP, Action: 's3:DeleteObject?*' }),
    },
    'a reader tells about itself': {
      'Same.Policies': [
        {
          PolicyName: 'own',
          PolicyDocument: policy(
            statement('s3:GetObject', sub('${Records.Arn}/*')),
            statement(['cloudwatch:PutMetricData', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
          ),
        },
      ],
    },
    'a bucket of ours tells a topic': {
      Told: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          Topics: [ref('News')],
          PolicyDocument: policy({
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: ref('News'),
            Condition: { ArnLike: { 'aws:SourceArn': arnOf('Records') } },
          }),
        },
      },
    },
    'a data source acts as an equal role': { 'Chooser.ServiceRoleArn': arnOf('Same') },
    'a role is named by its ARN': { 'Chooser.ServiceRoleArn': sub('arn:aws:iam::${AWS::AccountId}:role/${ReaderAgain}') },
    'a stream delivers to a bucket by its name': {
      'Delivery.ExtendedS3DestinationConfiguration.BucketARN': sub('arn:aws:s3:::${Records}'),
    },
    'results go to another folder': { 'Questions.WorkGroupConfiguration.ResultConfiguration.OutputLocation': sub('s3://${Records}/more') },
    'a topic writes to people of ours': {
      Mail: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('News'), Protocol: 'email', Endpoint: 'cases@example.com' } },
    },
    'our own layer': { 'Code.Layers': [`arn:aws:lambda:eu-central-1:${ACCOUNT}:layer:helper:3`] },
    'a call says who is let in in another order': {
      'Opener.Update': sub(
        JSON.stringify({
          action: 'updateDomainConfig',
          service: 'OpenSearch',
          parameters: {
            AccessPolicies: JSON.stringify({
              Statement: [
                { Resource: '*', Action: ['es:ESHttp*'], Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/App` }, Effect: 'Allow' },
              ],
              Version: '2012-10-17',
            }),
            DomainName: '@',
          },
        }).replace('"@"', '"${Search}"'),
      ),
    },
  }),
  'a store that is kept and named is moved': { before: TOGETHER, after: split('Adopted') },
  'a topic is moved': { before: TOGETHER, after: split('Alarm') },
  'a template is written out': {
    before: serverless({ Policies: [{ DynamoDBReadPolicy: { TableName: ref('Cases') } }] }),
    after: serverless({ Policies: [WRITTEN] }),
  },
});
