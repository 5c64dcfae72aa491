import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { controlPlane, dataReads, dataWrites, keyEvents } from './logging/trails';

export const logging = rulesOf('logging', CONTROLS, {
  'LOG-03': { aws: controlPlane },
  'LOG-04': { aws: dataReads },
  'LOG-05': { aws: dataWrites },
  'ENC-12': { aws: keyEvents },
});
