/**
 * The document of `palisade review`: plain data, versioned; every report is a pure function of it. `schema/review.schema.json` says the
 * same as JSON Schema and ships in the package.
 */
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
  /** Whose approval it needs besides. */
  readonly alsoNeeds?: Approver;
  /** No approval lets it pass. */
  readonly blocks?: boolean;
  /** The source of the base, with the libraries of the head, leads to the same: it comes from them alone. */
  readonly upgrade?: boolean;
  readonly evidence: readonly ReviewEvidence[];
}

export const REVIEW_SCHEMA = 'palisade/review@1';

/** The gravest that is needed; `nothing to approve` also where everything is stronger or as before. */
export const REVIEW_VERDICTS = ['nothing to approve', 'approve: data owner', 'approve: security', 'blocked'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** Verdicts of the rules on one side, counted. */
export interface ReviewCounts {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly waived: number;
}

/** One rule of a control, with the resources that it finds keeping it. */
export interface ReviewRule {
  readonly rule: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** One control on both sides; only those are listed that are kept, broken or undecided otherwise than before. */
export interface ReviewControl {
  readonly control: ControlId;
  readonly before: ReviewCounts;
  readonly after: ReviewCounts;
  /** What enforces it, on either side. */
  readonly enforcedBy: readonly ReviewRule[];
}

/** What was compared. */
export interface ReviewSide {
  readonly targets: readonly {
    readonly path: string;
    readonly kind: string;
    readonly resources: number;
    /** What could not be modelled. */
    readonly notes?: readonly string[];
  }[];
  /** Where the side is a commit: the name that was given, and the commit. */
  readonly ref?: { readonly name: string; readonly commit: string };
  /** SHA-256 of what would be deployed, in canonical form; the same content has the same digest wherever it was synthesised. */
  readonly digest: string;
  /** Share of all verdicts that could not be told, 0 to 1, and how many. */
  readonly undecided: { readonly count: number; readonly share: number };
}

/** An approval that counts for these two digests. */
export interface ReviewApproval {
  readonly by: string;
  readonly as: Approver;
  /** ISO 8601. */
  readonly at: string;
}

/** The result of `palisade review --format json`. */
export interface ReviewDocument {
  readonly schema: typeof REVIEW_SCHEMA;
  readonly tool: { readonly name: 'palisade'; readonly version: string };
  /** Day that expiry was judged by. */
  readonly today: string;
  readonly base: ReviewSide;
  readonly head: ReviewSide;
  readonly verdict: ReviewVerdict;
  /** Whose approval is needed. */
  readonly needs: readonly Approver[];
  /** SHA-256 of the lines that need an approval; absent where none does. */
  readonly asked?: string;
  readonly approvals: readonly ReviewApproval[];
  /** Whether everybody who is needed has approved, and nothing blocks. */
  readonly approved: boolean;
  /** Set where only the versions of libraries differ between the two sides, not the source. */
  readonly onlyUpgrade?: boolean;
  /** Libraries that made the two sides in other versions, where the sides say by what they were made. */
  readonly libraries?: readonly { readonly name: string; readonly before?: string; readonly after?: string }[];
  /** The gravest first. */
  readonly changes: readonly ReviewChange[];
  readonly controls: readonly ReviewControl[];
}
