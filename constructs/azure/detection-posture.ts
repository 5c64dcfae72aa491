import * as security from '@pulumi/azure-native/security';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert } from './detection-alerts';
import type { LogSink } from './logging-diagnostics';

/** What a {@link ContinuousExport} is made from. */
export interface ContinuousExportArgs extends Omit<SecureArgs, 'relax'> {
  /** Subscription whose findings are exported. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Where they meet: the workspace in which everything else is searched. */
  readonly logs: LogSink;
  /** Action group that is told when the export is changed or removed (MON-11). */
  readonly alerts: pulumi.Input<string>;
}

/** Everything that Defender knows: findings, recommendations, weaknesses and scores, as they change and once a week. */
const SOURCES = [
  'Alerts',
  'Assessments',
  'AssessmentsSnapshot',
  'SubAssessments',
  'SubAssessmentsSnapshot',
  'SecureScores',
  'SecureScoresSnapshot',
  'SecureScoreControls',
  'SecureScoreControlsSnapshot',
  'RegulatoryComplianceAssessment',
  'RegulatoryComplianceAssessmentSnapshot',
];

/**
 * Sends every finding of Microsoft Defender for Cloud to the workspace: alerts, recommendations, weaknesses, scores and
 * compliance, so that they stay for as long as records do, and are searched together with them. One per subscription.
 *
 * Guarantees MON-02. Nothing of it can be relaxed.
 *
 * @example
 * new ContinuousExport('findings', { profile, resourceGroupName, location, subscriptionId, logs, alerts: contacts.id });
 */
export class ContinuousExport extends SecureComponent {
  /** The controls that it makes true. */
  static readonly claims = claims(
    'ContinuousExport',
    'MON-02',
    unclaimed('MON-11', 'the alert on the export is here; the rule judges plans, which ThreatDetection sets'),
  );

  /** The export itself. */
  readonly automation: security.Automation;

  constructor(name: string, args: ContinuousExportArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = ContinuousExport;
    super('palisade:azure:ContinuousExport', { claims, families: ['detection'], relaxable: {} }, name, args, opts);
    const { alerts, logs, resourceGroupName } = args;
    const subscription = pulumi.interpolate`/subscriptions/${args.subscriptionId}`;
    this.automation = new security.Automation(
      `${name}-export`,
      {
        resourceGroupName,
        location: this.location,
        description: 'Findings of Defender for Cloud, to the workspace (MON-02).',
        isEnabled: true,
        scopes: [{ description: 'The whole subscription', scopePath: subscription }],
        sources: SOURCES.map((eventSource) => ({ eventSource, ruleSets: [] })),
        actions: [{ actionType: 'Workspace', workspaceResourceId: logs.workspaceId }],
        tags: this.tags,
      },
      { parent: this },
    );
    activityAlert(
      `${name}-alert`,
      {
        resourceGroupName,
        alerts,
        tags: this.tags,
        description: 'The export of findings was changed or removed.',
        scopes: [subscription],
        operations: ['Microsoft.Security/automations/write', 'Microsoft.Security/automations/delete'],
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
