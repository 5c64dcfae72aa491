/** Pairs on where services of Azure send, copy and read data by themselves. */
import { azure, OURS, store, THEIRS } from './azure-wiring';
import { GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const RECORDS = `${OURS}/Microsoft.Storage/storageAccounts/caserecords`;
const WAYS: Readonly<Record<string, object>> = {
  records: store('caserecords'),
  payroll: store('casepayroll'),
  web: azure('web:WebApp', { name: 'caseweb' }),
  streams: azure('eventhub:Namespace', { namespaceName: 'casestreams' }),
  logs: azure('operationalinsights:Workspace', { workspaceName: 'caselogs' }),
  events: azure('eventgrid:EventSubscription', {
    scope: RECORDS,
    eventSubscriptionName: 'events',
    destination: { endpointType: 'StorageQueue', resourceId: RECORDS, queueName: 'jobs' },
    deadLetterDestination: { endpointType: 'StorageBlob', resourceId: RECORDS, blobContainerName: 'dead' },
  }),
  hub: azure('eventhub:EventHub', {
    namespaceName: 'casestreams',
    eventHubName: 'hub',
    captureDescription: {
      enabled: true,
      destination: { name: 'EventHubArchive.AzureBlockBlob', storageAccountResourceId: RECORDS, blobContainer: 'captured' },
    },
  }),
  orders: azure('servicebus:Queue', { namespaceName: 'casebus', queueName: 'orders' }),
  failed: azure('servicebus:Queue', { namespaceName: 'casebus', queueName: 'failed' }),
  results: azure('streamanalytics:Output', {
    jobName: 'casejob',
    outputName: 'results',
    datasource: { type: 'Microsoft.Storage/Blob', storageAccounts: [{ accountName: 'caserecords' }], container: 'results' },
  }),
  flow: azure('logic:Workflow', {
    workflowName: 'caseflow',
    definition: {
      triggers: {},
      actions: {
        tell: { type: 'Http', inputs: { method: 'POST', uri: 'https://api.example.com/cases' } },
        choose: {
          type: 'If',
          actions: { keep: { type: 'Http', inputs: { method: 'PUT', uri: 'https://caserecords.blob.core.windows.net/a' } } },
        },
      },
    },
  }),
  api: azure('apimanagement:Api', { serviceName: 'caseapi', apiId: 'cases', path: 'cases', serviceUrl: 'https://backend.example.com/v1' }),
  origin: azure('cdn:AFDOrigin', {
    profileName: 'casefront',
    originGroupName: 'web',
    originName: 'web',
    hostName: 'caseweb.azurewebsites.net',
  }),
  name: azure('dns:RecordSet', {
    zoneName: 'example.com',
    relativeRecordSetName: 'cases',
    recordType: 'CNAME',
    cnameRecord: { cname: 'caseweb.azurewebsites.net' },
  }),
  cluster: azure('containerservice:ManagedCluster', {
    resourceName: 'casecluster',
    addonProfiles: {
      omsagent: { enabled: true, config: { logAnalyticsWorkspaceResourceID: `${OURS}/Microsoft.OperationalInsights/workspaces/caselogs` } },
    },
  }),
  inside: azure('privatedns:PrivateRecordSet', {
    privateZoneName: 'privatelink.blob.core.windows.net',
    relativeRecordSetName: 'caserecords',
    recordType: 'A',
    aRecords: [{ ipv4Address: '10.0.1.4' }],
  }),
  gateway: azure('network:ApplicationGateway', {
    applicationGatewayName: 'casegateway',
    backendAddressPools: [{ name: 'web', backendAddresses: [{ fqdn: 'web.example.com' }, { ipAddress: '10.0.0.4' }] }],
  }),
  server: azure('sql:Server', { serverName: 'casesql' }),
  twin: azure('sql:Server', { serverName: 'casesql2' }),
  copies: azure('sql:FailoverGroup', {
    serverName: 'casesql',
    failoverGroupName: 'copies',
    partnerServers: [{ id: `${OURS}/Microsoft.Sql/servers/casesql2` }],
  }),
  devices: azure('iothub:IotHubResource', {
    resourceName: 'casedevices',
    properties: {
      routing: { endpoints: { eventHubs: [{ name: 'hub', endpointUri: 'sb://casestreams.servicebus.windows.net', entityPath: 'hub' }] } },
    },
  }),
};
const hook = (endpointUrl: string) => ({ endpointType: 'WebHook', endpointUrl });
const subscription = (destination: object, more: object = {}) =>
  azure('eventgrid:EventSubscription', { scope: RECORDS, eventSubscriptionName: 'more', destination, ...more });

export const WAY_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, WAYS, {
  'Azure wiring: events go to a stranger': [
    'access: hook.example.net instead of the storage account records [internet]',
    { 'events.destination': hook('https://hook.example.net/in') },
  ],
  'Azure wiring: events go to another subscription': [
    'access: 99999999-0000-0000-0000-000000000009 [organisation]',
    { 'events.destination.resourceId': `${THEIRS}/Microsoft.Storage/storageAccounts/caserecords` },
  ],
  'Azure wiring: a stranger is told of events as well': [
    'access: is new: its events go to hook.example.net [internet]',
    { more: subscription(hook('https://hook.example.net/in')) },
  ],
  'Azure wiring: events that cannot be delivered are lost': ['data: no longer kept', { 'events.deadLetterDestination': GONE }],
  'Azure wiring: the capture of events is turned off': ['data: the capture is turned off', { 'hub.captureDescription.enabled': false }],
  'Azure wiring: the capture of events is gone': ['data: the capture is turned off', { 'hub.captureDescription': GONE }],
  'Azure wiring: captured events go to another subscription': [
    'access: what it keeps of its events [organisation]',
    { 'hub.captureDescription.destination.storageAccountResourceId': `${THEIRS}/Microsoft.Storage/storageAccounts/caserecords` },
  ],
  'Azure wiring: messages are passed on to a queue that nobody knows': [
    'access: its messages go on to elsewhere',
    { 'orders.forwardTo': 'elsewhere' },
  ],
  'Azure wiring: results go to an account that nobody knows': [
    'access: stranger',
    { 'results.datasource.storageAccounts.0.accountName': 'stranger' },
  ],
  'Azure wiring: results go to another account of ours': [
    'access: the storage account payroll',
    { 'results.datasource.storageAccounts.0.accountName': 'casepayroll' },
  ],
  'Azure wiring: a step of a flow calls a stranger': [
    'access: hook.example.net instead of the storage account records [internet]',
    { 'flow.definition.actions.choose.actions.keep.inputs.uri': 'https://hook.example.net/a' },
  ],
  'Azure wiring: a flow calls a stranger as well': [
    'access: its steps call hook.example.net [internet]',
    { 'flow.definition.actions.more': { type: 'Http', inputs: { method: 'POST', uri: 'https://hook.example.net/a' } } },
  ],
  'Azure wiring: an API leads to a stranger': [
    'access: its backend is api.example.net [internet]',
    { 'api.serviceUrl': 'https://api.example.net/v1' },
  ],
  'Azure wiring: a stranger answers behind a front door': [
    'access: what answers is web.example.net [internet]',
    { 'origin.hostName': 'web.example.net' },
  ],
  'Azure wiring: a name leads to a stranger': [
    'access: its name leads to web.example.net [internet]',
    { 'name.cnameRecord.cname': 'web.example.net' },
  ],
  'Azure wiring: a name leads to an app that nobody knows': [
    'access: stranger.azurewebsites.net',
    { 'name.cnameRecord.cname': 'stranger.azurewebsites.net' },
  ],
  'Azure wiring: records of a cluster go to another subscription': [
    'access: its records go to [organisation]',
    {
      'cluster.addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID': `${THEIRS}/Microsoft.OperationalInsights/workspaces/caselogs`,
    },
  ],
  'Azure wiring: a private name leads to another machine': [
    'access: 10.0.9.9 instead of 10.0.1.4',
    { 'inside.aRecords.0.ipv4Address': '10.0.9.9' },
  ],
  'Azure wiring: a gateway leads to a stranger': [
    'access: what answers is web.example.net [internet]',
    { 'gateway.backendAddressPools.0.backendAddresses.0.fqdn': 'web.example.net' },
  ],
  'Azure wiring: somebody is invited to shared data': [
    'access: can take what the data share',
    {
      more: azure('datashare:Invitation', {
        accountName: 'caseshares',
        shareName: 'cases',
        invitationName: 'x',
        targetEmail: 'someone@gmail.com',
      }),
    },
  ],
  'Azure wiring: a database is copied to another subscription': [
    'access: its copies go to [organisation]',
    { 'copies.partnerServers.0.id': `${THEIRS}/Microsoft.Sql/servers/casesql2` },
  ],
  'Azure wiring: what devices send goes to a stream that nobody knows': [
    'access: stranger.servicebus.windows.net',
    { 'devices.properties.routing.endpoints.eventHubs.0.endpointUri': 'sb://stranger.servicebus.windows.net' },
  ],
});
export const WAY_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, WAYS, {
  'Azure wiring: events go to one more queue of ours': {
    more: subscription({ endpointType: 'StorageQueue', resourceId: RECORDS, queueName: 'more' }),
  },
  'Azure wiring: ids are written in other case': {
    'events.destination.resourceId': `${RECORDS.replace('resourceGroups', 'resourcegroups')}/`,
  },
  'Azure wiring: messages are passed on to a queue of ours': { 'orders.forwardDeadLetteredMessagesTo': 'failed' },
  'Azure wiring: an API leads to another host of the same organisation': { 'api.serviceUrl': 'https://backend2.example.com/v2' },
  'Azure wiring: another path of the same host is called': {
    'flow.definition.actions.tell.inputs.uri': 'https://api.example.com/v2/cases',
  },
  'Azure wiring: a gateway leads to other machines of ours': {
    'gateway.backendAddressPools.0.backendAddresses': [{ ipAddress: '10.0.0.5' }, { fqdn: 'app.example.com' }],
  },
  'Azure wiring: events go to nobody any more': { events: GONE },
  'Azure wiring: a name is looked up more often': { 'name.ttl': 60 },
  'Azure wiring: a subscription gets another name in the program': { events: GONE, told: WAYS.events },
});
