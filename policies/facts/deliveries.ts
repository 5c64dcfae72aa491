/** Vended logs: records that a service hands to CloudWatch Logs, which delivers them to a group, a bucket or a stream. */
import type { Graph } from '../graph';
import type { Resource } from '../resource';

const SOURCE = 'AWS::Logs::DeliverySource';
const DELIVERY = 'AWS::Logs::Delivery';

/** How far the records of a resource come: nowhere, to a source that delivers nothing, or to a destination. */
export type Delivered = 'not at all' | 'to no destination' | 'somewhere';

/** Whether a delivery source of the resource has a delivery. */
export function deliveredLogs(resource: Resource, graph: Graph): Delivered {
  const sources = graph.pointingAt(resource, SOURCE, 'ResourceArn');
  if (sources.length === 0) return 'not at all';
  return sources.some((source) => graph.pointingAt(source, DELIVERY, 'DeliverySourceName').length > 0) ? 'somewhere' : 'to no destination';
}
