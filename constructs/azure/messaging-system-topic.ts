import * as eventgrid from '@pulumi/azure-native/eventgrid';
import type * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { FAMILY } from './messaging-floor';
import { carries, type EventSubscriptionSpec, gridIdentity, objectsOf, subscriptionParts } from './messaging-grid-subscriptions';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureEventGridSystemTopic} is made from. */
export interface SecureEventGridSystemTopicArgs extends SecureArgs {
  /** Resource of Azure whose events are published; each resource has one system topic at most. */
  readonly source: pulumi.Input<string>;
  /** Kind of the source: `Microsoft.Storage.StorageAccounts`, `Microsoft.KeyVault.vaults`, … */
  readonly topicType: string;
  /** Where deliveries are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
}

/** What an alert on events is made from. */
export interface EventAlertSpec {
  /** Types of events that raise the alert. */
  readonly events: readonly string[];
  /** Action group that is told. */
  readonly alerts: pulumi.Input<string>;
  /** What the people who are told read. */
  readonly description: string;
  /** Sev0 is the most severe, Sev4 the least. @default 'Sev2' */
  readonly severity?: 'Sev0' | 'Sev1' | 'Sev2' | 'Sev3' | 'Sev4';
}

/**
 * The events of a resource of Azure, delivered by an identity, over TLS, and kept where they cannot be delivered.
 *
 * Guarantees TLS-02 and IDA-10; from the moderate tier on LOG-13 and DID-16.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const changes = new SecureEventGridSystemTopic('changes', {
 *   profile, resourceGroupName, location, logs, source: account.id, topicType: 'Microsoft.Storage.StorageAccounts',
 * });
 * changes.alert('deletions', { events: ['Microsoft.Storage.BlobDeleted'], alerts: contacts.id, description: 'A blob was deleted.' });
 */
export class SecureEventGridSystemTopic extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureEventGridSystemTopic',
    'TLS-02',
    'IDA-10',
    { control: 'LOG-13', from: 'moderate' },
    { control: 'DID-16', from: 'moderate' },
  );

  /** The topic itself. */
  readonly topic: eventgrid.SystemTopic;
  /** Resource id of the topic. */
  readonly id: pulumi.Output<string>;
  readonly #resourceGroupName: pulumi.Input<string>;
  readonly #identity: managedidentity.UserAssignedIdentity;

  constructor(name: string, args: SecureEventGridSystemTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureEventGridSystemTopic', PROMISES, name, args, opts);
    const { logs, resourceGroupName, source, topicType } = args;
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.#resourceGroupName = resourceGroupName;
    const place = { resourceGroupName, location: this.location, tags: this.tags };
    this.#identity = gridIdentity(name, place, this);
    this.topic = new eventgrid.SystemTopic(
      `${name}-topic`,
      {
        ...place,
        systemTopicName: physicalName(name, 50, '-'),
        source,
        topicType,
        identity: carries(this.#identity),
      },
      { parent: this },
    );
    this.id = this.topic.id;
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    this.registerOutputs({ id: this.id });
  }

  /**
   * Delivers events to one receiver.
   * @param subscriptionName 3 to 64 letters, digits and hyphens
   * @throws RangeError for a webhook that is not https
   */
  subscribe(subscriptionName: string, spec: EventSubscriptionSpec): eventgrid.SystemTopicEventSubscription {
    const where = `${this.where} subscription "${subscriptionName}"`;
    const { parts, rights } = subscriptionParts(this.#child(subscriptionName), where, spec, this.#identity, this);
    return this.#subscribe(subscriptionName, { ...parts }, objectsOf(parts), rights);
  }

  /**
   * Raises an alert for each event of these types.
   * @param subscriptionName 3 to 64 letters, digits and hyphens
   */
  alert(subscriptionName: string, spec: EventAlertSpec): eventgrid.SystemTopicEventSubscription {
    const { alerts, description, events, severity = 'Sev2' } = spec;
    return this.#subscribe(
      subscriptionName,
      {
        destination: { endpointType: 'MonitorAlert', actionGroups: [alerts], description, severity },
        // Alerts take no other schema.
        eventDeliverySchema: 'CloudEventSchemaV1_0',
        filter: { includedEventTypes: [...events] },
      },
      ['destination'],
      [],
    );
  }

  #child(subscriptionName: string): string {
    return `${this.label}-subscription-${subscriptionName}`;
  }

  #subscribe(
    subscriptionName: string,
    parts: Omit<eventgrid.SystemTopicEventSubscriptionArgs, 'resourceGroupName' | 'systemTopicName'>,
    objects: (keyof eventgrid.SystemTopicEventSubscriptionArgs)[],
    rights: readonly pulumi.Resource[],
  ): eventgrid.SystemTopicEventSubscription {
    const child = this.#child(subscriptionName);
    const args: eventgrid.SystemTopicEventSubscriptionArgs = {
      resourceGroupName: this.#resourceGroupName,
      systemTopicName: this.topic.name,
      eventSubscriptionName: subscriptionName,
      ...parts,
    };
    return new eventgrid.SystemTopicEventSubscription(child, args, whole(child, args, objects, { parent: this, dependsOn: [...rights] }));
  }
}

const PROMISES: Promises = {
  claims: SecureEventGridSystemTopic.claims,
  families: [FAMILY],
  relaxable: {},
  firm: {
    'DID-16': 'a receiver that checks no token takes events from everybody',
    'IDA-10': 'every receiver takes the identity of the topic',
    'LOG-13': 'pass another sink',
    'TLS-02': 'deliver to an address that starts with https',
  },
};
