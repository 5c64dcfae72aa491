import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const network = rulesOf('network', CONTROLS, {});
