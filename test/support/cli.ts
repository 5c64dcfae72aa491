import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../cli/command';

const root = join(__dirname, '..', '..');

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command (see `build.ts`). */
export const COMMAND = join(root, 'dist', 'cli', 'main.js');

/** Runs it as a process of its own. */
export function palisadeProcess(args: readonly string[], cwd: string): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

/** Runs the command in this process, which has loaded its modules already: what it prints, and the status that it asks for. */
export async function palisade(args: readonly string[], cwd: string): Promise<Run> {
  const home = process.cwd();
  const [stdout, stderr] = [caught(process.stdout), caught(process.stderr)];
  process.chdir(cwd);
  try {
    return { status: await run(args), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(home);
    stdout.release();
    stderr.release();
  }
}

/** What is written to a stream, as if it were no terminal. */
function caught(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  const { isTTY, write } = stream;
  const written: string[] = [];
  stream.isTTY = false;
  stream.write = (chunk: string | Uint8Array) => written.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()) > 0;
  return {
    text: () => written.join(''),
    release: () => {
      Object.assign(stream, { isTTY, write });
    },
  };
}

const made: string[] = [];

/** A folder of its own with these files. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-test-'));
  made.push(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}
