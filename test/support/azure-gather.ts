/** Runs a TypeScript module as a Pulumi program through the offline gatherer, in a project of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { gatherPulumiProgram } from '../../policies/gather/pulumi';
import type { Gathered } from '../../policies/gather/target';

/**
 * @param statement JavaScript of the program; `load(file)` gives a TypeScript module of this repository
 * @param config configuration as the program reads it
 */
export async function gatherStatement(statement: string, config: Readonly<Record<string, unknown>> = {}): Promise<Gathered> {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-program-'));
  const root = join(__dirname, '..', '..');
  try {
    writeFileSync(
      join(folder, 'Pulumi.yaml'),
      stringify({ name: 'palisade-case-management', runtime: { name: 'nodejs', options: { typescript: false } } }),
    );
    writeFileSync(join(folder, 'Pulumi.dev.yaml'), stringify({ config }));
    const head = [
      `require(${JSON.stringify(require.resolve('tsx/cjs'))});`,
      `const load = (file) => require(require('node:path').join(${JSON.stringify(root)}, file));`,
    ];
    writeFileSync(join(folder, 'index.js'), [...head, statement, ''].join('\n'));
    return await gatherPulumiProgram(folder, { stack: 'dev' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
