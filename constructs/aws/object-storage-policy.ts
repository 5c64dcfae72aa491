import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket, CorsRule, IBucket, ReplicationRule } from 'aws-cdk-lib/aws-s3';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Relaxation } from '../contract';
import { denyOutsiders, fromSource } from './identity-perimeter';
import { profileOf } from './profile';
import { requireRelaxation } from './relax';

/** Oldest signature that is accepted, in milliseconds: a link lives for one hour at most (EXP-08). */
const LINK_LIFETIME = 60 * 60 * 1000;

type Conditions = Record<string, Record<string, unknown>>;

const deny = (bucket: IBucket, sid: string, actions: string[], conditions?: Conditions): PolicyStatement =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: [bucket.bucketArn, bucket.arnForObjects('*')],
    ...(conditions ? { conditions } : {}),
  });

/** What the policy of every bucket refuses, besides clear text and old TLS, which the CDK's own statements refuse. */
export function hardenBucketPolicy(bucket: Bucket, sharedWith: readonly string[] = []): void {
  bucket.addToResourcePolicy(denyOutsiders(bucket, ['s3:*'], [bucket.bucketArn, bucket.arnForObjects('*')], sharedWith));
  bucket.addToResourcePolicy(deny(bucket, 'DenyOldLinks', ['s3:*'], { NumericGreaterThan: { 's3:signatureAge': LINK_LIFETIME } }));
  denyUpload(bucket, 'DenyClientKeys', { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } });
}

/** Uploads that ask for another encryption than the bucket's are refused; those that ask for none get the bucket's (ENC-01). */
export function enforceEncryption(bucket: Bucket, key: IKey | undefined): void {
  const header = 's3:x-amz-server-side-encryption';
  denyUpload(bucket, 'DenyOtherEncryption', { Null: { [header]: 'false' }, StringNotEquals: { [header]: key ? 'aws:kms' : 'AES256' } });
  if (!key) return;
  const id = `${header}-aws-kms-key-id`;
  denyUpload(bucket, 'DenyOtherKeys', { Null: { [id]: 'false' }, StringNotEquals: { [id]: key.keyArn } });
}

/** Nobody deletes a record, or shortens the time for which it is kept (LOG-08). Lifecycle rules of S3 itself still apply. */
export function denyDeletion(bucket: Bucket): void {
  bucket.addToResourcePolicy(
    deny(bucket, 'DenyDeletion', [
      's3:BypassGovernanceRetention',
      's3:DeleteBucket',
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:PutObjectLegalHold',
      's3:PutObjectRetention',
    ]),
  );
}

/** Lets S3 deliver the access logs of `source` to `target`. */
export function acceptAccessLogs(target: IBucket, source: Construct): void {
  const stack = Stack.of(source);
  target.addToResourcePolicy(
    new PolicyStatement({
      sid: 'AccessLogDelivery',
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [target.arnForObjects('*')],
      conditions: fromSource(source, { arn: stack.formatArn({ service: 's3', region: '', account: '', resource: '*' }) }),
    }),
  );
}

/** Whether browsers may upload, or change, objects. */
export const letsWrite = (rule: CorsRule): boolean =>
  rule.allowedMethods.some((method) => method !== HttpMethods.GET && method !== HttpMethods.HEAD);

/** Cross-origin access names each origin, over HTTPS, and each header where it may write (DID-21). */
export function checkCors(where: string, rule: CorsRule, relax: readonly Relaxation[] | undefined): void {
  const plain = rule.allowedOrigins.find((origin) => origin.startsWith('http://'));
  if (plain) throw new Error(`${where}: cors allows the clear-text origin "${plain}"; write https:// (TLS-03)`);
  const origin = rule.allowedOrigins.find((each) => each.includes('*'));
  if (origin) requireRelaxation(where, relax, 'DID-21', `cors origin "${origin}"`, 'list the origins');
  if (letsWrite(rule) && rule.allowedHeaders?.some((header) => header.includes('*')))
    requireRelaxation(where, relax, 'DID-21', 'cors header "*" with methods that write', 'list the headers');
}

/**
 * Replication stays in the account and in the regions that the data profile names, unless EXP-03 is relaxed, and keeps
 * the protection: what is encrypted with a customer key arrives encrypted with one.
 */
export function checkReplication(
  scope: Construct,
  where: string,
  rules: readonly ReplicationRule[],
  key: IKey | undefined,
  relax: readonly Relaxation[] | undefined,
): ReplicationRule[] {
  const { account, region } = Stack.of(scope);
  const { residency = [] } = profileOf(scope).profile;
  return rules.map((rule) => {
    const { env, bucketName } = rule.destination;
    if (env.account !== account)
      requireRelaxation(where, relax, 'EXP-03', `replication to account ${env.account}`, 'replicate inside the account');
    if (env.region !== region && !residency.includes(env.region))
      requireRelaxation(where, relax, 'EXP-03', `replication to ${env.region}`, 'name the region in the residency of the data profile');
    if (key && !rule.kmsKey)
      throw new Error(`${where}: replication to ${bucketName} names no kmsKey; name the key of the destination (ENC-02)`);
    return key ? { ...rule, sseKmsEncryptedObjects: true } : rule;
  });
}

function denyUpload(bucket: Bucket, sid: string, conditions: Conditions): void {
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('*')],
      conditions,
    }),
  );
}
