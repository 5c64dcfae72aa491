import { existsSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Location } from '../resource';
import { NO_ANSWERS, readAnswers } from './pulumi/answers';
import { runProgram } from './pulumi/child';
import { graphOf, type Place } from './pulumi/graph';
import { Monitor } from './pulumi/monitor';
import { type Project, readProject } from './pulumi/project';
import { loadRuntime } from './pulumi/runtime';
import { GatherError, type Gathered } from './target';

export interface PulumiOptions {
  /** @default `PULUMI_STACK`, else the only `Pulumi.<stack>.yaml`, else the first by name */
  readonly stack?: string;
  /** File of answers: results of functions and outputs of other stacks. @default nobody answers, and both are unknown */
  readonly answers?: string | undefined;
  /** After how many seconds the program is ended. @default 60 */
  readonly timeoutSeconds?: number;
  /** Largest heap of the program, in MB; it is not reserved. About 2 MB are needed per resource. @default 4096 */
  readonly heapMb?: number;
}

/** Nobody is asked which organisation it is; programs that name it get this one, as with a backend without organisations. */
const ORGANIZATION = 'organization';
const ALWAYS_NOTED = 'no provider checks the inputs: they are as written, with the defaults of the SDK';

/**
 * Runs a Pulumi program written for Node (TypeScript or JavaScript) unchanged, as a preview of a stack that does not exist yet:
 * without the CLI, a network, credentials or a backend. Encrypted configuration is never deciphered; ids, outputs that are no
 * inputs, answers of functions and outputs of other stacks are unknown, with the resource they come from where there is one.
 *
 * The program runs in a process group of its own. What it prints is counted and dropped; it is killed when it does not end in time.
 * @throws GatherError naming the file, and the line where it is known
 * @example
 * const { graph } = await gatherPulumiProgram('infra', { stack: 'prod' });
 */
export async function gatherPulumiProgram(folder: string, options: PulumiOptions = {}): Promise<Gathered> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new GatherError('is no folder: name the folder of a Pulumi program', folder);
  const project = readProject(folder, options.stack);
  const runtime = loadRuntime(resolve(project.pwd));
  const monitor = new Monitor(runtime, {
    project: project.name,
    stack: project.stack,
    organization: ORGANIZATION,
    answers: options.answers === undefined ? NO_ANSWERS : readAnswers(options.answers),
    locate: (position) => locationIn(folder, position),
  });
  try {
    const address = await monitor.listen();
    await runProgram(project, runtime, monitor, address, {
      folder,
      organization: ORGANIZATION,
      timeoutSeconds: options.timeoutSeconds ?? 60,
      heapMb: options.heapMb ?? 4096,
    });
  } finally {
    monitor.close();
  }
  const notes = [ALWAYS_NOTED, ...project.notes, ...monitor.notes];
  if (monitor.records.size === 0) notes.push('the program registers no resource: see that it is the program that was meant');
  return {
    path: folder,
    kind: 'pulumi-program',
    ...graphOf(`${project.name}/${project.stack}`, monitor.records.values(), notes, placeOf(project)),
  };
}

/** What the provider that the engine makes by itself is configured with. */
function placeOf({ config, encrypted }: Project): Place {
  const of = (key: string) => (encrypted.includes(key) ? undefined : config.get(key));
  return { account: of('azure-native:subscriptionId'), region: of('azure-native:location') };
}

function locationIn(folder: string, { uri, line, column }: { uri: string; line: number; column: number }): Location | undefined {
  if (!uri.startsWith('file://')) return undefined;
  const file = fileURLToPath(uri);
  const root = resolve(folder);
  return file.startsWith(root + sep) ? { file: join(folder, relative(root, file)), line, column } : undefined;
}
