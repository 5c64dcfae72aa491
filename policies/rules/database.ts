import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { ACCESS } from './database/access';
import { AUDIT } from './database/audit';
import { AZURE_AUDIT } from './database/azure-audit';
import { AZURE_ENCRYPTION } from './database/azure-encryption';
import { AZURE_FIELDS } from './database/azure-fields';
import { AZURE_FILES } from './database/azure-files';
import { AZURE_PLACES } from './database/azure-places';
import { AZURE_REACH } from './database/azure-reach';
import { AZURE_RECOVERY } from './database/azure-recovery';
import { AZURE_RIGHTS } from './database/azure-rights';
import { AZURE_SIGN_IN } from './database/azure-sign-in';
import { AZURE_TRANSPORT } from './database/azure-transport';
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

const AWS = merged(
  ENCRYPTION,
  CONTENT_KEYS,
  SESSIONS,
  TRANSPORT,
  EXPOSURE,
  ACCESS,
  SIGN_IN,
  DELETION,
  RECOVERY,
  PERIMETER,
  PLACES,
  FIELDS,
  AUDIT,
  UPKEEP,
);

const AZURE = merged(
  AZURE_ENCRYPTION,
  AZURE_TRANSPORT,
  AZURE_REACH,
  AZURE_SIGN_IN,
  AZURE_RIGHTS,
  AZURE_AUDIT,
  AZURE_RECOVERY,
  AZURE_PLACES,
  AZURE_FIELDS,
  AZURE_FILES,
);

export const database = rulesOf('database', CONTROLS, merged(AWS, AZURE));
