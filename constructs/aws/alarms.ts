import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import { claims } from '../contract';
import { grantKeyToService, hardenKeyPolicy, KEY_FLOOR, ROTATES } from './keys-policy';
import { denyOutsiders, fromSource } from './perimeter';
import { profileOf } from './profile';
import { share, sharedIn } from './shared';

/**
 * The topic on which security alarms arrive: encrypted with a key of its own, closed to clear-text publishing and to
 * every publisher but this account's EventBridge rules and CloudWatch alarms. Constructs beneath the same scope find it
 * by themselves.
 *
 * Guarantees, for its key, ENC-03, ENC-04 (from moderate), ENC-05, ENC-07, ENC-09, DHC-10, LPA-10 and LPA-16.
 * Subscriptions are yours to add: an alarm that nobody hears is none.
 *
 * @example
 * const alarms = new AlarmTopic(stack, 'Alarms');
 * alarms.addSubscription(new EmailSubscription('security@example.com'));
 */
export class AlarmTopic extends Topic {
  static readonly claims = claims(
    'AlarmTopic',
    'ENC-03',
    { control: 'ENC-04', from: 'moderate' },
    'ENC-05',
    'ENC-07',
    'ENC-09',
    'DHC-10',
    'LPA-10',
    'LPA-16',
  );

  /** Key that encrypts the messages. */
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    profileOf(scope);
    const key = new Key(scope, `${id}Key`, { description: 'Encrypts security alarms', ...KEY_FLOOR, ...ROTATES });
    super(scope, id, { masterKey: key, enforceSSL: true });
    this.key = key;
    hardenKeyPolicy(key, { symmetric: true });
    // EventBridge reaches an encrypted topic without naming its account; the topic in the encryption context does.
    const topics = Stack.of(this).formatArn({ service: 'sns', resource: '*' });
    grantKeyToService(key, 'events.amazonaws.com', {
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      encryptionContext: { 'aws:sns:topicArn': topics },
    });
    grantKeyToService(key, 'cloudwatch.amazonaws.com', { actions: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    this.publishedBy('events.amazonaws.com', Stack.of(this).formatArn({ service: 'events', resource: 'rule', resourceName: '*' }));
    this.publishedBy(
      'cloudwatch.amazonaws.com',
      Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm', arnFormat: ArnFormat.COLON_RESOURCE_NAME, resourceName: '*' }),
    );
    this.addToResourcePolicy(denyOutsiders(this, ['sns:Publish', 'sns:Subscribe'], [this.topicArn]));
    share(scope, 'alarms', this);
    watchKeys(this);
  }

  private publishedBy(service: string, sourceArn: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: fromSource(this, { arn: sourceArn }),
      }),
    );
  }
}

/** The topic that a construct's props name, else the one shared nearest above, else one made for the stack. */
export const alarmsOf = (scope: IConstruct, given?: ITopic): ITopic =>
  given ?? sharedIn(scope, 'alarms', (stack) => new AlarmTopic(stack, 'PalisadeAlarms'));

/**
 * Raises an alarm on calls of the control plane, as CloudTrail hands them to EventBridge within minutes. The same watch
 * on the same topic is made once.
 *
 * @param calls names of API calls by event source: `{ 'kms.amazonaws.com': ['DisableKey'] }`
 */
export function watchCalls(topic: ITopic, id: string, description: string, calls: Readonly<Record<string, readonly string[]>>): Rule {
  const before = topic.node.tryFindChild(id);
  if (before) return before as Rule;
  return new Rule(topic, id, {
    description,
    eventPattern: {
      source: Object.keys(calls).map((source) => `aws.${source.split('.')[0]}`),
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventSource: Object.keys(calls), eventName: [...new Set(Object.values(calls).flat())] },
    },
    // The topic's own policy lets this account's rules publish; the CDK's target would add a grant without a source.
    targets: [{ bind: () => ({ arn: topic.topicArn }) }],
  });
}

/** Raises an alarm when any key of the account and region is about to be destroyed, or stops working (ENC-05). */
export const watchKeys = (topic: ITopic): Rule =>
  watchCalls(topic, 'KeyDestruction', 'A key is scheduled for deletion, disabled or no longer rotated', {
    'kms.amazonaws.com': ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial', 'DisableKeyRotation'],
  });
