import type { ControlId } from '../../controls';
import type { Family } from '../rule';

/**
 * Technical controls that rendered resources can show and that wait for the rules of a family. An entry goes when the
 * family is built; a control that has a rule, or a gap stated by a family, on both clouds may not stand here (tested).
 */
export const UNBUILT: { readonly [Id in ControlId]?: Family } = {
  // identity
  // secrets
  // edge
  // compute
  // containers
  // serverless
};
