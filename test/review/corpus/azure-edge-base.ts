/** Doors of Azure: apps, front doors, gateways, firewalls of web requests, API Management, and services with ways past their lists. */
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const TENANT = '11111111-1111-1111-1111-111111111111';
const group = { resourceGroupName: 'cases', location: 'westeurope' };
const of = (module: string, type: string, inputs: object) => ({ type: `azure-native:${module}:${type}`, inputs: { ...group, ...inputs } });
export const idOf = (provider: string, name: string): string => `${SUBSCRIPTION}/resourceGroups/cases/providers/${provider}/${name}`;

const attacks = { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleSetAction: 'Block' };
const bots = { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' };
const when = (matchVariable: string, operator: string, matchValue: readonly string[], more: object = {}) => ({
  matchVariable,
  operator,
  matchValue,
  ...more,
});
export const limit = (rateLimitThreshold: unknown, rateLimitDurationInMinutes: unknown = 1, more: object = {}) => ({
  name: 'limit',
  priority: 100,
  ruleType: 'RateLimitRule',
  action: 'Block',
  enabledState: 'Enabled',
  rateLimitThreshold,
  rateLimitDurationInMinutes,
  matchConditions: [when('RequestUri', 'Contains', ['/login'])],
  ...more,
});
export const blocked = (more: object = {}) => ({
  name: 'countries',
  priority: 200,
  ruleType: 'MatchRule',
  action: 'Block',
  enabledState: 'Enabled',
  matchConditions: [when('RemoteAddr', 'GeoMatch', ['DE', 'AT', 'CH'], { negateCondition: true })],
  ...more,
});
export const office = (more: object = {}) => ({
  name: 'office',
  priority: 300,
  ruleType: 'MatchRule',
  action: 'Allow',
  enabledState: 'Enabled',
  matchConditions: [when('SocketAddr', 'IPMatch', ['203.0.113.0/25', '203.0.113.128/25'])],
  ...more,
});
const firewall = (name: string, more: object = {}) => ({
  id: idOf('Microsoft.Network/frontDoorWebApplicationFirewallPolicies', name),
  ...of('frontdoor', 'Policy', {
    policyName: name,
    policySettings: {
      enabledState: 'Enabled',
      mode: 'Prevention',
      requestBodyCheck: 'Enabled',
      javascriptChallengeExpirationInMinutes: 30,
    },
    managedRules: { managedRuleSets: [attacks, bots] },
    customRules: { rules: [limit(300), blocked(), office()] },
    ...more,
  }),
});
export const bound = (patternsToMatch: readonly string[], domains: readonly string[] = ['endpoint', 'domain'], waf = 'wafshop') => ({
  type: 'WebApplicationFirewall',
  wafPolicy: { id: idOf('Microsoft.Network/frontDoorWebApplicationFirewallPolicies', waf) },
  associations: [{ domains: domains.map((name) => ({ id: DOMAINS[name] })), patternsToMatch }],
});
const DOMAINS: Readonly<Record<string, string>> = {
  endpoint: idOf('Microsoft.Cdn/profiles/shopfront/afdEndpoints', 'shop'),
  domain: idOf('Microsoft.Cdn/profiles/shopfront/customDomains', 'cases'),
};
const front = { profileName: 'shopfront' };

/** A front door with its firewall. */
export const FRONT: Readonly<Record<string, object>> = {
  waf: firewall('wafshop'),
  other: firewall('wafother', { customRules: { rules: [limit(300)] }, policySettings: { enabledState: 'Enabled', mode: 'Detection' } }),
  twin: firewall('waftwin'),
  profile: {
    id: idOf('Microsoft.Cdn/profiles', 'shopfront'),
    ...of('cdn', 'Profile', { ...front, sku: { name: 'Premium_AzureFrontDoor' } }),
  },
  endpoint: { id: DOMAINS.endpoint, ...of('cdn', 'AFDEndpoint', { ...front, endpointName: 'shop' }) },
  domain: {
    id: DOMAINS.domain,
    ...of('cdn', 'AFDCustomDomain', {
      profileName: 'shopfront',
      customDomainName: 'cases',
      hostName: 'cases.example.com',
      tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS12' },
    }),
  },
  binding: of('cdn', 'SecurityPolicy', { profileName: 'shopfront', securityPolicyName: 'binding', parameters: bound(['/*']) }),
  route: of('cdn', 'Route', {
    ...front,
    endpointName: 'shop',
    routeName: 'all',
    patternsToMatch: ['/*'],
    supportedProtocols: ['Http', 'Https'],
    httpsRedirect: 'Enabled',
    forwardingProtocol: 'HttpsOnly',
    ruleSets: [{ id: idOf('Microsoft.Cdn/profiles/shopfront/ruleSets', 'headers') }],
  }),
  headers: {
    id: idOf('Microsoft.Cdn/profiles/shopfront/ruleSets', 'headers'),
    ...of('cdn', 'RuleSet', { ...front, ruleSetName: 'headers' }),
  },
  protects: of('cdn', 'Rule', {
    ...front,
    ruleSetName: 'headers',
    ruleName: 'protects',
    order: 1,
    actions: ['Strict-Transport-Security', 'Content-Security-Policy'].map((headerName) => ({
      name: 'ModifyResponseHeader',
      parameters: { typeName: 'DeliveryRuleHeaderActionParameters', headerAction: 'Overwrite', headerName, value: 'x' },
    })),
  }),
  origin: of('cdn', 'AFDOrigin', {
    ...front,
    originGroupName: 'app',
    originName: 'app',
    hostName: 'app.internal.example.com',
    enforceCertificateNameCheck: true,
    sharedPrivateLinkResource: { privateLink: { id: idOf('Microsoft.Web/sites', 'shop') }, groupId: 'sites', requestMessage: 'x' },
  }),
};

const gatewayWaf = (name: string, more: object = {}) => ({
  id: idOf('Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies', name),
  ...of('network', 'WebApplicationFirewallPolicy', {
    policyName: name,
    policySettings: {
      mode: 'Prevention',
      state: 'Enabled',
      requestBodyCheck: true,
      requestBodyInspectLimitInKB: 128,
      fileUploadLimitInMb: 100,
    },
    managedRules: {
      managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.2' }],
      exclusions: [{ matchVariable: 'RequestArgNames', selectorMatchOperator: 'StartsWith', selector: 'comment' }],
    },
    customRules: [
      {
        name: 'limit',
        priority: 10,
        ruleType: 'RateLimitRule',
        action: 'Block',
        rateLimitDuration: 'OneMin',
        rateLimitThreshold: 200,
        groupByUserSession: [{ groupByVariables: [{ variableName: 'ClientAddr' }] }],
        matchConditions: [{ matchVariables: [{ variableName: 'RequestUri' }], operator: 'Contains', matchValues: ['/'] }],
      },
    ],
    ...more,
  }),
});
export const gatewayWafOf = (name: string) => ({ id: idOf('Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies', name) });
const inGateway = (part: string, name: string) => ({ id: idOf(`Microsoft.Network/applicationGateways/gateway/${part}`, name) });

/** A gateway with a firewall of its own, and another for some paths. */
export const GATEWAY: Readonly<Record<string, object>> = {
  waf: gatewayWaf('gatewaywaf'),
  weak: gatewayWaf('weakwaf', { customRules: [], managedRules: { managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.0' }] } }),
  gateway: of('network', 'ApplicationGateway', {
    applicationGatewayName: 'gateway',
    sku: { name: 'WAF_v2', tier: 'WAF_v2' },
    zones: ['1', '2', '3'],
    sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' },
    firewallPolicy: gatewayWafOf('gatewaywaf'),
    httpListeners: [
      {
        name: 'web',
        protocol: 'Https',
        sslProfile: inGateway('sslProfiles', 'mutual'),
        sslCertificate: inGateway('sslCertificates', 'c'),
      },
      {
        name: 'partners',
        protocol: 'Https',
        firewallPolicy: gatewayWafOf('gatewaywaf'),
        sslCertificate: inGateway('sslCertificates', 'c'),
      },
    ],
    sslProfiles: [
      {
        name: 'mutual',
        trustedClientCertificates: [inGateway('trustedClientCertificates', 'ours')],
        clientAuthConfiguration: { verifyClientCertIssuerDN: true, verifyClientRevocation: 'OCSP' },
      },
    ],
    urlPathMaps: [{ name: 'paths', pathRules: [{ name: 'api', paths: ['/api/*'], firewallPolicy: gatewayWafOf('gatewaywaf') }] }],
    backendHttpSettingsCollection: [{ name: 'app', port: 443, protocol: 'Https' }],
  }),
};

/** Web apps, functions and container apps. */
export const APPS: Readonly<Record<string, object>> = {
  front: { id: idOf('Microsoft.Cdn/profiles', 'shopfront'), ...of('cdn', 'Profile', front) },
  site: {
    id: idOf('Microsoft.Web/sites', 'shop'),
    ...of('web', 'WebApp', {
      name: 'shop',
      kind: 'app,linux',
      httpsOnly: true,
      publicNetworkAccess: 'Enabled',
      clientCertEnabled: true,
      clientCertMode: 'Required',
      clientCertExclusionPaths: '/health',
      siteConfig: {
        linuxFxVersion: 'NODE|22-lts',
        minTlsVersion: '1.2',
        scmMinTlsVersion: '1.2',
        ftpsState: 'Disabled',
        remoteDebuggingEnabled: false,
        ipSecurityRestrictionsDefaultAction: 'Deny',
        scmIpSecurityRestrictionsDefaultAction: 'Deny',
        ipSecurityRestrictions: [
          {
            name: 'front',
            priority: 100,
            action: 'Allow',
            tag: 'ServiceTag',
            ipAddress: 'AzureFrontDoor.Backend',
            headers: { 'x-azure-fdid': ['aaaaaaaa-0000-0000-0000-000000000001'] },
          },
        ],
        cors: { allowedOrigins: ['https://cases.example.com', 'https://*.cases.example.com'], supportCredentials: false },
      },
    }),
  },
  ftp: of('web', 'WebAppFtpAllowed', { name: 'shop', allow: false }),
  scm: of('web', 'WebAppScmAllowed', { name: 'shop', allow: false }),
  signIn: of('web', 'WebAppAuthSettingsV2', {
    name: 'shop',
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'Return401', excludedPaths: ['/public'] },
    identityProviders: {
      azureActiveDirectory: {
        enabled: true,
        registration: { clientId: 'c', openIdIssuer: `https://login.microsoftonline.com/${TENANT}/v2.0` },
        validation: {
          allowedAudiences: ['api://shop'],
          defaultAuthorizationPolicy: { allowedPrincipals: { groups: ['g1', 'g2'] }, allowedApplications: ['a1'] },
        },
      },
    },
  }),
  inner: of('web', 'WebApp', {
    name: 'inner',
    httpsOnly: true,
    publicNetworkAccess: 'Disabled',
    siteConfig: { scmIpSecurityRestrictionsDefaultAction: 'Deny' },
  }),
  reads: of('web', 'WebAppFunction', {
    name: 'shop',
    functionName: 'reads',
    config: { bindings: [{ type: 'httpTrigger', authLevel: 'function' }] },
  }),
  app: of('app', 'ContainerApp', {
    containerAppName: 'api',
    configuration: {
      ingress: {
        external: false,
        allowInsecure: false,
        clientCertificateMode: 'require',
        targetPort: 8080,
        corsPolicy: { allowedOrigins: ['https://cases.example.com'], allowCredentials: true },
      },
    },
  }),
};

export const JWT = (inside: string, more = '') =>
  `<validate-jwt header-name="Authorization" failed-validation-httpcode="401"${more}><openid-config url="https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration" />${inside}</validate-jwt>`;
export const AUDIENCE = '<audiences><audience>api://people</audience></audiences>';
export const CLAIMS = '<required-claims><claim name="roles" match="any"><value>agent</value><value>lead</value></claim></required-claims>';
export const LIMIT = '<rate-limit calls="100" renewal-period="60" />';
export const ADDRESSES = '<ip-filter action="allow"><address-range from="203.0.113.0" to="203.0.113.255" /></ip-filter>';
export const SHARED =
  '<cors allow-credentials="false"><allowed-origins><origin>https://cases.example.com</origin></allowed-origins></cors>';
export const xml = (inbound: string, backend = '<base />') =>
  `<policies><inbound>${inbound}</inbound><backend>${backend}</backend><outbound><base /></outbound><on-error><base /></on-error></policies>`;
export const PEOPLE = `<base />${JWT(`${AUDIENCE}${CLAIMS}`)}${ADDRESSES}${SHARED}<include-fragment fragment-id="limits" />`;
const apim = { serviceName: 'gate' };
const apiId = idOf('Microsoft.ApiManagement/service/gate/apis', 'people');

/** API Management with policies at every level. */
export const APIM: Readonly<Record<string, object>> = {
  gate: {
    id: idOf('Microsoft.ApiManagement/service', 'gate'),
    ...of('apimanagement', 'ApiManagementService', {
      ...apim,
      sku: { name: 'Premium', capacity: 1 },
      virtualNetworkType: 'Internal',
      publisherEmail: 'a@example.com',
      publisherName: 'a',
    }),
  },
  whole: of('apimanagement', 'Policy', {
    ...apim,
    policyId: 'policy',
    format: 'rawxml',
    value: xml(
      '<validate-client-certificate validate-revocation="true" validate-trust="true" /><quota calls="1000" renewal-period="3600" />',
    ),
  }),
  limits: of('apimanagement', 'PolicyFragment', { ...apim, id: 'limits', format: 'rawxml', value: `<fragment>${LIMIT}</fragment>` }),
  people: {
    id: apiId,
    ...of('apimanagement', 'Api', { ...apim, apiId: 'people', path: 'people', protocols: ['https'], subscriptionRequired: true }),
  },
  policy: of('apimanagement', 'ApiPolicy', { ...apim, apiId: 'people', policyId: 'policy', format: 'rawxml', value: xml(PEOPLE) }),
  product: of('apimanagement', 'Product', {
    ...apim,
    productId: 'support',
    displayName: 'support',
    state: 'published',
    subscriptionRequired: true,
    approvalRequired: true,
  }),
  key: of('apimanagement', 'NamedValue', {
    ...apim,
    namedValueId: 'key',
    displayName: 'key',
    secret: true,
    keyVault: { secretIdentifier: 'https://v.vault.azure.net/secrets/key' },
  }),
};

const shares = (origin: string) => ({
  allowedOrigins: [origin],
  allowedMethods: ['GET'],
  allowedHeaders: ['*'],
  exposedHeaders: ['*'],
  maxAgeInSeconds: 60,
});
export const sharing = (...origins: readonly string[]) => ({ corsRules: origins.map(shares) });

/** Services with ways past their lists of networks. */
export const SERVICES: Readonly<Record<string, object>> = {
  store: {
    id: idOf('Microsoft.Storage/storageAccounts', 'records'),
    ...of('storage', 'StorageAccount', {
      accountName: 'records',
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      publicNetworkAccess: 'Disabled',
      networkRuleSet: {
        defaultAction: 'Deny',
        bypass: 'None',
        resourceAccessRules: [{ tenantId: TENANT, resourceId: idOf('Microsoft.Synapse/workspaces', 'ours') }],
      },
    }),
  },
  blobs: of('storage', 'BlobServiceProperties', {
    accountName: 'records',
    blobServicesName: 'default',
    cors: sharing('https://cases.example.com'),
  }),
  vault: of('keyvault', 'Vault', {
    vaultName: 'keys',
    properties: {
      tenantId: TENANT,
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: true,
      enablePurgeProtection: true,
      publicNetworkAccess: 'Disabled',
      enabledForDeployment: false,
    },
  }),
  cosmos: of('cosmosdb', 'DatabaseAccount', {
    accountName: 'profiles',
    databaseAccountOfferType: 'Standard',
    publicNetworkAccess: 'Disabled',
    networkAclBypass: 'None',
    disableLocalAuth: true,
    cors: [{ allowedOrigins: 'https://cases.example.com,https://admin.example.com' }],
  }),
  images: {
    id: idOf('Microsoft.ContainerRegistry/registries', 'images'),
    ...of('containerregistry', 'Registry', {
      registryName: 'images',
      sku: { name: 'Premium' },
      publicNetworkAccess: 'Disabled',
      anonymousPullEnabled: false,
      policies: {
        exportPolicy: { status: 'disabled' },
        quarantinePolicy: { status: 'enabled' },
        trustPolicy: { status: 'enabled', type: 'Notary' },
        azureADAuthenticationAsArmPolicy: { status: 'disabled' },
      },
    }),
  },
  pulls: of('containerregistry', 'ScopeMap', {
    registryName: 'images',
    scopeMapName: 'pulls',
    actions: ['repositories/cases/content/read'],
  }),
  cluster: of('containerservice', 'ManagedCluster', {
    resourceName: 'cluster',
    apiServerAccessProfile: { enablePrivateCluster: true, disableRunCommand: true },
    securityProfile: { imageCleaner: { enabled: true, intervalHours: 48 } },
    disableLocalAccounts: true,
  }),
  model: of('cognitiveservices', 'Account', {
    accountName: 'model',
    kind: 'OpenAI',
    sku: { name: 'S0' },
    properties: {
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
      restrictOutboundNetworkAccess: true,
      allowedFqdnList: ['records.blob.core.windows.net'],
    },
  }),
  cache: of('redis', 'Redis', {
    name: 'cache',
    sku: { name: 'Premium', family: 'P', capacity: 1 },
    publicNetworkAccess: 'Disabled',
    enableNonSslPort: false,
    disableAccessKeyAuthentication: true,
    minimumTlsVersion: '1.2',
    redisConfiguration: { aadEnabled: 'true' },
  }),
  topic: of('eventgrid', 'Topic', { topicName: 'news', publicNetworkAccess: 'Disabled', disableLocalAuth: true }),
  jobs: of('batch', 'BatchAccount', { accountName: 'jobs', publicNetworkAccess: 'Disabled', allowedAuthenticationModes: ['AAD'] }),
  bastion: of('network', 'BastionHost', {
    bastionHostName: 'bastion',
    sku: { name: 'Premium' },
    enableSessionRecording: true,
    enableTunneling: false,
    enableShareableLink: false,
    enableIpConnect: false,
    enableFileCopy: false,
    disableCopyPaste: true,
  }),
  inspects: of('network', 'FirewallPolicy', {
    firewallPolicyName: 'inspects',
    sku: { tier: 'Premium' },
    threatIntelMode: 'Deny',
    intrusionDetection: { mode: 'Deny' },
  }),
  bus: {
    id: idOf('Microsoft.ServiceBus/namespaces', 'bus'),
    ...of('servicebus', 'Namespace', {
      namespaceName: 'bus',
      sku: { name: 'Premium' },
      disableLocalAuth: true,
      publicNetworkAccess: 'Disabled',
    }),
  },
  busNetworks: of('servicebus', 'NamespaceNetworkRuleSet', {
    namespaceName: 'bus',
    networkRuleSetName: 'default',
    defaultAction: 'Deny',
    publicNetworkAccess: 'Disabled',
    trustedServiceAccessEnabled: false,
  }),
};

/** The same in a template: settings of a site stand beside it, and names of properties are those of the services. */
export const TEMPLATE: Readonly<Record<string, object>> = {
  site: {
    type: 'Microsoft.Web/sites',
    apiVersion: '2023-12-01',
    name: 'shop',
    location: 'westeurope',
    properties: { httpsOnly: true, publicNetworkAccess: 'Enabled', siteConfig: { minTlsVersion: '1.2', ftpsState: 'Disabled' } },
  },
  config: {
    type: 'Microsoft.Web/sites/config',
    apiVersion: '2023-12-01',
    name: 'shop/web',
    properties: {
      ipSecurityRestrictionsDefaultAction: 'Deny',
      scmIpSecurityRestrictionsUseMain: true,
      ipSecurityRestrictions: [
        {
          name: 'front',
          priority: 100,
          action: 'Allow',
          tag: 'ServiceTag',
          ipAddress: 'AzureFrontDoor.Backend',
          headers: { 'x-azure-fdid': ['aaaaaaaa-0000-0000-0000-000000000001'] },
        },
      ],
      cors: { allowedOrigins: ['https://cases.example.com'] },
    },
  },
  firewall: {
    type: 'Microsoft.Network/frontDoorWebApplicationFirewallPolicies',
    apiVersion: '2024-02-01',
    name: 'wafshop',
    location: 'Global',
    sku: { name: 'Premium_AzureFrontDoor' },
    properties: {
      policySettings: { enabledState: 'Enabled', mode: 'Prevention', requestBodyCheck: 'Enabled' },
      managedRules: { managedRuleSets: [attacks] },
      customRules: { rules: [limit(300), blocked()] },
    },
  },
};
