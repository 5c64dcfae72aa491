import { type BlockDevice, type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type Construct, Node } from 'constructs';
import type { SessionManager } from './compute-sessions';
import { SecureVpc } from './network';

/** What every hardened host takes. */
export interface SecureHostProps {
  /**
   * Volumes besides the root volume, or in its place; they are encrypted whatever they say.
   * @default the root volume of the image
   */
  readonly blockDevices?: readonly BlockDevice[];
  /**
   * Key that encrypts the volumes.
   * @default a SecureKey of its own from the moderate tier on; the key of EBS at low
   */
  readonly key?: IKey;
  /** @default one of its own that lets nothing in, and out only to the private endpoints of a SecureVpc */
  readonly securityGroup?: ISecurityGroup;
  /**
   * Records the sessions on the host: gives its role what it needs to encrypt and record them.
   * @default the preferences of the account, whatever they are
   */
  readonly sessions?: SessionManager;
}

/** The group of a host in a network. */
export const groupOf = (scope: Construct, id: string, vpc: IVpc): ISecurityGroup => {
  const description = `Hosts ${scope.node.path}/${id}`;
  return vpc instanceof SecureVpc
    ? vpc.securityGroup(`Hosts${Node.of(scope).addr.slice(-8)}${id}`, { description })
    : new SecurityGroup(scope, `${id}Group`, { vpc, description, allowAllOutbound: false });
};

/** The subnets of hosts: never public. */
export const subnetsOf = (vpc: IVpc, given: SubnetSelection | undefined): SubnetSelection | undefined =>
  given ?? (vpc instanceof SecureVpc ? SecureVpc.WORKLOAD : undefined);
