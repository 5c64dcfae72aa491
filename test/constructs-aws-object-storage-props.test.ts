import { Aws, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { SecureBucket, type SecureBucketProps, SecureStack } from '../constructs/aws';
import { FLOOR, LEAST, make } from './support/aws-bucket';
import { PROFILES, stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

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
