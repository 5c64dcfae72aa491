import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct, IConstruct } from 'constructs';
import { claims } from '../contract';
import { watchKeys } from './detection-alerts';
import { denyOutsiders, fromSource } from './identity-perimeter';
import { grantKeyToService, hardenKeyPolicy, KEY_CLAIMS, KEY_FLOOR, ROTATES } from './keys-policy';
import { profileOf } from './profile';
import { share, sharedIn } from './shared';

/**
 * The topic on which security alarms arrive: encrypted with a key of its own, closed to clear-text publishing and to
 * every publisher but this account's EventBridge rules and CloudWatch alarms. Constructs beneath the same scope find it
 * by themselves.
 *
 * Guarantees ENC-03, ENC-05, ENC-07, ENC-09, DHC-10, LPA-10 and LPA-16; from the moderate tier on ENC-04, all of them
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
