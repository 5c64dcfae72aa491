/**
 * A control is a statement that must be true, technology-neutral. It knows no cloud SDK and no property names of its
 * own; how each cloud keeps it is told by claims (constructs) and rules (policies), which point here and never back.
 */
import type { FrameworkId } from './frameworks';
import type { Tier } from './tier';

/** Ordered from least to most severe. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Row of the mission's scoreboard, M1 to M24. */
export type MissionRow = `M${number}`;

/** preventive: makes the wrong state impossible. detective: finds it. procedural: kept by people, shown by an attestation. */
export type ControlKind = 'preventive' | 'detective' | 'procedural';

/** synth: in the rendered resources. diff: by comparing two versions. runtime: in the running system. record: by a record. */
export type Verification = 'synth' | 'diff' | 'runtime' | 'record';

/** Longest age of an attestation in days, by how often it is due; the longest month, quarter, half-year and year count. */
export const INTERVAL_DAYS = { week: 7, month: 31, quarter: 92, 'half-year': 184, year: 366 } as const;
export type Interval = keyof typeof INTERVAL_DAYS;

/** What must be true, and all that is said about it in one place. */
export interface Control {
  /** States the passing state: "Stores refuse clear-text requests". */
  readonly title: string;
  /** The whole statement, in the words of an auditor. */
  readonly requirement: string;
  /** How it works. */
  readonly kind: ControlKind;
  /** What breaking it costs; the default severity of its findings. */
  readonly severity: Severity;
  /** Lowest tier at which the control applies. */
  readonly from: Tier;
  /** Where it can be verified. */
  readonly verified: Verification;
  /**
   * How often its attestation is due, where the requirement says so.
   * @default 'year'
   */
  readonly attested?: Interval;
  /** Set when only one cloud has the mechanism at all. */
  readonly only?: 'aws' | 'azure';
  /** Mission rows it serves. */
  readonly rows: readonly MissionRow[];
  /** The mechanism on each cloud, in one line, for people. */
  readonly aws: string;
  /** As `aws`. */
  readonly azure: string;
  /** Ids in external frameworks; frameworks without a counterpart are left out. */
  readonly frameworks: { readonly [F in FrameworkId]?: readonly string[] };
}

/** One of the 19 standards with its controls, keyed by control id. */
export interface Standard<Id extends string = string, Code extends string = string> {
  /** Three letters; the ids of its controls start with them. */
  readonly id: Code;
  /** Its name, for people. */
  readonly title: string;
  /** What it is about. */
  readonly scope: string;
  /** Role that answers for its controls (GOV-01); the organisation says who holds it. */
  readonly owner: string;
  /** In the order in which documents list them. */
  readonly controls: Readonly<Record<Id, Control>>;
}

/**
 * Declares a standard; the ids of its controls become part of the type and must start with its own.
 *
 * @example
 * const OPS = standard({ id: 'OPS', title: 'Operations', scope: 'What only our own systems need.', owner: 'Head of operations', controls: {} });
 */
export function standard<const Code extends string, const Id extends `${Code}-${number}`>(spec: Standard<Id, Code>): Standard<Id, Code> {
  return spec;
}
