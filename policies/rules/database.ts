import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const database = rulesOf('database', CONTROLS, {});
