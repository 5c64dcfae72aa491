import type { ControlId } from '../../controls';
import type { Family } from '../rule';

/**
 * Technical controls that rendered resources can show and that wait for the rules of a family. An entry goes when the
 * family is built; a control that has a rule, or a gap stated by a family, on both clouds may not stand here (tested).
 */
export const UNBUILT: { readonly [Id in ControlId]?: Family } = {
  // identity
  // secrets
  'IDA-13': 'secrets',
  // edge
  // compute
  'LOG-16': 'compute',
  // containers
  // serverless
  // detection
  'DHC-03': 'detection',
  'EXP-07': 'detection',
  'MON-02': 'detection',
  'MON-03': 'detection',
  'MON-05': 'detection',
  'MON-06': 'detection',
  'MON-07': 'detection',
  'MON-08': 'detection',
  'MON-09': 'detection',
  'MON-10': 'detection',
  'MON-11': 'detection',
  'VUL-04': 'detection',
  // response
  'INC-02': 'response',
  'INC-03': 'response',
  'INC-05': 'response',
  'INC-09': 'response',
  'INC-10': 'response',
  'INC-11': 'response',
  'INC-13': 'response',
  // governance
  'GOV-06': 'governance',
  'GOV-07': 'governance',
  'DHC-02': 'governance',
  'EXP-11': 'governance',
  'PRV-09': 'governance',
  'SDC-04': 'governance',
  'SDC-07': 'governance',
  'SDC-09': 'governance',
  'SDC-11': 'governance',
  'SDC-16': 'governance',
  'VUL-07': 'governance',
  'LOC-01': 'governance',
  'LOC-07': 'governance',
  'LOC-08': 'governance',
};
