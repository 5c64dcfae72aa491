/** Pairs on what workloads are told, where services send and copy data by themselves, and by what both are encrypted. */
import { armWith, awsWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const OURS = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/cases/providers';
const THEIRS = '/subscriptions/99999999-0000-0000-0000-000000000009/resourceGroups/other/providers';
const azure = (type: string, inputs: object, more: object = {}) => ({
  type: `azure-native:${type}`,
  inputs: { resourceGroupName: 'cases', ...inputs },
  ...more,
});
const HIDDEN = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: '"a1b2-c3d4-e5f6"' };
/** Put together here, so that no scanner takes it for a leak. */
const WRITTEN = ['corr', 'ect-hor', 'se-battery'].join('');
const MAIL = '@Microsoft.KeyVault(SecretUri=https://casevault.vault.azure.net/secrets/mail/0123456789abcdef)';
const CONNECTION = 'Server=tcp:casesql.database.windows.net,1433;Database=cases;Authentication=Active Directory Default';

// ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────────────

const store = (accountName: string) =>
  azure('storage:StorageAccount', { accountName }, { id: `${OURS}/Microsoft.Storage/storageAccounts/${accountName}` });

const APPS: Readonly<Record<string, object>> = {
  records: store('caserecords'),
  payroll: store('casepayroll'),
  vault: azure('keyvault:Vault', { vaultName: 'casevault', properties: {} }),
  server: azure('sql:Server', { serverName: 'casesql' }),
  web: azure('web:WebApp', {
    name: 'caseweb',
    siteConfig: {
      appSettings: [
        { name: 'MAIL_KEY', value: MAIL },
        { name: 'LETTERS', value: 'https://caserecords.blob.core.windows.net/letters' },
        { name: 'MAIL_URL', value: 'https://mail.example.com/send' },
        { name: 'LEVEL', value: 'info' },
      ],
      connectionStrings: [{ name: 'cases', type: 'SQLAzure', connectionString: `${CONNECTION};Encrypt=True;TrustServerCertificate=False` }],
    },
  }),
  apart: azure('web:WebApp', { name: 'caseapart' }),
  apartSettings: azure('web:WebAppApplicationSettings', {
    name: 'caseapart',
    properties: { API_KEY: MAIL, PGSSLMODE: 'verify-full', QUEUE: 'https://caserecords.queue.core.windows.net/jobs' },
  }),
  apartConnections: azure('web:WebAppConnectionStrings', {
    name: 'caseapart',
    properties: { cases: { type: 'SQLAzure', value: `${CONNECTION};Encrypt=Strict` } },
  }),
  container: azure('app:ContainerApp', {
    containerAppName: 'casecontainer',
    configuration: { secrets: [{ name: 'mail', keyVaultUrl: 'https://casevault.vault.azure.net/secrets/mail', identity: 'system' }] },
    template: {
      containers: [
        {
          name: 'main',
          env: [
            { name: 'MAIL_THING', secretRef: 'mail' },
            { name: 'CACHE', value: 'rediss://casecache.redis.cache.windows.net:6380' },
            { name: 'BROKER', value: 'amqps://casebus.servicebus.windows.net' },
          ],
        },
        { name: 'beside', env: [{ name: 'MAIL_THING', value: 'sidecar' }] },
      ],
    },
  }),
  group: azure('containerinstance:ContainerGroup', {
    containerGroupName: 'casegroup',
    containers: [{ name: 'main', environmentVariables: [{ name: 'THING', secureValue: HIDDEN }] }],
  }),
  kept: azure('automation:Variable', { automationAccountName: 'caseruns', variableName: 'kept', isEncrypted: true, value: `"${WRITTEN}"` }),
  flow: azure('logic:Workflow', {
    workflowName: 'caseflow',
    definition: { actions: {}, triggers: {}, parameters: { key: { type: 'SecureString' } } },
    parameters: { key: { type: 'SecureString', value: HIDDEN } },
  }),
  machine: azure('compute:VirtualMachine', { vmName: 'casemachine', osProfile: { adminPassword: HIDDEN } }),
  other: azure('datafactory:LinkedService', {
    factoryName: 'casefactory',
    linkedServiceName: 'other',
    properties: {
      type: 'SqlServer',
      connectionString: 'Server=casesql.database.windows.net;Database=cases',
      password: { type: 'AzureKeyVaultSecret', store: { type: 'LinkedServiceReference', referenceName: 'vault' }, secretName: 'sql' },
    },
  }),
  shared: azure('appconfiguration:KeyValue', {
    configStoreName: 'casesettings',
    keyValueName: 'mail',
    contentType: 'application/vnd.microsoft.appconfig.keyvaultref+json;charset=utf-8',
    value: '{"uri":"https://casevault.vault.azure.net/secrets/mail"}',
  }),
  source: azure('datafactory:LinkedService', {
    factoryName: 'casefactory',
    linkedServiceName: 'source',
    properties: {
      type: 'AzureBlobStorage',
      connectionString: 'DefaultEndpointsProtocol=https;AccountName=caserecords;EndpointSuffix=core.windows.net',
    },
  }),
};
const SETTING = 'web.siteConfig.appSettings';
const STRING = 'web.siteConfig.connectionStrings.0.connectionString';
const separate = (properties: object) => azure('web:WebAppApplicationSettings', { name: 'caseweb', properties });
const SAME = { LETTERS: 'https://caserecords.blob.core.windows.net/letters', MAIL_URL: 'https://mail.example.com/send', LEVEL: 'info' };

const SETTINGS = weakenings(pulumiWith, APPS, {
  'Azure wiring: a setting from the vault is written out, under a name that says nothing': [
    'access: the setting MAIL_KEY is written out',
    { [`${SETTING}.0.value`]: WRITTEN },
  ],
  'Azure wiring: settings become a resource of their own, and one of them is written out': [
    'access: MAIL_KEY is written out',
    { [SETTING]: GONE, more: separate({ ...SAME, MAIL_KEY: WRITTEN }) },
  ],
  'Azure wiring: a setting of a separate resource is written out': ['access: API_KEY', { 'apartSettings.properties.API_KEY': WRITTEN }],
  'Azure wiring: a variable of a container is written out instead of a secret of its app': [
    'access: MAIL_THING is written out',
    { 'container.template.containers.0.env.0': { name: 'MAIL_THING', value: WRITTEN } },
  ],
  'Azure wiring: a secret of a container app is written out instead of taken from the vault': [
    'access: the container app container',
    { 'container.configuration.secrets.0': { name: 'mail', value: WRITTEN } },
  ],
  'Azure wiring: a hidden variable of a container group is shown': [
    'access: THING is written out',
    { 'group.containers.0.environmentVariables.0': { name: 'THING', value: WRITTEN } },
  ],
  'Azure wiring: a variable of automation is no longer hidden': ['access: its value is written out', { 'kept.isEncrypted': false }],
  'Azure wiring: a secret comes from a vault that nobody knows': [
    'access: stranger.vault.azure.net',
    { [`${SETTING}.0.value`]: MAIL.replace('casevault', 'stranger') },
  ],
  'Azure wiring: a setting leads to a store of another purpose, by its host': [
    'access: the storage account payroll instead of',
    { [`${SETTING}.1.value`]: 'https://casepayroll.blob.core.windows.net/slips' },
  ],
  'Azure wiring: a setting leads to a store that nobody knows': [
    'access: stranger.blob.core.windows.net',
    { [`${SETTING}.1.value`]: 'https://stranger.blob.core.windows.net/letters' },
  ],
  'Azure wiring: a setting leads out of the house': [
    'access: files.example.net instead of the storage account records [internet]',
    { [`${SETTING}.1.value`]: 'https://files.example.net/letters' },
  ],
  'Azure wiring: a setting of a separate resource leads to another store': [
    'access: the storage account payroll',
    { 'apartSettings.properties.QUEUE': 'https://casepayroll.queue.core.windows.net/jobs' },
  ],
  'Azure wiring: a setting leads to the host of another organisation': [
    'access: mail.example.org',
    { [`${SETTING}.2.value`]: 'https://mail.example.org/send' },
  ],
  'Azure wiring: a setting leads to the same host in clear text': [
    'encryption: MAIL_URL is no longer encrypted',
    { [`${SETTING}.2.value`]: 'http://mail.example.com/send' },
  ],
  'Azure wiring: a connection is no longer encrypted, and believes everybody': [
    'encryption: is no longer encrypted, and no longer asks',
    { [STRING]: `${CONNECTION};Encrypt=False;TrustServerCertificate=True` },
  ],
  'Azure wiring: a connection of a separate resource is encrypted only where the server likes': [
    'encryption: is no longer encrypted',
    { 'apartConnections.properties.cases.value': `${CONNECTION};Encrypt=Optional` },
  ],
  'Azure wiring: a connection says no longer that it is encrypted': ['encryption: the driver decides', { [STRING]: CONNECTION }],
  'Azure wiring: a database is no longer asked for its certificate': [
    'encryption: no longer asks whose certificate',
    { 'apartSettings.properties.PGSSLMODE': 'require' },
  ],
  'Azure wiring: a cache is spoken to in clear text': [
    'encryption: CACHE is no longer encrypted',
    { 'container.template.containers.0.env.1.value': 'redis://casecache.redis.cache.windows.net:6379' },
  ],
  'Azure wiring: a connection has a password in it': [
    'access: a connection string with a password',
    { [STRING]: `${CONNECTION.replace('Authentication=Active Directory Default', `User Id=app;Password=${WRITTEN}`)};Encrypt=True` },
  ],
  'Azure wiring: a parameter of a flow is no longer hidden': [
    'access: its key is written out',
    { 'flow.parameters.key': { type: 'String', value: WRITTEN } },
  ],
  'Azure wiring: a password of a machine is written out': [
    'access: admin password is written out',
    { 'machine.osProfile.adminPassword': WRITTEN },
  ],
  'Azure wiring: a data factory writes its password out': [
    'access: its password is written out',
    { 'other.properties.password': { type: 'SecureString', value: WRITTEN } },
  ],
  'Azure wiring: a store of settings holds a key itself': [
    'access: its value is written out',
    { 'shared.contentType': 'text/plain', 'shared.value': WRITTEN },
  ],
  'Azure wiring: a data factory reads from another account': [
    'access: it connects to stranger',
    { 'source.properties.connectionString': 'DefaultEndpointsProtocol=https;AccountName=stranger;EndpointSuffix=core.windows.net' },
  ],
});
const SETTINGS_SAME = harmless(pulumiWith, APPS, {
  'Azure wiring: the version of a secret is dropped': { [`${SETTING}.0.value`]: MAIL.replace('/0123456789abcdef', '') },
  'Azure wiring: a secret is named in the other form': {
    [`${SETTING}.0.value`]: '@Microsoft.KeyVault(VaultName=casevault;SecretName=mail)',
  },
  'Azure wiring: settings become a resource of their own': { [SETTING]: GONE, more: separate({ ...SAME, MAIL_KEY: MAIL }) },
  'Azure wiring: settings go in another order': {
    [SETTING]: [
      { name: 'LEVEL', value: 'info' },
      { name: 'MAIL_URL', value: 'https://mail.example.com/send' },
      { name: 'MAIL_KEY', value: MAIL },
      { name: 'LETTERS', value: 'https://caserecords.blob.core.windows.net/letters' },
    ],
  },
  'Azure wiring: a setting leads to another container of the same account': {
    [`${SETTING}.1.value`]: 'https://caserecords.dfs.core.windows.net/letters',
  },
  'Azure wiring: a setting leads to another host of the same organisation': { [`${SETTING}.2.value`]: 'https://post.example.com/v2/send' },
  'Azure wiring: a setting that leads nowhere changes': { [`${SETTING}.3.value`]: 'debug' },
  'Azure wiring: a key is replaced by the identity of the app': { [`${SETTING}.0.value`]: 'ManagedIdentity' },
  'Azure wiring: a key is replaced by an address': { [`${SETTING}.0.value`]: 'https://caserecords.blob.core.windows.net' },
  'Azure wiring: a connection is written in other words': {
    [STRING]:
      'Data Source=casesql.database.windows.net;Initial Catalog=cases;Encrypt=Mandatory;Authentication=Active Directory Managed Identity',
  },
  'Azure wiring: a workload speaks to what stands beside it': { [`${SETTING}.2.value`]: 'http://localhost:3500/mail' },
  'Azure wiring: a variable of another container is written out': {
    'container.template.containers.1.env.0.value': 'other',
  },
  'Azure wiring: a data factory names the same account by its address': {
    'source.properties': { type: 'AzureBlobStorage', serviceEndpoint: 'https://caserecords.blob.core.windows.net/' },
  },
  'Azure wiring: a hidden value is another one': {
    'machine.osProfile.adminPassword': { ...HIDDEN, value: '"f6e5-d4c3-b2a1"' },
    'flow.parameters.key.value': { ...HIDDEN, value: '"f6e5-d4c3-b2a1"' },
  },
  'Azure wiring: a store of settings names another version of the same secret': {
    'shared.value': '{"uri":"https://casevault.vault.azure.net/secrets/mail/0123456789abcdef"}',
  },
  'Azure wiring: a value that was written out comes from the vault': {
    'container.template.containers.1.env.0': { name: 'MAIL_THING', secretRef: 'mail' },
  },
});

// ── Ways ───────────────────────────────────────────────────────────────────────────────────────────────────────────

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

const SENT = weakenings(pulumiWith, WAYS, {
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
const SENT_SAME = harmless(pulumiWith, WAYS, {
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

// ── Encryption ─────────────────────────────────────────────────────────────────────────────────────────────────────

const ENCRYPTED: Readonly<Record<string, object>> = {
  vault: azure('keyvault:Vault', { vaultName: 'casevault', properties: {} }),
  spare: azure('keyvault:Vault', { vaultName: 'casespare', properties: {} }),
  records: azure('storage:StorageAccount', {
    accountName: 'caserecords',
    encryption: {
      keySource: 'Microsoft.Keyvault',
      requireInfrastructureEncryption: true,
      keyVaultProperties: { keyName: 'cases', keyVaultUri: 'https://casevault.vault.azure.net' },
    },
  }),
  scope: azure('storage:EncryptionScope', {
    accountName: 'caserecords',
    encryptionScopeName: 'cases',
    requireInfrastructureEncryption: true,
    source: 'Microsoft.KeyVault',
    keyVaultProperties: { keyUri: 'https://casevault.vault.azure.net/keys/cases' },
  }),
  letters: azure('storage:BlobContainer', { accountName: 'caserecords', containerName: 'letters', defaultEncryptionScope: 'cases' }),
  files: azure('storage:FileServiceProperties', {
    accountName: 'caserecords',
    fileServicesName: 'default',
    protocolSettings: {
      smb: {
        versions: 'SMB3.1.1;',
        authenticationMethods: 'Kerberos;',
        kerberosTicketEncryption: 'AES-256;',
        channelEncryption: 'AES-256-GCM;',
      },
    },
  }),
  homes: azure('storage:FileShare', { accountName: 'caserecords', shareName: 'homes', enabledProtocols: 'SMB' }),
  shared: azure('storage:FileShare', {
    accountName: 'caserecords',
    shareName: 'shared',
    enabledProtocols: 'NFS',
    rootSquash: 'RootSquash',
  }),
  key: azure('keyvault:Key', {
    vaultName: 'casevault',
    keyName: 'cases',
    properties: {
      kty: 'RSA-HSM',
      keySize: 3072,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { enabled: true },
      rotationPolicy: {
        attributes: { expiryTime: 'P1Y' },
        lifetimeActions: [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P90D' } }],
      },
    },
  }),
  curve: azure('keyvault:Key', {
    vaultName: 'casevault',
    keyName: 'signs',
    properties: { kty: 'EC-HSM', curveName: 'P-384', keyOps: ['sign'] },
  }),
  disks: azure('compute:DiskEncryptionSet', {
    diskEncryptionSetName: 'casedisks',
    encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
    activeKey: { keyUrl: 'https://casevault.vault.azure.net/keys/disks/0123456789abcdef' },
  }),
  protector: azure('sql:EncryptionProtector', {
    serverName: 'casesql',
    encryptionProtectorName: 'current',
    serverKeyType: 'AzureKeyVault',
    serverKeyName: 'casevault_cases_0123456789abcdef',
  }),
  machine: azure('compute:VirtualMachine', {
    vmName: 'casemachine',
    securityProfile: {
      encryptionAtHost: true,
      securityType: 'ConfidentialVM',
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
    storageProfile: { osDisk: { managedDisk: { securityProfile: { securityEncryptionType: 'DiskWithVMGuestState' } } } },
  }),
  web: azure('web:WebApp', {
    name: 'caseweb',
    siteConfig: { minTlsVersion: '1.2', minTlsCipherSuite: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
  }),
  gateway: azure('network:ApplicationGateway', {
    applicationGatewayName: 'casegateway',
    sslPolicy: {
      policyType: 'CustomV2',
      minProtocolVersion: 'TLSv1_2',
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    },
  }),
  environment: azure('app:ManagedEnvironment', {
    environmentName: 'caseapps',
    peerTrafficConfiguration: { encryption: { enabled: true } },
  }),
  pool: azure('containerservice:AgentPool', {
    resourceName: 'casecluster',
    agentPoolName: 'pool',
    enableFIPS: true,
    securityProfile: { enableSecureBoot: true, enableVTPM: true },
  }),
};
const OPS = 'key.properties';
const LESS = weakenings(pulumiWith, ENCRYPTED, {
  'Azure encryption: the second layer of an account is turned off': [
    'encryption: the second layer',
    { 'records.encryption.requireInfrastructureEncryption': false },
  ],
  'Azure encryption: the second layer of a scope is turned off': [
    'encryption: the second layer',
    { 'scope.requireInfrastructureEncryption': false },
  ],
  'Azure encryption: a container loses its scope': [
    'encryption: the key of its account',
    { 'letters.defaultEncryptionScope': '$account-encryption-key' },
  ],
  'Azure encryption: the key of an account is in a vault that nobody knows': [
    'encryption: stranger.vault.azure.net',
    { 'records.encryption.keyVaultProperties': { keyName: 'other', keyVaultUri: 'https://stranger.vault.azure.net' } },
  ],
  'Azure encryption: the key of an account is in another vault of ours': [
    'encryption: the vault spare',
    { 'records.encryption.keyVaultProperties.keyVaultUri': 'https://casespare.vault.azure.net/' },
  ],
  'Azure encryption: the key of disks is in a vault that nobody knows': [
    'encryption: stranger.vault.azure.net',
    { 'disks.activeKey.keyUrl': 'https://stranger.vault.azure.net/keys/disks/0123456789abcdef' },
  ],
  'Azure encryption: the key of a server is in a vault that nobody knows': [
    'encryption: stranger',
    { 'protector.serverKeyName': 'stranger_cases_0123456789abcdef' },
  ],
  'Azure encryption: shares take passwords besides tickets': [
    'encryption: NTLMv2',
    { 'files.protocolSettings.smb.authenticationMethods': 'NTLMv2;Kerberos;' },
  ],
  'Azure encryption: shares take tickets with RC4': [
    'encryption: RC4',
    { 'files.protocolSettings.smb.kerberosTicketEncryption': 'RC4-HMAC;AES-256;' },
  ],
  'Azure encryption: a share believes the administrators of its clients': [
    'access: administrator',
    { 'shared.rootSquash': 'NoRootSquash' },
  ],
  'Azure encryption: a share becomes one that believes its clients': [
    'access: administrator',
    { 'homes.enabledProtocols': 'NFS', 'homes.rootSquash': 'NoRootSquash' },
  ],
  'Azure encryption: a key can be taken out': ['encryption: taken out', { [`${OPS}.attributes.exportable`]: true }],
  'Azure encryption: a key may be released': ['encryption: taken out', { [`${OPS}.keyOps`]: ['wrapKey', 'unwrapKey', 'release'] }],
  'Azure encryption: a key is kept in software': ['encryption: in software', { [`${OPS}.kty`]: 'RSA' }],
  'Azure encryption: a key is exchanged less often': [
    'encryption: 90 days to 340 days',
    { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger.timeAfterCreate`]: 'P340D' },
  ],
  'Azure encryption: a key is exchanged less often, counted from its end': [
    'encryption: 90 days to 335 days',
    { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger`]: { timeBeforeExpiry: 'P30D' } },
  ],
  'Azure encryption: the curve of a key is smaller': ['encryption: its curve', { 'curve.properties.curveName': 'P-256' }],
  'Azure encryption: disks lose a layer': ['encryption: fewer layers', { 'disks.encryptionType': 'EncryptionAtRestWithCustomerKey' }],
  'Azure encryption: a machine is no longer shielded from its host': [
    'encryption: shields',
    { 'machine.securityProfile.securityType': 'TrustedLaunch' },
  ],
  'Azure encryption: only the state of a machine is encrypted for itself': [
    'encryption: its disk for itself alone',
    { 'machine.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType': 'VMGuestStateOnly' },
  ],
  'Azure encryption: an app takes old ciphers': [
    'encryption: old ciphers',
    { 'web.siteConfig.minTlsCipherSuite': 'TLS_RSA_WITH_AES_128_CBC_SHA' },
  ],
  'Azure encryption: a gateway takes old ciphers': [
    'encryption: old ciphers',
    { 'gateway.sslPolicy.cipherSuites': ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'] },
  ],
  'Azure encryption: apps speak among themselves in clear text': [
    'encryption: among its apps',
    { 'environment.peerTrafficConfiguration.encryption.enabled': false },
  ],
  'Azure encryption: nodes start what is not signed': ['controls: signed code', { 'pool.securityProfile.enableSecureBoot': false }],
});
const LESS_SAME = harmless(pulumiWith, ENCRYPTED, {
  'Azure encryption: a key of the same vault has another name': { 'records.encryption.keyVaultProperties.keyName': 'cases2' },
  'Azure encryption: a vault is written in other case, with a slash': {
    'records.encryption.keyVaultProperties.keyVaultUri': 'https://CaseVault.vault.azure.net/',
  },
  'Azure encryption: a key of disks has another version': {
    'disks.activeKey.keyUrl': 'https://casevault.vault.azure.net/keys/disks/fedcba9876543210',
  },
  'Azure encryption: a key of a server has another version': { 'protector.serverKeyName': 'casevault_cases_fedcba9876543210' },
  'Azure encryption: settings of shares are written in other order': {
    'files.protocolSettings.smb': {
      channelEncryption: 'AES-256-GCM',
      versions: 'SMB3.1.1',
      kerberosTicketEncryption: 'AES-256',
      authenticationMethods: 'Kerberos',
    },
  },
  'Azure encryption: a share believes nobody': { 'shared.rootSquash': 'AllSquash' },
  'Azure encryption: a key may do something else that takes nothing out': { [`${OPS}.keyOps`]: ['unwrapKey', 'wrapKey', 'encrypt'] },
  'Azure encryption: a key is exchanged as often, counted from its end': {
    [`${OPS}.rotationPolicy.lifetimeActions.0.trigger`]: { timeBeforeExpiry: 'P275D' },
  },
  'Azure encryption: a key is exchanged more often': { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger.timeAfterCreate`]: 'P60D' },
  'Azure encryption: ciphers go in another order': {
    'gateway.sslPolicy.cipherSuites': ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  },
  'Azure encryption: apps prove to each other who they are': {
    'environment.peerTrafficConfiguration': GONE,
    'environment.peerAuthentication': { mtls: { enabled: true } },
  },
});

// ── In a template ──────────────────────────────────────────────────────────────────────────────────────────────────

const arm = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2023-05-01',
  name,
  ...more,
  properties,
});
const blobs = (account: string, path: string) =>
  `[concat(reference(resourceId('Microsoft.Storage/storageAccounts', '${account}')).primaryEndpoints.blob, '${path}')]`;
const TEMPLATE: Readonly<Record<string, object>> = {
  Records: arm('Microsoft.Storage/storageAccounts', 'caserecords', {}, { location: 'westeurope' }),
  Payroll: arm('Microsoft.Storage/storageAccounts', 'casepayroll', {}, { location: 'westeurope' }),
  Web: arm(
    'Microsoft.Web/sites',
    'caseweb',
    { siteConfig: { appSettings: [{ name: 'LETTERS', value: blobs('caserecords', 'letters') }] } },
    { location: 'westeurope' },
  ),
  Settings: arm('Microsoft.Web/sites/config', 'caseweb/appsettings', { MAIL_KEY: MAIL }),
  Strings: arm('Microsoft.Web/sites/config', 'caseweb/connectionstrings', {
    cases: { type: 'SQLAzure', value: `${CONNECTION};Encrypt=True` },
  }),
  Hub: arm('Microsoft.EventHub/namespaces/eventhubs', 'casestreams/hub', {
    captureDescription: {
      enabled: true,
      destination: {
        name: 'EventHubArchive.AzureBlockBlob',
        properties: {
          storageAccountResourceId: "[resourceId('Microsoft.Storage/storageAccounts', 'caserecords')]",
          blobContainer: 'captured',
        },
      },
    },
  }),
  Events: arm('Microsoft.EventGrid/eventSubscriptions', 'events', {
    destination: {
      endpointType: 'StorageQueue',
      properties: { resourceId: "[resourceId('Microsoft.Storage/storageAccounts', 'caserecords')]", queueName: 'jobs' },
    },
  }),
};
const TEMPLATED = weakenings(armWith, TEMPLATE, {
  'Azure wiring: in a template, a setting is written out': ['access: MAIL_KEY', { 'Settings.MAIL_KEY': WRITTEN }],
  'Azure wiring: in a template, a setting leads to another store': [
    'access: the storage account casepayroll',
    { 'Web.siteConfig.appSettings.0.value': blobs('casepayroll', 'letters') },
  ],
  'Azure wiring: in a template, a connection is no longer encrypted': [
    'encryption: is no longer encrypted',
    { 'Strings.cases.value': `${CONNECTION};Encrypt=False` },
  ],
  'Azure wiring: in a template, captured events go elsewhere': [
    'access: what it keeps of its events',
    { 'Hub.captureDescription.destination.properties.storageAccountResourceId': `${THEIRS}/Microsoft.Storage/storageAccounts/stranger` },
  ],
  'Azure wiring: in a template, events go to a stranger': [
    'access: hook.example.net [internet]',
    { 'Events.destination': { endpointType: 'WebHook', properties: { endpointUrl: 'https://hook.example.net/in' } } },
  ],
});
const TEMPLATED_SAME = harmless(armWith, TEMPLATE, {
  'Azure wiring: in a template, the address of a store is written out': {
    'Web.siteConfig.appSettings.0.value': 'https://caserecords.blob.core.windows.net/letters',
  },
  'Azure wiring: in a template, a setting moves to the list of the others': {
    'Web.siteConfig.appSettings': GONE,
    'Settings.LETTERS': blobs('caserecords', 'letters'),
  },
});

// ── On AWS ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const RESOLVED = '{{resolve:secretsmanager:cases/mail:SecretString:key}}';
const FUNCTION = {
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Role: 'arn:aws:iam::111122223333:role/cases',
  Code: { S3Bucket: 'code', S3Key: 'x' },
};
const ON_AWS: Readonly<Record<string, object>> = {
  Mailer: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...FUNCTION,
      Environment: {
        Variables: {
          MAIL: RESOLVED,
          TABLE: { Ref: 'Cases' },
          URL: 'https://mail.example.com',
          CACHE: 'rediss://cache.example.com:6380',
          QUEUE: 'https://sqs.eu-central-1.amazonaws.com/111122223333/jobs',
          SERVICE_VERSION: '1.2.3',
        },
      },
    },
  },
  Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
  Other: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
        ],
      },
    },
  },
  Cases: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'cases' } },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      ContainerDefinitions: [
        {
          Name: 'main',
          Image: '111122223333.dkr.ecr.eu-central-1.amazonaws.com/cases:1',
          Secrets: [{ Name: 'MAIL', ValueFrom: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:mail' }],
        },
      ],
    },
  },
  Build: {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Environment: { EnvironmentVariables: [{ Name: 'MAIL', Type: 'SECRETS_MANAGER', Value: 'cases/mail' }] },
    },
  },
};
const KEY_ID = 'Bucket.BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID';
const CONTAINER = 'Task.ContainerDefinitions.0';
const AWS = weakenings(awsWith, ON_AWS, {
  'AWS wiring: a variable of a function is written out instead of looked up': [
    'access: the variable MAIL is written out',
    { 'Mailer.Environment.Variables.MAIL': WRITTEN },
  ],
  'AWS wiring: a secret of a task becomes a variable': [
    'access: the variable MAIL is written out',
    { [`${CONTAINER}.Secrets`]: GONE, [`${CONTAINER}.Environment`]: [{ Name: 'MAIL', Value: WRITTEN }] },
  ],
  'AWS wiring: a variable of a build is written out': [
    'access: the variable MAIL is written out',
    { 'Build.Environment.EnvironmentVariables.0': { Name: 'MAIL', Type: 'PLAINTEXT', Value: WRITTEN } },
  ],
  'AWS wiring: a function is pointed at a table of another account': [
    'access: 444455556666 [organisation]',
    { 'Mailer.Environment.Variables.TABLE': 'arn:aws:dynamodb:eu-central-1:444455556666:table/cases' },
  ],
  'AWS wiring: a function is pointed at a stranger': [
    'access: hook.example.net [internet]',
    { 'Mailer.Environment.Variables.TABLE': 'https://hook.example.net/cases' },
  ],
  'AWS wiring: a bucket is encrypted with the key of another account': [
    'encryption: 444455556666 [organisation]',
    { [KEY_ID]: 'arn:aws:kms:eu-central-1:444455556666:key/11111111-1111-1111-1111-111111111111' },
  ],
  'AWS wiring: a function sends to a queue of another account': [
    'access: 444455556666 [organisation]',
    { 'Mailer.Environment.Variables.QUEUE': 'https://sqs.eu-central-1.amazonaws.com/444455556666/jobs' },
  ],
  'AWS wiring: a function speaks to its cache in clear text': [
    'encryption: CACHE is no longer encrypted',
    { 'Mailer.Environment.Variables.CACHE': 'redis://cache.example.com:6379' },
  ],
});
const AWS_SAME = harmless(awsWith, ON_AWS, {
  'AWS wiring: the version of a secret is named': {
    'Mailer.Environment.Variables.MAIL': '{{resolve:secretsmanager:cases/mail:SecretString:key:AWSCURRENT}}',
  },
  'AWS wiring: a bucket is encrypted with another key of ours': { [KEY_ID]: { 'Fn::GetAtt': ['Other', 'Arn'] } },
  'AWS wiring: a function is of another version': { 'Mailer.Environment.Variables.SERVICE_VERSION': '1.2.4' },
  'AWS wiring: a table is named instead of referred to': { 'Mailer.Environment.Variables.TABLE': 'cases' },
  'AWS wiring: a function gets the ARN of its secret, and reads it itself': {
    'Mailer.Environment.Variables.MAIL': 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:cases/mail',
  },
  'AWS wiring: a function speaks to another host of the same organisation': {
    'Mailer.Environment.Variables.URL': 'https://post.example.com',
  },
});

export const WIRING_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...SETTINGS, ...SENT, ...LESS, ...TEMPLATED, ...AWS };
export const WIRING_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...SETTINGS_SAME,
  ...SENT_SAME,
  ...LESS_SAME,
  ...TEMPLATED_SAME,
  ...AWS_SAME,
};
