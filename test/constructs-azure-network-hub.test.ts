import { describe, expect, it } from 'vitest';
import { PrivateDnsZones, SecureVirtualNetwork, type SecureVirtualNetworkArgs, type SubnetSpec, type Tier } from '../constructs/azure';
import { surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';

const ENDPOINTS: Record<string, SubnetSpec> = { endpoints: { range: '10.9.2.0/24' } };
const built = (
  subnets: Record<string, SubnetSpec>,
  args: Partial<SecureVirtualNetworkArgs> = {},
  { tier = 'high', use = () => {} }: { tier?: Tier; use?: (network: SecureVirtualNetwork) => void } = {},
) =>
  run(
    () => {
      const { common, logs } = surroundings(tier);
      const net = new SecureVirtualNetwork('hub', {
        ...common,
        logs,
        range: '10.9.0.0/16',
        subnets: { ...ENDPOINTS, ...subnets },
        ...args,
      });
      use(net);
      return net;
    },
    { config: TODAY },
  );

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly access: string;
  readonly sourceAddressPrefix: string;
  readonly destinationAddressPrefix: string;
  readonly destinationPortRanges?: readonly string[];
}
const inShort = ({ access, destinationAddressPrefix, destinationPortRanges = ['*'], direction, sourceAddressPrefix }: Rule) =>
  `${direction} ${access} ${sourceAddressPrefix} > ${destinationAddressPrefix} ${destinationPortRanges.join(',')}`;

describe('a hub', () => {
  it('gives the subnets of gates what their services take: no rules, no routes, no default way out', async () => {
    const { program } = await built(
      { AzureFirewallSubnet: { range: '10.9.0.0/26' }, GatewaySubnet: { range: '10.9.0.64/27' } },
      { firewallAddress: '10.9.0.4' },
    );
    for (const name of ['AzureFirewallSubnet', 'GatewaySubnet']) {
      const { inputs } = program.named(`hub-${name}-subnet`);
      expect(inputs).toMatchObject({ subnetName: name, defaultOutboundAccess: false });
      expect([inputs.networkSecurityGroup, inputs.routeTable]).toEqual([undefined, undefined]);
      expect(program.all.map((resource) => resource.name)).not.toContain(`hub-${name}-rules-diagnostics`);
    }
    expect(program.named('hub-endpoints-subnet').inputs.routeTable).toBeDefined();
  });

  it('gives the broker of sessions the rules without which Azure refuses it, and admits only who is listed', async () => {
    const { program } = await built({
      AzureBastionSubnet: { range: '10.9.0.128/26', ingress: [{ name: 'office', peer: '203.0.113.0/28', ports: [443] }] },
    });
    expect(program.named('hub-AzureBastionSubnet-rules').inputs.securityRules.map(inShort)).toEqual([
      'Inbound Allow 203.0.113.0/28 > 10.9.0.128/26 443',
      'Inbound Deny * > * *',
      'Outbound Deny * > * *',
      'Inbound Allow GatewayManager > * 443',
      'Inbound Allow AzureLoadBalancer > * 443',
      'Inbound Allow VirtualNetwork > VirtualNetwork 8080,5701',
      'Outbound Allow * > VirtualNetwork 22,3389',
      'Outbound Allow * > AzureCloud 443',
      'Outbound Allow VirtualNetwork > VirtualNetwork 8080,5701',
      'Outbound Allow * > Internet 80',
    ]);
    const priorities = program
      .named('hub-AzureBastionSubnet-rules')
      .inputs.securityRules.map((rule: { priority: number }) => rule.priority);
    expect(Math.max(...priorities.slice(3))).toBeLessThan(4096);
  });

  it('lets machines be administered from the broker, of this network or of the hub, and from nowhere else', async () => {
    const workload = (peer: string): Record<string, SubnetSpec> => ({
      workload: { range: '10.9.1.0/24', ingress: [{ name: 'sessions', peer, ports: [22, 3389] }] },
    });
    const { program } = await built(workload('AzureBastionSubnet'), { bastionRange: '10.10.0.0/26' });
    expect(inShort(program.named('hub-workload-rules').inputs.securityRules[0])).toBe('Inbound Allow 10.10.0.0/26 > 10.9.1.0/24 22,3389');
    await expect(built(workload('10.10.0.0/26'), { bastionRange: '10.10.0.0/26' })).rejects.toThrow(/administration port 22 \(DID-12\)/);
    await expect(
      built(
        { workload: { range: '10.9.1.0/24', ingress: [{ name: 'all', peer: 'AzureBastionSubnet', ports: ['20-30'] }] } },
        { bastionRange: '10.10.0.0/26' },
      ),
    ).rejects.toThrow(/DID-12/);
  });

  it('lets an edge serve everybody on 443 where the profile says so, delegated to the gateway and outside of the firewall', async () => {
    const edge: SubnetSpec = { range: '10.9.3.0/24', edge: true, ingress: [{ name: 'browsers', peer: 'Internet', ports: [443, 80] }] };
    const { program } = await built({ edge }, { firewallAddress: '10.9.0.4' });
    expect(program.named('hub-edge-subnet').inputs).toMatchObject({
      delegations: [{ serviceName: 'Microsoft.Network/applicationGateways' }],
      defaultOutboundAccess: false,
    });
    expect(program.named('hub-edge-subnet').inputs.routeTable).toBeUndefined();
    expect(program.named('hub-edge-rules').inputs.securityRules.map(inShort)).toEqual([
      'Inbound Allow Internet > 10.9.3.0/24 443,80',
      'Inbound Deny * > * *',
      'Outbound Deny * > * *',
      'Inbound Allow AzureLoadBalancer > * *',
    ]);
    await expect(built({ edge }, {}, { tier: 'moderate' })).rejects.toThrow(/exposure organisation; declare exposure internet \(DID-02\)/);
  });

  it('lets workloads out to the internet on web ports only through a firewall', async () => {
    const subnets: Record<string, SubnetSpec> = {
      workload: { range: '10.9.1.0/24', egress: [{ name: 'partners', peer: 'Internet', ports: [443] }] },
    };
    const { program } = await built(subnets, { firewallAddress: '10.9.0.4' });
    expect(program.named('hub-workload-rules').inputs.securityRules.map(inShort)).toContain('Outbound Allow 10.9.1.0/24 > Internet 443');
    await expect(built(subnets)).rejects.toThrow(/peer "Internet" is everybody \(EXP-05\)/);
  });

  it.each([
    [
      'a firewall subnet that is too small',
      { AzureFirewallSubnet: { range: '10.9.0.0/27' } },
      /its range is 10\.9\.0\.0\/27; the service needs \/26/,
    ],
    ['a broker subnet that is too small', { AzureBastionSubnet: { range: '10.9.0.0/28' } }, /needs \/26/],
    [
      'rules where Azure takes none',
      { GatewaySubnet: { range: '10.9.0.0/27', egress: [{ name: 'x', peer: 'endpoints', ports: [443] }] } },
      /takes no rules/,
    ],
    [
      'sessions on another port',
      { AzureBastionSubnet: { range: '10.9.0.0/26', ingress: [{ name: 'x', peer: '203.0.113.0/28', ports: [22] }] } },
      /443 only \(DID-12\)/,
    ],
    [
      'everybody at the broker',
      { AzureBastionSubnet: { range: '10.9.0.0/26', ingress: [{ name: 'x', peer: 'Internet', ports: [443] }] } },
      /everybody \(DID-02\)/,
    ],
    [
      'egress of the broker',
      { AzureBastionSubnet: { range: '10.9.0.0/26', egress: [{ name: 'x', peer: 'endpoints', ports: [443] }] } },
      /what the service needs/,
    ],
    [
      'a delegation of a reserved name',
      { AzureFirewallSubnet: { range: '10.9.0.0/26', delegatedTo: 'Microsoft.App/environments' } },
      /reserves the name/,
    ],
    [
      'an edge that is shared',
      { edge: { range: '10.9.3.0/24', edge: true, delegatedTo: 'Microsoft.App/environments' } },
      /shares its subnet with nothing/,
    ],
    [
      'an edge on another port',
      { edge: { range: '10.9.3.0/24', edge: true, ingress: [{ name: 'x', peer: 'Internet', ports: [8443] }] } },
      /serves 443/,
    ],
  ] as const)('refuses %s in one line', async (_, subnets, message) => {
    await expect(built(subnets as unknown as Record<string, SubnetSpec>)).rejects.toThrow(message);
  });
});

describe('peering', () => {
  it('forwards nothing and shares no gateway unless it is asked to', async () => {
    const { program } = await built(
      {},
      {},
      {
        use: (network) => {
          network.peer('spoke', { remoteId: '/subscriptions/t/spoke' });
          network.peer('branch', { remoteId: '/subscriptions/t/branch', acceptForwarded: true, gateway: 'use' });
        },
      },
    );
    expect(program.named('hub-peer-spoke').inputs).toMatchObject({
      remoteVirtualNetwork: { id: '/subscriptions/t/spoke' },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
    });
    expect(program.named('hub-peer-branch').inputs).toMatchObject({
      allowForwardedTraffic: true,
      allowGatewayTransit: false,
      useRemoteGateways: true,
    });
  });
});

describe('zones of a hub', () => {
  it('serve a spoke as its own would', async () => {
    const { program } = await run(
      () => {
        const { common, logs } = surroundings('high');
        const zones = new PrivateDnsZones('zones', common);
        const spoke = new SecureVirtualNetwork('spoke', { ...common, logs, zones, range: '10.9.0.0/16', subnets: ENDPOINTS });
        spoke.privateEndpoint('files', { resourceId: '/subscriptions/s/files', service: 'blob' });
        spoke.privateEndpoint('cases', { resourceId: '/subscriptions/s/cases', service: 'blob' });
        return spoke;
      },
      { config: TODAY },
    );
    expect(program.named('zones-privatelink-blob-core-windows-net-spoke-link').inputs.registrationEnabled).toBe(false);
    expect(program.all.filter(({ name }) => name.startsWith('spoke-zone'))).toEqual([]);
  });
});
