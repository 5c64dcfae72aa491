import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { bucketsOfSystemsManager } from './network-endpoints';

/** What the agent of Systems Manager calls; none of it can be narrowed to a resource. */
const AGENT = [
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
  'ssm:DescribeAssociation',
  'ssm:DescribeDocument',
  'ssm:GetDeployablePatchSnapshotForInstance',
  'ssm:GetDocument',
  'ssm:GetManifest',
  'ssm:ListAssociations',
  'ssm:ListInstanceAssociations',
  'ssm:PutComplianceItems',
  'ssm:PutConfigurePackageResult',
  'ssm:PutInventory',
  'ssm:UpdateAssociationStatus',
  'ssm:UpdateInstanceAssociationStatus',
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/**
 * A role for one host or group: Systems Manager reaches it, so that it needs no key pair and no open port. The policy that
 * AWS keeps for this lets a host read every parameter of the account; this one does not.
 */
export function hostRoleOf(scope: Construct, id: string): Role {
  const role = new Role(scope, `${id}Role`, {
    description: `Role of the hosts ${scope.node.path}/${id}`,
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  });
  role.addToPolicy(new PolicyStatement({ sid: 'SystemsManager', actions: AGENT, resources: ['*'] }));
  // The agent signs what it asks of them, and then the role has to be allowed to ask.
  const { partition, region } = Stack.of(scope);
  const resources = bucketsOfSystemsManager(region).map((name) => `arn:${partition}:s3:::${name}/*`);
  role.addToPolicy(new PolicyStatement({ sid: 'AgentsAndPatches', actions: ['s3:GetObject'], resources }));
  return role;
}
