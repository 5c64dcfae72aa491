import { type DecidedProfile, SecureResourceGroup, SecureVirtualNetwork, type SubnetSpec } from '../../constructs/azure';
import type { CaseLogs } from './case-management-logs';

/** What the network is made from. */
export interface CaseNetworkArgs {
  readonly profile: DecidedProfile;
  readonly location: string;
  readonly logs: CaseLogs;
  /** Private range from which people come: a VPN, or the offices. */
  readonly peopleRange: string;
  readonly ddosProtectionPlanId?: string;
  readonly hubNetworkId?: string;
}

/** Address at which people find the environment: that of the application gateway. */
export const ENTRY_ADDRESS = '10.20.1.10';

/** Names of services that do not end in `azure.com`, `azure.net` or `windows.net`. */
const ALLOWED_NAMES = ['azure-api.net', 'azurewebsites.net'];

/**
 * Who speaks to whom. People reach the entry, and files by their links; the entry reaches the gateway, the gateway the service,
 * the service the stores, each through its private endpoint. Nothing reaches the internet but the services that are named.
 */
const subnets = (people: string): Readonly<Record<string, SubnetSpec>> => ({
  entry: {
    range: '10.20.1.0/24',
    edge: true,
    ingress: [{ name: 'people', peer: people, ports: [443] }],
    egress: [
      { name: 'interface', peer: 'gateway', ports: [443] },
      { name: 'endpoints', peer: 'endpoints', ports: [443] },
    ],
  },
  gateway: {
    range: '10.20.2.0/26',
    ingress: [
      { name: 'entry', peer: 'entry', ports: [443] },
      { name: 'control', peer: 'ApiManagement', ports: [3443] },
      { name: 'health', peer: 'AzureLoadBalancer', ports: [6390] },
    ],
    // Besides the service that it asks, it needs these to start.
    egress: [
      { name: 'endpoints', peer: 'endpoints', ports: [443] },
      { name: 'storage', peer: 'Storage', ports: [443] },
      { name: 'settings', peer: 'Sql', ports: [1433] },
      { name: 'certificates', peer: 'AzureKeyVault', ports: [443] },
      { name: 'records', peer: 'AzureMonitor', ports: [443, 1886] },
      { name: 'sign-in', peer: 'AzureActiveDirectory', ports: [443] },
    ],
  },
  apps: {
    range: '10.20.3.0/26',
    delegatedTo: 'Microsoft.Web/serverFarms',
    egress: [
      { name: 'stores', peer: 'endpoints', ports: [443, 1433, 5671] },
      { name: 'sign-in', peer: 'AzureActiveDirectory', ports: [443] },
    ],
  },
  endpoints: {
    range: '10.20.4.0/24',
    ingress: [
      { name: 'apps', peer: 'apps', ports: [443, 1433, 5671] },
      { name: 'entry', peer: 'entry', ports: [443] },
      { name: 'gateway', peer: 'gateway', ports: [443] },
      { name: 'files', peer: people, ports: [443] },
    ],
  },
});

/** The network of the environment: four segments, and names of Azure only. */
export function caseNetwork({ ddosProtectionPlanId, hubNetworkId, location, logs, peopleRange, profile }: CaseNetworkArgs) {
  const group = new SecureResourceGroup('network-group', { profile, location, resourceGroupName: 'case-management-network' });
  const network = new SecureVirtualNetwork('network', {
    profile,
    location,
    resourceGroupName: group.name,
    range: '10.20.0.0/16',
    subnets: subnets(peopleRange),
    allowedNames: ALLOWED_NAMES,
    ...(ddosProtectionPlanId ? { ddosProtectionPlanId } : {}),
    logs: (made) => logs.sinkOf(made),
  });
  if (hubNetworkId) network.peer('hub', { remoteId: hubNetworkId, acceptForwarded: true, gateway: 'use' });
  return { group, network, scope: logs.connect(network) };
}
