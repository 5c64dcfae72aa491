import type * as eventgrid from '@pulumi/azure-native/eventgrid';
import type * as eventhub from '@pulumi/azure-native/eventhub';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as servicebus from '@pulumi/azure-native/servicebus';
import type * as pulumi from '@pulumi/pulumi';
import { assignRole, type BuiltInRole } from './identity-roles';
import type { BlobTarget } from './messaging-floor';

/** An endpoint over HTTPS that checks the token with which Event Grid calls it. */
export interface WebhookReceiver {
  /** Address that starts with https. */
  readonly url: pulumi.Input<string>;
  /** Application of the directory whose token the receiver asks for: its id, or its `api://…` URI. */
  readonly applicationIdOrUri: pulumi.Input<string>;
  /** Directory of the application. */
  readonly tenantId: pulumi.Input<string>;
}

/** Where events go: to one queue, topic or hub by the identity of the publisher, or to an endpoint that checks a token. */
export type EventReceiver =
  | { readonly queue: servicebus.Queue }
  | { readonly topic: servicebus.Topic }
  | { readonly hub: eventhub.EventHub }
  | { readonly webhook: WebhookReceiver };

/** What a subscription to events is made from. */
export interface EventSubscriptionSpec {
  /** Where the events go. Namespaces let Event Grid in with `trustedServices: true`. */
  readonly to: EventReceiver;
  /** Container that keeps events which could not be delivered. */
  readonly deadLetters: BlobTarget;
  /** Types of events. @default all of the source */
  readonly events?: readonly string[];
  /** Only events whose subject begins so. @default every subject */
  readonly subjectBeginsWith?: string;
}

/** Attempts and minutes after which an event is a dead letter: the longest that the service tries. */
const RETRIES = { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 };

/** The part of every kind of subscription that does not name its source. */
export type SubscriptionParts = Pick<
  eventgrid.TopicEventSubscriptionArgs,
  'deadLetterWithResourceIdentity' | 'deliveryWithResourceIdentity' | 'destination' | 'eventDeliverySchema' | 'filter' | 'retryPolicy'
>;

/** Properties of a subscription whose objects are complete as they are written. */
export const objectsOf = (parts: SubscriptionParts): (keyof SubscriptionParts)[] =>
  (['deadLetterWithResourceIdentity', 'deliveryWithResourceIdentity', 'destination'] as const).filter((key) => key in parts);

/** The identity by which a source of events delivers them. */
export function gridIdentity(
  component: string,
  place: Pick<managedidentity.UserAssignedIdentityArgs, 'location' | 'resourceGroupName' | 'tags'>,
  parent: pulumi.Resource,
): managedidentity.UserAssignedIdentity {
  return new managedidentity.UserAssignedIdentity(`${component}-identity`, place, { parent });
}

/** How a source of events names its identity: the service takes a map by id. */
export const carries = (identity: managedidentity.UserAssignedIdentity) => ({
  type: 'UserAssigned',
  userAssignedIdentities: identity.id.apply((id) => ({ [id]: {} })),
});

/**
 * Gives the identity of a source the rights that a subscription needs, and writes the subscription's delivery.
 *
 * @throws RangeError for a webhook in clear text (TLS-02)
 */
export function subscriptionParts(
  name: string,
  where: string,
  spec: EventSubscriptionSpec,
  identity: managedidentity.UserAssignedIdentity,
  parent: pulumi.Resource,
): { readonly parts: SubscriptionParts; readonly rights: readonly pulumi.Resource[] } {
  const { deadLetters, events, subjectBeginsWith = '', to } = spec;
  const principal = { principalId: identity.principalId, principalType: 'ServicePrincipal' as const };
  const right = (suffix: string, role: BuiltInRole, scope: pulumi.Input<string>, why: string) =>
    assignRole(`${name}-${suffix}`, { role, principal, scope, why }, { parent });
  const as = { type: 'UserAssigned' as const, userAssignedIdentity: identity.id };
  const { destination, role, scope }: Received = receiver(where, to);
  const rights = [
    right('dead-letters', 'Storage Blob Data Contributor', deadLetters.container.id, 'Keeps events that could not be delivered'),
    ...(role && scope ? [right('delivery', role, scope, 'Delivers the events of one subscription')] : []),
  ];
  return {
    rights,
    parts: {
      // An endpoint is called with a token of its own application, everything else with the identity of the source.
      ...('webhook' in to ? { destination } : { deliveryWithResourceIdentity: { identity: as, destination } }),
      deadLetterWithResourceIdentity: {
        identity: as,
        deadLetterDestination: {
          endpointType: 'StorageBlob',
          resourceId: deadLetters.account.id,
          blobContainerName: deadLetters.container.name,
        },
      },
      eventDeliverySchema: 'CloudEventSchemaV1_0',
      filter: {
        ...(events ? { includedEventTypes: [...events] } : {}),
        subjectBeginsWith,
        subjectEndsWith: '',
        isSubjectCaseSensitive: false,
        enableAdvancedFilteringOnArrays: false,
      },
      retryPolicy: RETRIES,
    },
  };
}

type Destination = NonNullable<eventgrid.TopicEventSubscriptionArgs['destination']>;

interface Received {
  readonly destination: Destination;
  /** What the identity of the source needs; a webhook needs nothing. */
  readonly role?: BuiltInRole;
  readonly scope?: pulumi.Input<string>;
}

function receiver(where: string, to: EventReceiver): Received {
  if ('queue' in to)
    return {
      destination: { endpointType: 'ServiceBusQueue' as const, resourceId: to.queue.id },
      role: 'Azure Service Bus Data Sender' as const,
      scope: to.queue.id,
    };
  if ('topic' in to)
    return {
      destination: { endpointType: 'ServiceBusTopic' as const, resourceId: to.topic.id },
      role: 'Azure Service Bus Data Sender' as const,
      scope: to.topic.id,
    };
  if ('hub' in to)
    return {
      destination: { endpointType: 'EventHub' as const, resourceId: to.hub.id },
      role: 'Azure Event Hubs Data Sender' as const,
      scope: to.hub.id,
    };
  const { applicationIdOrUri, tenantId, url } = to.webhook;
  if (typeof url === 'string' && !/^https:/i.test(url))
    throw new RangeError(`${where}: the webhook "${url.split('?')[0]}" is not https; events would travel in clear text (TLS-02)`);
  return {
    destination: {
      endpointType: 'WebHook' as const,
      endpointUrl: url,
      azureActiveDirectoryApplicationIdOrUri: applicationIdOrUri,
      azureActiveDirectoryTenantId: tenantId,
      minimumTlsVersionAllowed: '1.2',
      maxEventsPerBatch: 1,
      preferredBatchSizeInKilobytes: 64,
    },
  };
}
