import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** A topic that may keep what it could not be told. */
type Heard = ITopic & { readonly undelivered?: IQueue };

/**
 * Raises an alarm on events, as EventBridge sees them. The same on the same topic is made once.
 */
export function tellOf(topic: Heard, id: string, description: string, eventPattern: EventPattern): Rule {
  const before = topic.node.tryFindChild(id);
  if (before) return before as Rule;
  return new Rule(topic, id, {
    description,
    eventPattern,
    // The policies of topic and queue let this account's rules in; the CDK's target would add grants without a source.
    targets: [
      {
        bind: () => ({
          arn: topic.topicArn,
          ...(topic.undelivered ? { deadLetterConfig: { arn: topic.undelivered.queueArn } } : {}),
        }),
      },
    ],
  });
}

/**
 * Raises an alarm on calls of the control plane, as CloudTrail hands them to EventBridge within minutes.
 *
 * @param calls names of API calls by event source: `{ 'kms.amazonaws.com': ['DisableKey'] }`
 */
export const watchCalls = (topic: ITopic, id: string, description: string, calls: Readonly<Record<string, readonly string[]>>): Rule =>
  tellOf(topic, id, description, {
    source: Object.keys(calls).map((source) => `aws.${source.split('.')[0]}`),
    detailType: ['AWS API Call via CloudTrail'],
    detail: { eventSource: Object.keys(calls), eventName: [...new Set(Object.values(calls).flat())] },
  });

/** Raises an alarm when any key of the account and region is about to be destroyed, or stops working (ENC-05). */
export const watchKeys = (topic: ITopic): Rule =>
  watchCalls(topic, 'KeyDestruction', 'A key is scheduled for deletion, disabled or no longer rotated', {
    'kms.amazonaws.com': ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial', 'DisableKeyRotation'],
  });
