/** Judges that are programs of their own: AWS's Guard with its Control Tower rules, and the two Python tools. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Synthesis, Template } from './synthesis';
import type { Judge, Judgement, Objection } from './verdict';

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(program, args, { env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : 127) : 0;
      resolve({ status, stdout, stderr: stderr || (error?.message ?? '') });
    });
  });

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
const absent = (judge: Judge, why: string): Judgement => ({ judge, version: '', objections: [], absent: why });
const templatesOf = (syntheses: readonly Synthesis[]): readonly Template[] => syntheses.flatMap(({ templates }) => templates);

// ── Guard ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface GuardReport {
  readonly name: string;
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
}

/**
 * AWS's Control Tower rules, by the Guard that comes with `@cdklabs/cdk-validator-cfnguard`. The plugin around it cannot
 * read all that its own Guard answers (0.0.62: "Cannot read properties of undefined"), so the program is asked itself.
 */
export async function cfnGuard(syntheses: readonly Synthesis[]): Promise<Judgement> {
  const home = dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
  const system = { linux: 'ubuntu', darwin: 'macos' }[platform() as string];
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[arch() as string];
  if (!system || !machine) return absent('cfn-guard', `Guard is not built for ${platform()} on ${arch()}`);
  const templates = templatesOf(syntheses);
  const { stdout, stderr } = await run(join(home, 'bin', system, machine, 'cfn-guard'), [
    'validate',
    ...['--rules', join(home, 'rules', 'control-tower', 'cfn-guard')],
    ...templates.flatMap(({ file }) => ['--data', file]),
    ...['--output-format', 'json', '--show-summary', 'none', '--structured'],
  ]);
  if (!stdout.trim().startsWith('[')) return absent('cfn-guard', lastLine(stderr) || 'Guard answered nothing');
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const reports = JSON.parse(stdout) as readonly GuardReport[];
  return { judge: 'cfn-guard', version, objections: reports.flatMap((report) => guardObjections(report, templates)) };
}

function guardObjections({ name, not_compliant }: GuardReport, templates: readonly Template[]): readonly Objection[] {
  const template = templates.find(({ file }) => file === name);
  return not_compliant.flatMap(({ Rule }) => {
    const { resources, message } = blamed(Rule);
    return [...resources].map((logicalId) => ({
      judge: 'cfn-guard' as const,
      rule: /\[(CT\.[\w.]+)\]/.exec(message)?.[1] ?? Rule.name,
      resource: template?.pathOf(logicalId) ?? logicalId,
      message,
    }));
  });
}

/** Guard's answer has the shape of the rule that was broken; what it blames stands somewhere in it as a path. */
function blamed(part: unknown): { readonly resources: ReadonlySet<string>; readonly message: string } {
  const resources = new Set<string>();
  let message = '';
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      const [, logicalId] = (key === 'path' && /^\/Resources\/([^/]+)/.exec(value)) || [];
      if (logicalId) resources.add(logicalId);
      if (key === 'custom_message' && message === '') message = value.replaceAll(/\s+/g, ' ').trim();
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, child] of Object.entries(value)) walk(child, name);
    }
  };
  walk(part, '');
  return { resources, message };
}

// ── Python ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const REQUIREMENTS = join(__dirname, 'requirements.txt');
const versionIn = (tool: string): string => new RegExp(`^${tool}==(.+)$`, 'm').exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1] ?? '';

/** Where the Python judges are, or why they are not. */
export type PythonTools = { readonly bin: string } | { readonly why: string };

/** The folder with the programs of a throwaway virtual environment made for these requirements, or why there is none. */
export async function pythonTools(): Promise<PythonTools> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const home = join(tmpdir(), `palisade-judges-${digest}`);
  const bin = join(home, 'bin');
  if (existsSync(join(home, 'complete'))) return { bin };
  const python = await run('python3', ['-c', 'import sys, venv; assert sys.version_info >= (3, 9)']);
  if (python.status !== 0) return { why: 'there is no Python 3.9 or newer with venv' };
  rmSync(home, { recursive: true, force: true });
  for (const [program, ...args] of [
    ['python3', '-m', 'venv', home],
    [join(bin, 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
  ] as const) {
    const { status, stderr } = await run(program, args);
    if (status !== 0) return { why: `pip could not install it: ${lastLine(stderr)}` };
  }
  renameSync(join(home, 'pyvenv.cfg'), join(home, 'complete'));
  await run('cp', [join(home, 'complete'), join(home, 'pyvenv.cfg')]);
  return { bin };
}

interface LintMatch {
  readonly Filename: string;
  readonly Location: { readonly Path: readonly (string | number)[] | null };
  readonly Message: string;
  readonly Rule: { readonly Id: string };
}

export async function cfnLint(tools: PythonTools, syntheses: readonly Synthesis[]): Promise<Judgement> {
  if ('why' in tools) return absent('cfn-lint', tools.why);
  const templates = templatesOf(syntheses);
  const regions = [...new Set(templates.map(({ region }) => region))];
  const { stdout, stderr } = await run(join(tools.bin, 'cfn-lint'), [
    ...['--format', 'json', '--regions', ...regions, '--'],
    ...templates.map(({ file }) => file),
  ]);
  if (!stdout.trim().startsWith('[')) return absent('cfn-lint', lastLine(stderr) || 'it answered nothing');
  const objections = (JSON.parse(stdout) as readonly LintMatch[]).map(({ Filename, Location, Message, Rule }): Objection => {
    const template = templates.find(({ file }) => file === Filename);
    const [section, logicalId] = Location.Path ?? [];
    const resource = section === 'Resources' && template ? template.pathOf(String(logicalId)) : (template?.name ?? Filename);
    return { judge: 'cfn-lint', rule: Rule.Id, resource, message: Message };
  });
  return { judge: 'cfn-lint', version: versionIn('cfn-lint'), objections };
}

interface CheckovReport {
  readonly results?: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_abs_path: string;
    }[];
    readonly parsing_errors?: readonly string[];
  };
}

export async function checkov(tools: PythonTools, syntheses: readonly Synthesis[]): Promise<Judgement> {
  if ('why' in tools) return absent('checkov', tools.why);
  const templates = templatesOf(syntheses);
  const { stdout, stderr } = await run(join(tools.bin, 'checkov'), [
    ...['--framework', 'cloudformation', '--skip-download', '--compact', '--quiet', '--output', 'json'],
    ...templates.flatMap(({ file }) => ['--file', file]),
  ]);
  if (!/^[[{]/.test(stdout.trim())) return absent('checkov', lastLine(stderr) || 'it answered nothing');
  const reports = [JSON.parse(stdout) as CheckovReport | CheckovReport[]].flat();
  const unread = reports.flatMap(({ results }) => results?.parsing_errors ?? []);
  if (unread.length > 0) return absent('checkov', `it could not read ${unread.join(', ')}`);
  const objections = reports.flatMap(({ results }) =>
    (results?.failed_checks ?? []).map(({ check_id, check_name, resource, file_abs_path }): Objection => {
      const template = templates.find(({ file }) => file === file_abs_path);
      const logicalId = resource.split('.').at(-1) ?? resource;
      return { judge: 'checkov', rule: check_id, resource: template?.pathOf(logicalId) ?? resource, message: check_name };
    }),
  );
  return { judge: 'checkov', version: versionIn('checkov'), objections };
}
