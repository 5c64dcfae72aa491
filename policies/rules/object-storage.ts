import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const objectStorage = rulesOf('object-storage', CONTROLS, {});
