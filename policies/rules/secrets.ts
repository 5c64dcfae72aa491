import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { AZURE_SECRETS } from './secrets/azure';
import { AZURE_GAPS } from './secrets/azure-gaps';
import { CREDENTIALS } from './secrets/credentials';
import { TEXTS } from './secrets/texts';
import { VAULT } from './secrets/vault';

export const secrets = rulesOf(
  'secrets',
  CONTROLS,
  merged({ 'IDA-13': { aws: [...CREDENTIALS, ...TEXTS] }, ...VAULT }, AZURE_SECRETS, AZURE_GAPS),
);
