import { type ControlId, SEVERITIES, type Severity } from '../controls';
import type { Evaluation, Finding, Graph, WaiverNote } from '../policies';
import {
  type CheckDocument,
  type CheckFinding,
  type CheckTarget,
  type CheckWaiver,
  type Cloud,
  type ControlRow,
  type ControlStatus,
  findingKey,
  type WaiverRow,
} from './schema';

/** What came out of one target. */
export interface JudgedTarget {
  readonly path: string;
  readonly kind: CheckTarget['kind'];
  readonly graph: Graph;
  readonly evaluation: Evaluation;
}

export interface DocumentOptions {
  readonly version: string;
  readonly today: Date;
  readonly threshold: Severity;
  readonly strict: boolean;
  /** Controls with a valid attestation. */
  readonly attested: ReadonlySet<ControlId>;
  /** Keys of findings that stand in the baseline (see `findingKey`). */
  readonly known?: ReadonlySet<string> | undefined;
}

type Counts = Omit<ControlRow, 'control' | 'cloud' | 'status'>;
const VERDICTS = ['pass', 'fail', 'unknown', 'waived', 'error'] as const;
const NOTHING: Counts = { pass: 0, fail: 0, unknown: 0, waived: 0, error: 0 };

/**
 * Collects judged targets into one document. Each target is turned into plain rows as it comes, so that thousands of
 * targets do not keep their graphs in memory.
 */
export class CheckReport {
  readonly #targets: CheckTarget[] = [];
  readonly #findings: CheckFinding[] = [];
  readonly #waivers: WaiverRow[] = [];
  readonly #configWaivers = new Map<string, { readonly row: WaiverRow; readonly targets: number }>();
  readonly #controls = new Map<string, { control: ControlId; cloud: Cloud; counts: Record<(typeof VERDICTS)[number], number> }>();
  readonly #clouds = new Set<Cloud>();

  add({ path, kind, graph, evaluation }: JudgedTarget): void {
    this.#targets.push({
      path,
      kind,
      resources: graph.size,
      status: 'ok',
      ...(graph.notes.length > 0 ? { notes: graph.notes } : {}),
      tiers: [...evaluation.tiers].map(([unit, { tier, declared, why }]) => ({ unit: unit.id, tier, declared, why })),
    });
    for (const unit of graph.units) this.#clouds.add(unit.cloud);
    for (const finding of evaluation.findings) this.#findings.push(findingRow(finding, path));
    for (const note of evaluation.waivers) this.#note(note);
    for (const { rule, counts } of evaluation.counts) this.#count(rule.control, rule.cloud, counts);
  }

  addFailed(path: string, error: string, trace: readonly string[] = []): void {
    this.#targets.push({ path, kind: 'unrecognised', resources: 0, status: 'failed', error, ...(trace.length > 0 ? { trace } : {}) });
  }

  /** What a folder holds besides templates: listed, because it was not judged, and no failure. */
  addSkipped(path: string, why: string): void {
    this.#targets.push({ path, kind: 'unrecognised', resources: 0, status: 'skipped', notes: [why] });
  }

  /** @param controls the catalogue's ids, for those that nothing was judged for */
  document(controls: readonly ControlId[], options: DocumentOptions): CheckDocument {
    const rows = [...this.#clouds].sort().flatMap((cloud) => controls.map((control) => this.#row(control, cloud, options.attested)));
    const sum = VERDICTS.map((verdict) => [verdict, rows.reduce((total, row) => total + row[verdict], 0)] as const);
    const waivers = this.#waiverRows();
    const findings = this.#findings.map((finding) => marked(finding, options.known));
    return {
      schema: 'palisade/check@1',
      tool: { name: 'palisade', version: options.version },
      today: options.today.toISOString().slice(0, 10),
      targets: this.#targets,
      summary: {
        ...(Object.fromEntries(sum) as Record<(typeof VERDICTS)[number], number>),
        known: findings.filter(({ known }) => known).length,
        // What could not be read was not judged: a gate that it never came to is not passed.
        gate: this.#targets.every(({ status }) => status !== 'failed') && passes(findings, waivers, options) ? 'passed' : 'failed',
        threshold: options.threshold,
        strict: options.strict,
      },
      controls: rows,
      findings: findings.sort(worstFirst),
      waivers,
    };
  }

  /** A waiver of palisade.yaml is offered to every target: it is told once, and unused only when no target needed it. */
  #note(note: WaiverNote): void {
    const row = waiverRow(note);
    if (note.waiver.source === 'artefact') {
      this.#waivers.push(row);
      return;
    }
    const key = JSON.stringify(row);
    const known = this.#configWaivers.get(key);
    this.#configWaivers.set(key, { row, targets: (known?.targets ?? 0) + 1 });
  }

  #waiverRows(): readonly WaiverRow[] {
    const judged = this.#targets.filter(({ status }) => status === 'ok').length;
    const fromConfig = [...this.#configWaivers.values()].filter(({ row, targets }) => row.problem !== 'unused' || targets === judged);
    return [...fromConfig.map(({ row }) => row), ...this.#waivers];
  }

  #count(control: ControlId, cloud: Cloud, counts: Readonly<Record<(typeof VERDICTS)[number], number>>): void {
    // Most rules name types that a target does not have.
    if (VERDICTS.every((verdict) => counts[verdict] === 0)) return;
    const key = `${control} ${cloud}`;
    let row = this.#controls.get(key);
    if (!row) {
      row = { control, cloud, counts: { ...NOTHING } };
      this.#controls.set(key, row);
    }
    for (const verdict of VERDICTS) row.counts[verdict] += counts[verdict];
  }

  #row(control: ControlId, cloud: Cloud, attested: ReadonlySet<ControlId>): ControlRow {
    const counts = this.#controls.get(`${control} ${cloud}`)?.counts ?? NOTHING;
    return { control, cloud, status: statusOf(counts, attested.has(control)), ...counts };
  }
}

/** An error, and a malformed exception, are never covered by anything. */
function passes(findings: readonly CheckFinding[], waivers: readonly WaiverRow[], { threshold, strict }: DocumentOptions): boolean {
  const least = SEVERITIES.indexOf(threshold);
  const refuses = ({ verdict, severity, waiver, known }: CheckFinding) =>
    verdict === 'error' ||
    (!waiver && !known && (verdict === 'fail' || (strict && verdict === 'unknown')) && SEVERITIES.indexOf(severity) >= least);
  return !findings.some(refuses) && !waivers.some(({ level }) => level === 'error');
}

function marked(finding: CheckFinding, known: ReadonlySet<string> | undefined): CheckFinding {
  const covered = known?.has(findingKey(finding)) && !finding.waiver && (finding.verdict === 'fail' || finding.verdict === 'unknown');
  return covered ? { ...finding, known: true } : finding;
}

/** Worst wins. */
export function statusOf(counts: Counts, attested: boolean): ControlStatus {
  for (const status of ['error', 'fail', 'unknown', 'waived', 'pass'] as const) if (counts[status] > 0) return status;
  return attested ? 'attested' : 'not-assessed';
}

function findingRow(finding: Finding, target: string): CheckFinding {
  const { resource, location, waiver, at, origin } = finding;
  return {
    rule: finding.rule,
    control: finding.control,
    verdict: finding.verdict as CheckFinding['verdict'],
    severity: finding.severity,
    cloud: finding.cloud,
    target,
    resource: { id: resource.id, logicalId: resource.logicalId, type: resource.type, ...(resource.path ? { path: resource.path } : {}) },
    ...(at ? { property: at } : {}),
    ...(origin ? { origin } : {}),
    ...(location ? { location } : {}),
    message: finding.message,
    fix: finding.fix,
    ...(waiver ? { waiver: plainWaiver(waiver) } : {}),
  };
}

function plainWaiver({ rule, resource, reason, owner, approver, ticket, expires }: CheckWaiver): CheckWaiver {
  return { rule, resource, reason, owner, approver, ticket, expires };
}

function waiverRow({ problem, level, message, waiver }: WaiverNote): WaiverRow {
  return { ...plainWaiver(waiver), problem, level, message, ...(waiver.location ? { location: waiver.location } : {}) };
}

const VERDICT_ORDER = ['error', 'fail', 'unknown', 'pass'];
function worstFirst(a: CheckFinding, b: CheckFinding): number {
  return (
    VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    compare(a.target, b.target) ||
    compare(a.rule, b.rule) ||
    compare(a.resource.id, b.resource.id)
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
