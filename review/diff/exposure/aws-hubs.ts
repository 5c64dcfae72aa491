/** Transit gateways of AWS: whose networks are joined to ours there, by the route tables that decide who is told which way. */
import { append } from '../../../policies/collect';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Outside } from './model';

export interface Names {
  identity(resource: Resource): string;
  name(resource: Resource): string;
}

/** Somebody else's network, joined by an attachment. */
export interface Joined {
  readonly from: Outside;
  readonly on: readonly Resource[];
  readonly doubt?: string | undefined;
}

const HUB = 'AWS::EC2::TransitGateway';
const TABLE = 'AWS::EC2::TransitGatewayRouteTable';
const NETWORKS = ['AWS::EC2::TransitGatewayVpcAttachment', 'AWS::EC2::TransitGatewayAttachment'];
const ATTACHMENTS = [...NETWORKS, 'AWS::EC2::TransitGatewayPeeringAttachment', 'AWS::EC2::VPNConnection'];
const CONNECT = 'AWS::EC2::TransitGatewayConnect';

export class Hubs {
  /** Attachments by the hub that they join. */
  readonly #attached = new Map<string, Resource[]>();
  readonly #known = new Map<string, readonly Joined[]>();

  constructor(
    readonly graph: Graph,
    readonly names: Names,
  ) {
    for (const attachment of graph.ofType(...ATTACHMENTS)) {
      const hub = graph.target(attachment.at('TransitGatewayId'), HUB);
      if (hub && graph.exists(attachment)) append(this.#attached, hub.id, attachment);
    }
    for (const attachment of graph.ofType(CONNECT)) {
      const carrier = graph.target(attachment.at('TransportTransitGatewayAttachmentId'), ...ATTACHMENTS);
      const hub = carrier && graph.target(carrier.at('TransitGatewayId'), HUB);
      if (hub && graph.exists(attachment)) append(this.#attached, hub.id, attachment);
    }
  }

  /** Networks of others that the hub tells the way to this one. */
  partnersOf(hub: Resource, vpc: Resource | undefined): readonly Joined[] {
    const key = `${hub.id} ${vpc?.id ?? ''}`;
    const known = this.#known.get(key);
    if (known) return known;
    const attached = this.#attached.get(hub.id) ?? [];
    const own = attached.filter((one) => NETWORKS.includes(one.type) && this.#networkOf(one) === vpc);
    const found = attached
      .filter((one) => !NETWORKS.includes(one.type) || this.#networkOf(one) === undefined)
      .flatMap((one) => this.#way(hub, one, own) ?? []);
    this.#known.set(key, found);
    return found;
  }

  #networkOf(attachment: Resource): Resource | undefined {
    return this.graph.target(attachment.at('VpcId'), 'AWS::EC2::VPC');
  }

  #way(hub: Resource, partner: Resource, own: readonly Resource[]): Joined | undefined {
    const from: Outside = {
      kind: 'partner',
      key: `attachment ${this.names.identity(partner)}`,
      name: `the network behind ${this.names.name(partner)}`,
    };
    const [association] = this.graph.pointingAt(partner, 'AWS::EC2::TransitGatewayRouteTableAssociation', 'TransitGatewayAttachmentId');
    if (!association) {
      const shut = ['DefaultRouteTableAssociation', 'DefaultRouteTablePropagation'].some(
        (path) => hub.at(path).is('disable').verdict === 'pass',
      );
      return shut ? undefined : { from, on: [partner, hub] };
    }
    const table = this.graph.target(association.at('TransitGatewayRouteTableId'), TABLE);
    if (!table) return { from, on: [partner, association], doubt: association.at('TransitGatewayRouteTableId').describe() };
    const ways = ['AWS::EC2::TransitGatewayRouteTablePropagation', 'AWS::EC2::TransitGatewayRoute'].flatMap((type) =>
      this.graph
        .pointingAt(table, type, 'TransitGatewayRouteTableId')
        .filter((way) => way.at('Blackhole').boolean !== true)
        .filter((way) => own.some((one) => this.graph.target(way.at('TransitGatewayAttachmentId'), one.type) === one)),
    );
    return ways.length === 0 ? undefined : { from, on: [partner, association, table, ...ways] };
  }
}
