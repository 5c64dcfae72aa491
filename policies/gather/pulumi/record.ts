/** One resource of a Pulumi program, preview, deployment or policy run, before it becomes part of a graph. */
import type { Node } from '../../node';
import type { Location } from '../../resource';

export interface ResourceRecord {
  readonly urn: string;
  /** Type as the program wrote it. */
  readonly type: string;
  readonly name: string;
  /** False for components. */
  readonly custom: boolean;
  /** Read, not managed: `Bucket.get(...)`, a stack reference. */
  readonly external: boolean;
  /** URN; undefined for resources directly below the stack. */
  readonly parent?: string | undefined;
  readonly inputs: { readonly [property: string]: Node };
  readonly options: ResourceOptions;
  /** URNs that each input depends on, as the program told the engine; inputs that depend on nothing are left out. */
  readonly dependencies?: { readonly [property: string]: readonly string[] } | undefined;
  readonly location?: Location | undefined;
  /** Dotted paths of the inputs that nobody wrote but the SDK; undefined where nobody can tell. */
  readonly defaults?: readonly string[];
}

/** Options as the engine has them, inheritance and transforms applied. What was not asked for is left out. */
export interface ResourceOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  /** URN. */
  readonly deletedWith?: string;
  /** URNs, or `{ name, type, … }` of earlier names, as the program wrote them. */
  readonly aliases?: readonly Node[];
  /** URN of an explicit provider. */
  readonly provider?: string;
  /** URNs, of explicit and implicit dependencies. */
  readonly dependsOn?: readonly string[];
  readonly version?: string;
  readonly importId?: string;
  readonly remote?: boolean;
}

/** Leaves out what says nothing: absent values, empty texts and lists, and false. */
export function options(all: { readonly [K in keyof ResourceOptions]: ResourceOptions[K] | undefined }): ResourceOptions {
  const told = Object.entries(all).filter(
    ([, value]) => !(value === undefined || value === false || value === '' || (Array.isArray(value) && value.length === 0)),
  );
  return Object.fromEntries(told) as ResourceOptions;
}
