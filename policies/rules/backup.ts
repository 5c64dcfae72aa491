import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const backup = rulesOf('backup', CONTROLS, {});
