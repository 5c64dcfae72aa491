import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { gap, rulesOf } from '../rule';
import { bulkReads, drift, heard } from './detection/alarms';
import { AZURE_ALERTS } from './detection/azure-alerts';
import { AZURE_PLANS } from './detection/azure-plans';
import { AZURE_WEBHOOKS } from './detection/azure-webhooks';
import {
  discovery,
  exposure,
  exposurePresent,
  failureNoticed,
  posture,
  posturePresent,
  threats,
  threatsPresent,
  unusedAccess,
} from './detection/services';

const AWS = {
  'MON-01': { aws: [...threats, threatsPresent] },
  'MON-02': { aws: [...posture, posturePresent] },
  'MON-03': {
    aws: gap('Where records are searched is a choice of the organisation; that a trail reaches a log group at once is judged as LOG-03.'),
  },
  'MON-05': { aws: heard },
  'MON-06': { aws: drift },
  'MON-07': {
    aws: gap('Which reads of cases are unusual follows from assignments, which no template holds; that bulk reads are noticed is EXP-07.'),
  },
  'MON-08': { aws: gap('What a template declares is code; detections made by hand are seen at run time only.') },
  'MON-09': { aws: [exposure, exposurePresent] },
  'MON-10': {
    aws: gap('Detections of stores run in the security account, out of sight of their template; that reads feed one is judged as EXP-07.'),
  },
  'MON-11': { aws: failureNoticed },
  'DHC-03': { aws: discovery },
  'EXP-07': { aws: bulkReads },
  'UAR-04': { aws: unusedAccess },
} as const;

export const detection = rulesOf('detection', CONTROLS, merged(AWS, AZURE_PLANS, AZURE_ALERTS, AZURE_WEBHOOKS));
