/** Schedules and retentions, in the two languages in which the services of Azure Backup want them. */
import type { BackupRetention } from './backup-shared';

/** A fixed day, at the hour at which backups start; the service takes the hour only. UTC. */
const START = '2024-01-01T01:00:00Z';
/** Days for which a machine can be restored from the snapshot itself, without the vault. */
const SNAPSHOT_DAYS = 7;
/** Minutes between two backups of a transaction log: what is lost at most. */
const LOG_MINUTES = 60;

const EVERY_DAY = { schedulePolicyType: 'SimpleSchedulePolicy' as const, scheduleRunFrequency: 'Daily', scheduleRunTimes: [START] };

function kept({ dailyForDays, monthlyForMonths }: BackupRetention) {
  return {
    retentionPolicyType: 'LongTermRetentionPolicy' as const,
    dailySchedule: { retentionTimes: [START], retentionDuration: { count: dailyForDays, durationType: 'Days' } },
    monthlySchedule: {
      retentionScheduleFormatType: 'Weekly',
      retentionScheduleWeekly: { daysOfTheWeek: ['Sunday' as const], weeksOfTheMonth: ['First' as const] },
      retentionTimes: [START],
      retentionDuration: { count: monthlyForMonths, durationType: 'Months' },
    },
  };
}

/** Machines: the enhanced policy, which is the one that also takes trusted launch. */
export const machinePolicy = (retention: BackupRetention) => ({
  backupManagementType: 'AzureIaasVM' as const,
  policyType: 'V2',
  timeZone: 'UTC',
  instantRpRetentionRangeInDays: SNAPSHOT_DAYS,
  schedulePolicy: {
    schedulePolicyType: 'SimpleSchedulePolicyV2' as const,
    scheduleRunFrequency: 'Daily',
    dailySchedule: { scheduleRunTimes: [START] },
  },
  retentionPolicy: kept(retention),
  tieringPolicy: { ArchivedRP: { tieringMode: 'DoNotTier', duration: 0, durationType: 'Invalid' } },
});

/** File shares: snapshots for a week, and copies in the vault, which outlive the account. */
export const sharePolicy = (retention: BackupRetention) => ({
  backupManagementType: 'AzureStorage' as const,
  workLoadType: 'AzureFileShare',
  timeZone: 'UTC',
  schedulePolicy: EVERY_DAY,
  vaultRetentionPolicy: { snapshotRetentionInDays: SNAPSHOT_DAYS, vaultRetention: kept(retention) },
});

/** SQL Server in machines: the whole each day, its log each hour. */
export const sqlPolicy = (retention: BackupRetention) => ({
  backupManagementType: 'AzureWorkload' as const,
  workLoadType: 'SQLDataBase',
  settings: { timeZone: 'UTC', isCompression: true, issqlcompression: true },
  subProtectionPolicy: [
    { policyType: 'Full', schedulePolicy: EVERY_DAY, retentionPolicy: kept(retention) },
    {
      policyType: 'Log',
      schedulePolicy: { schedulePolicyType: 'LogSchedulePolicy' as const, scheduleFrequencyInMins: LOG_MINUTES },
      retentionPolicy: {
        retentionPolicyType: 'SimpleRetentionPolicy' as const,
        retentionDuration: { count: retention.dailyForDays, durationType: 'Days' },
      },
    },
  ],
});

/** Kinds of sources of a backup vault, as the service calls them, and how it takes them. */
export const SOURCES = {
  blobs: { type: 'Microsoft.Storage/storageAccounts/blobServices', backupType: 'Discrete', store: 'VaultStore', every: 'P1D' },
  // The service takes one backup a week of a server; the days between are restored from the server's own backups.
  postgresql: { type: 'Microsoft.DBforPostgreSQL/flexibleServers', backupType: 'Full', store: 'VaultStore', every: 'P1W' },
  disks: { type: 'Microsoft.Compute/disks', backupType: 'Incremental', store: 'OperationalStore', every: 'P1D' },
  cluster: { type: 'Microsoft.ContainerService/managedClusters', backupType: 'Incremental', store: 'OperationalStore', every: 'P1D' },
} as const;
/** A kind of source of a backup vault. */
export type SourceKind = keyof typeof SOURCES;

const inStore = (store: string) => ({ objectType: 'DataStoreInfoBase', dataStoreType: store });
const retentionRule = (name: string, isDefault: boolean, store: string, duration: string) => ({
  objectType: 'AzureRetentionRule' as const,
  name,
  isDefault,
  lifecycles: [
    {
      deleteAfter: { objectType: 'AbsoluteDeleteOption' as const, duration },
      sourceDataStore: inStore(store),
      targetDataStoreCopySettings: [],
    },
  ],
});

/** Most days for which the service keeps a snapshot beside its source. */
const MOST_SNAPSHOT_DAYS = 360;

/** The policy of a backup vault for a kind of source. Disks and clusters have daily snapshots only, kept for a year at most. */
export function sourcePolicy(kind: SourceKind, { dailyForDays, monthlyForMonths }: BackupRetention) {
  const { backupType, every, store, type } = SOURCES[kind];
  const monthly = store === 'VaultStore';
  return {
    objectType: 'BackupPolicy' as const,
    datasourceTypes: [type],
    policyRules: [
      {
        objectType: 'AzureBackupRule' as const,
        name: every === 'P1W' ? 'BackupWeekly' : 'BackupDaily',
        backupParameters: { objectType: 'AzureBackupParams' as const, backupType },
        dataStore: inStore(store),
        trigger: {
          objectType: 'ScheduleBasedTriggerContext' as const,
          // 7 January 2024 was a Sunday.
          schedule: { repeatingTimeIntervals: [`R/2024-01-07T01:00:00+00:00/${every}`], timeZone: 'UTC' },
          taggingCriteria: [
            ...(monthly
              ? [
                  {
                    isDefault: false,
                    taggingPriority: 15,
                    tagInfo: { tagName: 'Monthly' },
                    criteria: [{ objectType: 'ScheduleBasedBackupCriteria' as const, absoluteCriteria: ['FirstOfMonth'] }],
                  },
                ]
              : []),
            { isDefault: true, taggingPriority: 99, tagInfo: { tagName: 'Default' } },
          ],
        },
      },
      ...(monthly ? [retentionRule('Monthly', false, store, `P${monthlyForMonths}M`)] : []),
      retentionRule('Default', true, store, `P${monthly ? dailyForDays : Math.min(dailyForDays, MOST_SNAPSHOT_DAYS)}D`),
    ],
  };
}
