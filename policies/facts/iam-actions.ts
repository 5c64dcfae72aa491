/**
 * What single actions of AWS mean for those who hold them: which reach data, which copy it out, which lift their holder
 * above his own rights. Names as in the service authorisation reference.
 */

/** Actions that read, write or destroy what a store holds, or that decide who may; all of them can be granted for named resources. */
const DATA: Readonly<Record<string, readonly string[]>> = {
  s3: [
    ...['GetObject', 'GetObjectVersion', 'PutObject', 'PutObjectAcl', 'DeleteObject', 'DeleteObjectVersion', 'DeleteBucket'],
    ...['PutBucketPolicy', 'DeleteBucketPolicy', 'PutBucketAcl', 'PutBucketPublicAccessBlock', 'PutAccessPointPolicy'],
  ],
  's3-object-lambda': ['GetObject', 'PutObject', 'DeleteObject'],
  s3express: ['CreateSession', 'PutBucketPolicy', 'DeleteBucket'],
  s3tables: ['GetTableData', 'PutTableData', 'DeleteTable', 'PutTablePolicy', 'PutTableBucketPolicy'],
  s3vectors: ['GetVectors', 'QueryVectors', 'PutVectors', 'DeleteVectors', 'PutVectorBucketPolicy'],
  dynamodb: [
    ...['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'GetRecords'],
    ...['PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete', 'DeleteTable', 'PutResourcePolicy'],
  ],
  secretsmanager: ['GetSecretValue', 'PutSecretValue', 'UpdateSecret', 'DeleteSecret', 'PutResourcePolicy'],
  ssm: [
    'GetParameter',
    'GetParameters',
    'GetParametersByPath',
    'GetParameterHistory',
    'PutParameter',
    'DeleteParameter',
    'DeleteParameters',
  ],
  kms: ['Decrypt', 'ReEncryptFrom', 'GenerateDataKey', 'CreateGrant', 'PutKeyPolicy', 'ScheduleKeyDeletion', 'DisableKey'],
  sqs: ['ReceiveMessage', 'SendMessage', 'DeleteMessage', 'PurgeQueue', 'DeleteQueue', 'AddPermission', 'SetQueueAttributes'],
  sns: ['AddPermission', 'SetTopicAttributes', 'DeleteTopic'],
  kinesis: ['GetRecords', 'PutRecord', 'PutRecords', 'DeleteStream'],
  'kafka-cluster': ['ReadData', 'WriteData'],
  rds: ['DeleteDBInstance', 'DeleteDBCluster', 'DeleteDBSnapshot', 'DeleteDBClusterSnapshot'],
  'rds-data': ['ExecuteStatement', 'BatchExecuteStatement'],
  'rds-db': ['connect'],
  dsql: ['DbConnect', 'DbConnectAdmin'],
  redshift: ['GetClusterCredentials', 'GetClusterCredentialsWithIAM', 'DeleteCluster'],
  'redshift-serverless': ['GetCredentials'],
  athena: ['GetQueryResults'],
  es: ['ESHttpGet', 'ESHttpPost', 'ESHttpPut', 'ESHttpPatch', 'ESHttpDelete', 'DeleteDomain', 'DeleteElasticsearchDomain'],
  aoss: ['APIAccessAll'],
  'neptune-db': ['connect', 'ReadDataViaQuery', 'WriteDataViaQuery', 'DeleteDataViaQuery'],
  cassandra: ['Select', 'Modify', 'Drop'],
  elasticache: ['Connect'],
  memorydb: ['Connect'],
  elasticfilesystem: ['ClientMount', 'ClientWrite', 'ClientRootAccess', 'DeleteFileSystem', 'PutFileSystemPolicy'],
  backup: ['DeleteRecoveryPoint', 'StartRestoreJob', 'PutBackupVaultAccessPolicy', 'DeleteBackupVault'],
  ebs: ['GetSnapshotBlock', 'PutSnapshotBlock'],
  'cognito-idp': ['ListUsers', 'AdminGetUser', 'AdminSetUserPassword', 'AdminUpdateUserAttributes', 'AdminDeleteUser'],
  iot: ['Connect', 'Publish', 'Subscribe', 'Receive'],
};

/** Actions that change how a workload runs, and that can be granted for named resources. */
const WORKLOAD: Readonly<Record<string, readonly string[]>> = {
  lambda: ['InvokeFunction', 'UpdateFunctionConfiguration', 'DeleteFunction', 'AddPermission'],
  ec2: [
    ...['TerminateInstances', 'StopInstances', 'RebootInstances', 'ModifyInstanceAttribute', 'DeleteVolume', 'DeleteSnapshot'],
    ...['AuthorizeSecurityGroupIngress', 'AuthorizeSecurityGroupEgress', 'RevokeSecurityGroupIngress', 'DeleteSecurityGroup'],
    ...[
      'DeleteVpc',
      'DeleteSubnet',
      'DeleteInternetGateway',
      'AttachInternetGateway',
      'DetachInternetGateway',
      'CreateRoute',
      'ReplaceRoute',
    ],
    ...['DeleteRoute', 'DeleteRouteTable', 'DeleteNatGateway', 'DeleteVpcEndpoints', 'DeleteNetworkAcl', 'ReplaceNetworkAclEntry'],
  ],
  ecs: ['RunTask', 'ExecuteCommand', 'UpdateService', 'DeleteService', 'DeleteCluster'],
  states: ['StartExecution', 'UpdateStateMachine', 'DeleteStateMachine'],
  cloudformation: ['DeleteStack', 'UpdateStack', 'ExecuteChangeSet'],
  codebuild: ['StartBuild', 'UpdateProject', 'DeleteProject'],
  codepipeline: ['StartPipelineExecution', 'UpdatePipeline', 'DeletePipeline'],
  ssm: ['StartSession'],
  logs: ['DeleteLogGroup', 'DeleteLogStream'],
  events: ['PutEvents', 'DeleteRule'],
  ecr: ['PutImage', 'BatchDeleteImage', 'SetRepositoryPolicy', 'DeleteRepository'],
  rds: [
    'CreateDBInstance',
    'CreateDBCluster',
    'ModifyDBInstance',
    'ModifyDBCluster',
    'RebootDBInstance',
    'StopDBInstance',
    'StopDBCluster',
  ],
  elasticache: ['DeleteReplicationGroup', 'ModifyReplicationGroup', 'DeleteCacheCluster', 'ModifyCacheCluster'],
  redshift: ['ModifyCluster', 'PauseCluster', 'RebootCluster'],
  elasticloadbalancing: ['DeleteLoadBalancer', 'ModifyListener', 'DeleteListener', 'ModifyLoadBalancerAttributes', 'DeleteTargetGroup'],
  route53: ['ChangeResourceRecordSets', 'DeleteHostedZone'],
  eks: ['CreateAccessEntry', 'AssociateAccessPolicy'],
  firehose: ['PutRecord', 'PutRecordBatch'],
  'execute-api': ['Invoke'],
};

/** Actions that carry data in bulk out of a store, an image or a record, or that let others do so. */
const EXPORT: Readonly<Record<string, readonly string[]>> = {
  s3: ['PutReplicationConfiguration', 'CreateJob', 'PutInventoryConfiguration'],
  dynamodb: ['ExportTableToPointInTime'],
  rds: ['StartExportTask', 'CopyDBSnapshot', 'CopyDBClusterSnapshot', 'ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute'],
  redshift: ['AuthorizeSnapshotAccess', 'AuthorizeDataShare'],
  ec2: [
    'ModifySnapshotAttribute',
    'ModifyImageAttribute',
    'ExportImage',
    'CreateInstanceExportTask',
    'CreateStoreImageTask',
    'CopySnapshot',
  ],
  ebs: ['GetSnapshotBlock'],
  elasticache: ['CopySnapshot', 'CopyServerlessCacheSnapshot', 'ExportServerlessCacheSnapshot'],
  memorydb: ['CopySnapshot'],
  backup: ['StartCopyJob'],
  logs: ['CreateExportTask'],
  ecr: ['PutReplicationConfiguration'],
  dms: ['CreateReplicationTask', 'StartReplicationTask'],
  datasync: ['CreateTask', 'StartTaskExecution'],
  lightsail: ['ExportSnapshot'],
  ram: ['CreateResourceShare', 'AssociateResourceShare'],
};

/** Actions each of which alone lets a holder take over other rights, when the resource is any. */
const TAKEOVER: Readonly<Record<string, readonly string[]>> = {
  iam: [
    ...['CreatePolicyVersion', 'SetDefaultPolicyVersion', 'UpdateAssumeRolePolicy', 'AddUserToGroup', 'CreateAccessKey'],
    ...['AttachRolePolicy', 'AttachUserPolicy', 'AttachGroupPolicy', 'PutRolePolicy', 'PutUserPolicy', 'PutGroupPolicy'],
    ...['CreateLoginProfile', 'UpdateLoginProfile', 'DeleteRolePermissionsBoundary', 'DeleteUserPermissionsBoundary'],
    ...['PutRolePermissionsBoundary', 'PutUserPermissionsBoundary'],
  ],
  sts: ['AssumeRole'],
  sso: ['AttachManagedPolicyToPermissionSet', 'PutInlinePolicyToPermissionSet', 'CreateAccountAssignment'],
  lambda: ['UpdateFunctionCode'],
  glue: ['UpdateDevEndpoint'],
  sagemaker: ['CreatePresignedNotebookInstanceUrl'],
  ssm: ['SendCommand'],
};

/** Actions that change what a role, user or policy may do; on a named one they lift their holder as far as that one reaches. */
const REWRITING = [
  ...['UpdateAssumeRolePolicy', 'AttachRolePolicy', 'AttachUserPolicy', 'AttachGroupPolicy', 'PutRolePolicy', 'PutUserPolicy'],
  ...['PutGroupPolicy', 'CreatePolicyVersion', 'SetDefaultPolicyVersion'],
] as const;

/** Actions that start something with a role that is passed to it, by the service that the role is passed to. */
export const STARTERS: Readonly<Record<string, readonly string[]>> = {
  'ec2.amazonaws.com': ['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
  'lambda.amazonaws.com': ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
  'cloudformation.amazonaws.com': ['cloudformation:CreateStack', 'cloudformation:UpdateStack', 'cloudformation:CreateChangeSet'],
  'glue.amazonaws.com': ['glue:CreateDevEndpoint', 'glue:CreateJob', 'glue:UpdateJob'],
  'sagemaker.amazonaws.com': [
    ...['sagemaker:CreateNotebookInstance', 'sagemaker:CreateTrainingJob', 'sagemaker:CreateProcessingJob'],
    'sagemaker:CreateUserProfile',
  ],
  'datapipeline.amazonaws.com': ['datapipeline:CreatePipeline', 'datapipeline:PutPipelineDefinition'],
  // Registering a definition starts nothing by itself; a deployment pipeline does that for the services it deploys.
  'ecs-tasks.amazonaws.com': ['ecs:RunTask', 'ecs:StartTask', 'ecs:CreateService'],
  'codebuild.amazonaws.com': ['codebuild:CreateProject', 'codebuild:UpdateProject'],
  'states.amazonaws.com': ['states:CreateStateMachine', 'states:UpdateStateMachine'],
  'elasticmapreduce.amazonaws.com': ['elasticmapreduce:RunJobFlow'],
  'ssm.amazonaws.com': ['ssm:StartAutomationExecution'],
  'scheduler.amazonaws.com': ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule'],
  'apprunner.amazonaws.com': ['apprunner:CreateService', 'apprunner:UpdateService'],
  'bedrock.amazonaws.com': ['bedrock:CreateAgent', 'bedrock:UpdateAgent'],
};

/** Some actions, found by service. */
export type ActionTable = ReadonlyMap<string, readonly { readonly name: string; readonly folded: string }[]>;

const tableOf = (actions: Readonly<Record<string, readonly string[]>>): ActionTable =>
  new Map(
    Object.entries(actions).map(([service, names]) => [
      service,
      names.map((name) => ({ name: `${service}:${name}`, folded: `${service}:${name}`.toLowerCase() })),
    ]),
  );

export const DATA_ACTIONS = tableOf(DATA);
export const WORKLOAD_ACTIONS = tableOf(WORKLOAD);
export const EXPORT_ACTIONS = tableOf(EXPORT);
export const TAKEOVER_ACTIONS = tableOf(TAKEOVER);
export const REWRITING_ACTIONS = tableOf({ iam: REWRITING });

/** The actions on data that change or remove it, or who may see it. */
export const ALTERING_ACTIONS = tableOf(
  Object.fromEntries(
    Object.entries(DATA).map(([service, names]) => [
      service,
      names.filter((name) =>
        /^(Put|Delete|Update|BatchWrite|PartiQL(Insert|Update|Delete)|Admin(Set|Update|Delete)|Purge|Send|Add|Write|Modify|Drop|Schedule|Disable|ESHttp(Post|Put|Patch|Delete))/.test(
          name,
        ),
      ),
    ]),
  ),
);

/** The actions that read many records in one call. */
export const BULK_READ_ACTIONS = tableOf({
  s3: ['GetObject'],
  dynamodb: ['Scan', 'BatchGetItem', 'PartiQLSelect'],
  athena: ['GetQueryResults'],
  'rds-data': ['ExecuteStatement', 'BatchExecuteStatement'],
});

/** Services whose records and measurements hold no customer data; all rights over them are untidy rather than dangerous. */
export const TELEMETRY = new Set([
  'logs',
  'cloudwatch',
  'xray',
  'application-autoscaling',
  'autoscaling',
  'ssmmessages',
  'ec2messages',
  'tag',
]);

/**
 * What an AWS managed policy gives to whoever it is attached to, on every resource of the account. `convenience`: what one
 * kind of workload needs, only on every store instead of its own.
 */
export type ManagedReach = 'administration' | 'takeover' | 'data' | 'reading' | 'service' | 'convenience';

const MANAGED: Readonly<Record<string, ManagedReach>> = {
  AdministratorAccess: 'administration',
  'AdministratorAccess-Amplify': 'service',
  'AdministratorAccess-AWSElasticBeanstalk': 'service',
  IAMFullAccess: 'takeover',
  AWSLambda_FullAccess: 'takeover',
  AWSLambdaFullAccess: 'takeover',
  AWSCodeStarFullAccess: 'takeover',
  AWSDataPipeline_FullAccess: 'takeover',
  AWSGlueConsoleFullAccess: 'takeover',
  AWSSSOMasterAccountAdministrator: 'takeover',
  AWSOrganizationsFullAccess: 'takeover',
  PowerUserAccess: 'data',
  SystemAdministrator: 'data',
  DatabaseAdministrator: 'data',
  DataScientist: 'data',
  NetworkAdministrator: 'service',
  AmazonS3FullAccess: 'data',
  AmazonDynamoDBFullAccess: 'data',
  AmazonDynamoDBFullAccess_v2: 'data',
  AmazonDynamoDBFullAccesswithDataPipeline: 'data',
  AmazonRDSFullAccess: 'data',
  AmazonRDSDataFullAccess: 'data',
  AmazonRedshiftFullAccess: 'data',
  AmazonRedshiftDataFullAccess: 'data',
  AmazonElasticFileSystemFullAccess: 'data',
  AmazonElasticFileSystemClientFullAccess: 'data',
  AmazonOpenSearchServiceFullAccess: 'data',
  AmazonESFullAccess: 'data',
  AmazonDocDBFullAccess: 'data',
  AmazonDocDBConsoleFullAccess: 'data',
  NeptuneFullAccess: 'data',
  AmazonKeyspacesFullAccess: 'data',
  AmazonTimestreamFullAccess: 'data',
  AmazonElastiCacheFullAccess: 'data',
  AmazonMemoryDBFullAccess: 'data',
  AmazonAthenaFullAccess: 'data',
  AmazonSQSFullAccess: 'data',
  AmazonSNSFullAccess: 'data',
  AmazonKinesisFullAccess: 'data',
  AmazonKinesisFirehoseFullAccess: 'data',
  AmazonMSKFullAccess: 'data',
  AmazonSSMFullAccess: 'data',
  AmazonCognitoPowerUser: 'data',
  AWSBackupFullAccess: 'data',
  AmazonFSxFullAccess: 'data',
  AmazonConnect_FullAccess: 'data',
  AWSKeyManagementServicePowerUser: 'data',
  SecretsManagerReadWrite: 'data',
  ReadOnlyAccess: 'reading',
  AmazonS3ReadOnlyAccess: 'reading',
  AmazonDynamoDBReadOnlyAccess: 'reading',
  AmazonSSMReadOnlyAccess: 'reading',
  AmazonKinesisReadOnlyAccess: 'reading',
  AmazonRDSDataReadOnlyAccess: 'reading',
  AmazonEC2RoleforSSM: 'data',
  AmazonEC2RoleforDataPipelineRole: 'data',
  AWSLambdaExecute: 'convenience',
  AWSLambdaDynamoDBExecutionRole: 'convenience',
  AWSLambdaInvocation_DynamoDB: 'convenience',
  AWSLambdaKinesisExecutionRole: 'convenience',
  AWSLambdaSQSQueueExecutionRole: 'convenience',
};

/** Full access to these is access to measurements only. */
const MEASURES = /^(AWSXray|AWSXRay|CloudWatch(Logs|Events|Synthetics|RUM|ApplicationSignals)?)FullAccess/;

/** What a managed policy, by its name without path, gives on every resource; undefined where that is narrow or harmless. */
export function reachOfManaged(name: string): ManagedReach | undefined {
  const known = MANAGED[name];
  if (known !== undefined) return known;
  if (MEASURES.test(name) || /^(AWSServiceRole|AmazonAPIGatewayPush|AWSApplicationAutoscaling)/.test(name)) return undefined;
  return /Full_?Access(V\d|_v\d)?$/.test(name) ? 'service' : undefined;
}
