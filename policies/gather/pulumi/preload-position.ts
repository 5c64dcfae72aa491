/** Where in the user's own source something happened: source maps applied, libraries left out. */
import { findSourceMap } from 'node:module';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const pathOf = (name: string): string => (name.startsWith('file://') ? fileURLToPath(name) : name);
const isUsers = (file: string, root: string): boolean =>
  file.startsWith(root + sep) && !file.slice(root.length).includes(`${sep}node_modules${sep}`);

/** The user's frames of the current stack, innermost first. */
export function framesOf(root: string, most = 1): readonly Position[] {
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
  const found: Position[] = [];
  for (const site of sites) {
    const name = site.getFileName();
    if (!name || name.startsWith('node:')) continue;
    const file = pathOf(name);
    if (!isUsers(file, root)) continue;
    found.push(mapped(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1));
    if (found.length === most) break;
  }
  return found;
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

/** Makes the SDK send the place in the user's own source with each resource. */
export function patchPositions(exports: { Resource: Static }, root: string): void {
  const { Resource } = exports;
  const here = () => framesOf(root).map(({ file, line, column }) => ({ uri: pathToFileURL(file).href, line, column }));
  if (typeof Resource.stackTrace === 'function') Resource.stackTrace = here;
  else if (typeof Resource.sourcePosition === 'function') Resource.sourcePosition = () => here()[0];
}

const FRAME = /(?:\(|at )((?:file:\/\/)?\/[^()]*?|(?:file:\/\/\/)?[A-Za-z]:[^()]*?):(\d+):(\d+)\)?$/;

/** The place that an error names itself (it does not compile), or its first frame in the user's source. */
export function positionOf(error: unknown, root: string): { file?: string; line?: number } {
  const first = (error as { errors?: { location?: { file?: string; line?: number } }[] } | undefined)?.errors?.[0]?.location;
  if (first?.file) return { file: resolve(first.file), ...(first.line === undefined ? {} : { line: first.line }) };
  if (!(error instanceof Error) || !error.stack) return {};
  const lines = error.stack.split('\n');
  const head = error.name === 'SyntaxError' ? /^(.+):(\d+)$/.exec(lines[0] ?? '') : null;
  if (head?.[1]) return { file: pathOf(head[1]), line: Number(head[2]) };
  for (const line of lines) {
    const [, name, at] = FRAME.exec(line.trimEnd()) ?? [];
    if (name && isUsers(pathOf(name), root)) return { file: pathOf(name), line: Number(at) };
  }
  return {};
}
