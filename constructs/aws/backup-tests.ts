import { Stack } from 'aws-cdk-lib';
import { CfnRestoreTestingPlan, CfnRestoreTestingSelection, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import { type IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims, TAGS } from '../contract';
import { watchFailedRestores } from './backup-alerts';
import { alarmsOf } from './detection';
import { profileOf } from './profile';

/** Kinds of stores that AWS Backup restores for a test. */
export const RESTORABLE = ['Aurora', 'DocumentDB', 'DynamoDB', 'EBS', 'EC2', 'EFS', 'FSx', 'Neptune', 'RDS', 'S3'] as const;
/** A kind of store that AWS Backup restores for a test. */
export type RestorableStore = (typeof RESTORABLE)[number];

/** Those that the hardened constructs make. */
export const USUAL_STORES: readonly RestorableStore[] = ['Aurora', 'DocumentDB', 'DynamoDB', 'EFS', 'Neptune', 'RDS', 'S3'];

/** Hours for which what was restored stays, so that its content can be looked into. */
const VALIDATION_HOURS = 24;
/** Days back from which recovery points are chosen; a month, so that no test finds none. */
const SELECTION_DAYS = 31;

/** Props of {@link RestoreTests}; every default is the hardened one. */
export interface RestoreTestsProps {
  /** Vaults whose recovery points are restored; at least one. */
  readonly vaults: readonly IBackupVault[];
  /**
   * Kinds of stores that are restored, one recovery point of each kind at a time.
   * @default those that the hardened constructs make: Aurora, DocumentDB, DynamoDB, EFS, Neptune, RDS and S3
   */
  readonly stores?: readonly RestorableStore[];
  /**
   * When the tests run, as a cron expression in UTC; at least once a quarter.
   * @default on the first of each month at 03:00
   */
  readonly schedule?: string;
  /**
   * Role with which AWS Backup restores, and deletes what it restored.
   * @default one with AWS's own policies for restores
   */
  readonly role?: IRole;
  /**
   * Where the alarm goes when a restore fails.
   * @default the alarm topic shared nearest above, else one made for the stack
   */
  readonly alarms?: ITopic;
}

/**
 * Restores a recovery point of every kind of store each month, keeps it for a day, so that its content can be looked
 * into, and deletes it again. A restore that fails raises an alarm. Only the stores of the declared system are chosen.
 *
 * Guarantees from the moderate tier on BCR-04. Subscribe to the event "Restore Job State Change" to check the content,
 * and answer with PutRestoreValidationResult.
 *
 * @throws Error when no vault is named, or no kind of store
 * @example
 * const vault = new SecureBackupVault(stack, 'Vault');
 * new RestoreTests(stack, 'RestoreTests', { vaults: [vault], stores: ['DynamoDB', 'S3'] });
 */
export class RestoreTests extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('RestoreTests', { control: 'BCR-04', from: 'moderate' });

  /** Role with which AWS Backup restores. */
  readonly role: IRole;

  constructor(scope: Construct, id: string, props: RestoreTestsProps) {
    const { profile } = profileOf(scope);
    const { vaults, stores = USUAL_STORES, schedule = 'cron(0 3 1 * ? *)' } = props;
    const where = `${scope.node.path}/${id}`;
    if (!vaults?.length) throw new Error(`${where}: vaults is empty; name the vaults whose recovery points are restored (BCR-04)`);
    if (stores.length === 0) throw new Error(`${where}: stores is empty; name the kinds of stores to restore (BCR-04)`);
    super(scope, id);

    const name = `tests_${this.node.addr.slice(2, 12)}`;
    const plan = new CfnRestoreTestingPlan(this, 'Resource', {
      restoreTestingPlanName: name,
      scheduleExpression: schedule,
      startWindowHours: VALIDATION_HOURS,
      recoveryPointSelection: {
        algorithm: 'LATEST_WITHIN_WINDOW',
        includeVaults: vaults.map((vault) => vault.backupVaultArn),
        recoveryPointTypes: ['SNAPSHOT', 'CONTINUOUS'],
        selectionWindowDays: SELECTION_DAYS,
      },
    });
    this.role = props.role ?? restoreRole(this, stores);
    for (const store of stores) {
      new CfnRestoreTestingSelection(this, store, {
        restoreTestingPlanName: plan.ref,
        restoreTestingSelectionName: `${store}_${name}`,
        protectedResourceType: store,
        protectedResourceConditions: { stringEquals: [{ key: `aws:ResourceTag/${TAGS.system}`, value: profile.system }] },
        iamRoleArn: this.role.roleArn,
        validationWindowHours: VALIDATION_HOURS,
      });
    }
    watchFailedRestores(alarmsOf(this, props.alarms));
  }
}

const managed = (name: string) => ManagedPolicy.fromAwsManagedPolicyName(name);

/** A role that AWS Backup takes on for this account only. */
function backupRole(scope: Construct, id: string, description: string, policies: readonly string[]): Role {
  return new Role(scope, id, {
    assumedBy: new ServicePrincipal('backup.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    description,
    managedPolicies: policies.map(managed),
  });
}

const SERVICE = 'service-role/AWSBackupServiceRolePolicyFor';

/** Restores, and nothing else. */
export const restoreRole = (scope: Construct, stores: readonly RestorableStore[]): Role =>
  backupRole(scope, 'RestoreRole', 'Restores recovery points for tests', [
    `${SERVICE}Restores`,
    ...(stores.includes('S3') ? ['AWSBackupServiceRolePolicyForS3Restore'] : []),
  ]);

/** Takes backups, and nothing else. */
export const takingRole = (scope: Construct, stores: readonly RestorableStore[]): Role =>
  backupRole(scope, 'BackupRole', 'Takes backups', [
    `${SERVICE}Backup`,
    ...(stores.includes('S3') ? ['AWSBackupServiceRolePolicyForS3Backup'] : []),
  ]);
