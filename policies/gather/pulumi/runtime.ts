/** The Pulumi SDK that a program brings along, as far as a monitor needs it: found at run time, never imported. */
import { existsSync } from 'node:fs';
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
  readonly version: string;
  /** The script that the language host runs. */
  readonly run: string;
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

/**
 * Loads what belongs to the `@pulumi/pulumi` that the program itself would load, or else to ours.
 * @throws GatherError when neither has one
 */
export function loadRuntime(folder: string): PulumiRuntime {
  const found = [join(folder, 'package.json'), __filename].map(packageOf).find((path) => path !== undefined);
  if (!found)
    throw new GatherError('@pulumi/pulumi is not installed: run "npm install" in the folder of the program, or add the package', folder);
  const load = createRequire(found);
  const root = dirname(found);
  const run = join(root, 'cmd', 'run', 'index.js');
  const { version } = load(found) as { version: string };
  if (!existsSync(run)) throw new GatherError(`@pulumi/pulumi ${version} has no cmd/run: install version 3 or later`, root);
  return {
    version,
    run,
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
