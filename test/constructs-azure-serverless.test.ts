import { describe, expect, it } from 'vitest';
import {
  declareProfile,
  type EndpointNetwork,
  SecureAppServicePlan,
  type SecureAppServicePlanArgs,
  SecureFunctionApp,
  type SecureFunctionAppArgs,
  SecureWebApp,
  type SecureWebAppArgs,
  type Tier,
} from '../constructs/azure';
import { isSupportedRuntime } from '../constructs/azure/serverless-runtimes';
import { reaches } from '../constructs/contract';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { PLACE, PROFILES, TENANT, TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { type Registered, run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const NETWORK: EndpointNetwork = {
  endpointSubnetId: '/subnets/endpoints',
  zoneId: (zone) => `/subscriptions/s/resourceGroups/names/providers/Microsoft.Network/privateDnsZones/${zone}`,
};
const LOGS = { workspaceId: '/workspaces/w', workspaceLocation: 'westeurope' };
const SECRET = { secretId: '/vaults/v/secrets/db', secretUri: 'https://v.vault.azure.net/secrets/db' };
const STORAGE = { id: '/storageAccounts/host', accountName: 'host' };
const TELEMETRY = 'InstrumentationKey=not-a-real-one;IngestionEndpoint=https://westeurope.in.example.com/';
const common = (tier: Tier) => ({
  ...PLACE,
  profile: declareProfile('profile', PROFILES[tier]),
  ...(reaches(tier, 'moderate')
    ? { network: NETWORK, subnetId: '/subnets/apps', logs: LOGS, signIn: { tenantId: TENANT, clientId: 'client' } }
    : {}),
});
const webApp = (tier: Tier, args: Partial<SecureWebAppArgs> = {}, use: (app: SecureWebApp) => void = () => {}) =>
  run(
    () => {
      const app = new SecureWebApp('desk', { ...common(tier), runtime: 'NODE|24-lts', ...args });
      use(app);
      return app;
    },
    { config: TODAY },
  );
const functionApp = (tier: Tier, args: Partial<SecureFunctionAppArgs> = {}) =>
  run(
    () =>
      new SecureFunctionApp('records', {
        ...common(tier),
        ...(tier === 'low' ? {} : { telemetry: TELEMETRY }),
        runtime: 'NODE|24',
        storage: STORAGE,
        ...args,
      }),
    { config: TODAY },
  );
/** How the SDK marks what is secret. */
const SECRET_MARK = '4dabf18193072939515e22adb298388d';
const settingsOf = ({ inputs: { siteConfig } }: Registered): Record<string, unknown> =>
  Object.fromEntries(
    (SECRET_MARK in siteConfig ? siteConfig.value : siteConfig).appSettings.map(({ name, value }: { name: string; value: unknown }) => [
      name,
      value,
    ]),
  );

describe('SecureWebApp', () => {
  it('takes TLS 1.2 only, has no password to publish with, no shell and no debugger, at every tier', async () => {
    for (const tier of ['low', 'moderate', 'high'] as const) {
      const { program } = await webApp(tier);
      expect(program.named('desk-site').inputs).toMatchObject({
        kind: 'app,linux',
        reserved: true,
        httpsOnly: true,
        endToEndEncryptionEnabled: true,
        publicNetworkAccess: 'Disabled',
        sshEnabled: false,
        identity: { type: 'UserAssigned' },
        siteConfig: {
          linuxFxVersion: 'NODE|24-lts',
          minTlsVersion: '1.2',
          scmMinTlsVersion: '1.2',
          ftpsState: 'Disabled',
          http20Enabled: true,
          remoteDebuggingEnabled: false,
          ipSecurityRestrictionsDefaultAction: 'Deny',
          scmIpSecurityRestrictionsUseMain: true,
        },
      });
      for (const part of ['scm', 'ftp']) expect(program.named(`desk-${part}`).inputs).toMatchObject({ name: 'desk-site', allow: false });
    }
  });

  it('is reached from the network, reaches everything through it, and signs everybody in, from tier moderate', async () => {
    const { program } = await webApp('moderate', { healthCheckPath: '/health' });
    expect(program.named('desk-site').inputs).toMatchObject({
      virtualNetworkSubnetId: '/subnets/apps',
      outboundVnetRouting: { allTraffic: true },
    });
    expect(program.named('desk-endpoint').inputs.privateLinkServiceConnections[0].groupIds).toEqual(['sites']);
    expect(program.named('desk-sign-in').inputs).toMatchObject({
      platform: { enabled: true },
      globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'RedirectToLoginPage', excludedPaths: ['/health'] },
      httpSettings: { requireHttps: true },
      login: { nonce: { validateNonce: true }, tokenStore: { enabled: false }, cookieExpiration: { timeToExpiration: '08:00:00' } },
      identityProviders: {
        azureActiveDirectory: {
          registration: { clientId: 'client', openIdIssuer: `https://login.microsoftonline.com/${TENANT}/v2.0` },
          validation: { allowedAudiences: ['client'] },
        },
      },
    });
    expect(program.named('desk-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });

  it('lets in only the applications that are named, where some are', async () => {
    const { program } = await webApp('moderate', {
      signIn: { tenantId: TENANT, clientId: 'client', clientIds: ['gateway'] },
      unknownCallers: 'refuse',
    });
    const { globalValidation, identityProviders } = program.named('desk-sign-in').inputs;
    expect(globalValidation.unauthenticatedClientAction).toBe('Return401');
    expect(identityProviders.azureActiveDirectory.validation.jwtClaimChecks).toEqual({ allowedClientApplications: ['gateway'] });
  });

  it('signs people in as its own identity, without a password, and leads them back through the gateway in front', async () => {
    const signIn = { tenantId: TENANT, clientId: 'client' };
    const page = (await webApp('high', { signIn: { ...signIn, originalHostHeader: 'X-Original-Host' } })).program;
    const { httpSettings, identityProviders } = page.named('desk-sign-in').inputs;
    expect(httpSettings.forwardProxy).toEqual({ convention: 'Custom', customHostHeaderName: 'X-Original-Host' });
    expect(identityProviders.azureActiveDirectory.registration.clientSecretSettingName).toBe('OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID');
    expect(settingsOf(page.named('desk-site'))).toHaveProperty('OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID');
    const service = (await webApp('high', { signIn, unknownCallers: 'refuse' })).program;
    const settings = service.named('desk-sign-in').inputs;
    expect(settings.httpSettings.forwardProxy).toEqual({ convention: 'NoProxy' });
    expect(settings.identityProviders.azureActiveDirectory.registration).not.toHaveProperty('clientSecretSettingName');
    expect(settingsOf(service.named('desk-site'))).not.toHaveProperty('OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID');
  });

  it('runs from a package, and names secrets instead of holding them', async () => {
    const { program } = await webApp('low', { settings: { REGION: 'eu' }, secrets: { DB_PASSWORD: SECRET } });
    expect(settingsOf(program.named('desk-site'))).toEqual({
      REGION: 'eu',
      DB_PASSWORD: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)',
      WEBSITE_RUN_FROM_PACKAGE: '1',
    });
    expect(program.named('desk-secret-DB_PASSWORD').inputs.scope).toBe(SECRET.secretId);
    expect(settingsOf((await webApp('low', { runtime: 'PYTHON|3.13' })).program.named('desk-site'))).not.toHaveProperty(
      'WEBSITE_RUN_FROM_PACKAGE',
    );
  });

  it('reports with its identity where the component takes no key', async () => {
    const settings = settingsOf((await functionApp('high', { telemetryByIdentity: true })).program.named('records-site'));
    expect(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING).toMatch(/^ClientId=.*;Authorization=AAD$/);
    expect(settingsOf((await functionApp('high')).program.named('records-site'))).not.toHaveProperty(
      'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
    );
    await expect(functionApp('high', { settings: { APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'x' } })).rejects.toThrow(
      /is written by the component; leave it out/,
    );
  });

  it('acts as further identities where they are named, and reads its secrets as its own', async () => {
    const { program } = await functionApp('high', { identities: ['/identities/agent', '/identities/supervisor'] });
    const { identity, keyVaultReferenceIdentity } = program.named('records-site').inputs;
    expect(identity.userAssignedIdentities).toHaveLength(3);
    expect(identity.userAssignedIdentities.slice(1)).toEqual(['/identities/agent', '/identities/supervisor']);
    expect(keyVaultReferenceIdentity).toBe(identity.userAssignedIdentities[0]);
  });

  it('has slots with the same protection and an identity of their own', async () => {
    const { program } = await webApp('high', { secrets: { DB_PASSWORD: SECRET } }, (app) =>
      app.slot('next', { settings: { RING: 'next' } }),
    );
    const { name: _, ...site } = program.named('desk-site').inputs;
    const { name, slot, ...next } = program.named('desk-slot-next').inputs;
    expect([name, slot]).toEqual(['desk-site', 'next']);
    expect(settingsOf(program.named('desk-slot-next'))).toMatchObject({ RING: 'next', DB_PASSWORD: expect.stringContaining('KeyVault') });
    expect({ ...next, siteConfig: undefined, identity: undefined, keyVaultReferenceIdentity: undefined }).toEqual({
      ...site,
      siteConfig: undefined,
      identity: undefined,
      keyVaultReferenceIdentity: undefined,
    });
    expect(next.siteConfig.ftpsState).toBe('Disabled');
    expect(next.identity.userAssignedIdentities).not.toEqual(site.identity.userAssignedIdentities);
    for (const part of ['scm', 'ftp']) expect(program.named(`desk-slot-next-${part}`).inputs).toMatchObject({ slot: 'next', allow: false });
    expect(program.named('desk-slot-next-sign-in').inputs.globalValidation.requireAuthentication).toBe(true);
    expect(program.named('desk-slot-next-secret-DB_PASSWORD').inputs.scope).toBe(SECRET.secretId);
  });

  it('says in one line what is missing or cannot stand', async () => {
    await expect(webApp('moderate', { signIn: undefined })).rejects.toThrow(/SecureWebApp "desk": tier moderate needs `signIn` \(DID-16\)/);
    await expect(webApp('moderate', { network: undefined })).rejects.toThrow(/needs `network` \(DID-05\)/);
    await expect(webApp('moderate', { subnetId: undefined })).rejects.toThrow(/needs `subnetId` \(DID-22\)/);
    await expect(webApp('high', { logs: undefined })).rejects.toThrow(/needs `logs` \(LOG-19\)/);
    await expect(webApp('low', { runtime: 'node 24' })).rejects.toThrow(/runtime is "node 24"; write stack and version/);
    await expect(webApp('low', { runtime: 'NODE|18-lts' })).rejects.toThrow(/runtime NODE\|18-lts breaks VUL-10/);
    await expect(webApp('low', { origins: ['*'] })).rejects.toThrow(/write exact origins .* \(DID-21\)/);
    await expect(webApp('low', { settings: { WEBSITE_RUN_FROM_PACKAGE: '0' } })).rejects.toThrow(
      /is written by the component; leave it out/,
    );
    await expect(webApp('low', { settings: { 'a b': '' } })).rejects.toThrow(/setting "a b" is no name/);
    await expect(webApp('low', { settings: { A: '' }, secrets: { A: SECRET } })).rejects.toThrow(/stands in settings and in secrets/);
    await expect(webApp('low', { healthCheckPath: 'health' })).rejects.toThrow(/healthCheckPath is "health"/);
    await expect(webApp('low', { siteName: '-x' })).rejects.toThrow(/siteName is "-x"/);
    await expect(webApp('low', {}, (app) => app.slot('production'))).rejects.toThrow(/slot "production" is no name/);
    await expect(webApp('low', { relax: [relaxationOf('DID-16')] })).rejects.toThrow(/DID-16 cannot be relaxed on SecureWebApp/);
  });

  it('runs what nobody mends any more only with a waiver', async () => {
    const { program } = await webApp('low', { runtime: 'NODE|18-lts', relax: [relaxationOf('VUL-10')] });
    expect(program.named('desk-waiver-vul-10').inputs).toMatchObject({ rule: 'VUL-10', ticket: 'SEC-1201' });
    expect(
      ['NODE|22-lts', 'PYTHON|3.13', 'DOTNET-ISOLATED|10.0', 'PHP|8.4', 'JAVA|21-java21', 'PowerShell|7.6'].filter(
        (each) => !isSupportedRuntime(each),
      ),
    ).toEqual([]);
    expect(
      ['NODE|20-lts', 'PYTHON|3.9', 'python|3.10', 'DOTNETCORE|8.0', 'PHP|8.1', 'RUBY|2.7', 'POWERSHELL|7.4'].filter(isSupportedRuntime),
    ).toEqual([]);
  });
});

describe('SecureFunctionApp', () => {
  it('reaches the storage of its host with an identity, and holds no key of it', async () => {
    const { program } = await functionApp('high');
    const settings = settingsOf(program.named('records-site'));
    expect(settings).toMatchObject({
      AzureWebJobsStorage__accountName: 'host',
      AzureWebJobsStorage__credential: 'managedidentity',
      FUNCTIONS_EXTENSION_VERSION: '~4',
      FUNCTIONS_WORKER_RUNTIME: 'node',
      WEBSITE_RUN_FROM_PACKAGE: '1',
    });
    expect(Object.keys(settings)).not.toContain('AzureWebJobsStorage');
    expect(program.named('records-site').inputs.siteConfig, 'where it reports to is secret').toHaveProperty(SECRET_MARK);
    expect(Object.keys(settings)).not.toContain('WEBSITE_CONTENTAZUREFILECONNECTIONSTRING');
    for (const part of ['blobs', 'queues', 'tables']) expect(program.named(`records-host-${part}`).inputs.scope).toBe(STORAGE.id);
    expect(program.named('records-site').inputs.kind).toBe('functionapp,linux');
    expect(program.named('records-sign-in').inputs.globalValidation.unauthenticatedClientAction).toBe('Return401');
  });

  it('asks for its storage, and from tier moderate for where it reports', async () => {
    await expect(functionApp('low', { storage: undefined as never })).rejects.toThrow(/storage is missing; pass a SecureStorageAccount/);
    await expect(functionApp('moderate', { telemetry: undefined })).rejects.toThrow(/tier moderate needs `telemetry` \(LOG-19\)/);
    expect(settingsOf((await functionApp('low')).program.named('records-site'))).not.toHaveProperty(
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
    );
  });
});

describe('SecureAppServicePlan', () => {
  const plan = (tier: Tier, args: Partial<SecureAppServicePlanArgs> = {}) =>
    run(() => new SecureAppServicePlan('machines', { ...PLACE, profile: declareProfile('profile', PROFILES[tier]), ...args }), {
      config: TODAY,
    });

  it('spans zones at tier high, and below where it is asked for', async () => {
    const shape = async (tier: Tier, args: Partial<SecureAppServicePlanArgs> = {}) => {
      const { sku, zoneRedundant } = (await plan(tier, args)).program.named('machines-plan').inputs;
      return [sku.capacity, zoneRedundant];
    };
    expect(await shape('low')).toEqual([1, false]);
    expect(await shape('moderate', { zoneRedundant: true })).toEqual([3, true]);
    expect(await shape('high', { machines: 6 })).toEqual([6, true]);
    expect(await shape('high', { relax: [relaxationOf('BCR-06')] })).toEqual([1, false]);
    await expect(plan('high', { machines: 2 })).rejects.toThrow(/machines is 2; write 3 to 30 \(BCR-06\)/);
    await expect(plan('high', { zoneRedundant: false })).rejects.toThrow(/zoneRedundant: false breaks BCR-06/);
  });

  it('is made for an app that names none, and shared by those that do', async () => {
    expect((await webApp('high')).program.named('desk-machines-plan').inputs.zoneRedundant).toBe(true);
    expect((await webApp('high', { plan: { id: '/plans/p' } })).program.of('web:AppServicePlan')).toEqual([]);
  });
});

/** Changes from outside, by a transformation of the stack: the rules that then fail on the very resource. */
const CHANGES: Readonly<Record<string, { readonly properties: object; readonly breaks: readonly string[] }>> = {
  'securewebapp-site': {
    properties: {
      httpsOnly: false,
      publicNetworkAccess: 'Enabled',
      siteConfig: { minTlsVersion: '1.0', remoteDebuggingEnabled: true, ftpsState: 'AllAllowed' },
    },
    breaks: ['DID-05.serverless', 'DID-12.serverless', 'TLS-01.serverless', 'TLS-02.serverless', 'TLS-10.network'],
  },
  'securewebapp-sign-in': {
    properties: { globalValidation: { requireAuthentication: false, unauthenticatedClientAction: 'AllowAnonymous' } },
    breaks: ['IDA-15.serverless'],
  },
  'securefunctionapp-scm': { properties: { allow: true }, breaks: ['LPA-14.serverless'] },
  'securefunctionapp-ftp': { properties: { allow: true }, breaks: ['TLS-10.network'] },
  'securefunctionapp-site': { properties: { identity: { type: 'None' } }, breaks: ['IDA-10.serverless'] },
  'secureappserviceplan-plan': { properties: { zoneRedundant: false }, breaks: ['BCR-06.serverless'] },
  'secureapimanagement-service': {
    properties: {
      virtualNetworkType: 'None',
      apiVersionConstraint: {},
      customProperties: { 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10': 'True' },
    },
    breaks: ['DID-22.edge', 'TLS-01.edge', 'VUL-10.edge'],
  },
  'fieldsecuredapi-api': {
    properties: { protocols: ['http', 'https'], subscriptionRequired: false },
    breaks: ['DID-16.edge', 'TLS-02.edge'],
  },
  'fieldsecuredapi-policy': {
    properties: { value: '<policies><inbound></inbound><backend><base /></backend><outbound><base /></outbound></policies>' },
    breaks: ['DID-24.edge'],
  },
  'fieldsecuredapi-records': { properties: { frontend: { response: { body: { bytes: 8192 } } } }, breaks: ['PRV-07.edge'] },
};

describe('what is weakened from outside', () => {
  const judged = gatherStatement(
    `const changes = ${JSON.stringify(Object.fromEntries(Object.entries(CHANGES).map(([name, { properties }]) => [name, properties])))};
     require(require.resolve('@pulumi/pulumi', { paths: [${JSON.stringify(__dirname)}] })).runtime.registerStackTransformation(({ name, opts, props }) =>
       name in changes ? { props: { ...props, ...changes[name] }, opts: { ...opts, transformations: [] } } : undefined);
     load('test/support/azure-components.ts').everyComponent('high', ['serverless', 'edge']);`,
  ).then(({ graph }) => evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'azure') }));

  it.each(Object.entries(CHANGES))('%s is named by its rules', async (name, { breaks }) => {
    const { findings } = await judged;
    const failed = findings.filter(({ resource, verdict }) => verdict === 'fail' && resource.logicalId === name).map(({ rule }) => rule);
    for (const rule of breaks) expect(failed).toContain(rule);
  });
});
