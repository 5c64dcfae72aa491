import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const LAYERS = ['controls', 'constructs', 'policies', 'stacks', 'review', 'cli', 'bench'];

/**
 * Tests that pack or run the built command see today's sources: builds once, before all tests, if anything is newer than
 * `dist/`. `PALISADE_BUILT=1` says that the tests chosen need no fresh build.
 */
export default function setup(): void {
  if (process.env.PALISADE_BUILT === '1') return;
  const built = join(root, 'dist', 'cli', 'main.js');
  if (existsSync(built) && LAYERS.every((layer) => newest(join(root, layer)) < statSync(built).mtimeMs)) return;
  execFileSync(process.execPath, [join(root, 'scripts', 'build.js')], { cwd: root, stdio: 'inherit' });
}

function newest(folder: string): number {
  return Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true }).map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? newest(path) : statSync(path).mtimeMs;
    }),
  );
}
