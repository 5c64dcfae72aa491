import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const secrets = rulesOf('secrets', CONTROLS, {});
