/**
 * Writes every generated file, or with `--check` fails when one is out of date. Needs a build (`npm run build`).
 * A generator is a module with `files(): Promise<Map<path, content>>`.
 */
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const root = join(__dirname, '..');
const GENERATORS = [
  'generate-actions.js',
  'generate-claims.js',
  'generate-arm-types.js',
  'generate-moved-types.js',
  'generate-sdk-defaults.js',
  'generate-controls.js',
];
const check = process.argv.includes('--check');

(async () => {
  let stale = 0;
  for (const generator of GENERATORS) {
    for (const [path, content] of await require(join(__dirname, generator)).files()) {
      const file = join(root, path);
      if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
      stale += 1;
      if (check) {
        console.error(`${path} is out of date: run "npm run build && npm run generate" and commit it`);
        continue;
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, content);
      renameSync(`${file}.part`, file);
      console.log(`wrote ${path}`);
    }
  }
  if (check && stale === 0) console.log('generated files are up to date');
  process.exitCode = check && stale > 0 ? 1 : 0;
})();
