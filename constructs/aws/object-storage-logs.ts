import { Stack } from 'aws-cdk-lib';
import { Bucket, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { claims, RETENTION_DAYS } from '../contract';
import { BUCKET_CLAIMS, BUCKET_FLOOR, encryptedWith, lifecycleOf } from './object-storage-floor';
import { acceptAccessLogs, denyDeletion, hardenBucketPolicy } from './object-storage-policy';
import { profileOf } from './profile';
import { share, sharedIn } from './shared';

/**
 * The bucket to which S3 delivers the access logs of the account's other buckets. Constructs beneath the same scope
 * find it by themselves. Nobody deletes from it; its records expire when the tier's retention of access records ends.
 *
 * Guarantees ENC-01, TLS-01, TLS-03, DHC-01, DHC-05, DHC-06, DHC-10, LPA-10, LPA-14, LPA-16 and BCR-07; from the high
 * tier on EXP-08. It promises neither a customer key nor write-once storage nor access logs of its own: S3 delivers
 * access logs only to buckets that use S3's own encryption and no Object Lock, and a bucket that logs into itself never
 * ends.
 *
 * @example
 * const accessLogs = new AccessLogBucket(stack, 'AccessLogs');
 * new SecureBucket(stack, 'Attachments', { logs: accessLogs, retention: { atMostDays: 730 } });
 */
export class AccessLogBucket extends Bucket {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('AccessLogBucket', ...BUCKET_CLAIMS);

  constructor(scope: Construct, id: string) {
    const { tier } = profileOf(scope);
    super(scope, id, {
      ...BUCKET_FLOOR,
      ...encryptedWith(undefined),
      lifecycleRules: lifecycleOf({ atMostDays: RETENTION_DAYS[tier].access }, true),
    });
    hardenBucketPolicy(this);
    denyDeletion(this);
    acceptAccessLogs(this, this);
    share(scope, 'access-logs', this);
  }
}

/** The access-log bucket shared nearest above, else one made for the stack. */
export const accessLogsOf = (scope: IConstruct): IBucket =>
  sharedIn(scope, 'access-logs', (stack) => new AccessLogBucket(stack, 'PalisadeAccessLogs'));

/** Has S3 write the access logs of `bucket` to `logs`, under its path (LOG-13). */
export function logAccess(bucket: Bucket, logs: IBucket): void {
  const sameAccount = logs instanceof AccessLogBucket && logs.env.account === bucket.env.account;
  if (!sameAccount) acceptAccessLogs(logs, bucket);
  // S3 refuses a destination that it may not write to yet.
  if (logs.policy && Stack.of(logs) === Stack.of(bucket)) bucket.node.defaultChild?.node.addDependency(logs.policy);
  (bucket.node.defaultChild as CfnBucket).loggingConfiguration = {
    destinationBucketName: logs.bucketName,
    logFilePrefix: `${bucket.node.path}/`,
    targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: 'EventTime' } },
  };
}
