/** What stands around the public entries of Azure: limits, certificates, browser headers, declared exposure, zones. */
import { spansZones } from '../../facts/azure';
import { profileOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, rule } from '../../rule';
import type { Value } from '../../value';
import { setting } from '../setting';

const GATEWAY = 'azure-native:network:ApplicationGateway';
const GATEWAY_WAF = 'azure-native:network:WebApplicationFirewallPolicy';
const FRONT_DOOR_WAF = 'azure-native:frontdoor:Policy';
const PROFILE = 'azure-native:cdn:Profile';
const ROUTE = 'azure-native:cdn:Route';
const DOMAIN = 'azure-native:cdn:AFDCustomDomain';
const ORIGIN = 'azure-native:cdn:AFDOrigin';
const RULE_SET = 'azure-native:cdn:RuleSet';
const RULE = 'azure-native:cdn:Rule';
const SECRET = 'azure-native:cdn:Secret';

// ── Exposure ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the profile of the unit, or of the project, says of who reaches the system. */
const declaredExposure = (one: Resource, { profile }: RuleContext): unknown =>
  profileOf(one)?.exposure ?? (profile as { readonly exposure?: unknown } | undefined)?.exposure;

function isExposedAsDeclared(gateway: Resource, _graph: Graph, context: RuleContext): Outcome {
  const exposure = declaredExposure(gateway, context);
  if (exposure === undefined) return notApplicable('no exposure is declared');
  if (exposure === 'internet') return pass();
  const fronts = gateway.at('frontendIPConfigurations').items();
  if (fronts.length === 0) return notApplicable('has no address');
  return every(fronts, (front) => {
    const address = front.at('publicIPAddress.id');
    return address.state === 'absent'
      ? pass()
      : fail(`${address.path} is set, and the data profile says exposure ${String(exposure)}`, address.path);
  });
}

// ── Web firewalls ────────────────────────────────────────────────────────────────────────────────────────────────────

const rulesOf = (policy: Resource): readonly Value[] =>
  policy.at(policy.type === GATEWAY_WAF ? 'customRules' : 'customRules.rules').items();

const limitsClients = (policy: Resource): Outcome =>
  some(
    rulesOf(policy),
    (one) =>
      allOf(
        one.at('ruleType').is('RateLimitRule'),
        one.at('action').is('Block'),
        one
          .at(policy.type === GATEWAY_WAF ? 'state' : 'enabledState')
          .orDefault('Enabled')
          .is('Enabled'),
      ),
    'no custom rule limits how often one client asks',
  );

/** Rules of a managed set that are switched off, or only write down what they see. */
const blocksByEveryRule = (policy: Resource): Outcome =>
  every(
    policy
      .at('managedRules.managedRuleSets')
      .items()
      .flatMap((set) => set.at('ruleGroupOverrides').items())
      .flatMap((group) => group.at('rules').items()),
    (one) =>
      allOf(
        one
          .at(policy.type === GATEWAY_WAF ? 'state' : 'enabledState')
          // An override that says nothing switches the rule off.
          .orDefault('Disabled')
          .is('Enabled'),
        one.at('action').isNoneOf(['Log', 'Allow']),
      ),
  );

const scrubs = (policy: Resource): Outcome =>
  policy
    .at(policy.type === GATEWAY_WAF ? 'policySettings.logScrubbing.state' : 'policySettings.state')
    .orDefault('Disabled')
    .is('Enabled');

/** Whoever knows the host of an origin on the internet goes around the firewall. */
function isReachedPrivately(origin: Resource, graph: Graph): Outcome {
  const link = origin.at('sharedPrivateLinkResource.privateLink.id');
  if (link.state !== 'absent') return link.isSet();
  const profile = graph.target(origin.at('profileName'), PROFILE);
  const hasLinks = profile?.at('sku.name').is('Premium_AzureFrontDoor').verdict !== 'fail';
  return hasLinks
    ? fail('sharedPrivateLinkResource is not set: whoever knows the host goes around the firewall')
    : notApplicable('its tier has no private link');
}

// ── Browsers ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The header that keeps browsers from clear text; who sends it has thought of the others. */
const PROTECTS = 'strict-transport-security';

const sendsHeader = (one: Resource): Outcome =>
  some(
    one.at('actions').items(),
    (action) =>
      allOf(
        action.at('parameters.headerAction').isOneOf(['Overwrite', 'Append']),
        action.at('parameters.headerName').string?.toLowerCase() === PROTECTS ? pass() : fail('sends another header'),
      ),
    'sends no Strict-Transport-Security',
  );

function sendsHeaders(route: Resource, graph: Graph): Outcome {
  const sets = route.at('ruleSets').items();
  if (sets.length === 0) return fail('ruleSets is not set: nothing adds the headers that protect browsers', 'ruleSets');
  const declared = sets.map((set) => graph.target(set.at('id'), RULE_SET));
  const rules = declared.flatMap((set) => (set ? graph.pointingAt(set, RULE, 'ruleSetName') : []));
  const sends = anyOf(rules.map(sendsHeader), 'no rule of its rule sets sends Strict-Transport-Security');
  return sends.verdict === 'fail' && declared.includes(undefined) ? unknown('the rule sets are declared elsewhere', 'ruleSets') : sends;
}

// ── Certificates ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** `https://vault/secrets/name/0123…`: a version never changes, and lapses. */
const VERSIONED = /\/secrets\/[^/]+\/[^/]+/i;

const followsVault = (gateway: Resource): Outcome =>
  every(gateway.at('sslCertificates').items(), (certificate) => {
    const secret = certificate.at('keyVaultSecretId');
    if (secret.state === 'absent')
      return fail(`${certificate.path} is uploaded, and nobody renews it: keyVaultSecretId is not set`, certificate.path);
    return VERSIONED.test(secret.string ?? '') ? fail(`${secret.path} names a version, which is never renewed`, secret.path) : pass();
  });

/** Azure renews its own certificates; those of a vault are followed only where the secret says so. */
function isRenewed(domain: Resource, graph: Graph): Outcome {
  const type = domain.at('tlsSettings.certificateType');
  if (type.state === 'absent') return fail('tlsSettings is not set: the name has no certificate', 'tlsSettings');
  if (type.is('CustomerCertificate').verdict !== 'pass') return type.isNoneOf(['CustomerCertificate']);
  const secret = graph.target(domain.at('tlsSettings.secret.id'), SECRET);
  if (!secret) return unknown('whether the certificate is renewed: its secret is declared elsewhere', 'tlsSettings.secret');
  const latest = secret.at('parameters.useLatestVersion').orDefault(false).isTrue();
  return latest.verdict === 'fail' ? fail(`${secret.logicalId} names one version, which is never renewed`, 'tlsSettings.secret') : latest;
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const only = (type: string, properties: object, more: object = {}) => ({ resources: { it: { type, properties } }, ...more });
const exposure = (exposure: string) => ({ unit: { profile: { exposure } } });
const front = (more: object) => only(GATEWAY, { frontendIPConfigurations: [{ name: 'front', ...more }] });
const PUBLIC = { publicIPAddress: { id: '/subscriptions/s/address' } };
const LIMIT = { ruleType: 'RateLimitRule', action: 'Block', priority: 1 };
const regional = (customRules: unknown) => only(GATEWAY_WAF, { customRules });
const global = (rules: unknown) => only(FRONT_DOOR_WAF, { customRules: { rules } });
const overriding = (type: string, one: object) =>
  only(type, {
    managedRules: {
      managedRuleSets: [{ ruleSetType: 'a', ruleGroupOverrides: [{ ruleGroupName: 'SQLI', rules: [{ ruleId: '942430', ...one }] }] }],
    },
  });
const certificate = (one: object) => only(GATEWAY, { sslCertificates: [{ name: 'web', ...one }] });
const origin = (more: object, sku?: string) => ({
  resources: {
    origin: { type: ORIGIN, properties: { profileName: { $ref: 'profile.name' }, ...more } },
    ...(sku ? { profile: { type: PROFILE, properties: { sku: { name: sku } } } } : {}),
  },
});
const route = (headerName: unknown, headerAction: unknown = 'Overwrite') => ({
  resources: {
    route: { type: ROUTE, properties: { ruleSets: [{ id: { $ref: 'set.id' } }] } },
    set: { type: RULE_SET, properties: { ruleSetName: 'headers' } },
    one: { type: RULE, properties: { ruleSetName: { $ref: 'set.name' }, actions: [{ parameters: { headerAction, headerName } }] } },
  },
});

const ownCertificate = (useLatestVersion: unknown) => ({
  resources: {
    domain: {
      type: DOMAIN,
      properties: { tlsSettings: { certificateType: 'CustomerCertificate', secret: { id: { $ref: 'secret.id' } } } },
    },
    secret: { type: SECRET, properties: { parameters: { useLatestVersion } } },
  },
});

export const azureGuards: Specs = {
  'BCR-06': {
    azure: rule({
      on: GATEWAY,
      severity: 'low',
      check: spansZones,
      fix: "Use SecureApplicationGateway, or set zones: ['1', '2', '3'].",
      pass: [only(GATEWAY, { zones: ['1', '2', '3'] })],
      fail: [only(GATEWAY, {}), only(GATEWAY, { zones: ['1'] })],
      unknown: [only(GATEWAY, { zones: { $unknown: 'config value' } })],
    }),
  },
  'DID-02': {
    azure: rule({
      on: GATEWAY,
      severity: 'medium',
      check: isExposedAsDeclared,
      fix: 'Use SecureApplicationGateway without internetFacing, give the frontend an address of the subnet only, or declare exposure internet in the data profile.',
      pass: [
        { ...front(PUBLIC), ...exposure('internet') },
        { ...front({ privateIPAddress: '10.0.0.4' }), ...exposure('organisation') },
      ],
      fail: [{ ...front(PUBLIC), ...exposure('organisation') }],
      skip: [front(PUBLIC)],
    }),
  },
  'DID-07': {
    azure: [
      rule({
        on: [GATEWAY_WAF, FRONT_DOOR_WAF],
        severity: 'low',
        check: blocksByEveryRule,
        fix: 'Remove the override, or exclude the one field that the rule mistakes; where a rule may only log, record a waiver.',
        pass: [
          overriding(GATEWAY_WAF, { state: 'Enabled', action: 'Block' }),
          overriding(FRONT_DOOR_WAF, { enabledState: 'Enabled', action: 'AnomalyScoring' }),
        ],
        fail: [
          overriding(GATEWAY_WAF, {}),
          overriding(GATEWAY_WAF, { state: 'Disabled' }),
          overriding(GATEWAY_WAF, { state: 'Enabled', action: 'Log' }),
          overriding(FRONT_DOOR_WAF, { enabledState: 'Disabled' }),
          overriding(FRONT_DOOR_WAF, { enabledState: 'Enabled', action: 'Allow' }),
        ],
        unknown: [overriding(GATEWAY_WAF, { state: { $unknown: 'config value' } })],
      }),
      rule({
        on: ORIGIN,
        severity: 'low',
        from: 'moderate',
        check: isReachedPrivately,
        fix: 'Use SecureFrontDoor, or set sharedPrivateLinkResource with the resource behind the host, and close that to the internet.',
        pass: [origin({ sharedPrivateLinkResource: { privateLink: { id: '/subscriptions/s/site' } } }, 'Premium_AzureFrontDoor')],
        fail: [origin({}, 'Premium_AzureFrontDoor'), { name: 'the profile is elsewhere', ...only(ORIGIN, {}) }],
        skip: [origin({}, 'Standard_AzureFrontDoor')],
      }),
    ],
  },
  'DID-08': {
    azure: rule({
      on: [GATEWAY_WAF, FRONT_DOOR_WAF],
      severity: 'low',
      check: limitsClients,
      fix: 'Use SecureWafPolicy, or add a custom rule with ruleType RateLimitRule and action Block.',
      pass: [regional([LIMIT]), global([{ ...LIMIT, enabledState: 'Enabled' }])],
      fail: [
        regional([]),
        regional([{ ...LIMIT, action: 'Log' }]),
        regional([{ ...LIMIT, state: 'Disabled' }]),
        regional([{ ...LIMIT, ruleType: 'MatchRule' }]),
        global([{ ...LIMIT, enabledState: 'Disabled' }]),
      ],
      unknown: [regional([{ ...LIMIT, action: { $unknown: 'config value' } }])],
    }),
  },
  'DID-17': {
    azure: setting({
      on: FRONT_DOOR_WAF,
      at: 'policySettings.requestBodyCheck',
      is: ['Enabled'],
      not: 'Disabled',
      unset: 'Enabled',
      fix: "Set policySettings.requestBodyCheck: 'Enabled', so that bodies are inspected.",
    }),
  },
  'DID-18': {
    azure: rule({
      // Whether the origin sends the headers itself stands in no program: hence a remark only.
      on: ROUTE,
      severity: 'low',
      check: sendsHeaders,
      fix: 'Use SecureFrontDoor, or add a rule set that overwrites Strict-Transport-Security, Content-Security-Policy and the like.',
      pass: [route('Strict-Transport-Security'), route('strict-transport-security', 'Append')],
      fail: [only(ROUTE, {}), route('X-Powered-By'), route('Strict-Transport-Security', 'Delete')],
      unknown: [only(ROUTE, { ruleSets: [{ id: { $unknown: 'config value' } }] })],
    }),
  },
  'PRV-07': {
    azure: rule({
      on: [GATEWAY_WAF, FRONT_DOOR_WAF],
      severity: 'low',
      from: 'moderate',
      check: scrubs,
      fix: 'Use SecureWafPolicy, or switch on log scrubbing for the authorization header and the cookies.',
      pass: [
        only(GATEWAY_WAF, { policySettings: { logScrubbing: { state: 'Enabled' } } }),
        only(FRONT_DOOR_WAF, { policySettings: { state: 'Enabled' } }),
      ],
      fail: [
        only(GATEWAY_WAF, {}),
        only(GATEWAY_WAF, { policySettings: { logScrubbing: { state: 'Disabled' } } }),
        only(FRONT_DOOR_WAF, {}),
      ],
      unknown: [only(FRONT_DOOR_WAF, { policySettings: { state: { $unknown: 'config value' } } })],
    }),
  },
  'TLS-08': {
    azure: [
      rule({
        on: GATEWAY,
        check: followsVault,
        fix: 'Use SecureApplicationGateway, or set keyVaultSecretId to the secret of a vault certificate, without its version.',
        pass: [certificate({ keyVaultSecretId: 'https://v.vault.azure.net/secrets/web' })],
        fail: [
          certificate({ data: { $secret: true } }),
          certificate({ keyVaultSecretId: 'https://v.vault.azure.net/secrets/web/0123456789abcdef0123456789abcdef' }),
        ],
      }),
      rule({
        on: DOMAIN,
        severity: 'low',
        check: isRenewed,
        fix: "Use SecureFrontDoor, or set tlsSettings.certificateType: 'ManagedCertificate', which Azure renews; let a Secret use the latest version.",
        pass: [only(DOMAIN, { tlsSettings: { certificateType: 'ManagedCertificate' } }), ownCertificate(true)],
        fail: [only(DOMAIN, {}), ownCertificate(false), ownCertificate(undefined)],
        unknown: [
          only(DOMAIN, { tlsSettings: { certificateType: { $unknown: 'config value' } } }),
          only(DOMAIN, { tlsSettings: { certificateType: 'CustomerCertificate', secret: { id: { $unknown: 'config value' } } } }),
        ],
      }),
    ],
  },
};
