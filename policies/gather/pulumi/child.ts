/** Runs the program in a process group of its own, in which nothing of it can reach ours. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeWeEnd, killGroup } from '../process-group';
import { GatherError } from '../target';
import type { Monitor } from './monitor';
import { type Report, SETTINGS_VARIABLE } from './preload-settings';
import type { Project } from './project';
import type { PulumiRuntime } from './runtime';

export interface RunOptions {
  readonly folder: string;
  readonly organization: string;
  readonly timeoutSeconds: number;
  readonly heapMb: number;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly reports: readonly Report[];
  readonly stderr: string;
  /** Lines on standard output. */
  readonly printed: number;
}

/** As much of what the program prints to stderr as is kept, to recognise how Node itself ends. */
const STDERR_KEPT = 64 * 1024;
/** Never handed on: they would change how the program runs here, or belong to the Pulumi CLI. */
const WITHHELD = /^(PULUMI_.*|NODE_OPTIONS|NODE_V8_COVERAGE|NODE_CHANNEL_FD|TSX_.*|VITEST.*)$/;

/**
 * Runs the program to its end against a monitor that listens at `address`.
 * @throws GatherError that names what went wrong, with file and line of the user's source where they are known
 */
export async function runProgram(
  project: Project,
  runtime: PulumiRuntime,
  monitor: Monitor,
  address: string,
  options: RunOptions,
): Promise<void> {
  const args = [
    ...nodeArgsOf(project, options),
    runtime.run,
    ...[`--monitor=${address}`, `--engine=${address}`, `--project=${project.name}`, `--stack=${project.stack}`],
    ...[`--organization=${options.organization}`, `--root-directory=${resolve(options.folder)}`, `--pwd=${resolve(project.pwd)}`],
    ...['--parallel=16', '--dry-run', project.program],
  ];
  const ending = await run(args, environmentOf(project, options), options);
  for (const report of ending.reports) if (report.kind === 'note') monitor.notes.add(report.text);
  if (ending.printed > 0)
    monitor.notes.add(`the program prints to standard output (${ending.printed} line${ending.printed === 1 ? '' : 's'}): dropped`);
  const failure = failureOf(ending, monitor, project, options);
  if (failure) throw failure;
}

function nodeArgsOf(project: Project, { heapMb }: RunOptions): string[] {
  const load = createRequire(__filename);
  const preload = [join(__dirname, 'preload.js'), join(__dirname, 'preload.ts')].find((file) => existsSync(file)) as string;
  const typed = preload.endsWith('.ts') || isTypeScript(project);
  const tsx = typed ? ['--require', load.resolve('tsx/cjs')] : [];
  const modules = typed && isModule(project.pwd) ? ['--import', pathToFileURL(load.resolve('tsx/esm')).href] : [];
  return [`--max-old-space-size=${heapMb}`, '--no-warnings', ...tsx, ...modules, '--require', preload, ...project.nodeArgs];
}

function isTypeScript({ pwd, program }: Project): boolean {
  if (program !== '.') return /\.[cm]?tsx?$/.test(program) || !/\.[cm]?jsx?$/.test(program);
  return existsSync(join(pwd, 'tsconfig.json')) || readdirSync(pwd).some((name) => /\.[cm]?ts$/.test(name));
}

/** Whether the nearest package.json says that its files are ES modules. */
function isModule(folder: string): boolean {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) {
      try {
        return (JSON.parse(readFileSync(file, 'utf8')) as { type?: string }).type === 'module';
      } catch {
        throw new GatherError('is not JSON: npm cannot read it either', file);
      }
    }
    if (dirname(at) === at) return false;
  }
}

function environmentOf(project: Project, { folder }: RunOptions): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !WITHHELD.test(name));
  return {
    ...Object.fromEntries(kept),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(project.config)),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(project.secretKeys),
    [SETTINGS_VARIABLE]: JSON.stringify({ root: resolve(folder), encrypted: project.encrypted }),
  };
}

const NEWLINE = 10;
/** How long the last words of an ended program are waited for, in milliseconds. */
const LAST_WORDS = 1000;

function run(args: readonly string[], env: NodeJS.ProcessEnv, { folder, timeoutSeconds }: RunOptions): Promise<Ending> {
  return new Promise((finish, fail) => {
    const child = spawn(process.execPath, args, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    const kill = () => killGroup(child);
    const release = beforeWeEnd(kill);
    let timedOut = false;
    const clock = setTimeout(() => {
      timedOut = true;
      kill();
    }, timeoutSeconds * 1000);
    let printed = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      for (const byte of chunk) if (byte === NEWLINE) printed += 1;
    });
    let stderr = '';
    let told = '';
    child.stderr?.on('data', (chunk) => {
      stderr = (stderr + chunk).slice(-STDERR_KEPT);
    });
    child.stdio[3]?.on('data', (chunk) => {
      told += chunk;
    });
    child.on('exit', (code, signal) => {
      clearTimeout(clock);
      release();
      kill();
      // Something that the program started elsewhere may hold its pipes open for ever.
      const last = setTimeout(end, LAST_WORDS);
      child.on('close', end);
      function end(): void {
        clearTimeout(last);
        finish({ code, signal, timedOut, reports: reportsIn(told), stderr, printed });
      }
    });
    child.on('error', (error) => {
      clearTimeout(clock);
      release();
      fail(new GatherError(`cannot start Node to run the program: ${error.message}`, folder, undefined, 'tool'));
    });
  });
}

function reportsIn(told: string): Report[] {
  return told.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Report];
    } catch {
      return [];
    }
  });
}

function failureOf(ending: Ending, monitor: Monitor, project: Project, options: RunOptions): GatherError | undefined {
  const { folder, timeoutSeconds, heapMb } = options;
  const at = (file: string | undefined) => (file === undefined ? entryOf(project, folder) : join(folder, relative(resolve(folder), file)));
  if (ending.timedOut)
    return new GatherError(
      `the program did not end within ${timeoutSeconds} seconds: something keeps it waiting, or give it more time`,
      at(undefined),
    );
  if (/JavaScript heap out of memory/.test(ending.stderr))
    return new GatherError(`the program needs more than ${heapMb} MB of memory: give it a larger heap`, at(undefined));
  const error = ending.reports.find((report) => report.kind === 'error');
  const { finished } = monitor;
  if (error && (ending.code !== 0 || !finished))
    return new GatherError(sentence(error.name, error.message), at(error.file), error.line, 'user', error.trace);
  const exit = ending.reports.find((report) => report.kind === 'exit');
  if (exit && !(finished && ending.code === 0))
    return new GatherError(
      `the program calls process.exit(${exit.code}) before it is done: let it end by itself`,
      at(exit.file),
      exit.line,
    );
  const [logged] = monitor.errors;
  if (logged !== undefined) return new GatherError(`the program logged an error: ${firstLine(logged)}`, at(undefined));
  if (/^The Pulumi runtime detected that/m.test(ending.stderr))
    return new GatherError(
      'the program ends while resources still wait for a value that never comes: look for a promise or a cycle',
      at(undefined),
    );
  if (ending.code !== 0) return new GatherError(`the program ended with ${ending.signal ?? `exit status ${ending.code}`}`, at(undefined));
  return finished
    ? undefined
    : new GatherError(
        'the program ends while it still waits for a promise that nothing resolves: look for what it exports or awaits',
        at(undefined),
      );
}

function entryOf(project: Project, folder: string): string {
  if (project.program !== '.') return join(project.pwd, project.program);
  const index = ['index.ts', 'index.js', 'index.mts', 'index.mjs']
    .map((name) => join(project.pwd, name))
    .find((file) => existsSync(file) && statSync(file).isFile());
  return index ?? folder;
}

const firstLine = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? '';

function sentence(name: string, message: string): string {
  const compiler = /^Transform failed with \d+ errors?:\n(?:.*?:\d+:\d+: )?(?:ERROR: )?(.*)/.exec(message);
  if (compiler) return `does not compile: ${compiler[1]}`;
  if (name === 'SyntaxError') return `does not compile: ${firstLine(message)}`;
  const missing = /^Missing required configuration variable '([^']+)'/.exec(message);
  if (missing) return `the program needs the configuration value "${missing[1]}": write it in the stack's Pulumi.<stack>.yaml`;
  const module_ = /^Cannot find (?:module|package) '([^']+)'/.exec(message);
  if (module_) return `the program cannot load "${module_[1]}": run "npm install" first, or mend the import`;
  return `the program failed: ${name === 'Error' ? '' : `${name}: `}${firstLine(message)}`;
}
