import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whatever tests, and the tools that they start, leave behind in the temporary folder lies in one folder, which goes at the end. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-tests-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
