/** To which subscription a resource of Azure belongs, where one program deploys into several. */
import type { Graph } from '../graph';
import type { Resource } from '../resource';
import type { Value } from '../value';

const NAMED = /(?:^|\/)subscriptions\/([^/]+)/i;
const EVERYWHERE = /\/managementGroups\//i;

/**
 * What tells the subscription of a resource apart: that of its explicit provider, else that of the configuration. Empty
 * where neither says it: then it is the one into which the program is deployed, whichever that is.
 */
export function subscriptionOf(resource: Resource, graph: Graph): string {
  const urn = resource.option('provider').string;
  const provider = urn === undefined ? undefined : graph.get(urn);
  return (provider?.at('subscriptionId').shape ?? resource.unit.account ?? '').toLowerCase();
}

/** The subscription that a scope names, else that of the resource which has it. */
export function subscriptionNamed(scope: Value, resource: Resource, graph: Graph): string {
  const [, id] = NAMED.exec(scope.shape ?? '') ?? [];
  return id === undefined ? subscriptionOf(resource, graph) : id.toLowerCase();
}

/** Whether some scope of an alert reaches into the subscription. */
export const watches = (alert: Resource, subscription: string, graph: Graph): boolean => {
  const scopes = alert.at('scopes').items();
  return (scopes.length === 0 ? [alert.at('scopes')] : scopes).some((scope) => reachesInto(subscription, scope, alert, graph));
};

/** Whether a scope reaches into the subscription; one that cannot be told apart may. */
export function reachesInto(subscription: string, scope: Value, resource: Resource, graph: Graph): boolean {
  if (EVERYWHERE.test(scope.shape ?? '') || isManagementGroup(scope, graph)) return true;
  const named = subscriptionNamed(scope, resource, graph);
  return named === subscription || named === '' || subscription === '';
}

const isManagementGroup = (scope: Value, graph: Graph): boolean =>
  scope.targets.some((id) => graph.get(id)?.type === 'azure-native:management:ManagementGroup');

/** Of resources that are judged together, those of the same subscription; the first of them is judged for all. */
export function ofSameSubscription(resource: Resource, graph: Graph, keyOf = subscriptionOf): readonly Resource[] {
  const own = keyOf(resource, graph);
  return graph.ofType(resource.type).filter((one) => graph.exists(one) && one.unit === resource.unit && keyOf(one, graph) === own);
}
