import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnSubscription, type ITopicSubscription, type Subscription, Topic, type TopicProps } from 'aws-cdk-lib/aws-sns';
import { type DeadLetterQueue, Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation } from '../contract';
import { denyOutsiders } from './identity-perimeter';
import { checkSharing, FAMILY, keyFromModerate, keyOf } from './messaging-floor';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** How often a message is received before it counts as undeliverable. */
const ATTEMPTS = 5;
/** The longest that SQS keeps a message: undeliverable ones wait until somebody has looked at them. */
const LONGEST = Duration.days(14);

const CHANNEL_CLAIMS = ['ENC-01', { control: 'ENC-11', from: 'moderate' }, 'TLS-03', 'DHC-01', 'DHC-05', 'LPA-10'] as const;
const SHARED = { 'LPA-10': 'the accounts in sharedWith can be granted access' } as const satisfies { readonly [Id in ControlId]?: string };
const FIRM = {
  'ENC-11': 'pass another key',
  'TLS-03': 'no client of the service needs clear text',
} as const satisfies { readonly [Id in ControlId]?: string };

/** Props of the CDK's queue that a user may set; whatever else is given is not passed on. */
const QUEUE_PROPS = [
  'contentBasedDeduplication',
  'dataKeyReuse',
  'deduplicationScope',
  'deliveryDelay',
  'fifo',
  'fifoThroughputLimit',
  'maxMessageSizeBytes',
  'queueName',
  'receiveMessageWaitTime',
  'redriveAllowPolicy',
  'retentionPeriod',
  'visibilityTimeout',
] as const satisfies readonly (keyof QueueProps)[];

/** Props of {@link SecureQueue}; every default is the hardened one. */
export interface SecureQueueProps extends Pick<QueueProps, (typeof QUEUE_PROPS)[number]> {
  /**
   * Where messages go that nobody could handle; `false` for a queue that is itself the last stop.
   * @default a queue of its own that keeps them for 14 days, after 5 attempts
   */
  readonly deadLetterQueue?: DeadLetterQueue | false;
  /**
   * Key that encrypts the messages.
   * @default a SecureKey of its own from the moderate tier on; SQS's own encryption at low
   */
  readonly key?: IKey;
  /** Account ids outside the organisation (or the account) that may be granted access; needs LPA-10 to be relaxed. @default none */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const QUEUE: Promises = {
  claims: claims('SecureQueue', ...CHANNEL_CLAIMS),
  families: [FAMILY],
  relaxable: SHARED,
  firm: FIRM,
};

/**
 * An encrypted queue that refuses clear text and outsiders, and loses no message: what nobody could handle waits in a queue
 * of its own.
 *
 * Guarantees ENC-01, TLS-03, DHC-01, DHC-05 and LPA-10; from the moderate tier on ENC-11. It is an `sqs.Queue`: grants,
 * metrics and event sources work with it. For services that send to it, call `grantToService` of its key.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * const updates = new SecureQueue(stack, 'CaseUpdates');
 * updates.grantConsumeMessages(caseService);
 */
export class SecureQueue extends Queue {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = QUEUE.claims;

  constructor(scope: Construct, id: string, props: SecureQueueProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, sharedWith } = props;
    checkRelaxations(scope, id, relax, QUEUE);
    checkSharing(`${scope.node.path}/${id}`, props);
    const key = keyFromModerate(scope, id, tier, props);
    const user: QueueProps = Object.fromEntries(QUEUE_PROPS.map((name) => [name, props[name]]));
    const { deadLetterQueue = lastStop(scope, id, props, key) } = props;

    super(scope, id, {
      ...user,
      ...(deadLetterQueue ? { deadLetterQueue } : {}),
      ...(key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key } : { encryption: QueueEncryption.SQS_MANAGED }),
      enforceSSL: true,
    });
    this.addToResourcePolicy(denyOutsiders(this, ['sqs:*'], [this.queueArn], sharedWith));
    recordWaiver(relax, 'LPA-10', FAMILY, this);
  }
}

function lastStop(scope: Construct, id: string, { fifo, relax, sharedWith }: SecureQueueProps, key: IKey | undefined): DeadLetterQueue {
  const queue = new SecureQueue(scope, `${id}DeadLetters`, {
    ...(fifo ? { fifo } : {}),
    ...(key ? { key } : {}),
    ...(relax ? { relax } : {}),
    ...(sharedWith ? { sharedWith } : {}),
    deadLetterQueue: false,
    retentionPeriod: LONGEST,
  });
  return { queue, maxReceiveCount: ATTEMPTS };
}

/** Props of the CDK's topic that a user may set; whatever else is given is not passed on. */
const TOPIC_PROPS = [
  'contentBasedDeduplication',
  'displayName',
  'fifo',
  'fifoThroughputScope',
  'loggingConfigs',
  'messageRetentionPeriodInDays',
  'topicName',
  'tracingConfig',
] as const satisfies readonly (keyof TopicProps)[];

/** Props of {@link SecureTopic}; every default is the hardened one. */
export interface SecureTopicProps extends Pick<TopicProps, (typeof TOPIC_PROPS)[number]> {
  /**
   * Key that encrypts the messages.
   * @default a SecureKey of its own: with a key of SNS's own no other service could publish
   */
  readonly key?: IKey;
  /** Account ids outside the organisation (or the account) that may be granted access; needs LPA-10 to be relaxed. @default none */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const TOPIC: Promises = {
  claims: claims('SecureTopic', ...CHANNEL_CLAIMS),
  families: [FAMILY],
  relaxable: SHARED,
  firm: FIRM,
};

/**
 * An encrypted topic that refuses clear text, outsiders, and subscriptions over plain HTTP.
 *
 * Guarantees ENC-01, TLS-03, DHC-01, DHC-05 and LPA-10; from the moderate tier on ENC-11. It is an `sns.Topic`. For
 * services that publish to it, call `grantToService` of its key.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, or an endpoint in clear text subscribes (TLS-02)
 * @example
 * const news = new SecureTopic(stack, 'CaseNews', { displayName: 'News of cases' });
 * news.grantPublish(caseService);
 */
export class SecureTopic extends Topic {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = TOPIC.claims;

  constructor(scope: Construct, id: string, props: SecureTopicProps = {}) {
    profileOf(scope);
    const { relax, sharedWith } = props;
    checkRelaxations(scope, id, relax, TOPIC);
    checkSharing(`${scope.node.path}/${id}`, props);
    const masterKey = keyOf(scope, id, props);
    const user: TopicProps = Object.fromEntries(TOPIC_PROPS.map((name) => [name, props[name]]));

    super(scope, id, { ...user, masterKey, enforceSSL: true });
    this.addToResourcePolicy(denyOutsiders(this, ['sns:Publish', 'sns:Subscribe'], [this.topicArn], sharedWith));
    recordWaiver(relax, 'LPA-10', FAMILY, this);
  }

  override addSubscription(subscription: ITopicSubscription): Subscription {
    const made = super.addSubscription(subscription);
    if ((made.node.defaultChild as CfnSubscription).protocol === 'http')
      throw new Error(`${this.node.path}: a subscription over http carries messages in clear text; subscribe an https endpoint (TLS-02)`);
    return made;
  }
}
