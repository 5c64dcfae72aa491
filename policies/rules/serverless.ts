import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { access } from './serverless/access';
import { code } from './serverless/code';
import { running } from './serverless/running';
import { sources } from './serverless/sources';

export const serverless = rulesOf('serverless', CONTROLS, { ...access, ...code, ...running, ...sources });
