import { BASTION_SUBNET, FIRST_PRIORITY, type Flow, isEverybody, type SecurityRule, securityRules } from './network-rules';

/** A part of the network with its own rules. */
export interface SubnetSpec {
  /** Address range, inside that of the network: `10.20.1.0/24`. */
  readonly range: string;
  /**
   * Connections that it accepts; everything else is denied. Of `AzureBastionSubnet`: who opens sessions, on 443.
   * @default none
   */
  readonly ingress?: readonly Flow[];
  /**
   * Connections that it opens; everything else is denied. In a network with a `firewallAddress` it may name `Internet` as the
   * peer on 443 and 80: the firewall knows the sites. @default none
   */
  readonly egress?: readonly Flow[];
  /** Service that places its machines in the subnet: `Microsoft.App/environments`. @default none */
  readonly delegatedTo?: string;
  /**
   * Holds an application gateway and nothing else. It may name `Internet` as the peer of `ingress` on 443 and 80, where the
   * data profile says exposure `internet`. @default false
   */
  readonly edge?: boolean;
}

/** Subnets whose names Azure reserves, for services that bring what they need with them. */
interface Reserved {
  /** The service takes no smaller range: bits of the mask. */
  readonly longestPrefix: number;
  /** Whether the service takes a security group. */
  readonly guarded: boolean;
}

/** Sources: the pages of each service on its subnet. */
const RESERVED: Readonly<Record<string, Reserved>> = {
  AzureFirewallSubnet: { longestPrefix: 26, guarded: false },
  AzureFirewallManagementSubnet: { longestPrefix: 26, guarded: false },
  AzureBastionSubnet: { longestPrefix: 26, guarded: true },
  GatewaySubnet: { longestPrefix: 27, guarded: false },
};
/** An application gateway; with the delegation it needs neither the platform's way in nor a way out of its own. */
const GATEWAY_SERVICE = 'Microsoft.Network/applicationGateways';
const WEB_PORTS: readonly string[] = ['80', '443'];

/** How a subnet is made, besides its range. */
export interface SubnetPlan {
  /** Rules of its security group; undefined where Azure refuses one. */
  readonly rules: readonly SecurityRule[] | undefined;
  /** Whether what leaves it goes through the firewall. Replies to the internet, and the gates themselves, do not. */
  readonly routed: boolean;
  readonly delegatedTo: string | undefined;
}

/**
 * Decides the rules of a subnet.
 *
 * @param around exposure of the data profile, and whether what leaves the network goes through a firewall
 * @throws RangeError for a range that is too small for its service, rules that Azure would refuse, and an edge that the
 *   data profile does not declare
 */
export function planSubnet(
  where: string,
  name: string,
  spec: SubnetSpec,
  ranges: ReadonlyMap<string, string>,
  around: { readonly exposure: string; readonly firewalled: boolean },
): SubnetPlan {
  const refuse = (what: string): never => {
    throw new RangeError(`${where}: ${what}`);
  };
  const { delegatedTo, edge = false, egress = [], ingress = [], range } = spec;
  const reserved = RESERVED[name];
  if (!reserved) {
    if (edge && delegatedTo !== undefined)
      refuse(`is an edge and delegatedTo ${delegatedTo}; an application gateway shares its subnet with nothing`);
    const open = ingress.filter(({ peer }) => edge && isEverybody(peer));
    for (const flow of open) checkEntry(refuse, flow, around.exposure);
    const inspected = around.firewalled && !edge ? egress.filter(isWebToInternet) : [];
    const rules = securityRules(where, range, { ingress, egress }, ranges, new Set([...open, ...inspected]));
    return { rules: edge ? [...rules, HEALTH] : rules, routed: !edge, delegatedTo: edge ? GATEWAY_SERVICE : delegatedTo };
  }
  const prefix = Number(range.split('/')[1]);
  if (!(prefix <= reserved.longestPrefix)) refuse(`its range is ${range}; the service needs /${reserved.longestPrefix} or larger`);
  if (delegatedTo !== undefined || edge) refuse('Azure reserves the name for a service; leave delegatedTo and edge out');
  if (!reserved.guarded && ingress.length + egress.length > 0)
    refuse('Azure takes no rules for it; write them where the traffic begins and ends');
  if (name !== BASTION_SUBNET) return { rules: undefined, routed: false, delegatedTo: undefined };
  if (egress.length > 0) refuse('its egress is what the service needs; name it as the peer of the subnets that it reaches, on 22 and 3389');
  const other = ingress.find(({ ports }) => ports.some((port) => String(port) !== '443'));
  if (other) refuse(`ingress "${other.name}" opens ports ${other.ports.join(', ')}; sessions are opened on 443 only (DID-12)`);
  return {
    rules: [...securityRules(where, range, { ingress, egress: [] }, ranges), ...BASTION_RULES],
    routed: false,
    delegatedTo: undefined,
  };
}

const isWeb = ({ ports, protocol = 'Tcp' }: Flow): boolean => protocol === 'Tcp' && ports.every((port) => WEB_PORTS.includes(String(port)));
const isWebToInternet = (flow: Flow): boolean => flow.peer === 'Internet' && flow.ports.length > 0 && isWeb(flow);

function checkEntry(refuse: (what: string) => never, flow: Flow, exposure: string): void {
  const { name, ports, protocol = 'Tcp' } = flow;
  if (exposure !== 'internet')
    refuse(`ingress "${name}" lets everybody in, but the data profile says exposure ${exposure}; declare exposure internet (DID-02)`);
  if (ports.length === 0 || !isWeb(flow))
    refuse(`ingress "${name}" opens ${protocol} ${ports.join(', ')} to everybody; an edge serves 443, and 80 to redirect (DID-02)`);
}

/** Rules of the platform come after those that people list, and before the denial of the rest. */
const PLATFORM_PRIORITY = FIRST_PRIORITY + 1000;
const allow = (
  direction: 'Inbound' | 'Outbound',
  index: number,
  name: string,
  source: string,
  destination: string,
  ports: readonly string[],
  protocol = 'Tcp',
): SecurityRule => ({
  name: `${direction === 'Inbound' ? 'in' : 'out'}-platform-${name}`,
  priority: PLATFORM_PRIORITY + index,
  direction,
  access: 'Allow',
  protocol,
  sourceAddressPrefix: source,
  sourcePortRange: '*',
  destinationAddressPrefix: destination,
  destinationPortRanges: [...ports],
});

/** The platform asks the instances of a gateway whether they are well. */
const HEALTH = allow('Inbound', 0, 'health', 'AzureLoadBalancer', '*', ['*'], '*');

/** Azure Bastion is refused without them; who opens sessions is listed by people. Source: "Working with NSG access and Azure Bastion". */
const BASTION_RULES = [
  allow('Inbound', 0, 'control', 'GatewayManager', '*', ['443']),
  allow('Inbound', 1, 'health', 'AzureLoadBalancer', '*', ['443']),
  allow('Inbound', 2, 'members', 'VirtualNetwork', 'VirtualNetwork', ['8080', '5701'], '*'),
  allow('Outbound', 0, 'sessions', '*', 'VirtualNetwork', ['22', '3389'], '*'),
  allow('Outbound', 1, 'services', '*', 'AzureCloud', ['443']),
  allow('Outbound', 2, 'members', 'VirtualNetwork', 'VirtualNetwork', ['8080', '5701'], '*'),
  allow('Outbound', 3, 'certificates', '*', 'Internet', ['80'], '*'),
];
