import * as servicebus from '@pulumi/azure-native/servicebus';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import {
  ATTEMPTS,
  BROKER_CLAIMS,
  BROKER_FIRM,
  BROKER_RELAXABLE,
  brokerEncryption,
  brokerIdentity,
  closedRuleSet,
  FAMILY,
  LONGEST_LIFE_DAYS,
  lifeDays,
} from './messaging-floor';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureServiceBusNamespace} is made from. */
export interface SecureServiceBusNamespaceArgs extends SecureArgs {
  /** Globally unique, 6 to 50 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly namespaceName?: string;
  /** Key that encrypts the messages; obligatory from tier moderate (ENC-11). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where operations and access are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which the namespace is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /** Messaging units; only the premium SKU has private endpoints and takes a key. @default 1 */
  readonly units?: 1 | 2 | 4 | 8 | 16;
  /** Lets services that Azure trusts, such as Event Grid, deliver by their identity past the firewall. @default false */
  readonly trustedServices?: boolean;
}

/** What a queue, or a subscription, is made from. */
export interface ServiceBusQueueArgs {
  /** Days after which a message that nobody handled is a dead letter, from 1 to 14. @default 14 */
  readonly keepDays?: number;
  /** Attempts after which a message is a dead letter. @default 5 */
  readonly attempts?: number;
  /** Delivers the messages of one session in order, to one receiver. @default false */
  readonly sessions?: boolean;
}

/** What a subscription of a topic is made from. */
export interface ServiceBusSubscriptionArgs extends ServiceBusQueueArgs {
  /** Which messages it gets, as an SQL expression over their properties: `priority = 'high'`. @default all */
  readonly filter?: string;
}

/** A right on the messages of one queue, topic or subscription. */
export interface ServiceBusGrant {
  /** What is sent to or received from. */
  readonly on: servicebus.Queue | servicebus.Topic | servicebus.Subscription;
  /** Who gets the right. */
  readonly principal: Principal;
  /** Sending and receiving are separate rights. */
  readonly rights: 'send' | 'receive';
}

/**
 * A premium namespace of Service Bus that only identities of the directory reach, over TLS 1.2 and from a private network,
 * and whose queues lose no message: what nobody could handle waits as a dead letter.
 *
 * Guarantees TLS-01, DHC-01, DHC-10 and LPA-14; from the moderate tier on ENC-06, ENC-11, LOG-13, BCR-06
 * and DID-05.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const bus = new SecureServiceBusNamespace('cases', { profile, resourceGroupName, location, network, logs, key: vault.key('cases') });
 * const updates = bus.queue('updates');
 * bus.grant('workers', { on: updates, rights: 'receive', principal: { principalId, principalType: 'ServicePrincipal' } });
 */
export class SecureServiceBusNamespace extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureServiceBusNamespace',
    ...BROKER_CLAIMS,
    unclaimed('ENC-01', 'Service Bus encrypts every message at rest; there is no switch to judge'),
    unclaimed('TLS-03', 'Service Bus answers over TLS only; there is no switch to judge'),
    unclaimed('DHC-05', 'a namespace has no anonymous access; networks are judged as DID-05, keys as LPA-14'),
    unclaimed('LPA-10', 'a namespace has no policy that could let in another directory'),
    unclaimed('VUL-05', 'Azure patches the service; there is no window to choose'),
    unclaimed('VUL-10', 'Azure keeps the version of the service'),
  );

  /** The namespace itself; every security property of it is written. */
  readonly namespace: servicebus.Namespace;
  /** Resource id of the namespace. */
  readonly id: pulumi.Output<string>;
  /** Physical name, for clients: `${namespaceName}.servicebus.windows.net`. */
  readonly namespaceName: pulumi.Output<string>;
  readonly #args: SecureServiceBusNamespaceArgs;

  constructor(name: string, args: SecureServiceBusNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureServiceBusNamespace', PROMISES, name, args, opts);
    this.#args = args;
    const { key, logs, network, resourceGroupName } = args;
    this.need(key, 'key', 'moderate', 'ENC-11', 'pass a key of a SecureKeyVault: vault.key("messages")');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the namespace is reached');

    this.namespace = this.#createNamespace();
    this.id = this.namespace.id;
    this.namespaceName = this.namespace.name;
    const child = { parent: this };
    new servicebus.NamespaceNetworkRuleSet(
      `${name}-rules`,
      { resourceGroupName, namespaceName: this.namespaceName, ...closedRuleSet(args.trustedServices ?? false) },
      child,
    );
    if (network) {
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${name}-endpoint`, { ...endpoint, resourceId: this.id, service: 'service-bus' }, child);
    }
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, child);
    if (!this.relaxes('DHC-10')) this.lock('namespace', this.id, 'Messages of customers are not deleted with their resource group.');
    for (const control of ['BCR-06', 'DHC-10'] as const) this.waive(control, this.namespace);
    this.registerOutputs({ id: this.id, namespaceName: this.namespaceName });
  }

  /**
   * A queue. What expires, or fails too often, waits as a dead letter; a message that is sent twice counts once.
   * @param queueName 1 to 260 letters, digits, dots, hyphens and underscores
   * @throws RangeError for keepDays outside 1 to 14
   */
  queue(queueName: string, args: ServiceBusQueueArgs = {}): servicebus.Queue {
    return new servicebus.Queue(
      `${this.label}-queue-${queueName}`,
      {
        ...this.#place,
        queueName,
        ...this.#delivery(`queue "${queueName}"`, args),
        ...ONCE,
        // Premium namespaces spread over partitions as a whole, and keep no message in memory only.
        enablePartitioning: false,
        enableExpress: false,
        status: 'Active',
      },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
  }

  /**
   * A topic; its messages go to whoever has a subscription.
   * @param topicName 1 to 260 letters, digits, dots, hyphens and underscores
   */
  topic(topicName: string): servicebus.Topic {
    return new servicebus.Topic(
      `${this.label}-topic-${topicName}`,
      {
        ...this.#place,
        topicName,
        defaultMessageTimeToLive: `P${LONGEST_LIFE_DAYS}D`,
        ...ONCE,
        enablePartitioning: false,
        enableExpress: false,
        supportOrdering: true,
        status: 'Active',
      },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
  }

  /**
   * A subscription of a topic, with dead letters as a queue has them.
   * @param subscriptionName 1 to 50 letters, digits, dots, hyphens and underscores
   * @throws RangeError for keepDays outside 1 to 14
   */
  subscription(subscriptionName: string, topic: servicebus.Topic, args: ServiceBusSubscriptionArgs = {}): servicebus.Subscription {
    const child = `${this.label}-subscription-${subscriptionName}`;
    const subscription = new servicebus.Subscription(
      child,
      {
        ...this.#place,
        topicName: topic.name,
        subscriptionName,
        ...this.#delivery(`subscription "${subscriptionName}"`, args),
        deadLetteringOnFilterEvaluationExceptions: true,
        status: 'Active',
      },
      { parent: this },
    );
    if (args.filter !== undefined)
      new servicebus.Rule(
        `${child}-filter`,
        {
          ...this.#place,
          topicName: topic.name,
          subscriptionName: subscription.name,
          // The service makes a rule of this name that lets everything through; this one takes its place.
          ruleName: '$Default',
          filterType: 'SqlFilter',
          sqlFilter: { sqlExpression: args.filter, compatibilityLevel: 20, requiresPreprocessing: false },
        },
        { parent: this },
      );
    return subscription;
  }

  /** Lets one principal send to, or receive from, one queue, topic or subscription, and nothing else. */
  grant(name: string, { on, principal, rights }: ServiceBusGrant): void {
    const role = rights === 'send' ? 'Azure Service Bus Data Sender' : 'Azure Service Bus Data Receiver';
    assignRole(
      `${this.label}-grant-${name}`,
      { role, principal, scope: on.id, why: `${rights}s messages of one entity` },
      { parent: this },
    );
  }

  get #place() {
    return { resourceGroupName: this.#args.resourceGroupName, namespaceName: this.namespaceName };
  }

  #delivery(what: string, { attempts = ATTEMPTS, keepDays = LONGEST_LIFE_DAYS, sessions = false }: ServiceBusQueueArgs) {
    const where = `${this.where} ${what}`;
    if (!Number.isInteger(attempts) || attempts < 1)
      throw new RangeError(`${where}: attempts is ${attempts}; write a whole number of at least 1`);
    return {
      defaultMessageTimeToLive: `P${lifeDays(where, keepDays)}D`,
      deadLetteringOnMessageExpiration: true,
      lockDuration: 'PT1M',
      maxDeliveryCount: attempts,
      requiresSession: sessions,
    };
  }

  #createNamespace(): servicebus.Namespace {
    const { key, namespaceName, resourceGroupName, units = 1 } = this.#args;
    const name = `${this.label}-namespace`;
    const place = { resourceGroupName, location: this.location, tags: this.tags };
    const own = key && brokerIdentity(this.label, { ...place, key }, this);
    const args: servicebus.NamespaceArgs = {
      ...place,
      namespaceName: namespaceName ?? physicalName(this.label, 50, '-'),
      sku: { name: 'Premium', tier: 'Premium', capacity: units },
      premiumMessagingPartitions: 1,
      disableLocalAuth: true,
      // Clients that offer TLS 1.3 get it.
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      zoneRedundant: !this.relaxes('BCR-06'),
      identity: own ? { type: 'UserAssigned', userAssignedIdentities: [own.identity.id] } : { type: 'None' },
      ...(own ? { encryption: brokerEncryption(key, own) } : {}),
    };
    const opts: pulumi.CustomResourceOptions = {
      parent: this,
      protect: !this.relaxes('DHC-10'),
      ...(own?.use ? { dependsOn: [own.use] } : {}),
    };
    return new servicebus.Namespace(name, args, whole(name, args, own ? ['encryption'] : [], opts));
  }
}

/** Ten minutes cover the retries of a sender that saw no answer. */
const ONCE = { requiresDuplicateDetection: true, duplicateDetectionHistoryTimeWindow: 'PT10M' };

const PROMISES: Promises = {
  claims: SecureServiceBusNamespace.claims,
  families: [FAMILY],
  relaxable: BROKER_RELAXABLE,
  firm: BROKER_FIRM,
};
