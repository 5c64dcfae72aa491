/** What lets something in, or out, or leads elsewhere: two states are compared by what either of them lets. */
import type { Severity } from '../../../controls';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Aspect, Boundary } from '../../schema-review';
import type { Pairing } from '../side';

export interface Opening {
  /** What is opened, the same on both sides, whichever resource opens it. */
  readonly of: string;
  /** Openings of one line are told together. */
  readonly line: string;
  /** A range of addresses, a pattern of names, or any other text. */
  readonly what: string;
  readonly on: Resource;
  readonly path: string;
  /** How people call what is opened. */
  readonly name: string;
  readonly come: (what: string) => string;
  readonly gone: (what: string) => string;
  /** It refuses: weaker where it goes away. */
  readonly protects?: boolean;
  /** Told only where the same is open on the other side to others: what is wholly new is told elsewhere. */
  readonly onlyMore?: boolean;
  readonly severity?: Severity;
  readonly boundary?: Boundary;
  readonly aspect?: Aspect;
}

export type Opener = (resource: Resource, graph: Graph, pairing: Pairing) => Iterable<Opening>;
