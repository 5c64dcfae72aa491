import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import { fromSource } from './identity-perimeter';

/** Lets the log delivery of AWS write to a group, for this account (LPA-16). Sources depend on the policy that is returned. */
export function acceptDelivery(group: LogGroup): IConstruct | undefined {
  const source = Stack.of(group).formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME });
  const { policyDependable } = group.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [group.logGroupArn],
      conditions: fromSource(group, { arn: source }),
    }),
  );
  return policyDependable as IConstruct | undefined;
}
