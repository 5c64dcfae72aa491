import type { Graph } from '../graph';
import { allOf, anyOf, every, fail, type Outcome, pass, some } from '../outcome';
import type { Resource } from '../resource';

const LOCK = 'azure-native:authorization:ManagementLockByScope';
const RESOURCE_LOCK = 'azure-native:authorization:ManagementLockAtResourceLevel';
const GROUP_LOCK = 'azure-native:authorization:ManagementLockAtResourceGroupLevel';
const RESOURCE_GROUP = 'azure-native:resources:ResourceGroup';

/** Whether deleting the resource is refused: by the deployment tool, or by a lock on it or on its resource group. */
export function isGuardedFromDeletion(resource: Resource, graph: Graph): Outcome {
  return anyOf(
    [
      resource.option('protect').isTrue(),
      resource.option('retainOnDelete').isTrue(),
      some(locksOn(resource, graph), (lock) => lock.at('level').isOneOf(['CanNotDelete', 'ReadOnly']), 'no lock'),
    ],
    'has no lock against deletion, and is not protected',
  );
}

function locksOn(resource: Resource, graph: Graph): readonly Resource[] {
  const group = graph.target(resource.at('resourceGroupName'), RESOURCE_GROUP);
  return [
    ...graph.pointingAt(resource, LOCK, 'scope'),
    ...graph.pointingAt(resource, RESOURCE_LOCK, 'resourceName'),
    ...(group ? [...graph.pointingAt(group, LOCK, 'scope'), ...graph.pointingAt(group, GROUP_LOCK, 'resourceGroupName')] : []),
  ];
}

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
const WHOLE_INTERNET = /^(0\.0\.0\.0\/[0-7]$|0\.0\.0\.0-255\.)/;

/** Only listed networks reach the service. */
export function refusesUnlistedNetworks(resource: Resource, { rules, range }: NetworkShape): Outcome {
  return allOf(
    resource.at(`${rules}.defaultAction`).is('Deny'),
    every(resource.at(`${rules}.ipRules`).items(), (rule) => {
      const listed = rule.at(range);
      return WHOLE_INTERNET.test(listed.string ?? '') ? fail(listed.describe(), listed.path) : pass();
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
