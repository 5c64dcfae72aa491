/**
 * Runs in the child before the program. The program and its SDK stay as they are; what is added only remembers where unknown and
 * secret values come from, one by one, and reports errors. Without it every unknown is known by its top-level property only, and
 * an object with one unknown in it is unknown altogether.
 */
import { writeSync } from 'node:fs';
import Module from 'node:module';
import { patchConfig } from './preload-config';
import { patchInvoke } from './preload-invoke';
import { patchOutput, patchSerializer } from './preload-output';
import { framesOf, patchPositions, positionOf } from './preload-position';
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
  'output.js': patchOutput,
  'config.js': (exports) => patchConfig(exports, new Set(settings.encrypted), (text) => report({ kind: 'note', text })),
  'resource.js': (exports) => patchPositions(exports, settings.root),
  'runtime/rpc.js': patchSerializer,
  'runtime/invoke.js': patchInvoke,
};

type Loader = (module: NodeModule, filename: string) => void;
const extensions = (Module as unknown as { _extensions: Record<string, Loader> })._extensions;
const load = extensions['.js'] as Loader;
extensions['.js'] = (module, filename) => {
  const path = filename.replaceAll('\\', '/');
  // The SDK's own source-map support does not know files that are compiled on the way in; Node's does.
  if (path.endsWith('/source-map-support/register.js')) return;
  load(module, filename);
  const part = path.split('/node_modules/@pulumi/pulumi/')[1];
  if (part !== undefined) PATCHES[part]?.(module.exports);
};
process.setSourceMapsEnabled(true);

const told = new Set<unknown>();
function tell(error: unknown): void {
  if (told.has(error)) return;
  told.add(error);
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  report({ kind: 'error', name, message, ...positionOf(error, settings.root) });
}
process.on('uncaughtException', tell);
process.on('unhandledRejection', tell);

const exit = process.exit;
process.exit = ((code?: number) => {
  const [caller] = framesOf(settings.root);
  if (caller) report({ kind: 'exit', code: Number(code ?? process.exitCode ?? 0), file: caller.file, line: caller.line });
  return exit(code);
}) as typeof process.exit;
