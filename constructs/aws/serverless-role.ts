import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** Rights with which Lambda attaches a function to a network; EC2 offers no narrower resource for them. */
const ATTACHES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * A role for one function: it writes its own log group and, where it has a network, attaches itself to it. The policies
 * that AWS keeps for functions reach every log group of the account.
 */
export function roleOf(scope: Construct, id: string, logGroup: ILogGroup, inNetwork: boolean): Role {
  const role = new Role(scope, id, {
    description: `Role of the function ${scope.node.path}/${id.replace(/Role$/, '')}`,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  logGroup.grantWrite(role);
  if (inNetwork) role.addToPolicy(new PolicyStatement({ sid: 'AttachToTheNetwork', actions: ATTACHES, resources: ['*'] }));
  return role;
}
