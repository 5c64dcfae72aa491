import type { Node } from '../../node';
import { GatherError } from '../target';
import type { Frame } from './context';
import type { Expression } from './expression';
import type { JsonPath, Source } from './json';
import type { Registry } from './registry';

/** Evaluation steps after which a template is refused: a hundred times what the largest real one takes. */
const MOST_STEPS = 5_000_000;
/** Evaluations inside one another: variables that use variables, and so on. */
const DEEPEST_EVALUATION = 400;

/** What one file shares while it is worked out: where it is written, what it declares, and how much was computed. */
export class Session {
  readonly notes = new Set<string>();
  /** Raised when all resources are declared; what was worked out before knew only some of them. */
  epoch = 0;
  #steps = 0;
  #depth = 0;

  constructor(
    readonly source: Source,
    readonly registry: Registry,
    /** Exported data, in which `[…]` is no expression. */
    readonly literal = false,
  ) {}

  error(what: string, path: JsonPath): GatherError {
    return new GatherError(what, this.source.file, this.source.locate(path)?.line);
  }

  /** Counts one step, one level further in, and refuses what never ends. */
  within<T>(path: JsonPath, work: () => T): T {
    this.#steps += 1;
    this.#depth += 1;
    if (this.#steps > MOST_STEPS) throw this.error('computes too much: shorten its loops and variables', path);
    if (this.#depth > DEEPEST_EVALUATION) throw this.error('nests variables and expressions too deeply: flatten them', path);
    try {
      return work();
    } finally {
      this.#depth -= 1;
    }
  }
}

/** What works out expressions, as functions see it. */
export interface Evaluation {
  readonly session: Session;
  evaluate(expression: Expression, frame: Frame): Node;
}
