import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { CONTROLS, isControlId, LONGEST_DAYS, WAIVER_FIELDS, waiverToReason } from '../../controls';
import { type Claims, type ControlId, METADATA_KEY, PLUGIN_NAME, type Relaxation, relaxed } from '../contract';

/** What of a construct's promises can be relaxed, and why the others cannot. */
export interface Promises {
  readonly claims: Claims;
  /** Family of the rules that judge the construct: `object-storage`. */
  readonly family: string;
  /** Controls that may be relaxed, with what the construct then leaves out. Those beyond the claims are kept by refusing props. */
  readonly relaxable: { readonly [Id in ControlId]?: string };
  /** Why a promise is never relaxed, where more than "there is no good case" can be said. */
  readonly firm?: { readonly [Id in ControlId]?: string };
}

const FIELDS = WAIVER_FIELDS.filter((field) => field !== 'rule' && field !== 'resource');
const DAY = 24 * 60 * 60 * 1000;

/**
 * Checks the relaxations that a construct is given, before it builds anything: each names a promise of the construct
 * that can be relaxed, is complete, is approved by somebody else than its owner, has not expired and does not run too
 * long (GOV-03).
 *
 * The day of the check is today, or the context value `palisade:today` (`YYYY-MM-DD`) where synthesis must be
 * reproducible.
 *
 * @throws Error with what is wrong and what to write instead
 */
export function checkRelaxations(scope: IConstruct, id: string, relax: readonly Relaxation[] | undefined, promises: Promises): void {
  const { construct } = promises.claims;
  const where = `${scope.node.path ? `${scope.node.path}/` : ''}${id}`;
  const fail: (what: string) => never = (what) => {
    throw new Error(`${where}: relax: ${what} (GOV-03)`);
  };
  const seen = new Set<string>();
  for (const relaxation of relax ?? []) {
    const control = controlOf(relaxation, promises.family);
    if (seen.has(control)) fail(`${control} stands twice; keep one`);
    seen.add(control);
    if (!isControlId(control)) fail(`"${relaxation.control}" is no control; write an id such as ENC-02`);
    if (relaxation.control !== control && relaxation.control !== `${control}.${promises.family}`)
      fail(`"${relaxation.control}" is a rule of another family; write ${control} or ${control}.${promises.family}`);
    if (!promises.relaxable[control] && !promises.claims.claims.some((claim) => claim.control === control))
      fail(`${control} is not promised by ${construct}; it promises ${promises.claims.claims.map((claim) => claim.control).join(', ')}`);
    if (!promises.relaxable[control]) {
      const why = promises.firm?.[control] ?? 'no case is known that needs it';
      fail(`${control} cannot be relaxed on ${construct}: ${why}; relaxable: ${Object.keys(promises.relaxable).join(', ') || 'nothing'}`);
    }
    const missing = FIELDS.filter((field) => typeof relaxation[field] !== 'string' || relaxation[field].trim() === '');
    if (missing.length > 0) fail(`${control} lacks ${missing.join(', ')}; write all of ${['control', ...FIELDS].join(', ')}`);
    if (relaxation.owner.trim().toLowerCase() === relaxation.approver.trim().toLowerCase())
      fail(`${control} is approved by its own owner "${relaxation.owner}"; somebody else has to approve it`);
    const left = daysUntil(relaxation.expires, todayOf(scope));
    if (left === undefined) fail(`${control} expires on "${relaxation.expires}"; write a date as YYYY-MM-DD`);
    if (left < 0) fail(`${control} expired on ${relaxation.expires}; mend the resource, or have the exception approved again`);
    const { severity } = CONTROLS[control];
    if (left > LONGEST_DAYS[severity])
      fail(`${control} runs ${left} days; at most ${LONGEST_DAYS[severity]} for a control of severity ${severity}`);
  }
}

/**
 * Records the waiver of a relaxed promise on the resources that no longer keep it: as a CDK acknowledgement in the
 * plugin-qualified form, which CDK's own report keeps with its reason, and in the metadata of the resource, where it
 * travels with the template.
 */
export function recordWaiver(
  relax: readonly Relaxation[] | undefined,
  control: ControlId,
  family: string,
  ...resources: readonly IConstruct[]
): void {
  const relaxation = relaxed(relax, control);
  if (!relaxation) return;
  const { control: _, ...fields } = relaxation;
  const rule = `${control}.${family}`;
  for (const construct of resources) {
    const resource = CfnResource.isCfnResource(construct) ? construct : (construct.node.defaultChild as CfnResource);
    Validations.of(construct).acknowledge({ id: `${PLUGIN_NAME}::${rule}`, reason: waiverToReason(fields) });
    const before = resource.getMetadata(METADATA_KEY) as { waivers?: unknown[] } | undefined;
    const waiver = { rule, resource: resource.node.path, ...fields };
    resource.addMetadata(METADATA_KEY, { ...before, waivers: [...(before?.waivers ?? []), waiver] });
  }
}

/** Fails when a prop loosens a promise that has not been relaxed: relaxing and waiving are one act. */
export function requireRelaxation(
  where: string,
  relax: readonly Relaxation[] | undefined,
  control: ControlId,
  loosened: string,
  instead: string,
): void {
  if (relaxed(relax, control)) return;
  throw new Error(
    `${where}: ${loosened} breaks ${control}, "${CONTROLS[control].title}"; ${instead}, ` +
      `or relax: [{ control: '${control}', ${FIELDS.join(', ')} }]`,
  );
}

const controlOf = (relaxation: Relaxation, family: string): string =>
  relaxation.control?.endsWith(`.${family}`)
    ? relaxation.control.slice(0, -family.length - 1)
    : ((relaxation.control ?? '').split('.')[0] ?? '');

function todayOf(scope: IConstruct): Date {
  const fixed: unknown = scope.node.tryGetContext('palisade:today');
  if (fixed === undefined) return new Date();
  if (daysUntil(String(fixed), new Date()) === undefined)
    throw new Error(`context palisade:today is "${String(fixed)}"; write a date as YYYY-MM-DD`);
  return new Date(`${String(fixed)}T00:00:00Z`);
}

function daysUntil(date: string, today: Date): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const end = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(end) || new Date(end).toISOString().slice(0, 10) !== date) return undefined;
  return Math.round((end - Date.parse(`${today.toISOString().slice(0, 10)}T00:00:00Z`)) / DAY);
}
