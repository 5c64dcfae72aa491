import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { ACCESS } from './database/access';
import { AUDIT } from './database/audit';
import { CONTENT_KEYS } from './database/content';
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
  'ENC-02': { ...ENCRYPTION['ENC-02'], aws: [...ENCRYPTION['ENC-02'].aws, ...CONTENT_KEYS['ENC-02'].aws] },
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
