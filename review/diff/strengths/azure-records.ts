/** Settings of Azure on which records, detection and what is enforced depend. Paths and defaults as the references of the services state them. */
import { days, FOREVER, off, on, row, type Strength, scale, switched } from './parts';

const WORKSPACE = /^azure-native:operationalinsights:Workspace$/;
const COMPONENT = /^azure-native:applicationinsights:Component$/;
const EITHER = /^azure-native:(operationalinsights:Workspace|applicationinsights:Component)$/;
const AUDIT = /^azure-native:sql:(Extended)?(Server|Database|ManagedInstance)?BlobAuditingPolicy$/;
const CALLS = /^azure-native:apimanagement:(Api)?Diagnostic$/;
const OPEN = scale('Enabled', 'Enabled', 'SecuredByPerimeter', 'Disabled');

export const AZURE_RECORDS: readonly Strength[] = [
  // ── Workspaces
  row(WORKSPACE, 'retentionInDays', 'the retention of its records', 'logging', { order: days(30) }),
  row(COMPONENT, 'retentionInDays', 'the retention of its records', 'logging', { order: days(90) }),
  row(WORKSPACE, 'features.immediatePurgeDataOn30Days', 'the purge after 30 days', 'logging', {
    ...off('false'),
    turns: ['its records are purged as soon as 30 days are over', 'its records are not purged after 30 days any more'],
  }),
  row(COMPONENT, 'immediatePurgeDataOn30Days', 'the purge after 30 days', 'logging', {
    ...off('false'),
    turns: ['its records are purged as soon as 30 days are over', 'its records are not purged after 30 days any more'],
  }),
  row(WORKSPACE, 'features.enableLogAccessUsingOnlyResourcePermissions', 'who reads its records', 'access', {
    ...off('true'),
    turns: [
      'whoever may read a resource may read what it recorded now, without a right on the workspace',
      'only rights on the workspace let read what resources recorded now',
    ],
  }),
  row(WORKSPACE, 'features.disableLocalAuth', 'the refusal of keys', 'access', on('false')),
  row(COMPONENT, 'disableLocalAuth', 'the refusal of keys', 'access', on('false')),
  row(EITHER, 'publicNetworkAccessForQuery', 'whether public networks read its records', 'exposure', OPEN),
  row(EITHER, 'publicNetworkAccessForIngestion', 'whether public networks write its records', 'exposure', OPEN),
  row(WORKSPACE, 'forceCmkForQuery', 'the demand for a key of its own for saved queries', 'encryption', on('false')),
  row(COMPONENT, 'samplingPercentage', 'the share of what it records', 'logging', {
    order: { more: 'stronger', unit: 'percent', absent: 100 },
  }),
  row(/^azure-native:operationalinsights:DataExport$/, 'enable', 'the copy of its records', 'logging', { ...on('true'), severity: 'high' }),
  // ── Networks, databases, calls
  row(/^azure-native:network:FlowLog$/, 'enabled', 'the recording of flows', 'logging', { order: switched, severity: 'high' }),
  row(/^azure-native:network:FlowLog$/, 'retentionPolicy.days', 'the retention of its records', 'logging', { order: days(FOREVER) }),
  row(AUDIT, 'state', 'the recording of statements', 'logging', { ...scale('Disabled', 'Disabled', 'Enabled'), severity: 'high' }),
  row(AUDIT, 'retentionDays', 'the retention of its records', 'logging', { order: days(FOREVER) }),
  row(AUDIT, 'isAzureMonitorTargetEnabled', 'the hand-over of its records to Azure Monitor', 'logging', {
    ...on('false'),
    severity: 'high',
  }),
  row(AUDIT, 'isDevopsAuditEnabled', 'the recording of what support of Microsoft does', 'logging', on('false')),
  row(CALLS, 'sampling.percentage', 'the share of calls that it records', 'logging', {
    order: { more: 'stronger', unit: 'percent', absent: 100 },
  }),
  row(CALLS, 'logClientIp', 'the recording of who called from where', 'logging', on('false')),
  row(CALLS, 'verbosity', 'how much it records', 'logging', scale('information', 'error', 'information', 'verbose')),
  // ── Detection
  row(/^azure-native:security:Pricing$/, 'pricingTier', 'the Defender plan', 'detection', {
    ...scale('Free', 'Free', 'Standard'),
    severity: 'high',
  }),
  row(
    /^azure-native:(monitor|insights):(ActivityLogAlert|ScheduledQueryRule|MetricAlert|(Tenant)?ActionGroup)$/,
    'enabled',
    'the alert',
    'detection',
    on('true'),
  ),
  row(/^azure-native:(monitor|insights):(ScheduledQueryRule|MetricAlert)$/, 'severity', 'the severity of its alerts', 'detection', {
    order: { more: 'weaker' },
  }),
  row(
    /^(azure-native:securityinsights:\w*AlertRule|Microsoft\.SecurityInsights\/alertRules)$/i,
    'enabled',
    'the analytics rule',
    'detection',
    { order: switched, severity: 'high' },
  ),
  row(
    /^azure-native:sql:\w*(SecurityAlertPolicy|ThreatDetectionPolicy|ThreatProtection\w*)$/,
    'state',
    'the detection of threats',
    'detection',
    scale('Disabled', 'Disabled', 'Enabled'),
  ),
  ...['isEnabled', 'properties.isEnabled'].map((path) =>
    row(/^azure-native:security:(DefenderForStorage|AdvancedThreatProtection)$/, path, 'the detection of threats', 'detection', {
      order: { scale: ['false', 'true'] },
      severity: 'high',
    }),
  ),
  row(/^azure-native:authorization:PolicyAssignment$/, 'enforcementMode', 'what it enforces', 'controls', {
    ...scale('Default', 'DoNotEnforce', 'Default'),
    severity: 'high',
  }),
];
