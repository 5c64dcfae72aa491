/**
 * `npm run bench`: how time and memory grow with the number of resources, and how that compares with cdk-nag on the same
 * trees in the same run. Ratios are what counts: absolute times differ from machine to machine. It reports, and fails
 * only when something could not be measured.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Measurement } from './measure';

const SIZES = [1_000, 10_000, 50_000];
/** cdk-nag is measured up to here; beyond, its time on the bucket-heavy app is minutes. */
const NAG_UP_TO = 10_000;
const HELP_RUNS = 15;

function measured(kind: Measurement['kind'], size: number): Measurement {
  const args = [
    '--expose-gc',
    '--max-old-space-size=12288',
    '--stack-trace-limit=0',
    join(__dirname, 'measure.js'),
    kind,
    String(size),
    size <= NAG_UP_TO ? 'nag' : 'alone',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${kind} ${size}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').pop() ?? '') as Measurement;
}

const perRule = (seconds: number, rules: number, resources: number): number => (seconds / rules / resources) * 1e9;
const ratio = (text: number): string => `${text.toFixed(1)}x`;

function report(rows: readonly Measurement[]): void {
  console.log(
    'app      resources  gather s  judge s  memory MiB  rules  ns per rule and resource   cdk-nag s  rules  ns per rule and resource  ratio (judge)  ratio (gather + judge)',
  );
  for (const row of rows) {
    const own = perRule(row.evaluate, row.rules, row.resources);
    const whole = perRule(row.evaluate + row.gather, row.rules, row.resources);
    const theirs = row.nag ? perRule(row.nag.seconds, row.nag.rules, row.resources) : undefined;
    const cells = [
      row.kind.padEnd(8),
      String(row.resources).padStart(9),
      row.gather.toFixed(2).padStart(9),
      row.evaluate.toFixed(2).padStart(8),
      row.memory.toFixed(0).padStart(11),
      String(row.rules).padStart(6),
      own.toFixed(1).padStart(25),
    ];
    if (row.nag && theirs !== undefined)
      cells.push(
        row.nag.seconds.toFixed(2).padStart(12),
        String(row.nag.rules).padStart(6),
        theirs.toFixed(1).padStart(25),
        ratio(theirs / own).padStart(14),
        ratio(theirs / whole).padStart(23),
      );
    console.log(cells.join(' '));
  }
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

report((['mixed', 'buckets'] as const).flatMap((kind) => SIZES.map((size) => measured(kind, size))));
help();
