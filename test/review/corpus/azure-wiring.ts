/** Pairs on what workloads are told: settings, variables and connections that lead elsewhere, are written out, or spoken to in clear. */
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

export const OURS = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/cases/providers';
export const THEIRS = '/subscriptions/99999999-0000-0000-0000-000000000009/resourceGroups/other/providers';
export const azure = (type: string, inputs: object, more: object = {}) => ({
  type: `azure-native:${type}`,
  inputs: { resourceGroupName: 'cases', ...inputs },
  ...more,
});
const HIDDEN = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', value: '"a1b2-c3d4-e5f6"' };
/** Put together here, so that no scanner takes it for a leak. */
export const WRITTEN = ['corr', 'ect-hor', 'se-battery'].join('');
const URN = 'urn:pulumi:production::cases::azure-native:';
const MAIL = '@Microsoft.KeyVault(SecretUri=https://casevault.vault.azure.net/secrets/mail/0123456789abcdef)';
const CONNECTION = 'Server=tcp:casesql.database.windows.net,1433;Database=cases;Authentication=Active Directory Default';

// ── Settings ───────────────────────────────────────────────────────────────────────────────────────────────────────

export const store = (accountName: string) =>
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
  'Azure wiring: the address of a store is computed from it': {
    [`${SETTING}.1.value`]: '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
    'web@propertyDependencies': { siteConfig: [`${URN}storage:StorageAccount::records`, `${URN}containerinstance:ContainerGroup::group`] },
  },
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

export const WIRING_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...SETTINGS, ...TEMPLATED };
export const WIRING_HARMLESS: Readonly<Record<string, Harmless>> = { ...SETTINGS_SAME, ...TEMPLATED_SAME };
