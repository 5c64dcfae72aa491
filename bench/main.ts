/**
 * `npm run bench`: how time and memory grow with the number of resources, and how that compares with cdk-nag on the same
 * trees in the same run. Ratios are what counts: absolute times differ from machine to machine. It reports, and fails
 * only when something could not be measured. `npm run bench synthesis`, `npm run bench offline`
 * and `npm run bench review` measure one part alone.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Table from 'cli-table3';
import type { Measurement, Memory } from './measure';
import { OFFLINE_SIZES, offline } from './offline';
import type { Cost, Found } from './review-results';
import type { Pair, Synthesis } from './synthesis';

const SIZES = [1_000, 10_000, 50_000];
const HELP_RUNS = 15;

function child<T>(kind: Measurement['kind'], size: number, what: 'time' | 'memory'): T {
  const args = ['--max-old-space-size=12288', '--stack-trace-limit=0', join(__dirname, 'measure.js'), kind, String(size), what];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${kind} ${size}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').pop() ?? '') as T;
}

function measured(kind: Measurement['kind'], size: number): Measurement & Memory {
  return { ...child<Measurement>(kind, size, 'time'), ...child<Memory>(kind, size, 'memory') };
}

const perRule = (seconds: number, rules: number, resources: number): number => (seconds / rules / resources) * 1e9;
const ratio = (value: number): string => `${value.toFixed(1)}x`;

function report(rows: readonly (Measurement & Memory)[]): void {
  const table = new Table({
    head: [
      'app',
      'resources',
      'gather s',
      'judge s',
      'tree MiB',
      'peak MiB',
      'rules',
      'ns',
      'cdk-nag s',
      'rules',
      'ns',
      'judging',
      'with gathering',
    ],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 12 }, () => 'right' as const)],
  });
  for (const { kind, resources, gather, evaluate, tree, peak, rules, nag } of rows) {
    const own = perRule(evaluate, rules, resources);
    const theirs = perRule(nag.seconds, nag.rules, resources);
    table.push([
      kind,
      resources,
      gather.toFixed(2),
      evaluate.toFixed(2),
      tree.toFixed(0),
      peak.toFixed(0),
      rules,
      own.toFixed(0),
      nag.seconds.toFixed(2),
      nag.rules,
      theirs.toFixed(0),
      ratio(theirs / own),
      ratio(theirs / perRule(evaluate + gather, rules, resources)),
    ]);
  }
  console.log(table.toString());
  console.log('ns: per rule and resource. The last two columns: how many times less than cdk-nag that is, without and with gathering.');
  for (const kind of ['mixed', 'buckets'] as const) {
    const of = (size: number) => rows.find((row) => row.kind === kind && row.resources >= size);
    const [ten, fifty] = [of(10_000), of(50_000)];
    if (ten && fifty)
      console.log(
        `${kind}: 50,000 resources cost ${ratio((fifty.gather + fifty.evaluate) / (ten.gather + ten.evaluate))} what 10,000 cost (5.0x is linear)`,
      );
  }
}

function help(): void {
  const times = Array.from({ length: HELP_RUNS }, () => {
    const start = process.hrtime.bigint();
    spawnSync(process.execPath, [join(__dirname, '..', 'cli', 'main.js'), '--help']);
    return Number(process.hrtime.bigint() - start) / 1e6;
  }).sort((a, b) => a - b);
  const [least, median, most] = [times[0], times[Math.floor(times.length / 2)], times[times.length - 1]] as [number, number, number];
  console.log(`palisade --help: ${median.toFixed(0)} ms (median of ${HELP_RUNS}, ${least.toFixed(0)} to ${most.toFixed(0)})`);
}

/** What hardened constructs add to a synthesis; names the other side, because a ratio means nothing without it. */
function synthesis(): void {
  const rows = ['case management', 'landing zone'].map((environment) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'synthesis.js'), environment], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) throw new Error(`synthesis of ${environment}: ${stderr.slice(-2000)}`);
    return JSON.parse(stdout.trim().split('\n').pop() ?? '') as Synthesis;
  });
  const cells = ({ hardened, plain, ratio }: Pair) => [hardened.toFixed(2), plain.toFixed(2), `${ratio.toFixed(2)}x`];
  const table = new Table({
    head: ['synthesis', 'stacks', 'resources', 'process s', 'plain s', 'ratio', 'warm s', 'plain s', 'ratio'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 8 }, () => 'right' as const)],
  });
  for (const { environment, stacks, resources, whole, warm } of rows)
    table.push([environment, stacks, resources, ...cells(whole), ...cells(warm)]);
  console.log(table.toString());
  console.log(
    [
      "plain: the same resources, properties, policies, outputs and code assets as the CDK's own L1s, without any L2.",
      "process: from start to exit, the CDK's own template validation included. warm: construction and synthesis alone, without it.",
      'Runs alternate; medians, and the median of the ratios of neighbouring runs.',
    ].join('\n'),
  );
}

/** What the offline run of a Pulumi program costs, and how that grows. */
function offlineRuns(): void {
  const table = new Table({
    head: ['offline run', 'resources', 'seconds', 'ms each', 'program MiB', 'judge MiB'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 5 }, () => 'right' as const)],
  });
  for (const size of OFFLINE_SIZES) {
    const { judge, program, resources, seconds } = offline(size);
    const each = ((seconds / resources) * 1000).toFixed(1);
    table.push(['Pulumi program', resources, seconds.toFixed(1), each, program.toFixed(0), judge.toFixed(0)]);
  }
  console.log(table.toString());
  console.log('From the start of `palisade check <folder>` to its end; median of three. The two processes run at the same time.');
}

const REVIEWED = 10_000;
const CHANGED = [0, 10, 100, 1_000];

/** Run from its source, because the pairs are part of the tests. */
function reviewed<T>(...args: readonly (string | number)[]): T {
  const file = join(__dirname, '..', '..', 'bench', 'review.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args.map(String)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`review ${args.join(' ')}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').pop() ?? '') as T;
}

/** What a review finds and costs, beside `cdk diff --security-only`. */
function reviews(): void {
  const { cdkDiff, harmless, review, weakenings } = reviewed<Found>('found');
  const share = (part: number, of: number) => `${part} of ${of} (${((part / of) * 100).toFixed(1)} %)`;
  const found = new Table({ head: ['review', 'weakenings told', 'false alarms'], style: { head: [], border: [], compact: true } });
  found.push(['palisade review', share(review.told, weakenings), share(review.alarms, harmless)]);
  found.push(['cdk diff --security-only', share(cdkDiff.told, weakenings), share(cdkDiff.alarms, harmless)]);
  console.log(found.toString());
  console.log(
    'The pairs of AWS under test/review/corpus. cdk diff: whether @aws-cdk/cloudformation-diff says that permissions are broadened.',
  );
  const costs = new Table({
    head: ['resources', 'changed', 'seconds', 'of it comparing', 'peak MiB', 'lines'],
    style: { head: [], border: [], compact: true },
    colAligns: Array.from({ length: 6 }, () => 'right' as const),
  });
  for (const changed of CHANGED) {
    const { comparing, lines, peak, resources, seconds } = reviewed<Cost>('cost', REVIEWED, changed);
    costs.push([resources, changed, seconds.toFixed(2), comparing.toFixed(2), peak.toFixed(0), lines]);
  }
  console.log(costs.toString());
  console.log('Both sides read from their templates, judged and compared: 500 principals and 400 stores among the resources of each.');
}

const PARTS: Readonly<Record<string, () => void>> = {
  engine: () => report((['mixed', 'buckets'] as const).flatMap((kind) => SIZES.map((size) => measured(kind, size)))),
  help,
  synthesis,
  offline: offlineRuns,
  review: reviews,
};
const only = process.argv[2];
if (only !== undefined && !(only in PARTS))
  throw new Error(`unknown bench "${only}": write ${Object.keys(PARTS).join(', ')}, or nothing for all`);
for (const [name, run] of Object.entries(PARTS)) if (only === undefined || only === name) run();
