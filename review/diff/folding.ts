/** One cause, one line: what several aspects say of the same cause is told by the gravest, with the others as its evidence. */

import { type ControlId, SEVERITIES } from '../../controls';
import { type Approver, ASPECTS, BOUNDARIES, type Direction, type ReviewChange } from '../schema-review';
import type { Cause, Told } from './side';

const DIRECTIONS: readonly Direction[] = ['weaker', 'undecided', 'neutral', 'stronger'];

/** Blocking first, then what crosses a boundary, then by severity; what needs nobody comes last. */
export function byConsequence(a: ReviewChange, b: ReviewChange): number {
  const [left, right] = [rank(a), rank(b)];
  for (const [at, value] of left.entries()) {
    const other = right[at] as number | string;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

const rank = (change: ReviewChange): readonly (number | string)[] => [
  DIRECTIONS.indexOf(change.direction),
  change.blocks ? 0 : 1,
  change.boundary === undefined ? BOUNDARIES.length : BOUNDARIES.indexOf(change.boundary),
  -SEVERITIES.indexOf(change.severity),
  ASPECTS.indexOf(change.aspect),
  change.sentence,
];

/**
 * Folds what is told twice: the same subject and topic, what has the same cause as something graver, and what a rule says of a cause
 * that another line tells. The gravest first.
 *
 * @param changes what every aspect says
 */
export function folded(changes: readonly Told[]): readonly ReviewChange[] {
  const lines = new Lines();
  const sorted = [...changes].sort(byConsequence);
  // What a change means comes before which rule notices it.
  const told = sorted.filter((change) => !isNote(change));
  for (const change of told) if (!isFinding(change)) lines.add(change);
  for (const change of told) if (isFinding(change)) lines.add(change);
  // What was only taken out of the code comes last: another line says what that means.
  for (const change of sorted) if (isNote(change)) lines.add(change);
  return lines.kept.map(({ causes: _causes, covers: _covers, tells: _tells, ...change }) => change).sort(byConsequence);
}

/** Only rules speak of it. */
const isFinding = ({ control, evidence }: ReviewChange): boolean =>
  control !== undefined && evidence.every(({ rule }) => rule !== undefined);
const controlsOf = ({ evidence }: ReviewChange): readonly ControlId[] =>
  evidence.map(({ rule = '' }) => rule.slice(0, rule.indexOf('.')) as ControlId);

class Lines {
  readonly kept: Told[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #bySentence = new Map<string, number>();
  readonly #byResource = new Map<string, number[]>();
  readonly #covering: number[] = [];

  add(change: Told): void {
    const key = `${change.direction} ${change.subject} ${change.topic}`;
    // A bucket and what is in it read alike.
    const said = `${change.direction} ${change.approver} ${change.subject} ${change.sentence}`;
    const same = this.#byKey.get(key) ?? this.#bySentence.get(said) ?? this.#byCause(change) ?? this.#byControl(change);
    if (same !== undefined) {
      if (!isNote(change)) this.kept[same] = joined(this.kept[same] as Told, change);
      return;
    }
    if (this.#shareOut(change)) return;
    const at = this.kept.push(change) - 1;
    this.#byKey.set(key, at);
    this.#bySentence.set(said, at);
    if (change.covers) this.#covering.push(at);
    for (const resource of new Set((change.causes ?? []).map((cause) => cause.resource))) {
      const known = this.#byResource.get(resource);
      if (known) known.push(at);
      else this.#byResource.set(resource, [at]);
    }
  }

  /** The line that tells every cause of this one. */
  #byCause(change: Told): number | undefined {
    const { causes = [] } = change;
    const [first] = causes;
    if (!first) return undefined;
    return this.#byResource.get(first.resource)?.find((at) => {
      const other = this.kept[at] as Told;
      return (
        compatible(other, change) &&
        causes.every((cause) => (other.causes ?? []).some((known) => includes(known, cause, speaksOf(other, change))))
      );
    });
  }

  /** What several lines tell together, each gets its part of; nothing is shared out where something is left. */
  #shareOut(change: Told): boolean {
    const { causes = [], evidence } = change;
    if (!isFinding(change) || causes.length < 2 || causes.length !== evidence.length) return false;
    const parts = causes.map((cause, at) => ({ ...change, causes: [cause], evidence: evidence.slice(at, at + 1) }));
    const tellers = parts.map((part) => this.#byCause(part));
    if (tellers.includes(undefined)) return false;
    for (const [at, part] of parts.entries()) {
      const teller = tellers[at] as number;
      const { blocks: _blocks, ...milder } = part;
      this.kept[teller] = joined(this.kept[teller] as Told, at === 0 ? part : milder);
    }
    return true;
  }

  /** The line that tells what rules notice elsewhere because of it. */
  #byControl(change: Told): number | undefined {
    if (!isFinding(change)) return undefined;
    return this.#covering.find((at) => {
      const { covers = [], direction } = this.kept[at] as Told;
      return direction === change.direction && controlsOf(change).every((control) => covers.includes(control));
    });
  }
}

/** Whether a line about a whole resource is about what the other says of it: that a policy opens a store is about who gets in. */
const speaksOf = (kept: Told, change: Told): boolean =>
  (kept.aspect === change.aspect &&
    !(isGain(kept) && isGain(change)) &&
    (kept.tells === undefined || controlsOf(change).every((control) => kept.tells?.includes(control)))) ||
  (kept.aspect === 'access' && isFinding(change) && (change.aspect === 'exposure' || isAboutStatements(change)));

/** What somebody gains: each line says who gains what, and hides no other. */
const isGain = (change: Told): boolean => change.direction !== 'stronger' && change.topic.startsWith('access ') && !isFinding(change);

/** What a rule says of single statements of a policy, an access line says in what they grant. */
const isAboutStatements = ({ causes = [] }: Told): boolean => causes.every(({ path = '' }) => /(^|\.)Statement\b/.test(path));

/** What needs one person's approval does not hide behind what needs another's, unless it is a rule that says why. */
const compatible = (kept: Told, change: Told): boolean =>
  isNote(change) ||
  ((kept.direction === change.direction || (kept.direction === 'weaker' && change.direction === 'undecided')) &&
    (kept.approver === change.approver || (isFinding(change) && kept.approver === 'security')));

/** What was only taken out of the code. */
const isNote = ({ topic }: ReviewChange): boolean => topic.startsWith('removed ');

function includes(known: Cause, cause: Cause, sameAspect: boolean): boolean {
  if (known.resource !== cause.resource) return false;
  if (known.path === undefined || cause.path === undefined) return sameAspect;
  return within(known.path, cause.path) || within(cause.path, known.path);
}

const steps = (path: string): string => `${path.replaceAll(/\[(\d+)\]/g, '.$1')}.`;
const within = (inner: string, outer: string): boolean => outer !== '' && steps(inner).startsWith(steps(outer));

/**
 * Nothing is lost: what blocks makes the line block, the graver severity counts, and whoever has to approve the one has to approve
 * the line.
 */
export function joined(kept: Told, more: Told): Told {
  const control = kept.control ?? more.control;
  const known = new Set(kept.evidence.map((one) => JSON.stringify(one)));
  const graver = kept.direction !== 'stronger' && SEVERITIES.indexOf(more.severity) > SEVERITIES.indexOf(kept.severity);
  return {
    ...kept,
    ...(control === undefined ? {} : { control }),
    ...(graver ? { severity: more.severity } : {}),
    ...(more.blocks ? { blocks: true, sentence: withLast(kept.sentence, more.sentence) } : {}),
    ...approvers(kept, more),
    evidence: [...kept.evidence, ...more.evidence.filter((one) => !known.has(JSON.stringify(one)))],
  };
}

/** What nothing keeps any more, of both lines, once. */
function withLast(sentence: string, more: string): string {
  const [, own] = LAST.exec(sentence) ?? [];
  const [, other] = LAST.exec(more) ?? [];
  if (other === undefined) return sentence;
  const controls = [...new Set([...(own?.split(', ') ?? []), ...other.split(', ')])].sort();
  return `${sentence.replace(LAST, '')}; nothing keeps ${controls.join(', ')} any more`;
}
const LAST = /; nothing keeps ([^;]+) any more$/;

function approvers(...lines: readonly Told[]): Pick<ReviewChange, 'approver' | 'alsoNeeds'> {
  const [approver, alsoNeeds] = new Set<Approver>(lines.flatMap((line) => [line.approver ?? [], line.alsoNeeds ?? []].flat()));
  return { ...(approver ? { approver } : {}), ...(alsoNeeds ? { alsoNeeds } : {}) };
}
