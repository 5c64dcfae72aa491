import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BackupVault, type BackupVaultProps } from 'aws-cdk-lib/aws-backup';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import {
  type ControlId,
  claims,
  RECOVERY_DAYS,
  type Relaxation,
  type Retention,
  reaches,
  relaxed,
  type Tier,
  unclaimed,
} from '../contract';
import { watchBackupJobs, watchBackupTampering, watchRestores } from './backup-alerts';
import { alarmsOf } from './detection';
import { denyOutsiders } from './identity-perimeter';
import { SecureKey } from './keys';
import { organisationOf, profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

const FAMILY = 'backup';

/** Days for which a new compliance lock can still be taken off; the least that AWS Backup takes. */
const LEAST_GRACE_DAYS = 3;

/** Removal of what the vault holds. Policies of vaults take no wildcards in actions. */
const REMOVAL = [
  'backup:DeleteBackupVault',
  'backup:DeleteRecoveryPoint',
  'backup:DisassociateRecoveryPoint',
  'backup:UpdateRecoveryPointLifecycle',
];
/** What outsiders could do with the vault; policies of vaults take no wildcards in actions. */
const USE = [
  ...REMOVAL,
  'backup:CopyFromBackupVault',
  'backup:CopyIntoBackupVault',
  'backup:DescribeBackupVault',
  'backup:DescribeRecoveryPoint',
  'backup:GetRecoveryPointRestoreMetadata',
  'backup:ListRecoveryPointsByBackupVault',
  'backup:PutBackupVaultAccessPolicy',
  'backup:StartBackupJob',
  'backup:StartCopyJob',
  'backup:StartRestoreJob',
];

/** Props of {@link SecureBackupVault}; every default is the hardened one. */
export interface SecureBackupVaultProps extends Pick<BackupVaultProps, 'backupVaultName'> {
  /**
   * How long recovery points are kept, in days. The vault refuses backups that would be deleted sooner or kept longer.
   * @default at least 35 days from the moderate tier on, and no maximum
   */
  readonly retention?: Partial<Retention>;
  /**
   * Days, from the first deployment, after which nobody can take the lock off any more, the account root included; at
   * least 3. At the high tier only: below, the lock stays in governance mode.
   * @default 3
   */
  readonly graceDays?: number;
  /**
   * Key that encrypts the recovery points.
   * @default a SecureKey of its own
   */
  readonly key?: IKey;
  /**
   * Accounts of the organisation that copy recovery points into the vault; needs `declareOrganisation`.
   * @default none
   */
  readonly receivesFrom?: readonly string[];
  /**
   * Where alarms go.
   * @default the alarm topic shared nearest above, else one made for the stack
   */
  readonly alarms?: ITopic;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureBackupVault',
  { control: 'BCR-02', from: 'moderate' },
  { control: 'BCR-05', from: 'moderate' },
  'BCR-08',
  'BCR-10',
  'DHC-01',
  'DHC-05',
  { control: 'ENC-02', from: 'moderate' },
  'LPA-10',
  unclaimed('EXP-03', 'a vault copies nothing by itself; who may copy out of it is said by its policy (LPA-10)'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'BCR-02': 'recovery points are not locked: who may change the vault can shorten their retention' },
  firm: {
    'BCR-08': 'recovery points are deleted when their retention ends',
    'BCR-10': 'pass another topic as alarms',
    'ENC-02': 'pass another key',
    'LPA-10': 'declare the organisation, and name its accounts in receivesFrom',
  },
};

/**
 * A vault for backups that nobody removes before their time: locked, encrypted with a key of its own, closed to
 * outsiders, and watched. Failed jobs, restores, and attempts to loosen it raise an alarm.
 *
 * Guarantees BCR-08, BCR-10, DHC-01, DHC-05 and LPA-10; from the moderate tier on BCR-02, BCR-05 and ENC-02. At high the
 * lock is in compliance mode: once the days of grace are over, nobody can take it off. The lock's minimum counts for
 * every recovery point that comes later. It is a `backup.BackupVault`, kept when its stack goes.
 *
 * @throws Error when the retention or the days of grace make no sense, or accounts are named without an organisation
 * @example
 * const vault = new SecureBackupVault(stack, 'Vault', { retention: { atLeastDays: 35, atMostDays: 400 } });
 */
export class SecureBackupVault extends BackupVault {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Days before which the vault gives up no recovery point; undefined where it is not locked. */
  readonly lockedForDays: number | undefined;
  /** Days after which the vault refuses to keep a recovery point; undefined where there is no maximum. */
  readonly keptAtMostDays: number | undefined;

  constructor(scope: Construct, id: string, props: SecureBackupVaultProps = {}) {
    const { tier } = profileOf(scope);
    const { backupVaultName, graceDays = LEAST_GRACE_DAYS, receivesFrom = [], relax, retention = {} } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const locked = (reaches(tier, 'moderate') || retention.atLeastDays !== undefined) && relaxed(relax, 'BCR-02') === undefined;
    const atLeastDays = retention.atLeastDays ?? Math.min(RECOVERY_DAYS, retention.atMostDays ?? RECOVERY_DAYS);
    checkDays(where, { ...retention, atLeastDays }, graceDays);
    const organisation = organisationOf(scope);
    if (receivesFrom.length > 0 && !organisation)
      throw new Error(
        `${where}: receivesFrom needs the organisation; call declareOrganisation first. Backups are copied between accounts of one organisation only (LPA-10)`,
      );

    super(scope, id, {
      ...(backupVaultName ? { backupVaultName } : {}),
      encryptionKey: props.key ?? new SecureKey(scope, `${id}Key`, { description: `Encrypts the backups in ${where}` }),
      removalPolicy: RemovalPolicy.RETAIN,
      ...(locked ? { lockConfiguration: lockOf(tier, { ...retention, atLeastDays }, graceDays) } : {}),
    });
    this.lockedForDays = locked ? atLeastDays : undefined;
    this.keptAtMostDays = locked ? retention.atMostDays : undefined;
    this.addToAccessPolicy(
      new PolicyStatement({
        sid: 'DenyRemoval',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: REMOVAL,
        resources: ['*'],
      }),
    );
    this.addToAccessPolicy(denyOutsiders(this, USE, ['*']));
    if (receivesFrom.length > 0) this.receive(receivesFrom, organisation as string);
    const alarms = alarmsOf(this, props.alarms);
    watchBackupJobs(alarms);
    watchBackupTampering(alarms);
    watchRestores(alarms);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }

  private receive(accounts: readonly string[], organisation: string): void {
    this.addToAccessPolicy(
      new PolicyStatement({
        sid: 'ReceiveCopies',
        principals: accounts.map((account) => new AccountPrincipal(account)),
        actions: ['backup:CopyIntoBackupVault'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:PrincipalOrgID': organisation } },
      }),
    );
  }
}

function lockOf(tier: Tier, { atLeastDays, atMostDays }: Partial<Retention>, graceDays: number) {
  return {
    minRetention: Duration.days(atLeastDays as number),
    ...(atMostDays === undefined ? {} : { maxRetention: Duration.days(atMostDays) }),
    ...(tier === 'high' ? { changeableFor: Duration.days(graceDays) } : {}),
  };
}

function checkDays(where: string, { atLeastDays, atMostDays }: Partial<Retention>, graceDays: number): void {
  for (const [name, days] of Object.entries({ 'retention.atLeastDays': atLeastDays, 'retention.atMostDays': atMostDays })) {
    if (days !== undefined && !(Number.isInteger(days) && days > 0))
      throw new Error(`${where}: ${name} is ${days}; write a whole number of days, at least 1 (BCR-02)`);
  }
  if (atLeastDays !== undefined && atMostDays !== undefined && atLeastDays > atMostDays)
    throw new Error(`${where}: retention.atLeastDays ${atLeastDays} is more than atMostDays ${atMostDays} (BCR-02)`);
  if (!(Number.isInteger(graceDays) && graceDays >= LEAST_GRACE_DAYS))
    throw new Error(`${where}: graceDays is ${graceDays}; write a whole number of days, at least ${LEAST_GRACE_DAYS} (BCR-02)`);
}
