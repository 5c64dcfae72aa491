import {
  ANNOUNCE_DAYS,
  CONTROLS,
  DAY_MS,
  dayOf,
  isControlId,
  isSelfApproved,
  LONGEST_DAYS,
  type Severity,
  WAIVER_FIELDS,
  type Waiver,
} from '../controls';
import type { Location, Resource } from './resource';

export type { Waiver } from '../controls';

/** A waiver with the place where it was declared. */
export interface DeclaredWaiver extends Waiver {
  /** `config`: palisade.yaml. `artefact`: written by a construct or an acknowledgement into what is deployed. */
  readonly source: 'config' | 'artefact';
  readonly location?: Location | undefined;
}

export type WaiverProblem =
  | 'unknown-id'
  | 'missing-field'
  | 'self-approved'
  | 'malformed-date'
  | 'expired'
  | 'expiring-soon'
  | 'too-long'
  | 'unused'
  | 'too-broad'
  | 'not-waivable';

/** One hygiene finding. `error` means that the waiver does not count. */
export interface WaiverNote {
  readonly problem: WaiverProblem;
  readonly level: 'error' | 'warning';
  readonly waiver: DeclaredWaiver;
  readonly message: string;
}

/** What keeps exceptions honest cannot itself be excepted. */
export const NOT_WAIVABLE: ReadonlySet<string> = new Set(['GOV-03', 'GOV-04', 'GOV-08']);

/** Days from `today` to the end of the waiver's last day; undefined where the date is none. */
export function daysLeft(waiver: Waiver, today: Date): number | undefined {
  const end = dayOf(waiver.expires);
  return end === undefined ? undefined : Math.round((end - (dayOf(today.toISOString().slice(0, 10)) ?? 0)) / DAY_MS);
}

/**
 * The register of exceptions during one evaluation: refuses what is malformed, finds the waiver for a finding, and knows
 * at the end which were never needed. An expired or malformed waiver does not count: it fails closed.
 */
export class WaiverRegister {
  readonly #byRule = new Map<string, DeclaredWaiver[]>();
  readonly #notes: WaiverNote[] = [];
  readonly #used = new Set<DeclaredWaiver>();
  readonly #valid: DeclaredWaiver[] = [];

  /** @param severityOf severity of a rule or control id; undefined for an unknown id */
  constructor(waivers: readonly DeclaredWaiver[], severityOf: (id: string) => Severity | undefined, today: Date) {
    for (const waiver of waivers) {
      const notes = hygiene(waiver, severityOf, today);
      this.#notes.push(...notes);
      if (notes.some((note) => note.level === 'error')) continue;
      this.#valid.push(waiver);
      const list = this.#byRule.get(waiver.rule);
      if (list) list.push(waiver);
      else this.#byRule.set(waiver.rule, [waiver]);
    }
  }

  /** The waiver that covers a rule on a resource. */
  find(ruleId: string, control: string, resource: Resource): DeclaredWaiver | undefined {
    if (this.#byRule.size === 0) return undefined;
    const candidates = [...(this.#byRule.get(ruleId) ?? []), ...(this.#byRule.get(control) ?? [])];
    // An artefact may carry one waiver in two forms, as an acknowledgement and in its metadata: both are in use.
    const covering = candidates.filter((waiver) => names(waiver, resource));
    for (const waiver of covering) this.#used.add(waiver);
    return covering[0];
  }

  /** Hygiene of all waivers, the unused ones included; call it when everything has been judged. */
  notes(): readonly WaiverNote[] {
    const unused = this.#valid
      .filter((waiver) => !this.#used.has(waiver))
      .map((waiver) => note('unused', 'warning', waiver, 'excuses nothing that was found: remove it'));
    return [...this.#notes, ...unused];
  }
}

function names(waiver: DeclaredWaiver, resource: Resource): boolean {
  const { resource: name } = waiver;
  if (name === resource.id || name === resource.path || name === resource.logicalId) return true;
  // A waiver on a construct covers the resource that the construct exists for, and no sibling.
  return resource.path === `${name}/Resource` || resource.path === `${name}/Default`;
}

function hygiene(waiver: DeclaredWaiver, severityOf: (id: string) => Severity | undefined, today: Date): WaiverNote[] {
  const missing = WAIVER_FIELDS.filter((field) => typeof waiver[field] !== 'string' || waiver[field].trim() === '');
  if (missing.length > 0)
    return [note('missing-field', 'error', waiver, `lacks ${missing.join(', ')}: write all of ${WAIVER_FIELDS.join(', ')}`)];
  const severity = severityOf(waiver.rule);
  if (severity === undefined)
    return [note('unknown-id', 'error', waiver, `names no rule or control of the catalogue: see "palisade controls"`)];
  if (NOT_WAIVABLE.has(waiver.rule.split('.')[0] as string))
    return [note('not-waivable', 'error', waiver, 'cannot be waived: it keeps the exceptions themselves honest')];
  if (/[*?]/.test(waiver.resource)) return [note('too-broad', 'error', waiver, `covers "${waiver.resource}": name exactly one resource`)];
  if (isSelfApproved(waiver))
    return [note('self-approved', 'error', waiver, `is approved by its own owner "${waiver.owner}": somebody else has to approve it`)];
  const left = daysLeft(waiver, today);
  if (left === undefined) return [note('malformed-date', 'error', waiver, `expires on "${waiver.expires}": write a date as YYYY-MM-DD`)];
  if (left < 0)
    return [note('expired', 'error', waiver, `expired on ${waiver.expires}: mend the resource, or have the exception approved again`)];
  const longest = LONGEST_DAYS[severity];
  if (left > longest) return [note('too-long', 'error', waiver, `runs ${left} days: at most ${longest} for severity ${severity}`)];
  return left <= ANNOUNCE_DAYS
    ? [note('expiring-soon', 'warning', waiver, `expires in ${left} ${left === 1 ? 'day' : 'days'}, on ${waiver.expires}`)]
    : [];
}

function note(problem: WaiverProblem, level: 'error' | 'warning', waiver: DeclaredWaiver, what: string): WaiverNote {
  return { problem, level, waiver, message: `waiver for ${waiver.rule || 'no rule'} on ${waiver.resource || 'no resource'} ${what}` };
}

/** Severity of a control id, for ids that are not rules. */
export const controlSeverity = (id: string): Severity | undefined => (isControlId(id) ? CONTROLS[id].severity : undefined);
