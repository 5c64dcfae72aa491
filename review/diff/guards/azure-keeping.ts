/** What keeps data and rules on Azure: locks, backups. */

import { type Guard, place } from './parts';

export const AZURE_KEEPING: readonly Guard[] = [
  {
    on: /^azure-native:authorization:ManagementLock\w+$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it locked can be deleted',
    parts: [place('scope', 'what it locks')],
  },
  {
    on: /^azure-native:recoveryservices:(ProtectedItem|ProtectionIntent)$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it backed up is not backed up any more',
    parts: [place('properties.policyId', 'its policy')],
  },
  {
    on: /^azure-native:dataprotection:BackupInstance$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it backed up is not backed up any more',
  },
  {
    on: /^azure-native:(recoveryservices:ResourceGuardProxy|dataprotection:(ResourceGuard|DppResourceGuardProxy))$/,
    aspect: 'data',
    severity: 'high',
    ends: 'backups can be removed by one person alone',
  },
];
