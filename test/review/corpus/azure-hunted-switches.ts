/** Pairs on switches of services of Azure: who may call them, where data may go, what is filtered, hidden and recorded, what is kept. */
import { azure, OURS as CASES } from './azure-wiring';
import { GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const OURS = '11111111-1111-4111-8111-111111111111';
const OTHER = '99999999-9999-4999-8999-999999999999';
const xml = (base: string) =>
  `<policies><inbound>${base}</inbound><backend>${base}</backend><outbound>${base}</outbound><on-error>${base}</on-error></policies>`;

const DATA: Readonly<Record<string, object>> = {
  vault: azure('keyvault:Vault', { vaultName: 'casevault', properties: { tenantId: OURS } }),
  key: azure('keyvault:Key', {
    vaultName: 'casevault',
    keyName: 'cases',
    properties: { kty: 'RSA-HSM', attributes: { enabled: true }, keyOps: ['wrapKey'] },
  }),
  records: azure('storage:StorageAccount', {
    accountName: 'caserecords',
    sasPolicy: { expirationAction: 'Block', sasExpirationPeriod: '0.01:00:00' },
    isLocalUserEnabled: false,
    enableNfsV3: false,
    defaultToOAuthAuthentication: true,
  }),
  files: azure('storage:FileServiceProperties', {
    accountName: 'caserecords',
    fileServicesName: 'default',
    protocolSettings: { smb: { authenticationMethods: 'Kerberos;', kerberosTicketEncryption: 'AES-256;' } },
  }),
  share: azure('storage:FileShare', { accountName: 'caserecords', shareName: 'scans', enabledProtocols: 'NFS', rootSquash: 'RootSquash' }),
  workflow: azure('logic:Workflow', {
    workflowName: 'caseintake',
    accessControl: {
      triggers: {
        sasAuthenticationPolicy: { state: 'Disabled' },
        openAuthenticationPolicies: {
          policies: { staff: { type: 'AAD', claims: [{ name: 'iss', value: 'https://sts.windows.net/x/' }] } },
        },
      },
    },
    definition: {
      triggers: { manual: { type: 'Request' } },
      actions: {
        Get_secret: { type: 'Http', runtimeConfiguration: { secureData: { properties: ['inputs', 'outputs'] } } },
        Each: {
          type: 'Scope',
          actions: { Read_case: { type: 'Http', runtimeConfiguration: { secureData: { properties: ['outputs'] } } } },
        },
      },
    },
  }),
  explorer: azure('kusto:Cluster', { clusterName: 'caseexplorer', trustedExternalTenants: [], enablePurge: false }),
  telemetry: azure('kusto:ReadWriteDatabase', {
    clusterName: 'caseexplorer',
    databaseName: 'telemetry',
    kind: 'ReadWrite',
    softDeletePeriod: 'P365D',
  }),
  analysis: azure('synapse:Workspace', {
    workspaceName: 'caseanalysis',
    managedVirtualNetworkSettings: {
      preventDataExfiltration: true,
      allowedAadTenantIdsForLinking: [],
      linkedAccessCheckOnTargetResource: true,
    },
  }),
  factory: {
    type: 'Microsoft.DataFactory/factories/managedVirtualNetworks',
    inputs: { name: 'casefactory/default', preventDataExfiltration: true },
  },
  models: azure('machinelearningservices:Workspace', {
    workspaceName: 'casemodels',
    managedNetwork: { isolationMode: 'AllowOnlyApprovedOutbound' },
    hbiWorkspace: true,
    allowPublicAccessWhenBehindVnet: false,
    systemDatastoresAuthMode: 'identity',
  }),
  server: azure('sql:Server', { serverName: 'casesql', administrators: { azureADOnlyAuthentication: true, tenantId: OURS } }),
  database: azure('sql:Database', { serverName: 'casesql', databaseName: 'cases' }),
  masking: azure('sql:DataMaskingPolicy', {
    serverName: 'casesql',
    databaseName: 'cases',
    dataMaskingPolicyName: 'Default',
    dataMaskingState: 'Enabled',
    exemptPrincipals: 'supervisors',
  }),
  longTerm: azure('sql:LongTermRetentionPolicy', {
    serverName: 'casesql',
    databaseName: 'cases',
    policyName: 'default',
    yearlyRetention: 'P7Y',
    monthlyRetention: 'P12M',
    weeklyRetention: 'P52W',
    weekOfYear: 1,
  }),
  search: azure('search:Service', { searchServiceName: 'casesearch', dataExfiltrationProtections: ['BlockAll'] }),
  assistant: azure('cognitiveservices:Account', {
    accountName: 'caseanswers',
    properties: { networkAcls: { defaultAction: 'Deny' }, publicNetworkAccess: 'Enabled' },
  }),
  model: azure('cognitiveservices:Deployment', {
    accountName: 'caseanswers',
    deploymentName: 'answers',
    sku: { name: 'Standard', capacity: 30 },
    properties: { raiPolicyName: 'strict' },
  }),
  filters: azure('cognitiveservices:RaiPolicy', {
    accountName: 'caseanswers',
    raiPolicyName: 'strict',
    properties: {
      mode: 'Blocking',
      contentFilters: [
        { name: 'Jailbreak', blocking: true, enabled: true, source: 'Prompt' },
        { name: 'Hate', severityThreshold: 'Low', blocking: true, enabled: true, source: 'Completion' },
      ],
      customBlocklists: [{ blocklistName: 'names', blocking: true, source: 'Completion' }],
    },
  }),
  disks: azure('compute:DiskEncryptionSet', {
    diskEncryptionSetName: 'casedisks',
    activeKey: { keyUrl: 'https://casevault.vault.azure.net/keys/disks/0123456789abcdef' },
  }),
  cosmos: azure('cosmosdb:DatabaseAccount', {
    accountName: 'casecosmos',
    isVirtualNetworkFilterEnabled: true,
    publicNetworkAccess: 'Enabled',
    virtualNetworkRules: [{ id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/a' }],
  }),
  bus: azure('servicebus:NamespaceNetworkRuleSet', { namespaceName: 'casebus', networkRuleSetName: 'default', defaultAction: 'Deny' }),
  hub: azure('eventhub:NamespaceNetworkRuleSet', { namespaceName: 'casehub', networkRuleSetName: 'default', defaultAction: 'Deny' }),
  registry: azure('containerregistry:Registry', {
    registryName: 'caseimages',
    networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
    publicNetworkAccess: 'Enabled',
  }),
  collects: azure('monitor:DataCollectionEndpoint', {
    dataCollectionEndpointName: 'casecollects',
    networkAcls: { publicNetworkAccess: 'Disabled' },
  }),
  settings: azure('appconfiguration:ConfigurationStore', {
    configStoreName: 'casesettings',
    dataPlaneProxy: { authenticationMode: 'Pass-through' },
  }),
};

const APPS: Readonly<Record<string, object>> = {
  cluster: azure('containerservice:ManagedCluster', {
    resourceName: 'casecluster',
    agentPoolProfiles: [{ name: 'system', securityProfile: { sshAccess: 'Disabled', enableSecureBoot: true, enableVTPM: true } }],
  }),
  pool: azure('containerservice:AgentPool', {
    resourceName: 'casecluster',
    agentPoolName: 'work',
    securityProfile: { sshAccess: 'Disabled', enableSecureBoot: true },
  }),
  site: azure('web:WebApp', {
    name: 'caseweb',
    publicNetworkAccess: 'Disabled',
    outboundVnetRouting: { applicationTraffic: true, imagePullTraffic: true, backupRestoreTraffic: true, contentShareTraffic: true },
  }),
  pages: azure('web:StaticSite', { name: 'casepages', stagingEnvironmentPolicy: 'Disabled' }),
  signIn: azure('web:WebAppAuthSettingsV2', {
    name: 'caseweb',
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: 'RedirectToLoginPage' },
  }),
  service: azure('apimanagement:ApiManagementService', {
    serviceName: 'caseapis',
    configurationApi: { legacyApi: 'Disabled' },
    legacyPortalStatus: 'Disabled',
    developerPortalStatus: 'Disabled',
  }),
  administration: { type: 'Microsoft.ApiManagement/service/tenant', inputs: { name: 'caseapis/access', enabled: false } },
  api: azure(
    'apimanagement:Api',
    { serviceName: 'caseapis', apiId: 'cases', path: 'cases', protocols: ['https'] },
    { id: `${CASES}/Microsoft.ApiManagement/service/caseapis/apis/cases` },
  ),
  whole: azure('apimanagement:Policy', {
    serviceName: 'caseapis',
    policyId: 'policy',
    value: xml('<validate-jwt header-name="Authorization" />'),
  }),
  policy: azure('apimanagement:ApiPolicy', { serviceName: 'caseapis', apiId: 'cases', policyId: 'policy', value: xml('<base />') }),
  schema: azure('apimanagement:ApiSchema', {
    serviceName: 'caseapis',
    apiId: 'cases',
    schemaId: 'answers',
    contentType: 'application/vnd.oai.openapi.components+json',
    components: {
      schemas: {
        Case: { type: 'object', additionalProperties: false, properties: { id: { type: 'string' }, state: { type: 'string' } } },
        Loose: { type: 'object', additionalProperties: true, properties: { note: { type: 'string' } } },
      },
    },
  }),
};
const diagnostic = (type: string, more: object) =>
  azure(`apimanagement:${type}`, {
    serviceName: 'caseapis',
    diagnosticId: 'applicationinsights',
    loggerId: 'logs',
    sampling: { percentage: 100 },
    ...more,
  });
const only = (azureADOnlyAuthentication: boolean) =>
  azure('sql:ServerAzureADOnlyAuthentication', { serverName: 'casesql', authenticationName: 'Default', azureADOnlyAuthentication });

export const HUNTED_SWITCH_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(pulumiWith, DATA, {
    'a workflow takes addresses with signatures again': [
      'access: workflow',
      { 'workflow.accessControl.triggers.sasAuthenticationPolicy.state': 'Enabled' },
    ],
    'a workflow that refuses signatures asks for no token any more': [
      'access: workflow',
      { 'workflow.accessControl.triggers.openAuthenticationPolicies': GONE },
    ],
    'runs of a workflow show a secret': ['access: Get secret', { 'workflow.definition.actions.Get_secret.runtimeConfiguration': GONE }],
    'runs of a workflow show what a step within a step answers': [
      'access: Read case',
      { 'workflow.definition.actions.Each.actions.Read_case.runtimeConfiguration.secureData.properties': [] },
    ],
    'Data Explorer trusts every tenant': ['access: every tenant [tenant]', { 'explorer.trustedExternalTenants': [{ value: '*' }] }],
    'Data Explorer trusts another tenant': [`access: ${OTHER} [tenant]`, { 'explorer.trustedExternalTenants': [{ value: OTHER }] }],
    'Data Explorer lets records be purged': ['data: purged', { 'explorer.enablePurge': true }],
    'Data Explorer keeps records for a week': ['data: 7 days', { 'telemetry.softDeletePeriod': 'P7D' }],
    'Synapse may send data to another tenant': [
      `exposure: ${OTHER} [tenant]`,
      { 'analysis.managedVirtualNetworkSettings.allowedAadTenantIdsForLinking': [OTHER] },
    ],
    'Synapse no longer checks links': [
      'access: links a resource',
      { 'analysis.managedVirtualNetworkSettings.linkedAccessCheckOnTargetResource': false },
    ],
    'the network of a factory lets data out': ['exposure: data can be carried', { 'factory.preventDataExfiltration': false }],
    'machine learning sends data anywhere': ['exposure: models', { 'models.managedNetwork.isolationMode': 'AllowInternetOutbound' }],
    'machine learning is isolated no longer': ['exposure: models', { 'models.managedNetwork': GONE }],
    'machine learning is not handled as sensitive': ['data: sensitive', { 'models.hbiWorkspace': false }],
    'machine learning is reached past its network': ['exposure: models', { 'models.allowPublicAccessWhenBehindVnet': true }],
    'machine learning opens stores with keys': ['access: keys', { 'models.systemDatastoresAuthMode': 'accessKey' }],
    'shares take NTLM besides Kerberos': ['encryption: NTLM', { 'files.protocolSettings.smb.authenticationMethods': 'NTLMv2;Kerberos;' }],
    'shares take tickets of RC4': ['encryption: RC4', { 'files.protocolSettings.smb.kerberosTicketEncryption': 'RC4-HMAC;AES-256;' }],
    'administrators of clients may do everything in a share': ['access: administrator of a client', { 'share.rootSquash': 'NoRootSquash' }],
    'signatures that last too long are recorded only': ['access: recorded', { 'records.sasPolicy.expirationAction': 'Log' }],
    'a storage account has users of its own': ['access: users of its own', { 'records.isLocalUserEnabled': true }],
    'a storage account answers by NFS': ['exposure: NFS', { 'records.enableNfsV3': true }],
    'the portal opens a storage account with its key': ['access: portal', { 'records.defaultToOAuthAuthentication': false }],
    'support sees masked values': ['access: support', { 'masking.exemptPrincipals': 'supervisors;support' }],
    'the administrator of a server is of another tenant': [`access: ${OTHER} [tenant]`, { 'server.administrators.tenantId': OTHER }],
    'a resource of its own lets passwords in that the server refuses': ['access: password', { only: only(false) }],
    'search lets out what it indexes': ['exposure: indexes', { 'search.dataExfiltrationProtections': [] }],
    'a model is asked anywhere in the world': ['data: anywhere in the world [residency]', { 'model.sku.name': 'GlobalStandard' }],
    'a model is asked in batches anywhere in the world': ['data: anywhere in the world [residency]', { 'model.sku.name': 'GlobalBatch' }],
    'a model is asked in other regions': ['data: in its region only [residency]', { 'model.sku.name': 'DataZoneStandard' }],
    'a model loses filters of its own': ['controls: Microsoft.Default', { 'model.properties.raiPolicyName': 'Microsoft.Default' }],
    'a model gets other filters': ['controls: mild', { 'model.properties.raiPolicyName': 'mild' }],
    'a filter is turned off': ['controls: Jailbreak', { 'filters.properties.contentFilters.0.enabled': false }],
    'a filter only takes notes': ['controls: Jailbreak', { 'filters.properties.contentFilters.0.blocking': false }],
    'a filter lets more through': ['controls: Hate', { 'filters.properties.contentFilters.1.severityThreshold': 'High' }],
    'a filter goes away': ['controls: Jailbreak', { 'filters.properties.contentFilters.0': GONE }],
    'answers are filtered after they are shown': [
      'controls: before they are filtered',
      { 'filters.properties.mode': 'Asynchronous_filter' },
    ],
    'a list of words goes away': ['controls: names', { 'filters.properties.customBlocklists': [] }],
    'disks take a key of another tenant': [
      'encryption: disks [tenant]',
      { 'disks.federatedClientId': OTHER, 'disks.activeKey.keyUrl': 'https://othervault.vault.azure.net/keys/x/0123456789abcdef' },
    ],
    'a queue lets in networks that are not listed': ['exposure: bus', { 'bus.defaultAction': 'Allow' }],
    'an event hub lets in networks that are not listed': ['exposure: hub', { 'hub.defaultAction': 'Allow' }],
    'a registry lets in networks that are not listed': ['exposure: registry', { 'registry.networkRuleSet.defaultAction': 'Allow' }],
    'a model lets in networks that are not listed': ['exposure: assistant', { 'assistant.properties.networkAcls.defaultAction': 'Allow' }],
    'a database lets in networks that are not listed': ['exposure: cosmos', { 'cosmos.isVirtualNetworkFilterEnabled': false }],
    'public networks send records': ['exposure: collects', { 'collects.networkAcls.publicNetworkAccess': 'Enabled' }],
    'deployments read settings with keys': ['access: settings', { 'settings.dataPlaneProxy.authenticationMode': 'Local' }],
    'a key is turned off': ['data: nobody can read', { 'key.properties.attributes.enabled': false }],
    'a key can be taken out': ['encryption: taken out', { 'key.properties.attributes.exportable': true }],
    'backups of years are kept for 83 months': ['data: yearly', { 'longTerm.yearlyRetention': 'P83M' }],
  }),
  ...weakenings(pulumiWith, APPS, {
    'nodes are reached by SSH': ['access: SSH', { 'cluster.agentPoolProfiles.0.securityProfile.sshAccess': 'LocalUser' }],
    'nodes of a pool are reached by SSH': ['access: SSH', { 'pool.securityProfile.sshAccess': GONE }],
    'nodes start what nobody signed': ['controls: signed code', { 'cluster.agentPoolProfiles.0.securityProfile.enableSecureBoot': false }],
    'what code sends goes out past the network': ['exposure: site', { 'site.outboundVnetRouting.applicationTraffic': false }],
    'images come past the network': ['exposure: images', { 'site.outboundVnetRouting.imagePullTraffic': false }],
    'backups go past the network': ['exposure: backed up', { 'site.outboundVnetRouting.backupRestoreTraffic': false }],
    'a site answers the internet': ['exposure: site', { 'site.publicNetworkAccess': 'Enabled' }],
    'a static site shows trial versions': ['exposure: trial versions', { 'pages.stagingEnvironmentPolicy': 'Enabled' }],
    'callers of a site need not sign in': ['access: sign in', { 'signIn.globalValidation.requireAuthentication': false }],
    'the old API of a gateway works again': ['access: old API', { 'service.configurationApi.legacyApi': 'Enabled' }],
    'the old portal of a gateway answers': ['exposure: portal', { 'service.legacyPortalStatus': 'Enabled' }],
    'the portal of a gateway answers': ['exposure: portal', { 'service.developerPortalStatus': 'Enabled' }],
    'keys administer a gateway': ['access: administers', { 'administration.enabled': true }],
    'records of calls hold bodies and who proves himself': [
      'logging: authorization',
      {
        diagnostic: diagnostic('ApiDiagnostic', {
          apiId: 'cases',
          frontend: { request: { body: { bytes: 8192 }, headers: ['Authorization'] } },
        }),
      },
    ],
    'records of all calls hold what services answer': [
      'logging: services answer',
      { diagnostic: diagnostic('Diagnostic', { backend: { response: { body: { bytes: 1024 } } } }) },
    ],
    'answers may hold any field': ['data: Case', { 'schema.components.schemas.Case.additionalProperties': true }],
    'answers hold one more field': ['data: salary of Case', { 'schema.components.schemas.Case.properties.salary': { type: 'string' } }],
    'the policy of a whole gateway goes away': ['exposure: no longer a token', { whole: GONE }],
    'the policy of an API goes away, and with it what it demanded': [
      'exposure: no longer a token',
      { policy: azure('apimanagement:ApiPolicy', { serviceName: 'caseapis', apiId: 'cases', policyId: 'policy', value: xml('') }) },
    ],
  }),
};

export const HUNTED_SWITCH_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(pulumiWith, DATA, {
    'a workflow gets a step that hides nothing': { 'workflow.definition.actions.Tell': { type: 'Http' } },
    'a step of a workflow goes away': { 'workflow.definition.actions.Get_secret': GONE },
    'a workflow hides more': {
      'workflow.definition.actions.Each.actions.Read_case.runtimeConfiguration.secureData.properties': ['outputs', 'inputs'],
    },
    'Data Explorer trusts nobody by saying nothing': { 'explorer.trustedExternalTenants': GONE },
    'Data Explorer keeps records in other words': { 'telemetry.softDeletePeriod': '365.00:00:00' },
    'purges are refused by saying nothing': { 'explorer.enablePurge': GONE },
    'machine learning is isolated by the same word': { 'models.managedNetwork.isolationMode': 'allowonlyapprovedoutbound' },
    'methods of shares without a semicolon': { 'files.protocolSettings.smb.authenticationMethods': 'Kerberos' },
    'who sees masked values is written with blanks': { 'masking.exemptPrincipals': ' Supervisors ; ' },
    'the server says again what a resource of its own says': { only: only(true) },
    'a model has more capacity': { 'model.sku.capacity': 60 },
    'filters in another order': {
      'filters.properties.contentFilters': [
        { name: 'Hate', severityThreshold: 'Low', blocking: true, enabled: true, source: 'Completion' },
        { name: 'Jailbreak', blocking: true, enabled: true, source: 'Prompt' },
      ],
    },
    'one filter more': {
      'filters.properties.contentFilters.2': { name: 'Indirect Attack', blocking: true, enabled: true, source: 'Prompt' },
    },
    'filters wait by saying nothing': { 'filters.properties.mode': 'Default' },
    'a disk takes a key of its own tenant': { 'disks.federatedClientId': 'None' },
    'yearly backups in months': { 'longTerm.yearlyRetention': 'P84M' },
    'monthly backups in a year': { 'longTerm.monthlyRetention': 'P1Y' },
    'weekly backups in a year': { 'longTerm.weeklyRetention': 'P12M' },
    'a key is on by saying nothing': { 'key.properties.attributes': GONE },
    'the portal opens a storage account as whoever signs in': { 'records.sasPolicy.sasExpirationPeriod': '0.00:30:00' },
    'search refuses in the older word too': { 'search.disabledDataExfiltrationOptions': ['All'] },
  }),
  ...harmless(pulumiWith, APPS, {
    'one more node': { 'pool.count': 5 },
    'the base of a policy in two tags': { 'policy.value': xml('<base></base>') },
    'the base of a policy with a blank': { 'policy.value': xml('<base > </base >') },
    'records of calls hold no bodies': {
      diagnostic: diagnostic('ApiDiagnostic', { apiId: 'cases', frontend: { request: { body: { bytes: 0 }, headers: ['traceparent'] } } }),
    },
    'a type that holds anything holds one field more': { 'schema.components.schemas.Loose.properties.more': { type: 'string' } },
    'a field of an answer goes away': { 'schema.components.schemas.Case.properties.state': GONE },
    'a type is closed': { 'schema.components.schemas.Loose.additionalProperties': false },
    'all traffic of a site goes by its network': { 'site.outboundVnetRouting.allTraffic': true },
    'keys do not administer a gateway by saying nothing': { 'administration.enabled': GONE },
  }),
};
