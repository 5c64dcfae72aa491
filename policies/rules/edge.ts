import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const edge = rulesOf('edge', CONTROLS, {});
