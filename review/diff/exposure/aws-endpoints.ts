/** Private endpoints on AWS: what networks reach without going over the internet. */
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { PrivateEndpoint } from './model';

/** Endpoints of services in the networks of AWS, by network and service. */
export function awsEndpoints(graph: Graph, identity: (resource: Resource) => string): readonly PrivateEndpoint[] {
  return graph.ofType('AWS::EC2::VPCEndpoint').flatMap((thing) => {
    const vpc = graph.target(thing.at('VpcId'), 'AWS::EC2::VPC');
    const service = thing.at('ServiceName').shape;
    if (!vpc || service === undefined || !graph.exists(thing)) return [];
    return [{ thing, network: identity(vpc), service: service.replace(/^.*\.([^.]+)$/, '$1') }];
  });
}
