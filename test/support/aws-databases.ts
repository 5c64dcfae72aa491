import type { CfnResource } from 'aws-cdk-lib';
import { SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { SecureStack } from '../../constructs/aws';
import type { Tier } from '../../controls';
import { stackOf } from './aws-constructs';

/** A network of isolated subnets, lighter than a SecureVpc. */
export const vpcIn = (stack: SecureStack): Vpc =>
  new Vpc(stack, 'V', { natGateways: 0, subnetConfiguration: [{ name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED }], maxAzs: 3 });

/** A store in a stack of a tier, with its network. */
export function makeStore<T extends Construct>(make: (stack: SecureStack, vpc: Vpc) => T, tier: Tier = 'high') {
  const stack = stackOf(tier);
  const store = make(stack, vpcIn(stack));
  /** The first resource of a type beneath the store. */
  const cfn = (type: string): CfnResource =>
    stack.node
      .findAll()
      .find(
        (each): each is CfnResource => (each as CfnResource).cfnResourceType === type && each.node.path.includes(store.node.id),
      ) as CfnResource;
  return { stack, store, cfn };
}
