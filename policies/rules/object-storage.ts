import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { ACCESS } from './object-storage/access';
import { ACCOUNT } from './object-storage/account';
import { CONTINUITY } from './object-storage/continuity';
import { ENCRYPTION } from './object-storage/encryption';
import { EXPORT } from './object-storage/export';
import { EXPOSURE } from './object-storage/exposure';
import { HANDLING } from './object-storage/handling';
import { TRANSPORT } from './object-storage/transport';

export const objectStorage = rulesOf('object-storage', CONTROLS, {
  ...ENCRYPTION,
  ...TRANSPORT,
  ...EXPOSURE,
  ...ACCESS,
  ...EXPORT,
  ...HANDLING,
  ...CONTINUITY,
  'DHC-05': { ...EXPOSURE['DHC-05'], aws: [EXPOSURE['DHC-05'].aws, ACCOUNT['DHC-05'].aws].flat() },
});
