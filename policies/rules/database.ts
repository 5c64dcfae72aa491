import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { DELETION } from './database/deletion';
import { ENCRYPTION } from './database/encryption';
import { EXPOSURE } from './database/exposure';
import { RECOVERY } from './database/recovery';
import { SESSIONS } from './database/sessions';

export const database = rulesOf('database', CONTROLS, {
  ...ENCRYPTION,
  ...SESSIONS,
  ...EXPOSURE,
  ...DELETION,
  ...RECOVERY,
});
