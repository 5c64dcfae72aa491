import { describe, expect, it } from 'vitest';
import { kindOfText } from '../policies/gather';
import { gatherArmText } from '../policies/gather/arm';
import { spelled } from '../policies/gather/arm/spelling';
import type { Gathered } from '../policies/gather/target';
import type { Resource } from '../policies/resource';
import { account, errorOf, gatherTemplate, type Json, only, SCHEMA, verdictOf } from './support/arm';

describe('conditions', () => {
  const parameters = { deploy: { type: 'bool' }, env: { type: 'string' }, off: { type: 'bool', defaultValue: false } };

  it('drop a resource that is known not to be deployed', () => {
    const { graph } = gatherTemplate([account({ condition: "[parameters('off')]" }), account({ name: 'logs', condition: false })], {
      parameters,
    });
    expect(graph.size).toBe(0);
  });

  it('leave a resource that may be deployed, for each world', () => {
    const { graph } = gatherTemplate([account({ condition: "[or(parameters('off'), equals(parameters('env'), 'prod'))]" })], {
      parameters,
    });
    const storage = only({ graph } as Gathered, 'storage:StorageAccount');
    expect(storage.condition).toBe("or(parameters('off'), equals(parameters('env'), 'prod'))");
    expect(graph.exists(storage)).toBe(true);
    graph.worlds.reset([['parameter env equals "prod"', false]]);
    expect(graph.exists(storage)).toBe(false);
  });

  it('of a nested deployment hold for what it deploys', () => {
    const nested = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'inner',
      condition: "[parameters('deploy')]",
      properties: { mode: 'Incremental', template: { $schema: SCHEMA, resources: [account()] } },
    };
    const { graph } = gatherTemplate([nested], { parameters });
    const storage = graph.ofType('azure-native:storage:StorageAccount')[0] as Resource;
    expect(storage.path).toBe('inner/cases');
    graph.worlds.reset([['parameter deploy', false]]);
    expect(graph.exists(storage)).toBe(false);
  });

  it('choose between whole objects, and between whole sets of properties', () => {
    const properties =
      "[if(parameters('deploy'), createObject('allowSharedKeyAccess', false()), createObject('allowSharedKeyAccess', true()))]";
    const { graph } = gatherTemplate([account({ properties, location: 'westeurope' })], { parameters });
    const storage = graph.ofType('azure-native:storage:StorageAccount')[0] as Resource;
    expect(storage.at('location').string).toBe('westeurope');
    expect(verdictOf(graph, storage, (resource) => resource.at('allowSharedKeyAccess').isFalse()).verdict).toBe('unknown');
    expect(verdictOf(graph, storage, (resource) => resource.at('allowSharedKeyAccess').isSet()).verdict).toBe('pass');
  });

  it('never take two allowed values of a parameter at once', () => {
    const allowed = { sku: { type: 'string', allowedValues: ['Standard_LRS', 'Standard_GRS', 'Standard_ZRS'] } };
    const name = "[parameters('sku')]";
    const { graph } = gatherTemplate([account({ sku: { name } }), account({ name: 'logs', sku: { name } })], { parameters: allowed });
    const [first, second] = graph.ofType('azure-native:storage:StorageAccount') as [Resource, Resource];
    const same = verdictOf(graph, first, (resource) => resource.at('sku.name').is(second.at('sku.name').string ?? ''));
    expect(same.verdict).toBe('pass');
  });
});

describe('loops', () => {
  it('are counted out, each turn with its own name and id', () => {
    const { graph } = gatherTemplate([account({ name: "[format('cases{0:D2}', copyIndex(1))]", copy: { name: 'all', count: 3 } })]);
    expect([...graph.resources()].map(({ logicalId }) => logicalId)).toEqual(
      ['01', '02', '03'].map((number) => `Microsoft.Storage/storageAccounts/cases${number}`),
    );
  });

  it('of no turns deploy nothing', () => {
    expect(gatherTemplate([account({ copy: { name: 'none', count: 0 } })]).graph.size).toBe(0);
  });

  it('with more turns than ARM takes are refused, with their line', () => {
    expect(errorOf(() => gatherTemplate([account({ copy: { name: 'many', count: 801 } })]))).toBe(
      'main.json:11: copies 801 times: a loop runs 0 to 800 times',
    );
  });
});

describe('references', () => {
  const vnet = {
    type: 'Microsoft.Network/virtualNetworks',
    apiVersion: '2023-11-01',
    name: 'vnet',
    properties: { subnets: [{ name: 'data', properties: {} }] },
  };
  const endpoint = (id: string): Json => ({
    type: 'Microsoft.Network/privateEndpoints',
    apiVersion: '2023-11-01',
    name: 'endpoint',
    properties: { subnet: { id } },
  });
  const subnetOf = (gathered: Gathered) => only(gathered, 'network:PrivateEndpoint').at('subnet.id');

  it('to a subnet written inside its network mention the network', () => {
    const gathered = gatherTemplate([vnet, endpoint("[resourceId('Microsoft.Network/virtualNetworks/subnets', 'vnet', 'data')]")]);
    expect(subnetOf(gathered).targets).toEqual([only(gathered, 'network:VirtualNetwork').id]);
    expect(subnetOf(gathered).shape).toMatch(/\/subnets\/data$/);
  });

  it.each([
    "[concat(resourceGroup().id, '/providers/Microsoft.Network/virtualNetworks/vnet')]",
    "[format('{0}/providers/Microsoft.Network/virtualNetworks/{1}', resourceGroup().id, 'VNET')]",
    "[resourceId('other-group', 'microsoft.network/virtualNetworks', 'vnet')]",
    "[resourceId(subscription().subscriptionId, 'other-group', 'Microsoft.Network/virtualnetworks', 'vnet')]",
  ])('are found however the id is put together: %s', (id) => {
    const gathered = gatherTemplate([vnet, endpoint(id)]);
    expect(subnetOf(gathered).targets).toEqual([only(gathered, 'network:VirtualNetwork').id]);
    expect(subnetOf(gathered).attribute).toBeUndefined();
  });

  it('to what is not in the template keep the known part of the id', () => {
    const gathered = gatherTemplate(
      [endpoint("[resourceId('hub', 'Microsoft.Network/virtualNetworks/subnets', 'vnet', parameters('subnet'))]")],
      {
        parameters: { subnet: { type: 'string' } },
      },
    );
    expect(subnetOf(gathered).shape).toBe(
      '/subscriptions/${the id of the subscription}/resourceGroups/hub/providers/Microsoft.Network/virtualNetworks/vnet/subnets/${parameter subnet}',
    );
  });

  it('by symbol, by name and by id ask for the same resource', () => {
    const identity = { type: 'Microsoft.ManagedIdentity/userAssignedIdentities', apiVersion: '2023-01-31', name: 'worker' };
    const assigned = (which: string) => ({
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: '2022-04-01',
      name: 'a',
      properties: { principalId: `[reference(${which}).principalId]` },
    });
    for (const which of ["'worker'", "resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'worker')"]) {
      const gathered = gatherTemplate([identity, assigned(which)]);
      expect(only(gathered, 'authorization:RoleAssignment').at('principalId').targets).toEqual([
        only(gathered, 'managedidentity:UserAssignedIdentity').id,
      ]);
    }
    const gathered = gatherTemplate({ it: identity, assigned: assigned("'it'") }, { languageVersion: '2.0' });
    expect(only(gathered, 'authorization:RoleAssignment').at('principalId').targets).toEqual(['main.json/it']);
  });

  it.each([
    "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]",
    "[concat(subscription().id, '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]",
    "[resourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]",
  ])('to a built-in role are known without the subscription: %s', (roleDefinitionId) => {
    const assigned = {
      type: 'Microsoft.Authorization/roleAssignments',
      apiVersion: '2022-04-01',
      name: 'a',
      properties: { roleDefinitionId },
    };
    expect(only(gatherTemplate([assigned]), 'authorization:RoleAssignment').at('roleDefinitionId').string).toBe(
      '/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
    );
  });

  it('to keys of an account are secrets', () => {
    const app = {
      type: 'Microsoft.Web/sites',
      apiVersion: '2023-12-01',
      name: 'app',
      properties: {
        siteConfig: {
          appSettings: [
            {
              name: 'S',
              value: "[concat('Key=', listKeys(resourceId('Microsoft.Storage/storageAccounts', 'cases'), '2023-05-01').keys[0].value)]",
            },
          ],
        },
      },
    };
    const value = only(gatherTemplate([app]), 'web:WebApp')
      .at('siteConfig.appSettings')
      .items()[0]
      ?.at('value');
    expect(value?.shape).toBe('Key=${secret}');
  });
});

describe('names', () => {
  it('that are one parameter still join child and parent', () => {
    const name = "[parameters('account')]";
    const service = {
      type: 'Microsoft.Storage/storageAccounts/blobServices',
      apiVersion: '2023-05-01',
      name: "[format('{0}/default', parameters('account'))]",
    };
    const gathered = gatherTemplate([account({ name }), service], { parameters: { account: { type: 'string' } } });
    const storage = only(gathered, 'storage:StorageAccount');
    expect(gathered.graph.pointingAt(storage, 'azure-native:storage:BlobServiceProperties', 'accountName')).toHaveLength(1);
  });

  it('of which nothing is known leave what the resource depends on as its parent', () => {
    const service = {
      type: 'Microsoft.Storage/storageAccounts/blobServices',
      apiVersion: '2023-05-01',
      name: "[parameters('service')]",
      dependsOn: ["[resourceId('Microsoft.Storage/storageAccounts', 'cases')]"],
    };
    const gathered = gatherTemplate([account(), service], { parameters: { service: { type: 'string' } } });
    const found = only(gathered, 'storage:BlobServiceProperties');
    expect(found.parent).toBe(only(gathered, 'storage:StorageAccount').id);
    expect(found.at('accountName').string).toBe('cases');
  });

  it('do not depend on case', () => {
    const service = { type: 'Microsoft.Storage/StorageAccounts/blobServices', apiVersion: '2023-05-01', name: 'CASES/default' };
    const gathered = gatherTemplate([account(), service]);
    expect(
      gathered.graph.pointingAt(only(gathered, 'storage:StorageAccount'), 'azure-native:storage:BlobServiceProperties', 'accountName'),
    ).toHaveLength(1);
  });

  it('of a lock without scope make it a lock of the resource group', () => {
    const lock = { type: 'Microsoft.Authorization/locks', apiVersion: '2020-05-01', name: 'keep', properties: { level: 'ReadOnly' } };
    expect(only(gatherTemplate([lock]), 'authorization:ManagementLockAtResourceGroupLevel').at('level').string).toBe('ReadOnly');
  });

  it('of types that azure-native lacks leave the type as written', () => {
    const [resource] = gatherTemplate([
      { type: 'Contoso.Widgets/widgets', apiVersion: '1', name: 'w', properties: { size: 1 } },
    ]).graph.resources();
    expect(resource?.type).toBe('Contoso.Widgets/widgets');
    expect(resource?.at('size').number).toBe(1);
  });
});

describe('property names', () => {
  it('lose the signs that azure-native has none of, and keep their place', () => {
    const cache = {
      type: 'Microsoft.Cache/redis',
      apiVersion: '2023-08-01',
      name: 'c',
      properties: { redisConfiguration: { 'rdb-backup-enabled': 'true' } },
    };
    const found = only(gatherTemplate([cache]), 'redis:Redis');
    expect(found.at('redisConfiguration.rdbBackupEnabled').boolean).toBe(true);
    expect(found.locate('redisConfiguration.rdbBackupEnabled')?.line).toBe(11);
  });

  it('that the author chooses stay as they are', () => {
    const tags = { 'palisade:sensitivity': 'internal', 'cost-center': '7', properties: 'x' };
    const storage = only(gatherTemplate([account({ tags })]), 'storage:StorageAccount');
    expect(
      storage
        .at('tags')
        .entries()
        .map(([name]) => name),
    ).toEqual(Object.keys(tags));
    const assignment = {
      type: 'Microsoft.Authorization/policyAssignments',
      apiVersion: '2024-04-01',
      name: 'p',
      properties: { parameters: { 'allowed-skus': { value: ['a'] } } },
    };
    expect(
      only(gatherTemplate([assignment]), 'authorization:PolicyAssignment')
        .at('parameters')
        .entries()
        .map(([name]) => name),
    ).toEqual(['allowed-skus']);
  });

  it('inside what the author writes freely are not changed', () => {
    const rule = JSON.parse(
      '{ "if": { "field": "type", "equals": "x" }, "then": { "effect": "deny", "details": { "properties": { "a": 1 } } } }',
    );
    const definition = {
      type: 'Microsoft.Authorization/policyDefinitions',
      apiVersion: '2023-04-01',
      name: 'p',
      properties: { policyRule: rule },
    };
    expect(only(gatherTemplate([definition]), 'authorization:PolicyDefinition').at('policyRule.then.details.properties.a').number).toBe(1);
  });

  it('are renamed wherever they come from, a variable or a union of objects', () => {
    const properties = "[union(variables('base'), createObject('networkAcls', createObject('defaultAction', 'Deny')))]";
    const gathered = gatherTemplate([account({ properties })], {
      variables: { base: { supportsHttpsTrafficOnly: true, networkAcls: { bypass: 'None' } } },
    });
    const storage = only(gathered, 'storage:StorageAccount');
    expect(storage.at('enableHttpsTrafficOnly').boolean).toBe(true);
    expect([storage.at('networkRuleSet.bypass').string, storage.at('networkRuleSet.defaultAction').string]).toEqual(['None', 'Deny']);
    expect(storage.locate('networkRuleSet.bypass')).toMatchObject({ file: 'main.json' });
  });

  it('of a site are found in its child "web" too, which is applied last', () => {
    const site = {
      type: 'Microsoft.Web/sites',
      apiVersion: '2023-12-01',
      name: 'app',
      properties: { siteConfig: { minTlsVersion: '1.0', http20Enabled: true } },
      resources: [{ type: 'config', apiVersion: '2023-12-01', name: 'web', properties: { minTlsVersion: '1.2' } }],
    };
    const found = only(gatherTemplate([site]), 'web:WebApp').at('siteConfig');
    expect([found.at('minTlsVersion').string, found.at('http20Enabled').boolean]).toEqual(['1.2', true]);
  });

  it('of which only deployment knows leave every property open', () => {
    const gathered = gatherTemplate([account({ properties: "[parameters('all')]" })], { parameters: { all: { type: 'object' } } });
    expect(only(gathered, 'storage:StorageAccount').at('networkRuleSet.defaultAction').describe()).toContain('depends on parameter all');
  });
});

describe('other files of Azure', () => {
  const schema = (name: string) => JSON.stringify({ $schema: `https://schema.management.azure.com/schemas/${name}`, parameters: {} });

  it.each([
    ['2019-04-01/deploymentParameters.json#', 'is a file of parameters: give its template, with which <template>.parameters.json is read'],
    ['0.1.2-preview/CreateUIDefinition.MultiVm.json#', 'has no "resources": give an ARM template'],
  ])('are told apart from templates: %s', (name, message) => {
    expect(kindOfText(schema(name))).toBe('arm');
    expect(errorOf(() => gatherArmText(schema(name), 'main.json'))).toBe(`main.json: ${message}`);
  });
});

describe('the case of names', () => {
  const folded = {
    Type: 'microsoft.storage/STORAGEACCOUNTS',
    APIVersion: '2023-05-01',
    Name: 'cases',
    Properties: {
      SUPPORTSHTTPSTRAFFICONLY: false,
      allowblobpublicaccess: false,
      networkacls: { defaultaction: 'deny', IPRules: [{ Value: '203.0.113.7' }] },
    },
  };

  it('does not matter, in the sections of a template as in the properties of a resource', () => {
    const storage = only(gatherArmText(JSON.stringify({ $Schema: SCHEMA, Resources: [folded] }), 'main.json'), 'storage:StorageAccount');
    expect(storage.at('enableHttpsTrafficOnly').boolean).toBe(false);
    expect(storage.at('allowBlobPublicAccess').boolean).toBe(false);
    expect(storage.at('networkRuleSet.defaultAction').is('Deny').verdict).toBe('pass');
    expect(storage.at('networkRuleSet.ipRules').items()[0]?.at('iPAddressOrRange').string).toBe('203.0.113.7');
    expect(storage.option('apiVersion').string).toBe('2023-05-01');
  });

  it('does not hide where something is written', () => {
    const text = JSON.stringify({ $schema: SCHEMA, resources: [folded] }, null, 2);
    const storage = only(gatherArmText(text, 'main.json'), 'storage:StorageAccount');
    const lineOf = (path: string) => text.split('\n')[(storage.locate(path)?.line ?? 0) - 1]?.trim();
    expect(lineOf('enableHttpsTrafficOnly')).toBe('"SUPPORTSHTTPSTRAFFICONLY": false,');
    expect(lineOf('networkRuleSet.ipRules[0].iPAddressOrRange')).toBe('"Value": "203.0.113.7"');
    expect(lineOf('sku')).toBe('{');
  });

  it('of what an author names stays as written', () => {
    const gathered = gatherTemplate([account({ tags: { NetworkACLs: 'x' } })]);
    expect(only(gathered, 'storage:StorageAccount').at('tags.NetworkACLs').string).toBe('x');
  });

  it('follows the module where the SDK has several spellings', () => {
    expect(spelled('NETWORKACLS', 'keyvault')).toBe('networkAcls');
    expect(spelled('networkAcls', 'signalrservice')).toBe('networkACLs');
    expect(spelled('userName', 'web')).toBe('userName');
    expect(spelled('ofNoService', 'web')).toBe('ofNoService');
  });
});
