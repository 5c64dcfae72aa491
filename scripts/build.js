/** Builds `dist/`: type-checks, emits CommonJS with declarations, copies what is not TypeScript. Runs after `npm ci`. */
const { spawnSync } = require('node:child_process');
const { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const dist = join(root, 'dist');
/** Built beside and put in place when whole: a run that uses `dist/` meanwhile is not disturbed. */
const aside = join(root, 'dist.part');
// Only in a clone: an installed package is already built and brings no compiler.
if (!existsSync(join(root, 'tsconfig.build.json'))) process.exit(0);

rmSync(aside, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', aside], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

/** Files that the emitted code needs and the compiler does not copy. */
const STATIC = [
  'policies/packs/crossguard/pack/PulumiPolicy.yaml',
  'policies/packs/crossguard/pack/package.json',
  'review/diff/access/managed-policies.generated.json',
];
for (const file of STATIC) if (existsSync(join(root, file))) cpSync(join(root, file), join(aside, file));
chmodSync(join(aside, 'cli', 'main.js'), 0o755);
rmSync(dist, { recursive: true, force: true });
renameSync(aside, dist);
linkCommand();

/** npm links the commands of dependencies only; in a clone `npx palisade` shall run this one, and never look elsewhere. */
function linkCommand() {
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(join(bin, 'palisade.cmd'), '@node "%~dp0\\..\\..\\dist\\cli\\main.js" %*\r\n');
    return;
  }
  rmSync(join(bin, 'palisade'), { force: true });
  symlinkSync(join('..', '..', 'dist', 'cli', 'main.js'), join(bin, 'palisade'));
}
