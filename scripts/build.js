/** Builds `dist/`: type-checks, emits CommonJS with declarations, copies what is not TypeScript. Runs after `npm ci`. */
const { spawnSync } = require('node:child_process');
const { chmodSync, cpSync, existsSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const dist = join(root, 'dist');
// Only in a clone: an installed package is already built and brings no compiler.
if (!existsSync(join(root, 'tsconfig.build.json'))) process.exit(0);

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript-native', 'bin', 'tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

/** Files that the emitted code needs and the compiler does not copy. */
const STATIC = ['policies/packs/crossguard/pack/PulumiPolicy.yaml', 'policies/packs/crossguard/pack/package.json'];
for (const file of STATIC) if (existsSync(join(root, file))) cpSync(join(root, file), join(dist, file));
chmodSync(join(dist, 'cli', 'main.js'), 0o755);
