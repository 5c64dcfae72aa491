import { describe, expect, it } from 'vitest';
import { type Flow, SecureVirtualNetwork, type SecureVirtualNetworkArgs, type SubnetSpec, type Tier } from '../constructs/azure';
import { surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const built = (tier: Tier, args: Partial<SecureVirtualNetworkArgs> = {}, use: (network: SecureVirtualNetwork) => void = () => {}) =>
  run(
    () => {
      const { common, logs } = surroundings(tier);
      const net = new SecureVirtualNetwork('net', { ...common, logs, range: '10.9.0.0/16', subnets: SUBNETS, ...args });
      use(net);
      return net;
    },
    { config: TODAY },
  );
const SUBNETS: Record<string, SubnetSpec> = {
  workload: { range: '10.9.1.0/24', egress: [{ name: 'stores', peer: 'endpoints', ports: [443] }] },
  endpoints: { range: '10.9.2.0/24', ingress: [{ name: 'workload', peer: 'workload', ports: [443, '8000-8010'] }] },
};
const withIngress = (flow: Partial<Flow>) => ({
  subnets: { endpoints: { range: '10.9.2.0/24', ingress: [{ name: 'x', peer: '10.1.0.0/16', ports: [443], ...flow }] } },
});
const withEgress = (flow: Partial<Flow>) => ({
  subnets: { endpoints: { range: '10.9.2.0/24', egress: [{ name: 'x', peer: '10.1.0.0/16', ports: [443], ...flow }] } },
});

describe('SecureVirtualNetwork', () => {
  it('gives each subnet its own rules, no way out by default and rules that hold for private endpoints', async () => {
    const { program } = await built('high');
    for (const name of ['workload', 'endpoints'])
      expect(program.named(`net-${name}-subnet`).inputs).toMatchObject({
        subnetName: name,
        defaultOutboundAccess: false,
        networkSecurityGroup: { id: expect.stringContaining(`net-${name}-rules`) },
        privateEndpointNetworkPolicies: 'Enabled',
        privateLinkServiceNetworkPolicies: 'Enabled',
        serviceEndpoints: [],
      });
  });

  it('allows what is listed and denies everything else in both directions', async () => {
    const { program } = await built('low');
    const rules = program.named('net-endpoints-rules').inputs.securityRules;
    expect(rules).toEqual([
      expect.objectContaining({
        name: 'in-workload',
        priority: 100,
        direction: 'Inbound',
        access: 'Allow',
        protocol: 'Tcp',
        sourceAddressPrefix: '10.9.1.0/24',
        destinationAddressPrefix: '10.9.2.0/24',
        destinationPortRanges: ['443', '8000-8010'],
      }),
      expect.objectContaining({
        name: 'deny-all-inbound',
        priority: 4096,
        access: 'Deny',
        sourceAddressPrefix: '*',
        destinationPortRange: '*',
      }),
      expect.objectContaining({ name: 'deny-all-outbound', priority: 4096, access: 'Deny', destinationAddressPrefix: '*', protocol: '*' }),
    ]);
    expect(program.named('net-workload-rules').inputs.securityRules[1]).toMatchObject({
      name: 'out-stores',
      direction: 'Outbound',
      sourceAddressPrefix: '10.9.1.0/24',
      destinationAddressPrefix: '10.9.2.0/24',
    });
  });

  it('records flows in the archive with an identity, and analyses them more often at tier high', async () => {
    const { program } = await built('high');
    expect(program.named('net-flows').inputs).toMatchObject({
      enabled: true,
      targetResourceId: expect.stringContaining('net-network'),
      storageId: expect.stringContaining('archive-account'),
      format: { type: 'JSON', version: 2 },
      networkWatcherName: 'NetworkWatcher_westeurope',
      identity: { type: 'UserAssigned', userAssignedIdentities: [expect.stringContaining('net-flow-identity')] },
      flowAnalyticsConfiguration: { networkWatcherFlowAnalyticsConfiguration: { enabled: true, trafficAnalyticsInterval: 10 } },
    });
    const moderate = (await built('moderate')).program.named('net-flows').inputs;
    expect(moderate.retentionPolicy).toEqual({ enabled: true, days: 365 });
    expect(moderate.flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration.trafficAnalyticsInterval).toBe(60);
  });

  it('keeps flows beyond what the service can count until the archive removes them', async () => {
    const { program } = await built('high');
    expect(program.named('net-flows').inputs.retentionPolicy).toEqual({ enabled: true, days: 0 });
  });

  it('records every name that is looked up', async () => {
    const { program } = await built('low');
    expect(program.named('net-names-link').inputs.virtualNetwork.id).toContain('net-network');
    expect(program.named('net-names-diagnostics').inputs.logs).toEqual([{ category: 'DnsResponse', enabled: true }]);
  });

  it('records what the rules of each subnet let through and refused', async () => {
    const { program } = await built('low');
    for (const name of ['workload', 'endpoints'])
      expect(program.named(`net-${name}-rules-diagnostics`).inputs).toMatchObject({
        resourceUri: expect.stringContaining(`net-${name}-rules`),
        logs: expect.arrayContaining([{ category: 'NetworkSecurityGroupRuleCounter', enabled: true }]),
      });
  });

  it('refuses names that are not listed, from tier moderate', async () => {
    const { program } = await built('moderate', { allowedNames: ['*.cases.internal', 'example.com.'] });
    expect(program.named('net-names-allowed-names').inputs.domains).toEqual(
      expect.arrayContaining(['windows.net.', 'cases.internal.', 'example.com.']),
    );
    expect(program.named('net-names-refused-names').inputs.domains).toEqual(['.']);
    expect(program.named('net-names-allowed').inputs).toMatchObject({
      priority: 100,
      action: { actionType: 'Allow' },
      dnsSecurityRuleState: 'Enabled',
    });
    expect(program.named('net-names-refused').inputs).toMatchObject({
      priority: 65000,
      action: { actionType: 'Block', blockResponseCode: 'SERVFAIL' },
      dnsSecurityRuleState: 'Enabled',
    });
    expect((await built('low')).program.of('dnsresolver:DnsSecurityRule')).toEqual([]);
  });

  it('leaves names to a central resolver on record', async () => {
    const { program } = await built('high', { relax: [relaxationOf('DID-10')] });
    expect(program.all.filter(({ name }) => name === 'net-names-refused')).toEqual([]);
    expect(program.named('net-names-diagnostics').inputs.logs).toEqual([{ category: 'DnsResponse', enabled: true }]);
    expect(program.one('palisade:index:Waiver').inputs).toMatchObject({
      rule: 'DID-10',
      resource: expect.stringMatching(/::net-network$/),
    });
  });

  it('makes each private DNS zone once, linked and without registration', async () => {
    const { program } = await built('low', {}, (net) => {
      net.privateEndpoint('one', { resourceId: '/one', service: 'table' });
      net.privateEndpoint('two', { resourceId: '/two', service: 'table' });
    });
    const zones = program.of('privatedns:PrivateZone').filter(({ name }) => name.startsWith('net-'));
    expect(zones.map(({ inputs }) => inputs.privateZoneName)).toEqual(['privatelink.table.core.windows.net']);
    expect(program.named('net-zone-privatelink-table-core-windows-net-link').inputs).toMatchObject({
      registrationEnabled: false,
      location: 'global',
    });
    expect(program.named('net-two-endpoint').inputs.subnet.id).toContain('net-endpoints-subnet');
  });

  it('sends everything that leaves through a firewall where there is one', async () => {
    const { program } = await built('high', { firewallAddress: '10.0.0.4' });
    expect(program.named('net-routes').inputs).toMatchObject({
      disableBgpRoutePropagation: true,
      routes: [{ addressPrefix: '0.0.0.0/0', nextHopType: 'VirtualAppliance', nextHopIpAddress: '10.0.0.4' }],
    });
    expect(program.named('net-workload-subnet').inputs.routeTable.id).toContain('net-routes');
  });

  it('states its DDoS protection, with or without a plan', async () => {
    expect((await built('low')).program.named('net-network').inputs).toMatchObject({
      enableDdosProtection: false,
      encryption: { enabled: true },
    });
    const planned = (await built('high', { ddosProtectionPlanId: '/plans/shared' })).program.named('net-network').inputs;
    expect(planned).toMatchObject({ enableDdosProtection: true, ddosProtectionPlan: { id: '/plans/shared' } });
  });
});

describe('what a SecureVirtualNetwork refuses', () => {
  it.each(['*', 'Internet', 'internet', '0.0.0.0/0', '::/0', 'AzureCloud.WestEurope', '52.0.0.0/8', '0.0.0.0/1', 'Any'])(
    'ingress from %s',
    async (peer) => {
      await expect(built('low', withIngress({ peer }))).rejects.toThrow(
        /subnet "endpoints" ingress "x": peer ".*" is everybody \(DID-02\)/,
      );
    },
  );

  it.each(['*', 'Internet', '0.0.0.0/0'])('egress to %s', async (peer) => {
    await expect(built('low', withEgress({ peer }))).rejects.toThrow(/egress "x": peer ".*" is everybody \(EXP-05\); name the destination/);
  });

  it.each([22, 3389, 5986, '20-25', '3000-4000'])('administration port %s inwards', async (port) => {
    await expect(built('low', withIngress({ ports: [port] }))).rejects.toThrow(/opens administration port \d+ \(DID-12\)/);
  });

  it.each(['*', '0-65535', 'https', '443-80', 70000, '1-65535'])('port %s', async (port) => {
    await expect(built('low', withEgress({ ports: [port] }))).rejects.toThrow(/DID-23/);
  });

  it('a rule without a port', async () => {
    await expect(built('low', withEgress({ ports: [] }))).rejects.toThrow(/lists no port/);
  });

  it('private ranges and named services are peers', async () => {
    const flows = ['10.0.0.0/8', '203.0.113.0/24', 'AzureLoadBalancer', 'Storage.WestEurope'].map((peer, index) => ({
      name: `n${index}`,
      peer,
      ports: [443],
    }));
    const { program } = await built('low', { subnets: { endpoints: { range: '10.9.2.0/24', egress: flows } } });
    expect(program.named('net-endpoints-rules').inputs.securityRules).toHaveLength(flows.length + 2);
  });

  it('a network without a subnet for private endpoints', async () => {
    await expect(built('low', { subnets: {} })).rejects.toThrow(/there is no subnet "endpoints" for private endpoints/);
  });

  it.each(['.', '*', 'com', '*.com', 'a b.com'])('the name %s, which is too many names or none', async (allowed) => {
    await expect(built('low', { allowedNames: [allowed] })).rejects.toThrow(
      /allowedNames lists ".*"; write a domain of at least two parts/,
    );
  });

  it('logs without an archive', async () => {
    await expect(built('low', { logs: { workspaceId: '/w', workspaceLocation: 'westeurope' } })).rejects.toThrow(
      /logs has no archive.*LOG-12/,
    );
  });

  it('an endpoint for a service that it does not know', async () => {
    await expect(built('low', {}, (net) => net.privateEndpoint('x', { resourceId: '/x', service: 'ftp' as never }))).rejects.toThrow(
      /"ftp" is no known service/,
    );
  });
});
