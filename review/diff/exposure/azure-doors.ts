/** Platform services of Azure: who reaches their public side, and whether they have one. */
import { belongingTo, type NetworkShape } from '../../../policies/facts/azure';
import { SITES, siteSetting } from '../../../policies/facts/azure-sites';
import { type Block, blockOf, peerOf } from '../../../policies/facts/network';
import { ofAccount, STORAGE_ACCOUNT } from '../../../policies/facts/storage';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import { type Door, isClosed } from '../../../policies/rules/azure-reach';
import { DOORS as COMPUTE } from '../../../policies/rules/compute/azure-services';
import { standsInside } from '../../../policies/rules/containers/azure-apps';
import { DOORS as DATABASES, RANGES } from '../../../policies/rules/database/azure-reach';
import { DOORS as CHANNELS } from '../../../policies/rules/messaging/azure-channels';
import { authenticates } from '../../../policies/rules/serverless/azure-access';
import type { Value } from '../../../policies/value';
import { type Entry, INTERNET, isStore, type LayerName, type Layers, type Opening } from './model';
import {
  ANYONE,
  allSources,
  EVERYWHERE,
  fromOutside,
  isNobody,
  isTheInternet,
  meet,
  NOBODY,
  onPorts,
  openTo,
  type Reach,
  type Sources,
  sourcesOf,
  without,
} from './reach';

const NOTHING: ReadonlySet<string> = new Set();
const ALL: ReadonlySet<string> = new Set(['']);

/** Services with a list of networks, and what holds for everybody else. */
const LISTING: Readonly<Record<string, NetworkShape>> = {
  [STORAGE_ACCOUNT]: { access: 'publicNetworkAccess', rules: 'networkRuleSet', range: 'iPAddressOrRange' },
  'azure-native:keyvault:Vault': { access: 'properties.publicNetworkAccess', rules: 'properties.networkAcls', range: 'value' },
  'azure-native:keyvault:ManagedHsm': { access: 'properties.publicNetworkAccess', rules: 'properties.networkAcls', range: 'value' },
  'azure-native:containerregistry:Registry': { access: 'publicNetworkAccess', rules: 'networkRuleSet', range: 'iPAddressOrRange' },
  'azure-native:cognitiveservices:Account': { access: 'properties.publicNetworkAccess', rules: 'properties.networkAcls', range: 'value' },
};
const SWITCHED: Readonly<Record<string, Door>> = {
  ...DATABASES,
  ...CHANNELS,
  ...COMPUTE,
  'azure-native:appconfiguration:ConfigurationStore': { access: 'publicNetworkAccess' },
  'azure-native:recoveryservices:Vault': { access: 'properties.publicNetworkAccess' },
};
/** Where services keep the ranges that they let in. */
const LISTS: readonly (readonly [path: string, range: string])[] = [
  ['ipRules', 'ipAddressOrRange'],
  ['networkRuleSet.ipRules', 'value'],
  ['allowedIpRangeList', ''],
  ['inboundIpRules', 'ipMask'],
  ['networkAcls.ipRules', 'ipMask'],
  ['networkProfile.accountAccess.ipRules', 'value'],
  ['properties.networkRuleSets.ipRules', 'ipMask'],
];
/** The same of the rules of servers, also of those that rules of their own speak of. */
const ALL_RANGES: Readonly<Record<string, readonly [first: string, last: string]>> = {
  ...RANGES,
  'azure-native:sql:IPv6FirewallRule': ['startIPv6Address', 'endIPv6Address'],
};
/** How firewall rules name the server that they belong to. */
export const OWNERS = ['serverName', 'workspaceName', 'clusterName', 'mongoClusterName', 'cacheName'];

/** Servers whose rules are resources of their own. */
export const SERVERS: readonly string[] = Object.keys(DATABASES);

const PORTS: readonly (readonly [RegExp, number])[] = [
  [/:sql:|:synapse:/, 1433],
  [/:dbforpostgresql:/, 5432],
  [/:dbfor(mysql|mariadb):/, 3306],
  [/:redis:/, 6380],
  [/:redisenterprise:/, 10000],
  [/:mongocluster:/, 10260],
];
const portOf = ({ type }: Resource): number => PORTS.find(([pattern]) => pattern.test(type))?.[1] ?? 443;
const answering = (resource: Resource, from: Sources): Reach =>
  isNobody(from) ? [] : [{ transport: 'tcp', ports: [portOf(resource), portOf(resource)], from }];

// ── Who is listed ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The range that stands for every resource of Azure, whoever owns it. */
export const EVERY_RESOURCE = 'every resource of Azure, whoever owns it';

/** Cosmos DB takes this address for every data centre of Azure. */
const listedBy = (resource: Resource, value: Value): Sources =>
  resource.type === 'azure-native:cosmosdb:DatabaseAccount' && value.string === '0.0.0.0'
    ? { ...NOBODY, named: new Map([[EVERY_RESOURCE, undefined]]) }
    : listed(value);

const listed = (value: Value): Sources =>
  value.string === undefined ? { ...NOBODY, unsure: new Set([value.describe()]) } : sourcesOf(peerOf(value.string));

/** Everybody's firewall rules by the server that they belong to, read once. */
export function firewallsOf(graph: Graph): ReadonlyMap<Resource, Sources> {
  const found = new Map<Resource, Sources[]>();
  for (const [type, [first, last]] of Object.entries(ALL_RANGES))
    for (const rule of graph.ofType(type)) {
      if (!graph.exists(rule)) continue;
      const owner = ownerOf(rule, graph);
      if (owner) found.set(owner, [...(found.get(owner) ?? []), rangeOf(rule.at(first), rule.at(last))]);
    }
  return new Map([...found].map(([owner, sources]) => [owner, allSources(sources)]));
}

function ownerOf(rule: Resource, graph: Graph): Resource | undefined {
  const parent = rule.parent === undefined ? undefined : graph.get(rule.parent);
  if (parent && SWITCHED[parent.type]) return parent;
  return OWNERS.flatMap((path) => graph.target(rule.at(path), ...Object.keys(DATABASES)) ?? [])[0];
}

function rangeOf(first: Value, last: Value): Sources {
  const [from, to] = [blockOf(first.string ?? ''), blockOf(last.string ?? '')];
  if (!from || !to) return { ...NOBODY, unsure: new Set([(from ? last : first).describe()]) };
  if (from.family === 4 && from.first === 0n && to.last === 0n) return { ...NOBODY, named: new Map([[EVERY_RESOURCE, undefined]]) };
  const block: Block = { ...from, last: to.last };
  return { ...NOBODY, blocks: [block] };
}

// ── One service ────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Public {
  /** Undefined where only deployment tells. */
  readonly closed: boolean | undefined;
  /** Who gets through where it is not closed. */
  readonly from: Sources;
  readonly doubt?: string;
}

export function publicSide(resource: Resource, graph: Graph, firewalls: ReadonlyMap<Resource, Sources>): Public | undefined {
  const shape = LISTING[resource.type];
  if (shape) {
    const access = resource.at(shape.access);
    const closed = access.isOneOf(['Disabled', 'SecuredByPerimeter']).verdict;
    const refuses = resource.at(`${shape.rules}.defaultAction`).orDefault('Allow').is('Deny').verdict;
    const some = resource
      .at(`${shape.rules}.ipRules`)
      .items()
      .map((rule) => listed(rule.at(shape.range)));
    return outcome(closed, refuses === 'fail' ? ANYONE : allSources([...some, NOBODY]), access);
  }
  const door = SWITCHED[resource.type];
  if (!door) return undefined;
  return outcome(isClosed(resource, door).verdict, whoIsLet(resource, door, graph, firewalls), resource.at(door.access));
}

const outcome = (closed: string, from: Sources, access: Value): Public => ({
  closed: closed === 'unknown' ? undefined : closed === 'pass',
  from,
  ...(closed === 'unknown' ? { doubt: access.describe() } : {}),
});

function whoIsLet(resource: Resource, { unlisted }: Door, graph: Graph, firewalls: ReadonlyMap<Resource, Sources>): Sources {
  const rules = firewalls.get(resource) ?? NOBODY;
  if (unlisted === 'nobody') return rules;
  if (unlisted === undefined || unlisted(resource, graph).verdict === 'fail') return ANYONE;
  const lists = LISTS.flatMap(([path, range]) => {
    const list = resource.at(path);
    return list.isList ? list.items().map((one) => listedBy(resource, range === '' ? one : one.at(range))) : [];
  });
  const beside = ruleSetsOf(resource, graph).flatMap((set) =>
    set.at('publicNetworkAccess').is('Disabled').verdict === 'pass'
      ? []
      : set
          .at('ipRules')
          .items()
          .map((rule) => listed(rule.at('ipMask'))),
  );
  return allSources([rules, ...lists, ...beside, NOBODY]);
}

interface Anonymous {
  readonly by: string;
  readonly on: readonly Resource[];
}

/** Whether anybody reads without signing in. */
function anonymous(resource: Resource, graph: Graph): Anonymous | undefined {
  if (resource.type === 'azure-native:containerregistry:Registry')
    return resource.at('anonymousPullEnabled').boolean === true ? { by: 'anonymous pull', on: [] } : undefined;
  if (resource.type !== STORAGE_ACCOUNT) return undefined;
  const site = ofAccount(resource, 'azure-native:storage:StorageAccountStaticWebsite', graph);
  if (site.length > 0) return { by: `the static website ${site[0]?.logicalId}`, on: site };
  if (resource.at('allowBlobPublicAccess').orDefault(false).boolean !== true) return undefined;
  const open = ofAccount(resource, 'azure-native:storage:BlobContainer', graph).find(
    (one) => one.at('publicAccess').isOneOf(['Blob', 'Container']).verdict === 'pass',
  );
  return open && { by: `anonymous reading of the container ${open.logicalId}`, on: [open] };
}

const KEYS = [
  'encryption.keyVaultProperties',
  'encryption.keyVaultProperties.keyName',
  'keyVaultKeyUri',
  'keyVaultProperties',
  'dataEncryption.primaryKeyURI',
  'encryptionWithCmk',
  'properties.encryption.keyVaultProperties',
  'encryption.cmk',
  'encryption.customerManagedKeyEncryption',
  'keyId',
];

/** Entries from the internet into platform services, and the layers of those that hold data. */
export function platform(graph: Graph): { readonly entries: readonly Entry[]; readonly layers: ReadonlyMap<Resource, Layers> } {
  const firewalls = firewallsOf(graph);
  const entries: Entry[] = [];
  const layers = new Map<Resource, Layers>();
  for (const type of [...Object.keys(LISTING), ...Object.keys(SWITCHED)])
    for (const resource of graph.ofType(type)) {
      const side =
        graph.exists(resource) && resource.option('external').boolean !== true ? publicSide(resource, graph, firewalls) : undefined;
      if (!side) continue;
      const unsigned = anonymous(resource, graph);
      const reach = answering(resource, side.from);
      const on = [resource, ...rulesOf(resource, graph), ...(unsigned?.on ?? [])];
      if (side.closed !== true && reach.length > 0)
        entries.push({
          from: INTERNET,
          to: resource,
          reach,
          open: unsigned === undefined ? NOTHING : ALL,
          hops: ['its public endpoint', ...(unsigned === undefined ? [] : [unsigned.by])],
          on,
          doubt: side.doubt,
        });
      if (!isStore(resource)) continue;
      const kept: readonly (readonly [LayerName, boolean | undefined])[] = [
        ['private endpoints only', side.closed],
        [
          'listed networks only',
          side.from.unsure.size > 0 ? undefined : !isTheInternet(side.from.blocks) && !side.from.named.has(EVERY_RESOURCE),
        ],
        ['authentication', unsigned === undefined],
        ['a key of its own', KEYS.some((path) => resource.at(path).isSet().verdict === 'pass')],
      ];
      layers.set(resource, new Map(kept.map(([name, value]) => [name, { kept: value, on }])));
    }
  return { entries: [...entries, ...sites(graph), ...containers(graph), ...clusters(graph), ...gateways(graph), ...groups(graph)], layers };
}

const rulesOf = (resource: Resource, graph: Graph): readonly Resource[] => [
  ...Object.keys(ALL_RANGES).flatMap((type) => OWNERS.flatMap((path) => graph.pointingAt(resource, type, path))),
  ...ruleSetsOf(resource, graph),
];

/** Brokers keep their networks in a resource beside them. */
const ruleSetsOf = (resource: Resource, graph: Graph): readonly Resource[] =>
  /:(servicebus|eventhub):Namespace$/.test(resource.type)
    ? belongingTo(resource, resource.type.replace(/:Namespace$/, ':NamespaceNetworkRuleSet'), 'namespaceName', graph)
    : [];

// ── Apps ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Restrictions of web apps and container apps, in the order of their priorities: who is let in before somebody refuses, and whether
 * the rest is let in.
 */
function restricted(rules: readonly Value[], range: string, restIsRefused: boolean): Sources {
  const sorted = [...rules].sort((a, b) => (a.at('priority').number ?? MOST) - (b.at('priority').number ?? MOST));
  let allowed: readonly Sources[] = [];
  let left: readonly Block[] = EVERYWHERE;
  for (const rule of sorted) {
    const from: Sources =
      rule.at(range).state === 'absent' ? { ...NOBODY, named: new Map([['a virtual network', undefined]]) } : listed(rule.at(range));
    const blocks = meet(from.blocks, left);
    if (rule.at('action').orDefault('Allow').is('Allow').verdict !== 'fail') allowed = [...allowed, { ...from, blocks }];
    left = without(left, from.blocks);
  }
  return allSources([...allowed, ...(restIsRefused ? [] : [{ ...NOBODY, blocks: left }]), NOBODY]);
}
const MOST = Number.MAX_SAFE_INTEGER;

/** Rules of an app: whoever none of them names is refused where there are some, unless somebody says otherwise. */
function restrictedBy(setting: (path: string) => Value, prefix: 'ip' | 'scmIp'): Sources {
  const rules = setting(`${prefix}SecurityRestrictions`).items();
  const rest = setting(`${prefix}SecurityRestrictionsDefaultAction`);
  return restricted(rules, 'ipAddress', rest.is('Deny').verdict === 'pass' || (rest.state === 'absent' && rules.length > 0));
}

/** Who may deploy to an app by its site for that. */
export function* deployments(graph: Graph): Iterable<Opening> {
  for (const site of graph.ofType(...SITES)) {
    if (!graph.exists(site)) continue;
    const setting = (path: string) => siteSetting(site, path, graph);
    if ([site.at('publicNetworkAccess'), setting('publicNetworkAccess')].some((value) => value.is('Disabled').verdict === 'pass')) continue;
    const main = setting('scmIpSecurityRestrictionsUseMain').boolean === true;
    const reach = answering(site, restrictedBy(setting, main ? 'ip' : 'scmIp'));
    if (reach.length > 0) yield { thing: site, kind: 'deploys', reach, on: [site] };
  }
}

function* sites(graph: Graph): Iterable<Entry> {
  for (const site of graph.ofType(...SITES)) {
    if (!graph.exists(site)) continue;
    const setting = (path: string) => siteSetting(site, path, graph);
    const access = [site.at('publicNetworkAccess'), setting('publicNetworkAccess')];
    if (access.some((value) => value.is('Disabled').verdict === 'pass')) continue;
    const from = restrictedBy(setting, 'ip');
    const unknown = access.find(({ state }) => state === 'unknown');
    if (isNobody(from)) continue;
    yield {
      from: INTERNET,
      to: site,
      reach: answering(site, from),
      open: authenticates(site, graph).verdict === 'fail' ? ALL : NOTHING,
      hops: ['its public endpoint'],
      on: [site],
      doubt: unknown?.describe(),
    };
  }
}

const AUTH = 'azure-native:app:ContainerAppsAuthConfig';
function* containers(graph: Graph): Iterable<Entry> {
  for (const app of graph.ofType('azure-native:app:ContainerApp')) {
    const external = app.at('configuration.ingress.external').orDefault(false);
    if (!graph.exists(app) || external.isTrue().verdict === 'fail' || standsInside(app, graph)) continue;
    const guards = belongingTo(app, AUTH, 'containerAppName', graph);
    const rules = app.at('configuration.ingress.ipSecurityRestrictions').items();
    // Their rules all allow, or all refuse.
    const allows = rules.some((rule) => rule.at('action').is('Allow').verdict === 'pass');
    // Private addresses come from inside.
    const reach = fromOutside(answering(app, restricted(rules, 'ipAddressRange', allows)), () => true);
    if (rules.length > 0 && reach.length === 0) continue;
    const certified = app.at('configuration.ingress.clientCertificateMode').is('require').verdict === 'pass';
    yield {
      from: INTERNET,
      to: app,
      reach,
      open: certified || guards.some((guard) => guard.at('platform.enabled').orDefault(true).isTrue().verdict === 'pass') ? NOTHING : ALL,
      hops: ['its ingress'],
      on: [app, ...guards],
      doubt: external.state === 'unknown' ? external.describe() : undefined,
    };
  }
}

function* clusters(graph: Graph): Iterable<Entry> {
  for (const cluster of graph.ofType('azure-native:containerservice:ManagedCluster')) {
    const own = cluster.at('apiServerAccessProfile.enablePrivateCluster');
    if (!graph.exists(cluster) || own.isTrue().verdict === 'pass' || cluster.at('publicNetworkAccess').is('Disabled').verdict === 'pass')
      continue;
    const ranges = cluster.at('apiServerAccessProfile.authorizedIPRanges').items();
    const from = ranges.length === 0 ? ANYONE : allSources([...ranges.map(listed), NOBODY]);
    yield {
      from: INTERNET,
      to: cluster,
      reach: answering(cluster, from),
      open: NOTHING,
      hops: ['its API server'],
      on: [cluster],
      doubt: own.state === 'unknown' ? own.describe() : undefined,
    };
  }
}

function* gateways(graph: Graph): Iterable<Entry> {
  for (const service of graph.ofType('azure-native:apimanagement:ApiManagementService')) {
    const mode = service.at('virtualNetworkType');
    if (
      !graph.exists(service) ||
      mode.is('Internal').verdict === 'pass' ||
      service.at('publicNetworkAccess').is('Disabled').verdict === 'pass'
    )
      continue;
    yield {
      from: INTERNET,
      to: service,
      reach: answering(service, ANYONE),
      open: NOTHING,
      hops: ['its gateway'],
      on: [service],
      doubt: mode.state === 'unknown' ? mode.describe() : undefined,
    };
  }
}

/** Groups of containers with an address of the internet. */
function* groups(graph: Graph): Iterable<Entry> {
  for (const group of graph.ofType('azure-native:containerinstance:ContainerGroup')) {
    const type = group.at('ipAddress.type');
    if (!graph.exists(group) || type.state === 'absent' || type.is('Public').verdict === 'fail') continue;
    const ports = group
      .at('ipAddress.ports')
      .items()
      .flatMap((one) => {
        const port = one.at('port').number;
        return port === undefined ? [] : [[one.at('protocol').is('UDP').verdict === 'pass' ? 'udp' : 'tcp', port] as const];
      });
    yield {
      from: INTERNET,
      to: group,
      reach: ports.length > 0 ? onPorts(openTo(ANYONE), ports) : openTo(ANYONE),
      open: ALL,
      hops: ['its public address'],
      on: [group],
      doubt: type.state === 'unknown' ? type.describe() : undefined,
    };
  }
}
