import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const identity = rulesOf('identity', CONTROLS, {});
