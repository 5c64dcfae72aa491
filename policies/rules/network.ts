import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { ingress } from './network/ingress';

export const network = rulesOf('network', CONTROLS, { ...ingress });
