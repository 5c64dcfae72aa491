import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../cli/check';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import { GatherError } from '../policies/gather/target';
import { programOf, removePrograms } from './fixtures/pulumi/program';

afterAll(removePrograms);

const ASKING = `
import * as pulumi from '@pulumi/pulumi';
import * as authorization from '@pulumi/azure-native/authorization';
import * as keyvault from '@pulumi/azure-native/keyvault';
import * as resources from '@pulumi/azure-native/resources';
const network = new pulumi.StackReference('acme/network/prod');
const client = authorization.getClientConfigOutput();
const shared = pulumi.runtime.invokeOutput<{ id: string }>('azure-native:keyvault/v20230701:getVault', { vaultName: 'shared' });
const other = keyvault.getVaultOutput({ resourceGroupName: 'rg', vaultName: 'other' });
new resources.ResourceGroup('group', {
  resourceGroupName: network.requireOutput('group'),
  location: 'westeurope',
  tags: { subscription: client.subscriptionId, shared: shared.id, other: other.id, password: network.requireOutput('password') },
});
authorization.getClientConfig().then(({ tenantId }) => new resources.ResourceGroup('later', { location: tenantId }));
`;
const ANSWERS = `
functions:
  azure-native:authorization:getClientConfig: { subscriptionId: sub-1, tenantId: westeurope }
  azure-native:keyvault:getVault:
    - args: { vaultName: shared }
      result: { id: /subscriptions/sub-1/shared }
stacks:
  acme/network/prod: ./network.json
`;
const OUTPUTS = JSON.stringify({ group: 'rg-network', password: '[secret]' });

const propertyOf = (gathered: Awaited<ReturnType<typeof gatherPulumiProgram>>, name: string, path: string) =>
  [...gathered.graph.resources()].find(({ logicalId }) => logicalId === name)?.at(path);

describe('a program that asks the cloud and other stacks', () => {
  const folder = programOf({ 'index.ts': ASKING, 'answers.yaml': ANSWERS, 'network.json': OUTPUTS });
  const told = gatherPulumiProgram(folder, { answers: join(folder, 'answers.yaml') });

  it('is told what the file of answers says, as output and as promise, whatever the API version', async () => {
    const gathered = await told;
    expect(propertyOf(gathered, 'group', 'tags.subscription')?.string).toBe('sub-1');
    expect(propertyOf(gathered, 'group', 'tags.shared')?.string).toBe('/subscriptions/sub-1/shared');
    expect(propertyOf(gathered, 'later', 'location')?.string).toBe('westeurope');
  });

  it('is told the outputs of another stack, from the file that the CLI wrote', async () => {
    expect(propertyOf(await told, 'group', 'resourceGroupName')?.string).toBe('rg-network');
  });

  it('is not told what is asked with other arguments, nor an output that was printed as secret', async () => {
    const gathered = await told;
    expect(propertyOf(gathered, 'group', 'tags.other')?.string).toBeUndefined();
    expect(propertyOf(gathered, 'group', 'tags.password')?.string).toBeUndefined();
    expect(gathered.graph.notes.join('\n')).toContain('the function azure-native:keyvault:getVault is answered as unknown');
    expect(gathered.graph.notes.join('\n')).not.toContain('getClientConfig');
    expect(gathered.graph.notes.join('\n')).not.toContain('acme/network/prod');
  });

  it('is told nothing without the file, and says what to give', async () => {
    const gathered = await gatherPulumiProgram(folder);
    expect(propertyOf(gathered, 'group', 'resourceGroupName')?.string).toBeUndefined();
    expect(gathered.graph.notes).toContain('the outputs of the stack acme/network/prod are unknown: give them with --answers');
  });
});

describe('a file of answers that cannot be used', () => {
  it.each([
    ['is no YAML', 'functions: [', /^answers\.yaml:1: is neither YAML nor JSON$/],
    ['is no map', '- a', /^answers\.yaml:1: the file is no map: write "functions:"/],
    ['has an unknown section', '\nstack: {}', /^answers\.yaml:2: unknown section "stack": write "functions:"/],
    ['answers with a text', 'functions:\n  a:b:c: yes', /^answers\.yaml:2: the answer of a:b:c is neither a map nor a list/],
    ['names outputs that are no map', 'stacks:\n  a/b/c: [1]', /^answers\.yaml:2: the outputs of the stack a\/b\/c are no map/],
    ['names a file that does not exist', 'stacks:\n  a/b/c: ./none.json', /^none\.json: does not exist: check the path$/],
  ])('%s', async (_, content, expected) => {
    const folder = programOf({ 'index.ts': ' ', 'answers.yaml': content });
    const error: unknown = await gatherPulumiProgram(folder, { answers: join(folder, 'answers.yaml') }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatherError);
    expect((error as GatherError).message.replaceAll(`${folder}/`, '')).toMatch(expected);
  });
});

describe('a program with several stacks', () => {
  const PLACED = `
import * as pulumi from '@pulumi/pulumi';
import * as resources from '@pulumi/azure-native/resources';
console.log('hello');
new resources.ResourceGroup('group', { location: new pulumi.Config().require('place') });
`;
  const folder = programOf({ 'index.ts': PLACED });
  for (const [stack, place] of Object.entries({ prod: 'westeurope', test: 'northeurope' }))
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), `config:\n  test:place: ${place}\n  palisade:place: ${place}\n`);

  it('is judged as each of them, each under its own name', async () => {
    const { document } = await check([folder], { allStacks: true });
    expect(document.targets.map(({ path, status, error }) => [path, status, error])).toEqual(
      ['prod', 'test'].map((stack) => [`${folder} (${stack})`, 'ok', undefined]),
    );
  });

  it('is judged as those that are named', async () => {
    const { document } = await check([folder], { stacks: ['test'] });
    expect(document.targets.map(({ path }) => path)).toEqual([folder]);
    expect(document.targets[0]?.tiers?.[0]?.unit).toMatch(/\/test$/);
  });

  it('has what it prints dropped, and is told so', async () => {
    const { document } = await check([folder], { stacks: ['test'] });
    expect(document.targets[0]?.notes).toContain('the program prints to standard output (1 line): dropped');
  });
});

it('shows the own lines of a program on the stack when it fails, innermost first', async () => {
  const failing = 'function inner(): never {\n  throw new Error("no");\n}\nfunction outer() {\n  inner();\n}\nouter();\n';
  const folder = programOf({ 'index.ts': failing });
  const { document } = await check([folder]);
  expect(document.targets[0]).toMatchObject({
    status: 'failed',
    error: `${join(folder, 'index.ts')}:2: the program failed: no`,
    trace: ['inner (index.ts:2)', 'outer (index.ts:5)', 'index.ts:7'],
  });
});
