/** What Azure SQL records, by tier, and the operations of which people are told. */
import { reaches, type Tier } from '../contract';

/** Who signs in, and who changes rights and objects, at every tier. */
const SESSIONS = [
  'SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP',
  'FAILED_DATABASE_AUTHENTICATION_GROUP',
  'DATABASE_LOGOUT_GROUP',
  'DATABASE_OBJECT_CHANGE_GROUP',
  'DATABASE_OBJECT_OWNERSHIP_CHANGE_GROUP',
  'DATABASE_OBJECT_PERMISSION_CHANGE_GROUP',
  'DATABASE_OWNERSHIP_CHANGE_GROUP',
  'DATABASE_PERMISSION_CHANGE_GROUP',
  'DATABASE_PRINCIPAL_CHANGE_GROUP',
  'DATABASE_PRINCIPAL_IMPERSONATION_GROUP',
  'DATABASE_ROLE_MEMBER_CHANGE_GROUP',
  'SCHEMA_OBJECT_CHANGE_GROUP',
  'SCHEMA_OBJECT_OWNERSHIP_CHANGE_GROUP',
  'SCHEMA_OBJECT_PERMISSION_CHANGE_GROUP',
];

/** What an audit records at a tier: every statement, and with it each read and alteration, from the moderate tier on (LOG-06). */
export const auditGroups = (tier: Tier): readonly string[] =>
  reaches(tier, 'moderate') ? [...SESSIONS, 'BATCH_COMPLETED_GROUP'] : SESSIONS;

/** What a database records besides the audit of its server. */
export const DATABASE_CATEGORIES = [
  'AutomaticTuning',
  'Blocks',
  'DatabaseWaitStatistics',
  'Deadlocks',
  'Errors',
  'QueryStoreRuntimeStatistics',
  'QueryStoreWaitStatistics',
  'SQLInsights',
  'Timeouts',
] as const;
export const DATABASE_METRICS = ['Basic', 'InstanceAndAppAdvanced', 'WorkloadManagement'] as const;

/** Operations after which data is gone, open, or no longer watched. */
export const WEAKENINGS = [
  'Microsoft.Sql/servers/delete',
  'Microsoft.Sql/servers/databases/delete',
  'Microsoft.Sql/servers/databases/export/action',
  'Microsoft.Sql/servers/administrators/write',
  'Microsoft.Sql/servers/azureADOnlyAuthentications/write',
  'Microsoft.Sql/servers/azureADOnlyAuthentications/delete',
  'Microsoft.Sql/servers/auditingSettings/write',
  'Microsoft.Sql/servers/extendedAuditingSettings/write',
  'Microsoft.Sql/servers/devOpsAuditingSettings/write',
  'Microsoft.Sql/servers/encryptionProtector/write',
  'Microsoft.Sql/servers/firewallRules/write',
  'Microsoft.Sql/servers/securityAlertPolicies/write',
] as const;
