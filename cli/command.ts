/** What the command does with its arguments. Everything that costs time to load is loaded by the verb that needs it. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT, oneLine, UsageError } from './problem';

const SEVERITIES = ['low', 'medium', 'high', 'critical'];
const TIERS = ['low', 'moderate', 'high'];
const FORMATS = ['text', 'json', 'sarif'] as const;
const REVIEW_FORMATS = ['text', 'json', 'markdown', 'html', 'sarif'] as const;

/** Told apart from what the user gives: the first --format replaces it. */
const DEFAULT_FORMATS: readonly string[] = ['text'];

/** @param end told the exit status by the verb that ran */
function program(end: (status: number) => void): Command {
  const command = new Command('palisade')
    .description('A security baseline as code: judges AWS and Azure environments against one catalogue of 235 controls.')
    .version(version(), '--version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`palisade: ${oneLine(text.replace(/^error: /, ''))}\n`) });

  command
    .command('check')
    .description('judge targets: cdk.out folders, CloudFormation and ARM templates, Pulumi programs, previews and exports')
    .argument('[target...]', 'folders, files or globs; without any, the targets of palisade.yaml')
    .addOption(
      new Option('--format <name>', 'output format; repeat it for several')
        .choices(FORMATS)
        .argParser(collectFormats(FORMATS))
        .default(DEFAULT_FORMATS, 'text'),
    )
    .option('--out <file>', 'write to this file; with several formats, give it once for each, in the same order', collect, [])
    .option('--strict', 'what cannot be told fails the gate too')
    .addOption(new Option('--gate <severity>', 'lowest severity that fails (default: medium)').choices(SEVERITIES))
    .option('--config <file>', 'project file (default: palisade.yaml)')
    .addOption(new Option('--tier <tier>', 'judge as this tier, whatever is declared').choices(TIERS))
    .option('--today <date>', 'day that expiry is judged by, YYYY-MM-DD', parseDay)
    .option('--shard <i/n>', 'judge only the i-th of n equal parts of the targets')
    .option('--stack <name>', 'Pulumi stack to judge; repeat it for several', collect, [])
    .option('--all-stacks', 'judge every stack of a Pulumi program that has a settings file')
    .option('--answers <file>', 'results of functions and outputs of other stacks, for Pulumi programs (YAML or JSON)')
    .option('--timeout <seconds>', 'time that a Pulumi program may take (default: 60)', parseSeconds)
    .option('--baseline <file>', 'known findings: only new ones fail')
    .option('--update-baseline', 'write the baseline: a new one takes what fails today, an existing one only shrinks')
    .option('--all', 'include what passed, and print every finding')
    .option('--quiet', 'print nothing but problems')
    .action(async (targets: string[], options) => {
      const { runCheck } = await import('./verbs/check.js');
      end(await runCheck(targets, options));
    });

  const reviewed = (verb: Command): Command =>
    verb
      .option('--base <target...>', 'the state before: folders, templates, programs, or a commit')
      .option('--head <target...>', 'the state after');
  const judged = (verb: Command): Command =>
    verb
      .argument('[target...]', 'with commits: what is synthesised in them; without any, the targets of palisade.yaml')
      .option('--config <file>', 'project file (default: palisade.yaml; of a commit, its own)')
      .addOption(new Option('--tier <tier>', 'judge as this tier, whatever is declared').choices(TIERS))
      .option('--today <date>', 'day that expiry is judged by, YYYY-MM-DD', parseDay)
      .option('--stack <name>', 'Pulumi stack that is compared')
      .option('--answers <file>', 'results of functions and outputs of other stacks, for Pulumi programs')
      .option('--timeout <seconds>', 'time that one synthesis may take', parseSeconds)
      .option('--prepare <command>', 'with commits: builds the project in each worktree before it is synthesised')
      .option('--approvals <file>', 'recorded approvals (default: palisade.approvals.yaml)')
      .option('--quiet', 'print nothing but problems');

  const review = judged(reviewed(command.command('review')))
    .description('what a change means, for whoever must approve it')
    .addOption(
      new Option('--format <name>', 'output format; repeat it for several')
        .choices(REVIEW_FORMATS)
        .argParser(collectFormats(REVIEW_FORMATS))
        .default(DEFAULT_FORMATS, 'text'),
    )
    .option('--out <file>', 'write to this file; with several formats, give it once for each, in the same order', collect, [])
    .option('--all', 'print every line')
    .option('--attribute-upgrade', 'with commits: mark what comes from other library versions alone (synthesises once more)')
    .action(async (targets: string[], options) => {
      const { runReview } = await import('./verbs/review.js');
      end(await runReview(targets, options));
    });
  judged(reviewed(review.command('approve')))
    .description('record an approval of exactly this change')
    .requiredOption('--by <name>', 'who approves')
    .addOption(new Option('--as <role>', 'as what').choices(['security', 'data owner']).makeOptionMandatory())
    .action(async (targets: string[], _options, verb: Command) => {
      const { runApprove } = await import('./verbs/review.js');
      end(await runApprove(targets, verb.optsWithGlobals()));
    });
  judged(review.command('verify'))
    .description('whether this is a state that was approved')
    .action(async (targets: string[], _options, verb: Command) => {
      const { runVerify } = await import('./verbs/review.js');
      end(await runVerify(targets, verb.optsWithGlobals()));
    });

  command
    .command('controls')
    .description('the catalogue, and what enforces each control on each cloud')
    .argument('[id]', 'one control (TLS-03) or standard (TLS)')
    .option('--json', 'as JSON')
    .action(async (id: string | undefined, options) => {
      const { runControls } = await import('./verbs/controls.js');
      end(runControls(id, options));
    });
  return command;
}

function version(): string {
  // Not through cli/config: --help must not load a YAML parser.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (require(path) as { version: string }).version;
    } catch {}
  }
  return 'unknown';
}

const collect = (value: string, previous: string[]): string[] => [...previous, value];

const collectFormats =
  (known: readonly string[]) =>
  (value: string, previous: readonly string[] | undefined): readonly string[] => {
    if (!known.includes(value)) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    return previous && previous !== DEFAULT_FORMATS ? [...previous, value] : [value];
  };

function parseDay(text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('Write a day as YYYY-MM-DD.');
  return date;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) throw new InvalidArgumentError('Write a number of seconds.');
  return seconds;
}

/**
 * Runs the command: prints what it has to say, and leaves how to end to whoever called it.
 *
 * @param args as after the name of the command
 * @returns the exit status
 */
export async function run(args: readonly string[]): Promise<number> {
  let status: number = EXIT.nothingToActOn;
  try {
    await program((ended) => {
      status = ended;
    }).parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has printed its line already; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.nothingToActOn : EXIT.couldNotRun;
    const line =
      error instanceof UsageError ? error.message : `defect: ${error instanceof Error ? error.message : String(error)}; please report it`;
    process.stderr.write(`palisade: ${oneLine(line)}\n`);
    return EXIT.couldNotRun;
  }
}
