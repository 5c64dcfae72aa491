import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { ACCESS } from './object-storage/access';
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
});
