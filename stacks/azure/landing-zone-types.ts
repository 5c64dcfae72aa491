import type { LandingZoneArgs } from './landing-zone-settings';

const of = (namespace: string, ...types: readonly string[]): readonly string[] => types.map((type) => `Microsoft.${namespace}/${type}`);

/** What the stacks make, or what systems are made of that these components harden. Everything else is refused (LOC-08). */
const TYPES = [
  // Application Insights makes the second of them by itself.
  ...of('AlertsManagement', 'actionRules', 'smartDetectorAlertRules'),
  ...of('ApiManagement', 'service'),
  ...of('App', 'containerApps', 'jobs', 'managedEnvironments'),
  ...of('Authorization', 'locks', 'policyAssignments', 'policyDefinitions', 'policySetDefinitions', 'roleAssignments', 'roleDefinitions'),
  ...of('Automation', 'automationAccounts'),
  ...of('Cache', 'redis', 'redisEnterprise'),
  ...of('Cdn', 'profiles', 'profiles/afdEndpoints'),
  ...of(
    'Compute',
    'availabilitySets',
    'diskEncryptionSets',
    'disks',
    'images',
    'snapshots',
    'virtualMachines',
    'virtualMachines/extensions',
  ),
  ...of('Compute', 'virtualMachineScaleSets', 'galleries', 'galleries/images', 'galleries/images/versions'),
  ...of('ContainerRegistry', 'registries'),
  ...of('ContainerService', 'managedClusters'),
  ...of('DBforMySQL', 'flexibleServers'),
  ...of('DBforPostgreSQL', 'flexibleServers'),
  ...of('DataProtection', 'backupVaults', 'resourceGuards'),
  ...of('DocumentDB', 'databaseAccounts'),
  ...of('EventGrid', 'domains', 'systemTopics', 'topics'),
  ...of('EventHub', 'namespaces'),
  ...of('Insights', 'actionGroups', 'activityLogAlerts', 'components', 'dataCollectionEndpoints', 'dataCollectionRules', 'metricAlerts'),
  ...of('Insights', 'privateLinkScopes', 'scheduledQueryRules', 'diagnosticSettings'),
  ...of('KeyVault', 'managedHSMs', 'vaults'),
  ...of('Logic', 'workflows'),
  ...of('Maintenance', 'maintenanceConfigurations'),
  ...of('ManagedIdentity', 'userAssignedIdentities'),
  ...of('Network', 'applicationGateways', 'applicationGatewayWebApplicationFirewallPolicies', 'azureFirewalls', 'bastionHosts'),
  ...of('Network', 'ddosProtectionPlans', 'dnsResolverDomainLists', 'dnsResolverPolicies', 'dnsResolverPolicies/dnsSecurityRules'),
  ...of('Network', 'dnsResolverPolicies/virtualNetworkLinks', 'firewallPolicies', 'frontDoorWebApplicationFirewallPolicies', 'ipGroups'),
  ...of('Network', 'loadBalancers', 'networkInterfaces', 'networkSecurityGroups', 'networkWatchers', 'networkWatchers/flowLogs'),
  ...of(
    'Network',
    'privateDnsZones',
    'privateDnsZones/virtualNetworkLinks',
    'privateEndpoints',
    'privateLinkServices',
    'publicIPAddresses',
  ),
  ...of(
    'Network',
    'routeTables',
    'virtualNetworkGateways',
    'virtualNetworks',
    'expressRouteCircuits',
    'connections',
    'localNetworkGateways',
  ),
  ...of('OperationalInsights', 'clusters', 'queryPacks', 'workspaces'),
  ...of('OperationsManagement', 'solutions'),
  ...of('RecoveryServices', 'vaults'),
  ...of('Resources', 'deployments'),
  ...of('Search', 'searchServices'),
  ...of('Security', 'automations', 'pricings', 'securityContacts'),
  ...of('SecurityInsights', 'alertRules', 'automationRules', 'dataConnectors'),
  ...of('ServiceBus', 'namespaces'),
  ...of('Sql', 'servers', 'servers/databases', 'servers/elasticPools'),
  ...of('Storage', 'storageAccounts'),
  ...of('Web', 'connections', 'serverfarms', 'sites', 'sites/slots', 'staticSites'),
];

/** By which something is reached from the internet. A gateway without a public address is reached by the organisation only. */
export const ENTRIES = [
  ...of('Cdn', 'profiles'),
  ...of('Network', 'frontDoors', 'publicIPAddresses', 'publicIPPrefixes'),
  ...of('Web', 'staticSites'),
];

/** By which a network leaves, or joins others past the hub. */
export const WAYS_OUT = of(
  'Network',
  ...['ddosProtectionPlans', 'expressRouteCircuits', 'expressRouteGateways', 'natGateways', 'p2sVpnGateways', 'virtualHubs'],
  ...['virtualNetworkGateways', 'virtualWans', 'vpnGateways', 'vpnSites'],
);

/** A list that allows nothing that lasts; the service takes no empty one. */
export const NOTHING = of('Resources', 'deployments');

/** Types that may be made anywhere below the landing zone. */
export const typesOf = ({ furtherTypes = [] }: Pick<LandingZoneArgs, 'furtherTypes'>): readonly string[] => [
  ...new Set([...TYPES, ...furtherTypes]),
];
