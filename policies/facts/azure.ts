import { append } from '../collect';
import type { Graph } from '../graph';
import { allOf, anyOf, every, fail, type Outcome, pass, some, unknown } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

const LOCK = 'azure-native:authorization:ManagementLockByScope';
const RESOURCE_LOCK = 'azure-native:authorization:ManagementLockAtResourceLevel';
const GROUP_LOCK = 'azure-native:authorization:ManagementLockAtResourceGroupLevel';
const SUBSCRIPTION_LOCK = 'azure-native:authorization:ManagementLockAtSubscriptionLevel';
const RESOURCE_GROUP = 'azure-native:resources:ResourceGroup';

/**
 * Whether deleting the resource is refused: by the deployment tool, or by a lock on it, on its resource group or on its
 * subscription.
 */
export function isGuardedFromDeletion(resource: Resource, graph: Graph): Outcome {
  return anyOf(
    [
      resource.option('protect').isTrue(),
      resource.option('retainOnDelete').isTrue(),
      some(locksOn(resource, graph), (lock) => lock.at('level').isOneOf(['CanNotDelete', 'ReadOnly']), 'no lock'),
      mayBeLocked(resource, graph),
    ],
    'has no lock against deletion, and is not protected',
  );
}

function locksOn(resource: Resource, graph: Graph): readonly Resource[] {
  const name = resource.at('resourceGroupName');
  const group = graph.target(name, RESOURCE_GROUP);
  const wide = graph.once('locks by what is around the resource', () => locksAround(graph));
  const around = [ANY_GROUP, groupKey(name)].flatMap((key) => wide.get(wideKey(resource, key)) ?? []);
  return [
    ...graph.pointingAt(resource, LOCK, 'scope'),
    ...graph.pointingAt(resource, RESOURCE_LOCK, 'resourceName'),
    ...(group ? [...graph.pointingAt(group, LOCK, 'scope'), ...graph.pointingAt(group, GROUP_LOCK, 'resourceGroupName')] : []),
    ...around.filter((lock) => graph.exists(lock)),
  ];
}

/** Locks on groups and subscriptions that are named instead of being among what was read, by unit and group. */
function locksAround(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  const add = (lock: Resource, group: string) => {
    const key = wideKey(lock, group);
    if (group !== '') append(found, key, lock);
  };
  for (const lock of graph.ofType(SUBSCRIPTION_LOCK)) add(lock, ANY_GROUP);
  for (const lock of graph.ofType(GROUP_LOCK)) add(lock, groupKey(lock.at('resourceGroupName')));
  for (const lock of graph.ofType(LOCK)) {
    const [around, account, group] =
      /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?\/?$/i.exec(lock.at('scope').shape ?? '') ?? [];
    if (group !== undefined) add(lock, group.toLowerCase());
    else if (around !== undefined && isSame(account, lock)) add(lock, isSole(graph, lock) ? ANY_GROUP : PERHAPS);
  }
  return found;
}

/** The subscription into which the unit is deployed, or one that may be. */
const isSame = (account: string | undefined, { unit }: Resource): boolean =>
  unit.account === undefined || account?.toLowerCase() === unit.account.toLowerCase();

/** Whether it is known which subscription is meant, or the unit's locks name no other one. */
const isSole = (graph: Graph, { unit }: Resource): boolean =>
  unit.account !== undefined ||
  new Set(
    graph
      .ofType(LOCK)
      .filter((other) => other.unit === unit)
      .flatMap((other) => /^\/subscriptions\/([^/]+)/i.exec(other.at('scope').shape ?? '')?.[1]?.toLowerCase() ?? []),
  ).size === 1;

/** A lock on a subscription that is named, beside others, while nothing says into which one the unit is deployed. */
function mayBeLocked(resource: Resource, graph: Graph): Outcome {
  const [lock] = graph.once('locks by what is around the resource', () => locksAround(graph)).get(wideKey(resource, PERHAPS)) ?? [];
  return lock && graph.exists(lock) && lock.at('level').isOneOf(['CanNotDelete', 'ReadOnly']).verdict !== 'fail'
    ? unknown(`whether ${lock.at('scope').shape} is its subscription`)
    : fail('no lock');
}

const ANY_GROUP = '*';
const PERHAPS = '?';
const wideKey = ({ unit }: Resource, group: string): string => `${unit.id}\n${group}`;

/** What tells a resource group apart: its name, what it refers to, or what decides it on deployment. */
const groupKey = (name: Value): string => (name.shape ?? (name.missing === undefined ? '' : `\${${name.missing}}`)).toLowerCase();

/** Where a platform service keeps its network rules; the names differ between services. */
export interface NetworkShape {
  /** Path of the switch: `publicNetworkAccess`. */
  readonly access: string;
  /** Path of the rules: `networkRuleSet`. */
  readonly rules: string;
  /** Name of the address range in an entry of `ipRules`. */
  readonly range: string;
}

/** Nothing but private endpoints (or a network security perimeter) reaches the service. */
export function isClosedToNetworks(resource: Resource, { access }: NetworkShape): Outcome {
  return resource.at(access).isOneOf(['Disabled', 'SecuredByPerimeter']);
}

/** Ranges that list the internet instead of a network. */
export const WHOLE_INTERNET = /^(0\.0\.0\.0\/[0-7]$|0\.0\.0\.0-255\.)/;

/** Only listed networks reach the service. */
export function refusesUnlistedNetworks(resource: Resource, { rules, range }: NetworkShape): Outcome {
  return allOf(
    resource.at(`${rules}.defaultAction`).is('Deny'),
    every(resource.at(`${rules}.ipRules`).items(), (rule) => {
      const listed = rule.at(range);
      return WHOLE_INTERNET.test(listed.string ?? '') ? listed.asFailure() : pass();
    }),
  );
}

/** Not every network reaches the service: it is closed, or lists those that do. */
export function isClosedOrSelective(resource: Resource, shape: NetworkShape): Outcome {
  const selective = refusesUnlistedNetworks(resource, shape);
  return anyOf(
    [isClosedToNetworks(resource, shape), selective],
    `${resource.at(shape.access).describe()}, and ${selective.saw}: every network gets through`,
  );
}

/** API version with which the resource is deployed, `2019-04-01`; undefined where the input leaves it to the SDK. */
export function apiVersionOf(resource: Resource): string | undefined {
  const [, year, month, day] = /\/v(\d{4})(\d{2})(\d{2})/.exec(resource.token) ?? [];
  return year === undefined ? resource.option('apiVersion').string : `${year}-${month}-${day}`;
}

/** Names of operations that an alert on the activity log watches for: alone, one of several, or parts of names. */
export const operationsWatched = (alert: Resource): readonly Value[] =>
  alert
    .at('condition.allOf')
    .items()
    .flatMap((condition) => [condition, ...condition.at('anyOf').items()])
    .filter((leaf) => leaf.at('field').orDefault('operationName').is('operationName').verdict !== 'fail')
    .flatMap((leaf) => [...leaf.at('equals').items(), ...leaf.at('containsAny').items()]);

/** Resources of a type that belong to this one: those that name it at `path`, and its children where the input nests them. */
export function belongingTo(owner: Resource, type: string, path: string, graph: Graph): readonly Resource[] {
  const children = graph.childrenOf(owner).filter((child) => child.type === type && graph.exists(child));
  return [...new Set([...graph.pointingAt(owner, type, path), ...children])];
}

/** The resource that this one belongs to, where the input holds it and says how it is set. */
export function ownerOf(child: Resource, path: string, types: readonly string[], graph: Graph): Resource | undefined {
  const parent = child.parent === undefined ? undefined : graph.get(child.parent);
  const owner = parent && types.includes(parent.type) ? parent : graph.target(child.at(path), ...types);
  return owner?.option('external').boolean === true ? undefined : owner;
}

const FEWEST_ZONES = 2;

/** A resource that names the zones in which it stands names two at least. */
export function spansZones(resource: Resource): Outcome {
  const zones = resource.at('zones');
  if (zones.state === 'unknown') return zones.asUnknown();
  const named = new Set(zones.items().map((zone) => zone.shape));
  return named.size >= FEWEST_ZONES ? pass() : fail(`zones names ${named.size} of at least ${FEWEST_ZONES}`, 'zones');
}
