import type * as pulumi from '@pulumi/pulumi';
import {
  AccessReview,
  ContinuousExport,
  type LogSink,
  SecureActivityLog,
  SecureResourceGroup,
  SecurityContacts,
  ThreatDetection,
} from '../../constructs/azure';
import type { Place } from './landing-zone-place';

/** The group that guards a subscription, and who is told of what happens in it. */
export interface Watch {
  readonly contacts: SecurityContacts;
  readonly resourceGroupName: pulumi.Output<string>;
}

/** What every subscription has before anything else: a group for what guards it, and people who are told. */
export function watch({ profile, providers, settings }: Place, subscription: string): Watch {
  const opts = { provider: providers[subscription] as pulumi.ProviderResource };
  const { location, prefix } = settings;
  const group = new SecureResourceGroup(`guard-${subscription}`, { profile, location, resourceGroupName: `${prefix}-guard` }, opts);
  const contacts = new SecurityContacts(
    `soc-${subscription}`,
    { profile, location, resourceGroupName: group.name, emails: { 'security-operations': settings.securityMailbox } },
    opts,
  );
  return { contacts, resourceGroupName: group.name };
}

/** What {@link guardSubscription} needs besides the place. */
export interface GuardedSubscription {
  /** Name of the subscription among those of the landing zone. */
  readonly name: string;
  readonly subscriptionId: string;
  readonly watch: Watch;
  /** Where its control plane is recorded. */
  readonly logs: LogSink;
}

/**
 * The baseline of a subscription: its control plane is recorded in the central workspace and archive, every plan of Defender
 * is on and what they find is exported, whoever weakens any of it is noticed, and who holds roles in it is reviewed monthly.
 */
export function guardSubscription({ profile, providers, settings }: Place, args: GuardedSubscription): void {
  const { logs, name, subscriptionId } = args;
  const opts = { provider: providers[name] as pulumi.ProviderResource };
  const { contacts, resourceGroupName } = args.watch;
  const common = { profile, location: settings.location, resourceGroupName, subscriptionId, alerts: contacts.id };
  new SecureActivityLog(`activity-${name}`, { ...common, logs }, opts);
  new ThreatDetection(`threats-${name}`, { ...common, emails: [settings.securityMailbox] }, opts);
  new ContinuousExport(`findings-${name}`, { ...common, logs }, opts);
  const { approvers } = settings.people;
  const scope = `/subscriptions/${subscriptionId}`;
  new AccessReview(`rights-${name}`, { profile, scope, reviewers: [approvers], from: settings.from, privileged: true }, opts);
}
