import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { kindOfText } from '../policies/gather';
import { exportOf, gatherPreview, looksLikePreview } from '../policies/gather/preview';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import { GatherError, type Gathered } from '../policies/gather/target';
import type { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import type { Value } from '../policies/value';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const SECRET = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };
const STACK = { urn: 'urn:pulumi:prod::app::pulumi:pulumi:Stack::app-prod', custom: false, type: 'pulumi:pulumi:Stack' };
const urn = (type: string, name: string) => `urn:pulumi:prod::app::${type}::${name}`;
const ACCOUNT = urn('azure-native:storage/v20230101:StorageAccount', 'account');
const SUBNET = urn('azure-native:network:Subnet', 'subnet');
const GROUP = urn('azure-native:resources:ResourceGroup', 'group');
const ENDPOINT = urn('azure-native:network:PrivateEndpoint', 'endpoint');
const ID = '/subscriptions/s/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/cases';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palisade-preview-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2));
  return file;
}

function get(gathered: Gathered, id: string): Resource {
  const found = gathered.graph.get(id);
  expect(found?.id).toBe(id);
  return found as Resource;
}

describe('a preview', () => {
  const steps = [
    { op: 'create', urn: STACK.urn, newState: STACK },
    {
      op: 'create',
      urn: urn('pulumi:providers:azure-native', 'default_3_28_0'),
      newState: { urn: urn('pulumi:providers:azure-native', 'default_3_28_0'), custom: true },
    },
    { op: 'create', urn: SUBNET, newState: { urn: SUBNET, custom: true, parent: STACK.urn, inputs: { subnetName: 'data' } } },
    {
      op: 'create',
      urn: ACCOUNT,
      newState: {
        urn: ACCOUNT,
        custom: true,
        parent: STACK.urn,
        provider: `${urn('pulumi:providers:azure-native', 'default_3_28_0')}::${UNKNOWN}`,
        inputs: { accountName: 'cases', minimumTlsVersion: 'TLS1_2', networkRuleSet: UNKNOWN, key: '[secret]', tags: { a: UNKNOWN } },
        propertyDependencies: { networkRuleSet: [SUBNET], tags: [SUBNET, GROUP], accountName: null },
        protect: true,
      },
    },
    {
      op: 'delete',
      urn: urn('azure-native:storage:StorageAccount', 'old'),
      oldState: { urn: urn('azure-native:storage:StorageAccount', 'old') },
    },
    { op: 'same', urn: GROUP, newState: { urn: GROUP, custom: true, inputs: {} } },
  ];

  it('shows what will be there afterwards, with versions, secrets and unknowns read', async () => {
    const gathered = await gatherPreview(write('preview.json', { steps, changeSummary: { create: 4, same: 3, delete: 1 } }));
    expect(gathered.kind).toBe('pulumi-preview');
    expect(gathered.graph.units[0]).toMatchObject({ id: 'app/prod', cloud: 'azure' });
    expect([...gathered.graph.resources()].map(({ id }) => id).sort()).toEqual([SUBNET, GROUP, ACCOUNT].sort());
    const account = get(gathered, ACCOUNT);
    expect(account).toMatchObject({ type: 'azure-native:storage:StorageAccount', token: 'azure-native:storage/v20230101:StorageAccount' });
    expect(account.names).toEqual(['cases']);
    expect(account.at('key').state).toBe('secret');
    expect(account.at('networkRuleSet').targets).toEqual([SUBNET]);
    expect(account.at('networkRuleSet.defaultAction').state).toBe('unknown');
    expect(account.at('tags.a').missing).toBe('an output of subnet and group');
    expect(account.options).toEqual({ protect: true });
    expect(account.parent).toBeUndefined();
    expect(gathered.graph.notes).toEqual([
      '2 unchanged resources are not in the preview: write it with "pulumi preview --json --show-sames"',
    ]);
  });
});

describe('an export', () => {
  const resources = [
    STACK,
    { urn: GROUP, custom: true, id: '/subscriptions/s/resourceGroups/group', inputs: {}, parent: STACK.urn },
    {
      urn: ACCOUNT,
      custom: true,
      id: ID,
      parent: STACK.urn,
      inputs: {
        accountName: 'cases',
        secret: { ...SECRET, ciphertext: 'CIPHER' },
        shown: { ...SECRET, plaintext: '"PLAIN"' },
        file: { '4dabf18193072939515e22adb298388d': 'c44067f5952c0a294b673a41bacd8c17', hash: 'abc', text: 'TEXT' },
      },
      sourcePosition: 'project:///src/main.ts#12,5',
      retainOnDelete: true,
    },
    {
      urn: ENDPOINT,
      custom: true,
      parent: STACK.urn,
      inputs: {
        connections: [{ privateLinkServiceId: ID.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions') }],
        part: `${ID}/blobServices/default`,
        elsewhere: '/subscriptions/s/resourceGroups/group/providers/Microsoft.Sql/servers/other',
        group: '/subscriptions/s/resourceGroups/group',
      },
    },
    { urn: urn('azure-native:network:Subnet', 'gone'), custom: true, delete: true, inputs: {} },
    { urn: urn('azure-native:keyvault:Vault', 'shared'), custom: true, external: true, id: '/x/vaults/shared', inputs: {} },
  ];
  let gathered: Gathered;
  beforeAll(async () => {
    gathered = await gatherPreview(write('export.json', { version: 3, deployment: { manifest: {}, resources } }));
  });

  it('leaves out what is only waiting to be deleted', () => {
    expect([...gathered.graph.resources()].map(({ logicalId }) => logicalId).sort()).toEqual(['account', 'endpoint', 'group', 'shared']);
  });

  it('reads ids that became plain text as references again, also where a text begins with one', () => {
    const endpoint = get(gathered, ENDPOINT);
    expect(endpoint.at('connections').items()[0]?.at('privateLinkServiceId').targets).toEqual([ACCOUNT]);
    expect(endpoint.at('part').shape).toBe(`\${${ACCOUNT}}/blobServices/default`);
    expect(endpoint.at('group').targets).toEqual([GROUP]);
    expect(endpoint.at('elsewhere').string).toBe('/subscriptions/s/resourceGroups/group/providers/Microsoft.Sql/servers/other');
  });

  it('drops secrets, cipher texts and contents of files', () => {
    const account = get(gathered, ACCOUNT);
    expect([account.at('secret').state, account.at('shown').state]).toEqual(['secret', 'secret']);
    expect(JSON.stringify([...gathered.graph.resources()].map(({ properties }) => properties))).not.toMatch(/CIPHER|PLAIN|TEXT/);
  });

  it('knows the place in the source, and resources that are only read', () => {
    expect(get(gathered, ACCOUNT).locate()).toEqual({ file: 'src/main.ts', line: 12, column: 5 });
    expect(get(gathered, ACCOUNT).options).toMatchObject({ retainOnDelete: true });
    expect(get(gathered, urn('azure-native:keyvault:Vault', 'shared')).options.external).toBe(true);
  });

  it('may be empty', async () => {
    const { graph } = await gatherPreview(write('empty.json', { version: 3, deployment: { manifest: {} } }));
    expect(graph.size).toBe(0);
  });
});

describe('a deployment', () => {
  const IDENTITY = urn('azure-native:managedidentity:UserAssignedIdentity', 'identity');
  const VAULT = urn('azure-native:keyvault:Vault', 'vault');
  const SITE = urn('azure-native:web:WebApp', 'site');
  const PRINCIPAL = '0f3c1d52-7a4e-4c0e-9d3c-5b1f0a6e7d21';
  const TENANT = '5b0d7a9c-1e2f-4d3c-8b7a-6f5e4d3c2b1a';
  const GROUP_ID = '/subscriptions/s/resourceGroups/group1a2b3c4d';
  const states = [
    STACK,
    {
      urn: GROUP,
      custom: true,
      id: GROUP_ID,
      inputs: { location: 'westeurope', resourceGroupName: 'group1a2b3c4d', __createBeforeDelete: true },
      outputs: { location: 'westeurope', name: 'group1a2b3c4d' },
    },
    {
      urn: IDENTITY,
      custom: true,
      id: `${GROUP_ID}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/agent`,
      inputs: { resourceGroupName: 'group1a2b3c4d', resourceName: 'agent' },
      outputs: { name: 'agent', principalId: PRINCIPAL, tenantId: TENANT, type: 'Microsoft.ManagedIdentity/userAssignedIdentities' },
      propertyDependencies: { resourceGroupName: [GROUP] },
    },
    {
      urn: VAULT,
      custom: true,
      id: `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/cases`,
      inputs: {
        vaultName: 'cases',
        properties: { tenantId: TENANT, accessPolicies: [{ tenantId: TENANT, objectId: PRINCIPAL, permissions: { keys: ['get'] } }] },
      },
      outputs: { name: 'cases', properties: { vaultUri: 'https://cases.vault.azure.net/', enableSoftDelete: true } },
      propertyDependencies: { properties: [IDENTITY] },
    },
    {
      urn: SITE,
      custom: true,
      id: `${GROUP_ID}/providers/Microsoft.Web/sites/app`,
      inputs: {
        name: 'app',
        siteConfig: { appSettings: [{ name: 'KEY', value: '@Microsoft.KeyVault(SecretUri=https://cases.vault.azure.net/secrets/key)' }] },
        tags: { principal: PRINCIPAL },
      },
      outputs: { name: 'app', defaultHostName: 'app.azurewebsites.net' },
      propertyDependencies: { siteConfig: [VAULT] },
    },
  ];
  let gathered: Gathered;
  beforeAll(async () => {
    gathered = await gatherPreview(write('deployed.json', { version: 3, deployment: { resources: states } }));
  });
  const valueAt = (id: string, list: string, path: string) => get(gathered, id).at(list).items()[0]?.at(path);
  const told = ({ attribute, shape, targets }: Value) => ({ attribute, shape, targets });

  it('has outputs where the program had them: they are read as what they were', () => {
    expect(told(valueAt(VAULT, 'properties.accessPolicies', 'objectId') as Value)).toMatchObject({
      targets: [IDENTITY],
      attribute: 'principalId',
    });
    const { shape, targets } = told(valueAt(SITE, 'siteConfig.appSettings', 'value') as Value);
    expect(targets).toEqual([VAULT]);
    expect(shape).toMatch(/^@Microsoft\.KeyVault\(SecretUri=\$\{.*\}secrets\/key\)$/);
  });

  it('has names that the provider chose: the program wrote none', () => {
    expect(get(gathered, GROUP).at('resourceGroupName').state).toBe('absent');
    expect(told(get(gathered, IDENTITY).at('resourceGroupName'))).toMatchObject({ targets: [GROUP], attribute: 'name' });
    // What joins by name still finds it.
    expect(get(gathered, GROUP).names).toContain('group1a2b3c4d');
    expect(get(gathered, IDENTITY).at('resourceName').string).toBe('agent');
  });

  it('is read as it stands where the property depends on nothing, and where all resources have the same', () => {
    expect(get(gathered, SITE).at('tags.principal').string).toBe(PRINCIPAL);
    expect(valueAt(VAULT, 'properties.accessPolicies', 'tenantId')?.string).toBe(TENANT);
    expect(valueAt(VAULT, 'properties.accessPolicies', 'permissions.keys')?.items()[0]?.string).toBe('get');
  });
});

describe.each(['typescript', 'javascript'])('the %s program, exported and read back', (name) => {
  let program: Gathered;
  let exported: Gathered;
  let text: string;
  beforeAll(async () => {
    program = await gatherPulumiProgram(join('test', 'fixtures', 'pulumi', name));
    text = JSON.stringify(exportOf(program));
    exported = await gatherPreview(write(`${name}.json`, text));
  });

  it('is the same graph: values, origins of unknowns, options, names, places, waivers, notes', () => {
    const plain = ({ graph, path, waivers }: Gathered) => ({
      resources: [...graph.resources()].map(({ id, type, token, logicalId, properties, options, names, path: chain, parent }) => ({
        ...{ id, type, token, logicalId, properties, options, names, chain, parent },
      })),
      places: [...graph.resources()].map((resource) => ({ ...resource.locate(), file: relative(path, resource.locate()?.file ?? '') })),
      units: graph.units.map(({ id, cloud, account, region, profile }) => ({ id, cloud, account, region, profile })),
      waivers: waivers.map(({ location, ...waiver }) => ({ ...waiver, line: location?.line })),
      notes: graph.notes,
    });
    const read = plain({ ...exported, path: '' });
    expect(read).toEqual(plain(program));
    expect(program.graph.size).toBeGreaterThan(10);
  });

  it('gives the same findings', () => {
    const judged = ({ graph, waivers }: Gathered) =>
      evaluate(graph, { rules: RULES, waivers, tier: 'high', passes: true }).findings.map(({ rule, verdict, resource, at, message }) => [
        rule,
        verdict,
        resource.id,
        at,
        message,
      ]);
    expect(judged(exported)).toEqual(judged(program));
  });

  it('holds no secret', () => {
    expect(text).not.toMatch(/MARKER|never-appear|«encrypted»/);
    expect(text).toContain('1b47061264138c4ac30d75fd1eb44270');
    expect(text).toContain(UNKNOWN);
  });
});

describe('a file that is none of these', () => {
  it.each([{ inputs: {} }, { urn: 5 }, { urn: 'somewhere' }])('holds a resource that nothing names: %j', async (resource) => {
    const file = write('nameless.json', { version: 3, deployment: { resources: [STACK, resource] } });
    await expect(gatherPreview(file)).rejects.toThrow(/resource 2 has no "urn" that names it: export the stack anew/);
  });

  it.each([
    ['is not JSON', '{\n  "steps": [,]\n}', /: is not JSON: write it anew with "pulumi preview --json" or "pulumi stack export"$/],
    [
      'is something else',
      { Resources: {} },
      /: is neither a "pulumi preview --json" \(no "steps"\) nor a "pulumi stack export" \(no "deployment"\)$/,
    ],
    [
      'has a step without a state',
      { steps: [{ op: 'create', urn: ACCOUNT }] },
      /: the step "create" of urn:pulumi:prod.* has no "newState": run the preview anew$/,
    ],
    [
      'has no list of resources',
      { deployment: { resources: {} } },
      /: "deployment\.resources" is no list of resources: export the stack anew$/,
    ],
    [
      'is nested too deeply',
      `{"deployment":{"resources":${'['.repeat(300)}${']'.repeat(300)}}}`,
      /: is nested deeper than 200 levels: flatten it$/,
    ],
  ])('%s', async (_, content, expected) => {
    const error = await gatherPreview(write('bad.json', content)).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(GatherError);
    expect((error as GatherError).message).toMatch(expected);
  });

  it('is told apart', () => {
    expect(looksLikePreview({ steps: [{ op: 'create', urn: ACCOUNT }] })).toBe(true);
    expect(looksLikePreview({ version: 3, deployment: { manifest: {}, resources: [] } })).toBe(true);
    for (const other of [null, [], 'text', {}, { steps: [1] }, { deployment: {} }, { Resources: {} }])
      expect(looksLikePreview(other)).toBe(false);
  });
});

describe('a template that a program deploys', () => {
  it('does not make its preview a template', () => {
    const template = { $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#', resources: [] };
    const deployment = urn('azure-native:resources:Deployment', 'connection');
    const newState = { urn: deployment, custom: true, parent: STACK.urn, inputs: { properties: { template } } };
    expect(kindOfText(JSON.stringify({ steps: [{ op: 'create', urn: deployment, newState }] }))).toBe('pulumi-preview');
    expect(kindOfText(JSON.stringify({ deployment: { resources: [newState] } }))).toBe('pulumi-preview');
    expect(kindOfText(JSON.stringify(template))).toBe('arm');
  });
});
