/** A baseline of an account, in which the rules of this family miss what it lacks. */
import { BASELINE, baseline } from '../detection/services';

/** The services that make a unit a baseline, except some. */
export const baselineWithout = (...missing: readonly string[]) => baseline(...BASELINE.filter((type) => !missing.includes(type)));
