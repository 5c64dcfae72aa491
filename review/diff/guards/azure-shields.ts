/** What limits and shields on Azure. */

import { asText } from '../reading';
import { at, except, type Guard } from './parts';

export const AZURE_SHIELDS: readonly Guard[] = [
  {
    on: /^azure-native:network:PrivateLinkService$/,
    aspect: 'exposure',
    parts: [except('autoApproval.subscriptions', 'whose connections it approves by itself', asText)],
  },
  {
    on: /^azure-native:storage:StorageAccount$/,
    aspect: 'exposure',
    parts: [except('networkRuleSet.resourceAccessRules', 'which resources get past its list of networks', at('resourceId'))],
  },
  // ── Records on Azure
  { on: /^azure-native:network:(DdosProtectionPlan)$/, aspect: 'exposure', ends: 'floods of requests are not held off any more' },
];
