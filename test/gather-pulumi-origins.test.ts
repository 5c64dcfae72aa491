import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { createColors } from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { exportOf, gatherPreview } from '../policies/gather/preview';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import { SDK_DEFAULTS } from '../policies/gather/pulumi/sdk-defaults.generated';
import type { Gathered } from '../policies/gather/target';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { CheckReport } from '../review/document';
import { toSarif } from '../review/report/sarif';
import { toText } from '../review/report/text';
import { programOf, removePrograms } from './fixtures/pulumi/program';

const INDEX = `
import * as pulumi from '@pulumi/pulumi';
import * as storage from '@pulumi/azure-native/storage';
import * as eventhub from '@pulumi/azure-native/eventhub';
import * as search from '@pulumi/azure-native/search';
import * as resources from '@pulumi/azure-native/resources';

const group = new resources.ResourceGroup('group');
const base = { resourceGroupName: group.name, kind: 'StorageV2', sku: { name: 'Standard_ZRS' } };
const account = (name: string, rules: storage.StorageAccountArgs['networkRuleSet'], opts: pulumi.CustomResourceOptions = {}) =>
  new storage.StorageAccount(name, { ...base, networkRuleSet: rules }, opts);

account('silent', undefined);
account('half', { bypass: 'None' });
account('known', pulumi.output({ bypass: 'None' }));
account('unknown', { virtualNetworkRules: [{ virtualNetworkResourceId: group.id }], bypass: group.name.apply((name) => name as 'None') });
account('computed', group.id.apply((id) => ({ virtualNetworkRules: [{ virtualNetworkResourceId: id }] } as never)));
account('secret', { bypass: pulumi.secret('Logging' as const) });
account('whole', { bypass: 'AzureServices', defaultAction: 'Allow' });
account('nothing', { defaultAction: undefined });

const nothing = { resourceGroupName: group.name };
new eventhub.Namespace('left-out', nothing);
new eventhub.Namespace('null', { ...nothing, publicNetworkAccess: null as never });
new eventhub.Namespace('written', { ...nothing, publicNetworkAccess: 'Enabled' });
new eventhub.Namespace('unknown-access', { ...nothing, publicNetworkAccess: group.name as never });
new eventhub.Namespace('transformed', nothing, {
  transforms: [({ props, opts }) => ({ props: { ...props, publicNetworkAccess: 'SecuredByPerimeter' }, opts })],
});
new eventhub.Namespace('transformed-elsewhere', nothing, {
  transforms: [({ props, opts }) => ({ props: { ...props, tags: { a: 'b' } }, opts })],
});
new eventhub.Namespace('transformation', nothing, {
  transformations: [({ props, opts }) => ({ props: { ...props, publicNetworkAccess: 'Disabled', minimumTlsVersion: '1.2' }, opts })],
});
class Ours extends search.Service {}
class Shop extends pulumi.ComponentResource {
  constructor(name: string) {
    super('shop:index:Shop', name);
    new Ours(name + '-search', { ...nothing }, { parent: this });
    new search.Service(name + '-closed', { ...nothing, publicNetworkAccess: 'Disabled' }, { parent: this });
    this.registerOutputs();
  }
}
new Shop('shop');
`;

let gathered: Gathered;
let folder: string;
beforeAll(async () => {
  folder = programOf({ 'index.ts': INDEX, 'tsconfig.json': '{}' });
  gathered = await gatherPulumiProgram(folder);
});
afterAll(removePrograms);

function at(name: string, path: string, from: Gathered = gathered) {
  const found = [...from.graph.resources()].find(({ logicalId }) => logicalId === name);
  if (!found) throw new Error(`no ${name}`);
  return found.at(path);
}

describe('who wrote a value of a program', () => {
  it('is nobody where it is absent, and the author where the SDK has no default', () => {
    expect(at('silent', 'networkRuleSet.defaultAction')).toMatchObject({ state: 'absent', origin: 'nobody' });
    expect(at('silent', 'kind').origin).toBe('author');
    expect(at('silent', 'minimumTlsVersion').orDefault('TLS1_0').origin).toBe('nobody');
  });

  it.each(['left-out', 'null', 'transformed-elsewhere', 'shop-search'])('is the SDK where the argument is missing: %s', (name) => {
    expect(at(name, 'publicNetworkAccess')).toMatchObject({ string: expect.stringMatching(/^enabled$/i), origin: 'sdk' });
    expect(at(name, 'publicNetworkAccess').describe()).toMatch(
      /^publicNetworkAccess is "[Ee]nabled" \(the SDK's default; nobody wrote it\)$/,
    );
  });

  it.each([
    ['written', 'publicNetworkAccess', 'Enabled'],
    ['transformed', 'publicNetworkAccess', 'SecuredByPerimeter'],
    ['transformation', 'publicNetworkAccess', 'Disabled'],
    ['transformation', 'minimumTlsVersion', '1.2'],
    ['shop-closed', 'publicNetworkAccess', 'Disabled'],
    ['whole', 'networkRuleSet.defaultAction', 'Allow'],
    ['half', 'networkRuleSet.bypass', 'None'],
  ])('is the author where it was passed, or written by a transform: %s', (name, path, value) => {
    expect(at(name, path)).toMatchObject({ string: value, origin: 'author' });
    expect(at(name, path).describe()).toBe(`${path} is "${value}"`);
  });

  it('is the author of what only deployment tells', () => {
    expect(at('unknown-access', 'publicNetworkAccess').origin).toBe('author');
    expect(at('unknown', 'networkRuleSet.bypass').origin).toBe('author');
  });

  it.each(['half', 'known', 'unknown', 'secret', 'nothing'])('is the SDK where a nested object is passed without it: %s', (name) => {
    expect(at(name, 'networkRuleSet.defaultAction')).toMatchObject({ string: 'Allow', origin: 'sdk' });
    expect(at(name, 'networkRuleSet').origin).toBe('author');
  });

  it('is not told of an object that is computed as a whole', () => {
    expect(at('computed', 'networkRuleSet.defaultAction')).toMatchObject({ state: 'unknown', origin: 'author' });
  });

  it('is told with the finding, of the value that decided', () => {
    const { findings } = evaluate(gathered.graph, { rules: RULES, tier: 'high' });
    const found = (name: string, property: string) =>
      findings.find(({ resource, at: path }) => resource.logicalId === name && path === property);
    expect(found('half', 'networkRuleSet.defaultAction')).toMatchObject({
      verdict: 'fail',
      origin: 'sdk',
      message: expect.stringContaining("(the SDK's default; nobody wrote it)"),
    });
    expect(found('whole', 'networkRuleSet.defaultAction')).toMatchObject({ verdict: 'fail', origin: 'author' });
    expect(found('whole', 'networkRuleSet.defaultAction')?.message).not.toContain('SDK');
    expect(found('silent', 'networkRuleSet.defaultAction')).toMatchObject({ verdict: 'fail', origin: 'nobody' });
  });
});

describe('a report of who wrote what', () => {
  const documentOf = () => {
    const report = new CheckReport();
    const evaluation = evaluate(gathered.graph, { rules: RULES, tier: 'high' });
    report.add({ path: 'program', kind: 'pulumi-program', graph: gathered.graph, evaluation });
    return report.document([], { version: '0', today: new Date(0), threshold: 'low', strict: false, attested: new Set() });
  };
  const about = (name: string) =>
    documentOf().findings.find(({ property, resource }) => resource.logicalId === name && property === 'networkRuleSet.defaultAction');

  it('says so in the document, which keeps to its schema', () => {
    expect(['half', 'whole', 'silent'].map((name) => about(name)?.origin)).toEqual(['sdk', 'author', 'nobody']);
    const { definitions } = JSON.parse(readFileSync('schema/check.schema.json', 'utf8'));
    const valid = new Ajv({ strict: false }).compile({ definitions, $ref: '#/definitions/finding' });
    expect(documentOf().findings.filter((finding) => !valid(JSON.parse(JSON.stringify(finding))))).toEqual([]);
  });

  it('says so in SARIF and in the text', () => {
    const { runs } = JSON.parse(toSarif(documentOf())) as { runs: [{ results: { properties?: { origin?: string } }[] }] };
    expect(new Set(runs[0].results.map(({ properties }) => properties?.origin))).toEqual(new Set(['sdk', 'author', 'nobody', undefined]));
    const text = toText(documentOf(), { colors: createColors(false) });
    expect(text).toContain('networkRuleSet.defaultAction is "Allow" (the SDK\'s default; nobody wrote it)');
    expect(text).toContain('(nobody wrote it)');
    expect(text).not.toMatch(/is not set[^\n]*\(nobody wrote it\)/);
  });
});

describe('who wrote a value of a document', () => {
  const write = (name: string, document: unknown) => {
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify(document));
    return file;
  };

  it('is kept in what we export ourselves', async () => {
    const read = await gatherPreview(write('export.json', exportOf(gathered)));
    expect(at('half', 'networkRuleSet.defaultAction', read).origin).toBe('sdk');
    expect(at('whole', 'networkRuleSet.defaultAction', read).origin).toBe('author');
    expect(at('left-out', 'publicNetworkAccess', read).origin).toBe('sdk');
    expect(at('written', 'publicNetworkAccess', read).origin).toBe('author');
  });

  it('cannot be told of a value that equals the default, and is the author of any other', async () => {
    const document = JSON.parse(JSON.stringify(exportOf(gathered))) as {
      deployment: { resources: { palisade?: { defaults?: unknown } }[] };
    };
    for (const resource of document.deployment.resources) delete resource.palisade?.defaults;
    const read = await gatherPreview(write('stack.json', document));
    for (const name of ['left-out', 'written']) {
      expect(at(name, 'publicNetworkAccess', read).origin).toBeUndefined();
      expect(at(name, 'publicNetworkAccess', read).describe()).toBe(
        'publicNetworkAccess is "Enabled" (the SDK\'s default, unless somebody wrote the same)',
      );
    }
    expect(at('transformed', 'publicNetworkAccess', read).origin).toBe('author');
    expect(at('half', 'networkRuleSet.bypass', read).origin).toBe('author');
    expect(at('silent', 'networkRuleSet', read).origin).toBe('nobody');
  });
});

it('watches what the catalogue of the SDK lists', () => {
  for (const resource of gathered.graph.resources()) {
    const listed = Object.keys(SDK_DEFAULTS[resource.type] ?? {});
    expect([...(resource.sdkDefaults?.paths ?? [])].filter((path) => !listed.includes(path))).toEqual([]);
  }
  expect([...gathered.graph.resources()].filter((resource) => resource instanceof Resource && resource.sdkDefaults).length).toBeGreaterThan(
    8,
  );
});
