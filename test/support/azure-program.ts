/** Runs a Pulumi program in this process, against a monitor that only writes down what it is asked to register. */
import { createRequire } from 'node:module';
import * as pulumi from '@pulumi/pulumi';

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads inputs of every shape
  readonly inputs: any;
}

/** Everything that a program registered. */
export class Program {
  constructor(readonly all: readonly Registered[]) {}

  /** The only resource of a type: `storage:StorageAccount`. */
  one(type: string): Registered {
    const found = this.of(type);
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type}: ${found.map(({ name }) => name).join(', ')}`);
    return found[0] as Registered;
  }

  of(type: string): readonly Registered[] {
    return this.all.filter((resource) => resource.type === type || resource.type === `azure-native:${type}`);
  }

  named(name: string): Registered {
    const found = this.all.find((resource) => resource.name === name);
    if (!found) throw new Error(`nothing is named ${name}; there are ${this.all.map((resource) => resource.name).join(', ')}`);
    return found;
  }
}

export interface RunOptions {
  /** As in a preview: ids are not known. @default false */
  readonly preview?: boolean;
  readonly config?: Readonly<Record<string, string>>;
}

type MergeOptions = (options: unknown, more: { readonly aliases?: readonly unknown[] } | undefined) => unknown;

/** The SDK also notes from where each resource is made, for a console that shows it. */
function leavePlacesOut(): void {
  (pulumi.Resource as unknown as { callsites: () => readonly unknown[] }).callsites = () => [];
}

/**
 * The SDK gives each resource an alias for every API version of its type. They take two thirds of the time of a program, and matter to
 * nothing that a test looks at.
 */
function leaveVersionsOut(): void {
  const resource = createRequire(__filename)('@pulumi/pulumi/resource') as { mergeOptions: MergeOptions & { lean?: true } };
  const original = resource.mergeOptions;
  if (original.lean) return;
  const lean: MergeOptions & { lean?: true } = (options, more) =>
    original(options, more?.aliases?.every(isVersion) ? { ...more, aliases: undefined } : more);
  lean.lean = true;
  resource.mergeOptions = lean;
}
const isVersion = (alias: unknown): boolean => typeof alias === 'object' && alias !== null && Object.keys(alias).join() === 'type';

/** Registers what `build` makes and returns it, together with what `build` returned. */
export async function run<Made>(build: () => Made, options: RunOptions = {}): Promise<{ program: Program; made: Made }> {
  const all: Registered[] = [];
  const { config = {}, preview = false } = options;
  // The SDK notes a stack for each of its promises, and mapping them to the sources costs more than all the rest.
  leaveVersionsOut();
  leavePlacesOut();
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  pulumi.runtime.setMocks(
    {
      newResource: ({ custom, inputs, name, type }) => {
        all.push({ type, name, custom: custom ?? false, inputs });
        const id = `/subscriptions/s/resourceGroups/rg/providers/${type.split(':').slice(1).join('/')}/${name}`;
        return { id: preview ? undefined : id, state: { ...inputs, name: physical(inputs) ?? name, principalId: `${name}-principal` } };
      },
      call: ({ token }) => {
        throw new Error(`the program asks the cloud for ${token}`);
      },
    },
    'case-management',
    'test',
    preview,
  );
  pulumi.runtime.setAllConfig(config);
  try {
    const made = build();
    return { program: new Program(all), made };
  } finally {
    // What was registered before an error is still on its way, and must not arrive in the next program.
    await pulumi.runtime.disconnect();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function physical(inputs: Record<string, unknown>): unknown {
  return inputs.keyName ?? inputs.accountName ?? inputs.vaultName ?? inputs.privateZoneName;
}
