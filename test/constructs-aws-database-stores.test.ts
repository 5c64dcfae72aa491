import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import {
  SecureCache,
  SecureDocumentDatabase,
  SecureFileSystem,
  SecureGraphDatabase,
  SecureSearchDomain,
  type SecureStack,
  SecureTable,
  type SecureTableProps,
  SecureWarehouse,
} from '../constructs/aws';
import type { Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { makeStore } from './support/aws-databases';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

const LEAST: SecureTableProps = { partitionKey: { name: 'assignee', type: AttributeType.STRING }, timeToLiveAttribute: 'deleteAfter' };
const TABLE = 'AWS::DynamoDB::GlobalTable';
const table = (props: Partial<SecureTableProps> = {}, tier?: Tier) =>
  makeStore((stack) => new SecureTable(stack, 'Cases', { ...LEAST, ...props }), tier);
const roleIn = (stack: SecureStack) => new Role(stack, 'Agent', { assumedBy: new ServicePrincipal('appsync.amazonaws.com') });
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000';

describe('a secure table', () => {
  it('can be brought back to any second of 35 days, cannot be deleted, forgets items in time, and streams both images', () => {
    Template.fromStack(table().stack).hasResource(TABLE, {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'deleteAfter', Enabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
            SSESpecification: { KMSMasterKeyId: Match.anyValue() },
            ResourcePolicy: {
              PolicyDocument: {
                Statement: [
                  Match.objectLike({ Sid: 'DenyOutsiders', Effect: 'Deny', Action: 'dynamodb:*' }),
                  Match.objectLike({ Sid: 'DenyExport', Effect: 'Deny', Action: Match.arrayWith(['dynamodb:ExportTableToPointInTime']) }),
                ],
              },
            },
          }),
        ],
      },
    });
  });

  it('has no stream and no key of its own at low', () => {
    const template = Template.fromStack(table({}, 'low').stack);
    template.hasResourceProperties(TABLE, { StreamSpecification: Match.absent(), SSESpecification: { SSEEnabled: true } });
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  it('shows an agent only the items of the own key, and of them the listed attributes', () => {
    const { stack, store } = table();
    store.grantLeadingKeyRead(roleIn(stack), '${aws:PrincipalTag/agent}', ['assignee', 'subject']);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'],
            Resource: stack.resolve(store.tableArn),
            Condition: {
              'ForAllValues:StringEquals': {
                'dynamodb:LeadingKeys': ['${aws:PrincipalTag/agent}'],
                'dynamodb:Attributes': ['assignee', 'subject'],
              },
              Null: { 'dynamodb:LeadingKeys': 'false', 'dynamodb:Attributes': 'false' },
              StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
            },
          }),
          Match.objectLike({ Action: 'kms:Decrypt' }),
        ]),
      },
    });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it('grants an index by its name', () => {
    const { stack, store } = table();
    store.grantLeadingKeyRead(roleIn(stack), '${aws:PrincipalTag/queue}', ['queue'], { index: 'byQueue' });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain('/index/byQueue');
  });

  it('refuses to grant without a variable, without attributes, or with a wildcard', () => {
    const { stack, store } = table();
    const agent = roleIn(stack);
    expect(() => store.grantLeadingKeyRead(agent, 'alice', ['assignee'])).toThrow(/"alice" holds no policy variable.*LPA-06/);
    expect(() => store.grantLeadingKeyRead(agent, '${aws:userid}', [])).toThrow(
      /list the attributes that are shown, without wildcards \(FLS-03\)/,
    );
    expect(() => store.grantLeadingKeyRead(agent, '${aws:userid}', ['*'])).toThrow(/without wildcards/);
  });

  it('keeps replicas under the same floor, each with a key of its region', () => {
    const { stack } = table({ replicas: { 'eu-west-1': KEY } });
    const [resource] = Object.values(Template.fromStack(stack).findResources(TABLE));
    expect(resource?.Properties.Replicas).toHaveLength(2);
    for (const replica of resource?.Properties.Replicas ?? []) {
      expect(replica).toMatchObject({ DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { RecoveryPeriodInDays: 35 } });
      expect(replica.ResourcePolicy.PolicyDocument.Statement).toHaveLength(2);
    }
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it.each<[Partial<SecureTableProps>, RegExp]>([
    [{ timeToLiveAttribute: undefined as never }, /Cases\/Cases: no timeToLiveAttribute breaks DHC-06/],
    [{ partitionKey: undefined as never }, /partitionKey is missing; write partitionKey: \{ name, type \}/],
    [{ sharedWith: ['444455556666'] }, /sharedWith breaks LPA-10/],
    [{ dynamoStream: StreamViewType.KEYS_ONLY }, /dynamoStream KEYS_ONLY breaks LOG-05/],
    [{ replicas: { 'eu-central-1': KEY } }, /replicas names eu-central-1, where the table itself is/],
    [{ relax: [relaxationOf('BCR-01')] }, /BCR-01 cannot be relaxed on SecureTable: every change can be undone for 35 days/],
  ])('refuses %#', (props, message) => {
    expect(() => table(props)).toThrow(message);
  });

  it('lets in a named account, goes with its stack and can be exported only with waivers', () => {
    const { stack, store } = table({
      sharedWith: ['444455556666'],
      relax: [relaxationOf('LPA-10'), relaxationOf('DHC-10'), relaxationOf('EXP-01')],
    });
    store.addToResourcePolicy(
      new PolicyStatement({ principals: [new AccountPrincipal('444455556666')], actions: ['dynamodb:GetItem'], resources: ['*'] }),
    );
    Template.fromStack(stack).hasResource(TABLE, { DeletionPolicy: 'Delete', Metadata: { Palisade: { waivers: Match.anyValue() } } });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['changes cannot be undone', 'Replicas.0.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled', false, ['BCR-01.database']],
    ['it can be deleted', 'Replicas.0.DeletionProtectionEnabled', false, ['DHC-10.database']],
    ['the key is that of AWS', 'SSESpecification.SSEEnabled', false, ['ENC-02.database']],
    ['the stream forgets what was there', 'StreamSpecification.StreamViewType', 'KEYS_ONLY', ['LOG-05.database']],
    ['items stay for ever', 'TimeToLiveSpecification.Enabled', false, ['DHC-06.database']],
    ['its policy goes', 'Replicas.0.ResourcePolicy.PolicyDocument.Statement', [], ['LPA-09.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = table();
    cfn(TABLE).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });

  it('is named when its policy grants everything', () => {
    const { stack, store } = table();
    store.addToResourcePolicy(
      new PolicyStatement({ principals: [new AccountPrincipal('111122223333')], actions: ['dynamodb:*'], resources: ['*'] }),
    );
    expect(brokenRules(stack, 'database')).toEqual(['LPA-02.database']);
  });
});

describe('a secure file system', () => {
  const make = (tier?: Tier) => makeStore((stack, vpc) => new SecureFileSystem(stack, 'Files', { vpc }), tier);

  it('answers roles that were granted access only, over TLS, through access points', () => {
    const { stack, store } = make();
    store.grantReadWrite(roleIn(stack));
    const template = Template.fromStack(stack);
    const [resource] = Object.values(template.findResources('AWS::EFS::FileSystem'));
    expect(resource).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { Encrypted: true, BackupPolicy: { Status: 'ENABLED' }, KmsKeyId: expect.anything() },
    });
    const statements = resource?.Properties.FileSystemPolicy.Statement as { Sid: string; Effect: string }[];
    expect(statements.map(({ Sid, Effect }) => `${Effect} ${Sid}`)).toEqual([
      'Deny DenyClearText',
      'Deny DenyMountsOfTheRoot',
      'Deny DenyOutsiders',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Allow' })] } });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['it is not encrypted', 'Encrypted', false, ['ENC-01.database']],
    ['it is not backed up', 'BackupPolicy.Status', 'DISABLED', ['BCR-01.database']],
    ['its policy goes', 'FileSystemPolicy', undefined, ['LPA-14.database', 'TLS-03.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = make();
    if (value === undefined) cfn('AWS::EFS::FileSystem').addPropertyDeletionOverride(property);
    else cfn('AWS::EFS::FileSystem').addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });

  it('is named when everyone may mount', () => {
    const { stack, store } = make();
    store.addToResourcePolicy(new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['elasticfilesystem:ClientMount'] }));
    expect(brokenRules(stack, 'database')).toContain('LPA-14.database');
  });
});

describe('a secure cache', () => {
  const CACHE = 'AWS::ElastiCache::ReplicationGroup';
  const make = (tier?: Tier, props = {}) => makeStore((stack, vpc) => new SecureCache(stack, 'Sessions', { vpc, ...props }), tier);

  it('speaks TLS only, knows its user by IAM, and spreads over zones', () => {
    const { stack, store } = make();
    store.grantConnect(roleIn(stack));
    const template = Template.fromStack(stack);
    template.hasResource(CACHE, {
      DeletionPolicy: 'Snapshot',
      Properties: {
        AtRestEncryptionEnabled: true,
        AutomaticFailoverEnabled: true,
        Engine: 'valkey',
        KmsKeyId: Match.anyValue(),
        MultiAZEnabled: true,
        ReplicasPerNodeGroup: 2,
        SnapshotRetentionLimit: 35,
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'required',
      },
    });
    template.hasResourceProperties('AWS::ElastiCache::User', {
      AuthenticationMode: { Type: 'iam' },
      UserId: 'cases-sessions',
      UserName: 'cases-sessions',
      Passwords: Match.absent(),
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: 'elasticache:Connect' })] },
    });
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it('stands alone at low, and elsewhere only with a waiver', () => {
    Template.fromStack(make('low').stack).hasResourceProperties(CACHE, {
      ReplicasPerNodeGroup: 0,
      MultiAZEnabled: false,
      KmsKeyId: Match.absent(),
    });
    expect(() => make('high', { replicas: 0 })).toThrow(/Cases\/Sessions: replicas: 0 breaks BCR-06/);
    expect(() => make('high', { snapshotDays: 40 })).toThrow(/snapshotDays is 40; write a whole number from 1 to 35/);
    expect(brokenRules(make('high', { replicas: 0, relax: [relaxationOf('BCR-06')] }).stack, 'database')).toEqual([]);
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['it is not encrypted', 'AtRestEncryptionEnabled', false, ['ENC-11.database']],
    ['clear text is accepted too', 'TransitEncryptionMode', 'preferred', ['TLS-06.database']],
    ['everyone signs in', 'UserGroupIds', [], ['LPA-14.database']],
    ['it keeps no snapshots', 'SnapshotRetentionLimit', 0, ['BCR-01.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = make();
    cfn(CACHE).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});

describe('a secure search domain', () => {
  const DOMAIN = 'AWS::OpenSearchService::Domain';
  const make = (tier?: Tier) =>
    makeStore(
      (stack, vpc) => new SecureSearchDomain(stack, 'Index', { vpc, administrator: Role.fromRoleName(stack, 'Admin', 'search-admin') }),
      tier,
    );

  it('speaks TLS 1.2 with forward secrecy, decides access by itself, records all and spreads over zones', () => {
    const { stack } = make();
    const template = Template.fromStack(stack);
    template.hasResource(DOMAIN, {
      DeletionPolicy: 'Retain',
      Properties: {
        AccessPolicies: { Statement: [Match.objectLike({ Effect: 'Allow', Action: Match.arrayWith(['es:ESHttpGet']) })] },
        AdvancedSecurityOptions: {
          Enabled: true,
          InternalUserDatabaseEnabled: false,
          MasterUserOptions: { MasterUserARN: Match.anyValue() },
        },
        ClusterConfig: {
          DedicatedMasterCount: 3,
          InstanceCount: 3,
          ZoneAwarenessConfig: { AvailabilityZoneCount: 3 },
          ZoneAwarenessEnabled: true,
        },
        DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
        EBSOptions: { EBSEnabled: true, VolumeSize: 10, VolumeType: 'gp3' },
        EncryptionAtRestOptions: { Enabled: true, KmsKeyId: Match.anyValue() },
        LogPublishingOptions: { AUDIT_LOGS: { Enabled: true } },
        NodeToNodeEncryptionOptions: { Enabled: true },
      },
    });
    template.resourceCountIs('AWS::Lambda::Function', 0);
    expect(JSON.stringify(template.findResources('AWS::Logs::ResourcePolicy'))).toMatch(/aws:SourceAccount.*domain\/cases-index/);
    expect(brokenRules(stack, 'database')).toEqual([]);
  });

  it('needs an administrator', () => {
    expect(() => makeStore((stack, vpc) => new SecureSearchDomain(stack, 'Index', { vpc } as never))).toThrow(
      /Cases\/Index: administrator is missing; name the role that administers the domain/,
    );
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['clear text is accepted', 'DomainEndpointOptions.EnforceHTTPS', false, ['TLS-03.database']],
    ['old TLS is accepted', 'DomainEndpointOptions.TLSSecurityPolicy', 'Policy-Min-TLS-1-0-2019-07', ['TLS-01.database']],
    ['nodes talk in clear text', 'NodeToNodeEncryptionOptions.Enabled', false, ['TLS-06.database']],
    ['it is not encrypted', 'EncryptionAtRestOptions.Enabled', false, ['ENC-01.database']],
    ['it stands in one zone', 'ClusterConfig.ZoneAwarenessEnabled', false, ['BCR-06.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = make();
    cfn(DOMAIN).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});

describe('a secure warehouse', () => {
  const WAREHOUSE = 'AWS::Redshift::Cluster';
  const make = (tier?: Tier, props = {}) => makeStore((stack, vpc) => new SecureWarehouse(stack, 'Warehouse', { vpc, ...props }), tier);

  it('is encrypted and private, keeps its traffic in the network, and records who asks what', () => {
    const { stack } = make();
    const template = Template.fromStack(stack);
    template.hasResource(WAREHOUSE, {
      DeletionPolicy: 'Retain',
      Properties: {
        AutomatedSnapshotRetentionPeriod: 35,
        Encrypted: true,
        EnhancedVpcRouting: true,
        LoggingProperties: { LogDestinationType: 'cloudwatch', LogExports: ['connectionlog', 'userlog', 'useractivitylog'] },
        ManageMasterPassword: true,
        MasterUserPassword: Match.absent(),
        MultiAZ: true,
        PubliclyAccessible: false,
      },
    });
    template.hasResourceProperties('AWS::Redshift::ClusterParameterGroup', {
      Parameters: [
        { ParameterName: 'require_ssl', ParameterValue: 'true' },
        { ParameterName: 'enable_user_activity_logging', ParameterValue: 'true' },
      ],
    });
    expect(brokenRules(stack, 'database')).toEqual([]);
    expect(() => make('high', { nodes: 1 })).toThrow(/nodes is 1; write a whole number of at least 2/);
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['it is public', 'PubliclyAccessible', true, ['DHC-05.database']],
    ['it is not encrypted', 'Encrypted', false, ['ENC-01.database']],
    ['its snapshots go after a day', 'AutomatedSnapshotRetentionPeriod', 1, ['BCR-01.database']],
    ['its traffic leaves the network', 'EnhancedVpcRouting', false, ['DID-05.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = make();
    cfn(WAREHOUSE).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});

describe('a secure document database', () => {
  const CLUSTER = 'AWS::DocDB::DBCluster';
  const make = (tier?: Tier, props = {}) => makeStore((stack, vpc) => new SecureDocumentDatabase(stack, 'Notes', { vpc, ...props }), tier);

  it('speaks TLS only, records by tier, and has AWS keep its password', () => {
    const { stack } = make();
    const template = Template.fromStack(stack);
    template.hasResource(CLUSTER, {
      DeletionPolicy: 'Retain',
      Properties: {
        BackupRetentionPeriod: 35,
        DeletionProtection: true,
        EnableCloudwatchLogsExports: ['audit', 'profiler'],
        ManageMasterUserPassword: true,
        StorageEncrypted: true,
      },
    });
    template.hasResourceProperties('AWS::DocDB::DBClusterParameterGroup', { Parameters: { tls: 'tls1.2+', audit_logs: 'all' } });
    template.resourceCountIs('AWS::DocDB::DBInstance', 2);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/docdb/cases-notes/audit' });
    expect(brokenRules(stack, 'database')).toEqual([]);
    Template.fromStack(make('low').stack).hasResourceProperties('AWS::DocDB::DBClusterParameterGroup', {
      Parameters: { audit_logs: 'enabled' },
    });
    expect(() => make('high', { instances: 1 })).toThrow(/Cases\/Notes: instances: 1 breaks BCR-06/);
  });

  it.each<[string, string, string, unknown, readonly string[]]>([
    ['clear text is accepted', 'AWS::DocDB::DBClusterParameterGroup', 'Parameters.tls', 'disabled', ['TLS-05.database']],
    ['it is not encrypted', CLUSTER, 'StorageEncrypted', false, ['ENC-01.database']],
    ['nothing is recorded', CLUSTER, 'EnableCloudwatchLogsExports', [], ['LOG-06.database']],
  ])('is named when %s', (_, type, property, value, rules) => {
    const { stack, cfn } = make();
    const resource = stack.node.findAll().find((each) => (each as { cfnResourceType?: string }).cfnResourceType === type) as ReturnType<
      typeof cfn
    >;
    resource.addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});

describe('a secure graph database', () => {
  const CLUSTER = 'AWS::Neptune::DBCluster';
  const make = (tier?: Tier, props = {}) => makeStore((stack, vpc) => new SecureGraphDatabase(stack, 'Relations', { vpc, ...props }), tier);

  it('knows its callers by IAM, records every query, and lets them read without altering', () => {
    const { stack, store } = make();
    store.grantRead(roleIn(stack));
    const template = Template.fromStack(stack);
    template.hasResource(CLUSTER, {
      DeletionPolicy: 'Retain',
      Properties: {
        BackupRetentionPeriod: 35,
        DeletionProtection: true,
        EnableCloudwatchLogsExports: ['audit'],
        IamAuthEnabled: true,
        StorageEncrypted: true,
      },
    });
    template.resourceCountIs('AWS::Neptune::DBInstance', 2);
    const grants = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(grants).toContain('neptune-db:ReadDataViaQuery');
    expect(grants).not.toContain('neptune-db:WriteDataViaQuery');
    expect(brokenRules(stack, 'database')).toEqual([]);
    expect(() => make('high', { instances: 1 })).toThrow(/Cases\/Relations: instances: 1 breaks BCR-06/);
  });

  it.each<[string, string, unknown, readonly string[]]>([
    ['it is not encrypted', 'StorageEncrypted', false, ['ENC-01.database']],
    ['everyone in the network asks', 'IamAuthEnabled', false, ['LPA-14.database']],
    ['queries are not recorded', 'EnableCloudwatchLogsExports', [], ['LOG-06.database']],
  ])('is named when %s', (_, property, value, rules) => {
    const { stack, cfn } = make();
    cfn(CLUSTER).addPropertyOverride(property, value);
    expect(brokenRules(stack, 'database')).toEqual(rules);
  });
});

describe('every store', () => {
  it('takes a key, and makes none of its own then', () => {
    const stack = stackOf('high');
    const key = Key.fromKeyArn(stack, 'Key', KEY.replace('eu-west-1', 'eu-central-1'));
    new SecureTable(stack, 'Cases', { ...LEAST, key });
    Template.fromStack(stack).resourceCountIs('AWS::KMS::Key', 0);
  });
});
