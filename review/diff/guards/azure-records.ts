/** What records on Azure besides diagnostic settings. */
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { AZURE_COLLECTION } from './azure-collection';
import { all, listed, measured, numberAt, places, steps, textsAt } from './azure-parts';
import { type Guard, type InBoth, meaning, type Said, truth, turned } from './parts';

const AUDIT = /^azure-native:sql:(Extended)?(Server|Database|ManagedInstance)?BlobAuditingPolicy$/;

const MODES = ['Open', 'PrivateOnly'];
const watched = (cluster: PlainMap): boolean | undefined =>
  truth(valueAt(cluster, 'securityProfile.defender.securityMonitoring.enabled'), false);

export const AZURE_RECORDS: readonly Guard[] = [
  ...AZURE_COLLECTION,
  {
    on: /^azure-native:network:FlowLog$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'flows are not recorded any more',
    parts: [
      places('storageId', 'where its records are kept'),
      places('targetResourceId', 'what it records'),
      turned(
        'flowAnalyticsConfiguration',
        (one) => truth(analysed(one).enabled, false),
        'nobody looks through the flows any more: their analysis is off',
        'the flows are analysed now',
      ),
      places('flowAnalyticsConfiguration', 'where its flows are analysed', (one) =>
        truth(analysed(one).enabled, false) === false ? [] : textsAt('workspaceResourceId')(analysed(one)),
      ),
      meaning('enabledFilteringCriteria', (before, after, words) => filtered(before, after, 'enabledFilteringCriteria', words)),
    ],
  },
  {
    on: AUDIT,
    aspect: 'logging',
    severity: 'high',
    ends: 'statements are not recorded any more',
    // The plain and the extended form of a policy are one and the same for the server.
    same: ({ databaseName, serverName, state }) =>
      /^enabled$/i.test(asText(state) ?? '') ? `${asText(serverName)} ${asText(databaseName) ?? ''}`.toLowerCase() : undefined,
    parts: [
      all('auditActionsAndGroups', 'what it records'),
      meaning('storageEndpoint', storedElsewhere),
      meaning('predicateExpression', (before, after, words) => filtered(before, after, 'predicateExpression', words)),
    ],
  },
  {
    on: /^azure-native:operationalinsights:DataExport$/,
    aspect: 'logging',
    ends: 'records are not copied to the archive any more',
    parts: [all('tableNames', 'what it copies')],
  },
  {
    on: /^azure-native:operationalinsights:Workspace$/,
    aspect: 'logging',
    parts: [
      measured(
        'workspaceCapping.dailyQuotaGb',
        'what it takes in a day',
        'less',
        // Minus one means that there is no limit.
        (one) => {
          const quota = numberAt(one, 'workspaceCapping.dailyQuotaGb', -1);
          return quota === -1 ? Number.POSITIVE_INFINITY : quota;
        },
        (quota) => (Number.isFinite(quota) ? `${quota} GB, and nothing beyond` : 'no limit'),
      ),
    ],
  },
  {
    on: /^azure-native:operationalinsights:LinkedStorageAccount$/,
    aspect: 'logging',
    ends: 'what it kept is not kept in an account of its own any more',
    parts: [places('storageAccountIds', 'where it keeps records')],
  },
  {
    on: /^azure-native:operationalinsights:LinkedService$/,
    aspect: 'encryption',
    ends: 'its workspace is not joined to a cluster or service of its own any more',
    parts: [places('writeAccessResourceId', 'what its workspace is joined to'), places('resourceId', 'what its workspace is joined to')],
  },
  {
    on: /^azure-native:monitor:PrivateLinkScopedResource$/,
    aspect: 'exposure',
    ends: 'what holds its records is not reached by private links any more',
    parts: [places('linkedResourceId', 'what is reached by private links')],
  },
  {
    on: /^azure-native:monitor:PrivateLinkScope$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [
      steps('accessModeSettings.ingestionAccessMode', 'where records may be sent from its networks', MODES, 'Open'),
      steps('accessModeSettings.queryAccessMode', 'where records may be read from in its networks', MODES, 'Open'),
      meaning('accessModeSettings.exclusions', excluded),
    ],
  },
  {
    on: /^azure-native:applicationinsights:Component$/,
    aspect: 'logging',
    parts: [places('workspaceResourceId', 'where it keeps records', undefined, 'told elsewhere')],
  },
  {
    on: /^azure-native:apimanagement:(Api)?Diagnostic$/,
    aspect: 'logging',
    ends: 'calls are not recorded any more',
    parts: [
      places('loggerId', 'where it records calls'),
      turned(
        'alwaysLog',
        (one) => one.alwaysLog !== undefined,
        'calls that fail are recorded by chance only, like all others',
        'calls that fail are always recorded now',
      ),
    ],
  },
  {
    on: /^azure-native:apimanagement:Logger$/,
    aspect: 'logging',
    ends: 'what is recorded by it goes nowhere',
    parts: [places('resourceId', 'where it sends records', undefined, 'told elsewhere')],
  },
  {
    on: /^azure-native:web:WebApp(Slot)?$/,
    aspect: 'logging',
    severity: 'low',
    parts: [
      turned(
        'siteConfig.httpLoggingEnabled',
        (one) => truth(valueAt(one, 'siteConfig.httpLoggingEnabled'), false),
        'requests are not recorded by the site any more',
        'requests are recorded by the site now',
      ),
      turned(
        'siteConfig.detailedErrorLoggingEnabled',
        (one) => truth(valueAt(one, 'siteConfig.detailedErrorLoggingEnabled'), false),
        'errors are not recorded in detail any more',
        'errors are recorded in detail now',
      ),
      turned(
        'siteConfig.requestTracingEnabled',
        (one) => truth(valueAt(one, 'siteConfig.requestTracingEnabled'), false),
        'requests that fail are not traced any more',
        'requests that fail are traced now',
      ),
    ],
  },
  {
    on: /^azure-native:web:WebAppDiagnosticLogsConfiguration(Slot)?$/,
    aspect: 'logging',
    ends: 'the site does not record requests and errors any more',
    parts: [all('httpLogs', 'what it records', siteLogs)],
  },
  {
    on: /^azure-native:containerservice:ManagedCluster$/,
    aspect: 'logging',
    severity: 'high',
    parts: [
      turned(
        'addonProfiles',
        (one) => truth(addon(one, 'omsagent').enabled, false),
        'the records of what runs in it are not collected any more',
        'the records of what runs in it are collected now',
      ),
    ],
  },
  {
    on: /^azure-native:containerservice:ManagedCluster$/,
    aspect: 'detection',
    severity: 'high',
    parts: [
      turned(
        'securityProfile.defender',
        watched,
        'threats inside of it are not detected any more',
        'threats inside of it are detected now',
      ),
    ],
  },
];

// ── Networks and databases ─────────────────────────────────────────────────────────────────────────────────────────

const analysed = (log: PlainMap): PlainMap => asMap(valueAt(log, 'flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration'));

/** What gets through a filter is recorded; without one, everything is. */
function filtered(before: PlainMap, after: PlainMap, path: string, words: InBoth): readonly Said[] {
  const [was, is] = [asText(valueAt(before, path)) ?? '', asText(valueAt(after, path)) ?? ''];
  if (was.trim() === is.trim()) return [];
  if (was.trim() === '') return [{ direction: 'weaker', words: `what it records: only what gets through a filter (${words.after(is)})` }];
  if (is.trim() === '') return [{ direction: 'stronger', words: 'what it records: without a filter now' }];
  return [
    {
      direction: 'undecided',
      words: `what it records changes (${words.after(is)} instead of ${words.before(was)}): read whether that is as much as before`,
    },
  ];
}

/** Storage is one of two places for the records of databases. */
function storedElsewhere(before: PlainMap, after: PlainMap, words: InBoth): readonly Said[] {
  const [was, is] = [asText(before.storageEndpoint), asText(after.storageEndpoint)].map((one) => one?.replace(/\/+$/, '').toLowerCase());
  if (was === is || was === undefined) return [];
  const named = words.before(asText(before.storageEndpoint) as string);
  if (is !== undefined)
    return [
      {
        direction: 'weaker',
        words: `where its records are kept: ${words.after(asText(after.storageEndpoint) as string)} instead of ${named}`,
      },
    ];
  const monitored = truth(after.isAzureMonitorTargetEnabled, false);
  return [
    {
      direction: 'weaker',
      words: `where its records are kept: no longer ${named}${monitored === false ? ', and nothing instead' : ', only what Azure Monitor is told to do with them'}`,
    },
  ];
}

// ── Networks of records, sites and clusters ────────────────────────────────────────────────────────────────────────

/** Connections that the modes do not hold for. */
function excluded(before: PlainMap, after: PlainMap): readonly Said[] {
  const open = (scope: PlainMap) =>
    new Set(
      asList(valueAt(scope, 'accessModeSettings.exclusions')).flatMap((one) => {
        const { ingestionAccessMode, privateEndpointConnectionName, queryAccessMode } = asMap(one);
        return [ingestionAccessMode, queryAccessMode].includes('Open') ? [asText(privateEndpointConnectionName) ?? 'a connection'] : [];
      }),
    );
  const [old, now] = [open(before), open(after)];
  const come = [...now].filter((one) => !old.has(one));
  const lost = [...old].filter((one) => !now.has(one));
  return [
    ...(come.length > 0
      ? [{ direction: 'weaker', words: `which connections also reach what is public: now ${listed(come)}` } as const]
      : []),
    ...(lost.length > 0
      ? [{ direction: 'stronger', words: `which connections also reach what is public: no longer ${listed(lost)}` } as const]
      : []),
  ];
}

function siteLogs(logs: PlainMap): readonly string[] {
  const on = (path: string) => truth(valueAt(logs, path), false) === true;
  return [
    ...(on('httpLogs.fileSystem.enabled') || on('httpLogs.azureBlobStorage.enabled') ? ['requests'] : []),
    ...(on('detailedErrorMessages.enabled') ? ['errors in detail'] : []),
    ...(on('failedRequestsTracing.enabled') ? ['requests that fail'] : []),
    ...(['fileSystem', 'azureBlobStorage', 'azureTableStorage'].some(
      (kind) => !/^(Off|)$/i.test(asText(valueAt(logs, `applicationLogs.${kind}.level`)) ?? ''),
    )
      ? ['what the application says']
      : []),
  ];
}

/** Add-ons of a cluster, whose names are written in any case. */
const addon = (cluster: PlainMap, name: string): PlainMap =>
  asMap(Object.entries(asMap(cluster.addonProfiles)).find(([key]) => key.toLowerCase() === name)?.[1] as Plain | undefined);
