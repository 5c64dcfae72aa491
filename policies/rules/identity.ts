import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { merged } from './edge/merge';
import { ADMINISTRATORS } from './identity/administrators';
import { ESCALATION } from './identity/escalation';
import { FEDERATION } from './identity/federation';
import { GRANTS } from './identity/grants';

export const identity = rulesOf('identity', CONTROLS, merged(ADMINISTRATORS, GRANTS, ESCALATION, FEDERATION));
