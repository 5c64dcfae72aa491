import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const messaging = rulesOf('messaging', CONTROLS, {});
