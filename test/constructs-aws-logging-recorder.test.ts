import type { CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { ConfigurationRecorder, EventStore, LogArchive, LogStage } from '../constructs/aws';
import { stackOf } from './support/aws-constructs';
import { brokenBy } from './support/weaken';

const recorder = (props: object = {}) => {
  const stack = stackOf('high');
  const archive = new LogArchive(stack, 'Archive');
  const made = new ConfigurationRecorder(stack, 'Recorder', { logs: archive, ...props });
  return { stack, archive, made, template: Template.fromStack(stack) };
};

describe('ConfigurationRecorder', () => {
  it('delivers to a stage without a lock, which replicates encrypted into the locked archive', () => {
    const { template, stack, archive } = recorder();
    const stage = Object.entries(template.findResources('AWS::S3::Bucket')).find(([id]) => id.startsWith('RecorderStage'))?.[1];
    expect(stage?.Properties.ObjectLockEnabled).toBeUndefined();
    const [rule] = stage?.Properties.ReplicationConfiguration.Rules ?? [];
    expect(rule).toMatchObject({
      Status: 'Enabled',
      Destination: {
        Bucket: stack.resolve(archive.bucketArn),
        EncryptionConfiguration: { ReplicaKmsKeyID: stack.resolve(archive.key.keyArn) },
      },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
    });
    template.hasResourceProperties('AWS::Config::DeliveryChannel', { S3KmsKeyArn: Match.anyValue() });
  });

  it('records every type of resource, with the role of the service unless the account has it', () => {
    const { template } = recorder();
    template.hasResourceProperties('AWS::Config::ConfigurationRecorder', {
      RecordingGroup: { AllSupported: true, IncludeGlobalResourceTypes: true },
    });
    template.resourceCountIs('AWS::IAM::ServiceLinkedRole', 1);
    recorder({ roleExists: true }).template.resourceCountIs('AWS::IAM::ServiceLinkedRole', 0);
  });

  it('makes recorder and channel together, as neither can wait for the other', () => {
    const { template } = recorder();
    const of = (type: string) => Object.entries(template.findResources(type))[0] ?? ['', {}];
    const [recorderId, { DependsOn: first }] = of('AWS::Config::ConfigurationRecorder') as [string, { DependsOn?: string[] }];
    const [channelId, { DependsOn: second }] = of('AWS::Config::DeliveryChannel') as [string, { DependsOn?: string[] }];
    expect(first).toEqual(second);
    expect(first).toEqual(expect.arrayContaining([of('AWS::IAM::ServiceLinkedRole')[0], expect.stringMatching(/StageBucketPolicy/)]));
    expect([...(first ?? []), ...(second ?? [])]).not.toEqual(expect.arrayContaining([recorderId]));
    expect([...(first ?? []), ...(second ?? [])]).not.toEqual(expect.arrayContaining([channelId]));
  });

  it('lets AWS Config write, for this account only, what the bucket owner controls', () => {
    const { template } = recorder();
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'config.amazonaws.com' },
            Action: 's3:PutObject',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' }, 's3:x-amz-acl': 'bucket-owner-full-control' } },
          }),
        ]),
      },
    });
  });

  it('refuses an archive without a key, and takes an imported one with it', () => {
    const stack = stackOf('high');
    const plain = Bucket.fromBucketName(stack, 'Plain', 'records');
    expect(() => new ConfigurationRecorder(stack, 'Recorder', { logs: plain })).toThrow(/Cases\/Recorder\/Stage: the archive has no key/);
    expect(() => new ConfigurationRecorder(stack, 'Neither', {})).toThrow(/name either logs .* or stage/);
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/k');
    const imported = Bucket.fromBucketAttributes(stack, 'Imported', { bucketName: 'records', encryptionKey });
    expect(new ConfigurationRecorder(stack, 'Other', { logs: imported }).stage).toBeDefined();
  });

  it('delivers to the stage of another account, which takes the records of several', () => {
    const stack = stackOf('high');
    const archive = new LogArchive(stack, 'Archive');
    const accounts = ['111122223333', '444455556666'];
    new LogStage(stack, 'Stage', { archive, service: 'config.amazonaws.com', accounts, bucketName: 'configuration-of-the-organisation' });
    new ConfigurationRecorder(stack, 'Recorder', { stage: Bucket.fromBucketName(stack, 'Central', 'configuration-of-the-organisation') });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Config::DeliveryChannel', {
      S3BucketName: 'configuration-of-the-organisation',
      S3KmsKeyArn: Match.absent(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: { StringEquals: Match.objectLike({ 'aws:SourceAccount': accounts, 's3:x-amz-acl': Match.anyValue() }) },
          }),
        ]),
      },
    });
  });

  it('is no archive any more once it no longer replicates', () => {
    const broken = brokenBy(
      'high',
      (stack) => new ConfigurationRecorder(stack, 'Recorder', { logs: new LogArchive(stack, 'Archive') }),
      (stack) => {
        const stage = stack.node.findChild('Recorder').node.findChild('Stage').node.findChild('Bucket').node.defaultChild as CfnResource;
        stage.addPropertyDeletionOverride('ReplicationConfiguration');
      },
    );
    expect(broken).toContain('LOG-08.logging');
  });
});

describe('EventStore', () => {
  it('keeps what the tier asks, encrypted and protected, with the data events of moderate and high', () => {
    const of = (tier: 'low' | 'high') => {
      const stack = stackOf(tier);
      new EventStore(stack, 'Events');
      return Object.values(Template.fromStack(stack).findResources('AWS::CloudTrail::EventDataStore'))[0];
    };
    expect(of('low')?.Properties).toMatchObject({
      RetentionPeriod: 365,
      TerminationProtectionEnabled: true,
      AdvancedEventSelectors: [expect.anything()],
    });
    expect(of('high')?.Properties.RetentionPeriod).toBe(731);
    expect(JSON.stringify(of('high')?.Properties.AdvancedEventSelectors)).toContain('AWS::DynamoDB::Table');
    expect(of('high')?.DeletionPolicy).toBe('Retain');
  });

  it.each([30, 730, 4000, 800.5])('refuses to keep records for %s days', (retention) => {
    expect(() => new EventStore(stackOf('high'), 'Events', { retention })).toThrow(/Cases\/Events: retention is .* 731 to 3653 \(LOG-10\)/);
  });

  it.each([
    ['RetentionPeriod', 30, 'LOG-10.logging'],
    ['KmsKeyId', undefined, 'LOG-11.logging'],
  ])('%s = %s is named by its rule', (property, value, rule) => {
    const broken = brokenBy(
      'high',
      (stack) => new EventStore(stack, 'Events'),
      (stack) => (stack.node.findChild('Events').node.defaultChild as CfnResource).addPropertyOverride(property, value),
    );
    expect(broken).toContain(rule);
  });
});
