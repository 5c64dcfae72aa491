import { describe, expect, it } from 'vitest';
import {
  DdosPlan,
  PrivateDnsZones,
  privateEndpoint,
  SecureBastion,
  type SecureBastionArgs,
  SecureFirewall,
  type SecureFirewallArgs,
  type Tier,
} from '../constructs/azure';
import { surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const SITES = [{ name: 'partners', from: ['10.20.0.0/16'], allowedDomains: ['.partner.example.com', 'api.example.org'] }];
const HUB = '/subscriptions/s/hub/subnets';
const config = { config: TODAY };

const firewalled = (tier: Tier, args: Partial<SecureFirewallArgs> = {}) =>
  run(() => {
    const { common, logs } = surroundings(tier);
    return new SecureFirewall('gate', { ...common, logs, subnetId: `${HUB}/AzureFirewallSubnet`, sites: SITES, ...args });
  }, config);
const brokered = (tier: Tier, args: Partial<SecureBastionArgs> = {}) =>
  run(() => {
    const { common, logs } = surroundings(tier);
    return new SecureBastion('desk', { ...common, logs, subnetId: `${HUB}/AzureBastionSubnet`, ...args });
  }, config);

describe('SecureFirewall', () => {
  it('denies what is known to be bad, at every tier', async () => {
    const { program } = await firewalled('low');
    expect(program.named('gate-policy').inputs).toMatchObject({
      sku: { tier: 'Premium' },
      threatIntelMode: 'Deny',
      threatIntelWhitelist: { fqdns: [], ipAddresses: [] },
      intrusionDetection: { mode: 'Deny', configuration: { bypassTrafficSettings: [], signatureOverrides: [] } },
      dnsSettings: { enableProxy: true },
    });
    expect(program.named('gate-policy').inputs.transportSecurity).toBeUndefined();
  });

  it('lets out what goes to named sites, a domain together with its hosts', async () => {
    const { program } = await firewalled('high');
    const { ruleCollections } = program.named('gate-rules').inputs;
    expect(ruleCollections).toHaveLength(1);
    expect(ruleCollections[0]).toMatchObject({ ruleCollectionType: 'FirewallPolicyFilterRuleCollection', action: { type: 'Allow' } });
    expect(ruleCollections[0].rules).toEqual([
      {
        ruleType: 'ApplicationRule',
        name: 'partners',
        sourceAddresses: ['10.20.0.0/16'],
        protocols: [{ protocolType: 'Https', port: 443 }],
        targetFqdns: ['partner.example.com', '*.partner.example.com', 'api.example.org'],
        terminateTLS: false,
      },
    ]);
  });

  it('carries named connections between networks', async () => {
    const { program } = await firewalled('high', {
      sites: [],
      flows: [{ name: 'cases', from: ['10.20.0.0/16'], to: ['10.30.1.0/24', 'AzureMonitor'], ports: [443, '8000-8010'] }],
    });
    expect(program.named('gate-rules').inputs.ruleCollections[0].rules).toEqual([
      {
        ruleType: 'NetworkRule',
        name: 'cases',
        sourceAddresses: ['10.20.0.0/16'],
        destinationAddresses: ['10.30.1.0/24', 'AzureMonitor'],
        destinationPorts: ['443', '8000-8010'],
        ipProtocols: ['TCP'],
      },
    ]);
  });

  it('spans the zones, is shielded from floods, locked from tier moderate, and records itself and its address', async () => {
    const { program } = await firewalled('high');
    expect(program.named('gate-firewall').inputs).toMatchObject({ sku: { name: 'AZFW_VNet', tier: 'Premium' }, zones: ['1', '2', '3'] });
    expect(program.named('gate-address').inputs).toMatchObject({
      sku: { name: 'Standard', tier: 'Regional' },
      publicIPAllocationMethod: 'Static',
      ddosSettings: { protectionMode: 'Enabled' },
    });
    expect(program.named('gate-firewall-lock').inputs.level).toBe('CanNotDelete');
    for (const name of ['gate-diagnostics', 'gate-address-diagnostics'])
      expect(program.named(name).inputs).toMatchObject({
        logAnalyticsDestinationType: 'Dedicated',
        logs: [{ categoryGroup: 'allLogs', enabled: true }],
      });
    const low = await firewalled('low');
    expect(low.program.all.map(({ name }) => name)).not.toContain('gate-firewall-lock');
  });

  it('opens TLS with a certificate that it alone may read', async () => {
    const vault = '/subscriptions/s/vaults/v';
    const { program } = await firewalled('high', {
      tlsInspection: { vaultId: vault, vaultUri: 'https://v.vault.azure.net/', name: 'inspection' },
    });
    expect(program.named('gate-policy').inputs).toMatchObject({
      identity: { type: 'UserAssigned' },
      transportSecurity: {
        certificateAuthority: { name: 'inspection', keyVaultSecretId: 'https://v.vault.azure.net/secrets/inspection' },
      },
    });
    expect(program.named('gate-certificate-authority').inputs).toMatchObject({
      scope: `${vault}/secrets/inspection`,
      principalType: 'ServicePrincipal',
    });
    expect(program.named('gate-rules').inputs.ruleCollections[0].rules[0].terminateTLS).toBe(true);
  });

  it.each([
    ['every site', { sites: [{ name: 'x', from: ['10.0.0.0/8'], allowedDomains: ['*'] }] }, /allowedDomains names "\*".*\(EXP-05\)/],
    ['no site', { sites: [{ name: 'x', from: ['10.0.0.0/8'], allowedDomains: [] }] }, /allowedDomains is empty/],
    ['everybody as a source', { sites: [{ name: 'x', from: ['*'], allowedDomains: ['a.example.com'] }] }, /from lists "\*"/],
    ['0.0.0.0/0 as a source', { sites: [{ name: 'x', from: ['0.0.0.0/0'], allowedDomains: ['a.example.com'] }] }, /from lists/],
    ['everybody as a destination', { flows: [{ name: 'x', from: ['10.0.0.0/8'], to: ['*'], ports: [443] }] }, /is everybody \(EXP-05\)/],
    ['all ports', { flows: [{ name: 'x', from: ['10.0.0.0/8'], to: ['10.1.0.0/16'], ports: ['*'] }] }, /port "\*"/],
    ['a name that stands twice', { sites: [...SITES, ...SITES] }, /sites "partners": stands twice/],
    ['one zone', { zones: ['1'] }, /zones lists 1 breaks BCR-06/],
    ['a version of a certificate', { tlsInspection: { vaultId: 'v', vaultUri: 'u', name: 'a/1' } }, /"a\/1" names no certificate/],
  ] as const)('refuses %s in one line', async (_, args, message) => {
    await expect(firewalled('high', args as Partial<SecureFirewallArgs>)).rejects.toThrow(message);
  });

  it('stands in one zone on record', async () => {
    const { program } = await firewalled('high', { zones: [], relax: [relaxationOf('BCR-06')] });
    expect(program.named('gate-firewall').inputs.zones).toEqual([]);
    expect(program.named('gate-waiver-bcr-06').inputs).toMatchObject({ rule: 'BCR-06', ticket: 'SEC-1201' });
  });
});

describe('SecureBastion', () => {
  const SHUT = { enableFileCopy: false, enableTunneling: false, enableShareableLink: false, enableIpConnect: false, enableKerberos: false };

  it('copies nothing out, makes no links, and records sessions at tier high', async () => {
    const { program } = await brokered('high');
    expect(program.named('desk-bastion').inputs).toMatchObject({
      ...SHUT,
      sku: { name: 'Premium' },
      disableCopyPaste: true,
      enableSessionRecording: true,
    });
    expect(program.named('desk-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it.each([
    ['low', false],
    ['moderate', true],
  ] as const)('takes the Standard tier at %s', async (tier, disableCopyPaste) => {
    const { program } = await brokered(tier);
    const { inputs } = program.named('desk-bastion');
    expect(inputs).toMatchObject({ ...SHUT, sku: { name: 'Standard' }, disableCopyPaste, enableSessionRecording: false });
  });

  it('has no address on the internet where it is private', async () => {
    const { program } = await brokered('high', { privateOnly: true });
    expect(program.named('desk-bastion').inputs.enablePrivateOnlyBastion).toBe(true);
    expect(program.of('network:PublicIPAddress')).toEqual([]);
  });

  it('lets programs of people through on record, and then records no film', async () => {
    const { program } = await brokered('high', { nativeClient: true, relax: ['EXP-09', 'DID-12'].map(relaxationOf) });
    expect(program.named('desk-bastion').inputs).toMatchObject({
      sku: { name: 'Standard' },
      enableFileCopy: true,
      enableTunneling: true,
      enableSessionRecording: false,
    });
    for (const control of ['exp-09', 'did-12']) expect(program.named(`desk-waiver-${control}`)).toBeDefined();
  });

  it.each([
    ['native clients', 'moderate', { nativeClient: true }, /nativeClient breaks EXP-09/],
    ['native clients that are not recorded', 'high', { nativeClient: true, relax: [relaxationOf('EXP-09')] }, /not recorded \(DID-12\)/],
    ['a tier that records nothing', 'high', { sku: 'Standard' }, /records no sessions \(DID-12\)/],
    ['privacy without Premium', 'low', { privateOnly: true }, /privateOnly needs sku: 'Premium'/],
    ['one instance', 'low', { scaleUnits: 1 }, /scaleUnits is 1; write 2 to 50/],
  ] as const)('refuses %s in one line', async (_, tier, args, message) => {
    await expect(brokered(tier, args as Partial<SecureBastionArgs>)).rejects.toThrow(message);
  });
});

describe('DdosPlan', () => {
  it('cannot be deleted in passing, unless that is on record', async () => {
    const { program } = await run(() => new DdosPlan('floods', surroundings('high').common), config);
    expect(program.named('floods-plan-lock').inputs.level).toBe('CanNotDelete');
    const relaxed = await run(() => new DdosPlan('floods', { ...surroundings('high').common, relax: [relaxationOf('DHC-10')] }), config);
    expect(relaxed.program.all.map(({ name }) => name)).not.toContain('floods-plan-lock');
    expect(relaxed.program.named('floods-waiver-dhc-10')).toBeDefined();
  });
});

describe('PrivateDnsZones', () => {
  const zones = (use: (made: PrivateDnsZones, around: ReturnType<typeof surroundings>) => void) =>
    run(() => {
      const around = surroundings('high');
      const made = new PrivateDnsZones('zones', around.common);
      use(made, around);
      return made;
    }, config);

  it('makes each zone once, and links it to every network that asks', async () => {
    const { program } = await zones((made, { common, network }) => {
      for (const name of ['spoke-a', 'spoke-b'])
        for (const store of ['cases', 'files'])
          privateEndpoint(
            `${name}-${store}`,
            {
              ...common,
              network: made.forNetwork({ name, id: `/subscriptions/s/${name}`, endpointSubnetId: network.endpointSubnetId }),
              resourceId: `/subscriptions/s/${store}`,
              service: 'blob',
            },
            {},
          );
    });
    const made = program.all.filter(({ name }) => name.startsWith('zones-privatelink-blob'));
    expect(made.map(({ name }) => name).sort()).toEqual([
      'zones-privatelink-blob-core-windows-net',
      'zones-privatelink-blob-core-windows-net-spoke-a-link',
      'zones-privatelink-blob-core-windows-net-spoke-b-link',
    ]);
    expect(program.named('zones-privatelink-blob-core-windows-net-spoke-b-link').inputs).toMatchObject({
      virtualNetworkLinkName: 'spoke-b',
      virtualNetwork: { id: '/subscriptions/s/spoke-b' },
      registrationEnabled: false,
    });
  });

  it('refuses a network whose name no link can carry', async () => {
    await expect(zones((made) => made.forNetwork({ name: 'spoke a', id: 'i', endpointSubnetId: 's' }))).rejects.toThrow(
      /"spoke a"; write letters/,
    );
  });
});
