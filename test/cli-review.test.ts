import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ReviewDocument } from '../review/schema-review';
import { folderWith, palisade, palisadeProcess, removeFolders } from './support/cli';

afterAll(removeFolders);

const template = (rotation: boolean, more: object = {}) =>
  JSON.stringify(
    {
      Resources: {
        Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: rotation } },
        Other: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
        ...more,
      },
    },
    null,
    2,
  );
const ROTATING = template(true);
const STILL = template(false);
const ARM = JSON.stringify({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  resources: [{ type: 'Microsoft.Storage/storageAccounts', apiVersion: '2023-01-01', name: 'a', location: 'westeurope', properties: {} }],
});
const BOTH = ['--base', 'a.json', '--head', 'b.json'];
const documentOf = (stdout: string) => JSON.parse(stdout) as ReviewDocument;

describe('the exit status of a review', () => {
  it('is 0 when nothing has to be approved, also when something got stronger', () => {
    const folder = folderWith({ 'a.json': STILL, 'b.json': ROTATING });
    const { status, stdout } = palisadeProcess(['review', ...BOTH], folder);
    expect(stdout).toMatch(/^nothing to approve\n/);
    expect(status).toBe(0);
  });

  it('is 1 when somebody has to approve', () => {
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL });
    const { status, stdout } = palisadeProcess(['review', ...BOTH, '--format', 'json'], folder);
    expect(status).toBe(1);
    expect(documentOf(stdout)).toMatchObject({
      schema: 'palisade/review@1',
      verdict: 'approve: security',
      needs: ['security'],
      approved: false,
    });
  });

  it.each([
    ['a side is missing', ['--base', 'a.json'], /--head needs a value: a folder, a template, a program or a commit$/],
    [
      'a side does not exist',
      ['--base', 'a.json', '--head', 'none.json'],
      /--head none\.json: is neither a path here nor a commit of this repository; check the path/,
    ],
    ['a side cannot be read', ['--base', 'a.json', '--head', 'broken.json'], /^palisade: broken\.json:/],
    [
      'the sides are of different clouds',
      ['--base', 'a.json', '--head', 'arm.json'],
      /--base is of aws and --head of azure: they cannot be compared/,
    ],
    ['approvals are no approvals', [...BOTH, '--approvals', 'broken.json'], /broken\.json: /],
    ['nothing was ever approved', ['verify', 'a.json'], /palisade\.approvals\.yaml: holds no approval/],
  ])('is 2, with one line, when %s', async (_, args, expected) => {
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL, 'arm.json': ARM, 'broken.json': '{ "Resources": ' });
    const { status, stderr, stdout } = await palisade(['review', ...args], folder);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr.trim()).toMatch(expected);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('an approval', () => {
  it('lets exactly this change pass, and a later one voids it', async () => {
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL });
    expect((await palisade(['review', 'approve', ...BOTH, '--by', 'ada@example.com', '--as', 'security'], folder)).status).toBe(0);
    const { status, stdout } = await palisade(['review', ...BOTH], folder);
    expect(stdout).toMatch(/^approved by ada@example\.com \(security, \d{4}-\d{2}-\d{2}\)\n/);
    expect(status).toBe(0);
    expect(await palisade(['review', 'verify', 'b.json'], folder)).toMatchObject({ status: 0 });
    expect(await palisade(['review', 'verify', 'a.json'], folder)).toMatchObject({ status: 1 });

    writeFileSync(join(folder, 'b.json'), template(false, { Third: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } } }));
    expect((await palisade(['review', ...BOTH], folder)).status).toBe(1);
    expect((await palisade(['review', 'verify', 'b.json'], folder)).stdout).toMatch(/was never approved/);
  });

  it('is not enough as long as somebody else has to approve as well', async () => {
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL });
    await palisade(['review', 'approve', ...BOTH, '--by', 'ada', '--as', 'security'], folder);
    const file = join(folder, 'palisade.approvals.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('      - security', '      - security\n      - data owner'));
    const { status, stdout } = await palisade(['review', 'verify', 'b.json'], folder);
    expect(stdout).toMatch(/is what ada approved as security on [-\d]+, but still needs data owner$/m);
    expect(status).toBe(1);
  });

  it('holds for what the CDK’s own command synthesises, with its record of library versions', async () => {
    const recorded = { CDKMetadata: { Type: 'AWS::CDK::Metadata', Properties: { Analytics: 'v2:deflate64:x' } } };
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL, 'c.json': template(false, recorded) });
    await palisade(['review', 'approve', ...BOTH, '--by', 'ada', '--as', 'security'], folder);
    expect((await palisade(['review', 'verify', 'c.json'], folder)).status).toBe(0);
  });

  it('is refused where nobody needs it', async () => {
    const folder = folderWith({ 'a.json': ROTATING, 'b.json': STILL });
    const { status, stderr } = await palisade(['review', 'approve', ...BOTH, '--by', 'ada', '--as', 'data owner'], folder);
    expect(status).toBe(2);
    expect(stderr).toContain('nothing in this change needs the approval of data owner; needed: security');
  });
});

describe('commits', () => {
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder, encoding: 'utf8' });
  /** An app whose `cdk.json` writes what a CDK app would: a template and the manifest of its stack. */
  const APP = `
const { mkdirSync, writeFileSync } = require('node:fs');
const out = process.env.CDK_OUTDIR;
if (process.env.AWS_ACCESS_KEY_ID) throw new Error('credentials reach the program');
mkdirSync(out, { recursive: true });
writeFileSync(out + '/Cases.template.json', require('node:fs').readFileSync('template.json'));
writeFileSync(out + '/manifest.json', JSON.stringify({ version: '36.0.0', artifacts: { Cases: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'Cases.template.json' } } } }));
`;
  function repository(): string {
    const folder = folderWith({ 'cdk.json': JSON.stringify({ app: 'node app.js' }), 'app.js': APP, 'template.json': ROTATING });
    git(folder, 'init', '--quiet', '--initial-branch=main');
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '--message=rotating');
    writeFileSync(join(folder, 'template.json'), STILL);
    git(folder, 'commit', '--quiet', '--all', '--message=still');
    return folder;
  }

  it('are synthesised beside the work tree, which stays as it is, and no credentials reach them', () => {
    const folder = repository();
    process.env.AWS_ACCESS_KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
    const { status, stdout } = palisadeProcess(['review', '--base', 'HEAD~1', '--head', 'HEAD', '--format', 'json'], folder);
    delete process.env.AWS_ACCESS_KEY_ID;
    expect(status).toBe(1);
    const { base, changes, head } = documentOf(stdout);
    expect([base.ref?.name, head.ref?.name]).toEqual(['HEAD~1', 'HEAD']);
    expect(changes.map(({ control }) => control)).toEqual(['ENC-03']);
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder).sort()).toEqual(['.git', 'app.js', 'cdk.json', 'template.json']);
  });

  it('are told by the places that they have in the work tree, the same in each run', async () => {
    const folder = repository();
    const run = async () => (await palisade(['review', '--base', 'HEAD~1', '--head', 'HEAD', '--format', 'json'], folder)).stdout;
    const first = await run();
    expect(first).not.toContain('palisade-review-');
    expect(documentOf(first).head.targets.map(({ path }) => path)).toEqual(['cdk.out']);
    expect(documentOf(first).changes[0]?.evidence[0]?.location?.file).toBe('cdk.out/Cases.template.json');
    expect(await run()).toBe(first);
  });

  it('can be approved by the second person before the first approval is committed', async () => {
    const folder = repository();
    const approve = async (by: string) =>
      (await palisade(['review', 'approve', '--base', 'HEAD~1', '--head', 'HEAD', '--by', by, '--as', 'security'], folder)).status;
    expect(await approve('ada')).toBe(0);
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '--message=approval');
    git(folder, 'reset', '--quiet', '--soft', 'HEAD~1');
    expect(await approve('bob')).toBe(0);
    expect(readFileSync(join(folder, 'palisade.approvals.yaml'), 'utf8').match(/by: (ada|bob)/g)).toEqual(['by: ada', 'by: bob']);
  });

  it.each([
    ['a name that is neither a path nor a commit', ['--head', 'nosuch'], /--head nosuch: is neither a path here nor a commit/],
    [
      'targets behind a commit',
      ['--head', 'HEAD', 'infra'],
      /--head HEAD infra: a commit stands alone; write targets before the options: palisade review infra/,
    ],
  ])('are not mistaken: %s', async (_, args, expected) => {
    const { status, stderr } = await palisade(['review', '--base', 'HEAD~1', ...args], repository());
    expect(status).toBe(2);
    expect(stderr.trim()).toMatch(expected);
  });

  it('are not compared while the work tree has changes of its own', async () => {
    const folder = repository();
    writeFileSync(join(folder, 'app.js'), `${APP}\n// changed`);
    const { status, stderr } = await palisade(['review', '--base', 'HEAD~1', '--head', 'HEAD'], folder);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^palisade: the work tree has changes that no commit holds \(app\.js\): commit or stash them/);
    expect(readFileSync(join(folder, 'app.js'), 'utf8')).toContain('// changed');
  });

  it('that fail are told by the commit and the program’s own words, and leave nothing behind', () => {
    const folder = repository();
    writeFileSync(join(folder, 'app.js'), "throw new RangeError('no such stage: prod');");
    git(folder, 'commit', '--quiet', '--all', '--message=broken');
    const { status, stderr } = palisadeProcess(['review', '--base', 'HEAD~1', '--head', 'HEAD'], folder);
    expect([status, stderr.trim()]).toEqual([2, 'palisade: HEAD: "node app.js" failed: RangeError: no such stage: prod']);
    expect(git(folder, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('that change versions of libraries only are told to do so', async () => {
    const folder = repository();
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'cases', version: '1.0.0' }));
    git(folder, 'add', 'package.json');
    git(folder, 'commit', '--quiet', '--message=versions');
    const { stdout } = await palisade(['review', '--base', 'HEAD~1', '--head', 'HEAD', '--format', 'json'], folder);
    expect(documentOf(stdout)).toMatchObject({ onlyUpgrade: true, verdict: 'nothing to approve', changes: [] });
  });
});
