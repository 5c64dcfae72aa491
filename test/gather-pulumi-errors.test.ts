import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { gatherPulumiProgram, type PulumiOptions } from '../policies/gather/pulumi';
import { GatherError } from '../policies/gather/target';
import { programOf, removePrograms } from './fixtures/pulumi/program';

afterAll(removePrograms);

/** What is said, with the folder left out of the place. */
async function complaint(files: Readonly<Record<string, string>>, options?: PulumiOptions): Promise<string> {
  const folder = programOf(files);
  const error = await gatherPulumiProgram(folder, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GatherError);
  const { message, source } = error as GatherError;
  expect(message).not.toContain('\n');
  expect(source).toBe('user');
  return message.replace(`${folder}/`, '').replace(folder, '.');
}

const COMPONENT = "import * as pulumi from '@pulumi/pulumi';\nnew (class extends pulumi.ComponentResource {})('t:i:C', 'c', {});\n";

describe('a folder that cannot be run', () => {
  it.each([
    ['has no project file', { 'Pulumi.yaml': '' }, '.: no Pulumi.yaml here: name the folder of a Pulumi program'],
    ['has a project file that is not YAML', { 'Pulumi.yaml': 'name: a\nruntime: [' }, /^Pulumi\.yaml:2: is not YAML: /],
    ['has a project file that is no map', { 'Pulumi.yaml': '- a' }, 'Pulumi.yaml:1: is not a map: write "name:", "runtime:" and so on'],
    ['has no name', { 'Pulumi.yaml': 'runtime: nodejs' }, 'Pulumi.yaml: "name" is missing: a project needs one'],
    ['has no runtime', { 'Pulumi.yaml': 'name: a' }, 'Pulumi.yaml: "runtime" is missing: write "runtime: nodejs"'],
    [
      'is written in another language',
      { 'Pulumi.yaml': 'name: a\nruntime:\n  name: python' },
      'Pulumi.yaml: runtime "python" cannot be run here, only nodejs: check the output of "pulumi preview --json" instead',
    ],
    [
      'names a main that does not exist',
      { 'Pulumi.yaml': 'name: a\nruntime: nodejs\nmain: src' },
      'Pulumi.yaml: "main" is "src", which does not exist: name the program\'s folder or file',
    ],
    ['has a stack file that is not YAML', { 'Pulumi.dev.yaml': 'config: {' }, /^Pulumi\.dev\.yaml:1: is not YAML: /],
    [
      'has a package.json that is not JSON',
      { 'package.json': '{', 'index.ts': '' },
      'package.json: is not JSON: npm cannot read it either',
    ],
  ])('%s', async (_, files, expected) => {
    const said = await complaint(files as unknown as Record<string, string>);
    if (typeof expected === 'string') expect(said).toBe(expected);
    else expect(said).toMatch(expected);
  });

  it('does not exist', async () => {
    await expect(gatherPulumiProgram('no/such/folder')).rejects.toThrow(
      'no/such/folder: is no folder: name the folder of a Pulumi program',
    );
  });
});

describe('a stack that the project does not know', () => {
  const settings = { 'Pulumi.prod.yaml': 'config: {}\n', 'Pulumi.test.yaml': 'config: {}\n', 'index.ts': COMPONENT };
  it.each([
    ['prdo', 'the stack "prdo" has no settings here, only prod, test have: check its name'],
    ['prod', undefined],
  ])('%s is judged, and told apart from one with settings', async (stack, note) => {
    const { graph } = await gatherPulumiProgram(programOf(settings), { stack });
    expect(graph.notes.filter((text) => text.includes('has no settings'))).toEqual(note === undefined ? [] : [note]);
  });
});

describe('a program without end', () => {
  it('hangs: it is ended, and whatever it started', async () => {
    const files = {
      'index.js':
        "const { spawn } = require('node:child_process');\n" +
        "const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });\n" +
        "require('node:fs').writeFileSync('pid', String(child.pid));\nwhile (true);\n",
    };
    const folder = programOf(files);
    await expect(gatherPulumiProgram(folder, { timeoutSeconds: 5 })).rejects.toThrow(
      'index.js: the program did not end within 5 seconds: something keeps it waiting, or give it more time',
    );
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await expect.poll(() => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '').toBe(false);
  });
});

describe.concurrent('a program that fails', () => {
  it('throws: the line is the one that throws, not that of a library or of compiled code', async () => {
    const files = {
      'index.ts': "import { check } from './lib/check';\n\ninterface Filler {\n  readonly a: string;\n}\n\ncheck({ a: 'x' } as Filler);\n",
      'lib/check.ts':
        "export interface Any { readonly a: string }\n\nexport function check(value: Any): void {\n  if (value.a === 'x') throw new RangeError('a must not be x\\nsecond line');\n}\n",
    };
    expect(await complaint(files)).toBe('lib/check.ts:4: the program failed: RangeError: a must not be x');
  });

  it('rejects without anybody waiting', async () => {
    expect(await complaint({ 'index.js': "'use strict';\n\nPromise.reject(new Error('lost'));\n" })).toBe(
      'index.js:3: the program failed: lost',
    );
  });

  it('fails inside the SDK: the line is that of the user', async () => {
    const files = {
      'index.ts': `${COMPONENT}new (class extends pulumi.CustomResource {})('azure-native:storage:StorageAccount', '', {});\n`,
    };
    expect(await complaint(files)).toMatch(/^index\.ts:3: the program failed: /);
  });

  it('registers the same name twice', async () => {
    expect(await complaint({ 'index.ts': `${COMPONENT}${COMPONENT.split('\n')[1]}\n` })).toMatch(
      /^index\.ts(:\d)?: the program failed: .*duplicate resource URN 'urn:pulumi:dev::test::t:i:C::c'; try giving it a unique name/,
    );
  });

  it('does not compile, in TypeScript', async () => {
    expect(await complaint({ 'index.ts': 'const fine: number = 1;\nconst broken: = 2;\n' })).toMatch(/^index\.ts:2: does not compile: /);
  });

  it('does not compile, in JavaScript', async () => {
    expect(await complaint({ 'index.js': 'const fine = 1;\nconst broken = ;\n' })).toMatch(/^index\.js:2: does not compile: /);
  });

  it('has no entry', async () => {
    expect(await complaint({ 'other.txt': '' })).toMatch(/^Pulumi\.yaml: names no program: write "main"/);
  });

  it('imports what is not installed', async () => {
    expect(await complaint({ 'index.ts': "\nimport 'no-such-package';\n" })).toBe(
      'index.ts:2: the program cannot load "no-such-package": run "npm install" first, or mend the import',
    );
  });

  it('needs configuration that is not there', async () => {
    expect(await complaint({ 'index.ts': "import * as pulumi from '@pulumi/pulumi';\nnew pulumi.Config().require('region');\n" })).toBe(
      'index.ts:2: the program needs the configuration value "test:region": write it in the stack\'s Pulumi.<stack>.yaml',
    );
  });

  it('ends itself', async () => {
    expect(await complaint({ 'index.ts': `${COMPONENT}process.exit(0);\n` })).toBe(
      'index.ts:3: the program calls process.exit(0) before it is done: let it end by itself',
    );
  });

  it('logs an error', async () => {
    expect(await complaint({ 'index.ts': "import * as pulumi from '@pulumi/pulumi';\nvoid pulumi.log.error('quota is used up');\n" })).toBe(
      'index.ts: the program logged an error: quota is used up',
    );
  });

  it('waits for a value that never comes', async () => {
    const files = {
      'index.ts': `${COMPONENT}new (class extends pulumi.CustomResource {})('t:i:R', 'r', { value: new Promise(() => {}) });\n`,
    };
    expect(await complaint(files)).toBe(
      'index.ts: the program ends while resources still wait for a value that never comes: look for a promise or a cycle',
    );
  });

  it('needs more memory than it is given', async () => {
    const files = { 'index.js': 'const all = [];\nwhile (true) all.push(new Array(10000).fill(all.length));\n' };
    expect(await complaint(files, { heapMb: 128 })).toBe('index.js: the program needs more than 128 MB of memory: give it a larger heap');
  });
});

describe.concurrent('a program among others', () => {
  const READS = "import * as pulumi from '@pulumi/pulumi';\nconst config = new pulumi.Config();\n";
  const component = (inputs: string) => `new (class extends pulumi.ComponentResource {})('t:i:C', 'c', ${inputs});\n`;

  it('is given no credentials of the CLI and none of our Node options', async () => {
    process.env.PULUMI_ACCESS_TOKEN = 'TOKEN';
    const inputs = '{ names: Object.keys(process.env).filter((name) => /^(PULUMI_ACCESS|PALISADE|NODE_OPTIONS|VITEST)/.test(name)) }';
    const { graph } = await gatherPulumiProgram(programOf({ 'index.ts': READS + component(inputs) }));
    expect([...graph.resources()][0]?.at('names').items()).toEqual([]);
  });

  it('says which stack is judged when there are several', async () => {
    const folder = programOf({
      'Pulumi.prod.yaml': 'config: { test:size: 3 }',
      'Pulumi.dev.yaml': 'config: { test:size: 1 }\nenvironment: [shared]',
      'index.ts': READS + component("{ size: config.requireNumber('size') }"),
    });
    const first = await gatherPulumiProgram(folder);
    expect(first.graph.units[0]?.id).toBe('test/dev');
    expect(first.graph.notes).toEqual(
      expect.arrayContaining([
        'the project has the stacks dev, prod: judged as "dev"; name another with --stack, or all with --all-stacks',
        'the environments of Pulumi.dev.yaml are not opened: their values are missing',
      ]),
    );
    const { graph } = await gatherPulumiProgram(folder, { stack: 'prod' });
    expect([...graph.resources()][0]?.at('size').number).toBe(3);
    expect(graph.notes).toHaveLength(1);
  });

  it('says where a callback would make resources that no preview sees', async () => {
    const folder = programOf({
      'index.ts': `${READS}
        const outer = new pulumi.ComponentResource('t:m:T', 'outer');
        const later = new pulumi.Output(new Set(), Promise.resolve(undefined), Promise.resolve(false), Promise.resolve(false), Promise.resolve(new Set()));
        later.apply(() => new Date());
        later.apply((name: any) => new pulumi.ComponentResource('t:m:T', name));
        pulumi.output('inner').apply((name) => new pulumi.ComponentResource('t:m:T', name));`,
    });
    const { graph } = await gatherPulumiProgram(folder);
    expect([...graph.resources()].map(({ logicalId }) => logicalId).sort()).toEqual(['inner', 'outer']);
    const notes = graph.notes.filter((note) => note.includes('callback'));
    expect(notes).toEqual([
      expect.stringMatching(/^index\.ts:\d+: a callback makes resources from what only deployment tells: they were not judged$/),
    ]);
  });

  it('survives encrypted configuration however it is read', async () => {
    const files = {
      'Pulumi.dev.yaml': ['text', 'number', 'flag', 'map']
        .map((key) => `  test:${key}: { secure: CIPHER }`)
        .reduce((all, line) => `${all}\n${line}`, 'config:'),
      'index.ts': `${READS}${component(
        `{
          text: config.require('text', { pattern: /^[a-z]+$/ }), part: 'prefix-' + config.require('text'),
          number: config.requireNumber('number'), flag: config.requireBoolean('flag'), map: config.requireObject<any>('map').first.key,
          secret: config.requireSecret('text'), secretNumber: config.requireSecretNumber('number'), secretFlag: config.getSecretBoolean('flag'),
          secretMap: config.requireSecretObject<any>('map'), derived: config.requireSecret('text').apply((value) => value.length),
        }`,
      )}`,
    };
    const { graph } = await gatherPulumiProgram(programOf(files));
    const [resource] = [...graph.resources()];
    const states = Object.fromEntries((resource?.all.entries() ?? []).map(([key, value]) => [key, value.state]));
    expect(states).toEqual({
      text: 'secret',
      part: 'text',
      number: 'known',
      flag: 'known',
      map: 'unknown',
      secret: 'secret',
      secretNumber: 'secret',
      secretFlag: 'secret',
      secretMap: 'secret',
      derived: 'secret',
    });
    expect(JSON.stringify([resource?.properties, graph.notes])).not.toContain('CIPHER');
    expect(graph.notes).toEqual(
      expect.arrayContaining(['configuration "test:number" is encrypted and the program reads it as a plain number: judged with 0']),
    );
  });

  it('does not reach our standard output', async () => {
    const folder = programOf({ 'index.js': "console.log('NOISE');\nconsole.error('NOISE');\nrequire('node:fs').writeSync(1, 'NOISE');\n" });
    const runner = join(folder, 'runner.ts');
    writeFileSync(
      runner,
      `import { gatherPulumiProgram } from '${join(__dirname, '../policies/gather/pulumi')}';\nvoid gatherPulumiProgram('${folder}').then(() => console.log('done'));\n`,
    );
    const { spawnSync } = await import('node:child_process');
    const { stdout, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', runner], {
      encoding: 'utf8',
      cwd: join(__dirname, '..'),
    });
    expect(stdout).toBe('done\n');
    expect(stderr).not.toContain('NOISE');
  });
});
