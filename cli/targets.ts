import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { UsageError } from './problem';

/** Endings of files that can be templates; everything else in a folder is left alone. */
const TEMPLATES = ['json', 'yaml', 'yml', 'template', 'jsonc'];
const NEVER = ['**/node_modules/**', '**/.git/**', '**/package.json', '**/package-lock.json', '**/tsconfig*.json'];

export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** One thing to judge. `found` came out of a folder or glob: it may turn out to be no template at all. */
export interface Target {
  readonly path: string;
  readonly found: boolean;
}

/**
 * Turns what the user wrote into targets: a `cdk.out` folder, a Pulumi program and a file stand for themselves, any
 * other folder for the templates in it, a glob for what it matches. Sorted, each once.
 * @throws UsageError when a glob or folder holds nothing
 */
export async function expandTargets(given: readonly string[], shard?: Shard): Promise<readonly Target[]> {
  const targets = new Map<string, Target>();
  for (const text of given) for (const target of await expand(text)) targets.set(target.path, target);
  const sorted = [...targets.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return shard ? sorted.filter((_, position) => position % shard.of === shard.index - 1) : sorted;
}

async function expand(text: string): Promise<readonly Target[]> {
  if (existsSync(text)) {
    if (!statSync(text).isDirectory() || isOneTarget(text)) return [{ path: text, found: false }];
    const files = await glob(`**/*.{${TEMPLATES.join(',')}}`, { cwd: text, ignore: NEVER });
    if (files.length === 0) {
      throw new UsageError(
        `${text}: holds no cdk.out, no Pulumi program and no template (${TEMPLATES.join(', ')}); name the folder that does`,
      );
    }
    return files.map((file) => ({ path: join(text, file), found: true }));
  }
  if (!isDynamicPattern(text)) return [{ path: text, found: false }];
  const matches = await glob(text, { ignore: NEVER, onlyFiles: false, expandDirectories: false });
  if (matches.length === 0) throw new UsageError(`${text}: matches nothing; check the pattern`);
  return matches.map((match) => ({ path: match.replace(/\/$/, ''), found: true }));
}

const isOneTarget = (folder: string): boolean =>
  ['manifest.json', 'Pulumi.yaml', 'Pulumi.yml'].some((name) => existsSync(join(folder, name)));

/** Reads `--shard 2/5`. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || index < 1 || index > of) throw new UsageError(`--shard ${text}: write it as i/n with 1 <= i <= n, for example 2/5`);
  return { index, of };
}
