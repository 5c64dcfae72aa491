import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckDocument } from '../review/schema';
import { folderWith, palisade, palisadeProcess, removeFolders } from './support/cli';

afterAll(removeFolders);

const template = (properties: unknown, more: object = {}) =>
  JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: properties } }, ...more }, null, 2);
const OPEN = template({ PublicAccessBlockConfiguration: { BlockPublicAcls: false } });
/** No resource that any rule judges, and a declared profile. */
const PROFILE = {
  system: 'wiki',
  owner: 'wiki@example.com',
  sensitivity: 'internal',
  volume: 'few',
  exposure: 'organisation',
  privilege: 'alter',
};
const CLEAN = JSON.stringify({
  Metadata: { Palisade: { profile: PROFILE } },
  Resources: { Topic: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
});
const judged = (stdout: string) => JSON.parse(stdout) as CheckDocument;
const schema = JSON.parse(readFileSync(join(__dirname, '..', 'schema', 'check.schema.json'), 'utf8'));

describe('the exit status', () => {
  it('is 2 for a file of answers that is not there, also where nothing would ask it', async () => {
    const folder = folderWith({ 'clean.json': CLEAN });
    const { status, stderr } = await palisade(['check', 'clean.json', '--answers', 'none.yaml'], folder);
    expect([status, stderr]).toEqual([2, 'palisade: none.yaml: there is no such file; write one, or leave --answers out\n']);
  });

  it('is 0 when there is nothing to act on', () => {
    const folder = folderWith({ 'clean.json': CLEAN });
    expect(palisadeProcess(['check', 'clean.json'], folder)).toMatchObject({ status: 0, stderr: '' });
  });

  it('is 1 when a finding reaches the gate, and 0 when the gate is above it', () => {
    const folder = folderWith({ 'open.json': OPEN });
    expect(palisadeProcess(['check', 'open.json'], folder).status).toBe(1);
    const { stdout } = palisadeProcess(['check', 'open.json', '--format', 'json'], folder);
    expect(judged(stdout).findings.some(({ control, severity }) => control === 'DHC-05' && severity !== 'low')).toBe(true);
  });

  it('is 1 for "cannot tell" only under --strict', async () => {
    const folder = folderWith({
      'unknown.json': JSON.stringify({
        Metadata: { Palisade: { profile: PROFILE } },
        Parameters: { Rotate: { Type: 'String' } },
        Resources: {
          Key: {
            Type: 'AWS::KMS::Key',
            DeletionPolicy: 'Retain',
            UpdateReplacePolicy: 'Retain',
            Properties: { EnableKeyRotation: { Ref: 'Rotate' }, PendingWindowInDays: 30 },
          },
        },
      }),
    });
    const lenient = await palisade(['check', 'unknown.json', '--format', 'json', '--gate', 'medium'], folder);
    expect(judged(lenient.stdout).findings.map(({ rule, verdict, message }) => `${rule} ${verdict} ${message}`)).toContainEqual(
      expect.stringMatching(/^ENC-03\.keys unknown .*parameter Rotate/),
    );
    expect(lenient.status).toBe(0);
    expect((await palisade(['check', 'unknown.json', '--strict'], folder)).status).toBe(1);
  });

  it('is 2 when one target cannot be read, and the others are judged all the same', () => {
    const folder = folderWith({ 'open.json': OPEN, 'broken.json': '{"Resources": {' });
    const { status, stdout, stderr } = palisadeProcess(['check', 'broken.json', 'open.json', '--format', 'json'], folder);
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/broken\.json:1/);
    expect(judged(stdout).targets.map((target) => target.status)).toEqual(['failed', 'ok']);
    expect(judged(stdout).summary.gate).toBe('failed');
    expect(judged(stdout).findings.length).toBeGreaterThan(0);
  });

  it.each([
    ['no target at all', ['check']],
    ['a path that does not exist', ['check', 'nowhere.json']],
    ['a glob that matches nothing', ['check', 'no/*.json']],
    ['an unknown option', ['check', '--frobnicate']],
    ['an unknown verb', ['chekc']],
    ['an unknown format', ['check', 'x.json', '--format', 'xml']],
    ['a day that is none', ['check', 'x.json', '--today', '2026-02-30']],
    ['a shard out of range', ['check', 'x.json', '--shard', '3/2']],
    ['an unknown control', ['controls', 'TLS-99']],
    ['a config that does not exist', ['check', 'x.json', '--config', 'nowhere.yaml']],
    ['fewer --out than formats', ['check', 'x.json', '--format', 'json', '--format', 'text', '--out', 'a']],
  ])('is 2 with one clear line for %s', async (_, args) => {
    const { status, stdout, stderr } = await palisade(args, folderWith({}));
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^palisade: ./);
    expect(`${stdout}${stderr}`).not.toMatch(/\n\s+at /);
  });
});

describe('a folder of ARM templates', () => {
  const schema = (what: string) => `https://schema.management.azure.com/schemas/2019-04-01/${what}.json#`;
  const files = {
    'main.json': JSON.stringify({ $schema: schema('deploymentTemplate'), contentVersion: '1.0.0.0', resources: [] }),
    'main.parameters.json': JSON.stringify({ $schema: schema('deploymentParameters'), contentVersion: '1.0.0.0', parameters: {} }),
  };
  it.each([['.'], ['*.json'], ['main.json', 'main.parameters.json']])(
    'named as %s is judged without its files of parameters',
    async (...named) => {
      const { status, stderr, stdout } = await palisade(['check', ...named, '--format', 'json'], folderWith(files));
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(judged(stdout).targets.map(({ path, status: as }) => [path, as])).toEqual([
        ['main.json', 'ok'],
        ['main.parameters.json', 'skipped'],
      ]);
    },
  );

  it('says what to give where a file of parameters is named by itself', async () => {
    const { status, stderr } = await palisade(['check', 'main.parameters.json'], folderWith(files));
    expect(status).toBe(2);
    expect(stderr).toContain('is a file of parameters');
  });
});

describe('bad input', () => {
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`)
    .join('\n')}\nResources: *i\n`;
  it.each<[string, string, string | Buffer]>([
    ['empty', 'empty.json', ''],
    ['white space', 'blank.yaml', '  \n\n'],
    ['truncated JSON', 'cut.json', OPEN.slice(0, 60)],
    ['broken YAML', 'broken.yaml', 'Resources:\n  A: [1, 2\n  B: }\n'],
    ['binary', 'binary.json', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2, 255, 254])],
    ['deeply nested', 'deep.json', deep],
    ['an alias bomb', 'bomb.yaml', bomb],
    ['a list', 'list.json', '[1, 2, 3]'],
    ['a scalar', 'scalar.yaml', 'hello\n'],
    ['something else', 'other.json', '{"name": "not a template"}'],
    ['Resources that are no map', 'resources.json', '{"Resources": []}'],
    ['a resource without Type', 'typeless.yaml', 'Resources:\n  A:\n    Properties: {}\n'],
    [
      'an ARM template cut short',
      'arm.json',
      '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "resources": [',
    ],
  ])('that is %s is refused in one line that names the file', async (_, name, content) => {
    const { status, stdout, stderr } = await palisade(
      ['check', name, 'open.json', '--format', 'json'],
      folderWith({ [name]: content, 'open.json': OPEN }),
    );
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/defect/);
    expect(stderr.length).toBeLessThan(400);
    expect(status).toBe(2);
    expect(judged(stdout).targets.find(({ path }) => path === 'open.json')?.status).toBe('ok');
  });

  it('that is huge is refused before it is read', async () => {
    const folder = folderWith({ 'huge.json': '{' });
    truncateSync(join(folder, 'huge.json'), 300 * 1024 * 1024);
    const { status, stderr } = await palisade(['check', 'huge.json'], folder);
    expect(stderr).toMatch(/huge\.json: .*256 MiB/);
    expect(status).toBe(2);
  });
});

describe('palisade.yaml', () => {
  const waiver = (change: object) =>
    `waivers:\n  - ${JSON.stringify({ rule: 'DHC-05.object-storage', resource: 'Bucket', reason: 'public web site', owner: 'web', approver: 'ciso', ticket: 'SEC-1', expires: '2026-12-31', ...change })}\n`;
  const run = (config: string, ...args: string[]) =>
    palisade(['check', 'open.json', '--today', '2026-11-22', ...args], folderWith({ 'open.json': OPEN, 'palisade.yaml': config }));

  it.each<[string, string, RegExp]>([
    ['an unknown key', 'gat: high\n', /^palisade: palisade\.yaml:1:\d+: .*unknown key "gat"/],
    ['a wrong value', 'gate: hihg\n', /palisade\.yaml:1:\d+: gate is "hihg"; write one of low, medium, high, critical/],
    ['YAML that is none', 'gate: [\n', /palisade\.yaml:\d+:\d+: is not valid YAML/],
    [
      'a profile that lacks an input',
      `profile: { system: a, owner: b, sensitivity: internal, volume: few, exposure: isolated }\n`,
      /palisade\.yaml:1:\d+: profile lacks privilege/,
    ],
    ['a waiver that lacks its owner', waiver({ owner: undefined }), /palisade\.yaml:2:\d+: waivers\[0\] lacks owner/],
    ['a waiver for an unknown control', waiver({ rule: 'XYZ-01' }), /palisade\.yaml:2:\d+: waiver for XYZ-01 .*names no rule or control/],
    [
      'a waiver that expired',
      waiver({ expires: '2026-11-21' }),
      /palisade\.yaml:2:\d+: waiver for DHC-05\.object-storage .*expired on 2026-11-21/,
    ],
    ['a waiver with no date', waiver({ expires: '2026-02-31' }), /palisade\.yaml:2:\d+: .*write a date as YYYY-MM-DD/],
    ['a waiver that runs too long', waiver({ expires: '2027-11-21' }), /at most 90 for severity critical/],
    ['a waiver that its owner approved', waiver({ approver: 'web' }), /is approved by its own owner "web"/],
    ['a waiver for everything', waiver({ resource: '*' }), /name exactly one resource/],
    [
      'an attestation of an unknown control',
      'attestations:\n  - { control: PER-99, owner: hr, date: 2026-10-01, expires: 2027-10-01, evidence: drive }\n',
      /palisade\.yaml:2:\d+: attestation names "PER-99"/,
    ],
    [
      'an attestation that expired',
      'attestations:\n  - { control: PER-01, owner: hr, date: 2026-01-01, expires: 2026-10-01, evidence: drive }\n',
      /attestation for PER-01 expired on 2026-10-01/,
    ],
  ])('with %s is an error of the config: exit 2, line and column', async (_, config, line) => {
    const { status, stderr } = await run(config);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  });

  it('lets a valid waiver excuse its finding and nothing else, and announces its end', async () => {
    const { stdout } = await run(waiver({ expires: '2026-12-10' }), '--format', 'json');
    const document = judged(stdout);
    const waived = document.findings.filter((finding) => finding.waiver);
    expect([...new Set(waived.map(({ rule }) => rule))]).toEqual(['DHC-05.object-storage']);
    expect(waived[0]?.waiver).toMatchObject({ reason: 'public web site', owner: 'web', ticket: 'SEC-1' });
    expect(document.summary.waived).toBeGreaterThan(0);
    expect(document.waivers.map(({ problem }) => problem)).toEqual(['expiring-soon']);
  });

  it('names a waiver that excuses nothing', async () => {
    const { stdout } = await run(waiver({ resource: 'Other' }), '--format', 'json');
    expect(judged(stdout).waivers.map(({ problem, level }) => `${level} ${problem}`)).toEqual(['warning unused']);
  });

  it('gives the tier by its profile, and --tier overrides it', async () => {
    const low = 'profile: { system: a, owner: b, sensitivity: public, volume: few, exposure: isolated, privilege: read }\n';
    expect(judged((await run(low, '--format', 'json')).stdout).targets[0]?.tiers).toMatchObject([{ tier: 'low', declared: true }]);
    expect(judged((await run(low, '--format', 'json', '--tier', 'high')).stdout).targets[0]?.tiers).toMatchObject([{ tier: 'high' }]);
    expect(judged((await run('gate: medium\n', '--format', 'json')).stdout).targets[0]?.tiers).toMatchObject([
      { tier: 'moderate', declared: false },
    ]);
  });

  it('says by GOV-10, below the default gate, that no profile is declared', async () => {
    const { stdout } = await run('gate: medium\n', '--format', 'json');
    expect(
      judged(stdout)
        .findings.filter(({ control }) => control === 'GOV-10')
        .map(({ severity, verdict }) => `${severity} ${verdict}`),
    ).toEqual(['low fail']);
  });

  it('lists the targets when none is given', async () => {
    const folder = folderWith({ 'a.json': OPEN, 'palisade.yaml': 'targets: ["*.json"]\n' });
    expect(judged((await palisade(['check', '--format', 'json'], folder)).stdout).targets.map(({ path }) => path)).toEqual(['a.json']);
  });
});

describe('the formats', () => {
  it('json is described by the schema that ships', async () => {
    const folder = folderWith({ 'open.json': OPEN, 'broken.json': '{' });
    const validate = new Ajv({ strict: false }).compile(schema);
    const document = judged((await palisade(['check', 'open.json', 'broken.json', '--format', 'json', '--all'], folder)).stdout);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(document.controls).toHaveLength(235);
    expect(document.findings.every(({ location }) => location?.file === 'open.json')).toBe(true);
  });

  it('sarif names rules, places and the severity that services rank by', async () => {
    const folder = folderWith({ 'open.json': OPEN });
    const log = JSON.parse((await palisade(['check', 'open.json', '--format', 'sarif'], folder)).stdout);
    const [run] = log.runs;
    const result = run.results.find(({ ruleId }: { ruleId: string }) => ruleId.startsWith('DHC-05.object-storage'));
    expect(log.version).toBe('2.1.0');
    expect(result.level).toBe('error');
    expect(result.locations[0].physicalLocation.artifactLocation.uri).toBe('open.json');
    expect(result.locations[0].physicalLocation.region.startLine).toBeGreaterThan(1);
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(Number(run.tool.driver.rules[result.ruleIndex].properties['security-severity'])).toBeGreaterThan(7);
  });

  it('text puts what is wrong, where, and what to write', async () => {
    const { stdout } = await palisade(['check', 'open.json'], folderWith({ 'open.json': OPEN }));
    expect(stdout).toMatch(/Bucket AWS::S3::Bucket {2}open\.json:\d+/);
    expect(stdout).toMatch(/(critical|high) +DHC-05\.object-storage/);
    expect(stdout).toMatch(/gate failed \(medium and above\)/);
  });

  it('text prints the worst hundred and says how many more there are', async () => {
    const buckets = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`Bucket${n}`, { Type: 'AWS::S3::Bucket' }]));
    const folder = folderWith({ 'many.json': JSON.stringify({ Resources: buckets }) });
    const short = (await palisade(['check', 'many.json'], folder)).stdout;
    expect(short).toMatch(/… and \d+ more; --all prints them/);
    expect(short.match(/-\d\d\.[a-z-]+ {2}/g)).toHaveLength(100);
    expect((await palisade(['check', 'many.json', '--all'], folder)).stdout).not.toMatch(/more; --all/);
    await palisade(['check', 'many.json', '--out', 'all.txt'], folder);
    expect(readFileSync(join(folder, 'all.txt'), 'utf8').match(/-\d\d\.[a-z-]+ {2}/g)?.length).toBeGreaterThan(100);
  });

  it('are written beside each other, whole or not at all', async () => {
    const folder = folderWith({ 'open.json': OPEN });
    const { status } = await palisade(
      ['check', 'open.json', '--format', 'json', '--out', 'reports/a.json', '--format', 'sarif', '--out', 'reports/a.sarif'],
      folder,
    );
    expect(status).toBe(1);
    expect(readdirSync(join(folder, 'reports')).sort()).toEqual(['a.json', 'a.sarif']);
    const refused = await palisade(['check', 'open.json', '--format', 'json', '--out', 'open.json/x.json'], folder);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(/open\.json\/x\.json: cannot be written/);
    expect(readFileSync(join(folder, 'open.json'), 'utf8')).toBe(OPEN);
  });
});

describe('a folder of a project', () => {
  it('gives its cdk.out folders and templates, and lists what is no template without failing', async () => {
    const folder = folderWith({
      'cdk.json': '{"app": "node app.js"}',
      'ci.yml': 'name: ci\n---\nname: again\n',
      'infra/clean.json': CLEAN,
      'web/manifest.json': '{"name": "web", "icons": []}',
      'cdk.out/cdk.out': '{"version":"48.0.0"}',
      'cdk.out/manifest.json': '{"version":"48.0.0","artifacts":{}}',
      'cdk.out/tree.json': '{"version":"tree-0.1"}',
      'service/Pulumi.yaml': 'name: service\nruntime: nodejs\n',
      'service/index.js': 'process.exit(1)',
    });
    const { status, stdout, stderr } = await palisade(['check', '.', '--format', 'json'], folder);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const document = judged(stdout);
    expect(new Ajv({ strict: false }).validate(schema, document)).toBe(true);
    expect(document.targets.map(({ path, status }) => `${path} ${status}`)).toEqual([
      'cdk.json skipped',
      'cdk.out ok',
      'ci.yml skipped',
      'infra/clean.json ok',
      'service skipped',
      'web/manifest.json skipped',
    ]);
    expect((await palisade(['check', '.'], folder)).stdout).toContain('3 other files found, no templates');
  });

  it('fails where a template in it is broken, or nothing in it is a template', async () => {
    const broken = await palisade(['check', '.'], folderWith({ 'clean.json': CLEAN, 'a/cut.json': '{"Resources": {' }));
    expect(broken).toMatchObject({ status: 2, stderr: expect.stringMatching(/^palisade: a\/cut\.json:1: [^\n]+\n$/) });
    const none = await palisade(['check', '.'], folderWith({ 'cdk.json': '{"app": "node app.js"}' }));
    expect(none).toMatchObject({ status: 2, stderr: 'palisade: nothing to check: cdk.json is no template\n' });
  });

  it('is walked once where links lead in circles', async () => {
    const folder = folderWith({ 'a/clean.json': CLEAN });
    symlinkSync('..', join(folder, 'a', 'up'));
    symlinkSync('itself.json', join(folder, 'itself.json'));
    const { status, stdout, stderr } = await palisade(['check', 'a', '--format', 'json'], folder);
    expect(judged(stdout).targets.map(({ path }) => path)).toContain('a/clean.json');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^palisade: \S*itself\.json: cannot be read \(ELOOP\)\n$/);
  });
});

describe('many targets', () => {
  it('are judged beside one that stands for nothing', async () => {
    const folder = folderWith({ 'open.json': OPEN, 'empty/readme.md': 'nothing' });
    const { status, stdout, stderr } = await palisade(
      ['check', 'empty', 'no/*.json', './open.json', 'open.json', '--format', 'json'],
      folder,
    );
    expect(status).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(2);
    expect(judged(stdout).targets.map(({ path, status }) => `${path} ${status}`)).toEqual([
      './open.json ok',
      'empty failed',
      'no/*.json failed',
    ]);
  });

  it('leave a shard empty where there are fewer than shards', async () => {
    const folder = folderWith({ 'clean.json': CLEAN });
    expect(await palisade(['check', 'clean.json', '--shard', '2/2'], folder)).toMatchObject({ status: 0, stderr: '' });
  });

  it('end without a stack trace when nobody reads on', () => {
    const folder = folderWith(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index}.json`, OPEN])));
    const main = join(__dirname, '..', 'dist', 'cli', 'main.js');
    const { stderr, stdout } = spawnSync('bash', ['-c', `node '${main}' check . --format json | head -c 20; echo " $PIPESTATUS"`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^\{\s+"schema".* 1\s*$/s);
  });

  it('are judged in one process, sorted, each once, and shards part them without overlap', async () => {
    const files = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`t${String(n).padStart(4, '0')}.json`, OPEN]));
    const folder = folderWith({ ...files, 'notes.md': 'no template' });
    const whole = judged((await palisade(['check', '.', '*.json', '--format', 'json'], folder)).stdout);
    expect(whole.targets).toHaveLength(1500);
    expect(new Set(whole.targets.map(({ status }) => status))).toEqual(new Set(['ok']));
    const shards: CheckDocument[] = [];
    for (const index of [1, 2, 3]) {
      const options = ['--shard', `${index}/3`, '--format', 'json', '--quiet', '--out', 'shard.out'];
      expect((await palisade(['check', '*.json', ...options], folder)).stdout).toBe('');
      shards.push(judged(readFileSync(join(folder, 'shard.out'), 'utf8')));
    }
    expect(shards.flatMap(({ targets }) => targets.map(({ path }) => path)).sort()).toEqual(Object.keys(files));
  });
});

describe('a baseline', () => {
  it('takes what fails today, lets only new findings fail, and only ever shrinks', async () => {
    const folder = folderWith({ 'open.json': OPEN });
    const run = (...args: string[]) => palisade(['check', 'open.json', '--baseline', 'known.json', '--format', 'json', ...args], folder);
    const keys = () => (JSON.parse(readFileSync(join(folder, 'known.json'), 'utf8')) as { findings: string[] }).findings;

    expect((await run()).stderr).toMatch(/known\.json: there is no such baseline/);
    expect((await run('--update-baseline')).status).toBe(1);
    const first = keys();
    expect(first.length).toBeGreaterThan(3);
    const known = await run();
    expect(known.status).toBe(0);
    expect(judged(known.stdout).summary.known).toBe(first.length);

    writeFileSync(
      join(folder, 'open.json'),
      template({
        PublicAccessBlockConfiguration: { BlockPublicAcls: false },
        VersioningConfiguration: { Status: 'Enabled' },
        AccessControl: 'PublicRead',
      }),
    );
    const changed = await run('--update-baseline');
    expect(changed.status).toBe(1);
    const fresh = judged(changed.stdout).findings.filter((finding) => !finding.known && finding.verdict === 'fail');
    expect(fresh.length).toBeGreaterThan(0);
    expect(keys().length).toBeLessThan(first.length);
    expect(keys().filter((key) => !first.includes(key))).toEqual([]);
  });

  it('that is none is refused, and never overwritten by a run that could not read everything', async () => {
    const folder = folderWith({ 'open.json': OPEN, 'broken.json': '{', 'known.json': '{"schema":"other"}' });
    expect(await palisade(['check', 'open.json', '--baseline', 'known.json'], folder)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/known\.json: is no baseline/),
    });
    expect((await palisade(['check', 'open.json', '--update-baseline'], folder)).stderr).toMatch(/needs --baseline/);
    await palisade(['check', '*.json', '--baseline', 'new.json', '--update-baseline'], folder);
    expect(existsSync(join(folder, 'new.json'))).toBe(false);
  });
});

describe('a secret', () => {
  const MARKER = 'hunter2-MARKER-value';
  it('never reaches an output, whatever the format', async () => {
    const folder = folderWith({
      'secret.json': JSON.stringify({
        Parameters: { Password: { Type: 'String', NoEcho: true, Default: MARKER } },
        Resources: {
          Bucket: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              BucketName: { Ref: 'Password' },
              VersioningConfiguration: { Status: { Ref: 'Password' } },
              BucketEncryption: {
                ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: { 'Fn::Sub': `x\${Password}` } } }],
              },
            },
          },
          Key: { Type: 'AWS::KMS::Key', Properties: { KeySpec: { Ref: 'Password' }, PendingWindowInDays: { Ref: 'Password' } } },
          Group: {
            Type: 'AWS::EC2::SecurityGroup',
            Properties: {
              GroupDescription: 'x',
              SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: { Ref: 'Password' } }],
            },
          },
          Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: { Ref: 'Password' }, RetentionInDays: { Ref: 'Password' } } },
        },
      }),
    });
    for (const format of ['text', 'json', 'sarif']) {
      const { stdout, stderr } = await palisade(['check', 'secret.json', '--format', format, '--all'], folder);
      expect(stdout.length).toBeGreaterThan(100);
      expect(`${stdout}${stderr}`).not.toContain(MARKER);
    }
  });
});

describe('a secret in an Azure input', () => {
  const MARKER = 'hunter2-MARKER-azure';
  it('never reaches an output: secure parameters, configuration, and what is made of them', async () => {
    const folder = folderWith({
      'arm.json': JSON.stringify({
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        parameters: { secret: { type: 'secureString', defaultValue: MARKER } },
        resources: [
          {
            type: 'Microsoft.Storage/storageAccounts',
            apiVersion: '2023-01-01',
            name: 'acct',
            location: 'westeurope',
            sku: { name: 'Standard_LRS' },
            kind: 'StorageV2',
            properties: { minimumTlsVersion: "[parameters('secret')]", publicNetworkAccess: "[concat('x', parameters('secret'))]" },
          },
        ],
      }),
    });
    const program = join(folder, 'program');
    mkdirSync(program);
    symlinkSync(join(__dirname, '..', 'node_modules'), join(program, 'node_modules'));
    writeFileSync(join(program, 'Pulumi.yaml'), 'name: secrets\nruntime: nodejs\nmain: index.js\n');
    writeFileSync(join(program, 'Pulumi.dev.yaml'), `config:\n  secrets:plain: ${MARKER}\n`);
    writeFileSync(
      join(program, 'index.js'),
      `const pulumi = require('@pulumi/pulumi'); const storage = require('@pulumi/azure-native/storage');
       const secret = new pulumi.Config().requireSecret('plain'); console.log('printed');
       new storage.StorageAccount('acct', { resourceGroupName: 'rg', kind: 'StorageV2', sku: { name: secret }, minimumTlsVersion: secret, networkRuleSet: { defaultAction: secret }, tags: { a: pulumi.interpolate\`x-\${secret}\` } });`,
    );
    const formats = ['text', 'json', 'sarif'];
    const { status, stdout, stderr } = palisadeProcess(
      ['check', 'arm.json', 'program', '--all', ...formats.flatMap((format) => ['--format', format, '--out', format])],
      folder,
    );
    expect([status, stdout, stderr]).toEqual([1, '', '']);
    for (const format of formats) {
      const written = readFileSync(join(folder, format), 'utf8');
      expect(written).toMatch(/minimumTlsVersion/);
      expect(written).not.toContain(MARKER);
      expect(written).not.toContain('printed');
    }
  });
});

describe('palisade controls', () => {
  it('tells one control with its rules on both clouds, and all as JSON', async () => {
    const folder = folderWith({});
    const one = await palisade(['controls', 'tls-03'], folder);
    expect(one.status).toBe(0);
    expect(one.stdout).toMatch(/^TLS-03 {2}Stores refuse clear-text/);
    expect(one.stdout).toMatch(/AWS:[\s\S]*checked by TLS-03\.object-storage on AWS::S3::Bucket/);
    expect(one.stdout).toMatch(/Azure:[\s\S]*checked by TLS-03\.object-storage on azure-native:storage:StorageAccount/);
    expect(JSON.parse((await palisade(['controls', '--json'], folder)).stdout)).toHaveLength(235);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
