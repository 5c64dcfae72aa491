/** The document of `palisade review`: plain data, versioned; every report is a pure function of it. */
import type { ControlId, Severity } from '../controls';

/** What a change is about. */
export const ASPECTS = ['access', 'exposure', 'logging', 'detection', 'controls', 'data', 'encryption', 'undecided', 'upgrade'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** Boundaries, the gravest first: what crosses one ranks above everything inside. */
export const BOUNDARIES = ['internet', 'organisation', 'tenant', 'tier', 'residency'] as const;
export type Boundary = (typeof BOUNDARIES)[number];

/** `weaker` needs somebody's approval; `stronger` and `neutral` are shown folded; `undecided` could be either. */
export type Direction = 'weaker' | 'stronger' | 'neutral' | 'undecided';

/** Who has to approve. */
export type Approver = 'security' | 'data owner';

/** Where a reader can convince himself. */
export interface ReviewEvidence {
  /** As a person knows it: construct path, URN name, or template and logical id. */
  readonly resource: string;
  readonly side: 'before' | 'after';
  readonly location?: { readonly file: string; readonly line?: number };
  /** Rule that says so, where a rule does. */
  readonly rule?: string;
  /** From the principal, or the network, to what it reaches; the shortest. */
  readonly chain?: readonly string[];
  /** What was seen, or where in the resource: a property path, a statement. */
  readonly saw?: string;
}

/** One consequence of a change, for one thing. */
export interface ReviewChange {
  readonly aspect: Aspect;
  readonly direction: Direction;
  readonly severity: Severity;
  /** A plain sentence, without full stop: who or what, what about it, before and after. */
  readonly sentence: string;
  /**
   * Stable identity of what it happens to, and what about it: changes with the same subject and topic are one consequence, told
   * once, by the aspect that comes first.
   */
  readonly subject: string;
  readonly topic: string;
  readonly control?: ControlId;
  readonly boundary?: Boundary;
  /** Of a weakening or something undecided. */
  readonly approver?: Approver;
  /** No approval lets it pass. */
  readonly blocks?: boolean;
  readonly evidence: readonly ReviewEvidence[];
}
