import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { exportOf } from '../policies/gather/preview';
import { gatherPulumiProgram } from '../policies/gather/pulumi';
import type { Gathered } from '../policies/gather/target';
import { RULES } from '../policies/rules';
import { Analyzer, type Diagnostic, type State } from './fixtures/pulumi/analyzer';
import { programOf, removePrograms } from './fixtures/pulumi/program';
import { TWO_RULES } from './fixtures/pulumi/rules';

const REPOSITORY = resolve(__dirname, '..');
const TODAY = new Date('2029-12-01T00:00:00Z');
const URN = 'urn:pulumi:dev::stores::azure-native:storage:StorageAccount::';

let program: Gathered;
let states: State[];
const running: Analyzer[] = [];

beforeAll(async () => {
  program = await gatherPulumiProgram(join('test', 'fixtures', 'pulumi', 'stores'));
  const exported = JSON.stringify(exportOf(program)).replaceAll('"ciphertext":""', '"value":"SECRET-that-must-never-appear"');
  expect(exported).toContain('never-appear');
  states = (JSON.parse(exported) as { deployment: { resources: State[] } }).deployment.resources;
});
afterAll(() => {
  for (const analyzer of running) analyzer.stop();
  removePrograms();
});

const STRICT = { palisade: { level: 'advisory' as const, properties: { unknowns: 'enforce' } } };

/** A pack of the user's own, made with the factory. */
async function packWith(options: string): Promise<Analyzer> {
  const folder = programOf({
    'PulumiPolicy.yaml': 'runtime: nodejs\n',
    'package.json': '{ "name": "own", "version": "1.2.3" }',
    'index.js': `const { createPolicyPack } = require('${REPOSITORY}/policies/packs/crossguard.ts');
      const { TWO_RULES } = require('${REPOSITORY}/test/fixtures/pulumi/rules.ts');
      createPolicyPack({ rules: TWO_RULES, today: new Date('${TODAY.toISOString()}'), ...${options} });
      require('node:fs').writeFileSync('loaded.json', JSON.stringify(Object.keys(require.cache)));`,
    'Pulumi.yaml': '',
  });
  const analyzer = await Analyzer.start(folder);
  running.push(analyzer);
  folders.set(analyzer, folder);
  return analyzer;
}
const folders = new Map<Analyzer, string>();

/** A preview: every resource, then the stack. */
async function preview(analyzer: Analyzer, all: readonly State[] = states): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const state of all) found.push(...(await analyzer.analyze(state)));
  return [...found, ...(await analyzer.analyzeStack(all))];
}

const short = ({ policy, urn, level, message }: Diagnostic) =>
  `${level} ${policy} ${urn.replace(URN, '')}: ${message.slice(message.indexOf('\n') + 1)}`;

describe('a pack of two rules', () => {
  let analyzer: Analyzer;
  beforeAll(async () => {
    analyzer = await packWith('{}');
  });

  it('tells the engine one policy per rule, mandatory from severity high', async () => {
    const info = await analyzer.info();
    expect(info).toMatchObject({ name: 'palisade', version: '1.2.3', displayname: 'Palisade', supportsconfig: true });
    expect(info.policiesList.map(({ name, enforcementlevel }) => [name, enforcementlevel])).toEqual([
      ['palisade-inputs', 0],
      ['palisade', 0],
      ['TLS-02.object-storage', 1],
      ['DID-01.object-storage', 0],
    ]);
    expect(info.policiesList[2]).toMatchObject({ remediationSteps: 'Write TLS1_2.', tagsList: ['TLS-02', 'object-storage'] });
    expect(info.policiesList[2]?.description).not.toBe('');
  });

  it('reports what fails, and advises of what cannot be told; not what passes or is waived', async () => {
    await analyzer.configure({});
    expect((await preview(analyzer)).map(short).sort()).toEqual([
      'advisory DID-01.object-storage bad: allowBlobPublicAccess is true. Write false.',
      'advisory palisade hidden: TLS-02.object-storage: cannot tell before deployment: minimumTlsVersion is a secret',
      `advisory palisade later: TLS-02.object-storage: cannot tell before deployment: minimumTlsVersion is \${urn:pulumi:dev::stores::azure-native:resources:ResourceGroup::group}`,
      'mandatory TLS-02.object-storage bad: minimumTlsVersion is "TLS1_0". Write TLS1_2.',
    ]);
  });

  it('reports what cannot be told at the level of its rule where that is asked for', async () => {
    await analyzer.configure(STRICT);
    expect((await preview(analyzer)).map(short).sort()).toEqual([
      'advisory DID-01.object-storage bad: allowBlobPublicAccess is true. Write false.',
      'mandatory TLS-02.object-storage bad: minimumTlsVersion is "TLS1_0". Write TLS1_2.',
      'mandatory TLS-02.object-storage hidden: cannot tell before deployment: minimumTlsVersion is a secret',
      `mandatory TLS-02.object-storage later: cannot tell before deployment: minimumTlsVersion is \${urn:pulumi:dev::stores::azure-native:resources:ResourceGroup::group}`,
    ]);
  });

  it('finds what the gatherer of programs finds', async () => {
    await analyzer.configure(STRICT);
    const { findings } = evaluate(program.graph, { rules: TWO_RULES, waivers: program.waivers, today: TODAY });
    const own = findings.filter(({ waiver }) => !waiver).map(({ rule, resource }) => `${rule} ${resource.id}`);
    expect(own).toHaveLength(4);
    expect((await preview(analyzer)).map(({ policy, urn }) => `${policy} ${urn}`).sort()).toEqual(own.sort());
  });

  it('judges the inputs, whatever the outputs look like, and the outputs where there are no inputs', async () => {
    await analyzer.configure({});
    const bad = states.find(({ urn }) => urn === `${URN}bad`) as State;
    await analyzer.analyze(bad);
    const outputs = { ...bad, inputs: { minimumTlsVersion: 'TLS1_2', allowBlobPublicAccess: false } };
    expect((await analyzer.analyzeStack([outputs])).map(({ policy }) => policy)).toEqual([
      'TLS-02.object-storage',
      'DID-01.object-storage',
    ]);
    const unseen = { ...outputs, urn: `${URN}unseen`, inputs: { minimumTlsVersion: 'TLS1_1', allowBlobPublicAccess: false } };
    expect((await analyzer.analyzeStack([unseen])).map(short)).toEqual([
      'mandatory TLS-02.object-storage unseen: minimumTlsVersion is "TLS1_1". Write TLS1_2.',
    ]);
  });

  it('takes levels and settings from the configuration of the pack', async () => {
    await analyzer.configure({
      palisade: {
        level: 'advisory',
        properties: {
          unknowns: 'advise',
          waivers: [
            {
              rule: 'TLS-02.object-storage',
              resource: `${URN}bad`,
              reason: 'r',
              owner: 'o',
              approver: 'a',
              ticket: 't',
              expires: '2029-12-24',
            },
            { rule: 'NONE-01', resource: `${URN}bad`, reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2029-12-24' },
          ],
        },
      },
      'DID-01.object-storage': { level: 'mandatory' },
    });
    expect((await preview(analyzer)).map(short).sort()).toEqual([
      `advisory palisade : waiver for NONE-01 on ${URN}bad names no rule or control of the catalogue: see "palisade controls"`,
      `advisory palisade : waiver for TLS-02.object-storage on ${URN}bad expires in 23 days, on 2029-12-24`,
      'advisory palisade hidden: TLS-02.object-storage: cannot tell before deployment: minimumTlsVersion is a secret',
      expect.stringMatching(/^advisory palisade later: TLS-02\.object-storage: cannot tell before deployment: /),
      'mandatory DID-01.object-storage bad: allowBlobPublicAccess is true. Write false.',
    ]);
  });

  it('may be switched off policy by policy', async () => {
    await analyzer.configure({ palisade: { level: 'disabled' }, 'TLS-02.object-storage': { level: 'disabled' } });
    expect((await preview(analyzer)).map(({ policy }) => policy)).toEqual(['DID-01.object-storage']);
  });

  it('never repeats a secret', async () => {
    const text = JSON.stringify(await preview(analyzer)) + analyzer.printed();
    expect(text).not.toContain('never-appear');
  });

  it('loads neither the CDK nor the SDK for Azure', () => {
    const loaded = JSON.parse(readFileSync(join(folders.get(analyzer) as string, 'loaded.json'), 'utf8')) as string[];
    expect(loaded.some((file) => file.includes('@pulumi/policy'))).toBe(true);
    expect(loaded.filter((file) => /node_modules[/\\](aws-cdk-lib|constructs|cdk-nag|@pulumi[/\\]azure-native)[/\\]/.test(file))).toEqual(
      [],
    );
  });
});

it('makes lower severities mandatory when asked to', async () => {
  const analyzer = await packWith("{ gate: 'low', unknowns: 'advise' }");
  await analyzer.configure({});
  expect(
    (await preview(analyzer))
      .filter(({ level }) => level === 'mandatory')
      .map(({ policy }) => policy)
      .sort(),
  ).toEqual(['DID-01.object-storage', 'TLS-02.object-storage']);
});

describe('the pack of the package', () => {
  const folder = join(REPOSITORY, 'policies', 'packs', 'crossguard', 'pack');

  it('has the version of the package', () => {
    const version = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    expect(version(join(folder, 'package.json'))).toBe(version(join(REPOSITORY, 'package.json')));
  });

  it('judges by every Azure rule, with the findings of the engine', async () => {
    const analyzer = await Analyzer.start(folder);
    running.push(analyzer);
    const azure = RULES.filter(({ cloud }) => cloud === 'azure');
    const names = (await analyzer.info()).policiesList.map(({ name }) => name);
    expect(names.slice(2).sort()).toEqual([...new Set(azure.map(({ id }) => id))].sort());
    await analyzer.configure(STRICT);
    const { findings } = evaluate(program.graph, { rules: azure, waivers: program.waivers });
    const own = findings
      .filter(({ waiver }) => !waiver)
      .map(({ rule, resource, verdict, message }) => `${rule} ${resource.id} ${verdict === 'unknown' ? '?' : message}`);
    const seen = (await preview(analyzer)).filter(({ policy }) => policy !== 'palisade');
    expect(seen.map(({ policy, urn, message }) => `${policy} ${urn} ${/\ncannot tell/.test(message) ? '?' : message}`).length).toBe(
      own.length,
    );
    expect(new Set(seen.map(({ policy, urn }) => `${policy} ${urn}`))).toEqual(
      new Set(findings.filter(({ waiver }) => !waiver).map(({ rule, resource }) => `${rule} ${resource.id}`)),
    );
  });

  it('refuses a gate that does not exist', async () => {
    await expect(Analyzer.start(folder, { PALISADE_GATE: 'most' })).rejects.toThrow(
      'PALISADE_GATE is "most": write one of low, medium, high, critical',
    );
  });
});

it('judges each of a few hundred resources under every rule', async () => {
  const analyzer = await Analyzer.start(join(REPOSITORY, 'policies', 'packs', 'crossguard', 'pack'));
  running.push(analyzer);
  await analyzer.configure({});
  const many = Array.from({ length: 300 }, (_, index) => ({
    urn: `${URN}n${index}`,
    type: 'azure-native:storage:StorageAccount',
    inputs: {
      accountName: `n${index}`,
      minimumTlsVersion: 'TLS1_0',
      tags: { a: 'b' },
      networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
    },
  }));
  const diagnostics = await analyzer.analyzeStack(many);
  const told = new Set(diagnostics.map(({ urn }) => urn));
  expect(many.map(({ urn }) => urn).filter((urn) => !told.has(urn))).toEqual([]);
});
