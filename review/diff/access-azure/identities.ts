/** Who can become whom: federated subjects, resources that run as an identity, credentials, owners, members, guests. */
import { ESCALATING_PERMISSIONS, entra, PASSWORDS, privilegedRoleOf } from '../../../policies/facts/azure-directory';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { plainTest, type Test } from './conditions';
import type { Estate } from './estate';
import { type Grant, plainBlock, type Scope, type Who } from './grant';
import { type AzureVerb, verbOperation } from './operations';

export const USER_ASSIGNED = 'azure-native:managedidentity:UserAssignedIdentity';
const ACTIVATION = plainTest('activation in privileged identity management');
/** How keys of whoever brings a token begin. */
export const TOKENS = 'tokens of ';
const DIRECTORY: Scope = { key: 'the directory', name: 'the directory', chain: ['the directory'] };

export function* identityGrants(graph: Graph, estate: Estate): Iterable<Grant> {
  yield* federated(graph, estate);
  yield* attached(graph, estate);
  yield* credentials(graph, estate);
  yield* owners(graph, estate);
  yield* members(graph, estate);
  yield* permissions(graph, estate);
  yield* directoryRoles(graph, estate);
  yield* guests(graph, estate);
}

const to = (verb: AzureVerb, who: Who, scope: Scope, at: Resource, tests: readonly Test[] = []): Grant => ({
  who,
  scope,
  blocks: plainBlock([verbOperation(verb)]),
  by: '',
  tests,
  at,
});

/** Somebody of the directory, or an application, as a scope. */
const asScope = ({ key, name }: Who): Scope => ({ key, name, chain: [key] });

// ── Becoming an identity ───────────────────────────────────────────────────────────────────────────────────────────

const textOf = (value: Value): string => value.shape ?? `\${${value.missing ?? value.path}}`;

function* federated(graph: Graph, estate: Estate): Iterable<Grant> {
  const subject = (issuer: Value, of: string, pattern = false): Who => {
    // A cluster of ours gives tokens to what runs in it; whoever else gives them decides who gets in.
    const boundary = issuer.targets.length > 0 ? {} : ({ boundary: 'organisation' } as const);
    // Only flexible credentials take `*` for a wildcard.
    return {
      key: `${TOKENS}${estate.words(textOf(issuer))} ${pattern ? of : of.replaceAll('*', '∗')}`,
      name: `tokens of ${estate.words(textOf(issuer))} ${estate.words(of)}`,
      ...boundary,
    };
  };
  for (const at of graph.ofType('azure-native:managedidentity:FederatedIdentityCredential')) {
    const identity = estate.parentOf(at);
    if (identity) yield to('become', subject(at.at('issuer'), `for ${textOf(at.at('subject'))}`), estate.scopeOf(identity), at);
  }
  for (const at of graph.ofType(entra('ApplicationFederatedIdentityCredential')))
    yield to('become', subject(at.at('issuer'), `for ${textOf(at.at('subject'))}`), asScope(estate.who(at.at('applicationId'))), at);
  for (const at of graph.ofType(entra('ApplicationFlexibleFederatedIdentityCredential'))) {
    const expression = textOf(at.at('claimsMatchingExpression'));
    const [, pattern] = /^claims\['sub'\] (?:eq|matches) '([^']*)'$/.exec(expression.trim()) ?? [];
    const of = pattern === undefined ? `with ${expression}` : `for ${pattern}`;
    yield to('become', subject(at.at('issuer'), of, true), asScope(estate.who(at.at('applicationId'))), at);
  }
}

/** Nobody from the internet can make the resource use its identity. */
const PRIVATE = plainTest('access from private networks only');
/** Where resources name the identities that they run as. */
const RUNS_AS = 'identity.userAssignedIdentities';

/** Stores have an identity to read the key that encrypts them, and nobody makes them do anything else with it. */
const PASSIVE = new RegExp(
  `^azure-native:(${[
    'storage:StorageAccount|cosmosdb:(DatabaseAccount|MongoCluster)|keyvault:(Vault|ManagedHsm)|servicebus:Namespace|netapp:Account',
    'dbforpostgresql:\\w+|dbformysql:\\w+|redis:Redis|redisenterprise:\\w+|containerregistry:Registry|appconfiguration:ConfigurationStore',
    'operationalinsights:(Cluster|Workspace)|compute:DiskEncryptionSet',
  ].join('|')})$`,
);

/** Resources that run as an identity which was there before; what comes with its own identity is told by what that may do. */
function* attached(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.resources()) {
    if (at.cloud !== 'azure' || !at.type.startsWith('azure-native:') || PASSIVE.test(at.type)) continue;
    const tests = at.at('publicNetworkAccess').string?.toLowerCase() === 'disabled' ? [PRIVATE] : [];
    for (const identity of identitiesOf(at, graph))
      if (estate.pairing.other(identity)) yield to('become', estate.actor(at), estate.scopeOf(identity), at, tests);
  }
}

/** Written as a list, or as a map whose keys are ids. */
function identitiesOf(resource: Resource, graph: Graph): readonly Resource[] {
  const value = resource.at(RUNS_AS);
  if (value.state === 'absent') return [];
  const ids = [...value.items().flatMap((item) => item.targets), ...value.targets];
  const named = value.entries().map(([key]) => key.split('/').pop() ?? key);
  const found = ids.flatMap((id) => graph.get(id) ?? []).filter(({ type }) => type === USER_ASSIGNED);
  const byName = named.flatMap((name) => graph.ofType(USER_ASSIGNED).filter(({ names }) => names.includes(name)));
  return [...new Set([...found, ...byName])];
}

const CERTIFICATES = [entra('ApplicationCertificate'), entra('ServicePrincipalCertificate')];

function* credentials(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of [...PASSWORDS, ...CERTIFICATES])
    for (const at of graph.ofType(type)) {
      const application = estate.who(firstOf(at, 'applicationId', 'servicePrincipalId'));
      const kind = CERTIFICATES.includes(type) ? 'the key of the certificate' : 'the password';
      const holder = { key: estate.pairing.identity(at), name: `whoever holds ${kind} ${at.at('displayName').string ?? at.logicalId}` };
      const end = at.at('endDate').string;
      yield to('become', holder, asScope(application), at, end === undefined ? [] : [plainTest(`until ${end.slice(0, 10)}`)]);
    }
}

const firstOf = (resource: Resource, ...paths: readonly string[]): Value => {
  const values = paths.map((path) => resource.at(path));
  return values.find(({ state }) => state !== 'absent') ?? (values[0] as Value);
};

// ── Owners, members, administrators ────────────────────────────────────────────────────────────────────────────────

const OWNED = [entra('Application'), entra('ServicePrincipal'), entra('Group'), entra('GroupWithoutMembers')];

function* owners(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of OWNED)
    for (const at of graph.ofType(type))
      for (const owner of at.at('owners').items()) yield to('administer', estate.who(owner), asScope(estate.actor(at)), at);
  for (const at of graph.ofType(entra('ApplicationOwner')))
    yield to('administer', estate.who(at.at('ownerObjectId')), asScope(estate.who(at.at('applicationId'))), at);
  for (const at of graph.ofType(entra('AccessPackageCatalogRoleAssignment')))
    yield to('administer', estate.who(at.at('principalObjectId')), asScope(estate.who(at.at('catalogId'))), at);
}

function* members(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(entra('AccessPackageResourcePackageAssociation'))) {
    const held = graph.target(at.at('catalogResourceAssociationId'), entra('AccessPackageResourceCatalogAssociation'));
    const packaged = estate.who(at.at('accessPackageId'));
    const who = { key: `package ${packaged.key}`, name: `whoever gets ${packaged.name}` };
    const verb = at.at('accessType').string?.toLowerCase() === 'owner' ? 'administer' : 'join';
    if (held) yield to(verb, who, asScope(estate.who(held.at('resourceOriginId'))), at);
  }
  for (const type of [entra('Group'), entra('GroupWithoutMembers')])
    for (const at of graph.ofType(type))
      for (const member of at.at('members').items()) yield to('join', estate.who(member), asScope(estate.actor(at)), at);
  for (const at of graph.ofType(entra('GroupMember')))
    yield to('join', estate.who(at.at('memberObjectId')), asScope(estate.who(at.at('groupObjectId'))), at);
  for (const [type, asked] of [
    ['PrivilegedAccessGroupAssignmentSchedule', []],
    ['PrivilegedAccessGroupEligibilitySchedule', [ACTIVATION]],
  ] as const)
    for (const at of graph.ofType(entra(type))) {
      const verb = at.at('assignmentType').string?.toLowerCase() === 'owner' ? 'administer' : 'join';
      const end = at.at('expirationDate').string;
      const tests = [...asked, ...(end === undefined ? [] : [plainTest(`until ${end.slice(0, 10)}`)])];
      yield to(verb, estate.who(at.at('principalId')), asScope(estate.who(at.at('groupId'))), at, tests);
    }
}

// ── The directory ──────────────────────────────────────────────────────────────────────────────────────────────────

function* permissions(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(entra('AppRoleAssignment'))) {
    const id = textOf(at.at('appRoleId'));
    const who = estate.who(at.at('principalObjectId'));
    const escalates = ESCALATING_PERMISSIONS[id.toLowerCase()];
    if (escalates !== undefined) yield { ...to('administer', who, DIRECTORY, at), by: escalates };
    else yield to('use', who, permissionOf(`the permission ${id}`, estate.who(at.at('resourceObjectId'))), at);
  }
  for (const at of graph.ofType(entra('ServicePrincipalDelegatedPermissionGrant'))) {
    const user = at.at('userObjectId');
    const whose = user.state === 'absent' ? 'every user' : estate.who(user).name;
    const resource = estate.who(at.at('resourceServicePrincipalObjectId'));
    for (const claim of at.at('claimValues').items())
      yield to('use', estate.who(at.at('servicePrincipalObjectId')), permissionOf(`${textOf(claim)} of ${whose}`, resource), at);
  }
}

function permissionOf(what: string, { key, name }: Who): Scope {
  const own = `${key} ${what}`;
  return { key: own, name: `${what} at ${name}`, chain: [own] };
}

function* directoryRoles(graph: Graph, estate: Estate): Iterable<Grant> {
  const kinds = [
    ['DirectoryRoleAssignment', 'principalObjectId', 'roleId', []],
    ['DirectoryRoleMember', 'memberObjectId', 'roleObjectId', []],
    ['DirectoryRoleEligibilityScheduleRequest', 'principalId', 'roleDefinitionId', [ACTIVATION]],
    ['AdministrativeUnitRoleMember', 'memberObjectId', 'roleObjectId', []],
  ] as const;
  for (const [type, principal, role, tests] of kinds)
    for (const at of graph.ofType(entra(type))) {
      const name = privilegedRoleOf(at.at(role), graph);
      const target = graph.target(at.at(role), entra('DirectoryRole'));
      const called = name ?? target?.at('displayName').string ?? textOf(at.at(role));
      const grant = { ...to('administer', estate.who(at.at(principal)), DIRECTORY, at, tests), by: called };
      yield name === undefined ? { ...grant, blocks: [], missing: `what the role ${called} of the directory allows` } : grant;
    }
}

function* guests(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(entra('Invitation'))) {
    const address = textOf(at.at('userEmailAddress'));
    yield to('join', { key: estate.pairing.identity(at), name: `the guest ${address}`, boundary: 'tenant' }, DIRECTORY, at);
  }
}
