/** Settings of which one value protects more than another: switches, presences, and what is counted or computed from several. */
import type { Resource } from '../../policies/resource';
import {
  backupsKept,
  containers,
  firstIs,
  interval,
  locked,
  needed,
  objectsKept,
  passedBy,
  rateLimit,
  validity,
  versionsKept,
  waited,
  websites,
} from './strengths-readings';
import { FOREVER, type Strength } from './strengths-table';

type Row = Omit<Strength, 'on' | 'path' | 'what' | 'aspect'>;
const row = (on: RegExp, path: Strength['path'], what: string, aspect: Strength['aspect'], rest: Row): Strength => ({
  on,
  path,
  what,
  aspect,
  ...rest,
});
const off = (absent: 'true' | 'false'): Row => ({ order: { scale: ['true', 'false'], absent } });
const on = (absent: 'true' | 'false'): Row => ({ order: { scale: ['false', 'true'], absent } });
const there: Row = { order: { present: true } };
const scale = (absent: string, ...steps: readonly string[]): Row => ({ order: { scale: steps, absent } });
const counted = (unit: string, read: (resource: Resource) => number | undefined): Row => ({ order: { more: 'weaker', unit }, read });
const lasting = (read: (resource: Resource) => number | undefined): Row => ({ order: { more: 'stronger', unit: 'days' }, read });

const BUCKET = /^AWS::S3::Bucket$/;
const TRAIL = /^AWS::CloudTrail::Trail$/;
const POOL = /^AWS::Cognito::UserPool$/;
const CLIENT = /^AWS::Cognito::UserPoolClient$/;
const TABLE = /^AWS::DynamoDB::Table$/;
const TASK = /^AWS::ECS::TaskDefinition$/;
const PARAMETERS = /^AWS::(RDS|DocDB|Neptune)::DB(Cluster)?ParameterGroup$/;
const STORAGE = /^azure-native:storage:StorageAccount$/;
const AZURE_STORE =
  /^azure-native:(storage:StorageAccount|keyvault:Vault|sql:Server|cosmosdb:DatabaseAccount|cognitiveservices:Account|search:Service|containerregistry:Registry|servicebus:Namespace|eventhub:Namespace|appconfiguration:ConfigurationStore|redis:Redis)$/;
const parameter = (key: string): readonly string[] => ['Parameters', key];

/** Where services let those pass whom Azure trusts, and what holds where nobody says. */
const BYPASSES: readonly (readonly [type: RegExp, path: string, absent: boolean])[] = [
  [STORAGE, 'networkRuleSet.bypass', true],
  [/^azure-native:keyvault:(Vault|ManagedHsm)$/, 'properties.networkAcls.bypass', true],
  [/^azure-native:cosmosdb:DatabaseAccount$/, 'networkAclBypass', false],
  [/^azure-native:containerregistry:Registry$/, 'networkRuleBypassOptions', true],
  [/^azure-native:cognitiveservices:Account$/, 'properties.networkAcls.bypass', false],
  [/^azure-native:search:Service$/, 'networkRuleSet.bypass', false],
  [/^azure-native:(servicebus|eventhub):NamespaceNetworkRuleSet$/, 'trustedServiceAccessEnabled', false],
];

export const SWITCHES: readonly Strength[] = [
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
  row(/^azure-native:(monitor|insights):ScheduledQueryRule$/, 'severity', 'the severity of its alerts', 'detection', {
    order: { more: 'weaker' },
  }),
  row(/^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/, 'state', 'the recording of statements', 'logging', {
    ...scale('Disabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
  row(/^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/, 'retentionDays', 'the retention of its records', 'logging', {
    order: { more: 'stronger', unit: 'days', absent: FOREVER },
  }),
  row(
    /^azure-native:sql:\w*SecurityAlertPolicy$/,
    'state',
    'the detection of threats',
    'detection',
    scale('Disabled', 'Disabled', 'Enabled'),
  ),
  row(/^azure-native:security:DefenderForStorage$/, 'isEnabled', 'the detection of threats', 'detection', on('false')),
  row(/^azure-native:authorization:PolicyAssignment$/, 'enforcementMode', 'what it enforces', 'controls', {
    ...scale('Default', 'DoNotEnforce', 'Default'),
    severity: 'high',
  }),
  row(/^azure-native:authorization:ManagementLock\w+$/, 'level', 'the lock', 'data', {
    order: { scale: ['NotSpecified', 'CanNotDelete', 'ReadOnly'] },
  }),
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
  row(/^AWS::Backup::BackupPlan$/, 'BackupPlan.BackupPlanRule', 'the time between backups', 'data', counted('days', interval)),
  row(/^AWS::KMS::Key$/, 'Enabled', 'the key', 'data', { ...on('true'), severity: 'high' }),
  row(POOL, 'DeletionProtection', 'the protection from deletion', 'data', scale('INACTIVE', 'INACTIVE', 'ACTIVE')),
  row(
    /^azure-native:recoveryservices:Vault$/,
    'properties.securitySettings.immutabilitySettings.state',
    'the lock of its backups',
    'data',
    { ...scale('Disabled', 'Disabled', 'Unlocked', 'Locked'), severity: 'high' },
  ),
  row(
    /^azure-native:dataprotection:BackupVault$/,
    'properties.securitySettings.immutabilitySettings.state',
    'the lock of its backups',
    'data',
    { ...scale('Disabled', 'Disabled', 'Unlocked', 'Locked'), severity: 'high' },
  ),
  row(
    /^azure-native:recoveryservices:Vault$/,
    'properties.securitySettings.softDeleteSettings.softDeleteState',
    'the time in which deleted backups come back',
    'data',
    scale('Enabled', 'Disabled', 'Enabled', 'AlwaysON'),
  ),
  row(/^azure-native:keyvault:Vault$/, 'properties.enablePurgeProtection', 'the protection from purging', 'data', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:storage:BlobServiceProperties$/, 'isVersioningEnabled', 'versioning', 'data', on('false')),
  row(
    /^azure-native:storage:BlobServiceProperties$/,
    'deleteRetentionPolicy.enabled',
    'the way back of deleted blobs',
    'data',
    on('false'),
  ),
  row(
    /^azure-native:storage:BlobServiceProperties$/,
    'containerDeleteRetentionPolicy.enabled',
    'the way back of deleted containers',
    'data',
    on('false'),
  ),
  // Encryption.
  row(/^AWS::Lambda::Function$/, 'KmsKeyArn', 'an own key for its variables', 'encryption', there),
  row(/^AWS::EKS::Cluster$/, 'EncryptionConfig', 'an own key for its secrets', 'encryption', there),
  row(STORAGE, 'minimumTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['TLS1_0', 'TLS1_1', 'TLS1_2', 'TLS1_3'], absent: 'TLS1_0' },
    severity: 'high',
  }),
  row(STORAGE, 'enableHttpsTrafficOnly', 'the demand for https', 'encryption', { ...on('true'), severity: 'high' }),
  row(/^azure-native:(sql:Server|dbformysql:Server|dbforpostgresql:Server)$/, 'minimalTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['None', '1.0', '1.1', '1.2', '1.3'] },
    severity: 'high',
  }),
  row(/^azure-native:web:WebApp(Slot)?$/, 'httpsOnly', 'the demand for https', 'encryption', { ...on('false'), severity: 'high' }),
  row(/^azure-native:web:WebApp(Slot)?$/, 'siteConfig.minTlsVersion', 'the oldest TLS', 'encryption', {
    order: { scale: ['1.0', '1.1', '1.2', '1.3'] },
  }),
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
  row(CLIENT, 'EnableTokenRevocation', 'the way to take tokens back', 'access', on('true')),
  row(/^azure-native:keyvault:Vault$/, 'properties.enableRbacAuthorization', 'access by role', 'access', on('false')),
  row(STORAGE, 'allowSharedKeyAccess', 'access by account key', 'access', { ...off('true'), severity: 'high' }),
  row(/^azure-native:(servicebus|eventhub):Namespace$/, 'disableLocalAuth', 'the refusal of keys', 'access', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:cosmosdb:DatabaseAccount$/, 'disableLocalAuth', 'the refusal of keys', 'access', { ...on('false'), severity: 'high' }),
  row(/^azure-native:sql:Server$/, 'administrators.azureADOnlyAuthentication', 'sign-in by the directory only', 'access', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:containerregistry:Registry$/, 'adminUserEnabled', 'the administrator with a password', 'access', {
    ...off('false'),
    severity: 'high',
  }),
  row(/^azure-native:containerservice:ManagedCluster$/, 'disableLocalAccounts', 'the refusal of local accounts', 'access', {
    ...on('false'),
    severity: 'high',
  }),
  row(/^azure-native:containerservice:ManagedCluster$/, 'enableRBAC', 'access by role', 'access', { ...on('true'), severity: 'high' }),
  // Exposure.
  row(/^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/, 'Scheme', 'where it is reached from', 'exposure', {
    ...scale('internet-facing', 'internet-facing', 'internal'),
    severity: 'high',
  }),
  row(AZURE_STORE, 'publicNetworkAccess', 'whether public networks reach it', 'exposure', {
    order: { scale: ['Enabled', 'SecuredByPerimeter', 'Disabled'], absent: 'Enabled' },
    severity: 'high',
  }),
  row(/^azure-native:keyvault:Vault$/, 'properties.publicNetworkAccess', 'whether public networks reach it', 'exposure', {
    order: { scale: ['enabled', 'disabled'], absent: 'enabled' },
    severity: 'high',
  }),
  row(STORAGE, 'networkRuleSet.defaultAction', 'networks that are not listed', 'exposure', {
    order: { scale: ['Allow', 'Deny'], absent: 'Allow' },
    severity: 'high',
  }),
  row(/^azure-native:keyvault:Vault$/, 'properties.networkAcls.defaultAction', 'networks that are not listed', 'exposure', {
    order: { scale: ['Allow', 'Deny'], absent: 'Allow' },
    severity: 'high',
  }),
  ...BYPASSES.map(([type, path, absent]) =>
    row(type, path, 'its list of networks', 'exposure', {
      order: { more: 'weaker' },
      read: passedBy(path, absent),
      turns: [
        'trusted services of Azure get past its list of networks now',
        'trusted services of Azure no longer get past its list of networks',
      ],
    }),
  ),
  row(STORAGE, 'allowBlobPublicAccess', 'whether blobs can be made public', 'exposure', { ...off('false'), severity: 'high' }),
  row(/^azure-native:storage:BlobContainer$/, 'publicAccess', 'what anybody may read', 'exposure', {
    ...scale('None', 'Container', 'Blob', 'None'),
    severity: 'critical',
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
  row(/^AWS::WAFv2::WebACL$/, 'Rules', 'the requests of one client that pass', 'exposure', counted('requests', rateLimit)),
  row(
    /^azure-native:(network:WebApplicationFirewallPolicy|frontdoor:Policy)$/,
    'policySettings.mode',
    'what the firewall does',
    'exposure',
    {
      order: { scale: ['Detection', 'Prevention'] },
      severity: 'high',
    },
  ),
  row(/^azure-native:frontdoor:Policy$/, 'policySettings.enabledState', 'the firewall', 'exposure', {
    ...scale('Enabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
  row(/^azure-native:network:WebApplicationFirewallPolicy$/, 'policySettings.state', 'the firewall', 'exposure', {
    ...scale('Enabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
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
