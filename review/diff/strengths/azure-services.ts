/**
 * Switches of services of Azure that hold or move data: who may call them, where their data may go, what they keep. Paths and defaults
 * as the references of the services state them.
 */
import type { Resource } from '../../../policies/resource';
import { durationOf, kept } from './azure-readings';
import { type Measure, measured, off, on, type Row, row, type Strength, scale } from './parts';

const STORAGE = /^azure-native:storage:StorageAccount$/;
const WORKFLOW = /^azure-native:logic:Workflow$/;
const MODELS = /^azure-native:machinelearningservices:Workspace$/;
const API_SERVICE = /^azure-native:apimanagement:ApiManagementService$/;
const SITE = /^azure-native:web:WebApp(Slot)?$/;
const STATIC_SITE = /^azure-native:web:StaticSite$/;
const CONFIGURATION = /^azure-native:appconfiguration:ConfigurationStore$/;
const KEY = /^azure-native:keyvault:Key$/;
const POOL = /^azure-native:containerservice:AgentPool$/;
const CLUSTER = /^azure-native:containerservice:ManagedCluster$/;

// ── Readings ───────────────────────────────────────────────────────────────────────────────────────────────────────

const SIGNED: Measure = { rank: 0, words: 'tokens of the directory or an address with a signature' };
const TOKENS: Measure = { rank: 1, words: 'tokens of the directory' };

/** What somebody needs to start a workflow: an address with a signature works until it is refused. */
function startedBy(workflow: Resource): Measure | undefined {
  const triggers = workflow.at('accessControl.triggers');
  const signatures = triggers.at('sasAuthenticationPolicy.state').orDefault('Enabled');
  if (signatures.missing !== undefined) return { missing: signatures.missing };
  if (!/^disabled$/i.test(signatures.string ?? '')) return SIGNED;
  const policies = triggers.at('openAuthenticationPolicies.policies');
  // Neither the one nor the other is asked for: the service does not say whom it lets in then.
  return policies.entries().length > 0 ? TOKENS : { missing: policies.missing ?? 'Azure, where no policy for tokens is left,' };
}

/** People on the nodes of a cluster: as many ways as its most open pool leaves. */
function reachable(cluster: Resource): number | undefined {
  const pools = cluster.at('agentPoolProfiles').items();
  const values = pools.map((pool) => pool.at('securityProfile.sshAccess').orDefault('LocalUser').string);
  return values.length === 0 || values.includes(undefined) ? undefined : Number(values.every((value) => value === 'Disabled'));
}

const refused = (words: string, severity: Strength['severity'] = 'medium'): Row => ({
  ...off('false'),
  turns: [`${words} now`, `it is no longer so that ${words}`],
  ...(severity ? { severity } : {}),
});
const SSH = ['people reach its nodes by SSH with a key now', 'nobody reaches its nodes by SSH any more'] as const;
const routed = (what: string, severity: Strength['severity']): Row => ({
  ...on('false'),
  turns: [`${what} goes out past its network now`, `${what} goes out by its network`],
  ...(severity ? { severity } : {}),
});

// ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const AZURE_SERVICES: readonly Strength[] = [
  // Who may call
  row(WORKFLOW, 'accessControl.triggers', 'what somebody needs to start it', 'access', { ...measured(startedBy), severity: 'high' }),
  row(CONFIGURATION, 'dataPlaneProxy.authenticationMode', 'who it is for whom deployments read and write it', 'access', {
    order: { scale: ['Local', 'Pass-through'], absent: 'Local' },
    turns: [
      'deployments read and write it with its own keys now, whoever deploys',
      'deployments read and write it only as far as whoever deploys may',
    ],
  }),
  row(API_SERVICE, 'configurationApi.legacyApi', 'the old way to configure it', 'access', {
    ...scale('Enabled', 'Enabled', 'Disabled'),
    turns: ['its old API for configuration works again', 'its old API for configuration no longer works'],
  }),
  row(API_SERVICE, 'legacyPortalStatus', 'the old portal', 'exposure', {
    ...scale('Disabled', 'Enabled', 'Disabled'),
    turns: ['its old portal for developers answers now', 'its old portal for developers no longer answers'],
  }),
  row(API_SERVICE, 'developerPortalStatus', 'the portal', 'exposure', {
    ...scale('Enabled', 'Enabled', 'Disabled'),
    turns: ['its portal for developers answers now', 'its portal for developers no longer answers'],
  }),
  row(
    /^(azure-native:apimanagement:TenantAccess|Microsoft\.ApiManagement\/service\/tenant)$/i,
    'enabled',
    'keys that administer it',
    'access',
    {
      ...off('false'),
      turns: ['whoever holds its keys administers the whole service now', 'keys no longer administer the service'],
      severity: 'high',
    },
  ),
  row(POOL, 'securityProfile.sshAccess', 'the way to its nodes', 'access', { ...scale('LocalUser', 'LocalUser', 'Disabled'), turns: SSH }),
  row(CLUSTER, 'agentPoolProfiles[].securityProfile.sshAccess', 'the way to its nodes', 'access', {
    order: { more: 'stronger' },
    read: reachable,
    turns: SSH,
  }),
  row(STORAGE, 'isLocalUserEnabled', 'local users', 'access', {
    order: { scale: ['true', 'false'] },
    turns: [
      'users of its own, with passwords or keys, can sign in past the directory now',
      'users of its own can no longer sign in past the directory',
    ],
    severity: 'high',
  }),
  row(STORAGE, 'defaultToOAuthAuthentication', 'how the portal signs in', 'access', {
    ...on('false'),
    turns: [
      'the portal opens it with its key unless somebody chooses otherwise',
      'the portal opens it with the rights of whoever signs in, unless somebody chooses otherwise',
    ],
    severity: 'low',
  }),
  row(STORAGE, 'sasPolicy.expirationAction', 'signatures that last too long', 'access', {
    order: { scale: ['Log', 'Block'] },
    turns: ['signatures that last longer than allowed are only recorded, no longer refused', 'signatures that last too long are refused'],
  }),
  row(
    STORAGE,
    'enableNfsV3',
    'NFS',
    'exposure',
    refused('its files can be read and written by NFS, which asks nobody who they are', 'high'),
  ),
  row(/^azure-native:web:WebAppAuthSettingsV2(Slot)?$/, 'globalValidation.requireAuthentication', 'the demand to sign in', 'access', {
    order: { scale: ['false', 'true'] },
    turns: ['callers need not sign in for every request any more', 'callers have to sign in for every request'],
    severity: 'high',
  }),
  // Where data may go
  row(
    /^(azure-native:datafactory:ManagedVirtualNetwork|Microsoft\.DataFactory\/factories\/managedVirtualNetworks)$/i,
    'preventDataExfiltration',
    'the refusal to let data out',
    'exposure',
    {
      ...on('false'),
      severity: 'high',
      turns: ['data can be carried to places that nobody approved now', 'data can be carried to approved places only'],
    },
  ),
  row(/^azure-native:synapse:Workspace$/, 'managedVirtualNetworkSettings.linkedAccessCheckOnTargetResource', 'checks of links', 'access', {
    ...on('false'),
    turns: [
      'it is no longer checked whether whoever links a resource may use it',
      'it is checked whether whoever links a resource may use it',
    ],
  }),
  row(MODELS, 'managedNetwork.isolationMode', 'where it may send data', 'exposure', {
    order: { scale: ['Disabled', 'AllowInternetOutbound', 'AllowOnlyApprovedOutbound'], absent: 'Disabled' },
    turns: ['it may send data to more places than those that somebody approved', 'it may send data to fewer places'],
    severity: 'high',
  }),
  row(MODELS, 'allowPublicAccessWhenBehindVnet', 'the internet', 'exposure', refused('the internet reaches it past its network', 'high')),
  row(MODELS, 'hbiWorkspace', 'its handling as sensitive', 'data', {
    order: { scale: ['false', 'true'] },
    turns: [
      'what it holds is no longer handled as sensitive: Microsoft collects more about it',
      'what it holds is handled as sensitive: Microsoft collects less about it',
    ],
  }),
  row(MODELS, 'systemDatastoresAuthMode', 'how it opens its stores', 'access', {
    order: { scale: ['accessKey', 'identity'], absent: 'accessKey' },
    turns: ['it opens its stores with their keys now', 'it opens its stores as whoever works with them'],
  }),
  ...(
    [
      ['allTraffic', 'all that it sends', 'high'],
      ['applicationTraffic', 'what its code sends', 'high'],
      ['backupRestoreTraffic', 'what is backed up of it', 'medium'],
      ['contentShareTraffic', 'what it reads and writes of its own files', 'medium'],
      ['imagePullTraffic', 'what it pulls of images', 'medium'],
    ] as const
  ).map(([name, what, severity]) => row(SITE, `outboundVnetRouting.${name}`, what, 'exposure', routed(what, severity))),
  // Who reaches
  row(/^azure-native:(insights|monitor):DataCollectionEndpoint$/, 'networkAcls.publicNetworkAccess', 'public networks', 'exposure', {
    ...scale('Enabled', 'Enabled', 'SecuredByPerimeter', 'Disabled'),
    turns: ['public networks send records to it now', 'public networks no longer send records to it'],
  }),
  row(/^azure-native:(servicebus|eventhub):NamespaceNetworkRuleSet$/, 'defaultAction', 'networks that are not listed', 'exposure', {
    ...scale('Allow', 'Allow', 'Deny'),
    severity: 'high',
    beside: ['publicNetworkAccess'],
    turns: ['networks that are not listed reach it now', 'networks that are not listed no longer reach it'],
  }),
  row(/^azure-native:containerregistry:Registry$/, 'networkRuleSet.defaultAction', 'networks that are not listed', 'exposure', {
    ...scale('Allow', 'Allow', 'Deny'),
    severity: 'high',
  }),
  row(/^azure-native:cognitiveservices:Account$/, 'properties.networkAcls.defaultAction', 'networks that are not listed', 'exposure', {
    ...scale('Allow', 'Allow', 'Deny'),
    severity: 'high',
  }),
  row(/^azure-native:cosmosdb:DatabaseAccount$/, 'isVirtualNetworkFilterEnabled', 'its list of networks', 'exposure', {
    ...on('false'),
    severity: 'high',
  }),
  row(STATIC_SITE, 'stagingEnvironmentPolicy', 'trial versions', 'exposure', {
    ...scale('Enabled', 'Enabled', 'Disabled'),
    turns: ['the internet reaches trial versions of it, one for each change proposed', 'there are no trial versions of it any more'],
  }),
  // What is kept
  row(/^azure-native:kusto:Cluster$/, 'enablePurge', 'purges', 'data', refused('records can be purged from its databases')),
  row(
    /^azure-native:kusto:ReadWriteDatabase$/,
    'softDeletePeriod',
    'the time for which it keeps records',
    'data',
    kept((database) => durationOf(database.at('softDeletePeriod'))),
  ),
  row(KEY, 'properties.attributes.enabled', 'its use', 'data', {
    ...on('true'),
    turns: ['it is turned off: nobody can read what it encrypts', 'it is turned on: what it encrypts can be read'],
    severity: 'high',
  }),
];
