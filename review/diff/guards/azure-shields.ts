/** What limits and shields on Azure. */

import { asText } from '../reading';
import { except, type Guard } from './parts';

export const AZURE_SHIELDS: readonly Guard[] = [
  {
    on: /^azure-native:network:PrivateLinkService$/,
    aspect: 'exposure',
    parts: [except('autoApproval.subscriptions', 'whose connections it approves by itself', asText)],
  },
  {
    on: /^Microsoft\.Web\/staticSites\/basicAuth$/i,
    aspect: 'access',
    severity: 'high',
    ends: 'no version of the site asks for a password any more',
  },
  {
    on: /^azure-native:network:(DdosProtectionPlan)$/,
    aspect: 'exposure',
    ends: 'floods of requests are not held off any more',
    covers: ['DID-08'],
  },
];
