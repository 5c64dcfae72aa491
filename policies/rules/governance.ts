import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const governance = rulesOf('governance', CONTROLS, {});
