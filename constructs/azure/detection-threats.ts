import * as security from '@pulumi/azure-native/security';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert } from './detection-alerts';
import { PLANS } from './detection-plans';

/** What {@link ThreatDetection} is made from. */
export interface ThreatDetectionArgs extends Omit<SecureArgs, 'relax'> {
  /** Subscription that the program deploys to; its plans are switched on. */
  readonly subscriptionId: pulumi.Input<string>;
  /** Action group that is told when a plan, or who hears of its findings, is changed (MON-11). */
  readonly alerts: pulumi.Input<string>;
  /** Mailboxes that findings are sent to; at least one (MON-05). */
  readonly emails: readonly string[];
  /** Least severity of a finding that is sent. @default 'Medium' */
  readonly alarmFrom?: 'Low' | 'Medium' | 'High';
}

/** Operations that switch off, or narrow, what finds threats. */
const WEAKENING = [
  'Microsoft.Security/pricings/write',
  'Microsoft.Security/pricings/delete',
  'Microsoft.Security/alertsSuppressionRules/write',
  'Microsoft.Security/defenderForStorageSettings/write',
  'Microsoft.Security/securityContacts/write',
  'Microsoft.Security/securityContacts/delete',
  'Microsoft.Security/serverVulnerabilityAssessmentsSettings/write',
];

/**
 * Microsoft Defender for Cloud with every plan that is alive, and everything that belongs to them: agentless scanning of
 * machines and clusters, malware scanning of uploads without a limit, discovery of sensitive data, posture. Findings are
 * sent to people, and whoever switches a plan off, or silences it, is told of. One per subscription.
 *
 * Guarantees MON-01, MON-09 and MON-05; from the moderate tier on MON-11, DHC-03 and EXP-07; VUL-04. Nothing of it can be
 * relaxed. The plans cost per resource; the agents that older versions provisioned are retired, so that there is nothing
 * to provision.
 *
 * @throws RangeError without a mailbox
 * @example
 * new ThreatDetection('threats', { profile, resourceGroupName, location, subscriptionId, alerts: contacts.id, emails: ['soc@example.com'] });
 */
export class ThreatDetection extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'ThreatDetection',
    'MON-01',
    'MON-05',
    'MON-09',
    { control: 'MON-11', from: 'moderate' },
    { control: 'DHC-03', from: 'moderate' },
    { control: 'EXP-07', from: 'moderate' },
    'VUL-04',
    unclaimed('UAR-04', 'rights that nobody uses are shown by the access reviews of the directory'),
  );

  /** The plans by their names. */
  readonly plans: Readonly<Record<string, security.Pricing>>;

  constructor(name: string, args: ThreatDetectionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { claims } = ThreatDetection;
    super('palisade:azure:ThreatDetection', { claims, families: ['detection'], relaxable: {} }, name, args, opts);
    const { alarmFrom = 'Medium', alerts, emails, resourceGroupName } = args;
    if (!emails?.length)
      throw new RangeError(`${this.where}: emails is empty; name at least one mailbox that is read around the clock (MON-05)`);
    this.plans = this.#switchOn(pulumi.interpolate`subscriptions/${args.subscriptionId}`);
    new security.AzureServersSetting(
      `${name}-scanner`,
      { settingKind: 'azureServersSetting', kind: 'AzureServersSetting', selectedProvider: 'MdeTvm' },
      { parent: this },
    );
    new security.SecurityContact(
      `${name}-contact`,
      {
        securityContactName: 'default',
        emails: emails.join(';'),
        isEnabled: true,
        notificationsByRole: { state: 'On', roles: ['Owner'] },
        notificationsSources: [
          { sourceType: 'Alert', minimalSeverity: alarmFrom },
          { sourceType: 'AttackPath', minimalRiskLevel: alarmFrom },
        ],
      },
      { parent: this },
    );
    activityAlert(
      `${name}-weakening-alert`,
      {
        resourceGroupName,
        alerts,
        tags: this.tags,
        description: 'A plan of Defender, a suppression of its findings, or who hears of them, was changed.',
        scopes: [pulumi.interpolate`/subscriptions/${args.subscriptionId}`],
        operations: WEAKENING,
      },
      { parent: this },
    );
    this.registerOutputs();
  }

  /** One after the other: the service refuses to change two plans of a subscription at once. */
  #switchOn(scopeId: pulumi.Output<string>): Readonly<Record<string, security.Pricing>> {
    const plans: Record<string, security.Pricing> = {};
    let before: readonly pulumi.Resource[] = [];
    for (const [pricingName, { enforced, extensions = [], subPlan }] of Object.entries(PLANS)) {
      const plan = new security.Pricing(
        `${this.label}-${pricingName}`,
        {
          scopeId,
          pricingName,
          pricingTier: 'Standard',
          ...(subPlan === undefined ? {} : { subPlan }),
          ...(enforced ? { enforce: 'True' } : {}),
          extensions: extensions.map(({ name, more }) => ({
            name,
            isEnabled: 'True',
            ...(more ? { additionalExtensionProperties: { ...more } } : {}),
          })),
        },
        { parent: this, dependsOn: [...before] },
      );
      plans[pricingName] = plan;
      before = [plan];
    }
    return plans;
  }
}
