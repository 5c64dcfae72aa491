import { Duration, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, ArnPrincipal, type IPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, type BucketProps, type IBucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { claims, RETENTION_DAYS, type Relaxation, relaxed, unclaimed } from '../contract';
import { fromSource } from './identity-perimeter';
import { SecureKey } from './keys';
import { onlyDecryptedBy } from './keys-policy';
import { BUCKET_CLAIMS, BUCKET_FLOOR, encryptedWith, lifecycleOf, writeOnce } from './object-storage-floor';
import { accessLogsOf, logAccess } from './object-storage-logs';
import { denyDeletion, enforceEncryption, hardenBucketPolicy } from './object-storage-policy';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of {@link LogArchive}; every default is the hardened one. */
export interface LogArchiveProps extends Pick<BucketProps, 'bucketName'> {
  /**
   * How long records are kept and cannot be changed, in days; no less than the tier asks of security records.
   * @default 365 at low and moderate, 731 at high
   */
  readonly retention?: number;
  /**
   * Accounts whose services deliver here.
   * @default the archive's own account
   */
  readonly accounts?: readonly string[];
  /**
   * Roles that investigate, and those of the detection pipeline: the only ones that can decrypt the records.
   * @default whom IAM policies of the archive's account allow
   */
  readonly readers?: readonly IPrincipal[];
  /**
   * The same for roles of other accounts of the organisation, by ARN: they need not exist yet.
   * @default none
   */
  readonly readersElsewhere?: readonly string[];
  /**
   * Roles that administer the archive's key.
   * @default only the account root can destroy it
   */
  readonly administrators?: readonly IPrincipal[];
  /**
   * Bucket to which S3 delivers the archive's own access logs.
   * @default the access-log bucket shared nearest above, else one made for the stack
   */
  readonly logs?: IBucket;
  /** Where alarms about the key go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'LogArchive',
  'LOG-08',
  'LOG-10',
  { control: 'LOG-11', from: 'moderate' },
  'LOG-13',
  ...BUCKET_CLAIMS,
  { control: 'ENC-02', from: 'moderate' },
  unclaimed('BCR-06', 'S3 keeps every object in several zones by itself; no property says so'),
  unclaimed('ENC-06', 'the grants of its key to services are bound to their source, which LPA-16 proves'),
  unclaimed('EXP-03', 'it takes no replication rules'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['logging'],
  relaxable: { 'LOG-08': 'the lock is in governance mode, so that a test archive can be taken down by who may bypass it' },
  firm: { 'LOG-10': 'an archive is where records outlive the system', 'DHC-10': 'an archive outlives its stack' },
};

/**
 * The write-once archive of security logs. Nobody, the account root included, changes or deletes a record before its
 * time; CloudTrail and the log delivery of AWS append, for the named accounts only. AWS Config does not: it refuses
 * buckets with a lock, so that its snapshots need a SecureBucket.
 *
 * Guarantees LOG-08, LOG-10, LOG-13, ENC-01, TLS-01, TLS-03, DHC-01, DHC-05, DHC-06, DHC-10, LPA-10, LPA-14, LPA-16 and
 * BCR-07; from the moderate tier on LOG-11 and ENC-02; from the high tier on EXP-08. Put it into a stack of its own, in
 * an account that no workload uses (LOG-09): its policies name accounts, not trails, so that it never depends on what
 * it protects.
 *
 * @throws Error when the retention is shorter than the tier asks, or a reader elsewhere is no role
 * @example
 * const archive = new LogArchive(securityStack, 'Archive', { accounts: ['111122223333'], readers: [investigators] });
 * new SecureTrail(workloadStack, 'Trail', { logs: archive });
 */
export class LogArchive extends Bucket {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Key that encrypts the records. */
  readonly key: SecureKey;

  constructor(scope: Construct, id: string, props: LogArchiveProps = {}) {
    const { tier } = profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const least = RETENTION_DAYS[tier].security;
    const retention = props.retention ?? least;
    if (!Number.isInteger(retention) || retention < least)
      throw new Error(`${where}: retention is ${retention} days; security records of tier ${tier} are kept for at least ${least} (LOG-10)`);
    const governance = relaxed(props.relax, 'LOG-08') !== undefined;
    const key = new SecureKey(scope, `${id}Key`, {
      description: `Encrypts ${where}`,
      ...(props.administrators ? { administrators: props.administrators } : {}),
      ...(props.alarms ? { alarms: props.alarms } : {}),
    });

    super(scope, id, {
      ...(props.bucketName ? { bucketName: props.bucketName } : {}),
      ...BUCKET_FLOOR,
      ...encryptedWith(key),
      ...writeOnce(Duration.days(retention), governance ? ObjectLockRetention.governance : ObjectLockRetention.compliance),
      lifecycleRules: lifecycleOf({ atLeastDays: retention, atMostDays: retention }, true),
    });
    this.key = key;
    hardenBucketPolicy(this);
    enforceEncryption(this, key);
    denyDeletion(this);
    logAccess(this, props.logs ?? accessLogsOf(this));
    const accounts = props.accounts ?? [Stack.of(this).account];
    this.accept('cloudtrail.amazonaws.com', 'cloudtrail', 'trail/*', accounts);
    this.accept('delivery.logs.amazonaws.com', 'logs', '*', accounts);
    const { readers = [], readersElsewhere = [] } = props;
    for (const reader of [...readers, ...readersElsewhere.map((arn) => roleOfAccount(where, arn))]) this.grantRead(reader);
    const named = [...readers, ...readersElsewhere.map((arn) => new ArnPrincipal(arn))];
    if (named.length > 0) onlyDecryptedBy(key, 'readers', named);
    recordWaiver(props.relax, 'LOG-08', 'logging', this);
  }

  /** @param source the resource for which the service calls, as it ends the ARN */
  private accept(principal: string, service: string, source: string, accounts: readonly string[]): void {
    const arn = accounts.map((account) => `arn:${Stack.of(this).partition}:${service}:*:${account}:${source}`);
    const conditions = fromSource(this, { accounts, arn });
    const principals = [new ServicePrincipal(principal)];
    this.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [this.bucketArn], conditions }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('AWSLogs/*')],
        conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    this.key.grantToService(principal, { sourceAccounts: accounts, sourceArn: arn });
  }
}

/** A role that a policy can name before it exists: its account, as far as it acts as that role. */
function roleOfAccount(where: string, arn: string): IPrincipal {
  const account = /^arn:[^:*]+:iam::(\d{12}):role\/[\w+=,.@/-]+$/.exec(arn)?.[1];
  if (account === undefined)
    throw new Error(`${where}: readersElsewhere names "${arn}"; write the ARN of a role, without wildcards (LOG-11)`);
  return new AccountPrincipal(account).withConditions({ ArnEquals: { 'aws:PrincipalArn': arn } });
}
