import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportOf, gatherPreview } from '../policies/gather/preview';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import type { Gathered } from '../policies/gather/target';
import { PLAIN_SCOPE } from '../policies/node';
import type { Resource } from '../policies/resource';
import { programOf, removePrograms } from './fixtures/pulumi/program';

const OUTER = 'app:index:Outer';
const INNER = `${OUTER}$app:data:Inner`;
const ACCOUNT = 'azure-native:storage:StorageAccount';
const CONTAINER = 'azure-native:storage:BlobContainer';
const GROUP = 'azure-native:resources:ResourceGroup';
const EXPLICIT = 'pulumi:providers:azure-native::explicit';

interface Row {
  /** The rule of Pulumi's documentation that the row shows. */
  readonly rule: string;
  /** URNs without stack and project. */
  readonly urn: string;
  readonly parent?: string;
  readonly dependsOn?: readonly string[];
  /** By property, names of the resources that it depends on. */
  readonly properties?: Readonly<Record<string, readonly string[]>>;
  readonly options?: object;
}

/**
 * The program of test/fixtures/pulumi/engine, as the documentation of Pulumi says that an engine registers it: resource names
 * (URNs), component resources, and the pages of the single options.
 */
const TABLE: readonly Row[] = [
  { rule: 'the stack is in no URN', urn: `${GROUP}::group` },
  { rule: 'an explicit provider is a resource', urn: EXPLICIT },
  { rule: 'provider: the one that is named', urn: `${GROUP}::elsewhere`, options: { provider: EXPLICIT } },
  {
    rule: 'a component has a type, a name and its own options',
    urn: `${OUTER}::outer`,
    options: { protect: true, aliases: [{ name: 'outer-before' }], component: true },
  },
  { rule: 'a component without options has none', urn: `${OUTER}::plain`, options: { component: true } },
  {
    rule: 'protect: passed on to the children of a component',
    urn: `${INNER}::outer-inner`,
    parent: `${OUTER}::outer`,
    options: { protect: true, component: true },
  },
  {
    rule: 'the type of the parent stands before its own',
    urn: `${INNER}::plain-inner`,
    parent: `${OUTER}::plain`,
    options: { component: true },
  },
  {
    rule: 'the types of all parents stand before its own; providers: passed on to every child of their package',
    urn: `${INNER}$${ACCOUNT}::outer-inner-account`,
    parent: `${INNER}::outer-inner`,
    dependsOn: [`${GROUP}::group`],
    properties: { resourceGroupName: ['group'] },
    options: { protect: true, provider: EXPLICIT },
  },
  {
    rule: 'without providers the default one, which is not named',
    urn: `${INNER}$${ACCOUNT}::plain-inner-account`,
    parent: `${INNER}::plain-inner`,
    dependsOn: [`${GROUP}::group`],
    properties: { resourceGroupName: ['group'] },
  },
  {
    rule: 'parent: a resource below a resource has its type in the URN too, and its protection and provider',
    urn: `${INNER}$${ACCOUNT}$${CONTAINER}::outer-inner-blobs`,
    parent: `${INNER}$${ACCOUNT}::outer-inner-account`,
    dependsOn: [`${INNER}$${ACCOUNT}::outer-inner-account`, `${GROUP}::group`],
    properties: { accountName: ['outer-inner-account'], resourceGroupName: ['group'] },
    options: { protect: true, provider: EXPLICIT },
  },
  {
    rule: 'parent: nothing to pass on, nothing passed on',
    urn: `${INNER}$${ACCOUNT}$${CONTAINER}::plain-inner-blobs`,
    parent: `${INNER}$${ACCOUNT}::plain-inner-account`,
    dependsOn: [`${INNER}$${ACCOUNT}::plain-inner-account`, `${GROUP}::group`],
    properties: { accountName: ['plain-inner-account'], resourceGroupName: ['group'] },
  },
  {
    rule: 'protect: false on a child of what is protected',
    urn: `${OUTER}$${CONTAINER}::unprotected`,
    parent: `${OUTER}::outer`,
    dependsOn: [`${INNER}$${ACCOUNT}::outer-inner-account`, `${GROUP}::group`],
    properties: { accountName: ['outer-inner-account'], resourceGroupName: ['group'] },
    options: { provider: EXPLICIT },
  },
  {
    rule: 'dependsOn: a component stands for the resources directly in it and in its components; ignoreChanges, retainOnDelete: as written',
    urn: 'azure-native:keyvault:Vault::vault',
    dependsOn: [`${INNER}$${ACCOUNT}::plain-inner-account`, `${GROUP}::elsewhere`, `${GROUP}::group`],
    properties: { resourceGroupName: ['group'] },
    options: { ignoreChanges: ['tags', 'properties.sku'], retainOnDelete: true },
  },
  {
    rule: 'dependencies are those of dependsOn and of every property; deletedWith, replaceOnChanges, deleteBeforeReplace: as written',
    urn: 'azure-native:network:PrivateEndpoint::endpoint',
    dependsOn: [`${INNER}$${ACCOUNT}::outer-inner-account`, 'azure-native:keyvault:Vault::vault', `${GROUP}::elsewhere`, `${GROUP}::group`],
    properties: {
      privateLinkServiceConnections: ['vault'],
      resourceGroupName: ['elsewhere'],
      subnet: ['outer-inner-account'],
      tags: ['group', 'vault'],
    },
    options: { deletedWith: `${GROUP}::group`, replaceOnChanges: ['subnet'], deleteBeforeReplace: true },
  },
  {
    rule: 'aliases: another name, no parent, or a whole URN; import, additionalSecretOutputs: as written',
    urn: `${CONTAINER}::renamed`,
    dependsOn: [`${GROUP}::group`],
    properties: { resourceGroupName: ['group'] },
    options: {
      aliases: [{ name: 'before' }, { noparent: true }, `${CONTAINER}::oldest`],
      additionalSecretOutputs: ['metadata'],
      importId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/data/blobServices/default/containers/cases',
    },
  },
];

const PREFIX = 'urn:pulumi:prod::engine::';
/** Without what every URN begins with, wherever in the tree. */
const short = <T>(value: T): T => JSON.parse(JSON.stringify(value ?? null).replaceAll(PREFIX, '')) as T;
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf('::') + 2);

function rowOf({ id, options, parent, properties }: Resource): Omit<Row, 'rule'> {
  const { dependsOn, version: _, ...others } = options as { dependsOn?: readonly string[]; version?: string };
  const mentioned = Object.entries(properties as Record<string, never>).map(
    ([key, value]) => [key, [...new Set(PLAIN_SCOPE.mentions(value))].map(nameOf).sort()] as const,
  );
  const dependent = Object.fromEntries(mentioned.filter(([, names]) => names.length > 0));
  return short({
    urn: id,
    ...(parent === undefined ? {} : { parent }),
    ...(dependsOn ? { dependsOn: [...dependsOn].sort() } : {}),
    ...(Object.keys(dependent).length > 0 ? { properties: dependent } : {}),
    ...(Object.keys(others).length > 0 ? { options: others } : {}),
  });
}
const expected = ({ rule: _, ...row }: Row) => ({ ...row, ...(row.dependsOn ? { dependsOn: [...row.dependsOn].sort() } : {}) });

let program: Gathered;
beforeAll(async () => {
  program = await gatherPulumiProgram(join('test', 'fixtures', 'pulumi', 'engine'), { stack: 'prod' });
});

describe('as an engine registers it', () => {
  it.each(TABLE)('$rule', (row) => {
    const found = [...program.graph.resources()].find(({ id }) => id === PREFIX + row.urn);
    expect(found && rowOf(found)).toEqual(expected(row));
  });

  it('nothing else is registered', () => {
    expect([...program.graph.resources()].map(({ id }) => short(id)).sort()).toEqual(TABLE.map(({ urn }) => urn).sort());
  });

  it('is the same when it is written as a stack and read again', async () => {
    const folder = programOf({ 'stack.json': JSON.stringify(exportOf(program)) });
    try {
      const { graph } = await gatherPreview(join(folder, 'stack.json'));
      const read = new Map([...graph.resources()].map((resource) => [resource.id, rowOf(resource)]));
      for (const row of TABLE) expect(read.get(PREFIX + row.urn), row.urn).toEqual(expected(row));
    } finally {
      removePrograms();
    }
  });
});
