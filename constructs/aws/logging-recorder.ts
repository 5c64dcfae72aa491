import { Stack } from 'aws-cdk-lib';
import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config';
import { CfnServiceLinkedRole, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { watchCalls } from './detection-alerts';
import { fromSource } from './identity-perimeter';
import { SecureKey } from './keys';
import { SecureBucket } from './object-storage';
import { profileOf } from './profile';

/** Days for which a record waits in the stage; by then it has long been replicated. */
const STAGED_DAYS = 30;

/** Props of {@link LogStage}. */
export interface LogStageProps {
  /** The locked archive into which everything is replicated; with its `encryptionKey`. */
  readonly archive: IBucket;
  /** Service that delivers here: `config.amazonaws.com`. */
  readonly service: string;
  /** ARN, or pattern of it, of what the service delivers for. @default whatever belongs to the accounts */
  readonly sourceArn?: string;
  /** Accounts whose records the service delivers here. @default the stage's own account */
  readonly accounts?: readonly string[];
  /** Name of the bucket, where other accounts have to know it. @default one that CloudFormation makes up */
  readonly bucketName?: string;
}

/**
 * Takes the records of a service that refuses buckets with a lock, and replicates them into the locked archive. What
 * happens to the stage afterwards changes nothing in the archive.
 *
 * Together with the archive it keeps LOG-08 for what is delivered here.
 *
 * @throws Error when the archive has no key
 * @example
 * const stage = new LogStage(securityStack, 'Stage', { archive, service: 'config.amazonaws.com' });
 * console.log(stage.bucket.bucketName);
 */
export class LogStage extends Construct {
  /** Where the service delivers. */
  readonly bucket: SecureBucket;
  /** Encrypts what waits here. */
  readonly key: SecureKey;

  constructor(scope: Construct, id: string, { archive, service, sourceArn, accounts, bucketName }: LogStageProps) {
    super(scope, id);
    const { encryptionKey } = archive;
    if (!encryptionKey)
      throw new Error(
        `${this.node.path}: the archive has no key, so its records cannot be encrypted (LOG-11); ` +
          'pass a LogArchive, or import the bucket with fromBucketAttributes({ bucketName, encryptionKey })',
      );
    this.key = new SecureKey(this, 'Key', { description: `Encrypts what waits in ${this.node.path}` });
    this.bucket = new SecureBucket(this, 'Bucket', {
      ...(bucketName ? { bucketName } : {}),
      retention: { atMostDays: STAGED_DAYS },
      key: this.key,
      replicationRules: [{ destination: archive, kmsKey: encryptionKey }],
    });
    const conditions = fromSource(this, { arn: sourceArn, accounts });
    const principals = [new ServicePrincipal(service)];
    this.bucket.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [this.bucket.bucketArn], conditions }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('AWSLogs/*')],
        conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    this.key.grantToService(service, {
      ...(accounts ? { sourceAccounts: accounts } : {}),
      ...(sourceArn === undefined ? {} : { sourceArn: [sourceArn] }),
    });
  }
}

/** Props of {@link ConfigurationRecorder}; every default is the hardened one. */
export interface ConfigurationRecorderProps {
  /**
   * The locked archive that keeps the records, with its `encryptionKey`; a stage before it is made here.
   * @default none: then `stage` is named
   */
  readonly logs?: IBucket;
  /**
   * The bucket of a {@link LogStage} in the archive's account that takes the records of this account too.
   * @default none: then `logs` is named
   */
  readonly stage?: IBucket;
  /**
   * The service-linked role of AWS Config exists in the account already; an account has it once.
   * @default false: it is made here
   */
  readonly roleExists?: boolean;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Records every change of configuration of every type of resource, global ones included, and keeps it write-once: AWS
 * Config refuses buckets with a lock, so that it delivers to a stage, from where each record is replicated into the
 * archive. Whoever stops or narrows it raises an alarm.
 *
 * Guarantees MON-11, and LOG-08 for what it records. Nothing of it can be relaxed. An account has one recorder in each
 * region.
 *
 * @throws Error when neither or both of `logs` and `stage` are named, and when the archive has no key
 * @example
 * new ConfigurationRecorder(securityStack, 'Recorder', { logs: archive });
 */
export class ConfigurationRecorder extends Construct {
  /** The controls that it makes true. */
  static readonly claims = claims('ConfigurationRecorder', 'LOG-08', 'MON-11');

  /** Where AWS Config delivers. */
  readonly stage: IBucket;

  constructor(scope: Construct, id: string, { logs, stage, roleExists = false, alarms }: ConfigurationRecorderProps) {
    profileOf(scope);
    super(scope, id);
    if ((logs === undefined) === (stage === undefined))
      throw new Error(`${this.node.path}: name either logs (the archive) or stage (a bucket before it) (LOG-08)`);
    const own = logs ? new LogStage(this, 'Stage', { archive: logs, service: 'config.amazonaws.com' }) : undefined;
    this.stage = own?.bucket ?? (stage as IBucket);
    const { partition, account } = Stack.of(this);
    const recorder = new CfnConfigurationRecorder(this, 'Resource', {
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      roleArn: `arn:${partition}:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    });
    const channel = new CfnDeliveryChannel(this, 'Channel', {
      s3BucketName: this.stage.bucketName,
      // In another account the bucket's own encryption applies; Config names a key only where it is told to.
      ...(own ? { s3KmsKeyArn: own.key.keyArn } : {}),
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    // The recorder starts when the channel is there, and the channel asks for the recorder: neither can wait for the other,
    // so that both wait for the same and are made together.
    const role = roleExists ? undefined : new CfnServiceLinkedRole(this, 'Role', { awsServiceName: 'config.amazonaws.com' });
    for (const first of [role, own?.bucket.policy]) if (first) for (const each of [recorder, channel]) each.node.addDependency(first);
    watchCalls(alarmsOf(this, alarms), 'RecorderOff', 'AWS Config records less, or nothing', {
      'config.amazonaws.com': [
        'DeleteConfigurationRecorder',
        'DeleteDeliveryChannel',
        'PutConfigurationRecorder',
        'StopConfigurationRecorder',
      ],
    });
  }
}
