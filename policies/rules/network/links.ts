/** Links between sites: IPsec with modern parameters, MACsec on circuits. */
import { allOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

/** What the service also negotiates when a list is left out, and what must therefore not be in the list. SP 800-77 rev. 1. */
const AWS_TUNNEL: readonly { readonly list: string; readonly accepted: readonly (string | number)[] }[] = [
  { list: 'IKEVersions', accepted: ['ikev2'] },
  ...['Phase1', 'Phase2'].flatMap((phase) => [
    { list: `${phase}IntegrityAlgorithms`, accepted: ['SHA2-256', 'SHA2-384', 'SHA2-512'] },
    { list: `${phase}DHGroupNumbers`, accepted: [14, 15, 16, 17, 18, 19, 20, 21] },
  ]),
];

function tunnelsAreStrong(connection: Resource): Outcome {
  const tunnels = connection.at('VpnTunnelOptionsSpecifications').items();
  const strong = every(tunnels, (tunnel) => allOf(...AWS_TUNNEL.map(({ list, accepted }) => offersOnly(tunnel.at(list), accepted))));
  if (strong.verdict === 'fail' || tunnels.some(({ state }) => state === 'unknown')) return strong;
  return tunnels.length < 2
    ? fail(
        `${2 - tunnels.length} of 2 tunnels keep the defaults, which also offer IKEv1, SHA-1 and group 2`,
        'VpnTunnelOptionsSpecifications',
      )
    : strong;
}

function offersOnly(list: Value, accepted: readonly (string | number)[]): Outcome {
  const offered = list.items();
  return offered.length === 0
    ? fail(`${list.path} is not set: weak choices are offered as well`, list.path)
    : every(offered, (one) => one.at('Value').isOneOf(accepted));
}

/** Parameters of an IPsec policy of Azure with the values that no longer protect. */
const AZURE_WEAK: Readonly<Record<string, readonly string[]>> = {
  ikeEncryption: ['DES', 'DES3'],
  ikeIntegrity: ['MD5', 'SHA1'],
  dhGroup: ['None', 'DHGroup1', 'DHGroup2'],
  ipsecEncryption: ['None', 'DES', 'DES3'],
  ipsecIntegrity: ['MD5', 'SHA1'],
  pfsGroup: ['None', 'PFS1', 'PFS2'],
};

const policiesAreStrong = (policies: Value): Outcome =>
  policies.items().length === 0
    ? fail(`${policies.path} is not set: 3DES, SHA-1 and group 2 are offered as well`, policies.path)
    : every(policies.items(), (policy) =>
        allOf(...Object.entries(AZURE_WEAK).map(([parameter, weak]) => policy.at(parameter).isNoneOf(weak))),
      );

function siteConnection(connection: Resource): Outcome {
  if (connection.at('connectionType').isOneOf(['IPsec', 'Vnet2Vnet']).verdict === 'fail') return notApplicable('is no IPsec connection');
  return allOf(connection.at('connectionProtocol').isNoneOf(['IKEv1']), policiesAreStrong(connection.at('ipsecPolicies')));
}

function hubConnection(connection: Resource): Outcome {
  const links = connection.at('vpnLinkConnections').items();
  if (links.length === 0)
    return allOf(connection.at('vpnConnectionProtocolType').isNoneOf(['IKEv1']), policiesAreStrong(connection.at('ipsecPolicies')));
  return every(links, (link) =>
    allOf(link.at('vpnConnectionProtocolType').isNoneOf(['IKEv1']), policiesAreStrong(link.at('ipsecPolicies'))),
  );
}

function gateway(one: Resource): Outcome {
  if (one.at('gatewayType').is('Vpn').verdict === 'fail') return notApplicable('is no VPN gateway');
  return allOf(one.at('vpnType').isNoneOf(['PolicyBased']), one.at('disableIPSecReplayProtection').orDefault(false).isFalse());
}

const value = (Value: string | number) => [{ Value }];
const tunnel = (changes: object = {}) => ({
  IKEVersions: value('ikev2'),
  Phase1IntegrityAlgorithms: value('SHA2-256'),
  Phase2IntegrityAlgorithms: value('SHA2-256'),
  Phase1DHGroupNumbers: value(20),
  Phase2DHGroupNumbers: value(20),
  ...changes,
});
const vpn = (...tunnels: readonly object[]) => ({
  Connection: {
    Type: 'AWS::EC2::VPNConnection',
    Properties: { Type: 'ipsec.1', CustomerGatewayId: 'cgw-1', VpnTunnelOptionsSpecifications: tunnels },
  },
});
const strong = {
  ikeEncryption: 'AES256',
  ikeIntegrity: 'SHA384',
  dhGroup: 'ECP384',
  ipsecEncryption: 'GCMAES256',
  ipsecIntegrity: 'GCMAES256',
  pfsGroup: 'ECP384',
};
const connection = (properties: object) => ({
  connection: { type: 'azure-native:network:VirtualNetworkGatewayConnection', properties: { connectionType: 'IPsec', ...properties } },
});
const port = (macSecConfig?: object) => ({
  port: {
    type: 'azure-native:network:ExpressRoutePort',
    properties: { links: [{ name: 'link1', ...(macSecConfig ? { macSecConfig } : {}) }] },
  },
});

export const links = {
  'TLS-09': {
    aws: [
      rule({
        on: 'AWS::EC2::VPNConnection',
        severity: 'medium',
        check: tunnelsAreStrong,
        fix: 'Give both tunnels VpnTunnelOptionsSpecifications with IKEVersions ikev2, SHA2 integrity and DH groups from 14 on, in both phases.',
        pass: [{ resources: vpn(tunnel(), tunnel()) }],
        fail: [
          { resources: vpn(tunnel(), tunnel({ IKEVersions: value('ikev1') })) },
          { resources: vpn(tunnel(), tunnel({ Phase1DHGroupNumbers: [{ Value: 2 }, { Value: 20 }] })) },
          { name: 'the defaults', resources: vpn() },
          { name: 'one tunnel left out', resources: vpn(tunnel()) },
        ],
      }),
      rule({
        on: ['AWS::DirectConnect::Connection', 'AWS::DirectConnect::Lag'],
        severity: 'medium',
        check: (circuit) =>
          circuit.at('LagId').state === 'absent'
            ? circuit.at('RequestMACSec').orDefault(false).isTrue()
            : notApplicable('is judged at its aggregation group'),
        fix: 'Set RequestMACSec to true, or run an IPsec VPN over the circuit and record the exception.',
        pass: [
          { resources: { Circuit: { Type: 'AWS::DirectConnect::Connection', Properties: { Bandwidth: '10Gbps', RequestMACSec: true } } } },
        ],
        fail: [{ resources: { Circuit: { Type: 'AWS::DirectConnect::Connection', Properties: { Bandwidth: '10Gbps' } } } }],
      }),
    ],
    azure: [
      rule({
        on: 'azure-native:network:VirtualNetworkGatewayConnection',
        severity: 'medium',
        check: siteConnection,
        fix: 'Set connectionProtocol to IKEv2 and ipsecPolicies to AES-GCM, SHA-256 or better, and ECP384 or DHGroup14 and above.',
        pass: [{ resources: connection({ connectionProtocol: 'IKEv2', ipsecPolicies: [strong] }) }],
        fail: [
          { resources: connection({ connectionProtocol: 'IKEv1', ipsecPolicies: [strong] }) },
          { resources: connection({ connectionProtocol: 'IKEv2', ipsecPolicies: [{ ...strong, pfsGroup: 'None' }] }) },
          { name: 'the defaults', resources: connection({ connectionProtocol: 'IKEv2' }) },
        ],
        skip: [{ resources: connection({ connectionType: 'ExpressRoute' }) }],
      }),
      rule({
        on: 'azure-native:network:VpnConnection',
        severity: 'medium',
        check: hubConnection,
        fix: 'Set vpnConnectionProtocolType to IKEv2 and ipsecPolicies on every link connection.',
        pass: [
          {
            resources: {
              connection: {
                type: 'azure-native:network:VpnConnection',
                properties: { vpnLinkConnections: [{ vpnConnectionProtocolType: 'IKEv2', ipsecPolicies: [strong] }] },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              connection: {
                type: 'azure-native:network:VpnConnection',
                properties: { vpnLinkConnections: [{ vpnConnectionProtocolType: 'IKEv1', ipsecPolicies: [strong] }] },
              },
            },
          },
        ],
      }),
      rule({
        on: 'azure-native:network:VirtualNetworkGateway',
        severity: 'medium',
        check: gateway,
        fix: 'Use vpnType RouteBased (policy-based gateways speak IKEv1 only) and leave disableIPSecReplayProtection false.',
        pass: [
          {
            resources: {
              gateway: {
                type: 'azure-native:network:VirtualNetworkGateway',
                properties: { gatewayType: 'Vpn', vpnType: 'RouteBased', disableIPSecReplayProtection: false },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              gateway: { type: 'azure-native:network:VirtualNetworkGateway', properties: { gatewayType: 'Vpn', vpnType: 'PolicyBased' } },
            },
          },
          {
            resources: {
              gateway: {
                type: 'azure-native:network:VirtualNetworkGateway',
                properties: { gatewayType: 'Vpn', vpnType: 'RouteBased', disableIPSecReplayProtection: true },
              },
            },
          },
        ],
        skip: [
          { resources: { gateway: { type: 'azure-native:network:VirtualNetworkGateway', properties: { gatewayType: 'ExpressRoute' } } } },
        ],
      }),
      rule({
        on: 'azure-native:network:ExpressRoutePort',
        severity: 'medium',
        check: (one) =>
          every(one.at('links').items(), (link) =>
            link.at('macSecConfig.cakSecretIdentifier').isSet().verdict === 'fail'
              ? fail(`${link.path} has no MACsec key`, link.path)
              : pass(),
          ),
        fix: 'Set macSecConfig with the CKN and CAK secrets on both links.',
        pass: [
          {
            resources: port({
              cakSecretIdentifier: 'https://v.vault.azure.net/secrets/cak',
              cknSecretIdentifier: 'https://v.vault.azure.net/secrets/ckn',
            }),
          },
        ],
        fail: [{ resources: port() }],
      }),
    ],
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
