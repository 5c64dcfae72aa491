/** A hardened environment on AWS in four parts: what holds data, what is reached, who may do what, what is recorded. */
import { ACCOUNT, type Resources } from './pair';

export const ref = (id: string) => ({ Ref: id });
export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
export const OTHER = '999988887777';
export const statement = (Action: unknown, Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
export const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
export const OWN_ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const tags = (...pairs: readonly (readonly [string, string])[]) => pairs.map(([Key, Value]) => ({ Key, Value }));
export const RESTRICTED = tags(['palisade:sensitivity', 'restricted'], ['palisade:tier', 'high'], ['owner', 'cases@example.com']);

const KEY = {
  Type: 'AWS::KMS::Key',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    EnableKeyRotation: true,
    PendingWindowInDays: 30,
    KeyPolicy: policy({ Effect: 'Allow', Principal: { AWS: OWN_ROOT }, Action: 'kms:*', Resource: '*' }),
  },
};
const plainHttp = (id: string) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn(id), { 'Fn::Sub': `\${${id}.Arn}/*` }],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
const oldTls = (id: string) => ({ ...plainHttp(id), Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } });
const BLOCKED = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const ENCRYPTED = {
  ServerSideEncryptionConfiguration: [
    { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn('Key') } },
  ],
};
const bucket = (more: object = {}) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketEncryption: ENCRYPTED,
    PublicAccessBlockConfiguration: BLOCKED,
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    VersioningConfiguration: { Status: 'Enabled' },
    Tags: RESTRICTED,
    ...more,
  },
});

/** Stores, keys and secrets. */
export const STORES: Resources = {
  Key: KEY,
  Records: bucket({
    LoggingConfiguration: { DestinationBucketName: ref('AccessLogs'), LogFilePrefix: 'records/' },
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 } }] },
  }),
  RecordsPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: ref('Records'), PolicyDocument: policy(plainHttp('Records'), oldTls('Records')) },
  },
  AccessLogs: bucket({
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
  }),
  AccessLogsPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: { Bucket: ref('AccessLogs'), PolicyDocument: policy(plainHttp('AccessLogs'), oldTls('AccessLogs')) },
  },
  Cases: {
    Type: 'AWS::DynamoDB::Table',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      TableName: 'case-table',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: arn('Key') },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      Tags: RESTRICTED,
    },
  },
  Database: {
    Type: 'AWS::RDS::DBInstance',
    DeletionPolicy: 'Snapshot',
    UpdateReplacePolicy: 'Snapshot',
    Properties: {
      Engine: 'postgres',
      EngineVersion: '16.4',
      DBInstanceClass: 'db.m6g.large',
      AllocatedStorage: '100',
      StorageEncrypted: true,
      KmsKeyId: arn('Key'),
      PubliclyAccessible: false,
      MultiAZ: true,
      ManageMasterUserPassword: true,
      MasterUsername: 'owner',
      MasterUserSecret: { KmsKeyId: arn('Key') },
      BackupRetentionPeriod: 35,
      CopyTagsToSnapshot: true,
      DeletionProtection: true,
      EnableIAMDatabaseAuthentication: true,
      AutoMinorVersionUpgrade: true,
      EnableCloudwatchLogsExports: ['postgresql', 'upgrade'],
      DBParameterGroupName: ref('Parameters'),
      DBSubnetGroupName: ref('DatabaseSubnets'),
      VPCSecurityGroups: [{ 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] }],
      Port: '6432',
      Tags: RESTRICTED,
    },
  },
  Parameters: {
    Type: 'AWS::RDS::DBParameterGroup',
    Properties: {
      Family: 'postgres16',
      Description: 'cases',
      Parameters: {
        'rds.force_ssl': '1',
        ssl_min_protocol_version: 'TLSv1.2',
        log_connections: '1',
        log_disconnections: '1',
        'pgaudit.log': 'all',
        shared_preload_libraries: 'pgaudit',
      },
    },
  },
  DatabaseSubnets: {
    Type: 'AWS::RDS::DBSubnetGroup',
    Properties: { DBSubnetGroupDescription: 'cases', SubnetIds: [ref('PrivateSubnet'), ref('OtherPrivateSubnet')] },
  },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
  Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') } },
  PrivateSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-central-1a' },
  },
  OtherPrivateSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24', AvailabilityZone: 'eu-central-1b' },
  },
  PublicSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.2.0/24', AvailabilityZone: 'eu-central-1a' },
  },
  PublicRoutes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  PublicRoute: {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: ref('PublicRoutes'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') },
  },
  PublicAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('PublicSubnet'), RouteTableId: ref('PublicRoutes') },
  },
  PrivateRoutes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  PrivateAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('PrivateSubnet'), RouteTableId: ref('PrivateRoutes') },
  },
  OtherAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('OtherPrivateSubnet'), RouteTableId: ref('PrivateRoutes') },
  },
  DatabaseGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'database',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [
        {
          IpProtocol: 'tcp',
          FromPort: 6432,
          ToPort: 6432,
          SourceSecurityGroupId: { 'Fn::GetAtt': ['AppGroup', 'GroupId'] },
          Description: 'the application',
        },
      ],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16', Description: 'endpoints' }],
    },
  },
  OpenGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'the public entrance',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, CidrIp: '0.0.0.0/0', Description: 'public' }],
    },
  },
  AppGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'application',
      VpcId: ref('Vpc'),
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432, CidrIp: '10.0.0.0/16', Description: 'the database' }],
    },
  },
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { KmsKeyId: arn('Key'), GenerateSecretString: { PasswordLength: 40 }, Tags: RESTRICTED },
  },
  SecretPolicy: {
    Type: 'AWS::SecretsManager::ResourcePolicy',
    Properties: {
      SecretId: ref('Secret'),
      BlockPublicPolicy: true,
      ResourcePolicy: policy({ Effect: 'Allow', Principal: { AWS: OWN_ROOT }, Action: 'secretsmanager:DescribeSecret', Resource: '*' }),
    },
  },
  Rotation: {
    Type: 'AWS::SecretsManager::RotationSchedule',
    Properties: { SecretId: ref('Secret'), RotationLambdaARN: arn('Rotator'), RotationRules: { AutomaticallyAfterDays: 30 } },
  },
  Rotator: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'code', S3Key: 'rotator.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: arn('RotatorRole'),
      KmsKeyArn: arn('Key'),
      Environment: { Variables: { TABLE: 'cases-staging', LEVEL: 'info' } },
    },
  },
  RotatorRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    },
  },
  Jobs: {
    Type: 'AWS::SQS::Queue',
    Properties: { KmsMasterKeyId: ref('Key'), MessageRetentionPeriod: 1209600, Tags: RESTRICTED },
  },
  JobsPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Jobs')],
      PolicyDocument: policy({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Resource: arn('Jobs'),
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    },
  },
  News: { Type: 'AWS::SNS::Topic', Properties: { KmsMasterKeyId: ref('Key'), Tags: RESTRICTED } },
  Files: {
    Type: 'AWS::EFS::FileSystem',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { Encrypted: true, KmsKeyId: arn('Key'), BackupPolicy: { Status: 'ENABLED' }, FileSystemTags: RESTRICTED },
  },
  Search: {
    Type: 'AWS::OpenSearchService::Domain',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      DomainName: 'cases',
      EngineVersion: 'OpenSearch_2.15',
      EncryptionAtRestOptions: { Enabled: true, KmsKeyId: ref('Key') },
      NodeToNodeEncryptionOptions: { Enabled: true },
      DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
      VPCOptions: { SubnetIds: [ref('PrivateSubnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] }] },
      AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: false },
      AccessPolicies: policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
        Action: 'es:ESHttpGet',
        Resource: '*',
      }),
      LogPublishingOptions: { AUDIT_LOGS: { Enabled: true, CloudWatchLogsLogGroupArn: arn('SearchLogs') } },
      Tags: RESTRICTED,
    },
  },
  SearchLogs: {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { RetentionInDays: 400, KmsKeyId: arn('Key') },
  },
  Vault: {
    Type: 'AWS::Backup::BackupVault',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BackupVaultName: 'cases',
      EncryptionKeyArn: arn('Key'),
      LockConfiguration: { MinRetentionDays: 35, MaxRetentionDays: 365, ChangeableForDays: 3 },
    },
  },
  Plan: {
    Type: 'AWS::Backup::BackupPlan',
    Properties: {
      BackupPlan: {
        BackupPlanName: 'cases',
        BackupPlanRule: [
          {
            RuleName: 'daily',
            TargetBackupVault: ref('Vault'),
            ScheduleExpression: 'cron(0 3 * * ? *)',
            Lifecycle: { DeleteAfterDays: 90 },
          },
        ],
      },
    },
  },
  Selection: {
    Type: 'AWS::Backup::BackupSelection',
    Properties: {
      BackupPlanId: ref('Plan'),
      BackupSelection: {
        SelectionName: 'stores',
        IamRoleArn: `arn:aws:iam::${ACCOUNT}:role/backup`,
        Resources: [arn('Cases'), arn('Files'), arn('Database'), arn('Records')],
      },
    },
  },
  Images: {
    Type: 'AWS::ECR::Repository',
    DeletionPolicy: 'Retain',
    Properties: {
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: arn('Key') },
    },
  },
  Cache: {
    Type: 'AWS::ElastiCache::ReplicationGroup',
    Properties: {
      ReplicationGroupDescription: 'sessions',
      Engine: 'valkey',
      AtRestEncryptionEnabled: true,
      TransitEncryptionEnabled: true,
      KmsKeyId: ref('Key'),
      SnapshotRetentionLimit: 35,
      AutomaticFailoverEnabled: true,
      MultiAZEnabled: true,
      NumCacheClusters: 2,
      SecurityGroupIds: [{ 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] }],
      Tags: RESTRICTED,
    },
  },
  Events: {
    Type: 'AWS::Kinesis::Stream',
    Properties: { StreamEncryption: { EncryptionType: 'KMS', KeyId: ref('Key') }, RetentionPeriodHours: 168, Tags: RESTRICTED },
  },
};

/** What is reached from the network. */
export const NETWORK: Resources = {
  Key: KEY,
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
  Attachment: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') } },
  AppSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.0.0/24', AvailabilityZone: 'eu-central-1a', MapPublicIpOnLaunch: false },
  },
  OtherSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24', AvailabilityZone: 'eu-central-1b', MapPublicIpOnLaunch: false },
  },
  AppRoutes: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  AppAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('AppSubnet'), RouteTableId: ref('AppRoutes') },
  },
  OtherAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: ref('OtherSubnet'), RouteTableId: ref('AppRoutes') },
  },
  Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: ref('Vpc') } },
  AclIn: {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      NetworkAclId: ref('Acl'),
      RuleNumber: 100,
      Protocol: 6,
      RuleAction: 'allow',
      CidrBlock: '10.0.0.0/16',
      PortRange: { From: 443, To: 443 },
    },
  },
  AclOut: {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      NetworkAclId: ref('Acl'),
      RuleNumber: 100,
      Egress: true,
      Protocol: 6,
      RuleAction: 'allow',
      CidrBlock: '10.0.0.0/16',
      PortRange: { From: 1024, To: 65535 },
    },
  },
  AclAssociation: { Type: 'AWS::EC2::SubnetNetworkAclAssociation', Properties: { SubnetId: ref('AppSubnet'), NetworkAclId: ref('Acl') } },
  FlowLog: {
    Type: 'AWS::EC2::FlowLog',
    Properties: {
      ResourceId: ref('Vpc'),
      ResourceType: 'VPC',
      TrafficType: 'ALL',
      LogGroupName: ref('FlowLogs'),
      DeliverLogsPermissionArn: `arn:aws:iam::${ACCOUNT}:role/flow`,
    },
  },
  FlowLogs: {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { RetentionInDays: 400, KmsKeyId: arn('Key') },
  },
  Partners: {
    Type: 'AWS::EC2::PrefixList',
    Properties: { PrefixListName: 'partners', AddressFamily: 'IPv4', MaxEntries: 10, Entries: [{ Cidr: '192.0.2.0/28' }] },
  },
  BalancerGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'entrance',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16', Description: 'inside' },
        {
          IpProtocol: 'tcp',
          FromPort: 443,
          ToPort: 443,
          SourcePrefixListId: { 'Fn::GetAtt': ['Partners', 'PrefixListId'] },
          Description: 'partners',
        },
      ],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, CidrIp: '10.0.0.0/16', Description: 'application' }],
    },
  },
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Type: 'application',
      Scheme: 'internal',
      Subnets: [ref('AppSubnet'), ref('OtherSubnet')],
      SecurityGroups: [{ 'Fn::GetAtt': ['BalancerGroup', 'GroupId'] }],
      LoadBalancerAttributes: [
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
        { Key: 'access_logs.s3.bucket', Value: 'access-logs-cases' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
      ],
    },
  },
  Listener: {
    Type: 'AWS::ElasticLoadBalancingV2::Listener',
    Properties: {
      LoadBalancerArn: ref('Balancer'),
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      Certificates: [{ CertificateArn: `arn:aws:acm:eu-central-1:${ACCOUNT}:certificate/1` }],
      DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
    },
  },
  Targets: {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: { VpcId: ref('Vpc'), Port: 8443, Protocol: 'HTTPS', TargetType: 'ip', HealthCheckProtocol: 'HTTPS' },
  },
  Acls: {
    Type: 'AWS::WAFv2::WebACL',
    Properties: {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: 'cases' },
      Rules: [
        {
          Name: 'common',
          Priority: 1,
          OverrideAction: { None: {} },
          Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name: 'AWSManagedRulesCommonRuleSet' } },
          VisibilityConfig: { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: 'common' },
        },
        {
          Name: 'rate',
          Priority: 2,
          Action: { Block: {} },
          Statement: { RateBasedStatement: { Limit: 1000, AggregateKeyType: 'IP' } },
          VisibilityConfig: { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: 'rate' },
        },
      ],
    },
  },
  AclLogging: {
    Type: 'AWS::WAFv2::LoggingConfiguration',
    Properties: { ResourceArn: arn('Acls'), LogDestinationConfigs: [`arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:aws-waf-logs-cases`] },
  },
  AclBalancer: { Type: 'AWS::WAFv2::WebACLAssociation', Properties: { ResourceArn: ref('Balancer'), WebACLArn: arn('Acls') } },
  Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'cases', DisableExecuteApiEndpoint: false } },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      RestApiId: ref('Api'),
      Name: 'pool',
      Type: 'COGNITO_USER_POOLS',
      IdentitySource: 'method.request.header.Authorization',
      ProviderARNs: [arn('Users')],
    },
  },
  Method: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: ref('Api'),
      ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
      HttpMethod: 'GET',
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizerId: ref('Authorizer'),
      RequestValidatorId: ref('Validator'),
      Integration: {
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
        Uri: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Handler.Arn}/invocations' },
      },
    },
  },
  Validator: {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { RestApiId: ref('Api'), ValidateRequestBody: true, ValidateRequestParameters: true },
  },
  Deployment: { Type: 'AWS::ApiGateway::Deployment', Properties: { RestApiId: ref('Api') } },
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: {
      RestApiId: ref('Api'),
      DeploymentId: ref('Deployment'),
      StageName: 'v1',
      AccessLogSetting: { DestinationArn: arn('ApiLogs'), Format: '$context.requestId $context.identity.sourceIp' },
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          LoggingLevel: 'ERROR',
          DataTraceEnabled: false,
          ThrottlingBurstLimit: 100,
          ThrottlingRateLimit: 50,
        },
      ],
      TracingEnabled: true,
    },
  },
  ApiLogs: {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { RetentionInDays: 400, KmsKeyId: arn('Key') },
  },
  AclApi: {
    Type: 'AWS::WAFv2::WebACLAssociation',
    Properties: {
      ResourceArn: { 'Fn::Sub': 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}' },
      WebACLArn: arn('Acls'),
    },
  },
  HttpApi: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: { Name: 'events', ProtocolType: 'HTTP', CorsConfiguration: { AllowOrigins: ['https://cases.example.com'] } },
  },
  HttpRoute: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: ref('HttpApi'), RouteKey: 'GET /cases', AuthorizationType: 'JWT', AuthorizerId: ref('HttpAuthorizer') },
  },
  HttpAuthorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref('HttpApi'),
      AuthorizerType: 'JWT',
      Name: 'jwt',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Audience: ['cases'], Issuer: 'https://id.example.com' },
    },
  },
  Handler: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'code', S3Key: 'handler.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: `arn:aws:iam::${ACCOUNT}:role/app`,
      KmsKeyArn: arn('Key'),
      VpcConfig: { SubnetIds: [ref('AppSubnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['BalancerGroup', 'GroupId'] }] },
    },
  },
  Url: {
    Type: 'AWS::Lambda::Url',
    Properties: { TargetFunctionArn: arn('Handler'), AuthType: 'AWS_IAM', Cors: { AllowOrigins: ['https://cases.example.com'] } },
  },
  Invoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: ref('Handler'),
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': 'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*' },
    },
  },
  Users: {
    Type: 'AWS::Cognito::UserPool',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      MfaConfiguration: 'ON',
      EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
      DeletionProtection: 'ACTIVE',
      UserPoolTier: 'PLUS',
      UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: {
        PasswordPolicy: { MinimumLength: 14, RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true },
      },
    },
  },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      UserPoolId: ref('Users'),
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      EnableTokenRevocation: true,
      AccessTokenValidity: 15,
      TokenValidityUnits: { AccessToken: 'minutes' },
    },
  },
  Distribution: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        Enabled: true,
        WebACLId: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/cases/1`,
        Origins: [
          {
            Id: 'site',
            DomainName: 'site.s3.eu-central-1.amazonaws.com',
            OriginAccessControlId: ref('OriginAccess'),
            S3OriginConfig: { OriginAccessIdentity: '' },
          },
        ],
        DefaultCacheBehavior: {
          TargetOriginId: 'site',
          ViewerProtocolPolicy: 'https-only',
          CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
          ResponseHeadersPolicyId: '67f7725c-6f97-4210-82d7-5512b31e9d03',
        },
        ViewerCertificate: {
          AcmCertificateArn: `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/2`,
          MinimumProtocolVersion: 'TLSv1.2_2021',
          SslSupportMethod: 'sni-only',
        },
        Logging: { Bucket: 'access-logs-cases.s3.amazonaws.com' },
        DefaultRootObject: 'index.html',
      },
    },
  },
  OriginAccess: {
    Type: 'AWS::CloudFront::OriginAccessControl',
    Properties: {
      OriginAccessControlConfig: { Name: 'site', OriginAccessControlOriginType: 's3', SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    },
  },
  Graph: {
    Type: 'AWS::AppSync::GraphQLApi',
    Properties: {
      Name: 'cases',
      AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
      UserPoolConfig: { UserPoolId: ref('Users'), AwsRegion: 'eu-central-1', DefaultAction: 'DENY' },
      LogConfig: { FieldLogLevel: 'ALL', CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/graph` },
    },
  },
  Endpoint: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: ref('Vpc'),
      ServiceName: 'com.amazonaws.eu-central-1.s3',
      VpcEndpointType: 'Gateway',
      RouteTableIds: [ref('AppRoutes')],
      PolicyDocument: policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    },
  },
  Host: {
    Type: 'AWS::EC2::Instance',
    Properties: {
      ImageId: 'ami-1',
      InstanceType: 'm6g.large',
      NetworkInterfaces: [
        {
          DeviceIndex: '0',
          SubnetId: ref('AppSubnet'),
          AssociatePublicIpAddress: false,
          GroupSet: [{ 'Fn::GetAtt': ['HostGroup', 'GroupId'] }],
        },
      ],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, KmsKeyId: arn('Key') } }],
      Monitoring: true,
      DisableApiTermination: true,
    },
  },
  HostGroup: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'host',
      VpcId: ref('Vpc'),
      SecurityGroupIngress: [
        {
          IpProtocol: 'tcp',
          FromPort: 8443,
          ToPort: 8443,
          SourceSecurityGroupId: { 'Fn::GetAtt': ['BalancerGroup', 'GroupId'] },
          Description: 'entrance',
        },
      ],
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16', Description: 'inside' }],
    },
  },
  Service: {
    Type: 'AWS::ECS::Service',
    Properties: {
      Cluster: 'cases',
      LaunchType: 'FARGATE',
      TaskDefinition: ref('Task'),
      NetworkConfiguration: {
        AwsvpcConfiguration: {
          AssignPublicIp: 'DISABLED',
          Subnets: [ref('AppSubnet')],
          SecurityGroups: [{ 'Fn::GetAtt': ['HostGroup', 'GroupId'] }],
        },
      },
    },
  },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      Cpu: '256',
      Memory: '512',
      TaskRoleArn: `arn:aws:iam::${ACCOUNT}:role/task`,
      ExecutionRoleArn: `arn:aws:iam::${ACCOUNT}:role/execution`,
      ContainerDefinitions: [
        {
          Name: 'app',
          Image: `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
          ReadonlyRootFilesystem: true,
          Privileged: false,
          User: '1000',
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: { 'awslogs-group': 'app', 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'app' },
          },
          Environment: [{ Name: 'LEVEL', Value: 'info' }],
        },
      ],
    },
  },
};
