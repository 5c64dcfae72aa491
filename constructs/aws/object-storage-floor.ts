import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockedEncryptionType,
  BlockPublicAccess,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { type Claim, type ControlId, RECOVERY_DAYS, type Retention } from '../contract';

/** What every bucket promises; given to the CDK after the user's props. */
export const BUCKET_FLOOR = {
  autoDeleteObjects: false,
  blockedEncryptionTypes: [BlockedEncryptionType.SSE_C],
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  publicReadAccess: false,
  removalPolicy: RemovalPolicy.RETAIN,
  versioned: true,
} as const satisfies BucketProps;

/** What the floor, the lifecycle and the policy of every bucket keep. */
export const BUCKET_CLAIMS = [
  'ENC-01',
  'TLS-01',
  'TLS-03',
  'DHC-01',
  'DHC-05',
  'DHC-06',
  'DHC-10',
  'LPA-10',
  'LPA-14',
  'LPA-16',
  { control: 'EXP-08', from: 'high' },
  'BCR-07',
] as const satisfies readonly (ControlId | Claim)[];

/** Days after which an upload that was never completed is thrown away; S3 bills its parts, and nobody can see them. */
const ABANDONED_UPLOAD_DAYS = 7;

/** Encryption with a customer's key and one data key per bucket, or with S3's own. */
export const encryptedWith = (key: IKey | undefined) =>
  key ? { encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true } : { encryption: BucketEncryption.S3_MANAGED };

/** Object Lock by which nobody, the account root included, can change or delete an object earlier. */
export const writeOnce = (retention: Duration, lock = ObjectLockRetention.compliance) => ({
  objectLockEnabled: true,
  objectLockDefaultRetention: lock(retention),
});

/** The lifecycle that enforces the maximum, clears what it leaves behind, and ends the recovery window (DHC-06, BCR-07). */
export function lifecycleOf(retention: Retention | undefined, versioned: boolean): LifecycleRule[] {
  const window = Math.min(RECOVERY_DAYS, retention?.atMostDays ?? RECOVERY_DAYS);
  return [
    {
      id: 'palisade-retention',
      abortIncompleteMultipartUploadAfter: Duration.days(ABANDONED_UPLOAD_DAYS),
      ...(retention ? { expiration: Duration.days(retention.atMostDays) } : {}),
      ...(versioned ? { noncurrentVersionExpiration: Duration.days(window) } : {}),
    },
    ...(versioned ? [{ id: 'palisade-delete-markers', expiredObjectDeleteMarker: true }] : []),
  ];
}
