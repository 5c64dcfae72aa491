import { Duration, Stack } from 'aws-cdk-lib';
import { BackupPlan, type BackupPlanProps, BackupPlanRule, BackupResource, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { type ControlId, claims, RECOVERY_DAYS, type Relaxation, reaches, relaxed, TAGS, unclaimed } from '../contract';
import { SecureBackupVault } from './backup';
import { type RestorableStore, RestoreTests, takingRole, USUAL_STORES } from './backup-tests';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const FAMILY = 'backup';

/** Days for which monthly backups are kept: a year and its last month. */
const MONTHLY_DAYS = 400;

/** Props of {@link SecureBackupPlan}; every default is the hardened one. */
export interface SecureBackupPlanProps extends Pick<BackupPlanProps, 'backupPlanName' | 'windowsVss'> {
  /**
   * Vault that takes the backups.
   * @default a SecureBackupVault of its own
   */
  readonly vault?: IBackupVault;
  /**
   * Vaults elsewhere that take a copy of each backup: from the high tier on at least one in another account and one in
   * another region, which may be the same, unless BCR-03 is relaxed.
   * @default none
   */
  readonly copyTo?: readonly IBackupVault[];
  /**
   * Days for which daily backups are kept, at least 35 from the moderate tier on.
   * @default 35
   */
  readonly dailyForDays?: number;
  /**
   * Days for which monthly backups are kept.
   * @default 400
   */
  readonly monthlyForDays?: number;
  /**
   * What is backed up.
   * @default everything that carries the tag `palisade:system` of the declared system
   */
  readonly resources?: readonly BackupResource[];
  /**
   * Kinds of stores that the plan protects; restore tests restore one of each.
   * @default those that the hardened constructs make: Aurora, DocumentDB, DynamoDB, EFS, Neptune, RDS and S3
   */
  readonly stores?: readonly RestorableStore[];
  /**
   * Role with which AWS Backup takes backups.
   * @default one with AWS's own policies for backups
   */
  readonly role?: IRole;
  /**
   * Where alarms go.
   * @default the alarm topic shared nearest above, else one made for the stack
   */
  readonly alarms?: ITopic;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureBackupPlan',
  'BCR-01',
  { control: 'BCR-03', from: 'high' },
  { control: 'BCR-04', from: 'moderate' },
  'DHC-06',
  { control: 'LOC-05', from: 'high' },
  unclaimed('EXP-03', 'it copies only to the vault that the program names; where that may be is LOC-05'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'BCR-03': 'no copy needs to lie in another account',
    'BCR-04': 'nothing restores the backups to prove that they can be',
    'LOC-05': 'no copy needs to lie in another region',
  },
  firm: { 'BCR-01': 'name other resources', 'DHC-06': 'write other days' },
};

/**
 * Backs up every store of the declared system each day and each month, copies the backups elsewhere, and proves each
 * month that they can be restored.
 *
 * Guarantees BCR-01 and DHC-06; from the moderate tier on BCR-04; from the high tier on BCR-03 and LOC-05. Copies go only
 * to regions that the data profile names as its residency, where it names any (LOC-02). It is a `backup.BackupPlan`.
 *
 * @throws Error when the retention is too short, or does not fit the lock of the vault, when copies are missing at the
 *   high tier, or when one goes to a region that the data profile does not promise
 * @example
 * import { BackupVault } from 'aws-cdk-lib/aws-backup';
 * const elsewhere = BackupVault.fromBackupVaultArn(stack, 'Elsewhere', 'arn:aws:backup:eu-west-1:444455556666:backup-vault:cases');
 * new SecureBackupPlan(stack, 'Backup', { copyTo: [elsewhere] });
 */
export class SecureBackupPlan extends BackupPlan {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Vault that takes the backups. */
  readonly vault: IBackupVault;

  constructor(scope: Construct, id: string, props: SecureBackupPlanProps = {}) {
    const { tier, profile } = profileOf(scope);
    const { copyTo = [], dailyForDays = RECOVERY_DAYS, monthlyForDays = MONTHLY_DAYS, relax, stores = USUAL_STORES } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    checkRetention(where, { dailyForDays, monthlyForDays }, reaches(tier, 'moderate') ? RECOVERY_DAYS : 1);
    checkCopies(scope, where, copyTo, relax);
    const alarms = props.alarms ? { alarms: props.alarms } : {};
    const vault = props.vault ?? new SecureBackupVault(scope, `${id}Vault`, alarms);
    checkLock(where, vault, { dailyForDays, monthlyForDays });

    super(scope, id, {
      ...(props.backupPlanName ? { backupPlanName: props.backupPlanName } : {}),
      ...(props.windowsVss === undefined ? {} : { windowsVss: props.windowsVss }),
      backupVault: vault,
      backupPlanRules: [
        ruleOf('daily', Schedule.cron({ hour: '1', minute: '0' }), dailyForDays, copyTo),
        ruleOf('monthly', Schedule.cron({ day: '1', hour: '2', minute: '0' }), monthlyForDays, copyTo),
      ],
    });
    this.vault = vault;
    this.addSelection('Selection', {
      resources: [...(props.resources ?? [BackupResource.fromTag(TAGS.system, profile.system)])],
      role: props.role ?? takingRole(this, stores),
      // The role carries what it needs.
      disableDefaultBackupPolicy: true,
    });
    if (reaches(tier, 'moderate') && relaxed(relax, 'BCR-04') === undefined)
      new RestoreTests(this, 'RestoreTests', { vaults: [vault], stores, ...alarms });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}

function ruleOf(ruleName: string, scheduleExpression: Schedule, days: number, copyTo: readonly IBackupVault[]): BackupPlanRule {
  const deleteAfter = Duration.days(days);
  return new BackupPlanRule({
    ruleName,
    scheduleExpression,
    startWindow: Duration.hours(1),
    completionWindow: Duration.hours(12),
    deleteAfter,
    copyActions: copyTo.map((destinationBackupVault) => ({ destinationBackupVault, deleteAfter })),
  });
}

interface Days {
  readonly dailyForDays: number;
  readonly monthlyForDays: number;
}

function checkRetention(where: string, days: Days, least: number): void {
  for (const [name, value] of Object.entries(days)) {
    if (!(Number.isInteger(value) && value >= least))
      throw new Error(`${where}: ${name} is ${value}; write a whole number of days, at least ${least} (BCR-01)`);
  }
}

/** AWS Backup refuses to keep what a lock does not allow, and only when the job runs. */
function checkLock(where: string, vault: IBackupVault, days: Days): void {
  if (!(vault instanceof SecureBackupVault)) return;
  const { lockedForDays = 1, keptAtMostDays = Number.POSITIVE_INFINITY } = vault;
  for (const [name, value] of Object.entries(days)) {
    if (value < lockedForDays)
      throw new Error(`${where}: ${name} is ${value}, but the vault keeps every backup for at least ${lockedForDays} days (BCR-02)`);
    if (value > keptAtMostDays)
      throw new Error(`${where}: ${name} is ${value}, but the vault keeps no backup for more than ${keptAtMostDays} days (BCR-02)`);
  }
}

function checkCopies(scope: Construct, where: string, copyTo: readonly IBackupVault[], relax: readonly Relaxation[] | undefined): void {
  const { tier, profile } = profileOf(scope);
  const { account, region } = Stack.of(scope);
  const { residency = [] } = profile;
  for (const { env } of copyTo) {
    if (residency.length > 0 && env.region !== region && !residency.includes(env.region))
      throw new Error(`${where}: a copy goes to ${env.region}; ${profile.system} promises to stay in ${residency.join(', ')} (LOC-02)`);
  }
  if (!reaches(tier, 'high')) return;
  if (!copyTo.some(({ env }) => env.account !== account))
    requireRelaxation(where, relax, 'BCR-03', 'backups without a copy in another account', 'name a vault of another account in copyTo');
  if (!copyTo.some(({ env }) => env.region !== region))
    requireRelaxation(where, relax, 'LOC-05', 'backups without a copy in another region', 'name a vault of another region in copyTo');
}
