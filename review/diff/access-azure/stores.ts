/** Rights that stores, vaults, clusters and registries give themselves: policies, administrators and everyone. */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { Estate } from './estate';
import { type Grant, plainBlock, type Scope, type Who } from './grant';
import { type AzureVerb, EVERYTHING, verbs } from './operations';
import { goesByRoles } from './roles';

export function* storeGrants(graph: Graph, estate: Estate): Iterable<Grant> {
  yield* vaultPolicies(graph, estate);
  yield* cosmosRoles(graph, estate);
  yield* administrators(graph, estate);
  yield* everyone(graph, estate);
  yield* copies(graph, estate);
}

// ── Key Vault access policies ──────────────────────────────────────────────────────────────────────────────────────

/** What each permission is called where a vault goes by roles, so that both ways to say it are the same. */
const PERMISSIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  secrets: {
    get: ['getsecret/action'],
    list: ['readmetadata/action'],
    set: ['setsecret/action', 'update/action'],
    delete: ['delete'],
  },
  keys: {
    get: ['read'],
    list: ['read'],
    delete: ['delete'],
    unwrapkey: ['unwrap/action'],
    wrapkey: ['wrap/action'],
    getrotationpolicy: ['rotationpolicies/read'],
    setrotationpolicy: ['rotationpolicies/write'],
  },
  certificates: {
    get: ['read'],
    list: ['read'],
    delete: ['delete'],
    managecontacts: ['contacts/write'],
    getissuers: ['issuers/read'],
    listissuers: ['issuers/read'],
    setissuers: ['issuers/write'],
    deleteissuers: ['issuers/delete'],
    manageissuers: ['issuers/write'],
  },
  storage: { get: ['read'], list: ['read'], delete: ['delete'], getsas: ['sas/read'], listsas: ['sas/read'], deletesas: ['sas/delete'] },
};

function* vaultPolicies(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const vault of graph.ofType('azure-native:keyvault:Vault')) {
    if (goesByRoles(vault) === true) continue;
    for (const entry of vault.at('properties.accessPolicies').items()) yield vaultPolicy(entry, vault, vault, estate);
  }
  for (const at of graph.ofType('azure-native:keyvault:AccessPolicy')) {
    const vault = estate.parentOf(at);
    if (vault && goesByRoles(vault) === true) continue;
    yield vaultPolicy(at.at('policy'), at, vault, estate);
  }
}

function vaultPolicy(entry: Value, at: Resource, vault: Resource | undefined, estate: Estate): Grant {
  const unsure = entry.state === 'unknown' ? entry : entry.at('permissions').state === 'unknown' ? entry.at('permissions') : undefined;
  const allow = Object.keys(PERMISSIONS).flatMap((kind) =>
    entry
      .at(`permissions.${kind}`)
      .items()
      .flatMap(({ string }) => (string === undefined ? [] : vaultOperations(kind, string.toLowerCase()))),
  );
  const [tenant, home] = [entry.at('tenantId').string, vault?.at('properties.tenantId').string];
  const who = estate.who(entry.at('objectId'));
  return {
    who: tenant !== undefined && home !== undefined && tenant !== home ? { ...who, boundary: 'tenant' } : who,
    scope: vault ? estate.scopeOf(vault) : estate.scopeOf(at),
    blocks: plainBlock(allow),
    by: '',
    tests: [],
    at,
    ...(unsure ? { missing: `what its access policy allows: ${unsure.path} depends on ${unsure.missing}` } : {}),
  };
}

function vaultOperations(kind: string, permission: string): readonly string[] {
  const prefix = `d microsoft.keyvault/vaults/${kind === 'storage' ? 'storageaccounts' : kind}`;
  if (permission === 'all') return [`${prefix}/*`];
  return (PERMISSIONS[kind]?.[permission] ?? [`${permission}/action`]).map((operation) => `${prefix}/${operation}`);
}

// ── Roles of Cosmos DB ─────────────────────────────────────────────────────────────────────────────────────────────

const COSMOS_ITEMS = 'microsoft.documentdb/databaseaccounts/sqldatabases/containers';
/** Built-in roles of the data plane, by the last part of their id. */
const COSMOS_ROLES: Readonly<Record<string, { readonly name: string; readonly allow: readonly string[] }>> = {
  '00000000-0000-0000-0000-000000000001': {
    name: 'Cosmos DB Built-in Data Reader',
    allow: [
      'microsoft.documentdb/databaseaccounts/readmetadata',
      ...['items/read', 'executequery', 'readchangefeed'].map((what) => `${COSMOS_ITEMS}/${what}`),
    ],
  },
  '00000000-0000-0000-0000-000000000002': {
    name: 'Cosmos DB Built-in Data Contributor',
    allow: ['microsoft.documentdb/databaseaccounts/readmetadata', `${COSMOS_ITEMS}/*`, `${COSMOS_ITEMS}/items/*`],
  },
};
const COSMOS_ASSIGNMENT = /^azure-native:cosmosdb:\w+RoleAssignment$/;

function* cosmosRoles(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of graph.types) {
    if (!COSMOS_ASSIGNMENT.test(type)) continue;
    for (const at of graph.ofType(type)) {
      const account = estate.parentOf(at);
      const written = at.at('scope');
      const whole = written.state === 'absent' || written.string === '/' || !account;
      const scope = whole ? estate.scopeOf(account ?? at) : estate.scope(written, at);
      yield { who: estate.who(at.at('principalId')), scope, ...cosmosRole(at.at('roleDefinitionId'), type, graph), tests: [], at };
    }
  }
}

function cosmosRole(role: Value, assignment: string, graph: Graph): Pick<Grant, 'blocks' | 'by' | 'missing'> {
  const own = graph.target(role, assignment.replace('RoleAssignment', 'RoleDefinition'));
  if (own) {
    const listed = (entry: Value, list: string) =>
      entry
        .at(list)
        .items()
        .flatMap(({ shape }) => (shape === undefined ? [] : [`d ${shape.toLowerCase()}`]));
    const blocks = own
      .at('permissions')
      .items()
      .map((entry) => ({ allow: listed(entry, 'dataActions'), not: listed(entry, 'notDataActions') }));
    return { by: own.at('roleName').string ?? own.logicalId, blocks };
  }
  const id = role.shape?.split('/').pop() ?? role.missing ?? role.path;
  const known = COSMOS_ROLES[id.toLowerCase()];
  return known
    ? { by: known.name, blocks: plainBlock(known.allow.map((action) => `d ${action}`)) }
    : { by: id, blocks: [], missing: `what the role ${id} of Cosmos DB allows` };
}

// ── Administrators by the directory ────────────────────────────────────────────────────────────────────────────────

/** Where services name who administers them: path of the object, and of the name that people know. */
const ADMINISTRATORS: Readonly<Record<string, readonly [object: string, login: string]>> = {
  'azure-native:sql:Server': ['administrators.sid', 'administrators.login'],
  'azure-native:sql:ManagedInstance': ['administrators.sid', 'administrators.login'],
  'azure-native:sql:ServerAzureADAdministrator': ['sid', 'login'],
  'azure-native:sql:ManagedInstanceAdministrator': ['sid', 'login'],
  'azure-native:synapse:WorkspaceAadAdmin': ['sid', 'login'],
  'azure-native:dbforpostgresql:Administrator': ['objectId', 'principalName'],
  'azure-native:dbformysql:AzureADAdministrator': ['sid', 'login'],
  'azure-native:synapse:WorkspaceSqlAadAdmin': ['sid', 'login'],
  'azure-native:keyvault:ManagedHsm': ['properties.initialAdminObjectIds', ''],
  'azure-native:containerservice:ManagedCluster': ['aadProfile.adminGroupObjectIDs', ''],
};
const STANDING_ALONE = /(Administrator|AadAdmin)$/;
/** Keys in hardware are the administrator's to give, not to use. */
const HARDWARE = 'azure-native:keyvault:ManagedHsm';

function* administrators(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const [type, [object, login]] of Object.entries(ADMINISTRATORS))
    for (const at of graph.ofType(type)) {
      const may = type === HARDWARE ? verbs('administer') : verbs(...EVERYTHING);
      const subject = STANDING_ALONE.test(type) ? (estate.parentOf(at) ?? at) : at;
      for (const value of at.at(object).items()) {
        const name = login === '' ? undefined : at.at(login).string;
        const who = estate.who(value);
        const named = name !== undefined && value.string !== undefined ? { ...who, name: `“${name}” (${who.name})` } : who;
        yield { who: named, scope: estate.scopeOf(subject), blocks: may, by: '', tests: [], at };
      }
    }
}

// ── Everyone ───────────────────────────────────────────────────────────────────────────────────────────────────────

const EVERYONE: Who = { key: 'everyone', name: 'everyone', boundary: 'internet' };

function* everyone(graph: Graph, estate: Estate): Iterable<Grant> {
  const open = (scope: Scope, at: Resource, ...may: readonly AzureVerb[]): Grant => ({
    who: EVERYONE,
    scope,
    blocks: verbs(...may),
    by: '',
    tests: [],
    at,
  });
  for (const at of graph.ofType('azure-native:storage:BlobContainer')) {
    const account = estate.parentOf(at);
    if (account && account.at('allowBlobPublicAccess').orDefault(false).boolean === false) continue;
    const access = at.at('publicAccess');
    const unsure = [access, account?.at('allowBlobPublicAccess')].find((value) => value?.state === 'unknown');
    const word = access.string?.toLowerCase();
    if (unsure)
      yield {
        ...open(estate.scopeOf(at), at),
        blocks: [],
        missing: `whether everyone can read it: ${unsure.path} depends on ${unsure.missing}`,
      };
    else if (word === 'blob' || word === 'container')
      yield open(estate.scopeOf(at), at, ...(word === 'container' ? (['list', 'read'] as const) : (['read'] as const)));
  }
  for (const at of graph.ofType('azure-native:storage:StorageAccountStaticWebsite')) {
    const scope = estate.scopeOf(estate.parentOf(at) ?? at);
    yield open(
      { ...scope, key: `${scope.key} $web`, chain: [`${scope.key} $web`, ...scope.chain], name: `the website of ${scope.name}` },
      at,
      'read',
    );
  }
  for (const at of graph.ofType('azure-native:containerregistry:Registry')) {
    const pull = at.at('anonymousPullEnabled');
    if (pull.state === 'unknown')
      yield { ...open(estate.scopeOf(at), at), blocks: [], missing: `whether everyone can pull: it depends on ${pull.missing}` };
    else if (pull.boolean === true) yield open(estate.scopeOf(at), at, 'read');
  }
}

/** Blobs that are copied into another account are for whoever reads that one. */
function* copies(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType('azure-native:storage:ObjectReplicationPolicy')) {
    const target = estate.scope(at.at('destinationAccount'), at);
    const source =
      at.at('sourceAccount').state === 'absent' ? estate.scopeOf(estate.parentOf(at) ?? at) : estate.scope(at.at('sourceAccount'), at);
    // Both accounts hold a policy; that of the destination says nothing new.
    if (source.key === target.key || estate.parentOf(at)?.id === target.resource?.id) continue;
    const who = { key: `readers of ${target.key}`, name: `whoever can read ${target.name}` };
    yield { who, scope: source, blocks: verbs('read'), by: 'a copy', tests: [], at };
  }
}
