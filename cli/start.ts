/**
 * `npm start`: synthesises the landing zone and the reference environment on both clouds, judges them, and says where to
 * look next. Needs no account, no credentials and no CLI of a cloud.
 */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createColors } from 'picocolors';
import { check } from './check';
import { packageRoot } from './config';
import { bearClosedPipes, oneLine } from './problem';
import { printProblems, render } from './verbs/check';
import { writeAside } from './write';

const root = packageRoot();
const out = join(root, 'out');
const colors = createColors(process.stdout.isTTY);

async function main(): Promise<number> {
  bearClosedPipes();
  process.chdir(root);
  rmSync(out, { recursive: true, force: true });
  const started = Date.now();
  const aws = join('out', 'aws');
  const azure = Object.entries(PROGRAMS).map(([name, folder]) => ({ name, folder, file: join('out', 'azure', `${name}.json`) }));
  const files = azure.map(({ file }) => file);
  await Promise.all([
    step('AWS: synthesising the landing zone and the case-management environment (CDK)', () =>
      run(join(root, 'dist', 'stacks', 'aws', 'app.js'), { CDK_OUTDIR: join(root, aws) }),
    ),
    ...azure.map(({ file, folder, name }) =>
      step(`Azure: running the ${name} program offline (Pulumi)`, () => exportProgram(folder, file)),
    ),
  ]);
  const result = await step('judging all of it against the catalogue', () => check([aws, ...files], { strict: true, all: true }));
  await writeAside(join('out', 'check.json'), await render(result.document, 'json', false));
  await writeAside(join('out', 'check.sarif'), await render(result.document, 'sarif', false));
  process.stdout.write(`\n${await render(result.document, 'text', true, { whole: true })}`);
  printProblems(result);
  process.stdout.write(
    [
      '',
      `Written in ${seconds(started)}: ${[aws, ...files, 'out/check.json', 'out/check.sarif'].map((path) => relative('.', path)).join(', ')}`,
      'Next: npx palisade check <your cdk.out, template or Pulumi program> · npx palisade controls TLS-03 · README.md',
      '',
    ].join('\n'),
  );
  return result.status;
}

/** Pulumi programs by the name of what they write, each with its folder. */
const PROGRAMS = { 'case-management': '.', 'landing-zone': join('stacks', 'azure', 'landing-zone') } as const;

async function exportProgram(folder: string, file: string): Promise<void> {
  const { gatherPulumiProgram } = await import('../policies/gather/pulumi.js');
  const { exportOf } = await import('../policies/gather/preview.js');
  await writeAside(file, `${JSON.stringify(exportOf(await gatherPulumiProgram(folder)), null, 2)}\n`);
}

/** Says what is done and how long it took. */
async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`${colors.dim('…')} ${title}\n`);
  const result = await work();
  process.stdout.write(`${colors.green('✓')} ${title} ${colors.dim(seconds(started))}\n`);
  return result;
}

const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function run(script: string, env: Record<string, string>): Promise<void> {
  if (!existsSync(script)) return Promise.reject(new Error(`${relative('.', script)} is missing: run "npm run build"`));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    const errors: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${relative('.', script)} ended with ${code}: ${Buffer.concat(errors).toString('utf8').slice(-2000)}`)),
    );
  });
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`palisade: ${oneLine(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = 2;
  },
);
