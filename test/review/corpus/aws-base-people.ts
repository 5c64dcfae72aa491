/** The hardened environment on AWS, second half: who may do what, and what is recorded and noticed. */
import { arn, OTHER, OWN_ROOT, policy, RESTRICTED, ref, statement } from './aws-base';
import { ACCOUNT, type Resources } from './pair';

const service = (name: string) => policy({ Effect: 'Allow', Principal: { Service: name }, Action: 'sts:AssumeRole' });
const keyPolicy = (...more: readonly object[]) =>
  policy({ Effect: 'Allow', Principal: { AWS: OWN_ROOT }, Action: 'kms:*', Resource: '*' }, ...more);
export const PARTNER = '444455556666';

/** Identities, their limits, and what is granted outside of policies. */
export const PEOPLE: Resources = {
  App: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'app',
      AssumeRolePolicyDocument: service('ecs-tasks.amazonaws.com'),
      PermissionsBoundary: ref('Boundary'),
      Policies: [
        {
          PolicyName: 'records',
          PolicyDocument: policy(
            statement(['s3:GetObject', 's3:PutObject'], { 'Fn::Sub': '${Records.Arn}/*' }),
            statement('kms:Decrypt', arn('Key'), { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } }),
          ),
        },
      ],
    },
  },
  Boundary: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      ManagedPolicyName: 'boundary',
      PolicyDocument: policy(statement(['s3:*', 'kms:*', 'sqs:*', 'dynamodb:*', 'secretsmanager:*', 'iam:PassRole'], '*')),
    },
  },
  Shared: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { ManagedPolicyName: 'shared', PolicyDocument: policy(statement('sqs:SendMessage', arn('Jobs'))) },
  },
  Worker: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'worker',
      AssumeRolePolicyDocument: service('lambda.amazonaws.com'),
      PermissionsBoundary: ref('Boundary'),
      ManagedPolicyArns: [ref('Shared')],
    },
  },
  Deployer: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'deployer',
      MaxSessionDuration: 3600,
      PermissionsBoundary: ref('Boundary'),
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:example/cases:ref:refs/heads/main',
          },
        },
      }),
    },
  },
  Partner: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'partner',
      PermissionsBoundary: ref('Boundary'),
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${PARTNER}:role/reader` },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } },
      }),
    },
  },
  Operators: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'operators' } },
  OperatorsPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'operators', Groups: [ref('Operators')], PolicyDocument: policy(statement('cloudwatch:GetMetricData', '*')) },
  },
  Admins: {
    Type: 'AWS::IAM::Group',
    Properties: { GroupName: 'admins' },
  },
  AdminsPolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'admins',
      Groups: [ref('Admins')],
      PolicyDocument: policy(statement('iam:*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })),
    },
  },
  Ann: { Type: 'AWS::IAM::User', Properties: { UserName: 'ann', Groups: [ref('Operators')], PermissionsBoundary: ref('Boundary') } },
  Guard: {
    Type: 'AWS::Organizations::Policy',
    Properties: {
      Name: 'guard',
      Type: 'SERVICE_CONTROL_POLICY',
      TargetIds: ['ou-1'],
      Content: policy(
        { Effect: 'Deny', Action: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail'], Resource: '*' },
        { Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' },
        {
          Effect: 'Deny',
          NotAction: ['iam:*', 'sts:*'],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
        },
      ),
    },
  },
  Fence: {
    Type: 'AWS::Organizations::Policy',
    Properties: {
      Name: 'fence',
      Type: 'RESOURCE_CONTROL_POLICY',
      TargetIds: ['ou-1'],
      Content: policy({
        Effect: 'Deny',
        Principal: '*',
        Action: ['s3:*', 'sts:*'],
        Resource: '*',
        Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
      }),
    },
  },
  Support: {
    Type: 'AWS::SSO::PermissionSet',
    Properties: {
      InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
      Name: 'support',
      SessionDuration: 'PT1H',
      InlinePolicy: policy(statement('s3:GetObject', 'arn:aws:s3:::cases-public/*')),
    },
  },
  SupportTeam: {
    Type: 'AWS::SSO::Assignment',
    Properties: {
      InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
      PermissionSetArn: { 'Fn::GetAtt': ['Support', 'PermissionSetArn'] },
      PrincipalType: 'GROUP',
      PrincipalId: 'group-1',
      TargetType: 'AWS_ACCOUNT',
      TargetId: ACCOUNT,
    },
  },
  Key: {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { EnableKeyRotation: true, PendingWindowInDays: 30, KeyPolicy: keyPolicy() },
  },
  Records: {
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: 'cases-records',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn('Key') } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
      Tags: RESTRICTED,
    },
  },
  RecordsPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: ref('Records'),
      PolicyDocument: policy(
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [arn('Records'), { 'Fn::Sub': '${Records.Arn}/*' }],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${PARTNER}:role/reader` },
          Action: 's3:GetObject',
          Resource: { 'Fn::Sub': '${Records.Arn}/exchange/*' },
          Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
        },
      ),
    },
  },
  Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', KmsMasterKeyId: ref('Key') } },
  JobsPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Jobs')],
      PolicyDocument: policy({
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: arn('Jobs'),
        Condition: { ArnEquals: { 'aws:SourceArn': ref('News') } },
      }),
    },
  },
  News: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'news', KmsMasterKeyId: ref('Key') } },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'cases' } },
  Forward: {
    Type: 'AWS::Events::Rule',
    Properties: { EventBusName: ref('Bus'), EventPattern: { source: ['cases'] }, Targets: [{ Id: 'jobs', Arn: arn('Jobs') }] },
  },
  Cluster: {
    Type: 'AWS::EKS::Cluster',
    Properties: {
      Name: 'cases',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/eks`,
      ResourcesVpcConfig: { SubnetIds: ['subnet-1', 'subnet-2'], EndpointPublicAccess: false, EndpointPrivateAccess: true },
      AccessConfig: { AuthenticationMode: 'API' },
      EncryptionConfig: [{ Provider: { KeyArn: arn('Key') }, Resources: ['secrets'] }],
      Logging: {
        ClusterLogging: {
          EnabledTypes: [
            { Type: 'api' },
            { Type: 'audit' },
            { Type: 'authenticator' },
            { Type: 'controllerManager' },
            { Type: 'scheduler' },
          ],
        },
      },
    },
  },
  Viewer: {
    Type: 'AWS::EKS::AccessEntry',
    Properties: {
      ClusterName: ref('Cluster'),
      PrincipalArn: `arn:aws:iam::${ACCOUNT}:role/viewer`,
      AccessPolicies: [
        {
          PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
          AccessScope: { Type: 'namespace', Namespaces: ['cases'] },
        },
      ],
    },
  },
  Subnets: {
    Type: 'AWS::RAM::ResourceShare',
    Properties: {
      Name: 'subnets',
      AllowExternalPrincipals: false,
      Principals: ['arn:aws:organizations::111122223333:organization/o-1'],
      ResourceArns: [`arn:aws:ec2:eu-central-1:${ACCOUNT}:subnet/subnet-1`],
    },
  },
  LakeReader: {
    Type: 'AWS::LakeFormation::PrincipalPermissions',
    Properties: {
      Principal: { DataLakePrincipalIdentifier: arn('Worker') },
      Resource: { Table: { CatalogId: ACCOUNT, DatabaseName: 'lake', Name: 'public' } },
      Permissions: ['SELECT'],
      PermissionsWithGrantOption: [],
    },
  },
  Pool: { Type: 'AWS::Cognito::IdentityPool', Properties: { AllowUnauthenticatedIdentities: false } },
  PoolRoles: {
    Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
    Properties: { IdentityPoolId: ref('Pool'), Roles: { authenticated: arn('Worker') } },
  },
  Handler: {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Bucket: 'code', S3Key: 'h.zip' }, Handler: 'index.handler', Runtime: 'nodejs22.x', Role: arn('Worker') },
  },
  Invoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: ref('Handler'),
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: arn('Records'),
      SourceAccount: ACCOUNT,
    },
  },
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { KmsKeyId: arn('Key'), GenerateSecretString: { PasswordLength: 40 }, Tags: RESTRICTED },
  },
};

const trail = (id: string) => ({
  Type: 'AWS::S3::Bucket',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn('Key') } }],
    },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockEnabled: true,
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
    LifecycleConfiguration: { Rules: [{ Id: id, Status: 'Enabled', ExpirationInDays: 400 }] },
    Tags: RESTRICTED,
  },
});
const group = (days = 400) => ({
  Type: 'AWS::Logs::LogGroup',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { RetentionInDays: days, KmsKeyId: arn('Key'), DeletionProtectionEnabled: true },
});

/** Trails, logs, detectors, alarms. */
export const RECORDING: Resources = {
  Key: PEOPLE.Key as object,
  Evidence: trail('evidence'),
  Trail: {
    Type: 'AWS::CloudTrail::Trail',
    Properties: {
      TrailName: 'trail',
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      IsOrganizationTrail: true,
      EnableLogFileValidation: true,
      S3BucketName: ref('Evidence'),
      KMSKeyId: arn('Key'),
      CloudWatchLogsLogGroupArn: arn('TrailLogs'),
      CloudWatchLogsRoleArn: `arn:aws:iam::${ACCOUNT}:role/trail`,
      SnsTopicName: ref('Alerts'),
      InsightSelectors: [{ InsightType: 'ApiCallRateInsight' }],
      EventSelectors: [
        {
          ReadWriteType: 'All',
          IncludeManagementEvents: true,
          DataResources: [
            { Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] },
            { Type: 'AWS::DynamoDB::Table', Values: ['arn:aws:dynamodb'] },
            { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
          ],
        },
      ],
    },
  },
  TrailLogs: group(),
  Records: trail('records'),
  AppLogs: group(),
  Alerts: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts', KmsMasterKeyId: ref('Key') } },
  OnCall: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: ref('Alerts'), Protocol: 'email', Endpoint: 'oncall@example.com' } },
  Detector: {
    Type: 'AWS::GuardDuty::Detector',
    Properties: {
      Enable: true,
      FindingPublishingFrequency: 'FIFTEEN_MINUTES',
      Features: [
        { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
        { Name: 'RUNTIME_MONITORING', Status: 'ENABLED' },
        { Name: 'EKS_AUDIT_LOGS', Status: 'ENABLED' },
        { Name: 'EBS_MALWARE_PROTECTION', Status: 'ENABLED' },
        { Name: 'RDS_LOGIN_EVENTS', Status: 'ENABLED' },
        { Name: 'LAMBDA_NETWORK_LOGS', Status: 'ENABLED' },
      ],
    },
  },
  Hub: { Type: 'AWS::SecurityHub::Hub', Properties: { AutoEnableControls: true } },
  Macie: { Type: 'AWS::Macie::Session', Properties: { Status: 'ENABLED', FindingPublishingFrequency: 'FIFTEEN_MINUTES' } },
  Analyzer: { Type: 'AWS::AccessAnalyzer::Analyzer', Properties: { Type: 'ORGANIZATION' } },
  Recorder: {
    Type: 'AWS::Config::ConfigurationRecorder',
    Properties: {
      RoleARN: `arn:aws:iam::${ACCOUNT}:role/config`,
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
    },
  },
  Channel: { Type: 'AWS::Config::DeliveryChannel', Properties: { S3BucketName: ref('Evidence'), SnsTopicARN: ref('Alerts') } },
  Encrypted: {
    Type: 'AWS::Config::ConfigRule',
    Properties: { ConfigRuleName: 'encrypted', Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' } },
  },
  Findings: {
    Type: 'AWS::Events::Rule',
    Properties: {
      State: 'ENABLED',
      EventPattern: { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] },
      Targets: [{ Id: 'alerts', Arn: ref('Alerts') }],
    },
  },
  RootUse: {
    Type: 'AWS::Logs::MetricFilter',
    Properties: {
      LogGroupName: ref('TrailLogs'),
      FilterPattern: '{ $.userIdentity.type = "Root" }',
      MetricTransformations: [{ MetricName: 'RootUse', MetricNamespace: 'Security', MetricValue: '1' }],
    },
  },
  RootAlarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'Security',
      MetricName: 'RootUse',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [ref('Alerts')],
      TreatMissingData: 'notBreaching',
    },
  },
  Archive: {
    Type: 'AWS::Logs::SubscriptionFilter',
    Properties: {
      LogGroupName: ref('AppLogs'),
      FilterPattern: '',
      DestinationArn: `arn:aws:logs:eu-central-1:${ACCOUNT}:destination:archive`,
    },
  },
  QueryLogging: {
    Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig',
    Properties: { Name: 'queries', DestinationArn: arn('AppLogs') },
  },
  QueryVpc: {
    Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation',
    Properties: { ResolverQueryLogConfigId: ref('QueryLogging'), ResourceId: 'vpc-1' },
  },
  Lake: {
    Type: 'AWS::CloudTrail::EventDataStore',
    DeletionPolicy: 'Retain',
    Properties: { Name: 'lake', RetentionPeriod: 2557, MultiRegionEnabled: true, TerminationProtectionEnabled: true, KmsKeyId: arn('Key') },
  },
  Handler: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'code', S3Key: 'h.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: `arn:aws:iam::${ACCOUNT}:role/app`,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: ref('AppLogs'), LogFormat: 'JSON' },
    },
  },
  Summary: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: 'ALARM(root)', AlarmActions: [ref('Alerts')] } },
};

export { OTHER };
