import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const keys = rulesOf('keys', CONTROLS, {});
