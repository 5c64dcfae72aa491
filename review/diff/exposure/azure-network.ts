/** Networks of Azure: subnets, what their groups let in and out, and where their routes lead. */
import { type Direction, NSG, SECURITY_RULE, securityRuleFlows } from '../../../policies/facts/network-flows';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { placeKey, type WayOut } from './model';
import { allSources, fromOutside, NOBODY, OPEN, openTo, type Reach, reachOf, sourcesOf, spansOf } from './reach';

export const VNET = 'azure-native:network:VirtualNetwork';
const SUBNET = 'azure-native:network:Subnet';
export const CARD = 'azure-native:network:NetworkInterface';
const MACHINE = 'azure-native:compute:VirtualMachine';

/** A subnet, written inside its network or as a resource of its own. */
export interface Subnet {
  readonly key: string;
  readonly resource: Resource;
  readonly value: Value;
  readonly called: string;
  readonly network: Resource | undefined;
}

export class AzureNetwork {
  readonly subnets: readonly Subnet[];
  readonly #byId = new Map<string, Subnet>();
  readonly #groups = new Map<string, Reach>();
  /** Machines by the id of their network interfaces. */
  readonly machines = new Map<string, Resource>();

  constructor(readonly graph: Graph) {
    const inline = graph.ofType(VNET).flatMap((network) =>
      network
        .at('subnets')
        .items()
        .map((value): Subnet => {
          const called = value.at('name').shape ?? value.path;
          return { key: placeKey(network, called), resource: network, value, called, network };
        }),
    );
    const separate = graph.ofType(SUBNET).map(
      (resource): Subnet => ({
        key: placeKey(resource),
        resource,
        value: resource.all,
        called: '',
        network: graph.target(resource.at('virtualNetworkName'), VNET),
      }),
    );
    this.subnets = [...inline, ...separate].filter(({ resource }) => graph.exists(resource));
    for (const subnet of this.subnets) this.#byId.set(subnet.key, subnet);
    for (const machine of graph.ofType(MACHINE))
      for (const card of machine.at('networkProfile.networkInterfaces').items()) {
        const target = graph.target(card.at('id'), CARD);
        if (target) this.machines.set(target.id, machine);
      }
  }

  /** A subnet by its key. */
  at(key: string): Subnet | undefined {
    return this.#byId.get(key);
  }

  /** Whom a network interface belongs to. */
  ownerOf(card: Resource): Resource {
    return this.machines.get(card.id) ?? card;
  }

  /** The subnet that an id names. */
  subnet(id: Value): Subnet | undefined {
    const own = this.graph.target(id, SUBNET);
    if (own) return this.#byId.get(placeKey(own));
    const name = /\/subnets\/([^/]+)$/i.exec(id.shape ?? '')?.[1];
    const network = id.targets.flatMap((target) => this.graph.get(target) ?? []).find(({ type }) => type === VNET);
    if (network && name !== undefined) return this.#byId.get(placeKey(network, name));
    return undefined;
  }

  /** What the security group that an id names lets in or out; undefined where none is named. */
  group(id: Value, direction: Direction): Reach | undefined {
    const group = this.graph.target(id, NSG);
    if (!group) return id.state === 'absent' ? undefined : openTo({ ...NOBODY, unsure: new Set([id.describe()]) });
    return this.reachOf(group, direction);
  }

  /** What a security group lets in or out. */
  reachOf(group: Resource, direction: Direction): Reach {
    const key = `${direction} ${group.id}`;
    const known = this.#groups.get(key);
    if (known) return known;
    const holders = [group, ...this.graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName')];
    const spans = holders
      .flatMap((holder) => securityRuleFlows(holder, this.graph, direction))
      .flatMap((flow) =>
        spansOf(
          flow,
          allSources([
            ...flow.peers.map(sourcesOf),
            ...(flow.doubt === undefined ? [] : [{ ...NOBODY, unsure: new Set([flow.doubt]) }]),
            NOBODY,
          ]),
        ),
      );
    const reach = reachOf(direction === 'in' ? spans : this.#withDefaultOut(spans, holders));
    this.#groups.set(key, reach);
    return reach;
  }

  /** The last rule of every group lets everything out to the internet, unless a rule before it denies that. */
  #withDefaultOut(spans: Reach, holders: readonly Resource[]): Reach {
    const rules = holders.flatMap((holder) => (holder.type === NSG ? holder.at('securityRules').items() : [holder.all]));
    const denied = rules.some(
      (rule) =>
        rule.at('access').is('Deny').verdict === 'pass' &&
        rule.at('direction').is('Outbound').verdict === 'pass' &&
        rule.at('protocol').orDefault('*').is('*').verdict === 'pass' &&
        rule.at('destinationAddressPrefix').isOneOf(['*', 'Internet', '0.0.0.0/0']).verdict === 'pass',
    );
    return denied ? spans : [...spans, ...OPEN];
  }

  groupOf(id: Value): readonly Resource[] {
    const group = this.graph.target(id, NSG);
    return group ? [group, ...this.graph.pointingAt(group, SECURITY_RULE, 'networkSecurityGroupName')] : [];
  }

  waysOut(): readonly WayOut[] {
    return this.subnets.flatMap((subnet) => {
      const { called, resource, value } = subnet;
      const table = this.graph.target(value.at('routeTable.id'), 'azure-native:network:RouteTable');
      if (table && this.#leadsElsewhere(table)) return [];
      const nat = this.graph.target(value.at('natGateway.id'));
      // Unless it is refused, every subnet may send to the internet by addresses of the platform.
      if (value.at('natGateway.id').state === 'absent' && value.at('defaultOutboundAccess').isFalse().verdict === 'pass') return [];
      const reach = fromOutside(this.group(value.at('networkSecurityGroup.id'), 'out') ?? OPEN);
      if (reach.length === 0) return [];
      const through = nat
        ? `the NAT gateway ${nat.logicalId}`
        : value.at('natGateway.id').state === 'absent'
          ? 'the default outbound access of its subnet'
          : 'a NAT gateway';
      return [
        {
          table: table ?? resource,
          subnet: resource,
          called,
          reach,
          through,
          on: [resource, ...(table ? [table] : []), ...this.groupOf(value.at('networkSecurityGroup.id'))],
        },
      ];
    });
  }

  #leadsElsewhere(table: Resource): boolean {
    const separate = this.graph.pointingAt(table, 'azure-native:network:Route', 'routeTableName').map((route) => route.all);
    return [...table.at('routes').items(), ...separate].some(
      (route) =>
        /\/0$/.test(route.at('addressPrefix').string ?? '') &&
        route.at('nextHopType').isOneOf(['VirtualAppliance', 'None', 'VirtualNetworkGateway']).verdict === 'pass',
    );
  }
}
