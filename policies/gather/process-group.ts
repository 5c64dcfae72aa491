/** Processes in a group of their own: what they start ends with them, and they end with us. */
import type { ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does something before what ends us ends us. Returns how to take that back.
 *
 * @example
 * const release = beforeWeEnd(() => killGroup(child));
 */
export function beforeWeEnd(tidy: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    release();
    tidy();
    // Whoever else listens tidies next; without listeners it ends us as it would have.
    process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', tidy);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', tidy);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return release;
}

/** Ends a process that was started with `detached: true`, and all that it started. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Every process of the group has ended.
  }
}
