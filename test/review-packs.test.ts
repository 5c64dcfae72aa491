import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checksIn } from '../cli/checks';
import { gather } from '../policies/gather';
import { madeByIn, packReportsIn } from '../policies/gather/assembly-reports';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import { compareSides, type Side, sideOf } from '../review/diff';
import type { Checks, PackReport } from '../review/diff/side';
import { digestOf, type RecordedApproval, reviewOf } from '../review/review-document';
import type { ReviewChange } from '../review/schema-review';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const NONE: Checks = { tools: {}, runs: [], baselines: {}, switches: {} };

// ── From files to what they say ────────────────────────────────────────────────────────────────────────────────────

function repository(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'palisade-checks-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['add', '.'], { cwd: folder });
  return folder;
}
const checksOf = (files: Readonly<Record<string, string>>): Checks => checksIn(repository(files));
const side = (which: Side['which'], checks: Checks, packs?: readonly PackReport[], versioning = 'Enabled'): Side => {
  const { graph, waivers } = graphOfTemplates([
    {
      id: 'Cases',
      region: 'eu-central-1',
      template: {
        Resources: {
          Records: {
            Type: 'AWS::S3::Bucket',
            Metadata: { 'aws:cdk:path': 'Cases/Records/Resource' },
            Properties: { VersioningConfiguration: { Status: versioning } },
          },
        },
      },
    },
  ]);
  return sideOf(which, [{ path: 'cdk.out', graph, waivers, packs }], occasion, { checks });
};
const between = (before: Checks, after: Checks): readonly ReviewChange[] =>
  compareSides(side('before', before), side('after', after), occasion);
const weaker = (changes: readonly ReviewChange[]) =>
  changes.filter(({ direction }) => direction === 'weaker').map(({ sentence }) => sentence);

const JOB = (step: string, more = '') => `on: pull_request
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - name: check
${more}        run: ${step}
      - run: npm test
`;
const CI = '.github/workflows/ci.yml';

describe('a check of the project', () => {
  it.each([
    [
      'a step of CI is taken out',
      { [CI]: JOB('npx palisade check cdk.out') },
      { [CI]: JOB('echo done') },
      /no file of the project runs palisade check any more/,
    ],
    [
      'a step of CI is commented out',
      { [CI]: JOB('checkov -d .') },
      { [CI]: JOB('|\n          # checkov -d .\n          echo') },
      /runs checkov any more/,
    ],
    [
      'a script is taken out',
      { 'package.json': '{"scripts":{"check":"palisade check cdk.out"}}' },
      { 'package.json': '{}' },
      /runs palisade check any more/,
    ],
    [
      'the gate of a step gets higher',
      { [CI]: JOB('npx palisade check --gate low') },
      { [CI]: JOB('npx palisade check --gate critical') },
      /palisade check goes from the gate low to critical/,
    ],
    [
      'a gate is set that is higher than without',
      { [CI]: JOB('npx palisade check') },
      { [CI]: JOB('npx palisade check --gate=high') },
      /from the gate medium to high/,
    ],
    [
      'a step is no longer strict',
      { [CI]: JOB('npx palisade check --strict') },
      { [CI]: JOB('npx palisade check') },
      /no longer fails on what cannot be told/,
    ],
    [
      'what a step finds is ignored',
      { [CI]: JOB('npx palisade check') },
      { [CI]: JOB('npx palisade check || true') },
      /palisade check no longer stops the job/,
    ],
    [
      'a step may fail',
      { [CI]: JOB('npx palisade check') },
      { [CI]: JOB('npx palisade check', '        continue-on-error: true\n') },
      /palisade check no longer stops the job/,
    ],
    [
      'a whole job may fail',
      { [CI]: JOB('npx palisade check') },
      { [CI]: JOB('npx palisade check').replace('    steps:', '    continue-on-error: true\n    steps:') },
      /palisade check no longer stops the job/,
    ],
    [
      'a job of GitLab may fail',
      { '.gitlab-ci.yml': 'check:\n  script:\n    - cfn-lint t.json\n' },
      { '.gitlab-ci.yml': 'check:\n  allow_failure: true\n  script:\n    - cfn-lint t.json\n' },
      /cfn-lint no longer stops the job/,
    ],
    [
      'a pack is taken out of an app',
      { 'bin/app.ts': 'Validations.of(app).addPlugins(new PalisadeChecks(app));' },
      { 'bin/app.ts': 'app.synth();' },
      /runs the pack PalisadeChecks any more/,
    ],
    [
      'a pack of cdk-nag is commented out',
      { 'app.py': 'Aspects.of(app).add(AwsSolutionsChecks())' },
      { 'app.py': '# Aspects.of(app).add(AwsSolutionsChecks())' },
      /runs the pack AwsSolutionsChecks any more/,
    ],
    [
      'a policy pack of Pulumi is deleted',
      { 'policy/PulumiPolicy.yaml': 'runtime: nodejs' },
      { 'README.md': 'x' },
      /runs a policy pack of Pulumi any more/,
    ],
    [
      'Pulumi runs without its policy pack',
      { [CI]: JOB('pulumi preview --policy-pack policy') },
      { [CI]: JOB('pulumi preview') },
      /runs a policy pack of Pulumi any more/,
    ],
    [
      'a list of known findings grows',
      { 'known.json': '{"schema":"palisade/baseline@1","findings":["a"]}' },
      { 'known.json': '{"schema":"palisade/baseline@1","findings":["a","b"]}' },
      /^one finding more is taken for known/,
    ],
    [
      'a check of the CDK is turned off',
      { 'cdk.json': '{"context":{"@aws-cdk/core:checkSecretUsage":true}}' },
      { 'cdk.json': '{"context":{"@aws-cdk/core:checkSecretUsage":false}}' },
      /checkSecretUsage in cdk\.json is turned off/,
    ],
  ])('is told when %s', (_, before, after, expected) => {
    expect(weaker(between(checksOf(before), checksOf(after)))).toEqual([expect.stringMatching(expected)]);
  });

  it.each([
    ['moves to another file', { [CI]: JOB('npx palisade check') }, { '.github/workflows/other.yml': JOB('npx palisade check') }],
    [
      'is written over several lines',
      { [CI]: JOB('npx palisade check --gate low') },
      { [CI]: JOB('|\n          npx palisade check \\\n            --gate low') },
    ],
    [
      'is run once more, more loosely',
      { [CI]: JOB('npx palisade check') },
      { [CI]: JOB('npx palisade check'), Makefile: 'look:\n\tnpx palisade check || true\n' },
    ],
    [
      'stands beside another step that may fail',
      { [CI]: JOB('npx palisade check') },
      { [CI]: `${JOB('npx palisade check')}      - name: coverage\n        continue-on-error: true\n        run: npm run coverage\n` },
    ],
    [
      'stands beside another job that may fail',
      { '.gitlab-ci.yml': 'check:\n  script:\n    - cfn-lint t.json\n' },
      {
        '.gitlab-ci.yml':
          'look:\n  allow_failure: true\n  script:\n    - true\ncheck:\n  script:\n    - cfn-lint t.json\nlast:\n  allow_failure: true\n',
      },
    ],
    ['was already ignored', { [CI]: JOB('npx palisade check || true') }, { [CI]: JOB('npx palisade check || true') }],
    ['was only spoken of', { 'docs/ci.md': 'palisade check', 'test/app.test.ts': 'new PalisadeChecks(app)' }, { 'docs/ci.md': '' }],
    [
      'knows fewer findings',
      { 'known.json': '{"schema":"palisade/baseline@1","findings":["a","b"]}' },
      { 'known.json': '{"schema":"palisade/baseline@1","findings":["b"]}' },
    ],
    [
      'lists them in another file',
      { 'a.json': '{"schema":"palisade/baseline@1","findings":["a"]}' },
      { 'b.json': '{"schema":"palisade/baseline@1","findings":["a"]}' },
    ],
    [
      'has a switch whose effect stands in the templates',
      { 'cdk.json': '{"context":{"@aws-cdk/aws-s3:publicAccessBlockedByDefault":true}}' },
      { 'cdk.json': '{}' },
    ],
    ['cannot be read', { 'package.json': 'not json', 'cdk.json': '[', 'known.json': '"palisade/baseline@1" {' }, { 'package.json': '' }],
  ])('is not told when it %s', (_, before, after) => {
    expect(weaker(between(checksOf(before), checksOf(after)))).toEqual([]);
    expect(weaker(between(NONE, NONE))).toEqual([]);
  });

  it('points at the line that runs it', () => {
    const [change] = between(checksOf({ [CI]: JOB('npx palisade check') }), checksOf({ [CI]: JOB('npx palisade check || true') }));
    expect(change).toMatchObject({ aspect: 'controls', approver: 'security', evidence: [{ location: { file: CI, line: 8 } }] });
  });

  it('is part of what is approved, though it is no part of what is deployed', () => {
    const strong = checksOf({ [CI]: JOB('npx palisade check'), 'app.ts': 'new PalisadeChecks(app)' });
    const looser = checksOf({ [CI]: JOB('npx palisade check'), 'app.ts': '' });
    const loosest = checksOf({ [CI]: JOB('echo'), 'app.ts': '' });
    const review = (after: Checks, approvals: readonly RecordedApproval[] = []) =>
      reviewOf(
        { side: side('before', strong), kinds: [] },
        { side: side('after', after), kinds: [] },
        { ...occasion, version: '1.0.0', approvals },
      );
    const first = review(looser);
    const approval: RecordedApproval = {
      by: 'ada',
      as: 'security',
      at: '2026-11-22T00:00:00Z',
      base: first.base.digest,
      head: first.head.digest,
      needs: first.needs,
      asked: first.asked,
    };
    expect(review(looser, [approval]).approved).toBe(true);
    expect(review(loosest, [approval])).toMatchObject({ approved: false, approvals: [], head: { digest: first.head.digest } });
  });
});

describe('a pack that reports beside the templates', () => {
  const report = (path: string, name = 'AwsSolutions'): readonly PackReport[] => [{ name, found: [{ rule: 'AwsSolutions-S1', path }] }];
  const change = (old: readonly PackReport[], now: readonly PackReport[], versioning?: string) =>
    compareSides(side('before', NONE, old), side('after', NONE, now, versioning), occasion).filter(({ subject }) =>
      subject.startsWith('pack '),
    );

  it('is told to be gone where it would find the same again', () => {
    expect(change(report('Cases/Records/Resource'), [])).toMatchObject([
      {
        direction: 'weaker',
        approver: 'security',
        sentence: expect.stringContaining('the pack AwsSolutions no longer checks the synthesis'),
      },
    ]);
  });

  it('is only noted where what it found was changed: it may have nothing to find', () => {
    expect(change(report('Cases/Records/Resource'), [], 'Suspended')).toMatchObject([{ direction: 'neutral' }]);
    expect(change(report('Cases/Gone'), [])).toMatchObject([{ direction: 'neutral' }]);
  });

  it('says nothing as long as it is named', () => {
    expect(change(report('Cases/Records/Resource'), report('Cases/Other'))).toEqual([]);
    expect(change([], report('Cases/Records/Resource'))).toMatchObject([{ direction: 'stronger' }]);
  });

  it('is read from the report of today, and from that of older versions', async () => {
    const today = repository({
      'manifest.json': '{"version":"55.0.0","artifacts":{}}',
      'validation-report.json': JSON.stringify({
        version: '55.0.0',
        pluginReports: [
          {
            pluginName: 'Palisade',
            pluginVersion: '0.1.0',
            violations: [{ ruleName: 'ENC-01.object-storage', violatingConstructs: [{ constructPath: 'S/B' }] }],
            suppressedViolations: [{ ruleName: 'ENC-02.object-storage', violatingConstructs: [{ constructPath: 'S/C' }] }],
          },
        ],
      }),
      'tree.json': JSON.stringify({
        tree: {
          id: 'App',
          path: '',
          children: { B: { path: 'S/B', constructInfo: { fqn: 'aws-cdk-lib.aws_s3.Bucket', version: '2.276.0' } } },
        },
      }),
    });
    expect((await gather(today)).beside).toBe(today);
    expect(packReportsIn(today)).toEqual([
      {
        name: 'Palisade',
        version: '0.1.0',
        found: [
          { rule: 'ENC-01.object-storage', path: 'S/B' },
          { rule: 'ENC-02.object-storage', path: 'S/C' },
        ],
      },
    ]);
    expect([...madeByIn(today)]).toEqual([['S/B', { name: 'aws-cdk-lib.aws_s3.Bucket', version: '2.276.0' }]]);
    const older = repository({
      'policy-validation-report.json': JSON.stringify({
        pluginReports: [
          {
            summary: { pluginName: 'cdk-nag' },
            violations: [{ ruleName: 'S1', violatingConstructs: [{ constructStack: { path: 'S/B' } }] }],
          },
        ],
      }),
    });
    expect(packReportsIn(older)).toEqual([{ name: 'cdk-nag', version: undefined, found: [{ rule: 'S1', path: 'S/B' }] }]);
    expect(packReportsIn(repository({ 'validation-report.json': '{' }))).toEqual([]);
    expect([...madeByIn(repository({ 'tree.json': '[]' }))]).toEqual([]);
  });
});

describe('a rule that is silenced where it stands', () => {
  it('changes the digest, the words of its reason do not', () => {
    const digest = (Metadata: object) => {
      const template = { Resources: { Records: { Type: 'AWS::S3::Bucket', Metadata, Properties: {} } } } as never;
      const { graph, waivers } = graphOfTemplates([{ id: 'Cases', template }]);
      return digestOf(sideOf('after', [{ path: 'Cases', graph, waivers }], occasion));
    };
    const silent = (id: string, reason: string) => ({ cdk_nag: { rules_to_suppress: [{ id, reason }] } });
    expect(digest(silent('S1', 'a'))).toBe(digest(silent('S1', 'b')));
    expect(digest(silent('S1', 'a'))).not.toBe(digest(silent('S2', 'a')));
    expect(digest(silent('S1', 'a'))).not.toBe(digest({}));
  });
});
