import { RemovalPolicy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { AccessLogBucket, SecureBucket, type SecureBucketProps, SecureKey, SecureStack, share } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { FLOOR, LEAST, make } from './support/aws-bucket';
import { PROFILES, stackOf } from './support/aws-constructs';

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
