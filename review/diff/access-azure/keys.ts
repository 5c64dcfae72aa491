/** Whoever holds a key, a password or a token: rights that go with what is known instead of with who somebody is. */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { hasLocalUsers } from './data-planes';
import type { Estate } from './estate';
import { type Grant, plainBlock } from './grant';
import { type AzureVerb, EVERYTHING, verbs } from './operations';

export function* keyGrants(graph: Graph, estate: Estate): Iterable<Grant> {
  yield* keys(graph, estate);
  yield* authorizationRules(graph, estate);
  yield* registryTokens(graph, estate);
}

interface KeyHolders {
  /** Where the switch is, and the value with which keys count for nothing. */
  readonly path: string;
  readonly closed: boolean | string;
  /** What the service does where nobody writes it. */
  readonly absent: 'open' | 'closed';
  /** `whoever holds a key of`, before the name. */
  readonly holders: string;
  readonly may: readonly AzureVerb[];
}

const HOLDER = 'whoever holds a key of';
const localAuth = (may: readonly AzureVerb[], path = 'disableLocalAuth'): KeyHolders => ({
  path,
  closed: true,
  absent: 'open',
  holders: HOLDER,
  may,
});
const MESSAGES: readonly AzureVerb[] = ['read', 'write', 'administer'];
const PASSWORD = 'whoever knows a password of';

const KEYS: Readonly<Record<string, readonly KeyHolders[]>> = {
  'storage:StorageAccount': [
    { path: 'allowSharedKeyAccess', closed: false, absent: 'open', holders: HOLDER, may: EVERYTHING },
    { path: 'isSftpEnabled', closed: false, absent: 'closed', holders: 'whoever is a local user of', may: ['read', 'write', 'delete'] },
  ],
  'cosmosdb:DatabaseAccount': [localAuth(EVERYTHING)],
  'servicebus:Namespace': [localAuth(MESSAGES)],
  'eventhub:Namespace': [localAuth(MESSAGES)],
  'eventgrid:Topic': [localAuth(['write'])],
  'eventgrid:Domain': [localAuth(['write'])],
  'eventgrid:PartnerNamespace': [localAuth(['write'])],
  'appconfiguration:ConfigurationStore': [localAuth(['read', 'write', 'delete'])],
  'search:Service': [localAuth(EVERYTHING)],
  'redis:Redis': [localAuth(EVERYTHING, 'disableAccessKeyAuthentication')],
  'redisenterprise:Database': [
    { path: 'accessKeysAuthentication', closed: 'Disabled', absent: 'closed', holders: HOLDER, may: EVERYTHING },
  ],
  'automation:AutomationAccount': [localAuth(['write'])],
  'signalrservice:SignalR': [localAuth(['read', 'write'])],
  'webpubsub:WebPubSub': [localAuth(['read', 'write'])],
  'communication:CommunicationService': [localAuth(['read', 'write'])],
  'cognitiveservices:Account': [localAuth(['read', 'write'], 'properties.disableLocalAuth')],
  'applicationinsights:Component': [localAuth(['write'])],
  'operationalinsights:Workspace': [localAuth(['write'], 'features.disableLocalAuth')],
  'containerregistry:Registry': [
    {
      path: 'adminUserEnabled',
      closed: false,
      absent: 'closed',
      holders: 'whoever knows the password of the administrator of',
      may: ['read', 'write', 'delete'],
    },
  ],
  'containerservice:ManagedCluster': [
    { path: 'disableLocalAccounts', closed: true, absent: 'open', holders: 'whoever holds the local credential of', may: EVERYTHING },
  ],
  'dbforpostgresql:Server': [{ path: 'authConfig.passwordAuth', closed: 'Disabled', absent: 'open', holders: PASSWORD, may: EVERYTHING }],
  'sql:Server': [{ path: 'administrators.azureADOnlyAuthentication', closed: true, absent: 'open', holders: PASSWORD, may: EVERYTHING }],
  'sql:ManagedInstance': [
    { path: 'administrators.azureADOnlyAuthentication', closed: true, absent: 'open', holders: PASSWORD, may: EVERYTHING },
  ],
  'synapse:Workspace': [{ path: 'azureADOnlyAuthentication', closed: true, absent: 'open', holders: PASSWORD, may: EVERYTHING }],
};

/** Resources that close the passwords of another one. */
const CLOSED_BY: Readonly<Record<string, string>> = {
  'sql:Server': 'azure-native:sql:ServerAzureADOnlyAuthentication',
  'sql:ManagedInstance': 'azure-native:sql:ManagedInstanceAzureADOnlyAuthentication',
};

/** How web apps let in who knows their publishing password, and the resource that closes it. */
const PUBLISHING = ['azure-native:web:WebAppFtpAllowed', 'azure-native:web:WebAppScmAllowed'] as const;

/** Of resources that both sides know: what a new one lets in from the start is for its rules. */
function* keys(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const [short, holders] of Object.entries(KEYS))
    for (const at of graph.ofType(`azure-native:${short}`)) {
      if (!estate.pairing.other(at)) continue;
      const closers = childrenOf(at, CLOSED_BY[short], graph, estate);
      const [closer] = closers;
      if (closer?.at('azureADOnlyAuthentication').boolean === true) continue;
      for (const kind of holders) {
        if (kind.path === 'isSftpEnabled' && hasLocalUsers(at, graph, estate)) continue;
        // What the server says counts when it is made only: a resource of its own has the last word.
        const open = isOpen((closer ?? at).at(closer ? 'azureADOnlyAuthentication' : kind.path), kind);
        if (open !== false) yield keyGrant(at, kind, open, estate);
      }
    }
  for (const type of PUBLISHING)
    for (const at of graph.ofType(type)) {
      const app = estate.parentOf(at);
      if (!app || !estate.pairing.other(at) || at.at('allow').boolean === false) continue;
      const kind: KeyHolders = {
        path: 'allow',
        closed: false,
        absent: 'open',
        holders: 'whoever knows the publishing password of',
        may: ['write'],
      };
      yield { ...keyGrant(app, kind, at.at('allow').boolean ?? at.at('allow').missing ?? true, estate), at };
    }
}

const childrenOf = (resource: Resource, type: string | undefined, graph: Graph, estate: Estate): readonly Resource[] =>
  type === undefined ? [] : graph.ofType(type).filter((child) => estate.parentOf(child) === resource);

/** Yes, no, or what decides it. */
function isOpen(value: Value, { absent, closed }: KeyHolders): boolean | string {
  if (value.state === 'absent') return absent === 'open';
  if (value.state === 'unknown' || value.state === 'reference' || value.state === 'text') return value.missing ?? value.path;
  return typeof closed === 'boolean' ? value.boolean !== closed : value.string?.toLowerCase() !== closed.toLowerCase();
}

function keyGrant(at: Resource, { holders, may }: KeyHolders, open: boolean | string, estate: Estate): Grant {
  const scope = estate.scopeOf(at);
  const who = { key: `${holders} ${scope.key}`, name: `${holders} ${scope.name}` };
  return {
    who,
    scope: { ...scope, name: 'it' },
    blocks: typeof open === 'string' ? [] : verbs(...may),
    by: '',
    tests: [],
    at,
    ...(typeof open === 'string' ? { missing: `whether keys still count: it depends on ${open}` } : {}),
  };
}

const RIGHTS: Readonly<Record<string, readonly AzureVerb[]>> = {
  listen: ['read'],
  send: ['write'],
  manage: ['read', 'write', 'administer'],
};

function* authorizationRules(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const type of graph.types) {
    if (!/^azure-native:(servicebus|eventhub|relay|notificationhubs):\w+AuthorizationRule$/.test(type)) continue;
    for (const at of graph.ofType(type)) {
      const parent = estate.parentOf(at);
      if (parent && isShut(parent, estate)) continue;
      const rights = at.at('rights');
      const may = rights.items().flatMap(({ string }) => RIGHTS[string?.toLowerCase() ?? ''] ?? []);
      const who = { key: `a key of ${estate.pairing.identity(at)}`, name: `${HOLDER} ${estate.pairing.name(at)}` };
      const scope = estate.scopeOf(parent ?? at);
      yield {
        who,
        scope,
        blocks: verbs(...new Set(may)),
        by: '',
        tests: [],
        at,
        ...(rights.state === 'unknown' ? { missing: `its rights: they depend on ${rights.missing}` } : {}),
      };
    }
  }
}

/** Whether the namespace around takes no keys at all. */
function isShut(resource: Resource, estate: Estate): boolean {
  if (resource.at('disableLocalAuth').boolean === true) return true;
  const parent = estate.parentOf(resource);
  return parent !== undefined && isShut(parent, estate);
}

function* registryTokens(graph: Graph, estate: Estate): Iterable<Grant> {
  for (const at of graph.ofType('azure-native:containerregistry:Token')) {
    if (at.at('status').string?.toLowerCase() === 'disabled') continue;
    const registry = estate.parentOf(at);
    const map = estate.find(at.at('scopeMapId'), 'azure-native:containerregistry:ScopeMap');
    const who = {
      key: `token ${estate.pairing.identity(at)}`,
      name: `whoever holds the token ${estate.pairing.name(at).replace(/^the token /, '')}`,
    };
    const name = at.at('scopeMapId').shape?.split('/').pop() ?? 'its scope map';
    const actions =
      map
        ?.at('actions')
        .items()
        .flatMap(({ shape }) => shape ?? []) ?? SYSTEM_MAPS[name];
    const scope = estate.scopeOf(registry ?? at);
    const allow = actions?.map((action) => `d microsoft.containerregistry/registries/${action.toLowerCase()}`) ?? [];
    yield {
      who,
      scope,
      blocks: plainBlock(allow),
      by: '',
      tests: [],
      at,
      ...(actions ? {} : { missing: `what the scope map ${name} allows` }),
    };
  }
}

const ALL = 'repositories/*';
const SYSTEM_MAPS: Readonly<Record<string, readonly string[]>> = {
  _repositories_pull: [`${ALL}/content/read`],
  _repositories_pull_metadata_read: [`${ALL}/content/read`, `${ALL}/metadata/read`],
  _repositories_push: [`${ALL}/content/read`, `${ALL}/content/write`],
  _repositories_push_metadata_write: [`${ALL}/content/read`, `${ALL}/content/write`, `${ALL}/metadata/read`, `${ALL}/metadata/write`],
  _repositories_admin: ['read', 'write', 'delete']
    .map((verb) => `${ALL}/content/${verb}`)
    .concat(`${ALL}/metadata/read`, `${ALL}/metadata/write`),
};
