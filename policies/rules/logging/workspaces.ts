/** Log Analytics: records are kept, encrypted and reached by identity. */
import { isGuardedFromDeletion } from '../../facts/azure';
import { LEAST_DAYS, LONGEST_WORKSPACE_DAYS } from '../../facts/logging';
import type { Graph } from '../../graph';
import { allOf, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, type RuleSpec, rule } from '../../rule';

const WORKSPACE = 'azure-native:operationalinsights:Workspace';
const CLUSTER = 'azure-native:operationalinsights:Cluster';
const TABLE = 'azure-native:operationalinsights:Table';
const COMPONENT = 'azure-native:applicationinsights:Component';

/** Days that the service uses when nobody writes any. */
const DEFAULT_DAYS = 30;
/** What must be searchable where an archive keeps the rest: PCI DSS v4.0 10.5.1, three months. */
const SEARCHABLE_DAYS = 90;

/** Records stay searchable as long as security records are kept, or are exported into an archive after three months. */
function keepsRecords(workspace: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  const exported = graph
    .pointingAt(workspace, 'azure-native:operationalinsights:DataExport', 'workspaceName')
    .some((one) => one.at('enable').orDefault(true).isTrue().verdict === 'pass');
  const least = exported ? SEARCHABLE_DAYS : Math.min(LEAST_DAYS[tier].security, LONGEST_WORKSPACE_DAYS);
  const days = workspace.at('retentionInDays').orDefault(DEFAULT_DAYS);
  const enough = days.isAtLeast(least);
  return enough.verdict === 'fail' ? fail(`${days.describe()}: security records are kept for at least ${least} days`, days.path) : enough;
}

/** Tables that hold what applications say about themselves; every other table may hold evidence. */
const OPERATIONS_TABLE = /^(App|Container|Kube|Perf|Heartbeat|InsightsMetrics|AzureMetrics|Usage)/i;

function tableKeepsRecords(table: Resource, _graph: Graph, { tier }: RuleContext): Outcome {
  const total = table.at('totalRetentionInDays');
  const days = total.state === 'absent' ? table.at('retentionInDays') : total;
  if (days.state === 'absent' || days.number === -1) return notApplicable('is kept as long as the workspace keeps it');
  const records = OPERATIONS_TABLE.test(table.at('tableName').string ?? '') ? 'operations' : 'security';
  const least = LEAST_DAYS[tier][records];
  const enough = days.isAtLeast(total.state === 'absent' ? Math.min(least, LONGEST_WORKSPACE_DAYS) : least);
  return enough.verdict === 'fail' ? fail(`${days.describe()}: ${records} records are kept for at least ${least} days`, days.path) : enough;
}

/** The retention policy of a flow log only ends things: without it, or with 0 days, records stay until something else ends them. */
function flowsKeptLongEnough(log: Resource, _graph: Graph, { tier }: RuleContext): Outcome {
  if (log.at('retentionPolicy.enabled').orDefault(false).isTrue().verdict === 'fail') return pass();
  const days = log.at('retentionPolicy.days').orDefault(0);
  if (days.number === 0) return pass();
  const least = LEAST_DAYS[tier].access;
  const enough = days.isAtLeast(least);
  return enough.verdict === 'fail' ? fail(`${days.describe()}: records of access are kept for at least ${least} days`, days.path) : enough;
}

const clusterHasKey = (cluster: Resource): Outcome =>
  allOf(cluster.at('keyVaultProperties.keyVaultUri').isSet(), cluster.at('keyVaultProperties.keyName').isSet());

/** Only a dedicated cluster can encrypt a workspace with a key of one's own. */
function isInCluster(workspace: Resource, graph: Graph): Outcome {
  if (workspace.at('features.clusterResourceId').isSet().verdict === 'pass') return pass();
  const linked = graph
    .pointingAt(workspace, 'azure-native:operationalinsights:LinkedService', 'workspaceName')
    .some((one) => one.at('writeAccessResourceId').isSet().verdict === 'pass');
  return linked ? pass() : fail('no dedicated cluster encrypts the workspace with a key of your own');
}

const isClosed = (workspace: Resource): Outcome =>
  allOf(
    ...['publicNetworkAccessForQuery', 'publicNetworkAccessForIngestion'].map((path) =>
      workspace.at(path).orDefault('Enabled').isOneOf(['Disabled', 'SecuredByPerimeter']),
    ),
  );

/** Workload owners see the records of their own resources unless the workspace alone decides, and nobody purges early. */
function isOutOfReach(workspace: Resource): Outcome {
  return allOf(
    workspace.at('features.enableLogAccessUsingOnlyResourcePermissions').orDefault(true).isFalse(),
    workspace.at('features.immediatePurgeDataOn30Days').orDefault(false).isFalse(),
  );
}

const workspace = (properties: object, more: object = {}) => ({ workspace: { type: WORKSPACE, properties }, ...more });
const component = (properties: object) => ({ component: { type: COMPONENT, properties } });
const table = (properties: object) => ({ table: { type: TABLE, properties: { workspaceName: 'logs', ...properties } } });

export const workspaceRetention: readonly RuleSpec[] = [
  rule({
    on: WORKSPACE,
    check: keepsRecords,
    fix: 'Use SecureLogWorkspace, or set retentionInDays to 365 (730 at the high tier), or export into a write-once archive and keep 90 days.',
    pass: [{ resources: workspace({ retentionInDays: 730 }) }, { tier: 'moderate', resources: workspace({ retentionInDays: 365 }) }],
    fail: [
      { resources: workspace({ retentionInDays: 365 }) },
      { name: 'the default', tier: 'low', resources: workspace({ sku: { name: 'PerGB2018' } }) },
    ],
    unknown: [{ resources: workspace({ retentionInDays: { $unknown: 'parameter days' } }) }],
  }),
  rule({
    on: TABLE,
    check: tableKeepsRecords,
    fix: 'Set totalRetentionInDays to at least 365, 731 at the high tier, or leave it to the workspace.',
    pass: [{ resources: table({ tableName: 'AzureActivity', totalRetentionInDays: 731 }) }],
    fail: [{ resources: table({ tableName: 'AzureActivity', retentionInDays: 30, totalRetentionInDays: 90 }) }],
    skip: [{ resources: table({ tableName: 'AzureActivity', retentionInDays: -1 }) }],
  }),
];

export const flowRetention: RuleSpec = rule({
  on: 'azure-native:network:FlowLog',
  check: flowsKeptLongEnough,
  fix: 'Set retentionPolicy.days to at least 90, 365 at the moderate tier, 731 at the high tier.',
  pass: [{ resources: { log: { type: 'azure-native:network:FlowLog', properties: { retentionPolicy: { enabled: true, days: 731 } } } } }],
  fail: [{ resources: { log: { type: 'azure-native:network:FlowLog', properties: { retentionPolicy: { enabled: true, days: 70 } } } } }],
});

export const workspaceKey: readonly RuleSpec[] = [
  rule({
    on: CLUSTER,
    check: clusterHasKey,
    fix: 'Set keyVaultProperties to a key of your own.',
    pass: [
      {
        resources: {
          cluster: { type: CLUSTER, properties: { keyVaultProperties: { keyVaultUri: 'https://v.vault.azure.net', keyName: 'logs' } } },
        },
      },
    ],
    fail: [{ resources: { cluster: { type: CLUSTER, properties: { sku: { name: 'CapacityReservation' } } } } }],
  }),
  rule({
    on: WORKSPACE,
    from: 'high',
    check: isInCluster,
    fix: 'Link the workspace to a dedicated cluster whose keyVaultProperties name a key of your own (clusterId of SecureLogWorkspace).',
    pass: [
      {
        resources: workspace(
          {},
          {
            link: {
              type: 'azure-native:operationalinsights:LinkedService',
              properties: {
                workspaceName: { $ref: 'workspace.name' },
                linkedServiceName: 'Cluster',
                writeAccessResourceId: '/subscriptions/s/cluster',
              },
            },
          },
        ),
      },
    ],
    fail: [{ resources: workspace({ retentionInDays: 730 }) }],
  }),
];

export const workspaceReach: readonly RuleSpec[] = [
  rule({
    on: WORKSPACE,
    severity: 'medium',
    from: 'high',
    check: (one) => allOf(isOutOfReach(one), isClosed(one)),
    fix: 'Use SecureLogWorkspace, or set features.enableLogAccessUsingOnlyResourcePermissions to false and both publicNetworkAccess properties to Disabled.',
    pass: [
      {
        resources: workspace({
          features: { enableLogAccessUsingOnlyResourcePermissions: false },
          publicNetworkAccessForQuery: 'Disabled',
          publicNetworkAccessForIngestion: 'Disabled',
        }),
      },
    ],
    fail: [
      {
        resources: workspace({
          features: { enableLogAccessUsingOnlyResourcePermissions: true },
          publicNetworkAccessForQuery: 'Disabled',
          publicNetworkAccessForIngestion: 'Disabled',
        }),
      },
      { resources: workspace({ features: { enableLogAccessUsingOnlyResourcePermissions: false } }) },
    ],
  }),
  rule({
    on: COMPONENT,
    severity: 'medium',
    from: 'high',
    check: isClosed,
    fix: 'Set publicNetworkAccessForIngestion and publicNetworkAccessForQuery to Disabled, and reach the component through a private link scope.',
    pass: [{ resources: component({ publicNetworkAccessForQuery: 'Disabled', publicNetworkAccessForIngestion: 'Disabled' }) }],
    fail: [
      { resources: component({}) },
      { resources: component({ publicNetworkAccessForQuery: 'Enabled', publicNetworkAccessForIngestion: 'Disabled' }) },
    ],
  }),
];

export const workspaceIdentity: readonly RuleSpec[] = [
  rule({
    on: WORKSPACE,
    severity: 'medium',
    from: 'moderate',
    check: (one) => one.at('features.disableLocalAuth').orDefault(false).isTrue(),
    fix: "Set features.disableLocalAuth to true: a shared key lets whoever holds it write records in anybody's name.",
    pass: [{ resources: workspace({ features: { disableLocalAuth: true } }) }],
    fail: [{ resources: workspace({ features: { disableLocalAuth: false } }) }, { resources: workspace({}) }],
  }),
  rule({
    on: COMPONENT,
    severity: 'medium',
    from: 'moderate',
    check: (one) => one.at('disableLocalAuth').orDefault(false).isTrue(),
    fix: "Set disableLocalAuth to true and let applications sign in: whoever knows the instrumentation key writes records in anybody's name.",
    pass: [{ resources: component({ disableLocalAuth: true }) }],
    fail: [{ resources: component({}) }],
  }),
];

export const workspaceSurvives: RuleSpec = rule({
  on: WORKSPACE,
  from: 'moderate',
  check: isGuardedFromDeletion,
  fix: 'Put a CanNotDelete lock on the workspace or its resource group, or protect it in Pulumi.',
  pass: [
    {
      resources: workspace(
        {},
        {
          lock: {
            type: 'azure-native:authorization:ManagementLockByScope',
            properties: { scope: { $ref: 'workspace.id' }, level: 'CanNotDelete' },
          },
        },
      ),
    },
  ],
  fail: [{ resources: workspace({}) }],
});

/** Application Insights stores 0.0.0.0 instead of a visitor's address unless told otherwise. */
export const addressesMasked: RuleSpec = rule({
  on: COMPONENT,
  severity: 'medium',
  check: (one) => one.at('disableIpMasking').orDefault(false).isFalse(),
  fix: 'Leave disableIpMasking false: addresses of visitors are personal data.',
  pass: [{ resources: component({ disableIpMasking: false }) }],
  fail: [{ resources: component({ disableIpMasking: true }) }],
});
