/** The Pulumi SDK that a program brings along, as far as a monitor needs it: found at run time, never imported. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as grpc from '@grpc/grpc-js';
import type * as callback from '@pulumi/pulumi/proto/callback_pb';
import type * as engine from '@pulumi/pulumi/proto/engine_pb';
import type * as resource from '@pulumi/pulumi/proto/resource_pb';
import type * as empty from 'google-protobuf/google/protobuf/empty_pb';
import type * as struct from 'google-protobuf/google/protobuf/struct_pb';
import { GatherError } from '../target';

export interface PulumiRuntime {
  /** The script that the language host runs, of the version that the program would load. */
  readonly run: string;
  /** Whether that version tells when it is done. */
  readonly signals: boolean;
  readonly grpc: typeof grpc;
  readonly resource: typeof resource;
  readonly engine: typeof engine;
  readonly callback: typeof callback;
  readonly struct: typeof struct;
  readonly empty: typeof empty;
  readonly services: {
    readonly ResourceMonitorService: grpc.ServiceDefinition;
    readonly EngineService: grpc.ServiceDefinition;
  };
  readonly CallbacksClient: grpc.ServiceClientConstructor;
}

/** First version whose protocol knows transforms; older programs are understood by the stubs of a newer one. */
const OLDEST_STUBS = 'proto/callback_pb.js';

/**
 * Finds the `@pulumi/pulumi` that the program itself would load, or else ours, and loads the protocol of the newer of the two:
 * it understands the older one.
 * @throws GatherError when there is none, or only one that is too old
 */
export function loadRuntime(folder: string): PulumiRuntime {
  const found = [join(folder, 'package.json'), __filename].map(packageOf).filter((path) => path !== undefined);
  const [own] = found;
  if (own === undefined)
    throw new GatherError('@pulumi/pulumi is not installed: run "npm install" in the folder of the program, or add the package', folder);
  const run = join(dirname(own), 'cmd', 'run', 'index.js');
  if (!existsSync(run)) throw new GatherError(`has version ${versionOf(own).join('.')}: install version 3 or later`, dirname(own));
  const [newest] = found
    .filter((path) => existsSync(join(dirname(path), OLDEST_STUBS)))
    .sort((a, b) => compare(versionOf(b), versionOf(a)));
  if (newest === undefined) throw new GatherError(`has version ${versionOf(own).join('.')}: install a newer version 3`, dirname(own));
  const load = createRequire(newest);
  return {
    run,
    signals: readFileSync(run, 'utf8').includes('signalAndWaitForShutdown'),
    grpc: load('@grpc/grpc-js'),
    resource: load('./proto/resource_pb'),
    engine: load('./proto/engine_pb'),
    callback: load('./proto/callback_pb'),
    struct: load('google-protobuf/google/protobuf/struct_pb'),
    empty: load('google-protobuf/google/protobuf/empty_pb'),
    services: {
      ResourceMonitorService: load('./proto/resource_grpc_pb').ResourceMonitorService,
      EngineService: load('./proto/engine_grpc_pb').EngineService,
    },
    CallbacksClient: load('./proto/callback_grpc_pb').CallbacksClient,
  };
}

function packageOf(from: string): string | undefined {
  try {
    return createRequire(from).resolve('@pulumi/pulumi/package.json');
  } catch {
    return undefined;
  }
}

function versionOf(file: string): number[] {
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  return version.replace(/^v/, '').split(/[.-]/, 3).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((part, index) => part !== b[index]);
  return differs < 0 ? 0 : (a[differs] ?? 0) - (b[differs] ?? 0);
}
