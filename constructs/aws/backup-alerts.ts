import type { Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { tellOf, watchCalls } from './detection-alerts';

/** Calls that remove a backup, or loosen what protects it. */
const TAMPERING = [
  'DeleteBackupPlan',
  'DeleteBackupSelection',
  'DeleteBackupVault',
  'DeleteBackupVaultAccessPolicy',
  'DeleteBackupVaultLockConfiguration',
  'DeleteBackupVaultNotifications',
  'DeleteRecoveryPoint',
  'DeleteRestoreTestingPlan',
  'DeleteRestoreTestingSelection',
  'DisassociateRecoveryPoint',
  'PutBackupVaultAccessPolicy',
  'PutBackupVaultLockConfiguration',
  'UpdateBackupPlan',
  'UpdateGlobalSettings',
  'UpdateRecoveryPointLifecycle',
  'UpdateRegionSettings',
];

/** A rule on events of AWS Backup. */
const watchJobs = (topic: ITopic, id: string, description: string, detailType: string[], detail: object): Rule =>
  tellOf(topic, id, description, { source: ['aws.backup'], detailType, detail });

/** Raises an alarm when a backup or a copy fails, is aborted, comes too late or is incomplete (BCR-10). */
export const watchBackupJobs = (topic: ITopic): Rule =>
  watchJobs(
    topic,
    'BackupJobs',
    'A backup or a copy of it failed, was aborted, came too late or is incomplete',
    ['Backup Job State Change', 'Copy Job State Change'],
    { state: ['ABORTED', 'EXPIRED', 'FAILED', 'PARTIAL'] },
  );

/** Raises an alarm when a restore does not succeed: a test that fails is a backup that is none (BCR-04). */
export const watchFailedRestores = (topic: ITopic): Rule =>
  watchJobs(topic, 'FailedRestores', 'A restore, or a test of one, failed', ['Restore Job State Change'], {
    status: ['ABORTED', 'FAILED'],
  });

/** Tells of every restore, with who asked for it and where to (BCR-05). */
export const watchRestores = (topic: ITopic): Rule =>
  watchCalls(topic, 'Restores', 'Data is restored from a backup', { 'backup.amazonaws.com': ['StartRestoreJob'] });

/** Raises an alarm when a backup is removed, or what protects it is loosened (BCR-08). */
export const watchBackupTampering = (topic: ITopic): Rule =>
  watchCalls(topic, 'BackupTampering', 'A backup is removed, or what protects it is loosened', { 'backup.amazonaws.com': TAMPERING });
