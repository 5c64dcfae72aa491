/** What keeps data on Azure: resource guards, inventories, zones. Locks, write-once policies and backups are compared by what they keep, under `data`. */

import type { PlainMap } from '../plain';
import { asList, asText, valueAt } from '../reading';
import { except, found, type Guard, place, truth } from './parts';

/** Places in which a database account stands in several zones. */
const zoned = (account: PlainMap): readonly string[] =>
  asList(account.locations).flatMap((location) => {
    const name = asText(valueAt(location, 'locationName'));
    return name !== undefined && truth(valueAt(location, 'isZoneRedundant'), false) === true ? [placeName(name)] : [];
  });
const placeName = (name: string): string => name.toLowerCase().replaceAll(' ', '');

export const AZURE_KEEPING: readonly Guard[] = [
  { on: /^azure-native:authorization:ManagementLock\w+$/, aspect: 'data' },
  { on: /^azure-native:storage:BlobContainer(ImmutabilityPolicy|LegalHold)$/, aspect: 'data' },
  { on: /^azure-native:(recoveryservices:(ProtectedItem|ProtectionIntent)|dataprotection:BackupInstance)$/, aspect: 'data' },
  {
    on: /^azure-native:(recoveryservices:ResourceGuardProxy|dataprotection:DppResourceGuardProxy)$/,
    aspect: 'data',
    severity: 'high',
    ends: 'backups can be removed by one person alone',
  },
  {
    on: /^azure-native:dataprotection:ResourceGuard$/,
    aspect: 'data',
    severity: 'high',
    ends: 'backups can be removed by one person alone',
    parts: [except('properties.vaultCriticalOperationExclusionList', 'what one person may do alone to backups', asText)],
  },
  {
    on: /^azure-native:storage:BlobInventoryPolicy$/,
    aspect: 'data',
    severity: 'low',
    ends: 'what the account holds is not listed any more',
  },
  {
    on: /^Microsoft\.Sql\/servers\/databases\/ledgerDigestUploads$/i,
    aspect: 'data',
    severity: 'high',
    ends: 'the proof that records of the ledger are unchanged is not kept elsewhere any more',
    parts: [place('digestStorageEndpoint', 'where the proof of the ledger is kept')],
  },
  {
    on: /^azure-native:(cosmosdb|documentdb):DatabaseAccount$/,
    aspect: 'data',
    parts: [found('each', 'locations', 'where it stands in several zones', zoned)],
  },
];
