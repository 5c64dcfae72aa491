/** What a second tester found: policies that workloads run with, patterns that hold what was named, data that goes elsewhere by itself. */
import { arn, policy, ref, statement } from './aws-base';
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type State, type Weakening, weakenings } from './pair';

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
const QUEUE = `arn:aws:sqs:eu-central-1:${OTHER_ACCOUNT}:q`;
const FOREIGN = `arn:aws:lambda:eu-central-1:${OTHER_ACCOUNT}:function:e`;
const task = (state: object) => JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', ...state, End: true } } });
const typed = (Type: string, Properties: object) => ({ Type, Properties });
/** What sends by itself. */
const SENDING: Resources = {
  Work: BASE.Work as object,
  Worker: BASE.Worker as object,
  Cases: BASE.Cases as object,
  Docs: { ...typed('AWS::S3::Bucket', { LoggingConfiguration: { DestinationBucketName: ref('Lines'), LogFilePrefix: 'docs/' } }), ...kept },
  Lines: {
    ...typed('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
    }),
    ...kept,
  },
  Mine: typed('AWS::SQS::Queue', {}),
  Rule: typed('AWS::Events::Rule', { EventPattern: { source: ['cases'] }, Targets: [{ Id: 'q', Arn: arn('Mine') }] }),
  Crm: typed('AWS::Events::ApiDestination', {
    ConnectionArn: 'arn:aws:events:eu-central-1:111122223333:connection/c/1',
    HttpMethod: 'POST',
    InvocationEndpoint: 'https://crm.example.com/in',
  }),
  Called: typed('AWS::Events::Rule', { EventPattern: { source: ['calls'] }, Targets: [{ Id: 'c', Arn: arn('Crm') }] }),
  Pipe: typed('AWS::Pipes::Pipe', { RoleArn: arn('Worker'), Source: arn('Mine'), Target: arn('Work') }),
  Daily: typed('AWS::Scheduler::Schedule', {
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: 'rate(1 day)',
    Target: { Arn: arn('Work'), RoleArn: arn('Worker') },
  }),
  Flow: typed('AWS::StepFunctions::StateMachine', {
    RoleArn: arn('Worker'),
    DefinitionString: task({ Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'work' } }),
  }),
  Api: typed('AWS::ApiGatewayV2::Api', { Name: 'cases', ProtocolType: 'HTTP' }),
  Calls: typed('AWS::ApiGatewayV2::Integration', {
    ApiId: ref('Api'),
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: arn('Work'),
    PayloadFormatVersion: '2.0',
  }),
  Things: typed('AWS::IoT::TopicRule', {
    TopicRulePayload: { Sql: 'SELECT 1', Actions: [{ S3: { BucketName: ref('Docs'), Key: 'k', RoleArn: arn('Worker') } }] },
  }),
  Tasks: typed('AWS::ECS::TaskDefinition', {
    ContainerDefinitions: [
      {
        Name: 'main',
        Image: 'x',
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'cases', 'awslogs-region': 'eu-central-1' } },
      },
    ],
  }),
  Mails: typed('AWS::SES::ReceiptRule', { RuleSetName: 'r', Rule: { Actions: [{ S3Action: { BucketName: ref('Docs') } }] } }),
  Leads: typed('AWS::AppFlow::Flow', {
    DestinationFlowConfigList: [{ ConnectorType: 'S3', DestinationConnectorProperties: { S3: { BucketName: ref('Docs') } } }],
  }),
  Www: typed('AWS::Route53::RecordSet', {
    HostedZoneId: 'Z1',
    Name: 'www.example.com.',
    Type: 'CNAME',
    TTL: '60',
    ResourceRecords: ['a.example.com'],
  }),
  Agent: typed('AWS::Bedrock::Agent', { AgentName: 'a', FoundationModel: 'eu.anthropic.claude-3-5-sonnet-20240620-v1:0' }),
  Db: { ...typed('AWS::RDS::DBInstance', { StorageEncrypted: true, BackupRetentionPeriod: 30 }), ...kept },
  AppUser: typed('AWS::ElastiCache::User', {
    UserId: 'app',
    UserName: 'app',
    Engine: 'redis',
    AccessString: 'on ~app:* -@all +@read +@write',
  }),
  Mount: typed('AWS::EFS::AccessPoint', { FileSystemId: 'fs-1', PosixUser: { Uid: '1000', Gid: '1000' }, RootDirectory: { Path: '/app' } }),
  Cluster: { ...typed('AWS::RDS::DBCluster', { Engine: 'aurora-postgresql', StorageEncrypted: true }), ...kept },
  Broker: { ...typed('AWS::MSK::Cluster', { ClientAuthentication: { Sasl: { Iam: { Enabled: true } } } }), ...kept },
  Flows: typed('AWS::EC2::FlowLog', { ResourceId: 'vpc-1', ResourceType: 'VPC', TrafficType: 'ALL', LogGroupName: 'flows' }),
  House: { ...typed('AWS::Redshift::Cluster', { ClusterType: 'single-node' }), ...kept },
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
  ...weakenings(awsWith, SENDING, {
    'hunted more: results of a function go to another account': [
      'access: 444455556666 [organisation]',
      {
        Sends: typed('AWS::Lambda::EventInvokeConfig', {
          FunctionName: ref('Work'),
          Qualifier: '$LATEST',
          DestinationConfig: { OnSuccess: { Destination: QUEUE } },
        }),
      },
    ],
    'hunted more: events that fail go to another account': [
      'access: 444455556666 [organisation]',
      { 'Work.DeadLetterConfig': { TargetArn: QUEUE } },
    ],
    'hunted more: what is read fails into another account': [
      'access: 444455556666 [organisation]',
      {
        Reads: typed('AWS::Lambda::EventSourceMapping', {
          FunctionName: ref('Work'),
          EventSourceArn: arn('Mine'),
          DestinationConfig: { OnFailure: { Destination: QUEUE } },
        }),
      },
    ],
    'hunted more: a pipe leads to another account': ['access: 444455556666 [organisation]', { 'Pipe.Target': QUEUE }],
    'hunted more: another account changes what a pipe carries': ['access: 444455556666 [organisation]', { 'Pipe.Enrichment': FOREIGN }],
    'hunted more: a schedule calls another account': ['access: 444455556666 [organisation]', { 'Daily.Target.Arn': FOREIGN }],
    'hunted more: a state machine calls a host': [
      'access: x.vendor.example.net [internet]',
      {
        'Flow.DefinitionString': task({
          Resource: 'arn:aws:states:::http:invoke',
          Parameters: { ApiEndpoint: 'https://x.vendor.example.net/in', Method: 'POST' },
        }),
      },
    ],
    'hunted more: a state machine calls a host that its input names': [
      'access: only its input names',
      {
        'Flow.DefinitionString': task({
          Resource: 'arn:aws:states:::http:invoke',
          Parameters: { 'ApiEndpoint.$': '$.url', Method: 'POST' },
        }),
      },
    ],
    'hunted more: a state machine sends to another account': [
      'access: 444455556666 [organisation]',
      {
        'Flow.DefinitionString': task({
          Resource: 'arn:aws:states:::sqs:sendMessage',
          Parameters: { QueueUrl: `https://sqs.eu-central-1.amazonaws.com/${OTHER_ACCOUNT}/q` },
        }),
      },
    ],
    'hunted more: events go to a destination on the internet': [
      'access: crm.example.com [internet]',
      { 'Rule.Targets.1': { Id: 'c', Arn: arn('Crm') } },
    ],
    'hunted more: a destination is another host': [
      'access: crm.vendor.example.net [internet]',
      { 'Crm.InvocationEndpoint': 'https://crm.vendor.example.net/in' },
    ],
    'hunted more: requests are passed on to a host in clear text': [
      'access: api.vendor.example.net [internet]',
      { 'Calls.IntegrationType': 'HTTP_PROXY', 'Calls.IntegrationUri': 'http://api.vendor.example.net/cases' },
    ],
    'hunted more: messages of devices go to a host': [
      'access: x.vendor.example.net [internet]',
      { 'Things.TopicRulePayload.Actions.1': { Http: { Url: 'https://x.vendor.example.net/in' } } },
    ],
    'hunted more: messages of devices go to a bucket that nobody knows': [
      'access: vendor-things',
      { 'Things.TopicRulePayload.Actions.0.S3.BucketName': 'vendor-things' },
    ],
    'hunted more: the log of a task goes to a vendor': [
      'access: splunk.vendor.example.net [internet]',
      {
        'Tasks.ContainerDefinitions.0.LogConfiguration': {
          LogDriver: 'splunk',
          Options: { 'splunk-url': 'https://splunk.vendor.example.net:8088', 'splunk-insecureskipverify': 'true' },
        },
      },
    ],
    'hunted more: mails go to a bucket that nobody knows': [
      'access: vendor-mails',
      { 'Mails.Rule.Actions.0.S3Action.BucketName': 'vendor-mails' },
    ],
    'hunted more: a flow leads to a service of others': [
      'access: Salesforce [internet]',
      {
        'Leads.DestinationFlowConfigList.0': {
          ConnectorType: 'Salesforce',
          ConnectorProfileName: 'crm',
          DestinationConnectorProperties: { Salesforce: { Object: 'Lead' } },
        },
      },
    ],
    'hunted more: a name leads elsewhere': ['access: acme.vendor.example.net', { 'Www.ResourceRecords': ['acme.vendor.example.net'] }],
    'hunted more: backups are copied to another region': [
      'data: us-east-1 [residency]',
      { 'Db.AutomaticBackupReplicationRegion': 'us-east-1' },
    ],
    'hunted more: snapshots are copied to another region': ['data: us-east-1 [residency]', { 'House.DestinationRegion': 'us-east-1' }],
    'hunted more: a user of a cache may do everything': ['access: +@all', { 'AppUser.AccessString': 'on ~* +@all' }],
    'hunted more: a user of a cache is no longer held back': ['access: no -@all', { 'AppUser.AccessString': 'on ~app:* +@read +@write' }],
    'hunted more: whoever mounts files is root': ['access: root', { 'Mount.PosixUser': { Uid: '0', Gid: '0' } }],
    'hunted more: whoever mounts files sees all of them': ['access: instead of /app/', { 'Mount.RootDirectory.Path': '/' }],
    'hunted more: a cluster takes statements past its network': ['exposure: Data API', { 'Cluster.EnableHttpEndpoint': true }],
    'hunted more: clients of a broker sign in by password': [
      'access: by password',
      { 'Broker.ClientAuthentication.Sasl.Scram': { Enabled: true } },
    ],
    'hunted more: a bucket is no log of another one any more': ['logging: Docs', { 'Docs.LoggingConfiguration': GONE }],
    'hunted more: a flow log records less of each flow': ['logging: dstaddr', { 'Flows.LogFormat': '${version} ${account-id} ${action}' }],
    'hunted more: a model answers in America': [
      'data: US [residency]',
      { 'Agent.FoundationModel': 'us.anthropic.claude-3-5-sonnet-20240620-v1:0' },
    ],
    'hunted more: a model answers anywhere': [
      'data: any region of the world [residency]',
      { 'Agent.FoundationModel': 'global.anthropic.claude-3-5-sonnet-20240620-v1:0' },
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
  ...harmless(awsWith, SENDING, {
    'hunted more: events that fail go to a queue of ours': { 'Work.DeadLetterConfig': { TargetArn: arn('Mine') } },
    'hunted more: a pipe leads to a queue of ours': { 'Daily.Target.Arn': arn('Mine') },
    'hunted more: a state machine ends otherwise': {
      'Flow.DefinitionString': JSON.stringify({
        StartAt: 'A',
        States: {
          A: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'work' }, Next: 'B' },
          B: { Type: 'Succeed' },
        },
      }),
    },
    'hunted more: a user of a cache may do less': { 'AppUser.AccessString': 'on ~app:* -@all +@read' },
    'hunted more: rights of a user of a cache stand in another order': { 'AppUser.AccessString': 'on  ~app:* -@all +@write +@read' },
    'hunted more: whoever mounts files sees less of them': { 'Mount.RootDirectory.Path': '/app/in/' },
    'hunted more: a flow log says what it records anyway': {
      'Flows.LogFormat':
        '${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status} ${vpc-id}',
    },
    'hunted more: a destination has another path': { 'Crm.InvocationEndpoint': 'https://crm.example.com/v2/in' },
    'hunted more: a flow writes to another folder': {
      'Leads.DestinationFlowConfigList.0.DestinationConnectorProperties.S3.BucketPrefix': 'x',
    },
    'hunted more: a name leads to another host of the same domain': { 'Www.ResourceRecords': ['b.example.com'] },
    'hunted more: a new name leads to a vendor': {
      Verified: typed('AWS::Route53::RecordSet', {
        HostedZoneId: 'Z1',
        Name: '_x.example.com',
        Type: 'CNAME',
        TTL: '60',
        ResourceRecords: ['_y.acm-validations.aws'],
      }),
    },
    'hunted more: a newer model answers in the same place': { 'Agent.FoundationModel': 'eu.anthropic.claude-sonnet-4-20250514-v1:0' },
    'hunted more: backups are copied within the region': { 'House.DestinationRegion': 'eu-central-1' },
    'hunted more: the log of a task goes to another group': {
      'Tasks.ContainerDefinitions.0.LogConfiguration.Options.awslogs-stream-prefix': 'cases',
    },
  }),
  'hunted more: all tables that begin alike become the one table': {
    before: awsWith(BASE, { [`${GRANT}.0.Resource`]: `arn:aws:dynamodb:*:${ACCOUNT}:table/ca*` }) as State,
    after: awsWith(BASE),
  },
};
