import { execFileSync } from 'node:child_process';
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { review } from '../cli/review';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import { graphOf } from '../policies/gather/pulumi/graph';
import { compareSides, type Read, sideOf } from '../review/diff';
import { librariesIn, libraryChanges } from '../review/diff/libraries';
import { toReviewHtml } from '../review/report/review-html';
import { toReviewMarkdown } from '../review/report/review-markdown';
import { toReviewText } from '../review/report/review-text';
import { lineKey } from '../review/review-document';
import { folderWith, removeFolders } from './support/cli';
import { change, reviewDocument } from './support/review-documents';

const here = process.cwd();
afterEach(() => process.chdir(here));
afterAll(removeFolders);

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const plain = (text: string) => text;
const PAINT = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };

// ── Commits ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** An app whose libraries decide whether keys rotate; its source decides how long logs are kept. */
const APP = `
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { version } = read('package-lock.json').packages['node_modules/lib'];
const { days, needs } = read('source.json');
if (needs && needs !== version) throw new Error('this source goes with lib ' + needs);
const out = process.env.CDK_OUTDIR;
mkdirSync(out, { recursive: true });
const key = { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: version === '1.0.0' } };
const logs = { Type: 'AWS::Logs::LogGroup', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain', Properties: { RetentionInDays: days } };
const other = { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } };
writeFileSync(out + '/Cases.template.json', JSON.stringify({ Resources: { Key: key, Logs: logs, Other: other, Kept: { ...logs, Properties: { RetentionInDays: 731 } } } }));
writeFileSync(out + '/tree.json', JSON.stringify({ tree: { path: '', children: { Key: { path: 'Cases/Key', constructInfo: { fqn: 'lib.aws_kms.Key', version } } } } }));
writeFileSync(out + '/manifest.json', JSON.stringify({ version: '36.0.0', artifacts: { Cases: { type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region', properties: { templateFile: 'Cases.template.json' } } } }));
`;
const lock = (version: string) => JSON.stringify({ packages: { 'node_modules/lib': { version } } });
const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: folder, encoding: 'utf8' });

function commits(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string {
  const folder = realpathSync(folderWith({ 'cdk.json': JSON.stringify({ app: 'node app.js' }), 'app.js': APP, ...before }));
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message=before');
  for (const [name, text] of Object.entries(after)) writeFileSync(join(folder, name), text);
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--message=after');
  process.chdir(folder);
  return folder;
}
const source = (days: number, needs?: string) => JSON.stringify({ days, needs });
const between = (attributeUpgrade: boolean) => review(['HEAD~1'], ['HEAD'], { attributeUpgrade, today: occasion.today });

describe('commits whose libraries differ', () => {
  it('tell that only the libraries differ, and which, where nothing else does', async () => {
    commits({ 'package-lock.json': lock('1.0.0'), 'source.json': source(731) }, { 'package-lock.json': lock('2.0.0') });
    const document = await between(true);
    expect(document).toMatchObject({ onlyUpgrade: true, libraries: [{ name: 'lib', before: '1.0.0', after: '2.0.0' }] });
    expect(toReviewText(document, PAINT)).toContain('Only the versions of libraries differ (lib 1.0.0 → 2.0.0); the source is the same.');
  });

  it('tell what comes from them alone where the source differs too, on request', async () => {
    const folder = commits(
      { 'package-lock.json': lock('1.0.0'), 'source.json': source(731) },
      { 'package-lock.json': lock('2.0.0'), 'source.json': source(30) },
    );
    const document = await between(true);
    const marked = (upgrade: boolean) =>
      document.changes.filter((one) => one.direction === 'weaker' && (one.upgrade === true) === upgrade).map(({ sentence }) => sentence);
    expect(document.onlyUpgrade).toBeUndefined();
    expect(marked(true)).toEqual([expect.stringContaining('Key')]);
    expect(marked(false)).toEqual([expect.stringContaining('Logs')]);
    expect(document.changes.find(({ upgrade }) => upgrade)?.evidence.at(-1)?.saw).toMatch(/comes from them alone/);
    expect(toReviewText(document, PAINT)).toContain('Libraries differ too: lib 1.0.0 → 2.0.0. 1 line comes from them alone.');
    expect(git(folder, 'status', '--porcelain')).toBe('');
    expect(git(folder, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('claim nothing without the request', async () => {
    commits(
      { 'package-lock.json': lock('1.0.0'), 'source.json': source(731) },
      { 'package-lock.json': lock('2.0.0'), 'source.json': source(30) },
    );
    const document = await between(false);
    expect(document.changes.some(({ upgrade }) => upgrade)).toBe(false);
    expect(toReviewText(document, PAINT)).toContain('Libraries differ too: lib 1.0.0 → 2.0.0.\n');
  });

  it('say why nobody can tell where the old source does not go with the new libraries', async () => {
    commits(
      { 'package-lock.json': lock('1.0.0'), 'source.json': source(731, '1.0.0') },
      { 'package-lock.json': lock('2.0.0'), 'source.json': source(30, '2.0.0') },
    );
    const document = await between(true);
    expect(document.changes.find(({ aspect }) => aspect === 'upgrade')).toMatchObject({
      direction: 'neutral',
      sentence: expect.stringMatching(/^what comes from the libraries alone cannot be told: .*this source goes with lib 1\.0\.0/),
    });
    expect(document.changes.some(({ upgrade }) => upgrade)).toBe(false);
  });

  it('mark nothing where the libraries are the same', async () => {
    commits({ 'package-lock.json': lock('1.0.0'), 'source.json': source(731) }, { 'source.json': source(30) });
    const document = await between(true);
    expect(document.changes.some(({ upgrade }) => upgrade)).toBe(false);
    expect(document.libraries).toBeUndefined();
  });

  it('are needed for it', async () => {
    const folder = folderWith({ 'a.json': '{"Resources":{"T":{"Type":"AWS::SNS::Topic"}}}' });
    process.chdir(folder);
    await expect(review(['a.json'], ['a.json'], { attributeUpgrade: true })).rejects.toThrow(/--attribute-upgrade needs two commits/);
  });
});

describe('an app whose packs refuse what it synthesises', () => {
  const REFUSED = `${APP}
writeFileSync(out + '/validation-report.json', JSON.stringify({ pluginReports: [{ pluginName: 'Palisade', conclusion: 'failure', violations: [] }] }));
process.exitCode = 1;
`;
  const files = { 'package-lock.json': lock('1.0.0'), 'source.json': source(731) };

  it('is compared all the same', async () => {
    commits(files, { 'app.js': REFUSED, 'source.json': source(30) });
    const { changes } = await between(false);
    expect(changes.filter(({ direction }) => direction === 'weaker').map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('Logs'),
    ]);
  });

  it('is none where nothing says that a pack refused it', async () => {
    commits(files, { 'app.js': `${APP}\nprocess.exitCode = 1;` });
    await expect(between(false)).rejects.toThrow(/HEAD: "node app\.js" failed/);
  });
});

// ── Folders and programs ───────────────────────────────────────────────────────────────────────────────────────────

const aws = (libraries: Read['libraries']): Read => {
  const { graph, waivers } = graphOfTemplates([{ id: 'Cases', template: { Resources: { T: { Type: 'AWS::SNS::Topic' } } } }]);
  return { path: 'cdk.out', graph, waivers, libraries };
};
const program = (version: string): Read => {
  const type = 'azure-native:storage:StorageAccount';
  const record = { urn: `urn:pulumi:dev::cases::${type}::a`, type, name: 'a', custom: true, inputs: {}, options: { version } };
  const { graph, waivers } = graphOf('cases/dev', [record as never], [], {});
  return { path: '.', graph, waivers };
};
const changesOf = (before: Read, after: Read) => libraryChanges(sideOf('before', [before], occasion), sideOf('after', [after], occasion));

describe('libraries of folders and programs', () => {
  it('are told by the package of what they made, and each version that is in use', () => {
    expect(
      librariesIn([
        { name: 'aws-cdk-lib.aws_s3.Bucket', version: '2.276.0' },
        { name: 'aws-cdk-lib.Stack', version: '2.200.0' },
        { name: '@aws-cdk/aws-glue-alpha.Job', version: '2.276.0-alpha.0' },
        { name: 'constructs.Construct', version: '10.8.1' },
      ]),
    ).toEqual({ 'aws-cdk-lib': ['2.200.0', '2.276.0'], '@aws-cdk/aws-glue-alpha': ['2.276.0-alpha.0'], constructs: ['10.8.1'] });
  });

  it('are compared, and are nothing that anybody approves', () => {
    const [before, after] = [
      aws({ 'aws-cdk-lib': ['2.200.0'], constructs: ['10.8.1'] }),
      aws({ 'aws-cdk-lib': ['2.276.0'], constructs: ['10.8.1'] }),
    ];
    expect(changesOf(before, after)).toEqual([{ name: 'aws-cdk-lib', before: '2.200.0', after: '2.276.0' }]);
    expect(compareSides(sideOf('before', [before], occasion), sideOf('after', [after], occasion), occasion)).toEqual([]);
  });

  it('are not claimed to differ where one side does not say what made it', () => {
    expect(changesOf(aws(undefined), aws({ 'aws-cdk-lib': ['2.276.0'] }))).toEqual([]);
    expect(changesOf(aws({ a: ['1'] }), aws({ a: ['1'], b: ['2'] }))).toEqual([{ name: 'b', after: '2' }]);
  });

  it('are known of Pulumi by the SDK of each resource', () => {
    expect(changesOf(program('3.27.0'), program('3.28.0'))).toEqual([{ name: '@pulumi/azure-native', before: '3.27.0', after: '3.28.0' }]);
    expect(changesOf(program('3.28.0'), program('3.28.0'))).toEqual([]);
  });

  it('are named alike in every report', () => {
    const libraries = Array.from({ length: 7 }, (_, at) => ({ name: `lib${at}`, before: '1', after: '2' }));
    const document = reviewDocument({ libraries, changes: [change({ upgrade: true })] });
    const words =
      /Libraries differ too: lib0 1 → 2, lib1 1 → 2, lib2 1 → 2, lib3 1 → 2, lib4 1 → 2, 2 more\. 1 line comes from them alone\./;
    for (const report of [toReviewText(document, PAINT), toReviewMarkdown(document), toReviewHtml(document)]) expect(report).toMatch(words);
    expect(toReviewText(reviewDocument(), PAINT)).not.toMatch(/Libraries/);
  });
});

describe('the key of a line', () => {
  it('does not tell places of two runs apart', () => {
    const one = change({ sentence: 'the bucket A of /tmp/x1/a.json' });
    expect(lineKey(one, (words) => words.replace('/tmp/x1/', ''))).toBe('weaker the bucket A of a.json');
    expect(lineKey(one)).toContain('/tmp/x1/');
  });
});
