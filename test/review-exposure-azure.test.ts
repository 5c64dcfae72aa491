import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies';
import { compareSides, type Side, sideOf } from '../review/diff';
import { exposure } from '../review/diff/exposure';
import { pair } from '../review/diff/pairing';
import type { ReviewChange } from '../review/schema-review';
import { azureGraphOf } from './support/examples';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
// biome-ignore lint/suspicious/noExplicitAny: resources of every shape
type Resources = any;
const side = (which: Side['which'], resources: Resources): Side =>
  sideOf(which, [{ path: 't', graph: azureGraphOf(resources), waivers: [] }], occasion);
/** Exposure asks no rule. */
const nothing = evaluate(azureGraphOf({}), { rules: [] });
const unjudged = (which: Side['which'], resources: Resources): Side => ({
  which,
  targets: [{ path: 't', graph: azureGraphOf(resources), evaluation: nothing, strictest: nothing, waivers: [] }],
});
const is = (type: string, properties: object = {}) => ({ type: `azure-native:${type}`, properties });
const id = ($ref: string) => ({ id: { $ref } });
const rule = (priority: number, access: string, source: string, port: string, more: object = {}) => ({
  name: `r${priority}`,
  priority,
  access,
  direction: 'Inbound',
  protocol: 'Tcp',
  sourceAddressPrefix: source,
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: port,
  ...more,
});

/** A machine behind a security group, services that are closed, a gateway with its firewall. */
const BASE = {
  net: is('network:VirtualNetwork', { addressSpace: { addressPrefixes: ['10.0.0.0/16'] } }),
  app: is('network:Subnet', {
    virtualNetworkName: { $ref: 'net.name' },
    networkSecurityGroup: id('group'),
    defaultOutboundAccess: false,
    addressPrefix: '10.0.0.0/24',
  }),
  group: is('network:NetworkSecurityGroup', {
    securityRules: [rule(100, 'Allow', '203.0.113.0/24', '443'), rule(200, 'Allow', '10.0.0.0/16', '22')],
  }),
  address: is('network:PublicIPAddress', { sku: { name: 'Standard' } }),
  card: is('network:NetworkInterface', { ipConfigurations: [{ name: 'one', subnet: id('app'), publicIPAddress: id('address') }] }),
  machine: is('compute:VirtualMachine', { networkProfile: { networkInterfaces: [id('card')] } }),
  sql: is('sql:Server', { publicNetworkAccess: 'Disabled', keyId: 'https://vault/keys/k' }),
  blobs: is('storage:StorageAccount', {
    publicNetworkAccess: 'Disabled',
    allowBlobPublicAccess: false,
    networkRuleSet: { defaultAction: 'Deny' },
    encryption: { keyVaultProperties: { keyName: 'k' } },
  }),
  files: is('storage:BlobContainer', { accountName: { $ref: 'blobs.name' }, publicAccess: 'None' }),
  endpoint: is('network:PrivateEndpoint', {
    subnet: id('app'),
    privateLinkServiceConnections: [{ name: 'blob', privateLinkServiceId: { $ref: 'blobs' }, groupIds: ['blob'] }],
  }),
  cosmos: is('cosmosdb:DatabaseAccount', { publicNetworkAccess: 'Enabled', ipRules: [{ ipAddressOrRange: '203.0.113.0/24' }] }),
  vault: is('keyvault:Vault', { properties: { publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } } }),
  site: is('web:WebApp', { publicNetworkAccess: 'Enabled', siteConfig: {} }),
  sign: is('web:WebAppAuthSettingsV2', {
    name: { $ref: 'site.name' },
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true },
  }),
  container: is('app:ContainerApp', { configuration: { ingress: { external: false, targetPort: 8080 } } }),
  cluster: is('containerservice:ManagedCluster', { apiServerAccessProfile: { enablePrivateCluster: true } }),
  gateway: is('network:ApplicationGateway', {
    frontendIPConfigurations: [{ name: 'f', publicIPAddress: id('address') }],
    frontendPorts: [{ name: 'p', port: 443 }],
    firewallPolicy: { id: '/policies/p' },
    backendAddressPools: [{ name: 'b', backendAddresses: [{ fqdn: { $ref: 'site.defaultHostName' } }] }],
  }),
  apim: is('apimanagement:ApiManagementService', { virtualNetworkType: 'Internal' }),
};

const changed = (change: (resources: Resources) => void, from: Resources = BASE): Resources => {
  const copy = structuredClone(from);
  change(copy);
  return copy;
};
function compared(before: Resources, after: Resources): readonly ReviewChange[] {
  const [old, now] = [unjudged('before', before), unjudged('after', after)];
  return exposure(old, now, pair(old, now), occasion);
}
const line = ({ boundary, direction, sentence, severity }: ReviewChange): string =>
  [direction, severity, ...(boundary ? [boundary] : []), sentence].join(', ');
const said = (change: (resources: Resources) => void, from: Resources = BASE): readonly string[] =>
  compared(from, changed(change, from)).map(line);

const open = (resources: Resources) => {
  resources.sql.properties.publicNetworkAccess = 'Enabled';
  resources.all = is('sql:FirewallRule', { serverName: { $ref: 'sql.name' }, startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' });
};

const WEAKENINGS: Readonly<Record<string, readonly [change: (resources: Resources) => void, line: string]>> = {
  'a server with a firewall rule for everybody': [
    open,
    'weaker, critical, internet, the internet now reaches the server sql on tcp 1433; 2 of 4 layers are left: authentication, a key of its own',
  ],
  'a server open to all of Azure': [
    (resources) => {
      open(resources);
      resources.all.properties.endIpAddress = '0.0.0.0';
    },
    'weaker, critical, internet, every resource of Azure, whoever owns it now reaches the server sql on tcp 1433; 2 of 4 layers are left: authentication, a key of its own',
  ],
  'a server whose public side is switched on, with nobody listed': [
    ({ sql }) => {
      sql.properties.publicNetworkAccess = 'Enabled';
    },
    'weaker, high, the server sql lost a layer, private endpoints only: 3 of 4 remain: listed networks only, authentication, a key of its own',
  ],
  'a storage account': [
    ({ blobs }) => {
      blobs.properties.publicNetworkAccess = 'Enabled';
      blobs.properties.networkRuleSet.defaultAction = 'Allow';
    },
    'weaker, critical, internet, the internet now reaches the storage account blobs on tcp 443; 2 of 4 layers are left: authentication, a key of its own',
  ],
  'a storage account with an anonymous container': [
    ({ blobs, files }) => {
      Object.assign(blobs.properties, {
        publicNetworkAccess: 'Enabled',
        allowBlobPublicAccess: true,
        networkRuleSet: { defaultAction: 'Allow' },
      });
      files.properties.publicAccess = 'Blob';
    },
    'weaker, critical, internet, the internet now reaches the storage account blobs on tcp 443, and nothing on the way asks who calls; 1 of 4 layers is left: a key of its own',
  ],
  'wider rules of a database account': [
    ({ cosmos }) => {
      cosmos.properties.ipRules.push({ ipAddressOrRange: '198.51.100.7' });
    },
    'weaker, high, internet, the database account cosmos now takes tcp 443 from 198.51.100.7 and 203.0.113.0/24; before, tcp 443 from 203.0.113.0/24; 2 layers protect it: listed networks only, authentication',
  ],
  'a vault that lists nobody and denies nobody': [
    ({ vault }) => {
      vault.properties.properties = { publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Allow' } };
    },
    'weaker, critical, internet, the internet now reaches the vault vault on tcp 443; 1 of 3 layers is left: authentication',
  ],
  'a security rule for everybody': [
    ({ group }) => {
      group.properties.securityRules.push(rule(110, 'Allow', '*', '22'));
    },
    'weaker, high, internet, the virtual machine machine now takes tcp 22 from anyone; before, tcp 443 from 203.0.113.0/24',
  ],
  'a web app without sign-in': [
    (resources) => {
      delete resources.sign;
    },
    'weaker, critical, internet, the internet reaches the web app site, and nothing on the way asks any more who calls',
  ],
  'a container app with an external ingress': [
    ({ container }) => {
      container.properties.configuration.ingress.external = true;
    },
    'weaker, critical, internet, the internet now reaches the container app container on tcp 443, and nothing on the way asks who calls',
  ],
  'a cluster with a public API server': [
    ({ cluster }) => {
      cluster.properties.apiServerAccessProfile = {};
    },
    'weaker, medium, internet, the internet now reaches the managed cluster cluster on tcp 443, where callers must authenticate',
  ],
  'an API management that faces the internet': [
    ({ apim }) => {
      apim.properties.virtualNetworkType = 'External';
    },
    'weaker, medium, internet, the internet now reaches the API management service apim on tcp 443, where callers must authenticate',
  ],
  'a gateway without firewall': [
    ({ gateway }) => {
      delete gateway.properties.firewallPolicy;
    },
    'weaker, high, internet, no web application firewall stands before the application gateway gateway any more',
  ],
  'a peering with a network of somebody else': [
    (resources) => {
      resources.peer = is('network:VirtualNetworkPeering', {
        virtualNetworkName: { $ref: 'net.name' },
        remoteVirtualNetwork: { id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs' },
      });
    },
    'weaker, high, organisation, the network behind the virtual network peering peer now reaches the virtual network net',
  ],
  'a subnet that may send to the internet': [
    ({ app }) => {
      app.properties.defaultOutboundAccess = true;
    },
    'weaker, medium, internet, the virtual machine machine can now send to the internet (all traffic), through the default outbound access of the subnet',
  ],
};

describe('tells', () => {
  for (const [name, [change, expected]] of Object.entries(WEAKENINGS)) it(name, () => expect(said(change)).toEqual([expected]));
});

describe('mirrors what gets weaker', () => {
  const marks = (changes: readonly ReviewChange[], wanted: string) =>
    changes
      .filter(({ direction }) => direction === wanted)
      .map(({ subject, topic }) => `${subject} ${topic}`)
      .sort();
  for (const [name, [change]] of Object.entries(WEAKENINGS))
    it(name, () => {
      const weak = changed(change);
      expect(marks(compared(weak, BASE), 'stronger')).toEqual(marks(compared(BASE, weak), 'weaker'));
      expect(marks(compared(weak, BASE), 'weaker')).toEqual([]);
    });
});

it('says nothing a second time by the rules that the path breaks', () => {
  const lines = compareSides(side('before', BASE), side('after', changed(open)), occasion).filter(
    ({ direction }) => direction === 'weaker',
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]?.evidence.flatMap(({ rule: id = [] }) => id)).toContain('DHC-05.database');
});

describe('nothing changes', () => {
  const from = changed((resources) => {
    open(resources);
    resources.group.properties.securityRules.push(rule(300, 'Deny', '*', '*', { protocol: '*' }));
  });
  const HARMLESS: Readonly<Record<string, (resources: Resources) => void>> = {
    'the same twice': () => undefined,
    'security rules in another order': ({ group }) => group.properties.securityRules.reverse(),
    'security rules as resources of their own': (resources) => {
      for (const { name, ...properties } of resources.group.properties.securityRules)
        resources[name] = is('network:SecurityRule', {
          networkSecurityGroupName: { $ref: 'group.name' },
          securityRuleName: name,
          ...properties,
        });
      resources.group.properties.securityRules = [];
    },
    'a range in two halves': ({ group }) => {
      const [first] = group.properties.securityRules;
      group.properties.securityRules.splice(0, 1, {
        ...first,
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ['203.0.113.0/25', '203.0.113.128/25'],
      });
    },
    'other priorities in the same order': ({ group }) => {
      for (const one of group.properties.securityRules) one.priority += 5;
    },
    'a firewall rule in two': (resources) => {
      resources.all.properties.endIpAddress = '127.255.255.255';
      resources.rest = is('sql:FirewallRule', {
        serverName: { $ref: 'sql.name' },
        startIpAddress: '128.0.0.0',
        endIpAddress: '255.255.255.255',
      });
    },
    'a firewall rule of another name': (resources) => {
      resources.everybody = resources.all;
      delete resources.all;
    },
    'a range written with its length': ({ cosmos }) => {
      cosmos.properties.ipRules = [{ ipAddressOrRange: '203.0.113.0/25' }, { ipAddressOrRange: '203.0.113.128/25' }];
    },
    'another case of the same word': ({ vault }) => {
      vault.properties.properties.publicNetworkAccess = 'disabled';
    },
    'a subnet written inside its network': (resources) => {
      resources.net.properties.subnets = [{ name: 'spare', addressPrefix: '10.0.9.0/24', defaultOutboundAccess: false }];
    },
    'a second, closed storage account': (resources) => {
      resources.more = structuredClone(resources.blobs);
    },
    'a tag': ({ machine }) => {
      machine.properties.tags = { owner: 'cases' };
    },
    'a rule that denies more': ({ group }) => {
      group.properties.securityRules.push(rule(90, 'Deny', '10.1.0.0/16', '22'));
    },
  };
  for (const [name, change] of Object.entries(HARMLESS)) it(name, () => expect(said(change, from)).toEqual([]));
});
