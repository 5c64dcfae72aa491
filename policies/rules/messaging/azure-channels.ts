/** Brokers, topics and sockets of Azure: who reaches them, with what, and how they are encrypted. */
import type { ControlId } from '../../../controls';
import { belongingTo, isGuardedFromDeletion, ownerOf } from '../../facts/azure';
import { isClassified, residencyOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, not, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, type RuleSpec, rule } from '../../rule';
import { type Door, doorRules, listsNetworks } from '../azure-reach';
import { stated } from '../azure-settings';
import { setting } from '../setting';

const SERVICE_BUS = 'azure-native:servicebus:Namespace';
const EVENT_HUBS = 'azure-native:eventhub:Namespace';
const GRID_TOPIC = 'azure-native:eventgrid:Topic';
const GRID_DOMAIN = 'azure-native:eventgrid:Domain';
const GRID_PARTNER = 'azure-native:eventgrid:PartnerNamespace';
const GRID_NAMESPACE = 'azure-native:eventgrid:Namespace';
const RELAY = 'azure-native:relay:Namespace';
const NOTIFICATIONS = 'azure-native:notificationhubs:Namespace';
const SIGNALR = 'azure-native:signalrservice:SignalR';
const WEB_PUBSUB = 'azure-native:webpubsub:WebPubSub';
const WEB_PUBSUB_HUB = 'azure-native:webpubsub:WebPubSubHub';
const IOT_HUB = 'azure-native:iothub:IotHubResource';
const COMMUNICATION = 'azure-native:communication:CommunicationService';
const BROKERS = [SERVICE_BUS, EVENT_HUBS] as const;
/** What keeps messages, and carries tags. */
const CHANNELS = [SERVICE_BUS, EVENT_HUBS, GRID_TOPIC, GRID_DOMAIN, GRID_NAMESPACE, IOT_HUB] as const;

const it = (type: string, properties: object, rest: object = {}) => ({ resources: { it: { type, properties }, ...rest } });

// ── Reach ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Brokers keep their network rules in a resource beside them, which has a switch of its own. */
const ruleSetOf = (broker: Resource): string => broker.type.replace(/:Namespace$/, ':NamespaceNetworkRuleSet');

const limitsByRuleSet = (broker: Resource, graph: Graph): Outcome =>
  some(
    belongingTo(broker, ruleSetOf(broker), 'namespaceName', graph),
    (set) =>
      anyOf([
        set.at('publicNetworkAccess').isOneOf(['Disabled', 'SecuredByPerimeter']),
        allOf(
          set.at('defaultAction').is('Deny'),
          anyOf([listsNetworks(set.at('ipRules'), 'ipMask'), set.at('ipRules').isAbsent()], 'lists the internet'),
        ),
      ]),
    'no NamespaceNetworkRuleSet denies by default',
  );
const SOME = '203.0.113.0/24';
const ALL = '0.0.0.0/0';
const ruleSet = (module: string, ipMask: string) => ({
  set: {
    type: `azure-native:${module}:NamespaceNetworkRuleSet`,
    properties: { namespaceName: { $ref: 'it.name' }, defaultAction: 'Deny', ipRules: [{ ipMask }] },
  },
});
const inbound: Door = {
  access: 'publicNetworkAccess',
  unlisted: (one) => listsNetworks(one.at('inboundIpRules'), 'ipMask'),
  limited: { properties: { inboundIpRules: [{ ipMask: SOME, action: 'Allow' }] } },
  unlimited: { properties: { inboundIpRules: [{ ipMask: ALL, action: 'Allow' }] } },
};
/** What the public side of a socket service may do. */
const acls: Door = {
  access: 'publicNetworkAccess',
  unlisted: (one) =>
    allOf(
      one.at('networkACLs.defaultAction').is('Deny'),
      one.at('networkACLs.publicNetwork.allow').items().length === 0 ? pass() : fail('networkACLs.publicNetwork.allow lets the public in'),
    ),
  limited: { properties: { networkACLs: { defaultAction: 'Deny' } } },
};

export const DOORS: Readonly<Record<string, Door>> = {
  [SERVICE_BUS]: {
    access: 'publicNetworkAccess',
    unlisted: limitsByRuleSet,
    limited: { others: ruleSet('servicebus', SOME) },
    unlimited: { others: ruleSet('servicebus', ALL) },
  },
  [EVENT_HUBS]: {
    access: 'publicNetworkAccess',
    unlisted: limitsByRuleSet,
    limited: { others: ruleSet('eventhub', SOME) },
    unlimited: { others: ruleSet('eventhub', ALL) },
  },
  [GRID_TOPIC]: inbound,
  [GRID_DOMAIN]: inbound,
  [GRID_PARTNER]: inbound,
  [GRID_NAMESPACE]: inbound,
  [RELAY]: { access: 'publicNetworkAccess' },
  [NOTIFICATIONS]: {
    access: 'publicNetworkAccess',
    unlisted: (one) => listsNetworks(one.at('networkAcls.ipRules'), 'ipMask'),
    limited: { properties: { networkAcls: { ipRules: [{ ipMask: SOME }] } } },
    unlimited: { properties: { networkAcls: { ipRules: [{ ipMask: ALL }] } } },
  },
  [SIGNALR]: acls,
  [WEB_PUBSUB]: acls,
  [IOT_HUB]: {
    access: 'properties.publicNetworkAccess',
    unlisted: (one) => one.at('properties.networkRuleSets.defaultAction').is('Deny'),
    limited: { properties: { properties: { networkRuleSets: { defaultAction: 'Deny' } } } },
  },
};

// ── Keys to the whole namespace ──────────────────────────────────────────────────────────────────────────────────────

const RULES: Readonly<Record<string, string>> = {
  'azure-native:servicebus:NamespaceAuthorizationRule': SERVICE_BUS,
  'azure-native:eventhub:NamespaceAuthorizationRule': EVENT_HUBS,
};

function givesNoKey(one: Resource, graph: Graph): Outcome {
  const namespace = ownerOf(one, 'namespaceName', [RULES[one.type] as string], graph);
  if (namespace && namespace.at('disableLocalAuth').isTrue().verdict === 'pass') return pass();
  return fail('is a shared key to every queue, topic and hub of the namespace');
}
const key = (type: string, disableLocalAuth: unknown) => ({
  resources: {
    key: { type, properties: { namespaceName: { $ref: 'namespace.name' }, rights: ['Listen'] } },
    namespace: { type: RULES[type], properties: { disableLocalAuth } },
  },
});

// ── Keys of encryption ───────────────────────────────────────────────────────────────────────────────────────────────

/** Kinds that take a key: the dearest of Service Bus, and of Event Hubs also those on a cluster of one's own. */
const takesKey = (broker: Resource): Outcome =>
  anyOf(
    [broker.at('sku.name').is('Premium'), ...(broker.type === EVENT_HUBS ? [broker.at('clusterArmId').isSet()] : [])],
    'takes no key in this sku',
  );

const usesOwnKey = (broker: Resource): Outcome =>
  when(takesKey(broker), () =>
    allOf(
      broker.at('encryption.keySource').orDefault('Microsoft.KeyVault').is('Microsoft.KeyVault'),
      some(
        broker.at('encryption.keyVaultProperties').items(),
        (one) => one.at('keyName').isSet(),
        'encryption names no key: the provider has it',
      ),
    ),
  );
const encrypted = (type: string, properties: object = {}) =>
  it(type, {
    sku: { name: 'Premium' },
    encryption: { keySource: 'Microsoft.KeyVault', keyVaultProperties: [{ keyName: 'data' }] },
    ...properties,
  });

const KEYS: readonly RuleSpec[] = [
  rule({
    on: BROKERS,
    severity: 'medium',
    check: usesOwnKey,
    fix: "Set encryption.keySource: 'Microsoft.KeyVault' with keyVaultProperties and a user-assigned identity.",
    pass: [
      encrypted(SERVICE_BUS),
      encrypted(EVENT_HUBS),
      encrypted(EVENT_HUBS, { sku: { name: 'Standard' }, clusterArmId: '/subscriptions/s/cluster' }),
    ],
    fail: [
      it(SERVICE_BUS, { sku: { name: 'Premium' } }),
      it(EVENT_HUBS, { sku: { name: 'Standard' }, clusterArmId: '/subscriptions/s/cluster' }),
      encrypted(SERVICE_BUS, { encryption: { keyVaultProperties: [{}] } }),
    ],
    unknown: [it(SERVICE_BUS, { sku: { name: { $unknown: 'config value' } } })],
    skip: [it(SERVICE_BUS, { sku: { name: 'Standard' } }), it(EVENT_HUBS, { sku: { name: 'Basic' } })],
  }),
  setting({
    on: BROKERS,
    at: 'encryption.requireInfrastructureEncryption',
    is: [true],
    not: false,
    unset: false,
    severity: 'low',
    from: 'high',
    where: { at: 'encryption.keySource', is: ['Microsoft.KeyVault'] },
    fix: 'Set encryption.requireInfrastructureEncryption: true when the namespace is made.',
  }),
];

const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};
const EUROPE = { profile: { residency: ['westeurope'] } };
const lock = (level: string) => ({
  lock: { type: 'azure-native:authorization:ManagementLockByScope', properties: { level, scope: { $ref: 'it' } } },
});

export const AZURE_CHANNELS = {
  'TLS-01': {
    azure: [
      ...stated({ on: BROKERS, at: 'minimumTlsVersion', is: ['1.2', '1.3'], not: '1.0', fix: "Set minimumTlsVersion: '1.2'." }, 'low'),
      ...stated(
        {
          on: [GRID_TOPIC, GRID_DOMAIN, GRID_PARTNER, GRID_NAMESPACE],
          at: 'minimumTlsVersionAllowed',
          is: ['1.2'],
          not: '1.0',
          fix: "Set minimumTlsVersionAllowed: '1.2'.",
        },
        'low',
      ),
      ...stated(
        { on: IOT_HUB, at: 'properties.minTlsVersion', is: ['1.2'], not: '1.0', fix: "Set minTlsVersion: '1.2' on the hub." },
        'medium',
      ),
    ],
  },
  'TLS-02': {
    azure: rule({
      on: 'azure-native:relay:WCFRelay',
      check: (relay) => relay.at('requiresTransportSecurity').orDefault(true).isTrue(),
      fix: 'Set requiresTransportSecurity: true.',
      pass: [it('azure-native:relay:WCFRelay', { requiresTransportSecurity: true })],
      fail: [it('azure-native:relay:WCFRelay', { requiresTransportSecurity: false })],
    }),
  },
  'ENC-11': { azure: KEYS },
  'DID-05': {
    azure: doorRules(
      DOORS,
      "Set publicNetworkAccess: 'Disabled' (on brokers also on the NamespaceNetworkRuleSet, with defaultAction 'Deny'), and add a private endpoint with its DNS zone group.",
    ),
  },
  'DID-21': {
    azure: rule({
      on: SIGNALR,
      check: (one) => {
        const origins = one.at('cors.allowedOrigins').items();
        return origins.length === 0
          ? fail('cors.allowedOrigins is not set: every origin may connect', 'cors.allowedOrigins')
          : not(
              some(origins, (origin) => origin.is('*'), 'no wildcard'),
              'cors.allowedOrigins has *: every origin may connect',
            );
      },
      fix: 'List the origins of your applications in cors.allowedOrigins.',
      pass: [it(SIGNALR, { cors: { allowedOrigins: ['https://cases.example.com'] } })],
      fail: [it(SIGNALR, {}), it(SIGNALR, { cors: { allowedOrigins: ['*'] } })],
      unknown: [it(SIGNALR, { cors: { allowedOrigins: [{ $unknown: 'config value' }] } })],
    }),
  },
  'LPA-14': {
    azure: [
      setting({
        on: [...BROKERS, GRID_TOPIC, GRID_DOMAIN, GRID_PARTNER, SIGNALR, WEB_PUBSUB],
        at: 'disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        fix: 'Set disableLocalAuth: true, and give clients roles of the data plane (Data Sender, Data Receiver).',
      }),
      setting({
        on: COMMUNICATION,
        at: 'disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set disableLocalAuth: true, and give clients roles on the service.',
      }),
      setting({
        on: IOT_HUB,
        at: 'properties.disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set disableLocalAuth: true on the hub, and give services roles; devices sign in with certificates.',
      }),
      setting({
        on: WEB_PUBSUB_HUB,
        at: 'properties.anonymousConnectPolicy',
        is: ['deny'],
        not: 'allow',
        unset: 'deny',
        fix: "Set anonymousConnectPolicy: 'deny' on the hub.",
      }),
      setting({
        on: ['azure-native:relay:HybridConnection', 'azure-native:relay:WCFRelay'],
        at: 'requiresClientAuthorization',
        is: [true],
        not: false,
        unset: true,
        fix: 'Set requiresClientAuthorization: true.',
      }),
      rule({
        on: Object.keys(RULES),
        severity: 'medium',
        check: givesNoKey,
        fix: 'Remove the rule, and set disableLocalAuth: true on the namespace; where a key is unavoidable, make it for one queue, topic or hub.',
        pass: Object.keys(RULES).map((type) => key(type, true)),
        fail: Object.keys(RULES).map((type) => key(type, false)),
      }),
    ],
  },
  'LPA-10': {
    azure: gap(
      'Namespaces have no resource policy that lets other tenants in: who may send and receive are role assignments and keys (LPA-14).',
    ),
  },
  'DHC-01': {
    azure: rule({
      on: CHANNELS,
      check: isClassified,
      fix: 'Set the tags palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume, or declare the data profile of the program.',
      pass: CHANNELS.map((type) => it(type, { tags: LABELLED })),
      fail: [...CHANNELS.map((type) => it(type, {})), it(SERVICE_BUS, { tags: { ...LABELLED, 'palisade:owner': '' } })],
      unknown: [it(SERVICE_BUS, { tags: { $unknown: 'tags of the project' } })],
    }),
  },
  'DHC-10': {
    azure: rule({
      on: CHANNELS,
      severity: 'low',
      check: isGuardedFromDeletion,
      fix: "Put a ManagementLockByScope with level 'CanNotDelete' on it or on its resource group, or set the resource option protect: true.",
      pass: [
        ...CHANNELS.map((type) => ({ resources: { it: { type, options: { protect: true } } } })),
        it(SERVICE_BUS, {}, lock('CanNotDelete')),
      ],
      fail: [...CHANNELS.map((type) => it(type, {})), it(SERVICE_BUS, {}, lock('NotSpecified'))],
    }),
  },
  'LOC-02': {
    azure: rule({
      on: [GRID_TOPIC, GRID_DOMAIN],
      severity: 'low',
      check: (one) => {
        const places = residencyOf(one);
        return places?.length === 1
          ? one.at('dataResidencyBoundary').orDefault('WithinGeopair').is('WithinRegion')
          : notApplicable('the data profile does not promise one single place');
      },
      fix: "Set dataResidencyBoundary: 'WithinRegion', so that events are not kept in the paired region.",
      pass: [GRID_TOPIC, GRID_DOMAIN].map((type) => ({ unit: EUROPE, ...it(type, { dataResidencyBoundary: 'WithinRegion' }) })),
      fail: [
        { unit: EUROPE, ...it(GRID_TOPIC, { dataResidencyBoundary: 'WithinGeopair' }) },
        { unit: EUROPE, ...it(GRID_DOMAIN, {}) },
      ],
      unknown: [{ unit: EUROPE, ...it(GRID_TOPIC, { dataResidencyBoundary: { $unknown: 'config value' } }) }],
      skip: [it(GRID_TOPIC, {})],
    }),
  },
  'BCR-06': {
    azure: [
      setting({
        on: BROKERS,
        at: 'zoneRedundant',
        is: [true],
        not: false,
        unset: true,
        severity: 'low',
        fix: 'Leave zoneRedundant out or true, in a region with zones.',
      }),
      setting({
        on: GRID_NAMESPACE,
        at: 'isZoneRedundant',
        is: [true],
        not: false,
        unset: true,
        severity: 'low',
        fix: 'Leave isZoneRedundant out or true, in a region with zones.',
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
