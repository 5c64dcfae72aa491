/** What deserves a look whenever it happens: queries over the records that the hardened components send to a workspace. */

/** Aliases of the watchlists that queries read. */
export const WATCHLISTS = { roles: 'palisade-closed-roles', emergency: 'palisade-emergency-accounts' } as const;

/** What a detection looks for, and what it means. */
export interface Detection {
  /** In words for whoever is told. */
  readonly what: string;
  readonly severity: 'High' | 'Medium' | 'Low';
  /** ATT&CK, in the spelling of Sentinel; each technique belongs to one of the tactics. */
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  /** ISO 8601: how often the query runs, and how far back it looks. */
  readonly every: string;
  readonly window: string;
  /** The table that it reads. */
  readonly table: string;
  /** What follows the table; ends with the columns of {@link COLUMNS}, those that it does not know left out. */
  readonly query: string;
  /** Whether it reads a watchlist, which only Sentinel has. @default false */
  readonly watchlist?: boolean;
}

/** The columns of every answer: who, from where, what, how often. They are what entities are mapped from. */
const COLUMNS = 'TimeGenerated: datetime, Who: string, WhoId: string, Address: string, Resource: string, Times: long';

/** Reads of one identity within an hour that no work on cases explains: one every four seconds. */
export const BULK_READS = 900;
/** Refused reads of one identity within an hour. */
const REFUSED_READS = 50;
/** Failed sign-ins to one account, or from one address, within an hour. */
const FAILED_SIGN_INS = 20;

const BLOB_CALLER =
  'Who = coalesce(RequesterUpn, RequesterObjectId, RequesterAppId), WhoId = RequesterObjectId, Address = tostring(split(CallerIpAddress, ":")[0]), Resource = _ResourceId';
const ACTIVITY_CALLER =
  'extend Who = Caller, WhoId = tostring(parse_json(Claims)["http://schemas.microsoft.com/identity/claims/objectidentifier"]), Address = CallerIpAddress, Resource = _ResourceId, Times = long(1)';
const SIGN_IN = 'Who = UserPrincipalName, WhoId = UserId';
const AUDIT_CALLER =
  'extend Who = coalesce(tostring(InitiatedBy.user.userPrincipalName), tostring(InitiatedBy.app.displayName)), WhoId = coalesce(tostring(InitiatedBy.user.id), tostring(InitiatedBy.app.servicePrincipalId)), Address = tostring(InitiatedBy.user.ipAddress), Resource = "", Times = long(1)';
const done = (...operations: readonly string[]): string =>
  `where ActivityStatusValue in~ ("Success", "Succeeded") | where OperationNameValue in~ (${operations.map((operation) => `"${operation}"`).join(', ')}) | ${ACTIVITY_CALLER}`;
const said = (...operations: readonly string[]): string =>
  `where OperationName in~ (${operations.map((operation) => `"${operation}"`).join(', ')}) and Result =~ "success" | ${AUDIT_CALLER}`;

/** The service principal with which Privileged Identity Management activates roles; the same in every directory. */
const PIM = '01fc33a7-78ba-4d2f-a4b7-768e336e890e';

/** What is looked for. Of each answer, the columns say who did it, from where, and to what. */
export const DETECTIONS = {
  bulkReads: {
    what: 'One identity read case data in bulk',
    severity: 'High',
    tactics: ['Collection'],
    techniques: ['T1530'],
    every: 'PT15M',
    window: 'PT1H',
    table: 'StorageBlobLogs',
    query: `where Category == "StorageRead" and StatusText =~ "Success" | summarize TimeGenerated = max(TimeGenerated), Times = dcount(ObjectKey) by ${BLOB_CALLER} | where Times >= ${BULK_READS}`,
  },
  exports: {
    what: 'A store was exported, restored elsewhere, or its keys were handed out',
    severity: 'High',
    tactics: ['Exfiltration'],
    techniques: ['T1537'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AzureActivity',
    query: done(
      'Microsoft.Compute/disks/beginGetAccess/action',
      'Microsoft.Compute/snapshots/beginGetAccess/action',
      'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
      'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/recoveryPoints/restore/action',
      'Microsoft.DataProtection/backupVaults/backupInstances/restore/action',
      'Microsoft.Sql/servers/databases/export/action',
      'Microsoft.Storage/storageAccounts/listAccountSas/action',
      'Microsoft.Storage/storageAccounts/listKeys/action',
      'Microsoft.Storage/storageAccounts/objectReplicationPolicies/write',
    ),
  },
  refusedReads: {
    what: 'One identity was refused again and again: it looks for what it may read',
    severity: 'Medium',
    tactics: ['Discovery'],
    techniques: ['T1619'],
    every: 'PT15M',
    window: 'PT1H',
    table: 'StorageBlobLogs',
    query: `where toint(StatusCode) in (401, 403) | summarize TimeGenerated = max(TimeGenerated), Times = count() by ${BLOB_CALLER} | where Times >= ${REFUSED_READS}`,
  },
  rolesOutsidePim: {
    what: 'A role was assigned without Privileged Identity Management',
    severity: 'High',
    tactics: ['Persistence'],
    techniques: ['T1098'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AzureActivity',
    query: `where tostring(parse_json(Claims).appid) != "${PIM}" | ${done('Microsoft.Authorization/roleAssignments/write')}`,
  },
  directoryRolesOutsidePim: {
    what: 'A role of the directory was assigned without Privileged Identity Management',
    severity: 'High',
    tactics: ['Persistence'],
    techniques: ['T1098'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AuditLogs',
    query: `where OperationName has "outside of PIM" | ${AUDIT_CALLER}`,
  },
  otherRoles: {
    what: 'A role was assigned that is not one of the closed set',
    severity: 'High',
    tactics: ['Persistence'],
    techniques: ['T1098'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AzureActivity',
    query: `where OperationNameValue =~ "Microsoft.Authorization/roleAssignments/write" and ActivityStatusValue =~ "Start" | extend Role = tolower(tostring(split(tostring(parse_json(tostring(parse_json(Properties).requestbody)).Properties.RoleDefinitionId), "/")[-1])) | where isnotempty(Role) and Role !in ((_GetWatchlist("${WATCHLISTS.roles}") | project tolower(tostring(RoleDefinitionId)))) | ${ACTIVITY_CALLER}`,
    watchlist: true,
  },
  recordsStopped: {
    what: 'A record, a detection or a plan of Defender was removed',
    severity: 'High',
    tactics: ['DefenseEvasion'],
    techniques: ['T1562'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AzureActivity',
    query: done(
      'Microsoft.Authorization/locks/delete',
      'Microsoft.Authorization/policyAssignments/delete',
      'Microsoft.Insights/dataCollectionRules/delete',
      'Microsoft.Insights/diagnosticSettings/delete',
      'Microsoft.Network/networkWatchers/flowLogs/delete',
      'Microsoft.OperationalInsights/workspaces/delete',
      'Microsoft.Security/automations/delete',
      'Microsoft.Security/pricings/delete',
      'Microsoft.SecurityInsights/alertRules/delete',
      'Microsoft.SecurityInsights/automationRules/delete',
      'Microsoft.SecurityInsights/onboardingStates/delete',
    ),
  },
  keysDestroyed: {
    what: 'A key, a secret or a vault was deleted or purged',
    severity: 'High',
    tactics: ['Impact'],
    techniques: ['T1485'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AZKVAuditLogs',
    query:
      'where OperationName in~ ("VaultDelete", "VaultPurge", "KeyDelete", "KeyPurge", "SecretDelete", "SecretPurge", "CertificateDelete", "CertificatePurge") | extend Claim = parse_json(tostring(Identity)).claim | extend Who = tostring(Claim["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"]), WhoId = tostring(Claim["http://schemas.microsoft.com/identity/claims/objectidentifier"]), Address = CallerIpAddress, Resource = _ResourceId, Times = long(1)',
  },
  backupsRemoved: {
    what: 'A backup, or what protects it, was removed',
    severity: 'High',
    tactics: ['Impact'],
    techniques: ['T1490'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AzureActivity',
    query: done(
      'Microsoft.DataProtection/backupVaults/backupInstances/delete',
      'Microsoft.DataProtection/backupVaults/backupInstances/stopProtection/action',
      'Microsoft.DataProtection/resourceGuards/delete',
      'Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/delete',
      'Microsoft.RecoveryServices/vaults/backupResourceGuardProxies/delete',
    ),
  },
  emergencySignIn: {
    what: 'An emergency account signed in, or somebody tried to',
    severity: 'High',
    tactics: ['InitialAccess'],
    techniques: ['T1078'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'SigninLogs',
    query: `where tolower(UserPrincipalName) in ((_GetWatchlist("${WATCHLISTS.emergency}") | project tolower(tostring(UserPrincipalName)))) | extend ${SIGN_IN}, Address = IPAddress, Resource = "", Times = long(1)`,
    watchlist: true,
  },
  impossibleTravel: {
    what: 'One account signed in from two countries within an hour',
    severity: 'Medium',
    tactics: ['InitialAccess'],
    techniques: ['T1078'],
    every: 'PT15M',
    window: 'PT1H',
    table: 'SigninLogs',
    query: `where ResultType == "0" and isnotempty(Location) | summarize TimeGenerated = max(TimeGenerated), Times = dcount(Location), Address = take_any(IPAddress) by ${SIGN_IN}, Resource = "" | where Times > 1`,
  },
  failedSignIns: {
    what: 'Signing in to one account failed again and again',
    severity: 'Medium',
    tactics: ['CredentialAccess'],
    techniques: ['T1110'],
    every: 'PT15M',
    window: 'PT1H',
    table: 'SigninLogs',
    query: `where ResultType != "0" | summarize TimeGenerated = max(TimeGenerated), Times = count(), Address = take_any(IPAddress) by ${SIGN_IN}, Resource = "" | where Times >= ${FAILED_SIGN_INS}`,
  },
  accessLoosened: {
    what: 'A conditional access policy was changed or removed, or a second factor was taken off an account',
    severity: 'High',
    tactics: ['CredentialAccess'],
    techniques: ['T1556'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AuditLogs',
    query: said(
      'Delete conditional access policy',
      'Update conditional access policy',
      'Disable Strong Authentication',
      'Admin deleted security info',
    ),
  },
  credentialsAdded: {
    what: 'A credential was added to an application',
    severity: 'Medium',
    tactics: ['Persistence'],
    techniques: ['T1098'],
    every: 'PT5M',
    window: 'PT1H',
    table: 'AuditLogs',
    query: said(
      'Add service principal credentials',
      'Update application – Certificates and secrets management',
      'Add federated identity credential',
    ),
  },
} as const satisfies Readonly<Record<string, Detection>>;

/** A detection by its name. */
export type DetectionName = keyof typeof DETECTIONS;

/** Single events are told once, when their record arrives, however late that is; counts look at the whole window. */
const arrived = ({ every, window }: Detection): string =>
  every === 'PT5M' && window !== every ? 'where ingestion_time() > ago(5m) | ' : '';

/** The whole query. A table exists only once its first record has arrived; until then the answer is empty, and not an error. */
export const queryOf = (detection: Detection): string =>
  `union isfuzzy=true (datatable(${COLUMNS})[]), (${detection.table} | ${arrived(detection)}${detection.query} | project TimeGenerated, Who, WhoId, Address, Resource, Times)`;
