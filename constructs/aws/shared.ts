import { Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const SHARED = Symbol.for('palisade.shared');

/** What several constructs of a system use together. */
export type SharedThing = 'alarms' | 'access-logs' | 'log-key';

type Holder = IConstruct & { [SHARED]?: Map<SharedThing, IConstruct> };

/** Makes `thing` the one that every construct beneath `scope` uses from now on, unless its props name another. */
export function share(scope: IConstruct, name: SharedThing, thing: IConstruct): void {
  const holder = scope as Holder;
  if (!holder[SHARED]) Object.defineProperty(holder, SHARED, { value: new Map() });
  holder[SHARED]?.set(name, thing);
}

/** The thing shared nearest above; where there is none, one is made for the stack and shared in it. */
export function sharedIn<T extends IConstruct>(scope: IConstruct, name: SharedThing, make: (stack: Stack) => T): T {
  for (const each of [...scope.node.scopes].reverse()) {
    const found = (each as Holder)[SHARED]?.get(name);
    if (found) return found as T;
  }
  const stack = Stack.of(scope);
  const made = make(stack);
  share(stack, name, made);
  return made;
}
