/** Every resource of Azure that can record does: a diagnostic setting sends what it has to a place where it is kept. */
import { recordsCategory, SETTING, settingsOf } from '../../facts/logging';
import type { Graph } from '../../graph';
import { fail, type Outcome, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type RuleSpec, rule } from '../../rule';

/** Stores by the category that tells who read and wrote; the group `audit` or `allLogs` holds it too. */
export const STORES: Readonly<Record<string, string>> = {
  'azure-native:cosmosdb:DatabaseAccount': 'DataPlaneRequests',
  'azure-native:search:Service': 'OperationLogs',
  'azure-native:redis:Redis': 'ConnectedClientList',
  'azure-native:redisenterprise:Database': 'ConnectionEvents',
  'azure-native:dbforpostgresql:Server': 'PostgreSQLLogs',
  'azure-native:dbforpostgresql:SingleServer': 'PostgreSQLLogs',
  'azure-native:dbformysql:Server': 'MySqlAuditLogs',
  'azure-native:dbformysql:SingleServer': 'MySqlAuditLogs',
  'azure-native:dbformariadb:Server': 'MySqlAuditLogs',
  'azure-native:kusto:Cluster': 'Query',
  'azure-native:synapse:Workspace': 'SQLSecurityAuditEvents',
  'azure-native:mongocluster:MongoCluster': 'vCoreMongoRequests',
  'azure-native:appconfiguration:ConfigurationStore': 'Audit',
};

/** Services of which the Microsoft cloud security benchmark, too, wants resource logs. */
const SERVICES = [
  'azure-native:servicebus:Namespace',
  'azure-native:eventhub:Namespace',
  'azure-native:iothub:IotHubResource',
  'azure-native:batch:BatchAccount',
  'azure-native:streamanalytics:StreamingJob',
  'azure-native:databricks:Workspace',
  'azure-native:datafactory:Factory',
  'azure-native:automation:AutomationAccount',
  'azure-native:recoveryservices:Vault',
  'azure-native:apimanagement:ApiManagementService',
  'azure-native:containerservice:ManagedCluster',
  'azure-native:containerregistry:Registry',
  'azure-native:network:ApplicationGateway',
  'azure-native:frontdoor:FrontDoor',
  'azure-native:cdn:Profile',
  'azure-native:web:WebApp',
  'azure-native:cognitiveservices:Account',
  'azure-native:machinelearningservices:Workspace',
];

/**
 * The rest of those that have records of their own, that is not judged by a rule of its own elsewhere. Source: Azure Monitor
 * documentation, "Supported resource log categories"; types of which it knows metrics only are left out.
 */
const OTHERS = [
  'azure-native:aad:DomainService',
  'azure-native:analysisservices:ServerDetails',
  'azure-native:app:ManagedEnvironment',
  'azure-native:appplatform:Service',
  'azure-native:attestation:AttestationProvider',
  'azure-native:avs:PrivateCloud',
  'azure-native:botservice:Bot',
  'azure-native:cdn:Endpoint',
  'azure-native:chaos:Experiment',
  'azure-native:codesigning:CodeSigningAccount',
  'azure-native:communication:CommunicationService',
  'azure-native:confidentialledger:ManagedCCF',
  'azure-native:containerinstance:ContainerGroup',
  'azure-native:containerservice:Fleet',
  'azure-native:cosmosdb:CassandraCluster',
  'azure-native:customproviders:CustomResourceProvider',
  'azure-native:dashboard:Grafana',
  'azure-native:datalakeanalytics:Account',
  'azure-native:datalakestore:Account',
  'azure-native:dataprotection:BackupVault',
  'azure-native:datashare:Account',
  'azure-native:dbforpostgresql:ServerGroupCluster',
  'azure-native:desktopvirtualization:ApplicationGroup',
  'azure-native:desktopvirtualization:HostPool',
  'azure-native:desktopvirtualization:ScalingPlan',
  'azure-native:desktopvirtualization:Workspace',
  'azure-native:devcenter:DevCenter',
  'azure-native:deviceprovisioningservices:IotDpsResource',
  'azure-native:devopsinfrastructure:Pool',
  'azure-native:digitaltwins:DigitalTwin',
  'azure-native:eventgrid:Domain',
  'azure-native:eventgrid:Namespace',
  'azure-native:eventgrid:PartnerNamespace',
  'azure-native:eventgrid:PartnerTopic',
  'azure-native:eventgrid:SystemTopic',
  'azure-native:eventgrid:Topic',
  'azure-native:hardwaresecuritymodules:CloudHsmCluster',
  'azure-native:healthcareapis:DicomService',
  'azure-native:healthcareapis:FhirService',
  'azure-native:healthcareapis:IotConnector',
  'azure-native:healthcareapis:Service',
  'azure-native:healthdataaiservices:DeidService',
  'azure-native:kubernetes:ConnectedCluster',
  'azure-native:loadtestservice:LoadTest',
  'azure-native:logic:IntegrationAccount',
  'azure-native:machinelearningservices:OnlineEndpoint',
  'azure-native:machinelearningservices:Registry',
  'azure-native:monitor:AzureMonitorWorkspace',
  'azure-native:monitor:DataCollectionRule',
  'azure-native:netapp:CapacityPool',
  'azure-native:netapp:CapacityPoolVolume',
  'azure-native:network:ExpressRouteCircuit',
  'azure-native:network:NetworkManager',
  'azure-native:network:NetworkSecurityPerimeter',
  'azure-native:network:PublicIPPrefix',
  'azure-native:networkfunction:AzureTrafficCollector',
  'azure-native:notificationhubs:Namespace',
  'azure-native:notificationhubs:NotificationHub',
  'azure-native:openenergyplatform:EnergyService',
  'azure-native:powerbidedicated:CapacityDetails',
  'azure-native:purview:Account',
  'azure-native:relay:Namespace',
  'azure-native:servicenetworking:TrafficControllerInterface',
  'azure-native:signalrservice:SignalR',
  'azure-native:signalrservice:SignalRReplica',
  'azure-native:sql:ManagedDatabase',
  'azure-native:sql:ManagedInstance',
  'azure-native:storagecache:AmlFilesystem',
  'azure-native:storagecache:Cache',
  'azure-native:storagemover:StorageMover',
  'azure-native:synapse:BigDataPool',
  'azure-native:synapse:KustoPool',
  'azure-native:synapse:SqlPool',
  'azure-native:trafficmanager:Profile',
  'azure-native:videoindexer:Account',
  'azure-native:web:AppServiceEnvironment',
  'azure-native:web:StaticSite',
  'azure-native:web:WebAppSlot',
  'azure-native:webpubsub:WebPubSub',
  'azure-native:webpubsub:WebPubSubReplica',
  'azure-native:workloads:SapVirtualInstance',
];

const isOn = (setting: Resource): Outcome =>
  some(setting.at('logs').items(), (line) => line.at('enabled').isTrue(), `${setting.logicalId} has no category switched on`);

const DESTINATIONS = ['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'marketplacePartnerId'];

/** Some setting records something and sends it somewhere. */
function recordsSomething(resource: Resource, graph: Graph): Outcome {
  const settings = settingsOf(resource, graph);
  if (settings.length > 0)
    return some(
      settings,
      (setting) =>
        DESTINATIONS.some((path) => setting.at(path).isSet().verdict === 'pass')
          ? isOn(setting)
          : fail(`${setting.logicalId} sends its records nowhere`),
      'its diagnostic settings record nothing',
    );
  return loose(graph)
    ? unknown('what a diagnostic setting whose resource only deployment names is for')
    : fail('no diagnostic setting records it');
}

/** A setting that could be for any resource. */
const loose = (graph: Graph): boolean =>
  graph.once('diagnostic settings of unknown resources', () =>
    graph.ofType(SETTING).some((one) => one.at('resourceUri').state === 'unknown' && one.at('resourceUri').targets.length === 0),
  );

function recordsAccess(store: Resource, graph: Graph): Outcome {
  const settings = settingsOf(store, graph);
  const category = STORES[store.type] as string;
  if (settings.length > 0)
    return some(settings, (setting) => recordsCategory(setting, category), `no diagnostic setting records ${category}`);
  return loose(graph)
    ? unknown('what a diagnostic setting whose resource only deployment names is for')
    : fail(`no diagnostic setting records ${category}`);
}

const set = (logs: unknown, more: object = {}, resourceUri: unknown = { $ref: 'it.id' }) => ({
  setting: { type: SETTING, properties: { resourceUri, logs, workspaceId: '/subscriptions/s/workspace', ...more } },
});
const of = (type: string, rest: object = {}): Example => ({ resources: { it: { type, properties: {} }, ...rest } });
const ALL = [{ categoryGroup: 'allLogs', enabled: true }];
const [FIRST_STORE = ''] = Object.keys(STORES);

const complete = (on: readonly string[], severity: RuleSpec['severity'], more: Partial<RuleSpec> = {}): RuleSpec =>
  rule({
    on,
    ...(severity ? { severity } : {}),
    check: recordsSomething,
    fix: "Add a DiagnosticSetting for it with the category group 'allLogs' and a workspace.",
    ...more,
    pass: on.map((type) => of(type, set(ALL))),
    fail: [
      ...on.map((type) => of(type)),
      of(on[0] as string, set([{ categoryGroup: 'allLogs', enabled: false }])),
      of(on[0] as string, set(ALL, { workspaceId: '' })),
    ],
    unknown: [
      of(on[0] as string, set([{ categoryGroup: 'allLogs', enabled: { $unknown: 'config value' } }])),
      of(on[0] as string, set(ALL, {}, { $unknown: 'a resource of another program' })),
    ],
  });

/** Who read and who altered what, in databases, caches and search. */
export const databaseAccess: RuleSpec = rule({
  on: Object.keys(STORES),
  severity: 'medium',
  check: recordsAccess,
  fix: "Add a DiagnosticSetting with the category group 'allLogs', or the category of requests (DataPlaneRequests, PostgreSQLLogs, OperationLogs, …), and a workspace.",
  pass: [
    ...Object.entries(STORES).map(([type, category]) => of(type, set([{ category, enabled: true }]))),
    of(FIRST_STORE, set([{ categoryGroup: 'audit', enabled: true }])),
  ],
  fail: [
    ...Object.keys(STORES).map((type) => of(type)),
    of(FIRST_STORE, set([{ category: 'QueryRuntimeStatistics', enabled: true }])),
    of(FIRST_STORE, set([{ category: 'DataPlaneRequests', enabled: false }])),
  ],
  unknown: [
    of(FIRST_STORE, set([{ category: 'DataPlaneRequests', enabled: { $unknown: 'config value' } }])),
    of(FIRST_STORE, set(ALL, {}, { $unknown: 'a resource of another program' })),
  ],
});

export const serviceLogs: readonly RuleSpec[] = [
  complete(SERVICES, 'medium', { from: 'moderate' }),
  complete(OTHERS, 'low', { from: 'moderate' }),
];
