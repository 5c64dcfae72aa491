import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const compute = rulesOf('compute', CONTROLS, {});
