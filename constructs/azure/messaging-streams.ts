import * as eventhub from '@pulumi/azure-native/eventhub';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import {
  type BlobTarget,
  BROKER_CLAIMS,
  BROKER_FIRM,
  BROKER_RELAXABLE,
  type BrokerIdentity,
  brokerEncryption,
  brokerIdentity,
  closedRuleSet,
  FAMILY,
} from './messaging-floor';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import type { Promises } from './relax';
import { whole } from './whole';

/** Longest that a premium namespace keeps events, in days. */
const LONGEST_DAYS = 90;
/** Most partitions that a hub of a premium namespace may have. */
const MOST_PARTITIONS = 100;

/** What a {@link SecureEventHubNamespace} is made from. */
export interface SecureEventHubNamespaceArgs extends SecureArgs {
  /** Globally unique, 6 to 50 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly namespaceName?: string;
  /** Key that encrypts the events; obligatory from tier moderate (ENC-11). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where operations and access are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which the namespace is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /** Processing units; only the premium SKU takes a key. @default 1 */
  readonly units?: 1 | 2 | 4 | 6 | 8 | 10 | 12 | 16;
  /** Lets services that Azure trusts, such as Event Grid, deliver by their identity past the firewall. @default false */
  readonly trustedServices?: boolean;
}

/** What a hub is made from. */
export interface EventHubSpec {
  /** Days for which events are kept, from 1 to 90. @default 7 */
  readonly keepDays?: number;
  /** Readers that can work side by side, from 1 to 100; it cannot be lowered later. @default 4 */
  readonly partitions?: number;
  /** Container that keeps every event as a blob, for as long as its account does. @default none */
  readonly capture?: BlobTarget;
}

/** A right on the events of one hub. */
export interface EventHubGrant {
  /** Hub that is written to or read from. */
  readonly hub: eventhub.EventHub;
  /** Reading only: the one group as which the principal reads. @default every group of the hub */
  readonly group?: eventhub.ConsumerGroup;
  /** Who gets the right. */
  readonly principal: Principal;
  /** Sending and receiving are separate rights. */
  readonly rights: 'send' | 'receive';
}

/**
 * A premium namespace of Event Hubs that only identities of the directory reach, over TLS 1.2 and from a private network.
 * Clients of Kafka reach it too, with the same identities.
 *
 * Guarantees TLS-01, DHC-01, DHC-10 and LPA-14; from the moderate tier on ENC-06, ENC-11, LOG-13, BCR-06
 * and DID-05.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const streams = new SecureEventHubNamespace('events', { profile, resourceGroupName, location, network, logs, key: vault.key('events') });
 * const hub = streams.hub('case-events', { keepDays: 14 });
 * const group = streams.consumerGroup('search', hub);
 * streams.grant('indexer', { hub, group, rights: 'receive', principal: { principalId, principalType: 'ServicePrincipal' } });
 */
export class SecureEventHubNamespace extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureEventHubNamespace',
    ...BROKER_CLAIMS,
    unclaimed('ENC-01', 'Event Hubs encrypts every event at rest; there is no switch to judge'),
    unclaimed('TLS-06', 'traffic between nodes is inside the service, and encrypted by Azure'),
    unclaimed('DHC-05', 'a namespace has no anonymous access; networks are judged as DID-05, keys as LPA-14'),
  );

  /** The namespace itself; every security property of it is written. */
  readonly namespace: eventhub.Namespace;
  /** Resource id of the namespace. */
  readonly id: pulumi.Output<string>;
  /** Physical name, for clients: `${namespaceName}.servicebus.windows.net`. */
  readonly namespaceName: pulumi.Output<string>;
  readonly #args: SecureEventHubNamespaceArgs;
  readonly #own: BrokerIdentity;

  constructor(name: string, args: SecureEventHubNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureEventHubNamespace', PROMISES, name, args, opts);
    this.#args = args;
    const { key, logs, network, resourceGroupName } = args;
    this.need(key, 'key', 'moderate', 'ENC-11', 'pass a key of a SecureKeyVault: vault.key("events")');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the namespace is reached');

    this.#own = brokerIdentity(name, { resourceGroupName, location: this.location, tags: this.tags, key }, this);
    this.namespace = this.#createNamespace();
    this.id = this.namespace.id;
    this.namespaceName = this.namespace.name;
    const child = { parent: this };
    new eventhub.NamespaceNetworkRuleSet(
      `${name}-rules`,
      { resourceGroupName, namespaceName: this.namespaceName, ...closedRuleSet(args.trustedServices ?? false) },
      child,
    );
    if (network) {
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${name}-endpoint`, { ...endpoint, resourceId: this.id, service: 'event-hubs' }, child);
    }
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, child);
    if (!this.relaxes('DHC-10')) this.lock('namespace', this.id, 'Events of customers are not deleted with their resource group.');
    for (const control of ['BCR-06', 'DHC-10'] as const) this.waive(control, this.namespace);
    this.registerOutputs({ id: this.id, namespaceName: this.namespaceName });
  }

  /**
   * A hub. A capture writes by the namespace's own identity, which gets a right on that container only.
   * @param hubName 1 to 256 letters, digits, dots, hyphens and underscores
   * @throws RangeError for keepDays outside 1 to 90, or partitions outside 1 to 100
   */
  hub(hubName: string, { capture, keepDays = 7, partitions = 4 }: EventHubSpec = {}): eventhub.EventHub {
    const where = `${this.where} hub "${hubName}"`;
    const child = `${this.label}-hub-${hubName}`;
    checkRange(where, 'keepDays', keepDays, LONGEST_DAYS);
    checkRange(where, 'partitions', partitions, MOST_PARTITIONS);
    const write =
      capture &&
      assignRole(
        `${child}-capture-write`,
        {
          role: 'Storage Blob Data Contributor',
          principal: { principalId: this.#own.identity.principalId, principalType: 'ServicePrincipal' },
          scope: capture.container.id,
          why: 'Writes the events of one hub into one container',
        },
        { parent: this },
      );
    const args: eventhub.EventHubArgs = {
      resourceGroupName: this.#args.resourceGroupName,
      namespaceName: this.namespaceName,
      eventHubName: hubName,
      partitionCount: partitions,
      retentionDescription: { cleanupPolicy: 'Delete', retentionTimeInHours: keepDays * 24 },
      status: 'Active',
      ...(capture ? { captureDescription: this.#capture(capture) } : {}),
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10'), ...(write ? { dependsOn: [write] } : {}) };
    return new eventhub.EventHub(child, args, whole(child, args, capture ? ['captureDescription'] : [], opts));
  }

  /**
   * A group as which one application reads a hub.
   * @param groupName 1 to 50 letters, digits, dots, hyphens and underscores
   */
  consumerGroup(groupName: string, hub: eventhub.EventHub): eventhub.ConsumerGroup {
    return new eventhub.ConsumerGroup(
      `${this.label}-group-${groupName}`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        namespaceName: this.namespaceName,
        eventHubName: hub.name,
        consumerGroupName: groupName,
      },
      { parent: this },
    );
  }

  /**
   * Lets one principal send to, or receive from, one hub, and nothing else.
   * @throws RangeError for a right to send to a group
   */
  grant(name: string, { group, hub, principal, rights }: EventHubGrant): void {
    if (group && rights === 'send')
      throw new RangeError(`${this.where} grant "${name}": a group only receives; leave group out, or write rights: 'receive'`);
    const role = rights === 'send' ? 'Azure Event Hubs Data Sender' : 'Azure Event Hubs Data Receiver';
    const scope = (group ?? hub).id;
    assignRole(`${this.label}-grant-${name}`, { role, principal, scope, why: `${rights}s events of one hub` }, { parent: this });
  }

  #capture({ account, container }: BlobTarget) {
    return {
      enabled: true,
      encoding: 'Avro' as const,
      intervalInSeconds: 300,
      sizeLimitInBytes: 314_572_800,
      skipEmptyArchives: true,
      destination: {
        name: 'EventHubArchive.AzureBlockBlob',
        storageAccountResourceId: account.id,
        blobContainer: container.name,
        archiveNameFormat: '{Namespace}/{EventHub}/{PartitionId}/{Year}/{Month}/{Day}/{Hour}/{Minute}/{Second}',
        identity: { type: 'UserAssigned' as const, userAssignedIdentity: this.#own.identity.id },
      },
    };
  }

  #createNamespace(): eventhub.Namespace {
    const { key, namespaceName, resourceGroupName, units = 1 } = this.#args;
    const name = `${this.label}-namespace`;
    const args: eventhub.NamespaceArgs = {
      resourceGroupName,
      location: this.location,
      tags: this.tags,
      namespaceName: namespaceName ?? physicalName(this.label, 50, '-'),
      sku: { name: 'Premium', tier: 'Premium', capacity: units },
      disableLocalAuth: true,
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      zoneRedundant: !this.relaxes('BCR-06'),
      isAutoInflateEnabled: false,
      identity: { type: 'UserAssigned', userAssignedIdentities: [this.#own.identity.id] },
      ...(key ? { encryption: brokerEncryption(key, this.#own) } : {}),
    };
    const opts: pulumi.CustomResourceOptions = {
      parent: this,
      protect: !this.relaxes('DHC-10'),
      ...(this.#own.use ? { dependsOn: [this.#own.use] } : {}),
    };
    return new eventhub.Namespace(name, args, whole(name, args, key ? ['encryption'] : [], opts));
  }
}

function checkRange(where: string, what: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) throw new RangeError(`${where}: ${what} is ${value}; write 1 to ${most}`);
}

const PROMISES: Promises = {
  claims: SecureEventHubNamespace.claims,
  families: [FAMILY],
  relaxable: BROKER_RELAXABLE,
  firm: BROKER_FIRM,
};
