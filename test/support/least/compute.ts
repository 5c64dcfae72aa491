import { Fn } from 'aws-cdk-lib';
import { InstanceType, MachineImage, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { PatchManagement, SecureAutoScalingGroup, SecureInstance, SecureLaunchTemplate, SessionManager } from '../../../constructs/aws';
import type { Least } from './least';

const host = (scope: Construct, id: string) => ({
  // A network that is managed elsewhere: the constructs bring no openings of their own into it.
  vpc: Vpc.fromVpcAttributes(scope, `${id}Network`, {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
    isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    isolatedSubnetRouteTableIds: ['rtb-0123456789abcdef0', 'rtb-0123456789abcdef1'],
  }),
  instanceType: new InstanceType('m7i.large'),
  machineImage: MachineImage.latestAmazonLinux2023(),
});

export const compute: Least = {
  PatchManagement: (scope, id) => new PatchManagement(scope, id),
  SecureAutoScalingGroup: (scope, id) => new SecureAutoScalingGroup(scope, id, host(scope, id)),
  SecureInstance: (scope, id) => new SecureInstance(scope, id, host(scope, id)),
  SecureLaunchTemplate: (scope, id) => new SecureLaunchTemplate(scope, id, host(scope, id)),
  SessionManager: (scope, id) => new SessionManager(scope, id),
};
