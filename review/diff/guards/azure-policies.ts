/** What policies of Azure demand, and what exempts from them. */

import { asText } from '../reading';
import { exact, except, type Guard, place } from './parts';

export const AZURE_POLICIES: readonly Guard[] = [
  {
    on: /^azure-native:authorization:PolicyAssignment$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'what it demanded is not demanded any more',
    parts: [
      except('notScopes', 'what it leaves out', asText),
      exact('parameters', 'what it demands'),
      place('policyDefinitionId', 'what it demands'),
      place('scope', 'where it demands'),
    ],
  },
  {
    on: /^azure-native:authorization:PolicyExemption$/,
    aspect: 'controls',
    severity: 'high',
    silences: 'a policy is not asked of its scope',
    parts: [exact('expiresOn', 'when it ends')],
  },
];
