/**
 * Operations of Azure: `c ` in front for the control plane (`actions`), `d ` for the data plane (`dataActions`), and `v ` for what
 * stands for a verb itself, where a right is not a list of operations (whoever holds a key may read).
 */
import type { Verb } from '../access/actions';
import { covers } from '../access/text';
import { type Block, plainBlock } from './grant';

/** What somebody may do, also where it is not done to data. */
export type AzureVerb = Verb | 'become' | 'join' | 'use';

/** From the lightest to the heaviest. */
export const AZURE_VERBS: readonly AzureVerb[] = [
  'list',
  'use',
  'read',
  'write',
  'delete',
  'decrypt',
  'export',
  'join',
  'become',
  'administer',
];

/** A right that is no operation of Azure: `v read`. */
export const verbOperation = (verb: AzureVerb): string => `v ${verb}`;

/** The same as a block of a grant. */
export const verbs = (...all: readonly AzureVerb[]): readonly Block[] => plainBlock(all.map(verbOperation));
/** What whoever holds a key of a store may do. */
export const EVERYTHING: readonly AzureVerb[] = ['read', 'write', 'delete', 'administer'];

const LETTERS: Readonly<Record<string, Verb>> = {
  L: 'list',
  R: 'read',
  W: 'write',
  D: 'delete',
  K: 'decrypt',
  E: 'export',
  A: 'administer',
};

/** Below each prefix: what the operation ends in, and what it is to hold it. */
const CATALOGUE: Readonly<Record<string, string>> = {
  'c microsoft.storage/storageaccounts':
    'read:L write:A delete:D listkeys/action:RWDA listaccountsas/action:RWDE listservicesas/action:RWDE regeneratekey/action:A restoreblobranges/action:W failover/action:A revokeuserdelegationkeys/action:W objectreplicationpolicies/write:E localusers/write:A localusers/listkeys/action:RWD',
  'c microsoft.storage/storageaccounts/blobservices':
    'read:L write:W generateuserdelegationkey/action:L containers/read:L containers/write:W containers/delete:D containers/immutabilitypolicies/write:W containers/immutabilitypolicies/delete:D containers/clearlegalhold/action:D',
  'c microsoft.storage/storageaccounts/fileservices': 'read:L write:W shares/read:L shares/write:W shares/delete:D',
  'c microsoft.storage/storageaccounts/queueservices': 'read:L write:W queues/read:L queues/write:W queues/delete:D',
  'c microsoft.storage/storageaccounts/tableservices': 'read:L write:W tables/read:L tables/write:W tables/delete:D',
  'd microsoft.storage/storageaccounts/blobservices/containers/blobs':
    'read:R write:W delete:D add/action:W move/action:W deleteblobversion/action:D permanentdelete/action:D filter/action:L tags/read:L tags/write:W manageownership/action:A modifypermissions/action:A runassuperuser/action:A immutablestorage/runassuperuser/action:A',
  'd microsoft.storage/storageaccounts/fileservices':
    'fileshares/files/read:R fileshares/files/write:W fileshares/files/delete:D fileshares/files/modifypermissions/action:A fileshares/files/actassuperuser/action:A readfilebackupsemantics/action:R writefilebackupsemantics/action:W takeownership/action:A',
  'd microsoft.storage/storageaccounts/queueservices/queues/messages': 'read:R write:W delete:D add/action:W process/action:RD',
  'd microsoft.storage/storageaccounts/tableservices/tables/entities': 'read:R write:W delete:D add/action:W update/action:W',
  'c microsoft.keyvault/vaults':
    'read:L write:A delete:D accesspolicies/write:A deploy/action:R keys/read:L keys/write:W secrets/read:L secrets/write:W',
  'd microsoft.keyvault/vaults/secrets':
    'getsecret/action:R readmetadata/action:L setsecret/action:W update/action:W delete:D purge/action:D backup/action:E restore/action:W recover/action:W',
  'd microsoft.keyvault/vaults/keys':
    'read:L create/action:W import/action:W update/action:W delete:D purge/action:D backup/action:E restore/action:W recover/action:W encrypt/action:W decrypt/action:K wrap/action:W unwrap/action:K sign/action:W verify/action:L release/action:E rotate/action:W',
  'd microsoft.keyvault/vaults/certificates':
    'read:L create/action:W import/action:W update/action:W delete:D purge/action:D backup/action:E restore/action:W recover/action:W',
  'd microsoft.keyvault/vaults':
    'keyrotationpolicies/read:L keyrotationpolicies/write:W certificatecas/read:L certificatecas/write:W certificatecas/delete:D certificatecontacts/write:W storageaccounts/read:R storageaccounts/set/action:W storageaccounts/delete:D storageaccounts/sas/set/action:RE',
  'c microsoft.documentdb/databaseaccounts':
    'read:L write:A delete:D listkeys/action:RWDA readonlykeys/action:R listconnectionstrings/action:RWDA regeneratekey/action:A sqlroleassignments/write:A sqlroledefinitions/write:A restore/action:W backup/action:E',
  'd microsoft.documentdb/databaseaccounts':
    'readmetadata:L sqldatabases/containers/items/read:R sqldatabases/containers/items/create:W sqldatabases/containers/items/upsert:W sqldatabases/containers/items/replace:W sqldatabases/containers/items/delete:D sqldatabases/containers/executequery:R sqldatabases/containers/readchangefeed:R sqldatabases/containers/executestoredprocedure:W sqldatabases/containers/manageconflicts:W',
  'c microsoft.sql/servers':
    'read:L write:A delete:D administrators/write:A databases/read:L databases/write:W databases/delete:D databases/export/action:E firewallrules/write:A',
  'c microsoft.dbforpostgresql/flexibleservers': 'read:L write:A delete:D administrators/write:A firewallrules/write:A',
  'c microsoft.dbformysql/flexibleservers': 'read:L write:A delete:D administrators/write:A firewallrules/write:A',
  'c microsoft.cache/redis': 'read:L write:A delete:D listkeys/action:RWDA regeneratekey/action:A export/action:E import/action:W',
  'c microsoft.servicebus/namespaces':
    'read:L write:A delete:D authorizationrules/listkeys/action:RWA authorizationrules/write:A queues/read:L queues/write:W queues/delete:D topics/read:L topics/write:W topics/delete:D topics/subscriptions/read:L',
  'd microsoft.servicebus/namespaces': 'messages/send/action:W messages/receive/action:R',
  'c microsoft.eventhub/namespaces':
    'read:L write:A delete:D authorizationrules/listkeys/action:RWA authorizationrules/write:A eventhubs/read:L eventhubs/write:W eventhubs/delete:D eventhubs/consumergroups/read:L',
  'd microsoft.eventhub/namespaces': 'messages/send/action:W messages/receive/action:R',
  'c microsoft.appconfiguration/configurationstores': 'read:L write:A delete:D listkeys/action:RWDA regeneratekey/action:A',
  'd microsoft.appconfiguration/configurationstores': 'keyvalues/read:R keyvalues/write:W keyvalues/delete:D snapshots/read:R',
  'c microsoft.containerregistry/registries':
    'read:L write:A delete:D pull/read:R push/write:W artifacts/delete:D listcredentials/action:RWA tokens/write:A scopemaps/write:A importimage/action:W',
  'c microsoft.containerservice/managedclusters':
    'read:L write:A delete:D listclusteradmincredential/action:RWDA listclusterusercredential/action:L accessprofiles/listcredential/action:RWDA runcommand/action:RWDA',
  'd microsoft.containerservice/managedclusters':
    'secrets/read:R secrets/write:W secrets/delete:D pods/read:R pods/write:W pods/delete:D pods/exec/action:RW apps/deployments/read:L apps/deployments/write:W rbac.authorization.k8s.io/roles/write:A rbac.authorization.k8s.io/rolebindings/write:A rbac.authorization.k8s.io/clusterrolebindings/write:A',
  'c microsoft.operationalinsights/workspaces':
    'read:L write:A delete:D query/read:R analytics/query/action:R search/action:R purge/action:D sharedkeys/read:W sharedkeys/action:W tables/write:W tables/delete:D dataexports/write:E',
  'c microsoft.search/searchservices': 'read:L write:A delete:D listadminkeys/action:RWDA listquerykeys/action:R',
  'd microsoft.search/searchservices': 'indexes/documents/read:R indexes/documents/write:W indexes/documents/delete:D',
  'c microsoft.compute': 'disks/begingetaccess/action:E snapshots/begingetaccess/action:E virtualmachines/runcommand/action:RWDA',
  'c microsoft.managedidentity/userassignedidentities': 'read:L write:A delete:D assign/action:A federatedidentitycredentials/write:A',
  'c microsoft.recoveryservices/vaults': 'read:L write:A delete:D backupprotecteditems/write:W',
  'c microsoft.authorization':
    'roleassignments/write:A roleassignments/delete:A roledefinitions/write:A roledefinitions/delete:A denyassignments/write:A denyassignments/delete:A locks/write:W locks/delete:D policyassignments/write:A policyassignments/delete:A policyexemptions/write:A elevateaccess/action:A',
};

/** Prefixes below which every operation is in the catalogue: a wildcard there stands for no more than what is listed. */
const WHOLE = [
  'd microsoft.storage/storageaccounts/blobservices/',
  'd microsoft.storage/storageaccounts/fileservices/',
  'd microsoft.storage/storageaccounts/queueservices/',
  'd microsoft.storage/storageaccounts/tableservices/',
  'd microsoft.keyvault/vaults/',
  'v ',
];

/** Nothing that matters follows from these alone. */
const IDLE =
  /^c (microsoft\.support\/|microsoft\.insights\/(alertrules|metrics|metricdefinitions)\/|microsoft\.resources\/(deployments|subscriptions|resources|tags)\b|microsoft\.resourcehealth\/|microsoft\.features\/|microsoft\.management\/managementgroups\/read$|microsoft\.(authorization\/locks|insights\/diagnosticsettings)\/read$|[\w.]+\/(operations|locations|register|checknameavailability)\/)/;

let known: ReadonlyMap<string, readonly AzureVerb[]> | undefined;

function catalogue(): ReadonlyMap<string, readonly AzureVerb[]> {
  if (known) return known;
  const found = new Map<string, readonly AzureVerb[]>();
  for (const [prefix, entries] of Object.entries(CATALOGUE))
    for (const entry of entries.split(' ')) {
      const at = entry.lastIndexOf(':');
      found.set(
        `${prefix}/${entry.slice(0, at)}`,
        [...entry.slice(at + 1)].map((letter) => LETTERS[letter] as Verb),
      );
    }
  for (const verb of AZURE_VERBS) found.set(verbOperation(verb), [verb]);
  known = found;
  return found;
}

export const isPattern = (operation: string): boolean => operation.includes('*');
/** Whether the wildcard stands for nothing but what the catalogue lists. */
export const isListed = (pattern: string): boolean => WHOLE.some((prefix) => pattern.startsWith(prefix));
export const isIdle = (operation: string): boolean => IDLE.test(operation);

const expanded = new Map<string, readonly string[]>();

/** The operations of the catalogue that a pattern stands for. */
export function operationsOf(pattern: string): readonly string[] {
  const known = expanded.get(pattern);
  if (known) return known;
  const found = [...catalogue().keys()].filter((operation) => covers(pattern, operation));
  expanded.set(pattern, found);
  return found;
}

/** What holding the operation means. Of what the catalogue does not list, its last word decides. */
export function azureVerbsOf(operation: string): readonly AzureVerb[] {
  const known = catalogue().get(operation);
  if (known) return known;
  const data = operation.startsWith('d ');
  const last = operation.slice(operation.lastIndexOf('/') + 1);
  if (/^c microsoft\.authorization\//.test(operation) && last !== 'read') return ['administer'];
  switch (last) {
    case 'read':
      return [data ? 'read' : 'list'];
    case 'write':
      return ['write'];
    case 'delete':
      return ['delete'];
    case '*':
      return data ? ['read', 'write', 'delete'] : ['list', 'write', 'delete', 'administer'];
    default:
      return actionVerbs(operation, data);
  }
}

/** Settings of sites are listed with the secrets in them. */
const SITE_SETTINGS = /^c microsoft\.web\/sites\/(slots\/)?config\/list\/action$/;

/** A right to a few operations, in words that say of what. */
export interface Narrow {
  readonly does: string;
  /** What it is done to, inside of what holds resources of every type; undefined for all that is in it. */
  readonly to?: string;
  readonly severity?: 'high';
}
const NARROW: readonly (readonly [operation: RegExp, narrow: Narrow])[] = [
  [/^c microsoft\.authorization\/locks\/(\*|delete)$/, { does: 'take locks away from', severity: 'high' }],
  [/^c microsoft\.authorization\/locks\/write$/, { does: 'set and change locks on', severity: 'high' }],
  [/^c microsoft\.insights\/diagnosticsettings\/(\*|write|delete)$/, { does: 'change what is recorded of', severity: 'high' }],
  [/^c microsoft\.storage\/storageaccounts\/listkeys\/action$/, { does: 'list the keys of', to: 'storage accounts' }],
  [SITE_SETTINGS, { does: 'read the settings of', to: 'web apps, with all secrets in them,', severity: 'high' }],
];

/** What all of these operations are, where they are the same few; who may take locks away may set them too. */
export function narrowOf(operations: readonly string[]): Narrow | undefined {
  const kinds = [...new Set(operations.map((operation) => NARROW.findIndex(([pattern]) => pattern.test(operation))))].sort();
  const ofLocks = kinds.every((kind) => kind === 0 || kind === 1);
  return kinds.length === 1 || ofLocks ? NARROW[kinds[0] ?? -1]?.[1] : undefined;
}

function actionVerbs(operation: string, data: boolean): readonly AzureVerb[] {
  if (SITE_SETTINGS.test(operation)) return ['read'];
  const name = operation.replace(/\/action$/, '').slice(operation.replace(/\/action$/, '').lastIndexOf('/') + 1);
  if (/^(list|get).*(key|secret|credential|connectionstring|sas|token|password)/.test(name))
    return data ? ['read'] : ['read', 'write', 'administer'];
  if (/^(delete|purge|remove)/.test(name)) return ['delete'];
  if (/^(receive|read|get|query|peek|search|download|list)/.test(name)) return [data ? 'read' : 'list'];
  if (/^(export|share|copy|backup)/.test(name)) return ['export'];
  if (/^(assign|regenerate)/.test(name)) return ['administer'];
  return ['write'];
}

/** Types of resources as operations call them; of others, the module is the provider. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'storage:StorageAccount': 'microsoft.storage/storageaccounts',
  'storage:BlobContainer': 'microsoft.storage/storageaccounts/blobservices/containers',
  'storage:FileShare': 'microsoft.storage/storageaccounts/fileservices',
  'storage:Queue': 'microsoft.storage/storageaccounts/queueservices/queues',
  'storage:Table': 'microsoft.storage/storageaccounts/tableservices/tables',
  'keyvault:Vault': 'microsoft.keyvault/vaults',
  'keyvault:Key': 'microsoft.keyvault/vaults/keys',
  'keyvault:Secret': 'microsoft.keyvault/vaults/secrets',
  'keyvault:ManagedHsm': 'microsoft.keyvault/managedhsms',
  'cosmosdb:DatabaseAccount': 'microsoft.documentdb/databaseaccounts',
  'redis:Redis': 'microsoft.cache/redis',
  'redisenterprise:RedisEnterprise': 'microsoft.cache/redisenterprise',
  'dbforpostgresql:Server': 'microsoft.dbforpostgresql/flexibleservers',
  'dbformysql:Server': 'microsoft.dbformysql/flexibleservers',
  'search:Service': 'microsoft.search/searchservices',
  'servicebus:Namespace': 'microsoft.servicebus/namespaces',
  'servicebus:Queue': 'microsoft.servicebus/namespaces',
  'servicebus:Topic': 'microsoft.servicebus/namespaces',
  'eventhub:Namespace': 'microsoft.eventhub/namespaces',
  'eventhub:EventHub': 'microsoft.eventhub/namespaces',
  'app:ContainerApp': 'microsoft.app/containerapps',
  'monitor:ActionGroup': 'microsoft.insights/actiongroups',
  'sql:Server': 'microsoft.sql/servers',
  'sql:ManagedInstance': 'microsoft.sql/managedinstances',
  'containerregistry:Registry': 'microsoft.containerregistry/registries',
  'containerservice:ManagedCluster': 'microsoft.containerservice/managedclusters',
  'operationalinsights:Workspace': 'microsoft.operationalinsights/workspaces',
  'appconfiguration:ConfigurationStore': 'microsoft.appconfiguration/configurationstores',
  'cognitiveservices:Account': 'microsoft.cognitiveservices/accounts',
  'machinelearningservices:Workspace': 'microsoft.machinelearningservices/workspaces',
  'recoveryservices:Vault': 'microsoft.recoveryservices/vaults',
  'dataprotection:BackupVault': 'microsoft.dataprotection/backupvaults',
  'compute:Disk': 'microsoft.compute/disks',
  'compute:Snapshot': 'microsoft.compute/snapshots',
  'synapse:Workspace': 'microsoft.synapse/workspaces',
  'databricks:Workspace': 'microsoft.databricks/workspaces',
  'kusto:Cluster': 'microsoft.kusto/clusters',
  'netapp:Volume': 'microsoft.netapp/netappaccounts',
  'cosmosdb:SqlResourceSqlDatabase': 'microsoft.documentdb/databaseaccounts/sqldatabases',
  'cosmosdb:SqlResourceSqlContainer': 'microsoft.documentdb/databaseaccounts/sqldatabases/containers',
};

/** Where the operations on a resource of this type begin: `microsoft.storage/storageaccounts/`. */
export function providerOf(type: string): string | undefined {
  if (!type.startsWith('azure-native:')) return undefined;
  const short = type.slice('azure-native:'.length);
  if (short === 'resources:ResourceGroup') return undefined;
  return `${PROVIDERS[short] ?? `microsoft.${short.split(':')[0]}`}/`;
}

/** What holds data, keys or secrets, and is named where a wide right begins or ends to reach it. */
const STORES = new Set(
  (
    'storage:StorageAccount keyvault:Vault keyvault:ManagedHsm cosmosdb:DatabaseAccount sql:Server sql:ManagedInstance ' +
    'dbforpostgresql:Server dbformysql:Server redis:Redis redisenterprise:RedisEnterprise search:Service servicebus:Namespace ' +
    'eventhub:Namespace appconfiguration:ConfigurationStore containerregistry:Registry containerservice:ManagedCluster ' +
    'operationalinsights:Workspace cognitiveservices:Account machinelearningservices:Workspace synapse:Workspace ' +
    'databricks:Workspace kusto:Cluster recoveryservices:Vault dataprotection:BackupVault compute:Disk compute:Snapshot netapp:Volume'
  )
    .split(' ')
    .map((type) => `azure-native:${type}`),
);
export const isStore = (type: string): boolean => STORES.has(type);

/** Whether an operation, or some that a pattern stands for, can be done to a resource of this provider. */
export function appliesTo(operation: string, provider: string | undefined): boolean {
  if (provider === undefined || operation.startsWith('v ')) return true;
  const rest = operation.slice(2);
  if (rest.startsWith('microsoft.authorization/')) return !rest.endsWith('/read');
  const star = rest.indexOf('*');
  const head = star < 0 ? rest : rest.slice(0, star);
  return star < 0 ? rest.startsWith(provider) : head.startsWith(provider) || provider.startsWith(head);
}
