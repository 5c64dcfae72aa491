/** Application gateways, Front Door in both generations, and the content delivery network. */
import { apiVersionOf } from '../../facts/azure';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { setting } from '../setting';

const GATEWAY = 'azure-native:network:ApplicationGateway';
const GATEWAY_WAF = 'azure-native:network:WebApplicationFirewallPolicy';
const CLASSIC = 'azure-native:frontdoor:FrontDoor';
const FRONT_DOOR_WAF = 'azure-native:frontdoor:Policy';
const PROFILE = 'azure-native:cdn:Profile';
const ROUTE = 'azure-native:cdn:Route';
const DOMAIN = 'azure-native:cdn:AFDCustomDomain';
const ORIGIN = 'azure-native:cdn:AFDOrigin';
const ENDPOINT = 'azure-native:cdn:Endpoint';
const SECURITY_POLICY = 'azure-native:cdn:SecurityPolicy';

/** Blocks, and does not only count. */
const blocks = (policy: Resource): Outcome =>
  allOf(
    policy
      .at('policySettings.mode')
      .orDefault(policy.type === GATEWAY_WAF ? 'Detection' : 'Prevention')
      .is('Prevention'),
    policy
      .at(policy.type === GATEWAY_WAF ? 'policySettings.state' : 'policySettings.enabledState')
      .orDefault('Enabled')
      .is('Enabled'),
    policy.at('managedRules.managedRuleSets').isSet(),
  );

/** The gateway has a firewall: a policy of its own, or the older settings, in prevention mode. */
const gatewayIsGuarded = (gateway: Resource): Outcome =>
  anyOf(
    [
      gateway.at('firewallPolicy.id').isSet(),
      allOf(
        gateway.at('webApplicationFirewallConfiguration.enabled').isTrue(),
        gateway.at('webApplicationFirewallConfiguration.firewallMode').orDefault('Detection').is('Prevention'),
      ),
    ],
    'has no web application firewall that blocks: firewallPolicy is not set',
  );

/** Predefined policies that refuse everything below TLS 1.2. */
const MODERN_POLICIES = ['AppGwSslPolicy20170401S', 'AppGwSslPolicy20220101', 'AppGwSslPolicy20220101S'];
const MODERN_PROTOCOLS = ['TLSv1_2', 'TLSv1_3'];

function isModern(policy: Value): Outcome {
  return anyOf(
    [policy.at('policyName').isOneOf(MODERN_POLICIES), policy.at('minProtocolVersion').isOneOf(MODERN_PROTOCOLS)],
    policy.at('policyName').state === 'absent' ? policy.at('minProtocolVersion').describe() : policy.at('policyName').describe(),
  );
}

/** Since this API version a gateway without a policy takes TLS 1.2 at least. */
const MODERN_BY_DEFAULT = '2023-02-01';

function negotiates(gateway: Resource): Outcome {
  const policy = gateway.at('sslPolicy');
  const profiles = every(gateway.at('sslProfiles').items(), (profile) =>
    profile.at('sslPolicy').state === 'absent' ? pass() : isModern(profile.at('sslPolicy')),
  );
  if (policy.state !== 'absent') return allOf(isModern(policy), profiles);
  const version = apiVersionOf(gateway);
  return version !== undefined && version < MODERN_BY_DEFAULT
    ? fail(`sslPolicy is not set: API version ${version} takes TLS 1.0`, 'sslPolicy')
    : profiles;
}

const lastPart = (text: string | undefined): string | undefined => text?.slice(text.lastIndexOf('/') + 1).toLowerCase();

/** A clear-text listener does nothing but send callers to TLS. */
function listensByTls(gateway: Resource): Outcome {
  return every(gateway.at('httpListeners').items(), (listener) => {
    const encrypted = listener.at('protocol').is('Https');
    if (encrypted.verdict !== 'fail') return encrypted;
    const name = listener.at('name').string?.toLowerCase();
    const rules = gateway
      .at('requestRoutingRules')
      .items()
      .filter((one) => name !== undefined && lastPart(one.at('httpListener.id').shape) === name);
    if (rules.length > 0 && rules.every((one) => one.at('redirectConfiguration').state !== 'absent')) return pass();
    return fail(`${listener.at('protocol').describe()}, and it does not redirect`, listener.path);
  });
}

const usesPlatform = (profile: Resource): boolean => /AzureFrontDoor/i.test(profile.at('sku.name').string ?? '');

function profileIsGuarded(profile: Resource, graph: Graph): Outcome {
  if (!usesPlatform(profile)) return notApplicable('is no Front Door');
  const policies = [
    ...graph.pointingAt(profile, SECURITY_POLICY, 'profileName'),
    ...graph.childrenOf(profile).filter(({ type }) => type === SECURITY_POLICY),
  ];
  return policies.some((policy) => policy.at('parameters.wafPolicy.id').isSet().verdict !== 'fail')
    ? pass()
    : fail('no SecurityPolicy puts a web application firewall before it');
}

const gateway = (properties: object, more: object = {}) => ({ gateway: { type: GATEWAY, properties, ...more } });
const waf = (type: string, policySettings: object, managed = true) => ({
  policy: {
    type,
    properties: {
      policySettings,
      ...(managed ? { managedRules: { managedRuleSets: [{ ruleSetType: 'OWASP', ruleSetVersion: '3.2' }] } } : {}),
    },
  },
});
const listener = (protocol: unknown, rules: readonly object[] = []) =>
  gateway({ httpListeners: [{ name: 'web', protocol }], requestRoutingRules: rules });
const toListener = (more: object) => ({ name: 'r', httpListener: { id: '/applicationGateways/g/httpListeners/web' }, ...more });
const frontDoor = (properties: object) => ({ door: { type: CLASSIC, properties } });
const FRONT = { sku: { name: 'Premium_AzureFrontDoor' } };

export const azureGateways: Specs = {
  'DID-07': {
    azure: [
      rule({
        on: GATEWAY,
        check: gatewayIsGuarded,
        fix: "Use SecureApplicationGateway, or set firewallPolicy.id to a policy with mode 'Prevention'.",
        pass: [
          { resources: gateway({ firewallPolicy: { id: '/policies/p' } }) },
          { resources: gateway({ webApplicationFirewallConfiguration: { enabled: true, firewallMode: 'Prevention' } }) },
        ],
        fail: [
          { resources: gateway({}) },
          { resources: gateway({ webApplicationFirewallConfiguration: { enabled: true, firewallMode: 'Detection' } }) },
          { resources: gateway({ webApplicationFirewallConfiguration: { enabled: false, firewallMode: 'Prevention' } }) },
        ],
        unknown: [
          {
            resources: gateway({
              webApplicationFirewallConfiguration: { enabled: { $unknown: 'config value' }, firewallMode: 'Prevention' },
            }),
          },
        ],
      }),
      rule({
        on: [GATEWAY_WAF, FRONT_DOOR_WAF, 'azure-native:cdn:Policy'],
        check: blocks,
        fix: "Set policySettings.mode: 'Prevention' and the policy enabled, with managedRules.managedRuleSets.",
        pass: [
          { resources: waf(GATEWAY_WAF, { mode: 'Prevention', state: 'Enabled' }) },
          { resources: waf(FRONT_DOOR_WAF, { mode: 'Prevention', enabledState: 'Enabled' }) },
          { resources: waf('azure-native:cdn:Policy', { mode: 'Prevention', enabledState: 'Enabled' }) },
        ],
        fail: [
          { resources: waf(GATEWAY_WAF, {}) },
          { resources: waf(GATEWAY_WAF, { mode: 'Prevention', state: 'Disabled' }) },
          { resources: waf(FRONT_DOOR_WAF, { mode: 'Detection' }) },
          { resources: waf(FRONT_DOOR_WAF, { mode: 'Prevention', enabledState: 'Disabled' }) },
          { resources: waf(FRONT_DOOR_WAF, { mode: 'Prevention' }, false) },
        ],
        unknown: [{ resources: waf(FRONT_DOOR_WAF, { mode: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: CLASSIC,
        check: (door) =>
          every(door.at('frontendEndpoints').items(), (endpoint) => {
            const link = endpoint.at('webApplicationFirewallPolicyLink.id').isSet();
            return link.verdict === 'fail' ? fail(`${endpoint.path} has no web application firewall`, endpoint.path) : link;
          }),
        fix: 'Set webApplicationFirewallPolicyLink.id of each frontend endpoint.',
        pass: [{ resources: frontDoor({ frontendEndpoints: [{ name: 'e', webApplicationFirewallPolicyLink: { id: '/policies/p' } }] }) }],
        fail: [{ resources: frontDoor({ frontendEndpoints: [{ name: 'e' }] }) }],
      }),
      rule({
        on: PROFILE,
        check: profileIsGuarded,
        fix: 'Add a SecurityPolicy with a web application firewall policy for the domains of the profile.',
        pass: [
          {
            resources: {
              profile: { type: PROFILE, properties: FRONT },
              guard: {
                type: SECURITY_POLICY,
                properties: { profileName: { $ref: 'profile' }, parameters: { wafPolicy: { id: '/policies/p' } } },
              },
            },
          },
        ],
        fail: [{ resources: { profile: { type: PROFILE, properties: FRONT } } }],
        skip: [{ resources: { profile: { type: PROFILE, properties: { sku: { name: 'Standard_Microsoft' } } } } }],
      }),
    ],
  },
  'TLS-01': {
    azure: [
      rule({
        on: GATEWAY,
        check: negotiates,
        fix: "Set sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101' }, or CustomV2 with minProtocolVersion TLSv1_2.",
        pass: [
          { resources: gateway({ sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20220101S' } }) },
          { resources: gateway({ sslPolicy: { policyType: 'CustomV2', minProtocolVersion: 'TLSv1_3' } }) },
          {
            resources: gateway({
              sslPolicy: { policyName: 'AppGwSslPolicy20220101' },
              sslProfiles: [{ name: 'p', sslPolicy: { policyName: 'AppGwSslPolicy20170401S' } }],
            }),
          },
          { resources: gateway({ sslProfiles: [{ name: 'p', sslPolicy: { minProtocolVersion: 'TLSv1_2' } }] }) },
        ],
        fail: [
          { resources: gateway({ sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20150501' } }) },
          { resources: gateway({ sslPolicy: { policyType: 'Custom', minProtocolVersion: 'TLSv1_0' } }) },
          { resources: gateway({ sslProfiles: [{ name: 'p', sslPolicy: { minProtocolVersion: 'TLSv1_1' } }] }) },
          { resources: gateway({}, { options: { apiVersion: '2021-05-01' } }) },
        ],
        unknown: [{ resources: gateway({ sslPolicy: { policyName: { $unknown: 'config value' } } }) }],
      }),
      setting({
        on: DOMAIN,
        at: 'tlsSettings.minimumTlsVersion',
        is: ['TLS12', 'TLS13'],
        not: 'TLS10',
        unset: 'TLS12',
        fix: "Set tlsSettings.minimumTlsVersion: 'TLS12' or later.",
      }),
    ],
  },
  'TLS-02': {
    azure: [
      rule({
        on: GATEWAY,
        check: listensByTls,
        fix: "Set protocol: 'Https' with a certificate; a listener for Http only redirects (redirectConfiguration of its routing rule).",
        pass: [
          { resources: listener('Https') },
          { resources: listener('Http', [toListener({ redirectConfiguration: { id: '/redirectConfigurations/tls' } })]) },
        ],
        fail: [{ resources: listener('Http') }, { resources: listener('Http', [toListener({ backendHttpSettings: { id: '/s' } })]) }],
        unknown: [{ resources: listener({ $unknown: 'config value' }) }],
      }),
      rule({
        on: ROUTE,
        check: (route) =>
          anyOf(
            [
              route.at('httpsRedirect').is('Enabled'),
              every(route.at('supportedProtocols').orDefault(['Http', 'Https']).items(), (one) => one.is('Https')),
            ],
            'answers in clear text: httpsRedirect is not Enabled, and supportedProtocols lists Http',
          ),
        fix: "Set httpsRedirect: 'Enabled' (the SDK writes Disabled) or supportedProtocols: ['Https'].",
        pass: [
          { resources: { route: { type: ROUTE, properties: { httpsRedirect: 'Enabled' } } } },
          { resources: { route: { type: ROUTE, properties: { supportedProtocols: ['Https'] } } } },
        ],
        fail: [
          { resources: { route: { type: ROUTE, properties: {} } } },
          { resources: { route: { type: ROUTE, properties: { httpsRedirect: 'Disabled', supportedProtocols: ['Http', 'Https'] } } } },
        ],
        unknown: [{ resources: { route: { type: ROUTE, properties: { httpsRedirect: { $unknown: 'config value' } } } } }],
      }),
      rule({
        on: CLASSIC,
        check: (door) =>
          every(door.at('routingRules').items(), (one) => {
            if (/Redirect/i.test(one.at('routeConfiguration.odataType').string ?? '')) return pass();
            const clear = one
              .at('acceptedProtocols')
              .items()
              .find((protocol) => protocol.is('Http').verdict === 'pass');
            return clear ? fail(`${one.path} forwards what comes in clear text`, clear.path) : pass();
          }),
        fix: "Set acceptedProtocols: ['Https'], and let a rule of its own redirect Http.",
        pass: [
          {
            resources: frontDoor({
              routingRules: [
                { acceptedProtocols: ['Https'] },
                {
                  acceptedProtocols: ['Http'],
                  routeConfiguration: { odataType: '#Microsoft.Azure.FrontDoor.Models.FrontdoorRedirectConfiguration' },
                },
              ],
            }),
          },
        ],
        fail: [{ resources: frontDoor({ routingRules: [{ acceptedProtocols: ['Http', 'Https'] }] }) }],
      }),
      setting({ on: ENDPOINT, at: 'isHttpAllowed', is: [false], not: true, unset: true, fix: 'Set isHttpAllowed: false.' }),
    ],
  },
  'TLS-04': {
    azure: [
      setting({
        on: GATEWAY,
        at: 'backendHttpSettingsCollection[].protocol',
        is: ['Https'],
        not: 'Http',
        from: 'moderate',
        fix: "Set protocol: 'Https' and port 443 in each entry of backendHttpSettingsCollection.",
      }),
      setting({
        on: ROUTE,
        at: 'forwardingProtocol',
        is: ['HttpsOnly'],
        not: 'HttpOnly',
        unset: 'MatchRequest',
        from: 'moderate',
        fix: "Set forwardingProtocol: 'HttpsOnly'.",
      }),
      setting({
        on: CLASSIC,
        at: 'routingRules[].routeConfiguration.forwardingProtocol',
        is: ['HttpsOnly'],
        not: 'HttpOnly',
        unset: 'HttpsOnly',
        from: 'moderate',
        fix: "Set routeConfiguration.forwardingProtocol: 'HttpsOnly'.",
      }),
      setting({
        on: ORIGIN,
        at: 'enforceCertificateNameCheck',
        is: [true],
        not: false,
        unset: true,
        fix: 'Set enforceCertificateNameCheck: true.',
      }),
      setting({
        on: CLASSIC,
        at: 'backendPoolsSettings.enforceCertificateNameCheck',
        is: ['Enabled'],
        not: 'Disabled',
        unset: 'Enabled',
        fix: "Set backendPoolsSettings.enforceCertificateNameCheck: 'Enabled'.",
      }),
    ],
  },
  'DID-17': {
    azure: setting({
      on: GATEWAY_WAF,
      at: 'policySettings.requestBodyCheck',
      is: [true],
      not: false,
      unset: true,
      fix: 'Set policySettings.requestBodyCheck: true, so that bodies are inspected and limited.',
    }),
  },
  'PRV-07': {
    azure: setting({
      on: PROFILE,
      at: 'logScrubbing.state',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Disabled',
      where: { at: 'sku.name', is: ['Premium_AzureFrontDoor', 'Standard_AzureFrontDoor'] },
      severity: 'low',
      from: 'moderate',
      fix: "Set logScrubbing: { state: 'Enabled', scrubbingRules } for query strings and addresses.",
    }),
  },
};
