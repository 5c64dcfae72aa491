import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { gap, rulesOf } from '../rule';
import { AZURE_INCIDENTS } from './response/azure-incidents';
import { containmentPresent, evidenceFirst, ownRole } from './response/containment';
import { tracked } from './response/identification';
import { investigators, questions, tooling } from './response/investigation';

const AWS = {
  'INC-02': { aws: tracked },
  'INC-03': { aws: [ownRole, containmentPresent] },
  'INC-05': {
    aws: gap(
      'What has to be rotated and rebuilt follows from the scope of an incident, which no template holds; that secrets and keys rotate is judged as IDA-12 and ENC-03.',
    ),
  },
  'INC-09': { aws: evidenceFirst },
  'INC-10': { aws: questions },
  'INC-11': { aws: investigators },
  'INC-13': { aws: tooling },
} as const;

export const response = rulesOf('response', CONTROLS, merged(AWS, AZURE_INCIDENTS));
