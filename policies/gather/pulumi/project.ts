/** `Pulumi.yaml` and `Pulumi.<stack>.yaml`, read as the CLI reads them, without deciphering anything. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { GatherError } from '../target';
import { HIDDEN, isMap, type Plain } from './wire';

export interface Project {
  readonly file: string;
  readonly name: string;
  readonly stack: string;
  /** Folder in which the program runs. */
  readonly pwd: string;
  /** Program as the language host names it: `.` or a file of {@link pwd}. */
  readonly program: string;
  /** Node options that the project asks for. */
  readonly nodeArgs: readonly string[];
  /** Configuration as the program sees it: full key → text. */
  readonly config: ReadonlyMap<string, string>;
  /** Keys that hold a secret somewhere. */
  readonly secretKeys: readonly string[];
  /** Keys whose whole value is encrypted. */
  readonly encrypted: readonly string[];
  readonly notes: readonly string[];
}

const PROJECT_FILES = ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json'];
const STACK_FILE = /^Pulumi\.(.+)\.(ya?ml|json)$/;

/** The project file of a folder, where it has one. */
export const projectFileOf = (folder: string): string | undefined =>
  PROJECT_FILES.map((name) => join(folder, name)).find((file) => existsSync(file));

/**
 * Reads the project and one of its stacks.
 * @param wanted the stack; without it `PULUMI_STACK`, else the only stack file, else the first by name (which is noted)
 * @throws GatherError for a folder that is no Node program, or a file that cannot be read
 */
export function readProject(folder: string, wanted?: string): Project {
  const file = projectFileOf(folder);
  if (!file) throw new GatherError('no Pulumi.yaml here: name the folder of a Pulumi program', folder);
  const project = readYaml(file);
  const name = project.name;
  if (typeof name !== 'string' || name === '') throw new GatherError('"name" is missing: a project needs one', file);
  const runtime = isMap(project.runtime) ? project.runtime.name : project.runtime;
  if (runtime !== 'nodejs')
    throw new GatherError(
      runtime === undefined
        ? '"runtime" is missing: write "runtime: nodejs"'
        : `runtime "${String(runtime)}" cannot be run here, only nodejs: check the output of "pulumi preview --json" instead`,
      file,
    );
  const options = isMap(project.runtime) && isMap(project.runtime.options) ? project.runtime.options : {};
  const notes: string[] = [];
  const stackFolder = stackFolderOf(folder, project);
  const stack = chooseStack(stackFolder, wanted, notes);
  const config = readConfig(project, name, stackFileOf(stackFolder, stack), notes);
  return {
    file,
    name,
    stack,
    ...entryOf(folder, file, project.main),
    nodeArgs:
      typeof options.nodeargs === 'string' ? options.nodeargs.split(/\s+/).filter((arg) => arg && !arg.startsWith('--inspect')) : [],
    ...config,
    notes,
  };
}

const ENTRIES = ['package.json', 'index.ts', 'index.js', 'index.mts', 'index.cts', 'index.mjs', 'index.cjs', 'index.tsx', 'index.json'];

function entryOf(folder: string, file: string, main: unknown): { pwd: string; program: string } {
  if (main === undefined || main === null || main === '') {
    // Node looks for these; with a package.json beside them the program may be anything that it names.
    if (!ENTRIES.some((name) => existsSync(join(folder, name))))
      throw new GatherError('names no program: write "main", or an index.ts or index.js beside it', file);
    return { pwd: folder, program: '.' };
  }
  const path = isAbsolute(String(main)) ? String(main) : join(folder, String(main));
  if (!existsSync(path)) throw new GatherError(`"main" is "${main}", which does not exist: name the program's folder or file`, file);
  return statSync(path).isDirectory() ? { pwd: path, program: '.' } : { pwd: dirname(path), program: basename(path) };
}

function stackFolderOf(folder: string, project: Plain): string {
  const configured = typeof project.stackConfigDir === 'string' ? project.stackConfigDir : project.config;
  return typeof configured === 'string' ? join(folder, configured) : folder;
}

/**
 * The stacks that a project has settings for, by name.
 * @throws GatherError for a project file that cannot be read
 */
export function stacksOf(folder: string): readonly string[] {
  const file = projectFileOf(folder);
  const inside = stackFolderOf(folder, file === undefined ? {} : readYaml(file));
  return stacksIn(inside);
}

const stacksIn = (folder: string): readonly string[] =>
  (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => STACK_FILE.exec(name)?.[1] ?? []).sort();

function stackFileOf(folder: string, stack: string): string | undefined {
  return ['yaml', 'yml', 'json'].map((ending) => join(folder, `Pulumi.${stack}.${ending}`)).find((path) => existsSync(path));
}

function chooseStack(folder: string, wanted: string | undefined, notes: string[]): string {
  // A fully qualified stack, `org/project/stack`, is configured under its last part.
  const named = wanted ?? process.env.PULUMI_STACK;
  const stacks = stacksIn(folder);
  if (named) {
    const stack = named.slice(named.lastIndexOf('/') + 1);
    if (stacks.length > 0 && !stacks.includes(stack))
      notes.push(
        `the stack "${stack}" has no settings here, only ${stacks.join(', ')} ${stacks.length === 1 ? 'has' : 'have'}: check its name`,
      );
    return stack;
  }
  const [first] = stacks;
  if (first === undefined) return 'dev';
  if (stacks.length > 1)
    notes.push(
      `the project has the stacks ${stacks.join(', ')}: judged as "${first}"; name another with --stack, or all with --all-stacks`,
    );
  return first;
}

type Config = Pick<Project, 'config' | 'secretKeys' | 'encrypted'>;

function readConfig(project: Plain, name: string, stackFile: string | undefined, notes: string[]): Config {
  const values = new Map<string, unknown>();
  const secret = new Set<string>();
  const full = (key: string) => (key.includes(':') ? key.replace(':config:', ':') : `${name}:${key}`);
  for (const [key, entry] of Object.entries(isMap(project.config) ? project.config : {})) {
    const declared = isMap(entry);
    const value = !declared ? entry : 'value' in entry ? entry.value : entry.default;
    if (declared && entry.secret === true) secret.add(full(key));
    if (value !== undefined && value !== null) values.set(full(key), value);
  }
  const stack = stackFile ? readYaml(stackFile) : {};
  if (stack.environment !== undefined)
    notes.push(`the environments of ${basename(stackFile ?? '')} are not opened: their values are missing`);
  for (const [key, value] of Object.entries(isMap(stack.config) ? stack.config : {})) values.set(full(key), value);

  const config = new Map<string, string>();
  const encrypted: string[] = [];
  for (const [key, value] of values) {
    if (isCipher(value)) encrypted.push(key);
    if (holdsCipher(value)) secret.add(key);
    const shown = hide(value);
    config.set(key, typeof shown === 'object' && shown !== null ? JSON.stringify(shown) : String(shown));
  }
  return { config, secretKeys: [...secret], encrypted };
}

const isCipher = (value: unknown): boolean => isMap(value) && Object.keys(value).length === 1 && typeof value.secure === 'string';

function holdsCipher(value: unknown): boolean {
  if (isCipher(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsCipher);
}

function hide(value: unknown): unknown {
  if (isCipher(value)) return HIDDEN;
  if (Array.isArray(value)) return value.map(hide);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, hide(child)])) : value;
}

function readYaml(file: string): Plain {
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines });
  const [error] = document.errors;
  if (error)
    throw new GatherError(
      `is not YAML: ${error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')}`,
      file,
      lines.linePos(error.pos[0]).line,
    );
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (content === null || content === undefined) return {};
  if (!isMap(content)) throw new GatherError('is not a map: write "name:", "runtime:" and so on', file, 1);
  return content;
}
