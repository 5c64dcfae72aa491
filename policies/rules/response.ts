import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const response = rulesOf('response', CONTROLS, {});
