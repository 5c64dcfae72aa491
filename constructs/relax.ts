/** What both clouds ask of a relaxation. How its waiver is recorded is the cloud's own. */
import { CONTROLS, DAY_MS, dayOf, isControlId, isSelfApproved, LONGEST_DAYS, WAIVER_FIELDS } from '../controls';
import { type Claims, type ControlId, type Relaxation, relaxed } from './contract';

/** What of a construct's promises can be relaxed, and why the others cannot. */
export interface Promises {
  readonly claims: Claims;
  /** Families of the rules that judge the construct: `object-storage`. */
  readonly families: readonly [string, ...string[]];
  /** Controls that may be relaxed, with what the construct then leaves out. Those beyond the claims are kept by refusing props. */
  readonly relaxable: { readonly [Id in ControlId]?: string };
  /** Why a promise is never relaxed, where more than "no case is known that needs it" can be said. */
  readonly firm?: { readonly [Id in ControlId]?: string };
}

const FIELDS = WAIVER_FIELDS.filter((field) => field !== 'rule' && field !== 'resource');

/**
 * Checks the relaxations that a construct is given, before it builds anything: each names a promise of the construct
 * that can be relaxed, is complete, is approved by somebody else than its owner, has not expired and does not run too
 * long (GOV-03).
 *
 * @param today day of the check, `YYYY-MM-DD`; see {@link dayOfCheck}
 * @throws RangeError with what is wrong and what to write instead
 */
export function checkRelaxations(where: string, relax: readonly Relaxation[] | undefined, promises: Promises, today: () => string): void {
  const fail: (what: string) => never = (what) => {
    throw new RangeError(`${where}: relax: ${what} (GOV-03)`);
  };
  const seen = new Set<string>();
  for (const relaxation of relax ?? []) {
    const control = promisedControl(relaxation, promises, fail);
    if (seen.has(control)) fail(`${control} stands twice; keep one`);
    seen.add(control);
    const missing = FIELDS.filter((field) => typeof relaxation[field] !== 'string' || relaxation[field].trim() === '');
    if (missing.length > 0) fail(`${control} lacks ${missing.join(', ')}; write all of ${['control', ...FIELDS].join(', ')}`);
    if (isSelfApproved(relaxation)) fail(`${control} is approved by its own owner "${relaxation.owner}"; somebody else has to approve it`);
    const end = dayOf(relaxation.expires);
    if (end === undefined) fail(`${control} expires on "${relaxation.expires}"; write a date as YYYY-MM-DD`);
    const left = Math.round((end - Date.parse(today())) / DAY_MS);
    if (left < 0) fail(`${control} expired on ${relaxation.expires}; mend the resource, or have the exception approved again`);
    const { severity } = CONTROLS[control];
    if (left > LONGEST_DAYS[severity])
      fail(`${control} runs ${left} days; at most ${LONGEST_DAYS[severity]} for a control of severity ${severity}`);
  }
}

/**
 * Fails when a prop loosens a promise that has not been relaxed: relaxing and waiving are one act.
 *
 * @throws RangeError with what was loosened, the control it breaks, what to write instead, and how to relax it
 */
export function requireRelaxation(
  where: string,
  relax: readonly Relaxation[] | undefined,
  control: ControlId,
  loosened: string,
  instead: string,
): void {
  if (relaxed(relax, control)) return;
  throw new RangeError(
    `${where}: ${loosened} breaks ${control}, "${CONTROLS[control].title}"; ${instead}, ` +
      `or relax: [{ control: '${control}', ${FIELDS.join(', ')} }]`,
  );
}

/**
 * The day by which relaxations are judged: the fixed one, where runs must be reproducible, else today.
 *
 * @param place where the fixed day is written, in the words of the cloud: `context palisade:today`
 * @throws RangeError when the fixed day is no date; a day that cannot be read would let every exception live for ever
 */
export function dayOfCheck(fixed: string | undefined, place: string): string {
  if (fixed === undefined) return new Date().toISOString().slice(0, 10);
  if (dayOf(fixed) === undefined) throw new RangeError(`${place} is "${fixed}"; write a date as YYYY-MM-DD`);
  return fixed;
}

function promisedControl({ control: id }: Relaxation, promises: Promises, fail: (what: string) => never): ControlId {
  const { claims, families, firm, relaxable } = promises;
  const [control = '', family] = (id ?? '').split('.');
  if (!isControlId(control)) return fail(`"${id}" is no control; write an id such as ENC-02`);
  if (family !== undefined && !families.includes(family))
    fail(`"${id}" is a rule of another family; write ${control} or ${control}.${families[0]}`);
  if (relaxable[control]) return control;
  const promised = claims.claims.map((claim) => claim.control);
  if (!promised.includes(control)) fail(`${control} is not promised by ${claims.construct}; it promises ${promised.join(', ')}`);
  const why = firm?.[control] ?? 'no case is known that needs it';
  return fail(`${control} cannot be relaxed on ${claims.construct}: ${why}; relaxable: ${Object.keys(relaxable).join(', ') || 'nothing'}`);
}
