/** Application gateways: the firewall before each listener and path, the oldest TLS, certificates of callers, and the way behind. */
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import type { PlainMap } from '../../plain';
import { asList, asMap, valueAt } from '../../reading';
import { type Bound, comparedBindings, type Firewall, firewallOf } from './bindings';
import { type Doors, type Fact, holding, type Level, type View } from './facts';
import { GATEWAY_FIREWALL } from './firewalls';

const GATEWAY = 'azure-native:network:ApplicationGateway';

/** What a part of a gateway is referred to by: the last part of its id. */
const lastPart = (text: string): string => text.replace(/\/$/, '').replace(/^.*\//, '').toLowerCase();

// ── Firewalls ──────────────────────────────────────────────────────────────────────────────────────────────────────

function named(part: Value | Resource, on: Resource, view: View): Firewall | undefined {
  const id = part.at('firewallPolicy.id');
  if (id.state === 'absent') return undefined;
  return firewallOf(view.text(id), view.graph.target(id, GATEWAY_FIREWALL), view, { on, path: id.path, regional: true });
}

/** The older form, written into the gateway itself, in the words of a policy. */
function written(gateway: Resource, view: View): Firewall | undefined {
  const path = 'webApplicationFirewallConfiguration';
  const { disabledRuleGroups, enabled, exclusions, firewallMode, ruleSetType, ruleSetVersion, ...settings } = asMap(
    valueAt(view.of(gateway), path),
  );
  if (String(enabled) !== 'true') return undefined;
  const overrides = asList(disabledRuleGroups).map((group) => {
    const { ruleGroupName = '', rules } = asMap(group);
    return { ruleGroupName, rules: asList(rules).map((ruleId) => ({ ruleId, state: 'Disabled' })) };
  });
  const says: PlainMap = {
    policySettings: { ...settings, mode: firewallMode ?? 'Detection' },
    managedRules: {
      managedRuleSets: [{ ruleSetType: ruleSetType ?? '', ruleSetVersion: ruleSetVersion ?? '', ruleGroupOverrides: overrides }],
      exclusions: exclusions ?? [],
    },
  };
  return {
    id: `${view.pairing.identity(gateway)} itself`,
    name: 'the firewall that is written into it',
    says,
    regional: true,
    on: gateway,
    path,
  };
}

/** Before every listener, and every path that has a firewall of its own. */
function boundIn(gateway: Resource, view: View): readonly Bound[] {
  const whole = named(gateway, gateway, view) ?? written(gateway, view);
  const listeners = gateway.at('httpListeners').items();
  const found: Bound[] = [];
  const add = (key: string, words: string, firewall: Firewall | undefined) => {
    if (firewall) found.push({ key, words, paths: ['/*'], firewall });
  };
  for (const listener of listeners) {
    const name = listener.at('name').shape ?? listener.path;
    add(`listener ${name.toLowerCase()}`, `the listener ${view.words(name)}`, named(listener, gateway, view) ?? whole);
  }
  if (listeners.length === 0) add('', 'it', whole);
  for (const map of gateway.at('urlPathMaps').items())
    for (const rule of map.at('pathRules').items()) {
      const name = `${map.at('name').shape ?? map.path}/${rule.at('name').shape ?? rule.path}`;
      add(
        `path ${name.toLowerCase()}`,
        `the paths ${view.texts(rule.at('paths')).join(', ')}`,
        named(rule, gateway, view) ?? listenerOf(map, gateway, view) ?? whole,
      );
    }
  return found;
}

/** The firewall of the listener whose rule sends to a map of paths. */
function listenerOf(map: Value, gateway: Resource, view: View): Firewall | undefined {
  const name = lastPart(map.at('name').shape ?? '');
  const rule = gateway
    .at('requestRoutingRules')
    .items()
    .find((one) => lastPart(one.at('urlPathMap.id').shape ?? '') === name);
  const listener = gateway
    .at('httpListeners')
    .items()
    .find((one) => rule !== undefined && (one.at('name').shape ?? '').toLowerCase() === lastPart(rule.at('httpListener.id').shape ?? ''));
  return listener && named(listener, gateway, view);
}

/** Listeners and paths that are gone need no firewall. */
function stillThere(bound: readonly Bound[], now: Resource): readonly Bound[] {
  const nameOf = (one: Value) => one.at('name').shape ?? one.path;
  const listeners = now
    .at('httpListeners')
    .items()
    .map((one) => `listener ${nameOf(one)}`);
  const paths = now
    .at('urlPathMaps')
    .items()
    .flatMap((map) =>
      map
        .at('pathRules')
        .items()
        .map((rule) => `path ${nameOf(map)}/${nameOf(rule)}`),
    );
  const keys = new Set(['', ...listeners, ...paths].map((key) => key.toLowerCase()));
  return bound.filter(({ key }) => keys.has(key));
}

// ── TLS ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The oldest TLS of the predefined policies. */
const PREDEFINED: Readonly<Record<string, number>> = {
  appgwsslpolicy20150501: 10,
  appgwsslpolicy20170401: 11,
  appgwsslpolicy20170401s: 12,
  appgwsslpolicy20220101: 12,
  appgwsslpolicy20220101s: 12,
};
const VERSIONS: Readonly<Record<string, number>> = { tlsv1_0: 10, tlsv1_1: 11, tlsv1_2: 12, tlsv1_3: 13 };

function oldest(policy: Value, key: string, of: string): readonly Fact[] {
  const [name, least] = [policy.at('policyName'), policy.at('minProtocolVersion')];
  const rank = PREDEFINED[name.string?.toLowerCase() ?? ''] ?? VERSIONS[least.string?.toLowerCase() ?? ''];
  if (rank === undefined) return [];
  return [
    {
      kind: 'level',
      what: `the oldest TLS${of}`,
      key,
      rank,
      words: `1.${rank - 10}`,
      aspect: 'encryption',
      severity: 'high',
      path: policy.path,
    },
  ];
}

/** Whether a listener asks its callers for certificates: by its profile, where that trusts somebody. */
function certificates(gateway: Resource, view: View): readonly Fact[] {
  const profiles = new Map(
    gateway
      .at('sslProfiles')
      .items()
      .map((one) => [(one.at('name').shape ?? one.path).toLowerCase(), one]),
  );
  return gateway
    .at('httpListeners')
    .items()
    .flatMap((listener): readonly Fact[] => {
      const name = listener.at('name').shape ?? listener.path;
      const profile = profiles.get(lastPart(listener.at('sslProfile.id').shape ?? ''));
      const asks = profile !== undefined && profile.at('trustedClientCertificates').items().length > 0;
      const path = profile?.path ?? listener.path;
      const said = `the listener ${view.words(name)}`;
      const level = (what: string, holds: boolean, turns: readonly [string, string]): Level => ({
        kind: 'level',
        what,
        key: `${what} ${name.toLowerCase()}`,
        rank: Number(holds),
        words: holds ? 'yes' : 'no',
        severity: 'high',
        path,
        turns,
      });
      return [
        level('certificates', asks, [`${said} asks callers for no certificate any more`, `${said} asks callers for a certificate`]),
        ...(asks
          ? [
              level('issuers', profile.at('clientAuthConfiguration.verifyClientCertIssuerDN').boolean === true, [
                `${said} no longer looks at who issued the certificates of callers`,
                `${said} looks at who issued the certificates of callers`,
              ]),
              level('revocation', profile.at('clientAuthConfiguration.verifyClientRevocation').is('OCSP').verdict === 'pass', [
                `${said} takes certificates of callers that were revoked`,
                `${said} takes no certificates of callers that were revoked`,
              ]),
            ]
          : []),
      ];
    });
}

/** Whether what stands behind must show a certificate of its own that somebody known issued. */
const backends = (gateway: Resource, view: View): readonly Fact[] =>
  ['backendHttpSettingsCollection', 'backendSettingsCollection'].flatMap((list) =>
    gateway
      .at(list)
      .items()
      .filter((one) => one.at('protocol').isOneOf(['Https', 'Tls']).verdict !== 'fail')
      .flatMap((one) => {
        const name = one.at('name').shape ?? one.path;
        const check = (path: string, turns: readonly [string, string]) =>
          holding(one.at(path).orDefault(true), true, turns, {
            key: `${path} ${name.toLowerCase()}`,
            aspect: 'encryption',
            severity: 'high',
          });
        const said = `by the settings ${view.words(name)}`;
        return [
          check('validateCertChainAndExpiry', [
            `${said} whoever shows any certificate is taken for what stands behind it, whoever issued it and however old it is`,
            `${said} what stands behind it must show a certificate that is in force`,
          ]),
          check('validateSNI', [
            `${said} a certificate of any name is taken for that of what stands behind it`,
            `${said} what stands behind it must show a certificate of its name`,
          ]),
        ];
      }),
  );

/** Paths of their own behind the same firewall as before: it stood before all of the listener. */
const withoutSame = (now: readonly Bound[], old: readonly Bound[]): readonly Bound[] =>
  now.filter(
    ({ firewall, key }) =>
      !key.startsWith('path ') || old.some((one) => one.key === key) || !old.some((one) => one.firewall.id === firewall.id),
  );

export const GATEWAY_DOORS: readonly Doors[] = [
  {
    on: [GATEWAY],
    compare: (old, now) => {
      const was = stillThere(boundIn(old.resource, old.view), now.resource);
      return comparedBindings(was, withoutSame(boundIn(now.resource, now.view), was), old, now);
    },
    facts: (gateway, view) => [
      ...oldest(gateway.at('sslPolicy'), 'tls', ''),
      ...gateway
        .at('sslProfiles')
        .items()
        .flatMap((one) =>
          oldest(one.at('sslPolicy'), `tls ${one.at('name').shape}`, ` of ${view.words(one.at('name').shape ?? one.path)}`),
        ),
      ...certificates(gateway, view),
      ...backends(gateway, view),
      holding(
        gateway.at('enableFips').orDefault(false),
        true,
        ['its ciphers are no longer those that were certified', 'its ciphers are those that were certified'],
        {
          aspect: 'encryption',
          severity: 'low',
        },
      ),
    ],
  },
];
