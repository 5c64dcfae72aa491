/** What records on Azure. */

import { asText } from '../reading';
import { each, type Guard, place } from './parts';

export const AZURE_RECORDS: readonly Guard[] = [
  {
    on: /^azure-native:network:FlowLog$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'flows are not recorded any more',
    parts: [place('storageId', 'its records'), place('targetResourceId', 'what it records')],
  },
  {
    on: /^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'statements are not recorded any more',
    parts: [each('auditActionsAndGroups', 'what it records', asText), place('storageEndpoint', 'its records')],
  },
  {
    on: /^azure-native:monitor:DataCollectionRule(Association)?$/,
    aspect: 'logging',
    ends: 'the records of hosts are not collected any more',
  },
  {
    on: /^azure-native:operationalinsights:DataExport$/,
    aspect: 'logging',
    ends: 'records are not copied to the archive any more',
    parts: [each('tableNames', 'what it copies', asText)],
  },
  // ── Detection on Azure
];
