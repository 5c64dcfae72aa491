import { createColors, isColorSupported } from 'picocolors';
import type { Severity, Tier } from '../../controls';
import type { CheckDocument } from '../../review/schema';
import { readBaseline, writeBaseline } from '../baseline';
import { type CheckResult, check, problemLines } from '../check';
import { EXIT, problemLine, UsageError } from '../problem';
import { parseShard } from '../targets';
import { writeAside } from '../write';

interface Flags {
  readonly format: readonly ('text' | 'json' | 'sarif')[];
  readonly out: readonly string[];
  readonly strict?: boolean;
  readonly gate?: Severity;
  readonly config?: string;
  readonly tier?: Tier;
  readonly today?: Date;
  readonly shard?: string;
  readonly stack: readonly string[];
  readonly allStacks?: boolean;
  readonly answers?: string;
  readonly timeout?: number;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/** `palisade check`: judges, prints or writes each format, and returns the exit status. */
export async function runCheck(targets: readonly string[], flags: Flags): Promise<number> {
  if (flags.out.length > 0 && flags.out.length !== flags.format.length) {
    throw new UsageError(
      `${flags.format.length} formats but ${flags.out.length} --out: give one --out for each --format, in the same order`,
    );
  }
  if (flags.updateBaseline && flags.baseline === undefined)
    throw new UsageError('--update-baseline needs --baseline FILE, the file to write');
  const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline, flags.updateBaseline === true);
  const result = await check(targets, {
    ...flags,
    shard: flags.shard === undefined ? undefined : parseShard(flags.shard),
    stacks: flags.stack,
    timeoutSeconds: flags.timeout,
    known: baseline?.keys,
    progress: flags.quiet ? undefined : progressLine(),
  });
  for (const [index, format] of flags.format.entries()) {
    const file = flags.out[index];
    const text = await render(result.document, format, file === undefined, { all: flags.all === true });
    if (file !== undefined) await writeAside(file, text);
    else if (!flags.quiet) process.stdout.write(text);
  }
  // Where something could not be read, what it held would be lost from the baseline.
  if (baseline && flags.updateBaseline && result.status !== EXIT.couldNotRun) await writeBaseline(baseline, result.document);
  // On a terminal the text has told them already, just above.
  const told = flags.format.some((format, index) => format === 'text' && flags.out[index] === undefined) && !flags.quiet;
  printProblems(result, told && process.stdout.isTTY === true && process.stderr.isTTY === true);
  return result.status;
}

/** Findings that are printed, the worst first; thousands of lines help nobody at a terminal. Files hold them all. */
const MOST_PRINTED = 100;

export async function render(
  document: CheckDocument,
  format: Flags['format'][number],
  toTerminal: boolean,
  { whole = false, all = false } = {},
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../../review/report/json.js')).toJson(document);
    case 'sarif':
      return (await import('../../review/report/sarif.js')).toSarif(document);
    case 'text':
      return (await import('../../review/report/text.js')).toText(document, {
        colors: createColors(toTerminal && isColorSupported && process.stdout.isTTY),
        ...(toTerminal && !all ? { most: MOST_PRINTED } : {}),
        whole,
      });
  }
}

/** @param told whether the reader has seen the lines of targets, and only those of the config are new */
export function printProblems(result: CheckResult, told = false): void {
  for (const line of told ? result.problems.map(problemLine) : problemLines(result)) process.stderr.write(`palisade: ${line}\n`);
}

/** One line that overwrites itself, on a terminal only. */
function progressLine(): ((path: string, done: number, of: number) => void) | undefined {
  if (!process.stderr.isTTY) return undefined;
  return (path, done, of) => {
    if (done === of) {
      process.stderr.write('\r\u001b[2K');
      return;
    }
    process.stderr.write(
      `\r\u001b[2K${done + 1 === of && of === 1 ? 'judging' : `judging ${done + 1} of ${of}:`} ${path.slice(-Math.max(20, (process.stderr.columns || 80) - 30))}`,
    );
  };
}
