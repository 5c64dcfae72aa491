/**
 * Runs in the child before the program. The program and its SDK stay as they are; what is added only remembers where unknown and
 * secret values come from, one by one, and what the SDK wrote by itself, and reports errors. Without it every unknown is known by its top-level property only, and
 * an object with one unknown in it is unknown altogether.
 */
import { writeSync } from 'node:fs';
import Module from 'node:module';
import { relative } from 'node:path';
import { patchConfig } from './preload-config';
import { patchRegistration, patchResource, watchClasses } from './preload-defaults';
import { patchInvoke } from './preload-invoke';
import { patchOutput, patchSerializer } from './preload-output';
import { frameOf, patchPositions, positionOf, traceOf } from './preload-position';
import { type Report, SETTINGS_VARIABLE, type Settings } from './preload-settings';

const REPORTS = 3;
const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? '{"root":"","encrypted":[]}') as Settings;
delete process.env[SETTINGS_VARIABLE];

function report(message: Report): void {
  try {
    writeSync(REPORTS, `${JSON.stringify(message)}\n`);
  } catch {
    // The parent is gone; nobody is left to be told.
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the modules of the SDK are patched by name, in whatever version the program has.
type Exports = any;
const PATCHES: Readonly<Record<string, (exports: Exports) => void>> = {
  // Node's inspect with colours never ends on some source-mapped stacks; nobody looks at the colours here.
  'cmd/run/error.js': (exports) => {
    exports.defaultErrorMessage = (error: unknown) => (error instanceof Error && error.stack) || String(error);
  },
  'output.js': (exports) => patchOutput(exports, skippedCallback),
  'config.js': (exports) => patchConfig(exports, new Set(settings.encrypted), (text) => report({ kind: 'note', text })),
  'resource.js': (exports) => {
    patchPositions(exports, settings.root);
    patchAliases(exports);
    patchResource(exports);
  },
  'runtime/debuggable.js': patchDebugging,
  'runtime/resource.js': patchRegistration,
  'runtime/rpc.js': patchSerializer,
  'runtime/invoke.js': patchInvoke,
};

/** Takes note of the place now; the note is written when it turns out that the callback does not run. */
function skippedCallback(): () => void {
  const caller = frameOf(settings.root);
  const place = caller ? `${relative(settings.root, caller.file)}:${caller.line}: ` : '';
  return () => report({ kind: 'note', text: `${place}a callback makes resources from what only deployment tells: they were not judged` });
}

/** The SDK writes down a stack for every promise, to name those that never end; half of the time goes there. */
function patchDebugging(exports: Exports): void {
  const original = exports.debuggablePromise;
  exports.debuggablePromise = (promise: unknown, context: unknown) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/**
 * The SDK for Azure gives each resource an alias for every API version of its type, thirty on average. They matter only to what
 * has been deployed before; here they would cost two thirds of the time.
 */
function patchAliases(exports: Exports): void {
  const original = exports.mergeOptions;
  exports.mergeOptions = (options: unknown, more: { aliases?: unknown } | undefined) => {
    const aliases = Array.isArray(more?.aliases) ? (more.aliases as unknown[]) : [];
    const versions = aliases.length > 0 && aliases.every(isVersionAlias);
    return original(options, versions ? { ...more, aliases: undefined } : more);
  };
}

const isVersionAlias = (alias: unknown): boolean =>
  typeof alias === 'object' &&
  alias !== null &&
  Object.keys(alias).join() === 'type' &&
  /^azure-native:/.test(String((alias as { type: unknown }).type));

/**
 * Modules of the SDK that pack functions for clouds which run them, with npm's resolver and a compiler of TypeScript. To load them takes
 * two thirds of what loading the SDK takes, and hardly a program asks for them: they are loaded when one does.
 */
const LATE: Readonly<Record<string, (real: () => Exports) => Exports>> = {
  'runtime/closure/codePaths.js': (real) =>
    new Proxy(
      {},
      {
        get:
          (_, name) =>
          (...parameters: unknown[]) =>
            real()[name](...parameters),
      },
    ),
  'typescript-shim.js': (real) => new Proxy({}, { get: (_, name) => real()[name] }),
};

function loadLate(module: NodeModule, filename: string, stand: (typeof LATE)[string]): void {
  let loaded: Exports;
  module.exports = stand(() => {
    if (loaded === undefined) {
      module.exports = {};
      load(module, filename);
      loaded = module.exports;
    }
    return loaded;
  });
}

type Loader = (module: NodeModule, filename: string) => void;
const extensions = (Module as unknown as { _extensions: Record<string, Loader> })._extensions;
const load = extensions['.js'] as Loader;
extensions['.js'] = (module, filename) => {
  const path = filename.replaceAll('\\', '/');
  // The SDK's own source-map support does not know files that are compiled on the way in; Node's does.
  if (path.endsWith('/source-map-support/register.js')) return;
  const part = path.split('/node_modules/@pulumi/pulumi/')[1];
  const late = LATE[part ?? ''];
  if (late) return loadLate(module, filename, late);
  load(module, filename);
  if (part !== undefined) PATCHES[part]?.(module.exports);
  else watchClasses(module.exports);
};
process.setSourceMapsEnabled(true);

const told = new Set<unknown>();
function tell(error: unknown): void {
  if (told.has(error)) return;
  told.add(error);
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  report({ kind: 'error', name, message, ...positionOf(error, settings.root), trace: traceOf(error, settings.root) });
}
process.on('uncaughtException', tell);
process.on('unhandledRejection', tell);

const exit = process.exit;
process.exit = ((code?: number) => {
  const caller = frameOf(settings.root);
  if (caller) report({ kind: 'exit', code: Number(code ?? process.exitCode ?? 0), file: caller.file, line: caller.line });
  return exit(code);
}) as typeof process.exit;
