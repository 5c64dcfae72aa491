/** Rights that services keep among themselves: caches, clusters of figures, users of file transfer, links that start runbooks. */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import { plainTest } from './conditions';
import type { Estate } from './estate';
import { type Grant, plainBlock, type Scope, type Who } from './grant';
import { type AzureVerb, EVERYTHING, verbOperation, verbs } from './operations';

export function* dataPlaneGrants(graph: Graph, estate: Estate): Iterable<Grant> {
  yield* caches(graph, estate);
  yield* figures(graph, estate);
  yield* localUsers(graph, estate);
  yield* links(graph, estate);
}

// ── Redis ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const CACHE_POLICIES: Readonly<Record<string, readonly AzureVerb[]>> = {
  'data owner': EVERYTHING,
  'data contributor': ['read', 'write', 'delete'],
  'data reader': ['read'],
  // Of the enterprise tier, the only one there is.
  default: EVERYTHING,
};
const CACHE_POLICY = 'azure-native:redis:AccessPolicy';
/** Who is meant, for each kind of cache. */
const CACHE_ASSIGNMENTS: Readonly<Record<string, string>> = {
  'azure-native:redis:AccessPolicyAssignment': 'objectId',
  'azure-native:redisenterprise:AccessPolicyAssignment': 'user.objectId',
};

function* caches(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const [type, path] of Object.entries(CACHE_ASSIGNMENTS))
    for (const at of graph.ofType(type)) {
      const policy = at.at('accessPolicyName');
      const own = estate.find(policy, CACHE_POLICY);
      const may = own ? permissionsOf(own) : CACHE_POLICIES[policy.string?.toLowerCase() ?? ''];
      const name = policy.shape ?? policy.missing ?? policy.path;
      yield {
        who: estate.who(at.at(path)),
        scope: estate.scopeOf(estate.parentOf(at) ?? at),
        blocks: verbs(...(may ?? [])),
        by: name,
        tests: [],
        at,
        ...(may ? {} : { missing: `what the access policy ${name} allows` }),
      };
    }
}

/** Categories of commands, as the access lists of Redis write them: `+@read -@dangerous allkeys`. */
const CATEGORIES: Readonly<Record<string, readonly AzureVerb[]>> = {
  all: EVERYTHING,
  admin: ['administer'],
  dangerous: ['delete', 'administer'],
  read: ['read'],
  write: ['write', 'delete'],
};

function permissionsOf(policy: Resource): readonly AzureVerb[] | undefined {
  const text = policy.at('permissions').string;
  if (text === undefined) return undefined;
  const may = new Set<AzureVerb>();
  for (const [, sign, at, word = ''] of text.matchAll(/(?:^|\s)([+-])(@?)([^\s]+)/g)) {
    // A single command may be any of them.
    const found = at === '' ? [] : (CATEGORIES[word.toLowerCase()] ?? []);
    for (const verb of found) if (sign === '+') may.add(verb);
    if (sign === '-' && at !== '') for (const verb of found) may.delete(verb);
    if (sign === '+' && at === '') may.add('use');
  }
  return [...may];
}

// ── Clusters of figures ────────────────────────────────────────────────────────────────────────────────────────────

const FIGURES: Readonly<Record<string, readonly AzureVerb[]>> = {
  alldatabasesadmin: EVERYTHING,
  alldatabasesviewer: ['list', 'read'],
  alldatabasesmonitor: ['list'],
  admin: EVERYTHING,
  user: ['list', 'read', 'write'],
  ingestor: ['write'],
  viewer: ['list', 'read'],
  unrestrictedviewer: ['list', 'read'],
  monitor: ['list'],
};
const FIGURE_ASSIGNMENT = /^azure-native:(kusto|synapse):\w*PrincipalAssignment$/;

function* figures(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of graph.types) {
    if (!FIGURE_ASSIGNMENT.test(type)) continue;
    for (const at of graph.ofType(type)) {
      const cluster = estate.parentOf(at);
      const around = estate.scopeOf(cluster ?? at);
      const database = at.at('databaseName');
      const role = at.at('role');
      const may = FIGURES[role.string?.toLowerCase() ?? ''];
      const name = role.shape ?? role.missing ?? role.path;
      yield {
        who: ofTenant(estate.who(at.at('principalId')), at.at('tenantId').string, estate.home),
        scope: database.state === 'absent' ? around : part(around, `the database ${database.shape ?? database.missing ?? ''}`),
        blocks: verbs(...(may ?? [])),
        by: name,
        tests: [],
        at,
        ...(may ? {} : { missing: `what the role ${name} allows` }),
      };
    }
  }
}

/** Somebody of another directory than the one that the program is for. */
export function ofTenant(who: Who, tenant: string | undefined, home: string | undefined): Who {
  if (tenant === undefined || tenant === '' || tenant.toLowerCase() === home) return who;
  const key = `${who.key} of ${tenant.toLowerCase()}`;
  return home === undefined ? { ...who, key } : { key, name: `${who.name} of the tenant ${tenant}`, boundary: 'tenant' };
}

/** Something inside a resource that the program has no resource of its own for. */
const part = (around: Scope, what: string): Scope => {
  const key = `${around.key} ${what.toLowerCase()}`;
  return { key, name: `${what} of ${around.name}`, chain: [key, ...around.chain], provider: around.provider };
};

// ── Users of file transfer ─────────────────────────────────────────────────────────────────────────────────────────

const LOCAL_USER = 'azure-native:storage:LocalUser';
const LETTERS: Readonly<Record<string, AzureVerb>> = {
  r: 'read',
  w: 'write',
  c: 'write',
  d: 'delete',
  l: 'list',
  m: 'administer',
  o: 'administer',
  p: 'administer',
};

/** Whether the account has users of its own in the program: then each is told, instead of whoever may be one. */
export const hasLocalUsers = (account: Resource, graph: Graph, estate: Estate): boolean =>
  graph.ofType(LOCAL_USER).some((user) => estate.parentOf(user) === account);

function* localUsers(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType(LOCAL_USER)) {
    const account = estate.parentOf(at);
    if (account && account.at('isSftpEnabled').orDefault(false).boolean === false) continue;
    const who = { key: estate.pairing.identity(at), name: estate.pairing.name(at) };
    const around = estate.scopeOf(account ?? at);
    for (const entry of at.at('permissionScopes').items()) {
      const permissions = entry.at('permissions');
      const where = `${entry.at('service').string === 'file' ? 'the file share' : 'the blob container'} ${entry.at('resourceName').shape ?? '?'}`;
      const may = [...(permissions.string ?? '')].flatMap((letter) => LETTERS[letter.toLowerCase()] ?? []);
      yield {
        who,
        scope: part(around, where),
        blocks: verbs(...new Set(may)),
        by: '',
        tests: [],
        at,
        ...(permissions.string === undefined
          ? { missing: `its permissions: they depend on ${permissions.missing ?? permissions.path}` }
          : {}),
      };
    }
  }
}

// ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whoever knows the address of a webhook starts its runbook with the rights of the account. */
function* links(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType('azure-native:automation:Webhook')) {
    if (at.at('isEnabled').orDefault(true).boolean === false) continue;
    const account = estate.parentOf(at);
    const end = at.at('expiryTime').string;
    const runbook = at.at('runbook.name').shape;
    const around = estate.scopeOf(account ?? at);
    yield {
      who: { key: `link ${estate.pairing.identity(at)}`, name: `whoever knows the address of ${estate.pairing.name(at)}` },
      scope: runbook === undefined ? around : part(around, `the runbook ${runbook}`),
      blocks: plainBlock([verbOperation('use')]),
      by: '',
      tests: end === undefined ? [] : [plainTest(`until ${end.slice(0, 10)}`)],
      at,
    };
  }
}
