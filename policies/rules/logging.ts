import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const logging = rulesOf('logging', CONTROLS, {});
