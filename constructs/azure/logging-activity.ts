import * as authorization from '@pulumi/azure-native/authorization';
import * as monitor from '@pulumi/azure-native/monitor';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert, queryAlert } from './detection-alerts';
import type { LogSink } from './logging-diagnostics';
import type { Promises } from './relax';

/** What a {@link SecureActivityLog} is made from. */
export interface SecureActivityLogArgs extends SecureArgs {
  /** Subscription that the program deploys to; its control plane is recorded and guarded. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Where the records go. */
  readonly logs: LogSink;
  /** Action group that is told when a record is stopped, removed or silent (LOG-14). */
  readonly alerts: pulumi.Input<string>;
}

/** Every category of the activity log. */
const CATEGORIES = ['Administrative', 'Security', 'ServiceHealth', 'Alert', 'Recommendation', 'Policy', 'Autoscale', 'ResourceHealth'];

/** Operations that stop, narrow or remove a record, or what protects it. */
const LOSSES = [
  'Microsoft.Insights/diagnosticSettings/delete',
  'Microsoft.Insights/activityLogAlerts/delete',
  'Microsoft.Insights/scheduledQueryRules/delete',
  'Microsoft.Insights/actionGroups/delete',
  'Microsoft.Network/networkWatchers/flowLogs/delete',
  'Microsoft.Network/dnsResolverPolicies/delete',
  'Microsoft.OperationalInsights/workspaces/delete',
  'Microsoft.OperationalInsights/workspaces/tables/write',
  'Microsoft.Authorization/locks/delete',
  'Microsoft.Authorization/policyAssignments/delete',
  'Microsoft.KeyVault/locations/deletedVaults/purge/action',
];

/** Changes that open a way in; the CIS benchmark for Azure wants to hear of the same. */
const OPENINGS = [
  'Microsoft.Authorization/policyAssignments/write',
  'Microsoft.Network/networkSecurityGroups/write',
  'Microsoft.Network/networkSecurityGroups/securityRules/write',
  'Microsoft.Network/publicIPAddresses/write',
  'Microsoft.Sql/servers/firewallRules/write',
  'Microsoft.Security/pricings/write',
  'Microsoft.Security/securitySolutions/delete',
];

/** Kinds of resources that record, and that nobody deletes. */
const RECORDERS = [
  'Microsoft.Insights/diagnosticSettings',
  'Microsoft.Network/networkWatchers/flowLogs',
  'Microsoft.OperationalInsights/workspaces',
];

/**
 * Records the whole control plane of a subscription, forbids the deletion of what records, and alerts when a record is
 * stopped, removed or silent, and when policies, firewalls, public addresses or Defender plans change (MON-04). One per
 * subscription.
 *
 * Guarantees LOG-03; from the moderate tier on LOG-14 and LOG-15.
 *
 * Azure Policy can forbid a deletion, not a change: a diagnostic setting that is re-pointed raises an alert but is not
 * refused.
 *
 * @example
 * new SecureActivityLog('activity', { profile, resourceGroupName, location, subscriptionId, logs, alerts: contacts.id });
 */
export class SecureActivityLog extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureActivityLog',
    'LOG-03',
    { control: 'LOG-14', from: 'moderate' },
    { control: 'LOG-15', from: 'moderate' },
    unclaimed('LOG-01', 'the log profile follows from the data profile, which declareProfile puts into the program'),
  );

  /** What sends the activity log to the sink. */
  readonly setting: monitor.SubscriptionDiagnosticSetting;

  constructor(name: string, args: SecureActivityLogArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureActivityLog', ACTIVITY_PROMISES, name, args, opts);
    const { alerts, logs, resourceGroupName } = args;
    const subscription = pulumi.interpolate`/subscriptions/${args.subscriptionId}`;
    this.setting = new monitor.SubscriptionDiagnosticSetting(
      `${name}-setting`,
      {
        name: 'palisade',
        workspaceId: logs.workspaceId,
        ...(logs.archiveId === undefined ? {} : { storageAccountId: logs.archiveId }),
        logs: CATEGORIES.map((category) => ({ category, enabled: true })),
      },
      { parent: this },
    );
    const common = { resourceGroupName, alerts, tags: this.tags };
    activityAlert(
      `${name}-loss-alert`,
      { ...common, description: 'A log, an alert, a lock or a guardrail was removed.', scopes: [subscription], operations: LOSSES },
      { parent: this },
    );
    activityAlert(
      `${name}-change-alert`,
      {
        ...common,
        description: 'A diagnostic setting was changed: look whether it still records, and where to.',
        scopes: [subscription],
        operations: ['Microsoft.Insights/diagnosticSettings/write', 'Microsoft.Network/networkWatchers/flowLogs/write'],
      },
      { parent: this },
    );
    activityAlert(
      `${name}-opening-alert`,
      {
        ...common,
        description: 'A policy, a firewall, a public address or a Defender plan was changed: look who did it, and why.',
        scopes: [subscription],
        operations: OPENINGS,
      },
      { parent: this },
    );
    queryAlert(
      `${name}-silence-alert`,
      {
        ...common,
        location: logs.workspaceLocation,
        workspaceId: logs.workspaceId,
        description: 'No activity was recorded for a day: the control plane never rests that long.',
        // Several subscriptions share a workspace, and one that is silent is not to be covered by the others.
        query: pulumi.interpolate`AzureActivity | where SubscriptionId =~ "${args.subscriptionId}"`,
        fires: { operator: 'LessThan', threshold: 1 },
        every: 'PT15M',
        window: 'P1D',
        severity: 1,
      },
      { parent: this },
    );
    this.#forbidDeletion(name, subscription);
    this.waive('LOG-15', this.setting);
    this.registerOutputs({ settingId: this.setting.id });
  }

  #forbidDeletion(name: string, scope: pulumi.Output<string>): void {
    if (this.relaxes('LOG-15')) return;
    const definition = new authorization.PolicyDefinition(
      `${name}-guard-definition`,
      {
        policyDefinitionName: 'palisade-keep-records',
        displayName: 'What records is not deleted',
        description: 'Refuses the deletion of diagnostic settings, flow logs and log workspaces (LOG-15).',
        policyType: 'Custom',
        mode: 'Indexed',
        metadata: { category: 'Monitoring' },
        parameters: {},
        policyRule: {
          if: { field: 'type', in: RECORDERS },
          // biome-ignore lint/suspicious/noThenProperty: the policy language calls it so
          then: { effect: 'denyAction', details: { actionNames: ['delete'] } },
        },
      },
      { parent: this },
    );
    new authorization.PolicyAssignment(
      `${name}-guard`,
      {
        policyAssignmentName: 'palisade-keep-records',
        displayName: 'What records is not deleted',
        scope,
        policyDefinitionId: definition.id,
        enforcementMode: 'Default',
        notScopes: [],
        nonComplianceMessages: [{ message: 'Records of what happened are not deleted (LOG-15).' }],
      },
      { parent: this },
    );
  }
}

const ACTIVITY_PROMISES: Promises = {
  claims: SecureActivityLog.claims,
  families: ['logging'],
  relaxable: { 'LOG-15': 'the policy that forbids deletion, while records move to another place' },
  firm: { 'LOG-03': 'who changed what must be answerable', 'LOG-14': 'a loss that nobody is told of is not repaired' },
};
