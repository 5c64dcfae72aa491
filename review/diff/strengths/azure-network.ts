/** Settings of networks of Azure of which one value protects more. Paths and defaults as the references of the services state them. */
import type { Resource } from '../../../policies/resource';
import { off, on, row, type Strength, scale, there } from './parts';

const NETWORK = /^azure-native:network:VirtualNetwork$/;
const TABLE = /^azure-native:network:RouteTable$/;
const CARD = /^azure-native:network:NetworkInterface$/;
const POLICY = /^azure-native:network:FirewallPolicy$/;
const FIREWALL = /^azure-native:network:(AzureFirewall|FirewallPolicy)$/;
const CONNECTION = /^azure-native:network:HubVirtualNetworkConnection$/;
const WAN = /^azure-native:network:VirtualWan$/;
const HUB = /^azure-native:network:VirtualHub$/;

/** The switch and the plan only work together; undefined where one of them is not known. */
function shielded(network: Resource): number | undefined {
  const on = network.at('enableDdosProtection').orDefault(false).boolean;
  return on === undefined ? undefined : Number(on && network.at('ddosProtectionPlan.id').state !== 'absent');
}

export const AZURE_NETWORK: readonly Strength[] = [
  row(TABLE, 'disableBgpRoutePropagation', 'routes of gateways', 'exposure', {
    ...on('false'),
    turns: [
      'routes that gateways learn apply beside its own now, and may lead past what its own lead to',
      'routes that gateways learn no longer apply beside its own',
    ],
  }),
  row(CARD, 'enableIPForwarding', 'passing on', 'exposure', {
    ...off('false'),
    turns: [
      'passes on what is meant for others now: a machine that can stand in for a router',
      'no longer passes on what is meant for others',
    ],
  }),
  row(NETWORK, 'encryption.enabled', 'encryption between machines', 'encryption', { ...on('false'), severity: 'high' }),
  row(NETWORK, 'encryption.enforcement', 'what is done with traffic that is not encrypted', 'encryption', {
    order: { scale: ['AllowUnencrypted', 'DropUnencrypted'] },
  }),
  row(NETWORK, 'enableDdosProtection', 'its shield against floods', 'exposure', {
    order: { more: 'stronger' },
    read: shielded,
    turns: ['nothing but what everybody gets shields it against floods any more', 'a plan shields it against floods now'],
  }),
  row(
    /^azure-native:network:PublicIPAddress$/,
    'ddosSettings.protectionMode',
    'protection against floods',
    'exposure',
    scale('VirtualNetworkInherited', 'Disabled', 'VirtualNetworkInherited', 'Enabled'),
  ),
  row(FIREWALL, 'sku.tier', 'its tier, which decides what it can inspect', 'exposure', {
    ...scale('Standard', 'Basic', 'Standard', 'Premium'),
    severity: 'high',
  }),
  row(POLICY, 'transportSecurity.certificateAuthority', 'inspection inside of encrypted sessions', 'exposure', {
    ...there,
    severity: 'high',
  }),
  row(POLICY, 'dnsSettings.enableProxy', 'its proxy for names', 'exposure', {
    ...on('false'),
    turns: [
      'it no longer answers for names: what machines resolve is neither seen nor the same as what its rules resolve',
      'it answers for names now',
    ],
  }),
  row(POLICY, 'basePolicy.id', 'the policy whose rules come before its own', 'exposure', { ...there, severity: 'high' }),
  row(POLICY, 'insights.isEnabled', 'its analysis', 'logging', on('false')),
  row(/^azure-native:network:AzureFirewall$/, 'firewallPolicy.id', 'its policy', 'exposure', { ...there, severity: 'high' }),
  row(CONNECTION, 'enableInternetSecurity', 'that what goes to the internet passes the firewall of the hub', 'exposure', {
    ...on('false'),
    severity: 'high',
  }),
  row(WAN, 'disableVpnEncryption', 'encryption in its tunnels', 'encryption', {
    ...off('false'),
    severity: 'high',
    turns: ['what goes through its tunnels is not encrypted any more', 'what goes through its tunnels is encrypted now'],
  }),
  row(WAN, 'allowBranchToBranchTraffic', 'passing on between branches', 'exposure', {
    order: { scale: ['true', 'false'] },
    turns: ['branches reach each other through its hubs now', 'branches no longer reach each other through its hubs'],
  }),
  row(/^azure-native:network:ExpressRouteCircuit$/, 'globalReachEnabled', 'joining to other private lines', 'exposure', off('false')),
  row(HUB, 'azureFirewall.id', 'its firewall', 'exposure', { ...there, severity: 'high' }),
  row(
    /^azure-native:network:VirtualNetworkGateway$/,
    'disableIPSecReplayProtection',
    'refusal of packets that are sent again',
    'encryption',
    off('false'),
  ),
  row(/^azure-native:network:(NetworkSecurityPerimeterAssociation|NspAssociation)$/, 'accessMode', 'what the perimeter does', 'exposure', {
    order: { scale: ['Learning', 'Audit', 'Enforced'] },
    severity: 'high',
  }),
  row(/^azure-native:privatedns:VirtualNetworkLink$/, 'resolutionPolicy', 'names that the zone does not know', 'exposure', {
    ...scale('Default', 'NxDomainRedirect', 'Default'),
    severity: 'low',
    turns: [
      'names that the zone does not know are asked for on the internet now',
      'names that the zone does not know are no longer asked for on the internet',
    ],
  }),
];
