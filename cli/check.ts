import { existsSync } from 'node:fs';
import { CONTROLS, type ControlId, type Severity, type Tier } from '../controls';
import { evaluate, RULES } from '../policies';
import { GatherError, type Gathered, gather, stacksOf } from '../policies/gather';
import { CheckReport } from '../review/document';
import type { CheckDocument } from '../review/schema';
import { type Config, loadConfig, packageVersion } from './config';
import { EXIT, oneLine, type Problem, problemLine, UsageError } from './problem';
import { expandTargets, mayBeTemplate, type Shard, type Target } from './targets';

export interface CheckOptions {
  readonly config?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly gate?: Severity | undefined;
  readonly strict?: boolean | undefined;
  readonly today?: Date | undefined;
  readonly shard?: Shard | undefined;
  /** Pulumi stacks to judge. @default the one that `PULUMI_STACK` names, the only one, or the first by name */
  readonly stacks?: readonly string[] | undefined;
  /** Judge every stack that a Pulumi program has settings for. */
  readonly allStacks?: boolean | undefined;
  /** Answers for Pulumi programs: results of functions, outputs of other stacks. */
  readonly answers?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** Keys of the findings that are known already. */
  readonly known?: ReadonlySet<string> | undefined;
  /** Include passing findings. */
  readonly all?: boolean | undefined;
  /** Told before each target, and at the end with `done` equal to `of`. */
  readonly progress?: ((path: string, done: number, of: number) => void) | undefined;
}

export interface CheckResult {
  readonly document: CheckDocument;
  /** Errors of the config, which make the run "could not run" however clean the targets are. */
  readonly problems: readonly Problem[];
  readonly status: number;
}

/** Gathers, judges and collects: what `palisade check` does, without printing. */
export async function check(given: readonly string[], options: CheckOptions = {}): Promise<CheckResult> {
  const today = options.today ?? new Date();
  const config = await loadConfig(options.config, today);
  const wanted = given.length > 0 ? given : config.targets;
  if (wanted.length === 0)
    throw new UsageError('nothing to check: name a cdk.out folder, a template or a Pulumi program, or list targets in palisade.yaml');
  // Without a program nobody would open it, and a slip of the pen would go unnoticed.
  if (options.answers !== undefined && !existsSync(options.answers))
    throw new UsageError(`${options.answers}: there is no such file; write one, or leave --answers out`);
  const targets = await expandTargets(wanted, options.shard);
  const report = new CheckReport();
  for (const [done, target] of targets.entries()) {
    options.progress?.(target.path, done, targets.length);
    for (const stack of await stacksFor(target, options)) await judgeTarget({ ...target, ...stack }, report, config, options, today);
  }
  options.progress?.('', targets.length, targets.length);
  const document = report.document(Object.keys(CONTROLS) as ControlId[], {
    version: packageVersion(),
    today,
    threshold: options.gate ?? config.gate ?? 'medium',
    strict: options.strict ?? config.strict ?? false,
    attested: new Set(config.attestations.map(({ control }) => control)),
    known: options.known,
  });
  const problems = [...config.problems, ...waiverProblems(document, config), ...nothingJudged(document)];
  return { document, problems, status: statusOf(document, problems) };
}

/** Stacks as which a target is judged: of what is no Pulumi program, or where nobody names one, the default. */
async function stacksFor(target: Target, { stacks = [], allStacks = false }: CheckOptions): Promise<readonly { stack?: string }[]> {
  if (target.error !== undefined || target.left !== undefined) return [{}];
  let known: readonly string[] = [];
  try {
    known = allStacks ? await stacksOf(target.path) : [];
  } catch {
    // Whoever reads the program says what is wrong with it.
  }
  const wanted = [...new Set([...stacks, ...known])];
  return wanted.length > 0 ? wanted.map((stack) => ({ stack })) : [{}];
}

async function judgeTarget(
  target: Target & { readonly stack?: string },
  report: CheckReport,
  config: Config,
  options: CheckOptions,
  today: Date,
): Promise<void> {
  if (target.error !== undefined) return report.addFailed(target.path, target.error);
  if (target.left !== undefined) return report.addSkipped(target.path, target.left);
  let gathered: Gathered;
  try {
    gathered = await gather(target.path, { ...options, stack: target.stack });
  } catch (error) {
    if (target.found && error instanceof GatherError && !mayBeTemplate(target.path))
      return report.addSkipped(target.path, 'is no template');
    // A defect of ours is told like a bad input: the other targets are still judged, and the status is 2 either way.
    const line =
      error instanceof GatherError ? error.message : `${target.path}: could not be read because of a defect in Palisade: ${String(error)}`;
    report.addFailed(target.path, oneLine(line), error instanceof GatherError ? error.trace : []);
    return;
  }
  const { graph, kind, waivers } = gathered;
  const evaluation = evaluate(graph, {
    rules: RULES,
    tier: options.tier,
    profile: config.profile,
    waivers: [...config.waivers, ...waivers],
    today,
    passes: options.all ?? false,
  });
  report.add({
    path: several(options) && kind === 'pulumi-program' && target.stack !== undefined ? `${target.path} (${target.stack})` : target.path,
    kind,
    graph,
    evaluation,
  });
}

const several = ({ stacks = [], allStacks = false }: CheckOptions): boolean => allStacks || stacks.length > 1;

/** Malformed, unknown and expired waivers of palisade.yaml are errors of the config. */
function waiverProblems(document: CheckDocument, config: Config): readonly Problem[] {
  return document.waivers
    .filter(({ level, location }) => level === 'error' && location?.file === config.file)
    .map(({ message, location }) => ({ what: message, location }));
}

/** A folder in which nothing was a template is a wrong folder. A shard may well be empty: the others hold the targets. */
function nothingJudged({ targets }: CheckDocument): readonly Problem[] {
  if (targets.length === 0 || targets.some(({ status }) => status !== 'skipped')) return [];
  const [{ path, notes: [why] = [] }] = targets as [CheckDocument['targets'][number]];
  return [{ what: `nothing to check: ${path} ${why}${targets.length > 1 ? `, nor is anything of ${targets.length - 1} more` : ''}` }];
}

function statusOf({ targets, summary }: CheckDocument, problems: readonly Problem[]): number {
  if (problems.length > 0 || targets.some(({ status }) => status === 'failed')) return EXIT.couldNotRun;
  return summary.gate === 'failed' ? EXIT.findings : EXIT.nothingToActOn;
}

/** One line for each thing that kept the run from being whole. */
export const problemLines = ({ document, problems }: CheckResult): readonly string[] => [
  ...problems.map(problemLine),
  ...document.targets.flatMap(({ error }) => (error ? [error] : [])),
];
