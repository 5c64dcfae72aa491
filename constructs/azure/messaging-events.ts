import * as eventgrid from '@pulumi/azure-native/eventgrid';
import type * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as pulumi from '@pulumi/pulumi';
import { type Claim, type ControlId, claims, type DecidedProfile, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { BROKER_RELAXABLE, FAMILY } from './messaging-floor';
import { carries, type EventSubscriptionSpec, gridIdentity, objectsOf, subscriptionParts } from './messaging-grid-subscriptions';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import type { Promises } from './relax';
import { whole } from './whole';

const PUBLISHED = [
  'TLS-01',
  'TLS-02',
  'DHC-01',
  'DHC-10',
  'LPA-14',
  'IDA-10',
  { control: 'LOG-13', from: 'moderate' },
  { control: 'DID-05', from: 'moderate' },
  { control: 'DID-16', from: 'moderate' },
] as const satisfies readonly (ControlId | Claim)[];

const UNCLAIMED = [
  unclaimed('ENC-11', 'Event Grid encrypts with keys of Azure, and takes none of the customer'),
  unclaimed('DHC-05', 'a topic has no anonymous access; networks are judged as DID-05, keys as LPA-14'),
  unclaimed('LPA-10', 'a topic has no policy that could let in another directory'),
  unclaimed('LOG-19', 'publishing and delivery are recorded by a diagnostic setting, claimed as LOG-13'),
  unclaimed('PRV-07', 'the records of Event Grid hold no events; there is no switch to judge'),
] as const;

const RELAXABLE = { 'DHC-10': BROKER_RELAXABLE['DHC-10'] };
const FIRM = {
  'DID-05': 'without an endpoint nothing reaches the topic at all',
  'DID-16': 'a receiver that checks no token takes events from everybody',
  'IDA-10': 'every receiver takes the identity of the topic',
  'LOG-13': 'pass another sink',
  'LPA-14': 'give publishers a role: grant()',
  'TLS-01': 'no supported client needs an older protocol',
  'TLS-02': 'deliver to an address that starts with https',
} as const satisfies { readonly [Id in ControlId]?: string };

/** What a {@link SecureEventGridTopic} is made from. */
export interface SecureEventGridTopicArgs extends SecureArgs {
  /** 3 to 50 letters, digits and hyphens; unique in its location. @default from the component's name, the stack and a suffix */
  readonly topicName?: string;
  /** Where publishing and delivery are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which events are published; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
}

/** Events stay in the location where the profile promises one place only; the pair of the location is another place. */
const boundary = ({ profile }: DecidedProfile): 'WithinRegion' | 'WithinGeopair' =>
  profile.residency?.length === 1 ? 'WithinRegion' : 'WithinGeopair';

/** What a topic and a domain refuse alike. */
const floor = (profile: DecidedProfile, identity: managedidentity.UserAssignedIdentity) => ({
  disableLocalAuth: true,
  minimumTlsVersionAllowed: '1.2',
  publicNetworkAccess: 'Disabled',
  inboundIpRules: [],
  inputSchema: 'CloudEventSchemaV1_0',
  dataResidencyBoundary: boundary(profile),
  identity: carries(identity),
});

/** What topics and domains have in common: identity, endpoint, records and lock. */
abstract class Published extends SecureComponent {
  protected readonly place: { readonly resourceGroupName: pulumi.Input<string>; readonly location: pulumi.Input<string> };
  protected readonly identity: managedidentity.UserAssignedIdentity;

  protected constructor(
    token: string,
    promises: Promises,
    name: string,
    args: SecureEventGridTopicArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(token, promises, name, args, opts);
    this.need(args.logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.need(args.network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which events are published');
    this.place = { resourceGroupName: args.resourceGroupName, location: this.location };
    this.identity = gridIdentity(name, { ...this.place, tags: this.tags }, this);
  }

  protected guard(published: eventgrid.Topic | eventgrid.Domain, args: SecureEventGridTopicArgs, service: 'topic' | 'domain'): void {
    const { logs, network } = args;
    if (network)
      privateEndpoint(
        `${this.label}-endpoint`,
        { ...this.place, tags: this.tags, network, resourceId: published.id, service: `event-grid-${service}` },
        { parent: this },
      );
    if (logs) diagnosticSettings(`${this.label}-diagnostics`, { resourceId: published.id, logs }, { parent: this });
    if (!this.relaxes('DHC-10')) this.lock(service, published.id, 'The way of the events is not deleted with its resource group.');
    this.waive('DHC-10', published);
  }

  protected allow(name: string, scope: pulumi.Input<string>, principal: Principal): void {
    assignRole(
      `${this.label}-grant-${name}`,
      { role: 'EventGrid Data Sender', principal, scope, why: 'Publishes events to one topic' },
      { parent: this },
    );
  }
}

/**
 * A topic of Event Grid that only identities of the directory publish to, over TLS 1.2 and from a private network, and that
 * delivers by its own identity. What cannot be delivered is kept.
 *
 * Guarantees TLS-01, TLS-02, DHC-01, DHC-10, LPA-14 and IDA-10; from the moderate tier on LOG-13, DID-05 and DID-16.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const news = new SecureEventGridTopic('news', { profile, resourceGroupName, location, network, logs });
 * news.grant('case-service', { principalId, principalType: 'ServicePrincipal' });
 */
export class SecureEventGridTopic extends Published {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureEventGridTopic', ...PUBLISHED, ...UNCLAIMED);

  /** The topic itself; every security property of it is written. */
  readonly topic: eventgrid.Topic;
  /** Resource id of the topic. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureEventGridTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureEventGridTopic', TOPIC, name, args, opts);
    this.topic = new eventgrid.Topic(
      `${name}-topic`,
      {
        ...this.place,
        topicName: args.topicName ?? physicalName(name, 50, '-'),
        ...floor(args.profile, this.identity),
        tags: this.tags,
      },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
    this.id = this.topic.id;
    this.guard(this.topic, args, 'topic');
    this.registerOutputs({ id: this.id });
  }

  /**
   * Delivers events to one receiver.
   * @param subscriptionName 3 to 64 letters, digits and hyphens
   * @throws RangeError for a webhook that is not https
   */
  subscribe(subscriptionName: string, spec: EventSubscriptionSpec): eventgrid.TopicEventSubscription {
    const child = `${this.label}-subscription-${subscriptionName}`;
    const where = `${this.where} subscription "${subscriptionName}"`;
    const { parts, rights } = subscriptionParts(child, where, spec, this.identity, this);
    const args: eventgrid.TopicEventSubscriptionArgs = {
      resourceGroupName: this.place.resourceGroupName,
      topicName: this.topic.name,
      eventSubscriptionName: subscriptionName,
      ...parts,
    };
    return new eventgrid.TopicEventSubscription(
      child,
      args,
      whole(child, args, objectsOf(parts), { parent: this, dependsOn: [...rights] }),
    );
  }

  /** Lets one principal publish to the topic. */
  grant(name: string, principal: Principal): void {
    this.allow(name, this.id, principal);
  }
}

/**
 * A domain of Event Grid: many topics behind one address, each with its own publishers and subscriptions, with the promises
 * of {@link SecureEventGridTopic}. Topics are made here, never by whoever subscribes first.
 *
 * Guarantees TLS-01, TLS-02, DHC-01, DHC-10, LPA-14 and IDA-10; from the moderate tier on LOG-13, DID-05 and DID-16.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const partners = new SecureEventGridDomain('partners', { profile, resourceGroupName, location, network, logs });
 * const topic = partners.topic('partner-7');
 * partners.grant('exporter', topic, { principalId, principalType: 'ServicePrincipal' });
 */
export class SecureEventGridDomain extends Published {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureEventGridDomain', ...PUBLISHED, ...UNCLAIMED);

  /** The domain itself; every security property of it is written. */
  readonly domain: eventgrid.Domain;
  /** Resource id of the domain. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureEventGridTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureEventGridDomain', DOMAIN, name, args, opts);
    this.domain = new eventgrid.Domain(
      `${name}-domain`,
      {
        ...this.place,
        domainName: args.topicName ?? physicalName(name, 50, '-'),
        ...floor(args.profile, this.identity),
        autoCreateTopicWithFirstSubscription: false,
        autoDeleteTopicWithLastSubscription: false,
        tags: this.tags,
      },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
    this.id = this.domain.id;
    this.guard(this.domain, args, 'domain');
    this.registerOutputs({ id: this.id });
  }

  /**
   * A topic of the domain.
   * @param topicName 3 to 64 letters, digits and hyphens
   */
  topic(topicName: string): eventgrid.DomainTopic {
    return new eventgrid.DomainTopic(
      `${this.label}-topic-${topicName}`,
      { resourceGroupName: this.place.resourceGroupName, domainName: this.domain.name, domainTopicName: topicName },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
  }

  /**
   * Delivers events of one topic to one receiver.
   * @param subscriptionName 3 to 64 letters, digits and hyphens
   * @throws RangeError for a webhook that is not https
   */
  subscribe(subscriptionName: string, topic: eventgrid.DomainTopic, spec: EventSubscriptionSpec): eventgrid.DomainTopicEventSubscription {
    const child = `${this.label}-subscription-${subscriptionName}`;
    const where = `${this.where} subscription "${subscriptionName}"`;
    const { parts, rights } = subscriptionParts(child, where, spec, this.identity, this);
    const args: eventgrid.DomainTopicEventSubscriptionArgs = {
      resourceGroupName: this.place.resourceGroupName,
      domainName: this.domain.name,
      topicName: topic.name,
      eventSubscriptionName: subscriptionName,
      ...parts,
    };
    return new eventgrid.DomainTopicEventSubscription(
      child,
      args,
      whole(child, args, objectsOf(parts), { parent: this, dependsOn: [...rights] }),
    );
  }

  /** Lets one principal publish to one topic of the domain. */
  grant(name: string, topic: eventgrid.DomainTopic, principal: Principal): void {
    this.allow(name, topic.id, principal);
  }
}

const TOPIC: Promises = { claims: SecureEventGridTopic.claims, families: [FAMILY], relaxable: RELAXABLE, firm: FIRM };
const DOMAIN: Promises = { claims: SecureEventGridDomain.claims, families: [FAMILY], relaxable: RELAXABLE, firm: FIRM };
