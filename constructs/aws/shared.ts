import { Stack } from 'aws-cdk-lib';
import type { IRole, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { ICodeSigningConfig } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IConstruct } from 'constructs';

const SHARED = Symbol.for('palisade.shared');

/** Where hosts ship their records. */
export interface SharedRecords extends IConstruct {
  /** Takes the records, one stream for each host. */
  readonly logGroup: ILogGroup;
  /** Lets hosts with this role write their records. */
  grantHost(role: IRole): void;
}

/** What several constructs of a system use together. */
export interface Shared {
  /** Hears security alarms. */
  readonly alarms: ITopic;
  /** Takes the access logs of buckets. */
  readonly 'access-logs': IBucket;
  /** Encrypts log groups. */
  readonly 'log-key': Key;
  /** Limits what roles of people can ever be granted. */
  readonly 'permission-boundary': ManagedPolicy;
  /** Encrypts the environments of functions. */
  readonly 'function-key': Key;
  /** Ships the records of hosts. */
  readonly 'host-records': SharedRecords;
  /** The same for Windows. */
  readonly 'windows-records': SharedRecords;
  /** Says whose signatures functions accept. */
  readonly 'code-signing': ICodeSigningConfig;
}
/** Name of a thing that can be shared. */
export type SharedThing = keyof Shared;

type Holder = IConstruct & { [SHARED]?: Map<SharedThing, IConstruct> };

/**
 * Makes `thing` the one that every construct beneath `scope` uses from now on, in the same account and region, unless
 * its props name another.
 *
 * @example
 * share(app, 'alarms', new AlarmTopic(securityStack, 'Alarms'));
 */
export function share<N extends SharedThing>(scope: IConstruct, name: N, thing: Shared[N]): void {
  const holder = scope as Holder;
  if (!holder[SHARED]) Object.defineProperty(holder, SHARED, { value: new Map() });
  holder[SHARED]?.set(name, thing);
}

/**
 * The thing shared nearest above; where there is none, one is made for the stack and shared in it. A thing of another
 * account or region does not count: topics, log buckets and keys serve their own only.
 */
export function sharedIn<N extends SharedThing>(scope: IConstruct, name: N, make: (stack: Stack) => Shared[N]): Shared[N] {
  const stack = Stack.of(scope);
  for (const each of [...scope.node.scopes].reverse()) {
    const found = (each as Holder)[SHARED]?.get(name) as Shared[N] | undefined;
    if (found && Stack.of(found).environment === stack.environment) return found;
  }
  const made = make(stack);
  share(stack, name, made);
  return made;
}
