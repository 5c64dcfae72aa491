/** A commit in a throwaway worktree, with what its project synthesises; the user's own work tree is never touched. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { beforeWeEnd, killGroup } from '../policies/gather/process-group';
import { loadConfig } from './config';
import { oneLine, UsageError } from './problem';

/** A commit as it was checked out and synthesised. */
export interface Checkout {
  readonly ref: { readonly name: string; readonly commit: string };
  /** Folder that stands for the working directory. */
  readonly folder: string;
  /** The whole of the commit. */
  readonly tree: string;
  /** What is judged. */
  readonly targets: readonly string[];
  /** Words about the checkout as a person knows them: places as in the work tree, not where it was checked out. */
  told(words: string): string;
  remove(): void;
}

export interface CheckoutOptions {
  /** Targets as named on the command line. @default those of palisade.yaml, else what the folder is */
  readonly targets?: readonly string[];
  /** Command that builds the project in each worktree before it is synthesised. */
  readonly prepare?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** Commit whose libraries are installed instead of its own. */
  readonly libraries?: string | undefined;
}

/** Longest time that a synthesis or a build may take, in seconds. */
const TIMEOUT_SECONDS = 600;
/** As much of what a command prints to stderr as is kept, to say why it failed. */
const STDERR_KEPT = 64 * 1024;
/** Nothing of a cloud reaches the program: a review needs no role. */
const CLOUD = /^(AWS_|AZURE_|ARM_|PULUMI_|GOOGLE_|GITHUB_TOKEN|CI_JOB_TOKEN|CDK_)/;
const LOCKS = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'];

function git(folder: string, ...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 26 }).trimEnd();
  } catch (error) {
    const { code, stderr = '' } = error as { code?: string; stderr?: string };
    if (code === 'ENOENT') throw new UsageError('git is not installed: name folders or files as --base and --head instead');
    throw new UsageError(`git ${args[0]}: ${oneLine(String(stderr).replace(/^fatal: /, '')) || 'failed'}`);
  }
}

/** Whether a text names a commit of the repository that the working directory is in. */
export function isRef(text: string): boolean {
  const { status } = spawnSync('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`], { stdio: 'ignore' });
  return status === 0;
}

/**
 * Refuses a work tree with changes that no commit holds: `HEAD` would not show them. Recorded approvals are no part of what is
 * compared: the second person approves before the first approval is committed.
 * @throws UsageError that names one of them
 */
export function requireClean(approvals: string): void {
  const place = relative(git('.', 'rev-parse', '--show-toplevel'), resolve(realpathSync('.'), approvals));
  const but = place.startsWith('..') ? [] : ['--', ':(top)', `:(top,exclude,literal)${place}`];
  const changed = git('.', 'status', '--porcelain', '--untracked-files=no', ...but)
    .split('\n')
    .filter(Boolean);
  const [first] = changed;
  if (first !== undefined)
    throw new UsageError(
      `the work tree has changes that no commit holds (${first.slice(3)}${changed.length > 1 ? ` and ${changed.length - 1} more` : ''}): commit or stash them, or name folders instead of commits`,
    );
}

/**
 * Checks a commit out beside the work tree and synthesises it.
 * @throws UsageError one line that says which commit, what and what to do; nothing is left behind
 */
export async function checkOut(name: string, options: CheckoutOptions): Promise<Checkout> {
  const root = git('.', 'rev-parse', '--show-toplevel');
  const commit = git('.', 'rev-parse', '--verify', '--end-of-options', `${name}^{commit}`);
  const beside = mkdtempSync(join(realpathSync(tmpdir()), 'palisade-review-'));
  const tree = join(beside, 'tree');
  const release = beforeWeEnd(remove);
  function remove(): void {
    release();
    spawnSync('git', ['worktree', 'remove', '--force', tree], { cwd: root, stdio: 'ignore' });
    rmSync(beside, { recursive: true, force: true });
    spawnSync('git', ['worktree', 'prune'], { cwd: root, stdio: 'ignore' });
  }
  try {
    git(root, 'worktree', 'add', '--detach', '--quiet', tree, commit);
    const folder = join(tree, relative(root, realpathSync('.')));
    if (!existsSync(folder))
      throw new UsageError(`${name}: the folder ${relative(root, realpathSync('.'))} does not exist there; start in one that does`);
    if (options.libraries !== undefined) takeLibraries(tree, commit, options.libraries);
    await bringModules(tree, folder, root, name);
    if (options.prepare !== undefined) await run(options.prepare, folder, name, options.timeoutSeconds);
    const found = await targetsIn(folder, beside, name, options);
    const places: readonly (readonly [place: string, told: string])[] = [
      ...found.filter(({ path, told }) => path !== told),
      { path: folder, told: '.' },
      { path: tree, told: relative(folder, tree) || '.' },
    ].map(({ path, told }) => [path, told] as const);
    return { ref: { name, commit }, folder, tree, targets: found.map(({ path }) => path), told: (words) => toldIn(words, places), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function toldIn(words: string, places: readonly (readonly [place: string, told: string])[]): string {
  let told = words;
  for (const [place, as] of places) told = told.replaceAll(`${place}${sep}`, as === '.' ? '' : `${as}/`).replaceAll(place, as);
  return told;
}

/** The installed packages of the work tree where the lock file is the same, else an installation of its own. */
async function bringModules(tree: string, folder: string, root: string, name: string): Promise<void> {
  for (let at = folder; ; at = dirname(at)) {
    const own = join(root, relative(tree, at));
    if (existsSync(join(at, 'package.json')) && !existsSync(join(at, 'node_modules'))) {
      const modules = join(own, 'node_modules');
      if (existsSync(modules) && sameLock(at, own)) symlinkSync(modules, join(at, 'node_modules'), 'junction');
      else if (existsSync(join(at, 'package-lock.json'))) await run('npm ci --ignore-scripts --no-audit --no-fund', at, name);
    }
    if (at === tree || dirname(at) === at) return;
  }
}

const sameLock = (one: string, other: string): boolean => LOCKS.every((lock) => textOf(join(one, lock)) === textOf(join(other, lock)));
const textOf = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

const isLibraryFile = (file: string): boolean => LOCKS.includes(basename(file)) || basename(file) === 'package.json';
const changedFiles = (base: string, head: string): readonly string[] =>
  git('.', 'diff', '--name-only', '-z', '--no-renames', base, head).split('\0').filter(Boolean);

/** What another commit installs, in a worktree of this one; both know the file. */
function takeLibraries(tree: string, own: string, other: string): void {
  const files = changedFiles(own, other).filter((file) => isLibraryFile(file) && existsSync(join(tree, file)));
  const known = files.filter(
    (file) => spawnSync('git', ['cat-file', '-e', `${other}:${file}`], { cwd: tree, stdio: 'ignore' }).status === 0,
  );
  if (known.length > 0) git(tree, 'checkout', '--quiet', other, '--', ...known);
}

/** Whether two commits differ in what they install. */
export const differInLibraries = (base: string, head: string): boolean => changedFiles(base, head).some(isLibraryFile);

/** Whether two commits differ in what they install, and in nothing else. */
export function differOnlyInLibraries(base: string, head: string): boolean {
  const changed = changedFiles(base, head);
  return changed.length > 0 && changed.every(isLibraryFile);
}

/** What is judged, and how it is called: an app's output stands beside the worktree, and is told as the `cdk.out` of its folder. */
interface Found {
  readonly path: string;
  readonly told: string;
}

async function targetsIn(folder: string, beside: string, name: string, options: CheckoutOptions): Promise<readonly Found[]> {
  const declared = options.targets?.length ? options.targets : await declaredIn(folder);
  const wanted = declared.length > 0 ? declared : ['.'];
  const found: Found[] = [];
  for (const [at, target] of wanted.entries())
    found.push(...(await synthesised(resolve(folder, target), join(beside, `cdk.out.${at}`), folder, name, options)));
  if (found.length === 0)
    throw new UsageError(`${name}: nothing to review: neither cdk.json nor Pulumi.yaml here; name targets, or list them in palisade.yaml`);
  return found;
}

async function declaredIn(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'palisade.yaml');
  return existsSync(file) ? (await loadConfig(file, new Date())).targets.map((target) => relative(folder, resolve(target))) : [];
}

/** A file or program stands for itself, the folder of an app and its `cdk.out` for what the app synthesises. */
async function synthesised(
  target: string,
  out: string,
  folder: string,
  name: string,
  { timeoutSeconds }: CheckoutOptions,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const itself: Found = { path: target, told: relative(folder, target) || '.' };
  const app = existsSync(join(target, 'cdk.json'))
    ? target
    : !existsSync(target) && existsSync(join(dirname(target), 'cdk.json'))
      ? dirname(target)
      : undefined;
  if (app !== undefined) {
    await synthesise(app, out, name, timeoutSeconds);
    found.push({ path: out, told: join(relative(folder, app), 'cdk.out') });
  }
  if (existsSync(join(target, 'Pulumi.yaml')) || existsSync(join(target, 'Pulumi.yml'))) found.push(itself);
  if (found.length === 0 && existsSync(target)) found.push(itself);
  if (found.length === 0)
    throw new UsageError(`${name}: ${basename(target)} does not exist there, and no cdk.json beside it makes it; name another target`);
  return found;
}

interface CdkJson {
  readonly app?: string;
  readonly build?: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

async function synthesise(folder: string, out: string, name: string, timeoutSeconds?: number): Promise<void> {
  const json = (file: string): unknown => {
    try {
      return existsSync(join(folder, file)) ? JSON.parse(readFileSync(join(folder, file), 'utf8')) : {};
    } catch {
      throw new UsageError(`${name}: ${file} is not JSON`);
    }
  };
  const { app, build, context } = json('cdk.json') as CdkJson;
  if (typeof app !== 'string') throw new UsageError(`${name}: cdk.json names no "app"; name the folder that was synthesised instead`);
  // What the CDK's own command would tell the app; bundling is left out, because nothing is deployed.
  const told = { ...context, ...(json('cdk.context.json') as object), 'aws:cdk:enable-path-metadata': true, 'aws:cdk:bundling-stacks': [] };
  if (build !== undefined) await run(build, folder, name, timeoutSeconds);
  try {
    await run(app, folder, name, timeoutSeconds, { CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify(told) });
  } catch (error) {
    // A pack of the app refuses what was written: whoever reviews it has to see it all the same.
    if (!isRefusedByPacks(out)) throw error;
  }
  if (!existsSync(join(out, 'manifest.json'))) throw new UsageError(`${name}: "${app}" wrote no cdk.out; see that app.synth() is called`);
}

/** Whether everything was written, and a pack of rules then let the synthesis fail. */
function isRefusedByPacks(out: string): boolean {
  const report = textOf(join(out, 'validation-report.json')) ?? textOf(join(out, 'policy-validation-report.json'));
  return existsSync(join(out, 'manifest.json')) && /"(conclusion|status)"\s*:\s*"failure"/.test(report ?? '');
}

/** Runs a command of the project in a shell, as the tools do whose settings it stands in; what it starts ends with it, and with us. */
async function run(
  command: string,
  folder: string,
  name: string,
  timeoutSeconds = TIMEOUT_SECONDS,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !CLOUD.test(key))),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...more,
  };
  const child = spawn(command, { cwd: folder, env, shell: true, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const kill = () => killGroup(child);
  const release = beforeWeEnd(kill);
  let timedOut = false;
  const clock = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutSeconds * 1000);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-STDERR_KEPT);
  });
  try {
    const status = await new Promise((finish, fail) => {
      child.on('error', fail);
      child.on('exit', (code) => {
        // What it left behind would hold the pipe open.
        kill();
        child.on('close', () => finish(code));
      });
    });
    if (status === 0) return;
  } catch (error) {
    throw new UsageError(`${name}: "${command}" cannot be started: ${oneLine((error as Error).message)}`);
  } finally {
    clearTimeout(clock);
    release();
  }
  throw new UsageError(
    `${name}: "${command}" ${timedOut ? `did not end within ${timeoutSeconds} seconds` : `failed: ${lastWords(stderr)}`}`,
  );
}

/** The line that says what went wrong, where there is one. */
function lastWords(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const told = lines.find((line) => /^(Uncaught )?([A-Z]\w*)?(Error|Exception)\b[^:]*: /.test(line)) ?? lines.filter(Boolean).pop();
  return oneLine(told ?? 'it said nothing').slice(0, 300);
}
