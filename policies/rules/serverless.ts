import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { access } from './serverless/access';
import { AZURE_ACCESS } from './serverless/azure-access';
import { AZURE_GAPS } from './serverless/azure-gaps';
import { AZURE_SITES } from './serverless/azure-sites';
import { code } from './serverless/code';
import { running } from './serverless/running';
import { sources } from './serverless/sources';

export const serverless = rulesOf(
  'serverless',
  CONTROLS,
  merged({ ...access, ...code, ...running, ...sources }, AZURE_SITES, AZURE_ACCESS, AZURE_GAPS),
);
