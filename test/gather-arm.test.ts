import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gatherArm, gatherArmText, looksLikeArm } from '../policies/gather/arm';
import { UNIT } from '../policies/graph';
import type { Resource } from '../policies/resource';
import { account, errorOf, gatherTemplate, only, SCHEMA, verdictOf } from './support/arm';
import { folderWith, removeFolders } from './support/cli';
import { lineOf } from './support/lines';

const FIXTURES = join('test', 'fixtures', 'arm');
afterAll(removeFolders);

describe('a classic template, with comments and a text over several lines', async () => {
  const file = join(FIXTURES, 'classic.json');
  const gathered = await gatherArm(file);
  const { graph } = gathered;
  const storage = only(gathered, 'storage:StorageAccount');
  const vault = only(gathered, 'keyvault:Vault');

  it('becomes the resources of azure-native', () => {
    expect([...graph.resources()].map(({ type }) => type.replace('azure-native:', '')).sort()).toEqual([
      'authorization:ManagementLockByScope',
      'authorization:RoleAssignment',
      'keyvault:AccessPolicy',
      'keyvault:AccessPolicy',
      'keyvault:Key',
      'keyvault:Secret',
      'keyvault:Vault',
      'managedidentity:UserAssignedIdentity',
      'monitor:DiagnosticSetting',
      'network:PublicIPAddress',
      'network:VirtualNetwork',
      'resources:Deployment',
      'storage:BlobContainer',
      'storage:BlobServiceProperties',
      'storage:StorageAccount',
    ]);
    expect(graph.units).toMatchObject([{ id: file, cloud: 'azure', region: 'westeurope' }]);
    expect(graph.ofType(UNIT)).toHaveLength(1);
    expect(storage.token).toBe('Microsoft.Storage/storageAccounts');
  });

  it('hoists properties and takes the names of azure-native', () => {
    expect(storage.at('enableHttpsTrafficOnly').boolean).toBe(true);
    expect(storage.at('networkRuleSet.defaultAction').string).toBe('Allow');
    expect(storage.at('networkRuleSet.ipRules').items()[0]?.at('iPAddressOrRange').string).toBe('203.0.113.7');
    expect(storage.at('supportsHttpsTrafficOnly').state).toBe('absent');
  });

  it('keeps properties where azure-native keeps them', () => {
    expect(vault.at('properties.enablePurgeProtection').boolean).toBe(true);
    expect(vault.at('properties.networkAcls.ipRules').items()[0]?.at('value').string).toBe('203.0.113.7');
    expect(only(gathered, 'keyvault:Key').at('properties.attributes.expires').number).toBe(1_893_456_000);
  });

  it('hoists what stands around properties of the same name', () => {
    const backend = {
      type: 'Microsoft.ApiManagement/service/backends',
      apiVersion: '2024-05-01',
      name: 'apim/orders',
      properties: { url: 'https://orders.example.com', properties: { serviceFabricCluster: { maxPartitionResolutionRetries: 3 } } },
    };
    const read = only(gatherArmText(JSON.stringify({ $schema: SCHEMA, resources: [backend] }), 'backend.json'), 'apimanagement:Backend');
    expect(read.at('url').string).toBe('https://orders.example.com');
    expect(read.at('properties.serviceFabricCluster.maxPartitionResolutionRetries').number).toBe(3);
    expect(read.at('properties.url').state).toBe('absent');
  });

  it('finds children by parent, whether nested or written apart', () => {
    expect(graph.pointingAt(storage, 'azure-native:storage:BlobServiceProperties', 'accountName')).toHaveLength(1);
    expect(graph.pointingAt(storage, 'azure-native:storage:BlobContainer', 'accountName')).toHaveLength(1);
    expect(only(gathered, 'storage:BlobContainer').at('containerName').string).toBe('cases');
    expect(only(gathered, 'storage:BlobServiceProperties').parent).toBe(storage.id);
    expect(graph.pointingAt(vault, 'azure-native:keyvault:Key', 'vaultName')).toHaveLength(1);
  });

  it('leads extensions to what they extend', () => {
    expect(graph.pointingAt(storage, 'azure-native:authorization:ManagementLockByScope', 'scope')).toHaveLength(1);
    expect(graph.pointingAt(storage, 'azure-native:authorization:RoleAssignment', 'scope')).toHaveLength(1);
    expect(graph.pointingAt(vault, 'azure-native:monitor:DiagnosticSetting', 'resourceUri')).toHaveLength(1);
    expect(graph.childrenOf(vault).map(({ type }) => type)).toContain('azure-native:monitor:DiagnosticSetting');
  });

  it('has one resource for each access policy', () => {
    expect(graph.ofType('azure-native:keyvault:AccessPolicy').map((policy) => policy.at('policy.objectId').string)).toEqual(['1', '2']);
  });

  it('keeps identities as references', () => {
    const identity = only(gathered, 'managedidentity:UserAssignedIdentity');
    expect(storage.at('identity.userAssignedIdentities').items()[0]?.refersTo(identity).verdict).toBe('pass');
    expect(only(gathered, 'authorization:RoleAssignment').at('principalId').targets).toEqual([identity.id]);
    expect(only(gathered, 'authorization:RoleAssignment').at('principalId').attribute).toBe('principalId');
  });

  it('never keeps the value of a secure parameter', () => {
    expect(only(gathered, 'keyvault:Secret').at('properties.value').state).toBe('secret');
  });

  it('counts out property loops', () => {
    const subnets = only(gathered, 'network:VirtualNetwork').at('subnets').items();
    expect(subnets.map((subnet) => [subnet.at('name').string, subnet.at('addressPrefix').string])).toEqual([
      ['subnet0', '10.0.0.0/24'],
      ['subnet1', '10.0.1.0/24'],
    ]);
  });

  it('stands for a loop of unknown length once', () => {
    expect(only(gathered, 'network:PublicIPAddress').at('publicIPAllocationMethod').string).toBe('Static');
  });

  it('says which linked template it did not read', () => {
    expect(graph.notes).toEqual(['linked template modules/shared.json was not read: give it as a target of its own']);
  });

  it('carries waivers with their place', () => {
    expect(gathered.waivers).toMatchObject([
      {
        rule: 'ENC-02',
        resource: storage.logicalId,
        ticket: 'SEC-7',
        expires: '2027-01-31',
        source: 'artefact',
        location: { file, line: lineOf(file, '"rule": "ENC-02"') - 1 },
      },
    ]);
  });

  it('finds the line of what was written, under the name it was written with', () => {
    expect(storage.locate()?.line).toBe(lineOf(file, '"name": "[variables(\'account\')]"') - 3);
    expect(storage.locate('networkRuleSet.ipRules[0].iPAddressOrRange')).toMatchObject({
      file,
      line: lineOf(file, '"value": "203.0.113.7", "action"'),
    });
    expect(storage.locate('enableHttpsTrafficOnly')?.line).toBe(lineOf(file, 'supportsHttpsTrafficOnly'));
    expect(storage.locate('accountName')?.line).toBe(lineOf(file, '"name": "[variables(\'account\')]"'));
    expect(storage.locate('encryption.keySource')?.line).toBe(storage.locate()?.line);
    expect(only(gathered, 'network:VirtualNetwork').locate('subnets[1].addressPrefix')?.line).toBe(
      lineOf(file, '"input": { "name": "[concat(\'subnet\''),
    );
    expect(only(gathered, 'authorization:RoleAssignment').locate('scope')?.line).toBe(lineOf(file, '"scope": "[concat('));
  });
});

describe('a template as Bicep emits it', async () => {
  const gathered = await gatherArm(join(FIXTURES, 'bicep.json'));
  const { graph } = gathered;

  it('is read through its modules, which stand in the ids', () => {
    expect([...graph.resources()].map(({ logicalId }) => logicalId).sort()).toEqual([
      'group',
      'network',
      'network/data',
      'network/nsg',
      'network/vnet',
      'storage[0]',
      'storage[0]/account',
      'storage[0]/lock',
      'storage[1]',
      'storage[1]/account',
      'storage[1]/lock',
    ]);
  });

  it('declares its data profile', () => {
    expect(graph.units[0]?.profile).toMatchObject({ system: 'case-management', sensitivity: 'confidential' });
  });

  it('hoists the properties of list entries', () => {
    expect(only(gathered, 'network:NetworkSecurityGroup').at('securityRules').items()[0]?.at('access').string).toBe('Deny');
  });

  it('follows the outputs of a module into another', () => {
    const subnet = only(gathered, 'network:Subnet');
    expect(subnet.at('addressPrefix').string).toBe('10.0.1.0/24');
    for (const storage of graph.ofType('azure-native:storage:StorageAccount'))
      expect(storage.at('networkRuleSet.virtualNetworkRules').items()[0]?.at('virtualNetworkResourceId').targets).toEqual([subnet.id]);
  });

  it('joins what a module deploys with its resource group', () => {
    const group = only(gathered, 'resources:ResourceGroup');
    expect(graph.pointingAt(group, 'azure-native:network:Subnet', 'resourceGroupName')).toHaveLength(1);
  });

  it('leaves out what exists already, and refers to it in words', () => {
    expect(graph.ofType('azure-native:keyvault:Vault')).toEqual([]);
    const [storage] = graph.ofType('azure-native:storage:StorageAccount');
    expect(storage?.at('encryption.keyVaultProperties.keyVaultUri').describe()).toBe(
      'encryption.keyVaultProperties.keyVaultUri depends on reference("vault").vaultUri',
    );
  });

  it('is judged in every world that its parameters allow', () => {
    const [storage] = graph.ofType('azure-native:storage:StorageAccount') as [Resource];
    const denies = verdictOf(graph, storage, (resource) => resource.at('networkRuleSet.defaultAction').is('Deny'));
    expect(denies.verdict).toBe('unknown');
    expect(denies.saw).toContain('parameter environment equals "prod"');
    const neither = verdictOf(graph, storage, (resource) => resource.at('networkRuleSet.defaultAction').isOneOf(['Deny', 'Allow']));
    expect(neither.verdict).toBe('pass');
  });

  it('decides the same condition once for all resources', () => {
    const [storage] = graph.ofType('azure-native:storage:StorageAccount') as [Resource];
    const lockedWhereOpen = verdictOf(graph, storage, (resource, { worlds }) => {
      const locks = graph.pointingAt(resource, 'azure-native:authorization:ManagementLockByScope', 'scope');
      const open = resource.at('networkRuleSet.defaultAction').is('Allow').verdict === 'pass';
      expect(worlds.asked).toEqual(['parameter environment equals "prod"']);
      return { verdict: open === (locks.length === 0) ? 'pass' : 'fail', saw: '' };
    });
    expect(lockedWhereOpen.verdict).toBe('pass');
  });
});

describe('exported resources', () => {
  it('do not take for unset what lists of sites leave out', () => {
    const site = (siteConfig: object) => ({ id: '/subscriptions/s/x', name: 'app', type: 'Microsoft.Web/sites', siteConfig });
    const read = (written: unknown) =>
      only(gatherArmText(JSON.stringify(written), 'sites.json'), 'web:WebApp').at('siteConfig.minTlsVersion').state;
    expect(read([site({ minTlsVersion: null, http20Enabled: true })])).toBe('unknown');
    expect(read([site({ http20Enabled: true })])).toBe('absent');
    expect(read([site({ minTlsVersion: '1.0' })])).toBe('known');
    const template = { ...site({}), apiVersion: '2022-09-01', properties: { siteConfig: { minTlsVersion: null } } };
    expect(read({ $schema: SCHEMA, contentVersion: '1.0.0.0', resources: [template] })).toBe('absent');
  });

  const id = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/data/providers/Microsoft.Storage/storageAccounts/cases';
  const listed = [
    {
      id,
      name: 'cases',
      type: 'Microsoft.Storage/storageAccounts',
      location: 'westeurope',
      tags: { note: '[not an expression' },
      properties: { supportsHttpsTrafficOnly: false },
    },
    {
      id: `${id.replace('Storage/storageAccounts/cases', 'Network/privateEndpoints/pe')}`,
      name: 'pe',
      type: 'Microsoft.Network/privateEndpoints',
      properties: { privateLinkServiceConnections: [{ name: 'c', properties: { privateLinkServiceId: id } }] },
    },
  ];

  it.each([
    ['a list', listed],
    ['a page', { value: listed }],
    ['a page of Resource Graph', { data: listed, count: 1 }],
    ['a template without API versions', { resources: listed }],
  ])('are read from %s', (_, exported) => {
    expect(looksLikeArm(exported)).toBe(true);
    const gathered = gatherArmText(JSON.stringify(exported, null, 2), 'export.json');
    expect(only(gathered, 'storage:StorageAccount').at('enableHttpsTrafficOnly').boolean).toBe(false);
    expect(only(gathered, 'storage:StorageAccount').locate('enableHttpsTrafficOnly')?.line).toBeGreaterThan(5);
  });

  it('belong to the parents in their ids, where Azure shows the last part of their names alone', () => {
    const account = { type: 'Microsoft.Storage/storageAccounts', name: 'cases', id, properties: {} };
    const service = {
      type: 'microsoft.storage/storageaccounts/blobservices',
      name: 'default',
      id: `${id}/blobServices/default`,
      properties: {},
    };
    const container = {
      type: 'Microsoft.Storage/storageAccounts/blobServices/containers',
      name: 'letters',
      id: `${id}/blobServices/default/containers/letters`,
      properties: {},
    };
    const gathered = gatherArmText(JSON.stringify({ value: [account, service, container] }), 'export.json');
    expect(only(gathered, 'storage:BlobServiceProperties').at('accountName').shape).toBe('cases');
    expect(only(gathered, 'storage:BlobContainer').at('accountName').shape).toBe('cases');
    expect(only(gathered, 'storage:BlobContainer').at('containerName').shape).toBe('letters');
  });

  it('refer to each other by their full ids, and hold no expressions', () => {
    const gathered = gatherArmText(JSON.stringify(listed), 'export.json');
    const storage = only(gathered, 'storage:StorageAccount');
    expect(
      only(gathered, 'network:PrivateEndpoint').at('privateLinkServiceConnections').items()[0]?.at('privateLinkServiceId').targets,
    ).toEqual([storage.id]);
    expect(storage.at('tags.note').string).toBe('[not an expression');
  });
});

describe('a parameters file of the same name', () => {
  it('gives the values, and is noted', async () => {
    const parameters = { tls: { type: 'string', defaultValue: 'TLS1_0' } };
    const template = { $schema: SCHEMA, parameters, resources: [account({ properties: { minimumTlsVersion: "[parameters('tls')]" } })] };
    const folder = folderWith({
      'main.json': JSON.stringify(template),
      'main.parameters.json': JSON.stringify({ parameters: { TLS: { value: 'TLS1_2' } } }),
    });
    const gathered = await gatherArm(join(folder, 'main.json'));
    expect(only(gathered, 'storage:StorageAccount').at('minimumTlsVersion').string).toBe('TLS1_2');
    expect(gathered.graph.notes).toEqual(['parameters were taken from main.parameters.json']);
  });
});

describe('what cannot be read is refused in one line', () => {
  const refused = (text: string) => errorOf(() => gatherArmText(text, 'main.json'));
  const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    ['an empty file', ' \n', 'main.json: is empty: write an ARM template'],
    ['a binary file', 'PK\u0003\0', 'main.json: is binary, not JSON text: give the template itself (for Bicep, run "bicep build" first)'],
    [
      'a truncated file',
      '{\n"resources": [',
      'main.json:2: is not valid JSON (close bracket expected): the file ends too early: is it complete?',
    ],
    ['broken JSON', '{\n"resources": [,],\n"a": 1 }', 'main.json:2: is not valid JSON (value expected): mend the JSON'],
    ['a text', '"x"', 'main.json: is not an object: give an ARM template'],
    ['a template without resources', '{}', 'main.json: has no "resources": give an ARM template'],
    ['deep nesting', `{"resources":${nested(300)}}`, 'main.json:1: is nested more than 200 levels deep: flatten it'],
  ])('%s', (_, text, message) => {
    expect(refused(text)).toBe(message);
  });

  it.each([
    ['a resource without type', [{ name: 'a' }], {}, 'has a resource without "type": write one'],
    ['a resource without name', [{ type: 'Microsoft.Storage/storageAccounts' }], {}, 'has a resource without "name": write one'],
    [
      'an undeclared parameter',
      [account({ name: "[parameters('x')]" })],
      {},
      'uses parameter "x", which is not declared: add it under "parameters"',
    ],
    ['a broken expression', [account({ kind: "[concat('a', ]" })], {}, 'has an expression that cannot be read (ends too early): mend it'],
    [
      'a circle',
      [account({ kind: "[variables('a')]" })],
      { variables: { a: "[variables('b')]", b: "[variables('a')]" } },
      'goes in a circle: variable a is computed from itself',
    ],
    [
      'an explosion',
      [account({ kind: "[variables('v20')]" })],
      {
        variables: Object.fromEntries(
          Array.from({ length: 21 }, (__, n) => [
            `v${n}`,
            n === 0
              ? 'xxxxxxxx'
              : `[concat(${Array(8)
                  .fill(`variables('v${n - 1}')`)
                  .join(', ')})]`,
          ]),
        ),
      },
      'computes a text of more than 524288 characters: shorten it',
    ],
    [
      'a value that shares its parts',
      [account({ properties: { x: "[variables('v40')]" } })],
      {
        variables: Object.fromEntries(
          Array.from({ length: 41 }, (__, n) => [
            `v${n}`,
            n === 0 ? 'x' : { a: `[variables('v${n - 1}')]`, b: `[variables('v${n - 1}')]` },
          ]),
        ),
      },
      'computes a value of more than 1000000 parts: shorten it',
    ],
  ] as const)('%s', (_, resources, rest, what) => {
    const message = errorOf(() => gatherTemplate(resources, rest));
    expect(message).toMatch(/^main\.json:\d+: /);
    expect(message.replace(/^main\.json:\d+: /, '')).toBe(what);
  });

  it('a file that is not there', async () => {
    await expect(gatherArm('nowhere.json')).rejects.toThrow('nowhere.json: does not exist: check the path');
  });
});

describe('looksLikeArm', () => {
  it.each([
    [{ $schema: SCHEMA }, true],
    [{ resources: [{ type: 'Microsoft.Storage/storageAccounts' }] }, true],
    [{ resources: [{ type: 'aws:s3/bucket:Bucket' }] }, false],
    [{ Resources: { A: { Type: 'AWS::S3::Bucket' } } }, false],
    [{ resources: [] }, false],
    [[], false],
    [null, false],
  ])('%j: %s', (parsed, expected) => {
    expect(looksLikeArm(parsed)).toBe(expected);
  });
});
