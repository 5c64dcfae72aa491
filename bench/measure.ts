/**
 * One app of one size, in a process of its own: what Palisade needs to gather and to judge it, and what cdk-nag's
 * AwsSolutions and NIST 800-53 R5 packs need on the same tree in the same process. Prints one JSON line.
 */
import type { PolicyValidationPluginReport } from 'aws-cdk-lib';
import { AwsSolutionsChecks, NIST80053R5Checks } from 'cdk-nag';
import { evaluate, RULES } from '../policies';
import { gatherConstructs } from '../policies/gather/constructs';
import { bucketApp, mixedApp } from './apps';

export interface Measurement {
  readonly kind: 'mixed' | 'buckets';
  readonly resources: number;
  readonly gather: number;
  readonly evaluate: number;
  /** Check functions; several can share a rule id. */
  readonly rules: number;
  readonly findings: number;
  readonly nag: { readonly seconds: number; readonly rules: number; readonly findings: number };
}

const WARM_UP = 5_000;
const WARM_SECONDS = 4;
const MEASURE_SECONDS = 6;
const MOST_RUNS = 9;
const MIB = 1024;
const peak = (): number => process.resourceUsage().maxRSS / MIB;
const now = (): number => Number(process.hrtime.bigint()) / 1e9;

/** Peak resident memory of the process, MiB: with the construct tree alone, and after gathering and judging. */
export interface Memory {
  readonly tree: number;
  readonly peak: number;
}

function memory(kind: Measurement['kind'], resources: number): Memory {
  const app = kind === 'mixed' ? mixedApp(resources) : bucketApp(resources);
  const tree = peak();
  evaluate(gatherConstructs(app).graph, { rules: RULES });
  return { tree, peak: peak() };
}

function forSeconds(seconds: number, work: () => unknown): void {
  for (const end = now() + seconds; now() < end; ) work();
}

function measure(kind: Measurement['kind'], resources: number): Measurement {
  const app = kind === 'mixed' ? mixedApp(resources) : bucketApp(resources);
  const rules = RULES.filter(({ cloud }) => cloud === 'aws');
  // Both sides have run for a while before they are measured: a compiler's start-up is not what grows.
  const warmUp = kind === 'mixed' ? mixedApp(WARM_UP) : bucketApp(WARM_UP);
  forSeconds(WARM_SECONDS, () => evaluate(gatherConstructs(warmUp).graph, { rules }));
  forSeconds(WARM_SECONDS, () => [new AwsSolutionsChecks(), new NIST80053R5Checks()].map((pack) => pack.validateScope(warmUp)));

  // Each run gathers anew, and both steps are timed in the same run: a graph that has been judged has its indexes already.
  const runs: { readonly gather: number; readonly evaluate: number; readonly found: number; readonly size: number }[] = [];
  const whole = medianOf(() => {
    const start = now();
    const { graph } = gatherConstructs(app);
    const gathered = now();
    const { findings } = evaluate(graph, { rules });
    runs.push({ gather: gathered - start, evaluate: now() - gathered, found: findings.length, size: graph.size });
  });
  const { gather, evaluate: judging, found, size } = closestTo(whole, runs);

  let reports: readonly PolicyValidationPluginReport[] = [];
  const seconds = medianOf(() => {
    reports = [new AwsSolutionsChecks(), new NIST80053R5Checks()].map((pack) => pack.validateScope(app));
  });
  const findings = reports.flatMap(({ violations }) => violations.flatMap(({ violatingResources }) => violatingResources)).length;
  const nag = { seconds, rules: countNagRules(), findings };
  return { kind, resources: size, gather, evaluate: judging, rules: rules.length, findings: found, nag };
}

/** The run whose whole took the median time. */
function closestTo<T extends { readonly gather: number; readonly evaluate: number }>(whole: number, runs: readonly T[]): T {
  const distance = ({ gather, evaluate }: T) => Math.abs(gather + evaluate - whole);
  return [...runs].sort((one, other) => distance(one) - distance(other))[0] as T;
}

/** Median of several runs, as many as fit into some seconds, so that one disturbance does not decide. */
function medianOf(work: () => void): number {
  const times: number[] = [];
  for (const end = now() + MEASURE_SECONDS; times.length === 0 || (now() < end && times.length < MOST_RUNS); ) {
    const start = now();
    work();
    times.push(now() - start);
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length / 2)] as number;
}

/** Rules of the two packs: each is one call of `applyRule` for one resource. */
function countNagRules(): number {
  let count = 0;
  const [resource] = mixedApp(1)
    .node.findAll()
    .filter((node) => 'cfnResourceType' in node);
  for (const Pack of [AwsSolutionsChecks, NIST80053R5Checks]) {
    const pack = new Pack() as unknown as { applyRule(params: unknown): void; checkResource(node: unknown): void };
    pack.applyRule = () => {
      count += 1;
    };
    pack.checkResource(resource);
  }
  return count;
}

const [kind, resources, what] = process.argv.slice(2);
const of = [kind as Measurement['kind'], Number(resources)] as const;
process.stdout.write(`${JSON.stringify(what === 'memory' ? memory(...of) : measure(...of))}\n`);
