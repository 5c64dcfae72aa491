import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { fromSource } from './identity-perimeter';
import { rightsOf } from './identity-rights';

/** A setting of the whole account, for which CloudFormation has no resource. */
export interface AccountSetting {
  /** Runbook that makes the setting. */
  readonly runbook: string;
  /** The runbook is a document of this account. @default false: it is one of AWS */
  readonly ownRunbook?: boolean;
  /** What the runbook is told, besides the role that it runs as. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** What the runbook calls, on the account as a whole. */
  readonly actions: readonly string[];
  /** Service-linked roles that the calls make where they are missing. @default none */
  readonly serviceRoles?: readonly string[];
}

/**
 * Has State Manager run a runbook when the stack is deployed and every day after, so that a setting that somebody
 * changes by hand comes back. The runbook has a role of its own that can do nothing else.
 */
export function keepAccountSetting(
  scope: Construct,
  { runbook, ownRunbook = false, parameters, actions, serviceRoles = [] }: AccountSetting,
): CfnAssociation {
  const stack = Stack.of(scope);
  const role = new Role(scope, 'Runner', {
    assumedBy: new ServicePrincipal('ssm.amazonaws.com', { conditions: fromSource(scope) }),
    description: ownRunbook ? `Runs the runbook of ${scope.node.path}` : `Runs ${runbook}`,
  });
  const automation = (resource: string, resourceName: string, account = stack.account) =>
    stack.formatArn({ service: 'ssm', resource, resourceName, account });
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      actions: ['ssm:GetAutomationExecution', 'ssm:StartAutomationExecution'],
      resources: [
        automation('automation-execution', '*'),
        automation('automation-definition', `${runbook}:*`, ownRunbook ? stack.account : ''),
      ],
    }),
  );
  if (serviceRoles.length > 0)
    role.addToPolicy(new PolicyStatement({ actions: ['iam:CreateServiceLinkedRole'], resources: [...serviceRoles] }));
  const association = new CfnAssociation(scope, 'Setting', {
    name: runbook,
    associationName: `${scope.node.id}-${scope.node.addr.slice(-8)}`,
    complianceSeverity: 'HIGH',
    scheduleExpression: 'rate(1 day)',
    parameters: Object.fromEntries(
      Object.entries({ ...parameters, AutomationAssumeRole: role.roleArn }).map(([name, value]) => [name, [String(value)]]),
    ),
  });
  association.node.addDependency(rightsOf(role));
  return association;
}
