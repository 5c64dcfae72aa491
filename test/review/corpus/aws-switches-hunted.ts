/** Single settings of services on AWS: what they record, mask, filter, encrypt and copy; and new resources that take nothing away. */
import { arn, policy, ref, STORES } from './aws-base';
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type State, type Weakening, weakenings } from './pair';

const selector = (Name: string, ...FieldSelectors: readonly object[]) => ({ Name, FieldSelectors });
const is = (Field: string, ...Equals: readonly string[]) => ({ Field, Equals });
const DATA = is('eventCategory', 'Data');

const TRAILS: Resources = {
  Advanced: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      IsLogging: true,
      S3BucketName: 'trails-of-the-organisation',
      AdvancedEventSelectors: [
        selector('management', is('eventCategory', 'Management')),
        selector('objects', DATA, is('resources.type', 'AWS::S3::Object')),
        selector('tables', DATA, is('resources.type', 'AWS::DynamoDB::Table'), { Field: 'resources.ARN', StartsWith: [arn('Cases')] }),
      ],
    },
  },
  Classic: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      IsLogging: true,
      S3BucketName: 'trails-of-the-organisation',
      EventSelectors: [
        { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] },
      ],
    },
  },
  Plain: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: 'trails-of-the-organisation' } },
  Cases: STORES.Cases as object,
  Key: STORES.Key as object,
  Findings: {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.guardduty'],
        'detail-type': ['GuardDuty Finding'],
        detail: { severity: [{ numeric: ['>=', 4] }], type: [{ prefix: 'UnauthorizedAccess:' }] },
      },
      Targets: [{ Id: 'alerts', Arn: `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts` }],
    },
  },
  Silence: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'Cases',
      MetricName: 'Heartbeat',
      Dimensions: [
        { Name: 'System', Value: 'cases' },
        { Name: 'Stage', Value: 'production' },
      ],
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 1,
      Period: 300,
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'breaching',
      AlarmActions: [`arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`],
    },
  },
  Masked: {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      RetentionInDays: 400,
      KmsKeyId: arn('Key'),
      DataProtectionPolicy: {
        Name: 'mask',
        Version: '2021-06-01',
        Statement: [
          {
            Sid: 'audit',
            DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/EmailAddress'],
            Operation: { Audit: { FindingsDestination: {} } },
          },
          {
            Sid: 'redact',
            DataIdentifier: [
              'arn:aws:dataprotection::aws:data-identifier/EmailAddress',
              'arn:aws:dataprotection::aws:data-identifier/Name',
            ],
            Operation: { Deidentify: { MaskConfig: {} } },
          },
        ],
      },
    },
  },
  Scans: {
    Type: 'AWS::GuardDuty::MalwareProtectionPlan',
    Properties: {
      Role: `arn:aws:iam::${ACCOUNT}:role/scans`,
      ProtectedResource: { S3Bucket: { BucketName: 'uploads' } },
      Actions: { Tagging: { Status: 'ENABLED' } },
    },
  },
  Firehose: {
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      DeliveryStreamType: 'DirectPut',
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: arn('Key') },
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::records-of-cases',
        RoleARN: `arn:aws:iam::${ACCOUNT}:role/delivery`,
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: ref('Masked'), LogStreamName: 'delivery' },
        EncryptionConfiguration: { KMSEncryptionConfig: { AWSKMSKeyARN: arn('Key') } },
      },
    },
  },
  MySql: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: {
      Family: 'mysql8.0',
      Description: 'cases',
      Parameters: { general_log: '1', server_audit_logging: 'ON', server_audit_events: 'CONNECT,QUERY', require_secure_transport: '1' },
    },
  },
  Postgres: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: {
      Family: 'postgres16',
      Description: 'cases',
      Parameters: { 'rds.force_ssl': '1', log_statement: 'ddl', 'pgaudit.log': 'ddl,write,role' },
    },
  },
  Warehouse: {
    Type: 'AWS::Redshift::ClusterParameterGroup',
    Properties: {
      Description: 'cases',
      ParameterGroupFamily: 'redshift-2.0',
      Parameters: [
        { ParameterName: 'require_ssl', ParameterValue: 'true' },
        { ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' },
      ],
    },
  },
};

const MANAGED = { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' };
const SEEN = { CloudWatchMetricsEnabled: true, MetricName: 'cases', SampledRequestsEnabled: true };
const managed = (more: object = {}, rest: object = {}) => ({
  Name: 'common',
  Priority: 1,
  OverrideAction: { None: {} },
  Statement: { ManagedRuleGroupStatement: { ...MANAGED, ...more } },
  VisibilityConfig: SEEN,
  ...rest,
});
const byAddress = (Name: string, Priority: number, action: string, list: string) => ({
  Name,
  Priority,
  Action: { [action]: {} },
  Statement: { IPSetReferenceStatement: { Arn: arn(list) } },
  VisibilityConfig: SEEN,
});
const addresses = (...Addresses: readonly string[]) => ({
  Type: 'AWS::WAFv2::IPSet',
  Properties: { Addresses, IPAddressVersion: 'IPV4', Scope: 'REGIONAL' },
});
const bypass = (Priority: number) => ({
  Name: 'bypass',
  Priority,
  Action: { Allow: {} },
  Statement: {
    ByteMatchStatement: {
      FieldToMatch: { SingleHeader: { Name: 'x-bypass' } },
      PositionalConstraint: 'EXACTLY',
      SearchString: 'open sesame',
      TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    },
  },
  VisibilityConfig: SEEN,
});

const ORIGIN = {
  Id: 'app',
  DomainName: 'app.example.com',
  CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
};
const EDGE: Resources = {
  Filter: {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Scope: 'REGIONAL',
      DefaultAction: { Block: {} },
      VisibilityConfig: SEEN,
      Rules: [managed(), byAddress('refused', 2, 'Block', 'Refused'), byAddress('office', 9, 'Allow', 'Office')],
    },
  },
  Refused: addresses('198.51.100.0/24', '203.0.113.7/32'),
  Office: addresses('192.0.2.0/24'),
  FilterLog: {
    Type: 'AWS::WAFv2::LoggingConfiguration',
    Properties: {
      ResourceArn: arn('Filter'),
      LogDestinationConfigs: [`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:aws-waf-logs-cases`],
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
    },
  },
  Allowed: { Type: 'AWS::Route53Resolver::FirewallDomainList', Properties: { Domains: ['*.amazonaws.com', 'api.example.com'] } },
  All: { Type: 'AWS::Route53Resolver::FirewallDomainList', Properties: { Domains: ['*'] } },
  NameFilter: {
    Type: 'AWS::Route53Resolver::FirewallRuleGroup',
    Properties: {
      FirewallRules: [
        { Priority: 1, Action: 'ALLOW', FirewallDomainListId: ref('Allowed') },
        { Priority: 2, Action: 'BLOCK', BlockResponse: 'NXDOMAIN', FirewallDomainListId: ref('All') },
      ],
    },
  },
  Network: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Validated: { Type: 'AWS::Route53Resolver::ResolverDNSSECConfig', Properties: { ResourceId: ref('Network') } },
  NoGateways: { Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: { InternetGatewayBlockMode: 'block-bidirectional' } },
  Site: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        Enabled: true,
        Origins: [ORIGIN],
        DefaultCacheBehavior: { TargetOriginId: 'app', ViewerProtocolPolicy: 'https-only', CachePolicyId: 'x' },
        ViewerCertificate: {
          AcmCertificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/x',
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
      },
    },
  },
  Rest: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'cases' } },
  Certificate: { Type: 'AWS::ApiGateway::ClientCertificate', Properties: {} },
  Deployed: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: ref('Rest') } },
  Live: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: ref('Rest'),
      DeploymentId: ref('Deployed'),
      StageName: 'live',
      ClientCertificateId: ref('Certificate'),
      CacheClusterEnabled: true,
      CacheClusterSize: '0.5',
      MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', CachingEnabled: true, CacheDataEncrypted: true }],
    },
  },
  Checked: {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { RestApiId: ref('Rest'), ValidateRequestBody: true, ValidateRequestParameters: true },
  },
};

const WORK: Resources = {
  ...Object.fromEntries(
    ['Key', 'Cases', 'Records', 'RecordsPolicy', 'AccessLogs', 'AccessLogsPolicy'].map((id) => [id, STORES[id] as object]),
  ),
  Copied: {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      ...(STORES.Records as { readonly Properties: object }).Properties,
      ReplicationConfiguration: {
        Role: `arn:aws:iam::${ACCOUNT}:role/copies`,
        Rules: [{ Id: 'all', Priority: 1, Status: 'Enabled', Destination: { Bucket: arn('AccessLogs') } }],
      },
      CorsConfiguration: { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://cases.example.com'] }] },
    },
  },
  Resize: {
    Type: 'AWS::Lambda::Function',
    Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: 'x' }, Role: `arn:aws:iam::${ACCOUNT}:role/resize` },
  },
  Orders: {
    Type: 'AWS::SQS::Queue',
    Properties: { KmsMasterKeyId: arn('Key'), RedrivePolicy: { deadLetterTargetArn: arn('Failed'), maxReceiveCount: 5 } },
  },
  Failed: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: arn('Key') } },
  Catalogue: {
    Type: 'AWS::Glue::DataCatalogEncryptionSettings',
    Properties: {
      CatalogId: ACCOUNT,
      DataCatalogEncryptionSettings: {
        ConnectionPasswordEncryption: { KmsKeyId: arn('Key'), ReturnConnectionPasswordEncrypted: true },
        EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS', SseAwsKmsKeyId: arn('Key') },
      },
    },
  },
  People: {
    Type: 'AWS::Cognito::UserPool',
    Properties: { AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] } },
  },
  Risks: {
    Type: 'AWS::Cognito::UserPoolRiskConfigurationAttachment',
    Properties: {
      UserPoolId: ref('People'),
      ClientId: 'ALL',
      AccountTakeoverRiskConfiguration: { Actions: { HighAction: { EventAction: 'BLOCK', Notify: false } } },
      CompromisedCredentialsRiskConfiguration: { Actions: { EventAction: 'BLOCK' } },
    },
  },
  Visitors: {
    Type: 'AWS::Cognito::IdentityPool',
    Properties: {
      AllowUnauthenticatedIdentities: false,
      CognitoIdentityProviders: [{ ClientId: 'x', ProviderName: 'pool', ServerSideTokenCheck: true }],
    },
  },
  Cluster: {
    Type: 'AWS::EKS::Cluster',
    Properties: {
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/cluster`,
      AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
      ResourcesVpcConfig: { SubnetIds: ['subnet-1'], EndpointPublicAccess: false, EndpointPrivateAccess: true },
    },
  },
  Web: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: ref('WebTask'), LaunchType: 'FARGATE' } },
  WebTask: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ContainerDefinitions: [
        {
          Name: 'web',
          Image: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/web@sha256:${'0'.repeat(64)}`,
          ReadonlyRootFilesystem: true,
          User: '1000',
          LogConfiguration: { LogDriver: 'awslogs' },
        },
        {
          Name: 'proxy',
          Image: `public.ecr.aws/envoy:v1@sha256:${'1'.repeat(64)}`,
          ReadonlyRootFilesystem: true,
          User: '1000',
          LogConfiguration: { LogDriver: 'awslogs' },
        },
      ],
    },
  },
  Graph: { Type: 'AWS::AppSync::GraphQLApi', Properties: { Name: 'cases', AuthenticationType: 'AWS_IAM' } },
  ReadCase: {
    Type: 'AWS::AppSync::Resolver',
    Properties: {
      ApiId: { 'Fn::GetAtt': ['Graph', 'ApiId'] },
      TypeName: 'Query',
      FieldName: 'readCase',
      DataSourceName: 'cases',
      Code: 'export function request(ctx) {\n  return get(ctx.args.id);\n}',
    },
  },
};

const errors = (more: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'AWS/Lambda',
    MetricName: 'Errors',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Period: 300,
    Statistic: 'Sum',
    Threshold: 1,
    ...more,
  },
});

/** Put together here, so that no scanner takes it for a leak. */
const KEY_ID = ['AKIA', 'QWERTYUIOP234567'].join('');
const shows = (Value: unknown): State => ({ ...awsWith(WORK), sections: { Outputs: { Shown: { Value } } } });

export const SWITCH_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'an output shows a key': { before: shows(ref('Key')), after: shows(KEY_ID), about: ['access'], naming: 'IDA-13' },
  ...weakenings(awsWith, TRAILS, {
    'an advanced trail no longer records management': ['logging: management events', { 'Advanced.AdvancedEventSelectors.0': GONE }],
    'an advanced trail no longer records objects': ['logging: AWS::S3::Object', { 'Advanced.AdvancedEventSelectors.1': GONE }],
    'an advanced trail records writes of objects only': [
      'logging: reads of AWS::S3::Object',
      { 'Advanced.AdvancedEventSelectors.1.FieldSelectors.2': is('readOnly', 'false') },
    ],
    'an advanced trail records another table': [
      'logging: the table Cases',
      { 'Advanced.AdvancedEventSelectors.2.FieldSelectors.2.StartsWith': [`arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/other`] },
    ],
    'an advanced trail leaves a service out': [
      'logging: management events of kms.amazonaws.com',
      { 'Advanced.AdvancedEventSelectors.0.FieldSelectors.1': { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] } },
    ],
    'a classic trail becomes an advanced one that records less': [
      'logging: reads of AWS::S3::Object',
      {
        'Classic.EventSelectors': GONE,
        'Classic.AdvancedEventSelectors': [
          selector('management', is('eventCategory', 'Management')),
          selector('objects', DATA, is('resources.type', 'AWS::S3::Object'), is('readOnly', 'false')),
        ],
      },
    ],
    'a trail without selectors records objects only': [
      'logging: management events',
      { 'Plain.AdvancedEventSelectors': [selector('objects', DATA, is('resources.type', 'AWS::S3::Object'))] },
    ],
    'a rule of events waits for graver ones': ['detection: severity', { 'Findings.EventPattern.detail.severity.0.numeric.1': 7 }],
    'a rule of events matches a longer prefix': [
      'detection: type',
      { 'Findings.EventPattern.detail.type.0.prefix': 'UnauthorizedAccess:IAMUser/' },
    ],
    'an alarm takes silence for good': ['detection: Silence', { 'Silence.TreatMissingData': 'notBreaching' }],
    'an alarm ignores silence': ['detection: Silence', { 'Silence.TreatMissingData': 'ignore' }],
    'an alarm looks at another system': ['detection: Silence', { 'Silence.Dimensions.0.Value': 'other' }],
    'a log group masks nothing any more': ['logging: Masked', { 'Masked.DataProtectionPolicy': GONE }],
    'a log group no longer masks names': ['logging: Name', { 'Masked.DataProtectionPolicy.Statement.1.DataIdentifier.1': GONE }],
    'what is uploaded no longer says what its scan found': ['detection: Scans', { 'Scans.Actions.Tagging.Status': 'DISABLED' }],
    'what is uploaded is no longer scanned': ['detection: Scans', { Scans: GONE }],
    'failures of a delivery are not recorded': [
      'logging: Firehose',
      { 'Firehose.ExtendedS3DestinationConfiguration.CloudWatchLoggingOptions.Enabled': false },
    ],
    'a delivery is no longer encrypted with a customer key': [
      'encryption: Firehose',
      { 'Firehose.ExtendedS3DestinationConfiguration.EncryptionConfiguration': { NoEncryptionConfig: 'NoEncryption' } },
    ],
    'statements of PostgreSQL are no longer recorded': ['logging: Postgres', { 'Postgres.Parameters.log_statement': 'none' }],
    'PostgreSQL records fewer kinds of statements': [
      'logging: Postgres',
      { 'Postgres.Parameters': { 'rds.force_ssl': '1', log_statement: 'ddl', 'pgaudit.log': 'ddl' } },
    ],
    'statements of MySQL are no longer recorded': ['logging: MySql', { 'MySql.Parameters.general_log': '0' }],
    'MySQL records connections only': ['logging: MySql', { 'MySql.Parameters.server_audit_events': 'CONNECT' }],
    'statements of a warehouse are no longer recorded': ['logging: Warehouse', { 'Warehouse.Parameters.1.ParameterValue': 'false' }],
    'a warehouse takes plain connections': ['encryption: Warehouse', { 'Warehouse.Parameters.0.ParameterValue': 'false' }],
  }),
  ...weakenings(awsWith, EDGE, {
    'a header gets past the web ACL': ['exposure: bypass', { 'Filter.Rules.3': bypass(0) }],
    'addresses get past the web ACL': ['exposure: office', { 'Filter.Rules.2.Priority': 0 }],
    'part of a managed group of rules only counts': [
      'exposure: SizeRestrictions_BODY',
      { 'Filter.Rules.0': managed({ RuleActionOverrides: [{ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } }] }) },
    ],
    'part of a managed group of rules lets pass': [
      'exposure: CrossSiteScripting_BODY',
      { 'Filter.Rules.0': managed({ RuleActionOverrides: [{ Name: 'CrossSiteScripting_BODY', ActionToUse: { Allow: {} } }] }) },
    ],
    'part of a managed group of rules is excluded': [
      'exposure: NoUserAgent_HEADER',
      { 'Filter.Rules.0': managed({ ExcludedRules: [{ Name: 'NoUserAgent_HEADER' }] }) },
    ],
    'a managed group of rules looks at some requests only': [
      'exposure: common',
      {
        'Filter.Rules.0': managed({
          ScopeDownStatement: {
            ByteMatchStatement: {
              FieldToMatch: { UriPath: {} },
              PositionalConstraint: 'STARTS_WITH',
              SearchString: '/admin',
              TextTransformations: [{ Priority: 0, Type: 'NONE' }],
            },
          },
        }),
      },
    ],
    'a web ACL lets pass what no rule matches': ['exposure: Filter', { 'Filter.DefaultAction': { Allow: {} } }],
    'the whole internet counts as the office': ['exposure: Office', { 'Office.Addresses': ['0.0.0.0/1', '128.0.0.0/1'] }],
    'an address is no longer refused': ['exposure: Refused', { 'Refused.Addresses': ['198.51.100.0/24'] }],
    'headers with secrets stand in the log of a web ACL': ['logging: FilterLog', { 'FilterLog.RedactedFields': [{ UriPath: {} }] }],
    'the log of a web ACL keeps some requests only': [
      'logging: FilterLog',
      {
        'FilterLog.LoggingFilter': {
          DefaultBehavior: 'DROP',
          Filters: [{ Behavior: 'KEEP', Requirement: 'MEETS_ANY', Conditions: [{ ActionCondition: { Action: 'BLOCK' } }] }],
        },
      },
    ],
    'another name may be asked for': ['exposure: NameFilter', { 'Allowed.Domains.2': '*.example.net' }],
    'every name may be asked for': ['exposure: NameFilter', { 'Allowed.Domains': ['*'] }],
    'names are only reported': ['exposure: NameFilter', { 'NameFilter.FirewallRules.1.Action': 'ALERT' }],
    'answers to names are no longer validated': ['exposure: Validated', { Validated: GONE }],
    'gateways may let the internet in': ['exposure: NoGateways', { NoGateways: GONE }],
    'gateways may let the internet in by its mode': ['exposure: NoGateways', { 'NoGateways.InternetGatewayBlockMode': 'off' }],
    'one network is left out of what blocks the internet': [
      'exposure: Exception',
      {
        Exception: {
          Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
          Properties: { VpcId: ref('Network'), InternetGatewayExclusionMode: 'allow-bidirectional' },
        },
      },
    ],
    'a distribution may speak to its origin in clear': [
      'encryption: app',
      { 'Site.DistributionConfig.Origins.0.CustomOriginConfig.OriginProtocolPolicy': 'match-viewer' },
    ],
    'one path of a distribution answers in clear': [
      'encryption: /old/*',
      {
        'Site.DistributionConfig.CacheBehaviors': [
          { PathPattern: '/old/*', TargetOriginId: 'app', ViewerProtocolPolicy: 'allow-all', CachePolicyId: 'x' },
        ],
      },
    ],
    'a stage no longer shows its certificate': ['access: Live', { 'Live.ClientCertificateId': GONE }],
    'answers are cached in clear': ['encryption: Live', { 'Live.MethodSettings.0.CacheDataEncrypted': false }],
    'bodies are no longer validated': ['controls: Checked', { 'Checked.ValidateRequestBody': false }],
  }),
  ...weakenings(awsWith, WORK, {
    'two stores are said to be of a lower tier': ['controls: 2 stores', { 'Cases.Tags.1.Value': 'low', 'Records.Tags.1.Value': 'low' }],
    'a bucket is kept neither when it leaves nor when it is replaced': [
      'data: when it leaves the deployment or it is replaced',
      { 'Records@DeletionPolicy': 'Delete', 'Records@UpdateReplacePolicy': 'Delete' },
    ],
    'a bucket is no longer copied': ['data: Copied', { 'Copied.ReplicationConfiguration': GONE }],
    'a rule that copies a bucket is off': ['data: Copied', { 'Copied.ReplicationConfiguration.Rules.0.Status': 'Disabled' }],
    'every page may use a bucket': ['exposure: Copied', { 'Copied.CorsConfiguration.CorsRules.0.AllowedOrigins': ['*'] }],
    'items of a table go by themselves': ['data: Cases', { 'Cases.TimeToLiveSpecification': { AttributeName: 'expires', Enabled: true } }],
    'messages that fail are dropped': ['data: Orders', { 'Orders.RedrivePolicy': GONE }],
    'the data catalogue is no longer encrypted': ['encryption: Catalogue', { Catalogue: GONE }],
    'stolen passwords are no longer looked for': ['access: Risks', { Risks: GONE }],
    'stolen passwords are let through': [
      'access: Risks',
      { 'Risks.CompromisedCredentialsRiskConfiguration.Actions.EventAction': 'NO_ACTION' },
    ],
    'a phone number is enough to recover an account': [
      'access: People',
      { 'People.AccountRecoverySetting.RecoveryMechanisms.1': { Name: 'verified_phone_number', Priority: 2 } },
    ],
    'tokens that were taken back are good': ['access: Visitors', { 'Visitors.CognitoIdentityProviders.0.ServerSideTokenCheck': false }],
    'access to a cluster is written inside of it as well': [
      'access: Cluster',
      { 'Cluster.AccessConfig.AuthenticationMode': 'API_AND_CONFIG_MAP' },
    ],
    'whoever creates a cluster administers it': [
      'access: Cluster',
      { 'Cluster.AccessConfig.BootstrapClusterCreatorAdminPermissions': GONE },
    ],
    'people get a shell in containers': ['access: Web', { 'Web.EnableExecuteCommand': true }],
    'a container comes from a public registry': [
      'controls|access: docker.io/someone/web',
      { 'WebTask.ContainerDefinitions.0.Image': `docker.io/someone/web@sha256:${'0'.repeat(64)}` },
    ],
    'the code of a resolver is another': ['access: ReadCase', { 'ReadCase.Code': 'export function request(ctx) { return scan(); }' }],
    'a new bucket lets everyone in and records nothing': [
      'exposure|access|encryption|logging: Fresh',
      {
        Fresh: {
          Type: 'AWS::S3::Bucket',
          Properties: {
            PublicAccessBlockConfiguration: {
              BlockPublicAcls: false,
              BlockPublicPolicy: false,
              IgnorePublicAcls: false,
              RestrictPublicBuckets: false,
            },
          },
        },
      },
    ],
    'a new database is not encrypted': [
      'encryption|exposure: Second',
      {
        Second: {
          Type: 'AWS::RDS::DBInstance',
          DeletionPolicy: 'Snapshot',
          Properties: {
            Engine: 'postgres',
            DBInstanceClass: 'db.m6g.large',
            AllocatedStorage: '20',
            StorageEncrypted: false,
            ManageMasterUserPassword: true,
            MasterUsername: 'owner',
          },
        },
      },
    ],
  }),
};

export const SWITCH_HARMLESS: Readonly<Record<string, Harmless>> = {
  'an output shows where a key is': { before: shows(ref('Key')), after: shows(arn('Key')) },
  ...harmless(awsWith, TRAILS, {
    'fields of a selector stand in another order': {
      'Advanced.AdvancedEventSelectors.1': selector('objects', is('resources.type', 'AWS::S3::Object'), DATA),
    },
    'a selector is called otherwise': { 'Advanced.AdvancedEventSelectors.0.Name': 'everything that manages' },
    'a trail records more': {
      'Advanced.AdvancedEventSelectors.3': selector('functions', DATA, is('resources.type', 'AWS::Lambda::Function')),
    },
    'two selectors become one': {
      'Advanced.AdvancedEventSelectors': [
        selector('management', is('eventCategory', 'Management')),
        selector('data', DATA, is('resources.type', 'AWS::DynamoDB::Table', 'AWS::S3::Object')),
      ],
    },
    'reads and writes are selected apart': {
      'Advanced.AdvancedEventSelectors.1': selector('reads', DATA, is('resources.type', 'AWS::S3::Object'), is('readOnly', 'true')),
      'Advanced.AdvancedEventSelectors.3': selector('writes', DATA, is('resources.type', 'AWS::S3::Object'), is('readOnly', 'false')),
    },
    'a classic trail is written as an advanced one': {
      'Classic.EventSelectors': GONE,
      'Classic.AdvancedEventSelectors': [
        selector('management', is('eventCategory', 'Management')),
        selector('objects', DATA, is('resources.type', 'AWS::S3::Object')),
      ],
    },
    'a trail says what it does anyway': { 'Plain.EventSelectors': [{ ReadWriteType: 'All', IncludeManagementEvents: true }] },
    'a rule of events matches milder ones too': { 'Findings.EventPattern.detail.severity.0.numeric.1': 2 },
    'a number in a pattern is written as a text': { 'Findings.EventPattern.detail.severity.0.numeric.1': '4' },
    'a rule of events matches a shorter prefix': { 'Findings.EventPattern.detail.type.0.prefix': 'Unauthorized' },
    'dimensions of an alarm stand in another order': {
      'Silence.Dimensions': [
        { Name: 'Stage', Value: 'production' },
        { Name: 'System', Value: 'cases' },
      ],
    },
    'a log group masks more': {
      'Masked.DataProtectionPolicy.Statement.1.DataIdentifier.2': 'arn:aws:dataprotection::aws:data-identifier/Address',
    },
    'PostgreSQL records every statement': { 'Postgres.Parameters.log_statement': 'all' },
    'kinds of statements stand in another order': {
      'Postgres.Parameters': { 'rds.force_ssl': '1', log_statement: 'ddl', 'pgaudit.log': 'role, write, ddl' },
    },
  }),
  ...harmless(awsWith, EDGE, {
    'a rule of the web ACL is called otherwise': { 'Filter.Rules.0': managed({}, { Name: 'managed' }) },
    'a rule of the web ACL comes later': { 'Filter.Rules.0': managed({}, { Priority: 3 }) },
    'a header is let pass after all rules': { 'Filter.Rules.3': bypass(10) },
    'an address more is refused': { 'Refused.Addresses.2': '203.0.113.8/32' },
    'fewer names may be asked for': { 'Allowed.Domains': ['api.example.com'] },
    'the log of a web ACL hides more': { 'FilterLog.RedactedFields.2': { SingleHeader: { Name: 'x-api-key' } } },
    'a stage shows another certificate': {
      Newer: { Type: 'AWS::ApiGateway::ClientCertificate', Properties: {} },
      'Live.ClientCertificateId': ref('Newer'),
    },
    'a distribution sends viewers from http to https': {
      'Site.DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy': 'redirect-to-https',
    },
  }),
  ...harmless(awsWith, WORK, {
    'an image of another release': { 'WebTask.ContainerDefinitions.1.Image': `public.ecr.aws/envoy:v2@sha256:${'2'.repeat(64)}` },
    'the code of a resolver is set otherwise': { 'ReadCase.Code': 'export function request(ctx) { return get(ctx.args.id); }' },
    'a page of the same origin uses another method': { 'Copied.CorsConfiguration.CorsRules.0.AllowedMethods': ['GET', 'PUT'] },
    'only administrators recover accounts': { 'People.AccountRecoverySetting.RecoveryMechanisms': [{ Name: 'admin_only', Priority: 1 }] },
    'risks are blocked sooner': { 'Risks.AccountTakeoverRiskConfiguration.Actions.LowAction': { EventAction: 'BLOCK', Notify: false } },
    'a new alarm tells nobody yet': { Errors: errors() },
    'a new rule of Config': {
      Rule: { Type: 'AWS::Config::ConfigRule', Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'S3_BUCKET_VERSIONING_ENABLED' } } },
    },
    'a new trail beside the organisation’s': {
      Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: 'trails' } },
    },
    'a new function with no right but its own log': {
      ThumbLogs: {
        Type: 'AWS::Logs::LogGroup',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: { LogGroupName: '/aws/lambda/thumb', RetentionInDays: 400, KmsKeyId: arn('Key'), DeletionProtectionEnabled: true },
      },
      Thumb: {
        // Like the one that is there.
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'thumb',
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Code: { ZipFile: 'x' },
          Role: arn('ThumbRole'),
          LoggingConfig: { LogGroup: ref('ThumbLogs') },
        },
      },
      ThumbRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
        },
      },
    },
  }),
};
