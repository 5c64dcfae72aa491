import { Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { fromSource } from './identity-perimeter';

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
    targets: [
      {
        bind: () => ({
          arn: topic.topicArn,
          role: tellerOf(topic),
          ...(topic.undelivered ? { deadLetterConfig: { arn: topic.undelivered.queueArn } } : {}),
        }),
      },
    ],
  });
}

/**
 * The role as which rules publish. EventBridge tells SNS neither the rule nor the account for which it calls, so that a
 * policy of the topic can only let in the rules of everybody, or none; a role can be bound to those of this account.
 */
function tellerOf(topic: Heard): Role {
  const before = topic.node.tryFindChild('Teller');
  if (before) return before as Role;
  const rules = Stack.of(topic).formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
  const role = new Role(topic, 'Teller', {
    description: 'EventBridge publishes alarms',
    assumedBy: new ServicePrincipal('events.amazonaws.com').withConditions(fromSource(topic, { arn: rules })),
  });
  role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
  const { masterKey } = topic;
  if (masterKey) role.addToPolicy(new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [masterKey.keyArn] }));
  return role;
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
