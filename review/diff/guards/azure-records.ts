/** What records on Azure. */

import { asMap, asText } from '../reading';
import { each, type Guard, ON, place } from './parts';

export const AZURE_RECORDS: readonly Guard[] = [
  {
    on: /^azure-native:(monitor|insights):(\w*DiagnosticSetting)$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'what it collected is not collected any more',
    covers: ['LOG-03', 'LOG-04', 'LOG-05', 'LOG-13', 'LOG-17'],
    parts: [
      each('logs', 'what it collects', (item) =>
        ON.test(String(asMap(item).enabled)) ? (asText(asMap(item).categoryGroup) ?? asText(asMap(item).category)) : undefined,
      ),
      place('workspaceId', 'what it collects'),
      place('storageAccountId', 'the archive of what it collects'),
      place('eventHubAuthorizationRuleId', 'the stream of what it collects'),
      place('resourceUri', 'what it collects of'),
    ],
  },
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
