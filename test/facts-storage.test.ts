import { describe, expect, it } from 'vitest';
import { isGuardedFromDeletion } from '../policies/facts/azure';
import { labelOf, sensitivityOf, tierOf } from '../policies/facts/classification';
import { isOwnKey, storesUsing } from '../policies/facts/keys';
import { accountOf, coversBucket, deliveredInto, ofAccount, statementsOn } from '../policies/facts/storage';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Graph } from '../policies/graph';
import type { Node } from '../policies/node';
import type { Resource } from '../policies/resource';
import { graphOfExample } from './support/examples';

type Resources = Record<string, unknown>;
const template = (id: string, Resources: Resources, rest: object = {}): TemplateInput => ({
  id,
  template: { Resources, ...rest } as unknown as Record<string, Node>,
});
const graphOf = (...inputs: readonly TemplateInput[]): Graph => graphOfTemplates(inputs).graph;
const named = (graph: Graph, logicalId: string): Resource => {
  const found = [...graph.resources()].find((resource) => resource.logicalId === logicalId);
  if (!found) throw new Error(`no ${logicalId}`);
  return found;
};
const policy = (bucket: unknown, resource: unknown) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket: bucket, PolicyDocument: { Statement: { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resource } } },
});

const GROUP_LOCK = 'azure-native:authorization:ManagementLockAtResourceGroupLevel';

describe('the policies of a bucket', () => {
  it('are found when the bucket is referred to, named, or imported from another stack', () => {
    const exporting = template(
      'data',
      { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'cases' } } },
      { Outputs: { Name: { Value: { Ref: 'Bucket' }, Export: { Name: 'cases-name' } } } },
    );
    for (const bucket of [{ 'Fn::ImportValue': 'cases-name' }, 'cases']) {
      const graph = graphOf(exporting, template('access', { Policy: policy(bucket, 'arn:aws:s3:::cases/*') }));
      const [statement, ...others] = statementsOn(named(graph, 'Bucket'), graph);
      expect(others).toEqual([]);
      expect(statement && coversBucket(statement, named(graph, 'Bucket'), '/*').verdict).toBe('pass');
      expect(statement && coversBucket(statement, named(graph, 'Bucket'), '').verdict).toBe('fail');
    }
  });

  it.each([
    ['the attribute', { 'Fn::GetAtt': ['Bucket', 'Arn'] }, 'pass', 'fail'],
    ['every object, joined', { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Bucket', 'Arn'] }, '/*']] }, 'fail', 'pass'],
    ['the reference in an ARN', { 'Fn::Sub': 'arn:${AWS::Partition}:s3:::${Bucket}/*' }, 'fail', 'pass'],
    ['a prefix', { 'Fn::Sub': '${Bucket.Arn}/public/*' }, 'fail', 'fail'],
    ['a wildcard after the name', { 'Fn::Sub': 'arn:aws:s3:::${Bucket}*' }, 'pass', 'pass'],
    ['everything', '*', 'pass', 'pass'],
    ['another bucket of the stack', { 'Fn::Sub': '${Other.Arn}/*' }, 'fail', 'fail'],
    ['a bucket that a parameter names', { 'Fn::Sub': 'arn:aws:s3:::${Name}/*' }, 'fail', 'unknown'],
  ])('cover it and its objects by %s', (_, resource, itself, objects) => {
    const graph = graphOf(
      template(
        'app',
        { Bucket: { Type: 'AWS::S3::Bucket' }, Other: { Type: 'AWS::S3::Bucket' }, Policy: policy({ Ref: 'Bucket' }, resource) },
        { Parameters: { Name: { Type: 'String' } } },
      ),
    );
    const bucket = named(graph, 'Bucket');
    const verdicts = statementsOn(bucket, graph).map((statement) => [
      coversBucket(statement, bucket, '').verdict,
      coversBucket(statement, bucket, '/*').verdict,
    ]);
    expect(verdicts).toEqual([[itself, objects]]);
  });
});

describe('what is delivered into a bucket', () => {
  const intoLogs = (sources: Resources): readonly string[] => {
    const graph = graphOf(template('app', { Logs: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'logs' } }, ...sources }));
    return [...deliveredInto(named(graph, 'Logs'), graph)];
  };
  it.each([
    [
      'server access logs',
      { Data: { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: 'Logs' } } } } },
      ['access'],
    ],
    [
      'logs of a load balancer, by name',
      {
        Balancer: {
          Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
          Properties: {
            LoadBalancerAttributes: [
              { Key: 'access_logs.s3.enabled', Value: 'true' },
              { Key: 'access_logs.s3.bucket', Value: 'logs' },
            ],
          },
        },
      },
      ['access'],
    ],
    [
      'flow logs, below a prefix',
      { Flow: { Type: 'AWS::EC2::FlowLog', Properties: { LogDestination: { 'Fn::Sub': '${Logs.Arn}/vpc/' } } } },
      ['access'],
    ],
    ['a trail', { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Logs' } } } }, ['trail']],
    ['nothing', { Data: { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: 'elsewhere' } } } }, []],
  ])('%s', (_, sources, expected) => expect(intoLogs(sources)).toEqual(expected));

  it('does not count a bucket that logs into itself', () => {
    const graph = graphOf(
      template('app', {
        Data: { Type: 'AWS::S3::Bucket', Properties: { LoggingConfiguration: { DestinationBucketName: { Ref: 'Data' } } } },
      }),
    );
    expect([...deliveredInto(named(graph, 'Data'), graph)]).toEqual([]);
  });
});

describe('a key', () => {
  const bucketWith = (KMSMasterKeyID: unknown) => ({
    Type: 'AWS::S3::Bucket',
    Properties: { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID } }] } },
  });
  it('is followed to its stores by reference, by ARN and by alias', () => {
    const graph = graphOf(
      template('app', {
        Key: { Type: 'AWS::KMS::Key' },
        Other: { Type: 'AWS::KMS::Key' },
        Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/cases', TargetKeyId: { 'Fn::GetAtt': ['Key', 'KeyId'] } } },
        ByReference: bucketWith({ Ref: 'Key' }),
        ByAlias: bucketWith({ Ref: 'Alias' }),
        Elsewhere: bucketWith({ 'Fn::GetAtt': ['Other', 'Arn'] }),
        Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
      }),
    );
    expect(
      storesUsing(named(graph, 'Key'), graph)
        .map(({ logicalId }) => logicalId)
        .sort(),
    ).toEqual(['ByAlias', 'ByReference', 'Queue']);
  });

  it.each([
    [{ Ref: 'Key' }, 'pass'],
    ['arn:aws:kms:eu-central-1:111122223333:key/1', 'pass'],
    ['alias/aws/s3', 'fail'],
    [{ 'Fn::Sub': 'arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/s3' }, 'fail'],
    ['', 'fail'],
    [undefined, 'fail'],
    [{ Ref: 'Name' }, 'unknown'],
  ])('written as %j is one of ours: %s', (KmsMasterKeyId, expected) => {
    const graph = graphOf(
      template(
        'app',
        { Key: { Type: 'AWS::KMS::Key' }, Queue: { Type: 'AWS::SQS::Queue', Properties: { KmsMasterKeyId } } },
        { Parameters: { Name: { Type: 'String' } } },
      ),
    );
    expect(isOwnKey(named(graph, 'Queue').at('KmsMasterKeyId')).verdict).toBe(expected);
  });
});

describe('what a store says about its data', () => {
  const profile = { system: 's', owner: 'o', sensitivity: 'restricted', volume: 'millions', exposure: 'internet', privilege: 'alter' };
  it('stands in its tags, whatever their case and kind', () => {
    const graph = graphOf(
      template('app', {
        Bucket: {
          Type: 'AWS::S3::Bucket',
          Properties: {
            Tags: [
              { Key: 'Classification', Value: 'Confidential' },
              { Key: 'palisade:tier', Value: 'high' },
            ],
          },
        },
        Files: { Type: 'AWS::EFS::FileSystem', Properties: { FileSystemTags: [{ Key: 'risk-tier', Value: 'low' }] } },
        Vault: { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultTags: { Owner: 'crm' } } },
      }),
    );
    expect(sensitivityOf(named(graph, 'Bucket'))).toBe('confidential');
    expect(tierOf(named(graph, 'Bucket'))).toBe('high');
    expect(tierOf(named(graph, 'Files'))).toBe('low');
    expect(labelOf(named(graph, 'Vault'), 'owner')?.string).toBe('crm');
    expect(labelOf(named(graph, 'Vault'), 'tier')).toBeUndefined();
  });

  it('falls back on the data profile of its stack, and on nothing where that is incomplete', () => {
    const stack = (declared: object) =>
      graphOf(template('app', { Bucket: { Type: 'AWS::S3::Bucket' } }, { Metadata: { Palisade: { profile: declared } } }));
    expect(tierOf(named(stack(profile), 'Bucket'))).toBe('high');
    expect(sensitivityOf(named(stack(profile), 'Bucket'))).toBe('restricted');
    expect(tierOf(named(stack({ system: 's' }), 'Bucket'))).toBeUndefined();
  });
});

describe('a storage account', () => {
  const ACCOUNT = 'azure-native:storage:StorageAccount';
  const CONTAINER = 'azure-native:storage:BlobContainer';
  it('has its parts by reference, by name and as children', () => {
    const graph = graphOfExample('azure', {
      resources: {
        data: { type: ACCOUNT, name: 'casedata' },
        other: { type: ACCOUNT, name: 'otherdata' },
        byReference: { type: CONTAINER, properties: { accountName: { $ref: 'data.name' } } },
        byName: { type: CONTAINER, properties: { accountName: 'casedata' } },
        child: { type: CONTAINER, parent: 'data' },
        elsewhere: { type: CONTAINER, properties: { accountName: 'otherdata' } },
      },
    });
    const data = named(graph, 'data');
    expect(
      ofAccount(data, CONTAINER, graph)
        .map(({ logicalId }) => logicalId)
        .sort(),
    ).toEqual(['byName', 'byReference', 'child']);
    expect(['byReference', 'byName', 'child'].map((id) => accountOf(named(graph, id), graph))).toEqual([data, data, data]);
  });

  it.each([
    ['nothing', {}, {}, 'fail'],
    ['the option protect', { protect: true }, {}, 'pass'],
    ['the option retainOnDelete', { retainOnDelete: true }, {}, 'pass'],
    [
      'a lock on itself',
      {},
      { type: 'azure-native:authorization:ManagementLockByScope', properties: { scope: { $ref: 'data' }, level: 'canNotDelete' } },
      'pass',
    ],
    [
      'a lock on its resource group',
      {},
      {
        type: 'azure-native:authorization:ManagementLockAtResourceGroupLevel',
        properties: { resourceGroupName: { $ref: 'group.name' }, level: 'ReadOnly' },
      },
      'pass',
    ],
    [
      'a lock on a subscription as a whole',
      {},
      { type: 'azure-native:authorization:ManagementLockAtSubscriptionLevel', properties: { level: 'CanNotDelete' } },
      'pass',
    ],
    [
      'a lock on another resource group',
      {},
      {
        type: 'azure-native:authorization:ManagementLockAtResourceGroupLevel',
        properties: { resourceGroupName: 'rg-other', level: 'CanNotDelete' },
      },
      'fail',
    ],
    [
      'a lock on the only subscription that is named',
      {},
      { type: 'azure-native:authorization:ManagementLockByScope', properties: { scope: '/subscriptions/s', level: 'CanNotDelete' } },
      'pass',
    ],
    [
      'a lock on something else',
      {},
      {
        type: 'azure-native:authorization:ManagementLockByScope',
        properties: { scope: '/subscriptions/s/resourceGroups/rg-other', level: 'CanNotDelete' },
      },
      'fail',
    ],
    [
      'a lock whose level is open',
      {},
      {
        type: 'azure-native:authorization:ManagementLockByScope',
        properties: { scope: { $ref: 'data' }, level: { $unknown: 'config value' } },
      },
      'unknown',
    ],
  ])('is guarded from deletion by %s: %s', (_, options, lock, expected) => {
    const graph = graphOfExample('azure', {
      resources: {
        group: { type: 'azure-native:resources:ResourceGroup' },
        data: { type: ACCOUNT, properties: { resourceGroupName: { $ref: 'group.name' } }, options },
        lock: { type: 'other', ...lock },
      },
    });
    expect(isGuardedFromDeletion(named(graph, 'data'), graph).verdict).toBe(expected);
  });

  it('cannot be said to be guarded by a lock on one of two subscriptions, where nothing says which is its own', () => {
    const lock = (scope: string, level: string) => ({
      type: 'azure-native:authorization:ManagementLockByScope',
      properties: { scope, level },
    });
    const graph = graphOfExample('azure', {
      resources: {
        data: { type: ACCOUNT, properties: { resourceGroupName: 'rg-data' } },
        one: lock('/subscriptions/one', 'CanNotDelete'),
        other: lock('/subscriptions/other/resourceGroups/rg-app', 'CanNotDelete'),
      },
    });
    expect(isGuardedFromDeletion(named(graph, 'data'), graph)).toMatchObject({ verdict: 'unknown' });
  });

  it.each([
    ['by its name', { resourceGroupName: 'RG-data' }, GROUP_LOCK],
    ['by its id', { scope: '/subscriptions/s/resourceGroups/rg-data' }, 'azure-native:authorization:ManagementLockByScope'],
  ])('is guarded by a lock on a resource group that is declared elsewhere, given %s', (_, named_, type) => {
    const guarded = (resourceGroupName: unknown) => {
      const graph = graphOfExample('azure', {
        resources: {
          data: { type: ACCOUNT, properties: { resourceGroupName } },
          lock: { type, properties: { ...named_, level: 'CanNotDelete' } },
        },
      });
      return isGuardedFromDeletion(named(graph, 'data'), graph).verdict;
    };
    expect(guarded('rg-data')).toBe('pass');
    expect(guarded('rg-app')).toBe('fail');
  });

  it('is guarded by a lock on the group whose name only deployment tells, where both are deployed into it', () => {
    const graph = graphOfExample('azure', {
      resources: {
        data: { type: ACCOUNT, properties: { resourceGroupName: { $unknown: 'the name of the resource group' } } },
        lock: { type: GROUP_LOCK, properties: { resourceGroupName: { $unknown: 'the name of the resource group' }, level: 'ReadOnly' } },
      },
    });
    expect(isGuardedFromDeletion(named(graph, 'data'), graph).verdict).toBe('pass');
  });
});
