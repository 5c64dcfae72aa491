/** What APIs, browsers and publishers are held to on AWS, what single backups, alarms and notifications lose; and what only looks alike. */
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type Weakening, weakenings } from './pair';

const ref = (Ref: string) => ({ Ref });
const att = (...path: readonly [string, string]) => ({ 'Fn::GetAtt': path });
const vault = (name: string, account = ACCOUNT) => `arn:aws:backup:eu-west-1:${account}:backup-vault:${name}`;
const group = (name: string, account = ACCOUNT) => `arn:aws:logs:eu-central-1:${account}:log-group:${name}`;
const profile = (account: string) => `arn:aws:signer:eu-central-1:${account}:/signing-profiles/release/abc`;

const API: Resources = {
  Api: { Type: 'AWS::AppSync::GraphQLApi', Properties: { Name: 'cases', AuthenticationType: 'AWS_IAM' } },
  Cases: { Type: 'AWS::AppSync::DataSource', Properties: { ApiId: att('Api', 'ApiId'), Name: 'Cases', Type: 'AMAZON_DYNAMODB' } },
  People: { Type: 'AWS::AppSync::DataSource', Properties: { ApiId: att('Api', 'ApiId'), Name: 'People', Type: 'AMAZON_DYNAMODB' } },
  MayRead: {
    Type: 'AWS::AppSync::FunctionConfiguration',
    Properties: { ApiId: att('Api', 'ApiId'), Name: 'MayRead', DataSourceName: att('Cases', 'Name'), Code: 'ask()' },
  },
  Read: {
    Type: 'AWS::AppSync::FunctionConfiguration',
    Properties: { ApiId: att('Api', 'ApiId'), Name: 'Read', DataSourceName: att('Cases', 'Name'), Code: 'read()' },
  },
  GetCase: {
    Type: 'AWS::AppSync::Resolver',
    Properties: {
      ApiId: att('Api', 'ApiId'),
      TypeName: 'Query',
      FieldName: 'getCase',
      Kind: 'PIPELINE',
      PipelineConfig: { Functions: [att('MayRead', 'FunctionId'), att('Read', 'FunctionId')] },
      Code: 'answer()',
    },
  },
};

const HEADERS = 'Headers.ResponseHeadersPolicyConfig.SecurityHeadersConfig';
const EDGE: Resources = {
  Headers: {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: 'cases',
        SecurityHeadersConfig: {
          ContentSecurityPolicy: {
            ContentSecurityPolicy: "default-src 'self'; object-src 'none'; frame-ancestors 'none'; script-src 'self' 'nonce-abc'",
            Override: true,
          },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: true },
          ReferrerPolicy: { ReferrerPolicy: 'no-referrer', Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Override: true },
        },
      },
    },
  },
  Refusals: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: {
      ResponseType: 'DEFAULT_4XX',
      RestApiId: 'abc',
      ResponseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'https://cases.example.com'" },
    },
  },
  Signed: {
    Type: 'AWS::Lambda::CodeSigningConfig',
    Properties: {
      AllowedPublishers: { SigningProfileVersionArns: [profile(ACCOUNT)] },
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
    },
  },
  Firewall: {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      DefaultAction: { Allow: {} },
      Scope: 'REGIONAL',
      VisibilityConfig: { CloudWatchMetricsEnabled: true, MetricName: 'all', SampledRequestsEnabled: true },
      DataProtectionConfig: {
        DataProtections: [
          { Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['authorization', 'cookie'] } },
          { Action: 'SUBSTITUTION', Field: { FieldType: 'QUERY_STRING' } },
        ],
      },
    },
  },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: 'abc',
      StageName: 'live',
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 }],
    },
  },
  Callers: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: { RestApiId: 'abc', Type: 'TOKEN', Name: 'callers', AuthorizerUri: 'arn:x', AuthorizerResultTtlInSeconds: 60 },
  },
  Links: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'code', S3Key: 'links.zip' },
      Handler: 'index.handler',
      Role: `arn:aws:iam::${ACCOUNT}:role/links`,
      Runtime: 'nodejs22.x',
      Environment: { Variables: { NODE_OPTIONS: '--enable-source-maps' } },
    },
  },
};

const KEEPING: Resources = {
  Backup: {
    Type: 'AWS::Backup::BackupPlan',
    Properties: {
      BackupPlan: {
        BackupPlanName: 'cases',
        BackupPlanRule: ['daily', 'monthly'].map((RuleName) => ({
          RuleName,
          TargetBackupVault: 'cases',
          ScheduleExpression: RuleName === 'daily' ? 'cron(0 1 * * ? *)' : 'cron(0 1 1 * ? *)',
          Lifecycle: { DeleteAfterDays: 35 },
          CopyActions: [{ DestinationBackupVaultArn: vault('cases'), Lifecycle: { DeleteAfterDays: 90 } }],
        })),
      },
    },
  },
  SignIns: {
    Type: 'AWS::Cognito::LogDeliveryConfiguration',
    Properties: {
      UserPoolId: 'eu-central-1_abc',
      LogConfigurations: [
        { EventSource: 'userAuthEvents', LogLevel: 'INFO', CloudWatchLogsConfiguration: { LogGroupArn: group('sign-ins') } },
        { EventSource: 'userNotification', LogLevel: 'ERROR', CloudWatchLogsConfiguration: { LogGroupArn: group('sign-ins') } },
      ],
    },
  },
  Source: {
    Type: 'AWS::Logs::DeliverySource',
    Properties: { Name: 'requests', LogType: 'ACCESS_LOGS', ResourceArn: `arn:aws:cloudfront::${ACCOUNT}:distribution/ABC` },
  },
  Place: { Type: 'AWS::Logs::DeliveryDestination', Properties: { Name: 'requests', DestinationResourceArn: group('requests') } },
  Delivery: {
    Type: 'AWS::Logs::Delivery',
    Properties: {
      DeliverySourceName: ref('Source'),
      DeliveryDestinationArn: att('Place', 'Arn'),
      RecordFields: ['date', 'c-ip', 'cs-uri-stem'],
    },
  },
  Scan: {
    Type: 'AWS::GuardDuty::MalwareProtectionPlan',
    Properties: {
      Role: `arn:aws:iam::${ACCOUNT}:role/scan`,
      ProtectedResource: { S3Bucket: { BucketName: 'files', ObjectPrefixes: ['in/', 'out/'] } },
    },
  },
  Everything: {
    Type: 'AWS::GuardDuty::MalwareProtectionPlan',
    Properties: { Role: `arn:aws:iam::${ACCOUNT}:role/scan`, ProtectedResource: { S3Bucket: { BucketName: 'mails' } } },
  },
  Files: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'files',
      NotificationConfiguration: {
        EventBridgeConfiguration: {},
        LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:scan` }],
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' },
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          },
        ],
      },
    },
  },
  Failures: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/Backup',
      MetricName: 'NumberOfBackupJobsFailed',
      ComparisonOperator: 'GreaterThanThreshold',
      Statistic: 'Maximum',
      EvaluationPeriods: 1,
      Period: 300,
      Threshold: 0,
      AlarmActions: [`arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`],
    },
  },
  Findings: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.guardduty'] },
      Targets: [
        {
          Id: 'alerts',
          Arn: `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`,
          DeadLetterConfig: { Arn: `arn:aws:sqs:eu-central-1:${ACCOUNT}:undelivered` },
        },
      ],
    },
  },
};

const rule = (CidrIp: string, port: number, to = port) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: to, CidrIp });
const GROUPS: Resources = {
  Workers: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'workers', VpcId: 'vpc-1', SecurityGroupIngress: [rule('10.1.0.0/16', 443), rule('10.2.0.0/16', 443)] },
  },
  FromOps: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: att('Workers', 'GroupId'), ...rule('10.9.1.0/24', 8443) } },
};

const PLAN = 'Backup.BackupPlan.BackupPlanRule';
const FUNCTIONS = 'GetCase.PipelineConfig.Functions';
const CSP = `${HEADERS}.ContentSecurityPolicy.ContentSecurityPolicy`;

export const EDGE_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(awsWith, API, {
    'a field no longer runs the step that asks whether the caller may': [
      'access: the resolver of Query.getCase no longer runs',
      { [FUNCTIONS]: [att('Read', 'FunctionId')] },
    ],
    'a field reads before it asks': [
      'access: the resolver of Query.getCase runs its steps in another order',
      { [FUNCTIONS]: [att('Read', 'FunctionId'), att('MayRead', 'FunctionId')] },
    ],
    'a step reads another source': ['access: the data source People instead of', { 'Read.DataSourceName': att('People', 'Name') }],
  }),
  ...weakenings(awsWith, EDGE, {
    'browsers are no longer told to believe types': ['exposure: X-Content-Type-Options', { [`${HEADERS}.ContentTypeOptions`]: GONE }],
    'pages may run inline code': [
      "exposure: script-src 'unsafe-inline'",
      { [CSP]: "default-src 'self'; object-src 'none'; frame-ancestors 'none'; script-src 'self' 'unsafe-inline'" },
    ],
    'pages may be framed by everybody': ['exposure: frame-ancestors *', { [CSP]: "default-src 'self'; object-src 'none'" }],
    'names below may be spoken to in clear': [
      'exposure: names below its own',
      { [`${HEADERS}.StrictTransportSecurity.IncludeSubdomains`]: false },
    ],
    'refusals may be read by every page': [
      'exposure: now *',
      { 'Refusals.ResponseParameters': { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" } },
    ],
    'code of another publisher is taken': [
      'controls: 999988887777',
      { 'Signed.AllowedPublishers.SigningProfileVersionArns': [profile(ACCOUNT), profile('999988887777')] },
    ],
    'records of a firewall show cookies': [
      'logging: the single header cookie',
      { 'Firewall.DataProtectionConfig.DataProtections.0.Field.FieldKeys': ['authorization'] },
    ],
    'records of a firewall show everything': ['logging: the query string', { 'Firewall.DataProtectionConfig': GONE }],
    'more calls in a second pass': ['exposure: from 100 calls to 5000 calls', { 'Stage.MethodSettings.0.ThrottlingRateLimit': 5000 }],
    'no limit of calls is set': ['exposure: from 100 calls to 10000 calls', { 'Stage.MethodSettings': GONE }],
    'a decision about a caller holds longer': ['access: from 60 seconds to 3600', { 'Callers.AuthorizerResultTtlInSeconds': 3600 }],
    'other code runs first': [
      'controls: --require /opt/agent.js',
      { 'Links.Environment.Variables.NODE_OPTIONS': '--enable-source-maps --require /opt/agent.js' },
    ],
  }),
  ...weakenings(awsWith, GROUPS, {
    'a group lets in a wider private range': [
      'exposure: now lets 10.0.0.0/8 in on tcp 443',
      { 'Workers.SecurityGroupIngress': [rule('10.0.0.0/8', 443), rule('10.0.0.0/8', 443)] },
    ],
    'a group lets a private range in on more ports': [
      'exposure: 10.1.0.0/16',
      { 'Workers.SecurityGroupIngress': [rule('10.1.0.0/16', 443, 450), rule('10.2.0.0/16', 443)] },
    ],
    'a rule of its own lets in another private range': ['exposure: 10.9.0.0/23', { 'FromOps.CidrIp': '10.9.0.0/23' }],
  }),
  ...weakenings(awsWith, KEEPING, {
    'one of two rules no longer copies elsewhere': ['data: only 1 of its rules copies', { [`${PLAN}.1.CopyActions`]: GONE }],
    'copies are kept for less time': [
      'data: the retention of its copies',
      { [`${PLAN}.0.CopyActions.0.Lifecycle.DeleteAfterDays`]: 7, [`${PLAN}.1.CopyActions.0.Lifecycle.DeleteAfterDays`]: 7 },
    ],
    'a rule fills another vault': ['data: Default instead of cases', { [`${PLAN}.0.TargetBackupVault`]: 'Default' }],
    'only failures of sign-ins are recorded': ['logging: only failures', { 'SignIns.LogConfigurations.0.LogLevel': 'ERROR' }],
    'sign-ins are recorded in another account': [
      'logging: no longer userAuthEvents',
      { 'SignIns.LogConfigurations.0.CloudWatchLogsConfiguration.LogGroupArn': group('x', '999988887777') },
    ],
    'delivered records go to another account': [
      'logging: 999988887777 [organisation]',
      { 'Place.DestinationResourceArn': group('x', '999988887777') },
    ],
    'delivered records leave the address out': ['logging: no longer c-ip', { 'Delivery.RecordFields': ['date', 'cs-uri-stem'] }],
    'records are delivered nowhere': ['logging: delivered nowhere', { Delivery: GONE }],
    'a part of a bucket is no longer scanned': [
      'detection: only objects below in/',
      { 'Scan.ProtectedResource.S3Bucket.ObjectPrefixes': ['in/'] },
    ],
    'only a part of a bucket is scanned': [
      'detection: only objects below safe/',
      { 'Everything.ProtectedResource.S3Bucket.ObjectPrefixes': ['safe/'] },
    ],
    'a bucket no longer tells what scans': ['detection: function:scan', { 'Files.NotificationConfiguration.LambdaConfigurations': GONE }],
    'rules no longer hear of a bucket': ['detection: EventBridge', { 'Files.NotificationConfiguration.EventBridgeConfiguration': GONE }],
    'callers may bring keys of their own': [
      'encryption: SSE-C',
      { 'Files.BucketEncryption.ServerSideEncryptionConfiguration.0.BlockedEncryptionTypes': GONE },
    ],
    'an alarm counts the lowest value': ['detection: Minimum instead of Maximum', { 'Failures.Statistic': 'Minimum' }],
    'undelivered events are lost': ['detection: no longer kept', { 'Findings.Targets.0.DeadLetterConfig': GONE }],
  }),
};

export const EDGE_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(awsWith, API, {
    'a field takes one step more': {
      Count: {
        Type: 'AWS::AppSync::FunctionConfiguration',
        Properties: { ApiId: att('Api', 'ApiId'), Name: 'Count', DataSourceName: att('Cases', 'Name'), Code: 'count()' },
      },
      [FUNCTIONS]: [att('MayRead', 'FunctionId'), att('Count', 'FunctionId'), att('Read', 'FunctionId')],
    },
    'a source is named instead of referred to': { 'Read.DataSourceName': 'Cases' },
  }),
  ...harmless(awsWith, EDGE, {
    'a nonce is another one': { [CSP]: "default-src 'self'; object-src 'none'; frame-ancestors 'none'; script-src 'self' 'nonce-xyz'" },
    'directives stand in another order, and one is what it falls back to': {
      [CSP]: "script-src 'nonce-abc' 'self'; frame-ancestors 'none'; img-src 'self'; default-src 'self'; object-src 'none'",
    },
    'frames are forbidden once instead of twice': { [`${HEADERS}.FrameOptions`]: GONE },
    'fewer calls in a second pass': { 'Stage.MethodSettings.0.ThrottlingRateLimit': 50 },
    'options of a runtime load nothing': { 'Links.Environment.Variables.NODE_OPTIONS': '--enable-source-maps --max-old-space-size=400' },
    'records hide more': {
      'Firewall.DataProtectionConfig.DataProtections.0.Field.FieldKeys': ['cookie', 'x-token', 'authorization'],
    },
  }),
  ...harmless(awsWith, GROUPS, {
    'two private ranges are written as one': {
      'Workers.SecurityGroupIngress': [rule('10.2.0.0/16', 443), rule('10.1.0.0/17', 443), rule('10.1.128.0/17', 443)],
    },
    'a rule of its own is written in its group': {
      FromOps: GONE,
      'Workers.SecurityGroupIngress': [rule('10.9.1.0/24', 8443), rule('10.1.0.0/16', 443), rule('10.2.0.0/16', 443)],
    },
    'a group lets in fewer': { 'Workers.SecurityGroupIngress': [rule('10.1.4.0/24', 443)] },
  }),
  ...harmless(awsWith, KEEPING, {
    'rules of a backup stand in another order': {
      'Backup.BackupPlan.BackupPlanRule': (
        KEEPING.Backup as { Properties: { BackupPlan: { BackupPlanRule: object[] } } }
      ).Properties.BackupPlan.BackupPlanRule.slice().reverse(),
    },
    'copies are kept for longer': {
      [`${PLAN}.0.CopyActions.0.Lifecycle.DeleteAfterDays`]: 365,
      [`${PLAN}.1.CopyActions.0.Lifecycle.DeleteAfterDays`]: 365,
    },
    'everything is scanned instead of two parts': { 'Scan.ProtectedResource.S3Bucket.ObjectPrefixes': GONE },
    'what is recorded stands in another order': {
      'Delivery.RecordFields': ['cs-uri-stem', 'date', 'c-ip', 'cs-method'],
      'SignIns.LogConfigurations.1.LogLevel': 'INFO',
    },
    'a switch says what holds without it': { 'Files.NotificationConfiguration.EventBridgeConfiguration': { EventBridgeEnabled: true } },
  }),
};
