import { Aws, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { AccessLogBucket, SecureBucket, type SecureBucketProps, SecureKey, SecureStack, share } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { PROFILES, stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const LEAST: SecureBucketProps = { retention: { atMostDays: 730 } };

const make = (props: SecureBucketProps = LEAST, tier: Tier = 'high', stack = stackOf(tier)) => {
  const bucket = new SecureBucket(stack, 'Attachments', props);
  const template = Template.fromStack(stack);
  const found = (type: string) => Object.entries(template.findResources(type)).find(([id]) => id.startsWith('Attachments'))?.[1];
  const resource = found('AWS::S3::Bucket');
  const statements = found('AWS::S3::BucketPolicy')?.Properties.PolicyDocument.Statement as Record<string, unknown>[];
  return {
    stack,
    bucket,
    template,
    resource,
    properties: resource?.Properties,
    deny: (sid: string) => statements.find((each) => each.Sid === sid),
    statements,
  };
};

/** What no prop takes away. */
const FLOOR = {
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    VersioningConfiguration: { Status: 'Enabled' },
  },
};

describe('a secure bucket', () => {
  it.each(TIERS)('is private, versioned, kept, logged and classified at tier %s', (tier) => {
    const { resource, properties } = make(LEAST, tier);
    expect(resource).toMatchObject(FLOOR);
    expect(properties.LoggingConfiguration).toMatchObject({
      DestinationBucketName: { Ref: expect.stringContaining('AccessLogs') },
      LogFilePrefix: 'Cases/Attachments/',
    });
    expect(properties.Tags).toContainEqual({ Key: 'palisade:tier', Value: tier });
    expect(properties.CorsConfiguration).toBeUndefined();
    expect(properties.ReplicationConfiguration).toBeUndefined();
  });

  it('has a rotating key of its own from the moderate tier on, and S3 encryption below', () => {
    const encryption = (tier: Tier) => make(LEAST, tier).properties.BucketEncryption.ServerSideEncryptionConfiguration[0];
    for (const tier of ['moderate', 'high'] as const)
      expect(encryption(tier)).toMatchObject({
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms',
          KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(/^AttachmentsKey/), 'Arn'] },
        },
        BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
      });
    expect(encryption('low').ServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: 'AES256' });
  });

  it('takes a key instead', () => {
    const stack = stackOf('high');
    const key = new SecureKey(stack, 'CasesKey');
    const { properties, deny } = make({ ...LEAST, key }, 'high', stack);
    const arn = stack.resolve(key.keyArn);
    expect(properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID).toEqual(arn);
    expect(deny('DenyOtherKeys')?.Condition).toMatchObject({ StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': arn } });
  });

  it('refuses clear text, old TLS, old links, outsiders and other encryption', () => {
    const { statements, deny } = make();
    const all = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*' };
    expect(statements).toContainEqual(expect.objectContaining({ ...all, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
    expect(statements).toContainEqual(expect.objectContaining({ ...all, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }));
    expect(deny('DenyOldLinks')).toMatchObject({ ...all, Condition: { NumericGreaterThan: { 's3:signatureAge': 3_600_000 } } });
    expect(deny('DenyOutsiders')).toMatchObject({
      ...all,
      Condition: {
        StringNotEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    });
    expect(deny('DenyOtherEncryption')?.Condition).toEqual({
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
    });
    expect(deny('DenyClientKeys')?.Condition).toEqual({ Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } });
  });

  it('lets the whole organisation in, where one is declared', () => {
    const stack = new SecureStack(stackOf('high').node.root as never, 'Org', { profile: PROFILES.high, organisationId: 'o-exampleorgid' });
    expect(make(LEAST, 'high', stack).deny('DenyOutsiders')?.Condition).toMatchObject({
      StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
    });
  });

  it('cannot be weakened by props that the type does not have', () => {
    const loose = {
      ...LEAST,
      accessControl: 'PublicRead',
      autoDeleteObjects: true,
      blockPublicAccess: undefined,
      encryption: BucketEncryption.UNENCRYPTED,
      enforceSSL: false,
      minimumTLSVersion: 1,
      objectOwnership: undefined,
      publicReadAccess: true,
      removalPolicy: RemovalPolicy.DESTROY,
      versioned: false,
      websiteIndexDocument: 'index.html',
    } as SecureBucketProps;
    const { resource, properties, statements } = make(loose);
    expect(resource).toMatchObject(FLOOR);
    expect(properties.AccessControl).toBeUndefined();
    expect(properties.WebsiteConfiguration).toBeUndefined();
    expect(statements.filter((statement) => statement.Effect === 'Allow')).toEqual([]);
    expect(statements).toContainEqual(expect.objectContaining({ Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } }));
  });

  it('cannot be made public afterwards', () => {
    expect(() => make().bucket.grantPublicAccess()).toThrow(/blockPublicPolicy/);
  });

  it('deletes objects at the end of their retention, and what versions and broken uploads leave behind', () => {
    expect(make().properties.LifecycleConfiguration.Rules).toEqual([
      {
        Id: 'palisade-retention',
        Status: 'Enabled',
        ExpirationInDays: 730,
        NoncurrentVersionExpiration: { NoncurrentDays: 35 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
      { Id: 'palisade-delete-markers', Status: 'Enabled', ExpiredObjectDeleteMarker: true },
    ]);
  });

  it('is write-once for the minimum retention', () => {
    expect(make({ retention: { atLeastDays: 365, atMostDays: 730 } }).properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 365 } } },
    });
  });

  it.each([
    [{}, /Attachments: no retention breaks DHC-06.*write retention/],
    [{ retention: { atMostDays: 0 } }, /retention.atMostDays is 0; write a whole number/],
    [{ retention: { atMostDays: 30, atLeastDays: 1.5 } }, /retention.atLeastDays is 1.5/],
    [{ retention: { atMostDays: 30, atLeastDays: 60 } }, /atLeastDays 60 is more than atMostDays 30/],
  ])('states its retention: %j does not', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  it('tells EventBridge without a function', () => {
    const { properties, template } = make({ ...LEAST, eventBridgeEnabled: true });
    expect(properties.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  it('grants like any bucket of the CDK, with the key', () => {
    const stack = stackOf('high');
    const bucket = new SecureBucket(stack, 'Attachments', LEAST);
    bucket.grantReadWrite(new Role(stack, 'Service', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['s3:GetObject*']) }),
          Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: stack.resolve(bucket.encryptionKey?.keyArn) }),
        ]),
      },
    });
  });
});

describe('access logs', () => {
  it('go to one bucket for the whole stack, which accepts them from this account only', () => {
    const stack = stackOf('high');
    for (const id of ['One', 'Two']) new SecureBucket(stack, id, LEAST);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::S3::Bucket', 3);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Sid: 'DenyDeletion', Effect: 'Deny', Action: Match.arrayWith(['s3:DeleteObjectVersion']) }),
          Match.objectLike({
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnLike: Match.anyValue() },
          }),
        ]),
      },
    });
  });

  it('are kept as long as the tier keeps access records', () => {
    const days = (tier: Tier) => {
      const stack = stackOf(tier);
      new AccessLogBucket(stack, 'Logs');
      const [bucket] = Object.values(Template.fromStack(stack).findResources('AWS::S3::Bucket'));
      return bucket?.Properties.LifecycleConfiguration.Rules[0].ExpirationInDays;
    };
    expect(TIERS.map(days)).toEqual([90, 365, 731]);
  });

  it('go to a bucket shared by the whole app, across stacks', () => {
    const first = stackOf('high', 'First');
    const logs = new AccessLogBucket(first, 'Logs');
    share(first.node.root, 'access-logs', logs);
    const second = new SecureStack(first.node.root as never, 'Second', { profile: PROFILES.high, env: { region: 'eu-central-1' } });
    new SecureBucket(second, 'Attachments', LEAST);
    Template.fromStack(second).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: { 'Fn::ImportValue': Match.stringLikeRegexp('^First:') } },
    });
  });

  it('do not leave the region: a bucket shared from elsewhere does not count', () => {
    const first = stackOf('high', 'First');
    share(first.node.root, 'access-logs', new AccessLogBucket(first, 'Logs'));
    const second = new SecureStack(first.node.root as never, 'Second', { profile: PROFILES.high, env: { region: 'eu-west-1' } });
    new SecureBucket(second, 'Attachments', LEAST);
    Template.fromStack(second).hasResourceProperties('AWS::S3::Bucket', {
      LoggingConfiguration: { DestinationBucketName: { Ref: Match.stringLikeRegexp('^PalisadeAccessLogs') } },
    });
  });

  it('can go to an ordinary bucket, which is then told to accept them', () => {
    const stack = stackOf('high');
    const logs = new Bucket(stack, 'Ordinary');
    new SecureBucket(stack, 'Attachments', { ...LEAST, logs });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: stack.resolve(logs.bucketName),
      PolicyDocument: { Statement: [Match.objectLike({ Sid: 'AccessLogDelivery' })] },
    });
  });
});

describe('cross-origin access', () => {
  const cors = (origin: string, method = HttpMethods.GET, header?: string) => ({
    allowedOrigins: [origin],
    allowedMethods: [method],
    ...(header ? { allowedHeaders: [header] } : {}),
  });

  it('is listed', () => {
    const { properties } = make({ ...LEAST, cors: [cors('https://cases.example.com', HttpMethods.PUT, 'content-type')] });
    expect(properties.CorsConfiguration.CorsRules[0].AllowedOrigins).toEqual(['https://cases.example.com']);
  });

  it.each([
    [cors('*'), /cors origin "\*" breaks DID-21/],
    [cors('https://*.example.com'), /cors origin "https:\/\/\*.example.com" breaks DID-21/],
    [cors('https://cases.example.com', HttpMethods.PUT, '*'), /cors header "\*" with methods that write breaks DID-21/],
    [cors('http://cases.example.com'), /clear-text origin "http:\/\/cases.example.com"/],
  ])('is refused for %j', (rule, message) => {
    expect(() => make({ ...LEAST, cors: [rule] })).toThrow(message);
    const stack = stackOf('high');
    expect(() => new SecureBucket(stack, 'Attachments', LEAST).addCorsRule(rule)).toThrow(message);
  });

  it('may be wide when it is waived', () => {
    const { resource } = make({ ...LEAST, cors: [cors('*')], relax: [relaxationOf('DID-21')] });
    expect(resource?.Metadata.Palisade.waivers).toMatchObject([{ rule: 'DID-21.object-storage', resource: 'Cases/Attachments/Resource' }]);
    expect(resource).toMatchObject(FLOOR);
  });
});

describe('uploads by browsers', () => {
  const upload = { allowedOrigins: ['https://cases.example.com'], allowedMethods: [HttpMethods.PUT] };

  it.each(['moderate', 'high'] as const)('stay in quarantine until they are scanned, at tier %s', (tier) => {
    const { template, deny, properties } = make({ ...LEAST, cors: [upload] }, tier);
    template.hasResourceProperties('AWS::GuardDuty::MalwareProtectionPlan', {
      Actions: { Tagging: { Status: 'ENABLED' } },
      ProtectedResource: { S3Bucket: { BucketName: { Ref: Match.stringLikeRegexp('^Attachments') } } },
    });
    const scanner = { ArnNotEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [expect.stringContaining('Scanner'), 'Arn'] } } };
    expect(deny('QuarantineUntilScanned')).toMatchObject({
      Effect: 'Deny',
      Action: ['s3:GetObject', 's3:GetObjectVersion'],
      Condition: { ...scanner, StringNotEquals: { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND' } },
    });
    expect(deny('OnlyTheScannerSays')?.Condition).toMatchObject(scanner);
    expect(properties.NotificationConfiguration).toEqual({ EventBridgeConfiguration: { EventBridgeEnabled: true } });
  });

  it('let the scanner use the key through S3 only', () => {
    make({ ...LEAST, cors: [upload] }).template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
          }),
        ]),
      },
    });
  });

  it('are scanned on demand without browsers, and not at low', () => {
    make({ ...LEAST, scanUploads: true }, 'low').template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 1);
    make({ ...LEAST, cors: [upload] }, 'low').template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 0);
  });

  it('go unscanned only with a waiver', () => {
    expect(() => make({ ...LEAST, cors: [upload], scanUploads: false })).toThrow(/scanUploads: false where browsers upload breaks DID-19/);
    expect(() => new SecureBucket(stackOf('high'), 'Attachments', LEAST).addCorsRule(upload)).toThrow(
      /addCorsRule for uploads that nothing scans breaks DID-19/,
    );
    const { resource, template } = make({ ...LEAST, cors: [upload], relax: [relaxationOf('DID-19')] });
    template.resourceCountIs('AWS::GuardDuty::MalwareProtectionPlan', 0);
    expect(resource?.Metadata.Palisade.waivers).toMatchObject([{ rule: 'DID-19.object-storage' }]);
  });
});

describe('replication', () => {
  const kmsKeyIn = (stack: Stack) =>
    Key.fromKeyArn(stack, 'KeyOfCopy', `arn:aws:kms:eu-central-1:${Aws.ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab`);
  const foreign = (stack: Stack, account: string, region: string) => ({
    destination: Bucket.fromBucketAttributes(stack, 'Copy', { bucketName: 'copy-of-cases', account, region }),
    kmsKey: kmsKeyIn(stack),
  });

  it('stays in the account, and encrypted', () => {
    const stack = stackOf('high');
    const rule = { destination: new SecureBucket(stack, 'Copy', LEAST), kmsKey: kmsKeyIn(stack) };
    const { properties } = make({ ...LEAST, replicationRules: [rule] }, 'high', stack);
    expect(properties.ReplicationConfiguration.Rules[0]).toMatchObject({
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: expect.anything() } },
    });
  });

  it('names the key of the copy', () => {
    const stack = stackOf('high');
    const destination = new SecureBucket(stack, 'Copy', LEAST);
    expect(() => make({ ...LEAST, replicationRules: [{ destination }] }, 'high', stack)).toThrow(/names no kmsKey.*ENC-02/);
  });

  it('leaves the account only with a waiver', () => {
    const leave = (props: SecureBucketProps) => {
      const stack = stackOf('high');
      return make({ ...LEAST, replicationRules: [foreign(stack, '444455556666', 'eu-central-1')], ...props }, 'high', stack);
    };
    expect(() => leave({})).toThrow(/replication to account 444455556666 breaks EXP-03/);
    expect(leave({ relax: [relaxationOf('EXP-03')] }).resource?.Metadata.Palisade.waivers).toMatchObject([
      { rule: 'EXP-03.object-storage' },
    ]);
  });

  it('leaves the region only for one that the profile names, or with a waiver', () => {
    const copyIn = (residency: string[]) => {
      const stack = new SecureStack(stackOf('high').node.root as never, 'Cases2', {
        env: { account: '111122223333', region: 'eu-central-1' },
        profile: { ...PROFILES.high, residency },
      });
      const replicationRules = [foreign(stack, '111122223333', 'eu-west-1')];
      return () => make({ ...LEAST, replicationRules }, 'high', stack);
    };
    expect(copyIn(['eu-central-1'])).toThrow(/replication to eu-west-1 breaks EXP-03.*residency/);
    expect(copyIn(['eu-central-1', 'eu-west-1'])).not.toThrow();
  });
});

describe('relaxing a bucket', () => {
  it('keeps objects without end, waived', () => {
    const { resource, properties } = make({ relax: [relaxationOf('DHC-06')] });
    expect(properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBeUndefined();
    expect(resource?.Metadata.Palisade.waivers).toMatchObject([{ rule: 'DHC-06.object-storage' }]);
  });

  it('drops versions or the bucket itself, waived, and nothing else', () => {
    const { resource, properties } = make({ ...LEAST, relax: [relaxationOf('BCR-07'), relaxationOf('DHC-10')] });
    expect(properties.VersioningConfiguration).toBeUndefined();
    expect(resource?.DeletionPolicy).toBe('Delete');
    expect(properties.PublicAccessBlockConfiguration.BlockPublicPolicy).toBe(true);
    expect(resource?.Metadata.Palisade.waivers.map(({ rule }: { rule: string }) => rule)).toEqual([
      'BCR-07.object-storage',
      'DHC-10.object-storage',
    ]);
  });

  it('does not drop the versions of a write-once bucket', () => {
    expect(() => make({ retention: { atLeastDays: 1, atMostDays: 2 }, relax: [relaxationOf('BCR-07')] })).toThrow(/needs versions/);
  });

  it('lets named accounts in, waived', () => {
    expect(() => make({ ...LEAST, sharedWith: ['444455556666'] })).toThrow(/sharedWith breaks LPA-10/);
    const stack = stackOf('high');
    const bucket = new SecureBucket(stack, 'Shared', { ...LEAST, sharedWith: ['444455556666'], relax: [relaxationOf('LPA-10')] });
    bucket.grantRead(new AccountPrincipal('444455556666'));
    const template = Template.fromStack(stack);
    const waived = (rule: string) => ({ Metadata: { Palisade: { waivers: [Match.objectLike({ rule })] } } });
    const condition = { StringNotEquals: { 'aws:PrincipalAccount': [{ Ref: 'AWS::AccountId' }, '444455556666'] } };
    const outsiders = Match.objectLike({ Sid: 'DenyOutsiders', Condition: Match.objectLike(condition) });
    template.hasResource('AWS::S3::BucketPolicy', {
      ...waived('LPA-10.object-storage'),
      Properties: { PolicyDocument: { Statement: Match.arrayWith([outsiders]) } },
    });
    template.hasResource('AWS::KMS::Key', {
      ...waived('LPA-10.keys'),
      Properties: { KeyPolicy: { Statement: Match.arrayWith([outsiders]) } },
    });
  });

  it.each(['ENC-01', 'ENC-02', 'TLS-03', 'DHC-05', 'LPA-14', 'EXP-08', 'LOG-13'])('never touches %s', (control) => {
    expect(() => make({ ...LEAST, relax: [relaxationOf(control)] })).toThrow(new RegExp(`${control} cannot be relaxed on SecureBucket`));
  });
});
