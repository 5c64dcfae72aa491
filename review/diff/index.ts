/** What a change means: every aspect asked, each consequence told once, the gravest first. */
import { type DataProfile, SEVERITIES, type Tier } from '../../controls';
import { evaluate, type Graph, RULES } from '../../policies';
import type { DeclaredWaiver } from '../../policies/waiver';
import { ASPECTS, BOUNDARIES, type Direction, type ReviewChange } from '../schema-review';
import { access } from './access';
import { data } from './data';
import { findings } from './findings';
import { pair } from './pairing';
import { posture } from './posture';
import { removed } from './removed';
import type { Aspected, Occasion, Side } from './side';
import { strengths } from './strengths';

export type { Occasion, Side } from './side';

/** What is read of one target. */
export interface Read {
  readonly path: string;
  readonly graph: Graph;
  readonly waivers: readonly DeclaredWaiver[];
}

/** What a project file says; both sides have their own. */
export interface SideConfig extends NonNullable<Side['settings']> {
  readonly profile?: DataProfile | undefined;
  readonly waivers?: readonly DeclaredWaiver[] | undefined;
  /** Overrides every declared tier. */
  readonly tier?: Tier | undefined;
}

/** Judges what was read of one side. */
export function sideOf(which: Side['which'], read: readonly Read[], { today }: Occasion, config: SideConfig = {}): Side {
  const { gate, profile, strict, tier } = config;
  const targets = read.map(({ graph, path, waivers }) => {
    const declared = [...(config.waivers ?? []), ...waivers];
    const common = { rules: RULES, profile, waivers: declared, today, passes: true };
    return {
      path,
      graph,
      waivers: declared,
      evaluation: evaluate(graph, { ...common, tier }),
      strictest: evaluate(graph, { ...common, tier: 'high' }),
    };
  });
  return { which, targets, settings: { gate, strict } };
}

const ASPECTED: readonly Aspected[] = [access, data, strengths, findings, posture, removed];

/**
 * What changed in meaning between two sides, the gravest first. Empty when nothing did.
 *
 * @example
 * compareSides(sideOf('before', [before], occasion), sideOf('after', [after], occasion), occasion)
 */
export function compareSides(before: Side, after: Side, occasion: Occasion): readonly ReviewChange[] {
  const pairing = pair(before, after);
  const changes = ASPECTED.flatMap((aspect) => aspect(before, after, pairing, occasion));
  return once(changes).sort(byConsequence);
}

/** Of several that say the same, the one whose aspect comes first, with the evidence of all. */
function once(changes: readonly ReviewChange[]): ReviewChange[] {
  const told = new Map<string, ReviewChange>();
  const ordered = [...changes].sort((a, b) => ASPECTS.indexOf(a.aspect) - ASPECTS.indexOf(b.aspect));
  for (const change of ordered) {
    const key = `${change.direction} ${change.subject} ${change.topic}`;
    const known = told.get(key);
    told.set(key, known ? { ...known, evidence: [...known.evidence, ...change.evidence] } : change);
  }
  return [...told.values()];
}

const DIRECTIONS: readonly Direction[] = ['weaker', 'undecided', 'neutral', 'stronger'];

/** Blocking first, then what crosses a boundary, then by severity; what needs nobody comes last. */
function byConsequence(a: ReviewChange, b: ReviewChange): number {
  const rank = (change: ReviewChange): readonly (number | string)[] => [
    DIRECTIONS.indexOf(change.direction),
    change.blocks ? 0 : 1,
    change.boundary === undefined ? BOUNDARIES.length : BOUNDARIES.indexOf(change.boundary),
    -SEVERITIES.indexOf(change.severity),
    ASPECTS.indexOf(change.aspect),
    change.sentence,
  ];
  const [left, right] = [rank(a), rank(b)];
  for (const [at, value] of left.entries()) {
    const other = right[at] as number | string;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
