import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const containers = rulesOf('containers', CONTROLS, {});
