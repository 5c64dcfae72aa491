import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { gatherStatement } from './support/azure-gather';

const AZURE_RULES = RULES.filter((rule) => rule.cloud === 'azure');

/** Changes of a transformation of the stack, by resource: the rules that then fail, on the very resource. */
const CHANGES: Readonly<Record<string, { readonly properties: object; readonly breaks: readonly string[] }>> = {
  'secureapplicationgateway-gateway': {
    properties: {
      sslPolicy: { policyType: 'Predefined', policyName: 'AppGwSslPolicy20150501' },
      backendHttpSettingsCollection: [{ name: 'cases', protocol: 'Http', port: 80 }],
      sslCertificates: [{ name: 'cases', data: 'MIIK', password: 'secret' }],
      zones: ['1'],
      firewallPolicy: undefined,
    },
    breaks: ['BCR-06.edge', 'DID-07.edge', 'IDA-13.secrets', 'TLS-01.edge', 'TLS-04.edge', 'TLS-08.edge'],
  },
  'securewafpolicy-policy': {
    properties: { customRules: [], policySettings: { mode: 'Detection', state: 'Enabled', requestBodyCheck: false } },
    breaks: ['DID-07.edge', 'DID-08.edge', 'DID-17.edge', 'PRV-07.edge'],
  },
  'securefrontdoor-firewall-policy': {
    properties: { policySettings: { enabledState: 'Disabled', requestBodyCheck: 'Disabled' } },
    breaks: ['DID-07.edge', 'DID-17.edge', 'PRV-07.edge'],
  },
  'securefrontdoor-route-1': {
    properties: { httpsRedirect: 'Disabled', forwardingProtocol: 'MatchRequest', ruleSets: [] },
    breaks: ['DID-18.edge', 'TLS-02.edge', 'TLS-04.edge'],
  },
  'securefrontdoor-domain-cases-example-com': {
    properties: { tlsSettings: { certificateType: 'ManagedCertificate', minimumTlsVersion: 'TLS10' } },
    breaks: ['TLS-01.edge'],
  },
  'securefrontdoor-route-1-origin-1': {
    properties: { enforceCertificateNameCheck: false, sharedPrivateLinkResource: undefined },
    breaks: ['DID-07.edge', 'TLS-04.edge'],
  },
  'securefrontdoor-profile': { properties: { logScrubbing: { state: 'Disabled' } }, breaks: ['PRV-07.edge'] },
  'securefirewall-policy': { properties: { threatIntelMode: 'Alert' }, breaks: ['DID-09.network'] },
  'securefirewall-firewall': { properties: { zones: [] }, breaks: ['BCR-06.network'] },
  'securefirewall-rules': {
    properties: {
      ruleCollections: [
        {
          ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
          action: { type: 'Allow' },
          rules: [{ ruleType: 'ApplicationRule', targetFqdns: ['*'] }],
        },
        {
          ruleCollectionType: 'FirewallPolicyNatRuleCollection',
          rules: [{ ruleType: 'NatRule', ipProtocols: ['TCP'], sourceAddresses: ['*'], translatedPort: '3389' }],
        },
      ],
    },
    breaks: ['DID-12.network', 'EXP-05.network'],
  },
  'securebastion-bastion': {
    properties: { enableShareableLink: true, enableTunneling: true, enableSessionRecording: false },
    breaks: ['DID-12.network', 'EXP-09.network'],
  },
  'securebastion-address': { properties: { ddosSettings: { protectionMode: 'Disabled' } }, breaks: ['DID-08.network'] },
  'privatednszones-privatelink-blob-core-windows-net-spoke-link': {
    properties: { registrationEnabled: true },
    breaks: ['DID-05.network'],
  },
};

describe('entries and gates that a transformation weakens', () => {
  const changed = Object.fromEntries(
    Object.entries(CHANGES).map(([name, { properties }]) => [
      name,
      Object.entries(properties).map(([key, value]) => (value === undefined ? [key] : [key, value])),
    ]),
  );
  const judged = gatherStatement(`
    const changes = ${JSON.stringify(changed)};
    load('node_modules/@pulumi/pulumi').runtime.registerStackTransformation(({ name, opts, props }) =>
      name in changes ? { props: { ...props, ...Object.fromEntries(changes[name].map(([key, value]) => [key, value])) }, opts } : undefined);
    load('test/support/azure-components.ts').everyComponent('high', ['network', 'edge']);
  `).then(({ graph }) => evaluate(graph, { rules: AZURE_RULES }));

  it.each(Object.entries(CHANGES))('are named by the rules that they break: %s', async (name, { breaks }) => {
    const { findings } = await judged;
    const broken = findings.filter(({ resource, verdict }) => verdict === 'fail' && resource.logicalId === name).map(({ rule }) => rule);
    expect([...new Set(broken)].sort()).toEqual(breaks);
  });

  it('are told without the secrets that they bring', async () => {
    const { findings } = await judged;
    expect(findings.filter(({ message }) => message.includes('MIIK')).map(({ rule }) => rule)).toEqual([]);
  });
});
