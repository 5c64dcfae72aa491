/** Settings of AWS: switches, presences, and what is counted or computed from several. */
import { counted, lasting, off, on, row, type Strength, scale, there } from './parts';
import {
  backupsKept,
  callersKeys,
  containers,
  copiesKept,
  firstIs,
  interval,
  locked,
  needed,
  objectsKept,
  rateLimit,
  throttled,
  validity,
  versionsKept,
  waited,
  websites,
} from './readings';

const BUCKET = /^AWS::S3::Bucket$/;
const TRAIL = /^AWS::CloudTrail::Trail$/;
const POOL = /^AWS::Cognito::UserPool$/;
const CLIENT = /^AWS::Cognito::UserPoolClient$/;
const TABLE = /^AWS::DynamoDB::Table$/;
const TASK = /^AWS::ECS::TaskDefinition$/;
const PARAMETERS = /^AWS::(RDS|DocDB|Neptune)::DB(Cluster)?ParameterGroup$/;
const parameter = (key: string): readonly string[] => ['Parameters', key];

export const AWS_SWITCHES: readonly Strength[] = [
  // Records.
  row(/^AWS::Logs::LogGroup$/, 'DeletionProtectionEnabled', 'the protection of its records from deletion', 'logging', on('false')),
  row(/^AWS::Logs::LogGroup$/, 'LogGroupClass', 'its class', 'logging', scale('STANDARD', 'DELIVERY', 'INFREQUENT_ACCESS', 'STANDARD')),
  row(TRAIL, 'IsOrganizationTrail', 'recording in every account', 'logging', on('false')),
  row(
    /^AWS::CloudTrail::EventDataStore$/,
    'TerminationProtectionEnabled',
    'the protection of its records from deletion',
    'logging',
    on('true'),
  ),
  row(/^AWS::CloudTrail::EventDataStore$/, 'MultiRegionEnabled', 'recording in every region', 'logging', on('true')),
  row(
    /^AWS::Lambda::Function$/,
    'LoggingConfig.ApplicationLogLevel',
    'the level of its log',
    'logging',
    scale('INFO', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'),
  ),
  row(
    /^AWS::Lambda::Function$/,
    'LoggingConfig.SystemLogLevel',
    'the level of the log of its runtime',
    'logging',
    scale('INFO', 'WARN', 'INFO', 'DEBUG'),
  ),
  row(/^AWS::Lambda::Function$/, 'TracingConfig.Mode', 'tracing', 'logging', scale('PassThrough', 'PassThrough', 'Active')),
  row(PARAMETERS, parameter('log_connections'), 'the recording of connections', 'logging', scale('0', '0', '1')),
  row(PARAMETERS, parameter('log_disconnections'), 'the recording of disconnections', 'logging', scale('0', '0', '1')),
  row(PARAMETERS, parameter('pgaudit.log'), 'the recording of statements', 'logging', scale('none', 'none', 'ddl', 'write', 'all')),
  row(PARAMETERS, parameter('audit_logs'), 'the recording of statements', 'logging', scale('disabled', 'disabled', 'enabled')),
  row(PARAMETERS, parameter('rds.force_ssl'), 'the demand for encrypted connections', 'encryption', {
    order: { scale: ['0', '1'] },
    severity: 'high',
  }),
  row(PARAMETERS, parameter('require_secure_transport'), 'the demand for encrypted connections', 'encryption', {
    order: { scale: ['0', 'OFF', '1', 'ON'] },
    severity: 'high',
  }),
  row(PARAMETERS, parameter('tls'), 'the demand for encrypted connections', 'encryption', {
    ...scale('enabled', 'disabled', 'enabled'),
    severity: 'high',
  }),
  row(/^AWS::Config::ConfigurationRecorder$/, 'RecordingGroup.AllSupported', 'recording of every type', 'logging', {
    ...on('false'),
    severity: 'high',
  }),
  row(
    /^AWS::Config::ConfigurationRecorder$/,
    'RecordingMode.RecordingFrequency',
    'how often it records',
    'logging',
    scale('CONTINUOUS', 'DAILY', 'CONTINUOUS'),
  ),
  row(
    /^AWS::ECS::Cluster$/,
    'Configuration.ExecuteCommandConfiguration.Logging',
    'the recording of shells in its containers',
    'logging',
    scale('DEFAULT', 'NONE', 'DEFAULT', 'OVERRIDE'),
  ),
  row(/^AWS::Connect::Instance$/, 'Attributes.ContactflowLogs', 'the record of contact flows', 'logging', on('false')),
  // Detection.
  row(
    /^AWS::GuardDuty::Detector$/,
    'FindingPublishingFrequency',
    'how often it reports',
    'detection',
    scale('SIX_HOURS', 'SIX_HOURS', 'ONE_HOUR', 'FIFTEEN_MINUTES'),
  ),
  row(/^AWS::Macie::Session$/, 'Status', 'the discovery of sensitive data', 'detection', {
    ...scale('ENABLED', 'PAUSED', 'ENABLED'),
    severity: 'high',
  }),
  row(/^AWS::AccessAnalyzer::Analyzer$/, 'Type', 'what it looks at', 'detection', scale('', 'ACCOUNT', 'ORGANIZATION')),
  row(/^AWS::CloudWatch::Alarm$/, 'Threshold', 'what it takes to go off', 'detection', { order: { more: 'weaker' }, read: needed }),
  row(/^AWS::CloudWatch::Alarm$/, 'EvaluationPeriods', 'how long it waits', 'detection', counted('seconds', waited)),
  row(/^AWS::ECR::Repository$/, 'ImageScanningConfiguration.ScanOnPush', 'scanning of images', 'detection', on('false')),
  // Data.
  row(BUCKET, 'VersioningConfiguration.Status', 'versioning', 'data', scale('Suspended', 'Suspended', 'Enabled')),
  row(BUCKET, 'LifecycleConfiguration.Rules', 'the time for which objects are kept', 'data', { ...lasting(objectsKept), severity: 'high' }),
  row(BUCKET, 'LifecycleConfiguration.Rules', 'the time for which old versions are kept', 'data', lasting(versionsKept)),
  row(BUCKET, 'ObjectLockConfiguration', 'the time for which objects cannot be altered', 'data', { ...lasting(locked), severity: 'high' }),
  row(TABLE, 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', 'recovery to any point in time', 'data', {
    ...on('false'),
    severity: 'high',
  }),
  row(TABLE, 'PointInTimeRecoverySpecification.RecoveryPeriodInDays', 'how far recovery reaches back', 'data', {
    order: { more: 'stronger', unit: 'days', absent: 35 },
  }),
  row(TABLE, 'DeletionProtectionEnabled', 'the protection from deletion', 'data', on('false')),
  row(
    /^AWS::(RDS::DB(Instance|Cluster)|DocDB::DBCluster|Neptune::DBCluster)$/,
    'DeletionProtection',
    'the protection from deletion',
    'data',
    on('false'),
  ),
  row(/^AWS::RDS::DBInstance$/, 'MultiAZ', 'the copy in a second zone', 'data', on('false')),
  row(/^AWS::EFS::FileSystem$/, 'BackupPolicy.Status', 'backup', 'data', scale('DISABLED', 'DISABLED', 'ENABLED')),
  row(/^AWS::Backup::BackupPlan$/, 'BackupPlan.BackupPlanRule', 'the retention of its backups', 'data', lasting(backupsKept)),
  row(/^AWS::Backup::BackupPlan$/, 'BackupPlan.BackupPlanRule', 'the retention of its copies', 'data', lasting(copiesKept)),
  row(/^AWS::Backup::BackupPlan$/, 'BackupPlan.BackupPlanRule', 'the time between backups', 'data', counted('days', interval)),
  row(/^AWS::Backup::BackupPlan$/, 'BackupPlan.BackupPlanRule', 'rules that bring back any moment', 'data', {
    order: { more: 'stronger' },
    read: (plan) =>
      plan
        .at('BackupPlan.BackupPlanRule')
        .items()
        .filter((rule) => rule.at('EnableContinuousBackup').boolean === true).length,
  }),
  row(/^AWS::KMS::Key$/, 'Enabled', 'the key', 'data', { ...on('true'), severity: 'high' }),
  row(POOL, 'DeletionProtection', 'the protection from deletion', 'data', scale('INACTIVE', 'INACTIVE', 'ACTIVE')),
  // Encryption.
  row(/^AWS::DMS::Endpoint$/, 'SslMode', 'the encryption of its connection', 'encryption', {
    ...scale('none', 'none', 'require', 'verify-ca', 'verify-full'),
    severity: 'high',
  }),
  row(/^AWS::Lambda::Function$/, 'KmsKeyArn', 'an own key for its variables', 'encryption', there),
  row(BUCKET, 'BucketEncryption', 'objects that callers encrypt by keys of their own (SSE-C)', 'encryption', {
    ...counted('', callersKeys),
    turns: [
      'callers may encrypt objects by keys of their own again (SSE-C)',
      'callers may no longer encrypt objects by keys of their own (SSE-C)',
    ],
    severity: 'low',
  }),
  row(/^AWS::EKS::Cluster$/, 'EncryptionConfig', 'an own key for its secrets', 'encryption', there),
  // Access.
  row(/^AWS::IAM::(Role|User)$/, 'PermissionsBoundary', 'its permissions boundary', 'access', { ...there, severity: 'high' }),
  row(
    /^AWS::SSO::PermissionSet$/,
    'SessionDuration',
    'the longest session',
    'access',
    counted('hours', (set) => {
      const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(set.at('SessionDuration').string ?? 'PT1H') ?? [];
      return Number(hours) + Number(minutes) / 60;
    }),
  ),
  row(/^AWS::SecretsManager::ResourcePolicy$/, 'BlockPublicPolicy', 'the guard against a public policy', 'access', on('false')),
  row(/^AWS::RAM::ResourceShare$/, 'AllowExternalPrincipals', 'whether outsiders can be let in', 'access', {
    ...off('true'),
    severity: 'high',
  }),
  row(/^AWS::Cognito::IdentityPool$/, 'AllowUnauthenticatedIdentities', 'whether guests get credentials', 'access', {
    ...off('false'),
    severity: 'high',
  }),
  row(/^AWS::AppSync::GraphQLApi$/, 'UserPoolConfig.DefaultAction', 'what users may do without being named', 'access', {
    ...scale('ALLOW', 'ALLOW', 'DENY'),
    severity: 'high',
  }),
  row(POOL, 'AdminCreateUserConfig.AllowAdminCreateUserOnly', 'that only administrators make users', 'access', on('false')),
  row(
    POOL,
    'UserPoolAddOns.AdvancedSecurityMode',
    'the protection from attacks on sign-in',
    'access',
    scale('OFF', 'OFF', 'AUDIT', 'ENFORCED'),
  ),
  row(CLIENT, 'AccessTokenValidity', 'how long a token is good', 'access', counted('seconds', validity('AccessToken', 3600))),
  row(
    CLIENT,
    'RefreshTokenValidity',
    'how long a sign-in can be renewed',
    'access',
    counted('seconds', validity('RefreshToken', 30 * 86_400)),
  ),
  row(POOL, 'UserPoolTier', 'its tier', 'access', scale('ESSENTIALS', 'LITE', 'ESSENTIALS', 'PLUS')),
  row(/^AWS::ApiGateway::Authorizer$/, 'AuthorizerResultTtlInSeconds', 'how long a decision holds', 'access', {
    order: { more: 'weaker', unit: 'seconds', absent: 300 },
    severity: 'low',
  }),
  row(CLIENT, 'EnableTokenRevocation', 'the way to take tokens back', 'access', on('true')),
  // Exposure.
  row(/^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/, 'Scheme', 'where it is reached from', 'exposure', {
    ...scale('internet-facing', 'internet-facing', 'internal'),
    severity: 'high',
  }),
  row(/^AWS::EKS::Cluster$/, 'ResourcesVpcConfig.EndpointPublicAccess', 'whether the internet reaches its interface', 'exposure', {
    ...off('true'),
    severity: 'high',
  }),
  row(
    /^AWS::ApiGateway(V2::Api|::RestApi)$/,
    'DisableExecuteApiEndpoint',
    'the refusal of calls past its own domain name',
    'exposure',
    on('false'),
  ),
  row(/^AWS::ApiGateway(V2)?::DomainName$/, 'MutualTlsAuthentication', 'the demand for a certificate of the caller', 'exposure', {
    ...there,
    severity: 'high',
  }),
  row(/^AWS::VpcLattice::Service(Network)?$/, 'AuthType', 'what it asks of callers', 'exposure', {
    ...scale('NONE', 'NONE', 'AWS_IAM'),
    severity: 'high',
  }),
  row(/^AWS::EC2::VPCEndpointService$/, 'AcceptanceRequired', 'the acceptance of each connection', 'exposure', on('true')),
  row(/^AWS::S3::AccessPoint$/, 'VpcConfiguration', 'the network that it is limited to', 'exposure', { ...there, severity: 'high' }),
  row(
    /^AWS::CloudFront::Distribution$/,
    'DistributionConfig.Origins',
    'websites of buckets that it reads, in clear and as anybody',
    'exposure',
    counted('', websites),
  ),
  row(/^AWS::ApiGateway(V2)?::(Stage|UsagePlan)$/, 'ThrottlingRateLimit', 'the calls in a second that pass', 'exposure', {
    ...counted('calls', throttled),
    severity: 'low',
  }),
  row(/^AWS::WAFv2::WebACL$/, 'Rules', 'the requests of one client that pass', 'exposure', counted('requests', rateLimit)),
  // Containers.
  row(TASK, 'ContainerDefinitions', 'containers with the rights of their host', 'controls', {
    ...counted('', (task) => containers(task).filter((one) => one.at('Privileged').boolean === true).length),
    severity: 'high',
  }),
  row(
    TASK,
    'ContainerDefinitions',
    'containers that run as root',
    'controls',
    counted('', (task) => containers(task).filter((one) => firstIs(one.at('User'), /^(root|0)(:|$)/)).length),
  ),
  row(
    TASK,
    'ContainerDefinitions',
    'containers that may write their own files',
    'controls',
    counted('', (task) => containers(task).filter((one) => one.at('ReadonlyRootFilesystem').boolean !== true).length),
  ),
];
