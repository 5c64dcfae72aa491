import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import type { Gathered } from '../policies/gather/target';
import type { Resource } from '../policies/resource';
import { lineOf } from './support/lines';

const FIXTURES = join('test', 'fixtures', 'pulumi');

function named(gathered: Gathered, name: string): Resource {
  const found = [...gathered.graph.resources()].filter(({ logicalId }) => logicalId === name);
  expect(found.map(({ logicalId }) => logicalId)).toEqual([name]);
  return found[0] as Resource;
}

describe('a TypeScript program', () => {
  const folder = join(FIXTURES, 'typescript');
  const ACCOUNT = 'urn:pulumi:dev::support::support:data:Store$azure-native:storage:StorageAccount::cases-account';
  let gathered: Gathered;
  beforeAll(async () => {
    gathered = await gatherPulumiProgram(folder);
  });

  it('is one unit, named after project and stack, with the subscription and location of its provider', () => {
    expect(gathered.kind).toBe('pulumi-program');
    expect(gathered.graph.units).toMatchObject([
      { id: 'support/dev', cloud: 'azure', account: '11111111-1111-1111-1111-111111111111', region: 'westeurope' },
    ]);
    expect(gathered.graph.size).toBe(12);
  });

  it('has the URNs of the engine: types of all parents, the stack left out', () => {
    expect([...gathered.graph.resources()].map(({ id }) => id).sort()).toEqual([
      'urn:pulumi:dev::support::azure-native:authorization:RoleAssignment::reader',
      'urn:pulumi:dev::support::azure-native:network:PrivateEndpoint::endpoint',
      'urn:pulumi:dev::support::azure-native:network:Subnet::app-subnet',
      'urn:pulumi:dev::support::azure-native:network:Subnet::data-subnet',
      'urn:pulumi:dev::support::azure-native:network:VirtualNetwork::vnet',
      'urn:pulumi:dev::support::azure-native:resources:ResourceGroup::group',
      'urn:pulumi:dev::support::azure-native:web:AppServicePlan::plan',
      'urn:pulumi:dev::support::azure-native:web:WebApp::app',
      'urn:pulumi:dev::support::pulumi:providers:azure-native::explicit',
      'urn:pulumi:dev::support::support:data:Store$azure-native:storage:BlobContainer::cases-cases',
      ACCOUNT,
      'urn:pulumi:dev::support::support:data:Store::cases',
    ]);
  });

  it('places each resource on the line of the .ts file where it is written, a component where it is used', () => {
    const index = join(folder, 'index.ts');
    const store = join(folder, 'store.ts');
    for (const [name, file, text] of [
      ['explicit', index, "new Provider('explicit'"],
      ['group', index, "new resources.ResourceGroup('group'"],
      ['app-subnet', index, 'new network.Subnet('],
      ['cases', index, "new Store('cases'"],
      ['endpoint', index, 'new network.PrivateEndpoint('],
      ['reader', index, "new authorization.RoleAssignment('reader'"],
      ['cases-account', store, 'new storage.StorageAccount('],
      ['cases-cases', store, 'new storage.BlobContainer('],
    ] as const)
      expect(named(gathered, name).locate(), name).toMatchObject({ file, line: lineOf(file, text) });
  });

  it('keeps what is known of an object in which one value is unknown, and tells each unknown apart', () => {
    const rules = named(gathered, 'cases-account').at('networkRuleSet');
    expect(rules.at('defaultAction').string).toBe('Deny');
    expect(rules.at('bypass').string).toBe('AzureServices');
    expect(
      rules
        .at('virtualNetworkRules')
        .items()
        .map((rule) => rule.at('virtualNetworkResourceId').targets),
    ).toEqual([
      ['urn:pulumi:dev::support::azure-native:network:Subnet::app-subnet'],
      ['urn:pulumi:dev::support::azure-native:network:Subnet::data-subnet'],
    ]);
  });

  it('leads from a nested id to the resource that it belongs to', () => {
    const endpoint = named(gathered, 'endpoint');
    const [connection] = endpoint.at('privateLinkServiceConnections').items();
    expect(connection?.at('privateLinkServiceId').targets).toEqual([ACCOUNT]);
    expect(gathered.graph.pointingAt(named(gathered, 'cases-account'), 'azure-native:authorization:RoleAssignment', 'scope')).toHaveLength(
      1,
    );
    expect(endpoint.at('subnet.id').targets).toEqual(['urn:pulumi:dev::support::azure-native:network:Subnet::data-subnet']);
  });

  it('keeps the known parts of a text, and says which attribute of which resource is missing', () => {
    const app = named(gathered, 'app');
    const settings = new Map(
      app
        .at('siteConfig.appSettings')
        .items()
        .map((item) => [item.at('name').string, item.at('value')]),
    );
    expect(settings.get('ENDPOINT')?.shape).toBe(`https://\${${ACCOUNT}.name}.blob.core.windows.net/cases`);
    expect(named(gathered, 'group').at('tags.tier').string).toBe('moderate');
    const reader = named(gathered, 'reader');
    expect(reader.at('principalId').targets).toEqual([app.id]);
    expect(reader.at('roleDefinitionId').shape).toBe(
      '/subscriptions/${the answer of azure-native:authorization:getClientConfig}/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
    );
  });

  it('calls secret the value that is secret, not the object around it', () => {
    const app = named(gathered, 'app');
    expect(app.at('siteConfig.minTlsVersion').string).toBe('1.2');
    expect(
      app
        .at('siteConfig.appSettings')
        .items()
        .map((item) => item.at('value').state),
    ).toEqual(['text', 'secret', 'secret', 'secret']);
    expect(app.at('siteConfig.ftpsState').string).toBe('Disabled');
  });

  it('never shows an encrypted configuration value, its cipher text included', () => {
    const everything = [...gathered.graph.resources()].map(({ id, properties, options, names }) => ({ id, properties, options, names }));
    const text = JSON.stringify([everything, gathered.graph.notes, gathered.graph.units]);
    expect(text).toContain('supportcases');
    expect(text).not.toContain('MARKER');
    expect(text).not.toContain('encrypted»');
  });

  it('reads configuration of the project and of the stack, structured values included', () => {
    expect(named(gathered, 'group').at('tags.owner').string).toBe('support-data');
    expect(named(gathered, 'group').at('tags.retention').string).toBe('30');
    expect(named(gathered, 'vnet').at('location').string).toBe('westeurope');
  });

  it('keeps the options of each resource', () => {
    expect(named(gathered, 'group').options).toMatchObject({
      protect: true,
      provider: 'urn:pulumi:dev::support::pulumi:providers:azure-native::explicit',
    });
    expect(named(gathered, 'endpoint').options).toMatchObject({ retainOnDelete: true, ignoreChanges: ['tags'] });
    expect(named(gathered, 'endpoint').options.dependsOn).toContain('urn:pulumi:dev::support::azure-native:network:VirtualNetwork::vnet');
    expect(named(gathered, 'cases-account').options.aliases).toEqual([
      { name: 'old-account' },
      'urn:pulumi:dev::support::azure-native:storage:StorageAccount::older',
    ]);
    expect(named(gathered, 'cases').options).toEqual({ component: true });
  });

  it('knows resources by the name that Azure gives them, not by the names of what they stand in', () => {
    expect(named(gathered, 'cases-account').names).toEqual(['supportcases']);
    expect(named(gathered, 'cases-cases').names).toEqual(['cases']);
    expect(named(gathered, 'app-subnet').names).toEqual(['app']);
    expect(named(gathered, 'vnet').names).toEqual([]);
  });

  it('shows the chain of components as path, and the parent by its URN', () => {
    expect(named(gathered, 'cases-account').path).toBe('cases/cases-account');
    expect(named(gathered, 'cases-account').parent).toBe('urn:pulumi:dev::support::support:data:Store::cases');
    expect(named(gathered, 'group').parent).toBeUndefined();
  });

  it('notes what could not be modelled', () => {
    expect(gathered.graph.notes).toEqual([
      'no provider checks the inputs: they are as written, with the defaults of the SDK',
      'the function azure-native:authorization:getClientConfig is answered as unknown: give its result with --answers',
      'the provider explicit (pulumi:providers:azure-native) is not asked for defaults',
    ]);
  });
});

describe('a JavaScript program', () => {
  const folder = join(FIXTURES, 'javascript');
  const main = join(folder, 'src', 'main.js');
  const ACCOUNT = 'urn:pulumi:prod::legacy::legacy:index:Outer$legacy:index:Inner$azure-native:storage:StorageAccount::account';
  let gathered: Gathered;
  beforeAll(async () => {
    gathered = await gatherPulumiProgram(folder, { stack: 'organization/legacy/prod' });
  });

  it('applies the transforms of the resource, of its parents and of the stack', () => {
    const account = named(gathered, 'account');
    expect(account.at('publicNetworkAccess').string).toBe('Disabled');
    expect(
      account
        .at('tags')
        .entries()
        .map(([key, value]) => [key, value.string]),
    ).toEqual([
      ['stack', 'prod'],
      ['team', 'support'],
    ]);
    expect(named(gathered, 'versioned').at('publicNetworkAccess').state).toBe('absent');
    expect(named(gathered, 'versioned').at('tags.stack').string).toBe('prod');
  });

  it('lets children inherit protection, as the engine does', () => {
    expect(named(gathered, 'account').options.protect).toBe(true);
    expect(named(gathered, 'versioned').options.protect).toBeUndefined();
  });

  it('takes the API version out of the type and keeps the token', () => {
    for (const [name, token] of [
      ['versioned', 'azure-native:storage/v20230101:StorageAccount'],
      ['local', 'azure-native_storage_v20240101:storage:StorageAccount'],
    ] as const)
      expect(named(gathered, name)).toMatchObject({ type: 'azure-native:storage:StorageAccount', token, names: [name] });
  });

  it('reads the data profile and the waivers that the program declares', () => {
    expect(gathered.graph.units[0]?.profile).toEqual({
      system: 'legacy',
      owner: 'support-data@example.com',
      sensitivity: 'confidential',
      volume: 'thousands',
      exposure: 'organisation',
      privilege: 'alter',
    });
    expect(gathered.waivers).toEqual([
      {
        rule: 'TLS-03.object-storage',
        resource: ACCOUNT,
        reason: 'migration',
        owner: 'support-data',
        approver: 'security',
        ticket: 'SEC-1',
        expires: '2030-01-31',
        source: 'artefact',
        location: { file: main, line: lineOf(main, "'waiver', {"), column: 3 },
      },
      expect.objectContaining({ rule: 'ENC-02.object-storage', resource: ACCOUNT, ticket: 'SEC-2' }),
    ]);
  });

  it('keeps what exists outside the program, marked, known by its id, with a state that nobody knows', () => {
    const shared = named(gathered, 'shared');
    expect(shared.options.external).toBe(true);
    expect(shared.at('properties.enablePurgeProtection').state).toBe('unknown');
    const scope = named(gathered, 'assignment').at('scope');
    expect(gathered.graph.target(scope, 'azure-native:keyvault:Vault')).toBe(shared);
  });

  it('survives answers that nobody gives, and tells whose they are', () => {
    const assignment = named(gathered, 'assignment');
    expect(assignment.at('principalId').missing).toBe('the answer of azure-native:authorization:getClientConfig.objectId');
    expect(assignment.at('principalType').state).toBe('unknown');
    expect(assignment.at('description').missing).toMatch(/^the answer of legacy:index:listRoles/);
    expect(assignment.at('roleDefinitionId').shape).toBe(
      '/subscriptions/${the answer of azure-native:authorization:getClientConfig.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/0',
    );
    expect(named(gathered, 'from-network').at('accountName').missing).toBe('an output of organization/network/prod');
  });

  it('says what a value is computed from when it is computed from several resources', () => {
    const uses = named(gathered, 'uses');
    expect(uses.at('everything').targets).toEqual(['urn:pulumi:prod::legacy::azure-native:keyvault:Vault::shared', ACCOUNT]);
    expect(
      uses
        .at('list')
        .items()
        .map((item) => item.at('deep').state),
    ).toEqual(['unknown', 'secret']);
  });

  it('keeps no content of files, no secret and no code of dynamic providers', () => {
    const text = JSON.stringify([...gathered.graph.resources()].map(({ properties }) => properties));
    expect(text).not.toContain('never-appear');
    expect(named(gathered, 'file').at('source.asset').string).toBe('text');
    expect(
      named(gathered, 'dynamic')
        .all.entries()
        .map(([key]) => key),
    ).toEqual(['size']);
  });

  it('keeps the other options', () => {
    expect(named(gathered, 'file').options).toMatchObject({
      deletedWith: ACCOUNT,
      replaceOnChanges: ['source'],
      additionalSecretOutputs: ['url'],
    });
    expect(named(gathered, 'cluster').options).toMatchObject({ remote: true, component: true });
  });

  it('notes what could not be modelled', () => {
    expect(gathered.graph.notes).toEqual([
      'dynamic (pulumi-nodejs:dynamic:Resource) is a dynamic resource: what its provider does is not seen',
      'no provider checks the inputs: they are as written, with the defaults of the SDK',
      'shared (azure-native:keyvault:Vault) exists outside the program: only what the program writes of it is seen',
      'the component cluster (plugin:index:Cluster) is built by a plugin: the resources inside it are not seen',
      'the function azure-native:authorization:getClientConfig is answered as unknown: give its result with --answers',
      'the function legacy:index:listRoles is answered as unknown: give its result with --answers',
      'the outputs of the stack organization/network/prod are unknown: give them with --answers',
      'the program prints to standard output (1 line): dropped',
    ]);
  });
});

it('runs a program of ES modules with a top-level await', async () => {
  const gathered = await gatherPulumiProgram(join(FIXTURES, 'modules'));
  expect([...gathered.graph.resources()].map(({ id }) => id)).toEqual([
    'urn:pulumi:dev::modules::modules:index:Part::first',
    'urn:pulumi:dev::modules::modules:index:Part::second',
  ]);
  expect(named(gathered, 'first').locate()).toMatchObject({ file: join(FIXTURES, 'modules', 'index.ts'), line: 6 });
});
