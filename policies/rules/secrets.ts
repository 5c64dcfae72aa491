import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { CREDENTIALS } from './secrets/credentials';
import { TEXTS } from './secrets/texts';
import { VAULT } from './secrets/vault';

export const secrets = rulesOf('secrets', CONTROLS, {
  'IDA-13': { aws: [...CREDENTIALS, ...TEXTS] },
  ...VAULT,
});
