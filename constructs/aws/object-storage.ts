import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type BucketProps, type CfnBucket, type CorsRule, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, type Retention, reaches, relaxed, unclaimed } from '../contract';
import { SecureKey } from './keys';
import { BUCKET_CLAIMS, BUCKET_FLOOR, encryptedWith, lifecycleOf, writeOnce } from './object-storage-floor';
import { accessLogsOf, logAccess } from './object-storage-logs';
import { checkCors, checkReplication, enforceEncryption, hardenBucketPolicy, letsWrite } from './object-storage-policy';
import { scanUploads } from './object-storage-scan';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const FAMILY = 'object-storage';

/** Props of the CDK's bucket that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'bucketName',
  'bucketNamePrefix',
  'cors',
  'eventBridgeEnabled',
  'intelligentTieringConfigurations',
  'inventories',
  'lifecycleRules',
  'metrics',
  'replicationRules',
  'transitionDefaultMinimumObjectSize',
] as const satisfies readonly (keyof BucketProps)[];

/** Props of {@link SecureBucket}; every default is the hardened one. */
export interface SecureBucketProps extends Pick<BucketProps, (typeof PASSED_ON)[number]> {
  /**
   * How long objects are kept, in days. A minimum makes the bucket write-once: until then nobody can change or delete an
   * object. Required, unless DHC-06 is relaxed.
   * @default none: objects are kept without end, which needs the relaxation
   */
  readonly retention?: Retention;
  /**
   * Key that encrypts the objects.
   * @default a SecureKey of its own from the moderate tier on; S3's own encryption (AES-256) at low
   */
  readonly key?: IKey;
  /**
   * Bucket to which S3 delivers the access logs.
   * @default the access-log bucket shared nearest above, else one made for the stack
   */
  readonly logs?: IBucket;
  /**
   * Has GuardDuty scan what arrives, and keeps it in quarantine until it is found clean. Leaving it out where browsers
   * upload needs DID-19 to be relaxed.
   * @default true from the moderate tier on where cors lets browsers upload, otherwise false
   */
  readonly scanUploads?: boolean;
  /**
   * Account ids outside the organisation (or the account) that may be granted access; needs LPA-10 to be relaxed.
   * @default none
   */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureBucket',
  ...BUCKET_CLAIMS,
  { control: 'ENC-02', from: 'moderate' },
  'LOG-13',
  unclaimed('BCR-06', 'S3 keeps every object in several zones by itself; no property says so'),
  unclaimed('ENC-06', 'it grants no service its key; SecureKey.grantToService scopes what is granted later'),
  unclaimed('EXP-03', 'replicationRules are checked when they are given; without them nothing is replicated'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-07': 'overwritten and deleted objects are gone',
    'DHC-06': 'retention may be left out; objects are kept without end',
    'DHC-10': 'the bucket, once empty, is deleted with its stack',
    'DID-19': 'scanUploads may be false where browsers upload',
    'DID-21': 'cors may hold wildcards',
    'EXP-03': 'replicationRules may lead to another account, or to a region that the profile does not name',
    'LPA-10': 'the accounts in sharedWith can be granted access',
  },
  firm: {
    'ENC-02': 'pass another key',
    'EXP-08': 'sign a new link when the hour is over',
    'LOG-13': 'pass another bucket as logs',
    'TLS-03': 'no client of S3 needs clear text',
  },
};

/**
 * A private, encrypted, versioned bucket that keeps its objects for as long as their owner says.
 *
 * Guarantees ENC-01, TLS-01, TLS-03, DHC-01, DHC-05, DHC-06, DHC-10, LPA-10, LPA-14, LPA-16, LOG-13 and BCR-07; from
 * the moderate tier on ENC-02; from the high tier on EXP-08. It takes no prop that breaks EXP-03, DID-19 or DID-21. It
 * is an `s3.Bucket`: grants, notifications and every construct that takes a bucket work with it. `eventBridgeEnabled`
 * needs no function; do not combine it with `addEventNotification`.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * const attachments = new SecureBucket(stack, 'Attachments', { retention: { atMostDays: 730 } });
 * attachments.grantRead(caseService);
 */
export class SecureBucket extends Bucket {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  private readonly corsGuard: ((rule: CorsRule) => void) | undefined;

  constructor(scope: Construct, id: string, props: SecureBucketProps = {}) {
    const { tier } = profileOf(scope);
    const { key: given, logs, relax, retention, sharedWith } = props;
    const user: BucketProps = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]]));
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    checkRetention(where, retention, relax);
    for (const rule of user.cors ?? []) checkCors(where, rule, relax);
    if (sharedWith?.length) requireRelaxation(where, relax, 'LPA-10', 'sharedWith', 'keep the objects inside the organisation');
    const uploads = reaches(tier, 'moderate') && (user.cors ?? []).some(letsWrite);
    if (uploads && props.scanUploads === false)
      requireRelaxation(where, relax, 'DID-19', 'scanUploads: false where browsers upload', 'have uploads scanned');
    const versioned = relaxed(relax, 'BCR-07') === undefined;
    if (!versioned && retention?.atLeastDays)
      throw new Error(`${where}: retention.atLeastDays needs versions; do not relax BCR-07 on a write-once bucket`);
    const key = given ?? (reaches(tier, 'moderate') ? ownKey(scope, id, props) : undefined);
    const replicationRules = user.replicationRules && checkReplication(scope, where, user.replicationRules, key, relax);

    super(scope, id, {
      ...user,
      ...BUCKET_FLOOR,
      ...encryptedWith(key),
      ...(replicationRules ? { replicationRules } : {}),
      lifecycleRules: [...lifecycleOf(retention, versioned), ...(user.lifecycleRules ?? [])],
      versioned,
      ...(relaxed(relax, 'DHC-10') ? { removalPolicy: RemovalPolicy.DESTROY } : {}),
      ...(retention?.atLeastDays ? writeOnce(Duration.days(retention.atLeastDays)) : {}),
    });
    const scans = props.scanUploads ?? (uploads && relaxed(relax, 'DID-19') === undefined);
    this.corsGuard = (rule) => {
      checkCors(where, rule, relax);
      if (!scans && reaches(tier, 'moderate') && letsWrite(rule))
        requireRelaxation(where, relax, 'DID-19', 'addCorsRule for uploads that nothing scans', 'pass scanUploads: true');
    };
    hardenBucketPolicy(this, sharedWith);
    enforceEncryption(this, key);
    if (scans) scanUploads(this, key);
    logAccess(this, logs ?? accessLogsOf(this));
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) {
      // What lets other accounts in, once they are granted something, is the policy.
      const judged = control === 'LPA-10' ? this.policy : this;
      if (judged) recordWaiver(relax, control, FAMILY, judged);
    }
  }

  override addCorsRule(rule: CorsRule): void {
    this.corsGuard?.(rule);
    super.addCorsRule(rule);
  }

  override enableEventBridgeNotification(): void {
    (this.node.defaultChild as CfnBucket).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }
}

/** A key for the bucket alone, open to the same accounts. */
function ownKey(scope: Construct, id: string, { relax, sharedWith }: SecureBucketProps): SecureKey {
  const sharing = relaxed(relax, 'LPA-10');
  return new SecureKey(scope, `${id}Key`, {
    description: `Encrypts ${scope.node.path}/${id}`,
    ...(sharing && sharedWith ? { sharedWith, relax: [{ ...sharing, control: 'LPA-10' }] } : {}),
  });
}

function checkRetention(where: string, retention: Retention | undefined, relax: readonly Relaxation[] | undefined): void {
  if (!retention) {
    requireRelaxation(where, relax, 'DHC-06', 'no retention', 'write retention: { atMostDays: … }');
    return;
  }
  const { atLeastDays, atMostDays } = retention;
  for (const [name, days] of Object.entries({ atLeastDays, atMostDays })) {
    if (days !== undefined && !(Number.isInteger(days) && days > 0))
      throw new Error(`${where}: retention.${name} is ${days}; write a whole number of days, at least 1 (DHC-06)`);
  }
  if (atLeastDays !== undefined && atLeastDays > atMostDays)
    throw new Error(`${where}: retention.atLeastDays ${atLeastDays} is more than atMostDays ${atMostDays} (DHC-06)`);
}
