import { describe, expect, it } from 'vitest';
import {
  SecureApplicationGateway,
  type SecureApplicationGatewayArgs,
  SecureFrontDoor,
  type SecureFrontDoorArgs,
  type SecureSite,
  SecureWafPolicy,
  type SecureWafPolicyArgs,
  type Tier,
} from '../constructs/azure';
import { surroundings, TODAY } from './support/azure-components';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const config = { config: TODAY };
const VAULT = '/subscriptions/s/vaults/v';
const SITE: SecureSite = {
  hostNames: ['cases.example.com'],
  certificate: { vaultId: VAULT, vaultUri: 'https://v.vault.azure.net/', name: 'cases' },
  backends: ['cases.internal.example.com'],
};
const ORIGIN = {
  host: 'cases.azurewebsites.net',
  privateLink: { resourceId: '/subscriptions/s/site', location: 'westeurope', groupId: 'sites' },
};

const guarded = (tier: Tier, args: Partial<SecureWafPolicyArgs> = {}) =>
  run(() => new SecureWafPolicy('waf', { ...surroundings(tier).common, ...args }), config);
const gateway = (tier: Tier, args: Partial<SecureApplicationGatewayArgs> = {}) =>
  run(() => {
    const { common, logs } = surroundings(tier);
    const inside = args.internetFacing ? {} : { privateAddress: '10.9.3.10' };
    return new SecureApplicationGateway('entry', {
      ...common,
      logs,
      subnetId: '/subscriptions/s/edge',
      sites: { cases: SITE },
      ...inside,
      ...args,
    });
  }, config);
const door = (tier: Tier, args: Partial<SecureFrontDoorArgs> = {}) =>
  run(() => {
    const { common, logs } = surroundings(tier);
    return new SecureFrontDoor('door', {
      ...common,
      logs,
      domainNames: ['cases.example.com'],
      routes: { '/*': { origins: [ORIGIN] } },
      ...args,
    });
  }, config);

describe('SecureWafPolicy', () => {
  it('blocks before gateways, limits every address and strikes out credentials', async () => {
    const { program } = await guarded('low');
    const { customRules, managedRules, policySettings } = program.named('waf-policy').inputs;
    expect(policySettings).toMatchObject({
      state: 'Enabled',
      mode: 'Prevention',
      requestBodyCheck: true,
      requestBodyEnforcement: true,
      fileUploadLimitInMb: 100,
      logScrubbing: { state: 'Enabled' },
    });
    expect(policySettings.logScrubbing.scrubbingRules.map((rule: { matchVariable: string }) => rule.matchVariable)).toEqual([
      'RequestHeaderNames',
      'RequestCookieNames',
    ]);
    expect(customRules).toHaveLength(1);
    expect(customRules[0]).toMatchObject({
      ruleType: 'RateLimitRule',
      action: 'Block',
      rateLimitDuration: 'FiveMins',
      rateLimitThreshold: 2000,
    });
    expect(managedRules.managedRuleSets).toEqual([
      { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleGroupOverrides: [] },
      { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1', ruleGroupOverrides: [] },
    ]);
  });

  it('says the same before Front Door, under a name that the service takes', async () => {
    const { program } = await guarded('low', { scope: 'FRONT_DOOR', countries: ['DE', 'FR'], requestLimit: 500 });
    const { inputs } = program.named('waf-policy');
    expect(inputs.policyName).toMatch(/^[a-z][a-z0-9]*$/);
    expect(inputs).toMatchObject({
      sku: { name: 'Premium_AzureFrontDoor' },
      policySettings: { enabledState: 'Enabled', mode: 'Prevention', requestBodyCheck: 'Enabled', state: 'Enabled' },
    });
    const [countries, limit] = inputs.customRules.rules;
    expect(countries).toMatchObject({
      action: 'Block',
      matchConditions: [{ operator: 'GeoMatch', negateCondition: true, matchValue: ['DE', 'FR'] }],
    });
    expect(limit).toMatchObject({ ruleType: 'RateLimitRule', action: 'Block', rateLimitDurationInMinutes: 5, rateLimitThreshold: 500 });
    expect(inputs.managedRules.managedRuleSets.map((set: { ruleSetAction: string }) => set.ruleSetAction)).toEqual(['Block', 'Block']);
  });

  it('lets single rules only log, on record', async () => {
    const countOnly = [
      { group: 'SQLI', rule: '942430' },
      { group: 'SQLI', rule: '942440' },
    ];
    const { program } = await guarded('low', { countOnly, relax: [relaxationOf('DID-07')] });
    expect(program.named('waf-policy').inputs.managedRules.managedRuleSets[0].ruleGroupOverrides).toEqual([
      {
        ruleGroupName: 'SQLI',
        rules: ['942430', '942440'].map((ruleId) => ({ ruleId, state: 'Enabled', action: 'Log' })),
      },
    ]);
    expect(program.named('waf-waiver-did-07').inputs.ticket).toBe('SEC-1201');
    await expect(guarded('low', { countOnly })).rejects.toThrow(/countOnly names 942430, 942440.*DID-07/);
  });

  it.each([
    ['a limit that is none', { requestLimit: 5 }, /requestLimit is 5/],
    ['a country that is no code', { countries: ['Germany'] }, /countries names "Germany"/],
    ['an upload beyond the service', { uploadLimitInMb: 5000 }, /uploadLimitInMb is 5000; write 1 to 4000/],
  ] as const)('refuses %s in one line', async (_, args, message) => {
    await expect(guarded('low', args as Partial<SecureWafPolicyArgs>)).rejects.toThrow(message);
  });
});

describe('SecureApplicationGateway', () => {
  it('is internal, speaks TLS on both sides and stands behind a firewall in three zones', async () => {
    const { program } = await gateway('high');
    const { inputs } = program.named('entry-gateway');
    expect(inputs).toMatchObject({
      sku: { name: 'WAF_v2', tier: 'WAF_v2' },
      zones: ['1', '2', '3'],
      autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
      sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' },
      forceFirewallPolicyAssociation: true,
      frontendIPConfigurations: [{ name: 'front', privateIPAllocationMethod: 'Static', privateIPAddress: '10.9.3.10' }],
      frontendPorts: [{ name: 'https', port: 443 }],
      redirectConfigurations: [],
    });
    expect(inputs.firewallPolicy.id).toContain('entry-firewall-policy');
    expect(inputs.httpListeners).toEqual([
      expect.objectContaining({ protocol: 'Https', hostNames: ['cases.example.com'], requireServerNameIndication: true }),
    ]);
    expect(inputs.backendHttpSettingsCollection).toEqual([
      expect.objectContaining({ protocol: 'Https', port: 443, pickHostNameFromBackendAddress: true, probe: { id: '$self/probes/cases' } }),
    ]);
    expect(inputs.probes).toEqual([expect.objectContaining({ protocol: 'Https', path: '/', pickHostNameFromBackendHttpSettings: true })]);
    expect(program.of('network:PublicIPAddress')).toEqual([]);
  });

  it('reads its certificates without a version, by an identity that reads nothing else', async () => {
    const { program } = await gateway('low', {
      sites: { cases: { ...SITE, backendAuthority: { ...SITE.certificate, name: 'our-root' } } },
    });
    const { inputs } = program.named('entry-gateway');
    expect(inputs.sslCertificates).toEqual([{ name: 'cases', keyVaultSecretId: 'https://v.vault.azure.net/secrets/cases' }]);
    expect(inputs.trustedRootCertificates).toEqual([{ name: 'cases', keyVaultSecretId: 'https://v.vault.azure.net/secrets/our-root' }]);
    expect(program.named('entry-certificate-cases').inputs.scope).toBe(`${VAULT}/secrets/cases`);
    expect(program.named('entry-certificate-cases-authority').inputs.scope).toBe(`${VAULT}/secrets/our-root`);
    expect(inputs.identity).toMatchObject({ type: 'UserAssigned', userAssignedIdentities: [expect.stringContaining('entry-identity')] });
  });

  it('faces the internet where the profile says so, shielded from floods', async () => {
    const { program } = await gateway('high', { internetFacing: true });
    expect(program.named('entry-gateway').inputs.frontendIPConfigurations).toEqual([
      { name: 'front', publicIPAddress: { id: expect.stringContaining('entry-address') } },
    ]);
    expect(program.named('entry-address').inputs.ddosSettings).toEqual({ protectionMode: 'Enabled' });
    const planned = await gateway('high', { internetFacing: true, ddosProtectionPlanId: '/subscriptions/s/plan' });
    expect(planned.program.named('entry-address').inputs.ddosSettings).toEqual({
      protectionMode: 'Enabled',
      ddosProtectionPlan: { id: '/subscriptions/s/plan' },
    });
    await expect(gateway('moderate', { internetFacing: true })).rejects.toThrow(/says exposure organisation.*\(DID-02\)/);
  });

  it('sends clear text to HTTPS and answers nothing else on 80', async () => {
    const { program } = await gateway('low', { redirect: true });
    const { httpListeners, redirectConfigurations, requestRoutingRules } = program.named('entry-gateway').inputs;
    expect(httpListeners.map(({ name, protocol }: { name: string; protocol: string }) => [name, protocol])).toEqual([
      ['cases', 'Https'],
      ['cases-clear', 'Http'],
    ]);
    expect(redirectConfigurations).toEqual([
      expect.objectContaining({ redirectType: 'Permanent', targetListener: { id: '$self/httpListeners/cases' } }),
    ]);
    const clear = requestRoutingRules.find(({ name }: { name: string }) => name === 'cases-clear');
    expect(clear).toMatchObject({ redirectConfiguration: { id: '$self/redirectConfigurations/cases' } });
    expect(clear.backendAddressPool).toBeUndefined();
    expect(new Set(requestRoutingRules.map(({ priority }: { priority: number }) => priority)).size).toBe(2);
  });

  it('lets backends answer in clear text on record', async () => {
    const sites = { cases: { ...SITE, backendProtocol: 'Http' as const } };
    await expect(gateway('moderate', { sites })).rejects.toThrow(/backendProtocol Http of cases breaks TLS-04/);
    const { program } = await gateway('moderate', { sites, relax: [relaxationOf('TLS-04')] });
    expect(program.named('entry-gateway').inputs.backendHttpSettingsCollection[0]).toMatchObject({ protocol: 'Http', port: 80 });
    expect(program.named('entry-waiver-tls-04')).toBeDefined();
  });

  it.each([
    ['no address', { privateAddress: undefined }, /privateAddress is missing/],
    ['two kinds of addresses', { internetFacing: true, privateAddress: '10.9.3.10' }, /exclude each other/],
    ['one zone', { zones: ['1'] }, /zones lists 1 breaks BCR-06/],
    ['no site', { sites: {} }, /sites is empty/],
    ['a wildcard host', { sites: { cases: { ...SITE, hostNames: ['*.example.com'] } } }, /write an exact host.*\(TLS-11\)/],
    ['a site without backends', { sites: { cases: { ...SITE, backends: [] } } }, /site "cases": backends is empty/],
    ['a version of a certificate', { sites: { cases: { ...SITE, certificate: { ...SITE.certificate, name: 'cases/1f' } } } }, /\(TLS-08\)/],
    ['a site that no part can be named after', { sites: { 'cases/1': SITE } }, /site "cases\/1": its name/],
    ['a capacity beyond the service', { capacity: { least: 2, most: 200 } }, /from 1 to 125/],
    ['a patience beyond the service', { sites: { cases: { ...SITE, requestTimeout: 0 } } }, /requestTimeout is 0/],
  ] as const)('refuses %s in one line', async (_, args, message) => {
    await expect(gateway('high', args as unknown as Partial<SecureApplicationGatewayArgs>)).rejects.toThrow(message);
  });
});

describe('SecureFrontDoor', () => {
  it('answers by modern TLS under its own names only, and asks its origins by HTTPS', async () => {
    const { program } = await door('high');
    expect(program.named('door-domain-cases-example-com').inputs.tlsSettings).toEqual({
      certificateType: 'ManagedCertificate',
      minimumTlsVersion: 'TLS12',
      cipherSuiteSetType: 'TLS12_2023',
    });
    expect(program.named('door-route-1').inputs).toMatchObject({
      patternsToMatch: ['/*'],
      httpsRedirect: 'Enabled',
      forwardingProtocol: 'HttpsOnly',
      linkToDefaultDomain: 'Disabled',
    });
    expect(program.named('door-route-1').inputs.cacheConfiguration).toBeUndefined();
    expect(program.named('door-route-1-origin-1').inputs).toMatchObject({
      hostName: ORIGIN.host,
      originHostHeader: ORIGIN.host,
      enforceCertificateNameCheck: true,
      sharedPrivateLinkResource: { privateLink: { id: '/subscriptions/s/site' }, privateLinkLocation: 'westeurope', groupId: 'sites' },
    });
    expect(program.named('door-route-1-origins').inputs.healthProbeSettings).toMatchObject({
      probeProtocol: 'Https',
      probeRequestType: 'HEAD',
    });
  });

  it('puts a firewall before every name, records everything and strikes out query strings', async () => {
    const { program } = await door('low');
    const { associations, wafPolicy } = program.named('door-guard').inputs.parameters;
    expect(wafPolicy.id).toContain('door-firewall-policy');
    expect(associations).toHaveLength(1);
    expect(associations[0].domains).toHaveLength(2);
    expect(program.named('door-profile').inputs).toMatchObject({
      sku: { name: 'Premium_AzureFrontDoor' },
      originResponseTimeoutSeconds: 60,
      logScrubbing: { state: 'Enabled', scrubbingRules: [{ matchVariable: 'QueryStringArgNames' }] },
    });
    expect(program.named('door-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it('writes the headers that protect browsers over those of the origin', async () => {
    const { program } = await door('low', { contentSecurityPolicy: "default-src 'none'" });
    const { actions } = program.named('door-headers-rule').inputs;
    expect(
      Object.fromEntries(
        actions.map(({ parameters }: { parameters: Record<string, string> }) => [parameters.headerName, parameters.value]),
      ),
    ).toEqual({
      'Strict-Transport-Security': 'max-age=63072000; includeSubDomains; preload',
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'strict-origin-when-cross-origin',
    });
    expect(new Set(actions.map(({ parameters }: { parameters: Record<string, string> }) => parameters.headerAction))).toEqual(
      new Set(['Overwrite']),
    );
  });

  it('reaches origins over the internet on record only, from tier moderate', async () => {
    const routes = {
      '/*': { origins: [{ host: 'a.example.org' }, { host: 'b.example.org' }] },
      '/api/*': { origins: [{ host: 'c.example.org' }] },
    };
    await expect(door('moderate', { routes })).rejects.toThrow(/needs `routes\['\/\*'\]\.origins\[\]\.privateLink` \(DID-07\)/);
    const { program } = await door('moderate', { routes, relax: [relaxationOf('DID-07')] });
    expect(program.all.filter(({ name }) => name.startsWith('door-waiver')).map(({ name }) => name)).toEqual([
      'door-waiver-did-07',
      'door-waiver-did-07-2',
      'door-waiver-did-07-3',
    ]);
  });

  it('keeps answers only where they depend on nobody', async () => {
    const { program } = await door('low', { routes: { '/assets/*': { origins: [ORIGIN], cached: true } } });
    expect(program.named('door-route-1').inputs.cacheConfiguration).toMatchObject({ queryStringCachingBehavior: 'UseQueryString' });
  });

  it('speaks TLS 1.3 alone where it is told to', async () => {
    const { program } = await door('low', { minimumTlsVersion: 'TLS13', dnsZoneId: '/subscriptions/s/zone' });
    expect(program.named('door-domain-cases-example-com').inputs).toMatchObject({
      azureDnsZone: { id: '/subscriptions/s/zone' },
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS13' },
    });
  });

  it('shares a firewall of its own scope', async () => {
    await expect(
      run(() => {
        const { common, logs } = surroundings('low');
        const wafPolicy = new SecureWafPolicy('waf', common);
        return new SecureFrontDoor('door', {
          ...common,
          logs,
          wafPolicy,
          domainNames: ['a.example.com'],
          routes: { '/*': { origins: [ORIGIN] } },
        });
      }, config),
    ).rejects.toThrow(/wafPolicy stands before gateways.*FRONT_DOOR/);
  });

  it.each([
    ['no name', { domainNames: [] }, /domainNames is empty/],
    ['a wildcard', { domainNames: ['*.example.com'] }, /write an exact host.*\(TLS-11\)/],
    ['no route', { routes: {} }, /routes is empty/],
    ['a path that is none', { routes: { 'api/*': { origins: [ORIGIN] } } }, /a path starts with \//],
    ['a route that nothing answers', { routes: { '/*': { origins: [] } } }, /route "\/\*" has no origin/],
    ['origins of both kinds', { routes: { '/*': { origins: [ORIGIN, { host: 'a.example.org' }] } } }, /mixes origins/],
    ['a patience beyond the service', { responseTimeout: 5 }, /responseTimeout is 5; write 16 to 240/],
  ] as const)('refuses %s in one line', async (_, args, message) => {
    await expect(door('high', args as unknown as Partial<SecureFrontDoorArgs>)).rejects.toThrow(message);
  });
});
