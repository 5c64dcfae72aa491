import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert, queryAlert } from './detection-alerts';
import { DETECTIONS, type Detection, queryOf } from './detection-queries';
import type { LogSink } from './logging-diagnostics';

/** What {@link SecurityAlarms} are made from. */
export interface SecurityAlarmsArgs extends Omit<SecureArgs, 'relax'> {
  /** Subscription whose safeguards are watched. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Where the records are. */
  readonly logs: LogSink;
  /** Action group that is told. */
  readonly alerts: pulumi.Input<string>;
  /**
   * Whether Sentinel runs the same queries: then only what Sentinel cannot tell is left, that itself was switched off and
   * that no record arrives.
   * @default false
   */
  readonly sentinel?: boolean;
}

/** Operations that remove a safeguard, wherever in the subscription. */
const REMOVALS = [
  'Microsoft.Authorization/locks/delete',
  'Microsoft.Authorization/policyAssignments/delete',
  'Microsoft.Authorization/policyExemptions/write',
  'Microsoft.Insights/dataCollectionRules/delete',
  'Microsoft.Insights/diagnosticSettings/delete',
  'Microsoft.Security/automations/delete',
  'Microsoft.Security/pricings/delete',
  'Microsoft.SecurityInsights/alertRules/delete',
  'Microsoft.SecurityInsights/automationRules/delete',
  'Microsoft.SecurityInsights/dataConnectors/delete',
  'Microsoft.SecurityInsights/onboardingStates/delete',
  'Microsoft.SecurityInsights/settings/delete',
  'Microsoft.SecurityInsights/watchlists/delete',
];

/** Tables of which at least one is never silent for an hour, as long as records arrive. */
const NEVER_SILENT = ['AzureActivity', 'AZKVAuditLogs', 'StorageBlobLogs', 'SigninLogs', 'AADNonInteractiveUserSignInLogs'];

const SEVERITY = { High: 1, Medium: 2, Low: 3 } as const;

/**
 * An alarm for each event that deserves a look whenever it happens: bulk reads, exports, roles assigned without PIM,
 * removed records, keys and backups, failed sign-ins, sign-in from two countries, loosened conditional access, and new
 * credentials; another when a safeguard is removed, and another when no record arrives for an hour.
 *
 * Guarantees MON-05. Nothing of it can be relaxed.
 *
 * @example
 * new SecurityAlarms('alarms', { profile, resourceGroupName, location, subscriptionId, logs, alerts: contacts.id, sentinel: true });
 */
export class SecurityAlarms extends SecureComponent {
  /** The controls that it makes true. */
  static readonly claims = claims(
    'SecurityAlarms',
    'MON-05',
    unclaimed('MON-04', 'what CIS asks to hear of is told by SecureActivityLog, beside the records that it watches'),
  );

  constructor(name: string, args: SecurityAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = SecurityAlarms;
    super('palisade:azure:SecurityAlarms', { claims, families: ['detection'], relaxable: {} }, name, args, opts);
    const { alerts, logs, resourceGroupName, sentinel = false } = args;
    const common = { resourceGroupName, alerts, tags: this.tags };
    const watched = { ...common, location: logs.workspaceLocation, workspaceId: logs.workspaceId };
    activityAlert(
      `${name}-removal-alert`,
      {
        ...common,
        description: 'A safeguard was removed: a lock, a policy, a record, a plan or a detection.',
        scopes: [pulumi.interpolate`/subscriptions/${args.subscriptionId}`],
        operations: REMOVALS,
      },
      { parent: this },
    );
    queryAlert(
      `${name}-silence-alert`,
      {
        ...watched,
        description: 'No record arrived for an hour, of the control plane, of stores or of people: one of them is never silent so long.',
        query: `union isfuzzy=true (datatable(TimeGenerated: datetime)[]), ${NEVER_SILENT.map((table) => `(${table} | project TimeGenerated)`).join(', ')}`,
        fires: { operator: 'LessThan', threshold: 1 },
        every: 'PT15M',
        window: 'PT1H',
        severity: 1,
      },
      { parent: this },
    );
    if (!sentinel)
      for (const [signal, detection] of Object.entries<Detection>(DETECTIONS)) {
        const { every, severity, watchlist = false, what, window } = detection;
        if (watchlist) continue;
        queryAlert(
          `${name}-${signal}`,
          {
            ...watched,
            description: `${what}.`,
            query: queryOf(detection),
            fires: { operator: 'GreaterThan', threshold: 0 },
            every,
            window,
            severity: SEVERITY[severity],
          },
          { parent: this },
        );
      }
    this.registerOutputs();
  }
}
