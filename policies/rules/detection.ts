import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const detection = rulesOf('detection', CONTROLS, {});
