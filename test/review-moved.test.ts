import { describe, expect, it } from 'vitest';
import { pair } from '../review/diff/pairing';
import { removed } from '../review/diff/removed';
import { type Changes, GONE, pulumiWith, type Resources, sideOfState, TODAY } from './review/corpus/pair';

const URN = 'urn:pulumi:production::cases::azure-native';
const azure = (type: string, inputs: object, more: object = {}) => ({ type: `azure-native:${type}`, inputs, ...more });
const inGroup = (inputs: object) => ({ resourceGroupName: 'cases', ...inputs });

const RULE = { name: 'https', priority: 100, access: 'Allow', direction: 'Inbound', protocol: 'Tcp', sourceAddressPrefix: '10.1.0.0/16' };
const BASE: Resources = {
  group: azure('network:NetworkSecurityGroup', inGroup({ networkSecurityGroupName: 'casensg', securityRules: [RULE] })),
  rule: azure(
    'network:SecurityRule',
    inGroup({ networkSecurityGroupName: 'othernsg', securityRuleName: 'ssh', sourceAddressPrefix: '10.2.0.0/16', direction: 'Inbound' }),
  ),
  net: azure(
    'network:VirtualNetwork',
    inGroup({ virtualNetworkName: 'casenet', subnets: [{ name: 'app', addressPrefix: '10.1.1.0/24' }] }),
  ),
  table: azure('network:RouteTable', inGroup({ routeTableName: 'caseroutes', routes: [{ name: 'out', nextHopType: 'None' }] })),
  app: azure(
    'web:WebApp',
    inGroup({ name: 'caseapp', siteConfig: { minTlsVersion: '1.2', appSettings: [{ name: 'MODE', value: 'calm' }] }, httpsOnly: true }),
  ),
  hub: azure('eventhub:EventHub', inGroup({ namespaceName: 'cases', eventHubName: 'casehub', messageRetentionInDays: 7 })),
  server: azure('sql:Server', inGroup({ serverName: 'casesql', administrators: { login: 'dbas', sid: 'dbas' }, minimalTlsVersion: '1.2' })),
  vault: azure(
    'keyvault:Vault',
    inGroup({ vaultName: 'casevault', properties: { accessPolicies: [{ objectId: 'someone' }], enableSoftDelete: true } }),
  ),
  workspace: azure(
    'operationalinsights:Workspace',
    inGroup({ workspaceName: 'caselogs', publicNetworkAccessForQuery: 'Enabled', publicNetworkAccessForIngestion: 'Disabled' }),
  ),
};

/** What is said of properties that left the code. */
const BEFORE = sideOfState('before', pulumiWith(BASE));
function notes(changes: Changes): readonly string[] {
  const after = sideOfState('after', pulumiWith(BASE, changes));
  return removed(BEFORE, after, pair(BEFORE, after), { today: TODAY }).map(({ topic }) => topic.slice('removed '.length));
}
const named = (name: string, type: string, more: object) => azure(type, inGroup({ ...more }), { urn: `${URN}:${type}::${name}` });

describe('what leaves a property and is said elsewhere', () => {
  it.each<readonly [string, Changes]>([
    [
      'by rules of their own',
      {
        'group.securityRules': GONE,
        https: named('https', 'network:SecurityRule', { networkSecurityGroupName: 'casensg', securityRuleName: 'https', ...RULE }),
      },
    ],
    [
      'by subnets of their own',
      {
        'net.subnets': GONE,
        app2: named('app2', 'network:Subnet', { virtualNetworkName: 'casenet', subnetName: 'app', addressPrefix: '10.1.1.0/24' }),
      },
    ],
    [
      'by routes of their own',
      { 'table.routes': GONE, out: named('out', 'network:Route', { routeTableName: 'caseroutes', routeName: 'out', nextHopType: 'None' }) },
    ],
    [
      'by settings of their own',
      {
        'app.siteConfig.appSettings': GONE,
        settings: named('settings', 'web:WebAppApplicationSettings', { name: 'caseapp', properties: { MODE: 'calm' } }),
      },
    ],
    [
      'by a configuration of its own',
      {
        'app.siteConfig.minTlsVersion': GONE,
        config: named('config', 'web:WebAppConfiguration', { name: 'caseapp', minTlsVersion: '1.2' }),
      },
    ],
    [
      'by an administrator of its own',
      {
        'server.administrators': GONE,
        admin: named('admin', 'sql:ServerAzureADAdministrator', { serverName: 'casesql', login: 'dbas', sid: 'dbas' }),
      },
    ],
    [
      'by policies of their own',
      {
        'vault.properties.accessPolicies': GONE,
        policy: named('policy', 'keyvault:AccessPolicy', { vaultName: 'casevault', policy: { objectId: 'someone' } }),
      },
    ],
    ['by the same in the plural', { 'rule.sourceAddressPrefix': GONE, 'rule.sourceAddressPrefixes': ['10.2.0.0/16', '10.3.0.0/16'] }],
    [
      'in newer words',
      {
        'hub.messageRetentionInDays': GONE,
        'hub.retentionDescription': { cleanupPolicy: 'Delete', retentionTimeInHours: 168 },
      },
    ],
    ['by the service itself', { 'workspace.publicNetworkAccessForQuery': GONE }],
  ])('is no note: %s', (_how, changes) => {
    expect(notes(changes)).toEqual([]);
  });

  it.each<readonly [string, Changes, readonly string[]]>([
    ['nothing says it', { 'group.securityRules': GONE }, ['securityRules']],
    [
      'rules of another group say it',
      {
        'group.securityRules': GONE,
        https: named('https', 'network:SecurityRule', { networkSecurityGroupName: 'othernsg', securityRuleName: 'https', ...RULE }),
      },
      ['securityRules'],
    ],
    [
      'the plural holds others',
      { 'rule.sourceAddressPrefix': GONE, 'rule.destinationAddressPrefixes': ['10.3.0.0/16'] },
      ['sourceAddressPrefix'],
    ],
    [
      'a configuration says something else',
      {
        'app.siteConfig.minTlsVersion': GONE,
        config: named('config', 'web:WebAppConfiguration', { name: 'caseapp', http20Enabled: true }),
      },
      ['siteConfig.minTlsVersion'],
    ],
    ['the service would do something else', { 'workspace.publicNetworkAccessForIngestion': GONE }, ['publicNetworkAccessForIngestion']],
  ])('is one where %s', (_how, changes, expected) => {
    expect(notes(changes)).toEqual(expected);
  });
});
