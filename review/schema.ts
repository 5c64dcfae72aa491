/**
 * The versioned documents. Everything that prints, exports or compares works from these; nothing inside depends on how a
 * format looks. `schema/check.schema.json` says the same as JSON Schema and ships in the package.
 */
import type { ControlId, Severity, Tier } from '../controls';

export type Cloud = 'aws' | 'azure';
export type Verdict = 'pass' | 'fail' | 'unknown' | 'error';

export interface CheckTarget {
  readonly path: string;
  readonly kind: 'cdk-assembly' | 'cloudformation' | 'pulumi-program' | 'pulumi-preview' | 'arm' | 'unrecognised';
  readonly resources: number;
  /** `skipped`: found in a folder, and no template. */
  readonly status: 'ok' | 'failed' | 'skipped';
  /** One line: where, what is wrong, what to do. */
  readonly error?: string;
  /** Of a Pulumi program that failed: its own lines on the stack, innermost first. */
  readonly trace?: readonly string[];
  /** What could not be modelled and was therefore not judged; why a target was skipped. */
  readonly notes?: readonly string[];
  /** Tier of each unit (stack, template, program), and why. */
  readonly tiers?: readonly { readonly unit: string; readonly tier: Tier; readonly declared: boolean; readonly why: readonly string[] }[];
}

export interface CheckFinding {
  readonly rule: string;
  readonly control: ControlId;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly cloud: Cloud;
  readonly target: string;
  readonly resource: { readonly id: string; readonly logicalId: string; readonly type: string; readonly path?: string };
  /** Property path that decided. */
  readonly property?: string;
  /** Azure: who wrote the value that decided. `sdk`: a default that the SDK fills in; `nobody`: what the service does by itself applies. */
  readonly origin?: 'author' | 'sdk' | 'nobody';
  readonly location?: { readonly file: string; readonly line?: number; readonly column?: number };
  /** What was seen; for `unknown`, which value is missing. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  readonly waiver?: CheckWaiver;
  /** Stands in the baseline: it was there before, and does not fail the gate. */
  readonly known?: true;
}

/**
 * What a finding is recognised by from run to run: rule, severity, target, resource and property, not its line or words. A
 * graver or another defect of the same rule is a new finding.
 */
export function findingKey({ rule, cloud, severity, target, resource, property }: CheckFinding): string {
  const place = property?.replace(/\[\d+\]/g, '[]') ?? '';
  return [rule, cloud, severity, target.replaceAll('\\', '/'), resource.path ?? resource.id, place].filter(Boolean).join(' ');
}

export interface CheckWaiver {
  readonly rule: string;
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly expires: string;
}

export interface WaiverRow extends CheckWaiver {
  readonly problem: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly location?: { readonly file: string; readonly line?: number };
}

/** How one control came out on one cloud, worst verdict first; `not-assessed` is never a pass. */
export type ControlStatus = 'error' | 'fail' | 'unknown' | 'waived' | 'pass' | 'attested' | 'not-assessed';

export interface ControlRow {
  readonly control: ControlId;
  readonly cloud: Cloud;
  readonly status: ControlStatus;
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly waived: number;
  readonly error: number;
}

export interface CheckSummary {
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly waived: number;
  readonly error: number;
  /** Failing or undecided findings that stand in the baseline. */
  readonly known: number;
  readonly gate: 'passed' | 'failed';
  /** Lowest severity that fails the gate, and whether `unknown` fails it too. */
  readonly threshold: Severity;
  readonly strict: boolean;
}

export interface CheckDocument {
  readonly schema: 'palisade/check@1';
  readonly tool: { readonly name: 'palisade'; readonly version: string };
  /** Day that expiry was judged by, `YYYY-MM-DD`. */
  readonly today: string;
  readonly targets: readonly CheckTarget[];
  readonly summary: CheckSummary;
  readonly controls: readonly ControlRow[];
  readonly findings: readonly CheckFinding[];
  readonly waivers: readonly WaiverRow[];
}
