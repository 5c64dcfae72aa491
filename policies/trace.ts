import type { Holder } from './holder';

/** Told of every property that a rule reads; tests use it to check paths against the services' schemas. */
export type Tracer = (resource: Holder, path: string) => void;
/** Who is told now, if anybody is. */
export let tracer: Tracer | undefined;
/** Runs `work` while `trace` is told of every property read. */
export function traced<T>(trace: Tracer, work: () => T): T {
  const outer = tracer;
  tracer = trace;
  try {
    return work();
  } finally {
    tracer = outer;
  }
}
