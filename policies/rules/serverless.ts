import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';

export const serverless = rulesOf('serverless', CONTROLS, {});
