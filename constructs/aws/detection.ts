import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import { claims } from '../contract';
import { watchKeys } from './detection-alerts';
import { denyOutsiders, fromSource } from './identity-perimeter';
import { grantKeyToService, hardenKeyPolicy, KEY_CLAIMS, KEY_FLOOR, ROTATES } from './keys-policy';
import { profileOf } from './profile';
import { share, sharedIn } from './shared';

/**
 * The topic on which security alarms arrive: encrypted with a key of its own, closed to clear-text publishing and to
 * every publisher but this account's EventBridge rules and CloudWatch alarms. Events that it could not be told wait in a
 * queue for 14 days, which is itself an alarm. Constructs beneath the same scope find it by themselves.
 *
 * Guarantees ENC-03, ENC-05, ENC-07, ENC-09, DHC-10, LPA-10 and LPA-16; from the moderate tier on ENC-04 and ENC-06, all of them
 * for its key. Subscriptions are yours to add: an alarm that nobody hears is none.
 *
 * @example
 * const alarms = new AlarmTopic(stack, 'Alarms');
 * alarms.addSubscription(new EmailSubscription('security@example.com'));
 */
export class AlarmTopic extends Topic {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('AlarmTopic', ...KEY_CLAIMS);

  /** Key that encrypts the messages. */
  readonly key: Key;
  /** Events of which the topic could not be told. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string) {
    profileOf(scope);
    const key = new Key(scope, `${id}Key`, { description: 'Encrypts security alarms', ...KEY_FLOOR, ...ROTATES });
    super(scope, id, { masterKey: key, enforceSSL: true });
    this.key = key;
    hardenKeyPolicy(key, { symmetric: true });
    grantKeyToService(key, 'cloudwatch.amazonaws.com', { actions: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: fromSource(this, { arn: ofAlarms(this) }),
      }),
    );
    this.addToResourcePolicy(denyOutsiders(this, ['sns:Publish', 'sns:Subscribe'], [this.topicArn]));
    this.undelivered = this.keepUndelivered();
    share(scope, 'alarms', this);
    watchKeys(this);
  }

  /** CloudWatch tells of the queue by a way of its own, so that this alarm does not end up there too. */
  private keepUndelivered(): Queue {
    const queue = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: this.key,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    const stack = Stack.of(this);
    grantKeyToService(this.key, 'events.amazonaws.com', {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      encryptionContext: { 'aws:sqs:arn': stack.formatArn({ service: 'sqs', resource: '*' }) },
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'events', resource: 'rule', resourceName: '*' }) } },
      }),
    );
    queue.addToResourcePolicy(denyOutsiders(this, ['sqs:*'], [queue.queueArn]));
    queue
      .metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: 'Maximum' })
      .createAlarm(queue, 'Alarm', {
        alarmDescription: 'Security events could not be told to the alarm topic',
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      })
      .addAlarmAction(new SnsAction(this));
    return queue;
  }
}

const ofAlarms = (topic: Topic): string =>
  Stack.of(topic).formatArn({ service: 'cloudwatch', resource: 'alarm', arnFormat: ArnFormat.COLON_RESOURCE_NAME, resourceName: '*' });

/** The topic that a construct's props name, else the one shared nearest above, else one made for the stack. */
export const alarmsOf = (scope: IConstruct, given?: ITopic): ITopic =>
  given ?? sharedIn(scope, 'alarms', (stack) => new AlarmTopic(stack, 'PalisadeAlarms'));
