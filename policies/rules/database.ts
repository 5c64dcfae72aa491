import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { ACCESS } from './database/access';
import { AUDIT } from './database/audit';
import { DELETION } from './database/deletion';
import { ENCRYPTION } from './database/encryption';
import { EXPOSURE } from './database/exposure';
import { FIELDS } from './database/fields';
import { PERIMETER } from './database/perimeter';
import { PLACES } from './database/places';
import { RECOVERY } from './database/recovery';
import { SESSIONS } from './database/sessions';
import { SIGN_IN } from './database/sign-in';
import { TRANSPORT } from './database/transport';
import { UPKEEP } from './database/upkeep';

export const database = rulesOf('database', CONTROLS, {
  ...ENCRYPTION,
  ...SESSIONS,
  ...TRANSPORT,
  ...EXPOSURE,
  ...ACCESS,
  'DHC-05': { aws: [...EXPOSURE['DHC-05'].aws, ACCESS['DHC-05'].aws] },
  ...SIGN_IN,
  ...DELETION,
  ...RECOVERY,
  ...PERIMETER,
  ...PLACES,
  ...FIELDS,
  ...AUDIT,
  ...UPKEEP,
});
