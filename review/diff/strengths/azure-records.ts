/** Settings of Azure on which records, detection and what is enforced depend. Paths and defaults as the references of the services state them. */
import { days, FOREVER, on, row, type Strength, scale, switched } from './parts';

export const AZURE_RECORDS: readonly Strength[] = [
  {
    on: /^azure-native:operationalinsights:(Workspace|Table)$/,
    path: 'retentionInDays',
    order: days(30),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  {
    on: /^azure-native:operationalinsights:Table$/,
    path: 'totalRetentionInDays',
    order: days(),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  {
    on: /^azure-native:network:FlowLog$/,
    path: 'enabled',
    order: switched,
    what: 'the recording of flows',
    aspect: 'logging',
    severity: 'high',
  },
  {
    on: /^azure-native:network:FlowLog$/,
    path: 'retentionPolicy.days',
    order: days(FOREVER),
    what: 'the retention of its records',
    aspect: 'logging',
  },
  {
    on: /^azure-native:security:Pricing$/,
    path: 'pricingTier',
    order: { scale: ['Free', 'Standard'], absent: 'Free' },
    what: 'the Defender plan',
    aspect: 'detection',
    severity: 'high',
  },
  {
    on: /^azure-native:(monitor|insights):(ActivityLogAlert|ScheduledQueryRule|MetricAlert|ActionGroup)$/,
    path: 'enabled',
    order: { scale: ['false', 'true'], absent: 'true' },
    what: 'the alert',
    aspect: 'detection',
  },
  { on: /^azure-native:securityinsights:\w*AlertRule$/, path: 'enabled', order: switched, what: 'the analytics rule', aspect: 'detection' },
  row(/^azure-native:(monitor|insights):ScheduledQueryRule$/, 'severity', 'the severity of its alerts', 'detection', {
    order: { more: 'weaker' },
  }),
  row(/^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/, 'state', 'the recording of statements', 'logging', {
    ...scale('Disabled', 'Disabled', 'Enabled'),
    severity: 'high',
  }),
  row(/^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/, 'retentionDays', 'the retention of its records', 'logging', {
    order: { more: 'stronger', unit: 'days', absent: FOREVER },
  }),
  row(
    /^azure-native:sql:\w*SecurityAlertPolicy$/,
    'state',
    'the detection of threats',
    'detection',
    scale('Disabled', 'Disabled', 'Enabled'),
  ),
  row(/^azure-native:security:DefenderForStorage$/, 'isEnabled', 'the detection of threats', 'detection', on('false')),
  row(/^azure-native:authorization:PolicyAssignment$/, 'enforcementMode', 'what it enforces', 'controls', {
    ...scale('Default', 'DoNotEnforce', 'Default'),
    severity: 'high',
  }),
];
