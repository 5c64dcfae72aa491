import * as pulumi from '@pulumi/pulumi';
import { CONTROLS, isControlId, LONGEST_DAYS, WAIVER_FIELDS } from '../../controls';
import { type Claims, type ControlId, type Relaxation, WAIVER_TYPE } from '../contract';

/** What of a component's promises can be relaxed, and why the others cannot. */
export interface Promises {
  readonly claims: Claims;
  /** Families of the rules that judge the component: `object-storage`. */
  readonly families: readonly [string, ...string[]];
  /** Controls that may be relaxed, with what the component then leaves out. */
  readonly relaxable: { readonly [Id in ControlId]?: string };
  /** Why a promise is never relaxed, where more than "no case is known that needs it" can be said. */
  readonly firm?: { readonly [Id in ControlId]?: string };
}

const FIELDS = WAIVER_FIELDS.filter((field) => field !== 'rule' && field !== 'resource');
const DAY = 24 * 60 * 60 * 1000;

/**
 * Checks the relaxations that a component is given, before it registers anything: each names a promise of the component
 * that can be relaxed, is complete, is approved by somebody else than its owner, has not expired and does not run too
 * long (GOV-03).
 *
 * The day of the check is today, or the configuration value `palisade:today` (`YYYY-MM-DD`) where runs must be
 * reproducible.
 *
 * @throws RangeError with what is wrong and what to write instead
 */
export function checkRelaxations(where: string, relax: readonly Relaxation[] | undefined, promises: Promises): void {
  const seen = new Set<string>();
  for (const relaxation of relax ?? []) {
    const fail = (what: string): never => {
      throw new RangeError(`${where}: relax: ${what} (GOV-03)`);
    };
    const control = promisedControl(relaxation, promises, fail);
    if (seen.has(control)) fail(`${control} stands twice; keep one`);
    seen.add(control);
    const missing = FIELDS.filter((field) => typeof relaxation[field] !== 'string' || relaxation[field].trim() === '');
    if (missing.length > 0) fail(`${control} lacks ${missing.join(', ')}; write all of ${['control', ...FIELDS].join(', ')}`);
    if (relaxation.owner.trim().toLowerCase() === relaxation.approver.trim().toLowerCase())
      fail(`${control} is approved by its own owner "${relaxation.owner}"; somebody else has to approve it`);
    const left = daysUntil(relaxation.expires);
    const { severity } = CONTROLS[control];
    if (left === undefined) fail(`${control} expires on "${relaxation.expires}"; write a date as YYYY-MM-DD`);
    else if (left < 0) fail(`${control} expired on ${relaxation.expires}; mend the resource, or have the exception approved again`);
    else if (left > LONGEST_DAYS[severity])
      fail(`${control} runs ${left} days; at most ${LONGEST_DAYS[severity]} for a control of severity ${severity}`);
  }
}

function promisedControl({ control: id }: Relaxation, promises: Promises, fail: (what: string) => never): ControlId {
  const { construct, claims } = promises.claims;
  const [control = '', family] = (id ?? '').split('.');
  if (!isControlId(control)) return fail(`"${id}" is no control; write an id such as ENC-02`);
  if (family !== undefined && !promises.families.includes(family))
    fail(`"${id}" is a rule of another family; write ${control} or ${control}.${promises.families[0]}`);
  if (!claims.some((claim) => claim.control === control))
    fail(`${control} is not promised by ${construct}; it promises ${claims.map((claim) => claim.control).join(', ')}`);
  if (!promises.relaxable[control]) {
    const why = promises.firm?.[control] ?? 'no case is known that needs it';
    fail(`${control} cannot be relaxed on ${construct}: ${why}; relaxable: ${Object.keys(promises.relaxable).join(', ') || 'nothing'}`);
  }
  return control;
}

/** Days until the end of a day; undefined where the text is no date. */
function daysUntil(date: string): number | undefined {
  const today = new pulumi.Config('palisade').get('today') ?? new Date().toISOString().slice(0, 10);
  const end = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(end) || new Date(end).toISOString().slice(0, 10) !== date) return undefined;
  return Math.round((end - Date.parse(`${today}T00:00:00Z`)) / DAY);
}

/** Records an exception where checks find it, below the component whose promise it relaxes. It names what the user named. */
export class WaiverRecord extends pulumi.ComponentResource {
  constructor(name: string, resource: pulumi.Input<string>, relaxation: Relaxation, parent: pulumi.Resource) {
    const { control: rule, reason, owner, approver, ticket, expires } = relaxation;
    super(WAIVER_TYPE, name, { rule, resource, reason, owner, approver, ticket, expires }, { parent });
    this.registerOutputs();
  }
}
