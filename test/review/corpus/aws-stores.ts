/** Weakenings of stores, keys, secrets and backups on AWS. */
import { arn, OTHER, policy, ref, STORES } from './aws-base';
import { ACCOUNT, awsWith, GONE, weakenings } from './pair';

const everyone = (action: string, more: object = {}) => ({ Effect: 'Allow', Principal: '*', Action: action, Resource: '*', ...more });
const account = (action: string, number = OTHER) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${number}:root` },
  Action: action,
  Resource: '*',
});

export const STORE_WEAKENINGS = weakenings(awsWith, STORES, {
  // Buckets
  'the public access block of a bucket is removed': ['controls|exposure: Records', { 'Records.PublicAccessBlockConfiguration': GONE }],
  'one of the four switches of the public access block is turned off': [
    'controls|exposure: Records',
    { 'Records.PublicAccessBlockConfiguration.RestrictPublicBuckets': false },
  ],
  'the encryption of a bucket is removed': ['encryption|exposure: Records', { 'Records.BucketEncryption': GONE }],
  'a bucket is encrypted with a key of the service instead of an own one': [
    'encryption|exposure: Records',
    { 'Records.BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault': { SSEAlgorithm: 'AES256' } },
  ],
  'versioning is suspended': ['data: Records', { 'Records.VersioningConfiguration.Status': 'Suspended' }],
  'old versions expire after a day': [
    'data: Records',
    { 'Records.LifecycleConfiguration.Rules.0.NoncurrentVersionExpiration.NoncurrentDays': 1 },
  ],
  'objects of a bucket expire that were kept': [
    'data: Records',
    { 'Records.LifecycleConfiguration.Rules.1': { Status: 'Enabled', ExpirationInDays: 30 } },
  ],
  'the access log of a bucket is removed': ['logging: Records', { 'Records.LoggingConfiguration': GONE }],
  'the access log of a bucket goes to another bucket': [
    'logging: Records',
    { 'Records.LoggingConfiguration.DestinationBucketName': 'somewhere-else' },
  ],
  'a bucket policy no longer refuses plain http': ['encryption|access: Records', { 'RecordsPolicy.PolicyDocument.Statement.0': GONE }],
  'a bucket policy no longer refuses old TLS': [
    'encryption|access: Records',
    { 'RecordsPolicy.PolicyDocument.Statement.1.Condition.NumericLessThan.s3:TlsVersion': '1.0' },
  ],
  'a bucket policy is deleted': ['encryption|access: Records', { RecordsPolicy: GONE }],
  'a bucket policy lets everyone read': [
    'access: everyone [internet]',
    { 'RecordsPolicy.PolicyDocument.Statement.2': { ...everyone('s3:GetObject'), Resource: { 'Fn::Sub': '${Records.Arn}/*' } } },
  ],
  'a bucket policy lets another account write': [
    'access: 999988887777 [organisation]',
    { 'RecordsPolicy.PolicyDocument.Statement.2': { ...account('s3:PutObject'), Resource: { 'Fn::Sub': '${Records.Arn}/*' } } },
  ],
  'a bucket policy lets everyone in but one role': [
    'access: everyone but [internet]',
    {
      'RecordsPolicy.PolicyDocument.Statement.2': {
        Effect: 'Allow',
        NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:role/app` },
        Action: 's3:GetObject',
        Resource: { 'Fn::Sub': '${Records.Arn}/*' },
      },
    },
  ],
  'an ACL makes a bucket readable': [
    'access|controls|exposure: Records',
    { 'Records.AccessControl': 'PublicRead', 'Records.OwnershipControls.Rules.0.ObjectOwnership': 'ObjectWriter' },
  ],
  'a bucket is copied to another account': [
    'access|data: Records [organisation]',
    {
      'Records.ReplicationConfiguration': {
        Role: `arn:aws:iam::${ACCOUNT}:role/copy`,
        Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::partner-copy', Account: OTHER } }],
      },
    },
  ],
  'an inventory of a bucket goes to another account': [
    'access|data: Records [organisation]',
    {
      'Records.InventoryConfigurations': [
        {
          Id: 'all',
          Enabled: true,
          IncludedObjectVersions: 'All',
          ScheduleFrequency: 'Daily',
          Destination: { BucketArn: 'arn:aws:s3:::theirs', BucketAccountId: OTHER, Format: 'CSV' },
        },
      ],
    },
  ],
  'the lock of objects is removed': ['data|logging: AccessLogs', { 'AccessLogs.ObjectLockConfiguration.Rule': GONE }],
  'the lock of objects is shortened': ['data|logging: AccessLogs', { 'AccessLogs.ObjectLockConfiguration.Rule.DefaultRetention.Days': 1 }],
  'the lock of objects can be lifted by administrators': [
    'data|logging: AccessLogs',
    { 'AccessLogs.ObjectLockConfiguration.Rule.DefaultRetention.Mode': 'GOVERNANCE' },
  ],
  'a bucket is deleted with its stack': ['data: Records', { 'Records@DeletionPolicy': 'Delete' }],
  'a bucket would be deleted when it is replaced': ['data: Records', { 'Records@UpdateReplacePolicy': 'Delete' }],
  'a bucket is left out': ['data: Records', { Records: GONE, RecordsPolicy: GONE, 'Selection.BackupSelection.Resources.3': GONE }],
  // Tables
  'a table lets another account in by its own policy': [
    'access: Cases [organisation]',
    { 'Cases.ResourcePolicy': { PolicyDocument: policy(account('dynamodb:GetItem')) } },
  ],
  'point-in-time recovery of a table is turned off': [
    'data: Cases',
    { 'Cases.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': false },
  ],
  'point-in-time recovery of a table is removed': ['data: Cases', { 'Cases.PointInTimeRecoverySpecification': GONE }],
  'point-in-time recovery reaches back a day': ['data: Cases', { 'Cases.PointInTimeRecoverySpecification.RecoveryPeriodInDays': 1 }],
  'a table loses its own key': ['encryption: Cases', { 'Cases.SSESpecification': GONE }],
  'deletion protection of a table is turned off': ['data: Cases', { 'Cases.DeletionProtectionEnabled': false }],
  'a table is replaced because its name changes': ['data: Cases', { 'Cases.TableName': 'cases-2' }],
  'a table is replicated to another region': [
    'data: Cases [residency]',
    {
      Cases: {
        Type: 'AWS::DynamoDB::GlobalTable',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          TableName: 'cases',
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
          Replicas: [
            { Region: 'eu-central-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
            { Region: 'us-east-1', PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
          ],
        },
      },
    },
  ],
  'a table is exported into a stream of another account': [
    'access|data: Cases [organisation]',
    { 'Cases.KinesisStreamSpecification': { StreamArn: `arn:aws:kinesis:eu-central-1:${OTHER}:stream/theirs` } },
  ],
  // Databases
  'a database becomes public': [
    'exposure: Database',
    { 'Database.PubliclyAccessible': true, 'DatabaseSubnets.SubnetIds': [ref('PublicSubnet')] },
  ],
  'the public flag of a database is no longer written': ['exposure|controls: Database', { 'Database.PubliclyAccessible': GONE }],
  'a database moves to public subnets': [
    'exposure|controls: Database',
    { 'DatabaseSubnets.SubnetIds': [ref('PublicSubnet'), ref('OtherPrivateSubnet')] },
  ],
  'a database gets an open security group': [
    'exposure|controls: Database',
    { 'Database.VPCSecurityGroups': [{ 'Fn::GetAtt': ['OpenGroup', 'GroupId'] }] },
  ],
  'the security group of a database opens to the whole network': [
    'exposure: Database',
    { 'DatabaseGroup.SecurityGroupIngress.0': { IpProtocol: '-1', CidrIp: '0.0.0.0/0', Description: 'all' } },
  ],
  'a database is no longer encrypted': ['encryption|exposure: Database', { 'Database.StorageEncrypted': false, 'Database.KmsKeyId': GONE }],
  'a database accepts plain connections': [
    'encryption: Parameters',
    {
      'Parameters.Parameters': {
        'rds.force_ssl': '0',
        ssl_min_protocol_version: 'TLSv1.2',
        log_connections: '1',
        log_disconnections: '1',
        'pgaudit.log': 'all',
        shared_preload_libraries: 'pgaudit',
      },
    },
  ],
  'a database no longer records connections': ['logging: Parameters', { 'Parameters.Parameters.log_connections': '0' }],
  'a database no longer exports its log': ['logging: Database', { 'Database.EnableCloudwatchLogsExports': GONE }],
  'backups of a database are kept for a day': ['data: Database', { 'Database.BackupRetentionPeriod': 1 }],
  'backups of a database are turned off': ['data: Database', { 'Database.BackupRetentionPeriod': 0 }],
  'deletion protection of a database is turned off': ['data: Database', { 'Database.DeletionProtection': false }],
  'a database is deleted without a last snapshot': ['data: Database', { 'Database@DeletionPolicy': 'Delete' }],
  'a database loses its second zone': ['data: Database', { 'Database.MultiAZ': false }],
  'a database is signed in to by password alone': ['controls|access: Database', { 'Database.EnableIAMDatabaseAuthentication': false }],
  'the password of a database stands in the template': [
    'controls|access|encryption: Database',
    { 'Database.ManageMasterUserPassword': GONE, 'Database.MasterUserSecret': GONE, 'Database.MasterUserPassword': 'correct-horse' },
  ],
  'a cluster of caches is no longer encrypted in transit': ['encryption: Cache', { 'Cache.TransitEncryptionEnabled': false }],
  'a cache is no longer encrypted at rest': ['encryption: Cache', { 'Cache.AtRestEncryptionEnabled': false }],
  'a file system is no longer encrypted': ['encryption|data: Files', { 'Files.Encrypted': false, 'Files.KmsKeyId': GONE }],
  'a file system is no longer backed up': [
    'data: Files',
    { 'Files.BackupPolicy.Status': 'DISABLED', 'Selection.BackupSelection.Resources.1': GONE },
  ],
  // Search
  'a search domain lets everyone in': ['access: Search [internet]', { 'Search.AccessPolicies': policy(everyone('es:*')) }],
  'a search domain leaves the network': ['exposure|controls: Search', { 'Search.VPCOptions': GONE }],
  'a search domain no longer asks for https': ['encryption: Search', { 'Search.DomainEndpointOptions.EnforceHTTPS': false }],
  'a search domain no longer encrypts between its nodes': ['encryption: Search', { 'Search.NodeToNodeEncryptionOptions.Enabled': false }],
  'a search domain loses its access control': ['controls|access: Search', { 'Search.AdvancedSecurityOptions.Enabled': false }],
  'a search domain no longer records who asked': ['logging: Search', { 'Search.LogPublishingOptions.AUDIT_LOGS.Enabled': false }],
  // Keys
  'rotation of a key is turned off': ['encryption: Key', { 'Key.EnableKeyRotation': false }],
  'the rotation of a key is no longer written': ['encryption: Key', { 'Key.EnableKeyRotation': GONE }],
  'a key rotates less often': ['encryption: Key', { 'Key.RotationPeriodInDays': 2560 }],
  'a key can be deleted within a week': ['data: Key', { 'Key.PendingWindowInDays': 7 }],
  'another account may decrypt with a key': ['access: Key [organisation]', { 'Key.KeyPolicy.Statement.1': account('kms:Decrypt') }],
  'another account may pass a key on by grants': [
    'access: Key [organisation]',
    { 'Key.KeyPolicy.Statement.1': account('kms:CreateGrant') },
  ],
  'everyone may use a key': ['access: Key [internet]', { 'Key.KeyPolicy.Statement.1': everyone('kms:*') }],
  'a service may use a key for anybody': [
    'access: Key',
    {
      'Key.KeyPolicy.Statement.1': {
        Effect: 'Allow',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 'kms:Decrypt',
        Resource: '*',
      },
    },
  ],
  'a key is disabled': ['encryption|data: Key', { 'Key.Enabled': false }],
  'a key is deleted with its stack': ['data: Key', { 'Key@DeletionPolicy': 'Delete' }],
  // Secrets
  'the policy of a secret opens, and so does its guard': [
    'access: Secret [internet]',
    { 'SecretPolicy.BlockPublicPolicy': false, 'SecretPolicy.ResourcePolicy': policy(everyone('secretsmanager:GetSecretValue')) },
  ],
  'the guard of the policy of a secret is turned off': ['access|controls: Secret', { 'SecretPolicy.BlockPublicPolicy': false }],
  'another account may read a secret': [
    'access: Secret [organisation]',
    { 'SecretPolicy.ResourcePolicy.Statement.1': account('secretsmanager:GetSecretValue') },
  ],
  'a secret loses its own key': ['encryption: Secret', { 'Secret.KmsKeyId': GONE }],
  'the rotation of a secret is removed': ['encryption|access: Rotation', { Rotation: GONE }],
  'a secret rotates once a year': ['encryption|access: Rotation', { 'Rotation.RotationRules.AutomaticallyAfterDays': 365 }],
  'a secret is copied to another region': ['data: Secret [residency]', { 'Secret.ReplicaRegions': [{ Region: 'us-east-1' }] }],
  'a secret is written into the template': [
    'encryption|access: Secret',
    { 'Secret.GenerateSecretString': GONE, 'Secret.SecretString': 'hunter2hunter2' },
  ],
  // Queues, topics, streams
  'a queue is open to everyone': [
    'access: Jobs [internet]',
    { 'JobsPolicy.PolicyDocument.Statement.1': { ...everyone('sqs:*'), Resource: arn('Jobs') } },
  ],
  'a queue loses its own key': ['encryption: Jobs', { 'Jobs.KmsMasterKeyId': GONE }],
  'a queue no longer refuses plain http': ['encryption|access: Jobs', { JobsPolicy: GONE }],
  'everyone may subscribe to a topic': [
    'access: News [internet]',
    {
      NewsPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [ref('News')], PolicyDocument: policy({ ...everyone('sns:Subscribe'), Resource: ref('News') }) },
      },
    },
  ],
  'a topic is no longer encrypted': ['encryption: News', { 'News.KmsMasterKeyId': GONE }],
  'a stream is no longer encrypted': ['encryption: Events', { 'Events.StreamEncryption': GONE }],
  'a stream keeps its records for a day': ['data: Events', { 'Events.RetentionPeriodHours': 24 }],
  // Images
  'another account may pull images': [
    'access: Images [organisation]',
    {
      'Images.RepositoryPolicyText': policy({
        Effect: 'Allow',
        Principal: { AWS: OTHER },
        Action: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      }),
    },
  ],
  'tags of images can be moved': ['controls|data: Images', { 'Images.ImageTagMutability': 'MUTABLE' }],
  'images are no longer scanned': ['controls|detection: Images', { 'Images.ImageScanningConfiguration.ScanOnPush': false }],
  // Backups
  'a backup plan is deleted': ['data: Plan', { Plan: GONE, Selection: GONE }],
  'a backup plan no longer covers a table': ['data: Cases', { 'Selection.BackupSelection.Resources.0': GONE }],
  'backups are made once a month': ['data: Plan', { 'Plan.BackupPlan.BackupPlanRule.0.ScheduleExpression': 'cron(0 3 1 * ? *)' }],
  'backups are kept for a week': ['data: Plan', { 'Plan.BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays': 7 }],
  'the lock of a vault is removed': ['data: Vault', { 'Vault.LockConfiguration': GONE }],
  'the lock of a vault bears shorter retention': ['data: Vault', { 'Vault.LockConfiguration.MinRetentionDays': 1 }],
  'another account may copy from a vault': [
    'access: Vault [organisation]',
    { 'Vault.AccessPolicy': policy(account('backup:CopyFromBackupVault')) },
  ],
  'a vault would be deleted with its stack': ['data: Vault', { 'Vault@DeletionPolicy': 'Delete' }],
  // Workloads
  'a function is pointed at the table of production': [
    'access|controls|data: Rotator [tier]',
    { 'Rotator.Environment.Variables.TABLE': ref('Cases') },
  ],
  'a function is pointed at the table of production by name': [
    'access|controls|data: Rotator [tier]',
    { 'Rotator.Environment.Variables.TABLE': 'case-table' },
  ],
  'a function listens to the queue of production': [
    'access: Source [tier]',
    {
      Source: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: ref('Rotator'), EventSourceArn: arn('Jobs') } },
      'Rotator.Tags': [{ Key: 'palisade:sensitivity', Value: 'internal' }],
    },
  ],
  'a store is said to be less sensitive': [
    'controls|data: Records [tier]',
    { 'Records.Tags.0.Value': 'internal', 'Records.Tags.1.Value': 'low' },
  ],
  'the labels of a store are removed': ['controls|data: Cases', { 'Cases.Tags': GONE }],
  'a key is shared with what is less sensitive': [
    'encryption: Key [tier]',
    {
      Scratch: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          KmsMasterKeyId: ref('Key'),
          Tags: [
            { Key: 'palisade:tier', Value: 'low' },
            { Key: 'palisade:sensitivity', Value: 'internal' },
          ],
        },
      },
    },
  ],
});
