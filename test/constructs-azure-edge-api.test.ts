import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  declareProfile,
  type EndpointNetwork,
  FieldSecuredApi,
  type FieldSecuredApiArgs,
  SecureApiManagement,
  type SecureApiManagementArgs,
  type Tier,
} from '../constructs/azure';
import { type Element, element, idText, plainText, xmlOf } from '../constructs/azure/edge-api-xml';
import { CASE_FIELDS, CASE_NOTICE } from '../stacks/fields';
import { PLACE, PROFILES, TENANT, TODAY } from './support/azure-components';
import { type RunOptions, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const SUBNET = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n/subnets/gateway';
const LOGS = {
  workspaceId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/w',
  workspaceLocation: 'westeurope',
};
const NETWORK: EndpointNetwork = {
  endpointSubnetId: SUBNET,
  zoneId: (zone) => `/subscriptions/s/resourceGroups/names/providers/Microsoft.Network/privateDnsZones/${zone}`,
};
const SECRET = {
  secretId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v/secrets/tls',
  secretUri: 'https://v.vault.azure.net/secrets/tls',
};

const gatewayOf = (
  tier: Tier,
  args: Partial<SecureApiManagementArgs> = {},
  use: (gateway: SecureApiManagement) => void = () => {},
  options: RunOptions = {},
) =>
  run(
    () => {
      const gateway = new SecureApiManagement('gateway', {
        ...PLACE,
        profile: declareProfile('profile', PROFILES[tier]),
        logs: LOGS,
        network: NETWORK,
        subnetId: SUBNET,
        publisherName: 'Example',
        publisherEmail: 'platform@example.com',
        ...args,
      });
      use(gateway);
      return gateway;
    },
    { config: TODAY, ...options },
  );

describe('SecureApiManagement', () => {
  it('stands in the network, without portals, old protocols or the old interface, at every tier', async () => {
    for (const tier of ['low', 'moderate', 'high'] as const) {
      const { program } = await gatewayOf(tier);
      const { customProperties, ...service } = program.named('gateway-service').inputs;
      expect(service).toMatchObject({
        sku: { name: 'Premium', capacity: 3 },
        zones: ['1', '2', '3'],
        identity: { type: 'SystemAssigned, UserAssigned' },
        virtualNetworkType: 'Internal',
        virtualNetworkConfiguration: { subnetResourceId: SUBNET },
        publicNetworkAccess: 'Enabled',
        apiVersionConstraint: { minApiVersion: '2021-08-01' },
        configurationApi: { legacyApi: 'Disabled' },
        developerPortalStatus: 'Disabled',
        legacyPortalStatus: 'Disabled',
        disableGateway: false,
      });
      const { 'Microsoft.WindowsAzure.ApiManagement.Gateway.Protocols.Server.Http2': http2, ...old } = customProperties;
      expect(http2).toBe('True');
      expect(new Set(Object.values(old))).toEqual(new Set(['False']));
      for (const part of [
        'Protocols.Tls10',
        'Backend.Protocols.Tls11',
        'Protocols.Ssl30',
        'Backend.Protocols.Ssl30',
        'Ciphers.TripleDes168',
      ])
        expect(Object.keys(old)).toContain(`Microsoft.WindowsAzure.ApiManagement.Gateway.Security.${part}`);
    }
  });

  it('is found under its own name in the network, in a zone that hides nobody else', async () => {
    const { program } = await gatewayOf('high', { serviceName: 'cases-gateway' });
    expect(program.named('gateway-name').inputs).toMatchObject({
      privateZoneName: 'cases-gateway.azure-api.net',
      relativeRecordSetName: '@',
      recordType: 'A',
      ttl: 300,
      resourceGroupName: 'names',
    });
  });

  it('is reached by a private endpoint where it stands in no subnet, and is closed once that is there', async () => {
    const { program } = await gatewayOf('moderate', { subnetId: undefined, sku: 'Standard' });
    expect(program.named('gateway-service').inputs).toMatchObject({ virtualNetworkType: 'None', publicNetworkAccess: 'Disabled' });
    expect(program.named('gateway-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['Gateway']);
    await expect(gatewayOf('moderate', { subnetId: undefined, connected: false })).rejects.toThrow(/connected: false breaks DID-22/);
    const first = await gatewayOf('moderate', { subnetId: undefined, connected: false, relax: [relaxationOf('DID-22')] });
    expect(first.program.named('gateway-service').inputs.publicNetworkAccess).toBe('Enabled');
    expect(first.program.all.map(({ name }) => name)).toContain('gateway-waiver-did-22');
  });

  it('records each call with its address, and nothing of what was sent', async () => {
    const { program } = await gatewayOf('moderate');
    expect(program.named('gateway-logger').inputs).toMatchObject({ loggerId: 'azuremonitor', loggerType: 'azureMonitor' });
    const { backend, frontend, logClientIp, sampling } = program.named('gateway-records').inputs;
    for (const message of [backend.request, backend.response, frontend.request, frontend.response])
      expect(message).toEqual({ headers: [], body: { bytes: 0 } });
    expect([logClientIp, sampling.percentage]).toEqual([true, 100]);
    expect(program.named('gateway-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it('reads named values, certificates and names from a vault, each with a right on that one secret', async () => {
    const { program } = await gatewayOf('high', { hostnames: [{ hostName: 'api.example.com', certificate: SECRET }] }, (gateway) => {
      gateway.namedValue('signing', SECRET);
      gateway.certificate('backend', SECRET);
    });
    expect(program.named('gateway-value-signing').inputs).toMatchObject({ secret: true, keyVault: { secretIdentifier: SECRET.secretUri } });
    expect(program.named('gateway-value-signing').inputs).not.toHaveProperty('value');
    expect(program.named('gateway-certificate-backend').inputs).not.toHaveProperty('data');
    expect(program.named('gateway-service').inputs.hostnameConfigurations).toEqual([
      expect.objectContaining({ type: 'Proxy', hostName: 'api.example.com', certificateSource: 'KeyVault', keyVaultId: SECRET.secretUri }),
    ]);
    const rights = program.of('authorization:RoleAssignment').filter(({ name }) => name.startsWith('gateway-'));
    expect(rights.map(({ inputs }) => inputs.scope)).toEqual([SECRET.secretId, SECRET.secretId, SECRET.secretId]);
  });

  it('answers errors that no API answers without saying what went wrong', async () => {
    const { program } = await gatewayOf('low');
    const { format, value } = program.named('gateway-policy').inputs;
    expect(format).toBe('xml');
    expect(value).toContain('<on-error>');
    expect(value).not.toContain('LastError');
    expect(value).not.toContain('<base />');
  });

  it('says in one line what it cannot be', async () => {
    const refused = (args: Partial<SecureApiManagementArgs>) => gatewayOf('high', args);
    await expect(refused({ subnetId: undefined, network: undefined })).rejects.toThrow(/nobody could reach it; pass subnetId/);
    await expect(refused({ sku: 'Standard', relax: [relaxationOf('BCR-06')] })).rejects.toThrow(/sku Standard stands in no subnet/);
    await expect(refused({ sku: 'Developer' })).rejects.toThrow(/sku Developer, which spans no zones, breaks BCR-06/);
    await expect(refused({ capacity: 2 })).rejects.toThrow(/capacity is 2; write a whole number, at least one for each of its zones \(3\)/);
    await expect(refused({ logs: undefined })).rejects.toThrow(/tier high needs `logs` \(LOG-13\)/);
    await expect(refused({ publisherEmail: 'nobody' })).rejects.toThrow(/publisherEmail is missing/);
    await expect(refused({ serviceName: 'under_score' })).rejects.toThrow(/serviceName is "under_score"/);
    await expect(refused({ hostnames: [{ hostName: '*.example.com', certificate: SECRET }] })).rejects.toThrow(/no wildcard \(TLS-11\)/);
    await expect(gatewayOf('low', {}, (gateway) => gateway.namedValue('a b', SECRET))).rejects.toThrow(/namedValue "a b" is no name/);
  });

  it('gives up its zones only with a waiver', async () => {
    const { program } = await gatewayOf('high', { sku: 'Developer', relax: [relaxationOf('BCR-06')] });
    expect(program.named('gateway-service').inputs).not.toHaveProperty('zones');
    expect(program.named('gateway-waiver-bcr-06').inputs).toMatchObject({ rule: 'BCR-06', ticket: 'SEC-1201' });
  });
});

const apiOf = (args: Partial<FieldSecuredApiArgs> = {}, name = 'cases', use: (api: FieldSecuredApi) => void = () => {}) =>
  run(() => {
    const api = new FieldSecuredApi(name, {
      profile: declareProfile('profile', PROFILES.high),
      gateway: { serviceName: 'gateway', loggerId: '/loggers/azuremonitor', ...PLACE },
      catalogue: CASE_FIELDS,
      path: 'cases',
      tenantId: TENANT,
      audience: 'api://cases',
      records: { url: 'https://cases.internal/records', audience: 'api://case-records' },
      notice: CASE_NOTICE,
      ...args,
    });
    use(api);
    return api;
  });
const policyOf = async (args: Partial<FieldSecuredApiArgs> = {}): Promise<string> =>
  (await apiOf(args)).program.named('cases-policy').inputs.value;

/** Reads XML strictly: every element is closed, every attribute is quoted, nothing else is a tag. */
function parsed(xml: string): Element {
  const open: { tag: string; attributes: Record<string, string>; content: Element[] }[] = [{ tag: '', attributes: {}, content: [] }];
  const tags = /<(\/?)([a-z][a-z-]*)((?:\s[a-z-]+="[^"<]*")*)\s?(\/?)>/g;
  const between = xml.replace(tags, '\u0000');
  expect(between).not.toMatch(/[<]|&(?!(amp|lt|gt|quot|#\d+);)/);
  for (const [, closing, tag = '', attributes = '', alone] of xml.matchAll(tags)) {
    if (closing) {
      expect(open.at(-1)?.tag).toBe(tag);
      open.pop();
      continue;
    }
    const made = {
      tag,
      attributes: Object.fromEntries([...attributes.matchAll(/([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value])),
      content: [],
    };
    open.at(-1)?.content.push(made);
    if (!alone) open.push(made);
  }
  expect(open).toHaveLength(1);
  return open[0]?.content[0] as Element;
}
const child = (of: Element, tag: string): Element => (of.content as readonly Element[]).find((one) => one.tag === tag) as Element;
const tagsIn = (of: Element): readonly string[] => (of.content as readonly Element[]).map(({ tag }) => tag);

describe('FieldSecuredApi', () => {
  it('has a policy of well-formed XML whose sections begin with what the gateway demands', async () => {
    const policies = parsed(await policyOf());
    expect(tagsIn(policies)).toEqual(['inbound', 'backend', 'outbound', 'on-error']);
    for (const section of policies.content as readonly Element[]) expect(tagsIn(section)[0]).toBe('base');
  });

  it('checks the token before the role, the role before limits, and everything before the service is asked', async () => {
    const inbound = tagsIn(child(parsed(await policyOf()), 'inbound'));
    const order = ['validate-azure-ad-token', 'rate-limit-by-key', 'quota-by-key', 'rewrite-uri', 'authentication-managed-identity'];
    expect(inbound.filter((tag) => order.includes(tag))).toEqual(order);
    expect(inbound.at(-1)).toBe('authentication-managed-identity');
    const outbound = tagsIn(child(parsed(await policyOf()), 'outbound'));
    // Failures of the service are answered before anything of its body is read, and the end is always an answer of the gateway.
    expect(outbound).toEqual(['base', 'choose', 'set-variable', 'choose', 'trace', 'return-response']);
    expect(tagsIn(child(parsed(await policyOf()), 'on-error')).at(-1)).toBe('return-response');
  });

  it('takes tokens of one directory, for its audience, with one of its roles', async () => {
    const text = await policyOf({ clientIds: ['33333333-3333-3333-3333-333333333333'], appRoles: { agent: 'Cases.Agent' } });
    const token = child(child(parsed(text), 'inbound'), 'validate-azure-ad-token');
    expect(token.attributes).toMatchObject({
      'tenant-id': TENANT,
      'failed-validation-httpcode': '401',
      'failed-validation-error-message': 'Unauthorized',
    });
    expect(tagsIn(token)).toEqual(['client-application-ids', 'audiences', 'required-claims']);
    expect(text).toContain('<audience>api://cases</audience>');
    for (const role of ['Cases.Agent', 'supportEngineer', 'supervisor']) expect(text).toContain(`<value>${role}</value>`);
    expect(text).toContain('Contains(&quot;Cases.Agent&quot;)');
  });

  it('limits each person, and lists come in pages', async () => {
    const text = await policyOf({ callsPerMinute: 30, callsPerDay: 500, pageSize: 10 });
    expect(text).toMatch(/<rate-limit-by-key calls="30" renewal-period="60" counter-key="@\(.*palisade-who/);
    expect(text).toMatch(/<quota-by-key calls="500" renewal-period="86400"/);
    expect(text).toContain('.Take(10)');
    expect(text).toMatch(/<set-query-parameter name="limit" exists-action="override">/);
  });

  it('refuses data without the current notice, and shows it', async () => {
    const text = await policyOf({ notice: { id: 'notice', version: '7', text: 'See {{secret}} & <b>"@(x)"\n' } });
    expect(text).toContain('&quot;notice\\u00407&quot;');
    expect(text).toContain('NoticeNotAcknowledged');
    expect(text).not.toContain('{{');
    expect(text).not.toContain('@(x)');
  });

  it('hands over who asks, and proves itself to the service, not by a key', async () => {
    const text = await policyOf();
    for (const header of ['Palisade-Caller', 'Palisade-Role', 'Palisade-Purpose', 'Palisade-Case'])
      expect(text).toContain(`<set-header name="${header}" exists-action="override">`);
    expect(text).toContain('<set-header name="Ocp-Apim-Subscription-Key" exists-action="delete" />');
    expect(text).toContain('<authentication-managed-identity resource="api://case-records" />');
  });

  it('records the purpose, the case and the notice of each call, and notes who read what', async () => {
    const { program } = await apiOf();
    expect(program.named('cases-records').inputs.frontend.request).toEqual({
      headers: ['Palisade-Purpose', 'Palisade-Case', 'Palisade-Notice'],
      body: { bytes: 0 },
    });
    const trace = child(child(parsed(await policyOf()), 'outbound'), 'trace');
    expect((trace.content as readonly Element[]).filter(({ tag }) => tag === 'metadata').map(({ attributes }) => attributes.name)).toEqual([
      'palisade-who',
      'palisade-role',
      'palisade-purpose',
      'palisade-case',
      'palisade-record',
    ]);
  });

  it('has the operations of the catalogue and no other, with the schema of what somebody sees', async () => {
    const { program } = await apiOf();
    const operations = program.of('apimanagement:ApiOperation').map(({ inputs }) => `${inputs.method} ${inputs.urlTemplate}`);
    expect(operations.sort()).toEqual(
      [
        'GET /data-protection-notice',
        'GET /case',
        'GET /case/{id}',
        'PATCH /case/{id}',
        'GET /message',
        'GET /message/{id}',
        'GET /attachment',
        'GET /attachment/{id}',
      ].sort(),
    );
    const { schemas } = program.named('cases-schema').inputs.components;
    expect(Object.keys(schemas.Case.properties)).not.toContain('deleteAfter');
    expect(Object.keys(schemas.CaseChange.properties).sort()).toEqual(['assignee', 'diagnosis', 'priority', 'resolution', 'status']);
    expect(schemas.CaseChange.additionalProperties).toBe(false);
    expect(program.named('cases-operation-alterCase').inputs.request.representations).toEqual([
      { contentType: 'application/json', schemaId: 'records', typeName: 'CaseChange' },
    ]);
  });

  it('opens to listed origins only, and gives each client a key that opens nothing else', async () => {
    const text = await policyOf({ origins: ['https://cases.example.com'] });
    expect(child(child(parsed(text), 'inbound'), 'cors').attributes).toMatchObject({ 'allow-credentials': 'false' });
    expect(await policyOf()).not.toContain('<cors');
    const { program } = await apiOf({}, 'cases', (api) => api.subscription('portal'));
    expect(program.named('cases-subscription-portal').inputs).toMatchObject({
      allowTracing: false,
      scope: expect.stringContaining('cases-api'),
    });
    expect(program.named('cases-api').inputs).toMatchObject({ protocols: ['https'], subscriptionRequired: true });
  });

  it('keeps what only deployment tells in named values, so that the rest of the policy is known before', async () => {
    const { program } = await apiOf({
      audience: pulumi.output('11111111-2222-3333-4444-555555555555'),
      clientIds: [pulumi.output('portal')],
    });
    const policy = program.named('cases-policy').inputs.value;
    expect(policy).toContain('<audience>{{cases-audience}}</audience>');
    expect(policy).toContain('<application-id>{{cases-client-1}}</application-id>');
    expect(policy).toContain('resource="api://case-records"');
    expect(program.named('cases-value-audience').inputs).toMatchObject({
      namedValueId: 'cases-audience',
      displayName: 'cases-audience',
      secret: false,
      value: '11111111-2222-3333-4444-555555555555',
    });
  });

  it('says in one line what cannot stand', async () => {
    await expect(apiOf({ pageSize: 51 })).rejects.toThrow(/pageSize is 51; write a whole number from 1 to 50 \(EXP-06\)/);
    await expect(apiOf({ callsPerDay: 0 })).rejects.toThrow(/callsPerDay is 0/);
    await expect(apiOf({ path: 'Cases?x' })).rejects.toThrow(/path is "Cases\?x"/);
    await expect(apiOf({ origins: ['*'] })).rejects.toThrow(/origins lists "\*"; write exact origins .* \(DID-21\)/);
    await expect(apiOf({ notice: { id: 'n', version: '1', text: ' ' } })).rejects.toThrow(/nobody sees data before it \(PRV-01\)/);
    await expect(apiOf({ records: { url: 'http://cases', audience: 'a' } })).rejects.toThrow(/write an https:\/\/ address .* \(TLS-04\)/);
    await expect(apiOf({ appRoles: { agent: 'supervisor' } })).rejects.toThrow(/two roles have the same value/);
    await expect(apiOf({ appRoles: { agent: 'a"b' } })).rejects.toThrow(/appRoles has "a"b"/);
    await expect(apiOf({}, 'under_score')).rejects.toThrow(/its name is no id of an API/);
    await expect(apiOf({ relax: [relaxationOf('FLS-02')] })).rejects.toThrow(
      /FLS-02 cannot be relaxed on FieldSecuredApi: name the role in the catalogue/,
    );
    await expect(apiOf({}, 'cases', (api) => api.subscription('a b'))).rejects.toThrow(/subscription "a b" is no name/);
    await expect(apiOf({}, 'cases', (api) => api.pathOf('Invoice'))).rejects.toThrow(/there is no record "Invoice"/);
    expect((await apiOf()).made.pathOf('Case')).toBe('/cases/case');
  });
});

describe('the XML of a policy', () => {
  it('escapes what it is given, and refuses what XML cannot hold', () => {
    expect(xmlOf(element('a', { b: '<"&\n' }, '</a>'))).toBe('<a b="&lt;&quot;&amp;&#10;">&lt;/a&gt;</a>');
    expect(() => xmlOf(element('a b'))).toThrow(/is no name of an element/);
    expect(() => xmlOf(element('a', { 'b="x" c': '' }))).toThrow(/is no name of an element or attribute/);
    expect(() => xmlOf(element('a', {}, '\u0000'))).toThrow(/cannot hold/);
  });

  it('takes an id or a URI only where a value is put into the text by the gateway', () => {
    expect(idText('api', 'audience', 'api://11111111-2222/cases')).toBe('api://11111111-2222/cases');
    for (const hostile of ['</audience><audience>other', '@(context.Subscription.Key)', '{{other}}', '', 'a b'])
      expect(() => idText('api', 'audience', hostile)).toThrow(/api: audience is ".*"; write an id or a URI/);
  });

  it('takes plain values only where the gateway would compute others', () => {
    expect(plainText('x', 'audience', 'api://cases')).toBe('api://cases');
    for (const value of ['@(context)', '{{secret}}', '']) expect(() => plainText('x', 'audience', value)).toThrow(/write a plain value/);
  });
});
