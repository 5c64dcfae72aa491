/** Where in the user's own source something happened: source maps applied, libraries left out. */
import { findSourceMap } from 'node:module';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const pathOf = (name: string): string => (name.startsWith('file://') ? fileURLToPath(name) : name);
const isUsers = (file: string, root: string): boolean =>
  file.startsWith(root + sep) && !file.slice(root.length).includes(`${sep}node_modules${sep}`);

/** Frames of what is added to the program, and of calls without a place. */
const isOurs = (site: NodeJS.CallSite): boolean => dirname(pathOf(site.getFileName() ?? __filename)) === __dirname;

/**
 * The innermost of the user's frames on the current stack.
 * @param above frames to leave out, counted from the one that called into what is added
 */
export function frameOf(root: string, above = 0): Position | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let sites: NodeJS.CallSite[] = [];
  try {
    Error.stackTraceLimit = Number.POSITIVE_INFINITY;
    Error.prepareStackTrace = (_, found) => found;
    sites = new Error().stack as unknown as NodeJS.CallSite[];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
  const others = sites.filter((site) => !isOurs(site));
  return firstOf(others.slice(above), root) ?? firstOf(others, root);
}

function firstOf(sites: readonly NodeJS.CallSite[], root: string): Position | undefined {
  for (const site of sites) {
    const name = site.getFileName();
    if (!name || name.startsWith('node:')) continue;
    const file = pathOf(name);
    if (isUsers(file, root)) return mapped(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
  }
  return undefined;
}

function mapped(file: string, line: number, column: number): Position {
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (!entry || !('originalSource' in entry)) return { file, line, column };
  const source = entry.originalSource.startsWith('file://') ? fileURLToPath(entry.originalSource) : entry.originalSource;
  return {
    file: isAbsolute(source) ? source : resolve(dirname(file), source),
    line: entry.originalLine + 1,
    column: entry.originalColumn + 1,
  };
}

type Static = Record<string, unknown>;

/** The constructors of `Resource`, of `CustomResource` or `ComponentResource`, and of the class itself. */
const CONSTRUCTORS = 3;

/** Makes the SDK send the place in the user's own source with each resource. */
export function patchPositions(exports: { Resource: Static }, root: string): void {
  const { Resource } = exports;
  const here = () => {
    const found = frameOf(root, CONSTRUCTORS);
    return found && { uri: pathToFileURL(found.file).href, line: found.line, column: found.column };
  };
  if (typeof Resource.stackTrace === 'function')
    Resource.stackTrace = () => {
      const found = here();
      return found ? [found] : [];
    };
  else if (typeof Resource.sourcePosition === 'function') Resource.sourcePosition = () => here();
}

const FRAME = /(?:\(|at )((?:file:\/\/)?\/[^()]*?|(?:file:\/\/\/)?[A-Za-z]:[^()]*?):(\d+):(\d+)\)?$/;

/** Most lines of a stack that are told. */
const MOST_FRAMES = 10;

/** The user's own lines on the stack of an error, innermost first. */
export function traceOf(error: unknown, root: string): readonly string[] {
  if (!(error instanceof Error) || !error.stack) return [];
  const frames = error.stack.split('\n').flatMap((line) => {
    const [, name, at] = FRAME.exec(line.trimEnd()) ?? [];
    if (!name || !isUsers(pathOf(name), root)) return [];
    const called = /^\s*at (?:async )?(?:new )?([^\s(]+) \(/.exec(line)?.[1];
    const place = `${relative(root, pathOf(name)).split(sep).join('/')}:${at}`;
    return [called === undefined || called.includes('<anonymous>') ? place : `${called} (${place})`];
  });
  return [...new Set(frames)].slice(0, MOST_FRAMES);
}

/** The place that an error names itself (it does not compile), or its first frame in the user's source. */
export function positionOf(error: unknown, root: string): { file?: string; line?: number } {
  if (!(error instanceof Error) || !error.stack) return {};
  const compiler = /^Transform failed with .*\n(.+):(\d+):\d+: ERROR: /.exec(error.message);
  if (compiler?.[1]) return { file: resolve(compiler[1]), line: Number(compiler[2]) };
  const lines = error.stack.split('\n');
  const head = error.name === 'SyntaxError' ? /^(.+):(\d+)$/.exec(lines[0] ?? '') : null;
  if (head?.[1]) return { file: pathOf(head[1]), line: Number(head[2]) };
  for (const line of lines) {
    const [, name, at] = FRAME.exec(line.trimEnd()) ?? [];
    if (name && isUsers(pathOf(name), root)) return { file: pathOf(name), line: Number(at) };
  }
  return {};
}
