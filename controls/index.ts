import { UAR } from './access-review';
import { SDC } from './change';
import { BCR } from './continuity';
import { type Control, INTERVAL_DAYS, type Standard } from './control';
import { DHC } from './data-handling';
import { DID } from './defence-in-depth';
import { ENC } from './encryption';
import { EXP } from './export';
import { FLS } from './field-security';
import { GOV } from './governance';
import { IDA } from './identity';
import { INC } from './incident';
import { LPA } from './least-privilege';
import { LOC } from './location';
import { LOG } from './logging';
import { MON } from './monitoring';
import { PER } from './personnel';
import { PRV } from './privacy';
import { TLS } from './transport';
import { VUL } from './vulnerability';

export * from './control';
export * from './frameworks';
export * from './tier';
export * from './waiver';

/** The 19 standards, in the order in which documents list them. */
export const STANDARDS = [GOV, IDA, LPA, UAR, DHC, FLS, EXP, PRV, ENC, TLS, LOG, MON, VUL, INC, BCR, DID, SDC, PER, LOC] as const;

type IdsOf<S> = S extends { readonly controls: infer C } ? keyof C & string : never;

/** `GOV`, `IDA`, … */
export type StandardId = (typeof STANDARDS)[number]['id'];
/** `GOV-01` to `LOC-09`: every control there is, so that a rule or claim of an unknown control does not compile. */
export type ControlId = IdsOf<(typeof STANDARDS)[number]>;

/** Every control by its id, in the order of the standards. */
export const CONTROLS: Readonly<Record<ControlId, Control>> = Object.assign({}, ...STANDARDS.map(({ controls }) => controls));

/** Every control id, in the order of the standards. */
export const CONTROL_IDS = Object.keys(CONTROLS) as readonly ControlId[];

/** Whether a text from outside (a waiver, an attestation, the command line) names a control. */
export const isControlId = (text: string): text is ControlId => Object.hasOwn(CONTROLS, text);

const byId: ReadonlyMap<string, Standard> = new Map<string, Standard>(STANDARDS.map((each) => [each.id, each]));

/**
 * The standard that a control belongs to.
 *
 * @throws RangeError when the id belongs to none
 * @example
 * const { title } = standardOf('ENC-02');
 */
export function standardOf(id: ControlId): Standard {
  const found = byId.get(id.slice(0, id.indexOf('-')));
  if (!found) throw new RangeError(`control "${id}" belongs to no standard; write an id such as ENC-02`);
  return found;
}

/** Longest age, in days, at which an attestation of the control still counts (GOV-02). */
export const attestationDays = (id: ControlId): number => INTERVAL_DAYS[CONTROLS[id].attested ?? 'year'];
