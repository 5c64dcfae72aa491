import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RULES } from '../policies/rules';
import { Analyzer } from './fixtures/pulumi/analyzer';

/**
 * The package as a stranger gets it: packed, installed into an empty project, used. Installs from the registry (or the
 * cache that `npm ci` filled); everything else is local.
 */
const root = join(__dirname, '..');
const versions = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> })
  .devDependencies;
const made: string[] = [];
let tarball = '';

function project(name: string, peers: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), `palisade-${name}-`));
  made.push(folder);
  const dependencies = Object.fromEntries([['palisade', `file:${tarball}`], ...peers.map((peer) => [peer, versions[peer] as string])]);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies }));
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, stdio: 'pipe' });
  return folder;
}

/** Through npx, as a user calls it; npm's own remarks on the machine's settings are not ours. */
function palisade(folder: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', 'palisade', ...args], { cwd: folder, encoding: 'utf8' });
  return { status, stdout, stderr: stderr.replace(/^npm warn .*\n/gm, '') };
}
const node = (folder: string, script: string) => spawnSync(process.execPath, ['-e', script], { cwd: folder, encoding: 'utf8' });

beforeAll(() => {
  const packed = mkdtempSync(join(tmpdir(), 'palisade-pack-'));
  made.push(packed);
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', packed], { cwd: root, stdio: 'pipe' });
  tarball = join(packed, readdirSync(packed).find((file) => file.endsWith('.tgz')) as string);
}, 180_000);

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}, 180_000);

describe('the package in a project on AWS', () => {
  let folder = '';
  beforeAll(() => {
    folder = project('aws-user', ['aws-cdk-lib', 'constructs', 'cdk-nag']);
  }, 240_000);

  it('brings no Pulumi', () => {
    expect(existsSync(join(folder, 'node_modules', '@pulumi'))).toBe(false);
  });

  it('synthesises a stack with a hardened construct, and the command judges it', () => {
    writeFileSync(
      join(folder, 'app.js'),
      `const { App } = require('aws-cdk-lib');
       const { SecureBucket, SecureStack } = require('palisade/aws');
       const app = new App();
       const stack = new SecureStack(app, 'Files', { profile: { system: 'files', owner: 'data@example.com', sensitivity: 'confidential', volume: 'thousands', exposure: 'organisation', privilege: 'alter' } });
       new SecureBucket(stack, 'Uploads', { retention: { atMostDays: 365 } });
       app.synth();`,
    );
    const synth = spawnSync(process.execPath, ['app.js'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, CDK_OUTDIR: join(folder, 'cdk.out'), CDK_VALIDATION: undefined },
    });
    expect(synth.stderr).not.toMatch(/Error/);
    expect(synth.status).toBe(0);
    const { status, stdout, stderr } = palisade(folder, 'check', 'cdk.out', '--format', 'json', '--all');
    expect(stderr).toBe('');
    const document = JSON.parse(stdout) as {
      findings: { verdict: string; rule: string; message: string }[];
      summary: { gate: string; pass: number };
    };
    expect(
      document.findings
        .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
        .map(({ rule, message }) => `${rule}: ${message}`),
    ).toEqual([]);
    expect(document.summary.pass).toBeGreaterThan(10);
    expect(document.summary.gate).toBe('passed');
    expect(status).toBe(0);
  });

  it('offers the cdk-nag pack, the engine and the catalogue', () => {
    const { stdout, stderr } = node(
      folder,
      `const { PalisadeChecks } = require('palisade/nag'); const { RULES } = require('palisade/policies'); const { CONTROLS } = require('palisade');
       console.log(new PalisadeChecks().name, RULES.length > 50, Object.keys(CONTROLS).length)`,
    );
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('Palisade true 235');
  });

  it('knows what the managed policies of AWS allow', () => {
    const role = (...ManagedPolicyArns: readonly string[]) => ({
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: { Statement: [] }, ManagedPolicyArns },
    });
    const template = (name: string, Reader: object) =>
      writeFileSync(join(folder, name), JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: { Reader } }));
    template('before.json', role());
    template('after.json', role('arn:aws:iam::aws:policy/ReadOnlyAccess'));
    const { stdout, stderr } = palisade(folder, 'review', '--base', 'before.json', '--head', 'after.json');
    expect(stderr).toBe('');
    expect(stdout).toContain('the role Reader can now list and read everything, by the AWS managed policy ReadOnlyAccess');
  });

  it('says in one line that a Pulumi program needs Pulumi', () => {
    const program = join(folder, 'program');
    cpSync(join(__dirname, 'fixtures', 'package', 'program'), program, { recursive: true });
    const { status, stderr } = palisade(folder, 'check', 'program');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/@pulumi\/pulumi/);
    expect(status).toBe(2);
  });

  it('says in one line what is wrong with a wrong template', () => {
    writeFileSync(join(folder, 'wrong.yaml'), 'Resources:\n  Bucket:\n    Propertes: {}\n');
    const { status, stderr } = palisade(folder, 'check', 'wrong.yaml');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/wrong\.yaml:\d+: .*Type/);
    expect(status).toBe(2);
  });
});

describe('the package in a project on Azure', () => {
  let folder = '';
  beforeAll(() => {
    folder = project('azure-user', ['@pulumi/pulumi', '@pulumi/azure-native', '@pulumi/policy']);
  }, 240_000);

  it('brings no CDK', () => {
    expect(existsSync(join(folder, 'node_modules', 'aws-cdk-lib'))).toBe(false);
    expect(existsSync(join(folder, 'node_modules', 'cdk-nag'))).toBe(false);
  });

  it('runs a TypeScript program offline and judges it', () => {
    const program = join(folder, 'program');
    cpSync(join(__dirname, 'fixtures', 'package', 'program'), program, { recursive: true });
    const { status, stdout, stderr } = palisade(folder, 'check', 'program', '--format', 'json');
    expect(stderr).toBe('');
    const document = JSON.parse(stdout) as { findings: { rule: string; verdict: string; location?: { file: string; line: number } }[] };
    const http = document.findings.find(({ rule, verdict }) => rule === 'TLS-03.object-storage' && verdict === 'fail');
    expect(http?.location?.file).toMatch(/index\.ts$/);
    expect(http?.location?.line).toBeGreaterThan(1);
    expect(status).toBe(1);
  });

  it('starts the policy pack from where the README says it is, with every Azure rule', async () => {
    const pack = join(folder, 'node_modules', 'palisade', 'dist', 'policies', 'packs', 'crossguard', 'pack');
    const analyzer = await Analyzer.start(pack);
    try {
      const { name, policiesList } = await analyzer.info();
      const rules = new Set(RULES.filter(({ cloud }) => cloud === 'azure').map(({ id }) => id));
      expect(name).toBe('palisade');
      expect([...rules].filter((id) => !policiesList.some((policy) => policy.name === id))).toEqual([]);
    } finally {
      analyzer.stop();
    }
  });

  it('loads a hardened component without the CDK', () => {
    const { stdout, stderr } = node(folder, "console.log(typeof require('palisade/azure').SecureStorageAccount)");
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('function');
  });
});
