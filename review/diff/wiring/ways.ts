/** Where services of Azure send, copy, read and keep data by themselves, by type: the properties that say it, in words. */
import type { Resource } from '../../../policies/resource';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';

/** One text that says where something goes. */
export interface Way {
  /** `its events go to`: ways that are called the same are compared as a set. */
  readonly what: string;
  readonly text: string;
  readonly path: string;
  /** Of what type it is, where only a name is written. */
  readonly types?: RegExp;
}

export interface Ways {
  readonly on: RegExp;
  readonly read: (properties: PlainMap) => readonly Way[];
  /** What goes there is data itself: whoever newly gets it is told, also where the way is new. */
  readonly carries?: boolean;
  /** What is new leads somewhere by itself, and is told like what is changed. */
  readonly opens?: boolean;
  /** A way where there was none takes something away from where it was. */
  readonly diverts?: boolean;
  /** Callers of ours get to whoever it names: told also where it is new beside others of ours. */
  readonly answers?: boolean;
  /** Another one of ours is no news: what answers is deployed anew, and moves. */
  readonly moves?: boolean;
}

const ACCOUNT = /^azure-native:storage:StorageAccount$/;
const BROKER = /^azure-native:(servicebus|eventhub):Namespace$/;
const SQL = /^azure-native:sql:(Server|ManagedInstance)$/;

// ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every text at a path in which `[]` stands for each item of a list and `{}` for each value of a map. */
export function* textsAt(value: Plain | undefined, path: string, where = ''): Iterable<readonly [text: string, path: string]> {
  if (value === undefined || value === null) return;
  if (path === '') {
    const text = asText(value);
    if (text !== undefined && text !== '') yield [text, where];
    return;
  }
  const [first = '', ...more] = path.split('.');
  const rest = more.join('.');
  const key = first.replace(/(\[\]|\{\})$/, '');
  const inner = asMap(value)[key];
  const at = where === '' ? key : `${where}.${key}`;
  if (first.endsWith('[]')) for (const [index, item] of asList(inner).entries()) yield* textsAt(item, rest, `${at}[${index}]`);
  else if (first.endsWith('{}'))
    for (const [name, item] of Object.entries(asMap(inner))) yield* textsAt(item as Plain, rest, `${at}.${name}`);
  else yield* textsAt(inner, rest, at);
}

const ways = (what: string, paths: readonly string[], types?: RegExp) => (properties: PlainMap) =>
  paths.flatMap((path) => [...textsAt(properties, path)].map(([text, at]): Way => ({ what, text, path: at, ...(types ? { types } : {}) })));

/** Ways of one type that are called differently. */
const several =
  (...reads: readonly Ways['read'][]): Ways['read'] =>
  (properties) =>
    reads.flatMap((read) => read(properties));

/** Texts below a place whose key says that they are an address, wherever they stand. */
const addressesBelow =
  (what: string, root: string, keys: RegExp, types?: RegExp): Ways['read'] =>
  (properties) => {
    const found: Way[] = [];
    const look = (value: Plain, path: string, depth: number): void => {
      for (const [key, inner] of Array.isArray(value) ? value.entries() : Object.entries(asMap(value))) {
        const at = typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
        const text = asText(inner as Plain);
        if (text !== undefined && typeof key === 'string' && keys.test(key))
          found.push({ what, text, path: at, ...(types && /account|namespace|server/i.test(key) ? { types } : {}) });
        else if (depth < 12 && typeof inner === 'object' && inner !== null) look(inner as Plain, at, depth + 1);
      }
    };
    const value = root === '' ? properties : valueAt(properties, root);
    if (value !== undefined) look(value, root, 0);
    return found;
  };

// ── Event Grid ─────────────────────────────────────────────────────────────────────────────────────────────────────

const DESTINATIONS = [
  'destination',
  'deliveryWithResourceIdentity.destination',
  'deliveryConfiguration.push.destination',
  'deliveryConfiguration.push.deliveryWithResourceIdentity.destination',
];
const DEAD_LETTERS = [
  'deadLetterDestination',
  'deadLetterWithResourceIdentity.deadLetterDestination',
  'deliveryConfiguration.push.deadLetterDestinationWithResourceIdentity.deadLetterDestination',
];
/** Whether events that cannot be delivered are kept; undefined where nobody knows. */
export function keepsDeadEvents(subscription: Resource): number | undefined {
  const states = DEAD_LETTERS.map((path) => subscription.at(`${path}.resourceId`).state);
  if (states.some((state) => state === 'known' || state === 'reference' || state === 'text')) return 1;
  return states.includes('unknown') ? undefined : 0;
}

// ── Logic Apps ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** A definition is a tree, or a text that holds one. */
function definitionOf({ definition }: PlainMap): Plain | undefined {
  if (typeof definition !== 'string') return definition;
  try {
    return JSON.parse(definition) as Plain;
  } catch {
    return undefined;
  }
}

/** Addresses that the steps of a flow call, also those inside of branches and loops. */
const calls: Ways['read'] = (properties) =>
  addressesBelow(
    'its steps call',
    'definition.actions',
    /^uri$/i,
  )({ definition: definitionOf(properties) ?? null } as PlainMap).filter(({ path }) => /\.inputs\./.test(path));

// ── Names ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const records = several(
  ways('its name leads to', [
    'cnameRecord.cname',
    'aRecords[].ipv4Address',
    'aaaaRecords[].ipv6Address',
    'targetResource.id',
    'srvRecords[].target',
  ]),
  ways('its mail goes to', ['mxRecords[].exchange']),
  ways('its names are answered by', ['nsRecords[].nsdname']),
);

// ── The table ──────────────────────────────────────────────────────────────────────────────────────────────────────

const SERVICE_KEYS =
  /^(url|serviceUrl|serviceUri|endpoint|serviceEndpoint|host|hostName|server|fullyQualifiedDomainName|connectionString|sasUri|baseUrl|accountEndpoint|accountUri|functionAppUrl|accountName|domain|address|siteUrl|environmentUrl|dataLakeStoreUri|workspaceResourceId|webServiceEndpoint|clusterUri)$/;
const STREAM_KEYS = /^(accountName|serviceBusNamespace|server|accountId|functionAppName|iotHubNamespace|address)$/;
const STREAM_TYPES =
  /^azure-native:(storage:StorageAccount|servicebus:Namespace|eventhub:Namespace|sql:Server|cosmosdb:DatabaseAccount|web:WebApp)$/;

export const WAYS: readonly Ways[] = [
  {
    on: /^azure-native:eventgrid:\w*EventSubscription$/,
    read: several(
      ways(
        'its events go to',
        DESTINATIONS.flatMap((path) => [`${path}.endpointUrl`, `${path}.resourceId`]),
      ),
      ways(
        'events that cannot be delivered go to',
        DEAD_LETTERS.map((path) => `${path}.resourceId`),
      ),
    ),
    carries: true,
  },
  {
    on: /^azure-native:eventgrid:SystemTopic$/,
    read: ways('its events come from', ['source']),
  },
  {
    on: /^azure-native:eventhub:EventHub$/,
    read: several(
      (properties) =>
        String(valueAt(properties, 'captureDescription.enabled')) === 'false'
          ? []
          : ways('what it keeps of its events goes to', ['captureDescription.destination.storageAccountResourceId'])(properties),
      ways('what it keeps of its events goes to', ['captureDescription.destination.dataLakeAccountName']),
    ),
    carries: true,
  },
  {
    on: /^azure-native:servicebus:(Queue|Subscription)$/,
    read: several(
      ways('its messages go on to', ['forwardTo'], /^azure-native:servicebus:(Queue|Topic)$/),
      ways('messages that cannot be delivered go to', ['forwardDeadLetteredMessagesTo'], /^azure-native:servicebus:(Queue|Topic)$/),
    ),
    diverts: true,
  },
  {
    on: /^azure-native:(servicebus|eventhub):DisasterRecoveryConfig$/,
    read: ways('its twin is', ['partnerNamespace'], BROKER),
    carries: true,
  },
  {
    on: /^azure-native:iothub:IotHubResource$/,
    read: several(
      ways(
        'what devices send goes to',
        ['eventHubs', 'serviceBusQueues', 'serviceBusTopics', 'storageContainers', 'cosmosDBSqlContainers'].flatMap((kind) =>
          ['endpointUri', 'connectionString'].map((key) => `properties.routing.endpoints.${kind}[].${key}`),
        ),
      ),
      ways('files of devices go to', ['properties.storageEndpoints{}.connectionString']),
    ),
    carries: true,
  },
  {
    on: /^azure-native:storage:BlobInventoryPolicy$/,
    read: ways('its lists go to', ['policy.rules[].destination'], /^azure-native:storage:BlobContainer$/),
  },
  { on: /^azure-native:sql:FailoverGroup$/, read: ways('its copies go to', ['partnerServers[].id']), carries: true },
  {
    on: /^azure-native:sql:SyncMember$/,
    read: ways('it exchanges rows with', ['syncMemberAzureDatabaseResourceId', 'serverName'], SQL),
    carries: true,
  },
  {
    on: /^azure-native:sql:OutboundFirewallRule$/,
    read: ways('its server may call', ['outboundRuleFqdn']),
    opens: true,
  },
  {
    // Of the copy that is written out, or read in.
    on: /^Microsoft\.Sql\/servers\/databases\/extensions$/i,
    read: (properties) =>
      /^export$/i.test(asText(properties.operationMode) ?? '') ? ways('its database is written to', ['storageUri'])(properties) : [],
    carries: true,
  },
  { on: /^azure-native:sql:JobTargetGroup$/, read: ways('its jobs run on', ['members[].serverName'], SQL) },
  { on: /^azure-native:sql:JobStep$/, read: ways('its results go to', ['output.serverName'], SQL), carries: true },
  {
    on: /^azure-native:netapp:\w*Volume$/,
    read: ways('its copies go to', ['dataProtection.replication.remoteVolumeResourceId']),
    carries: true,
  },
  { on: /^azure-native:redis:LinkedServer$/, read: ways('its twin is', ['linkedRedisCacheId']), carries: true },
  {
    on: /^azure-native:containerregistry:(ExportPipeline|Webhook)$/,
    read: ways('what happens in it goes to', ['target.uri', 'serviceUri']),
    carries: true,
  },
  {
    on: /^azure-native:datafactory:LinkedService$/,
    read: addressesBelow('it connects to', 'properties', SERVICE_KEYS, ACCOUNT),
    opens: true,
  },
  {
    on: /^azure-native:streamanalytics:(Output|StreamingJob)$/,
    read: several(
      addressesBelow('its results go to', 'datasource', STREAM_KEYS, STREAM_TYPES),
      addressesBelow('its results go to', 'outputs', STREAM_KEYS, STREAM_TYPES),
      addressesBelow('it reads from', 'inputs', STREAM_KEYS, STREAM_TYPES),
    ),
    carries: true,
  },
  { on: /^azure-native:streamanalytics:Input$/, read: addressesBelow('it reads from', 'properties', STREAM_KEYS, STREAM_TYPES) },
  {
    on: /^azure-native:kusto:\w*DataConnection$/,
    read: ways('it reads from', ['eventHubResourceId', 'iotHubResourceId', 'storageAccountResourceId', 'cosmosDbAccountResourceId']),
  },
  { on: /^azure-native:logic:Workflow$/, read: calls, opens: true },
  {
    on: /^azure-native:web:Connection$/,
    read: addressesBelow(
      'it connects to',
      'properties',
      /^(server|accountName|siteurl|url|host\w*|connectionString|endpoint|namespaceEndpoint)$/i,
      ACCOUNT,
    ),
  },
  {
    on: /^azure-native:apimanagement:(Workspace)?(Api)$/,
    read: ways('its backend is', ['serviceUrl']),
    moves: true,
  },
  {
    on: /^azure-native:apimanagement:(Workspace)?Backend$/,
    read: ways('it leads to', ['url', 'resourceId', 'pool.services[].id']),
    moves: true,
  },
  {
    on: /^azure-native:apimanagement:(Workspace)?Logger$/,
    read: ways('its records go to', ['resourceId', 'credentials.endpointAddress']),
    carries: true,
  },
  {
    on: /^azure-native:cdn:(AFDOrigin|Origin|Endpoint)$/,
    read: several(
      ways('what answers is', ['hostName', 'azureOrigin.id', 'origins[].hostName']),
      ways('callers are sent on to', ['deliveryPolicy.rules[].actions[].parameters.customHostname']),
    ),
    moves: true,
    answers: true,
  },
  {
    on: /^azure-native:cdn:Rule$/,
    read: ways('callers are sent on to', ['actions[].parameters.customHostname']),
    moves: true,
    answers: true,
  },
  {
    on: /^azure-native:frontdoor:FrontDoor$/,
    read: several(
      ways('what answers is', ['backendPools[].backends[].address']),
      ways('callers are sent on to', ['routingRules[].routeConfiguration.customHost']),
    ),
    moves: true,
  },
  {
    on: /^azure-native:network:ApplicationGateway$/,
    read: several(
      ways('what answers is', ['backendAddressPools[].backendAddresses[].fqdn', 'backendAddressPools[].backendAddresses[].ipAddress']),
      ways('callers are sent on to', ['redirectConfigurations[].targetUrl']),
    ),
    moves: true,
  },
  {
    on: /^azure-native:trafficmanager:(Endpoint|Profile)$/,
    read: ways('what answers is', ['target', 'targetResourceId', 'endpoints[].target', 'endpoints[].targetResourceId']),
    moves: true,
    answers: true,
  },
  { on: /^azure-native:dns:RecordSet$/, read: records, moves: true },
  { on: /^azure-native:privatedns:PrivateRecordSet$/, read: records },
  { on: /^azure-native:signalrservice:SignalR$/, read: ways('its messages go to', ['upstream.templates[].urlTemplate']), carries: true },
  {
    on: /^azure-native:webpubsub:WebPubSubHub$/,
    read: ways('its messages go to', [
      'properties.eventHandlers[].urlTemplate',
      'properties.eventListeners[].endpoint.fullyQualifiedNamespace',
    ]),
    carries: true,
  },
  { on: /^azure-native:botservice:Bot$/, read: ways('its messages go to', ['properties.endpoint']), carries: true },
  {
    on: /^azure-native:communication:CommunicationService$/,
    read: ways('it sends mail as', ['linkedDomains[]']),
    moves: true,
  },
  {
    on: /^azure-native:digitaltwins:DigitalTwinsEndpoint$/,
    read: addressesBelow('its events go to', 'properties', /^(endpointUri|topicEndpoint|deadLetterUri)$/i),
    carries: true,
  },
  {
    on: /^azure-native:costmanagement:Export$/,
    read: ways('its lists go to', ['deliveryInfo.destination.resourceId', 'deliveryInfo.destination.storageAccount'], ACCOUNT),
  },
  {
    on: /^azure-native:healthcareapis:FhirService$/,
    read: ways('its exports go to', ['exportConfiguration.storageAccountName'], ACCOUNT),
    carries: true,
  },
  {
    on: /^azure-native:machinelearningservices:(Datastore|Workspace)$/,
    read: ways('it keeps its data in', ['properties.accountName', 'properties.oneLakeWorkspaceName', 'storageAccount'], ACCOUNT),
  },
  { on: /^azure-native:batch:BatchAccount$/, read: ways('it keeps its files in', ['autoStorage.storageAccountId']) },
  { on: /^azure-native:synapse:Workspace$/, read: ways('it keeps its data in', ['defaultDataLakeStorage.accountUrl']) },
  {
    on: /^azure-native:web:WebAppBackupConfiguration(Slot)?$/,
    read: ways('its backups go to', ['storageAccountUrl']),
    carries: true,
  },
  {
    on: /^azure-native:web:WebAppDiagnosticLogsConfiguration(Slot)?$/,
    read: ways('its records go to', ['applicationLogs.azureBlobStorage.sasUrl', 'httpLogs.azureBlobStorage.sasUrl']),
    carries: true,
  },
  {
    on: /^azure-native:web:WebApp(Slot)?$/,
    read: several(
      ways('its code comes from', ['functionAppConfig.deployment.storage.value']),
      ways('it mounts', ['siteConfig.azureStorageAccounts{}.accountName'], ACCOUNT),
    ),
  },
  { on: /^azure-native:web:WebAppAzureStorageAccounts(Slot)?$/, read: ways('it mounts', ['properties{}.accountName'], ACCOUNT) },
  {
    on: /^azure-native:app:ManagedEnvironmentsStorage$/,
    read: ways('it mounts', ['properties.azureFile.accountName', 'properties.nfsAzureFile.server'], ACCOUNT),
  },
  {
    on: /^azure-native:containerinstance:ContainerGroup$/,
    read: several(
      ways('it mounts', ['volumes[].azureFile.storageAccountName'], ACCOUNT),
      ways('its records go to', ['diagnostics.logAnalytics.workspaceResourceId', 'diagnostics.logAnalytics.workspaceId']),
    ),
  },
  {
    on: /^azure-native:app:ManagedEnvironment$/,
    read: ways('its records go to', ['appLogsConfiguration.logAnalyticsConfiguration.customerId', 'daprAIConnectionString']),
  },
  {
    on: /^azure-native:containerservice:ManagedCluster$/,
    read: ways('its records go to', [
      ...['omsagent', 'omsAgent'].flatMap((name) =>
        ['logAnalyticsWorkspaceResourceID', 'logAnalyticsWorkspaceResourceId'].map((key) => `addonProfiles.${name}.config.${key}`),
      ),
      'securityProfile.defender.logAnalyticsWorkspaceResourceId',
    ]),
    carries: true,
  },
  {
    on: /^azure-native:containerservice:TrustedAccessRoleBinding$/,
    read: ways('its cluster lets in', ['sourceResourceId']),
    carries: true,
  },
  {
    on: /^azure-native:operationalinsights:DataExport$/,
    read: ways('its copies of records go to', ['resourceId']),
    carries: true,
  },
  { on: /^azure-native:applicationinsights:Component$/, read: ways('its records go to', ['workspaceResourceId']), carries: true },
];
