/**
 * What the synthesis of an environment costs with hardened constructs, and what the same resources cost as plain L1s (see
 * `plain.ts`), in turn. Called twice over: as whole processes, which is what a person waits for and includes the loading of
 * the libraries and the CDK's own validation of templates; and within one warm process, without that validation, where
 * nothing hides what the constructs themselves cost.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { caseManagement } from '../stacks/aws/case-management';
import { landingZone } from '../stacks/aws/landing-zone';
import { plainProgram } from './plain';

const ENVIRONMENTS = {
  'case management': (app: App) => void caseManagement(app),
  'landing zone': (app: App) => void landingZone(app),
} as const;
export type Environment = keyof typeof ENVIRONMENTS;
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as readonly Environment[];

/** Medians, in seconds; the ratio is the median of the ratios of neighbouring runs. */
export interface Pair {
  readonly hardened: number;
  readonly plain: number;
  readonly ratio: number;
  readonly runs: number;
}

export interface Synthesis {
  readonly environment: Environment;
  readonly stacks: number;
  readonly resources: number;
  readonly whole: Pair;
  readonly warm: Pair;
}

const WARM_UP = 3;
const WARM_RUNS = 15;
const WHOLE_RUNS = 5;
const now = (): number => Number(process.hrtime.bigint()) / 1e9;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

function hardenedApp(environment: Environment): App {
  const app = new App({ analyticsReporting: false });
  ENVIRONMENTS[environment](app);
  return app;
}

/** Runs both sides in turn, each first every other time. */
function compare(runs: number, warmUp: number, hardened: () => number, plain: () => number): Pair {
  const pairs: { readonly hardened: number; readonly plain: number }[] = [];
  for (let run = -warmUp; run < runs; run += 1) {
    const early = run % 2 === 0 ? hardened() : undefined;
    const other = plain();
    if (run >= 0) pairs.push({ hardened: early ?? hardened(), plain: other });
    else if (early === undefined) hardened();
  }
  return {
    hardened: median(pairs.map((pair) => pair.hardened)),
    plain: median(pairs.map((pair) => pair.plain)),
    ratio: median(pairs.map((pair) => pair.hardened / pair.plain)),
    runs,
  };
}

function seconds(make: () => App): number {
  const start = now();
  const { directory } = make().synth();
  const taken = now() - start;
  rmSync(directory, { recursive: true, force: true });
  return taken;
}

function processSeconds(folder: string, args: readonly string[]): number {
  const out = join(folder, 'cdk.out');
  const env = { ...process.env, CDK_OUTDIR: out, CDK_VALIDATION: undefined };
  const start = now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 1 << 26 });
  const taken = now() - start;
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr.slice(-2000)}`);
  rmSync(out, { recursive: true, force: true });
  return taken;
}

function measure(environment: Environment): Synthesis {
  process.env.CDK_VALIDATION = 'false';
  const folder = mkdtempSync(join(tmpdir(), 'palisade-bench-'));
  const assembly = hardenedApp(environment).synth();
  try {
    const resources = assembly.stacksRecursively.reduce((sum, { template }) => sum + Object.keys(template.Resources ?? {}).length, 0);
    const program = join(folder, 'plain.js');
    writeFileSync(program, plainProgram(assembly));
    const { make } = require(program) as { make: () => App };
    return {
      environment,
      stacks: assembly.stacksRecursively.length,
      resources,
      whole: compare(
        WHOLE_RUNS,
        1,
        () => processSeconds(folder, [__filename, environment, 'synth']),
        () => processSeconds(folder, [program]),
      ),
      warm: compare(
        WARM_RUNS,
        WARM_UP,
        () => seconds(() => hardenedApp(environment)),
        () => seconds(make),
      ),
    };
  } finally {
    for (const made of [folder, assembly.directory]) rmSync(made, { recursive: true, force: true });
  }
}

if (require.main === module) {
  const [name, what] = process.argv.slice(2);
  const environment = ENVIRONMENT_NAMES.find((known) => known === name);
  if (!environment) throw new Error(`no environment "${name}"; there is ${ENVIRONMENT_NAMES.join(', ')}`);
  if (what === 'synth') hardenedApp(environment).synth();
  else process.stdout.write(`${JSON.stringify(measure(environment))}\n`);
}
