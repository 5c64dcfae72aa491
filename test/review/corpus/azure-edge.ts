/** Doors of Azure: what a change opens, and what only looks like it. */
import {
  ADDRESSES,
  APIM,
  APPS,
  AUDIENCE,
  blocked,
  bound,
  CLAIMS,
  FRONT,
  GATEWAY,
  gatewayWafOf,
  idOf,
  JWT,
  limit,
  office,
  PEOPLE,
  SERVICES,
  sharing,
  TEMPLATE,
  TENANT,
  xml,
} from './azure-edge-base';
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const OTHER_TENANT = '99999999-9999-9999-9999-999999999999';
const sets = 'waf.managedRules.managedRuleSets';
const rules = 'waf.customRules.rules';
const exclusion = (selector: string, selectorMatchOperator = 'Equals') => [
  { matchVariable: 'RequestBodyPostArgNames', selectorMatchOperator, selector },
];
const override = (more: object) => [{ ruleGroupName: 'SQLI', rules: [{ ruleId: '942100', ...more }] }];
const letsIn = {
  name: 'letin',
  priority: 1,
  ruleType: 'MatchRule',
  action: 'Allow',
  enabledState: 'Enabled',
  matchConditions: [{ matchVariable: 'RequestHeader', selector: 'X-Debug', operator: 'Any', matchValue: [] }],
};
const from = (matchValue: readonly string[]) => [{ matchVariable: 'SocketAddr', operator: 'IPMatch', matchValue }];
const geo = (matchValue: readonly string[], more: object = {}) => [
  { matchVariable: 'RemoteAddr', operator: 'GeoMatch', negateCondition: true, matchValue, ...more },
];
const fence = 'site.siteConfig.ipSecurityRestrictions.0';
const signIn = 'signIn.identityProviders.azureActiveDirectory';
const policy = (inbound: string) => ({ 'policy.value': xml(inbound) });
const twice = (text: string) => text.replaceAll('><', '>\n  <').replaceAll('="', ' = "');

export const AZURE_EDGE_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(pulumiWith, FRONT, {
    'at the edge of Azure, a managed set is gone': ['exposure: the managed rules against bots', { [`${sets}.1`]: GONE }],
    'at the edge of Azure, a managed set is an older one': [
      'exposure: the managed rules against attacks',
      { [`${sets}.0.ruleSetVersion`]: '1.1' },
    ],
    'at the edge of Azure, a managed set only logs': ['exposure: Log', { [`${sets}.0.ruleSetAction`]: 'Log' }],
    'at the edge of Azure, one managed rule is off': [
      'exposure: 942100',
      { [`${sets}.0.ruleGroupOverrides`]: override({ enabledState: 'Disabled' }) },
    ],
    'at the edge of Azure, one managed rule only logs': [
      'exposure: only logs',
      { [`${sets}.0.ruleGroupOverrides`]: override({ action: 'Log' }) },
    ],
    'at the edge of Azure, a group of managed rules is off': [
      'exposure: all of the group SQLI',
      { [`${sets}.0.ruleGroupOverrides`]: [{ ruleGroupName: 'SQLI' }] },
    ],
    'at the edge of Azure, managed rules leave every field out': [
      'exposure: all arguments of bodies',
      { [`${sets}.0.exclusions`]: exclusion('*', 'EqualsAny') },
    ],
    'at the edge of Azure, managed rules leave one field out': ['exposure: comment', { [`${sets}.0.exclusions`]: exclusion('comment') }],
    'at the edge of Azure, a rule lets everybody with a header pass': [
      'exposure: letin',
      { [rules]: [letsIn, limit(300), blocked(), office()] },
    ],
    'at the edge of Azure, a rule that lets pass moves before the others': ['exposure: office', { [`${rules}.2.priority`]: 150 }],
    'at the edge of Azure, a rule that lets pass takes more addresses': [
      'exposure: office',
      { [`${rules}.2.matchConditions`]: from(['203.0.112.0/22']) },
    ],
    'at the edge of Azure, a rule only logs': ['exposure: countries', { [`${rules}.1.action`]: 'Log' }],
    'at the edge of Azure, a rule is switched off': ['exposure: countries', { [`${rules}.1.enabledState`]: 'Disabled' }],
    'at the edge of Azure, one more country is let in': [
      'exposure: countries',
      { [`${rules}.1.matchConditions`]: geo(['DE', 'AT', 'CH', 'RU']) },
    ],
    'at the edge of Azure, a filter of countries is turned round': [
      'exposure: countries',
      { [`${rules}.1.matchConditions`]: geo(['DE', 'AT', 'CH'], { negateCondition: false }) },
    ],
    'at the edge of Azure, a limit of calls is higher': ['exposure: 100000 requests', { [`${rules}.0.rateLimitThreshold`]: 100000 }],
    'at the edge of Azure, the same calls may come in a shorter time': [
      'exposure: limit',
      { [rules]: [limit(600, 5), blocked(), office()] },
    ],
    'at the edge of Azure, a limit of calls is gone': ['exposure: limit', { [`${rules}.0`]: GONE }],
    'at the edge of Azure, bodies are not looked at': [
      'exposure: bodies of requests',
      { 'waf.policySettings.requestBodyCheck': 'Disabled' },
    ],
    'at the edge of Azure, a passed challenge counts for a day': [
      'exposure: challenge',
      { 'waf.policySettings.javascriptChallengeExpirationInMinutes': 1440 },
    ],
    'at the edge of Azure, a firewall looks at static files only': ['exposure: /static/*', { 'binding.parameters': bound(['/static/*']) }],
    'at the edge of Azure, a firewall no longer stands before a domain': [
      'exposure: cases.example.com',
      { 'binding.parameters': bound(['/*'], ['endpoint']) },
    ],
    'at the edge of Azure, a firewall stands before nothing any more': ['exposure: web application firewall', { binding: GONE }],
    'at the edge of Azure, a weaker firewall takes the place of another': [
      'exposure: wafother|other',
      { 'binding.parameters': bound(['/*'], ['endpoint', 'domain'], 'wafother') },
    ],
    'at the edge of Azure, a firewall of somebody else takes the place of one': [
      'exposure: wafelse',
      { 'binding.parameters': bound(['/*'], ['endpoint', 'domain'], 'wafelse') },
    ],
    'at the edge of Azure, a route answers in clear text': ['encryption: clear text', { 'route.httpsRedirect': 'Disabled' }],
    'at the edge of Azure, a route calls what stands behind it in clear text': [
      'encryption: no longer encrypts',
      { 'route.forwardingProtocol': 'HttpOnly' },
    ],
    'at the edge of Azure, a route keeps copies of every answer': [
      'exposure: copies',
      { 'route.cacheConfiguration': { queryStringCachingBehavior: 'IgnoreQueryString' } },
    ],
    'at the edge of Azure, headers that protect browsers are gone': ['exposure: content-security-policy', { 'protects.actions.1': GONE }],
    'at the edge of Azure, a rule sets CORS for everybody': [
      'exposure: every website',
      { 'protects.actions.1.parameters': { headerAction: 'Overwrite', headerName: 'Access-Control-Allow-Origin', value: '*' } },
    ],
    'at the edge of Azure, the name of what stands behind is not checked': [
      'encryption: certificate',
      { 'origin.enforceCertificateNameCheck': false },
    ],
    'at the edge of Azure, what stands behind is called over the internet': [
      'exposure: private link',
      { 'origin.sharedPrivateLinkResource': GONE },
    ],
    'at the edge of Azure, a domain takes an old TLS': ['encryption: TLS', { 'domain.tlsSettings.minimumTlsVersion': 'TLS10' }],
  }),
  ...weakenings(pulumiWith, GATEWAY, {
    'at the edge of Azure, a gateway loses its firewall': ['exposure: web application firewall', { 'gateway.firewallPolicy': GONE }],
    'at the edge of Azure, a listener gets a weaker firewall': [
      'exposure: partners',
      { 'gateway.httpListeners.1.firewallPolicy': gatewayWafOf('weakwaf') },
    ],
    'at the edge of Azure, some paths get a weaker firewall': [
      'exposure: /api/*',
      { 'gateway.urlPathMaps.0.pathRules.0.firewallPolicy': gatewayWafOf('weakwaf') },
    ],
    'at the edge of Azure, a gateway leaves more fields out': ['exposure: arguments', { 'waf.managedRules.exclusions.0.selector': 'c' }],
    'at the edge of Azure, a gateway counts all callers as one': [
      'exposure: limit',
      { 'waf.customRules.0.groupByUserSession': [{ groupByVariables: [{ variableName: 'None' }] }] },
    ],
    'at the edge of Azure, a gateway looks at less of a body': [
      'exposure: how much of a body',
      { 'waf.policySettings.requestBodyInspectLimitInKB': 8 },
    ],
    'at the edge of Azure, a gateway only detects': ['exposure: Detection', { 'waf.policySettings.mode': 'Detection' }],
    'at the edge of Azure, a gateway takes an old TLS': ['encryption: TLS', { 'gateway.sslPolicy.policyName': 'AppGwSslPolicy20170401' }],
    'at the edge of Azure, a listener asks for no certificate': ['exposure: certificate', { 'gateway.httpListeners.0.sslProfile': GONE }],
    'at the edge of Azure, revoked certificates are taken': [
      'exposure: revoked',
      { 'gateway.sslProfiles.0.clientAuthConfiguration.verifyClientRevocation': 'None' },
    ],
    'at the edge of Azure, a gateway calls apps in clear text': [
      'encryption: no longer encrypts',
      { 'gateway.backendHttpSettingsCollection.0.protocol': 'Http' },
    ],
  }),
  ...weakenings(pulumiWith, APPS, {
    'at the edge of Azure, anybody’s Front Door gets in': ['exposure: anybody’s Front Door', { [`${fence}.headers`]: GONE }],
    'at the edge of Azure, one more Front Door gets in': [
      'exposure: bbbbbbbb',
      { [`${fence}.headers.x-azure-fdid.1`]: 'bbbbbbbb-0000-0000-0000-000000000002' },
    ],
    'at the edge of Azure, anybody may deploy': ['exposure: deploy', { 'site.siteConfig.scmIpSecurityRestrictionsDefaultAction': 'Allow' }],
    'at the edge of Azure, the second fence of a closed app is gone': [
      'exposure: site for deployments',
      { 'inner.siteConfig.scmIpSecurityRestrictionsDefaultAction': 'Allow' },
    ],
    'at the edge of Azure, passwords deploy by FTP': ['access: password', { 'ftp.allow': true }],
    'at the edge of Azure, nobody says that passwords do not deploy': ['access: password', { scm: GONE }],
    'at the edge of Azure, debuggers may be attached': ['exposure: debuggers', { 'site.siteConfig.remoteDebuggingEnabled': true }],
    'at the edge of Azure, callers may leave their certificate': ['exposure: certificate', { 'site.clientCertMode': 'Optional' }],
    'at the edge of Azure, callers need no certificate': ['exposure: certificate', { 'site.clientCertEnabled': false }],
    'at the edge of Azure, more paths need no certificate': ['exposure: /api', { 'site.clientCertExclusionPaths': '/health,/api' }],
    'at the edge of Azure, more paths need no sign-in': [
      'access: /api',
      { 'signIn.globalValidation.excludedPaths': ['/public', '/api/*'] },
    ],
    'at the edge of Azure, accounts of every directory sign in': [
      'access: every directory',
      { [`${signIn}.registration.openIdIssuer`]: 'https://login.microsoftonline.com/common/v2.0' },
    ],
    'at the edge of Azure, one more group signs in': [
      'access: g3',
      { [`${signIn}.validation.defaultAuthorizationPolicy.allowedPrincipals.groups`]: ['g1', 'g2', 'g3'] },
    ],
    'at the edge of Azure, everybody of the directory signs in': [
      'access: every group',
      { [`${signIn}.validation.defaultAuthorizationPolicy.allowedPrincipals.groups`]: [] },
    ],
    'at the edge of Azure, tokens for another application are taken': [
      'access: api://other',
      { [`${signIn}.validation.allowedAudiences.1`]: 'api://other' },
    ],
    'at the edge of Azure, people sign in with Google': [
      'access: Google',
      { 'signIn.identityProviders.google': { enabled: true, registration: { clientId: 'g' } } },
    ],
    'at the edge of Azure, a function needs no key': ['exposure: key', { 'reads.config.bindings.0.authLevel': 'anonymous' }],
    'at the edge of Azure, an app shares with every website': ['exposure: every website', { 'site.siteConfig.cors.allowedOrigins.0': '*' }],
    'at the edge of Azure, an app shares what the browser is signed in with': [
      'exposure: signed in',
      { 'site.siteConfig.cors.supportCredentials': true },
    ],
    'at the edge of Azure, a container app answers in clear text': [
      'encryption: clear text',
      { 'app.configuration.ingress.allowInsecure': true },
    ],
    'at the edge of Azure, a container app takes callers without certificate': [
      'exposure: certificates',
      { 'app.configuration.ingress.clientCertificateMode': 'accept' },
    ],
    'at the edge of Azure, a container app shares with another website': [
      'exposure: evil',
      { 'app.configuration.ingress.corsPolicy.allowedOrigins.1': 'https://evil.example.net' },
    ],
  }),
  ...weakenings(pulumiWith, APIM, {
    'at the edge of Azure, tokens for anybody are taken': ['exposure: anybody', policy(PEOPLE.replace(AUDIENCE, ''))],
    'at the edge of Azure, tokens need no role': ['exposure: roles', policy(PEOPLE.replace(CLAIMS, ''))],
    'at the edge of Azure, tokens with one more role are taken': [
      'exposure: roles',
      policy(PEOPLE.replace('<value>lead</value>', '<value>lead</value><value>guest</value>')),
    ],
    'at the edge of Azure, tokens of every directory are taken': [
      'exposure: every directory',
      policy(PEOPLE.replace(`${TENANT}/v2.0`, 'common/v2.0')),
    ],
    'at the edge of Azure, no token is asked for': ['exposure: a token', policy(PEOPLE.replace(JWT(`${AUDIENCE}${CLAIMS}`), ''))],
    'at the edge of Azure, a token is asked for only sometimes': [
      'exposure: a token',
      policy(
        PEOPLE.replace(
          JWT(`${AUDIENCE}${CLAIMS}`),
          `<choose><when condition="@(context.Request.Method == "POST" && 1 < 2)">${JWT(`${AUDIENCE}${CLAIMS}`)}</when></choose>`,
        ),
      ),
    ],
    'at the edge of Azure, tokens need no signature': [
      'exposure: signature',
      policy(PEOPLE.replace(JWT(`${AUDIENCE}${CLAIMS}`), JWT(`${AUDIENCE}${CLAIMS}`, ' require-signed-tokens="false"'))),
    ],
    'at the edge of Azure, more addresses are let in': ['exposure: addresses', policy(PEOPLE.replace('203.0.113.255', '203.0.114.255'))],
    'at the edge of Azure, every address is let in': ['exposure: certain addresses', policy(PEOPLE.replace(ADDRESSES, ''))],
    'at the edge of Azure, a limit of an API goes with a fragment': [
      'exposure: a limit of calls',
      policy(PEOPLE.replace('<include-fragment fragment-id="limits" />', '')),
    ],
    'at the edge of Azure, the limit in a fragment is higher': [
      'exposure: 10000 in 60 seconds',
      { 'limits.value': '<fragment><rate-limit calls="10000" renewal-period="60" /></fragment>' },
    ],
    'at the edge of Azure, an API no longer begins with what holds for all': [
      'exposure: client certificate',
      policy(PEOPLE.replace('<base />', '')),
    ],
    'at the edge of Azure, no API is limited any more': [
      'exposure: quota',
      { 'whole.value': xml('<validate-client-certificate validate-revocation="true" validate-trust="true" />') },
    ],
    'at the edge of Azure, revoked certificates open every API': [
      'exposure: revoked',
      {
        'whole.value': xml(
          '<validate-client-certificate validate-revocation="false" validate-trust="true" /><quota calls="1000" renewal-period="3600" />',
        ),
      },
    ],
    'at the edge of Azure, an API shares with every website': [
      'exposure: every website',
      policy(PEOPLE.replace('https://cases.example.com', '*')),
    ],
    'at the edge of Azure, an API shares what the browser is signed in with': [
      'exposure: signed in',
      policy(PEOPLE.replace('allow-credentials="false"', 'allow-credentials="true"')),
    ],
    'at the edge of Azure, an API tells somebody of calls': [
      'exposure: collector',
      policy(`${PEOPLE}<send-one-way-request mode="new"><set-url>https://collector.example.net/in</set-url></send-one-way-request>`),
    ],
    'at the edge of Azure, an API sends calls elsewhere': [
      'exposure: elsewhere',
      policy(`${PEOPLE}<set-backend-service base-url="https://elsewhere.example.net" />`),
    ],
    'at the edge of Azure, a policy is written elsewhere': [
      'exposure: written elsewhere',
      { 'policy.format': 'rawxml-link', 'policy.value': 'https://example.com/policy.xml' },
    ],
    'at the edge of Azure, an API needs no key': ['access: key', { 'people.subscriptionRequired': false }],
    'at the edge of Azure, an API is called in clear text': ['encryption: http', { 'people.protocols': ['https', 'http'] }],
    'at the edge of Azure, nobody approves who gets a key': ['access: approves', { 'product.approvalRequired': false }],
    'at the edge of Azure, a value of a vault stands in clear text': [
      'encryption: shown',
      { 'key.keyVault': GONE, 'key.secret': false, 'key.value': 'something' },
    ],
  }),
  ...weakenings(pulumiWith, SERVICES, {
    'at the edge of Azure, blobs are shared with every website': ['exposure: every website', { 'blobs.cors': sharing('*') }],
    'at the edge of Azure, a database is shared with another website': [
      'exposure: evil',
      { 'cosmos.cors.0.allowedOrigins': 'https://cases.example.com,https://evil.example.net,https://admin.example.com' },
    ],
    'at the edge of Azure, a database is shared with every website': ['exposure: every website', { 'cosmos.cors.0.allowedOrigins': '*' }],
    'at the edge of Azure, a resource of another tenant gets past a list': [
      `exposure: ${OTHER_TENANT} [tenant]`,
      {
        'store.networkRuleSet.resourceAccessRules.1': {
          tenantId: OTHER_TENANT,
          resourceId: `/subscriptions/${OTHER_TENANT}/resourceGroups/x/providers/Microsoft.Synapse/workspaces/w`,
        },
      },
    ],
    'at the edge of Azure, a resource of ours gets past a list': [
      'exposure: workspaces/more',
      { 'store.networkRuleSet.resourceAccessRules.1': { tenantId: TENANT, resourceId: idOf('Microsoft.Synapse/workspaces', 'more') } },
    ],
    'at the edge of Azure, services get past the list of a database': [
      'exposure: trusted services',
      { 'cosmos.networkAclBypass': 'AzureServices' },
    ],
    'at the edge of Azure, a workspace gets past the list of a database': [
      'exposure: workspaces',
      { 'cosmos.networkAclBypassResourceIds': [idOf('Microsoft.Synapse/workspaces', 'more')] },
    ],
    'at the edge of Azure, services get past the list of a broker': [
      'exposure: trusted services',
      { 'busNetworks.trustedServiceAccessEnabled': true },
    ],
    'at the edge of Azure, templates read secrets': ['access: templates', { 'vault.properties.enabledForTemplateDeployment': true }],
    'at the edge of Azure, machines take secrets': ['access: virtual machines', { 'vault.properties.enabledForDeployment': true }],
    'at the edge of Azure, images can be carried out': ['access: carried out', { 'images.policies.exportPolicy.status': 'enabled' }],
    'at the edge of Azure, images need no signature': ['controls: signature', { 'images.policies.trustPolicy.status': 'disabled' }],
    'at the edge of Azure, images need nobody who looks at them': [
      'controls: looked at',
      { 'images.policies.quarantinePolicy.status': 'disabled' },
    ],
    'at the edge of Azure, tokens of a registry do more': [
      'access: content/delete',
      { 'pulls.actions': ['repositories/cases/content/read', 'repositories/cases/content/delete'] },
    ],
    'at the edge of Azure, tokens of a registry read every repository': [
      'access: repositories/*',
      { 'pulls.actions': ['repositories/*/content/read'] },
    ],
    'at the edge of Azure, commands run in a cluster from outside': [
      'access: commands',
      { 'cluster.apiServerAccessProfile.disableRunCommand': false },
    ],
    'at the edge of Azure, images with holes stay': [
      'controls: known holes',
      { 'cluster.securityProfile.imageCleaner': { enabled: false } },
    ],
    'at the edge of Azure, a model sends to any address': [
      'exposure: any address',
      { 'model.properties.restrictOutboundNetworkAccess': false },
    ],
    'at the edge of Azure, a model sends to another name': ['exposure: pastebin', { 'model.properties.allowedFqdnList.1': 'pastebin.com' }],
    'at the edge of Azure, a model takes keys': ['access: holds a key', { 'model.properties.disableLocalAuth': false }],
    'at the edge of Azure, a cache answers in clear text': ['encryption: encrypted sessions', { 'cache.enableNonSslPort': true }],
    'at the edge of Azure, a cache takes keys': ['access: holds a key', { 'cache.disableAccessKeyAuthentication': false }],
    'at the edge of Azure, a cache asks for nothing': [
      'access: neither key nor token',
      { 'cache.redisConfiguration.authnotrequired': 'true' },
    ],
    'at the edge of Azure, a topic takes keys': ['access: holds a key', { 'topic.disableLocalAuth': false }],
    'at the edge of Azure, a batch account takes keys': ['access: SharedKey', { 'jobs.allowedAuthenticationModes': GONE }],
    'at the edge of Azure, links lead to hosts': ['exposure: link', { 'bastion.enableShareableLink': true }],
    'at the edge of Azure, files are carried through a bastion': [
      'exposure: files',
      { 'bastion.enableFileCopy': true, 'bastion.disableCopyPaste': false },
    ],
    'at the edge of Azure, work on hosts is not recorded': ['logging: recorded', { 'bastion.enableSessionRecording': false }],
    'at the edge of Azure, known bad addresses are only written down': ['detection: known bad', { 'inspects.threatIntelMode': 'Alert' }],
    'at the edge of Azure, attacks are not looked for': ['detection: attacks', { 'inspects.intrusionDetection.mode': 'Off' }],
    'at the edge of Azure, some traffic is not searched': [
      'detection: not searched',
      {
        'inspects.intrusionDetection.configuration': {
          bypassTrafficSettings: [
            { name: 'all', protocol: 'ANY', sourceAddresses: ['*'], destinationAddresses: ['*'], destinationPorts: ['*'] },
          ],
        },
      },
    ],
    'at the edge of Azure, a sign of attacks is switched off': [
      'detection: 2024897',
      { 'inspects.intrusionDetection.configuration': { signatureOverrides: [{ id: '2024897', mode: 'Off' }] } },
    ],
  }),
  ...weakenings(armWith, TEMPLATE, {
    'at the edge of Azure, in a template, anybody’s Front Door gets in': [
      'exposure: anybody’s Front Door',
      { 'config.ipSecurityRestrictions.0.headers': GONE },
    ],
    'at the edge of Azure, in a template, anybody may deploy': ['exposure: deploy', { 'config.scmIpSecurityRestrictionsUseMain': false }],
    'at the edge of Azure, in a template, a site shares with every website': [
      'exposure: every website',
      { 'config.cors.allowedOrigins': ['*'] },
    ],
    'at the edge of Azure, in a template, a rule is gone': ['exposure: countries', { 'firewall.customRules.rules.1': GONE }],
  }),
};

export const AZURE_EDGE_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(pulumiWith, FRONT, {
    'at the edge of Azure, a managed set is a newer one': { [`${sets}.0.ruleSetVersion`]: '2.2' },
    'at the edge of Azure, managed sets change places': {
      [sets]: [
        { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' },
        { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1', ruleSetAction: 'Block' },
      ],
    },
    'at the edge of Azure, rules change places in their list': { [rules]: [office(), blocked(), limit(300)] },
    'at the edge of Azure, rules get other numbers in the same order': {
      [rules]: [limit(300, 1, { priority: 10 }), blocked({ priority: 20 }), office({ priority: 30 })],
    },
    'at the edge of Azure, a rule is renamed': { [`${rules}.1.name`]: 'onlyhere' },
    'at the edge of Azure, addresses of a rule are joined': { [`${rules}.2.matchConditions`]: from(['203.0.113.0/24']) },
    'at the edge of Azure, countries are listed otherwise': { [`${rules}.1.matchConditions`]: geo(['CH', 'DE', 'AT']) },
    'at the edge of Azure, one country less is let in': { [`${rules}.1.matchConditions`]: geo(['CH', 'DE']) },
    'at the edge of Azure, fewer addresses are let pass': { [`${rules}.2.matchConditions`]: from(['203.0.113.0/26']) },
    'at the edge of Azure, a limit of calls is lower': { [`${rules}.0.rateLimitThreshold`]: 100 },
    'at the edge of Azure, the same calls may come in a longer time': { [rules]: [limit('300', 5), blocked(), office()] },
    'at the edge of Azure, one more rule blocks': {
      [`${rules}.3`]: blocked({
        name: 'more',
        priority: 400,
        matchConditions: [{ matchVariable: 'RequestUri', operator: 'Contains', matchValue: ['/admin'] }],
      }),
    },
    'at the edge of Azure, the same firewall by another name stands before it': {
      'binding.parameters': bound(['/*'], ['endpoint', 'domain'], 'waftwin'),
    },
    'at the edge of Azure, paths are bound twice': { 'binding.parameters': bound(['/api/*', '/*']) },
    'at the edge of Azure, a domain goes with its binding': { domain: GONE, 'binding.parameters': bound(['/*'], ['endpoint']) },
    'at the edge of Azure, a binding is split in two': {
      'binding.parameters': bound(['/*'], ['endpoint']),
      second: {
        type: 'azure-native:cdn:SecurityPolicy',
        inputs: {
          resourceGroupName: 'cases',
          profileName: 'shopfront',
          securityPolicyName: 'second',
          parameters: bound(['/*'], ['domain']),
        },
      },
    },
    'at the edge of Azure, a route takes TLS only': { 'route.supportedProtocols': ['Https'] },
    'at the edge of Azure, copies are kept of static files only': {
      'route.patternsToMatch': ['/static/*', '/*.css'],
      'route.cacheConfiguration': { queryStringCachingBehavior: 'IgnoreQueryString' },
    },
    'at the edge of Azure, headers are written in other case': { 'protects.actions.0.parameters.headerName': 'strict-transport-security' },
  }),
  ...harmless(pulumiWith, GATEWAY, {
    'at the edge of Azure, a gateway gets newer managed rules': {
      'waf.managedRules.managedRuleSets.0': { ruleSetType: 'Microsoft_DefaultRuleSet', ruleSetVersion: '2.1' },
    },
    'at the edge of Azure, a listener is under the firewall of its gateway': { 'gateway.httpListeners.1.firewallPolicy': GONE },
    'at the edge of Azure, paths are under the firewall of their gateway': { 'gateway.urlPathMaps.0.pathRules.0.firewallPolicy': GONE },
    'at the edge of Azure, a gateway leaves fewer fields out': { 'waf.managedRules.exclusions.0.selector': 'comments' },
    'at the edge of Azure, a limit counts by the same in another form': {
      'waf.customRules.0.matchConditions': [{ matchVariables: [{ variableName: 'RequestUri' }], operator: 'Any', matchValues: [] }],
    },
    'at the edge of Azure, a listener is gone': { 'gateway.httpListeners.1': GONE },
  }),
  ...harmless(pulumiWith, APPS, {
    'at the edge of Azure, the fence of an app is written otherwise': {
      [`${fence}.headers`]: { 'X-Azure-FDID': ['aaaaaaaa-0000-0000-0000-000000000001'] },
      [`${fence}.name`]: 'edge',
      [`${fence}.priority`]: 10,
    },
    'at the edge of Azure, probes have to come from Front Door too': { [`${fence}.headers.x-fd-healthprobe`]: ['1'] },
    'at the edge of Azure, paths without certificate are written otherwise': { 'site.clientCertExclusionPaths': '/health; /health/live' },
    'at the edge of Azure, groups that sign in change places': {
      [`${signIn}.validation.defaultAuthorizationPolicy.allowedPrincipals.groups`]: ['g2', 'g1'],
    },
    'at the edge of Azure, fewer groups sign in': { [`${signIn}.validation.defaultAuthorizationPolicy.allowedPrincipals.groups`]: ['g1'] },
    'at the edge of Azure, an issuer is written without its version': {
      [`${signIn}.registration.openIdIssuer`]: `https://login.microsoftonline.com/${TENANT}/`,
    },
    'at the edge of Azure, a path below one that needs no sign-in is named': {
      'signIn.globalValidation.excludedPaths': ['/public', '/public/news'],
    },
    'at the edge of Azure, a website below those that are shared with': {
      'site.siteConfig.cors.allowedOrigins.2': 'https://eu.cases.example.com',
    },
    'at the edge of Azure, shared websites are written otherwise': {
      'site.siteConfig.cors.allowedOrigins': ['https://*.cases.example.com/', 'HTTPS://cases.example.com'],
    },
    'at the edge of Azure, an app scales out': { 'app.template': { scale: { minReplicas: 2, maxReplicas: 20 } } },
  }),
  ...harmless(pulumiWith, APIM, {
    'at the edge of Azure, a policy has other spaces and comments': { 'policy.value': `<!-- people -->\n${twice(xml(PEOPLE))}` },
    'at the edge of Azure, a policy has its attributes in another order': policy(
      PEOPLE.replace(
        'header-name="Authorization" failed-validation-httpcode="401"',
        "failed-validation-httpcode='401' header-name='Authorization'",
      ),
    ),
    'at the edge of Azure, a policy is written in the other format': { 'policy.format': 'xml' },
    'at the edge of Azure, a fragment is written into the policy': policy(
      PEOPLE.replace('<include-fragment fragment-id="limits" />', '<rate-limit calls="100" renewal-period="60" />'),
    ),
    'at the edge of Azure, a limit is the same in another unit': {
      'limits.value': '<fragment><rate-limit calls="200" renewal-period="120" /></fragment>',
    },
    'at the edge of Azure, a check moves from one API to all': {
      'whole.value': xml(
        `<validate-client-certificate validate-revocation="true" validate-trust="true" /><quota calls="1000" renewal-period="3600" />${JWT(`${AUDIENCE}${CLAIMS}`)}`,
      ),
      'policy.value': xml(PEOPLE.replace(JWT(`${AUDIENCE}${CLAIMS}`), '')),
    },
    'at the edge of Azure, tokens with one role less are taken': policy(PEOPLE.replace('<value>lead</value>', '')),
    'at the edge of Azure, fewer addresses are let in by a policy': policy(PEOPLE.replace('203.0.113.255', '203.0.113.127')),
    'at the edge of Azure, addresses of a policy are written one range as two': policy(
      PEOPLE.replace(
        '<address-range from="203.0.113.0" to="203.0.113.255" />',
        '<address-range from="203.0.113.0" to="203.0.113.255" /><address>203.0.113.7</address>',
      ),
    ),
    'at the edge of Azure, a policy checks more': policy(
      `${PEOPLE}<validate-content unspecified-content-type-action="prevent" max-size="1024" size-exceeded-action="prevent" />`,
    ),
    'at the edge of Azure, a product is not published any more': { 'product.state': 'notPublished' },
  }),
  ...harmless(pulumiWith, SERVICES, {
    'at the edge of Azure, websites of a database change places': {
      'cosmos.cors.0.allowedOrigins': 'https://admin.example.com, https://cases.example.com',
    },
    'at the edge of Azure, blobs are shared with nobody': { 'blobs.cors': { corsRules: [] } },
    'at the edge of Azure, a resource that gets past is written otherwise': {
      'store.networkRuleSet.resourceAccessRules.0.resourceId': `${idOf('Microsoft.Synapse/workspaces', 'ours').toUpperCase()}/`,
    },
    'at the edge of Azure, flags that are off are not written': { 'vault.properties.enabledForDeployment': GONE },
    'at the edge of Azure, a model sends to fewer names': { 'model.properties.allowedFqdnList': [] },
    'at the edge of Azure, an image cleaner runs less often': { 'cluster.securityProfile.imageCleaner.intervalHours': 72 },
    'at the edge of Azure, a switch is written as text': { 'cache.enableNonSslPort': 'False' },
  }),
  ...harmless(armWith, TEMPLATE, {
    'at the edge of Azure, in a template, the fence of a site is written into it': {
      'site.siteConfig': {
        minTlsVersion: '1.2',
        ftpsState: 'Disabled',
        ...(TEMPLATE.config as { readonly properties: object }).properties,
      },
      config: GONE,
    },
    'at the edge of Azure, in a template, a limit is a text': { 'firewall.customRules.rules.0.rateLimitThreshold': '300' },
  }),
};
