import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { readText } from '../policies/gather/source';
import { UsageError } from './problem';

/** Endings of files that can be templates; everything else in a folder is left alone. */
const TEMPLATE = /\.(json|jsonc|yaml|yml|template)$/;
const NEVER_FILE = /^(package|package-lock|tsconfig.*)\.json$/;
/** Values for a template, by the name that Azure and its tools give the file. */
const PARAMETERS = /\.parameters(\.[\w-]+)?\.json$/i;
const NEVER_FOLDER = new Set(['node_modules', '.git']);
const NEVER = ['**/node_modules/**', '**/.git/**', '**/package.json', '**/package-lock.json', '**/tsconfig*.json'];

export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** One thing to judge. */
export interface Target {
  readonly path: string;
  /** It came out of a folder: nobody said that it is a template, and it may turn out to be none. */
  readonly found?: true;
  /** Why there is nothing to judge. One line. */
  readonly error?: string;
  /** Why it was left alone. One line. */
  readonly left?: string;
}

/**
 * Turns what the user wrote into targets: a `cdk.out` folder, a Pulumi program and a file stand for themselves, any
 * other folder for the `cdk.out` folders and templates in it, a glob for what it matches. Sorted, each once. What stands
 * for nothing is a target with an error, so that the others are still judged.
 */
export async function expandTargets(given: readonly string[], shard?: Shard): Promise<readonly Target[]> {
  const targets = new Map<string, Target>();
  for (const text of given) {
    for (const target of await expand(text)) if (!targets.has(resolve(target.path))) targets.set(resolve(target.path), target);
  }
  // A pattern, also one that the shell resolved, names files of parameters beside the templates that they belong to.
  const several = targets.size > 1;
  const sorted = [...targets.values()]
    .map((target) => (several && PARAMETERS.test(target.path) ? { ...target, found: true as const } : target))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return shard ? sorted.filter((_, position) => position % shard.of === shard.index - 1) : sorted;
}

async function expand(text: string): Promise<readonly Target[]> {
  if (existsSync(text)) {
    if (!statSync(text).isDirectory() || isOneTarget(text)) return [{ path: text }];
    const inside = [...walk(text, new Set())];
    if (inside.length > 0) return inside;
    return [failed(text, 'holds no cdk.out, no Pulumi program and no template (JSON or YAML); name the folder that does')];
  }
  if (!isDynamicPattern(text)) return [{ path: text }];
  const matches = await glob(text, { ignore: NEVER, onlyFiles: false, expandDirectories: false });
  if (matches.length === 0) return [failed(text, 'matches nothing; check the pattern')];
  return matches.map((match) => ({ path: match.replace(/\/$/, '') }));
}

/** Everything in a folder that may be judged. A folder behind several links is entered once. */
function* walk(folder: string, seen: Set<string>): Generator<Target> {
  let entries: readonly Dirent[];
  try {
    const real = realpathSync(folder);
    if (seen.has(real)) return;
    seen.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    yield failed(folder, `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}): check its permissions`);
    return;
  }
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && existsSync(path) && statSync(path).isDirectory())) {
      if (!NEVER_FOLDER.has(entry.name)) yield* ofFolder(path, seen);
    } else if (TEMPLATE.test(entry.name) && !NEVER_FILE.test(entry.name)) yield { path, found: true };
  }
}

function* ofFolder(path: string, seen: Set<string>): Generator<Target> {
  if (isAssembly(path)) yield { path };
  // What a program does is its author's business: it is run when it is named, not because it was found.
  else if (isProgram(path)) yield { path, left: 'is a Pulumi program, which is run only when it is named' };
  else yield* walk(path, seen);
}

const failed = (path: string, why: string): Target => ({ path, error: `${path}: ${why}` });
const isOneTarget = (folder: string): boolean => isProgram(folder) || isAssembly(folder);
const isProgram = (folder: string): boolean => ['Pulumi.yaml', 'Pulumi.yml'].some((name) => existsSync(join(folder, name)));

/** Web applications have a `manifest.json` too. A broken one is for the reader of assemblies to explain. */
function isAssembly(folder: string): boolean {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) return false;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof manifest === 'object' && manifest !== null && ('artifacts' in manifest || existsSync(join(folder, 'cdk.out')));
  } catch {
    return true;
  }
}

/**
 * Whether a file that could not be read as a template may be a broken one, rather than the settings of some tool. What is
 * empty, binary or unreadable may be anything.
 */
export function mayBeTemplate(path: string): boolean {
  try {
    const text = readText(path);
    // Read with the template that it belongs to.
    if (/"\$schema"\s*:\s*"[^"]*deploymentParameters\.json/i.test(text)) return false;
    return /Resources|AWSTemplateFormatVersion|AWS::|Microsoft\.|deploymentTemplate|schema\.management\.azure\.com|urn:pulumi/.test(text);
  } catch {
    return true;
  }
}

/** Reads `--shard 2/5`. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > of) throw new UsageError(`--shard ${text}: write it as i/n with 1 <= i <= n, for example 2/5`);
  return { index, of };
}
