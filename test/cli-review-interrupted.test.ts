import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMAND, folderWith, removeFolders } from './support/cli';

afterAll(removeFolders);

/** An app whose synthesis never ends, and which starts something that does not end either. */
const APP = `
const { spawn } = require('node:child_process');
const { writeFileSync } = require('node:fs');
const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
writeFileSync(process.env.TMPDIR + '/started', String(helper.pid));
setInterval(() => {}, 1000);
`;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(50);
}
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    // One that has ended, and that nobody has asked for its status, still has a number.
    return !(existsSync(stat) && /^\d+ \(.*\) Z/.test(readFileSync(stat, 'utf8')));
  } catch {
    return false;
  }
}

describe('a review that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves no worktree, no folder and no process behind', async (signal) => {
    const folder = folderWith({ 'cdk.json': '{ "app": "node app.js" }', 'app.js': APP, '.gitignore': 'tmp\n' });
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet');
    git('add', '.');
    git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--message', 'app');
    const TMPDIR = join(folder, 'tmp');
    mkdirSync(TMPDIR);
    const child = spawn(process.execPath, [COMMAND, 'review', '--base', 'HEAD', '--head', 'HEAD'], {
      cwd: folder,
      env: { ...process.env, TMPDIR },
      stdio: 'ignore',
    });
    const ended = new Promise((finish) => child.on('exit', (_, by) => finish(by)));
    const started = join(TMPDIR, 'started');
    await until(() => existsSync(started) && readFileSync(started, 'utf8') !== '');
    const helper = Number(readFileSync(started, 'utf8'));
    child.kill(signal);
    expect(await ended).toBe(signal);
    await until(() => !lives(helper));
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(readdirSync(TMPDIR).filter((name) => name !== 'started')).toEqual([]);
    expect(git('status', '--porcelain')).toBe('');
  });
});
